//! Pictures with more pixels than a press can print are made smaller.

use fast_image_resize::images::{Image as Pixels, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};
use image::{DynamicImage, GrayAlphaImage, GrayImage, RgbImage, RgbaImage};
use jpeg_encoder::{ColorType, Encoder};

use super::raster;
use crate::typeset::display::{Image, Turn};

/// Dots per inch of what is embedded.
const DPI: f32 = 300.0;

/// A picture is made smaller when it has more than this many times the dots it needs, across or down: what is barely
/// too large is left as it is.
const TOLERANCE: f32 = 1.2;

/// Of JPEGs that are written anew: where the loss is not seen in print.
const QUALITY: u8 = 88;

/// The size in pixels that a picture is better embedded in, given the largest size it is printed at, in points.
pub(super) fn wanted((width, height): (u32, u32), printed: (f32, f32)) -> Option<(u32, u32)> {
    let needed = |points: f32| (points / 72.0 * DPI).ceil().max(1.0);
    let (across, down) = (needed(printed.0), needed(printed.1));
    let excess = (width as f32 / across).min(height as f32 / down);
    if excess <= TOLERANCE {
        return None;
    }
    let smaller = |pixels: u32| ((pixels as f32 / excess).round() as u32).max(1);
    Some((smaller(width), smaller(height)))
}

/// A picture of this size; `as_jpeg` where it was a JPEG. `None` where it cannot be written.
pub(super) fn resampled(pixels: DynamicImage, size: (u32, u32), as_jpeg: bool) -> Option<Image> {
    let smaller = scaled(pixels, size)?;
    if !as_jpeg {
        return Some(raster::samples(&smaller));
    }
    let (components, color, smaller) = if smaller.color().has_color() {
        (3, ColorType::Rgb, smaller.into_rgb8().into_raw())
    } else {
        (1, ColorType::Luma, smaller.into_luma8().into_raw())
    };
    let (width, height) = size;
    let mut data = Vec::new();
    let (across, down) = (u16::try_from(width).ok()?, u16::try_from(height).ok()?);
    Encoder::new(&mut data, QUALITY).encode(&smaller, across, down, color).ok()?;
    Some(Image::Jpeg { data: data.into(), width, height, components, turn: Turn::default(), profile: None })
}

/// A picture of no more than so many pixels.
pub(super) fn within(pixels: DynamicImage, most: u64) -> Option<Image> {
    let (width, height) = (pixels.width(), pixels.height());
    let scale = (most as f64 / (f64::from(width) * f64::from(height))).sqrt();
    let smaller = |length: u32| ((f64::from(length) * scale) as u32).max(1);
    Some(raster::samples(&scaled(pixels, (smaller(width), smaller(height)))?))
}

/// Lanczos's filter over eight-bit colours. Where a picture is transparent, they count as much as they are seen, so that
/// what is hidden does not bleed into the edge.
fn scaled(pixels: DynamicImage, (width, height): (u32, u32)) -> Option<DynamicImage> {
    let color = pixels.color();
    let size = (pixels.width(), pixels.height());
    let smaller = |samples: &[u8], kind| resized(samples, size, (width, height), kind);
    Some(match (color.has_color(), color.has_alpha()) {
        (true, true) => RgbaImage::from_raw(width, height, smaller(&pixels.into_rgba8(), PixelType::U8x4)?)?.into(),
        (true, false) => RgbImage::from_raw(width, height, smaller(&pixels.into_rgb8(), PixelType::U8x3)?)?.into(),
        (false, true) => {
            GrayAlphaImage::from_raw(width, height, smaller(&pixels.into_luma_alpha8(), PixelType::U8x2)?)?.into()
        }
        (false, false) => GrayImage::from_raw(width, height, smaller(&pixels.into_luma8(), PixelType::U8)?)?.into(),
    })
}

/// The samples of a picture in another size.
fn resized(samples: &[u8], from: (u32, u32), to: (u32, u32), kind: PixelType) -> Option<Vec<u8>> {
    let source = ImageRef::new(from.0, from.1, samples, kind).ok()?;
    let mut smaller = Pixels::new(to.0, to.1, kind);
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3));
    Resizer::new().resize(&source, &mut smaller, &options).ok()?;
    Some(smaller.into_vec())
}

#[cfg(test)]
mod tests {
    use super::wanted;

    #[test]
    fn only_what_is_clearly_too_large_is_made_smaller() {
        // One inch square.
        assert_eq!(wanted((300, 300), (72.0, 72.0)), None);
        assert_eq!(wanted((350, 350), (72.0, 72.0)), None);
        assert_eq!(wanted((1200, 600), (72.0, 36.0)), Some((300, 150)));
        // As large as the direction that needs more.
        assert_eq!(wanted((1200, 1200), (72.0, 144.0)), Some((600, 600)));
        assert_eq!(wanted((5000, 1), (1.0, 1.0)), None);
    }
}

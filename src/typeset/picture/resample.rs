//! Pictures with more pixels than a press can print are made smaller.

use image::DynamicImage;
use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;

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

/// A picture of this size; `as_jpeg` where it was a JPEG.
pub(super) fn resampled(pixels: &DynamicImage, (width, height): (u32, u32), as_jpeg: bool) -> Option<Image> {
    let smaller = scaled(pixels, width, height);
    if !as_jpeg {
        return Some(raster::samples(&smaller));
    }
    let components = if smaller.color().has_color() { 3 } else { 1 };
    let smaller =
        if components == 1 { DynamicImage::from(smaller.to_luma8()) } else { DynamicImage::from(smaller.to_rgb8()) };
    let mut data = Vec::new();
    smaller.write_with_encoder(JpegEncoder::new_with_quality(&mut data, QUALITY)).ok()?;
    Some(Image::Jpeg { data: data.into(), width, height, components, turn: Turn::default() })
}

/// Lanczos's filter over colours that count as much as they are seen, so that the colour of what is transparent does not
/// bleed into its edge.
fn scaled(pixels: &DynamicImage, width: u32, height: u32) -> DynamicImage {
    // Squares of pixels are merged first where many become one: that is quick, and nothing is seen of it.
    let many = pixels.width() > 4 * width && pixels.height() > 4 * height;
    if !pixels.color().has_alpha() {
        let merged = many.then(|| pixels.thumbnail_exact(2 * width, 2 * height));
        return merged.as_ref().unwrap_or(pixels).resize_exact(width, height, FilterType::Lanczos3);
    }
    let most = u32::from(u16::MAX);
    let mut weighed = pixels.to_rgba16();
    for pixel in weighed.pixels_mut() {
        let [r, g, b, a] = pixel.0.map(u32::from);
        pixel.0 = [r * a / most, g * a / most, b * a / most, a].map(|value| value as u16);
    }
    if many {
        weighed = image::imageops::thumbnail(&weighed, 2 * width, 2 * height);
    }
    let mut smaller = image::imageops::resize(&weighed, width, height, FilterType::Lanczos3);
    for pixel in smaller.pixels_mut() {
        let [r, g, b, a] = pixel.0.map(u32::from);
        let part = |value: u32| (value * most).checked_div(a).unwrap_or(0).min(most);
        pixel.0 = [part(r), part(g), part(b), a].map(|value| value as u16);
    }
    let smaller = DynamicImage::from(smaller);
    if pixels.color().has_color() { smaller } else { smaller.to_luma_alpha8().into() }
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

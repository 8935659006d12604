//! Pictures made of samples.

use std::io::Cursor;
use std::sync::Arc;

use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder as _, ImageFormat, ImageReader};

use super::{jpeg, png, profile, resample};
use crate::typeset::display::{Image, Turn};

/// Larger pictures are refused: 20,000 by 10,000 pixels.
const MAX_PIXELS: u64 = 200_000_000;

/// Larger pictures that are not embedded as they are are refused, in bytes: 10,000 by 10,000 pixels of three colours.
const MAX_BYTES: u64 = 300_000_000;

/// A picture whose size is known.
#[derive(Clone, Debug)]
pub(super) struct Source {
    data: Arc<[u8]>,
    /// As it is shown, in pixels.
    pub(super) width: u32,
    /// See `width`.
    pub(super) height: u32,
    /// What its samples take, in bytes.
    bytes: u64,
    turn: Turn,
    /// The header of a JPEG that can be embedded as it is; other pictures are decoded.
    jpeg: Option<jpeg::Header>,
    /// What says which colours its samples are, where they are not sRGB.
    profile: Option<Arc<[u8]>>,
    /// What is wrong with a profile that is left out.
    pub(super) profile_fault: Option<&'static str>,
}

/// Reads the header of a picture.
pub(super) fn probe(data: Arc<[u8]>) -> Result<Source, String> {
    let reader = ImageReader::new(Cursor::new(&data)).with_guessed_format();
    let reader = reader.map_err(|error| format!("cannot be read ({error})"))?;
    match reader.format() {
        Some(ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::Gif | ImageFormat::WebP) => {}
        _ if is_avif(&data) => return Err("is an AVIF, which cannot be set".to_owned()),
        _ => return Err("is not a JPEG, PNG, GIF, WebP or SVG".to_owned()),
    }
    let cannot = |error: image::ImageError| format!("cannot be decoded ({error})");
    let mut decoder = reader.into_decoder().map_err(cannot)?;
    let (width, height) = decoder.dimensions();
    let turn = turn(decoder.orientation().unwrap_or(Orientation::NoTransforms));
    let components = if decoder.color_type().has_color() { 3 } else { 1 };
    let (bytes, bits) = (decoder.total_bytes(), decoder.color_type().bits_per_pixel());
    let bare = jpeg::without_profile(&data);
    let profile = match decoder.icc_profile() {
        Ok(None) if bare.is_none() && !png::has_profile(&data) => Ok(None),
        Ok(Some(profile)) => profile::read(&profile, components),
        _ => Err("is broken"),
    };
    drop(decoder);
    if width == 0 || height == 0 {
        return Err("has no size".to_owned());
    }
    if u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(format!("is too large ({width} by {height} pixels)"));
    }
    // The colours of the file are those of screens: what is made for the press is decoded.
    let jpeg = jpeg::header(&data).filter(|header| header.components != 4);
    if jpeg.is_none() && bytes > MAX_BYTES {
        return Err(format!("is too large ({width} by {height} pixels of {bits} bits)"));
    }
    // A profile stands in the file once, for all pictures that have it.
    let data = bare.map_or(data, Arc::from);
    let (width, height) = if turn.is_sideways() { (height, width) } else { (width, height) };
    let (profile, profile_fault) = profile.map_or_else(|fault| (None, Some(fault)), |profile| (profile, None));
    Ok(Source { data, width, height, bytes, turn, jpeg, profile, profile_fault })
}

/// Whether a file is an AVIF by its brands (ISO/IEC 14496-12, 4.3).
fn is_avif(data: &[u8]) -> bool {
    data.get(4..8) == Some(b"ftyp")
        && data.get(8..data.len().min(32)).is_some_and(|brands| brands.windows(4).any(|brand| brand == b"avif"))
}

impl Source {
    /// Whether the file ends before the picture does, which is shown as far as it goes.
    pub(super) fn is_cut_short(&self) -> bool {
        self.jpeg.is_some() && jpeg::is_cut_short(&self.data)
    }

    /// How many pixels it has.
    pub(super) fn pixel_count(&self) -> u64 {
        u64::from(self.width) * u64::from(self.height)
    }

    /// What decoding it takes, in bytes: once as it stands in the file, once in eight bits.
    pub(super) fn memory(&self) -> u64 {
        self.bytes.saturating_mul(2)
    }

    /// The picture as it stands in its file, where it may be embedded so.
    pub(super) fn as_it_is(&self) -> Option<Image> {
        if let Some(jpeg::Header { width, height, components }) = self.jpeg {
            let data = Arc::clone(&self.data);
            let profile = self.profile.clone();
            return Some(Image::Jpeg { data, width, height, components, turn: self.turn, profile });
        }
        let picture = png::as_it_is(&self.data).filter(|_| self.turn == Turn::default())?;
        Some(picture.with_profile(self.profile.clone()))
    }

    /// The picture where there is no other way to embed it, of no more than so many pixels.
    pub(super) fn decode(&self, most: u64) -> Result<Image, String> {
        let pixels = self.pixels()?;
        let kept = if self.pixel_count() > most { resample::within(pixels, most) } else { Some(samples(&pixels)) };
        let kept = kept.ok_or_else(|| "takes too much memory".to_owned())?;
        Ok(kept.with_profile(self.profile.clone()))
    }

    /// The pixels, upright.
    pub(super) fn pixels(&self) -> Result<DynamicImage, String> {
        let reader = ImageReader::new(Cursor::new(&self.data)).with_guessed_format();
        let reader = reader.map_err(|error| format!("cannot be read ({error})"))?;
        let mut pixels = reader.decode().map_err(|error| format!("cannot be decoded ({error})"))?;
        pixels.apply_orientation(orientation(self.turn));
        Ok(pixels)
    }
}

/// Eight-bit samples, grey where the picture is, with alpha where there is any.
pub(super) fn samples(pixels: &DynamicImage) -> Image {
    let (width, height) = (pixels.width(), pixels.height());
    let components = if pixels.color().has_color() { 3 } else { 1 };
    if !pixels.color().has_alpha() {
        let samples = if components == 1 { pixels.to_luma8().into_raw() } else { pixels.to_rgb8().into_raw() };
        return Image::Samples { width, height, components, samples, alpha: None, profile: None };
    }
    let rgba = pixels.to_rgba8();
    let mut samples = Vec::with_capacity(rgba.len() / 4 * usize::from(components));
    let mut alpha = Vec::with_capacity(rgba.len() / 4);
    for pixel in rgba.pixels() {
        samples.extend_from_slice(&pixel.0[..usize::from(components)]);
        alpha.push(pixel.0[3]);
    }
    let alpha = alpha.iter().any(|value| *value != 255).then_some(alpha);
    Image::Samples { width, height, components, samples, alpha, profile: None }
}

fn turn(orientation: Orientation) -> Turn {
    Turn::from_exif(orientation.to_exif())
}

fn orientation(turn: Turn) -> Orientation {
    Orientation::from_exif(turn.exif()).unwrap_or(Orientation::NoTransforms)
}

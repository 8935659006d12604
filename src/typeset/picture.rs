//! Pictures: found by URL, measured from their headers, decoded while the text is laid out.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::sync::Arc;

use image::{DynamicImage, ImageFormat, ImageReader};
use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};

use super::Resources;
use super::display::Image;

/// Larger pictures are refused: 20,000 by 10,000 pixels.
const MAX_PIXELS: u64 = 200_000_000;

/// A picture whose size is known.
#[derive(Clone, Debug)]
struct Source {
    data: Arc<[u8]>,
    width: u32,
    height: u32,
    /// For JPEG, the number of components; other pictures are decoded.
    jpeg_components: Option<u8>,
}

/// The pictures of a document.
#[derive(Debug, Default)]
pub(crate) struct Pictures {
    /// By URL as written, without those that are out of reach: an index into `sources`, or why there is none.
    by_url: BTreeMap<String, Result<usize, String>>,
    sources: Vec<Source>,
}

impl Pictures {
    /// Fetches the pictures and reads their headers.
    pub(crate) fn probe<'u>(urls: impl IntoIterator<Item = &'u str>, resources: &dyn Resources) -> Self {
        let mut pictures = Self::default();
        for url in urls {
            if pictures.by_url.contains_key(url) {
                continue;
            }
            let found = match resources.get(url) {
                None if resources.is_out_of_reach(url) => continue,
                None => Err("is not at hand".to_owned()),
                Some(data) => probe(data),
            };
            let found = found.map(|source| {
                pictures.sources.push(source);
                pictures.sources.len() - 1
            });
            pictures.by_url.insert(url.to_owned(), found);
        }
        pictures
    }

    /// The number of a picture that can be set.
    pub(crate) fn index_of(&self, url: &str) -> Option<usize> {
        self.by_url.get(url)?.as_ref().ok().copied()
    }

    /// Why a picture cannot be set, unless it is out of reach, which is no news.
    pub(crate) fn reason(&self, url: &str) -> Option<&str> {
        self.by_url.get(url)?.as_ref().err().map(String::as_str)
    }

    /// Natural size in points, at 96 dots per inch.
    pub(crate) fn natural_size(&self, index: usize) -> (f32, f32) {
        self.sources.get(index).map_or((0.0, 0.0), |source| (source.width as f32 * 0.75, source.height as f32 * 0.75))
    }

    /// Decodes all pictures, in parallel; the order is that of their numbers.
    pub(crate) fn decode(&self) -> Vec<Result<Image, String>> {
        self.sources.par_iter().map(Source::decode).collect()
    }

    /// Counts a picture as one that cannot be set. Says whether it counted as one that can before.
    pub(crate) fn refuse(&mut self, index: usize, reason: &str) -> bool {
        let mut changed = false;
        for found in self.by_url.values_mut() {
            if *found == Ok(index) {
                *found = Err(reason.to_owned());
                changed = true;
            }
        }
        changed
    }
}

impl Source {
    fn decode(&self) -> Result<Image, String> {
        if let Some(components) = self.jpeg_components {
            let data = Arc::clone(&self.data);
            return Ok(Image::Jpeg { data, width: self.width, height: self.height, components });
        }
        let decoded = ImageReader::new(Cursor::new(&self.data))
            .with_guessed_format()
            .map_err(|error| format!("cannot be read ({error})"))?
            .decode()
            .map_err(|error| format!("cannot be decoded ({error})"))?;
        Ok(samples(&decoded))
    }
}

fn samples(decoded: &DynamicImage) -> Image {
    let (width, height) = (decoded.width(), decoded.height());
    if !decoded.color().has_alpha() {
        return Image::Rgb { width, height, rgb: decoded.to_rgb8().into_raw(), alpha: None };
    }
    let rgba = decoded.to_rgba8();
    let mut rgb = Vec::with_capacity(rgba.len() / 4 * 3);
    let mut alpha = Vec::with_capacity(rgba.len() / 4);
    for pixel in rgba.pixels() {
        rgb.extend_from_slice(&pixel.0[..3]);
        alpha.push(pixel.0[3]);
    }
    let alpha = alpha.iter().any(|value| *value != 255).then_some(alpha);
    Image::Rgb { width, height, rgb, alpha }
}

fn probe(data: Arc<[u8]>) -> Result<Source, String> {
    // The colours of the file are those of screens: what is made for the press is decoded.
    if let Some((width, height, components)) = jpeg_header(&data).filter(|(_, _, components)| *components != 4) {
        return sized(data, width, height, Some(components));
    }
    let start = String::from_utf8_lossy(&data[..data.len().min(300)]).to_ascii_lowercase();
    if start.contains("<svg") || start.contains("<!doctype svg") {
        return Err("is an SVG, which cannot be set yet".to_owned());
    }
    let reader = ImageReader::new(Cursor::new(&data)).with_guessed_format();
    let reader = reader.map_err(|error| format!("cannot be read ({error})"))?;
    match reader.format() {
        Some(ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::Gif | ImageFormat::WebP) => {}
        _ => return Err("is not a JPEG, PNG, GIF or WebP".to_owned()),
    }
    let (width, height) = reader.into_dimensions().map_err(|error| format!("cannot be decoded ({error})"))?;
    sized(data, width, height, None)
}

fn sized(data: Arc<[u8]>, width: u32, height: u32, jpeg_components: Option<u8>) -> Result<Source, String> {
    if width == 0 || height == 0 {
        return Err("has no size".to_owned());
    }
    if u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(format!("is too large ({width} by {height} pixels)"));
    }
    Ok(Source { data, width, height, jpeg_components })
}

/// Width, height and components from the start-of-frame segment (ISO/IEC 10918-1, B.2.2).
fn jpeg_header(data: &[u8]) -> Option<(u32, u32, u8)> {
    if !data.starts_with(&[0xff, 0xd8]) {
        return None;
    }
    let mut at = 2;
    loop {
        if *data.get(at)? != 0xff {
            return None;
        }
        let marker = *data.get(at + 1)?;
        match marker {
            0xff => at += 1,
            0x01 | 0xd0..=0xd8 => at += 2,
            // Baseline, extended and progressive Huffman frames are what PDF's DCTDecode takes.
            0xc0..=0xc2 => {
                let segment = data.get(at + 4..at + 10)?;
                let height = u32::from(u16::from_be_bytes([segment[1], segment[2]]));
                let width = u32::from(u16::from_be_bytes([segment[3], segment[4]]));
                return matches!(segment[5], 1 | 3 | 4).then_some((width, height, segment[5]));
            }
            0xd9 | 0xda => return None,
            _ => {
                let length = usize::from(u16::from_be_bytes([*data.get(at + 2)?, *data.get(at + 3)?]));
                at += 2 + length;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A 2 by 1 pixel picture with alpha.
    pub(crate) fn png() -> Vec<u8> {
        let mut out = Cursor::new(Vec::new());
        let pixels = image::RgbaImage::from_raw(2, 1, vec![255, 0, 0, 255, 0, 0, 255, 128]).unwrap();
        pixels.write_to(&mut out, ImageFormat::Png).unwrap();
        out.into_inner()
    }

    struct One(Vec<u8>);

    impl Resources for One {
        fn get(&self, url: &str) -> Option<Arc<[u8]>> {
            (url == "a.png").then(|| self.0.clone().into())
        }
    }

    #[test]
    fn png_keeps_its_alpha() {
        let pictures = Pictures::probe(["a.png", "b.png", "a.png"], &One(png()));
        assert_eq!(pictures.index_of("a.png"), Some(0));
        assert_eq!(pictures.natural_size(0), (1.5, 0.75));
        assert_eq!(pictures.reason("b.png"), Some("is not at hand"));
        let Ok(Image::Rgb { rgb, alpha, .. }) = &pictures.decode()[0] else { panic!("no samples") };
        assert_eq!(rgb, &[255, 0, 0, 0, 0, 255]);
        assert_eq!(alpha.as_deref(), Some(&[255, 128][..]));
    }

    #[test]
    fn jpeg_is_measured_and_passed_through() {
        let mut out = Cursor::new(Vec::new());
        image::RgbImage::new(3, 2).write_to(&mut out, ImageFormat::Jpeg).unwrap();
        let data = out.into_inner();
        assert_eq!(jpeg_header(&data), Some((3, 2, 3)));
        assert_eq!(jpeg_header(&data[..20]), None);
        let pictures = Pictures::probe(["a.png"], &One(data));
        assert!(matches!(pictures.decode()[0], Ok(Image::Jpeg { width: 3, height: 2, components: 3, .. })));
    }

    #[test]
    fn says_what_is_wrong() {
        let reason = |data: &[u8]| Pictures::probe(["a.png"], &One(data.to_vec())).reason("a.png").map(str::to_owned);
        assert!(reason(b"<svg xmlns='http://www.w3.org/2000/svg'/>").unwrap().contains("SVG"));
        assert!(reason(b"hello").unwrap().contains("not a JPEG"));
        assert!(reason(&png()[..30]).is_some());
    }
}

//! Pictures that posts show: found once, read once, known by the hash of their bytes.

use std::collections::HashMap;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use image::{ImageFormat, ImageReader};

use super::links::percent_decoded;
use super::sanitise::tag;
use crate::model::{Asset, sha256_hex};

/// What a name in a post led to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// A picture.
    Picture(Asset),
    /// A file that is none, and what is wrong with it.
    NotAPicture(String),
    /// No file.
    Missing,
}

/// The folders in which pictures are looked for, and what was found in them so far.
#[derive(Debug, Default)]
pub(super) struct Pictures {
    folders: Vec<PathBuf>,
    /// By path; each file is read by whoever needs it first.
    known: Mutex<HashMap<PathBuf, Arc<OnceLock<Found>>>>,
}

impl Pictures {
    /// Looks in these folders, in this order, after the post's own.
    pub(super) fn new(folders: Vec<PathBuf>) -> Self {
        Self { folders, known: Mutex::default() }
    }

    /// Finds what `src` names: beside the post when it is relative, below the folders otherwise. A folder may stand
    /// for any beginning of the path (`/images/a.png` in a folder `static/images`).
    pub(super) fn find(&self, src: &str, beside: &Path) -> Found {
        let path = src.split(['?', '#']).next().unwrap_or(src);
        let path = percent_decoded(path);
        if path.is_empty() || path.contains('\0') {
            return Found::Missing;
        }
        if !path.starts_with('/') {
            let found = self.read(&beside.join(&path));
            if found != Found::Missing {
                return found;
            }
        }
        let parts: Vec<&str> = path.split('/').filter(|part| !matches!(*part, "" | "." | "..")).collect();
        for folder in &self.folders {
            for first in 0..parts.len() {
                let found = self.read(&folder.join(parts[first..].join("/")));
                if found != Found::Missing {
                    return found;
                }
            }
        }
        Found::Missing
    }

    fn read(&self, path: &Path) -> Found {
        let cell = {
            let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(known.entry(path.to_path_buf()).or_default())
        };
        cell.get_or_init(|| inspect_file(path)).clone()
    }
}

/// Reads a file and says what it is.
fn inspect_file(path: &Path) -> Found {
    if !path.is_file() {
        return Found::Missing;
    }
    match std::fs::read(path) {
        Ok(bytes) => inspect(&bytes, path),
        Err(_) => Found::NotAPicture("cannot be read".to_owned()),
    }
}

/// Says what bytes are. `path` is where they stand.
pub(super) fn inspect(bytes: &[u8], path: &Path) -> Found {
    let Some((extension, media_type, size)) = raster(bytes).or_else(|| vector(bytes)) else {
        let what = if is_avif(bytes) {
            "is AVIF, which neither mail nor a PDF can show; write it as JPEG, PNG or WebP"
        } else {
            "is no JPEG, PNG, GIF, WebP or SVG picture"
        };
        return Found::NotAPicture(what.to_owned());
    };
    let sha256 = sha256_hex(bytes);
    Found::Picture(Asset {
        name: format!("{}.{extension}", &sha256[..16]),
        sha256,
        file: path.to_path_buf(),
        media_type: media_type.to_owned(),
        length: bytes.len() as u64,
        width: size.map(|(width, _)| width),
        height: size.map(|(_, height)| height),
    })
}

/// A file of the ISO base media format with one of AVIF's brands (AV1 Image File Format, 6).
fn is_avif(bytes: &[u8]) -> bool {
    matches!(bytes.get(4..12), Some(b"ftypavif" | b"ftypavis"))
}

type Kind = (&'static str, &'static str, Option<(u32, u32)>);

fn raster(bytes: &[u8]) -> Option<Kind> {
    let reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().ok()?;
    let (extension, media_type) = match reader.format()? {
        ImageFormat::Jpeg => ("jpg", "image/jpeg"),
        ImageFormat::Png => ("png", "image/png"),
        ImageFormat::Gif => ("gif", "image/gif"),
        ImageFormat::WebP => ("webp", "image/webp"),
        _ => return None,
    };
    let size = reader.into_dimensions().ok().filter(|(width, height)| *width > 0 && *height > 0)?;
    Some((extension, media_type, Some(size)))
}

/// SVG 2, chapter 8: the size from `width` and `height`, else from `viewBox`. Shown by `<img>`, its scripts do not run.
fn vector(bytes: &[u8]) -> Option<Kind> {
    let head = std::str::from_utf8(bytes).ok()?.trim_start_matches('\u{feff}').trim_start();
    if !(head.starts_with("<svg") || head.starts_with("<?xml") || head.starts_with("<!")) {
        return None;
    }
    let at = head.find("<svg")?;
    let attributes = &head[at + 4..at + head[at..].find('>')?];
    let length = |name: &str| {
        let value = tag::attribute(attributes, name)?;
        value.trim().trim_end_matches("px").parse::<f64>().ok()
    };
    let view_box = || {
        let value = tag::attribute(attributes, "viewBox")?;
        let numbers: Vec<f64> = value.split([' ', ',']).filter_map(|n| n.parse().ok()).collect();
        Some((*numbers.get(2)?, *numbers.get(3)?))
    };
    let size = length("width").zip(length("height")).or_else(view_box);
    let size = size.filter(|(width, height)| *width >= 1.0 && *height >= 1.0);
    Some(("svg", "image/svg+xml", size.map(|(width, height)| (width.round() as u32, height.round() as u32))))
}

#[cfg(test)]
mod tests {
    use super::{Found, Pictures, vector};

    #[test]
    fn a_picture_is_known_by_its_bytes() {
        let folder = tempfile::tempdir().unwrap();
        let images = folder.path().join("static/images");
        std::fs::create_dir_all(&images).unwrap();
        image::RgbImage::new(3, 2).save(images.join("a b.png")).unwrap();
        std::fs::write(images.join("b.png"), "not a picture").unwrap();
        let pictures = Pictures::new(vec![images.clone()]);
        let Found::Picture(asset) = pictures.find("/images/a%20b.png?x", folder.path()) else { panic!("not found") };
        assert_eq!((asset.width, asset.height, asset.media_type.as_str()), (Some(3), Some(2), "image/png"));
        assert_eq!(asset.name, format!("{}.png", &asset.sha256[..16]));
        assert!(matches!(pictures.find("b.png", &images), Found::NotAPicture(_)));
        assert_eq!(pictures.find("c.png", &images), Found::Missing);
    }

    #[test]
    fn the_size_of_a_vector_picture() {
        assert_eq!(vector(b"<svg viewBox='0 0 120 80'>").unwrap().2, Some((120, 80)));
        assert_eq!(vector(b"<?xml version='1.0'?><svg width=\"10px\" height=\"20\"/>").unwrap().2, Some((10, 20)));
        assert!(vector(b"<html><svg>").is_none());
    }
}

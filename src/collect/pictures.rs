//! Pictures that posts show: found once, read once, known by the hash of their bytes.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use image::{ImageDecoder, ImageFormat, ImageReader};

use super::kept::original;
use super::links::percent_decoded;
use super::position;
use super::sanitise::tag;
use super::svg;
use crate::model::{Asset, composed, decomposed, sha256_hex};

/// What a name in a post led to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// A picture.
    Picture(Asset),
    /// One that was cleaned, known by what is left of it, and what was taken out.
    Cleaned(Asset, String),
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
    /// The names in a folder by what they are in small letters; each is looked at once.
    names: Mutex<HashMap<PathBuf, Arc<HashMap<String, String>>>>,
}

impl Pictures {
    /// Looks in these folders, in this order, after the post's own.
    pub(super) fn new(folders: Vec<PathBuf>) -> Self {
        Self { folders, known: Mutex::default(), names: Mutex::default() }
    }

    /// Finds what `src` names: beside the post when it is relative, below the folders otherwise. A folder may stand
    /// for any beginning of the path (`/images/a.png` in a folder `static/images`).
    pub(super) fn find(&self, src: &str, beside: &Path) -> Found {
        let found = self.places(src, beside).map(|place| self.read(&place)).find(|found| *found != Found::Missing);
        found.or_else(|| self.another_size(src, beside)).unwrap_or(Found::Missing)
    }

    /// The name of the file that `src` differs from in capitals alone, where there is one: some systems take both for the same.
    pub(super) fn in_other_letters(&self, src: &str, beside: &Path) -> Option<String> {
        self.places(src, beside).find_map(|place| {
            let small = place.file_name()?.to_str()?.to_lowercase();
            self.names_in(place.parent()?).get(&small).cloned()
        })
    }

    fn names_in(&self, folder: &Path) -> Arc<HashMap<String, String>> {
        let mut names = self.names.lock().unwrap_or_else(PoisonError::into_inner);
        let list = || {
            let entries = std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
            let mut found: Vec<String> =
                entries.filter_map(|entry| entry.file_name().to_str().map(str::to_owned)).collect();
            // Of several the first has it.
            found.sort_by(|one, other| other.cmp(one));
            Arc::new(found.into_iter().map(|name| (name.to_lowercase(), name)).collect())
        };
        names.entry(folder.to_path_buf()).or_insert_with(list).clone()
    }

    /// What stands for a picture that WordPress made a size of (`a-300x200.jpg`, `a-scaled.jpg`), or that is at hand only
    /// in such sizes: the original, else the largest.
    fn another_size(&self, src: &str, beside: &Path) -> Option<Found> {
        let original_place = |place: &Path| {
            let original = original(place.file_stem()?.to_str()?)?;
            Some(place.with_file_name(format!("{original}.{}", place.extension()?.to_str()?)))
        };
        let of_a_size = self.places(src, beside).filter_map(|place| original_place(&place));
        if let Some(found) = of_a_size.map(|place| self.read(&place)).find(|found| *found != Found::Missing) {
            return Some(found);
        }
        if !src.contains("uploads/") {
            return None;
        }
        self.places(src, beside).find_map(|place| {
            let names = std::fs::read_dir(place.parent()?).ok()?.filter_map(Result::ok).map(|entry| entry.path());
            let sizes = names.filter(|path| original_place(path).as_ref() == Some(&place));
            let found = sizes.map(|path| self.read(&path)).filter_map(|found| match found {
                Found::Picture(asset) | Found::Cleaned(asset, _) => Some(asset),
                _ => None,
            });
            found.max_by_key(|asset| (asset.width, asset.name.clone())).map(Found::Picture)
        })
    }

    /// Finds a file of any kind that `src` names, in the same places. What lies outside of them, by `..` or by a link, is
    /// not found: it may be anything, and would be published.
    pub(super) fn find_file(&self, src: &str, beside: &Path) -> Option<PathBuf> {
        let is_inside = |place: &Path| {
            let Ok(whole) = place.canonicalize() else { return false };
            let mut folders = self.folders.iter().map(PathBuf::as_path).chain([beside]);
            folders.any(|folder| folder.canonicalize().is_ok_and(|folder| whole.starts_with(folder)))
        };
        self.places(src, beside).find(|place| place.is_file() && is_inside(place))
    }

    /// Where the file that `src` names may be. Marks may stand apart from their letters in it (NFD, as macOS has names), and not
    /// in the post, or the other way round.
    pub(super) fn places(&self, src: &str, beside: &Path) -> impl Iterator<Item = PathBuf> {
        let path = percent_decoded(src.split(['?', '#']).next().unwrap_or(src));
        let others = if path.is_ascii() { Vec::new() } else { vec![composed(&path).into_owned(), decomposed(&path)] };
        let others: Vec<String> = others.into_iter().filter(|other| *other != path).collect();
        std::iter::once(path).chain(others).flat_map(move |path| self.places_of(&path, beside).collect::<Vec<_>>())
    }

    /// The same, letter by letter.
    fn places_of(&self, path: &str, beside: &Path) -> impl Iterator<Item = PathBuf> {
        let is_name = !path.is_empty() && !path.contains('\0');
        let own = (is_name && !path.starts_with('/')).then(|| beside.join(path));
        let parts = path.split('/').filter(|part| is_name && !matches!(*part, "" | "." | ".."));
        let parts: Vec<String> = parts.map(str::to_owned).collect();
        let below = self.folders.iter().flat_map(move |folder| {
            let parts = parts.clone();
            (0..parts.len()).map(move |first| folder.join(parts[first..].join("/")))
        });
        own.into_iter().chain(below)
    }

    /// What the file at `path` is.
    pub(super) fn read(&self, path: &Path) -> Found {
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

/// Says what bytes are. `path` is where they stand. A picture is known by what is published of it, as [`super::kept::published`] has
/// it.
pub(super) fn inspect(bytes: &[u8], path: &Path) -> Found {
    let Some((extension, media_type, size)) = raster(bytes).or_else(|| vector(bytes)) else {
        let what = match still_of(bytes) {
            Some("AVIF") => "is AVIF, which neither mail nor a PDF can show; write it as JPEG, PNG or WebP",
            Some(_) => "is HEIC, which few programs can show; write it as JPEG, PNG or WebP",
            None => "is no JPEG, PNG, GIF, WebP or SVG picture",
        };
        return Found::NotAPicture(what.to_owned());
    };
    let cleaned = if extension == "svg" { svg::cleaned(bytes) } else { Ok(None) };
    let cleaned = match cleaned {
        Ok(cleaned) => cleaned,
        Err(what) => return Found::NotAPicture(what),
    };
    let bytes = match &cleaned {
        Some(cleaned) => Cow::Borrowed(&*cleaned.bytes),
        None => position::published_of(bytes),
    };
    let sha256 = sha256_hex(&bytes);
    let asset = Asset {
        name: format!("{}.{extension}", &sha256[..16]),
        sha256,
        file: path.to_path_buf(),
        media_type: media_type.to_owned(),
        length: bytes.len() as u64,
        width: size.map(|(width, _)| width),
        height: size.map(|(_, height)| height),
    };
    match cleaned.and_then(|cleaned| cleaned.in_words()) {
        Some(what) => Found::Cleaned(asset, what),
        None => Found::Picture(asset),
    }
}

/// The name of a picture in the ISO base media format, by its brands: the first of them, or one that it is compatible
/// with (ISO/IEC 14496-12, 4.3; AV1 Image File Format, 6; ISO/IEC 23008-12, 10.2).
fn still_of(bytes: &[u8]) -> Option<&'static str> {
    let size = u32::from_be_bytes(bytes.get(..4)?.try_into().ok()?) as usize;
    let content = bytes.get(4..size.min(bytes.len()).max(12))?.strip_prefix(b"ftyp")?;
    let (first, rest) = content.split_at_checked(4)?;
    // Between the first brand and the others stands its version.
    let brands = || std::iter::once(first).chain(rest.get(4..).unwrap_or_default().chunks_exact(4));
    if brands().any(|brand| matches!(brand, b"avif" | b"avis")) {
        return Some("AVIF");
    }
    brands().any(|brand| matches!(brand, b"heic" | b"heix" | b"heim" | b"heis" | b"hevc")).then_some("HEIC")
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
    let mut decoder = reader.into_decoder().ok()?;
    let (width, height) = decoder.dimensions();
    let size = if is_sideways(&mut decoder) { (height, width) } else { (width, height) };
    (width > 0 && height > 0).then_some((extension, media_type, Some(size)))
}

/// Whether a picture is turned by a quarter before it is shown, as phones have it that are held upright (Exif 2.3, 4.6.4).
fn is_sideways(decoder: &mut impl ImageDecoder) -> bool {
    decoder.orientation().is_ok_and(|turn| turn.to_exif() > 4)
}

/// SVG 2, chapter 8: the size from `width` and `height`, else from `viewBox`.
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
    use std::io::Cursor;
    use std::path::Path;

    use super::{Found, Pictures, inspect, raster, vector};
    use crate::collect::kept::published;

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
    fn a_picture_has_the_size_in_which_it_is_shown() {
        let mut jpeg = Vec::new();
        image::RgbImage::new(30, 20).write_to(&mut Cursor::new(&mut jpeg), image::ImageFormat::Jpeg).unwrap();
        for (turn, size) in [(1, (30, 20)), (3, (30, 20)), (5, (20, 30)), (6, (20, 30)), (8, (20, 30)), (9, (30, 20))] {
            let tiff = [b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".as_slice(), &[turn], &[0; 6]].concat();
            let segment = [b"Exif\0\0".as_slice(), &tiff].concat();
            let marker = [&[0xff, 0xe1][..], &(segment.len() as u16 + 2).to_be_bytes(), &segment].concat();
            let turned = [&jpeg[..2], &marker, &jpeg[2..]].concat();
            assert_eq!(raster(&turned).unwrap().2, Some(size), "{turn}");
        }
    }

    #[test]
    fn a_photograph_is_known_by_what_is_left_without_its_place() {
        let mut jpeg = Vec::new();
        image::RgbImage::new(30, 20).write_to(&mut Cursor::new(&mut jpeg), image::ImageFormat::Jpeg).unwrap();
        let placed = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x88\x25\0\x04\0\0\0\x01\0\0\0\x1a\0\0\0\0";
        let marker = [&[0xff, 0xe1][..], &(placed.len() as u16 + 2).to_be_bytes(), placed].concat();
        let photograph = [&jpeg[..2], &marker, &jpeg[2..]].concat();
        let (Found::Picture(with), Found::Picture(without)) =
            (inspect(&photograph, Path::new("a.jpg")), inspect(&jpeg, Path::new("a.jpg")))
        else {
            panic!("no pictures")
        };
        assert_eq!(with, without);
        assert_eq!(published("a.jpg", photograph), jpeg);
    }

    #[test]
    fn no_file_outside_of_the_folders_is_found() {
        let folder = tempfile::tempdir().unwrap();
        let (posts, post) = (folder.path().join("posts"), folder.path().join("posts/2026"));
        std::fs::create_dir_all(&post).unwrap();
        for file in ["secret.txt", "posts/talk.mp3", "posts/2026/near.mp3"] {
            std::fs::write(folder.path().join(file), "x").unwrap();
        }
        let pictures = Pictures::new(vec![posts]);
        let finds = |src: &str| pictures.find_file(src, &post).is_some();
        assert!(finds("near.mp3") && finds("../talk.mp3") && finds("/static/talk.mp3"));
        assert!(!finds("../../secret.txt") && !finds("../../posts/../secret.txt") && !finds("/secret.txt"));
    }

    #[test]
    fn sizes_of_wordpress_stand_for_each_other() {
        let folder = tempfile::tempdir().unwrap();
        let uploads = folder.path().join("uploads/2013/06");
        std::fs::create_dir_all(&uploads).unwrap();
        let save = |name: &str, width| image::RgbImage::new(width, 2).save(uploads.join(name)).unwrap();
        save("whole.png", 9);
        save("cut-3x2.png", 3);
        save("cut-6x2.png", 6);
        let pictures = Pictures::new(vec![folder.path().to_path_buf()]);
        let width = |src: &str| match pictures.find(src, Path::new("/nowhere")) {
            Found::Picture(asset) => asset.width,
            _ => None,
        };
        assert_eq!(width("/wp-content/uploads/2013/06/whole-300x200.png"), Some(9));
        assert_eq!(width("/wp-content/uploads/2013/06/whole-scaled.png"), Some(9));
        assert_eq!(width("/wp-content/uploads/2013/06/cut.png"), Some(6));
        assert_eq!(width("/wp-content/uploads/2013/06/cut-3x2.png"), Some(3));
        assert_eq!(width("/wp-content/uploads/2013/06/other.png"), None);
    }

    #[test]
    fn the_size_of_a_vector_picture() {
        assert_eq!(vector(b"<svg viewBox='0 0 120 80'>").unwrap().2, Some((120, 80)));
        assert_eq!(vector(b"<?xml version='1.0'?><svg width=\"10px\" height=\"20\"/>").unwrap().2, Some((10, 20)));
        assert!(vector(b"<html><svg>").is_none());
    }
}

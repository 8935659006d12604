//! Pictures and enclosures of posts: kept by the hash of their bytes, so that an issue shows them wherever it is made, and
//! whatever becomes of them.

mod index;
mod wanted;
mod whole;
mod written_out;

use std::path::{Path, PathBuf};

use super::pictures::{Found, inspect};
use super::{position, svg};
use crate::model::{Asset, ending_of, media_type, media_type_of, sha256_hex};

pub use self::index::{KeptFile, KeptFiles, Tried};
pub(super) use self::wanted::original;
pub use self::wanted::{Asking, Wanted, Wants, wanted};
pub use self::whole::is_cut;
pub use self::written_out::NewFile;
pub(super) use self::written_out::{WRITTEN_OUT, WrittenOut, is_written_out};

/// Where the pictures are, from config.toml.
pub const PICTURES: &str = "collected/pictures";
/// Where the enclosures are, from config.toml.
pub const ENCLOSURES: &str = "collected/enclosures";
/// Which address each of them was fetched from: the file of [`PICTURES`] and of [`ENCLOSURES`] that is a list of
/// [`KeptFile`].
pub const INDEX: &str = "index.jsonl";

/// A picture of more pixels is not kept: a few kilobytes can claim gigabytes of them. The largest cameras make 100
/// megapixels, screens and paper need 10.
const MOST_PIXELS: u64 = 64_000_000;

/// A file of our own that is larger is not published beside its post, in bytes: each issue keeps a copy of it.
pub(super) const LARGEST: u64 = 64_000_000;

/// A file as it is published: a picture in SVG without what could do harm, a photograph without the place where it was taken,
/// anything else as it is. SVG that is not well-formed, which no browser draws, is published empty.
#[must_use]
pub fn published(name: &str, bytes: Vec<u8>) -> Vec<u8> {
    if !svg::is_named_so(name) {
        return position::published(bytes);
    }
    match svg::cleaned(&bytes) {
        Ok(None) => bytes,
        Ok(Some(cleaned)) => cleaned.bytes,
        Err(_) => b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>".to_vec(),
    }
}

/// What bytes that were fetched are: a picture, as a file of [`PICTURES`], or what else, as the end of "the picture …". It is
/// kept as [`published`] has it.
pub fn picture_of(bytes: &[u8]) -> Result<Asset, String> {
    kept_picture(bytes).map(|(asset, _)| asset)
}

/// The same, with what was taken out of one in SVG.
fn kept_picture(bytes: &[u8]) -> Result<(Asset, Option<String>), String> {
    let (found, cleaned) = match inspect(bytes, Path::new("")) {
        Found::Cleaned(asset, what) => (Found::Picture(asset), Some(what)),
        found => (found, None),
    };
    match found {
        Found::Picture(asset) | Found::Cleaned(asset, _) => {
            let pixels = u64::from(asset.width.unwrap_or(0)) * u64::from(asset.height.unwrap_or(0));
            if pixels > MOST_PIXELS {
                return Err(format!("has {} megapixels, more than {}", pixels / 1_000_000, MOST_PIXELS / 1_000_000));
            }
            Ok((Asset { file: PathBuf::from(PICTURES).join(&asset.name), ..asset }, cleaned))
        }
        Found::NotAPicture(what) => Err(what),
        Found::Missing => Err("is empty".to_owned()),
    }
}

/// What bytes that were fetched of `address` are, as a file of [`ENCLOSURES`], or why they are not kept, as the end of
/// "the enclosure …". `said` is what their server calls them.
pub fn enclosure_of(bytes: &[u8], said: Option<&str>, address: &str) -> Result<Asset, String> {
    let said = media_type(said.unwrap_or_default());
    let named = ending_of(&said).is_some().then_some(said.as_str());
    let vague = matches!(said.as_str(), "" | "application/octet-stream" | "binary/octet-stream");
    let known = named.or_else(|| media_type_of(address).filter(|_| vague));
    let Some(known) = known else {
        let none = "neither a sound, a film nor a document that may stand among our files";
        return Err(match said.as_str() {
            "" => format!("does not say what it is, and ends like {none}"),
            said => format!("is `{said}`, which is {none}"),
        });
    };
    if bytes.is_empty() {
        return Err("is empty".to_owned());
    }
    if is_page(bytes) {
        return Err(format!("is called `{known}`, and is a web page"));
    }
    let asset = file(bytes, known);
    Ok(Asset { file: PathBuf::from(ENCLOSURES).join(&asset.name), ..asset })
}

/// Whether bytes begin as a page of HTML does: with such a page servers answer for files that they have lost.
fn is_page(bytes: &[u8]) -> bool {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    let begins = |with: &str| text.get(..with.len()).is_some_and(|head| head.eq_ignore_ascii_case(with.as_bytes()));
    begins("<!doctype html") || begins("<html")
}

/// What is said of a file of our own that is larger than [`LARGEST`].
pub(super) fn too_large() -> String {
    format!("is larger than {} MB; put it where it can stay, and write its address", LARGEST / 1_000_000)
}

/// A file of our own that comes with a post, or why it is not published, as the end of "the enclosure …".
pub(super) fn own_enclosure(path: &Path) -> Result<Asset, String> {
    let known = media_type_of(&path.to_string_lossy());
    let known = known.ok_or("is of no kind that is published: a sound, a film, a PDF or another document")?;
    let length = std::fs::metadata(path).map_err(|cause| format!("cannot be read: {}", cause.kind()))?.len();
    if length > LARGEST {
        return Err(too_large());
    }
    let bytes = std::fs::read(path).map_err(|cause| format!("cannot be read: {}", cause.kind()))?;
    Ok(Asset { file: path.to_path_buf(), ..file(&bytes, known) })
}

fn file(bytes: &[u8], media_type: &str) -> Asset {
    let sha256 = sha256_hex(bytes);
    Asset {
        name: format!("{}.{}", &sha256[..16], ending_of(media_type).unwrap_or("bin")),
        sha256,
        file: PathBuf::new(),
        media_type: media_type.to_owned(),
        length: bytes.len() as u64,
        width: None,
        height: None,
    }
}

#[cfg(test)]
mod tests {
    use super::{enclosure_of, picture_of};

    #[test]
    fn what_is_no_picture_is_told() {
        assert_eq!(picture_of(b"<html>"), Err("is no JPEG, PNG, GIF, WebP or SVG picture".to_owned()));
        let avif = picture_of(b"\0\0\0\x1cftypavif\0\0\0\0").unwrap_err();
        assert!(avif.starts_with("is AVIF"), "{avif}");
        let by_brand = picture_of(b"\0\0\0\x1cftypmif1\0\0\0\0mif1miafavif\0").unwrap_err();
        assert!(by_brand.starts_with("is AVIF"), "{by_brand}");
        let heic = picture_of(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic").unwrap_err();
        assert!(heic.starts_with("is HEIC"), "{heic}");
    }

    #[test]
    fn a_picture_that_claims_too_many_pixels_is_not_kept() {
        // The header of a PNG is enough to say how large it is: 60,000 by 60,000.
        let mut bomb = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\xea\x60\0\0\xea\x60\x08\x02\0\0\0".to_vec();
        let mut crc = flate2::Crc::new();
        crc.update(&bomb[12..]);
        bomb.extend(crc.sum().to_be_bytes());
        bomb.extend(b"\0\0\0\0IDAT\x35\xaf\x06\x1e\0\0\0\0IEND\xae\x42\x60\x82");
        assert_eq!(picture_of(&bomb), Err("has 3600 megapixels, more than 64".to_owned()));
    }

    #[test]
    fn only_files_that_no_browser_runs_are_kept() {
        let asset = enclosure_of(b"ID3", Some("audio/mpeg; x=y"), "https://a.example/listen").unwrap();
        assert_eq!((asset.media_type.as_str(), &asset.name[16..]), ("audio/mpeg", ".mp3"));
        let by_ending = enclosure_of(b"%PDF", Some("application/octet-stream"), "https://a.example/a.pdf?x").unwrap();
        assert_eq!(by_ending.media_type, "application/pdf");
        for (said, address) in [(Some("text/html"), "a.mp3"), (Some("image/svg+xml"), "a.pdf"), (None, "a.html")] {
            assert!(enclosure_of(b"x", said, address).is_err(), "{said:?}");
        }
        assert_eq!(enclosure_of(b"", Some("audio/mpeg"), ""), Err("is empty".to_owned()));
        let page = enclosure_of(b"\n<!DOCTYPE html><p>Gone", Some("audio/mpeg"), "a.mp3");
        assert_eq!(page, Err("is called `audio/mpeg`, and is a web page".to_owned()));
    }
}

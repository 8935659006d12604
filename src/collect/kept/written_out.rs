//! Pictures that are written out in their addresses (`data:`, RFC 2397): they become files like those that are fetched.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use percent_encoding::percent_decode_str;

use super::{kept_picture, published};
use crate::collect::pictures::Found;
use crate::model::Asset;

/// How much of them one run takes that is not kept yet, in bytes: until they are written they are in memory.
const MOST: u64 = 256 << 20;

/// What such a picture is called in messages: its address would fill them.
pub(in crate::collect) const WRITTEN_OUT: &str = "a picture that is written out in its address (`data:`)";

/// A file to be written: where it belongs, and its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewFile {
    /// What it is; its path is from config.toml.
    pub asset: Asset,
    /// All of it.
    pub bytes: Vec<u8>,
}

/// The pictures that a run found in addresses. They are written by whoever runs it.
#[derive(Debug, Default)]
pub(in crate::collect) struct WrittenOut {
    root: PathBuf,
    /// In bytes.
    largest: u64,
    new: Mutex<New>,
}

#[derive(Debug, Default)]
struct New {
    files: BTreeMap<PathBuf, NewFile>,
    length: u64,
}

/// Whether an address is a picture, or anything else, and not where one is.
pub(in crate::collect) fn is_written_out(src: &str) -> bool {
    contents(src).is_some()
}

/// What follows `data:`.
fn contents(src: &str) -> Option<&str> {
    let (scheme, contents) = src.trim().split_at_checked("data:".len())?;
    scheme.eq_ignore_ascii_case("data:").then_some(contents)
}

impl WrittenOut {
    /// For a publication in `root`, with pictures of so many bytes at most.
    pub(in crate::collect) fn new(root: &Path, largest: u64) -> Self {
        Self { root: root.to_path_buf(), largest, new: Mutex::default() }
    }

    /// The picture in an address; `None` where the address holds nothing itself. One that shows nothing, which keeps the
    /// place of what a script would load, is [`Found::Missing`].
    pub(in crate::collect) fn picture(&self, src: &str) -> Option<Found> {
        Some(self.read(contents(src)?).unwrap_or_else(Found::NotAPicture))
    }

    fn read(&self, contents: &str) -> Result<Found, String> {
        let bytes = decoded(contents, self.largest)?;
        let (asset, cleaned) = kept_picture(&bytes)?;
        if shows_nothing(&asset, &bytes) {
            return Ok(Found::Missing);
        }
        let bytes = published(&asset.name, bytes);
        self.take(&asset, bytes)?;
        Ok(match cleaned {
            Some(what) => Found::Cleaned(asset, what),
            None => Found::Picture(asset),
        })
    }

    fn take(&self, asset: &Asset, bytes: Vec<u8>) -> Result<(), String> {
        let mut new = self.lock();
        if new.files.contains_key(&asset.file) || self.root.join(&asset.file).is_file() {
            return Ok(());
        }
        new.length += bytes.len() as u64;
        if new.length > MOST {
            new.length -= bytes.len() as u64;
            return Err(format!("is left to the next run: one takes {} MB of such pictures", MOST >> 20));
        }
        new.files.insert(asset.file.clone(), NewFile { asset: asset.clone(), bytes });
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, New> {
        self.new.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a file, by its path from config.toml, is one of those to be written.
    pub(in crate::collect) fn has(&self, file: &Path) -> bool {
        self.lock().files.contains_key(file)
    }

    /// The files to be written, in the order of their paths.
    pub(in crate::collect) fn into_files(self) -> Vec<NewFile> {
        self.new.into_inner().unwrap_or_else(PoisonError::into_inner).files.into_values().collect()
    }
}

/// A dot, or a drawing without anything drawn.
fn shows_nothing(asset: &Asset, bytes: &[u8]) -> bool {
    let is_dot = asset.width.zip(asset.height).is_some_and(|(width, height)| width <= 1 && height <= 1);
    let is_drawing = asset.media_type == "image/svg+xml";
    let elements = || bytes.windows(2).filter(|two| two[0] == b'<' && two[1].is_ascii_alphabetic()).count();
    is_dot || (is_drawing && elements() <= 1)
}

/// The bytes that an address holds, or what is wrong with it, as the end of "the picture …". Base64 is read as browsers read
/// it: with or without padding, in either alphabet, over several lines.
fn decoded(contents: &str, largest: u64) -> Result<Vec<u8>, String> {
    let (kind, data) = contents.split_once(',').ok_or("holds nothing: no `,` follows its type")?;
    let is_base64 = kind.rsplit(';').next().is_some_and(|last| last.trim().eq_ignore_ascii_case("base64"));
    let too_large = || format!("is larger than {} kB", largest / 1000);
    // In base64 four letters are three bytes, and any byte may be written as three letters.
    let least = if is_base64 { data.len() as u64 / 4 } else { data.len() as u64 / 3 };
    if least > largest {
        return Err(too_large());
    }
    let data: Cow<'_, [u8]> = percent_decode_str(data).into();
    let bytes = if is_base64 { from_base64(&data)? } else { data.into_owned() };
    match bytes.len() as u64 {
        0 => Err("is empty".to_owned()),
        length if length > largest => Err(too_large()),
        _ => Ok(bytes),
    }
}

fn from_base64(data: &[u8]) -> Result<Vec<u8>, String> {
    let config = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    let letter = |byte: &u8| match byte {
        b'-' => b'+',
        b'_' => b'/',
        other => *other,
    };
    let letters: Vec<u8> = data.iter().filter(|byte| !byte.is_ascii_whitespace()).map(letter).collect();
    GeneralPurpose::new(&STANDARD, config)
        .decode(letters.trim_ascii_end())
        .map_err(|cause| format!("is no base64 ({})", cause.to_string().to_lowercase().trim_end_matches('.')))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use base64::Engine as _;
    use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};

    use super::{Found, WrittenOut, is_written_out};

    fn png(width: u32) -> Vec<u8> {
        let mut bytes = std::io::Cursor::new(Vec::new());
        image::RgbImage::new(width, 2).write_to(&mut bytes, image::ImageFormat::Png).unwrap();
        bytes.into_inner()
    }

    fn read(src: &str) -> Option<Found> {
        WrittenOut::new(Path::new("/nowhere"), 1000).picture(src)
    }

    #[test]
    fn a_picture_is_known_by_its_bytes_however_they_are_written() {
        let (bytes, all) = (png(3), WrittenOut::new(Path::new("/nowhere"), 1000));
        let standard = BASE64_STANDARD.encode(&bytes);
        let escaped = percent_encoding::percent_encode(&bytes, percent_encoding::NON_ALPHANUMERIC).to_string();
        for src in [
            format!("data:image/png;base64,{standard}"),
            format!(" DATA:image/jpeg;charset=x; BASE64,{}\n{}", &standard[..8], &standard[8..]),
            format!("data:;base64,{}", BASE64_URL_SAFE_NO_PAD.encode(&bytes)),
            format!("data:image/png;base64,{}", standard.replace('+', "%2B").replace('=', "%3D")),
            format!("data:text/plain,{escaped}"),
        ] {
            let Some(Found::Picture(asset)) = all.picture(&src) else { panic!("{src}: {:?}", all.picture(&src)) };
            assert_eq!((asset.media_type.as_str(), asset.width), ("image/png", Some(3)));
            assert!(all.has(&asset.file) && asset.file.starts_with("collected/pictures"));
        }
        let files = all.into_files();
        assert_eq!((files.len(), &files[0].bytes), (1, &bytes));
        assert!(
            !is_written_out("database:x") && !is_written_out("\u{e9}") && read("https://a.example/data:x").is_none()
        );
    }

    #[test]
    fn what_is_no_picture_is_told() {
        let huge = format!("data:image/png;base64,{}", "A".repeat(8000));
        for (src, why) in [
            ("data:image/png;base64", "holds nothing: no `,` follows its type"),
            ("data:image/png;base64,", "is empty"),
            ("data:image/png;base64,A!AA", "is no base64 (invalid symbol 33, offset 1)"),
            ("data:image/png;base64,AAAA", "is no JPEG, PNG, GIF, WebP or SVG picture"),
            ("data:text/html,<script>a()</script>", "is no JPEG, PNG, GIF, WebP or SVG picture"),
            (&huge, "is larger than 1 kB"),
        ] {
            assert_eq!(read(src), Some(Found::NotAPicture(why.to_owned())), "{src}");
        }
    }

    #[test]
    fn drawings_are_cleaned_and_what_shows_nothing_is_none() {
        let svg =
            "<svg xmlns='http://www.w3.org/2000/svg' width='3' height='2'><script>a()</script><path d='M0 0h3'/></svg>";
        let all = WrittenOut::new(Path::new("/nowhere"), 1000);
        let found = all.picture(&format!("data:image/svg+xml;utf8,{svg}"));
        assert!(matches!(&found, Some(Found::Cleaned(_, what)) if what.contains("script")), "{found:?}");
        let bytes = all.into_files().remove(0).bytes;
        let text = String::from_utf8(bytes).unwrap();
        assert!(text.contains("<path") && !text.contains("script"), "{text}");
        let dot = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7";
        let place = "data:image/svg+xml,%3Csvg%20xmlns=%22http://www.w3.org/2000/svg%22%20viewBox=%220%200%203%202%22%3E%3C/svg%3E";
        assert_eq!((read(dot), read(place)), (Some(Found::Missing), Some(Found::Missing)));
    }
}

//! Compressed answers: from files that stand beside the plain ones, or made when they are first asked for.

use std::collections::HashMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use axum::body::Bytes;
use axum::http::HeaderMap;
use axum::http::header::ACCEPT_ENCODING;
use flate2::Compression;
use flate2::write::GzEncoder;

/// Smaller files are sent as they are, in bytes.
const SMALLEST: u64 = 1024;
/// Larger ones too: nobody waits for them to be compressed.
const LARGEST: u64 = 4 * 1024 * 1024;
/// How many bytes of compressed files are kept.
const KEPT: usize = 32 * 1024 * 1024;

/// How an answer is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Coding {
    /// RFC 7932. Only from files that somebody has compressed.
    Brotli,
    /// RFC 1952.
    Gzip,
}

impl Coding {
    /// The value of `Content-Encoding`.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gzip",
        }
    }

    /// The end of the name of a file that is compressed so.
    pub(super) fn suffix(self) -> &'static str {
        match self {
            Self::Brotli => ".br",
            Self::Gzip => ".gz",
        }
    }
}

/// What the client takes, the shorter first.
pub(super) fn accepted(headers: &HeaderMap) -> Vec<Coding> {
    let fields = headers.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    let offers: Vec<(String, bool)> = fields
        .flat_map(|field| field.split(','))
        .map(|offer| {
            let mut parts = offer.split(';');
            let name = parts.next().unwrap_or_default().trim().to_ascii_lowercase();
            let refused = parts.any(|part| {
                part.trim().strip_prefix("q=").is_some_and(|q| q.trim().parse::<f32>().is_ok_and(|q| q <= 0.0))
            });
            (name, !refused)
        })
        .collect();
    let takes = |coding: Coding| {
        let named = |name: &str| offers.iter().find(|(offer, _)| offer == name).map(|(_, takes)| *takes);
        named(coding.word()).or_else(|| named("*")).unwrap_or(false)
    };
    [Coding::Brotli, Coding::Gzip].into_iter().filter(|coding| takes(*coding)).collect()
}

/// Whether a file of this size is worth compressing.
pub(super) fn pays(length: u64) -> bool {
    (SMALLEST..=LARGEST).contains(&length)
}

/// The file beside `file` that holds it compressed, if it is not older than that.
pub(super) fn beside(file: &Path, coding: Coding) -> Option<PathBuf> {
    let mut name = file.as_os_str().to_owned();
    name.push(coding.suffix());
    let path = PathBuf::from(name);
    let (compressed, plain) = (path.symlink_metadata().ok()?, file.metadata().ok()?);
    let fresh = compressed.modified().ok()? >= plain.modified().ok()?;
    (compressed.is_file() && fresh).then_some(path)
}

/// Compressed files that were asked for, by their names and tags.
#[derive(Default)]
pub(super) struct Kept(Mutex<Files>);

#[derive(Default)]
struct Files {
    /// Of all of them, in bytes.
    size: usize,
    /// Tag and bytes of each.
    files: HashMap<PathBuf, (String, Bytes)>,
}

impl Kept {
    /// The file compressed by gzip, from what is kept or made now. `tag` tells its versions apart.
    pub(super) fn gzip(&self, file: &Path, tag: &str) -> std::io::Result<Bytes> {
        if let Some((kept, bytes)) = self.0.lock().unwrap_or_else(PoisonError::into_inner).files.get(file)
            && kept == tag
        {
            return Ok(bytes.clone());
        }
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(&std::fs::read(file)?)?;
        let bytes = Bytes::from(encoder.finish()?);
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Files { size, files } = &mut *kept;
        if *size + bytes.len() > KEPT {
            // Which of them are asked for most is not worth counting: they are made again in a moment.
            files.clear();
            *size = 0;
        }
        *size += bytes.len();
        if let Some((_, old)) = files.insert(file.to_owned(), (tag.to_owned(), bytes.clone())) {
            *size -= old.len();
        }
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderMap;

    use super::{Coding, accepted};

    #[test]
    fn a_client_says_what_it_takes() {
        let takes = |text: &'static str| {
            accepted(&HeaderMap::from_iter([(axum::http::header::ACCEPT_ENCODING, text.parse().unwrap())]))
        };
        assert_eq!(takes("gzip, deflate, br;q=0.9"), [Coding::Brotli, Coding::Gzip]);
        assert_eq!(takes("GZIP;q=0.5"), [Coding::Gzip]);
        assert_eq!(takes("gzip;q=0, *"), [Coding::Brotli]);
        assert_eq!(takes("identity"), []);
        assert_eq!(accepted(&HeaderMap::new()), []);
    }
}

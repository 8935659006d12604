//! The content of an answer: decompressed, and never larger than allowed.

use std::io::{self, Chain, Cursor, Read};

use brotli_decompressor::Decompressor;
use flate2::read::MultiGzDecoder;

use super::Fault;

/// What brotli's decoder reads at a time, in bytes.
const BUFFER: usize = 16 << 10;
/// The first bytes of a gzip stream (RFC 1952, 2.3.1).
const GZIP: [u8; 2] = [0x1f, 0x8b];
/// Codings upon codings: more than this nobody applies in earnest.
const CODINGS: usize = 2;

/// Reads content through the codings that were applied to it, in their order; the limit counts what comes out. What is
/// called gzip and is not is taken as it is, and gzip that is not called so is undone too: both are common.
pub(super) fn read(raw: impl Read, codings: &[String], limit: u64) -> Result<Vec<u8>, Stopped> {
    if codings.len() > CODINGS {
        return Err(Stopped::Fault(Fault::Encoding(format!("`{}`", codings.join(", ")))));
    }
    let mut reader: Box<dyn Read + '_> = Box::new(raw);
    for coding in codings.iter().rev() {
        reader = match coding.as_str() {
            "gzip" | "x-gzip" => ungzip(reader)?,
            "br" => Box::new(Decompressor::new(reader, BUFFER)),
            _ => return Err(Stopped::Fault(Fault::Encoding(format!("`{coding}`")))),
        };
    }
    if codings.is_empty() {
        reader = ungzip(reader)?;
    }
    let mut content = Vec::new();
    let read = reader.take(limit + 1).read_to_end(&mut content);
    if content.len() as u64 > limit {
        return Err(Stopped::Fault(Fault::TooLarge { limit }));
    }
    match read {
        Ok(_) => Ok(content),
        Err(cause) => Err(Stopped::Io { cause, received: content.len() }),
    }
}

/// Why content could not be read.
#[derive(Debug)]
pub(super) enum Stopped {
    /// A reason that is known here.
    Fault(Fault),
    /// The network or a decoder gave up.
    Io {
        /// What it said.
        cause: io::Error,
        /// Bytes that had come out.
        received: usize,
    },
}

/// Undoes gzip where the first bytes are gzip's.
fn ungzip<'r>(mut reader: Box<dyn Read + 'r>) -> Result<Box<dyn Read + 'r>, Stopped> {
    let mut head = Vec::with_capacity(GZIP.len());
    let taken = reader.by_ref().take(GZIP.len() as u64).read_to_end(&mut head);
    taken.map_err(|cause| Stopped::Io { cause, received: 0 })?;
    let is_gzip = head == GZIP;
    let whole: Chain<Cursor<Vec<u8>>, _> = Cursor::new(head).chain(reader);
    Ok(if is_gzip { Box::new(MultiGzDecoder::new(whole)) } else { Box::new(whole) })
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::{Fault, Stopped, read};

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn codings(names: &[&str]) -> Vec<String> {
        names.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn codings_are_undone_and_names_not_trusted() {
        let text = b"<rss/>".as_slice();
        assert_eq!(read(text, &[], 100).unwrap(), text);
        assert_eq!(read(gzip(text).as_slice(), &codings(&["gzip"]), 100).unwrap(), text);
        assert_eq!(read(gzip(text).as_slice(), &[], 100).unwrap(), text, "gzip that is not called so");
        assert_eq!(read(text, &codings(&["x-gzip"]), 100).unwrap(), text, "what is called gzip and is not");
        assert_eq!(read(gzip(&gzip(text)).as_slice(), &codings(&["gzip", "gzip"]), 100).unwrap(), text);
        assert_eq!(read(b"".as_slice(), &codings(&["gzip"]), 100).unwrap(), b"");
        for unknown in [&["zstd"][..], &["gzip", "gzip", "gzip"]] {
            let stopped = read(text, &codings(unknown), 100).unwrap_err();
            assert!(matches!(stopped, Stopped::Fault(Fault::Encoding(_))), "{stopped:?}");
        }
    }

    #[test]
    fn the_limit_counts_what_comes_out() {
        let bomb = gzip(&vec![b' '; 5_000_000]);
        assert!(bomb.len() < 10_000);
        let stopped = read(bomb.as_slice(), &codings(&["gzip"]), 1_000_000).unwrap_err();
        assert!(matches!(stopped, Stopped::Fault(Fault::TooLarge { limit: 1_000_000 })));
        assert_eq!(read(bomb.as_slice(), &codings(&["gzip"]), 5_000_000).unwrap().len(), 5_000_000);
        let endless = std::io::repeat(b'x');
        assert!(matches!(read(endless, &[], 1_000), Err(Stopped::Fault(Fault::TooLarge { .. }))));
    }

    #[test]
    fn what_breaks_off_is_told() {
        let whole = gzip(&(0..100_000_u32).flat_map(u32::to_le_bytes).collect::<Vec<u8>>());
        let half = whole.as_slice().take(whole.len() as u64 / 2);
        assert!(matches!(read(half, &codings(&["gzip"]), 1_000_000), Err(Stopped::Io { .. })));
    }
}

//! The content of an answer: decompressed, and never larger than allowed.

use std::io::{self, BufRead as _, BufReader, Chain, Cursor, Read};

use brotli_decompressor::Decompressor;
use flate2::bufread::GzDecoder;
use flate2::read::{DeflateDecoder, ZlibDecoder};

use super::Fault;

/// What brotli's decoder reads at a time, in bytes.
const BUFFER: usize = 16 << 10;
/// The first bytes of a gzip stream (RFC 1952, 2.3.1).
const GZIP: [u8; 2] = [0x1f, 0x8b];
/// Codings upon codings: more than this nobody applies in earnest.
const CODINGS: usize = 2;
/// No name of a coding is told longer, in characters.
const LONGEST_CODING: usize = 40;

/// Reads content through the codings that were applied to it, in their order; the limit counts what comes out. What is
/// called gzip and is not is taken as it is, and gzip that is not called so is undone too: both are common.
pub(super) fn read(raw: impl Read, codings: &[String], limit: u64) -> Result<Vec<u8>, Stopped> {
    if codings.len() > CODINGS {
        return Err(Stopped::Fault(Fault::Encoding(shown(codings))));
    }
    let mut reader: Box<dyn Read + '_> = Box::new(raw);
    for coding in codings.iter().rev() {
        reader = match coding.as_str() {
            "gzip" | "x-gzip" => ungzip(reader)?,
            "br" => Box::new(Decompressor::new(reader, BUFFER)),
            "deflate" => inflate(reader)?,
            _ => return Err(Stopped::Fault(Fault::Encoding(shown(std::slice::from_ref(coding))))),
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

/// The first codings, as far as a message has room for them.
fn shown(codings: &[String]) -> String {
    let short = |coding: &String| match coding.char_indices().nth(LONGEST_CODING) {
        Some((end, _)) => format!("{}\u{2026}", &coding[..end]),
        None => coding.clone(),
    };
    let first: Vec<String> = codings.iter().take(CODINGS + 1).map(short).collect();
    let more = codings.len().saturating_sub(CODINGS + 1);
    if more == 0 { format!("`{}`", first.join(", ")) } else { format!("`{}` and {more} more", first.join(", ")) }
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

type Whole<'r> = Chain<Cursor<Vec<u8>>, Box<dyn Read + 'r>>;

/// The first two bytes, and a reader that begins with them.
fn peek<'r>(mut reader: Box<dyn Read + 'r>) -> Result<(Vec<u8>, Whole<'r>), Stopped> {
    let mut head = Vec::with_capacity(GZIP.len());
    let taken = reader.by_ref().take(GZIP.len() as u64).read_to_end(&mut head);
    taken.map_err(|cause| Stopped::Io { cause, received: 0 })?;
    Ok((head.clone(), Cursor::new(head).chain(reader)))
}

/// Undoes gzip where the first bytes are gzip's.
fn ungzip<'r>(reader: Box<dyn Read + 'r>) -> Result<Box<dyn Read + 'r>, Stopped> {
    let (head, whole) = peek(reader)?;
    Ok(if head == GZIP { Box::new(Members::new(BufReader::new(whole))) } else { Box::new(whole) })
}

/// Undoes `deflate`: a zlib stream (RFC 9110, 8.4.1.2), or the bare one that some servers send under that name.
fn inflate<'r>(reader: Box<dyn Read + 'r>) -> Result<Box<dyn Read + 'r>, Stopped> {
    let (head, whole) = peek(reader)?;
    let is_zlib = matches!(head.as_slice(), [first, second]
        if first & 0x0f == 8 && (u16::from(*first) << 8 | u16::from(*second)) % 31 == 0);
    Ok(if is_zlib { Box::new(ZlibDecoder::new(whole)) } else { Box::new(DeflateDecoder::new(whole)) })
}

/// The members of a gzip file, one after the other (RFC 1952, 2.2). What stands behind the last one is none of them, and
/// is not read.
struct Members<R: Read> {
    /// `None` at the end.
    member: Option<GzDecoder<BufReader<R>>>,
}

impl<R: Read> Members<R> {
    fn new(reader: BufReader<R>) -> Self {
        Self { member: Some(GzDecoder::new(reader)) }
    }
}

impl<R: Read> Read for Members<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while let Some(member) = &mut self.member {
            let count = member.read(buffer)?;
            if count > 0 || buffer.is_empty() {
                return Ok(count);
            }
            let Some(mut rest) = self.member.take().map(GzDecoder::into_inner) else { break };
            // A reader gives what it has: the second byte may come later than the first.
            let is_member = match rest.fill_buf()? {
                [first] if *first == GZIP[0] => true,
                bytes => bytes.starts_with(&GZIP),
            };
            if is_member {
                self.member = Some(GzDecoder::new(rest));
            }
        }
        Ok(0)
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};

    use flate2::Compression;
    use flate2::write::{GzEncoder, ZlibEncoder};

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
    fn what_is_told_of_codings_is_short() {
        let told = |codings: &[String]| match read(&b"x"[..], codings, 9) {
            Err(Stopped::Fault(Fault::Encoding(told))) => told,
            other => format!("{other:?}"),
        };
        assert_eq!(told(&vec!["gzip".to_owned(); 5000]), "`gzip, gzip, gzip` and 4997 more");
        assert_eq!(told(&["x".repeat(9000)]), format!("`{}\u{2026}`", "x".repeat(40)));
        assert_eq!(told(&["zstd".to_owned()]), "`zstd`");
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
        let mut zlib = ZlibEncoder::new(Vec::new(), Compression::best());
        zlib.write_all(text).unwrap();
        let zlib = zlib.finish().unwrap();
        assert_eq!(read(zlib.as_slice(), &codings(&["deflate"]), 100).unwrap(), text);
        assert_eq!(read(&zlib[2..zlib.len() - 4], &codings(&["Deflate".to_lowercase().as_str()]), 100).unwrap(), text);
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
    fn what_follows_a_packed_stream_costs_nothing() {
        for rest in [b"\0\0\0\0".as_slice(), b"<!-- cached -->", b"\x1f", b""] {
            let mut packed = gzip(b"<rss/>");
            packed.extend_from_slice(rest);
            let read = read(packed.as_slice(), &codings(&["gzip"]), 100);
            // One byte may be the beginning of another member.
            assert!(read.is_ok_and(|content| content == b"<rss/>") || rest == b"\x1f", "{rest:?}");
        }
        let two = [gzip(b"<rss>"), gzip(b"</rss>"), b"junk".to_vec()].concat();
        assert_eq!(read(two.as_slice(), &codings(&["gzip"]), 100).unwrap(), b"<rss></rss>");
        let endless = gzip(b"<rss/>");
        let endless = endless.as_slice().chain(std::io::repeat(0));
        assert_eq!(read(endless, &codings(&["gzip"]), 100).unwrap(), b"<rss/>");
    }

    #[test]
    fn what_breaks_off_is_told() {
        let whole = gzip(&(0..100_000_u32).flat_map(u32::to_le_bytes).collect::<Vec<u8>>());
        let half = whole.as_slice().take(whole.len() as u64 / 2);
        assert!(matches!(read(half, &codings(&["gzip"]), 1_000_000), Err(Stopped::Io { .. })));
    }
}

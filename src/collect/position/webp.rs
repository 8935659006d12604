//! WebP (RFC 9649): chunks in RIFF, and a head that announces them.

use super::exif::{self, Left};
use super::{is_placed, piece};

/// Bits of the head that say what follows the picture (2.7.1).
pub(super) const EXIF_FOLLOWS: u8 = 0x08;
pub(super) const XMP_FOLLOWS: u8 = 0x04;

/// Where these bits stand in a file: behind its own head of twelve bytes, and that of the first chunk.
const FLAGS: usize = 20;

/// Which some programs write before Exif here, too.
const PREFIX: &[u8] = b"Exif\0\0";

/// A WebP without the place where it was taken; `None` where it says none.
pub(super) fn unplaced(bytes: &[u8]) -> Option<Vec<u8>> {
    if !bytes.starts_with(b"RIFF") || bytes.get(8..16)? != b"WEBPVP8X" {
        return None;
    }
    let mut out = bytes[..12].to_vec();
    let (mut is_other, mut follows, mut at) = (false, 0, 12);
    while let Some(head) = piece(bytes, at, 8) {
        let length = u32::from_le_bytes(head[4..].try_into().ok()?) as usize;
        let Some(data) = piece(bytes, at + 8, length) else {
            // Of what was cut off nobody knows what it said.
            if matches!(&head[..4], b"EXIF" | b"XMP ") {
                (is_other, at) = (true, bytes.len());
            }
            break;
        };
        // At the end of a file the byte may be missing that makes a length even.
        let next = (at + 8 + length + length % 2).min(bytes.len());
        let (left, bit) = match &head[..4] {
            b"EXIF" => (exif::left(data.strip_prefix(PREFIX).unwrap_or(data)), EXIF_FOLLOWS),
            b"XMP " if is_placed(data) => (Left::Nothing, XMP_FOLLOWS),
            b"XMP " => (Left::All, XMP_FOLLOWS),
            _ => (Left::All, 0),
        };
        is_other |= left != Left::All;
        follows |= if left == Left::Nothing { 0 } else { bit };
        match left {
            Left::All => out.extend(&bytes[at..next]),
            Left::Nothing => {}
            Left::This(tiff) => out.extend(chunk(*b"EXIF", &tiff)),
        }
        at = next;
    }
    if !is_other {
        return None;
    }
    out.extend(bytes.get(at..).unwrap_or_default());
    let length = u32::try_from(out.len() - 8).ok()?;
    out.get_mut(4..8)?.copy_from_slice(&length.to_le_bytes());
    let flags = out.get_mut(FLAGS)?;
    *flags = (*flags & !(EXIF_FOLLOWS | XMP_FOLLOWS)) | follows;
    Some(out)
}

fn chunk(kind: [u8; 4], data: &[u8]) -> Vec<u8> {
    [&kind[..], &(data.len() as u32).to_le_bytes(), data, &[0][..data.len() % 2]].concat()
}

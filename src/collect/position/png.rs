//! PNG (third edition, 5): chunks with their sums.

use super::exif::{self, Left};
use super::{is_placed, piece};

const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";
/// The name of XMP among texts.
const XMP: &[u8] = b"XML:com.adobe.xmp\0";
/// How some programs write Exif and XMP into texts. Nobody heeds them when the picture is shown.
const PROFILES: [&[u8]; 3] = [b"Raw profile type exif\0", b"Raw profile type APP1\0", b"Raw profile type xmp\0"];

/// A PNG without the place where it was taken; `None` where it says none.
pub(super) fn unplaced(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut rest = bytes.strip_prefix(SIGNATURE)?;
    let mut out: Option<Vec<u8>> = None;
    while let Some(length) = piece(rest, 0, 4).and_then(|four| four.try_into().ok()).map(u32::from_be_bytes) {
        let Some(whole) = piece(rest, 0, (length as usize).saturating_add(12)) else { break };
        let (kind, data) = (&whole[4..8], &whole[8..8 + length as usize]);
        let instead = match kind {
            b"eXIf" => match exif::left(data) {
                Left::All => None,
                Left::Nothing => Some(Vec::new()),
                Left::This(tiff) => Some(chunk(*b"eXIf", &tiff)),
            },
            b"iTXt" | b"tEXt" | b"zTXt" if says_place(data) => Some(Vec::new()),
            _ => None,
        };
        if let Some(instead) = instead {
            let before = &bytes[..bytes.len() - rest.len()];
            out.get_or_insert_with(|| before.to_vec()).extend(instead);
        } else if let Some(out) = &mut out {
            out.extend(whole);
        }
        rest = &rest[whole.len()..];
    }
    let mut out = out?;
    out.extend(rest);
    Some(out)
}

/// Whether a text says a place, or may say one and is compressed.
fn says_place(text: &[u8]) -> bool {
    let is_profile = || PROFILES.iter().any(|name| text.starts_with(name));
    match text.strip_prefix(XMP) {
        Some(packet) => packet.first() == Some(&1) || is_placed(packet),
        None => is_profile(),
    }
}

fn chunk(kind: [u8; 4], data: &[u8]) -> Vec<u8> {
    let mut sum = flate2::Crc::new();
    sum.update(&kind);
    sum.update(data);
    [&(data.len() as u32).to_be_bytes()[..], &kind, data, &sum.sum().to_be_bytes()].concat()
}

//! JPEG (ITU T.81, B): segments up to the pixels, and what may follow these.

use memchr::memchr;

use super::exif::{self, Left};
use super::{is_placed, piece};

const BEGIN: u8 = 0xd8;
const END: u8 = 0xd9;
const SCAN: u8 = 0xda;
const APP1: u8 = 0xe1;
const APP2: u8 = 0xe2;

const EXIF: &[u8] = b"Exif\0\0";
const XMP: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";
const MORE_XMP: &[u8] = b"http://ns.adobe.com/xmp/extension/\0";
/// Names pictures behind this one, by where they stand (CIPA DC-007).
const SEVERAL: &[u8] = b"MPF\0";

/// What becomes of a segment.
enum Fate {
    Stays,
    Goes,
    /// Goes where anything does that says a place: it may say one, too, or leads to what does.
    GoesAlong,
    Becomes(Vec<u8>),
}

/// A JPEG without the place where it was taken; `None` where it says none.
pub(super) fn unplaced(bytes: &[u8]) -> Option<Vec<u8>> {
    if !bytes.starts_with(&[0xff, BEGIN]) {
        return None;
    }
    // Only what does not stay is kept in mind: a file may consist of nothing but markers.
    let (mut fates, mut at) = (Vec::new(), 2);
    while let Some(segment) = Segment::at(bytes, at).filter(|segment| segment.marker != SCAN) {
        at = segment.end;
        match fate(segment.marker, segment.content) {
            Fate::Stays => {}
            fate => fates.push((segment.begin..segment.end, fate)),
        }
    }
    if fates.iter().all(|(_, fate)| matches!(fate, Fate::GoesAlong)) {
        return None;
    }
    let mut out = Vec::with_capacity(bytes.len());
    let mut copied = 0;
    for (range, fate) in fates {
        out.extend(&bytes[copied..range.start]);
        copied = range.end;
        if let Fate::Becomes(segment) = fate {
            out.extend(segment);
        }
    }
    // What follows a picture (a film of the moment, a second picture) says where it was taken, too.
    out.extend(&bytes[copied..end(bytes, at)]);
    Some(out)
}

fn fate(marker: u8, content: &[u8]) -> Fate {
    match marker {
        APP1 => match (content.strip_prefix(EXIF), content.strip_prefix(XMP)) {
            (Some(tiff), _) => match exif::left(tiff) {
                Left::All => Fate::Stays,
                Left::Nothing => Fate::Goes,
                Left::This(tiff) => becomes(&tiff),
            },
            (_, Some(packet)) if is_placed(packet) => Fate::Goes,
            _ if content.starts_with(MORE_XMP) && is_placed(content) => Fate::Goes,
            _ if content.starts_with(MORE_XMP) => Fate::GoesAlong,
            _ => Fate::Stays,
        },
        APP2 if content.starts_with(SEVERAL) => Fate::GoesAlong,
        _ => Fate::Stays,
    }
}

/// A segment of Exif; none where it were too long for one.
fn becomes(tiff: &[u8]) -> Fate {
    let Ok(length) = u16::try_from(2 + EXIF.len() + tiff.len()) else { return Fate::Goes };
    Fate::Becomes([&[0xff, APP1][..], &length.to_be_bytes(), EXIF, tiff].concat())
}

struct Segment<'a> {
    marker: u8,
    content: &'a [u8],
    /// Where it begins, and where it is over.
    begin: usize,
    end: usize,
}

impl<'a> Segment<'a> {
    /// The segment at a place, or after what stands there and is none, as decoders pass over it.
    fn at(bytes: &'a [u8], at: usize) -> Option<Self> {
        let mut begin = at + memchr(0xff, bytes.get(at..)?)?;
        // Before a marker may stand any number of bytes like its first.
        let mut marker = *bytes.get(begin + 1)?;
        while matches!(marker, 0 | 0xff) {
            begin = begin + 1 + memchr(0xff, &bytes[begin + 1..])?;
            marker = *bytes.get(begin + 1)?;
        }
        if marker == END {
            return None;
        }
        // These have no content (T.81, table B.1).
        if matches!(marker, 0x01 | 0xd0..=BEGIN) {
            return Some(Self { marker, content: &[], begin, end: begin + 2 });
        }
        let length = usize::from(u16::from_be_bytes(piece(bytes, begin + 2, 2)?.try_into().ok()?));
        let content = piece(bytes, begin + 4, length.checked_sub(2)?)?;
        Some(Self { marker, content, begin, end: begin + 2 + length })
    }
}

/// Where the picture is over whose first pixels come at or after `at`: at its end, or at that of the file.
fn end(bytes: &[u8], mut at: usize) -> usize {
    while let Some(found) = bytes.get(at..).and_then(|rest| memchr(0xff, rest)) {
        let begin = at + found;
        match bytes.get(begin + 1) {
            None => break,
            Some(&END) => return begin + 2,
            // A byte of pixels, a mark among them, or a byte before a marker.
            Some(0 | 0x01 | 0xd0..=BEGIN) => at = begin + 2,
            Some(0xff) => at = begin + 1,
            Some(_) => match Segment::at(bytes, begin) {
                Some(segment) => at = segment.end,
                None => break,
            },
        }
    }
    bytes.len()
}

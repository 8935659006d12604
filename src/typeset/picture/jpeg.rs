//! JPEG files, read as far as PDF needs to know (ISO/IEC 10918-1, B.2).

/// What the header of a file says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) width: u32,
    pub(super) height: u32,
    /// 1 is grey, 3 is RGB (or `YCbCr`), 4 is CMYK.
    pub(super) components: u8,
}

/// Whether a file ends before its picture does: there is no end-of-image marker after its last scan began (B.1.1.2).
pub(super) fn is_cut_short(data: &[u8]) -> bool {
    let ends = data.windows(2).rposition(|pair| pair == [0xff, 0xd9]);
    // A picture that stands in the header has an end of its own.
    ends.is_none_or(|end| scan(data).is_none_or(|scan| end < scan))
}

/// Where the first scan begins.
fn scan(data: &[u8]) -> Option<usize> {
    let mut at = 2;
    loop {
        match *data.get(at + 1)? {
            0xda => return Some(at),
            0xff => at += 1,
            0x01 | 0xd0..=0xd8 => at += 2,
            _ => at += 2 + usize::from(u16::from_be_bytes([*data.get(at + 2)?, *data.get(at + 3)?])),
        }
    }
}

/// Begins the segments that hold a colour profile (ICC.1:2004-10, B.4).
const PROFILE: &[u8] = b"ICC_PROFILE\0";

/// The file without the segments of its colour profile; `None` where it has none.
pub(super) fn without_profile(data: &[u8]) -> Option<Vec<u8>> {
    let end = scan(data)?;
    if !data.get(..end)?.windows(PROFILE.len()).any(|part| part == PROFILE) {
        return None;
    }
    let (mut at, mut kept) = (2, data.get(..2)?.to_vec());
    while at < end {
        let next = match *data.get(at + 1)? {
            0xff => at + 1,
            0x01 | 0xd0..=0xd8 => at + 2,
            _ => at + 2 + usize::from(u16::from_be_bytes([*data.get(at + 2)?, *data.get(at + 3)?])),
        };
        let segment = data.get(at..next)?;
        if !(segment.starts_with(&[0xff, 0xe2]) && segment.get(4..).is_some_and(|own| own.starts_with(PROFILE))) {
            kept.extend_from_slice(segment);
        }
        at = next;
    }
    kept.extend_from_slice(data.get(at..)?);
    (kept.len() < data.len()).then_some(kept)
}

/// Width, height and components from the start-of-frame segment (B.2.2), if `DCTDecode` takes the file.
pub(super) fn header(data: &[u8]) -> Option<Header> {
    if !data.starts_with(&[0xff, 0xd8]) {
        return None;
    }
    let mut at = 2;
    loop {
        if *data.get(at)? != 0xff {
            return None;
        }
        let marker = *data.get(at + 1)?;
        match marker {
            0xff => at += 1,
            0x01 | 0xd0..=0xd8 => at += 2,
            // Baseline, extended and progressive Huffman frames are what PDF's DCTDecode takes.
            0xc0..=0xc2 => {
                let segment = data.get(at + 4..at + 10)?;
                let height = u32::from(u16::from_be_bytes([segment[1], segment[2]]));
                let width = u32::from(u16::from_be_bytes([segment[3], segment[4]]));
                let components = segment[5];
                // Samples of more than eight bits are none of DCTDecode's.
                let known = matches!(components, 1 | 3 | 4) && segment[0] == 8;
                return known.then_some(Header { width, height, components });
            }
            0xd9 | 0xda => return None,
            _ => {
                let length = usize::from(u16::from_be_bytes([*data.get(at + 2)?, *data.get(at + 3)?]));
                at += 2 + length;
            }
        }
    }
}

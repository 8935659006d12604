//! PNG files whose rows PDF takes as they are: filtered and deflated alike (ISO/IEC 15948, 9 and 10; ISO 32000-1, 7.4.4).

use std::sync::Arc;

use flate2::{Decompress, FlushDecompress, Status};

use crate::typeset::display::Image;

/// The signature (5.2).
const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// Rows that are larger than this share of their samples, in tenths, are better written anew.
const LEAST_GAIN: usize = 9;

/// The filters of rows are numbered below this (9.2).
const FILTERS: u8 = 5;

/// What the header says (11.2.2).
#[derive(Clone, Copy)]
struct Header {
    width: u32,
    height: u32,
    bits: u8,
    components: u8,
    is_indexed: bool,
}

impl Header {
    /// The header of a picture that needs nothing but its rows: no alpha, eight bits at most, not interlaced.
    fn parse(data: &[u8]) -> Option<Self> {
        let number = |at: usize| data.get(at..at + 4)?.try_into().ok().map(u32::from_be_bytes);
        let (bits, color, interlaced) = (*data.get(8)?, *data.get(9)?, *data.get(12)?);
        let (components, is_indexed, known) = match color {
            0 => (1, false, matches!(bits, 1 | 2 | 4 | 8)),
            2 => (3, false, bits == 8),
            3 => (1, true, matches!(bits, 1 | 2 | 4 | 8)),
            _ => return None,
        };
        let header = Self { width: number(0)?, height: number(4)?, bits, components, is_indexed };
        (known && interlaced == 0).then_some(header)
    }

    /// The bytes of a row, without the number of its filter.
    fn row(&self) -> usize {
        (self.width as usize * usize::from(self.components) * usize::from(self.bits)).div_ceil(8)
    }
}

/// The picture as it is embedded, if its file is whole, its rows need no change and are worth keeping.
pub(super) fn as_it_is(data: &[u8]) -> Option<Image> {
    let mut rest = data.strip_prefix(SIGNATURE)?;
    let (mut header, mut palette, mut rows) = (None, Vec::new(), Vec::new());
    while let Some((kind, content, tail)) = chunk(rest) {
        match kind {
            b"IHDR" => header = Some(Header::parse(content)?),
            b"PLTE" => palette = content.to_vec(),
            b"IDAT" => rows.extend_from_slice(content),
            b"IEND" => break,
            // What is transparent has a mask; of what moves another reader finds the first picture.
            b"tRNS" | b"acTL" => return None,
            _ => {}
        }
        rest = tail;
    }
    let header = header?;
    let Header { width, height, bits, components, is_indexed } = header;
    let colors = palette.len() / 3;
    if is_indexed && !(palette.len().is_multiple_of(3) && (1..=1 << bits).contains(&colors)) {
        return None;
    }
    let samples = header.row().checked_mul(height as usize)?;
    if rows.len() > samples / 10 * LEAST_GAIN || !are_whole(&rows, header) {
        return None;
    }
    if !is_indexed {
        palette.clear();
    }
    Some(Image::Png { rows: Arc::from(rows), width, height, bits, components, palette, profile: None })
}

/// Whether a file brings a colour profile along, be it broken.
pub(super) fn has_profile(data: &[u8]) -> bool {
    let mut rest = data.strip_prefix(SIGNATURE).unwrap_or_default();
    while let Some((kind, _, tail)) = chunk(rest).filter(|(kind, ..)| *kind != b"IDAT") {
        if kind == b"iCCP" {
            return true;
        }
        rest = tail;
    }
    false
}

/// Kind and content of the chunk at the start of `data`, and what follows it (5.3).
fn chunk(data: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let (length, rest) = data.split_first_chunk::<4>()?;
    let (kind, rest) = rest.split_at_checked(4)?;
    let (content, rest) = rest.split_at_checked(u32::from_be_bytes(*length) as usize)?;
    let (_sum, rest) = rest.split_at_checked(4)?;
    Some((kind, content, rest))
}

/// Whether a stream holds as many rows as the header says, each with a filter that there is.
fn are_whole(rows: &[u8], header: Header) -> bool {
    let row = header.row() + 1;
    let Some(wanted) = row.checked_mul(header.height as usize) else { return false };
    let mut inflater = Decompress::new(true);
    let mut buffer = vec![0; 1 << 16];
    let mut done: usize = 0;
    loop {
        let (before_in, before_out) = (inflater.total_in() as usize, inflater.total_out() as usize);
        let status = inflater.decompress(rows.get(before_in..).unwrap_or_default(), &mut buffer, FlushDecompress::None);
        let Ok(status) = status else { return false };
        let made = inflater.total_out() as usize - before_out;
        // The filters of the rows that begin in what was just made.
        let first = done.next_multiple_of(row) - done;
        if buffer[..made].iter().skip(first).step_by(row).any(|filter| *filter >= FILTERS) {
            return false;
        }
        done += made;
        if status == Status::StreamEnd || done > wanted {
            return status == Status::StreamEnd && done == wanted;
        }
        if made == 0 && inflater.total_in() as usize == before_in {
            return false;
        }
    }
}

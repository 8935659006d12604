//! Exif, in the tables of TIFF 6.0: what says a place, and what is left without it.

use super::piece;

/// Tags of the tables that a table names (Exif 2.32, 4.6.3).
const EXIF_TABLE: u16 = 0x8769;
const GPS_TABLE: u16 = 0x8825;
/// What the maker of a camera notes, in a form of its own (4.6.5).
const MAKER_NOTE: u16 = 0x927c;
/// How the picture is turned.
const ORIENTATION: u16 = 0x0112;
/// Whose it is: who took it, and who has the rights in it.
const KEPT_WORDS: [u16; 2] = [0x013b, 0x8298];

const ASCII: u16 = 2;
const SHORT: u16 = 3;

/// A table has no more entries than this; one that claims more is broken.
const MOST: usize = 1000;

/// What is left of Exif that says a place.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Left {
    /// It says none, or cannot be read.
    All,
    /// Nothing that matters.
    Nothing,
    /// Anew, as TIFF: how the picture is turned, and whose it is.
    This(Vec<u8>),
}

/// Looks for a place in Exif, which is TIFF.
pub(super) fn left(tiff: &[u8]) -> Left {
    let Some(read) = Tiff::of(tiff) else { return Left::All };
    let Some(first) = read.u32(4) else { return Left::All };
    let main = read.table(first);
    let below = main.iter().filter(|entry| entry.tag == EXIF_TABLE).filter_map(|entry| read.u32(entry.value));
    let thumbnail = read.next(first);
    let others: Vec<Entry> = below.chain(thumbnail).flat_map(|at| read.table(at)).collect();
    if !main.iter().chain(&others).any(|entry| matches!(entry.tag, GPS_TABLE | MAKER_NOTE)) {
        return Left::All;
    }
    written(&read, &main)
}

/// One line of a table.
#[derive(Clone, Copy, Debug)]
struct Entry {
    tag: u16,
    kind: u16,
    count: u32,
    /// Where its value is, or where that says where it is.
    value: usize,
}

/// TIFF that is read: all places in it are counted from its beginning.
struct Tiff<'a> {
    bytes: &'a [u8],
    is_little: bool,
}

impl<'a> Tiff<'a> {
    fn of(bytes: &'a [u8]) -> Option<Self> {
        let is_little = match bytes.get(..4)? {
            b"II*\0" => true,
            b"MM\0*" => false,
            _ => return None,
        };
        Some(Self { bytes, is_little })
    }

    fn u16(&self, at: usize) -> Option<u16> {
        let two = piece(self.bytes, at, 2)?.try_into().ok()?;
        Some(if self.is_little { u16::from_le_bytes(two) } else { u16::from_be_bytes(two) })
    }

    fn u32(&self, at: usize) -> Option<u32> {
        let four = piece(self.bytes, at, 4)?.try_into().ok()?;
        Some(if self.is_little { u32::from_le_bytes(four) } else { u32::from_be_bytes(four) })
    }

    /// The entries of the table at a place, as far as they are there.
    fn table(&self, at: u32) -> Vec<Entry> {
        let count = usize::from(self.u16(at as usize).unwrap_or(0)).min(MOST);
        let entry = |index: usize| {
            let at = (at as usize).checked_add(2 + 12 * index)?;
            Some(Entry { tag: self.u16(at)?, kind: self.u16(at + 2)?, count: self.u32(at + 4)?, value: at + 8 })
        };
        (0..count).map_while(entry).collect()
    }

    /// Where the table after this one is.
    fn next(&self, at: u32) -> Option<u32> {
        let count = usize::from(self.u16(at as usize)?);
        self.u32((at as usize).checked_add(2 + 12 * count)?).filter(|next| *next > 0)
    }

    /// The bytes of an entry of words.
    fn words(&self, entry: &Entry) -> Option<&'a [u8]> {
        let length = entry.count as usize;
        let at = if length <= 4 { entry.value } else { self.u32(entry.value)? as usize };
        piece(self.bytes, at, length).filter(|words| !words.iter().all(|byte| matches!(byte, 0 | b' ')))
    }
}

/// What matters of the main table, as TIFF of its own.
fn written(read: &Tiff<'_>, main: &[Entry]) -> Left {
    let turn = main.iter().find(|entry| entry.tag == ORIENTATION && entry.kind == SHORT);
    let turn = turn.and_then(|entry| read.u16(entry.value)).filter(|turn| (2..=8).contains(turn));
    let words = KEPT_WORDS.iter().filter_map(|tag| {
        let entry = main.iter().find(|entry| entry.tag == *tag && entry.kind == ASCII)?;
        Some((*tag, read.words(entry)?))
    });
    let words: Vec<(u16, &[u8])> = words.collect();
    let count = words.len() + usize::from(turn.is_some());
    if count == 0 {
        return Left::Nothing;
    }
    let mut out = [b"MM\0*\0\0\0\x08".as_slice(), &(count as u16).to_be_bytes()].concat();
    if let Some(turn) = turn {
        out.extend(
            [ORIENTATION.to_be_bytes(), SHORT.to_be_bytes(), [0, 0], [0, 1], turn.to_be_bytes(), [0, 0]].concat(),
        );
    }
    let mut behind = Vec::new();
    let begin = out.len() + 12 * words.len() + 4;
    for (tag, text) in words {
        out.extend([tag.to_be_bytes(), ASCII.to_be_bytes()].concat());
        out.extend((text.len() as u32).to_be_bytes());
        if text.len() <= 4 {
            out.extend(text);
            out.extend(vec![0; 4 - text.len()]);
        } else {
            out.extend(((begin + behind.len()) as u32).to_be_bytes());
            behind.extend(text);
            behind.extend(vec![0; text.len() % 2]);
        }
    }
    out.extend([0; 4]);
    out.extend(behind);
    Left::This(out)
}

#[cfg(test)]
pub(super) mod tests {
    use super::{ASCII, EXIF_TABLE, GPS_TABLE, Left, ORIENTATION, SHORT, left};

    pub(in super::super) const GPS: u16 = GPS_TABLE;
    pub(in super::super) const MAKER_NOTE: u16 = super::MAKER_NOTE;

    /// TIFF with an orientation and such tags: that of a place in its main table, notes in the table below.
    pub(in super::super) fn tiff(is_little: bool, turn: Option<u16>, tags: &[u16]) -> Vec<u8> {
        let two = |number: u16| if is_little { number.to_le_bytes() } else { number.to_be_bytes() };
        let four = |number: u32| if is_little { number.to_le_bytes() } else { number.to_be_bytes() };
        let entry = |tag: u16, kind: u16, value: [u8; 4]| [&two(tag)[..], &two(kind), &four(1), &value].concat();
        let mut main = Vec::new();
        if let Some(turn) = turn {
            main.push(entry(ORIENTATION, SHORT, [two(turn), [0, 0]].concat().try_into().unwrap()));
        }
        let has_notes = tags.contains(&MAKER_NOTE);
        let count = main.len() + usize::from(tags.contains(&GPS)) + usize::from(has_notes);
        let behind = 8 + 2 + 12 * count as u32 + 4;
        if has_notes {
            main.push(entry(EXIF_TABLE, 4, four(behind)));
        }
        if tags.contains(&GPS) {
            main.push(entry(GPS, 4, four(behind)));
        }
        let below = [&two(1)[..], &entry(MAKER_NOTE, 7, [1; 4]), &four(0)].concat();
        let begins = if is_little { *b"II*\0" } else { *b"MM\0*" };
        let head = [&begins[..], &four(8), &two(count as u16), &main.concat(), &four(0)].concat();
        if tags.is_empty() { head } else { [head, below].concat() }
    }

    #[test]
    fn whose_a_picture_is_stays() {
        let entry = |tag: u16, kind: u16, count: u32, value: u32| {
            [&tag.to_be_bytes()[..], &kind.to_be_bytes(), &count.to_be_bytes(), &value.to_be_bytes()].concat()
        };
        let with = |place: Option<Vec<u8>>| {
            let begins = 8 + 2 + 12 * (3 + u32::from(place.is_some())) + 4;
            let turned = entry(ORIENTATION, SHORT, 1, 6 << 16);
            let (artist, rights) = (entry(0x013b, ASCII, 3, 0x4142_0000), entry(0x8298, ASCII, 9, begins));
            let entries = [Some(turned), Some(artist), Some(rights), place].into_iter().flatten().collect::<Vec<_>>();
            let count = (entries.len() as u16).to_be_bytes();
            [b"MM\0*\0\0\0\x08".as_slice(), &count, &entries.concat(), &[0; 4], b"(c) Arta\0\0"].concat()
        };
        let clean = with(None);
        assert_eq!(left(&with(Some(entry(GPS, 4, 1, 8)))), Left::This(clean.clone()));
        assert_eq!(left(&clean), Left::All);
    }

    #[test]
    fn what_cannot_be_read_stays() {
        for broken in
            [&b""[..], b"MM\0*", b"MM\0*\xff\xff\xff\xff", b"MM\0*\0\0\0\x08\xff\xff", b"II*\0\x08\0\0\0\x01\0\x25\x88"]
        {
            assert_eq!(left(broken), Left::All, "{broken:?}");
        }
    }
}

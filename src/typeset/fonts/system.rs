//! The system's fonts, found through `fontdb` and opened only when needed.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::wish::{Region, Wish};
use super::{Face, slant_and_weight};

/// Weights as `usWeightClass` has them.
const PLAIN: u16 = 400;
const BOLD: u16 = 700;

/// The system's faces in a fixed order: by family, PostScript name, then place in the file.
#[derive(Default)]
pub(super) struct SystemFonts {
    found: OnceLock<Found>,
}

struct Found {
    database: fontdb::Database,
    entries: Vec<Entry>,
    /// Which entries have a character; searched for once each.
    covering: Mutex<HashMap<char, Arc<[usize]>>>,
}

struct Entry {
    id: fontdb::ID,
    /// In lower case.
    family: String,
    weight: u16,
    italic: bool,
    region: Option<Region>,
    face: OnceLock<Option<Face>>,
}

impl SystemFonts {
    fn found(&self) -> &Found {
        self.found.get_or_init(Found::search)
    }

    /// The face with this index, opened now if it was not yet.
    pub(super) fn face(&self, index: usize) -> Option<&Face> {
        let found = self.found();
        let entry = found.entries.get(index)?;
        entry.face.get_or_init(|| found.open(entry.id)).as_ref()
    }

    /// Of the faces that have a character the one that comes nearest to what is wished.
    pub(super) fn covering(&self, character: char, wish: Wish) -> Option<usize> {
        let found = self.found();
        let covering = found.covering(character);
        covering.iter().copied().min_by_key(|index| (found.entries[*index].distance(wish), *index))
    }

    /// The face of a family, named in lower case, that comes nearest to a weight and slant, and those of that face.
    pub(super) fn of_family(&self, family: &str, weight: u16, italic: bool) -> Option<(usize, (u16, bool))> {
        let entries = self.found().entries.iter().enumerate();
        let members = entries.filter(|(_, entry)| entry.family == family);
        let best = members
            .min_by_key(|(index, entry)| (slant_and_weight((weight, italic), (entry.weight, entry.italic)), *index));
        best.map(|(index, entry)| (index, (entry.weight, entry.italic)))
    }

    /// The names of all families, as their fonts have them.
    pub(super) fn family_names(&self) -> Vec<&str> {
        let faces = self.found().database.faces();
        faces.filter_map(|face| face.families.first().map(|(name, _)| name.as_str())).collect()
    }
}

impl Entry {
    /// How far a face is from what is wished: the forms of its region first, then whether it is made for text, whether it
    /// has serifs, its slant and its weight.
    fn distance(&self, wish: Wish) -> (u8, bool, bool, (bool, u8, u16)) {
        let region = match (self.region, wish.region) {
            (Some(own), Some(wished)) if own == wished => 0,
            (None, _) => 1,
            (Some(_), _) => 2,
        };
        // Faces for screens, code and display keep the names that tell them from those for text.
        let is_odd = ["mono", " ui", "looped", "display", "condensed"].iter().any(|word| self.family.contains(word));
        let serif = self.family.contains("serif") && !self.family.contains("sans");
        let slant = slant_and_weight((wish.weight, wish.italic), (self.weight, self.italic));
        (region, is_odd, serif != wish.serif, slant)
    }
}

/// Some families say of their bold faces that they are of plain weight. Of faces that are told apart by nothing else one
/// that calls itself bold is (OS/2, `fsSelection`; head, `macStyle`).
fn correct_weights(entries: &mut [Entry], database: &fontdb::Database) {
    for family in entries.chunk_by_mut(|a, b| a.family == b.family) {
        for italic in [false, true] {
            let is_plain = |entry: &&mut Entry| entry.weight == PLAIN && entry.italic == italic;
            if family.iter_mut().filter(is_plain).count() < 2 {
                continue;
            }
            for entry in family.iter_mut().filter(is_plain) {
                if database.with_face_data(entry.id, calls_itself_bold).unwrap_or(false) {
                    entry.weight = BOLD;
                }
            }
        }
    }
}

fn calls_itself_bold(data: &[u8], index: u32) -> bool {
    let Ok(face) = ttf_parser::RawFace::parse(data, index) else { return false };
    let bit = |table: &[u8; 4], at: usize, bit: u16| {
        let table = face.table(ttf_parser::Tag::from_bytes(table))?;
        let flags = u16::from_be_bytes(*table.get(at..)?.first_chunk()?);
        Some(flags & bit != 0)
    };
    bit(b"OS/2", 62, 1 << 5).unwrap_or(false) || bit(b"head", 44, 1).unwrap_or(false)
}

impl Found {
    fn search() -> Self {
        let mut database = fontdb::Database::new();
        database.load_system_fonts();
        Self::of(database)
    }

    fn of(database: fontdb::Database) -> Self {
        let mut faces: Vec<_> = database.faces().collect();
        let family = |face: &fontdb::FaceInfo| face.families.first().map_or("", |(name, _)| name).to_lowercase();
        faces.sort_by_cached_key(|face| (family(face), face.post_script_name.clone(), face.index));
        let entry = |face: &fontdb::FaceInfo| {
            let family = family(face);
            Entry {
                id: face.id,
                region: Region::of_family(&family),
                family,
                weight: face.weight.0,
                italic: face.style != fontdb::Style::Normal,
                face: OnceLock::new(),
            }
        };
        let mut entries: Vec<Entry> = faces.into_iter().map(entry).collect();
        correct_weights(&mut entries, &database);
        Self { database, entries, covering: Mutex::new(HashMap::new()) }
    }

    fn covering(&self, character: char) -> Arc<[usize]> {
        // A poisoned map holds whole entries only: they are inserted in one step.
        if let Some(known) = self.covering.lock().unwrap_or_else(PoisonError::into_inner).get(&character) {
            return Arc::clone(known);
        }
        let all = self.entries.iter().enumerate();
        let found: Arc<[usize]> =
            all.filter(|(_, entry)| self.has(entry.id, character)).map(|(index, _)| index).collect();
        self.covering.lock().unwrap_or_else(PoisonError::into_inner).insert(character, Arc::clone(&found));
        found
    }

    fn has(&self, id: fontdb::ID, character: char) -> bool {
        let has = |data: &[u8], index| {
            ttf_parser::Face::parse(data, index)
                .is_ok_and(|face| face.glyph_index(character).is_some_and(|glyph| glyph.0 != 0))
        };
        self.database.with_face_data(id, has).unwrap_or(false)
    }

    fn open(&self, id: fontdb::ID) -> Option<Face> {
        self.database.with_face_data(id, |data, index| Face::from_shared(&Arc::new(data.to_vec()), index))?
    }
}

#[cfg(test)]
mod tests {
    use std::sync::OnceLock;

    use super::{Found, SystemFonts, calls_itself_bold};

    const REGULAR: &[u8] = include_bytes!("../../../assets/fonts/noto-serif/NotoSerif-Regular.ttf");
    const BOLD: &[u8] = include_bytes!("../../../assets/fonts/noto-serif/NotoSerif-Bold.ttf");

    /// A face with other flags at a place in a table.
    fn with(font: &[u8], table: &[u8; 4], at: usize, flags: u16) -> Vec<u8> {
        let face = ttf_parser::RawFace::parse(font, 0).expect("a face");
        let table = face.table(ttf_parser::Tag::from_bytes(table)).expect("a table");
        let start = table.as_ptr().addr() - font.as_ptr().addr() + at;
        let mut changed = font.to_vec();
        changed[start..start + 2].copy_from_slice(&flags.to_be_bytes());
        changed
    }

    #[test]
    fn a_bold_face_of_plain_weight_is_bold() {
        let plain_weight = with(BOLD, b"OS/2", 4, 400);
        assert!(calls_itself_bold(&plain_weight, 0) && !calls_itself_bold(REGULAR, 0));
        let old = with(&with(&plain_weight, b"OS/2", 62, 0), b"head", 44, 1);
        assert!(calls_itself_bold(&old, 0));
        for bold in [plain_weight, old] {
            let mut database = fontdb::Database::new();
            database.load_font_data(bold);
            database.load_font_data(REGULAR.to_vec());
            let fonts = SystemFonts { found: OnceLock::from(Found::of(database)) };
            let is_bold = |weight: u16| fonts.of_family("noto serif", weight, false).expect("a face").1.0 > 400;
            assert_eq!((is_bold(400), is_bold(700)), (false, true));
        }
    }
}

//! The system's fonts, found through `fontdb` and opened only when needed.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::Face;

/// The system's faces in a fixed order: by family, PostScript name, then place in the file.
#[derive(Default)]
pub(super) struct SystemFonts {
    found: OnceLock<Found>,
}

struct Found {
    database: fontdb::Database,
    entries: Vec<Entry>,
    /// Which entry has a character; searched for once each.
    covering: Mutex<HashMap<char, Option<usize>>>,
}

struct Entry {
    id: fontdb::ID,
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

    /// The first face that has a character.
    pub(super) fn covering(&self, character: char) -> Option<usize> {
        let found = self.found();
        // A poisoned map holds whole entries only: they are inserted in one step.
        if let Some(known) = found.covering.lock().unwrap_or_else(PoisonError::into_inner).get(&character) {
            return *known;
        }
        let index = found.entries.iter().position(|entry| found.has(entry.id, character));
        found.covering.lock().unwrap_or_else(PoisonError::into_inner).insert(character, index);
        index
    }
}

impl Found {
    fn search() -> Self {
        let mut database = fontdb::Database::new();
        database.load_system_fonts();
        let mut faces: Vec<_> = database
            .faces()
            .map(|face| {
                let family = face.families.first().map_or("", |(name, _)| name.as_str());
                // Upright regular faces first: fallback has no use for a bold italic.
                let plain = face.style != fontdb::Style::Normal || face.weight != fontdb::Weight::NORMAL;
                ((plain, family, face.post_script_name.as_str(), face.index), face.id)
            })
            .collect();
        faces.sort_by(|a, b| a.0.cmp(&b.0));
        let entries = faces.into_iter().map(|(_, id)| Entry { id, face: OnceLock::new() }).collect();
        Self { database, entries, covering: Mutex::new(HashMap::new()) }
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

//! The system's fonts, found through `fontdb` and opened only when needed.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::{Face, weight_distance};

/// What a face of the system's should be like, beside having a character.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Wanted {
    /// 100 to 900.
    pub weight: u16,
    /// Italic or oblique.
    pub italic: bool,
    /// Whose forms of Han characters.
    pub region: Region,
    /// What the letters look like.
    pub genre: Genre,
}

/// Whose forms of Han characters text has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Region {
    /// Japan; also where no language says it.
    #[default]
    Japan,
    /// Mainland China and Singapore: simplified characters.
    China,
    /// Taiwan: traditional characters.
    Taiwan,
    /// Hong Kong and Macau.
    HongKong,
    /// Korea.
    Korea,
}

/// Kinds of faces.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Genre {
    /// With serifs, or what takes their place in other scripts.
    #[default]
    Serif,
    /// Without.
    Sans,
    /// All letters equally wide.
    Mono,
}

impl Region {
    /// By a language (BCP 47).
    #[must_use]
    pub fn of(language: &str) -> Self {
        let lower = language.to_ascii_lowercase();
        let mut parts = lower.split(['-', '_']);
        let primary = parts.next().unwrap_or_default();
        let has = |names: &[&str]| parts.clone().any(|part| names.contains(&part));
        match primary {
            "ko" => Self::Korea,
            "yue" => Self::HongKong,
            "zh" if has(&["hk", "mo"]) => Self::HongKong,
            "zh" if has(&["hant", "tw"]) => Self::Taiwan,
            "zh" | "cmn" | "wuu" => Self::China,
            _ => Self::Japan,
        }
    }

    /// The words by which families are told that are made for it.
    fn words(self) -> &'static [&'static str] {
        match self {
            Self::Japan => &["jp", "japanese"],
            Self::China => &["sc", "cn", "gb"],
            Self::Taiwan => &["tc", "tw"],
            Self::HongKong => &["hk", "hc"],
            Self::Korea => &["kr", "korean"],
        }
    }

    /// Whether a family (lower-cased) is made for another.
    fn is_foreign(self, family: &str) -> bool {
        let all = [Self::Japan, Self::China, Self::Taiwan, Self::HongKong, Self::Korea];
        let others = all.iter().filter(|other| **other != self).flat_map(|other| other.words());
        let is_word = |word: &&str| family.split(' ').any(|own| own == *word);
        others.into_iter().any(is_word)
    }
}

impl Genre {
    /// By the families that a style asks for.
    #[must_use]
    pub fn of(families: &[String]) -> Self {
        families.iter().find_map(|family| Self::told(family)).unwrap_or_default()
    }

    /// What the name of a family (lower-cased) tells.
    fn told(family: &str) -> Option<Self> {
        let has = |words: &[&str]| words.iter().any(|word| family.contains(word));
        if has(&["mono", "courier"]) {
            Some(Self::Mono)
        } else if has(&["sans", "gothic", "system-ui", "vazirmatn", "arial", "helvetica"]) {
            Some(Self::Sans)
        } else if has(&["serif", "mincho", "naskh", "song", "ming", "batang", "times", "georgia"]) {
            Some(Self::Serif)
        } else {
            None
        }
    }
}

/// The system's faces in a fixed order: by family, PostScript name, then place in the file.
#[derive(Default)]
pub(super) struct SystemFonts {
    found: OnceLock<Found>,
}

struct Found {
    database: fontdb::Database,
    entries: Vec<Entry>,
    /// The entries in the order in which they are tried.
    orders: Mutex<HashMap<Wanted, Arc<[usize]>>>,
    /// Which entry has a character; searched for once each.
    covering: Mutex<HashMap<(char, Wanted), Option<usize>>>,
}

struct Entry {
    id: fontdb::ID,
    /// Lower-cased.
    family: String,
    weight: u16,
    italic: bool,
    /// Whether its family has no upright face of ordinary weight.
    is_odd: bool,
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

    /// The first face that has a character, those that are as wanted before others.
    pub(super) fn covering(&self, character: char, wanted: Wanted) -> Option<usize> {
        let found = self.found();
        // A poisoned map holds whole entries only: they are inserted in one step.
        if let Some(known) = found.covering.lock().unwrap_or_else(PoisonError::into_inner).get(&(character, wanted)) {
            return *known;
        }
        let has = |index: &&usize| found.entries.get(**index).is_some_and(|entry| found.has(entry.id, character));
        let index = found.order(wanted).iter().find(has).copied();
        found.covering.lock().unwrap_or_else(PoisonError::into_inner).insert((character, wanted), index);
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
        let plain: HashSet<&str> = faces.iter().filter(|(key, _)| !key.0).map(|(key, _)| key.1).collect();
        let entry = |(key, id): &((bool, &str, &str, u32), fontdb::ID)| {
            let face = database.face(*id);
            Entry {
                id: *id,
                family: key.1.to_lowercase(),
                weight: face.map_or(400, |face| face.weight.0),
                italic: face.is_some_and(|face| face.style != fontdb::Style::Normal),
                is_odd: !plain.contains(key.1),
                face: OnceLock::new(),
            }
        };
        let entries = faces.iter().map(entry).collect();
        Self { database, entries, orders: Mutex::default(), covering: Mutex::default() }
    }

    /// By region and genre, then by family, and in these by slant and weight: a family that has not the weight comes
    /// before another that has it.
    fn order(&self, wanted: Wanted) -> Arc<[usize]> {
        if let Some(known) = self.orders.lock().unwrap_or_else(PoisonError::into_inner).get(&wanted) {
            return Arc::clone(known);
        }
        let mut order: Vec<usize> = (0..self.entries.len()).collect();
        order.sort_by_cached_key(|index| {
            let entry = &self.entries[*index];
            let genre = match Genre::told(&entry.family) {
                Some(own) if own == wanted.genre => 0,
                None => 1,
                Some(Genre::Mono) => 3,
                Some(_) => 2,
            };
            let distance = weight_distance(wanted.weight, entry.weight);
            let is_foreign = wanted.region.is_foreign(&entry.family);
            (entry.is_odd, is_foreign, genre, entry.family.clone(), entry.italic != wanted.italic, distance, *index)
        });
        let order: Arc<[usize]> = order.into();
        self.orders.lock().unwrap_or_else(PoisonError::into_inner).insert(wanted, Arc::clone(&order));
        order
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

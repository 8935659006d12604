//! Which face shows which character.

use std::collections::HashMap;

use unicode_script::{Script, UnicodeScript};

use crate::typeset::fonts::{FaceId, Fonts, Wanted};

/// The faces a style may use, and what is known of their coverage so far.
pub(super) struct Chain {
    candidates: Vec<FaceId>,
    /// What faces of the system's should be like.
    wanted: Wanted,
    scripts: Vec<(Script, ScriptFaces)>,
}

struct ScriptFaces {
    /// The candidates, those that have the script's letters first: digits and punctuation then match the letters.
    order: Vec<FaceId>,
    /// A letter that tells the system's faces for the script from those that merely have some of its signs.
    letter: Option<char>,
    wanted: Wanted,
    ascii: [Option<FaceId>; 128],
    other: HashMap<char, Option<FaceId>>,
}

impl Chain {
    pub(super) fn new(candidates: Vec<FaceId>, wanted: Wanted) -> Self {
        Self { candidates, wanted, scripts: Vec::new() }
    }

    /// The face that stands first whatever the character.
    pub(super) fn first(&self) -> FaceId {
        self.candidates.first().copied().unwrap_or(FaceId(0))
    }

    /// The first face that has a character, in text of a script.
    pub(super) fn face(&mut self, fonts: &Fonts, script: Script, character: char) -> Option<FaceId> {
        let index = self.scripts.iter().position(|(known, _)| *known == script).unwrap_or_else(|| {
            self.scripts.push((script, ScriptFaces::new(fonts, script, &self.candidates, self.wanted)));
            self.scripts.len() - 1
        });
        self.scripts[index].1.face(fonts, character)
    }
}

impl ScriptFaces {
    fn new(fonts: &Fonts, script: Script, candidates: &[FaceId], wanted: Wanted) -> Self {
        let mut order = candidates.to_vec();
        let letter = sample_letter(script);
        if let Some(letter) = letter {
            order.sort_by_key(|id| !has(fonts, *id, letter));
        }
        Self { order, letter, wanted, ascii: [None; 128], other: HashMap::new() }
    }

    fn face(&mut self, fonts: &Fonts, character: char) -> Option<FaceId> {
        if let Some(known) = self.ascii.get(character as usize).copied().flatten() {
            return Some(known);
        }
        if let Some(known) = self.other.get(&character) {
            return *known;
        }
        let found = self.order.iter().copied().find(|id| has(fonts, *id, character));
        let found = found.or_else(|| self.system_face(fonts, character));
        match self.ascii.get_mut(character as usize) {
            Some(slot) if found.is_some() => *slot = found,
            _ => {
                self.other.insert(character, found);
            }
        }
        found
    }

    /// The system's face for the script where it has the character, so that a letter and its marks come from one face
    /// and are shaped together; any other that has it otherwise.
    fn system_face(&self, fonts: &Fonts, character: char) -> Option<FaceId> {
        let own = self.letter.and_then(|letter| fonts.system_face(letter, self.wanted));
        own.filter(|id| has(fonts, *id, character)).or_else(|| fonts.system_face(character, self.wanted))
    }
}

fn has(fonts: &Fonts, id: FaceId, character: char) -> bool {
    fonts.face(id).is_some_and(|face| face.glyph(character).is_some())
}

/// A letter that a face for the script is sure to have. Fixed, so that the choice never depends on what came before.
fn sample_letter(script: Script) -> Option<char> {
    Some(match script {
        Script::Arabic => 'ا',
        Script::Hebrew => 'א',
        Script::Cyrillic => 'а',
        Script::Greek => 'α',
        Script::Devanagari => 'क',
        Script::Bengali => 'ক',
        Script::Gurmukhi => 'ਕ',
        Script::Gujarati => 'ક',
        Script::Oriya => 'କ',
        Script::Tamil => 'க',
        Script::Telugu => 'క',
        Script::Kannada => 'ಕ',
        Script::Malayalam => 'ക',
        Script::Sinhala => 'ක',
        Script::Thai => 'ก',
        Script::Lao => 'ກ',
        Script::Tibetan => 'ཀ',
        Script::Myanmar => 'က',
        Script::Khmer => 'ក',
        Script::Ethiopic => 'አ',
        Script::Han => '一',
        Script::Hiragana => 'あ',
        Script::Katakana => 'ア',
        Script::Hangul => '가',
        Script::Armenian => 'ա',
        Script::Georgian => 'ა',
        _ => return None,
    })
}

/// The script of a character; quick for ASCII.
pub(in crate::typeset) fn script_of(character: char) -> Script {
    match character {
        'a'..='z' | 'A'..='Z' => Script::Latin,
        '\0'..='\x7f' | '\u{2010}'..='\u{2027}' => Script::Common,
        _ => character.script(),
    }
}

/// Characters that are never seen, so that no font need have them (`Default_Ignorable_Code_Point`), and white space.
pub(in crate::typeset) fn needs_no_glyph(character: char) -> bool {
    matches!(character,
        '\t' | '\n' | ' ' | '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
        | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
        | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{E0000}'..='\u{E0FFF}')
}

/// Scripts whose letters join, so that letters must not be spaced apart (CSS Text 3, 8.2.1).
pub(in crate::typeset) fn is_joining(script: Script) -> bool {
    matches!(
        script,
        Script::Arabic
            | Script::Syriac
            | Script::Mongolian
            | Script::Nko
            | Script::Mandaic
            | Script::Phags_Pa
            | Script::Hanifi_Rohingya
    )
}

#[cfg(test)]
mod tests {
    use unicode_script::Script;

    use super::Chain;
    use crate::typeset::fonts::{Fonts, Genre, Region, Wanted};

    /// The family and the weight of the face that text of a language gets.
    fn face_for(fonts: &Fonts, language: &str, script: Script, letter: char, weight: u16) -> Option<(String, u16)> {
        let families = ["serif".to_owned()];
        let wanted = Wanted { weight, italic: false, region: Region::of(language), genre: Genre::of(&families) };
        let mut chain = Chain::new(fonts.candidates(&families, weight, false), wanted);
        let face = fonts.face(chain.face(fonts, script, letter)?)?;
        Some((face.family.clone(), face.weight))
    }

    #[test]
    fn system_faces_have_the_weight_and_the_forms_of_the_language() {
        let fonts = Fonts::builtin().with_system();
        let han = |language: &str, weight: u16| face_for(&fonts, language, Script::Han, '骨', weight);
        let families: Vec<Option<(String, u16)>> =
            ["ja", "zh-Hans", "zh-TW", "ko"].iter().map(|language| han(language, 400)).collect();
        if !families.iter().flatten().any(|(family, _)| family.contains("cjk")) {
            assert!(
                std::env::var_os("MASTHEAD_TEST_ALL").is_none(),
                "no system font has Han characters of all regions"
            );
            println!("skipped: no system font has Han characters of all regions");
            return;
        }
        let endings: Vec<&str> =
            families.iter().flatten().filter_map(|(family, _)| family.rsplit(' ').next()).collect();
        assert_eq!(endings, ["jp", "sc", "tc", "kr"], "{families:?}");
        assert!(families.iter().flatten().all(|(family, weight)| family.contains("serif") && *weight == 400));
        assert!(han("ja", 700).is_some_and(|(_, weight)| weight >= 700));
        let hebrew = face_for(&fonts, "he", Script::Hebrew, 'א', 700);
        assert!(hebrew.as_ref().is_none_or(|(_, weight)| *weight >= 600), "{hebrew:?}");
    }

    #[test]
    fn letters_and_marks_of_a_script_come_from_one_system_face() {
        let fonts = Fonts::builtin().with_system();
        if fonts.system_face('க', Wanted::default()).is_none() {
            assert!(std::env::var_os("MASTHEAD_TEST_ALL").is_none(), "no system font has Tamil");
            println!("skipped: no system font has Tamil");
            return;
        }
        let mut chain = Chain::new(
            fonts.candidates(&["serif".to_owned()], 400, false),
            Wanted { weight: 400, ..Wanted::default() },
        );
        let faces = "கபவாிுெ்".chars().map(|letter| chain.face(&fonts, Script::Tamil, letter));
        let faces: std::collections::BTreeSet<_> = faces.collect();
        assert_eq!(faces.len(), 1, "{faces:?}");
    }
}

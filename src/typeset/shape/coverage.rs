//! Which face shows which character.

use std::collections::HashMap;

use unicode_script::{Script, UnicodeScript};

use crate::typeset::fonts::{FaceId, Fonts, Wish};

/// The faces a style may use, and what is known of their coverage so far.
pub(in crate::typeset) struct Chain {
    candidates: Vec<FaceId>,
    /// What is wished of a system's face.
    wish: Wish,
    scripts: Vec<(Script, ScriptFaces)>,
}

struct ScriptFaces {
    /// The candidates, those that have the script's letters first: digits and punctuation then match the letters. Where the
    /// first has letters all of one width it stays so, and lends program text its signs whatever letters stand before them.
    order: Vec<FaceId>,
    /// The face that the style asks for first.
    first: FaceId,
    /// A letter that tells the system's faces for the script from those that merely have some of its signs.
    letter: Option<char>,
    wish: Wish,
    /// What was found for characters up to the end of Arabic and its kin, each with a place of its own.
    near: Vec<Option<FaceId>>,
    other: HashMap<char, Option<FaceId>>,
}

/// Characters below this are met all the time.
const NEAR: usize = 0x800;

impl Chain {
    pub(in crate::typeset) fn new(candidates: Vec<FaceId>, wish: Wish) -> Self {
        Self { candidates, wish, scripts: Vec::new() }
    }

    /// The face that stands first whatever the character.
    pub(in crate::typeset) fn first(&self) -> FaceId {
        self.candidates.first().copied().unwrap_or(FaceId(0))
    }

    /// The first face that has a character, in text of a script.
    pub(in crate::typeset) fn face(&mut self, fonts: &Fonts, script: Script, character: char) -> Option<FaceId> {
        let index = self.scripts.iter().position(|(known, _)| *known == script).unwrap_or_else(|| {
            self.scripts.push((script, ScriptFaces::new(fonts, script, &self.candidates, self.wish)));
            self.scripts.len() - 1
        });
        self.scripts[index].1.face(fonts, character)
    }
}

impl ScriptFaces {
    fn new(fonts: &Fonts, script: Script, candidates: &[FaceId], wish: Wish) -> Self {
        let mut order = candidates.to_vec();
        let letter = sample_letter(script);
        let first = candidates.first().copied().unwrap_or(FaceId(0));
        if let Some(letter) = letter {
            let code = Some(first).filter(|id| is_of_one_width(fonts, *id));
            order.sort_by_key(|id| Some(*id) != code && !has(fonts, *id, letter));
        }
        Self { order, first, letter, wish: wish.for_script(script), near: vec![None; NEAR], other: HashMap::new() }
    }

    fn face(&mut self, fonts: &Fonts, character: char) -> Option<FaceId> {
        if let Some(known) = self.near.get(character as usize).copied().flatten() {
            return Some(known);
        }
        if let Some(known) = self.other.get(&character) {
            return *known;
        }
        let all = || self.order.iter().copied();
        let found = if is_symbol(character) {
            // A face of one width, or of another script, has signs that are made for that.
            let fitting = |id: &FaceId| *id == self.first || !is_of_other_kind(fonts, *id, self.letter);
            let has_it = |id: &FaceId| has(fonts, *id, character);
            all().filter(fitting).find(has_it).or_else(|| all().find(has_it))
        } else {
            all().find(|id| has(fonts, *id, character))
        };
        let found = found.or_else(|| self.system_face(fonts, character));
        match self.near.get_mut(character as usize) {
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
        let own = self.letter.and_then(|letter| fonts.system_face(letter, self.wish));
        own.filter(|id| has(fonts, *id, character)).or_else(|| fonts.system_face(character, self.wish))
    }
}

fn has(fonts: &Fonts, id: FaceId, character: char) -> bool {
    fonts.face(id).is_some_and(|face| face.glyph(character).is_some())
}

/// Arrows, mathematical and technical signs, geometric shapes, dingbats: what faces for text have few of.
fn is_symbol(character: char) -> bool {
    matches!(character, '\u{2190}'..='\u{23FF}' | '\u{25A0}'..='\u{27FF}' | '\u{2900}'..='\u{2BFF}')
}

/// Whether narrow and wide letters of a face are of one width.
fn is_of_one_width(fonts: &Fonts, id: FaceId) -> bool {
    let Some(face) = fonts.face(id) else { return false };
    let width = |letter: char| face.glyph(letter).map(|glyph| face.advance(glyph));
    width('i').is_some() && width('i') == width('M')
}

/// Whether a face has letters all of one width, or those of Arabic or Hebrew, in text that is not of its script.
fn is_of_other_kind(fonts: &Fonts, id: FaceId, letter: Option<char>) -> bool {
    if letter.is_some_and(|letter| has(fonts, id, letter)) {
        return false;
    }
    let is_mono = fonts.face(id).is_some_and(|face| face.family.contains("mono"));
    is_mono || has(fonts, id, 'ا') || has(fonts, id, 'א')
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

/// The script of a character; quick for the letters of most texts (UAX 24, `Scripts.txt`).
pub(in crate::typeset) fn script_of(character: char) -> Script {
    match character {
        'a'..='z' | 'A'..='Z' => Script::Latin,
        '\0'..='\x7f' | '\u{2010}'..='\u{2027}' => Script::Common,
        '\u{620}'..='\u{63F}' | '\u{641}'..='\u{64A}' | '\u{671}'..='\u{6D3}' => Script::Arabic,
        '\u{391}'..='\u{3A1}' | '\u{3A3}'..='\u{3E1}' => Script::Greek,
        '\u{400}'..='\u{481}' => Script::Cyrillic,
        '\u{4E00}'..='\u{9FA5}' => Script::Han,
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

/// Whether anything of a text is seen.
pub(in crate::typeset) fn says_anything(text: &str) -> bool {
    text.chars().any(|character| !character.is_whitespace() && !needs_no_glyph(character))
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
    use unicode_script::{Script, UnicodeScript as _};

    use super::{Chain, script_of};
    use crate::typeset::fonts::{FaceId, Fonts, Region, Wish};

    const PLAIN: Wish = Wish { weight: 400, italic: false, serif: true, region: None };

    /// The system's fonts, if one of them has a letter.
    fn system_with(letter: char) -> Option<Fonts> {
        let fonts = Fonts::builtin().with_system();
        let found = fonts.system_face(letter, PLAIN).is_some();
        assert!(found || std::env::var_os("MASTHEAD_TEST_ALL").is_none(), "no system font has {letter}");
        if !found {
            println!("skipped: no system font has {letter}");
        }
        found.then_some(fonts)
    }

    fn name(fonts: &Fonts, id: Option<FaceId>) -> &str {
        id.and_then(|id| fonts.face(id)).map_or("", |face| face.post_script_name.as_str())
    }

    #[test]
    fn weight_serifs_and_region_choose_the_system_face() {
        let Some(fonts) = system_with('字') else { return };
        let face = |letter: char, wish: Wish| name(&fonts, fonts.system_face(letter, wish)).to_owned();
        let sans = Wish { serif: false, ..PLAIN };
        assert!(face('字', Wish { region: Some(Region::Japan), ..PLAIN }).contains("Serif"));
        assert!(face('字', Wish { region: Some(Region::Japan), ..sans }).contains("Sans"));
        for (region, end) in [(Region::Japan, "jp"), (Region::Korea, "kr"), (Region::Mainland, "sc")] {
            for weight in [400, 700] {
                let found = face('字', Wish { region: Some(region), weight, ..sans });
                let is_bold = found.ends_with("-Bold");
                assert!(found.contains(&format!("CJK{end}")) && is_bold == (weight == 700), "{region:?} {found}");
            }
        }
        assert!(face('க', PLAIN).starts_with("NotoSerifTamil"), "{}", face('க', PLAIN));
    }

    #[test]
    fn a_style_may_name_a_family_of_the_system() {
        let Some(fonts) = system_with('க') else { return };
        let chain = fonts.candidates(&["noto sans tamil".to_owned(), "serif".to_owned()], 700, false);
        assert_eq!(name(&fonts, chain.first().copied()), "NotoSansTamil-Bold");
        let chain = Fonts::builtin().candidates(&["noto sans tamil".to_owned()], 700, false);
        assert_eq!(name(&fonts, chain.first().copied()), "NotoSerif-Bold");
    }

    #[test]
    fn what_is_known_without_a_search_is_what_a_search_finds() {
        let differs = |character: &char| script_of(*character) != character.script();
        assert_eq!(('\0'..char::MAX).find(differs), None);
    }

    #[test]
    fn letters_and_marks_of_a_script_come_from_one_system_face() {
        let Some(fonts) = system_with('க') else { return };
        let mut chain = Chain::new(fonts.candidates(&["serif".to_owned()], 400, false), PLAIN);
        let faces = "கபவாிுெ்".chars().map(|letter| chain.face(&fonts, Script::Tamil, letter));
        let faces: std::collections::BTreeSet<_> = faces.collect();
        assert_eq!(faces.len(), 1, "{faces:?}");
    }

    #[test]
    fn signs_come_from_faces_for_signs_before_those_of_one_width_or_another_script() {
        let fonts = Fonts::builtin();
        let of = |family: &str, script: Script, sign: char| {
            let mut chain = Chain::new(fonts.candidates(&[family.to_owned()], 400, false), PLAIN);
            name(&fonts, chain.face(&fonts, script, sign)).to_owned()
        };
        for family in ["serif", "sans-serif"] {
            assert_eq!(of(family, Script::Latin, '\u{2192}'), "NotoSansSymbols-Regular", "{family}");
            assert_eq!(of(family, Script::Latin, '\u{25A0}'), "NotoSansSymbols2-Regular", "{family}");
            assert!(!of(family, Script::Latin, '\u{21D2}').is_empty(), "{family}");
        }
        assert_eq!(of("monospace", Script::Latin, '\u{2192}'), "NotoSansMono-Regular");
        assert_eq!(of("vazirmatn", Script::Arabic, '\u{2264}'), "Vazirmatn-Regular");
    }
}

//! Words of a graphic: which faces have their letters, and which way they run.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use unicode_script::Script;
use usvg::roxmltree::Node;

use crate::typeset::fonts::{FaceId, Fonts, Region, Wish};
use crate::typeset::shape::{Chain, needs_no_glyph, script_of};

/// Where a text lies by its place (SVG 2, 11.10.1.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Anchor {
    #[default]
    Start,
    Middle,
    End,
}

impl Anchor {
    fn of(value: &str) -> Option<Self> {
        match value.to_ascii_lowercase().as_str() {
            "start" => Some(Self::Start),
            "middle" => Some(Self::Middle),
            "end" => Some(Self::End),
            _ => None,
        }
    }

    /// What a reader has to be told who takes every text for one from left to right.
    pub(super) fn other_way(self) -> Self {
        match self {
            Self::Start => Self::End,
            Self::Middle => Self::Middle,
            Self::End => Self::Start,
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Middle => "middle",
            Self::End => "end",
        }
    }
}

/// What holds for words, handed on from element to element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Words {
    pub(super) is_rtl: bool,
    pub(super) anchor: Anchor,
    families: Arc<[String]>,
    weight: u16,
    italic: bool,
    region: Option<Region>,
}

impl Words {
    /// Words of which nothing is said but which way they run.
    pub(super) fn running(is_rtl: bool) -> Self {
        Self {
            is_rtl,
            anchor: Anchor::Start,
            families: Arc::new([super::FAMILY.to_lowercase(), "sans-serif".to_owned()]),
            weight: 400,
            italic: false,
            region: None,
        }
    }

    /// Takes what an element says of its words.
    pub(super) fn take(&mut self, styles: &mut BTreeMap<&'static str, String>, language: Option<&str>) {
        if let Some(language) = language {
            self.region = Region::of_language(language);
        }
        if let Some(direction) = styles.remove("direction") {
            match direction.to_ascii_lowercase().as_str() {
                "rtl" => self.is_rtl = true,
                "ltr" => self.is_rtl = false,
                _ => {}
            }
        }
        if let Some(anchor) = styles.get("text-anchor").and_then(|value| Anchor::of(value)) {
            self.anchor = anchor;
        }
        if let Some(families) = styles.get("font-family").filter(|value| !value.eq_ignore_ascii_case("inherit")) {
            self.families = families.split(',').map(family).collect();
        }
        if let Some(style) = styles.get("font-style").filter(|value| !value.eq_ignore_ascii_case("inherit")) {
            self.italic = !style.eq_ignore_ascii_case("normal");
        }
        if let Some(weight) = styles.get("font-weight") {
            self.weight = match weight.to_ascii_lowercase().as_str() {
                "normal" | "initial" => 400,
                "bold" => 700,
                "bolder" if self.weight >= 600 => 900,
                "bolder" if self.weight >= 350 => 700,
                "bolder" => self.weight.max(400),
                "lighter" if self.weight >= 800 => 700,
                "lighter" if self.weight >= 600 => 400,
                "lighter" => 100,
                number => number.parse::<f32>().map_or(self.weight, |number| number.clamp(1.0, 1000.0) as u16),
            };
        }
    }
}

/// The name of a family, in lower case, as faces are found by.
fn family(name: &str) -> String {
    name.trim().trim_matches(['"', '\'']).trim().to_lowercase()
}

/// What stands for a face in the list of families that usvg is told.
const FACE: &str = "face ";

/// The face that such a name stands for.
pub(super) fn named_face(name: &str) -> Option<FaceId> {
    name.strip_prefix(FACE)?.parse().ok().map(FaceId)
}

/// Whether words begin anew with an element, and may begin with a sign that is not seen. Not where characters have places of
/// their own: one more would take the place of the first.
pub(super) fn begins(node: Node<'_, '_>) -> bool {
    const PLACES: [&str; 5] = ["x", "y", "dx", "dy", "rotate"];
    let many = |node: Node<'_, '_>| {
        let values = PLACES.iter().filter_map(|name| node.attribute(*name));
        values.into_iter().any(|value| value.split([' ', ',', '\n', '\t']).filter(|part| !part.is_empty()).count() > 1)
    };
    let in_text = node.ancestors().take_while(|node| node.is_element() && node.tag_name().name() != "svg");
    let is_first = node.tag_name().name() == "text" || ["x", "y"].iter().any(|name| node.has_attribute(*name));
    is_first && !in_text.into_iter().any(many)
}

/// What stands before words and after them so that usvg orders and shapes them as browsers do.
#[derive(Clone, Debug)]
pub(super) struct Brackets {
    /// The face that usvg is to shape them with first.
    face: Option<String>,
    is_rtl: bool,
}

impl Brackets {
    pub(super) fn before(&self) -> (Option<&str>, &'static str) {
        // A right-to-left isolate, or a sign that is nothing.
        (self.face.as_deref(), if self.is_rtl { "\u{2067}" } else { "\u{2060}" })
    }

    /// The end of the isolate.
    pub(super) fn after(&self) -> (Option<&str>, &'static str) {
        (self.face.as_deref(), if self.is_rtl { "\u{2069}" } else { "" })
    }
}

/// What faces are chosen by: families, weight, slant and region.
type Key = (Arc<[String]>, u16, bool, Option<Region>);

/// The faces that are asked for the letters of a graphic.
pub(super) struct Faces<'f> {
    fonts: &'f Fonts,
    chains: HashMap<Key, Chain>,
    /// Characters that no font at hand has.
    missing: BTreeSet<char>,
    is_idle: bool,
}

impl<'f> Faces<'f> {
    pub(super) fn new(fonts: &'f Fonts) -> Self {
        Self { fonts, chains: HashMap::new(), missing: BTreeSet::new(), is_idle: false }
    }

    /// Names no faces: words are left as they stand.
    pub(super) fn none(fonts: &'f Fonts) -> Self {
        Self { is_idle: true, ..Self::new(fonts) }
    }

    /// What is to be told of the letters that no face has.
    pub(super) fn missing(&self) -> Option<String> {
        let characters: Vec<String> = self.missing.iter().take(10).map(char::to_string).collect();
        let more = if self.missing.len() > 10 { " and others" } else { "" };
        let (is_empty, list) = (characters.is_empty(), characters.join(" "));
        (!is_empty).then(|| format!("characters that no font at hand has ({list}{more})"))
    }

    /// What has to stand around words; none where nothing has.
    ///
    /// usvg shapes words with the face of their beginning, and puts in what other faces make of their own words, letter by
    /// letter. Where letters join, or stack, that goes wrong: their face comes first.
    pub(super) fn brackets(&mut self, text: &str, words: &Words) -> Option<Brackets> {
        if self.is_idle {
            return None;
        }
        let is_plain = |script: &Script| {
            use Script::{
                Bopomofo, Common, Cyrillic, Greek, Han, Hangul, Hiragana, Inherited, Katakana, Latin, Unknown,
            };
            matches!(
                script,
                Latin | Greek | Cyrillic | Han | Hiragana | Katakana | Hangul | Bopomofo | Common | Inherited | Unknown
            )
        };
        let odd = text.char_indices().find(|(_, character)| !is_plain(&script_of(*character)));
        let word = odd.map_or("", |(at, character)| &text[at..at + character.len_utf8()]);
        let face = self.runs(word, words).into_iter().find_map(|(face, _)| face);
        (face.is_some() || words.is_rtl).then_some(Brackets { face, is_rtl: words.is_rtl })
    }

    /// Splits words into runs of one face each; none is named where it is the first that the style asks for.
    pub(super) fn runs<'t>(&mut self, text: &'t str, words: &Words) -> Vec<(Option<String>, &'t str)> {
        if self.is_idle {
            return vec![(None, text)];
        }
        let fonts = self.fonts;
        let key = (Arc::clone(&words.families), words.weight, words.italic, words.region);
        let chain = self.chains.entry(key).or_insert_with(|| chain(fonts, words));
        let first = chain.first();
        let named = |face: FaceId| (face != first).then(|| format!("{FACE}{}", face.0));
        let is_own = |script: &Script| !matches!(script, Script::Common | Script::Inherited | Script::Unknown);
        let letter = text.chars().find(|character| is_own(&script_of(*character)));
        let mut script = letter.map_or(Script::Common, script_of);
        // One face for all of it is shaped best.
        let main = letter.and_then(|letter| chain.face(fonts, script, letter));
        if let Some(face) = [Some(first), main].into_iter().flatten().find(|face| covers(fonts, *face, text)) {
            return vec![(named(face), text)];
        }
        let mut runs: Vec<(FaceId, usize)> = Vec::new();
        for (at, character) in text.char_indices() {
            script = Some(script_of(character)).filter(is_own).unwrap_or(script);
            let before = runs.last().map(|(face, _)| *face);
            let face = if needs_no_glyph(character) {
                before.unwrap_or(first)
            } else {
                chain.face(fonts, script, character).unwrap_or_else(|| {
                    self.missing.insert(character);
                    before.unwrap_or(first)
                })
            };
            if before != Some(face) {
                runs.push((face, at));
            }
        }
        let ends = runs.iter().skip(1).map(|(_, start)| *start).chain([text.len()]);
        runs.iter().zip(ends).map(|((face, start), end)| (named(*face), &text[*start..end])).collect()
    }
}

/// The faces that a style may use.
fn chain(fonts: &Fonts, words: &Words) -> Chain {
    let candidates = fonts.candidates(&words.families, words.weight, words.italic);
    let first = candidates.first().and_then(|id| fonts.face(*id));
    let serif = first.is_some_and(|face| face.family.contains("serif") && !face.family.contains("sans"));
    Chain::new(candidates, Wish { weight: words.weight, italic: words.italic, serif, region: words.region })
}

fn covers(fonts: &Fonts, face: FaceId, text: &str) -> bool {
    let Some(face) = fonts.face(face) else { return false };
    text.chars().all(|character| needs_no_glyph(character) || face.glyph(character).is_some())
}

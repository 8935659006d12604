//! Text to glyphs: a face for each character, words shaped by `harfrust` and kept.
//!
//! Ids of chains and runs are handed out by the shaper's own lists, which only grow: indexing cannot miss.

mod cache;
pub(super) mod clusters;
mod coverage;
mod hyphenation;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use harfrust::{Buffer, Feature, Language, ShapeOptions, ShapePlan, ShaperFont, Tag};
use unicode_script::{Script, UnicodeScript as _};

use crate::error::Warning;

use super::fonts::{Face, FaceId, Fonts, Region, Wish};
use super::inline::TextStyle;
use cache::WordCache;
pub use cache::{WordGlyph, WordId};
pub(super) use coverage::Chain;
pub(super) use coverage::{is_joining, needs_no_glyph, says_anything, script_of};

/// The faces a style may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChainId(u32);

/// What shaping depends on besides the text: face, direction, script, language, features.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunId(u32);

#[derive(Clone, PartialEq, Eq, Hash)]
struct RunKey {
    face: FaceId,
    rtl: bool,
    script: Script,
    language: Arc<str>,
    features: Arc<[([u8; 4], u32)]>,
    spaced: bool,
}

/// What a chain of faces depends on: families, weight, slant, the forms of Han characters.
type ChainKey = (Arc<[String]>, u16, bool, Option<Region>);

struct Run {
    key: RunKey,
    features: Vec<Feature>,
    /// `None` when the face has gone (it never does) or cannot be planned for.
    plan: Option<ShapePlan>,
    hyphenation: Option<hypher::Lang>,
}

/// Shapes the text of one thread or article, and remembers every word.
pub struct Shaper<'f> {
    fonts: &'f Fonts,
    shaping: HashMap<FaceId, ShaperFont<'f, 'static>>,
    chains: Vec<Chain>,
    chain_ids: HashMap<ChainKey, ChainId>,
    runs: Vec<Run>,
    run_ids: HashMap<RunKey, RunId>,
    /// The chain and the run asked for last: neighbours mostly share them.
    last_chain: Option<(ChainKey, ChainId)>,
    /// See `last_chain`.
    last_run: Option<RunId>,
    cache: WordCache,
    buffer: Buffer,
    glyphs: Vec<WordGlyph>,
    missing: BTreeSet<char>,
}

impl<'f> Shaper<'f> {
    /// A shaper with nothing remembered yet.
    #[must_use]
    pub fn new(fonts: &'f Fonts) -> Self {
        Self {
            fonts,
            shaping: HashMap::new(),
            chains: Vec::new(),
            chain_ids: HashMap::new(),
            runs: Vec::new(),
            run_ids: HashMap::new(),
            last_chain: None,
            last_run: None,
            cache: WordCache::new(),
            buffer: Buffer::new(),
            glyphs: Vec::new(),
            missing: BTreeSet::new(),
        }
    }

    /// The fonts this shaper draws from.
    #[must_use]
    pub fn fonts(&self) -> &'f Fonts {
        self.fonts
    }

    /// The characters met so far that no font at hand has.
    pub(super) fn missing(self) -> BTreeSet<char> {
        self.missing
    }

    /// The faces a style may use.
    pub(super) fn chain(&mut self, style: &TextStyle) -> ChainId {
        // Only the system's faces differ by region.
        let region = if self.fonts.uses_system() { Region::of_language(&style.language) } else { None };
        if let Some(((families, weight, italic, last), id)) = &self.last_chain
            && Arc::ptr_eq(families, &style.families)
            && (*weight, *italic, *last) == (style.weight, style.italic, region)
        {
            return *id;
        }
        let key = (Arc::clone(&style.families), style.weight, style.italic, region);
        let id = match self.chain_ids.get(&key) {
            Some(id) => *id,
            None => self.new_chain(key.clone()),
        };
        self.last_chain = Some((key, id));
        id
    }

    fn new_chain(&mut self, key: ChainKey) -> ChainId {
        let id = ChainId(self.chains.len() as u32);
        let (weight, italic, region) = (key.1, key.2, key.3);
        let candidates = self.fonts.candidates(&key.0, weight, italic);
        let first = candidates.first().and_then(|id| self.fonts.face(*id));
        let serif = first.is_some_and(|face| face.family.contains("serif") && !face.family.contains("sans"));
        self.chains.push(Chain::new(candidates, Wish { weight, italic, serif, region }));
        self.chain_ids.insert(key, id);
        id
    }

    /// The face a style's text starts with.
    pub(super) fn first_face(&self, chain: ChainId) -> FaceId {
        self.chains[chain.0 as usize].first()
    }

    /// The face for a character. One that no font has is noted for [`Shaper::missing`], and gets a face that can show
    /// that something is missing.
    pub(super) fn face(&mut self, chain: ChainId, script: Script, character: char) -> FaceId {
        let chain = &mut self.chains[chain.0 as usize];
        if let Some(found) = chain.face(self.fonts, script, character) {
            return found;
        }
        if character.is_whitespace() {
            // The shaper makes blanks of the width that each is to have, like that of Han, out of the space.
            return chain.face(self.fonts, script, ' ').unwrap_or_else(|| chain.first());
        }
        self.missing.insert(character);
        chain.face(self.fonts, Script::Common, REPLACEMENTS[0]).unwrap_or_else(|| chain.first())
    }

    /// The face that shows signs joined into one: the one that knows the shades of skin.
    pub(super) fn emoji_face(&mut self, chain: ChainId) -> Option<FaceId> {
        self.chains[chain.0 as usize].face(self.fonts, Script::Common, '\u{1F3FB}')
    }

    /// Whether a face has a character.
    pub(super) fn face_has(&self, face: FaceId, character: char) -> bool {
        self.fonts.face(face).is_some_and(|face| face.glyph(character).is_some())
    }

    /// What a word is shaped with. Letter-spaced text gets no optional ligatures (CSS Text 3, 8.2).
    pub(super) fn run(&mut self, face: FaceId, rtl: bool, script: Script, style: &TextStyle) -> RunId {
        let spaced = style.letter_spacing != 0.0 && !is_joining(script);
        if let Some(last) = self.last_run {
            let key = &self.runs[last.0 as usize].key;
            let same = key.face == face && key.rtl == rtl && key.script == script && key.spaced == spaced;
            // Both are short, and mostly the same.
            if same && key.language == style.language && key.features == style.features {
                return last;
            }
        }
        let (language, features) = (Arc::clone(&style.language), Arc::clone(&style.features));
        let key = RunKey { face, rtl, script, language, features, spaced };
        let id = match self.run_ids.get(&key) {
            Some(id) => *id,
            None => self.new_run(key),
        };
        self.last_run = Some(id);
        id
    }

    fn new_run(&mut self, key: RunKey) -> RunId {
        let id = RunId(self.runs.len() as u32);
        let mut features: Vec<Feature> = Vec::new();
        if key.spaced {
            features.extend([b"liga", b"clig"].map(|tag| Feature::new(Tag::new(tag), 0, ..)));
        }
        features.extend(key.features.iter().map(|(tag, value)| Feature::new(Tag::new(tag), *value, ..)));
        let direction = direction(key.rtl);
        let language = Language::new(key.language.as_bytes());
        let plan = self
            .fonts
            .face(key.face)
            .map(|face| ShapePlan::new(face.font(), direction, iso_script(key.script), language.as_ref(), &features));
        let hyphenation = hyphenation::patterns(&key.language);
        self.run_ids.insert(key.clone(), id);
        self.runs.push(Run { key, features, plan, hyphenation });
        id
    }

    /// Shapes a word, or remembers it. `before` and `after` are what it joins to across a change of style; they are
    /// empty for a word that stands free.
    pub(super) fn word(&mut self, run: RunId, text: &str, before: &str, after: &str) -> WordId {
        let free = before.is_empty() && after.is_empty();
        let hash = match self.cache.find(run.0, text) {
            Ok(id) if free => return id,
            Ok(_) => 0,
            Err(hash) => hash,
        };
        self.shape(run, text, before, after);
        self.cache.insert(hash, run.0, text, &self.glyphs, free)
    }

    /// The glyphs of a word in visual order, in ems.
    pub(super) fn glyphs(&self, word: WordId) -> &[WordGlyph] {
        self.cache.glyphs(word)
    }

    /// The width of a word in ems.
    pub(super) fn advance(&self, word: WordId) -> f32 {
        self.cache.advance(word)
    }

    /// The face a run is set in.
    pub(super) fn run_face(&self, run: RunId) -> FaceId {
        self.runs[run.0 as usize].key.face
    }

    /// The script a run is shaped as.
    pub(super) fn run_script(&self, run: RunId) -> Script {
        self.runs[run.0 as usize].key.script
    }

    /// The byte offsets where a word may be hyphenated, by the patterns of its language; at least two letters stay
    /// before a hyphen and three after.
    pub(super) fn hyphens(&mut self, run: RunId, word: WordId, text: &str) -> &[u32] {
        let language = self.runs[run.0 as usize].hyphenation;
        self.cache.hyphens(word, |offsets| {
            if let Some(language) = language {
                hyphenation::find(text, language, offsets);
            }
        })
    }

    fn shape(&mut self, run: RunId, text: &str, before: &str, after: &str) {
        self.glyphs.clear();
        let run = &self.runs[run.0 as usize];
        let (Some(plan), Some(face)) = (&run.plan, self.fonts.face(run.key.face)) else { return };
        let font = self.shaping.entry(run.key.face).or_insert_with(|| ShaperFont::new(face.font()));
        fill(&mut self.buffer, &run.key, text, before, after);
        let options = ShapeOptions::new().plan(Some(plan)).features(&run.features);
        if harfrust::shape(font, &mut self.buffer, options).is_err() {
            return;
        }
        collect_glyphs(&self.buffer, 1.0 / face.units_per_em, text.len() as u32, run.key.rtl, &mut self.glyphs);
        for glyph in self.glyphs.iter_mut().filter(|glyph| glyph.id == 0) {
            replace(glyph, face);
        }
        if let ([], false, Some(space)) = (self.glyphs.as_slice(), text.is_empty(), face.glyph(' ')) {
            // Nothing but soft hyphens: a glyph without width carries them, so that they are in the text.
            let end = text.len() as u32;
            self.glyphs.push(WordGlyph { id: space, advance: 0.0, x_offset: 0.0, y_offset: 0.0, start: 0, end });
        }
    }
}

/// Fills the buffer with a word. Soft hyphens stay out: kerning and ligatures reach across them. Other invisible
/// characters, such as the zero width non-joiner, become glyphs without width.
fn fill(buffer: &mut Buffer, key: &RunKey, text: &str, before: &str, after: &str) {
    buffer.clear();
    buffer.set_direction(direction(key.rtl));
    buffer.set_script(iso_script(key.script));
    buffer.set_language(Language::new(key.language.as_bytes()));
    for (offset, character) in text.char_indices().filter(|(_, character)| *character != '\u{AD}') {
        buffer.push(character as u32, offset as u32);
    }
    if !before.is_empty() {
        buffer.set_pre_context(before);
    }
    if !after.is_empty() {
        buffer.set_post_context(after);
    }
}

/// Copies the shaped glyphs, in ems, each with the whole byte range of its cluster.
fn collect_glyphs(buffer: &Buffer, scale: f32, length: u32, rtl: bool, glyphs: &mut Vec<WordGlyph>) {
    let infos = buffer.glyph_infos();
    for (info, position) in infos.iter().zip(buffer.glyph_positions()) {
        glyphs.push(WordGlyph {
            id: info.glyph_id as u16,
            advance: position.x_advance as f32 * scale,
            x_offset: position.x_offset as f32 * scale,
            y_offset: position.y_offset as f32 * scale,
            start: info.cluster,
            end: length,
        });
    }
    // A cluster ends where the next one in logical order begins; visual order runs backwards in right-to-left text.
    let (mut end, mut current) = (length, None);
    let mut close = |glyph: &mut WordGlyph| {
        match current {
            Some(start) if start != glyph.start => end = start,
            _ => {}
        }
        current = Some(glyph.start);
        glyph.end = end;
    };
    if rtl {
        glyphs.iter_mut().for_each(&mut close);
    } else {
        glyphs.iter_mut().rev().for_each(&mut close);
    }
}

/// What shows that a font has no sign for a character, in order of preference. The text stays what it was.
const REPLACEMENTS: [char; 4] = ['\u{FFFD}', '\u{25A1}', '?', ' '];

/// Puts a sign in the place of `.notdef`, which must not be shown (ISO 19005-2, 6.2.11.8).
fn replace(glyph: &mut WordGlyph, face: &Face) {
    if let Some(id) = REPLACEMENTS.iter().find_map(|sign| face.glyph(*sign)) {
        let advance = if glyph.advance == 0.0 { 0.0 } else { face.advance(id) };
        *glyph = WordGlyph { id, advance, x_offset: 0.0, y_offset: 0.0, ..*glyph };
    }
}

fn direction(rtl: bool) -> harfrust::Direction {
    if rtl { harfrust::Direction::RightToLeft } else { harfrust::Direction::LeftToRight }
}

fn iso_script(script: Script) -> Option<harfrust::Script> {
    harfrust::Script::from_iso15924_tag(Tag::from_be_bytes(script.as_iso15924_tag().to_be_bytes()))
}

/// What helps where no built-in font does.
pub(super) const USE_SYSTEM_FONTS: &str =
    "the fonts of this machine are used with `system_fonts = true`, or `--system-fonts`";

/// So many characters of a script are named.
const NAMED: usize = 40;

/// The warnings of characters that no font at hand has: one for each script.
pub(super) fn warnings(missing: BTreeSet<char>, fonts: &Fonts) -> impl Iterator<Item = Warning> {
    let mut by_script: BTreeMap<&'static str, Vec<char>> = BTreeMap::new();
    for character in missing {
        by_script.entry(character.script().full_name()).or_default().push(character);
    }
    let hint = if fonts.uses_system() { "install a font that has it" } else { USE_SYSTEM_FONTS };
    by_script.into_iter().map(move |(script, missing)| no_font(script, &missing).hint(hint))
}

/// One warning for all characters of a script that no font has.
fn no_font(script: &str, missing: &[char]) -> Warning {
    let named = missing.iter().take(NAMED).map(|character| format!("`{character}` (U+{:04X})", *character as u32));
    let named = named.collect::<Vec<_>>().join(", ");
    Warning::new(match missing.len().saturating_sub(NAMED) {
        0 => format!("no font has {named}"),
        more => format!("no font has {named} and {more} more characters of the script {script}"),
    })
}

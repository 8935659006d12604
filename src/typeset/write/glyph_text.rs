//! Which text each glyph of a face stands for.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use unicode_bidi::{BidiClass, bidi_class};

use crate::typeset::display::{Glyph, GlyphRun};
use crate::typeset::fonts::Face;

/// The text of each glyph that is used of a face, by glyph index.
#[derive(Default)]
pub(super) struct GlyphTexts {
    texts: Vec<Option<Known>>,
    /// The letters of ligatures that are told by themselves.
    apart: BTreeSet<Box<str>>,
}

struct Known {
    text: Box<str>,
    /// Lower is better: 0 for the character that the face itself maps to the glyph, 1 for any other text of a
    /// cluster of one glyph, 2 for a guess from a larger cluster.
    rank: u8,
}

/// Characters that faces have narrow blank glyphs for.
const BLANK: [char; 7] = ['\u{200A}', '\u{2009}', '\u{2006}', '\u{2005}', '\u{202F}', '\u{2008}', '\u{A0}'];

/// How wide a glyph may be that stands in for a letter, in ems. Next to a narrower one pdftotext finds a gap between words, and
/// a wider one reaches too far over the next letter.
const BLANK_WIDTH: RangeInclusive<f32> = 0.08..=0.26;

/// The glyphs of a cluster and what they stand for.
pub(super) struct Cluster<'r> {
    pub(super) glyphs: &'r [Glyph],
    /// How far they are moved off the pen; empty where none of the run is.
    offsets: &'r [(f32, f32)],
    /// In right-to-left text, all letters but the last, each with its marks. Readers that turn round what stands from right
    /// to left turn round the letters of a ligature too, so each is told where it would stand.
    pub(super) before: &'r str,
    /// The text of the letters; of the last where others are `before` it.
    pub(super) text: &'r str,
    /// In right-to-left text, the combining marks at the end: readers that put letters into logical order by where
    /// they stand would turn letter and marks round, so each mark is told as a character of its own.
    pub(super) marks: &'r str,
}

/// The clusters of a run, in visual order, but for the marks that set a text of another direction apart: they are ours,
/// not the writer's (UAX 9, 2.4), and nothing shows of them. Letters are told apart only in a face that `has_space`: without
/// one, nothing can stand for what has no glyph.
pub(super) fn clusters(run: &GlyphRun, has_space: bool) -> impl Iterator<Item = Cluster<'_>> {
    let chunks = run.glyphs.chunk_by(|a, b| (a.text_start, a.text_end) == (b.text_start, b.text_end));
    let mut moved = run.offsets.as_slice();
    chunks.filter_map(move |glyphs| {
        let (offsets, rest) = moved.split_at_checked(glyphs.len()).unwrap_or_default();
        moved = rest;
        let range = glyphs.first().map_or(0..0, |glyph| glyph.text_start as usize..glyph.text_end as usize);
        let whole = run.text.get(range).unwrap_or("");
        if whole.len() == 1 {
            // A letter of ASCII is nothing else.
            return Some(Cluster { glyphs, offsets, before: "", text: whole, marks: "" });
        }
        let text = without_isolates(without_soft_hyphens(whole));
        if text.is_empty() && !whole.is_empty() {
            return None;
        }
        let (before, text) = if run.rtl && has_space { text.split_at(last_letter(text)) } else { ("", text) };
        let letters = if run.rtl { text.trim_end_matches(is_mark).len() } else { text.len() };
        // Marks without a letter are a text like any other.
        let (text, marks) = if letters == 0 { (text, "") } else { text.split_at(letters) };
        Some(Cluster { glyphs, offsets, before, text, marks })
    })
}

/// Where the last letter of a text from right to left begins; 0 where it has only one.
fn last_letter(text: &str) -> usize {
    let is_one = text.chars().nth(1).is_none();
    if is_one { 0 } else { text.rfind(is_letter).unwrap_or(0) }
}

/// The letters of a text from right to left, each with the marks that belong to it. Equal neighbours are one: they are the
/// same whichever way they are read.
pub(super) fn letters_of(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let (letter, others) = rest.split_at(rest.len() - rest.trim_start_matches(first).len());
        let (marks, after) = others.split_at(others.find(is_letter).unwrap_or(others.len()));
        rest = after;
        Some((letter, marks))
    })
}

/// Letters from right to left, but not the marks of direction.
fn is_letter(character: char) -> bool {
    matches!(bidi_class(character), BidiClass::R | BidiClass::AL) && !matches!(character, '\u{200F}' | '\u{61C}')
}

/// Combining marks, and the joiner, of which nothing shows.
fn is_mark(character: char) -> bool {
    // The letters of Arabic are asked about all the time.
    !matches!(character, '\u{620}'..='\u{64A}') && (character == '\u{200D}' || bidi_class(character) == BidiClass::NSM)
}

impl<'r> Cluster<'r> {
    /// Whether a glyph of the cluster is drawn onto the others, and the cluster has others.
    pub(super) fn is_attached(&self, glyph: &Glyph) -> bool {
        glyph.advance == 0.0 && self.glyphs.iter().any(|other| other.advance != 0.0)
    }

    /// How far the pen moves on.
    pub(super) fn width(&self) -> f32 {
        self.glyphs.iter().map(|glyph| glyph.advance).sum()
    }

    /// The glyphs, each with how far it is moved off the pen.
    pub(super) fn placed(&self) -> impl Iterator<Item = (&'r Glyph, (f32, f32))> {
        let offsets = self.offsets.iter().copied().chain(std::iter::repeat((0.0, 0.0)));
        self.glyphs.iter().zip(offsets)
    }

    /// The glyphs that carry the text.
    pub(super) fn letters(&self) -> impl Iterator<Item = &'r Glyph> {
        self.glyphs.iter().filter(|glyph| !self.is_attached(glyph))
    }
}

/// Soft hyphens where no line ends are not part of what a reader searches for.
fn without_soft_hyphens(text: &str) -> &str {
    let visible = text.trim_matches('\u{AD}');
    if visible.is_empty() { text } else { visible }
}

fn without_isolates(text: &str) -> &str {
    text.trim_matches(|c| matches!(c, '\u{202C}'..='\u{202E}' | '\u{2066}'..='\u{2069}'))
}

impl GlyphTexts {
    /// Notes the glyphs of a run.
    pub(super) fn note(&mut self, run: &GlyphRun, face: &Face) {
        if run.parted
            && let Some(space) = face.glyph(' ')
        {
            self.offer(space, " ", 0);
        }
        let space = face.glyph(' ');
        for cluster in clusters(run, space.is_some()) {
            let mut letters = cluster.letters();
            match (letters.next(), letters.next()) {
                (Some(letter), None) if !cluster.text.is_empty() => self.note_one(letter.id, cluster.text, face),
                _ => {}
            }
            for (letter, _) in letters_of(cluster.before) {
                if !self.apart.contains(letter) {
                    self.apart.insert(letter.into());
                }
            }
            if let (Some(space), false) = (space, cluster.marks.is_empty() && cluster.before.is_empty()) {
                self.offer(space, " ", 0);
            }
            if cluster.glyphs.len() > 1 || cluster.text.is_empty() {
                self.note_rest(&cluster, face);
            }
        }
    }

    fn note_one(&mut self, glyph: u16, text: &str, face: &Face) {
        if self.get(glyph).is_some_and(|known| known == text) {
            return;
        }
        let mut chars = text.chars();
        let nominal = chars.next().is_some_and(|first| chars.next().is_none() && face.glyph(first) == Some(glyph));
        self.offer(glyph, text, u8::from(!nominal));
    }

    /// Every glyph maps to something, even where the cluster's text is said otherwise.
    fn note_rest(&mut self, cluster: &Cluster<'_>, face: &Face) {
        for glyph in cluster.glyphs {
            if self.get(glyph.id).is_none() {
                let mut chars = cluster.text.chars().chain(cluster.marks.chars()).chain(cluster.before.chars());
                let own = chars.find(|character| face.glyph(*character) == Some(glyph.id));
                let guess = own.or_else(|| cluster.text.chars().next()).unwrap_or('\u{AD}');
                self.offer(glyph.id, guess.encode_utf8(&mut [0; 4]), 2);
            }
        }
    }

    /// Keeps the better text; of two equally good ones the shorter, then the lesser, so that order does not matter.
    fn offer(&mut self, glyph: u16, text: &str, rank: u8) {
        let index = usize::from(glyph);
        if self.texts.len() <= index {
            self.texts.resize_with(index + 1, || None);
        }
        let better = |known: &Known| (rank, text.len(), text) < (known.rank, known.text.len(), &*known.text);
        if self.texts[index].as_ref().is_none_or(better) {
            self.texts[index] = Some(Known { text: text.into(), rank });
        }
    }

    /// Finds each letter that is told by itself a glyph of which nothing shows, and that nothing else needs, as far as the
    /// face has any. To be called when all runs are noted.
    pub(super) fn stand_ins(&mut self, face: &Face) -> BTreeMap<Box<str>, u16> {
        let mut blanks: Vec<u16> = Vec::new();
        if !self.apart.is_empty() {
            for glyph in BLANK.iter().filter_map(|blank| face.glyph(*blank)) {
                let is_free = self.get(glyph).is_none() && !blanks.contains(&glyph);
                if is_free && BLANK_WIDTH.contains(&face.advance(glyph)) && face.is_blank(glyph) {
                    blanks.push(glyph);
                }
            }
        }
        let stand_ins: BTreeMap<Box<str>, u16> = self.apart.iter().cloned().zip(blanks).collect();
        for (letter, glyph) in &stand_ins {
            self.offer(*glyph, letter, 0);
        }
        stand_ins
    }

    /// Takes in what was noted elsewhere.
    pub(super) fn merge(&mut self, other: &Self) {
        self.apart.extend(other.apart.iter().cloned());
        for (glyph, known) in other.texts.iter().enumerate() {
            if let Some(known) = known {
                self.offer(glyph as u16, &known.text, known.rank);
            }
        }
    }

    /// The text a glyph stands for unless it is said otherwise.
    pub(super) fn get(&self, glyph: u16) -> Option<&str> {
        self.texts.get(usize::from(glyph))?.as_ref().map(|known| &*known.text)
    }

    /// The glyphs in use, in ascending order.
    pub(super) fn glyphs(&self) -> impl Iterator<Item = u16> + '_ {
        self.texts.iter().enumerate().filter(|(_, known)| known.is_some()).map(|(glyph, _)| glyph as u16)
    }

    /// What a cluster's text must be marked as, when its glyphs alone would come out as something else.
    pub(super) fn actual_text<'r>(&self, cluster: &Cluster<'r>) -> Option<&'r str> {
        if cluster.text.is_empty() {
            // A hyphen of our own is a soft hyphen to readers (ISO 32000-1, 14.8.2.2.3).
            return Some("\u{AD}");
        }
        // What only its maker knows the meaning of must be said in so many words (ISO 19005-2, 6.2.11.7.3).
        let is_private = |c| matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..);
        let mut letters = cluster.letters();
        match (letters.next(), letters.next()) {
            (Some(letter), None) if self.get(letter.id) == Some(cluster.text) && !cluster.text.contains(is_private) => {
                None
            }
            _ => Some(cluster.text),
        }
    }
}

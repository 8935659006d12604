//! Which text each glyph of a face stands for.

use crate::typeset::display::{Glyph, GlyphRun};
use crate::typeset::fonts::Face;

/// The text of each glyph that is used of a face, by glyph index.
#[derive(Default)]
pub(super) struct GlyphTexts {
    texts: Vec<Option<Known>>,
}

struct Known {
    text: Box<str>,
    /// Lower is better: 0 for the character that the face itself maps to the glyph, 1 for any other text of a
    /// cluster of one glyph, 2 for a guess from a larger cluster.
    rank: u8,
}

/// The clusters of a run, each with its text.
pub(super) fn clusters(run: &GlyphRun) -> impl Iterator<Item = (&[Glyph], &str)> {
    run.glyphs.chunk_by(|a, b| (a.text_start, a.text_end) == (b.text_start, b.text_end)).map(|glyphs| {
        let range = glyphs.first().map_or(0..0, |glyph| glyph.text_start as usize..glyph.text_end as usize);
        (glyphs, run.text.get(range).unwrap_or(""))
    })
}

impl GlyphTexts {
    /// Notes the glyphs of a run.
    pub(super) fn note(&mut self, run: &GlyphRun, face: &Face) {
        for (glyphs, text) in clusters(run) {
            match glyphs {
                [glyph] if !text.is_empty() => self.note_one(glyph.id, text, face),
                [glyph] => self.offer(glyph.id, '\u{AD}'.encode_utf8(&mut [0; 4]), 2),
                several => self.note_several(several, text, face),
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

    fn note_several(&mut self, glyphs: &[Glyph], text: &str, face: &Face) {
        for glyph in glyphs {
            if self.get(glyph.id).is_none() {
                let own = text.chars().find(|character| face.glyph(*character) == Some(glyph.id));
                let guess = own.or_else(|| text.chars().next()).unwrap_or('\u{FFFD}');
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

    /// Takes in what was noted elsewhere.
    pub(super) fn merge(&mut self, other: &Self) {
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
    pub(super) fn actual_text<'t>(&self, glyphs: &[Glyph], text: &'t str) -> Option<&'t str> {
        match glyphs {
            // A hyphen of our own is a soft hyphen to readers (ISO 32000-1, 14.8.2.2.3).
            _ if text.is_empty() => Some("\u{AD}"),
            [glyph] if self.get(glyph.id) == Some(text) => None,
            _ => Some(text),
        }
    }
}

//! Measuring parts of a paragraph's pieces, which breaking and setting lines both need.
//!
//! Indices of pieces are below `pieces.len()`, those of spans come from pieces; offsets lie on character boundaries,
//! since they are starts of clusters, ends of syllables or ends of pieces.

use crate::typeset::shape::clusters::is_boundary;
use crate::typeset::shape::{RunId, Shaper, WordId, is_joining, script_of};

use super::addresses::is_address;
use super::collapse::{Content, Source};
use super::pieces::{Kind, Piece, SOFT_HYPHEN, clusters, is_within_word, single_word};
use super::{Hyphens, TextStyle};

/// Whether the words of a style that asks for so much are hyphenated where no soft hyphen says so.
fn hyphenates(style: &TextStyle, least: Hyphens) -> bool {
    style.hyphens >= least && style.white_space.wraps() && !style.breaks_words()
}

/// How many pieces of an address are looked at on either side of a word.
const NEAR: usize = 40;

/// A paragraph cut into pieces, with the shaper that measures parts of them.
pub(super) struct Cutting<'a, 'f> {
    pub(super) source: &'a Source<'a>,
    pub(super) pieces: &'a [Piece],
    pub(super) shaper: &'a mut Shaper<'f>,
    /// Indent of the first line.
    pub(super) indent: f32,
}

impl<'a> Cutting<'a, '_> {
    /// The style of a piece of text.
    pub(super) fn style(&self, piece: usize) -> Option<&'a TextStyle> {
        match self.source.spans[self.pieces[piece].span as usize].content {
            Content::Text { style, .. } | Content::Leader { style, .. } => Some(style),
            Content::Atom { .. } | Content::Open { .. } | Content::Close { .. } | Content::Break => None,
        }
    }

    /// The text of a piece.
    pub(super) fn text(&self, piece: usize) -> &'a str {
        let Piece { start, end, .. } = self.pieces[piece];
        &self.source.text[start as usize..end as usize]
    }

    /// Whether a piece may be broken between any two clusters.
    pub(super) fn breaks_anywhere(&self, piece: usize) -> bool {
        self.style(piece).is_some_and(|style| style.break_anywhere && style.white_space.wraps())
    }

    pub(super) fn ends_in_soft_hyphen(&self, piece: usize) -> bool {
        matches!(self.pieces[piece].kind, Kind::Word { .. }) && self.text(piece).ends_with(SOFT_HYPHEN)
    }

    /// Where a piece may be hyphenated: offsets of the language's patterns, if its style wants them.
    pub(super) fn hyphens(&mut self, piece: usize) -> Vec<u32> {
        self.hyphens_if(piece, Hyphens::Auto)
    }

    /// The same, where the word is wider than its line and would otherwise be cut without a hyphen.
    pub(super) fn hyphens_at_need(&mut self, piece: usize) -> Vec<u32> {
        self.hyphens_if(piece, Hyphens::Manual)
    }

    fn hyphens_if(&mut self, piece: usize, least: Hyphens) -> Vec<u32> {
        let hyphenates = |style| hyphenates(style, least);
        match self.pieces[piece].kind {
            Kind::Word { run, word } if self.style(piece).is_some_and(hyphenates) && !self.is_in_address(piece) => {
                let text = self.text(piece);
                let offsets = self.shaper.hyphens(run, word, text).to_vec();
                self.within_limits(piece, text, offsets)
            }
            _ => Vec::new(),
        }
    }

    /// Of the places where a word may be hyphenated, those that leave as many letters together as its style wants.
    fn within_limits(&self, piece: usize, text: &str, mut offsets: Vec<u32>) -> Vec<u32> {
        let limits = self.style(piece).map_or([0; 3], |style| style.hyphen_limits);
        if limits == [0; 3] {
            return offsets;
        }
        let [word, before, after] = limits.map(usize::from);
        let letters = |part: &str| part.chars().filter(|letter| letter.is_alphanumeric()).count();
        if letters(text) < word {
            return Vec::new();
        }
        offsets.retain(|offset| {
            let (head, rest) = text.split_at(*offset as usize);
            letters(head) >= before && letters(rest) >= after
        });
        offsets
    }

    /// Where lines may end within a piece without a hyphen: between any two letters, if its style says so.
    pub(super) fn breaks_within(&self, piece: usize) -> Vec<u32> {
        let breaks = |style: &TextStyle| style.breaks_words() && style.white_space.wraps();
        match self.pieces[piece].kind {
            Kind::Word { word, .. } if self.style(piece).is_some_and(breaks) => {
                let text = self.text(piece);
                let starts = self.shaper.glyphs(word).iter().map(|glyph| glyph.start);
                let ends_letter =
                    |start: &u32| is_within_word(text, *start as usize) && is_boundary(text, *start as usize);
                let mut starts: Vec<u32> = starts.filter(ends_letter).collect();
                starts.sort_unstable();
                starts.dedup();
                starts
            }
            _ => Vec::new(),
        }
    }

    /// Whether a word is part of an address or of a name that programs read: a hyphen in it would be taken for its own.
    pub(super) fn is_in_address(&self, piece: usize) -> bool {
        let is_word = |piece: &usize| matches!(self.pieces[*piece].kind, Kind::Word { .. });
        let first = (piece.saturating_sub(NEAR)..piece).rev().take_while(is_word).last().unwrap_or(piece);
        let end = self.pieces.len().min(piece + NEAR);
        let last = (piece..end).take_while(is_word).last().unwrap_or(piece);
        is_address(&self.source.text[self.pieces[first].start as usize..self.pieces[last].end as usize])
    }

    /// The hyphen that a piece would end in.
    pub(super) fn hyphen(&mut self, piece: usize) -> Option<(RunId, WordId)> {
        let style = self.style(piece)?;
        let rtl = self.pieces[piece].is_rtl();
        let chain = self.shaper.chain(style);
        let face = self.shaper.first_face(chain);
        let of_face = if self.shaper.face_has(face, '\u{2010}') { "\u{2010}" } else { "-" };
        let hyphen = style.hyphen.as_deref().unwrap_or(of_face);
        Some(single_word(self.shaper, hyphen, rtl, style))
    }

    pub(super) fn hyphen_width(&mut self, piece: usize) -> f32 {
        let size = self.style(piece).map_or(0.0, |style| style.size);
        self.hyphen(piece).map_or(0.0, |(_, word)| self.shaper.advance(word) * size)
    }

    /// Font size and the letter spacing that really applies.
    pub(super) fn size_and_spacing(&self, piece: usize) -> (f32, f32) {
        match (self.style(piece), self.pieces[piece].kind) {
            (Some(style), Kind::Word { run, .. } | Kind::Space { run, .. }) => {
                (style.size, self.letter_spacing(run, style))
            }
            (style, _) => (style.map_or(0.0, |style| style.size), 0.0),
        }
    }

    /// The letter spacing of a run: none between letters that join.
    pub(super) fn letter_spacing(&self, run: RunId, style: &TextStyle) -> f32 {
        if is_joining(self.shaper.run_script(run)) { 0.0 } else { style.letter_spacing }
    }

    /// The width of part of a piece, near enough to decide by.
    pub(super) fn width_between(&self, piece: usize, from: u32, to: u32) -> f32 {
        let Kind::Word { word, .. } = self.pieces[piece].kind else { return self.pieces[piece].width };
        let (size, spacing) = self.size_and_spacing(piece);
        let mut width = 0.0;
        let mut last = None;
        for glyph in self.shaper.glyphs(word).iter().filter(|glyph| (from..to).contains(&glyph.start)) {
            width += glyph.advance * size;
            if last.replace(glyph.start) != Some(glyph.start) {
                width += spacing;
            }
        }
        width
    }

    /// How wide the two parts of a piece are that is cut at an offset. A ligature is not cut in two: such parts are shaped.
    pub(super) fn widths_cut_at(&mut self, piece: usize, offset: u32) -> (f32, f32) {
        let Piece { start, end, kind, width, .. } = self.pieces[piece];
        let is_in_ligature = match kind {
            Kind::Word { word, .. } => {
                self.shaper.glyphs(word).iter().any(|glyph| glyph.start < offset && offset < glyph.end)
            }
            _ => false,
        };
        if is_in_ligature
            && let (Some((_, head)), Some((_, rest))) =
                (self.part(piece, 0, offset), self.part(piece, offset, end - start))
        {
            return (self.word_width(piece, head), self.word_width(piece, rest));
        }
        let head = self.width_between(piece, 0, offset);
        (head, width - head)
    }

    /// The width of a word shaped for part of a piece.
    pub(super) fn word_width(&self, piece: usize, word: WordId) -> f32 {
        let (size, spacing) = self.size_and_spacing(piece);
        self.shaper.advance(word) * size + spacing * clusters(self.shaper, word) as f32
    }

    /// Shapes part of a word again. Joining letters keep the forms they have in the whole word.
    pub(super) fn part(&mut self, piece: usize, from: u32, to: u32) -> Option<(RunId, WordId)> {
        let Kind::Word { run, .. } = self.pieces[piece].kind else { return None };
        let text = self.text(piece);
        let (head, rest) = text.split_at(from as usize);
        let (part, tail) = rest.split_at((to - from) as usize);
        let joins = |character: &char| is_joining(script_of(*character));
        let before = head.chars().next_back().filter(joins).map_or(0, char::len_utf8);
        let after = tail.chars().next().filter(joins).map_or(0, char::len_utf8);
        Some((run, self.shaper.word(run, part, &head[head.len() - before..], &tail[..after])))
    }
}

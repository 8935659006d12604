//! Where lines end for lack of room: within words and numbers that are wider than their line.

use std::ops::Range;
use std::sync::Arc;

use unicode_linebreak::{BreakClass, break_property};

use super::breaks::{End, Position, Span};
use super::cutting::Cutting;
use super::ideographs::FIRST_WIDE;
use super::pieces::{Break, Kind};
use super::{Hyphens, Paragraph, collapse, pieces};
use crate::typeset::shape::Shaper;
use crate::typeset::shape::clusters::is_boundary;

/// So much of a word that is cut is told, in characters.
const TOLD: usize = 40;
/// Of a word that is cut behind a sign within it, at least this part of what fits must stand before the cut.
const LEAST_BEFORE: f32 = 0.6;
/// An address, or a name that programs read, is cut anywhere; a column has room for so much of it, in ems.
const OF_ADDRESS: f32 = 4.0;

/// What numbers and words are better cut behind, and never before.
fn is_separator(sign: char) -> bool {
    let is_dash = matches!(sign, '-' | '\u{2010}'..='\u{2014}');
    // Blanks that do not end lines, and what stands between thousands and before decimals, also in Arabic.
    let is_blank = matches!(sign, '\u{A0}' | '\u{202F}' | '\u{2007}' | '\u{2009}');
    is_dash
        || is_blank
        || matches!(
            sign,
            '.' | ',' | ':' | ';' | '/' | '\u{B7}' | '\'' | '\u{2019}' | '_' | '\u{66B}' | '\u{66C}' | '\u{60C}'
        )
}

/// Whether a word is of digits and signs alone.
fn is_number(word: &str) -> bool {
    word.contains(char::is_numeric) && !word.contains(char::is_alphabetic)
}

/// A word or number that is cut for lack of room. It may be cut by many lines, and is judged once.
pub(super) struct CutWord {
    range: Range<usize>,
    is_number: bool,
    /// Its beginning, if readers miss it when it is cut.
    told: Option<Arc<str>>,
}

impl CutWord {
    /// What stands around a place without white space.
    fn around(text: &str, at: usize) -> Self {
        let (head, tail) = text.split_at(at);
        let is_part = |sign: char| !sign.is_whitespace() && !matches!(sign, '\u{FFFC}' | '\u{200B}');
        let before = head.trim_end_matches(is_part).len();
        let after = tail.find(|sign| !is_part(sign)).unwrap_or(tail.len());
        let range = before..at + after;
        let word = &text[range.clone()];
        let is_plain = |sign: char| sign < FIRST_WIDE && break_property(u32::from(sign)) != BreakClass::ComplexContext;
        let is_missed = word.contains(char::is_alphanumeric) && word.chars().all(is_plain);
        Self { range, is_number: is_number(word), told: is_missed.then(|| beginning(word)) }
    }
}

/// So much of a word as is told of it.
fn beginning(word: &str) -> Arc<str> {
    let mut letters = word.chars();
    let told: String = letters.by_ref().take(TOLD).collect();
    Arc::from(if letters.next().is_some() { told + "…" } else { told })
}

impl Cutting<'_, '_> {
    /// Whether a line ends where nothing but lack of room allows it.
    pub(super) fn is_cut(&self, line: &Span) -> bool {
        let Position { piece, offset } = line.end;
        if line.hyphen || line.last {
            return false;
        }
        if offset > 0 {
            return !self.breaks_within(piece).contains(&offset);
        }
        piece < self.pieces.len() && piece.checked_sub(1).is_some_and(|last| self.pieces[last].after == Break::Never)
    }

    /// Whether a line ends in a hyphen that its word has for lack of room alone.
    pub(super) fn is_hyphenated_at_need(&self, line: &Span) -> bool {
        let wants = || self.style(line.end.piece).is_some_and(|style| style.hyphens == Hyphens::Auto);
        line.hyphen && line.end.offset > 0 && !wants()
    }

    /// The word or number that a line cuts, if it is one that readers miss when it is: not an address or a name that
    /// programs read, nor in a script that has no spaces between its words. `last` is the one that was judged last.
    pub(super) fn cut_word(&self, line: &Span, last: &mut Option<CutWord>) -> Option<Arc<str>> {
        if !self.is_cut(line) {
            return None;
        }
        let Position { piece, offset } = line.end;
        let at = (self.pieces[piece].start + offset) as usize;
        if !last.as_ref().is_some_and(|word| word.range.contains(&at)) {
            *last = Some(CutWord::around(&self.source.text, at));
        }
        let word = last.as_ref()?;
        let is_read = self.style(piece).is_some_and(|style| style.hyphens != Hyphens::Soft)
            && (word.is_number || !self.is_in_address(piece));
        word.told.clone().filter(|_| is_read)
    }

    /// Where a line that begins at `start` ends within what it cannot hold: the piece at `at`, for which `room` is left, or
    /// those before it, as no line may end between them.
    pub(super) fn end_at_need(&mut self, start: Position, at: Position, room: f32, nothing_yet: bool) -> Option<End> {
        if let Some(position) = self.hyphen_at_need(start, at, room) {
            return Some(End { position, hyphen: true, last: false });
        }
        let position = match self.cluster_within(at, room, nothing_yet) {
            Some(offset) => self.better_cut(start, at, offset),
            None if nothing_yet => return None,
            None => at,
        };
        Some(End { position, hyphen: false, last: false })
    }

    /// The last syllable that fits, of words that are left whole elsewhere too.
    fn hyphen_at_need(&mut self, start: Position, at: Position, room: f32) -> Option<Position> {
        let mut room = room;
        for piece in (start.piece..=at.piece).rev() {
            let from = if piece == start.piece { start.offset } else { 0 };
            if piece < at.piece {
                let all = self.pieces[piece];
                room += if from > 0 { self.width_between(piece, from, all.end - all.start) } else { all.width };
            }
            let offsets = self.hyphens_at_need(piece);
            if offsets.is_empty() {
                continue;
            }
            let room = room - self.hyphen_width(piece);
            let fits = |offset: &u32| *offset > from && self.width_between(piece, from, *offset) <= room;
            if let Some(offset) = offsets.into_iter().rev().find(fits) {
                return Some(Position { piece, offset });
            }
        }
        None
    }

    /// Where something that fits up to `offset` is better cut: an address between its parts, a number behind a sign within it.
    fn better_cut(&self, start: Position, at: Position, offset: u32) -> Position {
        let text = self.text(at.piece);
        let here = Position { offset, ..at };
        let is_number = is_number(text);
        if !is_number && self.is_in_address(at.piece) {
            return Position { offset: self.between_parts(at, offset), ..at };
        }
        let Some(fits) = text.get(at.offset as usize..offset as usize) else { return here };
        let least = if is_number { 0.0 } else { fits.len() as f32 * LEAST_BEFORE };
        let rest = &text[offset as usize..];
        let divides = |cut: &usize| {
            let (before, after) = fits.split_at(*cut);
            let next = after.chars().chain(rest.chars()).next();
            before.trim_end_matches(is_separator).ends_with(char::is_alphanumeric)
                && before.ends_with(is_separator)
                && next.is_some_and(char::is_alphanumeric)
        };
        let mut ends = fits.char_indices().rev().map(|(at, sign)| at + sign.len_utf8());
        if let Some(cut) = ends.find(divides).filter(|cut| *cut as f32 >= least) {
            return Position { offset: at.offset + cut as u32, ..at };
        }
        let begins_piece = at.offset == 0 && at.piece > start.piece;
        if is_number && begins_piece && self.source.text[..self.pieces[at.piece].start as usize].ends_with(is_separator)
        {
            return at;
        }
        if rest.starts_with(is_separator) { self.cluster_before(at, offset) } else { here }
    }

    /// The start of the cluster before one in the same line, or where that starts if it is the first.
    fn cluster_before(&self, at: Position, offset: u32) -> Position {
        let Kind::Word { word, .. } = self.pieces[at.piece].kind else { return Position { offset, ..at } };
        let starts = self.shaper.glyphs(word).iter().map(|glyph| glyph.start);
        let text = self.text(at.piece);
        let before =
            starts.filter(|start| *start > at.offset && *start < offset && is_boundary(text, *start as usize)).max();
        Position { offset: before.unwrap_or(offset), ..at }
    }

    /// Where an address that fits up to `offset` is better cut: between its parts, if that is not much shorter.
    fn between_parts(&self, at: Position, offset: u32) -> u32 {
        let text = self.text(at.piece);
        let Some(fits) = text.get(at.offset as usize..offset as usize) else { return offset };
        let least = fits.len() * 3 / 5;
        let parts = |(cut, after): &(usize, char)| {
            let before = fits[..*cut].chars().next_back();
            let ends =
                before == Some('/') && *after != '/' || matches!(after, '.' | '?' | '&' | '=' | '#' | '-' | '_' | '%');
            *cut >= least && ends && before.is_some_and(|before| before == '/' || before.is_alphanumeric())
        };
        let next = text[offset as usize..].chars().next().map(|next| (fits.len(), next));
        let cut = next.into_iter().chain(fits.char_indices().rev()).find(parts);
        cut.map_or(offset, |(cut, _)| at.offset + cut as u32)
    }

    /// The last cluster boundary within a word so that the first part fits; with `some` at least one cluster.
    fn cluster_within(&self, at: Position, room: f32, some: bool) -> Option<u32> {
        let Kind::Word { word, .. } = self.pieces[at.piece].kind else { return None };
        let mut starts: Vec<(u32, f32)> = Vec::new();
        let (size, spacing) = self.size_and_spacing(at.piece);
        for glyph in self.shaper.glyphs(word) {
            match starts.last_mut() {
                Some((start, width)) if *start == glyph.start => *width += glyph.advance * size,
                _ => starts.push((glyph.start, glyph.advance * size + spacing)),
            }
        }
        starts.sort_by_key(|(start, _)| *start);
        let text = self.text(at.piece);
        starts.dedup_by(|(start, width), (_, before)| {
            let joins = !is_boundary(text, *start as usize);
            *before += if joins { *width } else { 0.0 };
            joins
        });
        let mut width = 0.0;
        let mut first = true;
        for (start, advance) in starts.into_iter().filter(|(start, _)| *start >= at.offset) {
            if width + advance > room && !(first && some) {
                return (start > at.offset).then_some(start);
            }
            width += advance;
            first = false;
        }
        None
    }

    /// Where a piece may be divided so that its parts are as narrow as can be, and what is added to each; the width of the
    /// widest part that is then left, at most `width`.
    fn divided_at_need(&mut self, piece: usize) -> (Vec<u32>, f32, f32) {
        let width = self.pieces[piece].width;
        let within = self.breaks_within(piece);
        if !within.is_empty() {
            return (within, 0.0, width);
        }
        let offsets = self.hyphens_at_need(piece);
        if !offsets.is_empty() {
            let hyphen = self.hyphen_width(piece);
            return (offsets, hyphen, width);
        }
        let is_cut_anywhere = self.breaks_anywhere(piece)
            && !is_number(self.text(piece))
            && (self.is_in_address(piece) || self.style(piece).is_some_and(|style| style.hyphens <= Hyphens::Soft));
        let size = self.style(piece).map_or(0.0, |style| style.size);
        (Vec::new(), 0.0, if is_cut_anywhere { width.min(size * OF_ADDRESS) } else { width })
    }
}

/// The width of a paragraph's widest part when its words are divided wherever they may be for lack of room: of numbers and
/// of words of one syllable all.
pub fn tightest_width(paragraph: &Paragraph, shaper: &mut Shaper<'_>) -> f32 {
    let source = collapse::collapse(paragraph);
    let pieces = pieces::cut(&source, paragraph.direction, shaper);
    let mut cutting = Cutting { source: &source, pieces: &pieces, shaper, indent: paragraph.indent };
    let mut widest: f32 = 0.0;
    let (mut width, mut spaces) = (cutting.indent, 0.0);
    for (index, piece) in pieces.iter().enumerate() {
        if piece.is_space() {
            spaces += piece.width;
        } else {
            width += spaces;
            spaces = 0.0;
            let (offsets, added, most) = cutting.divided_at_need(index);
            let mut from = 0;
            for offset in offsets {
                widest = widest.max(width + cutting.width_between(index, from, offset) + added);
                (width, from) = (0.0, offset);
            }
            width += if from > 0 { cutting.width_between(index, from, piece.end - piece.start) } else { most };
        }
        widest = widest.max(width);
        if piece.after != Break::Never {
            (width, spaces) = (0.0, 0.0);
        }
    }
    widest
}

//! A paragraph as pieces: words, spaces, atoms and leaders, each with its width and whether a line may end after it.

use unicode_bidi::{BidiInfo, Level};
use unicode_linebreak::BreakOpportunity;
use unicode_script::Script;

use crate::typeset::fonts::FaceId;
use crate::typeset::shape::clusters::{is_boundary, is_mark};
use crate::typeset::shape::{ChainId, RunId, Shaper, WordId, is_joining, needs_no_glyph, script_of};

use super::addresses::misleads;
use super::boxes::Edge;
use super::collapse::{Content, Mark, Source, Span};
use super::ideographs::{FIRST_WIDE, gap_between, is_double_blank};
use super::opportunities::{self, Opportunity};
use super::{Direction, Hyphens, InlineBox, TextStyle, WhiteSpace, tabs};

/// Soft hyphen: invisible unless a line ends there.
pub(super) const SOFT_HYPHEN: char = '\u{AD}';

/// Longer words are cut into pieces of about this many bytes, so that time stays in proportion to length.
const LONGEST_PIECE: usize = 128;

/// The smallest part that lines are made of.
#[derive(Clone, Copy)]
pub(super) struct Piece {
    /// Byte range in the paragraph's text.
    pub(super) start: u32,
    pub(super) end: u32,
    /// Index in [`Source::spans`].
    pub(super) span: u32,
    pub(super) kind: Kind,
    /// Bidirectional embedding level (UAX 9).
    pub(super) level: u8,
    pub(super) after: Break,
    /// Whether justification may open a gap between this piece and the next, as between ideographs.
    pub(super) opens: bool,
    /// In points, spacing included.
    pub(super) width: f32,
}

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Kind {
    Word {
        run: RunId,
        word: WordId,
    },
    /// One space. `collapsible` ones vanish at the end of a line, others hang.
    Space {
        run: RunId,
        word: WordId,
        collapsible: bool,
    },
    Atom,
    Leader,
    /// The start or the end of an inline box.
    Edge,
    /// A forced break; nothing is seen of it.
    Newline,
}

/// Whether a line may end after a piece.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Break {
    Never,
    Allowed,
    Forced,
}

impl Piece {
    pub(super) fn is_space(&self) -> bool {
        matches!(self.kind, Kind::Space { .. })
    }

    pub(super) fn is_rtl(&self) -> bool {
        self.level & 1 == 1
    }
}

/// Cuts a paragraph's text into pieces and shapes them.
pub(super) fn cut(source: &Source<'_>, direction: Direction, shaper: &mut Shaper<'_>) -> Vec<Piece> {
    match opportunities::changed(source) {
        None => cut_at(opportunities::plain(&source.text), source, direction, shaper),
        Some(changed) => cut_at(changed.into_iter(), source, direction, shaper),
    }
}

fn cut_at(
    breaks: impl Iterator<Item = Opportunity>,
    source: &Source<'_>,
    direction: Direction,
    shaper: &mut Shaper<'_>,
) -> Vec<Piece> {
    let base = u8::from(direction == Direction::Rtl);
    let levels = levels(&source.text, base);
    let calls = source.marks.iter().filter(|(_, mark)| matches!(mark, Mark::Note(_))).map(|(at, _)| *at);
    let mut cutter = Cutter {
        text: &source.text,
        levels: levels.as_deref(),
        base,
        breaks: breaks.peekable(),
        calls: calls.collect(),
        span_end: 0,
        breaks_words: false,
        script: if base == 1 { Script::Arabic } else { Script::Latin },
        pieces: Vec::with_capacity(source.text.len() / 3 + 4),
        shaper,
    };
    for (index, span) in source.spans.iter().enumerate() {
        cutter.span(index as u32, span);
    }
    let mut pieces = cutter.pieces;
    tabs::set(source, &mut pieces, shaper);
    pieces
}

/// The embedding level of each byte; `None` when all of the text runs left to right.
fn levels(text: &str, base: u8) -> Option<Vec<Level>> {
    // Everything before Hebrew in Unicode is left to right or neutral, and in UTF-8 has no lead byte above 0xD6.
    if base == 0 && text.bytes().all(|byte| byte < 0xD6) {
        return None;
    }
    let level = if base == 1 { Level::rtl() } else { Level::ltr() };
    Some(BidiInfo::new(text, Some(level)).levels)
}

struct Cutter<'t, 's, 'f, B: Iterator<Item = Opportunity>> {
    text: &'t str,
    levels: Option<&'t [Level]>,
    base: u8,
    breaks: std::iter::Peekable<B>,
    /// Where notes are called.
    calls: Vec<u32>,
    /// Where the text of this style ends.
    span_end: usize,
    /// Whether lines may end within the words of this style.
    breaks_words: bool,
    /// The script of the last letter; digits and punctuation belong to it.
    script: Script,
    pieces: Vec<Piece>,
    shaper: &'s mut Shaper<'f>,
}

/// A word or space being collected.
#[derive(Clone, Copy)]
struct Open {
    start: usize,
    space: bool,
    face: FaceId,
    script: Script,
    level: u8,
}

impl<'t, B: Iterator<Item = Opportunity>> Cutter<'t, '_, '_, B> {
    fn span(&mut self, index: u32, span: &Span<'_>) {
        let (start, end) = (span.start as usize, span.end as usize);
        self.breaks_words = matches!(span.content, Content::Text { style, .. } if style.breaks_words());
        match span.content {
            Content::Text { style, .. } => self.text(index, start, end, style),
            Content::Open { shape, starts: true } => self.edge(index, start, shape, Edge::Start),
            Content::Open { .. } => {}
            Content::Close { shape } => self.edge(index, start, shape, Edge::End),
            // What begins anew behind it, isolates and the like, is nothing to set.
            Content::Break => self.push(index, start, end.min(start + 1), Kind::Newline, self.base, 0.0, true),
            Content::Atom { width, .. } => {
                let level = self.level(start);
                self.push(index, start, end, Kind::Atom, level, width, true);
            }
            Content::Leader { pattern, style } => {
                // At least one pattern shows. Like a tab it stands at the base level, so that what follows it goes
                // to the end side of the line, and it never parts from what follows.
                let width = pattern_width(self.shaper, pattern, style);
                self.push(index, start, end, Kind::Leader, self.base, width, false);
                if let [.., before, _] = self.pieces.as_mut_slice()
                    && before.after == Break::Never
                {
                    before.after = Break::Allowed;
                }
            }
        }
    }

    /// The start of a box stays with what follows, its end with what stands before, and so does the break after that.
    fn edge(&mut self, span: u32, at: usize, shape: &InlineBox, edge: Edge) {
        let Some(width) = shape.edge(edge) else { return };
        let beside = match edge {
            Edge::Start if at < self.text.len() => self.level(at),
            Edge::End if at > 0 => self.level(at - 1),
            _ => self.base,
        };
        // The edge stands on the side that the box's own direction says, whatever its letters do.
        let is_rtl = shape.direction == Direction::Rtl;
        let level = if (beside & 1 == 1) == is_rtl { beside } else { beside.saturating_sub(1).max(u8::from(is_rtl)) };
        let after = match self.pieces.last_mut() {
            Some(last) if edge == Edge::End && last.after == Break::Allowed => {
                std::mem::replace(&mut last.after, Break::Never)
            }
            _ => Break::Never,
        };
        let (start, opens) = (at as u32, false);
        self.pieces.push(Piece { start, end: start, span, kind: Kind::Edge, level, after, opens, width });
    }

    fn text(&mut self, index: u32, start: usize, end: usize, style: &TextStyle) {
        let chain = self.shaper.chain(style);
        self.span_end = end;
        let mut open: Option<Open> = None;
        for (offset, character) in self.text[start..end].char_indices() {
            let at = start + offset;
            let level = self.level(at);
            let is_space = matches!(character, ' ' | '\u{A0}');
            // What stands within this piece was passed by; it must not hide the break that is here.
            while self.breaks.next_if(|(position, _)| *position < at).is_some() {}
            // Words that lines may end in are shaped whole all the same.
            let is_within = self.breaks_words && is_within_word(self.text, at);
            let broken = !is_within && self.breaks.peek().is_some_and(|(position, _)| *position == at)
                || parts_wide(self.text, at, character);
            if character == '\n' {
                self.close(index, open.take(), at, style);
                self.push(index, at, at + 1, Kind::Newline, self.base, 0.0, true);
                continue;
            }
            let (script, face) = self.script_and_face(chain, at, character, open.as_ref());
            let same = open.is_some_and(|open| {
                let may_cut = || !needs_no_glyph(character) && is_boundary(self.text, at);
                let long = at - open.start >= LONGEST_PIECE && may_cut();
                let word = !broken && !is_space && !open.space && !long;
                word && open.level == level && open.face == face && open.script == script
            });
            if !same {
                self.close(index, open.take(), at, style);
                open = Some(Open { start: at, space: is_space, face, script, level });
            }
        }
        self.close(index, open, end, style);
    }

    fn level(&self, at: usize) -> u8 {
        self.levels.map_or(self.base, |levels| levels[at].number())
    }

    /// The script and face of a character: marks and invisible characters stay with what they follow. A space is one of
    /// the style's own, for the letters around it, whatever sign or code stands before it.
    fn script_and_face(&mut self, chain: ChainId, at: usize, character: char, open: Option<&Open>) -> (Script, FaceId) {
        if matches!(character, ' ' | '\u{A0}') {
            return (self.script, self.shaper.face(chain, self.script, ' '));
        }
        let own = script_of(character);
        if let Some(open) = open {
            let follows =
                needs_no_glyph(character) || (own == Script::Inherited && self.shaper.face_has(open.face, character));
            // What a joiner joins is one sign of one face.
            let joined = self.text[..at].ends_with('\u{200D}') && self.shaper.face_has(open.face, character);
            if follows || joined {
                return (open.script, open.face);
            }
        }
        if begins_emoji(&self.text[at + character.len_utf8()..])
            && let Some(face) = self.shaper.emoji_face(chain)
            && self.shaper.face_has(face, character)
        {
            return (self.script, face);
        }
        let script = match own {
            Script::Common | Script::Inherited | Script::Unknown => self.script,
            letter => {
                self.script = letter;
                letter
            }
        };
        // One that joins or parts letters is shaped with those that follow it, where none of its style stand before it.
        if is_joiner(character)
            && open.is_none()
            && let Some((offset, next)) =
                self.text[at..self.span_end].char_indices().find(|(_, next)| !needs_no_glyph(*next))
            && script_of(next) != Script::Inherited
        {
            return self.script_and_face(chain, at + offset, next, None);
        }
        if needs_no_glyph(character) {
            let face = match self.pieces.last().map(|piece| piece.kind) {
                Some(Kind::Word { run, .. } | Kind::Space { run, .. }) => self.shaper.run_face(run),
                _ => self.shaper.first_face(chain),
            };
            if self.shaper.face_has(face, ' ') {
                return (script, face);
            }
        }
        (script, self.shaper.face(chain, script, character))
    }

    /// Shapes what was collected and pushes it.
    fn close(&mut self, index: u32, open: Option<Open>, end: usize, style: &TextStyle) {
        let Some(open) = open else { return };
        let text = &self.text[open.start..end];
        let run = self.shaper.run(open.face, open.level & 1 == 1, open.script, style);
        let (before, after) = if is_joining(open.script) { self.joins(open.start, end) } else { ("", "") };
        let word = self.shaper.word(run, text, before, after);
        let mut width = self.shaper.advance(word) * style.size;
        if is_double_blank(self.text, end) && self.shaper.glyphs(word).last().is_some_and(|last| last.advance > 0.9) {
            width -= style.size / 2.0;
        }
        if style.letter_spacing != 0.0 && !is_joining(open.script) {
            width += style.letter_spacing * clusters(self.shaper, word) as f32;
        }
        let kind = if open.space {
            width += style.word_spacing;
            let collapsible =
                matches!(style.white_space, WhiteSpace::Normal | WhiteSpace::Nowrap | WhiteSpace::PreLine);
            Kind::Space { run, word, collapsible }
        } else {
            Kind::Word { run, word }
        };
        let wraps = style.white_space.wraps() && (style.hyphens != Hyphens::None || !text.ends_with(SOFT_HYPHEN));
        // Where letters of words meet the line ends at spaces and punctuation alone.
        let is_kept = style.keep_all && !self.breaks_words && joins_letters(self.text, end);
        self.push(index, open.start, end, kind, open.level, width, wraps && !is_kept);
    }

    /// The letters just outside a word that it joins to, where a change of style cuts through it.
    fn joins(&self, start: usize, end: usize) -> (&'t str, &'t str) {
        let (head, tail) = (&self.text[..start], &self.text[end..]);
        let joins = |character: char| is_joining(script_of(character)) || character == '\u{200D}';
        let before = head.char_indices().next_back().filter(|(_, c)| joins(*c)).map_or("", |(at, _)| &head[at..]);
        let after = tail.chars().next().filter(|c| joins(*c)).map_or("", |c| &tail[..c.len_utf8()]);
        (before, after)
    }

    #[expect(clippy::too_many_arguments, reason = "the fields of a piece, once")]
    fn push(&mut self, span: u32, start: usize, end: usize, kind: Kind, level: u8, width: f32, wraps: bool) {
        while self.breaks.peek().is_some_and(|(position, _)| *position < end) {
            self.breaks.next();
        }
        let after = match self.breaks.peek() {
            // The end of the text is always a break; it needs no mark.
            Some((position, _)) if *position != end || end == self.text.len() && kind != Kind::Newline => Break::Never,
            Some((_, BreakOpportunity::Mandatory)) => Break::Forced,
            _ if matches!(kind, Kind::Word { .. }) && self.calls.binary_search(&(end as u32)).is_ok() => Break::Never,
            Some((_, BreakOpportunity::Allowed)) if wraps && (self.breaks_words || !misleads(self.text, end)) => {
                Break::Allowed
            }
            _ => Break::Never,
        };
        let opens = gap_between(self.text, end);
        self.pieces.push(Piece { start: start as u32, end: end as u32, span, kind, level, after, opens, width });
    }
}

/// Whether a piece ends within wide text though no line may: so that justification reaches there, and blanks are seen.
fn parts_wide(text: &str, at: usize, character: char) -> bool {
    character >= FIRST_WIDE && (gap_between(text, at) || is_double_blank(text, at))
}

/// Whether a place is between two letters or digits, be they with marks, that are parts of one word, as ideographs are not.
pub(super) fn is_within_word(text: &str, at: usize) -> bool {
    let (before, after) = text.split_at(at);
    let is_part = |character: char| character < FIRST_WIDE && character.is_alphanumeric();
    after.starts_with(is_part) && before.trim_end_matches(is_mark).ends_with(is_part)
}

/// Whether both sides of a place are letters or digits, of whatever script.
fn joins_letters(text: &str, at: usize) -> bool {
    let (before, after) = text.split_at(at);
    before.ends_with(char::is_alphanumeric) && after.starts_with(char::is_alphanumeric)
}

/// Zero width joiner and non-joiner.
fn is_joiner(character: char) -> bool {
    matches!(character, '\u{200C}' | '\u{200D}')
}

/// Whether what follows a character makes it the first of a sequence that is one sign (UTS 51, 1.4): a shade of skin, a
/// keycap, the wish for a picture, another picture joined to it.
fn begins_emoji(rest: &str) -> bool {
    let mut rest = rest.chars();
    match rest.next() {
        Some('\u{1F3FB}'..='\u{1F3FF}' | '\u{FE0F}' | '\u{20E3}') => true,
        Some('\u{200D}') => matches!(rest.next(), Some('\u{2190}'..='\u{2BFF}' | '\u{1F000}'..='\u{1FAFF}')),
        _ => false,
    }
}

/// The number of clusters of a word: letter spacing follows each.
pub(super) fn clusters(shaper: &Shaper<'_>, word: WordId) -> usize {
    let glyphs = shaper.glyphs(word);
    glyphs.iter().zip(glyphs.iter().skip(1)).filter(|(a, b)| a.start != b.start).count()
        + usize::from(!glyphs.is_empty())
}

/// The width of a leader's pattern in points.
pub(super) fn pattern_width(shaper: &mut Shaper<'_>, pattern: &str, style: &TextStyle) -> f32 {
    let (_, word) = single_word(shaper, pattern, false, style);
    shaper.advance(word) * style.size
}

/// A short text of our own (a hyphen, a leader's pattern) as one word in the style's first face that has it.
pub(super) fn single_word(shaper: &mut Shaper<'_>, text: &str, rtl: bool, style: &TextStyle) -> (RunId, WordId) {
    let chain = shaper.chain(style);
    let first = text.chars().find(|c| !needs_no_glyph(*c)).unwrap_or('.');
    let script = Script::Latin;
    let face = shaper.face(chain, script, first);
    let run = shaper.run(face, rtl, script, style);
    (run, shaper.word(run, text, "", ""))
}

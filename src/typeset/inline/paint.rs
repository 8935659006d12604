//! From the parts of a line, in visual order, to fragments.

use std::sync::Arc;

use crate::typeset::display::{Glyph, GlyphRun, SEEN_AS_SPACE, TagId};
use crate::typeset::fonts::FaceId;
use crate::typeset::shape::{RunId, WordId, is_joining, script_of};

use super::boxes::OnLine;
use super::collapse::Content;
use super::cutting::Cutting;
use super::line::{Part, PartKind};
use super::pieces::single_word;
use super::{AtomAlign, Fragment, TextStyle, decoration};

/// Walks along a line and puts down fragments. Neighbouring parts of one span and face become one glyph run.
pub(super) struct Painter<'l, 'a, 'f> {
    cutting: &'l mut Cutting<'a, 'f>,
    x: f32,
    extents: (f32, f32),
    run: Option<OpenRun<'a>>,
    /// Inline backgrounds lie behind everything else of the line.
    behind: &'l mut Vec<Fragment>,
    room: &'l mut PainterRoom,
}

/// Room that the lines of a paragraph take turns in.
#[derive(Default)]
pub(super) struct PainterRoom {
    /// Of the open run.
    glyphs: Vec<Glyph>,
    /// See `glyphs`.
    offsets: Vec<(f32, f32)>,
    /// Each with where it starts in the text: painted in logical order, it is read in that order.
    front: Vec<(u32, Fragment)>,
}

struct OpenRun<'a> {
    span: u32,
    face: FaceId,
    start: u32,
    rtl: bool,
    parted: bool,
    x: f32,
    width: f32,
    style: &'a TextStyle,
    tag: Option<TagId>,
    link: Option<u32>,
}

impl<'l, 'a, 'f> Painter<'l, 'a, 'f> {
    /// A painter that begins at `x`, on a line that reaches so far above and below its baseline.
    pub(super) fn new(
        cutting: &'l mut Cutting<'a, 'f>,
        x: f32,
        extents: (f32, f32),
        fragments: &'l mut Vec<Fragment>,
        room: &'l mut PainterRoom,
    ) -> Self {
        Self { cutting, x, extents, run: None, behind: fragments, room }
    }

    pub(super) fn paint(mut self, parts: &[Part]) {
        let mut boxes = OnLine::default();
        let boxed = !self.cutting.source.boxes.is_empty();
        for part in parts {
            if boxed && !matches!(part.kind, PartKind::Trailing { .. }) {
                boxes.pass(self.cutting.source, part.span, self.x, part.width);
            }
            match part.kind {
                PartKind::Text { run, word } => self.text(part, run, word, Extra::Spacing),
                PartKind::Trailing { run, word } => self.text(part, run, word, Extra::NoWidth),
                PartKind::Hyphen { run, word } => self.text(part, run, word, Extra::NoText),
                PartKind::Atom => self.atom(part),
                PartKind::Leader => self.leader(part),
                PartKind::Edge => self.close(),
            }
            self.x += part.width;
        }
        self.close();
        boxes.strips(self.cutting.source, self.cutting.shaper.fonts(), self.behind);
        self.room.front.sort_by_key(|(start, _)| *start);
        // Whole books are kept as lines: no line is larger than what stands on it.
        self.behind.reserve_exact(self.room.front.len());
        self.behind.extend(self.room.front.drain(..).map(|(_, fragment)| fragment));
    }

    fn text(&mut self, part: &Part, run: RunId, word: WordId, extra: Extra) {
        let Content::Text { style, tag, link } = self.cutting.source.spans[part.span as usize].content else { return };
        let (face, rtl) = (self.cutting.shaper.run_face(run), part.level & 1 == 1);
        let fits = |open: &OpenRun<'_>| open.span == part.span && open.face == face && open.rtl == rtl;
        if !self.run.as_ref().is_some_and(fits) {
            self.close();
            let (span, start, x) = (part.span, part.start, self.x);
            self.run = Some(OpenRun { span, face, start, rtl, parted: false, x, width: 0.0, style, tag, link });
        }
        let spacing = self.cutting.letter_spacing(run, style);
        let Some(open) = &mut self.run else { return };
        open.start = open.start.min(part.start);
        let words = self.cutting.shaper.glyphs(word);
        let mut painted = 0.0;
        for (index, glyph) in words.iter().enumerate() {
            let ends_cluster = words.get(index + 1).is_none_or(|next| next.start != glyph.start);
            let (mut advance, mut start, mut end) = (glyph.advance * style.size, glyph.start, glyph.end);
            match extra {
                Extra::NoWidth => advance = 0.0,
                Extra::NoText => (start, end) = (0, 0),
                Extra::Spacing if ends_cluster => advance += spacing,
                Extra::Spacing => {}
            }
            painted += advance;
            self.room.glyphs.push(Glyph {
                id: glyph.id,
                advance,
                text_start: part.start + start,
                text_end: part.start + end,
            });
            self.room.offsets.push((glyph.x_offset * style.size, glyph.y_offset * style.size));
        }
        // Justification and word spacing made the part wider than its glyphs: that goes after the last one.
        let wider = part.width - painted;
        if let Some(last) = self.room.glyphs.last_mut() {
            last.advance += wider;
        }
        let is_space = || self.cutting.source.text[part.start as usize..].starts_with([' ', '\u{A0}']);
        open.parted |= spacing.max(wider) > style.size * SEEN_AS_SPACE && !is_space();
        open.width += part.width;
    }

    fn atom(&mut self, part: &Part) {
        self.close();
        if let Content::Atom { ascent, descent, align, id, .. } = self.cutting.source.spans[part.span as usize].content
        {
            let (above, below) = self.extents;
            let (ascent, descent) = match align {
                AtomAlign::Baseline => (ascent, descent),
                AtomAlign::Top => (above, ascent + descent - above),
                AtomAlign::Bottom => (ascent + descent - below, below),
            };
            let fragment = Fragment::Atom { x: self.x, width: part.width, ascent, descent, id };
            self.room.front.push((part.start, fragment));
        }
    }

    /// Repeats a leader's pattern at whole multiples of its width, so that dots stand below dots.
    fn leader(&mut self, part: &Part) {
        self.close();
        let Content::Leader { pattern, style } = self.cutting.source.spans[part.span as usize].content else { return };
        let (run, word) = single_word(self.cutting.shaper, pattern, part.level & 1 == 1, style);
        let step = self.cutting.shaper.advance(word) * style.size;
        if step <= 0.0 {
            return;
        }
        let first = (self.x / step - 1e-3).ceil();
        let count = ((self.x + part.width) / step + 1e-3).floor() - first;
        if count < 1.0 {
            return;
        }
        let (mut glyphs, mut offsets) = (Vec::new(), Vec::new());
        for _ in 0..count as usize {
            let own = self.cutting.shaper.glyphs(word).iter();
            offsets.extend(own.map(|glyph| (glyph.x_offset * style.size, glyph.y_offset * style.size)));
            glyphs.extend(self.cutting.shaper.glyphs(word).iter().map(|glyph| Glyph {
                id: glyph.id,
                advance: glyph.advance * style.size,
                text_start: glyph.start,
                text_end: glyph.end,
            }));
        }
        let run = GlyphRun {
            face: self.cutting.shaper.run_face(run),
            size: style.size,
            color: style.color,
            text: Arc::clone(pattern),
            glyphs,
            offsets: without_nothing(&offsets),
            rtl: part.level & 1 == 1,
            parted: false,
            slanted: false,
            language: Arc::clone(&style.language),
        };
        let (x, width) = (first * step, count * step);
        let fragment = Fragment::Glyphs { x, width, raise: style.baseline_shift, run, tag: None, link: None };
        self.room.front.push((part.start, fragment));
    }

    /// Puts down the open run and what decorates it.
    fn close(&mut self) {
        let Some(open) = self.run.take() else { return };
        let OpenRun { x, width, style, .. } = open;
        let raise = style.baseline_shift;
        let run = GlyphRun {
            face: open.face,
            size: style.size,
            color: style.color,
            text: Arc::clone(&self.cutting.source.text),
            glyphs: self.room.glyphs.as_slice().to_vec(),
            offsets: without_nothing(&self.room.offsets),
            rtl: open.rtl,
            parted: open.parted,
            slanted: self.is_slanted(&open),
            language: Arc::clone(&style.language),
        };
        self.room.glyphs.clear();
        self.room.offsets.clear();
        let fragment = Fragment::Glyphs { x, width, raise, run, tag: open.tag, link: open.link };
        self.room.front.push((open.start, fragment));
        self.decorate(open.start, x, width, style);
    }

    /// Whether a run is slanted, because its style is and its face is not (CSS Fonts 4, 7.1). Signs are not, nor are scripts
    /// whose letters join: they know no italics.
    fn is_slanted(&self, open: &OpenRun<'_>) -> bool {
        let upright = || self.cutting.shaper.fonts().face(open.face).is_some_and(|face| !face.italic);
        if !open.style.italic || !open.style.slants || !upright() {
            return false;
        }
        let text = &self.cutting.source.text;
        let ranges =
            self.room.glyphs.iter().filter_map(|glyph| text.get(glyph.text_start as usize..glyph.text_end as usize));
        let mut letters = ranges.flat_map(str::chars).filter(|sign| sign.is_alphanumeric()).peekable();
        letters.peek().is_some() && letters.all(|letter| !is_joining(script_of(letter)))
    }

    fn decorate(&mut self, start: u32, x: f32, width: f32, style: &TextStyle) {
        // Nothing runs under text that is not seen.
        if width <= 0.0 || style.color.a == 0 {
            return;
        }
        for lines in style.decorations.iter() {
            // The first face of the box decides, so that a line under fallback glyphs does not jump.
            let Some(face) = self.cutting.shaper.fonts().first(&lines.families, lines.weight, lines.italic) else {
                continue;
            };
            let color = lines.color;
            for (x, width, top, height) in decoration::strips(lines, face, x, width) {
                self.room.front.push((start, Fragment::Strip { x, width, top, height, color }));
            }
        }
    }
}

/// The offsets of a run, unless nothing in it is moved.
fn without_nothing(offsets: &[(f32, f32)]) -> Vec<(f32, f32)> {
    let moves = offsets.iter().any(|(x, y)| *x != 0.0 || *y != 0.0);
    if moves { offsets.to_vec() } else { Vec::new() }
}

/// How the glyphs of a part differ from those of its word.
#[derive(Clone, Copy)]
enum Extra {
    /// Letter spacing follows each cluster.
    Spacing,
    /// The spaces at the end of a line take no room.
    NoWidth,
    /// A hyphen of our own stands for nothing in the text.
    NoText,
}

//! White space processing: the inline content of a paragraph as one text (CSS Text 3, 4.1).

use std::sync::Arc;

use unicode_script::{Script, UnicodeScript};

use crate::typeset::display::TagId;

use super::tabs::Tab;
use super::{AtomAlign, Fragment, Inline, InlineBox, Paragraph, TextStyle, WhiteSpace};

/// Stands in the text for an atom or a leader.
const OBJECT: char = '\u{FFFC}';

/// The text of a paragraph after white space processing, and what each part of it is.
pub(super) struct Source<'p> {
    /// Forced breaks are line feeds, atoms and leaders U+FFFC.
    pub(super) text: Arc<str>,
    /// In order, without gaps.
    pub(super) spans: Vec<Span<'p>>,
    /// Inline boxes, outer ones before those in them.
    pub(super) boxes: Vec<SourceBox<'p>>,
    /// Where in the text anchors stand and notes are called.
    pub(super) marks: Vec<(u32, Mark)>,
    /// The preserved tabs, in order.
    pub(super) tabs: Vec<Tab>,
    pub(super) paragraph: &'p Paragraph,
}

/// What stands at a place in the text and is not seen.
pub(super) enum Mark {
    Anchor(Arc<str>),
    Note(u32),
    Float(u32),
}

impl Mark {
    /// What it leaves on its line.
    pub(super) fn fragment(&self) -> Fragment {
        match self {
            Self::Anchor(name) => Fragment::Anchor(Arc::clone(name)),
            Self::Note(note) => Fragment::Note(*note),
            Self::Float(float) => Fragment::Float(*float),
        }
    }
}

/// A stretch of the text that came from one item.
#[derive(Clone, Copy)]
pub(super) struct Span<'p> {
    pub(super) start: u32,
    pub(super) end: u32,
    /// The innermost box around it: index in [`Source::boxes`], from 1; 0 is none.
    pub(super) inside: u32,
    pub(super) content: Content<'p>,
}

/// An inline box that is seen.
pub(super) struct SourceBox<'p> {
    pub(super) shape: &'p InlineBox,
    /// The box around it, as [`Span::inside`] tells it.
    pub(super) parent: u32,
}

/// What a span is.
#[derive(Clone, Copy)]
pub(super) enum Content<'p> {
    Text {
        style: &'p Arc<TextStyle>,
        tag: Option<TagId>,
        link: Option<u32>,
    },
    Atom {
        width: f32,
        ascent: f32,
        descent: f32,
        align: AtomAlign,
        id: u32,
    },
    Leader {
        pattern: &'p Arc<str>,
        style: &'p Arc<TextStyle>,
    },
    /// Where a box starts or ends; no text.
    Open {
        shape: &'p Arc<InlineBox>,
        starts: bool,
    },
    Close {
        shape: &'p Arc<InlineBox>,
    },
    Break,
}

/// Collapses the white space of a paragraph's content.
pub(super) fn collapse(paragraph: &Paragraph) -> Source<'_> {
    let mut collapser = Collapser {
        text: String::new(),
        state: After::LineStart,
        column: 0,
        break_at: None,
        shortest: 0,
        open: Vec::new(),
        tabs: Vec::new(),
    };
    let mut spans: Vec<Span<'_>> = Vec::with_capacity(paragraph.content.len());
    let mut marks = Vec::new();
    let (mut boxes, mut open): (Vec<SourceBox<'_>>, Vec<(u32, &Arc<InlineBox>)>) = (Vec::new(), Vec::new());
    for item in &paragraph.content {
        collapser.shortest = collapser.text.len();
        let mut inside = open.last().map_or(0, |(own, _)| *own);
        let content = match item {
            Inline::Text { text, style, tag, link } => {
                collapser.text(text, style.white_space, style.tab_size);
                Content::Text { style, tag: *tag, link: *link }
            }
            Inline::Atom { width, ascent, descent, align, id } => {
                collapser.visible(OBJECT);
                Content::Atom { width: *width, ascent: *ascent, descent: *descent, align: *align, id: *id }
            }
            Inline::Leader { pattern, style } => {
                collapser.visible(OBJECT);
                Content::Leader { pattern, style }
            }
            Inline::Open { shape, starts } => {
                boxes.push(SourceBox { shape, parent: inside });
                inside = boxes.len() as u32;
                open.push((inside, shape));
                Content::Open { shape, starts: *starts }
            }
            Inline::Close => match open.pop() {
                Some((_, shape)) => Content::Close { shape },
                // It was opened in another paragraph, which a block parted from this.
                None => continue,
            },
            Inline::Break => {
                collapser.forced_break();
                Content::Break
            }
            Inline::Anchor(name) => {
                marks.push((collapser.text.len() as u32, Mark::Anchor(Arc::clone(name))));
                continue;
            }
            Inline::Note(note) => {
                marks.push((collapser.text.len() as u32, Mark::Note(*note)));
                continue;
            }
            Inline::Float(float) => {
                marks.push((collapser.text.len() as u32, Mark::Float(*float)));
                continue;
            }
        };
        // A span starts where a space before it was taken back.
        let start = collapser.shortest as u32;
        spans.push(Span { start, end: collapser.text.len() as u32, inside, content });
    }
    if !paragraph.goes_on {
        collapser.trim_end();
    }
    collapser.trim_controls();
    settle(&mut spans, collapser.text.len() as u32);
    let end = collapser.text.len() as u32;
    for (offset, _) in &mut marks {
        *offset = end.min(*offset);
    }
    Source { text: collapser.text.into(), spans, boxes, marks, tabs: collapser.tabs, paragraph }
}

/// A space that was taken back shortens the span it was in: a span ends where the next one starts.
fn settle(spans: &mut Vec<Span<'_>>, length: u32) {
    let mut limit = length;
    for span in spans.iter_mut().rev() {
        span.start = span.start.min(limit);
        span.end = limit;
        limit = span.start;
    }
    spans.retain(|span| span.start < span.end || matches!(span.content, Content::Open { .. } | Content::Close { .. }));
}

/// What stands before the next character.
#[derive(Clone, Copy, PartialEq, Eq)]
enum After {
    LineStart,
    /// A space that more spaces collapse into.
    Space,
    Other,
}

struct Collapser {
    text: String,
    state: After,
    /// Characters since the last forced break, for tabs.
    column: usize,
    /// Where a space stands that came from a line break in the source.
    break_at: Option<usize>,
    /// The least length the text had since the last span began.
    shortest: usize,
    /// The controls that began the isolates, embeddings and overrides in which the text stands.
    open: Vec<char>,
    tabs: Vec<Tab>,
}

impl Collapser {
    fn text(&mut self, text: &str, white_space: WhiteSpace, tab_size: u8) {
        let mut rest = text;
        while !rest.is_empty() {
            let length = rest.bytes().position(|byte| byte <= b' ' || byte == 0x7f).unwrap_or(rest.len());
            let (plain, tail) = rest.split_at(length);
            self.plain(plain);
            let mut chars = tail.chars();
            if let Some(control) = chars.next() {
                let newline_follows = chars.as_str().starts_with('\n');
                match control {
                    '\r' if newline_follows => {}
                    '\n' | '\r' => self.newline(white_space),
                    '\t' | ' ' | '\x0c' => self.space(control, white_space, tab_size),
                    // Other control characters have no meaning in text.
                    _ => {}
                }
            }
            rest = chars.as_str();
        }
    }

    fn plain(&mut self, text: &str) {
        let Some(first) = text.chars().next() else { return };
        self.resolve_break(first);
        self.note_controls(text);
        self.text.push_str(text);
        self.state = After::Other;
        // Only preserved tabs ask for the column, and those stand in short lines.
        self.column += text.chars().count();
    }

    /// Notes which isolates, embeddings and overrides begin and end in a text (UAX 9, X2 to X7).
    fn note_controls(&mut self, text: &str) {
        // They all begin with this byte.
        if !text.as_bytes().contains(&0xE2) {
            return;
        }
        let begins_isolate = |open: &char| matches!(open, '\u{2066}'..='\u{2068}');
        for character in text.chars() {
            match character {
                '\u{202A}' | '\u{202B}' | '\u{202D}' | '\u{202E}' | '\u{2066}'..='\u{2068}' => {
                    self.open.push(character);
                }
                '\u{202C}' => drop(self.open.pop_if(|open| !begins_isolate(open))),
                '\u{2069}' => {
                    if let Some(at) = self.open.iter().rposition(begins_isolate) {
                        self.open.truncate(at);
                    }
                }
                _ => {}
            }
        }
    }

    fn visible(&mut self, character: char) {
        self.resolve_break(character);
        self.text.push(character);
        self.column += 1;
        self.state = After::Other;
    }

    fn space(&mut self, character: char, white_space: WhiteSpace, tab_size: u8) {
        if matches!(white_space, WhiteSpace::Pre | WhiteSpace::PreWrap) {
            let count = match (character, usize::from(tab_size)) {
                ('\t', 0) => 0,
                ('\t', size) => size - self.column % size,
                _ => 1,
            };
            if character == '\t' && count > 0 {
                self.tabs.push(Tab { start: self.text.len() as u32, count: count as u32, size: tab_size });
            }
            self.text.extend(std::iter::repeat_n(' ', count));
            self.column += count;
            self.state = After::Other;
        } else if self.state == After::Other {
            self.text.push(' ');
            self.column += 1;
            self.state = After::Space;
        }
    }

    fn newline(&mut self, white_space: WhiteSpace) {
        if matches!(white_space, WhiteSpace::Normal | WhiteSpace::Nowrap) {
            self.space(' ', white_space, 0);
            if self.state == After::Space {
                self.break_at = Some(self.text.len() - 1);
            }
        } else {
            self.forced_break();
        }
    }

    /// Ends the line, and with it all that UAX 9 ends with a paragraph: it begins anew behind it (CSS Writing Modes 4, 2.4.2).
    fn forced_break(&mut self) {
        self.trim_end();
        self.text.push('\n');
        self.text.extend(&self.open);
        self.column = 0;
        self.state = After::LineStart;
    }

    /// Collapsible space at the end of a line goes.
    fn trim_end(&mut self) {
        if self.state == After::Space {
            self.text.pop();
            self.shortest = self.shortest.min(self.text.len());
        }
        self.break_at = None;
    }

    /// Controls alone make no line behind the last forced break.
    fn trim_controls(&mut self) {
        let control = |character: char| matches!(character, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
        let kept = self.text.trim_end_matches(control);
        if kept.ends_with('\n') {
            self.text.truncate(kept.len());
        }
    }

    /// A line break in the source between two characters that are written without spaces is nothing (4.1.3).
    fn resolve_break(&mut self, next: char) {
        let Some(at) = self.break_at.take() else { return };
        let before = self.text[..at].chars().next_back();
        if at + 1 == self.text.len() && before.is_some_and(|before| joins(before, next)) {
            self.text.truncate(at);
            self.shortest = self.shortest.min(at);
        }
    }
}

fn joins(before: char, next: char) -> bool {
    let zero_width = '\u{200B}';
    before == zero_width || next == zero_width || (unspaced(before) && unspaced(next))
}

fn unspaced(character: char) -> bool {
    let script = character.script();
    matches!(script, Script::Han | Script::Hiragana | Script::Katakana | Script::Bopomofo | Script::Yi)
        || matches!(character, '\u{3000}'..='\u{303F}' | '\u{FF00}'..='\u{FFEF}')
}

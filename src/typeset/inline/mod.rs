//! Inline formatting: styled text and boxes in, lines out (CSS Inline Layout, CSS Text).
//!
//! `block` builds a [`Paragraph`] for each run of inline content; [`layout`] shapes it, breaks it into lines, reorders
//! each line by UAX 9 and justifies it. Lengths are points.

mod addresses;
mod balance;
mod beside;
#[cfg(test)]
mod box_tests;
mod boxes;
#[cfg(test)]
mod break_tests;
mod breaks;
mod collapse;
mod cutting;
mod decoration;
mod first_line;
mod fit;
mod ideographs;
mod line;
mod need;
#[cfg(test)]
mod need_tests;
mod opportunities;
mod order;
mod paint;
mod pieces;
mod quotes;
mod search;
#[cfg(test)]
mod tab_tests;
mod tabs;
#[cfg(test)]
pub(super) mod tests;
mod vertical;

use std::sync::Arc;

use super::display::{Color, GlyphRun, TagId};
use super::shape::Shaper;
pub use beside::{Surroundings, Verdict, layout_beside};
pub use boxes::InlineBox;
use breaks::Span;
use cutting::Cutting;
pub use decoration::{Decorating, Decoration, LineKind};
use fit::{Beginning, Candidates};
use line::Setter;
pub use need::tightest_width;
use paint::PainterRoom;
use pieces::{Break, Piece};

/// Base direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Direction {
    /// Left to right.
    #[default]
    Ltr,
    /// Right to left.
    Rtl,
}

/// `text-align`, with start and end already resolved against nothing: `layout` knows the direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Align {
    /// Where lines start.
    #[default]
    Start,
    /// Where lines end.
    End,
    /// To the left.
    Left,
    /// To the right.
    Right,
    /// In the middle.
    Center,
    /// To both edges; the last line to the start.
    Justify,
}

/// `white-space`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum WhiteSpace {
    /// White space collapses, lines wrap.
    #[default]
    Normal,
    /// White space collapses, lines do not wrap.
    Nowrap,
    /// White space stays, lines end where the source has line feeds.
    Pre,
    /// White space stays, lines wrap.
    PreWrap,
    /// White space collapses, line feeds stay, lines wrap.
    PreLine,
}

impl WhiteSpace {
    /// Whether lines may end where the source has no forced break.
    pub(super) fn wraps(self) -> bool {
        matches!(self, Self::Normal | Self::PreWrap | Self::PreLine)
    }
}

/// `hyphens`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Hyphens {
    /// Nowhere, not even at soft hyphens.
    None,
    /// At soft hyphens, and nowhere else for whatever reason: what programs read.
    Soft,
    /// At soft hyphens; by the patterns of the language only where a word is wider than its line.
    #[default]
    Manual,
    /// There, and by the patterns of the language.
    Auto,
}

/// `line-break`: what lines may end beside, where text is written without spaces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum LineBreak {
    /// As `strict`.
    #[default]
    Auto,
    /// No line begins with small kana or the mark for long vowels.
    Strict,
    /// These may begin lines.
    Normal,
    /// And iteration marks, and in Chinese and Japanese centred punctuation.
    Loose,
    /// Lines end beside any sign.
    Anywhere,
}

/// Where a box that is no text stands on its line (`vertical-align`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum AtomAlign {
    /// By its ascent and descent.
    #[default]
    Baseline,
    /// At the line's upper edge.
    Top,
    /// At its lower edge.
    Bottom,
}

/// `text-wrap`: which lines are chosen of those that are possible.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum TextWrap {
    /// As full as can be, or as even where they are justified.
    #[default]
    Auto,
    /// Few lines are alike in length.
    Balance,
    /// The last line is not a short word alone.
    Pretty,
}

/// Everything that text needs to know to be shaped and painted.
#[derive(Clone, Debug, PartialEq)]
pub struct TextStyle {
    /// `font-family`, in order of preference, lower-cased; generic names included ("serif", "sans-serif", "monospace").
    pub families: Arc<[String]>,
    /// In points.
    pub size: f32,
    /// 100 to 900.
    pub weight: u16,
    /// `font-style: italic` or `oblique`.
    pub italic: bool,
    /// `font-synthesis-style`: whether letters are slanted where the family has no such face.
    pub slants: bool,
    /// Of the glyphs and the lines that decorate them.
    pub color: Color,
    /// BCP 47; decides hyphenation and shaping language.
    pub language: Arc<str>,
    /// In points, after each cluster; scripts that join are left alone.
    pub letter_spacing: f32,
    /// In points, added to each space.
    pub word_spacing: f32,
    /// OpenType features, e.g. ("smcp", 1).
    pub features: Arc<[([u8; 4], u32)]>,
    /// How white space is treated.
    pub white_space: WhiteSpace,
    /// Where words may be hyphenated.
    pub hyphens: Hyphens,
    /// `hyphenate-character`: what is shown at the end of a line within a word, where it is not the font's hyphen.
    pub hyphen: Option<Arc<str>>,
    /// `hyphenate-limit-chars`: of how many letters a word must be at least, and how many must stand before the hyphen and
    /// after it; 0 leaves it to the patterns.
    pub hyphen_limits: [u8; 3],
    /// `text-wrap`, of a block.
    pub wrap: TextWrap,
    /// The lines under, over and through it.
    pub decorations: Arc<[Decorating]>,
    /// `tab-size`: preserved tabs reach to the next multiple of so many characters.
    pub tab_size: u8,
    /// `vertical-align`: how far the baseline is raised, in points.
    pub baseline_shift: f32,
    /// `line-height` in points, where it is not that of the paragraph in proportion to the size.
    pub line_height: Option<f32>,
    /// `overflow-wrap: anywhere` or `break-word`.
    pub break_anywhere: bool,
    /// `word-break: keep-all`: no line ends between ideographs or kana.
    pub keep_all: bool,
    /// `word-break: break-all`: lines end between letters as they do between ideographs.
    pub break_all: bool,
    /// `line-break`.
    pub line_break: LineBreak,
}

impl TextStyle {
    /// Whether lines may end between any two letters, without a hyphen.
    pub(super) fn breaks_words(&self) -> bool {
        self.break_all || self.line_break == LineBreak::Anywhere
    }
}

/// One piece of inline content, in logical order.
#[derive(Clone, Debug, PartialEq)]
pub enum Inline {
    /// Text, white space not yet collapsed; `text-transform` already applied.
    Text {
        /// As the source has it.
        text: Arc<str>,
        /// How it is set.
        style: Arc<TextStyle>,
        /// What it belongs to.
        tag: Option<TagId>,
        /// The caller's link that it is part of.
        link: Option<u32>,
    },
    /// A box that sits on the baseline: a picture, a marker.
    Atom {
        /// In points.
        width: f32,
        /// How far it stands above the baseline.
        ascent: f32,
        /// How far it hangs below.
        descent: f32,
        /// What these are counted from.
        align: AtomAlign,
        /// The caller's.
        id: u32,
    },
    /// `leader(".")`: fills what is left of the line with a repeated pattern.
    Leader {
        /// What is repeated.
        pattern: Arc<str>,
        /// How it is set.
        style: Arc<TextStyle>,
    },
    /// An inline box that is seen begins.
    Open {
        /// What is seen of it.
        shape: Arc<InlineBox>,
        /// Whether its start is here, and not in an earlier part of the paragraph.
        starts: bool,
    },
    /// The innermost box ends.
    Close,
    /// A forced line break.
    Break,
    /// An element's id stands here: a link may lead to it.
    Anchor(Arc<str>),
    /// A footnote, the caller's, is called here; what calls it follows. No line ends between it and a word before it.
    Note(u32),
    /// A float, the caller's, is called here: it stands beside this line or below.
    Float(u32),
}

/// What a paragraph of inline content is laid out with.
#[derive(Clone, Debug, PartialEq)]
pub struct Paragraph {
    /// In logical order.
    pub content: Vec<Inline>,
    /// Base direction.
    pub direction: Direction,
    /// `text-align`.
    pub align: Align,
    /// `text-align-last`, where it was set.
    pub align_last: Option<Align>,
    /// `text-indent` of the first line.
    pub indent: f32,
    /// The height of a line box in points, before anything larger stretches it.
    pub line_height: f32,
    /// The style of the block itself: its font decides the strut.
    pub strut: Arc<TextStyle>,
    /// The content in the styles of a first line that has its own; otherwise empty.
    pub first_line: Vec<Inline>,
    /// Whether its text goes on elsewhere: the space at its end is kept, without width, and parts the words.
    pub goes_on: bool,
}

/// What stands on a line; x counts from the line's left edge.
#[derive(Clone, Debug, PartialEq)]
pub enum Fragment {
    /// Text.
    Glyphs {
        /// The left edge.
        x: f32,
        /// The sum of the advances.
        width: f32,
        /// How far the baseline is lifted (superscripts).
        raise: f32,
        /// The glyphs.
        run: GlyphRun,
        /// What it belongs to.
        tag: Option<TagId>,
        /// The caller's link.
        link: Option<u32>,
    },
    /// An atom; its bottom edge is `descent` below the baseline.
    Atom {
        /// The left edge.
        x: f32,
        /// As it was given.
        width: f32,
        /// How far it stands above the baseline of this line.
        ascent: f32,
        /// How far it hangs below.
        descent: f32,
        /// The caller's.
        id: u32,
    },
    /// A filled strip: underline, strike-through, backgrounds and borders of inline boxes.
    Strip {
        /// The left edge.
        x: f32,
        /// To the right.
        width: f32,
        /// The top edge, counted upwards from the baseline.
        top: f32,
        /// Downwards from there.
        height: f32,
        /// What it is filled with.
        color: Color,
    },
    /// An anchor that was passed on this line.
    Anchor(Arc<str>),
    /// A footnote that is called on this line.
    Note(u32),
    /// A float that is called on this line.
    Float(u32),
}

impl Fragment {
    /// The same so much further to the right.
    pub(crate) fn moved(mut self, by: f32) -> Self {
        match &mut self {
            Self::Glyphs { x, .. } | Self::Atom { x, .. } | Self::Strip { x, .. } => *x += by,
            Self::Anchor(_) | Self::Note(_) | Self::Float(_) => {}
        }
        self
    }
}

/// One line box.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Offset of the line's left edge from the content box's left edge.
    pub x: f32,
    /// The width that was available.
    pub available: f32,
    /// The width that was used, before justification; more than `available` is an overfull line.
    pub natural: f32,
    /// The width of what was too wide for the line and so sticks out, or was cut where nothing allows it; else 0.
    pub crammed: f32,
    /// The word or number that is cut at its end, without a hyphen, for lack of room.
    pub cut: Option<Arc<str>>,
    /// Of the line box.
    pub height: f32,
    /// From the top of the line box down to the baseline.
    pub baseline: f32,
    /// In the order they are painted and read: backgrounds first, text in logical order.
    pub fragments: Vec<Fragment>,
}

/// The room a line may use: both edges are measured from the content box's left edge.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Room {
    /// The left edge.
    pub left: f32,
    /// To the right.
    pub width: f32,
}

/// Lays a paragraph out in lines. `room` is asked once for each line, from the first, and says what is free there.
///
/// A justified paragraph is broken by total fit, any other by first fit. A line whose `natural` width is more than its
/// `available` width is overfull: it held something that cannot be broken. A paragraph without visible content has
/// no line, unless it has anchors: then it has one without height.
pub fn layout(paragraph: &Paragraph, shaper: &mut Shaper<'_>, room: &mut dyn FnMut(usize) -> Room) -> Vec<Line> {
    if !paragraph.first_line.is_empty()
        && let Some(lines) = first_line::lay_out(paragraph, shaper, room)
    {
        return lines;
    }
    let source = collapse::collapse(paragraph);
    let pieces = pieces::cut(&source, paragraph.direction, shaper);
    if pieces.is_empty() {
        return anchors_alone(&source, room);
    }
    let mut cutting = Cutting { source: &source, pieces: &pieces, shaper, indent: paragraph.indent };
    let mut rooms = Vec::new();
    let mut room = |line: usize| {
        while rooms.len() <= line {
            rooms.push(room(rooms.len()));
        }
        // The loop has just seen to it that there are so many.
        rooms[line]
    };
    let wrap = paragraph.strut.wrap;
    let spans = match (paragraph.align, wrap) {
        (Align::Justify, _) => {
            let beginning = Beginning { is_pretty: wrap == TextWrap::Pretty, ..Beginning::default() };
            cutting.total_fit(&mut Candidates::default(), beginning, &mut room)
        }
        (_, TextWrap::Auto) => cutting.first_fit(&mut room),
        (_, TextWrap::Balance) => cutting.balanced(&mut room),
        (_, TextWrap::Pretty) => cutting.pretty(&mut room),
    };
    let marks = source.marks.iter().peekable();
    let mut setter =
        Setter { paragraph, cutting, marks, parts: Vec::new(), room: PainterRoom::default(), cut_word: None };
    spans.iter().enumerate().map(|(index, span)| setter.set(index, span)).collect()
}

fn anchors_alone(source: &collapse::Source<'_>, room: &mut dyn FnMut(usize) -> Room) -> Vec<Line> {
    if source.marks.is_empty() {
        return Vec::new();
    }
    let Room { left, width } = room(0);
    let fragments = source.marks.iter().map(|(_, mark)| mark.fragment()).collect();
    let (natural, crammed, height, baseline) = (0.0, 0.0, 0.0, 0.0);
    vec![Line { x: left, available: width, natural, crammed, cut: None, height, baseline, fragments }]
}

/// The width of a paragraph's widest unbreakable part and the width it has when only forced breaks end its lines
/// (CSS Sizing 3: min-content and max-content), in points. Words count whole: they are neither hyphenated nor broken
/// for lack of room.
pub fn intrinsic_widths(paragraph: &Paragraph, shaper: &mut Shaper<'_>) -> (f32, f32) {
    let source = collapse::collapse(paragraph);
    let pieces = pieces::cut(&source, paragraph.direction, shaper);
    let cutting = Cutting { source: &source, pieces: &pieces, shaper, indent: paragraph.indent };
    let ends = |breaks: &'static [Break]| move |piece: &Piece| breaks.contains(&piece.after);
    let min = widest(&cutting, true, ends(&[Break::Allowed, Break::Forced]));
    (min, widest(&cutting, false, ends(&[Break::Forced])))
}

/// The widest of the parts that end as `ends` says and, where lines end `within` words, there.
fn widest(cutting: &Cutting<'_, '_>, within: bool, ends: impl Fn(&Piece) -> bool) -> f32 {
    let mut widest: f32 = 0.0;
    let (mut width, mut spaces) = (cutting.indent, 0.0);
    for (index, piece) in cutting.pieces.iter().enumerate() {
        if piece.is_space() {
            spaces += piece.width;
        } else {
            width += spaces;
            spaces = 0.0;
            let breaks = if within { cutting.breaks_within(index) } else { Vec::new() };
            let mut from = 0;
            for offset in &breaks {
                widest = widest.max(width + cutting.width_between(index, from, *offset));
                (width, from) = (0.0, *offset);
            }
            width += if from > 0 { cutting.width_between(index, from, piece.end - piece.start) } else { piece.width };
        }
        widest = widest.max(width);
        if ends(piece) {
            (width, spaces) = (0.0, 0.0);
        }
    }
    widest
}

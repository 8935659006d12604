//! The computed style of an element.

use std::sync::Arc;

use super::column_style::ColumnStyle;
use super::content::{ContentItem, StringSet};
use super::counter_style::CounterStyle;
use super::custom;
use super::radius::Radius;
use super::unseen::Unseen;
use super::values::{ColorValue, LengthPercentage, Padding, Size};
use crate::typeset::display::Color;
use crate::typeset::inline::{Align, Decorating, Decoration, Direction, Hyphens, LineBreak, TextWrap, WhiteSpace};

/// Index of a side in `margin`, `padding`, `border`.
pub(crate) const TOP: usize = 0;
pub(crate) const RIGHT: usize = 1;
pub(crate) const BOTTOM: usize = 2;
pub(crate) const LEFT: usize = 3;

/// `display`, as far as it is told apart; the parts of tables come last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Display {
    None,
    Contents,
    Inline,
    InlineBlock,
    Block,
    FlowRoot,
    ListItem,
    Table,
    InlineTable,
    TableHeaderGroup,
    TableRowGroup,
    TableFooterGroup,
    TableRow,
    TableCell,
    TableCaption,
    TableColumn,
    TableColumnGroup,
}

impl Display {
    /// Whether it stands on a line like a letter or a word.
    pub(crate) fn is_inline(self) -> bool {
        matches!(self, Self::Inline | Self::InlineBlock | Self::InlineTable)
    }

    /// Whether it is what only stands in a table (CSS 2.2, 17.2).
    pub(crate) fn is_table_part(self) -> bool {
        self >= Self::TableHeaderGroup
    }
}

/// `line-height`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum LineHeight {
    /// That of HTML's own style sheet, [`LineHeight::UNSAID`], until an author says otherwise.
    Unsaid,
    Normal,
    Number(f32),
    Points(f32),
}

impl LineHeight {
    /// As a share of the font size, where no author says anything.
    pub(crate) const UNSAID: f32 = 1.4;
}

/// `break-before`, `break-after`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Break {
    Auto,
    Avoid,
    Column,
    Page,
    Left,
    Right,
    /// A right-hand page where pages are turned to the left, a left-hand one in right-to-left documents.
    Recto,
    Verso,
}

impl Break {
    /// Whether a page is turned.
    pub(crate) fn turns_page(self) -> bool {
        self > Self::Column
    }
}

/// `float`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Float {
    None,
    Left,
    Right,
    /// Out of the text, to the foot of the page (CSS GCPM 3, 2.1).
    Footnote,
}

impl Float {
    /// Whether it stands at a side, with text beside it.
    pub(crate) fn is_side(self) -> bool {
        matches!(self, Self::Left | Self::Right)
    }
}

/// `footnote-policy` (CSS GCPM 3, 2.7): what happens where a note finds no room beside the line that calls it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FootnotePolicy {
    /// It is cut, or goes to the next page.
    Auto,
    /// The line goes to the next page.
    Line,
    /// The paragraph goes to the next page.
    Block,
}

/// `clear`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Clear {
    None,
    Left,
    Right,
    Both,
}

/// `text-transform`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Transform {
    None,
    Uppercase,
    Lowercase,
    Capitalize,
}

/// `vertical-align`, for inline boxes and table cells.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum VerticalAlign {
    Baseline,
    Top,
    Middle,
    Bottom,
    /// At the edges of the parent's letters.
    TextTop,
    TextBottom,
    Sub,
    Super,
    /// Raised by so much; percentages are of the line height.
    Raise(LengthPercentage),
}

/// `unicode-bidi`, as far as it goes by `direction`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UnicodeBidi {
    Normal,
    Embed,
    Isolate,
    Override,
    IsolateOverride,
}

/// `object-fit`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ObjectFit {
    Fill,
    Contain,
    Cover,
    None,
    ScaleDown,
}

/// `border-style`, `column-rule-style`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LineStyle {
    None,
    /// As none, and where borders are shared no neighbour's is drawn either.
    Hidden,
    Solid,
    Dotted,
    Dashed,
    Double,
    Groove,
    Ridge,
    Inset,
    Outset,
}

/// One side's border.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Border {
    pub(crate) width: f32,
    pub(crate) line: LineStyle,
    pub(crate) color: ColorValue,
}

impl Border {
    /// The width that is painted.
    pub(crate) fn used(&self) -> f32 {
        if matches!(self.line, LineStyle::None | LineStyle::Hidden) { 0.0 } else { self.width }
    }

    /// Width, colour and style as they are painted, where `color` is that of the text.
    pub(crate) fn painted(&self, color: Color) -> (f32, Color, LineStyle) {
        (self.used(), self.color.of(color), self.line)
    }
}

/// `word-break`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WordBreak {
    Normal,
    /// No line ends between letters, ideographs or kana.
    KeepAll,
    /// Lines end between letters as they do between ideographs.
    BreakAll,
    /// As `overflow-wrap: anywhere`.
    BreakWord,
}

/// `visibility`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Visibility {
    Visible,
    /// What takes its room and is not seen.
    Hidden,
    /// Of rows and columns, that they take no room; of anything else as `hidden`.
    Collapse,
}

/// `quotes` (CSS Content 3, 3.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Quotes {
    /// Those of the language.
    Auto,
    None,
    /// Opening and closing marks, the outermost first.
    Of(Arc<[(String, String)]>),
}

/// An OpenType feature and its value.
pub(crate) type Feature = ([u8; 4], u32);

/// All that layout asks of an element; lengths are points.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Style {
    // Inherited.
    pub(crate) color: Color,
    pub(crate) families: Arc<[String]>,
    pub(crate) font_size: f32,
    pub(crate) weight: u16,
    pub(crate) italic: bool,
    /// `font-synthesis-style` other than `none`.
    pub(crate) slants: bool,
    pub(crate) caps: Arc<[Feature]>,
    pub(crate) numeric: Arc<[Feature]>,
    /// `font-variant-ligatures`.
    pub(crate) ligatures: Arc<[Feature]>,
    pub(crate) features: Arc<[Feature]>,
    /// `font-kerning` other than `none`.
    pub(crate) kerning: bool,
    pub(crate) line_height: LineHeight,
    pub(crate) align: Align,
    pub(crate) align_last: Option<Align>,
    /// Where boxes stand that are narrower than the room: what `align` says in HTML, until `text-align` is said again.
    pub(crate) align_boxes: Option<Align>,
    /// How much is seen of what it paints, by its own `opacity` and those around, 0 to 1.
    pub(crate) opacity: f32,
    /// Whether it, or what it stands in, has the first page for itself; inherited.
    pub(crate) on_first_page: bool,
    pub(crate) indent: LengthPercentage,
    pub(crate) transform: Transform,
    pub(crate) letter_spacing: f32,
    pub(crate) word_spacing: f32,
    pub(crate) white_space: WhiteSpace,
    pub(crate) hyphens: Hyphens,
    /// `hyphenate-character`, where it is not the font's hyphen.
    pub(crate) hyphen: Option<Arc<str>>,
    /// `hyphenate-limit-chars`; 0 is `auto`.
    pub(crate) hyphen_limits: [u8; 3],
    /// `text-wrap`
    pub(crate) text_wrap: TextWrap,
    /// Whether of references in a paragraph that follow each other only the first to a page is shown.
    pub(crate) omits_repeated_pages: bool,
    pub(crate) break_anywhere: bool,
    pub(crate) word_break: WordBreak,
    pub(crate) line_break: LineBreak,
    /// The lines of the boxes around that decorate its text, and its own (CSS Text Decoration 3, 2.1).
    pub(crate) decorations: Arc<[Decorating]>,
    pub(crate) tab_size: u8,
    pub(crate) list_marker: CounterStyle,
    pub(crate) list_inside: bool,
    pub(crate) quotes: Quotes,
    pub(crate) direction: Direction,
    pub(crate) orphans: usize,
    pub(crate) widows: usize,
    pub(crate) border_collapse: bool,
    pub(crate) border_spacing: (f32, f32),
    pub(crate) caption_bottom: bool,
    pub(crate) visibility: Visibility,
    pub(crate) custom: Arc<custom::Values>,
    /// `page`: the name of the pages it stands on; `auto` is that of the parent.
    pub(crate) page: Option<Arc<str>>,
    // Not inherited.
    pub(crate) decoration: Decoration,
    /// The direction of the element around: where a box stands that is narrower than its room.
    pub(crate) direction_around: Direction,
    pub(crate) display: Display,
    pub(crate) unicode_bidi: UnicodeBidi,
    pub(crate) float: Float,
    pub(crate) footnote_policy: FootnotePolicy,
    pub(crate) clear: Clear,
    /// `overflow` other than `visible`: floats stay inside.
    pub(crate) overflow_hidden: bool,
    /// `position: running()`: taken out of the flow, for margin boxes.
    pub(crate) running: Option<Arc<str>>,
    pub(crate) unseen: Unseen,
    /// `initial-letter`: how many lines tall.
    pub(crate) initial_letter: Option<f32>,
    pub(crate) background: ColorValue,
    /// The middle colour of the gradient behind the box, which stands for it.
    pub(crate) gradient: Option<Color>,
    /// Whether that only lies behind a part of the box: then nothing stands for it.
    pub(crate) background_is_part: bool,
    /// `background-clip: text`
    pub(crate) background_in_text: bool,
    pub(crate) margin: [Size; 4],
    pub(crate) padding: [Padding; 4],
    pub(crate) border: [Border; 4],
    /// `border-radius`, by corner from the top left.
    pub(crate) radius: [Radius; 4],
    pub(crate) width: Size,
    pub(crate) height: Size,
    pub(crate) min_width: Size,
    pub(crate) min_height: Size,
    pub(crate) max_width: Size,
    pub(crate) max_height: Size,
    pub(crate) border_box: bool,
    /// Width by height, and whether a picture's own comes before it.
    pub(crate) aspect_ratio: Option<(f32, bool)>,
    pub(crate) object_fit: ObjectFit,
    /// From the left and from the top.
    pub(crate) object_position: [LengthPercentage; 2],
    pub(crate) vertical_align: VerticalAlign,
    pub(crate) table_fixed: bool,
    pub(crate) columns: ColumnStyle,
    pub(crate) break_before: Break,
    pub(crate) break_after: Break,
    pub(crate) break_inside_avoid: bool,
    pub(crate) content: Option<Arc<[ContentItem]>>,
    pub(crate) counter_reset: Arc<[(String, i32)]>,
    pub(crate) counter_increment: Arc<[(String, i32)]>,
    pub(crate) counter_set: Arc<[(String, i32)]>,
    pub(crate) string_set: Arc<[StringSet]>,
    pub(crate) bookmark_level: Option<u8>,
    pub(crate) bookmark_label: Option<Arc<[ContentItem]>>,
    /// `size` of an `@page` rule.
    pub(crate) page_size: Option<(f32, f32)>,
    /// How far the baseline of an inline box is raised, its ancestors' shifts included.
    pub(crate) baseline_shift: f32,
}

impl Default for Style {
    /// Initial values.
    fn default() -> Self {
        let border = Border { width: 2.25, line: LineStyle::None, color: ColorValue::Current };
        Self {
            color: Color::BLACK,
            families: Arc::new(["serif".to_owned()]),
            font_size: 12.0,
            weight: 400,
            italic: false,
            slants: true,
            caps: Arc::new([]),
            numeric: Arc::new([]),
            ligatures: Arc::new([]),
            features: Arc::new([]),
            kerning: true,
            line_height: LineHeight::Normal,
            align: Align::Start,
            align_last: None,
            align_boxes: None,
            opacity: 1.0,
            on_first_page: false,
            indent: LengthPercentage::default(),
            transform: Transform::None,
            letter_spacing: 0.0,
            word_spacing: 0.0,
            white_space: WhiteSpace::Normal,
            hyphens: Hyphens::Manual,
            hyphen: None,
            hyphen_limits: [0; 3],
            text_wrap: TextWrap::Auto,
            omits_repeated_pages: false,
            break_anywhere: false,
            word_break: WordBreak::Normal,
            line_break: LineBreak::Auto,
            decorations: Arc::default(),
            decoration: Decoration::default(),
            tab_size: 8,
            list_marker: CounterStyle::Disc,
            list_inside: false,
            quotes: Quotes::Auto,
            direction: Direction::Ltr,
            orphans: 2,
            widows: 2,
            border_collapse: false,
            border_spacing: (0.0, 0.0),
            caption_bottom: false,
            visibility: Visibility::Visible,
            custom: Arc::default(),
            page: None,
            direction_around: Direction::Ltr,
            display: Display::Inline,
            unicode_bidi: UnicodeBidi::Normal,
            float: Float::None,
            footnote_policy: FootnotePolicy::Auto,
            clear: Clear::None,
            overflow_hidden: false,
            running: None,
            unseen: Unseen::default(),
            initial_letter: None,
            background: ColorValue::Of(Color::TRANSPARENT),
            gradient: None,
            background_is_part: false,
            background_in_text: false,
            margin: [Size::points(0.0); 4],
            padding: [Padding::default(); 4],
            border: [border; 4],
            radius: [[LengthPercentage::default(); 2]; 4],
            width: Size::Auto,
            height: Size::Auto,
            min_width: Size::Auto,
            min_height: Size::Auto,
            max_width: Size::Auto,
            max_height: Size::Auto,
            border_box: false,
            aspect_ratio: None,
            object_fit: ObjectFit::Fill,
            object_position: [LengthPercentage { pt: 0.0, percent: 0.5 }; 2],
            vertical_align: VerticalAlign::Baseline,
            table_fixed: false,
            columns: ColumnStyle::default(),
            break_before: Break::Auto,
            break_after: Break::Auto,
            break_inside_avoid: false,
            content: None,
            counter_reset: Arc::new([]),
            counter_increment: Arc::new([]),
            counter_set: Arc::new([]),
            string_set: Arc::new([]),
            bookmark_level: None,
            bookmark_label: None,
            page_size: None,
            baseline_shift: 0.0,
        }
    }
}

impl Style {
    /// Whether something of it makes a box wider than its room, or moves it out of there.
    pub(crate) fn may_reach_out(&self) -> bool {
        // Of nothing, and of something: lengths and shares.
        let is_negative = |margin: Size| [0.0, 1.0].iter().any(|base| margin.of(*base).is_some_and(|own| own < 0.0));
        !self.width.is_auto()
            || self.min_width != Size::Auto
            || is_negative(self.margin[LEFT])
            || is_negative(self.margin[RIGHT])
    }

    /// What a child starts from: inherited values kept, the rest initial.
    pub(crate) fn inherited(parent: &Self) -> Self {
        let initial = Self::default();
        Self {
            // `text-underline-offset` is inherited.
            decoration: Decoration { offset: parent.decoration.offset, ..initial.decoration },
            direction_around: parent.direction,
            display: initial.display,
            unicode_bidi: initial.unicode_bidi,
            float: initial.float,
            footnote_policy: initial.footnote_policy,
            clear: initial.clear,
            overflow_hidden: initial.overflow_hidden,
            running: initial.running,
            unseen: initial.unseen,
            initial_letter: initial.initial_letter,
            background: initial.background,
            gradient: initial.gradient,
            background_is_part: initial.background_is_part,
            background_in_text: initial.background_in_text,
            margin: initial.margin,
            padding: initial.padding,
            border: initial.border,
            radius: initial.radius,
            width: initial.width,
            height: initial.height,
            min_width: initial.min_width,
            min_height: initial.min_height,
            max_width: initial.max_width,
            max_height: initial.max_height,
            border_box: initial.border_box,
            aspect_ratio: initial.aspect_ratio,
            object_fit: initial.object_fit,
            object_position: initial.object_position,
            vertical_align: initial.vertical_align,
            table_fixed: initial.table_fixed,
            columns: initial.columns,
            break_before: initial.break_before,
            break_after: initial.break_after,
            break_inside_avoid: initial.break_inside_avoid,
            content: initial.content,
            counter_reset: initial.counter_reset,
            counter_increment: initial.counter_increment,
            counter_set: initial.counter_set,
            string_set: initial.string_set,
            bookmark_level: initial.bookmark_level,
            bookmark_label: initial.bookmark_label,
            page_size: initial.page_size,
            baseline_shift: 0.0,
            ..parent.clone()
        }
    }

    /// Whether the columns of a table are as wide as they are told to be, whatever its words need (CSS 2.2, 17.5.2.1).
    pub(crate) fn is_fixed_table(&self) -> bool {
        self.table_fixed && !self.width.is_auto()
    }

    /// Whether a block has a formatting context of its own, which floats neither enter nor leave (CSS 2.2, 9.4.1).
    pub(crate) fn is_flow_root(&self) -> bool {
        self.display == Display::FlowRoot || self.overflow_hidden || self.columns.is_set()
    }

    /// The same with the lines that its own `text-decoration` adds to those around, which end where a box is out of the
    /// flow or stands on a line as a whole (CSS Text Decoration 3, 2.1).
    pub(super) fn decorate(&mut self) {
        let is_whole = matches!(self.display, Display::InlineBlock | Display::InlineTable);
        if is_whole || self.float != Float::None || self.running.is_some() {
            self.decorations = Arc::default();
        }
        if !self.decoration.is_seen() {
            return;
        }
        let own = Decorating {
            decoration: self.decoration,
            color: self.decoration.color.unwrap_or(self.color),
            families: Arc::clone(&self.families),
            weight: self.weight,
            italic: self.italic,
            size: self.font_size,
            baseline_shift: self.baseline_shift,
        };
        self.decorations = self.decorations.iter().cloned().chain([own]).collect();
    }

    /// Whether it is not seen.
    pub(crate) fn is_hidden(&self) -> bool {
        self.visibility != Visibility::Visible
    }

    /// The background's colour, if anything is to be seen of it.
    pub(crate) fn background_color(&self) -> Option<Color> {
        let color = self.background.of(self.color);
        Some(color).filter(|color| color.a > 0).or(self.gradient.filter(|_| !self.background_is_part))
    }
}

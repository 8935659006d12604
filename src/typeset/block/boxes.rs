//! The box tree: what the flow lays out, made from the document and its styles.

use std::collections::HashMap;
use std::sync::Arc;

use crate::typeset::display::{Color, LinkTarget, StructureNode, TagId};
use crate::typeset::dom::Element;
use crate::typeset::inline::Inline;
use crate::typeset::picture::Alignment;
use crate::typeset::style::Style;
use crate::typeset::style::computed::{Border, FootnotePolicy};
use crate::typeset::style::counter_style::CounterStyle;

/// Index into [`BoxTree::boxes`].
pub(crate) type BoxId = u32;

/// A position in the flow that something else refers to.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Mark {
    /// An element's id.
    Anchor(Arc<str>),
    Bookmark {
        level: u8,
        label: String,
    },
    /// `string-set`
    StringSet {
        name: String,
        value: String,
    },
    /// `counter-reset: page n`: the page with this mark is number n.
    PageNumber(i32),
}

/// Text that is known only after pagination.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Reference {
    /// The page an anchor stands on.
    Page { anchor: String, style: CounterStyle },
    /// The number of pages.
    Pages(CounterStyle),
}

/// What stands on a line like a letter.
#[derive(Clone, Debug)]
pub(crate) enum Atom {
    Picture(PictureBox),
    /// `inline-block`
    Box(BoxId),
}

/// How wide a graphic is that does not say it in a length.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Share {
    /// As wide as the column: it has a shape and no size (CSS 2.2, 10.3.2).
    All,
    /// Such a share of the column.
    Of(f32),
}

/// A picture that is at hand.
#[derive(Clone, Debug)]
pub(crate) struct PictureBox {
    /// Index into the pictures.
    pub(crate) image: usize,
    /// Width and height in points, at 96 dots to the inch.
    pub(crate) natural: (f32, f32),
    /// How a graphic lies in a box of another shape; what has none is stretched.
    pub(crate) alignment: Option<Alignment>,
    /// The `width` and `height` attributes, in points, where no sheet says anything else.
    pub(crate) attributes: (Option<f32>, Option<f32>),
    /// Where neither a sheet nor they say how wide it is.
    pub(crate) share: Option<Share>,
    pub(crate) style: Arc<Style>,
    pub(crate) tag: Option<TagId>,
    pub(crate) link: Option<u32>,
}

/// A paragraph's content; its style is its box's.
#[derive(Clone, Debug, Default)]
pub(crate) struct Inlines {
    pub(crate) content: Vec<Inline>,
    /// [`Inline::Atom`]s refer to these by id.
    pub(crate) atoms: Vec<Atom>,
    /// Places in `content` whose text is filled in after pagination.
    pub(crate) references: Vec<(usize, Reference)>,
    /// The footnotes that are called here.
    pub(crate) notes: Vec<NoteId>,
    /// Whether other lines belong to the same node of the structure: the space that parts the words is kept.
    pub(crate) goes_on: bool,
}

/// Index into [`BoxTree::notes`].
pub(crate) type NoteId = u32;

/// A footnote.
#[derive(Clone, Debug)]
pub(crate) struct FootnoteBox {
    pub(crate) block: BoxId,
    pub(crate) policy: FootnotePolicy,
    /// The notes that are called in it, and in those: they follow it.
    pub(crate) inner: Vec<NoteId>,
}

/// A list item's marker outside of its text.
#[derive(Clone, Debug)]
pub(crate) struct Marker {
    pub(crate) content: Vec<Inline>,
    pub(crate) style: Arc<Style>,
}

/// What a box is.
#[derive(Clone, Debug)]
pub(crate) enum BoxKind {
    Block,
    Paragraph(Box<Inlines>),
    Picture(Box<PictureBox>),
    Table,
    Caption,
    HeaderGroup,
    RowGroup,
    FooterGroup,
    Row,
    Cell {
        columns: usize,
        rows: usize,
    },
    /// A column or columns.
    Column {
        span: usize,
    },
    /// Columns that stand together.
    ColumnGroup,
}

/// One box.
#[derive(Clone, Debug)]
pub(crate) struct LayoutBox {
    pub(crate) kind: BoxKind,
    pub(crate) style: Arc<Style>,
    /// BCP 47.
    pub(crate) language: Arc<str>,
    pub(crate) children: Vec<BoxId>,
    pub(crate) marks: Vec<Mark>,
    pub(crate) marker: Option<Box<Marker>>,
    /// The name of its pages: index into [`BoxTree::page_names`], from 1; 0 has none.
    pub(crate) page: u16,
}

/// A link of the document.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct LinkInfo {
    pub(crate) target: LinkTarget,
    pub(crate) contents: String,
    pub(crate) tag: TagId,
    /// Whether its element stands in a `Reference`.
    pub(crate) is_reference: bool,
}

/// An element that stands in margin boxes: its text, and its box, where that is more than the text.
#[derive(Clone, Debug, Default)]
pub(crate) struct RunningElement {
    pub(crate) content: Vec<Inline>,
    pub(crate) style: Option<Arc<Style>>,
}

/// All boxes of a document and what belongs to them.
#[derive(Debug, Default)]
pub(crate) struct BoxTree {
    pub(crate) boxes: Vec<LayoutBox>,
    pub(crate) links: Vec<LinkInfo>,
    pub(crate) notes: Vec<FootnoteBox>,
    /// The names of pages, in the order they are met.
    pub(crate) page_names: Vec<Arc<str>>,
    /// The background of the document, which lies behind all pages (CSS Backgrounds 3, 2.11).
    pub(crate) canvas: Option<Color>,
    /// The borders of tables that share them with their cells; their own style has none.
    pub(crate) table_borders: HashMap<BoxId, [Border; 4]>,
    /// Where the elements stand in the source whose boxes may reach out of what is around, by line and column.
    pub(crate) reaching: HashMap<BoxId, (usize, usize)>,
    /// The styles of first lines, by paragraph.
    pub(crate) first_lines: HashMap<BoxId, Arc<Style>>,
    /// Content for margin boxes.
    pub(crate) running: Vec<RunningElement>,
    pub(crate) structure: Vec<StructureNode>,
}

impl BoxTree {
    pub(crate) fn get(&self, id: BoxId) -> &LayoutBox {
        // Box ids are only made by `push`.
        &self.boxes[id as usize]
    }

    pub(crate) fn get_mut(&mut self, id: BoxId) -> &mut LayoutBox {
        &mut self.boxes[id as usize]
    }

    /// Adds a box without children.
    pub(crate) fn push(&mut self, kind: BoxKind, style: Arc<Style>, language: Arc<str>) -> BoxId {
        let children = Vec::new();
        let page = style.page.as_ref().map_or(0, |name| self.page_name(name));
        self.boxes.push(LayoutBox { kind, style, language, children, marks: Vec::new(), marker: None, page });
        (self.boxes.len() - 1) as BoxId
    }

    /// Remembers where an element stands whose box may reach out of what is around.
    pub(crate) fn note_reach(&mut self, id: BoxId, element: &Element) {
        if self.get(id).style.may_reach_out() {
            self.reaching.insert(id, element.at);
        }
    }

    fn page_name(&mut self, name: &Arc<str>) -> u16 {
        let known = self.page_names.iter().position(|own| own == name);
        let at = known.unwrap_or_else(|| {
            self.page_names.push(Arc::clone(name));
            self.page_names.len() - 1
        });
        // Names beyond what a page can be told by are none.
        u16::try_from(at + 1).unwrap_or(0)
    }
}

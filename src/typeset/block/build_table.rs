//! The children of a table: captions, columns, row groups, rows and cells, with the boxes that are missing supplied
//! (CSS 2.2, 17.2.1).

use std::sync::Arc;

use super::boxes::{BoxId, BoxKind, Mark};
use super::build::{Builder, Flow, InlineContext};
use super::build_embedded::is_replaced;
use super::counters::Maker;
use super::table_structure::TableTags;
use crate::typeset::display::TagId;
use crate::typeset::dom::{Element, NodeData, NodeId};
use crate::typeset::style::Style;
use crate::typeset::style::computed::Display;

/// Spans beyond this are as good as the whole table (HTML, 4.9.11).
pub(super) const MAX_COLUMN_SPAN: usize = 1000;

/// Where the parts of a table belong.
#[derive(Clone, Copy)]
pub(super) struct Within {
    pub(super) tag: Option<TagId>,
    pub(super) link: Option<u32>,
}

impl Builder<'_> {
    /// Fills a table, or a group of rows inside of one.
    pub(super) fn table_children(&mut self, node: NodeId, table: BoxId, within: Within) {
        let nodes = self.parts_of(node);
        self.table_parts(&nodes, table, within);
    }

    /// The children of a part of a table; an element with parts of tables in it that makes no box gives its children.
    pub(super) fn parts_of(&self, node: NodeId) -> Vec<NodeId> {
        let mut parts = Vec::new();
        for child in self.dom.children(node) {
            if self.display(child) == Some(Display::Contents) && self.dom.children(child).any(|own| self.is_part(own)) {
                parts.extend(self.parts_of(child));
            } else {
                parts.push(child);
            }
        }
        parts
    }

    /// What may stand in a table, or in a group of rows, stands in it; what is between gets rows of its own.
    fn table_parts(&mut self, nodes: &[NodeId], table: BoxId, within: Within) {
        let in_group = !matches!(self.tree.get(table).kind, BoxKind::Table);
        let belongs = |display: Option<Display>| match display {
            Some(Display::TableRow) => true,
            Some(Display::TableCell) | None => false,
            Some(display) => !in_group && display.is_table_part(),
        };
        let mut rest = nodes;
        while let Some((first, after)) = rest.split_first() {
            if belongs(self.display(*first)) {
                self.table_part(*first, table, within);
                rest = after;
                continue;
            }
            let count = rest.iter().take_while(|node| !belongs(self.display(**node))).count();
            let (strays, after) = rest.split_at(count);
            rest = after;
            if strays.iter().all(|node| self.is_blank(*node)) {
                continue;
            }
            let row = self.anonymous(BoxKind::Row, Display::TableRow, table);
            let tag = self.table_row(within.tag, in_group, None);
            self.row_cells(strays, row, Within { tag, ..within });
        }
    }

    fn table_part(&mut self, node: NodeId, table: BoxId, within: Within) {
        let dom = self.dom;
        let Some(element) = dom.element(node) else { return };
        let style = self.style(self.styles.of(node).own);
        self.counters.enter(node);
        self.counters.apply(&style, Maker::element(dom, node));
        let kind = match style.display {
            Display::TableHeaderGroup => BoxKind::HeaderGroup,
            Display::TableRowGroup => BoxKind::RowGroup,
            Display::TableFooterGroup => BoxKind::FooterGroup,
            Display::TableRow => return self.row(node, table, within),
            Display::TableCaption => {
                let id = self.block_box(node, element, within.tag, false, within.link);
                self.tree.get_mut(table).children.push(id);
                return;
            }
            _ => {
                // Links to columns lead to their table.
                let inside = (node..dom.node(node).end).filter_map(|id| dom.element(id)?.attribute("id"));
                let anchors = inside.map(|id| Mark::Anchor(Arc::from(id)));
                self.tree.get_mut(table).marks.extend(anchors);
                return self.column(node, element, &style, table);
            }
        };
        let group = self.part(node, kind, table);
        self.row_group(&element.name, Some(Arc::clone(dom.language(node))));
        let link = self.link_of_box(node, element, within.tag, false).or(within.link);
        self.table_children(node, group, Within { link, ..within });
    }

    fn part(&mut self, node: NodeId, kind: BoxKind, parent: BoxId) -> BoxId {
        let dom = self.dom;
        let style = self.style(self.styles.of(node).own);
        if let Some(element) = dom.element(node) {
            self.refuse_page_of(node, element, &style);
        }
        let marks = dom.element(node).map(|element| self.marks(node, element, &style)).unwrap_or_default();
        let id = self.tree.push(kind, style, Arc::clone(dom.language(node)));
        self.tree.get_mut(id).marks = marks;
        self.tree.get_mut(parent).children.push(id);
        id
    }

    /// A part that the document does not have, and the others need.
    fn anonymous(&mut self, kind: BoxKind, display: Display, parent: BoxId) -> BoxId {
        let around = self.tree.get(parent);
        let style = Arc::new(Style { display, ..Style::inherited(&around.style) });
        let language = Arc::clone(&around.language);
        let id = self.tree.push(kind, style, language);
        self.tree.get_mut(parent).children.push(id);
        id
    }

    fn column(&mut self, node: NodeId, element: &Element, style: &Arc<Style>, table: BoxId) {
        let inner: Vec<NodeId> = self.dom.children(node).filter(|child| self.dom.element(*child).is_some()).collect();
        if style.display == Display::TableColumnGroup && !inner.is_empty() {
            let table = self.part(node, BoxKind::ColumnGroup, table);
            for child in inner {
                if let Some(element) = self.dom.element(child) {
                    let style = self.style(self.styles.of(child).own);
                    self.column(child, element, &style, table);
                }
            }
            return;
        }
        let span = span(element, "span").min(MAX_COLUMN_SPAN);
        self.part(node, BoxKind::Column { span }, table);
    }

    fn row(&mut self, node: NodeId, table: BoxId, within: Within) {
        let row = self.part(node, BoxKind::Row, table);
        let in_group = !matches!(self.tree.get(table).kind, BoxKind::Table);
        let tag = self.table_row(within.tag, in_group, Some(Arc::clone(self.dom.language(node))));
        let own = self.dom.element(node).and_then(|element| self.link_of_box(node, element, within.tag, false));
        let nodes = self.parts_of(node);
        self.row_cells(&nodes, row, Within { tag, link: own.or(within.link) });
    }

    /// The cells of a row; what is between gets cells of its own.
    fn row_cells(&mut self, nodes: &[NodeId], row: BoxId, within: Within) {
        let is_cell = |display: Option<Display>| display == Some(Display::TableCell);
        let mut rest = nodes;
        while let Some((first, after)) = rest.split_first() {
            if is_cell(self.display(*first)) {
                self.cell(*first, row, within);
                rest = after;
                continue;
            }
            let count = rest.iter().take_while(|node| !is_cell(self.display(**node))).count();
            let (strays, after) = rest.split_at(count);
            rest = after;
            if strays.iter().all(|node| self.is_blank(*node)) {
                continue;
            }
            let cell = self.anonymous(BoxKind::Cell { columns: 1, rows: 1 }, Display::TableCell, row);
            let (style, language) = (Arc::clone(&self.tree.get(cell).style), Arc::clone(&self.tree.get(cell).language));
            let text_tag = self.table_cell(within.tag, None, (1, 1), Some(Arc::clone(&language)));
            let mut flow = Flow::new(cell, text_tag, false);
            flow.link = within.link;
            let context = InlineContext { style, language, tag: None, link: within.link };
            self.nodes(strays.iter().copied(), &mut flow, &context);
            self.flush(&mut flow);
        }
    }

    fn cell(&mut self, node: NodeId, row: BoxId, within: Within) {
        let dom = self.dom;
        let Some(element) = dom.element(node) else { return };
        let style = self.style(self.styles.of(node).own);
        self.counters.enter(node);
        self.counters.apply(&style, Maker::element(dom, node));
        self.refuse_columns_of(element, &style);
        let columns = span(element, "colspan").min(MAX_COLUMN_SPAN);
        let rows = span(element, "rowspan");
        let cell = self.part(node, BoxKind::Cell { columns, rows }, row);
        let language = Arc::clone(dom.language(node));
        let text_tag = self.table_cell(within.tag, Some(element), (columns, rows), Some(Arc::clone(&language)));
        let parent = text_tag.map_or_else(|parent| parent, Some);
        let link = self.link_of_box(node, element, parent, false).or(within.link);
        let mut flow = Flow::new(cell, text_tag, false);
        flow.link = link;
        let context = InlineContext { style, language, tag: None, link };
        self.children(node, &mut flow, &context);
        self.flush(&mut flow);
    }

    /// Sets nodes that follow each other; parts of tables among them that stand in no table get one (17.2.1, 3).
    pub(super) fn nodes(
        &mut self,
        nodes: impl Iterator<Item = NodeId> + Clone,
        flow: &mut Flow,
        context: &InlineContext,
    ) {
        let mut rest = nodes;
        while let Some(node) = rest.next() {
            if !self.is_part(node) {
                self.node(node, flow, context);
                continue;
            }
            let mut parts = vec![node];
            let mut ahead = rest.clone();
            while let Some(next) = ahead.next().filter(|next| self.is_part(*next) || self.is_blank(*next)) {
                if self.is_part(next) {
                    parts.push(next);
                    rest = ahead.clone();
                }
            }
            self.anonymous_table(&parts, flow, context);
        }
    }

    /// A table round parts of one: on a line where they stand in an inline box, else a block.
    fn anonymous_table(&mut self, parts: &[NodeId], flow: &mut Flow, context: &InlineContext) {
        let in_line = context.style.display == Display::Inline;
        let display = if in_line { Display::InlineTable } else { Display::Table };
        let style = Arc::new(Style { display, ..Style::inherited(&context.style) });
        // In a link the cells are links each, and stand in none.
        let in_paragraph = in_line && context.link.is_none();
        let tag = if in_paragraph { context.tag.or_else(|| self.paragraph_tag(flow)) } else { flow.parent_tag() };
        if !in_line {
            self.flush(flow);
        }
        let id = self.tree.push(BoxKind::Table, style, Arc::clone(&context.language));
        self.tree.get_mut(id).marks = std::mem::take(&mut self.pending_marks);
        self.enclosed += 1;
        // The rows of a `<table>` that is a block are rows of its table.
        let is_layout = !self.is_open_table(tag);
        if is_layout {
            self.tables.push(TableTags::of_layout());
        }
        self.table_parts(parts, id, Within { tag, link: context.link });
        if is_layout {
            self.close_table();
        }
        self.enclosed -= 1;
        if in_line {
            if !in_paragraph {
                flow.end_paragraph();
            }
            self.push_table(flow, id);
        } else {
            self.attach(flow.block, id);
        }
    }

    /// `display` of an element.
    pub(super) fn display(&self, node: NodeId) -> Option<Display> {
        let element = self.dom.element(node)?;
        // What stands for something else is no part of a table whatever it says (CSS Tables 3, 2.1).
        let display = self.styles.get(self.styles.of(node).own).display;
        Some(if display.is_table_part() && is_replaced(element) { Display::Block } else { display })
    }

    pub(super) fn is_part(&self, node: NodeId) -> bool {
        self.display(node).is_some_and(Display::is_table_part)
    }

    /// Whether nothing is to be seen of a node between the parts of a table.
    pub(super) fn is_blank(&self, node: NodeId) -> bool {
        match &self.dom.node(node).data {
            NodeData::Text(text) => text.bytes().all(|byte| byte.is_ascii_whitespace()),
            _ => self.display(node) == Some(Display::None),
        }
    }
}

/// What `colspan`, `rowspan` or `span` says.
pub(super) fn span(element: &Element, name: &str) -> usize {
    match element.attribute(name).and_then(|value| value.trim().parse::<usize>().ok()) {
        // `rowspan=0` runs to the end of the table.
        Some(0) if name == "rowspan" => 65_534,
        Some(span) => span.clamp(1, 65_534),
        None => 1,
    }
}

//! The children of a table: captions, columns, row groups, rows and cells, with the boxes that are missing supplied
//! (CSS Tables 3, 2.1).

use std::sync::Arc;

use super::boxes::{BoxId, BoxKind};
use super::build::{Builder, Flow, InlineContext};
use crate::typeset::display::TagId;
use crate::typeset::dom::{Element, NodeData, NodeId};
use crate::typeset::style::Style;
use crate::typeset::style::computed::Display;

/// Spans beyond this are as good as the whole table (HTML, 4.9.11).
const MAX_COLUMN_SPAN: usize = 1000;

impl Builder<'_> {
    /// Fills a table, or a group of rows inside of one.
    pub(super) fn table_children(&mut self, node: NodeId, table: BoxId, tag: Option<TagId>) {
        for child in self.dom.children(node) {
            let dom = self.dom;
            let NodeData::Element(element) = &dom.node(child).data else {
                self.stray(child, table, tag);
                continue;
            };
            let style = self.style(self.styles.of(child).own);
            self.counters.enter(child);
            self.counters.apply(&style, self.scope_end(child));
            let kind = match style.display {
                Display::None => continue,
                Display::TableHeaderGroup => BoxKind::HeaderGroup,
                Display::TableRowGroup => BoxKind::RowGroup,
                Display::TableFooterGroup => BoxKind::FooterGroup,
                Display::TableRow => {
                    self.row(child, table, tag);
                    continue;
                }
                Display::TableCaption => {
                    let id = self.block_box(child, element, tag, false, None);
                    self.tree.get_mut(table).children.push(id);
                    continue;
                }
                Display::TableColumn | Display::TableColumnGroup => {
                    self.column(child, element, &style, table);
                    continue;
                }
                _ => {
                    self.stray(child, table, tag);
                    continue;
                }
            };
            let group = self.part(child, kind, table);
            self.row_group(&element.name, Some(Arc::clone(dom.language(child))));
            self.table_children(child, group, tag);
        }
    }

    fn part(&mut self, node: NodeId, kind: BoxKind, parent: BoxId) -> BoxId {
        let style = self.style(self.styles.of(node).own);
        let id = self.tree.push(kind, style, Arc::clone(self.dom.language(node)));
        if let Some(name) = self.dom.element(node).and_then(|element| element.attribute("id")) {
            self.tree.get_mut(id).marks.push(super::boxes::Mark::Anchor(Arc::from(name)));
        }
        self.tree.get_mut(parent).children.push(id);
        id
    }

    fn column(&mut self, node: NodeId, element: &Element, style: &Arc<Style>, table: BoxId) {
        let inner: Vec<NodeId> = self.dom.children(node).filter(|child| self.dom.element(*child).is_some()).collect();
        if style.display == Display::TableColumnGroup && !inner.is_empty() {
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

    fn row(&mut self, node: NodeId, table: BoxId, tag: Option<TagId>) {
        let row = self.part(node, BoxKind::Row, table);
        let in_group = !matches!(self.tree.get(table).kind, BoxKind::Table);
        let row_tag = self.table_row(tag, in_group, Some(Arc::clone(self.dom.language(node))));
        for child in self.dom.children(node) {
            let dom = self.dom;
            let NodeData::Element(element) = &dom.node(child).data else {
                self.stray(child, row, row_tag);
                continue;
            };
            let style = self.style(self.styles.of(child).own);
            if style.display == Display::None {
                continue;
            }
            if style.display != Display::TableCell {
                self.stray(child, row, row_tag);
                continue;
            }
            self.counters.enter(child);
            self.counters.apply(&style, self.scope_end(child));
            let columns = span(element, "colspan").min(MAX_COLUMN_SPAN);
            let rows = span(element, "rowspan");
            let cell = self.part(child, BoxKind::Cell { columns, rows }, row);
            let language = Arc::clone(self.dom.language(child));
            let text_tag = self.table_cell(row_tag, Some(element), (columns, rows), Some(Arc::clone(&language)));
            let mut flow = Flow::new(cell, text_tag, false);
            let context = InlineContext { style, language, tag: None, link: None };
            self.children(child, &mut flow, &context);
            self.flush(&mut flow);
        }
    }

    /// What may not stand here gets a row and a cell of its own; white space is dropped.
    fn stray(&mut self, node: NodeId, parent: BoxId, tag: Option<TagId>) {
        if let NodeData::Text(text) = &self.dom.node(node).data
            && text.trim().is_empty()
        {
            return;
        }
        let inherited = Style::inherited(&self.tree.get(parent).style);
        let language = Arc::clone(self.dom.language(node));
        let style = Arc::new(Style { display: Display::TableCell, ..inherited });
        let is_row = matches!(self.tree.get(parent).kind, BoxKind::Row);
        let (row, tag) = if is_row {
            (parent, tag)
        } else {
            let row_style = Arc::new(Style { display: Display::TableRow, ..(*style).clone() });
            let row = self.tree.push(BoxKind::Row, row_style, Arc::clone(&language));
            self.tree.get_mut(parent).children.push(row);
            let in_group = !matches!(self.tree.get(parent).kind, BoxKind::Table);
            (row, self.table_row(tag, in_group, None))
        };
        let cell = self.tree.push(BoxKind::Cell { columns: 1, rows: 1 }, Arc::clone(&style), Arc::clone(&language));
        self.tree.get_mut(row).children.push(cell);
        let text_tag = self.table_cell(tag, None, (1, 1), Some(Arc::clone(&language)));
        let mut flow = Flow::new(cell, text_tag, false);
        let context = InlineContext { style, language, tag: None, link: None };
        self.node(node, &mut flow, &context);
        self.flush(&mut flow);
    }
}

fn span(element: &Element, name: &str) -> usize {
    match element.attribute(name).and_then(|value| value.trim().parse::<usize>().ok()) {
        // `rowspan=0` runs to the end of the table.
        Some(0) if name == "rowspan" => 65_534,
        Some(span) => span.clamp(1, 65_534),
        None => 1,
    }
}

//! What of a document is built and not printed where it stands, so that no note can be called in it: what is not seen,
//! what is repeated on pages, and the rows and columns that `visibility: collapse` takes away.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::boxes::{BoxId, BoxKind, BoxTree};
use super::build::Builder;
use super::build_table::{MAX_COLUMN_SPAN, span};
use crate::typeset::dom::NodeId;
use crate::typeset::style::Style;
use crate::typeset::style::computed::{Display, Visibility};
use crate::typeset::table::collapsed_cells;

/// What was found not to be printed so far.
#[derive(Default)]
pub(super) struct Unprinted {
    /// The tables that were looked at.
    tables: HashSet<NodeId>,
    /// What stands in those of their cells that are not printed.
    cells: HashSet<NodeId>,
}

impl Unprinted {
    /// Whether a node is not printed for what is around it: up to the innermost of `limits`, which stand elsewhere.
    pub(super) fn holds(&mut self, builder: &Builder<'_>, node: NodeId, limits: &HashSet<NodeId>) -> bool {
        if builder.style(builder.styles.of(node).own).visibility != Visibility::Visible {
            return true;
        }
        // What stands in the table that is looked for.
        let mut inside = Vec::new();
        let mut at = node;
        while at != 0 && !limits.contains(&at) {
            if builder.style(builder.styles.of(at).own).running.is_some() {
                return true;
            }
            let display = builder.display(at);
            let holds_part = inside.last().is_some_and(|child| builder.is_part(*child));
            let is_around = display.is_some_and(|display| !display.is_table_part() && display != Display::Contents);
            if matches!(display, Some(Display::Table | Display::InlineTable)) || holds_part && is_around {
                if self.tables.insert(at) {
                    self.cells.extend(Outline::of(builder, at).collapsed());
                }
                if inside.iter().any(|child| self.cells.contains(child)) {
                    return true;
                }
                inside.clear();
            }
            inside.push(at);
            at = builder.dom.node(at).parent;
        }
        false
    }
}

/// The rows and cells of a table, without what is in them.
struct Outline<'b, 'a> {
    builder: &'b Builder<'a>,
    tree: BoxTree,
    table: BoxId,
    /// What each cell holds: an element that is one, or what gets one that is missing.
    cells: HashMap<BoxId, Vec<NodeId>>,
    collapses: bool,
}

impl<'b, 'a> Outline<'b, 'a> {
    fn of(builder: &'b Builder<'a>, table: NodeId) -> Self {
        let mut outline = Self { builder, tree: BoxTree::default(), table: 0, cells: HashMap::new(), collapses: false };
        let style = Style { border_collapse: false, ..Style::clone(&builder.style(builder.styles.of(table).own)) };
        outline.table = outline.tree.push(BoxKind::Table, Arc::new(style), Arc::from(""));
        outline.parts(&builder.parts_of(table), outline.table, false);
        outline
    }

    /// What stands in cells that are not printed.
    fn collapsed(self) -> Vec<NodeId> {
        if !self.collapses {
            return Vec::new();
        }
        let cells = collapsed_cells(&self.tree, self.table);
        cells.iter().filter_map(|cell| self.cells.get(cell)).flatten().copied().collect()
    }

    fn push(&mut self, kind: BoxKind, style: Arc<Style>, parent: BoxId) -> BoxId {
        self.collapses |= style.visibility == Visibility::Collapse;
        let id = self.tree.push(kind, style, Arc::from(""));
        self.tree.get_mut(parent).children.push(id);
        id
    }

    fn element(&mut self, kind: BoxKind, node: NodeId, parent: BoxId) -> BoxId {
        self.push(kind, self.builder.style(self.builder.styles.of(node).own), parent)
    }

    fn anonymous(&mut self, kind: BoxKind, parent: BoxId) -> BoxId {
        let style = Style::inherited(&self.tree.get(parent).style);
        self.push(kind, Arc::new(style), parent)
    }

    /// As [`Builder::table_children`] does.
    fn parts(&mut self, nodes: &[NodeId], parent: BoxId, in_group: bool) {
        let builder = self.builder;
        let belongs = |node: NodeId| match builder.display(node) {
            Some(Display::TableRow) => true,
            Some(Display::TableCell) | None => false,
            Some(display) => !in_group && display.is_table_part(),
        };
        for stretch in nodes.chunk_by(|a, b| !belongs(*a) && !belongs(*b)) {
            match stretch {
                [part] if belongs(*part) => self.part(*part, parent),
                strays if strays.iter().all(|node| builder.is_blank(*node)) => {}
                strays => {
                    let row = self.anonymous(BoxKind::Row, parent);
                    self.row(strays, row);
                }
            }
        }
    }

    fn part(&mut self, node: NodeId, parent: BoxId) {
        let kind = match self.builder.display(node) {
            Some(Display::TableHeaderGroup) => BoxKind::HeaderGroup,
            Some(Display::TableRowGroup) => BoxKind::RowGroup,
            Some(Display::TableFooterGroup) => BoxKind::FooterGroup,
            Some(Display::TableRow) => {
                let row = self.element(BoxKind::Row, node, parent);
                return self.row(&self.builder.parts_of(node), row);
            }
            Some(Display::TableCaption) => return,
            _ => return self.column(node, parent),
        };
        let group = self.element(kind, node, parent);
        self.parts(&self.builder.parts_of(node), group, true);
    }

    fn column(&mut self, node: NodeId, parent: BoxId) {
        let dom = self.builder.dom;
        let inner: Vec<NodeId> = dom.children(node).filter(|child| dom.element(*child).is_some()).collect();
        if self.builder.display(node) == Some(Display::TableColumnGroup) && !inner.is_empty() {
            let group = self.element(BoxKind::ColumnGroup, node, parent);
            for child in inner {
                self.column(child, group);
            }
            return;
        }
        let span = dom.element(node).map_or(1, |element| span(element, "span").min(MAX_COLUMN_SPAN));
        self.element(BoxKind::Column { span }, node, parent);
    }

    fn row(&mut self, nodes: &[NodeId], row: BoxId) {
        let builder = self.builder;
        let is_cell = |node: NodeId| builder.display(node) == Some(Display::TableCell);
        for stretch in nodes.chunk_by(|a, b| !is_cell(*a) && !is_cell(*b)) {
            let cell = match (stretch, stretch.first().and_then(|node| builder.dom.element(*node))) {
                ([cell], Some(element)) if is_cell(*cell) => {
                    let (columns, rows) = (span(element, "colspan").min(MAX_COLUMN_SPAN), span(element, "rowspan"));
                    self.element(BoxKind::Cell { columns, rows }, *cell, row)
                }
                _ if stretch.iter().all(|node| builder.is_blank(*node)) => continue,
                _ => self.anonymous(BoxKind::Cell { columns: 1, rows: 1 }, row),
            };
            self.cells.insert(cell, stretch.to_vec());
        }
    }
}

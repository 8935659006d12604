//! The structure of tables: groups of rows, headers with what they head, and as many columns in every row.
//!
//! A table without a single header cell gives no reader a way to tell what its cells mean (ISO 14289-1, 7.5): it is
//! taken for a means of layout, and its cells are read as paragraphs, row by row.

use std::collections::HashSet;
use std::sync::Arc;

use super::build::Builder;
use super::structure::is_text;
use crate::typeset::display::{Attributes, CellAttributes, Scope, TagId};
use crate::typeset::dom::{Element, NodeId};

/// Wider tables are cut here, as HTML has it for spans.
const MAX_COLUMNS: usize = 1000;

/// A table whose rows are being read.
pub(super) struct TableTags {
    /// `None` for a table that is a means of layout.
    table: Option<TagId>,
    caption: Option<TagId>,
    groups: Vec<Group>,
}

struct Group {
    tag: TagId,
    /// Made for rows that stand in the table itself.
    implied: bool,
    rows: Vec<RowTags>,
}

struct RowTags {
    tag: TagId,
    cells: Vec<CellTags>,
}

struct CellTags {
    tag: TagId,
    columns: usize,
    rows: usize,
    is_header: bool,
    scope: Option<Scope>,
}

impl TableTags {
    /// A table that is a means of layout.
    pub(super) fn of_layout() -> Self {
        Self { table: None, caption: None, groups: Vec::new() }
    }
}

impl Builder<'_> {
    /// Whether a table has a header cell of its own.
    pub(super) fn has_header_cells(&self, table: NodeId) -> bool {
        let mut node = table + 1;
        while node < self.dom.node(table).end {
            match self.dom.element(node).map(|element| &*element.name) {
                Some("th") => return true,
                Some("table") => node = self.dom.node(node).end,
                _ => node += 1,
            }
        }
        false
    }

    /// Begins a table whose node is `tag`.
    pub(super) fn open_table(&mut self, tag: Option<TagId>) {
        let table = tag.filter(|tag| self.tree.role(*tag) == "Table");
        self.tables.push(TableTags { table, caption: None, groups: Vec::new() });
    }

    /// The caption of a table; a second one is a part of the first.
    pub(super) fn table_caption(&mut self, table: TagId, language: Option<Arc<str>>) -> TagId {
        let known = self.tables.last().and_then(|tables| tables.caption);
        known.unwrap_or_else(|| {
            let tag = self.tree.tag(Some(table), "Caption", language);
            if let Some(tables) = self.tables.last_mut() {
                tables.caption = Some(tag);
            }
            tag
        })
    }

    /// The node of a group of rows. All heads of a table are one, and so are all feet.
    pub(super) fn row_group(&mut self, name: &str, language: Option<Arc<str>>) {
        let role = match name {
            "thead" => "THead",
            "tfoot" => "TFoot",
            _ => "TBody",
        };
        let Some((tables, table)) = self.tables.last_mut().and_then(|tables| tables.table.map(|tag| (tables, tag)))
        else {
            return;
        };
        let known = tables.groups.iter().position(|group| role != "TBody" && self.tree.role(group.tag) == role);
        let group = match known {
            Some(place) => tables.groups.remove(place),
            None => Group { tag: self.tree.tag(Some(table), role, language), implied: false, rows: Vec::new() },
        };
        tables.groups.push(group);
    }

    /// The node of a row; in a table of layout `parent`, which its cells then hang under. `in_group` where the row
    /// stands in a group of its own, not in the table itself.
    pub(super) fn table_row(
        &mut self,
        parent: Option<TagId>,
        in_group: bool,
        language: Option<Arc<str>>,
    ) -> Option<TagId> {
        let Some((tables, table)) = self.tables.last_mut().and_then(|tables| tables.table.map(|tag| (tables, tag)))
        else {
            return parent;
        };
        if tables.groups.last().is_none_or(|group| !in_group && !group.implied) {
            let tag = self.tree.tag(Some(table), "TBody", None);
            tables.groups.push(Group { tag, implied: true, rows: Vec::new() });
        }
        let group = tables.groups.last_mut()?;
        let tag = self.tree.tag(Some(group.tag), "TR", language);
        group.rows.push(RowTags { tag, cells: Vec::new() });
        Some(tag)
    }

    /// The node of a cell in a row, or the parent of its paragraphs in a table of layout.
    pub(super) fn table_cell(
        &mut self,
        row: Option<TagId>,
        element: Option<&Element>,
        (columns, rows): (usize, usize),
        language: Option<Arc<str>>,
    ) -> Result<TagId, Option<TagId>> {
        let Some(row_tag) = row.filter(|row| self.tree.role(*row) == "TR") else {
            return row.filter(|row| is_text(self.tree.role(*row))).ok_or(row);
        };
        let is_header = element.is_some_and(|element| &*element.name == "th");
        let tag = self.tree.tag(row, if is_header { "TH" } else { "TD" }, language);
        let attribute = |name: &str| element.and_then(|element| element.attribute(name)).unwrap_or_default();
        let scope = match attribute("scope").to_ascii_lowercase().as_str() {
            "col" | "colgroup" => Some(Scope::Column),
            "row" | "rowgroup" => Some(Scope::Row),
            _ => None,
        };
        let headers = attribute("headers").split_whitespace().map(str::to_owned).collect();
        let id = Some(attribute("id")).filter(|id| is_header && !id.is_empty()).map(str::to_owned);
        let cell = CellAttributes { scope: None, columns, rows, headers, id };
        self.tree.structure[tag as usize].attributes = Attributes::Cell(Box::new(cell));
        let rows_of = self.tables.last_mut().and_then(|tables| tables.groups.last_mut()).map(|group| &mut group.rows);
        if let Some(own) = rows_of.and_then(|rows| rows.iter_mut().rfind(|own| own.tag == row_tag)) {
            own.cells.push(CellTags { tag, columns, rows, is_header, scope });
        }
        Ok(tag)
    }

    /// Ends the table that was begun last: says what its headers head, and makes its rows equally long.
    pub(super) fn close_table(&mut self) {
        let Some(TableTags { groups, .. }) = self.tables.pop() else { return };
        // A table that is all head, or head and foot, has a body all the same.
        if !groups.iter().any(|group| self.tree.role(group.tag) == "TBody")
            && let Some(group) = groups.first()
        {
            self.tree.structure[group.tag as usize].role = "TBody";
        }
        self.keep_headers_that_are(&groups);
        let placed: Vec<(Vec<usize>, usize)> = groups.iter().map(|group| self.place(group)).collect();
        let columns = placed.iter().map(|(_, columns)| *columns).max().unwrap_or(0);
        for (group, (taken, _)) in groups.iter().zip(placed) {
            for (row, taken) in group.rows.iter().zip(taken) {
                for _ in taken..columns {
                    self.tree.tag(Some(row.tag), "TD", None);
                }
            }
        }
    }

    /// Of the `headers` of cells only those count that are header cells of the table (HTML, 4.9.11).
    fn keep_headers_that_are(&mut self, groups: &[Group]) {
        let cells: Vec<TagId> =
            groups.iter().flat_map(|group| &group.rows).flat_map(|row| &row.cells).map(|cell| cell.tag).collect();
        let mut ids = HashSet::new();
        for cell in &cells {
            if let Attributes::Cell(said) = &self.tree.structure[*cell as usize].attributes {
                ids.extend(said.id.clone());
            }
        }
        for cell in cells {
            if let Attributes::Cell(said) = &mut self.tree.structure[cell as usize].attributes {
                said.headers.retain(|header| ids.contains(header));
            }
        }
    }

    /// Places the cells of a group as HTML does (4.9.12.1), except that no two overlap, and says what they span and
    /// head. Gives how many columns of each row are taken, and how many there are.
    fn place(&mut self, group: &Group) -> (Vec<usize>, usize) {
        let in_head = self.tree.role(group.tag) == "THead";
        let mut free_from: Vec<usize> = Vec::new();
        let mut all_taken = Vec::with_capacity(group.rows.len());
        for (number, row) in group.rows.iter().enumerate() {
            let all_headers = row.cells.iter().all(|cell| cell.is_header);
            let taken = |free_from: &[usize], column: usize| free_from.get(column).is_some_and(|from| *from > number);
            let mut column = 0;
            for cell in &row.cells {
                while taken(&free_from, column) {
                    column += 1;
                }
                let room = (column..column + cell.columns.min(MAX_COLUMNS)).take_while(|at| !taken(&free_from, *at));
                let columns = room.count().max(1);
                let rows = cell.rows.min(group.rows.len() - number);
                let heads_column = in_head || all_headers || column > 0;
                let own = if heads_column { Scope::Column } else { Scope::Row };
                if let Attributes::Cell(said) = &mut self.tree.structure[cell.tag as usize].attributes {
                    (said.columns, said.rows) = (columns, rows);
                    said.scope = cell.is_header.then(|| cell.scope.unwrap_or(own));
                }
                if free_from.len() < column + columns {
                    free_from.resize(column + columns, 0);
                }
                free_from[column..column + columns].fill(number + rows);
                column += columns;
            }
            // Cells from above may reach down beyond the last cell of this row: there may be a gap before them.
            all_taken.push(free_from.iter().filter(|from| **from > number).count());
        }
        (all_taken, free_from.len())
    }
}

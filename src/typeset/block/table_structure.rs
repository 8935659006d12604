//! The structure of tables: groups of rows, headers with what they head, and as many columns in every row.
//!
//! A table without a single header cell gives no reader a way to tell what its cells mean (ISO 14289-1, 7.5): it is
//! taken for a means of layout, and its cells are read as paragraphs, row by row. So is one whose header cells a style
//! sheet takes away, or whose cells it sets below each other: what is read is what is set.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

use super::build::Builder;
use super::structure::is_text;
use crate::typeset::display::{Attributes, CellAttributes, Scope, TagId};
use crate::typeset::dom::{Element, NodeId};
use crate::typeset::style::computed::Display;

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

/// Where the cells of a group stand.
struct Placed {
    /// How many columns are taken of each row.
    taken: Vec<usize>,
    columns: usize,
    cells: Vec<Place>,
}

/// The rows of its group, and the columns, that a cell covers.
struct Place {
    rows: Range<usize>,
    columns: Range<usize>,
}

/// In how many of the first rows, or columns, a cell of data begins or goes on: by their number, the sum of all before.
struct Data(Vec<usize>);

impl Data {
    /// By what the cells of data cover of so many.
    fn of<'p>(count: usize, covered: impl Iterator<Item = &'p Range<usize>>) -> Self {
        let mut changes = vec![0_isize; count + 1];
        for covered in covered {
            changes[covered.start.min(count)] += 1;
            changes[covered.end.min(count)] -= 1;
        }
        let (mut open, mut sum) = (0, 0);
        let mut sums = vec![0];
        for change in &changes[..count] {
            open += change;
            sum += usize::from(open > 0);
            sums.push(sum);
        }
        Self(sums)
    }

    /// Whether data stands in one of these.
    fn is_in(&self, range: &Range<usize>) -> bool {
        let before = |at: usize| self.0.get(at).or(self.0.last()).copied().unwrap_or(0);
        before(range.end) > before(range.start)
    }
}

impl Group {
    fn cells(&self) -> impl Iterator<Item = &CellTags> {
        self.rows.iter().flat_map(|row| &row.cells)
    }
}

impl TableTags {
    /// A table that is a means of layout.
    pub(super) fn of_layout() -> Self {
        Self { table: None, caption: None, groups: Vec::new() }
    }
}

impl Builder<'_> {
    /// Whether an element is a table to who reads it: it does not say that it is a means of layout, a header cell of it is
    /// set, and whatever is set of its cells stands in rows.
    pub(super) fn is_data_table(&self, table: NodeId) -> bool {
        let role = self.dom.element(table).and_then(|element| element.attribute("role")).unwrap_or_default();
        if matches!(role.trim(), "presentation" | "none") {
            return false;
        }
        let (mut node, mut has_header) = (table + 1, false);
        while node < self.dom.node(table).end {
            let Some(element) = self.dom.element(node) else {
                node += 1;
                continue;
            };
            let display = self.styles.get(self.styles.of(node).own).display;
            if &*element.name == "table" || display == Display::None {
                node = self.dom.node(node).end;
                continue;
            }
            if matches!(&*element.name, "th" | "td") {
                if display != Display::TableCell || !self.is_in_row(node, table) {
                    return false;
                }
                has_header |= &*element.name == "th";
            }
            node += 1;
        }
        has_header
    }

    /// Whether a cell stands in a row of a table, that in the table itself or in a group of rows.
    fn is_in_row(&self, cell: NodeId, table: NodeId) -> bool {
        let parent = |node: NodeId| self.dom.node(node).parent;
        let display = |node: NodeId| self.styles.get(self.styles.of(node).own).display;
        let mut at = parent(cell);
        while at > table && display(at) == Display::Contents {
            at = parent(at);
        }
        if display(at) != Display::TableRow {
            return false;
        }
        at = parent(at);
        while at > table {
            let groups = [Display::TableHeaderGroup, Display::TableRowGroup, Display::TableFooterGroup];
            if display(at) != Display::Contents && !groups.contains(&display(at)) {
                return false;
            }
            at = parent(at);
        }
        true
    }

    /// Whether a node is that of the table which is being read.
    pub(super) fn is_open_table(&self, tag: Option<TagId>) -> bool {
        let table = self.tables.last().and_then(|tables| tables.table);
        table.is_some() && table == tag
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
        let placed: Vec<Placed> = groups.iter().map(|group| self.place(group)).collect();
        self.say_scopes(&groups, &placed);
        let columns = placed.iter().map(|placed| placed.columns).max().unwrap_or(0);
        for (group, placed) in groups.iter().zip(placed) {
            for (row, taken) in group.rows.iter().zip(placed.taken) {
                for _ in taken..columns {
                    self.tree.tag(Some(row.tag), "TD", None);
                }
            }
        }
    }

    /// What header cells head that do not say it (HTML, 4.9.12.2): their columns where no data stands in their rows, their
    /// rows where none stands in their columns. Where it stands in both, what is at the side heads its row.
    fn say_scopes(&mut self, groups: &[Group], placed: &[Placed]) {
        let all = placed.iter().map(|group| group.columns).max().unwrap_or(0);
        let cells = || groups.iter().zip(placed).flat_map(|(group, placed)| group.cells().zip(&placed.cells));
        let columns = Data::of(all, cells().filter(|(cell, _)| !cell.is_header).map(|(_, place)| &place.columns));
        for (group, placed) in groups.iter().zip(placed) {
            let in_head = self.tree.role(group.tag) == "THead";
            let cells = || group.cells().zip(&placed.cells);
            let data = cells().filter(|(cell, _)| !cell.is_header);
            let rows = Data::of(group.rows.len(), data.map(|(_, place)| &place.rows));
            for (cell, place) in cells().filter(|(cell, _)| cell.is_header) {
                let own = match () {
                    () if in_head || !rows.is_in(&place.rows) => Scope::Column,
                    () if !columns.is_in(&place.columns) || place.columns.start == 0 => Scope::Row,
                    () => Scope::Column,
                };
                if let Attributes::Cell(said) = &mut self.tree.structure[cell.tag as usize].attributes {
                    said.scope = Some(cell.scope.unwrap_or(own));
                }
            }
        }
    }

    /// Of the `headers` of cells only those count that are header cells of the table (HTML, 4.9.11).
    fn keep_headers_that_are(&mut self, groups: &[Group]) {
        let cells: Vec<TagId> = groups.iter().flat_map(Group::cells).map(|cell| cell.tag).collect();
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

    /// Places the cells of a group as HTML does (4.9.12.1), except that no two overlap, and says what they span.
    fn place(&mut self, group: &Group) -> Placed {
        let mut free_from: Vec<usize> = Vec::new();
        let mut placed = Placed { taken: Vec::with_capacity(group.rows.len()), columns: 0, cells: Vec::new() };
        for (number, row) in group.rows.iter().enumerate() {
            let taken = |free_from: &[usize], column: usize| free_from.get(column).is_some_and(|from| *from > number);
            let mut column = 0;
            for cell in &row.cells {
                while taken(&free_from, column) {
                    column += 1;
                }
                let room = (column..column + cell.columns.min(MAX_COLUMNS)).take_while(|at| !taken(&free_from, *at));
                let columns = room.count().max(1);
                let rows = cell.rows.min(group.rows.len() - number);
                if let Attributes::Cell(said) = &mut self.tree.structure[cell.tag as usize].attributes {
                    (said.columns, said.rows) = (columns, rows);
                }
                placed.cells.push(Place { rows: number..number + rows, columns: column..column + columns });
                if free_from.len() < column + columns {
                    free_from.resize(column + columns, 0);
                }
                free_from[column..column + columns].fill(number + rows);
                column += columns;
            }
            // Cells from above may reach down beyond the last cell of this row: there may be a gap before them.
            placed.taken.push(free_from.iter().filter(|from| **from > number).count());
        }
        placed.columns = free_from.len();
        placed
    }
}

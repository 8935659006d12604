//! The boxes of elements before there is anything in them: what of their styles does not count where they stand.

use std::sync::Arc;

use super::boxes::{BoxId, BoxKind};
use super::build::Builder;
use crate::typeset::dom::{Element, NodeId};
use crate::typeset::style::Style;
use crate::typeset::style::column_style::ColumnStyle;
use crate::typeset::style::computed::Display;

impl Builder<'_> {
    /// Makes the box of a block-level element.
    pub(super) fn bare_box(&mut self, node: NodeId, element: &Element) -> (BoxId, Arc<Style>) {
        let own = Arc::clone(self.styles.get(self.styles.of(node).own));
        let style = self.without_nested_columns(element, own);
        let language = Arc::clone(self.dom.language(node));
        let kind = match style.display {
            Display::Table | Display::InlineTable => BoxKind::Table,
            Display::TableCaption => BoxKind::Caption,
            _ => BoxKind::Block,
        };
        let shares = matches!(kind, BoxKind::Table) && style.border_collapse;
        let own_borders = style.border;
        let style = if shares { without_edges(&style) } else { style };
        let style = if self.canvas == Some(node) { without_background(&style) } else { style };
        let id = self.tree.push(kind, Arc::clone(&style), language);
        self.tree.note_reach(id, element);
        if shares {
            self.tree.table_borders.insert(id, own_borders);
        }
        (id, style)
    }

    /// The background of the document: that of its root, or else that of its body (CSS Backgrounds 3, 2.11.2).
    pub(super) fn find_canvas(&mut self) {
        let named = |name: &str| self.dom.first(name);
        for node in [named("html"), named("body")].into_iter().flatten() {
            let style = self.style(self.styles.of(node).own);
            if matches!(style.display, Display::None | Display::Contents) || style.is_hidden() {
                continue;
            }
            if let Some(color) = style.background_color() {
                (self.canvas, self.tree.canvas) = (Some(node), Some(color));
                return;
            }
        }
    }

    /// The style of a box that is to be set in one column where columns cannot be made.
    fn without_nested_columns(&mut self, element: &Element, style: Arc<Style>) -> Arc<Style> {
        if self.enclosed == 0 && !style.float.is_side() || !style.columns.is_set() {
            return style;
        }
        self.refuse_columns_of(element, &style);
        let columns = ColumnStyle { count: None, width: None, ..style.columns };
        Arc::new(Style { columns, ..Style::clone(&style) })
    }

    /// Tells, once, that a box which cannot be set in columns is to be.
    pub(super) fn refuse_columns_of(&mut self, element: &Element, style: &Style) {
        if style.columns.is_set() && !std::mem::replace(&mut self.refused_columns, true) {
            let message =
                "columns of columns, tables, floats or inline blocks, or inside of these, are set as one column";
            self.warn(element, message.to_owned());
        }
    }

    /// Tells, once, that something is to stand on pages of a name where no page can be turned.
    pub(super) fn refuse_page_of(&mut self, node: NodeId, element: &Element, style: &Style) {
        let around = &self.styles.get(self.styles.of(self.dom.node(node).parent).own).page;
        if let Some(page) = style.page.as_ref().filter(|page| around.as_ref() != Some(*page))
            && !std::mem::replace(&mut self.refused_page, true)
        {
            let message = format!("`page: {page}` means nothing in columns, tables, floats, footnotes and lines");
            self.warn(element, message);
        }
    }
}

/// The style of a table whose borders are its cells': it has neither borders nor padding itself (CSS 2.2, 17.6.2).
fn without_edges(style: &Style) -> Arc<Style> {
    let none = Style::default();
    Arc::new(Style { border: none.border, padding: none.padding, ..style.clone() })
}

/// The style of an element whose background lies behind the pages.
fn without_background(style: &Style) -> Arc<Style> {
    let none = Style::default();
    Arc::new(Style { background: none.background, gradient: none.gradient, ..style.clone() })
}

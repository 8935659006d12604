//! The boxes of elements before there is anything in them: what of their styles does not count where they stand.

use std::sync::Arc;

use super::boxes::{BoxId, BoxKind};
use super::build::Builder;
use crate::error::{Place, Warning};
use crate::typeset::dom::{Element, NodeId};
use crate::typeset::inline::Direction;
use crate::typeset::shape::{is_joining, script_of};
use crate::typeset::style::Style;
use crate::typeset::style::column_style::ColumnStyle;
use crate::typeset::style::computed::{Display, VerticalAlign};

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

    /// Tells, once, of each place on its line where text does not stand that is to.
    pub(super) fn refuse_vertical_align(&mut self, node: NodeId, style: &Style) {
        let word = match style.vertical_align {
            VerticalAlign::Top => "top",
            VerticalAlign::Bottom => "bottom",
            VerticalAlign::Middle => "middle",
            VerticalAlign::TextTop => "text-top",
            VerticalAlign::TextBottom => "text-bottom",
            VerticalAlign::Baseline | VerticalAlign::Sub | VerticalAlign::Super | VerticalAlign::Raise(_) => return,
        };
        if style.display != Display::Inline || self.dom.text(node).trim().is_empty() {
            return;
        }
        if let Some(element) = self.dom.element(node) {
            let message = format!("`vertical-align: {word}` is not supported of text, which stands on its baseline");
            self.warn_once(element, message);
        }
    }

    /// Tells, once, of words that only italics set apart from those around, in text from right to left of a script that has
    /// none.
    pub(super) fn tell_upright(&mut self, node: NodeId, element: &Element, (style, around): (&Style, &Style)) {
        const MESSAGE: &str =
            "there are no italics of Arabic letters: nothing sets these words apart from those around";
        const HINT: &str = "say how they are set apart with `font-weight`, `color` or another `font-family`";
        if !style.italic || around.italic || around.direction != Direction::Rtl {
            return;
        }
        let look = |style: &Style| (style.weight, style.color, style.font_size, style.background_color());
        let is_apart =
            look(style) != look(around) || style.families != around.families || style.decorations != around.decorations;
        if is_apart || self.warnings.iter().any(|warning| warning.message == MESSAGE) {
            return;
        }
        let text = self.dom.text(node);
        let first = text.chars().find(|letter| letter.is_alphabetic());
        let Some(letter) = first.filter(|letter| is_joining(script_of(*letter))) else { return };
        let chain = self.fonts.candidates(&style.families, style.weight, true);
        let mut faces = chain.iter().filter_map(|id| self.fonts.face(*id));
        if faces.find(|face| face.glyph(letter).is_some()).is_none_or(|face| !face.italic) {
            let (line, column) = element.at;
            self.warnings.push(Warning::new(MESSAGE).at(Place::at(self.html_name, line, column)).hint(HINT));
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

//! What margin boxes were laid out to, for as long as they say the same: a running head may be long, and its pages many.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::margin_sizes::Wish;
use crate::typeset::inline::{Inline, Line};
use crate::typeset::style::Style;
use crate::typeset::style::page_rule::MarginBox;
use crate::typeset::style::page_style::PageStyle;

/// The boxes that were laid out last, each by its name and the style of its page.
#[derive(Default)]
pub(crate) struct MarginLines {
    boxes: BTreeMap<(usize, MarginBox), Said>,
}

/// What a box says, and the box of the running element that it is, if it is one.
#[derive(Clone)]
pub(super) struct Content {
    pub(super) inlines: Vec<Inline>,
    pub(super) within: Option<Arc<Style>>,
}

impl PartialEq for Content {
    fn eq(&self, other: &Self) -> bool {
        let address = |content: &Self| content.within.as_ref().map(|style| Arc::as_ptr(style).addr());
        address(self) == address(other) && self.inlines == other.inlines
    }
}

/// What one box said last.
struct Said {
    /// Kept, so that its address is that of no other style.
    _page: Arc<PageStyle>,
    content: Content,
    wish: Option<Wish>,
    /// With the width that they were laid out in.
    lines: Option<(f32, Vec<Line>)>,
}

impl MarginLines {
    /// How long a box would like to be: as before, or as `make` says.
    pub(super) fn wish(
        &mut self,
        (name, page): (MarginBox, &Arc<PageStyle>),
        content: &Content,
        make: impl FnOnce() -> Wish,
    ) -> Wish {
        *self.said((name, page), content).wish.get_or_insert_with(make)
    }

    /// The lines of a box of this width: those of before, or what `make` gives.
    pub(super) fn lines(
        &mut self,
        (name, page): (MarginBox, &Arc<PageStyle>),
        (content, width): (&Content, f32),
        make: impl FnOnce() -> Vec<Line>,
    ) -> &[Line] {
        let lines = &mut self.said((name, page), content).lines;
        let known = lines.take().filter(|(known, _)| known.to_bits() == width.to_bits());
        let (_, lines) = lines.insert(known.unwrap_or_else(|| (width, make())));
        lines
    }

    fn said(&mut self, (name, page): (MarginBox, &Arc<PageStyle>), content: &Content) -> &mut Said {
        let fresh = || Said { _page: Arc::clone(page), content: content.clone(), wish: None, lines: None };
        let said = self.boxes.entry((Arc::as_ptr(page).addr(), name)).or_insert_with(fresh);
        if said.content != *content {
            *said = fresh();
        }
        said
    }
}

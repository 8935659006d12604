//! Words that stand on lines of their own stay apart in the text of the structure: where blocks or cells part the text of a
//! paragraph or a heading, a space ends the lines before them (ISO 32000-1, 14.8.2.5).

use std::collections::HashMap;

use super::boxes::{BoxId, BoxKind, Inlines};
use super::build::Builder;
use crate::typeset::display::TagId;
use crate::typeset::inline::{Inline, WhiteSpace};
use crate::typeset::style::Style;

impl Builder<'_> {
    /// Notes that a paragraph has text of this node, and parts it from what has been before.
    pub(super) fn part_from_last_lines(&mut self, tag: TagId, paragraph: BoxId) {
        if let Some(before) = self.last_lines.insert(tag, paragraph)
            && let BoxKind::Paragraph(inlines) = &mut self.tree.get_mut(before).kind
        {
            end_in_space(inlines);
        }
    }

    /// What floats or stands on a line may be a part of a word, as large first letters are: it is not parted from the lines
    /// around. Gives these back, if it is such a box.
    pub(super) fn leave_lines(&mut self, style: &Style) -> Option<HashMap<TagId, BoxId>> {
        (style.float.is_side() || style.display.is_inline()).then(|| std::mem::take(&mut self.last_lines))
    }

    /// Goes on with the lines around such a box.
    pub(super) fn go_on_after(&mut self, around: Option<HashMap<TagId, BoxId>>) {
        if let Some(around) = around {
            self.last_lines = around;
        }
    }
}

/// Adds a space to what stands in a paragraph, unless it has one.
fn end_in_space(inlines: &mut Inlines) {
    let is_seen = |item: &&Inline| {
        !matches!(item, Inline::Anchor(_) | Inline::Open { .. } | Inline::Close | Inline::Note(_) | Inline::Float(_))
    };
    let Some(Inline::Text { text, style, tag, link }) = inlines.content.iter().rev().find(is_seen) else { return };
    let is_kept = matches!(style.white_space, WhiteSpace::Pre | WhiteSpace::PreWrap);
    if is_kept && text.ends_with(|last: char| last.is_ascii_whitespace()) {
        return;
    }
    let space = Inline::Text { text: " ".into(), style: style.clone(), tag: *tag, link: *link };
    inlines.content.push(space);
    inlines.goes_on = true;
}

//! Whether pieces that were laid out anew, because page numbers became known, leave the pages as they are.

use super::marks::is_too_wide;
use crate::typeset::block::piece::{Content, Piece, PlacedLine};
use crate::typeset::inline::{Fragment, Line};

/// Whether the pager would do with these pieces what it did with those: then pages need not be made again. Only what page
/// numbers mostly stand in is looked at; anything else counts as different.
pub(crate) fn stand_alike(before: &[Piece], after: &[Piece]) -> bool {
    before.len() == after.len() && before.iter().zip(after).all(|(before, after)| is_alike(before, after))
}

fn is_alike(before: &Piece, after: &Piece) -> bool {
    match (before, after) {
        (Piece::Margin(a), Piece::Margin(b)) => a.to_bits() == b.to_bits(),
        (Piece::Break(a), Piece::Break(b)) => a == b,
        (Piece::Mark(a), Piece::Mark(b)) => a == b,
        (Piece::Page(a), Piece::Page(b)) => a == b,
        (Piece::Open(a), Piece::Open(b)) => a == b,
        (Piece::Close, Piece::Close)
        | (Piece::Stick, Piece::Stick)
        | (Piece::KeepNext, Piece::KeepNext)
        | (Piece::Hold, Piece::Hold)
        | (Piece::Release, Piece::Release) => true,
        (
            Piece::Solid { height: a, keep: keep_a, content: content_a },
            Piece::Solid { height: b, keep: keep_b, content: content_b },
        ) => a.to_bits() == b.to_bits() && keep_a == keep_b && has_alike_content(content_a, content_b),
        _ => false,
    }
}

fn has_alike_content(before: &Content, after: &Content) -> bool {
    match (before, after) {
        (Content::Blank, Content::Blank) => true,
        (Content::Rest { painted: a }, Content::Rest { painted: b }) => a == b,
        (Content::Line(before), Content::Line(after)) => {
            is_plain(before)
                && is_plain(after)
                && is_too_wide(&before.line) == is_too_wide(&after.line)
                && before.line.cut == after.line.cut
                && anchors(&before.line).eq(anchors(&after.line))
        }
        _ => false,
    }
}

/// Whether nothing is laid out with the line that has a height of its own.
fn is_plain(placed: &PlacedLine) -> bool {
    placed.atoms.is_empty() && !placed.line.fragments.iter().any(|fragment| matches!(fragment, Fragment::Note(_)))
}

fn anchors(line: &Line) -> impl Iterator<Item = &str> {
    line.fragments.iter().filter_map(|fragment| match fragment {
        Fragment::Anchor(name) => Some(&**name),
        _ => None,
    })
}

//! Columns: how many there are, how wide, and where they begin and end in the flow (CSS Multi-column Layout 1).
//!
//! Content of columns is laid out as one long column at the place of the first; the pager cuts it and moves what stands
//! in the others aside. Between a start and an end nothing collapses: each is a strip of no height.

use std::sync::Arc;

use super::flow::Emitter;
use super::piece::{Content, Keep, Piece};
use crate::typeset::inline::Direction;
use crate::typeset::style::Style;
use crate::typeset::style::computed::{Clear, Stroke};

/// More columns than this are never made.
const MOST_COLUMNS: usize = 64;

/// The columns of a box.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Columns {
    pub(crate) count: usize,
    /// Left edge of the first column, and the width of each.
    pub(crate) x: f32,
    pub(crate) width: f32,
    /// From one column to the next, to the left in right-to-left text.
    pub(crate) step: f32,
    /// Between two columns.
    pub(crate) gap: f32,
    /// Content box of the whole.
    pub(crate) outer_x: f32,
    pub(crate) outer_width: f32,
    /// The rule between columns.
    pub(crate) rule: Option<Stroke>,
    /// Whether columns are filled one after the other instead of being balanced.
    pub(crate) fill: bool,
}

impl Columns {
    /// The columns that a style asks for in a content box; `None` where it asks for none (3.4).
    pub(crate) fn of(style: &Style, x: f32, width: f32) -> Option<Self> {
        let own = &style.columns;
        if !own.is_set() {
            return None;
        }
        let gap = own.gap.map_or(style.font_size, |gap| gap.of(width)).max(0.0);
        let by_width = own.width.map(|least| ((width + gap) / (least.max(1.0) + gap)).floor().max(1.0) as usize);
        let count = match (own.count, by_width) {
            (Some(count), Some(room)) => count.min(room),
            (Some(count), None) => count,
            (None, room) => room.unwrap_or(1),
        };
        // No column is narrower than a point.
        let room = ((width + gap) / (1.0 + gap)).floor().max(1.0) as usize;
        let count = count.min(room).clamp(1, MOST_COLUMNS);
        let column = ((width - (count - 1) as f32 * gap) / count as f32).max(0.0);
        let rtl = style.direction == Direction::Rtl;
        let rule = (own.rule.used() > 0.0).then(|| own.rule.stroke(style.color));
        Some(Self {
            count,
            x: if rtl { x + width - column } else { x },
            width: column,
            step: if rtl { -(column + gap) } else { column + gap },
            gap,
            outer_x: x,
            outer_width: width,
            rule,
            fill: own.fill,
        })
    }

    /// The middle of the gap before a column that is not the first.
    pub(crate) fn rule_x(&self, column: usize) -> f32 {
        let left = self.x + column as f32 * self.step;
        if self.step < 0.0 { left + self.width + self.gap / 2.0 } else { left - self.gap / 2.0 }
    }
}

impl Emitter<'_, '_, '_> {
    /// From here on content stands in columns.
    pub(crate) fn start_columns(&mut self, columns: Columns) {
        let columns = Arc::new(columns);
        self.emit(Piece::solid(0.0, Keep::Free, Content::ColumnsStart(Arc::clone(&columns))));
        self.columns = Some(columns);
    }

    /// The end of content in columns.
    pub(crate) fn end_columns(&mut self) {
        self.clear_floats(Clear::Both);
        self.emit(Piece::solid(0.0, Keep::Edge, Content::ColumnsEnd));
        self.columns = None;
    }
}

#[cfg(test)]
#[allow(clippy::float_cmp, reason = "sums of small whole numbers are exact")]
mod tests {
    use super::*;
    use crate::typeset::style::values::LengthPercentage;

    fn columns(count: Option<usize>, width: Option<f32>, direction: Direction) -> Columns {
        let mut style = Style { direction, ..Style::default() };
        style.columns.count = count;
        style.columns.width = width;
        style.columns.gap = Some(LengthPercentage { pt: 20.0, percent: 0.0 });
        Columns::of(&style, 10.0, 320.0).unwrap()
    }

    #[test]
    fn count_and_width_settle_each_other() {
        let of = |count, width| {
            let columns = columns(count, width, Direction::Ltr);
            (columns.count, columns.width)
        };
        assert_eq!(of(Some(2), None), (2, 150.0));
        assert_eq!(of(None, Some(90.0)), (3, 93.333_336));
        assert_eq!(of(Some(2), Some(90.0)), (2, 150.0));
        assert_eq!(of(Some(9), Some(150.0)), (2, 150.0));
        assert_eq!(of(None, Some(900.0)), (1, 320.0));
        assert!(of(Some(1_000_000), None).1 >= 1.0);
        assert!(Columns::of(&Style::default(), 0.0, 1.0).is_none());
    }

    #[test]
    fn right_to_left_columns_begin_at_the_right() {
        let ltr = columns(Some(2), None, Direction::Ltr);
        assert_eq!((ltr.x, ltr.step, ltr.rule_x(1)), (10.0, 170.0, 170.0));
        let rtl = columns(Some(2), None, Direction::Rtl);
        assert_eq!((rtl.x, rtl.step, rtl.rule_x(1)), (180.0, -170.0, 170.0));
    }
}

//! Settles margins (CSS 2.2, 8.3.1) and breaks (CSS Fragmentation 3, 3) between strips.

use std::sync::Arc;

use super::boxes::Mark;
use super::footnotes::notes_in;
use super::heading::Headings;
use super::piece::{ColumnEdge, Content, Flowed, Frame, Keep, Piece, RepeatedRows, Strip};
use crate::typeset::style::computed::Break;

/// Adjoining margins: the largest positive and the smallest negative one count.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Margins {
    positive: f32,
    negative: f32,
}

impl Margins {
    pub(crate) fn add(&mut self, margin: f32) {
        if margin >= 0.0 {
            self.positive = self.positive.max(margin);
        } else {
            self.negative = self.negative.min(margin);
        }
    }

    pub(crate) fn collapsed(self) -> f32 {
        self.positive + self.negative
    }

    /// The margin that leaves nothing of them.
    pub(crate) fn cancelling(self) -> f32 {
        if self.positive > -self.negative { -self.positive } else { -self.negative }
    }
}

/// What gathers between two solid pieces.
#[derive(Default)]
struct Gap {
    margins: Margins,
    after_break: Margins,
    /// What of the margins stands before a float already; margins collapse across it.
    used: f32,
    used_after_break: f32,
    forced: Option<Break>,
    /// Whether the forced break is one after the last content of boxes that end here.
    ends_with_break: bool,
    page: Option<u16>,
    avoid: bool,
    stick: bool,
    marks: Vec<Mark>,
    closes: usize,
    opens: Vec<Arc<Frame>>,
    table_ends: usize,
    table_starts: Vec<Option<Arc<RepeatedRows>>>,
    table_foot: bool,
    touched: bool,
}

impl Gap {
    /// What goes on behind a float: it is no part of the flow.
    fn after_float(&self) -> Self {
        let margins = if self.forced.is_some() { self.after_break } else { self.margins };
        let used = margins.collapsed();
        Self {
            margins,
            after_break: self.after_break,
            used,
            used_after_break: self.after_break.collapsed(),
            avoid: self.avoid || self.stick,
            ..Self::default()
        }
    }
}

/// Turns pieces into strips.
#[derive(Default)]
pub(crate) struct Galley {
    pub(crate) strips: Vec<Strip>,
    gap: Gap,
    held: usize,
    /// The name of the page that the flow has come to.
    page: u16,
    headings: Headings,
    /// Whether the flow was already held at the last solid piece.
    held_at_last: usize,
}

impl Galley {
    /// Adds the pieces of one unit.
    pub(crate) fn add(&mut self, unit: u32, pieces: &[Piece]) {
        for (number, piece) in pieces.iter().enumerate() {
            self.piece(unit, number as u32, piece);
        }
    }

    fn piece(&mut self, unit: u32, number: u32, piece: &Piece) {
        let gap = &mut self.gap;
        gap.touched = true;
        if gap.ends_with_break && matches!(piece, Piece::Break(_)) {
            // Each box ends with one: the margins of those that end here stand before theirs.
            (gap.after_break, gap.used_after_break) = (Margins::default(), 0.0);
        }
        match piece {
            Piece::Margin(margin) => {
                gap.margins.add(*margin);
                gap.after_break.add(*margin);
            }
            Piece::Break(Break::Auto) => {}
            Piece::Break(Break::Avoid) => gap.avoid = true,
            Piece::Break(forced) => {
                // Left and right are stronger than a plain page break.
                gap.forced = Some(gap.forced.map_or(*forced, |earlier| earlier.max(*forced)));
                (gap.after_break, gap.used_after_break) = (Margins::default(), 0.0);
            }
            Piece::Mark(mark) => gap.marks.push(mark.clone()),
            Piece::Page(name) => {
                // Pages of another name begin here.
                if gap.page.unwrap_or(self.page) != *name {
                    (gap.after_break, gap.used_after_break) = (Margins::default(), 0.0);
                }
                gap.page = Some(*name);
            }
            Piece::Open(frame) => gap.opens.push(Arc::clone(frame)),
            Piece::Close => {
                if gap.opens.pop().is_none() {
                    gap.closes += 1;
                }
            }
            Piece::Stick => gap.stick = true,
            Piece::KeepNext => {
                gap.avoid = true;
                self.headings.end(&mut self.strips);
            }
            Piece::Hold => self.held += 1,
            Piece::Release => {
                self.held = self.held.saturating_sub(1);
                self.held_at_last = self.held_at_last.min(self.held);
            }
            Piece::TableStart(repeated) => gap.table_starts.push(repeated.clone()),
            Piece::TableFoot => gap.table_foot = true,
            Piece::TableEnd => {
                if gap.table_starts.pop().is_none() {
                    gap.table_ends += 1;
                }
            }
            Piece::Solid { height, keep, content } => self.solid(unit, number, *height, *keep, content),
        }
    }

    fn solid(&mut self, unit: u32, number: u32, height: f32, keep: Keep, content: &Content) {
        let mut gap = std::mem::take(&mut self.gap);
        let edge = match content {
            Content::ColumnsStart(_) => ColumnEdge::Start,
            Content::ColumnsEnd => ColumnEdge::End,
            _ => ColumnEdge::None,
        };
        if is_below_content(content, keep) {
            // A break after the last content of a box is one after the box (CSS Fragmentation 3, 3.1).
            self.gap.forced = gap.forced.take();
            self.gap.touched = self.gap.forced.is_some();
            self.gap.ends_with_break = self.gap.forced.is_some();
        }
        let page = gap.page.unwrap_or(self.page);
        if std::mem::replace(&mut self.page, page) != page && !self.strips.is_empty() {
            gap.forced = gap.forced.max(Some(Break::Page));
        }
        self.hand_on_break(edge, &mut gap);
        let mut keep = keep;
        if gap.avoid || self.held_at_last > 0 {
            keep = keep.max(Keep::Avoid);
        }
        if gap.stick {
            keep = Keep::Edge;
        }
        keep = self.headings.keep(self.strips.len(), keep, content, gap.forced.is_some());
        self.held_at_last = self.held;
        let reserve = match content {
            Content::Float { flowed, .. } => reach(flowed),
            _ => 0.0,
        };
        if matches!(content, Content::Float { .. }) {
            self.gap = gap.after_float();
        }
        self.strips.push(Strip {
            space: gap.margins.collapsed() - gap.used,
            space_after_break: gap.after_break.collapsed() - gap.used_after_break,
            height,
            reserve,
            keep,
            forced: gap.forced,
            page,
            marks: gap.marks,
            notes: notes_in(content),
            edge,
            closes: gap.closes,
            opens: gap.opens,
            table_ends: gap.table_ends,
            table_starts: gap.table_starts,
            table_foot: gap.table_foot,
            unit,
            piece: number,
        });
    }

    /// A page break before the first or after the last content of columns is one before or after the columns.
    fn hand_on_break(&mut self, edge: ColumnEdge, gap: &mut Gap) {
        let is_page = gap.forced.is_some_and(Break::turns_page);
        if edge == ColumnEdge::End {
            self.gap.forced = gap.forced.take().filter(|_| is_page);
            self.gap.touched = self.gap.forced.is_some();
        } else if is_page && let Some(start) = self.strips.last_mut().filter(|strip| strip.edge == ColumnEdge::Start) {
            start.forced = start.forced.max(gap.forced.take());
        }
    }

    /// Ends the flow: what is left becomes an empty last strip, so that marks and frames are not lost.
    pub(crate) fn finish(mut self, unit: u32) -> (Vec<Strip>, Option<Piece>) {
        if !self.gap.touched {
            return (self.strips, None);
        }
        let margin = self.gap.margins.collapsed() - self.gap.used;
        let forced = self.gap.forced.take();
        self.gap.margins = Margins::default();
        self.gap.after_break = Margins::default();
        (self.gap.used, self.gap.used_after_break) = (0.0, 0.0);
        self.solid(unit, 0, 0.0, Keep::Edge, &Content::Blank);
        if let Some(last) = self.strips.last_mut() {
            last.space = margin;
            // A forced break after everything makes no page.
            last.forced = None;
        }
        let _ = forced;
        (self.strips, Some(Piece::blank(0.0, Keep::Edge)))
    }
}

/// Whether it is what a box has below its content: the rest of its height, its lower edge.
fn is_below_content(content: &Content, keep: Keep) -> bool {
    matches!((content, keep), (Content::Rest { .. }, _) | (Content::Blank, Keep::Edge))
}

/// Lays out pieces as a box of its own: margins inside stay inside.
pub(crate) fn flowed(mut pieces: Vec<Piece>) -> Flowed {
    let mut galley = Galley::default();
    galley.add(0, &pieces);
    let (mut strips, last) = galley.finish(0);
    if let (Some(piece), Some(strip)) = (last, strips.last_mut()) {
        strip.piece = pieces.len() as u32;
        pieces.push(piece);
    }
    let mut height = 0.0;
    let mut last_baseline = None;
    let mut lowest: f32 = 0.0;
    for strip in &strips {
        height += strip.space;
        if let Some(Piece::Solid { content: Content::Line(line), .. }) = pieces.get(strip.piece as usize) {
            last_baseline = Some(height + line.line.baseline);
        }
        lowest = lowest.max(height + strip.reserve);
        height += strip.height;
    }
    Flowed { pieces, strips, height: height.max(lowest).max(0.0), last_baseline }
}

/// How far down a float reaches without the margin below it, which ends with a page (CSS Fragmentation 3, 5.2).
fn reach(float: &Flowed) -> f32 {
    let mut reach = float.height;
    for strip in float.strips.iter().rev() {
        let is_margin = matches!(
            float.pieces.get(strip.piece as usize),
            Some(Piece::Solid { content: Content::Blank, keep: Keep::Edge, .. })
        );
        if !is_margin || !strip.opens.is_empty() {
            break;
        }
        reach -= (strip.space + strip.height).max(0.0);
        // What is before belongs to a frame.
        if strip.closes > 0 {
            break;
        }
    }
    reach.max(0.0)
}

#[cfg(test)]
#[allow(clippy::float_cmp, reason = "sums of small whole numbers are exact")]
mod tests {
    use super::*;

    fn spaces(pieces: &[Piece]) -> Vec<f32> {
        let mut galley = Galley::default();
        galley.add(0, pieces);
        galley.strips.iter().map(|strip| strip.space).collect()
    }

    fn line() -> Piece {
        Piece::blank(10.0, Keep::Free)
    }

    #[test]
    fn adjoining_margins_collapse() {
        assert_eq!(spaces(&[Piece::Margin(5.0), line(), Piece::Margin(8.0), Piece::Margin(12.0), line()]), [5.0, 12.0]);
        assert_eq!(spaces(&[line(), Piece::Margin(8.0), Piece::Margin(-3.0), line()]), [0.0, 5.0]);
    }

    #[test]
    fn empty_boxes_collapse_through() {
        let frame = Arc::new(Frame {
            x: 0.0,
            width: 1.0,
            background: None,
            borders: crate::typeset::style::Style::default()
                .border
                .map(|border| border.painted(crate::typeset::display::Color::BLACK)),
            radii: None,
        });
        let pieces = [
            line(),
            Piece::Margin(4.0),
            Piece::Open(frame),
            Piece::Margin(6.0),
            Piece::Close,
            Piece::Margin(5.0),
            line(),
        ];
        let mut galley = Galley::default();
        galley.add(0, &pieces);
        assert_eq!(galley.strips[1].space, 6.0);
        assert!(galley.strips[1].opens.is_empty());
        assert_eq!(galley.strips[1].closes, 0);
    }

    #[test]
    fn forced_breaks_keep_only_the_margin_after_them() {
        let pieces = [line(), Piece::Margin(20.0), Piece::Break(Break::Page), Piece::Margin(7.0), line()];
        let mut galley = Galley::default();
        galley.add(0, &pieces);
        assert_eq!(galley.strips[1].forced, Some(Break::Page));
        assert_eq!(galley.strips[1].space_after_break, 7.0);
    }

    #[test]
    fn margins_can_be_cancelled() {
        for margins in [&[5.0][..], &[-5.0], &[7.0, -3.0], &[3.0, -7.0], &[]] {
            let mut all = Margins::default();
            for margin in margins {
                all.add(*margin);
            }
            all.add(all.cancelling());
            assert_eq!(all.collapsed(), 0.0, "{margins:?}");
        }
    }

    #[test]
    fn a_break_after_the_last_content_of_a_box_is_one_after_the_box() {
        let pieces = [
            line(),
            Piece::Break(Break::Page),
            Piece::blank(3.0, Keep::Edge),
            Piece::Close,
            Piece::Margin(2.0),
            line(),
        ];
        let mut galley = Galley::default();
        galley.add(0, &pieces);
        let forced: Vec<Option<Break>> = galley.strips.iter().map(|strip| strip.forced).collect();
        assert_eq!(forced, [None, None, Some(Break::Page)]);
    }

    #[test]
    fn held_strips_resist_breaks() {
        let pieces = [line(), Piece::Hold, line(), line(), Piece::Release, line()];
        let mut galley = Galley::default();
        galley.add(0, &pieces);
        let keeps: Vec<Keep> = galley.strips.iter().map(|strip| strip.keep).collect();
        assert_eq!(keeps, [Keep::Free, Keep::Free, Keep::Avoid, Keep::Free]);
    }
}

//! Tests of inline boxes.

use std::sync::Arc;

use super::tests::{lines, paragraph, position, runs, style, text, texts};
use super::{Align, Direction, Fragment, Inline, InlineBox, Line, TextStyle};
use crate::typeset::display::Color;

const RED: Color = Color { r: 255, ..Color::BLACK };

/// A box with a margin of 3 points, borders of 1 and padding of 4, left and right.
fn open(style: &TextStyle, direction: Direction) -> Inline {
    let shape = InlineBox {
        margin: [0.0, 3.0, 0.0, 3.0],
        padding: [2.0, 4.0, 2.0, 4.0],
        shares: ([0.0; 4], [0.0; 4]),
        borders: [(1.0, Color::BLACK); 4],
        background: Some(RED),
        direction,
        style: Arc::new(style.clone()),
    };
    Inline::Open { shape: Arc::new(shape), starts: true }
}

fn strips(line: &Line) -> Vec<(f32, f32, Color)> {
    line.fragments
        .iter()
        .filter_map(|fragment| match fragment {
            Fragment::Strip { x, width, color, .. } => Some((*x, x + width, *color)),
            _ => None,
        })
        .collect()
}

fn near(a: f32, b: f32) -> bool {
    (a - b).abs() < 0.05
}

#[test]
fn edges_take_room_and_are_painted() {
    let style = style("serif", "en");
    let boxed =
        vec![text("a", &style), open(&style, Direction::Ltr), text("b", &style), Inline::Close, text("c", &style)];
    let line = &lines(&paragraph(boxed, Align::Start, &style), 200.0)[0];
    let plain = &lines(&paragraph(vec![text("abc", &style)], Align::Start, &style), 200.0)[0];
    assert!(near(position(line, "b"), position(plain, "b") + 8.0));
    assert!(near(position(line, "c"), position(plain, "c") + 16.0));
    assert!(near(line.natural, plain.natural + 16.0));
    let (from, to) = (position(line, "b") - 5.0, position(line, "c") - 3.0);
    let painted = strips(line);
    assert_eq!(painted.len(), 5, "{painted:?}");
    assert!(near(painted[0].0, from) && near(painted[0].1, to) && painted[0].2 == RED, "{painted:?}");
    assert!(near(painted[3].1, from + 1.0) && near(painted[4].0, to - 1.0), "{painted:?}");
    // The line is as high as it was.
    assert!(near(line.height, plain.height));
}

#[test]
fn a_box_on_two_lines_has_one_start_and_one_end() {
    let style = style("serif", "en");
    let content = vec![open(&style, Direction::Ltr), text("one two", &style), Inline::Close, text(" three", &style)];
    let set = lines(&paragraph(content, Align::Start, &style), 40.0);
    assert_eq!(texts(&set), ["one ", "two ", "three"]);
    // Background, two borders across, and one at a side.
    assert_eq!(set.iter().map(|line| strips(line).len()).collect::<Vec<_>>(), [4, 4, 0]);
    assert!(near(position(&set[0], "o"), 8.0) && near(position(&set[1], "t"), 0.0));
}

#[test]
fn a_box_is_painted_behind_all_that_is_in_it() {
    let style = style("serif", "en");
    let bold = TextStyle { weight: 700, ..style.clone() };
    let content =
        vec![open(&style, Direction::Ltr), text("a", &style), text("b", &bold), text("c", &style), Inline::Close];
    let line = &lines(&paragraph(content, Align::Start, &style), 200.0)[0];
    let painted = strips(line);
    assert_eq!(painted.iter().filter(|strip| strip.2 == RED).count(), 1);
    assert!(painted[0].1 > runs(line).map(|(x, width, _)| x + width).fold(0.0, f32::max));
}

#[test]
fn a_box_starts_at_the_right_where_its_direction_says_so() {
    let style = style("serif", "fa");
    let shape = |shape: Inline| match shape {
        Inline::Open { shape, starts } => {
            let shape = InlineBox { margin: [0.0, 20.0, 0.0, 0.0], ..InlineBox::clone(&shape) };
            Inline::Open { shape: Arc::new(shape), starts }
        }
        other => other,
    };
    let content = |inner: &str| {
        vec![text("\u{628}", &style), shape(open(&style, Direction::Rtl)), text(inner, &style), Inline::Close]
    };
    for inner in ["\u{631}", "x"] {
        let line = &lines(&paragraph(content(inner), Align::Start, &style), 200.0)[0];
        let before = position(line, "\u{628}");
        let right = strips(line)[0].1;
        assert!(near(before - right, 20.0), "{inner}: {before} {right}");
    }
}

#[test]
fn lines_end_after_a_box_and_not_between_its_content_and_its_edge() {
    let style = style("serif", "en");
    let content =
        vec![text("a ", &style), open(&style, Direction::Ltr), text("b-", &style), Inline::Close, text("c", &style)];
    for align in [Align::Start, Align::Justify] {
        let set = lines(&paragraph(content.clone(), align, &style), 1.0);
        assert_eq!(texts(&set), ["a ", "b-", "c"]);
        assert_eq!(set.iter().map(|line| strips(line).len()).collect::<Vec<_>>(), [0, 5, 0]);
    }
}

#[test]
fn an_end_without_a_start_is_nothing() {
    let style = style("serif", "en");
    let content = vec![text("a", &style), Inline::Close, text("b", &style), open(&style, Direction::Ltr)];
    assert_eq!(texts(&lines(&paragraph(content, Align::Start, &style), 200.0)), ["ab"]);
}

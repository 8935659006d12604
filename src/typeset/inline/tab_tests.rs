//! Tabs go to stops (CSS Text 3, 4.2).

use super::tests::{lines, paragraph, runs, style, text};
use super::{Align, Direction, Line, Paragraph, TextStyle, WhiteSpace};

const WIDTH: f32 = 400.0;

fn preserved(family: &str) -> TextStyle {
    TextStyle { white_space: WhiteSpace::Pre, ..style(family, "en") }
}

fn set(content: &str, style: &TextStyle) -> Vec<Line> {
    lines(&paragraph(vec![text(content, style)], Align::Start, style), WIDTH)
}

/// Where a letter stands on its line: its left edge.
fn place(line: &Line, wanted: &str) -> f32 {
    for (x, _, run) in runs(line) {
        let mut at = x;
        for glyph in &run.glyphs {
            if run.text.get(glyph.text_start as usize..glyph.text_end as usize) == Some(wanted) {
                return at;
            }
            at += glyph.advance;
        }
    }
    panic!("`{wanted}` is not on the line")
}

fn assert_near(found: f32, wanted: f32) {
    assert!((found - wanted).abs() < 0.01, "{found} {wanted}");
}

#[test]
fn what_stands_behind_tabs_is_aligned_in_proportional_type() {
    for family in ["serif", "sans-serif", "monospace"] {
        let style = preserved(family);
        let space = place(&set(" q", &style)[0], "q");
        for text in ["Name\tq\niiii\tq\ni\tq\nWWW\tq\n\tq", "ii\t\tq\n\t\tq\nBartholomew\tq"] {
            let stops: Vec<f32> = set(text, &style).iter().map(|line| place(line, "q") / (8.0 * space)).collect();
            for stop in stops {
                assert_near(stop, stop.round().max(1.0));
            }
        }
        let lines = set("Na\tq\niiii\tq", &style);
        assert_near(place(&lines[0], "q"), place(&lines[1], "q"));
    }
}

#[test]
fn stops_are_counted_from_the_edge_of_the_block() {
    let plain = preserved("serif");
    let space = place(&set(" q", &plain)[0], "q");
    let indented = Paragraph { indent: 10.0, ..paragraph(vec![text("a\tq", &plain)], Align::Start, &plain) };
    let line = &lines(&indented, WIDTH)[0];
    assert_near(line.x + place(line, "q"), 8.0 * space);
    // The stops are those of the block, whatever stands around the tab, and spaces of it count with their spacing.
    let large = TextStyle { size: 20.0, ..plain.clone() };
    let wide = TextStyle { word_spacing: 2.0, tab_size: 4, ..plain.clone() };
    let mixed = paragraph(vec![text("a", &plain), text("\t", &large), text("q", &plain)], Align::Start, &plain);
    assert_near(place(&lines(&mixed, WIDTH)[0], "q"), 8.0 * space);
    assert_near(place(&set("a\tq", &wide)[0], "q"), 4.0 * (space + 2.0));
    // From the right in text from right to left.
    let rtl = Paragraph { direction: Direction::Rtl, ..paragraph(vec![text("ا\tب", &plain)], Align::Start, &plain) };
    let line = &lines(&rtl, WIDTH)[0];
    let alone = lines(&paragraph(vec![text("ب", &plain)], Align::Start, &plain), WIDTH);
    let width = alone[0].natural;
    assert_near(line.x + place(line, "ب") + width, WIDTH - 8.0 * space);
}

#[test]
fn lines_that_wrap_have_their_own_stops() {
    let style = TextStyle { white_space: WhiteSpace::PreWrap, ..style("serif", "en") };
    let space = place(&set(" q", &style)[0], "q");
    let wrapped = lines(&paragraph(vec![text("wordwordword iii\tq", &style)], Align::Justify, &style), 80.0);
    assert_eq!(wrapped.len(), 2);
    assert_near(place(&wrapped[1], "q"), 8.0 * space);
}

#[test]
fn copied_tabs_are_as_many_spaces_as_they_were() {
    let line = &set("ab\tq", &preserved("serif"))[0];
    assert_eq!(runs(line).next().map(|(.., run)| run.text.to_string()).as_deref(), Some("ab      q"));
}

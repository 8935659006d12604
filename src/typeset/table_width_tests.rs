//! How wide tables and their columns are that say how wide they are to be.

use super::block_tests::png;
use super::display::{Item, Page, Rect};
use super::tests::{Nothing, SMALL, position, set_with, small, text};

const TABLES: &str = "table { border-spacing: 0 } td, th { padding: 0 }";

fn page(html: &str) -> Page {
    small(html, TABLES).pages.remove(0)
}

fn picture(page: &Page) -> Option<Rect> {
    page.items.iter().find_map(|item| if let Item::Image { rect, .. } = item { Some(*rect) } else { None })
}

/// The left edges of words, which stand in a table alone, on one line.
fn places(html: &str, words: &[&str]) -> Vec<f32> {
    let page = page(html);
    words.iter().map(|word| position(&page, word).0).collect()
}

#[test]
fn no_table_is_narrower_than_its_words() {
    for table in [
        "<table style='width: 1pt; float: left'>",
        "<table style='width: 1pt; float: right'>",
        "<table style='max-width: 1pt; float: left'>",
        "<table style='width: 1pt; display: inline-table'>",
        "<table style='width: 1pt'>",
        "<table style='max-width: 1pt'>",
        "<table style='width: 1pt; max-width: 2pt; box-sizing: border-box'>",
        "<table><tr><td>outer<table style='width: 1pt'>",
    ] {
        let html = format!("{table}<tr><td>Internationally<td>x</table> after");
        let set = set_with(&html, &format!("{SMALL} {TABLES}"), &Nothing);
        assert_eq!(set.warnings.len(), 0, "{table}: {:?}", set.warnings);
        let page = &set.value.pages[0];
        let (long, short) = (position(page, "Internationally"), position(page, "x"));
        assert!(long.1 == short.1 && short.0 - long.0 > 50.0, "{table}: {long:?} {short:?}");
    }
    // One whose columns are as wide as they are told is.
    let html = "<table style='width: 20pt; table-layout: fixed; float: left'><tr><td>Internationally</table>after";
    assert!(position(&page(html), "after").0 < 30.0);
}

#[test]
fn a_caption_is_as_wide_as_the_picture_above_it() {
    let style = format!(
        "{SMALL} figure {{ display: table; width: 1pt }} img {{ display: block; width: 60pt }}
            figcaption {{ display: table-caption; caption-side: bottom }}"
    );
    for place in ["float: right", "float: left", "display: inline-table", ""] {
        let html = format!(
            "<figure style='{place}'><img src=a alt=a><figcaption>A caption that is long enough for two lines</figcaption>
                </figure><p>beside"
        );
        let set = set_with(&html, &style, &png(80, 20));
        assert_eq!(set.warnings.len(), 0, "{place}: {:?}", set.warnings);
        let page = &set.value.pages[0];
        let picture = picture(page).unwrap();
        assert!(picture.x + picture.width <= 200.1, "{place}: {picture:?}");
        assert!((position(page, "A caption").0 - picture.x).abs() < 0.1, "{place}: {}", text(page));
        assert!(text(page).contains("that is long"), "{place}: {}", text(page));
    }
}

#[test]
fn a_table_that_needs_more_room_than_it_says_goes_below_floats() {
    let html = "<div style='float: left; width: 150pt; height: 20pt'>float</div>
        <table style='width: 1pt'><tr><td>Internationally<td>renowned</table>";
    let page = page(html);
    assert!(position(&page, "Internationally").1 > 20.0 && position(&page, "renowned").0 > 50.0);
}

#[test]
fn widths_of_cells_in_fixed_layout_are_of_their_content() {
    let fixed = "<table style='width: 200pt; table-layout: fixed";
    let row = |table: &str, cell: &str| {
        let html = format!("{fixed}; {table}'><tr><td style='padding: 0 10pt; {cell}'>a<td>b</table>");
        places(&html, &["b"])[0]
    };
    assert_eq!(row("", "width: 40pt"), 60.0);
    assert_eq!(row("", "width: 40pt; border: 2pt solid"), 64.0);
    assert_eq!(row("", "width: 40pt; box-sizing: border-box"), 40.0);
    assert_eq!(row("", "width: 10pt; box-sizing: border-box"), 20.0);
    assert_eq!(row("", "width: 25%"), 70.0);
    assert_eq!(row("", "width: 25%; box-sizing: border-box"), 50.0);
    // Half of the border between the cells is its own, half of that at the edge is the table's.
    assert_eq!(row("border-collapse: collapse", "width: 40pt; border: 2pt solid"), 64.0);
    // A column says it without padding, and outweighs the cell.
    let html = format!("{fixed}'><col style='width: 50pt'><tr><td style='padding: 0 10pt; width: 90pt'>a<td>b</table>");
    assert_eq!(places(&html, &["b"]), [50.0]);
}

#[test]
fn what_spans_columns_in_the_first_row_divides_its_width_among_them() {
    let fixed = "<table style='width: 200pt; table-layout: fixed; border-spacing: 0'>";
    let html = format!("{fixed}<tr><td colspan=2 style='width: 80pt'>a<td>b<tr><td>c<td>d<td>e</table>");
    assert_eq!(places(&html, &["d", "e"]), [40.0, 80.0]);
    let html = format!(
        "{fixed}<col style='width: 20pt'><tr><td colspan=2 style='width: 50%'>a<td>b<tr><td>c<td>d<td>e</table>"
    );
    assert_eq!(places(&html, &["d", "e"]), [20.0, 70.0]);
    let spaced = fixed.replace("border-spacing: 0", "border-spacing: 4pt 0");
    let html = format!("{spaced}<tr><td colspan=2 style='width: 84pt'>a<td>b<tr><td>c<td>d<td>e</table>");
    assert_eq!(places(&html, &["c", "d", "e"]), [4.0, 48.0, 92.0]);
}

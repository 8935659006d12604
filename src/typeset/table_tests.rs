//! Tables as HTML and style sheets make them: missing parts, lines, attributes.

use super::display::{Document, Item, Page};
use super::tests::{position, small, text};

const TABLES: &str = "table { border-spacing: 0 } td, th { padding: 0 }
    .t { display: table } .r { display: table-row } .c { display: table-cell } .g { display: table-row-group }";

fn page(html: &str) -> Page {
    small(html, TABLES).pages.remove(0)
}

/// The types of the structure, in the order they were made.
fn roles(document: &Document) -> Vec<&str> {
    document.structure.iter().map(|node| node.role).collect()
}

#[test]
fn cells_without_a_row_or_a_table_get_them() {
    for html in [
        "<div class=c>one</div> <div class=c>two</div>",
        "<div class=r><div class=c>one</div><div class=c>two</div></div>",
        "<div class=g><div class=c>one</div><div class=c>two</div></div>",
        "<div class=t>\n<div class=c>one</div>\n<div class=c>two</div></div>",
        "<div class=r>one<div class=c>two</div></div>",
        "<div class=t><div style='display: contents'><div class=c>one</div></div><div class=c>two</div></div>",
    ] {
        let page = page(html);
        let (one, two) = (position(&page, "one"), position(&page, "two"));
        assert_eq!(one.1, two.1, "{html}");
        assert!(one.0 == 0.0 && two.0 > one.0 && two.0 < 40.0, "{html}: {one:?} {two:?}");
    }
}

#[test]
fn rows_that_follow_each_other_share_their_table() {
    let html = "<p>before<div class=r><div class=c>long word</div><div class=c>b</div></div>
        <div class=g><div class=r><div class=c>c</div><div class=c>d</div></div></div><p>after";
    let page = page(html);
    assert_eq!(text(&page), "before long word b c d after");
    assert_eq!(position(&page, "b").0, 0.0);
    let column = |wanted: &str| {
        let found = page.items.iter().find_map(|item| match item {
            Item::Glyphs { x, run, .. } if &*run.text == wanted => Some(*x),
            _ => None,
        });
        found.unwrap()
    };
    assert_eq!(column("b"), column("d"));
    assert!(position(&page, "after").1 > position(&page, "long").1 + 19.0);
}

#[test]
fn what_is_no_cell_shares_one() {
    // Texts and elements between cells stand in one cell together, in their order; nothing is counted twice.
    let html = "<div class=r>one <b>two</b><div class=c>three</div></div>
        <div class=t><p>four</p><p>five</p></div><div class=g><div class=g><div class=r>six</div></div></div>";
    let document = small(html, &format!("{TABLES} p {{ counter-increment: n }} p::before {{ content: counter(n) }}"));
    let page = &document.pages[0];
    assert_eq!(text(page), "one two three 1 four 2 five six");
    assert_eq!(position(page, "one").1, position(page, "three").1);
    assert_eq!(position(page, "five").1 - position(page, "four").1, 10.0);
    assert!(!roles(&document).contains(&"Table"));
}

#[test]
fn inline_tables_stand_on_the_line() {
    let html = "<p>see <span style='display: inline-table'><span class=c>one</span><span class=c>two</span></span> here
        <b><i class=c>three</i><i class=c>four</i></b> end";
    let page = page(html);
    let line = position(&page, "see").1;
    for word in ["one", "two", "here", "three", "four", "end"] {
        assert_eq!(position(&page, word).1, line, "{word}");
    }
    let table = "<p>see <table id=t style='display: inline-table'><tr><th>h<tr><td>d</table> <a href='#t'>x</a>";
    let document = small(table, TABLES);
    assert_eq!(position(&document.pages[0], "h").1, position(&document.pages[0], "see").1);
    assert!(document.anchors.contains_key("t") && roles(&document).contains(&"TH"));
}

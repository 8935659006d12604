//! Words that stand apart are apart to those who listen, search and copy.

use super::display::{Document, Item, Owner};
use super::tests::{small, text_of_run};

/// The text of the first node of this type, as it stands in the file.
fn said(document: &Document, role: &str) -> String {
    let tag = document.structure.iter().position(|node| node.role == role).unwrap();
    let items = document.pages.iter().flat_map(|page| &page.items);
    let is_inside = |mut node: usize| loop {
        match document.structure[node].parent {
            _ if node == tag => return true,
            Some(parent) => node = parent as usize,
            None => return false,
        }
    };
    let runs = items.filter_map(|item| match item {
        Item::Glyphs { run, owner: Owner::Node(node), .. } if is_inside(*node as usize) => Some(text_of_run(run)),
        _ => None,
    });
    runs.collect()
}

#[test]
fn the_first_line_is_parted_from_the_next() {
    let words = "one two three ".repeat(12);
    for style in ["", "p { text-align: justify }", "p { text-wrap: balance }", "p { text-align: right }"] {
        let document = small(&format!("<p>{words}</p>"), &format!("p::first-line {{ font-weight: bold }} {style}"));
        assert_eq!(said(&document, "P"), words.trim_end(), "{style}");
    }
    let beside = format!("<div style='float: left; height: 15pt'>f</div><p>{words}</p>");
    let document = small(&beside, "p::first-line { font-weight: bold } div { width: 50pt }");
    assert!(said(&document, "Document").contains(words.trim_end()));
}

#[test]
fn blocks_and_cells_in_a_paragraph_or_a_heading_are_parted() {
    let block = "<span style='display: block'>";
    for (html, role, wanted) in [
        (format!("<p>word{block}block</span>after"), "P", "word block after"),
        (format!("<p>word {block} block </span> after"), "P", "word block after"),
        (format!("<p>word{block}{block}a</span>b</span>after"), "P", "word a b after"),
        (format!("<h1>The{block}Great</span>Title</h1>"), "H1", "The Great Title"),
        ("<h1>The<div>Great</div>Title</h1>".to_owned(), "H1", "The Great Title"),
        (format!("<p>a<a href='#' style='display: block'>link</a>b{block}c</span>"), "P", "a link b c"),
        (format!("<p lang=fa dir=rtl>یک{block}دو</span>سه"), "P", "یک دو سه"),
        (format!("<p style='white-space: pre-wrap'>a\n{block}b</span>"), "P", "ab"),
    ] {
        let document = small(&html, "");
        assert_eq!(said(&document, role), wanted, "{html}");
    }
    let verse = "<p style='display: table'><span class=c>First half</span><span class=c>second half</span></p>";
    assert_eq!(said(&small(verse, ".c { display: table-cell }"), "P"), "First half second half");
    let before = small("<h2>Title</h2>", "h2::before { content: 'No. 1'; display: block }");
    assert_eq!(said(&before, "H2"), "No. 1 Title");
}

#[test]
fn a_letter_that_is_set_apart_stays_in_its_word() {
    for style in ["float: left", "display: inline-block", "float: left; font-size: 20pt"] {
        let document = small(&format!("<p><span style='{style}'>T</span>rees stand"), "");
        assert_eq!(said(&document, "P"), "Trees stand", "{style}");
    }
    let document = small("<p>Trees stand", "p::first-letter { initial-letter: 2 }");
    assert_eq!(said(&document, "P"), "Trees stand");
}

#[test]
fn no_line_is_added_or_moved_for_it() {
    let lines = |html: &str, style: &str| {
        let document = small(html, style);
        let places = document.pages[0].items.iter().filter_map(|item| match item {
            Item::Glyphs { x, y, run, .. } if !text_of_run(run).trim().is_empty() => Some((*x, *y)),
            _ => None,
        });
        places.collect::<Vec<_>>()
    };
    for style in ["", "* { text-align: right }", "* { text-align: justify; text-align-last: justify }"] {
        let parted = "<p>word<span style='display: block'>block</span>after";
        assert_eq!(lines(parted, style), lines("<div>word</div><div>block</div><div>after</div>", style), "{style}");
    }
    assert_eq!(lines("<pre>a\n<div>b</div>c</pre>", "").len(), 3);
}

#[test]
fn the_title_is_what_the_heading_says() {
    let title = |html: &str| small(html, "").info.title;
    assert_eq!(title("<h1>The<span style='display: block'>Great</span>Title</h1>"), "The Great Title");
    assert_eq!(title("<h1>The<div>Great</div>Title<br>Two</h1>"), "The Great Title Two");
    assert_eq!(title("<h1>Shown<span hidden>not</span></h1>"), "Shown");
}

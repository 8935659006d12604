//! What a file says of itself: languages, headings, and what is told of it.

use super::fonts::Fonts;
use super::tests::{Always, Nothing, position, set, set_with, texts};
use super::{Options, layout};
use crate::error::Warned;

#[test]
fn a_language_that_nobody_names_is_not_claimed() {
    let html = "<title>a</title><p>a<p lang=en>b <i>c</i><p>d <i lang=en>e</i>";
    let fonts = Fonts::builtin();
    let options = Options { style: "", style_name: "", html_name: "a.html", base_language: "", info_date: None };
    let document = layout(html, &options, &Nothing, &fonts).value;
    let told: Vec<_> = document.structure.iter().map(|node| (node.role, node.language.as_deref())).collect();
    let expected = [("Document", None), ("P", None), ("P", Some("en")), ("P", None), ("Span", Some("en"))];
    assert_eq!(told, expected);
    assert_eq!(document.info.language, "");
    assert!(!document.info.claims.pdf_ua);
    let pdf = String::from_utf8_lossy(&super::write::pdf(document, &fonts).unwrap()).into_owned();
    assert!(!pdf.contains("dc:language"), "{pdf}");
}

#[test]
fn headings_of_blanks_are_no_headings() {
    let html = "<h1>Title</h1><h2>&nbsp;</h2><p>a<h2> <b>&nbsp;</b></h2><h2>&#8203;</h2><h3>Real</h3>\
        <h2 style='visibility: hidden'>Hidden</h2>";
    let document = set(html, "");
    let labels: Vec<_> = document.bookmarks.iter().map(|bookmark| bookmark.label.as_str()).collect();
    assert_eq!(labels, ["Title", "Real"]);
    let roles = super::write::Roles::of(&document);
    let written = (0..document.structure.len() as u32).filter_map(|tag| roles.get(tag));
    let headings: Vec<_> = written.filter(|role| role.starts_with('H')).collect();
    assert_eq!(headings, ["H1", "H2"]);
}

#[test]
fn a_blank_that_no_face_has_is_a_blank() {
    let Warned { value: document, warnings } = set_with("<p>a&#x3000;b", "p { font-size: 10pt }", &Nothing);
    assert_eq!(warnings.len(), 0, "{warnings:?}");
    assert!(texts(&document).concat().contains('\u{3000}'));
    let after = position(&document.pages[0], "b").0;
    assert!(after - position(&document.pages[0], "a").0 >= 10.0, "{after}");
}

#[test]
fn what_is_too_wide_is_named() {
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg' width='10' height='10'/>".to_vec();
    let style = "@page { size: 200pt 100pt; margin: 0 } img, svg { width: 300pt; height: 10pt }";
    let told = |html: &str| {
        let warnings = set_with(html, style, &Always(svg.clone())).warnings;
        warnings.iter().map(|warning| warning.message().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(told("<p><img src=wide.svg alt=x>"), ["page 1: the picture `wide.svg` is 100 pt wider than its column"]);
    assert_eq!(told("<p><svg viewBox='0 0 1 1'/>"), ["page 1: a graphic is 100 pt wider than its column"]);
}

#[test]
fn roles_of_text_count() {
    let html = "<div role=heading aria-level=3>Head</div><h2 role=heading>Other</h2><p>A <span role=img aria-label='a smile'>☺</span>
        and <span aria-hidden=true>★★</span> and <span aria-hidden=true><a href='#x'>link</a></span>";
    let document = super::tests::small(html, "");
    let node = |wanted: &str| {
        let of_item = |item: &super::display::Item| match item {
            super::display::Item::Glyphs { run, owner, .. } if super::tests::text_of_run(run).trim() == wanted => Some(owner.node()),
            _ => None,
        };
        let found = document.pages[0].items.iter().find_map(of_item).unwrap_or_else(|| panic!("no {wanted}"));
        found.map(|node| &document.structure[node as usize])
    };
    assert_eq!((node("Head").unwrap().role, node("Other").unwrap().role), ("H3", "H2"));
    assert_eq!(document.bookmarks.iter().map(|bookmark| bookmark.level).collect::<Vec<_>>(), [3, 2]);
    assert_eq!(node("☺").unwrap().alt.as_deref(), Some("a smile"));
    assert!(node("★★").is_none() && node("link").is_some());
}

#[test]
fn lines_of_a_heading_are_words_apart_in_the_title() {
    assert_eq!(super::tests::small("<h1>The<br>Great<br> Title</h1>", "").info.title, "The Great Title");
}

#[test]
fn items_stand_in_lists_of_their_kind() {
    for html in [
        "<nav><dl><li>a</li></dl><ul><dl><li>b</li></dl></ul></nav>",
        "<nav><ul><li>a<dl><dt>b<dd>c<li>d</dl></ul></nav>",
        "<ul><nav><li>a</nav></ul><dl><nav><li>b<ul><li>c</ul></nav></dl>",
    ] {
        let document = super::tests::small(html, "");
        let items = document.structure.iter().filter(|node| matches!(node.role, "LI" | "TOCI"));
        for node in items {
            let list = node.parent.map(|parent| document.structure[parent as usize].role);
            assert_eq!(list, Some(if node.role == "LI" { "L" } else { "TOC" }), "{html}");
        }
    }
}

//! Pages with names, and custom properties in `@page` and the boxes in its margins.

use super::display::Item;
use super::tests::{Nothing, SMALL, position, set_with, small, text, text_of_run, texts};
use crate::error::Warned;

#[test]
fn pages_asked_for_where_none_can_be_turned_are_told_once() {
    let told = |html: &str| -> Vec<String> {
        let style = format!("{SMALL} .a {{ page: a }} .b {{ page: b }}");
        set_with(html, &style, &Nothing).warnings.iter().map(ToString::to_string).collect()
    };
    let message = "`page: a` means nothing in columns, tables, floats, footnotes and lines";
    for (html, line) in [
        ("<div style='columns: 2'><p>x\n<p class=a>y\n<p class=b>z</div>", 2),
        ("<div style='columns: 2'><section>\n<div class=a><p class=b>z</div></section></div>", 2),
        ("<table><tr><td>x\n<tr class=a><td>y<tr><td class=b>z</table>", 2),
        ("<table><tr><td><p>x<p class=a>y</table>", 1),
        ("<p>x\n\n<div class=a style='float: left'>y</div>", 3),
        ("<p>x <span class=a style='display: inline-block'>y</span>", 1),
        ("<p>x <span class=a>y</span>", 1),
        ("<p>x <span class=a style='float: footnote'>y</span>", 1),
    ] {
        let told = told(html);
        assert_eq!(told.len(), 1, "{html}: {told:?}");
        assert!(told[0].contains(message) && told[0].contains(&format!(":{line}:")), "{told:?}");
    }
    for html in [
        "<div class=a style='columns: 2'><p>x<p>y</div><p>z",
        "<table class=a><tr><td>x</table><p>z",
        "<section class=a><p>x <b>y</b><div class=a style='float: left'>f</div></section><p>z",
    ] {
        assert_eq!(told(html), Vec::<String>::new(), "{html}");
    }
}

#[test]
fn columns_and_tables_stand_on_pages_of_their_name() {
    let style = ".a { page: a } @page { margin-top: 10pt } @page a { @top-left { content: 'named' } }";
    for html in ["<div class=a style='columns: 2'>x</div><p>z", "<table class=a><tr><td>x</table><p>z"] {
        assert_eq!(texts(&small(html, style)), ["x named", "z"], "{html}");
    }
}

#[test]
fn custom_properties_are_put_into_pages_and_their_margin_boxes() {
    let page = |css: &str| {
        let document = small("<p>x</p>", &format!("@page {{ margin-top: 20pt }} {css}"));
        text(&document.pages[0])
    };
    for (css, expected) in [
        // Of the root, of the page, of the box; the innermost holds.
        (":root { --t: 'root' } @page { @top-left { content: var(--t) } }", "x root"),
        (":root { --t: 'root' } @page { --t: 'page'; @top-left { content: var(--t) } }", "x page"),
        ("@page { --t: 'page'; @top-left { --t: 'box'; content: var(--t) ' ' counter(page) } }", "x box 1"),
        ("@page { --n: counter(page); @top-left { content: 'p ' var(--n) } }", "x p 1"),
        // Of the first page only; of a stronger rule.
        ("@page { --t: 'any'; @top-left { content: var(--t) } } @page :first { --t: 'first' }", "x first"),
        // Without a value the fallback, or nothing: the declaration is invalid then, and the weaker one gone.
        ("@page { @top-left { content: var(--gone, 'else') } }", "x else"),
        ("@page { @top-left { content: 'weak'; content: var(--gone) } }", "x"),
        ("@page { --a: var(--b); --b: var(--a); @top-left { content: var(--a, 'cycle') } }", "x cycle"),
        ("@page { --a: 'a' var(--a); @top-left { content: var(--a) } }", "x"),
        (":root { --t: 'root' } @page { --t: initial; @top-left { content: var(--t, 'none') } }", "x none"),
        // What elements say of themselves is nothing to pages.
        ("p { --t: 'p' } @page { @top-left { content: var(--t, 'page') } }", "x page"),
    ] {
        assert_eq!(page(css), expected, "{css}");
    }
    let sized = small("<p>x</p>", ":root { --w: 77pt } @page { --h: 66pt; size: var(--w) var(--h) }");
    assert_eq!((sized.pages[0].width, sized.pages[0].height), (77.0, 66.0));
}

#[test]
fn what_a_long_running_head_has_beyond_the_paper_is_not_set() {
    let words = "word ".repeat(5000);
    let html = format!("<h1>{words}</h1><h2>short</h2><p>z");
    let style = "h1 { string-set: head content() } h2 { string-set: head content(); break-before: page }
        @page { margin-top: 10pt; @top-left { content: string(head) ' ' counter(page); vertical-align: top } }";
    let pages = texts(&small(&html, style));
    let words = |page: &String| page.matches("word").count();
    let [.., before, last] = &pages[..] else { panic!("{} pages", pages.len()) };
    assert!(words(before) > 50 && words(before) < 400, "{}", words(before));
    assert!(pages.iter().skip(1).rev().skip(2).all(|page| words(page) >= words(before)), "each page has its head");
    assert!(last.ends_with(&format!("z short {}", pages.len())), "{last}");
}

#[test]
fn margin_boxes_stand_outside_of_the_borders_of_the_page() {
    let style = "@page { margin: 20pt; border: 2pt solid red; padding: 3pt; @top-center { content: 'T'; width: 100%; background: #020000 }
        @left-middle { content: 'L'; height: 100%; background: #030000 } @bottom-right-corner { content: 'C'; background: #040000 } }";
    let page = &small("<p>x", style).pages[0];
    let filled = |red: u8| {
        page.items.iter().find_map(|item| match item {
            Item::Fill { rect, color, .. } if color.r == red => Some((rect.x, rect.y, rect.width, rect.height)),
            _ => None,
        })
    };
    assert_eq!(filled(2), Some((20.0, 0.0, 160.0, 20.0)));
    assert_eq!(filled(3), Some((0.0, 20.0, 20.0, 60.0)));
    assert_eq!(filled(4), Some((180.0, 80.0, 20.0, 20.0)));
}

#[test]
fn boxes_at_the_sides_share_their_edge_by_what_they_hold() {
    let style = "@page { size: 200pt 140pt; margin: 20pt 40pt; font-size: 8pt; line-height: 10pt; @right-top { content: 'RT'; background: #020000 }
        @right-middle { content: 'one two six ten eleven twelve sixteen'; background: #030000 } @right-bottom { content: 'RB' } }";
    let Warned { value: document, warnings } = set_with("<p>x", &format!("{SMALL} {style}"), &Nothing);
    assert_eq!(warnings.len(), 0, "{warnings:?}");
    let page = &document.pages[0];
    let height = |red: u8| {
        page.items.iter().find_map(|item| match item {
            Item::Fill { rect, color, .. } if color.r == red => Some(rect.height),
            _ => None,
        })
    };
    assert!(
        height(3) >= Some(50.0) && height(2) >= Some(10.0) && height(2) < Some(25.0),
        "{:?}",
        (height(2), height(3))
    );
    assert!(position(page, "RT").1 < position(page, "one").1 && position(page, "sixteen").1 < position(page, "RB").1);
}

#[test]
fn what_does_not_fit_in_margin_boxes_is_told_once() {
    let told = |css: &str, html: &str| -> Vec<String> {
        set_with(html, &format!("{SMALL} {css}"), &Nothing)
            .warnings
            .iter()
            .map(|warning| warning.message.clone())
            .collect()
    };
    let head = "Of a long head that has many more words than the margin of so small a page has lines for, to the end";
    let html = format!("<h1>{head}</h1>{}", "<p style='break-before: page'>x".repeat(3));
    let style = "@page { margin: 20pt; @top-left { content: string(t) ' ' counter(page); font-size: 10pt } } h1 { string-set: t content() }";
    let document = small(&html, style);
    // It begins on the paper, and all of it is there.
    for page in &document.pages {
        let (said, top) = page.items.iter().fold((String::new(), f32::MAX), |(said, top), item| match item {
            Item::Glyphs { run, y, .. } if run.size == 10.0 => (said + &text_of_run(run), top.min(*y)),
            _ => (said, top),
        });
        assert!(said.starts_with("Of") && said.contains("end") && top > 5.0, "{said} {top}");
    }
    let message =
        |at: &str| format!("page 1: what begins with `Of a long head that has many` is taller than its box `{at}`");
    let told_of_head = told(style, &html);
    assert_eq!(told_of_head, [message("@top-left")]);
    let below = style.replace("top-left", "bottom-right");
    let told_of_foot = told(&below, &html);
    assert_eq!(told_of_foot, [message("@bottom-right") + " and runs off the paper"]);
    assert_eq!(
        told("@page { margin: 20pt; @left-middle { content: 'Leftwordthatiswide' counter(page) } }", &html),
        ["page 1: `Leftwordthatiswide1` does not fit `@left-middle` and is cut without a hyphen"]
    );
    let wide = told("@page { margin: 20pt; @left-middle { content: 'wider'; white-space: nowrap } }", &html);
    assert!(wide.len() == 1 && wide[0].starts_with("page 1: the line `wider` is "), "{wide:?}");
    assert!(wide[0].ends_with(" pt wider than its box `@left-middle`"), "{wide:?}");
    // One line in a low margin, and what is narrow enough.
    let fits = "@page { margin: 9pt 20pt; @top-left { content: 'line' } @left-middle { content: 'a b c' } }";
    assert_eq!(told(fits, &html), [""; 0]);
}

//! The typesetter as a whole: HTML and CSS in, display list out.

use std::sync::Arc;

use super::display::{Document, GlyphRun, Item, LinkTarget, Owner, Page};
use super::fonts::Fonts;
use super::{Options, Resources, layout, typeset};
use crate::error::Warned;

pub(super) struct Nothing;

impl Resources for Nothing {
    fn get(&self, _url: &str) -> Option<Arc<[u8]>> {
        None
    }
}

/// Every URL is this picture.
pub(super) struct Always(pub(super) Vec<u8>);

struct OutOfReach;

impl Resources for OutOfReach {
    fn get(&self, _url: &str) -> Option<Arc<[u8]>> {
        None
    }

    fn is_out_of_reach(&self, _url: &str) -> bool {
        true
    }
}

impl Resources for Always {
    fn get(&self, _url: &str) -> Option<Arc<[u8]>> {
        Some(self.0.clone().into())
    }
}

pub(super) fn set_with(html: &str, style: &str, resources: &dyn Resources) -> Warned<Document> {
    let options = Options { style, style_name: "print.css", html_name: "a.html", base_language: "en", info_date: None };
    layout(html, &options, resources, &Fonts::builtin())
}

pub(super) fn set(html: &str, style: &str) -> Document {
    set_with(html, style, &Nothing).value
}

/// A page small enough to count lines on: 200 by 100 points, lines of 10 points, nothing around.
pub(super) const SMALL: &str =
    "@page { size: 200pt 100pt; margin: 0 } html { font-size: 8pt; line-height: 10pt; hyphens: manual }
    p, ul, ol, table, h1, h2, figure { margin: 0 }";

pub(super) fn small(html: &str, style: &str) -> Document {
    set(html, &format!("{SMALL} {style}"))
}

/// The text of a page's glyph runs in painting order, each cluster once.
pub(super) fn text(page: &Page) -> String {
    let mut out = String::new();
    for item in &page.items {
        if let Item::Glyphs { run, .. } = item {
            out += &text_of_run(run);
            out.push(' ');
        }
    }
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The text that a run's glyphs show, each cluster once.
pub(super) fn text_of_run(run: &GlyphRun) -> String {
    let mut ranges: Vec<(u32, u32)> = run.glyphs.iter().map(|glyph| (glyph.text_start, glyph.text_end)).collect();
    ranges.sort_unstable();
    ranges.dedup();
    ranges.into_iter().filter_map(|(from, to)| run.text.get(from as usize..to as usize)).collect()
}

pub(super) fn texts(document: &Document) -> Vec<String> {
    document.pages.iter().map(text).collect()
}

/// Left edge of the first run that holds a text, and its baseline.
pub(super) fn position(page: &Page, wanted: &str) -> (f32, f32) {
    page.items
        .iter()
        .find_map(|item| match item {
            Item::Glyphs { x, y, run, .. } if run.text.contains(wanted) => Some((*x, *y)),
            _ => None,
        })
        .unwrap_or_else(|| panic!("`{wanted}` is not on the page: {}", text(page)))
}

pub(super) fn paragraphs(count: usize) -> String {
    (0..count).map(|number| format!("<p>line{number}</p>")).collect::<Vec<_>>().concat()
}

#[test]
fn an_empty_document_is_a_blank_page() {
    let document = set("", "");
    assert_eq!(document.pages.len(), 1);
    assert!(document.pages[0].items.is_empty());
    assert!((document.pages[0].width - 595.28).abs() < 0.01);
}

#[test]
fn all_text_comes_out_in_order() {
    let html = "<h1>One</h1><p>two <b>three</b> four<div>five<p>six</p>seven</div>\
        <ul><li>eight<li>nine</ul><table><tr><td>ten<td>eleven</table><blockquote>twelve</blockquote>";
    let all = texts(&set(html, "li { list-style: none }")).join(" ");
    assert_eq!(all, "One two three four five six seven eight nine ten eleven twelve");
}

#[test]
fn pages_fill_and_turn() {
    let pages = texts(&small(&paragraphs(25), ""));
    assert_eq!(pages.len(), 3);
    assert!(pages[0].starts_with("line0 ") && pages[0].ends_with(" line9"));
    assert!(pages[2].ends_with("line24"));
}

#[test]
fn headings_stay_with_what_follows() {
    let html = format!("{}<h2>Heading</h2><p>after</p>", paragraphs(9));
    let pages = texts(&small(&html, "h2 { font-size: 8pt; line-height: 10pt }"));
    assert!(pages[0].ends_with("line8"));
    assert_eq!(pages[1], "Heading after");
}

#[test]
fn widows_and_orphans_are_two() {
    let long = "<br>b<br>c<br>d";
    // Room for one line: it would be an orphan.
    let orphan = texts(&small(&format!("{}<p>a{long}</p>", paragraphs(9)), ""));
    assert_eq!(orphan[1], "a b c d");
    // Room for three of four: the last would be a widow.
    let widow = texts(&small(&format!("{}<p>a{long}</p>", paragraphs(7)), ""));
    assert_eq!(widow[1], "c d");
    let free = texts(&small(&format!("{}<p>a{long}</p>", paragraphs(7)), "p { widows: 1 }"));
    assert_eq!(free[1], "d");
}

#[test]
fn breaks_are_forced_and_avoided() {
    let pages =
        texts(&small("<p>a</p><p class=n>b</p><p>c</p>", ".n { break-before: page; page-break-after: always }"));
    assert_eq!(pages, ["a", "b", "c"]);
    let html = format!("{}<div><p>x</p><p>y</p></div>", paragraphs(9));
    assert_eq!(texts(&small(&html, "div { break-inside: avoid }"))[1], "x y");
}

#[test]
fn chapters_can_start_on_right_pages() {
    let document = small(
        "<p>a</p><h1>b</h1>",
        "h1 { break-before: right } @page :blank { @top-center { content: 'blank' } }
        @page { margin-top: 20pt }",
    );
    assert_eq!(texts(&document), ["a", "blank", "b"]);
}

#[test]
fn margins_collapse() {
    let style = "p { margin: 10pt 0 } div { margin: 20pt 0 } .edge { padding-top: 1pt }";
    let gap = |html: &str| {
        let document = small(html, style);
        position(&document.pages[0], "b").1 - position(&document.pages[0], "a").1
    };
    assert_eq!(gap("<p>a</p><p>b</p>").round(), 20.0);
    assert_eq!(gap("<p>a</p><div><p>b</p></div>").round(), 30.0);
    assert_eq!(gap("<p>a</p><div class=edge><p>b</p></div>").round(), 41.0);
    assert_eq!(gap("<p>a</p><div></div><p>b</p>").round(), 30.0);
}

#[test]
fn margin_boxes_count_and_quote() {
    let style = "@page { margin: 20pt 0; @top-left { content: string(chapter) }
        @bottom-center { content: counter(page) ' of ' counter(pages, upper-roman) } }
        @page :first { @top-left { content: none } }
        h1 { string-set: chapter content(); break-before: page; font-size: 8pt }";
    let pages = texts(&small("<h1>One</h1><p>a</p><h1>Two</h1><p>b</p>", style));
    assert_eq!(pages, ["One a 1 of II", "Two b Two 2 of II"]);
}

#[test]
fn contents_get_page_numbers_and_links() {
    let html = "<nav><a href='#x'>Xs</a><br><a href='#y'>Ys</a></nav><h1 id=x>X</h1><p>text</p><h1 id=y>Y</h1>";
    let style = "h1 { break-before: page } a::after { content: leader('.') target-counter(attr(href), page) }";
    let document = small(html, style);
    let first = text(&document.pages[0]);
    assert!(first.starts_with("Xs") && first.contains('2') && first.ends_with('3'), "{first}");
    assert_eq!(document.anchors["y"].page, 2);
    assert_eq!(document.pages[0].links.len(), 2);
    assert_eq!(document.pages[0].links[1].target, LinkTarget::Anchor("y".to_owned()));
    let labels: Vec<_> = document.bookmarks.iter().map(|b| (b.level, b.label.as_str(), b.destination.page)).collect();
    assert_eq!(labels, [(1, "X", 1), (1, "Y", 2)]);
}

#[test]
fn what_headings_say_has_spaces_where_lines_end() {
    let html = "<h1>Line one<br>Line two</h1><h2>Sub&shy;head<span hidden>x</span></h2><h3><div>a</div><b>b</b>c</h3>\
        <p><a href='https://x.example/'><span style='display: block'>Block</span><em>li</em>nk</a>";
    let document = small(html, "h1 { string-set: said content() } @page { @top-left { content: string(said) } }");
    let labels: Vec<_> = document.bookmarks.iter().map(|one| one.label.as_str()).collect();
    assert_eq!(labels, ["Line one Line two", "Subhead", "a bc"]);
    assert!(text(&document.pages[0]).contains("Line one Line two"), "{}", text(&document.pages[0]));
    assert!(document.pages[0].links.iter().all(|link| &*link.contents == "Block link"));
}

#[test]
fn right_to_left_mirrors() {
    let html = "<html lang=fa><ul><li>یک</ul><blockquote>دو</blockquote><table><tr><td>سه<td>چهار</table>";
    let document = small(html, "blockquote { margin: 0; border-inline-start: 2pt solid red } td { width: 50pt }");
    let page = &document.pages[0];
    assert!(document.info.rtl);
    assert!(position(page, "•").0 > position(page, "یک").0);
    let rule = page.items.iter().find_map(|item| match item {
        Item::Fill { rect, .. } if rect.width == 2.0 => Some(rect.x),
        _ => None,
    });
    assert_eq!(rule, Some(198.0));
    assert!(position(page, "سه").0 > position(page, "چهار").0);
}

#[test]
fn table_headers_are_repeated_as_artefacts() {
    let rows: String = (0..20).map(|number| format!("<tr><td>r{number}</td></tr>")).collect::<Vec<_>>().concat();
    let html = format!("<table><thead><tr><th>Head</th></tr></thead><tbody>{rows}</tbody></table>");
    let document = small(&html, "td, th { padding: 0 } table { border-spacing: 0 }");
    let pages = texts(&document);
    assert_eq!(pages.len(), 3);
    assert!(pages.iter().all(|page| page.starts_with("Head ")), "{pages:?}");
    let tagged = |page: &Page| matches!(&page.items[0], Item::Glyphs { owner: Owner::Node(_), .. });
    assert!(tagged(&document.pages[0]));
    assert!(!tagged(&document.pages[1]));
}

#[test]
fn rows_taller_than_a_page_are_cut() {
    let lines: String = (0..30).map(|number| format!("w{number}<br>")).collect::<Vec<_>>().concat();
    let nested = format!("<table><tr><td><table><tr><td>{lines}</table><td>side</table><p>after</p>");
    let pages = texts(&small(&nested, "td { padding: 0 } table { border-spacing: 0 }"));
    let all = pages.join(" ");
    for number in 0..30 {
        assert_eq!(all.matches(&format!("w{number} ")).count(), 1, "w{number} in {pages:?}");
    }
    assert!(pages.last().is_some_and(|page| page.ends_with("after")));
    assert!(pages.len() <= 5, "{pages:?}");
}

#[test]
fn spans_hold_their_place() {
    let html = "<table><tr><td rowspan=2>a<td>b<tr><td>c<tr><td colspan=2>d</table>";
    let document = small(html, "td { padding: 0; vertical-align: top } table { border-spacing: 0 }");
    let page = &document.pages[0];
    let at = |wanted| position(page, wanted);
    assert_eq!(at("b").0, at("c").0);
    assert_eq!(at("a").0, at("d").0);
    assert_eq!(at("a").1, at("b").1);
    assert!(at("d").1 > at("c").1);
}

#[test]
fn lists_count() {
    let html = "<ol start=3 type=a><li>x<li value=9>y</ol><ol reversed><li>z<li>w</ol>";
    let all = text(&small(html, "").pages[0]);
    assert_eq!(all, "c. x i. y 2. z 1. w");
}

#[test]
fn text_goes_round_floats() {
    let words = "word ".repeat(40);
    let html = format!("<div class=f>side</div><p>{words}</p>");
    let document = small(&html, ".f { float: left; width: 80pt; height: 15pt }");
    let lines: Vec<f32> = document.pages[0]
        .items
        .iter()
        .filter_map(|item| match item {
            Item::Glyphs { x, run, .. } if run.text.contains("word") => Some(*x),
            _ => None,
        })
        .collect();
    assert!(lines[0] >= 80.0, "{lines:?}");
    assert!(lines.last().is_some_and(|x| *x < 1.0), "{lines:?}");
}

#[test]
fn pictures_fit_and_missing_ones_say_what_they_are() {
    let mut png = std::io::Cursor::new(Vec::new());
    image::RgbImage::new(40, 4000).write_to(&mut png, image::ImageFormat::Png).unwrap();
    let document = set_with("<p><img src=a alt=tall></p>", SMALL, &Always(png.into_inner())).value;
    let Some(Item::Image { rect, owner, .. }) = document.pages[0].items.first() else { panic!("no picture") };
    assert!(rect.height <= 100.0 && rect.height > 80.0);
    let node = &document.structure[owner.node().unwrap() as usize];
    assert_eq!((node.role, node.alt.as_deref()), ("Figure", Some("tall")));
    let Warned { value, warnings } = set_with("<p><img src=a.png alt='A press'></p>", SMALL, &Nothing);
    assert_eq!(text(&value.pages[0]), "A press");
    assert!(warnings[0].message.contains("`a.png` is not at hand"));
    let broken = set_with("<p><img src=a.png alt='A press'></p>", SMALL, &Always(b"GIF89a".to_vec()));
    assert_eq!(text(&broken.value.pages[0]), "A press");
}

#[test]
fn pictures_out_of_reach_are_no_news_and_none_shows_its_address() {
    let far = set_with("<p>A <img src='https://a.example/b.svg' alt=badge> b</p>", SMALL, &OutOfReach);
    assert_eq!((text(&far.value.pages[0]).as_str(), far.warnings.len()), ("A badge b", 0));
    let undescribed = set_with("<p>A<img src='https://a.example/b.png'> b<img src=c.png alt=''></p>", SMALL, &Nothing);
    assert_eq!((text(&undescribed.value.pages[0]).as_str(), undescribed.warnings.len()), ("A b", 2));
}

#[test]
fn reports_name_the_place() {
    let Warned { warnings, .. } =
        set_with("<p>x", "p {\n  font-stretch: condensed;\n  colour: red }\n@import 'x.css';", &Nothing);
    let said: Vec<String> = warnings.iter().map(ToString::to_string).collect();
    assert_eq!(
        said,
        [
            "print.css:2:3: `condensed` is not supported as a value of `font-stretch`",
            "print.css:3:3: the property `colour` is not supported",
            "print.css:4:1: `@import 'x.css'` is not supported, the rule is left out",
        ]
    );
}

#[test]
fn hostile_input_ends() {
    let deep = format!("{}deep{}", "<div><b>".repeat(5_000), "</b></div>".repeat(5_000));
    assert!(texts(&set(&deep, "")).join(" ").contains("deep"));
    let tables = format!("{}deep{}", "<table><tr><td>".repeat(150), "</table>".repeat(150));
    assert!(texts(&set(&tables, "")).join(" ").contains("deep"));
    for style in [
        "* { width: 0 }",
        "* { margin: -50pt; padding: 0 }",
        "p { line-height: 0; font-size: 0 }",
        "@page { margin: 500mm }",
        "@page { size: 0 0 }",
        "* { float: left }",
        "* { display: table-cell }",
        "* { display: inline-block }",
        "* { height: 1e30pt }",
    ] {
        let document = small("<div><p>one</p><p>two <i>three</i></p><ul><li>four</ul></div>", style);
        assert!(!document.pages.is_empty(), "{style}");
        // Where there is no room for a word it is broken, so white space is not compared.
        let all = texts(&document).join(" ").replace(' ', "");
        for word in ["one", "two", "three", "four"] {
            assert!(all.contains(word), "{word} with {style}: {all}");
        }
    }
}

#[test]
fn the_same_bytes_come_out_on_any_number_of_threads() {
    let html: String = (0..60)
        .map(|n| format!("<section><h1 id=s{n}>H{n}</h1><p>{}</p></section>", "text ".repeat(50)))
        .collect::<Vec<_>>()
        .concat();
    let options = Options { html_name: "a.html", base_language: "en", ..Options::default() };
    let fonts = Fonts::builtin();
    let run = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| typeset(&html, &options, &Nothing, &fonts).unwrap().value.pdf)
    };
    assert!(run(1) == run(3));
}

#[test]
fn lines_that_stick_out_are_reported() {
    let Warned { warnings, .. } = set_with(
        &format!("<pre>{}</pre>", "x".repeat(300)),
        "pre { white-space: pre; overflow-wrap: normal }",
        &Nothing,
    );
    assert!(warnings.iter().any(|warning| warning.message.contains("wider than its column")), "{warnings:?}");
}

#[test]
fn a_line_of_a_box_alone_is_told_by_the_text_of_the_box() {
    let html = "<p><span style='display: inline-block; width: 300pt'>within</span>";
    let told = set_with(html, SMALL, &Nothing).warnings;
    assert!(told.iter().any(|warning| warning.message.contains("the line `within` is 100 pt wider")), "{told:?}");
}

#[test]
fn boxes_that_take_text_off_the_paper_are_reported() {
    let words = "word ".repeat(80);
    let told = |style: &str, html: &str| {
        let style = format!("{SMALL} @page {{ margin: 0 20pt }} {style}");
        let warnings = set_with(&html.replace("WORDS", &words), &style, &Nothing).warnings;
        warnings.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    let off = |style: &str, html: &str, at: &str| {
        let told = told(style, html);
        assert!(
            told.len() == 1 && told[0].starts_with(at) && told[0].contains(" pt off the paper"),
            "{style}: {told:?}"
        );
    };
    off("body { width: 300pt }", "<body>\n<p>WORDS</p>", "a.html:1:1: page 1: the line `word word word");
    off("div { width: 300pt }", "<section>\n<div><p>WORDS</p></div></section>", "a.html:2:1: ");
    off("div { min-width: 200pt }", "\n\n<div>WORDS</div>", "a.html:3:1: ");
    off("div { margin-right: -60pt }", "<div><p>WORDS</p></div>", "a.html:1:1: ");
    off("div { margin-left: -20% }", "<div><p>WORDS</p></div>", "a.html:1:1: ");
    off("div { float: right; width: 300pt }", "<div><p>WORDS</p></div>", "a.html:1:1: ");
    off(
        "td { padding: 0 } div { width: 300pt }",
        "<table style='width: 50pt'><tr><td><div>WORDS</div></table>",
        "a.html:1:36: ",
    );
    // A list marker has no box that takes it there.
    let narrow = "ol { padding: 0 10pt }";
    off(narrow, "<ol start=123456789><li>WORDS</ol>", "a.html: page 1: the list marker `123456789.` runs ");
    off(narrow, "<ol dir=rtl start=123456789><li>سلام</ol>", "a.html: page 1: the list marker `123456789.` runs ");
    off(
        narrow,
        "<ol start=3888 type=I><li><p>x</p><li></ol>",
        "a.html: page 1: the list marker `MMMDCCCLXXXVIII.` runs ",
    );
    assert!(told(narrow, "<ol start=3888 type=I><li>x<li>y<li>z</ol>")[0].ends_with(", and so do 2 more list markers"));
    assert_eq!(told(narrow, "<ol start=98><li>x<li>y<li>z</ol>"), [""; 0]);
    // What reaches into the margin is on the paper, and what is not seen is not lost.
    assert_eq!(told("div { margin: 0 -20pt }", "<div><p>WORDS</p></div>"), [""; 0]);
    assert_eq!(told("div { width: 300pt; color: transparent }", "<div><p>WORDS</p></div>"), [""; 0]);
}

#[test]
fn a_line_break_in_the_source_between_two_elements_of_japanese_is_nothing() {
    let document = set("<p><b>読む</b>\n<i>オンライン</i> x<br>\n <b>y</b>", "");
    let runs = document.pages[0].items.iter().filter(|item| matches!(item, Item::Glyphs { .. }));
    assert!(runs.count() > 0);
}

#[test]
fn languages_are_told_where_they_change() {
    let document = set("<html lang=en><div lang=fa><p>الف<p lang=en>b <i lang=fr>c</i></div>", "");
    let told: Vec<_> = document.structure.iter().map(|node| (node.role, node.language.as_deref())).collect();
    assert_eq!(told, [("Document", Some("en")), ("P", Some("fa")), ("P", None), ("Span", Some("fr"))]);
    let document = set("<html lang=en_US.UTF-8><p lang='not a tag'>a <i lang=x>b</i>", "");
    let told: Vec<_> = document.structure.iter().map(|node| (node.role, node.language.as_deref())).collect();
    assert_eq!(told, [("Document", Some("en-US")), ("P", None), ("Span", Some("x"))]);
    let document = set("<html lang=fa><p>a<p lang=en>b", "");
    let told: Vec<_> = document.structure.iter().map(|node| (node.role, node.language.as_deref())).collect();
    assert_eq!(told, [("Document", Some("fa")), ("P", None), ("P", Some("en"))]);
}

#[test]
fn pages_are_called_what_is_printed_on_them() {
    let html = "<html lang=fa><div class=front><p>a<p style='break-before: page'>b</div><p id=body style='break-before: page'>c<p class=app>d";
    let style = "@page { @bottom-center { content: counter(page, persian) } } .front { page: front } .app { page: app; counter-reset: page 2 }
        @page front { @bottom-center { content: counter(page, lower-roman) } } #body { counter-reset: page 1 }
        @page app { @bottom-center { content: none } @top-left { content: 'A' counter(page, upper-alpha) } }";
    let document = small(html, style);
    let labels: Vec<_> = document.pages.iter().map(|page| page.label.as_str()).collect();
    assert_eq!(labels, ["i", "ii", "1", "AB"]);
    // Plain text that stands beside the number is a part of it; words and ornaments are not.
    let called =
        |content: &str| small("<p>a", &format!("@page {{ @top-left {{ content: {content} }} }}")).pages.remove(0).label;
    for (content, label) in [
        ("'A-' counter(page)", "A-1"),
        ("'Appendix ' 'B.' counter(page, lower-roman) 'x y'", "B.ix"),
        ("'Page ' counter(page) ' of ' counter(pages)", "1"),
        (r"'\2013  ' counter(page) ' \2013'", "1"),
        ("'[' counter(page) ']'", "1"),
        ("'第' counter(page) '页'", "1"),
        ("string(x) '-a' counter(page) '/' counter(pages)", "1"),
    ] {
        assert_eq!(called(content), label, "{content}");
    }
}

#[test]
fn tables_say_what_their_headers_head_and_have_as_many_cells_in_every_row() {
    use super::display::{Attributes, Scope};
    let document = set("<table><tr><th>a<th>b<th>c<tr><th>d<td rowspan=5>e<tr><th scope=col>f</table>", "");
    let cells: Vec<_> = document
        .structure
        .iter()
        .filter_map(|node| match &node.attributes {
            Attributes::Cell(cell) => Some((node.role, cell.scope, cell.rows)),
            _ if node.role == "TD" => Some(("added", None, 1)),
            _ => None,
        })
        .collect();
    let (column, row) = (Some(Scope::Column), Some(Scope::Row));
    let heads = ["TH"; 3].map(|role| (role, column, 1));
    assert_eq!(cells[..3], heads);
    assert_eq!(
        cells[3..],
        [("TH", row, 1), ("TD", None, 2), ("TH", column, 1), ("added", None, 1), ("added", None, 1)]
    );
    let html = "<table><tr><th id=a>a<th>b<tr><td headers='a nope'>c<td headers=nope>d</table>";
    let headers = set(html, "")
        .structure
        .iter()
        .filter_map(|node| match &node.attributes {
            Attributes::Cell(cell) if node.role == "TD" => Some(cell.headers.clone()),
            _ => None,
        })
        .collect::<Vec<_>>();
    assert_eq!(headers, [vec!["a".to_owned()], vec![]], "a header that is not there heads nothing");
    let roles: Vec<_> = set("<table><tr><td>a</table>", "").structure.iter().map(|node| node.role).collect();
    assert_eq!(roles, ["Document", "Div", "P"]);
}

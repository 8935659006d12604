//! Tables as HTML and style sheets make them: missing parts, lines, attributes.

use super::display::{Document, Item, Owner, Page, Rect};
use super::tests::{Nothing, SMALL, position, set_with, small, text, text_of_run, texts};
use crate::error::Warned;

const TABLES: &str = "table { border-spacing: 0 } td, th { padding: 0 }
    .t { display: table } .r { display: table-row } .c { display: table-cell } .g { display: table-row-group }";

fn page(html: &str) -> Page {
    small(html, TABLES).pages.remove(0)
}

fn page_with(html: &str, style: &str) -> Page {
    small(html, &format!("{TABLES} {style}")).pages.remove(0)
}

/// The filled rectangles of a page with this colour's red.
fn fills(page: &Page, red: u8) -> Vec<Rect> {
    let fill = |item: &Item| match item {
        Item::Fill { rect, color, .. } if color.r == red => Some(*rect),
        _ => None,
    };
    page.items.iter().filter_map(fill).collect()
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
    let table =
        "<p>see <table id=t style='display: inline-table; margin: 3pt 0'><tr><th>h<tr><td>d</table> <a href='#t'>x</a>";
    let document = small(table, TABLES);
    assert_eq!(position(&document.pages[0], "h").1, position(&document.pages[0], "see").1);
    assert!(document.anchors.contains_key("t") && roles(&document).contains(&"TH"));
}

/// Two cells whose borders are shared, of these styles, the first with a red of 1 and the second of 2.
fn pair(table: &str, first: &str, second: &str) -> Page {
    let style = format!(
        "{TABLES} table {{ border-collapse: collapse; {table} }} td {{ width: 50pt; height: 20pt }}
        .a {{ border: 1pt solid #010000; {first} }} .b {{ border: 1pt solid #020000; {second} }}"
    );
    small("<table><tr><td class=a>a<td class=b>b</table>", &style).pages.remove(0)
}

/// The upright lines among rectangles, from the left.
fn upright(lines: Vec<Rect>) -> Vec<(f32, f32)> {
    let mut found: Vec<(f32, f32)> =
        lines.into_iter().filter(|line| line.height > line.width).map(|line| (line.x, line.width)).collect();
    found.sort_by(|a, b| a.partial_cmp(b).unwrap());
    found.dedup();
    found
}

#[test]
fn of_shared_borders_the_strongest_is_drawn() {
    let middle = |page: &Page, red: u8| {
        upright(fills(page, red)).into_iter().find(|(x, _)| (40.0..60.0).contains(x)).map(|(_, width)| width)
    };
    let page = pair("", "", "");
    assert_eq!((middle(&page, 1), middle(&page, 2)), (Some(1.0), None), "the first of equals");
    let page = pair("", "", "border-width: 3pt");
    assert_eq!((middle(&page, 1), middle(&page, 2)), (None, Some(3.0)), "the wider");
    let page = pair("", "border-style: ridge", "");
    assert_eq!(middle(&page, 2), Some(1.0), "the stronger style");
    let page = pair("", "border-style: hidden", "border-width: 4pt");
    assert_eq!((middle(&page, 1), middle(&page, 2)), (None, None), "hidden takes all away");
    assert_eq!(upright(fills(&page, 2)).len(), 1);
    let page = pair("", "border-style: none", "");
    assert_eq!(middle(&page, 2), Some(1.0), "none takes nothing away");
}

#[test]
fn tables_and_rows_share_the_borders_of_their_cells() {
    let page = pair("border: 1pt solid #030000; padding: 9pt", "", "");
    assert_eq!(fills(&page, 3), [], "those of cells are drawn");
    let page = pair("border: 3pt solid #030000", "", "");
    assert_eq!(upright(fills(&page, 3)).len(), 2);
    assert_eq!(upright(fills(&page, 1)).len(), 1, "the one between");
    let style = format!(
        "{TABLES} table {{ border-collapse: collapse }} tr {{ border-bottom: 1pt solid #010000 }}
        tbody {{ border-top: 2pt solid #020000 }} col.k {{ border-left: 1pt solid #030000 }}"
    );
    let html = "<table><col><col class=k><tr><td>a<td>b<tr><td>c<td rowspan=2>d<tr><td>e</table>";
    let page = &small(html, &style).pages[0];
    let tops = |red: u8| {
        let mut tops: Vec<f32> = fills(page, red).iter().map(|line| line.y + line.height / 2.0).collect();
        tops.sort_by(f32::total_cmp);
        tops.dedup();
        tops
    };
    assert_eq!(tops(2), [1.0]);
    assert_eq!(tops(1).len(), 3, "{:?}", tops(1));
    let between = fills(page, 1).into_iter().filter(|line| (line.y - tops(1)[1] + 0.5).abs() < 0.1);
    let d = position(page, "d").0;
    assert!(between.clone().count() > 0 && between.into_iter().all(|line| line.x + line.width <= d + 0.1));
    assert!(!fills(page, 3).is_empty());
    // A floating table, and a right-to-left one.
    let page = small(
        "<table dir=rtl style='float: right'><tr><td class=a>a<td class=b>b</table>",
        "table { border-collapse: collapse; border: 1pt solid #030000 } td { width: 50pt; height: 20pt }
        .a { border-left: 3pt solid #010000 }",
    );
    let page = &page.pages[0];
    assert_eq!(upright(fills(page, 3)).len(), 2);
    let line = fills(page, 1)[0];
    assert!(line.x > position(page, "b").0 && line.x < position(page, "a").0);
}

#[test]
fn shared_borders_at_the_edges_lie_in_the_table() {
    let cells = "<tr><td>a<td>b<tr><td>c<td>d";
    for (style, from, to) in [
        ("width: 100%", 0.0, 200.0),
        ("width: 100pt", 0.0, 100.0),
        ("width: 100%; direction: rtl", 0.0, 200.0),
        ("width: 100%; table-layout: fixed", 0.0, 200.0),
        ("width: 100pt; float: right", 100.0, 200.0),
        ("width: 100pt; display: inline-table", 0.0, 100.0),
        ("width: 50pt; margin-left: 150pt; border: 6pt solid #010000", 150.0, 200.0),
        ("width: 60pt; margin: 0 auto", 70.0, 130.0),
    ] {
        let style = format!("border-collapse: collapse; {style}");
        let html = format!("<table style='{style}'>{cells}</table><p style='clear: both'>end");
        let page = page_with(&html, "td { border: 4pt solid #010000 }");
        let lines = fills(&page, 1);
        let left = lines.iter().map(|line| line.x).fold(f32::MAX, f32::min);
        let right = lines.iter().map(|line| line.x + line.width).fold(0.0, f32::max);
        assert!((left - from).abs() < 0.01 && (right - to).abs() < 0.01, "{style}: {left} to {right}");
        let top = lines.iter().map(|line| line.y).fold(f32::MAX, f32::min);
        let bottom = lines.iter().map(|line| line.y + line.height).fold(0.0, f32::max);
        assert!(top > -0.01 && bottom < position(&page, "end").1, "{style}: {top} to {bottom}");
    }
}

#[test]
fn columns_have_backgrounds_and_widths() {
    let html =
        "<table><colgroup class=h><col class=k><col></colgroup><col style='width: 60pt'><tr class=r><td>a<td>b<td>c
        <tr><td>d<td>e<td>f</table>";
    let style = format!(
        "{TABLES} .k {{ background: #010000; width: 40pt }} .h {{ background: #020000 }}
        .r {{ background: #030000 }}"
    );
    let page = &small(html, &style).pages[0];
    let column = fills(page, 1);
    assert_eq!(column.iter().map(|rect| (rect.x, rect.width)).collect::<Vec<_>>(), [(0.0, 40.0); 2]);
    assert_eq!(fills(page, 2).len(), 4);
    assert_eq!(position(page, "f").0 - position(page, "e").0, position(page, "c").0 - position(page, "b").0);
    let reds: Vec<u8> = page
        .items
        .iter()
        .filter_map(|item| if let Item::Fill { color, .. } = item { Some(color.r) } else { None })
        .collect();
    assert_eq!(reds, [2, 2, 1, 3, 2, 2, 1]);
}

#[test]
fn rows_cells_and_captions_are_bookmarks_and_set_strings() {
    let html =
        "<table><caption>Prices<tbody id=group><tr id=row><th id=head>Lead<td>one<tr><th>Tin<td id=cell>two</table>
        <p>see <a href='#cell'>there</a>";
    let style = format!(
        "{TABLES} @page {{ margin: 0 0 20pt; @bottom-left {{ content: string(c) ' ' string(r) ' ' string(h) ' ' string(g) }} }}
        caption {{ padding: 0; margin: 0; bookmark-level: 1; string-set: c content() }} tr {{ bookmark-level: 2; string-set: r content() }}
        th {{ bookmark-level: 3; bookmark-label: 'of ' content(); string-set: h content() }}
        tbody {{ string-set: g 'group' }}"
    );
    let document = small(html, &style);
    let labels: Vec<_> = document
        .bookmarks
        .iter()
        .map(|bookmark| (bookmark.level, bookmark.label.as_str(), bookmark.destination.y))
        .collect();
    let expected =
        [(1, "Prices", 0.0), (2, "Lead one", 10.0), (3, "of Lead", 10.0), (2, "Tin two", 20.0), (3, "of Tin", 20.0)];
    assert_eq!(labels, expected);
    assert!(text(&document.pages[0]).ends_with("Prices Lead one Lead group"), "{}", text(&document.pages[0]));
    let anchors = ["group", "row", "head", "cell"].map(|name| document.anchors[name].y);
    assert_eq!(anchors, [10.0, 10.0, 10.0, 20.0]);
}

#[test]
fn marks_of_rows_that_spans_tie_stand_where_the_rows_do() {
    // The second row is tied to the first, and goes on a page of its own; the header's marks are not set again.
    let filler = "<tr><td colspan=2>x</tr>".repeat(8);
    let html = format!(
        "<table><thead><tr><th>Head<th>b</thead>{filler}<tr><td rowspan=2>tied<td>first<tr id=second><td>second</table>"
    );
    let style = format!("{TABLES} #second, th {{ bookmark-level: 1 }} @page {{ size: 200pt 105pt }}");
    let document = small(&html, &style);
    assert_eq!(document.pages.len(), 2, "{:?}", super::tests::texts(&document));
    let labels: Vec<_> =
        document.bookmarks.iter().map(|bookmark| (bookmark.label.as_str(), bookmark.destination.page)).collect();
    assert_eq!(labels, [("Head", 0), ("b", 0), ("second", 1)]);
    let second = &document.anchors["second"];
    let top = position(&document.pages[1], "second").1 - second.y;
    assert!((0.0..10.0).contains(&top), "{second:?}");
}

#[test]
fn footers_stand_at_the_foot_of_each_page_that_a_table_goes_on_from() {
    let rows = |count: usize| (0..count).map(|number| format!("<tr><td>r{number}</tr>")).collect::<Vec<_>>().concat();
    let table = |count: usize| {
        format!("<table><thead><tr><th>Head</thead><tfoot><tr><td id=f>Foot</tfoot>{}</table><p>end", rows(count))
    };
    let document = small(&table(20), TABLES);
    let pages = super::tests::texts(&document);
    assert_eq!(pages.len(), 3, "{pages:?}");
    assert_eq!(pages[0], "Head r0 r1 r2 r3 r4 r5 r6 r7 Foot");
    assert_eq!(pages[1], "Head r8 r9 r10 r11 r12 r13 r14 r15 Foot");
    assert_eq!(pages[2], "Head r16 r17 r18 r19 Foot end");
    assert_eq!(position(&document.pages[0], "Foot").1 - position(&document.pages[0], "r7").1, 10.0);
    // Tagged where the table ends.
    let is_tagged = |page: &Page| {
        let foot = page.items.iter().find(|item| matches!(item, Item::Glyphs { run, .. } if &*run.text == "Foot"));
        matches!(foot, Some(Item::Glyphs { owner: Owner::Node(_), .. }))
    };
    assert_eq!(document.pages.iter().map(is_tagged).collect::<Vec<_>>(), [false, false, true]);
    assert_eq!(document.anchors["f"].page, 2);
    // One that ends just there needs no second.
    let pages = super::tests::texts(&small(&table(8), TABLES));
    assert_eq!(pages, ["Head r0 r1 r2 r3 r4 r5 r6 r7 Foot", "end"]);
    // In columns it is repeated in each; as rows like others, or where it would take too much of the page, it is not.
    let columns = format!("{TABLES} body {{ columns: 2; column-gap: 0; column-fill: auto }}");
    let pages = super::tests::texts(&small(&table(20), &columns));
    assert_eq!(pages.iter().map(|page| page.matches("Foot").count()).collect::<Vec<_>>(), [2, 1], "{pages:?}");
    for style in ["tfoot { display: table-row-group }", "tfoot td { height: 26pt }"] {
        let pages = super::tests::texts(&small(&table(20), &format!("{TABLES} {style}")));
        assert_eq!(pages.concat().matches("Foot").count(), 1, "{pages:?}");
    }
}

#[test]
fn rows_that_are_cut_leave_room_for_the_footer() {
    let lines: String = (0..24).map(|number| format!("w{number}<br>")).collect::<Vec<_>>().concat();
    let html = format!("<table><thead><tr><th>Head</thead><tr><td>{lines}<tfoot><tr><td>Foot</tfoot></table>");
    let document = small(&html, TABLES);
    let pages = super::tests::texts(&document);
    assert!(
        pages.len() == 3 && pages.iter().all(|page| page.starts_with("Head ") && page.ends_with(" Foot")),
        "{pages:?}"
    );
    assert!(document.pages.iter().all(|page| position(page, "Foot").1 < 100.0));
    let all = pages.join(" ");
    assert!((0..24).all(|number| all.matches(&format!("w{number} ")).count() == 1), "{pages:?}");
}

#[test]
fn a_row_lies_behind_the_cells_that_begin_in_it() {
    let html = "<table><tr><td rowspan=2>a<td>b<td>c<tr class=r><td>d</table>";
    let page = page_with(html, ".r { background: #010000 } td { width: 20pt; height: 10pt }");
    // Not behind the cell from above; behind the one that is missing, too.
    let area = |fills: Vec<Rect>| fills.iter().map(|at| (at.x, at.y, at.width, at.height)).collect::<Vec<_>>();
    assert_eq!(area(fills(&page, 1)), [(20.0, 10.0, 40.0, 10.0)]);
    let html = "<table><tr class=r><td rowspan=2>a<td>b<tr><td>d</table>";
    let page = page_with(html, ".r { background: #010000 } td { width: 20pt; height: 10pt }");
    assert_eq!(area(fills(&page, 1)), [(0.0, 0.0, 20.0, 20.0), (20.0, 0.0, 20.0, 10.0)]);
    // The space between cells shows the table.
    let page =
        page_with(html, "table { border-spacing: 4pt } .r { background: #010000 } td { width: 20pt; height: 10pt }");
    assert_eq!(area(fills(&page, 1)), [(4.0, 4.0, 20.0, 24.0), (28.0, 4.0, 20.0, 10.0)]);
}

#[test]
fn sheer_borders_that_cross_or_are_shared_are_painted_once() {
    let html = "<table><tr><td>a<td>b<tr><td colspan=2>c</table>";
    let page = page_with(
        html,
        "table { border-collapse: collapse; margin: 5pt } td { border: 2pt solid rgba(1, 0, 0, .5); width: 20pt }",
    );
    let fills = fills(&page, 1);
    assert!(fills.len() > 6);
    for (number, one) in fills.iter().enumerate() {
        for other in &fills[number + 1..] {
            let apart = |from: f32, size: f32, other: f32, other_size: f32| {
                from + size <= other + 0.02 || other + other_size <= from + 0.02
            };
            let apart =
                apart(one.x, one.width, other.x, other.width) || apart(one.y, one.height, other.y, other.height);
            assert!(apart, "{one:?} {other:?}");
        }
    }
    let painted: f32 = fills.iter().map(|at| at.width * at.height).sum();
    let (width, height) = (fills.iter().map(|at| at.x + at.width).fold(0.0, f32::max) - fills[0].x, 26.0);
    let expected = 3.0 * width * 2.0 + 2.0 * 2.0 * (height - 6.0) + 2.0 * 10.0;
    assert!((painted - expected).abs() < 0.5, "{painted} {expected} {fills:?}");
}

#[test]
fn text_stands_where_its_cell_says_also_in_cells_with_a_height() {
    let top = |style: &str| {
        let page = page(&format!("<table><tr><td style='height: 60pt; padding: 5pt; {style}'>mid</table>"));
        position(&page, "mid").1
    };
    let first = top("vertical-align: top");
    assert_eq!(top("vertical-align: middle") - first, 25.0);
    assert_eq!(top("vertical-align: bottom") - first, 50.0);
    assert_eq!(top("vertical-align: bottom; box-sizing: border-box") - first, 40.0);
}

#[test]
fn narrow_boxes_stand_where_the_text_around_begins() {
    let x = |html: &str| fills(&page(html), 1)[0].x;
    for inner in [
        "<table style='background: #010000' dir=D><tr><td>A<td>B</table>",
        "<div style='background: #010000; width: 50pt' dir=D>a</div>",
    ] {
        let set = |outer: &str, own: &str| x(&format!("<div dir={outer}>{}</div>", inner.replace('D', own)));
        assert_eq!((set("ltr", "ltr"), set("ltr", "rtl")), (0.0, 0.0), "{inner}");
        assert_eq!(set("rtl", "ltr"), set("rtl", "rtl"));
        assert!(set("rtl", "ltr") > 100.0, "{inner}");
    }
}

#[test]
fn tables_are_as_wide_as_the_longest_word_of_their_caption() {
    for style in ["", "width: 10pt", "float: left", "display: inline-table"] {
        let html = format!("<table style='{style}'><caption>Internationalization of x</caption><tr><td>C</table>");
        assert!(text(&page(&html)).starts_with("Internationalization "), "{style}: {}", text(&page(&html)));
    }
    let page = page("<table><caption>Internationalization</caption><tr><td style='background: #010000'>C</table>");
    assert!(fills(&page, 1)[0].width > 60.0);
}

#[test]
fn backgrounds_of_columns_lie_under_the_cells_that_begin_in_them() {
    let page = page(
        "<table><col style='background: #010000; width: 20pt'><col style='background: #020000; width: 30pt'>
        <tr><td>a<td rowspan=2>b<tr><td>c<tr><td colspan=2>foot</table>",
    );
    let widths: Vec<f32> = fills(&page, 1).iter().map(|rect| rect.width).collect();
    assert_eq!(widths, [20.0, 20.0, 50.0]);
    let second = fills(&page, 2);
    assert_eq!((second.len(), second[0].width, second[0].height), (1, 30.0, 20.0));
}

#[test]
fn rows_and_columns_that_collapse_take_no_room() {
    let style = "table { border-spacing: 3pt } td { width: 20pt; height: 20pt } .gone { visibility: collapse }";
    let rows = page_with("<table><tr><td>a<tr class=gone><td>b<tr><td>c</table><p>end", style);
    assert_eq!(text(&rows), "a c end");
    assert_eq!(position(&rows, "c").1 - position(&rows, "a").1, 23.0);
    // The second column is gone, and what spans it is narrower; the third moves up.
    let cells = "<tr><td>a<td>b<td>c<tr><td colspan=2>d<td>e<tr><td>f<td colspan=2>g";
    let columns = page_with(&format!("<table><col><col class=gone><col>{cells}</table>"), style);
    assert_eq!(text(&columns), "a c d e f g");
    for (first, second) in [("a", "c"), ("d", "e"), ("f", "g")] {
        assert_eq!(position(&columns, second).0 - position(&columns, first).0, 23.0, "{second}");
    }
    // What reaches into a row that is gone stays, and so do the columns of its neighbours.
    let spans = "<table><tr class=gone><td rowspan=2 style='visibility: visible'>a<td>b<tr><td>c
        <tr><td rowspan=2>d<td>e<tr class=gone><td>f</table>";
    let spans = page_with(spans, style);
    assert_eq!(text(&spans), "a c d e");
    assert_eq!(position(&spans, "a").1, position(&spans, "c").1);
    assert_eq!(position(&spans, "c").0, position(&spans, "e").0);
}

#[test]
fn tables_with_collapsed_parts_keep_the_rest_of_their_layout() {
    // The column takes its share of the width that was asked for, and what is left is narrower.
    let style = "table { width: 90pt; border-spacing: 0 } tr.gone, col.gone, tbody.gone { visibility: collapse }
        td { background: #070000 }";
    let narrow = page_with("<table><col><col class=gone><col><tr><td>aa<td>bb<td>cc</table>", style);
    let right = fills(&narrow, 7).iter().map(|rect| rect.x + rect.width).fold(0.0, f32::max);
    assert!((50.0..70.0).contains(&right), "{right}");
    // A row that is gone still says how wide its columns are.
    let widths = "<table style='width: auto'><tr class=gone><td>wide words<td>x<tr><td>a<td>b</table>";
    let widths = page_with(widths, style);
    assert!(position(&widths, "b").0 > 30.0);
    // A cell is no part that collapses, it is hidden; and nothing is left of a table whose rows are all gone.
    let hidden = page_with("<table><tr><td style='visibility: collapse'>a<td>b</table>", style);
    assert!(position(&hidden, "b").0 > 30.0);
    let shared = "<table style='border-collapse: collapse'><tbody class=gone><tr><td>a<tr><td>b</tbody></table><p>end";
    let shared = page_with(shared, &format!("{style} td {{ border: 1pt solid }}"));
    assert_eq!(text(&shared), "end");
}

#[test]
fn rows_share_the_height_of_their_table() {
    let z = |html: &str, style: &str| {
        let page = page_with(&format!("{html}<p>z"), &format!("td, th {{ vertical-align: top }} {style}"));
        let y = |wanted: &str| (position(&page, wanted).1 - position(&page, "a").1).round();
        (y("b"), y("z"))
    };
    assert_eq!(z("<table style='height: 60pt'><tr><td>a<tr><td>b</table>", ""), (30.0, 60.0));
    assert_eq!(z("<table height=80><tr><td>a<tr><td>b</table>", ""), (30.0, 60.0));
    assert_eq!(
        z("<table style='min-height: 60pt; border-collapse: collapse'><tr><td>a<tr><td>b</table>", ""),
        (30.0, 60.0)
    );
    // By their own heights.
    assert_eq!(z("<table style='height: 60pt'><tr><td>a<br>a<tr><td>b</table>", ""), (40.0, 60.0));
    // What is given is kept, and so are headers.
    assert_eq!(z("<table style='height: 60pt'><tr style='height: 20pt'><td>a<tr><td>b</table>", ""), (20.0, 60.0));
    assert_eq!(z("<table style='height: 60pt'><thead><tr><th>a</thead><tr><td>b</table>", ""), (10.0, 60.0));
    assert_eq!(z("<table style='height: 60pt'><tr style='height: 20pt'><td>a b</table>", ""), (0.0, 60.0));
    // Edges and the space between rows are a part of it.
    let spaced = "table { border-spacing: 2pt; padding: 3pt; border: 1pt solid }";
    assert_eq!(z("<table style='height: 60pt'><tr><td>a<tr><td>b</table>", spaced), (25.0, 54.0));
    // A lower one than the content needs says nothing.
    assert_eq!(z("<table style='height: 5pt'><tr><td>a<tr><td>b</table>", ""), (10.0, 20.0));
    // Of floats as well.
    let float = page_with("<table style='float: left; height: 60pt; background: #010000'><tr><td>a</table>", "");
    assert_eq!(fills(&float, 1)[0].height, 60.0);
}

#[test]
fn columns_of_numbers_are_not_narrower_than_these_while_others_can_give() {
    let html = "<table><tr><td>Internationalization unquestionably<td>1,234,567<td>7,654,321<td>Misunderstandings
        <td>1234567890<td>12</table>";
    let Warned { value: document, warnings } = set_with(html, &format!("{SMALL} {TABLES}"), &Nothing);
    let lines: Vec<&Item> = document.pages[0].items.iter().collect();
    let is_whole =
        |number: &str| lines.iter().any(|item| matches!(item, Item::Glyphs { run, .. } if text_of_run(run) == number));
    for number in ["1,234,567", "7,654,321", "1234567890", "12"] {
        assert!(is_whole(number), "{number}: {}", text(&document.pages[0]));
    }
    assert!(warnings.is_empty(), "{warnings:?}");
}

#[test]
fn numbers_that_have_to_be_cut_are_told_once() {
    let row = "<tr>".to_owned() + &"<td>1,234,567".repeat(12);
    let html = format!("<h2 style='width: 20pt; hyphens: none'>Misunderstanding</h2><table>{}</table>", row.repeat(9));
    let Warned { value: document, warnings } = set_with(&html, &format!("{SMALL} {TABLES}"), &Nothing);
    assert!(!text(&document.pages[0]).contains(" ,"), "{}", text(&document.pages[0]));
    let told: Vec<&str> = warnings.iter().map(|warning| warning.message.as_str()).collect();
    let told_of = |word: &str| told.iter().filter(|told| told.contains(&format!("page 1: `{word}`"))).count();
    assert!(told.len() == 2 && told_of("1,234,567") == 1 && told_of("Misunderstanding") == 1, "{told:?}");
}

#[test]
fn a_row_taller_than_a_page_begins_on_the_first() {
    let style = "figure b { display: inline-block; width: 20pt; height: 75pt; background: #010000 } table { border-spacing: 2pt }";
    for cell in [
        "<figure><b></b><figcaption>one<br>two<br>three</figcaption></figure>",
        "<figure><b></b><br>one<br>two<br>three<br>four</figure>",
    ] {
        let document = small(&format!("<table><tr><td>{cell}</table>"), style);
        assert_eq!(document.pages.len(), 2, "{cell}: {:?}", texts(&document));
        let document = small(&format!("<p>before</p><table><tr><td>{cell}</table>"), style);
        let pages = texts(&document);
        assert!(pages.iter().all(|page| !page.is_empty()) && pages.len() <= 3, "{cell}: {pages:?}");
    }
}

#[test]
fn cells_are_not_indented_as_paragraphs_are() {
    let page = page_with("<table><tr><td>cell</table>", "body { text-indent: 20pt }");
    assert_eq!(position(&page, "cell").0.round(), 0.0);
}

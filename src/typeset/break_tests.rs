//! What stays together at the ends of pages and columns: what may not be broken, and floats with what stands beside them.

use super::display::{Item, Page, Rect};
use super::tests::{paragraphs, position, small, text_of_run, texts};

/// The places of the words of a page that begin so: page number, x and y.
fn places(pages: &[Page], start: &str) -> Vec<(usize, f32, f32)> {
    let on_page = |(number, page): (usize, &Page)| {
        let place = |item: &Item| match item {
            Item::Glyphs { x, y, run, .. } if text_of_run(run).trim().starts_with(start) => Some((number, *x, *y)),
            _ => None,
        };
        page.items.iter().filter_map(place).collect::<Vec<_>>()
    };
    pages.iter().enumerate().flat_map(on_page).collect()
}

/// Lines of one word each that begins so.
fn lines(start: &str, count: usize) -> String {
    (0..count).map(|number| format!("{start}{number}")).collect::<Vec<_>>().join("<br>")
}

fn fills(page: &Page, red: u8) -> Vec<Rect> {
    let fill = |item: &Item| match item {
        Item::Fill { rect, color, .. } if color.r == red => Some(*rect),
        _ => None,
    };
    page.items.iter().filter_map(fill).collect()
}

const COLUMNS: &str = "body { margin: 0 } .two { columns: 2; column-gap: 20pt } .three { columns: 3; column-gap: 10pt }
    .held { break-inside: avoid } h2, h3 { font-size: 8pt; line-height: 10pt; margin: 0 } h2 { column-span: all }
    td { padding: 0 } table { border-spacing: 0 }";

#[test]
fn what_is_held_goes_on_whole_on_the_next_page_where_columns_are_short() {
    for (before, size) in (0..12).flat_map(|before| (1..=10).map(move |size| (before, size))) {
        for (class, within) in [("two", 0), ("two", 1), ("three", 2), ("three", 7), ("two", 9)] {
            let (held, above) = (lines("k", size), paragraphs(within).replace("line", "w"));
            let html = format!(
                "{}<div class={class}>{above}<div class=held>{held}</div><p>after</p></div>",
                paragraphs(before)
            );
            let document = small(&html, COLUMNS);
            let found = places(&document.pages, "k");
            assert_eq!(found.len(), size, "{html}");
            let (page, x, y) = found[0];
            for (number, place) in found.iter().enumerate() {
                assert_eq!(*place, (page, x, y + 10.0 * number as f32), "{html}");
            }
        }
    }
}

#[test]
fn headings_are_not_broken_over_short_columns() {
    let html = format!("{}<div class=three><h3>{}</h3><p>x</div>", paragraphs(5), lines("h", 6));
    let all = texts(&small(&html, COLUMNS));
    assert_eq!(all[1], "h0 h1 h2 h3 h4 h5 x", "{all:?}");
    // With room for one column of it, it has one.
    let html = format!("{}<div class=three><h3>{}</h3><p>x</div>", paragraphs(3), lines("h", 6));
    assert_eq!(small(&html, COLUMNS).pages.len(), 1);
}

#[test]
fn headings_stay_with_columns_that_begin_with_a_table() {
    let table = "<table><thead><tr><th>Head</thead><tr><td>r0<br>r1<tr><td>r2</table>";
    let html = format!("{}<h2>Title</h2><div class=two>{table}</div>", paragraphs(8));
    assert!(texts(&small(&html, COLUMNS))[1].starts_with("Title Head r0 r1"));
    // A tall row begins where there is much room for it.
    let html = format!("{}<h2>Title</h2><div class=two><table><tr><td>{}</table></div>", paragraphs(4), lines("r", 9));
    let all = texts(&small(&html, COLUMNS));
    assert!(all[0].ends_with("Title r0 r1 r2 r3 r4 r5 r6 r7 r8"), "{all:?}");
}

#[test]
fn what_no_page_can_hold_is_broken() {
    let html = format!("{}<div class=two><div class=held>{}</div></div>", paragraphs(4), lines("k", 12));
    let document = small(&html, COLUMNS);
    assert_eq!(document.pages.len(), 2);
    let in_first = places(&document.pages, "k").iter().filter(|(page, x, _)| *page == 1 && *x < 50.0).count();
    assert_eq!(in_first, 6, "balanced all the same");
    // So is what fits below no heading that is tied to it.
    let html = format!("<h2>Across</h2><div class=held>{}</div>", lines("k", 10));
    let all = texts(&small(&html, &format!("{COLUMNS} body {{ columns: 2 }}")));
    assert!(all[0].starts_with("Across k0"), "{all:?}");
}

#[test]
fn columns_are_balanced_below_the_rest_of_a_row() {
    for columns in ["two", "three"] {
        let html = format!(
            "{}<div class={columns}><table><tr><td>{}</table>{}</div>",
            paragraphs(5),
            lines("r", if columns == "two" { 16 } else { 21 }),
            paragraphs(6).replace("line", "w")
        );
        let document = small(&html, COLUMNS);
        let (row, text) = (places(&document.pages, "r"), places(&document.pages, "w"));
        assert_eq!(row.iter().filter(|(page, ..)| *page == 1).count(), 6, "{row:?}");
        // None of it stands below the row in the first column.
        assert!(text.iter().all(|(page, x, _)| *page == 1 && *x > 50.0), "{text:?}");
        assert_eq!(text[0].2, row[row.len() - 6].2);
    }
}

const FLOAT: &str = "b { float: left; width: 30pt; background: #010000 } b.r { float: right; background: #020000 }
    .gap { margin: 10pt 0 } h2 { font-size: 8pt; line-height: 10pt }";

#[test]
fn floats_go_on_with_what_stands_beside_them() {
    for (before, tall) in (0..12).flat_map(|before| [7, 15, 31, 55].map(|tall| (before, tall))) {
        for size in [1, 2, 3, 6] {
            for (side, between) in [("left", ""), ("left", "<h2>Title</h2>"), ("right", "<h2>Title</h2>")] {
                let html = format!(
                    "{}<b style='float: {side}; height: {tall}pt'></b>{between}<p class=gap>{}</p>",
                    paragraphs(before),
                    lines("k", size)
                );
                let html = if side == "right" { format!("<html dir=rtl lang=en>{html}") } else { html };
                let pages = small(&html, FLOAT).pages;
                let with_float = pages.iter().position(|page| !fills(page, 1).is_empty()).unwrap();
                for (page, x, _) in places(&pages, "k") {
                    // What is moved aside has the float at its side.
                    let is_aside = if side == "right" { x < 165.0 } else { x > 1.0 };
                    assert!(!is_aside || page == with_float, "{html}");
                }
            }
        }
    }
}

#[test]
fn all_that_stands_beside_floats_holds_them() {
    let two = "<b style='height: 15pt'></b><b class=r style='height: 15pt'></b>";
    for beside in [
        "<p class=gap>k0<br>k1</p>",
        "<div style='overflow: hidden'>k0<br>k1<br>k2</div>",
        "<table><tr><td>k0<br>k1<br>k2</table>",
        "<ul><li>k0<br>k1<br>k2</ul>",
        "<p>k0</p><p>k1<br>k2<br>k3</p>",
        "<div style='border: 1pt solid; padding-top: 9pt'>k0<br>k1</div>",
    ] {
        let pages = small(&format!("{}{two}{beside}", paragraphs(8)), FLOAT).pages;
        let found = places(&pages, "k");
        assert_eq!((fills(&pages[1], 1).len(), fills(&pages[1], 2).len()), (1, 1), "{beside}");
        assert!(found.iter().all(|(page, ..)| *page == 1), "{beside}");
        assert!(position(&pages[1], "k0").0 > 29.9, "{beside}");
    }
}

#[test]
fn floats_in_the_second_line_part_it_from_the_first_no_more_than_that_allows() {
    let html = format!("{}<p>k0<br><b style='height: 15pt'></b>k1<br>k2<br>k3", paragraphs(8));
    let pages = small(&html, FLOAT).pages;
    let float: Vec<_> = pages.iter().map(|page| fills(page, 1)).collect();
    assert!(places(&pages, "k").iter().all(|(page, ..)| *page == 1), "{:?} {float:?}", places(&pages, "k"));
}

#[test]
fn galleries_of_floats_fill_their_pages() {
    let heights = [30, 22, 26, 34, 18];
    let float = |number: usize| format!("<b style='width: 45pt; height: {}pt'></b>", heights[number % heights.len()]);
    let all = (0..60).map(float).collect::<Vec<_>>().concat();
    let pages = small(&format!("<p>first</p>{all}<p style='clear: both'>last</p>"), FLOAT).pages;
    assert_eq!(pages.iter().map(|page| fills(page, 1).len()).sum::<usize>(), 60);
    assert!(pages.len() <= 8, "{}", pages.len());
}

#[test]
fn headings_stay_with_two_lines_of_what_follows() {
    let style = "h2 { font-size: 8pt; line-height: 10pt } td { padding: 0 } table { border-spacing: 0 }";
    for (text, goes_on) in [
        ("<p>k0</p><p>k1</p><p>k2</p>", true),
        ("<p>k0</p><ul><li>k1<li>k2</ul>", true),
        ("<ul><li>k0<li>k1<li>k2</ul>", true),
        ("<p>k0</p><table><tr><td>k1</table>", true),
        ("<div style='border: 1pt solid'><p>k0</p><p>k1</p></div>", true),
        // One line is all there is.
        ("<p>k0</p><h2>Next</h2><p>k1</p>", false),
        ("<p>k0</p><div><div><h2>Next</h2></div></div><p>k1</p>", false),
        ("<p>k0</p><div style='break-before: page'>k1</div>", false),
    ] {
        let pages = small(&format!("{}<h2>Title</h2>{text}", paragraphs(8)), style).pages;
        let (title, found) = (places(&pages, "Title"), places(&pages, "k"));
        let page = usize::from(goes_on);
        assert_eq!((title[0].0, found[0].0), (page, page), "{text}");
        assert_eq!(found[1].0, 1, "{text}");
    }
    // With room for two lines nothing goes on.
    let pages = small(&format!("{}<h2>Title</h2><p>k0</p><p>k1</p><p>k2</p>", paragraphs(7)), style).pages;
    assert_eq!(places(&pages, "k").iter().map(|place| place.0).collect::<Vec<_>>(), [0, 0, 1]);
    // Many sections of one line each are not all tied to each other.
    let sections = "<h2>Title</h2><p>k</p>".repeat(40);
    assert_eq!(small(&sections, style).pages.len(), 8);
}

#[test]
fn groups_of_rows_break_as_they_are_told() {
    let group = |rows: &[&str]| {
        format!("<tbody>{}</tbody>", rows.iter().map(|row| format!("<tr><td>{row}")).collect::<Vec<_>>().concat())
    };
    let table = format!("<p>p</p><table>{}{}</table><p>q</p>", group(&["a", "b"]), group(&["c"]));
    let pages = |html: &str, style: &str| texts(&small(html, &format!("{COLUMNS} {style}")));
    assert_eq!(pages(&table, ""), ["p a b c q"]);
    assert_eq!(pages(&table, "tbody { break-before: page }"), ["p", "a b", "c q"]);
    assert_eq!(pages(&table, "tbody { break-after: page }"), ["p a b", "c", "q"]);
    assert_eq!(pages(&table, "tr { break-before: page }"), ["p", "a", "b", "c q"]);
    let headed = table.replace("<table>", "<table><thead><tr><th>h</thead>");
    assert_eq!(pages(&headed, "tbody { break-before: page }"), ["p", "h a b", "h c q"]);
    let own = "<div class=g><div class=r>a</div></div><div class=g><div class=r>b</div></div>";
    let style = ".g { display: table-row-group; break-before: page } .r { display: table-row }";
    assert_eq!(pages(&format!("<p>p</p>{own}"), style), ["p", "a", "b"]);
}

#[test]
fn groups_of_rows_stay_together_where_they_are_to() {
    let rows = |from: usize, to: usize| (from..to).map(|row| format!("<tr><td>r{row}")).collect::<Vec<_>>().concat();
    let html = format!("<table><tbody>{}<tbody>{}<tbody>{}</table>", rows(0, 4), rows(4, 8), rows(8, 12));
    let pages = |style: &str| texts(&small(&html, &format!("{COLUMNS} {style}")));
    assert_eq!(pages("")[0], "r0 r1 r2 r3 r4 r5 r6 r7 r8 r9");
    let held = pages("tbody { break-inside: avoid }");
    assert_eq!(held, ["r0 r1 r2 r3 r4 r5 r6 r7", "r8 r9 r10 r11"]);
    // Rows that would leave much white are not cut for that.
    let tall = "<tr><td>a<br>b".repeat(3);
    let html = format!("<table><tbody>{tall}<tbody style='break-inside: avoid'>{tall}</table>");
    assert_eq!(texts(&small(&html, COLUMNS)), ["a b a b a b", "a b a b a b"]);
    // What is taller than a page is broken all the same.
    let long = format!("<table><tbody style='break-inside: avoid'>{}</table>", rows(0, 25));
    assert_eq!(texts(&small(&long, COLUMNS)).len(), 3);
}

#[test]
fn what_may_not_be_broken_holds_the_row_that_it_begins() {
    let style =
        "td { padding: 0; vertical-align: top } table { border-spacing: 0 } .held { break-inside: avoid; margin: 0 }
        pre { font-size: 8pt; line-height: 10pt }";
    let rows = |count: usize| "<tr><td>row<td>x".repeat(count);
    let held = [
        format!("<pre class=held>{}</pre>", lines("k", 6)),
        format!("<div class=held>{}</div>", lines("k", 6)),
        format!("<div class=held><p>{}</div>", lines("k", 6)),
        format!("<p style='orphans: 20'>{}", lines("k", 6)),
        format!("<table><tr><td><div class=held>{}</div></table>", lines("k", 6)),
    ];
    for (block, above) in held.iter().flat_map(|block| (0..12).map(move |above| (block, above))) {
        let html = format!("<table>{}<tr><td>label<td>{block}<p>after</table>", rows(above));
        let document = small(&html, style);
        let found = places(&document.pages, "k");
        assert_eq!(found.len(), 6, "{html}");
        assert!(found.iter().all(|(page, ..)| *page == found[0].0), "{html}: {found:?}");
        assert_eq!(places(&document.pages, "label")[0].0, found[0].0, "{html}");
    }
    // What no page can hold is broken, from the top of a page on, and nothing is lost.
    for block in [
        format!("<div class=held>{}</div>", lines("k", 25)),
        format!("<table><tr><td><div class=held>{}</div></table>", lines("k", 25)),
    ] {
        let document = small(&format!("<table>{}<tr><td>label<td>{block}</table>", rows(4)), style);
        let found = places(&document.pages, "k");
        assert_eq!(found.len(), 25);
        assert_eq!(found.iter().filter(|(page, ..)| *page == 1).count(), 10, "{found:?}");
        assert_eq!(document.pages.len(), 4);
    }
    // Between what may not be broken a row is cut.
    let held: String = ["a", "b", "c"].map(|start| format!("<div class=held>{}</div>", lines(start, 4))).concat();
    let document = small(&format!("<table>{}<tr><td>label<td>{held}</table>", rows(1)), style);
    assert_eq!((places(&document.pages, "b")[3].0, places(&document.pages, "c")[0].0), (0, 1));
}

//! Floats met within lines, and lines, markers and directions beside floats.

use super::display::{Item, Page, Rect};
use super::tests::{position, small, text_of_run};

/// Where the boxes with this colour's red stand.
fn fills(page: &Page, red: u8) -> Vec<Rect> {
    let fill = |item: &Item| match item {
        Item::Fill { rect, color, .. } if color.r == red => Some(*rect),
        _ => None,
    };
    page.items.iter().filter_map(fill).collect()
}

/// So many lines, each a paragraph; the second calls a note, if there is one.
fn numbered(lines: usize, note: &str) -> String {
    let of = |line: usize| ["<p>line ", &line.to_string(), if line == 2 { note } else { "" }, "</p>"].concat();
    (1..=lines).map(of).collect()
}

/// The baselines of the lines that hold a text, in order.
fn baselines(page: &Page) -> Vec<f32> {
    let of_text = |item: &Item| match item {
        Item::Glyphs { y, run, .. } if !run.text.trim().is_empty() => Some(*y),
        _ => None,
    };
    let mut lines: Vec<f32> = page.items.iter().filter_map(of_text).collect();
    lines.sort_by(f32::total_cmp);
    lines.dedup_by(|a, b| (*a - *b).abs() < 0.1);
    lines
}

const FLOAT: &str = "b { float: right; width: 60pt; height: 15pt; background: #010000 }";

#[test]
fn a_float_in_the_middle_of_a_line_does_not_end_it() {
    for html in ["<p>first <b></b> second", "<p>first <a href='#x'><b></b></a> second", "<p>first sec<b></b>ond"] {
        let page = &small(html, FLOAT).pages[0];
        let rect = fills(page, 1)[0];
        assert_eq!((rect.x.round(), rect.y.round()), (140.0, 0.0), "{html}");
        assert_eq!(baselines(page).len(), 1, "{html}");
    }
    // The text after it goes on in the same paragraph: it is not indented again.
    let page = &small("<p>first <b></b> second", &format!("{FLOAT} p {{ text-indent: 20pt }}")).pages[0];
    assert_eq!(position(page, "first").0.round(), 20.0);
    assert_eq!(baselines(page).len(), 1);
    // It stands beside the last line as well.
    let page = &small("<p>first<b></b>", FLOAT).pages[0];
    assert_eq!(fills(page, 1)[0].y.round(), 0.0);
}

#[test]
fn a_float_stands_below_its_line_where_it_has_no_room_beside_it() {
    let words = "word ".repeat(7);
    let html = format!("<p>{words}<b></b> and {words}{words}{words}");
    let page = &small(&html, FLOAT).pages[0];
    let rect = fills(page, 1)[0];
    let lines = baselines(page);
    assert!(rect.y.round() % 10.0 == 0.0 && rect.y >= 10.0, "{rect:?} {lines:?}");
    assert!(lines.windows(2).all(|pair| (pair[1] - pair[0] - 10.0).abs() < 0.1), "{lines:?}");
    // No word lies on it.
    for item in &page.items {
        if let Item::Glyphs { x, y, run, .. } = item
            && run.text.contains("word")
            && *y > rect.y
            && *y < rect.y + rect.height
        {
            assert!(*x < 140.0, "{x} {y}");
        }
    }
}

#[test]
fn several_floats_in_one_line_stand_side_by_side() {
    let style = format!("{FLOAT} i {{ float: left; width: 30pt; height: 25pt; background: #020000 }}");
    let page = &small("<p>one <i></i> two <b></b> three <i></i> four", &style).pages[0];
    let (left, right) = (fills(page, 2), fills(page, 1));
    assert_eq!((left.len(), right.len()), (2, 1));
    assert_eq!((left[0].x.round(), left[0].y.round()), (0.0, 0.0));
    assert_eq!(right[0].x.round(), 140.0);
    assert!(position(page, "one").0 >= 29.9);
    // None is lost where there are very many.
    let html = format!("<p>{}", "word <b></b> ".repeat(400));
    let pages = small(&html, FLOAT).pages;
    assert_eq!(pages.iter().map(|page| fills(page, 1).len()).sum::<usize>(), 400);
}

#[test]
fn text_goes_below_a_float_that_leaves_its_first_word_no_room() {
    let style = "div { float: right; width: 185pt; height: 20pt; background: #010000 } p { overflow-wrap: anywhere }";
    for align in ["start", "justify"] {
        let html = format!("<div></div><p style='text-align: {align}'>Lorem ipsum dolor sit amet");
        let page = &small(&html, style).pages[0];
        let lines = baselines(page);
        assert_eq!(lines.len(), 1, "{lines:?}");
        assert!((20.0..30.0).contains(&lines[0]), "{lines:?}");
        assert_eq!(position(page, "Lorem").0, 0.0);
    }
    // What fits nowhere is cut where it is.
    let html = format!("<div style='width: 100pt'></div><p>{}", "m".repeat(100));
    assert!(baselines(&small(&html, style).pages[0])[0] < 10.0);
}

#[test]
fn markers_stand_beside_their_text_beside_floats() {
    let style = "div { float: left; width: 60pt; height: 30pt } ul { padding: 0 20pt }";
    let page = &small("<div></div><ul><li>item</ul>", style).pages[0];
    let (marker, text) = (position(page, "\u{2022}").0, position(page, "item").0);
    // Neither lies on the float.
    assert!(text > 60.0 && text < 70.0, "{text}");
    assert!(marker > 59.9 && marker < text, "{marker}");
    let style = style.replace("float: left", "float: right");
    let page = &small("<html dir=rtl><div></div><ul><li>item</ul>", &style).pages[0];
    let marker = position(page, "\u{2022}").0;
    assert!((130.0..140.0).contains(&marker), "{marker}");
}

#[test]
fn a_share_of_a_width_that_comes_from_the_content_bounds_nothing() {
    let style = format!("{FLOAT} b {{ max-width: 100% }} div {{ display: table }}");
    for html in ["<div><b></b></div>", "<table><tr><td style='padding: 0'><b></b></table>"] {
        let page = &small(html, &style).pages[0];
        assert_eq!(fills(page, 1)[0].width.round(), 60.0, "{html}");
    }
}

#[test]
fn isolates_without_a_strong_letter_run_left_to_right() {
    let numbers = ["<bdi>+972-3</bdi>", "<span dir=auto>+972-3</span>"];
    for number in numbers {
        let page = &small(&format!("<html dir=rtl lang=he><p>\u{5d0} {number}"), "").pages[0];
        // What stands from left to right, whichever face each sign is of.
        let mut runs: Vec<(f32, String)> = page
            .items
            .iter()
            .filter_map(|item| if let Item::Glyphs { x, run, .. } = item { Some((*x, text_of_run(run))) } else { None })
            .collect();
        runs.sort_by(|one, other| one.0.total_cmp(&other.0));
        let is_seen = |c: &char| c.is_alphanumeric() || matches!(c, '+' | '-');
        let seen: String = runs.iter().flat_map(|(_, text)| text.chars()).filter(is_seen).collect();
        // In a run from right to left the sign would be parted from its number.
        assert!(seen.contains("+972-3") && seen.ends_with('\u{5d0}'), "{number}: {seen}");
    }
}

#[test]
fn a_table_that_floats_takes_its_share_once() {
    let cells = "<table><caption>below<tr><td>one<td class=end>two</table>";
    let css = "table { margin: 0; background: #010000; caption-side: bottom; border: 2pt solid } .end { background: #020000 }";
    let narrow = "width: 10%";
    for own in ["float: left", "display: inline-table", "float: left; min-width: 50%", "float: right", narrow] {
        let width = if own.contains("min-width") { "" } else { "width: 50%;" };
        let is_narrow = own == narrow;
        let css = format!("{css} table {{ {width} {own} }} {}", if is_narrow { "table { float: left }" } else { "" });
        let page = &small(cells, &css).pages[0];
        let [frame, end] = [1, 2].map(|red| fills(page, red)[0]);
        if is_narrow {
            assert!(frame.width > 30.0 && frame.width < 80.0, "its words need more: {frame:?}");
        } else {
            assert_eq!(frame.width.round(), 100.0, "{own}");
        }
        let within = frame.x + frame.width - (end.x + end.width);
        assert!(within > 2.0 && within < 6.0, "{own}: {end:?} in {frame:?}");
        assert!(position(page, "below").1 > frame.y + frame.height, "{own}: {frame:?}");
    }
}

#[test]
fn clearance_takes_the_margin_in() {
    let style =
        "div { float: left; width: 40pt; height: 20pt } h2 { clear: both; font-size: 8pt; background: #010000 }";
    let top = |margin: &str, float: &str| {
        let css = format!("{style} h2 {{ margin: {margin} 0 0 }} div {{ height: {float} }}");
        fills(&small("<div></div><p>line</p><h2>head</h2>", &css).pages[0], 1)[0].y.round()
    };
    // Below the line at 10, by a margin that leads below the float, or beside its end.
    assert_eq!(top("30pt", "20pt"), 40.0);
    assert_eq!(top("5pt", "20pt"), 20.0);
    assert_eq!(top("30pt", "60pt"), 60.0);
    assert_eq!(top("0", "20pt"), 20.0);
    assert_eq!(top("-5pt", "20pt"), 20.0);
    for kind in ["overflow: hidden", "display: table"] {
        let css =
            format!("{style} h2 {{ margin: 30pt 0 0; {kind} }} div {{ height: 60pt }} p {{ margin-bottom: 25pt }}");
        let page = &small("<div></div><p>line</p><h2>head</h2>", &css).pages[0];
        assert_eq!(fills(page, 1)[0].y.round(), 60.0, "{kind}");
    }
}

#[test]
fn clearance_takes_in_margins_of_what_a_box_begins_with() {
    let style = "@page { size: 200pt 200pt } b { float: left; width: 40pt; height: 60pt } section { clear: both }
        h2 { margin: 30pt 0 0; font-size: 8pt; background: #010000 }";
    let top = |html: &str, own: &str| {
        fills(&small(&format!("<b></b><p>line</p>{html}"), &format!("{style} {own}")).pages[0], 1)[0].y.round()
    };
    assert_eq!(top("<section><h2>head</h2></section>", ""), 60.0);
    assert_eq!(top("<section><b></b><div><h2>head</h2></div></section>", ""), 60.0);
    assert_eq!(top("<section><h2>head</h2></section>", "section { margin-top: 20pt }"), 60.0);
    assert_eq!(top("<section><h2>head</h2></section>", "b { height: 20pt }"), 40.0);
    // Nothing collapses through an edge, or out of what holds its floats.
    assert_eq!(top("<section><h2>head</h2></section>", "section { padding-top: 1pt }"), 91.0);
    assert_eq!(top("<section><h2>head</h2></section>", "section { overflow: hidden }"), 90.0);
}

#[test]
fn a_rule_stands_beside_a_float() {
    let style = "div { float: left; width: 60pt; height: 30pt } hr { border-top: 1pt solid #010000; margin: 5pt auto }";
    let rule = fills(&small("<div></div><p>text</p><hr><p>after", style).pages[0], 1)[0];
    assert_eq!((rule.x, rule.width), (60.0, 140.0));
}

#[test]
fn boxes_without_room_beside_a_float_come_to_stand_below_it_whatever_their_margin() {
    let style = "b { float: right; width: 60pt; height: 30pt } .root { background: #010000 }";
    for kind in ["overflow: hidden", "display: flow-root", "display: table", "columns: 2"] {
        for margin in ["-4pt", "0", "10pt", "-100%", "40pt"] {
            let css = format!("{style} .root {{ width: 100%; margin-top: {margin}; {kind} }}");
            let page = &small("<b></b><div class=root>words</div>", &css).pages[0];
            let top = if margin == "40pt" { 40.0 } else { 30.0 };
            assert_eq!(fills(page, 1)[0].y.round(), top, "{kind} {margin}");
        }
    }
    // Below a margin of the text above as well, and as a table beside a head that floats a picture.
    let css = format!("{style} p, h2 {{ margin-bottom: 12pt }} table {{ width: 100%; margin-top: -8pt }}");
    let page = &small("<h2>head <b></b></h2><table class=root><tr><td>cell</table>", &css).pages[0];
    assert!(fills(page, 1)[0].y.round() >= 30.0, "{:?}", fills(page, 1));
}

#[test]
fn a_float_with_notes_that_find_no_room_below_it_goes_on_on_the_next_page() {
    let style = "aside { float: left; width: 50% } .n { float: footnote } @page { @footnote { margin-top: 2pt } }";
    let note = "<span class=n>a note in so many words that it takes two lines at the foot of its page</span>";
    let lines = numbered(9, note);
    let document = small(&format!("<aside>{lines}</aside><p>beside</p>"), style);
    let [first, second] = [0, 1].map(|page| &document.pages[page]);
    let last = baselines(first).into_iter().rev().nth(2).expect("text above the note");
    let foot = position(first, "a note").1;
    assert!(last < foot - 5.0, "the note stands on the text: {last} and {foot}");
    assert!(super::tests::text(second).contains("line 9"), "{}", super::tests::text(second));
    // With room for both it is one float, as before.
    let lines = numbered(7, note);
    let document = small(&format!("<aside>{lines}</aside><p>beside</p>"), style);
    assert_eq!(document.pages.len(), 1);
    assert_eq!(position(&document.pages[0], "beside").0.round(), 100.0);
}

#[test]
fn the_margin_below_a_float_ends_with_its_page() {
    let style = "figure { float: right; width: 60pt; margin: 3pt } figure b { display: block; height: 95pt; background: #010000 }";
    let words = "word ".repeat(60);
    let document = small(&format!("<p>above</p><figure><b></b></figure><p>{words}</p>"), style);
    assert_eq!(document.pages.len(), 2, "{:?}", super::tests::texts(&document));
    assert_eq!(fills(&document.pages[1], 1).len(), 1);
    assert!(super::tests::text(&document.pages[1]).contains("word"));
    // At the end of a document, it makes no page more.
    for after in ["", "<p></p>", "<dl></dl>"] {
        let document = small(&format!("<figure><b></b></figure>{after}"), style);
        assert_eq!(document.pages.len(), 1, "{after}");
    }
    // Where the box has no room with the margin above it, it stands in the flow, at the top of the next page.
    let tall = style.replace("95pt", "99pt");
    let document = small(&format!("<p>above</p><figure><b></b></figure><p>{words}</p>"), &tall);
    assert_eq!(fills(&document.pages[1], 1)[0].y.round(), 0.0);
}

#[test]
fn a_marker_stands_beside_its_text_though_a_float_is_taller_than_the_page() {
    let lines = numbered(14, "");
    let style = "aside { float: left; width: 40% } ol { padding-left: 20pt }";
    let document = small(&format!("<aside>{lines}</aside><ol><li>first item<li>second item</ol>"), style);
    let [first, second] = [0, 1].map(|page| &document.pages[page]);
    assert!(!super::tests::text(first).contains("1."), "{}", super::tests::text(first));
    assert_eq!(position(second, "1.").1, position(second, "first item").1);
}

#[test]
fn a_float_that_runs_off_its_page_is_told() {
    let style =
        "figure { float: right; margin: 3pt } b { display: block; width: 60pt; height: 95pt; background: #010000 }";
    let told = |after: &str| {
        let html = format!("<figure><b></b></figure>{after}");
        let set = super::tests::set_with(&html, &format!("{} {style}", super::tests::SMALL), &super::tests::Nothing);
        set.warnings.iter().filter(|warning| warning.message.contains("taller")).count()
    };
    // The margin of an empty list moves both down.
    assert_eq!((told("<p>text"), told("<dl></dl>")), (0, 1));
}

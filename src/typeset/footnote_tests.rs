//! Footnotes, from HTML and CSS to the display list.

use super::display::{Document, Item, LinkTarget};
use super::tests::{Nothing, SMALL, paragraphs, position, set, set_with, small, text, text_of_run, texts};

/// Notes as tall as lines, nothing around their area.
const NOTES: &str = "@page { @footnote { margin: 0; padding: 0; border: none } }
    .n { float: footnote } ::footnote-call { content: counter(footnote); font-size: 8pt; vertical-align: baseline }";

pub(super) fn with_notes(html: &str, style: &str) -> Document {
    small(html, &format!("{NOTES} {style}"))
}

fn roles(document: &Document) -> Vec<&'static str> {
    document.structure.iter().map(|node| node.role).collect()
}

/// All letters of a document, in order of their values.
fn letters(document: &Document) -> Vec<char> {
    let mut letters: Vec<char> = texts(document).concat().chars().filter(|letter| letter.is_alphanumeric()).collect();
    letters.sort_unstable();
    letters
}

#[test]
fn a_note_stands_at_the_foot_of_the_page_with_its_call() {
    let html = "<p>text<span class=n>the note</span> goes on</p>";
    let document = with_notes(html, "");
    let page = &document.pages[0];
    assert_eq!(text(page), "text 1 goes on 1. the note");
    assert_eq!(position(page, "the note").1, 90.0 + position(page, "text").1);
    assert!(roles(&document).windows(2).any(|pair| pair == ["Reference", "Link"]));
    assert!(roles(&document).windows(3).any(|roles| roles == ["Note", "Lbl", "Link"]));
}

#[test]
fn calls_and_notes_lead_to_each_other() {
    let document = with_notes("<p>a<span class=n>note</span></p>", "");
    let places: Vec<f32> = document.pages[0]
        .links
        .iter()
        .map(|link| match &link.target {
            LinkTarget::Anchor(name) => document.anchors[name].y,
            LinkTarget::Uri(uri) => panic!("{uri}"),
        })
        .collect();
    assert_eq!(places, [90.0, 0.0]);
}

#[test]
fn a_line_goes_to_the_next_page_with_its_note() {
    let html = format!("{}<p>call<span class=n>note</span></p>", paragraphs(9));
    assert_eq!(texts(&with_notes(&html, ""))[1], "call 1 1. note");
    let html = format!("{}<p>call<span class=n>note</span></p><p>after</p>", paragraphs(8));
    assert!(texts(&with_notes(&html, ""))[0].ends_with("call 1 1. note"));
    assert_eq!(texts(&with_notes(&html, ""))[1], "after");
}

#[test]
fn a_long_note_goes_on_on_the_next_page() {
    let lines: Vec<String> = (0..12).map(|number| format!("n{number}")).collect();
    let html = format!("{}<p>call<span class=n>{}</span></p>{}", paragraphs(3), lines.join("<br>"), paragraphs(12));
    let document = with_notes(&html, "");
    let pages = texts(&document);
    assert!(pages[0].starts_with("line0 line1 line2 call 1 1. n0 n1 "), "{pages:?}");
    assert!(pages[1].contains("line0") && pages[1].ends_with("n11"), "{pages:?}");
    let plain = set(&html, "");
    assert_eq!(letters(&document).len(), letters(&plain).len() + "111n".len() - 2);
}

#[test]
fn a_note_longer_than_pages_is_set_to_its_end() {
    let lines: Vec<String> = (0..600).map(|number| format!("n{number}")).collect();
    let html = format!("<p>call<span class=n>{}</span></p>{}", lines.join("<br>"), paragraphs(30));
    let all = texts(&with_notes(&html, "")).join(" ");
    let at: Vec<Option<usize>> = lines.iter().map(|line| all.find(&format!(" {line} "))).collect();
    assert!(at[..599].iter().all(Option::is_some), "{all}");
    assert!(at[..599].is_sorted());
    assert!(all.contains("line29"));
}

#[test]
fn many_notes_on_one_line_all_come_out_in_order() {
    let calls = (0..60).map(|number| format!("<span class=n>note{number}</span>")).collect::<Vec<_>>().concat();
    let html = format!("<p>x{calls}</p><p>after</p>");
    let all = texts(&with_notes(&html, "::footnote-call { content: none }")).join(" ");
    let at: Vec<Option<usize>> = (0..60).map(|number| all.find(&format!(". note{number}"))).collect();
    assert!(at.iter().all(Option::is_some) && at.is_sorted(), "{all}");
    assert!(all.contains("after"));
}

#[test]
fn policies_keep_the_line_or_the_paragraph_with_the_note() {
    let note = (0..4).map(|number| format!("n{number}")).collect::<Vec<_>>().join("<br>");
    let html = format!("{}<p>a<br>b<br>c<br>d<span class=n>{note}</span><br>e<br>f</p>", paragraphs(2));
    let first = |policy: &str| {
        let pages = texts(&with_notes(&html, &format!(".n {{ footnote-policy: {policy} }}")));
        pages[0].clone()
    };
    assert!(first("auto").contains("d 1"), "{}", first("auto"));
    assert!(first("line").ends_with("b c d 1 1. n0 n1 n2 n3"), "{}", first("line"));
    let html = html.replace("<p>a", &format!("{}<p>a", paragraphs(2)));
    let first = |policy: &str| texts(&with_notes(&html, &format!(".n {{ footnote-policy: {policy} }}")))[0].clone();
    assert!(first("line").ends_with("line1 a b c"), "{}", first("line"));
    assert!(first("block").ends_with("line1 line0 line1"), "{}", first("block"));
}

#[test]
fn lists_of_notes_move_to_their_calls() {
    let html = "<article><p>one<sup class=r id=r1><a href='#f1'>1</a></sup> two<sup class=r><a href='#f2'>2</a></sup>
        again<sup class=r><a href='#f1'>1</a></sup></p>
        <section class=footnotes><hr><ol><li id=f1><p>First, <em>see</em><sup class=r><a href='#f2'>2</a></sup>.</p></li>
        <li id=f2>Second. <a class=back href='#r1'>back</a></li></ol></section></article><p>end</p>";
    let style = ".r a { float: footnote; content: target-content(attr(href)) } .back { display: none }
        section { border: 1pt solid red } .r { vertical-align: baseline; font-size: 1em }";
    let document = with_notes(html, style);
    let all = text(&document.pages[0]);
    assert_eq!(all, "one 1 two 2 again 1 end 1. First, see 2 . 2. Second.");
    // Nothing is left of the empty section.
    let is_red = |item: &Item| matches!(item, Item::Fill { color, .. } if color.r == 255);
    assert!(!document.pages[0].items.iter().any(is_red));
}

#[test]
fn a_section_of_notes_takes_its_heading_with_it() {
    let style = ".c { float: footnote; content: target-content(attr(href)) } .c::footnote-marker { content: none }
        h2 { font-size: 1em; font-weight: normal; margin: 0 }";
    let read = |notes: &str| {
        let html = format!("<p>x<a class=c href='#f'>1</a></p><h2>End</h2>{notes}");
        text(&with_notes(&html, style).pages[0])
    };
    assert_eq!(read("<section><hr><h2>Notes</h2><ol><li id=f>one</ol></section>"), "x 1 End one");
    assert_eq!(read("<section><ol><li id=f>one</ol><h2>Notes</h2></section>"), "x 1 End Notes one");
    assert_eq!(read("<section><h2>Notes</h2><p>Two.<ol><li id=f>one</ol></section>"), "x 1 End Notes Two. one");
    assert_eq!(read("<div><h2>Notes</h2><ol><li id=f>one</ol></div>"), "x 1 End Notes one");
}

#[test]
fn notes_that_nothing_leads_to_stay_where_they_are() {
    let html = "<p>x <a class=c href='#f1'>1</a> <a class=c href='#gone'>gone</a></p><ol><li id=f1>one<li id=f2>two \
        <a class=c href='#f3'>c</a><li id=f3>three <a class=c href='#f2'>c</a></ol>";
    let style = ".c { float: footnote; content: target-content(attr(href)) } li { list-style: none }";
    assert_eq!(text(&with_notes(html, style).pages[0]), "x 1 gone two c three c 1. one");
}

#[test]
fn addresses_of_links_can_be_notes() {
    let style = "a::after { float: footnote; content: attr(href) }";
    let all = text(&with_notes("<p>see <a href='https://example.org/'>here</a>.</p>", style).pages[0]);
    assert_eq!(all, "see here 1 . 1. https://example.org/");
}

#[test]
fn the_marker_of_a_generated_note_looks_as_the_note() {
    let html = "<p><a href='https://example.org/'>here</a></p>";
    let style =
        "a { font-size: 9pt; text-decoration: none } a::after { float: footnote; content: attr(href); font-size: 4pt }
        ::footnote-call { font-size: 1em; content: 'call' } ::footnote-marker { content: 'marker' }";
    let document = with_notes(html, style);
    let size = |words: &str| {
        document.pages[0].items.iter().find_map(|item| match item {
            Item::Glyphs { run, .. } if text_of_run(run).contains(words) => Some(run.size),
            _ => None,
        })
    };
    assert_eq!((size("call"), size("marker"), size("example")), (Some(9.0), Some(4.0), Some(4.0)));
}

#[test]
fn chains_and_nests_of_notes_are_flat() {
    let count = 3_000;
    let notes = (0..count)
        .map(|number| format!("<li id=f{number}>n{number} <a class=c href='#f{}'>c</a></li>", number + 1))
        .collect::<Vec<_>>()
        .concat();
    let html = format!("<p><a class=c href='#f0'>c</a></p><ol>{notes}</ol>");
    let style = ".c { float: footnote; content: target-content(attr(href)) }";
    let all = texts(&with_notes(&html, style)).join(" ");
    assert!(all.contains(&format!("n{}", count - 1)));
    let nested = format!("<p>x{}{}", "<span class=n>y".repeat(150), "</span>".repeat(150));
    assert_eq!(texts(&with_notes(&nested, "")).join(" ").matches('y').count(), 150);
}

#[test]
fn notes_in_tables_floats_and_boxes_are_set() {
    let html = "<table><thead><tr><th>h<span class=n>head</span></th></tr></thead>\
        <tr><td>a<span class=n>cell</span></td></tr></table>\
        <p><span style='float: left'>f<span class=n>float</span></span> b\
        <span style='display: inline-block'>i<span class=n>box</span></span></p>";
    let all = text(&with_notes(html, "").pages[0]);
    for note in ["1. head", "2. cell", "3. float", "4. box"] {
        assert_eq!(all.matches(note).count(), 1, "{all}");
    }
}

#[test]
fn notes_of_rows_taller_than_a_page_are_set_where_they_are_called() {
    let cell = (0..30).map(|number| format!("<p>c{number}<span class=n>note{number}</span></p>"));
    let cell = cell.collect::<Vec<_>>().concat();
    let document = with_notes(&format!("<table><tr><td>{cell}</td></tr></table>"), "");
    let pages = texts(&document);
    assert!(pages[0].contains("c0") && pages[0].contains("note0"), "{pages:?}");
    let all = pages.join(" ");
    assert!((0..30).all(|number| all.matches(&format!(". note{number} ")).count() == 1 || number == 29), "{all}");
}

#[test]
fn chapters_begin_after_the_notes_of_the_one_before() {
    let lines = (0..14).map(|number| format!("n{number}")).collect::<Vec<_>>().join("<br>");
    let html = format!("<p>call<span class=n>{lines}</span></p><h1>Next</h1>");
    let pages = texts(&with_notes(&html, "h1 { break-before: page; font-size: 8pt }"));
    assert_eq!(pages.last().map(String::as_str), Some("Next"));
    assert!(pages[pages.len() - 2].ends_with("n13"), "{pages:?}");
}

#[test]
fn the_area_has_a_rule_margins_and_a_greatest_height() {
    let style = "@page { @footnote { margin: 5pt 0 0; padding: 3pt 0 0; border-top: 2pt solid red; max-height: 40pt } }
        .n { float: footnote }";
    let lines = (0..9).map(|number| format!("n{number}")).collect::<Vec<_>>().join("<br>");
    let document = small(&format!("<p>call<span class=n>{lines}</span></p>"), style);
    let rule = document.pages[0].items.iter().find_map(|item| match item {
        Item::Fill { rect, color, .. } if color.r == 255 => Some(*rect),
        _ => None,
    });
    let rule = rule.unwrap();
    assert_eq!((rule.height, rule.y), (2.0, 55.0), "{:?}", texts(&document));
    assert_eq!(document.pages.len(), 3);
}

#[test]
fn headings_are_named_without_their_notes() {
    let document = with_notes("<h1>Title<span class=n>a note</span></h1>", "");
    assert_eq!(document.bookmarks[0].label, "Title");
}

#[test]
fn pages_with_less_room_than_the_area_asks_still_take_notes() {
    let style = "@page { size: 200pt 10pt; margin: 0 } .n { float: footnote }";
    let document = set("<p>x<span class=n>A note<span class=n>in it</span>.</span></p>", style);
    assert!(document.pages.len() < 10, "{}", document.pages.len());
    assert!(texts(&document).join(" ").contains("A note"));
}

#[test]
fn text_goes_on_above_a_note_that_its_greatest_height_cuts() {
    let lines: Vec<String> = (0..12).map(|number| format!("n{number}")).collect();
    let html = format!("<p>call<span class=n>{}</span></p>{}", lines.join("<br>"), paragraphs(14));
    let pages = texts(&with_notes(&html, "@page { @footnote { max-height: 30% } }"));
    let count = |page: &str, of: &str| page.split(' ').filter(|word| word.starts_with(of)).count();
    assert_eq!(
        pages.iter().map(|page| (count(page, "line"), count(page, "n"))).collect::<Vec<_>>(),
        [(6, 3), (7, 3), (1, 3), (0, 3)]
    );
}

#[test]
fn notes_called_in_inline_blocks_come_in_their_order() {
    let html = "<p>A <span class=b>box<span class=n>first</span></span> then b<span class=n>second</span> then
        <span class=b>c<span class=n>third</span></span> and d<span class=n>fourth</span>.</p>";
    let page = text(&with_notes(html, ".b { display: inline-block }").pages[0]);
    let places: Vec<_> = ["1. first", "2. second", "3. third", "4. fourth"].map(|note| page.find(note)).to_vec();
    assert!(places.is_sorted() && places.iter().all(Option::is_some), "{page}");
}

#[test]
fn notes_called_in_floats_come_in_their_order() {
    let html = "<p>A<span class=n>first</span> word <span class=f>aside<span class=n>second</span></span>
        and b<span class=n>third</span>.</p>";
    for float in ["left", "right"] {
        let page = text(&with_notes(html, &format!(".f {{ float: {float} }}")).pages[0]);
        let places: Vec<_> = ["1. first", "2. second", "3. third"].map(|note| page.find(note)).to_vec();
        assert!(places.is_sorted() && places.iter().all(Option::is_some), "{page}");
    }
}

#[test]
fn a_row_that_a_note_leaves_no_room_has_an_end() {
    let html = "<div style='display: table'>text <span style='float: footnote; line-height: 42pt'>note</span>
        <div style='float: right'><div style='margin: 900pt 0'>x</div></div> more</div>";
    let document = set(html, "@page { size: 200mm 25mm; margin: 5mm }");
    assert!(document.pages.len() < 60, "{} pages", document.pages.len());
    let all = texts(&document).concat();
    assert!(["text", "note", "x", "more"].iter().all(|word| all.contains(word)), "{all}");
}

#[test]
fn a_call_has_the_digits_of_the_text_that_it_stands_in() {
    let html = "<p lang=ar>\u{646}\u{635}<span class=n>\u{646}\u{635}</span> \u{646}\u{635}<span class=n lang=en>note</span></p>";
    let page = &small(html, ".n { float: footnote }").pages[0];
    let text = text(page);
    assert!(text.contains('\u{662}') && text.contains('\u{661}'), "{text}");
}

/// A document with notes that stand at its end and are called from elsewhere, and what was told.
fn with_calls(html: &str) -> (String, Vec<String>) {
    let style = format!(
        "{SMALL} {NOTES} @page {{ margin-top: 10pt; @top-left {{ content: element(head) }} }}
         .run {{ position: running(head) }} .c {{ float: footnote; content: target-content(attr(href)) }}"
    );
    let set = set_with(html, &style, &Nothing);
    (texts(&set.value).join(" "), set.warnings.into_iter().map(|warning| warning.message).collect())
}

#[test]
fn a_call_that_is_not_printed_is_none() {
    let notes = "<section><ol><li id=n1>First.<li id=n2>Second.</ol></section>";
    let call = "<a class=c href='#n1'>9</a>";
    for unprinted in [
        format!("<div class=run>head{call}</div>"),
        format!("<p style='visibility: hidden'>x{call}</p>"),
        format!("<table><tr style='visibility: collapse'><td>x{call}<tr><td>y</table>"),
        format!("<table><tbody style='visibility: collapse'><tr><td>x{call}<tbody><tr><td>y</table>"),
        format!("<table><col style='visibility: collapse'><col><tr><td>x{call}<td>y</table>"),
        format!("<table><colgroup style='visibility: collapse'><col></colgroup><tr><td>x{call}<td>y</table>"),
    ] {
        let html = format!("{unprinted}<p>text{call} and <a class=c href='#n2'>8</a></p>{notes}");
        let (all, told) = with_calls(&html);
        assert!(all.contains("text 1 and 2") && all.contains("1. First. 2. Second."), "{all}");
        assert!(!all.contains('9') && told.is_empty(), "{all} {told:?}");
        // Nothing else calls it: it stays where it stands.
        let (all, _) = with_calls(&format!("{unprinted}<p>text</p>{notes}<p>after</p>"));
        assert!(all.contains("1. First. 2. Second. after"), "{all}");
    }
    // A cell that goes on in a row or a column that is seen is printed.
    for printed in [
        format!(
            "<table><tr style='visibility: collapse'><td rowspan=2 style='visibility: visible'>x{call}<td>z<tr><td>y</table>"
        ),
        format!("<table><col style='visibility: collapse'><col><tr><td colspan=2>x{call}<tr><td>z<td>y</table>"),
        format!("<table><tr><td>x{call}<tr style='visibility: collapse'><td>y</table>"),
    ] {
        let (all, _) = with_calls(&format!("{printed}<p>text{call} and</p>{notes}"));
        assert!(all.contains("x 1") && all.contains("text 1 and") && all.ends_with("1. First."), "{all}");
    }
}

#[test]
fn notes_that_are_not_printed_take_no_number() {
    for unprinted in [
        "<p style='visibility: hidden'>x<span class=n>lost</span></p>",
        "<table><tr style='visibility: collapse'><td>x<span class=n>lost</span><tr><td>y</table>",
        "<table><col style='visibility: collapse'><tr><td>x<span class=n>lost</span><td>y</table>",
        "<table><col style='visibility: collapse'><tr><td>x<a class=u href='https://example.org'>l</a><td>y</table>",
    ] {
        let style = "<style>.u::after { float: footnote; content: attr(href) }</style>";
        let (all, told) = with_calls(&format!("{style}{unprinted}<p>text<span class=n>note</span></p>"));
        assert!(all.ends_with("text 1 1. note"), "{all}");
        assert!(told.is_empty(), "{told:?}");
    }
}

#[test]
fn notes_in_running_elements_are_left_out_and_told() {
    let html = "<h1 class=run>Head<span class=n>note a</span></h1><p>text<span class=n>note b</span></p>";
    let (all, told) = with_calls(html);
    assert!(all.contains("text 1") && all.contains("1. note b") && !all.contains("note a"), "{all}");
    assert_eq!(told, ["footnotes in running elements are left out"]);
    // The same of one that stands in a note.
    let (all, told) = with_calls("<p>a<span class=n>b<span class=run>c<span class=n>d</span></span></span></p>");
    assert!(all.contains("a 1") && all.contains("1. b"), "{all}");
    assert_eq!(told, ["footnotes in running elements are left out"]);
}

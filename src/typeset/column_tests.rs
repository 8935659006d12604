//! Multi-column layout, from HTML and CSS to the display list.

use super::display::{Document, Item, Owner, Page, Rect};
use super::fonts::Fonts;
use super::tests::{Nothing, SMALL, paragraphs, position, set, set_with, small, text, texts};
use super::{Options, typeset};

/// Two columns of 90 points and a gap of 20, ten lines high.
const TWO: &str = "body { margin: 0; columns: 2; column-gap: 20pt }";

fn fills(page: &Page) -> Vec<Rect> {
    let rects = page.items.iter().filter_map(|item| match item {
        Item::Fill { rect, .. } => Some(*rect),
        _ => None,
    });
    rects.collect()
}

/// How many lines of text stand in each of the columns that begin at these places.
fn lines_by_column(page: &Page, columns: &[f32]) -> Vec<usize> {
    let count = |from: f32| {
        page.items.iter().filter(|item| matches!(item, Item::Glyphs { x, .. } if (*x - from).abs() < 2.0)).count()
    };
    columns.iter().map(|column| count(*column)).collect()
}

#[test]
fn columns_are_filled_in_order_and_the_last_page_is_balanced() {
    let document = small(&paragraphs(27), TWO);
    assert_eq!(texts(&document).join(" "), texts(&small(&paragraphs(27), "")).join(" "));
    assert_eq!(document.pages.len(), 2);
    assert_eq!(lines_by_column(&document.pages[0], &[0.0, 110.0]), [10, 10]);
    assert_eq!(lines_by_column(&document.pages[1], &[0.0, 110.0]), [4, 3]);
    assert_eq!(position(&document.pages[0], "line0").1, position(&document.pages[0], "line10").1);
    let filled = small(&paragraphs(27), &format!("{TWO} body {{ column-fill: auto }}"));
    assert_eq!(lines_by_column(&filled.pages[1], &[0.0, 110.0]), [7, 0]);
}

#[test]
fn right_to_left_columns_begin_at_the_right() {
    let html = format!("<html dir=rtl lang=fa>{}", paragraphs(4));
    let page = &small(&html, TWO).pages[0];
    assert!(position(page, "line0").0 > 110.0);
    assert!(position(page, "line2").0 < 90.0);
    assert_eq!(position(page, "line0").1, position(page, "line2").1);
}

#[test]
fn what_follows_stands_below_the_tallest_column() {
    let html = format!("<div>{}</div><p>after</p>", paragraphs(5));
    let page = &small(&html, "body { margin: 0 } div { columns: 2 }").pages[0];
    assert_eq!(position(page, "after").1, position(page, "line2").1 + 10.0);
    assert_eq!(position(page, "after").0, 0.0);
}

#[test]
fn headings_span_all_columns() {
    let html = format!("{}<section><h2>Across</h2>{}</section>", paragraphs(4), paragraphs(4).replace("line", "then"));
    let document = small(&html, &format!("{TWO} h2 {{ column-span: all; font-size: 8pt; line-height: 10pt }}"));
    let page = &document.pages[0];
    assert_eq!(text(page), "line0 line1 line2 line3 Across then0 then1 then2 then3");
    assert_eq!(position(page, "line2").0, 110.0);
    assert_eq!(position(page, "Across").1, position(page, "line3").1 + 10.0);
    assert_eq!(position(page, "then0").1, position(page, "Across").1 + 10.0);
    assert_eq!(position(page, "then2"), (110.0, position(page, "then0").1));
}

#[test]
fn a_spanning_heading_stays_with_its_columns() {
    let html = format!("{}<h2>Across</h2>{}", paragraphs(18), paragraphs(4).replace("line", "then"));
    let style = format!("{TWO} h2 {{ column-span: all; font-size: 8pt; line-height: 10pt }}");
    let pages = texts(&small(&html, &style));
    assert!(pages[0].ends_with("line17"), "{pages:?}");
    assert_eq!(pages[1], "Across then0 then1 then2 then3");
}

#[test]
fn a_spanning_heading_first_of_all_leaves_no_blank_page() {
    let html = format!("<h1>One</h1>{}<h1>Two</h1><p>a</p><p>b</p>", paragraphs(3));
    let style = format!("{TWO} h1 {{ column-span: all; break-before: page; margin: 0; font-size: 8pt }}");
    assert_eq!(texts(&small(&html, &style)), ["One line0 line1 line2", "Two a b"]);
}

#[test]
fn rules_stand_in_the_gaps_that_have_text_on_both_sides() {
    let style = format!("{TWO} body {{ columns: 3; column-rule: 2pt solid red }}");
    let three = fills(&small(&paragraphs(6), &style).pages[0]);
    assert_eq!(three.len(), 2);
    assert_eq!((three[0].width, three[0].height.round()), (2.0, 20.0));
    let two = fills(&small(&paragraphs(2), &style).pages[0]);
    assert_eq!(two.len(), 1);
    assert_eq!(two[0].x.round(), (160.0_f32 / 3.0 + 10.0 - 1.0).round());
}

#[test]
fn breaks_are_forced_between_columns_and_pages() {
    let html = "<p>a</p><p class=c>b</p><p class=p>c</p><p>d</p>";
    let document = small(html, &format!("{TWO} .c {{ break-before: column }} .p {{ break-before: page }}"));
    assert_eq!(texts(&document), ["a b", "c d"]);
    assert_eq!(position(&document.pages[0], "b").0, 110.0);
    // Where there are no columns there is nothing to break.
    assert_eq!(texts(&small(html, ".c { break-before: column }")), ["a b c d"]);
    let after = format!("<section>{}</section><p>z</p>", paragraphs(2));
    let style = "body { margin: 0 } section { columns: 2 } p { break-after: avoid } p:last-child { break-after: page }";
    assert_eq!(texts(&small(&after, style)), ["line0 line1", "z"]);
}

#[test]
fn balancing_keeps_orphans_widows_and_what_is_held_together() {
    let three = small("<p>a<br>b<br>c</p>", TWO);
    assert_eq!(lines_by_column(&three.pages[0], &[0.0, 110.0]), [3, 0]);
    let four = small("<p>a<br>b<br>c<br>d</p>", TWO);
    assert_eq!(lines_by_column(&four.pages[0], &[0.0, 110.0]), [2, 2]);
    let held =
        small(&format!("<p>x</p><div>{}</div>", paragraphs(4)), &format!("{TWO} div {{ break-inside: avoid-column }}"));
    assert_eq!(lines_by_column(&held.pages[0], &[0.0, 110.0]), [1, 4]);
}

#[test]
fn frames_are_cut_at_each_column() {
    let html = format!("<div>{}</div>", paragraphs(4));
    let page = &small(&html, &format!("{TWO} div {{ background: red }}")).pages[0];
    let rects: Vec<(f32, f32, f32)> = fills(page).iter().map(|rect| (rect.x, rect.width, rect.height)).collect();
    assert_eq!(rects, [(0.0, 90.0, 20.0), (110.0, 90.0, 20.0)]);
    let columns = format!("<main>{}</main>", paragraphs(4));
    let style = format!("{TWO} body {{ columns: auto }} main {{ columns: 2; column-gap: 20pt; background: red }}");
    let around = &small(&columns, &style).pages[0];
    let rects: Vec<(f32, f32, f32)> = fills(around).iter().map(|rect| (rect.x, rect.width, rect.height)).collect();
    assert_eq!(rects, [(0.0, 200.0, 20.0)]);
}

#[test]
fn tables_repeat_their_heads_in_each_column() {
    let rows: String = (0..30).map(|number| format!("<tr><td>r{number}</td></tr>")).collect::<Vec<_>>().concat();
    let html = format!("<table><thead><tr><th>Head</th></tr></thead><tbody>{rows}</tbody></table><p>end</p>");
    let document = small(&html, &format!("{TWO} td, th {{ padding: 0 }} table {{ border-spacing: 0 }}"));
    let pages = texts(&document);
    assert_eq!(pages.len(), 2, "{pages:?}");
    assert!(pages.iter().all(|page| page.matches("Head").count() == 2), "{pages:?}");
    assert!(pages[1].ends_with("r29 end"), "{pages:?}");
}

#[test]
fn rows_taller_than_a_column_are_cut() {
    let lines: String = (0..30).map(|number| format!("w{number}<br>")).collect::<Vec<_>>().concat();
    let html = format!("<p>before</p><table><tr><td>{lines}</table><p>after</p>");
    let pages = texts(&small(&html, &format!("{TWO} td {{ padding: 0 }} table {{ border-spacing: 0 }}")));
    let all = pages.join(" ");
    assert!((0..30).all(|number| all.matches(&format!("w{number} ")).count() == 1), "{pages:?}");
    assert!(all.ends_with("after"));
}

#[test]
fn columns_that_cannot_be_made_are_reported_once() {
    let html = "<div class=c><div class=c><p>a</p><p>b</p></div></div><table><tr><td class=c>d</table>
        <table><tr><td><div class=c><p>e</p></div></table>";
    let done = set_with(html, ".c { columns: 2 }", &Nothing);
    let said: Vec<&str> = done.warnings.iter().map(|warning| warning.message.as_str()).collect();
    assert_eq!(
        said,
        ["columns of columns, tables, floats or inline blocks, or inside of these, are set as one column"]
    );
    assert_eq!(texts(&done.value), ["a b d e"]);
}

#[test]
fn links_and_bookmarks_lead_into_columns() {
    let html = format!("{}<h2 id=x>X</h2><p>y</p>", paragraphs(24));
    let document = small(&html, &format!("{TWO} h2 {{ font-size: 8pt; line-height: 10pt }}"));
    assert_eq!(document.anchors["x"].page, 1);
    assert_eq!(document.bookmarks[0].destination.page, 1);
}

/// A document of headings, paragraphs, lists, tables, floats and boxes, the same for the same seed.
fn mixed(seed: usize, blocks: usize) -> String {
    let mut state = seed.wrapping_mul(2_654_435_761).wrapping_add(12_345);
    let mut next = |most: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % most
    };
    let mut word = 0;
    let mut words = |count: usize| {
        let from = word;
        word += count;
        (from..word).map(|number| format!("w{number} ")).collect::<Vec<_>>().concat()
    };
    let mut out = Vec::new();
    for _ in 0..blocks {
        let count = 1 + next(30);
        out.push(match next(9) {
            0 => format!("<h2>{}</h2>", words(2)),
            1 => format!("<h3>{}</h3>", words(2)),
            2 => format!("<ul><li>{}<li>{}</ul>", words(count), words(3)),
            3 => format!("<table><thead><tr><th>{}</thead><tr><td>{}<tr><td>{}</table>", words(1), words(2), words(1)),
            4 => format!("<div class=box><p>{}</p><h2>{}</h2><p>{}</p></div>", words(count), words(1), words(4)),
            5 => format!("<div class=held><p>{}</p><p>{}</p></div>", words(count), words(2)),
            6 => format!("<p class=break>{}</p>", words(count)),
            _ => format!("<p>{}</p>", words(count)),
        });
    }
    out.concat()
}

const MIXED: &str =
    "h2 { column-span: all } .box { background: #eee; padding: 3pt; margin: 4pt 0 } td, th { padding: 1pt }
    .held { break-inside: avoid } .break { break-before: column } ul { margin: 0; padding: 0; list-style: none }
    h2, h3 { font-size: 9pt; line-height: 10pt; margin: 3pt 0 }";

fn words_of(document: &Document) -> Vec<String> {
    // Repeated heads of tables are artefacts.
    let tagged = |item: &&Item| matches!(item, Item::Glyphs { owner: Owner::Node(_), .. });
    let pages = document.pages.iter().map(|page| {
        let items: Vec<Item> = page.items.iter().filter(tagged).cloned().collect();
        text(&Page { items, ..Page::default() })
    });
    pages.collect::<Vec<_>>().join(" ").split(' ').map(str::to_owned).collect()
}

#[test]
fn the_text_of_columns_is_that_of_one_column() {
    for seed in 0..60 {
        let html = mixed(seed, 3 + seed);
        let one = words_of(&small(&html, MIXED));
        let columns = 2 + seed % 3;
        let style = format!("{MIXED} body {{ margin: 0; columns: {columns}; column-gap: 6pt }}");
        assert_eq!(one, words_of(&small(&html, &style)), "seed {seed}");
    }
}

#[test]
fn plain_columns_balance_within_a_line() {
    let style = format!("{TWO} p {{ orphans: 1; widows: 1 }}");
    for count in 1..60 {
        let document = small(&paragraphs(count), &style);
        assert_eq!(document.pages.len(), count.div_ceil(20));
        let last = lines_by_column(&document.pages[document.pages.len() - 1], &[0.0, 110.0]);
        assert!(last[0] >= last[1] && last[0] - last[1] <= 1, "{count}: {last:?}");
    }
}

#[test]
fn columns_are_the_same_on_any_number_of_threads() {
    let html = mixed(7, 400);
    let style = format!("{SMALL} {MIXED} {TWO}");
    let options = Options { style: &style, html_name: "a.html", base_language: "en", ..Options::default() };
    let fonts = Fonts::builtin();
    let run = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| typeset(&html, &options, &Nothing, &fonts).unwrap().value.pdf)
    };
    assert!(run(1) == run(3));
}

#[test]
fn hostile_columns_end() {
    for style in [
        "body { columns: 1000000 }",
        "body { columns: 2; column-gap: 10000pt }",
        "body { column-width: 0 }",
        "* { columns: 2 }",
        "* { column-span: all } body { columns: 3 }",
        "body { columns: 2 } p { break-before: column; break-after: page }",
        "body { columns: 2 } div { padding: 300pt 0 }",
        "@page { margin: 500mm } body { columns: 2 }",
    ] {
        let document = set("<div><p>one</p><p>two <i>three</i></p><ul><li>four</ul></div>", style);
        let all = texts(&document).join(" ").replace(' ', "");
        for word in ["one", "two", "three", "four"] {
            assert!(all.contains(word), "{word} with {style}: {all}");
        }
    }
}

#[test]
fn what_the_documents_say_of_columns_is_understood() {
    let document = include_str!("../../docs/print-css.md");
    let row = document.lines().find(|line| line.starts_with("| columns |")).unwrap();
    let supported = row.split('|').nth(2).unwrap();
    let declarations: Vec<String> = supported
        .split('`')
        .skip(1)
        .step_by(2)
        .map(|name| if name.contains(':') { format!("p {{ {name} }}") } else { format!("p {{ {name}: inherit }}") })
        .collect();
    assert_eq!(declarations.len(), 8);
    let example = document.split("```css").nth(1).unwrap().split("```").next().unwrap();
    let style = format!("{} {example}", declarations.concat());
    let said: Vec<String> = set_with("<p>x</p>", &style, &Nothing).warnings.iter().map(ToString::to_string).collect();
    assert!(said.is_empty(), "{said:?}");
}

#[test]
fn a_marker_stands_before_what_spans_the_columns_and_never_on_it() {
    let html = "<div><ol><li>one<li><p class=s>spans<li>three</ol></div>";
    for direction in ["ltr", "rtl"] {
        let style = "body { margin: 0 } div { columns: 2; column-gap: 20pt } .s { column-span: all; margin: 0 }
            ol { padding-inline-start: 30pt }";
        let document = small(&format!("<main dir={direction}>{html}</main>"), style);
        let page = &document.pages[0];
        let (marker, text) = (position(page, "2."), position(page, "spans"));
        assert_eq!(marker.1, text.1);
        let right = |start: &str| {
            let end = |item: &Item| match item {
                Item::Glyphs { x, run, .. } if super::tests::text_of_run(run).starts_with(start) => {
                    Some(x + run.glyphs.iter().map(|glyph| glyph.advance).sum::<f32>())
                }
                _ => None,
            };
            page.items.iter().find_map(end).unwrap()
        };
        if direction == "ltr" {
            assert_eq!(marker.0, 0.0);
            assert!(right("2") + 3.0 < text.0 && text.0 < 20.0, "{text:?}");
        } else {
            assert!(right("spans") + 3.0 < marker.0 && right("2") <= 200.1, "{text:?} {marker:?}");
        }
        assert!(position(page, "3.").1 > text.1 && position(page, "1.").1 < text.1);
    }
}

#[test]
fn what_spans_columns_holds_its_floats_and_margins() {
    let style =
        "@page { size: 200pt 200pt } div { columns: 2; column-gap: 0 } header { column-span: all; background: #010000 }
        b { float: right; width: 60pt; height: 40pt } h2 { margin: 5pt 0; font-size: 8pt }";
    let html = format!("<div><header><b></b><h2>head</h2></header><p>{}</p></div>", "word ".repeat(30));
    let page = &small(&html, style).pages[0];
    let head = page.items.iter().find_map(|item| match item {
        Item::Fill { rect, color, .. } if color.r == 1 => Some(*rect),
        _ => None,
    });
    let head = head.expect("the head is painted");
    assert_eq!((head.y.round(), head.height.round()), (0.0, 40.0), "as tall as its float, its margins inside");
    assert!(position(page, "head").1 > 5.0);
    assert!(position(page, "word").1 > 40.0, "the columns begin below it");
}

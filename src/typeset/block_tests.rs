//! Blocks, floats, tables and pictures together: what stands where.

use super::display::{Item, Page, Rect};
use super::tests::{Always, SMALL, position, set, set_with, small, text, text_of_run, texts};

pub(super) fn png(width: u32, height: u32) -> Always {
    let mut png = std::io::Cursor::new(Vec::new());
    image::RgbImage::new(width, height).write_to(&mut png, image::ImageFormat::Png).unwrap();
    Always(png.into_inner())
}

/// Where the pictures of a page stand.
fn pictures(page: &Page) -> Vec<Rect> {
    page.items.iter().filter_map(|item| if let Item::Image { rect, .. } = item { Some(*rect) } else { None }).collect()
}

/// The filled rectangles of a page with this colour's red.
fn fills(page: &Page, red: u8) -> Vec<Rect> {
    let fill = |item: &Item| match item {
        Item::Fill { rect, color, .. } if color.r == red => Some(*rect),
        _ => None,
    };
    page.items.iter().filter_map(fill).collect()
}

#[test]
fn percentages_of_floating_pictures_are_of_the_column() {
    let style = format!("{SMALL} .f {{ float: left; max-width: 45% }} .g {{ float: right; width: 25% }}");
    let html = "<p><img class=f src=a alt=a> text <img class=g src=b alt=b></p>";
    let rects = pictures(&set_with(html, &style, &png(400, 40)).value.pages[0]);
    assert_eq!(rects.iter().map(|rect| rect.width.round()).collect::<Vec<_>>(), [90.0, 50.0]);
    assert_eq!(rects[1].x.round(), 150.0);
}

#[test]
fn percentages_do_not_shrink_tables_and_figures_round_pictures() {
    let style = format!("{SMALL} img {{ max-width: 100% }} td {{ padding: 0 }} .f {{ float: right }}");
    let table = "<table><tr><td><img src=a alt=a><td>x</table>";
    let figure = "<figure class=f><img src=a alt=a><figcaption>hi</figcaption></figure><p>text</p>";
    for html in [table, figure] {
        let rects = pictures(&set_with(html, &style, &png(100, 20)).value.pages[0]);
        assert_eq!(rects[0].width.round(), 75.0, "{html}");
    }
    // Where there is no room the picture gives way.
    let words = "word ".repeat(30);
    let html = format!("<table><tr><td><img src=a alt=a><td>{words}</table>");
    let rects = pictures(&set_with(&html, &style, &png(1000, 20)).value.pages[0]);
    assert!((20.0..200.0).contains(&rects[0].width), "{rects:?}");
}

#[test]
fn floats_are_as_wide_as_they_are_said_to_be() {
    let words = "word ".repeat(30);
    let style = ".f { float: left; max-width: 40%; background: #010000 } .m { float: left; margin-right: 30pt;
        background: #020000 }";
    let html = format!("<div class=f>{words}</div><div class=m>ab</div>");
    let page = &small(&html, style).pages[0];
    assert_eq!(fills(page, 1)[0].width.round(), 80.0);
    assert!(fills(page, 2)[0].width < 20.0, "margins are no part of it");
}

#[test]
fn backgrounds_of_blocks_lie_below_floats() {
    let html = "<div class=f>side</div><p class=g>text</p>";
    let style = ".f { float: left; width: 40pt; height: 20pt; background: #010000 } .g { background: #020000 }";
    let page = &small(html, style).pages[0];
    let order: Vec<u8> = page
        .items
        .iter()
        .filter_map(|item| if let Item::Fill { color, .. } = item { Some(color.r) } else { None })
        .collect();
    assert_eq!(order, [2, 1]);
}

#[test]
fn a_flow_root_stands_beside_floats_and_holds_its_own() {
    let style =
        ".f { float: left; width: 50pt; height: 40pt } .r { background: #010000; padding: 0 } p { margin: 5pt 0 }";
    for root in ["display: flow-root", "overflow: hidden"] {
        let html = format!("<div class=f>side</div><div class=r style='{root}'><p>text</p></div>");
        let page = &small(&html, style).pages[0];
        let rect = fills(page, 1)[0];
        assert_eq!((rect.x, rect.width, rect.height), (50.0, 150.0, 20.0), "{root}");
        let html = format!("<div class=r style='{root}'><div class=f>side</div>text</div><p>after</p>");
        let page = &small(&html, style).pages[0];
        assert_eq!(fills(page, 1)[0].height, 40.0);
        assert_eq!(position(page, "after").0, 0.0);
    }
    // Where its words do not fit it goes below.
    let html = "<div class=f style='width: 190pt'>side</div><div class=r style='overflow: auto'>incomprehensible</div>";
    assert_eq!(fills(&small(html, style).pages[0], 1)[0].y, 40.0);
}

#[test]
fn tables_stand_beside_floats_where_they_fit() {
    let style = ".f { float: left; width: 60pt; height: 30pt } table { border-collapse: collapse } td { padding: 0 }";
    let html = "<div class=f>side</div><table><tr><td>cell</table>";
    let page = &small(html, style).pages[0];
    assert_eq!(position(page, "cell").0, 60.0);
    assert_eq!(position(page, "cell").1, position(page, "side").1);
    let page = &small(&html.replace("<table", "<table style='width: 100%'"), style).pages[0];
    assert_eq!(position(page, "cell").0, 0.0);
    assert!(position(page, "cell").1 > 30.0);
}

#[test]
fn floats_do_not_narrow_the_text_of_the_next_page() {
    let html = "<div class=f>side</div><p>before</p><h2>next</h2>";
    let style = ".f { float: left; width: 60pt; height: 80pt } h2 { break-before: page; font-size: 8pt }";
    assert_eq!(position(&small(html, style).pages[1], "next").0, 0.0);
}

/// A table whose first cell spans all rows.
fn spanned(rows: usize, cell: &str) -> String {
    let rest = (1..rows).map(|row| format!("<tr><td>r{row}")).collect::<Vec<_>>().concat();
    format!("<table><thead><tr><th>h<th>k</thead><tr><td rowspan={rows}>{cell}<td>r0{rest}</table>")
}

const TIGHT: &str = "table { border-collapse: collapse; width: 100% } td, th { padding: 0; border: 0 }";

#[test]
fn rows_that_spans_tie_are_cut_between() {
    let pages = small(&spanned(20, "span"), &format!("{TIGHT} td {{ vertical-align: top }}")).pages;
    let said: Vec<String> = pages.iter().map(text).collect();
    assert_eq!(said.len(), 3, "{said:?}");
    assert_eq!(said[0], "h k span r0 r1 r2 r3 r4 r5 r6 r7 r8");
    assert_eq!(said[1], "h k r9 r10 r11 r12 r13 r14 r15 r16 r17");
    assert_eq!(said[2], "h k r18 r19");
    for page in &pages {
        let mut lines: Vec<f32> = page
            .items
            .iter()
            .filter_map(|item| match item {
                Item::Glyphs { y, run, .. } if run.text.starts_with('r') => Some(*y),
                _ => None,
            })
            .collect();
        lines.sort_by(f32::total_cmp);
        assert!(lines.windows(2).all(|pair| (pair[1] - pair[0] - 10.0).abs() < 0.1), "{lines:?}");
        assert!(lines.iter().all(|y| *y < 100.0), "{lines:?}");
    }
}

#[test]
fn a_margin_at_the_foot_of_the_last_page_makes_no_other() {
    let html = "<p>line</p>".repeat(10);
    assert_eq!(small(&html, "p:last-child { margin-bottom: 9pt }").pages.len(), 1);
    let rows = "<tr><td>line".repeat(10);
    assert_eq!(small(&format!("<table>{rows}</table>"), &format!("{TIGHT} table {{ margin: 9pt 0 }}")).pages.len(), 2);
    assert_eq!(
        small(&format!("<table>{rows}</table>"), &format!("{TIGHT} table {{ margin: 0 0 9pt }}")).pages.len(),
        1
    );
}

#[test]
fn what_spans_rows_goes_on_beside_them() {
    let long = "word ".repeat(120);
    let pages = texts(&small(&spanned(12, &long), &format!("{TIGHT} td {{ width: 50% }}")));
    let all = pages.join(" ");
    assert_eq!(all.matches("word").count(), 120, "{pages:?}");
    for row in 2..12 {
        assert_eq!(all.matches(&format!("r{row}")).count(), 1, "{pages:?}");
    }
}

#[test]
fn a_row_with_what_cannot_be_cut_loses_nothing() {
    let style = format!("{SMALL} {TIGHT} td {{ vertical-align: top }} p {{ margin: 0 }}");
    let lines = "<p>line</p>".repeat(14);
    let html = format!("<p>before</p><p>b</p><p>c</p><table><tr><td><img src=a alt=a><p>below</p><td>{lines}</table>");
    let set = set_with(&html, &style, &png(40, 110)).value;
    assert_eq!(set.pages.iter().map(|page| pictures(page).len()).sum::<usize>(), 1);
    let all = texts(&set).join(" ");
    assert_eq!((all.matches("line").count(), all.matches("below").count()), (14, 1), "{all}");
    let rect = set.pages.iter().flat_map(pictures).next().unwrap();
    assert!(rect.y + rect.height <= 100.5, "{rect:?}");
}

#[test]
fn margins_collapse_across_floats() {
    let style = "p { margin: 12pt 0 } .f { float: left; width: 40pt; height: 5pt; background: #010000 }";
    let page = &small("<p>one</p><div class=f></div><p>two</p><p>three</p>", style).pages[0];
    let [one, two, three] = ["one", "two", "three"].map(|word| position(page, word).1);
    assert_eq!(((two - one).round(), (three - two).round()), (22.0, 22.0));
    assert_eq!(fills(page, 1)[0].y.round(), 34.0);
}

#[test]
fn a_float_that_comes_first_begins_where_the_text_does() {
    let style = "p { margin: 12pt 0 } section { padding: 1pt 0 }
        .f { float: left; width: 40pt; height: 5pt; background: #010000 }";
    let html = "<section><article><div class=f></div><p>text</p></article></section>";
    let page = &small(html, style).pages[0];
    assert_eq!(fills(page, 1)[0].y, 13.0);
    let alone = &small("<p>a</p><article><div class=f></div></article><p>text</p>", style).pages[0];
    assert_eq!(position(alone, "text").1 - position(alone, "a").1, 22.0);
    // What a heading is kept with is the text, not the float.
    let html = format!("{}<h2>Heading</h2><div class=f></div><p>text</p>", "<p>line</p>".repeat(8));
    let style =
        "p { margin: 0 } h2 { font-size: 8pt; line-height: 10pt; break-after: avoid } .f { float: left; height: 5pt }";
    let pages = texts(&small(&format!("<p>line</p>{html}"), style));
    assert!(pages[1].starts_with("Heading"), "{pages:?}");
}

#[test]
fn recto_is_the_left_page_of_right_to_left_documents() {
    let html = |dir: &str| format!("<html dir={dir}><p>a</p><h2>b</h2>");
    let pages = |dir: &str, side: &str| small(&html(dir), &format!("h2 {{ break-before: {side} }}")).pages.len();
    assert_eq!((pages("ltr", "recto"), pages("ltr", "verso")), (3, 2));
    assert_eq!((pages("rtl", "recto"), pages("rtl", "verso")), (3, 2));
    assert_eq!((pages("rtl", "right"), pages("rtl", "left")), (2, 3));
}

#[test]
fn markers_stand_beside_tables_and_pictures() {
    let style = format!("{SMALL} td {{ padding: 4pt 0 }} img {{ display: block }} ul {{ padding-left: 20pt }}");
    let html = "<ul><li><table><tr><td>cell</table></li></ul>";
    let page = &set_with(html, &style, &png(40, 40)).value.pages[0];
    assert_eq!(position(page, "•").1, position(page, "cell").1);
    let page = &set_with("<ul><li><img src=a alt=a></li></ul>", &style, &png(40, 40)).value.pages[0];
    assert!(position(page, "•").1 < 10.0);
    assert_eq!(pictures(page)[0].y, 0.0);
}

#[test]
fn strings_at_the_start_of_a_page_are_those_of_its_first_element() {
    let style = "@page { margin-top: 10pt; @top-left { content: string(t, start) } }
        h2 { string-set: t content(); break-before: page; margin: 8pt 0; font-size: 8pt } section { padding-top: 3pt }";
    let pages = texts(&small("<p>zero</p><h2>One</h2><p>a</p><section><h2>Two</h2></section>", style));
    assert_eq!(pages, ["zero", "One a One", "Two Two"]);
    let later = texts(&small("<h2>One</h2><p>a</p><h2 style='break-before: auto'>Two</h2>", style));
    assert_eq!(later, ["One a Two One"]);
}

#[test]
fn what_variables_make_invalid_is_unset() {
    let style = ":root { --bad: 12pt } p { color: #020000 } p { color: var(--bad) } div { color: #030000 }
        .w { border: 1pt solid; border: var(--none) }";
    let page = &small("<div><p class=w>text</p></div>", style).pages[0];
    let colours: Vec<u8> = page
        .items
        .iter()
        .filter_map(|item| match item {
            Item::Glyphs { run, .. } => Some(run.color.r),
            _ => None,
        })
        .collect();
    assert_eq!(colours, [3]);
    assert!(fills(page, 3).is_empty());
}

#[test]
fn pictures_fit_their_boxes_as_they_are_told() {
    let drawn = |fit: &str| {
        let style = format!("{SMALL} img {{ display: block; width: 60pt; height: 30pt; {fit} }}");
        let page = set_with("<img src=a alt=a>", &style, &png(40, 40)).value.pages.remove(0);
        let item = page.items.into_iter().find(|item| matches!(item, Item::Image { .. }));
        let Some(Item::Image { rect, clip, .. }) = item else { panic!("no picture") };
        (rect, clip)
    };
    let rect = |x, y, width, height| Rect { x, y, width, height };
    let whole = rect(0.0, 0.0, 60.0, 30.0);
    assert_eq!(drawn(""), (whole, None));
    assert_eq!(drawn("object-fit: contain"), (rect(15.0, 0.0, 30.0, 30.0), None));
    assert_eq!(drawn("object-fit: contain; object-position: right"), (rect(30.0, 0.0, 30.0, 30.0), None));
    assert_eq!(drawn("object-fit: cover"), (rect(0.0, -15.0, 60.0, 60.0), Some(whole)));
    let from_ends = drawn("object-fit: contain; object-position: bottom 0pt right 10pt");
    assert_eq!(from_ends, (rect(20.0, 0.0, 30.0, 30.0), None));
    assert_eq!(drawn("object-fit: cover; object-position: top"), (rect(0.0, 0.0, 60.0, 60.0), Some(whole)));
    assert_eq!(drawn("object-fit: none; width: 20pt"), (rect(-5.0, 0.0, 30.0, 30.0), Some(rect(0.0, 0.0, 20.0, 30.0))));
    assert_eq!(drawn("object-fit: scale-down; object-position: 0 0; height: 60pt"), (rect(0.0, 0.0, 30.0, 30.0), None));
}

#[test]
fn graphics_keep_their_shape_in_boxes_of_another() {
    let drawn = |svg: &str, fit: &str| {
        let html = format!(
            "<img alt=a src=\"data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' {svg}%3E%3C/svg%3E\">"
        );
        let style = format!("{SMALL} img {{ display: block; width: 60pt; height: 30pt; {fit} }}");
        let page = set_with(&html, &style, &super::tests::Nothing).value.pages.remove(0);
        let item = page.items.into_iter().find(|item| matches!(item, Item::Image { .. }));
        let Some(Item::Image { rect, clip, .. }) = item else { panic!("no picture") };
        (rect, clip.is_some())
    };
    let rect = |x, y, width, height| Rect { x, y, width, height };
    let square = "width='40' height='40' viewBox='0 0 4 4'";
    assert_eq!(drawn(square, ""), (rect(15.0, 0.0, 30.0, 30.0), false));
    assert_eq!(drawn(&format!("{square} preserveAspectRatio='none'"), ""), (rect(0.0, 0.0, 60.0, 30.0), false));
    assert_eq!(drawn(&format!("{square} preserveAspectRatio='xMaxYMax'"), ""), (rect(30.0, 0.0, 30.0, 30.0), false));
    let slice = format!("{square} preserveAspectRatio='xMidYMin slice'");
    assert_eq!(drawn(&slice, ""), (rect(0.0, 0.0, 60.0, 60.0), true));
    assert_eq!(drawn(&slice, "object-fit: contain; object-position: 0 0"), (rect(0.0, 0.0, 30.0, 30.0), false));
    assert_eq!(drawn("width='40' height='40'", ""), (rect(0.0, 0.0, 60.0, 30.0), false));
}

#[test]
fn ratios_give_heights() {
    let page = &small("<p class=r>text</p>", ".r { background: #010000; width: 80pt; aspect-ratio: 2 / 1 }").pages[0];
    assert_eq!(fills(page, 1)[0].height, 40.0);
    let style = format!("{SMALL} img {{ width: 60pt; aspect-ratio: 3 }}");
    let drawn = |style: &str| pictures(&set_with("<img src=a alt=a>", style, &png(40, 40)).value.pages[0])[0];
    assert_eq!(drawn(&style).height, 20.0);
    assert_eq!(drawn(&style.replace("aspect-ratio: 3", "aspect-ratio: auto 3")).height, 60.0);
}

#[test]
fn pictures_may_stand_in_their_address() {
    let svg = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='20' height='20'%3E%3Cpath d='M0 0h9v9z'/%3E%3C/svg%3E";
    let set = set_with(&format!("<p><img src=\"{svg}\" alt=a></p>"), SMALL, &super::tests::Nothing);
    assert_eq!(pictures(&set.value.pages[0]).len(), 1, "{:?}", set.warnings);
    let broken = format!("data:image/png;base64,{}", "QUJD".repeat(100));
    let set = set_with(&format!("<p><img src='{broken}' alt='A press'></p>"), SMALL, &super::tests::Nothing);
    assert_eq!(text(&set.value.pages[0]), "A press");
    let message = &set.warnings[0].message;
    assert!(message.starts_with("the picture `data:image/png;base64,QUJDQUJDQU...` "), "{message}");
}

#[test]
fn borders_are_drawn_in_their_styles() {
    let count = |style: &str| {
        let page = &small("<p>text</p>", &format!("p {{ border-top: 3pt {style} #010000 }}")).pages[0];
        fills(page, 1).len()
    };
    assert_eq!((count("solid"), count("double"), count("ridge")), (1, 2, 1));
    assert_eq!(count("dotted"), 34);
    assert!((10..20).contains(&count("dashed")));
    let rule = small(
        &format!("<div>{}</div>", "<p>word</p>".repeat(9)),
        "div { columns: 2; column-rule: 2pt dotted #010000 }",
    );
    assert!(fills(&rule.pages[0], 1).len() > 5);
}

#[test]
fn media_queries_are_held_against_the_page_that_is_set() {
    let css = "@page { size: 148mm 210mm } @media (max-width: 600px) { p { color: #010000 } }
        @media (orientation: landscape) { p { color: #020000 } }";
    let red = |css: &str| {
        let set = super::tests::set("<p>text</p>", css);
        let color = set.pages[0].items.iter().find_map(|item| match item {
            Item::Glyphs { run, .. } => Some(run.color.r),
            _ => None,
        });
        color.unwrap()
    };
    assert_eq!(red(css), 1);
    assert_eq!(red(&css.replace("148mm 210mm", "A4 landscape")), 2);
}

#[test]
fn text_can_say_which_page_it_stands_on() {
    let html = "<p class=c></p><p class=c style='break-before: page'></p><p>end</p>";
    let set = set_with(
        html,
        &format!("{SMALL} .c::before {{ content: 'page ' counter(page) ' of ' counter(pages) }}"),
        &super::tests::Nothing,
    );
    assert_eq!(texts(&set.value), ["page 1 of 2", "page 2 of 2 end"]);
    assert!(set.value.anchors.is_empty());
    let style = format!("{SMALL} li::marker {{ content: counter(page) '.' }}");
    let set = set_with("<ul><li>a<li>b</ul>", &style, &super::tests::Nothing);
    let messages: Vec<&str> = set.warnings.iter().map(|warning| warning.message.as_str()).collect();
    assert_eq!(messages, ["`counter(page)` is not known in labels, markers and named strings"]);
}

#[test]
fn markers_may_stand_inside() {
    let style = "ol { padding: 0; list-style: inside upper-roman } li { width: 60pt } p { margin: 0 }";
    let page = &small("<ol><li>some words that need lines<li><p>block</p></ol>", style).pages[0];
    assert_eq!(text(page), "I. some words that need lines II. block");
    let (x, y) = position(page, "I.");
    assert_eq!((x, y), (0.0, position(page, "some").1));
    assert!(position(page, "block").1 > position(page, "II.").1);
}

/// The strips that decorate the text of a page.
fn lines_of(decoration: &str) -> Vec<Rect> {
    fills(&small("<p><span>text</span></p>", &format!("span {{ text-decoration: {decoration} }}")).pages[0], 1)
}

#[test]
fn lines_decorate_text_as_they_are_told() {
    let plain = lines_of("underline #010000");
    assert_eq!(plain.len(), 1);
    let over = lines_of("overline #010000 2pt");
    assert_eq!((over.len(), over[0].height), (1, 2.0));
    assert!(over[0].y < plain[0].y - 5.0);
    assert_eq!(lines_of("underline double #010000").len(), 2);
    assert_eq!(lines_of("underline overline line-through #010000").len(), 3);
    for style in ["dotted", "dashed", "wavy"] {
        assert!(lines_of(&format!("underline {style} #010000 .5pt")).len() > 3, "{style}");
    }
    let lower = "underline #010000; text-underline-offset: 4pt";
    assert!(lines_of(lower)[0].y > plain[0].y + 1.0);
}

#[test]
fn tabs_are_as_wide_as_they_are_told() {
    let glyphs = |size: u8| {
        let page = &small("<pre>a\tb</pre>", &format!("pre {{ tab-size: {size} }}")).pages[0];
        let runs = page.items.iter().map(|item| if let Item::Glyphs { run, .. } = item { run.glyphs.len() } else { 0 });
        runs.sum::<usize>()
    };
    assert_eq!([0, 2, 4, 8].map(glyphs), [2, 3, 5, 9]);
}

#[test]
fn a_table_leaves_no_row_alone() {
    let rows = |count: usize| (0..count).map(|row| format!("<tr><td>r{row}")).collect::<Vec<_>>().concat();
    let table = |count: usize| format!("<table><thead><tr><th>h</thead>{}</table>", rows(count));
    let pages = texts(&small(&table(10), TIGHT));
    assert_eq!(pages, ["h r0 r1 r2 r3 r4 r5 r6 r7", "h r8 r9"]);
    let pages = texts(&small(&format!("{}{}", "<p>l</p>".repeat(8), table(5)), TIGHT));
    assert_eq!(pages[1], "h r0 r1 r2 r3 r4", "{pages:?}");
}

#[test]
fn a_float_that_finds_no_room_goes_down_alone() {
    let style =
        ".f { float: left; width: 120pt; height: 10pt } .g { background: #010000; width: 90pt } p { margin: 0 }";
    let html = "<div class=f>one</div><div class='f g'>two</div><p>text beside both</p>";
    let page = &small(html, style).pages[0];
    assert_eq!(position(page, "text"), (120.0, position(page, "one").1));
    assert_eq!((fills(page, 1)[0].x, fills(page, 1)[0].y), (0.0, 10.0));
    // What would go down a whole page moves what follows instead.
    let many = "<div class=f>one</div>".repeat(15);
    let pages = texts(&small(&format!("{many}<p>after</p>"), style));
    assert_eq!(pages.join(" ").matches("one").count(), 15);
    assert!(pages.len() > 1, "{pages:?}");
}

#[test]
fn letters_may_be_made_to_run_one_way() {
    let first = |html: &str, style: &str| {
        let page = small(html, style).pages.remove(0);
        let runs = page.items.into_iter().filter_map(|item| match item {
            Item::Glyphs { x, run, .. } if run.glyphs.iter().any(|glyph| glyph.advance > 0.0) => Some((x, run)),
            _ => None,
        });
        let (_, run) = runs.min_by(|a, b| a.0.total_cmp(&b.0)).unwrap();
        let leftmost = run.glyphs.iter().find(|glyph| glyph.advance > 0.0).unwrap();
        run.text[leftmost.text_start as usize..leftmost.text_end as usize].to_owned()
    };
    assert_eq!(first("<p><b>abc</b></p>", "b { direction: rtl; unicode-bidi: bidi-override }"), "c");
    assert_eq!(first("<p><b>abc</b></p>", "b { direction: rtl; unicode-bidi: isolate-override }"), "c");
    assert_eq!(first("<p>abc</p>", "p { direction: rtl; unicode-bidi: bidi-override }"), "c");
    assert_eq!(first("<p><b>abc</b></p>", "b { direction: rtl; unicode-bidi: embed }"), "a");
    assert_eq!(first("<p>abc</p>", "p { direction: rtl }"), "a");
}

#[test]
fn pictures_keep_to_their_limits() {
    let size = |style: &str| {
        let html = format!("<p><img src=a alt=a style='{style}'></p>");
        let rect = pictures(&set_with(&html, SMALL, &png(40, 20)).value.pages[0])[0];
        (rect.width.round(), rect.height.round())
    };
    assert_eq!(size("min-width: 90pt"), (90.0, 45.0));
    assert_eq!(size("min-width: 90pt; max-height: 10pt"), (90.0, 10.0));
    assert_eq!(size("min-height: 45pt"), (90.0, 45.0));
    assert_eq!(size("max-height: 10pt"), (20.0, 10.0));
    assert_eq!(size("width: 20pt; min-height: 50pt"), (20.0, 50.0));
    assert_eq!(size("width: 60pt; height: 60pt; max-width: 50pt"), (50.0, 60.0));
    assert_eq!(size("width: 60pt; padding: 5pt; box-sizing: border-box"), (50.0, 25.0));
    // What a sheet says may be wider than the column.
    assert_eq!(size("width: 400pt; height: 40pt"), (400.0, 40.0));
    assert_eq!(size("width: 400pt; height: 40pt; max-width: 100%"), (200.0, 40.0));
}

#[test]
fn headings_captions_code_and_tables_stand_as_what_is_around_them() {
    let html = "<!doctype html><div><h1>head</h1><figure><figcaption>caption</figcaption></figure><pre>code</pre>
        <table><tr><th>th<tr><td>cell</table></div>";
    let page = |style: &str| {
        let style =
            format!("pre {{ margin: 0 }} table {{ width: 100%; border-spacing: 0 }} th, td {{ padding: 0 }} {style}");
        small(html, &style).pages.remove(0)
    };
    let left = |style: &str| ["head", "caption", "code", "cell"].map(|word| position(&page(style), word).0);
    assert_eq!(left(""), [0.0; 4]);
    assert!(left("div { text-align: center }").iter().all(|x| (60.0..100.0).contains(x)));
    assert!(left("div { text-align: right }").iter().all(|x| (120.0..190.0).contains(x)));
    let header = |style: &str| position(&page(style), "th").0;
    assert!((80.0..100.0).contains(&header("")) && header("div { text-align: left }") == 0.0);
    assert!(header("div { text-align: right }") > 180.0);
}

#[test]
fn headings_captions_code_and_tables_are_not_justified_with_the_text() {
    let words = "word ".repeat(30);
    let right = |html: &str, style: &str| {
        let page = small(html, &format!("body {{ text-align: justify }} * {{ font: 8pt/10pt serif }} {style}"))
            .pages
            .remove(0);
        let ends = page.items.iter().filter_map(|item| match item {
            Item::Glyphs { x, run, .. } => Some(x + run.glyphs.iter().map(|glyph| glyph.advance).sum::<f32>()),
            _ => None,
        });
        ends.fold(0.0, f32::max)
    };
    assert!(right(&format!("<p>{words}"), "") > 199.5);
    for around in ["h2", "figcaption", "pre", "table><tr><td"] {
        assert!(right(&format!("<{around}>{words}"), "table { width: 100% }") < 199.5, "{around}");
    }
    assert!(right(&format!("<h2>{words}</h2>"), "h2 { text-align: justify }") > 199.5);
}

#[test]
fn the_line_height_of_the_body_reaches_headings_and_code() {
    let down = |style: &str, html: &str| {
        let style = format!("@page {{ margin: 0 }} h1, pre, p {{ margin: 0; font-size: 10pt }} {style}");
        position(&set(&format!("{html}<p>below"), &style).pages[0], "below").1
    };
    for (html, unsaid) in [("<h1>x</h1>", 12.0), ("<pre>x</pre>", 13.0)] {
        let said = down("body { line-height: 3 }", html) - down("body { line-height: 3 }", "");
        assert!((said - 30.0).abs() < 0.01, "{html}: {said}");
        let own = down("", html) - down("", "");
        assert!((own - unsaid).abs() < 0.01, "{html}: {own}");
    }
}

#[test]
fn a_line_is_as_high_as_the_text_in_it_asks() {
    let down = |style: &str, html: &str| position(&small(&format!("{html}<p>below"), style).pages[0], "below").1;
    let plain = down("", "<p>a <b>b</b>");
    assert_eq!(down("b { line-height: 40pt }", "<p>a <b>b</b>") - plain, 30.0);
    assert_eq!(down("b { line-height: 3 }", "<p>a <b>b</b>") - plain, 14.0);
    assert_eq!(down("b { line-height: 1 }", "<p>a <b>b</b>"), plain);
    // Where all inherit a length, small letters do not have more room than before.
    assert_eq!(down("b { font-size: 6pt }", "<p>a <b>b</b>"), plain);
}

#[test]
fn margins_stay_inside_of_what_holds_its_floats() {
    let down = |style: &str| {
        let html = format!(
            "<div style='{style}; margin-bottom: 10pt'><p style='margin: 30pt 0'>a</div>
            <p style='margin-top: 20pt'>b"
        );
        let page = &small(&html, "").pages[0];
        (position(page, "b").1 - position(page, "a").1).round()
    };
    assert_eq!(down(""), 10.0 + 30.0);
    assert_eq!(down("overflow: hidden"), 10.0 + 30.0 + 20.0);
    assert_eq!(down("display: flow-root; margin-bottom: 0"), 10.0 + 30.0 + 20.0);
}

#[test]
fn only_the_first_line_of_an_element_is_indented_and_no_picture_that_stands_for_itself() {
    let picture = |size: u32| {
        let svg = "data:image/svg+xml,%3Csvg xmlns=%27http://www.w3.org/2000/svg%27 width=%2740%27 height=%2740%27/%3E";
        format!("<img width={size} height={size} alt='' src='{svg}'>")
    };
    let (large, letter) = (picture(40), picture(8));
    let style = "p { text-indent: 20pt } .block img { display: block }";
    let x = |html: &str, word: &str| {
        let at = |item: &Item| match item {
            Item::Glyphs { x, run, .. } if text_of_run(run).contains(word) => Some(x.round()),
            _ => None,
        };
        small(html, style).pages[0].items.iter().find_map(at).unwrap()
    };
    // What stands before a picture is indented, what stands after it is not.
    for class in ["", "class=block"] {
        let html = format!("<p {class}>first {large}<br>second");
        assert_eq!((x(&html, "first"), x(&html, "second")), (20.0, 0.0), "{class}");
    }
    assert_eq!(x(&format!("<p class=block>{large} second"), "second"), 0.0);
    assert_eq!(x(&format!("<p>{large}second"), "second"), 30.0);
    assert_eq!(x(&format!("<p><a href='#x'>\n{large}</a>second"), "second"), 30.0);
    // A picture among letters is like one, and a float is not there.
    assert_eq!(x(&format!("<p>{letter}second"), "second"), 26.0);
    assert_eq!(x("<p><b style='float: right'>x</b> second", "second"), 20.0);
}

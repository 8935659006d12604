//! What style sheets say of boxes and markers: borders, pictures in boxes of another shape, counters, lines over text.

use super::display::{Color, Item, Page, Rect};
use super::tests::{Always, Nothing, SMALL, position, set, set_with, small, text, text_of_run, texts};

/// The filled rectangles of a colour, from the top, then from the left.
fn fills(page: &Page, color: Color) -> Vec<Rect> {
    let of_color = |item: &Item| match item {
        Item::Fill { rect, color: own, .. } if *own == color => Some(*rect),
        _ => None,
    };
    let mut found: Vec<Rect> = page.items.iter().filter_map(of_color).collect();
    found.sort_by(|a, b| (a.y, a.x).partial_cmp(&(b.y, b.x)).unwrap());
    found
}

const RED: Color = Color { r: 255, g: 0, b: 0, a: 255 };

#[test]
fn borders_are_dashed_dotted_and_double() {
    let page = |style: &str| small("<p>a</p>", &format!("p {{ {style} }}")).pages.remove(0);
    let dashed = fills(&page("border-bottom: 2pt dashed red"), RED);
    assert!(dashed.len() > 10, "{dashed:?}");
    assert!(dashed.iter().all(|dash| (dash.width - 6.0).abs() < 0.01 && dash.height == 2.0), "{dashed:?}");
    assert_eq!((dashed[0].x, dashed[dashed.len() - 1].x + 6.0), (0.0, 200.0));
    let dotted = fills(&page("border-top: 2pt dotted red"), RED);
    assert!(dotted.len() > 40 && dotted.iter().all(|dot| dot.width == 2.0), "{dotted:?}");
    let double = fills(&page("border: 3pt double red"), RED);
    // Two frames of four lines, one point wide, one point apart.
    assert_eq!(double.len(), 8, "{double:?}");
    assert_eq!((double[0].y, double[0].height, double[0].width), (0.0, 1.0, 200.0));
    assert!(double.iter().any(|line| line.x == 2.0 && line.width == 1.0), "{double:?}");
    assert_eq!(fills(&page("border: 3pt none red"), RED), []);
    assert_eq!(fills(&page("border: 3pt outset red"), RED).len(), 2);
}

#[test]
fn rules_between_columns_are_dashed_too() {
    let html = format!("<div>{}</div>", "<p>word</p>".repeat(8));
    let page = small(&html, "div { columns: 2; column-rule: 1pt dotted red }").pages.remove(0);
    assert!(fills(&page, RED).len() > 5);
}

#[test]
fn a_picture_fills_a_box_of_another_shape_as_it_is_told() {
    let mut png = std::io::Cursor::new(Vec::new());
    image::DynamicImage::new_luma8(80, 40).write_to(&mut png, image::ImageFormat::Png).unwrap();
    let pictures = Always(png.into_inner());
    let shown = |style: &str| {
        let style = format!("{SMALL} img {{ display: block; width: 40pt; height: 40pt; {style} }}");
        let set = set_with("<img src=a alt=a><p>below", &style, &pictures);
        assert_eq!(set.warnings, [], "{style}");
        let found = set.value.pages[0].items.iter().find_map(|item| match item {
            Item::Image { rect, clip, .. } => Some(((rect.x, rect.y, rect.width, rect.height), clip.is_some())),
            _ => None,
        });
        // The box keeps its size whatever the picture does.
        assert_eq!(super::tests::position(&set.value.pages[0], "below").1.floor(), 48.0, "{style}");
        found.unwrap()
    };
    assert_eq!(shown(""), ((0.0, 0.0, 40.0, 40.0), false));
    assert_eq!(shown("object-fit: contain"), ((0.0, 10.0, 40.0, 20.0), false));
    assert_eq!(shown("object-fit: contain; object-position: top"), ((0.0, 0.0, 40.0, 20.0), false));
    assert_eq!(shown("object-fit: cover"), ((-20.0, 0.0, 80.0, 40.0), true));
    assert_eq!(shown("object-fit: cover; object-position: left"), ((0.0, 0.0, 80.0, 40.0), true));
    // Its own size is 80 by 40 pixels, that is 60 by 30 points.
    assert_eq!(shown("object-fit: none"), ((-10.0, 5.0, 60.0, 30.0), true));
    assert_eq!(shown("object-fit: scale-down; object-position: 0 100%"), ((0.0, 20.0, 40.0, 20.0), false));
}

#[test]
fn corners_are_round_whatever_the_borders() {
    let areas = |css: &str| -> (usize, usize) {
        let style = format!("{SMALL} div {{ background: #0a0000; width: 40pt; height: 20pt; {css} }}");
        let page = set_with("<div></div>", &style, &super::tests::Nothing).value.pages.remove(0);
        let area = |item: &&Item| matches!(item, Item::Area { .. });
        let fill = |item: &&Item| matches!(item, Item::Fill { .. });
        (page.items.iter().filter(area).count(), page.items.iter().filter(fill).count())
    };
    for (css, expected) in [
        ("", (0, 1)),
        ("border-radius: 4pt", (1, 0)),
        ("border-radius: 0", (0, 1)),
        ("border-radius: 50% / 10% 2pt; border: 1pt solid #0b0000", (2, 0)),
        ("border-start-end-radius: 3pt 1pt", (1, 0)),
        ("border-radius: 4pt; border-left: 3pt solid #0b0000", (2, 0)),
        ("border-radius: 4pt; border: 1pt solid; border-color: red blue", (3, 0)),
        ("border-radius: 4pt; border-left: 1pt solid red; border-bottom: 3pt solid blue", (3, 0)),
        // Between corners of 4 points stand dashes of 6 points, 4 apart, and double lines of one third.
        ("border-radius: 4pt; border: 3pt double red", (1, 8)),
        ("border-radius: 4pt; border-top: 2pt dashed red", (1, 4)),
        ("border-radius: 4pt; border-left: 2pt groove red", (1, 2)),
        // Of a circle nothing is straight: its line is whole.
        ("border-radius: 50%; border: 2pt dotted red", (2, 0)),
    ] {
        assert_eq!(areas(css), expected, "{css}");
    }
}

#[test]
fn pictures_have_round_corners_too() {
    let outline = |css: &str| {
        let pictures = super::block_tests::png(40, 40);
        let style = format!("{SMALL} img {{ width: 40pt; {css} }}");
        let page = set_with("<p><img src=a alt=a>", &style, &pictures).value.pages.remove(0);
        let found = page.items.into_iter().find_map(|item| match item {
            Item::Image { outline, .. } => Some(outline.map(|outline| outline.segments)),
            _ => None,
        });
        found.expect("there is a picture")
    };
    assert_eq!(outline(""), None);
    assert_eq!(outline("border: 5pt solid; border-radius: 5pt"), None);
    let circle = outline("border-radius: 50%").expect("it is round");
    assert!(
        matches!(circle[0], super::display::drawing::Segment::Move([x, _]) if x.abs() < 0.01) && circle.len() == 9,
        "{circle:?}"
    );
}

#[test]
fn a_tall_row_goes_on_on_the_next_page_rather_than_leave_this_one_white() {
    let lines = ["line0", "line1", "line2", "line3", "line4", "line5", "line6", "line7"].join("<br>");
    let html = format!("<p>a<p>b<p>c</p><table><tr><td>{lines}<td>beside</table>");
    let style = "td { padding: 0 } table { border-spacing: 0 }";
    let pages = texts(&small(&html, style));
    assert!(pages[0].contains("line0") && pages[1].contains("line7"), "{pages:?}");
    for kept in ["tr { break-inside: avoid }", "td { break-inside: avoid }"] {
        let pages = texts(&small(&html, &format!("{style} {kept}")));
        assert!(!pages[0].contains("line0") && pages[1].contains("line0"), "{kept}: {pages:?}");
    }
}

#[test]
fn markers_may_stand_inside_of_the_text() {
    let document = small("<ol><li>one<li>two</ol>", "ol { list-style: upper-roman inside; padding: 0 }");
    assert_eq!(texts(&document), ["I. one II. two"]);
    let x = super::tests::position(&document.pages[0], "I.").0;
    assert_eq!(x, 0.0);
    let outside = small("<ol><li>one</ol>", "ol { list-style: upper-roman; padding: 0 }");
    assert!(super::tests::position(&outside.pages[0], "I.").0 < 0.0);
}

#[test]
fn counter_styles_can_be_defined_before_and_after_they_are_named() {
    let style = "ol { list-style-type: stars; padding: 0 30pt } ul { list-style-type: symbols('*' '+') }
        h2::before { content: counter(h, checks) ' ' } h2 { counter-increment: h }
        @counter-style stars { system: additive; additive-symbols: 5 V, 1 I; prefix: '('; suffix: ') '; range: 1 8;
        fallback: lower-alpha } @counter-style checks { system: extends decimal; pad: 3 '0'; negative: 'm' }";
    let html = "<ol start=6><li>a<li>b<li>c<li>d</ol><ul><li>e<li>f<li>g</ul><h2>h</h2>";
    let set = set_with(html, &format!("{SMALL} {style}"), &Nothing);
    assert_eq!(set.warnings, []);
    let text = text(&set.value.pages[0]);
    for part in ["(VI)", "(VII)", "(VIII)", "(i)", "*", "+", "**", "001 h"] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn counter_styles_that_nobody_knows_are_told() {
    let style = "ol { list-style: romanesque } p::before { content: counter(page, klingon) counters(a, '.', b) }";
    let set = set_with("<ol><li>x</ol><p>y", style, &Nothing);
    let told: Vec<String> = set.warnings.iter().map(ToString::to_string).collect();
    for name in ["romanesque", "klingon", "`b`"] {
        assert!(told.iter().any(|told| told.starts_with("print.css:1:") && told.contains(name)), "{name}: {told:?}");
    }
    let circular = "@counter-style a { system: extends b } @counter-style b { system: extends a } ol { list-style: a }";
    assert!(text(&set_with("<ol><li>x</ol>", circular, &Nothing).value.pages[0]).contains('1'));
}

#[test]
fn media_queries_are_held_against_the_page_that_the_sheet_makes() {
    let style = "@page { size: A5 } @media (max-width: 150mm) { p::after { content: ' narrow' } }
        @media (width > 150mm) { p::after { content: ' wide' } }";
    let said = |style: &str| text(&set_with("<p>x", style, &Nothing).value.pages[0]);
    assert_eq!(said(style), "x narrow");
    assert_eq!(said(&style.replace("A5", "A4")), "x wide");
}

#[test]
fn a_line_may_run_over_the_text() {
    let page = small("<p><u>a</u> <b>b</b></p>", "b { text-decoration: overline red; color: red }").pages.remove(0);
    let lines = fills(&page, RED);
    assert_eq!(lines.len(), 1, "{lines:?}");
    let under = fills(&page, Color::BLACK);
    assert!(lines[0].y < under[0].y, "{lines:?} {under:?}");
}

#[test]
fn what_is_taller_than_a_page_goes_on_on_the_next() {
    let words = (0..900).map(|number| format!("w{number}")).collect::<Vec<_>>().join(" ");
    let deep = |open: &str, close: &str, times: usize| format!("{}W{}", open.repeat(times), close.repeat(times));
    let mixed = deep(
        "<div style='float: left'><table><tr><td><p>a <span style='display: inline-block'>",
        "</span></p></table></div>",
        4,
    );
    let floats = deep("<div style='float: right'>", "</div>", 40);
    for around in [
        floats.as_str(),
        mixed.as_str(),
        "<p>x<br>x<br>x</p><div style='float: left'><div style='float: left; margin-top: -20pt'>W</div></div>",
        "<div style='float: left; width: 60pt'>W</div>",
        "<div style='float: right'><table><tr><td>W</table></div>",
        "<p>a <span style='float: right; width: 50%'>W</span> b</p>",
        "<p>a <span style='display: inline-block'>W</span> b</p>",
        "<p>a <b>c <span style='display: inline-table'>W</span> d</b> b</p>",
        "<button>W</button>",
        "<div style='float: left'><div style='float: right'><div style='float: left'>W</div></div></div>",
        "<table><tr><td>x<td><div style='float: left'>W</div></table>",
        "<div dir=rtl style='display: inline-block; margin: 3pt'>W</div>",
    ] {
        let document = set(
            &format!("<p>start</p>{}<p>end", around.replace('W', &words)),
            "@page { size: 200pt 150pt; margin: 10pt }",
        );
        let mut seen = Vec::new();
        for page in &document.pages {
            for item in &page.items {
                if let Item::Glyphs { x, y, run, .. } = item {
                    let is_on_paper = (0.0..=page.height).contains(y) && (0.0..=page.width).contains(x);
                    assert!(is_on_paper, "{around}: {} at {x}, {y}", text_of_run(run));
                    seen.extend(text_of_run(run).split_whitespace().map(str::to_owned));
                }
            }
        }
        let count = seen.iter().filter(|word| word.starts_with('w')).count();
        assert_eq!(count, 900, "{around}");
        assert!(seen.iter().any(|word| word == "end"));
    }
}

#[test]
fn floats_in_floats_that_are_all_too_tall_are_not_set_again_and_again() {
    let words = (0..300).map(|number| format!("w{number}")).collect::<Vec<_>>().join(" ");
    let html = format!("{}{words}{}", "<div style='float: left'>".repeat(60), "</div>".repeat(60));
    // Twice for each of sixty boxes would never end.
    let document = set(&html, "@page { size: 200pt 150pt; margin: 10pt }");
    assert!(texts(&document).join(" ").contains("w299"));
}

#[test]
fn what_cannot_be_cut_is_told_with_its_page() {
    let style = format!("{SMALL} b {{ font-size: 200pt; line-height: 1; break-before: page; display: block }}");
    let told = set_with("<html lang=en><title>t</title><p>a<b>O</b>", &style, &Nothing).warnings;
    let told: Vec<String> = told.iter().map(ToString::to_string).collect();
    assert!(
        told.iter().any(|told| told == "a.html: page 2: `O` is taller than a page and runs off its foot"),
        "{told:?}"
    );
}

#[test]
fn counters_that_are_nested_end_with_what_made_them() {
    let numbered = "ol { counter-reset: i; list-style: none } li { counter-increment: i }
        li::before { content: counters(i, '.') ' ' }";
    let list = "<ol><li>a<ol><li>b<li>c<ol><li>d<li>e</ol><li>f</ol></li></ol>";
    assert_eq!(texts(&small(list, numbered)), ["1 a 1.1 b 1.2 c 1.2.1 d 1.2.2 e 1.3 f"]);
    let sections =
        "section { counter-reset: s } p { counter-increment: s } p::before { content: counters(s, '.') ' ' }";
    assert_eq!(texts(&small("<section><p>x</p><section><p>y</p></section></section>", sections)), ["1 x 1.1 y"]);
    // What follows a counter inside of another of its name counts on outside (CSS Lists 3, 4.4.2).
    let html = "<div><p>x</p><section><p>y</p></section><p>z</p></div>";
    assert_eq!(texts(&small(html, &format!("div {{ counter-reset: s }} {sections}"))), ["1 x 1.1 y 2 z"]);
    // An outermost one counts for what follows.
    let chapters = "h1 { counter-reset: s } p { counter-increment: s } p::before { content: counters(s, '.') ' ' }";
    let html = "<h1>A</h1><p>x</p><p>y</p><h1>B</h1><p>z</p>";
    assert_eq!(texts(&small(html, &format!("h1 {{ font-size: 8pt }} {chapters}"))), ["A 1 x 2 y B 1 z"]);
    let ends = "div { counter-reset: z } div::after { content: counters(z, '.') }";
    assert_eq!(texts(&small("<div><b style='counter-reset: z 9'>in</b></div>", ends)), ["in 0"]);
}

#[test]
fn opacity_is_in_all_that_is_painted() {
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg' width='10' height='10'><path d='M0 0h9v9z'/></svg>".to_vec();
    let html = "<div style='background: #010000; border-top: 2pt solid; color: #020000'>
        <p style='opacity: 50%; color: #030000; border-bottom: 1pt solid'>a</p><img src=a.svg alt=b></div><p>c</p>";
    let page = set_with(html, "div { opacity: .5 }", &Always(svg)).value.pages.remove(0);
    let seen: Vec<(u8, u8)> = page
        .items
        .iter()
        .filter_map(|item| match item {
            Item::Fill { color, .. } => Some((color.r, color.a)),
            Item::Glyphs { run, .. } => Some((run.color.r, run.color.a)),
            Item::Image { alpha, .. } => Some((255, *alpha)),
            Item::Area { .. } => None,
        })
        .collect();
    // The background, both borders, what is in the box, and what comes after it.
    for wanted in [(1, 128), (2, 128), (3, 64), (255, 128), (0, 255)] {
        assert!(seen.contains(&wanted), "{wanted:?} {seen:?}");
    }
    assert_eq!(seen.iter().filter(|seen| **seen == (3, 64)).count(), 2, "{seen:?}");
    assert_eq!(seen.len(), 6, "{seen:?}");
}

#[test]
fn markers_of_items_that_begin_with_each_other_stand_beside_the_same_line() {
    let html = "<ul><li><ul><li>nested<li>next</ul><li><ol><li><ol><li><ol><li>deep</ol></ol></ol></ul>";
    for direction in ["ltr", "rtl"] {
        let document = small(&format!("<div dir={direction}>{html}</div>"), "ul, ol { padding-inline-start: 20pt }");
        let page = &document.pages[0];
        let line = |word: &str| position(page, word).1;
        assert_eq!(
            (line("nested"), line("next"), line("deep")),
            (line("•"), line("nested") + 10.0, line("next") + 10.0)
        );
        assert_eq!(line("◦"), line("nested"));
        // In a line from right to left the full stop is a run of its own.
        let numbers = |item: &&Item| matches!(item, Item::Glyphs { run, .. } if text_of_run(run).starts_with('1'));
        let on_line = |item: &Item| matches!(item, Item::Glyphs { y, .. } if *y == line("deep"));
        assert_eq!(page.items.iter().filter(numbers).filter(|item| on_line(item)).count(), 3, "{direction}");
        // Each is the label of its own item.
        let labels = page.items.iter().filter_map(|item| match item {
            Item::Glyphs { owner, run, .. } if text_of_run(run).starts_with(['•', '◦', '1']) => owner.node(),
            _ => None,
        });
        let labels: Vec<u32> = labels.collect();
        assert!(labels.iter().all(|label| document.structure[*label as usize].role == "Lbl"), "{labels:?}");
        let mut items: Vec<_> = labels.iter().map(|label| document.structure[*label as usize].parent).collect();
        items.dedup();
        assert_eq!(items.len(), 7, "{direction}: {labels:?}");
    }
    // Where there is no room for one before the other, they stand below each other.
    let narrow = small(
        "<ol style='list-style-type: lower-roman'><li value=88><ol><li value=88>x</ol></ol>",
        "ol { padding: 0 8pt }",
    );
    let marks = narrow.pages[0].items.iter().filter_map(|item| match item {
        Item::Glyphs { y, run, .. } if text_of_run(run).contains("lxxxviii") || text_of_run(run).contains("88") => {
            Some(*y)
        }
        _ => None,
    });
    let marks: Vec<f32> = marks.collect();
    assert_eq!(marks.len(), 2);
    assert_ne!(marks[0], marks[1]);
}

#[test]
fn places_on_the_line_where_no_text_stands_are_told_once() {
    let html = "<p>a <b>b</b> <b>c</b> <i>d</i> <u><img src=x alt=''></u> <s></s>";
    let style =
        "b { vertical-align: middle } i::before { content: 'x'; vertical-align: top } u, s { vertical-align: top }
        sup { vertical-align: super }";
    let set = set_with(html, &format!("{SMALL}\n{style}"), &Nothing);
    let told: Vec<String> = set.warnings.iter().map(ToString::to_string).collect();
    let of = |word: &str| format!("`vertical-align: {word}` is not supported of text, which stands on its baseline");
    let found: Vec<&String> = told.iter().filter(|message| message.contains("vertical-align")).collect();
    assert!(found.len() == 2 && found[0].ends_with(&of("middle")) && found[1].ends_with(&of("top")), "{told:?}");
    assert!(found[0].contains("a.html:1:6: "), "{told:?}");
}

//! What a designer of pages asks for: named pages, running elements, first lines and letters.

use super::display::{Item, Page, Rect};
use super::tests::{Always, Nothing, SMALL, paragraphs, position, set_with, small, text, texts};

/// The size of the first run that holds a text.
fn size(page: &Page, wanted: &str) -> f32 {
    page.items
        .iter()
        .find_map(|item| match item {
            Item::Glyphs { run, .. } if said(run).contains(wanted) => Some(run.size),
            _ => None,
        })
        .unwrap_or_else(|| panic!("`{wanted}` is not on the page: {}", text(page)))
}

fn said(run: &super::display::GlyphRun) -> String {
    let mut ranges: Vec<(u32, u32)> = run.glyphs.iter().map(|glyph| (glyph.text_start, glyph.text_end)).collect();
    ranges.sort_unstable();
    ranges.dedup();
    ranges.into_iter().filter_map(|(from, to)| run.text.get(from as usize..to as usize)).collect()
}

#[test]
fn named_pages_begin_anew_and_have_their_own_boxes() {
    let html = format!("<p>a</p><section>{}</section><p>z</p>", paragraphs(12));
    let style = "@page { margin-top: 10pt } section { page: chapter }
        @page chapter { @top-left { content: 'chapter' } } @page chapter:first { @top-left { content: 'opening' } }";
    let pages = texts(&small(&html, style));
    assert_eq!(pages.len(), 4, "{pages:?}");
    assert_eq!((pages[0].as_str(), pages[3].as_str()), ("a", "z"));
    assert!(pages[1].ends_with("opening") && pages[2].ends_with("chapter"), "{pages:?}");
}

#[test]
fn what_margin_boxes_cannot_say_is_told() {
    let style = format!(
        "{SMALL}\n@page {{ @top-left {{ content: counter(page) counter(chapter) }} @top-right {{ content: attr(x) 'y' }}
            @left-top {{ content: 'z'; columns: 2 }} counter-increment: page 2 sheet; margin: 20pt }}"
    );
    let set = set_with("<p>x", &style, &Nothing);
    let told: Vec<String> = set.warnings.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "print.css:3:21: the counter `chapter` prints nothing in a margin box",
            "print.css:3:76: `attr(x)` prints nothing in a margin box",
            "print.css:4:39: the property `columns` means nothing in a margin box",
            "print.css:4:52: the counter `sheet` does not count pages: in `@page` only `page` does"
        ]
    );
}

/// What is told, and the line of the style sheet that it is about.
fn told(html: &str, style: &str) -> Vec<(String, Option<usize>)> {
    let warnings = set_with(html, style, &Nothing).warnings;
    warnings.into_iter().map(|warning| (warning.message, warning.place.and_then(|place| place.line))).collect()
}

#[test]
fn text_transform_in_first_lines_is_told() {
    let told = told("<p>one two", "p::first-line { color: red }\np::first-line, b { text-transform: uppercase }");
    assert_eq!(told, [("`text-transform` is not supported in `::first-line`".to_owned(), Some(2))]);
}

#[test]
fn what_counts_elsewhere_alone_is_told() {
    let style = "p { size: A4;\ninitial-letter: 2 }\n@page { size: A5 }\np::first-letter { initial-letter: 2 }
        b { size: inherit; initial-letter: normal !important; initial-letter: unset }\ni { size: A5 }";
    let told = told("<p>one two", style);
    let size = "`size` is not supported outside of `@page`".to_owned();
    let letter = "`initial-letter` is not supported outside of `::first-letter`".to_owned();
    assert_eq!(told, [(size, Some(1)), (letter, Some(2))]);
}

#[test]
fn counter_styles_that_nothing_defines_are_told_in_style_attributes_too() {
    let told = told("<ol style='list-style: klingon'><li>x</ol>\n<ol style='list-style: klingon'><li>x</ol>", "");
    assert_eq!(told, [("the counter style `klingon` is not known, `decimal` stands for it".to_owned(), Some(1))]);
}

#[test]
fn columns_of_floats_cells_and_inline_blocks_are_told() {
    for html in [
        "<div class=c style='float: left'>x</div>",
        "<table><td class=c>x</table>",
        "a <b class=c style='display: inline-block'>x</b>",
    ] {
        let told = told(html, ".c { columns: 2 }");
        assert_eq!(told.len(), 1, "{html} {told:?}");
        assert!(told[0].0.ends_with("set as one column"), "{told:?}");
    }
}

#[test]
fn pages_have_borders_between_margin_and_padding() {
    let document = small("<p>x", "@page { margin: 10pt; border: 2pt solid #010000; padding: 5pt }");
    let page = &document.pages[0];
    let lines: Vec<_> = page
        .items
        .iter()
        .filter_map(|item| match item {
            Item::Fill { rect, color, .. } if color.r == 1 => Some((rect.x, rect.y, rect.width, rect.height)),
            _ => None,
        })
        .collect();
    assert_eq!(
        lines,
        [(10.0, 10.0, 180.0, 2.0), (10.0, 88.0, 180.0, 2.0), (10.0, 12.0, 2.0, 76.0), (188.0, 12.0, 2.0, 76.0)]
    );
    assert_eq!(position(page, "x").0, 17.0);
}

#[test]
fn margin_boxes_are_as_wide_and_as_high_as_they_are_told_to_be() {
    let spans = |boxes: &str| {
        let style = format!("@page {{ margin: 20pt; {boxes} }} @page {{ size: 240pt 140pt }}");
        let page = small("<p>x", &style).pages.remove(0);
        let fills = page.items.iter().filter_map(|item| match item {
            Item::Fill { rect, .. } => Some((rect.x, rect.y, rect.width, rect.height)),
            _ => None,
        });
        fills.collect::<Vec<_>>()
    };
    let named = |name: &str, rest: &str| format!("@{name} {{ content: 'a'; background: #010000; {rest} }}");
    assert_eq!(spans(&named("top-left", "width: 50pt; padding: 0 5pt")), [(20.0, 0.0, 60.0, 20.0)]);
    assert_eq!(spans(&named("bottom-right", "width: 25%")), [(170.0, 120.0, 50.0, 20.0)]);
    assert_eq!(spans(&named("top-center", "width: 100pt")), [(70.0, 0.0, 100.0, 20.0)]);
    assert_eq!(spans(&named("left-middle", "height: 40pt")), [(0.0, 50.0, 20.0, 40.0)]);
    let both = named("top-left", "width: 50pt") + &named("top-right", "");
    assert_eq!(spans(&both), [(20.0, 0.0, 50.0, 20.0), (70.0, 0.0, 150.0, 20.0)]);
}

#[test]
fn pages_are_counted_as_their_rules_say() {
    let count = |rules: &str| {
        let style = format!("p {{ break-before: page }} @page {{ @top-left {{ content: counter(page) }} }} {rules}");
        texts(&small("<p>a<p>b<p class=v>c", &style)).concat().replace(char::is_alphabetic, "").replace(' ', ",")
    };
    assert_eq!(count("@page { counter-increment: page 2 }"), ",2,4,6");
    assert_eq!(count("@page :first { counter-reset: page 9 }"), ",10,11,12");
    assert_eq!(count("@page :first { counter-increment: page 0 }"), ",0,1,2");
    assert_eq!(count("@page :left { counter-set: page 7 }"), ",1,7,8");
    assert_eq!(count(".v { counter-reset: page 5 } @page { counter-increment: page 3 }"), ",3,6,5");
}

#[test]
fn margin_boxes_have_the_sizes_and_the_case_that_they_are_told() {
    let style = "@page { margin: 40pt;
        @top-left { content: string(t); text-transform: uppercase }
        @top-right { content: 'gone'; display: none }
        @bottom-left { content: 'low'; height: 10pt; width: 30pt; background: #010000 }
        @bottom-right { content: 'wide'; padding: 0 5pt; box-sizing: border-box; background: #020000 }
        @left-middle { content: 'a b'; width: 14pt; background: #030000 }
        @right-top { content: 'x'; height: 20pt; margin: auto; width: 10pt; background: #040000 } }
        h1 { string-set: t content() }";
    let document = small("<h1>Running head</h1>", style);
    let page = &document.pages[0];
    assert!(text(page).contains("RUNNING HEAD") && !text(page).contains("gone"), "{}", text(page));
    let rect = |red: u8| {
        let fill = |item: &Item| match item {
            Item::Fill { rect, color, .. } if color.r == red => Some(*rect),
            _ => None,
        };
        page.items.iter().find_map(fill).unwrap()
    };
    let (width, height) = (page.width, page.height);
    assert_eq!(rect(1), Rect { x: 40.0, y: height - 40.0, width: 30.0, height: 10.0 });
    assert_eq!(rect(2), Rect { x: 70.0, y: height - 40.0, width: width - 110.0, height: 40.0 });
    assert_eq!((rect(3).x, rect(3).width), (26.0, 14.0));
    assert_eq!(rect(4), Rect { x: width - 25.0, y: 40.0, width: 10.0, height: 20.0 });
}

#[test]
fn references_to_nothing_are_told() {
    let style =
        format!("{SMALL} a::after {{ content: ' p' target-counter(attr(href), page) target-text(attr(href)) }}");
    let html =
        "<p><a href='#b'>to b</a> <a href='#gone'>on</a> <a href='https://x.example/#y'>out</a></p><h1 id=b>B</h1>";
    let set = set_with(html, &style, &Nothing);
    assert_eq!(set.warnings.len(), 2, "the link and what asks for its page: {:?}", set.warnings);
    assert!(set.warnings.iter().all(|warning| warning.message.contains("gone`")));
    assert!(texts(&set.value)[0].starts_with("to b p 1 B on p out p"), "{:?}", texts(&set.value));
}

#[test]
fn named_pages_may_be_wider() {
    let words = "word ".repeat(60);
    let html = format!("<p>{words}</p><div><div class=wide><p>{words}</p></div></div><p>{words}</p>");
    let style = format!("{SMALL} @page wide {{ size: 400pt 100pt }} .wide {{ page: wide }}");
    let set = set_with(&html, &style, &Nothing);
    assert_eq!(set.warnings, []);
    let sizes: Vec<f32> = set.value.pages.iter().map(|page| page.width).collect();
    assert_eq!(sizes, [200.0, 400.0, 200.0]);
    let right = |page: &Page| {
        let ends = page.items.iter().map(|item| match item {
            Item::Glyphs { x, run, .. } => x + run.glyphs.iter().map(|glyph| glyph.advance).sum::<f32>(),
            _ => 0.0,
        });
        ends.fold(0.0_f32, f32::max)
    };
    assert!(right(&set.value.pages[0]) <= 200.0 && right(&set.value.pages[2]) <= 200.0);
    assert!((350.0..=400.0).contains(&right(&set.value.pages[1])), "{}", right(&set.value.pages[1]));
}

#[test]
fn named_pages_are_kept_to_by_elements_inside() {
    let html = "<div class=a><p>one</p><p>two</p></div><div class=a><p>three</p></div><div>four</div>";
    let pages = texts(&small(html, ".a { page: a }"));
    assert_eq!(pages, ["one two three", "four"]);
    // The page of the first element makes no blank page before it.
    assert_eq!(texts(&small("<body><main><p class=a>x</p></main>", ".a { page: a }")), ["x"]);
}

#[test]
fn lists_of_page_selectors_count() {
    let style = "@page { margin-top: 10pt } @page :left, :first { @top-left { content: 'x' } }";
    let pages = texts(&small(&paragraphs(25), style));
    assert!(pages[0].ends_with(" x") && pages[1].ends_with(" x") && !pages[2].ends_with(" x"), "{pages:?}");
}

#[test]
fn running_elements_stand_in_margin_boxes_and_nowhere_else() {
    let html = format!("<div class=run>The <b>first</b></div>{}<div class=run>Second</div><p>z</p>", paragraphs(12));
    let style = "@page { margin-top: 10pt; @top-left { content: element(head) } } .run { position: running(head) }";
    let document = small(&html, style);
    let pages = texts(&document);
    assert!(pages[0].starts_with("line0") && pages[0].ends_with("The first"), "{pages:?}");
    assert!(pages[1].ends_with("z Second"), "{pages:?}");
    assert_eq!(document.structure.iter().filter(|node| node.role == "P").count(), 13);
    // Nor does a list in one take part in the structure of the next.
    let document = small("<div class=run><dl><dt>a</dl></div><dl><dt>b<dd>c</dl>", style);
    let roles: Vec<&str> = document.structure.iter().map(|node| node.role).collect();
    assert_eq!(roles, ["Document", "L", "LI", "Lbl", "LBody"]);
    assert!(document.structure.iter().enumerate().all(|(at, node)| node.parent.is_none_or(|above| above < at as u32)));
}

#[test]
fn letters_run_backwards_where_the_document_says_so() {
    let document = small("<p>x <bdo dir=rtl>abc</bdo> <bdo dir=ltr>def</bdo></p>", "");
    let shown: Vec<&str> = document.pages[0]
        .items
        .iter()
        .flat_map(|item| match item {
            Item::Glyphs { run, .. } => {
                run.glyphs.iter().map(|glyph| &run.text[glyph.text_start as usize..glyph.text_end as usize]).collect()
            }
            _ => Vec::new(),
        })
        .filter(|cluster| cluster.chars().all(char::is_alphabetic))
        .collect();
    assert_eq!(shown.concat(), "xcbadef");
}

#[test]
fn inline_blocks_and_pictures_keep_their_margins_and_stand_where_they_are_told() {
    let html = "<p>x<span class=a>a</span><span class=b>b</span>y</p>";
    let style = "span { display: inline-block; width: 10pt; margin: 0 5pt } .a { height: 30pt; vertical-align: top }
        .b { vertical-align: bottom }";
    let document = small(html, style);
    let at = |wanted: &str| position(&document.pages[0], wanted);
    assert!((at("b").0 - at("a").0 - 20.0).abs() < 0.05);
    assert!(at("b").1 - at("a").1 > 15.0);
}

#[test]
fn inline_boxes_keep_their_edges() {
    let set = |style: &str| {
        let document = small("<p>x<kbd>a<i>b</i></kbd>y <span>c</span></p>", style);
        let strips = document.pages[0].items.iter().filter(|item| matches!(item, Item::Fill { .. })).count();
        let ends = document.pages[0].items.iter().map(|item| match item {
            Item::Glyphs { x, run, .. } => x + run.glyphs.iter().map(|glyph| glyph.advance).sum::<f32>(),
            _ => 0.0,
        });
        (strips, ends.fold(0.0_f32, f32::max))
    };
    let (strips, plain) = set("");
    assert_eq!(strips, 0);
    let (strips, edged) =
        set("kbd { border: 1pt solid; padding: 1pt 4pt; margin: 0 2pt } kbd::before { content: ''; margin: 1pt }");
    assert_eq!(strips, 4);
    assert!((edged - plain - 16.0).abs() < 0.05, "{edged} {plain}");
    // A tenth of the width twice; the page is 200 points wide.
    let (_, shared) = set("span { margin: 0 0 0 10%; padding-left: 10%; background: red }");
    assert!((shared - plain - 0.2 * 200.0).abs() < 0.05, "{shared} {plain}");
}

#[test]
fn first_lines_have_their_own_style() {
    let words = (0..40).map(|number| format!("w{number}")).collect::<Vec<_>>().join(" ");
    for align in ["start", "justify"] {
        let style = format!("p {{ text-align: {align} }} p::first-line {{ font-size: 12pt; color: red }}");
        let document = small(&format!("<p>{words}</p>"), &style);
        let page = &document.pages[0];
        assert_eq!(text(page), words);
        assert_eq!((size(page, "w0 "), size(page, "w39")), (12.0, 8.0));
        let red =
            page.items.iter().filter(|item| matches!(item, Item::Glyphs { run, .. } if run.color.r == 255)).count();
        let first = position(page, "w0").1;
        let on_first = page.items.iter().filter(|item| matches!(item, Item::Glyphs { y, .. } if *y == first)).count();
        assert_eq!(red, on_first);
    }
    let whole = small("<p>short</p>", "p::first-line { font-size: 12pt }");
    assert_eq!(size(&whole.pages[0], "short"), 12.0);
}

#[test]
fn first_lines_keep_notes_links_and_anchors() {
    let words = "word ".repeat(30);
    let html = format!("<p><a id=x href='#y'>link</a> {words}<b id=y>end</b><span class=n>note</span></p>");
    let document = small(&html, "p::first-line { font-weight: bold } .n { float: footnote }");
    assert!(document.anchors["y"].y > document.anchors["x"].y);
    assert_eq!(document.pages[0].links.len(), 3);
    assert!(text(&document.pages[0]).ends_with("1. note"), "{}", text(&document.pages[0]));
}

#[test]
fn first_letters_are_styled_with_their_punctuation() {
    let document = small("<div><p>“Once upon a time</p></div>", "div::first-letter { font-size: 12pt }");
    let page = &document.pages[0];
    assert_eq!((size(page, "“O"), size(page, "nce")), (12.0, 8.0));
    // Letters that join are styled, and not taken apart.
    let fa = small("<html lang=fa dir=rtl><p>سلام دنیا</p>", "p::first-letter { float: right; font-size: 30pt }");
    assert_eq!(size(&fa.pages[0], "سلام"), 8.0);
}

#[test]
fn first_letters_keep_their_marks_and_what_they_are_joined_to() {
    for (language, word, letter) in [
        ("hi", "क्षत्रिय", "क्ष"),
        ("hi", "किताब", "कि"),
        ("he", "שָׁלוֹם", "שָׁ"),
        ("nl", "IJsland", "IJ"),
        ("nl-BE", "„IJsland”", "„IJ"),
        ("en", "IJsland", "I"),
        ("fr", "«É\u{301}»tat", "«É\u{301}»"),
    ] {
        let style = "@page { @top-left { content: string(f) } } p { string-set: f content(first-letter) }
            p::first-letter { float: left; font-size: 30pt }";
        let document = small(&format!("<p lang={language}>{word}</p>"), style);
        let page = &document.pages[0];
        let of_size = |wanted: f32| {
            let texts = page.items.iter().filter_map(|item| match item {
                Item::Glyphs { run, .. } if run.size == wanted => Some(&*run.text),
                _ => None,
            });
            texts.collect::<Vec<_>>()
        };
        assert!(of_size(30.0).iter().all(|text| *text == letter), "{word}: {:?}", of_size(30.0));
        assert!(!of_size(30.0).is_empty() && text(page).contains(letter), "{word}: {}", text(page));
        assert_eq!(texts(&document).concat().matches(letter).count(), 2, "{word}");
    }
}

#[test]
fn drop_caps_reach_down_to_their_line() {
    let words = "word ".repeat(60);
    let document = small(&format!("<p>{words}</p>"), "p::first-letter { initial-letter: 3 }");
    let page = &document.pages[0];
    let lines: Vec<(f32, f32)> = page
        .items
        .iter()
        .filter_map(|item| match item {
            Item::Glyphs { x, y, run, .. } if run.size == 8.0 => Some((*x, *y)),
            _ => None,
        })
        .collect();
    let letter = page.items.iter().find_map(|item| match item {
        Item::Glyphs { y, run, .. } if run.size > 8.0 => Some((*y, run.size)),
        _ => None,
    });
    let letter = letter.unwrap();
    assert!((letter.0 - lines[2].1).abs() < 0.1, "{letter:?} {lines:?}");
    assert!(letter.1 > 30.0 && letter.1 < 45.0, "{letter:?}");
    assert!(lines[0].0 > 10.0 && lines[2].0 > 10.0 && lines[3].0 == 0.0, "{lines:?}");
}

/// A picture as wide and high as the page of [`SMALL`].
fn square() -> Always {
    use image::ImageEncoder as _;
    let mut png = Vec::new();
    image::codecs::png::PngEncoder::new(&mut png).write_image(&[0; 16], 4, 4, image::ExtendedColorType::L8).unwrap();
    Always(png)
}

fn picture(page: &Page) -> Option<super::display::Rect> {
    page.items.iter().find_map(|item| match item {
        Item::Image { rect, .. } => Some(*rect),
        _ => None,
    })
}

#[test]
fn pictures_are_made_smaller_before_they_leave_a_page_white() {
    let style =
        format!("{SMALL} img {{ display: block; margin: 0 auto; height: 60pt }} figure {{ break-before: avoid }}");
    let figure = "<h2>Heading</h2><figure><img src=a.png alt=x><figcaption>Caption</figcaption></figure>";
    let html = format!("{}{figure}", paragraphs(2));
    let pages = set_with(&html, &style, &square()).value.pages;
    let found = picture(&pages[0]).unwrap();
    assert!(found.height < 60.0 && found.height >= 36.0, "{found:?}");
    assert!((found.width - found.height).abs() < 0.1 && (found.x + found.width / 2.0 - 100.0).abs() < 0.1, "{found:?}");
    assert!(text(&pages[0]).ends_with("Heading Caption"));
    // Too small a room, or a page that is nearly full, leave it as it is.
    for count in [6, 8] {
        let pages = set_with(&format!("{}{figure}", paragraphs(count)), &style, &square()).value.pages;
        assert_eq!(picture(&pages[1]).map(|found| found.height.round()), Some(60.0));
    }
}

#[test]
fn quotation_marks_are_those_that_are_asked_for() {
    let set = |style: &str| {
        let html = "<p><q>a <q class=i>b <q>c</q></q></q></p>";
        texts(&small(html, style)).concat().replace(' ', "")
    };
    assert_eq!(set(""), "“a‘b‘c’’”");
    assert_eq!(set("p { quotes: '«' '»' '‹' '›' }"), "«a‹b‹c››»");
    assert_eq!(set(".i { quotes: '1' '2' '3' '4' '5' '6' }"), "“a3b5c64”");
    assert_eq!(set("p { quotes: none } .i { quotes: auto }"), "a‘b‘c’’");
    for (language, expected) in [("ur", "”a’b‘“"), ("sq", "„a‚b‘“"), ("de", "„a‚b‘“"), ("fa", "«a‹b›»")]
    {
        let html = format!("<p lang={language} dir=ltr><q>a <q>b</q></q></p>");
        assert_eq!(texts(&small(&html, "")).concat().replace(' ', ""), expected, "{language}");
    }
}

#[test]
fn ligatures_are_those_that_are_asked_for() {
    let glyphs = |style: &str| {
        let document = small("<p>office</p>", &format!("p {{ font-family: 'Noto Serif'; {style} }}"));
        let count = |item: &Item| if let Item::Glyphs { run, .. } = item { run.glyphs.len() } else { 0 };
        document.pages[0].items.iter().map(count).sum::<usize>()
    };
    assert!(glyphs("") < 6);
    assert_eq!(glyphs("font-variant-ligatures: none"), 6);
    assert_eq!(glyphs("font-variant: no-common-ligatures"), 6);
    assert_eq!(glyphs("font-variant-ligatures: none; font-variant-ligatures: normal"), glyphs(""));
    assert_eq!(glyphs("font-variant-ligatures: none; font-feature-settings: 'liga'"), glyphs(""));
}

#[test]
fn parts_of_elements_are_named_and_referred_to() {
    let style = "h2 { counter-increment: h; string-set: s content(before) content() content(after) }
        h2::before { counter-increment: k; content: counter(h) '.' counter(k) ' ' } h2::after { content: '!' }
        li { string-set: m content(marker), f content(first-letter) }
        @page { @top-left { content: string(s) } @top-right { content: string(m) '/' string(f) } }
        .b::after { content: target-text(attr(href), before) } .c::after { content: target-text(attr(href), first-letter) }
        .a::after { content: target-text(attr(href), after) }
        .i::before { content: target-counter(attr(href), list-item) ':' }";
    let html = "<p><a class=b href='#x'>see</a> <a class=a href='#x'>see</a> <a class=c href='#x'>see</a> <a class=i href='#i'>see</a>
        <h2>One</h2><h2 id=x>\u{201c}Two\u{201d}</h2><ol start=4><li id=i>(item)</ol>";
    let set = set_with(html, &format!("{SMALL} @page {{ margin: 20pt }} {style}"), &Nothing);
    assert_eq!(set.warnings, []);
    let page = text(&set.value.pages[0]).replace(' ', "");
    for part in ["see2.1see!see\u{201c}T4:see1.1One!2.1\u{201c}Two\u{201d}!4.", "1.1One!4./(i"] {
        assert!(page.contains(part), "{part}: {page}");
    }
    // What refers to itself ends.
    let circle = "h2::before { content: 'x' target-text('#x', before) content(before) }";
    assert!(texts(&small("<h2 id=x>One</h2>", circle)).concat().contains('x'));
}

#[test]
fn a_last_line_alone_can_be_justified() {
    let width = |style: &str| {
        let page = small("<p>last line</p>", style).pages.remove(0);
        let advance = |item: &Item| match item {
            Item::Glyphs { run, .. } => run.glyphs.iter().map(|glyph| glyph.advance).sum(),
            _ => 0.0,
        };
        page.items.iter().map(advance).sum::<f32>().round()
    };
    for align in ["start", "right", "center", "justify"] {
        assert_eq!(width(&format!("p {{ text-align: {align}; text-align-last: justify }}")), 200.0, "{align}");
    }
    assert!(width("p { text-align: justify }") < 60.0);
}

#[test]
fn a_font_of_another_width_is_set_in_the_usual_one() {
    let style = format!(
        "{SMALL} p {{ font: condensed bold 14pt serif }} div {{ font: italic 900 condensed 12pt/2 serif }}
        b {{ font: 9pt Condensed, serif }}"
    );
    let set = set_with("<p>one<div>two</div><b>three</b>", &style, &Nothing);
    let size = |wanted: &str| {
        let of_item = |item: &Item| match item {
            Item::Glyphs { run, .. } if said(run).trim() == wanted => Some(run.size),
            _ => None,
        };
        set.value.pages[0].items.iter().find_map(of_item)
    };
    assert_eq!((size("one"), size("two"), size("three")), (Some(14.0), Some(12.0), Some(9.0)));
    let told: Vec<&str> = set.warnings.iter().map(|warning| warning.message.as_str()).collect();
    assert_eq!(told, ["`condensed` is not supported as a value of `font-stretch`"]);
}

/// The baseline of the first run that holds a text.
fn baseline(page: &Page, wanted: &str) -> f32 {
    let of = |item: &Item| match item {
        Item::Glyphs { y, run, .. } if said(run).contains(wanted) => Some(*y),
        _ => None,
    };
    page.items.iter().find_map(of).unwrap_or_else(|| panic!("`{wanted}` is not on the page: {}", text(page)))
}

#[test]
fn a_line_height_in_points_is_that_of_larger_letters_too() {
    let words = "t was the best of times it was the worst of times it was the age of wisdom";
    let large = format!("<p><span>I</span>{words}");
    let first = format!("<p>I{words}");
    for (html, style) in [
        (&large, "span { font-size: 200% }"),
        (&large, "span { font-size: 200%; line-height: 10pt }"),
        (&large, "html { line-height: 125% } span { font-size: 200% }"),
        (&first, "p::first-letter { font-size: 200% }"),
        (&first, "p::first-line { font-size: 125% }"),
        (&first, "p::first-line { font-size: 125%; line-height: 10pt }"),
    ] {
        let page = &small(html, style).pages[0];
        let lines = baselines(page);
        assert!((lines[1] - lines[0] - 10.0).abs() < 0.6, "{style}: {lines:?}");
    }
    // A number is multiplied anew.
    let page = &small(&large, "p { line-height: 1.25 } span { font-size: 200% }").pages[0];
    assert!(baseline(page, "I") > 12.0, "{}", baseline(page, "I"));
    let page = &small(&first, "p { line-height: 1.25 } p::first-line { line-height: 2.5 }").pages[0];
    let lines = baselines(page);
    assert!(lines[1] - lines[0] > 14.0, "{lines:?}");
}

/// The baselines of a page, from above.
fn baselines(page: &Page) -> Vec<f32> {
    let mut lines: Vec<f32> =
        page.items.iter().filter_map(|item| if let Item::Glyphs { y, .. } = item { Some(*y) } else { None }).collect();
    lines.sort_by(f32::total_cmp);
    lines.dedup_by(|a, b| (*a - *b).abs() < 0.01);
    lines
}

#[test]
fn lines_below_an_initial_letter_keep_clear_of_its_tail() {
    let words = "uince and medlar and apple and pear and plum and cherry stand in rows ".repeat(3);
    let beside = |letter: &str, lines: usize| {
        let style = format!("p::first-letter {{ initial-letter: {lines} }}");
        let page = &small(&format!("<p>{letter}{words}"), &style).pages[0];
        let is_beside = |item: &&Item| matches!(item, Item::Glyphs { x, run, .. } if *x > 5.0 && run.size < 9.0);
        page.items.iter().filter(is_beside).count()
    };
    for lines in [2, 3, 4] {
        assert_eq!((beside("T", lines), beside("O", lines)), (lines, lines));
        assert_eq!((beside("Q", lines), beside("J", lines), beside("j’", lines)), (lines + 1, lines + 1, lines + 1));
    }
}

#[test]
fn text_indent_moves_an_initial_letter_with_its_line() {
    let words = "rees and medlar and apple and pear and plum and cherry stand in rows ".repeat(3);
    let set = |style: &str| {
        let page =
            &small(&format!("<p>T{words}"), &format!("p::first-letter {{ initial-letter: 2 }} {style}")).pages[0];
        let rows: Vec<f32> = page
            .items
            .iter()
            .filter_map(|item| if let Item::Glyphs { x, .. } = item { Some(*x) } else { None })
            .collect();
        (rows[0], rows[1], rows[2], rows[3])
    };
    let plain = set("");
    assert!(plain.0 == 0.0 && plain.1 == plain.2 && plain.3 == 0.0, "{plain:?}");
    for indent in ["20pt", "10%"] {
        let moved = set(&format!("p {{ text-indent: {indent} }}"));
        assert_eq!(moved, (20.0, plain.1 + 20.0, plain.1 + 20.0, 0.0), "{indent}");
    }
    let hanging = set("p { text-indent: -10pt; margin-left: 10pt }");
    assert_eq!((hanging.0, hanging.3), (0.0, 10.0));
}

//! Selectors, the cascade, computed values.

use std::sync::Arc;

use super::cascade::{self, PageAreas, Styles};
use super::computed::{Display, LEFT, LineHeight, RIGHT, Style, TOP};
use super::page_rule::{MarginBox, PageKind};
use super::page_style;
use super::sheet::{Origin, Sheets, Source};
use super::values::{LengthPercentage, Padding, Size};
use crate::typeset::display::Color;
use crate::typeset::dom::Dom;
use crate::typeset::inline::Direction;

pub(super) const RED: Color = Color { r: 255, g: 0, b: 0, a: 255 };

pub(super) fn half_em(style: &Style) -> (f32, f32) {
    (style.font_size / 2.0, style.font_size / 2.0)
}

pub(super) fn styles(html: &str, css: &str) -> (Dom, Styles, Sheets) {
    let dom = Dom::parse(html, "en");
    let mut sheets = Sheets::default();
    sheets.add(super::USER_AGENT, Origin::UserAgent, Source::sheet("ua.css", 1));
    assert_eq!(sheets.warnings, [], "the built-in style sheet is understood whole");
    sheets.add(css, Origin::Author, Source::sheet("a.css", 1));
    sheets.settle();
    let pages =
        PageAreas { usual: (500.0, 700.0), first: (600.0, 800.0), named: &page_style::named_areas(&sheets, &half_em) };
    let styles = cascade::compute(&dom, &mut sheets, "a.html", pages, &half_em);
    (dom, styles, sheets)
}

/// The style of the first `x-x` element.
fn style(html: &str, css: &str) -> Arc<Style> {
    let (dom, styles, _) = styles(html, css);
    Arc::clone(styles.get(styles.of(dom.first("x-x").unwrap()).own))
}

pub(super) fn is_red(html: &str, selector: &str) -> bool {
    style(html, &format!("{selector} {{ color: red }}")).color == RED
}

#[test]
fn selectors_are_those_of_browsers() {
    let html = "<main id=m><p class='a b'>1<p lang=fa dir=rtl><x-x class=c title='one two'>2</x-x><i>3</i></main>";
    for selector in [
        "x-x",
        "#m x-x",
        "main > p > x-x",
        "p + p > x-x",
        "p ~ p x-x",
        ".c",
        "x-x[title]",
        "[title~=two]",
        "[title^=one]",
        "x-x:first-child",
        "p:nth-child(2) x-x",
        "p:nth-of-type(2n) x-x",
        "p:last-child x-x",
        "x-x:not(.d)",
        ":is(i, x-x)",
        ":where(.c)",
        "x-x:lang(fa)",
        "x-x:dir(rtl)",
        "p:has(x-x) x-x",
        ":root x-x",
        "x-x:first-of-type",
    ] {
        assert!(is_red(html, selector), "{selector}");
    }
    for selector in
        ["p:first-child x-x", "x-x:empty", ".a x-x", "x-x:hover", "x-x:lang(en)", "main > x-x", "x-x:dir(ltr)"]
    {
        assert!(!is_red(html, selector), "{selector}");
    }
}

#[test]
fn specificity_order_and_importance_decide() {
    let html = "<p id=i><x-x class=c style='margin-top: 3pt'>1</x-x>";
    assert_eq!(style(html, ".c { color: red } x-x { color: blue }").color, RED);
    assert_eq!(style(html, "x-x { color: blue } x-x { color: red }").color, RED);
    assert_eq!(style(html, "x-x { color: red !important } .c { color: blue }").color, RED);
    assert_eq!(style(html, ".c { margin-top: 9pt }").margin[TOP], Size::points(3.0));
    assert_eq!(style(html, "x-x { margin-top: 9pt !important }").margin[TOP], Size::points(9.0));
}

#[test]
fn layers_are_ordered() {
    let html = "<x-x class=c style='margin-top: 1pt'>1</x-x>";
    for css in [
        "@layer a { .c.c { color: blue } } x-x { color: red }",
        "x-x { color: red } @layer { .c { color: blue } }",
        "@layer b, a; @layer a { x-x { color: red } } @layer b { .c { color: blue } }",
        "@layer a.b { .c { color: blue } } @layer a { x-x { color: red } @layer b { .c { color: blue } } }",
        "@layer a { @layer c, b; } @layer a.b { x-x { color: red } } @layer a.c { .c { color: blue } }",
        "@layer { .c { color: blue } } @layer { x-x { color: red } }",
        "@layer a { x-x { color: red !important } } @layer b { x-x { color: blue !important } }",
        "@layer a { x-x { color: red !important } } .c { color: blue !important }",
        "x-x { @layer a { color: blue } color: red }",
        "x-x { color: red; @layer a { &.c { color: blue } } }",
        "@layer a; @media print { @layer b { x-x { color: red } } } @layer a { x-x { color: blue } }",
        "@layer a { :root { --c: blue } } :root { --c: red } x-x { color: var(--c) }",
    ] {
        assert_eq!(style(html, css).color, RED, "{css}");
        assert_eq!(messages(html, css), Vec::<String>::new(), "{css}");
    }
    let own = style(html, "@layer a { x-x { margin-top: 9pt } }");
    assert_eq!(own.margin[TOP], Size::points(1.0));
    let own = style(html, "@layer a { x-x { margin-top: 9pt !important } }");
    assert_eq!(own.margin[TOP], Size::points(9.0));
    assert_eq!(messages(html, "@layer; @layer a, b { p { color: red } } @layer a b; @layer inherit { }").len(), 4);
}

#[test]
fn revert_and_revert_layer_roll_the_cascade_back() {
    let html = "<x-x class=c>x</x-x>";
    for css in [
        "@layer { x-x { color: red } } .c { color: blue } x-x.c { color: revert-layer }",
        "@layer a { x-x { color: red } } @layer b { x-x { color: blue } .c { color: revert-layer } }",
        "@layer a { x-x { color: red } } x-x { color: blue; color: var(--gone, revert-layer) }",
        "@layer a { x-x { color: red } } x-x { color: blue; color: revert-layer !important }",
        "@layer a { x-x { --c: red } } x-x { --c: blue } .c { --c: revert-layer; color: var(--c) }",
        "x-x { color: revert; color: red }",
        ":root { color: red } x-x { color: blue } .c { color: revert }",
        "@layer { x-x { background: blue; color: red } } x-x { color: blue } .c { color: revert-layer }",
    ] {
        assert_eq!(style(html, css).color, RED, "{css}");
    }
    let attribute = "<x-x style='color: revert-layer'>x</x-x>";
    assert_eq!(style(attribute, "x-x { color: red }").color, RED);
    let block = "<p>x</p>";
    let display = |css: &str| {
        let (dom, styles, _) = styles(block, css);
        styles.get(styles.of(dom.first("p").unwrap()).own).display
    };
    assert_eq!(display("p { display: inline; display: revert }"), Display::Block);
    assert_eq!(display("p { display: inline } p { display: revert-layer }"), Display::Block);
    assert_eq!(display("p { display: unset }"), Display::Inline);
}

#[test]
fn pages_and_counter_styles_stand_in_layers() {
    let css = "@page { margin: 10mm } @layer a { @page :first { margin: 20mm }
        @counter-style s { system: cyclic; symbols: b } } @layer b, a;
        @counter-style s { system: cyclic; symbols: a } @layer a { @counter-style s { system: cyclic; symbols: c } }
        x-x { list-style-type: s }";
    assert_eq!(style("<x-x>", css).list_marker.format(1), "a");
    let (_, _, sheets) = styles("", css);
    let page =
        page_style::compute(&sheets, PageKind { first: true, ..PageKind::default() }, &[], &Style::default(), &half_em);
    assert!((page.area.x - 28.35).abs() < 0.01);
}

#[test]
fn values_are_inherited_and_reset() {
    let html = "<div><x-x>1</x-x></div>";
    let css = "div { color: red; border: 2pt solid; font-size: 20pt; text-align: center }";
    let own = style(html, css);
    assert_eq!((own.color, own.font_size, own.border[TOP].used()), (RED, 20.0, 0.0));
    let css = format!("{css} x-x {{ color: initial; border: inherit; font-size: 50%; text-align: unset }}");
    let own = style(html, &css);
    assert_eq!((own.color, own.font_size, own.border[TOP].used()), (Color::BLACK, 10.0, 2.0));
}

#[test]
fn units_are_resolved() {
    let html = "<x-x>1</x-x>";
    let css = "html { font-size: 10pt } x-x { font-size: 2em; margin: 1em 2rem 1in 50%; padding: 4px 1ch 1vw 1mm;
        line-height: 1.5; width: calc(100% - 2 * 1em) }";
    let own = style(html, css);
    assert_eq!(own.margin[..3], [Size::points(20.0), Size::points(20.0), Size::points(72.0)]);
    assert_eq!(own.margin[LEFT].of(300.0), Some(150.0));
    assert_eq!(own.padding[..3], [3.0, 10.0, 5.0].map(Padding::points));
    assert_eq!(own.line_height, LineHeight::Number(1.5));
    assert_eq!(own.width.of(300.0), Some(260.0));
}

#[test]
fn lengths_are_picked() {
    let html = "<x-x>1</x-x>";
    let css = "html { font-size: 10pt } x-x { font-size: clamp(12pt, 3vw, 14pt); margin: min(1em, 20pt) max(1em, 20pt)
        calc(2 * max(1em, 1mm) - 1pt) clamp(30pt, 1em, 20pt); padding: max(10%, 20%) min(10%, 20%);
        width: calc(min(2, 3) * 10pt); text-indent: calc(1pt - min(1em, 5pt)) }";
    let own = style(html, css);
    assert_eq!(own.margin, [14.0, 20.0, 27.0, 30.0].map(Size::points));
    assert_eq!((own.padding[TOP].length.percent, own.padding[RIGHT].length.percent), (0.2, 0.1));
    assert_eq!((own.width.of(1.0), own.indent.pt), (Some(20.0), -4.0));
    let css =
        "x-x { font-size: 10pt; width: min(100%, 4em); min-width: max(1mm, 50%, 2em); max-width: clamp(2em, 50%, 4em);
        height: clamp(50pt, 10% + 1pt, 20pt) }";
    let own = style(html, css);
    let at = |size: Size| [10.0, 60.0, 200.0].map(|base| size.of(base).unwrap_or(0.0)).to_vec();
    assert_eq!(at(own.width), [10.0, 40.0, 40.0]);
    assert_eq!(at(own.min_width), [20.0, 30.0, 100.0]);
    assert_eq!(at(own.max_width), [20.0, 30.0, 40.0]);
    assert_eq!(at(own.height), [50.0; 3]);
    let css =
        "x-x { width: calc(min(100%, 60pt) - 20pt); min-width: calc(50pt - 2 * min(10%, 5pt)); margin: max(2pt, 10%)
        calc(1pt - max(10%, 2pt)); padding: max(30pt, 50%) clamp(1pt, 10%, 9pt) 0 min(10%, 12pt) }";
    let own = style(html, css);
    assert_eq!(at(own.width), [-10.0, 40.0, 40.0]);
    assert_eq!(at(own.min_width), [48.0, 40.0, 40.0]);
    assert_eq!(at(own.margin[TOP]), [2.0, 6.0, 20.0]);
    assert_eq!(at(own.margin[RIGHT]), [-1.0, -5.0, -19.0]);
    let padding = own.padding.map(|own| [10.0, 60.0, 200.0].map(|base| own.of(base)));
    assert_eq!(padding, [[30.0, 30.0, 100.0], [1.0, 6.0, 9.0], [0.0; 3], [1.0, 6.0, 12.0]]);
    let (_, _, sheets) = styles("", "@page { size: 200pt 100pt; margin: max(15pt, 10%) }");
    let page = page_style::compute(&sheets, PageKind::default(), &[], &Style::default(), &half_em);
    assert_eq!((page.area.x, page.area.y), (20.0, 15.0));
}

#[test]
fn numbers_and_colours_are_calculated() {
    let css =
        "x-x { line-height: calc(1 + .5); orphans: calc(1 + 1.6); widows: calc(9 / 3); font-weight: calc(400 + 300);
        color: rgb(0, calc(1 * 128), calc(50% + 50%)) }";
    let own = style("<x-x>1</x-x>", css);
    assert_eq!((own.line_height, own.orphans, own.widows, own.weight), (LineHeight::Number(1.5), 3, 3, 700));
    assert_eq!(own.color, Color { r: 0, g: 128, b: 255, a: 255 });
}

#[test]
fn logical_sides_follow_the_direction() {
    let css = "x-x { margin-inline-start: 5pt; padding-inline: 1pt 2pt }";
    let ltr = style("<x-x>1</x-x>", css);
    let rtl = style("<x-x dir=rtl>1</x-x>", css);
    assert_eq!((ltr.margin[LEFT], rtl.margin[RIGHT]), (Size::points(5.0), Size::points(5.0)));
    assert_eq!(
        (ltr.padding[LEFT].length.pt, rtl.padding[RIGHT].length.pt, rtl.padding[LEFT].length.pt),
        (1.0, 1.0, 2.0)
    );
}

#[test]
fn custom_properties_cascade() {
    let css = ":root { --c: red; --gap: 4pt } div { --gap: 6pt }
        x-x { color: var(--c); margin: var(--gap) var(--none, 1pt) }";
    let own = style("<div><x-x>1</x-x></div>", css);
    assert_eq!(own.color, RED);
    assert_eq!(own.margin[..2], [Size::points(6.0), Size::points(1.0)]);
}

#[test]
fn custom_properties_are_computed_where_they_are_declared() {
    let html = "<div><x-x>1</x-x></div>";
    for css in [
        ":root { --c: red; --b: 2pt solid var(--c) } div { --c: blue } x-x { border: var(--b) }",
        ":root { --c: blue } x-x { --b: 2pt solid var(--c); --c: red; border: var(--b) }",
        ":root { --c: blue } x-x { --c: initial; border: 2pt solid var(--c, red) }",
        ":root { --c: red } div { --c: inherit } x-x { border: 2pt solid var(--c) }",
        "x-x { --c: var(--d); --d: var(--c); border: 2pt solid var(--c, red) }",
    ] {
        assert_eq!(style(html, css).border[TOP].painted(Color::BLACK).1, RED, "{css}");
    }
    assert_eq!(messages("<p>", "p { --a: var(b); color: var(--c d) }").len(), 2);
}

#[test]
fn pseudo_elements_have_styles_of_their_own() {
    let (dom, styles, _) =
        styles("<x-x>1</x-x>", "x-x::before { content: 'a'; color: red } x-x:after { content: 'b' }");
    let found = styles.of(dom.first("x-x").unwrap());
    assert_eq!(styles.get(found.before.unwrap()).color, RED);
    assert_ne!(styles.get(found.after.unwrap()).color, RED);
    assert!(found.marker.is_none());
}

#[test]
fn selectors_for_what_paper_never_is_cost_no_other_of_their_list() {
    for other in [
        ":host",
        ":host(.a)",
        ":host-context(p)",
        "::selection",
        "*::placeholder",
        "::file-selector-button",
        "::-webkit-scrollbar",
        "::part(label)",
        "::highlight(found)",
        ":fullscreen",
        ":popover-open",
        "a:-webkit-autofill",
        ":state(ready)",
        "x-x::backdrop",
    ] {
        let css = format!("x-x {{ color: blue }} x-x, {other} {{ color: red }}");
        assert_eq!(style("<x-x>1</x-x>", &css).color, RED, "{other}");
        assert_eq!(messages("<p>", &css), [] as [&str; 0], "{other}");
    }
    let css = "x-x { color: red } :is(x-x:hover, x-x::selection, ::first-word) { color: blue }";
    assert_eq!(style("<x-x>1</x-x>", css).color, RED);
    for (html, selector) in [
        ("<x-x>1</x-x>", "x-x:defined"),
        ("<x-x>1</x-x>", ":read-only"),
        ("<input disabled><x-x>1</x-x>", "input:disabled + x-x"),
        ("<input><x-x>1</x-x>", ":enabled:read-write:optional:not(:checked) + x-x"),
        ("<input required readonly checked><x-x>1</x-x>", ":required:read-only:checked + x-x"),
    ] {
        assert_eq!(style(html, &format!("{selector} {{ color: red }}")).color, RED, "{selector}");
    }
    assert_eq!(messages("<p>", "p, ::first-word { color: red }").len(), 1);
}

#[test]
fn equal_elements_share_a_style() {
    let html = "<p>1</p>".repeat(100);
    let (_, styles, _) = styles(&html, "");
    assert!(styles.table.len() < 10);
}

#[test]
fn media_print_holds() {
    let css = "@media screen { x-x { color: blue } } @media print { x-x { color: red; display: block } }";
    let own = style("<x-x>1</x-x>", css);
    assert_eq!((own.color, own.display), (RED, Display::Block));
}

#[test]
fn broken_css_costs_only_itself() {
    let (_, _, sheets) =
        styles("<p>", "p { color: red; margin 3pt; width: } } q { color: { } p::first-word { x: y } i { color: blue }");
    assert_eq!(sheets.rules.last().map(|rule| rule.declarations.len()), Some(1));
    assert!(!sheets.warnings.is_empty());
}

#[test]
fn pages_have_kinds() {
    let css = "@page { size: A5 landscape; margin: 10mm; @top-left { content: 'a' } }
        @page :first { margin-top: 30mm; @top-left { content: none } } @page :left { margin-left: 20mm }";
    let (_, _, sheets) = styles("", css);
    let page = |kind| page_style::compute(&sheets, kind, &[], &Style::default(), &half_em);
    let mm = 72.0 / 25.4;
    let first = page(PageKind { first: true, right: true, ..PageKind::default() });
    assert!((first.width - 210.0 * mm).abs() < 0.01 && (first.height - 148.0 * mm).abs() < 0.01);
    assert!((first.area.y - 30.0 * mm).abs() < 0.01);
    assert!(first.boxes[&MarginBox::TopLeft].content.is_none());
    let left = page(PageKind::default());
    assert!((left.area.x - 20.0 * mm).abs() < 0.01);
    assert!(left.boxes[&MarginBox::TopLeft].content.is_some());
}

fn messages(html: &str, css: &str) -> Vec<String> {
    styles(html, css).2.warnings.iter().map(ToString::to_string).collect()
}

#[test]
fn rules_nest() {
    let html = "<main class=m><p class=p>a <x-x class=c>b</x-x></p></main>";
    for css in [
        ".m { p { x-x { color: red } } }",
        ".m { & .c { color: red } }",
        ".c { .m & { color: red } }",
        "x-x { &.c { color: red } color: blue }",
        ".m { > p > x-x { color: red } }",
        "x-x { color: blue; @media print { color: red } }",
        "x-x { @media print { &.c { color: red } } }",
        "x-x { @supports (color: red) { color: red } }",
        "p { x-x:first-child { color: red } }",
        ".no, .p { x-x, i { color: red } }",
        "x-x { i { color: blue } color: red }",
    ] {
        assert_eq!(style(html, css).color, RED, "{css}");
        assert_eq!(messages(html, css), Vec::<String>::new(), "{css}");
    }
    for css in [
        "x-x { color: red; &.c { color: blue } }",
        "x-x { color: red } x-x { @media screen { color: red } color: blue }",
        "x-x { @supports (display: grid) { color: red } }",
        "x-x { &:not(.c) { color: red } }",
    ] {
        assert_ne!(style(html, css).color, RED, "{css}");
    }
    // What stands after a nested rule is stronger than it.
    assert_eq!(style(html, ".c { &.c { font-weight: bold } } x-x { & { color: blue } color: red }").color, RED);
}

#[test]
fn what_is_not_understood_is_reported_at_its_place() {
    let told = |css: &str| messages("<x-x>", css);
    assert_eq!(told("p { color red; margin: 3pt }"), ["a.css:1:5: `color red` is no declaration, it is left out"]);
    assert_eq!(told("p { color: red; 12; margin: 0 }"), ["a.css:1:17: `12` is no declaration, it is left out"]);
    assert_eq!(told("p {\n a:::b { color: red } }"), ["a.css:2:2: `a:::b` is not supported, the rule is left out"]);
    assert_eq!(
        told("@media (glow: strong) { p { color: red } } @media (glow: strong) { i { color: red } }"),
        ["a.css:1:9: the media query `glow: strong` is not understood, and does not hold"]
    );
    assert_eq!(told("p { hanging-punctuation: first }").len(), 1);
    assert_eq!(
        told("p { hanging-punctuation: none; text-wrap: pretty; cursor: pointer; font-kerning: auto }").len(),
        0
    );
    assert_eq!(
        told("ol { list-style: klingon inside } p::before { content: counter(a, vulcan) counter(b, hebrew) }"),
        [
            "a.css:1:6: the counter style `klingon` is not known, `decimal` stands for it",
            "a.css:1:47: the counter style `vulcan` is not known, `decimal` stands for it"
        ]
    );
    assert_eq!(told("@counter-style x { system: numeric; symbols: a }").len(), 1);
    assert_eq!(told("@counter-style x { symbols: a; glow: 1 } ol { list-style: x }").len(), 1);
    // Of an attribute its tag is known.
    let inline = messages("<p>a\n<p style='color: sideways'>b", "");
    assert_eq!(inline, ["a.html:2:1: `sideways` is not supported as a value of `color`"]);
}

#[test]
fn what_stands_beside_a_picture_counts() {
    let css = "x-x { background: url(x.png) no-repeat #f00; list-style: square url(y.png) inside; gap: 2pt 3pt }
        @keyframes x { from { color: red } } ::selection, a::-webkit-any { color: red } a::glow { color: red }";
    let (dom, styles, sheets) = styles("<x-x>x</x-x>", css);
    let own = styles.get(styles.of(dom.first("x-x").unwrap()).own);
    assert_eq!(own.background_color(), Some(RED));
    assert!(own.list_inside && own.columns.gap == Some(LengthPercentage::points(3.0)));
    let told: Vec<String> = sheets.warnings.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "a.css:1:7: the picture in `url(x.png) no-repeat #f00` is not supported as a value of `background`",
            "a.css:1:46: the picture in `square url(y.png) inside` is not supported as a value of `list-style`",
            "a.css:2:89: `a::glow` is not supported, the rule is left out"
        ]
    );
}

#[test]
fn what_is_clipped_or_moved_away_is_not_there() {
    for (css, display) in [
        ("position: absolute; clip: rect(0 0 0 0)", Display::None),
        ("position: fixed !important; left: -9999px", Display::None),
        ("position: absolute; top: -100em", Display::None),
        ("clip-path: inset(50%)", Display::None),
        ("clip: rect(0 0 0 0); left: -9999px", Display::Inline),
        ("position: absolute; clip: rect(0 0 0 0); clip: auto; left: 3px", Display::Inline),
        ("position: absolute; left: -9999px; position: static", Display::Inline),
    ] {
        assert_eq!(style("<x-x>x", &format!("x-x {{ {css} }}")).display, display, "{css}");
    }
    let (_, _, sheets) = styles("<x-x>x", "x-x { position: absolute; left: -9999px }");
    let told: Vec<String> = sheets.warnings.iter().map(ToString::to_string).collect();
    assert_eq!(told, ["a.css:1:7: `absolute` is not supported as a value of `position`"]);
    assert_eq!(style("<x-x>x", "x-x { text-indent: -9999px }").indent, LengthPercentage::default());
}

#[test]
fn a_colour_stands_for_a_gradient() {
    let grey = |part: u8| Some(Color { r: part, g: part, b: part, a: 255 });
    for (css, color) in [
        ("background: linear-gradient(90deg, #000, 50%, #646464)", grey(50)),
        ("background-image: repeating-radial-gradient(circle at 0 0, #282828 1px, #3c3c3c)", grey(50)),
        ("background: linear-gradient(#000, #fff) #323232", grey(50)),
        ("background: linear-gradient(#000, #fff); background: #323232", grey(50)),
        ("background: linear-gradient(#000, #fff); background: none", None),
        // A line below the text, and what takes all of the box.
        ("background: linear-gradient(#000, #fff) 0 100% / 100% 2px no-repeat", None),
        ("background-image: linear-gradient(#000, #fff); background-size: 100% 1px", None),
        ("background: linear-gradient(#000, #646464) center / cover", grey(50)),
        ("background-size: 100% 100%, auto; background-image: linear-gradient(#000, #646464)", grey(50)),
    ] {
        assert_eq!(style("<x-x>x", &format!("x-x {{ {css} }}")).background_color(), color, "{css}");
    }
    let cut = "x-x { color: transparent; background: linear-gradient(#f00, #f00); -webkit-background-clip: text }";
    let own = style("<x-x>x", cut);
    assert_eq!((own.color, own.background_color()), (RED, None));
    let plain = style("<x-x>x", "x-x { color: red; background: blue; background-clip: text }");
    assert_eq!((plain.color, plain.background_color()), (RED, None));
    let (_, _, sheets) = styles("<x-x>x", "x-x { background: linear-gradient(#f00, #f00) }");
    let told: Vec<String> = sheets.warnings.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        ["a.css:1:7: the gradient in `linear-gradient(#f00, #f00)` is not supported as a value of `background`"]
    );
}

#[test]
fn the_variables_of_a_background_are_waited_for() {
    for value in [
        "var(--red)",
        "var(--none, #f00)",
        "rgb(var(--parts))",
        "no-repeat var(--red)",
        "linear-gradient(var(--red), var(--red))",
        "var(--red) !important",
    ] {
        let css = format!(":root {{ --red: #f00; --parts: 255, 0, 0 }} x-x {{ background: {value} }}");
        assert_eq!(style("<x-x>x", &css).background_color(), Some(RED), "{value}");
    }
}

#[test]
fn supports_tells_no_layouts_that_are_not_there() {
    for (condition, holds) in [
        ("(display: grid)", false),
        ("(grid-template-columns: 1fr)", false),
        ("(inset: 0)", false),
        ("(gap: 1em)", true),
        ("(columns: 2)", true),
        ("(text-wrap: balance)", true),
        ("(color: oklch(50% 0.1 20))", true),
    ] {
        let css = format!("@supports {condition} {{ x-x {{ color: red }} }}");
        assert_eq!(style("<x-x>x", &css).color == RED, holds, "{condition}");
    }
}

#[test]
fn all_sets_everything_but_the_direction() {
    let css = "body { color: red; direction: rtl; font-size: 9pt } x-x { color: blue; float: left; font-size: 3pt; all: unset }";
    let own = style("<x-x>x</x-x>", css);
    assert_eq!((own.color, own.font_size, own.direction), (RED, 9.0, Direction::Rtl));
    assert_eq!(own.float, super::computed::Float::None);
}

#[test]
fn counter_styles_are_those_of_the_sheets() {
    let own = style("<x-x>", "@counter-style stars { system: cyclic; symbols: '*' } x-x { list-style-type: stars }");
    assert_eq!(own.list_marker.marker(3), "*.");
    // The definition may come later, and be of a name that is predefined.
    let css = "x-x { list-style: inside hebrew } @counter-style hebrew { symbols: h }";
    assert_eq!(style("<x-x>", css).list_marker.format(2), "hh");
    assert_eq!(style("<x-x>", "x-x { list-style: symbols(cyclic '+' '-') }").list_marker.marker(2), "-");
}

#[test]
fn what_variables_make_is_told_as_if_it_were_written() {
    let css = ":root { --brand: device-cmyk(0 1 1 0); --d: grid; --n: 10; --none: ; --ok: red }
        h1 { color: var(--brand) } h2 { color: var(--brand); width: var(--n, 1px) }
        p { display: var(--d); margin: var(--gone); padding: var(--none); background: var(--ok) }
        @page { @top-left { color: var(--brand); font-style: var(--d) } }";
    let html = "<html><h1>a</h1><h2>b</h2><h2>b</h2><p style='text-align: var(--d)'>c</p>";
    let told = messages(html, css);
    let of = |place: &str, value: &str, name: &str| {
        let line = format!("a.css:{place}: `{value}` is not supported as a value of `{name}`");
        told.iter().filter(|told| **told == line).count()
    };
    assert_eq!(of("2:14", "device-cmyk(0 1 1 0)", "color"), 1, "{told:?}");
    assert_eq!(of("2:62", "10", "width"), 1, "{told:?}");
    assert_eq!(of("3:13", "grid", "display"), 1, "{told:?}");
    assert_eq!(of("4:50", "grid", "font-style"), 1, "{told:?}");
    assert!(told.iter().any(|told| told.starts_with("a.html:1") && told.contains("`grid`")), "{told:?}");
    assert!(!told.iter().any(|told| told.contains("margin") || told.contains("padding")), "{told:?}");
    assert_eq!(told.len(), 5, "{told:?}");
}

#[test]
fn the_height_of_a_page_is_that_of_the_page_that_an_element_stands_on() {
    let css = "@page { size: 300pt 400pt; margin: 50pt } @page cover { margin: 0 }
        x-x { height: 100vh; width: 50vw; page: cover } p { height: 100vh }";
    let cover = style("<x-x>a</x-x>", css);
    assert_eq!((cover.height, cover.width), (Size::points(400.0), Size::points(150.0)));
    let (dom, styles, _) = styles("<x-x><p>a</p></x-x>", css);
    assert_eq!(styles.get(styles.of(dom.first("p").unwrap()).own).height, Size::points(400.0), "also inside of it");
    assert_eq!(style("<x-x>a</x-x>", &css.replace("page: cover", "page: auto")).height, Size::points(700.0));
}

#[test]
fn what_has_the_first_page_for_itself_is_as_high_as_that() {
    let css = "x-x { height: 100vh } x-x, .cover { break-after: page }";
    for (html, height) in [
        ("<style></style><div>\n<x-x>a</x-x></div>", 800.0),
        ("<div class=cover><p>a</p><x-x>b</x-x></div>", 800.0),
        ("<div>a<x-x>b</x-x></div>", 700.0),
        ("<x-y></x-y><x-x>a</x-x>", 700.0),
    ] {
        assert_eq!(style(html, css).height, Size::points(height), "{html}");
    }
    assert_eq!(style("<x-x>a</x-x>", "x-x { height: 100vh; break-after: avoid }").height, Size::points(700.0));
}

#[test]
fn sheets_of_a_series_are_halves_of_each_other() {
    for (name, millimetres) in [
        ("A6", (105.0, 148.0)),
        ("a0", (841.0, 1189.0)),
        ("A4", (210.0, 297.0)),
        ("B5", (176.0, 250.0)),
        ("JIS-B5", (182.0, 257.0)),
        ("a10", (26.0, 37.0)),
    ] {
        let size = style("<x-x>a</x-x>", &format!("x-x {{ size: {name} }}")).page_size.unwrap();
        let in_millimetres = (size.0 * 25.4 / 72.0, size.1 * 25.4 / 72.0);
        assert_eq!((in_millimetres.0.round(), in_millimetres.1.round()), millimetres, "{name}");
    }
    for name in ["a11", "a-4", "a+4", "c5", "jis-a4", "a"] {
        assert_eq!(style("<x-x>a</x-x>", &format!("x-x {{ size: {name} }}")).page_size, None, "{name}");
    }
}

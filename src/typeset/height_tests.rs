//! Boxes with heights of their own: what of these is empty, where pages turn, and the margins at their ends.

use super::display::{Item, Page, Rect};
use super::tests::{paragraphs, position, small, text, texts};

/// The filled rectangles of a page with this colour's red.
fn fills(page: &Page, red: u8) -> Vec<Rect> {
    let fill = |item: &Item| match item {
        Item::Fill { rect, color, .. } if color.r == red => Some(*rect),
        _ => None,
    };
    page.items.iter().filter_map(fill).collect()
}

/// How far down a text's baseline is from that of a line at the top of a page.
fn down(page: &Page, wanted: &str) -> f32 {
    let top = position(&small("<p>top</p>", "").pages[0], "top").1;
    (position(page, wanted).1 - top).round()
}

#[test]
fn a_box_as_tall_as_the_page_keeps_its_text_together() {
    let page = "<div class=page><p>one</p><p>two</p></div>";
    for (style, there) in [
        ("height: 100pt; padding: 20pt; box-sizing: border-box", 20.0),
        ("height: 100vh", 0.0),
        ("min-height: 100vh; padding-bottom: 10pt; box-sizing: border-box; background: #010000", 0.0),
        // What is too tall by its empty part alone makes no page.
        ("height: 130pt; padding: 5pt", 5.0),
    ] {
        let style = format!(".page {{ {style}; break-after: page }} p {{ margin-bottom: 5pt }}");
        let document = small(&page.repeat(3), &style);
        assert_eq!(texts(&document), ["one two"; 3], "{style}");
        assert_eq!(down(&document.pages[1], "one"), there);
    }
}

#[test]
fn the_empty_rest_of_a_height_goes_on_on_the_next_page() {
    let html = format!("{}<div class=c><p>text</p></div><p>after</p>", paragraphs(5));
    let document = small(&html, ".c { min-height: 60pt; background: #010000 }");
    assert!(texts(&document)[0].ends_with("line4 text"), "{:?}", texts(&document));
    assert_eq!((fills(&document.pages[0], 1)[0].y, fills(&document.pages[0], 1)[0].height), (50.0, 50.0));
    assert_eq!((fills(&document.pages[1], 1)[0].y, fills(&document.pages[1], 1)[0].height), (0.0, 10.0));
    assert_eq!(down(&document.pages[1], "after"), 10.0);
    // Where nothing is seen of it either.
    assert_eq!(down(&small(&html, ".c { height: 60pt }").pages[1], "after"), 10.0);
    // Where what follows stands on another page anyway there is no need.
    let alone = format!("{}<div class=c><p>text</p></div>", paragraphs(5));
    assert_eq!(small(&alone, ".c { height: 60pt }").pages.len(), 1);
    let broken = html.replace("<p>after", "<p style='break-before: page'>after");
    assert_eq!(texts(&small(&broken, ".c { height: 60pt }"))[1..], ["after"]);
    // What may not be parted is not.
    let kept = small(&html, ".c { height: 60pt; break-inside: avoid }");
    assert_eq!(texts(&kept)[1], "text after");
}

#[test]
fn lower_edges_stand_below_the_rest() {
    let html = format!("{}<div class=c><p>text</p></div><p>after</p>", paragraphs(5));
    let document = small(&html, ".c { height: 40pt; padding-bottom: 20pt; background: #010000 }");
    let heights: Vec<f32> = document.pages.iter().flat_map(|page| fills(page, 1)).map(|fill| fill.height).collect();
    assert_eq!(heights, [40.0, 20.0], "padding is not cut");
    assert_eq!(down(&document.pages[1], "after"), 20.0);
}

#[test]
fn heights_are_cut_in_cells_and_columns_too() {
    let tall = "<div class=c><p>text</p></div><p>after</p>";
    for html in [
        format!("<table><tr><td>{tall}<td>b</table>"),
        format!("<div style='columns: 2'>{tall}</div>"),
        format!("<div style='float: left'>{tall}</div>"),
        format!("<p>a</p><div style='columns: 2'>{tall}{}</div>", paragraphs(12)),
    ] {
        for height in [50, 95, 100, 250] {
            let document = small(&html, &format!(".c {{ height: {height}pt; background: #010000 }}"));
            let text = texts(&document).join(" ");
            assert!(text.contains("text") && text.contains("after"), "{html}: {text}");
            assert!(document.pages.len() <= 4, "{html}");
        }
    }
}

#[test]
fn the_margin_of_the_last_child_is_within_a_given_height() {
    let html = "<div class=b><p class=m>x</p></div><p>y</p>";
    for (style, height) in [
        ("height: 50pt", 50.0),
        ("min-height: 50pt", 50.0),
        ("height: 50pt; padding-bottom: 1pt", 51.0),
        ("min-height: 50pt; border-bottom: 1pt solid", 51.0),
        ("min-height: 50pt; background: #eee; display: flow-root", 50.0),
        ("height: 50pt; box-sizing: border-box; padding-bottom: 5pt", 50.0),
        ("height: 15pt", 15.0),
        ("height: 15pt; background: #eee; display: flow-root", 15.0),
        // A height that the content exceeds gives way, and the margin is within what it overflows by.
        ("height: 5pt", 10.0),
        // The least height has been reached: the margin stands where it would, inside an edge or after the box.
        ("min-height: 12pt; padding-bottom: 1pt", 21.0),
        ("min-height: 5pt", 20.0),
        ("min-height: 15pt", 15.0),
        ("min-height: 20pt; display: flow-root; background: #eee", 20.0),
    ] {
        let page = small(html, &format!(".b {{ {style} }} .m {{ margin-bottom: 10pt }}")).pages.remove(0);
        assert_eq!(down(&page, "y"), height, "{style}");
    }
}

#[test]
fn heights_count_from_where_a_box_comes_to_stand() {
    let html = "<p>a</p><div class=b><p class=m>x</p></div><p>y</p>";
    let page = small(html, ".b { height: 40pt; background: #010000 } .m { margin-top: 10pt }").pages.remove(0);
    assert_eq!((fills(&page, 1)[0].y, fills(&page, 1)[0].height), (20.0, 40.0));
    assert_eq!(down(&page, "y"), 60.0);
    // A box without content has its margins above and below.
    let empty = small("<p>a</p><div class=b></div><p>y</p>", ".b { height: 30pt; margin: 5pt 0 }").pages.remove(0);
    assert_eq!(down(&empty, "y"), 50.0);
    // Floats and boxes in lines have their padding beside the height.
    for style in ["float: left", "display: inline-block"] {
        let of = |sizing: &str| {
            let style = format!(".b {{ {style}; height: 40pt; padding: 10pt; background: #010000; {sizing} }}");
            fills(&small("<div class=b><p>x</p></div>", &style).pages[0], 1)[0].height
        };
        assert_eq!((of(""), of("box-sizing: border-box")), (60.0, 40.0), "{style}");
    }
}

#[test]
fn a_break_after_the_last_child_does_not_part_a_box_from_its_height() {
    let html = "<div class=b><p style='break-after: page'>x</p></div><p>y</p>";
    let document = small(html, ".b { height: 40pt; padding: 5pt; margin: 0 0 20pt; background: #010000 }");
    assert_eq!(texts(&document), ["x", "y"]);
    assert_eq!(fills(&document.pages[0], 1)[0].height, 50.0);
    assert_eq!(down(&document.pages[1], "y"), 0.0);
    assert_eq!(text(&document.pages[1]), "y");
}

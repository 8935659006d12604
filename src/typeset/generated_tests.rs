//! Boxes round generated content, lines that decorate text, and running elements.

use super::display::{Color, Item, Page, Rect};
use super::tests::{Nothing, SMALL, position, set_with, small, text, texts};

const RED: Color = Color { r: 255, g: 0, b: 0, a: 255 };
const LIME: Color = Color { r: 0, g: 255, b: 0, a: 255 };
const BLUE: Color = Color { r: 0, g: 0, b: 255, a: 255 };

/// The filled rectangles of a colour, from left to right.
fn fills(page: &Page, color: Color) -> Vec<Rect> {
    let of_color = |item: &Item| match item {
        Item::Fill { rect, color: own, .. } if *own == color => Some(*rect),
        _ => None,
    };
    let mut found: Vec<Rect> = page.items.iter().filter_map(of_color).collect();
    found.sort_by(|one, other| one.x.total_cmp(&other.x));
    found
}

fn page(html: &str, style: &str) -> Page {
    small(html, style).pages.remove(0)
}

#[test]
fn generated_boxes_on_a_line_have_their_sizes() {
    for display in ["inline-block", "inline-table"] {
        let style = format!(
            "p::before {{ content: ''; display: {display}; width: 20pt; height: 8pt; background: red; margin-right: 5pt }}"
        );
        let page = page("<p>text</p>", &style);
        let boxes = fills(&page, RED);
        assert_eq!((boxes.len(), boxes[0].x, boxes[0].width, boxes[0].height), (1, 0.0, 20.0, 8.0), "{display}");
        assert_eq!(position(&page, "text").0, 25.0, "{display}");
    }
    let badge =
        "p::after { content: 'new'; display: inline-block; padding: 1pt 4pt; border: 1pt solid lime; background: red }";
    let page = page("<p>text </p>", badge);
    let (back, new) = (fills(&page, RED)[0], position(&page, "new").0);
    assert_eq!((new - back.x).round(), 5.0, "{back:?}");
    assert_eq!(fills(&page, LIME).len(), 4);
    assert!(back.x > position(&page, "text").0 + 10.0);
}

#[test]
fn a_generated_box_may_hang_before_its_line() {
    let style = "ul { list-style: none; padding: 0 0 0 20pt }
        li::before { content: '-'; display: inline-block; width: 20pt; margin-left: -20pt }";
    let first = page("<ul><li>item</ul>", style);
    let (dash, item) = (position(&first, "-"), position(&first, "item"));
    assert_eq!((dash.0, item.0, dash.1), (0.0, 20.0, item.1));
    // What is too wide for it is not cut.
    let numbered = page("<ul><li>item</ul>", &style.replace("'-'", "'10.2.1.3'").replace("width: 20pt", "width: 10pt"));
    assert_eq!(position(&numbered, "10.2.1.3").1, position(&numbered, "item").1);
}

#[test]
fn a_generated_float_stands_beside_the_line_that_it_ends() {
    let style = "p::after { content: 'price'; float: right } a::after { content: target-counter(attr(href), page); float: right }";
    let first = page("<p>text</p><p>next</p>", style);
    let (text, price, next) = (position(&first, "text"), position(&first, "price"), position(&first, "next"));
    assert_eq!(price.1, text.1);
    assert!(price.0 > 150.0 && next.1 > text.1, "{price:?} {next:?}");
    let contents = small("<div><a href='#a'>Chapter</a></div><h2 id=a style='break-before: page'>A</h2>", style);
    let (chapter, number) = (position(&contents.pages[0], "Chapter"), position(&contents.pages[0], "2"));
    assert_eq!(number.1, chapter.1);
    assert!(number.0 > 190.0, "{number:?}");
    let before = page("<p>quoted</p>", "p::before { content: 'q '; float: left; width: 30pt }");
    assert_eq!(position(&before, "quoted").0, 30.0);
}

#[test]
fn generated_boxes_in_links_belong_to_them() {
    let style = "a::after { content: 'icon'; display: inline-block } a::before { content: 'f'; float: left } .b { display: block }";
    for html in ["<p><a href='https://x.example/'>text</a>", "<a class=b href='https://x.example/'>text</a>"] {
        let document = small(html, style);
        let links = &document.pages[0].links;
        let roles = links.iter().map(|link| link.tag.map(|tag| document.structure[tag as usize].role));
        assert!(roles.clone().all(|role| role == Some("Link")), "{html}: {:?}", roles.collect::<Vec<_>>());
        assert_eq!(document.pages[0].links.len(), 3, "{html}");
    }
}

#[test]
fn lines_of_a_box_run_on_through_what_decorates_itself() {
    let html = "<p><del>old <a href='https://x.example/'>link</a> on</del></p>";
    let style = "a { text-decoration: underline; color: blue } del { color: red }";
    let first = page(html, style);
    let (through, under) = (fills(&first, RED), fills(&first, BLUE));
    let covered: f32 = through.iter().map(|line| line.width).sum();
    assert!((covered - through[0].width) > 20.0 && through.len() == 3, "{through:?}");
    assert!(through.iter().all(|line| line.y == through[0].y && line.height == through[0].height), "{through:?}");
    assert_eq!(under.len(), 1);
    assert!(under[0].y > through[0].y);
    // Neither a size nor a colour of its own, nor `none`, changes a line.
    for inner in ["text-decoration: none", "font-size: 20pt; line-height: 1", "color: lime", "vertical-align: super"] {
        let page = page(&format!("<p><u>a <b style='{inner}'>b</b> c</u></p>"), "u { color: red }");
        let lines = fills(&page, RED);
        assert_eq!(lines.len(), 3, "{inner}");
        assert!(lines.iter().all(|line| (line.y - lines[0].y).abs() < 0.01), "{inner}: {lines:?}");
        assert!(lines.iter().all(|line| line.height == lines[0].height), "{inner}: {lines:?}");
        assert!(fills(&page, LIME).is_empty(), "{inner}");
    }
}

#[test]
fn lines_reach_blocks_in_the_flow_and_nothing_else() {
    let count = |inside: &str| {
        let page = page(&format!("<div class=u>{inside}</div>"), ".u { text-decoration: underline red; float: none }");
        fills(&page, RED).len()
    };
    assert_eq!(count("<p>a</p>"), 1);
    assert_eq!(count("<ul><li style='list-style: none'>a</ul>"), 1);
    assert_eq!(count("<table><tr><td>a</table>"), 1);
    assert_eq!(count("<p style='float: left'>a</p>"), 0);
    assert_eq!(count("<span style='display: inline-block'>a</span>"), 0);
    assert_eq!(count("<span style='visibility: hidden'>a</span>"), 0);
    assert_eq!(count("<p style='text-decoration: inherit'>a</p>"), 2);
}

#[test]
fn running_elements_have_their_boxes() {
    let style = "@page { margin-top: 40pt; @top-center { content: element(head); width: 100% } }
        header { position: running(head); border: 1pt solid lime; padding: 4pt; background: red; text-align: right; width: 90pt }";
    let set = set_with("<header>Boxed</header><p>x", &format!("{SMALL} {style}"), &Nothing);
    let page = &set.value.pages[0];
    let back = fills(page, RED)[0];
    assert_eq!((back.x, back.width, back.height), (0.0, 100.0, 20.0));
    assert!((15.0..25.0).contains(&(back.y + back.height / 2.0)), "{back:?}");
    assert_eq!(fills(page, LIME).len(), 4);
    let at = position(page, "Boxed");
    assert!(at.0 > 60.0 && at.0 < 90.0, "{at:?}");
    assert!(at.1 > back.y + 5.0 && at.1 < back.y + 15.0, "{at:?} in {back:?}");
    let centred = style.replace("width: 90pt", "width: 90pt; margin: 0 auto");
    assert_eq!(fills(&small("<header>Boxed</header><p>x", &centred).pages[0], RED)[0].x, 50.0);
    assert!(set.warnings.iter().all(|warning| !warning.message.contains("running")), "{:?}", set.warnings);
}

#[test]
fn boxes_inside_of_running_elements_are_lines_and_are_told_once() {
    let style = format!(
        "{SMALL} @page {{ margin-top: 40pt; @top-left {{ content: element(head) }} }} header {{ position: running(head) }}
         .l {{ float: left }} .b {{ border: 1pt solid }} i::after {{ content: 'mark'; display: inline-block }}"
    );
    let html = "<header><div class=l>one</div><p class=b>two <i>x</i> <span style='float: right'>four</span></p></header><p>text";
    let set = set_with(html, &style, &Nothing);
    let said = text(&set.value.pages[0]);
    assert_eq!(said, "text one two x mark four");
    let told: Vec<&String> = set.warnings.iter().map(|warning| &warning.message).collect();
    let of_boxes = told.iter().filter(|message| message.starts_with("boxes inside of running elements"));
    assert_eq!(of_boxes.count(), 1, "{told:?}");
    assert!(!told.iter().any(|message| message.contains("left out")), "{told:?}");
    assert_eq!(texts(&set.value).len(), 1);
}

#[test]
fn generated_content_may_say_something_else_than_it_shows() {
    let style = "p::before { content: '★ ' / 'important: ' } p::after { content: ' ◆' / '' }
        li::marker { content: '→ ' / attr(data-a, 'next') } li.d::marker { content: '■ ' / '' }
        .b::before { content: 'block' / counter(list-item) 'th'; display: block }";
    let document = small("<p>text<ul><li>item<li class=d>other<li class=b data-a=last>third</ul>", style);
    assert_eq!(
        text(&document.pages[0]),
        "★ text ◆→ item■ other→ block third"
            .replace("★ text ◆→", "★ text ◆ →")
            .replace("item■", "item ■")
            .replace("other→", "other →")
    );
    let owner = |start: &str| {
        let of_item = |item: &Item| match item {
            Item::Glyphs { run, owner, .. } if super::tests::text_of_run(run).trim() == start => Some(*owner),
            _ => None,
        };
        document.pages[0].items.iter().find_map(of_item).unwrap_or_else(|| panic!("no {start}"))
    };
    let said = |start: &str| {
        let node = &document.structure[owner(start).node().unwrap() as usize];
        (node.role, node.alt.clone())
    };
    assert_eq!(said("★"), ("Span", Some("important: ".to_owned())));
    assert_eq!(said("text"), ("P", None));
    assert_eq!((owner("◆").node(), owner("■").node()), (None, None));
    assert_eq!(said("→"), ("Lbl", Some("next".to_owned())));
    assert_eq!(said("block"), ("Span", Some("3th".to_owned())));
    assert_eq!(document.structure.iter().filter(|node| node.role == "Lbl").count(), 2);
    for refused in ["'a' /", "'a' / none", "'a' / open-quote", "/ 'a'"] {
        let set = set_with("<p>b", &format!("{SMALL} p::before {{ content: {refused} }}"), &Nothing);
        assert_eq!((text(&set.value.pages[0]).as_str(), set.warnings.len()), ("b", 1), "{refused}");
    }
}

#[test]
fn an_attribute_that_is_not_there_may_have_something_in_its_place() {
    let shown = |content: &str| {
        let set = set_with("<p data-a=yes>b", &format!("{SMALL} p::before {{ content: {content} }}"), &Nothing);
        assert_eq!(set.warnings, [], "{content}");
        text(&set.value.pages[0])
    };
    assert_eq!(shown("attr(data-a, 'no')"), "yes b");
    assert_eq!(shown("attr(data-x, 'no')"), "no b");
    assert_eq!(shown("attr(data-x type(<string>), attr(data-a))"), "yes b");
    assert_eq!(shown("attr(data-x raw-string, attr(data-y, 'none')) ' '"), "none b");
    assert_eq!(shown("attr(data-x,)"), "b");
    let margin = "@page { margin-top: 10pt; @top-left { content: attr(data-x, 'head') ' ' counter(page) / 'page' } }";
    let set = set_with("<p>b", &format!("{SMALL} {margin}"), &Nothing);
    assert_eq!(set.warnings, []);
    assert_eq!(text(&set.value.pages[0]), "b head 1");
    let told = set_with("<p>b", &format!("{SMALL} @page {{ @top-left {{ content: attr(data-x) }} }}"), &Nothing);
    assert_eq!(told.warnings.len(), 1);
}

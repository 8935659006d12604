//! Where links lead, and what is told of those that cannot.

use super::display::{Document, Item, LinkTarget, Owner, Rect};
use super::tests::{Nothing, set, set_with, small, text, texts};
use super::write::Roles;

fn targets(document: &Document) -> Vec<&LinkTarget> {
    document.pages.iter().flat_map(|page| &page.links).map(|link| &link.target).collect()
}

/// How many elements of the structure are links.
fn elements(document: &Document) -> usize {
    document.structure.iter().filter(|element| element.role == "Link").count()
}

fn told(html: &str) -> Vec<String> {
    let warnings = set_with(html, "", &Nothing).warnings;
    warnings.iter().filter(|warning| !warning.message.contains("title")).map(ToString::to_string).collect()
}

#[test]
fn links_to_nothing_are_text_and_are_told_together() {
    let html = "<html lang=en><title>t</title><p>a <a href='#gone'>b</a>\n<p><a href='#away'>c</a> <a href='#'>d</a> \
        <a href='#Top'>e</a> <a href='#here'>f</a> <a href='#hidden'>g</a><p id=here>h<div hidden><p id=hidden>i</div>";
    let document = set(html, "");
    assert!(text(&document.pages[0]).starts_with("a b"), "{}", text(&document.pages[0]));
    assert_eq!(targets(&document), [&LinkTarget::Anchor("here".to_owned())]);
    assert_eq!(elements(&document), 1);
    insta::assert_snapshot!(told(html).join("\n"), @r"
    a.html:1:36: a link leads to `#gone`, which is not in the document, nor is what 2 others lead to
      such links are set as their text
    ");
}

#[test]
fn names_of_old_anchors_are_led_to() {
    let html = "<p><a href='#one'>a</a> <a href='#tw%C3%B6'>b</a><p><a name=one>c</a><p><a name='twö' style='display: block'>d</a>";
    let document = set(html, "p { break-after: page }");
    assert_eq!(targets(&document).len(), 2);
    assert_eq!((document.anchors["one"].page, document.anchors["twö"].page), (1, 2));
}

#[test]
fn addresses_that_are_no_place_are_text() {
    let html = "<html lang=en><title>t</title><p><a href='javascript:alert(1)'>a</a> <a href=' Java&#10;Script:alert(1)'>b</a> \
        <a href='file:///etc/passwd'>c</a> <a href='data:text/html,x'>d</a> <a href='HTTPS://example.org/'>e</a> \
        <a href='mailto:a@x.example'>f</a> <a href='tel:+355'>g</a> <a href='other.html?a=b:c'>h</a>";
    let document = set(html, "");
    assert_eq!(targets(&document).len(), 4);
    assert_eq!(elements(&document), 4);
    insta::assert_snapshot!(told(html).join("\n"), @r"
    a.html:1:34: a PDF cannot lead to `javascript:` addresses; such links are set as their text
    a.html:1:112: a PDF cannot lead to `file:` addresses; such links are set as their text
    a.html:1:147: a PDF cannot lead to `data:` addresses; such links are set as their text
    ");
}

#[test]
fn blocks_in_a_link_are_links_each() {
    let html = "<html lang=en><title>t</title><a href='https://x.example/'><h2>Head <em>ing</em></h2><p>par <code>c</code></p>\
        <ul><li>li</ul><div>div <span style='display: inline-block'>in <i>it</i></span></div></a>\
        <p><a href='https://y.example/'>other</a>";
    let document = set(html, "");
    let page = &document.pages[0];
    assert_eq!(page.links.len(), 5 + 1, "four blocks, the box in the last, and the other");
    check_owners(&document);
}

/// What is seen of a link stands in the element of its annotation.
fn check_owners(document: &Document) {
    let page = &document.pages[0];
    for link in &page.links {
        let within = |tag: u32| {
            let mut at = Some(tag);
            while let Some(tag) = at {
                if Some(tag) == link.tag {
                    return true;
                }
                at = document.structure[tag as usize].parent;
            }
            false
        };
        let seen = page.items.iter().filter(|item| match item {
            Item::Glyphs { x, y, owner: Owner::Node(tag), .. } => {
                let Rect { x: left, y: top, width, height } = link.rect;
                within(*tag) && (left..left + width).contains(&(x + 0.1)) && (top..top + height).contains(y)
            }
            _ => false,
        });
        assert!(seen.count() > 0, "{link:?}");
    }
}

#[test]
fn links_lead_whatever_kind_of_box_they_are() {
    let heading = "<h2>Head</h2><p>card <em>text</em></p>";
    for (display, inside, count) in [
        ("block", "text", 1),
        ("block", heading, 2),
        ("flow-root", heading, 2),
        ("list-item", "text", 1),
        ("inline-block", "text", 1),
        ("inline-block", heading, 2),
        ("inline-table", "<span style='display: table-cell'>a</span>", 1),
        ("table", "text", 1),
        ("table-cell", "text", 1),
        ("table-row", "<span style='display: table-cell'>a</span><span style='display: table-cell'>b</span>", 2),
        ("contents", "text", 1),
        ("block; float: left", heading, 2),
        ("inline; float: right", "text", 1),
    ] {
        for (before, after) in
            [("", ""), ("<p>before ", " after"), ("<ul><li>", "</ul>"), ("<nav><ol><li>", "</ol></nav>")]
        {
            let link = format!("<a href='#x' style='display: {display}'>{inside}</a>");
            let document = set(&format!("{before}{link}{after}<h2 id=x>x</h2>"), "");
            assert_eq!(document.pages[0].links.len(), count, "{before}{link}");
            check_owners(&document);
            let roles = document.pages[0].links.iter().map(|link| document.structure[link.tag.unwrap() as usize].role);
            assert!(roles.into_iter().all(|role| role == "Link"), "{before}{link}");
        }
    }
}

#[test]
fn entries_of_contents_that_are_blocks_lead_to_their_pages() {
    let html = "<nav><ol><li><a href='#a'>One</a><li><a href='#b'>Two</a></ol></nav><h1 id=a>One</h1><h1 id=b>Two</h1>";
    let style = "nav a { display: block } nav a::after { content: leader('.') target-counter(attr(href), page) }
        h1 { break-before: page; margin: 0 }";
    let document = small(html, style);
    let page = &document.pages[0];
    assert_eq!(text(page).replace(" .", "").replace('.', ""), "1 One 2 2 Two 3");
    assert_eq!(page.links.len(), 2);
    // All of the line leads there, and a reference holds it.
    assert!(page.links.iter().all(|link| link.rect.width > 150.0), "{:?}", page.links);
    for link in &page.links {
        let tag = document.structure[link.tag.unwrap() as usize].parent.unwrap();
        assert_eq!(document.structure[tag as usize].role, "Reference");
    }
}

#[test]
fn pictures_in_links_that_are_blocks_belong_to_them() {
    let svg = "<svg role=img aria-label=a width=20 height=20 style='display: block'><rect width=9 height=9 /></svg>";
    for html in [
        format!("<a href='https://x.example/' style='display: block'>{svg}</a>"),
        format!("<a href='https://x.example/'><figure>{svg}<figcaption>cap</figcaption></figure></a>"),
    ] {
        let document = set(&html, "");
        let link = document.pages[0].links.iter().find(|link| link.rect.height == 15.0).expect(&html);
        let figure = document.structure.iter().find(|node| node.role == "Figure").unwrap();
        assert_eq!(figure.parent, link.tag, "{html}");
    }
}

#[test]
fn links_to_what_is_set_otherwise_lead_to_where_that_stands() {
    let html = "<p><a href='#frame'>a</a> <a href='#film'>b</a> <a href='#col'>c</a> <a href='#part'>d</a>
        <div style='break-before: page'><iframe id=frame src='https://x.example/'></iframe><video id=film title=f></video>
        <table><colgroup><col id=col></colgroup><tr><td>e</table>
        <svg role=img aria-label=a width=20 height=20><g id=part><rect width=9 height=9 /></g></svg></div>";
    let document = set(html, "");
    for id in ["frame", "film", "col", "part"] {
        assert_eq!(document.anchors.get(id).map(|anchor| anchor.page), Some(1), "{id}");
    }
}

#[test]
fn the_cells_of_a_table_in_a_link_are_links_each() {
    for (inside, count) in [
        ("<table><tr><td>one<td>two</table>", 2),
        ("<table><caption>cap</caption><tr><th>head<td><p>a<p>b</table>", 4),
        ("<div style='display: table-cell'>one</div> <div style='display: table-cell'>two</div>", 2),
        ("a <span style='display: table-cell'>one</span> b", 2),
        ("a <table style='display: inline-table'><tr><td>one</table> b", 2),
    ] {
        let document = set(&format!("<p>x</p><a href='https://x.example/'>{inside}</a><p>y"), "");
        assert_eq!(document.pages[0].links.len(), count, "{inside}");
        check_owners(&document);
        for link in &document.structure {
            let inside_of = |tag: u32| document.structure[tag as usize].role;
            assert!(link.role != "Link" || link.parent.map(inside_of) != Some("Link"), "{inside}");
        }
    }
}

#[test]
fn a_link_round_a_no_break_space_is_called_by_its_address() {
    let document = set("<p>a <a href='https://x.example/'>&nbsp;</a>", "");
    assert_eq!(document.pages[0].links[0].contents, "https://x.example/");
}

#[test]
fn links_to_line_breaks_and_running_elements_lead_to_where_they_stand() {
    let html = "<p><a href='#br'>a</a> <a href='#run'>b</a> <a href='#in'>c</a><p style='break-before: page'>d<br id=br>e\
        <p id=run style='position: running(x)'>f <b id=in>g</b></p><p>h";
    let document = set(html, "");
    assert_eq!(targets(&document).len(), 3);
    for id in ["br", "run", "in"] {
        assert_eq!(document.anchors.get(id).map(|anchor| anchor.page), Some(1), "{id}");
    }
}

#[test]
fn an_index_names_a_page_once() {
    let entries = (0..6).map(|number| format!("<p id=p{number}>x</p>")).collect::<Vec<_>>().concat();
    let links = (0..6).map(|number| format!("<a href='#p{number}'></a>")).collect::<Vec<_>>().concat();
    let html = format!("<div>Name{links}</div>{entries}");
    let index = |style: &str| {
        let style = format!(
            "p {{ margin-bottom: 15pt }} a::before {{ content: ', ' }} a::after {{ content: target-counter(attr(href), page) }} {style}"
        );
        texts(&small(&html, &style)).remove(0).replace(" ,", ",")
    };
    assert!(index("").starts_with("Name, 1, 1, 1, 1, 2, 2"), "{}", index(""));
    let once = index("div { -masthead-repeated-pages: omit }");
    assert!(once.starts_with("Name, 1, 2") && !once.contains("1, 1") && !once.contains("2, 2"), "{once}");
}

#[test]
fn addresses_are_relative_to_the_base_of_the_document() {
    let html = "<head><base href='https://base.example/dir/'></head><p><a href='other.html'>a</a> <a href='/root'>b</a>
        <a href='//h.example/x'>c</a> <a href='mailto:a@b.example'>d</a> <a href='#e'>e</a><p id=e>f";
    let document = set(html, "");
    let to: Vec<String> = targets(&document)
        .into_iter()
        .map(|target| match target {
            LinkTarget::Uri(uri) => uri.clone(),
            LinkTarget::Anchor(name) => format!("#{name}"),
        })
        .collect();
    let whole = ["https://base.example/dir/other.html", "https://base.example/root", "https://h.example/x"];
    assert_eq!(to, [&whole[..], &["mailto:a@b.example", "#e"]].concat());
    assert_eq!(targets(&set("<a href='other.html'>a</a>", "")), [&LinkTarget::Uri("other.html".to_owned())]);
}

#[test]
fn a_long_link_is_described_by_its_beginning() {
    let html = format!("<p><a href='https://example.org/'>{}</a>", "five! ".repeat(100));
    let document = small(&html, "");
    let links: Vec<_> = document.pages.iter().flat_map(|page| &page.links).collect();
    assert!(links.len() > 5);
    for link in links {
        let contents = &*link.contents;
        assert!(contents.starts_with("five! five!") && contents.ends_with(" five!…"), "{contents}");
        assert!((240..=250).contains(&contents.chars().count()), "{contents}");
    }
}

#[test]
fn what_is_not_seen_leads_nowhere_and_heads_nothing() {
    for html in [
        "<h2 style='visibility: hidden'><a href='https://example.org'>a</a></h2><p>b",
        "<a href='https://example.org' style='visibility: hidden'><h2>a</h2></a><p>b",
        "<a href='https://example.org' style='display: block; visibility: hidden'><h2>a</h2></a><p>b",
    ] {
        let document = set(html, "");
        assert_eq!(targets(&document).len(), 0, "{html}");
        let roles = Roles::of(&document);
        let written: Vec<&str> = (0..document.structure.len() as u32).filter_map(|tag| roles.get(tag)).collect();
        assert_eq!(written, ["Document", "P"], "{html}");
    }
    // A link that lies in a heading without a word makes none of it.
    let mut document = set("<h2><a href='https://example.org'>a</a></h2><p>b", "");
    document.pages[0].items.remove(0);
    let roles = Roles::of(&document);
    let written: Vec<&str> = (0..document.structure.len() as u32).filter_map(|tag| roles.get(tag)).collect();
    assert_eq!(written, ["Document", "P", "Link", "P"]);
}

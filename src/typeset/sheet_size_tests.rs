//! Pictures that are as large as a sheet says, graphics without a size, and what lies behind pages.

use super::display::{Image, Item, Page, Rect};
use super::tests::{Always, Nothing, SMALL, position, set_with, small, text};

fn png(width: u32, height: u32) -> Always {
    let mut png = std::io::Cursor::new(Vec::new());
    image::RgbImage::new(width, height).write_to(&mut png, image::ImageFormat::Png).unwrap();
    Always(png.into_inner())
}

/// Where the pictures of a page stand, and what is left of those that are cut.
fn pictures(page: &Page) -> Vec<Rect> {
    let of_picture = |item: &Item| match item {
        Item::Image { rect, clip, .. } => Some(clip.unwrap_or(*rect)),
        _ => None,
    };
    page.items.iter().filter_map(of_picture).collect()
}

fn fills(page: &Page, red: u8) -> Vec<Rect> {
    let fill = |item: &Item| match item {
        Item::Fill { rect, color, .. } if color.r == red => Some(*rect),
        _ => None,
    };
    page.items.iter().filter_map(fill).collect()
}

fn rounded(rect: Rect) -> [f32; 4] {
    [rect.x, rect.y, rect.width, rect.height].map(f32::round)
}

#[test]
fn a_picture_may_cover_its_page() {
    for (display, taller) in [("block", ""), ("inline", ""), ("inline", "text")] {
        let style = format!(
            "{SMALL} @page {{ margin: 10pt }} @page cover {{ margin: 0 }} .c {{ page: cover; break-after: page }}
             .c img {{ display: {display}; width: 100%; height: 100vh; object-fit: cover }}"
        );
        let html = format!("<div class=c><img src=a alt=a>{taller}</div><p>text");
        let set = set_with(&html, &style, &png(40, 40));
        assert_eq!(rounded(pictures(&set.value.pages[0])[0]), [0.0, 0.0, 200.0, 100.0], "{display}");
        assert_eq!(set.value.pages.last().map(text).as_deref(), Some("text"));
        // On a line of its own it leaves room below for letters that are not there.
        assert!(!set.warnings.iter().any(|warning| warning.message.contains("taller")), "{:?}", set.warnings);
        assert_eq!(set.value.pages.len(), if taller.is_empty() { 2 } else { 3 });
    }
    let tall = format!("{SMALL} img {{ width: 20pt; height: 100vh }}");
    let set = set_with("<div style='white-space: nowrap'><img src=a alt=a>text", &tall, &png(40, 40));
    assert!(set.warnings.iter().any(|warning| warning.message.contains("taller")), "{:?}", set.warnings);
}

#[test]
fn a_picture_may_reach_out_of_its_column_where_a_sheet_says_so() {
    let style = |own: &str| format!("{SMALL} @page {{ margin: 10pt 30pt }} img {{ {own} }}");
    let drawn = |own: &str| pictures(&set_with("<p><img src=a alt=a>", &style(own), &png(40, 10)).value.pages[0])[0];
    let bleed = "width: calc(100% + 60pt); max-width: none; height: 20pt; margin: 0 -30pt";
    assert_eq!(rounded(drawn(bleed)), [0.0, 10.0, 200.0, 20.0]);
    assert_eq!(rounded(drawn(&format!("{bleed}; display: block"))), [0.0, 10.0, 200.0, 20.0]);
    assert_eq!(rounded(drawn("width: 180pt; display: block"))[2], 180.0);
    assert_eq!(rounded(drawn("width: 180pt; max-width: 100%"))[2], 140.0);
}

#[test]
fn pictures_of_which_no_sheet_says_how_large_they_are_fit() {
    let drawn = |html: &str, own: &str, (width, height)| {
        let style = format!("{SMALL} img {{ {own} }}");
        rounded(pictures(&set_with(html, &style, &png(width, height)).value.pages[0])[0])
    };
    assert_eq!(drawn("<p><img src=a alt=a>", "", (800, 40)), [0.0, 0.0, 200.0, 10.0]);
    assert_eq!(drawn("<p><img src=a alt=a width=800 height=40>", "", (8, 8))[2], 200.0);
    // Nine tenths of the page; a height that is said may take all of it, and no more.
    assert_eq!(drawn("<img src=a alt=a>", "display: block", (40, 4000))[3], 90.0);
    assert_eq!(drawn("<img src=a alt=a>", "display: block; width: 100%", (40, 4000))[3], 90.0);
    assert_eq!(drawn("<img src=a alt=a>", "display: block; height: 3000pt", (40, 40))[3], 100.0);
    assert_eq!(drawn("<img src=a alt=a>", "display: block; height: 3000pt; width: 20pt", (40, 40))[2..], [20.0, 100.0]);
    // Least sizes that change nothing, and shares of nothing, say nothing.
    assert_eq!(drawn("<p><img src=a alt=a>", "min-width: 0; min-height: 0", (800, 40)), [0.0, 0.0, 200.0, 10.0]);
    assert_eq!(drawn("<p><img src=a alt=a>", "min-width: 10pt", (800, 40))[2..], [200.0, 10.0]);
    for own in ["width: 100%; height: 100%", "width: 80%; height: 100%", "max-width: 100%; min-width: 0; min-height: 0"]
    {
        assert_eq!(
            drawn("<img src=a alt=a>", &format!("display: block; {own}"), (400, 4000))[2..],
            [9.0, 90.0],
            "{own}"
        );
    }
    assert_eq!(drawn("<img src=a alt=a>", "display: block; min-width: 300pt", (80, 8))[2..], [300.0, 30.0]);
    assert_eq!(drawn("<img src=a alt=a>", "display: block; min-height: 95pt", (8, 8))[2..], [95.0, 95.0]);
}

#[test]
fn any_rule_of_a_sheet_outweighs_the_attributes_of_pictures() {
    let drawn = |attributes: &str, style: &str| {
        let html = format!("<p><img src=a alt=a {attributes}>");
        let sheet = format!("{SMALL} img {{ {style} }}");
        let [.., width, height] = rounded(pictures(&set_with(&html, &sheet, &png(80, 40)).value.pages[0])[0]);
        (width, height)
    };
    let squashed = "width=120 height=16";
    assert_eq!(drawn(squashed, ""), (90.0, 12.0));
    assert_eq!(drawn(squashed, "height: auto"), (90.0, 45.0));
    assert_eq!(drawn(squashed, "max-width: 60pt; height: auto"), (60.0, 30.0));
    assert_eq!(drawn(squashed, "width: auto"), (24.0, 12.0));
    assert_eq!(drawn(squashed, "width: auto; height: auto; max-height: 15pt"), (30.0, 15.0));
    assert_eq!(drawn(squashed, "width: initial; height: unset"), (60.0, 30.0));
    assert_eq!(drawn(squashed, "all: revert"), (60.0, 30.0));
    assert_eq!(drawn(squashed, "width: 30pt"), (30.0, 12.0));
    assert_eq!(drawn(squashed, "height: 30pt"), (90.0, 30.0));
    assert_eq!(drawn("width='50%' height=16", ""), (100.0, 12.0));
    assert_eq!(drawn("width='50%' height=16", "height: auto"), (100.0, 50.0));
    let graphic = "<p><svg role=img aria-label=a width=40 height=40 viewBox='0 0 2 1'><rect width=2 height=1 /></svg>";
    let drawn = |style: &str| {
        rounded(pictures(&set_with(graphic, &format!("{SMALL} svg {{ {style} }}"), &Nothing).value.pages[0])[0])
    };
    assert_eq!(drawn("")[2..], [30.0, 30.0]);
    assert_eq!(drawn("width: 60pt; height: auto")[2..], [60.0, 60.0]);
}

#[test]
fn a_hidden_picture_takes_its_room_and_is_not_drawn() {
    for (visibility, drawn) in [("visible", 2), ("hidden", 0), ("collapse", 0)] {
        let style = format!("{SMALL} img {{ width: 40pt; height: 20pt; visibility: {visibility} }}");
        let html =
            "<p>a<a href='https://example.org'><img src=a></a>b</p><h2><img src=a alt=c style='display: block'></h2>d";
        let set = set_with(html, &style, &png(40, 20));
        let page = &set.value.pages[0];
        assert_eq!((pictures(page).len(), page.links.len()), (drawn, drawn / 2), "{visibility}");
        let is_told = set.warnings.iter().any(|warning| warning.message.contains("description"));
        assert_eq!(is_told, drawn > 0, "{visibility}");
        assert!(position(page, "d").1 > 45.0, "{visibility}: {:?}", position(page, "d"));
    }
}

#[test]
fn shares_of_margins_and_padding_of_pictures_are_of_the_column() {
    let style =
        format!("{SMALL} img {{ width: 20pt; height: 10pt; margin: 0 10%; padding: 0 5%; background: #010000 }}");
    let page = set_with("<p>a<img src=a alt=a>b", &style, &png(40, 20)).value.pages.remove(0);
    let of_text = |item: &Item| if let Item::Glyphs { x, .. } = item { Some(*x) } else { None };
    let after = page.items.iter().filter_map(of_text).next_back().unwrap();
    let behind = fills(&page, 1)[0];
    assert_eq!((behind.width.round(), pictures(&page)[0].x), (40.0, behind.x + 10.0));
    assert!((after - behind.x - 60.0).abs() < 0.1, "{after} {behind:?}");
}

#[test]
fn a_graphic_without_a_size_fills_its_column() {
    let style = format!("{SMALL} @page {{ size: 200pt 200pt }}");
    let graphic = |tag: &str| format!("<svg role=img aria-label=a {tag}><rect width=9 height=9 /></svg>");
    let of_html = |html: &str| rounded(pictures(&set_with(html, &style, &Nothing).value.pages[0])[0]);
    let drawn = |tag: &str| of_html(&format!("<p>{}", graphic(tag)))[2..].to_vec();
    assert_eq!(drawn("viewBox='0 0 20 10'"), [200.0, 100.0]);
    assert_eq!(drawn("viewBox='0 0 20 10' width='100%'"), [200.0, 100.0]);
    assert_eq!(drawn("viewBox='0 0 20 10' width='50%'"), [100.0, 50.0]);
    assert_eq!(drawn("viewBox='0 0 20 10' width=40"), [30.0, 15.0]);
    assert_eq!(drawn("viewBox='0 0 20 10' height=20"), [30.0, 15.0]);
    assert_eq!(drawn("viewBox='0 0 20 10' style='width: 40pt'"), [40.0, 20.0]);
    assert_eq!(drawn("viewBox='0 0 20 10' style='height: 40pt'"), [80.0, 40.0]);
    assert_eq!(drawn("viewBox='0 0 20 10' style='max-width: 60pt'"), [60.0, 30.0]);
    let file = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 20 10'%3E%3C/svg%3E";
    for display in ["inline", "block"] {
        let html = format!("<div><img alt=a style='display: {display}; margin: 0 10pt' src=\"{file}\"></div>");
        assert_eq!(of_html(&html)[2..], [180.0, 90.0], "{display}");
    }
    // In a box that is as wide as what is in it, it has the size of its `viewBox`.
    assert_eq!(of_html(&format!("<div style='float: left'>{}</div>", graphic("viewBox='0 0 20 10'")))[2], 15.0);
}

#[test]
fn a_sprite_is_nothing_and_its_symbols_are_drawn_where_they_are_named() {
    let sprite = "<symbol id=i viewBox='0 0 10 10'><rect width=10 height=10 fill='url(#g)'/></symbol>
        <linearGradient id=g><stop stop-color=red /></linearGradient>";
    let icons = "<p>a <svg width=20 height=20 role=img aria-label=b><use xlink:href='#i'/></svg>
        <svg width=20 height=20 role=img aria-label=c><rect width=20 height=20 fill='url( \"#g\" )'/></svg>";
    for hidden in [
        "style='display: none'",
        "width=0 height=0 style='position: absolute' aria-hidden=true",
        "width=0px height=0",
        "style='width: 0; height: 0'",
    ] {
        let html = format!("<html lang=en><title>t</title><svg {hidden}>{sprite}</svg>{icons}");
        let set = set_with(&html, SMALL, &Nothing);
        assert!(set.warnings.iter().all(|warning| !warning.message.contains("SVG")), "{:?}", set.warnings);
        let page = &set.value.pages[0];
        assert_eq!((text(page).as_str(), pictures(page).len()), ("a", 2), "{hidden}");
        let roles: Vec<&str> = set.value.structure.iter().map(|node| node.role).collect();
        assert_eq!(roles, ["Document", "P", "Figure", "Figure"], "{hidden}");
        let is_drawn = |image: &&Image| matches!(image, Image::Drawing(drawing) if !drawing.root.shapes.is_empty());
        assert_eq!(set.value.images.iter().filter(is_drawn).count(), 2, "{hidden}");
    }
    let lost = "<svg width=20 height=20 aria-hidden=true><use href='#nowhere'/><use href='a.svg#b'/></svg>";
    let told = set_with(lost, SMALL, &Nothing).warnings.into_iter().map(|warning| warning.message);
    let told: Vec<String> = told.filter(|message| message.contains("SVG")).collect();
    assert_eq!(
        told,
        ["an SVG is set without what cannot be shown: parts of other files, what `<use>` names and is not there"]
    );
    // Decoration that cannot be drawn leaves no box.
    let set = set_with("<p>a <svg width=nan height=-1 aria-hidden=true></svg>", SMALL, &Nothing);
    assert_eq!((text(&set.value.pages[0]).as_str(), set.value.pages[0].items.len()), ("a", 1));
}

#[test]
fn the_background_of_the_document_lies_behind_all_pages() {
    for element in ["html", "body"] {
        let style = format!("@page {{ margin: 10pt }} {element} {{ background: #010000 }} body {{ padding: 4pt }}");
        let document = small("<p>a</p><p style='break-before: page'>b</p>", &style);
        for page in &document.pages {
            let behind: Vec<[f32; 4]> = fills(page, 1).into_iter().map(rounded).collect();
            assert_eq!(behind, [[10.0, 10.0, 180.0, 80.0]], "{element}");
        }
    }
    let both = "html { background: #010000 } body { background: #020000; height: 50pt }";
    let page = &small("<p>a</p>", both).pages[0];
    assert_eq!((rounded(fills(page, 1)[0])[3], rounded(fills(page, 2)[0])[3]), (100.0, 50.0));
}

//! Old attributes of HTML that say how something looks.

use super::display::{Document, Item, Page, Rect};
use super::tests::{Always, SMALL, position, set, set_with, small, text, text_of_run};

fn page(html: &str, style: &str) -> Page {
    small(html, &format!("table {{ border-spacing: 0 }} td, th {{ padding: 0 }} {style}")).pages.remove(0)
}

fn fills(page: &Page) -> Vec<(Rect, (u8, u8, u8))> {
    let fill = |item: &Item| match item {
        Item::Fill { rect, color, .. } => Some((*rect, (color.r, color.g, color.b))),
        _ => None,
    };
    page.items.iter().filter_map(fill).collect()
}

/// Size and colour of the run that says this.
fn look(page: &Page, wanted: &str) -> (f32, (u8, u8, u8)) {
    let found = page.items.iter().find_map(|item| match item {
        Item::Glyphs { run, .. } if text_of_run(run).contains(wanted) => {
            Some((run.size, (run.color.r, run.color.g, run.color.b)))
        }
        _ => None,
    });
    found.unwrap_or_else(|| panic!("`{wanted}` is not on the page"))
}

#[test]
fn text_and_boxes_stand_where_align_says() {
    let page = page(
        "<p align=right>one<div align=center>two<table width=100><tr><td>three</table></div>
        <center><font><table width='50%'><tr><td>four</table></font></center>
        <div align=center style='text-align: left'>five<table width=100><tr><td>six</table></div>",
        "",
    );
    assert!(position(&page, "one").0 > 180.0);
    assert!((80.0..100.0).contains(&position(&page, "two").0));
    assert_eq!(position(&page, "three").0, 62.5, "the table in the middle, its text at its edge");
    assert_eq!(position(&page, "four").0, 50.0);
    assert_eq!((position(&page, "five").0, position(&page, "six").0), (0.0, 0.0), "style sheets are stronger");
    let page = set(
        "<table align=center width=40 cellspacing=0 cellpadding=0><tr><td>one</table>",
        "@page { size: 200pt 100pt; margin: 0 } html { font-size: 8pt }",
    );
    assert_eq!(position(&page.pages[0], "one").0, 85.0);
}

#[test]
fn tables_are_as_their_attributes_say() {
    let html = "<table width=160 border=4 cellpadding=8 cellspacing=4 bgcolor=ffff01><tr valign=top align=right>
        <td bgcolor='#010203' width=80>a<td nowrap height=40>b c<th>d</table>";
    let page = small(html, "").pages.remove(0);
    let fills = fills(&page);
    let background = fills.iter().find(|(_, color)| *color == (255, 255, 1)).unwrap().0;
    assert_eq!(background.width, 120.0);
    let cell = fills.iter().find(|(_, color)| *color == (1, 2, 3)).unwrap().0;
    assert_eq!((cell.x, cell.y), (3.0 + 3.0, 3.0 + 3.0), "inside of the border and the space");
    assert_eq!(position(&page, "a").1, position(&page, "b").1);
    assert!(position(&page, "a").0 > cell.x + cell.width / 2.0);
    assert!(cell.height > 29.9 && position(&page, "a").1 < cell.y + 20.0, "the row is high, and its text at the top");
    assert!(fills.iter().filter(|(rect, _)| rect.width == 0.75).count() >= 6, "cells have thin borders");
    // A style sheet is stronger.
    let plain = small(html, "table, td, th { border: 0; background: none }").pages.remove(0);
    assert_eq!(super::attribute_tests::fills(&plain), []);
}

#[test]
fn fonts_have_faces_sizes_and_colours() {
    let html =
        "<p><font color=red size=5 face='Arial, monospace'>one</font> <font size='-1' color='#00f'>two</font> three
        <body text=green link=purple><a href='http://a.example/'>four</a>";
    let page = page(html, "");
    assert_eq!(look(&page, "one"), (12.0, (255, 0, 0)));
    assert_eq!(look(&page, "two").1, (0, 0, 255));
    assert!((6.0..7.0).contains(&look(&page, "two").0));
    assert_eq!(look(&page, "three").1, (0, 128, 0));
    assert_eq!(look(&page, "four").1, (128, 0, 128));
}

#[test]
fn lists_and_rules_too() {
    let page = page(
        "<ol type=A start=3><li>one<li type=i value=7>two</ol><ul type=square><li>three</ul>
        <hr width='50%' size=4 color=red><hr align=left width=40>",
        "hr { margin-block: 2pt } ",
    );
    let said = text(&page);
    assert!(said.contains("C.") && said.contains("vii.") && said.contains('▪'), "{said}");
    let rule = fills(&page).into_iter().find(|(_, color)| *color == (255, 0, 0)).unwrap().0;
    assert_eq!((rule.x, rule.width, rule.height), (50.0, 100.0, 3.0));
    assert!(fills(&page).iter().any(|(rect, _)| rect.x == 0.0 && rect.width == 30.0));
}

#[test]
fn pictures_float_by_align_and_breaks_clear_them() {
    let mut png = std::io::Cursor::new(Vec::new());
    image::RgbImage::new(40, 40).write_to(&mut png, image::ImageFormat::Png).unwrap();
    let html = "<p><img src=a alt=a align=left hspace=4 vspace=2>one<br clear=all>two<p><img src=a alt=a width='40%'>";
    let document: Document = set_with(html, SMALL, &Always(png.into_inner())).value;
    let pictures: Vec<Rect> = document
        .pages
        .iter()
        .flat_map(|page| &page.items)
        .filter_map(|item| if let Item::Image { rect, .. } = item { Some(*rect) } else { None })
        .collect();
    let page = &document.pages[0];
    assert_eq!((pictures[0].x, pictures[0].y), (3.0, 1.5));
    assert_eq!(position(page, "one").0, 36.0);
    assert_eq!(position(page, "two").0, 0.0);
    assert!(position(page, "two").1 > 33.0);
    assert_eq!(pictures[1].width, 80.0);
}

#[test]
fn rules_of_tables_stand_between_what_they_are_told() {
    let lines = |rules: &str| {
        let html = format!("<table rules={rules}><tr><td>a<td>b<tr><td>c<td>d</table>");
        fills(&page(&html, "")).len()
    };
    assert_eq!(lines("none"), 0);
    assert!(lines("all") > lines("rows") && lines("rows") > 0 && lines("cols") > 0);
}

//! What tables, and blocks in headings, are to those who listen: by what is set of them.

use super::display::{Attributes, Document, Scope};
use super::tests::{small, text};

fn structure(html: &str, style: &str) -> Document {
    small(html, style)
}

/// How many nodes of a type there are.
fn count(document: &Document, role: &str) -> usize {
    document.structure.iter().filter(|node| node.role == role).count()
}

/// The scopes of the header cells, in their order.
fn scopes(html: &str) -> Vec<Scope> {
    let document = structure(html, "");
    let of_cell = |attributes: &Attributes| match attributes {
        Attributes::Cell(cell) => cell.scope,
        _ => None,
    };
    document.structure.iter().filter_map(|node| of_cell(&node.attributes)).collect()
}

const TABLE: &str =
    "<table><caption>c</caption><thead><tr><th>A<th>B</thead><tbody><tr><td>1<td>2<tr><td>3<td>4</tbody></table>";

#[test]
fn a_table_that_is_a_block_is_one_all_the_same() {
    for style in
        ["display: block; overflow: auto; width: max-content; max-width: 100%", "display: flow-root", "float: left"]
    {
        let document = structure(TABLE, &format!("table {{ {style} }}"));
        let counts = ["Table", "Caption", "THead", "TBody", "TR", "TH", "TD", "P"].map(|role| count(&document, role));
        assert_eq!(counts, [1, 1, 1, 1, 3, 2, 4, 0], "{style}");
        assert_eq!(text(&document.pages[0]), "c A B 1 2 3 4", "{style}");
        let caption = document.structure.iter().find(|node| node.role == "Caption").unwrap();
        assert_eq!(document.structure[caption.parent.unwrap() as usize].role, "Table", "{style}");
    }
    let nested = format!("<table style='display: block'><tr><th>h<td>{TABLE}</table>");
    assert_eq!(["Table", "Caption", "TH"].map(|role| count(&structure(&nested, ""), role)), [2, 1, 3]);
}

#[test]
fn a_table_without_a_header_cell_that_is_set_is_none() {
    for style in [
        "thead { display: none }",
        "th { display: none }",
        "tr { display: block }",
        "td, th { display: block }",
        "td, th { float: left }",
        "td, th { display: inline-block }",
        "td { display: block }",
        "tr:first-child { display: none }",
        "table, thead, tbody, tr, th, td { display: block }",
        "tbody, thead { display: block }",
        "thead { position: absolute; left: -9999px }",
    ] {
        let document = structure(TABLE, style);
        let left: Vec<&str> =
            document.structure.iter().map(|node| node.role).filter(|role| role.starts_with('T')).collect();
        assert!(left.is_empty(), "{style}: {left:?}");
    }
    let kept = structure(TABLE, "table { display: block } tbody, thead { display: contents }");
    assert_eq!(["Table", "TH", "TD"].map(|role| count(&kept, role)), [1, 2, 4]);
}

#[test]
fn a_table_that_says_it_is_layout_is_none() {
    for role in ["presentation", "none"] {
        let document = structure(&format!("<table role={role}><tr><th>layout<td>x</table>"), "");
        assert_eq!(count(&document, "Table") + count(&document, "TH"), 0, "{role}");
    }
    assert_eq!(count(&structure("<table role=table><tr><th>a<td>x</table>", ""), "Table"), 1);
}

#[test]
fn header_cells_head_what_html_says() {
    use Scope::{Column, Row};
    for (html, expected) in [
        ("<table><tr><th>a<th>b<tr><td>1<td>2</table>", vec![Column, Column]),
        ("<table><tr><th>a<td>1<tr><th>b<td>2</table>", vec![Row, Row]),
        (
            "<table><thead><tr><th>no<th>name<th>v</thead><tr><td>1<th>a<td>x<tr><td>2<th>b<td>y</table>",
            vec![Column, Column, Column, Row, Row],
        ),
        (
            "<table><tr><th colspan=2>g<th>v<tr><th rowspan=2>a<th>a1<td>1<tr><th>a2<td>2</table>",
            vec![Column, Column, Row, Row, Row],
        ),
        // Beside an empty corner.
        ("<table><tr><td><th>a<th>b<tr><th>c<td>1<td>2</table>", vec![Column, Column, Row]),
        ("<table><tr><td>1<th scope=row>a<tr><th scope=col>b<td>2</table>", vec![Row, Column]),
        ("<table><tr><th>a<td>1<th>b<td>2<tr><th>c<td>3<th>d<td>4</table>", vec![Row, Row, Row, Row]),
    ] {
        assert_eq!(scopes(html), expected, "{html}");
    }
}

#[test]
fn blocks_within_a_heading_come_behind_it_for_those_who_listen() {
    for (inside, role) in [
        ("<aside>A</aside>", "Sect"),
        ("<ul><li>A</ul>", "L"),
        ("<table><tr><th>A<th>B<tr><td>1<td>2</table>", "Table"),
        ("<blockquote>A</blockquote>", "BlockQuote"),
        ("<h2>A</h2>", "H2"),
    ] {
        let document = small(&format!("<section><h1>Title {inside} more</h1></section>"), "");
        let node = document.structure.iter().rfind(|node| node.role == role).expect(inside);
        let parent = &document.structure[node.parent.expect("a parent") as usize];
        assert_eq!(parent.role, "Sect", "{inside}");
    }
    let document = small("<h1><b style='display: list-item'>A</b></h1>", "");
    assert!(document.structure.iter().all(|node| node.role != "Lbl"));
}

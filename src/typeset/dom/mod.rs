//! The parsed document: an arena of nodes in document order.
//!
//! A node's subtree is the range from its own index to its `end`, so walking needs neither pointers nor recursion.

mod direction;
mod element;
mod markup;
mod sink;

use std::collections::BTreeMap;

use html5ever::LocalName;

use super::inline::Direction;

pub(crate) use element::ElementRef;
pub(crate) use markup::graphic_name;

/// How deep elements may nest. What lies deeper is hoisted to this depth, in order and with all its text.
const MAX_DEPTH: usize = 200;

/// Index of a node in [`Dom::nodes`].
pub(crate) type NodeId = u32;

/// An element's name and attributes.
#[derive(Debug)]
pub(crate) struct Element {
    pub(crate) name: LocalName,
    pub(crate) attributes: Vec<(LocalName, String)>,
    /// Line and column of the start tag in the source, from 1.
    pub(crate) at: (usize, usize),
    /// Whether the element is in the HTML namespace (not SVG, not `MathML`).
    pub(crate) is_html: bool,
}

impl Element {
    /// The value of an attribute.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| &**key == name).map(|(_, value)| value.as_str())
    }

    /// The level of what is a heading by its role (WAI-ARIA 1.2, `heading`), from 1 to 6: that of its name where none is said,
    /// else 2.
    pub(crate) fn heading_role(&self) -> Option<u8> {
        if self.attribute("role").map(str::trim) != Some("heading") {
            return None;
        }
        let said = self.attribute("aria-level").and_then(|level| level.trim().parse::<u8>().ok());
        let of_name = || self.name.strip_prefix('h').and_then(|level| level.parse().ok());
        Some(said.filter(|level| *level > 0).or_else(of_name).unwrap_or(2).clamp(1, 6))
    }

    /// Whether it is hidden from those who listen (WAI-ARIA 1.2, `aria-hidden`).
    pub(crate) fn is_aria_hidden(&self) -> bool {
        self.attribute("aria-hidden") == Some("true")
    }
}

/// What a node is.
#[derive(Debug)]
pub(crate) enum NodeData {
    Document,
    Element(Element),
    Text(String),
}

/// One node of the arena.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) data: NodeData,
    pub(crate) parent: NodeId,
    /// One past the last node of the subtree.
    pub(crate) end: NodeId,
    /// The previous sibling that is an element.
    pub(crate) previous_element: Option<NodeId>,
    /// Index into [`Dom::languages`].
    language: u16,
    direction: Direction,
}

/// As what text is set that names no language.
const UNKNOWN: &str = "en";

/// A parsed document.
#[derive(Debug, Default)]
pub(crate) struct Dom {
    pub(crate) nodes: Vec<Node>,
    languages: Vec<std::sync::Arc<str>>,
    /// Whether the first of them was named by who asks for the document.
    has_base_language: bool,
    /// Line and column of the first element that was nested too deeply and hoisted.
    pub(crate) hoisted: Option<(usize, usize)>,
    /// Whether it has no document type, or an ancient one, and is rendered as browsers did then (HTML, 15.3.1).
    pub(crate) is_quirky: bool,
    /// Line and column at which the text of each `<style>` begins, by those of its tag.
    sheets: BTreeMap<(usize, usize), (usize, usize)>,
}

impl Dom {
    /// Line and column at which the text of a `<style>` begins; those of its tag where that is not known.
    pub(crate) fn sheet_at(&self, element: &Element) -> (usize, usize) {
        self.sheets.get(&element.at).copied().unwrap_or(element.at)
    }

    /// Parses a document or a fragment of one; any bytes of UTF-8 will do.
    pub(crate) fn parse(html: &str, base_language: &str) -> Self {
        let mut dom = sink::parse(html, MAX_DEPTH);
        dom.has_base_language = !base_language.is_empty();
        let base = if dom.has_base_language { base_language } else { UNKNOWN };
        direction::resolve(&mut dom, base);
        dom
    }

    pub(crate) fn node(&self, id: NodeId) -> &Node {
        // Node ids are only made by `sink`, for nodes it pushed.
        &self.nodes[id as usize]
    }

    /// The element at `id`, if it is one.
    pub(crate) fn element(&self, id: NodeId) -> Option<&Element> {
        match &self.node(id).data {
            NodeData::Element(element) => Some(element),
            _ => None,
        }
    }

    /// The children of a node, in order.
    pub(crate) fn children(&self, id: NodeId) -> Children<'_> {
        Children { dom: self, next: id + 1, end: self.node(id).end }
    }

    /// BCP 47 language of a node, inherited. What names none is set as English.
    pub(crate) fn language(&self, id: NodeId) -> &std::sync::Arc<str> {
        &self.languages[self.node(id).language as usize]
    }

    /// The same where the document, or who asks for it, names one.
    pub(crate) fn known_language(&self, id: NodeId) -> Option<&std::sync::Arc<str>> {
        (self.has_base_language || self.node(id).language != 0).then(|| self.language(id))
    }

    /// The language that stands for none that is known.
    pub(crate) fn unknown_language(&self) -> Option<&std::sync::Arc<str>> {
        self.languages.first().filter(|_| !self.has_base_language)
    }

    /// Direction of a node by its `dir` attribute or its ancestors'.
    pub(crate) fn direction(&self, id: NodeId) -> Direction {
        self.node(id).direction
    }

    /// All text inside a node, white space as written.
    pub(crate) fn text(&self, id: NodeId) -> String {
        let mut text = String::new();
        for node in &self.nodes[id as usize..self.node(id).end as usize] {
            if let NodeData::Text(piece) = &node.data {
                text.push_str(piece);
            }
        }
        text
    }

    /// All text inside a node with runs of white space, and lines that end, collapsed to one space and the ends trimmed.
    pub(crate) fn collapsed_text(&self, id: NodeId) -> String {
        let mut text = String::new();
        for node in &self.nodes[id as usize..self.node(id).end as usize] {
            match &node.data {
                NodeData::Text(piece) => text.push_str(piece),
                NodeData::Element(element) if &*element.name == "br" => text.push(' '),
                _ => {}
            }
        }
        text.split_ascii_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Whether no letter inside a node is written right to left.
    pub(crate) fn is_left_to_right(&self, id: NodeId) -> bool {
        direction::first_strong(self, id) != Some(Direction::Rtl)
    }

    /// The first element with this name, in document order.
    pub(crate) fn first(&self, name: &str) -> Option<NodeId> {
        self.elements().find(|(_, element)| &*element.name == name).map(|(id, _)| id)
    }

    /// All elements in document order.
    pub(crate) fn elements(&self) -> impl Iterator<Item = (NodeId, &Element)> {
        self.nodes.iter().enumerate().filter_map(|(id, node)| match &node.data {
            NodeData::Element(element) => Some((id as NodeId, element)),
            _ => None,
        })
    }
}

/// Iterator over the children of a node.
#[derive(Clone)]
pub(crate) struct Children<'a> {
    dom: &'a Dom,
    next: NodeId,
    end: NodeId,
}

impl Iterator for Children<'_> {
    type Item = NodeId;

    fn next(&mut self) -> Option<NodeId> {
        (self.next < self.end).then(|| {
            let id = self.next;
            self.next = self.dom.node(id).end;
            id
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_order_and_siblings() {
        let dom = Dom::parse("<p id=a>one <b>two</b></p><p>three", "en");
        let body = dom.first("body").unwrap();
        let children: Vec<_> = dom.children(body).collect();
        assert_eq!(children.len(), 2);
        assert_eq!(dom.collapsed_text(children[0]), "one two");
        assert_eq!(dom.node(children[1]).previous_element, Some(children[0]));
        assert_eq!(dom.element(children[0]).unwrap().attribute("id"), Some("a"));
    }

    #[test]
    fn elements_know_where_their_tags_begin() {
        let dom = Dom::parse("<p>é <b\n>x</b>\r\n 1 < 2 <i title='a'>y</i><table><tr><td>z", "en");
        let at = |name: &str| dom.element(dom.first(name).unwrap()).unwrap().at;
        assert_eq!((at("p"), at("b"), at("i"), at("td")), ((1, 1), (1, 6), (3, 8), (3, 37)));
        // What nobody wrote stands where the tag does that it is needed for.
        assert_eq!(at("tbody"), at("tr"));
    }

    #[test]
    fn hoists_what_is_nested_too_deeply() {
        let html = format!("{}deep{}", "<div>".repeat(10_000), "</div>".repeat(10_000));
        let dom = Dom::parse(&html, "en");
        assert_eq!(dom.text(0), "deep");
        assert!(dom.hoisted.is_some());
        assert!(dom.nodes.len() < 2 * MAX_DEPTH);
    }

    #[test]
    fn language_and_direction_are_inherited() {
        let dom = Dom::parse("<html lang=fa dir=rtl><p><b>x</b><p lang=en dir=auto>… abc<p dir=auto>سلام", "en");
        let bold = dom.first("b").unwrap();
        assert_eq!(&**dom.language(bold), "fa");
        assert_eq!(dom.direction(bold), Direction::Rtl);
        let paragraphs: Vec<_> =
            dom.elements().filter(|(_, element)| &*element.name == "p").map(|(id, _)| id).collect();
        assert_eq!(&**dom.language(paragraphs[1]), "en");
        assert_eq!(dom.direction(paragraphs[1]), Direction::Ltr);
        assert_eq!(dom.direction(paragraphs[2]), Direction::Rtl);
    }

    #[test]
    fn foster_parented_text_is_kept_once() {
        let dom = Dom::parse("<table>stray<tr><td>cell</table>", "en");
        assert_eq!(dom.collapsed_text(0), "straycell");
    }
}

//! Graphics that stand in the document, as files of their own.

use std::collections::{HashMap, HashSet};

use super::{Dom, Element, NodeData, NodeId};

/// The graphics of a document take no more text from one another than this, in bytes: one that is large may be named by
/// thousands.
const MOST_TAKEN: usize = 4 << 20;

impl Dom {
    /// The `<svg>` elements, each as text (XML 1.0), with what they show of others: symbols of a sprite, gradients. Prefixes
    /// of attributes are gone since the document was read; what they named (`xlink:href`) is known without them.
    pub(crate) fn graphics(&self) -> Vec<(NodeId, String)> {
        let mut roots: Vec<NodeId> = Vec::new();
        for (id, element) in self.elements() {
            if &*element.name == "svg" && roots.last().is_none_or(|last| id >= self.node(*last).end) {
                roots.push(id);
            }
        }
        let mut parts: HashMap<&str, NodeId> = HashMap::new();
        for (id, name) in roots.iter().flat_map(|root| self.ids_in(*root)) {
            parts.entry(name).or_insert(id);
        }
        let mut taken = 0;
        roots.into_iter().map(|root| (root, self.graphic(root, &parts, &mut taken))).collect()
    }

    /// A graphic; `parts` are what all graphics have, by name.
    fn graphic(&self, root: NodeId, parts: &HashMap<&str, NodeId>, taken: &mut usize) -> String {
        let mut out = String::new();
        self.write(root, None, &mut out);
        let mut wanted = self.references(root);
        if wanted.is_empty() {
            return out;
        }
        let mut known: HashSet<&str> = self.ids_in(root).map(|(_, name)| name).collect();
        let mut others = String::new();
        while let Some(name) = wanted.pop() {
            let Some(part) = parts.get(name).filter(|_| *taken < MOST_TAKEN && !known.contains(name)) else { continue };
            let before = others.len();
            self.write(*part, Some(&known), &mut others);
            *taken += others.len() - before;
            known.extend(self.ids_in(*part).map(|(_, name)| name));
            wanted.extend(self.references(*part));
        }
        if !others.is_empty() {
            // They stand last, so that what is counted of its own stays what it was.
            out.truncate(out.len() - "</svg>".len());
            out.extend(["<defs>", &others, "</defs></svg>"]);
        }
        out
    }

    /// The names of an element and of those in it.
    fn ids_in(&self, root: NodeId) -> impl Iterator<Item = (NodeId, &str)> {
        (root..self.node(root).end).filter_map(|id| Some((id, self.element(id)?.attribute("id")?)))
    }

    /// The names that an element and those in it refer to (SVG 2, 16.1).
    fn references(&self, root: NodeId) -> Vec<&str> {
        let elements = (root..self.node(root).end).filter_map(|id| self.element(id));
        let mut found = Vec::new();
        for (name, value) in elements.flat_map(|element| &element.attributes) {
            if &**name == "href" {
                found.extend(value.trim().strip_prefix('#'));
            }
            found.extend(value.split("url(").skip(1).filter_map(|rest| {
                let rest =
                    rest.trim_start_matches(|sign: char| sign.is_ascii_whitespace() || matches!(sign, '"' | '\''));
                let ends = |sign: char| sign.is_ascii_whitespace() || matches!(sign, '"' | '\'' | ')');
                rest.strip_prefix('#')?.split(ends).next()
            }));
        }
        found
    }

    /// Writes a graphic, or a part of one without the names that are `known`.
    fn write(&self, root: NodeId, known: Option<&HashSet<&str>>, out: &mut String) {
        let mut open: Vec<(NodeId, &str)> = Vec::new();
        for id in root..self.node(root).end {
            while let Some((_, name)) = open.pop_if(|(end, _)| *end <= id) {
                close(out, name);
            }
            match &self.node(id).data {
                NodeData::Element(element) => {
                    start(out, element, id == root && known.is_none(), known);
                    open.push((self.node(id).end, &element.name));
                }
                NodeData::Text(text) => escape(out, text),
                NodeData::Document => {}
            }
        }
        while let Some((_, name)) = open.pop() {
            close(out, name);
        }
    }
}

/// What a graphic of the document is called among its pictures.
pub(crate) fn graphic_name(id: NodeId) -> String {
    format!("\0svg {id}")
}

fn start(out: &mut String, element: &Element, is_root: bool, known: Option<&HashSet<&str>>) {
    out.push('<');
    out.push_str(&element.name);
    if is_root {
        out.push_str(" xmlns=\"http://www.w3.org/2000/svg\"");
    }
    for (at, (name, value)) in element.attributes.iter().enumerate() {
        let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
        let first = element.attributes[..at].iter().all(|(other, _)| other != name);
        let is_known = &**name == "id" && known.is_some_and(|known| known.contains(value.as_str()));
        if plain
            && first
            && !is_known
            && !name.starts_with("xmlns")
            && !name.starts_with(|c: char| !c.is_ascii_alphabetic())
        {
            out.push(' ');
            out.push_str(name);
            out.push_str("=\"");
            escape(out, value);
            out.push('"');
        }
    }
    out.push('>');
}

fn close(out: &mut String, name: &str) {
    out.push_str("</");
    out.push_str(name);
    out.push('>');
}

fn escape(out: &mut String, text: &str) {
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\t' | '\r' => out.push(character),
            control if control.is_control() => {}
            other => out.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Dom;

    #[test]
    fn a_graphic_is_a_file_of_its_own() {
        let dom = Dom::parse(
            "<p><svg viewBox='0 0 1 1' onload='a&lt;b'><linearGradient id=g /><text>a &amp; b</text><use xlink:href='#g'/></svg>x",
            "en",
        );
        let graphics = dom.graphics();
        assert_eq!(
            graphics[0].1,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1 1\" onload=\"a&lt;b\"><linearGradient id=\"g\">\
             </linearGradient><text>a &amp; b</text><use href=\"#g\"></use></svg>"
        );
    }

    #[test]
    fn what_a_graphic_names_of_others_goes_with_it() {
        let dom = Dom::parse(
            "<p id=d><svg><symbol id=a><path id=p fill='url(#g)'/></symbol><g id=o></g><linearGradient id=g href='#h'/>
             <linearGradient id=h href=#g /></svg><svg id=s><use href='#a'/><path id=p mask='url( \"#d\")'/></svg>",
            "en",
        );
        let graphics = dom.graphics();
        let xmlns = "<svg xmlns=\"http://www.w3.org/2000/svg\"";
        assert_eq!(
            graphics[1].1,
            format!(
                "{xmlns} id=\"s\"><use href=\"#a\"></use><path id=\"p\" mask=\"url( &quot;#d&quot;)\"></path><defs>\
                 <symbol id=\"a\"><path fill=\"url(#g)\"></path></symbol>\
                 <linearGradient id=\"g\" href=\"#h\"></linearGradient>\
                 <linearGradient id=\"h\" href=\"#g\"></linearGradient></defs></svg>"
            )
        );
        assert!(!graphics[0].1.contains("defs"), "{}", graphics[0].1);
    }

    #[test]
    fn a_large_part_is_not_taken_by_thousands() {
        let large = format!("<svg><symbol id=a><path d='{}'/></symbol></svg>", "M0 0".repeat(25_000));
        let dom = Dom::parse(&format!("{large}{}", "<svg><use href='#a'/></svg>".repeat(1000)), "en");
        let all: usize = dom.graphics().iter().map(|(_, text)| text.len()).sum();
        assert!(all < 5 << 20, "{all}");
    }
}

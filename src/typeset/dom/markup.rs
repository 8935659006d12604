//! Graphics that stand in the document, as files of their own.

use super::{Dom, Element, NodeData, NodeId};

impl Dom {
    /// The `<svg>` elements, each as text (XML 1.0). Prefixes of attributes are gone since the document was read; what they
    /// named (`xlink:href`) is known without them.
    pub(crate) fn graphics(&self) -> Vec<(NodeId, String)> {
        let mut out = Vec::new();
        let mut end = 0;
        for (id, element) in self.elements() {
            if &*element.name == "svg" && id >= end {
                end = self.node(id).end;
                out.push((id, self.markup(id)));
            }
        }
        out
    }

    fn markup(&self, root: NodeId) -> String {
        let mut out = String::new();
        let mut open: Vec<(NodeId, &str)> = Vec::new();
        for id in root..self.node(root).end {
            while let Some((_, name)) = open.pop_if(|(end, _)| *end <= id) {
                close(&mut out, name);
            }
            match &self.node(id).data {
                NodeData::Element(element) => {
                    start(&mut out, element, id == root);
                    open.push((self.node(id).end, &element.name));
                }
                NodeData::Text(text) => escape(&mut out, text),
                NodeData::Document => {}
            }
        }
        while let Some((_, name)) = open.pop() {
            close(&mut out, name);
        }
        out
    }
}

/// What a graphic of the document is called among its pictures.
pub(crate) fn graphic_name(id: NodeId) -> String {
    format!("\0svg {id}")
}

fn start(out: &mut String, element: &Element, is_root: bool) {
    out.push('<');
    out.push_str(&element.name);
    if is_root {
        out.push_str(" xmlns=\"http://www.w3.org/2000/svg\"");
    }
    for (at, (name, value)) in element.attributes.iter().enumerate() {
        let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
        let first = element.attributes[..at].iter().all(|(other, _)| other != name);
        if plain && first && !name.starts_with("xmlns") && !name.starts_with(|c: char| !c.is_ascii_alphabetic()) {
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
}

//! What an element says in one line: in bookmarks, in running heads, of a link.

use super::build::Builder;
use crate::typeset::dom::{Dom, NodeData, NodeId};
use crate::typeset::style::cascade::Styles;
use crate::typeset::style::computed::{Display, Float};

impl Builder<'_> {
    /// The text of an element that is shown.
    pub(super) fn said(&self, node: NodeId) -> String {
        said(self.dom, self.styles, node)
    }
}

/// The text of an element that is shown, without its footnotes and soft hyphens. A space stands where a line or a block ends.
pub(crate) fn said(dom: &Dom, styles: &Styles, node: NodeId) -> String {
    let mut text = String::new();
    // Where the blocks end that are open.
    let mut blocks: Vec<NodeId> = Vec::new();
    let (mut at, end) = (node, dom.node(node).end);
    while at < end {
        while blocks.pop_if(|block| *block <= at).is_some() {
            text.push(' ');
        }
        let own = dom.node(at);
        match &own.data {
            NodeData::Text(piece) => text.push_str(piece),
            NodeData::Element(element) if at != node => {
                let style = styles.get(styles.of(at).own);
                if style.display == Display::None || style.float == Float::Footnote {
                    at = own.end;
                    continue;
                }
                if &*element.name == "br" {
                    text.push(' ');
                } else if !style.display.is_inline() && style.display != Display::Contents {
                    text.push(' ');
                    blocks.push(own.end);
                }
            }
            _ => {}
        }
        at += 1;
    }
    text.retain(|character| character != '\u{AD}');
    text.split_ascii_whitespace().collect::<Vec<_>>().join(" ")
}

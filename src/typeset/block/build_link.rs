//! Links: where they lead, what they are called, and what is told of those that lead nowhere.

use std::collections::HashSet;
use std::sync::Arc;

use url::Url;

use super::boxes::LinkInfo;
use super::build::{Builder, Flow, InlineContext};
use super::generated::anchor_name;
use super::roles::is_reference;
use crate::error::{Place, Warning};
use crate::typeset::display::{LinkTarget, TagId};
use crate::typeset::dom::{Dom, Element, NodeId};
use crate::typeset::style::cascade::Styles;
use crate::typeset::style::computed::Display;

/// What a reader of PDF can be sent to. Others act on the reader's machine (`javascript`, `file`), or are no place (`data`).
const SCHEMES: [&str; 22] = [
    "doi", "ftp", "ftps", "gemini", "geo", "gopher", "http", "https", "irc", "ircs", "magnet", "mailto", "matrix",
    "news", "nntp", "sip", "sips", "sms", "tel", "urn", "webcal", "xmpp",
];

/// What links may lead to inside of the document, and those that lead to something else.
#[derive(Default)]
pub(super) struct Anchors<'a> {
    /// What is called by an `id`, or by the `name` of an `a`, and is set.
    known: HashSet<&'a str>,
    /// Of the links that lead to none of them: line, column and fragment of the first, and how many there are.
    lost: Option<((usize, usize), String, usize)>,
    /// What the first `<base>` says that addresses are relative to (HTML, 4.2.3).
    base: Option<Url>,
}

impl<'a> Anchors<'a> {
    pub(super) fn of(dom: &'a Dom, styles: &Styles) -> Self {
        let mut known = HashSet::new();
        let mut hidden_until = 0;
        for (id, element) in dom.elements() {
            if id < hidden_until {
                continue;
            }
            if styles.get(styles.of(id).own).display == Display::None {
                hidden_until = dom.node(id).end;
                continue;
            }
            known.extend(element.attribute("id"));
            known.extend(element.attribute("name").filter(|_| &*element.name == "a"));
        }
        let mut bases = dom.elements().filter(|(_, element)| &*element.name == "base");
        let base = bases.find_map(|(_, element)| element.attribute("href"));
        Self { known, lost: None, base: base.and_then(|href| Url::parse(href.trim()).ok()) }
    }

    /// An address as a whole, where the document says what it is relative to.
    fn resolved(&self, href: &str) -> String {
        let whole = self.base.as_ref().filter(|_| scheme(href).is_none()).and_then(|base| base.join(href).ok());
        whole.map_or_else(|| href.to_owned(), String::from)
    }
}

/// So many characters of a link's text describe it.
const LONGEST_DESCRIPTION: usize = 250;

impl Builder<'_> {
    pub(super) fn link(&mut self, node: NodeId, element: &Element, flow: &mut Flow, inner: &mut InlineContext) {
        let Some((target, href)) = self.target_of(element) else { return };
        let parent = inner.tag.or_else(|| self.paragraph_tag(flow));
        let is_reference = is_reference(element) || flow.in_contents && matches!(target, LinkTarget::Anchor(_));
        let tag = self.link_tag(parent, is_reference, self.own_language(node));
        let contents = self.link_contents(node, element, href);
        inner.link = Some(self.add_link(LinkInfo { target, contents, tag, is_reference }));
        inner.tag = Some(tag);
    }

    /// The link that an element is which is no inline box, if it is one: each paragraph inside gets a link of its own. The
    /// element of this one is written where something inside belongs to no paragraph.
    pub(super) fn link_of_box(
        &mut self,
        node: NodeId,
        element: &Element,
        parent: Option<TagId>,
        in_contents: bool,
    ) -> Option<u32> {
        if &*element.name != "a" {
            return None;
        }
        let (target, href) = self.target_of(element)?;
        let is_reference = is_reference(element) || in_contents && matches!(target, LinkTarget::Anchor(_));
        let tag = self.link_tag(parent, is_reference, None);
        let contents = self.link_contents(node, element, href);
        Some(self.add_link(LinkInfo { target, contents, tag, is_reference }))
    }

    /// Where an element leads, and how it says so.
    fn target_of<'e>(&mut self, element: &'e Element) -> Option<(LinkTarget, &'e str)> {
        let href = element.attribute("href").map(str::trim).filter(|href| !href.is_empty())?;
        Some((self.link_target(element, href)?, href))
    }

    /// The structure node of a link.
    fn link_tag(&mut self, parent: Option<TagId>, is_reference: bool, language: Option<Arc<str>>) -> TagId {
        let parent = if is_reference { Some(self.tree.tag(parent, "Reference", None)) } else { parent };
        self.tree.tag(parent, "Link", language)
    }

    /// Keeps a link; its number is returned.
    pub(super) fn add_link(&mut self, link: LinkInfo) -> u32 {
        self.tree.links.push(link);
        (self.tree.links.len() - 1) as u32
    }

    /// The same link for a paragraph of a block that stands in it.
    pub(super) fn linked_again(&mut self, link: u32, tag: TagId) -> Option<u32> {
        let link = self.tree.links.get(link as usize)?.clone();
        let tag = self.link_tag(Some(tag), link.is_reference, None);
        Some(self.add_link(LinkInfo { tag, ..link }))
    }

    /// Where a link leads. Of what leads nowhere the text alone is set.
    fn link_target(&mut self, element: &Element, href: &str) -> Option<LinkTarget> {
        let Some(fragment) = href.strip_prefix('#') else {
            let Some(refused) = scheme(href).filter(|scheme| !SCHEMES.contains(&scheme.as_str())) else {
                return Some(LinkTarget::Uri(self.anchors.resolved(href)));
            };
            let message = format!("a PDF cannot lead to `{refused}:` addresses; such links are set as their text");
            self.warn_once(element, message);
            return None;
        };
        let anchor = anchor_name(fragment);
        if self.anchors.known.contains(anchor.as_str()) {
            return Some(LinkTarget::Anchor(anchor));
        }
        // In browsers both lead to the top of the page (HTML, 7.4.6.3); paper has none.
        if !anchor.is_empty() && !anchor.eq_ignore_ascii_case("top") {
            let (.., count) = self.anchors.lost.get_or_insert((element.at, anchor, 0));
            *count += 1;
        }
        None
    }

    /// One warning for all links that lead to nothing in the document.
    pub(super) fn tell_lost_links(&mut self) {
        let Some(((line, column), anchor, count)) = self.anchors.lost.take() else { return };
        let others = match count {
            1 => String::new(),
            2 => ", nor is what another leads to".to_owned(),
            _ => format!(", nor is what {} others lead to", count - 1),
        };
        let message = format!("a link leads to `#{anchor}`, which is not in the document{others}");
        let place = Place::at(self.html_name, line, column);
        self.warnings.push(Warning::new(message).at(place).hint("such links are set as their text"));
    }

    /// What a link is called: its text, its title, what its pictures show, or else its address.
    fn link_contents(&self, node: NodeId, element: &Element, href: &str) -> String {
        let text = self.said(node);
        if !text.trim().is_empty() {
            return shortened(text);
        }
        let inside = node + 1..self.dom.node(node).end;
        let pictures = inside.filter_map(|id| self.dom.element(id)?.attribute("alt").map(str::trim));
        let said = element.attribute("aria-label").or(element.attribute("title")).map(str::trim);
        let mut named = said.into_iter().chain(pictures).filter(|text| !text.is_empty());
        shortened(named.next().unwrap_or(href).to_owned())
    }
}

/// A description of a link, cut after a word where it is longer than descriptions are: each line of the link has it, so
/// that one of many pages would else take their square.
fn shortened(text: String) -> String {
    let Some((end, _)) = text.char_indices().nth(LONGEST_DESCRIPTION) else { return text };
    let head = &text[..end];
    let words = head.rfind(char::is_whitespace).map_or(head, |blank| head[..blank].trim_end());
    format!("{}…", if words.is_empty() { head } else { words })
}

/// The scheme of an address in lower case, as browsers find it (URL Standard, 4.4): with blanks and line ends left out.
fn scheme(href: &str) -> Option<String> {
    let (scheme, _) = href.split_once(':')?;
    let scheme: String =
        scheme.chars().filter(|c| !c.is_ascii_control()).collect::<String>().trim().to_ascii_lowercase();
    let is_one = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
    is_one.then_some(scheme)
}

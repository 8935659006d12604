//! Elements that show what is elsewhere, or what only a screen can: films, sounds, frames, drawings made by scripts, forms.

use std::sync::Arc;

use cssparser::Parser;

use super::boxes::{Atom, BoxKind, LinkInfo};
use super::build::{Builder, Flow, InlineContext, push_atom};
use crate::typeset::display::LinkTarget;
use crate::typeset::dom::{Dom, Element, NodeData, NodeId, graphic_name};
use crate::typeset::inline::Inline;
use crate::typeset::style::Style;
use crate::typeset::style::computed::{Border, Display, Float, LineStyle};
use crate::typeset::style::media::{self, Medium};
use crate::typeset::style::values::{ColorValue, LengthPercentage, Padding, Size};

/// Endings of files that hold pictures.
const PICTURES: [&str; 6] = [".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg"];

/// Types of pictures that can be set.
const TYPES: [&str; 6] = ["image/jpeg", "image/jpg", "image/png", "image/gif", "image/webp", "image/svg+xml"];

/// The address of the picture that an element shows on paper: its own, or the poster of a film.
pub(crate) fn picture_address(dom: &Dom, node: NodeId) -> Option<&str> {
    let element = dom.element(node)?;
    match &*element.name {
        "img" => {
            let own = element.attribute("src").filter(|address| !address.trim().is_empty());
            Some(own.or_else(|| Some(candidate(dom, node, element)?.address)).unwrap_or_default())
        }
        "video" => element.attribute("poster"),
        "input" if has_type(element, "image") => element.attribute("src"),
        "object" => element.attribute("data").filter(|address| is_picture(element, address)),
        "embed" => element.attribute("src").filter(|address| is_picture(element, address)),
        _ => None,
    }
}

/// How many dots of its picture an image means for each of its pixels (HTML, 4.8.4.4): more than one where `srcset` names
/// the picture as one for finer screens.
pub(super) fn picture_density(dom: &Dom, node: NodeId) -> f32 {
    let Some(element) = dom.element(node).filter(|element| &*element.name == "img") else { return 1.0 };
    let has_own = element.attribute("src").is_some_and(|address| !address.trim().is_empty());
    if has_own { 1.0 } else { candidate(dom, node, element).map_or(1.0, |candidate| candidate.density) }
}

/// A picture that `srcset` names.
struct Candidate<'d> {
    address: &'d str,
    density: f32,
}

/// Whether an element is set as a whole, not as a box round its children.
pub(super) fn is_replaced(element: &Element) -> bool {
    let names =
        ["audio", "br", "embed", "iframe", "img", "input", "object", "select", "svg", "textarea", "video", "wbr"];
    names.contains(&&*element.name)
}

/// The largest picture that `srcset` of an image names, or of the first source beside it that is for paper and of a type
/// that can be set (HTML, 4.8.4.3).
fn candidate<'d>(dom: &'d Dom, node: NodeId, element: &'d Element) -> Option<Candidate<'d>> {
    let parent = dom.node(node).parent;
    let in_picture = dom.element(parent).is_some_and(|parent| &*parent.name == "picture");
    let beside = dom.children(parent).take_while(|child| in_picture && *child < node);
    let sources = beside.filter_map(|child| dom.element(child)).filter(|source| {
        let is_set =
            source.attribute("type").is_none_or(|kind| TYPES.iter().any(|own| kind.trim().eq_ignore_ascii_case(own)));
        let media = source.attribute("media").filter(|media| !media.trim().is_empty());
        let holds = |media: &str| media::applies(&mut Parser::new(media), Medium::default()).holds;
        &*source.name == "source" && is_set && media.is_none_or(holds)
    });
    sources.chain([element]).find_map(|element| largest(element.attribute("srcset")?))
}

/// The candidate with the greatest width or density.
fn largest(srcset: &str) -> Option<Candidate<'_>> {
    let mut best: Option<(Candidate<'_>, f32)> = None;
    let mut rest = srcset;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == ',');
        let end = rest.find(|c: char| c.is_ascii_whitespace()).unwrap_or(rest.len());
        let (address, after) = rest.split_at(end);
        if address.is_empty() {
            return best.map(|(candidate, _)| candidate);
        }
        // A comma at the end of an address ends its candidate.
        let bare = address.trim_end_matches(',');
        let descriptor;
        (descriptor, rest) =
            if bare.len() < address.len() { ("", after) } else { after.split_once(',').unwrap_or((after, "")) };
        let number = |unit: char| {
            let mut words = descriptor.split_ascii_whitespace();
            words.find_map(|word| word.strip_suffix(unit)?.parse::<f32>().ok())
        };
        let density = number('x').filter(|density| density.is_finite() && *density > 0.0).unwrap_or(1.0);
        let size = number('w').unwrap_or(density);
        if best.as_ref().is_none_or(|(_, known)| size > *known) {
            best = Some((Candidate { address: bare, density }, size));
        }
    }
}

fn is_picture(element: &Element, address: &str) -> bool {
    let starts = |text: &str, with: &str| text.get(..with.len()).is_some_and(|head| head.eq_ignore_ascii_case(with));
    if let Some(media_type) = element.attribute("type") {
        return starts(media_type.trim(), "image/");
    }
    let path = address.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
    starts(address, "data:image/") || PICTURES.iter().any(|ending| path.ends_with(ending))
}

fn has_type(element: &Element, wanted: &str) -> bool {
    element.attribute("type").is_some_and(|given| given.trim().eq_ignore_ascii_case(wanted))
}

impl Builder<'_> {
    /// Sets an element in the place of which something else stands on paper. `false` where it is set as any other.
    pub(super) fn embedded(
        &mut self,
        node: NodeId,
        element: &Element,
        style: &Arc<Style>,
        flow: &mut Flow,
        context: &InlineContext,
    ) -> bool {
        let name = &*element.name;
        match name {
            "img" => {
                let source = picture_address(self.dom, node).unwrap_or_default();
                self.picture(node, element, source, style, flow, context);
                return true;
            }
            "svg" if is_nothing(element, style) => {
                // Sprites and the like: links to them lead to where they stand.
                let inside = (node..self.dom.node(node).end).filter_map(|id| self.dom.element(id)?.attribute("id"));
                flow.inlines.content.extend(inside.map(|id| Inline::Anchor(Arc::from(id))));
                return true;
            }
            "svg" if self.pictures.index_of(&graphic_name(node)).is_some() => {
                self.picture(node, element, &graphic_name(node), style, flow, context);
                return true;
            }
            "input" | "select" | "textarea" => {
                self.warn_once(element, "forms cannot be filled in; their fields are set as they stand".to_owned());
            }
            "math" => {
                let message = "formulas (`<math>`) are set as text in a line, without tall brackets and long strokes";
                self.warn_once(element, message.to_owned());
            }
            "ruby" => {
                let message = "`<rt>` is set raised behind its letters, not above them";
                self.warn_once(element, message.to_owned());
            }
            "canvas" => {
                let message =
                    "`<canvas>` is drawn by scripts, which are not run; what stands inside of it is set instead";
                self.warn_once(element, message.to_owned());
            }
            _ => {}
        }
        let source = picture_address(self.dom, node).filter(|address| self.pictures.index_of(address).is_some());
        if let Some(source) = source {
            if name == "video" {
                self.warn(element, "of a film (`<video>`) its poster is set".to_owned());
            }
            self.picture(node, element, source, style, flow, context);
            return true;
        }
        if !matches!(name, "svg" | "video" | "iframe" | "object" | "embed" | "audio") {
            return false;
        }
        if name == "object" && self.holds_text(node) {
            self.warn(element, "`<object>` cannot be set; what stands inside of it is set instead".to_owned());
            return false;
        }
        self.replaced(node, element, style, flow, context);
        true
    }

    /// Whether an element has text or something else to show inside.
    fn holds_text(&self, node: NodeId) -> bool {
        self.dom.children(node).any(|child| match &self.dom.node(child).data {
            NodeData::Text(text) => !text.trim().is_empty(),
            NodeData::Element(element) => &*element.name != "param",
            NodeData::Document => false,
        })
    }

    /// Films, sounds and the like: what they are called instead, leading to them, and a warning.
    fn replaced(
        &mut self,
        node: NodeId,
        element: &Element,
        style: &Arc<Style>,
        flow: &mut Flow,
        context: &InlineContext,
    ) {
        let is_decoration = &*element.name == "svg" && element.is_aria_hidden();
        let why = match self.pictures.reason(&graphic_name(node)) {
            Some(reason) if is_decoration => format!("{reason}; it is left out"),
            Some(reason) => format!("{reason}; its title is set instead"),
            None => "cannot be set; its title or address is set instead".to_owned(),
        };
        self.warn(element, format!("`<{}>` {why}", element.name));
        let marks = self.marks(node, element, style);
        self.pending_marks.extend(marks);
        if is_decoration {
            return;
        }
        let label = self.label(node, element);
        let address = self.address(node, element).filter(|address| context.link.is_none() && is_on_the_web(address));
        let Some(address) = address.map(str::to_owned) else {
            return self.missing_picture(node, &label, style, flow, context);
        };
        let parent = context.tag.or_else(|| self.paragraph_tag(flow));
        let tag = self.tree.tag(parent, "Link", None);
        let target = LinkTarget::Uri(address);
        let link = Some(self.add_link(LinkInfo { target, contents: label.clone(), tag, is_reference: false }));
        let context = InlineContext { tag: Some(tag), link, ..context.clone() };
        self.missing_picture(node, &label, style, flow, &context);
    }

    /// What an element is called that cannot be shown: its title, or its address.
    pub(super) fn label(&self, node: NodeId, element: &Element) -> String {
        let title = self.dom.children(node).find(|child| self.dom.element(*child).is_some_and(|e| &*e.name == "title"));
        let said = ["aria-label", "title", "alt"].iter().filter_map(|name| element.attribute(name)).map(str::to_owned);
        let mut known = title
            .map(|title| self.dom.collapsed_text(title))
            .into_iter()
            .chain(said)
            .chain(self.address(node, element).map(str::to_owned));
        known.find(|label| !label.trim().is_empty()).unwrap_or_else(|| element.name.to_string())
    }

    /// Where the film or the document is that an element shows.
    fn address<'e>(&'e self, node: NodeId, element: &'e Element) -> Option<&'e str> {
        let of = |element: &'e Element| element.attribute("src").or_else(|| element.attribute("data"));
        let mut inside = self.dom.children(node).filter_map(|child| self.dom.element(child));
        of(element).or_else(|| inside.find(|child| &*child.name == "source").and_then(of))
    }

    /// A thin-ruled box with a text, in the place of a picture.
    pub(super) fn missing_picture(
        &mut self,
        node: NodeId,
        label: &str,
        style: &Arc<Style>,
        flow: &mut Flow,
        context: &InlineContext,
    ) {
        let mut boxed = Style::inherited(&context.style);
        boxed.display = if style.display.is_inline() { Display::InlineBlock } else { Display::Block };
        boxed.float = Float::None;
        boxed.border = [Border { width: 0.5, line: LineStyle::Solid, color: ColorValue::Current }; 4];
        boxed.padding = [Padding::points(4.0); 4];
        boxed.font_size *= 0.9;
        boxed.indent = LengthPercentage::default();
        let boxed = Arc::new(boxed);
        let language = Arc::clone(self.dom.language(node));
        let id = self.tree.push(BoxKind::Block, Arc::clone(&boxed), Arc::clone(&language));
        let inline_level = boxed.display == Display::InlineBlock;
        let tag = context.tag.or_else(|| self.paragraph_tag(flow));
        let text = InlineContext { style: boxed, language, tag, link: flow.link_of(context.link) };
        let mut inner = Flow::new(id, tag.ok_or(None), false);
        self.push_text(label, &mut inner, &text);
        self.flush(&mut inner);
        if inline_level {
            push_atom(flow, Atom::Box(id));
        } else {
            self.flush(flow);
            self.attach(flow.block, id);
        }
    }
}

/// Whether a graphic has a side of no length, so that nothing of it is drawn (SVG 2, 8.2).
fn is_nothing(element: &Element, style: &Style) -> bool {
    let is_zero = |said: Size, name: &str| {
        let number =
            |value: &str| value.trim().trim_end_matches(|sign: char| !sign.is_ascii_digit()).parse::<f32>().ok();
        match said {
            Size::Auto | Size::Attribute => element.attribute(name).and_then(number) == Some(0.0),
            said => said.fixed() == Some(0.0),
        }
    };
    is_zero(style.width, "width") || is_zero(style.height, "height")
}

/// Whether an address is whole, so that it leads somewhere from anywhere.
fn is_on_the_web(address: &str) -> bool {
    let scheme = address.trim().split(':').next().unwrap_or_default();
    ["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known))
}

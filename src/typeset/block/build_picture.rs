//! Pictures.

use std::sync::Arc;

use super::boxes::{Atom, BoxKind, Mark, PictureBox, Share};
use super::build::{Builder, Flow, InlineContext, push_atom, stands_in_line};
use super::build_embedded::picture_density;
use super::structure::is_text;
use crate::error::{Place, Warning};
use crate::typeset::dom::{Element, NodeId};
use crate::typeset::inline::Inline;
use crate::typeset::style::Style;
use crate::typeset::style::values::Size;

impl Builder<'_> {
    /// Sets the picture at an address, or its description.
    pub(super) fn picture(
        &mut self,
        node: NodeId,
        element: &Element,
        source: &str,
        style: &Arc<Style>,
        flow: &mut Flow,
        context: &InlineContext,
    ) {
        let mut alt = self.description_of(node, element);
        if !matches!(&*element.name, "img" | "svg") {
            alt = alt.or_else(|| Some(self.label(node, element)));
        }
        let mut marks = self.marks(node, element, style);
        // Links to parts of a graphic lead to the whole.
        let inside = (node + 1..self.dom.node(node).end).filter_map(|id| self.dom.element(id)?.attribute("id"));
        marks.extend(inside.map(|id| Mark::Anchor(Arc::from(id))));
        let Some(image) = self.pictures.index_of(source) else {
            self.pending_marks.extend(marks);
            if let Some(reason) = self.pictures.reason(source) {
                let name = shown(source);
                self.warn(element, format!("the picture `{name}` {reason}; its description is set instead"));
            }
            // Without a description there is nothing to tell a reader; an address would only stand in the way.
            if let Some(label) = alt.filter(|alt| !alt.is_empty()) {
                self.missing_picture(node, &label, style, flow, context);
            }
            return;
        };
        self.tell_losses(element, source);
        let block_level = !style.display.is_inline();
        let in_line = stands_in_line(flow, style);
        if block_level && !in_line {
            self.flush(flow);
        }
        let linked = if block_level && context.tag.is_none() { self.linked_picture(flow, context.link) } else { None };
        let around = linked.and_then(|link| self.tree.links.get(link as usize)).map(|link| link.tag).or(context.tag);
        let tag = self.figure(node, element, style, alt, |builder| {
            around.or_else(|| if block_level { flow.parent_tag() } else { builder.paragraph_tag(flow) })
        });
        let points = |name: &str| element.attribute(name).and_then(attribute_length);
        let said = |size: Size, name: &str| (size == Size::Attribute).then(|| points(name)).flatten();
        let attributes = (said(style.width, "width"), said(style.height, "height"));
        let (width, height) = self.pictures.natural_size(image);
        let density = picture_density(self.dom, node);
        let natural = (width / density, height / density);
        let link = linked.or_else(|| flow.link_of(context.link));
        let alignment = self.pictures.alignment(image);
        let share = self.share_of(element, image, attributes);
        let style = Arc::clone(style);
        let picture = PictureBox { image, natural, alignment, attributes, share, style: Arc::clone(&style), tag, link };
        if block_level {
            let language = Arc::clone(self.dom.language(node));
            let id = self.tree.push(BoxKind::Picture(Box::new(picture)), style, language);
            self.tree.get_mut(id).marks.extend(marks);
            if in_line {
                self.attach_float(flow, id);
            } else {
                self.attach(flow.block, id);
            }
        } else {
            for mark in marks {
                match mark {
                    Mark::Anchor(name) => flow.inlines.content.push(Inline::Anchor(name)),
                    other => self.pending_marks.push(other),
                }
            }
            push_atom(flow, Atom::Picture(picture));
        }
    }

    /// Tells what of a picture is not set.
    fn tell_losses(&mut self, element: &Element, source: &str) {
        if let Some(left_out) = self.pictures.left_out(source) {
            let is_own = &*element.name == "svg";
            let called = if is_own { "an SVG".to_owned() } else { format!("the picture `{}`", shown(source)) };
            self.warn(element, format!("{called} is set without what cannot be shown: {left_out}"));
        }
        if self.pictures.is_cut_short(source) {
            let message = format!("the picture `{}` is cut short: its file ends before it does", shown(source));
            self.warn_once(element, message);
        }
    }

    /// The structure element of a picture, below that which `parent` gives. An empty description says that the picture is
    /// decoration; none at all still leaves a figure.
    fn figure(
        &mut self,
        node: NodeId,
        element: &Element,
        style: &Style,
        alt: Option<String>,
        parent: impl FnOnce(&mut Self) -> Option<u32>,
    ) -> Option<u32> {
        if alt.as_deref() == Some("") {
            return None;
        }
        let parent = parent(self);
        let tag = self.tree.tag(parent, "Figure", self.own_language(node));
        if alt.is_none() && !style.is_hidden() {
            let (_, count) = self.undescribed.get_or_insert((element.at, 0));
            *count += 1;
        }
        self.tree.structure[tag as usize].alt = alt;
        Some(tag)
    }

    /// How wide a graphic is as a share of its column: as its own element says (SVG 2, 8.2), or all of it where the graphic
    /// has a shape and no size.
    fn share_of(&self, element: &Element, image: usize, attributes: (Option<f32>, Option<f32>)) -> Option<Share> {
        let said = element.attribute("width").filter(|_| &*element.name == "svg");
        let percent = said.and_then(|width| width.trim().strip_suffix('%')?.trim().parse::<f32>().ok());
        if let Some(percent) = percent.filter(|percent| (0.0..=1000.0).contains(percent)) {
            return Some(Share::Of(percent / 100.0));
        }
        (attributes == (None, None) && self.pictures.is_sizeless(image)).then_some(Share::All)
    }

    /// The link of a picture that belongs to no paragraph of the block in a link that it stands in.
    fn linked_picture(&mut self, flow: &Flow, link: Option<u32>) -> Option<u32> {
        let link = link.filter(|link| flow.link == Some(*link))?;
        let parent = flow.parent_tag();
        let is_text = parent.is_some_and(|parent| is_text(self.tree.role(parent)));
        let holder = parent.filter(|_| is_text).unwrap_or_else(|| self.tree.tag(parent, "P", None));
        self.linked_again(link, holder)
    }

    /// The description of a picture: empty for decoration, none where the document gives none (HTML-AAM 1.0, 4.1.12).
    fn description_of(&self, node: NodeId, element: &Element) -> Option<String> {
        let collapsed = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        if let Some(alt) = element.attribute("alt") {
            return Some(collapsed(alt));
        }
        if &*element.name == "svg" && element.is_aria_hidden() {
            return Some(String::new());
        }
        let own_title =
            self.dom.children(node).find(|child| self.dom.element(*child).is_some_and(|e| &*e.name == "title"));
        let said = ["aria-label", "title"].iter().filter_map(|name| element.attribute(name)).map(collapsed);
        let said = said.chain(own_title.map(|title| self.dom.collapsed_text(title)));
        let caption = || {
            let mut around = self.dom.node(node).parent;
            while around > 0 && self.dom.element(around).is_none_or(|element| &*element.name != "figure") {
                around = self.dom.node(around).parent;
            }
            let mut parts = self.dom.children(around);
            let caption = parts.find(|part| self.dom.element(*part).is_some_and(|e| &*e.name == "figcaption"))?;
            Some(self.said(caption))
        };
        said.into_iter().chain(caption()).find(|text| !text.is_empty())
    }

    /// One warning for all pictures without a description.
    pub(super) fn tell_undescribed(&mut self) {
        let Some(((line, column), count)) = self.undescribed else { return };
        let pictures = if count == 1 { "a picture has".to_owned() } else { format!("{count} pictures have") };
        let message = format!("{pictures} no description (`alt`), so that the PDF cannot claim to be PDF/UA");
        let place = Place::at(self.html_name, line, column);
        let hint = "`alt=\"\"` says that a picture is mere decoration";
        self.warnings.push(Warning::new(message).at(place).hint(hint));
    }
}

/// What a picture is called in messages: a `data:` URL by its beginning.
pub(crate) fn shown(source: &str) -> String {
    const MOST: usize = 32;
    if !source.get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case("data:")) {
        return source.to_owned();
    }
    let head: String = source.chars().take(MOST).collect();
    if head.len() < source.len() { format!("{head}...") } else { head }
}

/// The value of a `width` or `height` attribute, in points.
fn attribute_length(value: &str) -> Option<f32> {
    let digits = value.trim().trim_end_matches("px");
    digits.parse::<f32>().ok().filter(|px| px.is_finite() && *px > 0.0).map(|px| px * 0.75)
}

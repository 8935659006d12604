//! Hugo's shortcodes.

use super::arguments::{self, Argument};
use super::code::is_code;
use super::expander::Expander;
use super::expression::{Outcome, evaluate};
use super::frame::Standing;
use super::scan::{Kind, Mark};
use super::{figure, frame, player};
use crate::collect::reserved;

impl Expander<'_, '_> {
    /// Carries out a shortcode. Returns the mark after which the text goes on, when that is not this one.
    pub(super) fn shortcode(&mut self, index: usize, end: usize, depth: usize) -> Option<usize> {
        let mark = &self.marks[index];
        if let Some(shown) = mark.inside.strip_prefix("/*").and_then(|rest| rest.strip_suffix("*/")) {
            // A shortcode that is shown, not carried out.
            let source = &self.text[mark.range.clone()];
            self.state.out.extend([&source[..3], " ", shown.trim(), " ", &source[source.len() - 3..]]);
            return None;
        }
        let name = mark.name();
        let arguments = arguments::read(mark.arguments());
        match name.to_ascii_lowercase().as_str() {
            _ if name.starts_with('/') => {}
            "ref" | "relref" | "link" => self.address_of(index, &arguments),
            "param" => self.parameter(index, &arguments),
            "toc" | "icon" | "clear" => {}
            "comment" => {
                let close = self.pairs.end_of(index, end);
                if close.is_none() {
                    self.report(index);
                }
                return close;
            }
            "br" => self.state.out.push_str("<br>"),
            lower => {
                let closing = self.pairs.end_of(index, end);
                match closing {
                    Some(_) if self.is_reserved(index, &arguments) => {}
                    Some(close) if is_code(lower, &arguments) => self.code(index, close),
                    Some(close) => self.framed(index, close, &arguments, depth),
                    None => self.lone(index, &arguments),
                }
                return closing;
            }
        }
        None
    }

    /// Whether what stands in a shortcode or a tag is for some readers alone; says so then.
    pub(super) fn is_reserved(&mut self, index: usize, arguments: &[Argument]) -> bool {
        let mark = &self.marks[index];
        let is_reserved = reserved::is_name(mark.name(), |name| arguments::named(arguments, &[name]));
        if is_reserved {
            let (open, close) = if mark.kind == Kind::Tag { ("{%", "%}") } else { ("{{<", ">}}") };
            self.note(index, reserved::told(&format!("{open} {} {close}", mark.name())));
        }
        is_reserved
    }

    /// A shortcode without text of its own: a picture, a link or a report.
    fn lone(&mut self, index: usize, arguments: &[Argument]) {
        let name = self.marks[index].name();
        match figure::markup(arguments, self.stands_alone(index)) {
            // The opening mark of a note whose end is missing: its text stays.
            None if frame::note_class(name).is_some() || matches!(name, "def" | "details" | "highlight") => {}
            shown => self.show_or_report(index, arguments, shown),
        }
    }

    /// A shortcode around text: what it says about the text, and the text.
    pub(super) fn framed(&mut self, index: usize, close: usize, arguments: &[Argument], depth: usize) {
        let name = self.marks[index].name();
        let standing = self.standing(index, close);
        let shown = figure::markup(arguments, standing != Standing::InLine);
        let is_empty = self.text[self.between(index, close)].trim().is_empty();
        if let Some(markup) = shown.or_else(|| player::link(name, arguments).filter(|_| is_empty)) {
            self.state.out.push_str(&markup);
        }
        let frame = frame::of(name, arguments, standing);
        self.state.out.push_str(&frame.before);
        self.run_between(index, close, depth);
        self.state.out.push_str(&frame.after);
    }

    /// Where two marks and the text between them stand. Marks that touch them are no other text.
    pub(super) fn standing(&self, index: usize, close: usize) -> Standing {
        if self.stands_alone(index) {
            return Standing::Block;
        }
        let (before, after) = self.around(index, close);
        let touches = |one: usize, other: usize| matches!((self.marks.get(one), self.marks.get(other)), (Some(one), Some(other)) if one.range.end == other.range.start);
        let begins = before || (index > 0 && touches(index - 1, index) && self.state.out.begins_line());
        // The end of what is around it, or the beginning of the next of its kind.
        let goes_on = |next: &Mark<'_>| next.ends_another() || next.name() == self.marks[index].name();
        let ends = after || (touches(close, close + 1) && self.marks.get(close + 1).is_some_and(goes_on));
        if begins && ends { Standing::OwnLine } else { Standing::InLine }
    }

    /// A value of the front matter.
    fn parameter(&mut self, index: usize, arguments: &[Argument]) {
        let name = arguments.first().map_or("", |argument| &argument.value);
        match evaluate(&format!("page.{name}"), &self.state.variables) {
            Outcome::Value(value) => self.state.out.push_str(&value.into_text()),
            _ => self.report(index),
        }
    }
}

//! The tags of Liquid and its kin.

use super::arguments::{self, Argument};
use super::code::is_code;
use super::expander::{Expander, Flow};
use super::expression::{Outcome, evaluate};
use super::value::Value;
use super::{figure, player, unquoted};

/// Tags that decide what is shown: they are no frames around a text.
const LOGIC: [&str; 11] =
    ["if", "unless", "case", "elsif", "when", "layout", "extends", "block", "macro", "import", "from"];

impl Expander<'_, '_> {
    /// Carries out a tag. Returns the mark after which the text goes on, when that is not this one.
    pub(super) fn tag(&mut self, index: usize, end: usize, depth: usize) -> Option<usize> {
        let mark = &self.marks[index];
        let text = mark.arguments();
        match mark.name() {
            "assign" | "set" => self.assign(index, text),
            "comment" => return self.pairs.end_of(index, end),
            "raw" => {
                let close = self.pairs.end_of(index, end)?;
                self.state.copy(self.text, self.between(index, close));
                return Some(close);
            }
            name if is_code(name, &[]) => {
                let close = self.pairs.end_of(index, end)?;
                self.code(index, close);
                return Some(close);
            }
            "capture" => return self.capture(index, end, depth),
            "for" => return self.repeat(index, end, depth),
            "if" | "unless" | "case" => return self.choose(index, end, depth),
            "break" => self.leave(Flow::Break),
            "continue" => self.leave(Flow::Continue),
            "link" | "post_url" => self.address_of(index, &arguments::read(text)),
            "post_link" => self.post_link(index),
            "btn" | "button" if self.button(index) => {}
            "endraw" | "endcomment" | "end" | "toc" | "else" | "elsif" | "elseif" | "when" => {}
            name if name.starts_with("end") || name.starts_with('/') => {}
            "include" | "include_cached" | "include_relative" | "render" => self.include(index),
            name => return self.other_tag(index, name, end, depth),
        }
        None
    }

    /// `break` and `continue` mean something in loops alone.
    fn leave(&mut self, flow: Flow) {
        if self.state.variables.is_in_loop() {
            self.state.flow = flow;
        }
    }

    /// A tag that a site has made for itself.
    fn other_tag(&mut self, index: usize, name: &str, end: usize, depth: usize) -> Option<usize> {
        let arguments = self.arguments(index);
        if let Some(close) = self.pairs.end_of(index, end).filter(|_| !LOGIC.contains(&name)) {
            if !self.is_reserved(index, &arguments) {
                self.framed(index, close, &arguments, depth);
            }
            return Some(close);
        }
        self.stand_in(index, &arguments);
        None
    }

    /// The arguments of a tag; those that name something known are what that is.
    fn arguments(&self, index: usize) -> Vec<Argument> {
        let mark = &self.marks[index];
        if let Some(arguments) = unquoted::arguments(mark.name(), mark.arguments()) {
            return arguments;
        }
        let mut arguments = arguments::read(mark.arguments());
        for argument in arguments.iter_mut().filter(|argument| !argument.quoted) {
            if let Outcome::Value(value) = evaluate(&argument.value, &self.state.variables) {
                argument.value = value.into_text();
            }
        }
        arguments
    }

    /// What the arguments of a tag show by themselves: a picture, a link, whole sentences.
    fn stand_in(&mut self, index: usize, arguments: &[Argument]) {
        let shown = figure::markup(arguments, self.stands_alone(index));
        self.show_or_report(index, arguments, shown);
    }

    /// The same for a file that is not there to be included.
    pub(super) fn stand_in_for_include(&mut self, index: usize) {
        let arguments = self.arguments(index);
        if figure::markup(&arguments, false).is_none() {
            let asked = arguments.split_first().filter(|(file, _)| file.name.is_none());
            if let Some(link) = asked.and_then(|(file, handed)| player::link_of_include(&file.value, handed)) {
                self.state.out.push_str(&link);
                return;
            }
            self.state.lacks_include = true;
            self.state.variables.may_be_set_elsewhere();
        }
        self.stand_in(index, &arguments);
    }

    fn assign(&mut self, index: usize, text: &str) {
        let Some((name, source)) = text.split_once('=') else { return };
        let name = name.trim();
        match evaluate(source.trim(), &self.state.variables) {
            Outcome::Value(value) => self.state.variables.set(name, value),
            Outcome::UnknownFilter(value, filter) => {
                self.state.variables.set(name, value);
                self.note(index, format!("filter `{filter}` is not known here"));
            }
            // Where it is shown, it is reported.
            Outcome::Unknown(_) | Outcome::NotAnExpression | Outcome::Spent => self.state.variables.unset(name),
        }
    }

    fn capture(&mut self, index: usize, end: usize, depth: usize) -> Option<usize> {
        let close = self.pairs.end_of(index, end)?;
        let name = self.marks[index].arguments().trim_matches(['"', '\'']).to_owned();
        let before = std::mem::take(&mut self.state.out);
        self.state.captures += 1;
        self.run_between(index, close, depth);
        self.state.captures -= 1;
        let captured = std::mem::replace(&mut self.state.out, before);
        if self.state.variables.budget.spend(captured.len()) {
            self.state.variables.set(&name, Value::Text(captured.into()));
        } else {
            self.state.variables.unset(&name);
        }
        Some(close)
    }
}

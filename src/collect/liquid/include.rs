//! `include`: the text of another file, with what it is handed.

use super::arguments::{self, Argument};
use super::expander::{Expander, MAX_DEPTH};
use super::expression::{Outcome, evaluate};
use super::figure;
use super::includes::Found;
use super::value::Value;

impl Expander<'_, '_> {
    /// Carries out `{% include name key=value … %}`. A file that is not there, or cannot be carried out where the arguments
    /// alone show a picture, is stood in for.
    pub(super) fn include(&mut self, index: usize) {
        let Some((name, arguments)) = self.asked(index) else { return self.stand_in_for_include(index) };
        let Some(found) = self.find(index, &name) else { return self.stand_in_for_include(index) };
        if self.state.inside.contains(&found.name) {
            return self.note(index, format!("`{}` includes itself; that is not expanded", found.name));
        }
        if self.state.inside.len() >= MAX_DEPTH {
            return self.report(index);
        }
        if !self.state.may_read(found.text.len()) {
            let mark = self.marks[index].range.clone();
            return self.state.copy(self.text, mark);
        }
        let shown = figure::markup(&arguments, self.stands_alone(index));
        let (length, told) = (self.state.out.len(), self.state.reports.len());
        let handed = arguments.into_iter().filter_map(|argument| self.handed(argument)).collect();
        self.read(index, &found, handed);
        if let Some(markup) = shown.filter(|_| self.state.reports.len() > told) {
            self.state.out.truncate(length);
            self.state.reports.truncate(told);
            self.state.out.push_str(&markup);
        }
    }

    /// The name of the file, and the arguments after it.
    fn asked(&self, index: usize) -> Option<(String, Vec<Argument>)> {
        let text = self.marks[index].arguments();
        if let Some((variable, rest)) = text.strip_prefix("{{").and_then(|rest| rest.split_once("}}")) {
            let Outcome::Value(name) = evaluate(variable.trim(), &self.state.variables) else { return None };
            return Some((name.into_text(), arguments::read(rest)));
        }
        let mut arguments = arguments::read(text);
        let first = arguments.first().filter(|argument| argument.name.is_none())?;
        let mut name = first.value.clone();
        if !first.quoted
            && let Some(Value::Text(value)) = self.state.variables.own(&name)
            && self.state.variables.budget.spend(value.len())
        {
            name = value;
        }
        arguments.remove(0);
        Some((name, arguments))
    }

    fn find(&self, index: usize, name: &str) -> Option<Found> {
        let (includes, directory) = self.state.page.includes?;
        match self.marks[index].name() {
            "include_relative" => includes.beside(directory, name),
            _ => includes.named(name),
        }
    }

    /// What is handed under a name; without a value where that is not known.
    fn handed(&self, argument: Argument) -> Option<(String, Option<Value>)> {
        let value = if argument.quoted {
            Some(Value::Text(argument.value))
        } else {
            self.state.variables.handed(&argument.value)
        };
        Some((argument.name?, value))
    }

    /// Expands the file onto what there is.
    fn read(&mut self, index: usize, found: &Found, handed: Vec<(String, Option<Value>)>) {
        let state = &mut *self.state;
        let outer = state.variables.begin_include(handed);
        if state.inside.is_empty() {
            state.included_at = self.marks[index].range.start;
        }
        state.inside.push(found.name.clone());
        Expander::expand(&found.text, found.is_markdown, state);
        state.inside.pop();
        state.variables.end_include(outer);
    }
}

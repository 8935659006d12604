//! The templates inside texts: Liquid (Jekyll), shortcodes (Hugo, Zola), attribute lists (kramdown).
//!
//! No template engine: what carries text is carried out as far as all that it names is known, what carries none is taken
//! out, and the rest is reported, its text kept. Code is left as it is.

mod addresses;
mod arguments;
mod attributes;
mod branches;
mod budget;
pub(super) mod code;
mod condition;
mod expander;
mod expression;
pub(super) mod figure;
mod filters;
pub(super) mod frame;
mod include;
mod includes;
mod loops;
mod pairs;
pub(super) mod player;
mod scan;
pub(super) mod sentences;
mod shortcodes;
mod tags;
mod unquoted;
mod value;

use std::borrow::Cow;
use std::path::Path;

pub(super) use self::arguments::Argument;
use self::expander::{Expander, State};
pub(super) use self::frame::{Frame, Standing};
pub(super) use self::includes::{Includes, folder as included_from};
use super::front::Entry;
use super::traced::{Origins, Traced};

/// What a text may name.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Page<'a> {
    /// The scalars of its front matter.
    pub(super) scalars: &'a [(String, String)],
    /// All of it.
    pub(super) data: &'a [Entry],
    /// The files that it may include, and the folder in which it stands.
    pub(super) includes: Option<(&'a Includes, &'a Path)>,
}

#[cfg(any(fuzzing, test))]
impl<'a> Page<'a> {
    /// A page of these scalars and nothing else.
    pub(super) fn of(scalars: &'a [(String, String)]) -> Self {
        Self { scalars, ..Self::default() }
    }
}

/// A text without templates.
#[derive(Debug)]
pub(super) struct Expanded<'a> {
    /// The text.
    pub(super) text: Cow<'a, str>,
    /// Whether another file should have been included: definitions of links may be missing.
    pub(super) lacks_include: bool,
    /// What could not be carried out, and where, in bytes of the original.
    pub(super) reports: Vec<(usize, String)>,
    /// Where the parts of the text stood in the original.
    pub(super) origins: Origins,
}

impl<'a> Expanded<'a> {
    /// A text in which there is nothing to carry out.
    pub(super) fn unchanged(text: &'a str) -> Self {
        Self { text: Cow::Borrowed(text), lacks_include: false, reports: Vec::new(), origins: Origins::default() }
    }

    /// A text that was made of another one.
    pub(super) fn made(text: Traced, reports: Vec<(usize, String)>) -> Self {
        let mut expanded = Self { reports, ..Self::unchanged("") };
        expanded.text = Cow::Owned(expanded.origins.follow(text));
        expanded
    }

    /// Changes the text once more, if there is anything to change, and takes what there is to say of it.
    pub(super) fn change_and_tell(&mut self, change: impl Fn(&str) -> Option<(Traced, Vec<(usize, String)>)>) {
        if let Some((changed, reports)) = change(&self.text) {
            self.reports.extend(reports.into_iter().map(|(offset, report)| (self.origins.of(offset), report)));
            self.text = Cow::Owned(self.origins.follow(changed));
        }
    }

    /// Changes the text once more, if there is anything to change.
    pub(super) fn change(&mut self, change: impl Fn(&str) -> Option<Traced>) {
        if let Some(changed) = change(&self.text) {
            self.text = Cow::Owned(self.origins.follow(changed));
        }
    }
}

/// Carries out the templates in `text`, which is Markdown or HTML: in Markdown, code is left alone.
pub(super) fn expand<'a>(text: &'a str, is_markdown: bool, page: Page<'_>) -> Expanded<'a> {
    if !text.contains('{') {
        return Expanded::unchanged(text);
    }
    let mut state = State::new(page, text.len());
    Expander::expand(text, is_markdown, &mut state);
    Expanded { lacks_include: state.lacks_include, ..Expanded::made(state.out, state.reports) }
}

#[cfg(test)]
mod tests;

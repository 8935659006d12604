//! The templates inside texts: Liquid (Jekyll), shortcodes (Hugo, Zola), attribute lists (kramdown).
//!
//! No template engine: what carries text is carried out as far as all that it names is known, what carries none is taken
//! out, and the rest is reported, its text kept. Code is left as it is.

mod arguments;
mod branches;
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
mod shortcodes;
mod tags;
mod value;

use std::borrow::Cow;
use std::path::Path;

pub(super) use self::arguments::Argument;
use self::expander::{Expander, State};
pub(super) use self::frame::Frame;
pub(super) use self::includes::Includes;
use super::front::Entry;

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
}

/// Carries out the templates in `text`, which is Markdown or HTML: in Markdown, code is left alone.
pub(super) fn expand<'a>(text: &'a str, is_markdown: bool, page: Page<'_>) -> Expanded<'a> {
    if !["{%", "{{", "{:", "{#"].iter().any(|open| text.contains(open)) {
        return Expanded { text: Cow::Borrowed(text), lacks_include: false, reports: Vec::new() };
    }
    let state = Expander::expand(text, is_markdown, State::new(page, text.len()));
    Expanded { text: Cow::Owned(state.out), lacks_include: state.lacks_include, reports: state.reports }
}

#[cfg(test)]
mod tests;

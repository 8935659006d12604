//! What margin boxes say that they have no room for.

use std::collections::HashSet;

use super::marks::{TOO_WIDE, beginning, is_too_wide};
use crate::error::{Place, Warning};
use crate::typeset::inline::Line;
use crate::typeset::style::page_rule::MarginBox;

/// So many of them are told one by one.
const TOLD: usize = 50;

/// The parts of a text's size that capitals stand above and that letters hang below their baseline.
const ABOVE: f32 = 0.7;
const BELOW: f32 = 0.2;

/// Something in a margin box that does not fit, with the number of its page.
#[derive(Clone, Debug)]
pub(crate) struct Misfit {
    page: i32,
    name: MarginBox,
    text: String,
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    /// A word that is cut.
    Cut,
    /// A line that is so much wider than the box.
    TooWide(f32),
    /// Lines that reach out of the box.
    TooTall,
    /// Lines that are not wholly on the paper.
    OffPaper,
}

/// The lines of a margin box, from the top of the first on.
pub(super) struct Placed<'l> {
    pub(super) lines: &'l [Line],
    pub(super) top: f32,
    /// The size of their text.
    pub(super) size: f32,
    /// By how much they are taller than the box.
    pub(super) excess: f32,
    pub(super) paper_height: f32,
}

impl Placed<'_> {
    /// What does not fit of them.
    pub(super) fn misfits(&self, name: MarginBox, page: i32) -> Vec<Misfit> {
        let mut misfits = Vec::new();
        let mut add = |text: String, kind: Kind| misfits.push(Misfit { page, name, text, kind });
        if let Some(word) = self.lines.iter().find_map(|line| line.cut.as_ref()) {
            add(word.to_string(), Kind::Cut);
        }
        if let Some(line) = self.lines.iter().find(|line| is_too_wide(line)) {
            add(beginning(line), Kind::TooWide(line.natural - line.available));
        }
        let vertical = match self.lines {
            _ if self.is_off_paper() => Some(Kind::OffPaper),
            [_, _, ..] if self.excess > TOO_WIDE => Some(Kind::TooTall),
            _ => None,
        };
        if let (Some(kind), Some(first)) =
            (vertical, self.lines.iter().map(beginning).find(|text| !text.trim().is_empty()))
        {
            add(first, kind);
        }
        misfits
    }

    fn is_off_paper(&self) -> bool {
        let mut top = self.top;
        self.lines.iter().any(|line| {
            let baseline = top + line.baseline;
            top += line.height;
            baseline - ABOVE * self.size < -TOO_WIDE || baseline + BELOW * self.size > self.paper_height + TOO_WIDE
        })
    }
}

/// A warning for each, on the first page where it is.
pub(crate) fn warnings(misfits: &[Misfit], html_name: &str) -> Vec<Warning> {
    let mut seen = HashSet::new();
    let mut messages: Vec<String> = Vec::new();
    for misfit in misfits {
        let Misfit { page, name, text, kind } = misfit;
        // Numbers are others on every page.
        let without_numbers: String = text.chars().filter(|sign| !sign.is_numeric()).collect();
        if !seen.insert((name, std::mem::discriminant(kind), without_numbers)) {
            continue;
        }
        let (text, name) = (text.trim(), name.name());
        messages.push(match kind {
            Kind::Cut => format!("page {page}: `{text}` does not fit `@{name}` and is cut without a hyphen"),
            Kind::TooWide(by) => format!("page {page}: the line `{text}` is {by:.0} pt wider than its box `@{name}`"),
            Kind::TooTall => format!("page {page}: what begins with `{text}` is taller than its box `@{name}`"),
            Kind::OffPaper => {
                format!(
                    "page {page}: what begins with `{text}` is taller than its box `@{name}` and runs off the paper"
                )
            }
        });
    }
    let more = messages.len().saturating_sub(TOLD);
    messages.truncate(TOLD);
    if more > 0 {
        messages.push(format!("{more} more texts do not fit their boxes in the margin"));
    }
    messages.into_iter().map(|message| Warning::new(message).at(Place::file(html_name))).collect()
}

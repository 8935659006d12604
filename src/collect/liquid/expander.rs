//! Going through a text from mark to mark.

use std::collections::BTreeSet;
use std::ops::Range;

use super::budget::MAX_WORK;
use super::expression::{Outcome, Variables, evaluate};
use super::pairs::Pairs;
use super::scan::{self, Kind, Mark};
use super::sentences::sentences;
use super::value::Value;
use super::{Page, addresses, arguments, attributes, figure, player};
use crate::collect::sized;
use crate::collect::traced::Traced;
use crate::error::line_and_column;

/// How deep blocks may nest, includes among them.
pub(super) const MAX_DEPTH: usize = 16;
/// How often the bodies of loops may run, all together.
const MAX_ROUNDS: usize = 10_000;
/// How long a text may grow beside its original, in bytes.
const MAX_GROWTH: usize = 1 << 20;
/// How far above a kramdown list of contents the item stands that it replaces, in bytes.
const LONGEST_CONTENTS: usize = 400;
/// No post is told more of.
const MAX_REPORTS: usize = 500;

/// What all of a post's texts share while they are expanded.
pub(super) struct State<'p> {
    pub(super) page: Page<'p>,
    pub(super) variables: Variables,
    pub(super) out: Traced,
    /// How a loop is left early.
    pub(super) flow: Flow,
    pub(super) lacks_include: bool,
    pub(super) reports: Vec<(usize, String)>,
    /// The files that are being included, the outermost first.
    pub(super) inside: Vec<String>,
    /// Where the outermost of them is included.
    pub(super) included_at: usize,
    /// How many captures are being written.
    pub(super) captures: usize,
    /// What has been said already; of a file that is included, where.
    told: BTreeSet<(Option<(String, usize)>, String)>,
    told_spent: bool,
    rounds: usize,
    longest: usize,
}

/// What `break` and `continue` say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Flow {
    #[default]
    On,
    Continue,
    Break,
}

impl<'p> State<'p> {
    /// Of a post whose text is so long.
    pub(super) fn new(page: Page<'p>, length: usize) -> Self {
        Self {
            page,
            variables: Variables::of(page),
            out: Traced::with_capacity(length),
            flow: Flow::On,
            lacks_include: false,
            reports: Vec::new(),
            inside: Vec::new(),
            included_at: 0,
            captures: 0,
            told: BTreeSet::new(),
            told_spent: false,
            rounds: 0,
            longest: length + MAX_GROWTH,
        }
    }

    /// Appends a part of the text that is gone through.
    pub(super) fn copy(&mut self, text: &str, range: Range<usize>) {
        if self.inside.is_empty() {
            self.out.copy(text, range);
        } else {
            self.out.push_str(&text[range]);
        }
    }

    /// Takes so many bytes to be gone through; says whether that may be done.
    pub(super) fn may_read(&mut self, bytes: usize) -> bool {
        let fits = self.out.len() <= self.longest;
        self.variables.budget.spend(if fits { bytes } else { usize::MAX })
    }

    /// Whether so many bytes may be added.
    fn has_room(&self, bytes: usize) -> bool {
        let fits = self.out.len() + bytes <= self.longest;
        fits || !self.variables.budget.spend(usize::MAX)
    }

    /// Takes one round of a loop whose body is so long; says whether it may run.
    pub(super) fn may_repeat(&mut self, bytes: usize) -> bool {
        self.rounds += 1;
        self.rounds <= MAX_ROUNDS && self.may_read(bytes)
    }
}

/// One text, and the state that it shares with those that include it.
pub(super) struct Expander<'t, 'p> {
    pub(super) text: &'t str,
    pub(super) marks: &'t [Mark<'t>],
    pub(super) pairs: &'t Pairs,
    pub(super) state: &'t mut State<'p>,
}

impl<'t, 'p> Expander<'t, 'p> {
    /// Expands a whole text onto what the state holds already. In Markdown, code is left alone.
    pub(super) fn expand(text: &'t str, is_markdown: bool, state: &'t mut State<'p>) {
        let marks = scan::marks(text, is_markdown);
        state.variables.look_at(marks.iter().map(|mark| (mark.name(), mark.inside)), state.inside.is_empty());
        let pairs = Pairs::of(&marks);
        let depth = state.inside.len();
        let mut expander = Expander { text, marks: &marks, pairs: &pairs, state };
        expander.run(0..marks.len(), 0..text.len(), depth);
    }

    /// Expands the bytes `within`, in which the marks of `range` stand.
    pub(super) fn run(&mut self, range: Range<usize>, within: Range<usize>, depth: usize) {
        let marks = self.marks;
        let (mut at, mut index) = (within.start, range.start);
        while index < range.end && self.state.flow == Flow::On && !self.state.variables.budget.is_spent() {
            let mark = &marks[index];
            let mut last = index;
            index += 1;
            if mark.range.start < at {
                continue;
            }
            self.state.copy(self.text, at..mark.range.start);
            if mark.trims_before {
                self.state.out.truncate(self.state.out.trim_end().len());
            }
            at = mark.range.end;
            match mark.kind {
                Kind::Output => self.output(last),
                Kind::Attributes => at = self.attributes(last),
                Kind::Comment => {}
                Kind::Extension => {
                    if let Some(end) = self.hidden(last, range.end) {
                        (last, at, index) = (end, marks[end].range.end, end + 1);
                    }
                }
                Kind::Shortcode | Kind::Tag => {
                    let next = match mark.kind {
                        Kind::Tag => self.tag(last, range.end, depth),
                        _ => self.shortcode(last, range.end, depth),
                    };
                    if let Some(next) = next {
                        last = next;
                        at = marks[next].range.end;
                        index = next + 1;
                    }
                }
            }
            if marks[last].trims_after && at < within.end {
                let rest = &self.text[at..within.end];
                at += rest.len() - rest.trim_start().len();
            }
            self.tell_when_spent(last);
        }
        if at < within.end && self.state.flow == Flow::On {
            self.state.copy(self.text, at..within.end);
        }
    }

    /// Expands what stands between two marks.
    pub(super) fn run_between(&mut self, open: usize, close: usize, depth: usize) {
        let mut within = self.between(open, close);
        if depth >= MAX_DEPTH {
            self.note(open, format!("blocks nest deeper than {MAX_DEPTH} here; the text is left as it is"));
            self.state.copy(self.text, within);
            return;
        }
        if self.marks[open].trims_after {
            let inside = &self.text[within.clone()];
            within.start += inside.len() - inside.trim_start().len();
        }
        self.run(open + 1..close, within, depth + 1);
        if self.marks[close].trims_before {
            self.state.out.truncate(self.state.out.trim_end().len());
        }
    }

    /// The bytes between two marks.
    pub(super) fn between(&self, open: usize, close: usize) -> Range<usize> {
        self.marks[open].range.end..self.marks[close].range.start
    }

    /// The end of kramdown's `{::comment}`: what is in it is not shown. The tags of its other extensions go alone.
    fn hidden(&self, index: usize, end: usize) -> Option<usize> {
        let is_comment = self.marks[index].inside.starts_with(":comment") && !self.marks[index].inside.ends_with('/');
        self.pairs.end_of(index, end).filter(|_| is_comment)
    }

    /// Says once that no more is carried out, and where that began.
    fn tell_when_spent(&mut self, index: usize) {
        if self.state.variables.budget.is_spent() && !std::mem::replace(&mut self.state.told_spent, true) {
            let (at, message) = self.placed(
                index,
                format!(
                    "the templates of one post may go through no more than {} MB, and add no more than {} MB; from here on \
                     they are left as they stand",
                    MAX_WORK >> 20,
                    MAX_GROWTH >> 20
                ),
            );
            self.state.reports.push((at, message));
        }
    }

    /// Says that a mark is not carried out.
    pub(super) fn report(&mut self, index: usize) {
        let mark = &self.marks[index];
        let source = &self.text[mark.range.clone()];
        let message = match mark.kind {
            Kind::Tag | Kind::Shortcode => {
                let open = if mark.kind == Kind::Tag { "{%" } else { "{{<" };
                let target = arguments::read(mark.arguments()).into_iter().next();
                match target.filter(|_| mark.name().starts_with("include")) {
                    Some(target) => format!("`{open} {} {} …` is not expanded", mark.name(), target.value),
                    None => format!("`{open} {} …` is not expanded", mark.name()),
                }
            }
            _ => format!("`{}` is not known here", crate::collect::plain::one_line(source)),
        };
        self.note(index, message);
    }

    /// Says something once; of a file that is included, where it is.
    pub(super) fn note(&mut self, index: usize, message: String) {
        let start = self.marks[index].range.start;
        let place = self.state.inside.last().map(|file| (file.clone(), start));
        if self.state.reports.len() < MAX_REPORTS && self.state.told.insert((place, message.clone())) {
            let report = self.placed(index, message);
            self.state.reports.push(report);
        }
    }

    /// A message and the place in the post to which it belongs.
    fn placed(&self, index: usize, message: String) -> (usize, String) {
        let start = self.marks[index].range.start;
        match self.state.inside.last() {
            Some(file) => {
                let (line, column) = line_and_column(self.text, start);
                (self.state.included_at, format!("{file}:{line}:{column}: {message}"))
            }
            None => (start, message),
        }
    }

    fn output(&mut self, index: usize) {
        let mark = &self.marks[index];
        match evaluate(mark.inside, &self.state.variables) {
            Outcome::Value(value) => self.show(index, value),
            Outcome::UnknownFilter(value, name) => {
                self.show(index, value);
                self.note(index, format!("filter `{name}` is not known here"));
            }
            Outcome::Unknown(_) => {
                // An address with a hole in it leads nowhere: the sanitiser drops this scheme and keeps the text.
                let out = &mut self.state.out;
                if out.ends_with(['(', '"', '\'', '<']) || out.ends_with("]: ") {
                    out.push_str("unresolved:");
                }
                self.report(index);
            }
            Outcome::Spent => self.state.copy(self.text, mark.range.clone()),
            Outcome::NotAnExpression if mark.inside.starts_with("/*") => {}
            Outcome::NotAnExpression => {
                let arguments = arguments::read(mark.arguments());
                let is_call = mark.arguments().starts_with('(');
                if is_call {
                    let shown = figure::markup(&arguments, self.stands_alone(index));
                    self.show_or_report(index, &arguments, shown);
                } else {
                    self.state.copy(self.text, mark.range.clone());
                }
            }
        }
    }

    /// Appends a value, when there is room for it; else the mark stays as it is.
    fn show(&mut self, index: usize, value: Value) {
        let length = value.weight();
        if self.state.may_read(length) && self.state.has_room(length) {
            match value.into_text() {
                text if text.starts_with(addresses::MARK) => self.show_address(index, &text),
                text => self.state.out.push_str(&text),
            }
        } else {
            self.state.copy(self.text, self.marks[index].range.clone());
        }
    }

    /// What a tag, a shortcode or a function shows: a picture, a player's link, or a report; and the whole sentences that it
    /// is handed.
    pub(super) fn show_or_report(&mut self, index: usize, arguments: &[arguments::Argument], figure: Option<String>) {
        let shown = figure.or_else(|| player::link(self.marks[index].name(), arguments));
        match &shown {
            Some(markup) => self.state.out.push_str(markup),
            None => self.report(index),
        }
        for text in sentences(arguments, shown.as_deref().unwrap_or_default()) {
            self.state.out.extend(["\n\n", text, "\n\n"]);
        }
    }

    /// Whether nothing else stands on the mark's line.
    pub(super) fn stands_alone(&self, index: usize) -> bool {
        self.around(index, index) == (true, true)
    }

    /// Whether nothing else stands on the line before the first mark, and on the line behind the second, but for its
    /// attributes.
    pub(super) fn around(&self, first: usize, second: usize) -> (bool, bool) {
        let attributes = self.marks.get(second + 1).filter(|next| next.kind == Kind::Attributes);
        let has_attributes = attributes.is_some_and(|next| next.range.start == self.marks[second].range.end);
        let second = second + usize::from(has_attributes);
        // Only as far as there is white space: a line may be as long as a text, and hold as many marks.
        let before = self.text[..self.marks[first].range.start].trim_end_matches(is_blank);
        let after = self.text[self.marks[second].range.end..].trim_start_matches(is_blank);
        (before.is_empty() || before.ends_with('\n'), after.is_empty() || after.starts_with('\n'))
    }

    /// kramdown's `{:#id}` keeps its id as an anchor; everything else in such a list is looks. Returns where the text
    /// goes on: a line of nothing else goes whole.
    fn attributes(&mut self, index: usize) -> usize {
        let mark = &self.marks[index];
        let id = mark.inside.split_whitespace().find_map(|word| word.trim_start_matches(':').strip_prefix('#'));
        if let Some(id) = id.filter(|id| id.chars().all(|c| c.is_alphanumeric() || "-_:.".contains(c))) {
            self.state.out.extend(["<a id=\"", id, "\"></a>"]);
            return mark.range.end;
        }
        let end = mark.range.end;
        if !self.stands_alone(index) {
            let is_behind = attributes::is_behind_link(&self.text[..mark.range.start]);
            let size = if is_behind { sized::mark(mark.inside) } else { None };
            self.state.out.extend([size.as_deref().unwrap_or_default()]);
            return end;
        }
        let out = &mut self.state.out;
        out.truncate(out.rfind('\n').map_or(0, |at| at + 1));
        if mark.inside == "toc" {
            // The item above it gives way to a list of contents, which is the business of templates.
            let from = out.len().saturating_sub(LONGEST_CONTENTS);
            let from = (from..=out.len()).find(|at| out.is_char_boundary(*at)).unwrap_or(out.len());
            let above = out[from..].trim_end_matches('\n').rfind('\n').map_or(from, |at| from + at + 1);
            if (above == 0 || above > from) && out[above..].starts_with(['*', '-', '+', '1']) {
                out.truncate(above);
            }
        }
        self.text[end..].find('\n').map_or(self.text.len(), |at| end + at + 1)
    }
}

/// White space within a line.
pub(super) fn is_blank(c: char) -> bool {
    c != '\n' && c.is_whitespace()
}

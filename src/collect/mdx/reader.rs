//! Reading MDX: prose with components and expressions in it.

use std::collections::{HashMap, HashSet};

use super::lines::{self, Line};
use super::markdown;
use super::scan::{LONGEST, braced, code_length, first_paragraph, formula_length, is_nothing, literal, module_length};
use super::tag::{Imports, Tag};
use crate::collect::liquid::code::{self, is_code};
use crate::collect::liquid::sentences::sentences;
use crate::collect::liquid::{Argument, Frame, Standing, figure, frame, player};
use crate::collect::plain;
use crate::collect::reserved;
use crate::collect::traced::Traced;
use crate::model::escaped;

/// Components beyond this depth say nothing about the text in them.
const MAX_DEPTH: usize = 64;
/// The words of a link are no longer, in bytes.
const LONGEST_WORDS: usize = 2000;
/// No post is told more of.
const MAX_REPORTS: usize = 500;

/// A component or a block of HTML whose end is still to come.
struct Open<'a> {
    name: &'a str,
    frame: Frame,
    /// The indentation of the first line in it.
    indentation: Option<usize>,
}

/// A text, read up to a place.
pub(super) struct Reader<'a, 'p> {
    text: &'a str,
    page: &'p [(String, String)],
    pub(super) at: usize,
    out: Traced,
    open: Vec<Open<'a>>,
    /// Whether `CommonMark` would take the next line for HTML.
    in_html: bool,
    imports: Imports<'a>,
    /// Where the last end of each component stands.
    ends: HashMap<&'a str, usize>,
    reports: Vec<(usize, String)>,
    /// What has been reported.
    told: HashSet<String>,
    /// How many bytes may still be looked at in vain, so that many openings without an end cost no more than their length.
    budget: usize,
}

impl<'a, 'p> Reader<'a, 'p> {
    pub(super) fn new(text: &'a str, page: &'p [(String, String)]) -> Self {
        let out = Traced::with_capacity(text.len());
        Self {
            text,
            page,
            at: 0,
            out,
            open: Vec::new(),
            in_html: false,
            imports: Imports::new(),
            ends: HashMap::new(),
            reports: Vec::new(),
            told: HashSet::new(),
            budget: text.len() * 8 + LONGEST,
        }
    }

    /// Notes the ends of components on a line that is no code and begins at `at`.
    pub(super) fn note_ends(&mut self, at: usize, line: &'a str) {
        let (mut is_in_code, mut from) = (false, 0);
        for (found, _) in line.match_indices("</") {
            is_in_code ^= line[from..found].matches('`').count() % 2 == 1;
            from = found;
            if !is_in_code {
                self.ends.insert(name_at(&line[found + 2..]), at + found);
            }
        }
    }

    /// Ends what is open. Gives the text and what there is to say about it.
    pub(super) fn finish(mut self) -> (Traced, Vec<(usize, String)>) {
        while let Some(element) = self.open.pop() {
            self.out.push_str(&element.frame.after);
        }
        (self.out, self.reports)
    }

    /// The rest of the line, with its end.
    pub(super) fn line(&self) -> &'a str {
        let rest = &self.text[self.at..];
        &rest[..rest.find('\n').map_or(rest.len(), |at| at + 1)]
    }

    pub(super) fn copy_line(&mut self, line: &'a str) {
        let line_start = self.at;
        self.dedent(line);
        self.out.copy(self.text, self.at..line_start + line.len());
        self.at = line_start + line.len();
    }

    /// Passes over as much white space as the innermost component is indented by: MDX has no indented code.
    fn dedent(&mut self, line: &str) {
        let spaces = line.len() - line.trim_start_matches([' ', '\t']).len();
        if line.trim().is_empty() {
            return;
        }
        if let Some(open) = self.open.last_mut() {
            self.at += spaces.min(*open.indentation.get_or_insert(spaces));
        }
    }

    /// Passes over program text, to the first empty line outside of its brackets and strings; where these have no end, to the
    /// first empty line.
    pub(super) fn skip_module(&mut self) {
        self.imports.extend(import(self.line()));
        let rest = &self.text[self.at..];
        let length = if self.budget > 0 { module_length(rest) } else { None };
        self.at += length.unwrap_or_else(|| {
            self.budget = self.budget.saturating_sub(rest.len());
            first_paragraph(rest)
        });
    }

    /// Reads a line of text; a component or an expression that begins on it may reach beyond.
    pub(super) fn prose(&mut self) {
        let (line, begins) = (self.line(), self.out.len());
        self.dedent(line);
        while let Some(c) = self.text[self.at..].chars().next() {
            let rest = &self.text[self.at..];
            match c {
                '\n' => {
                    self.copy(1);
                    break;
                }
                '\\' => self.copy(rest.chars().take(2).map(char::len_utf8).sum()),
                '`' => self.copy(code_length(rest)),
                '$' => self.copy(formula_length(rest)),
                '{' if !rest.starts_with("{#") => self.expression(),
                '<' => self.tag(),
                c => self.copy(c.len_utf8()),
            }
        }
        self.settle(begins);
    }

    /// Makes of the line that was written last what it is in MDX.
    fn settle(&mut self, begins: usize) {
        let line = &self.out[begins..];
        if line.trim().is_empty() || line.starts_with('\n') || line.ends_with("\n\n") {
            self.in_html = false;
            return;
        }
        let before = &self.out[..begins];
        let is_first = before.is_empty() || before.ends_with("\n\n");
        let looked_at = lines::look(line, self.in_html, is_first);
        self.in_html = matches!(looked_at, Line::Html | Line::Words(_, false));
        let parts = matches!(looked_at, Line::Parted | Line::Words(_, true));
        if let Line::Words(words, _) = looked_at {
            let ends = line.ends_with('\n');
            self.out.truncate(begins);
            self.out.extend([&*words, if ends { "\n" } else { "" }]);
        }
        if parts {
            self.out.push('\n');
        }
    }

    /// Ends a block of HTML, as before a block of code.
    pub(super) fn leave_html(&mut self) {
        if std::mem::take(&mut self.in_html) {
            self.out.push('\n');
        }
    }

    fn copy(&mut self, length: usize) {
        self.out.copy(self.text, self.at..self.at + length);
        self.at += length;
    }

    /// The text in which a tag or an expression must end.
    fn window(&self) -> Option<&'a str> {
        let rest = &self.text[self.at..];
        let end = (0..=LONGEST.min(rest.len())).rev().find(|end| rest.is_char_boundary(*end))?;
        (self.budget > 0).then(|| &rest[..end])
    }

    /// Copies a sign that opens nothing.
    fn in_vain(&mut self) {
        self.budget = self.budget.saturating_sub(LONGEST.min(self.text.len() - self.at));
        self.copy(1);
    }

    fn report(&mut self, message: String) {
        if self.told.len() < MAX_REPORTS && self.told.insert(message.clone()) {
            self.reports.push((self.at, message));
        }
    }

    /// `{…}`: a comment, a string, a value of the front matter, or something that only a program knows.
    fn expression(&mut self) {
        let rest = &self.text[self.at..];
        let Some(length) = self.window().and_then(braced) else { return self.in_vain() };
        let rest = &rest[..length];
        let inside = rest[1..length - 1].trim();
        let value = |key: &str| self.page.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str());
        if let Some(comment) = inside.strip_prefix("/*").and_then(|inside| inside.strip_suffix("*/")) {
            if !comment.contains("--") && !comment.contains('>') {
                self.out.extend(["<!--", comment, "-->"]);
            }
        } else if let Some(text) = literal(inside) {
            self.out.push_str(text);
        } else if is_nothing(inside) {
            // It shows nothing in its own program, too.
        } else if let Some(text) =
            inside.rsplit_once('.').filter(|(of, _)| of.ends_with("atter")).and_then(|(_, key)| value(key))
        {
            self.out.push_str(text);
        } else if inside.is_empty() || !inside.contains(|c: char| c.is_alphanumeric()) {
            return self.copy(length);
        } else {
            let shown: String = plain::one_line(inside).chars().take(40).collect();
            self.report(format!("`{{{shown}}}` is not known here"));
        }
        self.at += length;
    }

    /// `<…>`: a component, HTML, or a sign.
    fn tag(&mut self) {
        let Some(tag) = self.window().and_then(Tag::read) else { return self.in_vain() };
        if tag.name.is_empty() {
            // A fragment is nothing but its contents.
            self.at += tag.length;
        } else if !is_component(tag.name) {
            let is_block = lines::is_block(tag.name);
            if tag.closes && is_block {
                self.close(tag.name);
            }
            self.html(&tag);
            if is_block && !tag.closes && !tag.ends_itself && self.is_ended(tag.name) && self.open.len() < MAX_DEPTH {
                self.open.push(Open { name: tag.name, frame: Frame::default(), indentation: None });
            }
        } else if tag.closes {
            self.at += tag.length;
            self.close(tag.name);
        } else if !tag.ends_itself && !tag.has_attributes() && !self.is_ended(tag.name) {
            // `Vec<T>`: nothing closes it, so it is a word.
            self.in_vain();
        } else {
            self.component(&tag);
        }
    }

    /// Ends the innermost element of this name, and what is open in it.
    fn close(&mut self, name: &str) {
        if let Some(index) = self.open.iter().rposition(|open| open.name == name) {
            for open in self.open.split_off(index).into_iter().rev() {
                self.out.push_str(&open.frame.after);
            }
        }
    }

    /// Whether a component of this name that begins here has an end.
    fn is_ended(&self, name: &str) -> bool {
        self.ends.get(name).is_some_and(|end| *end > self.at)
    }

    /// Where a component ends that begins here: the text where nothing ends it, and the last end of its name where others of that
    /// name have none.
    fn end_of(&self, tag: &Tag<'a>) -> usize {
        let Some(last) = self.ends.get(tag.name).copied().filter(|end| *end > self.at) else { return self.text.len() };
        let is_it = |rest: &str| {
            let rest = rest.strip_prefix(tag.name);
            rest.is_some_and(|rest| rest.starts_with(|c: char| c.is_whitespace() || matches!(c, '>' | '/')))
        };
        let (mut depth, mut end) = (1_usize, last);
        for (at, _) in self.text[self.at + tag.length..last].match_indices('<') {
            let at = self.at + tag.length + at;
            let rest = &self.text[at + 1..];
            if rest.strip_prefix('/').is_some_and(is_it) {
                depth -= 1;
            } else if is_it(rest) && !rest.split('>').next().is_some_and(|tag| tag.ends_with('/')) {
                depth += 1;
            }
            if depth == 0 {
                end = at;
                break;
            }
        }
        self.text[end..].find('>').map_or(self.text.len(), |close| end + close + 1)
    }

    fn component(&mut self, tag: &Tag<'a>) {
        let arguments = tag.arguments(&self.imports);
        if !tag.ends_itself && is_reserved(tag, &arguments) {
            self.report(reserved::told(&format!("<{}>", tag.name)));
            self.at = self.end_of(tag);
            return;
        }
        let block = self.out.begins_line() && !self.window().is_some_and(|rest| tag.is_in_sentence(rest));
        let name = tag.name.rsplit('.').next().unwrap_or(tag.name).to_ascii_lowercase();
        let name = name.strip_suffix("box").or_else(|| name.strip_suffix("block")).unwrap_or(&name);
        if block && !tag.ends_itself && is_code(name, &arguments) && self.code(name, tag) {
            return;
        }
        let shown = figure::markup(&arguments, block);
        if tag.ends_itself || matches!(name, "img" | "image") {
            let shown = shown.or_else(|| player::link(name, &arguments)).or_else(|| own_link(&arguments));
            if let Some(markup) = &shown {
                self.out.push_str(markup);
            } else {
                self.report(format!("`<{} …>` is not expanded", tag.name));
                // Of a picture that only a program knows the words stay.
                for said in arguments.iter().filter(|argument| is_caption(argument)) {
                    self.out.extend([&*figure::inline(&said.value), " "]);
                }
            }
            let is_said = |text: &str| arguments.iter().any(|said| is_caption(said) && said.value.trim() == text);
            let shown_text = shown.as_deref().unwrap_or_default();
            for text in sentences(&arguments, shown_text).filter(|text| shown.is_some() || !is_said(text)) {
                self.out.extend(["\n\n", text, "\n\n"]);
            }
        } else {
            if shown.is_none() && !self.is_ended(tag.name) {
                self.report(format!("`<{} …>` has no end; what it says is not shown", tag.name));
            }
            self.out.extend(shown);
            let is_link = block && frame::address(&arguments).is_some();
            let words = is_link.then(|| self.words(tag)).flatten();
            let standing = if block && words.is_none() { Standing::Block } else { Standing::InLine };
            let frame = frame::of(name, &arguments, standing);
            self.out.push_str(&frame.before);
            if self.open.len() >= MAX_DEPTH {
                self.out.push_str(&frame.after);
                self.at += tag.length;
                return;
            }
            self.open.push(Open { name: tag.name, frame, indentation: None });
            if let Some(words) = words {
                // A link that begins a line is one of its line, not a block of HTML.
                self.at += tag.length + self.text[self.at + tag.length..].find(words).unwrap_or_default();
                return;
            }
        }
        self.at += tag.length;
        let behind = self.text[self.at..].trim_start_matches(is_blank);
        if block && (behind.is_empty() || behind.starts_with('\n')) {
            self.out.push('\n');
        }
    }

    /// Copies what stands before a place.
    pub(super) fn copy_to(&mut self, at: usize) {
        self.copy(at.saturating_sub(self.at));
    }

    /// Reads the tag with which the rest begins, in Markdown that is no MDX: a component is what it stands for.
    pub(super) fn element_of_markdown(&mut self) {
        let Some(tag) = self.window().and_then(Tag::read) else { return self.in_vain() };
        let is_open = |open: &Open<'_>| open.name == tag.name;
        if tag.closes && self.open.iter().any(is_open) {
            self.tag();
        } else if !tag.closes
            && markdown::is_component(tag.name, tag.ends_itself)
            && (tag.ends_itself || self.is_ended(tag.name))
        {
            self.component(&tag);
        } else {
            self.copy(tag.length);
        }
    }

    /// What stands in a component as a block of code. Says whether it was one.
    fn code(&mut self, name: &str, tag: &Tag<'_>) -> bool {
        let close = format!("</{}>", tag.name);
        let behind = self.window().and_then(|window| window.get(tag.length..)).unwrap_or_default();
        let Some(end) = behind.find(&close) else {
            self.budget = self.budget.saturating_sub(behind.len());
            return false;
        };
        let inside = behind[..end].trim_matches(['\n', '\r']);
        let braced = inside.trim().strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
        let code = braced.and_then(|inside| literal(inside.trim())).unwrap_or(inside);
        self.out.push_str(&code::block(name, &tag.arguments(&self.imports), code));
        self.at += tag.length + end + close.len();
        true
    }

    /// The text of a component, where it is one paragraph of words.
    fn words(&self, tag: &Tag<'_>) -> Option<&'a str> {
        let behind = &self.text[self.at + tag.length..];
        let near = (0..=LONGEST_WORDS.min(behind.len())).rev().find(|end| behind.is_char_boundary(*end))?;
        let inside = behind[..behind[..near].find("</")?].trim();
        let is_paragraph = !inside.is_empty() && !inside.contains("\n\n") && inside.starts_with(char::is_alphanumeric);
        (is_paragraph && behind[behind[..near].find("</")? + 2..].starts_with(tag.name)).then_some(inside)
    }

    /// HTML as JSX writes it: values in braces become values in quotes where they are strings.
    fn html(&mut self, tag: &Tag<'a>) {
        let source = &self.text[self.at..self.at + tag.length];
        if !source.contains('{') {
            return self.copy(tag.length);
        }
        if let Some(name) = tag.unknown_address(&self.imports) {
            self.report(format!("`{name}` of `<{} …>` is not known here", tag.name));
        }
        self.out.extend(["<", tag.name]);
        for Argument { name, value, .. } in tag.arguments(&self.imports) {
            let name = name.unwrap_or_default();
            let name = if name == "className" { "class" } else { &name };
            self.out.extend([" ", name, "=\"", &escaped(&value), "\""]);
        }
        self.out.push_str(if tag.ends_itself { "/>" } else { ">" });
        self.at += tag.length;
    }
}

/// The picture that a line of a module imports, and the name that it gives it: `import name from './a.png'`.
fn import(line: &str) -> Option<(&str, &str)> {
    let (name, from) = line.strip_prefix("import ")?.split_once(" from ")?;
    let path = from.trim().trim_end_matches(';').trim_matches(['"', '\'']);
    let name = name.trim();
    let is_name = name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '$'));
    (is_name && figure::is_picture(path)).then_some((name, path))
}

/// Whether an argument tells what a picture shows.
fn is_caption(argument: &Argument) -> bool {
    argument.name.as_deref().is_some_and(|name| matches!(name, "alt" | "caption"))
}

/// A link to a page of one's own that a component without text names, where it has words for it.
fn own_link(arguments: &[Argument]) -> Option<String> {
    let Frame { before, after } = frame::of("link", arguments, Standing::InLine);
    frame::address(arguments).filter(|_| before.contains("</a>")).map(|_| [before.trim_end(), &after].concat())
}

/// The name with which a text begins.
fn name_at(text: &str) -> &str {
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    &text[..text.find(|c| !is_name(c)).unwrap_or(text.len())]
}

/// White space within a line.
fn is_blank(c: char) -> bool {
    c != '\n' && c.is_whitespace()
}

fn is_component(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_uppercase()) || name.contains('.')
}

/// Whether what stands in a component is for some readers alone.
fn is_reserved(tag: &Tag<'_>, arguments: &[Argument]) -> bool {
    let of_name = |name: &str| arguments.iter().find(|argument| argument.name.as_deref() == Some(name));
    reserved::is_name(tag.name, |name| of_name(name).map(|argument| argument.value.as_str()))
}

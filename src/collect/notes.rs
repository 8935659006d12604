//! Notes as directives write them: `:::note`, and Python's `!!! note`; and the mark of a list of contents, `[TOC]`.

use std::ops::Range;

use memchr::memmem;
use pulldown_cmark::{CodeBlockKind, Event, Tag};

use super::liquid::{Argument, Standing, frame};
use super::traced::Traced;
use super::{body, reserved};

/// Where other programs put a list of contents, which is the business of templates here.
const CONTENTS: [&str; 4] = ["[TOC]", "[[TOC]]", "[[toc]]", "[[_TOC_]]"];

/// What else Obsidian calls a quotation that is none.
const CALLOUTS: [&str; 15] = [
    "abstract", "summary", "tldr", "todo", "done", "question", "help", "faq", "failure", "fail", "missing", "bug",
    "example", "quote", "cite",
];

/// Sets what is between the lines of `:::name` and `:::`, or indented below `!!! name`, in the frame of its name.
/// What is for some readers alone by its name is left out and told, with its place. `None` when there is none.
pub(super) fn framed(text: &str) -> Option<(Traced, Vec<(usize, String)>)> {
    let marks = [":::", "!!! ", "??? ", "[!"].iter().chain(&CONTENTS);
    if !marks.into_iter().any(|mark| memmem::find(text.as_bytes(), mark.as_bytes()).is_some()) {
        return None;
    }
    let mut writer = Writer { text, indented_code: indented_code(text), ..Writer::default() };
    let mut is_quoted = false;
    let mut lines = text.split_inclusive('\n').peekable();
    while let Some(line) = lines.next() {
        let next = lines.peek().copied().unwrap_or_default();
        writer.code.take_if(|fence| fence.is_left(line));
        if is_quoted || !writer.quoted(line) {
            writer.line(line, next);
        }
        is_quoted = line.trim_start().starts_with('>');
        writer.at += line.len();
    }
    writer.close_indented("x");
    while let Some((_, end)) = writer.open.pop() {
        writer.end(&end);
    }
    Some((writer.out, writer.reports))
}

#[derive(Default)]
struct Writer<'t> {
    text: &'t str,
    /// Where the line begins.
    at: usize,
    out: Traced,
    /// Code that is indented, in order.
    indented_code: Vec<Range<usize>>,
    /// The block of code that a line is in.
    code: Option<Fence>,
    /// Whether it is in text of HTML that is as it is.
    in_pre: bool,
    /// The colons and the ends of open directives.
    open: Vec<(usize, End)>,
    /// The end of the note whose lines are indented.
    indented: Option<End>,
    /// What there is to say, and where.
    reports: Vec<(usize, String)>,
}

/// What becomes of a note where it ends.
enum End {
    /// This is written behind it.
    Frame(String),
    /// It is left out, from this length of what is written on.
    LeftOut(usize),
}

/// A block of code between lines of signs.
struct Fence {
    sign: char,
    length: usize,
    /// Whether it stands in a quotation.
    is_quoted: bool,
    /// How far what belongs to its item of a list is indented, at least.
    indentation: usize,
}

impl Fence {
    /// The block that a line opens, behind the marks of quotations and lists.
    fn opened(line: &str) -> Option<Self> {
        let (mut rest, mut is_quoted, mut indentation) = (line, false, 0);
        loop {
            let inside = rest.trim_start();
            rest = inside;
            if let Some(quoted) = inside.strip_prefix('>') {
                (rest, is_quoted) = (quoted, true);
            } else if let Some(item) = behind_mark(inside) {
                rest = item;
                // A quotation is left by its own sign.
                indentation = if is_quoted { 0 } else { line.len() - inside.len() + 1 };
            } else {
                break;
            }
        }
        let sign = rest.chars().next().filter(|sign| matches!(sign, '`' | '~'))?;
        let length = rest.len() - rest.trim_start_matches(sign).len();
        let is_one = length >= 3 && !(sign == '`' && rest[length..].contains('`'));
        is_one.then_some(Self { sign, length, is_quoted, indentation })
    }

    fn is_closed(&self, line: &str) -> bool {
        let inside = line.trim().trim_start_matches(|c: char| self.is_quoted && matches!(c, '>' | ' '));
        inside.len() >= self.length && inside.trim_start_matches(self.sign).is_empty()
    }

    /// Whether a line stands outside of what the block is in.
    fn is_left(&self, line: &str) -> bool {
        let inside = line.trim_start();
        let indentation = line.len() - inside.len();
        (self.is_quoted && !inside.starts_with('>')) || (indentation < self.indentation && !inside.is_empty())
    }
}

/// Where code stands that is indented, in order.
fn indented_code(text: &str) -> Vec<Range<usize>> {
    if !["\n    ", "\n\t"].iter().any(|begins| text.contains(begins)) && !text.starts_with([' ', '\t']) {
        return Vec::new();
    }
    let is_indented = |event: &Event<'_>| matches!(event, Event::Start(Tag::CodeBlock(CodeBlockKind::Indented)));
    let events = body::parser(text, false).into_offset_iter().filter(|(event, _)| is_indented(event));
    events.map(|(_, range)| range).collect()
}

fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |end| end + 1)
}

/// Whether a line begins with `<pre>`.
fn is_pre(line: &str) -> bool {
    let rest = line.strip_prefix("<pre");
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(|c: char| c.is_whitespace() || matches!(c, '>' | '/')))
}

/// What stands behind the mark of an item of a list.
fn behind_mark(line: &str) -> Option<&str> {
    let digits = line.len() - line.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let rest = &line[digits..];
    let rest = if digits == 0 { rest.strip_prefix(['-', '*', '+']) } else { rest.strip_prefix(['.', ')']) };
    rest.filter(|rest| rest.starts_with([' ', '\t']))
}

impl Writer<'_> {
    fn line(&mut self, line: &str, next: &str) {
        let end = self.at + line.len();
        let trimmed = line.trim();
        if self.code.is_none() {
            self.close_indented(line);
        }
        let line = if self.indented.is_some() { line.strip_prefix("    ").unwrap_or(line) } else { line };
        if let Some(fence) = &self.code {
            if fence.is_closed(line) {
                self.code = None;
            }
        } else if self.in_pre || is_pre(trimmed) {
            self.in_pre = !trimmed.contains("</pre>");
        } else if self.is_in_indented_code() {
            // What a note of indented lines has is none of it.
        } else if let Some(fence) = Fence::opened(line) {
            self.code = Some(fence);
        } else if CONTENTS.contains(&trimmed) || self.directive(trimmed) || self.admonition(line, next) {
            return;
        }
        self.out.copy(self.text, end - line.len()..end);
    }

    /// Whether the line is code that is indented, and no part of a note.
    fn is_in_indented_code(&self) -> bool {
        let next = self.indented_code.partition_point(|range| range.end <= self.at);
        let is_in_code =
            self.indented_code.get(next).is_some_and(|range| line_start(self.text, range.start) <= self.at);
        is_in_code && self.indented.is_none()
    }

    /// `> [!name] Title` and `> [!name]- Title`, as Hugo and Obsidian have them: the mark stands alone, and the title is the first
    /// paragraph.
    fn quoted(&mut self, line: &str) -> bool {
        if self.code.is_some() || self.indented.is_some() {
            return false;
        }
        let Some((before, rest)) = line.trim_end().split_once("[!") else { return false };
        let is_prefix = before.trim_start().starts_with('>') && before.bytes().all(|b| matches!(b, b'>' | b' '));
        let Some((name, title)) = rest.split_once(']').filter(|_| is_prefix) else { return false };
        // What else follows makes a link of it.
        if title.starts_with(['(', '[', ':']) {
            return false;
        }
        let title = title.trim_start_matches(['+', '-']).trim();
        let other = CALLOUTS.iter().any(|known| known.eq_ignore_ascii_case(name)).then_some("note");
        let Some(class) = frame::note_class(name).or(other).map(str::to_ascii_uppercase) else { return false };
        self.out.extend([before, "[!", &class, "]\n"]);
        if !title.is_empty() {
            let bold = if title.contains(['*', '_']) { "" } else { "**" };
            let end = self.at + line.trim_end().len();
            self.out.extend([before, bold]);
            self.out.copy(self.text, end - title.len()..end);
            self.out.extend([bold, "\n", before.trim_end(), "\n"]);
        }
        true
    }

    /// `:::name Title`, `:::name[Title]`, `::: {.name title="…"}`, and `:::`.
    fn directive(&mut self, line: &str) -> bool {
        let colons = line.len() - line.trim_start_matches(':').len();
        let rest = line[colons..].trim();
        if colons < 3 {
            return false;
        }
        if rest.is_empty() {
            let Some((_, end)) = self.open.pop_if(|(opened, _)| *opened <= colons) else { return false };
            self.end(&end);
            return true;
        }
        let rest = rest.trim_matches(['{', '}', '.', ' ']);
        let end = rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '_'))).unwrap_or(rest.len());
        let (name, title) = (rest[..end].trim_start_matches("callout-"), rest[end..].trim());
        if name.is_empty() {
            return false;
        }
        let named = title.split_once("title=\"").and_then(|(_, title)| title.split('"').next());
        let title = named.unwrap_or_else(|| title.trim_matches(['[', ']', '{', '}']));
        self.begin((":::", name), name, title.trim(), |writer, end| writer.open.push((colons, end)));
        true
    }

    /// `!!! name "Title"`, with its text indented below it; `??? name` is one that readers unfold.
    fn admonition(&mut self, line: &str, next: &str) -> bool {
        let Some((sign, rest)) =
            line.trim_end().split_once(' ').filter(|(sign, _)| matches!(*sign, "!!!" | "???" | "???+"))
        else {
            return false;
        };
        if !next.starts_with("    ") {
            return false;
        }
        let (name, title) = rest.trim().split_once(' ').unwrap_or((rest.trim(), ""));
        let title = title.trim().trim_matches('"');
        let shown_as = if sign == "!!!" { name } else { "details" };
        self.begin((&format!("{sign} "), name), shown_as, title, |writer, end| writer.indented = Some(end));
        true
    }

    /// Begins what is written with a sign and a name, and shown as another name has it.
    fn begin(&mut self, said: (&str, &str), name: &str, title: &str, keep: impl FnOnce(&mut Self, End)) {
        if reserved::is_name(said.1, |_| None) {
            self.reports.push((self.at, reserved::told(&[said.0, said.1].concat())));
            return keep(self, End::LeftOut(self.out.len()));
        }
        let title = Some(title).filter(|title| !title.is_empty());
        let argument = |title: &str| Argument { name: Some("title".to_owned()), value: title.to_owned(), quoted: true };
        let frame = frame::of(name, &title.map(argument).into_iter().collect::<Vec<_>>(), Standing::Block);
        self.out.push_str(&frame.before);
        keep(self, End::Frame(frame.after));
    }

    fn end(&mut self, end: &End) {
        match end {
            End::Frame(after) => self.out.push_str(after),
            End::LeftOut(length) => self.out.truncate(*length),
        }
    }

    /// Ends the indented note before a line that is not.
    fn close_indented(&mut self, line: &str) {
        if let Some(end) = self.indented.take_if(|_| !line.starts_with("    ") && !line.trim().is_empty()) {
            self.end(&end);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::collect::body::to_html;
    use crate::collect::traced::Traced;

    fn framed(text: &str) -> Option<Traced> {
        Some(super::framed(text)?.0)
    }

    #[test]
    fn notes_are_framed() {
        let html = |text: &str| to_html(framed(text).as_deref().unwrap_or(text), false).html.replace('\n', "");
        let note = "<div class=\"warning\"><p><strong>Hot</strong></p><p>Do <em>not</em>.</p></div><p>x</p>";
        for text in [
            ":::warning[Hot]\nDo *not*.\n:::\nx\n",
            "::: {.callout-warning title=\"Hot\"}\nDo *not*.\n:::\nx\n",
            "!!! warning \"Hot\"\n    Do *not*.\n\nx\n",
        ] {
            assert_eq!(html(text), note, "{text}");
        }
        let alert = "<blockquote class=\"markdown-alert-warning\">";
        for (text, inside) in [
            ("> [!WARNING] Do *not*\n> it.\n", "<p>Do <em>not</em></p><p>it.</p>"),
            ("> [!warning]- Hot\n> it.\n", "<p><strong>Hot</strong></p><p>it.</p>"),
            ("> [!attention]+\n> it.\n", "<p>it.</p>"),
            ("> [!WARNING]\n> it.\n", "<p>it.</p>"),
        ] {
            assert_eq!(html(text), format!("{alert}{inside}</blockquote>"), "{text}");
        }
        assert!(html("> a\n> [!NOTE] b\n").contains("[!NOTE] b"));
        assert_eq!(html("```\n> [!NOTE] b\n```\n"), "<pre><code>&gt; [!NOTE] b</code></pre>");
        assert_eq!(html("```\n:::note\n```\n"), "<pre><code>:::note</code></pre>");
        for code in [
            "````md\n```js\nx\n```\n\n:::note\nA\n:::\n\n[TOC]\n````\n",
            "~~~\n```\n:::note\n~~~\n",
            "> ````\n> ```\n> [TOC]\n> ````\n",
            "- ````\n  ```\n  :::note\n  ````\n",
            "<pre>\n[TOC]\n:::note\n\n:::\n</pre>\n",
            "a\n\n    :::note\n    a\n\n    :::\n\nb\n",
            "\t:::note\n\t!!! tip\n\t    a\n",
        ] {
            assert_eq!(framed(code).as_deref().unwrap_or(code), code);
        }
        for begins in ["1. ```sh\n   x\n   ```\n", "- ```\n  x\n  ```\n", "- ```\n  x\n", "> ```\n> x\n", "``` `x`\n"] {
            let written = html(&format!("{begins}\n:::tip\na\n:::\n\n[TOC]\n"));
            assert!(written.ends_with("<div class=\"tip\"><p>a</p></div>"), "{begins}: {written}");
        }
        for text in ["- a\n\n    :::tip\n    a\n    :::\n", "!!! note\n    a\n\n    :::tip\n    a\n    :::\n"] {
            assert!(html(text).contains("<div class=\"tip\">"), "{text}");
        }
        assert_eq!(html("A\n\n[TOC]\n\n`[TOC]`\n"), "<p>A</p><p><code>[TOC]</code></p>");
        assert_eq!(html("A ::: b\n\n!!! no\n"), "<p>A ::: b</p><p>!!! no</p>");
        assert_eq!(
            html("<preview-card>x</preview-card>\n\n:::tip\na\n:::\n"),
            "<p><preview-card>x</preview-card></p><div class=\"tip\"><p>a</p></div>"
        );
        assert_eq!(
            html("::::tip\n:::note\na\n:::\nb\n::::\n"),
            "<div class=\"tip\"><div class=\"note\"><p>a</p></div><p>b</p></div>"
        );
    }

    #[test]
    fn what_is_for_some_readers_alone_goes() {
        for text in [
            "a\n\n:::private\nSecret\n\n:::note\nmore\n:::\n```\n:::\n```\n:::\n\nb\n",
            "a\n\n::: {.members-only}\nSecret\n:::\n\nb\n",
            "a\n\n!!! premium \"T\"\n    Secret\n\nb\n",
        ] {
            let (shown, told) = super::framed(text).unwrap();
            let words: Vec<&str> = shown.split_whitespace().collect();
            assert_eq!((words, told.len(), told[0].0), (vec!["a", "b"], 1, 3), "{text}");
        }
        let (shown, told) = super::framed("a\n\n:::members_only\nSecret\n").unwrap();
        assert_eq!(shown.trim(), "a");
        assert!(told[0].1.starts_with("`:::members_only` is for some readers alone"), "{told:?}");
    }
}

//! Notes as directives write them: `:::note`, and Python's `!!! note`; and the mark of a list of contents, `[TOC]`.

use super::liquid::{Argument, Standing, frame};
use super::traced::Traced;

/// Where other programs put a list of contents, which is the business of templates here.
const CONTENTS: [&str; 4] = ["[TOC]", "[[TOC]]", "[[toc]]", "[[_TOC_]]"];

/// What else Obsidian calls a quotation that is none.
const CALLOUTS: [&str; 15] = [
    "abstract", "summary", "tldr", "todo", "done", "question", "help", "faq", "failure", "fail", "missing", "bug",
    "example", "quote", "cite",
];

/// Sets what is between the lines of `:::name` and `:::`, or indented below `!!! name`, in the frame of its name.
/// `None` when there is none.
pub(super) fn framed(text: &str) -> Option<Traced> {
    let marks = [":::", "!!! ", "??? ", "[!"].iter().chain(&CONTENTS);
    if !marks.into_iter().any(|mark| text.contains(mark)) {
        return None;
    }
    let mut writer = Writer { text, ..Writer::default() };
    let mut is_quoted = false;
    let mut lines = text.split_inclusive('\n').peekable();
    while let Some(line) = lines.next() {
        let next = lines.peek().copied().unwrap_or_default();
        if is_quoted || !writer.quoted(line) {
            writer.line(line, next);
        }
        is_quoted = line.trim_start().starts_with('>');
        writer.at += line.len();
    }
    writer.close_indented("x");
    while let Some((_, after)) = writer.open.pop() {
        writer.out.push_str(&after);
    }
    Some(writer.out)
}

#[derive(Default)]
struct Writer<'t> {
    text: &'t str,
    /// Where the line begins.
    at: usize,
    out: Traced,
    /// The signs that open the block of code which a line is in.
    code: Option<String>,
    /// The colons and the ends of open directives.
    open: Vec<(usize, String)>,
    /// The end of the note whose lines are indented.
    indented: Option<String>,
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
            if trimmed.starts_with(fence.as_str()) && trimmed.trim_matches(['`', '~']).is_empty() {
                self.code = None;
            }
        } else if let Some(sign) = ["```", "~~~"].into_iter().find(|sign| trimmed.starts_with(sign)) {
            self.code = Some(sign.to_owned());
        } else if CONTENTS.contains(&trimmed) || self.directive(trimmed) || self.admonition(line, next) {
            return;
        }
        self.out.copy(self.text, end - line.len()..end);
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
            let Some((_, after)) = self.open.pop_if(|(opened, _)| *opened <= colons) else { return false };
            self.out.push_str(&after);
            return true;
        }
        let rest = rest.trim_matches(['{', '}', '.', ' ']);
        let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '-')).unwrap_or(rest.len());
        let (name, title) = (rest[..end].trim_start_matches("callout-"), rest[end..].trim());
        if name.is_empty() {
            return false;
        }
        let named = title.split_once("title=\"").and_then(|(_, title)| title.split('"').next());
        let title = named.unwrap_or_else(|| title.trim_matches(['[', ']', '{', '}']));
        self.begin(name, title.trim(), |writer, after| writer.open.push((colons, after)));
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
        let name = if sign == "!!!" { name } else { "details" };
        self.begin(name, title, |writer, after| writer.indented = Some(after));
        true
    }

    fn begin(&mut self, name: &str, title: &str, keep: impl FnOnce(&mut Self, String)) {
        let title = Some(title).filter(|title| !title.is_empty());
        let argument = |title: &str| Argument { name: Some("title".to_owned()), value: title.to_owned(), quoted: true };
        let frame = frame::of(name, &title.map(argument).into_iter().collect::<Vec<_>>(), Standing::Block);
        self.out.push_str(&frame.before);
        keep(self, frame.after);
    }

    /// Ends the indented note before a line that is not.
    fn close_indented(&mut self, line: &str) {
        if !line.starts_with("    ") && !line.trim().is_empty() {
            let after = self.indented.take().unwrap_or_default();
            self.out.push_str(&after);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::framed;
    use crate::collect::body::to_html;

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
        assert_eq!(html("A\n\n[TOC]\n\n`[TOC]`\n"), "<p>A</p><p><code>[TOC]</code></p>");
        assert_eq!(html("A ::: b\n\n!!! no\n"), "<p>A ::: b</p><p>!!! no</p>");
        assert_eq!(
            html("::::tip\n:::note\na\n:::\nb\n::::\n"),
            "<div class=\"tip\"><div class=\"note\"><p>a</p></div><p>b</p></div>"
        );
    }
}

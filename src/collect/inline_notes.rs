//! Notes that stand in the text itself, as Pandoc has them: `Ink^[Of soot, mostly.] is black`. Each becomes a footnote.

use std::ops::Range;

use pulldown_cmark::{Event, Parser, Tag};

use super::body::options;
use super::maths;
use super::traced::Traced;

/// What stands before the number of such a note in its label.
const LABEL: &str = "inline-note-";

/// No text has more of them.
const MOST: usize = 1000;

/// No longer one is looked for, in bytes.
const LONGEST: usize = 4000;

/// No formula goes further on a line, in bytes.
const LONGEST_FORMULA: usize = 200;

/// Elements of HTML within a line whose text is written as it stands.
const CODE: [&str; 5] = ["code", "kbd", "samp", "tt", "pre"];

/// What patterns have between brackets, and seldom a note.
const OF_PATTERNS: [&str; 6] = ["A-Z", "a-z", "0-9", "\\s", "\\w", "\\d"];

/// The text with such notes as footnotes, which stand at its end. `None` where there is none.
pub(super) fn defined(text: &str) -> Option<Traced> {
    if !text.contains("^[") {
        return None;
    }
    let places = Places::of(text);
    let mut writer = Writer { text, out: Traced::with_capacity(text.len() + 64), copied: 0, waiting: Vec::new() };
    let mut notes: Vec<Range<usize>> = Vec::new();
    for (at, _) in text.match_indices("^[") {
        let is_none = || text[..at].ends_with(['\\', '^', '[']) || places.is_in_code(at);
        if at < writer.copied || notes.len() >= MOST || is_none() {
            continue;
        }
        let Some(length) = length(&text[at + 2..]).filter(|length| !is_in_formula(text, at, at + 3 + length)) else {
            continue;
        };
        let inside = at + 2..at + 2 + length;
        writer.copy_to(at);
        writer.copied = inside.end + 1;
        notes.push(inside);
        let mark = format!("[^{LABEL}{}]", notes.len());
        match places.link_around(at) {
            // No link stands within another one.
            Some(link) => writer.waiting.push((link.end, mark)),
            None => writer.out.push_str(&mark),
        }
    }
    if notes.is_empty() {
        return None;
    }
    // In a block that nothing closes no footnote is one.
    let last = places.code.last().filter(|_| !is_text_at_end(text)).map(|block| line_start(text, block.start));
    writer.copy_to(last.unwrap_or(text.len()));
    for (index, note) in notes.into_iter().enumerate() {
        writer.out.push_str(&format!("\n\n[^{LABEL}{}]: ", index + 1));
        writer.copy_line(note);
    }
    writer.out.push('\n');
    if last.is_some() {
        writer.out.push('\n');
        writer.copy_to(text.len());
    }
    Some(writer.out)
}

/// Writes the text.
struct Writer<'t> {
    text: &'t str,
    out: Traced,
    copied: usize,
    /// Marks of notes that stand behind the link which they are in, and where that ends.
    waiting: Vec<(usize, String)>,
}

impl Writer<'_> {
    fn copy_to(&mut self, end: usize) {
        for (after, mark) in std::mem::take(&mut self.waiting) {
            if after > end {
                self.waiting.push((after, mark));
                continue;
            }
            self.out.copy(self.text, self.copied.min(after)..after);
            self.copied = self.copied.max(after);
            self.out.push_str(&mark);
        }
        self.out.copy(self.text, self.copied.min(end)..end);
        self.copied = self.copied.max(end);
    }

    /// Copies a note as one line: it goes on in lines that begin as those of its paragraph do, in a quotation or a list.
    fn copy_line(&mut self, note: Range<usize>) {
        let begins = note.start;
        let is_quoted = self.text[line_start(self.text, begins)..begins].trim_start().starts_with('>');
        let mut at = begins;
        for line in self.text[note].split_inclusive('\n') {
            let is_mark = |c: char| matches!(c, ' ' | '\t') || (is_quoted && at > begins && c == '>');
            let inside = line.trim_start_matches(is_mark);
            let words = inside.trim_end_matches(['\n', '\r']);
            let from = at + line.len() - inside.len();
            self.out.copy(self.text, from..from + words.len());
            if words.len() < inside.len() {
                self.out.push(' ');
            }
            at += line.len();
        }
    }
}

/// What stands where in a text.
struct Places {
    /// Code, blocks of HTML and formulas, in order.
    code: Vec<Range<usize>>,
    links: Vec<Range<usize>>,
}

impl Places {
    fn of(text: &str) -> Self {
        let (mut code, mut links) = (maths::code(text), Vec::new());
        code.extend(maths::formulas(text));
        let mut open: Option<usize> = None;
        for (event, range) in Parser::new_ext(text, options()).into_offset_iter() {
            match event {
                Event::Start(Tag::Link { .. }) => links.push(range),
                Event::Start(Tag::Paragraph) => open = None,
                Event::InlineHtml(tag) => match (is_code_tag(&tag, "<"), open) {
                    (true, None) => open = Some(range.start),
                    (false, Some(start)) if is_code_tag(&tag, "</") => {
                        code.push(start..range.end);
                        open = None;
                    }
                    _ => {}
                },
                _ => {}
            }
        }
        code.sort_by_key(|range| range.start);
        // One may hold another.
        code.dedup_by(|next, before| {
            let is_within = next.start < before.end;
            before.end = if is_within { before.end.max(next.end) } else { before.end };
            is_within
        });
        Self { code, links }
    }

    fn is_in_code(&self, at: usize) -> bool {
        let next = self.code.partition_point(|range| range.end <= at);
        self.code.get(next).is_some_and(|range| range.start <= at)
    }

    fn link_around(&self, at: usize) -> Option<&Range<usize>> {
        let before = self.links.partition_point(|range| range.start <= at).checked_sub(1)?;
        self.links.get(before).filter(|range| at < range.end)
    }
}

fn is_code_tag(tag: &str, begins: &str) -> bool {
    let Some(rest) = tag.strip_prefix(begins) else { return false };
    let name = rest.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
    CODE.iter().any(|code| code.eq_ignore_ascii_case(name))
}

/// Whether a footnote that is written behind a text is one.
fn is_text_at_end(text: &str) -> bool {
    let probe = format!("{text}\n\n[^{LABEL}1]: x\n");
    let mut events = Parser::new_ext(&probe, options()).into_offset_iter();
    events.any(|(event, range)| {
        matches!(event, Event::Start(Tag::FootnoteDefinition(label)) if range.start >= text.len() && label.starts_with(LABEL))
    })
}

fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |end| end + 1)
}

/// Whether a note, from its sign to behind its bracket, is a power in a formula on one line: `$x^[a b]$`.
fn is_in_formula(text: &str, at: usize, end: usize) -> bool {
    let from = (at.saturating_sub(LONGEST_FORMULA)..at).find(|from| text.is_char_boundary(*from)).unwrap_or(at);
    let before = text[from..at].rsplit('\n').next().unwrap_or_default();
    let is_open = before.rfind('$').is_some_and(|sign| {
        let (others, inside) = (&before[..sign], &before[sign + 1..]);
        // Behind a sum of money a note has words.
        let is_sum = inside.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ','));
        let is_money = is_sum && has_words(&text[at + 2..end - 1]);
        others.matches('$').count() % 2 == 0 && !inside.is_empty() && !inside.starts_with([' ', '\t']) && !is_money
    });
    let mut behind = text[end..].chars().take(LONGEST_FORMULA).take_while(|c| *c != '\n');
    let mut last = ']';
    is_open && behind.by_ref().any(|c| std::mem::replace(&mut last, c) != ' ' && c == '$')
}

/// Whether two words stand in a text, which no power has.
fn has_words(text: &str) -> bool {
    let is_word = |word: &&str| word.chars().count() > 1 && word.chars().all(char::is_alphabetic);
    text.split_whitespace().filter(is_word).nth(1).is_some()
}

/// The length of a note, up to the bracket that ends it in its paragraph. A number, or the words of a link, are none.
fn length(rest: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let mut is_escaped = false;
    let end = rest.bytes().take(LONGEST).enumerate().find_map(|(at, byte)| {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'[' => depth += 1,
            b']' if depth == 0 => return Some(at),
            b']' => depth -= 1,
            _ => {}
        }
        None
    })?;
    let note = &rest[..end];
    let is_words = note.trim().contains(char::is_whitespace) && note.contains(char::is_alphabetic);
    let is_link = rest[end + 1..].starts_with(['(', '[', '^', ':']);
    let is_repeated = || rest[end + 1..].starts_with(['+', '*', '?', '{', '$']);
    let has_class = || OF_PATTERNS.iter().any(|part| note.match_indices(part).any(|(at, _)| is_apart(note, at, part)));
    let is_pattern = note.starts_with('^') || is_class(note) || (is_repeated() && has_class());
    let is_whole = note.lines().all(|line| !line.trim_matches([' ', '\t', '>']).is_empty());
    (is_words && !is_link && !is_pattern && is_whole).then_some(end)
}

/// Whether what stands between brackets is ranges, classes and signs throughout, as in a pattern: `A-Z a-z`, `\w\s`.
fn is_class(note: &str) -> bool {
    let mut rest = note;
    while let Some(c) = rest.chars().next() {
        let length = if let Some(part) = OF_PATTERNS.iter().find(|part| rest.starts_with(**part)) {
            part.len()
        } else if c.is_alphanumeric() {
            return false;
        } else {
            c.len_utf8()
        };
        rest = &rest[length..];
    }
    true
}

/// Whether a part of a note is no part of a number: `1890-94` has no `0-9` in it.
fn is_apart(note: &str, at: usize, part: &str) -> bool {
    let is_digit = |c: char| c.is_ascii_digit() && part.starts_with('0');
    !note[..at].ends_with(is_digit) && !note[at + part.len()..].starts_with(is_digit)
}

#[cfg(test)]
mod tests {
    use super::defined;
    use crate::collect::body::to_html;

    #[test]
    fn a_note_in_the_text_is_a_footnote() {
        let text = "Ink^[Of soot, *mostly* [2].] is black.\n\nGum^[From a tree.] too.\n";
        let written = defined(text).unwrap();
        let label = "[^inline-note-1]";
        assert_eq!(
            &*written,
            format!(
                "Ink{label} is black.\n\nGum[^inline-note-2] too.\n\n\n{label}: Of soot, *mostly* [2].\n\n[^inline-note-2]: From a tree.\n"
            )
        );
        let html = to_html(&written, false).html;
        assert!(html.contains("Of soot, <em>mostly</em> [2].") && !html.contains("^["), "{html}");
        for text in [
            "10^[3]",
            "a^[a link](b)",
            "`a^[a note]`",
            "a\\^[no note]",
            "a^[no\n\nnote]",
            "a^[no end of",
            "[^[a b]]: c",
            "a^[1]^",
            "The pattern ^[A-Z a-z]+$ matches.",
            "The pattern ^[A-Z a-z] matches.",
            "The pattern ^[a-z\u{e4}\u{f6} 0-9]* matches.",
            "Math $2^[a b]$ and",
            "Inline <code>grep '^[a b]' file</code> here.",
            "<p>A block with <code>grep '^[a b]' file</code>.</p>",
            "Math $x^[a b]$ and",
            "$$y^[c d]$$",
            "> a^[no\n>\n> note]",
        ] {
            assert!(defined(text).is_none(), "{text}");
        }
        defined(&"^[a ".repeat(50_000));
    }

    #[test]
    fn a_note_stands_wherever_its_text_does() {
        let html = |text: &str| to_html(defined(text).as_deref().unwrap(), false).html;
        for (text, expected) in [
            ("> It says^[A note which\n> goes on here] something.\n", "<p>A note which goes on here"),
            ("- An item^[which has a note\n  over two lines] in a list.\n", "<p>which has a note over two lines"),
            (
                "Text^[a note which\nhas a line\n- of this kind] and more.\n",
                "<p>a note which has a line - of this kind",
            ),
            ("Cost: $5^[in the US] and more, $6.\n", "<p>in the US"),
            ("Cost: $5^[in the US dollars] and 6$.\n", "<p>in the US dollars"),
            (
                "Founded^[Smith, *The Founding*, 1890-94, p. 3.] long ago.\n",
                "<p>Smith, <em>The Founding</em>, 1890-94, p. 3.",
            ),
            ("*Founded^[Smith, 1890-94, p. 3.]* long ago.\n", "<p>Smith, 1890-94, p. 3."),
            ("Printed^[See the A-Z of printing by Jones.] there.\n", "<p>See the A-Z of printing"),
            ("So^[as Jones says, p. 120-9.]? Yes.\n", "<p>as Jones says"),
            ("Text^[see the report, p. 5] ends.\n\n```\ncode\n", "<p>see the report, p. 5"),
            ("Text^[a note here] ends.\n\n<pre>\nopen\n", "<p>a note here"),
            ("Text^[a note here] ends.\n\n<!-- open\n", "<p>a note here"),
            ("Text^[a note here] ends.\n\n```\ncode\n```\n", "<p>a note here"),
        ] {
            let html = html(text);
            assert!(html.contains(expected) && !html.contains("^["), "{text}: {html}");
        }
        assert!(html("Text^[see it, p. 5] ends.\n\n```\ncode\n").contains("<pre><code>code\n</code></pre>"));
        assert_eq!(
            &*defined("With [a link^[and a note]](https://x.example/) here.").unwrap(),
            "With [a link](https://x.example/)[^inline-note-1] here.\n\n[^inline-note-1]: and a note\n"
        );
    }
}

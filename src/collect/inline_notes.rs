//! Notes that stand in the text itself, as Pandoc has them: `Ink^[Of soot, mostly.] is black`. Each becomes a footnote.

use super::maths::code;
use super::traced::Traced;

/// What stands before the number of such a note in its label.
const LABEL: &str = "inline-note-";

/// No text has more of them.
const MOST: usize = 1000;

/// No longer one is looked for, in bytes.
const LONGEST: usize = 4000;

/// The text with such notes as footnotes, which stand at its end. `None` where there is none.
pub(super) fn defined(text: &str) -> Option<Traced> {
    if !text.contains("^[") {
        return None;
    }
    let code = code(text);
    let is_in_code = |at: usize| {
        let next = code.partition_point(|range| range.end <= at);
        code.get(next).is_some_and(|range| range.start <= at)
    };
    let mut out = Traced::with_capacity(text.len() + 64);
    let (mut copied, mut notes) = (0, Vec::new());
    for (at, _) in text.match_indices("^[") {
        if at < copied || notes.len() >= MOST || text[..at].ends_with(['\\', '^', '[']) || is_in_code(at) {
            continue;
        }
        let Some(length) = length(&text[at + 2..]) else { continue };
        let inside = at + 2..at + 2 + length;
        out.copy(text, copied..at);
        notes.push(inside.clone());
        out.push_str(&format!("[^{LABEL}{}]", notes.len()));
        copied = inside.end + 1;
    }
    if notes.is_empty() {
        return None;
    }
    out.copy(text, copied..text.len());
    for (index, note) in notes.into_iter().enumerate() {
        out.push_str(&format!("\n\n[^{LABEL}{}]: ", index + 1));
        out.copy(text, note);
    }
    out.push('\n');
    Some(out)
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
    (is_words && !is_link && !note.contains("\n\n")).then_some(end)
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
        ] {
            assert!(defined(text).is_none(), "{text}");
        }
        defined(&"^[a ".repeat(50_000));
    }
}

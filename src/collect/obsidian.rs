//! Comments as Obsidian has them: `%%a note%%` within a line, and lines between `%%` and `%%`.
//!
//! Nothing says for sure that a text is Obsidian's. A comment that is published is worse than words that are missing, which are told;
//! and `100%% sure`, `%%i in (a)` and the comments of TeX have no end as a comment has one.

use std::ops::Range;

use memchr::memmem;

use super::maths;
use super::traced::Traced;

const SIGN: &str = "%%";

/// The text without such comments, and what there is to say of them, at the first. `None` where there is none.
pub(super) fn without_comments(text: &str) -> Option<(Traced, Vec<(usize, String)>)> {
    memmem::find_iter(text.as_bytes(), SIGN).nth(1)?;
    let code: Vec<Range<usize>> = maths::code(text);
    let is_in_code = |at: usize| {
        let next = code.partition_point(|range| range.end <= at);
        code.get(next).is_some_and(|range| range.start <= at)
    };
    let is_alone = |at: &usize| !text[..*at].ends_with(['%', '\\']) && !text[at + SIGN.len()..].starts_with('%');
    let signs = text.match_indices(SIGN).map(|(at, _)| at).filter(|at| is_alone(at) && !is_in_code(*at));
    let mut out = Traced::with_capacity(text.len());
    let (mut open, mut first, mut at): (Option<usize>, Option<usize>, usize) = (None, None, 0);
    for sign in signs {
        match open.filter(|start| is_comment(text, *start, sign)) {
            Some(start) => {
                first = first.or(Some(start));
                out.copy(text, at..start);
                at = end(text, start, sign);
                open = None;
            }
            None => open = Some(sign).filter(|start| may_open(text, *start)),
        }
    }
    let told = "what stands between `%%` and `%%` is a comment, as Obsidian has it; it is left out".to_owned();
    let first = first?;
    out.copy(text, at..text.len());
    Some((out, vec![(first, told)]))
}

/// Whether a comment may begin with this sign: none does behind a number, and behind a letter only before a word.
fn may_open(text: &str, start: usize) -> bool {
    let before = text[..start].chars().next_back().unwrap_or(' ');
    let is_before_word = text[start + SIGN.len()..].starts_with(|c: char| !c.is_whitespace());
    !before.is_numeric() && before != '{' && (is_before_word || !before.is_alphabetic())
}

/// Whether what begins with one sign and ends with another is a comment: within a paragraph, or over whole lines.
fn is_comment(text: &str, start: usize, sign: usize) -> bool {
    let inside = &text[start + SIGN.len()..sign];
    let behind = &text[sign + SIGN.len()..];
    let ends_line = behind.trim_start_matches([' ', '\t', '\r']);
    let ends_line = ends_line.is_empty() || ends_line.starts_with('\n');
    let begins_line = |at: usize| {
        let before = text[..at].trim_end_matches([' ', '\t', '>']);
        before.is_empty() || before.ends_with('\n')
    };
    let leaves_paragraph = || inside.contains("\n\n") || (inside.contains('\n') && begins_line(sign));
    let is_whole = ends_line && begins_line(start);
    !inside.trim().is_empty() && !behind.starts_with(char::is_alphanumeric) && (is_whole || !leaves_paragraph())
}

/// Where the text goes on behind a comment: behind its line, where that has nothing else.
fn end(text: &str, start: usize, sign: usize) -> usize {
    let end = sign + SIGN.len();
    let behind = text[end..].trim_start_matches([' ', '\t', '\r']);
    let begins_line = start == 0 || text[..start].ends_with('\n');
    if begins_line && behind.starts_with('\n') { text.len() - behind.len() + 1 } else { end }
}

#[cfg(test)]
mod tests {
    use super::without_comments;

    #[test]
    fn comments_go_and_are_told() {
        for (text, rest) in [
            ("Ink %%a note%% is black.", "Ink  is black."),
            ("Ink%%a note%% is black (%% another %%).", "Ink is black ()."),
            ("%%a\nnote%% Ink", " Ink"),
            ("a\n%%note%%\nb\n", "a\nb\n"),
            ("a\n\n%%\nA note,\n\nand more.\n%%\n\nb\n", "a\n\n\nb\n"),
            ("%% A note,\n\nand more. %%\nb\n", "b\n"),
            ("100%% sure %%no%%.", "100%% sure ."),
            ("`%%` %%a%% `%%`", "`%%`  `%%`"),
        ] {
            let (out, told) = without_comments(text).unwrap();
            assert_eq!((&*out, told.len()), (rest, 1), "{text}");
        }
        assert_eq!(without_comments("Ink %%a%% %%b%%").unwrap().1[0].0, 4);
    }

    #[test]
    fn other_signs_stay() {
        for text in [
            "100%% sure, and 50%% of it.",
            "`printf(\"%d%%\")` and `%%`",
            "for %%i in (a b) do echo %%i",
            "%% TeX\n%% has these\nText",
            "```\n%%a%%\n```\n\n    %%b%%\n",
            "%%%a%%% and \\%%b\\%%",
            "%%a\n\nb%% c",
            "%%%%",
            "%% no end",
        ] {
            assert!(without_comments(text).is_none(), "{text}");
        }
        for piece in ["%%", "%%a ", "%%a%%", "%%\n\n", "> %%\n"] {
            without_comments(&piece.repeat(50_000));
        }
    }
}

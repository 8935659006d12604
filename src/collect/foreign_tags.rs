//! Tags that Word leaves in what is pasted from it: `<o:p></o:p>`, `<st1:City w:st="on">Tirana</st1:City>`. In HTML they are elements
//! that nobody knows, and go; in the lines of a Markdown text `CommonMark` takes them for words, and some for addresses.

use std::ops::Range;

use super::reserved::code;
use super::traced::Traced;

/// What stands before the colon: Office, Word, its drawings and formulas, Excel, and its names of places and people, with a number.
const PREFIXES: [&str; 5] = ["o", "w", "v", "m", "x"];
const NUMBERED: [&str; 2] = ["st", "u"];

const LONGEST_PREFIX: usize = 4;

/// No tag is longer, in bytes.
const LONGEST: usize = 1000;

/// The text without such tags, whose words stay. `None` where there is none; in code they are shown.
pub(super) fn without(text: &str) -> Option<Traced> {
    let tags = tags(text);
    if tags.is_empty() {
        return None;
    }
    let code = code(text);
    let is_in_code = |at: usize| {
        let next = code.partition_point(|range| range.end <= at);
        code.get(next).is_some_and(|range| range.start <= at)
    };
    let mut out = Traced::with_capacity(text.len());
    let mut from = 0;
    for tag in tags.into_iter().filter(|tag| !is_in_code(tag.start)) {
        out.copy(text, from..tag.start);
        from = tag.end;
    }
    if from == 0 {
        return None;
    }
    out.copy(text, from..text.len());
    Some(out)
}

/// Where such tags stand, in order.
fn tags(text: &str) -> Vec<Range<usize>> {
    let mut tags = Vec::new();
    let mut at = 0;
    while let Some(next) = text[at..].find('<') {
        let start = at + next;
        at = start + 1;
        if !text[..start].ends_with('\\')
            && let Some(length) = length(&text[start..])
        {
            at = start + length;
            tags.push(start..at);
        }
    }
    tags
}

/// How long the tag is that begins here, if it is one of those.
fn length(text: &str) -> Option<usize> {
    let name = text[1..].strip_prefix('/').unwrap_or(&text[1..]);
    let colon = name.bytes().take(LONGEST_PREFIX + 1).position(|byte| byte == b':')?;
    let (prefix, rest) = (&name[..colon], &name[colon + 1..]);
    let numbered = prefix.trim_end_matches(|c: char| c.is_ascii_digit());
    let is_ours = PREFIXES.iter().any(|known| known.eq_ignore_ascii_case(prefix))
        || (numbered.len() < prefix.len() && NUMBERED.iter().any(|known| known.eq_ignore_ascii_case(numbered)));
    let after = rest.trim_start_matches(|c: char| c.is_ascii_alphanumeric());
    if !is_ours || after.len() == rest.len() || !after.starts_with([' ', '\t', '\n', '/', '>']) {
        return None;
    }
    let (mut quote, begins) = (None, text.len() - after.len());
    for (index, c) in after.char_indices().take_while(|(index, _)| *index < LONGEST) {
        match (c, quote) {
            ('>', None) => return Some(begins + index + 1),
            ('<', None) => return None,
            ('"' | '\'', None) => quote = Some(c),
            (c, Some(open)) if c == open => quote = None,
            ('\n', _) if after[index + 1..].starts_with('\n') => return None,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::without;

    #[test]
    fn what_word_leaves_goes_and_its_words_stay() {
        for (text, rest) in [
            ("Hello<o:p></o:p>", "Hello"),
            ("<st1:place w:st=\"on\"><st1:City\nw:st=\"on\">Tirana</st1:City></st1:place> is.", "Tirana is."),
            ("a<O:P>&nbsp;</O:P> `<o:p>`", "a&nbsp; `<o:p>`"),
            ("<v:shape id=\"a>b\" /> <u1:p/>x <st1:City>y", " x y"),
        ] {
            assert_eq!(without(text).map(String::from).as_deref(), Some(rest), "{text}");
        }
        for text in [
            "<https://x.example/> <mailto:a@b.example> <urn:x:y>",
            "<svg:rect> <o: p> <o:> \\<o:p> 1 <o:2 a < o:p <st:x> <o:p\n\nx>",
            "```\n<o:p></o:p>\n```\n",
            "    <w:t>\n",
        ] {
            assert_eq!(without(text).map(String::from), None, "{text}");
        }
    }
}

//! Tags that Word leaves in what is pasted from it: `<o:p></o:p>`, `<st1:City w:st="on">Tirana</st1:City>`. In HTML they are elements
//! that nobody knows, and go; in the lines of a Markdown text `CommonMark` takes them for words, and some for addresses.

use std::collections::HashSet;
use std::ops::Range;

use super::reserved::code;
use super::traced::Traced;

/// What stands before the colon: Office, and its names of places and people, with a number.
const PREFIX: &str = "o";
const NUMBERED: [&str; 2] = ["st", "u"];

/// Word, its drawings and formulas, and Excel. People write such tags for a place that is to be filled, too: `<m:ss>`.
const DOUBTFUL: [&str; 4] = ["w", "v", "m", "x"];

const LONGEST_PREFIX: usize = 4;

/// No tag is longer, in bytes.
const LONGEST: usize = 1000;

/// A tag that may be one of those.
struct Tag<'a> {
    range: Range<usize>,
    name: &'a str,
    is_closing: bool,
    /// Whether nobody writes it for anything else.
    is_sure: bool,
}

/// The text without such tags, whose words stay. `None` where there is none; in code they are shown.
pub(super) fn without(text: &str) -> Option<Traced> {
    let tags = outside_code(text, tags(text));
    let closed: HashSet<String> =
        tags.iter().filter(|tag| tag.is_closing).map(|tag| tag.name.to_ascii_lowercase()).collect();
    let mut out = Traced::with_capacity(text.len());
    let mut from = 0;
    for tag in tags.into_iter().filter(|tag| tag.is_sure || closed.contains(&tag.name.to_ascii_lowercase())) {
        out.copy(text, from..tag.range.start);
        from = tag.range.end;
    }
    if from == 0 {
        return None;
    }
    out.copy(text, from..text.len());
    Some(out)
}

fn outside_code<'a>(text: &str, mut tags: Vec<Tag<'a>>) -> Vec<Tag<'a>> {
    if tags.is_empty() {
        return tags;
    }
    let code = code(text);
    tags.retain(|tag| {
        let next = code.partition_point(|range| range.end <= tag.range.start);
        code.get(next).is_none_or(|range| range.start > tag.range.start)
    });
    tags
}

/// Such tags, in order.
fn tags(text: &str) -> Vec<Tag<'_>> {
    let mut tags = Vec::new();
    let mut at = 0;
    while let Some(next) = text[at..].find('<') {
        let start = at + next;
        at = start + 1;
        if !text[..start].ends_with('\\')
            && let Some(tag) = tag(text, start)
        {
            at = tag.range.end;
            tags.push(tag);
        }
    }
    tags
}

/// The tag that begins here, if it may be one of those.
fn tag(text: &str, start: usize) -> Option<Tag<'_>> {
    let inside = &text[start + 1..];
    let named = inside.strip_prefix('/').unwrap_or(inside);
    let colon = named.bytes().take(LONGEST_PREFIX + 1).position(|byte| byte == b':')?;
    let (prefix, rest) = (&named[..colon], &named[colon + 1..]);
    let after = rest.trim_start_matches(|c: char| c.is_ascii_alphanumeric());
    let is_doubtful = is_one(prefix, &DOUBTFUL);
    let is_ours = is_doubtful || is_undoubted(prefix);
    if !is_ours || after.len() == rest.len() || !after.starts_with([' ', '\t', '\n', '/', '>']) {
        return None;
    }
    let length = length(after)?;
    Some(Tag {
        range: start..text.len() - after.len() + length,
        name: &named[..named.len() - after.len()],
        is_closing: named.len() < inside.len(),
        is_sure: !is_doubtful || is_markup(&after[..length]),
    })
}

fn is_one(prefix: &str, known: &[&str]) -> bool {
    known.iter().any(|known| known.eq_ignore_ascii_case(prefix))
}

fn is_undoubted(prefix: &str) -> bool {
    let letters = prefix.trim_end_matches(|c: char| c.is_ascii_digit());
    is_one(prefix, &[PREFIX]) || (letters.len() < prefix.len() && is_one(letters, &NUMBERED))
}

/// Whether what stands behind the name of a tag is what a program writes: it has a value in quotes, or ends the element.
fn is_markup(after: &str) -> bool {
    let is_quoted = |value: &str| value.trim_start().starts_with(['"', '\'']);
    after.ends_with("/>") || after.split('=').skip(1).any(is_quoted)
}

/// How long the rest of a tag is, behind its name.
fn length(after: &str) -> Option<usize> {
    let mut quote = None;
    for (index, c) in after.char_indices().take_while(|(index, _)| *index < LONGEST) {
        match (c, quote) {
            ('>', None) => return Some(index + 1),
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
            ("<w:t>a</W:T> <m:r/>b <x:c>, <x:y a = 'b'>c</u1:p>", "a b <x:c>, c"),
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
            "Use the format <m:ss>, ratio <x:y>, size <w:h>, <v:n/m>, <m:ss or=so> and `</m:ss>`.",
        ] {
            assert_eq!(without(text).map(String::from), None, "{text}");
        }
    }
}

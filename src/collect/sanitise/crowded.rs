//! Tags with very many attributes: a parser compares each with all before it (HTML, 13.2.5.33), which would take the square of a
//! tag's length. No element has as many as are kept.

use std::borrow::Cow;

use memchr::memchr_iter;

/// So many attributes of a tag are kept, the first ones.
const MOST: usize = 256;

/// A shorter tag, in bytes, has fewer.
const SHORT: usize = 2 * MOST;

/// Takes the attributes beyond the most away from every tag.
pub(in crate::collect) fn thinned(html: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let mut kept = 0;
    let mut at = 0;
    for open in memchr_iter(b'<', html.as_bytes()) {
        if open < at || !html[open + 1..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '/') {
            continue;
        }
        let (last, end) = walk(&html.as_bytes()[open..]);
        at = open + end;
        if let Some(last) = last {
            out.push_str(&html[kept..open + last]);
            kept = at;
        }
    }
    if kept == 0 { Cow::Borrowed(html) } else { Cow::Owned(out + &html[kept..]) }
}

/// What is read of a tag.
#[derive(Clone, Copy)]
enum State {
    TagName,
    Between,
    Name,
    AfterName,
    BeforeValue,
    Unquoted,
    Quoted(u8),
}

/// Goes through the tag that the text begins with, as parsers do (HTML, 13.2.5.8 and 13.2.5.32 to 13.2.5.40). Gives where the
/// first attribute too many begins, if there is one, and where the tag ends: at its `>`.
fn walk(tag: &[u8]) -> (Option<usize>, usize) {
    let mut state = State::TagName;
    let (mut count, mut cut) = (0, None);
    for (at, byte) in tag.iter().copied().enumerate().skip(1) {
        let is_space = byte.is_ascii_whitespace();
        state = match (state, byte) {
            (State::Quoted(quote), _) if byte == quote => State::Between,
            (State::Quoted(quote), _) => State::Quoted(quote),
            (_, b'>') => return (cut, at),
            (State::TagName | State::Unquoted | State::Between, _) if is_space => State::Between,
            (State::TagName | State::Between | State::Name | State::AfterName, b'/') if at > 1 => State::Between,
            (State::TagName, _) => State::TagName,
            (State::Name | State::AfterName, b'=') => State::BeforeValue,
            (State::Name | State::AfterName, _) if is_space => State::AfterName,
            (State::Name, _) => State::Name,
            (State::BeforeValue, _) if is_space => State::BeforeValue,
            (State::BeforeValue, b'"' | b'\'') => State::Quoted(byte),
            (State::BeforeValue | State::Unquoted, _) => State::Unquoted,
            (State::Between | State::AfterName, _) => {
                count += 1;
                if count > MOST && at > SHORT {
                    cut.get_or_insert(at);
                }
                State::Name
            }
        };
    }
    (cut, tag.len())
}

#[cfg(test)]
mod tests {
    use super::thinned;

    #[test]
    fn only_a_crowd_is_thinned() {
        let many = |count: usize| {
            (0..count).flat_map(|n| [" a".to_owned(), n.to_string(), "='>'".to_owned()]).collect::<String>()
        };
        let picture = format!("<img src=\"data:image/png;base64,{}\" alt='a > b'>", "A".repeat(9000));
        for html in [picture.as_str(), "a < b", "<", "</p>x", "<p", &format!("<p{}>x</p>", many(256))] {
            assert_eq!(thinned(html), html);
        }
        assert_eq!(thinned(&format!("a<p{}>x</p>", many(400))), format!("a<p{} >x</p>", many(256)));
        // A sign in a name opens no value.
        let odd = format!("<p x\"y{}>z\"", " b".repeat(900));
        assert!(thinned(&odd).len() < 600 && thinned(&odd).ends_with(">z\""));
    }
}

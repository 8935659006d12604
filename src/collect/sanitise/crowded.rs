//! Tags with more attributes than anybody writes: a parser as browsers have it compares each with all before it.

use std::borrow::Cow;

use memchr::memchr;

/// No tag has more attributes.
const MOST: usize = 256;

/// Makes text of the tags that have more.
pub(in crate::collect) fn uncrowded(html: &str) -> Cow<'_, str> {
    let bytes = html.as_bytes();
    let mut out = String::new();
    let (mut kept, mut at, mut next_end) = (0, 0, 0);
    while let Some(open) = memchr(b'<', &bytes[at..]).map(|found| at + found) {
        at = open + 1;
        if next_end < at {
            next_end = memchr(b'>', &bytes[at..]).map_or(bytes.len(), |found| at + found);
        }
        // An attribute takes two bytes at least. What is no tag is none of so many attributes.
        if next_end - open < 2 * MOST || !bytes.get(at).is_some_and(u8::is_ascii_alphabetic) {
            continue;
        }
        if let Some(end) = end(bytes, at) {
            at = end;
        } else {
            out.push_str(&html[kept..open]);
            out.push_str("&lt;");
            kept = at;
            // Others of the kind stand in it, as a rule.
            at = bytes.len().min(at + MOST);
        }
    }
    if kept == 0 {
        return Cow::Borrowed(html);
    }
    out.push_str(&html[kept..]);
    Cow::Owned(out)
}

/// Where the tag ends, or the text; `None` for one of too many attributes (HTML, 13.2.5.32 to 13.2.5.39).
fn end(bytes: &[u8], from: usize) -> Option<usize> {
    let mut count = 0;
    let mut at = from;
    // What stood before, white space aside, and whether white space did.
    let (mut before, mut spaced) = (b' ', false);
    while let Some(byte) = bytes.get(at).copied() {
        at += 1;
        match byte {
            b'>' => return Some(at),
            b'"' | b'\'' if before == b'=' => {
                // One without an end holds the rest.
                let Some(length) = memchr(byte, &bytes[at..]) else { return Some(bytes.len()) };
                at += length + 1;
                spaced = true;
            }
            b' ' | b'\n' | b'\t' | b'\r' | b'/' => spaced = true,
            _ => {
                count += usize::from(spaced && byte != b'=' && before != b'=');
                if count > MOST {
                    return None;
                }
                (before, spaced) = (byte, false);
            }
        }
    }
    Some(at)
}

#[cfg(test)]
mod tests {
    use super::uncrowded;

    #[test]
    fn only_crowds_are_text() {
        let data = format!("<p><img src=\"data:image/png;base64,{}\" alt='a > b'></p>", "A=b ".repeat(2000));
        let open = format!("<a title=\"{}", "b c ".repeat(500));
        for html in [data.as_str(), "<a b c d = e>f", "<", "a < b", &open] {
            assert_eq!(uncrowded(html), html);
        }
        let crowd = format!("<p>x<a{}>y</a>", " b=c".repeat(300));
        assert_eq!(uncrowded(&crowd), crowd.replacen("<a", "&lt;a", 1));
    }
}

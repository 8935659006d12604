//! The relaxed forms of headers and bodies (RFC 6376 3.4.2 and 3.4.4).

use std::borrow::Cow;

use aws_lc_rs::digest::{Context, SHA256};

/// Appends the relaxed form of one header field: the name in lower case, the value on one line, runs of blanks as
/// single spaces.
pub(super) fn relaxed_header(field: &str, into: &mut String) {
    let (name, value) = field.split_once(':').unwrap_or((field, ""));
    into.push_str(&name.trim_end().to_ascii_lowercase());
    into.push(':');
    let mut first = true;
    for word in value.split([' ', '\t', '\r', '\n']).filter(|word| !word.is_empty()) {
        if !first {
            into.push(' ');
        }
        into.push_str(word);
        first = false;
    }
    into.push_str("\r\n");
}

/// The relaxed form of a body: no blanks at the ends of lines, runs of blanks as single spaces, no empty lines at the
/// end.
#[must_use]
pub fn relaxed_body(body: &[u8]) -> Cow<'_, [u8]> {
    let is_blank = |byte: u8| byte == b' ' || byte == b'\t';
    let mut kept = Vec::new();
    let mut copied = 0;
    let mut start = 0;
    while start < body.len() {
        let end = memchr::memchr(b'\n', &body[start..]).map_or(body.len(), |at| start + at + 1);
        let line = &body[start..end];
        let text = line.strip_suffix(b"\r\n").or_else(|| line.strip_suffix(b"\n")).unwrap_or(line);
        let has_runs = text.windows(2).any(|pair| is_blank(pair[0]) && is_blank(pair[1]));
        let is_changed = has_runs || text.contains(&b'\t') || text.last().is_some_and(|byte| is_blank(*byte));
        if is_changed {
            kept.extend_from_slice(&body[copied..start]);
            let trimmed = text.iter().rposition(|byte| !is_blank(*byte)).map_or(0, |at| at + 1);
            for (at, byte) in text[..trimmed].iter().enumerate() {
                match is_blank(*byte) {
                    true if at > 0 && is_blank(text[at - 1]) => {}
                    true => kept.push(b' '),
                    false => kept.push(*byte),
                }
            }
            kept.extend_from_slice(&line[text.len()..]);
            copied = end;
        }
        start = end;
    }
    if copied == 0 {
        return ended(Cow::Borrowed(body));
    }
    kept.extend_from_slice(&body[copied..]);
    ended(Cow::Owned(kept))
}

/// Without empty lines at the end, and with one end of line unless it is empty.
fn ended(body: Cow<'_, [u8]>) -> Cow<'_, [u8]> {
    let text = body.iter().rposition(|byte| !matches!(byte, b'\r' | b'\n')).map_or(0, |at| at + 1);
    if text == 0 {
        return Cow::Borrowed(b"");
    }
    if body[text..] == *b"\r\n" {
        return body;
    }
    match body {
        Cow::Borrowed(body) if body[text..].starts_with(b"\r\n") => Cow::Borrowed(&body[..text + 2]),
        body => {
            let mut owned = body.into_owned();
            owned.truncate(text);
            owned.extend_from_slice(b"\r\n");
            Cow::Owned(owned)
        }
    }
}

/// The SHA-256 of a relaxed body in pieces.
#[must_use]
pub fn body_hash<'p>(pieces: impl IntoIterator<Item = &'p [u8]>) -> [u8; 32] {
    let mut context = Context::new(&SHA256);
    pieces.into_iter().for_each(|piece| context.update(piece));
    let mut hash = [0; 32];
    hash.copy_from_slice(context.finish().as_ref());
    hash
}

#[cfg(test)]
mod tests {
    use super::{body_hash, relaxed_body, relaxed_header};

    #[test]
    fn the_example_of_the_standard() {
        // RFC 6376 3.4.5.
        let mut header = String::new();
        relaxed_header("A: X\r\n", &mut header);
        relaxed_header("B : Y\t\r\n\tZ  \r\n", &mut header);
        assert_eq!(header, "a:X\r\nb:Y Z\r\n");
        assert_eq!(relaxed_body(b" C \r\nD \t E\r\n\r\n\r\n").as_ref(), b" C\r\nD E\r\n");
    }

    #[test]
    fn bodies_that_are_relaxed_are_left_alone() {
        for body in [&b"a b\r\n\r\nc\r\n"[..], b"", b"a\r\n"] {
            assert!(matches!(relaxed_body(body), std::borrow::Cow::Borrowed(same) if same == body));
        }
        assert_eq!(relaxed_body(b"\r\n\r\n").as_ref(), b"");
        assert_eq!(relaxed_body(b"a").as_ref(), b"a\r\n");
        assert_eq!(relaxed_body(b"a\t\tb \r\nc\r\n\r\n").as_ref(), b"a b\r\nc\r\n");
        assert_eq!(body_hash([&b"a"[..], b"b"]), body_hash([&b"ab"[..]]));
    }
}

//! Small slips in JSON, mended without moving anything: every byte keeps its place.

/// Puts spaces in the place of control characters in strings, of escapes that are none and of commas that nothing
/// follows, and U+FFFD in that of half a surrogate pair.
pub(in crate::collect) fn mended(text: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    // A comma outside of strings that nothing but white space has followed.
    let mut comma = None;
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'"' => {
                at = mend_string(&mut bytes, at + 1);
                comma = None;
                continue;
            }
            b'}' | b']' => {
                if let Some(at) = comma.take() {
                    bytes[at] = b' ';
                }
            }
            b',' => comma = Some(at),
            b' ' | b'\t' | b'\n' | b'\r' => {}
            _ => comma = None,
        }
        at += 1;
    }
    // Only ASCII was put in the place of ASCII.
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

/// Mends the string whose contents begin at `at`; gives the place behind its end.
fn mend_string(bytes: &mut [u8], mut at: usize) -> usize {
    while let Some(byte) = bytes.get(at).copied() {
        match byte {
            b'"' => return at + 1,
            b'\\' => at += mend_escape(bytes, at),
            0..0x20 => {
                bytes[at] = b' ';
                at += 1;
            }
            _ => at += 1,
        }
    }
    at
}

/// Mends the escape at `at`; gives its length.
fn mend_escape(bytes: &mut [u8], at: usize) -> usize {
    match bytes.get(at + 1) {
        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => 2,
        Some(b'u') if unit(bytes, at).is_some() => match (unit(bytes, at), unit(bytes, at + 6)) {
            (Some(0xd800..0xdc00), Some(0xdc00..0xe000)) => 12,
            (Some(0xd800..0xe000), _) => {
                bytes[at + 2..at + 6].copy_from_slice(b"fffd");
                6
            }
            _ => 6,
        },
        _ => {
            bytes[at] = b' ';
            1
        }
    }
}

/// The UTF-16 code unit of an escape, as in `\u00e9`.
fn unit(bytes: &[u8], at: usize) -> Option<u32> {
    let digits = bytes.get(at..at + 6)?.strip_prefix(b"\\u")?;
    let is_hex = digits.iter().all(u8::is_ascii_hexdigit);
    u32::from_str_radix(std::str::from_utf8(digits).ok().filter(|_| is_hex)?, 16).ok()
}

/// A way through JSON, byte by byte.
#[derive(Default)]
struct Walk {
    /// How many objects and lists are open.
    depth: usize,
    in_string: bool,
    is_escaped: bool,
}

impl Walk {
    /// Takes the next byte; whether it stands outside of strings.
    fn take(&mut self, byte: u8) -> bool {
        match byte {
            _ if self.is_escaped => self.is_escaped = false,
            b'\\' if self.in_string => self.is_escaped = true,
            b'"' => self.in_string = !self.in_string,
            _ if self.in_string => {}
            b'{' | b'[' => self.depth += 1,
            b'}' | b']' => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
        !self.in_string
    }
}

/// The length of the object or list that a text begins with, however broken what stands in it is. `None` when it does not
/// end.
pub(in crate::collect) fn extent(text: &str) -> Option<usize> {
    let mut walk = Walk::default();
    let ends = |byte| walk.take(byte) && matches!(byte, b'}' | b']') && walk.depth == 0;
    text.bytes().position(ends).map(|at| at + 1)
}

/// The object that a text begins with and breaks off within, closed behind its last whole field. A field that is cut
/// is kept as far as it goes where it is one of `texts`.
pub(super) fn cut_object(text: &str, texts: &[&str]) -> Option<String> {
    let mut walk = Walk::default();
    // Behind the last comma between fields of the object itself.
    let mut last = text.strip_prefix('{').map(|_| 1)?;
    for (at, byte) in text.bytes().enumerate() {
        if walk.take(byte) && byte == b',' && walk.depth == 1 {
            last = at + 1;
        }
    }
    let in_string = walk.in_string;
    let close = if in_string { "\"}" } else { "}" };
    let field: Option<serde_json::Map<String, serde_json::Value>> =
        serde_json::from_str(&format!("{{{}{close}", &text[last..])).ok();
    // Only of a number it cannot be seen whether it is whole.
    let is_worth_it =
        |key: &String, value: &serde_json::Value| texts.contains(&key.as_str()) || !in_string && !value.is_number();
    let is_kept = field.is_some_and(|field| field.iter().all(|(key, value)| is_worth_it(key, value)));
    Some(if is_kept { format!("{text}{close}") } else { format!("{}}}", text[..last].trim_end_matches(',')) })
}

#[cfg(test)]
mod tests {
    use super::{cut_object, extent, mended};

    #[test]
    fn a_cut_object_is_closed_behind_what_is_whole() {
        let cut = |text: &str| cut_object(&mended(text), &["title"]);
        assert_eq!(cut(r#"{"id": "2", "title": "Tw"#).unwrap(), r#"{"id": "2", "title": "Tw"}"#);
        assert_eq!(cut(r#"{"id": "2", "title": "Tw\"#).unwrap(), r#"{"id": "2", "title": "Tw "}"#);
        assert_eq!(cut(r#"{"id": "2", "date": "20"#).unwrap(), r#"{"id": "2"}"#);
        assert_eq!(cut(r#"{"id": "2", "tags": ["a", "b"#).unwrap(), r#"{"id": "2"}"#);
        assert_eq!(cut(r#"{"id": "2", "ti"#).unwrap(), r#"{"id": "2"}"#);
        assert_eq!(cut(r#"{"id": "2", "title":"#).unwrap(), r#"{"id": "2"}"#);
        assert_eq!(cut(r#"{"id": "2""#).unwrap(), r#"{"id": "2"}"#);
        assert_eq!(cut(r#"{"id": "2", "size": 12"#).unwrap(), r#"{"id": "2"}"#);
        assert_eq!(cut(r#"{"id"#).unwrap(), "{}");
        assert_eq!(cut(""), None);
    }

    #[test]
    fn slips_are_mended_in_their_place() {
        let text = "{\"a\": \"x\ny\\\"\",\n \"b\": [1, 2,], \"c\": \"C:\\dir \\ud83d \\ud83d\\ude00 \\u12\",}";
        let mended = mended(text);
        assert_eq!(mended.len(), text.len());
        let value: serde_json::Value = serde_json::from_str(&mended).unwrap();
        assert_eq!((&value["a"], &value["b"][1]), (&"x y\"".into(), &2.into()));
        assert_eq!(value["c"], "C: dir \u{fffd} \u{1f600}  u12");
    }

    #[test]
    fn broken_values_have_an_extent() {
        assert_eq!(extent("{\"a\": oops, \"b\": [\"}\\\"\"]} x"), Some(25));
        assert_eq!(extent("{\"a\": ["), None);
    }
}

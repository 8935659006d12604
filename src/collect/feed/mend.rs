//! Small slips in JSON, mended without moving anything: every byte keeps its place.

/// Puts spaces in the place of control characters in strings and of commas that nothing follows.
pub(super) fn mended(text: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    let (mut in_string, mut escaped) = (false, false);
    // A comma outside of strings that nothing but white space has followed.
    let mut comma = None;
    for at in 0..bytes.len() {
        let byte = bytes[at];
        if in_string {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => in_string = false,
                0..0x20 => bytes[at] = b' ',
                _ => {}
            }
            continue;
        }
        match byte {
            b'"' => in_string = true,
            b'}' | b']' => {
                if let Some(at) = comma {
                    bytes[at] = b' ';
                }
            }
            _ => {}
        }
        match byte {
            b',' => comma = Some(at),
            b' ' | b'\t' | b'\n' | b'\r' => {}
            _ => comma = None,
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::mended;

    #[test]
    fn slips_are_mended_in_their_place() {
        let text = "{\"a\": \"x\ny\\\"\",\n \"b\": [1, 2,],}";
        let mended = mended(text);
        assert_eq!(mended.len(), text.len());
        let value: serde_json::Value = serde_json::from_str(&mended).unwrap();
        assert_eq!(value["a"], "x y\"");
        assert_eq!(value["b"][1], 2);
    }
}

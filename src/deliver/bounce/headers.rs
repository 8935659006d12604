//! Header fields (RFC 5322 2.2), read from whatever calls itself a message.

use super::decode::{charset, encoded_words};
use super::lines::lines;

/// How many fields of one block are kept.
const MOST_FIELDS: usize = 1000;
/// How long a value may become, about, in bytes.
const MOST_VALUE: usize = 16 << 10;

/// The fields at the head of a message or a part, in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Headers(Vec<(String, String)>);

impl Headers {
    /// Reads the fields at the beginning of `bytes` and tells where the body begins. A line that is no field ends them,
    /// as an empty one does, because some servers forget it.
    pub(super) fn read(bytes: &[u8]) -> (Self, usize) {
        let mut fields: Vec<(String, String)> = Vec::new();
        for (at, line) in lines(bytes) {
            if line.is_empty() {
                return (Self(fields), at + 1);
            }
            let text = charset(None, line);
            if text.starts_with([' ', '\t']) {
                if let Some((_, value)) = fields.last_mut().filter(|(_, value)| value.len() < MOST_VALUE) {
                    value.push(' ');
                    value.push_str(text.trim());
                }
                // A line of blanks alone ends the fields of some old mailers.
                if text.trim().is_empty() {
                    return (Self(fields), at + line.len() + 1);
                }
            } else if let Some((name, value)) = field(&text) {
                if fields.len() < MOST_FIELDS {
                    let value: String = value.trim().chars().take(MOST_VALUE).collect();
                    fields.push((name.to_ascii_lowercase(), value));
                }
            } else {
                return (Self(fields), at);
            }
        }
        (Self(fields), bytes.len())
    }

    /// Whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The first value of a field; its name in lower case.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }

    /// Every value of a field; its name in lower case.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(found, _)| found == name).map(|(_, value)| value.as_str())
    }

    /// A value of words, with its encoded words undone; empty when there is none.
    pub(super) fn text(&self, name: &str) -> String {
        self.get(name).map(encoded_words).unwrap_or_default()
    }
}

/// A line as a field: a name of printable letters, a colon, a value.
pub(super) fn field(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.split_once(':')?;
    let name = name.trim_end();
    let is_name = !name.is_empty() && name.len() <= 76 && name.bytes().all(|b| b.is_ascii_graphic());
    is_name.then_some((name, value))
}

/// A structured value (RFC 2045 5.1): what stands before the parameters, in lower case, and the parameters.
pub(super) fn parameters(value: &str) -> (String, Vec<(String, String)>) {
    let mut pieces = Vec::new();
    let (mut piece, mut quoted) = (String::new(), false);
    let mut letters = value.chars();
    while let Some(c) = letters.next() {
        match c {
            '\\' if quoted => piece.extend(letters.next()),
            '"' => quoted = !quoted,
            ';' if !quoted => pieces.push(std::mem::take(&mut piece)),
            _ => piece.push(c),
        }
    }
    pieces.push(piece);
    let mut pieces = pieces.into_iter();
    let head = pieces.next().unwrap_or_default().trim().to_ascii_lowercase();
    let named = |piece: String| {
        let (name, value) = piece.split_once('=')?;
        Some((name.trim().to_ascii_lowercase(), value.trim().to_owned()))
    };
    (head, pieces.filter_map(named).collect())
}

#[cfg(test)]
mod tests {
    use super::{Headers, parameters};

    #[test]
    fn fields_are_unfolded_and_end_where_text_begins() {
        let (headers, body) = Headers::read(b"A: b\n c\nX-Y : z\nHello there\nmore");
        assert_eq!(headers.get("a"), Some("b c"));
        assert_eq!(headers.get("x-y"), Some("z"));
        assert_eq!(body, b"A: b\n c\nX-Y : z\n".len());
        assert!(Headers::read(b"").0.is_empty());
    }

    #[test]
    fn parameters_may_be_quoted() {
        let (head, found) = parameters("Multipart/Report; boundary=\"a;b\\\"c\"; report-type = delivery-status");
        assert_eq!(head, "multipart/report");
        assert_eq!(found[0], ("boundary".to_owned(), "a;b\"c".to_owned()));
        assert_eq!(found[1].1, "delivery-status");
    }
}

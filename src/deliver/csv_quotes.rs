//! Quotes of a CSV file that nobody closed: without care they take the rest of the file with them.

use std::borrow::Cow;

/// How many lines one row may go over. Rows of readers hold no long texts; those of other programs may.
const LINES: usize = 50;

/// The text without the lines in which a quote is opened that is not closed within some lines; they are left blank, so
/// that the lines after them keep their numbers. `told` is called with the number of each.
pub(super) fn close_quotes(text: &str, delimiter: u8, mut told: impl FnMut(usize)) -> Cow<'_, str> {
    if !text.contains('"') {
        return Cow::Borrowed(text);
    }
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let mut broken = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let mut quoted = false;
        let most = (at + LINES).min(lines.len());
        let closed = (at..most).find(|line| {
            quoted = ends_quoted(lines[*line], delimiter, quoted);
            !quoted
        });
        if closed.is_none() {
            broken.push(at);
            told(at + 1);
        }
        at = closed.unwrap_or(at) + 1;
    }
    if broken.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut broken = broken.into_iter().peekable();
    let kept = lines.iter().enumerate().map(|(at, line)| if broken.next_if_eq(&at).is_some() { "\n" } else { line });
    Cow::Owned(kept.collect())
}

/// Whether a line that begins inside of a quoted field, or not, ends inside of one.
fn ends_quoted(line: &str, delimiter: u8, quoted: bool) -> bool {
    let (mut quoted, mut at_start) = (quoted, !quoted);
    for byte in line.bytes() {
        // A doubled quote closes and opens again, with the same end.
        if byte == b'"' && (quoted || at_start) {
            quoted = !quoted;
        }
        at_start = !quoted && (byte == delimiter || byte == b'"');
    }
    quoted
}

#[cfg(test)]
mod tests {
    use super::close_quotes;

    fn closed(text: &str) -> (String, Vec<usize>) {
        let mut told = Vec::new();
        let text = close_quotes(text, b',', |line| told.push(line)).into_owned();
        (text, told)
    }

    #[test]
    fn only_lines_with_a_quote_that_stays_open_are_left_out() {
        let sound = "a,\"b\"\n\"c\nd\",e\nf \"g\" h,\"i \"\"j\"\"\"\n\"\",\"\"\"\"\n";
        assert_eq!(closed(sound), (sound.to_owned(), vec![]));
        assert_eq!(closed("a\n\"b,c\nd,e\n"), ("a\n\nd,e\n".to_owned(), vec![2]));
        let long = format!("\"a{}\nb,\"c\"\n", "\n".repeat(60));
        assert_eq!(closed(&long).1, [1]);
    }
}

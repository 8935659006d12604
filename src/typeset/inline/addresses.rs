//! Addresses and the names that programs read: where lines may end in them.

/// How far around a place its word is looked at, in bytes.
const NEAR: usize = 120;

/// Whether a word is an address or a name that programs read: a hyphen at the end of a line would be taken for its own.
pub(super) fn is_address(word: &str) -> bool {
    let is_between = |at: usize| {
        let (before, after) = (word[..at].chars().next_back(), word[at + 1..].chars().next());
        before.is_some_and(char::is_alphanumeric) && after.is_some_and(char::is_alphanumeric)
    };
    word.contains(['/', '@', '_', '\\']) || word.match_indices('.').any(|(at, _)| is_between(at))
}

/// Whether a line that ended here would mislead, though UAX 14 allows it to: after hyphens that begin a word, as those
/// of `--output` do (`LB20a` of later versions); after a scheme alone; after signs within an address, but for a solidus.
pub(super) fn misleads(text: &str, at: usize) -> bool {
    let head = &text[..at];
    match head.bytes().next_back() {
        Some(b'/') => head.ends_with(":/") || head.ends_with("://"),
        Some(b'-') if begins_with_hyphens(head) => true,
        Some(byte) if byte.is_ascii_punctuation() => is_address(word_around(text, at)),
        _ => head.ends_with('\u{2010}') && begins_with_hyphens(head),
    }
}

fn begins_with_hyphens(head: &str) -> bool {
    let before = head.trim_end_matches(['-', '\u{2010}']).chars().next_back();
    before.is_none_or(|before| !before.is_alphanumeric())
}

/// What stands around a place without white space, as far as it is near.
fn word_around(text: &str, at: usize) -> &str {
    let bytes = text.as_bytes();
    let is_white = |byte: &u8| byte.is_ascii_whitespace();
    let before = bytes[..at].iter().rev().take(NEAR).take_while(|byte| !is_white(byte)).count();
    let after = bytes[at..].iter().take(NEAR).take_while(|byte| !is_white(byte)).count();
    let (mut start, mut end) = (at - before, at + after);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[start..end]
}

#[cfg(test)]
mod tests {
    use super::misleads;

    #[test]
    fn only_what_misleads_is_kept_together() {
        for (text, at, misleading) in [
            ("state-of", 6, false),
            ("a --output", 4, true),
            ("(-x", 2, true),
            ("a \u{2013}-x", 6, true),
            ("https://example.org/a-b", 8, true),
            ("https://example.org/a-b", 20, false),
            ("https://example.org/a-b", 22, true),
            ("https://example.org/a?b", 22, true),
            ("a-file.tar", 2, true),
            ("and/or", 4, false),
            ("\u{6F22}-\u{5B57}", 4, false),
        ] {
            assert_eq!(misleads(text, at), misleading, "{text} at {at}");
        }
        let long = "a-".repeat(100_000);
        assert!((0..100_000).all(|at| !misleads(&long, 2 * at + 2)));
    }
}

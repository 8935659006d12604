//! Words as they are written and kept: signs in them that nobody sees, and what somebody was shown, or what a server said, without
//! anybody's address.

/// What stands in kept words where an address stood.
pub const SHOWN_ADDRESS: &str = "{address}";

/// The words without the addresses in them.
#[must_use]
pub fn without_addresses(words: &str) -> String {
    let mut kept = String::with_capacity(words.len());
    let mut rest = words;
    while !rest.is_empty() {
        let end = rest.find(parts).map_or(rest.len(), |at| at.max(1));
        let end = (end..=rest.len()).find(|end| rest.is_char_boundary(*end)).unwrap_or(rest.len());
        let (part, after) = rest.split_at(end);
        let core = part.trim_matches(is_punctuation);
        match core.rsplit_once('@') {
            Some((user, domain)) if !user.is_empty() && !domain.is_empty() => {
                kept.push_str(&part.replacen(core, SHOWN_ADDRESS, 1));
            }
            _ => kept.push_str(part),
        }
        rest = after;
    }
    kept
}

/// Signs that nobody sees, and that turn what stands around them: editors set them beside words in Arabic and Hebrew.
#[must_use]
pub fn is_unseen(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// What stands between words: blanks, and the marks that keep the direction of an address apart from its sentence.
fn parts(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2066}'..='\u{2069}')
}

/// What stands around an address and is no part of it.
fn is_punctuation(c: char) -> bool {
    matches!(
        c,
        '?' | '!'
            | '.'
            | ','
            | ';'
            | ':'
            | '('
            | ')'
            | '<'
            | '>'
            | '"'
            | '\u{61f}'
            | '\u{60c}'
            | '\u{61b}'
            | '\u{201c}'
            | '\u{201d}'
            | '\u{ab}'
            | '\u{bb}'
    )
}

#[cfg(test)]
mod tests {
    use super::without_addresses;

    #[test]
    fn addresses_go_and_the_words_around_them_stay() {
        for (shown, kept) in [
            ("Do you want to get Readers at z.q@example.net?", "Do you want to get Readers at {address}?"),
            ("\u{61f}\u{2066}z@x.example\u{2069} \u{628}", "\u{61f}\u{2066}{address}\u{2069} \u{628}"),
            ("z@x.example", "{address}"),
            ("5.7.1 <z@x.example>: Relay access denied", "5.7.1 <{address}>: Relay access denied"),
            ("News @ Compositor, @home, and  more", "News @ Compositor, @home, and  more"),
            ("", ""),
        ] {
            assert_eq!(without_addresses(shown), kept);
            assert_eq!(without_addresses(kept), kept, "twice is the same as once");
        }
    }
}

//! Characters that no page may hold.

/// What was drawn, without the controls and the other characters that HTML does not allow (13.2.3.5), whoever wrote them. The
/// two controls that end lines in other programs are blanks.
pub(super) fn legal(drawn: String) -> String {
    if is_legal_throughout(&drawn) {
        return drawn;
    }
    let line_ends = |c: char| if matches!(c, '\u{b}' | '\u{85}') { ' ' } else { c };
    drawn.chars().map(line_ends).filter(|c| is_legal(*c)).collect()
}

/// By bytes, many at a time: few of them may begin a character that is not.
fn is_legal_throughout(drawn: &str) -> bool {
    const AT_ONCE: usize = 64;
    drawn.as_bytes().chunks(AT_ONCE).enumerate().all(|(chunk, bytes)| {
        let is_doubtful = bytes.iter().fold(false, |found, byte| found | may_begin_another(*byte));
        !is_doubtful
            || bytes.iter().enumerate().filter(|(_, byte)| may_begin_another(**byte)).all(|(at, _)| {
                // None of these bytes is in the middle of a character.
                let begun = drawn.get(chunk * AT_ONCE + at..).and_then(|rest| rest.chars().next());
                begun.is_none_or(is_legal)
            })
    })
}

/// Whether a byte of UTF-8 is one of those characters, or begins one.
fn may_begin_another(byte: u8) -> bool {
    matches!(byte, 0..=8 | 0xb | 0xe..=0x1f | 0x7f | 0xc2 | 0xef..)
}

fn is_legal(c: char) -> bool {
    match c {
        '\t' | '\n' | '\u{c}' | '\r' => true,
        '\u{fdd0}'..='\u{fdef}' => false,
        c if c.is_control() => false,
        // The last two of each plane.
        c => u32::from(c) & 0xfffe != 0xfffe,
    }
}

#[cfg(test)]
mod tests {
    use super::{is_legal, legal, may_begin_another};

    #[test]
    fn what_html_does_not_allow_is_left_out() {
        let text = "a\u{1}b\0c\u{1f}d\u{7f}e\u{9f}f\u{fffe}g\u{10ffff}h\u{fdd0}i\u{b}j\u{85}k\tl\r\nm\u{c}n\u{fffd}\u{200c}\u{ad}";
        assert_eq!(legal(text.to_owned()), "abcdefghi j k\tl\r\nm\u{c}n\u{fffd}\u{200c}\u{ad}");
        let every = ('\0'..=char::MAX).filter(|c| !is_legal(*c));
        for c in every {
            let begins = c.to_string().bytes().next().is_some_and(may_begin_another);
            assert!(begins && !legal(format!("{}{c}", "x".repeat(70))).contains(c), "{c:?}");
        }
    }
}

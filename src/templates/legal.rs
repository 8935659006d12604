//! Characters that no page may hold.

/// What was drawn, without the controls and the other characters that HTML does not allow (13.2.3.5), whoever wrote them. The
/// two controls that end lines in other programs are blanks.
pub(super) fn legal(drawn: String) -> String {
    if drawn.chars().all(is_legal) {
        return drawn;
    }
    let line_ends = |c: char| if matches!(c, '\u{b}' | '\u{85}') { ' ' } else { c };
    drawn.chars().map(line_ends).filter(|c| is_legal(*c)).collect()
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
    use super::legal;

    #[test]
    fn what_html_does_not_allow_is_left_out() {
        let text = "a\u{1}b\0c\u{1f}d\u{7f}e\u{9f}f\u{fffe}g\u{10ffff}h\u{fdd0}i\u{b}j\u{85}k\tl\r\nm\u{c}n\u{fffd}\u{200c}\u{ad}";
        assert_eq!(legal(text.to_owned()), "abcdefghi j k\tl\r\nm\u{c}n\u{fffd}\u{200c}\u{ad}");
    }
}

//! Halves of characters: JSON may write one as two escapes of UTF-16 (RFC 8259, 7), and programs that cut text to a
//! length leave one of them, which is no character.

use std::borrow::Cow;

use super::faults::Faults;

/// The text with U+FFFD in place of every half that stands alone. It is as long as it was.
pub(super) fn whole<'t>(text: &'t str, faults: &mut Faults) -> Cow<'t, str> {
    if !text.contains("\\ud") && !text.contains("\\uD") {
        return Cow::Borrowed(text);
    }
    let mut whole = String::new();
    let (mut kept, mut at) = (0, 0);
    while let Some(found) = text[at..].find('\\') {
        let start = at + found;
        let unit = unit(&text[start..]);
        at = match unit {
            Some(0xd800..=0xdbff) if matches!(unit_after(text, start), Some(0xdc00..=0xdfff)) => start + 12,
            Some(0xd800..=0xdfff) => {
                faults.add(start, "half of a character stands alone; it is shown as U+FFFD");
                whole.push_str(&text[kept..start]);
                whole.push_str("\\ufffd");
                kept = start + 6;
                kept
            }
            Some(_) => start + 6,
            None => start + 1 + text[start + 1..].chars().next().map_or(0, char::len_utf8),
        };
    }
    if kept == 0 {
        return Cow::Borrowed(text);
    }
    Cow::Owned(whole + &text[kept..])
}

/// The code unit that `\uXXXX` at the beginning of a text means.
fn unit(text: &str) -> Option<u16> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    digits.bytes().all(|b| b.is_ascii_hexdigit()).then(|| u16::from_str_radix(digits, 16).ok())?
}

fn unit_after(text: &str, start: usize) -> Option<u16> {
    unit(&text[start + 6..])
}

#[cfg(test)]
mod tests {
    use super::super::faults::Faults;
    use super::whole;

    #[test]
    fn halves_that_stand_alone_are_replaced_and_told() {
        for (text, expected, told) in [
            (r#""\ud83d\ude00 \u00e9""#, r#""\ud83d\ude00 \u00e9""#, 0),
            (r#""lone \ud83d""#, r#""lone \ufffd""#, 1),
            (r#""\ude00\uD83D\uD83D\uDE00 \ud8""#, r#""\ufffd\ufffd\uD83D\uDE00 \ud8""#, 1),
            (r#""\\ud83d \ud83é \"#, r#""\\ud83d \ud83é \"#, 0),
            ("\"\\é\\ud83d", "\"\\é\\ufffd", 1),
        ] {
            let mut faults = Faults::default();
            assert_eq!(whole(text, &mut faults), expected);
            assert_eq!(faults.into_list(|offset| offset).len(), told, "{text}");
        }
    }
}

//! Style sheets within pictures: what they draw with may not come from elsewhere.

use std::borrow::Cow;

/// What `url(…)` may name that is in the file itself.
const INSIDE: [&str; 9] = [
    "#",
    "data:image/png",
    "data:image/jpeg",
    "data:image/gif",
    "data:image/webp",
    "data:font/",
    "data:application/font",
    "data:application/x-font",
    "data:application/octet-stream",
];

/// Takes out of a style sheet, or of the value of an attribute, what leads out of the file: `@import`, and `url(…)` of anything
/// that is not within.
pub(super) fn cleaned(css: &str) -> Cow<'_, str> {
    let lower = css.to_ascii_lowercase();
    if !["url", "@import", "@charset", "image-set", "src(", "expression", "-moz-binding", "\\"]
        .iter()
        .any(|sign| lower.contains(sign))
    {
        return Cow::Borrowed(css);
    }
    // A name may be written with escapes and comments in it; nobody does who means well.
    let is_hidden = lower.contains('\\') && escapes_letters(&lower);
    if is_hidden
        || ["@import", "image-set(", "src(", "expression(", "-moz-binding"].iter().any(|sign| lower.contains(sign))
    {
        return Cow::Owned(without_rules(css, &lower, is_hidden));
    }
    urls(css, &lower)
}

/// Whether an escape stands for a letter or another sign that names are made of.
fn escapes_letters(css: &str) -> bool {
    css.match_indices('\\').any(|(at, _)| {
        let digits: String = css[at + 1..].chars().take(6).take_while(char::is_ascii_hexdigit).collect();
        match u32::from_str_radix(&digits, 16) {
            Ok(code) => code < 0x80,
            Err(_) => css[at + 1..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '@' || c == '('),
        }
    })
}

/// The sheet without its `@import` rules; nothing of one in which such things stand otherwise.
fn without_rules(css: &str, lower: &str, is_hidden: bool) -> String {
    let only_imports =
        !is_hidden && !["image-set(", "src(", "expression(", "-moz-binding"].iter().any(|sign| lower.contains(sign));
    if !only_imports {
        return String::new();
    }
    let mut out = String::new();
    let mut at = 0;
    while let Some(found) = lower[at..].find("@import") {
        out.push_str(&css[at..at + found]);
        at += found;
        at += lower[at..].find(';').map_or(lower.len() - at, |end| end + 1);
    }
    out.push_str(&css[at..]);
    let lower = out.to_ascii_lowercase();
    urls(&out, &lower).into_owned()
}

/// `url(…)` of what is not within becomes one of nothing.
fn urls<'c>(css: &'c str, lower: &str) -> Cow<'c, str> {
    let mut out = String::new();
    let mut kept = 0;
    let mut at = 0;
    // Where the next `)` stands, as far as it was looked for.
    let mut end = 0;
    while let Some(found) = lower[at..].find("url(") {
        let from = at + found + 4;
        if end < from {
            end = lower[from..].find(')').map_or(lower.len(), |end| from + end);
        }
        let target = lower[from..end].trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\''));
        // Where this one stands in a comment or a string, another may begin within.
        at = from;
        if !INSIDE.iter().any(|start| target.starts_with(start)) && !target.is_empty() {
            out.push_str(&css[kept..from]);
            out.push_str("#none");
            (kept, at) = (end, end);
        }
    }
    if kept == 0 { Cow::Borrowed(css) } else { Cow::Owned(out + &css[kept..]) }
}

#[cfg(test)]
mod tests {
    use super::cleaned;

    #[test]
    fn only_what_is_within_is_drawn_with() {
        for css in [
            "fill:url(#a)",
            "a{fill:url( '#b' );content:'\\2014'}",
            "@font-face{src:url(data:font/woff2;base64,AA)}",
            "url(data:image/png;base64,AA)",
            "curl",
        ] {
            assert_eq!(cleaned(css), css);
        }
        for (css, expected) in [
            ("a{b:url(https://a.example/x)}c{}", "a{b:url(#none)}c{}"),
            ("url(\"//a.example/x\") URL(x)", "url(#none) URL(#none)"),
            ("@import 'x'; a{}@IMPORT url(y)", " a{}"),
            ("a{b:u\\72l(x)}", ""),
            ("a{b:\\75 rl(x)}", ""),
            ("a{b:image-set('x' 1x)}", ""),
            ("url(data:image/svg+xml,x)", "url(#none)"),
            ("url(x", "url(#none"),
            ("/* url(# */ @font-face{src:url(https://a.example/x)}", "/* url(# */ @font-face{src:url(#none)}"),
            ("a{content:\"url(#\";b:url(https://a.example/x)}", "a{content:\"url(#\";b:url(#none)}"),
            ("/*url(#*/mask-image:url(x)", "/*url(#*/mask-image:url(#none)"),
        ] {
            assert_eq!(cleaned(css), expected, "{css}");
        }
    }
}

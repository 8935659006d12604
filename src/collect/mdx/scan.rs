//! Where a span of code, an expression or a string ends.

/// The length of a span of code, or of its opening signs when it has no end.
pub(super) fn code_length(text: &str) -> usize {
    let run = text.len() - text.trim_start_matches('`').len();
    let mut at = run;
    while let Some(found) = text[at..].find('`') {
        let start = at + found;
        let length = text[start..].len() - text[start..].trim_start_matches('`').len();
        if length == run {
            // No span goes on beyond a paragraph.
            return if text[..start].contains("\n\n") { run } else { start + run };
        }
        at = start + length;
    }
    run
}

/// The longest tag or expression that is looked for.
pub(super) const LONGEST: usize = 20_000;

/// The length of `{…}` with the braces in it, strings passed over.
pub(super) fn braced(text: &str) -> Option<usize> {
    let (mut depth, mut quote) = (0_usize, None);
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            // An apostrophe stands in prose, too.
            (None, '"' | '`') => quote = Some(c),
            (None, '{') => depth += 1,
            (None, '}') if depth == 1 => return Some(at + 1),
            (None, '}') => depth -= 1,
            // Whatever stands in a string, and what means nothing.
            _ => {}
        }
    }
    None
}

/// The text of a string, if nothing else stands beside it.
pub(super) fn literal(text: &str) -> Option<&str> {
    ['"', '\'', '`'].into_iter().find_map(|quote| {
        let inside = text.strip_prefix(quote)?.strip_suffix(quote)?;
        (!inside.contains(quote) && !inside.contains("${")).then_some(inside)
    })
}

/// The one string in an expression: `require("./a.png").default`.
pub(super) fn string_in(expression: &str) -> Option<&str> {
    let from = expression.find(['"', '\''])? + 1;
    let length = expression[from..].find(&expression[from - 1..from])?;
    Some(&expression[from..from + length])
}

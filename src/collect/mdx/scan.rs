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

/// The longest formula within a line, in bytes.
const LONGEST_FORMULA: usize = 2000;

/// The length of a formula with braces in it, which are no expressions there, or of its opening signs where it is none: `$a_{b}$` on
/// one line, `$$…$$` in one paragraph.
pub(super) fn formula_length(text: &str) -> usize {
    let run = text.len() - text.trim_start_matches('$').len();
    let near = (0..=LONGEST_FORMULA.min(text.len())).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    let (sign, ends) = match run {
        1 => ("$", "\n"),
        2 => ("$$", "\n\n"),
        _ => return run,
    };
    let inside = text[run.min(near)..near].split(ends).next().unwrap_or_default();
    let Some(end) = inside.find(sign) else { return run };
    let inside = &inside[..end];
    // What begins with a brace or a blank is a sum of money, or a place in a program's text.
    let is_close = run == 2 || (!inside.starts_with(['{', ' ']) && !inside.ends_with(' '));
    if is_close && inside.contains('{') && !inside.contains("</") { run + end + run } else { run }
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

/// The length of program text up to the first empty line, or heading of Markdown, outside of its brackets, strings and comments;
/// `None` where one of them has no end.
pub(super) fn module_length(text: &str) -> Option<usize> {
    let (mut at, mut depth) = (0, 0_i32);
    // Up to where it is known that no string ends which begins with a quotation mark, and with an apostrophe.
    let mut vain = [0, 0];
    let mut string = |at: usize, kind: usize| {
        let looked = if at < vain[kind] { Err(0) } else { string_length(&text[at..], |c| c != '\n') };
        looked.unwrap_or_else(|looked| {
            vain[kind] = vain[kind].max(at + looked);
            1
        })
    };
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        let before = text[..at].chars().next_back();
        at += match c {
            '\n' if depth <= 0 && ends_module(&rest[1..]) => return Some(at + 1),
            '`' => string_length(rest, |_| true).ok()?,
            '"' => string(at, 0),
            // An apostrophe stands in the prose of elements, too.
            '\'' if !before.is_some_and(char::is_alphanumeric) => string(at, 1),
            '/' if rest.starts_with("/*") => rest.find("*/")? + 2,
            '/' if rest.starts_with("//") && before != Some(':') => rest.find('\n').unwrap_or(rest.len()),
            c => {
                depth += i32::from(matches!(c, '{' | '(' | '[')) - i32::from(matches!(c, '}' | ')' | ']'));
                c.len_utf8()
            }
        };
    }
    (depth <= 0).then_some(text.len())
}

/// Whether program text ends before this line.
fn ends_module(rest: &str) -> bool {
    let line = rest.lines().next().unwrap_or_default();
    let heading = line.trim_start_matches('#');
    line.trim().is_empty() || (heading.len() < line.len() && heading.starts_with(' '))
}

/// The length of a string with its quotation marks, or how far there is none; `fits` says what may stand in it.
fn string_length(text: &str, fits: impl Fn(char) -> bool) -> Result<usize, usize> {
    let mut signs = text.char_indices();
    let open = signs.next().map(|(_, open)| open);
    while let Some((at, c)) = signs.next() {
        match c {
            '\\' => _ = signs.next(),
            c if Some(c) == open => return Ok(at + c.len_utf8()),
            c if !fits(c) => return Err(at),
            _ => {}
        }
    }
    Err(text.len())
}

/// The length of a text up to its first empty line.
pub(super) fn first_paragraph(text: &str) -> usize {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if line.trim().is_empty() {
            break;
        }
        at += line.len();
    }
    at
}

/// Whether an expression shows nothing: a truth, or a comment alone.
pub(super) fn is_nothing(text: &str) -> bool {
    let is_comment = |line: &str| line.trim().is_empty() || line.trim().starts_with("//");
    matches!(text, "undefined" | "null" | "true" | "false") || (!text.is_empty() && text.lines().all(is_comment))
}

/// The text of a string or a number, if nothing else stands beside it.
pub(super) fn literal(text: &str) -> Option<&str> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) && !text.is_empty() {
        return Some(text);
    }
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

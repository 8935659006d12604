//! Attributes in braces, as markdown-it, Pandoc and Hugo write them behind what they belong to: `{.class}`, `{#id}`,
//! `{.left width=50}`.

use std::ops::Range;

use super::expander::is_blank;

/// How far before its end a link may begin, in bytes.
const LONGEST_LINK: usize = 2000;

/// Whether what stands between these braces is nothing but attributes, and belongs to something: it stands right behind
/// it, or at the end of its line. What a heading has is left to the parser.
pub(super) fn is_attributes(text: &str, range: &Range<usize>) -> bool {
    let Some(words) = words(&text[range.start + 1..range.end - 1]) else { return false };
    let (before, behind) = (&text[..range.start], text[range.end..].trim_start_matches(is_blank));
    let ends_line = behind.is_empty() || behind.starts_with('\n');
    let is_tight = before.ends_with([')', ']', '*', '_', '`', '>']) || before.ends_with("%}") || before.ends_with("}}");
    match words {
        Words::Named if ends_line => !begins_otherwise(before),
        Words::Named => is_tight || behind.starts_with('|'),
        // Much else has a sign of equality in braces.
        Words::Valued => is_behind_link(before),
    }
}

/// What kind of attributes there are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Words {
    /// A class or an id among them.
    Named,
    /// Only such as `width=50`.
    Valued,
}

fn words(inside: &str) -> Option<Words> {
    let mut rest = inside.trim();
    let mut kind = None;
    while !rest.is_empty() {
        let end = if let Some(name) = rest.strip_prefix(['.', '#']) {
            kind = Some(Words::Named);
            let is_first = name.starts_with(|c: char| c.is_alphabetic() || matches!(c, '-' | '_'));
            is_first.then(|| 1 + length_of(name, |c| c.is_alphanumeric() || "-_:./[]%!".contains(c)))?
        } else {
            kind = kind.or(Some(Words::Valued));
            let name = length_of(rest, |c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':'));
            let value = rest[name..].strip_prefix('=').filter(|_| name > 0)?;
            let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
            let length = match quote {
                Some(quote) => value[1..].find(quote)? + 2,
                None => length_of(value, |c| !c.is_whitespace() && !"\"'`=<>{}".contains(c)),
            };
            (length > 0).then_some(name + 1 + length)?
        };
        let next = &rest[end..];
        if !next.is_empty() && !next.starts_with([' ', '\t']) {
            return None;
        }
        rest = next.trim_start();
    }
    kind
}

fn length_of(text: &str, is_part: impl Fn(char) -> bool) -> usize {
    text.find(|c| !is_part(c)).unwrap_or(text.len())
}

/// Whether the line is a heading, or opens a directive.
fn begins_otherwise(before: &str) -> bool {
    let line = before[before.rfind('\n').map_or(0, |at| at + 1)..].trim_start();
    line.starts_with(['#', ':'])
}

/// Whether a link or a picture ends here.
pub(super) fn is_behind_link(before: &str) -> bool {
    let from = before.len().saturating_sub(LONGEST_LINK);
    let near = &before[(from..=before.len()).find(|at| before.is_char_boundary(*at)).unwrap_or(from)..];
    let is_in_line = |at: usize| !near[at..].contains('\n');
    let by_label = || near.rfind("![").is_some_and(|at| is_in_line(at) && near[at..].contains("]["));
    near.ends_with([')', ']']) && (near.rfind("](").is_some_and(is_in_line) || by_label())
}

#[cfg(test)]
mod tests {
    use super::is_attributes;

    #[test]
    fn attributes_are_no_other_braces() {
        for (text, expected) in [
            ("Words {.font-alt-xs}", true),
            ("![a](b.png){.left width=50} c", true),
            ("[a](/b){target=\"_blank\" .x}", true),
            ("[a](/b){width='5 cm'}\n", true),
            ("![a][b]{width=5} c", true),
            ("f[a][b]{x=5}", false),
            ("{% image a %}{.float-left .padding-right-2} b", true),
            ("| a {.b} | c |", true),
            ("a\n{#id}\nb", true),
            ("# T {#id .x}", false),
            ("::: {.note}", false),
            ("a {.b} c", false),
            ("f(x){a=1}", false),
            ("{#if x}", false),
            ("x{.5}", false),
            ("{.}", false),
            ("{}", false),
        ] {
            let (from, to) = (text.find('{').unwrap(), text.rfind('}').unwrap() + 1);
            let from = text.find("%}").map_or(from, |at| at + 2);
            assert_eq!(is_attributes(text, &(from..to)), expected, "{text}");
        }
    }
}

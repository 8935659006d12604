//! Wrapping (UAX #14), in columns of a terminal.

use unicode_bidi::{BidiClass, bidi_class};
use unicode_linebreak::linebreaks;

/// Columns in a line of text (RFC 5322 2.1.1 recommends fewer than 78; a reply adds "> ").
pub(in crate::render::email) const WIDTH: usize = 72;

/// How many columns `text` takes: none for marks and joiners, two for ideographs and kana.
pub(in crate::render::email) fn columns(text: &str) -> usize {
    text.chars().map(column).sum()
}

fn column(c: char) -> usize {
    if c < '\u{300}' {
        return 1;
    }
    match c {
        '\u{300}'..='\u{36f}'
        | '\u{483}'..='\u{489}'
        | '\u{591}'..='\u{5bd}'
        | '\u{610}'..='\u{61a}'
        | '\u{64b}'..='\u{65f}'
        | '\u{670}'
        | '\u{6d6}'..='\u{6dc}'
        | '\u{93c}'
        | '\u{941}'..='\u{948}'
        | '\u{94d}'
        | '\u{9cd}'
        | '\u{bcd}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2069}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}' => 0,
        '\u{1100}'..='\u{115f}'
        | '\u{2e80}'..='\u{a4cf}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}'
        | '\u{fe30}'..='\u{fe4f}'
        | '\u{ff00}'..='\u{ff60}'
        | '\u{1f300}'..='\u{1f64f}'
        | '\u{1f900}'..='\u{1f9ff}'
        | '\u{20000}'..='\u{3fffd}' => 2,
        _ => 1,
    }
}

/// `text` in lines of at most [`WIDTH`] columns, of which all but the first begin with `indent`. A line feed in it
/// begins a line; other blanks fold to one space. What has no break in it, such as an address, stays whole.
pub(in crate::render::email) fn wrap(text: &str, indent: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 32);
    for (n, line) in text.split('\n').enumerate() {
        let line = line.split([' ', '\t', '\r']).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
        if n > 0 {
            out.push('\n');
            out.push_str(indent);
        }
        wrap_line(&mut out, &line, if n == 0 { 0 } else { columns(indent) }, indent);
    }
    out
}

/// Says at the head of each line that it runs from right to left, where its first letter would have it run the other way.
/// A line that is an address alone is left to itself, and so is a text without a letter from the right and without a name
/// that is set apart, such as a command; but not the row of a table, which stands below others. What stands before the words of
/// the first line and of the others stays before the sign.
pub(in crate::render::email) fn from_the_right(text: &str, first: &str, rest: &str) -> String {
    let is_row = text.strip_prefix(first).unwrap_or(text).starts_with("| ");
    let is_of_both = |class| matches!(class, BidiClass::R | BidiClass::AL) || sets_apart(class);
    if !is_row && !text.chars().map(bidi_class).any(is_of_both) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len() + 16);
    for (n, line) in text.split('\n').enumerate() {
        out.push_str(if n > 0 { "\n" } else { "" });
        let before = if n > 0 { rest } else { first };
        let words = line.strip_prefix(before).unwrap_or(line);
        out.push_str(&line[..line.len() - words.len()]);
        let is_of_signs = is_row && first_strong(words).is_none();
        out.push_str(if is_of_signs || turns(words) { "\u{200f}" } else { "" });
        out.push_str(words);
    }
    out
}

/// Whether a line begins with a letter that runs from left to right, and is no address. What stands apart at its head does not
/// say how it runs (UAX 9, P2), and so it turns as well.
fn turns(line: &str) -> bool {
    let is_address = !line.trim().contains(' ') && ["://", "@", "www."].iter().any(|sign| line.contains(sign));
    let begins_apart = line.chars().next().map(bidi_class).is_some_and(sets_apart);
    begins_apart || first_strong(line) == Some(BidiClass::L) && !is_address
}

/// The class of the first letter that says how a line runs.
fn first_strong(line: &str) -> Option<BidiClass> {
    let mut depth = 0_usize;
    line.chars().map(bidi_class).find(|class| {
        match class {
            BidiClass::PDI => depth = depth.saturating_sub(1),
            class if sets_apart(*class) => depth += 1,
            _ => {}
        }
        depth == 0 && matches!(class, BidiClass::L | BidiClass::R | BidiClass::AL)
    })
}

fn sets_apart(class: BidiClass) -> bool {
    matches!(class, BidiClass::FSI | BidiClass::LRI | BidiClass::RLI)
}

fn wrap_line(out: &mut String, line: &str, start: usize, indent: &str) {
    let mut used = start;
    let mut from = 0;
    for (at, _) in linebreaks(line) {
        let piece = line.get(from..at).unwrap_or_default();
        // Addresses stay whole: a line ends after a blank, or between ideographs.
        if at < line.len() && !piece.ends_with(|c: char| c == ' ' || c >= '\u{2e80}') {
            continue;
        }
        if used > columns(indent) && used + columns(piece.trim_end()) > WIDTH {
            out.truncate(out.trim_end_matches(' ').len());
            out.push('\n');
            out.push_str(indent);
            used = columns(indent);
        }
        out.push_str(piece);
        used += columns(piece);
        from = at;
    }
}

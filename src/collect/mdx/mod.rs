//! MDX: Markdown with components of React's kind in it.
//!
//! Nothing is run. Program text goes, what a component says about the text in it is said in HTML, pictures and players
//! are shown as those of shortcodes are, and the rest is reported.

mod lines;
mod markdown;
mod reader;
mod scan;
mod tag;
mod top;

pub(super) use self::markdown::components;
use self::reader::Reader;
pub(super) use self::top::{is_mdx, modules, without_modules};
use super::liquid::Expanded;

/// Carries out what can be of the components in `text`; `page` holds the scalars of its front matter.
pub(super) fn expand<'a>(text: &'a str, page: &[(String, String)]) -> Expanded<'a> {
    let mut reader = Reader::new(text, page);
    note_ends(text, &mut reader);
    let mut fence: Option<&str> = None;
    while reader.at < text.len() {
        let line = reader.line();
        let trimmed = line.trim();
        if let Some(open) = fence {
            if closes(trimmed, open) {
                fence = None;
            }
            reader.copy_line(line);
        } else if let Some(opening) = opening_fence(trimmed) {
            fence = Some(opening);
            reader.leave_html();
            reader.copy_line(line);
        } else if is_module(line, &text[reader.at + line.len()..]) {
            reader.skip_module();
        } else {
            reader.prose();
        }
    }
    let (text, reports) = reader.finish();
    Expanded::made(text, reports)
}

/// Notes where components end, outside of code.
fn note_ends<'a>(text: &'a str, reader: &mut Reader<'a, '_>) {
    let (mut at, mut fence) = (0, None);
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim();
        match fence {
            Some(open) if closes(trimmed, open) => fence = None,
            Some(_) => {}
            None => fence = opening_fence(trimmed),
        }
        if fence.is_none() && line.contains("</") {
            reader.note_ends(at, line);
        }
        at += line.len();
    }
}

/// Whether a line closes the block of code that these signs open.
fn closes(line: &str, open: &str) -> bool {
    line.starts_with(open) && line.trim_start_matches(&open[..1]).is_empty()
}

/// The run of signs that opens a block of code.
fn opening_fence(line: &str) -> Option<&str> {
    let sign = line.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let length = line.len() - line.trim_start_matches(sign).len();
    (length >= 3 && !line[length..].contains('`')).then(|| &line[..length])
}

/// Whether an `import` or `export` begins on this line, which `rest` follows.
fn is_module(line: &str, rest: &str) -> bool {
    let goes_on = || line.trim_end().ends_with(" from") && rest.trim_start().starts_with(['\'', '"']);
    let import = line.starts_with("import ")
        && (line.contains(['\'', '"', '{']) || goes_on() || line.starts_with("import type "));
    let words = ["const ", "let ", "var ", "default ", "function ", "async ", "class ", "{", "*"];
    let of_types = ["type ", "interface ", "enum ", "abstract ", "declare "];
    let begins = |words: &[&str], rest: &str| words.iter().any(|word| rest.starts_with(word));
    import
        || line
            .strip_prefix("export ")
            .is_some_and(|rest| begins(&words, rest) || (begins(&of_types, rest) && rest.contains(['=', '{'])))
}

#[cfg(test)]
mod tests;

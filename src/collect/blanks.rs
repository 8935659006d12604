//! Addresses with blanks in links and pictures of Markdown: `![A press](my press.png)`. `CommonMark` takes such for words, and wants
//! them between `<` and `>`; who names files by hand does not know that.

use std::path::Path;

use super::linked::is_picture as is_picture_file;
use super::links::{is_web, names_text};
use super::maths::code;
use super::sized;
use super::traced::Traced;
use crate::model::media_type_of;

/// No longer address is one, in bytes.
const LONGEST: usize = 1000;

/// Sets such addresses between the signs that they want, where they are sure to be some: those of files, and on the web. A size behind
/// that of a picture (`=300x200`) becomes a mark of ours. What a picture has for an address and is none is told. `None` where there is
/// nothing to do.
pub(super) fn bracketed(text: &str) -> Option<(Traced, Vec<(usize, String)>)> {
    let mut found = text.match_indices("](").filter_map(|(at, _)| address(text, at)).peekable();
    found.peek()?;
    let code = code(text);
    let is_in_code = |at: usize| {
        let next = code.partition_point(|range| range.end <= at);
        code.get(next).is_some_and(|range| range.start <= at)
    };
    let mut out = Traced::with_capacity(text.len() + 64);
    let (mut copied, mut reports) = (0, Vec::new());
    for Address { start, end, size, close, is_sure } in found.filter(|found| !is_in_code(found.start)) {
        if start < copied {
            continue;
        }
        if !is_sure {
            let begins: String = text[start..end].chars().take(60).collect();
            reports.push((
                start,
                format!("`{begins}` is no address of a picture: one with blanks stands between `<` and `>`"),
            ));
            continue;
        }
        out.copy(text, copied..start);
        out.push('<');
        out.copy(text, start..end);
        out.push('>');
        copied = end;
        if let Some((length, mark)) = size {
            copied = close + ")".len();
            out.copy(text, end + length..copied);
            out.push_str(&mark);
        }
    }
    if copied == 0 && reports.is_empty() {
        return None;
    }
    out.copy(text, copied..text.len());
    Some((out, reports))
}

/// An address that wants the signs.
struct Address {
    /// Where it stands.
    start: usize,
    end: usize,
    /// How long a size behind it is, and the mark for it.
    size: Option<(usize, String)>,
    /// Where the parenthesis behind it stands.
    close: usize,
    /// Whether it is one, and no words.
    is_sure: bool,
}

/// The address behind a text whose end is at `bracket`, if it has blanks and is one.
fn address(text: &str, bracket: usize) -> Option<Address> {
    let from = bracket + 2;
    let close = from + closing(&text[from..])?;
    let inside = &text[from..close];
    if !inside.trim().contains([' ', '\t']) {
        return None;
    }
    let opening = opening(text, bracket)?;
    let is_picture = text[..opening].ends_with('!');
    let trimmed = inside.trim_start_matches([' ', '\t']);
    let start = close - trimmed.len();
    let title = title(trimmed).unwrap_or(trimmed.len());
    let named = trimmed[..title].trim_end_matches([' ', '\t']);
    let sized = size(named).filter(|_| is_picture && title == trimmed.len());
    let named = sized.as_ref().map_or(named, |(bare, _)| bare);
    let is_whole = named.len() <= LONGEST && !named.contains(['<', '>', '\\', '`']);
    let has_blank = named.contains([' ', '\t']) || sized.is_some();
    let is_sure = is_address(named, is_picture);
    if !is_whole || !has_blank || !(is_sure || is_picture) {
        return None;
    }
    let end = start + named.len();
    Some(Address { start, end, size: sized.map(|(_, mark)| (close - end, mark)), close, is_sure })
}

/// Where the bracket stands that opens a text, in its paragraph.
fn opening(text: &str, bracket: usize) -> Option<usize> {
    let mut from = bracket.saturating_sub(LONGEST);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    let before = &text[from..bracket];
    let before = before.rfind("\n\n").map_or(before, |gap| &before[gap + 2..]);
    let mut depth = 0_usize;
    for (at, byte) in before.bytes().enumerate().rev() {
        let is_escaped = at > 0 && before.as_bytes()[at - 1] == b'\\';
        match byte {
            b']' if !is_escaped => depth += 1,
            b'[' if !is_escaped && depth == 0 => return Some(bracket - before.len() + at),
            b'[' if !is_escaped => depth -= 1,
            _ => {}
        }
    }
    None
}

/// Where the parenthesis closes on this line that was opened before.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, byte) in text.bytes().enumerate().take(LONGEST) {
        match byte {
            b'\n' => return None,
            b'(' => depth += 1,
            b')' if depth == 0 => return Some(at),
            b')' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// Where a title in quotes stands at the end.
fn title(inside: &str) -> Option<usize> {
    let quote = inside.trim_end().chars().next_back().filter(|c| matches!(c, '"' | '\''))?;
    let opens = [format!(" {quote}"), format!("\t{quote}")];
    opens.iter().filter_map(|open| inside.find(open.as_str())).min().map(|at| at + 1)
}

/// An address without the size behind it, and the mark for that.
fn size(named: &str) -> Option<(&str, String)> {
    let (bare, size) = named.rsplit_once(" =")?;
    let (width, height) = size.split_once('x')?;
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(width) || !is_number(height) || size.len() < 2 {
        return None;
    }
    let mark = sized::mark(&format!("width=\"{width}\" height=\"{height}\""))?;
    Some((bare.trim_end(), mark))
}

/// Whether words with blanks are an address: on the web, or that of a file by its ending.
fn is_address(named: &str, is_picture: bool) -> bool {
    let path = named.split(['?', '#']).next().unwrap_or(named).trim_end();
    let is_file = || {
        let name = path.rsplit('/').next().unwrap_or(path);
        let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
        let is_ending = (2..=5).contains(&ending.len()) && ending.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let is_known = is_picture_file(Path::new(name)) || media_type_of(name).is_some() || names_text(name);
        !name.starts_with('.') && is_ending && (is_picture || is_known)
    };
    is_web(named) || is_file()
}

#[cfg(test)]
mod tests {
    use super::bracketed;

    #[test]
    fn addresses_with_blanks_are_set_between_signs() {
        for (text, expected) in [
            ("![a](my pic.png)", "![a](<my pic.png>)"),
            (
                "See ![a]( my pic.png ) and [b](the minutes (old).pdf#page=2).",
                "See ![a]( <my pic.png> ) and [b](<the minutes (old).pdf#page=2>).",
            ),
            ("![a](my pic.png \"A press\")", "![a](<my pic.png> \"A press\")"),
            ("[![a](my pic.png)](a note.md)", "[![a](<my pic.png>)](<a note.md>)"),
            ("[a](https://a.example/my file?x=a b)", "[a](<https://a.example/my file?x=a b>)"),
            ("[پیوست](صورت جلسه.pdf)", "[پیوست](<صورت جلسه.pdf>)"),
            ("![a](pic.png =300x200) b", "![a](<pic.png>){:size width=300 height=200} b"),
            ("![a](my pic.png =300x)", "![a](<my pic.png>){:size width=300}"),
        ] {
            let (set, reports) = bracketed(text).unwrap();
            assert_eq!((&*set, reports), (expected, Vec::new()));
        }
        for text in [
            "[sic](as it was written)",
            "[1](see the note, p. 2)",
            "![a](<my pic.png>)",
            "![a](pic.png \"A press\")",
            "[a](pic.png 'The \"old\" press')",
            "`![a](my pic.png)`",
            "    ![a](my pic.png)",
            "a](my pic.png)",
            "\\[a](my pic.png)",
            "[a](my\npic.png)",
        ] {
            assert!(bracketed(text).is_none(), "{text}");
        }
        let (same, reports) = bracketed("A ![press](my press), ![b](my b.png)").unwrap();
        assert_eq!((&*same, reports.len(), reports[0].0), ("A ![press](my press), ![b](<my b.png>)", 1, 11));
    }
}

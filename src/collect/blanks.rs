//! Addresses with blanks in links and pictures of Markdown: `![A press](my press.png)`. `CommonMark` takes such for words, and wants
//! them between `<` and `>`; who names files by hand does not know that.

use std::collections::HashSet;
use std::path::Path;

use memchr::memmem;
use pulldown_cmark::{Event, LinkType, Parser, Tag, TagEnd};

use super::body::options;
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
    let mut found: Vec<Address> = memmem::find_iter(text.as_bytes(), "](").filter_map(|at| address(text, at)).collect();
    found.extend(defined(text));
    if found.is_empty() {
        return None;
    }
    found.sort_by_key(|found| found.start);
    let code = code(text);
    let is_in_code = |at: usize| {
        let next = code.partition_point(|range| range.end <= at);
        code.get(next).is_some_and(|range| range.start <= at)
    };
    let sound = sound(text);
    let is_wanted = |found: &Address| !is_in_code(found.start) && sound.binary_search(&found.bracket).is_err();
    let mut out = Traced::with_capacity(text.len() + 64);
    let (mut copied, mut reports) = (0, Vec::new());
    for Address { start, end, size, close, is_sure, .. } in found.into_iter().filter(is_wanted) {
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
    /// Where the text ends to which it belongs.
    bracket: usize,
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

/// Where the texts end, in order, of links and pictures that are some as they stand.
fn sound(text: &str) -> Vec<usize> {
    let mut sound = Vec::new();
    // Whether it has an address behind its text, and how far that goes.
    let mut open: Vec<(bool, usize)> = Vec::new();
    for (event, range) in Parser::new_ext(text, options()).into_offset_iter() {
        let begins = match &event {
            Event::Start(Tag::Link { link_type, .. }) => Some((*link_type == LinkType::Inline, "[".len())),
            Event::Start(Tag::Image { link_type, .. }) => Some((*link_type == LinkType::Inline, "![".len())),
            _ => None,
        };
        if let Some((is_inline, length)) = begins {
            open.push((is_inline, range.start + length));
            continue;
        }
        if matches!(event, Event::End(TagEnd::Link | TagEnd::Image))
            && let Some((true, end)) = open.pop()
        {
            sound.extend(text[end..range.end].find("](").map(|at| end + at));
        }
        if let Some((_, end)) = open.last_mut() {
            *end = range.end.max(*end);
        }
    }
    sound.sort_unstable();
    sound
}

/// The addresses of files of pictures in lines that define what a picture names: `![press]` and `[press]: my press.png`.
fn defined(text: &str) -> Vec<Address> {
    let (mut found, mut at, mut may_begin) = (Vec::new(), 0, true);
    let mut shown = None;
    for line in text.split_inclusive('\n') {
        let bare = line.trim_start_matches(' ');
        let definition = bare.strip_prefix('[').and_then(|rest| rest.split_once("]:"));
        if may_begin
            && let Some((label, behind)) = definition
            && let Some((before, named)) = picture(behind)
            && shown.get_or_insert_with(|| shown_labels(text)).contains(&label.to_lowercase())
        {
            let bracket = at + line.len() - bare.len() + "[".len() + label.len();
            let start = bracket + "]:".len() + before;
            let end = start + named.len();
            found.push(Address { bracket, start, end, size: None, close: end, is_sure: true });
        }
        may_begin = bare.trim().is_empty() || (may_begin && definition.is_some());
        at += line.len();
    }
    found
}

/// The name of a picture with blanks in it, and what stands before it.
fn picture(behind: &str) -> Option<(usize, &str)> {
    let trimmed = behind.trim_start();
    let named = trimmed[..title(trimmed).unwrap_or(trimmed.len())].trim_end();
    let is_whole = named.len() <= LONGEST && !named.contains(['<', '>', '\\', '`']);
    let is_one = is_whole && named.contains([' ', '\t']) && is_picture_file(Path::new(named));
    is_one.then_some((behind.len() - trimmed.len(), named))
}

/// The labels by which pictures are named, in lower case: `![label]`, `![text][label]`.
fn shown_labels(text: &str) -> HashSet<String> {
    let label = |rest: &str| rest.split([']', '\n']).next().unwrap_or_default().to_lowercase();
    let mut labels = HashSet::new();
    for (at, sign) in text.match_indices("![") {
        let inside = &text[at + sign.len()..];
        labels.insert(label(inside));
        let behind = inside.split_once([']', '\n']).map_or("", |(_, behind)| behind);
        labels.extend(behind.strip_prefix('[').map(label));
    }
    labels.remove("");
    labels
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
    Some(Address { bracket, start, end, size: sized.map(|(_, mark)| (close - end, mark)), close, is_sure })
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
            b'"' | b'\'' if depth == 0 && text[..at].ends_with([' ', '\t']) => {
                let end = text[at + 1..].find(['\n', char::from(byte)]).map_or(text.len(), |end| at + 1 + end + 1);
                let behind = text[end..].trim_start_matches([' ', '\t']);
                if behind.starts_with(')') {
                    return Some(text.len() - behind.len());
                }
            }
            b'(' => depth += 1,
            b')' if depth == 0 => return Some(at),
            b')' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// Where a title in quotes or parentheses stands at the end.
fn title(inside: &str) -> Option<usize> {
    if let Some(inside) = inside.trim_end().strip_suffix(')') {
        let opens = inside.rfind('(').filter(|at| inside[..*at].ends_with([' ', '\t']));
        return opens.filter(|at| !inside[*at..].contains(')'));
    }
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
            ("![a](my pic.png (Our logo))", "![a](<my pic.png> (Our logo))"),
            ("![a](my pic.png \"a) b\") c)", "![a](<my pic.png> \"a) b\") c)"),
            ("[a](it 'is' so.md) (x 'y')", "[a](<it 'is' so.md>) (x 'y')"),
            ("[![a](my pic.png)](b.md (c))", "[![a](<my pic.png>)](b.md (c))"),
            ("![Ref]\n\n[ref]: my pic.png\n", "![Ref]\n\n[ref]: <my pic.png>\n"),
            ("![a][b]\n\n[a]: b\n[b]:  my pic.png \"c\"\n", "![a][b]\n\n[a]: b\n[b]:  <my pic.png> \"c\"\n"),
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
            "[a](https://a.example/x (The title))",
            "![a](https://a.example/p.png (Our logo))",
            "![a](pic.png (Our logo))",
            "[a](https://a.example/z \"a) b\")",
            "[![a](https://a.example/p.png (b))](https://a.example/x 'c) d.md')",
            "[a](b.png\n\"c\") and ![d](<e f.png> (g))",
            "[ref]\n\n[ref]: my pic.png\n",
            "![ref]\n\n[ref]: pic.png (A press)\n",
            "![ref] is\n[ref]: my pic.png\n",
            "```\n[ref]: my pic.png\n```\n\n`![ref]`\n",
        ] {
            assert!(bracketed(text).is_none(), "{text}");
        }
        let (same, reports) = bracketed("A ![press](my press), ![b](my b.png)").unwrap();
        assert_eq!((&*same, reports.len(), reports[0].0), ("A ![press](my press), ![b](<my b.png>)", 1, 11));
    }
}

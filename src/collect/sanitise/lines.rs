//! Text without markup as HTML: the paragraphs and lines that its author made, and links where addresses stand.

use super::tag::push_escaped;
use crate::collect::marks;
use crate::model::Html;

/// How wide texts are that a program has cut into lines, in characters.
const WIDTHS: std::ops::RangeInclusive<usize> = 40..=1000;

/// What ends a line that ends by itself.
const ENDS: [char; 10] = ['.', '!', '?', ':', ';', ',', '\u{2026}', '\u{61f}', '\u{60c}', '\u{6d4}'];

/// What ends a sentence, or leads to what stands below.
const SENTENCE_ENDS: [char; 8] = ['.', '!', '?', ':', ';', '\u{2026}', '\u{61f}', '\u{6d4}'];

/// No longer address is looked for, in bytes.
const LONGEST: usize = 2000;

/// Text as HTML: escaped, with a paragraph for each group of lines. A line that its author ended stays one, but for those at
/// whose ends a program cut the text.
pub(in crate::collect) fn paragraphs(text: &str) -> Html {
    let mut out = String::new();
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    for lines in lines.split(|line| line.is_empty()).filter(|lines| !lines.is_empty()) {
        let between = if is_cut(lines) { "\n" } else { "<br>\n" };
        out.push_str("<p>");
        for (index, line) in lines.iter().enumerate() {
            out.push_str(if index > 0 { between } else { "" });
            push_line(&mut out, line);
        }
        out.push_str("</p>\n");
    }
    Html::from_sanitised(out)
}

/// Whether lines were cut where no further word had room, as programs for mail do, or where somebody who types prose ends a long
/// line: in the middle of a sentence, which goes on with a small letter.
fn is_cut(lines: &[&str]) -> bool {
    let length = |text: &str| text.chars().count();
    let width = lines.iter().map(|line| length(line)).max().unwrap_or(0);
    let pairs = || lines.iter().zip(lines.iter().skip(1));
    let is_full = |(line, next): (&&str, &&str)| {
        let word = next.split_whitespace().next().unwrap_or_default();
        length(line) + 1 + length(word) > width
    };
    let goes_on = |(line, next): (&&str, &&str)| {
        length(line) >= width / 2 && !line.ends_with(SENTENCE_ENDS) && next.starts_with(char::is_lowercase)
    };
    let is_no_end = |pair| is_full(pair) || goes_on(pair);
    WIDTHS.contains(&width) && pairs().all(is_no_end) && pairs().any(|(line, _)| !line.ends_with(ENDS))
}

/// A line, in which addresses as they stand are links.
fn push_line(out: &mut String, line: &str) {
    let (mut at, mut written) = (0, 0);
    while let Some(found) = line[at..].find(['h', 'H']) {
        let start = at + found;
        let before = line[..start].chars().next_back();
        let end = line.len().min(start + LONGEST);
        let end = (start..=end).rev().find(|end| line.is_char_boundary(*end)).unwrap_or(start);
        let is_whole = |length: &usize| start + length < end || end == line.len();
        match marks::address(&line[start..end], before).filter(|(_, length)| is_whole(length)) {
            Some((link, length)) => {
                push_escaped(out, &line[written..start]);
                out.push_str(&link);
                at = start + length;
                written = at;
            }
            None => at = start + 1,
        }
    }
    push_escaped(out, &line[written..]);
}

#[cfg(test)]
mod tests {
    use super::paragraphs;

    #[test]
    fn lines_stay_where_their_author_ended_them() {
        let wrapped = "A text that a program for mail has cut at the end of each of its\nlines, because no further word had any \
                       room there, goes on from\none to the next.";
        for (text, html) in [
            ("a\r\n\r\n\r\nb & c", "<p>a</p>\n<p>b &amp; c</p>\n"),
            (
                "00:00 Hyrje\n 01:30 Pyetja\n12:00 Mbyllje\n",
                "<p>00:00 Hyrje<br>\n01:30 Pyetja<br>\n12:00 Mbyllje</p>\n",
            ),
            (wrapped, &*format!("<p>{wrapped}</p>\n")),
            (
                "In this issue we visit the press that printed it,\nin a town by the sea where type is\nstill cast by hand, and ask why.",
                "<p>In this issue we visit the press that printed it,\nin a town by the sea where type is\nstill cast by hand, and ask why.</p>\n",
            ),
            (
                "A line of verse that is quite long, as such lines are,\nAnd one that begins anew",
                "<p>A line of verse that is quite long, as such lines are,<br>\nAnd one that begins anew</p>\n",
            ),
            ("roses are red\nviolets are blue", "<p>roses are red<br>\nviolets are blue</p>\n"),
            (
                "See https://a.example/?b&c. Http is (https://d.example/e)",
                "<p>See <a href=\"https://a.example/?b&amp;c\">https://a.example/?b&amp;c</a>. Http is \
                 (<a href=\"https://d.example/e\">https://d.example/e</a>)</p>\n",
            ),
            ("\n \n", ""),
        ] {
            assert_eq!(paragraphs(text).as_str(), html, "{text}");
        }
    }
}

//! HTML as `7bit` (RFC 2045 2.7): as it is, shorter than in quoted-printable by all that this says of equals signs and ends
//! of lines. The few letters beyond ASCII are character references, and lines are broken where a page reads the same.
//!
//! As in quoted-printable no line begins with a dot or with "From ", and no two blanks stand beside each other, so that neither
//! transport nor DKIM's relaxed form changes anything. `=_`, which stands in every boundary, stands in nothing that is encoded.

#[cfg(test)]
mod tests;

use crate::model::{Markup, attributes, markup, sheets, shows_blanks, tag_name};

/// Lines are broken that grow longer than this.
const WIDTH: usize = 300;
/// The longest line, without its end: 998 are allowed (RFC 5322 2.1.1), and old servers break lines of 990.
const LONGEST: usize = 980;
/// The longest line with an open place.
const LONGEST_WITH_PLACE: usize = 400;
/// The most that may stand in open places, all in all, in bytes as it is encoded.
pub(super) const MOST_WORDS: usize = LONGEST - LONGEST_WITH_PLACE;
/// A page may grow by one part in so many: references are still there when it is decoded, and mail programs cut long pages off.
const GROWS_BY: usize = 80;

/// Encodes a page, whose lines end with line feeds. None where that would change it or make it longer for those who read it,
/// or where a line cannot be broken. `marks` are those of its open places.
pub(super) fn page(html: &str, marks: &[String]) -> Option<String> {
    encoded(html, marks).filter(|page| page.len() <= html.len() + html.len() / GROWS_BY)
}

fn encoded(html: &str, marks: &[String]) -> Option<String> {
    let mut writer = Writer { keeps_blanks: asks_for_blanks(html)?, ..Writer::default() };
    for part in markup(html) {
        match part {
            Markup::Text(text) => writer.text(text)?,
            Markup::Tag(tag) => writer.tag(tag)?,
            Markup::Comment(comment) => writer.comment(comment)?,
        }
    }
    let page = writer.out;
    (!page.ends_with(' ') && page.split('\n').all(|line| line.len() <= longest(line, marks))).then_some(page)
}

fn longest(line: &str, marks: &[String]) -> usize {
    if marks.iter().any(|mark| line.contains(mark.as_str())) { LONGEST_WITH_PLACE } else { LONGEST }
}

/// Encodes what stands in an open place. None where there is what cannot be written.
pub(super) fn words(words: &str) -> Option<String> {
    let mut writer = Writer { keeps_blanks: true, ..Writer::default() };
    writer.shown(words, true)?;
    Some(beside(&writer.out, true, true))
}

/// A piece of a page as it may stand after and before open places, whatever is put there.
pub(super) fn beside(piece: &str, after: bool, before: bool) -> String {
    let begin = piece.chars().next().filter(|c| after && (*c == ' ' || may_not_begin(piece)));
    let rest = &piece[begin.map_or(0, char::len_utf8)..];
    let end = rest.chars().last().filter(|c| before && matches!(c, ' ' | '='));
    let rest = &rest[..rest.len() - end.map_or(0, char::len_utf8)];
    let [begin, end] = [begin, end].map(|c| c.map(reference).unwrap_or_default());
    begin + rest + &end
}

/// Stands in every boundary of ours.
const IN_BOUNDARIES: &str = "=_";

fn reference(c: char) -> String {
    format!("&#{};", c as u32)
}

/// Whether what follows may not begin a line: a dot means something to servers, and before "From " programs that keep mail in
/// one file put a sign.
fn may_not_begin(rest: &str) -> bool {
    rest.starts_with('.') || rest.starts_with("From ")
}

/// Whether a style sheet of a page says of some blanks that they are shown. None where it may say so in other words.
fn asks_for_blanks(html: &str) -> Option<bool> {
    let sheets: Vec<String> = sheets(html).collect();
    let is_plain = sheets.iter().all(|sheet| !sheet.contains('\\'));
    is_plain.then(|| sheets.iter().any(|sheet| sheet.contains("white-space")))
}

#[derive(Default)]
struct Writer<'a> {
    out: String,
    /// Where the line begins.
    line: usize,
    /// A blank in it that may become its end.
    chance: Option<usize>,
    /// An element whose blanks are shown, and how many of its name are open.
    kept_within: Option<(&'a str, usize)>,
    /// Whether blanks may be shown anywhere.
    keeps_blanks: bool,
    /// Whether a style sheet is open.
    in_sheet: bool,
}

impl<'a> Writer<'a> {
    fn text(&mut self, text: &str) -> Option<()> {
        if self.in_sheet {
            self.sheet(text)
        } else if text.contains('<') {
            // What is no tag, and no text either.
            None
        } else {
            self.shown(text, self.keeps_blanks || self.kept_within.is_some())
        }
    }

    fn tag(&mut self, tag: &'a str) -> Option<()> {
        if self.in_sheet && !tag.starts_with("</style") {
            return None;
        }
        for (at, part) in tag.split('"').enumerate() {
            if at > 0 {
                self.out.push('"');
            }
            if at % 2 == 1 { self.shown(part, true)? } else { self.loose(part, true)? }
        }
        self.enter(tag)
    }

    /// Knows where a tag leads.
    fn enter(&mut self, tag: &'a str) -> Option<()> {
        let (ends, name) = match tag.strip_prefix("</") {
            Some(end) => (true, end.trim_end_matches('>').trim_end()),
            None => (false, tag_name(tag)),
        };
        match name {
            "style" => self.in_sheet = !ends,
            // What stands within is no text.
            "script" | "xmp" | "plaintext" | "iframe" | "noembed" | "noframes" => return None,
            _ => {}
        }
        match &mut self.kept_within {
            Some((within, open)) if *within == name => {
                *open = if ends { *open - 1 } else { *open + 1 };
                if *open == 0 {
                    self.kept_within = None;
                }
            }
            None if !ends && shows_blanks(name, &style_of(tag)) => self.kept_within = Some((name, 1)),
            _ => {}
        }
        Some(())
    }

    /// A comment, which Outlook may read as a page.
    fn comment(&mut self, comment: &str) -> Option<()> {
        if self.in_sheet { None } else { self.loose(comment, false) }
    }

    fn sheet(&mut self, sheet: &str) -> Option<()> {
        let has_strings = sheet.contains(['"', '\'']);
        if has_strings && (sheet.contains("  ") || sheet.contains('\t')) {
            return None;
        }
        self.loose(sheet, !has_strings)
    }

    /// What is shown, or stands in an attribute: with all its blanks, or where they are as good as one.
    fn shown(&mut self, text: &str, keeps_blanks: bool) -> Option<()> {
        let mut last = ' ';
        for (at, c) in text.char_indices() {
            let begins = self.out.len() == self.line;
            let rest = &text[at + c.len_utf8()..];
            match c {
                '\n' => self.end_line(keeps_blanks)?,
                '\t' if keeps_blanks => return None,
                ' ' | '\t' if !self.out.ends_with(' ') => {
                    // Some browsers show no blank for an end of a line between wide letters, or beside a space without a width.
                    let is_between = last.is_ascii_graphic() && rest.starts_with(|c: char| c.is_ascii_graphic());
                    self.blank(is_between && !keeps_blanks, rest);
                }
                ' ' | '\t' if keeps_blanks => return None,
                ' ' | '\t' => {}
                _ if c.is_control() => return None,
                _ if begins && may_not_begin(&text[at..]) => self.refer(c),
                '=' if text[at..].starts_with(IN_BOUNDARIES) => self.refer(c),
                '!'..='~' => self.out.push(c),
                _ => self.refer(c),
            }
            self.fold();
            last = c;
        }
        Some(())
    }

    /// What stands between attributes, in a comment or in a style sheet, where one blank is as good as many.
    fn loose(&mut self, text: &str, may_break: bool) -> Option<()> {
        if !text.is_ascii() || text.contains(IN_BOUNDARIES) {
            return None;
        }
        for (at, c) in text.char_indices() {
            let begins = self.out.len() == self.line;
            match c {
                '\n' => self.end_line(false)?,
                ' ' | '\t' if begins || self.out.ends_with(' ') => {}
                ' ' | '\t' => self.blank(may_break, text[at..].trim_start_matches([' ', '\t'])),
                _ if c.is_control() => return None,
                _ => {
                    if begins && may_not_begin(&text[at..]) {
                        self.out.push(' ');
                    }
                    self.out.push(c);
                }
            }
            self.fold();
        }
        Some(())
    }

    fn blank(&mut self, may_break: bool, rest: &str) {
        if may_break && self.out.len() > self.line && !may_not_begin(rest) {
            self.chance = Some(self.out.len());
        }
        self.out.push(' ');
    }

    fn refer(&mut self, c: char) {
        self.out.push_str(&reference(c));
    }

    /// Ends a line. None where a blank at its end is shown.
    fn end_line(&mut self, keeps_blanks: bool) -> Option<()> {
        if self.out.ends_with(' ') {
            if keeps_blanks {
                return None;
            }
            self.out.pop();
        }
        self.out.push('\n');
        self.line = self.out.len();
        self.chance = None;
        Some(())
    }

    fn fold(&mut self) {
        if self.out.len() - self.line > WIDTH
            && let Some(at) = self.chance.take()
        {
            self.out.replace_range(at..=at, "\n");
            self.line = at + 1;
        }
    }
}

/// The style of an element, in small letters.
fn style_of(tag: &str) -> String {
    let style = attributes(tag).find(|attribute| attribute.name == "style");
    style.map(|style| style.value.to_ascii_lowercase()).unwrap_or_default()
}

//! What a mail can do without: room in it is short, and every reader is sent each byte.

mod asked;
#[cfg(test)]
mod tests;

use crate::model::{Attribute, Markup, attributes, markup, sheets, shows_blanks, tag_name};
use asked::Asked;

/// A page whose styles are inlined, without what nobody asks for and says nothing new: classes and ids that neither a style
/// sheet which is still in it names (those are for media queries, and for Outlook in comments) nor a link, languages and
/// directions that hold around an element in any case, times for machines, and blanks at the beginning of lines. What Gmail and Word know by a
/// class stays, and so does all that is in comments. Everything stays where a sheet writes a name with an escape.
pub(super) fn lean(html: &str) -> String {
    let sheets: Vec<String> = sheets(html).collect();
    if sheets.iter().any(|sheet| sheet.contains('\\')) {
        return html.to_owned();
    }
    let mut writer =
        Writer { asked: Asked::of(html, &sheets), open: Vec::new(), out: String::with_capacity(html.len()) };
    for part in markup(html) {
        writer.push(part);
    }
    writer.out
}

/// What is said of the direction of an element.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Said {
    #[default]
    Nothing,
    /// It runs from left to right, as all does that is around it.
    Ltr,
    /// Anything else.
    Else,
}

/// What holds within an element.
#[derive(Clone, Copy, Default)]
struct Open<'a> {
    name: &'a str,
    language: Option<&'a str>,
    direction: Said,
    /// Whether its blanks are shown.
    has_blanks: bool,
}

struct Writer<'a> {
    asked: Asked<'a>,
    open: Vec<Open<'a>>,
    out: String,
}

impl<'a> Writer<'a> {
    fn push(&mut self, part: Markup<'a>) {
        match part {
            Markup::Text(text) => self.text(text),
            Markup::Comment(comment) => self.out.push_str(comment),
            Markup::Tag(tag) => match tag.strip_prefix("</") {
                Some(end) => {
                    self.close(end.trim_end_matches('>').trim_end());
                    self.out.push_str(tag);
                }
                None => self.start(tag),
            },
        }
    }

    fn text(&mut self, text: &str) {
        if self.asked.blanks || self.open.last().is_some_and(|open| open.has_blanks) {
            self.out.push_str(text);
            return;
        }
        let mut lines = text.split('\n');
        self.out.push_str(lines.next().unwrap_or_default());
        for line in lines {
            self.out.push('\n');
            self.out.push_str(line.trim_start_matches([' ', '\t']));
        }
    }

    fn close(&mut self, name: &str) {
        // One that was never opened closes nothing.
        if let Some(at) = self.open.iter().rposition(|open| open.name == name) {
            self.open.truncate(at);
        }
    }

    fn start(&mut self, tag: &'a str) {
        let (around, name) = (self.open.last().copied().unwrap_or_default(), tag_name(tag));
        let mut open = Open { name, ..around };
        let style = attributes(tag).find(|attribute| attribute.name == "style");
        let style = style.map(|style| style.value.to_ascii_lowercase().replace(' ', "")).unwrap_or_default();
        open.has_blanks |= shows_blanks(name, &style);
        let is_block = BLOCKS.contains(&name) && !style.contains("display:inline");
        let is_ltr = style.split(';').any(|said| said == "direction:ltr");
        let turns = matches!(name, "bdi" | "bdo") || (style.contains("direction") && !is_ltr);
        if turns {
            open.direction = Said::Else;
        } else if is_ltr && around.direction == Said::Nothing {
            open.direction = Said::Ltr;
        }
        let mut done = 0;
        for Attribute { at, name: attribute, value } in attributes(tag) {
            let kept = match attribute {
                "class" => self.classes(value),
                "id" => self.asked.has_id(value).then(|| value.to_owned()),
                "lang" => {
                    open.language = Some(value);
                    let is_known = around.language == Some(value) && !self.asked.languages;
                    (!is_known).then(|| value.to_owned())
                }
                "dir" => {
                    let is_ltr = value == "ltr" && around.direction != Said::Else && !turns;
                    open.direction = if is_ltr { Said::Ltr } else { Said::Else };
                    // Within a line it also sets apart what it stands at; and Word wants to be told what runs from the right.
                    let holds = open.direction == Said::Ltr && around.direction == Said::Ltr;
                    let is_known = holds && is_block && !self.asked.directions;
                    (!is_known).then(|| value.to_owned())
                }
                "datetime" if name == "time" && !self.asked.times => None,
                _ => continue,
            };
            self.out.push_str(tag.get(done..at.start).unwrap_or_default());
            if let Some(kept) = kept {
                self.out.extend([" ", attribute, "=\"", &kept, "\""]);
            }
            done = at.end;
        }
        self.out.push_str(tag.get(done..).unwrap_or_default());
        // Some mail programs take the outermost away, and what they say with them.
        if !matches!(name, "html" | "head" | "body") && !VOID.contains(&name) && !tag.ends_with("/>") {
            self.open.push(open);
        }
    }

    fn classes(&self, classes: &str) -> Option<String> {
        let kept = classes.split_ascii_whitespace().filter(|class| self.asked.has_class(class));
        Some(kept.collect::<Vec<_>>().join(" ")).filter(|kept| !kept.is_empty())
    }
}

/// Elements without content (HTML 13.1.2, and such as there once were).
const VOID: [&str; 19] = [
    "!DOCTYPE", "area", "base", "basefont", "bgsound", "br", "col", "embed", "frame", "hr", "img", "input", "keygen",
    "link", "meta", "param", "source", "track", "wbr",
];
/// Elements that begin a line of their own, so that what they hold is set apart in any case.
const BLOCKS: [&str; 29] = [
    "article",
    "aside",
    "blockquote",
    "dd",
    "div",
    "dl",
    "dt",
    "figcaption",
    "figure",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "li",
    "main",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "table",
    "td",
    "th",
    "tr",
    "ul",
];

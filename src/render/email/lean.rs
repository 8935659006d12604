//! What a mail can do without: room in it is short, and every reader is sent each byte.

use std::borrow::Cow;
use std::collections::HashSet;

use percent_encoding::percent_decode_str;

use crate::model::{escaped, next_tag};

/// A page whose styles are inlined, without what nobody asks for and says nothing new: classes and ids that neither a style
/// sheet which is still in it names (those are for media queries, and for Outlook in comments) nor a link, languages and
/// directions that hold around an element in any case, and blanks at the beginning of lines. What Gmail and Word know by a
/// class stays, and so does all that is in comments. Everything stays where a sheet writes a name with an escape.
pub(super) fn lean(html: &str) -> String {
    let sheets: Vec<String> = sheets(html).collect();
    if sheets.iter().any(|sheet| sheet.contains('\\')) {
        return html.to_owned();
    }
    let mut writer =
        Writer { asked: Asked::of(html, &sheets), open: Vec::new(), out: String::with_capacity(html.len()) };
    for piece in pieces(html) {
        writer.push(piece);
    }
    writer.out
}

/// A piece of a page.
#[derive(Clone, Copy)]
enum Piece<'a> {
    Text(&'a str),
    /// With its brackets.
    Tag(&'a str),
    /// With its signs; one that nothing ends is the rest of the page.
    Comment(&'a str),
}

/// Cuts a page into pieces. What looks like a comment within an attribute is none.
fn pieces(html: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = html;
    std::iter::from_fn(move || {
        let start = rest.find('<').unwrap_or(rest.len());
        let (piece, length) = if start > 0 {
            (Piece::Text(&rest[..start]), start)
        } else if rest.starts_with("<!--") {
            let length = rest.find("-->").map_or(rest.len(), |at| at + "-->".len());
            (Piece::Comment(&rest[..length]), length)
        } else if let Some((_, tag, _)) = next_tag(rest) {
            (Piece::Tag(tag), tag.len())
        } else {
            (Piece::Text(rest), rest.len())
        };
        rest = &rest[length..];
        (length > 0).then_some(piece)
    })
}

/// What is asked for of attributes.
struct Asked<'a> {
    /// The classes that sheets name; none where they look into the attribute itself: `[class^="x"]`.
    classes: Option<HashSet<&'a str>>,
    /// The same of ids, and those that something leads to.
    ids: Option<HashSet<Cow<'a, str>>>,
    /// Whether a sheet asks for languages, for directions, and for blanks.
    languages: bool,
    directions: bool,
    blanks: bool,
}

impl<'a> Asked<'a> {
    fn of(html: &'a str, sheets: &'a [String]) -> Self {
        let any = |test: &dyn Fn(&str) -> bool| sheets.iter().any(|sheet| test(sheet));
        let named = |before: char| sheets.iter().flat_map(move |sheet| names(sheet, before));
        let asks = |word: &'static str| any(&|sheet| asks_for(sheet, word));
        Self {
            classes: (!asks("class")).then(|| named('.').collect()),
            ids: (!asks("id")).then(|| named('#').map(Cow::Borrowed).chain(led_to(html)).collect()),
            languages: asks("lang") || any(&|sheet| sheet.contains(":lang")),
            directions: asks("dir") || any(&|sheet| sheet.contains(":dir") || sheet.contains("direction")),
            blanks: any(&|sheet| sheet.contains("white-space")),
        }
    }

    fn has_class(&self, class: &str) -> bool {
        let class = class.to_ascii_lowercase();
        let is_named = self.classes.as_ref().is_none_or(|named| named.contains(&*class));
        is_named || class.starts_with("gmail_") || class.starts_with("mso")
    }

    fn has_id(&self, id: &str) -> bool {
        let is_named = |named: &HashSet<Cow<'_, str>>| named.contains(id) || named.contains(&*id.to_ascii_lowercase());
        self.ids.as_ref().is_none_or(is_named)
    }
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
    fn push(&mut self, piece: Piece<'a>) {
        match piece {
            Piece::Text(text) => self.text(text),
            Piece::Comment(comment) => self.out.push_str(comment),
            Piece::Tag(tag) => match tag.strip_prefix("</") {
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
        let (around, name) = (self.open.last().copied().unwrap_or_default(), name(tag));
        let mut open = Open { name, ..around };
        let style = attributes(tag).find(|attribute| attribute.name == "style");
        let style = style.map(|style| style.value.to_ascii_lowercase().replace(' ', "")).unwrap_or_default();
        open.has_blanks |= matches!(name, "pre" | "textarea" | "listing" | "xmp") || style.contains("white-space");
        let is_block = BLOCKS.contains(&name) && !style.contains("display:inline");
        let turns = matches!(name, "bdi" | "bdo") || style.contains("direction");
        if turns {
            open.direction = Said::Else;
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

fn name(tag: &str) -> &str {
    tag.get(1..).unwrap_or_default().split([' ', '\n', '\t', '>', '/']).next().unwrap_or_default()
}

/// An attribute of a tag.
struct Attribute<'a> {
    /// Where it stands, with the blank before it.
    at: std::ops::Range<usize>,
    name: &'a str,
    value: &'a str,
}

/// The attributes of a tag that have a value, as whoever inlines styles writes them: each between double quotes, which it holds
/// none of.
fn attributes(tag: &str) -> impl Iterator<Item = Attribute<'_>> {
    let mut at = 0;
    // Names stand before every other quote, and values behind.
    let mut parts = tag.split('"');
    std::iter::from_fn(move || {
        let before = parts.next()?;
        let value = parts.next()?;
        let from = at;
        at += before.len() + value.len() + 2;
        let name = before.strip_suffix('=')?.rsplit(' ').next()?;
        let start = (from + before.len()).checked_sub(name.len() + 2)?;
        Some(Attribute { at: start..at, name, value })
    })
}

/// The ids that something in the page leads to or is labelled by.
fn led_to(html: &str) -> HashSet<Cow<'_, str>> {
    let mut found = HashSet::new();
    for piece in pieces(html) {
        match piece {
            Piece::Text(_) => {}
            Piece::Tag(tag) => attributes(tag).for_each(|attribute| note_ids(&mut found, &attribute)),
            // Another program reads it, and how nobody knows.
            Piece::Comment(comment) => {
                found.extend(fragments(comment));
                let mut rest = comment.get("<!--".len()..).unwrap_or_default();
                while let Some((_, tag, after)) = next_tag(rest) {
                    attributes(tag).for_each(|attribute| note_ids(&mut found, &attribute));
                    rest = after;
                }
            }
        }
    }
    found
}

fn note_ids<'a>(found: &mut HashSet<Cow<'a, str>>, &Attribute { name, value, .. }: &Attribute<'a>) {
    if matches!(name, "for" | "form" | "headers" | "itemref" | "list") || name.starts_with("aria-") {
        found.extend(value.split_ascii_whitespace().map(Cow::Borrowed));
    }
    // A fragment is looked for as it stands, and then decoded (HTML 7.4.6.4).
    if let Some(fragment) = value.trim().strip_prefix('#') {
        found.insert(Cow::Borrowed(fragment));
        let decoded = percent_decode_str(fragment).decode_utf8_lossy();
        found.insert(Cow::Owned(escaped(&decoded)));
        found.insert(decoded);
    }
    // In the colours of drawings.
    if value.contains("url(") {
        found.extend(fragments(value));
    }
}

/// What follows a hash, as far as an id may go.
fn fragments(text: &str) -> impl Iterator<Item = Cow<'_, str>> {
    let ends = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '(' | ')' | '<' | '>' | ';');
    text.split('#').skip(1).filter_map(move |from| from.split(ends).next()).map(Cow::Borrowed)
}

/// The style sheets of a page, in small letters, those in comments among them.
fn sheets(html: &str) -> impl Iterator<Item = String> {
    let html = html.to_ascii_lowercase();
    let sheets: Vec<String> =
        html.split("<style").skip(1).map(|from| from.split("</style").next().unwrap_or(from).to_owned()).collect();
    sheets.into_iter()
}

/// Whether a selector looks into the attribute itself.
fn asks_for(sheet: &str, attribute: &str) -> bool {
    sheet.split('[').skip(1).any(|from| from.split(']').next().is_some_and(|within| within.contains(attribute)))
}

/// The names that follow a dot or a hash: each class or id of a selector, and here and there a word that is none.
fn names(sheet: &str, before: char) -> impl Iterator<Item = &str> {
    let is_part = |c: char| c.is_alphanumeric() || c == '-' || c == '_' || !c.is_ascii();
    sheet.split(before).skip(1).map(move |from| from.split(|c| !is_part(c)).next().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::lean;

    #[test]
    fn a_class_that_no_sheet_names_goes() {
        let sheet = "<style>@media screen { .Kept, .mid-night>a { margin: .5em } }</style>\
                     <!--[if lte mso 11]><STYLE type=\"text/css\">.mj-outlook { width:100% }</STYLE><![endif]-->";
        for (html, expected) in [
            ("<p class=\"Kept\">a</p>", "<p class=\"Kept\">a</p>"),
            ("<p class=\"gone Kept  mid-night\" dir=\"rtl\">a</p>", "<p class=\"Kept mid-night\" dir=\"rtl\">a</p>"),
            ("<p title=\"a\" class=\"gone\" dir=\"rtl\">a</p>", "<p title=\"a\" dir=\"rtl\">a</p>"),
            ("<div class=\"mj-outlook kept-not\">a</div>", "<div class=\"mj-outlook\">a</div>"),
            ("<div class=\"gmail_quote mid\">a</div>", "<div class=\"gmail_quote\">a</div>"),
            ("<p class=\"MsoNormal mid\">a</p>", "<p class=\"MsoNormal\">a</p>"),
            ("<p title=\"a > b\" class=\"gone\">a</p>", "<p title=\"a > b\">a</p>"),
            ("<p hidden class=\"gone\">a</p>", "<p hidden>a</p>"),
            // What a reader is shown is no tag, and no attribute.
            ("<code>&lt;p class=\"gone\"&gt;</code>", "<code>&lt;p class=\"gone\"&gt;</code>"),
            ("<img alt=\"write class=\" width=\"9\">", "<img alt=\"write class=\" width=\"9\">"),
            ("<img alt=\"a class=\" class=\"gone\" width=\"9\">", "<img alt=\"a class=\" width=\"9\">"),
            ("<img data-class=\"gone\" alt=\" class=x\">", "<img data-class=\"gone\" alt=\" class=x\">"),
            // Outlook is given what was written for it.
            (
                "<!--[if mso | IE]><td class=\"a\"><![endif]-->5\" <",
                "<!--[if mso | IE]><td class=\"a\"><![endif]-->5\" <",
            ),
            ("<!-- 5\" nails --><p class=\"gone\">a</p>", "<!-- 5\" nails --><p>a</p>"),
        ] {
            assert_eq!(lean(&format!("{sheet}{html}")), format!("{sheet}{expected}"));
        }
    }

    #[test]
    fn all_stay_where_what_a_sheet_names_is_not_clear() {
        for selector in ["[class^=\"go\"]", "[ CLASS~=go ]", "[*|class]", ".sm\\:hidden", ".\\31 00"] {
            let html = format!("<style>@media print {{ {selector} {{ top: 0 }} }}</style><p class=\"gone\">a</p>");
            assert_eq!(lean(&html), html);
        }
    }

    #[test]
    fn without_a_sheet_there_is_no_use_for_any() {
        assert_eq!(lean("<p class=\"gone\">a</p>"), "<p>a</p>");
    }

    #[test]
    fn an_id_that_nothing_leads_to_goes() {
        for (html, expected) in [
            ("<p id=\"a\">a</p><a href=\"#a\">b</a>", "<p id=\"a\">a</p><a href=\"#a\">b</a>"),
            (
                "<p id=\"a\">a</p><a href=\"https://x.example/#a\">b</a>",
                "<p>a</p><a href=\"https://x.example/#a\">b</a>",
            ),
            ("<h2 id=\"a\">a</h2><nav aria-labelledby=\"b a\">", "<h2 id=\"a\">a</h2><nav aria-labelledby=\"b a\">"),
            ("<th id=\"a\">a</th><td headers=\"a\">", "<th id=\"a\">a</th><td headers=\"a\">"),
            (
                "<p id=\"\u{622}\">a</p><a href=\"#%D8%A2\">b</a><!--[if mso]><a href=\"#c\"><![endif]--><i id=\"c\">",
                "<p id=\"\u{622}\">a</p><a href=\"#%D8%A2\">b</a><!--[if mso]><a href=\"#c\"><![endif]--><i id=\"c\">",
            ),
            (
                "<!-- set 5\" above --><b id=\"a\">a</b><a href=\"#a\">b</a><!--[if mso]><a href='#c'><![endif]--><i id=\"c\">",
                "<!-- set 5\" above --><b id=\"a\">a</b><a href=\"#a\">b</a><!--[if mso]><a href='#c'><![endif]--><i id=\"c\">",
            ),
            ("<p id=\"a%20b\"></p><a href=\" #a%20b \">", "<p id=\"a%20b\"></p><a href=\" #a%20b \">"),
            ("<p id=\"a&amp;b\"></p><a href=\"#a%26b\">", "<p id=\"a&amp;b\"></p><a href=\"#a%26b\">"),
            ("<g id=\"a.b\"></g><b fill=\"url(#a.b)\">", "<g id=\"a.b\"></g><b fill=\"url(#a.b)\">"),
            ("<p id=\"a&quot;b\"></p><a href=\"#a%22b\">", "<p id=\"a&quot;b\"></p><a href=\"#a%22b\">"),
            ("<g id=\"a\"></g><use xlink:href=\"#a\">", "<g id=\"a\"></g><use xlink:href=\"#a\">"),
            ("<style>#Hall b{top:0}</style><p id=\"Hall\">", "<style>#Hall b{top:0}</style><p id=\"Hall\">"),
            ("<style>[id]{top:0}</style><p id=\"a\">", "<style>[id]{top:0}</style><p id=\"a\">"),
        ] {
            assert_eq!(lean(html), expected);
        }
    }

    #[test]
    fn a_language_and_a_direction_are_said_once() {
        let page = |within: &str| {
            format!("<html lang=\"en\" dir=\"ltr\"><body><div lang=\"en\" dir=\"ltr\">{within}</div></body></html>")
        };
        for (html, expected) in [
            ("<p lang=\"en\" dir=\"ltr\">a</p>", "<p>a</p>"),
            // A part of a line is also set apart by its direction.
            ("<span lang=\"en\" dir=\"ltr\">a</span>", "<span dir=\"ltr\">a</span>"),
            (
                "<p lang=\"fa\" dir=\"rtl\">a<br><i lang=\"fa\">b</i></p>",
                "<p lang=\"fa\" dir=\"rtl\">a<br><i>b</i></p>",
            ),
            ("<p dir=\"rtl\"></p><p dir=\"ltr\"></p>", "<p dir=\"rtl\"></p><p></p>"),
            (
                "<div dir=\"rtl\"><p dir=\"rtl\"><b dir=\"ltr\"><p dir=\"ltr\">a",
                "<div dir=\"rtl\"><p dir=\"rtl\"><b dir=\"ltr\"><p dir=\"ltr\">a",
            ),
            ("<div dir=\"auto\"><p dir=\"ltr\">", "<div dir=\"auto\"><p dir=\"ltr\">"),
            ("<p lang=\"fa\"><i></p><p lang=\"en\">", "<p lang=\"fa\"><i></p><p>"),
            // What looks like a comment opens an element, and the end of it closes none around it.
            (
                "<div lang=\"fa\" dir=\"rtl\"><div title=\"<!-- x -->\">a</div><p lang=\"en\" dir=\"ltr\">b</p></div>",
                "<div lang=\"fa\" dir=\"rtl\"><div title=\"<!-- x -->\">a</div><p lang=\"en\" dir=\"ltr\">b</p></div>",
            ),
            ("<object><param lang=\"fa\"><p lang=\"fa\">", "<object><param lang=\"fa\"><p lang=\"fa\">"),
            ("<bdi><p dir=\"ltr\">", "<bdi><p dir=\"ltr\">"),
            ("<p style=\"display: inline\" dir=\"ltr\">", "<p style=\"display: inline\" dir=\"ltr\">"),
            (
                "<p dir=\"ltr\" style=\"direction:rtl\"><p dir=\"ltr\">",
                "<p dir=\"ltr\" style=\"direction:rtl\"><p dir=\"ltr\">",
            ),
        ] {
            assert_eq!(lean(&page(html)), page(expected));
        }
        for sheet in ["[dir=rtl] p{top:0}", "p:dir(rtl){top:0}", "@media print{p{direction:rtl}}"] {
            let html = page(&format!("<style>{sheet}</style><p dir=\"ltr\">a</p>"));
            assert_eq!(lean(&html), html);
        }
        for sheet in ["[lang|=fa] p{top:0}", ":lang(fa){top:0}"] {
            let html = page(&format!("<style>{sheet}</style><p lang=\"en\">a</p>"));
            assert_eq!(lean(&html), html);
        }
    }

    #[test]
    fn lines_begin_without_blanks_where_these_are_not_shown() {
        assert_eq!(lean("<p>a\n   b <i>\n\t c</i></p>\n  <p>"), "<p>a\nb <i>\nc</i></p>\n<p>");
        for shown in [
            "<pre>a\n  <b>b\n  c</b></pre>",
            "<p style=\"WHITE-SPACE:pre-wrap\">a\n  b</p>",
            "<style>@media print{.v{white-space:pre}}</style><p class=\"v\">a\n  b</p>",
        ] {
            assert_eq!(lean(shown), shown);
        }
    }
}

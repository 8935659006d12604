//! Marks in Markdown that `CommonMark` does not know and people write: addresses as they stand, `==marked==`, `H~2~O`, bold
//! letters beside those of East Asia, and abbreviations (`*[HTML]: HyperText Markup Language`).

use std::borrow::Cow;

use memchr::{memchr, memchr3};
use pulldown_cmark::{CowStr, Event, Tag, TagEnd, TextMergeStream};

use super::sanitise::tag::{Piece, Scanner};
use crate::model::escaped;

/// An abbreviation, and what it is short for.
pub(super) type Abbreviation = (String, String);

/// Nobody defines more.
const MOST: usize = 200;

/// The text without the lines that define abbreviations, and these.
pub(super) fn abbreviations(text: &str) -> (Cow<'_, str>, Vec<Abbreviation>) {
    let mut found = Vec::new();
    if !text.starts_with("*[") && !text.contains("\n*[") {
        return (Cow::Borrowed(text), found);
    }
    let mut out = String::with_capacity(text.len());
    let mut fence: Option<&str> = None;
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim();
        let sign = ["```", "~~~"].into_iter().find(|sign| trimmed.starts_with(sign));
        match (fence, sign) {
            (None, Some(sign)) => fence = Some(sign),
            (Some(open), Some(sign)) if open == sign => fence = None,
            _ => {}
        }
        let definition = line.strip_prefix("*[").and_then(|rest| rest.split_once("]:")).filter(|_| fence.is_none());
        match definition {
            Some((short, long)) if is_short(short) && found.len() < MOST => {
                found.push((short.trim().to_owned(), long.trim().to_owned()));
                out.push('\n');
            }
            _ => out.push_str(line),
        }
    }
    (Cow::Owned(out), found)
}

fn is_short(text: &str) -> bool {
    !text.trim().is_empty() && text.len() <= 60 && !text.contains(['[', ']'])
}

/// The events with what such marks mean; code, links and descriptions of pictures stay as they are.
pub(super) fn read<'a>(
    events: impl Iterator<Item = Event<'a>>,
    abbreviations: &[Abbreviation],
) -> impl Iterator<Item = Event<'a>> {
    let (mut links, mut code, mut pictures) = (0_usize, 0_usize, 0_usize);
    let mut open = Open::default();
    TextMergeStream::new(events).flat_map(move |event| {
        match &event {
            Event::Start(Tag::Link { .. }) => links += 1,
            Event::End(TagEnd::Link) => links = links.saturating_sub(1),
            Event::Start(Tag::CodeBlock(_) | Tag::HtmlBlock) => code += 1,
            Event::End(TagEnd::CodeBlock | TagEnd::HtmlBlock) => code = code.saturating_sub(1),
            Event::Start(Tag::Image { .. }) => pictures += 1,
            Event::End(TagEnd::Image) => pictures = pictures.saturating_sub(1),
            Event::InlineHtml(html) | Event::Html(html) => open.note(html),
            _ => {}
        }
        let pieces = match &event {
            Event::Text(text) if code + pictures + open.code == 0 => {
                pieces(text, links + open.links > 0, abbreviations)
            }
            _ => None,
        };
        // Nearly every event stays itself, for which nothing is allocated.
        let (only, several) = match pieces {
            None => (Some(event), Vec::new()),
            Some(several) => (None, several),
        };
        only.into_iter().chain(several)
    })
}

/// What the author's own HTML has open around a text.
#[derive(Default)]
struct Open {
    links: usize,
    code: usize,
}

/// Elements in which nothing is a mark.
const CODE: [&str; 8] = ["code", "kbd", "math", "pre", "samp", "svg", "textarea", "tt"];

impl Open {
    fn note(&mut self, html: &str) {
        for piece in Scanner::of_foreign(html) {
            let (name, opens) = match piece {
                Piece::Open { name, .. } => (name, true),
                Piece::Close { name } => (name, false),
                Piece::Text(_) | Piece::Stray => continue,
            };
            let depth = if name.eq_ignore_ascii_case("a") {
                &mut self.links
            } else if CODE.iter().any(|code| name.eq_ignore_ascii_case(code)) {
                &mut self.code
            } else {
                continue;
            };
            *depth = if opens { *depth + 1 } else { depth.saturating_sub(1) };
        }
    }
}

/// The pieces of a text, if it holds such a mark.
fn pieces<'a>(text: &str, in_link: bool, abbreviations: &[Abbreviation]) -> Option<Vec<Event<'a>>> {
    let has_sign = memchr3(b':', b'=', b'~', text.as_bytes()).or_else(|| memchr(b'*', text.as_bytes())).is_some();
    let may_hold = has_sign && ["://", "==", "~", "**"].iter().any(|sign| text.contains(sign));
    if !may_hold && abbreviations.is_empty() {
        return None;
    }
    let mut out = Vec::new();
    let (mut at, mut written) = (0, 0);
    while let Some(c) = text[at..].chars().next() {
        let before = text[..at].chars().next_back();
        let rest = &text[at..];
        let found = match c {
            'h' | 'H' if !in_link => address(rest, before),
            '=' => enclosed(rest, "==", before).map(|inside| (element("mark", inside), inside.len() + 4)),
            '~' => lowered(rest, before).map(|inside| (element("sub", inside), inside.len() + 2)),
            '*' => beside_joined(rest, before).map(|inside| (element("strong", inside), inside.len() + 4)),
            _ => None,
        };
        let found = found.or_else(|| abbreviation(rest, before, abbreviations));
        let Some((html, length)) = found else {
            at += c.len_utf8();
            continue;
        };
        if written < at {
            out.push(Event::Text(CowStr::from(text[written..at].to_owned())));
        }
        out.push(Event::InlineHtml(CowStr::from(html)));
        at += length;
        written = at;
    }
    if written == 0 {
        return None;
    }
    if written < text.len() {
        out.push(Event::Text(CowStr::from(text[written..].to_owned())));
    }
    Some(out)
}

fn element(name: &str, inside: &str) -> String {
    format!("<{name}>{}</{name}>", escaped(inside))
}

/// An address as it stands in a text (GFM 6.9), as a link.
pub(super) fn address(rest: &str, before: Option<char>) -> Option<(String, usize)> {
    let scheme = ["https://", "http://"]
        .into_iter()
        .find(|scheme| rest.get(..scheme.len()).is_some_and(|found| found.eq_ignore_ascii_case(scheme)))?;
    if before.is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '=' | '@' | '.' | '\\')) {
        return None;
    }
    let mut address = &rest[..rest.find(ends_address).unwrap_or(rest.len())];
    // Signs that end a sentence, and brackets that began before it.
    let (mut round, mut square) = (surplus(address, '(', ')'), surplus(address, '[', ']'));
    loop {
        let last = address.chars().next_back()?;
        let unpaired = match last {
            ')' => &mut round,
            ']' => &mut square,
            _ => &mut 0,
        };
        if *unpaired <= 0 && !ends_sentence(last) {
            break;
        }
        *unpaired -= 1;
        address = &address[..address.len() - last.len_utf8()];
    }
    let host = address.get(scheme.len()..)?.split(['/', '?', '#']).next()?;
    if !host.contains('.') || host.starts_with('.') || url::Url::parse(address).is_err() {
        return None;
    }
    let shown = escaped(address);
    Some((format!("<a href=\"{shown}\">{shown}</a>"), address.len()))
}

/// Whether no address goes on over such a sign: quotation marks of all kinds, but the apostrophe, and marks of East Asia.
fn ends_address(c: char) -> bool {
    let is_quotation = matches!(c, '"' | '\u{ab}' | '\u{bb}' | '\u{201c}'..='\u{201f}' | '\u{2039}' | '\u{203a}');
    let is_of_east_asia =
        matches!(c, '\u{3001}' | '\u{3002}' | '\u{300c}'..='\u{300f}' | '\u{ff08}' | '\u{ff09}' | '\u{ff0c}');
    c.is_whitespace() || is_quotation || is_of_east_asia || matches!(c, '<' | '>' | '`')
}

/// Whether such a sign behind an address is the sentence's: also the marks of Arabic, Persian, Urdu and the scripts of India,
/// which may stand within an address.
fn ends_sentence(c: char) -> bool {
    let is_ascii = matches!(c, '?' | '!' | '.' | ',' | ':' | ';' | '*' | '_' | '~' | '\'');
    is_ascii
        || matches!(c, '\u{60c}' | '\u{61b}' | '\u{61f}' | '\u{6d4}' | '\u{964}' | '\u{2018}'..='\u{201a}' | '\u{2026}')
}

/// How many more closing brackets than opening ones there are.
fn surplus(text: &str, open: char, close: char) -> isize {
    text.chars().map(|c| isize::from(c == close) - isize::from(c == open)).sum()
}

/// What stands between two signs that touch it, and no letter touches.
fn enclosed<'t>(rest: &'t str, sign: &str, before: Option<char>) -> Option<&'t str> {
    let after = rest.strip_prefix(sign)?;
    let inside = &after[..after.find(sign)?];
    let behind = after[inside.len() + sign.len()..].chars().next();
    let first = sign.chars().next()?;
    let touches = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || c == first);
    let is_tight = !inside.is_empty() && inside.trim() == inside && !inside.starts_with(first);
    (is_tight && !touches(before) && !touches(behind)).then_some(inside)
}

/// A few letters below the line behind another one: `H~2~O`.
fn lowered(rest: &str, before: Option<char>) -> Option<&str> {
    let after = rest.strip_prefix('~').filter(|_| before.is_some_and(char::is_alphanumeric))?;
    let inside = &after[..after.find('~')?];
    let is_short =
        (1..=10).contains(&inside.len()) && inside.chars().all(|c| c.is_alphanumeric() || matches!(c, '+' | '-'));
    (is_short && !after[inside.len() + 1..].starts_with('~')).then_some(inside)
}

/// `**bold**` that `CommonMark` leaves as it stands, because letters touch its signs that are written on to others: those of East
/// Asia, which has no spaces, and those of Arabic script, whose endings and prepositions follow a word at once.
fn beside_joined(rest: &str, before: Option<char>) -> Option<&str> {
    let after = rest.strip_prefix("**")?;
    let inside = &after[..after.find("**")?];
    let behind = after[inside.len() + 2..].chars().next();
    let touched = [before, inside.chars().next(), inside.chars().next_back(), behind];
    let is_tight = !inside.is_empty() && inside.trim() == inside && !inside.contains('*') && behind != Some('*');
    (is_tight && touched.into_iter().flatten().any(is_joined)).then_some(inside)
}

/// Letters of East Asia and of Arabic script, and the joiners between them.
fn is_joined(c: char) -> bool {
    matches!(c, '\u{600}'..='\u{6ff}' | '\u{750}'..='\u{77f}' | '\u{8a0}'..='\u{8ff}' | '\u{200c}' | '\u{200d}' | '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}' | '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ffef}' | '\u{20000}'..='\u{3ffff}')
}

/// A word that was defined.
fn abbreviation(rest: &str, before: Option<char>, all: &[Abbreviation]) -> Option<(String, usize)> {
    if before.is_some_and(char::is_alphanumeric) {
        return None;
    }
    let ends = |short: &str| !rest[short.len()..].starts_with(char::is_alphanumeric);
    let found = all.iter().filter(|(short, _)| rest.starts_with(short.as_str()) && ends(short));
    let (short, long) = found.max_by_key(|(short, _)| short.len())?;
    let html = if long.is_empty() {
        format!("<abbr>{}</abbr>", escaped(short))
    } else {
        format!("<abbr title=\"{}\">{}</abbr>", escaped(long), escaped(short))
    };
    Some((html, short.len()))
}

#[cfg(test)]
mod tests {
    use crate::collect::body::to_html;

    fn html(text: &str) -> String {
        let html = to_html(text, false).html;
        html.trim().trim_start_matches("<p>").trim_end_matches("</p>").to_owned()
    }

    #[test]
    fn addresses_are_links() {
        let link = "<a href=\"https://a.example/b_c?d=1&amp;e\">https://a.example/b_c?d=1&amp;e</a>";
        assert_eq!(
            html("See https://a.example/b_c?d=1&e, and (https://a.example/b_c?d=1&e)."),
            format!("See {link}, and ({link}).")
        );
        let link = "<a href=\"https://a.example/b\">https://a.example/b</a>";
        for (before, after) in [
            ("", "، ثم"),
            ("", "؛"),
            ("", "؟"),
            ("", "۔"),
            ("«", "»"),
            ("“", "”."),
            ("„", "“"),
            ("‹", "›x"),
            ("‘", "’"),
            ("", "…"),
        ] {
            assert_eq!(html(&format!("{before}https://a.example/b{after}")), format!("{before}{link}{after}"));
        }
        let within = html("https://a.example/it’s،b");
        assert!(within.ends_with(">https://a.example/it’s،b</a>"), "{within}");
        for text in ["`https://a.example/`", "xhttps://a.example", "https:// and http://x", "[https://a.example](/b)"] {
            assert_eq!(html(text).matches("<a ").count(), usize::from(text.starts_with('[')), "{text}");
        }
        assert_eq!(html("<a href=\"/x\">https://a.example/</a>").matches("<a ").count(), 1);
        assert_eq!(html("<code>==a==</code>"), "<code>==a==</code>");
        assert_eq!(html("https://a.example/x_(y)").matches("x_(y)</a>").count(), 1);
    }

    #[test]
    fn marks_that_people_write() {
        assert_eq!(html("H~2~O and ==so it is==, ~~not~~"), "H<sub>2</sub>O and <mark>so it is</mark>, <del>not</del>");
        assert_eq!(
            html("a == b and c == d, x==y==z, `==a==`, ~ 5 ~"),
            "a == b and c == d, x==y==z, <code>==a==</code>, ~ 5 ~"
        );
        assert_eq!(html("これは**「重要」**です"), "これは<strong>「重要」</strong>です");
        assert_eq!(html("**توجه:**متن"), "<strong>توجه:</strong>متن");
        assert_eq!(html("**«کتاب»**\u{200c}ها"), "<strong>«کتاب»</strong>\u{200c}ها");
        assert_eq!(html("2 ** 3 ** 4, **Note:**text"), "2 ** 3 ** 4, **Note:**text");
    }

    #[test]
    fn abbreviations_are_explained() {
        let text = "HTML, XHTML and `HTML`.\n\n*[HTML]: HyperText \"Markup\"\n";
        assert_eq!(
            html(text),
            "<abbr title=\"HyperText &quot;Markup&quot;\">HTML</abbr>, XHTML and <code>HTML</code>."
        );
        assert_eq!(html("```\n*[A]: b\n```"), "<pre><code>*[A]: b\n</code></pre>");
    }
}

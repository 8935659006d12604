//! What `email/issue.txt` may name: everything as lines that need no more wrapping.

use std::borrow::Cow;

use serde::Serialize;

use super::detail::Extent;
use super::frame;
use super::plain::{WIDTH, columns, from_the_right, plain, wrap};
use super::shown::shows;
use super::view::Mail;
use crate::model::{Direction, Language, Marks, isolated, turns};
use crate::templates::dates::numerals;
use crate::templates::views::{ArticleView, ContentsPartView, EnclosureView, IssueView};

/// The whole text part.
#[derive(Serialize)]
pub(super) struct TextView {
    lang: String,
    publication: String,
    name: String,
    folio: String,
    title: Option<String>,
    view_in_browser: Option<String>,
    pdf: Option<String>,
    greeting: String,
    intro: Option<String>,
    contents: String,
    contents_rule: String,
    /// How many titles it leaves out, where it leaves out some.
    and_more: Option<String>,
    /// Where the rest is, when the mail does not hold it.
    rest: Option<String>,
    sections: Vec<TextSection>,
    colophon: String,
    why: String,
    unsubscribe: String,
    /// The words that each reader gets in their own language.
    reader_words: [&'static str; 6],
    marks: Marks,
}

#[derive(Serialize)]
struct TextSection {
    heading: String,
    rule: String,
    intro: Option<String>,
    articles: Vec<TextArticle>,
}

#[derive(Serialize)]
struct TextArticle {
    title: String,
    rule: String,
    byline: String,
    text: String,
}

impl TextView {
    pub(super) fn new(view: &IssueView<'_>, mail: &Mail<'_>, extent: Extent) -> Self {
        let head = &view.masthead;
        let published = mail.locale.words("published_on", &[("date", &head.date.text)]);
        let folio = [head.volume.as_deref(), Some(&head.period), Some(&published), head.issn.as_deref()];
        let articles =
            |articles: &[ArticleView<'_>]| articles.iter().map(|article| TextArticle::new(article, mail)).collect();
        let numerals = |digits: &str| mail.locale.dates.numerals(digits);
        let direction = direction(view.dir);
        let section = |heading: &str, intro: Option<&str>, list: &[ArticleView<'_>]| TextSection {
            heading: led(heading, ("", ""), direction),
            rule: rule(heading, '='),
            intro: intro.map(|intro| plain(intro, direction, numerals)),
            articles: articles(list),
        };
        Self {
            lang: view.lang.to_owned(),
            publication: wrap(head.publication, ""),
            name: wrap(&view.name, ""),
            folio: wrap(&folio.into_iter().flatten().collect::<Vec<_>>().join(" \u{b7} "), ""),
            title: head.title.map(|title| led(title, ("", ""), direction)),
            view_in_browser: mail.page.clone(),
            pdf: mail.pdf.clone(),
            and_more: mail.and_more(extent),
            rest: mail.page.clone().filter(|_| extent.is_cut()),
            greeting: mail.marks.greeting(),
            intro: view.intro.as_deref().map(|intro| plain(intro, direction, numerals)),
            contents: view.contents.iter().map(|part| contents(part, direction)).collect::<Vec<_>>().join("\n\n"),
            contents_rule: mail.marks.place(frame::CONTENTS_RULE),
            sections: view
                .sections
                .iter()
                .map(|part| section(&part.title, part.intro.as_deref(), &part.articles))
                .chain((!view.standing.is_empty()).then(|| section("", None, &view.standing)))
                .collect(),
            colophon: colophon(view, mail),
            why: mail.marks.place(frame::WHY),
            unsubscribe: mail.marks.unsubscribe(),
            reader_words: frame::WORDS,
            marks: mail.marks.clone(),
        }
    }
}

impl TextArticle {
    fn new(article: &ArticleView<'_>, mail: &Mail<'_>) -> Self {
        let words = |key: &str| mail.locale.words(key, &[]);
        let direction = direction(article.dir);
        let own = |text: &str| led(text, ("", ""), direction);
        let author = article.byline.as_deref().map(|author| beside(author, direction));
        let byline: Vec<&str> =
            author.as_deref().into_iter().chain(article.date.as_ref().map(|date| date.text.as_str())).collect();
        let mut paragraphs: Vec<String> = Vec::new();
        paragraphs.extend(article.late.then(|| wrap(&words("late_note"), "")));
        paragraphs.extend(article.summary.map(own));
        let caption = article.picture.as_ref().and_then(|picture| picture.caption.as_deref());
        let told = shows(article);
        paragraphs.extend(told.as_deref().into_iter().chain(caption).map(|words| own(&format!("[{words}]"))));
        paragraphs.extend(article.lost_picture.iter().flat_map(|lost| {
            let link = lost.link.as_ref().map(|link| format!("<{link}>"));
            let caption = lost.caption.as_ref().map(|caption| own(&format!("[{caption}]")));
            [Some(own(&format!("[{}]", lost.words))), link, caption].into_iter().flatten()
        }));
        let language = Language::parse(article.lang).filter(|language| language != mail.locale.language);
        let numbers = |digits: &str| match &language {
            Some(language) => numerals(digits, language),
            None => mail.locale.dates.numerals(digits),
        };
        paragraphs.push(plain(&article.body, direction, numbers));
        paragraphs.extend(article.enclosures.iter().map(|file| enclosure(file, direction)));
        if article.more || article.linked {
            paragraphs.push(format!("{}:\n<{}>", words("continue_reading"), article.link));
        }
        if let Some(credit) = &article.credit {
            let url = credit.url.map(|url| format!("\n<{url}>")).unwrap_or_default();
            paragraphs.push(format!("{}{url}", wrap(&format!("{} {}", words("source"), credit.name), "")));
        }
        paragraphs.retain(|paragraph| !paragraph.is_empty());
        Self {
            title: own(article.title),
            rule: rule(article.title, '-'),
            byline: own(&byline.join(" \u{b7} ")),
            text: paragraphs.join("\n\n"),
        }
    }
}

/// Who wrote an article, beside its date. A name in Latin letters must not turn a line of Persian round: the marks keep its
/// direction. One in Persian must not draw the day of an English date to it.
fn beside(author: &str, direction: Direction) -> String {
    match (direction, turns(author, direction)) {
        (Direction::Rtl, _) => format!("\u{200f}{author}\u{200f}"),
        (Direction::Ltr, None) => author.to_owned(),
        (Direction::Ltr, Some(_)) => isolated(author, direction),
    }
}

/// The name of a file, apart from a line in this direction where its letters might turn it (UAX 9, 2.5).
fn apart(name: &str, direction: Direction) -> String {
    if direction == Direction::Ltr && name.is_ascii() { name.to_owned() } else { format!("\u{2068}{name}\u{2069}") }
}

fn direction(dir: &str) -> Direction {
    if dir == Direction::Rtl.as_str() { Direction::Rtl } else { Direction::Ltr }
}

/// Text that runs in this direction, wrapped. The first line and the others begin with these.
fn led(text: &str, (first, rest): (&str, &str), direction: Direction) -> String {
    let wrapped = wrap(&format!("{first}{text}"), rest);
    if direction == Direction::Rtl { from_the_right(&wrapped, first, rest) } else { wrapped }
}

/// "Audio (MP3, 12 MB):" and the address below it.
fn enclosure(file: &EnclosureView<'_>, direction: Direction) -> String {
    let named = || file.name.as_ref().map_or(Cow::Borrowed(file.kind.as_str()), |name| apart(name, direction).into());
    let title = file.title.map_or_else(named, Cow::Borrowed);
    let details = if file.details.is_empty() { String::new() } else { format!(" ({})", file.details) };
    format!("{}\n<{}>", led(&format!("{title}{details}:"), ("", ""), direction), file.url)
}

fn contents(part: &ContentsPartView<'_>, own: Direction) -> String {
    let heading = (!part.title.is_empty()).then(|| led(&part.title, ("", ""), own));
    let entries = part.entries.iter().map(|entry| led(entry.title, ("- ", "  "), direction(entry.dir)));
    heading.into_iter().chain(entries).collect::<Vec<_>>().join("\n")
}

fn colophon(view: &IssueView<'_>, mail: &Mail<'_>) -> String {
    let imprint = &view.colophon;
    let publication = &imprint.publication;
    let mut lines = vec![wrap(&format!("{} {}", mail.locale.words("published_by", &[]), publication.publisher), "")];
    lines.extend(publication.postal_address.map(str::to_owned));
    lines.extend(publication.contact.map(|contact| format!("{} {contact}", mail.locale.words("contact", &[]))));
    lines.extend(imprint.address.clone());
    lines.extend(imprint.corrections.iter().map(|note| wrap(&format!("{} {}", note.heading, note.text), "")));
    lines.extend(publication.rights.map(|rights| wrap(rights, "")));
    lines.join("\n")
}

/// A line under a heading, as long as the heading.
pub(super) fn rule(heading: &str, c: char) -> String {
    c.to_string().repeat(columns(heading).min(WIDTH))
}

/// What stands before a signature, as mail programs know it: with the blank at its end (RFC 3676 4.3).
const SIGNATURE: &str = "-- ";

/// No blanks at the ends of lines but before a signature, never more than two empty lines, one line end at the end.
pub(super) fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut empty = 0;
    for line in text.lines().map(|line| if line == SIGNATURE { line } else { line.trim_end() }) {
        empty = if line.is_empty() { empty + 1 } else { 0 };
        if empty <= 2 && !(line.is_empty() && out.is_empty()) {
            out.push_str(line);
            out.push('\n');
        }
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

#[cfg(test)]
mod tests {
    use super::{apart, direction};

    #[test]
    fn a_name_stands_apart_where_it_may_turn_the_line() {
        for (name, dir, expected) in [
            ("minutes.pdf", "ltr", "minutes.pdf"),
            ("minutes.pdf", "rtl", "\u{2068}minutes.pdf\u{2069}"),
            ("صورت.pdf", "ltr", "\u{2068}صورت.pdf\u{2069}"),
            ("صورت.pdf", "rtl", "\u{2068}صورت.pdf\u{2069}"),
        ] {
            assert_eq!(apart(name, direction(dir)), expected, "{name}");
        }
    }
}

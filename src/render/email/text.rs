//! What `email/issue.txt` may name: everything as lines that need no more wrapping.

use serde::Serialize;

use super::detail::Extent;
use super::frame;
use super::plain::{WIDTH, columns, plain, wrap};
use super::view::Mail;
use crate::model::Marks;
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
        let section = |heading: &str, intro: Option<&str>, list: &[ArticleView<'_>]| TextSection {
            heading: wrap(heading, ""),
            rule: rule(heading, '='),
            intro: intro.map(|intro| plain(intro, numerals)),
            articles: articles(list),
        };
        Self {
            lang: view.lang.to_owned(),
            publication: wrap(head.publication, ""),
            name: wrap(&view.name, ""),
            folio: wrap(&folio.into_iter().flatten().collect::<Vec<_>>().join(" \u{b7} "), ""),
            title: head.title.map(|title| wrap(title, "")),
            view_in_browser: mail.page.clone(),
            pdf: mail.pdf.clone(),
            and_more: mail.and_more(extent),
            rest: mail.page.clone().filter(|_| extent.is_cut()),
            greeting: mail.marks.greeting(),
            intro: view.intro.as_deref().map(|intro| plain(intro, numerals)),
            contents: view.contents.iter().map(contents).collect::<Vec<_>>().join("\n\n"),
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
        // A name in Latin letters must not turn a line of Persian round: the marks keep its direction.
        let mark = if article.dir == "rtl" { "\u{200f}" } else { "" };
        let author = article.byline.as_ref().map(|author| format!("{mark}{author}{mark}"));
        let byline: Vec<&str> =
            author.as_deref().into_iter().chain(article.date.as_ref().map(|date| date.text.as_str())).collect();
        let mut paragraphs: Vec<String> = Vec::new();
        paragraphs.extend(article.late.then(|| wrap(&words("late_note"), "")));
        paragraphs.extend(article.summary.map(|summary| wrap(summary, "")));
        let caption = article.picture.as_ref().and_then(|picture| picture.caption.as_deref());
        paragraphs.extend(caption.map(|caption| wrap(&format!("[{caption}]"), "")));
        paragraphs.extend(article.lost_picture.iter().flat_map(|lost| {
            let link = lost.link.as_ref().map(|link| format!("<{link}>"));
            let caption = lost.caption.as_ref().map(|caption| wrap(&format!("[{caption}]"), ""));
            [Some(wrap(&format!("[{}]", lost.words), "")), link, caption].into_iter().flatten()
        }));
        paragraphs.push(plain(&article.body, |digits| mail.locale.dates.numerals(digits)));
        paragraphs.extend(article.enclosures.iter().map(enclosure));
        if article.more || article.linked {
            paragraphs.push(format!("{}:\n<{}>", words("continue_reading"), article.link));
        }
        if let Some(credit) = &article.credit {
            let url = credit.url.map(|url| format!("\n<{url}>")).unwrap_or_default();
            paragraphs.push(format!("{}{url}", wrap(&format!("{} {}", words("source"), credit.name), "")));
        }
        paragraphs.retain(|paragraph| !paragraph.is_empty());
        Self {
            title: wrap(article.title, ""),
            rule: rule(article.title, '-'),
            byline: wrap(&byline.join(" \u{b7} "), ""),
            text: paragraphs.join("\n\n"),
        }
    }
}

/// "Audio (MP3, 12 MB):" and the address below it.
fn enclosure(file: &EnclosureView<'_>) -> String {
    let title = file.title.unwrap_or(&file.kind);
    let details = if file.details.is_empty() { String::new() } else { format!(" ({})", file.details) };
    format!("{}\n<{}>", wrap(&format!("{title}{details}:"), ""), file.url)
}

fn contents(part: &ContentsPartView<'_>) -> String {
    let heading = (!part.title.is_empty()).then(|| wrap(&part.title, ""));
    let entries = part.entries.iter().map(|entry| wrap(&format!("- {}", entry.title), "  "));
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

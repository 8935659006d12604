//! A frozen issue as email: HTML by MJML and handlebars with its styles inlined, and a plain text part of its own.
//!
//! Mail programs cut a message whose HTML is longer than 102 KB, so a digest holds as much of its issue as fits: whole
//! articles, or their beginnings, or the contents list, or the beginning of that ([`Detail`]).

mod detail;
mod frame;
mod inline;
mod lean;
#[cfg(test)]
mod length_tests;
mod pictures;
mod plain;
#[cfg(test)]
mod script_tests;
mod shown;
#[cfg(test)]
mod tests;
mod text;
mod view;

pub use plain::plain;

use self::detail::Extent;
use crate::error::{Error, ErrorKind, Result, Warned, Warning};
use crate::model::{Detail, Digest, Issue, Marks, escaped};
use crate::render::Output;
use crate::templates::Templates;

/// The longest HTML part, in bytes, that is shown whole everywhere (Gmail cuts at 102 KB), with room for what is
/// filled in for each recipient.
pub const LONGEST: usize = 100 * 1024;

/// Draws the digest of an issue, in as much detail as fits.
pub fn digest(issue: &Issue, templates: &Templates) -> Result<Warned<Digest>> {
    let mail = view::Mail::new(issue, marks(issue)?, templates);
    let mut warnings = Vec::new();
    let (html, extent) = html(&mail, templates)?;
    let left_out = mail.left_out(extent);
    if extent.detail == Detail::Notice {
        let message = format!("not one title of `{}` has room in its mail, which holds a link only", issue.key);
        warnings.push(Warning::new(message));
    } else if left_out > 0 {
        let all = mail.titles();
        let message = format!(
            "the contents list of `{}` is too long for mail, which leaves out {left_out} of {all} titles",
            issue.key
        );
        warnings.push(Warning::new(message));
    }
    warnings.extend(too_long(&mail, issue, mail.marks.length(&html)));
    let text = templates.render("email/issue.txt", &mail.text(extent))?;
    let digest = Digest {
        issue: issue.key.clone(),
        revision: issue.frozen.as_ref().map_or(0, |frozen| frozen.revision),
        date: issue.frozen.as_ref().map_or(issue.date, |frozen| frozen.updated),
        language: issue.series.language.clone(),
        greeting: mail.locale.words("greeting", &[]),
        greeting_without_name: mail.locale.words("greeting_without_name", &[]),
        frames: frame::frames(&issue.series.language, templates.strings(), &mail.marks, left_out),
        marks: mail.marks.clone(),
        detail: extent.detail,
        subject: mail.subject(),
        html,
        text: text::tidy(&text),
        page: mail.page.clone(),
        archive: issue.series.public.then(|| issue.publication.url(&format!("{}/", issue.key.series))),
    };
    Ok(Warned::new(digest, warnings))
}

/// What is said of HTML of so many bytes, which an introduction may have, and articles that can be read nowhere else.
fn too_long(mail: &view::Mail<'_>, issue: &Issue, length: usize) -> Option<Warning> {
    let message = || {
        let kilobytes = length.div_ceil(1024);
        format!("the mail of `{}` has {kilobytes} KB of HTML, of which some providers show 102 KB at first", issue.key)
    };
    let hint = if mail.has_articles_of_its_own() {
        "its articles stand nowhere else, so they stay whole; the link to unsubscribe comes after them"
    } else {
        "its introduction stays whole; the link to unsubscribe comes after it"
    };
    (length > LONGEST).then(|| Warning::new(message()).hint(hint))
}

/// Draws both parts in each detail that an issue may have in a mail; gives the digest with all of its articles.
pub(super) fn rehearse(issue: &Issue, templates: &Templates) -> Result<Digest> {
    let mail = view::Mail::new(issue, marks(issue)?, templates);
    for (detail, titles) in [(Detail::Leads, mail.titles()), (Detail::Contents, 1), (Detail::Notice, 0)] {
        let extent = Extent { detail, titles };
        inline::inline(&templates.render("email/issue.mjml", &mail.html(extent))?)?;
        templates.render("email/issue.txt", &mail.text(extent))?;
    }
    digest(issue, templates).map(|drawn| drawn.value)
}

/// The parts of a digest that hold no link to unsubscribe by: a template of the publication's own may have lost it.
#[must_use]
pub fn without_unsubscribing(digest: &Digest) -> Vec<Part> {
    let lacks = |part: &str| !part.contains(&digest.marks.unsubscribe());
    let parts = [(Part::Html, &digest.html), (Part::Text, &digest.text)];
    parts.into_iter().filter(|(_, text)| lacks(text)).map(|(part, _)| part).collect()
}

/// A part of a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// What most mail programs show.
    Html,
    /// Plain text.
    Text,
}

impl Part {
    /// The template that it is drawn from, below templates/.
    #[must_use]
    pub fn template(self) -> &'static str {
        match self {
            Self::Html => "email/issue.mjml.hbs",
            Self::Text => "email/issue.txt.hbs",
        }
    }

    /// As messages name it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Html => "HTML",
            Self::Text => "plain text",
        }
    }
}

/// Marks that stand nowhere in the issue.
fn marks(issue: &Issue) -> Result<Marks> {
    let all = serde_json::to_string(issue)
        .map_err(|cause| Error::new(ErrorKind::State, format!("{} cannot be written down: {cause}", issue.key)))?;
    Ok(Marks::unlike(&all))
}

/// The most detailed HTML that fits. Articles that can be read nowhere else stay, however long they are.
fn html(mail: &view::Mail<'_>, templates: &Templates) -> Result<(String, Extent)> {
    let all = mail.titles();
    let stay = mail.has_articles_of_its_own();
    let tried: &[Detail] =
        if stay { &[Detail::Articles] } else { &[Detail::Articles, Detail::Leads, Detail::Contents] };
    let widths = mail.widths();
    let draw = |extent: Extent| {
        let html = templates.render("email/issue.mjml", &mail.html(extent))?;
        inline::inline(&pictures::sized(&html, &widths))
    };
    for detail in tried.iter().copied() {
        // What is too long for its text alone need not be drawn to know it.
        if mail.least(detail) > LONGEST {
            continue;
        }
        let extent = Extent { detail, titles: all };
        let html = draw(extent)?;
        if mail.marks.length(&html) <= LONGEST {
            return Ok((html, extent));
        }
    }
    if stay {
        let extent = Extent { detail: Detail::Leads, titles: all };
        return Ok((draw(extent)?, extent));
    }
    let (html, titles) = shortened(all, |titles| {
        let html = draw(Extent { detail: Detail::Contents, titles })?;
        let length = mail.marks.length(&html);
        Ok((html, length))
    })?;
    let detail = if titles == 0 { Detail::Notice } else { Detail::Contents };
    Ok((html, Extent { detail, titles }))
}

/// How often a number of titles is tried, each time nearer to what has room.
const TRIES: usize = 6;
/// About what a title takes, in bytes, before that is known.
const TITLE: usize = 512;

/// The HTML with as many titles as have room, where not `all` have, and how many those are. `draw` makes it with so
/// many titles, and tells how long it is.
fn shortened(all: usize, draw: impl Fn(usize) -> Result<(String, usize)>) -> Result<(String, usize)> {
    let (mut html, mut length) = draw(0)?;
    let (mut titles, mut too_many, mut each) = (0, all, TITLE);
    for _ in 0..TRIES {
        let room = LONGEST.saturating_sub(length);
        if room < each || too_many - titles < 2 {
            break;
        }
        let more = (titles + room / each).clamp(titles + 1, too_many - 1);
        let (longer, grown) = draw(more)?;
        each = grown.saturating_sub(length).div_ceil(more - titles).max(1);
        if grown <= LONGEST {
            (html, length, titles) = (longer, grown, more);
        } else {
            too_many = more;
        }
    }
    Ok((html, titles))
}

/// A digest as the web shows it: `email.html` and `email.txt` in the issue's `folder`, with nobody's name and nothing
/// to unsubscribe from.
#[must_use]
pub fn pages(digest: &Digest, folder: &str, list_title: &str) -> [Output; 2] {
    let marks = &digest.marks;
    let home = digest.page.as_deref().unwrap_or("#");
    let fill = |part: &str, written: fn(&str) -> String| {
        let part = digest.frame(None).map_or_else(|| part.to_owned(), |(_, frame)| frame.fill(part, marks, written));
        part.replace(&marks.greeting(), &written(&digest.greeting_without_name))
            .replace(&marks.unsubscribe(), &written(home))
            .replace(&marks.list_title(), &written(list_title))
    };
    [
        Output::text(format!("{folder}email.html"), fill(&digest.html, escaped)),
        Output::text(format!("{folder}email.txt"), fill(&digest.text, str::to_owned)),
    ]
}

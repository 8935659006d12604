//! A frozen issue as email: HTML by MJML and handlebars with its styles inlined, and a plain text part of its own.
//!
//! Mail programs cut a message whose HTML is longer than 102 KB, so a digest holds as much of its issue as fits: whole
//! articles, or their beginnings, or the contents list ([`Detail`]).

mod detail;
mod frame;
mod inline;
mod plain;
#[cfg(test)]
mod tests;
mod text;
mod view;

pub use plain::plain;

use crate::error::{Error, ErrorKind, Result, Warned, Warning};
use crate::model::{Detail, Digest, Issue, Marks};
use crate::render::Output;
use crate::templates::Templates;

/// The longest HTML part, in bytes, that is shown whole everywhere (Gmail cuts at 102 KB), with room for what is
/// filled in for each recipient.
pub const LONGEST: usize = 100 * 1024;

/// Draws the digest of an issue, in as much detail as fits.
pub fn digest(issue: &Issue, templates: &Templates) -> Result<Warned<Digest>> {
    let mail = view::Mail::new(issue, marks(issue)?, templates);
    let mut warnings = Vec::new();
    let (html, detail) = html(&mail, templates)?;
    if detail == Detail::Notice {
        let message =
            format!("the contents list of `{}` alone is too long for mail, which holds a link only", issue.key);
        warnings.push(Warning::new(message));
    }
    let text = templates.render("email/issue.txt", &mail.text(detail))?;
    let digest = Digest {
        issue: issue.key.clone(),
        revision: issue.frozen.as_ref().map_or(0, |frozen| frozen.revision),
        date: issue.frozen.as_ref().map_or(issue.date, |frozen| frozen.updated),
        language: issue.series.language.clone(),
        greeting: mail.locale.words("greeting", &[]),
        greeting_without_name: mail.locale.words("greeting_without_name", &[]),
        frames: frame::frames(&issue.series.language, templates.strings(), &mail.marks),
        marks: mail.marks.clone(),
        detail,
        subject: mail.subject(),
        html,
        text: text::tidy(&text),
        page: mail.page.clone(),
        archive: issue.series.public.then(|| issue.publication.url(&format!("{}/", issue.key.series))),
    };
    Ok(Warned::new(digest, warnings))
}

/// Marks that stand nowhere in the issue.
fn marks(issue: &Issue) -> Result<Marks> {
    let all = serde_json::to_string(issue)
        .map_err(|cause| Error::new(ErrorKind::State, format!("{} cannot be written down: {cause}", issue.key)))?;
    Ok(Marks::unlike(&all))
}

/// The most detailed HTML that fits. Articles that can be read nowhere else stay, however long they are.
fn html(mail: &view::Mail<'_>, templates: &Templates) -> Result<(String, Detail)> {
    let (tried, last): (&[Detail], Detail) = if mail.has_articles_of_its_own() {
        (&[Detail::Articles], Detail::Leads)
    } else {
        (&[Detail::Articles, Detail::Leads, Detail::Contents], Detail::Notice)
    };
    let draw = |detail| inline::inline(&templates.render("email/issue.mjml", &mail.html(detail))?);
    for detail in tried.iter().copied() {
        // What is too long for its text alone need not be drawn to know it.
        if mail.least(detail) > LONGEST {
            continue;
        }
        let html = draw(detail)?;
        if mail.marks.length(&html) <= LONGEST {
            return Ok((html, detail));
        }
    }
    Ok((draw(last)?, last))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
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

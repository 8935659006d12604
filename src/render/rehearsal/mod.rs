//! Templates drawn over an example, before readers wait for what they draw: most of them are needed rarely, some by
//! strangers or at night alone.
//!
//! The example is plain data ([`example`]); everything else is the code that draws the real thing.

mod example;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use crate::error::{Error, Result, Warned, Warning};
use crate::model::{Digest, Issue, Language, Post, Publication};
use crate::render::{Edition, Pdf, PublicIssue, Site, email, feed, pdf, web};
use crate::templates::Templates;

use example::Kind;

/// Draws every template of pages, feeds, PDFs and mails in each of these languages. A name that is not there in an issue that
/// has everything is an error; what fails over posts that lack something, and over other kinds of issues, is a warning, since
/// a publication may have none. Gives the digest that was drawn, in the first of the languages.
pub fn rehearse(
    publication: &Publication,
    languages: &[Language],
    templates: &Templates,
) -> Result<Warned<Option<Digest>>> {
    let whole = kept(publication, languages, Kind::Whole);
    let site = site(publication, &whole, true);
    web::pages(&site, templates)?;
    feed::write(&site, templates, whole.len())?;
    let mut digests = Vec::new();
    for (_, issue) in &whole {
        pdf::html(issue, templates)?;
        digests.push(email::rehearse(issue, templates)?);
    }
    let mut told = Vec::new();
    for kind in Kind::OTHERS {
        let faults = others(publication, &kept(publication, languages, kind), kind, templates);
        for fault in faults.into_iter().map(Error::into_warning).map(rare) {
            if !told.contains(&fault) {
                told.push(fault);
            }
        }
    }
    Ok(Warned::new(digests.into_iter().next(), told))
}

/// What fails over examples of another kind.
fn others(publication: &Publication, kept: &[Kept], kind: Kind, templates: &Templates) -> Vec<Error> {
    let site = site(publication, kept, false);
    let mut faults: Vec<Error> = web::pages(&site, templates).err().into_iter().collect();
    faults.extend(feed::write(&site, templates, 1).err());
    // Of what was taken back no file is made.
    for (_, issue) in kept.iter().filter(|_| kind != Kind::Withdrawn) {
        faults.extend(pdf::html(issue, templates).err());
        faults.extend(email::rehearse(issue, templates).err());
    }
    faults
}

fn rare(warning: Warning) -> Warning {
    warning.hint("it was drawn over an example, of a kind that there may be none of now")
}

/// The posts and the issue of one language.
type Kept = (Vec<Post>, Issue);

fn kept(publication: &Publication, languages: &[Language], kind: Kind) -> Vec<Kept> {
    languages.iter().map(|language| example::of(publication, language, kind)).collect()
}

/// A site of these examples; one that `has_all` has a page on which readers subscribe, and says what series are.
fn site<'a>(publication: &'a Publication, kept: &'a [Kept], has_all: bool) -> Site<'a> {
    static NOWHERE: BTreeSet<String> = BTreeSet::new();
    let edition = |(posts, issue): &'a Kept| Edition {
        language: issue.series.language.clone(),
        publication: issue.publication.clone(),
        posts: posts.iter().collect(),
    };
    let public = |(_, issue): &'a Kept| {
        let path = format!("{}/{}.pdf", issue.key.series, issue.key.ordinal);
        PublicIssue { issue, pdf: has_all.then_some(Pdf { path, length: 100_000 }) }
    };
    let described = kept.iter().filter(|_| has_all).map(|(_, issue)| (issue.series.key.as_str(), example::WORDS));
    Site {
        publication,
        editions: kept.iter().map(edition).collect(),
        issues: kept.iter().map(public).collect(),
        descriptions: described.collect::<BTreeMap<_, _>>(),
        subscribe: has_all.then(|| publication.url("subscribe")),
        nowhere: &NOWHERE,
        // So that there are several.
        page_size: 1,
        drafts: true,
    }
}

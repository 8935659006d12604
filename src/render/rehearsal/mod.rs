//! Templates drawn over an example, before readers wait for what they draw: most of them are needed rarely, some by
//! strangers or at night alone.
//!
//! The example is plain data ([`example`]); everything else is the code that draws the real thing.

mod example;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use crate::error::{Error, Result, Warned, tell_once};
use crate::model::{Digest, Issue, Language, Publication, Series};
use crate::render::{Edition, Pdf, PublicIssue, Site, email, feed, pdf, web};
use crate::templates::Templates;

use example::{Example, Kind};

/// What is said of a fault that a publication may never meet.
const HINT: &str = "it was drawn over an example, of a kind that there may be none of now";

/// Draws every template of pages, feeds, PDFs and mails over issues of these series, in each of these languages. A name that is
/// not there in an issue that has everything is an error. What fails over posts that lack something, and over other kinds of
/// issues, is a warning, since a publication may have none; so is what fails by how many things there are, or what they are
/// called. Gives the digests that were drawn, in each of the languages.
pub fn rehearse(
    publication: &Publication,
    languages: &[Language],
    series: &[Series],
    templates: &Templates,
) -> Result<Warned<Vec<Digest>>> {
    let examples = |kind| languages.iter().map(|language| Example::of(publication, language, series, kind)).collect();
    let whole: Vec<Example> = examples(Kind::Whole);
    let (faults, digests) = drawn(publication, &whole, Kind::Whole, templates);
    let mut told = Vec::new();
    for fault in faults {
        if !templates.is_of_contents(&fault) {
            return Err(fault);
        }
        tell_once(&mut told, fault, HINT);
    }
    for kind in Kind::OTHERS {
        let others: Vec<Example> = examples(kind);
        drawn(publication, &others, kind, templates).0.into_iter().for_each(|fault| tell_once(&mut told, fault, HINT));
    }
    Ok(Warned::new(digests, told))
}

/// What fails over examples of a kind, and the digests.
fn drawn(
    publication: &Publication,
    examples: &[Example],
    kind: Kind,
    templates: &Templates,
) -> (Vec<Error>, Vec<Digest>) {
    let site = site(publication, examples, kind == Kind::Whole);
    let mut faults: Vec<Error> = web::pages(&site, templates).err().into_iter().collect();
    faults.extend(feed::write(&site, templates, feed::Sizes::all(site.issues.len())).err());
    let mut digests = Vec::new();
    // Of what was taken back no file is made.
    for issue in examples.iter().flat_map(Example::printed).filter(|_| kind != Kind::Withdrawn) {
        faults.extend(pdf::html(issue, templates).err());
        match email::rehearse(issue, templates) {
            Ok(digest) => digests.push(digest),
            Err(fault) => faults.push(fault),
        }
    }
    (faults, digests)
}

/// A site of these examples; one that `has_all` has a page on which readers subscribe, and says what series are.
fn site<'a>(publication: &'a Publication, examples: &'a [Example], has_all: bool) -> Site<'a> {
    static NOWHERE: BTreeSet<String> = BTreeSet::new();
    let edition = |example: &'a Example| Edition {
        language: example.language.clone(),
        publication: example.publication.clone(),
        posts: example.posts.iter().collect(),
        apart: Vec::new(),
    };
    let public = |issue: &'a Issue| {
        let path = format!("{}/{}.pdf", issue.key.series, issue.key.ordinal);
        PublicIssue { issue, pdf: has_all.then_some(Pdf { path, length: 100_000 }) }
    };
    let issues = || examples.iter().flat_map(|example| &example.issues);
    let described = issues().filter(|_| has_all).map(|issue| (issue.series.key.as_str(), example::WORDS));
    Site {
        publication,
        editions: examples.iter().map(edition).collect(),
        issues: issues().map(public).collect(),
        titles: BTreeMap::new(),
        descriptions: described.collect::<BTreeMap<_, _>>(),
        subscribe: has_all.then(|| publication.url("subscribe")),
        nowhere: &NOWHERE,
        // So that there are several.
        page_size: 1,
        drafts: true,
    }
}

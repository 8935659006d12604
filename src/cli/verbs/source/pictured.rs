//! The pictures of a feed that is brought over: they are fetched, because the server that has them may go.

use std::collections::BTreeSet;

use url::Url;

use crate::cli::pictures;
use crate::cli::report::counted;
use crate::cli::session::Session;
use crate::collect::fetch::Documents;
use crate::collect::kept::{self, Asking, KeptFiles, Wants};
use crate::collect::{self, Collected};
use crate::config::{Config, Source};
use crate::error::{Result, Warned, Warning};
use crate::model::{PostId, shown_address};

/// Collects a feed, with the pictures of those posts that are not among the `known`. What cannot be fetched stays at its
/// address, with one warning.
pub(super) fn collected(
    session: &mut Session,
    config: &Config,
    source: Source,
    documents: &Documents,
    known: &BTreeSet<PostId>,
) -> Result<Warned<Collected>> {
    let collected = collect::collect_one(config, source.clone(), documents, session.now)?;
    if !config.fetch.pictures {
        return Ok(collected);
    }
    let mut files = KeptFiles::read(&config.root);
    let mut any = false;
    let (mut asked, mut missed) = (BTreeSet::new(), Vec::new());
    // One errand has only so much time, and asks for only so much of a post.
    loop {
        let wants = wanted(session, &collected.value, known, &files, &asked);
        if wants.files.is_empty() {
            break;
        }
        let fetched = pictures::fetch(session, config, &wants, &mut files)?;
        any |= fetched.any;
        missed = wants.files.keys().filter(|url| files.picture(url.as_str()).is_none()).cloned().collect();
        asked.extend(wants.files.into_keys().filter(|url| files.tried(url.as_str()).is_some()));
        if !fetched.any {
            break;
        }
    }
    missed.extend(asked);
    let mut again = if any { collect::collect_one(config, source, documents, session.now)? } else { collected };
    again.warnings.extend(left_behind(&missed, &files));
    Ok(again)
}

/// The pictures that are still to be asked for.
fn wanted(
    session: &Session,
    collected: &Collected,
    known: &BTreeSet<PostId>,
    files: &KeptFiles,
    asked: &BTreeSet<Url>,
) -> Wants {
    let new = collected.posts.iter().filter(|post| !known.contains(&post.id));
    let asking: Vec<Asking<'_>> =
        new.map(|post| Asking { post, is_new: true, keeps_enclosures: false, keeps_pictures: true }).collect();
    let mut wants = kept::wanted(&asking, files, session.now);
    wants.files.retain(|url, _| !asked.contains(url));
    wants
}

/// Says which pictures stay where they are.
fn left_behind(missed: &[Url], files: &KeptFiles) -> Option<Warning> {
    let missed: BTreeSet<&Url> = missed.iter().filter(|url| files.picture(url.as_str()).is_none()).collect();
    let first = missed.first()?;
    let why = files.tried(first.as_str()).map_or("was not asked for", |tried| tried.why.as_str());
    let (pictures, address) = (counted(missed.len(), "picture"), shown_address(first));
    let (stay, which) = if missed.len() == 1 {
        ("stays at its address", "")
    } else {
        ("stay at their addresses", "the first of them, ")
    };
    let message = format!("{pictures} of the feed {stay}: {which}`{address}` {why}");
    Some(Warning::new(message).hint("once the posts are written, no later import asks for them again"))
}

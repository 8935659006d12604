//! Freezing, amending and unfreezing.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use super::frozen::sha256;
use crate::error::{Error, ErrorKind, Place, Result, Warning};
use crate::model::{Frozen, Issue, IssueKey};

/// An issue to be written: first the files, then frozen.json.
#[derive(Clone, Debug, PartialEq)]
pub struct Freezing {
    /// The content of frozen.json.
    pub issue: Issue,
    /// The files to copy into the issue's assets/ folder.
    pub copies: Vec<Copy>,
}

/// A file to copy into an issue's assets/ folder.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Copy {
    /// Where its bytes are.
    pub from: PathBuf,
    /// Its name under assets/.
    pub name: String,
}

/// Freezes a draft at `now`, with the text of its issue.toml as it stands. A draft that is frozen already, and two
/// different files under one name, are errors of kind `State`.
pub fn freeze(draft: Issue, editorial: &str, now: DateTime<Utc>) -> Result<Freezing> {
    if draft.frozen.is_some() {
        return Err(state(&draft.key, "is already frozen").hint(amend_with(&draft.key)));
    }
    let frozen =
        Frozen { at: now, revision: 1, updated: now, amendments: Vec::new(), mail: false, editorial_sha256: sha256(editorial) };
    finished(draft, frozen)
}

/// Makes the next revision of a frozen issue out of a new draft of it. Number, window, printed date, publication,
/// series and the date of publication stay as they were; `updated` moves to `now`. An amendment without a note, and
/// one that changes nothing, are errors.
pub fn amend(previous: &Issue, draft: Issue, note: &str, editorial: &str, now: DateTime<Utc>) -> Result<Freezing> {
    let key = &previous.key;
    let Some(before) = &previous.frozen else {
        return Err(state(key, "is not frozen, so that there is nothing to amend").hint("edit its issue.toml"));
    };
    if note.trim().is_empty() {
        return Err(Error::new(ErrorKind::Usage, format!("an amendment of {key} must say what it changes")));
    }
    let mut amendments = before.amendments.clone();
    amendments.push(note.trim().to_owned());
    let frozen = Frozen {
        at: before.at,
        revision: before.revision.saturating_add(1),
        updated: now.max(before.updated),
        amendments,
        mail: false,
        editorial_sha256: sha256(editorial),
    };
    let draft = Issue {
        format: draft.format,
        key: key.clone(),
        publication: previous.publication.clone(),
        series: previous.series.clone(),
        number: previous.number.clone(),
        window: previous.window,
        date: previous.date,
        imported_pdf: previous.imported_pdf.clone(),
        ..draft
    };
    let freezing = finished(draft, frozen)?;
    let unchanged = Issue { frozen: previous.frozen.clone(), ..freezing.issue.clone() } == *previous;
    if unchanged {
        return Err(state(key, "is what it was; an amendment would change nothing"));
    }
    Ok(freezing)
}

/// The draft again, for an issue that nobody has seen. `released` names what went out of it, and `volumes` are the
/// issues that bind others: with either it stays frozen, an error of kind `State`.
pub fn unfreeze(issue: &Issue, released: &[String], volumes: &[&Issue]) -> Result<Issue> {
    let key = &issue.key;
    if issue.frozen.is_none() {
        return Err(state(key, "is not frozen"));
    }
    if let Some(first) = released.first() {
        return Err(state(key, &format!("went out already (released/{first})")).hint(amend_with(key)));
    }
    let binds_it = |volume: &&&Issue| {
        volume.series.binds.as_ref() == Some(&key.series)
            && volume.frozen.is_some()
            && volume.sections.iter().any(|section| section.issue == Some(key.ordinal))
    };
    if let Some(volume) = volumes.iter().find(binds_it) {
        return Err(state(key, &format!("is bound in {}", volume.key)).hint(amend_with(key)));
    }
    Ok(Issue { frozen: None, ..issue.clone() })
}

/// A warning when issue.toml, the file at `path`, is no longer what it was when the issue was frozen.
#[must_use]
pub fn edited_since(issue: &Issue, editorial: &str, path: &Path) -> Option<Warning> {
    let frozen = issue.frozen.as_ref()?;
    (frozen.editorial_sha256 != sha256(editorial)).then(|| {
        let message = format!("{} is frozen; what was changed here since has no effect", issue.key);
        Warning::new(message).at(Place::file(path)).hint(amend_with(&issue.key))
    })
}

/// Points each post at the issue's own copies of its files, and lists what has to be copied.
fn finished(mut issue: Issue, frozen: Frozen) -> Result<Freezing> {
    let mut copies: BTreeMap<String, (PathBuf, String)> = BTreeMap::new();
    let articles = issue.sections.iter_mut().flat_map(|section| &mut section.articles).chain(&mut issue.standing);
    for asset in articles.flat_map(|article| &mut article.post.assets) {
        let own = Path::new("assets").join(&asset.name);
        let from = std::mem::replace(&mut asset.file, own.clone());
        let (known, hash) = copies.entry(asset.name.clone()).or_insert_with(|| (from.clone(), asset.sha256.clone()));
        if *hash != asset.sha256 {
            return Err(state(&issue.key, &format!("shows two different files called `{}`", asset.name)));
        }
        // One article may be the copy of an earlier revision, another may have the file at its source.
        if *known == own {
            *known = from;
        }
    }
    let own = |name: &str, from: &Path| from == Path::new("assets").join(name);
    let copies = copies.into_iter().filter(|(name, (from, _))| !own(name, from));
    let copies = copies.map(|(name, (from, _))| Copy { from, name }).collect();
    issue.frozen = Some(frozen);
    Ok(Freezing { issue, copies })
}

fn state(key: &IssueKey, what: &str) -> Error {
    Error::new(ErrorKind::State, format!("{key} {what}"))
}

fn amend_with(key: &IssueKey) -> String {
    format!("`masthead issue amend {} {}` makes a new revision of it", key.series, key.ordinal)
}

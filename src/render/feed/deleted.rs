//! Entries that were taken back: in Atom a tombstone (RFC 6721) says so; the other formats have no word for it.

use std::collections::BTreeMap;

use atom_syndication::extension::Extension;
use chrono::{DateTime, SecondsFormat, Utc};

use super::content::legal;
use super::entry::issue_id;
use crate::model::{Issue, Language};

/// The namespace of tombstones (RFC 6721, 2), and what stands before their names.
pub(super) const NAMESPACE: (&str, &str) = ("at", "http://purl.org/atompub/tombstones/1.0");

/// An entry that was in a feed and is taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deleted {
    /// What the entry was known by.
    pub id: String,
    /// When it was taken back.
    pub when: DateTime<Utc>,
    /// Why.
    pub comment: String,
    /// What that is written in.
    pub language: Language,
}

impl Deleted {
    /// The tombstone of an issue; none where it is not withdrawn.
    #[must_use]
    pub fn of_issue(issue: &Issue) -> Option<Self> {
        let withdrawn = issue.withdrawn()?;
        Some(Self {
            id: issue_id(issue),
            when: withdrawn.at,
            comment: legal(&withdrawn.message).into_owned(),
            language: issue.series.language.clone(),
        })
    }

    /// Its element.
    pub(super) fn element(&self) -> Extension {
        let attributes = |pairs: &[(&str, String)]| -> BTreeMap<String, String> {
            pairs.iter().map(|(name, value)| ((*name).to_owned(), attribute(value))).collect()
        };
        let comment = Extension {
            name: "at:comment".to_owned(),
            value: Some(self.comment.clone()),
            attrs: attributes(&[("xml:lang", self.language.to_string())]),
            ..Extension::default()
        };
        let when = self.when.to_rfc3339_opts(SecondsFormat::Secs, true);
        Extension {
            name: "at:deleted-entry".to_owned(),
            attrs: attributes(&[("ref", self.id.clone()), ("when", when)]),
            children: [("comment".to_owned(), vec![comment])].into(),
            ..Extension::default()
        }
    }
}

/// A value as it stands between quotes: the writer takes those of extensions as they are.
fn attribute(value: &str) -> String {
    value.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

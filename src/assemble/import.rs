//! Back issues, made before Masthead: number, date, title and PDF.

use chrono::{DateTime, Days, NaiveDate, Utc};

use super::draft::identity;
use super::frozen::sha256;
use super::{calendar, window::midnight};
use crate::error::{Error, ErrorKind, Result};
use crate::model::{FORMAT, Frozen, Issue, IssueAsset, IssueKey, Number, Publication, Series, Window};

/// What is known of a back issue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackIssue {
    /// Its number as printed: "91", "XII.3".
    pub label: String,
    /// The day it bears.
    pub date: NaiveDate,
    /// Its title.
    pub title: Option<String>,
    /// Its PDF, as a file of its assets/ folder.
    pub pdf: IssueAsset,
}

/// The frozen issue for a back issue, under the next free ordinal.
///
/// Ordinals are given in the order in which issues come into being here and say nothing of their dates; issues are
/// shown in the order of their windows ([`chronological`]). The window of a back issue is the day it bears; it holds no
/// posts and decides none, so that the windows of the series follow each other as if it were not there. Its label is
/// as printed, and where that is a plain number the series' count goes on after it: with number 91 brought in, the next
/// issue is 92 whatever its ordinal. It counts as published on its date, so that no reader takes it for news.
///
/// An empty label, one that another issue of the series bears, and a date after `now` are errors.
pub fn import(
    series: &Series,
    publication: &Publication,
    ordinal: u64,
    back: BackIssue,
    others: &[&Issue],
    editorial: &str,
    now: DateTime<Utc>,
) -> Result<Issue> {
    let label = back.label.trim().to_owned();
    if label.is_empty() {
        return Err(Error::new(ErrorKind::Usage, "a back issue must have a number"));
    }
    if let Some(other) = others.iter().find(|other| other.number.label == label) {
        return Err(Error::new(ErrorKind::State, format!("{} has the number `{label}` already", other.key)));
    }
    let zone = publication.time_zone;
    let since = midnight(back.date, zone);
    if since > now {
        return Err(Error::new(ErrorKind::Usage, format!("{} is still to come", back.date))
            .hint("a back issue bears a day that has been"));
    }
    let until = back.date.checked_add_days(Days::new(1)).map_or(since, |next| midnight(next, zone));
    let year = calendar::name(back.date, series.calendar).year;
    let frozen =
        Frozen { at: since, revision: 1, updated: since, amendments: Vec::new(), mail: false, editorial_sha256: sha256(editorial) };
    Ok(Issue {
        format: FORMAT,
        key: IssueKey { series: series.key.clone(), ordinal },
        publication: publication.clone(),
        series: identity(series),
        number: Number { number: label.parse().unwrap_or_default(), year, volume: None, label },
        title: back.title,
        intro: None,
        window: Window { since, until },
        date: since,
        sections: Vec::new(),
        standing: Vec::new(),
        verdicts: Vec::new(),
        imported_pdf: Some(back.pdf.name.clone()),
        assets: vec![back.pdf],
        frozen: Some(frozen),
    })
}

/// Puts issues in the order in which they appeared: by window, then by ordinal.
pub fn chronological(issues: &mut [Issue]) {
    issues.sort_by_key(|issue| (issue.window, issue.ordinal()));
}

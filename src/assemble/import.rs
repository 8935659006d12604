//! Back issues, made before Masthead: number, date, title and PDF.

use std::collections::BTreeSet;

use chrono::{DateTime, Days, NaiveDate, Utc};

use super::draft::identity;
use super::frozen::sha256;
use super::{calendar, label, number, window::midnight};
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
/// as printed, and where that is a plain number, or two of a double issue, the series' count goes on after it: with number
/// 91 brought in, the next issue is 92 whatever its ordinal. It counts as published on its date, so that no reader takes it for news.
///
/// An empty label, one that another issue of the series bears (in the same year, where the count starts again with each), and a
/// date after `now` are errors.
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
    let year = calendar::name(back.date, series.calendar).year;
    if let Some(other) = number::bearer(series, &label, year, others) {
        return Err(Error::new(ErrorKind::State, format!("{} has the number `{label}` already", other.key)));
    }
    let zone = publication.time_zone;
    let since = midnight(back.date, zone);
    if since > now {
        return Err(Error::new(ErrorKind::Usage, format!("{} is still to come", back.date))
            .hint("a back issue bears a day that has been"));
    }
    let until = back.date.checked_add_days(Days::new(1)).map_or(since, |next| midnight(next, zone));
    let number = label::said_plainly(&label).map_or(0, |said| *said.end());
    let frozen = Frozen {
        at: since,
        revision: 1,
        updated: since,
        amendments: Vec::new(),
        mail: false,
        editorial_sha256: sha256(editorial),
        withdrawals: Vec::new(),
    };
    Ok(Issue {
        format: FORMAT,
        key: IssueKey { series: series.key.clone(), ordinal },
        publication: publication.in_language(&series.language),
        series: identity(series),
        number: Number { number, year, volume: None, label },
        title: back.title,
        intro: None,
        intro_assets: Vec::new(),
        window: Window { since, until },
        date: since,
        sections: Vec::new(),
        standing: Vec::new(),
        verdicts: Vec::new(),
        nowhere: BTreeSet::new(),
        imported_pdf: Some(back.pdf.name.clone()),
        assets: vec![back.pdf],
        frozen: Some(frozen),
    })
}

/// Puts issues in the order in which they appeared: by window, then by ordinal.
pub fn chronological(issues: &mut [Issue]) {
    issues.sort_by_key(|issue| (issue.window, issue.ordinal()));
}

#[cfg(test)]
mod tests {
    use chrono_tz::Tz;

    use super::{BackIssue, chronological, import};
    use crate::assemble::fixture::{at, post, publication, run, series};
    use crate::error::Result;
    use crate::model::{Issue, IssueAsset, Numbering, Series, WindowRule};

    const ZONE: Tz = Tz::Europe__Tirane;

    fn newsletter() -> Series {
        let since = Some("2026-07-01".parse().unwrap());
        Series { since, numbering: Numbering::default(), ..series(WindowRule::Monthly) }
    }

    fn imported(label: &str, date: &str, others: &[Issue]) -> Result<Issue> {
        imported_to(&newsletter(), label, date, others)
    }

    fn imported_to(series: &Series, label: &str, date: &str, others: &[Issue]) -> Result<Issue> {
        let pdf = IssueAsset {
            name: "91.pdf".to_owned(),
            sha256: String::new(),
            media_type: "application/pdf".to_owned(),
            length: 9,
            width: None,
            height: None,
        };
        let back = BackIssue { label: label.to_owned(), date: date.parse().unwrap(), title: None, pdf };
        let ordinal = others.len() as u64 + 1;
        let others: Vec<&Issue> = others.iter().collect();
        import(series, &publication(ZONE), ordinal, back, &others, "", at("2026-09-02T00:00:00Z"))
    }

    #[test]
    fn the_count_goes_on_after_a_back_issue_and_its_windows_as_if_it_were_not_there() {
        let mut issues = vec![imported("91", "2026-07-15", &[]).unwrap()];
        let posts = [post("a", at("2026-07-03T10:00:00Z")), post("b", at("2026-08-03T10:00:00Z"))];
        run(&newsletter(), ZONE, &posts[..1], &mut issues, at("2026-08-02T00:00:00Z"));
        issues.push(imported("90", "2026-06-15", &issues).unwrap());
        run(&newsletter(), ZONE, &posts, &mut issues, at("2026-09-02T00:00:00Z"));
        let facts: Vec<(u64, &str)> =
            issues.iter().map(|issue| (issue.ordinal(), issue.number.label.as_str())).collect();
        assert_eq!(facts, [(1, "91"), (2, "92"), (3, "90"), (4, "93")]);
        chronological(&mut issues);
        let ordinals: Vec<u64> = issues.iter().map(Issue::ordinal).collect();
        assert_eq!(ordinals, [3, 2, 1, 4]);
    }

    #[test]
    fn a_back_issue_was_published_on_its_day() {
        let issue = imported("XII.3", "2020-02-29", &[]).unwrap();
        let frozen = issue.frozen.unwrap();
        assert_eq!((frozen.at, frozen.updated, issue.date), (issue.date, issue.date, at("2020-02-28T23:00:00Z")));
        assert_eq!((issue.imported_pdf.as_deref(), issue.number.number), (Some("91.pdf"), 0));
    }

    #[test]
    fn a_number_is_given_once_and_not_to_the_future() {
        let issues = [imported("91", "2026-06-15", &[]).unwrap()];
        let complaint = |label, date| imported(label, date, &issues).unwrap_err().to_string();
        assert_eq!(complaint(" 91", "2026-05-15"), "newsletter/0001 has the number `91` already");
        assert_eq!(complaint("۹۱", "2026-05-15"), "newsletter/0001 has the number `۹۱` already");
        assert_eq!(imported("۹۲", "2026-05-15", &issues).unwrap().number.number, 92);
        assert_eq!(imported("90–91", "2026-05-15", &issues).unwrap().number.number, 91);
        assert_eq!(complaint("", "2026-05-15"), "a back issue must have a number");
        assert!(complaint("95", "2026-10-15").starts_with("2026-10-15 is still to come"));
    }

    #[test]
    fn where_the_count_starts_again_each_year_has_its_numbers() {
        let numbering = Numbering { restart_yearly: true, ..Numbering::default() };
        let yearly = Series { numbering, ..newsletter() };
        let issues = [imported_to(&yearly, "3", "2026-03-15", &[]).unwrap()];
        let older = imported_to(&yearly, "3", "2024-03-15", &issues).unwrap();
        assert_eq!((older.number.number, older.number.year), (3, 2024));
        let again = imported_to(&yearly, "3", "2026-05-15", &issues).unwrap_err();
        assert_eq!(again.to_string(), "newsletter/0001 has the number `3` already");
    }
}

//! Which number an issue bears, and what is amiss in a row of numbers.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::calendar;
use super::window::local;
use crate::error::{Error, ErrorKind, Result, Warning};
use crate::model::{CalendarDate, Issue, Number, Series, with_ascii_digits};

/// The number of an issue whose window begins at `since`, after `others`: the issues of the series that are frozen,
/// and the drafts before this one. One more than the highest number given (in the same year, where the count starts
/// again with each), but not below `first_number`; back issues count, ordinals do not, so that an import of number 91
/// moves nothing. The editor's label is printed instead of the one the template makes, and when it is a plain number
/// the count goes on from it.
///
/// A label that cannot be written is an error of kind `Config`.
pub fn next(series: &Series, zone: Tz, since: DateTime<Utc>, others: &[&Issue], label: Option<&str>) -> Result<Number> {
    let numbering = &series.numbering;
    let CalendarDate { year, month, .. } = calendar::name(local(since, zone).date(), series.calendar);
    let first_year = first_year(series, others, year);
    let same_count = |other: &&&Issue| !numbering.restart_yearly || other.number.year == year;
    let highest = others.iter().filter(same_count).map(|other| other.number.number).max();
    let least = if numbering.restart_yearly && year > first_year { 1 } else { numbering.first_number };
    let counted = highest.map_or(least, |highest| highest.saturating_add(1).max(least));
    let number = label.and_then(|label| with_ascii_digits(label.trim()).parse().ok()).unwrap_or(counted);
    let volume = numbering.first_volume.map(|first| first.saturating_add(u64::from(year.abs_diff(first_year))));
    let label = match label {
        Some(label) => label.trim().to_owned(),
        None => numbering
            .write(|field| match field {
                "number" => Some(number),
                "year" => u64::try_from(year).ok(),
                "month" => Some(u64::from(month)),
                _ => volume,
            })
            .map_err(|fault| {
                Error::new(ErrorKind::Config, format!("series `{}`: {}", series.key, fault.message)).hint(fault.hint)
            })?,
    };
    Ok(Number { number, year, volume, label })
}

/// The year of the series' first issue.
fn first_year(series: &Series, others: &[&Issue], year: i32) -> i32 {
    let configured = series.since.map(|day| calendar::name(day, series.calendar).year);
    let made = others.iter().filter(|other| other.imported_pdf.is_none()).map(|other| other.number.year).min();
    configured.into_iter().chain(made).min().unwrap_or(year).min(year)
}

/// The issue that bears a number's label already: in the same year, where the count starts again with each.
#[must_use]
pub fn bearer<'i>(series: &Series, number: &Number, others: &[&'i Issue]) -> Option<&'i Issue> {
    let same_count = |other: &Issue| !series.numbering.restart_yearly || other.number.year == number.year;
    others.iter().copied().find(|other| other.number.label == number.label && same_count(other))
}

/// What is amiss in the numbers of a series: folders missing between the first and the last, numbers skipped, a label
/// that two issues bear.
#[must_use]
pub fn faults(series: &Series, issues: &[&Issue]) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let ordinals: BTreeSet<u64> = issues.iter().map(|issue| issue.ordinal()).collect();
    for missing in gaps(&ordinals) {
        warnings.push(Warning::new(format!("there is no issue {}/{missing}, but there are later ones", series.key)));
    }
    // Back issues may be brought in one by one: what lacks between them and the first issue made here was not skipped.
    let own: Vec<u64> =
        issues.iter().filter(|issue| issue.imported_pdf.is_none()).map(|issue| issue.number.number).collect();
    let first_own = own.iter().min().copied().unwrap_or(u64::MAX);
    let mut counts: BTreeMap<i32, BTreeSet<u64>> = BTreeMap::new();
    let mut labels: BTreeMap<(&str, i32), Vec<String>> = BTreeMap::new();
    for issue in issues {
        let year = if series.numbering.restart_yearly { issue.number.year } else { 0 };
        if issue.imported_pdf.is_none() || issue.number.number > first_own {
            counts.entry(year).or_default().insert(issue.number.number);
        }
        labels.entry((&issue.number.label, year)).or_default().push(issue.key.to_string());
    }
    for (year, numbers) in &counts {
        let of = if series.numbering.restart_yearly { format!(" of {year}") } else { String::new() };
        for missing in gaps(numbers) {
            warnings.push(Warning::new(format!("series `{}` has skipped number {missing}{of}", series.key)));
        }
    }
    for ((label, _), bearers) in labels.iter().filter(|(_, bearers)| bearers.len() > 1) {
        warnings.push(Warning::new(format!("the label `{label}` is that of {}", bearers.join(" and "))));
    }
    warnings
}

/// What lacks between the least and the greatest: "4", or "4 to 9".
fn gaps(numbers: &BTreeSet<u64>) -> Vec<String> {
    let pairs = numbers.iter().zip(numbers.iter().skip(1));
    pairs
        .filter(|(before, after)| **after - **before > 1)
        .map(|(before, after)| match after - before {
            2 => format!("{}", before + 1),
            _ => format!("{} to {}", before + 1, after - 1),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use chrono_tz::Tz;

    use super::{faults, next};
    use crate::assemble::fixture::{at, post, run, series};
    use crate::model::{Calendar, Issue, Numbering, Post, Series, WindowRule};

    fn numbered(label: &str, restart_yearly: bool, first_volume: Option<u64>) -> Series {
        let numbering = Numbering { first_number: 7, restart_yearly, first_volume, label: label.to_owned() };
        Series { numbering, ..series(WindowRule::Monthly) }
    }

    /// Issues of three months around a new year.
    fn issues(series: &Series) -> Vec<Issue> {
        let dates = ["2025-11-03T00:00:00Z", "2025-12-03T00:00:00Z", "2026-01-03T00:00:00Z"];
        let posts: Vec<Post> = dates.iter().map(|date| post(&date[..7], at(date))).collect();
        let mut issues = Vec::new();
        run(series, Tz::UTC, &posts, &mut issues, at("2026-02-01T00:00:00Z"));
        issues
    }

    #[test]
    fn a_label_in_other_digits_is_counted_from() {
        let since = at("2026-02-01T00:00:00Z");
        let number = next(&numbered("{number}", false, None), Tz::UTC, since, &[], Some("۹۱")).unwrap();
        assert_eq!((number.number, number.label.as_str()), (91, "۹۱"));
    }

    fn labels(series: &Series) -> Vec<String> {
        issues(series).into_iter().map(|issue| issue.number.label).collect()
    }

    #[test]
    fn the_count_goes_on_or_starts_again_each_year() {
        assert_eq!(labels(&numbered("{number}", false, None)), ["7", "8", "9"]);
        assert_eq!(labels(&numbered("{year}/{number:2}", true, None)), ["2025/07", "2025/08", "2026/01"]);
        assert_eq!(
            labels(&numbered("{volume}.{number} ({month})", false, Some(3))),
            ["3.7 (11)", "3.8 (12)", "4.9 (1)"]
        );
        let persian = Series { calendar: Calendar::Persian, ..numbered("{year}-{month:2}", false, None) };
        assert_eq!(labels(&persian), ["1404-08", "1404-09", "1404-10"]);
    }

    #[test]
    fn the_editors_label_is_printed_and_a_plain_number_is_counted_from() {
        let series = numbered("No. {number}", false, None);
        let since = at("2026-02-01T00:00:00Z");
        let mut made = issues(&series);
        let special = next(&series, Tz::UTC, since, &made.iter().collect::<Vec<_>>(), Some(" Summer ")).unwrap();
        assert_eq!((special.label.as_str(), special.number), ("Summer", 10));
        made[2].number = next(&series, Tz::UTC, since, &[], Some("100")).unwrap();
        let after = next(&series, Tz::UTC, since, &made.iter().collect::<Vec<_>>(), None).unwrap();
        assert_eq!(after.label, "No. 101");
    }

    #[test]
    fn a_label_that_asks_for_what_there_is_not_is_an_error() {
        let error = next(&numbered("{season}", false, None), Tz::UTC, at("2026-02-01T00:00:00Z"), &[], None);
        assert_eq!(
            error.unwrap_err().to_string(),
            "series `newsletter`: the label `{season}` asks for `season`\n  \
             allowed: `{number}`, `{year}`, `{month}`, `{volume}`"
        );
    }

    #[test]
    fn gaps_and_doubles_are_told() {
        let series = numbered("{number}", false, None);
        let mut made = issues(&series);
        assert_eq!(faults(&series, &made.iter().collect::<Vec<_>>()), []);
        made[1].key.ordinal = 5;
        made[1].number.number = 12;
        made[1].number.label = "7".to_owned();
        let told: Vec<String> =
            faults(&series, &made.iter().collect::<Vec<_>>()).iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            [
                "there is no issue newsletter/2, but there are later ones",
                "there is no issue newsletter/4, but there are later ones",
                "series `newsletter` has skipped number 8",
                "series `newsletter` has skipped number 10 to 11",
                "the label `7` is that of newsletter/0001 and newsletter/0005",
            ]
        );
    }
}

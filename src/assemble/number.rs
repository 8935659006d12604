//! Which number an issue bears, and what is amiss in a row of numbers.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::calendar;
use super::window::local;
use crate::error::{Error, ErrorKind, Result, Warning};
use crate::model::{CalendarDate, Issue, Number, Series};

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
    let number = label.and_then(|label| label.trim().parse().ok()).unwrap_or(counted);
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

/// What is amiss in the numbers of a series: folders missing between the first and the last, numbers skipped, a label
/// that two issues bear.
#[must_use]
pub fn faults(series: &Series, issues: &[&Issue]) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let ordinals: BTreeSet<u64> = issues.iter().map(|issue| issue.ordinal()).collect();
    for missing in gaps(&ordinals) {
        warnings.push(Warning::new(format!("there is no issue {}/{missing}, but there are later ones", series.key)));
    }
    let mut counts: BTreeMap<i32, BTreeSet<u64>> = BTreeMap::new();
    let mut labels: BTreeMap<(&str, i32), Vec<String>> = BTreeMap::new();
    for issue in issues {
        let year = if series.numbering.restart_yearly { issue.number.year } else { 0 };
        counts.entry(year).or_default().insert(issue.number.number);
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

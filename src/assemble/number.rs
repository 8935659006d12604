//! Which number an issue bears, and what is amiss in a row of numbers.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::window::local;
use super::{calendar, label};
use crate::error::{Error, ErrorKind, Result, Warning};
use crate::model::{CalendarDate, Issue, Number, Series};

/// The number of an issue whose window begins at `since`, after `others`: the issues of the series that are frozen,
/// and the drafts before this one. One more than the highest number given (in the same year, where the count starts
/// again with each), but not below `first_number`; back issues count, ordinals do not, so that an import of number 91
/// moves nothing. The editor's label is printed instead of the one the template makes, and when it says a number, as the
/// template has it or plainly, the count goes on from it; of a double issue from the greater. What the template makes is no
/// label that another issue bears: the count goes on past it.
///
/// A label that cannot be written is an error of kind `Config`.
pub fn next(series: &Series, zone: Tz, since: DateTime<Utc>, others: &[&Issue], label: Option<&str>) -> Result<Number> {
    let numbering = &series.numbering;
    let CalendarDate { year, month, .. } = calendar::name(local(since, zone).date(), series.calendar);
    let first_year = first_year(series, others, year);
    let highest = others
        .iter()
        .filter(|other| is_same_count(series, other, year))
        .map(|other| *numbers_of(series, other).end())
        .max();
    let least = if numbering.restart_yearly && year > first_year { 1 } else { numbering.first_number };
    let counted = highest.map_or(least, |highest| highest.saturating_add(1).max(least));
    let volume = numbering.first_volume.map(|first| first.saturating_add(u64::from(year.abs_diff(first_year))));
    if let Some(label) = label.map(str::trim) {
        let number = label::said(numbering, year, label).map_or(counted, |said| *said.end());
        return Ok(Number { number, year, volume, label: label.to_owned() });
    }
    let numbered = |number: u64| -> Result<Number> {
        let label = numbering.write(|field| match field {
            "number" => Some(number),
            "year" => u64::try_from(year).ok(),
            "month" => Some(u64::from(month)),
            _ => volume,
        });
        let label = label.map_err(|fault| {
            Error::new(ErrorKind::Config, format!("series `{}`: {}", series.key, fault.message)).hint(fault.hint)
        })?;
        Ok(Number { number, year, volume, label })
    };
    let mut number = numbered(counted)?;
    // Labels without a number are the same however far one counts.
    for _ in others.iter().filter(|_| numbering.label.contains("{number")) {
        if bearer(series, &number.label, year, others).is_none() {
            break;
        }
        number = numbered(number.number.saturating_add(1))?;
    }
    Ok(number)
}

/// The numbers that an issue has: more than one for a double issue. Earlier versions counted `7-8` as one with the number
/// that was next, which is then its first.
fn numbers_of(series: &Series, issue: &Issue) -> RangeInclusive<u64> {
    let Number { number, year, label, .. } = &issue.number;
    let said = label::said(&series.numbering, *year, label)
        .filter(|said| said.end() == number || (said.start() == number && *said.end() == number.saturating_add(1)));
    said.unwrap_or(*number..=*number)
}

/// The year of the series' first issue.
fn first_year(series: &Series, others: &[&Issue], year: i32) -> i32 {
    let configured = series.since.map(|day| calendar::name(day, series.calendar).year);
    let made = others.iter().filter(|other| other.imported_pdf.is_none()).map(|other| other.number.year).min();
    configured.into_iter().chain(made).min().unwrap_or(year).min(year)
}

/// Whether an issue is counted with those of `year`: where the count starts again with each year, only its own are.
fn is_same_count(series: &Series, issue: &Issue, year: i32) -> bool {
    !series.numbering.restart_yearly || issue.number.year == year
}

/// The issue that bears a label already, as readers see it, who have each in the digits of their language: in the same year,
/// where the count starts again with each.
#[must_use]
pub fn bearer<'i>(series: &Series, label: &str, year: i32, others: &[&'i Issue]) -> Option<&'i Issue> {
    let is_borne_by = |other: &&Issue| is_same_count(series, other, year) && label::is_same(&other.number.label, label);
    others.iter().copied().find(is_borne_by)
}

/// What is amiss in the numbers of a series: folders missing between the first and the last, numbers skipped, a label
/// that two issues bear. Labels that differ in their digits alone are no fault here: they are refused when an issue is frozen,
/// and those that were frozen before that was so can be changed by nobody.
#[must_use]
pub fn faults(series: &Series, issues: &[&Issue]) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let ordinals: BTreeSet<u64> = issues.iter().map(|issue| issue.ordinal()).collect();
    for missing in gaps(&ordinals) {
        warnings.push(Warning::new(format!("there is no issue {}/{missing}, but there are later ones", series.key)));
    }
    let count_of = |issue: &Issue| if series.numbering.restart_yearly { issue.number.year } else { 0 };
    // Back issues may be brought in one by one: what lacks between them and the first issue made here was not skipped.
    let mut first_own: BTreeMap<i32, u64> = BTreeMap::new();
    for issue in issues.iter().filter(|issue| issue.imported_pdf.is_none()) {
        let first = first_own.entry(count_of(issue)).or_insert(u64::MAX);
        *first = (*first).min(issue.number.number);
    }
    let mut counts: BTreeMap<i32, BTreeSet<u64>> = BTreeMap::new();
    let mut labels: BTreeMap<(&str, i32), Vec<String>> = BTreeMap::new();
    for issue in issues {
        let year = count_of(issue);
        let first_own = first_own.get(&year);
        if issue.imported_pdf.is_none() || first_own.is_some_and(|first| issue.number.number > *first) {
            counts.entry(year).or_default().extend(numbers_of(series, issue));
        }
        labels.entry((&issue.number.label, year)).or_default().push(issue.key.to_string());
    }
    for (year, numbers) in &mut counts {
        // Earlier versions counted an issue otherwise than its label says.
        let of_year = issues.iter().filter(|issue| is_same_count(series, issue, *year));
        let said = of_year.filter_map(|issue| label::said(&series.numbering, issue.number.year, &issue.number.label));
        let ends = numbers.first().copied().unwrap_or(0)..numbers.last().copied().unwrap_or(0);
        numbers.extend(said.flatten().filter(|number| ends.contains(number)).collect::<Vec<_>>());
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

    use super::{bearer, faults, next};
    use crate::assemble::fixture::{at, post, run, series};
    use crate::model::{Calendar, Issue, Number, Numbering, Post, Series, WindowRule};

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

    /// The labels of issues in these months, each after the ones before, with a label of its editor's or without.
    fn counted(series: &Series, issues: &[(&str, Option<&str>)]) -> Vec<String> {
        let mut made: Vec<Issue> = Vec::new();
        let template = self::issues(&Series { numbering: Numbering::default(), ..series.clone() }).remove(0);
        for (day, label) in issues {
            let others: Vec<&Issue> = made.iter().collect();
            let number = next(series, Tz::UTC, at(&format!("{day}T00:00:00Z")), &others, *label).unwrap();
            let mut issue = Issue { number, ..template.clone() };
            issue.key.ordinal = made.len() as u64 + 1;
            made.push(issue);
        }
        assert_eq!(faults(series, &made.iter().collect::<Vec<_>>()), [], "no number lacks, and none is there twice");
        made.into_iter().map(|issue| issue.number.label).collect()
    }

    #[test]
    fn after_a_double_issue_the_count_goes_on_from_the_greater_number() {
        let plain = numbered("{number}", false, None);
        let months = |label| [("2026-06-01", Some("6")), ("2026-07-01", Some(label)), ("2026-09-01", None)];
        for label in ["7-8", "7/8", "7–8", "۷-۸", "٧/٨"] {
            assert_eq!(counted(&plain, &months(label)), ["6", label, "9"]);
        }
        let yearly = numbered("{year}/{number:2}", true, None);
        let labels = counted(
            &Series { numbering: Numbering { first_number: 1, ..yearly.numbering.clone() }, ..yearly },
            &[
                ("2026-10-01", None),
                ("2026-11-01", Some("2026/2-3")),
                ("2026-12-01", None),
                ("2027-01-01", Some("2027/1–2")),
                ("2027-03-01", None),
            ],
        );
        assert_eq!(labels, ["2026/01", "2026/2-3", "2026/04", "2027/1–2", "2027/03"]);
    }

    #[test]
    fn a_double_issue_of_an_earlier_version_is_counted_from_as_well() {
        let series = numbered("{number}", false, None);
        let mut made = issues(&series);
        (made[2].number.number, made[2].number.label) = (9, "9-10".to_owned());
        let after = |made: &[Issue], label: &str| {
            let series = numbered(label, false, None);
            let others: Vec<&Issue> = made.iter().collect();
            next(&series, Tz::UTC, at("2026-02-01T00:00:00Z"), &others, None).unwrap().label
        };
        assert_eq!(after(&made, "{number}"), "11");
        // That is what this template makes, and one number.
        assert_eq!(after(&made, "{number}-{month}"), "10-2");
        // An issue that was counted otherwise than its label says has skipped nothing.
        let mut said = made.clone();
        (said[1].number.number, said[1].number.label) = (7, "8".to_owned());
        assert_eq!(faults(&series, &said.iter().collect::<Vec<_>>()), []);
        // Nor does a label of another template count.
        made[2].number.label = "2026".to_owned();
        assert_eq!(after(&made, "{number}"), "10");
    }

    #[test]
    fn no_label_is_made_that_another_issue_bears() {
        let series = numbered("{year}/{number}", false, None);
        let labels = counted(&series, &[("2026-08-01", None), ("2026-09-01", Some("2026/8")), ("2026-10-01", None)]);
        assert_eq!(labels, ["2026/7", "2026/8", "2026/9"]);
        let mut made = issues(&series);
        made[0].number.label = "۲۰۲۶/۱۰".to_owned();
        let others: Vec<&Issue> = made.iter().collect();
        let after = next(&series, Tz::UTC, at("2026-02-01T00:00:00Z"), &others, None).unwrap();
        assert_eq!((after.label.as_str(), after.number), ("2026/11", 11));
        let months = numbered("{month}", false, None);
        let others = [("2025-02-01", None), ("2025-03-01", None)];
        assert_eq!(counted(&months, &others), ["2", "3"]);
        made[0].number.label = "2".to_owned();
        let again = next(&months, Tz::UTC, at("2026-02-01T00:00:00Z"), &[&made[0]], None).unwrap();
        assert_eq!(again.label, "2", "such labels are told when they are frozen");
    }

    #[test]
    fn a_label_is_borne_as_readers_see_it_and_by_issues_of_the_same_count() {
        let yearly = numbered("{number}", true, None);
        let mut made = issues(&yearly);
        made[1].number.label = "۹".to_owned();
        let others: Vec<&Issue> = made.iter().collect();
        let bearer = |series, label, year| bearer(series, label, year, &others).map(Issue::ordinal);
        assert_eq!(bearer(&yearly, " 9\u{200f}", 2025), Some(2));
        assert_eq!((bearer(&yearly, "9", 2026), bearer(&yearly, "1", 2026)), (None, Some(3)));
        let plain = numbered("{number}", false, None);
        assert_eq!((bearer(&plain, "9", 2026), bearer(&plain, "10", 2026)), (Some(2), None));
    }

    #[test]
    fn what_was_frozen_under_one_label_in_other_digits_is_no_fault_for_ever() {
        let series = numbered("{number}", false, None);
        let mut made = issues(&series);
        made[1].number.label = "۷".to_owned();
        assert_eq!(faults(&series, &made.iter().collect::<Vec<_>>()), []);
        made[1].number.label = "7".to_owned();
        assert_eq!(faults(&series, &made.iter().collect::<Vec<_>>()).len(), 1);
    }

    #[test]
    fn back_issues_of_a_year_without_others_have_skipped_nothing() {
        let series = numbered("{number}", true, None);
        let mut made = issues(&series);
        for (number, issue) in [1, 9].into_iter().zip(&mut made) {
            issue.imported_pdf = Some("a.pdf".to_owned());
            issue.number = Number { number, year: 2024, volume: None, label: number.to_string() };
        }
        assert_eq!(faults(&series, &made.iter().collect::<Vec<_>>()), []);
        made[0].number.year = 2026;
        made[1].number.year = 2026;
        assert_eq!(faults(&series, &made.iter().collect::<Vec<_>>()).len(), 2, "2 to 8 lack, and 1 is there twice");
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

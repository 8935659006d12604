//! What is due, and when.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;

use super::{Action, Agenda, Line, catching_up, due, next_window, opened_window};
use crate::assemble::fixture::{at, post, run, run_on, series, slugs};
use crate::assemble::window::describe;
use crate::model::{FreezePolicy, Issue, OnEmpty, Post, Series, WindowRule};

const ZONE: Tz = Tz::Europe__Tirane;

fn monthly() -> Series {
    Series { since: Some("2026-01-01".parse().unwrap()), ..series(WindowRule::Monthly) }
}

fn day(text: &str) -> DateTime<Utc> {
    at(&format!("2026-{text}T12:00:00Z"))
}

fn agenda(series: &Series, issues: &[Issue], pending: &[DateTime<Utc>], now: DateTime<Utc>) -> Agenda {
    let issues: Vec<&Issue> = issues.iter().collect();
    let next_ordinal = issues.iter().map(|issue| issue.ordinal()).max().unwrap_or(0) + 1;
    due(Line { series, zone: ZONE, issues: &issues, closed: &[], next_ordinal, pending, now, horizon: now })
}

fn words(agenda: &Agenda) -> Vec<String> {
    let word = |action: &Action| match *action {
        Action::Create { ordinal, window } => format!("create {ordinal} {}", describe(window, ZONE)),
        Action::Freeze { ordinal } => format!("freeze {ordinal}"),
        Action::Wait { ordinal, until } => {
            format!("wait {ordinal} {}", until.map_or_else(String::new, |u| u.to_string()))
        }
        Action::EmptyDraft { ordinal, .. } => format!("empty {ordinal}"),
        Action::SkipEmpty { window, windows } => format!("skip {windows} {}", describe(window, ZONE)),
        Action::CloseGap { window, windows } => format!("gap {windows} {}", describe(window, ZONE)),
        Action::WaitEmpty { window, until } => format!("wait empty {} {until}", describe(window, ZONE)),
        Action::Hold { window } => format!("hold {}", describe(window, ZONE)),
        Action::Fail { window } => format!("fail {}", describe(window, ZONE)),
    };
    let mut words: Vec<String> = agenda.actions.iter().map(word).collect();
    words.push(format!("undecided {}", describe(agenda.undecided, ZONE)));
    words
}

#[test]
fn catching_up_makes_an_issue_of_each_window_with_posts_and_tells_the_empty_ones() {
    let pending = [day("01-05"), day("01-09"), day("04-20")];
    assert_eq!(
        words(&agenda(&monthly(), &[], &pending, day("06-10"))),
        [
            "create 1 [2026-01-01, 2026-02-01)",
            "freeze 1",
            "skip 2 [2026-02-01, 2026-04-01)",
            "create 2 [2026-04-01, 2026-05-01)",
            "freeze 2",
            "skip 1 [2026-05-01, 2026-06-01)",
            "undecided [2026-06-01, 2026-07-01)",
        ]
    );
}

#[test]
fn hold_extends_a_window_and_fail_stops_at_it() {
    let pending = [day("01-05"), day("04-20")];
    let hold = Series { on_empty: OnEmpty::Hold, ..monthly() };
    assert_eq!(
        words(&agenda(&hold, &[], &pending, day("06-10"))),
        [
            "create 1 [2026-01-01, 2026-02-01)",
            "freeze 1",
            "create 2 [2026-02-01, 2026-05-01)",
            "freeze 2",
            "hold [2026-05-01, 2026-06-01)",
            "undecided [2026-05-01, 2026-07-01)",
        ]
    );
    let fail = Series { on_empty: OnEmpty::Fail, ..monthly() };
    assert_eq!(
        words(&agenda(&fail, &[], &pending, day("06-10"))),
        [
            "create 1 [2026-01-01, 2026-02-01)",
            "freeze 1",
            "fail [2026-02-01, 2026-03-01)",
            "undecided [2026-02-01, 2026-03-01)",
        ]
    );
}

#[test]
fn a_draft_waits_as_long_as_its_series_says() {
    let after = Series { freeze: FreezePolicy::After(TimeDelta::days(3)), ..monthly() };
    let mut issues = Vec::new();
    let posts = [post("a", day("01-05"))];
    run(&after, ZONE, &posts, &mut issues, day("02-02"));
    assert_eq!(
        words(&agenda(&after, &issues, &[], day("02-03"))),
        ["wait 1 2026-02-03 23:00:00 UTC", "undecided [2026-01-01, 2026-02-01)"]
    );
    assert_eq!(words(&agenda(&after, &issues, &[], day("02-04"))), ["freeze 1", "undecided [2026-02-01, 2026-03-01)"]);
    let manual = Series { freeze: FreezePolicy::Manual, ..monthly() };
    assert_eq!(words(&agenda(&manual, &issues, &[], day("02-04")))[0], "wait 1 ");
    issues[0].sections.clear();
    assert_eq!(words(&agenda(&after, &issues, &[], day("02-04")))[0], "empty 1");
}

#[test]
fn a_late_post_goes_into_the_next_issue_even_when_its_own_window_was_skipped() {
    let (early, skipped, next) =
        (post("early", day("01-05")), post("skipped", day("02-05")), post("next", day("03-05")));
    let (mut issues, mut closed) = (Vec::new(), Vec::new());
    let mut posts: Vec<Post> = vec![early, next];
    run_on(&monthly(), ZONE, &posts, (&mut issues, &mut closed), day("04-02"));
    posts.extend([skipped, post("late", day("01-06")), post("april", day("04-07"))]);
    let april = run_on(&monthly(), ZONE, &posts, (&mut issues, &mut closed), day("04-20"));
    assert_eq!(april, [], "April has not closed");
    run_on(&monthly(), ZONE, &posts, (&mut issues, &mut closed), day("05-02"));
    let printed: Vec<Vec<String>> = issues.iter().map(slugs).collect();
    assert_eq!(printed, [vec!["early"], vec!["next"], vec!["late+", "skipped+", "april"]]);
}

#[test]
fn what_lies_between_issues_without_a_record_is_told() {
    let posts = [post("early", day("01-05")), post("next", day("04-05"))];
    let (mut issues, mut closed) = (Vec::new(), Vec::new());
    run_on(&monthly(), ZONE, &posts, (&mut issues, &mut closed), day("05-02"));
    assert_eq!((issues.len(), closed.len()), (2, 1));
    closed.clear();
    issues.remove(0);
    let again = agenda(&monthly(), &issues, &[], day("05-03"));
    assert_eq!(words(&again), ["gap 3 [2026-01-01, 2026-04-01)", "undecided [2026-05-01, 2026-06-01)"]);
    let manual = Series { rule: WindowRule::Manual, ..monthly() };
    assert!(agenda(&manual, &issues, &[], day("05-03")).actions.is_empty());
}

#[test]
fn an_empty_window_waits_as_long_as_a_draft_would() {
    let after = Series { freeze: FreezePolicy::After(TimeDelta::days(3)), ..monthly() };
    let pending = [day("01-05"), day("03-01")];
    assert_eq!(
        words(&agenda(&after, &[], &pending, day("03-02"))),
        [
            "create 1 [2026-01-01, 2026-02-01)",
            "freeze 1",
            "wait empty [2026-02-01, 2026-03-01) 2026-03-03 23:00:00 UTC",
            "undecided [2026-02-01, 2026-03-01)",
        ]
    );
    assert_eq!(words(&agenda(&after, &[], &pending, day("03-04")))[2], "skip 1 [2026-02-01, 2026-03-01)");
    let fail = Series { on_empty: OnEmpty::Fail, ..after };
    assert!(words(&agenda(&fail, &[], &pending, day("03-02")))[2].starts_with("wait empty"));
}

#[test]
fn a_series_without_since_begins_with_the_window_of_its_oldest_post() {
    let series = series(WindowRule::Monthly);
    let agenda = agenda(&series, &[], &[day("03-15")], day("04-02"));
    assert_eq!(words(&agenda)[0], "create 1 [2026-03-01, 2026-04-01)");
}

#[test]
fn only_an_issue_followed_by_a_closed_window_is_made_in_catching_up() {
    let window = crate::model::Window { since: at("2025-12-31T23:00:00Z"), until: at("2026-01-31T23:00:00Z") };
    assert!(!catching_up(&monthly(), ZONE, window, day("02-20")));
    assert!(catching_up(&monthly(), ZONE, window, day("03-02")));
}

#[test]
fn an_editor_opens_the_next_window_or_one_of_their_own() {
    let mut issues = Vec::new();
    run(&monthly(), ZONE, &[post("a", day("01-05"))], &mut issues, day("02-02"));
    let shelf: Vec<&Issue> = issues.iter().collect();
    let series = monthly();
    let now = day("02-20");
    let line = Line {
        series: &series,
        zone: ZONE,
        issues: &shelf,
        closed: &[],
        next_ordinal: 2,
        pending: &[],
        now,
        horizon: now,
    };
    assert_eq!(describe(next_window(line).unwrap(), ZONE), "[2026-02-01, 2026-03-01)");
    let window = opened_window(line, None, None).unwrap();
    assert_eq!(describe(window, ZONE), "[2026-02-01, 2026-02-20 13:00)");
    assert!(window.contains(now));
    let overlap = opened_window(line, Some(day("01-20")), None).unwrap_err();
    assert!(overlap.to_string().ends_with("overlaps [2026-01-01, 2026-02-01), that of newsletter/0001"), "{overlap}");
    assert!(opened_window(line, Some(now), Some(day("02-01"))).is_err());
}

#[test]
fn the_time_that_editors_have_is_no_catching_up() {
    let weekly =
        Series { freeze: FreezePolicy::After(TimeDelta::days(8)), ..series(WindowRule::Weekly(chrono::Weekday::Mon)) };
    let window = crate::model::Window { since: at("2026-07-05T22:00:00Z"), until: at("2026-07-12T22:00:00Z") };
    assert!(!catching_up(&weekly, ZONE, window, at("2026-07-21T08:00:00Z")));
    assert!(catching_up(&weekly, ZONE, window, at("2026-07-28T08:00:00Z")));
}

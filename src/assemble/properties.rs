//! Properties of the whole stage: no post twice in a series, none without a verdict.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc, Weekday};
use chrono_tz::Tz;
use proptest::collection::vec;
use proptest::prelude::{Strategy, any, prop_assert, prop_assert_eq, proptest};
use proptest::sample::select;
use proptest::test_runner::TestCaseError;

use super::closed::Closed;
use super::editorial::Editorial;
use super::fixture::{at, post, publication, run, run_on, series};
use super::ledger::Ledger;
use super::plan::{Scope, plan};
use super::schedule::Action;
use super::window::midnight;
use crate::model::{Calendar, Issue, Language, OnEmpty, Outcome, Post, Reason, Series, Window, WindowRule};

const ZONES: [Tz; 6] = [
    Tz::Europe__Tirane,
    Tz::Asia__Tehran,
    Tz::America__Sao_Paulo,
    Tz::Africa__Cairo,
    Tz::Pacific__Apia,
    Tz::Asia__Beirut,
];

const DAYS: i64 = 500;

/// The first day of the time the tests look at; Samoa skips a day in it.
fn epoch() -> DateTime<Utc> {
    at("2011-06-15T00:00:00Z")
}

fn a_series() -> impl Strategy<Value = (Series, Tz)> {
    let calendars = select([Calendar::Gregorian, Calendar::Persian, Calendar::Islamic].as_slice());
    let empties = select([OnEmpty::Skip, OnEmpty::Hold].as_slice());
    (0_u8..9, calendars, empties, select(ZONES.as_slice()), any::<bool>()).prop_map(
        |(kind, calendar, on_empty, zone, since)| {
            let rule = match kind {
                0 => WindowRule::Monthly,
                1 => WindowRule::Yearly,
                day => WindowRule::Weekly(Weekday::try_from(day - 2).unwrap()),
            };
            let since = since.then(|| "2011-07-10".parse().unwrap());
            (Series { calendar, since, on_empty, ..series(rule) }, zone)
        },
    )
}

/// Posts at any second, some of them drafts, some in Albanian, some with the id of another.
fn some_posts() -> impl Strategy<Value = Vec<Post>> {
    vec((0..DAYS * 86_400, 0_u8..12, 0_u32..60), 0..40).prop_map(|facts| {
        let made = facts.into_iter().map(|(second, kind, name)| {
            let post = post(&format!("p{name}"), epoch() + TimeDelta::seconds(second));
            let language = Language::parse(if kind == 1 { "sq" } else { "en-GB" }).unwrap();
            Post { draft: kind == 0, language, ..post }
        });
        made.collect()
    })
}

/// Each taken post with its issue; a failure when one is in two.
fn printed(issues: &[Issue]) -> Result<BTreeMap<String, u64>, TestCaseError> {
    let mut printed = BTreeMap::new();
    for issue in issues {
        for article in issue.articles() {
            let before = printed.insert(article.post.id.0.clone(), issue.ordinal());
            prop_assert_eq!(before, None, "{} is printed twice", article.post.id);
        }
    }
    Ok(printed)
}

/// Every post is in an issue or has a reason in the plan of the window that is open.
fn all_have_verdicts(
    series: &Series,
    zone: Tz,
    posts: &[Post],
    issues: &[Issue],
    now: DateTime<Utc>,
) -> Result<(), TestCaseError> {
    let printed = printed(issues)?;
    let publication = publication(zone);
    let mut ledger = Ledger::new(series, &publication, posts, now);
    for issue in issues {
        ledger.record(issue);
    }
    let end = issues.iter().map(|issue| issue.window.until).max();
    let since = end.or(series.since.map(|day| midnight(day, zone))).unwrap_or(epoch());
    let open = Window { since, until: DateTime::<Utc>::MAX_UTC };
    let plan = plan(series, &ledger, open, &Editorial::default(), Scope::Everything);
    prop_assert_eq!(plan.verdicts.len(), posts.len());
    for verdict in &plan.verdicts {
        let in_issue = matches!(&verdict.outcome, Outcome::Out(Reason::AlreadyIn { .. }));
        let double = matches!(&verdict.outcome, Outcome::Out(Reason::DuplicateId { .. }));
        prop_assert!(double || in_issue == printed.contains_key(&verdict.post.0), "{verdict:?}");
    }
    Ok(())
}

/// From where to where windows are decided, each instant by one issue or one record alone, and none left out.
fn decided(issues: &[Issue], closed: &[Closed]) -> Result<Option<Window>, TestCaseError> {
    let mut windows: Vec<Window> = issues.iter().map(|issue| issue.window).collect();
    windows.extend(closed.iter().map(|closed| closed.window));
    windows.sort_unstable();
    for pair in windows.windows(2) {
        prop_assert_eq!(pair[0].until, pair[1].since);
    }
    Ok(windows.first().zip(windows.last()).map(|(first, last)| Window { since: first.since, until: last.until }))
}

proptest! {
    #[test]
    fn catching_up_at_once_is_the_same_as_a_run_each_day(
        (series, zone) in a_series(),
        posts in some_posts(),
        stride in 1_i64..40,
    ) {
        let end = epoch() + TimeDelta::days(DAYS + 40);
        // A series without `since` begins with its oldest post, which a run before that post cannot know.
        let (mut at_once, mut closed_at_once) = (Vec::new(), Vec::new());
        run_on(&series, zone, &posts, (&mut at_once, &mut closed_at_once), end);
        let (mut stepwise, mut closed_stepwise) = (Vec::new(), Vec::new());
        let mut now = epoch();
        while now < end {
            run_on(&series, zone, &posts, (&mut stepwise, &mut closed_stepwise), now);
            now += TimeDelta::days(stride);
        }
        run_on(&series, zone, &posts, (&mut stepwise, &mut closed_stepwise), end);
        let printed_alike = |issue: &Issue| {
            (issue.key.clone(), issue.window, issue.number.clone(), issue.sections.clone())
        };
        prop_assert_eq!(
            at_once.iter().map(printed_alike).collect::<Vec<_>>(),
            stepwise.iter().map(printed_alike).collect::<Vec<_>>()
        );
        prop_assert!(at_once.iter().all(|issue| issue.articles().all(|article| !article.late)));
        prop_assert_eq!(decided(&at_once, &closed_at_once)?, decided(&stepwise, &closed_stepwise)?);
        all_have_verdicts(&series, zone, &posts, &at_once, end)?;
        let again = run_on(&series, zone, &posts, (&mut at_once.clone(), &mut closed_at_once.clone()), end);
        let is_new = |action: &Action| !matches!(action, Action::Wait { .. } | Action::Hold { .. });
        prop_assert!(!again.iter().any(is_new), "a second run made more: {:?}", again);
    }

    #[test]
    fn windows_of_issues_never_overlap_and_hold_their_posts(
        (series, zone) in a_series(),
        posts in some_posts(),
    ) {
        let mut issues = Vec::new();
        run(&series, zone, &posts, &mut issues, epoch() + TimeDelta::days(DAYS));
        for pair in issues.windows(2) {
            prop_assert!(pair[0].window.until <= pair[1].window.since);
            prop_assert_eq!(pair[0].number.number + 1, pair[1].number.number);
        }
        for issue in &issues {
            prop_assert!(issue.articles().all(|article| issue.window.contains(article.post.date())));
        }
    }

    #[test]
    fn late_arrivals_are_neither_lost_nor_printed_twice(
        (series, zone) in a_series(),
        early in some_posts(),
        late in some_posts(),
        arrival in 0..DAYS,
    ) {
        let end = epoch() + TimeDelta::days(DAYS + 400);
        let mut issues = Vec::new();
        run(&series, zone, &early, &mut issues, epoch() + TimeDelta::days(arrival));
        let posts: Vec<Post> = early.into_iter().chain(late).collect();
        run(&series, zone, &posts, &mut issues, end);
        all_have_verdicts(&series, zone, &posts, &issues, end)?;
    }

    #[test]
    fn a_run_that_was_killed_is_completed_by_the_next(
        (series, zone) in a_series(),
        posts in some_posts(),
        kept in 0_usize..20,
        thawed in any::<bool>(),
    ) {
        let now = epoch() + TimeDelta::days(DAYS);
        let mut whole = Vec::new();
        run(&series, zone, &posts, &mut whole, now);
        let mut cut: Vec<Issue> = whole.iter().take(kept).cloned().collect();
        if thawed && let Some(last) = cut.last_mut() {
            last.frozen = None;
        }
        run(&series, zone, &posts, &mut cut, now);
        prop_assert_eq!(cut, whole);
    }
}

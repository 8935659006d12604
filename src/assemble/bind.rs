//! Volumes: a series whose issues are made of another's.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;

use super::editorial::Editorial;
use super::plan::{Part, Placed, Plan};
use super::schedule::Agenda;
use super::window::{describe, midnight};
use crate::model::{Article, Issue, Outcome, PostId, Reason, Section, Series, Verdict, Window};

/// The last instant of an issue's window: the volume whose window holds it binds the issue.
fn last_instant(issue: &Issue) -> DateTime<Utc> {
    issue.window.until - TimeDelta::nanoseconds(1)
}

/// The frozen issues of the bound series that wait for a volume of `series`, in order of their windows, with those of
/// their articles that no volume has decided about. Back issues brought in as PDFs have no articles to bind, and issues
/// from before the series' `since` stay outside. Withdrawn ones are among them, for their articles to get a verdict.
fn waiting<'a>(
    series: &Series,
    zone: Tz,
    bound: &[&'a Issue],
    volumes: &[&Issue],
) -> Vec<(&'a Issue, Vec<&'a Article>)> {
    let verdicts = volumes.iter().flat_map(|volume| &volume.verdicts);
    let decided: BTreeSet<&PostId> = verdicts.map(|verdict| &verdict.post).collect();
    let begins = series.since.map(|day| midnight(day, zone));
    let mut waiting: Vec<(&Issue, Vec<&Article>)> = bound
        .iter()
        .filter(|issue| issue.frozen.is_some() && begins.is_none_or(|begins| begins <= last_instant(issue)))
        .map(|issue| {
            let articles = issue.sections.iter().flat_map(|section| &section.articles);
            (*issue, articles.filter(|article| !decided.contains(&article.post.id)).collect())
        })
        .filter(|(_, articles): &(_, Vec<&Article>)| !articles.is_empty())
        .collect();
    waiting.sort_by_key(|(issue, _)| (issue.window, issue.ordinal()));
    waiting
}

/// The dates of what waits for a volume, oldest first: what [`super::schedule::due`] takes instead of posts' dates.
/// `volumes` are the volumes there are, frozen or drafts.
#[must_use]
pub fn pending(series: &Series, zone: Tz, bound: &[&Issue], volumes: &[&Issue]) -> Vec<DateTime<Utc>> {
    let mut dates: Vec<DateTime<Utc>> = waiting(series, zone, bound, volumes)
        .into_iter()
        .filter(|(issue, _)| issue.withdrawn().is_none())
        .map(|(issue, _)| last_instant(issue))
        .collect();
    dates.sort_unstable();
    dates
}

/// The horizon for a volume's windows: they close only when every window of the bound series that ends in them has
/// been decided. `bound` is the bound series' agenda after it has been carried out.
#[must_use]
pub fn horizon(bound: &Agenda, now: DateTime<Utc>) -> DateTime<Utc> {
    now.min(bound.undecided.until - TimeDelta::nanoseconds(1))
}

/// Plans a volume: the waiting issues whose windows end in or before `window`, each a part of its own under its
/// series' title and label, with its articles as printed. `volumes` are the other volumes of the series. The editor
/// may leave out and retitle articles; their order is that of the bound issues unless the editor says otherwise.
#[must_use]
pub fn plan<'a>(
    series: &Series,
    zone: Tz,
    window: Window,
    bound: &[&'a Issue],
    volumes: &[&Issue],
    editorial: &Editorial,
) -> Plan<'a> {
    let mut issues = waiting(series, zone, bound, volumes);
    issues.retain(|(issue, _)| last_instant(issue) < window.until);
    arranged(issues, zone, window, editorial)
}

/// Plans a new revision of a frozen volume: the articles it was decided about, as the newest revisions of the bound
/// issues print them, and nothing that came later.
#[must_use]
pub fn amendment<'a>(zone: Tz, frozen: &Issue, bound: &[&'a Issue], editorial: &Editorial) -> Plan<'a> {
    let decided: BTreeSet<&PostId> = frozen.verdicts.iter().map(|verdict| &verdict.post).collect();
    let mut issues: Vec<(&Issue, Vec<&Article>)> = bound
        .iter()
        .map(|issue| {
            let articles = issue.sections.iter().flat_map(|section| &section.articles);
            (*issue, articles.filter(|article| decided.contains(&article.post.id)).collect())
        })
        .collect();
    issues.sort_by_key(|(issue, _)| (issue.window, issue.ordinal()));
    arranged(issues, zone, frozen.window, editorial)
}

/// Makes a part of each issue, less what the editor leaves out.
fn arranged<'a>(
    issues: Vec<(&'a Issue, Vec<&'a Article>)>,
    zone: Tz,
    window: Window,
    editorial: &Editorial,
) -> Plan<'a> {
    let mut parts = Vec::new();
    let mut verdicts = Vec::new();
    let mut within = Vec::new();
    for (issue, articles) in issues {
        let title = heading(issue);
        let late = last_instant(issue) < window.since;
        let mut posts = Vec::new();
        for article in articles {
            let post = &article.post;
            within.push(post);
            let outcome = if issue.withdrawn().is_some() {
                Outcome::Out(Reason::Withdrawn { issue: issue.key.clone() })
            } else if editorial.leaves_out(post) {
                Outcome::Out(Reason::LeftOut)
            } else {
                let own = editorial.title_of(post).map(str::to_owned);
                posts.push(Placed { post, title: own, late, band: band(issue, article) });
                Outcome::Taken { section: title.clone(), late }
            };
            let because = match outcome {
                Outcome::Out(Reason::Withdrawn { .. }) => format!("{} is withdrawn", issue.key),
                Outcome::Out(_) => "the editor of this volume leaves it out".to_owned(),
                Outcome::Taken { .. } => {
                    format!("it was printed in {}, whose window is {}", issue.key, describe(issue.window, zone))
                }
            };
            verdicts.push(Verdict { post: post.id.clone(), title: post.title.clone(), outcome, because });
        }
        posts.sort_by_key(|placed| editorial.rank(placed.post));
        if !posts.is_empty() {
            parts.push(Part { title, issue: Some(issue), posts });
        }
    }
    Plan { window, parts, verdicts, warnings: editorial.unknown_names(&within) }
}

/// The heading that an article stands under.
fn band<'a>(issue: &'a Issue, article: &Article) -> Option<&'a str> {
    let holds = |section: &&Section| section.articles.iter().any(|other| other.anchor == article.anchor);
    issue.sections.iter().find(holds).map(|section| section.title.as_str()).filter(|title| !title.is_empty())
}

/// "Newsletter 92", "Newsletter 92: Ink": in plain words, for lists of what is where.
fn heading(issue: &Issue) -> String {
    let name = format!("{} {}", issue.series.title, issue.number.label);
    match &issue.title {
        Some(title) => format!("{name}: {title}"),
        None => name,
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use chrono::{DateTime, Utc, Weekday};
    use chrono_tz::Tz;

    use super::{amendment, heading, horizon, pending, plan};
    use crate::assemble::draft::{Material, draft};
    use crate::assemble::editorial::{Editorial, parse};
    use crate::assemble::fixture::{at, post, publication, run, series};
    use crate::assemble::plan::Plan;
    use crate::assemble::schedule::{Action, Agenda, Line, due};
    use crate::model::{FreezePolicy, Issue, Post, Series, Window, WindowRule};

    const ZONE: Tz = Tz::UTC;

    fn digest() -> Series {
        let since = Some("2026-12-01".parse().unwrap());
        Series {
            key: "digest".to_owned(),
            title: "Digest".to_owned(),
            since,
            ..series(WindowRule::Weekly(Weekday::Mon))
        }
    }

    fn yearbook() -> Series {
        let since = Some("2026-01-01".parse().unwrap());
        let binds = Some("digest".to_owned());
        Series { key: "yearbook".to_owned(), since, binds, ..series(WindowRule::Yearly) }
    }

    /// Issues of weeks that close on 7, 21 and 28 December 2026 and 4 January 2027, and the digest's agenda then.
    fn bound(digest: &Series, now: DateTime<Utc>) -> (Vec<Issue>, Agenda) {
        let dates = ["2026-12-03", "2026-12-15", "2026-12-24", "2026-12-30"];
        let posts: Vec<Post> = dates.iter().map(|day| post(day, at(&format!("{day}T09:00:00Z")))).collect();
        let mut issues = Vec::new();
        run(digest, ZONE, &posts, &mut issues, now);
        let shelf: Vec<&Issue> = issues.iter().collect();
        let line = Line {
            series: digest,
            zone: ZONE,
            issues: &shelf,
            closed: &[],
            next_ordinal: 9,
            pending: &[],
            now,
            horizon: now,
        };
        let agenda = due(line);
        (issues, agenda)
    }

    fn volume_agenda(digest: &Series, now: DateTime<Utc>) -> Vec<Action> {
        let (issues, agenda) = bound(digest, now);
        let issues: Vec<&Issue> = issues.iter().collect();
        let yearbook = yearbook();
        let line = Line {
            series: &yearbook,
            zone: ZONE,
            issues: &[],
            closed: &[],
            next_ordinal: 1,
            pending: &pending(&yearbook, ZONE, &issues, &[]),
            now,
            horizon: horizon(&agenda, now),
        };
        due(line).actions
    }

    fn year() -> Window {
        Window { since: at("2026-01-01T00:00:00Z"), until: at("2027-01-01T00:00:00Z") }
    }

    #[test]
    fn a_volume_is_due_when_every_window_that_ends_in_it_is_decided() {
        let due = [Action::Create { ordinal: 1, window: year() }, Action::Freeze { ordinal: 1 }];
        assert_eq!(volume_agenda(&digest(), at("2026-12-31T23:00:00Z")), []);
        assert_eq!(volume_agenda(&digest(), at("2027-01-01T00:00:00Z")), due);
        let slow = Series { freeze: FreezePolicy::Manual, ..digest() };
        assert_eq!(volume_agenda(&slow, at("2027-01-02T00:00:00Z")), [], "the digests are drafts still");
    }

    fn parts(plan: &Plan<'_>) -> Vec<String> {
        let part = |part: &crate::assemble::plan::Part<'_>| {
            let slugs: Vec<&str> = part.posts.iter().map(|placed| placed.post.slug.as_str()).collect();
            format!("{} ({:?}): {}", part.title, part.issue.map(Issue::ordinal), slugs.join(" "))
        };
        plan.parts.iter().map(part).collect()
    }

    #[test]
    fn a_volume_has_a_part_for_each_issue_whose_window_ends_in_it() {
        let (issues, _) = bound(&digest(), at("2027-01-05T00:00:00Z"));
        let issues: Vec<&Issue> = issues.iter().collect();
        let bound = plan(&yearbook(), ZONE, year(), &issues, &[], &Editorial::default());
        assert_eq!(
            parts(&bound),
            ["Digest 92 (Some(1)): 2026-12-03", "Digest 93 (Some(2)): 2026-12-15", "Digest 94 (Some(3)): 2026-12-24",]
        );
        assert_eq!(bound.verdicts.len(), 3);
        let editorial = parse("leave_out = [\"2026-12-15\"]", Path::new("issue.toml")).unwrap().value;
        assert_eq!(parts(&plan(&yearbook(), ZONE, year(), &issues, &[], &editorial)).len(), 2);
    }

    #[test]
    fn what_one_volume_holds_the_next_does_not() {
        let (issues, _) = bound(&digest(), at("2027-01-05T00:00:00Z"));
        let issues: Vec<&Issue> = issues.iter().collect();
        let first = issues[0].clone();
        let waiting = pending(&yearbook(), ZONE, &issues, &[&first]);
        assert_eq!(waiting.len(), 3);
        let late = Window { since: at("2026-12-25T00:00:00Z"), until: year().until };
        let second = plan(&yearbook(), ZONE, late, &issues, &[&first], &Editorial::default());
        let lateness: Vec<bool> = second.parts.iter().map(|part| part.posts[0].late).collect();
        assert_eq!(lateness, [true, false]);
    }

    #[test]
    fn an_amended_volume_prints_the_newest_revisions_of_its_own_articles_only() {
        let (mut issues, _) = bound(&digest(), at("2027-01-05T00:00:00Z"));
        let number = crate::model::Number { number: 1, year: 2026, volume: None, label: "1".to_owned() };
        let (yearbook, publication) = (yearbook(), publication(ZONE));
        let shelf: Vec<&Issue> = issues.iter().collect();
        let material = Material {
            series: &yearbook,
            publication: &publication,
            ordinal: 1,
            number: &number,
            editorial: &Editorial::default(),
            intro: None,
            intro_assets: &[],
            standing: &[],
            members: None,
        };
        let volume = draft(material, plan(&yearbook, ZONE, year(), &shelf, &[], &Editorial::default()));
        assert_eq!(volume.sections[1].issue, Some(2));
        issues[1].sections[0].articles[0].post.title = "Corrected".to_owned();
        let shelf: Vec<&Issue> = issues.iter().collect();
        let amended = amendment(ZONE, &volume, &shelf, &Editorial::default());
        assert_eq!(
            amended.parts.iter().map(|part| part.issue.map(Issue::ordinal)).collect::<Vec<_>>(),
            [Some(1), Some(2), Some(3)]
        );
        assert_eq!(amended.parts[1].posts[0].post.title, "Corrected");
    }

    #[test]
    fn a_part_bears_the_title_of_its_issue() {
        let (mut issues, _) = bound(&digest(), at("2027-01-05T00:00:00Z"));
        issues[0].title = Some("Ink".to_owned());
        assert_eq!(heading(&issues[0]), "Digest 92: Ink");
    }
}

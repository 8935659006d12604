//! What a plan says about each post.

use std::path::Path;

use chrono_tz::Tz;

use super::{Plan, Scope, amendment, plan};
use crate::assemble::editorial::{Editorial, parse};
use crate::assemble::fixture::{at, post, publication, run, series, slugs};
use crate::assemble::ledger::Ledger;
use crate::model::{Issue, Language, Origin, Post, SectionRule, Selection, Series, Verdict, Window, WindowRule};

const ZONE: Tz = Tz::Asia__Tehran;

fn march() -> Window {
    Window { since: at("2026-02-28T20:30:00Z"), until: at("2026-03-31T20:30:00Z") }
}

fn editorial(text: &str) -> Editorial {
    parse(text, Path::new("issue.toml")).unwrap().value
}

fn lines(plan: &Plan<'_>) -> Vec<String> {
    let line = |verdict: &Verdict| {
        let value = serde_json::to_value(verdict).unwrap();
        let word = value.get("reason").or(value.get("outcome")).unwrap().as_str().unwrap().to_owned();
        format!("{} {word}: {}", verdict.title, verdict.because)
    };
    plan.verdicts.iter().map(line).collect()
}

fn planned<'a>(series: &Series, posts: &'a [Post], text: &str, scope: Scope) -> Plan<'a> {
    let ledger = Ledger::new(series, &publication(ZONE), posts, at("2026-04-02T00:00:00Z"));
    plan(series, &ledger, march(), &editorial(text), scope)
}

fn tagged(slug: &str, day: u8, tag: &str) -> Post {
    Post { tags: vec![tag.to_owned()], ..post(slug, at(&format!("2026-03-{day:02}T12:00:00Z"))) }
}

#[test]
fn each_post_has_a_verdict_with_the_facts_that_decided_it() {
    let since = Some("2026-02-01".parse().unwrap());
    let selection = Selection { exclude_tags: vec!["private".to_owned()], ..Selection::default() };
    let series = Series { since, selection, ..series(WindowRule::Monthly) };
    let seen = at("2026-03-09T00:00:00Z");
    let posts = [
        post("before", at("2026-01-31T20:29:59Z")),
        post("late", at("2026-02-10T08:00:00Z")),
        post("edge", at("2026-02-28T21:00:00Z")),
        Post { published: None, first_seen: at("2026-03-08T10:00:00Z"), ..post("undated", seen) },
        Post { origin: Origin::Elsewhere, first_seen: seen, ..post("elsewhere", at("2026-03-20T10:00:00Z")) },
        Post { language: Language::parse("fa").unwrap(), ..tagged("persian", 10, "x") },
        Post { draft: true, ..tagged("draft", 11, "x") },
        tagged("private", 12, "Private"),
        Post { file: "posts/again.md".into(), ..post("edge", at("2026-03-13T00:00:00Z")) },
        tagged("left", 14, "x"),
        post("later", at("2026-04-01T00:00:00Z")),
        post("future", at("2026-04-03T00:00:00Z")),
    ];
    let plan = planned(&series, &posts, "leave_out = [\"left\", \"lefft\"]", Scope::Everything);
    assert_eq!(
        lines(&plan),
        [
            "BEFORE before_series: dated 2026-01-31 23:59 in Asia/Tehran (2026-01-31T20:29:59Z), before the series begins",
            "LATE taken: dated 2026-02-10 11:30 in Asia/Tehran (2026-02-10T08:00:00Z), before the window [2026-03-01, \
             2026-04-01), and in no earlier issue",
            "EDGE taken: dated 2026-03-01 00:30 in Asia/Tehran (2026-02-28T21:00:00Z), the window is [2026-03-01, \
             2026-04-01)",
            "UNDATED taken: without a date, first seen 2026-03-08 13:30 in Asia/Tehran (2026-03-08T10:00:00Z), the \
             window is [2026-03-01, 2026-04-01)",
            "ELSEWHERE taken: taken as of when it was first seen, 2026-03-09 03:30 in Asia/Tehran \
             (2026-03-09T00:00:00Z), the window is [2026-03-01, 2026-04-01)",
            "PERSIAN other_language: it is in `fa`",
            "DRAFT draft: it says that it is a draft",
            "PRIVATE not_selected: its tags, categories and source are not among those of the series",
            "EDGE duplicate_id: posts/edge.md has the same id",
            "LEFT left_out: the editor of this issue leaves it out",
            "LATER later_window: dated 2026-04-01 03:30 in Asia/Tehran (2026-04-01T00:00:00Z), the window is \
             [2026-03-01, 2026-04-01)",
            "FUTURE future: dated 2026-04-03 03:30 in Asia/Tehran (2026-04-03T00:00:00Z), which is still to come",
        ]
    );
    assert_eq!(
        plan.warnings[0].to_string(),
        "issue.toml:1:22: no post of this issue is called `lefft`\n  did you mean `left`?"
    );
    let frozen = planned(&series, &posts, "", Scope::Window);
    assert_eq!((frozen.verdicts.len(), frozen.len()), (9, 5));
}

#[test]
fn posts_stand_under_the_first_heading_that_matches_oldest_first_but_for_the_editors_order() {
    let rule = |title: &str, tag: &str| SectionRule {
        title: title.to_owned(),
        tags: vec![tag.to_owned()],
        ..SectionRule::default()
    };
    let sections = vec![rule("Reports", "report"), rule("Letters", "letter"), rule("Empty", "nothing")];
    let series = Series { sections, ..series(WindowRule::Monthly) };
    let posts = [
        tagged("other", 3, "x"),
        tagged("letter", 4, "LETTER"),
        tagged("c", 9, "report"),
        tagged("b", 8, "report"),
        tagged("a", 7, "Report"),
    ];
    let shape = |text| {
        let plan = planned(&series, &posts, text, Scope::Window);
        let part = |part: &super::Part<'_>| {
            let slugs: Vec<&str> = part.posts.iter().map(|placed| placed.post.slug.as_str()).collect();
            format!("{}: {}", part.title, slugs.join(" "))
        };
        plan.parts.iter().map(part).collect::<Vec<_>>()
    };
    assert_eq!(shape(""), ["Reports: a b c", "Letters: letter", ": other"]);
    assert_eq!(shape("order = [\"c\", \"other\", \"b\"]"), ["Reports: c b a", "Letters: letter", ": other"]);
}

fn frozen_march(posts: &[Post]) -> Issue {
    let mut issues = Vec::new();
    let since = Some("2026-03-01".parse().unwrap());
    run(&Series { since, ..series(WindowRule::Monthly) }, ZONE, posts, &mut issues, at("2026-04-02T00:00:00Z"));
    issues.remove(0)
}

#[test]
fn what_an_earlier_issue_took_or_left_out_stays_decided() {
    let series = series(WindowRule::Monthly);
    let posts = [tagged("kept", 3, "x"), tagged("left", 4, "x")];
    let mut issue = frozen_march(&posts);
    let ledger = Ledger::new(&series, &publication(ZONE), &posts, at("2026-05-02T00:00:00Z"));
    let decided = plan(&series, &ledger, march(), &editorial("leave_out = [\"left\"]"), Scope::Window);
    issue.verdicts = decided.verdicts;
    // Both posts have been dated anew since; neither comes back.
    let moved = posts.map(|post| Post { published: Some(at("2026-04-10T00:00:00Z")), ..post });
    let mut ledger = Ledger::new(&series, &publication(ZONE), &moved, at("2026-05-02T00:00:00Z"));
    ledger.record(&issue);
    let april = Window { since: march().until, until: at("2026-04-30T20:30:00Z") };
    let plan = plan(&series, &ledger, april, &Editorial::default(), Scope::Window);
    assert_eq!(
        lines(&plan),
        [
            "KEPT already_in: it was printed in newsletter/0001",
            "LEFT left_out: the editor of newsletter/0001 left it out",
        ]
    );
    assert!(plan.is_empty());
}

#[test]
fn an_amendment_holds_what_was_printed_as_it_is_now_and_nothing_that_came_later() {
    let series = series(WindowRule::Monthly);
    let posts = [tagged("changed", 3, "x"), tagged("gone", 4, "x"), tagged("drafted", 5, "x"), tagged("out", 6, "x")];
    let issue = frozen_march(&posts);
    let [changed, _, drafted, out] = posts;
    let now = [
        Post { title: "Corrected".to_owned(), published: Some(at("2027-01-01T00:00:00Z")), ..changed },
        Post { draft: true, ..drafted },
        out,
        tagged("newcomer", 7, "x"),
    ];
    let ledger = Ledger::new(&series, &publication(ZONE), &now, at("2026-05-02T00:00:00Z"));
    let plan = amendment(&series, &ledger, &issue, &editorial("leave_out = [\"out\"]\n[titles]\ngone = \"Gone!\""));
    let titles: Vec<&str> =
        plan.parts[0].posts.iter().map(|placed| placed.title.as_deref().unwrap_or(&placed.post.title)).collect();
    assert_eq!(titles, ["Gone!", "Corrected"]);
    assert_eq!(plan.verdicts.len(), 4);
    assert_eq!(slugs(&issue), ["changed", "gone", "drafted", "out"]);
}

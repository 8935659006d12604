//! Posts, series and issues for the tests of this stage.

use std::path::PathBuf;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::closed::Closed;
use super::draft::{Material, draft};
use super::editorial::Editorial;
use super::ledger::Ledger;
use super::plan::{Scope, plan};
use super::schedule::{Action, Line, due};
use super::{freeze, number};
use crate::model::{
    Asset, Calendar, Contents, FreezePolicy, Html, Issue, Language, MailPolicy, Numbering, OnEmpty, Origin,
    Particulars, Post, PostId, Publication, Selection, Series, Style, WindowRule,
};

pub(super) fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

pub(super) fn publication(zone: Tz) -> Publication {
    Publication {
        title: "The Compositor".to_owned(),
        description: None,
        base_url: "https://compositor.example/".to_owned(),
        language: Language::parse("en").unwrap(),
        time_zone: zone,
        publisher: None,
        postal_address: None,
        contact: None,
        rights: None,
        editions: std::collections::BTreeMap::new(),
        logo: None,
        names_in: None,
        borrowed: std::collections::BTreeSet::new(),
    }
}

pub(super) fn series(rule: WindowRule) -> Series {
    Series {
        key: "newsletter".to_owned(),
        title: "Newsletter".to_owned(),
        description: None,
        language: Language::parse("en").unwrap(),
        calendar: Calendar::Gregorian,
        rule,
        since: None,
        numbering: Numbering { first_number: 92, ..Numbering::default() },
        issn: None,
        on_empty: OnEmpty::Skip,
        freeze: FreezePolicy::Auto,
        mail: MailPolicy::Manual,
        public: true,
        style: Style::Articles,
        columns: 1,
        contents: Contents::Titles,
        selection: Selection::default(),
        sections: Vec::new(),
        standing: Vec::new(),
        lists: Vec::new(),
        binds: None,
        from: None,
    }
}

pub(super) fn post(slug: &str, published: DateTime<Utc>) -> Post {
    Post {
        id: PostId(format!("tag:compositor.example,2026:{slug}")),
        source: "posts".to_owned(),
        origin: Origin::Own,
        file: PathBuf::from(format!("posts/{slug}.md")),
        slug: slug.to_owned(),
        address: format!("https://compositor.example/posts/{slug}/"),
        language: Language::parse("en").unwrap(),
        title: slug.to_uppercase(),
        published: Some(published),
        first_seen: published,
        updated: None,
        draft: false,
        held_back: None,
        public: false,
        authors: vec!["The editors".to_owned()],
        tags: Vec::new(),
        categories: Vec::new(),
        section: None,
        summary: None,
        picture: None,
        body: Html::from_sanitised(format!("<p>{slug}</p>")),
        credit: None,
        enclosures: Vec::new(),
        aliases: Vec::new(),
        first_slug: None,
        first_place: None,
        particulars: Particulars::default(),
        assets: Vec::new(),
    }
}

/// The slugs of an issue's articles, a late one with a "+".
pub(super) fn slugs(issue: &Issue) -> Vec<String> {
    let mark = |late: bool| if late { "+" } else { "" };
    issue.articles().map(|article| format!("{}{}", article.post.slug, mark(article.late))).collect()
}

/// One run over the issues on disk, without a record of closed windows: makes and freezes what is due.
pub(super) fn run(
    series: &Series,
    zone: Tz,
    posts: &[Post],
    issues: &mut Vec<Issue>,
    now: DateTime<Utc>,
) -> Vec<Action> {
    run_on(series, zone, posts, (issues, &mut Vec::new()), now)
}

/// One run over what is on disk, as the command line does it: makes and freezes what is due, and closes windows.
pub(super) fn run_on(
    series: &Series,
    zone: Tz,
    posts: &[Post],
    (issues, closed): (&mut Vec<Issue>, &mut Vec<Closed>),
    now: DateTime<Utc>,
) -> Vec<Action> {
    let publication = publication(zone);
    let mut ledger = Ledger::new(series, &publication, posts, now);
    for issue in issues.iter() {
        ledger.record(issue);
    }
    let pending = ledger.pending();
    let shelf: Vec<&Issue> = issues.iter().collect();
    let next_ordinal = issues.iter().map(Issue::ordinal).max().unwrap_or(0) + 1;
    let line = Line { series, zone, issues: &shelf, closed, next_ordinal, pending: &pending, now, horizon: now };
    let actions = due(line).actions;
    for action in &actions {
        match *action {
            Action::Create { ordinal, window } => {
                let editorial = Editorial::default();
                let plan = plan(series, &ledger, window, &editorial, Scope::Window);
                let others: Vec<&Issue> = issues.iter().collect();
                let number = number::next(series, zone, window.since, &others, None).unwrap();
                let material = Material {
                    series,
                    publication: &publication,
                    ordinal,
                    number: &number,
                    editorial: &editorial,
                    intro: None,
                    intro_assets: &[],
                    standing: &[],
                    members: None,
                };
                let issue = draft(material, plan);
                ledger.record(&issue);
                issues.push(issue);
            }
            Action::Freeze { ordinal } => {
                let issue = issues.iter_mut().find(|issue| issue.ordinal() == ordinal).unwrap();
                *issue = freeze::freeze(issue.clone(), "", now).unwrap().issue;
            }
            Action::SkipEmpty { window, windows } | Action::CloseGap { window, windows } => {
                closed.push(Closed { window, windows, at: now, told: true });
            }
            _ => {}
        }
    }
    actions
}

/// A picture whose bytes stand in `folder`.
pub(super) fn picture(name: &str, folder: &str) -> Asset {
    Asset {
        name: name.to_owned(),
        sha256: format!("hash of {name}"),
        file: PathBuf::from(folder).join(name),
        media_type: "image/png".to_owned(),
        length: 9,
        width: Some(3),
        height: Some(3),
    }
}

//! `masthead collect`: what there is.

use std::borrow::Cow;
use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::json;

use crate::cli::clock;
use crate::cli::collected;
use crate::cli::fetching;
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::collect::fetch::When;
use crate::collect::{Collected, Exports};
use crate::error::Result;
use crate::model::{Language, Origin, Post, PostId};

/// Reads the sources, keeps what was seen for the first time, and says what there is.
pub(super) fn run(session: &mut Session, when: When) -> Result<Report> {
    let config = session.config()?;
    let _lock = session.lock(&config)?;
    clock::refuse_if_behind(session, &config)?;
    let (collected, fetching) = collected::fetch(session, &config, when, Exports::WithoutTexts)?;
    collected::keep(session, &config, &collected)?;
    fetching.remember(&config)?;
    let mut by_source: BTreeMap<&str, usize> = BTreeMap::new();
    for post in &collected.posts {
        *by_source.entry(&post.source).or_default() += 1;
    }
    let mut report = Report::default();
    fetching::tell(session, &mut report);
    for (source, count) in &by_source {
        report.line(format!("{source}: {count} posts"));
    }
    for left_out in &collected.left_out {
        report.line(format!("left out: {}: {}", left_out.file.display(), left_out.reason));
    }
    for line in undated(&collected.posts) {
        report.line(line);
    }
    for post in &collected.posts {
        if let Some(what) = &post.held_back {
            report.line(format!("held back: {}: {what}", post.file.display()));
        }
    }
    for note in &collected.notes {
        report.line_once(note);
    }
    report.line(format!("{} posts, {} files left out", collected.posts.len(), collected.left_out.len()));
    for counted in &collected.counted {
        let (file, kind) = (counted.file.display(), &counted.kind);
        report.line(format!("counted: {file}: {} of the kind `{kind}`: {}", counted.count, counted.reason));
    }
    report.set("counted", json!(collected.counted));
    report.set("sources", json!(by_source));
    // Nobody else asks for each post of a large archive.
    let told = if session.global.json { collected.posts.as_slice() } else { &[] };
    report.set("posts", told.iter().map(|post| Told::of(post, &collected)).collect::<Vec<_>>());
    report.set("notes", json!(collected.notes));
    report.set(
        "left_out",
        json!(collected.left_out.iter().map(|l| json!({"file": l.file, "reason": l.reason})).collect::<Vec<_>>()),
    );
    Ok(report)
}

/// What programs are told of a post.
#[derive(Serialize)]
struct Told<'p> {
    address: &'p str,
    authors: &'p [String],
    comments: Option<&'p usize>,
    date: DateTime<Utc>,
    draft: bool,
    file: Cow<'p, str>,
    held_back: Option<&'p str>,
    id: &'p PostId,
    language: &'p Language,
    published: Option<DateTime<Utc>>,
    section: Option<&'p str>,
    slug: &'p str,
    tags: &'p [String],
    title: &'p str,
}

impl<'p> Told<'p> {
    fn of(post: &'p Post, collected: &'p Collected) -> Self {
        Self {
            address: &post.address,
            authors: &post.authors,
            comments: collected.comments.get(&post.id),
            date: post.date(),
            draft: post.draft,
            file: post.file.to_string_lossy(),
            held_back: post.held_back.as_deref(),
            id: &post.id,
            language: &post.language,
            published: post.published,
            section: post.section.as_deref(),
            slug: &post.slug,
            tags: &post.tags,
            title: &post.title,
        }
    }
}

/// So many files without a date are named for each source.
const NAMED: usize = 5;

/// Of each source with posts of our own without a date, how many they are, and which.
fn undated(posts: &[Post]) -> Vec<String> {
    let mut by_source: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for post in posts.iter().filter(|post| post.origin == Origin::Own && post.published.is_none() && !post.draft) {
        by_source.entry(&post.source).or_default().push(post.file.display().to_string());
    }
    let line = |(source, files): (&str, Vec<String>)| {
        let named = files[..files.len().min(NAMED)].join(", ");
        let more = if files.len() > NAMED { format!(" and {} more", files.len() - NAMED) } else { String::new() };
        let posts = if files.len() == 1 { "post has" } else { "posts have" };
        format!("{source}: {} {posts} no date, and the day on which a run first saw it: {named}{more}", files.len())
    };
    by_source.into_iter().map(line).collect()
}

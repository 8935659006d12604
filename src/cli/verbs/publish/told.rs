//! What one run did, told.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Value, json};

use super::NotMailed;
use super::due::Mailed;
use crate::cli::advance::Advanced;
use crate::cli::artefacts::Artefacts;
use crate::cli::compose::Desk;
use crate::cli::fetching;
use crate::cli::files::Tally;
use crate::cli::lists;
use crate::cli::lost;
use crate::cli::public::TakenAway;
use crate::cli::report::{Report, counted};
use crate::cli::sending::Delivered;
use crate::cli::session::Session;
use crate::cli::shelf::Shelf;
use crate::cli::site::{self, Drawn};
use crate::cli::unmailed;
use crate::cli::verbs::deliver;
use crate::collect::Collected;
use crate::config::Config;
use crate::error::{Error, ErrorKind};
use crate::model::{Campaign, Issue, IssueKey};

/// What one run did.
pub(super) struct Done<'a> {
    pub(super) config: &'a Config,
    pub(super) collected: &'a Collected,
    pub(super) desk: &'a Desk<'a>,
    pub(super) advanced: &'a BTreeMap<String, Advanced>,
    pub(super) mailed: Mailed,
    /// Whether none of that went out.
    pub(super) holds_mail: bool,
    /// What was sent through relays.
    pub(super) sent: Vec<Delivered>,
    /// What was missing in outbox/.
    pub(super) completed: Vec<(IssueKey, usize)>,
    /// Why issues did not go out that were due.
    pub(super) undelivered: Vec<Error>,
    /// The campaigns that go on by themselves no more.
    pub(super) paused: Vec<Campaign>,
    /// Those that earlier runs have queued and held back.
    pub(super) held_back: Vec<Campaign>,
    /// The issues that their readers have not had, by series.
    pub(super) unmailed: Vec<NotMailed>,
    pub(super) drawn: &'a Drawn,
    pub(super) tally: Tally,
    pub(super) taken_away: TakenAway,
    /// Why the site is not whole.
    pub(super) unwritten: Option<Error>,
}

impl Done<'_> {
    pub(super) fn report(mut self, session: &mut Session) -> Report {
        let mut report = Report::default();
        let held = std::mem::take(&mut self.mailed.held);
        fetching::tell(session, &mut report);
        self.tell_posts(session, &mut report);
        lost::tell_gone(&mut report, self.config, self.collected, &self.taken_away);
        self.drawn.tell(&mut report);
        self.tell_issues(&mut report);
        lists::tell_taken_off(session, &mut report);
        self.tell_mail(&mut report);
        report.line(self.tally.in_words());
        report.set("written", json!(self.tally.written));
        report.set("unchanged", json!(self.tally.unchanged));
        report.set("removed", json!(self.tally.removed));
        report.set("held", json!(held.iter().map(|(name, _)| name).collect::<Vec<_>>()));
        // The issue is published all the same. A run that nobody watches must not end well when nobody got it.
        let stalled = self.stalled(&mut report);
        let undelivered = std::mem::take(&mut self.undelivered);
        let held = held.into_iter().map(|(_, why)| why);
        let mut failures = self.unwritten.take().into_iter().chain(held).chain(undelivered).chain(stalled);
        report.failure = failures.next();
        session.warnings.extend(failures.map(|why| why.into_warning().once()));
        report
    }

    /// What is said of series of which nothing is decided until a person mends something: what that is was told.
    fn stalled(&self, report: &mut Report) -> Option<Error> {
        let stalled: Vec<&str> =
            self.advanced.iter().filter(|(_, done)| done.stands_still).map(|(key, _)| key.as_str()).collect();
        report.set("stalled", &stalled);
        let named = stalled.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ");
        let is_published = self.unwritten.is_none();
        let message = match stalled.as_slice() {
            [] => return None,
            [_] if is_published => format!("the series {named} stands still, and was published as it is"),
            [_] => format!("the series {named} stands still"),
            _ if is_published => format!("the series {named} stand still, and were published as they are"),
            _ => format!("the series {named} stand still"),
        };
        Some(
            Error::new(ErrorKind::State, message)
                .hint("what is wrong is told as a warning; until it is mended no issue is made"),
        )
    }

    fn tell_posts(&self, session: &Session, report: &mut Report) {
        let left_out = self.left_out(session);
        let found = self.collected.posts.len() + self.collected.left_out.len();
        let taken = found - left_out.len();
        report.line(format!("{} found, {taken} taken, {} left out", counted(found, "post"), left_out.len()));
        if session.global.verbose {
            for (file, reason) in &left_out {
                report.line(format!("  left out: {}: {reason}", file.display()));
            }
        }
        for counted in &self.collected.counted {
            let (file, kind) = (counted.file.display(), &counted.kind);
            report.line(format!("{file}: {} of the kind `{kind}` counted: {}", counted.count, counted.reason));
        }
        let left_out: Vec<Value> = left_out
            .iter()
            .map(|(file, reason)| json!({"file": file.display().to_string(), "reason": reason}))
            .collect();
        for note in &self.collected.notes {
            report.line_once(note);
        }
        report.set("posts", json!({"found": found, "taken": taken, "left_out": left_out}));
        report.set("counted", json!(self.collected.counted));
    }

    /// The posts that are not published, and why: those that could not be taken, then those that are not out yet.
    fn left_out(&self, session: &Session) -> Vec<(&Path, String)> {
        let refused = self.collected.left_out.iter().map(|out| (out.file.as_path(), out.reason.clone()));
        let hidden = self.collected.posts.iter().filter(|post| !site::is_out(session, post)).map(|post| {
            let reason = if let Some(what) = &post.held_back {
                format!("held back by {what}")
            } else if post.draft {
                "a draft".to_owned()
            } else {
                format!("dated {}, which is still to come", self.desk.shown_time(post.date()))
            };
            (post.file.as_path(), reason)
        });
        refused.chain(hidden).collect()
    }

    fn tell_issues(&self, report: &mut Report) {
        let mut issues = Vec::new();
        for series in &self.config.series {
            let (stock, done) = (self.desk.stock(series), self.advanced.get(&series.key));
            for issue in &stock.frozen {
                let new = done.is_some_and(|done| done.frozen.contains(&issue.ordinal()));
                let posts = issue.sections.iter().map(|section| section.articles.len()).sum::<usize>();
                if new {
                    let (window, articles) = (self.desk.describe(issue.window), counted(posts, "article"));
                    report.line(format!("frozen: {} {}, {window}: {articles}", series.title, issue.number.label));
                }
                issues.push(in_json(self.config, issue, posts, new));
            }
            for note in done.iter().flat_map(|done| &done.closed) {
                report.line_once(note);
            }
            for note in done.iter().flat_map(|done| &done.notes) {
                report.line(note);
            }
        }
        report.set("issues", Value::Array(issues));
        let notes = self.advanced.values().flat_map(|done| done.closed.iter().chain(&done.notes));
        report.set("notes", json!(self.collected.notes.iter().chain(notes).collect::<Vec<_>>()));
    }

    fn tell_mail(&self, report: &mut Report) {
        let mut mailed = Vec::new();
        for line in &self.mailed.notes {
            report.line_once(line);
        }
        if let Some(line) = &self.mailed.forgetful {
            report.line_once(line);
        }
        for (issue, messages) in &self.mailed.issues {
            report.line(format!("mail: {issue} to {}", counted(*messages, "reader")));
            mailed.push(json!({"issue": issue, "messages": messages}));
        }
        if self.holds_mail && !mailed.is_empty() {
            report.line("  it is held back: `masthead deliver` sends it");
        }
        report.set("mailed", Value::Array(mailed));
        deliver::tell(report, &self.sent);
        deliver::tell_completed(report, &self.completed);
        self.paused.iter().filter(|campaign| !self.has_told(campaign)).for_each(|campaign| {
            // Nobody else reminds of one: it goes on by itself no more.
            report.line_once(deliver::paused(campaign));
        });
        for campaign in &self.held_back {
            report.line_once(deliver::held_back(self.config, campaign));
        }
        for NotMailed { all, news } in &self.unmailed {
            if let Some(line) = unmailed::in_words(all.iter()) {
                report.line(line);
            }
            // A quiet run says each once: when its turn passes.
            report.once.extend(unmailed::in_words(news.iter()));
            // Of what goes by hand the run tells that froze it: `status` tells it from then on.
            if let Some(line) = unmailed::to_be_sent(news.iter()) {
                report.line_once(line);
            }
        }
        let all = self.unmailed.iter().flat_map(|one| &one.all).cloned().collect::<Vec<_>>();
        report.set("unmailed", unmailed::in_json(&all));
    }

    /// Whether this run sent messages of a campaign, and so has said why it stopped.
    fn has_told(&self, campaign: &Campaign) -> bool {
        self.sent.iter().any(|one| one.issue == campaign.issue)
    }
}

/// An issue as `--json` tells of it; its paths are below the publication and below public/.
fn in_json(config: &Config, issue: &Issue, posts: usize, new: bool) -> Value {
    let pdf = || format!("{}/{}/{}", issue.key.series, issue.ordinal(), Artefacts::pdf_name(issue));
    json!({
        "series": issue.key.series,
        "ordinal": issue.ordinal(),
        "number": issue.number.label,
        "since": issue.window.since,
        "until": issue.window.until,
        "posts": posts,
        "new": new,
        "revision": issue.frozen.as_ref().map(|frozen| frozen.revision),
        "withdrawn": issue.withdrawn(),
        "pdf": (site::is_public(config, issue) && issue.withdrawn().is_none()).then(pdf),
        "path": Shelf::shown(&issue.key, "").components().collect::<std::path::PathBuf>(),
    })
}

//! What a series has decided about its posts so far.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::window::midnight;
use crate::model::{Issue, IssueKey, Origin, Outcome, Post, PostId, Publication, Reason, Series, Verdict, Window};

/// The posts of a run in order of date, and what the issues of one series have decided about each.
///
/// Before an issue is planned the ledger has every frozen issue of the series but that one, and the drafts that come
/// before it: [`Ledger::record`] them.
#[derive(Clone, Debug)]
pub struct Ledger<'a> {
    pub(super) zone: Tz,
    /// In order of date, then id.
    entries: Vec<Entry<'a>>,
    /// Which entry holds the first post with an id.
    by_id: BTreeMap<&'a PostId, usize>,
    /// The entries that a window may still take.
    open: BTreeSet<usize>,
    /// Where the series begins: as configured, or with the first window of its issues.
    begins: Option<DateTime<Utc>>,
    configured: bool,
    /// The issues among those recorded that are withdrawn.
    withdrawn: BTreeSet<IssueKey>,
}

#[derive(Clone, Debug)]
pub(super) struct Entry<'a> {
    pub(super) post: &'a Post,
    pub(super) date: DateTime<Utc>,
    /// Why no window takes it, whichever it is.
    pub(super) standing: Option<Reason>,
    pub(super) decided: Option<Decision>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Decision {
    TakenBy(IssueKey),
    LeftOutBy(IssueKey),
}

impl<'a> Ledger<'a> {
    /// Enters every post. Of two posts with one id the earlier in `posts` counts.
    #[must_use]
    pub fn new(series: &Series, publication: &Publication, posts: &'a [Post], now: DateTime<Utc>) -> Self {
        let mut first: BTreeMap<&PostId, &Post> = BTreeMap::new();
        let mut entries: Vec<Entry<'a>> = posts
            .iter()
            .map(|post| {
                let standing = match first.get(&post.id) {
                    Some(other) => Some(Reason::DuplicateId { other: other.file.display().to_string() }),
                    None => standing(post, series, now),
                };
                first.entry(&post.id).or_insert(post);
                Entry { post, date: post.date(), standing, decided: None }
            })
            .collect();
        entries.sort_by(|a, b| (a.date, &a.post.id).cmp(&(b.date, &b.post.id)));
        let duplicate = |entry: &Entry<'_>| matches!(entry.standing, Some(Reason::DuplicateId { .. }));
        let named = entries.iter().enumerate().filter(|(_, entry)| !duplicate(entry));
        let by_id = named.map(|(index, entry)| (&entry.post.id, index)).collect();
        let open = entries.iter().enumerate().filter(|(_, entry)| entry.standing.is_none()).map(|(index, _)| index);
        Self {
            zone: publication.time_zone,
            by_id,
            open: open.collect(),
            begins: series.since.map(|day| midnight(day, publication.time_zone)),
            configured: series.since.is_some(),
            withdrawn: BTreeSet::new(),
            entries,
        }
    }

    /// Notes what an issue, frozen or composed as a draft, has decided: what it took, and what its editor left out.
    pub fn record(&mut self, issue: &Issue) {
        if issue.withdrawn().is_some() {
            self.withdrawn.insert(issue.key.clone());
        }
        for verdict in &issue.verdicts {
            let decision = match &verdict.outcome {
                Outcome::Taken { .. } => Decision::TakenBy(issue.key.clone()),
                Outcome::Out(Reason::LeftOut) => Decision::LeftOutBy(issue.key.clone()),
                Outcome::Out(_) => continue,
            };
            if let Some(index) = self.index_of(issue, verdict)
                && let Some(entry) = self.entries.get_mut(index)
            {
                self.open.remove(&index);
                // A post that one issue left out and another took is in the other.
                if !matches!(entry.decided, Some(Decision::TakenBy(_))) {
                    entry.decided = Some(decision);
                }
            }
        }
        if !self.configured && issue.imported_pdf.is_none() {
            let begins = issue.window.since;
            self.begins = Some(self.begins.map_or(begins, |earlier| earlier.min(begins)));
        }
    }

    /// The dates of the posts that wait for a window, oldest first.
    #[must_use]
    pub fn pending(&self) -> Vec<DateTime<Utc>> {
        let dates = self.open.iter().filter_map(|index| self.entries.get(*index)).map(|entry| entry.date);
        dates.filter(|date| self.begins.is_none_or(|begins| begins <= *date)).collect()
    }

    /// Where the series begins for a window that begins at `since`: posts dated earlier are before the series.
    pub(super) fn begins(&self, since: DateTime<Utc>) -> DateTime<Utc> {
        self.begins.map_or(since, |begins| begins.min(since))
    }

    /// The entries that a plan of `window` looks at, in order of date, and whether each is open: those dated in it and
    /// the open ones before, or `all` there are.
    pub(super) fn entries(&self, window: Window, all: bool) -> impl Iterator<Item = (&Entry<'a>, bool)> {
        let before = |instant| self.entries.partition_point(|entry| entry.date < instant);
        let (first, end) = if all { (0, self.entries.len()) } else { (before(window.since), before(window.until)) };
        let indices = self.open.range(..first).copied().chain(first..end);
        indices.filter_map(|index| Some((self.entries.get(index)?, self.open.contains(&index))))
    }

    /// Whether an issue that took posts is withdrawn: they stay its own, and come in no other.
    pub(super) fn is_withdrawn(&self, issue: &IssueKey) -> bool {
        self.withdrawn.contains(issue)
    }

    /// The entry of a post that an issue has a verdict on.
    pub(super) fn entry(&self, issue: &Issue, verdict: &Verdict) -> Option<&Entry<'a>> {
        self.index_of(issue, verdict).and_then(|index| self.entries.get(index))
    }

    /// The entry of the post with the verdict's id. Where that has gone, because the post was given an `id`, say, a post of
    /// our own is known again by its title and its date, with its text or its file. One of another date is another post:
    /// what was corrected kept its id.
    fn index_of(&self, issue: &Issue, verdict: &Verdict) -> Option<usize> {
        if let Some(index) = self.by_id.get(&verdict.post) {
            return Some(*index);
        }
        let printed = &issue.articles().find(|article| article.post.id == verdict.post)?.post;
        self.entries.iter().position(|Entry { post, .. }| {
            post.title == verdict.title
                && (post.origin, &post.language) == (Origin::Own, &printed.language)
                && post.date() == printed.date()
                && (post.body == printed.body || post.file == printed.file)
        })
    }
}

/// Why no window of the series takes the post, whichever it is.
fn standing(post: &Post, series: &Series, now: DateTime<Utc>) -> Option<Reason> {
    if post.draft {
        Some(Reason::Draft)
    } else if post.language.primary() != series.language.primary() {
        Some(Reason::OtherLanguage { language: post.language.to_string() })
    } else if !series.selection.takes(post) {
        Some(Reason::NotSelected)
    } else if post.date() > now {
        Some(Reason::Future)
    } else {
        None
    }
}

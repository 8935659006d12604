//! The older pages of feeds (RFC 5005): fetched where something may be missing, never without end.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::Deserialize;
use url::Url;

use super::fetching;
use super::files;
use super::session::Session;
use crate::collect::fetch::{self, Ask, Document, Failure, Fault, When};
use crate::collect::{self, sightings_path};
use crate::config::{Config, Source};
use crate::error::{Place, Result, Warning};
use crate::model::{Gap, shown_address};

/// How many pages are asked for to close a gap between two runs.
const GAP: usize = 10;
/// How many pages of an archive are asked for when a source is collected for the first time.
const ARCHIVE: usize = 50;
/// How many pages are asked for when an archive is brought over.
const IMPORT: usize = 1000;
/// All pages together are no larger than this many single answers may be.
const ANSWERS: u64 = 16;

/// Adds the older pages of a source to its newest: all of them when it is collected for the first time, or by
/// `--refetch`, and asks for that (`archive = true`); otherwise, when nothing on the newest page was collected before, those
/// that have come since, and those that `known` says are missing. Gives what is missing now, too.
pub(super) fn with_older(
    session: &mut Session,
    config: &Config,
    source: &Source,
    (ask, when): (&Ask, When),
    first: Document,
    known: Option<&Gap>,
) -> Result<(Vec<Document>, Option<Gap>)> {
    let is_first = !fetching::has_posts(config, source);
    let is_whole = source.archive && (is_first || when == When::Now);
    if is_first && !is_whole {
        return Ok((vec![first], None));
    }
    let known = known.filter(|_| !is_whole);
    let due = known.filter(|gap| fetch::is_due(gap, when, session.now));
    if due.is_none() && !may_have_more(&first) {
        return Ok((vec![first], known.cloned()));
    }
    let kept = if is_whole { String::new() } else { kept(config, source)? };
    let is_feed = collect::older(&first).reading.is_feed;
    let mut trail = Trail::new(session, config, ask, first);
    let most = if is_whole { ARCHIVE } else { GAP };
    let mut gap = known.cloned();
    let mut end = trail.follow(None, &kept, most);
    if let End::Missing { left, .. } = end {
        // What is missing from here on has what was missing before behind it.
        let before = known.map_or_else(|| (!is_whole).then_some(session.now), |known| known.before);
        gap = Some(Gap { before, left: left as u32, ..known.cloned().unwrap_or_default() });
    } else if let Some(due) = due.filter(|_| is_feed) {
        gap = None;
        if let Ok(page) = Url::parse(&due.page) {
            let further = trail.follow(Some(page), &collected_before(&kept, due.before), due.left as usize);
            if let End::Missing { left, .. } = further {
                gap = Some(Gap { left: left as u32, ..due.clone() });
            }
            end = end.or(further);
        }
    }
    let pages = trail.pages;
    let (warning, gap) = settle(source, end, gap, session.now);
    let place = Place::at(&config.file, source.line, 1);
    session.warnings.extend(warning.map(|warning| warning.at(place)));
    Ok((pages, gap))
}

/// What collected/ has of a source. A line that is no text costs only itself.
fn kept(config: &Config, source: &Source) -> Result<String> {
    let bytes = files::read(&sightings_path(config, &source.name))?.unwrap_or_default();
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// What is to be said of how following older pages ended, unless the gap says it, and what is asked for again.
fn settle(source: &Source, end: End, gap: Option<Gap>, now: DateTime<Utc>) -> (Option<Warning>, Option<Gap>) {
    let hint = "what was on the pages before was collected; `--refetch` with `archive = true` asks for all of them";
    match end {
        End::Whole => (None, gap),
        End::Beyond(why) => {
            let message = format!("older pages of the source `{}` are missing: {why}", source.name);
            (Some(Warning::new(message).once().hint(hint)), gap)
        }
        End::Missing { page, failure, .. } => {
            let gap = fetch::missed(gap.as_ref(), &page, &failure, now);
            if fetch::is_given_up(&gap, &failure.fault) {
                (Some(fetch::given_up(source, &gap).hint(hint)), None)
            } else {
                (None, Some(gap))
            }
        }
    }
}

/// A feed that is brought over, and all its older pages; with why they end before the end, if they do.
pub(super) fn whole(session: &Session, config: &Config, ask: &Ask, first: Document) -> (Vec<Document>, Option<String>) {
    let mut trail = Trail::new(session, config, ask, first);
    let stopped = match trail.follow(None, "", IMPORT) {
        End::Whole => None,
        End::Beyond(why) => Some(why),
        End::Missing { page, failure, .. } => Some(format!("`{}`: {}", shown_address(&page), failure.fault)),
    };
    (trail.pages, stopped)
}

/// Whether a document can name an older page at all: most do not, and need not be read twice.
fn may_have_more(document: &Document) -> bool {
    let holds = |word: &[u8]| document.bytes.windows(word.len()).any(|bytes| bytes.eq_ignore_ascii_case(word));
    // In an encoding of two bytes a letter these words stand with zeroes between.
    document.bytes.contains(&0) || [b"next".as_slice(), b"prev-archive"].into_iter().any(holds)
}

/// How following older pages ended.
enum End {
    /// At what was collected before, or at the end of the feed.
    Whole,
    /// At a limit.
    Beyond(String),
    /// At a page that did not come, when so many were left.
    Missing { page: Url, failure: Failure, left: usize },
}

impl End {
    /// The first that is not whole.
    fn or(self, other: Self) -> Self {
        if matches!(self, Self::Whole) { other } else { self }
    }
}

/// The pages of a feed, as far as they were followed.
struct Trail<'a> {
    session: &'a Session,
    config: &'a Config,
    ask: &'a Ask,
    asked: BTreeSet<Url>,
    size: u64,
    pages: Vec<Document>,
}

impl<'a> Trail<'a> {
    fn new(session: &'a Session, config: &'a Config, ask: &'a Ask, first: Document) -> Self {
        let asked = BTreeSet::from([first.url.clone(), ask.url.clone()]);
        let size = first.bytes.len() as u64;
        Self { session, config, ask, asked, size, pages: vec![first] }
    }

    /// Follows the pages from this one on, or from behind the last that came, to the first that has something of `kept`.
    fn follow(&mut self, from: Option<Url>, kept: &str, most: usize) -> End {
        let mut left = most;
        let mut next = from.or_else(|| self.next(kept));
        while let Some(page) = next.filter(|page| !self.asked.contains(page)) {
            if left == 0 {
                return End::Beyond(format!("{} were followed, and there are more", self.pages.len() - 1));
            }
            let count = self.pages.len();
            match self.fetch(&page) {
                Ok(()) if self.size > self.config.fetch.max_size.saturating_mul(ANSWERS) => {
                    return End::Beyond("together they are larger than 16 times `max_size`".to_owned());
                }
                // Redirected to a page that is there.
                Ok(()) if self.pages.len() == count => return End::Whole,
                Ok(()) => left -= 1,
                Err(failure) => return End::Missing { page, failure, left },
            }
            next = self.next(kept);
        }
        End::Whole
    }

    /// The page behind the last that came, unless that one has something of `kept`.
    fn next(&self, kept: &str) -> Option<Url> {
        let older = self.pages.last().map(collect::older).unwrap_or_default();
        older.address.filter(|_| !older.ids.iter().any(|id| is_kept(kept, id)))
    }

    fn fetch(&mut self, url: &Url) -> std::result::Result<(), Failure> {
        self.asked.insert(url.clone());
        let question = Ask { url: url.clone(), validated: None, validators: Vec::new(), ..self.ask.clone() };
        let answer = fetching::ask_all(self.session, self.config, &[question], "older page").pop();
        let Some(mut answer) = answer.transpose()? else { return Ok(()) };
        let page = fetching::document(&mut answer);
        self.size += page.bytes.len() as u64;
        if page.url != *url && !self.asked.insert(page.url.clone()) {
            return Ok(());
        }
        let reading = collect::older(&page).reading;
        if !reading.is_feed {
            return Err(Failure { headers: answer.headers, ..Fault::NoFeed { is_page: reading.is_page }.into() });
        }
        if self.size <= self.config.fetch.max_size.saturating_mul(ANSWERS) {
            self.pages.push(page);
        }
        Ok(())
    }
}

/// Whether a line of collected/ names this id or address.
fn is_kept(kept: &str, id: &str) -> bool {
    serde_json::to_string(id).is_ok_and(|quoted| kept.contains(&quoted))
}

/// The lines of collected/ that tell what was first collected before an instant; without one, none.
fn collected_before(kept: &str, instant: Option<DateTime<Utc>>) -> String {
    #[derive(Deserialize)]
    struct Line {
        first_seen: DateTime<Utc>,
    }
    let is_older = |line: &&str| serde_json::from_str::<Line>(line).is_ok_and(|line| Some(line.first_seen) < instant);
    kept.lines().filter(is_older).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::{collected_before, is_kept, may_have_more};
    use crate::collect::fetch::Document;

    #[test]
    fn what_may_have_more_is_looked_at() {
        let url = Url::parse("https://a.example/").unwrap();
        let of = |text: &str| may_have_more(&Document { bytes: text.into(), charset: None, url: url.clone() });
        assert!(of("<link rel='Next' href='b'/>") && of("{\"next_url\": 1}") && of("<\0l\0"));
        assert!(!of("<rss/>"));
        assert!(is_kept("{\"id\":\"a\\\"b\"}", "a\"b") && !is_kept("{\"id\":\"ab\"}", "a"));
    }

    #[test]
    fn a_gap_ends_at_what_was_there_before_it() {
        let line = |id: &str, day: u8| format!("{{\"id\":\"{id}\",\"first_seen\":\"2026-07-0{day}T10:00:00Z\"}}\n");
        let kept = format!("{}{}broken\n", line("old", 1), line("new", 2));
        let before = collected_before(&kept, "2026-07-02T10:00:00Z".parse().ok());
        assert!(is_kept(&before, "old") && !is_kept(&before, "new"));
        assert_eq!(collected_before(&kept, None), "");
    }
}

//! The older pages of feeds (RFC 5005): fetched where something may be missing, never without end.

use std::collections::BTreeSet;

use super::fetching;
use super::session::Session;
use crate::collect::fetch::{Ask, Document, When};
use crate::collect::{self, sightings_path};
use crate::config::{Config, Source};
use crate::error::{Place, Warning};
use crate::model::shown_address;

/// How many pages are asked for to close a gap between two runs.
const GAP: usize = 10;
/// How many pages of an archive are asked for when a source is collected for the first time.
const ARCHIVE: usize = 50;
/// How many pages are asked for when an archive is brought over.
const IMPORT: usize = 1000;
/// All pages together are no larger than this many single answers may be.
const ANSWERS: u64 = 16;

/// Which older pages of a feed are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wanted {
    /// Those up to the first with an item that was collected before.
    Gap,
    /// Those of a new source that asks for them.
    Archive,
    /// All.
    Import,
}

impl Wanted {
    fn most(self) -> usize {
        match self {
            Self::Gap => GAP,
            Self::Archive => ARCHIVE,
            Self::Import => IMPORT,
        }
    }
}

/// Adds the older pages of a source to its newest: all of them when it is collected for the first time, or by
/// `--refetch`, and asks for that (`archive = true`); otherwise, when nothing on the newest page was collected before, those
/// that have come since.
pub(super) fn with_older(
    session: &mut Session,
    config: &Config,
    source: &Source,
    ask: &Ask,
    first: Document,
    when: When,
) -> Vec<Document> {
    let is_first = !fetching::has_posts(config, source);
    let wanted = match (is_first || when == When::Now, source.archive) {
        (true, true) => Wanted::Archive,
        (_, _) if is_first => return vec![first],
        _ => Wanted::Gap,
    };
    if !may_have_more(&first) {
        return vec![first];
    }
    let kept = match wanted {
        Wanted::Gap => std::fs::read_to_string(sightings_path(config, &source.name)).unwrap_or_default(),
        Wanted::Archive | Wanted::Import => String::new(),
    };
    let (pages, stopped) = follow(session, config, ask, first, wanted, &kept);
    if let Some(why) = stopped {
        let message = format!("older pages of the source `{}` are missing: {why}", source.name);
        let place = Place::at(&config.file, source.line, 1);
        let hint = "what was on the pages before was collected; `--refetch` with `archive = true` asks for all of them";
        session.warnings.push(Warning::new(message).at(place).hint(hint));
    }
    pages
}

/// A feed that is brought over, and all its older pages; with why they end before the end, if they do.
pub(super) fn whole(session: &Session, config: &Config, ask: &Ask, first: Document) -> (Vec<Document>, Option<String>) {
    follow(session, config, ask, first, Wanted::Import, "")
}

/// Whether a document can name an older page at all: most do not, and need not be read twice.
fn may_have_more(document: &Document) -> bool {
    let holds = |word: &[u8]| document.bytes.windows(word.len()).any(|bytes| bytes.eq_ignore_ascii_case(word));
    // In an encoding of two bytes a letter these words stand with zeroes between.
    document.bytes.contains(&0) || [b"next".as_slice(), b"prev-archive"].into_iter().any(holds)
}

fn follow(
    session: &Session,
    config: &Config,
    ask: &Ask,
    first: Document,
    wanted: Wanted,
    kept: &str,
) -> (Vec<Document>, Option<String>) {
    let mut asked = BTreeSet::from([first.url.clone(), ask.url.clone()]);
    let mut size = first.bytes.len() as u64;
    let mut pages = vec![first];
    loop {
        let older = pages.last().map(collect::older).unwrap_or_default();
        if wanted == Wanted::Gap && older.ids.iter().any(|id| is_kept(kept, id)) {
            return (pages, None);
        }
        let Some(url) = older.address.filter(|url| !asked.contains(url)) else { return (pages, None) };
        if pages.len() > wanted.most() {
            return (pages, Some(format!("{} were followed, and there are more", wanted.most())));
        }
        asked.insert(url.clone());
        let question = Ask { url: url.clone(), validated: None, validators: Vec::new(), ..ask.clone() };
        let answer = fetching::ask_all(session, config, &[question], "older page").pop();
        let page = match answer {
            Some(Ok(mut answer)) => fetching::document(&mut answer),
            Some(Err(failure)) => return (pages, Some(format!("`{}`: {}", shown_address(&url), failure.fault))),
            None => return (pages, None),
        };
        size += page.bytes.len() as u64;
        if size > config.fetch.max_size.saturating_mul(ANSWERS) {
            return (pages, Some("together they are larger than 16 times `max_size`".to_owned()));
        }
        // Redirected to a page that is there.
        if page.url != url && !asked.insert(page.url.clone()) {
            return (pages, None);
        }
        if !collect::older(&page).is_feed {
            return (pages, Some(format!("`{}` is no feed", shown_address(&url))));
        }
        pages.push(page);
    }
}

/// Whether a line of collected/ names this id or address.
fn is_kept(kept: &str, id: &str) -> bool {
    serde_json::to_string(id).is_ok_and(|quoted| kept.contains(&quoted))
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::{is_kept, may_have_more};
    use crate::collect::fetch::Document;

    #[test]
    fn what_may_have_more_is_looked_at() {
        let url = Url::parse("https://a.example/").unwrap();
        let of = |text: &str| may_have_more(&Document { bytes: text.into(), charset: None, url: url.clone() });
        assert!(of("<link rel='Next' href='b'/>") && of("{\"next_url\": 1}") && of("<\0l\0"));
        assert!(!of("<rss/>"));
        assert!(is_kept("{\"id\":\"a\\\"b\"}", "a\"b") && !is_kept("{\"id\":\"ab\"}", "a"));
    }
}

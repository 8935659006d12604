//! Pages on which WordPress lists posts: of a category, a tag, an author, a month. Links to them lead to our own pages of the same,
//! where there are such; others are told, once for each kind. So are links to its other pages that are not here.

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use super::item::{Channel, Item, Term};
use super::naming::Named;
use super::stream::Position;
use super::terms::{MAX_DEPTH, display, is_none};
use crate::collect::links::percent_decoded;
use crate::collect::plain;
use crate::config::Source;
use crate::error::{Place, Warning};
use crate::model::{Language, Publication, group_slug, slugify};

/// What a page lists posts by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Category,
    Tag,
    Author,
    Time,
    Search,
    Feed,
    /// A post or page, by its address.
    Page,
}

/// Our pages that list posts, and links to others.
#[derive(Debug)]
pub(super) struct Lists {
    /// The addresses of ours, with a slash at the end, by what the old site calls the same: "category/news".
    ours: BTreeMap<String, String>,
    /// Of each kind the first link to a page that is not there, and how many there are.
    missing: Mutex<BTreeMap<Kind, Missing>>,
    base: String,
}

#[derive(Debug)]
struct Missing {
    /// In which file, and where.
    at: (usize, Position),
    path: String,
    count: usize,
}

/// What the posts of an export are filed under, from its first reading.
#[derive(Debug, Default)]
pub(super) struct Filed {
    /// Names, and the number of the first post, by kind and by what the site calls it in addresses.
    under: BTreeMap<(&'static str, String), (String, String)>,
}

impl Filed {
    /// Takes what a post is filed under.
    pub(super) fn add(&mut self, item: &Item) {
        let mut note = |kind: &'static str, theirs: &str, name: &str| {
            let first = || (name.to_owned(), item.id.clone());
            self.under.entry((kind, theirs.to_owned())).or_insert_with(first);
        };
        let is_category = |term: &&Term| matches!(term.domain.as_str(), "" | "category") && !is_none(term);
        if let Some(term) = item.terms.iter().find(is_category) {
            note("category", &term.nicename, &term.name);
        }
        for term in &item.terms {
            match term.domain.as_str() {
                "post_tag" | "tag" => note("tag", &term.nicename, &term.name),
                "author" => note("author", term.nicename.strip_prefix("cap-").unwrap_or(&term.nicename), &term.name),
                _ => {}
            }
        }
        if !item.terms.iter().any(|term| term.domain == "author") {
            note("author", item.creator.trim(), "");
        }
    }
}

impl Lists {
    /// The pages that these posts will have.
    pub(super) fn new(
        publication: &Publication,
        source: &Source,
        channel: &Channel,
        filed: &Filed,
        named: &[Named],
    ) -> Self {
        let base = publication.url("");
        let languages: HashMap<&str, &Language> = named.iter().map(|post| (&*post.item.id, &post.language)).collect();
        let mut ours = BTreeMap::new();
        for ((kind, theirs), (name, id)) in &filed.under {
            let language = languages.get(&**id).filter(|language| ***language != publication.language);
            let prefix = language.map(|language| format!("{language}/")).unwrap_or_default();
            let (folder, name, theirs) = match *kind {
                "category" if source.section.is_some() => continue,
                "category" => {
                    let (nicename, name) = highest(channel, theirs, name);
                    ("sections", plain::from_html(name), vec![nicename.to_owned()])
                }
                "tag" => ("tags", plain::from_html(name), vec![theirs.clone()]),
                _ => {
                    let name = display(channel, theirs, name);
                    // Its address has a name that the export does not tell, made from one of these.
                    let made = [slugify(theirs), slugify(&name)];
                    ("authors", name, [theirs.clone()].into_iter().chain(made).collect())
                }
            };
            let address = format!("{base}{prefix}{folder}/{}/", group_slug(&name));
            for theirs in theirs {
                ours.entry(key(kind, &theirs)).or_insert_with(|| address.clone());
            }
        }
        Self { ours, missing: Mutex::default(), base }
    }

    /// Our page, or feed, for the one at `path` of the old site, which begins with a slash; `None` where it is no list, or one
    /// that we have not. `is_ours` says whether the old site stood at our address, so that nobody else has it.
    pub(super) fn lead(&self, path: &str, is_ours: bool, at: (usize, Position)) -> Option<String> {
        let (kind, found, is_feed) = self.read(path)?;
        if let Some(address) = found {
            return Some(if is_feed { address + FEED } else { address });
        }
        if is_ours {
            self.note(kind, path, at);
        }
        None
    }

    /// Notes a link to a page of the old site, which stood at our address, that is no list and no post of the export. Where our
    /// own pages and files stand, and those of WordPress itself, no page of the old site stood.
    pub(super) fn lacks(&self, path: &str, at: (usize, Position)) {
        let bare = path.split(['?', '#']).next().unwrap_or(path);
        let first = bare.trim_start_matches('/').split('/').next().unwrap_or_default();
        let is_page = !first.is_empty() && !first.starts_with("wp-") && !OURS.contains(&first);
        let is_file = bare.trim_end_matches('/').rsplit('/').next().is_some_and(|name| name.contains('.'));
        if is_page && !is_file && self.read(path).is_none() {
            self.note(Kind::Page, path, at);
        }
    }

    fn note(&self, kind: Kind, path: &str, at: (usize, Position)) {
        let mut missing = self.missing.lock().unwrap_or_else(PoisonError::into_inner);
        let first = || Missing { at, path: path.to_owned(), count: 0 };
        let known = missing.entry(kind).or_insert_with(first);
        known.count += 1;
        // Posts are written side by side.
        if (at, path) < (known.at, &*known.path) {
            (known.at, known.path) = (at, path.to_owned());
        }
    }

    /// What a path is, and our address of the same, to which the name of a feed may have to be added.
    fn read(&self, path: &str) -> Option<(Kind, Option<String>, bool)> {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let path = path.split('#').next().unwrap_or(path);
        let decoded = percent_decoded(path).to_lowercase();
        let mut parts: Vec<&str> = decoded.split('/').filter(|part| !part.is_empty()).collect();
        if parts.is_empty() && query.starts_with("feed=") {
            return Some((Kind::Feed, Some(self.base.clone()), true));
        }
        if parts.is_empty() {
            return by_query(query).map(|kind| (kind, None, false));
        }
        let is_feed = is_feed(&mut parts);
        if let [.., "page", number] = parts[..]
            && is_number(number)
        {
            parts.truncate(parts.len() - 2);
        }
        let of = |kind, name: &str, theirs: &str| (kind, self.ours.get(&key(name, theirs)).cloned(), is_feed);
        match parts[..] {
            [] if is_feed => Some((Kind::Feed, Some(self.base.clone()), true)),
            ["category", .., last] => Some(of(Kind::Category, "category", last)),
            ["tag", last] => Some(of(Kind::Tag, "tag", last)),
            ["author", last] => Some(of(Kind::Author, "author", last)),
            ["comments"] if is_feed => Some((Kind::Feed, None, true)),
            [year, ref rest @ ..] if year.len() == 4 && is_number(year) && rest.len() < 3 => {
                rest.iter().all(|part| part.len() == 2 && is_number(part)).then_some((Kind::Time, None, is_feed))
            }
            _ => None,
        }
    }

    /// A warning for each kind of pages that links lead to and that are not there; `names` are those of the export's files.
    pub(super) fn missing(&self, names: &[PathBuf]) -> Vec<Warning> {
        let missing = self.missing.lock().unwrap_or_else(PoisonError::into_inner);
        let told = missing.iter().map(|(kind, Missing { at: (file, at), path, count })| {
            let (one, many) = match kind {
                Kind::Category => ("a list of the posts of a category", "lists of the posts of categories"),
                Kind::Tag => ("a list of the posts of a tag", "lists of the posts of tags"),
                Kind::Author => ("a list of the posts of an author", "lists of the posts of authors"),
                Kind::Time => ("a list of the posts of a time", "lists of the posts of times"),
                Kind::Search => ("a search", "searches"),
                Kind::Feed => ("a feed", "feeds"),
                Kind::Page => ("a page", "pages"),
            };
            let message = match (kind, count) {
                (Kind::Page, 1) => format!("a link leads to `{path}`, which is no post of this export"),
                (Kind::Page, count) => {
                    format!("{count} links lead to {many} that are no posts of this export, the first to `{path}`")
                }
                (_, 1) => format!("a link leads to `{path}`: {one} that has no page here"),
                (_, count) => format!("{count} links lead to {many} that have no page here, the first to `{path}`"),
            };
            let warning = Warning::new(message);
            match names.get(*file) {
                Some(name) => warning.at(Place::at(name, at.line, at.column)),
                None => warning,
            }
        });
        told.collect()
    }
}

/// The category at the top of those above one, which is the section of its posts: what the site calls it, and its name.
fn highest<'c>(channel: &'c Channel, nicename: &'c str, name: &'c str) -> (&'c str, &'c str) {
    let mut found = (nicename, name);
    for _ in 0..MAX_DEPTH {
        let parent = channel.categories.get(found.0).map(|category| category.parent.as_str());
        let Some((above, category)) = parent.and_then(|parent| channel.categories.get_key_value(parent)) else { break };
        found = (above, &category.name);
    }
    found
}

/// Folders of our own pages.
const OURS: [&str; 6] = ["posts", "sections", "tags", "authors", "assets", "issues"];

/// The name of our feeds in each folder that has one.
const FEED: &str = "feed.xml";

fn key(kind: &str, theirs: &str) -> String {
    format!("{kind}/{}", percent_decoded(theirs).to_lowercase())
}

/// Takes what names a feed away from the end of a path; says whether there was such.
fn is_feed(parts: &mut Vec<&str>) -> bool {
    let length = match parts[..] {
        [.., "feed", "rss" | "rss2" | "rdf" | "atom"] => 2,
        [.., "feed"] | ["rss" | "rss2" | "atom"] => 1,
        _ => 0,
    };
    parts.truncate(parts.len() - length);
    length > 0
}

/// What the front page of a site lists that is asked so.
fn by_query(query: &str) -> Option<Kind> {
    let name = query.split(['=', '&']).next().unwrap_or_default();
    match name {
        "cat" => Some(Kind::Category),
        "tag" => Some(Kind::Tag),
        "author" => Some(Kind::Author),
        "m" | "year" | "monthnum" => Some(Kind::Time),
        "s" => Some(Kind::Search),
        _ => None,
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

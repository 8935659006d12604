//! What a post of an export is known by: language, slug, id, address, dates.

use std::collections::HashSet;
use std::mem::take;
use std::path::PathBuf;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use sha2::{Digest as _, Sha256};
use url::Url;

use super::body;
use super::exported::{Exported, last_part};
use super::head::Head;
use super::item::{Channel, Item};
use super::recognise::{Known, recognise};
use super::records::Records;
use crate::collect::dates::believed;
use crate::collect::sightings::Seen;
use crate::collect::{Gathered, LeftOut, Run, dates as written, identity, plain};
use crate::config::{Config, Source};
use crate::error::{Place, Warning};
use crate::model::{FirstPlace, LONGEST_SLUG, Language, PostId, fitting, hexadecimal, is_iri, slugify};

/// Characters of a slug that is made from a title.
const SLUG: usize = 60;

/// An item that has its identity.
#[derive(Debug)]
pub(super) struct Named {
    /// Without its text, until that is read again.
    pub(super) item: Item,
    pub(super) title: String,
    pub(super) id: PostId,
    pub(super) language: Language,
    pub(super) slug: String,
    pub(super) address: String,
    /// Where it stood when feeds first had it, if its id needs that.
    pub(super) first_place: Option<FirstPlace>,
    pub(super) published: Option<DateTime<Utc>>,
    pub(super) updated: Option<DateTime<Utc>>,
    pub(super) first_seen: DateTime<Utc>,
}

/// Where the posts stand on the web: under our address, and where they stood; the last one counts for links that name
/// no host.
pub(super) fn bases(config: &Config, channel: &Channel, source: &Source) -> Vec<String> {
    let mut bases = vec![config.publication.base_url.clone()];
    let old = source.base_url.as_deref().unwrap_or(channel.base()).trim_end_matches('/');
    if !old.is_empty() {
        bases.push(format!("{old}/"));
    }
    bases
}

/// Where the items come from.
pub(super) struct Site<'a> {
    pub(super) source: &'a Source,
    /// What earlier runs saw: of this source, then of those that are configured no more.
    pub(super) seen: &'a [&'a Seen],
    /// Whether what is seen is to be kept.
    pub(super) keeps: bool,
    pub(super) channel: &'a Channel,
    /// The names of the export's files.
    pub(super) files: &'a [PathBuf],
}

/// An item with the id that its export gives it.
pub(super) struct Draft {
    pub(super) head: Head,
    pub(super) id: PostId,
    language: Language,
    looks: Exported,
}

/// Gives every item its identity. Ids are given in the order of the file; slugs in the order of dates, so that a newer
/// post never takes the slug of an older one. What comes back is in the order of the file.
pub(super) fn name_all(run: &mut Run<'_>, site: &Site<'_>, items: Vec<Head>, gathered: &mut Gathered) -> Vec<Named> {
    let (source, channel, files) = (site.source, site.channel, site.files);
    let zone = run.config.publication.time_zone;
    let bases = bases(run.config, channel, source);
    let base = bases.last().map_or("", String::as_str);
    let drafts = drafts(run.config, site, items, base, gathered);
    let looks: Vec<(&PostId, &Exported)> = drafts.iter().map(|draft| (&draft.id, &draft.looks)).collect();
    let known = recognise(&looks, site.seen);
    let mut named = Vec::with_capacity(drafts.len());
    let mut records = Records::new(run.now, site, &drafts, &known);
    for (draft, known) in drafts.into_iter().zip(known) {
        let id = records.id(&draft, known);
        let Draft { head: Head { item, title, .. }, id: guid, language, mut looks } = draft;
        let file = &files[item.file];
        let place = || Place::at(file, item.at.line, item.at.column);
        if let Err(other) = run.taken.id(&id, file.display().to_string()) {
            let message = format!("id `{id}` is the id of `{other}` already; {} is left out", item.called());
            gathered.warnings.push(Warning::new(message).at(place()));
            let reason = format!("`{other}` has the same id (line {})", item.at.line);
            gathered.left_out.push(LeftOut { file: file.clone(), reason });
            continue;
        }
        let published = looks.date;
        gathered.warnings.extend(undated(&item, published).map(|message| Warning::new(message).at(place())));
        let address = address(&item, base).unwrap_or_default();
        looks.first_place = first_place(&id, &address, known);
        let seen = records.keep(&id, &guid, &looks, known);
        let said = updated(&item, zone);
        let updated = believed(said, run.now);
        if said != updated && published.is_none_or(|published| published <= run.now) {
            let message =
                format!("{} was changed on a day that is still to come; that does not count before", item.called());
            gathered.warnings.push(Warning::new(message).at(place()));
        }
        let updated = updated.or(seen.changed);
        named.push(Named {
            title,
            language,
            slug: String::new(),
            address,
            first_place: looks.first_place.map(|place| *place),
            id,
            published,
            updated: updated.filter(|updated| published.is_none_or(|published| *updated > published)),
            first_seen: published.map_or(seen.first, |published| published.min(run.now)),
            item,
        });
    }
    records.finish(gathered);
    give_slugs(run, files, &mut named, gathered);
    // What they were named by has served.
    for post in &mut named {
        let item = &mut post.item;
        let bare = Item::new(item.file, item.at);
        *item = Item { title: take(&mut item.title), id: take(&mut item.id), ..bare };
    }
    named
}

/// Where a post stood when feeds first had it, if its id is none without a place; of one that was known before this was kept,
/// and of a new one, where it stands.
fn first_place(id: &PostId, address: &str, known: Option<Known<'_>>) -> Option<Box<FirstPlace>> {
    let kept = known.and_then(|known| known.kept.exported.first_place.clone());
    let is_needed = !is_iri(&id.0) && !address.is_empty();
    kept.or_else(|| is_needed.then(|| Box::new(FirstPlace::of_known(address))))
}

/// The items with the ids that the export gives them, each once.
fn drafts(config: &Config, site: &Site<'_>, items: Vec<Head>, base: &str, gathered: &mut Gathered) -> Vec<Draft> {
    let zone = config.publication.time_zone;
    let mut ids = Ids::default();
    let mut drafts = Vec::with_capacity(items.len());
    for head in items {
        let item = &head.item;
        let Some(id) = ids.of(item, head.whole, address(item, base).as_deref(), base) else {
            let reason = format!("the export has {} twice (line {})", item.called(), item.at.line);
            gathered.left_out.push(LeftOut { file: site.files[item.file].clone(), reason });
            continue;
        };
        let language = language(config, site.source, site.channel, item);
        let looks = Exported::of(item, &language, date(item, zone), head.words);
        drafts.push(Draft { head, id, language, looks });
    }
    drafts
}

fn give_slugs(run: &mut Run<'_>, files: &[PathBuf], named: &mut [Named], gathered: &mut Gathered) {
    let zone = run.config.publication.time_zone;
    let mut order: Vec<usize> = (0..named.len()).collect();
    order.sort_by_key(|index| (named[*index].published.is_none(), named[*index].published, *index));
    let mut shared: Vec<(usize, String)> = Vec::new();
    for index in order {
        let post = &mut named[index];
        let wanted = wanted_slug(&post.item, &post.title);
        let day: Option<NaiveDate> = post.published.map(|at| at.with_timezone(&zone).date_naive());
        post.slug = run.taken.slug(&post.language, &wanted, day);
        if post.slug != wanted && !wanted.is_empty() {
            shared.push((index, wanted));
        }
        if post.address.is_empty() {
            let publication = &run.config.publication;
            post.address = publication.url(&identity::path(publication, &post.language, &post.slug));
        }
    }
    shared.sort();
    if let Some((index, wanted)) = shared.first() {
        let post = &named[*index];
        let others = match shared.len() {
            1 => String::new(),
            more => format!("; so it is with {} more posts", more - 1),
        };
        let message = format!("slug `{wanted}` is another post's already; `{}` was given{others}", post.slug);
        let place = Place::at(&files[post.item.file], post.item.at.line, post.item.at.column);
        gathered.warnings.push(Warning::new(message).at(place));
    }
}

/// The ids of one export.
#[derive(Default)]
struct Ids {
    /// Hashes of those that are given, and of items as they name themselves.
    taken: HashSet<[u8; 32]>,
    whole: HashSet<[u8; 32]>,
}

impl Ids {
    /// The guid as it stands; where it is missing or another item's, the link, the number, the words. `None` when the
    /// same item comes again.
    fn of(&mut self, item: &Item, whole: [u8; 32], link: Option<&str>, base: &str) -> Option<PostId> {
        let unnamed = item.guid.is_empty() && item.link.is_empty() && item.id.is_empty();
        let what = if unnamed { whole } else { [0; 32] };
        let said =
            [item.guid.as_bytes(), b"\0", item.link.as_bytes(), b"\0", item.id.as_bytes(), b"\0", &what].concat();
        if !self.whole.insert(sha256(&said)) {
            return None;
        }
        let guid = Some(item.guid.trim().to_owned());
        let link = link.map(str::to_owned);
        let number = (!item.id.is_empty() && !base.is_empty()).then(|| format!("{base}?p={}", item.id));
        let said = [guid, link, number].into_iter().flatten().filter(|id| !id.is_empty());
        let free = said.into_iter().find(|id| !self.taken.contains(&sha256(id.as_bytes())));
        let id = free.unwrap_or_else(|| by_words(whole));
        self.taken.insert(sha256(id.as_bytes())).then_some(PostId(id))
    }
}

/// The id of an item that nothing names.
pub(super) fn by_words(whole: [u8; 32]) -> String {
    format!("urn:sha256:{}", &hexadecimal(&whole)[..32])
}

/// The link, absolute; else the guid where that is an address that promises to stay.
fn address(item: &Item, base: &str) -> Option<String> {
    let is_web = |address: &String| address.starts_with("https://") || address.starts_with("http://");
    let absolute = |address: &str| {
        let address = address.trim();
        if address.is_empty() {
            return None;
        }
        match Url::parse(address) {
            // As it is written: readers compare it letter by letter.
            Ok(_) => Some(address.to_owned()).filter(|address| !address.contains(char::is_whitespace)),
            Err(_) => Url::parse(base).ok()?.join(address).ok().map(String::from),
        }
    };
    absolute(&item.link).filter(is_web).or_else(|| Some(item.guid.trim().to_owned()).filter(is_web))
}

fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// What two items that are not named are told apart by.
pub(super) fn whole(item: &Item) -> [u8; 32] {
    sha256([&*item.title, "\0", &*item.date, "\0", &*item.content].concat().as_bytes())
}

/// The title as text; of a post without one its first words.
pub(super) fn title(item: &Item) -> String {
    let title = plain::title_from_html(&item.title);
    if !title.is_empty() {
        return title;
    }
    let text = if item.excerpt.trim().is_empty() {
        plain::from_html(&body::words(item))
    } else {
        plain::from_html(&item.excerpt)
    };
    let words: Vec<&str> = text.split_whitespace().take(12).collect();
    let short = words.join(" ");
    match (short.is_empty(), short.len() < text.len()) {
        (true, _) => "Untitled".to_owned(),
        (_, true) => short + "\u{2026}",
        _ => short,
    }
}

/// The end of `wp:post_name`, decoded; else the title.
fn wanted_slug(item: &Item, title: &str) -> String {
    let slug = slugify(&last_part(&item.name));
    if !slug.is_empty() {
        return fitting(slug, LONGEST_SLUG);
    }
    let made: String = slugify(title).chars().take(SLUG).collect();
    made.trim_end_matches('-').to_owned()
}

/// What the post's own terms say (a plugin's), else what the source says, else the site.
fn language(config: &Config, source: &Source, channel: &Channel, item: &Item) -> Language {
    let own = item.terms.iter().filter(|term| term.domain == "language");
    let own = own.into_iter().find_map(|term| Language::parse(&term.nicename));
    own.or_else(|| source.language.clone())
        .or_else(|| Language::parse(channel.language.trim()))
        .map_or_else(|| config.publication.language.clone(), |said| config.published_language(said))
}

/// What it says of when it was published: in UTC, by the site's clock, as its feed has it.
fn dates(item: &Item, zone: Tz) -> [(&str, Tz); 3] {
    [(&item.date_gmt, Tz::UTC), (&item.date, zone), (&item.pub_date, zone)]
}

/// When it was published: the first of its dates that is one.
fn date(item: &Item, zone: Tz) -> Option<DateTime<Utc>> {
    dates(item, zone).into_iter().find_map(|(text, zone)| instant(text, zone))
}

/// What there is to say of an item's dates, of which this one counts.
fn undated(item: &Item, found: Option<DateTime<Utc>>) -> Option<String> {
    let odd = dates(item, Tz::UTC).into_iter().find(|(text, _)| !is_no_date(text) && written::parse(text).is_none());
    match odd {
        Some((text, _)) => Some(format!("`{text}` is not a date ({})", item.called())),
        None => {
            found.is_none().then(|| format!("{} has no date; it is dated by when it was first seen", item.called()))
        }
    }
}

/// Whether it says when it was modified.
pub(super) fn says_modified(item: &Item) -> bool {
    updated(item, Tz::UTC).is_some()
}

fn updated(item: &Item, zone: Tz) -> Option<DateTime<Utc>> {
    instant(&item.modified_gmt, Tz::UTC).or_else(|| instant(&item.modified, zone))
}

fn instant(text: &str, zone: Tz) -> Option<DateTime<Utc>> {
    if is_no_date(text) {
        return None;
    }
    written::parse(text).map(|written| written.instant(zone))
}

/// What WordPress writes where there is no date: nothing, zeroes, or the day before the year 0 in words.
fn is_no_date(text: &str) -> bool {
    let text = text.trim();
    text.is_empty() || text.starts_with("0000-00-00") || text.contains("-0001") || text == "0"
}

#[cfg(test)]
mod tests {
    use super::super::item::Item;
    use super::super::stream::Position;
    use super::{Ids, address, date, title, undated, wanted_slug, whole};

    fn item() -> Item {
        Item::new(0, Position { line: 1, column: 1 })
    }

    #[test]
    fn an_id_is_the_guid_else_what_is_left() {
        let mut ids = Ids::default();
        let mut of = |guid: &str, link: &str, id: &str| {
            let item = Item { guid: guid.into(), link: link.into(), id: id.into(), ..item() };
            let link = address(&item, "https://old.example/");
            ids.of(&item, whole(&item), link.as_deref(), "https://old.example/").map(|id| id.0)
        };
        assert_eq!(of("https://old.example/?p=1", "/one/", "1").as_deref(), Some("https://old.example/?p=1"));
        assert_eq!(of("https://old.example/?p=1", "/two/", "2").as_deref(), Some("https://old.example/two/"));
        assert_eq!(of("https://old.example/?p=1", "/two/", "3").as_deref(), Some("https://old.example/?p=3"));
        assert_eq!(of("a guid", "", "").as_deref(), Some("a guid"));
        assert_eq!(of("a guid", "", ""), None);
        assert!(of("", "", "").unwrap().starts_with("urn:sha256:"));
    }

    #[test]
    fn slugs_come_from_names_and_titles_from_words() {
        let slug = |name: &str| wanted_slug(&Item { name: name.into(), ..item() }, "A title: of many words");
        assert_eq!(slug("%d8%b3%d9%84%d8%a7%d9%85"), "سلام");
        assert_eq!(slug("blog/2023/04/my-post.html"), "my-post");
        assert_eq!(slug(""), "a-title-of-many-words");
        for content in ["<p>Some words</p>", "[private]Not[/private]\n\n[vc_row a=\"b\"]Some words[/vc_row]"] {
            assert_eq!(title(&Item { content: content.into(), ..item() }), "Some words");
        }
    }

    #[test]
    fn the_first_date_that_is_one_counts() {
        let zone = "Europe/Tirane".parse().unwrap();
        let mut warnings = Vec::new();
        let mut of = |gmt: &str, local: &str, feed: &str| {
            let item = Item { date_gmt: gmt.into(), date: local.into(), pub_date: feed.into(), ..item() };
            let at = date(&item, zone);
            warnings.extend(undated(&item, at));
            at.map_or_else(|| "-".to_owned(), |at| at.format("%F %R").to_string())
        };
        assert_eq!(of("2013-06-07 03:00:44", "2013-06-07 05:00:44", ""), "2013-06-07 03:00");
        assert_eq!(of("0000-00-00 00:00:00", "2013-06-07 05:00:44", ""), "2013-06-07 03:00");
        assert_eq!(of("", "0000-00-00 00:00:00", "Fri, 07 Jun 2013 03:00:44 +0000"), "2013-06-07 03:00");
        assert_eq!(of("", "", "Mon, 30 Nov -0001 00:00:00 +0000"), "-");
        assert_eq!(of("2013-13-41 00:00:00", "2013-06-07 05:00:44", ""), "2013-06-07 03:00");
        assert_eq!(warnings.len(), 2);
        assert_eq!(warnings[0], "an item has no date; it is dated by when it was first seen");
        assert_eq!(warnings[1], "`2013-13-41 00:00:00` is not a date (an item)");
    }
}

//! A feed as it comes over the wire, whatever its format: values as written, borrowed from the text where they can be.

use std::borrow::Cow;

use url::Url;

pub use super::seldom::{Empty, Seldom};

/// How many items tell how many there will be.
const ENOUGH_TO_GUESS: usize = 64;

/// The format that a feed's root element tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// None that is known.
    #[default]
    Unknown,
    /// RSS 0.91 to 2.0.
    Rss,
    /// RSS 0.90, 1.0 or 1.1.
    Rdf,
    /// Atom 0.3 or 1.0 (RFC 4287).
    Atom,
    /// Channel Definition Format.
    Cdf,
    /// JSON Feed 1.0 or 1.1.
    Json,
}

/// A feed.
#[derive(Debug, Default)]
pub struct Feed<'a> {
    /// What its root says it is.
    pub format: Format,
    /// Its title.
    pub title: Text<'a>,
    /// Its description, subtitle or tagline.
    pub description: Text<'a>,
    /// The address of the site, absolute where that can be known.
    pub link: Cow<'a, str>,
    /// As a language tag.
    pub language: Cow<'a, str>,
    /// The address of its picture.
    pub picture: Cow<'a, str>,
    /// Whom items without an author are by (RFC 4287, 4.2.1; JSON Feed 1.1).
    pub authors: Vec<Cow<'a, str>>,
    /// When it was last changed.
    pub updated: DateText<'a>,
    /// How often it is worth asking for.
    pub schedule: Schedule<'a>,
    /// Where else it, and what belongs to it, can be found.
    pub relations: Relations<'a>,
    /// Ids of items that were taken back (RFC 6721).
    pub withdrawn: Vec<Cow<'a, str>>,
    /// In the order of the document.
    pub items: Vec<Item<'a>>,
    /// Whether the document ends before the feed does, so that items may be missing.
    pub is_cut: bool,
    /// Whether that is in the middle of its last item, of which the rest is missing.
    pub ends_in_item: bool,
    /// The bases of relative addresses, resolved.
    pub(super) bases: Vec<Option<Url>>,
}

impl Feed<'_> {
    /// Whether the document is a feed at all, perhaps one without items.
    #[must_use]
    pub fn is_feed(&self) -> bool {
        self.format != Format::Unknown || !self.items.is_empty()
    }

    /// Makes room at once for as many items as there will be, `most` at most, by how far these have come: `read` of the
    /// `length` bytes of the document. A list that doubles leaves as much behind as it takes.
    pub(super) fn make_room(&mut self, read: usize, length: usize, most: usize) {
        let items = &mut self.items;
        if items.len() < items.capacity() || items.len() < ENOUGH_TO_GUESS {
            return;
        }
        let expected = (items.len() as u64).saturating_mul(length as u64) / (read as u64).max(1);
        let more = usize::try_from(expected).unwrap_or(most).min(most).saturating_sub(items.len());
        items.reserve_exact(more + items.len() / 16);
    }

    /// The address that relative ones start from.
    #[must_use]
    pub fn base(&self, base: Base) -> Option<&Url> {
        self.bases.get(base.0 as usize)?.as_ref()
    }
}

/// Names one of a feed's bases; the default is the document's own address.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Base(pub(super) u32);

/// What a feed says of how often it changes, as written.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Schedule<'a> {
    /// RSS 2.0's `ttl`: minutes that it may be kept.
    pub ttl: Option<u32>,
    /// The syndication module's `hourly`, `daily`, `weekly`, `monthly` or `yearly`.
    pub update_period: Cow<'a, str>,
    /// How many times in that period.
    pub update_frequency: Option<u32>,
    /// The date that the periods are counted from.
    pub update_base: DateText<'a>,
    /// RSS 0.91's `skipHours`: hours of the day, in GMT, in which nothing changes.
    pub skip_hours: Vec<u8>,
    /// RSS 0.91's `skipDays`: English names of weekdays in which nothing changes.
    pub skip_days: Vec<Cow<'a, str>>,
}

/// Addresses that belong to a feed, absolute where that can be known.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Relations<'a> {
    /// Its own (`self`).
    pub this: Cow<'a, str>,
    /// Of `WebSub` hubs.
    pub hubs: Vec<Cow<'a, str>>,
    /// Of its next page (RFC 5005; JSON Feed's `next_url`).
    pub next: Cow<'a, str>,
    /// Of the archive before it (RFC 5005).
    pub previous_archive: Cow<'a, str>,
    /// Where it has moved to (`itunes:new-feed-url`).
    pub moved_to: Cow<'a, str>,
    /// Whether it says that it has all its items (RFC 5005, 2), so that what is not in it was taken back.
    pub complete: bool,
}

/// Text, and whether it is markup.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text<'a> {
    /// The text, with XML's own escapes resolved.
    pub value: Cow<'a, str>,
    /// Whether it is HTML.
    pub is_html: bool,
    /// Whether the feed says so: of the descriptions of RSS nothing is said, and what looks like a tag in them may be none.
    pub is_said: bool,
    /// What relative addresses in it start from.
    pub base: Base,
}

impl Text<'_> {
    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.value.is_empty()
    }
}

/// A date as written, and where.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DateText<'a> {
    /// The words.
    pub text: Cow<'a, str>,
    /// The offset in the text of the document, in bytes.
    pub offset: usize,
}

/// Whose a picture is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PictureCredit<'a> {
    /// Who made it, or gave it.
    pub names: Vec<Cow<'a, str>>,
    /// Who has the rights to it.
    pub rights: Cow<'a, str>,
}

/// A picture that stands for an item.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WirePicture<'a> {
    /// Its address, absolute where that can be known.
    pub address: Cow<'a, str>,
    /// Alternative text.
    pub alt: Cow<'a, str>,
    /// What is written below it.
    pub caption: Cow<'a, str>,
    /// Whose it is.
    pub credit: PictureCredit<'a>,
}

/// A file that comes with an item.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Enclosure<'a> {
    /// Its address, absolute where that can be known.
    pub address: Cow<'a, str>,
    /// As in "audio/mpeg"; empty when unknown.
    pub media_type: Cow<'a, str>,
    /// In bytes, where that is said.
    pub length: Option<u64>,
    /// In seconds, where that is said of the file itself.
    pub duration: Option<u32>,
    /// What it is called.
    pub title: Cow<'a, str>,
    /// What is said of it, where it is a picture.
    pub caption: Cow<'a, str>,
    /// Whose it is, where it is a picture.
    pub credit: PictureCredit<'a>,
    /// Whether it is said to be a picture.
    pub is_picture: bool,
    /// Whether it may be another form of a file that comes with the item, too.
    pub is_rendition: bool,
}

/// What is said of readers' comments on an item.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comments<'a> {
    /// The address of their page.
    pub page: Cow<'a, str>,
    /// The address of their feed.
    pub feed: Cow<'a, str>,
    /// How many there are.
    pub count: Option<u32>,
}

/// What a podcast says of an episode.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Episode<'a> {
    /// Its number.
    pub number: Cow<'a, str>,
    /// The number of its season.
    pub season: Cow<'a, str>,
    /// The line below its title, where there is a summary or a text beside it.
    pub subtitle: Cow<'a, str>,
    /// Who speaks in it, or had a part in it, and which, as written; that may be empty.
    pub people: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    /// How long it is, as written: seconds, or hours, minutes and seconds between colons.
    pub duration: Cow<'a, str>,
    /// Its words.
    pub transcripts: Vec<Enclosure<'a>>,
    /// Where its chapters are listed.
    pub chapters: Cow<'a, str>,
    /// Its chapters, where the feed lists them: when each begins, what it is called, and an address or nothing.
    pub marks: Vec<(Cow<'a, str>, Cow<'a, str>, Cow<'a, str>)>,
}

/// What an item of the archive of a whole site is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A post, as in any feed.
    #[default]
    Post,
    /// A page beside the posts.
    Page,
    /// A reader's comment.
    Comment,
    /// A setting or a template of the site.
    Setting,
}

/// What the archive of a blog from Blogger says of an item.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Archived<'a> {
    /// What it is.
    pub kind: Kind,
    /// `LIVE`, `DRAFT`, `SOFT_TRASHED` …, as written; empty where that is not said.
    pub status: Cow<'a, str>,
    /// Where it stands below the address of its site.
    pub path: Cow<'a, str>,
    /// The id of the post that a comment is on.
    pub answers: Cow<'a, str>,
}

/// The feed that an item was taken from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Source<'a> {
    /// Its title.
    pub title: Cow<'a, str>,
    /// The address of its site, absolute where that can be known.
    pub link: Cow<'a, str>,
}

/// A place on the earth, as written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Location<'a> {
    /// Latitude and longitude in degrees (WGS 84), with a space between them.
    pub point: Cow<'a, str>,
    /// Its name.
    pub name: Cow<'a, str>,
}

/// An item or entry.
#[derive(Clone, Debug, Default)]
pub struct Item<'a> {
    /// `guid`, `id` or `rdf:about`.
    pub id: Cow<'a, str>,
    /// Whether `guid` said that it is no address.
    pub id_is_no_address: bool,
    /// The address of its page, absolute where that can be known.
    pub link: Cow<'a, str>,
    /// Its title.
    pub title: Text<'a>,
    /// A summary, where there is one beside the text.
    pub summary: Text<'a>,
    /// The text in full.
    pub content: Text<'a>,
    /// Names or addresses, as written.
    pub authors: Vec<Cow<'a, str>>,
    /// When it was published.
    pub published: DateText<'a>,
    /// Another date that says the same, in case that one cannot be read.
    pub published_too: Seldom<DateText<'a>>,
    /// When it was last changed.
    pub updated: DateText<'a>,
    /// Categories, tags and keywords.
    pub categories: Vec<Cow<'a, str>>,
    /// Its own language tag; empty when it has the feed's.
    pub language: Cow<'a, str>,
    /// What relative addresses start from.
    pub base: Base,
    /// A picture that stands for it.
    pub picture: Seldom<WirePicture<'a>>,
    /// The feed that it was taken from.
    pub source: Seldom<Source<'a>>,
    /// Whether it says that it is a draft (RFC 5023, 13.1.1).
    pub is_draft: bool,
    /// Files that come with it.
    pub enclosures: Vec<Enclosure<'a>>,
    /// Pages that it is about or was found through: addresses, absolute where that can be known, and their titles.
    pub about: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    /// Readers' comments.
    pub comments: Seldom<Comments<'a>>,
    /// What a podcast says of it.
    pub episode: Seldom<Episode<'a>>,
    /// The place that it is about.
    pub location: Seldom<Location<'a>>,
    /// What the archive of a blog says of it.
    pub archived: Seldom<Archived<'a>>,
    /// The offset of its beginning in the text of the document, in bytes.
    pub offset: usize,
}

impl Item<'_> {
    /// Whether there is nothing to publish.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let texts =
            [&self.id, &self.link, &self.title.value, &self.summary.value, &self.content.value, &self.picture.address];
        texts.iter().all(|text| text.trim().is_empty()) && self.enclosures.is_empty()
    }
}

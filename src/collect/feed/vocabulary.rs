//! What an element of a feed means, by the class of its namespace, its local name and where it stands.

use super::names::Class;

/// What stands in an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Context {
    /// Nothing is open.
    Document,
    /// The feed: `rss`, `rdf:RDF`, `feed`, `channel`.
    Feed,
    /// `item`, `entry`.
    Item,
    /// `author` with elements in it.
    Person,
    /// `image`, of a feed or an item.
    Image,
    /// The feed that an item was taken from.
    Source,
    /// A picture, film or sound of Media RSS.
    Media,
    /// `podcast:alternateEnclosure`.
    Alternate,
    /// A value that is being read, and all in it.
    Value,
    /// Nothing that is read.
    Ignored,
}

/// Which value an element holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Id,
    Link,
    Title,
    /// Of an item; of a feed its description.
    Summary,
    Content,
    Author,
    PersonName,
    PersonAddress,
    Published,
    Updated,
    Category,
    /// Words between commas.
    Keywords,
    Language,
    SourceTitle,
    SourceLink,
    Picture,
    PictureAlt,
    PictureCaption,
    /// Whose the pictures of an item are, and who has the rights to them.
    PictureCredit,
    PictureRights,
    /// What a picture, film or sound of Media RSS is called, and what is said of it.
    MediaTitle,
    MediaText,
    /// Whose a picture of Media RSS is, and who has the rights to it.
    MediaCredit,
    MediaRights,
    Draft,
    CommentPage,
    CommentFeed,
    CommentCount,
    EpisodeNumber,
    /// The line below the title of an episode, or of a podcast.
    Subtitle,
    /// Who speaks in an episode, or had a part in it.
    Person,
    Season,
    Duration,
    Point,
    Latitude,
    Longitude,
    PlaceName,
    Ttl,
    UpdatePeriod,
    UpdateFrequency,
    UpdateBase,
    SkipHour,
    SkipDay,
    MovedTo,
    /// Of Blogger's archives: what an item is, what became of it, where it stands on its site, and what a comment is on.
    Kind,
    Status,
    Path,
    Answers,
}

/// What an element means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// The feed.
    Feed,
    /// An item or entry.
    Item,
    /// Holds elements that mean something there; as a text it holds the field, if one is given.
    Group(Context, Option<(Field, u8)>),
    /// Holds a value. Of two elements for one field the higher rank counts.
    Value(Field, u8),
    /// Atom's `link`, or RSS's as text.
    Link,
    /// `category`: its `term` or `label`, or its text.
    Category,
    /// RSS's `enclosure`.
    Enclosure,
    /// `media:content`.
    MediaContent,
    /// `podcast:alternateEnclosure`: the same in another form.
    Alternate,
    /// `podcast:source`: where that is.
    AlternateSource,
    /// `fh:complete` (RFC 5005, 2).
    Complete,
    /// `media:thumbnail`, `itunes:image` and others: an address in an attribute.
    Thumbnail,
    /// `podcast:transcript`.
    Transcript,
    /// `podcast:chapters`.
    Chapters,
    /// `psc:chapter`.
    Chapter,
    /// `podcast:person`.
    PodcastPerson,
    /// `thr:in-reply-to`.
    InReplyTo,
    /// `at:deleted-entry`.
    Tombstone,
    /// Nothing of its own; its elements mean what they would mean without it.
    Transparent,
    /// Nothing, with all that is in it.
    Ignored,
}

use Meaning::{Group, Ignored, Transparent, Value};

/// The rank of a format's own element.
pub(super) const OWN: u8 = 5;
/// The rank of Dublin Core's.
const CORE: u8 = 4;
/// The rank of what was made for something else.
pub(super) const SIDE: u8 = 3;
/// The rank of what may be said of a picture alone.
const OF_PICTURES: u8 = 2;
/// The rank of what says less than that.
pub(super) const LAST: u8 = 1;

/// The meaning of an element. `name` is its local name in lower case.
pub(super) fn meaning(class: Class, name: &str, context: Context) -> Meaning {
    match context {
        Context::Person => person(class, name),
        Context::Image => image(name),
        Context::Source => source(name),
        Context::Media => media_object(class, name),
        Context::Alternate if class == Class::Podcast && name == "source" => Meaning::AlternateSource,
        Context::Ignored | Context::Value | Context::Alternate => Ignored,
        Context::Document | Context::Feed | Context::Item => match class {
            Class::Rss | Class::Atom => own(name, context),
            Class::Rdf if name == "rdf" => Meaning::Feed,
            Class::Rdf | Class::Other => Ignored,
            Class::DublinCore => dublin_core(name),
            Class::Xhtml => xhtml(name, context),
            _ => module(class, name),
        },
    }
}

/// The formats' own elements. Those of RSS, Atom and CDF do not contradict each other.
fn own(name: &str, context: Context) -> Meaning {
    match name {
        "rss" | "rdf" | "feed" | "channel" => Meaning::Feed,
        "item" | "entry" => Meaning::Item,
        "title" => Value(Field::Title, OWN),
        "link" | "a" => Meaning::Link,
        "description" | "summary" | "abstract" => Value(Field::Summary, OWN),
        "subtitle" | "tagline" => Value(Field::Summary, CORE),
        "guid" | "id" => Value(Field::Id, OWN),
        "content" | "fullitem" | "body" => Value(Field::Content, OWN),
        "author" => Group(Context::Person, Some((Field::Author, CORE))),
        "pubdate" | "published" | "issued" => Value(Field::Published, OWN),
        "date" => Value(Field::Published, CORE),
        "created" => Value(Field::Published, SIDE),
        "updated" | "modified" | "lastbuilddate" => Value(Field::Updated, OWN),
        "category" => Meaning::Category,
        "keywords" => Value(Field::Keywords, SIDE),
        "language" => Value(Field::Language, OWN),
        "source" => Group(Context::Source, Some((Field::SourceTitle, OWN))),
        "enclosure" => Meaning::Enclosure,
        "comments" => Value(Field::CommentPage, OWN),
        "image" => Group(Context::Image, Some((Field::Picture, CORE))),
        "logo" => Group(Context::Image, Some((Field::Picture, OWN))),
        "icon" => Value(Field::Picture, SIDE),
        "ttl" => Value(Field::Ttl, OWN),
        "hour" => Value(Field::SkipHour, OWN),
        "day" => Value(Field::SkipDay, OWN),
        "contributor" | "textinput" | "cloud" | "copyright" | "rights" | "generator" | "docs" | "rating"
        | "managingeditor" | "webmaster" | "info" => Ignored,
        // A page that shows no feed has words like these in its menus.
        "head" | "script" | "style" if context == Context::Document => Ignored,
        _ => Transparent,
    }
}

fn dublin_core(name: &str) -> Meaning {
    match name {
        "title" => Value(Field::Title, CORE),
        "creator" | "author" => Value(Field::Author, OWN),
        "date" | "issued" => Value(Field::Published, CORE),
        "created" | "available" | "datesubmitted" => Value(Field::Published, SIDE),
        "modified" => Value(Field::Updated, CORE),
        "description" | "abstract" => Value(Field::Summary, CORE),
        "subject" => Value(Field::Category, CORE),
        "language" => Value(Field::Language, CORE),
        "identifier" => Value(Field::Id, SIDE),
        _ => Ignored,
    }
}

/// XHTML outside of a value: `body` or `div` in an item is its text; a page around a feed is no more than that.
fn xhtml(name: &str, context: Context) -> Meaning {
    match (name, context) {
        ("body" | "div", Context::Item) => Value(Field::Content, CORE),
        (_, Context::Item) | ("head" | "script" | "style", _) => Ignored,
        _ => Transparent,
    }
}

fn module(class: Class, name: &str) -> Meaning {
    match (class, name) {
        (Class::Content, "encoded") => Value(Field::Content, OWN + 1),
        (Class::Itunes | Class::Media, "title") => Value(Field::Title, SIDE),
        (Class::Itunes, "author") => Value(Field::Author, SIDE),
        (Class::Itunes, "summary" | "description") => Value(Field::Summary, SIDE),
        (Class::Media, "description") => Value(Field::Summary, OF_PICTURES),
        (Class::Itunes, "subtitle") => Value(Field::Subtitle, LAST),
        (Class::Itunes | Class::Media, "keywords") => Value(Field::Keywords, SIDE),
        (Class::Itunes, "image") | (Class::Media | Class::Podcast, "thumbnail") => Meaning::Thumbnail,
        (Class::Itunes, "new-feed-url") => Value(Field::MovedTo, OWN),
        (Class::Itunes, "duration") => Value(Field::Duration, OWN),
        (Class::Itunes | Class::Podcast, "episode") => Value(Field::EpisodeNumber, OWN),
        (Class::Itunes | Class::Podcast, "season") => Value(Field::Season, OWN),
        (Class::Podcast, "transcript") => Meaning::Transcript,
        (Class::Podcast, "chapters") => Meaning::Chapters,
        (Class::Chapters, "chapter") => Meaning::Chapter,
        (Class::Podcast, "alternateenclosure") => Meaning::Alternate,
        (Class::History, "complete") => Meaning::Complete,
        (Class::Podcast, "person") => Meaning::PodcastPerson,
        (Class::Podcast, "location") => Value(Field::PlaceName, SIDE),
        (Class::Media, "content") => Meaning::MediaContent,
        (Class::Media, "credit") => Value(Field::PictureCredit, SIDE),
        (Class::Media, "copyright") => Value(Field::PictureRights, SIDE),
        (Class::Itunes | Class::Media, "category") => Meaning::Category,
        (Class::Media, "group")
        | (Class::Chapters, "chapters")
        | (Class::Geo, "where" | "location")
        | (Class::Publishing, "control") => Transparent,
        (Class::Geo, "pos") => Value(Field::Point, OWN),
        (Class::Geo, "point") => Group(Context::Item, Some((Field::Point, OWN))),
        (Class::Geo, "lat") => Value(Field::Latitude, OWN),
        (Class::Geo, "long" | "lon") => Value(Field::Longitude, OWN),
        (Class::Geo, "featurename") => Value(Field::PlaceName, OWN),
        (Class::Slash, "section") => Value(Field::Category, SIDE),
        (Class::Slash, "comments") | (Class::Thread, "total") => Value(Field::CommentCount, OWN),
        (Class::Wfw, "comment") => Value(Field::CommentPage, SIDE),
        (Class::Wfw, "commentrss") => Value(Field::CommentFeed, OWN),
        (Class::Syndication, "updateperiod") => Value(Field::UpdatePeriod, OWN),
        (Class::Syndication, "updatefrequency") => Value(Field::UpdateFrequency, OWN),
        (Class::Syndication, "updatebase") => Value(Field::UpdateBase, OWN),
        (Class::Feedburner, "origlink") => Value(Field::Link, OWN + 1),
        (Class::Thread, "in-reply-to") => Meaning::InReplyTo,
        (Class::Blogger, _) => blogger(name),
        (Class::Publishing, "draft") => Value(Field::Draft, OWN),
        (Class::Tombstone, "deleted-entry") => Meaning::Tombstone,
        _ => Ignored,
    }
}

/// What Blogger's archives say of an item; since 2025 (`feed.atom`) of all that it says.
fn blogger(name: &str) -> Meaning {
    match name {
        "type" => Value(Field::Kind, OWN),
        "status" => Value(Field::Status, OWN),
        "filename" => Value(Field::Path, OWN),
        "parent" => Value(Field::Answers, OWN),
        "metadescription" => Value(Field::Summary, LAST),
        "location" => Transparent,
        "name" => Value(Field::PlaceName, OWN),
        "latitude" => Value(Field::Latitude, OWN),
        "longitude" => Value(Field::Longitude, OWN),
        _ => Ignored,
    }
}

fn person(class: Class, name: &str) -> Meaning {
    match (class, name) {
        (Class::Rss | Class::Atom | Class::Itunes, "name") => Value(Field::PersonName, OWN),
        (Class::Rss | Class::Atom | Class::Itunes, "email") => Value(Field::PersonAddress, OWN),
        _ => Ignored,
    }
}

fn image(name: &str) -> Meaning {
    match name {
        "url" => Value(Field::Picture, OWN),
        "title" => Value(Field::PictureAlt, OWN),
        _ => Ignored,
    }
}

fn source(name: &str) -> Meaning {
    match name {
        "title" => Value(Field::SourceTitle, OWN),
        "link" => Meaning::Link,
        "author" => Group(Context::Person, None),
        _ => Ignored,
    }
}

/// What a picture, film or sound says of itself, not of its item.
fn media_object(class: Class, name: &str) -> Meaning {
    match (class, name) {
        (Class::Media, "thumbnail") => Meaning::Thumbnail,
        (Class::Media, "title") => Value(Field::MediaTitle, SIDE),
        (Class::Media, "description") => Value(Field::MediaText, SIDE),
        (Class::Media, "keywords") => Value(Field::Keywords, SIDE),
        (Class::Media, "credit") => Value(Field::MediaCredit, SIDE),
        (Class::Media, "copyright") => Value(Field::MediaRights, SIDE),
        _ => Ignored,
    }
}

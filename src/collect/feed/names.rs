//! Classes of namespaces: feeds spell one namespace in many ways.

/// What a namespace means here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// No namespace, or one of RSS 0.9 to 2.0 and CDF.
    Rss,
    /// Atom 0.3 or 1.0.
    Atom,
    /// RDF's own names.
    Rdf,
    /// RSS 1.0's content module.
    Content,
    /// Dublin Core, elements and terms.
    DublinCore,
    /// Apple's podcasts, and Google's.
    Itunes,
    /// Podcasting 2.0.
    Podcast,
    /// Podlove's chapters.
    Chapters,
    /// Media RSS.
    Media,
    /// `GeoRSS`, the W3C's positions and GML.
    Geo,
    /// RSS 1.0's slash module.
    Slash,
    /// The comment API.
    Wfw,
    /// RSS 1.0's syndication module.
    Syndication,
    /// Atom's threads (RFC 4685).
    Thread,
    /// `FeedBurner` and Pheedo, which keep the true address of an item.
    Feedburner,
    /// The Atom Publishing Protocol (RFC 5023).
    Publishing,
    /// Blogger's archives.
    Blogger,
    /// Tombstones (RFC 6721).
    Tombstone,
    /// Paged and archived feeds (RFC 5005).
    History,
    /// XHTML.
    Xhtml,
    /// Anything else.
    Other,
}

/// How the addresses begin, without their scheme and in lower case. A longer beginning stands before a shorter one.
const ADDRESSES: [(&str, Class); 38] = [
    ("schemas.google.com/blogger/", Class::Blogger),
    ("purl.org/syndication/history", Class::History),
    ("www.w3.org/2005/atom", Class::Atom),
    ("purl.org/atom/app", Class::Publishing),
    ("www.w3.org/2007/app", Class::Publishing),
    ("purl.org/atompub/tombstones", Class::Tombstone),
    ("purl.org/atom", Class::Atom),
    ("purl.org/syndication/thread", Class::Thread),
    ("purl.org/rss/1.0/modules/content", Class::Content),
    ("purl.org/rss/1.0/modules/slash", Class::Slash),
    ("purl.org/rss/1.0/modules/syndication", Class::Syndication),
    ("purl.org/rss/1.0/modules/dcterms", Class::DublinCore),
    ("purl.org/rss/1.0/modules/", Class::Other),
    ("purl.org/rss", Class::Rss),
    ("purl.org/net/rss", Class::Rss),
    ("purl.org/dc/", Class::DublinCore),
    ("my.netscape.com/", Class::Rss),
    ("channel.netscape.com/", Class::Rss),
    ("backend.userland.com/", Class::Rss),
    ("blogs.law.harvard.edu/tech/rss", Class::Rss),
    ("cyber.law.harvard.edu/rss", Class::Rss),
    ("www.rssboard.org/media-rss", Class::Media),
    ("www.rssboard.org/", Class::Rss),
    ("my.userland.com/", Class::Rss),
    ("search.yahoo.com/mrss", Class::Media),
    ("video.search.yahoo.com/mrss", Class::Media),
    ("www.w3.org/1999/xhtml", Class::Xhtml),
    ("www.w3.org/1999/02/22-rdf-syntax-ns", Class::Rdf),
    ("www.itunes.com/dtds/podcast", Class::Itunes),
    ("www.google.com/schemas/play-podcasts", Class::Itunes),
    ("podcastindex.org/namespace", Class::Podcast),
    ("podlove.org/simple-chapters", Class::Chapters),
    ("www.georss.org/georss", Class::Geo),
    ("www.w3.org/2003/01/geo/wgs84_pos", Class::Geo),
    ("www.opengis.net/gml", Class::Geo),
    ("wellformedweb.org/commentapi", Class::Wfw),
    ("rssnamespace.org/feedburner/ext", Class::Feedburner),
    ("www.pheedo.com/namespace/pheedo", Class::Feedburner),
];

/// What everybody means by a prefix.
const PREFIXES: [(&str, Class); 29] = [
    ("a10", Class::Atom),
    ("app", Class::Publishing),
    ("at", Class::Tombstone),
    ("atom", Class::Atom),
    ("atom10", Class::Atom),
    ("content", Class::Content),
    ("dc", Class::DublinCore),
    ("dcterms", Class::DublinCore),
    ("feedburner", Class::Feedburner),
    ("fh", Class::History),
    ("geo", Class::Geo),
    ("georss", Class::Geo),
    ("gml", Class::Geo),
    ("googleplay", Class::Itunes),
    ("itunes", Class::Itunes),
    ("media", Class::Media),
    ("pheedo", Class::Feedburner),
    ("podcast", Class::Podcast),
    ("psc", Class::Chapters),
    ("rdf", Class::Rdf),
    ("rss", Class::Rss),
    ("rss09", Class::Rss),
    ("slash", Class::Slash),
    ("sy", Class::Syndication),
    ("syn", Class::Syndication),
    ("thr", Class::Thread),
    ("wfw", Class::Wfw),
    ("xhtml", Class::Xhtml),
    ("xh", Class::Xhtml),
];

/// The class of a namespace's address. `None` when it is not known.
pub(super) fn by_address(address: &str) -> Option<Class> {
    let bare = address.trim().trim_start_matches("https://").trim_start_matches("http://");
    let starts = |start: &str| bare.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start));
    ADDRESSES.iter().find(|(start, _)| starts(start)).map(|(_, class)| *class)
}

/// The class that everybody means by a prefix. `None` when it has no such meaning.
pub(super) fn by_prefix(prefix: &str) -> Option<Class> {
    PREFIXES.iter().find(|(known, _)| known.eq_ignore_ascii_case(prefix)).map(|(_, class)| *class)
}

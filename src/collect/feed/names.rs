//! Classes of namespaces: feeds spell one namespace in many ways.

use quick_xml::name::ResolveResult;

/// What a namespace means here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// No namespace, or one of RSS 0.9 to 2.0.
    Rss,
    /// Atom 0.3 or 1.0.
    Atom,
    /// RSS 1.0's content module.
    Content,
    /// Dublin Core.
    DublinCore,
    /// Media RSS.
    Media,
    /// XHTML.
    Xhtml,
    /// Anything else.
    Other,
}

/// The class of a resolved name. An undeclared prefix means what everybody means by it.
pub(super) fn class(resolved: &ResolveResult<'_>) -> Class {
    match resolved {
        ResolveResult::Unbound => Class::Rss,
        ResolveResult::Bound(namespace) => by_address(namespace.as_ref()),
        ResolveResult::Unknown(prefix) => by_prefix(prefix),
    }
}

fn by_address(address: &str) -> Class {
    let bare = address.trim().trim_start_matches("https://").trim_start_matches("http://").to_ascii_lowercase();
    let known = [
        ("www.w3.org/2005/atom", Class::Atom),
        ("purl.org/atom", Class::Atom),
        ("purl.org/rss/1.0/modules/content", Class::Content),
        ("purl.org/dc/", Class::DublinCore),
        ("purl.org/rss/1.0/modules/", Class::Other),
        ("purl.org/rss", Class::Rss),
        ("purl.org/net/rss", Class::Rss),
        ("my.netscape.com/", Class::Rss),
        ("channel.netscape.com/", Class::Rss),
        ("backend.userland.com/", Class::Rss),
        ("blogs.law.harvard.edu/tech/rss", Class::Rss),
        ("cyber.law.harvard.edu/rss", Class::Rss),
        ("www.rssboard.org/", Class::Rss),
        ("my.userland.com/", Class::Rss),
        ("search.yahoo.com/mrss", Class::Media),
        ("www.w3.org/1999/xhtml", Class::Xhtml),
    ];
    known.iter().find(|(start, _)| bare.starts_with(start)).map_or(Class::Other, |(_, class)| *class)
}

fn by_prefix(prefix: &str) -> Class {
    match prefix {
        "atom" | "a10" => Class::Atom,
        "content" => Class::Content,
        "dc" | "dcterms" => Class::DublinCore,
        "media" => Class::Media,
        _ => Class::Other,
    }
}

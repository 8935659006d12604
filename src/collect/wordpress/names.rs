//! Namespaces of an export. The addresses hold WXR's version, so they are told by how they begin.

use std::collections::BTreeMap;

use quick_xml::events::BytesStart;
use quick_xml::name::ResolveResult;

/// What a namespace means here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// RSS's own elements, which have none.
    Plain,
    /// WXR, any version.
    Wp,
    /// WXR's excerpts, any version.
    Excerpt,
    /// RSS 1.0's content module.
    Content,
    /// Dublin Core.
    DublinCore,
    /// Anything else.
    Other,
}

/// The prefixes that the document has declared, for when its beginning is out of reach.
#[derive(Debug, Default)]
pub(super) struct Prefixes(BTreeMap<String, Class>);

impl Prefixes {
    /// Notes the prefixes that the root declares.
    pub(super) fn note(&mut self, root: &BytesStart<'_>) {
        for attribute in root.html_attributes().with_checks(false).filter_map(Result::ok) {
            if let Some(prefix) = attribute.key.as_ref().strip_prefix("xmlns:") {
                self.0.insert(prefix.to_owned(), by_address(&attribute.value));
            }
        }
    }

    /// Whether the root declares this prefix.
    pub(super) fn has(&self, prefix: &str) -> bool {
        self.0.contains_key(prefix)
    }

    /// The class of a resolved name. A prefix that nobody declares means what everybody means by it.
    pub(super) fn class(&self, resolved: &ResolveResult<'_>, has_prefix: bool) -> Class {
        match resolved {
            ResolveResult::Unbound => Class::Plain,
            ResolveResult::Bound(namespace) => match by_address(namespace.as_ref()) {
                // A default namespace: some programs give one to RSS.
                Class::Other if !has_prefix => Class::Plain,
                class => class,
            },
            ResolveResult::Unknown(prefix) => {
                let prefix: &str = prefix;
                self.0.get(prefix).copied().unwrap_or_else(|| by_prefix(prefix))
            }
        }
    }
}

fn by_address(address: &str) -> Class {
    let bare = address.trim().trim_start_matches("https://").trim_start_matches("http://").trim_start_matches("www.");
    let bare = bare.to_ascii_lowercase();
    if let Some(rest) = bare.strip_prefix("wordpress.org/export/") {
        return if rest.contains("excerpt") { Class::Excerpt } else { Class::Wp };
    }
    if bare.starts_with("purl.org/rss/1.0/modules/content") {
        Class::Content
    } else if bare.starts_with("purl.org/dc/") {
        Class::DublinCore
    } else {
        Class::Other
    }
}

fn by_prefix(prefix: &str) -> Class {
    match prefix {
        "wp" => Class::Wp,
        "excerpt" => Class::Excerpt,
        "content" => Class::Content,
        "dc" => Class::DublinCore,
        _ => Class::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::{Class, by_address};

    #[test]
    fn any_version_is_wxr() {
        assert_eq!(by_address("http://wordpress.org/export/1.0/"), Class::Wp);
        assert_eq!(by_address("https://wordpress.org/export/1.2/excerpt/"), Class::Excerpt);
        assert_eq!(by_address("http://purl.org/dc/elements/1.1/"), Class::DublinCore);
        assert_eq!(by_address("http://malicious.example.com/hijack/"), Class::Other);
    }
}

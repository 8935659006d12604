//! Where a post stood first: ids are made of it, so that they stay when the post moves.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use url::Url;

/// Where a post stood when feeds first had it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FirstPlace {
    /// An absolute address.
    pub address: String,
    /// Whether a second `#` in an id is written as `%23` (RFC 3987 2.2). Ids that feeds had before that was done stay as they
    /// were.
    #[serde(default, skip_serializing_if = "super::post::is_not")]
    pub escapes: bool,
}

impl FirstPlace {
    /// That of a post which feeds may have had before.
    #[must_use]
    pub fn of_known(address: &str) -> Self {
        Self { address: address.to_owned(), escapes: false }
    }

    /// That of a post which no feed has had; none where its id needs no other than itself.
    #[must_use]
    pub fn of_new(address: &str, id: &str) -> Option<Self> {
        let is_enough = is_iri(id) && id.matches('#').count() < 2;
        (!is_enough).then(|| Self { address: address.to_owned(), escapes: true })
    }

    /// An id as Atom allows it, an IRI (RFC 4287 4.2.6): one that is none is appended to the address.
    #[must_use]
    pub fn iri<'i>(&self, id: &'i str) -> Cow<'i, str> {
        if is_iri(id) {
            return match id.split_once('#') {
                Some((before, part)) if self.escapes && part.contains('#') => {
                    format!("{before}#{}", escaped(part)).into()
                }
                _ => Cow::Borrowed(id),
            };
        }
        match Url::parse(&self.address) {
            Ok(mut url) => {
                let part = if self.escapes { escaped(id) } else { Cow::Borrowed(id) };
                url.set_fragment(Some(&part));
                Cow::Owned(url.into())
            }
            Err(_) => Cow::Owned(format!("tag:localhost,1970:{}", super::slugify(id))),
        }
    }
}

/// Whether an id names something by itself.
#[must_use]
pub fn is_iri(id: &str) -> bool {
    // What stands behind `tag:` is not looked into, unless it begins as a host does. Every post of our own has such an id.
    let is_tag = || id.strip_prefix("tag:").is_some_and(|rest| !rest.starts_with('/'));
    !id.contains(char::is_whitespace) && (is_tag() || Url::parse(id).is_ok())
}

fn escaped(part: &str) -> Cow<'_, str> {
    if part.contains('#') { part.replace('#', "%23").into() } else { Cow::Borrowed(part) }
}

#[cfg(test)]
mod tests {
    use super::{FirstPlace, is_iri};

    const PAGE: &str = "https://x.example/6";

    #[test]
    fn an_id_that_is_no_iri_stands_behind_a_place() {
        for id in
            ["tag:x.example,2026:a", "tag:", "tag:/a", "tag://[a", "tag:\u{1}", "tag:%", "tag:a b", "TAG:x", "urn:x"]
        {
            assert_eq!(is_iri(id), url::Url::parse(id).is_ok() && !id.contains(' '), "{id:?}");
        }
        let known = FirstPlace::of_known(PAGE);
        for (id, iri) in [
            ("tag:x.example,2026:a", "tag:x.example,2026:a"),
            ("wp 12", "https://x.example/6#wp%2012"),
            ("1#2", "https://x.example/6#1#2"),
            ("https://x.example/a#b#c", "https://x.example/a#b#c"),
        ] {
            assert_eq!(known.iri(id), iri);
        }
        assert_eq!(FirstPlace::of_known("nowhere").iri("wp 12"), "tag:localhost,1970:wp-12");
    }

    #[test]
    fn a_new_id_has_one_part() {
        for (id, iri) in [
            ("wp 12", "https://x.example/6#wp%2012"),
            ("dup#https://x.example/6", "https://x.example/6#dup%23https://x.example/6"),
            ("https://x.example/a#b#c", "https://x.example/a#b%23c"),
        ] {
            assert_eq!(FirstPlace::of_new(PAGE, id).unwrap().iri(id), iri);
        }
        for id in ["tag:x.example,2026:a", "https://x.example/a#b"] {
            assert_eq!(FirstPlace::of_new(PAGE, id), None, "{id}");
        }
    }
}

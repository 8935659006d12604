//! What feeds are made of: entries that are written once in each format, and put into the frame of each feed.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::{Entry, atom, json, rss};
use crate::error::Result;
use crate::render::Contents;

/// An entry as it is written in each format, made once however many feeds it is in.
#[derive(Clone, Debug)]
pub struct Items {
    pub(super) published: DateTime<Utc>,
    pub(super) updated: DateTime<Utc>,
    /// Whether it names who wrote it.
    pub(super) is_signed: bool,
    /// Its `<item>`.
    pub(super) rss: Arc<str>,
    /// Its `<entry>`.
    pub(super) atom: Arc<str>,
    /// Its object.
    pub(super) json: Arc<str>,
}

impl Items {
    /// The items of `entry`, whose characters that XML does not allow are dropped.
    pub fn new(entry: Entry) -> Result<Self> {
        let entry = entry.legal();
        Ok(Self {
            published: entry.published,
            updated: entry.updated,
            is_signed: !entry.authors.is_empty(),
            rss: rss::item(&entry)?.into(),
            atom: atom::entry(&entry)?.into(),
            json: json::item(&entry)?.into(),
        })
    }
}

/// A document with one element of this name, as what is before it, the element, and what is after it. Whatever the element
/// holds: nothing before or after it has tags of its name, since what is text there is escaped.
pub(super) fn split<'d>(document: &'d str, name: &str) -> Option<[&'d str; 3]> {
    let start = document.find(&format!("<{name}>"))?;
    let close = format!("</{name}>");
    let end = document.rfind(&close)? + close.len();
    Some([document.get(..start)?, document.get(start..end)?, document.get(end..)?])
}

/// A document with elements of this name in the place of the one that stands in for them; one without such stays as it is.
pub(super) fn fill<'i>(document: String, name: &str, items: impl Iterator<Item = &'i Arc<str>>) -> Contents {
    let Some([before, _, after]) = split(&document, name) else { return document.into_bytes().into() };
    let mut contents = Contents::default();
    contents.push(before);
    items.for_each(|item| contents.share(item));
    contents.push(after);
    contents
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{fill, split};

    #[test]
    fn an_element_is_found_whatever_it_holds() {
        let document = "<a><item><![CDATA[<item></item>]]></item><b/></a>";
        assert_eq!(split(document, "item"), Some(["<a>", "<item><![CDATA[<item></item>]]></item>", "<b/></a>"]));
        assert_eq!(split("<a>&lt;item></a>", "item"), None);
    }

    #[test]
    fn items_take_the_place_of_their_stand_in() {
        let filled = |document: &str, items: &[&str]| {
            let items: Vec<Arc<str>> = items.iter().map(|item| Arc::from(*item)).collect();
            String::from_utf8(fill(document.to_owned(), "item", items.iter()).into()).unwrap()
        };
        assert_eq!(filled("<a><item>x</item><b/></a>", &["1", "2"]), "<a>12<b/></a>");
        assert_eq!(filled("<a/>", &["1"]), "<a/>");
    }
}

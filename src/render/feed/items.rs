//! What feeds are made of: entries that are written once in each format, and put into the frame of each feed.

use chrono::{DateTime, Utc};
use serde_json::value::RawValue;

use super::{Entry, atom, json, rss};
use crate::error::Result;

/// An entry as it is written in each format, made once however many feeds it is in.
#[derive(Clone, Debug)]
pub struct Items {
    pub(super) published: DateTime<Utc>,
    pub(super) updated: DateTime<Utc>,
    /// Whether it names who wrote it.
    pub(super) is_signed: bool,
    /// Its `<item>`.
    pub(super) rss: String,
    /// Its `<entry>`.
    pub(super) atom: String,
    pub(super) json: Box<RawValue>,
}

impl Items {
    /// The items of `entry`, whose characters that XML does not allow are dropped.
    pub fn new(entry: Entry) -> Result<Self> {
        let entry = entry.legal();
        Ok(Self {
            published: entry.published,
            updated: entry.updated,
            is_signed: !entry.authors.is_empty(),
            rss: rss::item(&entry)?,
            atom: atom::entry(&entry)?,
            json: json::item(&entry)?,
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
pub(super) fn fill<'i>(document: &str, name: &str, items: impl Iterator<Item = &'i str> + Clone) -> Vec<u8> {
    let Some([before, _, after]) = split(document, name) else { return document.as_bytes().to_vec() };
    let length = before.len() + items.clone().map(str::len).sum::<usize>() + after.len();
    let mut bytes = Vec::with_capacity(length);
    bytes.extend_from_slice(before.as_bytes());
    items.for_each(|item| bytes.extend_from_slice(item.as_bytes()));
    bytes.extend_from_slice(after.as_bytes());
    bytes
}

#[cfg(test)]
mod tests {
    use super::{fill, split};

    #[test]
    fn an_element_is_found_whatever_it_holds() {
        let document = "<a><item><![CDATA[<item></item>]]></item><b/></a>";
        assert_eq!(split(document, "item"), Some(["<a>", "<item><![CDATA[<item></item>]]></item>", "<b/></a>"]));
        assert_eq!(split("<a>&lt;item></a>", "item"), None);
    }

    #[test]
    fn items_take_the_place_of_their_stand_in() {
        assert_eq!(fill("<a><item>x</item><b/></a>", "item", ["1", "2"].into_iter()), b"<a>12<b/></a>");
        assert_eq!(fill("<a/>", "item", ["1"].into_iter()), b"<a/>");
    }
}

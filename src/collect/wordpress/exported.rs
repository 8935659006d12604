//! What collected/ keeps of a post of an export: enough to know it again when its guid has changed, and to notice when its
//! words do. An export may have hundreds of thousands of posts, so texts are kept as short hashes.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use url::Url;

use super::item::Item;
use crate::collect::links::percent_decoded;
use crate::collect::plain;
use crate::model::{FirstPlace, Language, PostId, hexadecimal};

/// What a post of an export is known by.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exported {
    /// `wp:post_id`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<u64>,
    /// When it was published, as the export says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<DateTime<Utc>>,
    /// Of its language and its name on its site: `wp:post_name`, else the end of its address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slug: Option<Short>,
    /// Of its language and its title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<Short>,
    /// Of the id that the export gives it now, where that is another one than it was first seen under.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guid: Option<Short>,
    /// Of the words of its title and text, where the export does not say when it was modified.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<Short>,
    /// When its words were first seen changed, the last time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed: Option<DateTime<Utc>>,
    /// Where it stood when feeds first had it, if its id needs that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_place: Option<Box<FirstPlace>>,
}

impl Exported {
    /// What an item is known by; `words` are the hash of its words.
    pub(super) fn of(item: &Item, language: &Language, published: Option<DateTime<Utc>>, words: Option<Short>) -> Self {
        let hashed =
            |what: &str| Some(what).filter(|what| !what.is_empty()).map(|what| Short::of([language.as_str(), what]));
        Self {
            number: item.id.trim().parse().ok(),
            date: published,
            slug: hashed(&name(item)),
            title: hashed(&plain::title_from_html(&item.title)),
            guid: None,
            words,
            changed: None,
            first_place: None,
        }
    }

    /// Whether another one has anything in common with it but its guid.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        fn same<T: PartialEq>(one: Option<&T>, other: Option<&T>) -> bool {
            one.is_some() && one == other
        }
        same(self.number.as_ref(), other.number.as_ref())
            || same(self.date.as_ref(), other.date.as_ref())
            || same(self.slug.as_ref(), other.slug.as_ref())
            || same(self.title.as_ref(), other.title.as_ref())
    }
}

/// The first bytes of a SHA-256, as hexadecimal digits in a line: of a few hundred thousand posts hardly two have the same,
/// and nothing rests on one alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Short([u8; 6]);

impl Short {
    /// Of several texts, each of them whole.
    pub(super) fn of<'t>(texts: impl IntoIterator<Item = &'t str>) -> Self {
        let mut hasher = Sha256::new();
        for text in texts {
            hasher.update(text);
            hasher.update([0]);
        }
        Self::first(&hasher)
    }

    /// Of an id.
    pub(super) fn of_id(id: &PostId) -> Self {
        Self::of([id.0.as_str()])
    }

    fn first(hasher: &Sha256) -> Self {
        let mut first = [0; 6];
        for (byte, hashed) in first.iter_mut().zip(hasher.clone().finalize()) {
            *byte = hashed;
        }
        Self(first)
    }
}

impl From<Short> for String {
    fn from(short: Short) -> Self {
        hexadecimal(&short.0)
    }
}

impl TryFrom<String> for Short {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let wrong = || format!("`{text}` is no hash of twelve hexadecimal digits");
        if text.len() != 12 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(wrong());
        }
        let mut bytes = [0; 6];
        for (at, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&text[at * 2..at * 2 + 2], 16).map_err(|_| wrong())?;
        }
        Ok(Self(bytes))
    }
}

/// The last part of a path, decoded, without the ending of a file.
pub(super) fn last_part(path: &str) -> String {
    let name = percent_decoded(path.trim().trim_end_matches('/'));
    let last = name.rsplit('/').next().unwrap_or_default();
    [".html", ".htm", ".php"].iter().find_map(|end| last.strip_suffix(end)).unwrap_or(last).to_owned()
}

/// What a post is called on its site.
fn name(item: &Item) -> String {
    let named = last_part(&item.name);
    if !named.is_empty() {
        return named;
    }
    let link = item.link.trim();
    let path = Url::parse(link).map_or_else(|_| link.to_owned(), |url| url.path().to_owned());
    last_part(path.split(['?', '#']).next().unwrap_or_default())
}

/// The hash of the words of an item that says not when it was modified. It is made of the text as WordPress stores it, for
/// what is made of that changes with this program. Markup counts for nothing, and neither do addresses, which change with
/// the site's, and shortcodes with values.
pub(super) fn words(item: &Item) -> Short {
    let text = plain::from_html(&item.content);
    let mut hasher = Sha256::new();
    hasher.update(plain::title_from_html(&item.title));
    hasher.update([0]);
    for piece in without_shortcodes(&text) {
        for word in piece.split_whitespace().filter(|word| !word.contains("://")) {
            hasher.update(word);
        }
    }
    Short::first(&hasher)
}

/// The pieces of a text between shortcodes that have values, and the ends of shortcodes: `[caption width="300"]`,
/// `[/caption]`. What else stands in brackets is words.
fn without_shortcodes(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let (mut from, mut at) = (0, 0);
    while let Some(open) = memchr::memchr(b'[', &text.as_bytes()[at..]).map(|open| at + open) {
        at = open + 1;
        let Some(length) = memchr::memchr2(b'[', b']', &text.as_bytes()[at..]) else { break };
        let inside = &text[at..at + length];
        let is_code = inside.starts_with('/') || inside.contains('=');
        if is_code && text.as_bytes()[at + length] == b']' {
            pieces.push(&text[from..open]);
            at += length + 1;
            from = at;
        }
    }
    pieces.push(&text[from..]);
    pieces
}

#[cfg(test)]
mod tests {
    use super::super::item::Item;
    use super::super::stream::Position;
    use super::{Exported, Short, name, words};

    #[test]
    fn a_hash_comes_back_from_its_line() {
        let kept = Exported { number: Some(3), words: Some(Short::of(["a"])), ..Exported::default() };
        let line = serde_json::to_string(&kept).unwrap();
        assert_eq!(line, "{\"number\":3,\"words\":\"ffe9aaeaa2a2\"}");
        assert_eq!(serde_json::from_str::<Exported>(&line).unwrap(), kept);
        for wrong in ["", "ffe9aaeaa2a", "ffe9aaeaa2ag", "+fe9aaeaa2a2", "سسسسسس"] {
            assert!(Short::try_from(wrong.to_owned()).is_err(), "{wrong}");
        }
        assert_ne!(Short::of(["a", "b"]), Short::of(["ab", ""]));
    }

    #[test]
    fn a_post_is_called_as_its_site_calls_it() {
        let called = |post_name: &str, link: &str| {
            let item = Item::new(0, Position { line: 1, column: 1 });
            name(&Item { name: post_name.to_owned(), link: link.to_owned(), ..item })
        };
        assert_eq!(called("%d8%b3%d9%84%d8%a7%d9%85", "https://old.example/x/"), "سلام");
        assert_eq!(called("", "https://old.example/2013/06/ink.html"), "ink");
        assert_eq!(called("", "/2013/06/ink/?x=1"), "ink");
        assert_eq!(called("", "https://old.example/?p=3"), "");
    }

    #[test]
    fn words_count_and_not_how_they_are_marked() {
        let words = |title: &str, content: &str| {
            let item = Item::new(0, Position { line: 1, column: 1 });
            words(&Item { title: title.to_owned(), content: content.to_owned(), ..item })
        };
        let before = words("A &amp; B", "Soot &amp; <b>gum</b>.\n\nSee http://old.example/a [sic].");
        for same in [
            "<!-- wp:paragraph -->\n<p>Soot &#38; gum.</p>\n<!-- /wp:paragraph -->\n<p>See https://new.example/a [sic].</p>",
            "Soot &amp; gum.<br>See [caption id=\"x\" width=\"3\"]<img src=\"a.png\">[/caption] [sic].",
        ] {
            assert_eq!(words("A & B", same), before, "{same}");
        }
        for other in
            ["Soot & gum. See.", "Soot & gum. See [Sic].", "Soot & glue. See [sic].", "Soot & gum. See [sic].["]
        {
            assert_ne!(words("A & B", other), before, "{other}");
        }
        assert_ne!(words("B", "Soot & gum. See [sic]."), before, "a title is words, too");
    }
}

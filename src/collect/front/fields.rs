//! From keys and values to what they mean.

use std::collections::HashSet;
use std::path::Path;

use super::held::{self, Doubt};
use super::value::{Entry, Node, Value, find};
use super::{Front, lead};
use crate::error::{Place, Warning};
use crate::model::{Credit, Language};

use crate::collect::commas::{COMMAS, SEMICOLONS, between, between_commas, is_foreign_comma};
use crate::collect::dates::{self, Written};
use crate::collect::plain;

/// Keys that say when.
const DATES: [&str; 11] = [
    "date",
    "publishDate",
    "publish_date",
    "pubDate",
    "published_at",
    "updated",
    "lastmod",
    "last_modified_at",
    "modified",
    "expiryDate",
    "expires",
];

/// Keys of one value, beside those. (A title is whatever is written there.)
const SINGLE: [&str; 6] = ["slug", "id", "guid", "summary", "description", "excerpt"];

/// Keys of words.
const WORDS: [&str; 6] = ["tags", "keywords", "categories", "category", "authors", "author"];

/// Reads the fields of a post. Zola's `[extra]` and `[taxonomies]` stand in for keys that are absent at the top.
pub(super) fn read(entries: &[Entry], file: &Path, warnings: &mut Vec<Warning>) -> Front {
    let fields = Fields { entries, extra: find(entries, "extra"), file };
    let (tags, categories, authors) = fields.terms();
    fields.tell_unread(warnings);
    Front {
        title: fields
            .text(&["title", "linkTitle"])
            .or_else(|| fields.subject())
            .map(|title| plain::title(&title))
            .filter(|t| !t.is_empty()),
        date: fields.published(warnings),
        updated: fields.date(&["updated", "lastmod", "last_modified_at", "modified"], warnings),
        expires: fields.date(&["expiryDate", "expires"], warnings),
        slug: fields.text(&["slug"]),
        path: fields.text(&["path", "permalink", "url"]),
        aliases: [find(entries, "aliases"), find(entries, "redirect_from")]
            .into_iter()
            .flatten()
            .flat_map(Node::texts)
            .collect(),
        id: fields.id("id"),
        guid: fields.id("guid"),
        address: fields.address(warnings),
        held_back: fields.held_back(warnings),
        public: fields.any(&["public"]).and_then(Node::truth) == Some(true),
        tags,
        categories,
        authors,
        section: fields.text(&["section"]).map(|section| plain::from_markdown(&section)),
        summary: lead::standfirst(entries, fields.extra, file, warnings),
        picture: lead::picture(entries, fields.extra, file),
        enclosures: super::enclosures::read(
            |key| fields.any(&[key]),
            fields.any(&["duration"]).and_then(Node::text),
            file,
        ),
        language: fields.language(warnings),
        credit: fields.credit(),
        untranslated: fields.any(&["untranslated"]).and_then(Node::truth) == Some(true),
        scalars: entries.iter().filter_map(|e| Some((e.key.clone(), e.node.text()?.to_owned()))).collect(),
        data: entries.to_vec(),
    }
}

struct Fields<'a> {
    entries: &'a [Entry],
    extra: Option<&'a Node>,
    file: &'a Path,
}

impl<'a> Fields<'a> {
    /// The first of `keys` that is there and not empty, at the top or under `extra`.
    fn any(&self, keys: &[&str]) -> Option<&'a Node> {
        let filled = |node: &&Node| node.value != Value::Null;
        keys.iter()
            .find_map(|key| find(self.entries, key).filter(filled))
            .or_else(|| keys.iter().find_map(|key| self.extra?.get(key).filter(filled)))
    }

    fn text(&self, keys: &[&str]) -> Option<String> {
        keys.iter().find_map(|key| self.any(&[key])?.text().map(str::to_owned))
    }

    /// The title of what Buttondown sends.
    fn subject(&self) -> Option<String> {
        find(self.entries, "email_type").and_then(|_| self.text(&["subject"]))
    }

    /// What keeps it back, also where it stands among the values of one's own that Hugo has under `params`.
    /// What may do so is told.
    fn held_back(&self, warnings: &mut Vec<Warning>) -> Option<String> {
        let params = find(self.entries, "params");
        let at_top = |key: &str| self.any(&[key]);
        let inside = |key: &str| params.filter(|_| self.any(&[key]).is_none())?.get(key);
        let reason = held::reason(at_top).or_else(|| held::reason(inside));
        if reason.is_some() {
            return reason;
        }
        let Doubt { said, key, node, is_wordy } = held::doubt(at_top).or_else(|| held::doubt(inside))?;
        let (what, hint) = if is_wordy {
            ("says in other words that it is a draft", format!("write `{key}: draft`, or `{key}: published`"))
        } else {
            ("is neither yes nor no", format!("write `{key}: true` or `{key}: false`"))
        };
        let message = format!("{said} {what}; the post is held back");
        warnings.push(Warning::new(message).at(self.place(node)).hint(hint));
        Some(said)
    }

    fn place(&self, node: &Node) -> Place {
        Place::at(self.file, node.line, node.column)
    }

    fn language(&self, warnings: &mut Vec<Warning>) -> Option<Language> {
        let node = ["lang", "language", "locale"].into_iter().find_map(|key| self.any(&[key]))?;
        let language = node.text().and_then(Language::parse);
        if language.is_none() && node.text().is_none_or(|text| !text.trim().is_empty()) {
            let what = node.text().map_or_else(|| "a list or a table".to_owned(), |text| format!("`{text}`"));
            let message = format!("{what} is no language; a post has one, as `en`, `fa` or `pt-BR`");
            warnings.push(Warning::new(message).at(self.place(node)));
        }
        if let Some((what, meant)) = language.as_ref().and_then(Language::doubt) {
            let tag = node.text().unwrap_or_default();
            let (than, hint) = match meant {
                Some(meant) => (format!("another language than `{meant}`"), format!("write `{meant}`")),
                None => ("a language of its own".to_owned(), "a tag is like `en`, `fa` or `pt-BR`".to_owned()),
            };
            let doubted = Warning::new(format!("`{tag}` {what}, and counts as {than}"));
            warnings.push(doubted.at(self.place(node)).hint(hint));
        }
        language
    }

    fn id(&self, key: &str) -> Option<(String, Place)> {
        let node = self.any(&[key])?;
        Some((node.text()?.to_owned(), self.place(node)))
    }

    fn address(&self, warnings: &mut Vec<Warning>) -> Option<String> {
        let node = self.any(&["address"])?;
        let text = node.text()?;
        let is_web = text.starts_with("https://") || text.starts_with("http://");
        if is_web && !text.contains(char::is_whitespace) && url::Url::parse(text).is_ok() {
            return Some(text.to_owned());
        }
        let message = format!("`{text}` is no address on the web; the post stands at its own");
        warnings
            .push(Warning::new(message).at(self.place(node)).hint("one is like `https://example.org/2013/06/a-post/`"));
        None
    }

    /// When a post is published: on its date; where `publishDate` (Hugo) or an embargo names a later day as well, which holds it
    /// back, on that.
    fn published(&self, warnings: &mut Vec<Warning>) -> Option<Written> {
        const RELEASE: &str = "publishDate";
        const RELEASE_TOO: &str = "publish_date";
        let date = self.date(&["date", RELEASE, RELEASE_TOO, "pubDate", "published_at"], warnings);
        let release = find(self.entries, "date").and_then(|_| self.date(&[RELEASE, RELEASE_TOO], warnings));
        let embargo = held::EMBARGO.iter().find_map(|key| dates::parse(self.any(&[key])?.text()?));
        embargo.into_iter().chain(release).chain(date).max_by_key(|written| (written.date, written.time))
    }

    fn date(&self, keys: &[&str], warnings: &mut Vec<Warning>) -> Option<Written> {
        let node = self.any(keys)?;
        let text = match &node.value {
            Value::List(items) if items.len() == 1 => items[0].text()?,
            _ => node.text()?,
        };
        let date = dates::parse(text);
        if date.is_none() {
            warnings.push(
                Warning::new(format!("`{text}` is not a date of the calendar"))
                    .at(self.place(node))
                    .hint("a date is written like `2026-07-31` or `2026-07-31 18:30`"),
            );
        }
        date
    }

    /// Says where a list or a table stands for one value, or something else than words among words: nothing can be made of it.
    fn tell_unread(&self, warnings: &mut Vec<Warning>) {
        let named = |key: &'static str| Some((key, find(self.entries, key).or_else(|| self.extra?.get(key))?));
        let says =
            |node: &Node| node.text().is_some() || node.get("name").is_some() || node.get("display_name").is_some();
        let mut tell = |node: &Node, message: String, hint: &str| {
            warnings.push(Warning::new(message).at(self.place(node)).hint(hint));
        };
        for (key, node) in DATES.into_iter().chain(SINGLE).filter_map(named) {
            let is_date = DATES.contains(&key);
            match &node.value {
                Value::List(items) if items.is_empty() || (is_date && items.len() == 1) => {}
                Value::List(_) => {
                    tell(node, format!("`{key}` is a list; nothing of it was read"), "it takes one value");
                }
                Value::Map(_) => {
                    tell(node, format!("`{key}` is a table; nothing of it was read"), "it takes one value");
                }
                Value::Null | Value::Text(_) => {}
            }
        }
        for (key, node) in WORDS.into_iter().filter_map(named) {
            match &node.value {
                Value::List(items) => {
                    if let Some(odd) = items.iter().find(|item| item.value != Value::Null && !says(item)) {
                        tell(odd, format!("`{key}` holds a list or a table; it was passed over"), "it takes words");
                    }
                }
                Value::Map(_) if !says(node) => {
                    tell(
                        node,
                        format!("`{key}` is a table; nothing of it was read"),
                        "it takes words, in a list or between commas",
                    );
                }
                _ => {}
            }
        }
    }

    /// Tags, categories and authors, from their own keys or from `taxonomies`.
    fn terms(&self) -> (Vec<String>, Vec<String>, Vec<String>) {
        let taxonomies = find(self.entries, "taxonomies");
        let of = |keys: &[&str]| self.any(keys).or_else(|| keys.iter().find_map(|key| taxonomies?.get(key)));
        let tags = of(&["tags", "tag", "keywords"]).map(tag_words).unwrap_or_default();
        let words = of(&["categories"]).filter(|_| self.is_of_jekyll()).and_then(Node::text);
        let categories = match words.filter(|text| !text.contains(COMMAS)) {
            Some(words) => words.split_whitespace().map(str::to_owned).collect(),
            None => of(&["categories", "category"]).map(category_words).unwrap_or_default(),
        };
        let authors =
            match of(&["authors"]).and_then(Node::text).filter(|text| text.contains(';') || text.contains(COMMAS)) {
                Some(several) => names_between(several),
                None => of(&["authors", "author"]).map(names).unwrap_or_default(),
            };
        (unique(tags), unique(categories), unique(authors))
    }

    /// Whether this is a post of Jekyll's, which takes `categories` in one line for words between spaces, and of no program that
    /// takes them for one: in its folder of posts (Hexo has one of that name in its `source`), or named by its day and with a
    /// layout.
    fn is_of_jekyll(&self) -> bool {
        let mut folders = self.file.iter().rev().skip(1).map(|part| part.to_string_lossy());
        let is_in_posts = folders.by_ref().any(|folder| folder == "_posts");
        let is_hexo = is_in_posts && folders.next().is_some_and(|folder| folder == "source");
        let name = self.file.file_name().unwrap_or_default().to_string_lossy();
        let is_dated = dates::leading_day(&name).is_some();
        !is_hexo && is_dated && (is_in_posts || find(self.entries, "layout").is_some())
    }

    fn credit(&self) -> Option<Credit> {
        let node = self.any(&["credit"]);
        let inside = |key: &str| node.and_then(|node| node.get(key)?.text().map(str::to_owned));
        let name = inside("name")
            .or_else(|| node.and_then(|node| node.text().map(str::to_owned)))
            .or_else(|| self.text(&["credit_name", "source_name"]));
        let url = inside("url").or_else(|| self.text(&["credit_url", "source_url"]));
        let url = url.filter(|url| url.starts_with("https://") || url.starts_with("http://"));
        Some(Credit { name: plain::from_markdown(&name.or_else(|| url.clone())?), url })
    }
}

/// A list, or words between commas, or (Jekyll) between spaces.
fn tag_words(node: &Node) -> Vec<String> {
    match (&node.value, node.text()) {
        (Value::Text(_), Some(text)) if text.contains(COMMAS) => between_commas(text).map(str::to_owned).collect(),
        (Value::Text(_), Some(text)) => text.split_whitespace().map(str::to_owned).collect(),
        // YAML knows the comma of ASCII alone: `[ایران، تهران]` is a list of one.
        _ => node.texts().iter().flat_map(|text| between(text, is_foreign_comma)).map(str::to_owned).collect(),
    }
}

/// A list, or one category (Pelican's may hold spaces), or several between commas.
fn category_words(node: &Node) -> Vec<String> {
    match node.text() {
        Some(text) if text.contains(COMMAS) => between_commas(text).map(str::to_owned).collect(),
        _ => node.texts().iter().flat_map(|text| between(text, is_foreign_comma)).map(str::to_owned).collect(),
    }
}

/// Bylines: strings, or maps with a name.
fn names(node: &Node) -> Vec<String> {
    let one = |node: &Node| {
        let name = node.get("name").or_else(|| node.get("display_name")).unwrap_or(node).text()?;
        Some(plain::from_markdown(name)).filter(|name| !name.is_empty())
    };
    let names: Vec<String> = match &node.value {
        Value::List(items) => items.iter().filter_map(one).collect(),
        _ => one(node).into_iter().collect(),
    };
    names.iter().flat_map(|name| between(name, is_foreign_comma)).map(str::to_owned).collect()
}

/// Pelican's bylines in one line, between semicolons where a name holds a comma.
fn names_between(text: &str) -> Vec<String> {
    let names: Vec<&str> =
        if text.contains(SEMICOLONS) { text.split(SEMICOLONS).collect() } else { text.split(COMMAS).collect() };
    names.into_iter().map(plain::from_markdown).filter(|name| !name.is_empty()).collect()
}

/// Each word once, where it first stands.
pub(in crate::collect) fn unique(words: Vec<String>) -> Vec<String> {
    let mut seen = HashSet::new();
    words.into_iter().filter(|word| seen.insert(word.clone())).collect()
}

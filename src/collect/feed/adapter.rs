//! From an item of the wire to a post.

use chrono::{DateTime, Utc};
use url::Url;

use super::wire::{WireFeed, WireItem, WireText};
use crate::collect::sanitise::{Addresses, Context, Sanitiser, Shown, paragraphs};
use crate::collect::{dates, plain};
use crate::config::{Config, Source};
use crate::error::{Place, Warning};
use crate::model::{Credit, Html, Language, Origin, Picture, Post, PostId, sha256_hex, slugify};

/// What all items of a feed are adapted with.
pub(super) struct Adapter<'a> {
    pub(super) config: &'a Config,
    pub(super) source: &'a Source,
    pub(super) sanitiser: &'a Sanitiser,
    pub(super) feed: &'a WireFeed,
    /// The feed's file, for messages.
    pub(super) file: &'a std::path::Path,
    pub(super) now: DateTime<Utc>,
}

/// Addresses relative to a page on the web.
struct Web(Option<Url>);

impl Web {
    fn absolute(&self, address: &str) -> Option<String> {
        let address = address.trim();
        match Url::parse(address) {
            Ok(url) => Some(url.to_string()),
            Err(_) => self.0.as_ref()?.join(address).ok().map(|url| url.to_string()),
        }
    }
}

impl Addresses for Web {
    fn link(&mut self, href: &str) -> Option<String> {
        self.absolute(href)
    }

    fn picture(&mut self, src: &str) -> Option<Shown> {
        self.absolute(src).map(|src| Shown { src, size: None })
    }
}

impl Adapter<'_> {
    /// Makes a post. Its `first_seen` is now; the caller knows better where an earlier run saw it.
    pub(super) fn post(&self, item: &WireItem) -> (Post, Vec<Warning>) {
        let mut warnings = Vec::new();
        let site = Web(Url::parse(&self.feed.link).ok());
        let base =
            Web(site.absolute(&self.feed.base).and_then(|base| Url::parse(&base).ok()).or_else(|| site.0.clone()));
        let base = Web(base
            .absolute(&item.base)
            .filter(|_| !item.base.is_empty())
            .and_then(|b| Url::parse(&b).ok())
            .or(base.0));
        let address = address(item, &base, &self.feed.link).unwrap_or_else(|| self.config.publication.base_url.clone());
        let id = id(item, &address);
        let title = self.title(item);
        let slug = slugify(&title).chars().take(60).collect::<String>();
        let body_text = if item.content.value.is_empty() { &item.summary } else { &item.content };
        let mut page = Web(if item.base.is_empty() { Url::parse(&address).ok().or(base.0) } else { base.0 });
        let body = self.body(body_text, &slug, &title, &mut page);
        let summary =
            (!item.content.value.is_empty()).then(|| line(&item.summary)).filter(|summary| !summary.is_empty());
        let picture = page.absolute(&item.picture).filter(|src| !item.picture.is_empty() && src.starts_with("http"));
        let post = Post {
            id: PostId(id),
            source: self.source.name.clone(),
            origin: Origin::Elsewhere,
            file: self.file.to_path_buf(),
            slug,
            address,
            language: self.language(item),
            published: self
                .date(&item.published, &title, &mut warnings)
                .or_else(|| self.date(&item.updated, &title, &mut Vec::new())),
            first_seen: self.now,
            updated: self.date(&item.updated, &title, &mut warnings),
            title,
            draft: false,
            authors: item.authors.iter().map(|name| byline(name)).filter(|name| !name.is_empty()).collect(),
            tags: item.categories.clone(),
            categories: Vec::new(),
            section: self.source.section.clone().or_else(|| item.categories.first().cloned()),
            summary,
            picture: picture.map(|src| Picture { src, alt: String::new(), caption: None }),
            body,
            credit: self.credit(item, &site),
            assets: Vec::new(),
        };
        (post, warnings)
    }

    fn title(&self, item: &WireItem) -> String {
        let title = line(&item.title);
        if !title.is_empty() {
            return title;
        }
        let text = line(if item.summary.value.is_empty() { &item.content } else { &item.summary });
        let short: String = text.split_whitespace().take(12).collect::<Vec<_>>().join(" ");
        match (short.is_empty(), short.len() < text.len()) {
            (true, _) => self.feed.title.clone(),
            (_, true) => short + "\u{2026}",
            _ => short,
        }
    }

    fn body(&self, text: &WireText, slug: &str, title: &str, page: &mut Web) -> Html {
        if text.is_html {
            self.sanitiser.foreign(&text.value, Context { prefix: slug, title: Some(title) }, page)
        } else {
            paragraphs(&text.value)
        }
    }

    fn language(&self, item: &WireItem) -> Language {
        [&item.language, &self.feed.language]
            .into_iter()
            .find_map(|tag| Language::parse(tag))
            .map(|said| self.config.published_language(said))
            .or_else(|| self.source.language.clone())
            .unwrap_or_else(|| self.config.publication.language.clone())
    }

    fn date(&self, text: &str, title: &str, warnings: &mut Vec<Warning>) -> Option<DateTime<Utc>> {
        if text.trim().is_empty() {
            return None;
        }
        let written = dates::parse(text);
        if written.is_none() {
            warnings.push(Warning::new(format!("`{text}` is not a date (item `{title}`)")).at(Place::file(self.file)));
        }
        written.map(|written| written.instant(self.config.publication.time_zone))
    }

    /// The feed that the item came from first, else this one.
    fn credit(&self, item: &WireItem, site: &Web) -> Option<Credit> {
        let (name, link) = if item.source_title.is_empty() {
            (&self.feed.title, &self.feed.link)
        } else {
            (&item.source_title, &item.source_link)
        };
        let url = site.absolute(link).filter(|url| !link.is_empty() && url.starts_with("http"));
        (!name.is_empty()).then(|| Credit { name: name.clone(), url })
    }
}

fn line(text: &WireText) -> String {
    if text.is_html { plain::from_html(&text.value) } else { plain::one_line(&text.value) }
}

/// RSS writes `address (name)`; a byline is the name.
fn byline(author: &str) -> String {
    match author.split_once('(') {
        Some((address, name)) if address.contains('@') => name.trim_end_matches(')').trim().to_owned(),
        _ if author.contains('@') && !author.contains(' ') => author.split('@').next().unwrap_or_default().to_owned(),
        _ => author.trim().to_owned(),
    }
}

fn address(item: &WireItem, base: &Web, site: &str) -> Option<String> {
    let is_web = |address: &String| address.starts_with("https://") || address.starts_with("http://");
    let link =
        Some(item.link.trim()).filter(|link| !link.is_empty()).and_then(|link| base.absolute(link)).filter(is_web);
    let id = || Some(item.id.trim().to_owned()).filter(|id| !item.id_is_no_address && is_web(id));
    link.or_else(id).or_else(|| Some(site.to_owned()).filter(is_web))
}

/// The id that the item brings, else its link, else one made of its words, so that it is the same at each run.
fn id(item: &WireItem, address: &str) -> String {
    let id = item.id.trim();
    if !id.is_empty() {
        return id.to_owned();
    }
    if !item.link.trim().is_empty() {
        return address.to_owned();
    }
    let words: String = [&item.title.value, &item.published, &item.content.value, &item.summary.value]
        .into_iter()
        .flat_map(|text| [text.as_str(), "\0"])
        .collect();
    format!("urn:sha256:{}", &sha256_hex(words.as_bytes())[..32])
}

//! From an item with an identity to a post with its body.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::attachments::Attachments;
use super::item::{Channel, Item};
use super::lists::Lists;
use super::naming::Named;
use super::stream::Position;
use super::terms::{authors, categories, tags};
use super::{body, comments};
use crate::collect::kept::{WRITTEN_OUT, WrittenOut};
use crate::collect::linked::LinkedFiles;
use crate::collect::links::LinkIndex;
use crate::collect::pictures::{Found, Pictures};
use crate::collect::sanitise::{Addresses, Context, Sanitiser, Shown, dropped, for_eyes_alone};
use crate::collect::{links, long_title, plain};
use crate::config::Source;
use crate::error::{Place, Warning, line_and_column};
use crate::model::{Asset, Enclosure, Origin, Particulars, Picture, Post, asset_address, media_type, media_type_of};

/// Taxonomies that say something else than what a post is about, or that are read elsewhere.
const KNOWN: [&str; 13] = [
    "category",
    "tag",
    "post_tag",
    "author",
    "language",
    "post_format",
    "nav_menu",
    "link_category",
    "post_translations",
    "term_language",
    "term_translations",
    "wp_theme",
    "wp_pattern_category",
];

/// What all posts of an export are written with.
pub(super) struct Writer<'a> {
    pub(super) source: &'a Source,
    pub(super) channel: &'a Channel,
    pub(super) attachments: &'a Attachments,
    pub(super) blocks: &'a BTreeMap<u64, String>,
    pub(super) index: &'a LinkIndex,
    pub(super) lists: &'a Lists,
    /// Copies of the site's pictures, where there are any.
    pub(super) pictures: Option<&'a Pictures>,
    /// The files among them that links may name.
    pub(super) linked: &'a LinkedFiles,
    /// Whether links to files that are not there are told.
    pub(super) tells_missing: bool,
    pub(super) written_out: &'a WrittenOut,
    pub(super) sanitiser: &'a Sanitiser,
    /// The names of the export's files.
    pub(super) names: &'a [PathBuf],
}

/// A post, and what there is to say about it.
pub(super) struct Written {
    pub(super) post: Post,
    pub(super) comments: usize,
    /// What could not be carried out of its blocks and shortcodes: the same in many posts.
    pub(super) reports: Vec<Warning>,
    pub(super) warnings: Vec<Warning>,
}

impl Writer<'_> {
    /// Writes the body and fills the post.
    pub(super) fn write(&self, named: Named) -> Written {
        let file = &self.names[named.item.file];
        let item = &named.item;
        let expanded = body::expand(item, self.attachments, self.blocks);
        let reports = expanded
            .reports
            .iter()
            .map(|(offset, message)| Warning::new(message.clone()).at(place_in_text(file, item, *offset)))
            .collect();
        let mut warnings: Vec<Warning> = Vec::new();
        warnings.extend(dropped(&expanded.html).into_iter().map(|dropped| {
            let place = match dropped.find_in(&item.content) {
                Some(offset) => place_in_text(file, item, offset),
                None => Place::at(file, item.at.line, item.at.column),
            };
            Warning::new(dropped.in_words()).at(place)
        }));
        let (page, assets) = (named.address.as_str(), Vec::new());
        let at = (item.file, item.at);
        let mut addresses = Web { writer: self, page, at, assets, warnings: Vec::new(), unanswered: None };
        let context = Context { prefix: &named.slug, title: Some(&named.title) };
        let body = self.sanitiser.foreign(&expanded.html, context, &mut addresses);
        let picture = self.picture(item, &mut addresses);
        let Web { assets, warnings: mut about_pictures, unanswered, .. } = addresses;
        about_pictures.extend(unanswered.map(|(href, count)| links::unanswered(&href, count)));
        let place = || Place::at(file, item.at.line, item.at.column);
        warnings.extend(long_title(&named.title).map(|message| Warning::new(message).at(place())));
        warnings.extend(about_pictures.into_iter().map(|message| Warning::new(message).at(place())));
        let strange = item.terms.iter().map(|term| term.domain.as_str());
        let strange = strange.filter(|domain| !domain.is_empty() && !KNOWN.contains(domain));
        let mut strange: Vec<&str> = strange.collect();
        strange.dedup();
        warnings.extend(strange.into_iter().map(|domain| {
            Warning::new(format!("terms of the taxonomy `{domain}` are not taken"))
                .at(place())
                .hint("categories and tags are; others mean what only their site knows")
        }));
        let categories = categories(item, self.channel);
        let section = self.source.section.clone().or_else(|| categories.first().cloned());
        let summary = Some(plain::from_html(&item.excerpt)).filter(|summary| !summary.is_empty());
        let summary = summary.or_else(|| self.teaser(item));
        let (authors, tags) = (authors(item, self.channel), tags(item));
        let comments = item.shown_comments;
        let post = Post {
            id: named.id,
            source: self.source.name.clone(),
            origin: Origin::Own,
            file: file.clone(),
            slug: named.slug,
            address: named.address,
            language: named.language,
            title: named.title,
            published: named.published,
            first_seen: named.first_seen,
            updated: named.updated,
            draft: false,
            held_back: None,
            public: false,
            authors,
            tags,
            categories,
            section,
            summary,
            picture,
            body,
            credit: None,
            enclosures: item.enclosures.iter().filter_map(|lines| enclosure(lines)).collect(),
            aliases: Vec::new(),
            first_slug: None,
            first_place: named.first_place,
            particulars: Particulars::default(),
            assets,
        };
        Written { post, comments, reports, warnings }
    }

    /// The text before `<!--more-->`, which WordPress shows in lists.
    fn teaser(&self, item: &Item) -> Option<String> {
        let (before, _) = item.content.split_once("<!--more")?;
        let teaser = Item { content: before.to_owned(), ..Item::new(item.file, item.at) };
        let html = body::expand(&teaser, self.attachments, self.blocks).html;
        Some(plain::from_html(&html)).filter(|summary| !summary.is_empty())
    }

    fn picture(&self, item: &Item, addresses: &mut Web<'_, '_>) -> Option<Picture> {
        let id = item.thumbnail.trim();
        if id.is_empty() || id == "0" || id == "-1" {
            return None;
        }
        let Some(attachment) = id.parse().ok().and_then(|id| self.attachments.get(id)) else {
            addresses.warnings.push(format!("the export lacks attachment {id}, the picture of {}", item.called()));
            return None;
        };
        let shown = addresses.picture(&attachment.url)?;
        let caption = Some(plain::from_html(&attachment.caption)).filter(|caption| !caption.is_empty());
        let is_shown = shown.src.starts_with("assets/") || shown.src.starts_with("http");
        is_shown.then(|| Picture { src: shown.src, alt: attachment.alt.clone(), caption, lost: false })
    }
}

/// The place of a byte of an item's text.
fn place_in_text(file: &Path, item: &Item, offset: usize) -> Place {
    let (line, column) = line_and_column(&item.content, offset);
    let from = item.content_at;
    let column = if line == 1 { from.column + column - 1 } else { column };
    Place::at(file, from.line + line - 1, column)
}

/// A sound or film, as WordPress and its plugins for podcasts keep it: address, length and type, a line each.
fn enclosure(lines: &str) -> Option<Enclosure> {
    let mut lines = lines.lines().map(str::trim);
    let address = lines.next().filter(|address| address.starts_with("https://") || address.starts_with("http://"))?;
    let length = lines.next().and_then(|length| length.parse().ok()).filter(|length| *length > 0);
    let said = media_type(lines.next().unwrap_or_default());
    let media_type = if said.is_empty() { media_type_of(address).unwrap_or_default().to_owned() } else { said };
    Some(Enclosure { address: address.to_owned(), media_type, length, ..Enclosure::default() })
}

/// The links and pictures of one post.
struct Web<'a, 'w> {
    writer: &'a Writer<'w>,
    page: &'a str,
    /// Where the post stands in the export.
    at: (usize, Position),
    assets: Vec<Asset>,
    warnings: Vec<String>,
    /// The first link to a part of the text that is not there, and how many there are.
    unanswered: Option<(String, usize)>,
}

impl Web<'_, '_> {
    /// Takes a picture that was found, and says what is to be said of it under that name.
    fn taken(&mut self, found: Found, name: &str) -> Option<Shown> {
        let asset = match found {
            Found::Picture(asset) => asset,
            Found::Cleaned(asset, what) => {
                self.warnings.push(format!("{name} {what}"));
                asset
            }
            Found::NotAPicture(what) => {
                self.warnings.push(format!("{name} {what}"));
                return None;
            }
            Found::Missing => return None,
        };
        let shown = Shown { src: format!("assets/{}", asset.name), size: asset.width.zip(asset.height) };
        if !self.assets.iter().any(|known| known.name == asset.name) {
            self.assets.push(asset);
        }
        Some(shown)
    }
}

impl Web<'_, '_> {
    /// Where a link to a file of the old site leads that is at hand: to the file as it is published beside the post, which the
    /// post then has. One that stands at our own address and is not at hand is told: nobody else has it.
    fn published(&mut self, address: &str, href: &str) -> Option<String> {
        let Writer { index, linked, pictures, .. } = self.writer;
        let (path, nowhere) = (index.below(address)?, Path::new("/nowhere"));
        let why = match pictures.and_then(|pictures| linked.find(path, nowhere, pictures)) {
            Some(Ok(asset)) => {
                let part = address.split_once('#').map(|(_, part)| format!("#{part}")).unwrap_or_default();
                let address = asset_address(&asset.name) + &part;
                if !self.assets.iter().any(|known| known.name == asset.name) {
                    self.assets.push(asset);
                }
                return Some(address);
            }
            Some(Err(why)) => format!("not published: it {why}"),
            None if linked.should_be_at_hand(path.split(['?', '#']).next().unwrap_or(path)) => {
                "no such file is there".to_owned()
            }
            None => return None,
        };
        if self.writer.tells_missing && index.is_ours(address) {
            self.warnings.push(format!("`{href}` is linked to, but {why}"));
        }
        None
    }
}

impl Addresses for Web<'_, '_> {
    fn link(&mut self, href: &str) -> Option<String> {
        if let Some(post) = comments::post_of(href).filter(|post| self.writer.index.is_post(post, "", self.page)) {
            return self.writer.index.resolve(post, "", self.page);
        }
        let address = self.writer.index.resolve(href, "", self.page)?;
        if self.writer.index.is_post(href, "", self.page) {
            return Some(address);
        }
        let (index, lists) = (self.writer.index, self.writer.lists);
        let is_ours = index.is_ours(&address);
        let list = index.below(&address).and_then(|path| lists.lead(path, is_ours, self.at));
        let led = list.or_else(|| self.published(&address, href));
        if let Some(path) = index.below(&address).filter(|_| led.is_none() && is_ours) {
            lists.lacks(path, self.at);
        }
        Some(led.unwrap_or(address))
    }

    fn picture(&mut self, src: &str) -> Option<Shown> {
        if let Some(found) = self.writer.written_out.picture(src) {
            return self.taken(found, WRITTEN_OUT);
        }
        let absolute = self.writer.index.resolve(src, "", self.page)?;
        let local = self.writer.index.below(&absolute).zip(self.writer.pictures);
        if let Some((path, pictures)) = local {
            let found = pictures.find(path, std::path::Path::new("/nowhere"));
            if let Some(shown) = self.taken(found, &format!("the copy of `{src}`")) {
                return Some(shown);
            }
        }
        Some(Shown { src: absolute, size: None })
    }

    fn unanswered(&mut self, href: &str) {
        self.unanswered.get_or_insert_with(|| (href.to_owned(), 0)).1 += 1;
    }

    fn left_out(&mut self, tag: &str, words: &str) {
        self.warnings.push(for_eyes_alone(tag, words));
    }
}

//! One language of the archive: its posts as lists show them, and what they are grouped by.

use std::collections::BTreeMap;

use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};
use serde::Serialize;

use super::frame::{Feeds, Frame};
use crate::model::{Origin, Post, group_slug};
use crate::render::{Edition, Site};
use crate::templates::Templates;
use crate::templates::landing::Landing;
use crate::templates::views::{DateView, LinkView, Locale, excerpt};

/// Characters of an excerpt in a list.
const EXCERPT: usize = 220;

/// An edition, prepared for drawing.
pub(super) struct EditionPages<'a> {
    pub(super) frame: Frame<'a>,
    pub(super) locale: Locale<'a>,
    /// What stands before its paths: "" or "fa/".
    pub(super) prefix: String,
    pub(super) base_url: &'a str,
    /// Where links to what is for members only lead.
    pub(super) landing: Landing<'a>,
    /// Newest first.
    pub(super) posts: Vec<&'a Post>,
    /// The same posts in the same order, as lists show them.
    pub(super) entries: Vec<Entry<'a>>,
    /// Posts that stand in issues alone.
    pub(super) apart: Vec<&'a Post>,
    /// Sections, authors, tags.
    pub(super) kinds: Vec<Kind>,
}

/// A post in a list.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Entry<'a> {
    pub(super) title: &'a str,
    pub(super) lang: &'a str,
    pub(super) dir: &'static str,
    /// Below public/, or an absolute address for a post from elsewhere.
    pub(super) link: String,
    pub(super) elsewhere: bool,
    pub(super) byline: Option<String>,
    pub(super) date: DateView,
    pub(super) section: Option<LinkView>,
    /// As text.
    pub(super) summary: Option<String>,
    /// Whose it is, for a post from elsewhere.
    pub(super) source: Option<&'a str>,
}

/// A way of grouping: by section, author or tag.
pub(super) struct Kind {
    /// "Sections", in the language of the edition.
    pub(super) title: String,
    /// The folder below the edition's: "sections".
    pub(super) folder: &'static str,
    /// In the order of their slugs.
    pub(super) groups: Vec<Group>,
}

/// Posts with the same section, author or tag.
pub(super) struct Group {
    pub(super) title: String,
    pub(super) slug: String,
    /// Places in [`EditionPages::posts`].
    pub(super) posts: Vec<usize>,
}

impl<'a> EditionPages<'a> {
    pub(super) fn new(site: &Site<'a>, edition: &'a Edition<'a>, templates: &'a Templates) -> Self {
        let locale = Locale::new(&edition.language, site.publication, templates.strings());
        let prefix = site.prefix(&edition.language);
        let posts = edition.posts.clone();
        let kinds: Vec<Kind> = [
            kind(&posts, locale.words("sections", &[]), "sections", |post| post.section.as_slice()),
            kind(&posts, locale.words("authors", &[]), "authors", |post| &post.authors),
            kind(&posts, locale.words("tags", &[]), "tags", |post| &post.tags),
        ]
        .into_iter()
        .filter(|kind| !kind.groups.is_empty())
        .collect();
        let menu = kinds.iter().map(|kind| link(&kind.title, format!("{prefix}{}/", kind.folder))).collect();
        let base_url = &site.publication.base_url;
        let entries = posts.par_iter().map(|post| entry(post, &prefix, base_url, &locale)).collect();
        let frame = super::frame(site, edition, menu);
        let landing = Landing::on_the_web(base_url, site.nowhere);
        Self { frame, locale, prefix, base_url, landing, posts, apart: edition.apart.clone(), entries, kinds }
    }

    /// Its posts, and those that stand in issues alone.
    pub(super) fn all_posts(&self) -> impl Iterator<Item = &'a Post> {
        self.posts.iter().chain(&self.apart).copied()
    }

    /// Of these posts those that have a page here: our own, and those from elsewhere that have no other.
    pub(super) fn having_pages(&self, posts: impl Iterator<Item = &'a Post>) -> impl Iterator<Item = &'a Post> {
        posts.filter(|post| has_page(post, &self.prefix, self.base_url))
    }

    /// All posts that have a page here.
    pub(super) fn with_pages(&self) -> impl Iterator<Item = &'a Post> {
        self.having_pages(self.all_posts())
    }

    /// The feeds of all its posts.
    pub(super) fn feeds(&self) -> Feeds {
        Feeds { title: self.frame.publication.title.to_owned(), path: self.prefix.clone() }
    }

    /// The folder of a post that has a page here, below public/.
    pub(super) fn post_path(&self, post: &Post) -> String {
        post_path(&self.prefix, post)
    }

    /// A link to the page of a section, author or tag, where there is one: of what only posts have that stand in no list
    /// there is none.
    pub(super) fn group_link(&self, folder: &str, title: &str) -> Option<LinkView> {
        let mut kinds = self.kinds.iter().filter(|kind| kind.folder == folder);
        let slug = group_slug(title);
        let stands = kinds.any(|kind| kind.groups.binary_search_by(|group| group.slug.cmp(&slug)).is_ok());
        stands.then(|| link(title, format!("{}{folder}/{slug}/", self.prefix)))
    }
}

fn has_page(post: &Post, prefix: &str, base_url: &str) -> bool {
    let is_here = || post.address.strip_prefix(base_url).is_some_and(|path| path == post_path(prefix, post));
    post.origin == Origin::Own || (post.has_page_of_ours() && is_here())
}

fn post_path(prefix: &str, post: &Post) -> String {
    match post.origin {
        Origin::Own => format!("{prefix}posts/{}/", post.slug),
        Origin::Elsewhere => format!("{prefix}posts/{}/", post.id.page_name()),
    }
}

fn link(title: &str, path: String) -> LinkView {
    LinkView { title: title.to_owned(), path }
}

fn group_link(prefix: &str, folder: &str, title: &str) -> LinkView {
    link(title, format!("{prefix}{folder}/{}/", group_slug(title)))
}

fn kind(posts: &[&Post], title: String, folder: &'static str, names: impl Fn(&Post) -> &[String]) -> Kind {
    let mut groups: BTreeMap<String, Group> = BTreeMap::new();
    for (place, post) in posts.iter().enumerate() {
        for name in names(post) {
            let slug = group_slug(name);
            let group =
                groups.entry(slug.clone()).or_insert_with(|| Group { title: name.clone(), slug, posts: Vec::new() });
            if group.posts.last() != Some(&place) {
                group.posts.push(place);
            }
        }
    }
    Kind { title, folder, groups: groups.into_values().collect() }
}

fn entry<'a>(post: &'a Post, prefix: &str, base_url: &str, locale: &Locale<'_>) -> Entry<'a> {
    let elsewhere = !has_page(post, prefix, base_url);
    Entry {
        title: &post.title,
        lang: post.language.as_str(),
        dir: post.language.direction().as_str(),
        link: if elsewhere { post.address.clone() } else { post_path(prefix, post) },
        elsewhere,
        byline: (!post.authors.is_empty()).then(|| locale.byline(&post.authors, post.language.direction())),
        date: locale.date(post.date()),
        section: post.section.as_deref().map(|section| group_link(prefix, "sections", section)),
        summary: post.summary.clone().or_else(|| excerpt(&post.body, EXCERPT)),
        source: (post.origin == Origin::Elsewhere)
            .then(|| post.credit.as_ref().map_or(post.source.as_str(), |credit| &credit.name)),
    }
}

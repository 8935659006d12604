//! Pages of our own posts, and of those from elsewhere that have none there.

use std::collections::BTreeMap;

use serde::Serialize;

use super::draw::{Neighbours, Planned, with_neighbours};
use super::edition::EditionPages;
use super::frame::{Alternate, LanguageLink, Page, Preview, language_link, root};
use super::moved::Moved;
use crate::error::Result;
use crate::model::{Origin, Post, Style};
use crate::templates::Templates;
use crate::templates::views::{Addresses, ArticlePlace, ArticleView, LinkView, excerpt};

/// Characters of a page's description.
const DESCRIPTION: usize = 160;

#[derive(Serialize)]
struct PostPage<'a> {
    article: ArticleView<'a>,
    translations: Vec<LanguageLink>,
    section: Option<LinkView>,
    authors: Vec<LinkView>,
    tags: Vec<LinkView>,
    /// Whether there is a newer or an older post.
    neighbours: bool,
    newer: Option<LinkView>,
    older: Option<LinkView>,
}

/// The pages of one edition's posts, each also where it stood before, as `moved` has it.
pub(super) fn pages<'p>(
    edition: &'p EditionPages<'p>,
    translations: &'p Translations<'p>,
    moved: &Moved,
    templates: &'p Templates,
) -> Vec<Planned<'p>> {
    let listed: Vec<&Post> = edition.having_pages(edition.posts.iter().copied()).collect();
    let apart = edition.having_pages(edition.apart.iter().copied()).map(|post| (None, post, None));
    let mut planned = Vec::with_capacity(listed.len());
    for posts in with_neighbours(&listed).into_iter().chain(apart) {
        let path = edition.post_path(posts.1);
        let files = moved.others(&path).map(str::to_owned).chain([format!("{path}index.html")]);
        let page = |file| Planned::new(file, move |file| page(edition, posts, file, translations, templates));
        planned.extend(files.map(page));
    }
    planned
}

fn page(
    edition: &EditionPages<'_>,
    (newer, post, older): Neighbours<&Post>,
    file: &str,
    translations: &Translations<'_>,
    templates: &Templates,
) -> Result<String> {
    let path = file.strip_suffix("index.html").unwrap_or(file);
    let root = root(path);
    let assets = format!("{root}assets/");
    let landing = Some(&edition.landing);
    let addresses = Addresses { base_url: edition.base_url, root: &root, assets: &assets, page: "", landing };
    let place = ArticlePlace { level: 1, anchor: "", style: Style::Articles };
    let others = translations.of(post);
    let content = PostPage {
        article: ArticleView::new(post, place, &addresses, &edition.locale).with_calls_counted(),
        translations: others.iter().filter(|link| link.lang != post.language.as_str()).cloned().collect(),
        section: post.section.as_deref().and_then(|section| edition.group_link("sections", section)),
        authors: post.authors.iter().filter_map(|author| edition.group_link("authors", author)).collect(),
        tags: post.tags.iter().filter_map(|tag| edition.group_link("tags", tag)).collect(),
        neighbours: newer.is_some() || older.is_some(),
        newer: newer.map(|post| neighbour(edition, post)),
        older: older.map(|post| neighbour(edition, post)),
    };
    let alternate = |link: &LanguageLink| Alternate {
        lang: link.lang.clone(),
        address: format!("{}{}", edition.base_url, link.path),
    };
    let view = Page {
        description: post.summary.clone().or_else(|| excerpt(&post.body, DESCRIPTION)),
        canonical: Some(post.address.clone()),
        alternates: others.iter().map(alternate).collect(),
        feeds: Some(edition.feeds()),
        preview: Some(Preview::new(&post.title, [post], edition.base_url)),
        ..Page::new(&edition.frame, path, &post.title, edition.base_url, content)
    };
    templates.render("web/post", &view)
}

fn neighbour(edition: &EditionPages<'_>, post: &Post) -> LinkView {
    LinkView { title: post.title.clone(), path: edition.post_path(post) }
}

/// Posts of ours with the same slug in several languages are translations of each other.
pub(super) struct Translations<'a>(BTreeMap<&'a str, Vec<LanguageLink>>);

impl<'a> Translations<'a> {
    pub(super) fn new(editions: &[EditionPages<'a>]) -> Self {
        let mut by_slug: BTreeMap<&str, Vec<LanguageLink>> = BTreeMap::new();
        if editions.len() > 1 {
            for edition in editions {
                for post in edition.all_posts().filter(|post| post.origin == Origin::Own) {
                    let link = language_link(&post.language, edition.post_path(post));
                    by_slug.entry(&post.slug).or_default().push(link);
                }
            }
            by_slug.retain(|_, links| links.len() > 1);
        }
        Self(by_slug)
    }

    /// The post in every language it is in, its own included; nothing where that is one.
    fn of(&self, post: &Post) -> &[LanguageLink] {
        self.0.get(post.slug.as_str()).map_or(&[], Vec::as_slice)
    }
}

//! Lists of posts: front pages, sections, authors, tags, each paged newer and older.

use serde::Serialize;

use super::draw::Planned;
use super::edition::{EditionPages, Entry, Group, Kind};
use super::frame::{Alternate, Feeds, Page};
use super::issues::{IssueEntry, latest};
use crate::error::Result;
use crate::model::Language;
use crate::render::Site;
use crate::render::alphabet::Alphabet;
use crate::templates::Templates;
use crate::templates::views::{LinkView, Locale};

/// Newer and older pages of a list.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Pager {
    /// "Page 2 of 9"; `None` where there is one page.
    pub(super) label: Option<String>,
    pub(super) newer: Option<String>,
    pub(super) older: Option<String>,
}

#[derive(Serialize)]
struct FrontPage<'a> {
    /// The level of the entries' headings.
    level: u8,
    issues: Vec<IssueEntry<'a>>,
    posts: Vec<&'a Entry<'a>>,
    pager: Pager,
}

#[derive(Serialize)]
struct Listing<'a> {
    level: u8,
    /// "Sections", with a link to all of them.
    kind: LinkView,
    name: &'a str,
    posts: Vec<&'a Entry<'a>>,
    pager: Pager,
}

#[derive(Serialize)]
struct List<'a> {
    name: &'a str,
    links: Vec<CountedLink<'a>>,
}

#[derive(Serialize)]
struct CountedLink<'a> {
    title: &'a str,
    path: String,
    /// How many posts, in the language's digits.
    count: String,
}

/// The index of an edition, and its older pages.
pub(super) fn front_pages<'p>(
    edition: &'p EditionPages<'p>,
    site: &'p Site<'p>,
    templates: &'p Templates,
) -> Vec<Planned<'p>> {
    let pages: Vec<(usize, Vec<&Entry<'_>>)> = chunks(edition.entries.iter(), site.page_size);
    let total = pages.len();
    let planned = |(page, posts): (usize, Vec<&'p Entry<'p>>)| {
        let path = page_path(&edition.prefix, page);
        Planned::new(format!("{path}index.html"), move |_| {
            let content = FrontPage {
                level: 3,
                issues: if page == 1 { latest(site, &edition.frame.language, templates) } else { Vec::new() },
                posts: posts.clone(),
                pager: pager(&edition.prefix, page, total, &edition.locale),
            };
            let title = if page == 1 { String::new() } else { page_title(page, &edition.locale) };
            let view = Page {
                front: true,
                description: site.named(&edition.frame.language).description.clone().filter(|_| page == 1),
                alternates: if page == 1 { alternates(site) } else { Vec::new() },
                feeds: Some(edition.feeds()),
                ..Page::new(&edition.frame, &path, &title, edition.base_url, content)
            };
            templates.render("web/index", &view)
        })
    };
    pages.into_iter().map(planned).collect()
}

/// Sections, authors and tags: a page that lists them all, and the pages of each.
pub(super) fn group_pages<'p>(
    edition: &'p EditionPages<'p>,
    site: &'p Site<'p>,
    templates: &'p Templates,
) -> Vec<Planned<'p>> {
    let mut planned = Vec::new();
    for kind in &edition.kinds {
        let path = format!("{}{}/", edition.prefix, kind.folder);
        planned.push(Planned::new(format!("{path}index.html"), move |_| all_groups(edition, kind, &path, templates)));
        for group in &kind.groups {
            let entries = group.posts.iter().filter_map(|place| edition.entries.get(*place));
            let pages = chunks(entries, site.page_size);
            let total = pages.len();
            planned.extend(pages.into_iter().map(|(page, posts)| {
                let folder = format!("{}{}/{}/", edition.prefix, kind.folder, group.slug);
                Planned::new(format!("{}index.html", page_path(&folder, page)), move |_| {
                    group_page(edition, kind, (group, &folder), (page, total), &posts, templates)
                })
            }));
        }
    }
    planned
}

fn group_page(
    edition: &EditionPages<'_>,
    kind: &Kind,
    (group, folder): (&Group, &str),
    (page, total): (usize, usize),
    posts: &[&Entry<'_>],
    templates: &Templates,
) -> Result<String> {
    let content = Listing {
        level: 2,
        kind: LinkView { title: kind.title.clone(), path: format!("{}{}/", edition.prefix, kind.folder) },
        name: &group.title,
        posts: posts.to_vec(),
        pager: pager(folder, page, total, &edition.locale),
    };
    let title = match page {
        1 => group.title.clone(),
        _ => format!("{} \u{b7} {}", group.title, page_title(page, &edition.locale)),
    };
    let feed_title = format!("{} \u{b7} {}", edition.frame.publication.title, group.title);
    let view = Page {
        feeds: Some(Feeds { title: feed_title, path: folder.to_owned() }),
        ..Page::new(&edition.frame, &page_path(folder, page), &title, edition.base_url, content)
    };
    templates.render("web/listing", &view)
}

fn all_groups(edition: &EditionPages<'_>, kind: &Kind, path: &str, templates: &Templates) -> Result<String> {
    let count = |group: &Group| edition.locale.dates.numerals(&group.posts.len().to_string());
    let links = in_order_of_titles(&kind.groups, edition.locale.language)
        .into_iter()
        .map(|group| CountedLink { title: &group.title, path: format!("{path}{}/", group.slug), count: count(group) })
        .collect();
    let content = List { name: &kind.title, links };
    templates.render("web/list", &Page::new(&edition.frame, path, &kind.title, edition.base_url, content))
}

/// In the order of the language's alphabet; those of one title in the order of their slugs.
fn in_order_of_titles<'a>(groups: &'a [Group], language: &Language) -> Vec<&'a Group> {
    let alphabet = Alphabet::of(language);
    let mut groups: Vec<&Group> = groups.iter().collect();
    groups.sort_by(|one, other| alphabet.compare(&one.title, &other.title));
    groups
}

/// Items in pages of `size`, numbered from 1; at least one page.
pub(super) fn chunks<T>(items: impl Iterator<Item = T>, size: usize) -> Vec<(usize, Vec<T>)> {
    let mut pages = vec![(1, Vec::new())];
    for item in items {
        let next = pages.len() + 1;
        match pages.last_mut() {
            Some((_, page)) if page.len() < size.max(1) => page.push(item),
            _ => pages.push((next, vec![item])),
        }
    }
    pages
}

/// The folder of a page of a list: the list's own for the first, "page/2/" below it for the second.
pub(super) fn page_path(folder: &str, page: usize) -> String {
    if page <= 1 { folder.to_owned() } else { format!("{folder}page/{page}/") }
}

/// Links from page `page` of `total`.
pub(super) fn pager(folder: &str, page: usize, total: usize, locale: &Locale<'_>) -> Pager {
    let number = |n: usize| locale.dates.numerals(&n.to_string());
    Pager {
        label: (total > 1).then(|| locale.words("page_of", &[("n", &number(page)), ("total", &number(total))])),
        newer: (page > 1).then(|| page_path(folder, page - 1)),
        older: (page < total).then(|| page_path(folder, page + 1)),
    }
}

fn page_title(page: usize, locale: &Locale<'_>) -> String {
    locale.words("page", &[("n", &locale.dates.numerals(&page.to_string()))])
}

/// The front pages in all languages, this one included, as hreflang wants it.
fn alternates(site: &Site<'_>) -> Vec<Alternate> {
    if site.editions.len() < 2 {
        return Vec::new();
    }
    let alternate = |edition: &crate::render::Edition<'_>| Alternate {
        lang: edition.language.as_str().to_owned(),
        address: site.publication.url(&site.prefix(&edition.language)),
    };
    site.editions.iter().map(alternate).collect()
}

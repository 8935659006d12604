//! Pages of issues: each series' list, each issue whole.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::draw::{Neighbours, Planned, with_neighbours};
use super::edition::EditionPages;
use super::frame::{Feeds, Page, Preview, root};
use super::listing::{Pager, chunks, page_path, pager};
use crate::error::Result;
use crate::model::{Article, Frozen, Issue, Language, Post, Style};
use crate::render::{PublicIssue, Site};
use crate::templates::Templates;
use crate::templates::landing::Landing;
use crate::templates::views::{Addresses, DateView, IssueView, LinkView, Locale, issue_name, size_in_words};

/// Characters of a page's description.
const DESCRIPTION: usize = 160;

/// An issue in a list.
#[derive(Clone, Debug, Serialize)]
pub(super) struct IssueEntry<'a> {
    lang: &'a str,
    dir: &'static str,
    /// "Newsletter No. 92".
    name: String,
    /// The editor's title.
    title: Option<&'a str>,
    /// "July 2026".
    period: String,
    date: DateView,
    path: String,
    pdf: Option<PdfLink>,
    corrected: bool,
    draft: bool,
    withdrawn: bool,
}

#[derive(Clone, Debug, Serialize)]
struct PdfLink {
    path: String,
    /// "1.2 MB".
    size: String,
}

#[derive(Serialize)]
struct SeriesPage<'a> {
    name: &'a str,
    description: Option<&'a str>,
    issn: Option<String>,
    issues: Vec<IssueEntry<'a>>,
    pager: Pager,
}

#[derive(Serialize)]
struct IssuePage<'a> {
    issue: IssueView<'a>,
    pdf: Option<PdfLink>,
    newer: Option<String>,
    older: Option<String>,
    all: String,
}

/// The series of a language that have issues, in the site's order.
pub(super) fn series_links(site: &Site<'_>, language: &Language) -> Vec<LinkView> {
    let mut links: Vec<LinkView> = Vec::new();
    for series in shown(site).map(|public| &public.issue.series).filter(|series| series.language == *language) {
        let path = format!("{}/", series.key);
        if links.iter().all(|link| link.path != path) {
            links.push(LinkView { title: site.title_of(series).to_owned(), path });
        }
    }
    links
}

/// The newest issue of each series in `language`; where that is withdrawn, the newest that is not as well.
pub(super) fn latest<'a>(site: &'a Site<'_>, language: &Language, templates: &Templates) -> Vec<IssueEntry<'a>> {
    // Whether all that a series has here is withdrawn.
    let mut seen: BTreeMap<&str, bool> = BTreeMap::new();
    let mut entries = Vec::new();
    for public in shown(site).filter(|public| public.issue.series.language == *language) {
        let is_withdrawn = public.issue.withdrawn().is_some();
        let before = seen.get(public.issue.key.series.as_str()).copied();
        if before.is_none() || (before == Some(true) && !is_withdrawn) {
            seen.insert(&public.issue.key.series, is_withdrawn);
            let locale = locale_of(public.issue, templates);
            entries.push(entry(public, &locale));
        }
    }
    entries
}

/// The pages of every series and of every issue.
pub(super) fn pages<'p>(
    site: &'p Site<'p>,
    editions: &'p [EditionPages<'p>],
    standing: &'p BTreeSet<String>,
    templates: &'p Templates,
) -> Vec<Planned<'p>> {
    let mut planned = Vec::new();
    let all: Vec<&PublicIssue<'_>> = shown(site).collect();
    for series in all.chunk_by(|a, b| a.issue.key.series == b.issue.key.series) {
        let Some(first) = series.first().map(|public| public.issue) else { continue };
        let Some(edition) = edition_of(first, editions) else { continue };
        planned.extend(series_pages(first, series, edition, site, templates));
        planned.extend(with_neighbours(series).into_iter().map(|issues| {
            Planned::new(format!("{}index.html", issues.1.path()), move |_| {
                issue_page(issues, edition, site, standing, templates)
            })
        }));
    }
    planned
}

fn series_pages<'p>(
    first: &'p Issue,
    series: &[&'p PublicIssue<'p>],
    edition: &'p EditionPages<'p>,
    site: &'p Site<'p>,
    templates: &'p Templates,
) -> Vec<Planned<'p>> {
    let locale = locale_of(first, templates);
    let pages = chunks(series.iter().map(|public| entry(public, &locale)), site.page_size);
    let total = pages.len();
    let planned = |(page, issues): (usize, Vec<IssueEntry<'p>>)| {
        let folder = format!("{}/", first.key.series);
        let path = page_path(&folder, page);
        Planned::new(format!("{path}index.html"), move |_| {
            let content = SeriesPage {
                name: site.title_of(&first.series),
                description: site.descriptions.get(first.key.series.as_str()).copied(),
                issn: first.series.issn.as_ref().map(|issn| edition.locale.words("issn", &[("issn", issn)])),
                issues: issues.clone(),
                pager: pager(&folder, page, total, &edition.locale),
            };
            let title = site.title_of(&first.series);
            let view = Page {
                lang: first.series.language.as_str(),
                dir: first.series.language.direction().as_str(),
                feeds: Some(feeds(first, site)),
                description: site.descriptions.get(first.key.series.as_str()).map(|text| (*text).to_owned()),
                ..Page::new(&edition.frame, &path, title, edition.base_url, content)
            };
            templates.render("web/series", &view)
        })
    };
    pages.into_iter().map(planned).collect()
}

fn issue_page(
    (newer, public, older): Neighbours<&PublicIssue<'_>>,
    edition: &EditionPages<'_>,
    site: &Site<'_>,
    standing: &BTreeSet<String>,
    templates: &Templates,
) -> Result<String> {
    let issue = public.issue;
    let path = public.path();
    let root = root(&path);
    let assets = format!("{root}assets/");
    // Of short items the rest stands nowhere, and what a link means may be there.
    let is_whole = issue.series.style == Style::Articles;
    let gone = issue.articles().filter(|article| is_whole && is_gone(article, site, standing));
    let landing = Landing::on_the_web(edition.base_url, site.nowhere).with_articles(gone);
    let landing = Some(&landing);
    let addresses = Addresses { base_url: edition.base_url, root: &root, assets: &assets, page: "", landing };
    let locale = locale_of(issue, templates);
    let mut shown = IssueView::new(issue, &addresses, &locale);
    // Where it stood when it was frozen, nobody may find it any more.
    shown.colophon.address = issue.series.public.then(|| format!("{}{path}", edition.base_url));
    let content = IssuePage {
        issue: shown.with_calls_counted(),
        pdf: pdf_link(public, &locale),
        newer: newer.map(PublicIssue::path),
        older: older.map(PublicIssue::path),
        all: format!("{}/", issue.key.series),
    };
    let name = content.issue.name.clone();
    let is_withdrawn = issue.withdrawn().is_some();
    let for_all = issue.articles().filter(|article| !article.for_members).map(|article| &article.post);
    let view = Page {
        lang: issue.series.language.as_str(),
        dir: issue.series.language.direction().as_str(),
        nameplate: true,
        description: Some(description(&content.issue)),
        feeds: Some(feeds(issue, site)),
        preview: (!is_withdrawn).then(|| Preview::new(&name, for_all, edition.base_url)),
        noindex: is_withdrawn,
        ..Page::new(&edition.frame, &path, &name, edition.base_url, content)
    };
    templates.render("web/issue", &view)
}

/// Every address below ours at which a post stands or stood.
pub(super) fn addresses_of_pages(editions: &[EditionPages<'_>]) -> BTreeSet<String> {
    let posts = editions.iter().flat_map(|edition| edition.with_pages().map(move |post| (edition, post)));
    let addresses = |(edition, post): (&EditionPages<'_>, &Post)| {
        let own = [format!("{}{}", edition.base_url, edition.post_path(post)), post.address.clone()];
        own.into_iter().chain(post.aliases.iter().cloned()).collect::<Vec<_>>()
    };
    posts.flat_map(addresses).collect()
}

/// Whether the post of an article had a page below posts/ that is no more: its file is gone, and the article stands on the pages
/// of issues alone. An address of another kind is left to itself, since no page of ours need have stood there.
fn is_gone(article: &Article, site: &Site<'_>, standing: &BTreeSet<String>) -> bool {
    let post = &article.post;
    let path = || post.address.strip_prefix(&site.publication.base_url)?.strip_prefix(&site.prefix(&post.language));
    let had_page = path().is_some_and(|path| path.starts_with("posts/") && path.ends_with('/'));
    had_page && !article.for_members && !standing.contains(&post.address) && !site.nowhere.contains(&post.address)
}

/// The feeds of the series of an issue.
fn feeds(issue: &Issue, site: &Site<'_>) -> Feeds {
    let publication = &site.named(&issue.series.language).title;
    let title = format!("{publication} \u{b7} {}", site.title_of(&issue.series));
    Feeds { title, path: format!("{}/", issue.key.series) }
}

/// What an issue covers and is called, and the titles in it, as many as there is room for.
fn description(issue: &IssueView<'_>) -> String {
    let titles = issue.contents.iter().flat_map(|part| &part.entries).map(|entry| entry.title);
    let mut text = issue.masthead.period.clone();
    for title in issue.masthead.title.into_iter().chain(titles) {
        let longer = format!("{text} \u{b7} {title}");
        if longer.chars().count() > DESCRIPTION {
            break;
        }
        text = longer;
    }
    text
}

/// Issues that readers may see: drafts only where the site shows them.
fn shown<'a, 's>(site: &'s Site<'a>) -> impl Iterator<Item = &'s PublicIssue<'a>> {
    site.issues.iter().filter(|public| public.issue.series.public && (site.drafts || public.issue.frozen.is_some()))
}

/// The edition in the issue's language; the default one where that language has none.
fn edition_of<'e, 'a>(issue: &Issue, editions: &'e [EditionPages<'a>]) -> Option<&'e EditionPages<'a>> {
    editions.iter().find(|edition| edition.frame.language == issue.series.language).or_else(|| editions.first())
}

fn locale_of<'a>(issue: &'a Issue, templates: &'a Templates) -> Locale<'a> {
    Locale::by_calendar(&issue.series.language, issue.series.calendar, &issue.publication, templates.strings())
}

fn entry<'a>(public: &PublicIssue<'a>, locale: &Locale<'_>) -> IssueEntry<'a> {
    let issue = public.issue;
    IssueEntry {
        lang: issue.series.language.as_str(),
        dir: issue.series.language.direction().as_str(),
        name: issue_name(issue, locale),
        title: issue.title.as_deref(),
        period: locale.dates.window(issue.window),
        date: locale.date(issue.date),
        path: public.path(),
        pdf: pdf_link(public, locale),
        corrected: issue.withdrawn().is_none() && issue.frozen.as_ref().is_some_and(Frozen::is_amended),
        draft: issue.frozen.is_none(),
        withdrawn: issue.withdrawn().is_some(),
    }
}

fn pdf_link(public: &PublicIssue<'_>, locale: &Locale<'_>) -> Option<PdfLink> {
    let pdf = public.pdf.as_ref().filter(|_| public.issue.withdrawn().is_none())?;
    Some(PdfLink { path: pdf.path.clone(), size: size_in_words(pdf.length, locale) })
}

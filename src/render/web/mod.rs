//! The web archive: every page under public/, drawn from templates. Feeds and PDFs are drawn elsewhere.

mod draw;
mod edition;
mod frame;
mod issues;
mod listing;
mod moved;
mod posts;
mod sitemap;

#[cfg(test)]
mod script_tests;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use crate::error::{Error, ErrorKind, Result, Warned};
use crate::render::{Output, PublicIssue, Site};
use crate::templates::Templates;
use crate::templates::views::PublicationView;

use edition::EditionPages;
use frame::{Frame, Page};
use moved::Moved;

/// Every page of `site`, with the stylesheet and the sitemap, in a fixed order.
pub fn pages(site: &Site<'_>, templates: &Templates) -> Result<Warned<Vec<Output>>> {
    let editions: Vec<EditionPages<'_>> =
        site.editions.iter().map(|edition| EditionPages::new(site, edition, templates)).collect();
    let (moved, warnings) = Moved::new(site, &editions);
    let mut outputs = vec![stylesheet(templates)?];
    for edition in &editions {
        outputs.extend(listing::front_pages(edition, site, templates)?);
        outputs.extend(posts::pages(edition, &editions, &moved, templates)?);
        outputs.extend(listing::group_pages(edition, site, templates)?);
    }
    outputs.extend(issues::pages(site, &editions, templates)?);
    // A post that keeps an address of its own is found there; its page under posts/ says so.
    let copies = moved.copies();
    let canonical = outputs.iter().filter(|output| !copies.contains(output.path.as_str()));
    let in_folders = canonical.filter_map(|output| output.path.strip_suffix("index.html"));
    let withdrawn = withdrawn(site);
    let in_folders = in_folders.filter(|path| moved.place(path).is_none() && !withdrawn.contains(*path));
    let addresses: Vec<&str> = in_folders.chain(moved.files()).collect();
    let sitemap = sitemap::sitemap(site.publication, &addresses);
    outputs.push(sitemap);
    for edition in &editions {
        outputs.push(not_found(edition, site, templates)?);
    }
    Ok(Warned::new(outputs, warnings))
}

/// The folders of withdrawn issues: nobody is to be led there who does not ask for one.
fn withdrawn(site: &Site<'_>) -> BTreeSet<String> {
    site.issues.iter().filter(|public| public.issue.withdrawn().is_some()).map(PublicIssue::path).collect()
}

fn stylesheet(templates: &Templates) -> Result<Output> {
    let css = templates
        .text("web/style.css")
        .ok_or_else(|| Error::new(ErrorKind::Template, "there is no `web/style.css`"))?;
    Ok(Output::text("style.css", css.to_owned()))
}

/// The page a server shows in place of one that does not exist below the pages of a language: at any depth, so its links
/// begin at the root. Ours shows that of the innermost folder that has one.
fn not_found(edition: &EditionPages<'_>, site: &Site<'_>, templates: &Templates) -> Result<Output> {
    let title = edition.locale.words("not_found", &[]);
    let path = format!("{}404.html", edition.prefix);
    let page = Page {
        root: root_of(&site.publication.base_url),
        canonical: None,
        ..Page::new(&edition.frame, &path, &title, &site.publication.base_url, ())
    };
    Ok(Output::text(path.clone(), templates.render("web/404", &page)?))
}

/// The path of an absolute address: "/" or "/archive/".
fn root_of(base_url: &str) -> String {
    let after_scheme = base_url.split_once("://").map_or(base_url, |(_, rest)| rest);
    after_scheme.find('/').and_then(|at| after_scheme.get(at..)).unwrap_or("/").to_owned()
}

/// What the pages of one language have in common, from the site.
fn frame<'a>(
    site: &Site<'a>,
    edition: &'a crate::render::Edition<'a>,
    menu: Vec<crate::templates::views::LinkView>,
) -> Frame<'a> {
    Frame {
        publication: PublicationView::new(&edition.publication),
        language: edition.language.clone(),
        home: site.prefix(&edition.language),
        series: issues::series_links(site, &edition.language),
        menu,
        languages: frame::languages(site, &edition.language),
        subscribe: site.subscribe.as_ref().map(|address| format!("{address}?lang={}", edition.language)),
    }
}

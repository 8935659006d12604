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

pub use draw::{Planned, draw};

use edition::EditionPages;
use frame::{Frame, Page};
use moved::Moved;
use posts::Translations;

/// Every page of `site`, with the stylesheet and the sitemap, in a fixed order.
pub fn pages(site: &Site<'_>, templates: &Templates) -> Result<Warned<Vec<Output>>> {
    let mut warnings = Vec::new();
    let pages = Pages::of(site, templates).drain(&mut warnings);
    Ok(Warned::new(draw(&pages.plan())?, warnings))
}

/// What the pages of a site are drawn from.
pub struct Pages<'a> {
    site: &'a Site<'a>,
    templates: &'a Templates,
    editions: Vec<EditionPages<'a>>,
    moved: Moved,
    translations: Translations<'a>,
    /// Every address below ours at which a post stands or stood.
    standing: BTreeSet<String>,
}

impl<'a> Pages<'a> {
    /// Finds a place for every page, and warns of those of which there is none.
    #[must_use]
    pub fn of(site: &'a Site<'a>, templates: &'a Templates) -> Warned<Self> {
        let editions: Vec<EditionPages<'_>> =
            site.editions.iter().map(|edition| EditionPages::new(site, edition, templates)).collect();
        let (moved, warnings) = Moved::new(site, &editions);
        let (translations, standing) = (Translations::new(&editions), issues::addresses_of_pages(&editions));
        Warned::new(Self { site, templates, editions, moved, translations, standing }, warnings)
    }

    /// Every page, with the stylesheet and the sitemap, in a fixed order.
    #[must_use]
    pub fn plan(&self) -> Vec<Planned<'_>> {
        let Self { site, templates, editions, moved, translations, standing } = self;
        let mut planned = vec![Planned::new(STYLESHEET.to_owned(), |_| stylesheet(templates))];
        for edition in editions {
            planned.extend(listing::front_pages(edition, site, templates));
            planned.extend(posts::pages(edition, translations, moved, templates));
            planned.extend(listing::group_pages(edition, site, templates));
        }
        planned.extend(issues::pages(site, editions, standing, templates));
        let addresses = self.addresses(&planned);
        planned.push(Planned::new(sitemap::NAME.to_owned(), move |_| {
            Ok(sitemap::sitemap(site.publication, addresses.iter().map(String::as_str)))
        }));
        for edition in editions {
            let page = move |file: &str| not_found(edition, file, site, templates);
            planned.push(Planned::new(format!("{}404.html", edition.prefix), page));
        }
        planned
    }

    /// Where readers find these pages.
    fn addresses(&self, planned: &[Planned<'_>]) -> Vec<String> {
        // A post that keeps an address of its own is found there; its page under posts/ says so.
        let copies = self.moved.copies();
        let canonical = planned.iter().map(|page| page.file.as_str()).filter(|file| !copies.contains(file));
        let withdrawn = withdrawn(self.site);
        let is_found = |path: &&str| self.moved.place(path).is_none() && !withdrawn.contains(*path);
        let in_folders = canonical.filter_map(|file| file.strip_suffix("index.html")).filter(is_found);
        in_folders.chain(self.moved.files()).map(str::to_owned).collect()
    }
}

/// The folders of withdrawn issues: nobody is to be led there who does not ask for one.
fn withdrawn(site: &Site<'_>) -> BTreeSet<String> {
    site.issues.iter().filter(|public| public.issue.withdrawn().is_some()).map(PublicIssue::path).collect()
}

/// The file of the stylesheet.
pub const STYLESHEET: &str = "style.css";

fn stylesheet(templates: &Templates) -> Result<String> {
    let css = templates.text("web/style.css");
    css.map(str::to_owned).ok_or_else(|| Error::new(ErrorKind::Template, "there is no `web/style.css`"))
}

/// The page a server shows in place of one that does not exist below the pages of a language: at any depth, so its links
/// begin at the root. Ours shows that of the innermost folder that has one.
fn not_found(edition: &EditionPages<'_>, file: &str, site: &Site<'_>, templates: &Templates) -> Result<String> {
    let title = edition.locale.words("not_found", &[]);
    let page = Page {
        root: root_of(&site.publication.base_url),
        canonical: None,
        ..Page::new(&edition.frame, file, &title, &site.publication.base_url, ())
    };
    templates.render("web/404", &page)
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

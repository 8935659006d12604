//! From a draft with an identity to a post with its body.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::path::Path;

use chrono::{DateTime, Utc};

use super::addresses::PostAddresses;
use super::draft::Draft;
use super::files::Markup;
use crate::collect::front::Front;
use crate::collect::kept::WrittenOut;
use crate::collect::linked::LinkedFiles;
use crate::collect::links::LinkIndex;
use crate::collect::liquid::{Expanded, Includes, Page};
use crate::collect::pictures::Pictures;
use crate::collect::places::{Kind, Places};
use crate::collect::sanitise::{Context, Dropped, Sanitiser, dropped};
use crate::collect::{body, dialect, links, long_title, mdx, more};
use crate::config::{Config, Source};
use crate::error::{Place, Warning};
use crate::model::{Enclosure, FirstPlace, Html, Language, Origin, Particulars, Picture, Post, PostId};

/// A draft that has its identity.
#[derive(Debug)]
pub(super) struct Named {
    pub(super) draft: Draft,
    pub(super) id: PostId,
    pub(super) language: Language,
    pub(super) slug: String,
    /// What its ids begin with, where that is not its slug.
    pub(super) first_slug: Option<String>,
    pub(super) address: String,
    /// Absolute addresses at which it is to be found beside.
    pub(super) aliases: Vec<String>,
    /// Every path in the web by which links may mean it.
    pub(super) paths: Vec<String>,
    pub(super) published: Option<DateTime<Utc>>,
    pub(super) first_seen: DateTime<Utc>,
    /// When its title or text was seen changed after it was published.
    pub(super) changed: Option<DateTime<Utc>>,
    /// Where it stood when feeds first had it, if its id needs that.
    pub(super) first_place: Option<FirstPlace>,
}

impl Named {
    /// What its ids begin with; two hyphens follow.
    pub(super) fn prefix(&self) -> &str {
        self.first_slug.as_deref().unwrap_or(&self.slug)
    }
}

/// What all posts of a source are written with.
pub(super) struct Writer<'a> {
    pub(super) config: &'a Config,
    pub(super) source: &'a Source,
    pub(super) index: &'a LinkIndex,
    /// Where links by files begin, in the letters of `index`; without it, in the folder of the post below its source's.
    pub(super) folder: Option<&'a str>,
    pub(super) pictures: &'a Pictures,
    pub(super) linked: &'a LinkedFiles,
    pub(super) sanitiser: &'a Sanitiser,
    pub(super) includes: &'a Includes,
    pub(super) written_out: &'a WrittenOut,
}

impl Writer<'_> {
    /// Writes the body and fills the post.
    pub(super) fn write(&self, mut named: Named) -> (Post, Vec<Warning>) {
        let mut warnings = std::mem::take(&mut named.draft.warnings);
        let draft = &named.draft;
        warnings.extend(long_title(&draft.title).map(|message| Warning::new(message).at(draft.title_place())));
        let directory = draft.path.parent().unwrap_or(&draft.path);
        let expanded = expand(draft, self.includes, directory);
        let places = OnceCell::new();
        let locate = |kind, name: &str, nth| {
            let places = places.get_or_init(|| match draft.markup {
                Markup::Markdown => Places::of_markdown(&expanded.text, expanded.lacks_include),
                Markup::Html => Places::of_html(&expanded.text),
            });
            let found = match (kind, name) {
                (Kind::Tag, "a") => places.first_with("javascript:").or_else(|| places.find(kind, name, nth)),
                _ => places.find(kind, name, nth),
            };
            match found {
                Some(offset) => draft.place(expanded.origins.of(offset)),
                None => Place::file(&draft.file),
            }
        };
        let mut addresses = PostAddresses {
            index: self.index,
            pictures: self.pictures,
            linked: self.linked,
            written_out: self.written_out,
            folder: self.folder.unwrap_or_else(|| draft.folder()),
            directory,
            page: &named.address,
            locate: &locate,
            met: HashMap::new(),
            assets: Vec::new(),
            warnings: Vec::new(),
            unanswered: None,
            dead: None,
        };
        warnings
            .extend(expanded.reports.iter().map(|(offset, text)| Warning::new(text.clone()).at(draft.place(*offset))));
        let summary = more::summary(&expanded.text, &draft.front.scalars, draft.markup == Markup::Html);
        let context = Context { prefix: named.prefix(), title: Some(&draft.title) };
        let (body, dropped) = write_body(&expanded, draft, context, self.sanitiser, &mut addresses);
        warnings.extend(dropped.into_iter().map(|dropped| {
            let place = match &dropped.address {
                Some(address) => locate(Kind::Address, address, 0),
                None => locate(Kind::Tag, dropped.element(), 0),
            };
            Warning::new(dropped.in_words()).at(place)
        }));
        let picture = draft.front.picture.as_ref().and_then(|picture| {
            let (src, lost) = match addresses.lead(&picture.src, &picture.place) {
                Some(src) => (src, false),
                None if picture.alt.is_empty() && picture.caption.is_none() => return None,
                None => (String::new(), true),
            };
            Some(Picture { src, alt: picture.alt.clone(), caption: picture.caption.clone(), lost })
        });
        let enclosures: Vec<Enclosure> =
            draft.front.enclosures.iter().filter_map(|named| addresses.enclosure(&named.file, &named.place)).collect();
        let PostAddresses { assets, warnings: about_pictures, unanswered, dead, .. } = addresses;
        warnings.extend(about_pictures);
        // One warning for all of them: a list of contents has many.
        let told =
            |(href, place, count): (String, Place, usize)| Warning::new(links::unanswered(&href, count)).at(place);
        warnings.extend(unanswered.map(told));
        let told = |(href, place, count): (String, Place, usize)| Warning::new(links::dead(&href, count)).at(place);
        warnings.extend(dead.map(told));
        named.draft.front.summary = named.draft.front.summary.take().or(summary);
        (Post { picture, enclosures, assets, ..self.fill(named, body) }, warnings)
    }

    /// The post without its files.
    fn fill(&self, named: Named, body: Html) -> Post {
        let Named { draft, id, language, slug, first_slug, address, aliases, published, .. } = named;
        let Named { first_seen, changed, first_place, .. } = named;
        let zone = self.config.publication.time_zone;
        let Draft { front, file, title, .. } = draft;
        let section =
            front.section.or_else(|| self.source.section.clone()).or_else(|| front.categories.first().cloned());
        Post {
            id,
            source: self.source.name.clone(),
            origin: Origin::Own,
            file,
            slug,
            address,
            aliases,
            first_slug,
            first_place,
            language,
            title,
            published,
            first_seen,
            updated: front.updated.map(|written| written.instant(zone)).or(changed),
            draft: front.held_back.is_some(),
            held_back: front.held_back,
            public: front.public,
            authors: front.authors,
            tags: front.tags,
            categories: front.categories,
            section,
            summary: front.summary,
            picture: None,
            body,
            credit: front.credit,
            enclosures: Vec::new(),
            particulars: Particulars::default(),
            assets: Vec::new(),
        }
    }
}

/// The body without templates and whatever else `CommonMark` does not know.
fn expand<'d>(draft: &'d Draft, includes: &Includes, directory: &Path) -> Expanded<'d> {
    let Front { scalars, data, .. } = &draft.front;
    let page = Page { scalars, data, includes: Some((includes, directory)) };
    match draft.markup {
        Markup::Markdown => dialect::expand(draft.body(), page, mdx::is_mdx(&draft.file, draft.body())),
        Markup::Html => dialect::expand_html(draft.body(), page),
    }
}

/// The body as it is published, and what is left out of it.
fn write_body(
    expanded: &Expanded<'_>,
    draft: &Draft,
    context: Context<'_>,
    sanitiser: &Sanitiser,
    addresses: &mut PostAddresses<'_>,
) -> (Html, Vec<Dropped>) {
    let foreign =
        |html: &str, addresses: &mut PostAddresses<'_>| (sanitiser.foreign(html, context, addresses), dropped(html));
    match draft.markup {
        Markup::Html => foreign(&expanded.text, addresses),
        Markup::Markdown => {
            let written = body::to_html(&expanded.text, expanded.lacks_include);
            if written.holds_raw_html {
                foreign(&written.html, addresses)
            } else {
                (Sanitiser::balanced(&written.html, context, addresses), dropped(&written.html))
            }
        }
    }
}

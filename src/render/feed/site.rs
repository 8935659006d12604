//! Every feed of a site: of each edition's posts, of its sections, authors and tags, and of each series' issues.

use std::collections::{BTreeMap, BTreeSet};

use rayon::iter::{IntoParallelIterator as _, IntoParallelRefIterator as _, ParallelIterator as _};

use super::content::Content;
use super::entry::normalised;
use super::{
    ATOM_NAME, Deleted, Documents, Enclosure, Entry, Feed, Items, JSON_NAME, OPML_NAME, Outline, RSS_NAME, opml,
};
use crate::error::Result;
use crate::model::{Language, Name, Post, group_slug};
use crate::render::{Edition, Output, PublicIssue, Site};
use crate::templates::Templates;
use crate::templates::views::Locale;

/// Writes `feed.xml`, `atom.xml` and `feed.json` in every folder that has feeds, and `feeds.opml`. Each feed has the
/// newest entries; each entry is made once, however many feeds it is in.
pub fn write(site: &Site<'_>, templates: &Templates, sizes: Sizes) -> Result<Vec<Output>> {
    let plans = plan(site, sizes);
    let made = Made::of(site, templates, &plans)?;
    let feeds: Vec<Feed<'_>> = plans.iter().map(|plan| plan.feed(site, &made)).collect();
    let documents = feeds.par_iter().map(Feed::write).collect::<Result<Vec<Documents>>>()?;
    let mut outputs: Vec<Output> =
        plans.iter().zip(documents).flat_map(|(plan, documents)| plan.files(documents)).collect();
    let outlines: Vec<Outline> = feeds.iter().map(outline).collect();
    outputs.push(Output { path: OPML_NAME.to_owned(), bytes: opml(&site.publication.title, &outlines)?.into() });
    Ok(outputs)
}

/// How many entries feeds have at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sizes {
    /// Those of an edition's posts and of a series' issues.
    pub whole: usize,
    /// Those of a section, an author or a tag.
    pub group: usize,
}

impl Sizes {
    /// As many in each.
    #[must_use]
    pub fn all(size: usize) -> Self {
        Self { whole: size, group: size }
    }
}

/// A feed before its entries are made: they are places in the site's posts or issues.
struct Plan<'a> {
    /// Relative to public/; empty, or with a slash at the end.
    folder: String,
    title: String,
    /// A sentence about what it holds, where there is one.
    description: Option<String>,
    language: &'a Language,
    entries: Entries,
    /// What was among them and is taken back.
    deleted: Vec<Deleted>,
}

enum Entries {
    /// An edition, and posts of it.
    Posts(usize, Vec<usize>),
    Issues(Vec<usize>),
}

/// The entries that any feed shows, by their places.
struct Made {
    posts: BTreeMap<(usize, usize), Items>,
    issues: BTreeMap<usize, Items>,
}

impl Made {
    fn of(site: &Site<'_>, templates: &Templates, plans: &[Plan<'_>]) -> Result<Self> {
        let mut posts: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
        let mut issues: BTreeSet<usize> = BTreeSet::new();
        for plan in plans {
            match &plan.entries {
                Entries::Posts(edition, places) => posts.entry(*edition).or_default().extend(places),
                Entries::Issues(places) => issues.extend(places),
            }
        }
        let content = Content::new(site.publication, site.nowhere, templates);
        let issue = |place: usize| site.issues.get(place).map(|issue| Ok((place, issue_items(site, &content, issue)?)));
        let mut made =
            Self { posts: BTreeMap::new(), issues: issues.into_par_iter().filter_map(issue).collect::<Result<_>>()? };
        for (number, places) in posts {
            let Some(edition) = site.editions.get(number) else { continue };
            let item = |locale: &mut Locale<'_>, place: usize| {
                let post = edition.posts.get(place)?;
                let html = content.post(post, locale);
                let items = html.and_then(|html| Items::new(Entry::of_post(post, site.publication, html)));
                Some(items.map(|items| ((number, place), items)))
            };
            let locale = || content.locale(&edition.language);
            let items = places.into_par_iter().map_init(locale, item).filter_map(|item| item);
            made.posts.extend(items.collect::<Result<Vec<_>>>()?);
        }
        Ok(made)
    }
}

impl Plan<'_> {
    fn feed<'m>(&self, site: &Site<'_>, made: &'m Made) -> Feed<'m> {
        let publication = site.named(self.language);
        let entries = match &self.entries {
            Entries::Posts(edition, places) => {
                places.iter().filter_map(|place| made.posts.get(&(*edition, *place))).collect()
            }
            Entries::Issues(places) => places.iter().filter_map(|place| made.issues.get(place)).collect(),
        };
        let of_publication = publication.language_of(Name::Description);
        let description_language = if self.description.is_some() { self.language } else { of_publication };
        Feed {
            title: self.title.clone(),
            description: self.description.clone().or_else(|| publication.description.clone()),
            description_language: description_language.clone(),
            home: normalised(&publication.url(&self.folder)),
            language: self.language.clone(),
            publisher: publication.publisher.clone().unwrap_or_else(|| publication.title.clone()),
            rights: publication.rights.clone(),
            rights_language: publication.language_of(Name::Rights).clone(),
            entries,
            deleted: self.deleted.clone(),
        }
        .newest_first()
    }

    fn files(&self, documents: Documents) -> [Output; 3] {
        [(RSS_NAME, documents.rss), (ATOM_NAME, documents.atom), (JSON_NAME, documents.json)]
            .map(|(name, bytes)| Output { path: format!("{}{name}", self.folder), bytes })
    }
}

fn outline(feed: &Feed<'_>) -> Outline {
    Outline {
        title: feed.title.clone(),
        feed_url: feed.url(RSS_NAME),
        home: feed.home.clone(),
        language: feed.language.clone(),
    }
}

fn plan<'a>(site: &'a Site<'_>, sizes: Sizes) -> Vec<Plan<'a>> {
    let mut plans = Vec::new();
    for (place, edition) in site.editions.iter().enumerate() {
        plan_edition(&mut plans, site, (place, edition), sizes);
    }
    let mut series: Vec<&str> = Vec::new();
    for issue in &site.issues {
        if !series.contains(&issue.issue.key.series.as_str()) {
            series.push(&issue.issue.key.series);
        }
    }
    plans.extend(series.into_iter().filter_map(|key| plan_series(site, key, sizes.whole)));
    plans
}

fn plan_edition<'a>(plans: &mut Vec<Plan<'a>>, site: &Site<'_>, edition: (usize, &'a Edition<'_>), sizes: Sizes) {
    let (place, Edition { language, publication, posts, .. }) = edition;
    let prefix = site.prefix(language);
    let mut add = |folder: String, title: String, posts: Vec<usize>| {
        let entries = Entries::Posts(place, posts);
        plans.push(Plan { folder, title, description: None, language, entries, deleted: Vec::new() });
    };
    let title = &publication.title;
    add(prefix.clone(), title.clone(), (0..posts.len().min(sizes.whole)).collect());
    let kinds: [(&str, Names); 3] =
        [("sections", |post| post.section.as_slice()), ("authors", |post| &post.authors), ("tags", |post| &post.tags)];
    for (kind, names) in kinds {
        for (slug, group) in group_by_slug(posts, names) {
            let newest = group.posts.into_iter().take(sizes.group).collect();
            add(format!("{prefix}{kind}/{slug}/"), format!("{title} \u{2013} {}", group.name), newest);
        }
    }
}

fn plan_series<'a>(site: &'a Site<'_>, key: &str, size: usize) -> Option<Plan<'a>> {
    let of_series = |(_, issue): &(usize, &PublicIssue<'_>)| issue.issue.key.series == key;
    let issues: Vec<(usize, &PublicIssue<'_>)> = site.issues.iter().enumerate().filter(of_series).collect();
    let series = &issues.first()?.1.issue.series;
    // A draft can be looked at where the site shows drafts; a feed would hand it out for good.
    let frozen = issues.iter().filter(|(_, issue)| issue.issue.frozen.is_some() && issue.issue.withdrawn().is_none());
    let mut deleted: Vec<Deleted> = issues.iter().filter_map(|(_, issue)| Deleted::of_issue(issue.issue)).collect();
    deleted.sort_by_key(|deleted| std::cmp::Reverse(deleted.when));
    deleted.truncate(size);
    Some(Plan {
        folder: format!("{key}/"),
        title: format!("{} \u{2013} {}", site.named(&series.language).title, site.title_of(series)),
        description: site.descriptions.get(key).map(|text| (*text).to_owned()),
        language: &series.language,
        entries: Entries::Issues(frozen.take(size).map(|(place, _)| *place).collect()),
        deleted,
    })
}

fn issue_items(site: &Site<'_>, content: &Content<'_>, issue: &PublicIssue<'_>) -> Result<Items> {
    let url = normalised(&site.publication.url(&issue.path()));
    let pdf = issue.pdf.as_ref().map(|pdf| Enclosure {
        url: normalised(&site.publication.url(&pdf.path)),
        length: Some(pdf.length),
        media_type: "application/pdf".to_owned(),
        duration: None,
        title: None,
    });
    let (title, html) = content.issue(issue.issue, &url)?;
    Items::new(Entry::of_issue(issue.issue, &url, title, html, pdf))
}

/// What a post is filed under.
pub type Names = for<'p> fn(&'p Post) -> &'p [String];

/// Posts that share a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// As the newest of them writes it.
    pub name: String,
    /// Their places, in the order given.
    pub posts: Vec<usize>,
}

/// Files posts under their names' slugs, so that "Rust" and "rust" are one.
#[must_use]
pub fn group_by_slug(posts: &[&Post], names: Names) -> BTreeMap<String, Group> {
    let mut slugs: BTreeMap<&str, String> = BTreeMap::new();
    let mut groups: BTreeMap<String, Group> = BTreeMap::new();
    for (place, post) in posts.iter().enumerate() {
        for name in names(post) {
            let slug = slugs.entry(name).or_insert_with(|| group_slug(name));
            if let Some(group) = groups.get_mut(slug.as_str()) {
                if group.posts.last() != Some(&place) {
                    group.posts.push(place);
                }
            } else {
                groups.insert(slug.clone(), Group { name: name.clone(), posts: vec![place] });
            }
        }
    }
    groups
}

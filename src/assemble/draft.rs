//! A plan made into an issue.

use std::collections::{BTreeMap, BTreeSet};

use super::editorial::Editorial;
use super::members::Members;
use super::plan::{Placed, Plan};
use crate::model::{
    Article, Asset, BoundIssue, FORMAT, Html, Issue, IssueAsset, IssueKey, Number, Post, Publication, Section, Series,
    SeriesIdentity, section_anchor, slugify,
};

/// Names that no article may have as its anchor, because the parts of pages, PDFs and mails bear them.
const RESERVED: [&str; 7] = ["colophon", "contents", "index", "intro", "main", "masthead", "standing"];

/// What a draft is made of, beside its plan.
#[derive(Clone, Copy, Debug)]
pub struct Material<'a> {
    /// The series.
    pub series: &'a Series,
    /// The publication as it is now.
    pub publication: &'a Publication,
    /// The count in the series, as its folder has it.
    pub ordinal: u64,
    /// Its number.
    pub number: &'a Number,
    /// What the editor says.
    pub editorial: &'a Editorial,
    /// The editor's introduction, made into HTML.
    pub intro: Option<&'a Html>,
    /// The files that it shows or links to.
    pub intro_assets: &'a [Asset],
    /// The series' standing articles, read.
    pub standing: &'a [Post],
    /// What is for members only, for a series of theirs.
    pub members: Option<&'a Members<'a>>,
}

/// The draft of an issue. Articles get anchors that are unique in it.
#[must_use]
pub fn draft(material: Material<'_>, plan: Plan<'_>) -> Issue {
    let Material { series, publication, editorial, .. } = material;
    let of_sections = (1..=plan.parts.len()).map(section_anchor);
    let mut anchors: BTreeSet<String> = RESERVED.iter().map(|name| (*name).to_owned()).chain(of_sections).collect();
    let mut article = |placed: Placed<'_>| {
        let mut post = Post { aliases: Vec::new(), first_slug: None, first_place: None, ..placed.post.clone() };
        if let Some(title) = placed.title {
            post.title = title;
        }
        let for_members = material.members.is_some_and(|members| members.keep_off_the_web(placed.post));
        Article {
            anchor: unique_anchor(&post, &mut anchors),
            post,
            late: placed.late,
            for_members,
            band: placed.band.map(str::to_owned),
        }
    };
    let of_bound = plan.parts.iter().filter_map(|part| part.issue).flat_map(|issue| &issue.intro_assets);
    let mut intro_assets: Vec<Asset> = material.intro_assets.iter().chain(of_bound).cloned().collect();
    intro_assets.sort_by(|one, other| one.name.cmp(&other.name));
    intro_assets.dedup_by(|one, other| one.name == other.name);
    let sections: Vec<Section> = plan
        .parts
        .into_iter()
        .map(|part| Section {
            title: part.title,
            issue: part.issue.map(Issue::ordinal),
            bound: part.issue.map(called),
            intro: part.issue.and_then(|issue| issue.intro.clone()),
            articles: part.posts.into_iter().map(&mut article).collect(),
        })
        .collect();
    let placed = |post| Placed { post, title: editorial.title_of(post).map(str::to_owned), late: false, band: None };
    let standing: Vec<Article> = material.standing.iter().map(placed).map(article).collect();
    let articles = sections.iter().flat_map(|section| &section.articles).chain(&standing);
    let assets = assets(articles.flat_map(|article| &article.post.assets).chain(&intro_assets));
    Issue {
        format: FORMAT,
        key: IssueKey { series: series.key.clone(), ordinal: material.ordinal },
        publication: publication.in_language(&series.language),
        series: identity(series),
        number: material.number.clone(),
        title: editorial.title.clone(),
        intro: material.intro.cloned(),
        intro_assets,
        window: plan.window,
        date: editorial.date.map_or(plan.window.until, |date| date.resolve(publication.time_zone)),
        sections,
        standing,
        verdicts: plan.verdicts,
        assets,
        nowhere: BTreeSet::new(),
        imported_pdf: None,
        frozen: None,
    }
}

fn called(issue: &Issue) -> BoundIssue {
    BoundIssue { series: issue.series.title.clone(), number: issue.number.label.clone(), title: issue.title.clone() }
}

/// What an issue remembers of its series.
pub(super) fn identity(series: &Series) -> SeriesIdentity {
    SeriesIdentity {
        key: series.key.clone(),
        title: series.title.clone(),
        language: series.language.clone(),
        calendar: series.calendar,
        style: series.style,
        columns: series.columns,
        contents: series.contents,
        issn: series.issn.clone(),
        binds: series.binds.clone(),
        public: series.public,
    }
}

/// The post's slug, made fit for a fragment identifier; the second of two gets "-2".
fn unique_anchor(post: &Post, taken: &mut BTreeSet<String>) -> String {
    let names = [slugify(&post.slug), slugify(&post.title), "article".to_owned()];
    free_anchor(&names.into_iter().find(|name| !name.is_empty()).unwrap_or_default(), taken)
}

/// The anchor itself, else with the first number behind it that makes another one than all that are taken; it is then, too.
pub(super) fn free_anchor(stem: &str, taken: &mut BTreeSet<String>) -> String {
    let mut anchor = stem.to_owned();
    let mut count = 1_u32;
    while !taken.insert(anchor.clone()) {
        count += 1;
        anchor = format!("{stem}-{count}");
    }
    anchor
}

/// The files of an issue, each once, by name.
fn assets<'a>(files: impl Iterator<Item = &'a Asset>) -> Vec<IssueAsset> {
    let mut assets = BTreeMap::new();
    for asset in files {
        assets.entry(asset.name.clone()).or_insert_with(|| IssueAsset {
            name: asset.name.clone(),
            sha256: asset.sha256.clone(),
            media_type: asset.media_type.clone(),
            length: asset.length,
            width: asset.width,
            height: asset.height,
        });
    }
    assets.into_values().collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use chrono_tz::Tz;

    use super::{Material, draft};
    use crate::assemble::editorial::{Editorial, parse};
    use crate::assemble::fixture::{at, picture, post, publication, series};
    use crate::assemble::ledger::Ledger;
    use crate::assemble::plan::{Scope, plan};
    use crate::model::{Issue, Number, Post, Window, WindowRule};

    fn drafted(posts: &[Post], standing: &[Post], editorial: &Editorial) -> Issue {
        let (series, publication) = (series(WindowRule::Monthly), publication(Tz::Europe__Tirane));
        let window = Window { since: at("2026-06-30T22:00:00Z"), until: at("2026-07-31T22:00:00Z") };
        let ledger = Ledger::new(&series, &publication, posts, at("2026-08-02T00:00:00Z"));
        let plan = plan(&series, &ledger, window, editorial, Scope::Window);
        let number = Number { number: 92, year: 2026, volume: None, label: "92".to_owned() };
        let material = Material {
            series: &series,
            publication: &publication,
            ordinal: 7,
            number: &number,
            editorial,
            intro: None,
            intro_assets: &[],
            standing,
            members: None,
        };
        draft(material, plan)
    }

    #[test]
    fn anchors_are_unique_and_never_those_of_the_page() {
        let day = at("2026-07-03T10:00:00Z");
        let twin = Post { id: crate::model::PostId("urn:twin".to_owned()), ..post("ink", day) };
        let posts = [post("ink", day), post("contents", day), twin];
        let nameless = Post { slug: "--".to_owned(), title: "دربارهٔ ما".to_owned(), ..post("about", day) };
        let issue = drafted(&posts, &[nameless, post("ink", day)], &Editorial::default());
        let anchors: Vec<&str> = issue.articles().map(|article| article.anchor.as_str()).collect();
        assert_eq!(anchors, ["contents-2", "ink", "ink-2", "دربارهٔ-ما", "ink-3"]);
    }

    #[test]
    fn no_article_is_called_as_a_section_that_there_is() {
        let day = at("2026-07-03T10:00:00Z");
        let twin = Post { id: crate::model::PostId("urn:twin".to_owned()), ..post("section", day) };
        let posts = [post("section", day), twin, post("section-1", day), post("section-3", day), post("index", day)];
        let issue = drafted(&posts, &[post("standing", day)], &Editorial::default());
        assert_eq!(issue.sections.len(), 1);
        let mut anchors: Vec<&str> = issue.articles().map(|article| article.anchor.as_str()).collect();
        anchors.sort_unstable();
        assert_eq!(anchors, ["index-2", "section", "section-1-2", "section-2", "section-3", "standing-2"]);
    }

    #[test]
    fn an_issue_lists_each_file_once_and_bears_the_editors_words() {
        let day = at("2026-07-03T10:00:00Z");
        let with = |slug, names: &[&str]| Post {
            assets: names.iter().map(|name| picture(name, "posts")).collect(),
            ..post(slug, day)
        };
        let posts = [with("a", &["b.png", "a.png"]), with("c", &["b.png"])];
        let text = "title = \"Ink\"\ndate = 2026-08-03\n[titles]\na = \"Another\"";
        let issue = drafted(&posts, &[with("about", &["0.png"])], &parse(text, Path::new("issue.toml")).unwrap().value);
        let names: Vec<&str> = issue.assets.iter().map(|asset| asset.name.as_str()).collect();
        assert_eq!(names, ["0.png", "a.png", "b.png"]);
        assert_eq!((issue.title.as_deref(), issue.date), (Some("Ink"), at("2026-08-02T22:00:00Z")));
        assert_eq!(issue.sections[0].articles[0].post.title, "Another");
        assert_eq!(drafted(&posts, &[], &Editorial::default()).date, issue.window.until);
    }
}

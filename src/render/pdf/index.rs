//! The index of a volume: authors and sections, with the articles of each.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::model::{Article, Issue};
use crate::render::alphabet::Alphabet;

/// What an index lists; entries stand in the order of the alphabet of the volume's language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct IndexView<'a> {
    /// Bylines.
    pub authors: Vec<IndexEntryView<'a>>,
    /// The headings that articles stood under in their issues; for those under none the sections that they name themselves.
    pub sections: Vec<IndexEntryView<'a>>,
}

/// A line of an index.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct IndexEntryView<'a> {
    /// An author, or a section.
    pub name: &'a str,
    /// In order of print.
    pub articles: Vec<IndexedView<'a>>,
}

/// An article that an index leads to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct IndexedView<'a> {
    /// Its title.
    pub title: &'a str,
    /// A link to it.
    pub link: String,
}

impl<'a> IndexView<'a> {
    /// The index of a volume; none for an issue, and where there is nothing to list.
    pub(super) fn of(issue: &'a Issue) -> Option<Self> {
        issue.series.binds.as_ref()?;
        let alphabet = Alphabet::of(&issue.series.language);
        let articles = || issue.sections.iter().flat_map(|section| &section.articles);
        let authors = entries(&alphabet, articles(), |article| article.post.authors.iter().collect());
        let sections = entries(&alphabet, articles(), |article| {
            let post = &article.post;
            let named = post.section.as_ref().or(post.categories.first()).or(post.tags.first());
            article.band.as_ref().or(named).into_iter().collect()
        });
        (!authors.is_empty() || !sections.is_empty()).then_some(Self { authors, sections })
    }
}

fn entries<'a>(
    alphabet: &Alphabet,
    articles: impl Iterator<Item = &'a Article>,
    names: impl Fn(&'a Article) -> Vec<&'a String>,
) -> Vec<IndexEntryView<'a>> {
    let mut found: BTreeMap<&str, Vec<IndexedView<'a>>> = BTreeMap::new();
    for article in articles {
        for name in names(article) {
            let indexed = IndexedView { title: &article.post.title, link: format!("#{}", article.anchor) };
            found.entry(name.as_str()).or_default().push(indexed);
        }
    }
    let mut entries: Vec<IndexEntryView<'a>> =
        found.into_iter().map(|(name, articles)| IndexEntryView { name, articles }).collect();
    entries.sort_by(|one, other| alphabet.compare(one.name, other.name));
    entries
}

#[cfg(test)]
mod tests {
    use super::IndexView;
    use crate::model::Section;
    use crate::render::samples::{issue, post};

    #[test]
    fn an_issue_has_no_index_and_a_volume_has_one_in_the_order_of_the_alphabet() {
        let mut posts = vec![post(1, "en", "One", ""), post(2, "en", "Two", ""), post(3, "en", "Three", "")];
        posts[0].authors = vec!["Zincographers".to_owned(), "The editors".to_owned()];
        posts[1].authors = vec!["Édition".to_owned()];
        posts[2].section = None;
        let mut volume = issue("en", "Volume", posts);
        assert_eq!(IndexView::of(&volume), None);
        volume.series.binds = Some("newsletter".to_owned());
        volume.sections = vec![Section { issue: Some(1), ..volume.sections.remove(0) }];
        let index = IndexView::of(&volume).unwrap();
        let names = |entries: &[super::IndexEntryView<'_>]| {
            let line = |entry: &super::IndexEntryView<'_>| {
                let titles: Vec<&str> = entry.articles.iter().map(|article| article.title).collect();
                format!("{}: {}", entry.name, titles.join(", "))
            };
            entries.iter().map(line).collect::<Vec<_>>()
        };
        assert_eq!(names(&index.authors), ["Édition: Two", "The editors: One, Three", "Zincographers: One"]);
        assert_eq!(names(&index.sections), ["Reports: One, Two", "type: Three"]);
        assert_eq!(index.authors[0].articles[0].link, "#post-2");
    }

    #[test]
    fn names_stand_in_the_order_of_the_language_of_the_volume() {
        let authors = |language: &str, names: &[&str]| {
            let mut by_all = post(1, language, "One", "");
            by_all.authors = names.iter().map(|name| (*name).to_owned()).collect();
            let mut volume = issue(language, "Volume", vec![by_all]);
            volume.series.binds = Some("newsletter".to_owned());
            IndexView::of(&volume).unwrap().authors.iter().map(|entry| entry.name).collect::<Vec<_>>().join(" ")
        };
        let persian = authors("fa", &["گروه", "پیشه", "کتاب", "هما", "بخش", "یاد", "ژاله", "وحید", "تحریریه"]);
        assert_eq!(persian, "بخش پیشه تحریریه ژاله کتاب گروه وحید هما یاد");
        assert_eq!(authors("ar", &["وليد", "هدى", "نادية"]), "نادية هدى وليد");
        assert_eq!(authors("sq", &["Dhurata", "Çelik", "Drita", "Dora", "Cen"]), "Cen Çelik Dora Drita Dhurata");
        assert_eq!(authors("tr", &["İpek", "Işık", "Çağla", "Cem"]), "Cem Çağla Işık İpek");
    }
}

//! The index of a volume: authors and sections, with the articles of each.

use std::collections::BTreeMap;

use icu_normalizer::DecomposingNormalizer;
use serde::Serialize;

use crate::model::{Article, Issue};

/// What an index lists; entries stand in the order of the alphabet.
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
        let articles = || issue.sections.iter().flat_map(|section| &section.articles);
        let authors = entries(articles(), |article| article.post.authors.iter().collect());
        let sections = entries(articles(), |article| {
            let post = &article.post;
            let named = post.section.as_ref().or(post.categories.first()).or(post.tags.first());
            article.band.as_ref().or(named).into_iter().collect()
        });
        (!authors.is_empty() || !sections.is_empty()).then_some(Self { authors, sections })
    }
}

fn entries<'a>(
    articles: impl Iterator<Item = &'a Article>,
    names: impl Fn(&'a Article) -> Vec<&'a String>,
) -> Vec<IndexEntryView<'a>> {
    let mut found: BTreeMap<(Vec<u32>, &str), Vec<IndexedView<'a>>> = BTreeMap::new();
    for article in articles {
        for name in names(article) {
            let indexed = IndexedView { title: &article.post.title, link: format!("#{}", article.anchor) };
            found.entry((place(name), name)).or_default().push(indexed);
        }
    }
    found.into_iter().map(|((_, name), articles)| IndexEntryView { name, articles }).collect()
}

/// The letters of Persian and Arabic in the order of the Persian alphabet, which holds the Arabic one.
const PERSIAN: &str = "ءاآأإبپتةثجچحخدذرزژسشصضطظعغفقکكگلمنوؤهیيىئ";

/// Where a name stands: its letters without accents, capitals as small ones.
fn place(name: &str) -> Vec<u32> {
    let lower = name.to_lowercase();
    let parts = DecomposingNormalizer::new_nfd().normalize(&lower).into_owned();
    let letters = parts.chars().filter(|c| !matches!(c, '\u{300}'..='\u{36f}' | '\u{64b}'..='\u{65f}' | '\u{200c}'));
    let rank = |letter: char| match PERSIAN.chars().position(|other| other == letter) {
        Some(rank) => 0x600 + rank as u32,
        None => letter as u32,
    };
    letters.map(rank).collect()
}

#[cfg(test)]
mod tests {
    use super::{IndexView, place};
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
    fn persian_letters_stand_in_their_own_order() {
        let mut names = ["گروه", "پیشه", "کتاب", "بخش", "یاد", "ژاله", "تحریریه"];
        names.sort_by_key(|name| place(name));
        assert_eq!(names, ["بخش", "پیشه", "تحریریه", "ژاله", "کتاب", "گروه", "یاد"]);
    }
}

//! The headings that a link may mean, by the ids which other programs make of them.
//!
//! GitHub, Docusaurus and `VitePress`, kramdown, goldmark, Zola and Pelican all take letters and digits of a heading and differ
//! in the rest: what becomes of dots, slashes, accents and other signs, and whether numbers at the beginning stay. So headings
//! and links are compared by their letters and digits alone. Of several that agree the first is meant, and the ones after it
//! by the numbers 1, 2 … behind.

use std::collections::HashMap;

use icu_normalizer::DecomposingNormalizer;

use super::outline::{Outline, clean};
use crate::model::Html;

/// Headings by their letters.
#[derive(Debug, Default)]
pub(super) struct ByLetters {
    whole: HashMap<String, Vec<usize>>,
    /// Without what stands before the first letter.
    without_number: HashMap<String, Vec<usize>>,
}

impl ByLetters {
    /// Adds the heading of this index.
    pub(super) fn add(&mut self, index: usize, text: &str) {
        let bare = text.trim_start_matches(|c: char| !c.is_alphabetic());
        for (map, text) in [(&mut self.whole, text), (&mut self.without_number, bare)] {
            let letters = letters(text);
            if !letters.is_empty() {
                map.entry(letters).or_default().push(index);
            }
        }
    }

    /// The index of the heading that a link to `#fragment` means.
    pub(super) fn find(&self, fragment: &str) -> Option<usize> {
        let in_map = |map: &HashMap<String, Vec<usize>>| {
            let nth = |words: &str, nth: usize| map.get(&letters(words))?.get(nth).copied();
            let counted = || {
                let (words, count) = fragment.rsplit_once(['-', '_'])?;
                nth(words, count.parse().ok()?)
            };
            nth(fragment, 0).or_else(counted)
        };
        in_map(&self.whole).or_else(|| in_map(&self.without_number))
    }
}

/// Small letters without accents, and digits.
fn letters(text: &str) -> String {
    let small = text.to_lowercase();
    let parts = DecomposingNormalizer::new_nfkd().normalize(&small).into_owned();
    parts.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Whether a fragment means the top of the page (HTML, 7.4.6.4).
pub(in crate::collect) fn is_top(fragment: &str) -> bool {
    fragment.is_empty() || fragment.eq_ignore_ascii_case("top")
}

/// What links to a body that was sanitised may lead to.
#[derive(Debug)]
pub(in crate::collect) struct Headings(Outline);

impl Headings {
    /// Of a body, whatever its ids begin with.
    pub(in crate::collect) fn of(body: &Html) -> Self {
        Self(Outline::of(body.as_str(), None))
    }

    /// Whether the body has this id, as it stands in it.
    pub(in crate::collect) fn has(&self, id: &str) -> bool {
        self.0.ids.contains(id)
    }

    /// The id, as it stands in the body, of the heading that a link to `#fragment` means.
    pub(in crate::collect) fn meant(&self, fragment: &str) -> Option<String> {
        self.0.heading(&clean(fragment))
    }
}

#[cfg(test)]
mod tests {
    use super::ByLetters;

    #[test]
    fn headings_answer_to_the_ids_that_other_programs_make() {
        let headings = [
            "bbolt v1.5.1",
            "Performance/Throughput",
            "Using std::fs",
            "1. First steps",
            "Über uns",
            "What\u{2019}s new?",
            "A \u{2014} B",
            "Fixed",
            "Fixed",
            "Fixed",
            "Foo_bar",
            "سلام دنیا",
            "2026",
        ];
        let mut by_letters = ByLetters::default();
        for (index, heading) in headings.iter().enumerate() {
            by_letters.add(index, heading);
        }
        for (fragment, index) in [
            ("bbolt-v151", 0),
            ("bbolt-v1-5-1", 0),
            ("bbolt-v1.5.1", 0),
            ("performancethroughput", 1),
            ("using-stdfs", 2),
            ("1-first-steps", 3),
            ("_1-first-steps", 3),
            ("first-steps", 3),
            ("über-uns", 4),
            ("uber-uns", 4),
            ("whats-new", 5),
            ("what-s-new", 5),
            ("a--b", 6),
            ("fixed", 7),
            ("fixed-1", 8),
            ("fixed_2", 9),
            ("foo_bar", 10),
            ("سلام-دنیا", 11),
            ("2026", 12),
        ] {
            assert_eq!(by_letters.find(fragment), Some(index), "{fragment}");
        }
        for fragment in ["", "-", "-1", "fixed-3", "bbolt", "steps"] {
            assert_eq!(by_letters.find(fragment), None, "{fragment}");
        }
    }
}

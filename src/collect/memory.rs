//! Knowing a post of our own again when its file, its title, its date or its text was changed.
//!
//! A post gets its id when it is first published; collected/<source>.jsonl keeps it with what the post looked like.
//! Later runs find the post by what has stayed, in whichever source it stands now. Its file and one of date and text are
//! enough; so are, in another file of the same language, two of title, date and text; and file and title where there is
//! no date. A file of the same title with another date *and* another text is another post: what is written anew each
//! month must be printed each month.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::sightings::{Seen, Sighting};
use crate::model::{FirstPlace, Language};

/// Days between two posts of one title that may be one post, moved and corrected.
const NEAR: i64 = 6;

/// What a post can be known again by.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Looks {
    /// The file, relative to config.toml where it is below it.
    pub file: String,
    /// The title.
    pub title: String,
    /// The day that it says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<NaiveDate>,
    /// The first 16 hexadecimal digits of the SHA-256 of its text; empty for no text.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
}

/// What is kept of a post of our own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Own {
    /// What it looked like.
    #[serde(flatten)]
    pub looks: Looks,
    /// Its language.
    pub language: Language,
    /// Its name in addresses, which stays when another post of that name appears.
    pub slug: String,
    /// The name that it asked for, where another post had that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wanted: Option<String>,
    /// Where its page stood before, below public/.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub former: Vec<String>,
    /// What the ids in its text begin with, where that is not its slug: the slug that it had first. Links to them lead on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_slug: Option<String>,
    /// The publication's language when this was kept: the addresses of posts in it name no language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_language: Option<Language>,
    /// When its title or its text was first seen changed, the last time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed: Option<DateTime<Utc>>,
    /// Where it stood when feeds first had it, if its id needs that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_place: Option<FirstPlace>,
    /// The first 16 hexadecimal digits of the SHA-256 of the words of its text, which stay when it is only written otherwise.
    /// Lines of earlier versions lack it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
}

impl Own {
    /// The name in addresses that it asked for.
    pub(super) fn wanted(&self) -> &str {
        self.wanted.as_deref().unwrap_or(&self.slug)
    }

    /// What the ids of its text begin with, once its slug is this one; `None` for the slug.
    pub(super) fn first_slug(&self, slug: &str) -> Option<String> {
        Some(self.first_slug.as_ref().unwrap_or(&self.slug)).filter(|first| *first != slug).cloned()
    }

    /// Whether readers saw other words before.
    pub(super) fn is_rewritten(&self, before: &Self) -> bool {
        let is_reworded = || before.words.is_none() || before.words != self.words;
        self.looks.title != before.looks.title || (self.looks.text != before.looks.text && is_reworded())
    }

    /// Whether it says the same as before, and only keeps more of it.
    pub(super) fn only_adds_to(&self, before: &Self) -> bool {
        let Self { first_place, words, default_language, .. } = self.clone();
        *self == Self { default_language, first_place, words, ..before.clone() }
    }

    /// Where its page stood before, once it stands at `path`; `latest` is where it stood when this was kept.
    pub(super) fn former(&self, latest: &str, path: &str) -> Vec<String> {
        let others = self.former.iter().map(String::as_str).filter(|former| *former != latest).chain([latest]);
        others.filter(|former| *former != path).map(str::to_owned).collect()
    }
}

/// A post of our own that an earlier run saw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Known<'a> {
    /// The id it was given.
    pub(super) id: &'a str,
    /// When it was first collected.
    pub(super) first_seen: DateTime<Utc>,
    /// What it looked like when it was last seen.
    pub(super) own: &'a Own,
    /// When that was.
    pub(super) at: DateTime<Utc>,
}

/// A vanished post that another one may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Namesake<'a> {
    /// The same file held it.
    OfFile(Known<'a>),
    /// It had the same title, at about the same time.
    OfTitle(Known<'a>),
}

/// Everything that earlier runs saw of our own posts, in all sources, those of earlier configurations too.
#[derive(Debug, Default)]
pub(super) struct Memory<'a> {
    /// One for each id, in the order in which they were last seen changed.
    known: Vec<Known<'a>>,
    by_id: HashMap<&'a str, usize>,
    /// Those that no post of this run has been found to be.
    free: BTreeSet<usize>,
    /// The publication's language as some line has it.
    default_language: Option<&'a Language>,
}

/// What a pass compares.
#[derive(Clone, Copy)]
struct Pass {
    file: bool,
    title: bool,
    day: Day,
    text: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Day {
    Same,
    Any,
    /// Neither says one.
    Unsaid,
}

/// From what is surest to what is barely enough.
const PASSES: [Pass; 11] = [
    Pass { file: true, title: true, day: Day::Same, text: true },
    Pass { file: true, title: true, day: Day::Any, text: true },
    Pass { file: true, title: false, day: Day::Same, text: true },
    Pass { file: false, title: true, day: Day::Same, text: true },
    Pass { file: true, title: true, day: Day::Same, text: false },
    Pass { file: false, title: true, day: Day::Any, text: true },
    Pass { file: false, title: true, day: Day::Same, text: false },
    Pass { file: false, title: false, day: Day::Same, text: true },
    Pass { file: true, title: false, day: Day::Any, text: true },
    Pass { file: true, title: false, day: Day::Same, text: false },
    Pass { file: true, title: true, day: Day::Unsaid, text: false },
];

/// File, title, day, text, and the language where the file may be another one: a translation is another post.
type Key<'k> = (Option<&'k str>, Option<&'k str>, Option<NaiveDate>, Option<&'k str>, Option<&'k Language>);

impl Pass {
    /// What must be equal; `None` where these looks prove nothing.
    fn key<'k>(self, looks: &'k Looks, language: &'k Language) -> Option<Key<'k>> {
        let says_day = match self.day {
            Day::Same => looks.day.is_some(),
            Day::Any => true,
            Day::Unsaid => looks.day.is_none(),
        };
        let proves = says_day && (!self.text || !looks.text.is_empty());
        proves.then(|| {
            (
                self.file.then_some(looks.file.as_str()),
                self.title.then_some(looks.title.as_str()),
                looks.day.filter(|_| self.day == Day::Same),
                self.text.then_some(looks.text.as_str()),
                (!self.file).then_some(language),
            )
        })
    }
}

impl<'a> Memory<'a> {
    /// Remembers what each source's sightings tell of posts of our own. A post that was moved from one source to another
    /// is told of in both: what was seen last counts. `root` is the publication's folder.
    pub(super) fn new(root: &Path, sources: impl Iterator<Item = &'a Seen>) -> Self {
        let mut latest: HashMap<&'a str, Known<'a>> = HashMap::new();
        // Of lines of one time that which keeps more: the first run of a program that does writes it beside the other, which may
        // be in the file of a source's former name.
        let kept = |own: &Own| (own.words.is_some(), own.first_place.is_some(), own.default_language.is_some());
        let rank = |known: &Known<'a>| (known.at, root.join(&known.own.looks.file).exists(), kept(known.own));
        for known in sources.flat_map(Seen::sightings).filter_map(known) {
            latest
                .entry(known.id)
                .and_modify(|other| {
                    let first_seen = other.first_seen.min(known.first_seen);
                    *other = Known { first_seen, ..if rank(&known) >= rank(other) { known } else { *other } };
                })
                .or_insert(known);
        }
        let mut known: Vec<Known<'a>> = latest.into_values().collect();
        known.sort_by_key(|known| (known.at, known.first_seen, known.id));
        let by_id = known.iter().enumerate().map(|(index, known)| (known.id, index)).collect();
        let free = (0..known.len()).collect();
        let default_language = known.iter().find_map(|known| known.own.default_language.as_ref());
        Self { known, by_id, free, default_language }
    }

    /// The publication's language when a post was kept. Lines of older programs do not say it. Of a post that has such a line
    /// still, the address has not moved since any other line said one, so that any that does tells where it stood.
    pub(super) fn default_language(&self, own: &'a Own) -> Option<&'a Language> {
        own.default_language.as_ref().or(self.default_language)
    }

    /// Whether there are posts, and no line says which language was the publication's.
    pub(super) fn lacks_default_language(&self) -> bool {
        self.default_language.is_none() && !self.known.is_empty()
    }

    /// Whether a post stood below a folder, named as messages name it, when it was last seen.
    pub(super) fn had_posts_below(&self, folder: &Path) -> bool {
        self.known.iter().any(|known| Path::new(&known.own.looks.file).starts_with(folder))
    }

    /// How many posts stood below a folder, named as messages name it, when they were last seen, and are not recognised now.
    pub(super) fn missing_below(&self, folder: &Path) -> usize {
        let file = |index: &usize| Path::new(&self.known[*index].own.looks.file);
        self.free.iter().filter(|index| file(index).starts_with(folder)).count()
    }

    /// What no post of this run has been found to be.
    pub(super) fn missing(&self) -> impl Iterator<Item = Known<'a>> + '_ {
        self.free.iter().map(|index| self.known[*index])
    }

    /// The post to which an earlier run gave this id.
    pub(super) fn of_id(&self, id: &str) -> Option<Known<'a>> {
        self.by_id.get(id).map(|index| self.known[*index])
    }

    /// Finds out which known post each post of this run is. No two are the same one.
    pub(super) fn recognise(&mut self, posts: &[(&Looks, &Language)]) -> Vec<Option<Known<'a>>> {
        let mut found = vec![None; posts.len()];
        let mut sought: Vec<usize> = (0..posts.len()).collect();
        for pass in PASSES {
            if sought.is_empty() || self.free.is_empty() {
                break;
            }
            self.pass(pass, posts, &mut sought, &mut found);
        }
        found
    }

    fn pass(
        &mut self,
        pass: Pass,
        posts: &[(&Looks, &Language)],
        sought: &mut Vec<usize>,
        found: &mut [Option<Known<'a>>],
    ) {
        let mut by_key: HashMap<Key<'_>, Vec<usize>> = HashMap::new();
        for index in &self.free {
            let own = self.known[*index].own;
            if let Some(key) = pass.key(&own.looks, &own.language) {
                by_key.entry(key).or_default().push(*index);
            }
        }
        sought.retain(|post| {
            let (looks, language) = posts[*post];
            let candidates = pass.key(looks, language).and_then(|key| by_key.get_mut(&key));
            // The latest first: a file that is written anew each month has been several posts.
            let Some(index) = candidates.and_then(Vec::pop) else { return true };
            self.free.remove(&index);
            found[*post] = Some(self.known[index]);
            false
        });
    }

    /// A post that no post of this run is, and that this one may be all the same: the same file held it, or it had the
    /// same title at about the same time.
    pub(super) fn namesake(&self, looks: &Looks, language: &Language) -> Option<Namesake<'a>> {
        let free = || self.free.iter().rev().map(|index| self.known[*index]);
        let of_file = free().find(|known| known.own.looks.file == looks.file);
        let is_near = |known: &Known<'a>| match (known.own.looks.day, looks.day) {
            (Some(theirs), Some(ours)) => (ours - theirs).num_days().abs() <= NEAR,
            _ => true,
        };
        let is_alike = |known: &Known<'a>| {
            known.own.looks.title == looks.title && known.own.language == *language && is_near(known)
        };
        of_file.map(Namesake::OfFile).or_else(|| free().find(is_alike).map(Namesake::OfTitle))
    }
}

fn known(sighting: &Sighting) -> Option<Known<'_>> {
    let own = sighting.own.as_deref()?;
    let first_seen = sighting.first_seen;
    Some(Known { id: &sighting.id, first_seen, own, at: sighting.at.unwrap_or(first_seen) })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Looks, Memory, Own};
    use crate::collect::sightings::{Seen, Sighting};
    use crate::model::Language;

    fn looks(file: &str, title: &str, day: &str, text: &str) -> Looks {
        Looks { file: file.to_owned(), title: title.to_owned(), day: day.parse().ok(), text: text.to_owned() }
    }

    fn english() -> Language {
        Language::parse("en").unwrap()
    }

    fn seen(posts: &[Looks]) -> Seen {
        let mut seen = Seen::default();
        for (index, looks) in posts.iter().enumerate() {
            let own = Own {
                looks: looks.clone(),
                language: english(),
                slug: String::new(),
                wanted: None,
                former: Vec::new(),
                first_slug: None,
                default_language: None,
                changed: None,
                first_place: None,
                words: None,
            };
            let first_seen = "2026-08-01T00:00:00Z".parse().unwrap();
            let line = Sighting::of("posts", &index.to_string(), first_seen);
            seen.add(Sighting { own: Some(Box::new(own)), ..line });
        }
        seen
    }

    /// Which of `before` each of `after` is.
    fn recognised(before: &[Looks], after: &[Looks]) -> Vec<Option<String>> {
        let seen = seen(before);
        let mut memory = Memory::new(Path::new(""), [&seen].into_iter());
        let language = english();
        let after: Vec<(&Looks, &Language)> = after.iter().map(|looks| (looks, &language)).collect();
        memory.recognise(&after).into_iter().map(|known| known.map(|known| known.id.to_owned())).collect()
    }

    #[test]
    fn a_post_is_known_again_by_what_has_stayed() {
        let ink = looks("ink.md", "Ink", "2026-07-05", "soot");
        for (changed, same) in [
            (looks("ink.md", "Ink", "2026-08-05", "soot"), true),
            (looks("ink.md", "Ink", "2026-07-05", "galls"), true),
            (looks("ink.md", "Inks", "2026-07-05", "galls"), true),
            (looks("ink.md", "Inks", "2026-08-05", "soot"), true),
            (looks("2026/ink.md", "Ink", "2026-08-05", "soot"), true),
            (looks("2026/ink.md", "Inks", "2026-07-05", "soot"), true),
            (looks("2026/ink.md", "Ink", "2026-07-05", "galls"), true),
            (looks("ink.md", "Ink", "2026-08-05", "galls"), false),
            (looks("2026/ink.md", "Ink", "2026-08-05", "galls"), false),
            (looks("2026/ink.md", "Paper", "2026-07-05", "rags"), false),
        ] {
            let found = recognised(std::slice::from_ref(&ink), std::slice::from_ref(&changed));
            assert_eq!(found[0].is_some(), same, "{changed:?}");
        }
    }

    #[test]
    fn posts_that_change_names_in_a_row_keep_their_ids() {
        let before = [looks("a.md", "A", "2026-07-01", "a"), looks("b.md", "B", "2026-07-01", "b")];
        let after = [looks("b.md", "A", "2026-07-01", "a"), looks("c.md", "B", "2026-07-01", "b")];
        assert_eq!(recognised(&before, &after), [Some("0".to_owned()), Some("1".to_owned())]);
    }

    #[test]
    fn a_copy_is_another_post() {
        let before = [looks("a.md", "A", "2026-07-01", "a")];
        let after = [looks("1.md", "A", "2026-08-01", "a"), before[0].clone()];
        assert_eq!(recognised(&before, &after), [None, Some("0".to_owned())]);
    }

    #[test]
    fn posts_without_days_are_known_by_what_they_have() {
        let before = [looks("a.md", "Note", "", ""), looks("b.md", "Note", "", "")];
        assert_eq!(recognised(&before, &[looks("c.md", "Note", "", "")]), [None]);
        assert_eq!(recognised(&before, &[looks("b.md", "Note", "", "new")]), [Some("1".to_owned())]);
        assert_eq!(recognised(&before, &[looks("b.md", "Other", "", "")]), [None]);
    }

    #[test]
    fn where_the_text_went_the_post_went() {
        let before = [looks("news.md", "News", "", "of May")];
        let after = [looks("news.md", "News", "", "of June"), looks("archive/may.md", "News", "", "of May")];
        assert_eq!(recognised(&before, &after), [None, Some("0".to_owned())]);
    }

    #[test]
    fn a_translation_is_another_post() {
        let seen = seen(&[looks("a.md", "A", "2026-07-01", "a")]);
        let mut memory = Memory::new(Path::new(""), [&seen].into_iter());
        let (moved, persian) = (looks("b.md", "A", "2026-07-01", "b"), Language::parse("fa").unwrap());
        assert_eq!(memory.recognise(&[(&moved, &persian)]), [None]);
        assert!(memory.recognise(&[(&moved, &english())])[0].is_some());
    }

    #[test]
    fn of_two_records_of_one_post_the_later_counts() {
        let mut records = [seen(&[looks("old/a.md", "A", "2026-07-01", "a")]), Seen::default()];
        let mut moved = records[0].sightings().next().unwrap().clone();
        moved.at = Some("2026-09-01T00:00:00Z".parse().unwrap());
        if let Some(own) = &mut moved.own {
            own.looks = looks("new/a.md", "A", "2026-08-01", "a");
        }
        records[1].add(moved);
        for order in [[0, 1], [1, 0]] {
            let memory = Memory::new(Path::new(""), order.into_iter().map(|index| &records[index]));
            assert_eq!(memory.of_id("0").unwrap().own.looks.file, "new/a.md");
            assert_eq!(memory.known.len(), 1);
        }
    }
}

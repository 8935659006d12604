//! Knowing a post of our own again when its file, its title, its date or its text was changed.
//!
//! A post gets its id when it is first published; collected/<source>.jsonl keeps it with what the post looked like.
//! Later runs find the post by what has stayed. Its file and one of date and text are enough; so are, in another file,
//! two of title, date and text. A file of the same title with another date *and* another text is another post: what is
//! written anew each month must be printed each month.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::sightings::{Seen, Sighting};
use crate::model::Language;

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
    source: &'a str,
}

/// Everything that earlier runs saw of our own posts, in all sources.
#[derive(Debug, Default)]
pub(super) struct Memory<'a> {
    known: Vec<Known<'a>>,
    ids: BTreeSet<&'a str>,
    /// Those that no post of this run has been found to be.
    free: BTreeSet<usize>,
    root: Option<&'a Path>,
}

/// What a pass compares.
#[derive(Clone, Copy)]
struct Pass {
    file: bool,
    title: bool,
    day: bool,
    text: bool,
}

/// From what is surest to what is barely enough.
const PASSES: [Pass; 10] = [
    Pass { file: true, title: true, day: true, text: true },
    Pass { file: true, title: true, day: false, text: true },
    Pass { file: true, title: false, day: true, text: true },
    Pass { file: false, title: true, day: true, text: true },
    Pass { file: true, title: true, day: true, text: false },
    Pass { file: false, title: true, day: false, text: true },
    Pass { file: false, title: true, day: true, text: false },
    Pass { file: false, title: false, day: true, text: true },
    Pass { file: true, title: false, day: false, text: true },
    Pass { file: true, title: false, day: true, text: false },
];

type Key<'k> = (Option<&'k str>, Option<&'k str>, Option<Option<NaiveDate>>, Option<&'k str>);

impl Pass {
    /// What must be equal; `None` where these looks prove nothing.
    fn key(self, looks: &Looks) -> Option<Key<'_>> {
        // "No date" is a likeness in one file only, and no text in none.
        let proves = (!self.text || !looks.text.is_empty()) && (!self.day || self.file || looks.day.is_some());
        proves.then(|| {
            (
                self.file.then_some(looks.file.as_str()),
                self.title.then_some(looks.title.as_str()),
                self.day.then_some(looks.day),
                self.text.then_some(looks.text.as_str()),
            )
        })
    }
}

impl<'a> Memory<'a> {
    /// Remembers what each source's sightings tell of posts of our own. `root` is the publication's folder.
    pub(super) fn new(root: &'a Path, sources: impl Iterator<Item = &'a Seen>) -> Self {
        let known: Vec<Known<'a>> = sources.flat_map(Seen::sightings).filter_map(known).collect();
        let ids = known.iter().map(|known| known.id).collect();
        let free = (0..known.len()).collect();
        Self { known, ids, free, root: Some(root) }
    }

    /// Whether an earlier run gave this id to a post.
    pub(super) fn has(&self, id: &str) -> bool {
        self.ids.contains(id)
    }

    /// Finds out which known post each post of a source is. No two are the same one.
    pub(super) fn recognise(&mut self, source: &str, posts: &[Looks]) -> Vec<Option<Known<'a>>> {
        let mut found = vec![None; posts.len()];
        let mut sought: Vec<usize> = (0..posts.len()).collect();
        for pass in PASSES {
            if sought.is_empty() || self.free.is_empty() {
                break;
            }
            self.pass(pass, source, posts, &mut sought, &mut found);
        }
        found
    }

    fn pass(
        &mut self,
        pass: Pass,
        source: &str,
        posts: &[Looks],
        sought: &mut Vec<usize>,
        found: &mut [Option<Known<'a>>],
    ) {
        let mut by_key: HashMap<Key<'_>, Vec<usize>> = HashMap::new();
        for index in &self.free {
            if let Some(key) = pass.key(&self.known[*index].own.looks) {
                by_key.entry(key).or_default().push(*index);
            }
        }
        sought.retain(|post| {
            let candidates = pass.key(&posts[*post]).and_then(|key| by_key.get_mut(&key));
            // The latest first: a file that is written anew each month has been several posts.
            let Some(index) = candidates.and_then(|free| {
                let at = free.iter().rposition(|index| pass.file || self.may_have_moved(self.known[*index], source))?;
                Some(free.remove(at))
            }) else {
                return true;
            };
            self.free.remove(&index);
            found[*post] = Some(self.known[index]);
            false
        });
    }

    /// Whether a known post can be another file of this source now: one that stands where it was is itself, of a
    /// source whose turn may be yet to come.
    fn may_have_moved(&self, known: Known<'_>, source: &str) -> bool {
        known.source == source || self.root.is_none_or(|root| !root.join(&known.own.looks.file).exists())
    }

    /// The post that the same file held under the same title, and that no post of this run is: another one, unless
    /// somebody corrected its date and its text at once.
    pub(super) fn namesake(&self, looks: &Looks) -> Option<Known<'a>> {
        let alike = |known: &Known<'a>| known.own.looks.file == looks.file && known.own.looks.title == looks.title;
        self.free.iter().rev().map(|index| self.known[*index]).find(alike)
    }
}

fn known(sighting: &Sighting) -> Option<Known<'_>> {
    let own = sighting.own.as_ref()?;
    Some(Known { id: &sighting.id, first_seen: sighting.first_seen, own, source: &sighting.source })
}

#[cfg(test)]
mod tests {
    use super::{Looks, Memory, Own};
    use crate::collect::sightings::{Seen, Sighting};
    use crate::model::Language;

    fn looks(file: &str, title: &str, day: &str, text: &str) -> Looks {
        Looks { file: file.to_owned(), title: title.to_owned(), day: day.parse().ok(), text: text.to_owned() }
    }

    fn seen(posts: &[Looks]) -> Seen {
        let mut seen = Seen::default();
        for (index, looks) in posts.iter().enumerate() {
            seen.add(Sighting {
                source: "posts".to_owned(),
                id: index.to_string(),
                first_seen: "2026-08-01T00:00:00Z".parse().unwrap(),
                post: None,
                own: Some(Own { looks: looks.clone(), language: Language::parse("en").unwrap(), slug: String::new() }),
            });
        }
        seen
    }

    /// Which of `before` each of `after` is.
    fn recognised(before: &[Looks], after: &[Looks]) -> Vec<Option<String>> {
        let (seen, root) = (seen(before), tempfile::tempdir().unwrap());
        let mut memory = Memory::new(root.path(), [&seen].into_iter());
        memory.recognise("posts", after).into_iter().map(|known| known.map(|known| known.id.to_owned())).collect()
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
    fn posts_without_texts_and_days_are_not_taken_for_each_other() {
        let before = [looks("a.md", "Note", "", ""), looks("b.md", "Note", "", "")];
        assert_eq!(recognised(&before, &[looks("c.md", "Note", "", "")]), [None]);
        assert_eq!(recognised(&before, &[looks("b.md", "Other", "", "")]), [Some("1".to_owned())]);
    }
}

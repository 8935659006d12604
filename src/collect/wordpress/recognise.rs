//! Knowing a post of an export again when its guid has changed: a site that is moved to another address, or has its
//! `http` rewritten, may give all of its posts new ones in a day.
//!
//! A post that keeps its guid is the post that it was. Any other one is known by when it was published and one of number,
//! name and title, from the surest likeness to the barest that is enough. Two sites may have the same numbers and the same
//! first post; that of another date is another one. What several posts, or several lines, have in common tells none
//! of them.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use super::exported::{Exported, Short};
use crate::collect::sightings::{Kept, Seen};
use crate::model::PostId;

/// A post that an earlier run saw.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Known<'a> {
    /// The id under which it was first seen.
    pub(super) id: &'a str,
    /// What is kept of it.
    pub(super) kept: &'a Kept,
    /// Whether that stands in the file of its source; else in that of a source which is configured no more.
    pub(super) is_here: bool,
}

/// What a pass compares besides the date.
#[derive(Clone, Copy)]
struct Pass {
    number: bool,
    slug: bool,
    title: bool,
    /// Of posts without dates.
    undated: bool,
}

const DATED: Pass = Pass { number: false, slug: false, title: false, undated: false };

/// From what is surest to what is barely enough.
const PASSES: [Pass; 7] = [
    Pass { number: true, slug: true, ..DATED },
    Pass { number: true, title: true, ..DATED },
    Pass { number: true, ..DATED },
    Pass { slug: true, title: true, ..DATED },
    Pass { slug: true, ..DATED },
    Pass { title: true, ..DATED },
    Pass { number: true, slug: true, title: true, undated: true },
];

/// Date, number, slug, title.
type Key = (Option<DateTime<Utc>>, Option<u64>, Option<Short>, Option<Short>);

impl Pass {
    /// What must be equal; `None` where this proves nothing.
    fn key(self, looks: &Exported) -> Option<Key> {
        let lacks = looks.date.is_none() != self.undated
            || (self.number && looks.number.is_none())
            || (self.slug && looks.slug.is_none())
            || (self.title && looks.title.is_none());
        let key = (
            looks.date,
            looks.number.filter(|_| self.number),
            looks.slug.filter(|_| self.slug),
            looks.title.filter(|_| self.title),
        );
        (!lacks).then_some(key)
    }
}

/// What one key leads to: a post and a line, if it is one of each.
#[derive(Default)]
struct Pair {
    post: Option<usize>,
    line: Option<usize>,
    is_shared: bool,
}

/// Finds out which known post each post of an export is. No two are the same one. `posts` come with the ids that the
/// export gives them; of `seen` the first one is of the export's source.
pub(super) fn recognise<'a>(posts: &[(&PostId, &Exported)], seen: &[&'a Seen]) -> Vec<Option<Known<'a>>> {
    let mut memory = Memory::new(seen);
    let mut found = vec![None; posts.len()];
    if memory.lines.is_empty() {
        return found;
    }
    memory.by_name(posts, &mut found, Exported::is_like);
    for pass in PASSES {
        memory.pass(pass, posts, &mut found);
    }
    memory.by_name(posts, &mut found, |_, _| true);
    found
}

struct Memory<'a> {
    lines: Vec<Known<'a>>,
    by_id: HashMap<&'a str, usize>,
    /// By the ids that exports gave them last, where these are others.
    by_guid: HashMap<Short, usize>,
    /// Those that no post has been found to be.
    free: Vec<bool>,
}

impl<'a> Memory<'a> {
    fn new(seen: &[&'a Seen]) -> Self {
        let mut memory = Self { lines: Vec::new(), by_id: HashMap::new(), by_guid: HashMap::new(), free: Vec::new() };
        for (index, seen) in seen.iter().enumerate() {
            for (id, kept) in seen.exported() {
                if memory.by_id.contains_key(id) {
                    continue;
                }
                let at = memory.lines.len();
                memory.by_id.insert(id, at);
                if let Some(guid) = kept.exported.guid {
                    memory.by_guid.entry(guid).or_insert(at);
                }
                memory.lines.push(Known { id, kept, is_here: index == 0 });
            }
        }
        memory.free = vec![true; memory.lines.len()];
        memory
    }

    /// Takes posts for those that were first seen under their ids, then for those that had them last.
    fn by_name(
        &mut self,
        posts: &[(&PostId, &Exported)],
        found: &mut [Option<Known<'a>>],
        is_it: impl Fn(&Exported, &Exported) -> bool,
    ) {
        for is_first in [true, false] {
            for (post, (id, looks)) in posts.iter().enumerate() {
                if found[post].is_some() {
                    continue;
                }
                let named = if is_first {
                    self.by_id.get(id.0.as_str())
                } else if self.by_guid.is_empty() {
                    None
                } else {
                    self.by_guid.get(&Short::of_id(id))
                };
                let line = named.copied().filter(|line| self.free[*line]);
                if let Some(line) = line.filter(|line| is_it(&self.lines[*line].kept.exported, looks)) {
                    self.take(line, &mut found[post]);
                }
            }
        }
    }

    fn pass(&mut self, pass: Pass, posts: &[(&PostId, &Exported)], found: &mut [Option<Known<'a>>]) {
        let mut pairs: HashMap<Key, Pair> = HashMap::new();
        for (post, (_, looks)) in posts.iter().enumerate().filter(|(post, _)| found[*post].is_none()) {
            if let Some(key) = pass.key(looks) {
                let pair = pairs.entry(key).or_default();
                pair.is_shared |= pair.post.replace(post).is_some();
            }
        }
        if pairs.is_empty() {
            return;
        }
        for line in (0..self.lines.len()).filter(|line| self.free[*line]) {
            let key = pass.key(&self.lines[line].kept.exported);
            if let Some(pair) = key.and_then(|key| pairs.get_mut(&key)) {
                pair.is_shared |= pair.line.replace(line).is_some();
            }
        }
        for pair in pairs.into_values().filter(|pair| !pair.is_shared) {
            if let (Some(post), Some(line)) = (pair.post, pair.line) {
                self.take(line, &mut found[post]);
            }
        }
    }

    fn take(&mut self, line: usize, found: &mut Option<Known<'a>>) {
        self.free[line] = false;
        *found = Some(self.lines[line]);
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};

    use super::super::exported::{Exported, Short};
    use super::recognise;
    use crate::collect::sightings::{Seen, Sighting};
    use crate::model::PostId;

    /// A post's id, number, day, name and title; a day of 0 is none, and so are empty words.
    type Looks<'t> = (&'t str, u64, u32, &'t str, &'t str);

    fn exported((_, number, day, slug, title): Looks<'_>) -> Exported {
        let short = |text: &str| (!text.is_empty()).then(|| Short::of([text]));
        Exported {
            number: (number > 0).then_some(number),
            date: (day > 0).then(|| instant(day)),
            slug: short(slug),
            title: short(title),
            ..Exported::default()
        }
    }

    fn instant(day: u32) -> DateTime<Utc> {
        format!("2013-06-{day:02}T10:00:00Z").parse().unwrap()
    }

    fn line(looks: Looks<'_>, guid: &str) -> Sighting {
        let guid = (!guid.is_empty()).then(|| Short::of([guid]));
        let exported = Exported { guid, ..exported(looks) };
        Sighting { exported: Some(exported), ..Sighting::of("export", looks.0, instant(30)) }
    }

    fn seen(lines: impl IntoIterator<Item = Sighting>) -> Seen {
        let mut seen = Seen::default();
        lines.into_iter().for_each(|line| seen.add(line));
        seen
    }

    /// The ids under which posts were first seen; empty for new ones.
    fn ids(seen: &[&Seen], after: &[Looks<'_>]) -> Vec<String> {
        let looks: Vec<(PostId, Exported)> =
            after.iter().map(|looks| (PostId(looks.0.to_owned()), exported(*looks))).collect();
        let posts: Vec<(&PostId, &Exported)> = looks.iter().map(|(id, looks)| (id, looks)).collect();
        recognise(&posts, seen).into_iter().map(|known| known.map_or("", |known| known.id).to_owned()).collect()
    }

    fn after(before: &[Looks<'_>], after: &[Looks<'_>]) -> Vec<String> {
        ids(&[&seen(before.iter().map(|looks| line(*looks, "")))], after)
    }

    const INK: Looks<'_> = ("a", 1, 1, "ink", "Ink");

    #[test]
    fn a_date_and_one_likeness_are_enough() {
        for (now, is_known) in [
            (("b", 1, 1, "ink", "Ink"), true),
            (("b", 1, 1, "rags", "Rags"), true),
            (("b", 9, 1, "ink", "Rags"), true),
            (("b", 9, 1, "rags", "Ink"), true),
            (("b", 9, 1, "rags", "Rags"), false),
            (("b", 1, 2, "ink", "Ink"), false),
            (("b", 1, 0, "ink", "Ink"), false),
            (("a", 1, 2, "ink", "Ink"), true),
            (("a", 9, 9, "rags", "Rags"), true),
        ] {
            assert_eq!(after(&[INK], &[now]) == ["a"], is_known, "{now:?}");
        }
        let undated = ("a", 1, 0, "ink", "Ink");
        assert_eq!(after(&[undated], &[("b", 1, 0, "ink", "Ink")]), ["a"]);
        assert_eq!(after(&[undated], &[("b", 1, 0, "ink", "Rags")]), [""]);
    }

    #[test]
    fn what_several_have_in_common_tells_none_of_them() {
        let twins = [("a", 1, 1, "ink", "Ink"), ("b", 2, 1, "gum", "Ink")];
        assert_eq!(after(&twins, &[("c", 3, 1, "rags", "Ink")]), [""]);
        assert_eq!(after(&twins[..1], &[("c", 3, 1, "x", "Ink"), ("d", 4, 1, "y", "Ink")]), ["", ""]);
        assert_eq!(after(&twins, &[("c", 2, 1, "x", "Ink"), ("d", 4, 1, "y", "Ink")]), ["b", "a"], "the surest first");
    }

    #[test]
    fn two_sites_have_their_own_posts() {
        let (here, there) = (("a", 1, 1, "hello-world", "Hello world!"), ("z", 1, 2, "hello-world", "Hello world!"));
        assert_eq!(after(&[here, there], &[("b", 1, 1, "hello-world", "Hello world!"), there]), ["a", "z"]);
        assert_eq!(after(&[here], &[there]), [""]);
    }

    #[test]
    fn a_guid_that_is_used_again_is_another_post() {
        let before = [INK, ("b", 2, 2, "gum", "Gum")];
        // The site was filled anew, with the posts in another order.
        assert_eq!(after(&before, &[("a", 3, 2, "gum", "Gum"), ("b", 4, 1, "ink", "Ink")]), ["b", "a"]);
        // Nothing but the guid has stayed.
        assert_eq!(after(&before, &[("a", 3, 3, "x", "X"), before[1]]), ["a", "b"]);
    }

    #[test]
    fn the_guid_that_a_post_has_now_tells_it_too() {
        let renamed = seen([line(INK, "now")]);
        assert_eq!(ids(&[&renamed], &[("now", 1, 7, "ink", "Ink")]), ["a"]);
        assert_eq!(ids(&[&renamed], &[("now", 1, 7, "ink", "Ink"), INK]), ["", "a"]);
    }

    #[test]
    fn a_source_that_is_called_otherwise_has_the_same_posts() {
        let (here, former) = (Seen::default(), seen([line(INK, "")]));
        assert_eq!(ids(&[&here, &former], &[("b", 1, 1, "ink", "Ink")]), ["a"]);
        let here = seen([line(("b", 1, 1, "ink", "Ink"), "")]);
        assert_eq!(ids(&[&here, &former], &[("b", 1, 1, "ink", "Ink")]), ["b"]);
    }
}

//! What a post of our own is known by: its slug, address and id, unique and the same at each run.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use url::Url;

use crate::model::{Language, PostId, Publication};

/// The slugs and ids that are taken, over all sources.
#[derive(Debug, Default)]
pub(super) struct Taken {
    slugs: BTreeSet<(Language, String)>,
    ids: BTreeMap<PostId, String>,
}

impl Taken {
    /// The slug under which a post can stand: the one wanted, else with its day, else with a count.
    pub(super) fn slug(&mut self, language: &Language, wanted: &str, day: Option<NaiveDate>) -> String {
        let wanted = if wanted.is_empty() { "post" } else { wanted };
        let dated = match day {
            Some(day) => format!("{wanted}-{day}"),
            None => wanted.to_owned(),
        };
        let counted = (2_u32..).map(|count| format!("{dated}-{count}"));
        let mut slugs = [wanted.to_owned(), dated.clone()].into_iter().chain(counted);
        slugs.find(|slug| self.slugs.insert((language.clone(), slug.clone()))).unwrap_or(dated)
    }

    /// Takes the slug that an earlier run gave to a post which still wants the same; says whether it was free.
    pub(super) fn keep_slug(&mut self, language: &Language, slug: &str) -> bool {
        self.slugs.insert((language.clone(), slug.to_owned()))
    }

    /// Takes an id for a file. The error is the file that has it already.
    pub(super) fn id(&mut self, id: &PostId, file: String) -> Result<(), String> {
        if let Some(other) = self.ids.get(id) {
            return Err(other.clone());
        }
        self.ids.insert(id.clone(), file);
        Ok(())
    }
}

/// The path of an own post below public/.
pub(super) fn path(publication: &Publication, language: &Language, slug: &str) -> String {
    path_beside(&publication.language, language, slug)
}

/// The same in a publication whose language is `default`.
pub(super) fn path_beside(default: &Language, language: &Language, slug: &str) -> String {
    if language == default { format!("posts/{slug}/") } else { format!("{language}/posts/{slug}/") }
}

/// The name of a post in a tag URI; it holds no date.
fn key(language: &Language, slug: &str) -> String {
    format!("posts/{language}/{slug}")
}

/// A tag URI (RFC 4151) of the publication's host, `tag:example.org,2026-07-31:posts/en/a-post`, with a count where
/// another post has it, or had it.
pub(super) fn tag_uri(
    publication: &Publication,
    day: NaiveDate,
    (language, slug): (&Language, &str),
    is_taken: impl Fn(&PostId) -> bool,
) -> PostId {
    let plain = format!("tag:{},{day}:{}", host(publication), key(language, slug));
    let counted = (2_u32..).map(|count| format!("{plain}-{count}"));
    let mut ids = std::iter::once(plain.clone()).chain(counted).map(PostId);
    ids.find(|id| !is_taken(id)).unwrap_or(PostId(plain))
}

/// The id that a post brings: a URI as it is, any other word as a tag URI without a day of its own, so that it stays
/// when the post's date is corrected.
pub(super) fn brought(publication: &Publication, language: &Language, id: &str) -> PostId {
    if Url::parse(id).is_ok() {
        return PostId(id.to_owned());
    }
    let word = id.split_whitespace().collect::<Vec<_>>().join("-");
    PostId(format!("tag:{},2026:{language}/{word}", host(publication)))
}

/// A tag URI without the host of the publication that made it; any other id as it is.
pub(super) fn without_host(id: &str) -> &str {
    id.strip_prefix("tag:").and_then(|rest| rest.split_once(',')).map_or(id, |(_, rest)| rest)
}

fn host(publication: &Publication) -> String {
    Url::parse(&publication.base_url)
        .ok()
        .and_then(|url| url.host_str().map(str::to_owned))
        .unwrap_or_else(|| "localhost".to_owned())
}

#[cfg(test)]
mod tests {
    use super::Taken;
    use crate::model::{Language, PostId};

    #[test]
    fn a_slug_is_given_once() {
        let mut taken = Taken::default();
        let english = Language::parse("en").unwrap();
        let day = "2026-07-31".parse().ok();
        let slugs: Vec<String> = (0..3).map(|_| taken.slug(&english, "a", day)).collect();
        assert_eq!(slugs, ["a", "a-2026-07-31", "a-2026-07-31-2"]);
        assert_eq!(taken.slug(&Language::parse("fa").unwrap(), "a", None), "a");
        assert_eq!(taken.id(&PostId("x".into()), "1.md".into()), Ok(()));
        assert_eq!(taken.id(&PostId("x".into()), "2.md".into()), Err("1.md".into()));
    }
}

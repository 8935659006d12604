//! When posts were first seen: the lines of collected/<source>.jsonl.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::markdown::display;
use super::memory::Own;
use crate::config::Config;
use crate::error::{Error, Place, Warning};
use crate::model::Post;

/// A line of collected/<source>.jsonl: append-only, kept with the publication.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sighting {
    /// The source's name.
    pub source: String,
    /// The post's id.
    pub id: String,
    /// When it was first collected. A later line of the same id repeats it.
    pub first_seen: DateTime<Utc>,
    /// A post from elsewhere as collected; a later line of the same id replaces it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub post: Option<Post>,
    /// What a post of our own is known again by; a later line of the same id replaces it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub own: Option<Own>,
}

/// What earlier runs saw of one source.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Seen {
    by_id: BTreeMap<String, Sighting>,
    /// Ids in the order of their first lines.
    order: Vec<String>,
}

impl Seen {
    /// Reads collected/<source>.jsonl; there may be none. A line that cannot be read is a warning: the last one is
    /// what a killed run leaves.
    pub(super) fn read(config: &Config, source: &str, warnings: &mut Vec<Warning>) -> Self {
        let path = path(config, source);
        let file = display(&config.root, &path);
        match std::fs::read_to_string(&path) {
            Ok(text) => Self::parse(&text, &file, warnings),
            Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => Self::default(),
            Err(cause) => {
                warnings.push(Error::io("read", &file, &cause).into_warning());
                Self::default()
            }
        }
    }

    fn parse(text: &str, file: &Path, warnings: &mut Vec<Warning>) -> Self {
        let mut seen = Self::default();
        for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            match serde_json::from_str(line) {
                Ok(sighting) => seen.add(sighting),
                Err(error) => warnings.push(
                    Warning::new(format!("this line is no record of a post ({error}); it was passed over"))
                        .at(Place::at(file, index + 1, error.column().max(1))),
                ),
            }
        }
        seen
    }

    /// Takes in a line.
    pub(super) fn add(&mut self, sighting: Sighting) {
        if let Some(earlier) = self.by_id.get_mut(&sighting.id) {
            earlier.post = sighting.post.or(earlier.post.take());
            earlier.own = sighting.own.or(earlier.own.take());
        } else {
            self.order.push(sighting.id.clone());
            self.by_id.insert(sighting.id.clone(), sighting);
        }
    }

    /// When the post was first seen, if an earlier run saw it.
    pub(super) fn first(&self, id: &str) -> Option<DateTime<Utc>> {
        self.by_id.get(id).map(|sighting| sighting.first_seen)
    }

    /// The sighting to record for a post from elsewhere: a new one, or one that has changed.
    pub(super) fn sight_post(&self, post: &Post) -> Option<Sighting> {
        let earlier = self.by_id.get(&post.id.0).and_then(|sighting| sighting.post.as_ref());
        (earlier != Some(post)).then(|| Sighting {
            source: post.source.clone(),
            id: post.id.0.clone(),
            first_seen: post.first_seen,
            post: Some(post.clone()),
            own: None,
        })
    }

    /// What earlier runs recorded, in the order in which it was first seen.
    pub(super) fn sightings(&self) -> impl Iterator<Item = &Sighting> {
        self.order.iter().filter_map(|id| self.by_id.get(id))
    }

    /// The posts from elsewhere that earlier runs recorded.
    pub(super) fn posts(&self) -> impl Iterator<Item = &Post> {
        self.sightings().filter_map(|sighting| sighting.post.as_ref())
    }
}

/// collected/<source>.jsonl.
#[must_use]
pub fn path(config: &Config, source: &str) -> std::path::PathBuf {
    config.root.join("collected").join(format!("{source}.jsonl"))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::Seen;

    #[test]
    fn a_broken_last_line_costs_only_itself() {
        let mut warnings = Vec::new();
        let text =
            "{\"source\":\"posts\",\"id\":\"posts/en/a\",\"first_seen\":\"2026-07-31T10:00:00Z\"}\n{\"source\":\"po";
        let seen = Seen::parse(text, Path::new("collected/posts.jsonl"), &mut warnings);
        assert!(seen.first("posts/en/a").is_some());
        assert_eq!(warnings.len(), 1);
        assert!(warnings[0].to_string().starts_with("collected/posts.jsonl:2:"), "{}", warnings[0]);
    }
}

//! When posts were first seen: the lines of collected/<source>.jsonl.

use std::collections::{BTreeMap, HashMap};
use std::ffi::OsString;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};
use serde::{Deserialize, Serialize};

use super::markdown::display;
use super::memory::Own;
use super::wordpress::Exported;
use crate::config::Config;
use crate::error::{Error, Place, Warning};
use crate::model::{Post, PostId};

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
    pub post: Option<Box<Post>>,
    /// What a post of our own is known again by; a later line of the same id replaces it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub own: Option<Box<Own>>,
    /// What a post of an export is known again by; a later line of the same id replaces it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exported: Option<Exported>,
    /// When a post of our own, or of an export, looked so; of an export's left out where that is when it was first seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<DateTime<Utc>>,
    /// Whether its feed took the post back (RFC 6721). A later line with the post gives it again.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub withdrawn: bool,
    /// Another id by which its feed names a post from elsewhere now. Each line adds one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub also: Option<String>,
}

impl Sighting {
    /// That a post was seen, and nothing else of it.
    pub(super) fn of(source: &str, id: &str, first_seen: DateTime<Utc>) -> Self {
        Self {
            source: source.to_owned(),
            id: id.to_owned(),
            first_seen,
            post: None,
            own: None,
            exported: None,
            at: None,
            withdrawn: false,
            also: None,
        }
    }

    /// That a post was taken back.
    pub(super) fn withdrawn(source: &str, id: &str, now: DateTime<Utc>) -> Self {
        Self { withdrawn: true, ..Self::of(source, id, now) }
    }

    /// That the feed of a post names it otherwise now.
    pub(super) fn renamed(post: &Post, also: &PostId) -> Self {
        Self { also: Some(also.0.clone()), ..Self::of(&post.source, &post.id.0, post.first_seen) }
    }
}

/// What is kept of a post of an export.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Kept {
    /// When it was first collected.
    pub(super) first_seen: DateTime<Utc>,
    /// When it looked so.
    pub(super) at: DateTime<Utc>,
    /// What it is known again by.
    pub(super) exported: Exported,
}

/// What earlier runs saw of one source.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Seen {
    by_id: BTreeMap<String, Sighting>,
    /// Ids in the order of their first lines.
    order: Vec<String>,
    /// Posts of an export by their ids; of these there may be very many.
    exported: BTreeMap<String, Kept>,
    /// The ids of posts by the ids that their feed gives them now.
    renamed: HashMap<String, PostId>,
    /// The file, as messages name it, and on which line of it a post stands, by its id.
    file: PathBuf,
    lines: HashMap<String, usize>,
}

impl Seen {
    /// Reads a collected/<source>.jsonl. A line that cannot be read is a warning: the last one is what a killed run
    /// leaves.
    fn read(path: &Path, file: &Path, warnings: &mut Vec<Warning>) -> Self {
        let mut seen = Self::default();
        let read = File::open(path).and_then(|opened| seen.parse(BufReader::new(opened), file, warnings));
        if let Err(cause) = read {
            warnings.push(Error::io("read", file, &cause).into_warning());
        }
        seen
    }

    /// Line by line: the whole may be large, and a kill may have cut the last line in the middle of a letter.
    fn parse(&mut self, mut text: impl BufRead, file: &Path, warnings: &mut Vec<Warning>) -> std::io::Result<()> {
        self.file = file.to_path_buf();
        let mut line = Vec::new();
        for index in 0.. {
            line.clear();
            if text.read_until(b'\n', &mut line)? == 0 {
                break;
            }
            // An editor may have put a byte order mark before the first line.
            let line = line.strip_prefix(b"\xef\xbb\xbf").filter(|_| index == 0).unwrap_or(&line).trim_ascii_end();
            if line.is_empty() {
                continue;
            }
            match serde_json::from_slice(line) {
                Ok(sighting) => {
                    warnings.extend(self.rival(&sighting).map(|warning| warning.at(Place::at(file, index + 1, 1))));
                    if sighting.post.is_some() {
                        self.lines.insert(sighting.id.clone(), index + 1);
                    }
                    self.add(sighting);
                }
                Err(error) => warnings.push(
                    Warning::new(format!("this line is no record of a post ({error}); it was passed over"))
                        .at(Place::at(file, index + 1, error.column().max(1))),
                ),
            }
        }
        Ok(())
    }

    /// A warning for a line that gives an id to another post than an earlier one did: two copies of the publication were
    /// merged, each of which had published a post of that name. (A later line of one post repeats when it was first seen.)
    fn rival(&self, line: &Sighting) -> Option<Warning> {
        let earlier = self.by_id.get(&line.id).filter(|earlier| earlier.first_seen != line.first_seen)?;
        let (theirs, ours) = (&earlier.own.as_ref()?.looks.file, &line.own.as_ref()?.looks.file);
        let message = format!("`{ours}` and `{theirs}` were both given the id `{}`", line.id);
        let hint =
            "take away the line of the one that was not printed, and write an `id` of its own into its front matter";
        (ours != theirs).then(|| Warning::new(message).hint(hint))
    }

    /// Takes in a line.
    pub(super) fn add(&mut self, mut sighting: Sighting) {
        if let Some(exported) = sighting.exported.take() {
            self.add_exported(&sighting, exported);
            if sighting.post.is_none() && sighting.own.is_none() {
                return;
            }
        }
        if let Some(also) = &sighting.also {
            self.renamed.insert(also.clone(), PostId(sighting.id.clone()));
        }
        if let Some(earlier) = self.by_id.get_mut(&sighting.id) {
            earlier.withdrawn = sighting.withdrawn || (earlier.withdrawn && sighting.post.is_none());
            earlier.post = sighting.post.or(earlier.post.take());
            // Lines that were merged from two places may stand in any order.
            if sighting.own.is_some() && (earlier.own.is_none() || sighting.at >= earlier.at) {
                (earlier.own, earlier.at) = (sighting.own, sighting.at);
            }
        } else {
            self.order.push(sighting.id.clone());
            self.by_id.insert(sighting.id.clone(), sighting);
        }
    }

    /// Lines that were merged from two places may stand in any order.
    fn add_exported(&mut self, line: &Sighting, exported: Exported) {
        let at = line.at.unwrap_or(line.first_seen);
        let kept = Kept { first_seen: line.first_seen, at, exported };
        match self.exported.get_mut(&line.id) {
            Some(earlier) => {
                let first_seen = earlier.first_seen.min(kept.first_seen);
                if kept.at >= earlier.at {
                    *earlier = kept;
                }
                earlier.first_seen = first_seen;
            }
            None => _ = self.exported.insert(line.id.clone(), kept),
        }
    }

    /// Has every post from elsewhere looked at again, and says what was wrong with it. Gives the lines to be added for those
    /// that were mended.
    pub(super) fn recheck(
        &mut self,
        mend: impl Fn(&mut Post) -> Vec<String> + Sync,
        warnings: &mut Vec<Warning>,
    ) -> Vec<Sighting> {
        let all: Vec<&mut Sighting> = self.by_id.values_mut().filter(|sighting| sighting.post.is_some()).collect();
        let wrong: Vec<(&mut Sighting, Vec<String>)> = all
            .into_par_iter()
            .map(|sighting| {
                let wrong = sighting.post.as_deref_mut().map(&mend).unwrap_or_default();
                (sighting, wrong)
            })
            .filter(|(_, wrong)| !wrong.is_empty())
            .collect();
        let mut mended = Vec::new();
        for (sighting, wrong) in wrong {
            let title = sighting.post.as_ref().map_or("", |post| &post.title);
            let line = self.lines.get(&sighting.id).copied().unwrap_or(1);
            let told =
                |what: String| Warning::new(format!("the post `{title}` {what}")).at(Place::at(&self.file, line, 1));
            warnings.extend(wrong.into_iter().map(told));
            mended.push(Sighting { own: None, at: None, also: None, ..sighting.clone() });
        }
        mended
    }

    /// Whether no earlier run saw anything of it.
    pub(super) fn is_empty(&self) -> bool {
        self.by_id.is_empty() && self.exported.is_empty()
    }

    /// When the post was first seen, if an earlier run saw it.
    pub(super) fn first(&self, id: &str) -> Option<DateTime<Utc>> {
        let exported = self.exported.get(id).map(|kept| kept.first_seen);
        self.by_id.get(id).map(|sighting| sighting.first_seen).or(exported)
    }

    /// The posts of an export that earlier runs recorded, by the ids under which they were first seen.
    pub(super) fn exported(&self) -> impl Iterator<Item = (&str, &Kept)> {
        self.exported.iter().map(|(id, kept)| (id.as_str(), kept))
    }

    /// A post from elsewhere as an earlier run recorded it.
    pub(super) fn post(&self, id: &PostId) -> Option<&Post> {
        self.by_id.get(&id.0)?.post.as_deref()
    }

    /// The posts from elsewhere that were recorded under this id, and under those that were made of it for other items
    /// that have it: with an address behind it, or sixteen hex digits.
    pub(super) fn namesakes(&self, id: &PostId) -> impl Iterator<Item = &Post> {
        let prefix = format!("{id}#");
        let is_made = |post: &&Post| {
            let rest = post.id.0.strip_prefix(&*prefix).unwrap_or_default();
            rest == post.address || (rest.len() == 16 && rest.bytes().all(|b| b.is_ascii_hexdigit()))
        };
        let made = self.by_id.range(prefix.clone()..).take_while(|(id, _)| id.starts_with(&*prefix));
        let made: Vec<&Post> = made.filter_map(|(_, sighting)| sighting.post.as_deref()).filter(is_made).collect();
        self.post(id).into_iter().chain(made)
    }

    /// The post that its feed gives this id now, and had another when it was first seen.
    pub(super) fn renamed(&self, id: &PostId) -> Option<&PostId> {
        self.renamed.get(&id.0).filter(|_| self.post(id).is_none())
    }

    /// Whether its feed took the post back.
    pub(super) fn is_withdrawn(&self, id: &str) -> bool {
        self.by_id.get(id).is_some_and(|sighting| sighting.withdrawn)
    }

    /// The sighting to record for a post from elsewhere: a new one, or one that has changed.
    pub(super) fn sight_post(&self, post: &Post) -> Option<Sighting> {
        let is_new = self.post(&post.id) != Some(post) || self.is_withdrawn(&post.id.0);
        is_new.then(|| Sighting {
            post: Some(Box::new(post.clone())),
            ..Sighting::of(&post.source, &post.id.0, post.first_seen)
        })
    }

    /// What earlier runs recorded, in the order in which it was first seen.
    pub(super) fn sightings(&self) -> impl Iterator<Item = &Sighting> {
        self.order.iter().filter_map(|id| self.by_id.get(id))
    }

    /// The posts from elsewhere that earlier runs recorded.
    pub(super) fn posts(&self) -> impl Iterator<Item = &Post> {
        self.sightings().filter_map(|sighting| sighting.post.as_deref())
    }
}

/// What earlier runs saw of each source, by its name; of those too that config.toml has no more, for the posts of our
/// own in them may stand in another one now.
pub(super) fn read_all(config: &Config, warnings: &mut Vec<Warning>) -> BTreeMap<String, Seen> {
    let mut all = BTreeMap::new();
    for name in names(config, warnings) {
        let path = path(config, &name);
        let file = display(&config.root, &path);
        let seen = Seen::read(&path, &file, warnings);
        if seen.posts().next().is_some() && !config.sources.iter().any(|source| source.name == name) {
            let message =
                format!("these posts from elsewhere are of a source `{name}`, which config.toml does not have");
            let hint = "they are not used; call the file as the source is called now, or take it away";
            warnings.push(Warning::new(message).at(Place::file(&file)).hint(hint));
        }
        all.insert(name, seen);
    }
    all
}

/// The sources of which there is a file in collected/, in the order of their names.
fn names(config: &Config, warnings: &mut Vec<Warning>) -> Vec<String> {
    let folder = config.root.join("collected");
    let entries = match std::fs::read_dir(&folder) {
        Ok(entries) => entries,
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => return Vec::new(),
        Err(cause) => {
            warnings.push(Error::io("read", &display(&config.root, &folder), &cause).into_warning());
            return Vec::new();
        }
    };
    let (names, broken) = of_files(entries.map(|entry| Ok(entry?.file_name())));
    warnings.extend(broken.map(|cause| Error::io("read", &display(&config.root, &folder), &cause).into_warning()));
    names
}

/// The sources of these files, up to a name that cannot be read, and why not.
fn of_files(files: impl Iterator<Item = std::io::Result<OsString>>) -> (Vec<String>, Option<std::io::Error>) {
    let (mut names, mut broken) = (Vec::new(), None);
    let read = files.map_while(|file| file.map_err(|cause| broken = Some(cause)).ok());
    names.extend(read.filter_map(|file| file.to_string_lossy().strip_suffix(".jsonl").map(str::to_owned)));
    names.retain(|name| !name.starts_with('.'));
    names.sort();
    (names, broken)
}

/// collected/<source>.jsonl.
#[must_use]
pub fn path(config: &Config, source: &str) -> std::path::PathBuf {
    config.root.join("collected").join(format!("{source}.jsonl"))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Seen, of_files};

    #[test]
    fn a_folder_that_cannot_be_read_to_its_end_is_told() {
        let files = ["web.jsonl", ".masthead-x.jsonl", "posts.jsonl", "README.md"].map(|name| Ok(name.into()));
        let broken = [Err(std::io::Error::other("it broke off")), Ok("never.jsonl".into())];
        let (names, cause) = of_files(files.into_iter().chain(broken));
        assert_eq!(
            (names, cause.unwrap().to_string()),
            (vec!["posts".to_owned(), "web".to_owned()], "it broke off".to_owned())
        );
    }

    #[test]
    fn two_posts_with_one_id_are_told() {
        let line = |file: &str, first_seen: &str| {
            format!(
                "{{\"source\":\"posts\",\"id\":\"a\",\"first_seen\":\"{first_seen}\",\"own\":{{\"file\":\"{file}\",\
                 \"title\":\"A\",\"language\":\"en\",\"slug\":\"a\"}}}}\n"
            )
        };
        let (first, moved) = (line("a.md", "2026-07-31T10:00:00Z"), line("b.md", "2026-07-31T10:00:00Z"));
        let other = line("c.md", "2026-08-01T10:00:00Z");
        let mut warnings = Vec::new();
        let path = Path::new("posts.jsonl");
        Seen::default().parse(format!("{first}{moved}").as_bytes(), path, &mut warnings).unwrap();
        assert_eq!(warnings, []);
        Seen::default().parse(format!("{first}{other}").as_bytes(), path, &mut warnings).unwrap();
        assert!(warnings[0].to_string().starts_with("posts.jsonl:2:1: `c.md` and `a.md` were both given the id `a`"));
    }

    #[test]
    fn a_broken_last_line_costs_only_itself() {
        let mut warnings = Vec::new();
        let text =
            "{\"source\":\"posts\",\"id\":\"posts/en/a\",\"first_seen\":\"2026-07-31T10:00:00Z\"}\n{\"source\":\"مق";
        let cut = &text.as_bytes()[..text.len() - 1];
        let mut seen = Seen::default();
        seen.parse(cut, Path::new("collected/posts.jsonl"), &mut warnings).unwrap();
        assert!(seen.first("posts/en/a").is_some());
        assert_eq!(warnings.len(), 1);
        assert!(warnings[0].to_string().starts_with("collected/posts.jsonl:2:"), "{}", warnings[0]);
    }

    #[test]
    fn of_two_lines_of_an_exported_post_the_later_counts() {
        let line = |first_seen: &str, at: &str, number: u8| {
            format!(
                "{{\"source\":\"export\",\"id\":\"a\",\"first_seen\":\"2026-07-{first_seen}T10:00:00Z\",\
                 \"exported\":{{\"number\":{number}}}{at}}}\n"
            )
        };
        let (first, later) = (line("02", "", 1), line("01", ",\"at\":\"2026-07-09T10:00:00Z\"", 2));
        for lines in [format!("{first}{later}"), format!("{later}{first}")] {
            let (mut seen, mut warnings) = (Seen::default(), Vec::new());
            seen.parse(lines.as_bytes(), Path::new("export.jsonl"), &mut warnings).unwrap();
            let kept: Vec<_> = seen.exported().collect();
            assert_eq!((kept.len(), kept[0].1.exported.number, warnings.len()), (1, Some(2), 0));
            assert_eq!(seen.first("a"), "2026-07-01T10:00:00Z".parse().ok());
            assert_eq!(seen.sightings().count(), 0, "these need little memory");
        }
    }
}

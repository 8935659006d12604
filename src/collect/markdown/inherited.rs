//! What posts take from files beside them: Eleventy's data of a folder or of one file, and the `cascade` of a section in Hugo.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::bylines::Bylines;
use super::naming;
use crate::collect::dates;
use crate::collect::front::{self, Data, Entry, Node, find};
use crate::error::{Place, Warning};
use crate::model::Language;

/// A larger file is no data of a folder, in bytes.
const LARGEST: u64 = 1 << 20;
/// How the names of Eleventy's data end, before the ending of their format.
const ELEVENTY: &str = ".11tydata";
/// Programs, which are not run.
const PROGRAMS: [&str; 4] = ["js", "cjs", "mjs", "ts"];
/// Tags by which Eleventy's sites gather their posts, and which they show to nobody (eleventy-base-blog, `filterTagList`).
const OF_COLLECTIONS: [&str; 4] = ["all", "nav", "post", "posts"];

/// What is said of posts in other files than theirs.
#[derive(Debug, Default)]
pub(super) struct Inherited {
    /// Later ones count more.
    layers: Vec<Layer>,
    /// Who is meant by the words in `authors`.
    pub(super) bylines: Bylines,
    /// The files that were read for it, beside those of sections.
    pub(super) read: HashSet<PathBuf>,
    /// The first file that is there and cannot be read: it may hold posts back.
    pub(super) unread: Option<(PathBuf, std::io::Error)>,
    pub(super) warnings: Vec<Warning>,
}

/// What one post takes.
#[derive(Debug, Default)]
pub(super) struct Given {
    /// Keys that count where its own front matter has none.
    pub(super) entries: Vec<Entry>,
    /// Tags that it has beside its own.
    pub(super) tags: Vec<String>,
}

#[derive(Debug)]
struct Layer {
    covers: Covers,
    /// Whether its name is Eleventy's own, `.11tydata.json`, which counts more than `.json` alone.
    is_named: bool,
    entries: Vec<Entry>,
    tags: Vec<String>,
}

#[derive(Debug)]
enum Covers {
    /// All below a folder, which is empty for the source's own.
    Folder(String),
    /// The same, of those named as in this language: `_index.fa.md` speaks for `a.fa.md`.
    Section(String, Option<Language>),
    /// The post of this path, without its ending.
    Post(String),
}

impl Inherited {
    /// Reads what the files among `attachments` and the `sections` below the folder `root` say. `posts` are the paths of the
    /// posts below it; `display` says how a path is named in messages.
    pub(super) fn read(
        root: &Path,
        attachments: &[PathBuf],
        sections: &[PathBuf],
        posts: &HashSet<&str>,
        display: &dyn Fn(&Path) -> PathBuf,
    ) -> Self {
        let mut inherited = Self { bylines: Bylines::beside(root), ..Self::default() };
        let own = root.canonicalize().ok().and_then(|root| Some(root.file_name()?.to_string_lossy().into_owned()));
        for path in attachments {
            let Some(relative) = relative(root, path) else { continue };
            if inherited.bylines.take(path, &relative) {
                inherited.read.insert(path.clone());
                continue;
            }
            let folder = relative.rsplit_once('/').map_or("", |(folder, _)| folder);
            let folder_name = folder.rsplit('/').next().filter(|name| !name.is_empty()).or(own.as_deref());
            let Some(covers) = covers(&relative, folder, folder_name.unwrap_or_default(), posts) else { continue };
            inherited.take_data(path, covers, &display(path));
        }
        for path in sections {
            let Some(relative) = relative(root, path) else { continue };
            inherited.take_section(path, &relative, &display(path));
        }
        inherited.layers.sort_by_key(Layer::rank);
        inherited
    }

    /// What the post of this path takes.
    pub(super) fn of(&self, relative: &str, language: Option<&Language>) -> Given {
        let mut given = Given::default();
        for layer in self.layers.iter().filter(|layer| layer.covers.holds(relative, language)) {
            given.entries.extend(layer.entries.iter().cloned());
            given.tags.extend(layer.tags.iter().cloned());
        }
        given
    }

    fn take_data(&mut self, path: &Path, covers: Covers, file: &Path) {
        let extension = path.extension().unwrap_or_default();
        self.read.insert(path.to_path_buf());
        if PROGRAMS.iter().any(|program| extension == *program) {
            let message = "it is a program, which is not run here; what it says of the posts beside it is not known";
            self.warnings.push(Warning::new(message).at(Place::file(file)).hint("data in JSON is read"));
            return;
        }
        let text = self.text(path);
        let Some(entries) = text.and_then(|text| front::read_json(&text)) else {
            if file.to_string_lossy().contains(ELEVENTY) {
                let message = "it is no object in JSON; nothing of it was read";
                self.warnings.push(Warning::new(message).at(Place::file(file)));
            }
            return;
        };
        let tags = find(&entries, "tags").map(Node::texts).unwrap_or_default();
        let tags = tags.into_iter().filter(|tag| !OF_COLLECTIONS.contains(&tag.as_str())).collect();
        let entries = entries.into_iter().filter(|entry| !entry.key.eq_ignore_ascii_case("tags"));
        let entries = self.usable(entries, file);
        let is_named = file.to_string_lossy().contains(ELEVENTY);
        self.layers.push(Layer { covers, is_named, entries, tags });
    }

    fn take_section(&mut self, path: &Path, relative: &str, file: &Path) {
        let Some(text) = self.text(path).filter(|text| text.contains("cascade")) else { return };
        let front = front::parse(&text, &[], false, file, &mut Vec::new()).front;
        let Some(cascade) = find(&front.data, "cascade") else { return };
        let folder = relative.rsplit_once('/').map_or("", |(folder, _)| folder);
        let tables = match &cascade.value {
            Data::List(tables) => tables.as_slice(),
            _ => std::slice::from_ref(cascade),
        };
        for table in tables {
            let Data::Map(members) = &table.value else { continue };
            let params = table.get("params").map(|params| match &params.value {
                Data::Map(members) => members.clone(),
                _ => Vec::new(),
            });
            let entries = params.unwrap_or_default().into_iter().chain(members.iter().cloned());
            let entries = self.usable(entries, file);
            if entries.is_empty() {
                continue;
            }
            if let Some(target) =
                table.get("_target").or_else(|| table.get("target")).filter(|node| !is_all_pages(node))
            {
                let message = "`cascade` is for some pages alone by its `target`, which is not looked at here; it was passed over";
                let place = Place::at(file, target.line, target.column);
                self.warnings.push(Warning::new(message).at(place));
                continue;
            }
            let covers = Covers::Section(folder.to_owned(), naming::suffix(relative).map(|(_, language)| language));
            self.layers.push(Layer { covers, is_named: false, entries, tags: Vec::new() });
        }
    }

    /// The text of a file that is not too large for data.
    fn text(&mut self, path: &Path) -> Option<String> {
        let is_small = path.metadata().is_ok_and(|data| data.len() <= LARGEST);
        match std::fs::read(path) {
            Ok(bytes) => String::from_utf8(bytes).ok().filter(|_| is_small),
            Err(cause) => {
                let is_there = cause.kind() != std::io::ErrorKind::NotFound;
                self.unread = self.unread.take().or_else(|| is_there.then(|| (path.to_path_buf(), cause)));
                None
            }
        }
    }

    /// Those of the keys that count here. What is wrong with them is said once, not by each post.
    fn usable(&mut self, entries: impl Iterator<Item = Entry>, file: &Path) -> Vec<Entry> {
        let mut usable = Vec::new();
        for entry in entries.filter(|entry| front::is_inherited(&entry.key)) {
            let date = entry.node.text().filter(|_| entry.key.eq_ignore_ascii_case("date"));
            if let Some(text) = date.filter(|text| dates::parse(text).is_none()) {
                // Eleventy takes "Last Modified" and "git Created", too.
                if text.contains(|c: char| c.is_numeric()) {
                    let place = Place::at(file, entry.node.line, entry.node.column);
                    self.warnings.push(Warning::new(format!("`{text}` is not a date of the calendar")).at(place));
                }
                continue;
            }
            usable.push(Entry { line: 1, column: 1, node: at_the_beginning(entry.node), ..entry });
        }
        usable
    }
}

impl Layer {
    /// The deeper counts more, and most what is said of one post.
    fn rank(&self) -> (bool, usize, bool) {
        let depth = |folder: &str| if folder.is_empty() { 0 } else { folder.split('/').count() };
        match &self.covers {
            Covers::Folder(folder) | Covers::Section(folder, _) => (false, depth(folder), self.is_named),
            Covers::Post(path) => (true, depth(path), self.is_named),
        }
    }
}

impl Covers {
    fn holds(&self, relative: &str, language: Option<&Language>) -> bool {
        let below =
            |folder: &str| folder.is_empty() || relative.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
        match self {
            Self::Folder(folder) => below(folder),
            Self::Section(folder, of) => below(folder) && of.as_ref() == language,
            Self::Post(path) => bare(relative) == path,
        }
    }
}

/// Whether a target of Hugo's is every page of the section.
fn is_all_pages(target: &Node) -> bool {
    matches!(&target.value, Data::Map(members) if members.iter().all(|member| member.key == "kind"))
        && target.get("kind").and_then(Node::text).is_none_or(|kind| kind.eq_ignore_ascii_case("page"))
}

/// What a file of this path is data for: `blog/blog.json` for a folder, `blog/a.11tydata.json` for `blog/a.md`.
fn covers(relative: &str, folder: &str, folder_name: &str, posts: &HashSet<&str>) -> Option<Covers> {
    let (path, extension) = relative.rsplit_once('.')?;
    let is_json = extension == "json";
    let path = match path.strip_suffix(ELEVENTY) {
        Some(path) if is_json || PROGRAMS.contains(&extension) => path,
        None if is_json => path,
        _ => return None,
    };
    let name = path.rsplit('/').next()?;
    if name == folder_name {
        return Some(Covers::Folder(folder.to_owned()));
    }
    posts.contains(path).then(|| Covers::Post(path.to_owned()))
}

/// A path without its ending.
pub(super) fn bare(relative: &str) -> &str {
    relative.rsplit_once('.').map_or(relative, |(bare, _)| bare)
}

/// A path below `root`, with slashes.
pub(super) fn relative(root: &Path, path: &Path) -> Option<String> {
    let parts = path.strip_prefix(root).ok()?.components();
    Some(parts.map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/"))
}

/// A value whose place is not one in the file of the post that takes it.
fn at_the_beginning(node: Node) -> Node {
    let value = match node.value {
        Data::List(items) => Data::List(items.into_iter().map(at_the_beginning).collect()),
        Data::Map(members) => {
            let moved = |member: Entry| Entry { line: 1, column: 1, node: at_the_beginning(member.node), ..member };
            Data::Map(members.into_iter().map(moved).collect())
        }
        value => value,
    };
    Node { line: 1, column: 1, value }
}

#[cfg(test)]
mod tests {
    use super::Bylines;
    use crate::collect::markdown::tests::read;

    #[test]
    fn what_a_program_keeps_off_its_lists_is_held_back() {
        for (front, what) in [
            ("draft: true", "`draft: true`"),
            ("published: no", "`published: no`"),
            ("status: Pending", "`status: Pending`"),
            ("status: skip", "`status: skip`"),
            ("visibility: private", "`visibility: private`"),
            ("visibility: paid", "`visibility: paid`"),
            ("access: members", "`access: members`"),
            ("post_status: private", "`post_status: private`"),
            ("members_only: true", "`members_only: true`"),
            ("private: true", "`private: true`"),
            ("extra:\n  hidden: 'yes'", "`hidden: yes`"),
            ("unlisted: true", "`unlisted: true`"),
            ("eleventyExcludeFromCollections: true", "`eleventyExcludeFromCollections: true`"),
            ("build:\n  render: never", "`build.render: never`"),
            ("_build: {list: false}", "`_build.list: false`"),
            ("render: false", "`render: false`"),
            ("password: olive", "`password`"),
            ("public: false", "`public: false`"),
            ("access: [members]", "`access: members`"),
            ("access:\n  - members", "`access: members`"),
            ("status: [draft]", "`status: draft`"),
            ("draft: [true]", "`draft: true`"),
            ("is_draft: true", "`is_draft: true`"),
            ("draft: y", "`draft: y`"),
            ("isPublished: false", "`isPublished: false`"),
            ("params:\n  draft: true", "`draft: true`"),
            ("status: In Review", "`status: In Review`"),
            ("visibility: members-only", "`visibility: members-only`"),
            ("members: true", "`members: true`"),
            ("released: false", "`released: false`"),
            ("embargo: until the vote", "`embargo: until the vote`"),
            ("embargo: true", "`embargo: true`"),
        ] {
            let (collected, warnings) =
                read(&[("a.md", &format!("---\ntitle: A\ndate: 2026-07-02\n{front}\n---\nText.\n"))]);
            assert_eq!(warnings, Vec::<String>::new(), "{front}");
            assert_eq!(
                (collected.posts[0].draft, collected.posts[0].held_back.as_deref()),
                (true, Some(what)),
                "{front}"
            );
        }
        for front in [
            "hidden: false",
            "status: publish",
            "build: {render: link, list: local}",
            "password: false",
            "render: true",
            "public: true",
            "access: [members, public]",
            "draft: [false]",
            "draft: false\nparams:\n  draft: true",
            "cover:\n  hidden: true",
            "members: [Women's choir, Brass]",
            "status: scheduled",
            "embargo: 2026-07-01",
        ] {
            let (collected, _) = read(&[("a.md", &format!("---\ntitle: A\n{front}\n---\nText.\n"))]);
            assert_eq!((collected.posts[0].draft, &collected.posts[0].held_back), (false, &None), "{front}");
        }
    }

    #[test]
    fn authors_are_called_as_the_list_beside_their_posts_has_them() {
        let post = "---\ntitle: A\ndate: 2026-07-02\nauthors: [ann, Bob]\n---\nText.\n";
        let (collected, warnings) = read(&[
            ("blog/authors.yml", "ann:\n  name: Ann Bee\n  url: https://a.example/\nbob:\n  title: Setter\n"),
            ("blog/2026/a.md", post),
            ("other/b.md", post),
        ]);
        let authors: Vec<String> = collected.posts.iter().map(|post| post.authors.join("+")).collect();
        assert_eq!((authors.join(" "), warnings), ("Ann Bee+Bob ann+Bob".to_owned(), Vec::new()));
        assert!(collected.counted.is_empty(), "{:?}", collected.counted);
    }

    #[test]
    fn authors_are_called_as_the_data_of_a_site_have_them() {
        let post = "---\ntitle: A\ndate: 2026-07-02\nauthor: ann\n---\nText.\n";
        let list = "ann:\n  name: Ann Bee\n";
        let (collected, _) = read(&[("_data/authors.yml", list), ("_posts/2026-07-02-a.md", post)]);
        assert_eq!(collected.posts[0].authors, ["Ann Bee"]);
        let site = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(site.path().join("_data")).unwrap();
        std::fs::write(site.path().join("_data/authors.yml"), list).unwrap();
        let named = |folder: &str| Bylines::beside(&site.path().join(folder)).named("a.md", "ann".to_owned());
        assert_eq!([named("_posts"), named("posts")], ["Ann Bee", "ann"]);
    }

    #[test]
    fn what_a_folder_says_of_its_posts_counts_where_they_say_nothing() {
        let post = |front: &str| format!("---\ntitle: A\n{front}\n---\nText.\n");
        let (plain, own, dated) = (post(""), post("draft: false\ntags: [own]\nauthor: Ours"), post("date: 2026-07-04"));
        let (collected, warnings) = read(&[
            ("posts.json", "{\"author\": \"The editors\", \"layout\": \"post\"}"),
            ("blog/blog.json", "{\"tags\": [\"posts\", \"ink\"], \"date\": \"2026-07-03\", \"draft\": false}"),
            ("blog/blog.11tydata.json", "{\"draft\": true,}"),
            ("blog/blog.11tydata.js", "export default { draft: true };"),
            ("blog/a.md", &plain),
            ("blog/own.md", &own),
            ("blog/deep/c.md", &dated),
            ("blog/deep/c.11tydata.json", "{\"draft\": false, \"date\": \"soon\", \"tags\": \"one two\"}"),
            ("sections/_index.md", "---\ncascade:\n  draft: true\n  date: 2026-07-32\n---\n"),
            ("sections/d.md", &plain),
            ("sections/e.fa.md", &plain),
            ("some/_index.md", "+++\n[[cascade]]\ndraft = true\n[cascade._target]\npath = '/some/x*'\n+++\n"),
            ("some/f.md", &plain),
            ("data.json", "[1, 2]"),
        ]);
        let told: Vec<String> = collected
            .posts
            .iter()
            .map(|post| {
                let day = post.published.map(|at| at.date_naive().to_string()).unwrap_or_default();
                format!(
                    "{} {day} {} {} {:?}",
                    post.file.display(),
                    post.authors.join("+"),
                    post.tags.join("+"),
                    post.held_back
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                "posts/blog/a.md 2026-07-02 The editors ink Some(\"`draft: true`\")",
                "posts/blog/deep/c.md 2026-07-03 The editors ink+one two None",
                "posts/blog/own.md 2026-07-02 Ours ink+own None",
                "posts/sections/d.md  The editors  Some(\"`draft: true`\")",
                "posts/sections/e.fa.md  The editors  None",
                "posts/some/f.md  The editors  None",
            ]
        );
        assert_eq!(
            warnings,
            [
                "posts/blog/blog.11tydata.js: it is a program, which is not run here; what it says of the posts beside it is not known\n  data in JSON is read",
                "posts/sections/_index.md:4:9: `2026-07-32` is not a date of the calendar",
                "posts/some/_index.md:4:1: `cascade` is for some pages alone by its `target`, which is not looked at here; it was passed over",
            ]
        );
        assert_eq!(collected.counted.iter().map(|counted| counted.count).sum::<usize>(), 1, "{:?}", collected.counted);
    }
}

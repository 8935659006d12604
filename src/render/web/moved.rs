//! Posts that came from another system and keep their addresses. Where such an address lies below ours, the post's
//! page stands there too, whole: it is the address in the feeds, and readers who follow it find the post, not a
//! signpost. Both pages name it as the canonical one.

use std::collections::{BTreeMap, BTreeSet};

use percent_encoding::percent_decode_str;

use super::edition::EditionPages;
use crate::error::{Place, Warning};
use crate::model::{Origin, Post};
use crate::render::Site;

/// First parts of paths that public/ uses itself.
const OURS: [&str; 5] = ["assets", "authors", "page", "sections", "tags"];

/// Names of files that are fed, not read.
const FILES: [&str; 8] =
    ["404.html", "atom.xml", "email.html", "feed.json", "feed.xml", "feeds.opml", "sitemap.xml", "style.css"];

/// The longest name of a file or folder, in bytes.
const LONGEST: usize = 240;

/// Where posts stood before.
#[derive(Debug, Default)]
pub(super) struct Moved {
    /// The file of the old address, by the folder of the post's own page; both below public/.
    places: BTreeMap<String, String>,
}

impl Moved {
    /// Finds a place for every post that brought an address below ours, and says of which no page can stand there.
    pub(super) fn new(site: &Site<'_>, editions: &[EditionPages<'_>]) -> (Self, Vec<Warning>) {
        let mut moved = Self::default();
        let mut without: Vec<&Post> = Vec::new();
        let own = |edition: &'_ EditionPages<'_>| -> Vec<(String, String)> {
            let posts = edition.posts.iter().filter(|post| post.origin == Origin::Own);
            posts.map(|post| (edition.post_path(post), post.address.clone())).collect()
        };
        let mut taken: BTreeSet<String> = BTreeSet::new();
        taken.extend(editions.iter().flat_map(own).map(|(path, _)| path + "index.html"));
        for edition in editions {
            for post in edition.posts.iter().filter(|post| post.origin == Origin::Own) {
                let path = edition.post_path(post);
                let Some(below) = below(&post.address, edition.base_url).filter(|below| *below != path) else {
                    continue;
                };
                let file = file(below).filter(|file| *file != format!("{path}index.html"));
                let is_free = |file: &String| !is_ours(file, site) && !crowds(&taken, file) && !taken.contains(file);
                match file {
                    Some(file) if is_free(&file) => {
                        taken.insert(file.clone());
                        moved.places.insert(path, file);
                    }
                    // The same path, spelt in another way.
                    None if percent_decode_str(below).decode_utf8_lossy() == path.as_str() => {}
                    _ => without.push(post),
                }
            }
        }
        let warning = without.first().map(|first| {
            let address = &first.address;
            let message = match without.len() {
                1 => format!("no page can stand at `{address}`, which a post keeps as its address"),
                many => format!("no page can stand at `{address}` and {} other addresses that posts keep", many - 1),
            };
            let hint = "the posts have their pages under posts/; let the web server lead from the old address to them";
            Warning::new(message).at(Place::file(&first.file)).hint(hint)
        });
        (moved, warning.into_iter().collect())
    }

    /// The file at the old address of the post whose own page stands in this folder.
    pub(super) fn place(&self, path: &str) -> Option<&str> {
        self.places.get(path).map(String::as_str)
    }

    /// The old addresses that are files, not folders.
    pub(super) fn files(&self) -> impl Iterator<Item = &str> {
        self.places.values().map(String::as_str).filter(|file| !file.ends_with("/index.html"))
    }
}

/// What of an address lies below ours, whatever the scheme.
fn below<'a>(address: &'a str, base_url: &str) -> Option<&'a str> {
    let bare = |url: &'_ str| url.split_once("://").map_or(0, |(scheme, _)| scheme.len() + 3);
    address[bare(address)..].strip_prefix(&base_url[bare(base_url)..])
}

/// The file that answers at a path: `2013/06/a-post/` is a folder, `a-post.html` a file. A query asks a program.
fn file(below: &str) -> Option<String> {
    let path = below.split('#').next().unwrap_or(below);
    if path.contains('?') {
        return None;
    }
    let decoded = percent_decode_str(path).decode_utf8().ok()?;
    let path = decoded.trim_end_matches('/');
    let fits = |part: &str| {
        !matches!(part, "" | "." | "..")
            && part.len() <= LONGEST
            && !part.contains(['\\', '\0'])
            && !part.starts_with(".masthead")
    };
    if !path.split('/').all(fits) {
        return None;
    }
    let is_file = !decoded.ends_with('/') && matches!(path.rsplit_once('.'), Some((_, "html" | "htm")));
    Some(if is_file { path.to_owned() } else { format!("{path}/index.html") })
}

/// Whether a file stands where public/ has, or may have, pages of another kind.
fn is_ours(file: &str, site: &Site<'_>) -> bool {
    let mut parts = file.split('/');
    let mut first = parts.next().unwrap_or_default();
    if site
        .editions
        .iter()
        .any(|edition| edition.language.as_str() == first && !site.prefix(&edition.language).is_empty())
    {
        first = parts.next().unwrap_or_default();
    }
    OURS.contains(&first)
        || first == "index.html"
        || file.split('/').any(|part| FILES.contains(&part))
        || site.issues.iter().any(|public| public.issue.key.series == first)
}

/// Whether a file would stand where a folder has to, or the other way round.
fn crowds(taken: &BTreeSet<String>, file: &str) -> bool {
    let is_taken = |path: &str| taken.contains(path);
    let above = file.match_indices('/').any(|(at, _)| is_taken(&file[..at]));
    let folder = format!("{file}/");
    above || taken.range(folder.clone()..).next().is_some_and(|next| next.starts_with(&folder))
}

#[cfg(test)]
mod tests {
    use super::{below, file};

    #[test]
    fn old_addresses_are_files_where_a_server_looks_for_them() {
        for (path, expected) in [
            ("2013/06/a-post/", Some("2013/06/a-post/index.html")),
            ("2013/06/a-post", Some("2013/06/a-post/index.html")),
            ("blog/a-post.html", Some("blog/a-post.html")),
            ("caf%C3%A9/#x", Some("café/index.html")),
            ("?p=12", None),
            ("a/../b/", None),
            ("%2e%2e/b/", None),
            ("", None),
            ("a//b/", None),
        ] {
            assert_eq!(file(path).as_deref(), expected, "{path}");
        }
        assert_eq!(below("http://a.example/b/c/", "https://a.example/b/"), Some("c/"));
        assert_eq!(below("https://c.example/b/c/", "https://a.example/b/"), None);
    }
}

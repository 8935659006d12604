//! Posts that came from another system and keep their addresses, and those that had another one before. Where such an
//! address lies below ours, the post's page stands there too, whole, because readers who follow it are to find the post, not
//! a signpost. Every page of a post names its address in the feeds as the canonical one.

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

/// The longest path below public/, in bytes: less than any system has.
const LONGEST_PATH: usize = 800;

/// Where posts stood before.
#[derive(Debug, Default)]
pub(super) struct Moved {
    /// The file of the old address, by the folder of the post's own page; both below public/.
    places: BTreeMap<String, String>,
    /// The files of the other addresses at which readers may look for it, by that folder.
    copies: BTreeMap<String, Vec<String>>,
}

/// Files that nothing else may stand in.
struct Claims<'a> {
    site: &'a Site<'a>,
    taken: BTreeSet<String>,
    /// The same in small letters: some servers and disks know no others.
    folded: BTreeSet<String>,
}

/// What became of a claim.
enum Claim {
    /// A page can stand in this file.
    Free(String),
    /// The address is none of ours, or that of the page in any case.
    Needless,
    /// Another post is found there.
    Taken,
    /// No page can stand there.
    Refused,
}

impl<'a> Claims<'a> {
    fn new(site: &'a Site<'a>, taken: BTreeSet<String>) -> Self {
        let folded = taken.iter().map(|file| file.to_lowercase()).collect();
        Self { site, taken, folded }
    }

    /// Claims the file of an address at which a post is to be found beside: nobody's in any letters.
    fn claim_beside(&mut self, address: &str, base_url: &str, path: &str) -> Claim {
        let folded = below(address, base_url).and_then(file).map(|file| file.to_lowercase());
        match folded {
            Some(folded) if self.folded.contains(&folded) => Claim::Taken,
            Some(folded) if is_ours(&folded, self.site) || crowds(&self.folded, &folded) => Claim::Refused,
            _ => self.claim(address, base_url, path),
        }
    }

    /// Claims the file of an address for the post whose page stands in the folder `path`.
    fn claim(&mut self, address: &str, base_url: &str, path: &str) -> Claim {
        let Some(below) = below(address, base_url).filter(|below| *below != path) else { return Claim::Needless };
        let own = format!("{path}index.html");
        match file(below) {
            // The same path, spelt in another way.
            Some(file) if file == own => Claim::Needless,
            Some(file) if self.taken.contains(&file) => Claim::Taken,
            Some(file) if !is_ours(&file, self.site) && !crowds(&self.taken, &file) => {
                self.taken.insert(file.clone());
                self.folded.insert(file.to_lowercase());
                Claim::Free(file)
            }
            _ => Claim::Refused,
        }
    }
}

impl Moved {
    /// Finds a place for every post that brought an address below ours or had one, and says of which no page can stand there.
    pub(super) fn new(site: &Site<'_>, editions: &[EditionPages<'_>]) -> (Self, Vec<Warning>) {
        let mut moved = Self::default();
        let own = || {
            let posts = editions.iter().flat_map(|edition| edition.all_posts().map(move |post| (edition, post)));
            posts.filter(|(_, post)| post.origin == Origin::Own)
        };
        let taken = own().map(|(edition, post)| edition.post_path(post) + "index.html").collect();
        let mut claims = Claims::new(site, taken);
        let mut without: Vec<(&str, &Post)> = Vec::new();
        for (edition, post) in own() {
            let path = edition.post_path(post);
            match claims.claim(&post.address, edition.base_url, &path) {
                Claim::Free(file) => {
                    moved.places.insert(path, file);
                }
                Claim::Needless => {}
                Claim::Taken | Claim::Refused => without.push((&post.address, post)),
            }
        }
        // Nobody loses an address to one that another post had once.
        for (edition, post) in own() {
            let path = edition.post_path(post);
            for alias in &post.aliases {
                match claims.claim_beside(alias, edition.base_url, &path) {
                    Claim::Free(file) => moved.copies.entry(path.clone()).or_default().push(file),
                    Claim::Needless | Claim::Taken => {}
                    Claim::Refused => without.push((alias, post)),
                }
            }
        }
        (moved, refused(&without).into_iter().collect())
    }

    /// The file at the old address of the post whose own page stands in this folder.
    pub(super) fn place(&self, path: &str) -> Option<&str> {
        self.places.get(path).map(String::as_str)
    }

    /// Every other file in which the page of that post stands too.
    pub(super) fn others(&self, path: &str) -> impl Iterator<Item = &str> {
        self.place(path).into_iter().chain(self.copies.get(path).into_iter().flatten().map(String::as_str))
    }

    /// The old addresses that are files, not folders.
    pub(super) fn files(&self) -> impl Iterator<Item = &str> {
        self.places.values().map(String::as_str).filter(|file| !file.ends_with("/index.html"))
    }

    /// The files of pages that are found at a better address.
    pub(super) fn copies(&self) -> BTreeSet<&str> {
        self.copies.values().flatten().map(String::as_str).collect()
    }
}

/// A warning for the addresses at which no page can stand, with the posts that keep them.
fn refused(without: &[(&str, &Post)]) -> Option<Warning> {
    let (address, post) = without.first()?;
    let message = match without.len() {
        1 => format!("no page can stand at `{address}`, which a post keeps as its address"),
        many => format!("no page can stand at `{address}` and {} other addresses that posts keep", many - 1),
    };
    let hint = "the posts have their pages under posts/; let the web server lead from the old address to them";
    Some(Warning::new(message).at(Place::file(&post.file)).hint(hint))
}

/// What of an address lies below ours, whatever the scheme.
fn below<'a>(address: &'a str, base_url: &str) -> Option<&'a str> {
    let bare = |url: &'_ str| url.split_once("://").map_or(0, |(scheme, _)| scheme.len() + 3);
    address[bare(address)..].strip_prefix(&base_url[bare(base_url)..])
}

/// What the names of folders and files begin with that servers and programs take for what they are told, and ours for its own.
const HIDDEN: [&str; 5] = [".masthead", ".ht", ".git", ".env", ".user.ini"];

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
            && !HIDDEN.iter().any(|begins| part.starts_with(begins))
    };
    if path.len() > LONGEST_PATH || !path.split('/').all(fits) {
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
            (".htaccess", None),
            ("blog/.net-tips/", Some("blog/.net-tips/index.html")),
            ("a/.git/config/", None),
            (".well-known/change-password", Some(".well-known/change-password/index.html")),
        ] {
            assert_eq!(file(path).as_deref(), expected, "{path}");
        }
        assert_eq!(below("http://a.example/b/c/", "https://a.example/b/"), Some("c/"));
        assert_eq!(below("https://c.example/b/c/", "https://a.example/b/"), None);
    }
}

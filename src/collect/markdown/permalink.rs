//! Permalinks that are templates, as Eleventy has them: `/blog/{{ page.fileSlug }}/`.

use std::path::Path;

use super::naming::Name;
use crate::collect::front::{Front, find};
use crate::collect::liquid::{self, Page};
use crate::error::{Place, Warning};
use crate::model::Publication;

/// The absolute addresses below ours, other than that of the page at `path`, under which a post says that it is to be found:
/// Jekyll's and Hugo's `permalink` and `url`, Zola's `path`, `aliases` and `redirect_from`. A pattern such as `/:year/:title/`, the name
/// of one (`pretty`), a question to a program (`/?p=12`) and another name for the matter, as Obsidian has aliases, are none.
pub(super) fn aliases(publication: &Publication, front: &Front, path: &str) -> Vec<String> {
    let own = publication.url(path);
    let path = front.path.iter().map(|said| said.trim()).filter(|said| !STYLES.contains(said));
    let names = front.aliases.iter().map(|said| said.trim()).filter(|said| is_path(said));
    let mut aliases: Vec<String> = Vec::new();
    for said in path.chain(names) {
        let is_pattern = said.contains(':') && !said.contains("://");
        let address = absolute(publication, said);
        let is_own = address.trim_end_matches('/') == own.trim_end_matches('/');
        if !said.is_empty() && !is_pattern && !said.contains('?') && !is_own && !aliases.contains(&address) {
            aliases.push(address);
        }
    }
    aliases
}

/// Names of Jekyll's patterns.
pub(super) const STYLES: [&str; 5] = ["date", "pretty", "ordinal", "weekdate", "none"];

/// Whether an alias is an address: from the root, of the web, or folders in the letters that addresses have.
fn is_path(said: &str) -> bool {
    let is_plain = |c: char| matches!(c, '/' | '-' | '_' | '.' | '~' | '%') || c.is_alphanumeric() && !c.is_uppercase();
    said.starts_with('/') || said.contains("://") || (said.contains('/') && said.chars().all(is_plain))
}

/// The address that a path means: below ours, whether the path of the site's root stands before it or not.
fn absolute(publication: &Publication, said: &str) -> String {
    if said.contains("://") {
        return said.to_owned();
    }
    if let Some(other) = said.strip_prefix("//") {
        return format!("https://{other}");
    }
    let base = &publication.base_url;
    let root = base.split_once("://").and_then(|(_, rest)| rest.find('/').map(|at| &rest[at..])).unwrap_or("/");
    publication.url(said.strip_prefix(root).unwrap_or(said))
}

/// Where a post says that it stands in its own site, as far as that is known; `relative` is its file below the folder of its
/// source.
pub(super) fn known(
    front: &Front,
    relative: &str,
    name: &Name,
    file: &Path,
    warnings: &mut Vec<Warning>,
) -> Option<String> {
    let path = front.path.as_deref()?;
    // Eleventy writes no page then; the post is in lists.
    if path == "false" {
        return None;
    }
    if !path.contains("{{") && !path.contains("{%") {
        return Some(path.to_owned());
    }
    let (folders, file_name) = relative.rsplit_once('/').unwrap_or(("", relative));
    let stem = if file_name.starts_with("index.") { "index" } else { &*name.stem };
    let path_stem = format!("{}{folders}/{stem}", if folders.is_empty() { "" } else { "/" });
    let mut scalars = front.scalars.clone();
    for (key, value) in [("fileSlug", &*name.stem), ("filePathStem", &*path_stem), ("outputFileExtension", "html")] {
        scalars.push((key.to_owned(), value.to_owned()));
    }
    // What the front matter says counts more.
    scalars.extend(name.day.map(|day| ("date".to_owned(), day.to_string())));
    let expanded = liquid::expand(path, false, Page { scalars: &scalars, data: &front.data, includes: None });
    if expanded.reports.is_empty() {
        return Some(expanded.text.into_owned());
    }
    let place = ["path", "permalink", "url"].into_iter().find_map(|key| find(&front.data, key));
    let place = place.map_or_else(|| Place::file(file), |node| Place::at(file, node.line, node.column));
    let message = format!("where `{path}` leads is not known here; the post has the name of its file");
    warnings.push(Warning::new(message).at(place).hint("`slug` in the front matter names a post"));
    None
}

//! Permalinks that are templates, as Eleventy has them: `/blog/{{ page.fileSlug }}/`.

use std::path::Path;

use super::naming::Name;
use crate::collect::front::{Front, find};
use crate::collect::liquid::{self, Page};
use crate::error::{Place, Warning};

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

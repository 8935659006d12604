//! Who is meant by a word in `authors`: the lists of names that Docusaurus keeps beside its posts (`authors.yml`).

use std::collections::HashMap;
use std::path::Path;

use crate::collect::front;

/// How such lists are called.
const LISTS: [&str; 3] = ["authors.yml", "authors.yaml", "authors.json"];

/// A larger file is no such list, in bytes.
const LARGEST: u64 = 1 << 20;

/// The names that lists give, by the folders of these, the deepest first.
#[derive(Debug, Default)]
pub(super) struct Bylines(Vec<(String, HashMap<String, String>)>);

impl Bylines {
    /// Takes a file, `relative` below the source's folder, if it is such a list. Says whether it is.
    pub(super) fn take(&mut self, path: &Path, relative: &str) -> bool {
        let (folder, name) = relative.rsplit_once('/').unwrap_or(("", relative));
        let is_small = || path.metadata().is_ok_and(|data| data.len() <= LARGEST);
        if !LISTS.contains(&name) || !is_small() {
            return false;
        }
        let entries = std::fs::read_to_string(path).ok().and_then(|text| front::read_data(&text)).unwrap_or_default();
        let named =
            entries.into_iter().filter_map(|entry| Some((entry.key, entry.node.get("name")?.text()?.to_owned())));
        let names: HashMap<String, String> = named.collect();
        let is_list = !names.is_empty();
        if is_list {
            self.0.push((folder.to_owned(), names));
            self.0.sort_by_key(|(folder, _)| std::cmp::Reverse(folder.len()));
        }
        is_list
    }

    /// The author of the post at this path that a word means; the word itself where no list names it.
    pub(super) fn named(&self, relative: &str, word: String) -> String {
        let is_above =
            |folder: &str| folder.is_empty() || relative.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
        let mut lists = self.0.iter().filter(|(folder, _)| is_above(folder));
        lists.find_map(|(_, names)| names.get(&word)).cloned().unwrap_or(word)
    }
}

//! Who is meant by a word in `authors`: the lists of names that Docusaurus keeps beside its posts (`authors.yml`), and
//! sites of Jekyll among their data (`_data/authors.yml`).

use std::collections::HashMap;
use std::path::Path;

use crate::collect::front;

/// How such lists are called.
const LISTS: [&str; 3] = ["authors.yml", "authors.yaml", "authors.json"];

/// A larger file is no such list, in bytes.
const LARGEST: u64 = 1 << 20;

/// The folder of a site of Jekyll that holds data for all of it, and the one of its posts.
const DATA: &str = "_data";
const POSTS: &str = "_posts";

/// The names that lists give, by the folders of whose posts they speak, the deepest first.
#[derive(Debug, Default)]
pub(super) struct Bylines(Vec<(String, HashMap<String, String>)>);

impl Bylines {
    /// The list that stands beside `root` where that is the folder of posts of a site of Jekyll.
    pub(super) fn beside(root: &Path) -> Self {
        let mut bylines = Self::default();
        let site = root.parent().filter(|_| root.ends_with(POSTS));
        for list in site.into_iter().flat_map(|site| LISTS.map(|name| site.join(DATA).join(name))) {
            bylines.take_list(&list, "");
        }
        bylines
    }

    /// Takes a file, `relative` below the source's folder, if it is such a list. Says whether it is.
    pub(super) fn take(&mut self, path: &Path, relative: &str) -> bool {
        let (folder, name) = relative.rsplit_once('/').unwrap_or(("", relative));
        let speaks_of = folder.strip_suffix(DATA).filter(|above| above.is_empty() || above.ends_with('/'));
        LISTS.contains(&name) && self.take_list(path, speaks_of.unwrap_or(folder).trim_end_matches('/'))
    }

    fn take_list(&mut self, path: &Path, folder: &str) -> bool {
        if !path.metadata().is_ok_and(|data| data.len() <= LARGEST) {
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

//! `[list.NAME]`: mailing lists, and what they are called in each language.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Deserialize;
use toml::Spanned;

use super::read::{Document, RawEdition};
use crate::error::Result;
use crate::model::{Language, List, ListNames, Publication, Series};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawList {
    #[serde(default)]
    was: Vec<Spanned<String>>,
    title: Option<String>,
    csv: Option<PathBuf>,
    description: Option<String>,
    open: Option<bool>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawListNames {
    title: Option<String>,
    description: Option<String>,
}

/// Names of lists in one language.
pub(super) type RawNames = BTreeMap<Spanned<String>, RawListNames>;

/// Those of each list, by its name in config.toml.
type NamesByList = BTreeMap<String, BTreeMap<Language, ListNames>>;

/// Checks the lists, in their order in the file. Whether each is open is still to be settled.
pub(super) fn checked(
    raw: BTreeMap<Spanned<String>, RawList>,
    editions: &BTreeMap<Spanned<String>, RawEdition>,
    publication: &Publication,
    document: &Document<'_>,
) -> Result<Lists> {
    for (key, list) in &raw {
        list_is_named(key, list, document)?;
    }
    names_are_free(&raw, document)?;
    let mut names = names_of_lists(&raw, editions, publication, document)?;
    let mut lists = Vec::new();
    for (key, list) in raw {
        let (start, key) = (key.span().start, key.into_inner());
        let RawList { was, title, csv, description, open } = list;
        let was = was.into_iter().map(Spanned::into_inner).collect();
        let title = title.unwrap_or_else(|| key.clone());
        let names = names.remove(&key).unwrap_or_default();
        lists.push((start, List { key, was, title, csv, description, open: true, names }, open));
    }
    lists.sort_by_key(|(start, ..)| *start);
    Ok(Lists(lists.into_iter().map(|(_, list, open)| (list, open)).collect()))
}

/// The lists, and whether each is open where config.toml says so.
pub(super) struct Lists(Vec<(List, Option<bool>)>);

impl Lists {
    /// The lists with these series. What is for members only is not offered to everybody, unless the editors say so.
    pub(super) fn of(self, series: &[Series]) -> Vec<List> {
        let is_for_members = |list: &List| series.iter().any(|one| !one.public && one.lists.contains(&list.key));
        let settled =
            |(list, open): (List, Option<bool>)| List { open: open.unwrap_or(!is_for_members(&list)), ..list };
        self.0.into_iter().map(settled).collect()
    }

    /// Their names in config.toml.
    pub(super) fn keys(&self) -> Vec<&str> {
        self.0.iter().map(|(list, _)| list.key.as_str()).collect()
    }
}

/// What a list was called is no name of another.
fn names_are_free(lists: &BTreeMap<Spanned<String>, RawList>, document: &Document<'_>) -> Result<()> {
    let mut taken: BTreeMap<&str, &str> =
        lists.keys().map(|key| (key.get_ref().as_str(), key.get_ref().as_str())).collect();
    for (key, list) in lists {
        for was in &list.was {
            if let Some(other) = taken.insert(was.get_ref(), key.get_ref()) {
                let message =
                    format!("`{}` was not the name of the list `{}`", was.get_ref().escape_debug(), key.get_ref());
                return Err(document.error(&was.span(), message).hint(format!(
                    "it is, or was, that of `{other}`; `was` names lists that config.toml has no more"
                )));
            }
        }
    }
    Ok(())
}

/// The longest name of a list, in bytes: in links of headers a letter beyond ASCII takes six characters and more, and a line
/// of a header has 998 at most (RFC 5322 2.1.1).
const LONGEST_NAME: usize = 100;

/// A list is named in links, in the subjects of mails and in headers: its name is one word, and its title one line.
fn list_is_named(key: &Spanned<String>, list: &RawList, document: &Document<'_>) -> Result<()> {
    let name = key.get_ref();
    let is_word = |c: char| !c.is_whitespace() && !c.is_control() && !"/?#%\"`<>\\".contains(c);
    if name.is_empty() || !name.chars().all(is_word) {
        let message = format!("a list cannot be called `{}`", name.escape_debug());
        return Err(document
            .error(&key.span(), message)
            .hint("its name is one word, such as `our-readers`; what readers see is its `title`"));
    }
    if name.len() > LONGEST_NAME {
        let message = format!("the name of the list `{name}` has {} bytes, and {LONGEST_NAME} are allowed", name.len());
        return Err(document
            .error(&key.span(), message)
            .hint("links and headers of mails hold it; what readers see is its `title`, of any length"));
    }
    are_one_line(key, list.title.as_deref(), list.description.as_deref(), document)
}

/// What a list is called is one line.
fn are_one_line(
    key: &Spanned<String>,
    title: Option<&str>,
    description: Option<&str>,
    document: &Document<'_>,
) -> Result<()> {
    for (what, text) in [("title", title), ("description", description)] {
        if text.is_some_and(|text| text.chars().any(char::is_control)) {
            let message = format!("the {what} of the list `{}` has a line break or a control character", key.get_ref());
            return Err(document.error(&key.span(), message).hint("it is one line of text"));
        }
    }
    Ok(())
}

/// What lists are called in each language, by their names in config.toml.
fn names_of_lists(
    lists: &BTreeMap<Spanned<String>, RawList>,
    editions: &BTreeMap<Spanned<String>, RawEdition>,
    publication: &Publication,
    document: &Document<'_>,
) -> Result<NamesByList> {
    let mut all = NamesByList::new();
    for (tag, edition) in editions {
        let language = document.language(tag)?;
        for (key, names) in &edition.list {
            let Some(list) = lists.get(key.get_ref().as_str()) else {
                let message = format!("there is no list `{}`", key.get_ref().escape_debug());
                let known = lists.keys().map(|key| key.get_ref().as_str());
                return Err(document.error(&key.span(), message).nearest(key.get_ref(), known));
            };
            are_one_line(key, names.title.as_deref(), names.description.as_deref(), document)?;
            let of_list = all.entry(key.get_ref().clone()).or_default();
            // What stands with the list itself is in the default language.
            of_list.entry(publication.language.clone()).or_insert_with(|| ListNames {
                title: Some(list.title.clone().unwrap_or_else(|| key.get_ref().clone())),
                description: list.description.clone(),
            });
            let (title, description) = (names.title.clone(), names.description.clone());
            of_list.insert(language.clone(), ListNames { title, description });
        }
    }
    Ok(all)
}

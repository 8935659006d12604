//! Who wrote an item, and what it is filed under.

use std::collections::HashSet;

use super::item::{Channel, Item, Term};
use crate::collect::plain;

/// Nesting of categories beyond which no site goes.
pub(super) const MAX_DEPTH: usize = 32;

/// The name of whoever has this login, as readers know it; `name` is what an item calls them.
pub(super) fn display(channel: &Channel, login: &str, name: &str) -> String {
    // Broken exports leave a bracket of their markup at a login.
    let bare = login.trim_matches(|c: char| c.is_whitespace() || matches!(c, '<' | '>'));
    let known = channel.authors.get(login).or_else(|| channel.authors.get(bare));
    let login = if known.is_some() { login } else { bare };
    let known = known.map(String::as_str).filter(|name| !name.is_empty());
    byline(known.unwrap_or(if name.is_empty() { login } else { name }))
}

/// Who wrote it: co-authors where a plugin names them, else the creator; never an address.
pub(super) fn authors(item: &Item, channel: &Channel) -> Vec<String> {
    let mut authors: Vec<String> = Vec::new();
    for term in item.terms.iter().filter(|term| term.domain == "author") {
        let login = term.nicename.strip_prefix("cap-").unwrap_or(&term.nicename);
        authors.push(display(channel, login, &term.name));
    }
    if authors.is_empty() {
        authors.push(display(channel, item.creator.trim(), ""));
    }
    once_each(authors)
}

/// Its categories, each after those above it.
pub(super) fn categories(item: &Item, channel: &Channel) -> Vec<String> {
    let mut names = Vec::new();
    for term in item.terms.iter().filter(|term| matches!(term.domain.as_str(), "" | "category")) {
        if is_none(term) {
            continue;
        }
        let mut chain = vec![plain::from_html(&term.name)];
        let mut parent = channel.categories.get(&term.nicename).map(|category| category.parent.as_str());
        while let Some(above) = parent.and_then(|nicename| channel.categories.get(nicename)) {
            if chain.len() >= MAX_DEPTH {
                break;
            }
            chain.push(plain::from_html(&above.name));
            parent = Some(above.parent.as_str());
        }
        names.extend(chain.into_iter().rev());
    }
    once_each(names)
}

/// Whether this is the category of posts that are in none.
pub(super) fn is_none(term: &Term) -> bool {
    term.nicename == "uncategorized" || (term.domain.is_empty() && term.name == "Uncategorized")
}

/// Its tags.
pub(super) fn tags(item: &Item) -> Vec<String> {
    let tags = item.terms.iter().filter(|term| matches!(term.domain.as_str(), "post_tag" | "tag"));
    let tags: Vec<String> = tags.map(|term| plain::from_html(&term.name)).collect();
    // WXR 1.0 names each tag among the categories too.
    once_each(tags)
}

/// A name without an address in it: of an address alone what stands before the `@`.
fn byline(name: &str) -> String {
    let name = plain::from_html(name);
    let words: Vec<&str> = name.split_whitespace().filter(|word| !word.contains('@')).collect();
    if words.is_empty() { name.split('@').next().unwrap_or_default().trim().to_owned() } else { words.join(" ") }
}

fn once_each(words: Vec<String>) -> Vec<String> {
    let mut seen = HashSet::new();
    words.into_iter().filter(|word| !word.is_empty() && seen.insert(word.clone())).collect()
}

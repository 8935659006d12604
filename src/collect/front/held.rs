//! What in front matter keeps a post back: that it is a draft, or for some eyes alone.

use super::value::Node;

/// Keys that keep a post back where they say yes: everybody's words, and Eleventy's, Docusaurus's and Hugo's.
const YES: [&str; 11] = [
    "draft",
    "isDraft",
    "private",
    "hidden",
    "unlisted",
    "pending",
    "members_only",
    "membersOnly",
    "subscribers_only",
    "eleventyExcludeFromCollections",
    "headless",
];

/// Keys that keep it back where they say no: Jekyll's, Obsidian's, Zola's.
const NO: [&str; 3] = ["published", "publish", "render"];

/// Keys that keep it back by a word, and the words.
const BY_WORD: [&str; 5] = ["status", "visibility", "post_status", "state", "access"];
/// Pelican shows what is hidden to those alone who were given its address, and what it skips to nobody. The rest are WordPress's,
/// Ghost's and Nikola's. Ghost shows to members, to some of them, and to those who pay what says so.
const WORDS: [&str; 12] = [
    "draft",
    "hidden",
    "skip",
    "private",
    "unlisted",
    "pending",
    "password",
    "trash",
    "members",
    "subscribers",
    "paid",
    "tiers",
];

/// Hugo's tables of what is made of a page, the newer first.
const BUILD: [&str; 2] = ["build", "_build"];

/// Whether a key may keep a post back.
pub(super) fn is_key(key: &str) -> bool {
    let mut keys = YES.iter().chain(&NO).chain(&BY_WORD).chain(&BUILD).chain(&["password"]);
    keys.any(|known| known.eq_ignore_ascii_case(key))
}

/// What keeps the post back, as it is written: "`hidden: true`". `find` finds the value of a key.
pub(super) fn reason<'n>(find: impl Fn(&str) -> Option<&'n Node>) -> Option<String> {
    let said = |key: &str, node: &Node| Some(format!("`{key}: {}`", node.text()?));
    let truth = |keys: &[&str], sought: bool| {
        keys.iter()
            .find_map(|key| find(key).filter(|node| node.truth() == Some(sought)).and_then(|node| said(key, node)))
    };
    let word = || {
        BY_WORD.iter().find_map(|key| {
            let node = find(key)?;
            let word = node.text()?;
            WORDS.iter().any(|held| held.eq_ignore_ascii_case(word)).then(|| said(key, node))?
        })
    };
    let build = || {
        BUILD.iter().find_map(|key| {
            let table = find(key)?;
            ["render", "list"].iter().find_map(|inner| {
                let node = table.get(inner)?;
                let never = node.text()?.eq_ignore_ascii_case("never") || node.truth() == Some(false);
                never.then(|| said(&format!("{key}.{inner}"), node))?
            })
        })
    };
    // Hexo shows such a post to those alone who have the word, which need not be told.
    let behind_a_password = || {
        let node = find("password").filter(|node| node.text().is_some() && node.truth() != Some(false));
        node.map(|_| "`password`".to_owned())
    };
    truth(&YES, true).or_else(|| truth(&NO, false)).or_else(word).or_else(build).or_else(behind_a_password)
}

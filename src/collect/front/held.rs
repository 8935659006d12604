//! What in front matter keeps a post back: that it is a draft, or for some eyes alone.

use super::value::{self, Node, Value, bare};
use crate::collect::dates;

/// Keys that keep a post back where they say yes: everybody's words, and Eleventy's, Docusaurus's and Hugo's.
const YES: [&str; 22] = [
    "draft",
    "isDraft",
    "is_draft",
    "is-draft",
    "unpublished",
    "unreleased",
    "wip",
    "private",
    "internal",
    "hidden",
    "unlisted",
    "pending",
    "embargoed",
    "members",
    "members_only",
    "membersOnly",
    "subscribers_only",
    "subscribersOnly",
    "premium",
    "paywall",
    "eleventyExcludeFromCollections",
    "headless",
];

/// Keys that keep it back where they say no: Jekyll's, Obsidian's, Zola's, and everybody's words.
const NO: [&str; 10] = [
    "published",
    "publish",
    "released",
    "render",
    "public",
    "isPublished",
    "is_published",
    "is_public",
    "visible",
    "listed",
];

/// Those of them that say nothing but yes or no, whoever writes them.
const YES_ALONE: [&str; 8] =
    ["draft", "isDraft", "is_draft", "is-draft", "unpublished", "private", "hidden", "unlisted"];
const NO_ALONE: [&str; 8] =
    ["published", "publish", "public", "isPublished", "is_published", "is_public", "visible", "listed"];

/// No more of a value is told, in characters.
const MOST_TOLD: usize = 40;

/// Keys that keep it back by a word, and the words.
const BY_WORD: [&str; 6] = ["status", "visibility", "post_status", "state", "access", "email_type"];
/// In lower case, and without hyphens, lines and spaces. Pelican shows what is hidden to those alone who were given its address,
/// and what it skips to nobody. The rest are WordPress's, Ghost's and Nikola's, and everybody's words. Ghost shows to members, to
/// some of them, and to those who pay what says so. Buttondown sends what is transactional to one reader. What is scheduled has a date,
/// which says when it comes out.
const WORDS: [&str; 27] = [
    "draft",
    "autodraft",
    "unpublished",
    "unreleased",
    "wip",
    "workinprogress",
    "inprogress",
    "hidden",
    "skip",
    "private",
    "internal",
    "unlisted",
    "pending",
    "pendingreview",
    "inreview",
    "embargoed",
    "password",
    "trash",
    "deleted",
    "members",
    "membersonly",
    "subscribers",
    "subscribersonly",
    "paid",
    "premium",
    "tiers",
    "transactional",
];

/// Who may read a post that is for everybody, too.
const EVERYBODY: [&str; 4] = ["public", "everyone", "everybody", "all"];

/// Hugo's tables of what is made of a page, the newer first.
const BUILD: [&str; 2] = ["build", "_build"];

/// Keys of the day before which nothing may come out. What is no day keeps it back for good.
pub(super) const EMBARGO: [&str; 3] = ["embargo", "embargo_until", "embargoed_until"];

/// Whether a key may keep a post back.
pub(super) fn is_key(key: &str) -> bool {
    let mut keys = YES.iter().chain(&NO).chain(&BY_WORD).chain(&EMBARGO).chain(&BUILD).chain(&["password"]);
    keys.any(|known| known.eq_ignore_ascii_case(key))
}

/// Whether a key and its value say that this is a draft, and are no prose.
pub(super) fn says_draft(key: &str, value: &str) -> bool {
    let is_among = |keys: &[&str]| keys.iter().any(|known| known.eq_ignore_ascii_case(key));
    let said = value::truth(value);
    (said == Some(true) && is_among(&["draft", "isDraft", "is_draft", "is-draft", "unpublished"]))
        || (said == Some(false) && is_among(&["published", "isPublished", "is_published"]))
}

/// What keeps the post back, as it is written: "`hidden: true`". `find` finds the value of a key.
pub(super) fn reason<'n>(find: impl Fn(&str) -> Option<&'n Node>) -> Option<String> {
    let said = |key: &str, node: &Node| Some(format!("`{key}: {}`", node.text()?));
    let truth = |keys: &[&str], sought: bool| {
        keys.iter().find_map(|key| {
            let node = alone(find(key)?).find(|node| node.truth() == Some(sought))?;
            said(key, node)
        })
    };
    let word = || {
        BY_WORD.iter().find_map(|key| {
            let node = find(key)?;
            let is_among = |node: &Node, words: &[&str]| {
                let plain = |text: &str| bare(text).replace(['-', '_', ' '], "").to_ascii_lowercase();
                node.text().is_some_and(|text| words.contains(&plain(text).as_str()))
            };
            let is_for_all = alone(node).any(|one| is_among(one, &EVERYBODY));
            let held = alone(node).find(|one| is_among(one, &WORDS)).filter(|_| !is_for_all)?;
            said(key, held)
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
    let embargo = || {
        EMBARGO.iter().find_map(|key| {
            let node = find(key)?;
            let is_open = node.truth() != Some(false) && dates::parse(node.text()?).is_none();
            is_open.then(|| said(key, node))?
        })
    };
    // Hexo shows such a post to those alone who have the word, which need not be told.
    let behind_a_password = || {
        let node = find("password").filter(|node| node.text().is_some() && node.truth() != Some(false));
        node.map(|_| "`password`".to_owned())
    };
    truth(&YES, true)
        .or_else(|| truth(&NO, false))
        .or_else(word)
        .or_else(build)
        .or_else(embargo)
        .or_else(behind_a_password)
}

/// The first value of which nobody can say whether it keeps the post back, as it is written with its key: it is neither yes nor no, nor
/// the day since which the post is published.
pub(super) fn doubt<'n>(find: impl Fn(&str) -> Option<&'n Node>) -> Option<(String, &'static str, &'n Node)> {
    let is_for_all = |text: &str| EVERYBODY.iter().any(|word| bare(text).eq_ignore_ascii_case(word));
    let is_day = |text: &str| text.contains(char::is_numeric);
    let doubtful = |key: &'static str| {
        let node = find(key)?;
        let text = node.text().filter(|text| node.truth().is_none() && bare(text).contains(char::is_alphanumeric))?;
        let is_said = match key {
            "unpublished" => is_day(text),
            _ => NO_ALONE.contains(&key) && (is_day(text) || is_for_all(text)),
        };
        let begins: String = text.chars().take(MOST_TOLD).collect();
        (!is_said).then(|| (format!("`{key}: {begins}`"), key, node))
    };
    YES_ALONE.into_iter().chain(NO_ALONE).find_map(doubtful)
}

/// What stands under a key: one value, or those of a list.
fn alone(node: &Node) -> impl Iterator<Item = &Node> {
    match &node.value {
        Value::List(items) => items.iter(),
        _ => std::slice::from_ref(node).iter(),
    }
}

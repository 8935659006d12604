//! What in front matter keeps a post back: that it is a draft, or for some eyes alone.

use super::value::{self, Node, Value, bare};
use crate::collect::dates;
use crate::model::{is_unseen, word_identity};

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
/// As [`words`] has them, joined. Pelican shows what is hidden to those alone who were given its address,
/// and what it skips to nobody. The rest are WordPress's, Ghost's and Nikola's, and everybody's words. Ghost shows to members, to
/// some of them, and to those who pay what says so. Buttondown sends what is transactional to one reader. What is scheduled has a date,
/// which says when it comes out.
const WORDS: [&str; 20] = [
    "inprogress",
    "hidden",
    "skip",
    "internal",
    "pending",
    "pendingreview",
    "inreview",
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
    "خصوصی",
    "خاص",
];

/// The words that say so among others, too: "draft, please check". Those of other languages are in Albanian, Persian, Arabic, German,
/// French, Spanish, Italian, Portuguese, Turkish and Russian.
const DRAFTS: [&str; 37] = [
    "draft",
    "autodraft",
    "unpublished",
    "unreleased",
    "unfinished",
    "wip",
    "workinprogress",
    "private",
    "unlisted",
    "embargoed",
    "skicë",
    "skice",
    "papublikuar",
    "papërfunduar",
    "privat",
    "پیشنویس",
    "چرکنویس",
    "منتشرنشده",
    "مسودة",
    "مسوده",
    "غیرمنشور",
    "entwurf",
    "unveröffentlicht",
    "inarbeit",
    "brouillon",
    "nonpublié",
    "privé",
    "borrador",
    "nopublicado",
    "sinpublicar",
    "privado",
    "bozza",
    "nonpubblicato",
    "privato",
    "rascunho",
    "taslak",
    "черновик",
];

/// Words that say so together, whatever else is said.
const NOT_YET: [&str; 13] = [
    "notready",
    "notyet",
    "notfinal",
    "notfinished",
    "notdone",
    "notpublic",
    "notpublished",
    "notreleased",
    "donotpublish",
    "nichtfertig",
    "nichtveröffentlicht",
    "joigati",
    "jogati",
];

/// Beside these, a word of a draft tells what the post was.
const FINISHED: [&str; 5] = ["published", "publish", "released", "public", "everyone"];

/// Behind these, it tells what the post is not.
const NO_SUCH: [&str; 9] = ["no", "not", "non", "never", "longer", "nuk", "jo", "kein", "pas"];
const ARTICLES: [&str; 3] = ["a", "an", "the"];

/// How many words one of these is at most.
const MOST_JOINED: usize = 3;

/// Signs of what is done, in a box or without one.
const TICKS: [&str; 6] = ["\u{2713}", "\u{2714}", "\u{2714}\u{fe0f}", "\u{2705}", "\u{2611}", "\u{2611}\u{fe0f}"];

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
            let is_among = |node: &Node, known: &[&str]| {
                node.text().is_some_and(|text| known.contains(&words(text).concat().as_str()))
            };
            let mut held = alone(node).filter(|one| is_among(one, &WORDS) || is_among(one, &DRAFTS));
            let held = held.next().filter(|_| !alone(node).any(is_for_all))?;
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

/// What holds a post back, and is told because it may be meant otherwise.
pub(super) struct Doubt<'n> {
    /// As it is written, with its key.
    pub(super) said: String,
    pub(super) key: &'static str,
    pub(super) node: &'n Node,
    /// Whether it says in other words that the post is a draft; else it is neither yes nor no.
    pub(super) is_wordy: bool,
}

/// The first value of which nobody can say whether it keeps the post back: it is neither yes nor no, nor the day since which the post is
/// published; or it has a word of drafts among others.
pub(super) fn doubt<'n>(find: impl Fn(&str) -> Option<&'n Node>) -> Option<Doubt<'n>> {
    let doubtful = |key: &'static str| {
        let node = find(key)?;
        let is_doubtful = match &node.value {
            Value::Map(entries) => YES_ALONE.contains(&key) && !entries.is_empty(),
            Value::List(_) | Value::Text(_) | Value::Null => {
                alone(node).any(is_neither) && !alone(node).any(|one| is_said(key, one, node))
            }
        };
        is_doubtful.then(|| Doubt { said: told(key, node), key, node, is_wordy: false })
    };
    let wordy = |key: &'static str| {
        let node = find(key)?;
        let is_wordy = alone(node).filter_map(Node::text).any(mentions_draft) && !alone(node).any(is_for_all);
        is_wordy.then(|| Doubt { said: told(key, node), key, node, is_wordy })
    };
    YES_ALONE.into_iter().chain(NO_ALONE).find_map(doubtful).or_else(|| BY_WORD.into_iter().find_map(wordy))
}

/// Whether a value says neither yes nor no, and not nothing.
fn is_neither(node: &Node) -> bool {
    node.text().is_some_and(|text| node.truth().is_none() && !says_nothing(text))
}

/// Whether what is neither, alone or in a list, says under such a key that the post is published: since a day, for everybody, or with
/// a tick, which an `x` is in a list, `[x]`.
fn is_said(key: &str, node: &Node, whole: &Node) -> bool {
    let text = node.text().unwrap_or_default();
    let is_day = text.contains(char::is_numeric);
    let is_x = matches!(whole.value, Value::List(_)) && bare(text).eq_ignore_ascii_case("x");
    match key {
        "unpublished" => is_day,
        _ => NO_ALONE.contains(&key) && (is_day || is_x || TICKS.contains(&bare(text)) || is_for_all(node)),
    }
}

/// Whether a value says that the post is for everybody.
fn is_for_all(node: &Node) -> bool {
    node.text().is_some_and(|text| EVERYBODY.contains(&words(text).concat().as_str()))
}

/// Whether a text is one of the signs that stand for nothing.
fn says_nothing(text: &str) -> bool {
    let is_nothing = |c: char| matches!(c, '~' | '-' | '_' | '\u{2010}'..='\u{2015}' | '\u{2212}') || is_unseen(c);
    bare(text).chars().all(|c| c.is_whitespace() || is_nothing(c))
}

/// Whether a text of several words says that the post is a draft, and not that it was one, or is none.
fn mentions_draft(text: &str) -> bool {
    let words = words(text);
    let has = |at: usize, known: &[&str]| {
        let joined = |many: usize| words.get(at..at + many).map(<[String]>::concat);
        (1..=MOST_JOINED).filter_map(joined).any(|joined| known.contains(&joined.as_str()))
    };
    let is_negated = |at: usize| {
        let before = words[..at].iter().rev().find(|word| !ARTICLES.contains(&word.as_str()));
        before.is_some_and(|word| NO_SUCH.contains(&word.as_str()))
    };
    let mut places = 0..words.len();
    if places.clone().any(|at| has(at, &NOT_YET)) {
        return true;
    }
    !words.iter().any(|word| FINISHED.contains(&word.as_str())) && places.any(|at| has(at, &DRAFTS) && !is_negated(at))
}

/// The words of a value, as they are compared.
fn words(text: &str) -> Vec<String> {
    let identity = word_identity(text);
    let words = identity.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_owned).collect()
}

/// A value as it is written, with its key.
fn told(key: &str, node: &Node) -> String {
    let text = match &node.value {
        Value::List(_) => format!("[{}]", node.texts().join(", ")),
        Value::Map(_) => "{\u{2026}}".to_owned(),
        _ => node.text().unwrap_or_default().to_owned(),
    };
    let begins: String = text.chars().take(MOST_TOLD).collect();
    format!("`{key}: {begins}`")
}

/// What stands under a key: one value, or those of a list.
fn alone(node: &Node) -> impl Iterator<Item = &Node> {
    match &node.value {
        Value::List(items) => items.iter(),
        _ => std::slice::from_ref(node).iter(),
    }
}

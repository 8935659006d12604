//! What in front matter keeps a post back: that it is a draft, or for some eyes alone.

use std::ops::Range;

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

/// Those of them that say of a writing that it is not done, and say so among other words, too: "draft, please check".
const DRAFTS: [&str; 6] = ["draft", "autodraft", "unpublished", "unreleased", "wip", "workinprogress"];

/// The same in Albanian, Persian, Arabic, German, French, Spanish, Italian, Portuguese, Turkish and Russian, which is told.
const DRAFTS_ELSEWHERE: [&str; 23] = [
    "skicë",
    "skice",
    "papublikuar",
    "papërfunduar",
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
    "borrador",
    "nopublicado",
    "sinpublicar",
    "bozza",
    "nonpubblicato",
    "rascunho",
    "taslak",
    "черновик",
];

/// What is private in these languages, which is told as well, and among other words says something else: "Privat-Dozent".
const PRIVATE_ELSEWHERE: [&str; 6] = ["privat", "privé", "privado", "privato", "خصوصی", "خاص"];

/// Keys whose values are read for such a word among others. Elsewhere it may be part of a name: `state: Private Limited Company`.
const IN_WORDS: [&str; 3] = ["status", "visibility", "post_status"];

/// Words that say so together, unless it is said beside them that the post is out.
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

/// Beside these, a word of a draft tells what the post was, and what is not yet done is something else.
const FINISHED: [&str; 6] = ["published", "released", "public", "everyone", "everybody", "live"];

/// Behind these, it tells what the post is not.
const NO_SUCH: [&str; 9] = ["no", "not", "non", "never", "longer", "nuk", "jo", "kein", "pas"];
/// What stands between them.
const PASSED: [&str; 4] = ["a", "an", "the", "in"];

/// Behind these, what is finished is not so: "not yet published", "to be released".
const NOT_SO: [&str; 4] = ["not", "never", "no", "be"];
const PASSED_TO_FINISHED: [&str; 10] = ["a", "an", "the", "in", "yet", "been", "ready", "for", "to", "made"];

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
            let held = alone(node).find(|one| is_among(one, &WORDS)).filter(|_| !alone(node).any(is_for_all))?;
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
/// published; or it has a word of drafts among others, or in another language.
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
        let mut texts = alone(node).filter_map(Node::text);
        let is_wordy = texts.any(|text| is_wordy(key, text)) && !alone(node).any(is_for_all);
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

/// Whether a value says under such a key that the post is a draft, in words that may be meant otherwise.
fn is_wordy(key: &str, text: &str) -> bool {
    let words = words(text);
    let whole = words.concat();
    let is_whole = DRAFTS_ELSEWHERE.iter().chain(&PRIVATE_ELSEWHERE).any(|known| *known == whole);
    // "private, for Ann", but not "Virginia (private)".
    let begins_so = || words.first().is_some_and(|word| word == "private") && !is_finished(&words, &(0..1));
    is_whole || (IN_WORDS.contains(&key) && (mentions_draft(&words) || begins_so()))
}

/// Whether several words say that the post is a draft, and not that it was one, or is none.
fn mentions_draft(words: &[String]) -> bool {
    let is_draft = |at: usize| {
        let drafts = || place(words, at, &DRAFTS).or_else(|| place(words, at, &DRAFTS_ELSEWHERE));
        let draft = || drafts().filter(|_| !is_behind(words, at, &NO_SUCH, &PASSED));
        place(words, at, &NOT_YET).or_else(draft).is_some_and(|place| !is_finished(words, &place))
    };
    (0..words.len()).any(is_draft)
}

/// The words from a place on that are together one of the known.
fn place(words: &[String], at: usize, known: &[&str]) -> Option<Range<usize>> {
    let is_known = |range: &Range<usize>| {
        let joined = words.get(range.clone()).map(<[String]>::concat);
        joined.is_some_and(|joined| known.contains(&joined.as_str()))
    };
    (1..=MOST_JOINED).map(|many| at..at + many).find(is_known)
}

/// Whether it is said that the post is out, but for the words at this place.
fn is_finished(words: &[String], but: &Range<usize>) -> bool {
    let says =
        |at: usize| FINISHED.contains(&words[at].as_str()) && !is_behind(words, at, &NOT_SO, &PASSED_TO_FINISHED);
    (0..words.len()).any(|at| !but.contains(&at) && says(at))
}

/// Whether one of such words stands before a place, with nothing between them but what is passed over.
fn is_behind(words: &[String], at: usize, sought: &[&str], passed: &[&str]) -> bool {
    let before = words[..at].iter().rev().find(|word| !passed.contains(&word.as_str()));
    before.is_some_and(|word| sought.contains(&word.as_str()))
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

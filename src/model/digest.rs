//! A digest: an issue as email, before it is addressed.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Direction, IssueKey, Language};

/// Stands in a digest where a recipient is greeted. Letters and digits only, so that no escaping touches it.
pub const GREETING: &str = "X0greeting0X";
/// Stands in a digest where the address of a recipient's unsubscribe page (or `mailto:`) goes.
pub const UNSUBSCRIBE: &str = "X0unsubscribelink0X";
/// Stands in a digest where the title of the recipient's list goes.
pub const LIST_TITLE: &str = "X0listtitle0X";
/// Begins a place of a digest where words around the articles go, in the language of the recipient. A key follows.
const WORDS: &str = "X0words_";
/// Ends such a place.
const WORDS_END: &str = "0X";

/// How much of an issue's articles its digest holds: as much as mail programs show without cutting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Detail {
    /// All of them, whole.
    Articles,
    /// Of each the beginning, with a link to the rest.
    Leads,
    /// Their titles, as links.
    Contents,
    /// A link to the issue only, for one whose contents list alone is too long.
    Notice,
}

/// The words around the articles of a digest, in one language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frame {
    /// What the words are in.
    pub language: Language,
    /// How a recipient is greeted, with `{name}` where the name goes.
    pub greeting: String,
    /// How a recipient without a name is greeted.
    pub greeting_without_name: String,
    /// The words, by key. They may hold [`LIST_TITLE`].
    pub words: BTreeMap<String, String>,
}

impl Frame {
    /// What stands in a digest where the words under `key` go: lower-case letters and `_`, which no escaping touches.
    /// Beside the keys of its words a frame knows `lang`, `dir` and `start`: its language, the direction of that, and the
    /// side on which its lines begin.
    #[must_use]
    pub fn place(key: &str) -> String {
        format!("{WORDS}{key}{WORDS_END}")
    }

    /// A part of a digest with these words in their places, each as `written` writes it.
    #[must_use]
    pub fn fill(&self, part: &str, written: fn(&str) -> String) -> String {
        let mut out = String::with_capacity(part.len());
        let mut rest = part;
        while let Some((before, after)) = rest.split_once(WORDS) {
            out.push_str(before);
            let found = after.split_once(WORDS_END).and_then(|(key, after)| Some((self.get(key)?, after)));
            // Letters that merely look like a place stay.
            rest = if let Some((words, after)) = found {
                out.push_str(&written(words));
                after
            } else {
                out.push_str(WORDS);
                after
            };
        }
        out.push_str(rest);
        out
    }

    fn get(&self, key: &str) -> Option<&str> {
        Some(match (key, self.language.direction()) {
            ("lang", _) => self.language.as_str(),
            ("dir", direction) => direction.as_str(),
            ("start", Direction::Ltr) => "left",
            ("start", Direction::Rtl) => "right",
            _ => self.words.get(key)?,
        })
    }
}

/// An issue as email. `html` and `text` hold [`GREETING`], [`UNSUBSCRIBE`] and [`LIST_TITLE`] where a recipient's own
/// words go, and [places](Frame::place) for those in the recipient's language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Digest {
    /// Which issue.
    pub issue: IssueKey,
    /// Which revision of it.
    pub revision: u32,
    /// When that revision was made; a campaign dates its messages anew.
    pub date: DateTime<Utc>,
    /// What it is written in.
    pub language: Language,
    /// How a recipient is greeted, with `{name}` where the name goes.
    pub greeting: String,
    /// How a recipient without a name is greeted.
    pub greeting_without_name: String,
    /// The words around the articles in each language that has some, and in that of the issue, by tag. Digests of
    /// earlier versions have theirs where they go.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub frames: BTreeMap<String, Frame>,
    /// How much of the articles is in it.
    pub detail: Detail,
    /// The subject, one line.
    pub subject: String,
    /// The HTML part.
    pub html: String,
    /// The plain text part.
    pub text: String,
    /// The issue's page, where the series is public.
    pub page: Option<String>,
    /// The page of all issues, where the series is public.
    pub archive: Option<String>,
}

impl Digest {
    /// The words around the articles for a reader of this language: in it where it has some, else in that of the issue.
    /// With the tag that they stand under.
    #[must_use]
    pub fn frame(&self, reader: Option<&Language>) -> Option<(&str, &Frame)> {
        let own = reader.and_then(|language| self.frame_in(language));
        own.or_else(|| self.frame_in(&self.language))
    }

    fn frame_in(&self, language: &Language) -> Option<(&str, &Frame)> {
        let named = |tag: &str| self.frames.get_key_value(tag);
        let akin = || self.frames.iter().find(|(_, frame)| frame.language.primary() == language.primary());
        let found = named(language.as_str()).or_else(|| named(language.primary())).or_else(akin);
        found.map(|(tag, frame)| (tag.as_str(), frame))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use chrono::DateTime;

    use super::{Detail, Digest, Frame};
    use crate::model::{IssueKey, Language};

    fn frame(tag: &str, view: &str) -> Frame {
        Frame {
            language: Language::parse(tag).unwrap(),
            greeting: String::new(),
            greeting_without_name: String::new(),
            words: [("view".to_owned(), view.to_owned())].into_iter().collect(),
        }
    }

    #[test]
    fn words_stand_in_their_places_and_other_text_as_it_was() {
        let page = format!(
            "<a lang=\"{}\" dir=\"{}\">{}</a>",
            Frame::place("lang"),
            Frame::place("dir"),
            Frame::place("view")
        );
        let filled = frame("fa", "R&D").fill(&page, |words| words.replace('&', "&amp;"));
        assert_eq!(filled, "<a lang=\"fa\" dir=\"rtl\">R&amp;D</a>");
        let odd = "X0words_ X0words_none0X X0words_X0words_view0X 0X";
        assert_eq!(frame("en", "View").fill(odd, str::to_owned), "X0words_ X0words_none0X X0words_View 0X");
    }

    #[test]
    fn readers_get_words_in_their_language_or_in_that_of_the_issue() {
        let frames = [("en", "en"), ("fa", "fa"), ("pt-BR", "pt-BR"), ("de", "en")];
        let digest = Digest {
            issue: IssueKey { series: "n".to_owned(), ordinal: 1 },
            revision: 1,
            date: DateTime::UNIX_EPOCH,
            language: Language::parse("de").unwrap(),
            greeting: String::new(),
            greeting_without_name: String::new(),
            frames: frames.iter().map(|(key, tag)| ((*key).to_owned(), frame(tag, tag))).collect(),
            detail: Detail::Articles,
            subject: String::new(),
            html: String::new(),
            text: String::new(),
            page: None,
            archive: None,
        };
        let wanted = [
            (None, "de"),
            (Some("fa-AF"), "fa"),
            (Some("en-GB"), "en"),
            (Some("pt"), "pt-BR"),
            (Some("fr"), "de"),
            (Some("de-AT"), "de"),
        ];
        for (reader, tag) in wanted {
            let reader = reader.and_then(Language::parse);
            assert_eq!(digest.frame(reader.as_ref()).unwrap().0, tag, "{reader:?}");
        }
        let before = Digest { frames: BTreeMap::new(), ..digest };
        assert_eq!(before.frame(None), None);
    }
}

//! A digest: an issue as email, before it is addressed.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Direction, IssueKey, Language, sha256_hex};

/// What stands in the open places of a digest: letters and digits only, so that no escaping touches them. Articles come
/// from anybody, and whatever is filled in is each reader's own, so the marks of a digest stand nowhere in its issue.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Marks {
    /// In each mark. Empty in digests of earlier versions, whose marks are always the same.
    seed: String,
}

/// How many hexadecimal digits tell the marks of one digest from those of others.
const SEED: usize = 16;
/// Ends a mark.
const END: &str = "0X";

impl Marks {
    /// Marks that stand nowhere in `content`, the same each time. Nobody can write an article that holds those of its own
    /// issue, not even in an encoding that is undone later: they follow from all of it.
    #[must_use]
    pub fn unlike(content: &str) -> Self {
        let mut seed = sha256_hex(content.as_bytes());
        seed.truncate(SEED);
        while content.contains(&seed) {
            seed = sha256_hex(seed.as_bytes());
            seed.truncate(SEED);
        }
        Self { seed }
    }

    /// Stands where a recipient is greeted.
    #[must_use]
    pub fn greeting(&self) -> String {
        self.of("greeting")
    }

    /// Stands where the address of a recipient's unsubscribe page (or `mailto:`) goes.
    #[must_use]
    pub fn unsubscribe(&self) -> String {
        self.of("unsubscribelink")
    }

    /// Stands where the title of the recipient's list goes.
    #[must_use]
    pub fn list_title(&self) -> String {
        self.of("listtitle")
    }

    /// Stands where the words under `key` go, in the language of the recipient: lower-case letters and `_`. Beside the keys
    /// of its words a frame knows `lang`, `dir` and `start`: its language, the direction of that, and the side on which its
    /// lines begin.
    #[must_use]
    pub fn place(&self, key: &str) -> String {
        format!("{}{key}{END}", self.words())
    }

    /// The length of a part of the digest in bytes, as if its marks were those of any other.
    #[must_use]
    pub fn length(&self, part: &str) -> usize {
        let marked = if self.are_constant() { 0 } else { part.matches(&self.seed).count() };
        part.len() - marked * self.seed.len()
    }

    /// Begins such a place.
    fn words(&self) -> String {
        format!("X0{}words_", self.seed)
    }

    fn of(&self, what: &str) -> String {
        format!("X0{}{what}{END}", self.seed)
    }

    fn are_constant(&self) -> bool {
        self.seed.is_empty()
    }
}

/// How much of an issue's articles its digest holds: as much as mail programs show without cutting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Detail {
    /// All of them, whole.
    Articles,
    /// Of each the beginning, with a link to the rest.
    Leads,
    /// Their titles, as links; the first of them, where not all have room.
    Contents,
    /// A link to the issue only, for one of which no title has room.
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
    /// The words, by key. They may hold the mark of the list's title.
    pub words: BTreeMap<String, String>,
}

impl Frame {
    /// A part of a digest with these words in their places, each as `written` writes it.
    #[must_use]
    pub fn fill(&self, part: &str, marks: &Marks, written: fn(&str) -> String) -> String {
        let begin = marks.words();
        let mut out = String::with_capacity(part.len());
        let mut rest = part;
        while let Some((before, after)) = rest.split_once(&begin) {
            out.push_str(before);
            let found = after.split_once(END).and_then(|(key, after)| Some((self.get(key)?, after)));
            // Letters that merely look like a place stay.
            rest = if let Some((words, after)) = found {
                out.push_str(&written(words));
                after
            } else {
                out.push_str(&begin);
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

/// An issue as email. `html` and `text` hold `marks` where a recipient's own words go, and those in the recipient's
/// language.
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
    /// What stands in its open places.
    #[serde(default, skip_serializing_if = "Marks::are_constant")]
    pub marks: Marks,
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
    /// The SHA-256 of what readers see of it, in hex: its subject, its texts and the words around them.
    #[must_use]
    pub fn checksum(&self) -> String {
        let Self { subject, html, text, greeting, greeting_without_name, frames, .. } = self;
        // Texts always serialise.
        let seen = serde_json::to_vec(&(subject, html, text, greeting, greeting_without_name, frames));
        sha256_hex(&seen.unwrap_or_default())
    }

    /// The words around the articles for a reader of this language: in it where it has some, else in that of the issue.
    /// With the tag that they stand under.
    #[must_use]
    pub fn frame(&self, reader: Option<&Language>) -> Option<(&str, &Frame)> {
        let own = reader.and_then(|language| self.frame_in(language));
        own.or_else(|| self.frame_in(&self.language))
    }

    fn frame_in(&self, language: &Language) -> Option<(&str, &Frame)> {
        let named = |tag: &str| self.frames.get_key_value(tag);
        let akin = || self.frames.iter().find(|(_, frame)| frame.language.is_same(language));
        // The publication may have words of its own by another code.
        let is_respelled = self.language.primary() != language.primary() && self.language.is_same(language);
        let of_issue = || named(self.language.as_str()).filter(|(_, frame)| frame.language.is_same(language));
        let of_issue = is_respelled.then(of_issue).flatten();
        let found = of_issue.or_else(|| named(language.as_str())).or_else(|| named(language.primary())).or_else(akin);
        found.map(|(tag, frame)| (tag.as_str(), frame))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use chrono::DateTime;

    use super::{Detail, Digest, Frame, Marks, sha256_hex};
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
        let marks = Marks::unlike("whatever");
        let place = |key| marks.place(key);
        let page = format!("<a lang=\"{}\" dir=\"{}\">{}</a>", place("lang"), place("dir"), place("view"));
        let filled = frame("fa", "R&D").fill(&page, &marks, |words| words.replace('&', "&amp;"));
        assert_eq!(filled, "<a lang=\"fa\" dir=\"rtl\">R&amp;D</a>");
        // As earlier versions wrote them.
        let odd = "X0words_ X0words_none0X X0words_X0words_view0X 0X";
        let filled = frame("en", "View").fill(odd, &Marks::default(), str::to_owned);
        assert_eq!(filled, "X0words_ X0words_none0X X0words_View 0X");
        assert_eq!(frame("en", "View").fill(odd, &marks, str::to_owned), odd);
    }

    #[test]
    fn marks_stand_nowhere_in_what_they_are_drawn_for() {
        let marks = Marks::unlike("an issue");
        assert_eq!(marks, Marks::unlike("an issue"));
        assert_ne!(marks, Marks::unlike("another issue"));
        let first = &sha256_hex(b"an issue")[..16];
        assert!(marks.greeting().contains(first) && marks.place("view").contains(first));
        // No text is known that holds its own hash; an empty one stands in every text but is never drawn.
        assert!(!Marks::unlike("").seed.is_empty());
        let all = [marks.greeting(), marks.unsubscribe(), marks.list_title(), marks.place("view")];
        assert!(all.iter().all(|mark| mark.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')));
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
            marks: Marks::default(),
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

//! What became of each post.

use serde::{Deserialize, Serialize};

use super::{IssueKey, PostId};

/// Why a post is not in an issue.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum Reason {
    /// The editor left it out.
    LeftOut,
    /// It is in another language than the series.
    OtherLanguage {
        /// The post's.
        language: String,
    },
    /// It is a draft.
    Draft,
    /// It is dated after now.
    Future,
    /// It is dated before the series begins.
    BeforeSeries,
    /// Its date lies in a later window.
    LaterWindow,
    /// Its date lies in an earlier window, of a series in which it was already decided.
    EarlierWindow,
    /// It is already in this issue of the series.
    AlreadyIn {
        /// Which one.
        issue: IssueKey,
    },
    /// The series does not take it (tags, categories or sources).
    NotSelected,
    /// A volume does not take it, because the issue that it was printed in is withdrawn.
    Withdrawn {
        /// Which issue.
        issue: IssueKey,
    },
    /// Two posts have one id; the other one was taken.
    DuplicateId {
        /// The file of the other one.
        other: String,
    },
}

/// In or out.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    /// In, under this heading.
    Taken {
        /// The section's title; empty under no heading.
        section: String,
        /// Seen only after its own window had been frozen.
        #[serde(default)]
        late: bool,
    },
    /// Out, for this reason.
    Out(Reason),
}

/// The verdict on one post, with the facts that decided it in words.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Verdict {
    /// Which post.
    pub post: PostId,
    /// Its title, to be read by people.
    pub title: String,
    /// In or out.
    #[serde(flatten)]
    pub outcome: Outcome,
    /// In words: "23:30Z is 1 March in Tehran".
    pub because: String,
}

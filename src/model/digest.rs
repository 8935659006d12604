//! A digest: an issue as email, before it is addressed.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{IssueKey, Language};

/// Stands in a digest where a recipient is greeted. Letters and digits only, so that no escaping touches it.
pub const GREETING: &str = "X0greeting0X";
/// Stands in a digest where the address of a recipient's unsubscribe page (or `mailto:`) goes.
pub const UNSUBSCRIBE: &str = "X0unsubscribelink0X";
/// Stands in a digest where the title of the recipient's list goes.
pub const LIST_TITLE: &str = "X0listtitle0X";

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

/// How a recipient is greeted in one language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Greeting {
    /// With `{name}` where the name goes.
    pub named: String,
    /// One without a name.
    pub unnamed: String,
}

/// An issue as email. `html` and `text` hold [`GREETING`], [`UNSUBSCRIBE`] and [`LIST_TITLE`] where a recipient's own
/// words go.
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
    /// How recipients of other languages are greeted, by primary subtag ("pt" of "pt-BR").
    #[serde(default, skip_serializing_if = "std::collections::BTreeMap::is_empty")]
    pub greetings: std::collections::BTreeMap<String, Greeting>,
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

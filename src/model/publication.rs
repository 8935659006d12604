//! What config.toml describes.

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::Language;

/// The publication's name and addresses, as an issue is frozen with them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Publication {
    /// "The Compositor".
    pub title: String,
    /// A sentence about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Where it stands on the web; ends with a slash.
    pub base_url: String,
    /// The default language.
    pub language: Language,
    /// The zone in which windows open and close.
    pub time_zone: Tz,
    /// Who publishes it, for the colophon; the title when not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub publisher: Option<String>,
    /// For the colophon and the foot of mails.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postal_address: Option<String>,
    /// Where readers write to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
    /// A line on rights, for the colophon.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rights: Option<String>,
}

impl Publication {
    /// The absolute URL of a path below public/.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("{}{}", self.base_url, path.trim_start_matches('/'))
    }
}

//! HTML that has been made safe.

use serde::{Deserialize, Serialize};

/// A fragment of sanitised HTML. Only `collect::sanitise` makes one from text (a test holds that), or serde from a
/// frozen issue, which was sanitised when it was collected.
#[derive(Clone, Debug, PartialEq, Eq, Default, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Html(String);

impl Html {
    /// Takes the word of the caller that `html` went through the sanitiser.
    pub(crate) fn from_sanitised(html: String) -> Self {
        Self(html)
    }

    /// The markup.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether there is no markup at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.trim().is_empty()
    }
}

//! HTML that has been made safe.

use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A fragment of sanitised HTML. Only `collect::sanitise` makes one from text (a test holds that), or serde: from a frozen
/// issue, which was sanitised when it was collected, and from collected/, where `collect` looks at it again. Copies share
/// the text.
#[derive(Clone, Debug, PartialEq, Eq, Default, Hash)]
pub struct Html(Arc<str>);

impl Html {
    /// Takes the word of the caller that `html` went through the sanitiser.
    pub(crate) fn from_sanitised(html: String) -> Self {
        Self(html.into())
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

impl Serialize for Html {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Html {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|html| Self(html.into()))
    }
}

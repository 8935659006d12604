//! A feed as it comes over the wire, whatever its format: every value as written.

/// A feed.
#[derive(Debug, Default)]
pub(super) struct WireFeed {
    pub(super) title: String,
    /// The address of the site.
    pub(super) link: String,
    pub(super) language: String,
    pub(super) base: String,
    pub(super) items: Vec<WireItem>,
    /// What was wrong with the document as a whole.
    pub(super) faults: Vec<String>,
}

/// Text, and whether it is markup.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct WireText {
    pub(super) value: String,
    pub(super) is_html: bool,
}

/// An item or entry.
#[derive(Clone, Debug, Default)]
pub(super) struct WireItem {
    pub(super) id: String,
    /// Whether `guid` said that it is no address.
    pub(super) id_is_no_address: bool,
    pub(super) link: String,
    pub(super) title: WireText,
    pub(super) summary: WireText,
    pub(super) content: WireText,
    pub(super) authors: Vec<String>,
    pub(super) published: String,
    pub(super) updated: String,
    pub(super) categories: Vec<String>,
    pub(super) language: String,
    pub(super) base: String,
    pub(super) picture: String,
    /// The feed that the item was taken from: its title and address.
    pub(super) source_title: String,
    pub(super) source_link: String,
}

impl WireItem {
    /// Whether there is nothing to publish.
    pub(super) fn is_empty(&self) -> bool {
        let texts = [&self.id, &self.link, &self.title.value, &self.summary.value, &self.content.value, &self.picture];
        texts.iter().all(|text| text.trim().is_empty())
    }
}

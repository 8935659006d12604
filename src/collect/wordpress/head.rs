//! What is kept of a post between the two readings of its export.

use super::exported::{self, Short};
use super::item::Item;
use super::naming;

/// An item without its text, which is read again when it is needed: an export may be larger than memory.
#[derive(Debug)]
pub(super) struct Head {
    /// Without content, excerpt, notes and files.
    pub(super) item: Item,
    /// As plain text.
    pub(super) title: String,
    /// The SHA-256 of title, date and text.
    pub(super) whole: [u8; 32],
    /// What tells whether its words have changed, where the item does not say when it was modified.
    pub(super) words: Option<Short>,
}

impl Head {
    /// Of an item, whose text goes.
    pub(super) fn of(item: Item) -> Self {
        let title = naming::title(&item);
        let whole = naming::whole(&item);
        let words = (!naming::says_modified(&item)).then(|| exported::words(&item));
        // Values that are to be kept for long take no more room than they need.
        let tight = |mut text: String| {
            text.shrink_to_fit();
            text
        };
        let mut terms = item.terms;
        terms.retain(|term| term.domain == "language");
        let bare = Item {
            title: tight(item.title),
            link: tight(item.link),
            guid: tight(item.guid),
            pub_date: tight(item.pub_date),
            date: tight(item.date),
            date_gmt: tight(item.date_gmt),
            modified: tight(item.modified),
            modified_gmt: tight(item.modified_gmt),
            id: tight(item.id),
            name: tight(item.name),
            terms,
            ..Item::new(item.file, item.at)
        };
        Self { item: bare, title: tight(title), whole, words }
    }
}

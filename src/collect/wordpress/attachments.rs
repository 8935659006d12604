//! Attachments: pictures and files, known by their numbers.

use std::collections::{BTreeMap, BTreeSet};

use super::item::Item;
use crate::collect::plain;

/// Attachments that are kept from a first reading, whether a post names them or not. Of a larger export those that
/// posts do name are read a second time.
const KEPT: usize = 50_000;

/// A picture or another file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Attachment {
    pub(super) url: String,
    /// The address of the page that its site makes around it.
    pub(super) page: String,
    pub(super) title: String,
    pub(super) alt: String,
    /// As HTML.
    pub(super) caption: String,
    parent: u64,
    order: i64,
}

/// What posts name of attachments.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    pub(super) ids: BTreeSet<u64>,
    /// Posts that show everything attached to them.
    pub(super) parents: BTreeSet<u64>,
}

/// The attachments of an export.
#[derive(Debug, Default)]
pub(super) struct Attachments {
    by_id: BTreeMap<u64, Attachment>,
    /// Those attached to a post, by their order and number.
    by_parent: BTreeMap<u64, BTreeSet<(i64, u64)>>,
    /// Whether there were more than are kept.
    missed: bool,
    /// In a second reading, what is looked for.
    wanted: Option<Wanted>,
}

impl Attachments {
    /// For a second reading that looks for these alone.
    pub(super) fn looking_for(wanted: Wanted) -> Self {
        Self { wanted: Some(wanted), ..Self::default() }
    }

    /// Takes an attachment.
    pub(super) fn take(&mut self, item: Item) {
        let Ok(id) = item.id.trim().parse::<u64>() else { return };
        let parent = item.parent.trim().parse().unwrap_or(0);
        match &self.wanted {
            Some(wanted) if !wanted.ids.contains(&id) && !wanted.parents.contains(&parent) => return,
            None if self.by_id.len() >= KEPT => {
                self.missed = true;
                return;
            }
            _ => {}
        }
        let url = if item.attachment_url.is_empty() { item.guid } else { item.attachment_url };
        let attachment = Attachment {
            url,
            page: item.link,
            title: plain::from_html(&item.title),
            alt: plain::from_html(&item.alt),
            caption: item.excerpt.trim().to_owned(),
            parent,
            order: item.order.trim().parse().unwrap_or(0),
        };
        if attachment.parent > 0 {
            self.by_parent.entry(parent).or_default().insert((attachment.order, id));
        }
        self.by_id.entry(id).or_insert(attachment);
    }

    /// Whether a second reading may find what is wanted and not here.
    pub(super) fn lacks(&self, wanted: &Wanted) -> bool {
        self.missed && (!wanted.parents.is_empty() || wanted.ids.iter().any(|id| !self.by_id.contains_key(id)))
    }

    /// An attachment by its number.
    pub(super) fn get(&self, id: u64) -> Option<&Attachment> {
        self.by_id.get(&id)
    }

    /// The attachments of a post, in their order.
    pub(super) fn of(&self, parent: u64) -> Vec<u64> {
        self.by_parent.get(&parent).into_iter().flatten().map(|(_, id)| *id).collect()
    }
}

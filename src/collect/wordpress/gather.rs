//! What is taken of an export, what is left out, and what is only counted.

use std::collections::BTreeMap;

use super::attachments::{Attachments, Wanted};
use super::body;
use super::head::Head;
use super::item::Item;
use super::lists::Filed;
use super::read::Sink;
use super::stream::Position;

/// An item that is no post of ours.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Refused {
    /// Which of the export's files.
    pub(super) file: usize,
    pub(super) at: Position,
    pub(super) reason: String,
}

/// A first reading.
#[derive(Debug, Default)]
pub(super) struct Gatherer {
    /// Whether pages are taken as posts.
    pub(super) pages: bool,
    /// The posts without their texts, in the order of the files.
    pub(super) posts: Vec<Head>,
    pub(super) refused: Vec<Refused>,
    pub(super) attachments: Attachments,
    /// What the posts name of attachments.
    pub(super) wanted: Wanted,
    /// What the posts are filed under.
    pub(super) filed: Filed,
    /// Reusable blocks, by number: what `<!-- wp:block {"ref":1} /-->` stands for.
    pub(super) blocks: BTreeMap<u64, String>,
    /// Items of other kinds, by file and kind.
    pub(super) others: BTreeMap<(usize, String), usize>,
    /// Comments, by file.
    pub(super) comments: BTreeMap<usize, usize>,
}

impl Gatherer {
    fn refuse(&mut self, item: &Item, reason: &str) {
        let reason = format!("{} {reason}", item.called());
        self.refused.push(Refused { file: item.file, at: item.at, reason });
    }

    /// Takes what of a post is needed before its text is.
    fn take(&mut self, item: Item) {
        self.wanted.ids.extend(item.thumbnail.trim().parse::<u64>());
        body::name_attachments(&item, &mut self.wanted);
        self.filed.add(&item);
        self.posts.push(Head::of(item));
    }
}

impl Sink for Gatherer {
    fn item(&mut self, item: Item) {
        if item.comments > 0 {
            *self.comments.entry(item.file).or_default() += item.comments;
        }
        if is_a_post(&item, self.pages) {
            match refusal(&item) {
                None => self.take(item),
                Some(reason) => self.refuse(&item, &reason),
            }
            return;
        }
        if item.kind.is_empty() {
            self.refuse(&item, "does not say what it is (`wp:post_type`)");
            return;
        }
        *self.others.entry((item.file, item.kind.clone())).or_default() += 1;
        match item.kind.as_str() {
            "attachment" => self.attachments.take(item),
            "wp_block" => {
                if let Ok(id) = item.id.trim().parse() {
                    self.blocks.insert(id, item.content);
                }
            }
            _ => {}
        }
    }

    fn lost(&mut self, item: Item, why: &str) {
        if item.kind.is_empty() || is_a_post(&item, self.pages) {
            self.refuse(&item, &format!("cannot be read: {why}"));
        } else {
            *self.others.entry((item.file, item.kind)).or_default() += 1;
        }
    }
}

/// Whether an item is a post of ours, if posts, or pages, are asked for.
fn is_a_post(item: &Item, pages: bool) -> bool {
    match item.kind.as_str() {
        "post" => true,
        "page" => pages,
        _ => false,
    }
}

/// Why a post is not public. One that is scheduled is taken: its date is still to come, or has come since.
fn refusal(item: &Item) -> Option<String> {
    let reason = match item.status.as_str() {
        "publish" | "future" => {
            let reserved = item.reserved.then_some("is for some readers of its site alone");
            let locked = (!item.password.is_empty()).then_some("is behind a password");
            return locked.or(reserved).map(str::to_owned);
        }
        "draft" | "auto-draft" => "is a draft",
        "private" => "is private",
        "pending" => "waits for review",
        "trash" => "is in the bin",
        "" => "does not say whether it is published (`wp:status`)",
        status => return Some(format!("has the status `{status}`, not `publish`")),
    };
    Some(reason.to_owned())
}

/// A second reading, for attachments alone.
pub(super) struct Second(pub(super) Attachments);

impl Sink for Second {
    fn item(&mut self, item: Item) {
        if item.kind == "attachment" {
            self.0.take(item);
        }
    }

    fn lost(&mut self, _: Item, _: &str) {}
}

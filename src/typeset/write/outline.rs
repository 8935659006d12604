//! Bookmarks as a nested outline (ISO 32000-1, 12.3.3).
//!
//! Entries and object ids are numbered alike: one id is made for each entry, and entries name only each other.

use lopdf::{Dictionary, Object, ObjectId, dictionary};

use crate::typeset::display::Document;

use super::objects::{destination, text};

/// Outlines with more entries than this start folded.
const UNFOLDED: usize = 60;

/// An entry's place in the tree; index 0 is the root.
#[derive(Default)]
struct Entry {
    parent: usize,
    /// Among its parent's children.
    place: usize,
    children: Vec<usize>,
    level: u8,
}

/// Writes the outline and returns its root, if there is any bookmark.
pub(super) fn outline(file: &mut lopdf::Document, document: &Document, pages: &[ObjectId]) -> Option<ObjectId> {
    if document.bookmarks.is_empty() {
        return None;
    }
    let tree = nest(document);
    let ids: Vec<ObjectId> = tree.iter().map(|_| file.new_object_id()).collect();
    let unfolded = document.bookmarks.len() <= UNFOLDED;
    for (index, entry) in tree.iter().enumerate() {
        let mut dictionary = match index.checked_sub(1).and_then(|bookmark| document.bookmarks.get(bookmark)) {
            None => dictionary! { "Type" => "Outlines" },
            Some(bookmark) => {
                let mut item = dictionary! {
                    "Title" => text(&bookmark.label),
                    "Parent" => ids[entry.parent],
                    "Dest" => destination(document, pages, bookmark.destination),
                };
                let siblings = &tree[entry.parent].children;
                link(&mut item, "Prev", entry.place.checked_sub(1).and_then(|before| siblings.get(before)), &ids);
                link(&mut item, "Next", siblings.get(entry.place + 1), &ids);
                item
            }
        };
        link(&mut dictionary, "First", entry.children.first(), &ids);
        link(&mut dictionary, "Last", entry.children.last(), &ids);
        if !entry.children.is_empty() {
            let shown = if unfolded { descendants(&tree, index) } else { entry.children.len() } as i64;
            // The root counts what is shown; a folded entry what it would show, as a negative number.
            dictionary.set("Count", if unfolded || index == 0 { shown } else { -shown });
        }
        file.set_object(ids[index], Object::Dictionary(dictionary));
    }
    ids.first().copied()
}

fn link(dictionary: &mut Dictionary, key: &str, entry: Option<&usize>, ids: &[ObjectId]) {
    if let Some(id) = entry.and_then(|entry| ids.get(*entry)) {
        dictionary.set(key, *id);
    }
}

/// The tree of the bookmarks: each belongs to the nearest one before it of a lower level.
fn nest(document: &Document) -> Vec<Entry> {
    let mut tree = vec![Entry::default()];
    let mut open = vec![0];
    for (index, bookmark) in document.bookmarks.iter().enumerate() {
        let level = bookmark.level.max(1);
        open.retain(|entry: &usize| tree[*entry].level < level);
        // The root has level 0 and is never closed.
        let parent = open.last().copied().unwrap_or(0);
        let place = tree[parent].children.len();
        tree[parent].children.push(index + 1);
        tree.push(Entry { parent, place, children: Vec::new(), level });
        open.push(index + 1);
    }
    tree
}

fn descendants(tree: &[Entry], index: usize) -> usize {
    let mut count = 0;
    let mut waiting = vec![index];
    while let Some(entry) = waiting.pop() {
        count += tree[entry].children.len();
        waiting.extend(&tree[entry].children);
    }
    count
}

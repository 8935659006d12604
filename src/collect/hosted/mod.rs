//! Archives that services of newsletters give their publishers: Ghost's JSON, Substack's folder. Each becomes a JSON Feed of what
//! everybody may read; drafts, and what is for members or for those who pay, are left out and told.

mod buttons;
mod ghost;
mod substack;

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

pub use self::ghost::is_ghost;
pub(super) use self::substack::table_beside;
pub use self::substack::table_of;

/// An archive as a feed.
#[derive(Debug, Default)]
pub(super) struct Archive {
    title: String,
    items: Vec<Value>,
    /// Why others of its posts are none of ours, each with its name.
    pub(super) left_out: Vec<String>,
    /// How many pages it has that are not taken.
    pub(super) pages: usize,
    /// The files of the texts, where these stand in others, by the ids of their posts.
    pub(super) texts: HashMap<String, PathBuf>,
}

impl Archive {
    /// The feed.
    pub(super) fn into_json(self) -> Vec<u8> {
        let feed = json!({
            "version": "https://jsonfeed.org/version/1.1",
            "title": self.title,
            "items": self.items,
        });
        feed.to_string().into_bytes()
    }

    /// Leaves a post out.
    fn leave_out(&mut self, title: &str, why: &str) {
        let called = if title.trim().is_empty() { "a post without a title".to_owned() } else { format!("`{title}`") };
        self.left_out.push(format!("{called} {why}"));
    }
}

/// What the file at `path`, of these bytes, holds if it is such an archive. Pages are taken as posts with `pages`, and `site` is
/// the address at which it stood, where that is known.
pub(super) fn read(path: &Path, bytes: &[u8], pages: bool, site: Option<&str>) -> Option<Archive> {
    substack::read(path, bytes, site).or_else(|| ghost::read(bytes, pages, site))
}

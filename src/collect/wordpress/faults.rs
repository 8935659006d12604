//! What was wrong with an export, by its place, until it is told.

use std::collections::BTreeMap;

use super::stream::Position;

/// Faults of one file that are told one by one.
const TOLD: usize = 200;

/// What was wrong with a document, and where.
#[derive(Debug, Default)]
pub(super) struct Faults {
    pub(super) told: Vec<(Position, String)>,
    /// How many more there were.
    pub(super) more: usize,
    /// What is told once, where it was met first: its place in the list, and how often it was met.
    counted: BTreeMap<String, (usize, usize)>,
}

impl Faults {
    pub(super) fn add(&mut self, at: Position, message: impl Into<String>) {
        if self.told.len() < TOLD {
            self.told.push((at, message.into()));
        } else {
            self.more += 1;
        }
    }

    /// Adds what may be met on every line.
    pub(super) fn count(&mut self, at: Position, message: impl Into<String>) {
        let message = message.into();
        if let Some((_, count)) = self.counted.get_mut(&message) {
            *count += 1;
        } else if self.told.len() < TOLD {
            self.counted.insert(message.clone(), (self.told.len(), 1));
            self.told.push((at, message));
        } else {
            self.more += 1;
        }
    }

    /// Says how often that was met.
    pub(super) fn with_counts(mut self) -> Self {
        for (index, count) in std::mem::take(&mut self.counted).into_values() {
            let more = match count {
                1 => continue,
                2 => " (and once more)".to_owned(),
                count => format!(" (and {} times more)", count - 1),
            };
            self.told[index].1 += &more;
        }
        self
    }
}

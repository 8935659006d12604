//! Which way the text of a place runs.

use crate::model::Direction;

/// The directions of the elements around a place that say theirs, outermost first.
pub(super) struct Directions {
    base: bool,
    said: Vec<Said>,
}

/// An element that says its direction.
struct Said {
    name: String,
    /// How many of its name are open within it.
    within: usize,
    from_the_right: bool,
}

impl Directions {
    pub(super) fn new(base: Direction) -> Self {
        Self { base: base == Direction::Rtl, said: Vec::new() }
    }

    /// An element begins. Where it leaves its direction to be found, mail programs find it as well.
    pub(super) fn open(&mut self, name: &str, dir: Option<&str>) {
        if let Some(dir) = dir.filter(|_| !is_empty(name)) {
            let from_the_right = dir.eq_ignore_ascii_case("rtl");
            self.said.push(Said { name: name.to_owned(), within: 0, from_the_right });
        } else if let Some(last) = self.said.last_mut()
            && last.name == name
        {
            last.within += 1;
        }
    }

    /// An element ends.
    pub(super) fn close(&mut self, name: &str) {
        match self.said.last_mut() {
            Some(last) if last.name == name && last.within > 0 => last.within -= 1,
            Some(last) if last.name == name => {
                self.said.pop();
            }
            _ => {}
        }
    }

    /// Whether the text here runs from right to left.
    pub(super) fn are_from_the_right(&self) -> bool {
        self.said.last().map_or(self.base, |said| said.from_the_right)
    }
}

/// Whether an element has no end.
fn is_empty(name: &str) -> bool {
    matches!(name, "img" | "br" | "hr" | "wbr" | "col" | "source" | "track" | "input")
}

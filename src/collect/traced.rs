//! Text that was made of another one, and where in that its parts stood: a warning names the place that an author knows.

use std::ops::{Deref, Range};

/// Characters that were copied as they stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Run {
    /// Where they stand now, in bytes.
    at: usize,
    /// Where they stood.
    source: usize,
    length: usize,
}

/// A text that is being made of another one.
#[derive(Clone, Debug, Default)]
pub(super) struct Traced {
    text: String,
    /// What was copied, in the order of the text.
    runs: Vec<Run>,
}

impl Traced {
    pub(super) fn with_capacity(length: usize) -> Self {
        Self { text: String::with_capacity(length), runs: Vec::new() }
    }

    /// Appends a part of the original.
    pub(super) fn copy(&mut self, original: &str, range: Range<usize>) {
        let (at, source, length) = (self.text.len(), range.start, range.len());
        match self.runs.last_mut() {
            Some(last) if last.at + last.length == at && last.source + last.length == source => last.length += length,
            _ if length > 0 => self.runs.push(Run { at, source, length }),
            _ => {}
        }
        self.text.push_str(&original[range]);
    }

    /// Appends what does not stand in the original.
    pub(super) fn push_str(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// The same.
    pub(super) fn push(&mut self, c: char) {
        self.text.push(c);
    }

    /// Appends what was made of another part of the same original.
    pub(super) fn append(&mut self, other: Self) {
        let before = self.text.len();
        self.runs.extend(other.runs.into_iter().map(|run| Run { at: before + run.at, ..run }));
        self.text.push_str(&other.text);
    }

    /// Whether a line begins where the text ends, but for blanks. What has more of these than anybody writes counts as one, so that many
    /// questions cost no more than the text is long.
    pub(super) fn begins_line(&self) -> bool {
        const MOST: usize = 1000;
        let from = self.text.len().saturating_sub(MOST);
        let from = (from..=self.text.len()).find(|at| self.text.is_char_boundary(*at)).unwrap_or(0);
        let before = self.text[from..].trim_end_matches(|c: char| c != '\n' && c.is_whitespace());
        before.is_empty() || before.ends_with('\n')
    }

    /// Takes away what stands after the first `length` bytes.
    pub(super) fn truncate(&mut self, length: usize) {
        self.text.truncate(length);
        self.runs.truncate(self.runs.partition_point(|run| run.at < length));
        if let Some(last) = self.runs.last_mut() {
            last.length = last.length.min(length - last.at);
        }
    }
}

impl Deref for Traced {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

impl<T: AsRef<str>> Extend<T> for Traced {
    fn extend<I: IntoIterator<Item = T>>(&mut self, parts: I) {
        parts.into_iter().for_each(|part| self.text.push_str(part.as_ref()));
    }
}

impl From<Traced> for String {
    fn from(traced: Traced) -> Self {
        traced.text
    }
}

/// Where the parts of a text stood before it was changed, once or several times.
#[derive(Clone, Debug, Default)]
pub(super) struct Origins(Vec<Vec<Run>>);

impl Origins {
    /// Notes one more change, and gives its text.
    pub(super) fn follow(&mut self, change: Traced) -> String {
        self.0.push(change.runs);
        change.text
    }

    /// Where in the first text that stood which stands at `offset` of the last one. What was put in stands where the text
    /// before it ends.
    pub(super) fn of(&self, offset: usize) -> usize {
        self.0.iter().rev().fold(offset, |offset, runs| {
            let before = runs.partition_point(|run| run.at <= offset).checked_sub(1);
            before.map_or(0, |index| runs[index].source + (offset - runs[index].at).min(runs[index].length))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Origins, Traced};

    #[test]
    fn what_was_copied_is_found_again() {
        let original = "one {x} two {y} three";
        let mut first = Traced::with_capacity(0);
        first.copy(original, 0..4);
        first.push_str("[put in]");
        first.copy(original, 7..12);
        first.truncate(first.len() - 1);
        first.copy(original, 15..21);
        assert_eq!(&*first, "one [put in] two three");
        let mut origins = Origins::default();
        let text = origins.follow(first);
        let of = |word: &str| origins.of(text.find(word).unwrap());
        assert_eq!((of("one"), of("put"), of("two"), of("three")), (0, 4, 8, 16));
        let mut second = Traced::with_capacity(0);
        second.push_str("> ");
        second.copy(&text, text.find("two").unwrap()..text.len());
        let text = origins.follow(second);
        assert_eq!((origins.of(0), origins.of(text.find("three").unwrap())), (0, 16));
    }
}

//! Lines and columns of many offsets in one text.

use super::line_and_column;

/// So many bytes stand between two offsets whose lines and columns are kept.
const STEP: usize = 1024;

/// Where lines begin in a text: each further question costs little, however long the text is and however long its lines are.
#[derive(Clone, Debug, Default)]
pub struct Lines(Vec<(usize, usize, usize)>);

impl Lines {
    /// Goes through the text once.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let mut kept = vec![(0, 1, 1)];
        let (mut at, mut line, mut column) = (0, 1, 1);
        while text.len() - at > STEP {
            let next = (at + STEP..=text.len()).find(|next| text.is_char_boundary(*next)).unwrap_or(text.len());
            (line, column) = moved(&text[at..next], line, column);
            at = next;
            kept.push((at, line, column));
        }
        Self(kept)
    }

    /// The line and the column in characters, both from 1, of a byte offset in `text`, of which this was made.
    #[must_use]
    pub fn find(&self, text: &str, offset: usize) -> (usize, usize) {
        let mut end = offset.min(text.len());
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let before = self.0.partition_point(|(at, ..)| *at <= end).checked_sub(1).and_then(|index| self.0.get(index));
        match before.and_then(|(at, line, column)| Some((text.get(*at..end)?, *line, *column))) {
            Some((passed, line, column)) => moved(passed, line, column),
            None => line_and_column(text, offset),
        }
    }
}

/// Where one stands after this text.
fn moved(passed: &str, line: usize, column: usize) -> (usize, usize) {
    match passed.rsplit_once('\n') {
        Some((before, last)) => {
            (line + before.bytes().filter(|byte| *byte == b'\n').count() + 1, last.chars().count() + 1)
        }
        None => (line, column + passed.chars().count()),
    }
}

#[cfg(test)]
mod tests {
    use super::Lines;
    use crate::error::line_and_column;

    #[test]
    fn every_offset_has_the_place_that_counting_gives() {
        let text = "é\n\nabc ".repeat(300) + &"ü".repeat(3000) + "\n" + &"x".repeat(1500);
        let lines = Lines::of(&text);
        for offset in (0..text.len() + 3).step_by(7) {
            assert_eq!(lines.find(&text, offset), line_and_column(&text, offset), "{offset}");
        }
        assert_eq!(Lines::of("").find("", 5), (1, 1));
        assert_eq!(Lines::default().find("a\nb", 2), (2, 1));
    }
}

//! A heading stays with two lines of what follows it, also where the first of these is a paragraph of its own.

use super::piece::{Content, Keep, Strip};

/// Where the flow is.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum Place {
    #[default]
    Elsewhere,
    /// Below a heading: something that stays with what follows.
    BelowHeading,
    /// Below the first line after one.
    BelowLine,
}

/// Ties what follows the first line below a heading to that line.
#[derive(Debug, Default)]
pub(super) struct Headings {
    place: Place,
    /// The strip that was tied last.
    tied: Option<usize>,
}

impl Headings {
    /// Something that stays with what follows has ended with the last of these strips.
    pub(super) fn end(&mut self, strips: &mut [Strip]) {
        // What was tied to a line turns out to be a heading itself: it stands for what follows it.
        if let Some(heading) = self.tied.take().and_then(|tied| strips.get_mut(tied..))
            && heading.iter().all(|strip| strip.keep != Keep::Free)
            && let Some(first) = heading.first_mut()
        {
            first.keep = Keep::Free;
        }
        self.place = Place::BelowHeading;
    }

    /// How much a break is resisted before the next strip, which has this number.
    pub(super) fn keep(&mut self, number: usize, keep: Keep, content: &Content, is_forced: bool) -> Keep {
        let is_line = matches!(content, Content::Line(line) if line.paragraph.is_some());
        let is_content = is_line || matches!(content, Content::Row(_) | Content::Picture { .. });
        let place = self.place;
        self.place = match place {
            Place::BelowHeading if is_line => Place::BelowLine,
            _ if is_forced || is_content || matches!(content, Content::Rest { .. }) => Place::Elsewhere,
            place => place,
        };
        let is_tied = place == Place::BelowLine && keep == Keep::Free && !is_forced;
        if !is_tied || matches!(content, Content::Rest { .. }) {
            return keep;
        }
        self.place = Place::Elsewhere;
        self.tied = Some(number);
        Keep::Avoid
    }
}

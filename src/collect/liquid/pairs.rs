//! Which mark ends which.

use std::collections::HashMap;

use super::scan::{Kind, Mark};

/// For each mark the one that ends it, when there is one: `{% endnote %}`, Markdoc's `{% /note %}`, Hugo's
/// `{{< /name >}}`, kramdown's `{:/name}`, and Zola's `{% end %}` of a tag that is written like a call.
pub(super) struct Pairs(Vec<Option<usize>>);

impl Pairs {
    /// Pairs the marks in two passes, there and back: an end belongs to the last of its name that is open.
    pub(super) fn of(marks: &[Mark<'_>]) -> Self {
        let mut ends = vec![None; marks.len()];
        let mut open: HashMap<(Kind, &str), Vec<usize>> = HashMap::new();
        let mut calls: Vec<usize> = Vec::new();
        for (at, mark) in marks.iter().enumerate().filter(|(_, mark)| matches!(mark.kind, Kind::Tag | Kind::Shortcode))
        {
            let name = mark.name();
            if mark.kind == Kind::Tag && name == "end" {
                let call = calls.pop().filter(|call| ends[*call].is_none());
                if let Some(call) = call {
                    ends[call] = Some(at);
                }
                continue;
            }
            let ended = match name {
                // Hugo takes a space in `{{< / name >}}`.
                "/" => Some(mark.arguments()),
                _ => name.strip_prefix('/').or_else(|| name.strip_prefix("end").filter(|_| mark.kind == Kind::Tag)),
            };
            if let Some(ended) = ended {
                if let Some(opened) = open.get_mut(&(mark.kind, ended)).and_then(Vec::pop) {
                    ends[opened] = Some(at);
                }
                continue;
            }
            if mark.kind == Kind::Tag && mark.arguments().starts_with('(') {
                calls.push(at);
            }
            open.entry((mark.kind, name)).or_default().push(at);
        }
        let mut next = None;
        for (at, mark) in marks.iter().enumerate().rev().filter(|(_, mark)| mark.kind == Kind::Extension) {
            ends[at] = next;
            if mark.inside.starts_with('/') {
                next = Some(at);
            }
        }
        Self(ends)
    }

    /// The mark that ends the one at `index`, when it stands before `end`.
    pub(super) fn end_of(&self, index: usize, end: usize) -> Option<usize> {
        self.0[index].filter(|close| *close < end)
    }
}

//! Lines and list markers that run off the sides of the paper, and the boxes that took them there.

use std::collections::{BTreeMap, HashMap};

use super::block::boxes::{Atom, BoxId, BoxKind, BoxTree};
use super::inline::{Fragment, Inline, Line};
use super::pager::marks::{TOO_WIDE, beginning, is_too_wide};
use crate::error::{Place, Warning};

/// So many boxes are told one by one.
const TOLD: usize = 50;

/// A line that is not wholly on the paper.
#[derive(Clone, Debug)]
pub(super) struct OffPaper {
    /// The paragraph that it is of; none of a marker that stands alone.
    paragraph: Option<BoxId>,
    /// Whether it is a list marker.
    is_marker: bool,
    /// The number of its page.
    page: i32,
    /// How its text begins.
    text: String,
    /// So many points of it are lost.
    by: f32,
}

impl OffPaper {
    /// A line whose left edge is so far from that of a page of this number and width, where something of it is off that page.
    /// A line that is wider than its column is told as such.
    pub(super) fn of(paragraph: Option<BoxId>, line: &Line, left: f32, (page, width): (i32, f32)) -> Option<Self> {
        let beyond = |fragment: &Fragment| match fragment {
            Fragment::Glyphs { x, width: own, run, .. } if run.color.a > 0 && !run.text.trim().is_empty() => {
                Some((-(left + x)).max(left + x + own - width))
            }
            _ => None,
        };
        let by = line.fragments.iter().filter_map(beyond).fold(0.0, f32::max);
        let is_marker = false;
        (by > TOO_WIDE && !is_too_wide(line)).then(|| Self { paragraph, is_marker, page, text: beginning(line), by })
    }

    /// The same of a list marker.
    pub(super) fn of_marker(paragraph: Option<BoxId>, line: &Line, left: f32, page: (i32, f32)) -> Option<Self> {
        Some(Self { is_marker: true, ..Self::of(paragraph, line, left, page)? })
    }
}

/// One warning for each box that takes lines off the paper, at its element.
pub(super) fn warnings(lines: &[OffPaper], tree: &BoxTree, html_name: &str) -> Vec<Warning> {
    if lines.is_empty() {
        return Vec::new();
    }
    let parents = parents(tree);
    // By where the box stands in the document, markers apart.
    let mut by_box: BTreeMap<_, Vec<&OffPaper>> = BTreeMap::new();
    for line in lines {
        let mut around = line.paragraph;
        while let Some(id) = around.filter(|id| !tree.reaching.contains_key(id)) {
            around = parents.get(&id).copied();
        }
        let at = around.and_then(|id| tree.reaching.get(&id)).copied();
        by_box.entry((at, line.is_marker)).or_default().push(line);
    }
    let count = by_box.len();
    let mut warnings: Vec<Warning> = by_box
        .into_iter()
        .take(TOLD)
        .filter_map(|((at, _), lines)| {
            let place = at.map_or(Place::file(html_name), |(line, column)| Place::at(html_name, line, column));
            Some(Warning::new(message(&lines)?).at(place))
        })
        .collect();
    if count > TOLD {
        let message = format!("{} more boxes take lines off the paper", count - TOLD);
        warnings.push(Warning::new(message).at(Place::file(html_name)));
    }
    warnings
}

fn message(lines: &[&OffPaper]) -> Option<String> {
    let (first, rest) = lines.split_first()?;
    let OffPaper { page, text, by, is_marker, .. } = first;
    let what = if *is_marker { "list marker" } else { "line" };
    let others = match rest.len() {
        0 => String::new(),
        1 if *is_marker => ", and so does another list marker".to_owned(),
        more if *is_marker => format!(", and so do {more} more list markers"),
        1 => ", and so does another line of this box".to_owned(),
        more => format!(", and so do {more} more lines of this box"),
    };
    Some(format!("page {page}: the {what} `{}` runs {by:.0} pt off the paper{others}", text.trim()))
}

/// The box around each box, lines with what stands on them included.
fn parents(tree: &BoxTree) -> HashMap<BoxId, BoxId> {
    let mut parents = HashMap::new();
    for (id, layout_box) in tree.boxes.iter().enumerate() {
        let id = id as BoxId;
        parents.extend(layout_box.children.iter().map(|child| (*child, id)));
        if let BoxKind::Paragraph(inlines) = &layout_box.kind {
            let boxes = inlines.atoms.iter().filter_map(|atom| match atom {
                Atom::Box(inner) => Some((*inner, id)),
                Atom::Picture(_) => None,
            });
            parents.extend(boxes);
            let floats = inlines.content.iter().filter_map(|item| match item {
                Inline::Float(inner) => Some((*inner, id)),
                _ => None,
            });
            parents.extend(floats);
        }
    }
    parents
}

//! The height of a line (CSS Inline Layout 3, 4).

use super::collapse::Content;
use super::cutting::Cutting;
use super::line::Part;
use super::{AtomAlign, Paragraph, TextStyle};

/// How far a line reaches above and below its baseline: the strut, stretched by larger or shifted text and by atoms.
/// Fallback fonts do not stretch it: a style counts with its first face.
pub(super) fn extents(paragraph: &Paragraph, cutting: &Cutting<'_, '_>, parts: &[Part]) -> (f32, f32) {
    let strut = &paragraph.strut;
    let (mut above, mut below) = style_extents(paragraph, cutting, strut);
    // What stands at an edge of the line has its place only when the line's height is known.
    let mut at_edges = (0.0_f32, 0.0_f32);
    let mut last = None;
    for part in parts {
        if last.replace(part.span) == Some(part.span) {
            continue;
        }
        let (up, down) = match cutting.source.spans[part.span as usize].content {
            Content::Atom { ascent, descent, align: AtomAlign::Baseline, .. } => (ascent, descent),
            Content::Atom { ascent, descent, align: AtomAlign::Top, .. } => {
                at_edges.0 = at_edges.0.max(ascent + descent);
                continue;
            }
            Content::Atom { ascent, descent, align: AtomAlign::Bottom, .. } => {
                at_edges.1 = at_edges.1.max(ascent + descent);
                continue;
            }
            Content::Text { style, .. } if differs(style, strut) => {
                let (up, down) = style_extents(paragraph, cutting, style);
                (up + style.baseline_shift, down - style.baseline_shift)
            }
            _ => continue,
        };
        above = above.max(up);
        below = below.max(down);
    }
    below = below.max(at_edges.0 - above);
    above = above.max(at_edges.1 - below);
    (above, below)
}

fn differs(style: &TextStyle, strut: &TextStyle) -> bool {
    style.baseline_shift != 0.0 || style.size > strut.size || style.line_height.is_some()
}

/// A style's own box: its font's ascent and descent, with the line height's rest shared out to both sides. The line
/// height is its own, or that of the paragraph in proportion to the size.
fn style_extents(paragraph: &Paragraph, cutting: &Cutting<'_, '_>, style: &TextStyle) -> (f32, f32) {
    let metrics = cutting.shaper.fonts().metrics(style);
    let scale = if paragraph.strut.size > 0.0 { style.size / paragraph.strut.size } else { 1.0 };
    let height = style.line_height.unwrap_or(paragraph.line_height * scale);
    let half_leading = (height - metrics.ascent - metrics.descent) / 2.0;
    (metrics.ascent + half_leading, metrics.descent + half_leading)
}

//! `preserveAspectRatio` (SVG 2, 8.6): how a graphic lies in a box of another shape.

/// Where a graphic lies that keeps its shape.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Alignment {
    /// How much of the room that is left over is before it, from the left and from the top.
    pub(crate) before: [f32; 2],
    /// Whether it fills the box, and what does not fit is cut off.
    pub(crate) slices: bool,
}

/// How a graphic lies in its box; `None` where it is stretched.
pub(super) fn of_text(svg: &str) -> Option<Alignment> {
    let root = svg.split("<svg").nth(1)?.split('>').next()?;
    // Without one there is nothing that could be kept in shape.
    attribute(root, "viewBox")?;
    let said = attribute(root, "preserveAspectRatio").unwrap_or("xMidYMid");
    let mut words = said.split_ascii_whitespace();
    let align = words.next().unwrap_or("xMidYMid");
    let share = |min: &str, max: &str| match align {
        _ if align.contains(min) => 0.0,
        _ if align.contains(max) => 1.0,
        _ => 0.5,
    };
    let before = [share("xMin", "xMax"), share("YMin", "YMax")];
    (align != "none").then_some(Alignment { before, slices: words.next() == Some("slice") })
}

/// Whether a graphic has a shape by its `viewBox`, and neither width nor height: a share of what is around is none
/// (SVG 2, 8.2 and CSS Images 3, 4.1).
pub(super) fn is_sizeless(svg: &str) -> bool {
    let Some(root) = svg.split("<svg").nth(1).and_then(|after| after.split('>').next()) else { return false };
    let is_length = |name: &str| attribute(root, name).is_some_and(|value| value != "auto" && !value.ends_with('%'));
    let sides = attribute(root, "viewBox").map(|of| of.split([' ', ',', '\n', '\t']).filter(|side| !side.is_empty()));
    sides.is_some_and(|sides| sides.count() == 4) && !is_length("width") && !is_length("height")
}

fn attribute<'t>(tag: &'t str, name: &str) -> Option<&'t str> {
    let after = tag.match_indices(name).find_map(|(at, _)| {
        let stands_alone = tag[..at].ends_with(|before: char| before.is_ascii_whitespace());
        let value = tag[at + name.len()..].trim_start().strip_prefix('=')?.trim_start();
        stands_alone.then_some(value)
    })?;
    let quote = after.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    after[1..].split(quote).next().map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::{Alignment, is_sizeless, of_text};

    #[test]
    fn a_graphic_without_a_length_has_a_shape_alone() {
        for (text, sizeless) in [
            ("<svg viewBox='0 0 20 10'>", true),
            ("<svg viewBox='0,0,20,10' width='100%' height=\"50%\"><rect width='1'/>", true),
            ("<svg viewBox='0 0 20 10' width='20'>", false),
            ("<svg viewBox='0 0 20 10' height='2em'>", false),
            ("<svg width='100%'>", false),
            ("<svg viewBox='none'>", false),
        ] {
            assert_eq!(is_sizeless(text), sizeless, "{text}");
        }
    }

    #[test]
    fn the_root_says_how_it_lies() {
        let middle = Some(Alignment { before: [0.5, 0.5], slices: false });
        for (text, alignment) in [
            ("<?xml?><svg width='1' viewBox='0 0 1 1'><svg preserveAspectRatio='none'/></svg>", middle),
            ("<svg viewBox = \"0 0 1 1\" preserveAspectRatio=\"nothing\">", middle),
            ("<svg width='1' height='1'>", None),
            ("<svg viewBox='0 0 1 1' preserveAspectRatio='none'>", None),
            ("<svg data-viewBox='0 0 1 1'>", None),
            (
                "<svg\npreserveAspectRatio='xMaxYMin  slice'\nviewBox='0 0 1 1'/>",
                Some(Alignment { before: [1.0, 0.0], slices: true }),
            ),
        ] {
            assert_eq!(of_text(text), alignment, "{text}");
        }
    }
}

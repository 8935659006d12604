//! `preserveAspectRatio` (SVG 2, 8.6): how a graphic lies in a box of another shape.

use usvg::roxmltree::Node;

/// Where a graphic lies that keeps its shape.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Alignment {
    /// How much of the room that is left over is before it, from the left and from the top.
    pub(crate) before: [f32; 2],
    /// Whether it fills the box, and what does not fit is cut off.
    pub(crate) slices: bool,
}

/// How a graphic lies in its box; `None` where it is stretched.
pub(super) fn of_root(root: Node<'_, '_>) -> Option<Alignment> {
    // Without one there is nothing that could be kept in shape.
    root.attribute("viewBox")?;
    let said = root.attribute("preserveAspectRatio").unwrap_or("xMidYMid");
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
pub(super) fn is_sizeless(root: Node<'_, '_>) -> bool {
    let sides = root.attribute("viewBox").map(|of| of.split([' ', ',', '\n', '\t']).filter(|side| !side.is_empty()));
    let has = |name: &str| length(root, name).is_some();
    sides.is_some_and(|sides| sides.count() == 4) && !has("width") && !has("height")
}

/// The side that a graphic does not say, by its shape and the side that it says (CSS Images 3, 5.1).
pub(super) fn missing_side(root: Node<'_, '_>) -> Option<(&'static str, String)> {
    let shape = root.attribute("viewBox")?.split([' ', ',', '\n', '\t']).filter(|side| !side.is_empty());
    let shape: Vec<f32> = shape.map_while(|side| side.parse().ok()).collect();
    let [_, _, width, height] = *shape.as_slice() else { return None };
    let (name, said, factor) = match (length(root, "width"), length(root, "height")) {
        (Some(said), None) => ("height", said, height / width),
        (None, Some(said)) => ("width", said, width / height),
        _ => return None,
    };
    let unit = said.trim_start_matches(|sign: char| sign.is_ascii_digit() || matches!(sign, '.' | '+' | '-'));
    let number: f32 = said[..said.len() - unit.len()].parse().ok()?;
    let side = number * factor;
    (width > 0.0 && height > 0.0 && side.is_finite()).then(|| (name, format!("{side}{unit}")))
}

/// A side that the root says in a length.
fn length<'a>(root: Node<'a, '_>, name: &str) -> Option<&'a str> {
    root.attribute(name).map(str::trim).filter(|value| *value != "auto" && !value.ends_with('%'))
}

#[cfg(test)]
mod tests {
    use usvg::roxmltree::{Document, Node};

    use super::{Alignment, is_sizeless, missing_side, of_root};

    fn with_root<T>(text: &str, of: impl Fn(Node<'_, '_>) -> T) -> T {
        of(Document::parse(text).unwrap().root_element())
    }

    #[test]
    fn a_graphic_without_a_length_has_a_shape_alone() {
        for (text, sizeless) in [
            ("<svg viewBox='0 0 20 10'/>", true),
            ("<svg viewBox='0,0,20,10' width='100%' height=\"50%\"><rect width='1'/></svg>", true),
            ("<svg viewBox='0 0 20 10' width='20'/>", false),
            ("<!-- <svg viewBox='0 0 1 1'> --><svg viewBox='0 0 20 10' width='20'/>", false),
            ("<svg viewBox='0 0 20 10' height='2em'/>", false),
            ("<svg width='100%'/>", false),
            ("<svg viewBox='none'/>", false),
        ] {
            assert_eq!(with_root(text, is_sizeless), sizeless, "{text}");
        }
    }

    #[test]
    fn one_side_says_the_other() {
        for (tag, side) in [
            ("viewBox='0 0 20 10' height='5'", Some(("width", "10"))),
            ("viewBox='0,0,20,10' width='2.5em' height='100%'", Some(("height", "1.25em"))),
            ("viewBox='0 0 20 10' width='5' height='5'", None),
            ("viewBox='0 0 20 10'", None),
            ("viewBox='0 0 20 0' width='5'", None),
            ("viewBox='0 0 20' width='5'", None),
            ("viewBox='0 0 20 10' width='thin'", None),
            ("width='5'", None),
        ] {
            let found = with_root(&format!("<svg {tag}/>"), missing_side);
            assert_eq!(found.as_ref().map(|(name, side)| (*name, side.as_str())), side, "{tag}");
        }
    }

    #[test]
    fn the_root_says_how_it_lies() {
        let middle = Some(Alignment { before: [0.5, 0.5], slices: false });
        for (text, alignment) in [
            ("<svg width='1' viewBox='0 0 1 1'><svg preserveAspectRatio='none'/></svg>", middle),
            ("<svg viewBox = \"0 0 1 1\" preserveAspectRatio=\"nothing\"/>", middle),
            ("<svg width='1' height='1'/>", None),
            ("<svg viewBox='0 0 1 1' preserveAspectRatio='none'/>", None),
            ("<svg data-viewBox='0 0 1 1'/>", None),
            (
                "<svg\npreserveAspectRatio='xMaxYMin  slice'\nviewBox='0 0 1 1'/>",
                Some(Alignment { before: [1.0, 0.0], slices: true }),
            ),
        ] {
            assert_eq!(with_root(text, of_root), alignment, "{text}");
        }
    }
}

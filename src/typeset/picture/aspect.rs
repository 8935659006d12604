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
    use super::{Alignment, of_text};

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

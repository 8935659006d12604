//! Where pictures and paragraphs stand: by themselves, in the middle.

use super::policy;
use super::size::Given;
use super::tag::{Piece, Scanner, attribute};

/// Elements in which blocks and pictures stand beside each other.
const HOLDERS: [&str; 5] = ["aside", "blockquote", "details", "div", "section"];

/// Other elements that no line holds.
const BLOCKS: [&str; 16] =
    ["address", "dl", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "ol", "p", "pre", "summary", "table", "ul"];

/// The next piece that is no blank.
pub(super) fn next_solid<'h>(scanner: &mut Scanner<'h>) -> Option<Piece<'h>> {
    scanner.find(|piece| !matches!(piece, Piece::Text(text) if text.trim().is_empty()))
}

/// The link that is a picture, if it is one, and the picture, from the piece that begins it on; the scanner stands behind it then.
/// A picture as small as letters is none.
pub(super) fn picture_alone<'a, 'h: 'a>(
    first: Piece<'a>,
    ahead: &mut Scanner<'h>,
) -> Option<(Option<&'a str>, &'a str)> {
    let (link, first) = match first {
        Piece::Open { name: "a", attributes } => (Some(attributes), next_solid(ahead)?),
        first => (None, first),
    };
    let Piece::Open { name: "img", attributes } = first else { return None };
    let is_closed = link.is_none() || matches!(next_solid(ahead), Some(Piece::Close { name: "a" }));
    (is_closed && !Given::read(attributes).is_in_line()).then_some((link, attributes))
}

/// Whether what comes next begins a block: nothing stands before it in the element that it is in, or a block does.
pub(super) fn is_between_blocks(out: &str) -> bool {
    let out = out.trim_end();
    let Some(inside) = out.strip_suffix('>') else { return out.is_empty() };
    let tag = inside.rfind('<').map_or("", |at| &inside[at + 1..]);
    if let Some(name) = tag.strip_prefix('/') {
        return is_block(name);
    }
    let name = tag.split(' ').next().unwrap_or_default();
    name == "hr" || is_holder(name)
}

pub(super) fn is_holder(name: &str) -> bool {
    policy::element(name).is_some_and(|name| HOLDERS.contains(&name))
}

pub(super) fn is_block(name: &str) -> bool {
    is_holder(name) || BLOCKS.contains(&name)
}

/// Whether a paragraph stands in the middle: by its style, as HTML had it once (15.3.3), or as WordPress says it.
pub(super) fn is_centred(attributes: &str) -> bool {
    let style = attribute(attributes, "style").unwrap_or_default();
    let styled =
        style.split(';').filter_map(|part| part.split_once(':')).rfind(|(name, _)| name.trim() == "text-align");
    if let Some((_, side)) = styled {
        return side.trim() == "center";
    }
    let is = |name: &str, centred: &str| {
        attribute(attributes, name)
            .is_some_and(|value| value.split_ascii_whitespace().any(|word| word.eq_ignore_ascii_case(centred)))
    };
    is("align", "center") || is("class", "has-text-align-center")
}

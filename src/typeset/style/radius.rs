//! Round corners (CSS Backgrounds 3, 4).

use cssparser::Parser;

use super::values::{Length, LengthPercentage, Parsed, refuse};

/// The radii of a corner, across and down.
pub(crate) type Radius = [LengthPercentage; 2];

/// The corners of a box: top left, top right, bottom right, bottom left.
pub(crate) const TOP_LEFT: usize = 0;
pub(crate) const TOP_RIGHT: usize = 1;
pub(crate) const BOTTOM_RIGHT: usize = 2;
pub(crate) const BOTTOM_LEFT: usize = 3;

/// One corner: a radius, or one across and one down.
pub(super) fn corner(input: &mut Parser<'_>) -> Parsed<[Length; 2]> {
    let across = Length::parse_positive(input)?;
    let down = input.try_parse(Length::parse_positive).unwrap_or_else(|_| across.clone());
    Ok([across, down])
}

/// `border-radius`: one to four radii across, and after a solidus down.
pub(super) fn corners(input: &mut Parser<'_>) -> Parsed<[[Length; 2]; 4]> {
    let four = |input: &mut Parser<'_>| -> Parsed<[Length; 4]> {
        let mut given = vec![Length::parse_positive(input)?];
        while given.len() < 4
            && let Ok(radius) = input.try_parse(Length::parse_positive)
        {
            given.push(radius);
        }
        Ok(match &given[..] {
            [all] => [all, all, all, all],
            [even, odd] => [even, odd, even, odd],
            [first, sides, last] => [first, sides, last, sides],
            [a, b, c, d] => [a, b, c, d],
            _ => return refuse(),
        }
        .map(Length::clone))
    };
    let across = four(input)?;
    let down = if input.try_parse(|input| input.expect_delim('/')).is_ok() { four(input)? } else { across.clone() };
    let mut down = down.into_iter();
    Ok(across.map(|across| [across.clone(), down.next().unwrap_or(across)]))
}

//! What stands on a page for readers of screens alone: taken out of the flow and clipped to nothing, or moved off it. On
//! paper it is nowhere to be seen, and is left out.

use cssparser::{Parser, Token};

use super::values::{Length, Parsed, Units, keyword, refuse};

/// What is moved by as much as this is off any page, in points.
const AWAY: f32 = 700.0;

/// What an element says that may keep it from being seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Unseen {
    /// `position: absolute` or `fixed`, which count for nothing else.
    pub(crate) is_positioned: bool,
    /// `clip` leaves nothing; that is of positioned boxes only.
    pub(crate) clip: bool,
    /// `clip-path` leaves nothing.
    pub(crate) clip_path: bool,
    /// `top`, `right`, `bottom` and `left`: whether a positioned box is moved off the page by this side.
    pub(crate) away: [bool; 4],
}

impl Unseen {
    /// Whether nothing of the element is to be seen.
    pub(crate) fn holds(self) -> bool {
        self.clip_path || self.is_positioned && (self.clip || self.away.contains(&true))
    }
}

/// Whether a length leads off the page.
pub(super) fn is_away(length: &Length, units: &Units) -> bool {
    length.resolve(units).pt <= -AWAY
}

/// `top` and its like; only those with a length matter.
pub(super) fn offset(input: &mut Parser<'_>) -> Parsed<Option<Length>> {
    let length = input.try_parse(Length::parse).ok();
    if length.is_none() {
        input.expect_ident()?;
    }
    Ok(length)
}

/// `auto`, or a rectangle that is empty; others are refused.
pub(super) fn clip(input: &mut Parser<'_>) -> Parsed<bool> {
    if input.try_parse(|input| keyword(input, |name| (name == "auto").then_some(()))).is_ok() {
        return Ok(false);
    }
    if !input.expect_function()?.eq_ignore_ascii_case("rect") {
        return refuse();
    }
    input.parse_nested_block(|input| match numbers(input)?[..] {
        [top, right, bottom, left] if top >= bottom || left >= right => Ok(true),
        _ => refuse(),
    })
}

/// `none`, or an `inset()` or `circle()` that is empty, or all but empty; others are refused.
pub(super) fn clip_path(input: &mut Parser<'_>) -> Parsed<bool> {
    const ALL: f32 = 0.99;
    if input.try_parse(|input| keyword(input, |name| (name == "none").then_some(()))).is_ok() {
        return Ok(false);
    }
    match input.expect_function()?.to_ascii_lowercase().as_str() {
        "inset" => input.parse_nested_block(|input| {
            let [top, right, bottom, left] = match percentages(input)?[..] {
                [all] => [all; 4],
                [down, across] => [down, across, down, across],
                [top, across, bottom] => [top, across, bottom, across],
                [top, right, bottom, left] => [top, right, bottom, left],
                _ => return refuse(),
            };
            if top + bottom >= ALL || left + right >= ALL { Ok(true) } else { refuse() }
        }),
        "circle" => input.parse_nested_block(|input| match numbers(input)?[..] {
            [radius] if radius <= 0.0 => Ok(true),
            _ => refuse(),
        }),
        _ => refuse(),
    }
}

/// Numbers and lengths, of whatever unit, with commas or without.
fn numbers(input: &mut Parser<'_>) -> Parsed<Vec<f32>> {
    let mut numbers = Vec::new();
    while !input.is_exhausted() {
        match input.next()? {
            Token::Comma => {}
            Token::Number { value, .. } | Token::Dimension { value, .. } => numbers.push(*value),
            Token::Percentage { unit_value, .. } => numbers.push(*unit_value),
            _ => return refuse(),
        }
    }
    Ok(numbers)
}

/// Shares, and zeros.
fn percentages(input: &mut Parser<'_>) -> Parsed<Vec<f32>> {
    let mut shares = Vec::new();
    while !input.is_exhausted() {
        match input.next()? {
            Token::Percentage { unit_value, .. } => shares.push(*unit_value),
            Token::Number { value: 0.0, .. } => shares.push(0.0),
            _ => return refuse(),
        }
    }
    Ok(shares)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_leaves_nothing_is_understood() {
        let clip = |text: &str| Parser::new(text).parse_entirely(clip).ok();
        let path = |text: &str| Parser::new(text).parse_entirely(clip_path).ok();
        for text in ["rect(0 0 0 0)", "rect(0, 0, 0, 0)", "rect(1px, 1px, 1px, 1px)", "RECT(0px 5px 9px 5px)"] {
            assert_eq!(clip(text), Some(true), "{text}");
        }
        for text in ["inset(50%)", "inset(100%)", "inset(0 0 99.9% 99.9%)", "inset(0 50%)", "circle(0)"] {
            assert_eq!(path(text), Some(true), "{text}");
        }
        assert_eq!((clip("auto"), path("none")), (Some(false), Some(false)));
        for text in ["rect(0 9px 9px 0)", "rect(0 auto 0 0)", "inset(10%)"] {
            assert_eq!(clip(text), None, "{text}");
        }
        for text in ["inset(10%)", "inset(5px)", "polygon(0 0, 1px 1px)", "circle(5px)", "url(#x)"] {
            assert_eq!(path(text), None, "{text}");
        }
    }
}

//! Media queries, answered for print (Media Queries 4), and the grammar of conditions that `@supports` shares.

use cssparser::{ParseError, Parser, SourceLocation, Token};

/// A page, as media queries ask for it: the whole of it, margins included (4.1), in px.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Medium {
    pub(crate) width: f32,
    pub(crate) height: f32,
}

impl Default for Medium {
    /// A4.
    fn default() -> Self {
        Self { width: 793.7, height: 1122.52 }
    }
}

/// What came of a query.
#[derive(Debug, Default)]
pub(crate) struct Answer {
    pub(crate) holds: bool,
    /// Whether it asked for the size of the page.
    pub(crate) asks_size: bool,
    /// What it asked that cannot be answered: it counts as neither true nor false.
    pub(crate) unknown: Vec<(String, SourceLocation)>,
}

/// The truth of a condition; none is what is unknown (3.3).
pub(crate) type Truth = Option<bool>;

type Parsed<T> = Result<T, ParseError<()>>;

/// Whether any of the queries up to the end of the input holds; consumes them.
pub(crate) fn applies(input: &mut Parser<'_>, medium: Medium) -> Answer {
    let mut answer = Answer::default();
    if input.is_exhausted() {
        return Answer { holds: true, ..answer };
    }
    let results = input.parse_comma_separated(|input| {
        let start = (input.state(), input.current_source_location());
        let truth = query(input, medium, &mut answer).ok().filter(|_| input.is_exhausted());
        if truth.is_none() {
            input.reset(&start.0);
            let from = input.position();
            while input.next().is_ok() {}
            let text = input.slice_from(from).trim().to_owned();
            answer.unknown.push((text, start.1));
        }
        Ok::<bool, ParseError<()>>(truth.flatten() == Some(true))
    });
    while input.next().is_ok() {}
    answer.holds = results.is_ok_and(|results| results.contains(&true));
    answer
}

/// A media type, perhaps with a condition, or a condition alone (3).
fn query(input: &mut Parser<'_>, medium: Medium, answer: &mut Answer) -> Parsed<Truth> {
    let typed = input.try_parse(|input| -> Parsed<(bool, bool)> {
        let mut word = input.expect_ident()?.to_ascii_lowercase();
        let negated = word == "not";
        if negated || word == "only" {
            word = input.expect_ident()?.to_ascii_lowercase();
        }
        if matches!(word.as_str(), "and" | "or" | "not") {
            return Err(ParseError::custom(()));
        }
        Ok((negated, matches!(word.as_str(), "print" | "all")))
    });
    let mut leaf = |input: &mut Parser<'_>| feature(input, medium, answer);
    let Ok((negated, is_type)) = typed else { return condition(input, &mut leaf) };
    let mut truth = Some(is_type);
    while input.try_parse(|input| input.expect_ident_matching("and")).is_ok() {
        truth = and(truth, part(input, &mut leaf)?);
    }
    Ok(if negated { truth.map(|truth| !truth) } else { truth })
}

/// `not`, `and`, `or` over what stands in brackets, which `leaf` answers, consuming all of it.
pub(crate) fn condition(
    input: &mut Parser<'_>,
    leaf: &mut dyn FnMut(&mut Parser<'_>) -> Parsed<Truth>,
) -> Parsed<Truth> {
    let mut truth = part(input, leaf)?;
    let mut joined: Option<bool> = None;
    while !input.is_exhausted() {
        let word = input.expect_ident()?.to_ascii_lowercase();
        let is_and = match word.as_str() {
            "and" => true,
            "or" => false,
            _ => return Err(ParseError::custom(())),
        };
        // They cannot be mixed without brackets.
        if joined.replace(is_and).is_some_and(|before| before != is_and) {
            return Err(ParseError::custom(()));
        }
        let next = part(input, leaf)?;
        truth = if is_and { and(truth, next) } else { or(truth, next) };
    }
    Ok(truth)
}

fn part(input: &mut Parser<'_>, leaf: &mut dyn FnMut(&mut Parser<'_>) -> Parsed<Truth>) -> Parsed<Truth> {
    if input.try_parse(|input| input.expect_ident_matching("not")).is_ok() {
        return Ok(part(input, leaf)?.map(|truth| !truth));
    }
    let start = input.state();
    if let Token::ParenthesisBlock = input.next()? {
        let nested = input.try_parse(|input| input.parse_nested_block(|input| condition(input, leaf)));
        if nested.is_ok() {
            return nested;
        }
    }
    input.reset(&start);
    leaf(input)
}

fn and(a: Truth, b: Truth) -> Truth {
    match (a, b) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}

fn or(a: Truth, b: Truth) -> Truth {
    and(a.map(|truth| !truth), b.map(|truth| !truth)).map(|truth| !truth)
}

/// A feature in brackets.
fn feature(input: &mut Parser<'_>, medium: Medium, answer: &mut Answer) -> Parsed<Truth> {
    input.expect_parenthesis_block()?;
    input.parse_nested_block(|input| {
        let (start, location) = (input.position(), input.current_source_location());
        let tokens = tokens(input);
        let truth = tokens.as_deref().and_then(|tokens| ask(tokens, medium, answer));
        if truth.is_none() {
            answer.unknown.push((input.slice_from(start).trim().to_owned(), location));
        }
        Ok(truth)
    })
}

/// A part of a feature.
#[derive(Clone, Debug, PartialEq)]
enum Part {
    Word(String),
    /// A number, a length in px or a resolution in dots per px.
    Number(f32),
    Compare(std::cmp::Ordering, bool),
    Colon,
}

/// The parts up to the end of the input, which is consumed; none where there is something else.
fn tokens(input: &mut Parser<'_>) -> Option<Vec<Part>> {
    use std::cmp::Ordering;
    let mut parts = Vec::new();
    let mut known = true;
    while let Ok(token) = input.next().cloned() {
        let part = match &token {
            Token::Ident(word) => Some(Part::Word(word.to_ascii_lowercase())),
            Token::Number { value, .. } => Some(Part::Number(*value)),
            Token::Dimension { value, unit, .. } => dimension(*value, unit).map(Part::Number),
            Token::Colon => Some(Part::Colon),
            Token::Delim('<') => Some(Part::Compare(Ordering::Less, false)),
            Token::Delim('>') => Some(Part::Compare(Ordering::Greater, false)),
            Token::Delim('=') => match parts.last_mut() {
                Some(Part::Compare(_, or_equal)) => {
                    *or_equal = true;
                    continue;
                }
                _ => Some(Part::Compare(Ordering::Equal, true)),
            },
            // A ratio.
            Token::Delim('/') => match (parts.pop(), input.next().ok()) {
                (Some(Part::Number(a)), Some(Token::Number { value, .. })) if *value > 0.0 => {
                    Some(Part::Number(a / *value))
                }
                _ => None,
            },
            _ => None,
        };
        match part {
            Some(part) => parts.push(part),
            None => known = false,
        }
    }
    known.then_some(parts)
}

fn dimension(value: f32, unit: &str) -> Option<f32> {
    Some(match unit.to_ascii_lowercase().as_str() {
        "px" | "dppx" | "x" => value,
        "em" | "rem" | "pc" => value * 16.0,
        "pt" => value / 0.75,
        "mm" => value * 96.0 / 25.4,
        "q" => value * 96.0 / 101.6,
        "dpcm" => value * 2.54 / 96.0,
        "cm" => value * 96.0 / 2.54,
        "in" => value * 96.0,
        "dpi" => value / 96.0,
        _ => return None,
    })
}

/// Two lengths in different units are the same up to this many pixels: 148mm and the width of an A5 page.
const ROUNDING: f32 = 0.01;

/// What a feature is on paper.
#[derive(Clone, Copy)]
enum Feature {
    Number(f32),
    Words(&'static [&'static str]),
}

/// `(width)`, `(width: 1px)`, `(min-width: 1px)`, `(width < 1px)`, `(1px < width < 2px)` (2.4).
fn ask(parts: &[Part], medium: Medium, answer: &mut Answer) -> Truth {
    let mut find = |name: &str| of(name, medium, answer);
    match parts {
        [Part::Word(name)] => Some(match find(name)? {
            Feature::Number(number) => number != 0.0,
            Feature::Words(words) => words.iter().any(|word| !matches!(*word, "none" | "no-preference")),
        }),
        [Part::Word(name), Part::Colon, Part::Number(value)] => {
            let (name, range) = match name.split_once('-') {
                Some(("min", name)) => (name, Some(true)),
                Some(("max", name)) => (name, Some(false)),
                _ => (name.as_str(), None),
            };
            let Feature::Number(own) = find(name)? else { return None };
            Some(match range {
                Some(true) => own >= *value - ROUNDING,
                Some(false) => own <= *value + ROUNDING,
                None => (own - value).abs() < 0.5,
            })
        }
        [Part::Word(name), Part::Colon, Part::Word(value)] => {
            let Feature::Words(words) = find(name)? else { return None };
            Some(words.contains(&value.as_str()))
        }
        [Part::Word(name), Part::Compare(order, equal), Part::Number(value)] => {
            compare(find(name)?, *order, *equal, *value)
        }
        [Part::Number(value), Part::Compare(order, equal), Part::Word(name)] => {
            compare(find(name)?, order.reverse(), *equal, *value)
        }
        [low, first, Part::Word(name), second, high] => and(
            ask(&[low.clone(), first.clone(), Part::Word(name.clone())], medium, answer),
            ask(&[Part::Word(name.clone()), second.clone(), high.clone()], medium, answer),
        ),
        _ => None,
    }
}

fn compare(feature: Feature, order: std::cmp::Ordering, equal: bool, value: f32) -> Truth {
    let Feature::Number(own) = feature else { return None };
    if (own - value).abs() < ROUNDING {
        return Some(equal);
    }
    Some(own.total_cmp(&value) == order)
}

fn of(name: &str, medium: Medium, answer: &mut Answer) -> Option<Feature> {
    let Medium { width, height } = medium;
    let is_size = matches!(
        name,
        "width" | "height" | "device-width" | "device-height" | "aspect-ratio" | "device-aspect-ratio" | "orientation"
    );
    answer.asks_size |= is_size;
    Some(match name {
        "width" | "device-width" => Feature::Number(width),
        "height" | "device-height" => Feature::Number(height),
        "aspect-ratio" | "device-aspect-ratio" => Feature::Number(width / height.max(1.0)),
        "orientation" if width > height => Feature::Words(&["landscape"]),
        "orientation" => Feature::Words(&["portrait"]),
        "resolution" => Feature::Number(300.0 / 96.0),
        "color" => Feature::Number(8.0),
        "color-index" | "monochrome" | "grid" => Feature::Number(0.0),
        "color-gamut" => Feature::Words(&["srgb"]),
        "prefers-color-scheme" => Feature::Words(&["light"]),
        "prefers-reduced-motion" => Feature::Words(&["reduce"]),
        "prefers-contrast" | "prefers-reduced-transparency" | "prefers-reduced-data" => {
            Feature::Words(&["no-preference"])
        }
        "hover" | "any-hover" | "pointer" | "any-pointer" | "update" | "scripting" | "overflow-inline"
        | "forced-colors" | "inverted-colors" => Feature::Words(&["none"]),
        "overflow-block" => Feature::Words(&["paged"]),
        "scan" | "dynamic-range" | "video-dynamic-range" | "display-mode" => Feature::Words(&["standard"]),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask_for(query: &str) -> (bool, usize) {
        let answer = applies(&mut Parser::new(query), Medium::default());
        (answer.holds, answer.unknown.len())
    }

    #[test]
    fn print_holds_and_screen_does_not() {
        for query in ["print", "screen, print", "not screen", "print and (min-width: 600px)", "only all", "", "PRINT"] {
            assert_eq!(ask_for(query), (true, 0), "{query}");
        }
        for query in ["screen", "not print", "(max-width: 600px)", "(prefers-color-scheme: dark)", "speech"] {
            assert_eq!(ask_for(query), (false, 0), "{query}");
        }
    }

    #[test]
    fn ranges_and_conditions_are_understood() {
        for query in [
            "(width >= 600px)",
            "(600px < width <= 20cm) or (width > 700px)",
            "not (width <= 600px)",
            "print and (not (max-width: 600px)) and (min-height: 10in)",
            "((width > 1px) and (height > 1px))",
            "(color)",
            "(orientation: portrait) and (min-resolution: 2dppx)",
            "(min-aspect-ratio: 1/2)",
            "not (hover)",
        ] {
            assert_eq!(ask_for(query), (true, 0), "{query}");
        }
        for query in ["(width <= 600px)", "not ((width > 1px) or (color))", "(height: 2px)", "(monochrome)"] {
            assert_eq!(ask_for(query), (false, 0), "{query}");
        }
    }

    #[test]
    fn a_page_is_as_wide_as_it_says() {
        // As pages have it: points, which were made from millimetres.
        let points = |millimetres: f32| millimetres / 25.4 * 72.0;
        for (width, height) in [(148.0, 210.0), (210.0, 297.0), (105.0, 148.0), (176.0, 250.0)] {
            let medium = Medium { width: points(width) / 0.75, height: points(height) / 0.75 };
            for (query, holds) in [
                (format!("(min-width: {width}mm) and (max-width: {width}mm)"), true),
                (format!("(min-height: {height}mm) and (max-height: {height}mm)"), true),
                (format!("(width = {width}mm) and (width <= {width}mm) and (width >= {width}mm)"), true),
                (format!("(width < {width}mm) or (width > {width}mm)"), false),
            ] {
                assert_eq!(applies(&mut Parser::new(&query), medium).holds, holds, "{query}");
            }
        }
    }

    #[test]
    fn what_is_unknown_is_neither_true_nor_false() {
        for query in ["(glow: strong)", "not (glow)", "print and (glow)", "(width: calc(1px))", "print or (color)"] {
            assert_eq!(ask_for(query), (false, 1), "{query}");
        }
        assert_eq!(ask_for("(glow) or (color)"), (true, 1));
    }
}

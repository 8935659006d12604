//! Media queries, answered for print on pages of a known size (Media Queries 4).

use cssparser::{ParseError, Parser, Token};

/// What queries are held against.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Medium {
    /// Width and height of the page, margins included, in points.
    pub(crate) page: (f32, f32),
}

impl Default for Medium {
    /// A4.
    fn default() -> Self {
        Self { page: (595.275_6, 841.889_8) }
    }
}

/// The answer to a list of queries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) holds: bool,
    /// Whether it depends on the size of the page.
    pub(super) asks_size: bool,
}

/// Whether any of the queries up to the end of the input holds; consumes them.
pub(super) fn applies(input: &mut Parser<'_>, medium: Medium) -> Answer {
    let mut asks_size = false;
    let mut query = |input: &mut Parser<'_>| -> Result<bool, ParseError<()>> {
        let answer = one(input, medium);
        asks_size |= answer.asks_size;
        Ok(answer.holds)
    };
    let results = input.parse_comma_separated(&mut query);
    while input.next().is_ok() {}
    Answer { holds: results.is_ok_and(|results| results.contains(&true)), asks_size }
}

/// One query, or one condition in parentheses that holds others.
fn one(input: &mut Parser<'_>, medium: Medium) -> Answer {
    let (mut holds, mut negated, mut either) = (true, false, false);
    let mut asks_size = false;
    let mut is_first = true;
    while let Ok(token) = input.next().cloned() {
        let part = match token {
            Token::Ident(word) => match word.to_ascii_lowercase().as_str() {
                "not" => {
                    negated = true;
                    continue;
                }
                "or" => {
                    either = true;
                    continue;
                }
                "only" | "and" => continue,
                "all" | "print" => true,
                _ => false,
            },
            Token::ParenthesisBlock => {
                let answer = input.parse_nested_block(|input| Ok::<Answer, ParseError<()>>(condition(input, medium)));
                let answer = answer.unwrap_or_default();
                asks_size |= answer.asks_size;
                answer.holds
            }
            _ => false,
        };
        holds = if std::mem::take(&mut is_first) || !either { holds && part } else { holds || part };
    }
    Answer { holds: holds != negated, asks_size }
}

/// What stands in parentheses: a feature, or conditions in parentheses of their own.
fn condition(input: &mut Parser<'_>, medium: Medium) -> Answer {
    let start = input.state();
    let nested = match input.next() {
        Ok(Token::ParenthesisBlock) => true,
        Ok(Token::Ident(word)) => word.eq_ignore_ascii_case("not"),
        _ => false,
    };
    input.reset(&start);
    if nested { one(input, medium) } else { feature(input, medium) }
}

/// A part of a feature.
#[derive(Clone, Debug, PartialEq)]
enum Part {
    Word(String),
    /// In points.
    Length(f32),
    Colon,
    /// `<`, `>`, `=`, or two of them.
    Comparison(String),
}

fn parts(input: &mut Parser<'_>) -> Vec<Part> {
    let mut parts = Vec::new();
    while let Ok(token) = input.next() {
        let part = match token {
            Token::Ident(word) => Part::Word(word.to_ascii_lowercase()),
            Token::Colon => Part::Colon,
            Token::Number { value, .. } => Part::Length(*value),
            Token::Dimension { value, unit, .. } => match points(*value, unit) {
                Some(length) => Part::Length(length),
                None => return Vec::new(),
            },
            Token::Delim(sign @ ('<' | '>' | '=')) => {
                if let Some(Part::Comparison(before)) = parts.last_mut() {
                    before.push(*sign);
                    continue;
                }
                Part::Comparison(sign.to_string())
            }
            _ => return Vec::new(),
        };
        parts.push(part);
    }
    parts
}

fn points(value: f32, unit: &str) -> Option<f32> {
    let factor = match unit.to_ascii_lowercase().as_str() {
        "px" => 0.75,
        // Ems are those of the initial font, whatever a style sheet says.
        "em" | "rem" | "pc" => 12.0,
        "pt" => 1.0,
        "mm" => 72.0 / 25.4,
        "cm" => 72.0 / 2.54,
        "q" => 72.0 / 101.6,
        "in" => 72.0,
        _ => return None,
    };
    Some(value * factor)
}

fn feature(input: &mut Parser<'_>, medium: Medium) -> Answer {
    let parts = parts(input);
    while input.next().is_ok() {}
    let size = |name: &str| match name {
        "width" | "device-width" | "inline-size" => Some(medium.page.0),
        "height" | "device-height" | "block-size" => Some(medium.page.1),
        _ => None,
    };
    // Rounding must not decide.
    let compare = |left: f32, sign: &str, right: f32| match sign {
        "<" => left < right - 0.05,
        "<=" => left <= right + 0.05,
        ">" => left > right + 0.05,
        ">=" => left >= right - 0.05,
        "=" => (left - right).abs() <= 0.05,
        _ => false,
    };
    let sized = |holds: bool| Answer { holds, asks_size: true };
    match parts.as_slice() {
        [Part::Word(name), Part::Colon, Part::Length(length)] => {
            let (bound, name) = name.split_once('-').unwrap_or(("", name));
            let sign = match bound {
                "min" => ">=",
                "max" => "<=",
                _ => "=",
            };
            let whole = if bound == "device" { format!("device-{name}") } else { name.to_owned() };
            size(&whole).map_or(Answer::default(), |own| sized(compare(own, sign, *length)))
        }
        [Part::Word(name), Part::Comparison(sign), Part::Length(length)] => {
            size(name).map_or(Answer::default(), |own| sized(compare(own, sign, *length)))
        }
        [Part::Length(length), Part::Comparison(sign), Part::Word(name)] => {
            size(name).map_or(Answer::default(), |own| sized(compare(*length, sign, own)))
        }
        [Part::Length(least), Part::Comparison(low), Part::Word(name), Part::Comparison(high), Part::Length(most)] => {
            let holds = |own: f32| compare(*least, low, own) && compare(own, high, *most);
            size(name).map_or(Answer::default(), |own| sized(holds(own)))
        }
        [Part::Word(name), Part::Colon, Part::Word(word)] => match name.as_str() {
            "orientation" => {
                let is_portrait = medium.page.1 >= medium.page.0;
                sized(word == if is_portrait { "portrait" } else { "landscape" })
            }
            "prefers-color-scheme" => Answer { holds: word == "light", asks_size: false },
            "prefers-reduced-motion" => Answer { holds: word == "reduce", asks_size: false },
            _ => Answer::default(),
        },
        [Part::Word(name)] => Answer { holds: matches!(name.as_str(), "color" | "width" | "height"), asks_size: false },
        _ => Answer::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(page: (f32, f32), query: &str) -> bool {
        applies(&mut Parser::new(query), Medium { page }).holds
    }

    #[test]
    fn print_holds_and_screen_does_not() {
        let holds = |query: &str| applies(&mut Parser::new(query), Medium::default()).holds;
        assert!(holds("print"));
        assert!(holds("screen, print"));
        assert!(!holds("screen"));
        assert!(!holds("not print"));
        assert!(holds("not screen"));
        assert!(holds("print and (min-width: 600px)"));
        assert!(!holds("(max-width: 600px)"));
        assert!(!holds("(prefers-color-scheme: dark)"));
        assert!(holds("(color)") && !holds("(monochrome)"));
    }

    #[test]
    fn widths_are_those_of_the_page() {
        let a5 = (419.53, 595.28);
        for (query, wanted) in [
            ("(max-width: 150mm)", true),
            ("(width: 148mm)", true),
            ("(width <= 148mm)", true),
            ("(width < 148mm)", false),
            ("(100mm < width <= 148mm)", true),
            ("(200mm > width)", true),
            ("(min-height: 210mm) and (orientation: portrait)", true),
            ("(orientation: landscape)", false),
            ("((min-width: 200mm) or (max-width: 150mm))", true),
            ("(min-width: 200mm) or (max-width: 150mm)", true),
            ("not (max-width: 150mm)", false),
            ("print and (not (min-width: 200mm))", true),
            ("(width = 1em) or (color)", true),
        ] {
            assert_eq!(on(a5, query), wanted, "{query}");
        }
        assert!(on((842.0, 595.0), "(orientation: landscape)"));
        assert!(applies(&mut Parser::new("(width > 1px)"), Medium::default()).asks_size);
        assert!(!applies(&mut Parser::new("print"), Medium::default()).asks_size);
    }
}

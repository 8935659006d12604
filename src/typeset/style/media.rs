//! Media queries, answered for print on A4 (Media Queries 4).

use cssparser::{Parser, Token};

/// The width that width queries are held against: A4 at 96 dpi. `@page` may stand inside the query, so it is not asked.
const WIDTH_PX: f32 = 793.7;

/// Whether any of the queries up to the end of the input holds; consumes them.
pub(crate) fn applies(input: &mut Parser<'_>) -> bool {
    let query = |input: &mut Parser<'_>| -> Result<bool, cssparser::ParseError<()>> { Ok(one(input)) };
    let results = input.parse_comma_separated(query);
    while input.next().is_ok() {}
    results.is_ok_and(|results| results.iter().any(|holds| *holds))
}

fn one(input: &mut Parser<'_>) -> bool {
    let mut holds = true;
    let mut negated = false;
    while let Ok(token) = input.next().cloned() {
        match token {
            Token::Ident(word) => match word.to_ascii_lowercase().as_str() {
                "not" => negated = true,
                "only" | "and" | "all" | "print" => {}
                _ => holds = false,
            },
            Token::ParenthesisBlock => {
                let feature = input.parse_nested_block(|input| Ok::<bool, cssparser::ParseError<()>>(feature(input)));
                holds &= feature.unwrap_or(false);
            }
            _ => holds = false,
        }
    }
    holds != negated
}

fn feature(input: &mut Parser<'_>) -> bool {
    let Ok(name) = input.expect_ident_cloned() else {
        while input.next().is_ok() {}
        return false;
    };
    let value = input.expect_colon().ok().and_then(|()| input.next().ok().cloned());
    while input.next().is_ok() {}
    let px = match &value {
        Some(Token::Dimension { value, unit, .. }) => match unit.to_ascii_lowercase().as_str() {
            "px" => Some(*value),
            "em" | "rem" => Some(*value * 16.0),
            "pt" => Some(*value / 0.75),
            "mm" => Some(*value * 96.0 / 25.4),
            "cm" => Some(*value * 96.0 / 2.54),
            "in" => Some(*value * 96.0),
            _ => None,
        },
        _ => None,
    };
    let word = match &value {
        Some(Token::Ident(word)) => word.to_ascii_lowercase(),
        _ => String::new(),
    };
    match name.to_ascii_lowercase().as_str() {
        "min-width" => px.is_some_and(|px| WIDTH_PX >= px),
        "max-width" => px.is_some_and(|px| WIDTH_PX <= px),
        "orientation" => word == "portrait",
        "prefers-color-scheme" => word == "light",
        "prefers-reduced-motion" => word == "reduce",
        "color" => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn print_holds_and_screen_does_not() {
        let holds = |query: &str| applies(&mut Parser::new(query));
        assert!(holds("print"));
        assert!(holds("screen, print"));
        assert!(!holds("screen"));
        assert!(!holds("not print"));
        assert!(holds("not screen"));
        assert!(holds("print and (min-width: 600px)"));
        assert!(!holds("(max-width: 600px)"));
        assert!(!holds("(prefers-color-scheme: dark)"));
    }
}

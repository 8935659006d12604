//! How numbers are written (CSS Counter Styles 3).

use std::sync::Arc;

use super::counter_system::Defined;
use super::predefined_counters;

/// A counter style, or a fixed string as a marker.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum CounterStyle {
    None,
    Disc,
    Circle,
    Square,
    #[default]
    Decimal,
    DecimalLeadingZero,
    /// Digits of another script, by the script's zero.
    Digits(char),
    LowerAlpha,
    UpperAlpha,
    LowerGreek,
    LowerRoman,
    UpperRoman,
    /// One made of symbols: predefined, by `symbols()`, or by an `@counter-style` that was found.
    Defined(Arc<Defined>),
    /// By the name of an `@counter-style` that has yet to be found; `decimal` if there is none.
    Named(Arc<str>),
    Text(String),
}

impl CounterStyle {
    /// A predefined one, by its name in lower case (CSS Counter Styles 3, 6).
    pub(crate) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "none" => Self::None,
            "disc" => Self::Disc,
            "circle" => Self::Circle,
            "square" => Self::Square,
            "decimal" => Self::Decimal,
            "decimal-leading-zero" => Self::DecimalLeadingZero,
            "arabic-indic" => Self::Digits('\u{660}'),
            "persian" => Self::Digits('\u{6f0}'),
            "bengali" => Self::Digits('\u{9e6}'),
            "cambodian" | "khmer" => Self::Digits('\u{17e0}'),
            "devanagari" => Self::Digits('\u{966}'),
            "gujarati" => Self::Digits('\u{ae6}'),
            "gurmukhi" => Self::Digits('\u{a66}'),
            "kannada" => Self::Digits('\u{ce6}'),
            "lao" => Self::Digits('\u{ed0}'),
            "malayalam" => Self::Digits('\u{d66}'),
            "mongolian" => Self::Digits('\u{1810}'),
            "myanmar" => Self::Digits('\u{1040}'),
            "oriya" => Self::Digits('\u{b66}'),
            "tamil" => Self::Digits('\u{be6}'),
            "telugu" => Self::Digits('\u{c66}'),
            "thai" => Self::Digits('\u{e50}'),
            "tibetan" => Self::Digits('\u{f20}'),
            "lower-alpha" | "lower-latin" => Self::LowerAlpha,
            "upper-alpha" | "upper-latin" => Self::UpperAlpha,
            "lower-greek" => Self::LowerGreek,
            "lower-roman" => Self::LowerRoman,
            "upper-roman" => Self::UpperRoman,
            name => Self::Defined(Arc::new(predefined_counters::named(name)?)),
        })
    }

    /// A number without the marker's suffix.
    pub(crate) fn format(&self, number: i32) -> String {
        let alphabetic = |first: char, length: u32| {
            if number < 1 { number.to_string() } else { letters(number as u32, first, length) }
        };
        match self {
            Self::None => String::new(),
            Self::Disc => "\u{2022}".to_owned(),
            Self::Circle => "\u{25e6}".to_owned(),
            Self::Square => "\u{25aa}".to_owned(),
            Self::Decimal | Self::Named(_) => number.to_string(),
            Self::DecimalLeadingZero => format!("{number:02}"),
            Self::Digits(zero) => {
                let digit = |c: char| c.to_digit(10).and_then(|d| char::from_u32(*zero as u32 + d)).unwrap_or(c);
                number.to_string().chars().map(digit).collect()
            }
            Self::LowerAlpha => alphabetic('a', 26),
            Self::UpperAlpha => alphabetic('A', 26),
            Self::LowerGreek => alphabetic('α', 24),
            Self::LowerRoman => roman(number).to_lowercase(),
            Self::UpperRoman => roman(number),
            Self::Defined(defined) => defined.format(number),
            Self::Text(text) => text.clone(),
        }
    }

    /// The marker of a list item: the number with what stands before and after it.
    pub(crate) fn marker(&self, number: i32) -> String {
        let text = self.format(number);
        match self {
            Self::Defined(defined) => format!("{}{text}{}", defined.prefix, defined.suffix.trim_end()),
            _ if text.is_empty() => text,
            _ => text + self.suffix(),
        }
    }

    /// The value of `ListNumbering` that comes nearest (ISO 32000-1, table 347).
    pub(crate) fn list_numbering(&self) -> &'static str {
        match self {
            Self::None => "None",
            Self::Disc | Self::Text(_) => "Disc",
            Self::Defined(defined) if defined.is_cyclic() => "Disc",
            Self::Circle => "Circle",
            Self::Square => "Square",
            Self::Decimal | Self::DecimalLeadingZero | Self::Digits(_) | Self::Defined(_) | Self::Named(_) => "Decimal",
            Self::LowerAlpha | Self::LowerGreek => "LowerAlpha",
            Self::UpperAlpha => "UpperAlpha",
            Self::LowerRoman => "LowerRoman",
            Self::UpperRoman => "UpperRoman",
        }
    }

    /// What stands between a marker's number and the text.
    fn suffix(&self) -> &'static str {
        match self {
            Self::None | Self::Disc | Self::Circle | Self::Square | Self::Text(_) => "",
            _ => ".",
        }
    }
}

fn letters(mut number: u32, first: char, length: u32) -> String {
    let mut out = Vec::new();
    while number > 0 {
        number -= 1;
        let mut code = first as u32 + number % length;
        // Final sigma is not a letter of the Greek numbering.
        if first == 'α' && code >= 'ς' as u32 {
            code += 1;
        }
        out.extend(char::from_u32(code));
        number /= length;
    }
    out.iter().rev().collect()
}

fn roman(number: i32) -> String {
    const PARTS: [(i32, &str); 13] = [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    if !(1..=3999).contains(&number) {
        return number.to_string();
    }
    let mut rest = number;
    let mut out = String::new();
    for (value, digits) in PARTS {
        while rest >= value {
            out.push_str(digits);
            rest -= value;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_numbers() {
        let write = |name: &str, number| CounterStyle::named(name).unwrap().format(number);
        assert_eq!(write("lower-alpha", 28), "ab");
        assert_eq!(write("upper-roman", 1994), "MCMXCIV");
        assert_eq!(write("lower-roman", 0), "0");
        assert_eq!(write("persian", 120), "۱۲۰");
        assert_eq!(write("lower-greek", 18), "σ");
        assert_eq!(write("decimal-leading-zero", 7), "07");
    }
}

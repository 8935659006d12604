//! Counter styles that are made of symbols (CSS Counter Styles 3, 2 and 3): the algorithms.

use super::counter_style::CounterStyle;

/// The longest text that a number is written as, in symbols: beyond it the fallback is used (section 3.1.4).
const LONGEST: usize = 60;

/// How symbols stand for a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum System {
    /// One after the other, and again from the first.
    Cyclic,
    /// One after the other from this number, each once.
    Fixed(i32),
    /// One after the other, then each twice, and so on.
    Symbolic,
    /// As letters number the columns of a spreadsheet.
    Alphabetic,
    /// As digits.
    Numeric,
    /// By weight, heaviest first.
    Additive(Vec<(u32, String)>),
    /// Chinese: ten digits, then the units of tens, hundreds and thousands; whether 10 to 19 begin with their unit.
    Chinese { informal: bool },
    /// Ethiopic numerals.
    Ethiopic,
    /// As another style does it, with another prefix, suffix or sign.
    Extends(Box<CounterStyle>),
}

/// A counter style with all that `@counter-style` can say of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Defined {
    pub(crate) system: System,
    pub(crate) symbols: Vec<String>,
    /// What stands before and after a number below zero.
    pub(crate) negative: (String, String),
    pub(crate) prefix: String,
    pub(crate) suffix: String,
    /// The numbers that it can write; none says those that the system can.
    pub(crate) range: Option<Vec<(i32, i32)>>,
    /// The fewest symbols, and what is put before.
    pub(crate) pad: (usize, String),
    pub(crate) fallback: CounterStyle,
}

impl Defined {
    /// What `@counter-style` has where it says nothing more.
    pub(crate) fn new(system: System, symbols: Vec<String>) -> Self {
        Self {
            system,
            symbols,
            negative: ("-".to_owned(), String::new()),
            prefix: String::new(),
            suffix: ".".to_owned(),
            range: None,
            pad: (0, String::new()),
            fallback: CounterStyle::Decimal,
        }
    }

    /// Whether its symbols do not count.
    pub(crate) fn is_cyclic(&self) -> bool {
        self.system == System::Cyclic
    }

    /// A number without prefix and suffix; by the fallback where this style cannot write it.
    pub(crate) fn format(&self, number: i32) -> String {
        let written = if self.holds(number) { self.write(number) } else { None };
        written.unwrap_or_else(|| match &self.fallback {
            // A circle of fallbacks ends here.
            CounterStyle::Defined(other) if other.fallback != CounterStyle::Decimal => number.to_string(),
            other => other.format(number),
        })
    }

    fn holds(&self, number: i32) -> bool {
        match (&self.range, &self.system) {
            (Some(ranges), _) => ranges.iter().any(|(from, to)| (*from..=*to).contains(&number)),
            (None, System::Alphabetic | System::Symbolic | System::Ethiopic) => number >= 1,
            (None, System::Additive(_)) => number >= 0,
            (None, System::Chinese { .. }) => (-9999..=9999).contains(&number),
            (None, _) => true,
        }
    }

    fn write(&self, number: i32) -> Option<String> {
        let signed = !matches!(self.system, System::Cyclic | System::Fixed(_) | System::Extends(_));
        let mut parts = match &self.system {
            System::Extends(other) => vec![other.format(number)],
            System::Cyclic => {
                let count = i32::try_from(self.symbols.len()).ok().filter(|count| *count > 0)?;
                vec![self.symbols.get(number.checked_sub(1)?.rem_euclid(count) as usize)?.clone()]
            }
            System::Fixed(first) => vec![self.symbols.get(usize::try_from(number.checked_sub(*first)?).ok()?)?.clone()],
            _ => self.digits(number.unsigned_abs())?,
        };
        let sign =
            if signed && number < 0 { [&self.negative.0, &self.negative.1].map(String::as_str) } else { [""; 2] };
        let length = parts.len() + sign.iter().map(|part| part.chars().count()).sum::<usize>();
        let missing = self.pad.0.min(LONGEST).saturating_sub(length);
        parts.splice(0..0, std::iter::repeat_n(self.pad.1.clone(), missing));
        Some(format!("{}{}{}", sign[0], parts.concat(), sign[1]))
    }

    /// A number without its sign, symbol by symbol.
    fn digits(&self, number: u32) -> Option<Vec<String>> {
        let count = u32::try_from(self.symbols.len()).ok()?;
        let symbol = |at: u32| self.symbols.get(at as usize).cloned();
        let mut out = Vec::new();
        match &self.system {
            System::Symbolic => {
                let at = number.checked_sub(1)?;
                let times = at.checked_div(count)? as usize + 1;
                out.resize(times.min(LONGEST + 1), symbol(at % count)?);
            }
            System::Alphabetic => {
                let mut rest = number;
                while rest > 0 && count > 0 {
                    rest -= 1;
                    out.push(symbol(rest % count)?);
                    // With one symbol a number would be as long as it is great.
                    rest = if count == 1 { rest.min(LONGEST as u32 + 1 - out.len() as u32) } else { rest / count };
                }
                out.reverse();
            }
            System::Numeric => {
                let mut rest = number;
                out.push(symbol(rest.checked_rem(count)?)?);
                while count > 1 && rest >= count {
                    rest /= count;
                    out.push(symbol(rest % count)?);
                }
                out.reverse();
            }
            System::Additive(weights) => return additive(number, weights),
            System::Chinese { informal } => return self.chinese(number, *informal),
            System::Ethiopic => return Some(vec![ethiopic(number)]),
            System::Cyclic | System::Fixed(_) | System::Extends(_) => return None,
        }
        (!out.is_empty() && out.len() <= LONGEST).then_some(out)
    }

    /// Digit by digit, each with its unit; zeros between others show as one, those at the end not at all (7.1.2).
    fn chinese(&self, number: u32, informal: bool) -> Option<Vec<String>> {
        let symbol = |at: usize| self.symbols.get(at).cloned();
        if number == 0 {
            return Some(vec![symbol(0)?]);
        }
        let mut out = Vec::new();
        let mut zero = false;
        for place in (0..4).rev() {
            let digit = (number / 10_u32.pow(place) % 10) as usize;
            if digit == 0 {
                zero = !out.is_empty();
                continue;
            }
            if std::mem::take(&mut zero) {
                out.push(symbol(0)?);
            }
            if !(informal && place == 1 && digit == 1 && out.is_empty()) {
                out.push(symbol(digit)?);
            }
            if place > 0 {
                out.push(symbol(9 + place as usize)?);
            }
        }
        Some(out)
    }
}

fn additive(number: u32, weights: &[(u32, String)]) -> Option<Vec<String>> {
    if number == 0 {
        return weights.iter().find(|(weight, _)| *weight == 0).map(|(_, symbol)| vec![symbol.clone()]);
    }
    let mut rest = number;
    let mut out = Vec::new();
    for (weight, symbol) in weights.iter().filter(|(weight, _)| *weight > 0) {
        let times = (rest / weight) as usize;
        if out.len() + times > LONGEST {
            return None;
        }
        out.extend(std::iter::repeat_n(symbol.clone(), times));
        rest %= weight;
    }
    (rest == 0).then_some(out)
}

/// Ethiopic numerals (7.2): groups of two digits, each with the sign of its hundreds or ten thousands.
fn ethiopic(number: u32) -> String {
    let sign = |base: u32, digit: u32| char::from_u32(base + digit).filter(|_| digit > 0);
    let mut groups = Vec::new();
    let mut rest = number;
    while rest > 0 {
        groups.push(rest % 100);
        rest /= 100;
    }
    let mut out = String::new();
    for (index, group) in groups.iter().enumerate().rev() {
        let is_first = index + 1 == groups.len();
        let odd = index % 2 == 1;
        let bare = *group == 0 || *group == 1 && (is_first && groups.len() > 1 || odd);
        if !bare {
            out.extend(sign(0x1371, group / 10));
            out.extend(sign(0x1368, group % 10));
        }
        if odd && *group != 0 {
            out.push('\u{137b}');
        } else if !odd && index > 0 {
            out.push('\u{137c}');
        }
    }
    out
}

//! How numbers are written (CSS Counter Styles 3).

use std::sync::Arc;

use super::counter_tables;

/// What a number becomes may be this long; longer ones are written by the fallback (2.4: an implementation's limit).
const LONGEST: usize = 120;

/// A counter style as a value, or a fixed string as a marker.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum CounterStyle {
    None,
    Disc,
    #[default]
    Decimal,
    Text(String),
    /// One that is predefined or has been defined by `@counter-style` or `symbols()`.
    Of(Arc<Definition>),
    /// One that only `@counter-style` can define.
    Named(Arc<str>),
}

/// How a style makes symbols of a number (3.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum System {
    Cyclic,
    Numeric,
    Alphabetic,
    Symbolic,
    Additive,
    /// The first symbol stands for this number.
    Fixed(i32),
    /// Chinese, with this sign for a negative number; symbols are ten digits, then ten, hundred and thousand (7.1.3).
    Chinese {
        /// Whether ten to nineteen begin with ten alone.
        informal: bool,
    },
    /// 7.2.
    Ethiopic,
}

/// A counter style.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Definition {
    pub(crate) name: String,
    pub(crate) system: System,
    pub(crate) symbols: Vec<String>,
    /// For [`System::Additive`]: weights, largest first.
    pub(crate) additive: Vec<(i32, String)>,
    /// Before and after negative numbers.
    pub(crate) negative: (String, String),
    pub(crate) prefix: String,
    pub(crate) suffix: String,
    /// From and to; none is what the system can do.
    pub(crate) range: Option<Vec<(i32, i32)>>,
    /// The least length, and what is put before shorter ones.
    pub(crate) pad: (usize, String),
    /// What writes the numbers that this one cannot; none is `decimal`.
    pub(crate) fallback: Option<Arc<Definition>>,
}

impl CounterStyle {
    /// By name; one that is not predefined is left to `@counter-style`.
    pub(crate) fn named(name: &str) -> Self {
        match name.to_ascii_lowercase().as_str() {
            "none" => Self::None,
            "disc" => Self::Disc,
            "decimal" => Self::Decimal,
            lower => counter_tables::predefined(lower)
                .map_or_else(|| Self::Named(Arc::from(name)), |definition| Self::Of(Arc::new(definition))),
        }
    }

    /// A number without the marker's prefix and suffix.
    pub(crate) fn format(&self, number: i32) -> String {
        match self {
            Self::None => String::new(),
            Self::Disc => "\u{2022}".to_owned(),
            Self::Decimal | Self::Named(_) => number.to_string(),
            Self::Text(text) => text.clone(),
            Self::Of(definition) => definition.format(number),
        }
    }

    /// A number as it stands before a list item.
    pub(crate) fn marker(&self, number: i32) -> String {
        let text = self.format(number);
        match self {
            Self::None | Self::Disc | Self::Text(_) => text,
            Self::Decimal | Self::Named(_) => format!("{text}."),
            // A space that follows is in the gap between marker and text.
            Self::Of(own) => format!("{}{text}{}", own.prefix, own.suffix.trim_end()),
        }
    }

    /// The value of `ListNumbering` that comes nearest (ISO 32000-1, table 347).
    pub(crate) fn list_numbering(&self) -> &'static str {
        match self {
            Self::None => "None",
            Self::Disc | Self::Text(_) => "Disc",
            Self::Decimal | Self::Named(_) => "Decimal",
            Self::Of(own) => match (own.name.as_str(), &own.system) {
                ("circle", _) => "Circle",
                ("square", _) => "Square",
                ("upper-roman", _) => "UpperRoman",
                ("lower-roman", _) => "LowerRoman",
                ("upper-alpha" | "upper-latin", _) => "UpperAlpha",
                (_, System::Alphabetic) => "LowerAlpha",
                (_, System::Cyclic | System::Symbolic) => "Disc",
                _ => "Decimal",
            },
        }
    }
}

impl Definition {
    /// A style of this system with the initial values of the rest.
    pub(crate) fn new(name: &str, system: System, symbols: Vec<String>) -> Self {
        Self {
            name: name.to_owned(),
            system,
            symbols,
            additive: Vec::new(),
            negative: ("-".to_owned(), String::new()),
            prefix: String::new(),
            suffix: ". ".to_owned(),
            range: None,
            pad: (0, String::new()),
            fallback: None,
        }
    }

    /// A number (2.4).
    fn format(&self, number: i32) -> String {
        let own = if self.is_in_range(number) { self.represent(number) } else { None };
        own.unwrap_or_else(|| match &self.fallback {
            Some(fallback) => fallback.format(number),
            None => number.to_string(),
        })
    }

    fn is_in_range(&self, number: i32) -> bool {
        match (&self.range, &self.system) {
            (Some(ranges), _) => ranges.iter().any(|(from, to)| (*from..=*to).contains(&number)),
            (None, System::Alphabetic | System::Symbolic | System::Ethiopic) => number >= 1,
            (None, System::Additive) => number >= 0,
            (None, System::Chinese { .. }) => number.abs() <= 9999,
            (None, System::Cyclic | System::Numeric | System::Fixed(_)) => true,
        }
    }

    /// With its sign and padding; `None` where the system has nothing for it.
    fn represent(&self, number: i32) -> Option<String> {
        let has_sign = matches!(
            self.system,
            System::Numeric | System::Alphabetic | System::Symbolic | System::Additive | System::Chinese { .. }
        );
        let is_negative = has_sign && number < 0;
        let body = if is_negative { self.body(number.unsigned_abs()) } else { self.body_signed(number) }?;
        let length = body.chars().count();
        if length > LONGEST {
            return None;
        }
        let (before, after) = if is_negative { (self.negative.0.as_str(), self.negative.1.as_str()) } else { ("", "") };
        let taken = length + before.chars().count() + after.chars().count();
        let padding = self.pad.1.repeat(self.pad.0.saturating_sub(taken).min(LONGEST));
        Some(format!("{before}{padding}{body}{after}"))
    }

    fn body_signed(&self, number: i32) -> Option<String> {
        let count = i64::try_from(self.symbols.len()).ok()?;
        let symbol = |at: i64| self.symbols.get(usize::try_from(at).ok()?).cloned();
        match self.system {
            System::Cyclic if count > 0 => symbol((i64::from(number) - 1).rem_euclid(count)),
            System::Fixed(first) => symbol(i64::from(number) - i64::from(first)),
            _ => self.body(u32::try_from(number).ok()?),
        }
    }

    /// A number that is not negative.
    fn body(&self, number: u32) -> Option<String> {
        let count = u32::try_from(self.symbols.len()).ok().filter(|count| *count > 0).unwrap_or(1);
        let symbol = |at: u32| self.symbols.get(at as usize).map(String::as_str);
        match self.system {
            System::Numeric if count > 1 => digits(number, count).into_iter().map(symbol).collect(),
            System::Alphabetic if number > 0 && count > 1 => {
                let mut rest = number;
                let mut out = Vec::new();
                while rest > 0 {
                    rest -= 1;
                    out.push(symbol(rest % count)?);
                    rest /= count;
                }
                Some(out.into_iter().rev().collect())
            }
            System::Symbolic if number > 0 => {
                let times = number.div_ceil(count) as usize;
                (times <= LONGEST).then(|| symbol((number - 1) % count).map(|symbol| symbol.repeat(times)))?
            }
            System::Additive => self.sum(number),
            System::Chinese { informal } => self.chinese(number, informal),
            System::Ethiopic if number > 0 => Some(ethiopic(number)),
            _ => None,
        }
    }

    fn sum(&self, number: u32) -> Option<String> {
        let weight = |weight: i32| u32::try_from(weight).ok();
        if number == 0 {
            return self.additive.iter().find(|(weight, _)| *weight == 0).map(|(_, symbol)| symbol.clone());
        }
        let mut rest = number;
        let mut out = String::new();
        for (own, symbol) in &self.additive {
            let own = weight(*own).filter(|own| *own > 0)?;
            let times = (rest / own) as usize;
            if times > LONGEST {
                return None;
            }
            out.push_str(&symbol.repeat(times));
            rest %= own;
            if rest == 0 {
                return Some(out);
            }
        }
        None
    }

    fn chinese(&self, number: u32, informal: bool) -> Option<String> {
        let symbol = |at: u32| self.symbols.get(at as usize).map(String::as_str);
        let zero = symbol(0)?;
        if number == 0 {
            return Some(zero.to_owned());
        }
        let all = digits(number, 10);
        let mut out = String::new();
        let mut skipped = false;
        for (at, digit) in all.iter().enumerate() {
            let place = (all.len() - 1 - at) as u32;
            if *digit == 0 {
                skipped = true;
                continue;
            }
            if std::mem::take(&mut skipped) {
                out.push_str(zero);
            }
            if !(informal && place == 1 && all.len() == 2 && *digit == 1) {
                out.push_str(symbol(*digit)?);
            }
            if place > 0 {
                out.push_str(symbol(9 + place)?);
            }
        }
        Some(out)
    }
}

/// The digits of a number to a base, first to last.
fn digits(number: u32, base: u32) -> Vec<u32> {
    let mut rest = number;
    let mut out = vec![rest % base];
    while rest >= base {
        rest /= base;
        out.push(rest % base);
    }
    out.reverse();
    out
}

/// Pairs of digits, each followed by the sign for hundred or ten thousand by turns (7.2.1).
fn ethiopic(number: u32) -> String {
    let sign = |base: u32, digit: u32| digit.checked_sub(1).and_then(|digit| char::from_u32(base + digit));
    let groups = digits(number, 100);
    if number == 1 {
        return "\u{1369}".to_owned();
    }
    let mut out = String::new();
    for (at, group) in groups.iter().enumerate() {
        let place = groups.len() - 1 - at;
        let is_odd = place % 2 == 1;
        let left_out = *group == 0 || *group == 1 && (at == 0 || is_odd);
        if !left_out {
            out.extend(sign(0x1372, group / 10));
            out.extend(sign(0x1369, group % 10));
        }
        if is_odd && *group != 0 {
            out.push('\u{137b}');
        } else if !is_odd && place > 0 {
            out.push('\u{137c}');
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(name: &str, number: i32) -> String {
        CounterStyle::named(name).format(number)
    }

    #[test]
    fn writes_numbers() {
        assert_eq!(write("lower-alpha", 28), "ab");
        assert_eq!(write("upper-roman", 1994), "MCMXCIV");
        assert_eq!(write("lower-roman", 0), "0");
        assert_eq!(write("persian", 120), "۱۲۰");
        assert_eq!(write("lower-greek", 18), "σ");
        assert_eq!(write("decimal-leading-zero", 7), "07");
        assert_eq!(write("decimal-leading-zero", -7), "-7");
        assert_eq!(write("square", 5), "\u{25aa}");
    }

    #[test]
    fn writes_numbers_in_other_scripts() {
        assert_eq!(write("hebrew", 16), "טז");
        assert_eq!(write("hebrew", 5784), "ה׳תשפד");
        assert_eq!(write("georgian", 19_999), "ჵჰშჟთ");
        assert_eq!(write("armenian", 1996), "ՌՋՂԶ");
        assert_eq!(write("lower-armenian", 9999), "քջղթ");
        assert_eq!(write("armenian", 10_000), "10000");
        assert_eq!(write("hiragana", 49), "ああ");
        assert_eq!(write("katakana-iroha", 2), "ロ");
        assert_eq!(write("cjk-decimal", 205), "二〇五");
        assert_eq!(write("cjk-earthly-branch", 12), "亥");
        assert_eq!(write("cjk-heavenly-stem", 11), "一一");
        assert_eq!(write("khmer", 10), "១០");
        assert_eq!(write("tibetan", 7), "༧");
    }

    #[test]
    fn writes_numbers_in_words_of_east_asia() {
        assert_eq!(write("simp-chinese-informal", 11), "十一");
        assert_eq!(write("simp-chinese-formal", 11), "壹拾壹");
        assert_eq!(write("trad-chinese-informal", 2001), "二千零一");
        assert_eq!(write("cjk-ideographic", 110), "一百一十");
        assert_eq!(write("simp-chinese-informal", -5), "负五");
        assert_eq!(write("trad-chinese-informal", 10_000), "一〇〇〇〇");
        assert_eq!(write("japanese-informal", 1111), "千百十一");
        assert_eq!(write("japanese-formal", 21), "弐拾壱");
        assert_eq!(write("korean-hangul-formal", 1111), "일천일백일십일");
        assert_eq!(write("korean-hanja-informal", 32), "三十二");
        assert_eq!(write("korean-hanja-formal", 0), "零");
    }

    #[test]
    fn writes_ethiopic_numbers() {
        // The examples of the specification, 7.2.
        assert_eq!(write("ethiopic-numeric", 100), "፻");
        assert_eq!(write("ethiopic-numeric", 78_010_092), "፸፰፻፩፼፺፪");
        assert_eq!(write("ethiopic-numeric", 780_100_000), "፯፼፹፻፲፼");
        assert_eq!(write("ethiopic-numeric", 1), "፩");
    }

    #[test]
    fn long_and_impossible_numbers_fall_back() {
        let stars = Definition::new("stars", System::Symbolic, vec!["*".to_owned()]);
        assert_eq!(stars.format(3), "***");
        assert_eq!(stars.format(2_000_000_000), "2000000000");
        assert_eq!(stars.format(0), "0");
        assert_eq!(write("upper-roman", i32::MIN), i32::MIN.to_string());
        assert_eq!(write("persian", i32::MIN).chars().count(), 11);
    }
}

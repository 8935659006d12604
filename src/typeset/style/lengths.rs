//! Lengths and percentages as written, and how they are calculated (CSS Values and Units 4, 6 and 10).

use cssparser::{Parser, Token};

use super::values::{LengthPercentage, Padding, Parsed, Size, Units, refuse};

/// A length or percentage as written: a sum over units, so that `calc()` costs nothing, and what `min()` and `max()` in
/// it pick.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Length {
    sum: Sum,
    /// With the factor that each is added by.
    picked: Vec<(f32, Pick)>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Sum {
    pt: f32,
    em: f32,
    rem: f32,
    ex: f32,
    ch: f32,
    vw: f32,
    vh: f32,
    /// 1.0 is 100%.
    percent: f32,
}

/// `min()` or `max()`. Only those of box sizes may have percentages among other lengths: one such argument, which the
/// others bound.
#[derive(Clone, Debug, PartialEq)]
struct Pick {
    of: Vec<Length>,
    /// Whether the least is taken, or the greatest.
    least: bool,
}

impl Sum {
    fn plus(self, other: Self, factor: f32) -> Self {
        Self {
            pt: self.pt + other.pt * factor,
            em: self.em + other.em * factor,
            rem: self.rem + other.rem * factor,
            ex: self.ex + other.ex * factor,
            ch: self.ch + other.ch * factor,
            vw: self.vw + other.vw * factor,
            vh: self.vh + other.vh * factor,
            percent: self.percent + other.percent * factor,
        }
    }

    fn dimension(value: f32, unit: &str) -> Parsed<Self> {
        let zero = Self::default();
        Ok(match unit.to_ascii_lowercase().as_str() {
            "pt" => Self { pt: value, ..zero },
            "px" => Self { pt: value * 0.75, ..zero },
            "mm" => Self { pt: value * 72.0 / 25.4, ..zero },
            "cm" => Self { pt: value * 72.0 / 2.54, ..zero },
            "q" => Self { pt: value * 72.0 / 101.6, ..zero },
            "in" => Self { pt: value * 72.0, ..zero },
            "pc" => Self { pt: value * 12.0, ..zero },
            "em" => Self { em: value, ..zero },
            "rem" => Self { rem: value, ..zero },
            "ex" => Self { ex: value, ..zero },
            "ch" => Self { ch: value, ..zero },
            // The page is what is seen of it, and lines run along its width.
            "vw" | "svw" | "lvw" | "dvw" | "vi" => Self { vw: value, ..zero },
            "vh" | "svh" | "lvh" | "dvh" | "vb" => Self { vh: value, ..zero },
            _ => return refuse(),
        })
    }

    /// In all units, percentages last.
    fn parts(&self) -> [f32; 8] {
        [self.pt, self.em, self.rem, self.ex, self.ch, self.vw, self.vh, self.percent]
    }
}

impl Pick {
    fn resolve(&self, units: &Units) -> LengthPercentage {
        let lengths = self.of.iter().map(|length| length.resolve(units));
        // Percentages only stand among percentages, and what they are of is not negative.
        let order =
            |a: &LengthPercentage, b: &LengthPercentage| a.percent.total_cmp(&b.percent).then(a.pt.total_cmp(&b.pt));
        let found = if self.least { lengths.min_by(order) } else { lengths.max_by(order) };
        found.unwrap_or_default()
    }

    /// The size of a box: one share, which the other arguments bound; `None` where there are more.
    fn size(&self, units: &Units) -> Option<Size> {
        let (shares, lengths): (Vec<&Length>, Vec<&Length>) = self.of.iter().partition(|length| length.holds().0);
        let [share] = shares.as_slice() else { return None };
        let (share, least, most) = match share.size(units)? {
            Size::Of(share) => (share, f32::MIN, f32::MAX),
            Size::Between(share, least, most) => (share, least, most),
            Size::Auto | Size::Attribute => return None,
        };
        let lengths = lengths.iter().map(|length| length.resolve(units).pt);
        Some(if self.least {
            let bound = lengths.fold(f32::MAX, f32::min);
            Size::Between(share, least.min(bound), most.min(bound))
        } else {
            let bound = lengths.fold(f32::MIN, f32::max);
            Size::Between(share, least.max(bound), most.max(bound))
        })
    }
}

impl From<Sum> for Length {
    fn from(sum: Sum) -> Self {
        Self { sum, picked: Vec::new() }
    }
}

impl Length {
    /// A share of what percentages refer to.
    pub(crate) fn share(percent: f32) -> Self {
        Sum { percent, ..Sum::default() }.into()
    }

    /// A length in points.
    pub(crate) fn points(pt: f32) -> Self {
        Sum { pt, ..Sum::default() }.into()
    }

    /// As far from the other end.
    pub(super) fn reversed(self) -> Self {
        Self::share(1.0).plus(self, -1.0)
    }

    pub(crate) fn resolve(&self, units: &Units) -> LengthPercentage {
        let sum = self.sum;
        let mut pt = sum.pt
            + sum.em * units.em
            + sum.rem * units.rem
            + sum.ex * units.ex
            + sum.ch * units.ch
            + sum.vw * units.page.0 / 100.0
            + sum.vh * units.page.1 / 100.0;
        let mut percent = sum.percent;
        for (factor, pick) in &self.picked {
            let picked = pick.resolve(units);
            pt += factor * picked.pt;
            percent += factor * picked.percent;
        }
        // Nothing on paper is larger than some kilometres; NaN and infinities end here.
        let sane = |value: f32| if value.is_finite() { value.clamp(-1e7, 1e7) } else { 0.0 };
        LengthPercentage { pt: sane(pt), percent: sane(percent) }
    }

    fn plus(self, other: Self, factor: f32) -> Self {
        let mut picked = self.picked;
        picked.extend(other.picked.into_iter().map(|(own, pick)| (own * factor, pick)));
        Self { sum: self.sum.plus(other.sum, factor), picked }
    }

    /// The size of a box; `None` where its percentages cannot be told from other lengths before the layout.
    fn size(&self, units: &Units) -> Option<Size> {
        if !self.is_mixed() {
            return Some(Size::Of(self.resolve(units)));
        }
        let [(factor, pick)] = self.picked.as_slice() else { return None };
        if self.sum.percent != 0.0 {
            return None;
        }
        let beside = Self::from(self.sum).resolve(units).pt;
        let Size::Between(share, least, most) = pick.size(units)? else { return None };
        let moved = |bound: f32| (factor * bound + beside).clamp(f32::MIN, f32::MAX);
        let (least, most) = if *factor < 0.0 { (most, least) } else { (least, most) };
        let share = LengthPercentage { pt: factor * share.pt + beside, percent: factor * share.percent };
        Some(Size::Between(share, moved(least), moved(most)))
    }

    /// The size of a box, which has been parsed as one.
    pub(crate) fn to_size(&self, units: &Units) -> Size {
        self.size(units).unwrap_or_default()
    }

    /// Padding, which has been parsed as the size of a box.
    pub(crate) fn to_padding(&self, units: &Units) -> Padding {
        match self.to_size(units) {
            Size::Auto | Size::Attribute => Padding::default(),
            Size::Of(length) => Padding { length, least: 0.0, most: f32::MAX },
            Size::Between(length, least, most) => Padding { length, least: least.max(0.0), most: most.max(0.0) },
        }
    }

    /// Whether something is picked in it from percentages and other lengths.
    fn is_mixed(&self) -> bool {
        self.picked.iter().any(|(_, pick)| {
            let (percent, others) =
                pick.of.iter().map(Self::holds).fold((false, false), |all, own| (all.0 || own.0, all.1 || own.1));
            percent && others || pick.of.iter().any(Self::is_mixed)
        })
    }

    /// Whether it holds percentages, and whether it holds anything else.
    fn holds(&self) -> (bool, bool) {
        let [others @ .., percent] = self.sum.parts();
        let inside = || self.picked.iter().flat_map(|(_, pick)| &pick.of).map(Self::holds);
        (
            percent != 0.0 || inside().any(|(percent, _)| percent),
            others.iter().any(|part| *part != 0.0) || inside().any(|(_, others)| others),
        )
    }

    /// A length, `0`, or one that is calculated; percentages too.
    pub(crate) fn parse(input: &mut Parser<'_>) -> Parsed<Self> {
        let length = Self::parse_any(input)?;
        if length.is_mixed() { refuse() } else { Ok(length) }
    }

    /// The size of a box, not below zero.
    pub(crate) fn parse_size(input: &mut Parser<'_>) -> Parsed<Self> {
        let length = Self::parse_any(input)?;
        if length.is_negative() || length.size(&ANY).is_none() { refuse() } else { Ok(length) }
    }

    /// A margin: like the size of a box, and perhaps below zero.
    pub(crate) fn parse_margin(input: &mut Parser<'_>) -> Parsed<Self> {
        let length = Self::parse_any(input)?;
        if length.size(&ANY).is_none() { refuse() } else { Ok(length) }
    }

    fn parse_any(input: &mut Parser<'_>) -> Parsed<Self> {
        match input.next()?.clone() {
            Token::Number { value: 0.0, .. } => Ok(Self::default()),
            Token::Dimension { value, unit, .. } => Ok(Sum::dimension(value, &unit)?.into()),
            Token::Percentage { unit_value, .. } => Ok(Self::share(unit_value)),
            Token::Function(name) => {
                let name = name.to_ascii_lowercase();
                match input.parse_nested_block(|input| math(&name, input, 0))? {
                    Term::Length(length) => Ok(length),
                    Term::Number(0.0) => Ok(Self::default()),
                    Term::Number(_) => refuse(),
                }
            }
            _ => refuse(),
        }
    }

    /// Like `parse`, but nothing below zero.
    pub(crate) fn parse_positive(input: &mut Parser<'_>) -> Parsed<Self> {
        let length = Self::parse(input)?;
        if length.is_negative() { refuse() } else { Ok(length) }
    }

    /// Whether it is below zero whatever its units are.
    fn is_negative(&self) -> bool {
        let parts = self.sum.parts();
        self.picked.is_empty() && parts.iter().all(|part| *part <= 0.0) && parts.iter().any(|part| *part < 0.0)
    }
}

/// Units to try a length with before they are known.
const ANY: Units = Units { em: 1.0, rem: 1.0, ex: 1.0, ch: 1.0, page: (1.0, 1.0) };

/// A number, or one that is calculated.
pub(crate) fn number(input: &mut Parser<'_>) -> Parsed<f32> {
    match number_or_share(input)? {
        (number, false) => Ok(number),
        _ => refuse(),
    }
}

/// A whole number; one that is calculated is rounded (CSS Values 4, 10.9.1).
pub(crate) fn integer(input: &mut Parser<'_>) -> Parsed<i32> {
    if let Ok(number) = input.try_parse(Parser::expect_integer) {
        return Ok(number);
    }
    // A number that is no whole one is none, and is not rounded.
    if input.try_parse(Parser::expect_number).is_ok() {
        return refuse();
    }
    let number = number(input)?;
    Ok((number + 0.5).floor() as i32)
}

/// A number or a percentage (and then `true`), or one that is calculated.
pub(crate) fn number_or_share(input: &mut Parser<'_>) -> Parsed<(f32, bool)> {
    let found = match input.next()?.clone() {
        Token::Number { value, .. } => (value, false),
        Token::Percentage { unit_value, .. } => (unit_value, true),
        Token::Function(name) => {
            let name = name.to_ascii_lowercase();
            match input.parse_nested_block(|input| math(&name, input, 0))? {
                Term::Number(number) => (number, false),
                Term::Length(length) if !length.holds().1 => (length.resolve(&ANY).percent, true),
                Term::Length(_) => return refuse(),
            }
        }
        _ => return refuse(),
    };
    if found.0.is_finite() { Ok(found) } else { refuse() }
}

#[derive(Clone)]
enum Term {
    Number(f32),
    Length(Length),
}

/// What stands in the brackets of `calc()`, `min()`, `max()`, `clamp()` (CSS Values 4, 10).
fn math(name: &str, input: &mut Parser<'_>, depth: usize) -> Parsed<Term> {
    match name {
        "calc" => calc_sum(input, depth),
        "min" | "max" => pick(input.parse_comma_separated(|input| calc_sum(input, depth))?, name == "min"),
        "clamp" => {
            let low = calc_sum(input, depth)?;
            input.expect_comma()?;
            let own = calc_sum(input, depth)?;
            input.expect_comma()?;
            let high = calc_sum(input, depth)?;
            // Where both cannot be kept the lower bound is.
            pick(vec![low, pick(vec![own, high], true)?], false)
        }
        _ => refuse(),
    }
}

/// The least or the greatest of some numbers, or of some lengths.
fn pick(terms: Vec<Term>, least: bool) -> Parsed<Term> {
    let mut numbers = Vec::new();
    let mut of = Vec::new();
    for term in terms {
        match term {
            Term::Number(number) => numbers.push(number),
            Term::Length(length) => of.push(length),
        }
    }
    let choose = if least { f32::min } else { f32::max };
    if of.is_empty() {
        return numbers.into_iter().reduce(choose).map_or_else(refuse, |number| Ok(Term::Number(number)));
    }
    if !numbers.is_empty() {
        return refuse();
    }
    Ok(Term::Length(Length { sum: Sum::default(), picked: vec![(1.0, Pick { of, least })] }))
}

fn calc_sum(input: &mut Parser<'_>, depth: usize) -> Parsed<Term> {
    let mut sum = calc_product(input, depth)?;
    loop {
        let sign = if input.try_parse(|input| input.expect_delim('+')).is_ok() {
            1.0
        } else if input.try_parse(|input| input.expect_delim('-')).is_ok() {
            -1.0
        } else {
            return Ok(sum);
        };
        sum = match (sum, calc_product(input, depth)?) {
            (Term::Number(a), Term::Number(b)) => Term::Number(a + sign * b),
            (Term::Length(a), Term::Length(b)) => Term::Length(a.plus(b, sign)),
            _ => return refuse(),
        };
    }
}

fn calc_product(input: &mut Parser<'_>, depth: usize) -> Parsed<Term> {
    let scale = |term, factor: f32| match term {
        Term::Number(n) => Term::Number(n * factor),
        Term::Length(length) => Term::Length(Length::default().plus(length, factor)),
    };
    let mut product = calc_value(input, depth)?;
    loop {
        if input.try_parse(|input| input.expect_delim('*')).is_ok() {
            product = match (product, calc_value(input, depth)?) {
                (term, Term::Number(n)) | (Term::Number(n), term) => scale(term, n),
                _ => return refuse(),
            };
        } else if input.try_parse(|input| input.expect_delim('/')).is_ok() {
            match calc_value(input, depth)? {
                Term::Number(n) if n != 0.0 => product = scale(product, 1.0 / n),
                _ => return refuse(),
            }
        } else {
            return Ok(product);
        }
    }
}

fn calc_value(input: &mut Parser<'_>, depth: usize) -> Parsed<Term> {
    if depth > 16 {
        return refuse();
    }
    match input.next()?.clone() {
        Token::Number { value, .. } => Ok(Term::Number(value)),
        Token::Percentage { unit_value, .. } => Ok(Term::Length(Length::share(unit_value))),
        Token::Dimension { value, unit, .. } => Ok(Term::Length(Sum::dimension(value, &unit)?.into())),
        Token::ParenthesisBlock => input.parse_nested_block(|input| calc_sum(input, depth + 1)),
        Token::Function(name) => {
            let name = name.to_ascii_lowercase();
            input.parse_nested_block(|input| math(&name, input, depth + 1))
        }
        _ => refuse(),
    }
}

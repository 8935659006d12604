//! `@counter-style` and `symbols()` (CSS Counter Styles 3, 3 and 5).

use std::collections::BTreeMap;
use std::sync::Arc;

use cssparser::{
    AtRuleParser, CowRcStr, DeclarationParser, ParseError, Parser, ParserState, QualifiedRuleParser,
    RuleBodyItemParser, RuleBodyParser, Token,
};

use super::counter_style::{CounterStyle, Definition, System};
use super::counter_tables;
use super::values::{Parsed, keyword, refuse};

/// Styles refer to each other no deeper than this; beyond it stands `decimal`.
const DEEPEST: usize = 16;

/// An `@counter-style` rule as written.
#[derive(Debug, Default)]
pub(crate) struct CounterRule {
    system: Option<SystemName>,
    symbols: Vec<String>,
    additive: Vec<(i32, String)>,
    negative: Option<(String, String)>,
    prefix: Option<String>,
    suffix: Option<String>,
    range: Option<Range>,
    pad: Option<(usize, String)>,
    fallback: Option<String>,
}

#[derive(Debug)]
enum SystemName {
    Of(System),
    Extends(String),
}

#[derive(Debug)]
enum Range {
    Auto,
    Of(Vec<(i32, i32)>),
}

/// The styles that a document's sheets define.
#[derive(Debug, Default)]
pub(crate) struct CounterStyles {
    defined: BTreeMap<String, Arc<Definition>>,
}

impl CounterStyles {
    /// Settles what rules, the last of each name, refer to.
    pub(crate) fn new(rules: &BTreeMap<String, CounterRule>) -> Self {
        let settle = |name: &String| Some((name.clone(), Arc::new(definition(name, rules, 0))));
        Self { defined: rules.keys().filter_map(settle).collect() }
    }

    /// The style that is meant where it is used.
    pub(crate) fn settle(&self, style: &CounterStyle) -> CounterStyle {
        let own = match style {
            CounterStyle::Named(name) => self.defined.get(&**name),
            CounterStyle::Of(predefined) => self.defined.get(&predefined.name),
            _ => None,
        };
        own.map_or_else(|| style.clone(), |definition| CounterStyle::Of(Arc::clone(definition)))
    }
}

/// The definition of a name: a rule's, a predefined one, or `decimal`.
fn definition(name: &str, rules: &BTreeMap<String, CounterRule>, depth: usize) -> Definition {
    let decimal = || Definition::new("decimal", System::Numeric, ('0'..='9').map(String::from).collect());
    let predefined = || counter_tables::predefined(&name.to_ascii_lowercase()).unwrap_or_else(decimal);
    let Some(rule) = rules.get(name).filter(|_| depth < DEEPEST) else { return predefined() };
    let mut own = match &rule.system {
        Some(SystemName::Extends(other)) => definition(other, rules, depth + 1),
        Some(SystemName::Of(system)) => Definition::new(name, system.clone(), rule.symbols.clone()),
        None => Definition::new(name, System::Symbolic, rule.symbols.clone()),
    };
    name.clone_into(&mut own.name);
    if !rule.additive.is_empty() {
        own.additive.clone_from(&rule.additive);
    }
    let texts = [(&rule.prefix, &mut own.prefix), (&rule.suffix, &mut own.suffix)];
    for (said, own) in texts {
        if let Some(said) = said {
            own.clone_from(said);
        }
    }
    if let Some(negative) = &rule.negative {
        own.negative.clone_from(negative);
    }
    match &rule.range {
        Some(Range::Auto) => own.range = None,
        Some(Range::Of(range)) => own.range = Some(range.clone()),
        None => {}
    }
    if let Some(pad) = &rule.pad {
        own.pad.clone_from(pad);
    }
    if let Some(fallback) = &rule.fallback {
        own.fallback = Some(Arc::new(definition(fallback, rules, depth + 1)));
    }
    own
}

/// The name of a rule; those that every sheet relies on cannot be defined anew.
pub(crate) fn parse_name(input: &mut Parser<'_>) -> Parsed<String> {
    let name = input.expect_ident()?.to_string();
    let kept = ["none", "decimal", "disc", "square", "circle", "disclosure-open", "disclosure-closed"];
    if kept.iter().any(|own| name.eq_ignore_ascii_case(own)) { refuse() } else { Ok(name) }
}

/// The body of a rule, and what of it was not understood; refused where it lacks the symbols that its system needs.
pub(crate) fn parse_body<'i>(
    input: &mut Parser<'i>,
) -> (Parsed<CounterRule>, Vec<(&'i str, cssparser::SourceLocation)>) {
    let mut body = Body::default();
    let failures: Vec<(&str, cssparser::SourceLocation)> = RuleBodyParser::new(input, &mut body)
        .filter_map(Result::err)
        .map(|(_, text, location)| (text.trim_end_matches(';').trim(), location))
        .collect();
    let rule = body.0;
    let has = rule.symbols.len();
    let is_whole = match &rule.system {
        Some(SystemName::Extends(_)) => has == 0 && rule.additive.is_empty(),
        Some(SystemName::Of(System::Additive)) => !rule.additive.is_empty(),
        Some(SystemName::Of(System::Numeric | System::Alphabetic)) => has > 1,
        _ => has > 0,
    };
    (if is_whole { Ok(rule) } else { refuse() }, failures)
}

#[derive(Default)]
struct Body(CounterRule);

impl<'i> DeclarationParser<'i> for Body {
    type Declaration = ();
    type Error = ();

    fn parse_value(
        &mut self,
        name: CowRcStr<'i>,
        input: &mut Parser<'i>,
        _start: &ParserState,
    ) -> Result<(), ParseError<()>> {
        let rule = &mut self.0;
        match name.to_ascii_lowercase().as_str() {
            "system" => rule.system = Some(system(input)?),
            "symbols" => rule.symbols = symbols(input)?,
            "additive-symbols" => rule.additive = additive(input)?,
            "negative" => {
                let before = symbol(input)?;
                rule.negative = Some((before, input.try_parse(symbol).unwrap_or_default()));
            }
            "prefix" => rule.prefix = Some(symbol(input)?),
            "suffix" => rule.suffix = Some(symbol(input)?),
            "range" => rule.range = Some(range(input)?),
            "pad" => {
                let (least, text) = weighted(input)?;
                rule.pad = Some((usize::try_from(least).unwrap_or(0), text));
            }
            "fallback" => rule.fallback = Some(input.expect_ident()?.to_string()),
            // Nothing is read aloud here.
            "speak-as" => while input.next().is_ok() {},
            _ => return refuse(),
        }
        Ok(())
    }
}

impl AtRuleParser<'_> for Body {
    type Prelude = ();
    type AtRule = ();
    type Error = ();
}

impl QualifiedRuleParser<'_> for Body {
    type Prelude = ();
    type QualifiedRule = ();
    type Error = ();
}

impl RuleBodyItemParser<'_, (), ()> for Body {
    fn parse_declarations(&self) -> bool {
        true
    }

    fn parse_qualified(&self) -> bool {
        false
    }
}

fn system(input: &mut Parser<'_>) -> Parsed<SystemName> {
    let system = match input.expect_ident()?.to_ascii_lowercase().as_str() {
        "cyclic" => System::Cyclic,
        "numeric" => System::Numeric,
        "alphabetic" => System::Alphabetic,
        "symbolic" => System::Symbolic,
        "additive" => System::Additive,
        "fixed" => System::Fixed(input.try_parse(cssparser::Parser::expect_integer).unwrap_or(1)),
        "extends" => return Ok(SystemName::Extends(input.expect_ident()?.to_string())),
        _ => return refuse(),
    };
    Ok(SystemName::Of(system))
}

/// A string or a word; pictures are refused.
fn symbol(input: &mut Parser<'_>) -> Parsed<String> {
    Ok(input.expect_ident_or_string()?.to_string())
}

fn symbols(input: &mut Parser<'_>) -> Parsed<Vec<String>> {
    let mut out = vec![symbol(input)?];
    while let Ok(next) = input.try_parse(symbol) {
        out.push(next);
    }
    Ok(out)
}

/// A whole number that is not negative and a symbol, in any order.
fn weighted(input: &mut Parser<'_>) -> Parsed<(i32, String)> {
    let before = input.try_parse(cssparser::Parser::expect_integer);
    let text = symbol(input)?;
    let weight = match before {
        Ok(weight) => weight,
        Err(_) => input.expect_integer()?,
    };
    if weight < 0 { refuse() } else { Ok((weight, text)) }
}

/// Largest weights first.
fn additive(input: &mut Parser<'_>) -> Parsed<Vec<(i32, String)>> {
    let weights = input.parse_comma_separated(weighted)?;
    if weights.is_sorted_by(|a, b| a.0 > b.0) { Ok(weights) } else { refuse() }
}

fn range(input: &mut Parser<'_>) -> Parsed<Range> {
    if input.try_parse(|input| keyword(input, |name| (name == "auto").then_some(()))).is_ok() {
        return Ok(Range::Auto);
    }
    let bound = |input: &mut Parser<'_>, infinite: i32| match input.next()?.clone() {
        Token::Number { int_value: Some(number), .. } => Ok(number),
        Token::Ident(word) if word.eq_ignore_ascii_case("infinite") => Ok(infinite),
        _ => refuse(),
    };
    let pair = |input: &mut Parser<'_>| {
        let (from, to) = (bound(input, i32::MIN)?, bound(input, i32::MAX)?);
        if from <= to { Ok((from, to)) } else { refuse() }
    };
    input.parse_comma_separated(pair).map(Range::Of)
}

/// What stands in `symbols()`.
pub(crate) fn parse_symbols(input: &mut Parser<'_>) -> Parsed<CounterStyle> {
    let system = input.try_parse(|input| {
        keyword(input, |name| {
            Some(match name {
                "cyclic" => System::Cyclic,
                "numeric" => System::Numeric,
                "alphabetic" => System::Alphabetic,
                "symbolic" => System::Symbolic,
                "fixed" => System::Fixed(1),
                _ => return None,
            })
        })
    });
    let system = system.unwrap_or(System::Symbolic);
    let mut symbols = vec![input.expect_string()?.to_string()];
    while let Ok(next) = input.try_parse(|input| input.expect_string().map(ToString::to_string)) {
        symbols.push(next);
    }
    if symbols.len() < 2 && matches!(system, System::Numeric | System::Alphabetic) {
        return refuse();
    }
    let own = Definition::new("symbols()", system, symbols);
    Ok(CounterStyle::Of(Arc::new(Definition { suffix: " ".to_owned(), ..own })))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn defined(rules: &[(&str, &str)], name: &str, number: i32) -> String {
        let parse = |(name, body): &(&str, &str)| {
            let (rule, failures) = parse_body(&mut Parser::new(body));
            assert!(failures.is_empty(), "{failures:?}");
            ((*name).to_owned(), rule.unwrap())
        };
        let rules: BTreeMap<String, CounterRule> = rules.iter().map(parse).collect();
        CounterStyles::new(&rules).settle(&CounterStyle::named(name)).marker(number)
    }

    #[test]
    fn rules_define_styles() {
        let stars = [("stars", "system: cyclic; symbols: '*' x; suffix: ') '; prefix: '('")];
        assert_eq!(defined(&stars, "stars", 1), "(*)");
        assert_eq!(defined(&stars, "stars", 0), "(x)");
        let dice = [("dice", "system: additive; additive-symbols: 6 '⚅', 5 ⚄, 1 '⚀'; suffix: ' '")];
        assert_eq!(defined(&dice, "dice", 12), "⚅⚅");
        assert_eq!(defined(&dice, "dice", 8), "⚅⚀⚀");
        let fixed = [("third", "system: fixed 3; symbols: a b; fallback: upper-roman")];
        assert_eq!(defined(&fixed, "third", 4), "b.");
        assert_eq!(defined(&fixed, "third", 9), "IX.");
        let padded = [("padded", "system: extends decimal; pad: 3 '0'; negative: '(' ')'; range: -99 infinite")];
        assert_eq!((defined(&padded, "padded", 7), defined(&padded, "padded", -7)), ("007.".into(), "(7).".into()));
        assert_eq!(defined(&padded, "padded", -100), "-100.");
    }

    #[test]
    fn names_may_be_taken_over_and_may_lead_nowhere() {
        let own = [("persian", "symbols: p")];
        assert_eq!(defined(&own, "persian", 2), "pp.");
        assert_eq!(defined(&own, "elsewhere", 2), "2.");
        let circle = [("a", "system: extends b"), ("b", "system: extends a")];
        assert_eq!(defined(&circle, "a", 2), "2.");
        assert!(parse_name(&mut Parser::new("Decimal")).is_err());
    }

    #[test]
    fn rules_without_symbols_are_refused() {
        for body in
            ["system: numeric; symbols: a", "", "system: additive; symbols: a b", "system: extends a; symbols: b"]
        {
            assert!(parse_body(&mut Parser::new(body)).0.is_err(), "{body}");
        }
        assert!(additive(&mut Parser::new("1 a, 5 b")).is_err());
    }

    #[test]
    fn symbols_stand_for_a_style() {
        let write = |css: &str, number| parse_symbols(&mut Parser::new(css)).unwrap().marker(number);
        assert_eq!(write("'*' '†'", 3), "**");
        assert_eq!(write("cyclic '*' '†'", 4), "†");
        assert_eq!(write("alphabetic 'a' 'b'", 3), "aa");
    }
}

//! `@counter-style` and `symbols()` (CSS Counter Styles 3, 2 to 4), and finding styles by their names.

use std::collections::BTreeMap;
use std::sync::Arc;

use cssparser::{AtRuleParser, CowRcStr, DeclarationParser, ParseError, Parser, ParserState, QualifiedRuleParser};
use cssparser::{RuleBodyItemParser, RuleBodyParser, Token};

use super::computed::Style;
use super::content::ContentItem;
use super::counter_style::CounterStyle;
use super::counter_system::{Defined, System};
use super::sheet::{Sheets, Source};
use super::values::{Parsed, keyword, refuse};

/// Circles of styles that extend or fall back on each other are cut at this depth.
const DEEPEST: usize = 8;

/// The descriptors of an `@counter-style` rule.
#[derive(Clone, Debug, Default)]
pub(crate) struct Descriptors {
    system: Option<System>,
    symbols: Vec<String>,
    additive: Vec<(u32, String)>,
    negative: Option<(String, String)>,
    prefix: Option<String>,
    suffix: Option<String>,
    range: Option<Vec<(i32, i32)>>,
    pad: Option<(usize, String)>,
    fallback: Option<CounterStyle>,
}

/// The `@counter-style` rules of all sheets, by name; the last of a name counts.
#[derive(Default)]
pub(crate) struct CounterStyles(BTreeMap<Arc<str>, Descriptors>);

/// What an `@counter-style` rule begins with.
const RULE: &str = "@counter-style";

impl CounterStyles {
    /// Notes the names of the rules in a sheet that is still to be read: styles may be named before they are defined.
    pub(crate) fn announce(&mut self, css: &str) {
        for (at, _) in css.match_indices(RULE) {
            if let Ok(name) = Parser::new(&css[at + RULE.len()..]).expect_ident() {
                self.0.entry(Arc::from(&**name)).or_default();
            }
        }
    }

    /// The counter styles that the value of a property names and nobody knows.
    pub(crate) fn unknown(&self, property: &str, value: &str) -> Vec<String> {
        let value = value.split('!').next().unwrap_or(value);
        let mut names = Vec::new();
        match property {
            "list-style" | "list-style-type" => names_in_list(&mut Parser::new(value), &mut names),
            "content" | "string-set" | "bookmark-label" => names_in_content(&mut Parser::new(value), &mut names),
            _ => {}
        }
        let known = |name: &String| {
            self.0.contains_key(name.as_str()) || CounterStyle::named(&name.to_ascii_lowercase()).is_some()
        };
        names.retain(|name| !known(name));
        names
    }

    pub(crate) fn add(&mut self, name: Arc<str>, descriptors: Descriptors) {
        self.0.insert(name, descriptors);
    }

    /// Puts the styles that a computed style names into it.
    pub(crate) fn find_in(&self, style: &mut Style) {
        if self.0.is_empty() {
            return;
        }
        self.find(&mut style.list_marker);
        self.find_in_content(&mut style.content);
        self.find_in_content(&mut style.bookmark_label);
        if style.string_set.iter().any(|(_, items)| items.iter().any(names_a_style)) {
            let mut sets = style.string_set.to_vec();
            sets.iter_mut().flat_map(|(_, items)| items).for_each(|item| self.find_in_item(item));
            style.string_set = sets.into();
        }
    }

    fn find_in_content(&self, content: &mut Option<Arc<[ContentItem]>>) {
        if let Some(items) = content
            && items.iter().any(names_a_style)
        {
            let mut found = items.to_vec();
            for item in &mut found {
                self.find_in_item(item);
            }
            *content = Some(found.into());
        }
    }

    fn find_in_item(&self, item: &mut ContentItem) {
        if let Some(style) = style_of(item) {
            self.find(style);
        }
    }

    fn find(&self, style: &mut CounterStyle) {
        if let CounterStyle::Named(name) = style {
            *style = self.named(name, 0);
        }
    }

    /// The style with a name; `decimal` where there is none.
    fn named(&self, name: &str, depth: usize) -> CounterStyle {
        let own = self.0.get(name).filter(|_| depth < DEEPEST);
        match own.and_then(|descriptors| self.define(descriptors, depth)) {
            Some(defined) => CounterStyle::Defined(Arc::new(defined)),
            None => CounterStyle::named(&name.to_ascii_lowercase()).unwrap_or_default(),
        }
    }

    fn resolved(&self, style: &CounterStyle, depth: usize) -> CounterStyle {
        match style {
            CounterStyle::Named(name) => self.named(name, depth + 1),
            style => style.clone(),
        }
    }

    /// What the descriptors define; none where they do not hold together (3.1).
    fn define(&self, of: &Descriptors, depth: usize) -> Option<Defined> {
        let system = match of.system.clone().unwrap_or(System::Symbolic) {
            System::Extends(other) => System::Extends(Box::new(self.resolved(&other, depth))),
            System::Additive(_) if of.additive.is_empty() => return None,
            System::Additive(_) => System::Additive(of.additive.clone()),
            System::Alphabetic | System::Numeric if of.symbols.len() < 2 => return None,
            _ if of.symbols.is_empty() => return None,
            system => system,
        };
        let base = match &system {
            System::Extends(other) => match &**other {
                CounterStyle::Defined(other) => Defined { system: system.clone(), ..(**other).clone() },
                _ => Defined::new(system, Vec::new()),
            },
            _ => Defined { suffix: ". ".to_owned(), ..Defined::new(system, of.symbols.clone()) },
        };
        Some(Defined {
            negative: of.negative.clone().unwrap_or(base.negative),
            prefix: of.prefix.clone().unwrap_or(base.prefix),
            suffix: of.suffix.clone().unwrap_or(base.suffix),
            range: of.range.clone().or(base.range),
            pad: of.pad.clone().unwrap_or(base.pad),
            fallback: of.fallback.as_ref().map_or(base.fallback, |fallback| self.resolved(fallback, depth)),
            ..base
        })
    }
}

fn names_in_list(input: &mut Parser<'_>, names: &mut Vec<String>) {
    const OTHERS: [&str; 6] = ["inside", "outside", "inherit", "initial", "unset", "revert"];
    while let Ok(token) = input.next() {
        if let Token::Ident(name) = token
            && !OTHERS.contains(&name.to_ascii_lowercase().as_str())
        {
            names.push(name.to_string());
        }
    }
}

/// The last words of `counter()`, `counters()` and `target-counter()`, where they have more words than they need.
fn names_in_content(input: &mut Parser<'_>, names: &mut Vec<String>) {
    while let Ok(token) = input.next().cloned() {
        let Token::Function(function) = token else { continue };
        let least = match function.to_ascii_lowercase().as_str() {
            "counter" => 1,
            "counters" | "target-counter" => 2,
            _ => continue,
        };
        let last = input.parse_nested_block(|input| -> Parsed<Option<String>> {
            let (mut commas, mut last) = (0, None);
            while let Ok(token) = input.next() {
                match token {
                    Token::Comma => (commas, last) = (commas + 1, None),
                    Token::Ident(name) => last = Some(name.to_string()),
                    _ => last = None,
                }
            }
            Ok(last.filter(|_| commas >= least))
        });
        names.extend(last.ok().flatten());
    }
}

fn style_of(item: &mut ContentItem) -> Option<&mut CounterStyle> {
    match item {
        ContentItem::Counter { style, .. }
        | ContentItem::Counters { style, .. }
        | ContentItem::TargetCounter { style, .. } => Some(style),
        _ => None,
    }
}

fn names_a_style(item: &ContentItem) -> bool {
    matches!(
        item,
        ContentItem::Counter { style: CounterStyle::Named(_), .. }
            | ContentItem::Counters { style: CounterStyle::Named(_), .. }
            | ContentItem::TargetCounter { style: CounterStyle::Named(_), .. }
    )
}

/// The name of a counter style: a predefined one, or one that may be defined.
pub(super) fn parse_name(input: &mut Parser<'_>) -> Parsed<CounterStyle> {
    let name = input.expect_ident_cloned()?;
    let lower = name.to_ascii_lowercase();
    if matches!(lower.as_str(), "inherit" | "initial" | "unset" | "revert" | "default") {
        return refuse();
    }
    Ok(CounterStyle::named(&lower).unwrap_or_else(|| CounterStyle::Named(Arc::from(&*name))))
}

/// `symbols()`, after its name (section 4).
pub(super) fn parse_symbols(input: &mut Parser<'_>) -> Parsed<CounterStyle> {
    let system = input.try_parse(|input| {
        keyword(input, |name| match name {
            "cyclic" => Some(System::Cyclic),
            "numeric" => Some(System::Numeric),
            "alphabetic" => Some(System::Alphabetic),
            "symbolic" => Some(System::Symbolic),
            "fixed" => Some(System::Fixed(1)),
            _ => None,
        })
    });
    let system = system.unwrap_or(System::Symbolic);
    let symbols = symbols(input)?;
    if matches!(system, System::Alphabetic | System::Numeric) && symbols.len() < 2 {
        return refuse();
    }
    Ok(CounterStyle::Defined(Arc::new(Defined { suffix: " ".to_owned(), ..Defined::new(system, symbols) })))
}

fn symbols(input: &mut Parser<'_>) -> Parsed<Vec<String>> {
    let mut symbols = vec![symbol(input)?];
    while let Ok(next) = input.try_parse(symbol) {
        symbols.push(next);
    }
    Ok(symbols)
}

fn symbol(input: &mut Parser<'_>) -> Parsed<String> {
    match input.next()?.clone() {
        Token::QuotedString(text) => Ok(text.to_string()),
        Token::Ident(name) => Ok(name.to_string()),
        _ => refuse(),
    }
}

/// The body of an `@counter-style` rule; what is not understood is reported.
pub(super) fn parse_body(sheets: &mut Sheets, source: Source<'_>, input: &mut Parser<'_>) -> Descriptors {
    let mut body = Body { sheets, source, descriptors: Descriptors::default() };
    for result in RuleBodyParser::new(input, &mut body) {
        drop(result);
    }
    body.descriptors
}

struct Body<'s> {
    sheets: &'s mut Sheets,
    source: Source<'s>,
    descriptors: Descriptors,
}

impl<'i> DeclarationParser<'i> for Body<'_> {
    type Declaration = ();
    type Error = ();

    fn parse_value(
        &mut self,
        name: CowRcStr<'i>,
        input: &mut Parser<'i>,
        start: &ParserState,
    ) -> Result<(), ParseError<()>> {
        let name = name.to_ascii_lowercase();
        let parsed = descriptor(&name, input, &mut self.descriptors);
        if parsed.is_err() || !input.is_exhausted() {
            while input.next().is_ok() {}
            let message = format!("the descriptor `{name}` of a counter style is not understood");
            self.sheets.report(&format!("descriptor {name}"), message, start.source_location(), self.source);
        }
        Ok(())
    }
}

impl AtRuleParser<'_> for Body<'_> {
    type Prelude = ();
    type AtRule = ();
    type Error = ();
}

impl QualifiedRuleParser<'_> for Body<'_> {
    type Prelude = ();
    type QualifiedRule = ();
    type Error = ();
}

impl RuleBodyItemParser<'_, (), ()> for Body<'_> {
    fn parse_declarations(&self) -> bool {
        true
    }

    fn parse_qualified(&self) -> bool {
        false
    }
}

fn descriptor(name: &str, input: &mut Parser<'_>, out: &mut Descriptors) -> Parsed<()> {
    match name {
        "system" => out.system = Some(system(input)?),
        "symbols" => out.symbols = symbols(input)?,
        "additive-symbols" => {
            let mut weights = input.parse_comma_separated(weighted)?;
            weights.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
            out.additive = weights;
        }
        "negative" => {
            let before = symbol(input)?;
            out.negative = Some((before, input.try_parse(symbol).unwrap_or_default()));
        }
        "prefix" => out.prefix = Some(symbol(input)?),
        "suffix" => out.suffix = Some(symbol(input)?),
        "range" => out.range = range(input)?,
        "pad" => {
            let (count, symbol) = weighted(input)?;
            out.pad = Some((count as usize, symbol));
        }
        "fallback" => out.fallback = Some(parse_name(input)?),
        // How it is read aloud is not for paper.
        "speak-as" => while input.next().is_ok() {},
        _ => return refuse(),
    }
    Ok(())
}

fn system(input: &mut Parser<'_>) -> Parsed<System> {
    let name = input.expect_ident()?.to_ascii_lowercase();
    Ok(match name.as_str() {
        "cyclic" => System::Cyclic,
        "numeric" => System::Numeric,
        "alphabetic" => System::Alphabetic,
        "symbolic" => System::Symbolic,
        "additive" => System::Additive(Vec::new()),
        "fixed" => System::Fixed(input.try_parse(Parser::expect_integer).unwrap_or(1)),
        "extends" => System::Extends(Box::new(parse_name(input)?)),
        _ => return refuse(),
    })
}

/// A whole number and a symbol, in either order.
fn weighted(input: &mut Parser<'_>) -> Parsed<(u32, String)> {
    let first = input.try_parse(Parser::expect_integer);
    let symbol = symbol(input)?;
    let number = first.or_else(|_| input.expect_integer())?;
    u32::try_from(number).map_or_else(|_| refuse(), |number| Ok((number, symbol)))
}

/// `auto` is none.
fn range(input: &mut Parser<'_>) -> Parsed<Option<Vec<(i32, i32)>>> {
    if input.try_parse(|input| keyword(input, |name| (name == "auto").then_some(()))).is_ok() {
        return Ok(None);
    }
    let bound = |input: &mut Parser<'_>, infinite: i32| {
        let is_infinite = input.try_parse(|input| keyword(input, |name| (name == "infinite").then_some(()))).is_ok();
        if is_infinite { Ok(infinite) } else { input.expect_integer() }
    };
    let ranges = input.parse_comma_separated(|input| -> Parsed<(i32, i32)> {
        let (from, to) = (bound(input, i32::MIN)?, bound(input, i32::MAX)?);
        if from > to { refuse() } else { Ok((from, to)) }
    })?;
    Ok(Some(ranges))
}

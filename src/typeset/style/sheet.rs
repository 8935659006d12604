//! Style sheets: rules, `@page`, `@media`, and reports of what is not understood.

use std::collections::{BTreeMap, BTreeSet};

use cssparser::{
    AtRuleParser, CowRcStr, ParseError, Parser, ParserState, QualifiedRuleParser, SourceLocation, StyleSheetParser,
    Token,
};
use selectors::SelectorList;

use super::counter_rule::{self, CounterRule, CounterStyles};
use super::counter_style::CounterStyle;
use super::declaration::{self, Declaration};
use super::media::{self, Medium};
use super::page_rule::{self, PageRule};
use super::rule_body::BodyParser;
use super::selector::{self, Selectors};
use crate::error::{Place, Warning};
use crate::typeset::dom::Element;

/// Who wrote a sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Origin {
    UserAgent,
    /// Attributes of HTML.
    Hint,
    Author,
}

/// One style rule.
pub(crate) struct StyleRule {
    pub(crate) selectors: SelectorList<Selectors>,
    pub(crate) declarations: Vec<Declaration>,
    pub(crate) origin: Origin,
}

/// All rules of all sheets, in order.
#[derive(Default)]
pub(crate) struct Sheets {
    pub(crate) rules: Vec<StyleRule>,
    pub(crate) pages: Vec<PageRule>,
    /// The counter styles that the rules define, once [`Sheets::settle`] has been called.
    pub(crate) counter_styles: CounterStyles,
    pub(crate) warnings: Vec<Warning>,
    /// Whether a media query asked for the size of the page.
    pub(crate) asks_size: bool,
    medium: Medium,
    counter_rules: BTreeMap<String, CounterRule>,
    /// Counter styles that are used and not predefined, and where each is first.
    asked: BTreeMap<String, Place>,
    reported: BTreeSet<String>,
}

/// Where a sheet stands: a file, and the line and the column of it at which the sheet begins.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Source<'a> {
    pub(crate) file: &'a str,
    first_line: usize,
    /// The column of that line at which it begins.
    first_column: usize,
    /// Where the tag of the element begins that the sheet stands in, or that it is an attribute of.
    tag: Option<(usize, usize)>,
    /// Whether it is an attribute: where in its tag that begins is not known.
    is_attribute: bool,
}

impl<'a> Source<'a> {
    /// A sheet that begins on a line of a file.
    pub(crate) fn sheet(file: &'a str, first_line: usize) -> Self {
        Self { file, first_line, first_column: 1, tag: None, is_attribute: false }
    }

    /// What stands in an element of a document.
    pub(crate) fn of_element(file: &'a str, element: &Element) -> Self {
        let (first_line, first_column) = element.at;
        Self { file, first_line, first_column, tag: Some(element.at), is_attribute: false }
    }

    /// What stands in an element, whose text begins at this line and column.
    pub(crate) fn beginning_at(self, (first_line, first_column): (usize, usize)) -> Self {
        Self { first_line, first_column, ..self }
    }

    /// What stands in an attribute of the element; its tag is the place.
    pub(crate) fn in_attribute(self) -> Self {
        Self { is_attribute: true, ..self }
    }

    fn place(self, location: SourceLocation) -> Place {
        if let (true, Some((line, column))) = (self.is_attribute, self.tag) {
            return Place::at(self.file, line, column);
        }
        let line = location.line as usize + self.first_line;
        let before = if location.line == 0 { self.first_column - 1 } else { 0 };
        Place::at(self.file, line, before + location.column.max(1) as usize)
    }
}

impl Sheets {
    /// No rules yet, for pages of this size.
    pub(crate) fn for_medium(medium: Medium) -> Self {
        Self { medium, ..Self::default() }
    }

    /// Once all sheets are there: the counter styles that they define and ask for.
    pub(crate) fn settle(&mut self) {
        self.counter_styles = CounterStyles::new(&self.counter_rules);
        for (name, place) in std::mem::take(&mut self.asked) {
            if !self.counter_rules.contains_key(&name) {
                let message = format!("the counter style `{name}` is not known, `decimal` stands for it");
                self.warnings.push(Warning::new(message).at(place));
            }
        }
    }

    /// Adds the rules of a sheet.
    pub(crate) fn add(&mut self, css: &str, origin: Origin, source: Source<'_>) {
        let mut input = Parser::new(css);
        let mut parser = SheetParser { sheets: self, origin, source };
        let mut failures = Vec::new();
        for rule in StyleSheetParser::new(&mut input, &mut parser) {
            if let Err((_, text, location)) = rule {
                failures.push((text.to_owned(), location));
            }
        }
        for (text, location) in failures {
            self.report_rule(&text, location, source);
        }
    }

    /// Parses the declarations of a `style` attribute.
    pub(crate) fn inline(&mut self, css: &str, source: Source<'_>) -> Vec<Declaration> {
        BodyParser::new(self, source).parse(&mut Parser::new(css))
    }

    /// Whether a list of media queries holds, as it stands in an attribute.
    pub(crate) fn holds(&mut self, media: &str, source: Source<'_>) -> bool {
        self.media(&mut Parser::new(media), source)
    }

    fn media(&mut self, input: &mut Parser<'_>, source: Source<'_>) -> bool {
        let answer = media::applies(input, self.medium);
        self.asks_size |= answer.asks_size;
        for (text, location) in answer.unknown {
            let message = format!("the media query `{text}` is not understood, and does not hold");
            self.report(&format!("media {text}"), message, location, source);
        }
        answer.holds
    }

    /// Tells of a sheet that is asked for and not there.
    pub(crate) fn miss(&mut self, href: &str, source: Source<'_>) {
        let warning = Warning::new(format!("the style sheet `{href}` is not there"));
        let (line, column) = source.tag.unwrap_or((source.first_line, 1));
        self.warnings.push(warning.at(Place::at(source.file, line, column)));
    }

    /// Whether what stands in the block of a rule with a condition, of this name, counts; `None` for other rules.
    pub(super) fn condition(&mut self, name: &str, input: &mut Parser<'_>, source: Source<'_>) -> Option<bool> {
        match name.to_ascii_lowercase().as_str() {
            "media" => Some(self.media(input, source)),
            "supports" => {
                let holds = media::condition(input, &mut supports);
                while input.next().is_ok() {}
                Some(matches!(holds, Ok(Some(true))))
            }
            "layer" => {
                while input.next().is_ok() {}
                Some(true)
            }
            _ => None,
        }
    }

    /// Notes the counter styles in a value that only `@counter-style` can define.
    pub(super) fn ask_counter_styles(
        &mut self,
        property: &str,
        value: &str,
        location: SourceLocation,
        source: Source<'_>,
    ) {
        let names = match property {
            "list-style" | "list-style-type" => marker_names(value),
            _ if value.contains("counter") => {
                let mut names = Vec::new();
                counter_names(&mut Parser::new(value), &mut names);
                names
            }
            _ => return,
        };
        for name in names {
            self.asked.entry(name).or_insert_with(|| source.place(location));
        }
    }

    /// Says something once.
    pub(crate) fn report(&mut self, key: &str, message: String, location: SourceLocation, source: Source<'_>) {
        if self.reported.insert(key.to_owned()) {
            self.warnings.push(Warning::new(message).at(source.place(location)));
        }
    }

    pub(super) fn report_rule(&mut self, text: &str, location: SourceLocation, source: Source<'_>) {
        let head: String = text.split(['{', ';']).next().unwrap_or(text).trim().chars().take(60).collect();
        if !head.is_empty() {
            let key = format!("rule {head}");
            self.report(&key, format!("`{head}` is not supported, the rule is left out"), location, source);
        }
    }
}

/// The prelude of an at-rule that is understood.
pub(crate) enum AtPrelude {
    Page(Vec<page_rule::PageSelector>),
    CounterStyle(String),
    /// Rules inside count as if they stood outside.
    Transparent,
    /// Rules inside do not count.
    Never,
}

/// `(property: value)` or `selector()` in `@supports` (CSS Conditional Rules 4, 2).
fn supports(input: &mut Parser<'_>) -> Result<media::Truth, ParseError<()>> {
    let holds = match input.next()?.clone() {
        Token::ParenthesisBlock => input.parse_nested_block(|input| {
            let name = input.expect_ident_cloned()?;
            input.expect_colon()?;
            let holds = declaration::parse(&name, input).is_ok();
            while input.next().is_ok() {}
            Ok::<bool, ParseError<()>>(holds)
        }),
        Token::Function(name) if name.eq_ignore_ascii_case("selector") => input.parse_nested_block(|input| {
            let holds = selector::parse(input).is_ok();
            while input.next().is_ok() {}
            Ok(holds)
        }),
        Token::Function(_) => input.parse_nested_block(|input| {
            while input.next().is_ok() {}
            Ok(false)
        }),
        _ => Err(ParseError::custom(())),
    };
    holds.map(Some)
}

fn is_unknown(name: &str) -> bool {
    matches!(CounterStyle::named(name), CounterStyle::Named(_))
}

/// The names in a value of `list-style` that can only be those of counter styles.
fn marker_names(value: &str) -> Vec<String> {
    let mut input = Parser::new(value);
    let mut names = Vec::new();
    while let Ok(token) = input.next() {
        match token {
            Token::Ident(name) => names.push(name.to_string()),
            Token::Delim('!') => break,
            _ => {}
        }
    }
    let others = ["inside", "outside", "inherit", "initial", "unset", "revert"];
    names.retain(|name| is_unknown(name) && !others.iter().any(|other| name.eq_ignore_ascii_case(other)));
    names
}

/// The names of counter styles in `counter()`, `counters()` and `target-counter()`.
fn counter_names(input: &mut Parser<'_>, names: &mut Vec<String>) {
    while let Ok(token) = input.next().cloned() {
        let Token::Function(function) = token else { continue };
        // The style stands after so many commas.
        let commas = match function.to_ascii_lowercase().as_str() {
            "counter" => 1,
            "counters" | "target-counter" => 2,
            _ => usize::MAX,
        };
        let _ = input.parse_nested_block(|input| {
            let mut passed = 0;
            while let Ok(token) = input.next() {
                match token {
                    Token::Comma => passed += 1,
                    Token::Ident(name) if passed == commas && is_unknown(name) => names.push(name.to_string()),
                    _ => {}
                }
            }
            Ok::<(), ParseError<()>>(())
        });
    }
}

struct SheetParser<'s> {
    sheets: &'s mut Sheets,
    origin: Origin,
    source: Source<'s>,
}

impl<'i> QualifiedRuleParser<'i> for SheetParser<'_> {
    type Prelude = SelectorList<Selectors>;
    type QualifiedRule = ();
    type Error = ();

    fn parse_prelude(&mut self, input: &mut Parser<'i>) -> Result<Self::Prelude, ParseError<()>> {
        selector::parse(input).map_err(|_| ParseError::custom(()))
    }

    fn parse_block(
        &mut self,
        selectors: Self::Prelude,
        _start: &ParserState,
        input: &mut Parser<'i>,
    ) -> Result<(), ParseError<()>> {
        BodyParser::of_rule(self.sheets, self.source, selectors, self.origin).parse(input);
        Ok(())
    }
}

impl<'i> AtRuleParser<'i> for SheetParser<'_> {
    type Prelude = AtPrelude;
    type AtRule = ();
    type Error = ();

    fn parse_prelude(&mut self, name: CowRcStr<'i>, input: &mut Parser<'i>) -> Result<AtPrelude, ParseError<()>> {
        if let Some(holds) = self.sheets.condition(&name, input, self.source) {
            return Ok(if holds { AtPrelude::Transparent } else { AtPrelude::Never });
        }
        match name.to_ascii_lowercase().as_str() {
            "page" => page_rule::parse_selectors(input).map(AtPrelude::Page),
            "counter-style" => counter_rule::parse_name(input).map(AtPrelude::CounterStyle),
            // It says how the bytes are to be read, which has been done.
            "charset" => {
                while input.next().is_ok() {}
                Ok(AtPrelude::Never)
            }
            _ => Err(ParseError::custom(())),
        }
    }

    fn rule_without_block(&mut self, _prelude: AtPrelude, _start: &ParserState) -> Result<(), ()> {
        Ok(())
    }

    fn parse_block(
        &mut self,
        prelude: AtPrelude,
        start: &ParserState,
        input: &mut Parser<'i>,
    ) -> Result<(), ParseError<()>> {
        match prelude {
            AtPrelude::Page(selectors) => {
                let rule = page_rule::parse_body(selectors, self.sheets, self.source, input);
                self.sheets.pages.push(rule);
            }
            AtPrelude::CounterStyle(name) => self.counter_style(name, start, input),
            AtPrelude::Never => while input.next().is_ok() {},
            AtPrelude::Transparent => {
                let mut failures = Vec::new();
                for rule in StyleSheetParser::new(input, self) {
                    if let Err((_, text, location)) = rule {
                        failures.push((text.to_owned(), location));
                    }
                }
                for (text, location) in failures {
                    self.sheets.report_rule(&text, location, self.source);
                }
            }
        }
        Ok(())
    }
}

impl SheetParser<'_> {
    fn counter_style(&mut self, name: String, start: &ParserState, input: &mut Parser<'_>) {
        let (rule, failures) = counter_rule::parse_body(input);
        for (text, location) in failures {
            let message = format!("`{text}` is not supported in `@counter-style`");
            self.sheets.report(&format!("counter style {text}"), message, location, self.source);
        }
        if let Ok(rule) = rule {
            self.sheets.counter_rules.insert(name, rule);
            return;
        }
        let message = format!("`@counter-style {name}` lacks the symbols that its system needs");
        self.sheets.report(&format!("counter style {name}"), message, start.source_location(), self.source);
    }
}

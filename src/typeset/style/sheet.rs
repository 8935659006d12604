//! Style sheets: rules, `@page`, `@media`, and reports of what is not understood.

use std::collections::BTreeSet;
use std::sync::Arc;

use cssparser::{
    AtRuleParser, CowRcStr, DeclarationParser, ParseError, Parser, ParserState, QualifiedRuleParser,
    RuleBodyItemParser, RuleBodyParser, SourceLocation, StyleSheetParser,
};
use selectors::SelectorList;

use super::counter_rule::{self, CounterStyles};
use super::declaration::{self, Declaration, Refusal};
use super::media::{self, Medium};
use super::page_rule::{self, PageRule};
use super::selector::{self, Selectors};
use crate::error::{Place, Warning};

/// Who wrote a sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Origin {
    UserAgent,
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
    pub(crate) counter_styles: CounterStyles,
    /// What media queries are held against.
    pub(crate) medium: Medium,
    /// Whether one of them asked for the size of the page.
    pub(crate) asks_size: bool,
    pub(crate) warnings: Vec<Warning>,
    reported: BTreeSet<String>,
}

/// Where a sheet stands: a file, and how many lines of it come before the sheet.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Source<'a> {
    pub(crate) file: &'a str,
    pub(crate) first_line: usize,
}

impl Sheets {
    /// No rules yet; media queries are to be held against a medium.
    pub(crate) fn for_medium(medium: Medium) -> Self {
        Self { medium, ..Self::default() }
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
        let mut input = Parser::new(css);
        let mut body = BodyParser::new(self, source);
        for result in RuleBodyParser::new(&mut input, &mut body) {
            drop(result);
        }
        body.declarations
    }

    /// Says something once.
    pub(crate) fn report(&mut self, key: &str, message: String, location: SourceLocation, source: Source<'_>) {
        if self.reported.insert(key.to_owned()) {
            let place =
                Place::at(source.file, location.line as usize + source.first_line, location.column.max(1) as usize);
            self.warnings.push(Warning::new(message).at(place));
        }
    }

    fn report_rule(&mut self, text: &str, location: SourceLocation, source: Source<'_>) {
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
    Media(bool),
    /// The name of a counter style.
    CounterStyle(Arc<str>),
    /// Rules inside count as if they stood outside.
    Transparent,
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
        let mut body = BodyParser::new(self.sheets, self.source);
        for result in RuleBodyParser::new(input, &mut body) {
            drop(result);
        }
        let declarations = body.declarations;
        self.sheets.rules.push(StyleRule { selectors, declarations, origin: self.origin });
        Ok(())
    }
}

impl<'i> AtRuleParser<'i> for SheetParser<'_> {
    type Prelude = AtPrelude;
    type AtRule = ();
    type Error = ();

    fn parse_prelude(&mut self, name: CowRcStr<'i>, input: &mut Parser<'i>) -> Result<AtPrelude, ParseError<()>> {
        match name.to_ascii_lowercase().as_str() {
            "page" => page_rule::parse_selectors(input).map(AtPrelude::Page),
            "media" => {
                let answer = media::applies(input, self.sheets.medium);
                self.sheets.asks_size |= answer.asks_size;
                Ok(AtPrelude::Media(answer.holds))
            }
            "counter-style" => Ok(AtPrelude::CounterStyle(Arc::from(&**input.expect_ident()?))),
            "layer" => {
                while input.next().is_ok() {}
                Ok(AtPrelude::Transparent)
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
        _start: &ParserState,
        input: &mut Parser<'i>,
    ) -> Result<(), ParseError<()>> {
        match prelude {
            AtPrelude::Page(selectors) => {
                let rule = page_rule::parse_body(selectors, self.sheets, self.source, input);
                self.sheets.pages.push(rule);
            }
            AtPrelude::CounterStyle(name) => {
                let descriptors = counter_rule::parse_body(self.sheets, self.source, input);
                self.sheets.counter_styles.add(name, descriptors);
            }
            AtPrelude::Media(false) => while input.next().is_ok() {},
            AtPrelude::Media(true) | AtPrelude::Transparent => {
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

/// Collects the declarations of a block; nested rules are reported.
pub(crate) struct BodyParser<'s> {
    sheets: &'s mut Sheets,
    source: Source<'s>,
    pub(crate) declarations: Vec<Declaration>,
}

impl<'s> BodyParser<'s> {
    pub(crate) fn new(sheets: &'s mut Sheets, source: Source<'s>) -> Self {
        Self { sheets, source, declarations: Vec::new() }
    }

    /// Parses one declaration, reporting what is not understood.
    pub(crate) fn declaration(&mut self, name: &str, input: &mut Parser<'_>, location: SourceLocation) {
        let start = input.position();
        match declaration::parse(name, input) {
            Ok(declarations) => {
                let value = input.slice_from(start);
                for unknown in self.sheets.counter_styles.unknown(&name.to_ascii_lowercase(), value) {
                    let message = format!("there is no counter style `{unknown}`; numbers are decimal");
                    self.sheets.report(&format!("counter style {unknown}"), message, location, self.source);
                }
                self.declarations.extend(declarations);
            }
            Err(Refusal::Property) => {
                let message = format!("the property `{name}` is not supported");
                self.sheets.report(&format!("property {name}"), message, location, self.source);
            }
            Err(Refusal::Value) => {
                let value: String = input.slice_from(start).trim().chars().take(60).collect();
                let message = format!("`{value}` is not supported as a value of `{name}`");
                self.sheets.report(&format!("value {name} {value}"), message, location, self.source);
            }
        }
    }
}

impl<'i> DeclarationParser<'i> for BodyParser<'_> {
    type Declaration = ();
    type Error = ();

    fn parse_value(
        &mut self,
        name: CowRcStr<'i>,
        input: &mut Parser<'i>,
        start: &ParserState,
    ) -> Result<(), ParseError<()>> {
        self.declaration(&name, input, start.source_location());
        Ok(())
    }
}

impl AtRuleParser<'_> for BodyParser<'_> {
    type Prelude = ();
    type AtRule = ();
    type Error = ();
}

impl<'i> QualifiedRuleParser<'i> for BodyParser<'_> {
    type Prelude = ();
    type QualifiedRule = ();
    type Error = ();

    fn parse_prelude(&mut self, input: &mut Parser<'i>) -> Result<(), ParseError<()>> {
        let location = input.current_source_location();
        let message = "nested rules are not supported".to_owned();
        self.sheets.report("nested rules", message, location, self.source);
        Err(ParseError::custom(()))
    }
}

impl RuleBodyItemParser<'_, (), ()> for BodyParser<'_> {
    fn parse_declarations(&self) -> bool {
        true
    }

    fn parse_qualified(&self) -> bool {
        false
    }
}

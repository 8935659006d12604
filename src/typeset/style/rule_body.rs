//! What stands in the braces of a style rule: declarations, and rules nested in it (CSS Nesting 1).

use cssparser::{
    AtRuleParser, CowRcStr, DeclarationParser, ParseError, ParseErrorKind, Parser, ParserState, QualifiedRuleParser,
    RuleBodyItemParser, RuleBodyParser, SourceLocation,
};
use selectors::SelectorList;

use super::declaration::{self, Declaration, Refusal, Statement, Value};
use super::families::AskedFamilies;
use super::layers::{self, LayerId};
use super::made::Made;
use super::selector::{self, PseudoElement, Selectors};
use super::sheet::{AtPrelude, Origin, Sheets, Source, StyleRule};
use super::shorthand;

/// Values are quoted up to this many characters.
const QUOTED: usize = 60;

/// Collects the declarations of a block, and files the rules that are nested in it.
pub(crate) struct BodyParser<'s> {
    sheets: &'s mut Sheets,
    source: Source<'s>,
    pub(crate) declarations: Vec<Declaration>,
    /// What the declarations are for; none in a `style` attribute and in parts of pages, where no rules are nested.
    rule: Option<RuleHead>,
    check: Check,
}

/// What the block says in vain, in words, though it is understood: by property and value.
pub(super) type Check = fn(&str, &str) -> Vec<String>;

/// What the declarations of a rule are filed under.
#[derive(Clone)]
pub(super) struct RuleHead {
    pub(super) selectors: SelectorList<Selectors>,
    pub(super) origin: Origin,
    pub(super) layer: LayerId,
}

/// Whether a box is to be taken out of the flow, which only matters where it is nowhere to be seen.
fn takes_out_of_flow(property: &str, value: &str) -> bool {
    let word = value.split('!').next().unwrap_or(value).trim();
    property == "position" && (word.eq_ignore_ascii_case("absolute") || word.eq_ignore_ascii_case("fixed"))
}

/// Why a declaration was not taken: what to say, and what to know it by.
#[derive(Clone, Debug)]
pub(crate) struct Refused {
    key: String,
    message: String,
}

impl Refused {
    /// A value that is not supported.
    fn value(name: &str, value: &str) -> Self {
        let value = quoted(value);
        Self {
            key: format!("value {name} {value}"),
            message: format!("`{value}` is not supported as a value of `{name}`"),
        }
    }
}

/// The beginning of a value.
fn quoted(value: &str) -> String {
    value.chars().take(QUOTED).collect()
}

impl Sheets {
    /// Tells what there is to tell of a value that `var()` has made, as if it stood there.
    pub(super) fn report_made(&mut self, made: Made) {
        match made {
            Made::Refused { name, value, place } => {
                let Refused { key, message } = Refused::value(&name, &value);
                self.report_at(&key, message, place);
            }
            Made::Families(asked) => self.asked_families.push(asked),
        }
    }
}

impl<'s> BodyParser<'s> {
    pub(crate) fn new(sheets: &'s mut Sheets, source: Source<'s>) -> Self {
        Self { sheets, source, declarations: Vec::new(), rule: None, check: |_, _| Vec::new() }
    }

    /// With objections to what the block says.
    pub(super) fn checked(self, check: Check) -> Self {
        Self { check, ..self }
    }

    /// The body of a rule.
    pub(super) fn of_rule(sheets: &'s mut Sheets, source: Source<'s>, rule: RuleHead) -> Self {
        Self { rule: Some(rule), ..Self::new(sheets, source) }
    }

    /// Parses a block up to its end, reporting what is not understood.
    pub(crate) fn parse(mut self, input: &mut Parser<'_>) -> Vec<Declaration> {
        let mut failures = Vec::new();
        for result in RuleBodyParser::new(input, &mut self) {
            if let Err((error, text, location)) = result {
                failures.push((error, text.to_owned(), location));
            }
        }
        self.file();
        for (error, text, location) in failures {
            self.report(error, &text, location);
        }
        self.declarations
    }

    /// Parses one declaration, reporting what is not understood.
    pub(crate) fn declaration(&mut self, name: &str, input: &mut Parser<'_>, location: SourceLocation) {
        if let Err(Refused { key, message }) = self.take(name, input, location) {
            self.sheets.report(&key, message, location, self.source);
        }
    }

    fn take(&mut self, name: &str, input: &mut Parser<'_>, location: SourceLocation) -> Result<(), Refused> {
        let start = input.position();
        let parsed = declaration::parse(name, input);
        let value = || input.slice_from(start).trim().to_owned();
        match parsed {
            Ok(mut declarations) => {
                self.place(&mut declarations, location);
                self.sheets.ask_counter_styles(name, input.slice_from(start), location, self.source);
                let lower = name.to_ascii_lowercase();
                if let Some(what) = shorthand::passed_over(&lower, input.slice_from(start)) {
                    let message = format!("{what} `{}` is not supported as a value of `{name}`", quoted(&value()));
                    self.sheets.report(&message.clone(), message, location, self.source);
                }
                if matches!(&*lower, "font" | "font-family") {
                    let statements = declarations.iter().map(|declaration| &declaration.statement);
                    let asked = AskedFamilies::of(statements, input.slice_from(start), || self.source.place(location));
                    self.sheets.asked_families.extend(asked);
                }
                let font = (lower == "font").then(|| input.slice_from(start));
                if let Some(width) = font.and_then(shorthand::stretch_of) {
                    let Refused { key, message } = Refused::value("font-stretch", width);
                    self.sheets.report(&key, message, location, self.source);
                }
                if takes_out_of_flow(&lower, input.slice_from(start)) {
                    let Refused { key, message } = Refused::value(name, &value());
                    self.sheets.report(&key, message, location, self.source);
                }
                if let Some(message) = self.idle(&lower, input.slice_from(start), &declarations) {
                    self.sheets.report(message, message.to_owned(), location, self.source);
                }
                self.declarations.extend(declarations);
                for message in (self.check)(&lower, input.slice_from(start)) {
                    self.sheets.report(&message.clone(), message, location, self.source);
                }
                Ok(())
            }
            Err(Refusal::Property) => Err(Refused {
                key: format!("property {name}"),
                message: format!("the property `{name}` is not supported"),
            }),
            Err(Refusal::Value) => Err(Refused::value(name, &value())),
        }
    }

    /// Notes where declarations stand that are parsed later on.
    fn place(&self, declarations: &mut [Declaration], location: SourceLocation) {
        for declaration in declarations {
            if let Statement::Pending(pending) = &mut declaration.statement {
                pending.place = Some(self.source.place(location));
            }
        }
    }

    /// What a property that is understood asks for in vain where it stands; `name` is in small letters.
    fn idle(&self, name: &str, value: &str, declarations: &[Declaration]) -> Option<&'static str> {
        let selectors = self.rule.as_ref()?.selectors.slice();
        let is_of = |pseudo: PseudoElement| selectors.iter().any(|one| one.pseudo_element() == Some(&pseudo));
        let asks = || {
            let sets = |one: &Declaration| matches!(one.statement, Statement::Longhand(_, Value::Set(_)));
            let (value, _) = declaration::split_important(value);
            declarations.iter().any(sets) && !value.eq_ignore_ascii_case("normal")
        };
        match name {
            "text-transform" if is_of(PseudoElement::FirstLine) => {
                Some("`text-transform` is not supported in `::first-line`")
            }
            "size" if asks() => Some("`size` is not supported outside of `@page`"),
            "initial-letter" if asks() && !is_of(PseudoElement::FirstLetter) => {
                Some("`initial-letter` is not supported outside of `::first-letter`")
            }
            _ => None,
        }
    }

    fn report(&mut self, error: ParseError<Refused>, text: &str, location: SourceLocation) {
        let text = text.trim_end_matches(';').trim();
        if text.contains('{') || text.starts_with('@') {
            return self.sheets.report_rule(text, location, self.source);
        }
        if let ParseErrorKind::Custom(Refused { key, message }) = error.kind {
            self.sheets.report(&key, message, location, self.source);
        } else if !text.is_empty() {
            let text: String = text.chars().take(QUOTED).collect();
            let message = format!("`{text}` is no declaration, it is left out");
            self.sheets.report(&format!("declaration {text}"), message, location, self.source);
        }
    }

    /// Files what has been collected as a rule of its own, so that nested rules stand between what is before them and
    /// what is after.
    fn file(&mut self) {
        if let Some(RuleHead { selectors, origin, layer }) = self.rule.clone()
            && !self.declarations.is_empty()
        {
            let declarations = std::mem::take(&mut self.declarations);
            self.sheets.rules.push(StyleRule { selectors, declarations, origin, layer });
        }
    }
}

impl<'i> DeclarationParser<'i> for BodyParser<'_> {
    type Declaration = ();
    type Error = Refused;

    fn parse_value(
        &mut self,
        name: CowRcStr<'i>,
        input: &mut Parser<'i>,
        start: &ParserState,
    ) -> Result<(), ParseError<Refused>> {
        self.take(&name, input, start.source_location()).map_err(ParseError::custom)
    }
}

impl<'i> AtRuleParser<'i> for BodyParser<'_> {
    type Prelude = AtPrelude;
    type AtRule = ();
    type Error = Refused;

    fn parse_prelude(&mut self, name: CowRcStr<'i>, input: &mut Parser<'i>) -> Result<AtPrelude, ParseError<Refused>> {
        if self.rule.is_some() && name.eq_ignore_ascii_case("layer") {
            return layers::parse_names(input).map(AtPrelude::Layer).map_err(|_| ParseError::unexpected_token());
        }
        if self.rule.is_some()
            && let Some(holds) = self.sheets.condition(&name, input, self.source)
        {
            return Ok(if holds { AtPrelude::Transparent } else { AtPrelude::Never });
        }
        Err(ParseError::unexpected_token())
    }

    fn parse_block(
        &mut self,
        prelude: AtPrelude,
        _start: &ParserState,
        input: &mut Parser<'i>,
    ) -> Result<(), ParseError<Refused>> {
        self.file();
        match (prelude, self.rule.clone()) {
            (AtPrelude::Transparent, Some(head)) => {
                BodyParser::of_rule(self.sheets, self.source, head).parse(input);
            }
            (AtPrelude::Layer(names), Some(head)) => {
                let layer = self.sheets.open_layer(head.layer, &names).ok_or_else(ParseError::unexpected_token)?;
                BodyParser::of_rule(self.sheets, self.source, RuleHead { layer, ..head }).parse(input);
            }
            _ => while input.next().is_ok() {},
        }
        Ok(())
    }
}

impl<'i> QualifiedRuleParser<'i> for BodyParser<'_> {
    type Prelude = SelectorList<Selectors>;
    type QualifiedRule = ();
    type Error = Refused;

    fn parse_prelude(&mut self, input: &mut Parser<'i>) -> Result<SelectorList<Selectors>, ParseError<Refused>> {
        let Some(RuleHead { selectors: around, .. }) = &self.rule else { return Err(ParseError::unexpected_token()) };
        let nested = selector::parse_nested(input).map_err(|_| ParseError::unexpected_token())?;
        Ok(nested.replace_parent_selector(around))
    }

    fn parse_block(
        &mut self,
        selectors: SelectorList<Selectors>,
        _start: &ParserState,
        input: &mut Parser<'i>,
    ) -> Result<(), ParseError<Refused>> {
        self.file();
        if let Some(RuleHead { origin, layer, .. }) = self.rule {
            BodyParser::of_rule(self.sheets, self.source, RuleHead { selectors, origin, layer }).parse(input);
        }
        Ok(())
    }
}

impl RuleBodyItemParser<'_, (), Refused> for BodyParser<'_> {
    fn parse_declarations(&self) -> bool {
        true
    }

    fn parse_qualified(&self) -> bool {
        true
    }
}

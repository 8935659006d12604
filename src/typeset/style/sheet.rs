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
use super::import::{self, Fetched, Import, Imports};
use super::layers::{self, LayerId, Layers, UNLAYERED};
use super::media::{self, Medium};
use super::page_rule::{self, PageRule};
use super::rule_body::{BodyParser, RuleHead};
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
    pub(crate) layer: LayerId,
}

/// All rules of all sheets, in order.
#[derive(Default)]
pub(crate) struct Sheets {
    pub(crate) rules: Vec<StyleRule>,
    pub(crate) pages: Vec<PageRule>,
    pub(crate) layers: Layers,
    /// The counter styles that the rules define, once [`Sheets::settle`] has been called.
    pub(crate) counter_styles: CounterStyles,
    pub(crate) warnings: Vec<Warning>,
    /// Whether a media query asked for the size of the page.
    pub(crate) asks_size: bool,
    medium: Medium,
    /// Those of each name, with the layers that they stand in.
    counter_rules: BTreeMap<String, Vec<(LayerId, CounterRule)>>,
    /// The names of counter styles that are defined, once all sheets are there.
    counter_names: BTreeSet<String>,
    /// Counter styles that are used and not predefined, and where each is first.
    asked: BTreeMap<String, Place>,
    reported: BTreeSet<String>,
    /// How many sheets have been imported.
    imported: usize,
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

    /// Once all sheets are there: the order of their layers, and the counter styles that they define and ask for.
    pub(crate) fn settle(&mut self) {
        self.layers.settle();
        let mut rules = BTreeMap::new();
        for (name, mut found) in std::mem::take(&mut self.counter_rules) {
            found.sort_by_key(|(layer, _)| self.layers.rank(*layer));
            rules.extend(found.pop().map(|(_, rule)| (name, rule)));
        }
        self.counter_styles = CounterStyles::new(&rules);
        self.counter_names = rules.into_keys().collect();
        self.tell_unknown_counter_styles();
    }

    /// Tells of the counter styles that were asked for since this was last called, and that nothing defines.
    fn tell_unknown_counter_styles(&mut self) {
        for (name, place) in std::mem::take(&mut self.asked) {
            if !self.counter_names.contains(&name) && self.reported.insert(format!("counter style of {name}")) {
                let message = format!("the counter style `{name}` is not known, `decimal` stands for it");
                self.warnings.push(Warning::new(message).at(place));
            }
        }
    }

    /// Adds the rules of a sheet.
    pub(crate) fn add(&mut self, css: &str, origin: Origin, source: Source<'_>) {
        self.add_importing(css, origin, source, None);
    }

    /// Adds the rules of a sheet, and of those that it imports.
    pub(crate) fn add_importing(
        &mut self,
        css: &str,
        origin: Origin,
        source: Source<'_>,
        imports: Option<Imports<'_>>,
    ) {
        let mut parser = SheetParser { sheets: self, origin, source, layer: UNLAYERED, imports };
        parser.rules(&mut Parser::new(css));
    }

    /// The layer that the block of a rule is, inside of another one; `None` where several are named.
    pub(super) fn open_layer(&mut self, around: LayerId, names: &[layers::Name]) -> Option<LayerId> {
        match names {
            [] => Some(self.layers.anonymous(around)),
            [name] => Some(self.layers.named(around, name)),
            _ => None,
        }
    }

    /// Parses the declarations of a `style` attribute, once all sheets are there.
    pub(crate) fn inline(&mut self, css: &str, source: Source<'_>) -> Vec<Declaration> {
        let declarations = BodyParser::new(self, source).parse(&mut Parser::new(css));
        self.tell_unknown_counter_styles();
        declarations
    }

    /// Whether a list of media queries holds, as it stands in an attribute.
    pub(crate) fn holds(&mut self, media: &str, source: Source<'_>) -> bool {
        self.media(&mut Parser::new(media), source)
    }

    pub(super) fn media(&mut self, input: &mut Parser<'_>, source: Source<'_>) -> bool {
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
    /// `@layer`: the names of layers, or one without a name.
    Layer(Vec<layers::Name>),
    Import(Import),
    /// Rules inside do not count.
    Never,
}

/// `(property: value)` or `selector()` in `@supports` (CSS Conditional Rules 4, 2).
pub(super) fn supports(input: &mut Parser<'_>) -> Result<media::Truth, ParseError<()>> {
    let holds = match input.next()?.clone() {
        Token::ParenthesisBlock => input.parse_nested_block(supports_declaration),
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

/// Whether `property: value` is supported.
pub(super) fn supports_declaration(input: &mut Parser<'_>) -> Result<bool, ParseError<()>> {
    let name = input.expect_ident_cloned()?;
    input.expect_colon()?;
    let holds = declaration::parse(&name, input).is_ok();
    while input.next().is_ok() {}
    Ok(holds)
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
    layer: LayerId,
    /// None where nothing can be imported, any more.
    imports: Option<Imports<'s>>,
}

impl<'i> QualifiedRuleParser<'i> for SheetParser<'_> {
    type Prelude = SelectorList<Selectors>;
    type QualifiedRule = ();
    type Error = ();

    fn parse_prelude(&mut self, input: &mut Parser<'i>) -> Result<Self::Prelude, ParseError<()>> {
        self.imports = None;
        selector::parse(input).map_err(|_| ParseError::custom(()))
    }

    fn parse_block(
        &mut self,
        selectors: Self::Prelude,
        _start: &ParserState,
        input: &mut Parser<'i>,
    ) -> Result<(), ParseError<()>> {
        let head = RuleHead { selectors, origin: self.origin, layer: self.layer };
        BodyParser::of_rule(self.sheets, self.source, head).parse(input);
        Ok(())
    }
}

impl<'i> AtRuleParser<'i> for SheetParser<'_> {
    type Prelude = AtPrelude;
    type AtRule = ();
    type Error = ();

    fn parse_prelude(&mut self, name: CowRcStr<'i>, input: &mut Parser<'i>) -> Result<AtPrelude, ParseError<()>> {
        let name = name.to_ascii_lowercase();
        // Only `@charset` and `@layer` without a block may stand before `@import`.
        if !matches!(name.as_str(), "charset" | "layer" | "import") {
            self.imports = None;
        }
        if let Some(holds) = self.sheets.condition(&name, input, self.source) {
            return Ok(if holds { AtPrelude::Transparent } else { AtPrelude::Never });
        }
        match name.as_str() {
            "import" if self.imports.is_some() => import::parse(self.sheets, self.source, input).map(AtPrelude::Import),
            "layer" => layers::parse_names(input).map(AtPrelude::Layer),
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

    fn rule_without_block(&mut self, prelude: AtPrelude, start: &ParserState) -> Result<(), ()> {
        match prelude {
            AtPrelude::Layer(names) if names.is_empty() => return Err(()),
            AtPrelude::Layer(names) => names.iter().for_each(|name| {
                self.sheets.layers.named(self.layer, name);
            }),
            AtPrelude::Import(import) => self.import(&import, start.source_location()),
            _ => {}
        }
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
                self.sheets.pages.push(PageRule { layer: self.layer, ..rule });
            }
            AtPrelude::CounterStyle(name) => self.counter_style(name, start, input),
            AtPrelude::Never => while input.next().is_ok() {},
            AtPrelude::Import(_) => return Err(ParseError::custom(())),
            AtPrelude::Layer(names) => {
                self.imports = None;
                let layer = self.sheets.open_layer(self.layer, &names).ok_or_else(|| ParseError::custom(()))?;
                let around = std::mem::replace(&mut self.layer, layer);
                self.rules(input);
                self.layer = around;
            }
            AtPrelude::Transparent => self.rules(input),
        }
        Ok(())
    }
}

impl SheetParser<'_> {
    /// Adds the rules of an imported sheet. One that imports itself, perhaps by way of others, is not added again.
    fn import(&mut self, import: &Import, location: SourceLocation) {
        let (Some(imports), true) = (&self.imports, import.holds) else { return };
        let address = imports.resolve(&import.href);
        let layer = import.layer.as_ref().and_then(|names| self.sheets.open_layer(self.layer, names));
        if imports.is_within(&address) {
            return;
        }
        self.sheets.imported += 1;
        if self.sheets.imported > import::MOST {
            let message = format!("of imported style sheets the first {} count", import::MOST);
            return self.sheets.report("imports", message, location, self.source);
        }
        match (imports.fetch)(&address) {
            Fetched::OutOfReach => {}
            Fetched::Missing => {
                let message = format!("the style sheet `{address}` is not there");
                self.sheets.report(&format!("import {address}"), message, location, self.source);
            }
            Fetched::Sheet(css) => {
                let inside = Imports { fetch: imports.fetch, address: &address, around: Some(imports) };
                let (origin, layer, source) = (self.origin, layer.unwrap_or(self.layer), Source::sheet(&address, 1));
                let mut parser = SheetParser { sheets: self.sheets, origin, source, layer, imports: Some(inside) };
                parser.rules(&mut Parser::new(&css));
            }
        }
    }

    /// Parses rules up to the end, reporting what is not understood.
    fn rules(&mut self, input: &mut Parser<'_>) {
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

    fn counter_style(&mut self, name: String, start: &ParserState, input: &mut Parser<'_>) {
        let (rule, failures) = counter_rule::parse_body(input);
        for (text, location) in failures {
            let message = format!("`{text}` is not supported in `@counter-style`");
            self.sheets.report(&format!("counter style {text}"), message, location, self.source);
        }
        if let Ok(rule) = rule {
            self.sheets.counter_rules.entry(name).or_default().push((self.layer, rule));
            return;
        }
        let message = format!("`@counter-style {name}` lacks the symbols that its system needs");
        self.sheets.report(&format!("counter style {name}"), message, start.source_location(), self.source);
    }
}

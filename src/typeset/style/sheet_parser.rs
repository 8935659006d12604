//! How the rules of a sheet are read.

use cssparser::{
    AtRuleParser, CowRcStr, ParseError, Parser, ParserState, QualifiedRuleParser, SourceLocation, StyleSheetParser,
};
use selectors::SelectorList;

use super::counter_rule;
use super::import::{self, Fetched, Import, Imports};
use super::layers::{self, LayerId};
use super::page_rule::{self, PageRule};
use super::rule_body::{BodyParser, RuleHead};
use super::selector::{self, Selectors};
use super::sheet::{AtPrelude, Origin, Sheets, Source};

/// Reads the rules of a sheet, or of a block in it, into the sheets.
pub(super) struct SheetParser<'s> {
    pub(super) sheets: &'s mut Sheets,
    pub(super) origin: Origin,
    pub(super) source: Source<'s>,
    pub(super) layer: LayerId,
    /// None where nothing can be imported, any more.
    pub(super) imports: Option<Imports<'s>>,
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
            // How the bytes are to be read, which has been done; what moves, and how wide the window is.
            "charset" | "keyframes" | "-webkit-keyframes" | "-moz-keyframes" | "-o-keyframes" | "view-transition"
            | "starting-style" | "viewport" | "-ms-viewport" => {
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

/// What is told of a style sheet that may not be read.
pub(super) fn forbidden(address: &str) -> String {
    format!(
        "the style sheet `{address}` is outside of the folders of the document and its style sheets, and is not read"
    )
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
            Fetched::Forbidden => {
                self.sheets.report_at(&format!("import {address}"), forbidden(&address), self.source.place(location));
            }
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
    pub(super) fn rules(&mut self, input: &mut Parser<'_>) {
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

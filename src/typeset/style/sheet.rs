//! Style sheets: rules, `@page`, `@media`, and reports of what is not understood.

use std::collections::{BTreeMap, BTreeSet};

use cssparser::{ParseError, Parser, SourceLocation, Token};
use selectors::SelectorList;

use super::counter_rule::{CounterRule, CounterStyles};
use super::counter_style::CounterStyle;
use super::declaration::{self, Declaration};
use super::families::AskedFamilies;
use super::import::{Import, Imports};
use super::layers::{self, LayerId, Layers, UNLAYERED};
use super::media::{self, Medium};
use super::page_rule::{self, PageRule};
use super::rule_body::BodyParser;
use super::selector::{self, Selectors};
use super::sheet_parser::{SheetParser, forbidden};
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
    pub(super) counter_rules: BTreeMap<String, Vec<(LayerId, CounterRule)>>,
    /// The names of counter styles that are defined, once all sheets are there.
    counter_names: BTreeSet<String>,
    /// Counter styles that are used and not predefined, and where each is first.
    asked: BTreeMap<String, Place>,
    /// The font families that are asked for.
    pub(crate) asked_families: Vec<AskedFamilies>,
    reported: BTreeSet<String>,
    /// How many sheets have been imported.
    pub(super) imported: usize,
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

    pub(super) fn place(self, location: SourceLocation) -> Place {
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

    /// Tells of a sheet that is asked for and may not be read.
    pub(crate) fn forbid(&mut self, href: &str, source: Source<'_>) {
        let (line, column) = source.tag.unwrap_or((source.first_line, 1));
        self.report_at(&format!("import {href}"), forbidden(href), Place::at(source.file, line, column));
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
        if !self.reported.contains(key) {
            self.report_at(key, message, source.place(location));
        }
    }

    /// Says something once, of a place that is known already.
    pub(super) fn report_at(&mut self, key: &str, message: String, place: Place) {
        if self.reported.insert(key.to_owned()) {
            self.warnings.push(Warning::new(message).at(place));
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
    let holds =
        declaration::parse(&name, input).is_ok() && !declaration::is_of_other_layout(&name.to_ascii_lowercase());
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
    let others = ["inside", "outside", "inherit", "initial", "unset", "revert", "revert-layer"];
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

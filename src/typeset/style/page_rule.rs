//! `@page` rules and their margin boxes (CSS Paged Media 3).

use std::sync::Arc;

use cssparser::{
    AtRuleParser, CowRcStr, DeclarationParser, ParseError, Parser, ParserState, QualifiedRuleParser,
    RuleBodyItemParser, RuleBodyParser, Token,
};

use super::declaration::Declaration;
use super::layers::{LayerId, UNLAYERED};
use super::page_checks;
use super::rule_body::BodyParser;
use super::sheet::{Sheets, Source};
use super::values::{Parsed, refuse};

/// A page selector: a name and pseudo-classes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct PageSelector {
    pub(crate) name: Option<Arc<str>>,
    pub(crate) first: bool,
    pub(crate) blank: bool,
    pub(crate) left: bool,
    pub(crate) right: bool,
}

/// What a page is, for page selectors.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct PageKind {
    pub(crate) first: bool,
    pub(crate) blank: bool,
    pub(crate) right: bool,
    /// Index into the names of pages, from 1; 0 has none.
    pub(crate) name: u16,
    /// Whether it is the first of the pages with its name that follow each other.
    pub(crate) opens: bool,
}

impl PageSelector {
    /// Whether a page is meant. With a name, `:first` is the first of the pages with that name that follow each other.
    pub(crate) fn matches(&self, page: PageKind, names: &[Arc<str>]) -> bool {
        let named = |own: &Arc<str>| usize::from(page.name).checked_sub(1).and_then(|at| names.get(at)) == Some(own);
        let is_first = if self.name.is_some() { page.opens } else { page.first };
        self.name.as_ref().is_none_or(named)
            && (!self.first || is_first)
            && (!self.blank || page.blank)
            && (!self.left || !page.right)
            && (!self.right || page.right)
    }

    /// Specificity (CSS Paged Media 3, 3.4): names before `:first` and `:blank`, these before `:left` and `:right`.
    pub(crate) fn specificity(&self) -> u32 {
        u32::from(self.name.is_some()) * 65_536
            + (u32::from(self.first) + u32::from(self.blank)) * 256
            + u32::from(self.left)
            + u32::from(self.right)
    }
}

/// The sixteen boxes in the margins of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum MarginBox {
    TopLeftCorner,
    TopLeft,
    TopCenter,
    TopRight,
    TopRightCorner,
    RightTop,
    RightMiddle,
    RightBottom,
    BottomRightCorner,
    BottomRight,
    BottomCenter,
    BottomLeft,
    BottomLeftCorner,
    LeftBottom,
    LeftMiddle,
    LeftTop,
}

impl MarginBox {
    /// All of them, with their names.
    const NAMES: [(&'static str, Self); 16] = [
        ("top-left-corner", Self::TopLeftCorner),
        ("top-left", Self::TopLeft),
        ("top-center", Self::TopCenter),
        ("top-right", Self::TopRight),
        ("top-right-corner", Self::TopRightCorner),
        ("right-top", Self::RightTop),
        ("right-middle", Self::RightMiddle),
        ("right-bottom", Self::RightBottom),
        ("bottom-right-corner", Self::BottomRightCorner),
        ("bottom-right", Self::BottomRight),
        ("bottom-center", Self::BottomCenter),
        ("bottom-left", Self::BottomLeft),
        ("bottom-left-corner", Self::BottomLeftCorner),
        ("left-bottom", Self::LeftBottom),
        ("left-middle", Self::LeftMiddle),
        ("left-top", Self::LeftTop),
    ];

    fn named(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(own, _)| *own == name).map(|(_, named)| *named)
    }

    /// What it is called after the `@`.
    pub(crate) fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, named)| *named == self).map_or("", |(name, _)| *name)
    }
}

/// One `@page` rule.
pub(crate) struct PageRule {
    /// Any of these; none means all pages.
    pub(crate) selectors: Vec<PageSelector>,
    pub(crate) layer: LayerId,
    pub(crate) declarations: Vec<Declaration>,
    pub(crate) boxes: Vec<(MarginBox, Vec<Declaration>)>,
    /// `@footnote`: the area that footnotes stand in (CSS GCPM 3, 2.2).
    pub(crate) footnote: Vec<Declaration>,
}

impl PageRule {
    /// The specificity of the strongest selector that means a page.
    pub(crate) fn matches(&self, page: PageKind, names: &[Arc<str>]) -> Option<u32> {
        let matching = self.selectors.iter().filter(|selector| selector.matches(page, names));
        let strongest = matching.map(PageSelector::specificity).max();
        if self.selectors.is_empty() { Some(0) } else { strongest }
    }
}

/// Parses `:first`, `:left:first`, `chapter`, `chapter:first`, and lists of these; nothing is no selector.
pub(crate) fn parse_selectors(input: &mut Parser<'_>) -> Parsed<Vec<PageSelector>> {
    if input.is_exhausted() {
        return Ok(Vec::new());
    }
    input.parse_comma_separated(parse_selector)
}

fn parse_selector(input: &mut Parser<'_>) -> Parsed<PageSelector> {
    let mut selector = PageSelector::default();
    if let Ok(name) = input.try_parse(cssparser::Parser::expect_ident_cloned) {
        selector.name = Some(Arc::from(&*name));
    }
    while !input.is_exhausted() {
        match input.next()?.clone() {
            Token::Colon => match input.expect_ident()?.to_ascii_lowercase().as_str() {
                "first" => selector.first = true,
                "blank" => selector.blank = true,
                "left" => selector.left = true,
                "right" => selector.right = true,
                _ => return refuse(),
            },
            _ => return refuse(),
        }
    }
    Ok(selector)
}

/// Parses the body of an `@page` rule.
pub(crate) fn parse_body(
    selectors: Vec<PageSelector>,
    sheets: &mut Sheets,
    source: Source<'_>,
    input: &mut Parser<'_>,
) -> PageRule {
    let mut parser =
        PageBodyParser { sheets, source, declarations: Vec::new(), boxes: Vec::new(), footnote: Vec::new() };
    let mut failures = Vec::new();
    for result in RuleBodyParser::new(input, &mut parser) {
        if let Err((_, text, location)) = result {
            failures.push((text.split('{').next().unwrap_or(text).trim().to_owned(), location));
        }
    }
    let PageBodyParser { declarations, boxes, footnote, sheets, .. } = parser;
    for (text, location) in failures {
        sheets.report(&format!("page {text}"), format!("`{text}` is not supported in `@page`"), location, source);
    }
    PageRule { selectors, layer: UNLAYERED, declarations, boxes, footnote }
}

struct PageBodyParser<'s> {
    sheets: &'s mut Sheets,
    source: Source<'s>,
    declarations: Vec<Declaration>,
    boxes: Vec<(MarginBox, Vec<Declaration>)>,
    footnote: Vec<Declaration>,
}

/// A rule inside of `@page`.
enum PagePart {
    Box(MarginBox),
    Footnote,
}

impl<'i> DeclarationParser<'i> for PageBodyParser<'_> {
    type Declaration = ();
    type Error = ();

    fn parse_value(
        &mut self,
        name: CowRcStr<'i>,
        input: &mut Parser<'i>,
        start: &ParserState,
    ) -> Result<(), ParseError<()>> {
        let mut body = BodyParser::new(self.sheets, self.source).checked(page_checks::of_page);
        body.declaration(&name, input, start.source_location());
        let declarations = body.declarations;
        self.declarations.extend(declarations);
        Ok(())
    }
}

impl<'i> AtRuleParser<'i> for PageBodyParser<'_> {
    type Prelude = PagePart;
    type AtRule = ();
    type Error = ();

    fn parse_prelude(&mut self, name: CowRcStr<'i>, _input: &mut Parser<'i>) -> Result<PagePart, ParseError<()>> {
        let name = name.to_ascii_lowercase();
        if name == "footnote" {
            return Ok(PagePart::Footnote);
        }
        MarginBox::named(&name).map(PagePart::Box).ok_or_else(|| ParseError::custom(()))
    }

    fn parse_block(
        &mut self,
        part: PagePart,
        _start: &ParserState,
        input: &mut Parser<'i>,
    ) -> Result<(), ParseError<()>> {
        let body = BodyParser::new(self.sheets, self.source);
        let body = if matches!(part, PagePart::Box(_)) { body.checked(page_checks::of_margin_box) } else { body };
        let declarations = body.parse(input);
        match part {
            PagePart::Box(name) => self.boxes.push((name, declarations)),
            PagePart::Footnote => self.footnote.extend(declarations),
        }
        Ok(())
    }
}

impl QualifiedRuleParser<'_> for PageBodyParser<'_> {
    type Prelude = ();
    type QualifiedRule = ();
    type Error = ();
}

impl RuleBodyItemParser<'_, (), ()> for PageBodyParser<'_> {
    fn parse_declarations(&self) -> bool {
        true
    }

    fn parse_qualified(&self) -> bool {
        false
    }
}

//! `@page` rules and their margin boxes (CSS Paged Media 3).

use cssparser::{
    AtRuleParser, CowRcStr, DeclarationParser, ParseError, Parser, ParserState, QualifiedRuleParser,
    RuleBodyItemParser, RuleBodyParser, Token,
};

use super::declaration::Declaration;
use super::sheet::{BodyParser, Sheets, Source};
use super::values::{Parsed, refuse};

/// The pseudo-classes of a page selector.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct PageSelector {
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
}

impl PageSelector {
    /// Whether a page is meant.
    pub(crate) fn matches(self, page: PageKind) -> bool {
        (!self.first || page.first)
            && (!self.blank || page.blank)
            && (!self.left || !page.right)
            && (!self.right || page.right)
    }

    /// Specificity (CSS Paged Media 3, 3.4): `:first` and `:blank` before `:left` and `:right`.
    pub(crate) fn specificity(self) -> u32 {
        (u32::from(self.first) + u32::from(self.blank)) * 256 + u32::from(self.left) + u32::from(self.right)
    }
}

/// The sixteen boxes in the margins of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
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
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "top-left-corner" => Self::TopLeftCorner,
            "top-left" => Self::TopLeft,
            "top-center" => Self::TopCenter,
            "top-right" => Self::TopRight,
            "top-right-corner" => Self::TopRightCorner,
            "right-top" => Self::RightTop,
            "right-middle" => Self::RightMiddle,
            "right-bottom" => Self::RightBottom,
            "bottom-right-corner" => Self::BottomRightCorner,
            "bottom-right" => Self::BottomRight,
            "bottom-center" => Self::BottomCenter,
            "bottom-left" => Self::BottomLeft,
            "bottom-left-corner" => Self::BottomLeftCorner,
            "left-bottom" => Self::LeftBottom,
            "left-middle" => Self::LeftMiddle,
            "left-top" => Self::LeftTop,
            _ => return None,
        })
    }
}

/// One `@page` rule.
pub(crate) struct PageRule {
    pub(crate) selector: PageSelector,
    pub(crate) declarations: Vec<Declaration>,
    pub(crate) boxes: Vec<(MarginBox, Vec<Declaration>)>,
    /// `@footnote`: the area that footnotes stand in (CSS GCPM 3, 2.2).
    pub(crate) footnote: Vec<Declaration>,
}

/// Parses `:first`, `:left:first` ...; named pages are refused.
pub(crate) fn parse_selector(input: &mut Parser<'_>) -> Parsed<PageSelector> {
    let mut selector = PageSelector::default();
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
    selector: PageSelector,
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
    PageRule { selector, declarations, boxes, footnote }
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
        let mut body = BodyParser::new(self.sheets, self.source);
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
        let mut body = BodyParser::new(self.sheets, self.source);
        for result in RuleBodyParser::new(input, &mut body) {
            drop(result);
        }
        let declarations = body.declarations;
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

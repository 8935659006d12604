//! The style sheets of a graphic: which declarations hold for which of its elements, as they are written.

use cssparser::{
    AtRuleParser, CowRcStr, DeclarationParser, ParseError, Parser, ParserState, QualifiedRuleParser,
    RuleBodyItemParser, RuleBodyParser, StyleSheetParser,
};
use selectors::SelectorList;
use selectors::context::{
    MatchingContext, MatchingForInvalidation, MatchingMode, NeedsSelectorFlags, QuirksMode, SelectorCaches,
};
use selectors::matching::matches_selector;
use selectors::parser::Selector;
use usvg::roxmltree::{Document, Node};

use super::element::ElementRef;
use crate::typeset::style::declaration;
use crate::typeset::style::media::{self, Medium};
use crate::typeset::style::selector::{self, Selectors};

/// One declaration, as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Declared {
    /// In lower case, unless it is a custom property.
    pub(super) name: String,
    pub(super) value: String,
    is_important: bool,
}

/// The rules of all style sheets in a graphic, in order.
#[derive(Debug, Default)]
pub(super) struct Rules {
    rules: Vec<(SelectorList<Selectors>, Vec<Declared>)>,
    /// What is in the sheets and is not heeded.
    pub(super) left_out: Vec<&'static str>,
}

impl Rules {
    /// Reads every `<style>` of a graphic, after the sheets of the document that it stands in.
    pub(super) fn of_document(document: &Document<'_>, around: &str) -> Self {
        let mut rules = Self::default();
        rules.read(&mut Parser::new(around));
        // What they cannot do is told elsewhere.
        rules.left_out.clear();
        for style in document.descendants().filter(|node| node.tag_name().name() == "style") {
            let kind = style.attribute("type").unwrap_or("text/css").trim();
            let holds = style.attribute("media").is_none_or(|media| holds(&mut Parser::new(media)));
            if kind.is_empty() || kind.eq_ignore_ascii_case("text/css") && holds {
                let text: String = style.children().filter_map(|child| child.text()).collect();
                rules.read(&mut Parser::new(&text));
            }
        }
        rules
    }

    fn read(&mut self, input: &mut Parser<'_>) {
        // What is no rule is passed over, as browsers do.
        for rule in StyleSheetParser::new(input, &mut SheetParser { rules: self }) {
            drop(rule);
        }
    }

    /// The declarations that hold for an element, weakest first; its attributes are weaker than all of them.
    pub(super) fn of_element(&self, node: Node<'_, '_>, caches: &mut SelectorCaches) -> Vec<Declared> {
        let mut context = MatchingContext::new(
            MatchingMode::Normal,
            None,
            caches,
            QuirksMode::NoQuirks,
            NeedsSelectorFlags::No,
            MatchingForInvalidation::No,
        );
        let mut found = Vec::new();
        for (order, (selectors, declared)) in self.rules.iter().enumerate() {
            let matching = selectors.slice().iter().filter(|selector| {
                !selector.has_pseudo_element() && matches_selector(selector, 0, None, ElementRef(node), &mut context)
            });
            if let Some(specificity) = matching.map(Selector::specificity).max() {
                found.extend(
                    declared
                        .iter()
                        .map(|declared| ((declared.is_important, false, specificity, order), declared.clone())),
                );
            }
        }
        let own = declarations(&mut Parser::new(node.attribute("style").unwrap_or_default()));
        found.extend(own.into_iter().map(|declared| ((declared.is_important, true, 0, 0), declared)));
        found.sort_by_key(|(weight, _)| *weight);
        found.into_iter().map(|(_, declared)| declared).collect()
    }
}

fn holds(input: &mut Parser<'_>) -> bool {
    media::applies(input, Medium::default()).holds
}

/// The declarations of a block without rules in it.
fn declarations(input: &mut Parser<'_>) -> Vec<Declared> {
    let mut rules = Rules::default();
    let mut body = BodyParser { rules: &mut rules, declared: Vec::new(), around: None };
    for result in RuleBodyParser::new(input, &mut body) {
        drop(result);
    }
    body.declared
}

/// What stands before the braces of a rule that begins with an at sign.
enum Prelude {
    /// Its rules count as if they stood outside.
    Transparent,
    Never,
}

/// Reads the head of such a rule.
fn prelude(rules: &mut Rules, name: &str, input: &mut Parser<'_>) -> Prelude {
    let name = name.to_ascii_lowercase();
    let is_transparent = match name.as_str() {
        "media" => holds(input),
        "supports" | "layer" | "scope" | "container" => true,
        "font-face" => {
            rules.left_out.push("fonts that it brings along");
            false
        }
        "import" => {
            rules.left_out.push("style sheets that it imports");
            false
        }
        _ => false,
    };
    while input.next().is_ok() {}
    if is_transparent { Prelude::Transparent } else { Prelude::Never }
}

struct SheetParser<'r> {
    rules: &'r mut Rules,
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
        BodyParser::of_rule(self.rules, selectors).parse(input);
        Ok(())
    }
}

impl<'i> AtRuleParser<'i> for SheetParser<'_> {
    type Prelude = Prelude;
    type AtRule = ();
    type Error = ();

    fn parse_prelude(&mut self, name: CowRcStr<'i>, input: &mut Parser<'i>) -> Result<Prelude, ParseError<()>> {
        Ok(prelude(self.rules, &name, input))
    }

    fn rule_without_block(&mut self, _prelude: Prelude, _start: &ParserState) -> Result<(), ()> {
        Ok(())
    }

    fn parse_block(
        &mut self,
        prelude: Prelude,
        _start: &ParserState,
        input: &mut Parser<'i>,
    ) -> Result<(), ParseError<()>> {
        match prelude {
            Prelude::Transparent => self.rules.read(input),
            Prelude::Never => while input.next().is_ok() {},
        }
        Ok(())
    }
}

/// Reads what stands in the braces of a style rule; rules nested in it are filed among the others.
struct BodyParser<'r> {
    rules: &'r mut Rules,
    declared: Vec<Declared>,
    /// The selectors of the rule; none in a `style` attribute.
    around: Option<SelectorList<Selectors>>,
}

impl<'r> BodyParser<'r> {
    fn of_rule(rules: &'r mut Rules, selectors: SelectorList<Selectors>) -> Self {
        Self { rules, declared: Vec::new(), around: Some(selectors) }
    }

    fn parse(mut self, input: &mut Parser<'_>) {
        for result in RuleBodyParser::new(input, &mut self) {
            drop(result);
        }
        self.file();
    }

    /// Files what was collected, so that it stands before the rules that follow.
    fn file(&mut self) {
        if let Some(selectors) = self.around.clone()
            && !self.declared.is_empty()
        {
            let declared = std::mem::take(&mut self.declared);
            self.rules.rules.push((selectors, declared));
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
        _start: &ParserState,
    ) -> Result<(), ParseError<()>> {
        let text = declaration::rest(input);
        let (value, is_important) = declaration::split_important(&text);
        let name = if name.starts_with("--") { name.to_string() } else { name.to_ascii_lowercase() };
        self.declared.push(Declared { name, value: value.trim().to_owned(), is_important });
        Ok(())
    }
}

impl<'i> AtRuleParser<'i> for BodyParser<'_> {
    type Prelude = Prelude;
    type AtRule = ();
    type Error = ();

    fn parse_prelude(&mut self, name: CowRcStr<'i>, input: &mut Parser<'i>) -> Result<Prelude, ParseError<()>> {
        if self.around.is_some() { Ok(prelude(self.rules, &name, input)) } else { Err(ParseError::custom(())) }
    }

    fn parse_block(
        &mut self,
        prelude: Prelude,
        _start: &ParserState,
        input: &mut Parser<'i>,
    ) -> Result<(), ParseError<()>> {
        self.file();
        match (prelude, self.around.clone()) {
            (Prelude::Transparent, Some(around)) => BodyParser::of_rule(self.rules, around).parse(input),
            _ => while input.next().is_ok() {},
        }
        Ok(())
    }
}

impl<'i> QualifiedRuleParser<'i> for BodyParser<'_> {
    type Prelude = SelectorList<Selectors>;
    type QualifiedRule = ();
    type Error = ();

    fn parse_prelude(&mut self, input: &mut Parser<'i>) -> Result<SelectorList<Selectors>, ParseError<()>> {
        let Some(around) = &self.around else { return Err(ParseError::custom(())) };
        let nested = selector::parse_nested(input).map_err(|_| ParseError::custom(()))?;
        Ok(nested.replace_parent_selector(around))
    }

    fn parse_block(
        &mut self,
        selectors: SelectorList<Selectors>,
        _start: &ParserState,
        input: &mut Parser<'i>,
    ) -> Result<(), ParseError<()>> {
        self.file();
        BodyParser::of_rule(self.rules, selectors).parse(input);
        Ok(())
    }
}

impl RuleBodyItemParser<'_, (), ()> for BodyParser<'_> {
    fn parse_declarations(&self) -> bool {
        true
    }

    fn parse_qualified(&self) -> bool {
        self.around.is_some()
    }
}

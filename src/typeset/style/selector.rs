//! The selector language: names, pseudo-classes and pseudo-elements for the `selectors` crate.

use std::borrow::Borrow;
use std::fmt;

use cssparser::{CowRcStr, ParseError, Parser, ToCss, serialize_identifier, serialize_string};
use html5ever::{LocalName, Namespace};
use precomputed_hash::PrecomputedHash;
use selectors::parser::{NonTSPseudoClass, ParseRelative, SelectorImpl, SelectorList, SelectorParseErrorKind};

/// The selector implementation of this crate.
#[derive(Clone, Debug)]
pub(crate) struct Selectors;

impl SelectorImpl for Selectors {
    type ExtraMatchingData<'a> = ();
    type AttrValue = Ident;
    type Identifier = Ident;
    type LocalName = Name;
    type NamespaceUrl = Namespace;
    type NamespacePrefix = Ident;
    type BorrowedNamespaceUrl = Namespace;
    type BorrowedLocalName = LocalName;
    type NonTSPseudoClass = PseudoClass;
    type PseudoElement = PseudoElement;
}

/// An id, a class, or an attribute's value.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Ident(pub(crate) Box<str>);

impl From<&str> for Ident {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl AsRef<str> for Ident {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl ToCss for Ident {
    fn to_css<W: fmt::Write>(&self, dest: &mut W) -> fmt::Result {
        serialize_string(&self.0, dest)
    }
}

impl PrecomputedHash for Ident {
    fn precomputed_hash(&self) -> u32 {
        // FNV-1a.
        self.0.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
    }
}

/// The name of an element or attribute.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Name(pub(crate) LocalName);

impl From<&str> for Name {
    fn from(text: &str) -> Self {
        Self(LocalName::from(text))
    }
}

impl Borrow<LocalName> for Name {
    fn borrow(&self) -> &LocalName {
        &self.0
    }
}

impl ToCss for Name {
    fn to_css<W: fmt::Write>(&self, dest: &mut W) -> fmt::Result {
        serialize_identifier(&self.0, dest)
    }
}

impl PrecomputedHash for Name {
    fn precomputed_hash(&self) -> u32 {
        self.0.precomputed_hash()
    }
}

/// The pseudo-classes that are not about the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PseudoClass {
    /// `:link`, `:any-link`
    Link,
    /// `:lang()`, lower-cased ranges
    Language(Vec<String>),
    /// `:dir()`; true is right to left
    Direction(bool),
    /// What paper never is: `:hover`, `:focus`, `:visited` ...
    Never,
}

impl ToCss for PseudoClass {
    fn to_css<W: fmt::Write>(&self, dest: &mut W) -> fmt::Result {
        match self {
            Self::Link => dest.write_str(":link"),
            Self::Language(ranges) => write!(dest, ":lang({})", ranges.join(", ")),
            Self::Direction(rtl) => dest.write_str(if *rtl { ":dir(rtl)" } else { ":dir(ltr)" }),
            Self::Never => dest.write_str(":visited"),
        }
    }
}

impl NonTSPseudoClass for PseudoClass {
    fn is_active_or_hover(&self) -> bool {
        false
    }

    fn is_user_action_state(&self) -> bool {
        false
    }
}

/// The pseudo-elements that generate boxes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum PseudoElement {
    Before,
    After,
    Marker,
    /// `::footnote-call` (CSS GCPM 3, 2.3)
    FootnoteCall,
    /// `::footnote-marker` (2.4)
    FootnoteMarker,
    FirstLine,
    FirstLetter,
    /// What only a screen has: `::selection`, `::placeholder`, those of one browser. Nothing is made of it.
    OfScreen,
}

impl PseudoElement {
    /// How many there are.
    pub(crate) const COUNT: usize = 8;
}

impl ToCss for PseudoElement {
    fn to_css<W: fmt::Write>(&self, dest: &mut W) -> fmt::Result {
        dest.write_str(match self {
            Self::Before => "::before",
            Self::After => "::after",
            Self::Marker => "::marker",
            Self::FootnoteCall => "::footnote-call",
            Self::FootnoteMarker => "::footnote-marker",
            Self::FirstLine => "::first-line",
            Self::FirstLetter => "::first-letter",
            Self::OfScreen => "::selection",
        })
    }
}

impl selectors::parser::PseudoElement for PseudoElement {}

/// Why a selector was refused.
#[derive(Clone, Debug)]
pub(crate) struct SelectorError;

impl From<SelectorParseErrorKind> for SelectorError {
    fn from(_: SelectorParseErrorKind) -> Self {
        Self
    }
}

struct SelectorParser {
    /// Whether `&` stands for the rule around.
    nested: bool,
}

impl<'i> selectors::parser::Parser<'i> for SelectorParser {
    type Impl = Selectors;
    type Error = SelectorError;

    fn parse_parent_selector(&self) -> bool {
        self.nested
    }

    fn parse_nth_child_of(&self) -> bool {
        true
    }

    fn parse_is_and_where(&self) -> bool {
        true
    }

    fn parse_has(&self) -> bool {
        true
    }

    fn parse_non_ts_pseudo_class(&self, name: &str) -> Result<PseudoClass, ParseError<SelectorError>> {
        match name.to_ascii_lowercase().as_str() {
            "link" | "any-link" => Ok(PseudoClass::Link),
            "visited" | "hover" | "active" | "focus" | "focus-visible" | "focus-within" | "target"
            | "target-within" | "checked" | "disabled" | "enabled" | "placeholder-shown" => Ok(PseudoClass::Never),
            _ => Err(ParseError::custom(SelectorError)),
        }
    }

    fn parse_non_ts_functional_pseudo_class(
        &self,
        name: &str,
        input: &mut Parser<'i>,
        _after_part: bool,
    ) -> Result<PseudoClass, ParseError<SelectorError>> {
        match name.to_ascii_lowercase().as_str() {
            "lang" => {
                let range = |input: &mut Parser<'i>| Ok(input.expect_ident_or_string()?.to_ascii_lowercase());
                Ok(PseudoClass::Language(input.parse_comma_separated(range)?))
            }
            "dir" => {
                let value: CowRcStr = input.expect_ident_cloned()?;
                Ok(PseudoClass::Direction(value.eq_ignore_ascii_case("rtl")))
            }
            _ => Err(ParseError::custom(SelectorError)),
        }
    }

    fn parse_pseudo_element(&self, name: &str) -> Result<PseudoElement, ParseError<SelectorError>> {
        match name.to_ascii_lowercase().as_str() {
            "before" => Ok(PseudoElement::Before),
            "after" => Ok(PseudoElement::After),
            "marker" => Ok(PseudoElement::Marker),
            "footnote-call" => Ok(PseudoElement::FootnoteCall),
            "footnote-marker" => Ok(PseudoElement::FootnoteMarker),
            "first-line" => Ok(PseudoElement::FirstLine),
            "first-letter" => Ok(PseudoElement::FirstLetter),
            "selection"
            | "placeholder"
            | "backdrop"
            | "file-selector-button"
            | "target-text"
            | "spelling-error"
            | "grammar-error"
            | "cue" => Ok(PseudoElement::OfScreen),
            name if name.starts_with("-webkit-") || name.starts_with("-moz-") || name.starts_with("-ms-") => {
                Ok(PseudoElement::OfScreen)
            }
            _ => Err(ParseError::custom(SelectorError)),
        }
    }
}

/// Parses a selector list.
pub(crate) fn parse(input: &mut Parser<'_>) -> Result<SelectorList<Selectors>, ParseError<SelectorError>> {
    SelectorList::parse(&SelectorParser { nested: false }, input, ParseRelative::No)
}

/// Parses the selector list of a nested rule, which may begin with a combinator (CSS Nesting 1, 2).
pub(crate) fn parse_nested(input: &mut Parser<'_>) -> Result<SelectorList<Selectors>, ParseError<SelectorError>> {
    SelectorList::parse(&SelectorParser { nested: true }, input, ParseRelative::ForNesting)
}

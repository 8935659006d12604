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
    /// `:-masthead-lang-around()`: the same, of what an element stands in. Only our own sheet has it.
    LanguageAround(Vec<String>),
    /// `:dir()`; true is right to left
    Direction(bool),
    /// What a control of a form is (HTML, 4.16.3).
    Control(Control),
    /// `:defined`: every element is.
    Always,
    /// What paper never is: `:hover`, `:focus`, `:visited`, `:fullscreen` ...
    Never,
}

/// What a control of a form can be: whether it is that, or the contrary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Control {
    /// `:disabled` and `:enabled`
    Disabled(bool),
    /// `:required` and `:optional`
    Required(bool),
    /// `:read-write` and `:read-only`; what is no control is read only
    Writable(bool),
    /// `:checked`
    Checked,
}

impl Control {
    const fn name(self) -> &'static str {
        match self {
            Self::Disabled(is) => {
                if is {
                    "disabled"
                } else {
                    "enabled"
                }
            }
            Self::Required(is) => {
                if is {
                    "required"
                } else {
                    "optional"
                }
            }
            Self::Writable(is) => {
                if is {
                    "read-write"
                } else {
                    "read-only"
                }
            }
            Self::Checked => "checked",
        }
    }
}

/// States that browsers know and paper is never in.
const NEVER: [&str; 36] = [
    "visited",
    "hover",
    "active",
    "focus",
    "focus-visible",
    "focus-within",
    "target",
    "target-within",
    "placeholder-shown",
    "fullscreen",
    "modal",
    "open",
    "popover-open",
    "picture-in-picture",
    "autofill",
    "-webkit-autofill",
    "indeterminate",
    "default",
    "valid",
    "invalid",
    "user-valid",
    "user-invalid",
    "in-range",
    "out-of-range",
    "blank",
    "playing",
    "paused",
    "seeking",
    "buffering",
    "stalled",
    "muted",
    "volume-locked",
    "current",
    "past",
    "future",
    "local-link",
];

/// Parts of elements that browsers know and paper has not. Any other that is of one browser is one
/// too (Selectors 4, 19, says so of `-webkit-`).
const NO_PARTS: [&str; 16] = [
    "selection",
    "placeholder",
    "backdrop",
    "file-selector-button",
    "cue",
    "cue-region",
    "grammar-error",
    "spelling-error",
    "target-text",
    "search-text",
    "details-content",
    "checkmark",
    "picker-icon",
    "scroll-marker",
    "scroll-marker-group",
    "view-transition",
];

impl ToCss for PseudoClass {
    fn to_css<W: fmt::Write>(&self, dest: &mut W) -> fmt::Result {
        match self {
            Self::Link => dest.write_str(":link"),
            Self::Language(ranges) => write!(dest, ":lang({})", ranges.join(", ")),
            Self::LanguageAround(ranges) => write!(dest, ":-masthead-lang-around({})", ranges.join(", ")),
            Self::Direction(rtl) => dest.write_str(if *rtl { ":dir(rtl)" } else { ":dir(ltr)" }),
            Self::Control(control) => write!(dest, ":{}", control.name()),
            Self::Always => dest.write_str(":defined"),
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
    /// What paper has not: `::selection`, `::backdrop`, `::part()` ...
    Never,
}

impl PseudoElement {
    /// How many can have boxes.
    pub(crate) const COUNT: usize = 7;
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
            Self::Never => "::selection",
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

    fn parse_host(&self) -> bool {
        true
    }

    fn parse_non_ts_pseudo_class(&self, name: &str) -> Result<PseudoClass, ParseError<SelectorError>> {
        match name.to_ascii_lowercase().as_str() {
            "link" | "any-link" | "-webkit-any-link" => Ok(PseudoClass::Link),
            "disabled" => Ok(PseudoClass::Control(Control::Disabled(true))),
            "enabled" => Ok(PseudoClass::Control(Control::Disabled(false))),
            "required" => Ok(PseudoClass::Control(Control::Required(true))),
            "optional" => Ok(PseudoClass::Control(Control::Required(false))),
            "read-write" => Ok(PseudoClass::Control(Control::Writable(true))),
            "read-only" => Ok(PseudoClass::Control(Control::Writable(false))),
            "checked" => Ok(PseudoClass::Control(Control::Checked)),
            "defined" => Ok(PseudoClass::Always),
            name if NEVER.contains(&name) => Ok(PseudoClass::Never),
            _ => Err(ParseError::custom(SelectorError)),
        }
    }

    fn parse_non_ts_functional_pseudo_class(
        &self,
        name: &str,
        input: &mut Parser<'i>,
        _after_part: bool,
    ) -> Result<PseudoClass, ParseError<SelectorError>> {
        let range = |input: &mut Parser<'i>| Ok(input.expect_ident_or_string()?.to_ascii_lowercase());
        match name.to_ascii_lowercase().as_str() {
            "lang" => Ok(PseudoClass::Language(input.parse_comma_separated(range)?)),
            "-masthead-lang-around" => Ok(PseudoClass::LanguageAround(input.parse_comma_separated(range)?)),
            "dir" => {
                let value: CowRcStr = input.expect_ident_cloned()?;
                Ok(PseudoClass::Direction(value.eq_ignore_ascii_case("rtl")))
            }
            "state" | "host-context" | "active-view-transition-type" => {
                skip(input);
                Ok(PseudoClass::Never)
            }
            _ => Err(ParseError::custom(SelectorError)),
        }
    }

    fn parse_functional_pseudo_element(
        &self,
        name: &str,
        arguments: &mut Parser<'i>,
    ) -> Result<PseudoElement, ParseError<SelectorError>> {
        match name.to_ascii_lowercase().as_str() {
            "part"
            | "slotted"
            | "cue"
            | "cue-region"
            | "highlight"
            | "picker"
            | "view-transition-group"
            | "view-transition-image-pair"
            | "view-transition-old"
            | "view-transition-new" => {
                skip(arguments);
                Ok(PseudoElement::Never)
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
            name if NO_PARTS.contains(&name)
                || ["-webkit-", "-moz-", "-ms-"].iter().any(|browser| name.starts_with(browser)) =>
            {
                Ok(PseudoElement::Never)
            }
            _ => Err(ParseError::custom(SelectorError)),
        }
    }
}

/// Passes over what stands in the brackets.
fn skip(input: &mut Parser<'_>) {
    while input.next().is_ok() {}
}

/// Parses a selector list.
pub(crate) fn parse(input: &mut Parser<'_>) -> Result<SelectorList<Selectors>, ParseError<SelectorError>> {
    SelectorList::parse(&SelectorParser { nested: false }, input, ParseRelative::No)
}

/// Parses the selector list of a nested rule, which may begin with a combinator (CSS Nesting 1, 2).
pub(crate) fn parse_nested(input: &mut Parser<'_>) -> Result<SelectorList<Selectors>, ParseError<SelectorError>> {
    SelectorList::parse(&SelectorParser { nested: true }, input, ParseRelative::ForNesting)
}

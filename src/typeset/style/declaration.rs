//! Declarations: a property, its value, and how much it weighs.

use cssparser::{ParseError, Parser, parse_important};

use super::custom;
use super::longhand::{self, Longhand, Setter};
use super::rollback::Rollback;
use super::shorthand;
use super::values::{Parsed, refuse};
use crate::error::Place;

/// The value of a longhand.
pub(crate) enum Value {
    Set(Setter),
    Inherit,
    Initial,
    /// `inherit` for inherited properties, else `initial`.
    Unset,
    /// What holds without the declarations that are rolled back.
    Back(Rollback),
}

/// What a declaration says.
pub(crate) enum Statement {
    Longhand(&'static Longhand, Value),
    /// A custom property and its text.
    Custom(String, String),
    /// Parsed when the variables are known.
    Pending(Pending),
}

/// A property whose value holds `var()`.
pub(crate) struct Pending {
    pub(crate) name: String,
    pub(crate) text: String,
    /// Where it stands in a sheet.
    pub(crate) place: Option<Place>,
}

/// One declaration.
pub(crate) struct Declaration {
    pub(crate) statement: Statement,
    pub(crate) important: bool,
}

/// Why a declaration was dropped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// The property is not supported.
    Property,
    /// The value is not.
    Value,
}

/// Properties that mean nothing on paper, or nothing here, and are passed over in silence.
const SILENT: &[&str] = &[
    "cursor",
    "pointer-events",
    "user-select",
    "will-change",
    "appearance",
    "resize",
    "text-rendering",
    "font-smooth",
    "text-size-adjust",
    "tap-highlight-color",
    "color-scheme",
    "caret-color",
    "accent-color",
    "touch-action",
    "print-color-adjust",
    "color-adjust",
    "font-display",
    "font-synthesis-weight",
    "font-synthesis-small-caps",
    "font-synthesis-position",
    "font-optical-sizing",
    "text-decoration-skip-ink",
    "speak",
    "image-rendering",
    // Of graphics, which heed them.
    "fill",
    "fill-opacity",
    "fill-rule",
    "stroke",
    "stroke-dasharray",
    "stroke-dashoffset",
    "stroke-linecap",
    "stroke-linejoin",
    "stroke-miterlimit",
    "stroke-opacity",
    "stroke-width",
    "stop-color",
    "stop-opacity",
    "text-anchor",
    "dominant-baseline",
    "paint-order",
    "vector-effect",
    "shape-rendering",
    "text-decoration-skip",
    "forced-color-adjust",
    "field-sizing",
    "interpolate-size",
    "container",
    "container-name",
    "container-type",
    "contain",
    "isolation",
    "backface-visibility",
    "perspective",
    "perspective-origin",
    "transform-origin",
    "transform-style",
    // Of boxes with a `position` that is reported itself.
    "inset",
    "inset-block",
    "inset-block-start",
    "inset-block-end",
    "inset-inline",
    "inset-inline-start",
    "inset-inline-end",
    "z-index",
    // Of what stands in a `display` that is reported itself.
    "align-content",
    "align-items",
    "align-self",
    "justify-content",
    "justify-items",
    "justify-self",
    "place-content",
    "place-items",
    "place-self",
    "order",
    "row-gap",
    "grid-row-gap",
    // Of pictures behind boxes, which are reported themselves.
    "background-attachment",
    "background-origin",
    "background-position",
    "background-repeat",
];

/// How the names of other such properties begin: what moves, what is scrolled, what is spoken, and the parts of `flex` and
/// `grid`.
const SILENT_KINDS: &[&str] = &[
    "animation",
    "transition",
    "view-transition",
    "outline",
    "scroll",
    "scrollbar",
    "overscroll",
    "voice",
    "cue",
    "pause",
    "rest",
    "nav",
    "mso",
    "flex",
    "grid",
];

/// Whether a property of this (lower-case) name is passed over.
fn is_silent(name: &str) -> bool {
    let is_of = |kind: &str| name.strip_prefix(kind).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'));
    SILENT.contains(&name) || name.starts_with('-') || SILENT_KINDS.iter().any(|kind| is_of(kind))
}

/// Properties of which only some values are understood: those that ask for what is done anyway.
const GIVEN: &[(&str, &[&str])] = &[
    ("background-blend-mode", &["normal"]),
    ("bleed", &["auto"]),
    ("bookmark-state", &["open"]),
    ("border-image", &["none"]),
    ("border-image-source", &["none"]),
    ("box-shadow", &["none"]),
    ("content-visibility", &["visible", "auto"]),
    ("empty-cells", &["show"]),
    ("filter", &["none"]),
    ("font-size-adjust", &["none"]),
    ("font-stretch", &["normal", "100%"]),
    ("font-variant-alternates", &["normal"]),
    ("font-variant-east-asian", &["normal"]),
    ("font-variant-position", &["normal"]),
    ("footnote-display", &["block"]),
    ("image-orientation", &["from-image"]),
    ("marks", &["none"]),
    ("mask", &["none"]),
    ("mask-image", &["none"]),
    ("mix-blend-mode", &["normal"]),
    ("page-orientation", &["upright"]),
    ("rotate", &["none"]),
    ("scale", &["none"]),
    ("shape-outside", &["none"]),
    ("text-combine-upright", &["none"]),
    ("text-emphasis", &["none"]),
    ("text-orientation", &["mixed"]),
    ("text-overflow", &["clip"]),
    ("text-shadow", &["none"]),
    ("text-underline-position", &["auto"]),
    ("transform", &["none"]),
    ("translate", &["none"]),
    ("writing-mode", &["horizontal-tb"]),
    ("zoom", &["1", "100%", "normal"]),
    ("hanging-punctuation", &["none"]),
    ("box-decoration-break", &["slice"]),
    ("list-style-image", &["none"]),
    ("text-justify", &["auto", "inter-word"]),
];

/// Whether a property that is passed over belongs to a layout that is not supported, so that `@supports` is not to say it is.
pub(crate) fn is_of_other_layout(name: &str) -> bool {
    let kinds = ["flex", "grid", "align-", "justify-", "place-", "inset"];
    matches!(name, "order" | "z-index")
        || kinds.iter().any(|kind| name.starts_with(kind)) && longhand::find(name).is_none()
}

/// Parses `name: value`; on success the input is exhausted.
pub(crate) fn parse(name: &str, input: &mut Parser<'_>) -> Result<Vec<Declaration>, Refusal> {
    if let Some(custom) = name.strip_prefix("--") {
        return parse_custom(custom, input);
    }
    let name = name.to_ascii_lowercase();
    let is_known = shorthand::longhands(&name).is_some() || longhand::find(&name).is_some() || name == "all";
    if !is_known && is_silent(&name) {
        skip(input);
        return Ok(Vec::new());
    }
    if let Some((_, values)) = GIVEN.iter().find(|(own, _)| *own == name) {
        let text = rest(input).to_ascii_lowercase();
        let (value, _) = split_important(&text);
        let is_given =
            values.contains(&value) || matches!(value, "inherit" | "initial" | "unset" | "revert" | "revert-layer");
        return if is_given { Ok(Vec::new()) } else { Err(Refusal::Value) };
    }
    if !is_known {
        skip(input);
        return Err(Refusal::Property);
    }
    let start = input.state();
    if let Ok(statements) = parse_statements(&name, input) {
        let important = input.try_parse(parse_important).is_ok();
        if input.is_exhausted() {
            return Ok(statements.into_iter().map(|statement| Declaration { statement, important }).collect());
        }
    }
    input.reset(&start);
    let text = rest(input);
    if custom::references(&text).is_some_and(|found| !found.is_empty()) {
        let (text, important) = split_important(&text);
        let pending = Pending { name, text: text.to_owned(), place: None };
        return Ok(vec![Declaration { statement: Statement::Pending(pending), important }]);
    }
    Err(Refusal::Value)
}

fn parse_statements(name: &str, input: &mut Parser<'_>) -> Parsed<Vec<Statement>> {
    let everywhere = input.try_parse(|input| -> Parsed<fn() -> Value> {
        let everywhere: fn() -> Value = match input.expect_ident()?.to_ascii_lowercase().as_str() {
            "inherit" => || Value::Inherit,
            "initial" => || Value::Initial,
            "unset" => || Value::Unset,
            "revert" => || Value::Back(Rollback::Origin),
            "revert-layer" => || Value::Back(Rollback::Layer),
            _ => return refuse(),
        };
        Ok(everywhere)
    });
    if let Ok(value) = everywhere {
        return Ok(wide(name, value));
    }
    if let Some(parts) = shorthand::parse(name, input) {
        let statement = |(longhand, setter): shorthand::Part| {
            Statement::Longhand(longhand, setter.map_or(Value::Initial, Value::Set))
        };
        return Ok(parts?.into_iter().map(statement).collect());
    }
    match longhand::find(name) {
        Some(longhand) => Ok(vec![Statement::Longhand(longhand, Value::Set((longhand.parse)(input)?))]),
        None => refuse(),
    }
}

fn parse_custom(name: &str, input: &mut Parser<'_>) -> Result<Vec<Declaration>, Refusal> {
    let text = rest(input);
    let (text, important) = split_important(&text);
    if custom::references(text).is_none() {
        return Err(Refusal::Value);
    }
    Ok(vec![Declaration { statement: Statement::Custom(name.to_owned(), text.to_owned()), important }])
}

pub(crate) fn split_important(text: &str) -> (&str, bool) {
    let text = text.trim();
    match text.rsplit_once('!') {
        Some((value, word)) if word.trim().eq_ignore_ascii_case("important") => (value.trim_end(), true),
        _ => (text, false),
    }
}

fn skip(input: &mut Parser<'_>) {
    while input.next().is_ok() {}
}

/// The rest of the input as text.
pub(crate) fn rest(input: &mut Parser<'_>) -> String {
    input.skip_whitespace();
    let start = input.position();
    skip(input);
    input.slice_from(start).trim().to_owned()
}

impl Pending {
    /// Parses the value, its variables put in. What then is no valid value counts as `unset`: the weaker declarations have
    /// been discarded by then (CSS Variables 1, 3.1). Such a value comes second, where there is one at all.
    pub(crate) fn parse(&self, values: &custom::Values) -> (Vec<Statement>, Option<String>) {
        let name = &*self.name;
        let parse = |input: &mut Parser<'_>| parse_statements(name, input).map_err(|_| ParseError::<()>::custom(()));
        let filled = custom::substitute(&self.text, values);
        if let Some(Ok(statements)) = filled.as_deref().map(|text| Parser::new(text).parse_entirely(parse)) {
            return (statements, None);
        }
        let refused = filled.map(|text| text.replace("/**/", "").trim().to_owned());
        (wide(name, || Value::Unset), refused.filter(|text| !text.is_empty()))
    }
}

/// The longhands of a property, each with a value that any of them may have.
fn wide(name: &str, value: fn() -> Value) -> Vec<Statement> {
    // All but those that the text is read by (CSS Cascade 5, 3.2).
    if name == "all" {
        let longhands = longhand::all().filter(|longhand| !matches!(longhand.name, "direction" | "unicode-bidi"));
        return longhands.map(|longhand| Statement::Longhand(longhand, value())).collect();
    }
    let single = [name];
    let names: &[&str] = shorthand::longhands(name).unwrap_or(&single);
    let longhands = names.iter().filter_map(|name| longhand::find(name));
    longhands.map(|longhand| Statement::Longhand(longhand, value())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(name: &str, value: &str) -> Result<usize, Refusal> {
        parse(name, &mut Parser::new(value)).map(|declarations| declarations.len())
    }

    #[test]
    fn shorthands_expand() {
        assert_eq!(count("margin", "1pt 2pt auto"), Ok(4));
        assert_eq!(count("border", "solid 1px red !important"), Ok(12));
        assert_eq!(count("border-block", "1px dotted"), Ok(6));
        assert_eq!(count("border-inline-style", "solid dotted"), Ok(2));
        assert_eq!(count("font", "italic bold 10pt/1.5 \"Noto Serif\", serif"), Ok(6));
        assert_eq!(count("list-style", "none"), Ok(2));
        assert_eq!(count("list-style", "none outside none"), Ok(2));
        for columns in ["auto 30mm", "30mm auto", "2 30mm", "30mm 2", "auto", "auto auto", "3"] {
            assert_eq!(count("columns", columns), Ok(2), "{columns}");
        }
        assert_eq!(count("columns", "2 3"), Err(Refusal::Value));
        assert_eq!(count("-webkit-column-count", "2"), Ok(1));
        assert_eq!(count("text-decoration", "underline dotted red"), Ok(6));
        assert_eq!(count("text-decoration", "underline glow"), Err(Refusal::Value));
        assert_eq!(count("background", "#eee"), Ok(4));
        assert_eq!(count("background", "url(x.png) no-repeat, #eee url('y.png') !important"), Ok(4));
        assert_eq!(count("list-style", "url(x.png) square"), Ok(2));
        assert_eq!(count("gap", "1em 2em"), Ok(1));
        assert!(count("all", "revert").is_ok_and(|longhands| longhands > 100));
        assert_eq!(count("all", "red"), Err(Refusal::Value));
        let parsed = |css: &str| parse("background", &mut Parser::new(css)).ok().and_then(|mut all| all.pop());
        assert!(parsed("red !important").is_some_and(|declaration| declaration.important));
    }

    #[test]
    fn refuses_what_it_does_not_know() {
        assert_eq!(count("colour", "red"), Err(Refusal::Property));
        assert_eq!(count("color", "12"), Err(Refusal::Value));
        assert_eq!(count("background", "url(x.png)"), Err(Refusal::Value));
        assert_eq!(count("padding", "-1pt"), Err(Refusal::Value));
        for (name, value) in
            [("text-justify", "auto"), ("background-blend-mode", "NORMAL !important"), ("mix-blend-mode", "initial")]
        {
            assert_eq!(count(name, value), Ok(0), "{name}");
        }
        assert_eq!(count("background-image", "url(x.png)"), Err(Refusal::Value));
        assert_eq!(count("quotes", "'a' 'b' 'c'"), Err(Refusal::Value));
        assert_eq!(count("font-variant-ligatures", "no-common-ligatures none"), Err(Refusal::Value));
        assert_eq!(count("font-variant", "small-caps no-contextual"), Ok(3));
        for value in ["min(9%, 1em, 5%)", "max(1mm, 2)", "clamp(1mm, 2mm)", "min()", "round(1mm, 2mm)"] {
            assert_eq!(count("width", value), Err(Refusal::Value), "{value}");
        }
        for (name, value) in [
            ("padding-left", "min(9%, 1em)"),
            ("margin", "max(2mm, 1%) calc(1mm - min(2mm, 5%))"),
            ("width", "calc(min(100%, 60mm) - 2cm)"),
            ("color", "rgb(0, calc(12 * 10), 0)"),
            ("color", "hsl(calc(60 * 2) calc(50% + 50%) 25% / calc(1 - .5))"),
            ("line-height", "calc(1.5 * 1)"),
            ("orphans", "calc(1 + 1.2)"),
            ("font-weight", "calc(400 + 300)"),
            ("counter-reset", "a calc(2 * 3)"),
        ] {
            assert!(count(name, value).is_ok_and(|count| count > 0), "{name}: {value}");
        }
        for (name, value) in [
            ("letter-spacing", "min(9%, 1em)"),
            ("margin", "calc(min(9%, 1em) + 1%)"),
            ("orphans", "1.5"),
            ("color", "rgb(calc(1px), 0, 0)"),
        ] {
            assert_eq!(count(name, value), Err(Refusal::Value), "{name}: {value}");
        }
        for name in
            ["cursor", "transition-property", "scrollbar-width", "grid-template-columns", "z-index", "-webkit-x"]
        {
            assert_eq!(count(name, "x"), Ok(0), "{name}");
        }
        assert_eq!(count("gridded", "x"), Err(Refusal::Property));
        assert_eq!(count("list-style", "url(x.png)"), Err(Refusal::Value));
        assert_eq!(count("margin", "calc(1mm * 2 + 3%)"), Ok(4));
    }
}

//! Generated content: `content`, `string-set`, `bookmark-label` (CSS Content 3, CSS GCPM 3).

use cssparser::{Parser, Token};

use super::counter_rule::{CounterStyles, parse_symbols};
use super::counter_style::CounterStyle;
use super::values::{Parsed, keyword, refuse};

/// Which of a page's values `string()` takes (CSS GCPM 3, 1.1.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StringKeyword {
    First,
    Start,
    Last,
    FirstExcept,
}

/// What a reference leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// `attr(href)`
    Attribute(String),
    /// `url("#x")` or `"#x"`
    Url(String),
}

/// Which part of an element's text is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TextPart {
    /// Its own text.
    Content,
    /// What is generated before it.
    Before,
    After,
    FirstLetter,
    Marker,
}

/// One piece of a content list.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum ContentItem {
    Text(String),
    /// `attr(name, fallback)`; a fallback stands where the element has no such attribute (CSS Values 5, 7.7).
    Attribute {
        name: String,
        fallback: Vec<ContentItem>,
    },
    Counter {
        name: String,
        style: CounterStyle,
    },
    Counters {
        name: String,
        separator: String,
        style: CounterStyle,
    },
    OpenQuote,
    CloseQuote,
    Leader(String),
    TargetCounter {
        target: Target,
        name: String,
        style: CounterStyle,
    },
    TargetText(Target, TextPart),
    /// `target-content()`, an extension: the content of the element that a link leads to, as a footnote
    TargetContent(Target),
    /// `string(name)`, in margin boxes
    NamedString {
        name: String,
        which: StringKeyword,
    },
    /// `element(name)`, in margin boxes: what `position: running()` took out of the flow
    Element {
        name: String,
        which: StringKeyword,
    },
    /// `content()`: the text of the element itself
    ElementText(TextPart),
    /// What is said instead of what is seen, behind a solidus (CSS Content 3, 1.2): it prints nothing
    Alternative(Vec<ContentItem>),
}

impl ContentItem {
    /// With the counter styles that the sheets define.
    pub(super) fn settled(&self, styles: &CounterStyles) -> Self {
        let mut own = self.clone();
        match &mut own {
            Self::Counter { style, .. } | Self::Counters { style, .. } | Self::TargetCounter { style, .. } => {
                *style = styles.settle(style);
            }
            Self::Attribute { fallback: items, .. } | Self::Alternative(items) => {
                *items = items.iter().map(|item| item.settled(styles)).collect();
            }
            _ => {}
        }
        own
    }
}

/// A named string and what it is set to.
pub(crate) type StringSet = (String, Vec<ContentItem>);

/// `content`: `normal` and `none` are `None`.
pub(crate) fn parse_content(input: &mut Parser<'_>) -> Parsed<Option<Vec<ContentItem>>> {
    let none = |name: &str| matches!(name, "none" | "normal").then_some(());
    if input.try_parse(|input| keyword(input, none)).is_ok() {
        return Ok(None);
    }
    let mut items = parse_list(input)?;
    if input.try_parse(|input| input.expect_delim('/')).is_ok() {
        let said = parse_list(input)?;
        let is_text = |item: &ContentItem| {
            use ContentItem::{Attribute, Counter, Counters, Text};
            matches!(item, Text(_) | Attribute { .. } | Counter { .. } | Counters { .. })
        };
        if !said.iter().all(is_text) {
            return refuse();
        }
        items.push(ContentItem::Alternative(said));
    }
    Ok(Some(items))
}

/// The content of a margin box: a page has no attributes, and nothing is said of its margins.
pub(crate) fn of_page(items: &[ContentItem]) -> Vec<ContentItem> {
    let of_item = |item: &ContentItem| match item {
        ContentItem::Attribute { fallback, .. } => of_page(fallback),
        ContentItem::Alternative(_) => Vec::new(),
        item => vec![item.clone()],
    };
    items.iter().flat_map(of_item).collect()
}

/// What is said instead of generated content, if its sheet says that.
pub(crate) fn alternative(items: &[ContentItem]) -> Option<&[ContentItem]> {
    match items.last() {
        Some(ContentItem::Alternative(said)) => Some(said),
        _ => None,
    }
}

/// A non-empty content list, up to what is not part of one.
pub(crate) fn parse_list(input: &mut Parser<'_>) -> Parsed<Vec<ContentItem>> {
    let mut items = vec![parse_item(input)?];
    while let Ok(item) = input.try_parse(parse_item) {
        items.push(item);
    }
    Ok(items)
}

fn parse_item(input: &mut Parser<'_>) -> Parsed<ContentItem> {
    match input.next()?.clone() {
        Token::QuotedString(text) => Ok(ContentItem::Text(text.to_string())),
        Token::Ident(name) => match name.to_ascii_lowercase().as_str() {
            "open-quote" => Ok(ContentItem::OpenQuote),
            "close-quote" => Ok(ContentItem::CloseQuote),
            "no-open-quote" | "no-close-quote" => Ok(ContentItem::Text(String::new())),
            _ => refuse(),
        },
        Token::Function(name) => {
            let name = name.to_ascii_lowercase();
            input.parse_nested_block(|input| parse_function(&name, input))
        }
        _ => refuse(),
    }
}

fn parse_function(name: &str, input: &mut Parser<'_>) -> Parsed<ContentItem> {
    match name {
        "attr" => parse_attribute(input),
        "counter" => {
            let name = input.expect_ident()?.to_string();
            Ok(ContentItem::Counter { name, style: parse_counter_style(input)? })
        }
        "counters" => {
            let name = input.expect_ident()?.to_string();
            input.expect_comma()?;
            let separator = input.expect_string()?.to_string();
            Ok(ContentItem::Counters { name, separator, style: parse_counter_style(input)? })
        }
        "leader" => Ok(ContentItem::Leader(match input.next()?.clone() {
            Token::QuotedString(text) if !text.is_empty() => text.to_string(),
            Token::Ident(name) if name.eq_ignore_ascii_case("dotted") => ".".to_owned(),
            Token::Ident(name) if name.eq_ignore_ascii_case("solid") => "_".to_owned(),
            Token::Ident(name) if name.eq_ignore_ascii_case("space") => " ".to_owned(),
            _ => return refuse(),
        })),
        "target-counter" => {
            let target = parse_target(input)?;
            input.expect_comma()?;
            let name = input.expect_ident()?.to_string();
            Ok(ContentItem::TargetCounter { target, name, style: parse_counter_style(input)? })
        }
        "target-text" => {
            let target = parse_target(input)?;
            if input.is_exhausted() {
                return Ok(ContentItem::TargetText(target, TextPart::Content));
            }
            input.expect_comma()?;
            let part = keyword(input, |name| if name == "content" { Some(TextPart::Content) } else { part(name) })?;
            Ok(ContentItem::TargetText(target, part))
        }
        "target-content" => Ok(ContentItem::TargetContent(parse_target(input)?)),
        "string" => {
            let (name, which) = parse_named(input)?;
            Ok(ContentItem::NamedString { name, which })
        }
        "element" => {
            let (name, which) = parse_named(input)?;
            Ok(ContentItem::Element { name, which })
        }
        "content" => {
            if input.is_exhausted() {
                return Ok(ContentItem::ElementText(TextPart::Content));
            }
            Ok(ContentItem::ElementText(keyword(input, |name| match name {
                "text" => Some(TextPart::Content),
                "marker" => Some(TextPart::Marker),
                name => part(name),
            })?))
        }
        _ => refuse(),
    }
}

/// `name type?, fallback?`: whatever its type, it is set as text.
fn parse_attribute(input: &mut Parser<'_>) -> Parsed<ContentItem> {
    let name = input.expect_ident()?.to_ascii_lowercase();
    let _ = input.try_parse(|input| keyword(input, |name| matches!(name, "string" | "raw-string").then_some(())));
    let _ = input.try_parse(|input| {
        input.expect_function_matching("type")?;
        input.parse_nested_block(|input| -> Parsed<()> {
            while input.next().is_ok() {}
            Ok(())
        })
    });
    let has_fallback = input.try_parse(cssparser::Parser::expect_comma).is_ok();
    let fallback = if has_fallback && !input.is_exhausted() { parse_list(input)? } else { Vec::new() };
    Ok(ContentItem::Attribute { name, fallback })
}

/// The parts that both `content()` and `target-text()` know.
fn part(name: &str) -> Option<TextPart> {
    match name {
        "before" => Some(TextPart::Before),
        "after" => Some(TextPart::After),
        "first-letter" => Some(TextPart::FirstLetter),
        _ => None,
    }
}

/// A name, and which of a page's values is meant.
fn parse_named(input: &mut Parser<'_>) -> Parsed<(String, StringKeyword)> {
    let name = input.expect_ident()?.to_string();
    if input.try_parse(cssparser::Parser::expect_comma).is_err() {
        return Ok((name, StringKeyword::First));
    }
    let which = keyword(input, |name| match name {
        "first" => Some(StringKeyword::First),
        "start" => Some(StringKeyword::Start),
        "last" => Some(StringKeyword::Last),
        "first-except" => Some(StringKeyword::FirstExcept),
        _ => None,
    })?;
    Ok((name, which))
}

fn parse_counter_style(input: &mut Parser<'_>) -> Parsed<CounterStyle> {
    if input.try_parse(cssparser::Parser::expect_comma).is_err() {
        return Ok(CounterStyle::Decimal);
    }
    match input.next()?.clone() {
        Token::Ident(name) => Ok(CounterStyle::named(&name)),
        Token::Function(name) if name.eq_ignore_ascii_case("symbols") => input.parse_nested_block(parse_symbols),
        _ => refuse(),
    }
}

fn parse_target(input: &mut Parser<'_>) -> Parsed<Target> {
    match input.next()?.clone() {
        Token::QuotedString(url) | Token::UnquotedUrl(url) => Ok(Target::Url(url.to_string())),
        Token::Function(name) if name.eq_ignore_ascii_case("url") => {
            input.parse_nested_block(|input| Ok(Target::Url(input.expect_string()?.to_string())))
        }
        Token::Function(name) if name.eq_ignore_ascii_case("attr") => input.parse_nested_block(|input| {
            let name = input.expect_ident()?.to_ascii_lowercase();
            // `attr(href url)` is the older spelling.
            let _ = input.try_parse(|input| keyword(input, |name| (name == "url").then_some(())));
            Ok(Target::Attribute(name))
        }),
        _ => refuse(),
    }
}

/// `string-set`: names and what they are set to; `none` is empty.
pub(crate) fn parse_string_set(input: &mut Parser<'_>) -> Parsed<Vec<StringSet>> {
    if input.try_parse(|input| keyword(input, |name| (name == "none").then_some(()))).is_ok() {
        return Ok(Vec::new());
    }
    input.parse_comma_separated(|input| Ok((input.expect_ident()?.to_string(), parse_list(input)?)))
}

/// `counter-reset`, `counter-increment`, `counter-set`: names and numbers; `none` is empty.
pub(crate) fn parse_counters(input: &mut Parser<'_>, default: i32) -> Parsed<Vec<(String, i32)>> {
    if input.try_parse(|input| keyword(input, |name| (name == "none").then_some(()))).is_ok() {
        return Ok(Vec::new());
    }
    let mut counters = Vec::new();
    while !input.is_exhausted() {
        let Ok(name) = input.try_parse(cssparser::Parser::expect_ident_cloned) else { break };
        let number = input.try_parse(super::lengths::integer).unwrap_or(default);
        counters.push((name.to_string(), number));
    }
    if counters.is_empty() { refuse() } else { Ok(counters) }
}

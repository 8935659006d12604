//! Shorthands: the longhands they stand for and how their values are shared out.

use cssparser::{Parser, Token};

use super::colors;
use super::custom;
use super::font_values::stretch;
use super::longhand::{self, Longhand, Setter};
use super::radius::corners;
use super::values::{Length, Parsed, refuse};

/// What a shorthand says about one longhand; `None` is its initial value.
pub(crate) type Part = (&'static Longhand, Option<Setter>);

/// The longhands of a shorthand, if `name` is one.
pub(crate) fn longhands(name: &str) -> Option<&'static [&'static str]> {
    Some(match name {
        "margin" => &["margin-top", "margin-right", "margin-bottom", "margin-left"],
        "padding" => &["padding-top", "padding-right", "padding-bottom", "padding-left"],
        "border-width" => &["border-top-width", "border-right-width", "border-bottom-width", "border-left-width"],
        "border-style" => &["border-top-style", "border-right-style", "border-bottom-style", "border-left-style"],
        "border-color" => &["border-top-color", "border-right-color", "border-bottom-color", "border-left-color"],
        "border-radius" => &[
            "border-top-left-radius",
            "border-top-right-radius",
            "border-bottom-right-radius",
            "border-bottom-left-radius",
        ],
        "margin-inline" => &["margin-inline-start", "margin-inline-end"],
        "margin-block" => &["margin-block-start", "margin-block-end"],
        "padding-inline" => &["padding-inline-start", "padding-inline-end"],
        "padding-block" => &["padding-block-start", "padding-block-end"],
        "border" => BORDER,
        "border-top" => &["border-top-width", "border-top-style", "border-top-color"],
        "border-right" => &["border-right-width", "border-right-style", "border-right-color"],
        "border-bottom" => &["border-bottom-width", "border-bottom-style", "border-bottom-color"],
        "border-left" => &["border-left-width", "border-left-style", "border-left-color"],
        "border-inline" => &[
            "border-inline-start-width",
            "border-inline-start-style",
            "border-inline-start-color",
            "border-inline-end-width",
            "border-inline-end-style",
            "border-inline-end-color",
        ],
        "border-block" => &[
            "border-block-start-width",
            "border-block-start-style",
            "border-block-start-color",
            "border-block-end-width",
            "border-block-end-style",
            "border-block-end-color",
        ],
        "border-inline-width" => &["border-inline-start-width", "border-inline-end-width"],
        "border-inline-style" => &["border-inline-start-style", "border-inline-end-style"],
        "border-inline-color" => &["border-inline-start-color", "border-inline-end-color"],
        "border-block-width" => &["border-block-start-width", "border-block-end-width"],
        "border-block-style" => &["border-block-start-style", "border-block-end-style"],
        "border-block-color" => &["border-block-start-color", "border-block-end-color"],
        "border-inline-start" => {
            &["border-inline-start-width", "border-inline-start-style", "border-inline-start-color"]
        }
        "border-inline-end" => &["border-inline-end-width", "border-inline-end-style", "border-inline-end-color"],
        "border-block-start" => &["border-block-start-width", "border-block-start-style", "border-block-start-color"],
        "border-block-end" => &["border-block-end-width", "border-block-end-style", "border-block-end-color"],
        "font" => &["font-style", "font-variant-caps", "font-weight", "font-size", "line-height", "font-family"],
        "font-variant" => &["font-variant-caps", "font-variant-numeric", "font-variant-ligatures"],
        "columns" => &["column-width", "column-count"],
        "gap" | "grid-gap" => &["column-gap"],
        "column-rule" => &["column-rule-width", "column-rule-style", "column-rule-color"],
        "list-style" => &["list-style-position", "list-style-type"],
        "text-decoration" => DECORATION,
        "text-decoration-line" => DECORATION.split_at(DECORATION_LINES).0,
        "background" => &["background-color", "background-image", "background-clip", "background-size"],
        _ => return None,
    })
}

const BORDER: &[&str] = &[
    "border-top-width",
    "border-top-style",
    "border-top-color",
    "border-right-width",
    "border-right-style",
    "border-right-color",
    "border-bottom-width",
    "border-bottom-style",
    "border-bottom-color",
    "border-left-width",
    "border-left-style",
    "border-left-color",
];

/// How many of these say which lines there are.
const DECORATION_LINES: usize = 3;

const DECORATION: &[&str] = &[
    "text-decoration-line",
    "-masthead-line-through",
    "-masthead-overline",
    "text-decoration-color",
    "text-decoration-style",
    "text-decoration-thickness",
];

/// Parses the value of a shorthand into its longhands.
pub(crate) fn parse(name: &str, input: &mut Parser<'_>) -> Option<Parsed<Vec<Part>>> {
    let names = longhands(name)?;
    let parts: Vec<&'static Longhand> = names.iter().filter_map(|name| longhand::find(name)).collect();
    Some(match name {
        "margin"
        | "padding"
        | "border-width"
        | "border-style"
        | "border-color"
        | "margin-inline"
        | "margin-block"
        | "padding-inline"
        | "padding-block"
        | "border-inline-width"
        | "border-inline-style"
        | "border-inline-color"
        | "border-block-width"
        | "border-block-style"
        | "border-block-color" => sides(&parts, input),
        "border" | "border-inline" | "border-block" => border(&parts, input),
        "border-radius" => radii(&parts, input),
        "font" => font(&parts, input),
        "text-decoration" | "text-decoration-line" => decoration(&parts, input),
        "background" => background(&parts, input),
        // Something stands for the picture that is asked for as a marker; two times `none` are no type and no picture.
        "list-style" => any_order_passing(&parts, |token| is_picture(token) || is_none(token), input),
        "columns" => columns(&parts, input),
        "gap" | "grid-gap" => gap(&parts, input),
        _ => any_order(&parts, input),
    })
}

/// One to four values: the same place in the input is read again for each side that shares a value.
fn sides(parts: &[&'static Longhand], input: &mut Parser<'_>) -> Parsed<Vec<Part>> {
    let mut starts = Vec::with_capacity(4);
    while starts.len() < parts.len() {
        let start = input.state();
        if input.try_parse(|input| (parts[0].parse)(input)).is_err() {
            break;
        }
        starts.push(start);
    }
    let end = input.state();
    let share: &[usize] = match (parts.len(), starts.len()) {
        (4, 1) => &[0, 0, 0, 0],
        (4, 2) => &[0, 1, 0, 1],
        (4, 3) => &[0, 1, 2, 1],
        (4, 4) => &[0, 1, 2, 3],
        (2, 1) => &[0, 0],
        (2, 2) => &[0, 1],
        _ => return refuse(),
    };
    let mut out = Vec::with_capacity(parts.len());
    for (part, from) in parts.iter().zip(share) {
        input.reset(&starts[*from]);
        out.push((*part, Some((part.parse)(input)?)));
    }
    input.reset(&end);
    Ok(out)
}

/// Each longhand at most once, in any order; those not named take their initial value.
fn any_order(parts: &[&'static Longhand], input: &mut Parser<'_>) -> Parsed<Vec<Part>> {
    any_order_passing(parts, |_| false, input)
}

/// A width and a number of columns, in any order; `auto` may be said of either.
fn columns(parts: &[&'static Longhand], input: &mut Parser<'_>) -> Parsed<Vec<Part>> {
    let mut out: Vec<Part> = parts.iter().map(|part| (*part, None)).collect();
    let mut said = 0;
    while said < out.len() && !input.is_exhausted() {
        if input.try_parse(|input| input.expect_ident_matching("auto")).is_err() {
            let mut open = out.iter_mut().filter(|(_, value)| value.is_none());
            let found = open.find_map(|(part, value)| {
                *value = Some(input.try_parse(|input| (part.parse)(input)).ok()?);
                Some(())
            });
            if found.is_none() {
                return refuse();
            }
        }
        said += 1;
    }
    if said > 0 { Ok(out) } else { refuse() }
}

/// As [`any_order`], but that some tokens are passed over.
fn any_order_passing(
    parts: &[&'static Longhand],
    passes: fn(&Token<'_>) -> bool,
    input: &mut Parser<'_>,
) -> Parsed<Vec<Part>> {
    let mut out: Vec<Part> = parts.iter().map(|part| (*part, None)).collect();
    let mut any = false;
    'values: while !input.is_exhausted() {
        for (part, value) in out.iter_mut().filter(|(_, value)| value.is_none()) {
            // `font-variant-numeric` accepts nothing at all; that is no value.
            let start = input.position();
            if let Ok(parsed) = input.try_parse(|input| (part.parse)(input))
                && input.position() != start
            {
                *value = Some(parsed);
                any = true;
                continue 'values;
            }
        }
        if input.try_parse(|input| if passes(input.next()?) { Ok(()) } else { refuse::<()>() }).is_err() {
            break;
        }
    }
    if any { Ok(out) } else { refuse() }
}

/// `border` and its like: the same three values for each of the sides.
fn border(parts: &[&'static Longhand], input: &mut Parser<'_>) -> Parsed<Vec<Part>> {
    let start = input.state();
    let mut out = Vec::with_capacity(12);
    for side in parts.chunks(3) {
        input.reset(&start);
        out.extend(any_order(side, input)?);
    }
    Ok(out)
}

/// The radii of all corners, across and then down.
fn radii(parts: &[&'static Longhand], input: &mut Parser<'_>) -> Parsed<Vec<Part>> {
    let corners = corners(input)?;
    let set = |(corner, lengths): (usize, [Length; 2])| -> Setter {
        Box::new(move |style, context| {
            style.radius[corner] = lengths.each_ref().map(|part| part.resolve(&context.units));
        })
    };
    Ok(parts.iter().copied().zip(corners.into_iter().enumerate().map(set).map(Some)).collect())
}

/// `[style || caps || weight || stretch]? size [/ line-height]? family`; how wide the letters are to be is passed over.
fn font(parts: &[&'static Longhand], input: &mut Parser<'_>) -> Parsed<Vec<Part>> {
    let &[style, caps, weight, size, line_height, family] = parts else { return refuse() };
    let mut out: Vec<Part> = vec![(style, None), (caps, None), (weight, None)];
    let mut is_stretched = false;
    'prefix: loop {
        if input.try_parse(|input| input.expect_ident_matching("normal")).is_ok() {
            continue;
        }
        for (part, value) in out.iter_mut().filter(|(_, value)| value.is_none()) {
            if let Ok(parsed) = input.try_parse(|input| (part.parse)(input)) {
                *value = Some(parsed);
                continue 'prefix;
            }
        }
        if !is_stretched && input.try_parse(stretch).is_ok() {
            is_stretched = true;
            continue;
        }
        break;
    }
    out.push((size, Some((size.parse)(input)?)));
    let slash = input.try_parse(|input| input.expect_delim('/')).is_ok();
    out.push((line_height, if slash { Some((line_height.parse)(input)?) } else { None }));
    out.push((family, Some((family.parse)(input)?)));
    Ok(out)
}

/// The lines, for which there are several longhands, then what else there is of colour, style and thickness.
fn decoration(parts: &[&'static Longhand], input: &mut Parser<'_>) -> Parsed<Vec<Part>> {
    let (lines, others) = parts.split_at(parts.len().min(DECORATION_LINES));
    let mut starts = None;
    let mut out: Vec<Part> = others.iter().map(|part| (*part, None)).collect();
    'values: while !input.is_exhausted() {
        let start = input.state();
        if starts.is_none() && input.try_parse(|input| (lines[0].parse)(input)).is_ok() {
            starts = Some(start);
            continue;
        }
        for (part, value) in out.iter_mut().filter(|(_, value)| value.is_none()) {
            if let Ok(parsed) = input.try_parse(|input| (part.parse)(input)) {
                *value = Some(parsed);
                continue 'values;
            }
        }
        break;
    }
    let end = input.state();
    for line in lines {
        let value = match &starts {
            Some(start) => {
                input.reset(start);
                Some((line.parse)(input)?)
            }
            None => None,
        };
        out.push((*line, value));
    }
    input.reset(&end);
    Ok(out)
}

/// The colour and a gradient; pictures are passed over where there is one of these, and refused where there is none.
fn background(parts: &[&'static Longhand], input: &mut Parser<'_>) -> Parsed<Vec<Part>> {
    let &[color, image, clip, size] = parts else { return refuse() };
    if awaits_variables(input) {
        return refuse();
    }
    let mut values = [None, None, None];
    let mut sized = None;
    let mut has_picture = false;
    'values: while !input.is_exhausted() {
        for (part, value) in [color, image, clip].iter().zip(&mut values).filter(|(_, value)| value.is_none()) {
            if let Ok(parsed) = input.try_parse(|input| (part.parse)(input)) {
                *value = Some(parsed);
                continue 'values;
            }
        }
        let start = input.state();
        match input.next()?.clone() {
            Token::Delim('!') => {
                input.reset(&start);
                break;
            }
            Token::Delim('/') => sized = Some((size.parse)(input)?),
            token => has_picture |= is_picture(&token),
        }
    }
    let [own, gradient, within] = values;
    if has_picture && own.is_none() && gradient.is_none() {
        return refuse();
    }
    Ok(vec![(color, own), (image, gradient), (clip, within), (size, sized)])
}

/// Whether what follows is known only once variables are: not even where they stand alone may they be passed over.
fn awaits_variables(input: &mut Parser<'_>) -> bool {
    let state = input.state();
    let start = input.position();
    while input.next().is_ok() {}
    let found = custom::references(input.slice_from(start)).is_some_and(|found| !found.is_empty());
    input.reset(&state);
    found
}

/// The last of one or two: rows have no gap between them.
fn gap(parts: &[&'static Longhand], input: &mut Parser<'_>) -> Parsed<Vec<Part>> {
    let &[columns] = parts else { return refuse() };
    let rows = (columns.parse)(input)?;
    let own = input.try_parse(|input| (columns.parse)(input));
    Ok(vec![(columns, Some(own.unwrap_or(rows)))])
}

fn is_none(token: &Token<'_>) -> bool {
    matches!(token, Token::Ident(name) if name.eq_ignore_ascii_case("none"))
}

fn is_picture(token: &Token<'_>) -> bool {
    match token {
        Token::UnquotedUrl(_) | Token::BadUrl(_) => true,
        Token::Function(name) => {
            let name = name.to_ascii_lowercase();
            colors::is_gradient(&name) || matches!(name.as_str(), "url" | "src" | "image" | "image-set" | "cross-fade")
        }
        _ => false,
    }
}

/// How wide `font` says that letters are to be, which is passed over.
pub(crate) fn stretch_of(font: &str) -> Option<&'static str> {
    let mut input = Parser::new(font);
    // It stands before the size.
    loop {
        if let Ok(width) = input.try_parse(stretch) {
            return Some(width);
        }
        if !matches!(input.next(), Ok(Token::Ident(_) | Token::Number { .. })) {
            return None;
        }
    }
}

/// What is said of the value of a property that is understood but for a picture in it.
pub(crate) fn passed_over(name: &str, value: &str) -> Option<&'static str> {
    if !matches!(name, "background" | "background-image" | "list-style") {
        return None;
    }
    let mut input = Parser::new(value);
    while let Ok(token) = input.next() {
        match token {
            Token::Function(name) if colors::is_gradient(name) => return Some("the gradient in"),
            token if is_picture(token) => return Some("the picture in"),
            _ => {}
        }
    }
    None
}

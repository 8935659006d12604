//! MJML to HTML, before handlebars: what stands in braces is text to it.

use std::collections::HashMap;

use mrml::prelude::parser::Error as ParseError;
use mrml::prelude::render::RenderOptions;

use super::TemplateFile;
use crate::error::{Error, ErrorKind, Place, Result};

/// MJML's rule for paragraphs, and the same without what every mail program does by itself: inlined, it stands in each.
const PARAGRAPHS: [&str; 2] = ["p { display: block; margin: 13px 0; }", "p { margin: 13px 0; }"];

/// Compiles a template to a table layout that mail programs understand. No font is loaded from elsewhere.
pub(super) fn compile(file: &TemplateFile) -> Result<String> {
    let wrong = |message: String| Error::new(ErrorKind::Template, message);
    let parsed = mrml::parse(&file.text).map_err(|cause| {
        let place = match position(&cause) {
            Some(offset) => Place::offset(&file.path, &file.text, offset),
            None => Place::file(&file.path),
        };
        wrong(format!("this is not MJML: {cause}")).at(place)
    })?;
    if let Some(warning) = parsed.warnings.first() {
        let at = Place::offset(&file.path, &file.text, warning.span.start);
        return Err(wrong(format!("MJML knows no such attribute here ({})", warning.kind.as_str())).at(at));
    }
    let options = RenderOptions { disable_comments: true, social_icon_origin: None, fonts: HashMap::new() };
    let html = parsed.element.render(&options).map_err(|cause| wrong(cause.to_string()).at(Place::file(&file.path)))?;
    // An element that MJML does not know is copied as it is, and no mail program would know it either.
    if let Some(name) = html.split("<mj-").nth(1) {
        let name = name.split([' ', '>', '/']).next().unwrap_or_default();
        let at = file.text.find(&format!("<mj-{name}")).unwrap_or(0);
        return Err(
            wrong(format!("`mj-{name}` is not an element of MJML")).at(Place::offset(&file.path, &file.text, at))
        );
    }
    Ok(html.replacen(PARAGRAPHS[0], PARAGRAPHS[1], 1))
}

/// Where in the file stands what stands at a line and column of the HTML that is made of it, and where in that it does: `None`
/// where MJML has written it in other places or another number of times, as it does with attributes.
pub(super) fn place(file: &TemplateFile, line: usize, column: usize) -> Option<Place> {
    let html = compile(file).ok()?;
    let start: usize = html.split_inclusive('\n').take(line.checked_sub(1)?).map(str::len).sum();
    let within = html.get(start..)?.char_indices().nth(column.checked_sub(1)?)?.0;
    let (before, from) = html.split_at(start + within);
    let expression = from.get(..from.find("}}")? + 2).filter(|expression| expression.starts_with("{{"))?;
    let written: Vec<usize> = file.text.match_indices(expression).map(|(at, _)| at).collect();
    let at = match written.as_slice() {
        [only] => *only,
        several if several.len() == html.matches(expression).count() => {
            *several.get(before.matches(expression).count())?
        }
        _ => return None,
    };
    Some(Place::offset(&file.path, &file.text, at))
}

fn position(cause: &ParseError) -> Option<usize> {
    match cause {
        ParseError::UnexpectedElement { position, .. }
        | ParseError::UnexpectedToken { position, .. }
        | ParseError::MissingAttribute { position, .. }
        | ParseError::InvalidAttribute { position, .. }
        | ParseError::InvalidFormat { position, .. } => Some(position.start),
        _ => None,
    }
}

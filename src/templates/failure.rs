//! What went wrong while drawing, in words a designer can act on.

use std::collections::BTreeSet;
use std::path::PathBuf;

use handlebars::{RenderError, RenderErrorReason};
use serde::Serialize;
use serde_json::Value;

use super::Templates;
use crate::error::{Error, ErrorKind, Place};

impl Templates {
    /// Turns the engine's failure into an error with file, line, column and the nearest name.
    pub(super) fn explain<V: Serialize>(&self, name: &str, view: &V, error: &RenderError) -> Error {
        let template = error.template_name.as_deref().unwrap_or(name);
        let file = self
            .path(&format!("{template}.hbs"))
            .map_or_else(|| PathBuf::from("templates").join(format!("{template}.hbs")), PathBuf::from);
        let place = match (error.line_no, error.column_no) {
            (Some(line), Some(column)) => Place::at(file, line, column),
            _ => Place::file(file),
        };
        let templates = || self.files.keys().filter_map(|name| name.strip_suffix(".hbs"));
        let wrong = |message: String| Error::new(ErrorKind::Template, message).at(place.clone());
        match error.reason() {
            RenderErrorReason::MissingVariable(path) => {
                let path = path.as_deref().unwrap_or("this");
                let last = path.rsplit(['.', '/']).next().unwrap_or(path);
                let fields = fields_near(&serde_json::to_value(view).unwrap_or_default(), path);
                wrong(format!("there is no value `{path}` here")).nearest(last, fields.iter().map(String::as_str))
            }
            RenderErrorReason::TemplateNotFound(found) | RenderErrorReason::PartialNotFound(found) => {
                wrong(format!("there is no template `{found}`")).nearest(found, templates())
            }
            RenderErrorReason::HelperNotFound(found) => wrong(format!("there is no helper `{found}`")).nearest(
                found,
                [
                    "if",
                    "unless",
                    "each",
                    "with",
                    "lookup",
                    "eq",
                    "ne",
                    "and",
                    "or",
                    "not",
                    "t",
                    "words_lang",
                    "lang_of",
                ],
            ),
            RenderErrorReason::CannotIncludeSelf => wrong("a template cannot include itself".to_owned()),
            RenderErrorReason::Other(message) => {
                let mut lines = message.lines();
                let error = wrong(lines.next().unwrap_or_default().to_owned());
                lines.filter(|line| !line.is_empty()).fold(error, Error::hint)
            }
            reason => wrong(reason.to_string().to_lowercase()),
        }
    }
}

/// The names that could have been meant by `path`: the fields of what its parent names, wherever that stands in the
/// view, and all fields where no parent is named.
fn fields_near(view: &Value, path: &str) -> BTreeSet<String> {
    let mut segments: Vec<&str> = path.split(['.', '/']).filter(|part| !part.is_empty() && *part != "this").collect();
    segments.pop();
    let parent = segments.iter().rev().find(|part| part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_'));
    let mut fields = BTreeSet::new();
    gather(view, parent.copied(), parent.is_none(), &mut fields);
    if fields.is_empty() {
        gather(view, None, true, &mut fields);
    }
    fields
}

fn gather(value: &Value, parent: Option<&str>, inside: bool, fields: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => {
            for (name, value) in object {
                if inside {
                    fields.insert(name.clone());
                }
                gather(value, parent, parent.is_none_or(|parent| parent == name), fields);
            }
        }
        Value::Array(values) => values.iter().for_each(|value| gather(value, parent, inside, fields)),
        _ => {}
    }
}

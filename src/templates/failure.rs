//! What went wrong while drawing, in words a designer can act on.

use std::collections::BTreeSet;
use std::path::PathBuf;

use handlebars::{RenderError, RenderErrorReason};
use serde::Serialize;
use serde_json::Value;

use super::load::includes;
use super::{Templates, mjml};
use crate::error::{Error, ErrorKind, Place};

/// How messages begin about a name that is not there, and about a template.
const NO_VALUE: &str = "there is no value `";
const NO_TEMPLATE: &str = "there is no template `";
/// What is said where `lookup` finds nothing.
const NOT_LOOKED_UP: &str = "`lookup` finds no value here";

impl Templates {
    /// Where in its file a template fails, by the line and column where what it is drawn from does.
    fn place(&self, template: &str, at: Option<(usize, usize)>) -> Place {
        let name = format!("{template}.hbs");
        let is_mjml = template.rsplit_once('.').is_some_and(|(_, kind)| kind == "mjml");
        let file = self.path(&name).map_or_else(|| PathBuf::from("templates").join(&name), PathBuf::from);
        match (at, self.files.get(&name).filter(|_| is_mjml)) {
            (Some((line, column)), Some(source)) => {
                mjml::place(source, line, column).unwrap_or_else(|| Place::file(file))
            }
            (Some((line, column)), None) => Place::at(file, line, column),
            (None, _) => Place::file(file),
        }
    }

    /// Whether a failure to draw is one of how many things there are, or what they are called, and not of the names that views
    /// have: a place in a list (`posts.[1]`), what `lookup` finds, a template whose name is a value.
    #[must_use]
    pub fn is_of_contents(&self, error: &Error) -> bool {
        let message = error.message();
        let quoted = |before: &str| message.strip_prefix(before).and_then(|rest| rest.split('`').next());
        if message == NOT_LOOKED_UP {
            return true;
        }
        if let Some(path) = quoted(NO_VALUE) {
            // The first of a list is there wherever there are any.
            let number = |part: &str| part.trim_matches(['[', ']']).parse::<usize>().ok();
            return path.split(['.', '/']).filter_map(number).any(|at| at > 0);
        }
        let is_written = |name: &str| self.files.values().any(|file| includes(&file.text).any(|one| one == name));
        quoted(NO_TEMPLATE).is_some_and(|name| !is_written(name))
    }

    /// Turns the engine's failure into an error with file, line, column and the nearest name.
    pub(super) fn explain<V: Serialize>(&self, name: &str, view: &V, error: &RenderError) -> Error {
        let template = error.template_name.as_deref().unwrap_or(name);
        let place = self.place(template, error.line_no.zip(error.column_no));
        let templates = || self.files.keys().filter_map(|name| name.strip_suffix(".hbs"));
        let wrong = |message: String| Error::new(ErrorKind::Template, message).at(place.clone());
        match error.reason() {
            RenderErrorReason::MissingVariable(path) => {
                let Some(path) = path.as_deref() else { return wrong(NOT_LOOKED_UP.to_owned()) };
                let error = wrong(format!("{NO_VALUE}{path}` here"));
                let view = serde_json::to_value(view).unwrap_or_default();
                if is_of_page(&view, path) {
                    return error.hint(format!("`@root.{path}` is that of the whole page"));
                }
                let last = path.rsplit(['.', '/']).next().unwrap_or(path);
                // It is somewhere else than here, and no hint.
                let fields: Vec<String> = fields_near(&view, path).into_iter().filter(|name| name != last).collect();
                error.nearest(last, fields.iter().map(String::as_str))
            }
            RenderErrorReason::TemplateNotFound(found) | RenderErrorReason::PartialNotFound(found) => {
                wrong(format!("{NO_TEMPLATE}{found}`")).nearest(found, templates())
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
                    "phrase",
                    "lang_of",
                    "apart",
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

/// Whether `path`, which is not there within a block, is there from the top of the view.
fn is_of_page(view: &Value, path: &str) -> bool {
    path.split('.').try_fold(view, |value, name| value.get(name)).is_some()
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

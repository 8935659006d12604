//! Loading, overriding and strict rendering of handlebars; typed views; strings and dates by language.
//!
//! A template is known by its path below templates/ without `.hbs`: `article`, `web/post`, `pdf/issue`. Strict mode
//! makes a missing value an error, escaping is on, and three braces are accepted only around the fields that are
//! markup by their type ([`MARKUP_FIELDS`]).

mod abridge;
mod builtin;
pub mod dates;
mod failure;
mod kept;
pub mod landing;
mod legal;
mod load;
pub mod markup;
mod mjml;
mod places;
mod splice;
pub mod strings;
pub mod views;
mod words;

#[cfg(test)]
mod docs;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use handlebars::Handlebars;
use serde::Serialize;

use crate::error::Result;

pub use strings::{Strings, Words};

/// Fields of views that hold sanitised markup: only these may stand in three braces. Views keep the names to
/// [`Html`](crate::model::Html) values.
pub const MARKUP_FIELDS: [&str; 2] = ["body", "intro"];

/// A file of a publication's templates/ folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateFile {
    /// Its path below templates/, with slashes: "web/post.hbs".
    pub name: String,
    /// Where it was read, for messages.
    pub path: PathBuf,
    /// Its text.
    pub text: String,
}

/// The templates of a publication, checked: the built-in ones with its own in their places.
#[derive(Clone, Debug)]
pub struct Templates {
    registry: Handlebars<'static>,
    /// Templates of plain text (`….txt.hbs`), which escape nothing.
    plain: Handlebars<'static>,
    /// By path below templates/.
    files: BTreeMap<String, TemplateFile>,
    strings: Arc<Strings>,
}

impl Templates {
    /// Draws template `name` with `view`. An error says where in which file, and which name was probably meant.
    pub fn render<V: Serialize>(&self, name: &str, view: &V) -> Result<String> {
        let is_text = name.rsplit_once('.').is_some_and(|(_, extension)| extension == "txt");
        let registry = if is_text { &self.plain } else { &self.registry };
        registry.render(name, view).map(legal::legal).map_err(|error| self.explain(name, view, &error))
    }

    /// The text of a file that is not a template, such as "web/style.css".
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.files.get(name).map(|file| file.text.as_str())
    }

    /// The path of a file for messages: the publication's own where it has one.
    #[must_use]
    pub fn path(&self, name: &str) -> Option<&std::path::Path> {
        self.files.get(name).map(|file| file.path.as_path())
    }

    /// The words around the articles.
    #[must_use]
    pub fn strings(&self) -> &Strings {
        &self.strings
    }
}

//! The lists of font families that declarations ask for, to tell of those that no font has.

use std::sync::Arc;

use super::Style;
use super::counter_rule::CounterStyles;
use super::declaration::{Statement, Value};
use super::longhand::Context;
use super::values::Units;
use crate::error::Place;

/// A list of families that a declaration asks for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct AskedFamilies {
    /// In small letters.
    pub(crate) families: Arc<[String]>,
    /// The value that they stand in.
    written: String,
    pub(crate) place: Place,
}

impl AskedFamilies {
    /// What the statements of a declaration with this value ask for, if they name families.
    pub(super) fn of<'s>(
        statements: impl IntoIterator<Item = &'s Statement>,
        written: &str,
        place: impl FnOnce() -> Place,
    ) -> Option<Self> {
        let setter = statements.into_iter().find_map(|statement| match statement {
            Statement::Longhand(longhand, Value::Set(setter)) if longhand.name == "font-family" => Some(setter),
            _ => None,
        })?;
        let (parent, mut style) = (Style::default(), Style::default());
        let units = Units { em: 1.0, rem: 1.0, ex: 1.0, ch: 1.0, page: (1.0, 1.0) };
        setter(&mut style, &Context { parent: &parent, units, counter_styles: &CounterStyles::default() });
        Some(Self { families: style.families, written: written.to_owned(), place: place() })
    }

    /// The names, as they are written where that can be told.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        let lower = self.written.to_ascii_lowercase();
        let as_written = move |name: &String| {
            let at = lower.find(name.as_str())?;
            self.written.get(at..at + name.len())
        };
        self.families.iter().map(move |name| as_written(name).unwrap_or(name))
    }
}

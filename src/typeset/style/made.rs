//! Values that `var()` makes and that are not supported: told as if they were written.

use super::custom;
use super::declaration::{Pending, Statement};
use super::families::AskedFamilies;
use super::sheet::Sheets;
use crate::error::Place;

/// What there is to tell of a value that `var()` has made.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Made {
    /// It is not supported.
    Refused {
        name: String,
        value: String,
        /// Where it is declared.
        place: Place,
    },
    /// It names font families.
    Families(AskedFamilies),
}

impl Made {
    /// Parses a declaration with its variables put in, and notes what there is to tell if it stands in a sheet.
    pub(super) fn parse(pending: &Pending, values: &custom::Values, made: &mut Vec<Self>) -> Vec<Statement> {
        let (statements, refused) = pending.parse(values);
        let Some(place) = &pending.place else { return statements };
        if let Some(value) = refused {
            made.push(Self::Refused { name: pending.name.clone(), value, place: place.clone() });
        } else if matches!(&*pending.name, "font" | "font-family") {
            let written = custom::substitute(&pending.text, values).unwrap_or_default();
            made.extend(AskedFamilies::of(&statements, &written, || place.clone()).map(Self::Families));
        }
        statements
    }
}

/// What `var()` makes in vain in rules for pages, which inherit the variables of the root.
pub(super) fn made_for_pages(sheets: &Sheets, values: &custom::Values) -> Vec<Made> {
    let parts = sheets.pages.iter().flat_map(|rule| {
        let boxes = rule.boxes.iter().map(|(_, declarations)| declarations);
        boxes.chain([&rule.declarations, &rule.footnote])
    });
    let pending = parts.flatten().filter_map(|declaration| match &declaration.statement {
        Statement::Pending(pending) => Some(pending),
        _ => None,
    });
    let mut made = Vec::new();
    for pending in pending {
        Made::parse(pending, values, &mut made);
    }
    made
}

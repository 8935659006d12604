//! Values that `var()` makes and that are not supported: told as if they were written.

use super::custom;
use super::declaration::{Pending, Statement};
use super::sheet::Sheets;
use crate::error::Place;

/// A value that `var()` has made and that is not supported.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Made {
    pub(super) name: String,
    pub(super) value: String,
    /// Where it is declared.
    pub(super) place: Place,
}

impl Made {
    /// What was refused of a declaration, where something was and it stands in a sheet.
    pub(super) fn of(pending: &Pending, value: Option<String>) -> Option<Self> {
        Some(Self { name: pending.name.clone(), value: value?, place: pending.place.clone()? })
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
    pending.filter_map(|pending| Made::of(pending, pending.parse(values).1)).collect()
}

//! Writing a list, so that no spreadsheet takes a field for a formula.

use std::borrow::Cow;

use csv::Writer;

use crate::error::{Error, ErrorKind, Result};
use crate::model::{Language, Subscriber, SubscriberStatus};

/// What a spreadsheet would take for a formula begins with one of these.
pub(super) const FORMULA: [char; 4] = ['=', '+', '-', '@'];

/// A field that no spreadsheet takes for a formula: an apostrophe makes it text.
fn neutral(field: &str) -> Cow<'_, str> {
    if field.starts_with(FORMULA) { Cow::Owned(format!("'{field}")) } else { Cow::Borrowed(field) }
}

/// The field without the apostrophe that [`neutral`] put before it.
pub(super) fn plain(field: &str) -> &str {
    field.strip_prefix('\'').filter(|rest| rest.starts_with(FORMULA)).unwrap_or(field)
}

/// Writes a list, with a heading, in the order given; [`super::read_csv`] reads it back. What a spreadsheet would take for a
/// formula gets an apostrophe before it.
pub fn write_csv(subscribers: &[Subscriber]) -> Result<Vec<u8>> {
    let failed = |cause: &dyn std::fmt::Display| Error::new(ErrorKind::Io, format!("cannot write the list: {cause}"));
    let mut writer = Writer::from_writer(Vec::new());
    writer.write_record(["address", "name", "language", "status", "since"]).map_err(|cause| failed(&cause))?;
    for one in subscribers {
        let status = match one.status {
            SubscriberStatus::Pending => "pending",
            SubscriberStatus::Active if one.suppressed.is_some() => "suppressed",
            SubscriberStatus::Active => "active",
            SubscriberStatus::Unsubscribed => "unsubscribed",
        };
        let name = one.name.as_deref().unwrap_or_default();
        let language = one.language.as_ref().map_or("", Language::as_str);
        let since = one.since.to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
        writer
            .write_record([&*neutral(&one.address), &*neutral(name), language, status, &since])
            .map_err(|cause| failed(&cause))?;
    }
    writer.into_inner().map_err(|cause| failed(&cause))
}

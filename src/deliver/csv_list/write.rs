//! Writing a list, so that no spreadsheet takes a field for a formula.

use std::borrow::Cow;

use csv::Writer;

use crate::error::{Error, ErrorKind, Result};
use crate::model::{Language, Subscriber, SubscriberStatus};

/// What a spreadsheet would take for a formula begins with one of these.
pub(super) const FORMULA: [char; 4] = ['=', '+', '-', '@'];

/// Where spreadsheets end a field beside the comma, by the country that they are set to: quotes do not keep them from it.
const ENDS: [char; 2] = [';', '\t'];

/// A field that no spreadsheet takes for a formula, nor what it cuts off one: an apostrophe makes it text. Where some stand there
/// already, one more does.
fn neutral(field: &str) -> Cow<'_, str> {
    if !field.contains(FORMULA) {
        return Cow::Borrowed(field);
    }
    let mut out = String::with_capacity(field.len() + 1);
    let mut is_begin = true;
    for (at, c) in field.char_indices() {
        if is_begin && c != '"' && field[at..].trim_start_matches('\'').starts_with(FORMULA) {
            out.push('\'');
        }
        out.push(c);
        is_begin = begins_after(is_begin, c);
    }
    Cow::Owned(out)
}

/// The field without the apostrophes that [`neutral`] put into it.
pub(super) fn plain(field: &str) -> Cow<'_, str> {
    if !field.contains('\'') {
        return Cow::Borrowed(field);
    }
    let mut out = String::with_capacity(field.len());
    let mut is_begin = true;
    for (at, c) in field.char_indices() {
        let rest = field[at..].strip_prefix('\'').filter(|_| is_begin);
        if rest.is_none_or(|rest| !rest.trim_start_matches('\'').starts_with(FORMULA)) {
            out.push(c);
        }
        is_begin = begins_after(is_begin, c);
    }
    Cow::Owned(out)
}

/// Whether a cell of a spreadsheet may begin after this sign; quotes around it are taken away.
fn begins_after(is_begin: bool, c: char) -> bool {
    ENDS.contains(&c) || is_begin && c == '"'
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

//! A change that is still to come.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::identify::is_public;
use super::post::Named;
use crate::collect::dates::believed;
use crate::collect::front::find;
use crate::error::{Place, Warning};

/// How front matter calls the day of the last change.
const KEYS: [&str; 4] = ["updated", "lastmod", "last_modified_at", "modified"];

/// Takes away a date of change that is still to come: it counts once it has come, as that of a scheduled post does. Says so of
/// what is public.
pub(super) fn wait_for_change(named: &mut Named, zone: Tz, now: DateTime<Utc>) {
    let is_to_come = |at: DateTime<Utc>| believed(Some(at), now).is_none();
    let updated = named.draft.front.updated.take_if(|written| is_to_come(written.instant(zone)));
    let Some(written) = updated.filter(|_| is_public(named, now)) else { return };
    let draft = &mut named.draft;
    let found = KEYS.iter().find_map(|key| Some((*key, find(&draft.front.data, key)?)));
    let (key, place) = match found {
        Some((key, node)) => (key, Place::at(&draft.file, node.line, node.column)),
        None => (KEYS[0], Place::file(&draft.file)),
    };
    let message = format!("`{key}` says {}, which is still to come; it does not count before", written.date);
    draft.warnings.push(Warning::new(message).at(place));
}

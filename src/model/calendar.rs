//! Calendars: what a month and a year are.

use serde::{Deserialize, Serialize};

/// The calendar that a series counts its months and years by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Calendar {
    /// ISO 8601's calendar.
    #[default]
    Gregorian,
    /// The solar Hijri calendar of Iran.
    Persian,
    /// The tabular Islamic calendar (civil epoch), so that every machine counts the same.
    Islamic,
}

/// A day as a calendar names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct CalendarDate {
    /// The year of the calendar's era.
    pub year: i32,
    /// From 1.
    pub month: u8,
    /// From 1.
    pub day: u8,
}

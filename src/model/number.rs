//! Issue numbers and how they are written.

use serde::{Deserialize, Serialize};

/// How labels are made from ordinals.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Numbering {
    /// The number of the issue with ordinal 1.
    pub first_number: u64,
    /// Whether the count starts again with each year of the series' calendar (the year in which the window begins).
    pub restart_yearly: bool,
    /// The volume of the first issue's year, where volumes are counted (one volume a year).
    pub first_volume: Option<u64>,
    /// How the label is written: `{number}`, `{year}`, `{month}`, `{volume}`, `{number:3}` (padded with zeroes).
    pub label: String,
}

impl Default for Numbering {
    fn default() -> Self {
        Self { first_number: 1, restart_yearly: false, first_volume: None, label: "{number}".to_owned() }
    }
}

/// The number of one issue: given once, never changed once frozen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Number {
    /// The number that the label shows.
    pub number: u64,
    /// The year of the series' calendar in which the window begins.
    pub year: i32,
    /// The volume, where volumes are counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub volume: Option<u64>,
    /// As printed: "92", "2026/7", "XII.3".
    pub label: String,
}

//! Issue numbers and how they are written.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

/// What a label may show.
const FIELDS: [&str; 4] = ["number", "year", "month", "volume"];

/// Why a label cannot be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabelFault {
    /// What was found.
    pub message: String,
    /// What is allowed.
    pub hint: String,
}

/// How the issues of a series are counted, and how their labels are made. Ordinals say nothing of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Numbering {
    /// The least number that is counted: in the first year alone where the count starts again with each. An editor's label may
    /// say a lower one.
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

impl Numbering {
    /// Whether the label can be written: every `{…}` names a field, and `{volume}` has a `first_volume`.
    pub fn check(&self) -> Result<(), LabelFault> {
        self.write(|_| Some(1)).map(drop)
    }

    /// Writes the label, asking `value` for each field.
    pub fn write(&self, value: impl Fn(&str) -> Option<u64>) -> Result<String, LabelFault> {
        let fault = |message: String, hint: &str| LabelFault { message, hint: hint.to_owned() };
        let mut written = String::new();
        let mut rest = self.label.as_str();
        while let Some((before, after)) = rest.split_once('{') {
            let (field, after) = after.split_once('}').ok_or_else(|| {
                fault(format!("the label `{}` has a `{{` without `}}`", self.label), "a field is like `{number}`")
            })?;
            let (name, width) = field.split_once(':').unwrap_or((field, "0"));
            if !FIELDS.contains(&name) {
                let allowed = "allowed: `{number}`, `{year}`, `{month}`, `{volume}`";
                return Err(fault(format!("the label `{}` asks for `{name}`", self.label), allowed));
            }
            let width: usize = width.parse().ok().filter(|width| *width <= 12).ok_or_else(|| {
                let message = format!("`{width}` in the label `{}` is not a width", self.label);
                fault(message, "a width is a number up to 12, as in `{number:3}`")
            })?;
            if name == "volume" && self.first_volume.is_none() {
                let message = "the label asks for a volume, but volumes are not counted".to_owned();
                return Err(fault(message, "set `first_volume`"));
            }
            written.push_str(before);
            let _ = write!(written, "{:0width$}", value(name).unwrap_or_default());
            rest = after;
        }
        Ok(written + rest)
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

//! closed.json: the windows of a series that closed without a post and used no number.
//!
//! An issue tells by its own window what was decided; a window without one needs a line here. What is closed stays
//! closed: a post that turns up for it later goes into the next issue, marked late. A line that no run has told of yet,
//! because the one that wrote it was killed, is told by the next one.

use std::path::Path;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind, Place, Result};
use crate::model::Window;

/// The format of closed.json that this version writes.
const FORMAT: u32 = 1;

/// Windows in a row that closed without a post.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closed {
    /// From the first to the last of them.
    #[serde(flatten)]
    pub window: Window,
    /// How many they are.
    pub windows: u32,
    /// The run that closed them.
    pub at: DateTime<Utc>,
    /// Whether a run that came to its end has told of them.
    #[serde(default = "told", skip_serializing_if = "Clone::clone")]
    pub told: bool,
}

fn told() -> bool {
    true
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: u32,
    closed: Vec<Closed>,
}

/// The end of the last window that was closed.
#[must_use]
pub fn until(closed: &[Closed]) -> Option<DateTime<Utc>> {
    closed.iter().map(|closed| closed.window.until).max()
}

/// The text of closed.json.
pub fn write(closed: &[Closed]) -> Result<String> {
    serde_json::to_string_pretty(&File { format: FORMAT, closed: closed.to_vec() })
        .map(|text| text + "\n")
        .map_err(|cause| Error::new(ErrorKind::State, format!("closed windows cannot be written as JSON: {cause}")))
}

/// Reads the text of a closed.json. One that cannot be understood is an error of kind `Input`: without it windows that
/// were told as empty would be decided again.
pub fn read(text: &str, file: &Path) -> Result<Vec<Closed>> {
    let hint = "bring it back from a backup; without it, windows told as empty are decided again";
    let read: File = serde_json::from_str(text).map_err(|cause| {
        let message = cause.to_string();
        let message = message.split(" at line ").next().unwrap_or_default();
        Error::new(ErrorKind::Input, format!("this does not tell which windows were closed: {message}"))
            .at(Place::at(file, cause.line().max(1), cause.column().max(1)))
            .hint(hint)
    })?;
    if read.format > FORMAT {
        return Err(Error::new(ErrorKind::Input, format!("closed windows are told in format {}", read.format))
            .at(Place::file(file))
            .hint(format!("this version of masthead reads formats up to {FORMAT}; use a newer one")));
    }
    Ok(read.closed)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Closed, read, until, write};
    use crate::assemble::fixture::at;
    use crate::model::Window;

    #[test]
    fn what_is_written_is_read_back() {
        let window = Window { since: at("2026-05-01T00:00:00Z"), until: at("2026-07-01T00:00:00Z") };
        let closed = Closed { window, windows: 2, at: at("2026-07-02T08:00:00Z"), told: true };
        let closed = [closed, Closed { told: false, ..closed }];
        let text = write(&closed).unwrap();
        assert_eq!(text.matches("told").count(), 1);
        assert_eq!(read(&text, Path::new("closed.json")).unwrap(), closed);
        assert_eq!((until(&closed), until(&[])), (Some(window.until), None));
    }

    #[test]
    fn what_cannot_be_read_says_why() {
        let complaint = |text: &str| read(text, Path::new("closed.json")).unwrap_err().to_string();
        assert!(complaint("{").starts_with("closed.json:1:1: this does not tell which windows were closed: EOF"));
        assert!(
            complaint("{\"format\": 9, \"closed\": []}")
                .starts_with("closed.json: closed windows are told in format 9")
        );
    }
}

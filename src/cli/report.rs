//! How a run says what it did: text for people, one JSON object for programs.

use std::fmt::Write as _;
use std::io::{IsTerminal as _, Write as _};
use std::process::ExitCode;

use serde_json::{Map, Value, json};

use super::session::Session;
use crate::error::{Error, Result, Warning};

/// How many warnings are told without `-v`.
const TOLD: usize = 20;
/// The exit code for warnings under `--strict`.
const STRICT: u8 = 3;

/// What a verb has to say.
#[derive(Debug, Default)]
pub(super) struct Report {
    /// For people.
    pub(super) text: String,
    /// For programs; the warnings are added.
    pub(super) json: Map<String, Value>,
    /// Printed as it is, whatever the options: completions, a CSV export.
    pub(super) raw: bool,
}

impl Report {
    /// A report in words, and in JSON the same under `message`.
    pub(super) fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        let json = [("message".to_owned(), Value::String(text.trim_end().to_owned()))].into_iter().collect();
        Self { text, json, raw: false }
    }

    /// Output that is itself the result.
    pub(super) fn raw(text: impl Into<String>) -> Self {
        Self { text: text.into(), json: Map::new(), raw: true }
    }

    /// Adds a line.
    pub(super) fn line(&mut self, line: impl AsRef<str>) {
        let _ = writeln!(self.text, "{}", line.as_ref());
    }

    /// Sets a key of the JSON object.
    pub(super) fn set(&mut self, key: &str, value: impl Into<Value>) {
        self.json.insert(key.to_owned(), value.into());
    }
}

/// "1 article", "2 articles".
pub(super) fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

/// Prints what a run did and says with which code to leave.
pub(super) fn finish(session: &Session, done: Result<Report>) -> ExitCode {
    session.quieten();
    let mut warnings = session.warnings.clone();
    let mut seen = std::collections::HashSet::new();
    warnings.retain(|warning| seen.insert(warning.clone()));
    tell_warnings(session, &warnings);
    match done {
        Ok(report) => {
            print(session, report, &warnings);
            if session.global.strict && !warnings.is_empty() { ExitCode::from(STRICT) } else { ExitCode::SUCCESS }
        }
        Err(error) => {
            tell(&format!("{} {error}", paint("error:", "1;31")));
            if session.global.json {
                out(&format!("{}\n", json!({ "error": in_json(&error), "warnings": warnings })));
            }
            ExitCode::from(error.kind().exit_code())
        }
    }
}

fn print(session: &Session, report: Report, warnings: &[Warning]) {
    if report.raw {
        out(&report.text);
    } else if session.global.json {
        let mut object = report.json;
        object.insert("warnings".to_owned(), json!(warnings));
        out(&format!("{}\n", Value::Object(object)));
    } else if !session.global.quiet {
        out(&report.text);
    }
}

fn tell_warnings(session: &Session, warnings: &[Warning]) {
    if session.global.quiet || session.global.json {
        return;
    }
    let told = if session.global.verbose { warnings.len() } else { TOLD.min(warnings.len()) };
    for warning in &warnings[..told] {
        tell(&format!("{} {warning}", paint("warning:", "1;33")));
    }
    if told < warnings.len() {
        tell(&format!("and {} more warnings; -v tells them all", warnings.len() - told));
    }
}

fn in_json(error: &Error) -> Value {
    json!({
        "kind": format!("{:?}", error.kind()).to_lowercase(),
        "message": error.message(),
        "place": error.place(),
        "hints": error.hints(),
    })
}

/// Colours a word where a terminal reads it and `NO_COLOR` does not forbid it.
fn paint(word: &str, code: &str) -> String {
    let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    if !plain && std::io::stderr().is_terminal() { format!("\u{1b}[{code}m{word}\u{1b}[0m") } else { word.to_owned() }
}

/// To standard error. A reader that has gone away is no reason to fail.
fn tell(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// To standard output. A reader that has gone away (`masthead man | head`) is no reason to fail.
fn out(text: &str) {
    let _ = std::io::stdout().write_all(text.as_bytes());
}

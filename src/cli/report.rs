//! How a run says what it did: text for people, one JSON object for programs.

use std::collections::HashSet;
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
    let warnings = each_once(&session.warnings);
    // What a run fails for is told even to those who want to hear little.
    tell_warnings(session, &warnings, session.told, session.global.strict);
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

/// Each warning once, where it was met first: two series may meet the same fault.
fn each_once(warnings: &[Warning]) -> Vec<Warning> {
    let mut seen = HashSet::new();
    warnings.iter().filter(|warning| seen.insert(*warning)).cloned().collect()
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

/// Tells what there is to warn of so far, before something is kept that would hide it from the next run.
pub(super) fn tell_now(session: &mut Session) {
    let warnings = each_once(&session.warnings);
    session.quieten_while(|session| tell_warnings(session, &warnings, session.told, false));
    session.told = warnings.len();
}

/// Tells the warnings, of which the first `told` are told already.
fn tell_warnings(session: &Session, warnings: &[Warning], told: usize, even_if_quiet: bool) {
    if session.global.json || (session.global.quiet && !even_if_quiet) {
        return;
    }
    let most = if session.global.verbose { usize::MAX } else { TOLD };
    let last = most.min(warnings.len());
    for warning in warnings.get(told.min(last)..last).unwrap_or_default() {
        tell(&format!("{} {warning}", paint("warning:", "1;33")));
    }
    let rest = warnings.len().saturating_sub(last.max(told));
    if rest > 0 {
        tell(&format!("and {rest} more warnings; -v tells them all"));
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

#[cfg(test)]
mod tests {
    use super::{counted, each_once};
    use crate::error::{Place, Warning};

    #[test]
    fn a_warning_is_told_once_where_it_was_met_first() {
        let gone = || Warning::new("a picture is gone").at(Place::at("posts/a.md", 3, 1));
        let elsewhere = Warning::new("a picture is gone").at(Place::at("posts/a.md", 4, 1));
        assert_eq!(each_once(&[gone(), elsewhere.clone(), gone()]), [gone(), elsewhere]);
    }

    #[test]
    fn one_is_not_many() {
        assert_eq!((counted(1, "post"), counted(0, "post")), ("1 post".to_owned(), "0 posts".to_owned()));
    }
}

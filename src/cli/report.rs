//! How a run says what it did: text for people, one JSON object for programs.

use std::collections::{BTreeMap, HashSet};
use std::fmt::Write as _;
use std::io::{IsTerminal as _, Write as _};
use std::path::Path;
use std::process::ExitCode;

use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Value, json};

use super::args::Global;
use super::brief::{Brief, brief};
use super::session::Session;
use crate::error::{Error, Result, Warning};
use crate::model::shell_word;

/// How many warnings are told without `-v`.
const TOLD: usize = 20;
/// The exit code for warnings under `--strict`.
const STRICT: u8 = 3;
/// The exit code by which a mail server knows that it is to hand a message over again later (`EX_TEMPFAIL` of sysexits.h).
const TRY_AGAIN: u8 = 75;

/// What a verb has to say.
#[derive(Debug, Default)]
pub(super) struct Report {
    /// For people.
    pub(super) text: String,
    /// For programs; the warnings are added.
    json: BTreeMap<String, Box<RawValue>>,
    /// Of the text, what no later run says again: even a quiet one says it, to standard error.
    pub(super) once: Vec<String>,
    /// Printed as it is, whatever the options: completions, a CSV export.
    pub(super) raw: bool,
    /// What was not achieved: told at the end, and the code to leave with.
    pub(super) failure: Option<Error>,
}

impl Report {
    /// A report in words, and in JSON the same under `message`.
    pub(super) fn text(text: impl Into<String>) -> Self {
        let mut report = Self { text: text.into(), ..Self::default() };
        let message = report.text.trim_end().to_owned();
        report.set("message", message);
        report
    }

    /// Output that is itself the result.
    pub(super) fn raw(text: impl Into<String>) -> Self {
        Self { text: text.into(), raw: true, ..Self::default() }
    }

    /// Adds a line.
    pub(super) fn line(&mut self, line: impl AsRef<str>) {
        let _ = writeln!(self.text, "{}", line.as_ref());
    }

    /// Adds a line that no later run says again.
    pub(super) fn line_once(&mut self, line: impl Into<String>) {
        let line = line.into();
        self.line(&line);
        self.once.push(line);
    }

    /// Sets a key of the JSON object. The value is written at once: of a long list that takes a tenth of the room.
    pub(super) fn set(&mut self, key: &str, value: impl Serialize) {
        let written = to_raw_value(&value).unwrap_or_else(|_| RawValue::NULL.to_owned());
        self.json.insert(key.to_owned(), written);
    }
}

/// A path as a shell takes it for one word.
pub(super) fn quoted(path: &Path) -> String {
    shell_word(&path.display().to_string()).into_owned()
}

/// "1 article", "2 articles".
pub(super) fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

/// Prints what a run did, does what is to be done once it was said, and says with which code to leave.
pub(super) fn finish(session: &mut Session, done: Result<Report>) -> ExitCode {
    session.quieten();
    session.warnings.extend(session.taken_off.drain(..).map(|line| Warning::new(line).once()));
    let warnings = each_once(&session.warnings);
    // What a run fails for is told even to those who want to hear little.
    tell_warnings(session, warnings.get(session.told..).unwrap_or_default(), session.global.strict);
    match done {
        Ok(mut report) => {
            let failure = report.failure.take();
            if let Some(error) = &failure {
                report.set("error", in_json(error));
            }
            if print(session, report, &warnings)
                && let Err(error) = session.after_report()
            {
                return fail(session, &error, &[]);
            }
            if let Some(error) = failure {
                tell_error(&error);
                return code(session, &error);
            }
            if session.global.strict && !warnings.is_empty() { ExitCode::from(STRICT) } else { ExitCode::SUCCESS }
        }
        Err(error) => fail(session, &error, &warnings),
    }
}

fn fail(session: &Session, error: &Error, warnings: &[Warning]) -> ExitCode {
    tell(&format!("{} {error}", paint("error:", "1;31")));
    if session.global.json {
        out(&format!("{}\n", json!({ "error": in_json(error), "warnings": warnings })));
    }
    code(session, error)
}

/// With which code a run leaves that failed: a message that was handed over is lost unless whoever did so tries again. No
/// failure is the message's own, and an editor mends a configuration as well.
fn code(session: &Session, error: &Error) -> ExitCode {
    ExitCode::from(if session.is_handed_over { TRY_AGAIN } else { error.kind().exit_code() })
}

/// Each warning once, where it was met first: two series may meet the same fault.
fn each_once(warnings: &[Warning]) -> Vec<Warning> {
    let mut seen = HashSet::new();
    warnings.iter().filter(|warning| seen.insert(*warning)).cloned().collect()
}

/// Whether what there was to say could be said.
fn print(session: &Session, mut report: Report, warnings: &[Warning]) -> bool {
    if report.raw {
        out(&report.text)
    } else if session.global.json {
        report.set("warnings", warnings);
        let object = to_raw_value(&report.json).unwrap_or_else(|_| RawValue::NULL.to_owned());
        out(&format!("{object}\n"))
    } else if !session.global.quiet {
        out(&report.text)
    } else {
        report.once.iter().all(|line| tell(line))
    }
}

/// Tells what there is to warn of so far, before something is kept that would hide it from the next run; each warning
/// once, however long a run goes on.
pub(super) fn tell_now(session: &mut Session) {
    session.warnings = each_once(&session.warnings);
    let untold = session.warnings.get(session.told..).unwrap_or_default();
    let mut lines = 0;
    session.quieten_while(|session| lines = tell_warnings(session, untold, false));
    session.lines_told += lines;
    session.told = session.warnings.len();
}

/// Tells warnings: every one with `-v`, else in short, those of posts and feeds last. A quiet run tells those that no later one
/// will. Returns how many were told.
fn tell_warnings(session: &Session, untold: &[Warning], even_if_quiet: bool) -> usize {
    let tell_one = |warning: &Warning| tell(&format!("{} {warning}", paint("warning:", "1;33")));
    if session.global.json {
        return 0;
    }
    if session.global.quiet && !even_if_quiet {
        for warning in untold.iter().filter(|warning| warning.once) {
            tell_one(warning);
        }
        return 0;
    }
    if session.global.verbose {
        for warning in untold {
            tell_one(warning);
        }
        return untold.len();
    }
    let Brief { warnings, is_shorter } = brief(untold, |warning| session.is_of_posts(warning));
    let told = warnings.len().min(TOLD.saturating_sub(session.lines_told));
    for warning in &warnings[..told] {
        tell_one(warning);
    }
    match warnings.len() - told {
        0 if is_shorter => {
            tell("-v tells each by its place");
        }
        0 => {}
        rest => {
            tell(&format!("and {rest} more warnings; -v tells them all"));
        }
    }
    told
}

/// Says something at once, for a verb that goes on for long: a line for people, or an object for programs.
pub(super) fn say_now(global: &Global, line: &str, object: &Value) {
    if global.json {
        out(&format!("{object}\n"));
    } else if !global.quiet {
        out(&format!("{line}\n"));
    }
}

/// Tells an error that does not end the run.
pub(super) fn tell_error(error: &Error) {
    tell(&format!("{} {error}", paint("error:", "1;31")));
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

/// To standard error; says whether it arrived. A reader that has gone away is no reason to fail.
fn tell(line: &str) -> bool {
    writeln!(std::io::stderr(), "{line}").is_ok()
}

/// To standard output; says whether it arrived. A reader that has gone away (`masthead man | head`) is no reason to fail.
fn out(text: &str) -> bool {
    let mut out = std::io::stdout();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).is_ok()
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

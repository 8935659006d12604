//! `masthead doctor`: the faults of what surrounds a publication. Nothing is published, queued or sent.

mod machine;
mod network;

use serde_json::{Value, json};

use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::error::{Error, Result, Warning};

/// What was looked at, and what was found.
#[derive(Debug, Default)]
struct Examination {
    rows: Vec<(&'static str, String, bool)>,
    faults: Vec<Warning>,
}

impl Examination {
    /// Notes what is as it should be.
    fn well(&mut self, what: &'static str, verdict: impl Into<String>) {
        self.rows.push((what, verdict.into(), true));
    }

    /// Notes what is not, in short; the fault says the rest.
    fn ill(&mut self, what: &'static str, verdict: impl Into<String>, fault: Warning) {
        self.rows.push((what, verdict.into(), false));
        self.faults.push(fault);
    }

    /// The same, of an error.
    fn failed(&mut self, what: &'static str, verdict: impl Into<String>, error: Error) {
        self.ill(what, verdict, error.into_warning());
    }
}

/// Looks at the machine first, then at what it reaches.
pub(super) fn run(session: &mut Session) -> Result<Report> {
    let config = session.config()?;
    let mut seen = Examination::default();
    machine::examine(session, &config, &mut seen);
    network::examine(session, &config, &mut seen);
    let mut report = Report::default();
    let width = seen.rows.iter().map(|(what, ..)| what.len()).max().unwrap_or_default();
    for (what, verdict, _) in &seen.rows {
        report.line(format!("{what:width$}  {verdict}"));
    }
    report.line(match seen.faults.len() {
        0 => "no fault was found".to_owned(),
        1 => "1 warning".to_owned(),
        count => format!("{count} warnings"),
    });
    let rows = seen.rows.iter().map(|(what, verdict, well)| json!({ "what": what, "verdict": verdict, "well": well }));
    report.set("examined", Value::Array(rows.collect()));
    session.warnings.extend(seen.faults);
    Ok(report)
}

//! `masthead deliver`: sends what is due of all campaigns.

use std::time::Duration;

use serde_json::{Value, json};

use crate::cli::lock::Lock;
use crate::cli::report::{Report, counted};
use crate::cli::sending::{Delivered, PostOffice};
use crate::cli::session::Session;
use crate::config::{Config, Transport};
use crate::error::{ErrorKind, Result, Warning};
use crate::model::Recovered;

/// How often a watching run looks for campaigns that were queued, resumed or resolved meanwhile.
const LOOK_UP: Duration = Duration::from_secs(5);

/// Sends what is due; with `watch` until nothing is due any more, now or later.
pub(super) fn run(session: &mut Session, watch: bool) -> Result<Report> {
    let config = session.config()?;
    let mut office = PostOffice::open(session, &config)?;
    warn_of_recovered(session, office.recovered);
    let mut all = office.deliver(session, &config)?;
    while let Some(next) = if watch { office.next_due()? } else { None } {
        let wait = (next - office.now()).to_std().unwrap_or(Duration::from_millis(200));
        session.progress(format!("waiting until {}", next.format("%Y-%m-%d %H:%M:%SZ")));
        std::thread::sleep(wait.min(LOOK_UP));
        for one in office.deliver(session, &config)? {
            match all.iter_mut().find(|earlier| earlier.issue == one.issue) {
                Some(earlier) => add(earlier, &one),
                None => all.push(one),
            }
        }
    }
    let mut report = Report::default();
    if all.is_empty() {
        report.line("nothing is due");
    }
    tell(&mut report, &all);
    report.set("recovered", json!({"returned": office.recovered.returned, "ambiguous": office.recovered.ambiguous}));
    Ok(report)
}

fn add(earlier: &mut Delivered, later: &Delivered) {
    let (sum, more) = (&mut earlier.summary, &later.summary);
    sum.sent += more.sent;
    sum.deferred += more.deferred;
    sum.failed += more.failed;
    sum.suppressed += more.suppressed;
    sum.ambiguous += more.ambiguous;
    sum.stopped.clone_from(&more.stopped);
}

/// The same as a part of another verb. Where another process sends, that one sends this too. The publication's lock is
/// let go of while there is something to send, which may take hours; it is given back where there was nothing.
pub(super) fn due(session: &mut Session, config: &Config, lock: Lock) -> Result<(Vec<Delivered>, Option<Lock>)> {
    if config.mail.transport == Transport::File {
        return Ok((Vec::new(), Some(lock)));
    }
    match PostOffice::open(session, config) {
        Ok(mut office) => {
            warn_of_recovered(session, office.recovered);
            if !office.has_due()? {
                return Ok((Vec::new(), Some(lock)));
            }
            drop(lock);
            Ok((office.deliver(session, config)?, None))
        }
        Err(error) if error.kind() == ErrorKind::Busy => Ok((Vec::new(), Some(lock))),
        Err(error) => Err(error),
    }
}

fn warn_of_recovered(session: &mut Session, recovered: Recovered) {
    if recovered.ambiguous > 0 {
        session.warnings.push(
            Warning::new(format!(
                "a run ended while {} being handed over: nobody knows whether {} arrived",
                if recovered.ambiguous == 1 {
                    "1 message was".to_owned()
                } else {
                    format!("{} messages were", recovered.ambiguous)
                },
                if recovered.ambiguous == 1 { "it" } else { "they" },
            ))
            .hint("`masthead status` counts them; `masthead resolve SERIES NUMBER` lists and settles them")
            .once(),
        );
    }
}

/// Tells what was sent.
pub(super) fn tell(report: &mut Report, delivered: &[Delivered]) {
    let mut rows = Vec::new();
    for Delivered { issue, summary } in delivered {
        let mut line = format!("{issue}: {} sent", counted(summary.sent as usize, "message"));
        for (count, what) in [
            (summary.deferred, "to be tried again"),
            (summary.failed, "refused"),
            (summary.ambiguous, "unknown: see `masthead resolve`"),
        ] {
            if count > 0 {
                line.push_str(&[", ", &count.to_string(), " ", what].concat());
            }
        }
        report.line(line);
        if summary.suppressed > 0 {
            let addresses = if summary.suppressed == 1 { "address takes" } else { "addresses take" };
            report.line(format!("  {} {addresses} no mail: nothing is sent there any more", summary.suppressed));
        }
        rows.push(json!({
            "issue": issue.to_string(), "sent": summary.sent, "deferred": summary.deferred,
            "failed": summary.failed, "suppressed": summary.suppressed, "ambiguous": summary.ambiguous, "stopped": summary.stopped.is_some(),
        }));
    }
    report.set("delivered", Value::Array(rows));
}

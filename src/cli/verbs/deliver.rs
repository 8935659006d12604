//! `masthead deliver`: sends what is due of all campaigns.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::assemble::window::shown_second;
use crate::cli::lists;
use crate::cli::lock::Lock;
use crate::cli::mailing;
use crate::cli::report::{self, Report, counted};
use crate::cli::sending::{self, Delivered, Ending, PostOffice, Round};
use crate::cli::session::Session;
use crate::config::{Config, Transport};
use crate::error::{Error, ErrorKind, Result, Warning};
use crate::model::{Campaign, CampaignState, IssueKey, Recovered};

/// How often a watching run looks for campaigns that were queued, resumed or resolved meanwhile.
const LOOK_UP: Duration = Duration::from_secs(5);
/// How long it rests when no relay can be used or the store is away: each time twice as long, up to this.
const LONGEST_REST: Duration = Duration::from_secs(2 * 60);

/// Sends what is due; with `watch` also what will be, until the process is told to end.
pub(super) fn run(session: &mut Session, watch: bool) -> Result<Report> {
    let config = session.config()?;
    if !watch {
        // Also where a service sends: it takes them up.
        mailing::let_go(&config, session.now)?;
    }
    if config.mail.transport == Transport::File {
        return files(session, &config, watch);
    }
    let ending = Ending::listen()?;
    let mut office = match open(session, config, &ending, watch) {
        Ok(Some(office)) => office,
        Ok(None) => return Ok(Report::default()),
        // A timer comes again; what is due meanwhile the run that is at work takes with it.
        Err(error) if error.kind() == ErrorKind::Busy && session.global.quiet => return Ok(Report::default()),
        Err(error) => return Err(error),
    };
    let mut told = Recovered::default();
    let mut all = Round::default();
    let mut rest = LOOK_UP;
    loop {
        session.now = office.now();
        let (mut round, is_held_up) = round(session, &mut office);
        let (in_vain, refused) = (round.is_in_vain(), round.refused());
        round.faults.splice(0..0, in_doubt(&mut told, office.recovered));
        round.delivered.into_iter().for_each(|one| all.add(one));
        if watch {
            // A service is quiet, and nobody else says what stopped a campaign.
            session.warnings.extend(round.faults.into_iter().map(|fault| fault.into_warning().once()));
        } else {
            all.faults.extend(round.faults);
        }
        if session.global.quiet || watch {
            // A store that failed is told of by the round.
            let _ = tell_paused(session, &mut office, &refused);
        }
        if !watch || ending.is_asked() {
            break;
        }
        report::tell_now(session);
        if is_held_up {
            ending.wait(LOOK_UP);
        } else if in_vain {
            wait_in_vain(session, &office, &ending, rest);
        } else {
            ending.wait(until_next(session, &mut office));
        }
        rest = if in_vain { (rest * 2).min(LONGEST_REST) } else { LOOK_UP };
        if ending.is_asked() {
            break;
        }
    }
    let mut report = Report::default();
    lists::tell_taken_off(session, &mut report);
    if all.delivered.is_empty() && all.faults.is_empty() {
        report.line(if watch { "nothing was due" } else { "nothing is due" });
        for (issue, held) in office.held_elsewhere()? {
            report.line(format!(
                "{issue}: {} in the hands of another machine, or of one that is gone; of one that is gone they are due ten \
                 minutes after its last sign of life",
                counted(held as usize, "message")
            ));
        }
    }
    tell(&mut report, &all.delivered);
    // Of those that this run sent, it has said why they stopped.
    for campaign in office.paused().unwrap_or_default() {
        if !all.delivered.iter().any(|one| one.issue == campaign.issue) {
            report.line(paused(&campaign));
        }
    }
    report.set("recovered", json!({"returned": office.recovered.returned, "ambiguous": office.recovered.ambiguous}));
    fail_with(session, &mut report, all.faults);
    Ok(report)
}

/// Tells of campaigns that go on by themselves no more, once each time that one was paused: a quiet run, and a service, say
/// nothing else of them. Of those that `refused` names, which this run stopped, it says so with its faults.
fn tell_paused(session: &mut Session, office: &mut PostOffice, refused: &[IssueKey]) -> Result<()> {
    let mut said = Vec::new();
    for campaign in office.paused()? {
        let what = format!("paused {} {}", campaign.id, campaign.changed.timestamp());
        if office.was_said(&what)? {
            continue;
        }
        said.push(what);
        if !refused.contains(&campaign.issue) {
            session.warnings.push(Warning::new(paused(&campaign)).once());
        }
    }
    if said.is_empty() {
        return Ok(());
    }
    report::tell_now(session);
    office.keep_said(&said)
}

/// Sends what is due, by the configuration as it is now; also whether nothing goes out until that is mended.
fn round(session: &mut Session, office: &mut PostOffice) -> (Round, bool) {
    if let Err(error) = office.renew(session) {
        return (Round { faults: vec![error], ..Round::default() }, true);
    }
    read_lists(session, office);
    (office.deliver(session), false)
}

/// Rests, unless what is to be mended for it is mended in a file meanwhile.
fn wait_in_vain(session: &Session, office: &PostOffice, ending: &Ending, mut left: Duration) {
    while !left.is_zero() && !ending.is_asked() && !office.is_out_of_date(session) {
        let step = left.min(LOOK_UP);
        ending.wait(step);
        left -= step;
    }
}

/// Reads the files that lists are kept as before anything goes out: who has left them gets nothing. Of machines that share a store each has files of its own, perhaps older ones: there `publish` and `send` read them.
fn read_lists(session: &mut Session, office: &mut PostOffice) {
    // A store that is away is told of by the round.
    if office.is_shared() || !office.has_due().unwrap_or(false) {
        return;
    }
    // Where another run is at work, this one goes on with what is known.
    let config = office.config();
    let Ok(_lock) = Lock::take(&config.root, Duration::ZERO) else { return };
    if let Err(error) = lists::sync_changed(session, &config) {
        session.warnings.push(error.into_warning());
    }
}

/// Completes what was queued and not written.
fn files(session: &mut Session, config: &Config, watch: bool) -> Result<Report> {
    if watch {
        return Err(Error::new(ErrorKind::Usage, "mail goes to files: there is no relay to send it through")
            .hint("without `--watch` it writes the files that are missing; a relay is named by `transport`"));
    }
    let _lock = session.lock(config)?;
    let mut report = Report::default();
    lists::sync(session, config)?;
    lists::tell_taken_off(session, &mut report);
    let written = mailing::complete(session, config)?;
    if written.is_empty() {
        report.line("nothing is due");
    }
    tell_completed(&mut report, &written);
    Ok(report)
}

/// Tells of campaigns of which files were missing.
pub(super) fn tell_completed(report: &mut Report, completed: &[(IssueKey, usize)]) {
    for (issue, messages) in completed {
        report.line(format!("{issue}: {} written to outbox/", counted(*messages, "message")));
    }
    let rows = completed.iter().map(|(issue, messages)| json!({"issue": issue.to_string(), "messages": messages}));
    report.set("completed", Value::Array(rows.collect()));
}

/// Opens; a watching run waits for another one to end, and for a store that is away. `None` when it is told to end before.
fn open(session: &mut Session, mut config: Config, ending: &Ending, watch: bool) -> Result<Option<PostOffice>> {
    loop {
        match PostOffice::open(session, &config, ending) {
            Err(error) if watch && matches!(error.kind(), ErrorKind::Busy | ErrorKind::Store) => {
                // Another run comes to its end; of a store that is away somebody must hear.
                let is_away = error.kind() == ErrorKind::Store;
                let warning = error.into_warning();
                session.warnings.push(if is_away { warning.once() } else { warning });
                report::tell_now(session);
            }
            opened => return opened.map(Some),
        }
        ending.wait(LOOK_UP);
        if ending.is_asked() {
            return Ok(None);
        }
        config = session.config()?;
    }
}

/// How long a watching run waits.
fn until_next(session: &Session, office: &mut PostOffice) -> Duration {
    // A store that does not answer is told of when it is asked for what is due.
    let next = office.next_due().ok().flatten();
    session.progress(match next {
        Some(next) => format!("waiting until {}", shown_second(next, office.config().publication.time_zone)),
        None => "waiting for a campaign".to_owned(),
    });
    let wait = next.map_or(LOOK_UP, |next| (next - office.now()).to_std().unwrap_or_default());
    wait.clamp(Duration::from_millis(200), LOOK_UP)
}

/// What is said of a campaign that goes on by itself no more.
pub(super) fn paused(campaign: &Campaign) -> String {
    format!("{} is paused: {}", campaign.issue, mailing::rests(campaign))
}

/// What is said of a campaign that `publish --hold-mail` queued and nobody has sent.
pub(super) fn held_back(config: &Config, campaign: &Campaign) -> String {
    format!("{} is {}", campaign.issue, mailing::held_since(campaign.queued, config.publication.time_zone))
}

/// How long a message may be late before it is told: a rate may hold it up for hours.
const LATE: TimeDelta = TimeDelta::days(2);

/// What is said of a campaign that nobody goes on with. `due`: when its next message is.
pub(super) fn overdue(
    config: &Config,
    campaign: &Campaign,
    due: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Option<Warning> {
    let due = due.filter(|due| campaign.state == CampaignState::Running && now - *due > LATE)?;
    let due = shown_second(due, config.publication.time_zone);
    let message = format!("{} has messages that were due at {due}", campaign.issue);
    Some(Warning::new(message).hint("`masthead deliver` sends them; a timer has to run it"))
}

/// The first of what went wrong is what the run fails for, and the others are warnings.
pub(super) fn fail_with(session: &mut Session, report: &mut Report, faults: Vec<Error>) {
    let mut faults = faults.into_iter();
    report.failure = faults.next();
    session.warnings.extend(faults.map(|fault| fault.into_warning().once()));
}

/// The same as a part of another verb. Where another process sends, that one looks for more once it is done with what it
/// has. The publication's lock is let go of while there is something to send, which may take hours; it is given back where
/// there was nothing.
pub(super) fn due(session: &mut Session, config: &Config, lock: Lock) -> Result<(Round, Option<Lock>)> {
    if config.mail.transport == Transport::File {
        let completed = mailing::complete(session, config)?;
        return Ok((Round { completed, ..Round::default() }, Some(lock)));
    }
    if let Err(fault) = sending::check_relays(config) {
        // What relays ask for is no matter of the site: only mail waits for it.
        let waits = mailing::has_running(config, session.now)?;
        return Ok((Round { faults: waits.then_some(fault).into_iter().collect(), ..Round::default() }, Some(lock)));
    }
    let ending = Ending::listen()?;
    match PostOffice::open(session, config, &ending) {
        Ok(mut office) => {
            let in_doubt = in_doubt(&mut Recovered::default(), office.recovered);
            if !office.has_due()? {
                office.finish_over()?;
                return Ok((Round { faults: in_doubt.into_iter().collect(), ..Round::default() }, Some(lock)));
            }
            drop(lock);
            let mut round = office.deliver(session);
            round.faults.splice(0..0, in_doubt);
            Ok((round, None))
        }
        Err(error) if error.kind() == ErrorKind::Busy => {
            Ok((Round { is_elsewhere: true, ..Round::default() }, Some(lock)))
        }
        Err(error) => Err(error),
    }
}

/// What is wrong where runs that are gone left messages in doubt, beyond what was told.
fn in_doubt(told: &mut Recovered, all: Recovered) -> Option<Error> {
    let count = all.ambiguous - told.ambiguous;
    *told = all;
    let (were, they) = match count {
        0 => return None,
        1 => ("1 message was".to_owned(), "it"),
        many => (format!("{many} messages were"), "they"),
    };
    let message = format!("a run ended while {were} being handed over: nobody knows whether {they} arrived");
    let hint = "`masthead status` counts them; `masthead resolve SERIES NUMBER` lists and settles them";
    Some(Error::new(ErrorKind::State, message).hint(hint))
}

/// Tells what was sent.
pub(super) fn tell(report: &mut Report, delivered: &[Delivered]) {
    let mut rows = Vec::new();
    for Delivered { issue, summary, ended } in delivered {
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
        if let Some(ended) = ended {
            report.line(format!("  {ended}"));
        } else if summary.deferred > 0 && summary.stopped.is_none() {
            report.line("  `masthead deliver` tries those again, once they are due");
        }
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

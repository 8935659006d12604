//! `masthead pause`, `resume`, `cancel` and `resolve`: what an operator does to a campaign.
//!
//! None of them takes the publication's lock: they are for moments in which another run is sending.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use serde_json::{Value, json};

use super::issue::find;
use super::subscribers::given;
use crate::assemble::window::shown_second;
use crate::cli::args::{Resolving, Resuming, Which};
use crate::cli::compose::Desk;
use crate::cli::mailing;
use crate::cli::report::{Report, counted};
use crate::cli::session::Session;
use crate::cli::shelf::Shelf;
use crate::config::{Config, Transport};
use crate::error::{Error, ErrorKind, Result};
use crate::model::{Campaign, CampaignState, Change, DeliveryState, History, Issue, Query, Queue as _, Resolution};
use crate::store::{ERASED, Store, is_of_erased};

/// How far ahead a campaign may begin: what is further is a slip, or means that it shall not begin by itself.
const FURTHEST: TimeDelta = TimeDelta::days(3653);

/// Stops a campaign until it is resumed.
pub(super) fn pause(session: &mut Session, which: &Which, reason: Option<&str>) -> Result<Report> {
    // One line, whatever was pasted.
    let words = reason.unwrap_or_default().split(|c: char| c.is_whitespace() || c.is_control());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    let mut reason = if words.is_empty() { "an operator paused it".to_owned() } else { words.join(" ") };
    if Campaign::is_no_relay(&reason) {
        // Those words of our own would let it go on by itself.
        reason.insert_str(0, "an operator paused it: ");
    }
    change(session, which, &Change::Pause(reason), "paused")
}

/// Lets a paused campaign go on, or wait for its time, and a scheduled one begin now, or either begin at another time. Where the
/// issue was amended since it was queued, somebody must say which revision the others get: the later may have been made for
/// their sake.
pub(super) fn resume(session: &mut Session, which: &Which, resuming: &Resuming) -> Result<Report> {
    let config = session.config()?;
    if let Some(at) = resuming.at {
        check_time(session, &config, at)?;
    }
    let mut store = mailing::store(&config)?;
    let campaign = campaign(session, &config, &mut store, which)?;
    let may_go_on = matches!(campaign.state, CampaignState::Paused | CampaignState::Scheduled);
    let issue = issue(session, &config, which)?;
    mailing::refuse_withdrawn(&issue)?;
    let latest = issue.frozen.as_ref().map_or(1, |frozen| frozen.revision);
    let (amended, unamended) = (resuming.amended, resuming.unamended);
    let revision = if !may_go_on || unamended || (latest == campaign.revision && !amended) {
        None
    } else {
        check_amended(session, &config, &mut store, &campaign, latest, amended)?;
        Some(latest)
    };
    let change = match (resuming.at, revision) {
        (Some(starts), revision) => Change::Reschedule { starts, revision },
        (None, Some(latest)) => Change::ResumeAmended(latest),
        (None, None) => Change::Resume,
    };
    self::change(session, which, &change, "running")
}

/// Whether a campaign may begin at this time. An error of kind `Usage`.
pub(super) fn check_time(session: &Session, config: &Config, at: DateTime<Utc>) -> Result<()> {
    if at < session.now {
        let at = shown_second(at, config.publication.time_zone);
        return Err(Error::new(ErrorKind::Usage, format!("the time of `--at`, {at}, is in the past"))
            .hint("leave `--at` out to send it now"));
    }
    if at - session.now > FURTHEST {
        let at = shown_second(at, config.publication.time_zone);
        return Err(Error::new(ErrorKind::Usage, format!("the time of `--at`, {at}, is more than ten years ahead"))
            .hint("`masthead publish --hold-mail` queues what waits until somebody sends it; `masthead pause` stops what is queued"));
    }
    if config.mail.transport == Transport::File && at > session.now {
        return Err(Error::new(ErrorKind::Usage, "`--at` is of no use where mail goes to files")
            .hint("leave it out, or name a relay: `transport = \"smtp://relay.example:587\"`"));
    }
    Ok(())
}

/// Whether a campaign may go on with the revision `latest` of its issue, as `amended` asks.
fn check_amended(
    session: &Session,
    config: &Config,
    store: &mut Store,
    campaign: &Campaign,
    latest: u32,
    amended: bool,
) -> Result<()> {
    let (issue, queued) = (&campaign.issue, campaign.revision);
    if latest == queued {
        return Err(Error::new(ErrorKind::State, format!("{issue} was not amended since it was queued"))
            .hint("without `--amended` it goes on as it is"));
    }
    if !amended {
        return Err(Error::new(
            ErrorKind::State,
            format!("{issue} was queued as revision {queued}, and is revision {latest} by now"),
        )
        .hint("`--amended` sends the later one to whoever has had none yet, `--unamended` goes on as it was"));
    }
    if !Shelf::new(&config.root).is_released(issue, latest) {
        return Err(Error::new(ErrorKind::State, format!("revision {latest} of {issue} is not on the web yet"))
            .hint("`masthead publish` makes it; then resume"));
    }
    let progress = store.progress(campaign.id, session.now)?;
    let held = progress.count(DeliveryState::Leased) + progress.count(DeliveryState::Sending);
    if held > 0 {
        let held = counted(held as usize, "message");
        return Err(Error::new(ErrorKind::State, format!("{held} of {issue} are still being sent as they were"))
            .hint("try again in a moment; what a run that died held is taken back by `masthead deliver`"));
    }
    Ok(())
}

/// An issue as it is now.
fn issue(session: &mut Session, config: &Config, which: &Which) -> Result<Issue> {
    let desk = Desk::open(session, config, &[])?;
    let series = desk.series(&which.series)?;
    let stock = desk.stock(series);
    find(series, &stock.frozen, which).cloned()
}

/// Stops a campaign for good.
pub(super) fn cancel(session: &mut Session, which: &Which) -> Result<Report> {
    change(session, which, &Change::Cancel, "cancelled")
}

fn change(session: &mut Session, which: &Which, change: &Change, what: &str) -> Result<Report> {
    let config = session.config()?;
    let mut store = mailing::store(&config)?;
    let campaign = campaign(session, &config, &mut store, which)?;
    if !store.change(campaign.id, change, session.now)? {
        let state = campaign.state.as_str();
        if let (Change::Reschedule { .. }, false) = (change, mailing::is_over(&campaign)) {
            let message = format!("{} has begun to go out, and cannot begin at another time", campaign.issue);
            let hint = "`masthead status` says how far it is; `masthead pause` stops what is left, and `masthead resume` lets it go on";
            return Err(Error::new(ErrorKind::State, message).hint(hint));
        }
        let error = Error::new(ErrorKind::State, format!("{} is {state}, and cannot be made {what}", campaign.issue));
        return Err(match campaign.state {
            CampaignState::Cancelled => error.hint(
                "a cancelled campaign stays so; where nothing of it was tried, `masthead send` queues its issue anew",
            ),
            CampaignState::Finished => error.hint("everything that could be sent was sent"),
            _ => error,
        });
    }
    let after = mailing::campaign(&mut store, &campaign.issue, session.now)?.unwrap_or(campaign);
    let what = after.state.as_str();
    let mut report = Report::text(format!("{}: {what}\n", after.issue));
    match after.state {
        CampaignState::Running => report.line("`masthead deliver` sends what is due"),
        CampaignState::Scheduled if after.is_held_back() => report.line(mailing::HELD),
        CampaignState::Scheduled => {
            let starts = shown_second(after.starts, config.publication.time_zone);
            report.line(format!(
                "it begins {starts}; `masthead resume` once more begins it now, and with `--at TIME` at another time"
            ));
        }
        _ => {}
    }
    let campaign = after;
    report.set("issue", json!(campaign.issue.to_string()));
    report.set("state", json!(what));
    Ok(report)
}

/// The campaign of the issue that is meant. An error of kind `State` where it was not queued.
pub(super) fn campaign(session: &mut Session, config: &Config, store: &mut Store, which: &Which) -> Result<Campaign> {
    let desk = Desk::open(session, config, &[])?;
    let found = desk.series(&which.series).map(|series| {
        let stock = desk.stock(series);
        let labels: Vec<String> = stock.frozen.iter().map(|issue| issue.number.label.clone()).collect();
        (find(series, &stock.frozen, which).cloned(), labels)
    });
    let (issue, labels) = match found {
        Ok(found) => found,
        Err(error) => (Err(error), Vec::new()),
    };
    match issue {
        Ok(issue) => mailing::campaign(store, &issue.key, session.now)?.ok_or_else(|| {
            Error::new(ErrorKind::State, format!("{} was not sent to anybody", issue.key))
                .hint(format!("`masthead send {}` shows what would go to whom", issue.key.argument()))
        }),
        Err(error) => elsewhere(session, config, store, which, &labels)?.ok_or(error),
    }
}

/// The campaign of an issue whose folder is not at hand, or whose series config.toml does not have any more: the store knows it
/// by its ordinal. A number that is the label of an issue means no other.
fn elsewhere(
    session: &Session,
    config: &Config,
    store: &mut Store,
    which: &Which,
    labels: &[String],
) -> Result<Option<Campaign>> {
    let mut campaigns = store.campaigns(session.now)?;
    campaigns.retain(|campaign| campaign.issue.series == which.series);
    Ok(match &which.number {
        Some(number) if labels.contains(number) => None,
        Some(number) => {
            let ordinal = number.parse::<u64>().ok();
            campaigns.into_iter().find(|campaign| Some(campaign.issue.ordinal) == ordinal)
        }
        // Of a series that there is the newest issue is the newest folder.
        None if config.series(&which.series).is_some() => None,
        None => campaigns.into_iter().max_by_key(|campaign| campaign.issue.ordinal),
    })
}

/// Settles ambiguous deliveries, or has refused ones tried again; or lists them.
pub(super) fn resolve(session: &mut Session, which: &Which, resolving: &Resolving) -> Result<Report> {
    let config = session.config()?;
    let mut store = mailing::store(&config)?;
    let campaign = campaign(session, &config, &mut store, which)?;
    let state = if resolving.refused { DeliveryState::Failed } else { DeliveryState::Ambiguous };
    let address = resolving.recipient.as_deref().map(given).transpose()?;
    let address = address.as_deref();
    let resolution = match (resolving.sent, resolving.failed, resolving.resend) {
        (true, ..) => Resolution::Sent,
        (_, true, _) => Resolution::Failed,
        (.., true) if resolving.refused => Resolution::Retry,
        (.., true) => Resolution::Resend,
        _ => return list(&mut store, &campaign, state, address, config.publication.time_zone),
    };
    if resolving.resend {
        mailing::refuse_withdrawn(&issue(session, &config, which)?)?;
    }
    if resolving.resend && campaign.state == CampaignState::Cancelled {
        return Err(Error::new(
            ErrorKind::State,
            format!("{} is cancelled: nothing of it is sent again", campaign.issue),
        )
        .hint("`--sent` and `--failed` settle what is ambiguous"));
    }
    let resolved = store.resolve(campaign.id, address, resolution, session.now)?;
    if let (Some(address), 0) = (address, resolved) {
        return Err(nothing_of(&mut store, &campaign, state, address)?);
    }
    let what = match (resolution, campaign.state) {
        (Resolution::Sent, _) => "taken as arrived",
        (Resolution::Failed, _) => "taken as not arrived",
        (_, CampaignState::Paused) => "to be sent again, once `masthead resume` lets the campaign go on",
        _ => "to be sent again; `masthead deliver` does",
    };
    let mut report = Report::text(format!("{}: {} {what}\n", campaign.issue, counted(resolved, "message")));
    report.set("resolved", json!(resolved));
    Ok(report)
}

/// Why there was nothing to settle for an address.
fn nothing_of(store: &mut Store, campaign: &Campaign, wanted: DeliveryState, address: &str) -> Result<Error> {
    let query = Query { campaign: Some(campaign.id), address: Some(address.to_owned()), ..Query::default() };
    let found = store.history(&query)?;
    let issue = &campaign.issue;
    Ok(match found.first() {
        None => Error::new(ErrorKind::State, format!("{issue} is not sent to `{address}`"))
            .hint("`masthead status --recipient ADDRESS` says what an address was sent"),
        Some(one) => Error::new(
            ErrorKind::State,
            format!("{issue} to `{address}` is {}, not {}", one.state.as_str(), wanted.as_str()),
        ),
    })
}

/// Whether a delivery failed because an operator said that it did not arrive: no relay stands by that.
fn was_given_up(one: &History) -> bool {
    let last = one.attempts.last().map(|last| &last.reply);
    one.state == DeliveryState::Failed && last.is_some_and(|said| said.relay.is_empty() && said.code.is_none())
}

/// A delivery as it is told of: one to somebody who was erased has neither an address nor a Message-ID.
fn unnamed(mut one: History) -> History {
    if is_of_erased(&one.address) {
        ERASED.clone_into(&mut one.address);
        one.message_id.clear();
    }
    one
}

/// Tells of the deliveries of a campaign that are in this state, of all or of one address.
fn list(
    store: &mut Store,
    campaign: &Campaign,
    state: DeliveryState,
    address: Option<&str>,
    zone: Tz,
) -> Result<Report> {
    let query = Query {
        campaign: Some(campaign.id),
        address: address.map(str::to_owned),
        state: Some(state),
        ..Query::default()
    };
    let mut report = Report::default();
    let mut rows = Vec::new();
    let mut found = store.history(&query)?;
    if state == DeliveryState::Failed {
        // Of whoever was erased since there is no address left to try again, and `--failed` is an answer that stays.
        found.retain(|one| !is_of_erased(&one.address) && (address.is_some() || !was_given_up(one)));
    }
    let erased = found.iter().filter(|one| is_of_erased(&one.address)).count();
    for one in found.into_iter().map(unnamed) {
        let why = one.attempts.last().map_or("", |attempt| attempt.reply.text.as_str());
        let changed = shown_second(one.changed, zone);
        report.line(format!("{}  {changed}  {}  {why}", one.address, one.message_id).trim_end());
        rows.push(json!(one));
    }
    if rows.is_empty() {
        let what = if state == DeliveryState::Failed { "nothing was refused" } else { "nothing is ambiguous" };
        report.line(format!("{}: {what}", campaign.issue));
    } else if state == DeliveryState::Failed {
        report.line("`--refused --resend` tries them again, all or `--recipient ADDRESS`");
    } else {
        if erased < rows.len() {
            report.line("look for these Message-IDs in the relay's log, then say `--sent`, `--failed` or `--resend`");
        }
        if erased > 0 {
            report.line("of people who were erased nothing is left to look for; `--resend` sends them nothing");
        }
    }
    report.set(if state == DeliveryState::Failed { "refused" } else { "ambiguous" }, Value::Array(rows));
    Ok(report)
}

//! `masthead status`: how far campaigns are, and who received what.

use chrono_tz::Tz;
use serde_json::{Value, json};

use super::campaign::campaign;
use crate::assemble::window::shown_second;
use crate::cli::args::Which;
use crate::cli::compose::Desk;
use crate::cli::mailing;
use crate::cli::report::{Report, counted};
use crate::cli::session::Session;
use crate::cli::unmailed::{self, Known, Unmailed};
use crate::config::Config;
use crate::deliver::address;
use crate::error::{Error, ErrorKind, Result, Warning};
use crate::model::{
    Campaign, CampaignState, DeliveryState, History, IssueKey, Progress, Query, Queue as _, Series, SubscriberStatus,
    Suppression,
};
use crate::store::Store;

/// Tells of all campaigns, of those of a series, of one, or of one address.
pub(super) fn run(
    session: &mut Session,
    series: Option<&str>,
    number: Option<&str>,
    recipient: Option<&str>,
) -> Result<Report> {
    let config = session.config()?;
    let mut store = mailing::store(&config)?;
    if let Some(recipient) = recipient {
        return one_address(session, &mut store, recipient, config.publication.time_zone);
    }
    let campaigns = match (series, number) {
        (Some(series), Some(number)) => {
            vec![one(session, &config, &mut store, series, number)?]
        }
        _ => all(session, &config, &mut store, series)?,
    };
    let mut report = Report::default();
    let mut rows = Vec::new();
    for campaign in &campaigns {
        let progress = store.progress(campaign.id, session.now)?;
        tell(&mut report, campaign, &progress, config.publication.time_zone);
        if let Some(line) = mailing::without_series(&config, campaign) {
            report.line(format!("  {line}"));
        }
        rows.push(json!({"campaign": campaign, "progress": progress, "total": progress.total()}));
    }
    if campaigns.is_empty() {
        report.line("nothing was sent yet");
    }
    let unmailed = if number.is_some() {
        Vec::new()
    } else {
        let known = Known::new(&store.campaigns(session.now)?, store.frozen_before()?);
        unmailed(session, &config, series, &known).unwrap_or_else(|error| {
            session.warnings.push(unread(error));
            Vec::new()
        })
    };
    for of_series in &unmailed {
        unmailed::tell(&mut report, of_series);
        unmailed::tell_unknown(&mut report, of_series);
    }
    report.set("unmailed", unmailed::in_json(&unmailed.concat()));
    report.set("campaigns", Value::Array(rows));
    Ok(report)
}

/// The campaign of one issue. Where issues/ cannot be read, that is told, and the issue is known by its ordinal alone.
fn one(session: &mut Session, config: &Config, store: &mut Store, series: &str, number: &str) -> Result<Campaign> {
    let which = Which { series: series.to_owned(), number: Some(number.to_owned()) };
    let error = match campaign(session, config, store, &which) {
        Err(error) if error.kind() == ErrorKind::Io => error,
        found => return found,
    };
    let Ok(ordinal) = number.parse() else { return Err(error) };
    let issue = IssueKey { series: series.to_owned(), ordinal };
    let found = mailing::campaign(store, &issue, session.now)?.ok_or_else(|| error.clone())?;
    session.warnings.push(unread(error));
    Ok(found)
}

fn all(session: &Session, config: &Config, store: &mut Store, series: Option<&str>) -> Result<Vec<Campaign>> {
    let mut campaigns = store.campaigns(session.now)?;
    campaigns.retain(|campaign| series.is_none_or(|series| campaign.issue.series == series));
    // One that is gone from config.toml may have campaigns all the same.
    if let Some(key) = series.filter(|key| campaigns.is_empty() && config.series(key).is_none()) {
        let error = Error::new(ErrorKind::Usage, format!("there is no series `{key}`"));
        return Err(error.nearest(key, config.series.iter().map(|series| series.key.as_str())));
    }
    Ok(campaigns)
}

/// What is said where issues cannot be read: the queue does not need them.
fn unread(error: Error) -> Warning {
    error.into_warning().hint("what was queued is told all the same; which issues were not mailed is not known")
}

/// The issues that their readers have not had: of a series, or of each.
fn unmailed(session: &mut Session, config: &Config, only: Option<&str>, known: &Known) -> Result<Vec<Vec<Unmailed>>> {
    // What is wrong with the issues themselves is told by others.
    let told = session.warnings.len();
    let desk = Desk::open(session, config, &[])?;
    session.warnings.truncate(told);
    for (key, _) in desk.stocks.iter().filter(|(key, stock)| stock.blocked && only.is_none_or(|only| *key == only)) {
        let message = format!("issues of `{key}` cannot be read, so which of them were not mailed is not known");
        session.warnings.push(Warning::new(message).hint("`masthead check` says what is wrong with them"));
    }
    let wanted = config.series.iter().filter(|series| only.is_none_or(|only| series.key == only));
    let of_series = |series: &Series| {
        let stock = desk.stock(series);
        unmailed::unmailed(&desk.shelf, series, stock.frozen.iter(), known, session.now)
    };
    wanted.map(of_series).collect()
}

fn tell(report: &mut Report, campaign: &Campaign, progress: &Progress, zone: Tz) {
    let (sent, total) = (progress.count(DeliveryState::Sent), progress.total());
    report.line(format!("{}: {}, {sent} of {total} sent", campaign.issue, campaign.state.as_str()));
    if let Some(reason) = &campaign.reason {
        report.line(format!("  {reason}"));
    }
    let others = progress.states.iter().filter(|(state, count)| **state != DeliveryState::Sent && **count > 0);
    let others: Vec<String> = others.map(|(state, count)| format!("{count} {}", state.as_str())).collect();
    if !others.is_empty() {
        report.line(format!("  {}", others.join(", ")));
    }
    if progress.returned > 0 {
        report.line(format!("  {} of those sent came back", progress.returned));
    }
    if let Some(rate) = rate(progress) {
        let left = progress.count(DeliveryState::Pending) + progress.count(DeliveryState::Leased);
        let mut line = format!("  {rate:.1} a second while it was sent");
        if campaign.state == CampaignState::Running {
            line.push_str(&[", ", &progress.last_minute.to_string(), " in the last minute"].concat());
        }
        if let Some(minutes) = minutes_left(progress, left).filter(|_| campaign.state == CampaignState::Running) {
            if minutes == 0 {
                line.push_str(", less than a minute to go");
            } else {
                line.push_str(&[", about ", &counted(minutes, "minute"), " to go"].concat());
            }
        }
        report.line(line);
    }
    if campaign.is_held_back() {
        report.line(format!("  {}", mailing::HELD));
    } else if campaign.state == CampaignState::Scheduled {
        report.line(format!("  begins {}", shown_second(campaign.starts, zone)));
    } else if let Some(next) =
        progress.next_due.filter(|_| progress.count(DeliveryState::Deferred) > 0 && !mailing::is_over(campaign))
    {
        report.line(format!("  the next is tried {}", shown_second(next, zone)));
    }
    if progress.count(DeliveryState::Ambiguous) > 0 {
        report.line(format!("  `masthead resolve {}` settles the ambiguous ones", campaign.issue.argument()));
    }
}

/// Messages a second from the first to the last, without the minutes in which none was sent. Those of the first second were on
/// their way before it, for as long as nobody knows: only those after it count. Of one second alone there is no rate.
fn rate(progress: &Progress) -> Option<f64> {
    let (first, last) = progress.first_sent.zip(progress.last_sent)?;
    let seconds = (last - first).num_seconds().unsigned_abs().min(progress.minutes * 60);
    if seconds == 0 {
        return None;
    }
    Some(progress.after_first as f64 / seconds as f64)
}

/// How many minutes the messages that are left take at the rate of the last minute, or of the part of it in which any were sent.
fn minutes_left(progress: &Progress, left: u64) -> Option<usize> {
    if left == 0 || progress.last_minute == 0 {
        return None;
    }
    let of_all = progress.last_minute >= progress.count(DeliveryState::Sent);
    let a_minute = if of_all { rate(progress)? * 60.0 } else { progress.last_minute as f64 };
    Some((left as f64 / a_minute).round() as usize)
}

fn one_address(session: &Session, store: &mut Store, recipient: &str, zone: Tz) -> Result<Report> {
    let checked = address(recipient).map_err(|error| Error::new(ErrorKind::Usage, error.message()))?.to_string();
    let history = store.history(&Query { address: Some(checked.clone()), ..Query::default() })?;
    let campaigns = store.campaigns(session.now)?;
    let mut report = Report::default();
    if history.is_empty() {
        report.line(format!("{checked} was sent nothing; what `--test` sends is not kept"));
    }
    for one in &history {
        let when = shown_second(one.changed, zone);
        report.line(format!(
            "{}, revision {}: {} {when}, list {}",
            one.issue,
            one.revision,
            one.state.as_str(),
            one.list
        ));
        report.line(format!("  Message-ID <{}>", one.message_id));
        for attempt in &one.attempts {
            let said = [attempt.reply.code.map(|code| code.to_string()), attempt.reply.enhanced.clone()];
            let said: Vec<String> = said
                .into_iter()
                .flatten()
                .chain([attempt.reply.text.clone()])
                .filter(|text| !text.is_empty())
                .collect();
            let (at, state) = (shown_second(attempt.at, zone), attempt.state.as_str());
            report.line(format!("  {at}  {state}  {}  {}", attempt.reply.relay, said.join(" ")));
        }
        for back in &one.returned {
            let (at, what) = (shown_second(back.at, zone), [&*back.class, &back.reason, &back.status].join(" "));
            report.line(format!("  {at}  came back  {what}  {}", back.diagnosis).trim_end());
        }
        if one.state == DeliveryState::Suppressed
            && let Some(why) = why_suppressed(store, one, zone)?
        {
            report.line(format!("  {why}"));
        }
        let campaign = campaigns.iter().find(|campaign| campaign.issue == one.issue);
        if let Some(rests) = campaign.and_then(|campaign| rests(campaign, one.state)) {
            report.line(format!("  {rests}"));
        } else if let Some(next) = one.next_due {
            report.line(format!("  due {}", shown_second(next, zone)));
        }
    }
    report.set("recipient", json!(checked));
    report.set("deliveries", json!(history));
    Ok(report)
}

/// Why nothing goes out of a delivery that is not over, though it may be due.
fn rests(campaign: &Campaign, state: DeliveryState) -> Option<String> {
    let is_open = matches!(state, DeliveryState::Pending | DeliveryState::Deferred | DeliveryState::Leased);
    match campaign.state {
        _ if !is_open => None,
        CampaignState::Cancelled => Some("the campaign is cancelled: it is not sent any more".to_owned()),
        CampaignState::Paused if mailing::is_paused(campaign) => {
            Some(format!("the campaign is paused: {}", mailing::rests(campaign)))
        }
        _ if campaign.is_held_back() => Some(mailing::HELD.to_owned()),
        _ => None,
    }
}

/// Why a delivery was suppressed, as far as that is still so.
fn why_suppressed(store: &Store, one: &History, zone: Tz) -> Result<Option<String>> {
    if let Some(Suppression { reason, since }) = store.suppression(&one.address)? {
        return Ok(Some(format!("no mail goes there: {reason}, since {}", shown_second(since, zone))));
    }
    let list = store.list_name(&one.list)?;
    let lists = store.person(&one.address)?.map(|person| person.lists).unwrap_or_default();
    let left = lists.into_iter().find(|on| on.list == list && on.status != SubscriberStatus::Active);
    Ok(left.map(|left| format!("not on the list `{list}` any more, since {}", shown_second(left.since, zone))))
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta};

    use super::{DeliveryState, Progress, minutes_left, rate};

    /// So many were sent from the first second to the last, and so many in the first.
    fn sent(count: u64, at_first: u64, seconds: i64, minutes: u64) -> Progress {
        Progress {
            states: [(DeliveryState::Sent, count)].into_iter().collect(),
            first_sent: Some(DateTime::UNIX_EPOCH),
            last_sent: Some(DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds)),
            minutes,
            after_first: count - at_first,
            ..Progress::default()
        }
    }

    fn told(progress: &Progress) -> String {
        rate(progress).map(|rate| format!("{rate:.1}")).unwrap_or_default()
    }

    #[test]
    fn hours_between_retries_are_not_hours_of_sending() {
        let all = [sent(620, 20, 30, 1), sent(620, 20, 7200, 2), sent(1, 1, 0, 1), sent(0, 0, 0, 0)];
        assert_eq!(all.map(|progress| told(&progress)), ["20.0", "5.0", "", ""]);
        let begun = Progress { last_minute: 168, ..sent(168, 40, 2, 1) };
        assert_eq!(minutes_left(&begun, 16_800), Some(4), "the minute has only begun");
        assert_eq!(minutes_left(&Progress { last_minute: 60, ..sent(6000, 6, 600, 10) }, 1800), Some(30));
    }

    #[test]
    fn what_was_on_its_way_before_the_first_second_makes_no_rate() {
        // Four connections to a relay that takes half a second for each message: eight a second.
        let [short, longer] = [sent(12, 4, 1, 1), sent(84, 4, 10, 1)];
        assert_eq!([told(&short), told(&longer)], ["8.0", "8.0"]);
        assert_eq!(minutes_left(&Progress { last_minute: 12, ..short }, 18), Some(0));
        let of_one_second = Progress { last_minute: 4, ..sent(4, 4, 0, 1) };
        assert_eq!((told(&of_one_second), minutes_left(&of_one_second, 26)), (String::new(), None));
    }
}

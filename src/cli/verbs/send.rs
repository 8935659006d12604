//! `masthead send`: hands one issue to the readers of its lists.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde_json::{Value, json};

use super::campaign::check_time;
use super::issue::{find, name};
use super::{deliver, publish};
use crate::assemble::window::shown_second;
use crate::cli::args::{Sending, Which};
use crate::cli::collected;
use crate::cli::compose::Desk;
use crate::cli::files;
use crate::cli::lists;
use crate::cli::mailing;
use crate::cli::readership::Readership;
use crate::cli::report::{Report, counted};
use crate::cli::sending::{self, Round, letters, send_to_one};
use crate::cli::session::Session;
use crate::cli::shelf::Shelf;
use crate::cli::site::{self, Made};
use crate::cli::stock::{Draft, Stock};
use crate::cli::unlinked;
use crate::cli::unmailed::{FORGETFUL, Known, REMEMBERED};
use crate::config::{Config, Transport};
use crate::deliver::smtp::{Found, Greeted};
use crate::deliver::{Mailing, MessageIds, Sender, address};
use crate::error::{Error, ErrorKind, Result, Warning};
use crate::model::{
    Campaign, CampaignState, Detail, Digest, Issue, Language, Lease, Leased, MailPolicy, NO_DELIVERY, NewSubscriber,
    Queue as _, Recipient, Series,
};
use crate::store::Store;
use crate::templates::Templates;

/// The HTML beyond which some providers cut a message off, in bytes.
const CLIPPED: usize = 102 * 1024;

/// An issue that is about to be sent.
struct Order<'o> {
    series: &'o Series,
    issue: &'o Issue,
    digest: Digest,
    mailing: Mailing,
}

/// Says what would go to whom; with `--yes` queues and sends it, with `--test` sends one message.
pub(super) fn run(session: &mut Session, which: &Which, options: &Sending) -> Result<Report> {
    let config = session.config()?;
    // Settings that are wrong are told before anything is made.
    sending::check(&config, &which.series)?;
    let lock = session.lock(&config)?;
    let desk = Desk::open(session, &config, &[])?;
    let series = desk.series(&which.series)?;
    let issue = &chosen(session, &config, &desk, series, which, options)?;
    mailing::refuse_withdrawn(issue)?;
    let templates = session.templates(&config)?;
    let made = site::make(session, &config, &templates, &[issue])?;
    let starts = options.at.unwrap_or(session.now);
    if let Some(at) = options.at {
        check_time(session, &config, at)?;
    }
    let order = order(session, &config, &desk, series, &made, starts, &templates)?;
    if let Some(to) = &options.test {
        return test(session, &config, &order, to);
    }
    let mut store = mailing::store(&config)?;
    let past = Past::of(&mut store, &desk.shelf, issue, session.now)?;
    if Known::new(&store.campaigns(session.now)?, store.frozen_before()?).is_forgetful(&desk.shelf)? {
        session.warnings.push(Warning::new(FORGETFUL).hint(REMEMBERED));
    }
    lists::sync(session, &config)?;
    if !options.yes {
        let mut report = rehearse(session, &config, &order, &past)?;
        lists::tell_taken_off(session, &mut report);
        return Ok(report);
    }
    refuse(&order, past.campaign.as_ref())?;
    if past.was_mailed && !options.again {
        return Err(mailed_before(issue));
    }
    publish::release(&desk.shelf, &made, true)?;
    if let Some(campaign) = past.unsent {
        store.withdraw(campaign)?;
    }
    drop(store);
    let handed = mailing::hand_over(session, &config, &desk.shelf, series, &order.digest, starts)?;
    let round = if starts > session.now { Round::default() } else { deliver::due(session, &config, lock)?.0 };
    let mut report = Report::default();
    lists::tell_taken_off(session, &mut report);
    tell_sent(session, &mut report, issue, handed.messages, (starts, config.publication.time_zone), round);
    Ok(report)
}

/// Tells what was queued, and what of it was sent in this round.
fn tell_sent(
    session: &mut Session,
    report: &mut Report,
    issue: &Issue,
    messages: usize,
    (starts, zone): (DateTime<Utc>, Tz),
    round: Round,
) {
    report.line(format!("mail: {} to {}", name(issue), counted(messages, "reader")));
    if starts > session.now {
        let starts = shown_second(starts, zone);
        report.line(format!("it begins {starts}; `masthead deliver` must run then"));
    }
    report.set("issue", json!(issue.key.to_string()));
    report.set("messages", json!(messages));
    deliver::tell(report, &round.delivered);
    deliver::tell_completed(report, &round.completed);
    if round.is_elsewhere {
        report.line("another run is sending mail, and goes on with this when it is done; else `masthead deliver` does");
    }
    deliver::fail_with(session, report, round.faults);
}

/// The issue that is meant: a frozen one, or to one address also a draft as it is now.
fn chosen(
    session: &mut Session,
    config: &Config,
    desk: &Desk<'_>,
    series: &Series,
    which: &Which,
    options: &Sending,
) -> Result<Issue> {
    let stock = desk.stock(series);
    match find(series, &stock.frozen, which) {
        Err(_) if options.test.is_some() && !stock.drafts.is_empty() => {
            find(series, &composed(session, config, series)?, which).cloned()
        }
        Err(error) if !stock.drafts.is_empty() => {
            let hint =
                "a draft is not sent: `masthead issue freeze` freezes it; `--test ADDRESS` sends it to one address";
            Err(of_draft(&stock, which).unwrap_or(error).hint(hint))
        }
        found => found.cloned(),
    }
}

/// What became of an issue before.
struct Past {
    /// The campaign that it had, of which something went out or will.
    campaign: Option<Campaign>,
    /// One that it had of which nothing did.
    unsent: Option<i64>,
    /// Whether issues/ says that it went out, and the store knows nothing of it: that may be an older copy, and who has had it
    /// is known to neither.
    was_mailed: bool,
}

impl Past {
    fn of(store: &mut Store, shelf: &Shelf, issue: &Issue, now: DateTime<Utc>) -> Result<Self> {
        let campaign = mailing::campaign(store, &issue.key, now)?;
        let was_mailed = campaign.is_none() && shelf.has_gone_out(&issue.key)?;
        Ok(match campaign {
            Some(before) if mailing::is_untouched(store, &before, now)? => {
                Self { campaign: None, unsent: Some(before.id), was_mailed }
            }
            campaign => Self { campaign, unsent: None, was_mailed },
        })
    }
}

/// What is wrong where a draft is to be sent.
fn of_draft(stock: &Stock, which: &Which) -> Option<Error> {
    let number = which.number.as_deref()?;
    let is_meant =
        |draft: &&Draft| number.parse() == Ok(draft.key.ordinal) || draft.editorial.label.as_deref() == Some(number);
    let draft = stock.drafts.iter().find(is_meant)?;
    let message = format!("{} is a draft: there is no such issue to send yet", draft.key);
    Some(Error::new(ErrorKind::Usage, message))
}

/// The drafts of a series as they are now.
fn composed(session: &mut Session, config: &Config, series: &Series) -> Result<Vec<Issue>> {
    let posts = collected::collect(session, config)?.posts;
    let mut desk = Desk::open(session, config, &posts)?;
    let series = desk.series(&series.key)?;
    let mut issues = desk.compose(session, series)?.issues;
    issues.retain(|issue| issue.frozen.is_none());
    Ok(issues)
}

fn order<'o>(
    session: &mut Session,
    config: &Config,
    desk: &Desk<'o>,
    series: &'o Series,
    made: &[Made<'o>],
    date: DateTime<Utc>,
    templates: &Templates,
) -> Result<Order<'o>> {
    let none = |issue: Option<&Issue>| {
        let what = issue.map_or_else(|| "the issue".to_owned(), name);
        Error::new(ErrorKind::State, format!("{what} has no digest: it was made before Masthead"))
    };
    let Some(Made { issue, artefacts }) = made.first() else { return Err(none(None)) };
    let mut digest = Digest { date, ..artefacts.digest_of(issue)?.ok_or_else(|| none(Some(issue)))? };
    if issue.frozen.is_none() {
        // Nobody is to take it for the issue.
        let test = templates.strings().get(&digest.language, "test").unwrap_or("test");
        digest.subject = format!("[{test}] {}", digest.subject);
    }
    let store = mailing::store(config)?;
    let mailing = letters(session, config, &desk.shelf, issue, &digest, artefacts, &store)?;
    Ok(Order { series, issue, digest, mailing })
}

/// What `--yes` would be refused for.
fn refuse(order: &Order<'_>, before: Option<&Campaign>) -> Result<()> {
    let what = name(order.issue);
    if let Some(campaign) = before {
        let state = campaign.state.as_str();
        let hint = match campaign.state {
            CampaignState::Scheduled => {
                "`masthead deliver` sends it when it is due, and `masthead resume --at TIME` has it begin at another time"
            }
            CampaignState::Running => "`masthead deliver` sends what is due",
            CampaignState::Paused if campaign.waits_for_relay() => {
                "`masthead deliver` tries again whether a relay takes it"
            }
            CampaignState::Paused => "`masthead resume` lets it go on",
            CampaignState::Cancelled => "some of it was tried, and what was not sent never will be",
            CampaignState::Finished => "everything that could be sent was sent",
        };
        return Err(Error::new(ErrorKind::State, format!("{what} was queued before, and its campaign is {state}"))
            .hint(format!("an issue is sent once; `masthead status` tells how far it is; {hint}")));
    }
    if order.series.mail == MailPolicy::Never {
        return Err(Error::new(ErrorKind::State, format!("the series `{}` is never mailed", order.series.key))
            .hint("that is what `mail = \"never\"` says in config.toml"));
    }
    if order.series.lists.is_empty() {
        return Err(Error::new(ErrorKind::State, format!("the series `{}` has no lists", order.series.key))
            .hint("name them in config.toml: `lists = [\"members\"]`"));
    }
    Ok(())
}

/// What is wrong where issues/ says that an issue was mailed and the store knows nothing of it.
fn mailed_before(issue: &Issue) -> Error {
    let message = format!("issues/ says that {} was mailed, and the store knows nothing of it", name(issue));
    Error::new(ErrorKind::State, message)
        .hint("a store that is new, or older than issues/, does not know who has had it: bring the right one back")
        .hint("`--yes --again` sends it all the same, to all who are on its lists now")
}

/// The dry run.
fn rehearse(session: &mut Session, config: &Config, order: &Order<'_>, past: &Past) -> Result<Report> {
    let refused =
        refuse(order, past.campaign.as_ref()).map_err(|error| session.warnings.push(error.into_warning())).is_err();
    if past.was_mailed && !refused {
        session.warnings.push(mailed_before(order.issue).into_warning());
    }
    let mut lists: BTreeMap<String, usize> = BTreeMap::new();
    // How many readers each language has, and the first of them.
    let mut groups: BTreeMap<String, (usize, Recipient)> = BTreeMap::new();
    let mut beyond_ascii = 0;
    let store = mailing::store(config)?;
    let readership = Readership::of(&config.series, order.series, &store)?;
    readership.each(&store, |to| {
        *lists.entry(to.list.clone()).or_default() += 1;
        beyond_ascii += usize::from(!to.address.is_ascii());
        let language = to.language.as_ref().map_or("none said", |language| language.as_str()).to_owned();
        groups.entry(language).or_insert((0, to)).0 += 1;
    })?;
    let languages: BTreeMap<&String, usize> = groups.iter().map(|(language, (count, _))| (language, *count)).collect();
    let chosen = languages.values().sum();
    session.warnings.extend(sending::vouching(config, &order.series.key)?);
    session.warnings.extend(sending::unshown(order.issue, &order.digest));
    warn(session, config, order, chosen);
    let before = session.warnings.len();
    let posts = collected::collect(session, config)?.posts;
    // What is wrong with posts is told by others.
    session.warnings.truncate(before);
    session.warnings.extend(unlinked::gone(session, order.issue, &posts));
    let (size, total) = sizes(config, order, groups.values())?;
    let relays = if refused { Vec::new() } else { relays(session, config, size)? };
    session.warnings.extend(untaken(&relays, beyond_ascii));
    let mut report = Report::default();
    let what = if refused { "cannot be sent; its lists have" } else { "would go to" };
    report.line(format!("{}: {what} {}", name(order.issue), counted(chosen, "reader")));
    report.line(format!("  lists: {}", told(lists.iter())));
    report.line(format!("  languages: {}", told(languages.iter())));
    report.line(format!("  subject: {}", order.digest.subject));
    report.line(format!("  from: {}", config.mail_of(&order.digest.issue.series).from.as_deref().unwrap_or_default()));
    report.line(format!("  through: {}", through(config)));
    report.line(format!("  size of a message: {size} bytes, in all about {}", amount(total)));
    for (relay, most) in relays.iter().filter_map(|one| Some((&one.relay, one.found.as_ref().ok()?.largest))) {
        report.line(match most {
            Some(most) => format!("  {relay} takes messages of up to {most} bytes"),
            None => format!("  {relay} does not say how large a message may be"),
        });
    }
    let how = match (refused, past.was_mailed) {
        (true, _) => "it cannot be sent, see above;",
        (false, true) => "`--yes --again` sends it, see above;",
        (false, false) => "`--yes` sends it,",
    };
    report.line(format!("nothing was sent; {how} `--test ADDRESS` sends it to one address"));
    report.set("issue", json!(order.issue.key.to_string()));
    report.set("mailed_before", json!(past.was_mailed));
    report.set("recipients", json!(chosen));
    report.set("lists", json!(lists));
    report.set("languages", json!(languages));
    report.set("subject", json!(order.digest.subject));
    report.set("size", json!(size));
    report.set("relays", relays.iter().map(|one| json!({
        "relay": one.relay, "size_limit": one.found.as_ref().ok().and_then(|found| found.largest), "fault": one.found.as_ref().err(),
    })).collect::<Value>());
    report.set("total", json!(total));
    Ok(report)
}

/// What the relays say of themselves. One that cannot be used now, or takes no message of this size, is a warning.
fn relays(session: &mut Session, config: &Config, size: usize) -> Result<Vec<Greeted>> {
    if config.mail.transport == Transport::File {
        return Ok(Vec::new());
    }
    let greeted = sending::greet(session, config)?;
    for Greeted { relay, found } in &greeted {
        session.warnings.extend(match found {
            Ok(Found { largest: Some(most), .. }) if size as u64 > *most => Some(
                Warning::new(format!("a message has {size} bytes, and {relay} takes {most} at most"))
                    .hint("`pictures = \"linked\"` or `pdf = \"linked\"` under `[mail]` makes it smaller"),
            ),
            Ok(_) => None,
            Err(why) => Some(Warning::new(format!("{relay} cannot be used now: {why}"))),
        });
    }
    Ok(greeted)
}

/// What is said where no relay takes the addresses of some readers.
fn untaken(relays: &[Greeted], beyond_ascii: usize) -> Option<Warning> {
    let found: Vec<&Found> = relays.iter().filter_map(|one| one.found.as_ref().ok()).collect();
    if beyond_ascii == 0 || found.is_empty() || found.iter().any(|found| found.takes_utf8) {
        return None;
    }
    let have = if beyond_ascii == 1 { "has an address" } else { "have addresses" };
    let message = format!("{} {have} beyond ASCII, which no relay takes", counted(beyond_ascii, "reader"));
    Some(Warning::new(message).hint("they get nothing; a relay that offers SMTPUTF8 takes them"))
}

/// "en 3, fa 1"
fn told<K: std::fmt::Display, N: std::fmt::Display>(counts: impl Iterator<Item = (K, N)>) -> String {
    let counts: Vec<String> = counts.map(|(key, count)| format!("{key} {count}")).collect();
    if counts.is_empty() { "-".to_owned() } else { counts.join(", ") }
}

/// The size of the largest message, and that of all of them, in bytes: whole, as the first reader of each language gets it.
fn sizes<'g>(
    config: &Config,
    order: &Order<'_>,
    groups: impl Iterator<Item = &'g (usize, Recipient)>,
) -> Result<(usize, usize)> {
    let size = |to: &Recipient| Ok(order.mailing.message(&alone(config, order, to.clone())?)?.size());
    let (mut largest, mut total) = (0, 0);
    for (count, first) in groups {
        // Whoever cannot be written to is told when it is tried.
        let size = size(first).or_else(|_: Error| size(&nobody(config, order)?))?;
        largest = largest.max(size);
        total += count * size;
    }
    Ok((if largest == 0 { size(&nobody(config, order)?)? } else { largest }, total))
}

/// Whoever sends, as a reader.
fn nobody(config: &Config, order: &Order<'_>) -> Result<Recipient> {
    let sender = Sender::new(&config.mail_of(&order.digest.issue.series), &config.lists)?;
    reader(config, order, sender.address(), None)
}

/// A reader of the series' first list, whether or not they are on it.
fn reader(config: &Config, order: &Order<'_>, to: &str, language: Option<Language>) -> Result<Recipient> {
    let list = order.series.lists.first().map_or("test", String::as_str);
    let token = mailing::store(config)?.unsubscribe_token(list, to);
    Ok(Recipient { address: to.to_owned(), name: None, language, list: list.to_owned(), token })
}

/// A delivery that is in no queue.
fn alone(config: &Config, order: &Order<'_>, recipient: Recipient) -> Result<Leased> {
    let sender = Sender::new(&config.mail_of(&order.digest.issue.series), &config.lists)?;
    let ids = MessageIds::new(&mailing::store(config)?.message_id_key(), &sender);
    Ok(Leased {
        lease: Lease { delivery: NO_DELIVERY, epoch: 0 },
        message_id: ids.make(&order.digest.issue, order.digest.revision, "test"),
        recipient,
        attempts: 0,
        first_tried: None,
    })
}

/// A number of bytes as people say it, in powers of ten.
fn amount(bytes: usize) -> String {
    match bytes {
        0..1_000_000 => format!("{} kB", bytes.div_ceil(1000)),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}

fn through(config: &Config) -> String {
    match &config.mail.transport {
        Transport::File => "files in outbox/".to_owned(),
        Transport::Smtp(relays) => {
            relays.iter().map(crate::config::RelayConfig::name).collect::<Vec<_>>().join(", then ")
        }
    }
}

/// To so many, Google and Yahoo ask for unsubscribing with one click.
const MANY: usize = 5000;

/// What is wrong with a message or with how it is sent, as far as it can be seen from here.
fn warn(session: &mut Session, config: &Config, order: &Order<'_>, recipients: usize) {
    let mail = &config.mail;
    let mut say = |message: String, hint: &str| session.warnings.push(Warning::new(message).hint(hint));
    if recipients == 0 {
        say(format!("nobody gets {}", order.issue.key), "its lists have no readers, or none in its language");
    }
    if order.digest.html.len() > CLIPPED {
        let size = order.digest.html.len();
        say(format!("the HTML has {size} bytes"), "some providers cut a message off after 102 KB");
    }
    if order.digest.detail == Detail::Notice {
        say("the message holds a link only".to_owned(), "no title of the issue has room in a mail");
    }
    if recipients >= MANY && mail.subscriptions_url.is_none() {
        let message = format!("{recipients} readers cannot unsubscribe with one click");
        say(
            message,
            "large providers ask that of whoever sends so many (RFC 8058): `subscriptions_url` under `[mail]`",
        );
    }
    if order.issue.publication.postal_address.is_none() {
        say("the message has no postal address".to_owned(), "many laws ask for one: `postal_address` under `[mail]`");
    }
    if mail.transport != Transport::File && mail.dkim.is_empty() {
        say(
            "messages are not signed here".to_owned(),
            "unless the relay signs them, large providers refuse them: `[[mail.dkim]]`",
        );
    }
}

/// One message to one address.
fn test(session: &mut Session, config: &Config, order: &Order<'_>, text: &str) -> Result<Report> {
    let to = address(text).map_err(|error| Error::new(ErrorKind::Usage, error.message()))?.to_string();
    if let Some(suppression) = mailing::store(config)?.suppression(&to)? {
        let message = format!("nothing may be written to `{to}`: {}", suppression.reason);
        let hint =
            "`masthead subscribers add LIST ADDRESS --again` allows it when they ask for mail; a test may go elsewhere";
        return Err(Error::new(ErrorKind::State, message).hint(hint));
    }
    let recipient = reader(config, order, &to, Some(order.issue.series.language.clone()))?;
    let mut report = Report::default();
    if config.mail.transport == Transport::File {
        let delivery = alone(config, order, recipient)?;
        let path = config.root.join("outbox").join("test").join(format!(
            "{}-{}.eml",
            order.issue.key.series,
            order.issue.ordinal()
        ));
        files::write_privately(&path, &order.mailing.message(&delivery)?.bytes())?;
        report.line(format!("{}: written for {to} to outbox/test/", name(order.issue)));
    } else {
        let person = NewSubscriber { address: to.clone(), name: None, language: recipient.language };
        send_to_one(session, config, &order.mailing, &order.digest, &person, &recipient.list)?;
        report.line(format!("{}: sent to {to} alone", name(order.issue)));
    }
    if order.issue.frozen.is_none() {
        report.line(
            "it is a draft, as its subject says; what it links to and shows from the web is there once it is published",
        );
    }
    report.set("issue", json!(order.issue.key.to_string()));
    report.set("draft", json!(order.issue.frozen.is_none()));
    report.set("test", json!(to));
    Ok(report)
}

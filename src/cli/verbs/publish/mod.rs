//! `masthead publish`: everything that is due.

mod due;
mod told;

use std::collections::BTreeMap;
use std::mem::ManuallyDrop;
use std::num::NonZero;
use std::path::Path;

use super::deliver;
use crate::cli::advance::{self, Advanced};
use crate::cli::clock;
use crate::cli::collected;
use crate::cli::compose::Desk;
use crate::cli::fetching::{self, Fetching};
use crate::cli::files::Tally;
use crate::cli::leads::Leads;
use crate::cli::lists;
use crate::cli::lock::Lock;
use crate::cli::lost;
use crate::cli::mailing;
use crate::cli::public::{self, Begun, TakenAway};
use crate::cli::report::Report;
use crate::cli::sending::{self, Round};
use crate::cli::session::Session;
use crate::cli::shelf::{Outgoing, Shelf};
use crate::cli::site::{self, Drawn, Made, Rest};
use crate::cli::store;
use crate::cli::unmailed::{self, Known, Turn, Unmailed};
use crate::collect::fetch::When;
use crate::collect::{Collected, Exports};
use crate::config::{Config, Transport};
use crate::error::{Error, Result};
use crate::model::{HELD_BACK, Issue, IssueKey, MailPolicy, Series};
use crate::templates::Templates;

use due::{Decided, Deciding, Due, Mailed};
use told::Done;

/// Collects, drafts, freezes closed windows, builds, and writes mail where a series says so; with `holds_mail` it is queued, and
/// none goes out.
pub(super) fn run(
    session: &mut Session,
    output: Option<&Path>,
    drafts: bool,
    holds_mail: bool,
    when: When,
) -> Result<Report> {
    let config = session.config()?;
    let folder = public::folder(&config, output)?;
    let lock = session.lock(&config)?;
    clock::refuse_if_behind(session, &config)?;
    check_senders(&config, holds_mail)?;
    let (templates, (collected, fetching)) = read(session, &config, when)?;
    // The program ends with this: to let go of an archive post by post takes longer than of all its memory at once.
    let (templates, collected) = (ManuallyDrop::new(templates), ManuallyDrop::new(collected));
    if session.global.strict {
        rehearse(session, &config, &templates, &collected, drafts)?;
    }
    let mut desk = Desk::open(session, &config, &collected.posts)?;
    desk.refuse_if_unreadable()?;
    lost::refuse_lost_issues(session, &desk)?;
    collected::keep(session, &config, &collected)?;
    fetching.remember(&config)?;
    store::begin(&config);
    let advanced = advance::all(session, &mut desk)?;
    advance::tell_empty(session, &config, &advanced);
    let issues = shown(&desk, &advanced, drafts);
    let publishing = Publishing {
        config: &config,
        templates: &templates,
        collected: &collected,
        desk: &desk,
        advanced: &advanced,
        folder: &folder,
        drafts,
        holds_mail,
    };
    publishing.publish(session, &issues, lock)
}

/// Says what mail lacks before a number is given, not after. What is held back asks nothing of a relay yet.
fn check_senders(config: &Config, holds_mail: bool) -> Result<()> {
    let mut mailed = config.series.iter().filter(|series| series.mail == MailPolicy::Auto && !series.lists.is_empty());
    let check = if holds_mail { sending::check_sender } else { sending::check };
    mailed.try_for_each(|series| check(config, &series.key))
}

/// What is published, and from what.
struct Publishing<'a> {
    config: &'a Config,
    templates: &'a Templates,
    collected: &'a Collected,
    desk: &'a Desk<'a>,
    advanced: &'a BTreeMap<String, Advanced>,
    folder: &'a Path,
    drafts: bool,
    holds_mail: bool,
}

/// What was mailed and sent.
struct Sent {
    mailed: Mailed,
    round: Round,
    /// That of the publication, where it was not let go of.
    lock: Option<Lock>,
    tally: Tally,
}

impl Sent {
    /// Whether any message went out.
    fn went_out(&self) -> bool {
        self.round.delivered.iter().any(|one| one.summary.sent > 0)
    }
}

impl Publishing<'_> {
    /// Makes what these issues consist of, keeps what goes out, writes the site, and mails what is due.
    fn publish(&self, session: &mut Session, issues: &[&Issue], lock: Lock) -> Result<Report> {
        let Self { config, templates, collected, desk, .. } = *self;
        let known = Known::of(config, session.now);
        let open = store::kept_open(config);
        let read = |session: &mut Session| lists::sync(session, config);
        session.meanwhile(read, |session, lists| {
            let made = site::make(session, config, templates, issues)?;
            release(&desk.shelf, &made, false)?;
            let waits = self.waits_for_all(&known);
            let due = Due { shelf: &desk.shelf, made: &made, known };
            let deciding = if due.is_any() {
                let synced = lists.join(session);
                Deciding::Done(due::decide(session, config, due, synced))
            } else {
                Deciding::Open(due, lists)
            };
            let leads = match &deciding {
                Deciding::Done(Ok(decided)) if !waits => Leads::of(config, decided.going().iter().map(|one| one.made)),
                _ => Leads::default(),
            };
            let (of, showing) = ((&*made, &desk.former), (self.drafts.into(), &leads));
            site::draw_for_mail(session, config, templates, &collected.posts, of, showing, |session, drawn, rest| {
                let target = desk.target(self.folder);
                let decided = |session: &mut Session| match deciding {
                    Deciding::Done(decided) => decided,
                    Deciding::Open(due, lists) => {
                        let synced = lists.join(session);
                        due::decide(session, config, due, synced)
                    }
                };
                let (sent, written) = if let Some(rest) = rest {
                    let begun = drawn.begin(session, target)?;
                    let decided = decided(session)?;
                    self.announce(session, (begun, rest), decided, open, lock)?
                } else {
                    let written = drawn.write(session, target)?;
                    let decided = decided(session)?;
                    (self.mail(session, decided, open, lock)?, Written::whole(written))
                };
                self.report(session, &drawn, sent, written)
            })
        })
    }

    /// Whether mail waits for the whole site in any case: where none goes out now, or goes to files that others hand on, so that
    /// nothing is gained; and where mail of earlier runs goes out as well, which may lead anywhere. Of a store that cannot be
    /// asked nobody knows.
    fn waits_for_all(&self, known: &Result<Known>) -> bool {
        let goes_on = known.as_ref().map_or(true, Known::is_mailing);
        goes_on || self.holds_mail || self.config.mail.transport == Transport::File
    }

    /// Mails what goes out, as what it leads to stands; the rest of the site is drawn and written meanwhile. Gives what came of
    /// both.
    fn announce(
        &self,
        session: &mut Session,
        (mut begun, rest): (Begun<'_>, &Rest<'_>),
        decided: Decided<'_>,
        open: impl Sized,
        lock: Lock,
    ) -> Result<(Sent, Written)> {
        let held = lock.clone();
        let write = |_: &mut Session| {
            let _held = held;
            let done = beside_mail(|| rest.write(&mut begun));
            (begun.tally(), done)
        };
        session.meanwhile(write, |session, rest| {
            let sent = self.mail(session, decided, open, lock);
            let (tally, done) = rest.join(session);
            match (sent, done) {
                (Ok(sent), Ok(taken_away)) => Ok((sent, Written::whole((tally, taken_away)))),
                (Ok(sent), Err(fault)) => {
                    let fault = if sent.went_out() { fault.hint(STANDS) } else { fault };
                    Ok((sent, Written { tally, taken_away: TakenAway::default(), fault: Some(fault) }))
                }
                (Err(error), Ok(_)) => Err(error),
                (Err(error), Err(fault)) => {
                    session.warnings.push(fault.into_warning());
                    Err(error)
                }
            }
        })
    }

    /// Queues what goes out, and sends it unless it is held back. `open` is what kept the store open until then.
    fn mail(&self, session: &mut Session, decided: Decided<'_>, open: impl Sized, lock: Lock) -> Result<Sent> {
        let config = self.config;
        let starts = if self.holds_mail { HELD_BACK } else { session.now };
        let mut tally = Tally::default();
        let mailed = due::mail(session, config, &self.desk.shelf, decided, starts, &mut tally)?;
        // What was queued is in the file itself before it goes out.
        drop(open);
        let (round, lock) = if self.holds_mail {
            (Round::default(), Some(lock))
        } else {
            mailing::let_go(config, session.now)?;
            deliver::due(session, config, lock)?
        };
        Ok(Sent { mailed, round, lock, tally })
    }

    /// Tells what was done.
    fn report(&self, session: &mut Session, drawn: &Drawn, sent: Sent, written: Written) -> Result<Report> {
        let Self { config, collected, desk, advanced, holds_mail, .. } = *self;
        let Sent { mailed, round, lock, tally: of_mail } = sent;
        let Written { mut tally, taken_away, fault } = written;
        tally += of_mail;
        let (sent, completed, undelivered) = (round.delivered, round.completed, round.faults);
        // Where the store failed meanwhile, that is told with what was sent.
        let (paused, held_back) = mailing::at_rest(config, session.now).unwrap_or_default();
        let unmailed = match not_mailed(session, config, desk, advanced) {
            Err(error) if fault.is_some() => {
                session.warnings.push(error.into_warning());
                Vec::new()
            }
            unmailed => unmailed?,
        };
        // Where the lock was let go of, another run may have told more since; what was told now is then told once more.
        if let Some(lock) = lock {
            session.defer(lock, advance::keeping_told(desk));
        }
        let done = Done {
            config,
            collected,
            desk,
            advanced,
            mailed,
            holds_mail,
            sent,
            completed,
            undelivered,
            paused,
            held_back,
            unmailed,
            drawn,
            tally,
            taken_away,
            unwritten: fault,
        };
        Ok(done.report(session))
    }
}

/// What is said of mail where the site did not become whole.
const STANDS: &str = "mail went out, and what it leads to stands; the next run writes the rest of the site";

/// How far a site was written.
struct Written {
    tally: Tally,
    taken_away: TakenAway,
    /// Why there is no more.
    fault: Option<Error>,
}

impl Written {
    fn whole((tally, taken_away): (Tally, TakenAway)) -> Self {
        Self { tally, taken_away, fault: None }
    }
}

/// Does something with half of the processors. The others are left to mail.
fn beside_mail<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    let half = std::thread::available_parallelism().map_or(1, NonZero::get) / 2;
    match rayon::ThreadPoolBuilder::new().num_threads(half.max(1)).build() {
        Ok(pool) => pool.install(work),
        Err(_) => work(),
    }
}

/// Reads the templates, and collects. Both at once, but where others would be asked: not for a run that a template stops.
fn read<'c>(session: &mut Session, config: &'c Config, when: When) -> Result<(Templates, (Collected, Fetching<'c>))> {
    let collect = |session: &mut Session| collected::fetch(session, config, when, Exports::Whole);
    if !fetching::on_the_web(config).is_empty() {
        return Ok((session.templates(config)?, collect(session)?));
    }
    session.meanwhile(
        |session| session.templates(config),
        |session, templates| {
            let told = session.warnings.len();
            let collected = collect(session);
            let of_posts = session.warnings.split_off(told);
            let templates = templates.join(session)?;
            session.warnings.extend(of_posts);
            Ok((templates, collected?))
        },
    )
}

/// The issues of which something is made: the frozen ones, and drafts where they are asked for.
fn shown<'d>(desk: &'d Desk<'_>, advanced: &'d BTreeMap<String, Advanced>, drafts: bool) -> Vec<&'d Issue> {
    let frozen = desk.stocks.values().flat_map(|stock| &stock.frozen);
    frozen.chain(advanced.values().flat_map(|one| &one.drafts).filter(|_| drafts)).collect()
}

/// Does everything once without keeping any of it, so that all there is to warn of is met before a number is given. What
/// is warned of stops the run.
fn rehearse(
    session: &mut Session,
    config: &Config,
    templates: &Templates,
    collected: &Collected,
    drafts: bool,
) -> Result<()> {
    let mut desk = Desk::open(session, config, &collected.posts)?.rehearsing();
    let advanced = advance::all(session, &mut desk)?;
    // What would be frozen now has its files where drafts have them.
    let issues: Vec<Issue> = shown(&desk, &advanced, drafts)
        .into_iter()
        .map(|issue| {
            let is_new = advanced.get(&issue.key.series).is_some_and(|one| one.frozen.contains(&issue.ordinal()));
            Issue { frozen: issue.frozen.clone().filter(|_| !is_new), ..issue.clone() }
        })
        .collect();
    let made = site::make(session, config, templates, &issues.iter().collect::<Vec<_>>())?;
    // A draft that is shown is marked; these would be issues.
    site::draw(session, config, templates, &collected.posts, (&made, &desk.former), drafts.into())?;
    lists::check(session, config)?;
    collected::stop_if_strict(session)
}

/// So many issues are released at once: a disk is as long about many files as about those of one.
const TOGETHER: usize = 50;

/// Keeps what goes out now, by mail alone or to the web: from here on it is copied, not made again.
pub(super) fn release(shelf: &Shelf, made: &[Made<'_>], by_mail_alone: bool) -> Result<()> {
    let mut outgoing = Vec::new();
    for Made { issue, artefacts } in made {
        let Some(frozen) = &issue.frozen else { continue };
        if !shelf.is_released(&issue.key, frozen.revision) {
            outgoing.push(Outgoing { issue: &issue.key, revision: frozen.revision, files: &artefacts.files });
        } else if !by_mail_alone {
            shelf.note_published(&issue.key, frozen.revision)?;
        }
    }
    outgoing.chunks(TOGETHER).try_for_each(|some| shelf.release(some, by_mail_alone))
}

/// The issues of a series that their readers have not had.
#[derive(Debug, Default)]
struct NotMailed {
    /// All of the last year.
    all: Vec<Unmailed>,
    /// Those whose turn passed in this run, or that it froze to be mailed by hand.
    news: Vec<Unmailed>,
}

/// The issues of each series that their readers have not had.
fn not_mailed(
    session: &Session,
    config: &Config,
    desk: &Desk<'_>,
    advanced: &BTreeMap<String, Advanced>,
) -> Result<Vec<NotMailed>> {
    if config.series.iter().all(|series| series.mail == MailPolicy::Never || series.lists.is_empty()) {
        return Ok(Vec::new());
    }
    // A store that failed meanwhile is told of with what was sent.
    let known = Known::of(config, session.now).unwrap_or_default();
    let frozen = desk.stocks.values().flat_map(|stock| &stock.frozen).map(|issue| &issue.key);
    let is_new = |key: &&IssueKey| advanced.get(&key.series).is_some_and(|done| done.frozen.contains(&key.ordinal));
    let known = known.and_frozen(frozen.filter(is_new));
    let of_series = |series: &Series| {
        let stock = desk.stock(series);
        let found = |issues: &mut dyn Iterator<Item = &Issue>| {
            unmailed::unmailed(&desk.shelf, series, issues, &known, session.now)
        };
        let all = found(&mut stock.frozen.iter())?;
        let is_new =
            |issue: &Issue| advanced.get(&series.key).is_some_and(|done| done.frozen.contains(&issue.ordinal()));
        let before = found(&mut stock.frozen.iter().filter(|issue| !is_new(issue)))?;
        let is_news = |one: &&Unmailed| matches!(one.turn, Turn::Over | Turn::ByHand) && !before.contains(one);
        let news = all.iter().filter(is_news).cloned().collect();
        Ok(NotMailed { all, news })
    };
    config.series.iter().map(of_series).collect()
}

//! `masthead publish`: everything that is due.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::deliver;
use crate::cli::advance::{self, Advanced};
use crate::cli::artefacts::Artefacts;
use crate::cli::clock;
use crate::cli::collected;
use crate::cli::compose::Desk;
use crate::cli::fetching::{self, Fetching};
use crate::cli::files::Tally;
use crate::cli::lists::{self, Synced};
use crate::cli::lost;
use crate::cli::mailing;
use crate::cli::public::{self, TakenAway};
use crate::cli::report::{Report, counted};
use crate::cli::sending::{self, Delivered, Round};
use crate::cli::session::Session;
use crate::cli::shelf::{Outgoing, Shelf};
use crate::cli::site::{self, Drawn, Made};
use crate::cli::store;
use crate::cli::unmailed::{self, FORGETFUL, Known, REMEMBERED, Turn, Unmailed};
use crate::collect::fetch::When;
use crate::collect::{Collected, Exports};
use crate::config::Config;
use crate::error::{Error, ErrorKind, Place, Result, Warning};
use crate::model::{Campaign, HELD_BACK, Issue, IssueKey, MailPolicy, Series};
use crate::templates::Templates;

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
    let known = Known::of(&config, session.now);
    let open = store::kept_open(&config);
    let issues = shown(&desk, &advanced, drafts);
    let draw = |session: &mut Session| draw(session, &desk, &templates, &collected, &issues, &folder, drafts);
    let (site, (synced, told)) = session.beside(draw, |session| lists::sync(session, &config));
    session.take_over(told);
    let (made, drawn, (mut tally, taken_away)) = site?;
    let starts = if holds_mail { HELD_BACK } else { session.now };
    let due = Due { shelf: &desk.shelf, made: &made, known, synced };
    let mailed = mail(session, &config, due, starts, &mut tally)?;
    // What was queued is in the file itself before it goes out.
    drop(open);
    let (round, lock) = if holds_mail {
        (Round::default(), Some(lock))
    } else {
        mailing::let_go(&config, session.now)?;
        deliver::due(session, &config, lock)?
    };
    let (sent, completed, undelivered) = (round.delivered, round.completed, round.faults);
    // Where the store failed meanwhile, that is told with what was sent.
    let (paused, held_back) = mailing::at_rest(&config, session.now).unwrap_or_default();
    let unmailed = not_mailed(session, &config, &desk, &advanced)?;
    // Where the lock was let go of, another run may have told more since; what was told now is then told once more.
    if let Some(lock) = lock {
        session.defer(lock, advance::keeping_told(&desk));
    }
    let run = Run {
        config: &config,
        collected: &collected,
        desk: &desk,
        advanced: &advanced,
        mailed,
        holds_mail,
        sent,
        completed,
        undelivered,
        paused,
        held_back,
        unmailed,
        drawn: &drawn,
        tally,
        taken_away,
    };
    Ok(run.report(session))
}

/// Says what mail lacks before a number is given, not after. What is held back asks nothing of a relay yet.
fn check_senders(config: &Config, holds_mail: bool) -> Result<()> {
    let mut mailed = config.series.iter().filter(|series| series.mail == MailPolicy::Auto && !series.lists.is_empty());
    let check = if holds_mail { sending::check_sender } else { sending::check };
    mailed.try_for_each(|series| check(config, &series.key))
}

/// Makes what these issues consist of, keeps what goes out, and draws and writes the site.
fn draw<'i>(
    session: &mut Session,
    desk: &Desk<'_>,
    templates: &Templates,
    collected: &Collected,
    issues: &[&'i Issue],
    folder: &Path,
    drafts: bool,
) -> Result<(Vec<Made<'i>>, Drawn, (Tally, TakenAway))> {
    let config = desk.config;
    let made = site::make(session, config, templates, issues)?;
    release(&desk.shelf, &made, false)?;
    let drawn = site::draw(session, config, templates, &collected.posts, (&made, &desk.former), drafts.into())?;
    let written = site::write(session, &drawn, &desk.target(folder))?;
    Ok((made, drawn, written))
}

/// Reads the templates, and collects. Both at once, but where others would be asked: not for a run that a template stops.
fn read<'c>(session: &mut Session, config: &'c Config, when: When) -> Result<(Templates, (Collected, Fetching<'c>))> {
    let collect = |session: &mut Session| collected::fetch(session, config, when, Exports::Whole);
    if !fetching::on_the_web(config).is_empty() {
        return Ok((session.templates(config)?, collect(session)?));
    }
    let told = session.warnings.len();
    let (collected, (templates, earlier)) = session.beside(collect, |session| session.templates(config));
    session.warnings.splice(told..told, earlier.warnings);
    Ok((templates?, collected?))
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

/// What it is decided by who gets which issue now.
struct Due<'a> {
    shelf: &'a Shelf,
    made: &'a [Made<'a>],
    /// What the store knew before the files of lists were read.
    known: Result<Known>,
    /// What came of these files.
    synced: Result<Synced>,
}

/// What was mailed.
#[derive(Debug)]
struct Mailed {
    /// The issues that were handed to readers, and how many messages each made.
    issues: Vec<(String, usize)>,
    /// What is to be told of columns of these files of which nothing is taken.
    unread: Vec<String>,
    /// What is to be told of a store that does not know who has left.
    forgetful: Option<String>,
    /// The issues that wait, since nobody can rely on the file of a list of theirs or their digest cannot be read, and what
    /// is to be said of each.
    held: Vec<(String, Error)>,
}

/// Hands the issues that are due to the readers of their lists; says how many messages were made of each. Where nobody can
/// rely on the file of a list, whoever was taken out of it may still be on the list: then the issue waits for a later run.
fn mail(
    session: &mut Session,
    config: &Config,
    Due { shelf, made, known, synced }: Due<'_>,
    starts: DateTime<Utc>,
    tally: &mut Tally,
) -> Result<Mailed> {
    let mut due: Vec<&Made<'_>> = Vec::new();
    for one in made {
        if mailing::is_due(shelf, one.issue)? {
            due.push(one);
        }
    }
    let is_overtaken = |issue: &Issue| {
        let others = made.iter().map(|other| other.issue);
        config
            .series(&issue.key.series)
            .is_some_and(|series| unmailed::is_overtaken(series, issue, others, session.now))
    };
    let overtaken: BTreeSet<&IssueKey> =
        due.iter().map(|one| one.issue).filter(|issue| is_overtaken(issue)).map(|issue| &issue.key).collect();
    let is_forgetful = !due.is_empty() && known?.is_forgetful(shelf)?;
    let synced = synced?;
    let unread = lists::not_yet_said(session, config, synced.unread)?;
    // A job that begins without a store each time goes by the files of lists alone: there it is no fault.
    let is_told = is_forgetful && config.mail.subscriptions_url.is_none();
    let forgetful = is_told.then(|| format!("{FORGETFUL}; where that matters, {REMEMBERED}"));
    let mut mailed = Mailed { unread, forgetful, issues: Vec::new(), held: Vec::new() };
    for one in due {
        let Some(series) = config.series(&one.issue.key.series) else { continue };
        let Some(digest) = one.artefacts.digest_of(one.issue).transpose() else { continue };
        let name = format!("{} {}", series.title, one.issue.number.label);
        let doubted = series.lists.iter().find(|list| synced.doubted.contains(*list));
        let is_overtaken = overtaken.contains(&one.issue.key);
        // One that a run has queued which was stopped goes on: its readers are settled.
        if (is_overtaken || doubted.is_some())
            && mailing::campaign(&mut mailing::store(config)?, &one.issue.key, session.now)?.is_none()
        {
            // What is overtaken is told with what else was not mailed.
            if let Some(list) = doubted.filter(|_| !is_overtaken) {
                mailed.held.push((name, held(config, one.issue, list)));
            }
            continue;
        }
        if is_forgetful && config.mail.subscriptions_url.is_some() {
            mailed.held.push((name, forgotten(one.issue)));
            continue;
        }
        let digest = match digest {
            Ok(digest) => digest,
            Err(why) => {
                mailed.held.push((name, why));
                continue;
            }
        };
        session.progress(format!("writing mail: {}", series.title));
        let handed = mailing::hand_over(session, config, shelf, series, &digest, starts)?;
        *tally += handed.written;
        if handed.messages == 0 {
            session.warnings.push(to_nobody(one.issue, &name));
        }
        mailed.issues.push((name, handed.messages));
    }
    Ok(mailed)
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

/// What is said of an issue that waits for the file of a list.
fn held(config: &Config, issue: &Issue, list: &str) -> Error {
    let message = format!("{} is not mailed: nobody can say now who is on the list `{list}`", issue.key);
    let error = Error::new(ErrorKind::Input, message);
    let csv = config.list(list).and_then(|list| list.csv.as_deref());
    let error = if let Some(csv) = csv { error.at(Place::file(csv)) } else { error };
    error.hint(format!(
        "the first run that finds the file in order mails it; `masthead send {} --yes` mails it to those whom the list has now",
        issue.key.argument()
    ))
}

/// What is said of an issue that waits for the store which knows who has left: somewhere there is one, by which readers leave.
fn forgotten(issue: &Issue) -> Error {
    Error::new(ErrorKind::State, format!("{} is not mailed: {FORGETFUL}", issue.key)).hint(REMEMBERED).hint(format!(
        "where nobody has left, or the files of the lists say who has, `masthead send {} --yes` mails it, and later \
         issues go by themselves again",
        issue.key.argument()
    ))
}

fn to_nobody(issue: &Issue, name: &str) -> Warning {
    Warning::new(format!("{name} went to nobody: its lists have no readers, or none in its language"))
        .hint(format!("`masthead send {} --yes` mails it once they have", issue.key.argument()))
        .once()
}

/// What one run did, to be told.
struct Run<'a> {
    config: &'a Config,
    collected: &'a Collected,
    desk: &'a Desk<'a>,
    advanced: &'a BTreeMap<String, Advanced>,
    mailed: Mailed,
    /// Whether none of that went out.
    holds_mail: bool,
    /// What was sent through relays.
    sent: Vec<Delivered>,
    /// What was missing in outbox/.
    completed: Vec<(IssueKey, usize)>,
    /// Why issues did not go out that were due.
    undelivered: Vec<Error>,
    /// The campaigns that go on by themselves no more.
    paused: Vec<Campaign>,
    /// Those that earlier runs have queued and held back.
    held_back: Vec<Campaign>,
    /// The issues that their readers have not had, by series.
    unmailed: Vec<NotMailed>,
    drawn: &'a Drawn,
    tally: Tally,
    taken_away: TakenAway,
}

impl Run<'_> {
    fn report(mut self, session: &mut Session) -> Report {
        let mut report = Report::default();
        let held = std::mem::take(&mut self.mailed.held);
        fetching::tell(session, &mut report);
        self.tell_posts(session, &mut report);
        lost::tell_gone(&mut report, self.config, self.collected, &self.taken_away);
        self.drawn.tell(&mut report);
        self.tell_issues(&mut report);
        lists::tell_taken_off(session, &mut report);
        self.tell_mail(&mut report);
        report.line(self.tally.in_words());
        report.set("written", json!(self.tally.written));
        report.set("unchanged", json!(self.tally.unchanged));
        report.set("removed", json!(self.tally.removed));
        report.set("held", json!(held.iter().map(|(name, _)| name).collect::<Vec<_>>()));
        // The issue is published all the same. A run that nobody watches must not end well when nobody got it.
        let undelivered = std::mem::take(&mut self.undelivered);
        let mut failures = held.into_iter().map(|(_, why)| why).chain(undelivered).chain(self.stalled(&mut report));
        report.failure = failures.next();
        session.warnings.extend(failures.map(|why| why.into_warning().once()));
        report
    }

    /// What is said of series of which nothing is decided until a person mends something: what that is was told.
    fn stalled(&self, report: &mut Report) -> Option<Error> {
        let stalled: Vec<&str> =
            self.advanced.iter().filter(|(_, done)| done.stands_still).map(|(key, _)| key.as_str()).collect();
        report.set("stalled", &stalled);
        let named = stalled.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ");
        let message = match stalled.as_slice() {
            [] => return None,
            [_] => format!("the series {named} stands still, and was published as it is"),
            _ => format!("the series {named} stand still, and were published as they are"),
        };
        Some(
            Error::new(ErrorKind::State, message)
                .hint("what is wrong is told as a warning; until it is mended no issue is made"),
        )
    }

    fn tell_posts(&self, session: &Session, report: &mut Report) {
        let left_out = self.left_out(session);
        let found = self.collected.posts.len() + self.collected.left_out.len();
        let taken = found - left_out.len();
        report.line(format!("{} found, {taken} taken, {} left out", counted(found, "post"), left_out.len()));
        if session.global.verbose {
            for (file, reason) in &left_out {
                report.line(format!("  left out: {}: {reason}", file.display()));
            }
        }
        for counted in &self.collected.counted {
            let (file, kind) = (counted.file.display(), &counted.kind);
            report.line(format!("{file}: {} of the kind `{kind}` counted: {}", counted.count, counted.reason));
        }
        let left_out: Vec<Value> = left_out
            .iter()
            .map(|(file, reason)| json!({"file": file.display().to_string(), "reason": reason}))
            .collect();
        for note in &self.collected.notes {
            report.line_once(note);
        }
        report.set("posts", json!({"found": found, "taken": taken, "left_out": left_out}));
        report.set("counted", json!(self.collected.counted));
    }

    /// The posts that are not published, and why: those that could not be taken, then those that are not out yet.
    fn left_out(&self, session: &Session) -> Vec<(&Path, String)> {
        let refused = self.collected.left_out.iter().map(|out| (out.file.as_path(), out.reason.clone()));
        let hidden = self.collected.posts.iter().filter(|post| !site::is_out(session, post)).map(|post| {
            let reason = if let Some(what) = &post.held_back {
                format!("held back by {what}")
            } else if post.draft {
                "a draft".to_owned()
            } else {
                format!("dated {}, which is still to come", self.desk.shown_time(post.date()))
            };
            (post.file.as_path(), reason)
        });
        refused.chain(hidden).collect()
    }

    fn tell_issues(&self, report: &mut Report) {
        let mut issues = Vec::new();
        for series in &self.config.series {
            let (stock, done) = (self.desk.stock(series), self.advanced.get(&series.key));
            for issue in &stock.frozen {
                let new = done.is_some_and(|done| done.frozen.contains(&issue.ordinal()));
                let posts = issue.sections.iter().map(|section| section.articles.len()).sum::<usize>();
                if new {
                    let (window, articles) = (self.desk.describe(issue.window), counted(posts, "article"));
                    report.line(format!("frozen: {} {}, {window}: {articles}", series.title, issue.number.label));
                }
                issues.push(in_json(self.config, issue, posts, new));
            }
            for note in done.iter().flat_map(|done| &done.closed) {
                report.line_once(note);
            }
            for note in done.iter().flat_map(|done| &done.notes) {
                report.line(note);
            }
        }
        report.set("issues", Value::Array(issues));
        let notes = self.advanced.values().flat_map(|done| done.closed.iter().chain(&done.notes));
        report.set("notes", json!(self.collected.notes.iter().chain(notes).collect::<Vec<_>>()));
    }

    fn tell_mail(&self, report: &mut Report) {
        let mut mailed = Vec::new();
        for line in &self.mailed.unread {
            report.line_once(line);
        }
        if let Some(line) = &self.mailed.forgetful {
            report.line_once(line);
        }
        for (issue, messages) in &self.mailed.issues {
            report.line(format!("mail: {issue} to {}", counted(*messages, "reader")));
            mailed.push(json!({"issue": issue, "messages": messages}));
        }
        if self.holds_mail && !mailed.is_empty() {
            report.line("  it is held back: `masthead deliver` sends it");
        }
        report.set("mailed", Value::Array(mailed));
        deliver::tell(report, &self.sent);
        deliver::tell_completed(report, &self.completed);
        self.paused.iter().filter(|campaign| !self.has_told(campaign)).for_each(|campaign| {
            // Nobody else reminds of one: it goes on by itself no more.
            report.line_once(deliver::paused(campaign));
        });
        for campaign in &self.held_back {
            report.line_once(deliver::held_back(campaign));
        }
        for NotMailed { all, news } in &self.unmailed {
            if let Some(line) = unmailed::in_words(all.iter()) {
                report.line(line);
            }
            // A quiet run says each once: when its turn passes.
            report.once.extend(unmailed::in_words(news.iter()));
            // Of what goes by hand the run tells that froze it: `status` tells it from then on.
            if let Some(line) = unmailed::to_be_sent(news.iter()) {
                report.line_once(line);
            }
        }
        let all = self.unmailed.iter().flat_map(|one| &one.all).cloned().collect::<Vec<_>>();
        report.set("unmailed", unmailed::in_json(&all));
    }

    /// Whether this run sent messages of a campaign, and so has said why it stopped.
    fn has_told(&self, campaign: &Campaign) -> bool {
        self.sent.iter().any(|one| one.issue == campaign.issue)
    }
}

/// An issue as `--json` tells of it; its paths are below the publication and below public/.
fn in_json(config: &Config, issue: &Issue, posts: usize, new: bool) -> Value {
    let pdf = || format!("{}/{}/{}", issue.key.series, issue.ordinal(), Artefacts::pdf_name(issue));
    json!({
        "series": issue.key.series,
        "ordinal": issue.ordinal(),
        "number": issue.number.label,
        "since": issue.window.since,
        "until": issue.window.until,
        "posts": posts,
        "new": new,
        "revision": issue.frozen.as_ref().map(|frozen| frozen.revision),
        "withdrawn": issue.withdrawn(),
        "pdf": (site::is_public(config, issue) && issue.withdrawn().is_none()).then(pdf),
        "path": Shelf::shown(&issue.key, "").components().collect::<std::path::PathBuf>(),
    })
}

//! Who gets which issue now: what is due is handed to the readers of its lists.

use chrono::{DateTime, Utc};

use crate::cli::files::Tally;
use crate::cli::lists::{self, Synced};
use crate::cli::mailing;
use crate::cli::session::Session;
use crate::cli::shelf::Shelf;
use crate::cli::site::Made;
use crate::cli::unmailed::{self, FORGETFUL, Known, REMEMBERED};
use crate::config::Config;
use crate::error::{Error, ErrorKind, Place, Result, Warning};
use crate::model::{Digest, Issue, Series};

/// What it is decided by who gets which issue now, beside what the files of lists say.
pub(super) struct Due<'a> {
    pub(super) shelf: &'a Shelf,
    pub(super) made: &'a [Made<'a>],
    /// What the store knew before the files of lists were read.
    pub(super) known: Result<Known>,
}

impl Due<'_> {
    /// Whether anything may be due.
    pub(super) fn is_any(&self) -> bool {
        self.made.iter().any(|one| mailing::is_due(self.shelf, one.issue).unwrap_or(true))
    }
}

/// What is decided, or what it is decided by while `L` reads the files of lists.
pub(super) enum Deciding<'a, L> {
    Done(Result<Decided<'a>>),
    Open(Due<'a>, L),
}

/// The issues that go out, and what is to be told of others.
pub(super) struct Decided<'a> {
    going: Vec<Going<'a>>,
    mailed: Mailed,
}

/// An issue that goes to the readers of its lists.
pub(super) struct Going<'a> {
    name: String,
    series: &'a Series,
    pub(super) made: &'a Made<'a>,
    digest: Digest,
}

impl<'a> Decided<'a> {
    /// The issues that go out.
    pub(super) fn going(&self) -> &[Going<'a>] {
        &self.going
    }
}

/// What was mailed.
#[derive(Debug)]
pub(super) struct Mailed {
    /// The issues that were handed to readers, and how many messages each made.
    pub(super) issues: Vec<(String, usize)>,
    /// What is to be told once of the files of lists.
    pub(super) notes: Vec<String>,
    /// What is to be told of a store that does not know who has left.
    pub(super) forgetful: Option<String>,
    /// The issues that wait, since nobody can rely on the file of a list of theirs or their digest cannot be read, and what
    /// is to be said of each.
    pub(super) held: Vec<(String, Error)>,
}

/// Decides which of the issues that are due go to the readers of their lists. Where nobody can rely on the file of a list,
/// whoever was taken out of it may still be on the list: then the issue waits for a later run.
pub(super) fn decide<'a>(
    session: &mut Session,
    config: &'a Config,
    Due { shelf, made, known }: Due<'a>,
    synced: Result<Synced>,
) -> Result<Decided<'a>> {
    let mut due: Vec<&Made<'_>> = Vec::new();
    for one in made {
        if mailing::is_due(shelf, one.issue)? {
            due.push(one);
        }
    }
    let now = session.now;
    let is_overtaken = |series: &Series, issue: &Issue| {
        unmailed::is_overtaken(series, issue, made.iter().map(|other| other.issue), now)
    };
    let is_forgetful = !due.is_empty() && known?.is_forgetful(shelf)?;
    let synced = synced?;
    let notes = lists::not_yet_said(session, config, synced.notes)?;
    // A job that begins without a store each time goes by the files of lists alone: there it is no fault.
    let is_told = is_forgetful && config.mail.subscriptions_url.is_none();
    let forgetful = is_told.then(|| format!("{FORGETFUL}; where that matters, {REMEMBERED}"));
    let (mut going, mut held_back) = (Vec::new(), Vec::new());
    for one in due {
        let Some(series) = config.series(&one.issue.key.series) else { continue };
        let Some(digest) = one.artefacts.digest_of(one.issue).transpose() else { continue };
        let name = format!("{} {}", series.title, one.issue.number.label);
        let doubted = series.lists.iter().find(|list| synced.doubted.contains(*list));
        let is_overtaken = is_overtaken(series, one.issue);
        // One that a run has queued which was stopped goes on: its readers are settled.
        if (is_overtaken || doubted.is_some())
            && mailing::campaign(&mut mailing::store(config)?, &one.issue.key, now)?.is_none()
        {
            // What is overtaken is told with what else was not mailed.
            if let Some(list) = doubted.filter(|_| !is_overtaken) {
                held_back.push((name, held(config, one.issue, list)));
            }
        } else if is_forgetful && config.mail.subscriptions_url.is_some() {
            held_back.push((name, forgotten(one.issue)));
        } else {
            match digest {
                Ok(digest) => going.push(Going { name, series, made: one, digest }),
                Err(why) => held_back.push((name, why)),
            }
        }
    }
    Ok(Decided { going, mailed: Mailed { notes, forgetful, issues: Vec::new(), held: held_back } })
}

/// Hands issues to the readers of their lists; says how many messages were made of each.
pub(super) fn mail(
    session: &mut Session,
    config: &Config,
    shelf: &Shelf,
    Decided { going, mut mailed }: Decided<'_>,
    starts: DateTime<Utc>,
    tally: &mut Tally,
) -> Result<Mailed> {
    for Going { name, series, made, digest } in going {
        session.progress(format!("writing mail: {}", series.title));
        let handed = mailing::hand_over(session, config, shelf, series, &digest, starts)?;
        *tally += handed.written;
        if handed.messages == 0 {
            session.warnings.push(to_nobody(made.issue, &name));
        }
        mailed.issues.push((name, handed.messages));
    }
    Ok(mailed)
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

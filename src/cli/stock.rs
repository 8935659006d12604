//! A series as it stands on disk: its frozen issues, and its drafts with what their editors say.

use std::collections::BTreeSet;
use std::path::Path;

use chrono_tz::Tz;

use super::session::Session;
use super::shelf::{CLOSED, EDITORIAL, FROZEN, Shelf, Shelved};
use crate::assemble::closed::Closed;
use crate::assemble::editorial::{self, Editorial};
use crate::assemble::window::shown_time;
use crate::assemble::{freeze, frozen, import, members, number};
use crate::collect::kept::{ENCLOSURES, PICTURES};
use crate::error::{Error, ErrorKind, Place, Result, Warning};
use crate::model::{Issue, IssueKey, PostId, Series};

/// A draft's folder: what its editor says.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    pub(super) key: IssueKey,
    /// The text of issue.toml.
    pub(super) text: String,
    /// The same, read.
    pub(super) editorial: Editorial,
}

/// What a series has on disk.
#[derive(Clone, Debug, Default)]
pub(super) struct Stock {
    /// In order of their windows.
    pub(super) frozen: Vec<Issue>,
    /// In order of their ordinals.
    pub(super) drafts: Vec<Draft>,
    /// Whether some folder could not be read: nothing of the series can be decided then.
    pub(super) blocked: bool,
    /// One more than the highest ordinal on disk.
    pub(super) next_ordinal: u64,
    /// Windows that closed without a post.
    pub(super) closed: Vec<Closed>,
    /// Whether closed.json tells of more, which are not heeded.
    pub(super) unheeded: bool,
}

impl Stock {
    /// Reads what a series has on disk. A folder that cannot be read costs only its series.
    pub(super) fn read(session: &mut Session, shelf: &Shelf, series: &Series, zone: Tz) -> Result<Self> {
        let mut stock = Self { next_ordinal: 1, ..Self::default() };
        for (key, shelved) in shelf.series(&series.key, &mut session.warnings)? {
            stock.next_ordinal = stock.next_ordinal.max(key.ordinal + 1);
            if let Err(error) = shelved.and_then(|shelved| stock.take(session, shelf, &key, shelved, zone)) {
                stock.block(session, series, error);
            }
        }
        match shelf.closed(&series.key) {
            Ok(closed) => stock.take_closed(session, series, closed, zone),
            Err(error) => stock.block(session, series, error),
        }
        import::chronological(&mut stock.frozen);
        let issues: Vec<&Issue> = stock.frozen.iter().collect();
        if stock.drafts.is_empty() && !stock.blocked {
            session.warnings.extend(number::faults(series, &issues));
        }
        Ok(stock)
    }

    /// Takes in the windows that closed. Those that end later than now are no windows of this run's past.
    fn take_closed(&mut self, session: &mut Session, series: &Series, closed: Vec<Closed>, zone: Tz) {
        let (past, later): (Vec<Closed>, Vec<Closed>) =
            closed.into_iter().partition(|closed| closed.window.until <= session.now);
        (self.closed, self.unheeded) = (past, !later.is_empty());
        for Closed { window, at, .. } in later {
            let (ends, at) = (shown_time(window.until, zone), shown_time(at, zone));
            let message = format!("a window is told as closed that ends later than now, at {ends}");
            session.warnings.push(
                Warning::new(message)
                    .at(Place::file(Path::new("issues").join(&series.key).join(CLOSED)))
                    .hint(format!("a run at {at} wrote this; it is not heeded, and the next issue is made without it")),
            );
        }
    }

    /// Notes that something cannot be read, which every quiet run tells until it is mended.
    fn block(&mut self, session: &mut Session, series: &Series, error: Error) {
        self.blocked = true;
        let hint = format!("the series `{}` stays as it is until this is mended", series.key);
        session.warnings.push(error.into_warning().hint(hint).once());
    }

    /// Takes in one issue's folder.
    fn take(&mut self, session: &mut Session, shelf: &Shelf, key: &IssueKey, shelved: Shelved, zone: Tz) -> Result<()> {
        if shelved.frozen.is_none()
            && let Some(first) = shelf.releases(key)?.first()
        {
            return Err(Error::new(
                ErrorKind::Input,
                format!("{key} went out (released/{first}), but this file is gone"),
            )
            .at(Place::file(Shelf::shown(key, FROZEN)))
            .hint("bring it back from a backup"));
        }
        match (shelved.frozen, shelved.editorial) {
            (Some(text), editorial) => self.frozen.push(read_frozen(session, key, &text, editorial.as_deref())?),
            (None, Some(text)) => {
                let draft = read_draft(session, key, text)?;
                draft.editorial.check_window(zone)?;
                self.drafts.push(draft);
            }
            (None, None) => session.warnings.push(
                Warning::new("an issue's folder without issue.toml and frozen.json is not used")
                    .at(Place::file(Shelf::shown(key, ""))),
            ),
        }
        Ok(())
    }
}

/// The posts that were for members in series of which config.toml has no more, and why nobody knows whether these are all. A
/// warning for each folder of such a series.
pub(super) fn former(
    session: &mut Session,
    shelf: &Shelf,
    series: &[Series],
) -> Result<(BTreeSet<PostId>, Option<Error>)> {
    let mut issues = Vec::new();
    let mut unreadable = None;
    for name in shelf.orphans(series)? {
        let mut was_public = true;
        // What else is wrong with folders of no series is nobody's concern.
        for (key, shelved) in shelf.series(&name, &mut Vec::new())? {
            let read = |text: String| {
                let found = frozen::read(&text, &Shelf::shown(&key, FROZEN));
                found.map_err(|error| (error, says_public(&text)))
            };
            let text = shelved.map(|shelved| shelved.frozen).map_err(|error| (error, false));
            match text.and_then(|text| text.map(read).transpose()) {
                Ok(Some(found)) => {
                    was_public &= found.value.series.public;
                    issues.push(found.value);
                }
                Ok(None) => {}
                Err((error, true)) => session.warnings.push(error.into_warning()),
                Err((error, false)) => {
                    was_public = false;
                    unreadable = unreadable.or(Some(closed(error)));
                }
            }
        }
        let hint = if was_public {
            "nothing is made of them; call the series so again, or take the folder away"
        } else {
            "nothing is made of them, and what they hold for members alone stays off the web; call the series so again, \
             or leave the folder where it is: without it those posts are on the web"
        };
        let message = format!("these are the issues of a series `{name}`, which config.toml does not have");
        session.warnings.push(Warning::new(message).at(Place::file(Path::new("issues").join(&name))).hint(hint));
    }
    Ok((members::former(&issues), unreadable))
}

/// What is said of an issue that may be for members alone, and cannot be read.
fn closed(error: Error) -> Error {
    error.hint(
        "nothing is published until it can be read, or is not there any more: what it holds may be for members alone",
    )
}

/// Whether an issue that cannot be read as a whole says that its series was public.
fn says_public(text: &str) -> bool {
    let json: serde_json::Value = serde_json::from_str(text).unwrap_or_default();
    json["series"]["public"].as_bool() == Some(true)
}

fn read_frozen(session: &mut Session, key: &IssueKey, text: &str, editorial: Option<&str>) -> Result<Issue> {
    let issue = session.heed(frozen::read(text, &Shelf::shown(key, FROZEN))?);
    if issue.key != *key {
        return Err(Error::new(ErrorKind::Input, format!("this is {}, in the folder of {key}", issue.key))
            .at(Place::file(Shelf::shown(key, FROZEN)))
            .hint("a frozen issue keeps its folder; take the copy away, or call the folder as it was"));
    }
    if let Some(editorial) = editorial {
        session.warnings.extend(freeze::edited_since(&issue, editorial, &Shelf::shown(key, EDITORIAL)));
    }
    Ok(issue)
}

/// Reads a draft's issue.toml.
pub(super) fn read_draft(session: &mut Session, key: &IssueKey, text: String) -> Result<Draft> {
    let editorial = session.heed(editorial::parse(&text, &Shelf::shown(key, EDITORIAL))?);
    Ok(Draft { key: key.clone(), text, editorial })
}

/// Where a file that a post names lies now. What is kept in collected/ is named below the publication, and all else as it was
/// opened: below a publication that a relative path names it is there already.
pub(super) fn located(root: &Path, file: &Path) -> std::path::PathBuf {
    let is_kept = [PICTURES, ENCLOSURES].iter().any(|folder| file.starts_with(folder));
    if !is_kept && file.starts_with(root) { file.to_path_buf() } else { root.join(file) }
}

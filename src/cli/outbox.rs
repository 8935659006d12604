//! Messages as files in outbox/. Whoever hands them on may do so at any time, and takes them away: a file that has the name of
//! a message is of one that the store has recorded, and that no run writes again.

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use super::files;
use super::sending;
use super::session::Session;
use super::shelf::Shelf;
use crate::config::Config;
use crate::deliver::{self, OutboxFile};
use crate::error::Result;
use crate::model::{
    Campaign, CampaignState, Claim, DeliveryState, Disposition, Gone, History, IssueKey, Lease, Query, Queue as _,
    Reply, Settlement,
};
use crate::store::Store;

/// Who writes to outbox/, among the workers of a campaign.
const OUTBOX: &str = "file";
/// How many messages are drawn at once.
const BATCH: usize = 500;
/// How the name of a message ends that is written and may not be recorded yet; it begins with a point.
const STAGED: &str = ".staged";

/// Writes what is due of a campaign to outbox/. The lock of the publication is held, so that nobody else does: what an earlier
/// run held and did not record is taken back, and written again.
pub(super) fn write_outbox(
    session: &mut Session,
    config: &Config,
    shelf: &Shelf,
    store: &mut Store,
    campaign: &Campaign,
) -> Result<files::Tally> {
    let (worker, now) = (OUTBOX, session.now);
    let lists = config.series(&campaign.issue.series).map(|series| series.lists.clone()).unwrap_or_default();
    let claim =
        Claim { campaign: campaign.id, worker: worker.to_owned(), most: BATCH, lists, except: Vec::new(), until: now };
    store.recover(&Gone::Overdue, now + chrono::TimeDelta::seconds(1))?;
    appear(config, store, &campaign.issue)?;
    // Of the campaign and not of this run, so that a file which is written again is the same; but none of a time to come.
    let date = campaign.starts.min(now);
    let mailing = sending::released(session, config, shelf, campaign, date, store)?;
    let mut written = files::Tally::default();
    loop {
        let claimed = store.claim(&claim, now)?;
        // Whoever is not to be written to any more is settled by a claim, and not in it.
        if claimed.is_empty() && !has_due(store, campaign.id, now)? {
            break;
        }
        let outbox = deliver::outbox(&campaign.issue, &mailing, &claimed);
        let mut settled = Vec::with_capacity(claimed.len());
        let mut batch = Batch::default();
        for file in &outbox.files {
            written.count(batch.write(config, file)?);
            settled.push(settlement(file.lease, Disposition::Sent, String::new()));
        }
        for (lease, warning) in outbox.refused {
            settled.push(settlement(lease, Disposition::Failed, warning.message.clone()));
            session.warnings.push(warning);
        }
        // What is recorded as sent is never written again: it must outlive a power failure before that.
        files::sync_left(&batch.written)?;
        store.record(worker, &settled, &[], now)?;
        batch.appear()?;
    }
    store.finish(campaign.id, now)?;
    Ok(written)
}

/// Files that are recorded together.
#[derive(Default)]
struct Batch {
    /// Where they are until then, or where they were already.
    written: Vec<PathBuf>,
    /// From where each goes when it is recorded, and where to.
    staged: Vec<(PathBuf, PathBuf)>,
}

impl Batch {
    /// Writes one; whether it had to: one that is there already stays.
    fn write(&mut self, config: &Config, file: &OutboxFile) -> Result<bool> {
        let path = config.root.join("outbox").join(&file.path);
        if files::holds(&path, &file.bytes) {
            self.written.push(path);
            return Ok(false);
        }
        let staged = staged(&path, file.lease);
        files::write_privately(&staged, &file.bytes)?;
        self.written.push(staged.clone());
        self.staged.push((staged, path));
        Ok(true)
    }

    /// Gives them their names. One that is gone was taken away for a reader who has left meanwhile.
    fn appear(&self) -> Result<()> {
        for (staged, path) in &self.staged {
            files::rename(staged, path)?;
        }
        let paths: Vec<PathBuf> = self.staged.iter().map(|(_, path)| path.clone()).collect();
        files::sync_names(&paths)
    }
}

/// What the file of a message is called until the store has recorded it, by this hold on its delivery.
fn staged(path: &Path, Lease { delivery, epoch }: Lease) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.{delivery}-{epoch}{STAGED}"))
}

/// What [`staged`] made of a name.
fn unstaged(name: &str) -> Option<(&str, Lease)> {
    let (name, lease) = name.strip_prefix('.')?.strip_suffix(STAGED)?.rsplit_once('.')?;
    let (delivery, epoch) = lease.split_once('-')?;
    Some((name, Lease { delivery: delivery.parse().ok()?, epoch: epoch.parse().ok()? }))
}

/// Settles what a run left that was stopped: of an issue's messages those appear that the store has recorded by the hold under
/// which they were written, and the others go, to be written again.
pub(super) fn appear(config: &Config, store: &mut Store, issue: &IssueKey) -> Result<()> {
    let folder = config.root.join("outbox").join(deliver::outbox_folder(issue));
    let mut batch = Batch::default();
    for name in files::names(&folder)? {
        let Some((shown, lease)) = unstaged(&name) else { continue };
        let query = Query { delivery: Some(lease.delivery), ..Query::default() };
        let is_recorded = |one: &History| one.state == DeliveryState::Sent && one.epoch == lease.epoch;
        if store.history(&query)?.iter().any(is_recorded) {
            batch.staged.push((folder.join(&name), folder.join(shown)));
        } else {
            files::remove(&folder.join(&name))?;
        }
    }
    if batch.staged.is_empty() { Ok(()) } else { batch.appear() }
}

/// Takes a message out of outbox/, also one that has not appeared yet; whether there was one. `path` is relative to outbox/,
/// `lease` the last hold on its delivery, where that is known.
pub(super) fn take_away(config: &Config, path: &str, lease: Option<Lease>) -> Result<bool> {
    let path = config.root.join("outbox").join(path);
    // First under the name that it has before it appears.
    let mut is_taken = false;
    if let Some(lease) = lease {
        is_taken = files::remove(&staged(&path, lease))?;
    } else if let (Some(folder), Some(shown)) = (path.parent(), path.file_name()) {
        for name in files::names(folder)? {
            if unstaged(&name).is_some_and(|(name, _)| *shown == *name) {
                is_taken |= files::remove(&folder.join(name))?;
            }
        }
    }
    Ok(files::remove(&path)? || is_taken)
}

/// Whether something is due of a campaign that runs.
fn has_due(store: &mut Store, campaign: i64, now: DateTime<Utc>) -> Result<bool> {
    let is_it = |one: &Campaign| one.id == campaign && one.state == CampaignState::Running;
    Ok(store.campaigns(now)?.iter().any(is_it) && store.next_due(campaign)?.is_some_and(|due| due <= now))
}

fn settlement(lease: Lease, disposition: Disposition, text: String) -> Settlement {
    Settlement { lease, disposition, reply: Reply { relay: OUTBOX.to_owned(), text, ..Reply::default() } }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{staged, unstaged};
    use crate::model::Lease;

    #[test]
    fn a_message_that_is_not_recorded_has_another_name() {
        let (path, lease) = (Path::new("outbox/news-1/ann@x.example-0f3a.eml"), Lease { delivery: 12, epoch: 3 });
        let staged = staged(path, lease);
        assert_eq!(staged, Path::new("outbox/news-1/.ann@x.example-0f3a.eml.12-3.staged"));
        let name = staged.file_name().unwrap().to_str().unwrap();
        assert_eq!(unstaged(name), Some(("ann@x.example-0f3a.eml", lease)));
        for other in ["ann@x.example-0f3a.eml", ".DS_Store", ".a.eml.staged", ".masthead-abc"] {
            assert_eq!(unstaged(other), None, "{other}");
        }
    }
}

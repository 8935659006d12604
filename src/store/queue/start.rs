//! Settling who gets an issue, in SQLite, where all writers wait for each other.
//!
//! Readers are put aside first, which keeps nobody from writing. The deliveries of a long list are then recorded in short
//! transactions, of a campaign that is there for nobody; one more says that it is settled. Whoever dies before that moment
//! has queued nothing: the next who queues anything takes away what is left.

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::{Tokens, rows};
use crate::model::{CampaignState, IssueKey, Language, NewCampaign, Recipient, address_identity};
use crate::store::database::{Connection, Fault, Lock, OptionalExtension as _, Result, Transaction, params};
use crate::store::stamp;

/// How many deliveries one transaction records: others wait for it for some hundredths of a second.
const BATCH: i64 = 1000;
/// How long others have to begin between two transactions. They try more often than that.
const PAUSE: Duration = Duration::from_millis(10);
/// After how many seconds without a sign of life a campaign that is being settled is nobody's any more.
const DEAD: i64 = 600;

/// Who gets a campaign, and what is recorded of them.
struct Settling<'s> {
    campaign: &'s NewCampaign,
    tokens: Tokens<'s>,
    choose: &'s mut dyn FnMut(&Recipient) -> Option<String>,
    now: DateTime<Utc>,
}

/// See [`crate::model::Queue::start`]. Readers pass one by one: a million of them take no more memory than ten.
pub(super) fn start(
    connection: &Connection,
    tokens: Tokens<'_>,
    campaign: &NewCampaign,
    choose: &mut dyn FnMut(&Recipient) -> Option<String>,
    now: DateTime<Utc>,
) -> Result<u64> {
    let mut settling = Settling { campaign, tokens, choose, now };
    let IssueKey { series, ordinal } = &campaign.issue;
    let mut left = connection.prepare_cached(include_str!("../sql/campaign_left.sql"))?;
    for id in left.query_map(params![series, *ordinal as i64, DEAD], |row| row.get::<i64>(0))? {
        discard(connection, id?)?;
    }
    connection.batch(include_str!("../sql/settled_table.sql"))?;
    for list in &campaign.lists {
        connection.execute(include_str!("../sql/settled_add.sql"), [list])?;
    }
    let count: i64 = connection.query_row(include_str!("../sql/settled_count.sql"), [], |row| row.get(0))?;
    let recorded = if count <= BATCH { settling.at_once(connection) } else { settling.in_steps(connection) };
    connection.batch("delete from temp.settled")?;
    recorded
}

impl Settling<'_> {
    fn at_once(&mut self, connection: &Connection) -> Result<u64> {
        write(connection, |transaction| {
            let Some(id) = self.begin(transaction, false)? else { return Ok(0) };
            self.record(transaction, id, &mut 0)
        })
    }

    fn in_steps(&mut self, connection: &Connection) -> Result<u64> {
        let Some(id) = write(connection, |transaction| self.begin(transaction, true))? else { return Ok(0) };
        let recorded = self.all(connection, id);
        if recorded.is_err() {
            // If it cannot be discarded now, it is when it is old.
            let _ = discard(connection, id);
        }
        recorded
    }

    fn all(&mut self, connection: &Connection, id: i64) -> Result<u64> {
        let (mut after, mut recorded) = (0, 0);
        loop {
            let before = after;
            recorded += write(connection, |transaction| {
                is_ours(transaction.execute(include_str!("../sql/campaign_gathering.sql"), [id])?)?;
                self.record(transaction, id, &mut after)
            })?;
            if after == before {
                break;
            }
            std::thread::sleep(PAUSE);
        }
        write(connection, |transaction| {
            is_ours(transaction.execute(include_str!("../sql/campaign_gathered.sql"), [id])?)
        })?;
        Ok(recorded)
    }

    /// The new campaign; `None` where the issue has one.
    fn begin(&self, transaction: &Transaction<'_>, is_in_steps: bool) -> Result<Option<i64>> {
        let NewCampaign { issue: IssueKey { series, ordinal }, revision, starts, .. } = self.campaign;
        let state = if *starts > self.now { CampaignState::Scheduled } else { CampaignState::Running };
        let (now, starts) = (stamp(self.now), stamp(*starts));
        let row = params![series, *ordinal as i64, revision, state.as_str(), now, starts, i64::from(is_in_steps)];
        transaction.query_row(include_str!("../sql/campaign_add.sql"), row, |row| row.get::<i64>(0)).optional()
    }

    /// Records the deliveries of the next who were put aside after `after`, which is moved on; how many there are.
    fn record(&mut self, transaction: &Transaction<'_>, id: i64, after: &mut i64) -> Result<u64> {
        let mut next = transaction.prepare_cached(include_str!("../sql/settled_next.sql"))?;
        let mut add = transaction.prepare_cached(include_str!("../sql/delivery_add.sql"))?;
        let mut recorded = 0;
        let last = *after;
        next.each(params![last, BATCH], |row| {
            let list: String = row.get(3)?;
            *after = row.get(4)?;
            let to = rows::reader(row, &list, self.tokens)?;
            let Some(message_id) = (self.choose)(&to) else { return Ok(()) };
            recorded += add.execute(params![
                id,
                to.address,
                address_identity(&to.address),
                to.name,
                to.language.as_ref().map(Language::as_str),
                to.list,
                to.token,
                message_id,
                stamp(self.campaign.starts),
                stamp(self.now)
            ])?;
            Ok(())
        })?;
        Ok(recorded as u64)
    }
}

fn is_ours(changed: usize) -> Result<()> {
    if changed > 0 { Ok(()) } else { Err(Fault::Unreadable("another run queues the same issue".to_owned())) }
}

/// Forgets a campaign that is there for nobody, and what was recorded of it.
fn discard(connection: &Connection, id: i64) -> Result<()> {
    write(connection, |transaction| transaction.execute(include_str!("../sql/campaign_discard.sql"), [id]))?;
    let some = |transaction: &Transaction<'_>| {
        transaction.execute(include_str!("../sql/campaign_drop.sql"), params![id, BATCH])
    };
    while write(connection, some)? > 0 {
        std::thread::sleep(PAUSE);
    }
    write(connection, |transaction| transaction.execute(include_str!("../sql/campaign_forget.sql"), [id]).map(drop))
}

/// Forgets a campaign that was cancelled before any of it was tried, or that goes to nobody, with what was recorded of it;
/// whether it was one.
pub(super) fn withdraw(connection: &Connection, id: i64) -> Result<bool> {
    // On a server others write meanwhile: there it is one step, and whoever dies leaves the campaign as it was.
    let at_once = matches!(connection, Connection::Postgres(_));
    let transaction = connection.transaction(Lock::Campaigns)?;
    let is_given_up = transaction.execute(include_str!("../sql/campaign_withdraw.sql"), [id])? > 0;
    if is_given_up && at_once {
        while transaction.execute(include_str!("../sql/campaign_drop.sql"), params![id, BATCH])? > 0 {}
        transaction.execute(include_str!("../sql/campaign_forget.sql"), [id])?;
    }
    transaction.commit()?;
    if is_given_up && !at_once {
        discard(connection, id)?;
    }
    Ok(is_given_up)
}

fn write<T>(connection: &Connection, work: impl FnOnce(&Transaction<'_>) -> Result<T>) -> Result<T> {
    let transaction = connection.transaction(Lock::Readers)?;
    let value = work(&transaction)?;
    transaction.commit()?;
    Ok(value)
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::path::Path;
    use std::time::{Duration, Instant};

    use chrono::DateTime;

    use crate::model::{DeliveryState, IssueKey, NewCampaign, NewSubscriber, Query, Queue as _, Recipient};
    use crate::store::Store;

    const READERS: usize = 3500;

    fn person(address: String) -> NewSubscriber {
        NewSubscriber { address, name: None, language: None }
    }

    fn store(path: &Path) -> Store {
        let mut store = Store::open(path).unwrap();
        let readers: Vec<NewSubscriber> = (0..READERS).map(|n| person(format!("r{n:04}@x.example"))).collect();
        store.import("members", &readers, DateTime::UNIX_EPOCH).unwrap();
        store
    }

    fn start(store: &mut Store, choose: &mut dyn FnMut(&Recipient) -> Option<String>) -> u64 {
        let issue = IssueKey { series: "news".to_owned(), ordinal: 1 };
        let starts = DateTime::UNIX_EPOCH;
        let campaign = NewCampaign { issue, revision: 1, lists: vec!["members".to_owned()], starts };
        store.start(&campaign, choose, starts).unwrap()
    }

    #[allow(clippy::unnecessary_wraps, reason = "as the queue asks it")]
    fn id(to: &Recipient) -> Option<String> {
        Some(format!("1.{}", to.address))
    }

    #[test]
    fn a_campaign_is_there_when_all_its_recipients_are() {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("masthead.db");
        let mut store = store(&path);
        let mut other = Store::open(&path).unwrap();
        let seen = rusqlite::Connection::open(&path).unwrap();
        let mut asked = 0;
        std::thread::scope(|scope| {
            // Whoever subscribes or leaves meanwhile waits for a step, and not for all.
            let others = scope.spawn(move || {
                let mut longest = Duration::ZERO;
                for n in 0..20 {
                    let begun = Instant::now();
                    other.add("others", &person(format!("o{n}@x.example")), DateTime::UNIX_EPOCH).unwrap();
                    longest = longest.max(begun.elapsed());
                }
                longest
            });
            let count = |sql| seen.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
            let sent = start(&mut store, &mut |to| {
                asked += 1;
                if asked == READERS {
                    assert_eq!(count("select count(*) from campaign where gathering is null"), 0);
                    assert!(count("select count(*) from delivery") >= 3000, "others see the steps before");
                }
                id(to)
            });
            assert_eq!(sent, READERS as u64);
            assert!(others.join().unwrap() < Duration::from_secs(5));
        });
        assert_eq!(store.campaigns(DateTime::UNIX_EPOCH).unwrap().len(), 1);
        assert_eq!(start(&mut store, &mut id), 0, "an issue is queued once");
    }

    #[test]
    fn what_a_run_left_that_died_while_it_queued_is_nothing() {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("masthead.db");
        let mut died = store(&path);
        let mut asked = 0;
        let mut dies = |to: &Recipient| {
            asked += 1;
            assert!(asked < 2500, "the run is killed");
            id(to)
        };
        assert!(catch_unwind(AssertUnwindSafe(|| start(&mut died, &mut dies))).is_err());
        drop(died);
        let mut store = Store::open(&path).unwrap();
        assert!(store.campaigns(DateTime::UNIX_EPOCH).unwrap().is_empty());
        assert!(store.history(&Query::default()).unwrap().is_empty(), "nobody sees a part of it");
        // Somebody who has left meanwhile gets nothing of what is queued anew.
        store.remove("members", "r0007@x.example", DateTime::UNIX_EPOCH).unwrap();
        assert_eq!(start(&mut store, &mut id), READERS as u64 - 1);
        let campaigns = store.campaigns(DateTime::UNIX_EPOCH).unwrap();
        assert_eq!(campaigns.len(), 1);
        let progress = store.progress(campaigns[0].id, DateTime::UNIX_EPOCH).unwrap();
        assert_eq!(progress.count(DeliveryState::Pending), READERS as u64 - 1);
    }

    #[test]
    fn of_two_runs_that_queue_one_issue_the_later_does() {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("masthead.db");
        let mut first = store(&path);
        let mut second = Store::open(&path).unwrap();
        let (begun, has_begun) = std::sync::mpsc::channel();
        let (go, may_go) = std::sync::mpsc::channel::<()>();
        std::thread::scope(|scope| {
            let early = scope.spawn(move || {
                let mut asked = 0;
                let issue = IssueKey { series: "news".to_owned(), ordinal: 1 };
                let starts = DateTime::UNIX_EPOCH;
                let campaign = NewCampaign { issue, revision: 1, lists: vec!["members".to_owned()], starts };
                let mut choose = |to: &Recipient| {
                    asked += 1;
                    if asked == 1001 {
                        begun.send(()).unwrap();
                        // Until the other one waits for this step to end.
                        let _ = may_go.recv_timeout(Duration::from_millis(300));
                    }
                    id(to)
                };
                first.start(&campaign, &mut choose, starts)
            });
            has_begun.recv().unwrap();
            let late = scope.spawn(move || start(&mut second, &mut id));
            assert_eq!(late.join().unwrap(), READERS as u64);
            drop(go);
            let told = early.join().unwrap().unwrap_err();
            assert!(told.message().contains("another run queues the same issue"), "{told}");
        });
    }
}

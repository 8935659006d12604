//! Lists that config.toml calls otherwise than before, or has no more.
//!
//! Links, requests by mail and other processes go on naming a list as it was called when they were made. So the store keeps
//! what became of it. Of a list that is gone without a word nobody can tell whether it is one of the others under its old
//! name: whoever has left it gets no mail through those that they came onto afterwards, until that is said (the view
//! `kept_away`).

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Duration;

use super::database::{Connection, OptionalExtension as _, Result as Done, Transaction, params};
use super::{Store, failed};
use crate::error::{Error, ErrorKind, Result};
use crate::model::List;

/// What gives some of the people of a list to its new name, in this order. The first value is the old name, the second the
/// new one, the others bound the numbers of the people.
const RENAME: [&str; 6] = [
    include_str!("sql/list_rename_leave.sql"),
    include_str!("sql/list_rename_own.sql"),
    include_str!("sql/list_rename_drop.sql"),
    include_str!("sql/list_rename_replace.sql"),
    include_str!("sql/list_rename.sql"),
    include_str!("sql/list_rename_consent.sql"),
];
/// How long others have to write between two transactions.
const PAUSE: Duration = Duration::from_millis(10);

/// A list of which nobody has said what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormerList {
    /// What it was called.
    pub name: String,
    /// How many have left it.
    pub left: u64,
}

/// What is to be noted of lists.
#[derive(Default)]
struct Changes {
    /// Old names and new ones.
    renamed: Vec<(String, String)>,
    /// Are in config.toml no more.
    gone: Vec<String>,
    /// Are in it again.
    back: Vec<String>,
}

impl Store {
    /// Learns which lists config.toml has, and what they were called before: their people, requests and links go on under
    /// the new names. Fails for a name that belongs to another list by now.
    pub fn know_lists(&mut self, lists: &[List]) -> Result<()> {
        let (known, held) = (known(&self.connection).map_err(failed)?, held(&self.connection).map_err(failed)?);
        for list in lists {
            if let Some(Some(became)) = known.get(&list.key)
                && !list.was.contains(became)
            {
                let message = format!("`{}` is a name that the list `{became}` had once", list.key);
                return Err(Error::new(ErrorKind::Config, message).hint(format!(
                    "links in old mails lead to that list: choose another name, or write `was = [\"{became}\"]` to call it so again"
                )));
            }
        }
        let changes = changes(lists, &known, &held);
        if changes.renamed.is_empty() && changes.gone.is_empty() && changes.back.is_empty() {
            return Ok(());
        }
        self.write(|transaction| changes.keep(transaction))?;
        changes.renamed.iter().try_for_each(|(was, now)| self.rename(was, now))
    }

    /// The lists that config.toml has no more and that somebody has left, in the order of names.
    pub fn former_lists(&self) -> Result<Vec<FormerList>> {
        let read = || -> Done<Vec<FormerList>> {
            let mut former = Vec::new();
            for (name, became) in known(&self.connection)? {
                let mut count = self.connection.prepare_cached(include_str!("sql/former_list_left.sql"))?;
                let left: i64 = count.query_row([&name], |row| row.get(0))?;
                if became.is_none() && left > 0 {
                    former.push(FormerList { name, left: left.unsigned_abs() });
                }
            }
            Ok(former)
        };
        read().map_err(failed)
    }

    /// What [`Store::former_lists`] would tell of the file at `path` to whoever has these lists. Changes nothing.
    pub fn former_lists_in(path: &Path, lists: &[List]) -> Result<Vec<FormerList>> {
        let read = || -> rusqlite::Result<Vec<FormerList>> {
            let file = super::look::look(path)?;
            let is_former =
                |name: &str| lists.iter().all(|list| list.key != name && list.was.iter().all(|was| was != name));
            let mut statement = file.prepare(include_str!("sql/former_list_look.sql"))?;
            let rows = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?)))?;
            let each = rows.map(|row| row.map(|(name, left)| FormerList { name, left: left.unsigned_abs() }));
            each.filter(|row| row.as_ref().map_or(true, |one| is_former(&one.name))).collect()
        };
        read().map_err(failed)
    }

    /// What a list is called now; the same name where nobody has said otherwise.
    pub fn list_name(&self, name: &str) -> Result<String> {
        present(&self.connection, name).map_err(failed)
    }

    /// Calls a list otherwise, some of its people after the others, so that nobody waits for long; what a run leaves that dies
    /// the next one does. Whoever left it under either name has left it, unless they have come back since.
    fn rename(&mut self, was: &str, now: &str) -> Result<()> {
        loop {
            let mut after = 0;
            while let Some(last) = self.write(|transaction| rename_some(transaction, was, now, after))? {
                after = last;
                std::thread::sleep(PAUSE);
            }
            let is_done = self.write(|transaction| {
                // Somebody may have asked to be on it meanwhile.
                if after > 0 && next_of(transaction, was, 0)?.is_some() {
                    return Ok(false);
                }
                transaction.execute(include_str!("sql/list_rename_import.sql"), params![was, now])?;
                transaction.execute(include_str!("sql/list_file_forget.sql"), params![was, now])?;
                transaction.execute(include_str!("sql/former_list_follow.sql"), params![was, now])?;
                transaction.execute(include_str!("sql/former_list_add.sql"), params![was, now])?;
                Ok(true)
            })?;
            if is_done {
                return Ok(());
            }
        }
    }
}

/// See [`Store::list_name`].
pub(super) fn present(connection: &Connection, name: &str) -> Done<String> {
    let mut became = connection.prepare_cached(include_str!("sql/former_list_became.sql"))?;
    let now: Option<String> = became.query_row([name], |row| row.get(0)).optional()?;
    Ok(now.unwrap_or_else(|| name.to_owned()))
}

fn known(connection: &Connection) -> Done<BTreeMap<String, Option<String>>> {
    let mut statement = connection.prepare_cached(include_str!("sql/former_list.sql"))?;
    statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
}

/// The lists of which anybody is or was.
fn held(connection: &Connection) -> Done<BTreeSet<String>> {
    let mut held = BTreeSet::new();
    let mut next = connection.prepare_cached(include_str!("sql/list_next.sql"))?;
    let mut last = String::new();
    while let Some(name) = next.query_row([&last], |row| row.get::<Option<String>>(0))? {
        last.clone_from(&name);
        held.insert(name);
    }
    Ok(held)
}

/// What is to be noted, where the store knows these names, and people on the lists that are `held`.
fn changes(lists: &[List], known: &BTreeMap<String, Option<String>>, held: &BTreeSet<String>) -> Changes {
    let mut changes = Changes::default();
    for list in lists {
        let is_news = |was: &&String| {
            held.contains(*was) || known.get(*was).and_then(Option::as_deref) != Some(list.key.as_str())
        };
        changes.renamed.extend(list.was.iter().filter(is_news).map(|was| (was.clone(), list.key.clone())));
    }
    let is_named = |name: &&String| lists.iter().any(|list| list.key == **name || list.was.contains(*name));
    // Of what became something, people are held by another machine's configuration at most, and follow it.
    changes.gone = held.iter().filter(|name| !is_named(name) && !known.contains_key(*name)).cloned().collect();
    let unsaid = known.iter().filter(|(_, became)| became.is_none()).map(|(name, _)| name);
    changes.back = unsaid.filter(|name| lists.iter().any(|list| list.key == **name)).cloned().collect();
    changes
}

impl Changes {
    fn keep(&self, transaction: &Transaction<'_>) -> Done<()> {
        for name in &self.back {
            transaction.execute(include_str!("sql/former_list_back.sql"), [name])?;
        }
        for name in &self.gone {
            transaction.execute(include_str!("sql/former_list_add.sql"), params![name, None::<String>])?;
        }
        for (was, now) in &self.renamed {
            transaction.execute(include_str!("sql/former_list_back.sql"), [now])?;
            // Until all have the new name, those who left the list are kept away from it.
            transaction.execute(include_str!("sql/former_list_add.sql"), params![was, None::<String>])?;
        }
        Ok(())
    }
}

/// Gives the next people of a list, after this one, to its new name; up to whom, unless there are none.
fn rename_some(transaction: &Transaction<'_>, was: &str, now: &str, after: i64) -> Done<Option<i64>> {
    let last = next_of(transaction, was, after)?;
    if let Some(last) = last {
        for statement in RENAME {
            transaction.execute(statement, params![was, now, after, last])?;
        }
    }
    Ok(last)
}

fn next_of(transaction: &Transaction<'_>, list: &str, after: i64) -> Done<Option<i64>> {
    transaction.query_row(include_str!("sql/list_rename_next.sql"), params![list, after], |row| row.get(0))
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta};

    use super::{changes, held, known, rename_some};
    use crate::model::{List, NewSubscriber};
    use crate::store::Store;

    fn named(key: &str, was: &[&str]) -> List {
        let was = was.iter().map(ToString::to_string).collect();
        List { key: key.to_owned(), was, title: key.to_owned(), ..List::default() }
    }

    #[test]
    fn what_a_run_left_that_died_in_the_middle_the_next_one_does() {
        let now = DateTime::UNIX_EPOCH;
        let mut store = Store::in_memory().unwrap();
        let person = |n: usize| NewSubscriber { address: format!("r{n}@x.example"), name: None, language: None };
        store.import("readers", &(0..2500).map(person).collect::<Vec<_>>(), now).unwrap();
        for n in [3, 2400] {
            store.remove("readers", &format!("r{n}@x.example"), now + TimeDelta::seconds(1)).unwrap();
        }
        let lists = [named("folk", &["readers"])];
        let begun = changes(&lists, &known(&store.connection).unwrap(), &held(&store.connection).unwrap());
        store.write(|transaction| begun.keep(transaction)).unwrap();
        store.write(|transaction| rename_some(transaction, "readers", "folk", 0)).unwrap();
        let (moved, left) = (store.status("folk").unwrap().active, store.status("readers").unwrap().active);
        assert!(moved + left == 2498 && (998..=1000).contains(&moved), "a thousand, with those who left: {moved}");
        // A file that has everybody comes in between.
        store.import("folk", &(0..2500).map(person).collect::<Vec<_>>(), now + TimeDelta::seconds(2)).unwrap();
        assert_eq!(store.recipients(&["folk".to_owned()]).unwrap().len(), 2498, "who left is kept away");
        store.know_lists(&lists).unwrap();
        let folk = store.status("folk").unwrap();
        assert_eq!((folk.active, folk.unsubscribed, store.status("readers").unwrap().unsubscribed), (2498, 2, 0));
        assert_eq!(store.list_name("readers").unwrap(), "folk");
    }
}

//! The rows of a file, gathered aside before the store hears of them.

use rusqlite::params;

use crate::error::Result;
use crate::model::{Language, NewSubscriber};
use crate::store::database::Result as Asked;
use crate::store::{AddressKey, failed};

/// What is kept of a file while it is read. SQLite makes the file and takes it away; no journal is needed for what nobody
/// misses, and little of it stays in memory.
const SCRATCH: &str = "
    pragma journal_mode = off;
    pragma synchronous = off;
    pragma cache_size = -8000;
    create table row (hash text not null, line integer not null, address text not null, name text, language text);
    create table gone (address text not null);
    create table barred (address text not null, word text not null);
    begin;
";

/// People of a file, in a place of their own: however many they are, memory holds few of them, and nobody waits for them.
pub struct Gathered {
    scratch: rusqlite::Connection,
    key: AddressKey,
    rows: usize,
    is_sorted: bool,
    rules: bool,
}

/// A person of a file, as the tables keep them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) hash: String,
    pub(super) address: String,
    pub(super) name: Option<String>,
    pub(super) language: Option<String>,
}

impl Gathered {
    pub(super) fn new(key: AddressKey) -> Result<Self> {
        let open = || -> rusqlite::Result<rusqlite::Connection> {
            // A file without a name: it is gone when it is closed.
            let scratch = rusqlite::Connection::open("")?;
            scratch.execute_batch(SCRATCH)?;
            Ok(scratch)
        };
        Ok(Self { scratch: open().map_err(failed)?, key, rows: 0, is_sorted: false, rules: false })
    }

    /// For a file that is only looked at, without a store.
    pub fn to_look() -> Result<Self> {
        Self::new(AddressKey::new("a file that is only looked at"))
    }

    /// The same for a file that says who is on a list: whom it puts there it takes off again, once it has them no more.
    #[must_use]
    pub fn ruling(mut self) -> Self {
        self.rules = true;
        self
    }

    pub(super) fn rules(&self) -> bool {
        self.rules
    }

    /// Whether somebody of this hash stands in the file.
    pub(super) fn has(&self, hash: &str) -> Asked<bool> {
        Ok(self.scratch.prepare_cached("select 1 from row where hash = ?1")?.exists([hash])?)
    }

    /// Takes a person, from a line of the file.
    pub fn take(&mut self, person: &NewSubscriber, line: usize) -> Result<()> {
        let hash = self.key.hash(&person.address);
        let language = person.language.as_ref().map(Language::as_str);
        let take = || -> rusqlite::Result<usize> {
            let mut add = self.scratch.prepare_cached("insert into row values (?1, ?2, ?3, ?4, ?5)")?;
            add.execute(params![hash, line as i64, person.address, person.name, language])
        };
        take().map_err(failed)?;
        self.rows += 1;
        self.is_sorted = false;
        Ok(())
    }

    /// Notes that the file says of an address that it has left.
    pub fn note_gone(&mut self, address: &str) -> Result<()> {
        let note = || self.scratch.prepare_cached("insert into gone values (?1)")?.execute([address]);
        note().map(drop).map_err(failed)
    }

    /// Shows the addresses of which the file says that they have left.
    pub fn each_gone(&self, mut see: impl FnMut(&str) -> Result<()>) -> Result<()> {
        let mut read = self.scratch.prepare("select address from gone order by rowid").map_err(failed)?;
        let mut rows = read.query([]).map_err(failed)?;
        while let Some(row) = rows.next().map_err(failed)? {
            see(row.get_ref(0).map_err(failed)?.as_str().unwrap_or_default())?;
        }
        Ok(())
    }

    /// Notes that the file says of an address that it takes no mail, in this word.
    pub fn note_barred(&mut self, address: &str, word: &str) -> Result<()> {
        let note = || self.scratch.prepare_cached("insert into barred values (?1, ?2)")?.execute([address, word]);
        note().map(drop).map_err(failed)
    }

    /// Shows the addresses of which the file says that they take no mail, each with the word for it.
    pub fn each_barred(&self, mut see: impl FnMut(&str, &str) -> Result<()>) -> Result<()> {
        let mut read = self.scratch.prepare("select address, word from barred order by rowid").map_err(failed)?;
        let mut rows = read.query([]).map_err(failed)?;
        while let Some(row) = rows.next().map_err(failed)? {
            let text = |column| Ok(row.get_ref(column).map_err(failed)?.as_str().unwrap_or_default());
            see(text(0)?, text(1)?)?;
        }
        Ok(())
    }

    /// The same, some at a time.
    pub(super) fn each_barred_batch(
        &self,
        most: usize,
        see: &mut impl FnMut(&[(String, String)]) -> Asked<()>,
    ) -> Asked<()> {
        let mut read = self.scratch.prepare("select address, word from barred order by rowid")?;
        let mut rows = read.query([])?;
        let mut batch = Vec::new();
        while let Some(row) = rows.next()? {
            batch.push((row.get(0)?, row.get(1)?));
            if batch.len() == most {
                see(&batch)?;
                batch.clear();
            }
        }
        if batch.is_empty() { Ok(()) } else { see(&batch) }
    }

    /// What [`Gathered::each_gone`] shows, some at a time: hashes and addresses.
    pub(super) fn each_gone_batch(
        &self,
        most: usize,
        mut see: impl FnMut(&[(String, String)]) -> Asked<()>,
    ) -> Asked<()> {
        let mut read = self.scratch.prepare("select address from gone order by rowid")?;
        let mut rows = read.query([])?;
        let mut batch: Vec<(String, String)> = Vec::new();
        while let Some(row) = rows.next()? {
            let address: String = row.get(0)?;
            batch.push((self.key.hash(&address), address));
            if batch.len() == most {
                see(&batch)?;
                batch.clear();
            }
        }
        if batch.is_empty() { Ok(()) } else { see(&batch) }
    }

    /// How many rows were taken, those of one address as often as it stands there.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows
    }

    /// Whether nobody was taken.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// Shows each row whose address stands in an earlier line, with that line: the first one counts.
    pub fn each_repeated(&mut self, mut see: impl FnMut(&str, usize, usize)) -> Result<()> {
        let mut read = || -> Asked<()> {
            self.sort()?;
            let mut read = self.scratch.prepare(
                "select row.address, row.line, first.line
                 from (select hash, min(line) as line from row group by hash having count(*) > 1) as first
                 join row on row.hash = first.hash and row.line > first.line
                 order by row.line",
            )?;
            let mut rows = read.query([])?;
            while let Some(row) = rows.next()? {
                let line = |column: usize| -> rusqlite::Result<usize> { Ok(row.get::<_, i64>(column)? as usize) };
                let (address, line, first) = (row.get::<_, String>(0)?, line(1)?, line(2)?);
                see(&address, line, first);
            }
            Ok(())
        };
        read().map_err(failed)
    }

    /// Shows everybody once, in the order of their hashes, some at a time: tables that are kept in that order grow at one
    /// place.
    pub(super) fn each_batch(&mut self, most: usize, mut see: impl FnMut(&[Row]) -> Asked<()>) -> Asked<()> {
        self.sort()?;
        let mut read = self.scratch.prepare("select hash, address, name, language from row order by hash, line")?;
        let mut rows = read.query([])?;
        let mut batch: Vec<Row> = Vec::with_capacity(most);
        let mut last = String::new();
        while let Some(row) = rows.next()? {
            let row = Row { hash: row.get(0)?, address: row.get(1)?, name: row.get(2)?, language: row.get(3)? };
            if row.hash == last {
                continue;
            }
            last.clone_from(&row.hash);
            batch.push(row);
            if batch.len() == most {
                see(&batch)?;
                batch.clear();
            }
        }
        if batch.is_empty() { Ok(()) } else { see(&batch) }
    }

    pub(super) fn sort(&mut self) -> Asked<()> {
        if !self.is_sorted {
            self.scratch.execute_batch("create index if not exists row_hash on row (hash, line)")?;
            self.is_sorted = true;
        }
        Ok(())
    }
}

impl std::fmt::Debug for Gathered {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Gathered").field("rows", &self.rows).finish_non_exhaustive()
    }
}

//! .cache/bodies: what parsing made of the HTML of posts, from one run to the next.
//!
//! Records stand one behind the other, each with its key, its length and a sum. A run that holds the publication's lock
//! appends to them, others read. Nothing rests on the file: what cannot be read is parsed anew, what cannot be written
//! is parsed anew the next time, and it may be deleted at any moment.

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufReader, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::files::ASIDE;
use crate::collect::{Cache, Key};

/// The folder of what may be deleted, beside config.toml.
pub(super) const FOLDER: &str = ".cache";
const NAME: &str = "bodies";
/// What the file begins with. Another version of the program that writes another form begins its own anew.
const MAGIC: &[u8; 18] = b"masthead bodies 1\n";
/// A key, a length and a sum stand before the text of a record.
const HEAD: usize = size_of::<Key>() + 8;
/// How large the file becomes.
const LIMIT: u64 = 64 << 20;
/// A longer text is not kept.
const LONGEST: usize = 4 << 20;

/// The file, open.
pub(super) struct Bodies(Mutex<Open>);

struct Open {
    path: PathBuf,
    file: Option<File>,
    records: HashMap<Key, Record>,
    /// Where the next record is written; what stands behind it was cut short.
    end: u64,
    limit: u64,
    writes: bool,
    /// Whether something was not kept for want of room.
    is_full: bool,
}

/// Where a text stands.
#[derive(Clone, Copy)]
struct Record {
    at: u64,
    length: u32,
    sum: u32,
    /// Whether this run asked for it or wrote it.
    used: bool,
}

impl Bodies {
    /// Opens the file of the publication at `root`. With `writes` what is missing is appended: only a run that holds the
    /// lock may do so.
    pub(super) fn open(root: &Path, writes: bool) -> Arc<Self> {
        Self::open_with(root, writes, LIMIT)
    }

    fn open_with(root: &Path, writes: bool, limit: u64) -> Arc<Self> {
        let path = root.join(FOLDER).join(NAME);
        let mut open =
            Open { path, file: None, records: HashMap::new(), end: MAGIC.len() as u64, limit, writes, is_full: false };
        if open.read().is_err() {
            // None is there, or none that this version reads: the first text that is kept begins one.
            open.records.clear();
        }
        Arc::new(Self(Mutex::new(open)))
    }

    /// Ends the run: when there was no room, what it did not ask for goes, so that the next one finds some. (What it asked
    /// for stays although others found no room: a file that forgets the oldest, read in the same order at each run, would
    /// always have forgotten what is asked for next.)
    pub(super) fn close(&self) {
        let mut open = self.lock();
        if open.writes && open.is_full && open.records.values().any(|record| !record.used) && open.sweep().is_err() {
            open.forget();
        }
    }

    fn lock(&self) -> MutexGuard<'_, Open> {
        // A thread that panicked left at worst a record that its sum finds out.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Cache for Bodies {
    fn get(&self, key: &Key) -> Option<String> {
        self.lock().get(key)
    }

    fn put(&self, key: &Key, balanced: &str) {
        let mut open = self.lock();
        if open.writes && open.put(key, balanced).is_err() {
            open.forget();
        }
    }
}

impl Open {
    /// Reads where the records stand.
    fn read(&mut self) -> io::Result<()> {
        let file = OpenOptions::new().read(true).write(self.writes).open(&self.path)?;
        let size = file.metadata()?.len();
        let mut reader = BufReader::with_capacity(1 << 16, &file);
        let mut magic = [0; MAGIC.len()];
        reader.read_exact(&mut magic)?;
        if magic != *MAGIC {
            return Err(io::ErrorKind::InvalidData.into());
        }
        let mut at = self.end;
        while at + HEAD as u64 <= size {
            let mut head = [0; HEAD];
            reader.read_exact(&mut head)?;
            let (key, record) = Record::read(&head, at + HEAD as u64);
            let end = record.at + u64::from(record.length);
            if end > size || record.length as usize > LONGEST {
                break;
            }
            reader.seek_relative(i64::from(record.length))?;
            self.records.insert(key, record);
            at = end;
        }
        self.end = at;
        if self.writes && at < size {
            // The remains of a run that was killed.
            file.set_len(at)?;
        }
        self.file = Some(file);
        Ok(())
    }

    /// Begins a new file.
    fn begin(&self) -> io::Result<File> {
        self.make_folder()?;
        let _ = fs::remove_file(&self.path);
        let mut file = OpenOptions::new().read(true).write(true).create_new(true).open(&self.path)?;
        file.write_all(MAGIC)?;
        Ok(file)
    }

    /// The folder, with what tells programs that save or version files to leave it out.
    fn make_folder(&self) -> io::Result<()> {
        let folder = self.path.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(folder)?;
        fs::write(folder.join(".gitignore"), "*\n")?;
        fs::write(folder.join("CACHEDIR.TAG"), "Signature: 8a477f597d28d172789f06886806bc55\n")
    }

    /// Neither reads nor writes any more.
    fn forget(&mut self) {
        self.writes = false;
        self.file = None;
        self.records.clear();
        let _ = fs::remove_file(&self.path);
    }

    fn get(&mut self, key: &Key) -> Option<String> {
        let record = *self.records.get(key)?;
        let found = self.text(record);
        match self.records.get_mut(key) {
            Some(record) if found.is_some() => record.used = true,
            // It is written anew.
            _ => {
                self.records.remove(key);
            }
        }
        found
    }

    fn text(&mut self, record: Record) -> Option<String> {
        let file = self.file.as_mut()?;
        let mut bytes = vec![0; record.length as usize];
        file.seek(SeekFrom::Start(record.at)).and_then(|_| file.read_exact(&mut bytes)).ok()?;
        (sum(&bytes) == record.sum).then(|| String::from_utf8(bytes).ok())?
    }

    fn put(&mut self, key: &Key, text: &str) -> io::Result<()> {
        if self.records.contains_key(key) || text.len() > LONGEST {
            return Ok(());
        }
        let end = self.end + (HEAD + text.len()) as u64;
        if end > self.limit {
            self.is_full = true;
            return Ok(());
        }
        let record =
            Record { at: self.end + HEAD as u64, length: text.len() as u32, sum: sum(text.as_bytes()), used: true };
        let mut file = match self.file.take() {
            Some(file) => file,
            None => self.begin()?,
        };
        file.seek(SeekFrom::Start(self.end))?;
        file.write_all(&record.written(key, text))?;
        self.file = Some(file);
        self.records.insert(*key, record);
        self.end = end;
        Ok(())
    }

    /// Writes the records that this run used into a new file, in their order, and puts it in the place of this one.
    fn sweep(&mut self) -> io::Result<()> {
        let mut used: Vec<(Key, Record)> =
            self.records.iter().filter(|(_, record)| record.used).map(|(key, record)| (*key, *record)).collect();
        used.sort_by_key(|(_, record)| record.at);
        let folder = self.path.parent().unwrap_or(Path::new(".")).to_path_buf();
        let mut aside = tempfile::Builder::new().prefix(ASIDE).tempfile_in(folder)?;
        aside.write_all(MAGIC)?;
        for (key, record) in used {
            if let Some(text) = self.text(record) {
                aside.write_all(&record.written(&key, &text))?;
            }
        }
        self.file = Some(aside.persist(&self.path)?);
        self.writes = false;
        Ok(())
    }
}

impl Record {
    fn read(head: &[u8; HEAD], at: u64) -> (Key, Self) {
        let mut key = [0; size_of::<Key>()];
        key.copy_from_slice(&head[..size_of::<Key>()]);
        let number = |from: usize| u32::from_le_bytes([head[from], head[from + 1], head[from + 2], head[from + 3]]);
        (key, Self { at, length: number(key.len()), sum: number(key.len() + 4), used: false })
    }

    fn written(self, key: &Key, text: &str) -> Vec<u8> {
        [key, &self.length.to_le_bytes()[..], &self.sum.to_le_bytes()[..], text.as_bytes()].concat()
    }
}

/// Finds out what a disk or a kill has changed.
fn sum(bytes: &[u8]) -> u32 {
    let mut sum = flate2::Crc::new();
    sum.update(bytes);
    sum.sum()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Bodies, FOLDER, NAME};
    use crate::collect::{Cache as _, Key};

    fn key(number: u8) -> Key {
        [number; 32]
    }

    fn filled(root: &Path, texts: &[(u8, &str)]) {
        let bodies = Bodies::open(root, true);
        for (number, text) in texts {
            bodies.put(&key(*number), text);
        }
        bodies.close();
    }

    fn found(root: &Path, numbers: std::ops::Range<u8>) -> Vec<Option<String>> {
        let bodies = Bodies::open(root, false);
        numbers.map(|number| bodies.get(&key(number))).collect()
    }

    #[test]
    fn what_is_kept_is_found_by_the_next_run() {
        let root = tempfile::tempdir().unwrap();
        assert_eq!(found(root.path(), 1..2), [None]);
        assert!(!root.path().join(FOLDER).exists(), "a run without the lock writes nothing");
        filled(root.path(), &[]);
        assert!(!root.path().join(FOLDER).exists(), "nothing to keep needs no file");
        filled(root.path(), &[(1, "<p>چاپ</p>"), (2, ""), (1, "another")]);
        assert_eq!(found(root.path(), 1..4), [Some("<p>چاپ</p>".to_owned()), Some(String::new()), None]);
    }

    #[test]
    fn what_a_kill_or_a_disk_left_costs_only_itself() {
        let path = |root: &Path| root.join(FOLDER).join(NAME);
        let root = tempfile::tempdir().unwrap();
        filled(root.path(), &[(1, "<p>one</p>"), (2, "<p>two</p>")]);
        let whole = std::fs::read(path(root.path())).unwrap();
        for length in 0..whole.len() {
            std::fs::write(path(root.path()), &whole[..length]).unwrap();
            let before = found(root.path(), 1..3);
            assert!(before[1].is_none());
            filled(root.path(), &[(3, "<p>three</p>")]);
            let after = found(root.path(), 1..4);
            assert_eq!((&after[..2], after[2].as_deref()), (&before[..], Some("<p>three</p>")), "{length}");
        }
        for at in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[at] ^= 0x55;
            std::fs::write(path(root.path()), &damaged).unwrap();
            for (text, expected) in found(root.path(), 1..3).iter().zip(["<p>one</p>", "<p>two</p>"]) {
                assert!(text.as_deref().is_none_or(|text| text == expected), "{at}: {text:?}");
            }
            filled(root.path(), &[(2, "<p>two</p>")]);
        }
    }

    #[test]
    fn it_stays_within_its_bound_and_keeps_what_is_asked_for() {
        let root = tempfile::tempdir().unwrap();
        let text = "x".repeat(1000);
        let run = |numbers: std::ops::Range<u8>| {
            let bodies = Bodies::open_with(root.path(), true, 5_500);
            let hits = numbers
                .filter(|number| {
                    let hit = bodies.get(&key(*number)).is_some();
                    if !hit {
                        bodies.put(&key(*number), &text);
                    }
                    hit
                })
                .count();
            bodies.close();
            assert!(std::fs::metadata(root.path().join(FOLDER).join(NAME)).unwrap().len() <= 5_500);
            hits
        };
        assert_eq!((run(0..8), run(0..8)), (0, 5), "there is room for five");
        // Others need one run to take the place of what nobody asks for.
        assert_eq!((run(3..7), run(3..7)), (2, 2));
        assert_eq!(run(3..7), 4);
    }
}

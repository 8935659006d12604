//! Mailboxes: maildirs, folders of messages, mbox files, single messages, standard input.

use std::ffi::OsStr;
use std::fs;
use std::io::{self, BufRead, BufReader, IsTerminal as _};
use std::path::{Path, PathBuf};

use super::args::MailboxOf;
use super::files;
use super::report::Report;
use super::session::Session;
use crate::error::{Error, ErrorKind, Place, Result, Warning};

/// How much of one message is kept, in bytes.
const MOST_MESSAGE: usize = 8 << 20;
/// How an mbox begins (RFC 4155).
const ENVELOPE: &[u8] = b"From ";
/// The byte order mark of UTF-8, with which some editors begin every file: it is no part of the first message.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// A message of a mailbox.
#[derive(Debug)]
pub(super) struct Letter {
    /// Where it stands: a file, and in an mbox the line.
    pub(super) place: Place,
    /// What it is, as it stands.
    pub(super) bytes: Vec<u8>,
    /// The file that holds it alone.
    file: Option<PathBuf>,
}

/// A mailbox that is there.
#[derive(Debug)]
pub(super) struct Mailbox {
    kind: Kind,
    tidy: Tidy,
}

#[derive(Debug)]
enum Kind {
    Input,
    File(PathBuf),
    Files(Vec<PathBuf>),
}

/// What becomes of messages that were dealt with.
#[derive(Debug)]
enum Tidy {
    Leave,
    Delete,
    Move(Moving),
}

/// Where messages are moved.
#[derive(Debug)]
struct Moving {
    folder: PathBuf,
    /// Whether they come from a maildir, so that a folder which is made for them is one: mail programs show no other.
    is_of_maildir: bool,
}

impl Mailbox {
    /// Whether standard input is meant.
    pub(super) fn is_input(of: &MailboxOf) -> bool {
        of.mailbox == Path::new("-")
    }

    /// Looks at a mailbox. An error of kind `Usage` when there is none, or when single messages cannot be taken out of
    /// it.
    pub(super) fn open(of: &MailboxOf) -> Result<Self> {
        let path = of.mailbox.as_path();
        let kind = if Self::is_input(of) {
            if io::stdin().is_terminal() {
                return Err(Error::new(ErrorKind::Usage, "no mailbox is named, and standard input is a terminal")
                    .hint("name a maildir, an mbox or a message, or hand a message in: `masthead bounce < message`"));
            }
            Kind::Input
        } else if path.is_dir() {
            Kind::Files(messages_of(path)?)
        } else if path.exists() {
            Kind::File(path.to_owned())
        } else {
            let missing = Error::new(ErrorKind::Usage, "there is no such mailbox").at(Place::file(path));
            return Err(missing.hint("allowed: a maildir, a folder of messages, an mbox, one message, `-`"));
        };
        let tidy = match &of.move_to {
            Some(folder) => Tidy::Move(Moving { folder: folder.clone(), is_of_maildir: is_maildir(path) }),
            None if of.delete => Tidy::Delete,
            None => Tidy::Leave,
        };
        if !matches!((&kind, &tidy), (_, Tidy::Leave) | (Kind::Files(_), _)) {
            return Err(Error::new(ErrorKind::Usage, "messages can be deleted or moved in a folder only")
                .hint("an mbox or standard input stays as it is; what was read is not read twice"));
        }
        Ok(Self { kind, tidy })
    }

    /// Hands each message to `take`, in order; one that cannot be read is a warning, and costs only itself.
    pub(super) fn each(
        &self,
        warnings: &mut Vec<Warning>,
        take: &mut dyn FnMut(&mut Vec<Warning>, Letter) -> Result<()>,
    ) -> Result<()> {
        match &self.kind {
            Kind::Input => each_of(io::stdin().lock(), Path::new("-"), warnings, take),
            Kind::File(path) => {
                let file = fs::File::open(path).map_err(|cause| Error::io("read the mailbox", path, &cause))?;
                each_of(BufReader::new(file), path, warnings, take)
            }
            Kind::Files(paths) => {
                for path in paths {
                    match files::head(path, MOST_MESSAGE) {
                        Ok(Some(mut bytes)) => {
                            unmark(&mut bytes);
                            if bytes.starts_with(ENVELOPE) {
                                several(path, warnings, take)?;
                                continue;
                            }
                            let letter = Letter { place: Place::file(path), bytes, file: Some(path.clone()) };
                            take(warnings, letter)?;
                        }
                        // Another program took it away meanwhile.
                        Ok(None) => {}
                        Err(error) => warnings.push(error.into_warning()),
                    }
                }
                Ok(())
            }
        }
    }

    /// Deletes or moves a message that was dealt with, as the mailbox was opened for. One that cannot be stays where it is; it
    /// is known when it is read again, and costs none of the others.
    pub(super) fn tidy(&self, place: &Place, file: Option<&Path>) -> Result<()> {
        let Some(file) = file else { return Ok(()) };
        let tidied = match &self.tidy {
            Tidy::Leave => Ok(()),
            Tidy::Delete => files::remove(file).map(drop),
            Tidy::Move(to) => to.take(file),
        };
        tidied.map_err(|error| error.at(place.clone()).hint("it was read, and stays in the mailbox"))
    }
}

/// Tells of the messages that were read and could not be taken out: the run ends with the first, so that a quiet one tells it too.
pub(super) fn tell_untidied(session: &mut Session, report: &mut Report, untidied: Vec<Error>) {
    let mut untidied = untidied.into_iter();
    report.failure = untidied.next();
    session.warnings.extend(untidied.map(Error::into_warning));
}

impl Letter {
    /// The file that holds it alone, and where it stands.
    pub(super) fn whereabouts(&self) -> (Place, Option<PathBuf>) {
        (self.place.clone(), self.file.clone())
    }
}

/// The messages of a maildir (new/ and cur/), or of a folder.
fn messages_of(folder: &Path) -> Result<Vec<PathBuf>> {
    let folders =
        if is_maildir(folder) { vec![folder.join("new"), folder.join("cur")] } else { vec![folder.to_owned()] };
    let mut found = Vec::new();
    for folder in folders {
        let names = files::names(&folder)?.into_iter().filter(|name| !name.starts_with('.'));
        found.extend(names.map(|name| folder.join(name)).filter(|path| path.is_file()));
    }
    Ok(found)
}

fn is_maildir(folder: &Path) -> bool {
    ["new", "cur"].iter().any(|part| folder.join(part).is_dir())
}

impl Moving {
    fn take(&self, file: &Path) -> Result<()> {
        let make =
            |folder: &Path| fs::create_dir_all(folder).map_err(|cause| Error::io("make the folder", folder, &cause));
        if self.is_of_maildir && !self.folder.exists() {
            ["tmp", "new", "cur"].iter().try_for_each(|part| make(&self.folder.join(part)))?;
        }
        let cur = self.folder.join("cur");
        let folder = if cur.is_dir() { cur } else { self.folder.clone() };
        make(&folder)?;
        let is_there = file.parent().is_some_and(|parent| is_same_folder(parent, &folder));
        if is_there {
            return Err(Error::new(ErrorKind::Usage, "messages are to be moved to the folder in which they are"));
        }
        move_into(file, &folder)
    }
}

fn is_same_folder(one: &Path, other: &Path) -> bool {
    one.canonicalize().ok().zip(other.canonicalize().ok()).is_some_and(|(one, other)| one == other)
}

/// Moves a file into a folder, under another name where its own is taken there.
fn move_into(file: &Path, folder: &Path) -> Result<()> {
    let name = file.file_name().unwrap_or(file.as_os_str());
    let target = free(folder, name)?;
    if fs::rename(file, &target).is_ok() {
        return Ok(());
    }
    // On another disk it is copied first. Where another program took it away meanwhile there is nothing to move.
    let Some(bytes) = files::read(file)? else { return Ok(()) };
    files::write_durably(&target, &bytes)?;
    fs::remove_file(file).map_err(|cause| {
        // Else each run would leave another copy.
        let _ = fs::remove_file(&target);
        Error::io("delete the message", file, &cause)
    })
}

/// The path of a file of this name in a folder; where there is one, of another name that tells as much of it. Folders whose
/// files are numbers begin to count anew once they are empty, and no message is to be written over.
fn free(folder: &Path, name: &OsStr) -> Result<PathBuf> {
    let is_free = |path: &Path| path.symlink_metadata().is_err();
    let target = folder.join(name);
    if is_free(&target) {
        return Ok(target);
    }
    let name = name.to_string_lossy();
    let number = |name: &str| name.parse::<u64>().ok().filter(|_| name.bytes().all(|byte| byte.is_ascii_digit()));
    if number(&name).is_some() {
        let greatest = files::names(folder)?.iter().filter_map(|name| number(name)).max().unwrap_or_default();
        let next = folder.join(greatest.saturating_add(1).to_string());
        if is_free(&next) {
            return Ok(next);
        }
    }
    // Behind the colon a maildir has the flags, before the last dot is what a file is called.
    let end = name.find(":2,").or_else(|| name.rfind('.').filter(|at| *at > 0)).unwrap_or(name.len());
    let (before, after) = name.split_at(end);
    let mut others = (1_u32..).map(|count| folder.join(format!("{before}-{count}{after}")));
    // A folder has fewer files than there are numbers.
    others.find(|path| is_free(path)).ok_or_else(|| Error::new(ErrorKind::Io, "no name is free in the folder"))
}

/// The messages of a file in a folder that begins as an mbox does: some programs keep a folder of those, others put such a line
/// before each single message. Of several messages none has the file alone, and the file stays where it is.
fn several(
    path: &Path,
    warnings: &mut Vec<Warning>,
    take: &mut dyn FnMut(&mut Vec<Warning>, Letter) -> Result<()>,
) -> Result<()> {
    let file = match fs::File::open(path) {
        Ok(file) => file,
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(cause) => {
            warnings.push(Error::io("read the mailbox", path, &cause).into_warning());
            return Ok(());
        }
    };
    let (mut last, mut count) = (None, 0);
    each_of(BufReader::new(file), path, warnings, &mut |warnings, letter| {
        count += 1;
        last.replace(letter).map_or(Ok(()), |before| take(warnings, before))
    })?;
    match last {
        Some(only) if count == 1 => {
            take(warnings, Letter { place: Place::file(path), file: Some(path.to_owned()), ..only })
        }
        Some(last) => take(warnings, last),
        None => Ok(()),
    }
}

/// The messages of an mbox, which begins with a `From ` line, or the one message that anything else is.
fn each_of(
    mut reader: impl BufRead,
    path: &Path,
    warnings: &mut Vec<Warning>,
    take: &mut dyn FnMut(&mut Vec<Warning>, Letter) -> Result<()>,
) -> Result<()> {
    let (mut line, mut bytes) = (Vec::new(), Vec::new());
    let (mut is_mbox, mut after_blank) = (false, true);
    // Lines from 1: this one, and the first of the message.
    let (mut number, mut start) = (0, 1);
    let letter = |bytes: Vec<u8>, number: usize, is_mbox: bool| {
        let place = Place { file: path.to_owned(), line: is_mbox.then_some(number), column: None };
        Letter { place, bytes, file: None }
    };
    let mut first = true;
    loop {
        line.clear();
        let read = read_line(&mut reader, &mut line, MOST_MESSAGE);
        if !read.map_err(|cause| Error::io("read the mailbox", path, &cause))? {
            break;
        }
        number += 1;
        if first {
            unmark(&mut line);
        }
        let begins = after_blank && line.starts_with(ENVELOPE) && (first || is_mbox && is_separator(&line));
        is_mbox |= first && begins;
        if begins && !first {
            take(warnings, letter(std::mem::take(&mut bytes), start, is_mbox))?;
            start = number;
        }
        first = false;
        after_blank = line.iter().all(|byte| matches!(byte, b'\r' | b'\n'));
        if bytes.len() < MOST_MESSAGE {
            bytes.extend_from_slice(&line);
        }
    }
    take(warnings, letter(bytes, start, is_mbox))
}

/// Takes away the byte order mark with which a file begins.
fn unmark(bytes: &mut Vec<u8>) {
    if bytes.starts_with(MARK) {
        bytes.drain(..MARK.len());
    }
}

/// Whether a line that begins with `From ` separates messages rather than opens a sentence: it ends in a date.
fn is_separator(line: &[u8]) -> bool {
    let text = String::from_utf8_lossy(line);
    let has_time = text.split_whitespace().any(|word| {
        let mut fields = word.split(':');
        let number = |field: Option<&str>| field.is_some_and(|f| f.len() == 2 && f.bytes().all(|b| b.is_ascii_digit()));
        number(fields.next()) && number(fields.next())
    });
    let is_year = |word: &str| word.len() == 4 && word.bytes().all(|b| b.is_ascii_digit());
    has_time && text.split_whitespace().any(is_year)
}

/// Reads a line with its end; of a longer one than `most` bytes the rest is passed over. `false` at the end.
fn read_line(reader: &mut impl BufRead, line: &mut Vec<u8>, most: usize) -> io::Result<bool> {
    let mut any = false;
    loop {
        let (taken, ended) = {
            let buffer = reader.fill_buf()?;
            if buffer.is_empty() {
                return Ok(any);
            }
            let end = memchr::memchr(b'\n', buffer);
            let taken = end.map_or(buffer.len(), |at| at + 1);
            let room = most.saturating_sub(line.len());
            line.extend_from_slice(&buffer[..taken.min(room)]);
            (taken, end.is_some())
        };
        any = true;
        reader.consume(taken);
        if ended {
            return Ok(true);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;
    use std::path::Path;

    use super::{each_of, free, read_line};

    fn messages(text: &str) -> Vec<(Option<usize>, String)> {
        let mut found = Vec::new();
        each_of(text.as_bytes(), Path::new("-"), &mut Vec::new(), &mut |_, letter| {
            found.push((letter.place.line, String::from_utf8(letter.bytes).unwrap()));
            Ok(())
        })
        .unwrap();
        found
    }

    #[test]
    fn an_mbox_is_cut_where_messages_begin() {
        let found = messages(
            "From a@x.example Mon Nov 2 08:00:00 2026\nA: b\n\nFrom then on it went well.\n\nFrom b@x.example Tue Nov  3 08:00:00 2026\nC: d\n\ne\n",
        );
        assert_eq!(found.len(), 2);
        assert!(found[0].1.contains("it went well"));
        assert_eq!((found[0].0, found[1].0), (Some(1), Some(6)));
        assert_eq!(messages("A: b\n\nFrom x Mon Nov 2 08:00:00 2026\n").len(), 1, "a message is no mbox");
    }

    #[test]
    fn a_byte_order_mark_belongs_to_no_message() {
        let two = "From a@x.example Mon Nov 2 08:00:00 2026\nA: b\n\nFrom b@x.example Tue Nov  3 08:00:00 2026\nC: d\n";
        let marked = messages(&format!("\u{feff}{two}"));
        assert_eq!((marked.len(), marked.clone()), (2, messages(two)));
        assert_eq!(messages("\u{feff}A: b\n\nc\n"), [(None, "A: b\n\nc\n".to_owned())]);
    }

    #[test]
    fn long_lines_are_cut() {
        let mut line = Vec::new();
        let mut reader = std::io::BufReader::with_capacity(3, &b"abcdefgh\nij"[..]);
        assert!(read_line(&mut reader, &mut line, 5).unwrap());
        assert_eq!(line, b"abcde");
        line.clear();
        assert!(read_line(&mut reader, &mut line, 5).unwrap());
        assert_eq!(line, b"ij");
        assert!(!read_line(&mut reader, &mut line, 5).unwrap());
    }

    #[test]
    fn a_name_that_is_taken_is_given_a_number() {
        let folder = tempfile::TempDir::new().unwrap();
        let name = |name: &str| {
            let path = free(folder.path(), OsStr::new(name)).unwrap();
            std::fs::write(&path, name).unwrap();
            path.file_name().unwrap().to_str().unwrap().to_owned()
        };
        let twice = |one: &str| [name(one), name(one), name(one)];
        assert_eq!(twice("1793.M1.host:2,S"), ["1793.M1.host:2,S", "1793.M1.host-1:2,S", "1793.M1.host-2:2,S"]);
        assert_eq!(twice("back.eml"), ["back.eml", "back-1.eml", "back-2.eml"]);
        assert_eq!(twice(".hidden"), [".hidden", ".hidden-1", ".hidden-2"]);
        assert_eq!(twice("12"), ["12", "13", "14"], "as programs number them");
        assert_eq!(twice("3"), ["3", "15", "16"]);
        let greatest = u64::MAX.to_string();
        assert_eq!(twice(&greatest), [greatest.clone(), format!("{greatest}-1"), format!("{greatest}-2")]);
    }
}

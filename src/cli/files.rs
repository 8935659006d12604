//! Writing files: each one whole, by rename, and only when it changes.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::io::{IoSlice, Read as _, Write as _};
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::error::{Error, ErrorKind, Place, Result};

/// How many files a run wrote, left alone and took away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub(super) written: usize,
    pub(super) unchanged: usize,
    pub(super) removed: usize,
}

impl Tally {
    /// What it did, in words.
    pub(super) fn in_words(&self) -> String {
        let Self { written, unchanged, removed } = *self;
        let files = if written == 1 { "file" } else { "files" };
        let removed = if removed == 0 { String::new() } else { format!(", {removed} taken away") };
        format!("{written} {files} written, {unchanged} unchanged{removed}")
    }

    /// Counts one file.
    pub(super) fn count(&mut self, written: bool) {
        if written {
            self.written += 1;
        } else {
            self.unchanged += 1;
        }
    }
}

impl std::ops::AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.written += other.written;
        self.unchanged += other.unchanged;
        self.removed += other.removed;
    }
}

/// Reads a file; `None` when there is none.
pub(super) fn read(path: &Path) -> Result<Option<Vec<u8>>> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(cause) => Err(Error::io("read the file", path, &cause)),
    }
}

/// Reads the first bytes of a file, `most` of them; `None` when there is none.
pub(super) fn head(path: &Path, most: usize) -> Result<Option<Vec<u8>>> {
    let file = match fs::File::open(path) {
        Ok(file) => file,
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(cause) => return Err(Error::io("read the file", path, &cause)),
    };
    let mut head = Vec::new();
    file.take(most as u64).read_to_end(&mut head).map_err(|cause| Error::io("read the file", path, &cause))?;
    Ok(Some(head))
}

/// Reads a file of UTF-8 text; `None` when there is none. Bytes that are no UTF-8 are an error of kind `Input` with their
/// place.
pub(super) fn read_text(path: &Path) -> Result<Option<String>> {
    let Some(mut bytes) = read(path)? else { return Ok(None) };
    // Some editors begin a file with a byte order mark.
    if bytes.starts_with(b"\xef\xbb\xbf") {
        bytes.drain(..3);
    }
    String::from_utf8(bytes).map(Some).map_err(|cause| {
        let good = String::from_utf8_lossy(&cause.as_bytes()[..cause.utf8_error().valid_up_to()]).into_owned();
        Error::new(ErrorKind::Input, "this is not text in UTF-8").at(Place::offset(path, &good, good.len()))
    })
}

/// Removes a file; whether there was one.
pub(super) fn remove(path: &Path) -> Result<bool> {
    match fs::remove_file(path) {
        Ok(()) => Ok(true),
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => Ok(false),
        Err(cause) => Err(Error::io("remove the file", path, &cause)),
    }
}

/// Writes `bytes` to `path` whole: a reader sees the old file or the new one, also after a kill. Says whether it had
/// to: a file that already holds `bytes` is left alone.
pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<bool> {
    write_pieces(path, &[bytes])
}

/// [`write`] of what stands in `pieces`, one after another.
pub(super) fn write_pieces(path: &Path, pieces: &[&[u8]]) -> Result<bool> {
    let length: usize = pieces.iter().map(|piece| piece.len()).sum();
    let same = fs::metadata(path).is_ok_and(|meta| meta.len() == length as u64)
        && fs::read(path).is_ok_and(|old| consists_of(&old, pieces));
    if same {
        return Ok(false);
    }
    let parent = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(parent).map_err(|cause| Error::io("make the folder", parent, &cause))?;
    replace(parent, path, pieces, false).map_err(|cause| Error::io("write the file", path, &cause))?;
    Ok(true)
}

fn consists_of(mut bytes: &[u8], pieces: &[&[u8]]) -> bool {
    let all = pieces.iter().all(|piece| bytes.strip_prefix(*piece).inspect(|rest| bytes = rest).is_some());
    all && bytes.is_empty()
}

/// Writes all pieces with as few calls as it takes.
fn write_all(file: &mut fs::File, pieces: &[&[u8]]) -> std::io::Result<()> {
    let mut slices: Vec<IoSlice<'_>> = pieces.iter().map(|piece| IoSlice::new(piece)).collect();
    let mut left = slices.as_mut_slice();
    // Those without a byte are passed over.
    IoSlice::advance_slices(&mut left, 0);
    while !left.is_empty() {
        match file.write_vectored(left) {
            Ok(0) => return Err(std::io::ErrorKind::WriteZero.into()),
            Ok(written) => IoSlice::advance_slices(&mut left, written),
            Err(cause) if cause.kind() == std::io::ErrorKind::Interrupted => {}
            Err(cause) => return Err(cause),
        }
    }
    Ok(())
}

/// Whether there is a file that holds just this.
pub(super) fn holds(path: &Path, bytes: &[u8]) -> bool {
    fs::read(path).is_ok_and(|old| old == bytes)
}

/// Gives a file another name in its folder; whether it was there.
pub(super) fn rename(from: &Path, to: &Path) -> Result<bool> {
    match fs::rename(from, to) {
        Ok(()) => Ok(true),
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => Ok(false),
        Err(cause) => Err(Error::io("give the file its name", to, &cause)),
    }
}

/// [`write`], and the bytes are on the disk before the file is: for what cannot be made again.
pub(super) fn write_durably(path: &Path, bytes: &[u8]) -> Result<bool> {
    if holds(path, bytes) {
        return Ok(false);
    }
    let parent = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(parent).map_err(|cause| Error::io("make the folder", parent, &cause))?;
    replace(parent, path, &[bytes], true).map_err(|cause| Error::io("write the file", path, &cause))?;
    Ok(true)
}

/// [`write`] for what its owner alone may read, such as messages to readers. Folders that are made for it are its owner's
/// alone, too: names of files may say as much as the files. [`sync`] puts it on the disk.
pub(super) fn write_privately(path: &Path, bytes: &[u8]) -> Result<bool> {
    if holds(path, bytes) {
        return Ok(false);
    }
    let parent = path.parent().unwrap_or(Path::new("."));
    private_folder(parent).map_err(|cause| Error::io("make the folder", parent, &cause))?;
    let write = || -> std::io::Result<()> {
        let mut aside = tempfile::Builder::new().prefix(ASIDE).tempfile_in(parent)?;
        aside.write_all(bytes)?;
        // Temporary files are private.
        aside.persist(path).map(drop).map_err(|error| error.error)
    };
    write().map_err(|cause| Error::io("write the file", path, &cause))?;
    Ok(true)
}

/// Puts files that were written, and the names that they have in their folders, on the disk.
pub(super) fn sync(paths: &[PathBuf]) -> Result<()> {
    at_once(paths, sync_file)?;
    // A folder that was made for them has a name in the one above.
    sync_folders(paths, 2)
}

/// [`sync`] of those files that are still there.
pub(super) fn sync_left(paths: &[PathBuf]) -> Result<()> {
    at_once(paths, |path| match sync_file(path) {
        Err(_) if !path.exists() => Ok(()),
        synced => synced,
    })?;
    sync_folders(paths, 2)
}

/// Puts the names that files have in their folders on the disk.
pub(super) fn sync_names(paths: &[PathBuf]) -> Result<()> {
    sync_folders(paths, 1)
}

/// Does something to many, and waits for all at once: a disk is as long about one as about several.
fn at_once<P: AsRef<Path> + Sync>(paths: &[P], one: fn(&Path) -> Result<()>) -> Result<()> {
    const AT_ONCE: usize = 16;
    std::thread::scope(|scope| {
        let parts = paths.chunks(paths.len().div_ceil(AT_ONCE).max(1));
        let threads = parts.map(|part| scope.spawn(move || part.iter().try_for_each(|path| one(path.as_ref()))));
        let threads: Vec<_> = threads.collect();
        let broken = |_| Err(Error::new(ErrorKind::Io, "writing to the disk broke off"));
        threads.into_iter().try_for_each(|thread| thread.join().unwrap_or_else(broken))
    })
}

fn sync_file(path: &Path) -> Result<()> {
    // Some systems sync only what may be written to.
    let synced = fs::OpenOptions::new().read(true).write(true).open(path).and_then(|file| file.sync_all());
    synced.map_err(|cause| Error::io("write to the disk", path, &cause))
}

/// Puts the names in so many folders above each path on the disk, where folders are files.
fn sync_folders(paths: &[PathBuf], above: usize) -> Result<()> {
    let folders: BTreeSet<&Path> = paths.iter().flat_map(|path| path.ancestors().skip(1).take(above)).collect();
    let folders: Vec<&Path> = folders.into_iter().filter(|_| cfg!(unix)).collect();
    at_once(&folders, sync_folder)
}

fn sync_folder(folder: &Path) -> Result<()> {
    match fs::File::open(folder).and_then(|file| file.sync_all()) {
        // Some file systems, such as those that machines share, know no such thing for folders.
        Err(cause) if !matches!(cause.kind(), std::io::ErrorKind::InvalidInput | std::io::ErrorKind::Unsupported) => {
            Err(Error::io("write to the disk", folder, &cause))
        }
        _ => Ok(()),
    }
}

/// Makes a folder with those above it, for their owner alone.
fn private_folder(path: &Path) -> std::io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(path)
}

/// Whether a mode lets nobody but the owner do anything: the last two of its octal digits are for others.
pub(super) fn is_private(mode: u32) -> bool {
    mode.is_multiple_of(0o100)
}

/// Lets a file that is made be read by its owner alone.
pub(super) fn private(options: &mut fs::OpenOptions, is_private: bool) {
    #[cfg(unix)]
    if is_private {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    #[cfg(not(unix))]
    let _ = (options, is_private);
}

fn replace(parent: &Path, path: &Path, pieces: &[&[u8]], durably: bool) -> std::io::Result<()> {
    let mut aside = tempfile::Builder::new().prefix(ASIDE).tempfile_in(parent)?;
    write_all(aside.as_file_mut(), pieces)?;
    if durably {
        aside.as_file().sync_all()?;
    }
    readable_by_all(aside.as_file())?;
    aside.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// The first letters of files that are not whole yet. One that a kill left behind is swept away by [`sweep`].
pub(super) const ASIDE: &str = ".masthead-";

/// Files whose names begin like those, but that stay.
const KEPT: [&str; 2] = [super::lock::NAME, super::manifest::NAME];

/// Temporary files are private by default; what is published is not.
#[cfg(unix)]
fn readable_by_all(file: &fs::File) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    file.set_permissions(fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn readable_by_all(_: &fs::File) -> std::io::Result<()> {
    Ok(())
}

/// A folder that is to be made, and its files by names that may lead into folders of their own.
pub(super) struct Folder<'a> {
    pub(super) path: PathBuf,
    pub(super) files: Vec<(&'a str, &'a [u8])>,
}

/// Makes one folder, see [`make_folders`]. Says whether it could.
pub(super) fn make_folder(path: &Path, files: &[(&str, &[u8])]) -> Result<bool> {
    make_folders(&[Folder { path: path.to_path_buf(), files: files.to_vec() }]).map(|made| made == 1)
}

/// Makes folders, each all at once: they are written aside, put on the disk together and renamed into place. Says how many:
/// one that is already there is left alone.
pub(super) fn make_folders(folders: &[Folder<'_>]) -> Result<usize> {
    make_folders_by(folders, |written| {
        at_once(written, sync_file)?;
        sync_folders(written, 1)
    })
}

/// [`make_folders`], with what puts files on the disk.
fn make_folders_by(folders: &[Folder<'_>], sync: impl Fn(&[PathBuf]) -> Result<()>) -> Result<usize> {
    let mut written = Vec::new();
    let aside: Vec<TempDir> = folders.iter().map(|folder| write_aside(folder, &mut written)).collect::<Result<_>>()?;
    sync(&written)?;
    let mut made = Vec::new();
    for (Folder { path, .. }, aside) in folders.iter().zip(aside) {
        if put_in_place(aside, path)? {
            made.push(path.clone());
        }
    }
    sync_folders(&made, 2)?;
    Ok(made.len())
}

/// Writes what a folder is to hold beside its place. Adds the files to `written`.
fn write_aside(folder: &Folder<'_>, written: &mut Vec<PathBuf>) -> Result<TempDir> {
    let parent = folder.path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(parent).map_err(|cause| Error::io("make the folder", parent, &cause))?;
    let aside = tempfile::Builder::new()
        .prefix(ASIDE)
        .tempdir_in(parent)
        .map_err(|cause| Error::io("make a folder in", parent, &cause))?;
    for (name, bytes) in &folder.files {
        let file = aside.path().join(name);
        if let Some(parent) = file.parent() {
            fs::create_dir_all(parent).map_err(|cause| Error::io("make the folder", parent, &cause))?;
        }
        fs::write(&file, bytes).map_err(|cause| Error::io("write the file", &file, &cause))?;
        written.push(file);
    }
    open_to_all(aside.path()).map_err(|cause| Error::io("open the folder", aside.path(), &cause))?;
    Ok(aside)
}

/// Gives a folder that was written aside its name. Says whether it could.
fn put_in_place(aside: TempDir, path: &Path) -> Result<bool> {
    if path.exists() {
        return Ok(false);
    }
    let made = aside.keep();
    match fs::rename(&made, path) {
        Ok(()) => Ok(true),
        Err(cause) => {
            let _ = fs::remove_dir_all(&made);
            if path.exists() { Ok(false) } else { Err(Error::io("make the folder", path, &cause)) }
        }
    }
}

#[cfg(unix)]
pub(super) fn open_to_all(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
pub(super) fn open_to_all(_: &Path) -> std::io::Result<()> {
    Ok(())
}

/// Removes what a killed run left half made in `folder` and below. Only a run that holds the lock may do so.
pub(super) fn sweep(folder: &Path) -> Result<()> {
    let Ok(entries) = fs::read_dir(folder) else { return Ok(()) };
    for entry in entries.flatten() {
        let path = entry.path();
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        let is_ours = KEPT.iter().any(|name| entry.file_name() == *name);
        let aside = entry.file_name().to_string_lossy().starts_with(ASIDE) && !is_ours;
        let swept = match (aside, is_folder) {
            (true, true) => fs::remove_dir_all(&path),
            (true, false) => fs::remove_file(&path),
            (false, true) => {
                sweep(&path)?;
                Ok(())
            }
            (false, false) => Ok(()),
        };
        swept.map_err(|cause| Error::io("remove what an earlier run left", &path, &cause))?;
    }
    Ok(())
}

/// The names in a folder, sorted; none when there is no such folder.
pub(super) fn names(folder: &Path) -> Result<Vec<String>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(cause) => return Err(Error::io("read the folder", folder, &cause)),
    };
    let names = entries.map(|entry| Ok(entry?.file_name()));
    sorted(names).map_err(|cause| Error::io("read the folder", folder, &cause))
}

/// Names in their order; where one cannot be read, none: a folder that is known in part looks as if the rest were gone.
fn sorted(names: impl Iterator<Item = std::io::Result<OsString>>) -> std::io::Result<Vec<String>> {
    let mut names: Vec<String> =
        names.map(|name| Ok(name?.to_string_lossy().into_owned())).collect::<std::io::Result<_>>()?;
    names.sort();
    Ok(names)
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::ffi::OsString;
    use std::io;
    use std::path::PathBuf;

    use super::{
        ASIDE, Folder, make_folder, make_folders, make_folders_by, names, sorted, sweep, sync, write, write_pieces,
        write_privately,
    };
    use crate::error::{Error, ErrorKind};

    #[test]
    fn a_file_is_written_in_pieces() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a/feed.xml");
        assert!(write_pieces(&path, &[b"ab", b"", b"c"]).unwrap());
        assert_eq!(std::fs::read(&path).unwrap(), b"abc");
        for same in [[b"a".as_slice(), b"bc", b""], [b"", b"abc", b""]] {
            assert!(!write_pieces(&path, &same).unwrap());
        }
        for other in [[b"ab".as_slice(), b"d"], [b"abc", b"d"], [b"b", b"bc"], [b"ab", b""]] {
            assert!(write_pieces(&path, &other).unwrap());
            assert_eq!(std::fs::read(&path).unwrap(), other.concat());
        }
        // More pieces than a call takes.
        let many = vec![b"0123456789".as_slice(); 5_000];
        assert!(write_pieces(&path, &many).unwrap());
        assert_eq!(std::fs::read(&path).unwrap(), many.concat());
        assert!(write_pieces(&path, &[]).unwrap());
        assert_eq!(std::fs::read(&path).unwrap(), b"");
    }

    #[test]
    fn many_files_are_put_on_the_disk_and_one_that_is_gone_is_told() {
        let dir = tempfile::tempdir().unwrap();
        let mut paths: Vec<_> = (0..40).map(|n| dir.path().join(format!("outbox/news-1/{n}.eml"))).collect();
        for path in &paths {
            write_privately(path, b"message").unwrap();
        }
        sync(&paths).unwrap();
        sync(&[]).unwrap();
        paths.push(dir.path().join("outbox/news-1/gone.eml"));
        assert_eq!(sync(&paths).unwrap_err().place().unwrap().file, paths[40]);
    }

    #[test]
    fn a_file_is_written_once() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a/b.txt");
        assert!(write(&path, b"one").unwrap());
        assert!(!write(&path, b"one").unwrap());
        assert!(write(&path, b"two").unwrap());
        assert_eq!(std::fs::read(&path).unwrap(), b"two");
        assert_eq!(names(&dir.path().join("a")).unwrap(), ["b.txt"]);
    }

    #[test]
    fn a_folder_is_made_whole_or_not_at_all() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("0001");
        assert!(make_folder(&path, &[("issue.toml", b"x")]).unwrap());
        assert!(!make_folder(&path, &[("issue.toml", b"y")]).unwrap());
        assert_eq!(std::fs::read(path.join("issue.toml")).unwrap(), b"x");
        assert_eq!(names(dir.path()).unwrap(), ["0001"]);
    }

    #[test]
    fn the_files_of_folders_are_on_the_disk_before_they_have_their_names() {
        let dir = tempfile::tempdir().unwrap();
        let folder = |name: &'static str| Folder {
            path: dir.path().join(name),
            files: vec![("frozen.json", name.as_bytes()), ("assets/a.pdf", b"x")],
        };
        let synced = RefCell::new(Vec::new());
        let made = make_folders_by(&[folder("0001"), folder("0002")], |paths| {
            assert!(names(dir.path()).unwrap().iter().all(|name| name.starts_with(ASIDE)));
            synced.borrow_mut().extend(paths.iter().map(|path| std::fs::read_to_string(path).unwrap()));
            Ok(())
        });
        assert_eq!((made.unwrap(), synced.into_inner()), (2, ["0001", "x", "0002", "x"].map(str::to_owned).to_vec()));
        // Where that fails there is no such folder.
        let full = |_: &[PathBuf]| Err(Error::new(ErrorKind::Io, "the disk is full"));
        assert_eq!(make_folders_by(&[folder("0003")], full).unwrap_err().to_string(), "the disk is full");
        assert_eq!(make_folders(&[folder("0002"), folder("0004")]).unwrap(), 1, "one is there");
        assert_eq!(names(dir.path()).unwrap(), ["0001", "0002", "0004"]);
        assert_eq!(std::fs::read(dir.path().join("0004/assets/a.pdf")).unwrap(), b"x");
    }

    #[test]
    fn a_folder_that_cannot_be_read_to_its_end_has_no_names() {
        let name = |name: &str| Ok(OsString::from(name));
        assert_eq!(sorted([name("0002"), name("0001")].into_iter()).unwrap(), ["0001", "0002"]);
        let broken = Err(io::Error::other("it broke off"));
        assert_eq!(sorted([name("0001"), broken].into_iter()).unwrap_err().to_string(), "it broke off");
    }

    #[test]
    fn what_a_killed_run_left_is_swept() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(dir.path().join("x/.masthead-abc")).unwrap();
        std::fs::write(dir.path().join("x/.masthead-abc/f"), b"").unwrap();
        std::fs::write(dir.path().join(".masthead-def"), b"").unwrap();
        std::fs::write(dir.path().join("x/kept"), b"").unwrap();
        sweep(dir.path()).unwrap();
        assert_eq!(names(dir.path()).unwrap(), ["x"]);
        assert_eq!(names(&dir.path().join("x")).unwrap(), ["kept"]);
    }
}

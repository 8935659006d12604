//! One run at a time.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::ErrorKind as Cause;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::error::{Error, ErrorKind, Place, Result};

/// The lock's file, beside config.toml.
pub(super) const NAME: &str = ".masthead-lock";
/// That of those who send mail.
pub(super) const SENDING: &str = ".masthead-sending-lock";
/// What helps where it may not be opened.
const OF_ANOTHER: &str =
    "whoever runs masthead here must own the folder and what is in it: as root, `chown -R` gives it to them";
/// How often a waiting run looks again.
const STEP: Duration = Duration::from_millis(50);

/// Held while a run changes the publication, by all that have a copy. The operating system lets go of it when the process ends,
/// however it ends.
#[derive(Clone, Debug)]
pub(super) struct Lock {
    _file: Arc<File>,
}

impl Lock {
    /// Takes the lock of the publication at `root`, waiting as long as `patience`. An error of kind `Busy` when
    /// another run still holds it then.
    pub(super) fn take(root: &Path, patience: Duration) -> Result<Self> {
        Self::named(root, NAME, "another run is at work on this publication", patience)
    }

    /// Takes the lock of those who send mail, without waiting. An error of kind `Busy` when somebody does: a campaign
    /// takes hours, in which the publication must not be locked.
    pub(super) fn of_sending(root: &Path) -> Result<Self> {
        Self::named(root, SENDING, "another run is sending mail", Duration::ZERO)
    }

    fn named(root: &Path, name: &str, busy: &str, patience: Duration) -> Result<Self> {
        let path: PathBuf = root.join(name);
        let refused = |cause: &std::io::Error| {
            let error = Error::io("take the lock", &path, cause);
            if cause.kind() == Cause::PermissionDenied { error.hint(OF_ANOTHER) } else { error }
        };
        let file = opened(&path).map_err(|cause| refused(&cause))?;
        let started = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Self { _file: Arc::new(file) }),
                Err(TryLockError::WouldBlock) if started.elapsed() < patience => std::thread::sleep(STEP),
                Err(TryLockError::WouldBlock) => {
                    return Err(Error::new(ErrorKind::Busy, busy)
                        .at(Place::file(&path))
                        .hint("wait until it has ended, then run this again"));
                }
                Err(TryLockError::Error(cause)) => return Err(refused(&cause)),
            }
        }
    }
}

/// Opens the lock's file. One that another user made is not to be written to, and to hold it takes no more than reading.
fn opened(path: &Path) -> std::io::Result<File> {
    let writing = OpenOptions::new().create(true).truncate(false).write(true).open(path);
    match writing {
        Err(cause) if cause.kind() == Cause::PermissionDenied => File::open(path).map_err(|_| cause),
        opened => opened,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Lock;
    use crate::error::ErrorKind;

    #[test]
    fn a_second_run_leaves_with_a_message() {
        let dir = tempfile::tempdir().unwrap();
        let first = Lock::take(dir.path(), Duration::ZERO).unwrap();
        let copy = first.clone();
        for held in [first, copy] {
            let second = Lock::take(dir.path(), Duration::from_millis(60)).unwrap_err();
            assert_eq!(second.kind(), ErrorKind::Busy);
            drop(held);
        }
        Lock::take(dir.path(), Duration::ZERO).unwrap();
    }

    #[test]
    fn a_file_that_another_user_made_is_no_hindrance() {
        use std::os::unix::fs::PermissionsExt as _;
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(super::NAME);
        std::fs::write(&path, "").unwrap();
        // What root made is read-only to others; to root itself nothing is.
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o444)).unwrap();
        let first = Lock::take(dir.path(), Duration::ZERO).unwrap();
        assert_eq!(Lock::take(dir.path(), Duration::ZERO).unwrap_err().kind(), ErrorKind::Busy);
        drop(first);
        Lock::take(dir.path(), Duration::ZERO).unwrap();
    }
}

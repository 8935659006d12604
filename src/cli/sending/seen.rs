//! Whether what mail is sent by is still what it was.

use std::fs::File;
use std::path::{Path, PathBuf};

use crate::cli::mailing;
use crate::config::{Config, Password, Transport};
use crate::model::sha256_of;

/// What files held when they were read: checksums, and none where one could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Seen {
    config: Option<String>,
    secrets: Vec<Option<String>>,
}

impl Seen {
    /// What config.toml, at `path`, holds now, and the secrets and certificates that it names.
    pub(super) fn of(path: &Path, config: &Config) -> Self {
        Self { config: checksum(path), secrets: secrets(config) }
    }

    /// The same config.toml with the secrets that another reading of it names.
    pub(super) fn with_secrets(self, config: &Config) -> Self {
        Self { secrets: secrets(config), ..self }
    }
}

fn checksum(path: &Path) -> Option<String> {
    File::open(path).and_then(sha256_of).ok()
}

/// The checksums of what is read once for all campaigns; a key that signs is read for each.
fn secrets(config: &Config) -> Vec<Option<String>> {
    let relays = match &config.mail.transport {
        Transport::File => &[][..],
        Transport::Smtp(relays) => relays,
    };
    let of_relays = relays.iter().flat_map(|relay| {
        let password = relay.user.as_ref().and_then(|(_, password)| match password {
            Password::File(path) => Some(path),
            Password::Environment(_) => None,
        });
        relay.ca_file.iter().chain(password).map(|path| config.path(path))
    });
    let of_links: Option<PathBuf> = mailing::secret_file();
    of_relays.chain(of_links).map(|path| checksum(&path)).collect()
}

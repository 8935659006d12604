//! Collecting, and keeping what was seen: collected/<source>.jsonl.

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;

use super::fetching::{self, Fetching};
use super::session::Session;
use crate::collect::fetch::When;
use crate::collect::{self, Collected, Sighting};
use crate::config::Config;
use crate::error::{Error, ErrorKind, Place, Result, Warning};

/// Collects every source; of those on the web, what was collected before.
pub(super) fn collect(session: &mut Session, config: &Config) -> Result<Collected> {
    session.progress("collecting");
    let collected = collect::collect(config, session.now)?;
    for (source, _) in fetching::on_the_web(config) {
        if !source.paused && !fetching::has_posts(config, source) {
            let message = format!("nothing was collected of the source `{}` yet", source.name);
            let place = Place::at(&config.file, source.line, 1);
            session.warnings.push(Warning::new(message).at(place).hint("`masthead collect` asks it"));
        }
    }
    Ok(session.heed(collected))
}

/// Collects every source and keeps what was seen for the first time. Only a run that holds the lock may do so.
pub(super) fn collect_and_keep(session: &mut Session, config: &Config) -> Result<Collected> {
    let collected = collect(session, config)?;
    keep(config, &collected)?;
    Ok(collected)
}

/// Asks the sources on the web, collects every source and keeps what was seen for the first time. Only a run that
/// holds the lock may do so.
pub(super) fn fetch_and_keep(session: &mut Session, config: &Config, when: When) -> Result<Collected> {
    let mut fetching = Fetching::ask(session, config, when)?;
    session.progress("collecting");
    let collected = collect::collect_with(config, &fetching.documents(), session.now)?;
    let collected = session.heed(collected);
    keep(config, &collected)?;
    // What is remembered as read is not asked for again: its posts are kept first.
    fetching.finish(session, config, &collected.readings)?;
    Ok(collected)
}

fn keep(config: &Config, collected: &Collected) -> Result<()> {
    let mut by_source: BTreeMap<&str, Vec<&Sighting>> = BTreeMap::new();
    for sighting in &collected.sightings {
        by_source.entry(&sighting.source).or_default().push(sighting);
    }
    for (source, sightings) in by_source {
        append(&config.root.join("collected").join(format!("{source}.jsonl")), &sightings)?;
    }
    Ok(())
}

/// Appends lines in one write. A last line that a kill cut short is ended first, so that it costs only itself.
fn append(path: &Path, sightings: &[&Sighting]) -> Result<()> {
    let mut lines = String::new();
    for sighting in sightings {
        let line = serde_json::to_string(sighting)
            .map_err(|cause| Error::new(ErrorKind::Io, format!("cannot keep `{}`: {cause}", sighting.id)))?;
        lines.push_str(&line);
        lines.push('\n');
    }
    let refused = |cause: &std::io::Error| Error::io("write the file", path, cause);
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent).map_err(|cause| refused(&cause))?;
    }
    let mut file =
        OpenOptions::new().create(true).read(true).append(true).open(path).map_err(|cause| refused(&cause))?;
    if file.metadata().map_err(|cause| refused(&cause))?.len() > 0 {
        let mut last = [0];
        file.seek(SeekFrom::End(-1)).and_then(|_| file.read_exact(&mut last)).map_err(|cause| refused(&cause))?;
        if last != *b"\n" {
            lines.insert(0, '\n');
        }
    }
    file.write_all(lines.as_bytes()).map_err(|cause| refused(&cause))
}

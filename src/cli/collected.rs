//! Collecting, and keeping what was seen: collected/<source>.jsonl.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::OpenOptions;
use std::io::{BufWriter, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::bodies::Bodies;
use super::fetching::{self, Fetching};
use super::session::Session;
use super::{files, lost, pictures, report};
use crate::collect::fetch::{Documents, When};
use crate::collect::kept::{KeptFiles, NewFile};
use crate::collect::{self, Collected, Exports, Sighting, sightings_path};
use crate::config::Config;
use crate::error::{Error, ErrorKind, Place, Result, Warned, Warning};

/// Bytes that are written at a time.
const BUFFER: usize = 1 << 20;

/// Collects every source; of those on the web, what was collected before.
pub(super) fn collect(session: &mut Session, config: &Config) -> Result<Collected> {
    collect_with(session, config, &Bodies::open(&config.root, false))
}

fn collect_with(session: &mut Session, config: &Config, bodies: &Arc<Bodies>) -> Result<Collected> {
    session.progress("collecting");
    let kept = KeptFiles::read(&config.root);
    let collected =
        collect::collect_with(config, &Documents::new(), &kept, Some(bodies.clone()), Exports::Whole, session.now)?;
    bodies.close();
    for (source, _) in fetching::on_the_web(config) {
        if !source.paused && !fetching::has_posts(config, source) {
            let message = format!("nothing was collected of the source `{}` yet", source.name);
            let place = Place::at(&config.file, source.line, 1);
            session.warnings.push(Warning::new(message).at(place).hint("`masthead collect` asks it"));
        }
    }
    let collected = without_lost(config, session.heed(collected), &kept);
    session.warnings.extend(lost::of_lost_posts(config, &collected));
    Ok(collected)
}

/// Pictures that could not be had, and those that no reader can have, told in words.
fn without_lost(config: &Config, mut collected: Collected, kept: &KeptFiles) -> Collected {
    collect::tell_lost(&mut collected.posts, kept, &config.fetch);
    collected
}

/// Collects every source and keeps what was seen for the first time. Only a run that holds the lock may do so.
pub(super) fn collect_and_keep(session: &mut Session, config: &Config) -> Result<Collected> {
    let collected = collect_with(session, config, &Bodies::open(&config.root, true))?;
    if !session.global.strict || session.warnings.is_empty() {
        write_pictures(&config.root, &collected.pictures)?;
    }
    keep(session, config, &collected)?;
    Ok(collected)
}

/// Asks the sources on the web, collects every source, and says what is to be warned of. What came is to be kept, and
/// then remembered: see [`Fetching::remember`].
pub(super) fn fetch<'c>(
    session: &mut Session,
    config: &'c Config,
    when: When,
    exports: Exports,
) -> Result<(Collected, Fetching<'c>)> {
    let mut fetching = Fetching::ask(session, config, when)?;
    session.progress("collecting");
    let documents = fetching.documents(session, config, when)?;
    let mut kept = KeptFiles::read(&config.root);
    let (bodies, now) = (Bodies::open(&config.root, true), session.now);
    let collect =
        |kept: &KeptFiles| collect::collect_with(config, &documents, kept, Some(bodies.clone()), exports, now);
    let mut collected = collect(&kept)?;
    // A strict run that will keep nothing fetches nothing more.
    let keeps = !session.global.strict || (collected.warnings.is_empty() && !fetching.has_failures());
    if keeps {
        write_pictures(&config.root, &collected.value.pictures)?;
        let wanted = pictures::wanted(session, config, &collected.value, when, &kept)?;
        if !wanted.files.is_empty() {
            let early = Early::keep(session, config, &mut collected)?;
            let fetched = pictures::fetch(session, config, &wanted, &mut kept)?;
            if fetched.any {
                // Both at once would be twice the memory.
                drop(std::mem::take(&mut collected));
                early.take_back()?;
                collected = collect(&kept)?;
                write_pictures(&config.root, &collected.value.pictures)?;
                Early::keep(session, config, &mut collected)?;
            }
            collected.value.notes.extend(fetched.notes);
        }
    }
    bodies.close();
    let collected = without_lost(config, session.heed(collected), &kept);
    session.warnings.extend(lost::of_lost_posts(config, &collected));
    fetching.learn(session, config, &collected.readings)?;
    Ok((collected, fetching))
}

/// Posts that are kept before their files are fetched, which takes its time: a run that is killed meanwhile has them.
struct Early {
    /// The files that have them, and how long those were.
    before: Vec<(PathBuf, u64)>,
}

impl Early {
    /// Keeps what was seen for the first time, as [`keep`] does, which has nothing left to do then. A strict run waits: its
    /// files may yet give it a reason to keep nothing.
    fn keep(session: &mut Session, config: &Config, collected: &mut Warned<Collected>) -> Result<Self> {
        let mut before = Vec::new();
        if !session.global.strict {
            let sources: BTreeSet<&str> = collected.value.sightings.iter().map(|one| &*one.source).collect();
            for source in sources {
                let path = sightings_path(config, source);
                let length = std::fs::metadata(&path).map_or(0, |meta| meta.len());
                before.push((path, length));
            }
            session.warnings.extend(collected.warnings.iter().cloned());
            keep(session, config, &collected.value)?;
            collected.value.sightings.clear();
        }
        Ok(Self { before })
    }

    /// Takes the lines away again, for better ones.
    fn take_back(self) -> Result<()> {
        self.before.into_iter().try_for_each(|(path, length)| {
            let file = OpenOptions::new().write(true).open(&path);
            file.and_then(|file| file.set_len(length)).map_err(|cause| Error::io("write the file", &path, &cause))
        })
    }
}

/// Writes pictures that posts have in the place of an address, before anything shows them.
pub(super) fn write_pictures(root: &Path, pictures: &[NewFile]) -> Result<()> {
    pictures.iter().try_for_each(|file| files::write_durably(&root.join(&file.asset.file), &file.bytes).map(drop))
}

/// Keeps what was seen for the first time, after saying what there is to warn of: a later run, to which it is known, will
/// not say it again. Under `--strict` nothing is kept as long as there is something to warn of. Only a run that holds the
/// lock may do so.
pub(super) fn keep(session: &mut Session, config: &Config, collected: &Collected) -> Result<()> {
    stop_if_strict(session)?;
    if collected.sightings.is_empty() {
        return Ok(());
    }
    report::tell_now(session);
    let mut by_source: BTreeMap<&str, Vec<&Sighting>> = BTreeMap::new();
    for sighting in &collected.sightings {
        by_source.entry(&sighting.source).or_default().push(sighting);
    }
    for (source, sightings) in by_source {
        append(&sightings_path(config, source), &sightings)?;
    }
    Ok(())
}

/// Under `--strict` nothing is frozen or written as long as there is something to warn of.
pub(super) fn stop_if_strict(session: &Session) -> Result<()> {
    if session.global.strict && !session.warnings.is_empty() {
        return Err(Error::new(ErrorKind::Strict, "there were warnings, and `--strict` was given")
            .hint("nothing was frozen or written"));
    }
    Ok(())
}

/// Mends what a killed run left of the files in a publication's collected/: a last line that was cut short goes, so that
/// it costs only itself. Says which, but for sources that `come_again` by themselves: of those nothing is lost.
pub(super) fn mend(root: &Path, come_again: impl Fn(&str) -> bool) -> Result<Vec<Warning>> {
    let folder = root.join("collected");
    let names = files::names(&folder)?;
    let mut cut = Vec::new();
    for name in names.iter().filter(|name| is_record(name)) {
        let path = folder.join(name);
        let line = mend_file(&path).map_err(|cause| Error::io("mend the file", &path, &cause))?;
        let told = line.filter(|_| !come_again(name.trim_end_matches(".jsonl")));
        cut.extend(told.map(|line| {
            Warning::new("the last line was cut short, as by a run that was killed; it was taken away")
                .at(Place::at(Path::new("collected").join(name), line, 1))
                .hint("a post that its source has still is collected again; a backup may have the line whole")
                .once()
        }));
    }
    Ok(cut)
}

/// Whether a file of collected/ tells what was seen.
fn is_record(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|extension| extension == "jsonl") && !name.starts_with('.')
}

/// Mends one file. Gives the number of the line that was taken away.
fn mend_file(path: &Path) -> std::io::Result<Option<usize>> {
    let mut file = OpenOptions::new().read(true).write(true).open(path)?;
    let length = file.metadata()?.len();
    if length == 0 {
        return Ok(None);
    }
    let mut last = [0];
    file.seek(SeekFrom::End(-1))?;
    file.read_exact(&mut last)?;
    if last == *b"\n" {
        return Ok(None);
    }
    let bytes = std::fs::read(path)?;
    let begins = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
    // A line that an editor wrote, who ended the file without a newline, is whole.
    if serde_json::from_slice::<Sighting>(&bytes[begins..]).is_ok() {
        file.seek(SeekFrom::End(0))?;
        file.write_all(b"\n")?;
        return Ok(None);
    }
    // What was lost was kept last; it is seen again.
    file.set_len(begins as u64)?;
    Ok(Some(memchr::memchr_iter(b'\n', &bytes[..begins]).count() + 1))
}

/// Appends lines, many in one write.
fn append(path: &Path, sightings: &[&Sighting]) -> Result<()> {
    let refused = |cause: &std::io::Error| Error::io("write the file", path, cause);
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent).map_err(|cause| refused(&cause))?;
    }
    let file = OpenOptions::new().create(true).append(true).open(path).map_err(|cause| refused(&cause))?;
    let mut lines = BufWriter::with_capacity(BUFFER, file);
    for sighting in sightings {
        serde_json::to_writer(&mut lines, sighting).map_err(std::io::Error::from).map_err(|cause| refused(&cause))?;
        lines.write_all(b"\n").map_err(|cause| refused(&cause))?;
    }
    // On the disk before anything is frozen that rests on it.
    lines.flush().and_then(|()| lines.get_ref().sync_data()).map_err(|cause| refused(&cause))
}

#[cfg(test)]
mod tests {
    use super::mend;

    #[test]
    fn what_was_cut_short_goes_and_what_is_whole_stays() {
        let whole = "{\"source\":\"posts\",\"id\":\"مقاله\",\"first_seen\":\"2026-07-31T10:00:00Z\"}";
        let cut = |length: usize| [whole.as_bytes(), b"\n", &whole.as_bytes()[..length]].concat();
        let ended = format!("{whole}\n").into_bytes();
        for (before, after, line) in [
            (Vec::new(), Vec::new(), None),
            (ended.clone(), ended.clone(), None),
            (whole.as_bytes().to_vec(), ended.clone(), None),
            (whole.as_bytes()[..9].to_vec(), Vec::new(), Some(1)),
            (cut(1), ended.clone(), Some(2)),
            (cut(whole.find('م').unwrap() + 1), ended.clone(), Some(2)),
            (cut(whole.len()), [ended.clone(), ended.clone()].concat(), None),
        ] {
            let root = tempfile::tempdir().unwrap();
            let path = root.path().join("collected/posts.jsonl");
            std::fs::create_dir(root.path().join("collected")).unwrap();
            std::fs::write(&path, before).unwrap();
            let told: Vec<String> = mend(root.path(), |_| false).unwrap().iter().map(ToString::to_string).collect();
            let place = line.map(|line| format!("collected/posts.jsonl:{line}:1: the last line was cut short"));
            assert!(
                told.len() == usize::from(place.is_some())
                    && told.iter().zip(&place).all(|(told, place)| told.starts_with(place)),
                "{told:?}"
            );
            assert_eq!(String::from_utf8(std::fs::read(&path).unwrap()), String::from_utf8(after));
        }
    }
}

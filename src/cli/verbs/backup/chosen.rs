//! Which files are in a backup, and by which names.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};

use crate::cli::manifest::Manifest;
use crate::cli::report::counted;
use crate::cli::session::{Session, files_below};
use crate::cli::{files, shown};
use crate::collect;
use crate::config::{Config, Password, RelayConfig, Source, SourceKind, StoreTls, StoreUrl, Transport};
use crate::error::{Place, Result, Warning};

/// Folders that are built, or handed on.
const BUILT: [&str; 2] = ["public", "outbox"];
/// Files of one's own in public/ are kept up to so many bytes together: more than that may be what others make by the gigabyte.
const MOST_OWN: u64 = 100_000_000;

/// What is in a backup.
#[derive(Debug, Default)]
pub(super) struct Chosen {
    /// The files by their names in it.
    pub(super) entries: BTreeMap<PathBuf, PathBuf>,
    /// How many of them stand in public/ and are no run's.
    pub(super) own: usize,
    /// Symbolic links to files of the publication: their names, the files' own names, and where they are read.
    links: Vec<(PathBuf, PathBuf, PathBuf)>,
    /// What stands outside of the publication.
    outside: BTreeSet<PathBuf>,
}

/// Chooses the files of a publication; what is not in the backup is warned of.
pub(super) fn chosen(session: &mut Session, config: &Config) -> Result<Chosen> {
    let root = canonical(&config.root);
    let not_kept = not_kept(session, config);
    let mut chosen = Chosen::default();
    for named in named(config) {
        let files = if named.is_dir() { files_below(&named)? } else { vec![named.clone()] };
        for path in files.into_iter().filter(|path| path.is_file()) {
            chosen.add(&named, path, config, &root);
        }
    }
    let shown = shown::files(session, config);
    for path in shown.iter().filter(|path| path.is_file()) {
        chosen.add(path.parent().unwrap_or(path), path.clone(), config, &root);
    }
    chosen.follow_links(&shown);
    chosen.add_own(session, config, &root)?;
    chosen.entries.retain(|_, path| !not_kept.contains(&canonical(path)));
    for path in outermost(&chosen.outside) {
        let warning = Warning::new("this stands outside of the publication and is not in the backup");
        session.warnings.push(warning.at(Place::file(path)).hint("keep it apart"));
    }
    Ok(chosen)
}

impl Chosen {
    /// Adds a file that was `named`, or stands below the folder that was.
    fn add(&mut self, named: &Path, path: PathBuf, config: &Config, root: &Path) {
        let real = canonical(&path);
        let Ok(real) = real.strip_prefix(root) else {
            self.outside.insert(leading_out(named, &path, root));
            return;
        };
        let name = path.strip_prefix(&config.root).ok().filter(|name| is_below(name)).unwrap_or(real);
        if [name, real].iter().any(|name| is_built(name)) {
            return;
        }
        if name == real {
            self.entries.insert(name.to_path_buf(), path);
        } else {
            self.links.push((name.to_path_buf(), real.to_path_buf(), path));
        }
    }

    /// Adds what symbolic links show. Of a file that is there by its own name a second one would be another post, unless posts
    /// show it.
    fn follow_links(&mut self, shown: &BTreeSet<PathBuf>) {
        let mut held: BTreeSet<PathBuf> = self.entries.keys().cloned().collect();
        for (name, real, path) in std::mem::take(&mut self.links) {
            if held.insert(real) || shown.contains(&path) {
                self.entries.insert(name, path);
            }
        }
    }

    /// Adds the files in public/ that no run made, such as a CNAME.
    fn add_own(&mut self, session: &mut Session, config: &Config, root: &Path) -> Result<()> {
        let public = config.root.join(BUILT[0]);
        let mut own = Vec::new();
        if !public.is_dir() {
            return Ok(());
        }
        own_below(&public, "", &Manifest::read(&public)?, &mut own)?;
        let bytes: u64 = own.iter().filter_map(|path| public.join(path).metadata().ok()).map(|file| file.len()).sum();
        if bytes > MOST_OWN {
            let message = format!(
                "{} here that no run made, {} MB, are not in the backup",
                counted(own.len(), "file"),
                bytes / 1_000_000
            );
            session.warnings.push(Warning::new(message).at(Place::file(BUILT[0])).hint("keep them apart"));
            return Ok(());
        }
        for path in own {
            let file = public.join(&path);
            if canonical(&file).starts_with(root) {
                self.entries.insert(Path::new(BUILT[0]).join(path), file);
                self.own += 1;
            } else {
                self.outside.insert(leading_out(&public, &file, root));
            }
        }
        Ok(())
    }
}

/// Finds the files in a folder below public/ that no run made. What is made of our files is made again, such as compressed
/// ones beside them.
fn own_below(public: &Path, folder: &str, manifest: &Manifest, own: &mut Vec<String>) -> Result<()> {
    for name in files::names(&public.join(folder))? {
        let path = format!("{folder}{name}");
        let file = public.join(&path);
        let is_folder = file.symlink_metadata().is_ok_and(|file| file.is_dir());
        let is_made = || path.rsplit_once('.').is_some_and(|(path, end)| MADE.contains(&end) && manifest.holds(path));
        if name == ".git" || name.starts_with(files::ASIDE) {
            continue;
        }
        if is_folder {
            own_below(public, &format!("{path}/"), manifest, own)?;
        } else if file.is_file() && !manifest.holds(&path) && !is_made() {
            own.push(path);
        }
    }
    Ok(())
}

/// How the names of files end that servers keep beside others, compressed.
const MADE: [&str; 3] = ["br", "gz", "zst"];

fn canonical(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_path_buf())
}

/// Whether a name leads into a folder, and nowhere else.
fn is_below(name: &Path) -> bool {
    name.components().next().is_some() && name.components().all(|part| matches!(part, Component::Normal(_)))
}

fn is_built(name: &Path) -> bool {
    let first = name.components().next().map(|part| part.as_os_str().to_string_lossy());
    BUILT.iter().any(|built| first.as_deref() == Some(built)) && name.components().count() > 1
}

/// Those of these paths that are below none of the others.
fn outermost(paths: &BTreeSet<PathBuf>) -> Vec<&PathBuf> {
    let real: BTreeSet<PathBuf> = paths.iter().map(|path| canonical(path)).collect();
    let is_below = |path: &&PathBuf| canonical(path).ancestors().skip(1).any(|above| real.contains(above));
    paths.iter().filter(|path| !is_below(path)).collect()
}

/// What leads out of the publication to a file: the outermost of the folders that do, from the one that was named on.
fn leading_out(named: &Path, path: &Path, root: &Path) -> PathBuf {
    let folders = path.ancestors().take_while(|folder| folder.starts_with(named));
    let outside = folders.filter(|folder| !canonical(folder).starts_with(root));
    outside.last().unwrap_or(path).to_path_buf()
}

/// The files that are kept in another way, in their true places, each of which is told: the store, and secrets.
fn not_kept(session: &mut Session, config: &Config) -> BTreeSet<PathBuf> {
    let mut not_kept = match &config.store {
        StoreUrl::Sqlite(store) => files_of_store(&canonical(&config.path(store))),
        StoreUrl::Postgres(url) => {
            let warning = Warning::new(format!("the store is {url} and is not in the backup"));
            session.warnings.push(warning.at(Place::file(&config.file)).hint("keep it by `pg_dump` at the same time"));
            BTreeSet::new()
        }
    };
    for (path, what) in secrets(config) {
        not_kept.insert(canonical(&config.path(&path)));
        let warning = Warning::new(format!("this is {what} and is not in the backup"));
        session.warnings.push(warning.at(Place::file(path)).hint("keep it apart, and put it back after a restore"));
    }
    not_kept
}

/// The store, and what SQLite keeps beside it while it is open: a copy that is whole is in the backup instead.
fn files_of_store(store: &Path) -> BTreeSet<PathBuf> {
    let beside = |end: &str| {
        let mut path = store.as_os_str().to_owned();
        path.push(end);
        PathBuf::from(path)
    };
    ["", "-wal", "-shm", "-journal"].map(beside).into()
}

/// What the configuration names, and the folders that every publication has.
fn named(config: &Config) -> Vec<PathBuf> {
    let mut named: Vec<PathBuf> = vec![config.file.clone()];
    for source in &config.sources {
        match &source.kind {
            SourceKind::Markdown { folder, assets } => named.extend(std::iter::once(folder).chain(assets).cloned()),
            SourceKind::WordPress { path, assets, .. } => named.extend(std::iter::once(path).chain(assets).cloned()),
            SourceKind::Feed { .. } if source.address().is_some() => {}
            SourceKind::Feed { location, .. } => named.push(location.into()),
        }
    }
    let standing = || config.series.iter().flat_map(|series| &series.standing);
    named.extend(standing().cloned());
    // What an article shows or includes stands beside it, as a rule; not where that is the publication's own folder.
    let beside = standing().filter_map(|file| file.parent()).filter(|folder| is_below(folder));
    named.extend(beside.map(Path::to_path_buf));
    named.extend(config.lists.iter().filter_map(|list| list.csv.clone()));
    named.extend(config.logo.clone());
    named.extend(relays(config).filter_map(|relay| relay.ca_file.clone()));
    if let StoreUrl::Postgres(url) = &config.store
        && let StoreTls::Verified { roots: Some(roots) } = &url.tls
    {
        named.push(roots.clone());
    }
    named.extend(["templates", "issues", "collected"].map(PathBuf::from));
    let texts = config.sources.iter().filter_map(Source::folder).chain(standing().filter_map(|file| file.parent()));
    named.extend(texts.filter_map(|folder| collect::included_from(&config.path(folder), &config.root)));
    let of_root = |path: PathBuf| if path == config.file { path } else { config.path(&path) };
    named.into_iter().map(of_root).collect()
}

fn relays(config: &Config) -> impl Iterator<Item = &RelayConfig> {
    let relays = match &config.mail.transport {
        Transport::File => &[],
        Transport::Smtp(relays) => relays.as_slice(),
    };
    relays.iter()
}

/// Files that hold a secret of its own, with what it is: they are not in the backup, because it goes to more places than
/// they may.
fn secrets(config: &Config) -> Vec<(PathBuf, &'static str)> {
    let keys = config.mail.dkim.iter().map(|key| (key.key_file.clone(), "the key that signs mail"));
    let passwords = relays(config).filter_map(|relay| match &relay.user {
        Some((_, Password::File(path))) => Some((path.clone(), "the password at a relay")),
        _ => None,
    });
    keys.chain(passwords).collect()
}

//! What every verb starts from: the options, the time, the configuration, what there is to warn of.

use std::cell::OnceCell;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::thread::ScopedJoinHandle;
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::args::Global;
use super::clock::machine_time;
use super::fetching::Fetched;
use super::lock::Lock;
use super::{bodies, collected, files};
use crate::collect::fetch::Hosts;
use crate::config::{self, Config, Source, SourceKind, StoreUrl};
use crate::error::{ErrorKind, Result, Warned, Warning};
use crate::templates::{TemplateFile, Templates};
use crate::typeset::fonts::Fonts;

/// How long a run waits for another one to end.
const PATIENCE: Duration = Duration::from_secs(30);

/// One run of the program.
pub(super) struct Session {
    pub(super) global: Global,
    /// The time of this run: `--now`, or the clock, asked once; of a service that of its round.
    pub(super) now: DateTime<Utc>,
    /// What there is to warn of, in the order it was met.
    pub(super) warnings: Vec<Warning>,
    /// Who was taken off lists, which no later run says: what the report has not told by then is told as warnings.
    pub(super) taken_off: Vec<String>,
    /// What was done about the sources on the web.
    pub(super) fetched: Vec<Fetched>,
    /// How many of the warnings were told already, each once.
    pub(super) told: usize,
    /// In how many lines, where they are told in short.
    pub(super) lines_told: usize,
    /// The hosts that were asked.
    pub(super) hosts: OnceCell<Hosts>,
    /// Whether what it reads was handed to it, and is nowhere else: a mail server's message on standard input. Said once the
    /// command line was found right.
    pub(super) is_handed_over: bool,
    /// Where posts are read, as warnings name it, and what beside config.toml is read of the publication itself.
    of_posts: Vec<PathBuf>,
    of_publication: Vec<PathBuf>,
    progress: Option<indicatif::ProgressBar>,
    /// What is to be done once the report was given, with the lock that it needs.
    after_report: Option<(Lock, Deferred)>,
    /// The same of what needs no lock.
    to_remember: Vec<Deferred>,
}

/// A path of the configuration as warnings name it.
fn shown(config: &Config, path: &Path) -> PathBuf {
    let whole = config.path(path);
    whole.strip_prefix(&config.root).map(Path::to_path_buf).unwrap_or(whole)
}

/// What one session has for another to tell.
#[derive(Default)]
struct Told {
    warnings: Vec<Warning>,
    taken_off: Vec<String>,
}

/// Something that is done meanwhile.
pub(super) struct Meanwhile<'a, T> {
    other: ScopedJoinHandle<'a, T>,
    told: &'a Mutex<Option<Told>>,
}

impl<T> Meanwhile<'_, T> {
    /// Waits for its end, and tells what there is to tell. What came of it.
    pub(super) fn join(self, session: &mut Session) -> T {
        let done = self.other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        session.take_over(self.told.lock().unwrap_or_else(PoisonError::into_inner).take());
        done
    }
}

/// Something that is done later.
type Deferred = Box<dyn FnOnce() -> Result<()>>;

impl Session {
    /// Starts a run. This is where the clock is asked.
    pub(super) fn new(global: Global) -> Self {
        let now = global.now.unwrap_or_else(machine_time);
        let talks = !global.quiet && !global.json;
        let progress = (talks && std::io::IsTerminal::is_terminal(&std::io::stderr())).then(|| {
            let bar = indicatif::ProgressBar::new_spinner();
            bar.enable_steady_tick(Duration::from_millis(100));
            bar
        });
        Self::at(now, global, progress)
    }

    fn at(now: DateTime<Utc>, global: Global, progress: Option<indicatif::ProgressBar>) -> Self {
        Self {
            global,
            now,
            warnings: Vec::new(),
            taken_off: Vec::new(),
            fetched: Vec::new(),
            told: 0,
            lines_told: 0,
            hosts: OnceCell::new(),
            is_handed_over: false,
            of_posts: Vec::new(),
            of_publication: Vec::new(),
            progress,
            after_report: None,
            to_remember: Vec::new(),
        }
    }

    /// Does something on a thread of its own, in a session of its own, while `main` goes on, which asks for what came of it when it
    /// needs that. What it has to tell is told then, or where nobody asks at the end.
    pub(super) fn meanwhile<O: Send, M>(
        &mut self,
        other: impl FnOnce(&mut Self) -> O + Send,
        main: impl FnOnce(&mut Self, Meanwhile<'_, O>) -> M,
    ) -> M {
        let (global, now, progress) = (self.global.clone(), self.now, self.progress.clone());
        let told = Mutex::new(None);
        let done = std::thread::scope(|scope| {
            let told = &told;
            let other = scope.spawn(move || {
                let mut session = Self::at(now, global, progress);
                let done = other(&mut session);
                let Self { warnings, taken_off, .. } = session;
                *told.lock().unwrap_or_else(PoisonError::into_inner) = Some(Told { warnings, taken_off });
                done
            });
            main(self, Meanwhile { other, told })
        });
        self.take_over(told.into_inner().unwrap_or_else(PoisonError::into_inner));
        done
    }

    /// Tells what another session has to tell.
    fn take_over(&mut self, told: Option<Told>) {
        let Told { warnings, taken_off } = told.unwrap_or_default();
        self.warnings.extend(warnings);
        self.taken_off.extend(taken_off);
    }

    /// Says on a terminal what is being done.
    pub(super) fn progress(&self, doing: impl Into<String>) {
        if let Some(bar) = &self.progress {
            bar.set_message(doing.into());
        }
    }

    /// What says on a terminal what is being done, for several threads to say so.
    pub(super) fn progress_bar(&self) -> Option<&indicatif::ProgressBar> {
        self.progress.as_ref()
    }

    /// Takes the progress line away.
    pub(super) fn quieten(&self) {
        if let Some(bar) = &self.progress {
            bar.finish_and_clear();
        }
    }

    /// Takes the progress line away while something else is written to the terminal.
    pub(super) fn quieten_while(&self, write: impl FnOnce(&Self)) {
        match &self.progress {
            Some(bar) => bar.suspend(|| write(self)),
            None => write(self),
        }
    }

    /// Reads the configuration.
    pub(super) fn config(&mut self) -> Result<Config> {
        config::load(&self.global.config).map(|config| self.know(config))
    }

    /// The same for a verb that makes the folders of sources.
    pub(super) fn config_before_folders(&mut self) -> Result<Config> {
        config::load_before_folders(&self.global.config).map(|config| self.know(config))
    }

    fn know(&mut self, config: Config) -> Config {
        let lists = config.lists.iter().filter_map(|list| list.csv.as_deref());
        let own = lists.chain(["issues", "templates", "outbox"].map(Path::new)).map(|path| shown(&config, path));
        let store = match &config.store {
            StoreUrl::Sqlite(path) => Some(shown(&config, path)),
            StoreUrl::Postgres(_) => None,
        };
        self.of_publication = own.chain([config.file.clone()]).chain(store).collect();
        self.of_posts = vec![shown(&config, Path::new("collected"))];
        config.sources.iter().for_each(|source| self.posts_are_of(&config, source));
        config
    }

    /// Knows that posts are read from a source.
    pub(super) fn posts_are_of(&mut self, config: &Config, source: &Source) {
        self.of_posts.push(match &source.kind {
            SourceKind::Feed { location, .. } if source.address().is_some() => PathBuf::from(location),
            SourceKind::Feed { location, .. } => shown(config, Path::new(location)),
            SourceKind::Markdown { folder: path, .. } | SourceKind::WordPress { path, .. } => shown(config, path),
        });
    }

    /// Whether a warning is of posts or feeds, of which there may be thousands, and not of what the publication has once.
    pub(super) fn is_of_posts(&self, warning: &Warning) -> bool {
        warning.place.as_ref().is_some_and(|place| {
            let is_below = |paths: &[PathBuf]| paths.iter().any(|path| place.file.starts_with(path));
            is_below(&self.of_posts) && !is_below(&self.of_publication)
        })
    }

    /// Takes the publication's lock and sweeps away what a killed run left half made.
    pub(super) fn lock(&mut self, config: &Config) -> Result<Lock> {
        let lock = Lock::take(&config.root, PATIENCE)?;
        for folder in ["issues", "collected", "outbox", bodies::FOLDER] {
            files::sweep(&config.root.join(folder))?;
        }
        // What stands in files of ours is read again; of a feed an item may have gone.
        let come_again = |name: &str| {
            let mut sources = config.sources.iter().filter(|source| source.name == name);
            sources.any(|source| !matches!(source.kind, SourceKind::Feed { .. }))
        };
        self.warnings.extend(collected::mend(&config.root, come_again)?);
        Ok(lock)
    }

    /// Has something done once the report was given. The lock is held until then.
    pub(super) fn defer(&mut self, lock: Lock, deferred: impl FnOnce() -> Result<()> + 'static) {
        self.after_report = Some((lock, Box::new(deferred)));
    }

    /// Has something remembered once the report was given, which needs no lock.
    pub(super) fn remember(&mut self, deferred: impl FnOnce() -> Result<()> + 'static) {
        self.to_remember.push(Box::new(deferred));
    }

    /// Does what was to be done once the report was given.
    pub(super) fn after_report(&mut self) -> Result<()> {
        if let Some((_lock, deferred)) = self.after_report.take() {
            deferred()?;
        }
        self.to_remember.drain(..).try_for_each(|deferred| deferred())
    }

    /// Keeps the warnings and returns the value.
    pub(super) fn heed<T>(&mut self, warned: Warned<T>) -> T {
        warned.drain(&mut self.warnings)
    }

    /// The built-in templates, with the publication's own over them.
    pub(super) fn templates(&mut self, config: &Config) -> Result<Templates> {
        let folder = config.root.join("templates");
        // As messages name the files: relative to the publication.
        let shown = Path::new("templates");
        let mut own = Vec::new();
        for path in files_below(&folder)? {
            let Ok(name) = path.strip_prefix(&folder) else { continue };
            let name = name.components().map(|c| c.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/");
            match files::read_text(&path) {
                Ok(Some(text)) => own.push(TemplateFile { path: shown.join(&name), name, text }),
                Ok(None) => {}
                Err(error) if error.kind() == ErrorKind::Input => self.warnings.push(error.into_warning()),
                Err(error) => return Err(error),
            }
        }
        Templates::load(&own).map(|templates| self.heed(templates))
    }

    /// The fonts: built in, and the machine's where the configuration allows them.
    pub(super) fn fonts(&mut self, system: bool) -> Fonts {
        if !system {
            return Fonts::builtin();
        }
        self.warnings.push(
            Warning::new("fonts of this machine may be used; the same issue may differ on another machine")
                .hint("take `system_fonts` away when the built-in fonts are enough"),
        );
        Fonts::builtin().with_system()
    }
}

/// Every file below a folder but hidden ones, sorted; none when there is no such folder.
pub(super) fn files_below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for name in files::names(folder)?.into_iter().filter(|name| !name.starts_with('.')) {
        let path = folder.join(name);
        if path.is_dir() {
            found.extend(files_below(&path)?);
        } else {
            found.push(path);
        }
    }
    Ok(found)
}

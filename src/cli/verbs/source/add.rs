//! `masthead source add`: feeds, pages that have feeds, OPML lists, exports, files and folders into config.toml.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::json;
use url::Url;

use crate::cli::fetching;
use crate::cli::files;
use crate::cli::report::{Report, counted};
use crate::cli::session::Session;
use crate::collect::discover::{self, Clue};
use crate::collect::fetch::{Ask, Failure, Link};
use crate::collect::{self, opml};
use crate::config::{self, Config, NewSource, SourceKind};
use crate::error::{Error, ErrorKind, Place, Result, Warning};
use crate::model::{Language, shown_address, slugify, web_fault};

/// The longest name that is made from a title, in characters.
const NAME_LENGTH: usize = 40;

/// How much of a file is looked at to tell what it is, in bytes.
const HEAD: usize = 16 << 10;

/// What the command line says of every source that is added.
pub(super) struct Options {
    pub(super) name: Option<String>,
    pub(super) section: Option<String>,
    pub(super) language: Option<String>,
    pub(super) offline: bool,
}

/// Adds sources to config.toml. What cannot be added costs only itself; when nothing can, that is an error.
pub(super) fn run(session: &mut Session, what: &[String], options: &Options) -> Result<Report> {
    let config = session.config()?;
    check_options(options, what)?;
    let _lock = session.lock(&config)?;
    let mut adding = Adding::new(&config, options);
    let mut first_error = None;
    for text in what {
        if let Err(error) = adding.take(session, text) {
            first_error.get_or_insert_with(|| error.clone());
            adding.left_out.push((text.clone(), error.message().to_owned()));
            session.warnings.push(error.into_warning());
        }
    }
    if adding.added.is_empty()
        && adding.known.is_empty()
        && let Some(error) = first_error
    {
        session.warnings.clear();
        return Err(error);
    }
    if !adding.added.is_empty() {
        write(session, &config, &adding.added)?;
    }
    Ok(adding.report())
}

/// A byte order mark.
const MARK: &[u8] = b"\xef\xbb\xbf";

fn check_options(options: &Options, what: &[String]) -> Result<()> {
    let usage = |message: String| Err(Error::new(ErrorKind::Usage, message));
    if let Some(tag) = options.language.as_deref().filter(|tag| Language::parse(tag).is_none()) {
        return usage(format!("`{tag}` is not a language tag"));
    }
    match &options.name {
        Some(_) if what.len() > 1 => usage("`--name` is for one source".to_owned()),
        // The name is that of a file in collected/.
        Some(name) if !config::is_source_name(name) => {
            usage(format!("`{name}` is no name for a source; `{}` would be one", slugify(name)))
        }
        _ => Ok(()),
    }
}

/// Writes config.toml anew, if what comes of it can be read.
fn write(session: &Session, config: &Config, added: &[NewSource]) -> Result<()> {
    let path = &session.global.config;
    let text = files::read_text(path)?.unwrap_or_default();
    let changed = config::with_sources(&text, path, added)?;
    config::parse(&changed, path, &config.root)?;
    // Some editors ask the mark with which they begin a file.
    let mark = files::head(path, MARK.len())?.filter(|head| head == MARK).unwrap_or_default();
    files::write_durably(path, &[&mark, changed.as_bytes()].concat()).map(drop)
}

struct Adding<'a> {
    config: &'a Config,
    options: &'a Options,
    names: BTreeSet<String>,
    /// Where the sources are that config.toml has, to be compared, and their names.
    places: Vec<(String, String)>,
    added: Vec<NewSource>,
    /// What is there already, and under which name.
    known: Vec<(String, String)>,
    left_out: Vec<(String, String)>,
    notes: Vec<String>,
}

impl<'a> Adding<'a> {
    fn new(config: &'a Config, options: &'a Options) -> Self {
        let place = |source: &config::Source| match (&source.kind, source.address()) {
            (_, Some(url)) => compared(&url),
            (SourceKind::Feed { location, .. }, None) => location.clone(),
            (SourceKind::Markdown { folder, .. }, None) => folder.display().to_string(),
            (SourceKind::WordPress { path, .. }, None) => path.display().to_string(),
        };
        Self {
            config,
            options,
            // Capitals do not tell names apart.
            names: config.sources.iter().map(|source| source.name.to_lowercase()).collect(),
            places: config.sources.iter().map(|source| (place(source), source.name.clone())).collect(),
            added: Vec::new(),
            known: Vec::new(),
            left_out: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// Adds what one argument names.
    fn take(&mut self, session: &mut Session, text: &str) -> Result<()> {
        if let Some(url) = address(text) {
            let url = url?;
            return if self.options.offline { self.add_feed(&url, "", None, None) } else { self.find(session, &url) };
        }
        let path = Path::new(text);
        if path.is_dir() {
            return self.add_file("markdown", path);
        }
        // An export may be larger than memory.
        let Some(bytes) = files::head(path, HEAD)? else {
            if let Some(whole) = without_scheme(text) {
                return self.take(session, &whole);
            }
            let message = format!("`{text}` is neither an address nor a file");
            return Err(Error::new(ErrorKind::Usage, message).hint("an address begins with `https://` or `http://`"));
        };
        if opml::is_opml(&bytes) {
            let bytes = files::read(path)?.unwrap_or_default();
            self.add_list(session, path, &bytes);
            return Ok(());
        }
        if is_wordpress(&bytes) {
            return self.add_file("wordpress", path);
        }
        if !collect::is_feed(files::read(path)?.unwrap_or_default()) {
            let message = format!("`{text}` is no feed, no OPML list and no WordPress export");
            return Err(Error::new(ErrorKind::Input, message)
                .hint("Markdown is added by its folder, and a web page by its address, which leads to its feeds"));
        }
        self.add_file("feed", path)
    }

    /// Asks an address: it is a feed, or a page that has one.
    fn find(&mut self, session: &Session, url: &Url) -> Result<()> {
        if self.is_known(&compared(url), &shown_address(url)) {
            return Ok(());
        }
        let refused = |failure: Failure| {
            let message = format!("`{}` could not be fetched: {}", shown_address(url), failure.fault);
            let error = Error::new(ErrorKind::Input, message).hint("`--offline` adds an address without asking it");
            match failure.fault.hint() {
                Some(hint) => error.hint(hint),
                None => error,
            }
        };
        let (mut found, mut probe) = self.look(session, url).map_err(refused)?;
        for _ in 0..REFRESHES {
            let next = discover::refresh(&probe.text, &found.url).filter(|_| !probe.reading.is_feed);
            let Some(Ok(looked)) = next.map(|next| self.look(session, &next)) else { break };
            (found, probe) = looked;
        }
        if probe.reading.is_feed {
            self.note_about(&found, &probe);
            return self.add_feed(&found.lasting, &probe.title, None, None);
        }
        let candidates = discover::candidates(&probe.text, &found.links, &found.url);
        let mut feeds = Vec::new();
        for candidate in &candidates {
            if candidate.clue > Clue::Comments && !feeds.is_empty() {
                break;
            }
            let Ok((found, probe)) = self.look(session, &candidate.url) else { continue };
            if probe.reading.is_feed {
                if feeds.is_empty() {
                    self.note_about(&found, &probe);
                }
                feeds.push((found.lasting, if probe.title.is_empty() { candidate.title.clone() } else { probe.title }));
            }
        }
        let Some((first, title)) = feeds.first() else {
            let tried = match candidates.len() {
                1 => "1 address was tried".to_owned(),
                count => format!("{count} addresses were tried"),
            };
            return Err(Error::new(
                ErrorKind::Input,
                format!("`{}` is no feed, and no feed was found for it", shown_address(url)),
            )
            .hint(format!("{tried}; `--offline` adds an address as it is")));
        };
        self.add_feed(first, title, None, None)?;
        for (other, title) in &feeds[1..] {
            self.notes.push(format!("the page has another feed: {} ({title})", shown_address(other)));
        }
        Ok(())
    }

    /// What there is to know of a feed before it is collected.
    fn note_about(&mut self, found: &Found, probe: &collect::Probe) {
        if let Some(url) = &probe.reading.moved_to {
            self.notes.push(format!(
                "the feed says that it has moved to {}, which is asked from then on",
                shown_address(url)
            ));
        }
        if found.has_older {
            self.notes
                .push("the feed has older pages: `archive = true` in its `[[source]]` collects them, too".to_owned());
        }
    }

    /// Fetches one document.
    fn look(&self, session: &Session, url: &Url) -> std::result::Result<(Found, collect::Probe), Failure> {
        let mut answers = fetching::ask_all(session, self.config, &[Ask::plain(url)], "address");
        let mut answer = answers.pop().unwrap_or_else(|| Err(crate::collect::fetch::Fault::Unasked.into()))?;
        let document = fetching::document(&mut answer);
        let probe = collect::probe(&document);
        let has_older = collect::older(&document).address.is_some();
        let lasting = answer.moved_to.clone().unwrap_or_else(|| url.clone());
        let links = answer.headers.links();
        Ok((Found { url: answer.url, lasting, links, has_older }, probe))
    }

    /// Adds the feeds of a list. They are not asked: there may be hundreds.
    fn add_list(&mut self, session: &mut Session, path: &Path, bytes: &[u8]) {
        let list = opml::read(bytes);
        for feed in &list.feeds {
            let before = self.added.len();
            let section = feed.section.as_deref();
            let language = feed.language.as_deref().filter(|tag| Language::parse(tag).is_some());
            let added = match address(&feed.address) {
                Some(Ok(url)) => self.add_feed(&url, &feed.title, section, language),
                Some(Err(error)) => Err(error),
                None => Err(Error::new(ErrorKind::Input, format!("`{}` is not an address", feed.address))),
            };
            if let [new] = &mut self.added[before..] {
                // What the name says already is not written twice.
                new.title = Some(feed.title.clone()).filter(|title| !title.is_empty() && *title != new.name);
                new.base_url =
                    feed.site.clone().filter(|site| Url::parse(site).is_ok_and(|url| web_fault(&url).is_none()));
            }
            if let Err(error) = added {
                self.left_out.push((feed.title.clone(), error.message().to_owned()));
                session.warnings.push(error.into_warning().at(Place::at(path, feed.line, 1)));
            }
        }
        self.left_out.extend(list.left_out.iter().map(|(title, why)| (title.clone(), (*why).to_owned())));
        if let Some(line) = list.cut {
            let message = "this list ends before `</opml>`; what stood behind that is missing";
            session.warnings.push(Warning::new(message).at(Place::at(path, line, 1)));
        }
        if list.feeds.is_empty() {
            session.warnings.push(Warning::new("this list has no feeds").at(Place::file(path)));
        }
    }

    fn add_feed(&mut self, url: &Url, title: &str, section: Option<&str>, language: Option<&str>) -> Result<()> {
        if let Some(fault) = web_fault(url) {
            return Err(Error::new(ErrorKind::Input, format!("`{}` {fault}", shown_address(url))));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Error::new(ErrorKind::Input, format!("`{}` has a user or a password", shown_address(url)))
                .hint("keep them in the environment: `authorization_env` names the variable"));
        }
        if self.is_known(&compared(url), &shown_address(url)) {
            return Ok(());
        }
        let host = url.host_str().unwrap_or_default().trim_start_matches("www.");
        let made_from = if slugify(title).is_empty() { format!("{host}{}", url.path()) } else { title.to_owned() };
        self.push("feed", url.to_string(), compared(url), &made_from, section, language);
        Ok(())
    }

    /// Adds a file or a folder, by its path from config.toml where it is below it.
    fn add_file(&mut self, kind: &'static str, path: &Path) -> Result<()> {
        let refused = |cause: std::io::Error| Error::io("read", path, &cause);
        let whole = path.canonicalize().map_err(refused)?;
        let root = self.config.root.canonicalize().map_err(refused)?;
        let shown: PathBuf = whole.strip_prefix(&root).unwrap_or(&whole).to_path_buf();
        let Some(location) = shown.to_str().filter(|text| !text.is_empty()) else {
            return Err(
                Error::new(ErrorKind::Usage, "this path cannot be written into config.toml").at(Place::file(path))
            );
        };
        if self.is_known(location, location) {
            return Ok(());
        }
        let made_from = whole.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        self.push(kind, location.to_owned(), location.to_owned(), &made_from, None, None);
        Ok(())
    }

    fn push(
        &mut self,
        kind: &'static str,
        location: String,
        place: String,
        made_from: &str,
        section: Option<&str>,
        language: Option<&str>,
    ) {
        let own = |option: &Option<String>, other: Option<&str>| option.clone().or_else(|| other.map(str::to_owned));
        let name = match &self.options.name {
            Some(name) => name.clone(),
            None => self.free_name(made_from),
        };
        self.names.insert(name.clone());
        self.places.push((place, name.clone()));
        self.added.push(NewSource {
            kind,
            location,
            name,
            title: None,
            base_url: None,
            section: own(&self.options.section, section),
            language: own(&self.options.language, language),
        });
    }

    fn free_name(&self, made_from: &str) -> String {
        let stem: String = slugify(made_from).chars().take(NAME_LENGTH).collect();
        let stem = stem.trim_matches('-');
        let stem = if stem.is_empty() { "source" } else { stem };
        let counted = (2_u32..).map(|count| format!("{stem}-{count}"));
        let mut names = std::iter::once(stem.to_owned()).chain(counted);
        let is_free = |name: &String| !self.names.contains(name) && config::is_source_name(name);
        names.find(is_free).unwrap_or_default()
    }

    /// Whether there is a source at this place; if so, that is noted.
    fn is_known(&mut self, place: &str, shown: &str) -> bool {
        let name = self.places.iter().find(|(known, _)| known == place).map(|(_, name)| name.clone());
        let known = name.is_some();
        self.known.extend(name.map(|name| (shown.to_owned(), name)));
        known
    }

    fn report(self) -> Report {
        let mut report = Report::default();
        for source in &self.added {
            let location = Url::parse(&source.location).map_or(source.location.clone(), |url| shown_address(&url));
            report.line(format!("added: {} ({location})", source.name));
        }
        for (place, name) in &self.known {
            report.line(format!("already there: {name} ({place})"));
        }
        for (what, why) in &self.left_out {
            report.line(format!("left out: {what}: {why}"));
        }
        for note in &self.notes {
            report.line(note);
        }
        if !self.added.is_empty() {
            report.line(format!("{} added to {}", counted(self.added.len(), "source"), self.config.file.display()));
        }
        let added = self.added.iter().map(|source| {
            json!({"name": source.name, source.kind: source.location, "section": source.section, "language": source.language})
        });
        report.set("added", json!(added.collect::<Vec<_>>()));
        let pairs = |pairs: &[(String, String)], first: &str, second: &str| {
            json!(pairs.iter().map(|(one, other)| json!({first: one, second: other})).collect::<Vec<_>>())
        };
        report.set("known", pairs(&self.known, "location", "name"));
        report.set("left_out", pairs(&self.left_out, "what", "reason"));
        report.set("notes", json!(self.notes));
        report
    }
}

/// Whether these bytes begin as a WordPress export does, which is an RSS feed with a namespace of its own.
/// How often a page may send its readers on to another one.
const REFRESHES: usize = 3;

fn is_wordpress(bytes: &[u8]) -> bool {
    String::from_utf8_lossy(&bytes[..bytes.len().min(HEAD)]).contains("//wordpress.org/export/")
}

/// Where a document was found.
struct Found {
    /// The address that answered.
    url: Url,
    /// The address to keep: the one that was asked, or where it has moved for good.
    lasting: Url,
    /// What the answer's header names.
    links: Vec<Link>,
    /// Whether it is a feed that names an older page of itself.
    has_older: bool,
}

/// An address, if that is what a text is. `feed:` is what some programs write for http.
fn address(text: &str) -> Option<Result<Url>> {
    let text = text.trim();
    let text = match text.strip_prefix("feed:") {
        Some(rest) if rest.starts_with("//") => format!("http:{rest}"),
        Some(rest) => rest.to_owned(),
        None => text.to_owned(),
    };
    let (scheme, rest) = text.split_once(':')?;
    if scheme.len() < 2 || !rest.starts_with("//") {
        return None;
    }
    let refused = |why: String| Error::new(ErrorKind::Input, why);
    Some(match Url::parse(&text) {
        Ok(mut url) => {
            url.set_fragment(None);
            match web_fault(&url) {
                None => Ok(url),
                Some(fault) => Err(refused(format!("`{}` {fault}", shown_address(&url)))),
            }
        }
        Err(cause) => Err(refused(format!("`{text}` cannot be read as an address: {cause}"))),
    })
}

/// How the names of files end that people add, and no host's does.
const FILES: [&str; 13] =
    ["atom", "gz", "htm", "html", "json", "markdown", "md", "mdx", "opml", "rss", "txt", "xml", "zip"];

/// The whole address, where a text is one that somebody wrote without `https://`: a host, and perhaps a path.
fn without_scheme(text: &str) -> Option<String> {
    let text = text.trim();
    let host = text.split(['/', '?', '#']).next()?;
    let is_label = |label: &str| {
        !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-') && !label.starts_with('-')
    };
    let (labels, last) = host.rsplit_once('.')?;
    let is_top = last.len() > 1 && last.chars().all(char::is_alphabetic);
    let is_file = host.len() == text.len() && FILES.contains(&&*last.to_ascii_lowercase());
    let is_host = labels.split('.').all(is_label) && is_top && !is_file && !text.contains(char::is_whitespace);
    is_host.then(|| format!("https://{text}"))
}

/// An address as it is compared: http and https, with and without `www.` and a slash at the end, are one.
fn compared(url: &Url) -> String {
    let text = url.as_str().trim_start_matches("https://").trim_start_matches("http://");
    text.trim_start_matches("www.").trim_end_matches('/').to_owned()
}

#[cfg(test)]
mod tests {
    use super::without_scheme;

    #[test]
    fn an_address_may_lack_its_scheme() {
        for text in ["example.org", "example.org/blog", "blog.example.org/?feed=rss2", "m\u{fc}nchen.example/a.xml"] {
            assert_eq!(without_scheme(text), Some(format!("https://{text}")), "{text}");
        }
        for text in ["feed.xml", "posts/2026.md", "../example.org", "posts", "a b.example", "list.opml", ".git", "1.2"]
        {
            assert_eq!(without_scheme(text), None, "{text}");
        }
    }
}

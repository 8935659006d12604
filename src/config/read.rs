//! The file itself: its keys as they stand, then the checks that turn them into a [`Config`].

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use chrono_tz::Tz;
use serde::Deserialize;
use toml::Spanned;

use super::fetch::{RawFetch, checked as checked_fetch};
use super::keys::from_toml;
use super::list::{RawList, RawNames, checked as checked_lists};
use super::mail::{RawMail, checked as checked_mail};
use super::series::{RESERVED, RawSeries, checked as checked_series};
use super::serve::{RawServe, checked as checked_serve};
use super::source::{RawSource, checked as checked_source};
use super::{Config, PostgresUrl, StoreUrl};
use crate::error::{Error, ErrorKind, Place, Result};
use crate::model::{Language, Names, Publication, Series};

/// Posts on one page of an index, unless `page_size` says otherwise.
const PAGE_SIZE: usize = 20;
/// Items in a feed, unless `feed_size` says otherwise.
const FEED_SIZE: usize = 50;
/// The same of sections, authors and tags: there are many of these feeds, each with whole posts that stand in others, too.
const GROUP_FEED_SIZE: usize = 20;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawConfig {
    title: String,
    description: Option<String>,
    base_url: Spanned<String>,
    language: Spanned<String>,
    #[serde(default)]
    time_zone: Option<Spanned<String>>,
    publisher: Option<String>,
    contact: Option<String>,
    rights: Option<String>,
    logo: Option<Spanned<PathBuf>>,
    page_size: Option<Spanned<usize>>,
    feed_size: Option<Spanned<usize>>,
    group_feed_size: Option<Spanned<usize>>,
    #[serde(default)]
    system_fonts: bool,
    #[serde(default)]
    source: Vec<Spanned<RawSource>>,
    #[serde(default)]
    series: BTreeMap<Spanned<String>, Spanned<RawSeries>>,
    #[serde(default)]
    list: BTreeMap<Spanned<String>, RawList>,
    #[serde(default)]
    edition: BTreeMap<Spanned<String>, RawEdition>,
    #[serde(default)]
    mail: RawMail,
    store: Option<RawStore>,
    #[serde(default)]
    fetch: RawFetch,
    #[serde(default)]
    serve: RawServe,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawEdition {
    title: Option<String>,
    description: Option<String>,
    publisher: Option<String>,
    postal_address: Option<String>,
    rights: Option<String>,
    #[serde(default)]
    pub(super) list: RawNames,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawStore {
    url: Spanned<String>,
}

/// The text of config.toml and its name, to say where something stands.
pub(super) struct Document<'a> {
    pub(super) text: &'a str,
    pub(super) file: &'a Path,
}

impl Document<'_> {
    /// An error about the value at this byte range.
    pub(super) fn error(&self, span: &std::ops::Range<usize>, message: impl Into<String>) -> Error {
        Error::new(ErrorKind::Config, message).at(Place::offset(self.file, self.text, span.start))
    }

    /// Reads a language tag.
    pub(super) fn language(&self, tag: &Spanned<String>) -> Result<Language> {
        Language::parse(tag.get_ref()).ok_or_else(|| {
            self.error(&tag.span(), format!("`{}` is not a language tag", tag.get_ref()))
                .hint("a tag is like `en`, `fa` or `pt-BR` (BCP 47)")
        })
    }
}

/// Reads and checks the configuration file at `path`. Errors are of kind `Config`, with line and column.
pub fn load(path: &Path) -> Result<Config> {
    let (config, text) = checked(path)?;
    folders_exist(&config, &text)?;
    Ok(config)
}

/// The same for what makes the folders of sources: they may be missing.
pub fn load_before_folders(path: &Path) -> Result<Config> {
    checked(path).map(|(config, _)| config)
}

/// A configuration, but for what it says of folders, and its text.
fn checked(path: &Path) -> Result<(Config, String)> {
    let bytes = std::fs::read(path).map_err(|cause| {
        let error = Error::io("read the configuration", path, &cause);
        Error::new(ErrorKind::Config, error.message())
            .at(Place::file(path))
            .hint("`masthead init DIR` makes a publication; `--config PATH` names another file")
    })?;
    let text = String::from_utf8(bytes).map_err(|cause| not_utf_8(&cause, path))?;
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    Ok((parse(&text, path, parent)?, text))
}

/// What to do about a file that an editor saved in another encoding: TOML is UTF-8 (TOML 1.0, "Spec").
fn not_utf_8(cause: &std::string::FromUtf8Error, file: &Path) -> Error {
    let (sound, rest) = cause.as_bytes().split_at(cause.utf8_error().valid_up_to());
    let sound = String::from_utf8_lossy(sound);
    let what = match rest {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] if sound.is_empty() => "this is text in UTF-16",
        _ => "this is not text in UTF-8",
    };
    Error::new(ErrorKind::Config, what)
        .at(Place::offset(file, &sound, sound.len()))
        .hint("a configuration is in UTF-8; save it in that encoding")
}

/// Checks the text of a configuration file. `root` is the folder that its relative paths start from.
pub fn parse(text: &str, file: &Path, root: &Path) -> Result<Config> {
    let raw: RawConfig = from_toml(text, file, ErrorKind::Config)?;
    let document = Document { text, file };
    let publication = publication(&raw, &document)?;
    let sources = checked_source(raw.source, &document)?;
    let lists = checked_lists(raw.list, &raw.edition, &publication, &document)?;
    let (series, openly) = checked_series(raw.series, &publication, &sources, &lists.keys(), &document)?;
    if let Some(url) = &raw.mail.subscriptions_url {
        subscriptions_are_free(url, &series, &publication, &document)?;
    }
    // Whoever has said how long feeds are has said it of all of them.
    let group_feed_size = raw.feed_size.as_ref().map_or(GROUP_FEED_SIZE, |size| *size.get_ref());
    Ok(Config {
        root: root.to_path_buf(),
        file: file.to_path_buf(),
        page_size: at_least_one(raw.page_size, PAGE_SIZE, "page_size", &document)?,
        feed_size: at_least_one(raw.feed_size, FEED_SIZE, "feed_size", &document)?,
        group_feed_size: at_least_one(raw.group_feed_size, group_feed_size, "group_feed_size", &document)?,
        system_fonts: raw.system_fonts,
        logo: raw.logo.map(Spanned::into_inner),
        publication,
        sources,
        lists: lists.of(&series),
        series,
        openly,
        mail: checked_mail(raw.mail, &document)?,
        store: store(raw.store, &document)?,
        fetch: checked_fetch(raw.fetch, &document)?,
        serve: checked_serve(raw.serve, &document)?,
    })
}

/// What `serve --public` answers itself, whatever is in public/.
const SERVED: [&str; 2] = ["health", "metrics"];
/// The pages of subscriptions that stand right below their address.
const PAGES: [&str; 5] = ["confirm", "manage", "subscribe", "subscriptions.css", "unsubscribe"];

/// The pages of subscriptions must not stand where others do.
fn subscriptions_are_free(
    url: &Spanned<String>,
    series: &[Series],
    publication: &Publication,
    document: &Document<'_>,
) -> Result<()> {
    let path = url::Url::parse(url.get_ref()).map(|url| url.path().trim_matches('/').to_owned()).unwrap_or_default();
    let wrong = |why: String| {
        let message = format!("the pages of subscriptions cannot stand at `{}`: {why}", url.get_ref());
        Err(document.error(&url.span(), message).hint("another path is free, such as `https://example.org/letters/`"))
    };
    if path.is_empty() {
        return match series.iter().find(|one| PAGES.contains(&one.key.as_str())) {
            Some(one) => wrong(format!("the series `{}` has a page of that name there", one.key)),
            None => Ok(()),
        };
    }
    if SERVED.contains(&path.as_str()) {
        return wrong("`serve` tells there how it is".to_owned());
    }
    if let Some(one) = series.iter().find(|one| one.key == path) {
        return wrong(format!("the series `{}` has its pages there", one.key));
    }
    let mut languages = std::iter::once(&publication.language).chain(series.iter().map(|one| &one.language));
    if languages.any(|language| language.as_str().eq_ignore_ascii_case(&path)) {
        return wrong("it is the name of a language, whose edition stands there".to_owned());
    }
    if RESERVED.contains(&path.as_str()) {
        return wrong("public/ keeps other pages there".to_owned());
    }
    Ok(())
}

fn publication(raw: &RawConfig, document: &Document<'_>) -> Result<Publication> {
    let time_zone = match &raw.time_zone {
        None => Tz::UTC,
        Some(name) => name.get_ref().parse().map_err(|_| {
            let error = document.error(&name.span(), format!("unknown time zone `{}`", name.get_ref()));
            error.hint(nearest_zone(name.get_ref()))
        })?,
    };
    Ok(Publication {
        title: raw.title.clone(),
        description: raw.description.clone(),
        base_url: web_address(&raw.base_url, document)?,
        language: document.language(&raw.language)?,
        time_zone,
        publisher: raw.publisher.clone(),
        postal_address: raw.mail.postal_address.clone(),
        contact: raw.contact.clone(),
        rights: raw.rights.clone(),
        editions: raw
            .edition
            .iter()
            .map(|(tag, names)| Ok((document.language(tag)?, in_edition(names))))
            .collect::<Result<_>>()?,
        logo: raw.logo.as_ref().map(|logo| logo_path(logo, document)).transpose()?,
        names_in: None,
        borrowed: std::collections::BTreeSet::new(),
    })
}

/// Where the logo stands below public/. It keeps its place when it changes: mails that were sent show it too.
fn logo_path(logo: &Spanned<PathBuf>, document: &Document<'_>) -> Result<String> {
    let extension = logo.get_ref().extension().and_then(|extension| extension.to_str()).map(str::to_ascii_lowercase);
    match extension.as_deref() {
        Some(kind @ ("png" | "jpg" | "jpeg" | "gif" | "webp" | "svg")) => Ok(format!("logo.{kind}")),
        _ => Err(document
            .error(&logo.span(), format!("`{}` is no picture", logo.get_ref().display()))
            .hint("allowed: PNG, JPEG, GIF, WebP and SVG; mail programs show no SVG")),
    }
}

fn nearest_zone(found: &str) -> String {
    let near = chrono_tz::TZ_VARIANTS
        .iter()
        .map(|zone| zone.name())
        .min_by_key(|name| strsim::damerau_levenshtein(&name.to_lowercase(), &found.to_lowercase()));
    format!("did you mean `{}`?", near.unwrap_or("UTC"))
}

fn in_edition(raw: &RawEdition) -> Names {
    Names {
        title: raw.title.clone(),
        description: raw.description.clone(),
        publisher: raw.publisher.clone(),
        postal_address: raw.postal_address.clone(),
        rights: raw.rights.clone(),
    }
}

/// An absolute http(s) URL, made to end with a slash.
pub(super) fn web_address(value: &Spanned<String>, document: &Document<'_>) -> Result<String> {
    let text = value.get_ref();
    match url::Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "http" | "https") && url.host_str().is_some() => {
            let text = url.as_str().split(['?', '#']).next().unwrap_or_default();
            Ok(if text.ends_with('/') { text.to_owned() } else { format!("{text}/") })
        }
        _ => Err(document
            .error(&value.span(), format!("`{text}` is not a web address"))
            .hint("an address is like `https://example.org/`")),
    }
}

fn at_least_one(value: Option<Spanned<usize>>, default: usize, key: &str, document: &Document<'_>) -> Result<usize> {
    match value {
        None => Ok(default),
        Some(value) if *value.get_ref() == 0 => {
            Err(document.error(&value.span(), format!("`{key}` is 0")).hint("it must be at least 1"))
        }
        Some(value) => Ok(value.into_inner()),
    }
}

fn store(raw: Option<RawStore>, document: &Document<'_>) -> Result<StoreUrl> {
    let Some(RawStore { url }) = raw else { return Ok(StoreUrl::Sqlite(PathBuf::from("masthead.db"))) };
    match url.get_ref().split_once(':') {
        Some(("sqlite", path)) if !path.is_empty() => Ok(StoreUrl::Sqlite(PathBuf::from(path))),
        Some(("postgres" | "postgresql", _)) => PostgresUrl::parse(url.get_ref())
            .map(StoreUrl::Postgres)
            .map_err(|fault| document.error(&url.span(), fault.found).hint(fault.hint)),
        _ => Err(document
            // Of an unknown kind only the kind is told: the rest may hold a password.
            .error(&url.span(), format!("cannot keep the store at `{}`", shown(url.get_ref())))
            .hint("allowed: `sqlite:masthead.db`, `postgres://USER@HOST/DATABASE`")),
    }
}

fn shown(url: &str) -> &str {
    url.find("://").map_or(url, |end| &url[..end + 3])
}

/// A source's folder that does not exist is a mistake in the configuration, not an empty publication; and of one that
/// two sources read, every post would be printed twice.
fn folders_exist(config: &Config, text: &str) -> Result<()> {
    if let Some(logo) = config.logo.as_deref().filter(|logo| !config.path(logo).is_file()) {
        let at = text.find("logo").unwrap_or_default();
        return Err(Error::new(ErrorKind::Config, format!("the logo `{}` does not exist", logo.display()))
            .at(Place::offset(&config.file, text, at)));
    }
    let mut read = BTreeSet::new();
    for source in &config.sources {
        let Some(folder) = source.folder() else { continue };
        let error = |what: &str| {
            let line = text.lines().nth(source.line - 1).unwrap_or_default();
            let column = line.find(|c: char| !c.is_whitespace()).map_or(1, |at| at + 1);
            Error::new(ErrorKind::Config, format!("the source folder `{}` {what}", folder.display())).at(Place::at(
                &config.file,
                source.line,
                column,
            ))
        };
        if !config.path(folder).is_dir() {
            let sought = config.path(folder);
            let sought = sought.strip_prefix(".").unwrap_or(&sought);
            return Err(error("does not exist").hint(format!(
                "it is looked for at `{}`; paths are relative to the folder of config.toml",
                sought.display()
            )));
        }
        if config.path(folder).canonicalize().is_ok_and(|folder| !read.insert(folder)) {
            return Err(error("is that of another source already").hint("a folder is read by one source"));
        }
    }
    Ok(())
}

//! Sources: where posts come from.

use std::collections::BTreeSet;
use std::ops::Range;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use toml::Spanned;
use url::Url;

use super::file_name;
use super::read::Document;
use crate::error::{Result, line_and_column};
use crate::model::{Language, slugify, web_fault};

/// The longest name that is made from a path or an address, in characters.
const NAME_LENGTH: usize = 60;

/// A `[[source]]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// `name`, or made from the path; unique.
    pub name: String,
    /// What it is.
    pub kind: SourceKind,
    /// What it is called in lists for other readers (OPML); without it, what its posts are credited to.
    pub title: Option<String>,
    /// The section of its posts, where they name none.
    pub section: Option<String>,
    /// The language of its posts, where they name none.
    pub language: Option<Language>,
    /// Where its posts stand on the web already: root-relative links of its posts lead there.
    pub base_url: Option<String>,
    /// Whether its posts stand in issues alone: no list and no feed of posts has them.
    pub only_in_issues: bool,
    /// Whether it is left alone, if it is on the web: its posts are those collected before.
    pub paused: bool,
    /// The environment variable that holds what its server asks for: the `Authorization` header (RFC 9110, 11.6.2), or
    /// `user:password`.
    pub authorization_env: Option<String>,
    /// What becomes of the sounds, films and documents that its posts come with, if it is on the web.
    pub enclosures: Enclosures,
    /// Whether the older pages of its feed are collected when it is collected for the first time, if it is on the web.
    pub archive: bool,
    /// The line in config.toml that names its folder or file, from 1.
    pub line: usize,
}

/// What becomes of the enclosures of a source on the web.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Enclosures {
    /// They are linked where they are.
    #[default]
    Link,
    /// Copies are kept, within the limits of `[fetch]`.
    Keep,
}

/// What a source is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SourceKind {
    /// A folder of Markdown and HTML files, read recursively.
    Markdown {
        /// The folder.
        folder: PathBuf,
        /// Folders in which root-relative and missing pictures are looked for.
        assets: Vec<PathBuf>,
    },
    /// A WordPress export (WXR).
    WordPress {
        /// A file, or a folder of the files that one export was cut into.
        path: PathBuf,
        /// Whether pages are taken as posts.
        pages: bool,
        /// Folders with copies of the site's pictures.
        assets: Vec<PathBuf>,
    },
    /// RSS, Atom or JSON Feed in a file, in the files of a folder, or on the web.
    Feed {
        /// A path, or an address on the web as the URL standard writes it.
        location: String,
        /// Whether the pages of a site that it is the archive of (Blogger's) are taken as posts.
        pages: bool,
    },
}

impl SourceKind {
    /// A feed that is asked for nothing but its posts.
    #[must_use]
    pub fn feed(location: &str) -> Self {
        Self::Feed { location: location.to_owned(), pages: false }
    }
}

impl Source {
    /// A source that says nothing but where it is.
    #[must_use]
    pub fn new(name: &str, kind: SourceKind) -> Self {
        Self {
            name: name.to_owned(),
            kind,
            title: None,
            section: None,
            language: None,
            base_url: None,
            only_in_issues: false,
            paused: false,
            authorization_env: None,
            enclosures: Enclosures::Link,
            archive: false,
            line: 1,
        }
    }

    /// The folder it reads, if it reads one.
    #[must_use]
    pub fn folder(&self) -> Option<&Path> {
        match &self.kind {
            SourceKind::Markdown { folder, .. } => Some(folder),
            SourceKind::Feed { .. } | SourceKind::WordPress { .. } => None,
        }
    }

    /// The address of a feed on the web.
    #[must_use]
    pub fn address(&self) -> Option<Url> {
        match &self.kind {
            SourceKind::Feed { location, .. } => {
                Url::parse(location).ok().filter(|url| matches!(url.scheme(), "http" | "https"))
            }
            SourceKind::Markdown { .. } | SourceKind::WordPress { .. } => None,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawSource {
    name: Option<Spanned<String>>,
    markdown: Option<Spanned<PathBuf>>,
    feed: Option<Spanned<String>>,
    wordpress: Option<Spanned<PathBuf>>,
    pages: Option<Spanned<bool>>,
    assets: Option<OneOrMany>,
    title: Option<String>,
    section: Option<String>,
    language: Option<Spanned<String>>,
    base_url: Option<String>,
    only_in_issues: Option<bool>,
    paused: Option<Spanned<bool>>,
    authorization_env: Option<Spanned<String>>,
    enclosures: Option<Spanned<Enclosures>>,
    archive: Option<Spanned<bool>>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(PathBuf),
    Many(Vec<PathBuf>),
}

impl OneOrMany {
    fn into_vec(self) -> Vec<PathBuf> {
        match self {
            Self::One(path) => vec![path],
            Self::Many(paths) => paths,
        }
    }
}

/// Checks the `[[source]]` tables: one kind each, names unique.
pub(super) fn checked(raw: Vec<Spanned<RawSource>>, document: &Document<'_>) -> Result<Vec<Source>> {
    let mut names = BTreeSet::new();
    raw.into_iter().map(|source| one(source, &mut names, document)).collect()
}

fn one(raw: Spanned<RawSource>, names: &mut BTreeSet<String>, document: &Document<'_>) -> Result<Source> {
    let span = raw.span();
    let mut raw = raw.into_inner();
    let Said { kind, place, made_from } = kind(&mut raw, &span, document)?;
    let name = match raw.name.take() {
        Some(name) => given_name(name, names, document)?,
        None => free_name(&made_from, names),
    };
    only_where_it_belongs(&raw, &kind, document)?;
    Ok(Source {
        name,
        kind,
        only_in_issues: raw.only_in_issues.unwrap_or_default(),
        paused: raw.paused.is_some_and(Spanned::into_inner),
        authorization_env: raw.authorization_env.map(Spanned::into_inner),
        enclosures: raw.enclosures.map(Spanned::into_inner).unwrap_or_default(),
        archive: raw.archive.is_some_and(Spanned::into_inner),
        title: raw.title,
        section: raw.section,
        language: raw.language.as_ref().map(|tag| document.language(tag)).transpose()?,
        base_url: raw.base_url,
        line: line_and_column(document.text, place.start).0,
    })
}

/// What a source is, where that is said, and what a name can be made from.
struct Said {
    kind: SourceKind,
    place: Range<usize>,
    made_from: String,
}

/// Takes what a source is out of its table, which stands at `span`.
fn kind(raw: &mut RawSource, span: &Range<usize>, document: &Document<'_>) -> Result<Said> {
    let assets = raw.assets.take().map(OneOrMany::into_vec).unwrap_or_default();
    let pages = raw.pages.as_ref().is_some_and(|pages| *pages.get_ref());
    if let (Some(pages), None, None) = (&raw.pages, &raw.wordpress, &raw.feed) {
        return Err(document
            .error(&pages.span(), "`pages` is only for a source with `wordpress` or `feed`")
            .hint("a folder's pages are posts like any other file"));
    }
    match (raw.markdown.take(), raw.feed.take(), raw.wordpress.take()) {
        (Some(folder), None, None) => {
            let (place, folder) = (folder.span(), folder.into_inner());
            let made_from = folder.to_string_lossy().into_owned();
            Ok(Said { kind: SourceKind::Markdown { folder, assets }, place, made_from })
        }
        (None, Some(location), None) => {
            let (place, (location, made_from)) = (location.span(), feed(&location, document)?);
            Ok(Said { kind: SourceKind::Feed { location, pages }, place, made_from })
        }
        (None, None, Some(path)) => {
            let (place, path) = (path.span(), path.into_inner());
            let made_from = path.to_string_lossy().into_owned();
            Ok(Said { kind: SourceKind::WordPress { path, pages, assets }, place, made_from })
        }
        (None, None, None) => Err(document
            .error(span, "a source without `markdown`, `feed` or `wordpress`")
            .hint("say where its posts are: `markdown = \"posts\"` or `feed = \"feed.xml\"`")),
        (markdown, feed, wordpress) => {
            let kinds = [
                ("markdown", markdown.map(|value| value.span())),
                ("feed", feed.map(|value| value.span())),
                ("wordpress", wordpress.map(|value| value.span())),
            ];
            let mut said = kinds.into_iter().filter_map(|(name, span)| Some((name, span?)));
            let (one, first) = said.next().unwrap_or(("markdown", span.clone()));
            let (other, place) = said.next().unwrap_or((one, first));
            Err(document
                .error(&place, format!("one source cannot be both `{one}` and `{other}`"))
                .hint("write a second `[[source]]`"))
        }
    }
}

/// Refuses keys that only a source on the web has, where it is none.
fn only_where_it_belongs(raw: &RawSource, kind: &SourceKind, document: &Document<'_>) -> Result<()> {
    let on_the_web = matches!(kind, SourceKind::Feed { location, .. } if is_address(location));
    let only_of_the_web = [
        raw.paused.as_ref().map(Spanned::span),
        raw.authorization_env.as_ref().map(Spanned::span),
        raw.enclosures.as_ref().map(Spanned::span),
        raw.archive.as_ref().map(Spanned::span),
    ];
    match only_of_the_web.into_iter().flatten().next().filter(|_| !on_the_web) {
        Some(span) => {
            Err(document.error(&span, "this is for sources on the web").hint("`feed = \"https://…\"` is one"))
        }
        None => Ok(()),
    }
}

/// The name that an editor gave a source, once it is known that no other has it.
fn given_name(name: Spanned<String>, names: &mut BTreeSet<String>, document: &Document<'_>) -> Result<String> {
    if let Some(why) = file_name::fault(name.get_ref()) {
        let complaint = format!("a source cannot be called `{}`: {why}", name.get_ref().escape_debug());
        return Err(document.error(&name.span(), complaint).hint("a file in collected/ has its name"));
    }
    if !names.insert(file_name::folded(name.get_ref())) {
        let complaint = format!("two sources are called `{}`", name.get_ref());
        return Err(document
            .error(&name.span(), complaint)
            .hint("some systems do not tell capitals from small letters in names of files"));
    }
    Ok(name.into_inner())
}

/// Whether a source can be called so: a file in collected/ has its name.
#[must_use]
pub fn is_source_name(name: &str) -> bool {
    file_name::fault(name).is_none()
}

/// Whether a location is an address and not a path. A drive letter (`C:\feeds`) is no scheme.
fn is_address(location: &str) -> bool {
    location.split_once(':').is_some_and(|(scheme, rest)| scheme.len() > 1 && rest.starts_with("//"))
}

/// Checks where a feed is; also what its name is made from.
fn feed(location: &Spanned<String>, document: &Document<'_>) -> Result<(String, String)> {
    let text = location.get_ref().trim();
    if !is_address(text) {
        return Ok((location.get_ref().clone(), text.to_owned()));
    }
    let error = |what: &str| document.error(&location.span(), format!("the address of this feed {what}"));
    let mut url = Url::parse(text).map_err(|cause| error(&format!("cannot be read: {cause}")))?;
    if let Some(fault) = web_fault(&url) {
        return Err(error(fault).hint("a feed is asked for over http or https"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(error("holds a user or a password")
            .hint("keep them out of config.toml: `authorization_env = \"NAME\"` names an environment variable"));
    }
    url.set_fragment(None);
    let made_from = name_of_address(&url);
    Ok((url.into(), made_from))
}

/// `example.org/news/atom` of `https://www.example.org/news/atom.xml?key=…`: a query may be secret, and a name is
/// written on disk.
fn name_of_address(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    let path = url.path().trim_end_matches('/');
    let stem = [".xml", ".rss", ".atom", ".json", ".rdf"].iter().find_map(|end| path.strip_suffix(end));
    format!("{}{}", host.strip_prefix("www.").unwrap_or(host), stem.unwrap_or(path)).replace('/', "-")
}

fn free_name(made_from: &str, names: &mut BTreeSet<String>) -> String {
    let stem = Path::new(made_from).components().next_back();
    let stem = stem.map_or_else(String::new, |last| slugify(&last.as_os_str().to_string_lossy()));
    let stem = if stem.is_empty() { "source".to_owned() } else { stem.chars().take(NAME_LENGTH).collect() };
    let mut name = stem.clone();
    let mut count = 2;
    while file_name::fault(&name).is_some() || !names.insert(file_name::folded(&name)) {
        name = format!("{stem}-{count}");
        count += 1;
    }
    name
}

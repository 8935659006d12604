//! Sources: where posts come from.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use toml::Spanned;

use super::read::Document;
use crate::error::{Result, line_and_column};
use crate::model::{Language, slugify};

/// A `[[source]]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// `name`, or made from the path; unique.
    pub name: String,
    /// What it is.
    pub kind: SourceKind,
    /// The section of its posts, where they name none.
    pub section: Option<String>,
    /// The language of its posts, where they name none.
    pub language: Option<Language>,
    /// Where its posts stand on the web already: root-relative links of its posts lead there.
    pub base_url: Option<String>,
    /// The line in config.toml that names its folder or file, from 1.
    pub line: usize,
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
    /// RSS, Atom or JSON Feed in a file, or in the files of a folder. (An address is kept as it is, for the fetcher.)
    Feed {
        /// A path or an address.
        location: String,
    },
}

impl Source {
    /// A source that says nothing but where it is.
    #[must_use]
    pub fn new(name: &str, kind: SourceKind) -> Self {
        Self { name: name.to_owned(), kind, section: None, language: None, base_url: None, line: 1 }
    }

    /// The folder it reads, if it reads one.
    #[must_use]
    pub fn folder(&self) -> Option<&Path> {
        match &self.kind {
            SourceKind::Markdown { folder, .. } => Some(folder),
            SourceKind::Feed { .. } | SourceKind::WordPress { .. } => None,
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
    section: Option<String>,
    language: Option<Spanned<String>>,
    base_url: Option<String>,
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
    let raw = raw.into_inner();
    let assets = raw.assets.map(OneOrMany::into_vec).unwrap_or_default();
    if let (Some(pages), None) = (&raw.pages, &raw.wordpress) {
        return Err(document
            .error(&pages.span(), "`pages` is only for a source with `wordpress`")
            .hint("a folder's pages are posts like any other file"));
    }
    let (kind, place, made_from) = match (raw.markdown, raw.feed, raw.wordpress) {
        (Some(folder), None, None) => {
            let (place, folder) = (folder.span(), folder.into_inner());
            let made_from = folder.to_string_lossy().into_owned();
            (SourceKind::Markdown { folder, assets }, place, made_from)
        }
        (None, Some(location), None) => {
            let (place, location) = (location.span(), location.into_inner());
            (SourceKind::Feed { location: location.clone() }, place, location)
        }
        (None, None, Some(path)) => {
            let (place, path) = (path.span(), path.into_inner());
            let made_from = path.to_string_lossy().into_owned();
            let pages = raw.pages.is_some_and(Spanned::into_inner);
            (SourceKind::WordPress { path, pages, assets }, place, made_from)
        }
        (None, None, None) => {
            return Err(document
                .error(&span, "a source without `markdown`, `feed` or `wordpress`")
                .hint("say where its posts are: `markdown = \"posts\"` or `feed = \"feed.xml\"`"));
        }
        (markdown, feed, wordpress) => {
            let kinds = [
                ("markdown", markdown.map(|value| value.span())),
                ("feed", feed.map(|value| value.span())),
                ("wordpress", wordpress.map(|value| value.span())),
            ];
            let mut said = kinds.into_iter().filter_map(|(name, span)| Some((name, span?)));
            let (one, first) = said.next().unwrap_or(("markdown", span.clone()));
            let (other, place) = said.next().unwrap_or((one, first));
            return Err(document
                .error(&place, format!("one source cannot be both `{one}` and `{other}`"))
                .hint("write a second `[[source]]`"));
        }
    };
    let name = match raw.name {
        Some(name) if !names.insert(name.get_ref().clone()) => {
            return Err(document.error(&name.span(), format!("two sources are called `{}`", name.get_ref())));
        }
        Some(name) => name.into_inner(),
        None => free_name(&made_from, names),
    };
    Ok(Source {
        name,
        kind,
        section: raw.section,
        language: raw.language.as_ref().map(|tag| document.language(tag)).transpose()?,
        base_url: raw.base_url,
        line: line_and_column(document.text, place.start).0,
    })
}

fn free_name(made_from: &str, names: &mut BTreeSet<String>) -> String {
    let stem = Path::new(made_from).components().next_back();
    let stem = stem.map_or_else(String::new, |last| slugify(&last.as_os_str().to_string_lossy()));
    let stem = if stem.is_empty() { "source".to_owned() } else { stem };
    let mut name = stem.clone();
    let mut count = 2;
    while !names.insert(name.clone()) {
        name = format!("{stem}-{count}");
        count += 1;
    }
    name
}

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
    /// RSS, Atom or JSON Feed in a file, or in the files of a folder. (An address is kept as it is, for the fetcher.)
    Feed {
        /// A path or an address.
        location: String,
    },
}

impl Source {
    /// The folder it reads, if it reads one.
    #[must_use]
    pub fn folder(&self) -> Option<&Path> {
        match &self.kind {
            SourceKind::Markdown { folder, .. } => Some(folder),
            SourceKind::Feed { .. } => None,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawSource {
    name: Option<Spanned<String>>,
    markdown: Option<Spanned<PathBuf>>,
    feed: Option<Spanned<String>>,
    wordpress: Option<Spanned<String>>,
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
    if let Some(wordpress) = &raw.wordpress {
        return Err(document
            .error(&wordpress.span(), "WordPress exports cannot be read by this version")
            .hint("read the site's feed (`feed = …`) or a folder of its posts (`markdown = …`)"));
    }
    let assets = raw.assets.map(OneOrMany::into_vec).unwrap_or_default();
    let (kind, place, made_from) = match (raw.markdown, raw.feed) {
        (Some(folder), None) => {
            let (place, folder) = (folder.span(), folder.into_inner());
            let made_from = folder.to_string_lossy().into_owned();
            (SourceKind::Markdown { folder, assets }, place, made_from)
        }
        (None, Some(location)) => {
            let (place, location) = (location.span(), location.into_inner());
            (SourceKind::Feed { location: location.clone() }, place, location)
        }
        (Some(_), Some(feed)) => {
            return Err(document
                .error(&feed.span(), "one source cannot be both `markdown` and `feed`")
                .hint("write a second `[[source]]`"));
        }
        (None, None) => {
            return Err(document
                .error(&span, "a source without `markdown` or `feed`")
                .hint("say where its posts are: `markdown = \"posts\"` or `feed = \"feed.xml\"`"));
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

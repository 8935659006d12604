//! Sources: where posts come from.

use std::path::PathBuf;

use crate::model::Language;

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
    /// Where its `[[source]]` stands in config.toml, for messages: line and column.
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
    /// RSS, Atom or JSON Feed in a file. (An address is kept as it is, for the fetcher.)
    Feed {
        /// A path or an address.
        location: String,
    },
}

//! What can go wrong, and how it is said.
//!
//! An [`Error`] is a kind, a place and hints; the kind decides the exit code. A [`Warning`] is data that travels
//! with the value it is about, in [`Warned`]. Messages are lower-case, put names in backticks, say what was found
//! and what is allowed.

mod lines;

use std::fmt;
use std::path::{Path, PathBuf};

pub use self::lines::Lines;

/// What sort of failure this is. It decides the exit code, never the wording.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// The command line asks for something that does not exist.
    Usage,
    /// config.toml, or a file it names as configuration, is wrong.
    Config,
    /// A post, feed, picture, issue file or subscriber row is wrong.
    Input,
    /// A template or stylesheet is wrong.
    Template,
    /// The file system refused.
    Io,
    /// The store refused.
    Store,
    /// The state of an issue does not allow what was asked ("already frozen").
    State,
    /// Another run holds the lock.
    Busy,
    /// There were warnings, and they were to count as errors.
    Strict,
}

impl ErrorKind {
    /// The process exit code: 2 for wrong usage or configuration, 3 for warnings under `--strict`, 1 for every other
    /// failure.
    #[must_use]
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Usage | Self::Config => 2,
            Self::Strict => 3,
            _ => 1,
        }
    }
}

/// A position in a file. Lines and columns count from 1; columns count characters.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
pub struct Place {
    /// The file, relative to the publication where it is inside it.
    #[serde(serialize_with = "displayed")]
    pub file: PathBuf,
    /// The line, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// The column in characters, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<usize>,
}

/// A path as text: a name that is not UTF-8 must not keep a warning from being told.
fn displayed<S: serde::Serializer>(path: &Path, serializer: S) -> std::result::Result<S::Ok, S::Error> {
    serializer.collect_str(&path.display())
}

impl Place {
    /// A whole file.
    pub fn file(file: impl Into<PathBuf>) -> Self {
        Self { file: file.into(), line: None, column: None }
    }

    /// A line and column of a file.
    pub fn at(file: impl Into<PathBuf>, line: usize, column: usize) -> Self {
        Self { file: file.into(), line: Some(line), column: Some(column) }
    }

    /// The place of a byte offset in `text`, the contents of `file`.
    pub fn offset(file: impl Into<PathBuf>, text: &str, offset: usize) -> Self {
        let (line, column) = line_and_column(text, offset);
        Self::at(file, line, column)
    }
}

/// The line and the column in characters, both from 1, of a byte offset in `text`.
#[must_use]
pub fn line_and_column(text: &str, offset: usize) -> (usize, usize) {
    let mut end = offset.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let before = &text[..end];
    let line = before.bytes().filter(|b| *b == b'\n').count() + 1;
    let column = before.rsplit('\n').next().map_or(0, |last| last.chars().count()) + 1;
    (line, column)
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file.display())?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
            if let Some(column) = self.column {
                write!(f, ":{column}")?;
            }
        }
        Ok(())
    }
}

/// A failure: what sort, what was found, where, and what would help.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error(Box<Inner>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Inner {
    kind: ErrorKind,
    message: String,
    place: Option<Place>,
    hints: Vec<String>,
}

/// The result of everything that can fail here.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// A failure of this kind, with a lower-case message.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(Inner { kind, message: message.into(), place: None, hints: Vec::new() }))
    }

    /// A refused file operation: "cannot read", the path, and why.
    #[must_use]
    pub fn io(action: &str, path: &Path, cause: &std::io::Error) -> Self {
        Self::new(ErrorKind::Io, format!("cannot {action}: {}", plain_io(cause))).at(Place::file(path))
    }

    /// Says where.
    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.0.place = Some(place);
        self
    }

    /// Adds one hint: what is allowed, or what to run.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.0.hints.push(hint.into());
        self
    }

    /// Adds "did you mean `…`?" when one of `allowed` is near, and the whole list otherwise.
    #[must_use]
    pub fn nearest<'a>(self, found: &str, allowed: impl IntoIterator<Item = &'a str>) -> Self {
        match nearest_hint(found, allowed) {
            Some(hint) => self.hint(hint),
            None => self,
        }
    }

    /// The sort of failure.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The message alone.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// Where, when known.
    #[must_use]
    pub fn place(&self) -> Option<&Place> {
        self.0.place.as_ref()
    }

    /// The hints in the order they were given.
    #[must_use]
    pub fn hints(&self) -> &[String] {
        &self.0.hints
    }

    /// The same facts as a warning: bad input costs only itself.
    #[must_use]
    pub fn into_warning(self) -> Warning {
        let Inner { message, place, hints, .. } = *self.0;
        Warning { place, message, hints, once: false }
    }
}

/// "did you mean `…`?" when something near is allowed; otherwise what is allowed, if that is a short list.
#[must_use]
pub fn nearest_hint<'a>(found: &str, allowed: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let allowed: Vec<&str> = allowed.into_iter().collect();
    match nearest(found, allowed.iter().copied()) {
        Some(name) => Some(format!("did you mean `{name}`?")),
        None if allowed.is_empty() => None,
        None => {
            Some(format!("allowed: {}", allowed.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")))
        }
    }
}

/// The name that is near enough to have been meant.
#[must_use]
pub fn nearest<'a>(found: &str, allowed: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let near = allowed
        .into_iter()
        .map(|name| (strsim::damerau_levenshtein(&found.to_lowercase(), &name.to_lowercase()), name))
        .filter(|(distance, name)| *distance <= 1 + name.chars().count() / 4)
        .min_by_key(|(distance, _)| *distance);
    near.map(|(_, name)| name)
}

fn plain_io(cause: &std::io::Error) -> String {
    match cause.kind() {
        std::io::ErrorKind::NotFound => "there is no such file or folder".to_owned(),
        std::io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => cause.to_string().to_lowercase(),
    }
}

fn write_report(f: &mut fmt::Formatter<'_>, place: Option<&Place>, message: &str, hints: &[String]) -> fmt::Result {
    if let Some(place) = place {
        write!(f, "{place}: ")?;
    }
    f.write_str(message)?;
    for hint in hints {
        write!(f, "\n  {hint}")?;
    }
    Ok(())
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_report(f, self.place(), self.message(), self.hints())
    }
}

impl std::error::Error for Error {}

/// Something repaired, dropped or doubtful. It costs only itself, unless `--strict`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
pub struct Warning {
    /// Where, when known.
    #[serde(flatten)]
    pub place: Option<Place>,
    /// Lower-case, names in backticks.
    pub message: String,
    /// What would help.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub hints: Vec<String>,
    /// Whether no later run says it again.
    #[serde(skip)]
    pub once: bool,
}

/// Nobody reads a longer message, in bytes.
const LONGEST: usize = 2000;

/// A message that is not too long to be told: it may quote what somebody wrote.
#[must_use]
pub fn shortened(mut message: String) -> String {
    if message.len() > LONGEST {
        let mut end = LONGEST;
        while !message.is_char_boundary(end) {
            end -= 1;
        }
        message.truncate(end);
        message.push('\u{2026}');
    }
    message
}

/// Adds a fault to what is told, unless the same is told of the same place.
pub fn tell_once(told: &mut Vec<Warning>, fault: Error, hint: impl Into<String>) {
    let is_same = |one: &Warning| one.place.as_ref() == fault.place() && one.message == fault.message();
    if !told.iter().any(is_same) {
        told.push(fault.into_warning().hint(hint));
    }
}

impl Warning {
    /// A warning without a place.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: shortened(message.into()), place: None, hints: Vec::new(), once: false }
    }

    /// Says where.
    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }

    /// Adds one hint.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// Marks what no later run says again, so that even a quiet one must.
    #[must_use]
    pub fn once(self) -> Self {
        Self { once: true, ..self }
    }

    /// Adds "did you mean `…`?" when one of `allowed` is near, and the whole list otherwise.
    #[must_use]
    pub fn nearest<'a>(self, found: &str, allowed: impl IntoIterator<Item = &'a str>) -> Self {
        match nearest_hint(found, allowed) {
            Some(hint) => self.hint(hint),
            None => self,
        }
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_report(f, self.place.as_ref(), &self.message, &self.hints)
    }
}

/// A value and what there is to say about how it came to be.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Warned<T> {
    /// The value.
    pub value: T,
    /// What was repaired, dropped or doubtful, in the order it was met.
    pub warnings: Vec<Warning>,
}

impl<T> Warned<T> {
    /// A value with nothing to say about it.
    pub fn clean(value: T) -> Self {
        Self { value, warnings: Vec::new() }
    }

    /// A value with warnings.
    pub fn new(value: T, warnings: Vec<Warning>) -> Self {
        Self { value, warnings }
    }

    /// Moves the warnings into `into` and returns the value.
    pub fn drain(self, into: &mut Vec<Warning>) -> T {
        into.extend(self.warnings);
        self.value
    }

    /// Applies `f` to the value and keeps the warnings.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Warned<U> {
        Warned { value: f(self.value), warnings: self.warnings }
    }
}

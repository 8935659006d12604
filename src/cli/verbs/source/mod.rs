//! `masthead source`: the sources that posts come from.

mod add;
mod check;
mod import;
mod list;
mod pictured;

use crate::cli::args::Source as Verb;
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::config::{Config, Source, SourceKind};
use crate::error::{Error, ErrorKind, Result};

/// Runs one verb on sources.
pub(super) fn run(session: &mut Session, verb: Verb) -> Result<Report> {
    match verb {
        Verb::Add { what, name, section, language, offline } => {
            add::run(session, &what, &add::Options { name, section, language, offline })
        }
        Verb::List { opml } => list::run(session, opml),
        Verb::Check { name, again } => check::run(session, &name, again),
        Verb::Import { location, into, pages, dry_run } => {
            import::run(session, &import::Asked { location, into, pages, dry_run })
        }
    }
}

fn known<'c>(config: &'c Config, name: &str) -> Result<&'c Source> {
    config.sources.iter().find(|source| source.name == name).ok_or_else(|| {
        let error = Error::new(ErrorKind::Usage, format!("there is no source `{name}`"));
        error.nearest(name, config.sources.iter().map(|source| source.name.as_str()))
    })
}

/// What a source is, in a word or two.
fn kind(source: &Source) -> &'static str {
    match (&source.kind, source.address()) {
        (SourceKind::Markdown { .. }, _) => "folder",
        (SourceKind::WordPress { .. }, _) => "WordPress export",
        (SourceKind::Feed { .. }, Some(_)) => "feed",
        (SourceKind::Feed { .. }, None) => "feed file",
    }
}

/// Where a source is, as people are shown it.
fn location(source: &Source) -> String {
    match (&source.kind, source.address()) {
        (_, Some(url)) => crate::model::shown_address(&url),
        (SourceKind::Markdown { folder, .. }, None) => folder.display().to_string(),
        (SourceKind::WordPress { path, .. }, None) => path.display().to_string(),
        (SourceKind::Feed { location, .. }, None) => location.clone(),
    }
}

//! `masthead source`: where posts come from.

mod import;

use crate::cli::args::Source as Verb;
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::error::Result;

/// Runs one verb on sources.
pub(super) fn run(session: &mut Session, verb: Verb) -> Result<Report> {
    match verb {
        Verb::Import { location, into, pages, dry_run } => {
            import::run(session, &import::Asked { location, into, pages, dry_run })
        }
    }
}

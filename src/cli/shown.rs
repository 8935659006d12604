//! The files that posts, standing articles and drafts of issues show or link to, wherever they stand.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::collected;
use super::compose::Desk;
use super::session::Session;
use super::stock::located;
use crate::config::Config;
use crate::error::{Error, Place, Result, Warning};
use crate::model::Issue;

/// Finds them. Where posts cannot be read there is one warning, and none are found; what else is wrong with posts is told by the
/// runs that publish them.
pub(super) fn files(session: &mut Session, config: &Config) -> BTreeSet<PathBuf> {
    let told = session.warnings.len();
    let found = found(session, config);
    session.warnings.truncate(told);
    found.unwrap_or_else(|error| {
        session.warnings.push(unread(config, &error));
        BTreeSet::new()
    })
}

fn unread(config: &Config, error: &Error) -> Warning {
    let message = "what posts show from outside of the folders that this file names was not looked for";
    Warning::new(message).at(Place::file(&config.file)).hint(format!("posts cannot be read: {error}"))
}

fn found(session: &mut Session, config: &Config) -> Result<BTreeSet<PathBuf>> {
    let collected = collected::collect(session, config)?;
    let of_posts = collected.posts.iter().flat_map(|post| &post.assets);
    let mut found: BTreeSet<PathBuf> = of_posts.map(|asset| located(&config.root, &asset.file)).collect();
    let mut desk = Desk::open(session, config, &collected.posts)?.rehearsing();
    for series in desk.in_order() {
        // One series that cannot be composed leaves the others.
        let drafts = desk.compose(session, series).map(|composition| composition.issues).unwrap_or_default();
        let of_drafts = drafts.iter().filter(|issue| issue.frozen.is_none()).flat_map(Issue::files);
        found.extend(of_drafts.map(|asset| located(&config.root, &asset.file)));
        let standing = desk.standing(session, series).unwrap_or_default();
        found.extend(standing.iter().flat_map(|post| &post.assets).map(|asset| located(&config.root, &asset.file)));
    }
    Ok(found)
}

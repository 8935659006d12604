//! What was there when runs before were made, and is not: issues that the store has mailed, posts that were on the web, and all
//! the posts.

use std::collections::BTreeMap;

use serde_json::json;

use super::compose::Desk;
use super::mailing;
use super::public::TakenAway;
use super::report::Report;
use super::session::Session;
use super::{files, store};
use crate::collect::Collected;
use crate::config::Config;
use crate::error::{Error, ErrorKind, Place, Result, Warning};
use crate::model::{Campaign, Queue as _};
use crate::store::Look;

/// So many posts nobody takes off the web in one run and wants to hear nothing of it. A third of all that there were, which is
/// half as many as are left, is as many.
const MANY: usize = 5;
/// How many of them are named.
const NAMED: usize = 3;

/// An error of kind `State` where the store has mailed an issue that issues/ does not have: its number would be given again,
/// and nobody would get what has it. A store that is away, or that nothing went out of, says nothing of that.
pub(super) fn refuse_lost_issues(session: &Session, desk: &Desk<'_>) -> Result<()> {
    let config = desk.config;
    if config.lists.is_empty() || !store::is_there(config) {
        return Ok(());
    }
    let Ok(mut store) = mailing::store(config) else { return Ok(()) };
    let Ok(campaigns) = store.campaigns(session.now) else { return Ok(()) };
    for campaign in campaigns.iter().filter(|campaign| is_lost(desk, campaign)) {
        if !mailing::is_untouched(&mut store, campaign, session.now)? {
            return Err(lost(campaign));
        }
    }
    Ok(())
}

/// The same for a run that only looks: what `publish` would stop at.
pub(super) fn of_lost_issues(session: &Session, desk: &Desk<'_>, looked: &Look) -> Option<Warning> {
    let campaigns = looked.campaigns();
    let mut lost_ones = campaigns.iter().filter(|campaign| is_lost(desk, campaign));
    let found =
        lost_ones.find(|campaign| !mailing::is_untouched_by(campaign, &looked.progress(campaign.id, session.now)))?;
    Some(lost(found).into_warning().hint("`masthead publish` does nothing until then"))
}

/// Whether a campaign's issue would be made again by now.
fn is_lost(desk: &Desk<'_>, campaign: &Campaign) -> bool {
    let key = &campaign.issue;
    desk.stocks.get(&key.series).is_some_and(|stock| !stock.blocked && key.ordinal >= stock.next_ordinal)
}

fn lost(campaign: &Campaign) -> Error {
    let message = format!("the store has mailed {}, and issues/ has no such issue", campaign.issue);
    Error::new(ErrorKind::State, message)
        .at(Place::file("issues"))
        .hint("bring issues/ back from a backup; where the publication begins anew, move its store away")
}

/// Says which posts are on the web no more, though the run before had them there. No later run can; a quiet one says it where
/// they are many.
pub(super) fn tell_gone(report: &mut Report, config: &Config, collected: &Collected, taken_away: &TakenAway) {
    let publication = &config.publication;
    let vanished: BTreeMap<&str, (&str, String)> =
        collected.vanished.iter().map(|post| (&*post.page, (&*post.title, post.file.clone()))).collect();
    let hidden: BTreeMap<&str, (&str, String)> =
        collected.posts.iter().map(|post| (&*post.address, (&*post.title, post.file.display().to_string()))).collect();
    let mut gone = Vec::new();
    let mut names = Vec::new();
    for page in &taken_away.posts {
        let address = publication.url(page);
        // Any other page stood at an earlier address, or at an alias, of a post that may still be there.
        let Some((title, file)) = vanished.get(&**page).or_else(|| hidden.get(&*address)) else { continue };
        names.push(format!("`{title}` ({file})"));
        gone.push(json!({ "page": page, "title": title, "file": file }));
    }
    if !names.is_empty() {
        let named = names.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
        let line = match (names.len(), names.len().saturating_sub(NAMED)) {
            (1, _) => format!("1 post that was on the web is there no more: {named}"),
            (count, 0) => format!("{count} posts that were on the web are there no more: {named}"),
            (count, more) => format!("{count} posts that were on the web are there no more: {named} and {more} more"),
        };
        if names.len() >= MANY || names.len() * 2 >= collected.posts.len() {
            report.line_once(line);
        } else {
            report.line(line);
        }
    }
    report.set("gone", gone);
}

/// What is to be warned of where no source has a file any more, and there were posts: a disk may be away.
pub(super) fn of_lost_posts(config: &Config, collected: &Collected) -> Option<Warning> {
    if !collected.posts.is_empty() || collected.files_found > 0 {
        return None;
    }
    let had_posts = files::names(&config.root.join("collected")).is_ok_and(|names| !names.is_empty());
    let warning = Warning::new(
        "the sources have not one file, and had posts before: their pages go, and windows close without them",
    )
    .hint("where posts/ is a disk that is not there, bring it back and run again");
    had_posts.then(|| warning.once())
}

//! What was there when runs before were made, and is not: issues that the store has mailed, and all the posts.

use super::compose::Desk;
use super::mailing;
use super::session::Session;
use super::{files, store};
use crate::collect::Collected;
use crate::config::Config;
use crate::error::{Error, ErrorKind, Place, Result, Warning};
use crate::model::Queue as _;

/// An error of kind `State` where the store has mailed an issue that issues/ does not have: its number would be given again,
/// and nobody would get what has it. A store that is away, or that nothing went out of, says nothing of that.
pub(super) fn refuse_lost_issues(session: &Session, desk: &Desk<'_>) -> Result<()> {
    let config = desk.config;
    if config.lists.is_empty() || !store::is_there(config) {
        return Ok(());
    }
    let Ok(mut store) = mailing::store(config) else { return Ok(()) };
    let Ok(campaigns) = store.campaigns(session.now) else { return Ok(()) };
    for campaign in campaigns {
        let key = &campaign.issue;
        let is_new =
            desk.stocks.get(&key.series).is_some_and(|stock| !stock.blocked && key.ordinal >= stock.next_ordinal);
        if is_new && !mailing::is_untouched(&mut store, &campaign, session.now)? {
            return Err(Error::new(
                ErrorKind::State,
                format!("the store has mailed {key}, and issues/ has no such issue"),
            )
            .at(Place::file("issues"))
            .hint("bring issues/ back from a backup; where the publication begins anew, move its store away"));
        }
    }
    Ok(())
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

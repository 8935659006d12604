//! Fetching the pictures of posts on the web into collected/pictures/.

use std::collections::BTreeMap;

use url::Url;

use super::session::Session;
use super::{fetching, files};
use crate::collect::Collected;
use crate::collect::fetch::Ask;
use crate::collect::kept::{self, FOLDER, INDEX, KeptPicture, KeptPictures};
use crate::config::Config;
use crate::error::{Error, ErrorKind, Result};
use crate::model::shown_address;

/// How many are in memory at the same time.
const AT_ONCE: usize = 16;

/// What came of fetching pictures.
#[derive(Debug, Default)]
pub(super) struct Fetched {
    /// Whether there are new ones.
    pub(super) any: bool,
    /// What an editor may want to know of those that could not be had.
    pub(super) notes: Vec<String>,
}

/// Fetches the pictures of posts that were seen for the first time, or seen changed. One that cannot be had is shown at its
/// address, and not asked for again as long as its post stays as it is.
pub(super) fn fetch(
    session: &Session,
    config: &Config,
    collected: &Collected,
    pictures: &mut KeptPictures,
) -> Result<Fetched> {
    let on_the_web: Vec<&str> = fetching::on_the_web(config).iter().map(|(source, _)| source.name.as_str()).collect();
    let mut wanted: BTreeMap<Url, &str> = BTreeMap::new();
    for sighting in collected.sightings.iter().filter(|sighting| on_the_web.contains(&sighting.source.as_str())) {
        if let Some(post) = &sighting.post {
            wanted.extend(pictures.wanted(post).into_iter().map(|url| (url, post.title.as_str())));
        }
    }
    let mut fetched = Fetched::default();
    let asks: Vec<Ask> = wanted.keys().map(Ask::picture).collect();
    for some in asks.chunks(AT_ONCE) {
        let mut new = Vec::new();
        for (ask, result) in some.iter().zip(fetching::ask_all(session, config, some, "picture")) {
            let title = wanted.get(&ask.url).copied().unwrap_or_default();
            let found = result.map_err(|failure| format!("could not be fetched: {}", failure.fault));
            match found.and_then(|answer| Ok((kept::picture_of(&answer.body)?, answer.body))) {
                Ok((asset, bytes)) => {
                    files::write_durably(&config.root.join(&asset.file), &bytes)?;
                    new.push(KeptPicture { address: ask.url.to_string(), asset });
                }
                Err(why) => {
                    let address = shown_address(&ask.url);
                    fetched.notes.push(format!("a picture of `{title}` stays at its address: `{address}` {why}"));
                }
            }
        }
        remember(config, &new)?;
        fetched.any |= !new.is_empty();
        for kept in new {
            pictures.add(kept);
        }
    }
    Ok(fetched)
}

/// Adds lines to the index, once the files that they name are there.
fn remember(config: &Config, new: &[KeptPicture]) -> Result<()> {
    if new.is_empty() {
        return Ok(());
    }
    let path = config.root.join(FOLDER).join(INDEX);
    let mut text = files::read(&path)?.unwrap_or_default();
    if text.last().is_some_and(|last| *last != b'\n') {
        text.push(b'\n');
    }
    for kept in new {
        let line = serde_json::to_vec(kept)
            .map_err(|cause| Error::new(ErrorKind::Io, format!("cannot keep `{}`: {cause}", kept.address)))?;
        text.extend(line);
        text.push(b'\n');
    }
    files::write_durably(&path, &text).map(drop)
}

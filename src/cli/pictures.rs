//! Fetching the pictures and enclosures of posts on the web into collected/.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use url::Url;

use super::session::Session;
use super::shelf::Shelf;
use super::{fetching, files};
use crate::collect::Collected;
use crate::collect::fetch::{Answer, Ask, Failure, When};
use crate::collect::kept::{self, Asking, ENCLOSURES, INDEX, KeptFile, KeptFiles, PICTURES, Tried, Wanted};
use crate::config::{Config, Enclosures};
use crate::error::{Error, ErrorKind, Result};
use crate::model::{Asset, Post, PostId, shown_address};

/// How many are in memory at the same time.
const AT_ONCE: usize = 16;

/// What came of fetching files.
#[derive(Debug, Default)]
pub(super) struct Fetched {
    /// Whether there are new ones.
    pub(super) any: bool,
    /// What an editor may want to know of those that could not be had.
    pub(super) notes: Vec<String>,
}

/// Fetches the files of posts that were seen for the first time or seen changed, and those that posts which no frozen
/// issue has yet still lack. One that cannot be had stays at its address; if that may pass, a later run asks again.
pub(super) fn fetch(
    session: &Session,
    config: &Config,
    collected: &Collected,
    when: When,
    kept: &mut KeptFiles,
) -> Result<Fetched> {
    let mut fetched = Fetched::default();
    if when == When::Never {
        return Ok(fetched);
    }
    let mut wanted = kept::wanted(&asking(config, collected, &BTreeSet::new()), kept, session.now);
    if !wanted.is_empty() {
        // What is printed does not change any more.
        let printed = printed(config)?;
        wanted = kept::wanted(&asking(config, collected, &printed), kept, session.now);
    }
    let mut round: Vec<(Url, Url)> = wanted.keys().map(|url| (url.clone(), url.clone())).collect();
    let mut tired = BTreeSet::new();
    // Those that could not be had, with the first failure of each.
    let mut failed: BTreeMap<Url, (String, Option<Failure>)> = BTreeMap::new();
    let mut turn = 0;
    while !round.is_empty() {
        for some in round.chunks(AT_ONCE) {
            let some: Vec<&(Url, Url)> = some.iter().filter(|(_, at)| !tired.contains(&host(at))).collect();
            let mut new = Vec::new();
            let asks: Vec<Ask> = some.iter().map(|(url, at)| ask(&wanted[url], at)).collect();
            for ((url, at), result) in some.into_iter().zip(fetching::ask_all(session, config, &asks, "file")) {
                if let Err(failure) = &result
                    && failure.is_plea()
                {
                    tired.insert(host(at));
                }
                match received(&wanted[url], at, result) {
                    Ok((asset, bytes)) => {
                        files::write_durably(&config.root.join(&asset.file), &bytes)?;
                        failed.remove(url);
                        new.push(KeptFile { address: url.to_string(), asset: Some(asset), tried: None });
                    }
                    Err(why) => {
                        failed.entry(url.clone()).or_insert(why);
                    }
                }
            }
            remember(config, &new)?;
            fetched.any |= !new.is_empty();
            for file in new {
                kept.add(file);
            }
        }
        // What is not there may be there in another size.
        let again = failed.keys().filter_map(|url| Some((url.clone(), wanted[url].instead.get(turn)?.clone())));
        round = again.collect();
        turn += 1;
    }
    let tried: Vec<KeptFile> = failed
        .into_iter()
        .map(|(url, (why, failure))| {
            let file = &wanted[&url];
            let noun = if file.is_enclosure { "an enclosure" } else { "a picture" };
            let (title, address) = (&file.title, shown_address(&url));
            let passes = failure.as_ref().is_some_and(Failure::passes);
            let wait = failure.as_ref().and_then(|failure| failure.wait(session.now));
            let tried = Tried::after(kept.tried(url.as_str()), why, passes, wait, session.now);
            let again = if tried.next.is_some() { "; it is asked for again later" } else { "" };
            fetched.notes.push(format!("{noun} of `{title}` stays at its address: `{address}` {}{again}", tried.why));
            KeptFile { address: url.to_string(), asset: None, tried: Some(tried) }
        })
        .collect();
    remember(config, &tried)?;
    Ok(fetched)
}

/// The posts of sources on the web whose files may be asked for, without those that are `printed`.
fn asking<'c>(config: &Config, collected: &'c Collected, printed: &BTreeSet<PostId>) -> Vec<Asking<'c>> {
    let on_the_web = fetching::on_the_web(config);
    let keeping: BTreeMap<&str, bool> =
        on_the_web.iter().map(|(source, _)| (source.name.as_str(), source.enclosures == Enclosures::Keep)).collect();
    let asking = |post: &'c Post, is_new: bool| {
        let keeps_enclosures = *keeping.get(post.source.as_str())?;
        Some(Asking { post, is_new, keeps_enclosures, keeps_pictures: config.fetch.pictures })
    };
    let seen = collected.sightings.iter().filter_map(|sighting| asking(sighting.post.as_ref()?, true));
    let is_seen: BTreeSet<&str> = collected.sightings.iter().map(|sighting| sighting.id.as_str()).collect();
    let others = collected.posts.iter().filter(|post| !printed.contains(&post.id) && !is_seen.contains(&*post.id.0));
    seen.chain(others.filter_map(|post| asking(post, false))).collect()
}

fn host(url: &Url) -> String {
    url.host_str().unwrap_or_default().to_owned()
}

fn ask(wanted: &Wanted, at: &Url) -> Ask {
    if wanted.is_enclosure { Ask::enclosure(at) } else { Ask::picture(at) }
}

/// What came of one question: a file and its bytes, or why not.
fn received(
    wanted: &Wanted,
    at: &Url,
    result: std::result::Result<Answer, Failure>,
) -> std::result::Result<(Asset, Vec<u8>), (String, Option<Failure>)> {
    let answer = match result {
        Ok(answer) => answer,
        Err(failure) => return Err((format!("could not be fetched: {}", failure.fault), Some(failure))),
    };
    let asset = if wanted.is_enclosure {
        kept::enclosure_of(&answer.body, answer.headers.text("content-type").as_deref(), at.as_str())
    } else {
        kept::picture_of(&answer.body)
    };
    asset.map(|asset| (asset, answer.body)).map_err(|why| (why, None))
}

/// Adds lines to the indexes, once the files that they name are there.
fn remember(config: &Config, new: &[KeptFile]) -> Result<()> {
    let is_enclosure = |kept: &&KeptFile| kept.asset.as_ref().is_some_and(|asset| asset.file.starts_with(ENCLOSURES));
    let (enclosures, pictures): (Vec<&KeptFile>, Vec<&KeptFile>) = new.iter().partition(is_enclosure);
    for (folder, lines) in [(PICTURES, pictures), (ENCLOSURES, enclosures)] {
        if lines.is_empty() {
            continue;
        }
        let path = config.root.join(folder).join(INDEX);
        let mut text = files::read(&path)?.unwrap_or_default();
        if text.last().is_some_and(|last| *last != b'\n') {
            text.push(b'\n');
        }
        for kept in lines {
            let line = serde_json::to_vec(kept)
                .map_err(|cause| Error::new(ErrorKind::Io, format!("cannot keep `{}`: {cause}", kept.address)))?;
            text.extend(line);
            text.push(b'\n');
        }
        files::write_durably(&path, &text)?;
    }
    Ok(())
}

/// The ids of the posts that frozen issues have.
fn printed(config: &Config) -> Result<BTreeSet<PostId>> {
    #[derive(Deserialize)]
    struct Frozen {
        sections: Vec<Section>,
    }
    #[derive(Deserialize)]
    struct Section {
        articles: Vec<Article>,
    }
    #[derive(Deserialize)]
    struct Article {
        post: Known,
    }
    #[derive(Deserialize)]
    struct Known {
        id: PostId,
    }
    let shelf = Shelf::new(&config.root);
    let mut ids = BTreeSet::new();
    for series in &config.series {
        // What is wrong with issues is said where they are read whole.
        let shelved = shelf.series(&series.key, &mut Vec::new())?;
        let frozen = shelved.into_iter().filter_map(|(_, issue)| issue.ok()?.frozen);
        for issue in frozen.filter_map(|text| serde_json::from_str::<Frozen>(&text).ok()) {
            ids.extend(issue.sections.into_iter().flat_map(|section| section.articles).map(|article| article.post.id));
        }
    }
    Ok(ids)
}

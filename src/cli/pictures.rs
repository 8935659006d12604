//! Fetching the pictures and enclosures of posts on the web into collected/.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde::Deserialize;
use url::Url;

use super::fetching::Time;
use super::report::counted;
use super::session::Session;
use super::shelf::Shelf;
use super::{fetching, files};
use crate::collect::Collected;
use crate::collect::fetch::{Answer, Ask, Failure, Fault, When, is_shareable};
use crate::collect::kept::{self, Asking, ENCLOSURES, INDEX, KeptFile, KeptFiles, PICTURES, Tried, Wanted, Wants};
use crate::collect::position;
use crate::collect::svg::{cleaned, is_named_so};
use crate::config::{Config, Enclosures};
use crate::error::{Error, ErrorKind, Result};
use crate::model::{Asset, Post, PostId, shown_address};

/// How many are in memory at the same time.
const AT_ONCE: usize = 16;
/// How long all of a run may take; what is not asked for by then is left to the next one.
const LONGEST: Duration = Duration::from_secs(120);

/// What came of fetching files.
#[derive(Debug, Default)]
pub(super) struct Fetched {
    /// Whether there are new ones.
    pub(super) any: bool,
    /// What an editor may want to know of those that could not be had.
    pub(super) notes: Vec<String>,
}

/// The files to fetch: those of posts that were seen for the first time or seen changed, and those that posts which no frozen
/// issue has yet still lack.
pub(super) fn wanted(
    session: &Session,
    config: &Config,
    collected: &Collected,
    when: When,
    kept: &KeptFiles,
) -> Result<Wants> {
    if when == When::Never {
        return Ok(Wants::default());
    }
    let wanted = kept::wanted(&asking(config, collected, &BTreeSet::new()), kept, session.now);
    if wanted.files.is_empty() {
        return Ok(wanted);
    }
    // What is printed does not change any more.
    Ok(kept::wanted(&asking(config, collected, &printed(config)?), kept, session.now))
}

/// Fetches files. An enclosure that cannot be had stays at its address, a picture is told in words; if that may pass, a
/// later run asks again.
pub(super) fn fetch(session: &Session, config: &Config, wants: &Wants, kept: &mut KeptFiles) -> Result<Fetched> {
    let wanted = &wants.files;
    let mut errand = Errand {
        session,
        config,
        wanted,
        kept,
        time: Time::of(LONGEST),
        tired: BTreeSet::new(),
        late: BTreeMap::new(),
        failed: BTreeMap::new(),
        cleaned: Vec::new(),
    };
    let mut round: Vec<(Url, Url)> = wanted.keys().map(|url| (url.clone(), url.clone())).collect();
    round.sort_by_key(|(url, _)| wanted[url].order);
    let mut any = false;
    for turn in 0.. {
        if round.is_empty() {
            break;
        }
        for some in side_by_side(round).chunks(AT_ONCE) {
            any |= errand.ask(some)?;
        }
        // What is not there may be there in another size.
        let again = errand.failed.keys().filter_map(|url| Some((url.clone(), wanted[url].instead.get(turn)?.clone())));
        round = again.collect();
    }
    let mut notes = errand.give_up()?;
    notes.extend(wants.beyond.iter().map(|(title, count)| {
        let more = if *count == 1 { "one file".to_owned() } else { format!("{count} files") };
        format!(
            "`{title}` has {more} more than one run asks for of a post; later runs ask for what is not printed by then"
        )
    }));
    Ok(Fetched { any, notes })
}

/// The same in another order: of each host one, then of each another, so that several are asked at a time.
fn side_by_side(round: Vec<(Url, Url)>) -> Vec<(Url, Url)> {
    let mut of_host: BTreeMap<String, usize> = BTreeMap::new();
    let ranked = round.into_iter().map(|one| {
        let rank = of_host.entry(host(&one.1)).or_default();
        *rank += 1;
        (*rank, one)
    });
    let mut ranked: Vec<(usize, (Url, Url))> = ranked.collect();
    ranked.sort_by_key(|(rank, _)| *rank);
    ranked.into_iter().map(|(_, one)| one).collect()
}

/// Why a file could not be had, as the end of "it …"; with what its server said, if that was the reason.
type Missed = (String, Option<Failure>);

/// The asking for files.
struct Errand<'a> {
    session: &'a Session,
    config: &'a Config,
    wanted: &'a BTreeMap<Url, Wanted>,
    kept: &'a mut KeptFiles,
    time: Time,
    /// Those for which there was no time, with what was said of them.
    late: BTreeMap<Url, Fault>,
    /// Hosts that asked to be left alone.
    tired: BTreeSet<String>,
    /// Those that could not be had, with the first reason of each.
    failed: BTreeMap<Url, Missed>,
    /// What was taken out of pictures, told.
    cleaned: Vec<String>,
}

impl Errand<'_> {
    /// Asks for files, each at an address that may be another than its own. Says whether any came.
    fn ask(&mut self, some: &[(Url, Url)]) -> Result<bool> {
        let some: Vec<&(Url, Url)> = some.iter().filter(|(_, at)| !self.tired.contains(&host(at))).collect();
        let asks: Vec<Ask> = some.iter().map(|(url, at)| ask(&self.wanted[url], at)).collect();
        let mut new = Vec::new();
        for ((url, at), result) in some.into_iter().zip(self.answers(&asks)) {
            if result.as_ref().is_err_and(Failure::is_plea) {
                self.tired.insert(host(at));
            }
            if let Err(Failure { fault: fault @ Fault::NoTimeLeft(_), .. }) = result {
                // It was not asked for, or not wherever it may be.
                self.failed.remove(url);
                self.late.insert(url.clone(), fault);
                continue;
            }
            match self.received(url, at, result) {
                Ok((asset, mut bytes)) => {
                    // What is kept is what is left of it, and so it is known.
                    bytes = position::published(bytes);
                    if let Some(cleaned) = cleaned(&bytes).ok().flatten().filter(|_| is_named_so(&asset.name)) {
                        let (title, address) = (&self.wanted[url].title, shown_address(url));
                        let told =
                            cleaned.in_words().map(|what| format!("a picture of `{title}`, `{address}`, {what}"));
                        self.cleaned.extend(told);
                        bytes = cleaned.bytes;
                    }
                    files::write_durably(&self.config.root.join(&asset.file), &bytes)?;
                    self.failed.remove(url);
                    new.push(KeptFile { address: url.to_string(), asset: Some(asset), tried: None });
                }
                Err(missed) => {
                    self.failed.entry(url.clone()).or_insert(missed);
                }
            }
        }
        remember(self.config, &new)?;
        let any = !new.is_empty();
        for file in new {
            self.kept.add(file);
        }
        Ok(any)
    }

    /// What came of one question: a file and its bytes, or why not.
    fn received(
        &self,
        url: &Url,
        at: &Url,
        result: std::result::Result<Answer, Failure>,
    ) -> std::result::Result<(Asset, Vec<u8>), Missed> {
        let missed = |failure: Failure| (format!("could not be fetched: {}", failure.fault), Some(failure));
        let answer = result.map_err(missed)?;
        let asset = if self.wanted[url].is_enclosure {
            kept::enclosure_of(&answer.body, answer.headers.text("content-type").as_deref(), at.as_str())
        } else {
            kept::picture_of(&answer.body)
        };
        let asset = asset.map_err(|why| (why, None))?;
        // Half a picture is better than none once nothing else has come in all tries.
        let is_last =
            || Tried::after(self.kept.tried(url.as_str()), String::new(), true, None, self.session.now).next.is_none();
        if !self.wanted[url].is_enclosure && kept::is_cut(&answer.body) && !is_last() {
            let received = answer.body.len();
            return Err(missed(Failure { headers: answer.headers, ..Fault::Incomplete { received }.into() }));
        }
        Ok((asset, answer.body))
    }

    fn answers(&self, asks: &[Ask]) -> Vec<std::result::Result<Answer, Failure>> {
        fetching::ask_within(Some(&self.time), self.session, self.config, asks, "file")
    }

    /// Remembers what could not be had, and says so. What is on a host that was given up counts as asked for, or each run
    /// would wait for it anew.
    fn give_up(self) -> Result<Vec<String>> {
        let now = self.session.now;
        let (mut tried, mut notes) = (Vec::new(), self.cleaned);
        let mut given_up: BTreeMap<String, (usize, String)> = BTreeMap::new();
        if let Some(fault) = self.late.values().next() {
            let files = counted(self.late.len(), "file");
            notes.push(format!(
                "{files} of posts could not be fetched: {fault}; later runs ask for what is not printed by then"
            ));
        }
        for (url, (why, failure)) in self.failed {
            let passes = failure.as_ref().is_some_and(Failure::passes);
            let wait = failure.as_ref().and_then(|failure| failure.wait(now));
            let missed = Tried::after(self.kept.tried(url.as_str()), why, passes, wait, now);
            let file = &self.wanted[&url];
            let noun = if file.is_enclosure { "an enclosure" } else { "a picture" };
            if let Some(Failure { fault: fault @ Fault::GivenUp { host }, .. }) = &failure {
                given_up.entry(host.clone()).or_insert_with(|| (0, fault.to_string())).0 += 1;
                tried.push(KeptFile { address: url.to_string(), asset: None, tried: Some(missed) });
                continue;
            }
            let again = if missed.next.is_some() { "; it is asked for again later" } else { "" };
            let (title, address, why) = (&file.title, shown_address(&url), &missed.why);
            let instead = match file.is_enclosure {
                true => "stays at its address",
                false if is_shareable(&url, &self.config.fetch.allow_private) => "is told in words, with a link",
                false => "is told in words",
            };
            notes.push(format!("{noun} of `{title}` {instead}: `{address}` {why}{again}"));
            tried.push(KeptFile { address: url.to_string(), asset: None, tried: Some(missed) });
        }
        notes.extend(given_up.into_values().map(|(count, fault)| {
            format!("{} more of posts could not be fetched: {fault}; later runs ask again", counted(count, "file"))
        }));
        remember(self.config, &tried)?;
        for tried in tried {
            self.kept.add(tried);
        }
        Ok(notes)
    }
}

/// The posts of sources on the web whose files may be asked for, without those that are `printed`.
fn asking<'c>(config: &Config, collected: &'c Collected, printed: &BTreeSet<PostId>) -> Vec<Asking<'c>> {
    let on_the_web = fetching::on_the_web(config);
    let asked = on_the_web.iter().map(|(source, _)| *source).filter(|source| !source.paused);
    let keeping: BTreeMap<&str, bool> =
        asked.map(|source| (source.name.as_str(), source.enclosures == Enclosures::Keep)).collect();
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

//! What each draft is known by: its language, slug, address and id.

use std::cmp::Reverse;
use std::collections::HashSet;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};

use super::Folder;
use super::candidate::{self, Candidate};
use super::draft::Draft;
use super::later::wait_for_change;
use super::permalink;
use super::post::Named;
use crate::collect::alone::alone;
use crate::collect::identity::{self, Taken};
use crate::collect::memory::{Known, Looks, Memory, Namesake, Own};
use crate::collect::sightings::Sighting;
use crate::collect::{Run, Vanished};
use crate::config::Config;
use crate::error::{Place, Warning};
use crate::model::{FirstPlace, LONGEST_SLUG, Language, PostId, fitting, is_iri, slugify};

/// A post whose date moves by so many days may be meant to be another one.
const FAR: i64 = 7;

/// Gives every draft of all folders its language, slug, address and id. Within a folder they stay in their order.
pub(super) fn name_all(run: &mut Run<'_>, memory: &mut Memory<'_>, folders: &mut [Folder<'_>]) {
    let candidates = candidate::all(run, memory, folders);
    let slugs = slugs(&mut run.taken, &candidates, folders);
    let words: Vec<Option<String>> = candidates.par_iter().map(words).collect();
    let mut ids: HashSet<PostId> = candidates.iter().filter_map(Candidate::id).collect();
    let mut lacks_language = memory.lacks_default_language();
    let mut resettled = Resettled::default();
    for ((candidate, words), (wanted, slug)) in candidates.into_iter().zip(words).zip(slugs) {
        let Candidate { folder, draft, language, looks, given, known, last_kept } = candidate;
        let gathered = &mut folders[folder].gathered;
        let has_said = given.is_some();
        let said = given.or_else(|| known.map(|known| PostId(known.id.to_owned())));
        // Always later than what it replaces, whatever the clocks of two runs said.
        let after = |kept: DateTime<Utc>| kept.checked_add_signed(TimeDelta::seconds(1)).unwrap_or(kept);
        let at = last_kept.map_or(run.now, |kept| run.now.max(after(kept)));
        let before = known.map(|known| (known.own, path_before(run.config, memory, known.own)));
        let path = identity::path(&run.config.publication, &language, &slug);
        let mut own = Own {
            looks,
            language: language.clone(),
            wanted: Some(wanted).filter(|wanted| *wanted != slug),
            former: before.as_ref().map(|(own, latest)| own.former(latest, &path)).unwrap_or_default(),
            first_slug: known.and_then(|known| known.own.first_slug(&slug)),
            default_language: known.and_then(|known| known.own.default_language.clone()),
            slug: slug.clone(),
            changed: known.and_then(|known| known.own.changed),
            first_place: None,
            words,
        };
        let is_resettled = before.is_some_and(|(before, latest)| {
            latest != path && before.language == own.language && before.slug == own.slug
        });
        let mut named = identify(run, draft, (language, slug), known, |day, key| {
            said.unwrap_or_else(|| {
                let is_taken = |id: &PostId| memory.of_id(&id.0).is_some() || ids.contains(id);
                let id = identity::tag_uri(&run.config.publication, day, key, is_taken);
                ids.insert(id.clone());
                id
            })
        });
        own.first_place = first_place(run, memory, &named, known.filter(|known| known.id == named.id.0));
        named.first_place = own.first_place.clone().filter(|place| place.address != named.address);
        named.aliases.extend(own.former.iter().map(|path| run.config.publication.url(path)));
        named.paths.extend(own.former.iter().cloned());
        named.first_slug.clone_from(&own.first_slug);
        // Claimed once: what follows the own posts must not take their ids.
        let _ = run.taken.id(&named.id, own.looks.file.clone());
        if known.is_some_and(|known| known.id == named.id.0 && own.is_rewritten(known.own)) {
            own.changed = Some(at);
        }
        named.changed = own.changed.filter(|_| is_public(&named, run.now));
        // One line that says the publication's language is enough for all that older programs kept.
        let says_language = lacks_language && known.is_some() && is_public(&named, run.now);
        if says_language || is_to_be_kept(&named, &own, known, run.now) {
            lacks_language = false;
            if let Some(known) = known.filter(|_| is_resettled) {
                resettled.note(memory.default_language(known.own));
            }
            own.default_language = Some(run.config.publication.language.clone());
            match known {
                None if !has_said => gathered.warnings.extend(anew(memory, &own)),
                None => {}
                Some(known) => gathered.notes.extend(dated_anew(known.own, &own).filter(|_| known.id == named.id.0)),
            }
            let first_seen = known.map_or(run.now, |known| known.first_seen);
            let as_before = known.filter(|known| known.id == named.id.0 && own.only_adds_to(known.own));
            gathered.sightings.push(Sighting {
                own: Some(Box::new(own)),
                at: Some(as_before.map_or(at, |known| known.at)),
                ..Sighting::of(&folders[folder].source.name, &named.id.0, first_seen)
            });
        }
        folders[folder].named.push(named);
    }
    if let (Some(note), Some(folder)) = (resettled.told(&run.config.publication.language), folders.first_mut()) {
        folder.gathered.notes.push(note);
    }
}

/// The posts that no post of this run has been found to be.
pub(super) fn vanished(config: &Config, memory: &Memory<'_>) -> Vec<Vanished> {
    let one = |known: Known<'_>| Vanished {
        title: known.own.looks.title.clone(),
        file: known.own.looks.file.clone(),
        page: path_before(config, memory, known.own),
    };
    memory.missing().map(one).collect()
}

/// Where the page of a known post stood when it was kept.
fn path_before<'m>(config: &Config, memory: &Memory<'m>, known: &'m Own) -> String {
    let default = memory.default_language(known).unwrap_or(&config.publication.language);
    identity::path_beside(default, &known.language, &known.slug)
}

/// Posts that have other addresses because the publication's language is another one.
#[derive(Default)]
struct Resettled {
    count: usize,
    from: Option<Language>,
}

impl Resettled {
    fn note(&mut self, from: Option<&Language>) {
        self.count += 1;
        self.from = from.cloned().or(self.from.take());
    }

    /// What there is to say of them, once.
    fn told(self, now: &Language) -> Option<String> {
        let from = self.from?;
        let posts =
            if self.count == 1 { "the address of 1 post" } else { &format!("the addresses of {} posts", self.count) };
        Some(format!(
            "`language` is `{now}` now, no longer `{from}`, which moves {posts}; the pages stand at the earlier ones too, \
             and feed.xml, atom.xml and feed.json are those of `{now}`"
        ))
    }
}

/// A hash of the words of a draft, taken over while its text is the same.
fn words(candidate: &Candidate<'_>) -> Option<String> {
    let kept = candidate.known.filter(|known| known.own.looks.text == candidate.looks.text);
    kept.and_then(|known| known.own.words.clone()).or_else(|| alone(|| candidate.draft.words_hash()).flatten())
}

/// Where a post stood when feeds first had it, if its id is none without a place.
fn first_place(run: &Run<'_>, memory: &Memory<'_>, named: &Named, known: Option<Known<'_>>) -> Option<FirstPlace> {
    let kept = known.and_then(|known| known.own.first_place.clone());
    let is_needed = !is_iri(&named.id.0) && is_public(named, run.now);
    let at_first = || {
        // Of one that was known before this was kept, where it stood last.
        let known = known.filter(|_| named.draft.front.address.is_none()).map(|known| known.own);
        let publication = &run.config.publication;
        let last = known.map(|own| publication.url(&path_before(run.config, memory, own)));
        FirstPlace::of_known(last.as_deref().unwrap_or(&named.address))
    };
    kept.or_else(|| is_needed.then(at_first))
}

/// The name, language and address of one file by itself: a standing article.
pub(super) fn name_one(config: &Config, draft: Draft, now: DateTime<Utc>) -> Named {
    let said = draft.front.language.clone().or_else(|| draft.name.language.clone());
    let language = said.unwrap_or_else(|| config.publication.language.clone());
    let slug = Taken::default().slug(&language, &wanted_slug(&draft), None);
    let first_seen = draft.written.map_or(now, |written| written.instant(config.publication.time_zone).min(now));
    let id = candidate::brought(config, &draft, &language).unwrap_or_else(|| {
        let day = draft.written.map_or_else(|| first_seen.date_naive(), |written| written.date);
        identity::tag_uri(&config.publication, day, (&language, &slug), |_| false)
    });
    let mut named = addressed(config, draft, language, slug, id, first_seen);
    wait_for_change(&mut named, config.publication.time_zone, now);
    named
}

/// A slug for each draft, after the one that it wants: first those that earlier runs gave, which stay as long as the same
/// is wanted; then new ones in the order of dates, so that a newer post does not take the slug of an older one.
fn slugs(taken: &mut Taken, candidates: &[Candidate<'_>], folders: &mut [Folder<'_>]) -> Vec<(String, String)> {
    let mut slugs: Vec<(String, String)> =
        candidates.iter().map(|candidate| (wanted_slug(&candidate.draft), String::new())).collect();
    let mut order: Vec<usize> = Vec::with_capacity(candidates.len());
    // Of two that had one slug, because one was away meanwhile, the one that had it last keeps it.
    let mut latest_first: Vec<usize> = (0..candidates.len()).collect();
    latest_first.sort_by_key(|index| Reverse(candidates[*index].known.map(|known| known.at)));
    for index in latest_first {
        let candidate = &candidates[index];
        let (wanted, slug) = &mut slugs[index];
        let kept = candidate.known.map(|known| known.own).filter(|own| {
            own.language == candidate.language && own.wanted() == wanted && taken.keep_slug(&own.language, &own.slug)
        });
        match kept {
            Some(own) => slug.clone_from(&own.slug),
            None => order.push(index),
        }
    }
    order.sort_by_key(|index| {
        let written = candidates[*index].draft.written;
        (written.is_none(), written.map(|written| (written.date, written.time)), *index)
    });
    for index in &order {
        let candidate = &candidates[*index];
        let day = candidate.draft.written.map(|written| written.date);
        slugs[*index].1 = taken.slug(&candidate.language, &slugs[*index].0, day);
    }
    for (at, folder) in folders.iter_mut().enumerate() {
        let of_folder = order.iter().filter(|index| candidates[**index].folder == at);
        let given_now = of_folder.map(|index| (&candidates[*index], &slugs[*index]));
        let cut = given_now.clone().filter_map(|(candidate, (_, slug))| cut_slug(&candidate.draft, slug));
        folder.gathered.warnings.extend(cut.collect::<Vec<_>>());
        folder.gathered.warnings.extend(shared_slugs(given_now));
    }
    slugs
}

/// The slug that the author gave, else the end of the permalink, else the file's name.
fn wanted_slug(draft: &Draft) -> String {
    let given = draft.front.slug.as_deref().map(slugify);
    let in_path = || {
        let path = draft.front.path.as_deref().filter(|path| !permalink::STYLES.contains(path))?;
        let path = path.strip_suffix("/index.html").unwrap_or(path).trim_end_matches('/');
        let last = path.rsplit('/').next()?;
        let last = last.strip_suffix(".html").unwrap_or(last);
        let wordy = last.chars().any(char::is_alphabetic) && !last.contains(':');
        wordy.then(|| slugify(last))
    };
    let wanted = given.filter(|slug| !slug.is_empty()).or_else(in_path).unwrap_or_else(|| slugify(&draft.name.stem));
    fitting(wanted, LONGEST_SLUG)
}

/// What there is to say of a slug that its author gave, and that fits no file system.
fn cut_slug(draft: &Draft, slug: &str) -> Option<Warning> {
    let length = slugify(draft.front.slug.as_deref()?).len();
    (length > LONGEST_SLUG).then(|| {
        let message =
            format!("`slug` has {length} bytes, and a name on disk at most {LONGEST_SLUG}; `{slug}` was given");
        Warning::new(message).at(Place::file(&draft.file))
    })
}

/// One warning for all new slugs that several posts wanted: an old blog repeats its file names by the hundred.
fn shared_slugs<'s>(slugs: impl Iterator<Item = (&'s Candidate<'s>, &'s (String, String))>) -> Option<Warning> {
    let mut shared = slugs.filter(|(_, (wanted, slug))| !wanted.is_empty() && slug != wanted);
    let (candidate, (wanted, slug)) = shared.next()?;
    let others = match shared.count() {
        0 => String::new(),
        more => format!("; so it is with {more} more posts"),
    };
    let message = format!("slug `{wanted}` is another post's already; `{slug}` was given{others}");
    Some(Warning::new(message).at(Place::file(&candidate.draft.file)).hint("`slug` in the front matter names a post"))
}

/// Gives a draft its id, `id_of` its day and its name.
fn identify(
    run: &Run<'_>,
    draft: Draft,
    (language, slug): (Language, String),
    known: Option<Known<'_>>,
    id_of: impl FnOnce(NaiveDate, (&Language, &str)) -> PostId,
) -> Named {
    let (config, now) = (run.config, run.now);
    let first_seen = match draft.written {
        Some(written) => written.instant(config.publication.time_zone).min(now),
        None => known.map_or(now, |known| known.first_seen),
    };
    let day = draft.written.map_or_else(|| first_seen.date_naive(), |written| written.date);
    let id = id_of(day, (&language, &slug));
    let mut named = addressed(config, draft, language, slug, id, first_seen);
    wait_for_change(&mut named, config.publication.time_zone, now);
    named
}

fn addressed(
    config: &Config,
    draft: Draft,
    language: Language,
    slug: String,
    id: PostId,
    first_seen: DateTime<Utc>,
) -> Named {
    let publication = &config.publication;
    let published = draft.written.map(|written| written.instant(publication.time_zone));
    let path = identity::path(publication, &language, &slug);
    let mut paths = vec![path.clone()];
    paths.extend(draft.front.path.clone());
    paths.extend(draft.front.aliases.iter().cloned());
    if let Some(written) = draft.written {
        // Jekyll's default permalink; there and in Hugo `slug` stands for the name of the file.
        let names = [Some(&draft.name.stem), draft.front.slug.as_ref(), Some(&slug)];
        let day = written.date.format("%Y/%m/%d");
        paths.extend(names.into_iter().flatten().map(|name| format!("{day}/{name}")));
    }
    let address = draft.front.address.clone().unwrap_or_else(|| publication.url(&path));
    let aliases = permalink::aliases(publication, &draft.front, &path);
    Named {
        draft,
        id,
        language,
        slug,
        first_slug: None,
        address,
        aliases,
        paths,
        published,
        first_seen,
        changed: None,
        first_place: None,
    }
}

/// Whether what a post looks like is to be kept: once it is public, so that its id stays; of one without a date from the
/// first day on, which dates it; not when nothing has changed.
fn is_to_be_kept(named: &Named, own: &Own, known: Option<Known<'_>>, now: DateTime<Utc>) -> bool {
    let is_kept = known.is_some_and(|known| known.id == named.id.0 && known.own == own);
    (named.published.is_none() || is_public(named, now)) && !is_kept
}

pub(super) fn is_public(named: &Named, now: DateTime<Utc>) -> bool {
    named.draft.front.held_back.is_none() && named.published.is_none_or(|published| published <= now)
}

/// A warning for a new post that may be a known one which has vanished.
fn anew(memory: &Memory<'_>, own: &Own) -> Option<Warning> {
    let title = &own.looks.title;
    let namesake = memory.namesake(&own.looks, &own.language)?;
    let (id, message) = match namesake {
        Namesake::OfFile(known) => (known.id, of_file(&known.own.looks, &own.looks)),
        Namesake::OfTitle(known) => {
            let file = &known.own.looks.file;
            (known.id, format!("`{title}` of `{file}` is gone, and this is another text; it is a new post"))
        }
    };
    let hint = format!("if it is the same one corrected, write `id: {id}` in its front matter");
    Some(Warning::new(message).at(Place::file(&own.looks.file)).hint(hint).once())
}

fn of_file(before: &Looks, now: &Looks) -> String {
    let what = match (before.title == now.title, before.day == now.day) {
        (true, _) => "another date and another text",
        (false, true) => "another title and another text",
        (false, false) => "another title, another date and another text",
    };
    format!("this file held `{}` before, with {what}; it is a new post now", before.title)
}

/// A note on a post that was known again although its date moved by a week or more: the notice of a meeting that is held
/// again looks the same.
fn dated_anew(before: &Own, now: &Own) -> Option<String> {
    let (was, is) = (before.looks.day?, now.looks.day?);
    ((is - was).num_days().abs() >= FAR).then(|| {
        let Looks { file, title, .. } = &now.looks;
        format!(
            "{file}: `{title}` is dated {is} now, no longer {was}; it stays the post that it was, which is printed once \
             (an `id` of its own would make it another)"
        )
    })
}

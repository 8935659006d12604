//! What each draft is known by: its language, slug, address and id.

use chrono::{DateTime, Utc};

use super::draft::Draft;
use super::naming::LanguageFolders;
use super::post::Named;
use crate::collect::identity::{self, Taken};
use crate::collect::memory::{Known, Looks, Own};
use crate::collect::sightings::Sighting;
use crate::collect::{Gathered, LeftOut, Run};
use crate::config::{Config, Source};
use crate::error::{Place, Warning};
use crate::model::{Language, PostId, slugify};

/// Gives every draft of a source its language, slug, address and id. What comes back is in the order of the files.
pub(super) fn name_all(run: &mut Run<'_>, source: &Source, drafts: Vec<Draft>, gathered: &mut Gathered) -> Vec<Named> {
    let languages = languages(run.config, source, &drafts);
    let looks: Vec<Looks> = drafts.iter().map(looks).collect();
    let known = run.memory.recognise(&source.name, &looks);
    let slugs = slugs(&mut run.taken, &drafts, &languages, &known, gathered);
    let mut named = Vec::with_capacity(drafts.len());
    for ((((draft, language), slug), looks), known) in
        drafts.into_iter().zip(languages).zip(slugs).zip(looks).zip(known)
    {
        let candidate = identify(run, draft, language, slug, known);
        if let Err(other) = run.taken.id(&candidate.id, looks.file.clone()) {
            leave_out(&candidate, &other, gathered);
            continue;
        }
        if let Some(sighting) = sighting(&candidate, &source.name, looks, known, run.now) {
            if known.is_none() && candidate.draft.front.given_id().is_none() {
                gathered.warnings.extend(anew(run, &sighting));
            }
            gathered.sightings.push(sighting);
        }
        named.push(candidate);
    }
    named
}

/// The name, language and address of one file by itself: a standing article.
pub(super) fn name_one(config: &Config, draft: Draft, now: DateTime<Utc>) -> Named {
    let said = draft.front.language.clone().or_else(|| draft.name.language.clone());
    let language = said.unwrap_or_else(|| config.publication.language.clone());
    let slug = Taken::default().slug(&language, &wanted_slug(&draft), None);
    let first_seen = draft.written.map_or(now, |written| written.instant(config.publication.time_zone).min(now));
    let id = given_id(config, &draft, &language).unwrap_or_else(|| {
        let day = draft.written.map_or_else(|| first_seen.date_naive(), |written| written.date);
        identity::tag_uri(&config.publication, day, (&language, &slug), |_| false)
    });
    addressed(config, draft, language, slug, id, first_seen)
}

fn looks(draft: &Draft) -> Looks {
    Looks {
        file: draft.file.display().to_string(),
        title: draft.title.clone(),
        day: draft.written.map(|written| written.date),
        text: draft.text_hash.clone(),
    }
}

fn languages(config: &Config, source: &Source, drafts: &[Draft]) -> Vec<Language> {
    let published: Vec<&Language> = std::iter::once(&config.publication.language)
        .chain(config.series.iter().map(|series| &series.language))
        .collect();
    let files = drafts.iter().map(|draft| (draft.relative.as_str(), draft.front.language.as_ref()));
    let folders = LanguageFolders::find(files, &published);
    let of = |draft: &Draft| {
        let said = draft.front.language.clone().or_else(|| draft.name.language.clone());
        let said = said.map(|said| config.published_language(said));
        said.or_else(|| folders.language_of(&draft.relative)).or_else(|| source.language.clone())
    };
    drafts.iter().map(|draft| of(draft).unwrap_or_else(|| config.publication.language.clone())).collect()
}

/// A slug for each draft: first those that earlier runs gave, which stay; then new ones in the order of dates, so that
/// a newer post does not take the slug of an older one.
fn slugs(
    taken: &mut Taken,
    drafts: &[Draft],
    languages: &[Language],
    known: &[Option<Known<'_>>],
    gathered: &mut Gathered,
) -> Vec<String> {
    let wanted: Vec<String> = drafts.iter().map(wanted_slug).collect();
    let mut slugs = vec![String::new(); drafts.len()];
    let mut order: Vec<usize> = Vec::with_capacity(drafts.len());
    for index in 0..drafts.len() {
        let kept = known[index].map(|known| known.own).filter(|own| {
            own.language == languages[index]
                && identity::is_made_from(&own.slug, &wanted[index])
                && taken.keep_slug(&own.language, &own.slug)
        });
        match kept {
            Some(own) => slugs[index].clone_from(&own.slug),
            None => order.push(index),
        }
    }
    order.sort_by_key(|index| {
        let written = drafts[*index].written;
        (written.is_none(), written.map(|written| (written.date, written.time)), *index)
    });
    for index in order {
        slugs[index] = taken.slug(&languages[index], &wanted[index], drafts[index].written.map(|w| w.date));
    }
    gathered.warnings.extend(shared_slugs(drafts, &slugs, &wanted));
    slugs
}

/// The slug that the author gave, else the end of the permalink, else the file's name.
fn wanted_slug(draft: &Draft) -> String {
    let given = draft.front.slug.as_deref().map(slugify);
    let in_path = || {
        let path = draft.front.path.as_deref()?.trim_end_matches('/');
        let last = path.rsplit('/').next()?;
        let last = last.strip_suffix(".html").unwrap_or(last);
        let wordy = last.chars().any(char::is_alphabetic) && !last.contains(':');
        wordy.then(|| slugify(last))
    };
    given.filter(|slug| !slug.is_empty()).or_else(in_path).unwrap_or_else(|| slugify(&draft.name.stem))
}

/// One warning for all slugs that several posts wanted: an old blog repeats its file names by the hundred.
fn shared_slugs(drafts: &[Draft], slugs: &[String], wanted: &[String]) -> Option<Warning> {
    let mut shared = (0..drafts.len()).filter(|index| !wanted[*index].is_empty() && slugs[*index] != wanted[*index]);
    let index = shared.next()?;
    let others = match shared.count() {
        0 => String::new(),
        more => format!("; so it is with {more} more posts"),
    };
    let message = format!("slug `{}` is another post's already; `{}` was given{others}", wanted[index], slugs[index]);
    Some(Warning::new(message).at(Place::file(&drafts[index].file)).hint("`slug` in the front matter names a post"))
}

/// The id that the post brings, else the one that an earlier run gave it, else a new one.
fn identify(run: &Run<'_>, draft: Draft, language: Language, slug: String, known: Option<Known<'_>>) -> Named {
    let (config, now) = (run.config, run.now);
    let first_seen = match draft.written {
        Some(written) => written.instant(config.publication.time_zone).min(now),
        None => known.map_or(now, |known| known.first_seen),
    };
    let given = given_id(config, &draft, &language);
    let id = given.or_else(|| known.map(|known| PostId(known.id.to_owned()))).unwrap_or_else(|| {
        let day = draft.written.map_or_else(|| first_seen.date_naive(), |written| written.date);
        let is_taken = |id: &PostId| run.memory.has(&id.0) || run.taken.has_id(id);
        identity::tag_uri(&config.publication, day, (&language, &slug), is_taken)
    });
    addressed(config, draft, language, slug, id, first_seen)
}

fn given_id(config: &Config, draft: &Draft, language: &Language) -> Option<PostId> {
    let guid = || draft.front.guid.as_ref().map(|(guid, _)| PostId(guid.clone()));
    draft.front.id.as_ref().map(|(id, _)| identity::brought(&config.publication, language, id)).or_else(guid)
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
        // Jekyll's default permalink.
        paths.push(format!("{}/{}", written.date.format("%Y/%m/%d"), draft.name.stem));
    }
    let address = draft.front.address.clone().unwrap_or_else(|| publication.url(&path));
    Named { draft, id, language, slug, address, paths, published, first_seen }
}

/// Of two files with one id the second is left out.
fn leave_out(named: &Named, other: &str, gathered: &mut Gathered) {
    let file = named.draft.file.clone();
    let (id, place) = match named.draft.front.given_id() {
        Some((id, place)) => (id.clone(), place.clone()),
        None => (named.id.to_string(), Place::file(&file)),
    };
    let message = format!("id `{id}` is the id of `{other}` already; this post is left out");
    gathered.warnings.push(Warning::new(message).at(place));
    gathered.left_out.push(LeftOut { file, reason: format!("`{other}` has the same id") });
}

/// What is to be kept of a post: once it is public, so that its id stays; of one without a date from the first day on,
/// which dates it. `None` when nothing has changed.
fn sighting(
    named: &Named,
    source: &str,
    looks: Looks,
    known: Option<Known<'_>>,
    now: DateTime<Utc>,
) -> Option<Sighting> {
    let is_public = !named.draft.front.draft && named.published.is_none_or(|published| published <= now);
    if named.published.is_some() && !is_public {
        return None;
    }
    let own = Own { looks, language: named.language.clone(), slug: named.slug.clone() };
    let is_kept = known.is_some_and(|known| known.id == named.id.0 && *known.own == own);
    (!is_kept).then(|| Sighting {
        source: source.to_owned(),
        id: named.id.0.clone(),
        first_seen: known.map_or(now, |known| known.first_seen),
        post: None,
        own: Some(own),
    })
}

/// A warning for a file that held another post under the same title before.
fn anew(run: &Run<'_>, sighting: &Sighting) -> Option<Warning> {
    let looks = &sighting.own.as_ref()?.looks;
    let namesake = run.memory.namesake(looks)?;
    let message = format!("this file held `{}` with another date and another text; it is a new post now", looks.title);
    let hint = format!("if it is the same one corrected, write `id: {}` in its front matter", namesake.id);
    Some(Warning::new(message).at(Place::file(&looks.file)).hint(hint))
}

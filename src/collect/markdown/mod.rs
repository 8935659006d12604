//! Folders of Markdown and HTML files.
//!
//! Every file is read and understood by itself; then all of them get their languages, slugs, addresses and ids in one
//! fixed order; then, when every post can be linked to, the bodies are written.

mod addresses;
mod draft;
mod files;
mod naming;
mod post;

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};

use self::draft::Draft;
use self::files::Outside;
use self::naming::LanguageFolders;
use self::post::Named;
use super::identity::{self, Taken};
use super::links::LinkIndex;
use super::pictures::Pictures;
use super::sanitise::Sanitiser;
use super::sightings::Seen;
use super::{Gathered, LeftOut};
use crate::config::{Config, Source};
use crate::error::{Error, ErrorKind, Place, Result, Warning};
use crate::model::{Language, Post, slugify};

pub(super) use self::draft::display;

/// Reads a folder. Fails when it is not there.
pub(super) fn gather(run: &mut super::Run<'_>, source: &Source, folder: &Path, assets: &[PathBuf]) -> Result<Gathered> {
    let config = run.config;
    let root = config.path(folder);
    if !root.is_dir() {
        return Err(Error::new(ErrorKind::Config, format!("there is no folder `{}`", folder.display())).at(Place::at(
            &config.file,
            source.line,
            1,
        )));
    }
    let name = |path: &Path| display(&config.root, path);
    let listing = files::list(&root, &outside(config, &root), &name);
    let mut gathered = Gathered { left_out: listing.left_out, warnings: listing.warnings, ..Gathered::default() };
    gathered.files_found = listing.candidates.len() + gathered.left_out.len();
    let read: Vec<_> = listing
        .candidates
        .into_par_iter()
        .map(|candidate| {
            let file = name(&candidate.path);
            draft::read(candidate, file.clone()).map_err(|reason| LeftOut { file, reason })
        })
        .collect();
    let mut drafts = Vec::with_capacity(read.len());
    for result in read {
        match result {
            Ok(draft) => drafts.push(draft),
            Err(left_out) => gathered.left_out.push(left_out),
        }
    }
    let named = name_all(run, source, drafts, &mut gathered);
    let bases = bases(config, source);
    let mut index = LinkIndex::new(bases.clone());
    for post in &named {
        index.add(&post.draft.relative, &post.paths, &post.address, &post.slug);
    }
    let folders = [root].into_iter().chain(assets.iter().map(|folder| config.path(folder))).collect();
    let pictures = Pictures::new(folders);
    let writer =
        post::Writer { config, source, index: &index, pictures: &pictures, sanitiser: run.sanitiser, bases: &bases };
    let posts: Vec<(Post, Vec<Warning>)> = named.into_par_iter().map(|named| writer.write(named)).collect();
    for (post, warnings) in posts {
        gathered.posts.push(post);
        gathered.warnings.extend(warnings);
    }
    Ok(gathered)
}

/// What in the folder of a source is not its own.
fn outside<'c>(config: &'c Config, root: &Path) -> Outside<'c> {
    let own = root.canonicalize().ok();
    let folders = config.sources.iter().filter_map(Source::folder);
    let folders = folders.filter_map(|folder| config.path(folder).canonicalize().ok());
    Outside { root: &config.root, others: folders.filter(|folder| Some(folder) != own.as_ref()).collect() }
}

/// Where the posts of a source stand on the web: under our address, and where they stood before.
fn bases(config: &Config, source: &Source) -> Vec<String> {
    [Some(config.publication.base_url.clone()), source.base_url.clone()].into_iter().flatten().collect()
}

/// Gives every draft its language, slug, address and id: slugs in the order of dates, so that a newer post never takes
/// the slug of an older one. What comes back is in the order of the files again.
fn name_all(run: &mut super::Run<'_>, source: &Source, drafts: Vec<Draft>, gathered: &mut Gathered) -> Vec<Named> {
    let languages = languages(run.config, source, &drafts);
    let mut order: Vec<usize> = (0..drafts.len()).collect();
    order.sort_by_key(|index| {
        let draft = &drafts[*index];
        (draft.written.is_none(), draft.written.map(|w| (w.date, w.time)), *index)
    });
    let mut slugs: Vec<String> = vec![String::new(); drafts.len()];
    let mut shared: Vec<(usize, String)> = Vec::new();
    for index in order {
        let draft = &drafts[index];
        let wanted = wanted_slug(draft);
        let slug = run.taken.slug(&languages[index], &wanted, draft.written.map(|w| w.date));
        if slug != wanted && !wanted.is_empty() {
            shared.push((index, wanted));
        }
        slugs[index] = slug;
    }
    gathered.warnings.extend(shared_slugs(&drafts, &slugs, shared));
    let mut named = Vec::with_capacity(drafts.len());
    for ((draft, language), slug) in drafts.into_iter().zip(languages).zip(slugs) {
        let candidate = identify(run.config, run.now, run.seen, draft, language, slug);
        let file = candidate.draft.file.clone();
        if let Err(other) = run.taken.id(&candidate.id, file.display().to_string()) {
            let place =
                candidate.draft.front.id.as_ref().map_or_else(|| Place::file(&file), |(_, place)| place.clone());
            let id = candidate.draft.front.id.as_ref().map_or_else(|| candidate.id.to_string(), |(id, _)| id.clone());
            let message = format!("id `{id}` is the id of `{other}` already; this post is left out");
            gathered.warnings.push(Warning::new(message).at(place));
            gathered.left_out.push(LeftOut { file, reason: format!("`{other}` has the same id") });
            continue;
        }
        if candidate.draft.written.is_none() {
            let key = identity::key(&candidate.language, &candidate.slug);
            gathered.sightings.extend(run.seen.sight(&source.name, key, run.now));
        }
        named.push(candidate);
    }
    named
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
fn shared_slugs(drafts: &[Draft], slugs: &[String], mut shared: Vec<(usize, String)>) -> Option<Warning> {
    shared.sort();
    let (index, wanted) = shared.first()?;
    let others = match shared.len() {
        1 => String::new(),
        more => format!("; so it is with {} more posts", more - 1),
    };
    let message = format!("slug `{wanted}` is another post's already; `{}` was given{others}", slugs[*index]);
    Some(Warning::new(message).at(Place::file(&drafts[*index].file)).hint("`slug` in the front matter names a post"))
}

fn identify(config: &Config, now: DateTime<Utc>, seen: &Seen, draft: Draft, language: Language, slug: String) -> Named {
    let publication = &config.publication;
    let key = identity::key(&language, &slug);
    let published = draft.written.map(|written| written.instant(publication.time_zone));
    let first_seen = match published {
        Some(published) => published.min(now),
        None => seen.first(&key).unwrap_or(now),
    };
    let day = draft.written.map_or_else(|| first_seen.date_naive(), |written| written.date);
    let id = match &draft.front.id {
        Some((id, _)) => identity::brought(publication, &language, id),
        None => identity::tag_uri(publication, day, &key),
    };
    let path = identity::path(publication, &language, &slug);
    let mut paths = vec![path.clone()];
    paths.extend(draft.front.path.clone());
    paths.extend(draft.front.aliases.iter().cloned());
    if let Some(written) = draft.written {
        // Jekyll's default permalink.
        paths.push(format!("{}/{}", written.date.format("%Y/%m/%d"), draft.name.stem));
    }
    let address = publication.url(&path);
    Named { draft, id, language, slug, address, paths, published, first_seen }
}

/// Reads one file as a post: a standing article of a series.
pub(super) fn article(config: &Config, path: &Path, now: DateTime<Utc>) -> Result<(Post, Vec<Warning>)> {
    let file = display(&config.root, path);
    let absolute = config.path(path);
    let markup = match absolute.extension().and_then(|extension| extension.to_str()) {
        Some("html" | "htm") => files::Markup::Html,
        _ => files::Markup::Markdown,
    };
    if let Err(cause) = std::fs::metadata(&absolute) {
        return Err(Error::io("read", &file, &cause));
    }
    let relative = absolute.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let candidate = files::Candidate { path: absolute.clone(), relative, markup };
    let draft = draft::read(candidate, file.clone())
        .map_err(|reason| Error::new(ErrorKind::Input, reason).at(Place::file(&file)))?;
    let said = draft.front.language.clone().or_else(|| draft.name.language.clone());
    let language = said.unwrap_or_else(|| config.publication.language.clone());
    let slug = Taken::default().slug(&language, &wanted_slug(&draft), None);
    let named = identify(config, now, &Seen::default(), draft, language, slug);
    let source = Source {
        name: "standing".to_owned(),
        kind: crate::config::SourceKind::Markdown { folder: PathBuf::new(), assets: Vec::new() },
        section: None,
        language: None,
        base_url: None,
        paused: false,
        authorization_env: None,
        line: 1,
    };
    let bases = bases(config, &source);
    let index = LinkIndex::new(bases.clone());
    let pictures = Pictures::new(asset_folders(config));
    let sanitiser = Sanitiser::new();
    let writer = post::Writer {
        config,
        source: &source,
        index: &index,
        pictures: &pictures,
        sanitiser: &sanitiser,
        bases: &bases,
    };
    Ok(writer.write(named))
}

/// Every folder of the configuration in which pictures may stand.
pub(super) fn asset_folders(config: &Config) -> Vec<PathBuf> {
    let mut folders = Vec::new();
    for source in &config.sources {
        if let crate::config::SourceKind::Markdown { folder, assets } = &source.kind {
            folders.extend([folder].into_iter().chain(assets).map(|folder| config.path(folder)));
        }
    }
    folders.push(config.root.clone());
    folders
}

#[cfg(test)]
mod tests;

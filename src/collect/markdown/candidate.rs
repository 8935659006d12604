//! Drafts on their way to an identity: what each looks like, which known post it is, and who may have an id.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use super::draft::Draft;
use super::naming::LanguageFolders;
use super::{Folder, duplicate};
use crate::collect::memory::{Known, Looks, Memory};
use crate::collect::{LeftOut, Run, identity};
use crate::config::{Config, Source};
use crate::error::{Place, Warning};
use crate::model::{Language, PostId};

/// A draft before it has its id and its address.
pub(super) struct Candidate<'a> {
    /// Which of the folders it stands in.
    pub(super) folder: usize,
    pub(super) draft: Draft,
    pub(super) language: Language,
    pub(super) looks: Looks,
    /// The id that its front matter gives it.
    pub(super) given: Option<PostId>,
    /// The known post that it is: by the id it gives, else by its looks.
    pub(super) known: Option<Known<'a>>,
    /// The latest record that it is, or looks like.
    pub(super) last_kept: Option<DateTime<Utc>>,
}

impl Candidate<'_> {
    /// The id that it says or had; none for a new post.
    pub(super) fn id(&self) -> Option<PostId> {
        self.given.clone().or_else(|| self.known.map(|known| PostId(known.id.to_owned())))
    }

    /// Whether an earlier run gave it the id that it has.
    fn is_itself(&self) -> bool {
        self.known.is_some_and(|known| self.given.as_ref().is_none_or(|given| given.0 == known.id))
    }
}

/// Takes the drafts out of all folders and finds out which known post each of them is. Of several that say one id all but
/// one are left out, and so are copies of files.
pub(super) fn all<'a>(run: &Run<'_>, memory: &mut Memory<'a>, folders: &mut [Folder<'_>]) -> Vec<Candidate<'a>> {
    let mut candidates = Vec::with_capacity(folders.iter().map(|folder| folder.drafts.len()).sum());
    for (index, folder) in folders.iter_mut().enumerate() {
        let drafts = std::mem::take(&mut folder.drafts);
        let languages = languages(run.config, folder.source, &drafts);
        for (draft, language) in drafts.into_iter().zip(languages) {
            let looks = looks(&draft);
            candidates.push(Candidate {
                folder: index,
                draft,
                language,
                looks,
                given: None,
                known: None,
                last_kept: None,
            });
        }
    }
    let all: Vec<(&Looks, &Language)> =
        candidates.iter().map(|candidate| (&candidate.looks, &candidate.language)).collect();
    let recognised = memory.recognise(&all);
    let mut by_looks = Vec::with_capacity(recognised.len());
    for (candidate, known) in candidates.iter_mut().zip(recognised) {
        candidate.known = known;
        by_looks.push(candidate.is_known_by_its_id(run.config));
        if let Some(known) = candidate.given.as_ref().and_then(|given| memory.of_id(&given.0)) {
            candidate.last_kept = candidate.known.map(|looks_like| looks_like.at);
            candidate.known = Some(known);
        }
        candidate.last_kept = candidate.last_kept.max(candidate.known.map(|known| known.at));
    }
    let candidates = with_ids_of_their_own(candidates, &by_looks, folders);
    duplicate::tell(&candidates, folders);
    candidates
}

impl Candidate<'_> {
    /// Reads the id that the front matter gives; says whether the post that it looks like has it, or whether it gives
    /// none and looks like one.
    fn is_known_by_its_id(&mut self, config: &Config) -> bool {
        let brought = |language: &Language| brought(config, &self.draft, language);
        // A post whose language is corrected, or whose publication has moved to another host, stays the one that it was: its id
        // names the language that it had at first.
        let at_first = |id: &str| Language::parse(id.rsplit_once(':')?.1.split_once('/')?.0);
        let as_before = self.known.filter(|known| {
            let is_its = |id: &PostId| identity::without_host(&id.0) == identity::without_host(known.id);
            let languages = [Some(known.own.language.clone()), at_first(known.id)];
            languages.into_iter().flatten().any(|language| brought(&language).as_ref().is_some_and(is_its))
        });
        self.given = as_before.map(|known| PostId(known.id.to_owned())).or_else(|| brought(&self.language));
        self.is_itself()
    }
}

/// Of several drafts that say one id the post that was known by it has it, else the first one.
fn with_ids_of_their_own<'a>(
    candidates: Vec<Candidate<'a>>,
    by_looks: &[bool],
    folders: &mut [Folder<'_>],
) -> Vec<Candidate<'a>> {
    let mut owners: HashMap<PostId, usize> = HashMap::new();
    for (index, candidate) in candidates.iter().enumerate() {
        let Some(id) = candidate.id() else { continue };
        let owner = owners.entry(id).or_insert(index);
        if by_looks[index] && !by_looks[*owner] {
            *owner = index;
        }
    }
    let files: HashMap<PostId, (usize, String)> =
        owners.into_iter().map(|(id, owner)| (id, (owner, candidates[owner].looks.file.clone()))).collect();
    let mut kept = Vec::with_capacity(candidates.len());
    for (index, candidate) in candidates.into_iter().enumerate() {
        match candidate.id().and_then(|id| files.get(&id)) {
            Some((owner, file)) if *owner != index => leave_out(&candidate, file, &mut folders[candidate.folder]),
            _ => kept.push(candidate),
        }
    }
    kept
}

fn leave_out(candidate: &Candidate<'_>, other: &str, folder: &mut Folder<'_>) {
    let file = candidate.draft.file.clone();
    let (id, place) = match candidate.draft.front.given_id() {
        Some((id, place)) => (id.clone(), place.clone()),
        None => (candidate.id().map_or_else(String::new, |id| id.0), Place::file(&file)),
    };
    let message = format!("id `{id}` is the id of `{other}` already; this post is left out");
    folder.gathered.warnings.push(Warning::new(message).at(place));
    folder.gathered.left_out.push(LeftOut { file, reason: format!("`{other}` has the same id") });
}

/// The id that a draft's front matter gives: `id` as our own are written, `guid` letter by letter.
pub(super) fn brought(config: &Config, draft: &Draft, language: &Language) -> Option<PostId> {
    let guid = || draft.front.guid.as_ref().map(|(guid, _)| PostId(guid.clone()));
    draft.front.id.as_ref().map(|(id, _)| identity::brought(&config.publication, language, id)).or_else(guid)
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

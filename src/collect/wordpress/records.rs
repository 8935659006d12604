//! What of a post of an export is to be kept, and what it is given by that.

use std::collections::HashSet;

use chrono::{DateTime, TimeDelta, Utc};

use super::exported::{Exported, Short};
use super::naming::{Draft, Site, by_words};
use super::recognise::Known;
use crate::collect::Gathered;
use crate::collect::sightings::Sighting;
use crate::model::PostId;

/// When a post was seen.
pub(super) struct Times {
    /// For the first time.
    pub(super) first: DateTime<Utc>,
    /// With other words than before, the last time.
    pub(super) changed: Option<DateTime<Utc>>,
}

/// The lines of one export.
pub(super) struct Records<'a> {
    now: DateTime<Utc>,
    site: &'a Site<'a>,
    /// The ids of posts to which the export gives others now.
    kept_ids: HashSet<&'a str>,
    sightings: Vec<Sighting>,
    /// How many posts have another guid than at the run before.
    renamed: usize,
}

impl<'a> Records<'a> {
    pub(super) fn new(now: DateTime<Utc>, site: &'a Site<'a>, drafts: &[Draft], known: &[Option<Known<'a>>]) -> Self {
        let known = drafts.iter().zip(known).filter_map(|(draft, known)| Some((draft, (*known)?)));
        let kept_ids = known.filter(|(draft, known)| draft.id.0 != known.id).map(|(_, known)| known.id).collect();
        Self { now, site, kept_ids, sightings: Vec::new(), renamed: 0 }
    }

    /// The id of a post: that under which it was first seen, else that which the export gives it, unless another post was
    /// first seen under that.
    pub(super) fn id(&self, draft: &Draft, known: Option<Known<'_>>) -> PostId {
        match known {
            Some(known) => PostId(known.id.to_owned()),
            None if self.kept_ids.contains(draft.id.0.as_str()) => PostId(by_words(draft.head.whole)),
            None => draft.id.clone(),
        }
    }

    /// Notes what a post looks like, where that is not kept yet, and says when it was seen. `guid` is the id that the export
    /// gives it.
    pub(super) fn keep(&mut self, id: &PostId, guid: &PostId, looks: &Exported, known: Option<Known<'_>>) -> Times {
        let before = known.map(|known| &known.kept.exported);
        // Always later than what it replaces, whatever the clocks of two runs said.
        let later = known.and_then(|known| known.kept.at.checked_add_signed(TimeDelta::seconds(1)));
        let at = later.map_or(self.now, |later| self.now.max(later));
        let guid = (guid != id).then(|| Short::of_id(guid));
        let mut looks = Exported { guid, changed: before.and_then(|before| before.changed), ..looks.clone() };
        if before.and_then(|before| before.words).zip(looks.words).is_some_and(|(before, now)| before != now) {
            looks.changed = Some(at);
        }
        let earlier = self.site.seen.first().and_then(|seen| seen.first(&id.0));
        let first = known.map(|known| known.kept.first_seen).or(earlier).unwrap_or(self.now);
        let times = Times { first, changed: looks.changed };
        let is_kept = known.is_some_and(|known| known.is_here) && before == Some(&looks);
        // Of one that is scheduled nothing is kept: until it is public it may become another one.
        let is_public = looks.date.is_none_or(|date| date <= self.now);
        if self.site.keeps && is_public && !is_kept {
            self.renamed += usize::from(before.is_some_and(|before| before.guid != looks.guid) && looks.guid.is_some());
            self.sightings.push(Sighting {
                at: Some(at).filter(|at| *at != first),
                exported: Some(looks),
                ..Sighting::of(&self.site.source.name, &id.0, first)
            });
        }
        times
    }

    /// Hands on what is to be kept.
    pub(super) fn finish(self, gathered: &mut Gathered) {
        let name = &self.site.source.name;
        gathered.notes.extend(match self.renamed {
            0 => None,
            1 => Some(format!("a post of `{name}` has another guid now; it keeps its id")),
            more => Some(format!("{more} posts of `{name}` have other guids now; they keep their ids")),
        });
        gathered.sightings.extend(self.sightings);
    }
}

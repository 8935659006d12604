//! Relative addresses made absolute, once all of a feed's bases are known.

use std::borrow::Cow;

use url::Url;

use super::scope::join;
use super::wire::{Base, Feed};

/// Makes the addresses of a feed and its items absolute, as far as their bases are known. `base` is the feed's own;
/// `document` is where it was fetched, in a format that does not say that relative addresses start there.
pub(super) fn absolute_addresses(feed: &mut Feed<'_>, base: Base, document: Option<&Url>) {
    let bases = std::mem::take(&mut feed.bases);
    let at = |base: Base| bases.get(base.0 as usize).and_then(Option::as_ref);
    let relations = &mut feed.relations;
    // What belongs to the document stands where the document does, whatever site it is of.
    let beside = document.or(at(base));
    let own = [&mut relations.this, &mut relations.next, &mut relations.previous_archive, &mut relations.moved_to];
    for address in own.into_iter().chain(&mut relations.hubs) {
        make_absolute(address, beside);
    }
    for address in [&mut feed.link, &mut feed.picture] {
        make_absolute(address, at(base));
    }
    for item in &mut feed.items {
        let base = at(item.base);
        let picture = item.picture.written().map(|picture| &mut picture.address);
        let comments = item.comments.written().map(|comments| [&mut comments.page, &mut comments.feed]);
        let (chapters, transcripts, marks) = match item.episode.written() {
            Some(episode) => (Some(&mut episode.chapters), Some(&mut episode.transcripts), Some(&mut episode.marks)),
            None => (None, None, None),
        };
        let marks = marks.into_iter().flatten().map(|(_, _, address)| address);
        let files = item.enclosures.iter_mut().chain(transcripts.into_iter().flatten()).map(|file| &mut file.address);
        let about = item.about.iter_mut().map(|(address, _)| address);
        let source = item.source.written().map(|source| &mut source.link);
        let own = [&mut item.link].into_iter().chain(source).chain(picture).chain(chapters);
        for address in own.chain(comments.into_iter().flatten()).chain(about).chain(files).chain(marks) {
            make_absolute(address, base);
        }
    }
    feed.bases = bases;
}

fn make_absolute(address: &mut Cow<'_, str>, base: Option<&Url>) {
    let is_absolute = address.starts_with("https://") || address.starts_with("http://") || address.is_empty();
    if is_absolute {
        return;
    }
    if let Some(url) = join(base, address) {
        *address = Cow::Owned(url.into());
    }
}

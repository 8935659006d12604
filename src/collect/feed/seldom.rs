//! What few items have takes no room in the others: a feed of ten thousand is held at once.

use std::borrow::Cow;
use std::ops::{Deref, DerefMut};

use super::wire::{Archived, Comments, DateText, Episode, Kind, Location, PictureCredit, Source, WirePicture};

/// A value that most items leave empty. Writing to it makes room for it.
#[derive(Clone, Debug)]
pub struct Seldom<T>(Option<Box<T>>);

impl<T> Seldom<T> {
    /// The value, if it was written to.
    pub(super) fn written(&mut self) -> Option<&mut T> {
        self.0.as_deref_mut()
    }
}

impl<T> Default for Seldom<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T> From<T> for Seldom<T> {
    fn from(value: T) -> Self {
        Self(Some(Box::new(value)))
    }
}

impl<T: Empty> Deref for Seldom<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.0.as_deref().unwrap_or_else(|| T::empty())
    }
}

impl<T: Empty + Default> DerefMut for Seldom<T> {
    fn deref_mut(&mut self) -> &mut T {
        self.0.get_or_insert_default()
    }
}

/// What has a value that says nothing.
pub trait Empty {
    /// That value.
    fn empty<'s>() -> &'s Self;
}

const NONE: Cow<'static, str> = Cow::Borrowed("");

impl Empty for WirePicture<'_> {
    fn empty<'s>() -> &'s Self {
        static EMPTY: WirePicture<'static> = WirePicture {
            address: NONE,
            alt: NONE,
            caption: NONE,
            credit: PictureCredit { names: Vec::new(), rights: NONE },
        };
        &EMPTY
    }
}

impl Empty for Comments<'_> {
    fn empty<'s>() -> &'s Self {
        static EMPTY: Comments<'static> = Comments { page: NONE, feed: NONE, count: None };
        &EMPTY
    }
}

impl Empty for Episode<'_> {
    fn empty<'s>() -> &'s Self {
        static EMPTY: Episode<'static> = Episode {
            number: NONE,
            season: NONE,
            subtitle: NONE,
            people: Vec::new(),
            duration: NONE,
            transcripts: Vec::new(),
            chapters: NONE,
            marks: Vec::new(),
        };
        &EMPTY
    }
}

impl Empty for Archived<'_> {
    fn empty<'s>() -> &'s Self {
        static EMPTY: Archived<'static> = Archived { kind: Kind::Post, status: NONE, path: NONE, answers: NONE };
        &EMPTY
    }
}

impl Empty for Location<'_> {
    fn empty<'s>() -> &'s Self {
        static EMPTY: Location<'static> = Location { point: NONE, name: NONE };
        &EMPTY
    }
}

impl Empty for Source<'_> {
    fn empty<'s>() -> &'s Self {
        static EMPTY: Source<'static> = Source { title: NONE, link: NONE };
        &EMPTY
    }
}

impl Empty for DateText<'_> {
    fn empty<'s>() -> &'s Self {
        static EMPTY: DateText<'static> = DateText { text: NONE, offset: 0 };
        &EMPTY
    }
}

#[cfg(test)]
mod tests {
    use super::super::wire::Episode;
    use super::Seldom;

    #[test]
    fn what_nothing_was_written_to_is_empty_and_takes_no_room() {
        let mut episode: Seldom<Episode<'_>> = Seldom::default();
        assert_eq!(*episode, Episode::default());
        assert!(episode.written().is_none());
        episode.number = "3".into();
        assert_eq!((&*episode.number, &*episode.season), ("3", ""));
        assert!(episode.written().is_some());
        assert_eq!(size_of::<Seldom<Episode<'_>>>(), size_of::<usize>());
    }
}

//! An item that is being filled.

use std::borrow::Cow;

use super::vocabulary::Field;
use super::wire::{Item, Kind};
use crate::collect::commas::between_commas;
use crate::collect::plain;

/// An item has no more authors and files.
pub(super) const MOST: usize = 100;

/// A feed has no more items: a hundred years of three posts a day. What is beyond them is told, and costs no memory.
pub(super) const MOST_ITEMS: usize = 100_000;

/// The ranks of the values that are there: a value gives way to one of a higher rank.
#[derive(Debug, Default)]
pub(super) struct Ranks {
    pub(super) id: u8,
    pub(super) link: u8,
    pub(super) title: u8,
    pub(super) summary: u8,
    pub(super) content: u8,
    pub(super) authors: u8,
    pub(super) published: u8,
    pub(super) updated: u8,
    pub(super) picture: u8,
    pub(super) language: u8,
    pub(super) location: u8,
}

/// An item that is being filled.
#[derive(Debug)]
pub(super) struct Draft<'a> {
    pub(super) item: Item<'a>,
    pub(super) ranks: Ranks,
    /// How many elements are open, its own included.
    pub(super) depth: usize,
}

impl<'a> Draft<'a> {
    /// Takes a value of one line.
    pub(super) fn word(&mut self, field: Field, rank: u8, value: Cow<'a, str>) {
        let (item, ranks) = (&mut self.item, &mut self.ranks);
        match field {
            Field::Author => {
                if rank > ranks.authors {
                    item.authors.clear();
                    ranks.authors = rank;
                }
                if rank == ranks.authors && item.authors.len() < MOST && !item.authors.contains(&value) {
                    item.authors.push(value);
                }
            }
            Field::Category => item.categories.push(value),
            Field::Keywords => {
                let words = between_commas(&value);
                item.categories.extend(words.map(|word| Cow::Owned(word.to_owned())));
            }
            Field::Language => take(&mut item.language, &mut ranks.language, rank, value),
            Field::SourceTitle => item.source_title = value,
            Field::SourceLink => item.source_link = value,
            Field::Picture => take(&mut item.picture.address, &mut ranks.picture, rank, value),
            Field::PictureAlt => item.picture.alt = value,
            Field::PictureCaption => item.picture.caption = value,
            Field::PictureCredit => item.picture.credit.add(value),
            Field::PictureRights => item.picture.credit.rights = value,
            Field::Draft => item.is_draft = value.eq_ignore_ascii_case("yes"),
            Field::Kind => item.archived.kind = kind(&value),
            Field::Status => item.archived.status = value,
            Field::Path => item.archived.path = value,
            Field::Answers => item.archived.answers = value,
            Field::CommentPage => item.comments.page = value,
            Field::CommentFeed => item.comments.feed = value,
            Field::CommentCount => item.comments.count = value.parse().ok(),
            Field::Subtitle => item.episode.subtitle = value,
            Field::EpisodeNumber => item.episode.number = value,
            Field::Season => item.episode.season = value,
            Field::Duration => item.episode.duration = value,
            Field::Point => item.location.point = value,
            // Either may come first; a third one is neither.
            Field::Latitude | Field::Longitude if item.location.point.len() > MOST => {}
            Field::Latitude => item.location.point = value + item.location.point.clone(),
            Field::Longitude => item.location.point = item.location.point.clone() + " " + value,
            Field::PlaceName => take(&mut item.location.name, &mut ranks.location, rank, value),
            _ => {}
        }
    }
}

/// What Blogger says that an item is: `POST`, or the address of a kind of Google's data, `…/blogger/2008/kind#post`.
fn kind(value: &str) -> Kind {
    match value.rsplit('#').next().unwrap_or(value).to_ascii_lowercase().as_str() {
        "page" => Kind::Page,
        "comment" => Kind::Comment,
        "settings" | "template" => Kind::Setting,
        _ => Kind::Post,
    }
}

/// Takes a value, unless one of its rank or a higher one is there.
pub(super) fn take<T: Default>(place: &mut T, there: &mut u8, rank: u8, value: T) {
    if rank > *there {
        *place = value;
        *there = rank;
    }
}

/// A value as one line of text.
pub(super) fn line(value: Cow<'_, str>, is_html: bool) -> Cow<'_, str> {
    let is_plain = !value.bytes().any(|byte| matches!(byte, b'<' | b'&' | b'\n' | b'\r' | b'\t'));
    if is_plain && !value.contains("  ") {
        return value;
    }
    Cow::Owned(if is_html { plain::from_html(&value) } else { plain::one_line(&value) })
}

//! A part of a message with open places, encoded as far as it is the same for everybody.

use std::borrow::Cow;

use super::super::piece::{Piece, Shared};
use super::base64::{self, Writer};
use super::quoted;
use crate::model::Marks;

/// What stands in an open place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Greeting,
    Unsubscribe,
    ListTitle,
}

/// A text, cut at its open places.
#[derive(Clone, Debug)]
enum Chunk<F> {
    Fixed(F),
    Open(Place),
}

#[derive(Clone, Debug)]
enum Encoded {
    Quoted(Vec<Chunk<Shared>>),
    Base64(Vec<Chunk<base64::Fixed>>),
}

/// A text part: its content type, its encoding, its text.
#[derive(Clone, Debug)]
pub(super) struct Part {
    encoded: Encoded,
    is_html: bool,
}

/// A recipient's own words.
#[derive(Clone, Copy, Debug)]
pub(super) struct Words<'w> {
    pub(super) greeting: &'w str,
    pub(super) unsubscribe: &'w str,
    pub(super) list: &'w str,
}

impl Words<'_> {
    fn of(&self, place: Place, is_html: bool) -> Cow<'_, str> {
        let words = match place {
            Place::Greeting => self.greeting,
            Place::Unsubscribe => self.unsubscribe,
            Place::ListTitle => self.list,
        };
        if is_html { escape(words) } else { Cow::Borrowed(words) }
    }
}

impl Part {
    /// A part in base64 when most of it is beyond ASCII, else in quoted-printable, which people can read. Both keep
    /// lines short, however long those of the text are.
    pub(super) fn new(text: &str, marks: &Marks, is_html: bool) -> Self {
        let text = text.replace("\r\n", "\n");
        let beyond = text.bytes().filter(|byte| !byte.is_ascii()).count();
        let encoded = if beyond * 6 > text.len() {
            // Ends of lines are CRLF in what is encoded (RFC 2045 6.8).
            Encoded::Base64(chunks(&text, marks, |fixed| base64::Fixed::new(fixed.replace('\n', "\r\n").into_bytes())))
        } else {
            Encoded::Quoted(chunks(&text, marks, |fixed| {
                let mut out = Vec::with_capacity(fixed.len() * 11 / 10);
                quoted::encode(fixed, &mut out);
                Shared::new(out)
            }))
        };
        Self { encoded, is_html }
    }

    /// The header of the part.
    pub(super) fn head(&self) -> String {
        let kind = if self.is_html { "text/html" } else { "text/plain" };
        let encoding = match self.encoded {
            Encoded::Quoted(_) => "quoted-printable",
            Encoded::Base64(_) => "base64",
        };
        format!("Content-Type: {kind}; charset=utf-8\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n")
    }

    /// The part with a recipient's words in it.
    pub(super) fn fill<'p>(&'p self, words: &Words<'_>, into: &mut Vec<Piece<'p>>) {
        match &self.encoded {
            Encoded::Quoted(chunks) => {
                for chunk in chunks {
                    match chunk {
                        Chunk::Fixed(fixed) => into.push(fixed.piece()),
                        Chunk::Open(place) => {
                            let mut out = Vec::new();
                            quoted::encode(&words.of(*place, self.is_html), &mut out);
                            into.push(out.into());
                        }
                    }
                }
            }
            Encoded::Base64(chunks) => {
                let mut writer = Writer::default();
                for chunk in chunks {
                    match chunk {
                        Chunk::Fixed(fixed) => writer.fixed(fixed, into),
                        Chunk::Open(place) => writer.open(words.of(*place, self.is_html).as_bytes(), into),
                    }
                }
                writer.end(into);
            }
        }
    }
}

fn chunks<F>(text: &str, marks: &Marks, fixed: impl Fn(&str) -> F) -> Vec<Chunk<F>> {
    let places = [
        (marks.greeting(), Place::Greeting),
        (marks.unsubscribe(), Place::Unsubscribe),
        (marks.list_title(), Place::ListTitle),
    ];
    let mut chunks = Vec::new();
    let mut rest = text;
    loop {
        let found = places
            .iter()
            .filter_map(|(mark, place)| Some((rest.find(mark)?, mark, *place)))
            .min_by_key(|found| found.0);
        let Some((at, mark, place)) = found else {
            chunks.push(Chunk::Fixed(fixed(rest)));
            return chunks;
        };
        chunks.push(Chunk::Fixed(fixed(&rest[..at])));
        chunks.push(Chunk::Open(place));
        rest = &rest[at + mark.len()..];
    }
}

/// Text as HTML.
pub(super) fn escape(text: &str) -> Cow<'_, str> {
    if !text.contains(['&', '<', '>', '"']) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;"))
}

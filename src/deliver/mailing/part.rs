//! A part of a message with open places, encoded as far as it is the same for everybody.

use std::borrow::Cow;

use super::super::piece::{Piece, Shared};
use super::base64::{self, Writer};
use super::{quoted, seven_bit};
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
    SevenBit(Vec<Chunk<Shared>>),
    Quoted(Vec<Chunk<Shared>>),
    Base64(Vec<Chunk<base64::Fixed>>),
}

/// A text part: its content type, its encoding, its text.
#[derive(Clone, Debug)]
pub(super) struct Part {
    /// The shortest encoding first. The last one takes any words.
    encodings: Vec<(Shared, Encoded)>,
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
    /// lines short, however long those of the text are. HTML goes as it is where that is shorter, to all whose words leave its
    /// lines short enough.
    pub(super) fn new(text: &str, marks: &Marks, is_html: bool) -> Self {
        let text = text.replace("\r\n", "\n");
        let beyond = text.bytes().filter(|byte| !byte.is_ascii()).count();
        if beyond * 6 > text.len() {
            // Ends of lines are CRLF in what is encoded (RFC 2045 6.8).
            let fixed = |fixed: &str| base64::Fixed::new(crlf(fixed));
            return Self::of(vec![Encoded::Base64(chunks(&text, marks, fixed))], is_html);
        }
        let quoted = chunks(&text, marks, |fixed| {
            let mut out = Vec::with_capacity(fixed.len() * 11 / 10);
            quoted::encode(fixed, &mut out);
            Shared::new(out)
        });
        let plain = is_html.then(|| seven_bit(&text, marks)).flatten();
        match plain.filter(|plain| length(plain) < length(&quoted)) {
            Some(plain) => Self::of(vec![Encoded::SevenBit(plain), Encoded::Quoted(quoted)], is_html),
            None => Self::of(vec![Encoded::Quoted(quoted)], is_html),
        }
    }

    fn of(encodings: Vec<Encoded>, is_html: bool) -> Self {
        let kind = if is_html { "text/html" } else { "text/plain" };
        let with_head = |encoded: Encoded| {
            let encoding = match encoded {
                Encoded::SevenBit(_) => "7bit",
                Encoded::Quoted(_) => "quoted-printable",
                Encoded::Base64(_) => "base64",
            };
            let head = format!("Content-Type: {kind}; charset=utf-8\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n");
            (Shared::new(head.into_bytes()), encoded)
        };
        Self { encodings: encodings.into_iter().map(with_head).collect(), is_html }
    }

    /// The part with its header, and with a recipient's words in it.
    pub(super) fn fill<'p>(&'p self, words: &Words<'_>, into: &mut Vec<Piece<'p>>) {
        let begin = into.len();
        for (head, encoded) in &self.encodings {
            into.truncate(begin);
            into.push(head.piece());
            if self.fill_encoded(encoded, words, into) {
                return;
            }
        }
    }

    /// Whether these words can stand there.
    fn fill_encoded<'p>(&'p self, encoded: &'p Encoded, words: &Words<'_>, into: &mut Vec<Piece<'p>>) -> bool {
        match encoded {
            Encoded::SevenBit(chunks) => {
                let mut length = 0;
                fill(chunks, into, |place| {
                    let words = seven_bit::words(&words.of(place, self.is_html));
                    length += words.as_ref().map_or(seven_bit::MOST_WORDS + 1, String::len);
                    words.map(|words| crlf(&words)).unwrap_or_default()
                });
                return length <= seven_bit::MOST_WORDS;
            }
            Encoded::Quoted(chunks) => fill(chunks, into, |place| {
                let mut out = Vec::new();
                quoted::encode(&words.of(place, self.is_html), &mut out);
                out
            }),
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
        true
    }
}

fn fill<'p>(chunks: &'p [Chunk<Shared>], into: &mut Vec<Piece<'p>>, mut open: impl FnMut(Place) -> Vec<u8>) {
    into.extend(chunks.iter().map(|chunk| match chunk {
        Chunk::Fixed(fixed) => fixed.piece(),
        Chunk::Open(place) => open(*place).into(),
    }));
}

/// A page as `7bit`, where it can be.
fn seven_bit(html: &str, marks: &Marks) -> Option<Vec<Chunk<Shared>>> {
    let page = seven_bit::page(html, &[marks.greeting(), marks.unsubscribe(), marks.list_title()])?;
    let pieces = chunks(&page, marks, str::to_owned);
    let last = pieces.len().saturating_sub(1);
    let piece = |(at, piece): (usize, Chunk<String>)| match piece {
        Chunk::Fixed(fixed) => Chunk::Fixed(Shared::new(crlf(&seven_bit::beside(&fixed, at > 0, at < last)))),
        Chunk::Open(place) => Chunk::Open(place),
    };
    Some(pieces.into_iter().enumerate().map(piece).collect())
}

fn crlf(text: &str) -> Vec<u8> {
    text.replace('\n', "\r\n").into_bytes()
}

/// The bytes of what is the same for everybody.
fn length(chunks: &[Chunk<Shared>]) -> usize {
    let of = |chunk: &Chunk<Shared>| if let Chunk::Fixed(fixed) = chunk { fixed.piece().len() } else { 0 };
    chunks.iter().map(of).sum()
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

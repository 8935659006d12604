//! The bytes of an export as clean text, with the place where one reads: decoded, without control characters, and
//! bounded, so that no broken value is gathered in memory to its end.

use std::collections::BTreeMap;
use std::io::{self, BufRead, Read};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{CoderResult, Decoder, DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE};

use crate::collect::decode;

/// Bytes that are looked at to tell the encoding, and that are read at a time.
const SNIFFED: usize = 64 << 10;

/// A place in the decoded text: line and column in characters, both from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Position {
    pub(super) line: usize,
    pub(super) column: usize,
}

impl Position {
    /// The place after this text.
    fn after(self, text: &[u8]) -> Self {
        let lines = memchr::memchr_iter(b'\n', text).count();
        let last = if lines == 0 { text } else { text.rsplit(|byte| *byte == b'\n').next().unwrap_or_default() };
        let characters = last.iter().filter(|byte| **byte & 0xc0 != 0x80).count();
        Self { line: self.line + lines, column: if lines == 0 { self.column + characters } else { characters + 1 } }
    }
}

/// Text that is read piece by piece.
pub(super) struct Stream<R> {
    inner: R,
    decoder: Option<Decoder>,
    /// Bytes that were read and not yet decoded.
    raw: Vec<u8>,
    /// Decoded text, of which `at` bytes were consumed.
    text: Vec<u8>,
    at: usize,
    ended: bool,
    position: Position,
    /// Bytes consumed since the last [`Stream::begin`], and how many may be.
    taken: usize,
    longest: usize,
    /// What was changed on the way, by kind: where it stood first, and how often.
    changes: BTreeMap<Change, (Position, usize)>,
}

/// Something that is no text, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Change {
    /// A control character that XML does not allow was dropped.
    Dropped(u8),
    /// Bytes that are not UTF-8 were read as what they may be.
    Foreign(Vec<u8>),
    /// Bytes that are none of the file's encoding were replaced, somewhere from here on.
    Replaced(&'static str),
    /// Nothing true is said of the file's encoding, which looks like this one.
    Guessed(&'static str),
}

/// Kinds of changes that are told one by one, and that are noted.
const TOLD: usize = 20;
const MOST: usize = 1000;

impl<R: Read> Stream<R> {
    /// Reads `inner`; more than `longest` bytes at a time are an error.
    pub(super) fn new(inner: R, longest: usize) -> Self {
        Self {
            inner,
            decoder: None,
            raw: Vec::new(),
            text: Vec::new(),
            at: 0,
            ended: false,
            position: Position { line: 1, column: 1 },
            taken: 0,
            longest,
            changes: BTreeMap::new(),
        }
    }

    /// Begins a new piece of text, and says where.
    pub(super) fn begin(&mut self) -> Position {
        self.taken = 0;
        self.position
    }

    /// Where the reading is.
    pub(super) fn position(&self) -> Position {
        self.position
    }

    /// What is to be told of what was no text, in the order of the file.
    pub(super) fn changes(&self) -> Vec<(Position, String)> {
        let told = |(change, (at, count)): (&Change, &(Position, usize))| {
            let what = match change {
                Change::Dropped(byte) => format!("the character U+{byte:04X} is not allowed in XML and was dropped"),
                Change::Foreign(bytes) => decode::foreign_in_words(bytes),
                Change::Replaced(name) => {
                    format!("some letters near here are not in the file's encoding, {name}; `\u{fffd}` stands for them")
                }
                Change::Guessed(name) => format!("this is not UTF-8; all of it was read as {name}"),
            };
            let more = match count {
                1 => String::new(),
                2 => " (and once more)".to_owned(),
                count => format!(" (and {} times more)", count - 1),
            };
            (*at, what + &more)
        };
        let mut all: Vec<(Position, String)> = self.changes.iter().map(told).collect();
        all.sort();
        all.truncate(TOLD);
        all
    }

    /// Notes a change at a byte of the text that was decoded.
    fn note(&mut self, change: Change, at: usize) {
        if let Some((_, count)) = self.changes.get_mut(&change) {
            *count += 1;
        } else if self.changes.len() < MOST {
            let place = self.position.after(&self.text[self.at..at]);
            self.changes.insert(change, (place, 1));
        }
    }

    /// Moves to the next `<item`; says whether there is one.
    pub(super) fn skip_to_item(&mut self) -> io::Result<bool> {
        const ITEM: &[u8] = b"<item";
        loop {
            let rest = &self.text[self.at..];
            let found = rest
                .windows(ITEM.len() + 1)
                .position(|window| window.starts_with(ITEM) && (window[5] == b'>' || window[5].is_ascii_whitespace()));
            self.taken = 0;
            if let Some(found) = found {
                self.consume(found);
                self.taken = 0;
                return Ok(true);
            }
            // The tag may begin at the end of what was read so far.
            self.consume(rest.len().saturating_sub(ITEM.len()));
            if self.ended {
                self.consume(self.text.len() - self.at);
                return Ok(false);
            }
            self.refill()?;
        }
    }

    /// Appends what is read next to the text.
    fn refill(&mut self) -> io::Result<()> {
        self.text.drain(..self.at);
        self.at = 0;
        let before = self.raw.len();
        self.raw.resize(before + SNIFFED, 0);
        let mut filled = before;
        while filled < self.raw.len() {
            match self.inner.read(&mut self.raw[filled..]) {
                Ok(0) => break,
                Ok(count) => filled += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        self.ended = filled < self.raw.len();
        self.raw.truncate(filled);
        if self.decoder.is_none() {
            let (encoding, is_guessed) = encoding(&self.raw);
            if is_guessed {
                self.note(Change::Guessed(encoding.name()), self.at);
            }
            self.decoder = Some(encoding.new_decoder_with_bom_removal());
        }
        self.decode();
        Ok(())
    }

    fn decode(&mut self) {
        let Some(mut decoder) = self.decoder.take() else { return };
        let start = self.text.len();
        if decoder.encoding() == UTF_8 {
            self.decode_utf_8(&mut decoder);
        } else {
            let room = decoder.max_utf8_buffer_length(self.raw.len()).unwrap_or(self.raw.len() * 3 + 16);
            self.text.resize(start + room, 0);
            let (result, read, written, replaced) =
                decoder.decode_to_utf8(&self.raw, &mut self.text[start..], self.ended);
            debug_assert!(result == CoderResult::InputEmpty, "the buffer is as large as the decoder asks for");
            self.raw.drain(..read);
            self.text.truncate(start + written);
            if replaced {
                self.note(Change::Replaced(decoder.encoding().name()), start);
            }
        }
        self.decoder = Some(decoder);
        self.drop_illegal(start);
    }

    /// Decodes UTF-8 among which bytes from elsewhere may stand.
    fn decode_utf_8(&mut self, decoder: &mut Decoder) {
        loop {
            let start = self.text.len();
            let room = decoder.max_utf8_buffer_length_without_replacement(self.raw.len());
            self.text.resize(start + room.unwrap_or(self.raw.len() + 16), 0);
            let (result, read, written) =
                decoder.decode_to_utf8_without_replacement(&self.raw, &mut self.text[start..], self.ended);
            self.text.truncate(start + written);
            let broken = match result {
                DecoderResult::Malformed(length, after) => {
                    // They may have begun in an earlier block, which is gone.
                    let end = read.saturating_sub(usize::from(after));
                    Some(self.raw[end.saturating_sub(usize::from(length))..end].to_vec())
                }
                _ => None,
            };
            self.raw.drain(..read);
            let Some(bytes) = broken else { return };
            let at = self.text.len();
            self.text.extend(decode::foreign(&bytes).bytes());
            self.note(Change::Foreign(bytes), at);
        }
    }

    /// Drops what XML does not allow from the text that begins at `start`.
    fn drop_illegal(&mut self, start: usize) {
        if self.text[start..].iter().any(|byte| is_illegal(*byte)) {
            let mut kept = start;
            for index in start..self.text.len() {
                let byte = self.text[index];
                if is_illegal(byte) {
                    self.note(Change::Dropped(byte), kept);
                } else {
                    self.text[kept] = byte;
                    kept += 1;
                }
            }
            self.text.truncate(kept);
        }
    }
}

impl<R: Read> Read for Stream<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let count = available.len().min(buffer.len());
        buffer[..count].copy_from_slice(&available[..count]);
        self.consume(count);
        Ok(count)
    }
}

impl<R: Read> BufRead for Stream<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.taken > self.longest {
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, "a value is too large"));
        }
        while self.at == self.text.len() && !self.ended {
            self.refill()?;
        }
        Ok(&self.text[self.at..])
    }

    fn consume(&mut self, count: usize) {
        self.position = self.position.after(&self.text[self.at..self.at + count]);
        self.at += count;
        self.taken += count;
    }
}

/// Bytes of characters that XML 1.0 (2.2) does not allow.
fn is_illegal(byte: u8) -> bool {
    byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r')
}

/// The encoding of a file that begins with `head`: by its byte order mark; by the pattern of UTF-16; UTF-8 where it
/// reads as that; as declared; UTF-8 again where most of it does, for a broken letter is no other encoding. And whether it
/// is but a guess.
fn encoding(head: &[u8]) -> (&'static Encoding, bool) {
    if let Some((encoding, _)) = Encoding::for_bom(head) {
        return (encoding, false);
    }
    match head.get(..4) {
        Some([0, b'<', 0, _]) => return (UTF_16BE, false),
        Some([b'<', 0, _, 0]) => return (UTF_16LE, false),
        _ => {}
    }
    let declared = declared(head);
    let broken = match std::str::from_utf8(head) {
        Ok(text) if text.is_ascii() => return (declared.unwrap_or(UTF_8), false),
        Ok(_) => return (UTF_8, false),
        // The head may end in the middle of a character.
        Err(error) if error.error_len().is_none() => return (UTF_8, false),
        Err(_) => String::from_utf8_lossy(head).matches('\u{fffd}').count(),
    };
    if let Some(declared) = declared {
        return (declared, false);
    }
    let whole = String::from_utf8_lossy(head).chars().filter(|c| !c.is_ascii()).count() - broken;
    if whole > broken {
        return (UTF_8, false);
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(head, true);
    (detector.guess(None, Utf8Detection::Allow), true)
}

/// What the XML declaration says, where it says another encoding than UTF-8 and can be true.
fn declared(head: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(&head[..head.len().min(200)]).into_owned();
    let after = head.split_once("encoding")?.1.trim_start().strip_prefix('=')?.trim_start();
    let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let found = Encoding::for_label(after[1..].split(quote).next()?.trim().as_bytes())?;
    (found != UTF_8 && found != UTF_16BE && found != UTF_16LE).then_some(found)
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead as _, Read as _};

    use super::{Position, Stream};

    fn text(bytes: &[u8]) -> String {
        let mut text = String::new();
        Stream::new(bytes, 1 << 20).read_to_string(&mut text).unwrap();
        text
    }

    #[test]
    fn every_encoding_becomes_clean_text() {
        assert_eq!(text("\u{feff}<a>\u{8}é\u{0}</a>\n".as_bytes()), "<a>é</a>\n");
        assert_eq!(
            text(b"<?xml version='1.0' encoding='iso-8859-1'?><a>\xe9</a>").split('?').nth(2),
            Some("><a>é</a>")
        );
        let utf_16: Vec<u8> = "<a>é</a>".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(text(&utf_16), "<a>é</a>");
        assert_eq!(text(b"<?xml encoding='UTF-8'?>\xc3\xa9\xc3\xa9 \x93"), "<?xml encoding='UTF-8'?>éé \u{201c}");
        let long = format!("{}é{}", "x".repeat(65_535), "y".repeat(70_000));
        assert_eq!(text(long.as_bytes()), long);
    }

    #[test]
    fn what_is_no_text_is_told_with_its_place() {
        let mut bytes = "<a>\n\u{8}é\u{8}\u{0}</a>ééééé\né ".as_bytes().to_vec();
        bytes.extend(b"\x93x\x94 \xe2\x80 \x93");
        let mut stream = Stream::new(&bytes[..], 1 << 20);
        stream.read_to_string(&mut String::new()).unwrap();
        let told: Vec<String> =
            stream.changes().into_iter().map(|(at, what)| format!("{}:{}: {what}", at.line, at.column)).collect();
        assert_eq!(
            told,
            [
                "2:1: the character U+0008 is not allowed in XML and was dropped (and once more)",
                "2:2: the character U+0000 is not allowed in XML and was dropped",
                "3:3: the byte 93 is not UTF-8; it was read as `\u{201c}`, as windows-1252 has it (and once more)",
                "3:5: the byte 94 is not UTF-8; it was read as `\u{201d}`, as windows-1252 has it",
                "3:7: the bytes E2 80 are the beginning of a letter of UTF-8 that is cut; `\u{fffd}` stands for it",
            ]
        );
    }

    #[test]
    fn places_count_characters_and_values_are_bounded() {
        let mut stream = Stream::new("éa\néé<item>".as_bytes(), 4);
        assert!(stream.skip_to_item().unwrap());
        assert_eq!(stream.begin(), Position { line: 2, column: 3 });
        stream.fill_buf().unwrap();
        stream.consume(5);
        assert!(stream.fill_buf().is_err());
        stream.begin();
        assert_eq!(stream.fill_buf().unwrap(), b">");
        assert!(!stream.skip_to_item().unwrap());
    }

    #[test]
    fn an_item_is_found_across_the_blocks_that_are_read() {
        let text = format!("{}<item>", "x".repeat((64 << 10) - 3));
        let mut stream = Stream::new(text.as_bytes(), 8);
        assert!(stream.skip_to_item().unwrap());
        assert_eq!(stream.fill_buf().unwrap(), b"<item>");
    }
}

//! A document: bytes, text, and the feed in it.

use std::path::Path;
use std::sync::OnceLock;

use url::Url;

use super::builder::Builder;
use super::faults::{Fault, warnings};
use super::repair::{Repaired, repair};
use super::wire::Feed;
use super::{json, xml};
use crate::collect::alone::alone;
use crate::collect::decode::{self, Decoded};
use crate::error::{Warned, Warning};

/// The bytes of a feed as text. The feeds that are read from it borrow their values from it.
#[derive(Debug)]
pub struct Document {
    bytes: Vec<u8>,
    charset: Option<String>,
    /// The text of bytes that are not UTF-8, once it was needed.
    decoded: OnceLock<Decoded>,
    /// The text made well-formed, once that was needed.
    repaired: OnceLock<Repaired>,
}

impl Document {
    /// A document of bytes, which are decoded by their byte order mark, as UTF-8 where they are, as `charset` (of an HTTP
    /// Content-Type) says, as an XML declaration says, as they look.
    #[must_use]
    pub fn new(bytes: Vec<u8>, charset: Option<&str>) -> Self {
        let charset = charset.map(str::to_owned);
        Self { bytes, charset, decoded: OnceLock::new(), repaired: OnceLock::new() }
    }

    /// The whole text, in which a page names its feeds.
    #[must_use]
    pub fn text(&self) -> &str {
        self.decoded().0
    }

    /// The text, and what is to be told of how the bytes became it. They are looked through each time.
    fn decoded(&self) -> (&str, Vec<Fault>) {
        let charset = self.charset.as_deref();
        if self.decoded.get().is_none()
            && let Some((text, misnamed)) = decode::as_utf_8(&self.bytes, charset)
        {
            return (text, misnamed.map(as_it_is).into_iter().collect());
        }
        let decoded = self.decoded.get_or_init(|| decode::decode(&self.bytes, charset));
        let faults = encoding_faults(decoded).into_iter().map(|(at, message)| Fault::new(at, message)).collect();
        (&decoded.text, faults)
    }

    /// Whether nothing had to be repaired to read it, once it was read.
    pub(super) fn is_well_formed(&self) -> bool {
        self.repaired.get().is_none()
    }

    /// Reads the feed. `address` is where it was fetched: relative addresses start there. `file` names it in warnings.
    /// What is broken is repaired or dropped, with a warning; a document that is no feed has no items and one warning.
    #[must_use]
    pub fn read(&self, address: Option<&Url>, file: &Path) -> Warned<Feed<'_>> {
        let (feed, faults) = self.read_faults(address);
        Warned::new(feed, self.warnings(faults, file))
    }

    /// The same with faults by their offsets, so that others can be put between them.
    pub(super) fn read_faults(&self, address: Option<&Url>) -> (Feed<'_>, Vec<Fault>) {
        let (text, of_encoding) = self.decoded();
        let is_json = text.trim_start().starts_with('{');
        let read = || if is_json { json::read(text, address) } else { self.read_xml(text, address) };
        let Some((feed, mut faults)) = alone(read) else {
            return (Feed::default(), vec![Fault::new(0, "reading it fails by a fault of masthead itself")]);
        };
        if !feed.is_feed() {
            // What is wrong with it as a feed does not matter then.
            return (feed, vec![Fault::new(0, "this is no RSS, Atom or JSON Feed")]);
        }
        faults.extend(of_encoding);
        (feed, faults)
    }

    fn read_xml<'a>(&'a self, text: &'a str, address: Option<&Url>) -> (Feed<'a>, Vec<Fault>) {
        let mut builder = Builder::new(text.len(), usize::MAX);
        if xml::read(text, &mut builder).is_ok() {
            return builder.finish(address, |offset| offset);
        }
        let repaired = self.repaired.get_or_init(|| repair(text));
        let mut builder = Builder::new(repaired.text.len(), repaired.cut);
        let stopped = xml::read(&repaired.text, &mut builder).is_err();
        let (mut feed, mut faults) = builder.finish(address, |offset| repaired.original(offset));
        feed.is_cut = stopped || repaired.end.is_some();
        // An item that the end cuts says so itself.
        let end = repaired.end.iter().filter(|end| faults.iter().all(|fault| fault.offset < end.offset));
        let end: Vec<Fault> = end.cloned().collect();
        faults.extend(repaired.faults.iter().cloned().chain(end));
        if stopped {
            faults.push(Fault::new(text.len(), "the document could not be read to its end"));
        }
        (feed, faults)
    }

    /// Faults of this document as warnings.
    pub(super) fn warnings(&self, faults: Vec<Fault>, file: &Path) -> Vec<Warning> {
        if faults.is_empty() { Vec::new() } else { warnings(faults, self.text(), file) }
    }
}

/// What is to be told of how the bytes became text.
fn encoding_faults(decoded: &Decoded) -> Vec<(usize, String)> {
    let name = decoded.encoding.unwrap_or("UTF-8");
    let mut faults = decoded.foreign.clone();
    if decoded.is_damaged {
        let at = decoded.text.find(char::REPLACEMENT_CHARACTER).unwrap_or(0);
        let sign = char::REPLACEMENT_CHARACTER;
        faults.push((at, format!("some bytes, here and maybe later, are not {name}; `{sign}` stands for them")));
    }
    match decoded.misnamed {
        Some(misnamed) if decoded.is_guessed => {
            // The first letter that is not ASCII is the first byte that is not UTF-8.
            let at = decoded.text.find(|c: char| !c.is_ascii()).unwrap_or(0);
            faults.push((
                at,
                format!("this is said to be {misnamed}, and is not, from here on; all of it was read as {name}"),
            ));
        }
        None if decoded.is_guessed => {
            faults.push((0, format!("nothing says what encoding this is in; it was read as {name}")));
        }
        _ => {}
    }
    faults
}

/// What is to be told of a text that is UTF-8, and said to be something else.
fn as_it_is(misnamed: &str) -> Fault {
    Fault::new(0, format!("this is said to be {misnamed}, and is UTF-8; it was read as that"))
}

#[cfg(test)]
mod tests;

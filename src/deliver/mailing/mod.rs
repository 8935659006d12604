//! The messages of a campaign: what is the same for everybody is made and encoded once, with the words around the articles
//! in each language that somebody reads, and each message puts a recipient's own words into its open places.
//!
//! Bodies are made so that the relaxed form of DKIM is the body itself (see `quoted`), so that signing needs no copy.

mod base64;
mod body;
mod head;
mod part;
mod quoted;
mod seven_bit;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::OnceLock;

use body::{Layout, Section};
use head::Head;
use part::{Part, Words, escape};

use super::address::printable;
use super::dkim::{Signer, body_hash};
use super::piece::Piece;
use super::sender::Sender;
use super::smtp::{Letter, Letters};
use super::verp::Verp;
use crate::error::{Error, ErrorKind, Result};
use crate::model::{Digest, Language, Leased, Recipient, sha256_hex};

/// The longest name that a message is addressed to, in bytes.
const LONGEST_NAME: usize = 1000;

/// What a mailing has beside its texts.
#[derive(Debug, Default)]
pub struct Extras {
    /// Pictures that go with the message instead of being fetched when it is read.
    pub pictures: Vec<Enclosed>,
    /// What hangs on the message: the PDF.
    pub attachment: Option<Enclosed>,
    /// Each signs every message.
    pub signers: Vec<Signer>,
    /// Return paths; without it bounces go to the sender.
    pub verp: Option<Verp>,
}

/// A file in a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enclosed {
    /// The address under which the HTML shows it; of no use for an attachment.
    pub url: String,
    /// Its name.
    pub name: String,
    /// "image/png"
    pub media_type: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// The messages of a campaign.
#[derive(Debug)]
pub struct Mailing {
    head: Head,
    layout: Layout,
    /// One for each language of the words around the articles, made when somebody first needs it; for digests of earlier
    /// versions, which have these words where they go, one under no name.
    bodies: BTreeMap<String, OnceLock<Vec<Section>>>,
    digest: Digest,
    sender: Sender,
    signers: Vec<Signer>,
    verp: Option<Verp>,
}

/// One message.
#[derive(Debug)]
pub struct Message<'m> {
    /// The header, with the empty line at its end.
    pub head: String,
    /// The body in pieces.
    pub body: Vec<Piece<'m>>,
}

impl Message<'_> {
    /// How large it is, in bytes.
    #[must_use]
    pub fn size(&self) -> usize {
        self.head.len() + self.body.iter().map(|piece| piece.len()).sum::<usize>()
    }

    /// The whole of it.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = self.head.clone().into_bytes();
        self.body.iter().for_each(|piece| bytes.extend_from_slice(piece));
        bytes
    }
}

impl Mailing {
    /// Makes what is the same for everybody. Fails when the subject could break a header.
    pub fn new(digest: &Digest, sender: &Sender, extras: Extras) -> Result<Self> {
        // The hash stands in no part, and `=_` in no encoded text.
        let facts = format!("{}\n{}\n{}", digest.issue, digest.revision, sender.domain());
        let mark = &sha256_hex(facts.as_bytes())[..24];
        let mut digest = digest.clone();
        let mut pictures = Vec::with_capacity(extras.pictures.len());
        for (number, picture) in extras.pictures.into_iter().enumerate() {
            let id = format!("{number}.{mark}@{}", sender.domain());
            digest.html = digest.html.replace(&format!("src=\"{}\"", picture.url), &format!("src=\"cid:{id}\""));
            pictures.push((id, picture));
        }
        let layout = Layout::new(mark, &pictures, extras.attachment.as_ref());
        let tags = digest.frames.keys().cloned().chain([String::new()]);
        Ok(Self {
            head: Head::new(&digest, sender, &layout.kind())?,
            layout,
            bodies: tags.map(|tag| (tag, OnceLock::new())).collect(),
            digest,
            sender: sender.clone(),
            signers: extras.signers,
            verp: extras.verp,
        })
    }

    /// The message of one delivery. Everything in it comes from the digest and the recipient: no clock, no chance.
    /// Fails when the recipient's name or address could break a header.
    pub fn message(&self, delivery: &Leased) -> Result<Message<'_>> {
        let to = &delivery.recipient;
        if let Some(name) = to.name.as_deref().filter(|name| name.chars().any(char::is_control)) {
            let message =
                format!("the name of `{}` has a line break or a control character: `{}`", to.address, printable(name));
            return Err(Error::new(ErrorKind::Input, message));
        }
        if let Some(length) = to.name.as_deref().map(str::len).filter(|length| *length > LONGEST_NAME) {
            let message = format!("the name of `{}` has {length} bytes; {LONGEST_NAME} are allowed", to.address);
            return Err(Error::new(ErrorKind::Input, message));
        }
        let mailto = self.sender.unsubscribe_mailto(to);
        let page = self.sender.unsubscribe_page(to);
        let greeting = self.greeting(to);
        let words = Words {
            greeting: &greeting,
            unsubscribe: page.as_deref().unwrap_or(&mailto),
            list: self.list_title(&to.list, to.language.as_ref()),
        };
        let head = self.head.personal(&self.digest, &self.sender, to, &delivery.message_id)?;
        self.finish(head, &words, self.body(to.language.as_ref()))
    }

    /// The message as the web archive keeps it: addressed to the sender, with nobody's name.
    pub fn archive_copy(&self, list: &str) -> Result<Vec<u8>> {
        // It went to nobody, so that nothing is to be learnt or claimed by its Message-ID.
        let facts = format!("{}\n{}\narchive\n{}", self.digest.issue, self.digest.revision, self.sender.domain());
        let id = format!("{}@{}", &sha256_hex(facts.as_bytes())[..40], self.sender.domain());
        let mailto = self.sender.mailto("unsubscribe", list);
        let words = Words {
            greeting: &self.digest.greeting_without_name,
            unsubscribe: &mailto,
            list: self.list_title(list, None),
        };
        Ok(self.finish(self.head.archived(&self.sender, &id), &words, self.body(None))?.bytes())
    }

    /// The body for readers of this language.
    fn body(&self, reader: Option<&Language>) -> &[Section] {
        let frame = self.digest.frame(reader);
        let (tag, frame) = frame.map_or(("", None), |(tag, frame)| (tag, Some(frame)));
        let marks = &self.digest.marks;
        let fill = |part: &str, written: fn(&str) -> String| {
            frame.map_or_else(|| part.to_owned(), |frame| frame.fill(part, marks, written))
        };
        let make = || {
            let text = fill(&self.digest.text, str::to_owned);
            let html = fill(&self.digest.html, |words| escape(words).into_owned());
            self.layout.body(Part::new(&text, marks, false), Part::new(&html, marks, true))
        };
        self.bodies.get(tag).map_or(&[], |body| body.get_or_init(make))
    }

    /// The title of a list in the language of the words that name it to this reader.
    fn list_title<'t>(&'t self, list: &'t str, reader: Option<&Language>) -> &'t str {
        let frame = self.digest.frame(reader);
        self.sender.list_title_in(list, frame.map_or(&self.digest.language, |(_, frame)| &frame.language))
    }

    fn greeting(&self, to: &Recipient) -> Cow<'_, str> {
        let (named, unnamed) = match self.digest.frame(to.language.as_ref()) {
            Some((_, frame)) => (&frame.greeting, &frame.greeting_without_name),
            None => (&self.digest.greeting, &self.digest.greeting_without_name),
        };
        match &to.name {
            Some(name) => Cow::Owned(named.replace("{name}", name)),
            None => Cow::Borrowed(unnamed),
        }
    }

    fn finish<'m>(&'m self, mut head: String, words: &Words<'_>, sections: &'m [Section]) -> Result<Message<'m>> {
        let mut body = Vec::with_capacity(sections.len() * 4);
        for section in sections {
            match section {
                Section::Fixed(text) => body.push(text.piece()),
                Section::Common(part) => body.push(part.piece()),
                Section::Open(part) => part.fill(words, &mut body),
            }
        }
        if !self.signers.is_empty() {
            let hash = body_hash(body.iter().map(|piece| &**piece));
            let signatures =
                self.signers.iter().map(|signer| signer.sign(&head, &hash)).collect::<Result<Vec<String>>>()?;
            head.insert_str(0, &signatures.concat());
        }
        head.push_str("\r\n");
        Ok(Message { head, body })
    }
}

impl Letters for Mailing {
    fn compose(&self, delivery: &Leased) -> Result<Letter<'_>> {
        let Message { head, mut body } = self.message(delivery)?;
        body.insert(0, head.into_bytes().into());
        let return_path = match &self.verp {
            Some(verp) => verp.make(delivery.lease.delivery, &delivery.message_id),
            None => self.sender.from.email.to_string(),
        };
        Ok(Letter { return_path, pieces: body })
    }

    fn are_laborious(&self) -> bool {
        !self.signers.is_empty()
    }
}

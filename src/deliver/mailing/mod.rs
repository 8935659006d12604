//! The messages of a campaign: what is the same for everybody is made and encoded once, and each message puts a
//! recipient's own words into its open places.
//!
//! Bodies are made so that the relaxed form of DKIM is the body itself (see `quoted`), so that signing needs no copy.

mod base64;
mod head;
mod part;
mod quoted;

use std::borrow::Cow;

use head::Head;
use part::{Part, Words};

use super::address::printable;
use super::dkim::{Signer, body_hash};
use super::sender::Sender;
use super::smtp::{Letter, Letters};
use super::verp::Verp;
use crate::error::{Error, ErrorKind, Result};
use crate::model::{Digest, Leased, Recipient, sha256_hex};

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
    body: Vec<Section>,
    digest: Digest,
    sender: Sender,
    signers: Vec<Signer>,
    verp: Option<Verp>,
}

#[derive(Debug)]
enum Section {
    /// The same for everybody.
    Fixed(Vec<u8>),
    Open(Part),
}

/// One message.
#[derive(Debug)]
pub struct Message<'m> {
    /// The header, with the empty line at its end.
    pub head: String,
    /// The body in pieces.
    pub body: Vec<Cow<'m, [u8]>>,
}

impl Message<'_> {
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
        // The hash stands in no part, and `=_` in no encoded text (RFC 2045 6.7).
        let facts = format!("{}\n{}\n{}", digest.issue, digest.revision, sender.domain());
        let mark = &sha256_hex(facts.as_bytes())[..24];
        let mut html = digest.html.clone();
        let mut pictures = Vec::with_capacity(extras.pictures.len());
        for (number, picture) in extras.pictures.iter().enumerate() {
            let id = format!("{number}.{mark}@{}", sender.domain());
            html = html.replace(&format!("src=\"{}\"", picture.url), &format!("src=\"cid:{id}\""));
            pictures.push((id, picture));
        }
        let text = Part::new(&digest.text, false);
        let html = Part::new(&html, true);
        let mut body = Body { sections: vec![Section::Fixed(Vec::new())] };
        let kind = body.write(text, html, &pictures, extras.attachment.as_ref(), mark);
        Ok(Self {
            head: Head::new(digest, sender, &kind)?,
            body: body.sections,
            digest: digest.clone(),
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
            list: self.sender.list_title(&to.list),
        };
        let head = self.head.personal(&self.digest, &self.sender, to, &delivery.message_id)?;
        self.finish(head, &words)
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
            list: self.sender.list_title(list),
        };
        Ok(self.finish(self.head.archived(&self.sender, &id), &words)?.bytes())
    }

    fn greeting(&self, to: &Recipient) -> Cow<'_, str> {
        let own = to.language.as_ref().and_then(|language| self.digest.greetings.get(language.primary()));
        let (named, unnamed) = match own {
            Some(own) => (&own.named, &own.unnamed),
            None => (&self.digest.greeting, &self.digest.greeting_without_name),
        };
        match &to.name {
            Some(name) => Cow::Owned(named.replace("{name}", name)),
            None => Cow::Borrowed(unnamed),
        }
    }

    fn finish(&self, mut head: String, words: &Words<'_>) -> Result<Message<'_>> {
        let mut body = Vec::with_capacity(self.body.len() * 4);
        for section in &self.body {
            match section {
                Section::Fixed(bytes) => body.push(Cow::Borrowed(bytes.as_slice())),
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

    /// How large a message is, in bytes: that of a reader without a name.
    pub fn size(&self) -> Result<usize> {
        Ok(self.archive_copy("")?.len())
    }
}

impl Letters for Mailing {
    fn compose(&self, delivery: &Leased) -> Result<Letter<'_>> {
        let Message { head, mut body } = self.message(delivery)?;
        body.insert(0, Cow::Owned(head.into_bytes()));
        let return_path = match &self.verp {
            Some(verp) => verp.make(delivery.lease.delivery),
            None => self.sender.from.email.to_string(),
        };
        Ok(Letter { return_path, pieces: body })
    }

    fn are_laborious(&self) -> bool {
        !self.signers.is_empty()
    }
}

/// The body while it is put together.
struct Body {
    sections: Vec<Section>,
}

impl Body {
    /// Writes the parts, each with its header, and gives the content type of the whole.
    fn write(
        &mut self,
        text: Part,
        html: Part,
        pictures: &[(String, &Enclosed)],
        attachment: Option<&Enclosed>,
        mark: &str,
    ) -> String {
        let [mixed, alternative, related] = ["m", "a", "r"].map(|kind| format!("=_{kind}{mark}"));
        let multipart = |kind: &str, boundary: &str| format!("multipart/{kind};\r\n boundary=\"{boundary}\"");
        let mut whole = multipart("alternative", &alternative);
        if attachment.is_some() {
            self.fixed(&format!("--{mixed}\r\nContent-Type: {whole}\r\n\r\n"));
            whole = multipart("mixed", &mixed);
        }
        self.fixed(&format!("--{alternative}\r\n"));
        self.open(text);
        self.fixed(&format!("\r\n--{alternative}\r\n"));
        if !pictures.is_empty() {
            let kind = multipart("related", &related);
            self.fixed(&format!("Content-Type: {kind};\r\n type=\"text/html\"\r\n\r\n--{related}\r\n"));
        }
        self.open(html);
        for (id, picture) in pictures {
            self.fixed(&format!("\r\n--{related}\r\nContent-ID: <{id}>\r\n"));
            self.enclose(picture, "inline");
        }
        if !pictures.is_empty() {
            self.fixed(&format!("\r\n--{related}--\r\n"));
        }
        self.fixed(&format!("\r\n--{alternative}--\r\n"));
        if let Some(attachment) = attachment {
            self.fixed(&format!("\r\n--{mixed}\r\n"));
            self.enclose(attachment, "attachment");
            self.fixed(&format!("\r\n--{mixed}--\r\n"));
        }
        whole
    }

    fn fixed(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }

    fn bytes(&mut self, bytes: &[u8]) {
        match self.sections.last_mut() {
            Some(Section::Fixed(last)) => last.extend_from_slice(bytes),
            _ => self.sections.push(Section::Fixed(bytes.to_vec())),
        }
    }

    fn open(&mut self, part: Part) {
        self.fixed(&part.head());
        self.sections.push(Section::Open(part));
    }

    fn enclose(&mut self, file: &Enclosed, disposition: &str) {
        let plain = |text: &str| -> String {
            text.chars().map(|c| if c.is_ascii_alphanumeric() || "._-/+".contains(c) { c } else { '_' }).collect()
        };
        let (media_type, name) = (plain(&file.media_type), plain(&file.name));
        self.fixed(&format!(
            "Content-Type: {media_type};\r\n name=\"{name}\"\r\nContent-Transfer-Encoding: base64\r\n\
             Content-Disposition: {disposition};\r\n filename=\"{name}\"\r\n\r\n"
        ));
        self.bytes(&base64::lines(&file.bytes));
    }
}

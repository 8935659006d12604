//! The body of a message: its parts, one within the other (RFC 2046 5.1).

use std::sync::Arc;

use super::super::piece::Shared;
use super::part::Part;
use super::{Enclosed, base64};

/// A piece of a body.
#[derive(Debug)]
pub(super) enum Section {
    /// The same for everybody who reads one language.
    Fixed(Shared),
    /// The same for everybody: held once, however many languages there are.
    Common(Arc<Shared>),
    /// With its header, and open places.
    Open(Part),
}

/// What the bodies of all languages have in common.
#[derive(Debug)]
pub(super) struct Layout {
    /// In boundaries.
    mark: String,
    /// Parts with their headers.
    pictures: Vec<Arc<Shared>>,
    attachment: Option<Arc<Shared>>,
}

impl Layout {
    /// `mark` stands in no part. Pictures come with their ids.
    pub(super) fn new(mark: &str, pictures: &[(String, Enclosed)], attachment: Option<&Enclosed>) -> Self {
        let picture = |(id, file): &(String, Enclosed)| {
            let mut part = format!("Content-ID: <{id}>\r\n").into_bytes();
            part.extend(enclosed(file, "inline"));
            Arc::new(Shared::new(part))
        };
        Self {
            mark: mark.to_owned(),
            pictures: pictures.iter().map(picture).collect(),
            attachment: attachment.map(|file| Arc::new(Shared::new(enclosed(file, "attachment")))),
        }
    }

    /// The content type of the whole.
    pub(super) fn kind(&self) -> String {
        if self.attachment.is_some() { self.multipart("mixed") } else { self.multipart("alternative") }
    }

    /// A body around these parts.
    pub(super) fn body(&self, text: Part, html: Part) -> Vec<Section> {
        let [mixed, alternative, related] = ["mixed", "alternative", "related"].map(|kind| self.boundary(kind));
        let mut body = Body::default();
        if self.attachment.is_some() {
            body.fixed(&format!("--{mixed}\r\nContent-Type: {}\r\n\r\n", self.multipart("alternative")));
        }
        body.fixed(&format!("--{alternative}\r\n"));
        body.put(Section::Open(text));
        body.fixed(&format!("\r\n--{alternative}\r\n"));
        if !self.pictures.is_empty() {
            let kind = self.multipart("related");
            body.fixed(&format!("Content-Type: {kind};\r\n type=\"text/html\"\r\n\r\n--{related}\r\n"));
        }
        body.put(Section::Open(html));
        for picture in &self.pictures {
            body.fixed(&format!("\r\n--{related}\r\n"));
            body.common(picture);
        }
        if !self.pictures.is_empty() {
            body.fixed(&format!("\r\n--{related}--\r\n"));
        }
        body.fixed(&format!("\r\n--{alternative}--\r\n"));
        if let Some(attachment) = &self.attachment {
            body.fixed(&format!("\r\n--{mixed}\r\n"));
            body.common(attachment);
            body.fixed(&format!("\r\n--{mixed}--\r\n"));
        }
        body.end()
    }

    /// "=_a…" for what is alternative; `=_` stands in no encoded text (RFC 2045 6.7; see `seven_bit`).
    fn boundary(&self, kind: &str) -> String {
        format!("=_{}{}", &kind[..1], self.mark)
    }

    fn multipart(&self, kind: &str) -> String {
        format!("multipart/{kind};\r\n boundary=\"{}\"", self.boundary(kind))
    }
}

/// A body while it is put together.
#[derive(Default)]
struct Body {
    sections: Vec<Section>,
    /// What follows them.
    fixed: Vec<u8>,
}

impl Body {
    fn fixed(&mut self, text: &str) {
        self.fixed.extend_from_slice(text.as_bytes());
    }

    fn common(&mut self, part: &Arc<Shared>) {
        self.put(Section::Common(Arc::clone(part)));
    }

    fn put(&mut self, section: Section) {
        let fixed = std::mem::take(&mut self.fixed);
        self.sections.push(Section::Fixed(Shared::new(fixed)));
        self.sections.push(section);
    }

    fn end(mut self) -> Vec<Section> {
        self.sections.push(Section::Fixed(Shared::new(self.fixed)));
        self.sections
    }
}

/// A file as a part, with its header.
fn enclosed(file: &Enclosed, disposition: &str) -> Vec<u8> {
    let plain = |text: &str| -> String {
        text.chars().map(|c| if c.is_ascii_alphanumeric() || "._-/+".contains(c) { c } else { '_' }).collect()
    };
    let (media_type, name) = (plain(&file.media_type), plain(&file.name));
    let head = format!(
        "Content-Type: {media_type};\r\n name=\"{name}\"\r\nContent-Transfer-Encoding: base64\r\n\
         Content-Disposition: {disposition};\r\n filename=\"{name}\"\r\n\r\n"
    );
    let mut part = head.into_bytes();
    part.extend(base64::lines(&file.bytes));
    part
}

//! A value that is being read.

use std::borrow::Cow;

use super::text::{from_base64, holds_illegal, is_blank, trimmed};
use super::vocabulary::Field;
use super::wire::Base;
use crate::collect::{body, decode};
use crate::model::escaped;

/// How a value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// As text.
    Text,
    /// As markup, escaped or in elements.
    Html,
    /// As Markdown (RFC 7763).
    Markdown,
    /// As text or markup in base64 (Atom 0.3); the flag says which.
    Base64 { is_html: bool },
    /// As something that is neither.
    Foreign,
}

/// An element whose text is being gathered.
#[derive(Debug)]
pub(super) struct Capture<'a> {
    pub(super) field: Field,
    pub(super) rank: u8,
    pub(super) kind: Kind,
    pub(super) base: Base,
    /// Index among the scope's languages.
    pub(super) language: usize,
    /// Where its tag stands.
    pub(super) offset: usize,
    /// How many elements are open, itself included.
    pub(super) depth: usize,
    /// The depth of the `div` that only holds XHTML (RFC 4287, 3.1.1.3).
    pub(super) shell: Option<usize>,
    text: Cow<'a, str>,
    /// White space that is text only if more follows.
    space: &'a str,
    /// Whether the text stood in a CDATA section.
    is_cdata: bool,
    /// The same as markup, since the first element in it.
    markup: Option<String>,
}

impl<'a> Capture<'a> {
    pub(super) fn new(field: Field, rank: u8, kind: Kind, offset: usize) -> Self {
        Self {
            field,
            rank,
            kind,
            base: Base::default(),
            language: 0,
            offset,
            depth: 0,
            shell: None,
            text: Cow::Borrowed(""),
            space: "",
            is_cdata: false,
            markup: None,
        }
    }

    /// Takes text, references resolved.
    pub(super) fn push(&mut self, text: Cow<'a, str>, is_cdata: bool) {
        if let Some(markup) = &mut self.markup {
            // What an RSS feed puts into CDATA is markup already.
            let is_markup = is_cdata && self.kind == Kind::Html;
            markup.push_str(&if is_markup { text } else { Cow::Owned(escaped(&text)) });
            return;
        }
        match text {
            Cow::Borrowed(blank) if is_blank(blank) && self.space.is_empty() => {
                if !self.text.is_empty() {
                    self.space = blank;
                }
            }
            text if self.text.is_empty() => {
                self.text = text;
                self.is_cdata = is_cdata;
            }
            more => {
                let text = self.text.to_mut();
                text.push_str(self.space);
                text.push_str(&more);
                self.space = "";
            }
        }
    }

    /// Whether nothing but white space has come yet.
    pub(super) fn is_empty(&self) -> bool {
        self.markup.is_none() && is_blank(&self.text)
    }

    /// The value as markup, to be added to.
    pub(super) fn markup(&mut self) -> &mut String {
        let as_it_is = self.is_cdata && self.kind == Kind::Html;
        self.markup.get_or_insert_with(|| {
            let text = std::mem::take(&mut self.text);
            let mut markup = if as_it_is { text.into_owned() } else { escaped(&text) };
            markup.push_str(self.space);
            markup
        })
    }

    /// The value, and whether it is HTML. `None` when there is none that can be read as text.
    pub(super) fn finish(self) -> Option<(Cow<'a, str>, bool)> {
        if let (Some(markup), false) = (self.markup, self.kind == Kind::Foreign) {
            return Some((trimmed(Cow::Owned(markup)), true));
        }
        match self.kind {
            Kind::Text => Some((trimmed(self.text), false)),
            Kind::Html => Some((trimmed(self.text), true)),
            Kind::Markdown if is_blank(&self.text) => Some((Cow::Borrowed(""), true)),
            Kind::Markdown => Some((Cow::Owned(body::to_html(&self.text, false).html.trim().to_owned()), true)),
            Kind::Base64 { is_html } => {
                let decoded = decode::decode(&from_base64(&self.text)?, None).text;
                // Pictures and sounds are written so, too.
                (!holds_illegal(&decoded)).then(|| (trimmed(Cow::Owned(decoded)), is_html))
            }
            Kind::Foreign => None,
        }
    }
}

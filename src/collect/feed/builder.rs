//! From elements to a feed.

use std::borrow::Cow;

use memchr::memmem;
use quick_xml::events::attributes::Attributes;
use url::Url;

use super::capture::{Capture, Kind};
use super::draft::line;
use super::faults::{Fault, Faults};
use super::markup::{push_end, push_start};
use super::names::Class;
use super::scope::{Frame, Inherited, MAX_DEPTH, Scope};
use super::shelf::Shelf;
use super::tag::{Attrs, Tag, bytes, has_elements, lower};
use super::text::{is_blank, trimmed, unescape};
use super::vocabulary::{Context, Field, Meaning, OWN, meaning};
use super::wire::{Feed, Format, Text};
use super::xml::{Broken, CDATA};

/// Takes the markup and the text of a document, in order, and makes a feed of them.
#[derive(Debug)]
pub(super) struct Builder<'a> {
    shelf: Shelf<'a>,
    scope: Scope<'a>,
    capture: Option<Capture<'a>>,
    attrs: Attrs<'a>,
    faults: Faults,
    /// How many elements are open beyond the greatest depth.
    deeper: usize,
    /// An Atom feed whose root forgot its namespace.
    bare_atom: bool,
    has_root: bool,
    /// The languages of the feed and of the item that is open, as the scope counts them.
    languages: (usize, usize),
    /// From this offset on the text is not the document's: its elements were closed for it.
    cut: usize,
}

impl<'a> Builder<'a> {
    /// A builder for a text of `length` bytes that is as it came up to `cut`.
    pub(super) fn new(length: usize, cut: usize) -> Self {
        Self {
            shelf: Shelf::new(length),
            scope: Scope::new(),
            capture: None,
            attrs: Attrs::default(),
            faults: Faults::default(),
            deeper: 0,
            bare_atom: false,
            has_root: false,
            languages: (0, 0),
            cut,
        }
    }

    /// Notes a fault of the document.
    pub(super) fn note(&mut self, at: usize, message: &'static str) {
        self.faults.add(at, message);
    }

    /// Whether an element is open.
    pub(super) fn is_open(&self) -> bool {
        self.scope.depth() + self.deeper > 0
    }

    /// Takes a start tag; `rest` is the text behind it, empty when it is an empty element's.
    pub(super) fn start(&mut self, tag: &Tag<'a>, rest: &str) -> Result<(), Broken> {
        if self.deeper > 0 || self.scope.depth() >= MAX_DEPTH {
            self.faults.add(tag.offset, "elements nest deeper than 256; what stands deeper was dropped");
            self.deeper += 1;
            return Ok(());
        }
        let (prefix, local) = tag.name.rsplit_once(':').unwrap_or(("", tag.name));
        let inherited = self.read_attributes(tag)?;
        if self.capture.is_some() {
            self.start_in_value(tag, prefix, local, inherited);
            return Ok(());
        }
        if self.has_root && self.scope.depth() == 0 {
            self.faults.add(tag.offset, "an element stands behind the end of the root element");
        }
        let mut class = self.scope.class(prefix, tag.offset, &mut self.faults);
        self.bare_atom |= !self.has_root && class == Class::Rss && local == "feed";
        self.has_root = true;
        if self.bare_atom && class == Class::Rss {
            class = Class::Atom;
        }
        let mut buffer = [0; 24];
        self.open(class, local, lower(local, &mut buffer), inherited, tag, rest);
        Ok(())
    }

    fn read_attributes(&mut self, tag: &Tag<'a>) -> Result<Inherited<'a>, Broken> {
        self.attrs.0.clear();
        let mut inherited = Inherited::default();
        if tag.attributes.is_empty() {
            return Ok(inherited);
        }
        let at = tag.offset + 1 + tag.name.len();
        for attribute in Attributes::new(tag.attributes, 0) {
            let attribute = attribute.map_err(|_| Broken)?;
            let value = match attribute.value {
                Cow::Borrowed(raw) => unescape(raw, at, &mut self.faults),
                Cow::Owned(raw) => Cow::Owned(unescape(&raw, at, &mut self.faults).into_owned()),
            };
            match attribute.key.0 {
                "xmlns" => self.scope.bind("", &value, at, &mut self.faults),
                "xml:base" => inherited.base = Some(trimmed(value)).filter(|base| !base.is_empty()),
                "xml:lang" => inherited.language = Some(trimmed(value)),
                name => match name.strip_prefix("xmlns:") {
                    Some(prefix) => self.scope.bind(prefix, &value, at, &mut self.faults),
                    None => self.attrs.0.push((name, value)),
                },
            }
        }
        Ok(inherited)
    }

    /// Writes an element inside of a value as markup.
    fn start_in_value(&mut self, tag: &Tag<'a>, prefix: &str, local: &'a str, inherited: Inherited<'a>) {
        let frame = self.scope.open(local, Context::Value, inherited);
        let Some(capture) = &mut self.capture else { return };
        let is_shell = local == "div"
            && capture.is_empty()
            && capture.shell.is_none()
            && self.scope.class(prefix, tag.offset, &mut self.faults) == Class::Xhtml;
        if is_shell {
            capture.shell = Some(self.scope.depth());
            capture.base = frame.base;
            capture.markup();
            return;
        }
        let base = if frame.base == capture.base { None } else { self.scope.address(frame.base, None) };
        let at = tag.offset + 1 + tag.name.len();
        push_start(capture.markup(), local, tag.attributes, at, base.as_ref(), &mut self.faults);
    }

    fn open(&mut self, class: Class, local: &'a str, lower: &str, inherited: Inherited<'a>, tag: &Tag<'a>, rest: &str) {
        let parent = self.scope.context();
        let meaning = meaning(class, lower, parent);
        let has_elements = has_elements(rest);
        let context = match meaning {
            Meaning::Feed if self.shelf.item_depth().is_none() => Context::Feed,
            Meaning::Item => Context::Item,
            Meaning::Group(context, _) if has_elements => context,
            Meaning::Group(..) | Meaning::Value(..) | Meaning::PodcastPerson => Context::Value,
            Meaning::Feed | Meaning::Transparent => parent,
            Meaning::MediaContent => Context::Media,
            Meaning::Alternate => Context::Alternate,
            Meaning::Link if self.attrs.is_link_as_text() => Context::Value,
            Meaning::Category if self.attrs.term().is_none() => Context::Value,
            _ => Context::Ignored,
        };
        let language = inherited.language.clone();
        let is_in_group = self.scope.top().is_some_and(|around| around.name.eq_ignore_ascii_case("group"));
        let frame = self.scope.open(local, context, inherited);
        self.tell_length(meaning, tag.offset);
        match meaning {
            Meaning::Feed if context == Context::Feed => self.start_feed(class, lower, frame, language),
            Meaning::Item => self.start_item(frame, tag.offset),
            Meaning::Group(kind, field) => {
                self.shelf.group(kind, &self.attrs);
                match field {
                    _ if has_elements && kind == Context::Person => self.shelf.start_person(parent),
                    Some((field, rank)) if !has_elements => self.begin(field, rank, class, frame, tag.offset),
                    _ => {}
                }
            }
            Meaning::Value(field, rank) => self.begin(field, rank, class, frame, tag.offset),
            Meaning::Link => match self.attrs.get("href") {
                Some(href) if lower == "link" || self.shelf.feed.format == Format::Cdf => {
                    self.shelf.atom_link(href, &self.attrs, parent, class);
                }
                _ if !self.attrs.is_link_as_text() => {}
                _ if parent == Context::Source => self.begin(Field::SourceLink, OWN, class, frame, tag.offset),
                _ => self.begin(Field::Link, OWN, class, frame, tag.offset),
            },
            Meaning::Category => match self.attrs.term() {
                Some(term) => self.shelf.category(term, self.attrs.kind_of_item()),
                None => self.begin(Field::Category, OWN, class, frame, tag.offset),
            },
            Meaning::Enclosure => self.shelf.enclosure(&self.attrs),
            Meaning::MediaContent => self.shelf.media_content(&self.attrs, is_in_group),
            Meaning::Thumbnail => self.shelf.thumbnail(&self.attrs),
            Meaning::Transcript => self.shelf.transcript(&self.attrs),
            Meaning::Chapters => self.shelf.chapters(&self.attrs),
            Meaning::Chapter => self.shelf.chapter(&self.attrs),
            Meaning::Alternate => self.shelf.start_alternate(&self.attrs),
            Meaning::AlternateSource => self.shelf.alternate_source(&self.attrs),
            Meaning::Complete => self.shelf.complete(),
            Meaning::InReplyTo => self.shelf.in_reply_to(&self.attrs),
            Meaning::Tombstone => self.shelf.tombstone(&self.attrs),
            Meaning::PodcastPerson => {
                self.shelf.role(&self.attrs);
                self.begin(Field::Person, OWN, class, frame, tag.offset);
            }
            Meaning::Transparent if lower == "group" => self.shelf.start_group(),
            Meaning::Feed | Meaning::Transparent | Meaning::Ignored => {}
        }
    }

    /// Says that the length of a file is none.
    fn tell_length(&mut self, meaning: Meaning, offset: usize) {
        let name = match meaning {
            Meaning::Enclosure | Meaning::Link | Meaning::Alternate => "length",
            Meaning::MediaContent => "fileSize",
            _ => return,
        };
        if let Some(length) = self.attrs.get(name).filter(|length| bytes(length).is_none()) {
            let shown: String = length.chars().take(40).collect();
            self.faults.add(offset, format!("`{shown}` is no length of a file in bytes; it was left out"));
        }
    }

    fn start_feed(&mut self, class: Class, lower: &str, frame: Frame<'a>, language: Option<Cow<'a, str>>) {
        let format = match (class, lower) {
            (Class::Atom, _) => Format::Atom,
            (Class::Rdf, _) => Format::Rdf,
            (_, "channel") if self.attrs.get("href").is_some() => Format::Cdf,
            // RSS 1.1 has no `rdf:RDF` around it.
            (_, "channel") if self.attrs.get("about").is_some() => Format::Rdf,
            _ => Format::Rss,
        };
        self.languages = (frame.language, frame.language);
        self.shelf.start_feed(format, &self.attrs, frame.base, language);
    }

    fn start_item(&mut self, frame: Frame<'a>, offset: usize) {
        if self.shelf.item_depth().is_some() {
            self.faults.add(offset, "an item stands inside of another one; that one ends before it");
            self.close_item(offset);
        }
        self.languages.1 = frame.language;
        self.shelf.start_item(&self.attrs, frame.base, self.scope.depth(), offset);
        self.item_language(self.languages.0, frame.language);
    }

    /// Notes the language of an item, where it is not the one around it.
    fn item_language(&mut self, around: usize, own: usize) {
        if own != around {
            let language = self.scope.language(own).clone();
            self.shelf.word(Field::Language, OWN, language);
        }
    }

    /// Begins to read a value.
    fn begin(&mut self, field: Field, rank: u8, class: Class, frame: Frame<'a>, offset: usize) {
        let kind = match field {
            Field::Title | Field::Summary | Field::Content => self.attrs.kind(class, field),
            _ if class == Class::Atom => Kind::Text,
            _ => Kind::Html,
        };
        if kind == Kind::Foreign {
            self.faults.add(offset, "content that is neither text nor markup was left out");
        }
        if let (Field::Content, Some(address)) = (field, self.attrs.get("src")) {
            self.shelf.out_of_line(address, &self.attrs);
        }
        if field == Field::Id {
            self.shelf.guid(&self.attrs);
        }
        let mut capture = Capture::new(field, rank, kind, offset);
        capture.base = frame.base;
        capture.language = frame.language;
        capture.depth = self.scope.depth();
        self.capture = Some(capture);
    }

    /// Takes the end of an element.
    pub(super) fn end(&mut self, at: usize) {
        if self.deeper > 0 {
            self.deeper -= 1;
            return;
        }
        let depth = self.scope.depth();
        let Some(frame) = self.scope.close() else { return };
        if let Some(capture) = self.capture.as_mut().filter(|capture| depth > capture.depth) {
            if capture.shell != Some(depth) {
                push_end(capture.markup(), frame.name);
            }
        } else if let Some(capture) = self.capture.take() {
            self.store(capture, at);
        } else if self.shelf.item_depth() == Some(depth) {
            self.end_item(at);
        } else if frame.context == Context::Person {
            self.shelf.close_person();
        } else if frame.context == Context::Alternate && !self.shelf.close_alternate() {
            self.faults.add(at, "another form of a file has no address on the web; it was left out");
        }
    }

    fn end_item(&mut self, at: usize) {
        if at >= self.cut {
            // Without its id it would come again under another one, when the feed is whole.
            if self.shelf.item_is_known() {
                self.faults.add(at, "the feed ends in the middle of an item, which waits until the feed is whole");
                self.shelf.note_cut();
            } else {
                self.faults.add(at, "the feed ends in the middle of an item; that item was left out");
                self.shelf.drop_item();
            }
        }
        self.close_item(at);
    }

    fn close_item(&mut self, at: usize) {
        if !self.shelf.close_item() {
            self.faults.add(at, "the feed has more than 100,000 items; those beyond them were left out");
        }
    }

    fn store(&mut self, capture: Capture<'a>, at: usize) {
        let (field, rank, offset, base, language) =
            (capture.field, capture.rank, capture.offset, capture.base, capture.language);
        // Of half an address or half a date nothing can be told.
        if at >= self.cut && !matches!(field, Field::Title | Field::Summary | Field::Content) {
            return;
        }
        let is_base64 = matches!(capture.kind, Kind::Base64 { .. });
        let Some((value, is_html)) = capture.finish() else {
            if is_base64 {
                self.faults.add(offset, "content that is base64, or says so, is no text; it was left out");
            }
            return;
        };
        if value.is_empty() {
            return;
        }
        let value = match unwrapped(&value).filter(|_| is_html).map(str::to_owned) {
            Some(inside) => {
                self.faults.add(offset, "a CDATA section is written as text; what is in it was read");
                Cow::Owned(inside)
            }
            // To HTML it is the beginning of a comment.
            None if is_html && memmem::find(value.as_bytes(), CDATA.as_bytes()).is_some() => {
                self.faults.add(offset, "a CDATA section stands in another one; what is in it was read");
                Cow::Owned(value.replace(CDATA, "").replace("]]>", ""))
            }
            None => value,
        };
        match field {
            Field::Title | Field::Summary | Field::Content => {
                if field == Field::Content {
                    self.item_language(self.languages.1, language);
                }
                let is_said = field == Field::Content || self.shelf.feed.format == Format::Atom;
                if let Some(lost) = self.shelf.text(field, rank, Text { value, is_html, is_said, base }) {
                    self.faults.add(offset, lost);
                }
            }
            Field::Published | Field::Updated | Field::UpdateBase => self.shelf.date(field, rank, value, offset),
            Field::Id | Field::Link => self.shelf.name(field, rank, value),
            Field::Person => self.shelf.takes_part(line(value, is_html)),
            _ => self.shelf.word(field, rank, line(value, is_html)),
        }
    }

    /// Takes text between markup, as written.
    pub(super) fn text(&mut self, raw: &'a str, at: usize) {
        if raw.is_empty() || self.deeper > 0 {
            return;
        }
        match &mut self.capture {
            Some(capture) => capture.push(unescape(raw, at, &mut self.faults), false),
            None => self.stray(raw, at),
        }
    }

    /// Takes the inside of a CDATA section.
    pub(super) fn cdata(&mut self, text: &'a str, at: usize) {
        if self.deeper > 0 {
            return;
        }
        match &mut self.capture {
            Some(capture) => capture.push(Cow::Borrowed(text), true),
            None => self.stray(text, at),
        }
    }

    fn stray(&mut self, text: &str, at: usize) {
        let context = self.scope.context();
        if !matches!(context, Context::Document | Context::Feed | Context::Item) || is_blank(text) {
            return;
        }
        let at = at + text.len() - text.trim_start().len();
        self.faults.add(
            at,
            match (context, self.has_root) {
                (Context::Document, false) => "text before the root element was dropped",
                (Context::Document, true) => "text behind the root element was dropped",
                _ => "text outside of any element that holds text was dropped",
            },
        );
    }

    /// The feed, with its addresses absolute and its places those of the document.
    pub(super) fn finish(self, document: Option<&Url>, original: impl Fn(usize) -> usize) -> (Feed<'a>, Vec<Fault>) {
        let feed = self.shelf.finish(&self.scope, document, &original);
        (feed, self.faults.into_list(original))
    }
}

/// What is in the CDATA section that a value is, when it is nothing else.
fn unwrapped(value: &str) -> Option<&str> {
    value.strip_prefix(CDATA)?.strip_suffix("]]>").map(str::trim).filter(|inside| !inside.contains(CDATA))
}

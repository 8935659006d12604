//! RSS 0.9 to 2.0, RDF and Atom 0.3 and 1.0 by one reader: elements are told by the class of their namespace and
//! their local name. No recursion, no entities but characters, depth capped.

use quick_xml::NsReader;
use quick_xml::events::{BytesStart, Event};

use super::names::{Class, class};
use super::wire::{WireFeed, WireItem, WireText};
use crate::collect::plain;
use crate::collect::sanitise::escaped;

/// Nesting beyond which no feed goes.
const MAX_DEPTH: usize = 256;

/// Reads a document. What is broken ends the reading; the items up to there are kept.
pub(super) fn read(text: &str) -> WireFeed {
    let start = text.find('<').unwrap_or(text.len());
    let clean;
    let text = if text.chars().any(is_illegal) {
        clean = text[start..].replace(is_illegal, "");
        clean.as_str()
    } else {
        &text[start..]
    };
    let mut reader = NsReader::from_str(text);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    let mut builder = Builder::default();
    loop {
        match reader.read_resolved_event() {
            Ok((resolved, event)) => {
                let class = class(&resolved);
                if !builder.event(class, &event) {
                    break;
                }
            }
            Err(error) => {
                let position = reader.error_position() as usize;
                let (line, column) = crate::error::line_and_column(text, position);
                builder
                    .feed
                    .faults
                    .push(format!("broken XML at {line}:{column} ({error}); what stands before it was read"));
                break;
            }
        }
    }
    builder.finish()
}

/// Characters that XML 1.0 (2.2) does not allow.
fn is_illegal(c: char) -> bool {
    (c < ' ' && !matches!(c, '\t' | '\n' | '\r')) || matches!(c, '\u{fffe}' | '\u{ffff}')
}

/// Which value an element holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    Id,
    Link,
    Title,
    Summary,
    Content,
    Author,
    Published,
    Updated,
    Category,
    Language,
    Source,
}

/// An element whose text is being gathered.
#[derive(Debug)]
struct Capture {
    field: Field,
    text: String,
    /// The same as markup, since the first child element.
    markup: Option<String>,
    is_html: bool,
    depth: usize,
}

#[derive(Debug, Default)]
struct Builder {
    feed: WireFeed,
    item: Option<WireItem>,
    capture: Option<Capture>,
    /// Local names of the open elements.
    open: Vec<String>,
    /// How many elements are open inside the item's parent, the item included.
    item_depth: usize,
    /// An Atom feed whose root forgot its namespace.
    bare_atom: bool,
}

impl Builder {
    /// Takes an event; says whether to go on.
    fn event(&mut self, class: Class, event: &Event<'_>) -> bool {
        match event {
            Event::Start(start) => {
                if self.open.len() >= MAX_DEPTH {
                    self.feed
                        .faults
                        .push(format!("elements nest deeper than {MAX_DEPTH}; what stands before that was read"));
                    return false;
                }
                self.start(class, start);
            }
            Event::Empty(start) => {
                self.start(class, start);
                self.end();
            }
            Event::End(_) => self.end(),
            Event::Text(text) => self.text(text.as_ref()),
            Event::CData(text) => self.text(text.as_ref()),
            Event::GeneralRef(reference) => {
                let resolved = plain::decode_entities(&format!("&{};", reference.as_ref()));
                self.text(&resolved);
            }
            Event::Eof => return false,
            _ => {}
        }
        true
    }

    fn start(&mut self, class: Class, start: &BytesStart<'_>) {
        let name = start.local_name().as_ref().to_owned();
        self.bare_atom |= self.open.is_empty() && class == Class::Rss && name == "feed";
        let class = if self.bare_atom && class == Class::Rss { Class::Atom } else { class };
        if let Some(capture) = &mut self.capture {
            capture.depth += 1;
            if capture.depth > 1 || !(class == Class::Xhtml && name == "div") || capture.markup.is_some() {
                let text = &capture.text;
                let markup = capture.markup.get_or_insert_with(|| escaped(text));
                markup.push('<');
                markup.push_str(&name);
                rewrite_attributes(start, markup);
                markup.push('>');
            } else {
                capture.markup = Some(escaped(&capture.text));
            }
            self.open.push(name);
            return;
        }
        let parent = self.open.last().cloned().unwrap_or_default();
        self.open.push(name.clone());
        if matches!((class, name.as_str()), (Class::Rss | Class::Atom, "item" | "entry")) && self.item.is_none() {
            self.item_depth = self.open.len();
            self.item = Some(WireItem {
                id: attribute(start, "about").unwrap_or_default(),
                language: attribute(start, "xml:lang").unwrap_or_default(),
                base: attribute(start, "xml:base").unwrap_or_default(),
                ..WireItem::default()
            });
            return;
        }
        match (class, name.as_str()) {
            (Class::Rss, "rss" | "channel") | (Class::Atom, "feed") => self.root(start),
            (Class::Atom, "link") => self.atom_link(start, &parent),
            (Class::Atom, "category") => self.category(attribute(start, "label").or_else(|| attribute(start, "term"))),
            (Class::Rss, "enclosure") | (Class::Media, "content" | "thumbnail") => self.enclosure(&name, start),
            _ => {
                let page_around = class == Class::Xhtml && self.item.is_none();
                if let Some(field) = field(class, &name, &parent).filter(|_| !page_around) {
                    self.begin(field, class, start);
                }
            }
        }
    }

    fn root(&mut self, start: &BytesStart<'_>) {
        if let Some(language) = attribute(start, "xml:lang") {
            self.feed.language = language;
        }
        if let Some(base) = attribute(start, "xml:base") {
            self.feed.base = base;
        }
    }

    fn begin(&mut self, field: Field, class: Class, start: &BytesStart<'_>) {
        let kind = attribute(start, "type").unwrap_or_default().to_ascii_lowercase();
        let is_html = match class {
            // RFC 4287, 3.1.1: `text` unless said otherwise; Atom 0.3 wrote media types.
            Class::Atom => kind.contains("html") || attribute(start, "mode").is_some_and(|mode| mode == "escaped"),
            _ => true,
        };
        if let (Field::Content | Field::Summary, Some(item), Some(base)) =
            (field, &mut self.item, attribute(start, "xml:base"))
        {
            item.base = base;
        }
        if let (Field::Id, Some(item)) = (field, &mut self.item) {
            item.id_is_no_address =
                attribute(start, "isPermaLink").is_some_and(|value| value.eq_ignore_ascii_case("false"));
        }
        if let (Field::Source, Some(item)) = (field, &mut self.item) {
            item.source_link = attribute(start, "url").unwrap_or_default();
        }
        self.capture = Some(Capture { field, text: String::new(), markup: None, is_html, depth: 0 });
    }

    fn end(&mut self) {
        let depth = self.open.len();
        let name = self.open.pop().unwrap_or_default();
        if let Some(capture) = self.capture.as_mut().filter(|capture| capture.depth > 0) {
            capture.depth -= 1;
            if let Some(markup) = capture.markup.as_mut().filter(|_| name != "br" && name != "img" && name != "hr") {
                markup.extend(["</", &name, ">"]);
            }
            return;
        }
        if let Some(capture) = self.capture.take() {
            self.store(capture);
        } else if depth == self.item_depth {
            self.close_item();
        }
    }

    fn close_item(&mut self) {
        self.feed.items.extend(self.item.take());
    }

    fn text(&mut self, text: &str) {
        if let Some(capture) = &mut self.capture {
            match &mut capture.markup {
                Some(markup) => markup.push_str(&escaped(text)),
                None => capture.text.push_str(text),
            }
        }
    }

    fn store(&mut self, capture: Capture) {
        let is_html = capture.is_html || capture.markup.is_some();
        let value = capture.markup.unwrap_or(capture.text);
        let value = value.trim();
        if value.is_empty() {
            return;
        }
        let text = || WireText { value: value.to_owned(), is_html };
        let line = || if is_html { plain::from_html(value) } else { plain::one_line(value) };
        let Some(item) = &mut self.item else {
            match capture.field {
                Field::Title if self.feed.title.is_empty() => self.feed.title = line(),
                Field::Link if self.feed.link.is_empty() => value.clone_into(&mut self.feed.link),
                Field::Language => value.clone_into(&mut self.feed.language),
                _ => {}
            }
            return;
        };
        match capture.field {
            Field::Id => value.clone_into(&mut item.id),
            Field::Link => value.clone_into(&mut item.link),
            Field::Title if item.title.value.is_empty() => item.title = text(),
            Field::Summary if item.summary.value.is_empty() => item.summary = text(),
            Field::Content if item.content.value.len() < value.len() => item.content = text(),
            Field::Author => item.authors.push(line()),
            Field::Published if item.published.is_empty() => value.clone_into(&mut item.published),
            Field::Updated => value.clone_into(&mut item.updated),
            Field::Category => item.categories.push(line()),
            Field::Language => value.clone_into(&mut item.language),
            Field::Source => item.source_title = line(),
            _ => {}
        }
    }

    fn atom_link(&mut self, start: &BytesStart<'_>, parent: &str) {
        let rel = attribute(start, "rel").unwrap_or_else(|| "alternate".to_owned());
        let Some(href) = attribute(start, "href").filter(|href| !href.trim().is_empty()) else { return };
        let kind = attribute(start, "type").unwrap_or_default();
        match (&mut self.item, parent) {
            (Some(item), "source") if rel == "alternate" => item.source_link = href,
            (Some(item), "entry" | "item") => match rel.as_str() {
                "alternate" if item.link.is_empty() || kind.contains("html") => item.link = href,
                "enclosure" if kind.starts_with("image/") && item.picture.is_empty() => item.picture = href,
                _ => {}
            },
            (None, "feed" | "channel") if rel == "alternate" && self.feed.link.is_empty() => self.feed.link = href,
            _ => {}
        }
    }

    fn category(&mut self, term: Option<String>) {
        if let (Some(item), Some(term)) = (&mut self.item, term.filter(|term| !term.trim().is_empty())) {
            item.categories.push(plain::one_line(&term));
        }
    }

    fn enclosure(&mut self, name: &str, start: &BytesStart<'_>) {
        let Some(item) = &mut self.item else { return };
        let is_picture = name == "thumbnail"
            || attribute(start, "type").is_some_and(|kind| kind.starts_with("image/"))
            || attribute(start, "medium").is_some_and(|medium| medium == "image");
        if let Some(address) = attribute(start, "url").filter(|_| is_picture && item.picture.is_empty()) {
            item.picture = address;
        }
    }

    fn finish(mut self) -> WireFeed {
        // A document that ends in the middle of an item still holds what was read of it; half an address or half a
        // date is none.
        if let Some(capture) = self.capture.take()
            && matches!(capture.field, Field::Title | Field::Summary | Field::Content)
        {
            self.store(capture);
        }
        if let Some(item) = &self.item {
            // Without its id it would come again under another one, when the feed is whole.
            let is_known = !item.id.is_empty() || !item.link.is_empty();
            let rest = if is_known { "what stands before that was read" } else { "that item was left out" };
            self.feed.faults.push(format!("the feed ends in the middle of an item; {rest}"));
            self.item = self.item.take().filter(|_| is_known);
        }
        self.close_item();
        self.feed
    }
}

/// The value that an element holds, by the class of its namespace and where it stands.
fn field(class: Class, name: &str, parent: &str) -> Option<Field> {
    let field = match (class, name) {
        (Class::Rss | Class::Atom | Class::DublinCore, "title") => Field::Title,
        (Class::Rss, "link") => Field::Link,
        (Class::Rss, "guid") | (Class::Atom, "id") => Field::Id,
        (Class::Rss | Class::DublinCore, "description") | (Class::Atom, "summary") => Field::Summary,
        (Class::Content, "encoded") | (Class::Atom, "content") | (Class::Xhtml, "body" | "div") => Field::Content,
        (Class::Rss, "author") | (Class::DublinCore, "creator") => Field::Author,
        (Class::Rss | Class::Atom, "name") if matches!(parent, "author" | "contributor") => {
            return (parent == "author").then_some(Field::Author);
        }
        (Class::Rss, "pubDate") | (Class::DublinCore, "date") | (Class::Atom, "published" | "issued" | "created") => {
            Field::Published
        }
        (Class::Atom, "updated" | "modified") => Field::Updated,
        (Class::Rss, "category") | (Class::DublinCore, "subject") => Field::Category,
        (Class::Rss | Class::DublinCore, "language") => Field::Language,
        (Class::Rss, "source") => Field::Source,
        _ => return None,
    };
    match (parent, field) {
        // The title of Atom's `source` is the other feed's; images and text inputs have titles and links too.
        ("source", Field::Title) => Some(Field::Source),
        ("image" | "textInput" | "textinput" | "source" | "author", _) => None,
        (_, field) => Some(field),
    }
}

fn attribute(start: &BytesStart<'_>, wanted: &str) -> Option<String> {
    start.html_attributes().with_checks(false).filter_map(Result::ok).find_map(|attribute| {
        let name = attribute.key.as_ref();
        let local = name.rsplit(':').next().unwrap_or(name);
        (name == wanted || (!wanted.contains(':') && local == wanted)).then(|| plain::decode_entities(&attribute.value))
    })
}

/// Writes the attributes of a child element as HTML has them.
fn rewrite_attributes(start: &BytesStart<'_>, markup: &mut String) {
    for attribute in start.html_attributes().with_checks(false).filter_map(Result::ok) {
        let value = escaped(&plain::decode_entities(&attribute.value));
        markup.extend([" ", attribute.key.as_ref(), "=\"", &value, "\""]);
    }
}

//! Reading WXR, event by event: an item is handed on when it ends, and nothing else of it is kept.
//!
//! Broken XML costs the item in which it stands; the reading goes on at the next `<item>`.

use std::io::Read;

use quick_xml::NsReader;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::ResolveResult;

use super::capture::Capture;
use super::faults::Faults;
use super::fields::{self, Field, Section};
use super::item::{Category, Channel, Item, Term};
use super::names::{Class, Prefixes};
use super::stream::{Position, Stream};
use crate::collect::plain;

/// A value longer than this costs its item, in bytes.
const LONGEST: usize = 32 << 20;
/// Nesting beyond which no export goes.
const MAX_DEPTH: usize = 256;
/// Authors and categories of a site beyond which no export goes.
const MAX_NAMES: usize = 200_000;
/// What is said of an ampersand that begins no reference.
const BARE: &str = "a bare `&` was taken as text; it is written `&amp;`";

/// What becomes of the items.
pub(super) trait Sink {
    /// Takes an item that was read to its end.
    fn item(&mut self, item: Item);
    /// Counts an item that was lost to a fault, and says of which post type it was, as far as that was read.
    fn lost(&mut self, item: Item, why: &str);
}

/// Reads one document, the `file`-th of its export.
pub(super) fn read(bytes: impl Read, file: usize, channel: &mut Channel, sink: &mut dyn Sink) -> Faults {
    let mut document = Document {
        file,
        channel,
        sink,
        prefixes: Prefixes::default(),
        faults: Faults::default(),
        item: None,
        section: Section::None,
        capture: None,
        depth: 0,
        pair: (String::new(), String::new(), String::new()),
        has_root: false,
        has_item: false,
        began_anew: false,
    };
    document.run(Stream::new(bytes, LONGEST));
    document.faults.with_counts()
}

struct Document<'a> {
    file: usize,
    channel: &'a mut Channel,
    sink: &'a mut dyn Sink,
    prefixes: Prefixes,
    faults: Faults,
    item: Option<Item>,
    section: Section,
    capture: Option<Capture>,
    /// How many elements are open.
    depth: usize,
    /// The values of the open section.
    pair: (String, String, String),
    has_root: bool,
    has_item: bool,
    /// Whether the reading went on behind broken XML.
    began_anew: bool,
}

impl Document<'_> {
    fn run<R: Read>(&mut self, mut stream: Stream<R>) {
        let mut buffer = Vec::new();
        loop {
            let mut reader = NsReader::from_reader(stream);
            let config = reader.config_mut();
            config.check_end_names = false;
            config.allow_unmatched_ends = true;
            config.allow_dangling_amp = true;
            self.depth = 0;
            let broken = loop {
                buffer.clear();
                let at = reader.get_mut().begin();
                match reader.read_resolved_event_into(&mut buffer) {
                    Ok((_, Event::Eof)) => {
                        self.finish(reader.get_mut());
                        return;
                    }
                    Ok((resolved, event)) => {
                        let prefixed = match &event {
                            Event::Start(start) | Event::Empty(start) => start.name().prefix().is_some(),
                            _ => false,
                        };
                        let class = self.prefixes.class(&resolved, prefixed);
                        if prefixed && let ResolveResult::Unknown(prefix) = &resolved {
                            self.tell_undeclared(prefix, class, at);
                        }
                        let ended = self.event(class, &event, at);
                        if matches!(event, Event::Start(_)) {
                            self.mark_content(reader.get_mut().position());
                        }
                        if self.capture.as_ref().is_some_and(|capture| capture.len() > LONGEST) {
                            break Some((at, too_long()));
                        }
                        if self.depth > MAX_DEPTH {
                            break Some((at, format!("elements nest deeper than {MAX_DEPTH}")));
                        }
                        // What was left open inside of the item must not add up.
                        if ended && self.depth > 8 {
                            break None;
                        }
                    }
                    Err(quick_xml::Error::Io(error)) if error.kind() == std::io::ErrorKind::FileTooLarge => {
                        break Some((at, too_long()));
                    }
                    Err(quick_xml::Error::Io(error)) => {
                        self.faults.add(at, format!("it cannot be read on: {error}"));
                        self.finish(reader.get_mut());
                        return;
                    }
                    Err(error) => break Some((at, format!("broken XML ({error})"))),
                }
            };
            stream = reader.into_inner();
            if let Some((at, fault)) = broken {
                self.give_up(at, &fault);
                self.began_anew = true;
                if !stream.skip_to_item().unwrap_or(false) {
                    return;
                }
            }
        }
    }

    /// Says of a prefix that nobody declares what was made of it. Of a document in which the reading began anew the beginning
    /// is out of reach.
    fn tell_undeclared(&mut self, prefix: &str, class: Class, at: Position) {
        if self.began_anew || self.prefixes.has(prefix) {
            return;
        }
        let meant = if class == Class::Other { " and means nothing here" } else { "; what it usually means was taken" };
        self.faults.count(at, format!("the prefix `{prefix}` is not declared{meant}"));
    }

    /// Loses the open item, if there is one.
    fn give_up(&mut self, at: Position, fault: &str) {
        self.capture = None;
        self.section = Section::None;
        match self.item.take() {
            Some(item) => {
                self.faults.add(at, format!("{fault}; {} is left out", item.called()));
                self.sink.lost(item, fault);
            }
            None => self.faults.add(at, format!("{fault}; the reading goes on at the next item")),
        }
    }

    fn finish<R: Read>(&mut self, stream: &mut Stream<R>) {
        let at = stream.begin();
        for (at, message) in stream.changes() {
            self.faults.add(at, message);
        }
        // Half a value is none.
        self.capture = None;
        if let Some(item) = self.item.take() {
            let whole = !item.kind.is_empty() && !item.status.is_empty();
            let rest = if whole { "what stands before that was read" } else { "that item is left out" };
            self.faults.add(at, format!("the file ends in the middle of {}; {rest}", item.called()));
            if whole {
                self.sink.item(item);
            } else {
                self.sink.lost(item, "the file ends in the middle of it");
            }
        }
        if !self.has_root {
            self.faults.add(Position { line: 1, column: 1 }, "this is no WordPress export: it has no `<rss>`");
        } else if self.channel.version.is_empty() && self.channel.blog_url.is_empty() {
            let message = "this does not say that it is a WordPress export (`wp:wxr_version`)";
            self.faults.add(Position { line: 1, column: 1 }, message);
        } else if !self.has_item {
            self.faults.add(Position { line: 1, column: 1 }, "this export holds no item");
        }
    }

    /// The text of a body begins where its start tag ends, or the mark of CDATA.
    fn mark_content(&mut self, at: Position) {
        if let (Some(capture), Some(item)) = (&self.capture, &mut self.item)
            && capture.field == Field::Content
            && capture.is_empty()
        {
            item.content_at = at;
        }
    }

    /// Takes an event that begins at `at`; says whether it ended an item.
    fn event(&mut self, class: Class, event: &Event<'_>, at: Position) -> bool {
        match event {
            Event::Start(start) => {
                self.depth += 1;
                self.start(class, start, at);
            }
            Event::Empty(start) => {
                self.start(class, start, at);
                return self.end(start.local_name().as_ref());
            }
            Event::End(end) => {
                self.depth = self.depth.saturating_sub(1);
                return self.end(end.local_name().as_ref());
            }
            Event::Text(text) => {
                let written: &str = text.as_ref();
                if !self.has_root && !written.trim_matches(['\u{feff}', ' ', '\t', '\r', '\n']).is_empty() {
                    self.faults.count(at, "text before the root element was dropped");
                }
                if self.capture.is_some() && written.contains('&') {
                    self.faults.count(at, BARE);
                }
                let is_mended = self.capture.as_mut().is_some_and(|capture| capture.text(text.as_ref()));
                if is_mended {
                    self.faults
                        .add(at, "CDATA stands in CDATA, whose first `]]>` ends it; the rest was read as its text");
                }
            }
            Event::CData(text) => {
                self.mark_content(Position { column: at.column + "<![CDATA[".len(), ..at });
                self.with_capture(|capture| capture.cdata(text.as_ref()));
            }
            Event::GeneralRef(reference) => {
                let name: &str = reference.as_ref();
                let written = format!("&{name};");
                let resolved = plain::decode_entities(&written);
                if self.capture.is_some() && resolved == written {
                    self.faults.count(at, BARE);
                } else if self.capture.is_some()
                    && !name.starts_with('#')
                    && !matches!(name, "amp" | "lt" | "gt" | "quot" | "apos")
                {
                    let message =
                        "a character has a name of HTML's; XML knows only `amp`, `lt`, `gt`, `quot` and `apos`";
                    self.faults.count(at, message);
                }
                self.with_capture(|capture| {
                    capture.text(&resolved);
                });
            }
            _ => {}
        }
        false
    }

    fn with_capture(&mut self, act: impl FnOnce(&mut Capture)) {
        if let Some(capture) = &mut self.capture {
            act(capture);
        }
    }

    fn start(&mut self, class: Class, start: &BytesStart<'_>, at: Position) {
        let local = start.local_name();
        let name: &str = local.as_ref();
        self.has_root |= name == "rss" || name == "channel" || name == "item";
        if class == Class::Plain && name == "rss" {
            self.prefixes.note(start);
        }
        if class == Class::Plain && name == "item" {
            self.has_item = true;
            if let Some(open) = self.item.take() {
                let message = format!("{} has no end; the next item begins here", open.called());
                self.faults.add(at, message);
                self.store();
                self.sink.item(open);
            }
            self.capture = None;
            self.section = Section::None;
            self.item = Some(Item::new(self.file, at));
            return;
        }
        if let Some(capture) = &mut self.capture {
            // An element of WXR ends a value whose end tag is missing; any other one is markup of the value.
            if class == Class::Plain || class == Class::Other {
                capture.open(name, start);
                return;
            }
            self.store();
        }
        self.section = match (class, name) {
            (Class::Wp, "author") if self.item.is_none() => Section::Author,
            (Class::Wp, "category") if self.item.is_none() => Section::Category,
            (Class::Wp, "comment") => Section::Comment,
            (Class::Wp, "postmeta") => Section::Meta,
            _ => self.section,
        };
        if matches!((class, name), (Class::Wp, "author" | "category" | "comment" | "postmeta")) {
            self.pair = Default::default();
            return;
        }
        let skips_value = !self.pair.0.is_empty() && !fields::is_known_meta(&self.pair.0);
        let is_unwanted = self.section == Section::Meta && name == "meta_value" && skips_value;
        let field = Field::of(self.section, self.item.is_some(), class, name).filter(|_| !is_unwanted);
        if let Some(field) = field {
            let mut capture = Capture::new(field);
            if field == Field::Term {
                capture.term = Term {
                    domain: fields::attribute(start, "domain"),
                    nicename: fields::attribute(start, "nicename"),
                    name: String::new(),
                };
            }
            self.capture = Some(capture);
        }
    }

    /// Says whether an item ended. An end tag is told by its local name alone: what it closes may be missing.
    fn end(&mut self, name: &str) -> bool {
        if let Some(capture) = &mut self.capture {
            if !capture.close(name) {
                return false;
            }
            self.store();
            return false;
        }
        match (self.section, name) {
            (Section::Author, "author") => self.end_author(),
            (Section::Category, "category") => self.end_category(),
            (Section::Meta, "postmeta") => self.end_meta(),
            (Section::Comment, "comment") => {
                let (approved, kind, _) = std::mem::take(&mut self.pair);
                // Not spam, and nothing that other sites say by themselves: `pingback`, `trackback`.
                let is_shown = matches!(approved.trim(), "" | "1") && matches!(kind.trim(), "" | "comment");
                if let Some(item) = &mut self.item {
                    item.comments += 1;
                    item.shown_comments += usize::from(is_shown);
                }
            }
            (_, "item") => {
                self.section = Section::None;
                if let Some(item) = self.item.take() {
                    self.sink.item(item);
                    return true;
                }
                return false;
            }
            _ => return false,
        }
        self.section = Section::None;
        false
    }

    fn end_author(&mut self) {
        let (login, name, _) = std::mem::take(&mut self.pair);
        if !login.is_empty() && self.channel.authors.len() < MAX_NAMES {
            self.channel.authors.entry(login).or_insert(name);
        }
    }

    fn end_category(&mut self) {
        let (nicename, name, parent) = std::mem::take(&mut self.pair);
        if self.channel.categories.len() < MAX_NAMES {
            self.channel.categories.entry(nicename).or_insert(Category { name, parent });
        }
    }

    fn end_meta(&mut self) {
        let (key, value, _) = std::mem::take(&mut self.pair);
        let Some(item) = &mut self.item else { return };
        match key.as_str() {
            "_thumbnail_id" => item.thumbnail = value,
            "_wp_attachment_image_alt" => item.alt = value,
            "enclosure" => item.enclosures.push(value),
            "footnotes" => item.footnotes = value,
            key if fields::is_access(key) => item.reserved |= !matches!(value.trim(), "" | "0" | "everybody"),
            _ => {}
        }
    }

    /// Keeps the value that was gathered.
    fn store(&mut self) {
        let Some(capture) = self.capture.take() else { return };
        let (field, term) = (capture.field, capture.term.clone());
        let value = capture.into_value(field == Field::Content || field == Field::Excerpt);
        match field {
            Field::First => self.pair.0 = value,
            Field::Second => self.pair.1 = value,
            Field::Third => self.pair.2 = value,
            Field::Language => self.channel.language = value,
            Field::BlogUrl => self.channel.blog_url = value,
            Field::SiteUrl => self.channel.site_url = value,
            Field::Version => self.channel.version = value,
            _ => match &mut self.item {
                Some(item) => fields::fill(item, field, term, value),
                None if field == Field::Link && self.channel.link.is_empty() => self.channel.link = value,
                None => {}
            },
        }
    }
}

fn too_long() -> String {
    format!("a value is longer than {} MB", LONGEST >> 20)
}

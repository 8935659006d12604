//! Pictures in SVG, cleaned before they are published.
//!
//! Shown by `<img>` such a picture runs nothing. Opened at its own address it is a document, which may run scripts as the site
//! itself, and ask other sites for files. So what runs goes, and what leads out of the file; what draws stays.

mod css;
mod entities;
mod foreign;

use std::path::Path;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use self::entities::Entities;
use self::foreign::Foreign;
use super::plain::decode_entities;
use super::sanitise::tag::{attributes, push_escaped};

/// Elements that run something, hold another document, or fetch one; with what is in them.
const GONE: [&str; 18] = [
    "script",
    "foreignobject",
    "handler",
    "listener",
    "iframe",
    "frame",
    "object",
    "embed",
    "applet",
    "audio",
    "video",
    "portal",
    "form",
    "link",
    "meta",
    "base",
    "import",
    "template",
];

/// The namespace of HTML, in which everything runs that runs in a page.
const HTML: &str = "http://www.w3.org/1999/xhtml";

/// The namespace of SVG.
const SVG: &str = "http://www.w3.org/2000/svg";

/// What drawing programs write into their files, by the prefixes that they give it.
const NAMESPACES: [(&str, &str); 6] = [
    ("xlink", "http://www.w3.org/1999/xlink"),
    ("inkscape", "http://www.inkscape.org/namespaces/inkscape"),
    ("sodipodi", "http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd"),
    ("rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"),
    ("dc", "http://purl.org/dc/elements/1.1/"),
    ("cc", "http://creativecommons.org/ns#"),
];

/// Pictures within pictures that run nothing.
const INSIDE: [&str; 5] = ["data:image/png", "data:image/jpeg", "data:image/jpg", "data:image/gif", "data:image/webp"];

/// A cleaned picture may be so many times as long as it was, for entities that it declares.
const LONGEST: usize = 4;

/// A picture that was cleaned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cleaned {
    /// What is published.
    pub bytes: Vec<u8>,
    /// What was taken out, each kind once: "a script", "links to other files". Nothing where it was only mended.
    pub taken: Vec<&'static str>,
}

impl Cleaned {
    /// What was taken out, as the end of "the picture …"; `None` where nothing was.
    #[must_use]
    pub fn in_words(&self) -> Option<String> {
        let taken = self.taken.join(", ");
        (!taken.is_empty()).then(|| format!("is published without what could do harm in it: {taken}"))
    }
}

/// Whether a file's name says that it is SVG.
#[must_use]
pub fn is_named_so(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|ending| ending.eq_ignore_ascii_case("svg"))
}

/// Cleans a picture, and mends what keeps browsers from showing it; `None` when there is nothing to do. The error says why it is no picture that a browser
/// shows, as the end of "the picture …".
pub fn cleaned(bytes: &[u8]) -> Result<Option<Cleaned>, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "is SVG that is not UTF-8".to_owned())?;
    let is_undeclared = |(prefix, _): &&(&str, &str)| {
        text.contains(&format!("{prefix}:")) && !text.contains(&format!("xmlns:{prefix}"))
    };
    let undeclared = NAMESPACES.iter().filter(is_undeclared).copied().collect();
    let mut cleaner = Cleaner { undeclared, ..Cleaner::default() };
    cleaner.read(text).map_err(|why| format!("is SVG that is not well-formed ({why})"))?;
    if cleaner.taken.is_empty() && !cleaner.is_mended {
        return Ok(None);
    }
    Ok(Some(Cleaned { bytes: cleaner.out.into_bytes(), taken: cleaner.taken }))
}

#[derive(Default)]
struct Cleaner {
    out: String,
    taken: Vec<&'static str>,
    entities: Entities,
    /// Prefixes of elements of HTML.
    of_html: Vec<String>,
    /// How many elements are open in one that goes, itself among them.
    gone: usize,
    /// Whether a style sheet is being read, and what was read of it.
    style: Option<String>,
    /// How many elements are open.
    depth: usize,
    /// How many are open around each `<switch>` that is.
    switches: Vec<usize>,
    /// Words set as HTML that are being read.
    foreign: Option<Foreign>,
    has_root: bool,
    /// Namespaces that are named in the file and not declared.
    undeclared: Vec<(&'static str, &'static str)>,
    /// Whether anything was mended that is no harm.
    is_mended: bool,
}

impl Cleaner {
    fn read(&mut self, text: &str) -> Result<(), String> {
        let mut reader = Reader::from_str(text);
        loop {
            let event = reader.read_event().map_err(|error| error.to_string())?;
            match &event {
                Event::Eof if self.depth > 0 => return Err("an element has no end".to_owned()),
                Event::Eof => return Ok(()),
                Event::Start(tag) => {
                    self.depth += 1;
                    if self.style.is_some() {
                        self.gone += 1;
                        self.take(IN_STYLE);
                    } else if self.gone > 0 || self.goes(tag) {
                        self.gone += 1;
                        self.enter(tag);
                    } else {
                        self.tag(tag, false);
                        if parts(tag.name().0).1 == "switch" {
                            self.switches.push(self.depth);
                        }
                    }
                }
                Event::Empty(tag) => {
                    if let Some(foreign) = &mut self.foreign {
                        foreign.part(parts(tag.name().0).1);
                    }
                    if self.style.is_some() {
                        self.take(IN_STYLE);
                    } else if self.gone == 0 && !self.goes(tag) {
                        self.tag(tag, true);
                    }
                }
                Event::End(end) => {
                    self.switches.pop_if(|depth| *depth >= self.depth);
                    self.depth = self.depth.saturating_sub(1);
                    if self.gone > 0 {
                        self.leave(parts(end.name().0).1);
                    } else {
                        self.end_style();
                        self.out.extend(["</", end.name().0, ">"]);
                    }
                }
                Event::Decl(_) => self.declaration(&text[..reader.buffer_position() as usize]),
                Event::PI(_) => self.take("a processing instruction"),
                Event::DocType(declared) => {
                    if declared.contains('[') {
                        self.take("declarations of entities");
                        self.entities = Entities::read(declared);
                    } else {
                        self.out.extend(["<!DOCTYPE ", declared.trim_start(), ">"]);
                    }
                }
                _ if self.gone > 0 => self.foreign_words(&event),
                Event::Text(words) => self.words(words),
                Event::CData(words) => self.unmarked(words),
                Event::Comment(words) => self.out.extend(["<!--", &**words, "-->"]),
                Event::GeneralRef(name) => self.reference(name),
            }
            if self.out.len() > text.len() * LONGEST + 4096 {
                return Err("its entities make it many times as long".to_owned());
            }
        }
    }

    /// Notes that an element is entered that goes with what is in it. Words that are set as HTML stay as words, unless a
    /// `<switch>` has others for programs that know no HTML.
    fn enter(&mut self, tag: &BytesStart<'_>) {
        let local = parts(tag.name().0).1;
        if let Some(foreign) = &mut self.foreign {
            foreign.enter(local, self.gone);
        } else if self.gone == 1 && local == "foreignObject" && self.switches.last() != Some(&(self.depth - 1)) {
            self.foreign = Some(Foreign::new(&self.entities.expanded(tag.attributes_raw())));
        }
    }

    /// Notes that one is left.
    fn leave(&mut self, local: &str) {
        self.gone -= 1;
        if let Some(foreign) = &mut self.foreign {
            foreign.leave(local, self.gone);
        }
        if self.gone == 0
            && let Some(text) = self.foreign.take().and_then(Foreign::into_text)
        {
            self.out.push_str(&text);
            self.take("the setting of words as HTML");
        }
    }

    fn foreign_words(&mut self, event: &Event<'_>) {
        let Some(foreign) = &mut self.foreign else { return };
        match event {
            Event::Text(words) => foreign.words(words),
            Event::CData(words) => foreign.words(words),
            Event::GeneralRef(name) => foreign.words(&decode_entities(&format!("&{};", &**name))),
            _ => {}
        }
    }

    /// Declares the namespaces that the outermost element lacks: without them a browser takes a file for no picture, or for no
    /// XML.
    fn declare(&mut self, raw: &str) {
        if !attributes(raw).any(|(name, _)| name == "xmlns") {
            self.out.extend([" xmlns=\"", SVG, "\""]);
            self.is_mended = true;
        }
        for (prefix, namespace) in std::mem::take(&mut self.undeclared) {
            self.out.extend([" xmlns:", prefix, "=\"", namespace, "\""]);
            self.is_mended = true;
        }
    }

    fn take(&mut self, what: &'static str) {
        if !self.taken.contains(&what) {
            self.taken.push(what);
        }
    }

    /// Another encoding than the one that the bytes are in would have them read otherwise.
    fn declaration(&mut self, read: &str) {
        let declared = read.rfind("<?xml").map_or("", |at| &read[at..]);
        let encoding = attributes(declared.trim_end_matches("?>")).find(|(name, _)| *name == "encoding");
        let is_utf_8 = encoding.is_none_or(|(_, value)| {
            ["utf-8", "utf8", "us-ascii", "ascii"].iter().any(|known| value.eq_ignore_ascii_case(known))
        });
        if is_utf_8 {
            self.out.push_str(declared);
        } else {
            self.take("the name of an encoding that is not its own");
            self.out.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
        }
    }

    /// Whether an element goes, with what is in it.
    fn goes(&mut self, tag: &BytesStart<'_>) -> bool {
        let raw = self.entities.expanded(tag.attributes_raw());
        let (prefix, local) = parts(tag.name().0);
        let mut is_html = false;
        for (name, value) in attributes(&raw) {
            if value.trim() == HTML {
                match name.strip_prefix("xmlns:") {
                    Some(prefix) => self.of_html.push(prefix.to_owned()),
                    None => is_html |= name == "xmlns",
                }
            }
        }
        is_html |= self.of_html.iter().any(|known| known == prefix);
        // What changes an address, or what an event does, while the picture is shown.
        let changes = attributes(&raw).any(|(name, value)| {
            let (_, changed) = parts(value.trim());
            name.eq_ignore_ascii_case("attributeName")
                && (changed.eq_ignore_ascii_case("href") || starts_with_on(changed))
        });
        if is_html || changes || GONE.iter().any(|gone| gone.eq_ignore_ascii_case(local)) {
            self.take(if local.eq_ignore_ascii_case("script") {
                "a script"
            } else {
                "an element that may run something"
            });
            return true;
        }
        false
    }

    fn tag(&mut self, tag: &BytesStart<'_>, is_empty: bool) {
        let name = tag.name().0;
        let raw = self.entities.expanded(tag.attributes_raw()).into_owned();
        self.out.extend(["<", name]);
        if !std::mem::replace(&mut self.has_root, true) && name == "svg" {
            self.declare(&raw);
        }
        for (attribute, value) in attributes(&raw) {
            // Browsers have every feature (SVG 2, 5.7); what else reads the file must choose as they do.
            if attribute == "requiredFeatures" {
                self.is_mended = true;
                continue;
            }
            match self.judged(name, attribute, &value) {
                Ok(value) => {
                    self.out.extend([" ", attribute, "=\""]);
                    push_escaped(&mut self.out, &value);
                    self.out.push('"');
                }
                Err(what) => self.take(what),
            }
        }
        self.out.push_str(if is_empty { "/>" } else { ">" });
        if !is_empty && parts(name).1.eq_ignore_ascii_case("style") {
            self.style = Some(String::new());
        }
    }

    /// The value of an attribute as it stays, or what is taken out with it.
    fn judged(&mut self, element: &str, name: &str, value: &str) -> Result<String, &'static str> {
        let (prefix, local) = parts(name);
        let plain: String = value.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect();
        let plain = plain.to_ascii_lowercase();
        if starts_with_on(local) {
            return Err("a script");
        }
        if plain.contains("javascript:") || plain.contains("vbscript:") {
            return Err("a script");
        }
        if name.eq_ignore_ascii_case("xml:base") {
            return Err(OUTSIDE);
        }
        if matches!(local.to_ascii_lowercase().as_str(), "href" | "src") && prefix != "xmlns" {
            let is_link = parts(element).1 == "a";
            let leads = plain.starts_with("https://") || plain.starts_with("http://") || plain.starts_with("mailto:");
            let is_inside =
                plain.is_empty() || plain.starts_with('#') || INSIDE.iter().any(|start| plain.starts_with(start));
            return if is_inside || (is_link && leads) { Ok(value.to_owned()) } else { Err(OUTSIDE) };
        }
        let css = css::cleaned(value);
        if css != value {
            self.take(OUTSIDE);
        }
        Ok(css.into_owned())
    }

    /// Characters as they stand in the file.
    fn words(&mut self, raw: &str) {
        match &mut self.style {
            Some(style) => style.push_str(raw),
            None => self.out.push_str(raw),
        }
    }

    /// Characters that stand for themselves.
    fn unmarked(&mut self, words: &str) {
        let mut escaped = String::new();
        push_escaped(&mut escaped, words);
        self.words(&escaped);
    }

    fn reference(&mut self, name: &str) {
        let known = name.starts_with('#') || matches!(name, "amp" | "lt" | "gt" | "quot" | "apos");
        if known {
            self.words(&format!("&{name};"));
        } else if let Some(value) = self.entities.get(name).map(str::to_owned) {
            self.unmarked(&value);
        } else {
            self.take("a reference to nothing");
        }
    }

    /// Writes a style sheet that has been read.
    fn end_style(&mut self) {
        let Some(style) = self.style.take() else { return };
        let words = super::plain::decode_entities(&style);
        let css = css::cleaned(&words);
        if css == words {
            self.out.push_str(&style);
        } else {
            self.take(OUTSIDE);
            push_escaped(&mut self.out, &css);
        }
    }
}

const OUTSIDE: &str = "what leads out of the file";

/// No part of a style sheet is an element.
const IN_STYLE: &str = "markup in a style sheet";

/// The prefix of a name and what follows it.
fn parts(name: &str) -> (&str, &str) {
    name.split_once(':').unwrap_or(("", name))
}

fn starts_with_on(name: &str) -> bool {
    name.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("on"))
}

#[cfg(test)]
mod tests;

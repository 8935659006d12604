//! SVG pictures without what acts or reaches out. A browser that shows one by itself, from its own address, runs what
//! stands in it as on any page of that address.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use quick_xml::escape::unescape_with;
use quick_xml::events::{BytesEnd, BytesStart, BytesText, Event};
use quick_xml::name::{Namespace, ResolveResult};
use quick_xml::{NsReader, Writer};

/// Elements that act, or show what is no part of the picture; they go with what is in them. Where an animation would set
/// an address, it goes, too.
const ACTING: [&str; 14] = [
    "audio",
    "base",
    "canvas",
    "embed",
    "foreignobject",
    "handler",
    "iframe",
    "link",
    "listener",
    "meta",
    "object",
    "portal",
    "script",
    "video",
];

/// Elements that show a picture, which may stand in its own address.
const PICTURES: [&str; 2] = ["image", "feimage"];

const XHTML: &str = "http://www.w3.org/1999/xhtml";

/// No document nests deeper.
const MAX_DEPTH: usize = 512;

/// No element has more.
const MOST_ATTRIBUTES: usize = 256;

/// What entities may add, in bytes.
const MAX_GROWTH: usize = 1 << 20;

/// A picture as it may be published, and what was taken out of it: names of elements and attributes, in order.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::collect) struct Cleaned<'p> {
    pub(in crate::collect) bytes: Cow<'p, [u8]>,
    pub(in crate::collect) taken_out: Vec<String>,
}

/// Cleans the text of an SVG. The same bytes where there is nothing to take out; `None` when it is not well-formed, and
/// no browser shows it.
pub(in crate::collect) fn cleaned(bytes: &[u8]) -> Option<Cleaned<'_>> {
    let text = std::str::from_utf8(bytes).ok()?;
    let mut cleaner = Cleaner::new();
    cleaner.read(text)?;
    if cleaner.taken_out.is_empty() {
        return Some(Cleaned { bytes: Cow::Borrowed(bytes), taken_out: Vec::new() });
    }
    let taken_out = cleaner.taken_out.into_iter().collect();
    Some(Cleaned { bytes: Cow::Owned(cleaner.out.into_inner()), taken_out })
}

/// The bytes of a file as they may stand among our files: those of an SVG without what acts. One that is not well-formed
/// is shown by no browser, and is empty.
#[must_use]
pub fn published(bytes: Vec<u8>, media_type: &str) -> Vec<u8> {
    if media_type != "image/svg+xml" {
        return bytes;
    }
    match cleaned(&bytes) {
        Some(Cleaned { bytes: Cow::Borrowed(_), .. }) => bytes,
        Some(Cleaned { bytes: Cow::Owned(clean), .. }) => clean,
        None => Vec::new(),
    }
}

struct Cleaner {
    out: Writer<Vec<u8>>,
    taken_out: BTreeSet<String>,
    /// What a document type declares.
    entities: BTreeMap<String, String>,
    /// How many elements are open within one that is taken out, itself among them.
    outside: usize,
    /// Whether each open element is a style sheet.
    open: Vec<bool>,
    grown: usize,
}

impl Cleaner {
    fn new() -> Self {
        let (taken_out, entities) = (BTreeSet::new(), BTreeMap::new());
        Self { out: Writer::new(Vec::new()), taken_out, entities, outside: 0, open: Vec::new(), grown: 0 }
    }

    fn read(&mut self, text: &str) -> Option<()> {
        let mut reader = NsReader::from_str(text);
        loop {
            let (namespace, event) = reader.read_resolved_event().ok()?;
            let is_page = matches!(namespace, ResolveResult::Bound(Namespace(name)) if name == XHTML);
            match event {
                Event::Eof => return (self.open.is_empty() && self.outside == 0).then_some(()),
                Event::Start(start) => self.start(&start, is_page, false)?,
                Event::Empty(start) => self.start(&start, is_page, true)?,
                Event::End(end) => {
                    if self.outside > 0 {
                        self.outside -= 1;
                    } else {
                        self.open.pop()?;
                        let name = end.name().as_ref().to_owned();
                        self.write(Event::End(BytesEnd::new(name)))?;
                    }
                }
                _ if self.outside > 0 => {}
                Event::Text(text) => self.text(&text)?,
                Event::CData(text) => self.text(&text)?,
                Event::GeneralRef(reference) => {
                    let text = self.resolved(&format!("&{};", &*reference))?;
                    self.text(&text)?;
                }
                Event::DocType(declared) => self.declared(&declared),
                Event::PI(instruction) => {
                    self.taken_out.insert(format!("<?{}", instruction.target()));
                }
                Event::Decl(declaration) => self.write(Event::Decl(declaration))?,
                Event::Comment(_) => {}
            }
        }
    }

    fn write(&mut self, event: Event<'_>) -> Option<()> {
        self.out.write_event(event).ok()
    }

    fn start(&mut self, start: &BytesStart<'_>, mut is_page: bool, is_empty: bool) -> Option<()> {
        let local = start.local_name().as_ref().to_ascii_lowercase();
        if self.outside > 0 {
            self.outside += usize::from(!is_empty);
            return Some(());
        }
        let mut attributes = Vec::new();
        for attribute in start.attributes() {
            let attribute = attribute.ok()?;
            let name = attribute.key.as_ref().to_owned();
            let value = self.resolved(&attribute.value)?;
            is_page |= name.starts_with("xmlns") && value.trim() == XHTML;
            attributes.push((name, value));
            if attributes.len() > MOST_ATTRIBUTES {
                return None;
            }
        }
        let sets_what_acts = matches!(&*local, "animate" | "set" | "animatetransform" | "animatemotion")
            && attributes.iter().any(|(name, value)| {
                let value = value.trim().to_ascii_lowercase();
                local_name(name) == "attributename" && (value.ends_with("href") || value.starts_with("on"))
            });
        if is_page || ACTING.contains(&&*local) || sets_what_acts {
            self.taken_out.insert(format!("<{local}>"));
            self.outside = usize::from(!is_empty);
            return Some(());
        }
        let name = start.name().as_ref().to_owned();
        let mut clean = BytesStart::new(name);
        for (name, value) in attributes {
            match kept(&local, &name, &value) {
                Some(value) => clean.push_attribute((&*name, &*value)),
                None => {
                    self.taken_out.insert(name.to_ascii_lowercase());
                }
            }
        }
        if is_empty {
            return self.write(Event::Empty(clean));
        }
        if self.open.len() >= MAX_DEPTH {
            return None;
        }
        self.open.push(local == "style");
        self.write(Event::Start(clean))
    }

    fn text(&mut self, text: &str) -> Option<()> {
        if self.open.last() == Some(&true) && reaches_out(text) {
            self.taken_out.insert("<style>".to_owned());
            return Some(());
        }
        self.write(Event::Text(BytesText::new(text)))
    }

    /// A text with what its references stand for.
    fn resolved(&mut self, text: &str) -> Option<String> {
        if !text.contains('&') {
            return Some(text.to_owned());
        }
        let entities = &self.entities;
        let resolved = unescape_with(text, |name| {
            quick_xml::escape::resolve_predefined_entity(name).or_else(|| entities.get(name).map(String::as_str))
        });
        let resolved = resolved.ok()?.into_owned();
        self.grown += resolved.len().saturating_sub(text.len());
        (self.grown <= MAX_GROWTH).then_some(resolved)
    }

    /// Takes the document type away, and notes the texts that it declares. One that refers to others is none.
    fn declared(&mut self, doctype: &str) {
        let Some((_, subset)) = doctype.split_once('[') else { return };
        for declaration in subset.split("<!ENTITY").skip(1) {
            self.taken_out.insert("<!ENTITY>".to_owned());
            let declaration = declaration.trim_start();
            let Some((name, rest)) = declaration.split_once(char::is_whitespace) else { continue };
            let rest = rest.trim_start();
            let Some(quote) = rest.chars().next().filter(|c| matches!(c, '"' | '\'')) else { continue };
            if let Some(value) = rest[1..].split(quote).next().filter(|value| !value.contains(['&', '%', '<'])) {
                self.entities.entry(name.to_owned()).or_insert_with(|| value.to_owned());
            }
        }
    }
}

/// What an attribute may be, if anything.
fn kept<'v>(element: &str, name: &str, value: &'v str) -> Option<Cow<'v, str>> {
    let local = local_name(name);
    let is_address = matches!(&*local, "href" | "src");
    if (local.starts_with("on") && !name.starts_with("xmlns")) || (name.starts_with("xml:") && local == "base") {
        return None;
    }
    if is_address {
        let address: String = value.chars().filter(|c| *c > ' ').collect::<String>().to_ascii_lowercase();
        let is_picture = PICTURES.contains(&element) && is_picture(&address);
        let is_link = element == "a" && (address.starts_with("https://") || address.starts_with("http://"));
        return (address.is_empty() || address.starts_with('#') || is_picture || is_link)
            .then_some(Cow::Borrowed(value));
    }
    let is_style = local == "style" || value.contains('(') || value.contains('\\');
    (!is_style || !reaches_out(value)).then_some(Cow::Borrowed(value))
}

fn local_name(name: &str) -> String {
    name.rsplit(':').next().unwrap_or(name).to_ascii_lowercase()
}

/// Whether an address holds a picture that is no document.
fn is_picture(address: &str) -> bool {
    ["data:image/png", "data:image/jpeg", "data:image/jpg", "data:image/gif", "data:image/webp", "data:image/avif"]
        .iter()
        .any(|start| address.starts_with(start))
}

/// Whether a style names anything outside of the picture. What is escaped may be anything.
fn reaches_out(style: &str) -> bool {
    let style = style.to_ascii_lowercase();
    let names_nothing = |rest: &str| {
        let address = rest.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\''));
        address.starts_with('#') || is_picture(address)
    };
    let is_escaped = style.contains('\\');
    let is_outside = style.split("url(").skip(1).any(|rest| !names_nothing(rest));
    is_escaped
        || is_outside
        || ["@import", "image-set(", "src(", "expression(", "-moz-binding"].iter().any(|sign| style.contains(sign))
}

#[cfg(test)]
mod tests {
    use super::cleaned;

    fn of(svg: &str) -> (String, Vec<String>) {
        let cleaned = cleaned(svg.as_bytes()).unwrap();
        (String::from_utf8(cleaned.bytes.into_owned()).unwrap(), cleaned.taken_out)
    }

    const OPEN: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:x=\"http://www.w3.org/1999/xlink\">";

    #[test]
    fn what_draws_stays_byte_for_byte() {
        let inside = "<!-- a --><defs><style>.a{fill:url(#g)}</style><linearGradient id='g'/></defs>\n<a href='https://a.example/'>\
             <path class=\"a\" style='mask:url(\"#m\")' d='M0 0'/></a><use x:href='#g'/><image href='data:image/png;base64,AA'/>\
             <text>1 &lt; 2 &#233;</text><animate attributeName='fill' to='red'/>";
        let svg = format!(
            "<?xml version='1.0'?>\n<!DOCTYPE svg PUBLIC '-//W3C//DTD SVG 1.1//EN' 'http://www.w3.org/x.dtd'>\n{OPEN}{inside}</svg>\n"
        );
        assert_eq!(of(&svg), (svg.clone(), vec![]));
    }

    #[test]
    fn what_acts_is_taken_out() {
        for (inside, expected, taken_out) in [
            ("<script>a()</script><g/>", "<g/>", "<script>"),
            ("<s:script xmlns:s='http://www.w3.org/2000/svg'>a()</s:script>", "", "<script>"),
            ("<g ONLOAD='a()' id='b'/>", "<g id=\"b\"/>", "onload"),
            ("<foreignObject><p onclick='a'><b/></p></foreignObject>c", "c", "<foreignobject>"),
            ("<h:b xmlns:h='http://www.w3.org/1999/xhtml'>d</h:b>", "", "<b>"),
            ("<a x:href=' java&#10;script:a()'>e</a>", "<a>e</a>", "x:href"),
            ("<use href='https://a.example/b.svg#c'/>", "<use/>", "href"),
            ("<image href='https://a.example/b.png'/>", "<image/>", "href"),
            ("<use href='data:image/svg+xml,x'/>", "<use/>", "href"),
            ("<set attributeName='href' to='javascript:a()'/>", "", "<set>"),
            ("<path fill='url(https://a.example/#b)' d='M0'/>", "<path d=\"M0\"/>", "fill"),
            ("<path style='fill:u\\72l(//a.example)'/>", "<path/>", "style"),
            ("<style>@import 'https://a.example/';</style>", "<style></style>", "<style>"),
            ("<?xml-stylesheet href='a'?>f", "f", "<?xml-stylesheet"),
        ] {
            let (svg, taken) = of(&format!("{OPEN}{inside}</svg>"));
            assert_eq!((svg, taken.join(" ")), (format!("{OPEN}{expected}</svg>"), taken_out.to_owned()), "{inside}");
        }
    }

    #[test]
    fn declared_texts_are_put_in() {
        let (svg, taken) = of(&format!(
            "<!DOCTYPE svg [<!ENTITY a \"b\"><!ENTITY c SYSTEM '/etc/passwd'>]>{OPEN}<text id='&a;'>&a;</text></svg>"
        ));
        assert_eq!((svg, taken.join(" ")), (format!("{OPEN}<text id=\"b\">b</text></svg>"), "<!ENTITY>".to_owned()));
    }

    #[test]
    fn what_nobody_can_read_is_no_picture() {
        let bomb = format!("<!DOCTYPE svg [<!ENTITY a \"{}\">]>{OPEN}{}</svg>", "x".repeat(9999), "&a;".repeat(9999));
        let undeclared = format!("{OPEN}&a;</svg>");
        let deep = format!("{OPEN}{}{}</svg>", "<g>".repeat(9999), "</g>".repeat(9999));
        for svg in ["<svg><g></svg>", "<svg", "<svg a=1/>", "<svg>", &*bomb, &*undeclared, &*deep] {
            assert_eq!(cleaned(svg.as_bytes()), None, "{}", &svg[..svg.len().min(200)]);
        }
    }
}

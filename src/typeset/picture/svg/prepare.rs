//! Styles and words of a graphic before usvg reads it: it knows a part of CSS selectors and values, no variables, no
//! direction of text, and takes one face for a text. Here styles are resolved, and stand as attributes of each element
//! afterwards; runs of text name the face that has their letters.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fmt::Write as _;
use std::sync::Arc;

use selectors::context::SelectorCaches;
use usvg::roxmltree::{self, Document, Node, NodeId, ParsingOptions};

use super::element::language;
use super::properties::{self, Value};
use super::rules::{Declared, Rules};
use super::words::{Brackets, Faces, Words, begins};
use crate::typeset::display::Color;
use crate::typeset::picture::Around;
use crate::typeset::picture::aspect::{self, Alignment};
use crate::typeset::style::custom::{self, Values};

const SVG: &str = "http://www.w3.org/2000/svg";
const XLINK: &str = "http://www.w3.org/1999/xlink";
const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// A graphic with its styles resolved.
#[derive(Debug)]
pub(super) struct Prepared {
    pub(super) text: String,
    /// What is in it that cannot be shown.
    pub(super) left_out: BTreeSet<String>,
    pub(super) alignment: Option<Alignment>,
    /// Whether it has a shape, and no size of its own.
    pub(super) is_sizeless: bool,
}

/// Resolves the styles of a graphic; `faces` are for its words.
pub(super) fn prepared(text: &str, around: Option<&Around>, faces: Faces<'_>) -> Result<Prepared, roxmltree::Error> {
    let options = ParsingOptions { allow_dtd: true, ..ParsingOptions::default() };
    let document = Document::parse_with_options(text, options)?;
    let rules = Rules::of_document(&document, around.map_or("", |around| &*around.sheets));
    let left_out = rules.left_out.iter().map(|what| (*what).to_owned()).collect();
    let out = String::with_capacity(text.len() + text.len() / 4);
    let mut writer = Writer {
        rules,
        caches: SelectorCaches::default(),
        out,
        left_out,
        faces,
        names: document.descendants().filter_map(|node| node.attribute("id")).collect(),
        first: HashMap::new(),
        last: HashSet::new(),
    };
    writer.document(&document, around);
    writer.left_out.extend(writer.faces.missing());
    let root = document.root_element();
    let (alignment, is_sizeless) = (aspect::of_root(root), aspect::is_sizeless(root));
    Ok(Prepared { text: writer.out, left_out: writer.left_out, alignment, is_sizeless })
}

/// Where an element stands.
#[derive(Clone, Copy)]
enum Standing<'a> {
    /// It is the first of a graphic that is a file.
    Alone,
    /// It is the first of a graphic in a document.
    InDocument(&'a Around),
    Inside,
}

/// What an element hands on to those in it.
#[derive(Clone)]
struct Inherited {
    values: Arc<Values>,
    words: Words,
    /// Whether it stands in a text.
    in_text: bool,
}

struct Writer<'f, 'd> {
    rules: Rules,
    caches: SelectorCaches,
    out: String,
    left_out: BTreeSet<String>,
    faces: Faces<'f>,
    /// What may be referred to.
    names: HashSet<&'d str>,
    /// Text before which brackets open, and text before the end of which they close.
    first: HashMap<NodeId, Vec<Brackets>>,
    last: HashSet<NodeId>,
}

/// An element that is open.
struct Open<'a, 'input> {
    next: Option<Node<'a, 'input>>,
    name: &'input str,
    inherited: Inherited,
    /// What stands around its words.
    brackets: Option<Brackets>,
}

impl Writer<'_, '_> {
    /// Writes a document, without recursion.
    fn document(&mut self, document: &Document<'_>, around: Option<&Around>) {
        let values = around.map(|around| Arc::clone(&around.custom)).unwrap_or_default();
        let words = Words::running(around.is_some_and(|around| around.is_rtl));
        let inherited = Inherited { values, words, in_text: false };
        let mut open: Vec<Open<'_, '_>> = Vec::new();
        open.extend(self.enter(
            document.root_element(),
            &inherited,
            around.map_or(Standing::Alone, Standing::InDocument),
        ));
        while let Some(element) = open.last_mut() {
            let Some(node) = element.next else {
                if let Some(brackets) = element.brackets.take() {
                    self.run(brackets.after());
                }
                let _ = write!(self.out, "</{}>", element.name);
                open.pop();
                continue;
            };
            element.next = node.next_sibling();
            if node.is_element() {
                let inherited = element.inherited.clone();
                open.extend(self.enter(node, &inherited, Standing::Inside));
            } else if node.is_text() {
                self.text(node, &element.inherited);
            }
        }
    }

    /// Writes the beginning of an element; none where it shows nothing here.
    fn enter<'a, 'input>(
        &mut self,
        node: Node<'a, 'input>,
        around: &Inherited,
        standing: Standing<'_>,
    ) -> Option<Open<'a, 'input>> {
        let name = node.tag_name().name();
        if !matches!(node.tag_name().namespace(), None | Some(SVG)) || name == "style" {
            return None;
        }
        let mut inherited = around.clone();
        let (attributes, styles) = self.resolved(node, &mut inherited, standing);
        let is_text =
            matches!(name, "text" | "tspan" | "textPath" | "a" | "tref") && (name == "text" || around.in_text);
        inherited.in_text = is_text;
        if name == "a" && !around.in_text && node.attributes().any(|attribute| attribute.name() == "href") {
            self.left_out.insert("links in it".to_owned());
        }
        if name == "use" {
            self.tell_lost(attributes.get("href").map_or("", |href| href.trim()));
        }
        let _ = write!(self.out, "<{name}");
        if !matches!(standing, Standing::Inside) {
            let _ = write!(self.out, " xmlns=\"{SVG}\"");
        }
        for (name, value) in &attributes {
            let _ = write!(self.out, " {name}=\"");
            escape(&mut self.out, value);
            self.out.push('"');
        }
        let anchor = (is_text && inherited.words.is_rtl).then(|| inherited.words.anchor.other_way());
        let anchor = anchor.map(|anchor| ("text-anchor", anchor.name().to_owned()));
        self.out.push_str(" style=\"");
        for (name, value) in styles.into_iter().chain(anchor) {
            let _ = write!(self.out, "{name}:");
            escape(&mut self.out, &value);
            self.out.push(';');
        }
        self.out.push_str("\">");
        let brackets = if is_text && begins(node) { self.brackets(node, &inherited.words) } else { None };
        Some(Open { next: node.first_child(), name, inherited, brackets })
    }

    /// Tells of what a `use` shows that is not there.
    fn tell_lost(&mut self, href: &str) {
        match href.strip_prefix('#') {
            Some(name) if self.names.contains(name) => {}
            Some(_) => drop(self.left_out.insert("what `<use>` names and is not there".to_owned())),
            None if href.is_empty() => {}
            None => drop(self.left_out.insert("parts of other files".to_owned())),
        }
    }

    /// What stands around the words of an element, and before which of them it begins.
    fn brackets(&mut self, node: Node<'_, '_>, words: &Words) -> Option<Brackets> {
        let is_said = |node: &Node<'_, '_>| node.text().is_some_and(|text| !text.trim().is_empty());
        let said: Vec<Node<'_, '_>> = node.descendants().filter(|node| node.is_text() && is_said(node)).collect();
        let text: String = said.iter().filter_map(Node::text).collect();
        let brackets = self.faces.brackets(&text, words)?;
        self.first.entry(said.first()?.id()).or_default().push(brackets.clone());
        self.last.insert(said.last()?.id());
        Some(brackets)
    }

    /// The attributes of an element and its styles.
    fn resolved(
        &mut self,
        node: Node<'_, '_>,
        inherited: &mut Inherited,
        standing: Standing<'_>,
    ) -> (BTreeMap<String, String>, BTreeMap<&'static str, String>) {
        let mut attributes = own_attributes(node);
        if !matches!(standing, Standing::Inside)
            && let Some((name, side)) = aspect::missing_side(node)
        {
            attributes.insert(name.to_owned(), side);
        }
        let mut styles = BTreeMap::new();
        let mut declared: Vec<(String, String)> = Vec::new();
        attributes.retain(|name, value| {
            let is_style = properties::is_presentation(name);
            if is_style {
                declared.push((name.clone(), value.clone()));
            }
            !is_style
        });
        let of_sheets = self.rules.of_element(node, &mut self.caches);
        inherited.values = custom_values(&inherited.values, &of_sheets);
        declared.extend(of_sheets.into_iter().map(|declared| (declared.name, declared.value)));
        for (name, value) in declared {
            let Some(name) = properties::known(&name) else { continue };
            // Variables with neither value nor fallback make a declaration that counts as `unset`.
            let filled = custom::substitute(&value, &inherited.values);
            match filled.map(|value| properties::read(name, &value)) {
                Some(Value::Style(longhands)) => styles.extend(longhands),
                Some(Value::Attribute(value)) => {
                    // The text around a graphic has its own use for the size that is said of it.
                    let is_of_box = match standing {
                        Standing::InDocument(_) => properties::is_geometry(name),
                        Standing::Alone => value.ends_with('%'),
                        Standing::Inside => false,
                    };
                    if !is_of_box {
                        attributes.insert(if name == "white-space" { "xml:space" } else { name }.to_owned(), value);
                    }
                }
                Some(Value::Invalid) => {}
                Some(Value::LeftOut(what)) => drop(self.left_out.insert(what.to_owned())),
                None => drop(styles.remove(name)),
            }
        }
        styles.retain(|_, value| !is_reset(value));
        if let Standing::InDocument(Around { color: Color { r, g, b, .. }, .. }) = standing {
            styles.entry("color").or_insert_with(|| format!("#{r:02x}{g:02x}{b:02x}"));
        }
        inherited.words.take(&mut styles, language(node));
        (attributes, styles)
    }

    /// Writes words; those of a text with the faces that have their letters.
    fn text(&mut self, node: Node<'_, '_>, inherited: &Inherited) {
        let text = node.text().unwrap_or_default();
        if !inherited.in_text {
            return escape(&mut self.out, text);
        }
        let mut text = text;
        for brackets in self.first.remove(&node.id()).unwrap_or_default() {
            let words = text.trim_start();
            escape(&mut self.out, &text[..text.len() - words.len()]);
            self.run(brackets.before());
            text = words;
        }
        if self.last.contains(&node.id()) {
            // Spaces at the end are not seen, but before the end of an isolate they would be.
            text = text.trim_end();
        }
        for (face, run) in self.faces.runs(text, &inherited.words) {
            self.run((face.as_deref(), run));
        }
    }

    /// Writes words in one face.
    fn run(&mut self, (face, words): (Option<&str>, &str)) {
        let Some(face) = face.filter(|_| !words.is_empty()) else { return escape(&mut self.out, words) };
        let _ = write!(self.out, "<tspan style=\"font-family:'{face}'\">");
        escape(&mut self.out, words);
        self.out.push_str("</tspan>");
    }
}

/// The attributes that usvg knows, by the names that it knows them by; `href` of its own counts before that of `XLink`.
fn own_attributes(node: Node<'_, '_>) -> BTreeMap<String, String> {
    let mut attributes = BTreeMap::new();
    let has_href = node.attributes().any(|attribute| attribute.namespace().is_none() && attribute.name() == "href");
    for attribute in node.attributes() {
        let name = match attribute.namespace() {
            None => attribute.name().to_owned(),
            Some(XLINK) if attribute.name() == "href" && !has_href => "href".to_owned(),
            Some(XML) => format!("xml:{}", attribute.name()),
            _ => continue,
        };
        if !matches!(name.as_str(), "style" | "class") {
            attributes.insert(name, attribute.value().to_owned());
        }
    }
    attributes
}

/// The custom properties of an element.
fn custom_values(around: &Arc<Values>, declared: &[Declared]) -> Arc<Values> {
    let own = declared.iter().filter_map(|declared| Some((declared.name.strip_prefix("--")?, &*declared.value)));
    custom::computed(around, &own.collect())
}

/// Whether a value takes back what is said elsewhere.
fn is_reset(value: &str) -> bool {
    ["initial", "unset", "revert", "revert-layer"].iter().any(|word| value.eq_ignore_ascii_case(word))
}

fn escape(out: &mut String, text: &str) {
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            other => out.push(other),
        }
    }
}

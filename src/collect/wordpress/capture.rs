//! A value whose text is being gathered.

use quick_xml::events::BytesStart;

use super::fields::Field;
use super::item::Term;
use crate::collect::plain;
use crate::model::escaped;

/// A value, until its end tag.
#[derive(Debug)]
pub(super) struct Capture {
    pub(super) field: Field,
    /// For `category`, what its attributes say.
    pub(super) term: Term,
    text: String,
    /// Whether a part of it was CDATA.
    has_cdata: bool,
    /// Elements of the value's own that are open.
    depth: usize,
}

impl Capture {
    pub(super) fn new(field: Field) -> Self {
        Self { field, term: Term::default(), text: String::new(), has_cdata: false, depth: 0 }
    }

    pub(super) fn len(&self) -> usize {
        self.text.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// Takes text. Where a broken exporter put CDATA into CDATA, what follows its first end is text up to the second
    /// one: `<![CDATA[a <![CDATA[b]]> c]]>`. Says whether it is so.
    pub(super) fn text(&mut self, text: &str) -> bool {
        let is_rest = self.has_cdata && text.contains("]]>");
        if is_rest {
            self.text.push_str("]]>");
            match text.rsplit_once("]]>") {
                Some((inside, after)) if after.trim().is_empty() => self.text.push_str(inside),
                _ => self.text.push_str(text),
            }
        } else if self.depth > 0 {
            self.text.push_str(&escaped(text));
        } else {
            self.text.push_str(text);
        }
        is_rest
    }

    pub(super) fn cdata(&mut self, text: &str) {
        if !self.has_cdata && self.is_empty() {
            self.text.clear();
        }
        self.has_cdata = true;
        self.text.push_str(text);
    }

    /// Takes an element that is no value of WXR: markup that somebody forgot to escape.
    pub(super) fn open(&mut self, name: &str, start: &BytesStart<'_>) {
        self.depth += 1;
        self.text.push('<');
        self.text.push_str(name);
        for attribute in start.html_attributes().with_checks(false).filter_map(Result::ok) {
            let value = escaped(&plain::decode_entities(&attribute.value));
            self.text.extend([" ", attribute.key.as_ref(), "=\"", &value, "\""]);
        }
        self.text.push('>');
    }

    /// Takes an end tag; says whether it is the value's own.
    pub(super) fn close(&mut self, name: &str) -> bool {
        if self.depth == 0 || self.is_named(name) {
            return true;
        }
        self.depth -= 1;
        if !matches!(name, "br" | "img" | "hr" | "wbr" | "input" | "source") {
            self.text.extend(["</", name, ">"]);
        }
        false
    }

    /// Whether this is the end of a body, whatever is open in it.
    fn is_named(&self, name: &str) -> bool {
        matches!(self.field, Field::Content | Field::Excerpt) && name == "encoded"
    }

    /// The value; white space at the ends counts only in a body.
    pub(super) fn into_value(self, is_body: bool) -> String {
        if is_body || self.text.trim().len() == self.text.len() { self.text } else { self.text.trim().to_owned() }
    }
}

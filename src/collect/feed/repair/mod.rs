//! A document that is not well-formed, made so: every text becomes one that a strict reader takes to its end, with as
//! little changed as can be, and a fault for each change.
//!
//! One pass, no recursion; what is looked for and not found once is not looked for again, so that the time grows with
//! the length alone.

mod tags;

use memchr::memmem;

use self::tags::{Cut, attributes, cut, push_attributes};
use super::faults::{Fault, Faults};
use super::scope::MAX_DEPTH;
use super::text::is_illegal;

/// What came out.
#[derive(Debug)]
pub(super) struct Repaired {
    pub(super) text: String,
    /// Where the text was not at an end and its elements were closed for it.
    pub(super) cut: usize,
    /// The fault of a text that ends before its elements do.
    pub(super) end: Option<Fault>,
    pub(super) faults: Vec<Fault>,
    /// Places of the new text and of the old one that belong together, in order.
    edits: Vec<(u32, u32)>,
}

impl Repaired {
    /// The place in the old text of one in the new text.
    pub(super) fn original(&self, at: usize) -> usize {
        let after = self.edits.partition_point(|(new, _)| *new as usize <= at);
        let (new, old) = after.checked_sub(1).map_or((0, 0), |index| self.edits[index]);
        old as usize + (at - new as usize)
    }
}

/// Elements that hold nothing but text in a feed: the next element of a feed ends them.
const LEAVES: [&str; 12] = [
    "title",
    "link",
    "guid",
    "pubdate",
    "author",
    "category",
    "language",
    "comments",
    "id",
    "updated",
    "published",
    "creator",
];

/// Elements that hold nothing at all: attributes say everything. HTML's habit is not to close such.
const VOID: [&str; 3] = ["enclosure", "thumbnail", "cloud"];

/// Elements of a feed that end a leaf, or are a tag even where their own end is missing.
const ELEMENTS: [&str; 9] =
    ["item", "entry", "channel", "description", "encoded", "content", "summary", "source", "image"];

/// Repairs a text.
pub(super) fn repair(text: &str) -> Repaired {
    let mut repair = Repair {
        text,
        at: 0,
        out: String::with_capacity(text.len() + text.len() / 8),
        open: Vec::new(),
        dropped: 0,
        faults: Faults::default(),
        edits: Vec::new(),
        missing: Missing::default(),
    };
    while repair.at < text.len() {
        if text[repair.at..].starts_with('<') {
            repair.markup();
        } else {
            repair.characters();
        }
    }
    repair.finish()
}

/// What was looked for up to the end of the text in vain.
#[derive(Debug, Default)]
struct Missing {
    comment_end: bool,
    cdata_end: bool,
    instruction_end: bool,
    subset_end: bool,
    tag_end: bool,
}

struct Repair<'a> {
    text: &'a str,
    /// How far the text has been read.
    at: usize,
    out: String,
    /// Names of the open elements, with their prefixes.
    open: Vec<&'a str>,
    /// How many more are open and were dropped.
    dropped: usize,
    faults: Faults,
    edits: Vec<(u32, u32)>,
    missing: Missing,
}

impl<'a> Repair<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    /// Notes that what is written next stands for what is read next.
    fn align(&mut self) {
        let pair = (self.out.len() as u32, self.at as u32);
        let is_new = self
            .edits
            .last()
            .is_none_or(|(new, old)| i64::from(pair.0) - i64::from(*new) != i64::from(pair.1) - i64::from(*old));
        if is_new {
            self.edits.push(pair);
        }
    }

    /// Copies the next bytes, without the characters that XML does not allow.
    fn copy(&mut self, length: usize) {
        let end = self.at + length;
        while self.at < end {
            self.align();
            let piece = &self.text[self.at..end];
            let clean = piece.find(is_illegal).unwrap_or(piece.len());
            self.out.push_str(&piece[..clean]);
            self.at += clean;
            if let Some(c) = self.text[self.at..end].chars().next() {
                let code = u32::from(c);
                self.faults.add(self.at, format!("the character U+{code:04X} is not allowed in XML and was dropped"));
                self.at += c.len_utf8();
            }
        }
    }

    /// Drops the next bytes.
    fn skip(&mut self, length: usize, fault: &'static str) {
        self.faults.add(self.at, fault);
        self.at += length;
    }

    /// Copies text up to the next `<`; its references are left to the reader, which mends them.
    fn characters(&mut self) {
        let rest = self.rest();
        let length = memchr::memchr(b'<', rest.as_bytes()).unwrap_or(rest.len());
        self.copy(length);
    }

    fn markup(&mut self) {
        let rest = self.rest();
        if rest.starts_with("<!--") {
            self.comment();
        } else if rest.get(..9).is_some_and(|start| start.eq_ignore_ascii_case("<![CDATA[")) {
            self.cdata();
        } else if rest.starts_with("<!") {
            self.declaration();
        } else if rest.starts_with("<?") {
            self.instruction();
        } else if rest.starts_with("</") {
            self.end_tag();
        } else {
            self.start_tag();
        }
    }

    fn comment(&mut self) {
        match find("-->", &self.rest()[4..], &mut self.missing.comment_end) {
            Some(length) => self.at += 4 + length + 3,
            None => self.skip(4, "a comment that does not end was taken as text"),
        }
    }

    /// A CDATA section without an end ends where its element does.
    fn cdata(&mut self) {
        let inside = &self.rest()[9..];
        let found = find("]]>", inside, &mut self.missing.cdata_end);
        let (length, skipped) = if let Some(length) = found {
            (length, 3)
        } else {
            self.faults.add(self.at, "a CDATA section does not end; its element ends it");
            let close = self.open.last().map(|name| format!("</{name}"));
            let end = close.and_then(|close| memmem::find(inside.as_bytes(), close.as_bytes()));
            (end.unwrap_or(inside.len()), 0)
        };
        self.at += 9;
        self.out.push_str("<![CDATA[");
        let from = self.out.len();
        self.copy(length);
        // What was dropped may have stood between the characters of an end.
        if let Some(end) = self.out[from..].find("]]>") {
            let inside = self.out.split_off(from + end).replace("]]>", "]]]]><![CDATA[>");
            self.out.push_str(&inside);
        }
        self.out.push_str("]]>");
        self.at += skipped;
        self.align();
    }

    /// A DOCTYPE says nothing that is needed here: nothing is expanded.
    fn declaration(&mut self) {
        let rest = self.rest();
        let is_doctype = rest.get(..9).is_some_and(|start| start.eq_ignore_ascii_case("<!DOCTYPE"));
        let mut end = find(">", rest, &mut self.missing.tag_end);
        if is_doctype && end.is_some_and(|end| rest[..end].contains('[')) {
            // An internal subset holds declarations of its own.
            let closed = find("]", rest, &mut self.missing.subset_end);
            let after =
                closed.map(|closed| closed + 1 + rest[closed + 1..].len() - rest[closed + 1..].trim_start().len());
            end = after.filter(|after| rest[*after..].starts_with('>')).or(end);
        }
        match end {
            Some(end) if is_doctype => self.at += end + 1,
            Some(end) => self.skip(end + 1, "a declaration that means nothing here was dropped"),
            None => self.stray(),
        }
    }

    /// An instruction says nothing to us either.
    fn instruction(&mut self) {
        let rest = self.rest();
        if let Some(length) = find("?>", rest, &mut self.missing.instruction_end) {
            if rest.starts_with("<?xml ") && !self.text[..self.at].trim().is_empty() {
                self.faults.add(self.at, "an XML declaration stands behind the beginning of the document");
            }
            self.at += length + 2;
            return;
        }
        match find(">", rest, &mut self.missing.tag_end) {
            Some(length) => self.skip(length + 1, "an instruction that does not end as it should was dropped"),
            None => self.stray(),
        }
    }

    /// A `<` that begins nothing.
    fn stray(&mut self) {
        self.faults.add(self.at, "a bare `<` was taken as text; it is written `&lt;`");
        self.align();
        self.out.push_str("&lt;");
        self.at += 1;
        self.align();
    }

    fn end_tag(&mut self) {
        let inside = &self.rest()[2..];
        let length = inside.find(['<', '>']).unwrap_or(inside.len());
        let name = inside[..length].split_whitespace().next().unwrap_or_default();
        let ends = inside[length..].starts_with('>');
        if name.is_empty() || !ends && inside[..length].trim() != name {
            return self.stray();
        }
        let whole = 2 + length + usize::from(ends);
        if !ends {
            self.faults.add(self.at, "an end tag lacks its `>`");
        }
        if self.dropped > 0 {
            self.dropped -= 1;
            self.at += whole;
            return;
        }
        let Some(index) = self.open.iter().rposition(|open| is_same(open, name)) else {
            return self.skip(whole, "an end tag closes nothing and was dropped");
        };
        self.close_down_to(index + 1, name);
        self.align();
        self.close();
        self.at += whole;
        self.align();
    }

    /// Closes what is open beyond `depth`, because `cause` ends it.
    fn close_down_to(&mut self, depth: usize, cause: &str) {
        while self.open.len() > depth {
            if let Some(name) = self.open.last() {
                self.faults.add(self.at, format!("`{}` was not closed before `{}` ends it", short(name), short(cause)));
            }
            self.close();
        }
    }

    fn close(&mut self) {
        if let Some(name) = self.open.pop() {
            self.out.extend(["</", name, ">"]);
        }
    }

    fn start_tag(&mut self) {
        let rest = self.rest();
        let (name, inside, length) = match cut(rest) {
            Cut::Tag { name, inside, length } => (name, inside, length),
            // The next tag begins before this one ends: a tag of a feed was meant as one.
            Cut::Open { name, inside, length } if is_of_a_feed(name) => {
                self.faults.add(self.at, "a tag lacks its `>`");
                (name, inside, length)
            }
            _ => return self.stray(),
        };
        let is_empty = inside.ends_with('/');
        if self.dropped > 0 || self.open.len() >= MAX_DEPTH {
            self.faults.add(self.at, "elements nest deeper than 256; what stands deeper was dropped");
            self.dropped += usize::from(!is_empty);
            self.at += length;
            return;
        }
        self.close_before(name);
        self.align();
        self.out.push('<');
        self.out.push_str(name);
        let attributes = attributes(inside.strip_suffix('/').unwrap_or(inside));
        if !push_attributes(&mut self.out, &attributes) {
            self.faults.add(self.at, "attributes were not written as XML has them");
        }
        self.out.push_str(if is_empty { "/>" } else { ">" });
        if !is_empty {
            self.open.push(name);
        }
        self.at += length;
        self.align();
    }

    /// Closes what cannot hold the element that comes: a leaf, and an item before the next one.
    fn close_before(&mut self, name: &str) {
        let local = local(name);
        if let Some(top) = self.open.last()
            && is_of_a_feed(name)
            && (is_any(&VOID, self::local(top)) || is_any(&LEAVES, self::local(top)) && !is_same(top, name))
        {
            self.close_down_to(self.open.len() - 1, name);
        }
        if is_any(&["item", "entry"], local)
            && let Some(index) = self.open.iter().rposition(|open| is_same(open, name))
        {
            self.close_down_to(index, name);
        }
    }

    fn finish(mut self) -> Repaired {
        let cut = self.out.len();
        self.align();
        let end = self
            .open
            .last()
            .map(|name| Fault::new(self.at, format!("the document ends before `{}` is closed", short(name))));
        while !self.open.is_empty() {
            self.close();
        }
        Repaired { text: self.out, cut, end, faults: self.faults.into_list(|offset| offset), edits: self.edits }
    }
}

/// Where `wanted` stands; what was missing once is missing.
fn find(wanted: &str, text: &str, missing: &mut bool) -> Option<usize> {
    if *missing {
        return None;
    }
    let found = memmem::find(text.as_bytes(), wanted.as_bytes());
    *missing = found.is_none();
    found
}

fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

fn is_any(names: &[&str], name: &str) -> bool {
    names.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// Names are the same in any case of letters: who mixes them up mixes up the case, too.
fn is_same(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
}

fn is_of_a_feed(name: &str) -> bool {
    [&LEAVES[..], &ELEMENTS, &VOID].iter().any(|names| is_any(names, local(name)))
}

/// A name as a message can hold it.
fn short(name: &str) -> &str {
    name.char_indices().nth(40).map_or(name, |(end, _)| &name[..end])
}

#[cfg(test)]
mod tests;

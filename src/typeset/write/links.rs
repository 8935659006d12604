//! Link annotations (ISO 32000-1, 12.5.6.5).

use std::fmt::Write;
use std::ops::Range;

use lopdf::{Object, ObjectId, dictionary};

use crate::typeset::display::{Document, Link, LinkTarget, Page, TagId};

use super::objects::{bytes, destination, real, text};
use super::packed::{Written, integer, reserve};
use super::serialise::write_object;
use super::tree::Roles;

/// The annotations of a document's pages.
pub(super) struct Links {
    /// The object numbers of each page's.
    pub(super) by_page: Vec<Range<u32>>,
    /// Those that belong to the structure: page index, annotation, node. Their `StructParent` is the number of pages
    /// plus their place here.
    pub(super) tagged: Vec<(usize, ObjectId, TagId)>,
}

/// An annotation before it is written.
struct Annotation<'d> {
    page: &'d Page,
    link: &'d Link,
    struct_parent: Option<usize>,
}

/// Writes the link annotations. A link to an anchor that does not exist leads nowhere and is left out.
pub(super) fn links(
    file: &mut lopdf::Document,
    document: &Document,
    roles: &Roles,
    pages: &[ObjectId],
    written: &mut Written,
) -> Links {
    let mut links = Links { by_page: Vec::with_capacity(pages.len()), tagged: Vec::new() };
    let mut annotations = Vec::new();
    for (index, page) in document.pages.iter().enumerate() {
        let leads_somewhere = |link: &&Link| match &link.target {
            LinkTarget::Uri(_) => true,
            LinkTarget::Anchor(anchor) => document.anchors.contains_key(anchor),
        };
        let found: Vec<&Link> = page.links.iter().filter(leads_somewhere).collect();
        let numbers = reserve(file, found.len());
        for (number, link) in numbers.clone().zip(found) {
            let tag = link.tag.filter(|tag| roles.get(*tag).is_some());
            let struct_parent = tag.map(|_| document.pages.len() + links.tagged.len());
            links.tagged.extend(tag.map(|tag| (index, (number, 0), tag)));
            annotations.push(Annotation { page, link, struct_parent });
        }
        links.by_page.push(numbers);
    }
    let numbers = links.by_page.first().map_or(0, |first| first.start)..file.max_id + 1;
    written.add(numbers, |place, out| annotations[place].write(document, pages, out));
    links
}

impl Annotation<'_> {
    fn write(&self, document: &Document, pages: &[ObjectId], out: &mut Vec<u8>) {
        let Self { page, link, struct_parent } = self;
        let rect = link.rect;
        let (top, bottom) = (page.height - rect.y, page.height - rect.y - rect.height);
        let corners = [rect.x, bottom, rect.x + rect.width, top].map(real);
        out.extend_from_slice(b"<</Type/Annot/Subtype/Link/Rect");
        write_object(out, &Object::Array(corners.to_vec()));
        out.extend_from_slice(b"/Border[0 0 0]/F 4/Contents");
        write_object(out, &text(&link.contents));
        out.extend_from_slice(b"/A");
        write_object(out, &action(link, document, pages));
        if let Some(parent) = struct_parent {
            out.extend_from_slice(b"/StructParent ");
            integer(out, *parent as u64);
        }
        out.extend_from_slice(b">>");
    }
}

fn action(link: &Link, document: &Document, pages: &[ObjectId]) -> Object {
    match &link.target {
        LinkTarget::Uri(uri) => dictionary! { "S" => "URI", "URI" => bytes(ascii_uri(uri).as_bytes()) }.into(),
        LinkTarget::Anchor(anchor) => {
            // Links to anchors that do not exist have been left out.
            let to = document.anchors.get(anchor).map(|to| destination(document, pages, *to));
            dictionary! { "S" => "GoTo", "D" => to.unwrap_or(Object::Null) }.into()
        }
    }
}

/// A URI action holds ASCII only (12.6.4.7): everything else is percent-encoded (RFC 3986, 2.1).
fn ascii_uri(uri: &str) -> String {
    let mut ascii = String::with_capacity(uri.len());
    for byte in uri.bytes() {
        if byte.is_ascii_graphic() {
            ascii.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(ascii, "%{byte:02X}");
        }
    }
    ascii
}

//! Link annotations (ISO 32000-1, 12.5.6.5).

use std::fmt::Write;

use lopdf::{Object, ObjectId, dictionary};

use crate::typeset::display::{Document, Link, LinkTarget, TagId};

use super::objects::{bytes, destination, real, text};
use super::tree::Roles;

/// The annotations of a document's pages.
pub(super) struct Links {
    /// For each page.
    pub(super) by_page: Vec<Vec<ObjectId>>,
    /// Those that belong to the structure: page index, annotation, node. Their `StructParent` is the number of pages
    /// plus their place here.
    pub(super) tagged: Vec<(usize, ObjectId, TagId)>,
}

/// Writes the link annotations. A link to an anchor that does not exist leads nowhere and is left out.
pub(super) fn links(file: &mut lopdf::Document, document: &Document, roles: &Roles, pages: &[ObjectId]) -> Links {
    let mut links = Links { by_page: Vec::with_capacity(pages.len()), tagged: Vec::new() };
    for (index, page) in document.pages.iter().enumerate() {
        let mut ids = Vec::new();
        for link in &page.links {
            let Some((key, target)) = target(link, document, pages) else { continue };
            let Link { rect, .. } = link;
            let (top, bottom) = (page.height - rect.y, page.height - rect.y - rect.height);
            let corners = [rect.x, bottom, rect.x + rect.width, top].map(real);
            let mut annotation = dictionary! {
                "Type" => "Annot",
                "Subtype" => "Link",
                "Rect" => corners.to_vec(),
                "Border" => vec![0.into(), 0.into(), 0.into()],
                "F" => 4,
                "Contents" => text(&link.contents),
                key => target,
            };
            let tag = link.tag.filter(|tag| roles.get(*tag).is_some());
            if tag.is_some() {
                annotation.set("StructParent", (document.pages.len() + links.tagged.len()) as i64);
            }
            let id = file.add_object(annotation);
            links.tagged.extend(tag.map(|tag| (index, id, tag)));
            ids.push(id);
        }
        links.by_page.push(ids);
    }
    links
}

fn target(link: &Link, document: &Document, pages: &[ObjectId]) -> Option<(&'static str, Object)> {
    match &link.target {
        LinkTarget::Uri(uri) => {
            let action = dictionary! { "S" => "URI", "URI" => bytes(ascii_uri(uri).as_bytes()) };
            Some(("A", Object::Dictionary(action)))
        }
        LinkTarget::Anchor(anchor) => {
            let to = destination(document, pages, *document.anchors.get(anchor)?);
            Some(("A", Object::Dictionary(dictionary! { "S" => "GoTo", "D" => to })))
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

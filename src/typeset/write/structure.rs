//! Logical structure (ISO 32000-1, 14.7 and 14.8): the tree of elements, and which content belongs to which.
//!
//! Every [`TagId`] that arrives here was looked up in the document's structure first (by `content` and `links`), and
//! elements, object ids and nodes are numbered alike; page indices are those of the document's own pages.

use lopdf::{Dictionary, Object, ObjectId, dictionary};

use crate::typeset::display::{Document, Item, TagId};

use super::content::PageContent;
use super::links::Links;
use super::objects::{name, real, references, text};

/// A kid of an element, in reading order.
enum Kid {
    Element(TagId),
    /// A marked-content sequence of a page.
    Content {
        page: usize,
        mcid: usize,
    },
    /// A link annotation.
    Annotation {
        page: usize,
        annotation: ObjectId,
    },
}

struct Element {
    kids: Vec<Kid>,
    attached: bool,
}

/// Writes the structure tree and returns its root, if the document has structure. Pages get their `StructParents`.
pub(super) fn structure(
    file: &mut lopdf::Document,
    document: &Document,
    contents: &[PageContent],
    links: &Links,
    pages: &[ObjectId],
) -> Option<ObjectId> {
    if document.structure.is_empty() {
        return None;
    }
    let tree = Tree::of(document, contents, links);
    let root = file.new_object_id();
    let ids: Vec<ObjectId> = document.structure.iter().map(|_| file.new_object_id()).collect();
    for (tag, id) in ids.iter().enumerate() {
        let element = tree.element(document, tag, root, &ids, pages);
        file.set_object(*id, Object::Dictionary(element));
    }
    let parents = parent_tree(contents, links, &ids);
    for (index, page) in pages.iter().enumerate() {
        if let Ok(page) = file.get_dictionary_mut(*page) {
            page.set("StructParents", index as i64);
            // Tab order follows the structure.
            page.set("Tabs", name("S"));
        }
    }
    let top: Vec<ObjectId> =
        document.structure.iter().zip(&ids).filter(|(node, _)| node.parent.is_none()).map(|(_, id)| *id).collect();
    let root_dictionary = dictionary! {
        "Type" => "StructTreeRoot",
        "K" => references(&top),
        "ParentTree" => file.add_object(dictionary! { "Nums" => parents }),
        "ParentTreeNextKey" => (pages.len() + links.tagged.len()) as i64,
    };
    file.set_object(root, Object::Dictionary(root_dictionary));
    Some(root)
}

/// The number tree from `StructParents` to elements: an array for each page, then one element for each annotation.
fn parent_tree(contents: &[PageContent], links: &Links, ids: &[ObjectId]) -> Vec<Object> {
    let mut numbers = Vec::new();
    let mut add = |object: Object| {
        let key = (numbers.len() / 2) as i64;
        numbers.extend([Object::Integer(key), object]);
    };
    for content in contents {
        let owners: Vec<ObjectId> = content.sequences.iter().map(|tag| ids[*tag as usize]).collect();
        add(references(&owners));
    }
    for (_, _, tag) in &links.tagged {
        add(Object::Reference(ids[*tag as usize]));
    }
    numbers
}

/// The elements with their kids.
struct Tree {
    elements: Vec<Element>,
    /// Where the picture of a figure is: for its bounding box.
    boxes: Vec<Option<[f32; 4]>>,
}

impl Tree {
    /// Content comes in the order it is painted; an element stands where its first content stands, and one without
    /// any content before the next of its siblings.
    fn of(document: &Document, contents: &[PageContent], links: &Links) -> Self {
        let count = document.structure.len();
        let elements = (0..count).map(|_| Element { kids: Vec::new(), attached: false }).collect();
        let mut tree = Self { elements, boxes: vec![None; count] };
        for (page, content) in contents.iter().enumerate() {
            for (mcid, tag) in content.sequences.iter().enumerate() {
                tree.add(document, *tag, Kid::Content { page, mcid });
            }
        }
        for (page, annotation, tag) in &links.tagged {
            tree.add(document, *tag, Kid::Annotation { page: *page, annotation: *annotation });
        }
        for tag in 0..count as TagId {
            tree.attach_in_order(document, tag);
        }
        tree.find_boxes(document);
        tree
    }

    fn add(&mut self, document: &Document, tag: TagId, kid: Kid) {
        self.elements[tag as usize].kids.push(kid);
        let mut at = tag;
        while !self.elements[at as usize].attached {
            self.elements[at as usize].attached = true;
            let Some(parent) = parent(document, at) else { break };
            self.elements[parent as usize].kids.push(Kid::Element(at));
            at = parent;
        }
    }

    /// Attaches an element that has no content, before the first of its siblings that comes after it.
    fn attach_in_order(&mut self, document: &Document, tag: TagId) {
        if std::mem::replace(&mut self.elements[tag as usize].attached, true) {
            return;
        }
        let Some(parent) = parent(document, tag) else { return };
        let kids = &mut self.elements[parent as usize].kids;
        let later = |kid: &Kid| matches!(kid, Kid::Element(other) if *other > tag);
        let place = kids.iter().position(later).unwrap_or(kids.len());
        kids.insert(place, Kid::Element(tag));
    }

    fn find_boxes(&mut self, document: &Document) {
        for page in &document.pages {
            for item in &page.items {
                if let Item::Image { rect, tag: Some(tag), .. } = item
                    && let Some(found) = self.boxes.get_mut(*tag as usize)
                {
                    let bottom = page.height - rect.y - rect.height;
                    *found = Some([rect.x, bottom, rect.x + rect.width, bottom + rect.height]);
                }
            }
        }
    }

    fn element(
        &self,
        document: &Document,
        tag: usize,
        root: ObjectId,
        ids: &[ObjectId],
        pages: &[ObjectId],
    ) -> Dictionary {
        let node = &document.structure[tag];
        let parent = parent(document, tag as TagId).map_or(root, |parent| ids[parent as usize]);
        let mut element = dictionary! { "Type" => "StructElem", "S" => name(node.role), "P" => parent };
        if let Some(language) = &node.language {
            element.set("Lang", text(language));
        }
        if let Some(alt) = &node.alt {
            element.set("Alt", text(alt));
        }
        if let Some(attributes) = self.attributes(node.role, tag) {
            element.set("A", attributes);
        }
        self.set_kids(&mut element, tag, ids, pages);
        element
    }

    /// A figure says where it is, a heading cell what it heads, a list that it is one.
    fn attributes(&self, role: &str, tag: usize) -> Option<Dictionary> {
        match role {
            "Figure" => self.boxes[tag].map(|corners| {
                dictionary! { "O" => "Layout", "Placement" => "Block", "BBox" => corners.map(real).to_vec() }
            }),
            "TH" => Some(dictionary! { "O" => "Table", "Scope" => "Column" }),
            _ => None,
        }
    }

    fn set_kids(&self, element: &mut Dictionary, tag: usize, ids: &[ObjectId], pages: &[ObjectId]) {
        let kids = &self.elements[tag].kids;
        // Content of the element's own page is named by its number alone.
        let own_page = kids.iter().find_map(|kid| match kid {
            Kid::Content { page, .. } | Kid::Annotation { page, .. } => Some(*page),
            Kid::Element(_) => None,
        });
        if let Some(id) = own_page.and_then(|page| pages.get(page)) {
            element.set("Pg", *id);
        }
        let mut objects: Vec<Object> = kids
            .iter()
            .map(|kid| match kid {
                Kid::Element(tag) => Object::Reference(ids[*tag as usize]),
                Kid::Content { page, mcid } if Some(*page) == own_page => Object::Integer(*mcid as i64),
                Kid::Content { page, mcid } => {
                    dictionary! { "Type" => "MCR", "Pg" => pages[*page], "MCID" => *mcid as i64 }.into()
                }
                Kid::Annotation { page, annotation } => {
                    dictionary! { "Type" => "OBJR", "Pg" => pages[*page], "Obj" => *annotation }.into()
                }
            })
            .collect();
        match objects.len() {
            0 => {}
            1 => element.set("K", objects.remove(0)),
            _ => element.set("K", objects),
        }
    }
}

/// The parent of a node, where it names one that stands before it.
fn parent(document: &Document, tag: TagId) -> Option<TagId> {
    document.structure.get(tag as usize)?.parent.filter(|parent| *parent < tag)
}

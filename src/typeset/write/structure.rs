//! Logical structure (ISO 32000-1, 14.7 and 14.8): the tree of elements, and which content belongs to which.
//!
//! Every [`TagId`] that arrives here was looked up in [`Roles`] first (by `content` and `links`), and elements, object
//! ids and nodes are numbered alike; page indices are those of the document's own pages.

use std::collections::BTreeMap;

use lopdf::{Dictionary, Object, ObjectId, dictionary};

use crate::typeset::display::{Attributes, CellAttributes, Document, Item, Owner, Scope, TagId};

use super::content::PageContent;
use super::links::Links;
use super::objects::{bytes, name, real, references, text};
use super::tree::{Roles, parent};

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
    roles: &Roles,
    contents: &[PageContent],
    links: &Links,
    pages: &[ObjectId],
) -> Option<ObjectId> {
    if document.structure.is_empty() {
        return None;
    }
    let tree = Tree::of(document, roles, contents, links);
    let root = file.new_object_id();
    let ids: Vec<ObjectId> = document.structure.iter().map(|_| file.new_object_id()).collect();
    let written = |tag: usize| roles.get(tag as TagId).is_some();
    for (tag, id) in ids.iter().enumerate().filter(|(tag, _)| written(*tag)) {
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
    let nodes = document.structure.iter().zip(&ids).enumerate();
    let top: Vec<ObjectId> =
        nodes.filter(|(tag, (node, _))| node.parent.is_none() && written(*tag)).map(|(_, (_, id))| *id).collect();
    let mut root_dictionary = dictionary! {
        "Type" => "StructTreeRoot",
        "K" => references(&top),
        "ParentTree" => file.add_object(dictionary! { "Nums" => parents }),
        "ParentTreeNextKey" => (pages.len() + links.tagged.len()) as i64,
    };
    if let Some(names) = identifiers(document, roles, &ids) {
        root_dictionary.set("IDTree", file.add_object(names));
    }
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

/// The identifier of an element: notes have one of our making, cells that of the source.
fn identifier(document: &Document, role: &str, tag: usize) -> Option<String> {
    match (role, &document.structure[tag].attributes) {
        ("Note", _) => Some(format!("note-{tag}")),
        (_, Attributes::Cell(cell)) => cell.id.as_ref().map(|id| format!("cell-{id}")),
        _ => None,
    }
}

/// The name tree from identifiers to elements, in one sorted leaf. Of two elements with one identifier the first has it.
fn identifiers(document: &Document, roles: &Roles, ids: &[ObjectId]) -> Option<Dictionary> {
    let mut names = BTreeMap::new();
    for (tag, id) in ids.iter().enumerate() {
        if let Some(name) = roles.get(tag as TagId).and_then(|role| identifier(document, role, tag)) {
            names.entry(name).or_insert(*id);
        }
    }
    if names.is_empty() {
        return None;
    }
    let pairs: Vec<Object> =
        names.into_iter().flat_map(|(name, id)| [bytes(name.as_bytes()), Object::Reference(id)]).collect();
    Some(dictionary! { "Names" => pairs })
}

/// The elements with their kids.
struct Tree<'r> {
    roles: &'r Roles,
    elements: Vec<Element>,
    /// Where the picture of a figure is: for its bounding box.
    boxes: Vec<Option<[f32; 4]>>,
}

impl<'r> Tree<'r> {
    /// Content comes in the order it is painted, and so do elements among it. Elements that stand beside elements alone
    /// follow each other as in the document, wherever on the page or in the margin they are.
    fn of(document: &Document, roles: &'r Roles, contents: &[PageContent], links: &Links) -> Self {
        let count = document.structure.len();
        let elements = (0..count).map(|_| Element { kids: Vec::new(), attached: false }).collect();
        let mut tree = Self { roles, elements, boxes: vec![None; count] };
        for (page, content) in contents.iter().enumerate() {
            for (mcid, tag) in content.sequences.iter().enumerate() {
                tree.add(document, *tag, Kid::Content { page, mcid });
            }
        }
        for (page, annotation, tag) in &links.tagged {
            tree.add(document, *tag, Kid::Annotation { page: *page, annotation: *annotation });
        }
        for tag in 0..count as TagId {
            if roles.get(tag).is_some() {
                tree.attach_in_order(document, tag);
            }
        }
        for (tag, element) in tree.elements.iter_mut().enumerate() {
            if element.kids.iter().all(|kid| matches!(kid, Kid::Element(_))) {
                let in_table = roles.get(tag as TagId) == Some("Table");
                let place = |kid: TagId| if in_table { place_in_table(roles.get(kid)) } else { 0 };
                element.kids.sort_by_key(|kid| match kid {
                    Kid::Element(tag) => (place(*tag), *tag),
                    Kid::Content { .. } | Kid::Annotation { .. } => (0, 0),
                });
            }
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
                if let Item::Image { rect, clip, owner: Owner::Node(tag), .. } = item
                    && let Some(found) = self.boxes.get_mut(*tag as usize)
                {
                    let rect = clip.as_ref().unwrap_or(rect);
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
        let role = self.roles.get(tag as TagId).unwrap_or(node.role);
        let parent = parent(document, tag as TagId).map_or(root, |parent| ids[parent as usize]);
        let mut element = dictionary! { "Type" => "StructElem", "S" => name(role), "P" => parent };
        if let Some(id) = identifier(document, role, tag) {
            element.set("ID", bytes(id.as_bytes()));
        }
        if let Some(language) = &node.language {
            element.set("Lang", text(language));
        }
        if let Some(alt) = &node.alt {
            element.set("Alt", text(alt));
        }
        if let Attributes::Expansion(expansion) = &node.attributes {
            element.set("E", text(expansion));
        }
        let attributes = match &node.attributes {
            Attributes::Cell(cell) => cell_attributes(cell),
            Attributes::List(numbering) => Some(dictionary! { "O" => "List", "ListNumbering" => name(numbering) }),
            _ => self.layout_attributes(role, tag),
        };
        if let Some(attributes) = attributes {
            element.set("A", attributes);
        }
        self.set_kids(&mut element, tag, ids, pages);
        element
    }

    /// A figure says where it is.
    fn layout_attributes(&self, role: &str, tag: usize) -> Option<Dictionary> {
        let corners = self.boxes[tag].filter(|_| role == "Figure")?;
        Some(dictionary! { "O" => "Layout", "BBox" => corners.map(real).to_vec() })
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

/// The caption of a table first, its head, its body, its foot.
fn place_in_table(role: Option<&str>) -> u8 {
    match role {
        Some("Caption") => 0,
        Some("THead") => 1,
        Some("TFoot") => 3,
        _ => 2,
    }
}

/// What a cell heads and spans, where it is not what every cell does (14.8.5.7).
fn cell_attributes(cell: &CellAttributes) -> Option<Dictionary> {
    let mut attributes = Dictionary::new();
    if let Some(scope) = cell.scope {
        attributes.set("Scope", name(if scope == Scope::Row { "Row" } else { "Column" }));
    }
    for (key, span) in [("ColSpan", cell.columns), ("RowSpan", cell.rows)] {
        if span > 1 {
            attributes.set(key, span as i64);
        }
    }
    if !cell.headers.is_empty() {
        let headers = cell.headers.iter().map(|header| bytes(format!("cell-{header}").as_bytes()));
        attributes.set("Headers", headers.collect::<Vec<Object>>());
    }
    if attributes.is_empty() {
        return None;
    }
    attributes.set("O", name("Table"));
    Some(attributes)
}

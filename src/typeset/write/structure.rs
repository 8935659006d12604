//! Logical structure (ISO 32000-1, 14.7 and 14.8): the tree of elements, and which content belongs to which.
//!
//! Every [`TagId`] that arrives here was looked up in [`Roles`] first (by `content` and `links`), and elements, object
//! ids and nodes are numbered alike; page indices are those of the document's own pages.

use std::collections::BTreeMap;

use lopdf::{Dictionary, Object, ObjectId, dictionary};

use crate::typeset::display::{Attributes, CellAttributes, Document, Scope, TagId};

use super::content::PageContent;
use super::kids::{Kid, Kids};
use super::links::Links;
use super::objects::{bytes, name, real, references, text};
use super::packed::{Written, integer, reference, reserve};
use super::serialise::write_object;
use super::tree::{Roles, parent};

/// What the tree is made of.
#[derive(Clone, Copy)]
pub(super) struct Sources<'a> {
    pub(super) document: &'a Document,
    pub(super) roles: &'a Roles,
    pub(super) contents: &'a [PageContent],
    pub(super) links: &'a Links,
    pub(super) pages: &'a [ObjectId],
}

/// Writes the structure tree and returns its root, if the document has structure. Pages get their `StructParents`.
pub(super) fn structure(file: &mut lopdf::Document, sources: Sources<'_>, written: &mut Written) -> Option<ObjectId> {
    let Sources { document, roles, links, pages, .. } = sources;
    if document.structure.is_empty() {
        return None;
    }
    let root = file.new_object_id();
    let elements: Vec<TagId> = (0..document.structure.len() as TagId).filter(|tag| roles.get(*tag).is_some()).collect();
    let numbers = reserve(file, elements.len());
    let mut ids = vec![0; document.structure.len()];
    for (tag, number) in elements.iter().zip(numbers.clone()) {
        ids[*tag as usize] = number;
    }
    let tree = Tree { kids: Kids::of(sources), boxes: boxes(sources), sources, root, ids };
    written.add(numbers, |place, out| tree.element(elements[place] as usize, out));
    let parents = reserve(file, 1);
    let parent_tree = ObjectId::from((parents.start, 0));
    written.add(parents, |_, out| tree.parents(out));
    for (index, page) in pages.iter().enumerate() {
        if let Ok(page) = file.get_dictionary_mut(*page) {
            page.set("StructParents", index as i64);
            // Tab order follows the structure.
            page.set("Tabs", name("S"));
        }
    }
    let is_top = |tag: &&TagId| document.structure[**tag as usize].parent.is_none();
    let top: Vec<ObjectId> = elements.iter().filter(is_top).map(|tag| tree.id(*tag)).collect();
    let mut root_dictionary = dictionary! {
        "Type" => "StructTreeRoot",
        "K" => references(&top),
        "ParentTree" => parent_tree,
        "ParentTreeNextKey" => (pages.len() + links.tagged.len()) as i64,
    };
    if let Some(names) = identifiers(document, roles, &tree) {
        root_dictionary.set("IDTree", file.add_object(names));
    }
    file.set_object(root, Object::Dictionary(root_dictionary));
    Some(root)
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
fn identifiers(document: &Document, roles: &Roles, tree: &Tree<'_>) -> Option<Dictionary> {
    let mut names = BTreeMap::new();
    for tag in 0..document.structure.len() {
        if let Some(name) = roles.get(tag as TagId).and_then(|role| identifier(document, role, tag)) {
            names.entry(name).or_insert(tree.id(tag as TagId));
        }
    }
    if names.is_empty() {
        return None;
    }
    let pairs: Vec<Object> =
        names.into_iter().flat_map(|(name, id)| [bytes(name.as_bytes()), Object::Reference(id)]).collect();
    Some(dictionary! { "Names" => pairs })
}

/// Where the pictures of figures are: for their bounding boxes.
fn boxes(sources: Sources<'_>) -> BTreeMap<TagId, [f32; 4]> {
    sources.contents.iter().flat_map(|content| &content.figures).copied().collect()
}

/// The elements as they are written.
struct Tree<'a> {
    sources: Sources<'a>,
    kids: Kids,
    boxes: BTreeMap<TagId, [f32; 4]>,
    root: ObjectId,
    /// The object of each node that is written.
    ids: Vec<u32>,
}

impl Tree<'_> {
    fn id(&self, tag: TagId) -> ObjectId {
        (self.ids[tag as usize], 0)
    }

    /// The number tree from `StructParents` to elements: an array for each page, then one element for each annotation.
    fn parents(&self, out: &mut Vec<u8>) {
        let Sources { contents, links, .. } = self.sources;
        out.extend_from_slice(b"<</Nums[");
        for (page, content) in contents.iter().enumerate() {
            integer(out, page as u64);
            let mut separator = b'[';
            for tag in &content.sequences {
                out.push(separator);
                reference(out, self.id(*tag));
                separator = b' ';
            }
            out.extend_from_slice(if content.sequences.is_empty() { b"[]" } else { b"]" });
        }
        for (key, (_, _, tag)) in (contents.len()..).zip(&links.tagged) {
            out.push(b' ');
            integer(out, key as u64);
            out.push(b' ');
            reference(out, self.id(*tag));
        }
        out.extend_from_slice(b"]>>");
    }

    fn element(&self, tag: usize, out: &mut Vec<u8>) {
        let Sources { document, roles, .. } = self.sources;
        let node = &document.structure[tag];
        let role = roles.get(tag as TagId).unwrap_or(node.role);
        let parent = parent(document, tag as TagId).map_or(self.root, |parent| self.id(parent));
        out.extend_from_slice(b"<</Type/StructElem/S/");
        out.extend_from_slice(role.as_bytes());
        out.extend_from_slice(b"/P ");
        reference(out, parent);
        let mut entry = |key: &[u8], value: Object| {
            out.extend_from_slice(key);
            write_object(out, &value);
        };
        if let Some(id) = identifier(document, role, tag) {
            entry(b"/ID", bytes(id.as_bytes()));
        }
        if let Some(language) = &node.language {
            entry(b"/Lang", text(language));
        }
        if let Some(alt) = &node.alt {
            entry(b"/Alt", text(alt));
        }
        if let Attributes::Expansion(expansion) = &node.attributes {
            entry(b"/E", text(expansion));
        }
        let attributes = match &node.attributes {
            Attributes::Cell(cell) => cell_attributes(cell),
            Attributes::List(numbering) => Some(dictionary! { "O" => "List", "ListNumbering" => name(numbering) }),
            _ => self.layout_attributes(role, tag),
        };
        if let Some(attributes) = attributes {
            entry(b"/A", Object::Dictionary(attributes));
        }
        self.write_kids(tag as TagId, out);
        out.extend_from_slice(b">>");
    }

    /// A figure says where it is.
    fn layout_attributes(&self, role: &str, tag: usize) -> Option<Dictionary> {
        let corners = self.boxes.get(&(tag as TagId)).filter(|_| role == "Figure")?;
        Some(dictionary! { "O" => "Layout", "BBox" => corners.map(real).to_vec() })
    }

    fn write_kids(&self, tag: TagId, out: &mut Vec<u8>) {
        let Sources { pages, .. } = self.sources;
        let mut kids = self.kids.of_element(tag).peekable();
        // Content of the element's own page is named by its number alone.
        let own_page = self.kids.of_element(tag).find_map(Kid::page);
        if let Some(page) = own_page {
            out.extend_from_slice(b"/Pg ");
            reference(out, pages[page as usize]);
        }
        let Some(first) = kids.next() else { return };
        out.extend_from_slice(b"/K");
        let many = kids.peek().is_some();
        out.push(if many { b'[' } else { b' ' });
        self.write_kid(first, own_page, out);
        for kid in kids {
            out.push(b' ');
            self.write_kid(kid, own_page, out);
        }
        if many {
            out.push(b']');
        }
    }

    fn write_kid(&self, kid: Kid, own_page: Option<u32>, out: &mut Vec<u8>) {
        let Sources { pages, .. } = self.sources;
        match kid {
            Kid::Element(tag) => reference(out, self.id(tag)),
            Kid::Content { page, sequence } if Some(page) == own_page => integer(out, u64::from(sequence)),
            Kid::Content { page, sequence } => {
                out.extend_from_slice(b"<</Type/MCR/Pg ");
                reference(out, pages[page as usize]);
                out.extend_from_slice(b"/MCID ");
                integer(out, u64::from(sequence));
                out.extend_from_slice(b">>");
            }
            Kid::Annotation { page, annotation } => {
                out.extend_from_slice(b"<</Type/OBJR/Pg ");
                reference(out, pages[page as usize]);
                out.extend_from_slice(b"/Obj ");
                reference(out, (annotation, 0));
                out.extend_from_slice(b">>");
            }
        }
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

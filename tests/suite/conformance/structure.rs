//! The structure tree: what stands in what, and which content belongs to it.

use std::collections::{BTreeMap, BTreeSet};

use lopdf::{Dictionary, Object, ObjectId};

use super::{Pdf, Shown, is_said};

/// The standard structure types (ISO 32000-1, 14.8.4) that are expected.
const ROLES: [&str; 35] = [
    "Document",
    "Part",
    "Art",
    "Sect",
    "Div",
    "BlockQuote",
    "Caption",
    "TOC",
    "TOCI",
    "NonStruct",
    "H1",
    "H2",
    "H3",
    "H4",
    "H5",
    "H6",
    "P",
    "L",
    "LI",
    "Lbl",
    "LBody",
    "Table",
    "TR",
    "TH",
    "TD",
    "THead",
    "TBody",
    "TFoot",
    "Span",
    "Quote",
    "Note",
    "Reference",
    "Code",
    "Link",
    "Figure",
];

/// What was met on the way through the tree.
#[derive(Default)]
struct Walk {
    /// By page and MCID.
    content: BTreeMap<(ObjectId, i64), ObjectId>,
    heading: usize,
    identifiers: BTreeSet<Vec<u8>>,
    elements: usize,
}

impl Pdf<'_> {
    pub(super) fn structure(&mut self, shown: &Shown) {
        let catalog = self.document.catalog().expect("a catalog");
        let Some(root) = self.dictionary(catalog, b"StructTreeRoot") else {
            return self.fault("UA 7.1", "there is no structure");
        };
        self.expect(!root.has(b"RoleMap"), "UA 7.1", "types are mapped, though all of them are standard ones");
        let mut walk = Walk::default();
        let top = self.kids(root);
        self.expect(top.len() == 1, "14.8.4.2", format!("the tree has {} roots", top.len()));
        for kid in top {
            self.element(&kid, "StructTreeRoot", None, &mut walk);
        }
        self.parents(shown, &walk);
    }

    fn kids(&self, of: &Dictionary) -> Vec<Object> {
        match of.get(b"K") {
            Ok(Object::Array(kids)) => kids.clone(),
            Ok(Object::Reference(id)) => match self.document.get_object(*id) {
                Ok(Object::Array(kids)) => kids.clone(),
                _ => vec![Object::Reference(*id)],
            },
            Ok(kid) => vec![kid.clone()],
            Err(_) => Vec::new(),
        }
    }

    fn element(&mut self, kid: &Object, parent: &str, page: Option<ObjectId>, walk: &mut Walk) {
        let Ok(id) = kid.as_reference() else { return };
        let Ok(element) = self.document.get_dictionary(id) else {
            return self.fault("14.7.2", "an element is missing");
        };
        walk.elements += 1;
        let role = self.name(element, b"S");
        self.expect(ROLES.contains(&role.as_str()), "UA 7.1", format!("`{role}` is no standard type"));
        self.expect(may_stand_in(&role, parent), "14.8.4", format!("a {role} stands in a {parent}"));
        self.says_what_it_must(&role, element, walk);
        let page = element.get(b"Pg").and_then(Object::as_reference).ok().or(page);
        let kids = self.kids(element);
        let roles: Vec<String> = kids.iter().map(|kid| self.role_of(kid)).collect();
        self.kids_fit(&role, element, &roles);
        if role == "Table" {
            self.table(element);
        }
        let is_empty = kids.is_empty() && !matches!(role.as_str(), "TD" | "TH" | "Document");
        self.expect(!is_empty, "UA 7.1", format!("a {role} is empty"));
        for kid in &kids {
            match kid {
                Object::Integer(mcid) => self.content_of(id, page, *mcid, walk),
                Object::Reference(_) => {
                    let own = self.document.dereference(kid).ok().and_then(|(_, kid)| kid.as_dict().ok());
                    let parent = own.and_then(|kid| kid.get(b"P").ok()?.as_reference().ok());
                    self.expect(parent == Some(id), "14.7.2", "an element hangs under another parent");
                    self.element(kid, &role, page, walk);
                }
                Object::Dictionary(kid) if self.name(kid, b"Type") == "MCR" => {
                    let page = kid.get(b"Pg").and_then(Object::as_reference).ok().or(page);
                    self.content_of(id, page, self.integer(kid, b"MCID").unwrap_or(-1), walk);
                }
                Object::Dictionary(kid) => {
                    self.expect(self.name(kid, b"Type") == "OBJR", "14.7.4.3", "a kid is nothing known");
                }
                _ => self.fault("14.7.2", "a kid is nothing known"),
            }
        }
    }

    fn role_of(&self, kid: &Object) -> String {
        let id = kid.as_reference().ok();
        id.and_then(|id| self.document.get_dictionary(id).ok()).map(|kid| self.name(kid, b"S")).unwrap_or_default()
    }

    fn content_of(&mut self, element: ObjectId, page: Option<ObjectId>, mcid: i64, walk: &mut Walk) {
        let Some(page) = page else { return self.fault("14.7.4.2", "content of no page") };
        let twice = walk.content.insert((page, mcid), element).is_some();
        self.expect(!twice, "14.7.4.2", "content belongs to two elements");
    }

    fn says_what_it_must(&mut self, role: &str, element: &Dictionary, walk: &mut Walk) {
        let document = self.document;
        let attributes = self.dictionary(element, b"A");
        let attribute = |key: &[u8]| attributes.is_some_and(|attributes| attributes.has(key));
        match role {
            "Figure" => {
                self.expect(is_said(element, b"Alt", document), "UA 7.3", "a figure has no description");
                self.expect(attribute(b"BBox"), "14.8.5.4.3", "a figure has no bounding box");
            }
            "TH" => self.expect(attribute(b"Scope"), "UA 7.5", "a header cell does not say what it heads"),
            "L" => self.expect(attribute(b"ListNumbering"), "UA 7.6", "a list does not say how it is numbered"),
            "Note" => self.expect(element.has(b"ID"), "UA 7.9", "a note has no identifier"),
            heading if heading.len() == 2 && heading.starts_with('H') => {
                let level = usize::from(heading.as_bytes()[1] - b'0');
                let follows = level <= walk.heading + 1;
                self.expect(follows, "UA 7.4.2", format!("H{level} comes after H{}", walk.heading));
                walk.heading = level;
            }
            _ => {}
        }
        if let Ok(id) = element.get(b"ID").and_then(Object::as_str) {
            let is_new = walk.identifiers.insert(id.to_vec());
            self.expect(is_new, "UA 7.9", "two elements have one identifier");
        }
        if element.has(b"Lang") {
            self.expect(is_said(element, b"Lang", document), "UA 7.2", "an element has an empty language");
        }
    }

    fn kids_fit(&mut self, role: &str, element: &Dictionary, kids: &[String]) {
        let count = |wanted: &str| kids.iter().filter(|role| *role == wanted).count();
        match role {
            "Table" => {
                let lawful = count("Caption") <= 1 && count("THead") <= 1 && count("TFoot") <= 1 && count("TBody") >= 1;
                self.expect(lawful, "14.8.4.3.4", format!("a table holds {kids:?}"));
                let place = kids.iter().position(|role| role == "Caption").unwrap_or(0);
                self.expect(
                    place == 0 || place == kids.len() - 1,
                    "14.8.4.3.4",
                    "a caption stands inside of its table",
                );
            }
            "L" | "LI" | "TR" | "TOC" | "THead" | "TBody" | "TFoot" => {
                let all = self.kids(element).iter().all(|kid| matches!(kid, Object::Reference(_)));
                self.expect(all, "14.8.4.3", format!("content stands in a {role} itself"));
            }
            _ => {}
        }
    }

    /// Every row has a cell in every column, and no two cells overlap (UA 7.2, 7.5).
    fn table(&mut self, table: &Dictionary) {
        let mut widths = BTreeSet::new();
        for group in
            self.kids(table).iter().filter_map(|kid| self.document.get_dictionary(kid.as_reference().ok()?).ok())
        {
            if self.name(group, b"S") == "Caption" {
                continue;
            }
            let rows = self.kids(group);
            let mut taken: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
            for (number, row) in rows.iter().enumerate() {
                let Ok(row) = row.as_reference().and_then(|row| self.document.get_dictionary(row)) else { continue };
                let mut column = 0;
                for cell in self.kids(row) {
                    let Ok(cell) = cell.as_reference().and_then(|cell| self.document.get_dictionary(cell)) else {
                        continue;
                    };
                    let attributes = self.dictionary(cell, b"A");
                    let span = |key: &[u8]| attributes.and_then(|own| self.integer(own, key)).unwrap_or(1) as usize;
                    let (columns, down) = (span(b"ColSpan"), span(b"RowSpan"));
                    while taken.get(&number).is_some_and(|row| row.contains(&column)) {
                        column += 1;
                    }
                    let mut overlap = false;
                    for y in number..number + down {
                        for x in column..column + columns {
                            overlap |= !taken.entry(y).or_default().insert(x);
                        }
                    }
                    self.expect(!overlap, "UA 7.2", "cells of a table overlap");
                    column += columns;
                }
            }
            self.expect(taken.len() <= rows.len(), "UA 7.2", "a cell reaches below its table");
            widths.extend(taken.values().map(BTreeSet::len));
        }
        self.expect(widths.len() <= 1, "UA 7.2", format!("the rows of a table have {widths:?} columns"));
    }

    /// The content of every page and the tree name each other (14.7.4.4).
    fn parents(&mut self, shown: &Shown, walk: &Walk) {
        for ((id, page), sequences) in self.pages().into_iter().zip(&shown.sequences) {
            let key = self.integer(page, b"StructParents");
            let owners = key.and_then(|key| self.structure_parents(key)).map(|owners| self.resolve_array(owners));
            let Some(owners) = owners else {
                self.fault("14.7.4.4", "a page is not in the parent tree");
                continue;
            };
            for mcid in sequences.keys() {
                let owner = owners.get(*mcid as usize).and_then(|owner| owner.as_reference().ok());
                let of_tree = walk.content.get(&(id, *mcid)).copied();
                self.expect(owner.is_some() && owner == of_tree, "14.7.4.4", format!("content {mcid} has no parent"));
            }
            let stray =
                walk.content.keys().filter(|(page, _)| *page == id).any(|(_, mcid)| !sequences.contains_key(mcid));
            self.expect(!stray, "14.7.4.2", "an element has content that is not on its page");
        }
    }

    fn resolve_array(&self, object: &Object) -> Vec<Object> {
        let object = self.document.dereference(object).map_or(object, |(_, object)| object);
        object.as_array().cloned().unwrap_or_default()
    }
}

/// Whether an element may stand in another (ISO 32000-1, 14.8.4; ISO 14289-1, 7.2).
fn may_stand_in(role: &str, parent: &str) -> bool {
    let of_parent = match parent {
        "StructTreeRoot" => role == "Document",
        "L" => matches!(role, "L" | "LI" | "Caption"),
        "LI" => matches!(role, "Lbl" | "LBody"),
        "TOC" => matches!(role, "TOC" | "TOCI" | "Caption"),
        "TOCI" => matches!(role, "Lbl" | "Reference" | "NonStruct" | "P" | "TOC"),
        "Table" => matches!(role, "THead" | "TBody" | "TFoot" | "Caption"),
        "THead" | "TBody" | "TFoot" => role == "TR",
        "TR" => matches!(role, "TH" | "TD"),
        "H1" | "H2" | "H3" | "H4" | "H5" | "H6" => {
            matches!(role, "Span" | "Link" | "Code" | "Quote" | "Reference" | "Figure")
        }
        _ => true,
    };
    let of_role = match role {
        "LI" => parent == "L",
        "LBody" => parent == "LI",
        "TOCI" => parent == "TOC",
        "TR" => matches!(parent, "THead" | "TBody" | "TFoot"),
        "TH" | "TD" => parent == "TR",
        "THead" | "TBody" | "TFoot" => parent == "Table",
        _ => true,
    };
    of_parent && of_role
}

//! What selectors ask of an element.

use std::fmt;

use html5ever::{LocalName, Namespace, local_name, ns};
use selectors::attr::{AttrSelectorOperation, CaseSensitivity, NamespaceConstraint};
use selectors::bloom::BloomFilter;
use selectors::matching::{ElementSelectorFlags, MatchingContext};
use selectors::{Element as SelectorsElement, OpaqueElement};

use super::{Dom, Element, NodeData, NodeId};
use crate::typeset::inline::Direction;
use crate::typeset::style::selector::{Control, Ident, Name, PseudoClass, PseudoElement, Selectors};

/// An element of a document.
#[derive(Clone, Copy)]
pub(crate) struct ElementRef<'a> {
    dom: &'a Dom,
    id: NodeId,
    element: &'a Element,
}

/// Whether a language is in one of these ranges, which are in lower case.
fn is_in(ranges: &[String], language: &str) -> bool {
    let language = language.to_ascii_lowercase();
    ranges
        .iter()
        .any(|range| language.strip_prefix(range.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('-')))
}

impl<'a> ElementRef<'a> {
    /// The element at `id`, if it is one.
    pub(crate) fn new(dom: &'a Dom, id: NodeId) -> Option<Self> {
        dom.element(id).map(|element| Self { dom, id, element })
    }

    pub(crate) fn id(&self) -> NodeId {
        self.id
    }

    /// The node that it is a child of.
    pub(crate) fn parent_id(&self) -> NodeId {
        self.dom.node(self.id).parent
    }

    /// The elements inside of it.
    pub(crate) fn inside(&self) -> impl Iterator<Item = Self> + use<'a> {
        let dom = self.dom;
        (self.id + 1..dom.node(self.id).end).filter_map(move |id| Self::new(dom, id))
    }

    /// The first element at or after one of its siblings' nodes.
    pub(crate) fn sibling_from(&self, from: NodeId) -> Option<Self> {
        self.next_from(from, self.dom.node(self.parent_id()).end)
    }

    /// Whether it is a control of a form that stands so (HTML, 4.16.3), by its attributes.
    fn is_control(&self, control: Control) -> bool {
        let name = &*self.element.name;
        let has = |attribute: &str| self.element.attribute(attribute).is_some();
        let is_field = matches!(name, "input" | "select" | "textarea");
        match control {
            Control::Disabled(is) => {
                (is_field || matches!(name, "button" | "option" | "optgroup" | "fieldset")) && has("disabled") == is
            }
            Control::Required(is) => is_field && has("required") == is,
            Control::Writable(is) => {
                (matches!(name, "input" | "textarea") && !has("readonly") && !has("disabled")) == is
            }
            Control::Checked => (name == "input" && has("checked")) || (name == "option" && has("selected")),
        }
    }

    fn next_from(&self, from: NodeId, end: NodeId) -> Option<Self> {
        let mut next = from;
        while next < end {
            if let Some(found) = Self::new(self.dom, next) {
                return Some(found);
            }
            next = self.dom.node(next).end;
        }
        None
    }
}

impl fmt::Debug for ElementRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{}>", self.element.name)
    }
}

impl SelectorsElement for ElementRef<'_> {
    type Impl = Selectors;

    fn opaque(&self) -> OpaqueElement {
        OpaqueElement::new(self.element)
    }

    fn parent_element(&self) -> Option<Self> {
        Self::new(self.dom, self.dom.node(self.id).parent)
    }

    fn parent_node_is_shadow_root(&self) -> bool {
        false
    }

    fn containing_shadow_host(&self) -> Option<Self> {
        None
    }

    fn is_pseudo_element(&self) -> bool {
        false
    }

    fn prev_sibling_element(&self) -> Option<Self> {
        Self::new(self.dom, self.dom.node(self.id).previous_element?)
    }

    fn next_sibling_element(&self) -> Option<Self> {
        let node = self.dom.node(self.id);
        self.next_from(node.end, self.dom.node(node.parent).end)
    }

    fn first_element_child(&self) -> Option<Self> {
        self.next_from(self.id + 1, self.dom.node(self.id).end)
    }

    fn is_html_element_in_html_document(&self) -> bool {
        self.element.is_html
    }

    fn has_local_name(&self, local_name: &LocalName) -> bool {
        self.element.name == *local_name
    }

    fn has_namespace(&self, namespace: &Namespace) -> bool {
        self.element.is_html == (*namespace == ns!(html))
    }

    fn is_same_type(&self, other: &Self) -> bool {
        self.element.name == other.element.name && self.element.is_html == other.element.is_html
    }

    fn attr_matches(
        &self,
        _ns: &NamespaceConstraint<&Namespace>,
        local_name: &Name,
        operation: &AttrSelectorOperation<&Ident>,
    ) -> bool {
        self.element.attributes.iter().any(|(name, value)| *name == local_name.0 && operation.eval_str(value))
    }

    fn match_non_ts_pseudo_class(&self, class: &PseudoClass, _context: &mut MatchingContext<Selectors>) -> bool {
        match class {
            PseudoClass::Link => self.is_link(),
            PseudoClass::Language(ranges) => is_in(ranges, self.dom.language(self.id)),
            PseudoClass::LanguageAround(ranges) => is_in(ranges, self.dom.language(self.parent_id())),
            PseudoClass::Direction(rtl) => (self.dom.direction(self.id) == Direction::Rtl) == *rtl,
            PseudoClass::Control(control) => self.is_control(*control),
            PseudoClass::Always => true,
            PseudoClass::Never => false,
        }
    }

    fn match_pseudo_element(&self, _element: &PseudoElement, _context: &mut MatchingContext<Selectors>) -> bool {
        // The cascade matches pseudo-elements by stripping them from the selector beforehand.
        false
    }

    fn apply_selector_flags(&self, _flags: ElementSelectorFlags) {}

    fn is_link(&self) -> bool {
        self.element.name == local_name!("a") && self.element.attribute("href").is_some()
    }

    fn is_html_slot_element(&self) -> bool {
        false
    }

    fn has_id(&self, id: &Ident, case: CaseSensitivity) -> bool {
        self.element.attribute("id").is_some_and(|own| case.eq(own.as_bytes(), id.0.as_bytes()))
    }

    fn has_class(&self, name: &Ident, case: CaseSensitivity) -> bool {
        let classes = self.element.attribute("class").unwrap_or_default();
        classes.split_ascii_whitespace().any(|own| case.eq(own.as_bytes(), name.0.as_bytes()))
    }

    fn has_custom_state(&self, _name: &Ident) -> bool {
        false
    }

    fn imported_part(&self, _name: &Ident) -> Option<Ident> {
        None
    }

    fn is_part(&self, _name: &Ident) -> bool {
        false
    }

    fn is_empty(&self) -> bool {
        self.dom.children(self.id).all(|child| matches!(&self.dom.node(child).data, NodeData::Text(t) if t.is_empty()))
    }

    fn is_root(&self) -> bool {
        self.dom.element(self.dom.node(self.id).parent).is_none()
    }

    fn add_element_unique_hashes(&self, _filter: &mut BloomFilter) -> bool {
        false
    }
}

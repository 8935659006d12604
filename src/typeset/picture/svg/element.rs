//! What selectors ask of an element of a graphic.

use html5ever::{LocalName, Namespace};
use selectors::attr::{AttrSelectorOperation, CaseSensitivity, NamespaceConstraint};
use selectors::bloom::BloomFilter;
use selectors::matching::{ElementSelectorFlags, MatchingContext};
use selectors::{Element, OpaqueElement};
use usvg::roxmltree::Node;

use crate::typeset::style::selector::{Ident, Name, PseudoClass, PseudoElement, Selectors};

/// An element of a graphic.
#[derive(Clone, Copy, Debug)]
pub(super) struct ElementRef<'a, 'input>(pub(super) Node<'a, 'input>);

impl<'a> ElementRef<'a, '_> {
    /// The language that holds for it.
    fn language(self) -> &'a str {
        self.0.ancestors().find_map(language).unwrap_or_default()
    }
}

/// The language that an element says it is in.
pub(super) fn language<'a>(node: Node<'a, '_>) -> Option<&'a str> {
    const XML: &str = "http://www.w3.org/XML/1998/namespace";
    node.attribute((XML, "lang")).or_else(|| node.attribute("lang"))
}

impl Element for ElementRef<'_, '_> {
    type Impl = Selectors;

    fn opaque(&self) -> OpaqueElement {
        // The tags of a document lie at different places of its text, which does not move.
        let text = self.0.document().input_text().as_bytes();
        OpaqueElement::new(text.get(self.0.range().start).unwrap_or(&0))
    }

    fn parent_element(&self) -> Option<Self> {
        self.0.parent_element().map(Self)
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
        self.0.prev_sibling_element().map(Self)
    }

    fn next_sibling_element(&self) -> Option<Self> {
        self.0.next_sibling_element().map(Self)
    }

    fn first_element_child(&self) -> Option<Self> {
        self.0.first_element_child().map(Self)
    }

    fn is_html_element_in_html_document(&self) -> bool {
        false
    }

    fn has_local_name(&self, local_name: &LocalName) -> bool {
        self.0.tag_name().name() == &**local_name
    }

    fn has_namespace(&self, namespace: &Namespace) -> bool {
        self.0.tag_name().namespace().unwrap_or_default() == &**namespace
    }

    fn is_same_type(&self, other: &Self) -> bool {
        self.0.tag_name() == other.0.tag_name()
    }

    fn attr_matches(
        &self,
        _ns: &NamespaceConstraint<&Namespace>,
        local_name: &Name,
        operation: &AttrSelectorOperation<&Ident>,
    ) -> bool {
        self.0.attributes().any(|attribute| attribute.name() == &*local_name.0 && operation.eval_str(attribute.value()))
    }

    fn match_non_ts_pseudo_class(&self, class: &PseudoClass, _context: &mut MatchingContext<Selectors>) -> bool {
        match class {
            PseudoClass::Link => self.is_link(),
            PseudoClass::Language(ranges) => {
                let language = self.language().to_ascii_lowercase();
                ranges.iter().any(|range| {
                    language.strip_prefix(range.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
                })
            }
            // In SVG `direction` is a property and no attribute of the text.
            PseudoClass::Direction(_)
            | PseudoClass::Control(_)
            | PseudoClass::LanguageAround(_)
            | PseudoClass::Never => false,
            PseudoClass::Always => true,
        }
    }

    fn match_pseudo_element(&self, _element: &PseudoElement, _context: &mut MatchingContext<Selectors>) -> bool {
        false
    }

    fn apply_selector_flags(&self, _flags: ElementSelectorFlags) {}

    fn is_link(&self) -> bool {
        self.0.tag_name().name() == "a" && self.0.attributes().any(|attribute| attribute.name() == "href")
    }

    fn is_html_slot_element(&self) -> bool {
        false
    }

    fn has_id(&self, id: &Ident, case: CaseSensitivity) -> bool {
        self.0.attribute("id").is_some_and(|own| case.eq(own.as_bytes(), id.0.as_bytes()))
    }

    fn has_class(&self, name: &Ident, case: CaseSensitivity) -> bool {
        let classes = self.0.attribute("class").unwrap_or_default();
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
        !self.0.children().any(|child| child.is_element() || child.text().is_some_and(|text| !text.is_empty()))
    }

    fn is_root(&self) -> bool {
        self.0.parent_element().is_none()
    }

    fn add_element_unique_hashes(&self, _filter: &mut BloomFilter) -> bool {
        false
    }
}

//! Selectors with `~`, and with `:has()` that looks at siblings: these are looked through once for all that stand beside them, so
//! that the time taken grows with the number of elements and not with its square.

use std::collections::HashMap;

use selectors::Element as _;
use selectors::context::MatchingContext;
use selectors::matching::{CompoundSelectorMatchingResult, matches_compound_selector_from};
use selectors::parser::{Combinator, Component, RelativeSelector, Selector};
use selectors::relative_selector::cache::RelativeSelectorCachedMatch;

use super::selector::Selectors;
use crate::typeset::dom::{ElementRef, NodeId};

/// A compound of a selector.
pub(super) struct Compound<'a> {
    /// Where it begins, in the order of writing.
    start: usize,
    /// How it hangs on the one before.
    combinator: Combinator,
    /// What it asks of siblings by `:has()`.
    relatives: Vec<Relative<'a>>,
}

/// What stands in `:has()` and begins with a sibling that may be far away.
struct Relative<'a> {
    whole: &'a RelativeSelector<Selectors>,
    /// The first is the element that is asked.
    compounds: Vec<(usize, Combinator)>,
}

/// The compounds of a selector, from the left, where it asks for what may stand far before or behind. What names a
/// pseudo-element is left out.
pub(super) fn compounds(selector: &Selector<Selectors>) -> Option<Box<[Compound<'_>]>> {
    let mut compounds: Vec<Compound<'_>> = parts(selector)?
        .into_iter()
        .map(|(start, combinator)| Compound { start, combinator, relatives: Vec::new() })
        .collect();
    let mut number = 0;
    for component in selector.iter_raw_parse_order_from(0) {
        match component {
            Component::Combinator(_) => number += 1,
            component => {
                if let Some(compound) = compounds.get_mut(number) {
                    find_relatives(component, &mut compound.relatives);
                }
            }
        }
    }
    let is_far =
        |compound: &Compound<'_>| compound.combinator == Combinator::LaterSibling || !compound.relatives.is_empty();
    compounds.iter().any(is_far).then(|| compounds.into())
}

/// Where each compound begins, and how it hangs on the one before; `None` where a combinator is of another world.
fn parts(selector: &Selector<Selectors>) -> Option<Vec<(usize, Combinator)>> {
    let mut parts = vec![(0, Combinator::Descendant)];
    for (at, component) in selector.iter_raw_parse_order_from(0).enumerate() {
        match component {
            Component::Combinator(Combinator::PseudoElement) => break,
            Component::Combinator(Combinator::SlotAssignment | Combinator::Part) => return None,
            Component::Combinator(combinator) => parts.push((at + 1, *combinator)),
            _ => {}
        }
    }
    Some(parts)
}

/// The relative selectors that a simple selector puts to the element itself.
fn find_relatives<'a>(component: &'a Component<Selectors>, found: &mut Vec<Relative<'a>>) {
    match component {
        Component::Has(list) => found.extend(list.iter().filter_map(Relative::of)),
        Component::Is(list) | Component::Where(list) | Component::Negation(list) => {
            let simple = list.slice().iter().filter(|selector| parts(selector).is_some_and(|parts| parts.len() == 1));
            for inner in simple.flat_map(|selector| selector.iter_raw_parse_order_from(0)) {
                find_relatives(inner, found);
            }
        }
        _ => {}
    }
}

impl<'a> Relative<'a> {
    fn of(whole: &'a RelativeSelector<Selectors>) -> Option<Self> {
        let compounds = parts(&whole.selector)?;
        let first = compounds.get(1)?.1;
        let goes_on = compounds.get(2..)?.iter().any(|(_, combinator)| combinator.is_sibling());
        let is_far = first == Combinator::LaterSibling || first == Combinator::NextSibling && goes_on;
        is_far.then_some(Self { whole, compounds })
    }
}

/// How far the children of an element have been looked through for a selector.
#[derive(Clone, Copy)]
struct Seen {
    /// All before this node were.
    until: NodeId,
    /// The first that matched; none after it need be looked at.
    first: Option<NodeId>,
}

/// What tells a part of a selector, asked of the children of an element, from all others: where the selector stands in memory, which
/// part it is, and the parent.
type Asked = (usize, usize, NodeId);

/// What is known of siblings.
#[derive(Default)]
pub(super) struct Siblings {
    before: HashMap<Asked, Seen>,
    /// The last child that matches a part of what stands in `:has()`.
    behind: HashMap<Asked, Option<NodeId>>,
}

/// A selector and its compounds.
#[derive(Clone, Copy)]
pub(super) struct Split<'a> {
    pub(super) selector: &'a Selector<Selectors>,
    pub(super) compounds: &'a [Compound<'a>],
}

type Matching<'m, 'c> = &'m mut MatchingContext<'c, Selectors>;

impl Siblings {
    /// Whether an element matches.
    pub(super) fn match_whole(&mut self, split: Split<'_>, element: ElementRef<'_>, context: Matching<'_, '_>) -> bool {
        split.compounds.len().checked_sub(1).is_some_and(|last| self.matches(split, last, element, context))
    }

    /// Whether an element matches the selector up to this compound.
    fn matches(&mut self, split: Split<'_>, number: usize, element: ElementRef<'_>, context: Matching<'_, '_>) -> bool {
        let Some(Compound { start, combinator, relatives }) = split.compounds.get(number) else { return false };
        for relative in relatives {
            self.answer(relative, element, context);
        }
        if !is_matched(split.selector, *start, element, context) {
            return false;
        }
        let Some(before) = number.checked_sub(1) else { return true };
        match combinator {
            Combinator::Child => {
                element.parent_element().is_some_and(|parent| self.matches(split, before, parent, context))
            }
            Combinator::NextSibling => {
                element.prev_sibling_element().is_some_and(|sibling| self.matches(split, before, sibling, context))
            }
            Combinator::LaterSibling => self.any_before(split, before, element, context),
            _ => {
                let mut around = element.parent_element();
                while let Some(ancestor) = around {
                    if self.matches(split, before, ancestor, context) {
                        return true;
                    }
                    around = ancestor.parent_element();
                }
                false
            }
        }
    }

    /// Whether any sibling before an element matches the selector up to this compound.
    fn any_before(
        &mut self,
        split: Split<'_>,
        number: usize,
        element: ElementRef<'_>,
        context: Matching<'_, '_>,
    ) -> bool {
        let parent = element.parent_id();
        let key = (std::ptr::from_ref(split.selector).addr(), number, parent);
        let mut seen = self.before.get(&key).copied().unwrap_or(Seen { until: parent + 1, first: None });
        if seen.first.is_none() && seen.until < element.id() {
            let mut next = element.sibling_from(seen.until).filter(|sibling| sibling.id() < element.id());
            while let Some(sibling) = next {
                if self.matches(split, number, sibling, context) {
                    seen.first = Some(sibling.id());
                    break;
                }
                next = sibling.next_sibling_element().filter(|sibling| sibling.id() < element.id());
            }
            seen.until = element.id();
            self.before.insert(key, seen);
        }
        seen.first.is_some_and(|first| first < element.id())
    }

    /// Sees to it that what `:has()` asks of an element is known when it is matched.
    fn answer(&mut self, relative: &Relative<'_>, element: ElementRef<'_>, context: Matching<'_, '_>) {
        let known = &mut context.selector_caches.relative_selector;
        if known.lookup(element.opaque(), relative.whole).is_some() {
            return;
        }
        let answer = if self.leads_on(relative, 1, element, context) {
            RelativeSelectorCachedMatch::Matched
        } else {
            RelativeSelectorCachedMatch::NotMatched
        };
        context.selector_caches.relative_selector.add(element.opaque(), relative.whole, answer);
    }

    /// Whether there is what the compounds from this one on ask for, seen from an element.
    fn leads_on(
        &mut self,
        relative: &Relative<'_>,
        number: usize,
        element: ElementRef<'_>,
        context: Matching<'_, '_>,
    ) -> bool {
        let Some((_, combinator)) = relative.compounds.get(number) else { return true };
        match combinator {
            Combinator::NextSibling => {
                element.next_sibling_element().is_some_and(|next| self.fits(relative, number, next, context))
            }
            Combinator::LaterSibling => {
                self.last_fitting(relative, number, element, context).is_some_and(|last| last > element.id())
            }
            Combinator::Child => element
                .inside()
                .any(|inner| inner.parent_id() == element.id() && self.fits(relative, number, inner, context)),
            _ => element.inside().any(|inner| self.fits(relative, number, inner, context)),
        }
    }

    /// Whether an element is what this compound and those after it ask for.
    fn fits(
        &mut self,
        relative: &Relative<'_>,
        number: usize,
        element: ElementRef<'_>,
        context: Matching<'_, '_>,
    ) -> bool {
        let Some((start, _)) = relative.compounds.get(number) else { return true };
        is_matched(&relative.whole.selector, *start, element, context)
            && self.leads_on(relative, number + 1, element, context)
    }

    /// The last among an element and its siblings that fits.
    fn last_fitting(
        &mut self,
        relative: &Relative<'_>,
        number: usize,
        element: ElementRef<'_>,
        context: Matching<'_, '_>,
    ) -> Option<NodeId> {
        let parent = element.parent_id();
        let key = (std::ptr::from_ref(&relative.whole.selector).addr(), number, parent);
        if let Some(known) = self.behind.get(&key) {
            return *known;
        }
        let mut last = None;
        let mut next = element.sibling_from(parent + 1);
        while let Some(sibling) = next {
            if self.fits(relative, number, sibling, context) {
                last = Some(sibling.id());
            }
            next = sibling.next_sibling_element();
        }
        self.behind.insert(key, last);
        last
    }
}

/// Whether an element matches the compound that begins at `start`.
fn is_matched(
    selector: &Selector<Selectors>,
    start: usize,
    element: ElementRef<'_>,
    context: Matching<'_, '_>,
) -> bool {
    let found = matches_compound_selector_from(selector, start, context, element);
    !matches!(found, CompoundSelectorMatchingResult::NotMatched)
}

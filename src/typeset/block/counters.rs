//! Counters and their scopes (CSS Lists 3, 4).

use std::collections::BTreeMap;

use crate::typeset::dom::{Dom, NodeId};
use crate::typeset::style::Style;

/// What makes or changes a counter: an element, or what is generated in one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Maker {
    /// From its own node to before its end.
    own: (NodeId, NodeId),
    /// The same of its parent.
    around: (NodeId, NodeId),
    /// The document has none.
    parent: Option<NodeId>,
}

impl Maker {
    /// An element.
    pub(crate) fn element(dom: &Dom, node: NodeId) -> Self {
        let parent = dom.node(node).parent;
        let around = (parent, dom.node(parent).end);
        Self { own: (node, dom.node(node).end), around, parent: Some(parent) }
    }

    /// `::before`, `::after` or something else that is generated in an element.
    pub(crate) fn generated(dom: &Dom, node: NodeId) -> Self {
        // Nothing stands in it.
        Self { own: (NodeId::MAX, 0), around: (node, dom.node(node).end), parent: Some(node) }
    }

    /// The document.
    pub(crate) fn document(dom: &Dom) -> Self {
        let all = (0, dom.node(0).end);
        Self { own: all, around: all, parent: None }
    }
}

/// One counter: between which nodes it is in scope, whose child made it, and its value.
#[derive(Clone, Copy, Debug)]
struct Instance {
    scope: (NodeId, NodeId),
    parent: Option<NodeId>,
    value: i32,
}

/// The counters in scope while the document is walked in order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counters {
    by_name: BTreeMap<String, Vec<Instance>>,
}

impl Counters {
    /// Leaves the scopes that `node` is not in.
    pub(crate) fn enter(&mut self, node: NodeId) {
        let is_left = |instance: &Instance| !(instance.scope.0..instance.scope.1).contains(&node);
        for instances in self.by_name.values_mut() {
            while instances.last().is_some_and(is_left) {
                instances.pop();
            }
        }
    }

    /// Applies the counter properties of an element or of what is generated.
    pub(crate) fn apply(&mut self, style: &Style, maker: Maker) {
        for (name, value) in style.counter_reset.iter() {
            self.reset(name, *value, maker);
        }
        for (name, by) in style.counter_increment.iter() {
            self.increment(name, *by, maker);
        }
        for (name, value) in style.counter_set.iter() {
            self.set(name, *value, maker);
        }
    }

    /// `counter-reset`: a new counter, replacing a sibling's. One inside of another of its name counts for its maker alone;
    /// an outermost one, or one inside of the document's, for what follows its maker, too (CSS Lists 3, 4.4.1 and 4.4.2).
    pub(crate) fn reset(&mut self, name: &str, value: i32, maker: Maker) {
        let instances = self.by_name.entry(name.to_owned()).or_default();
        let Maker { own, around, parent } = maker;
        match instances.last_mut() {
            Some(last) if last.parent == parent => last.value = value,
            Some(Instance { parent: Some(_), .. }) => instances.push(Instance { scope: own, parent, value }),
            _ => instances.push(Instance { scope: around, parent, value }),
        }
    }

    /// `counter-increment`
    pub(crate) fn increment(&mut self, name: &str, by: i32, maker: Maker) {
        let value = self.value(name).saturating_add(by);
        self.set(name, value, maker);
    }

    /// `counter-set`
    pub(crate) fn set(&mut self, name: &str, value: i32, maker: Maker) {
        match self.by_name.get_mut(name).and_then(|instances| instances.last_mut()) {
            Some(last) => last.value = value,
            None => self.reset(name, value, maker),
        }
    }

    /// The innermost counter's value; 0 where there is none.
    pub(crate) fn value(&self, name: &str) -> i32 {
        self.by_name.get(name).and_then(|instances| instances.last()).map_or(0, |instance| instance.value)
    }

    /// All values, outermost first.
    pub(crate) fn values(&self, name: &str) -> Vec<i32> {
        self.by_name.get(name).map_or_else(Vec::new, |all| all.iter().map(|instance| instance.value).collect())
    }

    /// The innermost values of all counters.
    pub(crate) fn snapshot(&self) -> BTreeMap<String, i32> {
        let last = |(name, all): (&String, &Vec<Instance>)| Some((name.clone(), all.last()?.value));
        self.by_name.iter().filter_map(last).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nests_and_replaces() {
        // A parent with two children, the first of which has a child; all end where the document ends.
        let outer = Maker { own: (1, 100), around: (0, 100), parent: Some(0) };
        let first = Maker { own: (2, 50), around: (1, 100), parent: Some(1) };
        let second = Maker { own: (50, 100), around: (1, 100), parent: Some(1) };
        let inner = Maker { own: (60, 100), around: (50, 100), parent: Some(50) };
        let mut counters = Counters::default();
        counters.reset("item", 0, outer);
        counters.increment("item", 1, outer);
        counters.reset("item", 5, first);
        assert_eq!(counters.values("item"), [1, 5]);
        counters.enter(50);
        assert_eq!(counters.values("item"), [1]);
        counters.reset("item", 7, second);
        counters.reset("item", 8, second);
        assert_eq!(counters.values("item"), [1, 8]);
        counters.enter(60);
        counters.reset("item", 9, inner);
        assert_eq!(counters.values("item"), [1, 8, 9]);
        counters.enter(1);
        assert_eq!(counters.value("item"), 1);
        assert_eq!(counters.value("other"), 0);
    }
}

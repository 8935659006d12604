//! Counters and their scopes (CSS Lists 3, 4).

use std::collections::BTreeMap;

use crate::typeset::dom::NodeId;
use crate::typeset::style::Style;

/// One counter: until which node it is in scope, and its value.
#[derive(Clone, Copy, Debug)]
struct Instance {
    scope_end: NodeId,
    value: i32,
}

/// The counters in scope while the document is walked in order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counters {
    by_name: BTreeMap<String, Vec<Instance>>,
}

impl Counters {
    /// Leaves the scopes that end before `node`.
    pub(crate) fn enter(&mut self, node: NodeId) {
        for instances in self.by_name.values_mut() {
            while instances.last().is_some_and(|instance| instance.scope_end <= node) {
                instances.pop();
            }
        }
    }

    /// Applies an element's counter properties. `scope_end` is where its parent ends.
    pub(crate) fn apply(&mut self, style: &Style, scope_end: NodeId) {
        for (name, value) in style.counter_reset.iter() {
            self.reset(name, *value, scope_end);
        }
        for (name, by) in style.counter_increment.iter() {
            self.increment(name, *by, scope_end);
        }
        for (name, value) in style.counter_set.iter() {
            self.set(name, *value, scope_end);
        }
    }

    /// `counter-reset`: a new counter, replacing a sibling's.
    pub(crate) fn reset(&mut self, name: &str, value: i32, scope_end: NodeId) {
        let instances = self.by_name.entry(name.to_owned()).or_default();
        match instances.last_mut() {
            Some(last) if last.scope_end == scope_end => last.value = value,
            _ => instances.push(Instance { scope_end, value }),
        }
    }

    /// `counter-increment`
    pub(crate) fn increment(&mut self, name: &str, by: i32, scope_end: NodeId) {
        let value = self.value(name).saturating_add(by);
        self.set(name, value, scope_end);
    }

    /// `counter-set`
    pub(crate) fn set(&mut self, name: &str, value: i32, scope_end: NodeId) {
        match self.by_name.get_mut(name).and_then(|instances| instances.last_mut()) {
            Some(last) => last.value = value,
            None => self.reset(name, value, scope_end),
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
        let mut counters = Counters::default();
        counters.reset("item", 0, 100);
        counters.increment("item", 1, 100);
        counters.reset("item", 5, 50);
        assert_eq!(counters.values("item"), [1, 5]);
        counters.reset("item", 7, 50);
        assert_eq!(counters.values("item"), [1, 7]);
        counters.enter(50);
        assert_eq!(counters.value("item"), 1);
        assert_eq!(counters.value("other"), 0);
    }
}

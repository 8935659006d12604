//! Named strings by page (CSS GCPM 3, 1.1).

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::typeset::style::content::StringKeyword;

/// One string's values on a page.
#[derive(Clone, Debug, Default, PartialEq)]
struct Values {
    /// What it was when the page began.
    entry: Option<Arc<str>>,
    first: Option<Arc<str>>,
    last: Option<Arc<str>>,
    /// Whether the first assignment stands at the very top.
    at_start: bool,
}

/// The named strings of a page.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct PageStrings {
    values: BTreeMap<String, Values>,
}

impl PageStrings {
    /// The strings of a page that begins with these values.
    pub(super) fn opened(running: &BTreeMap<String, Arc<str>>) -> Self {
        let entry = |value: &Arc<str>| Values { entry: Some(Arc::clone(value)), ..Values::default() };
        Self { values: running.iter().map(|(name, value)| (name.clone(), entry(value))).collect() }
    }

    /// An assignment on this page.
    pub(super) fn set(&mut self, name: &str, value: &str, at_start: bool) {
        let values = self.values.entry(name.to_owned()).or_default();
        let value: Arc<str> = Arc::from(value);
        if values.first.is_none() {
            values.first = Some(Arc::clone(&value));
            values.at_start = at_start;
        }
        values.last = Some(value);
    }

    /// Hands the last values on.
    pub(super) fn close(&self, running: &mut BTreeMap<String, Arc<str>>) {
        for (name, values) in &self.values {
            if let Some(last) = &values.last {
                running.insert(name.clone(), Arc::clone(last));
            }
        }
    }

    /// What `string()` gives.
    pub(crate) fn get(&self, name: &str, which: StringKeyword) -> &str {
        let Some(values) = self.values.get(name) else { return "" };
        let value = match which {
            StringKeyword::First => values.first.as_ref().or(values.entry.as_ref()),
            StringKeyword::Start if values.at_start => values.first.as_ref(),
            StringKeyword::Last => values.last.as_ref().or(values.entry.as_ref()),
            StringKeyword::FirstExcept if values.first.is_some() => None,
            StringKeyword::Start | StringKeyword::FirstExcept => values.entry.as_ref(),
        };
        value.map_or("", |value| &**value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keywords_choose() {
        let mut strings = PageStrings::opened(&BTreeMap::from([("t".to_owned(), Arc::from("zero"))]));
        assert_eq!(strings.get("t", StringKeyword::First), "zero");
        strings.set("t", "one", false);
        strings.set("t", "two", false);
        assert_eq!(strings.get("t", StringKeyword::First), "one");
        assert_eq!(strings.get("t", StringKeyword::Start), "zero");
        assert_eq!(strings.get("t", StringKeyword::Last), "two");
        assert_eq!(strings.get("t", StringKeyword::FirstExcept), "");
        assert_eq!(strings.get("u", StringKeyword::First), "");
    }
}

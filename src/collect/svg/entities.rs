//! The entities that a picture declares for itself: drawing programs name namespaces by them.

use std::borrow::Cow;
use std::collections::BTreeMap;

/// No picture declares more.
const MOST: usize = 100;

/// No value is longer, in bytes.
const LONGEST: usize = 400;

/// Names and what they stand for: characters, and nothing that stands for more.
#[derive(Debug, Default)]
pub(super) struct Entities(BTreeMap<String, String>);

impl Entities {
    /// Reads `<!ENTITY name "value">` of a document type declaration. One whose value is markup, names another one or lies
    /// elsewhere is none.
    pub(super) fn read(declared: &str) -> Self {
        let mut all = BTreeMap::new();
        for rest in declared.split("<!ENTITY").skip(1).take(MOST) {
            let Some((name, rest)) = rest.trim_start().split_once(char::is_whitespace) else { continue };
            let rest = rest.trim_start();
            let Some(quote) = rest.chars().next().filter(|c| matches!(c, '"' | '\'')) else { continue };
            let Some((value, _)) = rest[1..].split_once(quote) else { continue };
            if value.len() <= LONGEST && !value.contains(['<', '&', '%']) {
                all.entry(name.to_owned()).or_insert_with(|| value.to_owned());
            }
        }
        Self(all)
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// Attributes as they stand, with the values of such entities in them.
    pub(super) fn expanded<'t>(&self, attributes: &'t str) -> Cow<'t, str> {
        if self.0.is_empty() || !attributes.contains('&') {
            return Cow::Borrowed(attributes);
        }
        let mut out = String::with_capacity(attributes.len());
        let mut rest = attributes;
        while let Some(at) = rest.find('&') {
            out.push_str(&rest[..at]);
            rest = &rest[at..];
            let name =
                rest[1..].split(|c: char| !(c.is_alphanumeric() || "_-.:".contains(c))).next().unwrap_or_default();
            let value = self.get(name).filter(|_| rest[1 + name.len()..].starts_with(';'));
            if let Some(value) = value {
                // In an attribute a quotation mark of the value is not the attribute's.
                out.push_str(&value.replace('"', "&quot;").replace('\'', "&#39;"));
                rest = &rest[name.len() + 2..];
            } else {
                out.push('&');
                rest = &rest[1..];
            }
        }
        Cow::Owned(out + rest)
    }
}

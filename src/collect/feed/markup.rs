//! Elements inside of a value, written as HTML.

use std::borrow::Cow;

use quick_xml::events::attributes::Attributes;
use url::Url;

use super::faults::Faults;
use super::scope::join;
use super::text::unescape;
use crate::model::escaped;

/// Elements that HTML closes itself (HTML, 13.1.2).
const VOID: [&str; 13] =
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"];

/// Attributes that hold an address.
const ADDRESSES: [&str; 6] = ["cite", "data", "href", "longdesc", "poster", "src"];

/// Writes a start tag. `attributes` is what stands behind its name, at the offset `at`; an address in it is resolved
/// by `base`, where the element has another one than its value.
pub(super) fn push_start(
    markup: &mut String,
    name: &str,
    attributes: &str,
    at: usize,
    base: Option<&Url>,
    faults: &mut Faults,
) {
    markup.push('<');
    markup.push_str(name);
    for attribute in Attributes::html(attributes, 0).with_checks(false).filter_map(Result::ok) {
        let name = attribute.key.as_ref();
        if name.starts_with("xmlns") || name.starts_with("xml:") {
            continue;
        }
        let value = match attribute.value {
            Cow::Borrowed(raw) => unescape(raw, at, faults),
            Cow::Owned(raw) => Cow::Owned(unescape(&raw, at, faults).into_owned()),
        };
        let name = name.rsplit(':').next().unwrap_or(name);
        let absolute = base.filter(|_| ADDRESSES.contains(&name)).and_then(|base| join(Some(base), &value));
        let value = absolute.map_or(value, |url| Cow::Owned(url.into()));
        markup.extend([" ", name, "=\"", &escaped(&value), "\""]);
    }
    markup.push('>');
}

/// Writes an end tag, unless the element has none in HTML.
pub(super) fn push_end(markup: &mut String, name: &str) {
    if !VOID.contains(&name) {
        markup.extend(["</", name, ">"]);
    }
}

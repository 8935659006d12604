//! What a shortcode is given: names with values, and values alone.

use crate::collect::liquid::Argument;
use crate::collect::plain::decode_entities;

/// The arguments of one shortcode, character references resolved.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Arguments {
    named: Vec<(String, String)>,
    bare: Vec<String>,
}

impl Arguments {
    /// Reads what stands between a shortcode's name and its closing bracket. Quotation marks may be curly: the visual
    /// editor makes them so.
    pub(super) fn read(text: &str) -> Self {
        let text = decode_entities(text).replace(['\u{201c}', '\u{201d}', '\u{2033}', '\u{ab}', '\u{bb}'], "\"");
        let text = text.replace('\u{a0}', " ");
        let mut arguments = Self::default();
        let mut rest = text.trim_start();
        while !rest.is_empty() {
            let end = rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '_'))).unwrap_or(rest.len());
            let after = rest[end..].trim_start();
            if let Some(given) = after.strip_prefix('=').filter(|_| end > 0) {
                let (value, left) = value(given.trim_start());
                arguments.named.push((rest[..end].to_ascii_lowercase(), value.to_owned()));
                rest = left.trim_start();
            } else {
                let (value, left) = value(rest);
                if !value.is_empty() {
                    arguments.bare.push(value.to_owned());
                }
                rest = left.trim_start();
            }
        }
        arguments
    }

    /// The value of the first of these names that has one.
    pub(super) fn get(&self, names: &[&str]) -> Option<&str> {
        let of = |name: &&str| self.named.iter().find(|(key, value)| key == name && !value.is_empty());
        names.iter().find_map(of).map(|(_, value)| value.as_str())
    }

    /// The first value without a name.
    pub(super) fn first(&self) -> Option<&str> {
        self.bare.first().map(String::as_str)
    }

    /// The same as those of Markdown's shortcodes are written. A page builder's names have what they are of before them.
    pub(super) fn as_markdown(&self) -> Vec<Argument> {
        let of = |name: Option<&str>, value: &str| {
            let name = name.map(|name| name.strip_prefix("button_").unwrap_or(name).to_owned());
            Argument { name, value: value.to_owned(), quoted: true }
        };
        let named = self.named.iter().map(|(name, value)| of(Some(name), value));
        named
            .filter(|argument| !argument.value.trim().is_empty())
            .chain(self.bare.iter().map(|value| of(None, value)))
            .collect()
    }

    pub(super) fn has_named(&self) -> bool {
        !self.named.is_empty()
    }

    /// The first value that is an address on the web; what follows a bar in it is no part of it.
    pub(super) fn address(&self) -> Option<String> {
        let values = self.bare.iter().chain(self.named.iter().map(|(_, value)| value));
        let mut addresses = values.filter(|value| value.starts_with("http://") || value.starts_with("https://"));
        addresses.next().map(|address| address.split('|').next().unwrap_or(address).to_owned())
    }

    pub(super) fn is_without_address(&self) -> bool {
        self.address().is_none() && self.get(&["src"]).is_none()
    }
}

/// The value that a text begins with, and what follows it.
fn value(text: &str) -> (&str, &str) {
    if let Some(quote) = text.chars().next().filter(|c| matches!(c, '"' | '\''))
        && let Some((value, left)) = text[1..].split_once(quote)
    {
        return (value, left);
    }
    // At least one character, so that the reading moves on.
    let first = text.chars().next().map_or(0, char::len_utf8);
    let end = text[first..].find(char::is_whitespace).map_or(text.len(), |end| first + end);
    (text[..end].trim_matches(['"', '\'']), &text[end..])
}

#[cfg(test)]
mod tests {
    use super::Arguments;

    #[test]
    fn values_may_be_quoted_in_any_way() {
        let arguments = Arguments::read(" id=\"a b\" Width='30' align=left \u{201d}x y\u{201d} &quot;z&quot; q=\"");
        assert_eq!(arguments.get(&["id"]), Some("a b"));
        assert_eq!(arguments.get(&["nothing", "width"]), Some("30"));
        assert_eq!(arguments.get(&["align"]), Some("left"));
        assert_eq!(arguments.bare, ["x y", "z"]);
        assert_eq!(Arguments::read(" http://a.example/b.mp3|titles=x").address().unwrap(), "http://a.example/b.mp3");
    }
}

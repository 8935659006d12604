//! HTML that has been made safe.

use std::borrow::Cow;
use std::sync::Arc;

use percent_encoding::percent_decode_str;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A fragment of sanitised HTML. Only `collect::sanitise` makes one from text (a test holds that), or serde: from a frozen
/// issue, which was sanitised when it was collected, and from collected/, where `collect` looks at it again. The examples
/// that templates are drawn over have markup of this program's own. Copies share the text.
#[derive(Clone, Debug, PartialEq, Eq, Default, Hash)]
pub struct Html(Arc<str>);

impl Html {
    /// Takes the word of the caller that `html` went through the sanitiser.
    pub(crate) fn from_sanitised(html: String) -> Self {
        Self(html.into())
    }

    /// Markup of an example, which stands in this program: no text of anybody's.
    pub(crate) fn of_example(html: &'static str) -> Self {
        Self(html.into())
    }

    /// The markup.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether there is no markup at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.trim().is_empty()
    }

    /// The addresses of its links in their order, as they are and not as markup writes them.
    pub fn links(&self) -> impl Iterator<Item = String> + '_ {
        let mut rest = self.as_str();
        let tags = std::iter::from_fn(move || {
            let (_, tag, after) = next_tag(rest)?;
            rest = after;
            Some(tag)
        });
        let hrefs = tags.filter(|tag| tag.starts_with("<a ")).filter_map(|tag| tag.split_once(" href=\""));
        hrefs.filter_map(|(_, value)| Some(value.split_once('"')?.0.replace("&amp;", "&")))
    }

    /// The same with those links changed for which `place` has another address; `None` where it has none for any.
    pub fn with_links(&self, place: impl Fn(&str) -> Option<String>) -> Option<Self> {
        const HREF: &str = " href=\"";
        let whole = self.as_str();
        let (mut out, mut copied, mut rest) = (String::new(), 0, whole);
        while let Some((text, tag, after)) = next_tag(rest) {
            let begins = whole.len() - rest.len() + text.len();
            rest = after;
            let Some(at) = tag.starts_with("<a ").then(|| tag.find(HREF)).flatten() else { continue };
            let value = tag[at + HREF.len()..].split('"').next().unwrap_or_default();
            if let Some(address) = place(&value.replace("&amp;", "&")) {
                let from = begins + at + HREF.len();
                out.push_str(&whole[copied..from]);
                out.push_str(&address.replace('&', "&amp;").replace('"', "&quot;"));
                copied = from + value.len();
            }
        }
        out.push_str(&whole[copied..]);
        (copied > 0).then(|| Self(out.into()))
    }
}

/// The page that a link leads to, without its fragment, in the letters in which addresses of posts are kept: a feed may write
/// them percent-encoded.
#[must_use]
pub fn page_of_link(link: &str) -> Cow<'_, str> {
    let page = link.split('#').next().unwrap_or_default();
    percent_decode_str(page).decode_utf8().unwrap_or(Cow::Borrowed(page))
}

/// The text before the next tag of sanitised markup, the tag with its brackets, and what follows.
#[must_use]
pub fn next_tag(html: &str) -> Option<(&str, &str, &str)> {
    let start = memchr::memchr(b'<', html.as_bytes())?;
    let mut quoted = false;
    let length = html.get(start..)?.bytes().position(|byte| {
        quoted ^= byte == b'"';
        byte == b'>' && !quoted
    })?;
    let (text, rest) = html.split_at(start);
    let (tag, after) = rest.split_at(length + 1);
    Some((text, tag, after))
}

/// Appends text, escaped for an element's contents or an attribute in double quotes.
pub fn push_escaped(out: &mut String, text: &str) {
    let mut from = 0;
    for (at, byte) in text.bytes().enumerate() {
        let reference = match byte {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            _ => continue,
        };
        out.push_str(&text[from..at]);
        out.push_str(reference);
        from = at + 1;
    }
    out.push_str(&text[from..]);
}

/// Text, escaped in the same way.
#[must_use]
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    push_escaped(&mut out, text);
    out
}

impl Serialize for Html {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Html {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|html| Self(html.into()))
    }
}

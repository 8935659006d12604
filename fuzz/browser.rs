//! What a browser would make of sanitised HTML.

use scraper::{Html, Node};
use url::Url;

/// Elements that run, load or change something, or that change how the rest is read.
const FORBIDDEN: [&str; 24] = [
    "script",
    "style",
    "iframe",
    "frame",
    "object",
    "embed",
    "applet",
    "link",
    "meta",
    "base",
    "form",
    "input",
    "button",
    "textarea",
    "select",
    "svg",
    "math",
    "template",
    "noscript",
    "video",
    "audio",
    "plaintext",
    "xmp",
    "title",
];

/// Fails when sanitised HTML holds anything that a browser would act upon.
pub(crate) fn must_be_harmless(html: &str) {
    for node in Html::parse_fragment(html).tree.values() {
        match node {
            Node::Comment(_) | Node::ProcessingInstruction(_) => panic!("a comment in {html:?}"),
            Node::Element(element) => {
                assert!(!FORBIDDEN.contains(&element.name()), "<{}> in {html:?}", element.name());
                for (name, value) in element.attrs() {
                    attribute(element.name(), name, value, html);
                }
            }
            _ => {}
        }
    }
}

/// Whether a declaration only says how text is aligned, or how large a picture is.
fn is_harmless(declaration: &str) -> bool {
    let Some((property, value)) = declaration.split_once(": ") else { return false };
    let sizes = ["text-align", "width", "max-width", "height", "max-height", "vertical-align"];
    sizes.contains(&property)
        && value.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || ".%-".contains(c))
}

fn attribute(element: &str, name: &str, value: &str, html: &str) {
    assert!(!name.starts_with("on"), "{name} in {html:?}");
    match name {
        "href" if !value.starts_with('#') => {
            let scheme = Url::parse(value).map(|url| url.scheme().to_owned()).unwrap_or_default();
            assert!(["http", "https", "mailto", "tel"].contains(&scheme.as_str()), "{value:?} in {html:?}");
            assert_eq!(element, "a", "{html:?}");
        }
        "src" => {
            let scheme = Url::parse(value).map(|url| url.scheme().to_owned()).unwrap_or_default();
            assert!(["http", "https"].contains(&scheme.as_str()), "{value:?} in {html:?}");
            assert_eq!(element, "img", "{html:?}");
        }
        "style" => assert!(value.split("; ").all(is_harmless), "{value:?} in {html:?}"),
        "srcset" | "action" | "formaction" | "background" | "poster" | "ping" | "srcdoc" => {
            panic!("{name} in {html:?}")
        }
        _ => {}
    }
}

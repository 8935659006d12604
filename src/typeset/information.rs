//! Document information from the head of the HTML.

use super::Options;
use super::block::said::said;
use super::display::{Claims, Info};
use super::dom::Dom;
use super::inline::Direction;
use super::style::cascade::Styles;

/// Title, author, description and keywords; the language and direction of the root.
pub(super) fn of(dom: &Dom, styles: &Styles, options: &Options<'_>) -> Info {
    let meta = |name: &str| {
        let named = |wanted: &&str| wanted.eq_ignore_ascii_case(name);
        dom.elements()
            .filter(|(_, element)| &*element.name == "meta" && element.attribute("name").as_ref().is_some_and(named))
            .find_map(|(_, element)| element.attribute("content"))
            .map(|content| content.split_whitespace().collect::<Vec<_>>().join(" "))
            .unwrap_or_default()
    };
    let root = dom.first("html").unwrap_or(0);
    let title = dom.first("title").map(|id| dom.collapsed_text(id)).filter(|title| !title.is_empty());
    let headings = ["h1", "h2", "h3", "h4", "h5", "h6"];
    let heading = || {
        headings.iter().filter_map(|name| dom.first(name)).map(|id| said(dom, styles, id)).find(|text| !text.is_empty())
    };
    let language = dom.known_language(root);
    let keywords = meta("keywords");
    Info {
        title: title.or_else(heading).unwrap_or_default(),
        author: meta("author"),
        subject: meta("description"),
        keywords: keywords.split(',').map(|word| word.trim().to_owned()).filter(|word| !word.is_empty()).collect(),
        language: language.map(ToString::to_string).unwrap_or_default(),
        date: options.info_date,
        rtl: dom.direction(root) == Direction::Rtl,
        claims: Claims::default(),
    }
}

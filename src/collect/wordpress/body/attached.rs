//! Links to the pages that WordPress makes around pictures and files: no such page is ours, so they lead to the file.

use std::borrow::Cow;

use super::markup::{Markup, Token};
use crate::collect::sanitise::tag::{attribute, attributes};
use crate::collect::wordpress::attachments::{Attachments, Wanted};
use crate::model::escaped;

/// What stands before an attachment's number: in `rel` of a link to its page, in its address by number, in the class of a picture.
const REL: &str = "wp-att-";
const NUMBER: &str = "attachment_id=";
const CLASS: &str = "wp-image-";

/// How a block says that its picture links to that page.
const BLOCK: &str = "\"linkDestination\":\"attachment\"";

/// Adds the attachments to whose pages a text may link.
pub(super) fn name_attachments(text: &str, wanted: &mut Wanted) {
    let class = Some(CLASS).filter(|_| text.contains(BLOCK));
    for mark in [REL, NUMBER].into_iter().chain(class) {
        wanted.ids.extend(text.match_indices(mark).filter_map(|(at, _)| number(&text[at..], mark)));
    }
}

/// The markup with such links leading to the files, where the export has them; else to the picture that a link holds, else to
/// the post, which stands at `page`.
pub(super) fn led_to_files(html: String, attachments: &Attachments, page: &str) -> String {
    if ![REL, NUMBER, CLASS, "\"attachment"].iter().any(|mark| html.contains(mark)) {
        return html;
    }
    let markup = Markup::new(&html);
    let tokens = markup.tokens();
    let mut out = String::with_capacity(html.len());
    for (index, token) in tokens.iter().enumerate() {
        let link = match token {
            Token::Tag { name: "a", closes: false, raw } => inside(raw),
            _ => None,
        };
        let address = link.and_then(|link| file(link, picture(&tokens[index + 1..]), attachments, page));
        match (link, address) {
            (Some(link), Some(address)) => push_link(&mut out, link, &address),
            _ => out.push_str(token.raw()),
        }
    }
    out
}

/// The attributes of a tag.
fn inside(raw: &str) -> Option<&str> {
    raw.get(1..raw.len() - 1).and_then(|tag| tag.split_once(char::is_whitespace)).map(|(_, attributes)| attributes)
}

/// The attributes of the picture with which what follows begins.
fn picture<'t>(tokens: &[Token<'t>]) -> Option<&'t str> {
    let mut solid = tokens.iter().filter(|token| !matches!(token, Token::Text(text) if text.trim().is_empty()));
    match solid.next() {
        Some(Token::Tag { name: "img", raw, .. }) => inside(raw),
        _ => None,
    }
}

/// Where a link to the page of an attachment leads instead; `None` for any other link.
fn file(link: &str, picture: Option<&str>, attachments: &Attachments, page: &str) -> Option<String> {
    let href = attribute(link, "href")?;
    let rel = attribute(link, "rel").unwrap_or_default();
    let known = number(&rel, REL).or_else(|| number(&href, NUMBER));
    if let Some(attachment) = known.and_then(|id| attachments.get(id)) {
        return Some(attachment.url.clone());
    }
    let class = picture.and_then(|picture| attribute(picture, "class")).unwrap_or_default();
    let shown = number(&class, CLASS).and_then(|id| attachments.get(id));
    if let Some(attachment) = shown.filter(|attachment| is_same(&attachment.page, &href)) {
        return Some(attachment.url.clone());
    }
    let is_page = known.is_some() || rel.split_whitespace().any(|word| word == "attachment");
    // A link that is said to be one and leads to a file was changed since.
    let is_below = || href.strip_prefix(page).is_some_and(|rest| !page.is_empty() && !rest.is_empty());
    let src = || picture.and_then(|picture| attribute(picture, "src")).map(Cow::into_owned);
    let own = || Some(page.to_owned()).filter(|page| !page.is_empty());
    if is_page && (is_below() || href.contains(NUMBER)) { src().or_else(own) } else { None }
}

/// The number behind a mark.
fn number(text: &str, mark: &str) -> Option<u64> {
    let rest = text.split_once(mark)?.1;
    rest[..rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len())].parse().ok()
}

/// Whether two addresses are one, whatever their scheme and with or without a slash at the end.
fn is_same(one: &str, other: &str) -> bool {
    let bare =
        |address: &str| address.split_once("://").map_or(address, |(_, rest)| rest).trim_end_matches('/').to_owned();
    !one.is_empty() && bare(one) == bare(other)
}

fn push_link(out: &mut String, link: &str, address: &str) {
    out.extend(["<a href=\"", &escaped(address), "\""]);
    for (name, value) in attributes(link) {
        if !name.eq_ignore_ascii_case("href") && !name.eq_ignore_ascii_case("rel") {
            out.extend([" ", name, "=\"", &escaped(&value), "\""]);
        }
    }
    out.push('>');
}

#[cfg(test)]
mod tests {
    use super::{led_to_files, name_attachments};
    use crate::collect::wordpress::attachments::{Attachments, Wanted};
    use crate::collect::wordpress::item::Item;
    use crate::collect::wordpress::stream::Position;

    #[test]
    fn links_to_the_pages_of_pictures_lead_to_their_files() {
        let mut attachments = Attachments::default();
        attachments.take(Item {
            id: "7".to_owned(),
            link: "https://a.example/2026/p/z/".to_owned(),
            attachment_url: "https://a.example/z.jpg".to_owned(),
            ..Item::new(0, Position { line: 1, column: 1 })
        });
        let page = "https://a.example/2026/p/";
        for (html, expected) in [
            (
                "<a title='T' href='https://a.example/2026/p/z/' rel='attachment wp-att-7'>x</a>",
                "<a href=\"https://a.example/z.jpg\" title=\"T\">x</a>",
            ),
            ("<a href='/?attachment_id=7'>x</a>", "<a href=\"https://a.example/z.jpg\">x</a>"),
            (
                "<a href=\"http://a.example/2026/p/z\"><img class=\"wp-image-7\"></a>",
                "<a href=\"https://a.example/z.jpg\"><img class=\"wp-image-7\"></a>",
            ),
            (
                "<a href=\"https://a.example/2026/p/y/\" rel=\"attachment wp-att-8\"><img src=\"y.jpg\"></a>",
                "<a href=\"y.jpg\"><img src=\"y.jpg\"></a>",
            ),
            ("<a href=\"/?attachment_id=8\">x</a>", "<a href=\"https://a.example/2026/p/\">x</a>"),
            ("<a href=\"/b\"><img class=\"wp-image-7\"></a>", "<a href=\"/b\"><img class=\"wp-image-7\"></a>"),
        ] {
            assert_eq!(led_to_files(html.to_owned(), &attachments, page), expected, "{html}");
        }
        let mut wanted = Wanted::default();
        name_attachments("<a rel='attachment wp-att-7'> ?attachment_id=9 wp-image-5", &mut wanted);
        assert_eq!(wanted.ids.into_iter().collect::<Vec<_>>(), [7, 9]);
    }
}

//! Widths of pictures, for mail programs that know none in style sheets.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::model::next_tag;

/// How wide the column of `email/issue.mjml` is within its margins, in pixels.
const COLUMN: u32 = 552;
const IMAGE: &str = "<img ";

/// Gives the pictures of a mail the width at which they are shown, where they have none or one beyond the column. Outlook
/// for Windows draws them as wide as they are otherwise, whatever `max-width` says. Files are known by their address.
pub(super) fn sized(html: &str, widths: &BTreeMap<String, u32>) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, tag, after)) = next_image(rest) {
        out.push_str(before);
        match width(tag, widths) {
            Some(width) => push(&mut out, tag, width),
            None => out.push_str(tag),
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

fn next_image(html: &str) -> Option<(&str, &str, &str)> {
    let (before, from) = html.split_at(html.find(IMAGE)?);
    let (_, tag, after) = next_tag(from)?;
    Some((before, tag, after))
}

/// The width that a picture is to have; `None` where it stays as it is.
fn width(tag: &str, widths: &BTreeMap<String, u32>) -> Option<u32> {
    if let Some(stated) = value(tag, "width") {
        return stated.parse::<u32>().ok().filter(|stated| *stated > COLUMN).map(|_| COLUMN);
    }
    if value(tag, "height").is_some() {
        return None;
    }
    let address = value(tag, "src")?.replace("&amp;", "&");
    widths.get(&address).map(|natural| (*natural).min(COLUMN))
}

fn value<'t>(tag: &'t str, name: &str) -> Option<&'t str> {
    tag.split_once(&format!(" {name}=\""))?.1.split('"').next()
}

/// The tag with this width alone: the height follows from it.
fn push(out: &mut String, tag: &str, width: u32) {
    let attributes = without(&without(&tag[IMAGE.len() - 1..], "width"), "height");
    let _ = write!(out, "{IMAGE}width=\"{width}\"{attributes}");
}

fn without(attributes: &str, name: &str) -> String {
    let Some((before, rest)) = attributes.split_once(&format!(" {name}=\"")) else { return attributes.to_owned() };
    format!("{before}{}", rest.split_once('"').map_or("", |(_, after)| after))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::sized;

    #[test]
    fn pictures_are_no_wider_than_the_column() {
        let widths = BTreeMap::from([("a/1.png".to_owned(), 1400), ("a/2.png?b&c".to_owned(), 300)]);
        for (html, with_widths) in [
            ("<p><img src=\"a/1.png\" alt=\"a > b\"> x", "<p><img width=\"552\" src=\"a/1.png\" alt=\"a > b\"> x"),
            ("<img src=\"a/2.png?b&amp;c\">", "<img width=\"300\" src=\"a/2.png?b&amp;c\">"),
            (
                "<img width=\"1400\" src=\"a/1.png\" height=\"1000\" style=\"height:auto\">",
                "<img width=\"552\" src=\"a/1.png\" style=\"height:auto\">",
            ),
        ] {
            assert_eq!(sized(html, &widths), with_widths);
            assert_eq!(sized(with_widths, &widths), with_widths);
        }
        for html in [
            "<img src=\"a/1.png\" width=\"200\" height=\"100\"><img src=\"a/3.png\"><img",
            "<img src=\"a/1.png\" height=\"48\"><img src=\"a/1.png\" width=\"50%\"><img src=\"x",
        ] {
            assert_eq!(sized(html, &widths), html);
        }
    }
}

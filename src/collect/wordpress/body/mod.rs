//! From a body as WordPress stores it to plain HTML, as WordPress shows it: blocks, shortcodes, paragraphs, addresses
//! alone on a line. What comes out is sanitised later.

mod attached;
mod autop;
mod blocks;
mod covers;
mod footnotes;
mod galleries;
mod links;
mod markup;
mod reserved;
mod shortcodes;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use self::shortcodes::{Piece, Shown};
use super::attachments::{Attachments, Wanted};
use super::item::Item;
use crate::collect::headed_notes;

/// No post is told more of, of blocks and of shortcodes.
const MAX_REPORTS: usize = 500;
/// No name that is told is longer, in characters.
const MAX_NAME: usize = 80;

/// A body as HTML.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Expanded {
    pub(super) html: String,
    /// What could not be carried out, and where, in bytes of the item's content.
    pub(super) reports: Vec<(usize, String)>,
}

/// Writes the body of an item as HTML. `shared` are the blocks that posts share, by number.
pub(super) fn expand(item: &Item, attachments: &Attachments, shared: &BTreeMap<u64, String>) -> Expanded {
    let normal;
    let content = if item.content.contains('\r') {
        normal = item.content.replace("\r\n", "\n").replace('\r', "\n");
        normal.as_str()
    } else {
        item.content.as_str()
    };
    let notes = footnotes::section(&item.footnotes);
    let cut = blocks::cut(content, shared, notes.as_deref());
    let mut expanded = Expanded::default();
    let blocks = first_places(&item.content, "<!-- wp:", |c| !c.is_whitespace());
    for name in cut.drawn.into_iter().take(MAX_REPORTS) {
        let at = blocks.get(name.as_str()).copied().unwrap_or(0);
        let message = format!("block `{name}` is drawn by the site itself; it is left out");
        expanded.reports.push((at, message));
    }
    for name in cut.reserved.into_iter().take(MAX_REPORTS) {
        let at = blocks.get(name.as_str()).copied().unwrap_or(0);
        let what = if reserved::is_wall(&name) { "what follows it" } else { "what is in it" };
        expanded.reports.push((at, format!("block `{name}` is for some readers alone; it is left out, and {what}")));
    }
    let codes = first_places(&item.content, "[", |c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    let mut told = BTreeSet::new();
    let shown = Shown { attachments, post: item.id.trim().parse().unwrap_or(0) };
    for segment in cut.segments {
        let (pieces, reports) = shortcodes::expand(&segment.html, &shown);
        for report in reports {
            if told.len() < MAX_REPORTS && told.insert(report.message.clone()) {
                let at = codes.get(report.name.as_str()).copied().unwrap_or(0);
                expanded.reports.push((at, report.message));
            }
        }
        if segment.is_classic {
            expanded.html.push_str(&autop::paragraphs(&pieces));
        } else {
            expanded.html.extend(pieces.iter().map(Piece::as_str));
        }
    }
    if let Some(notes) = notes.filter(|_| !cut.shows_notes && content.contains("data-fn=")) {
        expanded.html.push_str(&notes);
    }
    let html = covers::pictured(links::linked(galleries::unlisted(headed_notes::taken_in(expanded.html))));
    expanded.html = footnotes::referred(attached::led_to_files(html, attachments, &item.link));
    expanded
}

/// The text of an item without its pictures and without what posts share, as HTML: what it is called by where it has no title.
pub(super) fn words(item: &Item) -> String {
    expand(item, &Attachments::default(), &BTreeMap::new()).html
}

/// Where each name stands first that comes behind `open`.
fn first_places<'t>(text: &'t str, open: &str, is_name: impl Fn(char) -> bool) -> HashMap<&'t str, usize> {
    let mut places = HashMap::new();
    for (at, _) in text.match_indices(open) {
        let rest = &text[at + open.len()..];
        // Names that are told are short.
        let end = rest.char_indices().take(MAX_NAME).find(|(_, c)| !is_name(*c)).map_or(0, |(end, _)| end);
        places.entry(&rest[..end]).or_insert(at);
    }
    places
}

/// Adds the attachments that the shortcodes and the links of an item name.
pub(super) fn name_attachments(item: &Item, wanted: &mut Wanted) {
    shortcodes::name_attachments(&item.content, item.id.trim().parse().ok(), wanted);
    attached::name_attachments(&item.content, wanted);
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::attachments::Attachments;
    use super::super::item::Item;
    use super::super::stream::Position;
    use super::expand;

    fn html(content: &str) -> String {
        let item = Item { content: content.to_owned(), ..Item::new(0, Position { line: 1, column: 1 }) };
        expand(&item, &Attachments::default(), &BTreeMap::new()).html
    }

    #[test]
    fn marks_of_the_editor_go_and_text_stays() {
        assert_eq!(html("One\r\n\r\n<!--more-->\r\n\r\nTwo"), "<p>One</p>\n<p>Two</p>\n");
        assert_eq!(html("One<!--more-->\nTwo"), "<p>One<br />\nTwo</p>\n");
        assert_eq!(html("One\n<!--nextpage-->\nTwo"), "<p>One</p>\n<p>Two</p>\n");
        assert_eq!(
            html("<!-- wp:paragraph {\"x\":1} -->\n<p>One\ntwo</p>\n<!-- /wp:paragraph -->\n\n<!-- wp:spacer /-->"),
            "\n<p>One\ntwo</p>\n\n\n"
        );
    }

    #[test]
    fn an_address_alone_is_a_link() {
        let link = "<a href=\"https://video.example/1\">https://video.example/1</a>";
        assert_eq!(html("Look:\n\nhttps://video.example/1"), format!("<p>Look:</p>\n<p>{link}</p>\n"));
        assert_eq!(html("Look:\nhttps://video.example/1\nNice"), format!("<p>Look:<br />\n{link}<br />\nNice</p>\n"));
        assert_eq!(
            html("<!-- wp:embed -->\n<figure><div>\nhttps://video.example/1\n</div></figure>\n<!-- /wp:embed -->"),
            format!("\n<figure><div>\n{link}\n</div></figure>\n")
        );
        let inside = "<p>See https://video.example/1 or <b>https://video.example/1</b></p>\n";
        assert_eq!(html("See https://video.example/1 or <b>https://video.example/1</b>"), inside);
        assert_eq!(html("<pre>https://video.example/1</pre>"), "<pre>https://video.example/1</pre>\n");
    }

    #[test]
    fn reports_say_where() {
        let content = "One\n\n[countdown to=\"x\"] and [countdown to=\"y\"]";
        let item = Item { content: content.to_owned(), ..Item::new(0, Position { line: 1, column: 1 }) };
        let reports = expand(&item, &Attachments::default(), &BTreeMap::new()).reports;
        assert_eq!(reports, [(5, "shortcode `countdown` is not known here; it is left out".to_owned())]);
    }
}

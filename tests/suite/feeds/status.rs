//! Feeds whose items share what should tell them apart.

use crate::publication::Publication;

const JULY: [&str; 3] = ["July outage", "Sat, 04 Jul 2026 10:00:00 GMT", "Disks were full."];
const AUGUST: [&str; 3] = ["August upgrade", "Wed, 05 Aug 2026 10:00:00 GMT", "New machines came."];
const LATER: [&str; 3] = ["Later in August", "Thu, 20 Aug 2026 10:00:00 GMT", "They are fast."];

/// A feed of items that all have these elements.
fn feed(common: &str, items: &[[&str; 3]]) -> String {
    let item = |[title, date, text]: &[&str; 3]| {
        format!(
            "<item><title>{title}</title>{common}<pubDate>{date}</pubDate><description>{text}</description></item>\n"
        )
    };
    let items: String = items.iter().map(item).collect();
    format!("<rss version=\"2.0\"><channel><title>Status</title><link>https://s.example/</link>{items}</channel></rss>")
}

/// What an issue prints, title by title.
fn printed(publication: &Publication, ordinal: &str) -> Vec<String> {
    let frozen = publication.read(&format!("issues/newsletter/{ordinal}/frozen.json"));
    [JULY, AUGUST, LATER]
        .iter()
        .map(|[title, ..]| *title)
        .filter(|title| frozen.contains(title))
        .map(str::to_owned)
        .collect()
}

#[test]
fn items_of_one_address_or_guid_are_printed_once_each() {
    let link = "<link>https://s.example/status</link>";
    let guid = "<guid>same</guid>";
    for common in [link, guid, &format!("{guid}{link}")] {
        for august in [&[LATER, AUGUST, JULY][..], &[LATER, AUGUST]] {
            let publication = Publication::monthly()
                .tables("[[source]]\nname = \"status\"\nfeed = \"status.xml\"")
                .file("status.xml", feed(common, &[JULY]))
                .at("2026-08-01T09:00:00Z")
                .published()
                .file("status.xml", feed(common, august))
                .at("2026-09-01T09:00:00Z")
                .published();
            assert_eq!(printed(&publication, "0001"), ["July outage"], "{common}");
            assert_eq!(printed(&publication, "0002"), ["August upgrade", "Later in August"], "{common}");
            let again = publication.publish().ok();
            again.freezes(&[]);
        }
    }
}

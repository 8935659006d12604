//! Feeds, read by feed-rs, rss, `atom_syndication`, serde and xmllint.

use std::collections::BTreeSet;

use atom_syndication::Feed;
use chrono::DateTime;
use rss::Channel;
use serde_json::Value;

use crate::publication::Publication;
use crate::samples::bilingual;
use crate::tools::output_of;

const BASE: &str = "https://compositor.example/";

/// The paths below public/ that end so.
fn public(publication: &Publication, end: &str) -> Vec<String> {
    let found: Vec<String> = publication.files("public").into_iter().filter(|path| path.ends_with(end)).collect();
    assert!(!found.is_empty(), "there is no {end} under public/");
    found.into_iter().map(|path| format!("public/{path}")).collect()
}

/// An address of ours leads to a file.
fn leads_somewhere(publication: &Publication, address: &str) {
    assert!(address.starts_with("https://") || address.starts_with("mailto:"), "{address} is not absolute");
    let Some(path) = address.strip_prefix(BASE) else { return };
    let path = path.split('#').next().unwrap();
    let decoded = percent_encoding(path);
    let file = if decoded.is_empty() || decoded.ends_with('/') { format!("{decoded}index.html") } else { decoded };
    assert!(publication.has(&format!("public/{file}")), "{address} leads nowhere");
}

/// `%C3%A9` and its like, decoded.
fn percent_encoding(path: &str) -> String {
    let query = format!("x={}", path.replace('+', "%2B"));
    url::form_urlencoded::parse(query.as_bytes()).next().unwrap().1.into_owned()
}

/// The values of `src` and `href` in markup.
fn references(html: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for attribute in ["src=\"", "href=\""] {
        found.extend(html.split(attribute).skip(1).filter_map(|rest| rest.split('"').next()));
    }
    found
}

fn content_is_sound(publication: &Publication, html: &str, path: &str) {
    assert!(!html.trim().is_empty(), "{path} has an entry without content");
    assert!(!html.contains("<script") && !html.contains("{{"), "{path}: {html}");
    for reference in references(html) {
        leads_somewhere(publication, reference);
    }
}

#[test]
fn rss_is_what_the_profile_asks_for() {
    let publication = bilingual().published();
    for path in public(&publication, "feed.xml") {
        let bytes = publication.bytes(&path);
        let channel = Channel::read_from(bytes.as_slice()).unwrap_or_else(|cause| panic!("{path}: {cause}"));
        assert!(!channel.title().is_empty() && !channel.description().is_empty(), "{path}");
        assert!(channel.language().is_some(), "{path}");
        leads_somewhere(&publication, channel.link());
        let own = format!("{BASE}{}", path.strip_prefix("public/").unwrap());
        let links = channel.extensions()["atom"]["link"].iter().map(rss::extension::Extension::attrs);
        let names_itself =
            links.into_iter().any(|link| link["rel"] == "self" && percent_encoding(&link["href"]) == own);
        assert!(names_itself, "{path} does not name itself as {own}");
        let mut ids = BTreeSet::new();
        for item in channel.items() {
            let guid = item.guid().unwrap_or_else(|| panic!("{path}: an item without guid"));
            assert!(ids.insert(guid.value().to_owned()), "{path} has {} twice", guid.value());
            assert_eq!(guid.is_permalink(), guid.value().starts_with("http"), "{path}: {}", guid.value());
            assert!(DateTime::parse_from_rfc2822(item.pub_date().unwrap()).is_ok(), "{path}: {:?}", item.pub_date());
            leads_somewhere(&publication, item.link().unwrap());
            content_is_sound(&publication, item.content().unwrap_or_else(|| panic!("{path}: no content")), &path);
            if let Some(enclosure) = item.enclosure() {
                assert_eq!(enclosure.mime_type(), "application/pdf");
                let file = format!("public/{}", enclosure.url().strip_prefix(BASE).unwrap());
                assert_eq!(enclosure.length().parse::<usize>().unwrap(), publication.bytes(&file).len(), "{path}");
            }
            assert!(item.author().is_none_or(|author| author.contains('@')), "{path}: RSS's author is an address");
        }
    }
}

#[test]
fn atom_is_what_rfc_4287_asks_for() {
    let publication = bilingual().published();
    for path in public(&publication, "atom.xml") {
        let feed =
            Feed::read_from(publication.bytes(&path).as_slice()).unwrap_or_else(|cause| panic!("{path}: {cause}"));
        assert!(!feed.id().is_empty() && !feed.title().as_str().is_empty() && feed.lang().is_some(), "{path}");
        assert!(feed.links().iter().any(|link| link.rel() == "self"), "{path}");
        for link in feed.links() {
            leads_somewhere(&publication, link.href());
        }
        let newest = feed.entries().iter().map(atom_syndication::Entry::updated).max();
        assert!(newest.is_none_or(|newest| newest == feed.updated()), "{path}: `updated` is not that of its entries");
        for entry in feed.entries() {
            assert!(!entry.authors().is_empty() || !feed.authors().is_empty(), "{path}: {} has no author", entry.id());
            assert!(entry.published().is_some() && entry.id().contains(':'), "{path}: {}", entry.id());
            let content = entry.content().unwrap();
            assert_eq!(content.content_type(), Some("html"));
            content_is_sound(&publication, content.value().unwrap(), &path);
        }
    }
}

#[test]
fn json_feed_is_what_version_1_1_asks_for() {
    let publication = bilingual().published();
    for path in public(&publication, "feed.json") {
        let feed: Value = serde_json::from_slice(&publication.bytes(&path)).unwrap();
        assert_eq!(feed["version"], "https://jsonfeed.org/version/1.1");
        for key in ["title", "home_page_url", "feed_url", "language"] {
            assert!(feed[key].is_string(), "{path} has no {key}");
        }
        leads_somewhere(&publication, feed["home_page_url"].as_str().unwrap());
        for item in feed["items"].as_array().unwrap() {
            assert!(item["id"].is_string() && item["url"].is_string(), "{path}: {item}");
            assert!(DateTime::parse_from_rfc3339(item["date_published"].as_str().unwrap()).is_ok(), "{path}: {item}");
            assert!(item.get("author").is_none(), "{path}: `author` is of version 1.0");
            content_is_sound(&publication, item["content_html"].as_str().unwrap(), &path);
        }
    }
}

#[test]
fn all_three_formats_tell_the_same() {
    let publication = bilingual().published();
    for rss in public(&publication, "feed.xml") {
        let folder = rss.strip_suffix("feed.xml").unwrap();
        let told = |name: &str| {
            let feed = feed_rs::parser::parse(publication.bytes(&format!("{folder}{name}")).as_slice())
                .unwrap_or_else(|cause| panic!("{folder}{name}: {cause}"));
            feed.entries
                .into_iter()
                .map(|entry| (entry.id, entry.title.map(|title| title.content), entry.published))
                .collect::<Vec<_>>()
        };
        assert_eq!(told("feed.xml"), told("atom.xml"), "{folder}");
        assert_eq!(told("feed.xml"), told("feed.json"), "{folder}");
    }
}

#[test]
fn every_list_of_addresses_leads_somewhere() {
    let publication = bilingual().published();
    let opml = publication.read("public/feeds.opml");
    let feeds: Vec<&str> = opml.split("xmlUrl=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert!(feeds.len() >= 4, "{opml}");
    let sitemap = publication.read("public/sitemap.xml");
    let pages: Vec<&str> = sitemap.split("<loc>").skip(1).filter_map(|rest| rest.split('<').next()).collect();
    assert!(pages.len() > 10, "{sitemap}");
    for address in feeds.into_iter().chain(pages) {
        leads_somewhere(&publication, address);
    }
}

#[test]
fn xml_is_well_formed_to_the_letter() {
    let publication = bilingual()
        .post(
            "2026-07-04-odd.md",
            "---\ntitle: \"A <b> & \\\"c\\\" ]]> \\u0007 d\"\n---\n`]]>` and \u{b} a control, &amp; more.\n",
        )
        .published();
    for end in [".xml", ".opml"] {
        for path in public(&publication, end) {
            output_of("xmllint", &["--noout", "--nonet", &publication.path(&path).display().to_string()]);
        }
    }
}

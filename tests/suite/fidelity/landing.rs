//! Where links, contents, notes, indexes and bookmarks lead: on the page and at the height of what they name.

use std::collections::BTreeSet;

use masthead::typeset::fonts::Fonts;
use masthead::typeset::{Options, typeset};

use super::STYLE;
use super::reader::{self, Landing};
use crate::conformance::tests::Pictures;
use crate::samples::demonstration;

const TITLES: [&str; 5] = ["Alpha", "Beta", "Gamma", "Delta", "Epsilon"];

/// Without spaces, hyphens and marks, which lines may end with.
fn bare(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Whether a line is what a link that says something leads to. A long heading is told by its first line, a number stands
/// before or behind a note.
fn is_named(said: &str, line: &str) -> bool {
    let (said, line) = (bare(said), bare(line));
    let is_number = said.chars().all(char::is_numeric);
    !said.is_empty()
        && (line.starts_with(&said) || line.len() > 8 && said.starts_with(&line) || is_number && line.contains(&said))
}

/// Holds every link and bookmark of a document against what it leads to; how many there are of each.
fn lands(pdf: &[u8], columns: usize) -> (usize, usize) {
    let (links, bookmarks) = (reader::landings(pdf, columns), reader::bookmarks(pdf, columns));
    for Landing { said, found, .. } in links.iter().chain(&bookmarks) {
        assert!(found.iter().any(|line| is_named(said, line)), "what says {said:?} leads to {found:?}");
    }
    (links.len(), bookmarks.len())
}

/// Holds the page numbers that the contents print against where their entries lead.
fn numbers_hold(pdf: &[u8], titles: &[&str], rtl: bool) {
    let text = reader::text(&lopdf::Document::load_mem(pdf).unwrap(), rtl);
    let links = reader::landings(pdf, 1);
    for title in titles {
        let entry = links.iter().find(|link| link.said.starts_with(title)).unwrap();
        assert!(entry.page > 1 || *title == titles[0], "{title} stands on the first page");
        assert!(text.contains(&format!("{title} {}", entry.page)), "{title} is on page {}: {text}", entry.page);
    }
}

fn set(html: &str, style: &str) -> Vec<u8> {
    let options = Options { style, html_name: "links", base_language: "en", ..Options::default() };
    typeset(html, &options, &Pictures, &Fonts::builtin()).unwrap().value.pdf
}

/// Articles under a contents list, each with a link back to the first.
fn linked(attributes: &str, titles: &[&str], text: &str) -> String {
    let entries = titles.iter().map(|title| format!("<li><a href='#{title}'>{title}</a>")).collect::<Vec<_>>().concat();
    let first = titles[0];
    let article = |title: &&str| {
        format!(
            "<article><h2 id='{title}'>{title}</h2><p>{text} <a href='#{first}'>{first}</a><span class=n>{text}</span> \
             {text}</article>"
        )
    };
    let body = titles.iter().map(article).collect::<Vec<_>>().concat();
    format!("<html {attributes}><title>t</title><nav><ol>{entries}</ol></nav><main>{body}</main>")
}

#[test]
fn every_link_and_contents_entry_lands_on_its_heading() {
    let html = linked("lang=en", &TITLES, &"Words and more of them. ".repeat(20));
    assert_eq!(lands(&set(&html, STYLE), 1), (10, 5));
}

#[test]
fn links_and_notes_land_in_persian_and_in_two_columns() {
    let style = format!(
        "{STYLE} .n {{ float: footnote }} a::after {{ content: ' ' target-counter(attr(href), page) }} main {{ columns: 2 }}"
    );
    let english = linked("lang=en", &TITLES, &"Words and more of them. ".repeat(8));
    // Contents, links back, calls and what leads from notes to these.
    let english = set(&english, &style);
    assert_eq!(lands(&english, 2), (20, 5));
    numbers_hold(&english, &TITLES, false);
    let titles = ["نخستین", "دومین", "سومین", "چهارمین", "پنجمین"];
    let persian = linked("lang=fa dir=rtl", &titles, &"واژه‌ها و باز هم واژه‌های دیگر. ".repeat(8));
    for (style, columns) in [(style.clone(), 2), (style.replace("columns: 2", "color: black"), 1)] {
        let persian = set(&persian, &style);
        assert_eq!(lands(&persian, columns), (20, 5));
        numbers_hold(&persian, &titles, true);
    }
}

#[test]
fn links_of_the_demonstration_land_in_every_issue_and_in_the_volume() {
    let publication = demonstration().published();
    let (mut languages, mut volumes) = (BTreeSet::new(), 0);
    for path in crate::golden::files(&publication.path("public"), "pdf") {
        let pdf = std::fs::read(&path).unwrap();
        let is_volume = path.components().any(|part| part.as_os_str() == "volume");
        // A volume has parts, articles and an index in two columns.
        let (links, bookmarks) = lands(&pdf, if is_volume { 2 } else { 1 });
        assert!(links >= 2 && bookmarks >= links / 2, "{}: {links} links, {bookmarks} bookmarks", path.display());
        let document = lopdf::Document::load_mem(&pdf).unwrap();
        languages.insert(lopdf::decode_text_string(document.catalog().unwrap().get(b"Lang").unwrap()).unwrap());
        volumes += usize::from(is_volume);
    }
    assert_eq!(languages.into_iter().collect::<Vec<_>>(), ["ar", "en", "fa", "sq"]);
    assert_eq!(volumes, 1);
}

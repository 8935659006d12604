//! What the `<head>` of a page says, as Pelican's and other programs' authors write it: `<title>`, `<meta name="date">`.

use super::value::{Entry, Node, Value};
use crate::collect::plain;
use crate::collect::sanitise::tag::{Piece, Scanner, attribute};
use crate::error::line_and_column;

/// No head is longer, in bytes.
const LONGEST: usize = 64 << 10;

/// Names of `<meta>`, in lower case, and the keys of front matter that they stand for. The first one that is there counts.
const NAMES: [(&str, &str); 27] = [
    ("date", "date"),
    ("created", "date"),
    ("article:published_time", "date"),
    ("dc.date", "date"),
    ("dcterms.created", "date"),
    ("modified", "modified"),
    ("article:modified_time", "modified"),
    ("dcterms.modified", "modified"),
    ("author", "authors"),
    ("authors", "authors"),
    ("dc.creator", "authors"),
    ("article:author", "authors"),
    ("category", "category"),
    ("article:section", "category"),
    ("tags", "tags"),
    ("article:tag", "tags"),
    ("keywords", "tags"),
    ("summary", "summary"),
    ("description", "summary"),
    ("slug", "slug"),
    ("lang", "lang"),
    ("language", "lang"),
    ("dc.language", "lang"),
    ("status", "status"),
    ("guid", "guid"),
    ("address", "address"),
    ("image", "image"),
];

/// Keys that nobody writes into a head but who means its post; `<title>` is the post's title there, and elsewhere may have the
/// site's name in it.
const TELLING: [&str; 3] = ["date", "category", "tags"];

/// Reads the head of the page that begins at `from` of a file's `text`. Empty when it has none.
pub(super) fn read(text: &str, from: usize) -> Vec<Entry> {
    let page = &text[from..];
    let mut found: Vec<Meta> = Vec::new();
    let mut title = None;
    let mut scanner = Scanner::of_foreign(page);
    loop {
        let at = scanner.at;
        if at > LONGEST {
            break;
        }
        match scanner.next() {
            // A page has nothing to read before its head.
            Some(Piece::Text(text)) if text.trim().is_empty() => {}
            Some(Piece::Open { name, attributes }) => match name.to_ascii_lowercase().as_str() {
                "html" => found.extend(attribute(attributes, "lang").map(|value| Meta {
                    rank: NAMES.len(),
                    key: "lang",
                    value: value.into_owned(),
                    at,
                })),
                "meta" => found.extend(meta(attributes, at)),
                "title" => {
                    let start = scanner.at;
                    scanner.skip_to_close("title");
                    let inside = page[start..scanner.at].rsplit_once("</").map_or("", |(inside, _)| inside);
                    title = title.or(Some((plain::from_html(inside), at)));
                }
                raw @ ("script" | "style" | "noscript" | "template") => scanner.skip_to_close(raw),
                "head" | "link" | "base" => {}
                _ => break,
            },
            Some(Piece::Close { name }) if name.eq_ignore_ascii_case("head") => break,
            Some(Piece::Close { .. }) => {}
            _ => break,
        }
    }
    entries(&found, title, text, from)
}

/// A `<meta>` that says something here.
struct Meta {
    /// Its place among the names.
    rank: usize,
    key: &'static str,
    value: String,
    at: usize,
}

fn meta(attributes: &str, at: usize) -> Option<Meta> {
    let name = ["name", "property", "itemprop"].iter().find_map(|key| attribute(attributes, key))?;
    let name = name.trim().to_ascii_lowercase();
    let rank = NAMES.iter().position(|(known, _)| *known == name)?;
    let value = attribute(attributes, "content").or_else(|| attribute(attributes, "contents"))?;
    let value = plain::one_line(&value);
    (!value.is_empty()).then_some(Meta { rank, key: NAMES[rank].1, value, at })
}

fn entries(found: &[Meta], title: Option<(String, usize)>, text: &str, from: usize) -> Vec<Entry> {
    let entry = |key: &str, value: String, at: usize| {
        let (line, column) = line_and_column(text, from + at);
        Entry { key: key.to_owned(), line, column, node: Node { line, column, value: Value::Text(value) } }
    };
    let mut entries: Vec<Entry> = Vec::new();
    let mut keys: Vec<&str> = found.iter().map(|meta| meta.key).collect();
    keys.sort_unstable();
    keys.dedup();
    for key in &keys {
        let of_key = || found.iter().filter(|meta| meta.key == *key);
        let Some(first) = of_key().min_by_key(|meta| meta.rank) else { continue };
        // A tag or an author to each `<meta>`.
        let all: Vec<&str> = of_key().filter(|meta| meta.rank == first.rank).map(|meta| meta.value.as_str()).collect();
        let value = match *key {
            "tags" => all.join(", ") + if all.len() > 1 || first.value.contains(',') { "" } else { "," },
            "authors" => all.join("; "),
            _ => first.value.clone(),
        };
        entries.push(entry(key, value, first.at));
    }
    if let Some((title, at)) =
        title.filter(|(title, _)| !title.is_empty() && TELLING.iter().any(|key| keys.contains(key)))
    {
        entries.push(entry("title", title, at));
    }
    entries
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::{Front, parse};

    fn front(text: &str) -> (Front, Vec<String>) {
        let mut warnings = Vec::new();
        let front = parse(text, &[], true, Path::new("a.html"), &mut warnings).front;
        (front, warnings.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn a_head_says_what_front_matter_says() {
        let (front, warnings) = front(
            "<!DOCTYPE html>\n<html lang='fa'>\n<head>\n<meta charset=utf-8>\n<title>On <b>ink</b> &amp; type</title>\n\
             <meta name=\"Date\" content=\"2013-07-05 09:51\">\n<meta name=\"modified\" contents=\"2013-07-06\" />\n\
             <meta name=\"tags\" content=\"one two, three\">\n<meta name=\"category\" content=\"On type\">\n\
             <meta name=\"authors\" content=\"The editors; The setters\"><meta name=\"viewport\" content=\"x\">\n\
             <script>\"<meta name=slug content=no>\"</script><meta name=\"summary\" content=\"Short &quot;text&quot;\">\n\
             <meta name=\"slug\" content=\"first\">\n</head>\n<body><meta name=\"slug\" content=\"no\"><h1>No</h1></body>",
        );
        assert_eq!(warnings, Vec::<String>::new());
        assert_eq!(front.title.as_deref(), Some("On ink & type"));
        assert!(front.date.is_some_and(|date| date.time.is_some()) && front.updated.is_some());
        assert_eq!((front.tags.join("|"), front.categories.join("|")), ("one two|three".into(), "On type".into()));
        assert_eq!((front.authors.join("|"), front.slug.as_deref()), ("The editors|The setters".into(), Some("first")));
        assert_eq!((front.summary.as_deref(), front.language.is_some()), (Some("Short \"text\""), true));
    }

    #[test]
    fn front_matter_counts_more_and_a_page_of_a_site_keeps_its_heading() {
        let (written, _) =
            front("---\ntitle: Ours\n---\n<head><title>T</title><meta name=date content=2013-07-05></head>");
        assert_eq!((written.title.as_deref(), written.date.is_some()), (Some("Ours"), true));
        let (page, _) = front(
            "<html><head><title>T - The site</title><meta property=\"article:published_time\" content=\"soon\">\
             <meta property=article:tag content=\"one two\"><meta property=article:tag content=three></head>",
        );
        assert_eq!((page.tags.join("|"), page.date), ("one two|three".into(), None));
        assert_eq!(front("<title>T</title><h1>x</h1>").0.title, None);
        assert_eq!(front("<p>a</p><meta name=slug content=b>").0.slug, None);
        let (_, warnings) = front("<head>\n<meta name=date content=soon>");
        assert!(warnings[0].starts_with("a.html:2:1: `soon` is not a date"), "{warnings:?}");
    }
}

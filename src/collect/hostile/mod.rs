//! Texts made to be slow: one piece over and over. Four times as much may take a little more than four times as long, and
//! not sixteen times, wherever it stands.

mod pieces;

use std::path::Path;
use std::time::{Duration, Instant};

use self::pieces::{FEED, FRONT, MARKDOWN, MARKUP, MDX, TOML, WORDPRESS};
use super::collect;
use super::tests::{config, folder, now};
use crate::config::SourceKind;

/// What begins a text, what stands in it over and over, what ends it.
type Pieces = (&'static str, &'static str, &'static str);

/// Where a hostile text may stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Markdown,
    Mdx,
    Html,
    Yaml,
    Toml,
    Title,
    FeedItem,
    Feed,
    Json,
    Export,
}

impl Place {
    fn write(self, root: &Path, text: &str) -> SourceKind {
        let dated = "---\ntitle: A\ndate: 2026-07-01\n---\n";
        let cdata = || text.replace("]]>", "]] >");
        let feed = |inside: &str| format!("<rss version=\"2.0\"><channel><title>A</title>{inside}</channel></rss>");
        let (name, text, kind) = match self {
            Self::Markdown => ("a.md", format!("{dated}{text}"), folder("in")),
            Self::Mdx => ("a.mdx", format!("{dated}{text}"), folder("in")),
            Self::Html => ("a.html", format!("{dated}{text}"), folder("in")),
            Self::Yaml => ("a.md", format!("---\n{text}\n---\nx\n"), folder("in")),
            Self::Toml => ("a.md", format!("+++\n{text}\n+++\nx\n"), folder("in")),
            Self::Title => ("a.md", format!("---\ntitle: '{}'\n---\n", text.replace(['\'', '\n'], " ")), folder("in")),
            Self::FeedItem => {
                let item = format!("<item><title>A</title><description><![CDATA[{}]]></description></item>", cdata());
                ("feed.xml", feed(&item), SourceKind::feed("in/feed.xml"))
            }
            Self::Feed => ("feed.xml", feed(text), SourceKind::feed("in/feed.xml")),
            Self::Json => {
                let json = serde_json::json!({
                    "version": "https://jsonfeed.org/version/1.1",
                    "title": "A",
                    "items": [{"id": "a", "title": "T", "content_html": text}],
                });
                ("feed.json", json.to_string(), SourceKind::feed("in/feed.json"))
            }
            Self::Export => {
                let item = format!(
                    "<item><title>A</title><content:encoded><![CDATA[{}]]></content:encoded><wp:post_id>1</wp:post_id>\
                     <wp:post_date_gmt>2013-06-01 10:00:00</wp:post_date_gmt><wp:status>publish</wp:status>\
                     <wp:post_type>post</wp:post_type></item>",
                    cdata()
                );
                let export = format!(
                    "<rss version=\"2.0\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" \
                     xmlns:wp=\"http://wordpress.org/export/1.2/\"><channel><title>A</title>\
                     <wp:wxr_version>1.2</wp:wxr_version>{item}</channel></rss>"
                );
                let path = "in/export.xml".into();
                ("export.xml", export, SourceKind::WordPress { path, pages: false, assets: Vec::new() })
            }
        };
        std::fs::create_dir_all(root.join("in")).unwrap();
        std::fs::write(root.join("in").join(name), text).unwrap();
        kind
    }
}

/// The time that this thread has had, where the system tells it: others may be busy at the same time.
fn clock(start: Instant) -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let told = told.and_then(|text| text.split_whitespace().next()?.parse().ok());
    told.map_or_else(|| start.elapsed(), Duration::from_nanos)
}

/// How long it takes to collect such a text, in one thread.
fn cost(place: Place, text: &str) -> Duration {
    let root = tempfile::tempdir().unwrap();
    let kind = place.write(root.path(), text);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    pool.install(|| {
        let start = Instant::now();
        let before = clock(start);
        collect(&config(root.path(), vec![("a", kind)]), now()).unwrap();
        clock(start).saturating_sub(before)
    })
}

/// A text of about so many bytes: what begins it, a piece over and over, what ends it. `#` in a piece is its number.
fn text((before, piece, after): Pieces, bytes: usize) -> String {
    let pieces = (0..bytes / piece.len()).map(|number| piece.replace('\u{1}', &number.to_string()));
    before.to_owned() + &pieces.collect::<String>() + after
}

/// How many times as long four times as much takes; nothing where it is too quick to be measured.
fn growth(place: Place, pieces: Pieces, bytes: usize) -> f64 {
    let long = cost(place, &text(pieces, bytes * 4));
    if long < Duration::from_millis(100) {
        return 0.0;
    }
    let short = cost(place, &text(pieces, bytes)).max(Duration::from_millis(5));
    long.as_secs_f64() / short.as_secs_f64()
}

/// Texts that once took the square of their length.
const ONCE_SLOW: &[(Place, Pieces)] = &[
    (Place::Html, ("", "<!--", "")),
    (Place::Markdown, ("", "<!--", "")),
    (Place::Markdown, ("", "<!-- ", "-->")),
    (Place::FeedItem, ("", "<!--", "")),
    (Place::Export, ("", "<!--", "")),
    (Place::Export, ("", "<!-- wp:a", "")),
    (Place::Export, ("", "<!-- wp:a\u{1} /-->", "")),
    (Place::Export, ("", "[aa\u{1} x=y]", "")),
    (Place::FeedItem, ("<a ", "\u{1}=y ", ">")),
    (Place::FeedItem, ("", "<svg/>", "")),
    (Place::Markdown, ("", "a\n===\n\n", "")),
    (Place::Markdown, ("", "[^\u{1}]\n\n[^\u{1}]: x\n\n", "")),
    (Place::Markdown, ("", "[^\u{1}]: x\n\n", "")),
    (Place::Markdown, ("", "<img src=x>", "")),
    (Place::Markdown, ("", "<t\u{1}>\n\n", "")),
    (Place::Markdown, ("http://a.b/", ")", "")),
    (Place::Markdown, ("", "{::comment}", "")),
    (Place::Markdown, ("", "{% ", "%}")),
    (Place::Markdown, ("", "{{ a\u{1} }}", "")),
    (Place::Mdx, ("", "{a\u{1}} ", "")),
    (Place::Mdx, ("", "export const meta = { a\u{1}: b() }\n", "")),
    (Place::Mdx, ("export const meta = {a: b ", "/* b ", "")),
    (Place::Toml, ("", "[[a]]\n", "")),
    (Place::Yaml, ("", "a\u{1}: b\n", "")),
    (Place::Yaml, ("tags: [", "b\u{1}, ", "]")),
    (Place::Yaml, ("enclosures:\n", "- a\u{1}.mp3\n", "")),
    (Place::Title, ("", "<b>", "</b>")),
    (Place::Title, ("", "[", "](a.b)")),
];

#[test]
fn four_times_as_much_takes_no_more_than_a_few_times_as_long() {
    for (place, pieces) in ONCE_SLOW {
        // What else the machine does may disturb one measurement, not three.
        let least = (0..3).map(|_| growth(*place, *pieces, 32 << 10)).find(|growth| *growth < 8.0);
        assert!(least.is_some(), "{place:?} {pieces:?} takes the square of its length");
    }
}

#[test]
fn long_every_piece_everywhere() {
    if std::env::var("MASTHEAD_LONG").is_ok_and(|value| value == "1") {
        let bytes = std::env::var("HOSTILE_BYTES").ok().and_then(|text| text.parse().ok()).unwrap_or(64 << 10);
        let plan = [
            (Place::Markdown, [MARKUP, MARKDOWN].concat()),
            (Place::Mdx, [MARKUP, MARKDOWN, MDX].concat()),
            (Place::Html, [MARKUP, MARKDOWN].concat()),
            (Place::Yaml, FRONT.to_vec()),
            (Place::Toml, TOML.to_vec()),
            (Place::Title, [MARKUP, MARKDOWN].concat()),
            (Place::FeedItem, MARKUP.to_vec()),
            (Place::Feed, [MARKUP, FEED].concat()),
            (Place::Json, MARKUP.to_vec()),
            (Place::Export, [MARKUP, WORDPRESS].concat()),
        ];
        let only = std::env::var("HOSTILE_PLACE").unwrap_or_default();
        for (place, all) in plan.into_iter().filter(|(place, _)| format!("{place:?}").contains(&only)) {
            for pieces in all {
                let start = Instant::now();
                let growth = growth(place, pieces, bytes);
                if growth > 6.5 || start.elapsed().as_secs() > 4 {
                    eprintln!("{growth:6.1} {:6.2}s {place:?} {pieces:?}", start.elapsed().as_secs_f64());
                }
            }
        }
    }
}

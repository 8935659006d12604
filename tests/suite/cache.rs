//! .cache/bodies: it changes how long a run takes, and nothing else.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

use crate::publication::{Publication, assert_same};
use crate::tools::long;

const BODIES: &str = ".cache/bodies";

/// A publication with a feed of so many items, each of them in two sources, and a post with HTML in it.
fn publication(items: usize) -> Publication {
    let text = "<p>Type &amp; <em>ink</em>, <a href=\"/a?b=1&amp;c=2\">paper</a><br><b>چاپ</p>\n".repeat(75);
    let mut feed =
        String::from("<rss version=\"2.0\"><channel><title>Press</title><link>https://press.example/</link>\n");
    for number in 0..items {
        writeln!(
            feed,
            "<item><title>Post {number}</title><link>https://press.example/{number}/</link><guid>{number}</guid>\
             <pubDate>Thu, 02 Jul 2026 10:00:00 +0000</pubDate>\
             <description><![CDATA[<p id=\"a\">{number}</p>{text}]]></description></item>"
        )
        .unwrap();
    }
    Publication::monthly()
        .post("2026-07-03-html.md", "---\ntitle: HTML\n---\n<div><b>One</div>\n\n<script>two</script>\n")
        .file("feed.xml", feed + "</channel></rss>\n")
        .tables("[[source]]\nfeed = \"feed.xml\"")
}

/// What a run publishes, with its records.
fn published(publication: Publication) -> (Publication, BTreeMap<String, Vec<u8>>) {
    let publication = publication.published();
    let mut tree = publication.tree("public");
    tree.extend(publication.tree("issues"));
    tree.extend(publication.tree("collected"));
    (publication, tree)
}

#[test]
fn nothing_that_is_published_depends_on_the_cache() {
    let publication = publication(20);
    let (_, first) = published(publication.copy());
    let cached = publication.copy().after(&["collect"]);
    let (whole, size) = (cached.bytes(BODIES), cached.bytes(BODIES).len());
    assert!(size > 20 * 3_000, "{size}");
    let newer = [b"masthead bodies 9\n", &whole[18..]].concat();
    let mut damaged = whole.clone();
    damaged.iter_mut().skip(18).step_by(997).for_each(|byte| *byte ^= 1);
    for cache in [whole.clone(), whole[..size / 2].to_vec(), Vec::new(), newer, damaged] {
        let (after, again) = published(publication.copy().file(BODIES, cache));
        assert_same(&first, &again);
        assert!(after.bytes(BODIES).len() >= size, "what was lost is kept anew");
    }
    assert_eq!(cached.read(".cache/.gitignore"), "*\n");
    // A run without the lock reads it, and leaves it as it is.
    assert_eq!(cached.after(&["check"]).bytes(BODIES), whole);
}

#[test]
fn a_cache_that_cannot_be_kept_is_done_without() {
    let publication = publication(3).file(".cache", "a file in the place of the folder");
    let (publication, _) = published(publication);
    assert_eq!(publication.read(".cache"), "a file in the place of the folder");
}

/// 10,000 items of 4,500 characters: how long `collect` takes without what an earlier run parsed, and with it.
#[test]
fn long_a_feed_is_parsed_once() {
    if !long() {
        return;
    }
    let publication = publication(10_000);
    let mut times = [Vec::new(), Vec::new()];
    for _ in 0..5 {
        let _ = std::fs::remove_dir_all(publication.path(".cache"));
        for times in &mut times {
            // Each time as the first one: what is kept in collected/ is compared, and would hide what is measured.
            let _ = std::fs::remove_dir_all(publication.path("collected"));
            let begun = Instant::now();
            publication.run(&["collect", "--quiet"]).ok();
            times.push(begun.elapsed());
        }
    }
    let [parsed, cached]: [Duration; 2] = times.map(|times| times.into_iter().min().unwrap());
    println!(
        "collecting 10,000 items: {parsed:.2?} with parsing, {cached:.2?} with a cache of {} MB",
        publication.bytes(BODIES).len() >> 20
    );
    assert!(cached.as_secs_f64() < 0.8 * parsed.as_secs_f64());
}

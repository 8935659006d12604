//! How much memory it takes to read a large feed: the peak of a process that does nothing else.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use masthead::collect::feed::Document;

use crate::publication::Publication;
use crate::tools::{self, long};

const ITEMS: usize = 10_000;

/// Names the feed that the child reads.
const FEED: &str = "MASTHEAD_TEST_FEED";

#[test]
fn reading_takes_no_more_than_twice_the_file() {
    if !Path::new("/proc/self/status").exists() {
        println!("skipped: there is no /proc");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    for form in ["cdata", "escaped"] {
        let path = folder.path().join(form);
        let feed = feed(form);
        std::fs::write(&path, &feed).unwrap();
        let child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "feeds::memory::child_reads_a_feed", "--nocapture"])
            .env(FEED, &path)
            .output()
            .unwrap();
        let told = String::from_utf8_lossy(&child.stdout);
        let grown: usize = told.lines().find_map(|line| line.strip_prefix("grown by ")).expect(&told).parse().unwrap();
        let share = grown as f64 / feed.len() as f64;
        println!("{form}: a feed of {} bytes takes {grown}: {share:.2} times as much", feed.len());
        assert!(share <= 2.0, "{form}: {share:.2}");
    }
}

/// Reads the feed that the test above names, in a process of its own. Without one it has nothing to do.
#[test]
fn child_reads_a_feed() {
    let Some(path) = std::env::var_os(FEED) else { return };
    let before = peak();
    let document = Document::new(std::fs::read(&path).unwrap(), None);
    let items = document.read(None, Path::new(&path)).value.items.len();
    assert_eq!(items, ITEMS);
    println!("\ngrown by {}", peak() - before);
}

/// The most memory that this process ever had, in bytes.
fn peak() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<usize>().unwrap() * 1024
}

/// A feed whose items hold about 5,000 characters each.
pub(super) fn feed(form: &str) -> String {
    let paragraph =
        "<p>Type &amp; <em>ink</em>, <a href=\"https://press.example/?a=1&amp;b=2\">paper</a> and چاپ.</p>\n";
    let text = paragraph.repeat(55);
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let content = if form == "cdata" { format!("<![CDATA[{text}]]>") } else { escaped };
    let mut feed =
        String::from("<rss version=\"2.0\"><channel><title>Press</title><link>https://press.example/</link>\n");
    for number in 0..ITEMS {
        writeln!(
            feed,
            "<item><title>Post {number}</title><link>https://press.example/{number}/</link><guid>{number}</guid>\
             <pubDate>Thu, 02 Jul 2026 10:00:00 +0000</pubDate><description>{content}</description></item>"
        )
        .unwrap();
    }
    feed + "</channel></rss>\n"
}

#[test]
fn collecting_takes_little_more_than_twice_the_feed() {
    collected_within(&[1 << 20, 12 << 20]);
}

#[test]
fn long_collecting_takes_little_more_than_twice_the_feed() {
    if long() {
        collected_within(&[1 << 20, 66 << 20]);
    }
}

/// Collects feeds of so many bytes, at first and when their posts are known.
fn collected_within(sizes: &[usize; 2]) {
    if !Path::new("/proc/self/status").exists() {
        println!("skipped: there is no /proc");
        return;
    }
    let [small, large] = sizes.map(|bytes| {
        let publication = Publication::new()
            .config(
                "title = \"A\"\nbase_url = \"https://a.example/\"\nlanguage = \"en\"\n\n[[source]]\nfeed = \"f.xml\"\n",
            )
            .file("f.xml", long_feed(bytes));
        ["first", "again"].map(|_| tools::peak(publication.command(&["collect", "--quiet"])).0)
    });
    for (turn, (small, large)) in ["at first", "again"].into_iter().zip(small.into_iter().zip(large)) {
        let share = large.saturating_sub(small) as f64 / (sizes[1] - sizes[0]) as f64;
        println!("{turn}: {} MB for {} MB, {share:.2} times as much", large >> 20, sizes[1] >> 20);
        assert!(share < 2.6, "{turn}: {share:.2}");
    }
}

/// A feed of so many bytes, whose items hold 10,000 each.
fn long_feed(bytes: usize) -> String {
    let mut feed = String::from("<rss version=\"2.0\"><channel><title>P</title><link>https://p.example/</link>\n");
    let words = "type and ink and paper and press ".repeat(60);
    let mut number = 0;
    while feed.len() < bytes {
        number += 1;
        let text = format!("<p>{words} &amp; <em>ink</em> of {number}.</p>\n").repeat(5);
        writeln!(
            feed,
            "<item><title>Post {number}</title><link>https://p.example/{number}/</link><guid>{number}</guid>\
             <description><![CDATA[{text}]]></description></item>"
        )
        .unwrap();
    }
    feed + "</channel></rss>\n"
}

//! How fast feeds are read, beside readers that are not ours: `cargo bench --bench feeds`.
//!
//! The feed has 10,000 items in full, as CDATA and with its markup escaped. Every reader is given the whole feed in
//! memory; ours takes it over, as it does after a file was read or an answer has come. `FEED=some.xml` in the
//! environment measures an RSS file besides. It fails where ours is slower than rss, or not twice as fast as feed-rs.

use divan::Bencher;
use divan::counter::BytesCount;
use masthead::collect::feed::Document;
use std::fmt::Write as _;
use std::process::ExitCode;
use std::time::{Duration, Instant};

fn main() -> ExitCode {
    divan::main();
    let slow: Vec<&str> = forms().into_iter().filter(|form| !is_fast_enough(form)).collect();
    let is_fast = slow.is_empty();
    if is_fast { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// How often each reader takes its turn when they are compared.
const ROUNDS: usize = 9;

/// Compares the readers, turn by turn in one run: ours is to be twice as fast as feed-rs and as fast as rss. Says so.
fn is_fast_enough(form: &str) -> bool {
    let feed = feed(form);
    let ours = |bytes: Vec<u8>| Document::new(bytes, None).read(None, "feed.xml".as_ref()).value.items.len();
    let rss = |bytes: Vec<u8>| rss::Channel::read_from(bytes.as_slice()).unwrap().items.len();
    let feed_rs = |bytes: Vec<u8>| feed_rs::parser::parse(bytes.as_slice()).unwrap().entries.len();
    let readers: [&dyn Fn(Vec<u8>) -> usize; 3] = [&ours, &rss, &feed_rs];
    let mut best = [Duration::MAX; 3];
    for _ in 0..ROUNDS {
        for (read, best) in readers.iter().zip(&mut best) {
            let bytes = feed.clone();
            let begun = Instant::now();
            let items = read(bytes);
            *best = begun.elapsed().min(*best);
            assert!(items > 0);
        }
    }
    let [ours, rss, feed_rs] = best.map(|time| time.as_secs_f64());
    let (of_rss, of_feed_rs) = (rss / ours, feed_rs / ours);
    println!(
        "{form}: {of_rss:.2} times as fast as rss (at least 1), {of_feed_rs:.2} times as fast as feed-rs (at least 2)"
    );
    of_rss >= 1.0 && of_feed_rs >= 2.0
}

const ITEMS: usize = 10_000;

/// How the text of an item is written.
fn forms() -> Vec<&'static str> {
    let file = std::env::var_os("FEED").map(|_| "file");
    ["cdata", "escaped"].into_iter().chain(file).collect()
}

const WORDS: [&str; 12] =
    ["press", "and", "paper", "the", "newsletter", "of", "type", "issue", "reader", "چاپ", "line", "correspondence"];

/// A feed of 10,000 items, each of about 5,000 characters.
fn feed(form: &str) -> Vec<u8> {
    if let ("file", Some(path)) = (form, std::env::var_os("FEED")) {
        return std::fs::read(path).unwrap();
    }
    let mut feed = String::from(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<rss version=\"2.0\" \
         xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\
         <channel>\n<title>Press &amp; Paper</title><link>https://press.example/</link>\
         <description>Type, ink and paper</description><language>en</language>\n",
    );
    for number in 0..ITEMS {
        let text = text(number);
        let content = match form {
            "cdata" => format!("<![CDATA[{text}]]>"),
            _ => text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;"),
        };
        writeln!(
            feed,
            "<item><title>Post {number}</title><link>https://press.example/{number}/</link>\
             <guid isPermaLink=\"false\">tag:press.example,2026:{number}</guid><dc:creator>The editors</dc:creator>\
             <pubDate>Thu, 02 Jul 2026 10:{:02}:00 +0000</pubDate><category>type</category><category>press</category>\
             <description>A post &amp; more</description><content:encoded>{content}</content:encoded></item>",
            number % 60,
        )
        .unwrap();
    }
    feed.push_str("</channel></rss>\n");
    feed.into_bytes()
}

/// Paragraphs with links, emphasis and a character reference here and there.
fn text(number: usize) -> String {
    let mut text = String::with_capacity(6_000);
    let mut state = number as u32;
    while text.len() < 5_000 {
        text.push_str("<p>");
        for at in 0..60 {
            // A linear congruential generator: the same words at each run.
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let word = WORDS[(state >> 16) as usize % WORDS.len()];
            match at % 20 {
                3 => write!(text, "<em>{word}</em> ").unwrap(),
                9 => write!(text, "<a href=\"https://press.example/{word}?a=1&amp;b={number}\">{word}</a> ").unwrap(),
                _ => write!(text, "{word} ").unwrap(),
            }
        }
        text.push_str("</p>\n");
    }
    text
}

fn read<Feed>(bencher: Bencher<'_, '_>, form: &str, read: impl Fn(Vec<u8>) -> Feed + Sync) {
    let feed = feed(form);
    bencher.counter(BytesCount::new(feed.len())).with_inputs(|| feed.clone()).bench_local_values(read);
}

#[divan::bench(args = forms(), sample_count = 20, sample_size = 1)]
fn masthead_reads(bencher: Bencher<'_, '_>, form: &str) {
    read(bencher, form, |bytes| {
        let document = Document::new(bytes, None);
        let items = document.read(None, "feed.xml".as_ref()).value.items.len();
        assert!(items > 0);
        document
    });
}

#[divan::bench(args = forms(), sample_count = 20, sample_size = 1)]
fn rss_reads(bencher: Bencher<'_, '_>, form: &str) {
    read(bencher, form, |bytes| {
        let channel = rss::Channel::read_from(bytes.as_slice()).unwrap();
        assert!(!channel.items.is_empty());
        bytes
    });
}

#[divan::bench(args = forms(), sample_count = 20, sample_size = 1)]
fn feed_rs_reads(bencher: Bencher<'_, '_>, form: &str) {
    read(bencher, form, |bytes| {
        let feed = feed_rs::parser::parse(bytes.as_slice()).unwrap();
        assert!(!feed.entries.is_empty());
        bytes
    });
}

//! How fast a feed of 10,000 items is read, beside readers that are not ours. `cargo bench --bench feeds` says more.

use std::path::Path;
use std::time::{Duration, Instant};

use masthead::collect::feed::Document;

use super::memory::feed;
use crate::tools::long;

const ROUNDS: usize = 7;

#[test]
fn long_reading_is_as_fast_as_rss_and_twice_as_fast_as_feed_rs() {
    if !long() {
        return;
    }
    if cfg!(debug_assertions) {
        println!("skipped: only what is optimised says how fast it is; add --release");
        return;
    }
    for form in ["cdata", "escaped"] {
        let feed = feed(form).into_bytes();
        let ours = |bytes: Vec<u8>| Document::new(bytes, None).read(None, Path::new("f")).value.items.len();
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
                assert_eq!(items, 10_000);
            }
        }
        let [ours, rss, feed_rs] = best.map(|time| time.as_secs_f64());
        println!("{form}: {:.2} times as fast as rss, {:.2} times as fast as feed-rs", rss / ours, feed_rs / ours);
        assert!(rss / ours >= 1.0 && feed_rs / ours >= 2.0, "{form}");
    }
}

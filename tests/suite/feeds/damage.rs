//! Feeds of the corpora, damaged in every way that comes to mind: each is read without a panic and without a hang.

use std::panic::catch_unwind;
use std::path::Path;
use std::time::{Duration, Instant};

use masthead::collect::dates;
use masthead::collect::feed::Document;

use super::files_below;
use crate::tools::{corpus, long};

/// Pieces that mean something to a reader.
const PIECES: [&[u8]; 14] = [
    b"<",
    b">",
    b"&",
    b"\"",
    b"'",
    b"<!--",
    b"]]>",
    b"<![CDATA[",
    b"<?xml",
    b"</item>",
    b"<item>",
    b"\0",
    b"\xff",
    b"\xe2\x80",
];

/// A series of numbers, the same at each run (xorshift).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end.max(1) as u64) as usize
    }

    /// Damages a document in one place.
    fn damage(&mut self, bytes: &mut Vec<u8>) {
        let at = self.below(bytes.len() + 1);
        let end = at + self.below((bytes.len() - at).min(200) + 1);
        match self.below(5) {
            0 => bytes.truncate(at),
            1 => drop(bytes.drain(at..end)),
            2 => drop(bytes.splice(at..at, PIECES[self.below(PIECES.len())].iter().copied())),
            3 => {
                let again = bytes[at..end].to_vec();
                drop(bytes.splice(end..end, again));
            }
            _ => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= 1 << self.below(8);
                }
            }
        }
    }
}

/// Reads each feed `times` times, with one to four damages each time.
fn read_damaged(folder: &Path, times: usize) {
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    for path in files_below(folder) {
        let whole = std::fs::read(&path).unwrap();
        for _ in 0..times {
            let mut bytes = whole.clone();
            for _ in 0..=numbers.below(4) {
                numbers.damage(&mut bytes);
            }
            let start = Instant::now();
            if catch_unwind(|| read(&bytes)).is_err() {
                let kept = std::env::temp_dir().join("masthead-damaged-feed");
                std::fs::write(&kept, &bytes).unwrap();
                panic!("a panic at {}, damaged; see {}", path.display(), kept.display());
            }
            assert!(start.elapsed() < Duration::from_secs(20), "{} took {:?}", path.display(), start.elapsed());
        }
    }
}

fn read(bytes: &[u8]) {
    let document = Document::new(bytes.to_vec(), None);
    let feed = document.read(None, Path::new("damaged.xml")).value;
    for item in &feed.items {
        let _ = [&item.published, &item.updated].map(|date| dates::parse(&date.text));
    }
}

#[test]
fn damaged_feeds_are_read_as_far_as_they_go() {
    let Some(folder) = corpus("feeds") else { return };
    read_damaged(&folder, 4);
}

#[test]
fn long_damaged_feeds_are_read_as_far_as_they_go() {
    let Some(folder) = corpus("feeds").filter(|_| long()) else { return };
    read_damaged(&folder, 500);
}

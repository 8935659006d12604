//! The reader of feeds over feeds that nobody in this project wrote, beside readers that are not ours.

mod again;
mod damage;
mod memory;
mod speed;
mod status;

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use masthead::collect::dates;
use masthead::collect::feed::Document;

use crate::tools::corpus;

/// What feedparser finds; counts.py beside it makes the table.
const COUNTS: &str = include_str!("counts.tsv");

/// No file of the corpora takes a slow machine longer.
const MOST_TIME: Duration = Duration::from_secs(20);

/// How a reader fares on the files in which feedparser finds items.
#[derive(Debug, Default)]
struct Score {
    /// Files that it reads without a failure.
    read: usize,
    /// Files of which it finds all items.
    whole: usize,
    /// The others: found, wanted, file.
    lost: Vec<(usize, usize, String)>,
}

impl Score {
    fn add(&mut self, file: &str, wanted: usize, found: Option<usize>) {
        self.read += usize::from(found.is_some());
        match found.unwrap_or(0) {
            found if found >= wanted => self.whole += 1,
            found => self.lost.push((found, wanted, file.to_owned())),
        }
    }

    fn share(&self) -> f64 {
        self.whole as f64 * 100.0 / (self.whole + self.lost.len()) as f64
    }
}

/// The table: the number of items of each file.
fn counts() -> BTreeMap<&'static str, usize> {
    let rows = COUNTS.lines().filter(|line| !line.starts_with('#'));
    rows.map(|row| row.split_once('\t').unwrap()).map(|(count, file)| (file, count.parse().unwrap())).collect()
}

fn ours(bytes: &[u8], path: &Path) -> usize {
    let document = Document::new(bytes.to_vec(), None);
    let read = document.read(None, path);
    for warning in &read.warnings {
        let place = warning.place.as_ref().unwrap_or_else(|| panic!("{}: {warning} has no place", path.display()));
        assert!(place.line.is_some(), "{}: {warning} has no line", path.display());
    }
    read.value.items.len()
}

fn rss_and_atom(bytes: &[u8]) -> Option<usize> {
    let rss = || rss::Channel::read_from(bytes).map(|channel| channel.items.len());
    let atom = || atom_syndication::Feed::read_from(bytes).map(|feed| feed.entries.len());
    unpanicked(|| rss().ok().or_else(|| atom().ok()))
}

fn feed_rs(bytes: &[u8]) -> Option<usize> {
    unpanicked(|| feed_rs::parser::parse(bytes).ok().map(|feed| feed.entries.len()))
}

/// What a reader gives; a panic is a failure to read.
fn unpanicked(read: impl FnOnce() -> Option<usize>) -> Option<usize> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or(None)
}

#[test]
fn feeds_of_the_corpora_lose_no_items() {
    let Some(folder) = corpus("feeds") else { return };
    let counts = counts();
    let mut scores = [Score::default(), Score::default(), Score::default()];
    let (mut files, mut with_counts) = (0, 0);
    for path in files_below(&folder) {
        let bytes = std::fs::read(&path).unwrap();
        let name = path.strip_prefix(&folder).unwrap().display().to_string();
        let start = Instant::now();
        let found = ours(&bytes, &path);
        assert!(start.elapsed() < MOST_TIME, "{name} took {:?}", start.elapsed());
        files += 1;
        if let Some(wanted) = counts.get(name.as_str()).copied() {
            with_counts += 1;
            scores[0].add(&name, wanted, Some(found));
            scores[1].add(&name, wanted, rss_and_atom(&bytes));
            scores[2].add(&name, wanted, feed_rs(&bytes));
        }
    }
    println!("{files} files, of which feedparser finds items in {}", counts.len());
    for (name, score) in ["masthead", "rss + atom_syndication", "feed-rs"].iter().zip(&scores) {
        println!("{name}: {} read, no item lost of {} ({:.2} %)", score.read, score.whole, score.share());
    }
    for (found, wanted, file) in &scores[0].lost {
        println!("masthead: {found} of {wanted} items of {file}");
    }
    assert_eq!(with_counts, counts.len(), "files of the table are missing");
    assert!(scores[0].share() >= 99.5, "{:?}", scores[0]);
    assert!(scores[0].share() > scores[1].share() && scores[0].share() > scores[2].share());
}

#[test]
fn dates_of_the_corpora_are_read() {
    let Some(folder) = corpus("feeds") else { return };
    let mut unread = BTreeSet::new();
    let mut read = 0;
    for path in files_below(&folder) {
        let document = Document::new(std::fs::read(&path).unwrap(), None);
        let feed = document.read(None, &path).value;
        let dates = feed
            .items
            .iter()
            .flat_map(|item| [&item.published, &item.published_too, &item.updated])
            .chain([&feed.updated]);
        for date in dates.filter(|date| !date.text.is_empty()) {
            match dates::parse(&date.text) {
                Some(_) => read += 1,
                None => unread.extend([date.text.clone().into_owned()]),
            }
        }
    }
    println!("{read} dates are read, {} texts are not: {unread:#?}", unread.len());
    assert!(read > 1000 && unread.is_empty(), "{read} {unread:#?}");
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> =
        entries.flat_map(|path| if path.is_dir() { files_below(&path) } else { vec![path] }).collect();
    files.sort();
    files
}

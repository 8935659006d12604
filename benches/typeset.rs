//! What it costs to typeset books: time and memory by the number of pages, and beside other programs.
//!
//! `cargo bench --bench typeset` makes books of 100, 1,000 and 10,000 pages (`PAGES="100 200"` others) and says what each
//! thousand pages costs; where that grows, typesetting is not linear. Then it typesets an issue of 16 pages with pictures in
//! one process, again and again, and says what it took at first and once it was warm: with pictures of the size of print, and
//! with larger ones. `BOOK=book.html` typesets that file instead, tagged and with the pictures beside it, `ROUNDS` times (5),
//! in turn with `PEERS`, lines of `NAME=COMMAND`, and says how many times longer each of them takes:
//!
//! ```sh
//! BOOK=book.html PEERS='typst=typst compile book.typ /tmp/peer.pdf' cargo bench --bench typeset
//! ```

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use image::{ImageFormat, RgbImage};
use masthead::typeset::fonts::Fonts;
use masthead::typeset::{Options, Resources, typeset};

/// What says that this program is to typeset a file and to tell what that took, in a process of its own.
const CHILD: &str = "--typeset-one";

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if let Some(at) = arguments.iter().position(|argument| argument == CHILD) {
        let path = arguments.get(at + 1).expect("a file to typeset");
        return typeset_one(Path::new(path));
    }
    if let Some(book) = std::env::var_os("BOOK") {
        return beside_peers(&PathBuf::from(book));
    }
    growth();
    warm_issue((1000, 625), "as they are");
    warm_issue((1600, 1000), "made smaller");
}

/// Pictures beside the HTML file.
struct Beside(PathBuf);

impl Resources for Beside {
    fn get(&self, url: &str) -> Option<Arc<[u8]>> {
        std::fs::read(self.0.join(url)).ok().map(Arc::from)
    }
}

/// Typesets a file and prints how many pages it has, how large the PDF is and how much memory it took at most.
fn typeset_one(path: &Path) {
    let html = std::fs::read_to_string(path).expect("the file is read");
    let folder = path.parent().unwrap_or(Path::new(".")).to_owned();
    let options = Options { html_name: "book.html", ..Options::default() };
    let set = typeset(&html, &options, &Beside(folder), &Fonts::builtin()).expect("the PDF is written");
    let out = path.with_extension("bench.pdf");
    std::fs::write(&out, &set.value.pdf).expect("the PDF is kept");
    println!("{} {} {}", set.value.pages, set.value.pdf.len(), peak());
    let _ = std::fs::remove_file(out);
}

/// The most memory that this process has had, in kilobytes; 0 where the system does not say.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}

/// What one run of ours took.
#[derive(Clone, Copy)]
struct Run {
    time: Duration,
    pages: usize,
    bytes: usize,
    kilobytes: u64,
}

fn run(path: &Path) -> Run {
    let this = std::env::current_exe().expect("this program has a path");
    let start = Instant::now();
    let output = Command::new(this).arg(CHILD).arg(path).stderr(Stdio::inherit()).output().expect("it starts");
    let time = start.elapsed();
    assert!(output.status.success(), "typesetting failed");
    let text = String::from_utf8_lossy(&output.stdout);
    let numbers: Vec<usize> = text.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    let [pages, bytes, kilobytes] = numbers[..] else { panic!("odd output: {text}") };
    Run { time, pages, bytes, kilobytes: kilobytes as u64 }
}

/// The run of the middle time.
fn median(mut runs: Vec<Run>) -> Run {
    runs.sort_by_key(|run| run.time);
    runs[runs.len() / 2]
}

fn number(name: &str, otherwise: usize) -> usize {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

/// Books of more and more pages.
fn growth() {
    let pages = std::env::var("PAGES").unwrap_or_else(|_| "100 1000 10000".to_owned());
    let folder = tempfile::tempdir().expect("a temporary folder");
    println!(
        "{:>7} {:>9} {:>9} {:>9} {:>17} {:>17}",
        "pages", "seconds", "MB", "PDF MB", "s/1,000 pages", "MB/1,000 pages"
    );
    for wanted in pages.split_whitespace().filter_map(|word| word.parse::<usize>().ok()) {
        let path = folder.path().join("book.html");
        std::fs::write(&path, book(wanted)).expect("the book is written");
        let runs = (0..number("ROUNDS", 3)).map(|_| run(&path)).collect();
        let Run { time, pages, bytes, kilobytes } = median(runs);
        let (seconds, megabytes, thousands) = (time.as_secs_f64(), kilobytes as f64 / 1024.0, pages as f64 / 1000.0);
        println!(
            "{pages:>7} {seconds:>9.2} {megabytes:>9.0} {:>9.1} {:>17.3} {:>17.1}",
            bytes as f64 / 1e6,
            seconds / thousands,
            megabytes / thousands
        );
    }
}

/// An issue that is typeset again and again in this process: what that takes at first, and then. Its pictures are of this
/// size, of which 1000 dots across are what print needs.
fn warm_issue(size: (u32, u32), treated: &str) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut dice = Dice(11);
    for number in 0..ARTICLES {
        picture(&folder.path().join(format!("{number}.jpg")), ImageFormat::Jpeg, size, &mut dice);
    }
    picture(&folder.path().join("mark.png"), ImageFormat::Png, (300, 100), &mut dice);
    let html = issue(&mut dice);
    let beside = Beside(folder.path().to_owned());
    let options = Options { html_name: "issue.html", ..Options::default() };
    let fonts = Fonts::builtin();
    let mut times = Vec::new();
    let mut pages = 0;
    for _ in 0..=number("ROUNDS", 5).max(1) {
        let start = Instant::now();
        let set = typeset(&html, &options, &beside, &fonts).expect("the PDF is written");
        times.push(start.elapsed());
        pages = set.value.pages;
    }
    let first = times.remove(0);
    times.sort();
    let milliseconds = |time: Duration| time.as_secs_f64() * 1000.0;
    println!(
        "an issue of {pages} pages with {} pictures, {treated}: {:.1} ms at first, {:.1} ms when warm",
        ARTICLES + 1,
        milliseconds(first),
        milliseconds(times[times.len() / 2])
    );
}

/// A picture with soft colours and a little grain, as photographs have.
fn picture(path: &Path, format: ImageFormat, (width, height): (u32, u32), dice: &mut Dice) {
    let base = [dice.below(128), dice.below(128), dice.below(128)];
    let pixels = RgbImage::from_fn(width, height, |x, y| {
        let shade = (x * 90 / width + y * 30 / height) as usize + dice.below(8);
        image::Rgb(base.map(|part| (part + shade) as u8))
    });
    pixels.save_with_format(path, format).expect("the picture is written");
}

/// The articles of the issue; with each comes a picture.
const ARTICLES: usize = 10;

/// An issue of 16 pages: a masthead, contents, and articles in two columns with pictures and quotes.
fn issue(dice: &mut Dice) -> String {
    let mut out = String::from(
        "<!doctype html><html lang=en><title>An issue</title><style>@page { size: A4; margin: 22mm 18mm;
        @top-right { content: string(title) } @bottom-center { content: counter(page) } }
        body { font: 10pt/1.4 serif; text-align: justify; hyphens: auto } h1, h2 { string-set: title content() }
        .text { columns: 2; column-gap: 6mm } h2 { break-before: page } figure { margin: 0 0 4mm } img { width: 100% }
        blockquote { float: right; width: 40%; font-size: 13pt; text-align: start }
        nav a::after { content: leader('.') target-counter(attr(href), page) }</style>
        <header><img src='mark.png' alt='Mark' style='width: 60mm'><h1>The issue</h1></header><nav><ol>",
    );
    for number in 0..ARTICLES {
        let _ = write!(out, "<li><a href=\"#a{number}\">Article {number}</a></li>");
    }
    out.push_str("</ol></nav>");
    for number in 0..ARTICLES {
        let persian = number % 5 == 4;
        let words: &[&str] = if persian { &PERSIAN } else { &WORDS };
        let language = if persian { " lang=fa dir=rtl" } else { "" };
        let _ = write!(
            out,
            "<article{language}><h2 id=a{number}>Article {number}</h2><div class=text><figure>\
             <img src='{number}.jpg' alt='A picture'><figcaption>A caption</figcaption></figure>"
        );
        // Every other one takes two pages.
        for part in 0..if number % 2 == 0 { 5 } else { 12 } {
            if part == 2 {
                out.push_str("<blockquote>");
                dice.sentences(&mut out, words, 12);
                out.push_str("</blockquote>");
            }
            out.push_str("<p>");
            dice.sentences(&mut out, words, 90);
            out.push_str("</p>");
        }
        out.push_str("</div></article>");
    }
    out
}

/// A book and other programs, in turn.
fn beside_peers(book: &Path) {
    let peers = std::env::var("PEERS").unwrap_or_default();
    let peers: Vec<(&str, &str)> = peers.lines().filter_map(|line| line.trim().split_once('=')).collect();
    let rounds = number("ROUNDS", 5).max(1);
    let mut ours = Vec::new();
    let mut theirs: Vec<Vec<Duration>> = vec![Vec::new(); peers.len()];
    for _ in 0..rounds {
        ours.push(run(book));
        for ((name, command), times) in peers.iter().zip(&mut theirs) {
            let start = Instant::now();
            let status = Command::new("sh").args(["-c", command]).stdout(Stdio::null()).status().expect("sh starts");
            assert!(status.success(), "{name} failed");
            times.push(start.elapsed());
        }
    }
    let Run { time, pages, bytes, kilobytes } = median(ours);
    let own = time.as_secs_f64();
    println!("masthead: {own:.3} s, {} MB, {pages} pages, {:.1} MB of PDF", kilobytes / 1024, bytes as f64 / 1e6);
    for ((name, _), mut times) in peers.into_iter().zip(theirs) {
        times.sort();
        let time = times[times.len() / 2].as_secs_f64();
        println!("{name}: {time:.3} s, {:.1} times as long", time / own);
    }
}

const WORDS: [&str; 24] = [
    "the",
    "printer",
    "of",
    "reading",
    "and",
    "careful",
    "composition",
    "a",
    "winter",
    "measure",
    "is",
    "set",
    "in",
    "type",
    "that",
    "margins",
    "considerable",
    "with",
    "paper",
    "to",
    "binding",
    "for",
    "justification",
    "light",
];
const PERSIAN: [&str; 12] =
    ["کتاب", "و", "خواننده", "می\u{200c}خواند", "در", "شهر", "نوشته", "از", "کاغذ\u{200c}ها", "را", "است", "روزنامه"];

/// Words in an order that looks like none and is the same on every machine: Knuth's MMIX generator.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }

    fn sentences(&mut self, out: &mut String, words: &[&str], count: usize) {
        for place in 0..count {
            let word = words[self.below(words.len())];
            let _ = match self.below(40) {
                0 => write!(out, "<em>{word}</em> "),
                1 => write!(out, "<a href=\"https://example.org/{place}\">{word}</a>. "),
                _ => write!(out, "{word} "),
            };
        }
    }
}

/// A book of articles of about three pages each, one of six in Persian, with a contents list, headings, lists, quotes and
/// tables.
fn book(pages: usize) -> String {
    let mut out = String::from(
        "<!doctype html><html lang=en><title>A long book</title><style>@page { size: A4; margin: 22mm 20mm;
        @bottom-center { content: counter(page) } } body { font: 10.5pt/1.45 serif; text-align: justify; hyphens: auto }
        h1 { break-before: page; text-align: start } td, th { border: .5pt solid #999; padding: 2pt 5pt }
        nav a::after { content: leader('.') target-counter(attr(href), page) }</style><nav><h2>Contents</h2><ol>",
    );
    let articles = pages.div_ceil(3);
    for number in 0..articles {
        let _ = write!(out, "<li><a href=\"#a{number}\">Article {number}</a></li>");
    }
    out.push_str("</ol></nav>");
    let mut dice = Dice(7);
    for number in 0..articles {
        let persian = number % 6 == 5;
        let words: &[&str] = if persian { &PERSIAN } else { &WORDS };
        let language = if persian { " lang=fa dir=rtl" } else { "" };
        let _ = write!(out, "<article{language} id=a{number}><h1>Article {number}</h1>");
        for part in 0..11 {
            match part {
                3 | 8 => out.push_str("<h2>A part</h2>"),
                5 => {
                    out.push_str("<table><tr><th>Year</th><th>Words</th></tr>");
                    for row in 0..4 {
                        let _ = write!(out, "<tr><td>{}</td><td>", 1900 + row);
                        dice.sentences(&mut out, words, 4);
                        out.push_str("</td></tr>");
                    }
                    out.push_str("</table>");
                }
                7 => {
                    out.push_str("<ul><li>");
                    dice.sentences(&mut out, words, 12);
                    out.push_str("</li><li>");
                    dice.sentences(&mut out, words, 20);
                    out.push_str("</li></ul>");
                }
                _ => {}
            }
            out.push_str(if part == 9 { "<blockquote>" } else { "<p>" });
            dice.sentences(&mut out, words, 110);
            out.push_str(if part == 9 { "</blockquote>" } else { "</p>" });
        }
        out.push_str("</article>");
    }
    out
}

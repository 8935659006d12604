//! A publication made in code, the same every time.

use std::fmt::Write as _;
use std::path::Path;

use masthead::assemble::draft::{Material, draft};
use masthead::assemble::editorial::Editorial;
use masthead::assemble::ledger::Ledger;
use masthead::assemble::number;
use masthead::assemble::plan::{Scope, plan};
use masthead::assemble::window::{Rhythm, midnight};
use masthead::collect::collect;
use masthead::config::{self, Config};
use masthead::model::{Issue, IssueKey, Post, Window};

/// The words of the posts: enough for lines and hyphens of all lengths.
const LATIN: [&str; 32] = [
    "the",
    "press",
    "line",
    "of",
    "type",
    "ink",
    "and",
    "paper",
    "composition",
    "a",
    "justification",
    "newsletter",
    "is",
    "set",
    "in",
    "lead",
    "typographical",
    "masthead",
    "column",
    "to",
    "reader",
    "issue",
    "number",
    "archive",
    "subscription",
    "with",
    "proof",
    "galley",
    "that",
    "correspondence",
    "edition",
    "for",
];
const PERSIAN: [&str; 16] = [
    "چاپ",
    "حروف",
    "و",
    "کاغذ",
    "می\u{200c}شود",
    "خبرنامه",
    "از",
    "نوشته",
    "شماره",
    "در",
    "روزنامه",
    "کتاب\u{200c}ها",
    "را",
    "خواننده",
    "نیم\u{200c}فاصله",
    "است",
];
const TAGS: [&str; 12] =
    ["type", "press", "paper", "ink", "feeds", "mail", "history", "page", "script", "binding", "colour", "archive"];

const CONFIG: &str = r#"
title = "The Benchmark"
base_url = "https://benchmark.example/"
language = "en"
time_zone = "Europe/Tirane"

[[source]]
markdown = "posts"

[series.newsletter]
title = "Newsletter"
window = "monthly"
since = 2025-01-01
sections = [{ title = "Type", tags = ["type", "press"] }, { title = "Mail", tags = ["mail", "feeds"] }]
"#;

/// Numbers that look random and are the same on every machine: Knuth's MMIX generator.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }

    fn word(&mut self, words: &[&'static str]) -> &'static str {
        words[self.below(words.len())]
    }
}

/// A folder with config.toml and posts/, gone when dropped.
pub(crate) struct Publication {
    folder: tempfile::TempDir,
    /// In bytes of Markdown.
    pub(crate) length: usize,
}

impl Publication {
    /// Writes `posts` posts of about `words` words each, spread over the two years from January 2025. A tenth is
    /// in Persian.
    pub(crate) fn new(posts: usize, words: usize) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("posts")).unwrap();
        let mut dice = Dice(7);
        let mut length = 0;
        for number in 0..posts {
            let day = number * 730 / posts;
            let date = chrono::NaiveDate::from_ymd_opt(2025, 1, 1).unwrap() + chrono::Days::new(day as u64);
            let persian = number % 10 == 9;
            let text = post(&mut dice, number, words, if persian { &PERSIAN } else { &LATIN });
            let name = format!("posts/{date}-post-{number}{}.md", if persian { ".fa" } else { "" });
            length += text.len();
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        std::fs::write(folder.path().join("config.toml"), CONFIG).unwrap();
        Self { folder, length }
    }

    /// The same with a picture in every post: photographs as cameras give them, and drawings.
    pub(crate) fn illustrated(posts: usize, words: usize) -> Self {
        let publication = Self::new(posts, words);
        let folder = publication.folder.path().join("posts");
        let mut files: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        for (number, entry) in files.into_iter().enumerate() {
            let name = format!("picture-{number}.{}", if number % 3 == 2 { "png" } else { "jpg" });
            let text = std::fs::read_to_string(&entry).unwrap();
            let (first, rest) = text.split_once("\n\n").unwrap();
            std::fs::write(&entry, format!("{first}\n\n![A picture]({name})\n\n{rest}")).unwrap();
            picture(number as u32).save(folder.join(name)).unwrap();
        }
        publication
    }

    pub(crate) fn config(&self) -> Config {
        config::parse(CONFIG, Path::new("config.toml"), self.folder.path()).unwrap()
    }
}

/// A picture of some colours that run into each other, with some noise.
fn picture(number: u32) -> image::RgbImage {
    image::RgbImage::from_fn(1200, 800, |x, y| {
        let noise = (x.wrapping_mul(7919) ^ y.wrapping_mul(104_729) ^ number) % 6;
        image::Rgb([(x / 5 + noise) as u8, (y / 4 + number * 20) as u8, ((x + y) / 8) as u8])
    })
}

fn post(dice: &mut Dice, number: usize, words: usize, vocabulary: &[&'static str]) -> String {
    let tags = [dice.word(&TAGS), dice.word(&TAGS)].join(", ");
    let title = format!("{} {} {number}", dice.word(vocabulary), dice.word(vocabulary));
    let mut text = format!("---\ntitle: {title}\nauthors: [The editors]\ntags: [{tags}]\n---\n");
    let mut written = 0;
    while written < words {
        match written / 90 % 7 {
            2 => text.push_str("## "),
            4 => text.push_str("> "),
            _ => {}
        }
        for place in 0..90 {
            let word = dice.word(vocabulary);
            match dice.below(60) {
                0 => write!(text, "*{word}* ").unwrap(),
                1 => write!(text, "[{word}](https://example.org/{place}) ").unwrap(),
                2 => write!(text, "{word}. ").unwrap(),
                _ => write!(text, "{word} ").unwrap(),
            }
            written += 1;
            // A heading is a few words, then its paragraph begins.
            if place == 5 && text.rsplit("\n\n").next().is_some_and(|last| last.starts_with("## ")) {
                text.push_str("\n\n");
            }
        }
        text.push_str("\n\n");
    }
    text
}

/// The time of every run: all windows have closed.
pub(crate) fn now() -> chrono::DateTime<chrono::Utc> {
    chrono::DateTime::from_timestamp(1_800_000_000, 0).unwrap()
}

/// Reads the posts of a publication.
pub(crate) fn posts(config: &Config) -> Vec<Post> {
    collect(config, now()).unwrap().value.posts
}

/// The months of the newsletter.
pub(crate) fn months(config: &Config) -> Vec<Window> {
    let series = &config.series[0];
    let zone = config.publication.time_zone;
    Rhythm::new(series, zone).following(midnight(series.since.unwrap(), zone)).take(24).collect()
}

/// Drafts the issues of these windows, in order; a window without posts makes none.
pub(crate) fn drafts(config: &Config, posts: &[Post], windows: &[Window]) -> Vec<Issue> {
    let series = &config.series[0];
    let zone = config.publication.time_zone;
    let editorial = Editorial::default();
    let mut ledger = Ledger::new(series, &config.publication, posts, now());
    let mut issues: Vec<Issue> = Vec::new();
    for window in windows {
        let plan = plan(series, &ledger, *window, &editorial, Scope::Window);
        if plan.is_empty() {
            continue;
        }
        let others: Vec<&Issue> = issues.iter().collect();
        let number = number::next(series, zone, window.since, &others, None).unwrap();
        let ordinal = issues.len() as u64 + 1;
        let publication = &config.publication;
        let material = Material {
            series,
            publication,
            ordinal,
            number: &number,
            editorial: &editorial,
            intro: None,
            intro_assets: &[],
            standing: &[],
            members: None,
        };
        let issue = draft(material, plan);
        ledger.record(&issue);
        debug_assert_eq!(issue.key, IssueKey { series: series.key.clone(), ordinal });
        issues.push(issue);
    }
    issues
}

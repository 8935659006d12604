//! Every article of real publications, set with the built-in style: nothing crashes, no text is lost, and what runs out of
//! its column is told.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::{DateTime, Utc};
use lopdf::Document;
use masthead::collect::{article, collect};
use masthead::config::{Config, parse};
use masthead::error::Warning;
use masthead::model::{
    Article, Calendar, Contents, Direction, FORMAT, Issue, IssueKey, Number, Post, Section, SeriesIdentity, Style,
    Window,
};
use masthead::render::pdf;
use masthead::templates::Templates;
use masthead::typeset::Resources;
use masthead::typeset::fonts::Fonts;
use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};

use super::reader;
use super::source::{Source, letters};
use crate::golden::files;
use crate::tools::{corpus, long};

/// The text area of the built-in style, from the left and the foot of the page, in points.
const LEFT: f32 = 90.7;
const RIGHT: f32 = 504.6;
const FOOT: f32 = 82.2;

/// What rounding in a file may add up to along a line.
const TOLERANCE: f32 = 1.0;

/// Articles that the ordinary suite takes from each folder.
const SAMPLE: usize = 5;

/// The pictures of one post, from where they lie.
struct Files(BTreeMap<String, PathBuf>);

impl Resources for Files {
    fn get(&self, url: &str) -> Option<Arc<[u8]>> {
        Some(std::fs::read(self.0.get(url)?).ok()?.into())
    }

    fn is_out_of_reach(&self, url: &str) -> bool {
        !self.0.contains_key(url)
    }
}

fn instant(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn config(folder: &Path) -> Config {
    let text = format!(
        "title = \"Real posts\"\nbase_url = \"https://example.org/\"\nlanguage = \"en\"\n\n[[source]]\nmarkdown = {:?}\n",
        folder.display().to_string()
    );
    parse(&text, Path::new("config.toml"), Path::new("/")).unwrap()
}

/// An issue that holds nothing but one post.
fn issue(config: &Config, post: Post) -> Issue {
    let (since, until) = (instant("2026-07-01T00:00:00Z"), instant("2026-08-01T00:00:00Z"));
    Issue {
        format: FORMAT,
        key: IssueKey { series: "newsletter".to_owned(), ordinal: 1 },
        publication: config.publication.clone(),
        series: SeriesIdentity {
            key: "newsletter".to_owned(),
            title: "Newsletter".to_owned(),
            language: post.language.clone(),
            calendar: Calendar::Gregorian,
            style: Style::Articles,
            columns: 1,
            contents: Contents::Titles,
            issn: None,
            binds: None,
            public: true,
        },
        number: Number { number: 1, year: 2026, volume: None, label: "1".to_owned() },
        title: None,
        intro: None,
        intro_assets: Vec::new(),
        window: Window { since, until },
        date: until,
        sections: vec![Section {
            title: String::new(),
            issue: None,
            bound: None,
            intro: None,
            articles: vec![Article { anchor: post.slug.clone(), post, late: false, for_members: false, band: None }],
        }],
        standing: Vec::new(),
        verdicts: Vec::new(),
        assets: Vec::new(),
        nowhere: std::collections::BTreeSet::new(),
        imported_pdf: None,
        frozen: None,
    }
}

/// What was seen of the articles of a folder.
#[derive(Default)]
struct Seen {
    articles: AtomicUsize,
    pages: AtomicUsize,
    overfull: AtomicUsize,
}

/// Sets a post; says what is wrong with the outcome.
fn faults(config: &Config, post: Post, fonts: &Fonts, templates: &Templates, seen: &Seen) -> Vec<String> {
    let pictures = post.assets.iter().map(|asset| (format!("assets/{}", asset.name), config.path(&asset.file)));
    let pictures = Files(pictures.collect());
    let rtl = post.language.direction() == Direction::Rtl;
    let issue = issue(config, post);
    let html = pdf::html(&issue, templates).unwrap();
    let set = match pdf::pdf(&issue, templates, &pictures, fonts) {
        Ok(set) => set,
        Err(error) => return vec![format!("it was not set: {error}")],
    };
    let document = Document::load_mem(&set.value).unwrap();
    let mut faults: Vec<String> = lost(&html, &reader::text(&document, rtl)).into_iter().collect();
    let (pages, overfull) = overfull(&document, &set.warnings, &mut faults);
    seen.articles.fetch_add(1, Ordering::Relaxed);
    seen.pages.fetch_add(pages, Ordering::Relaxed);
    seen.overfull.fetch_add(overfull, Ordering::Relaxed);
    faults
}

/// What of the source is not in the text that came out.
fn lost(html: &str, read: &str) -> Option<String> {
    let source = Source::read(html);
    let read = letters(read);
    std::iter::once(&source.text).chain(&source.notes).find_map(|text| missing(text, &read))
}

/// Where a text stops being found in another: its letters must stand there in their order, perhaps with others between
/// them (numbers of lists, signs of our own). Text that runs both ways is compared letter by letter in no order.
fn missing(text: &str, read: &str) -> Option<String> {
    let mut rest = read.chars();
    let mut at = text.char_indices().filter(|(_, letter)| !rest.any(|found| found == *letter));
    let (at, _) = at.next()?;
    if text.chars().any(|letter| ('\u{590}'..'\u{900}').contains(&letter)) {
        return uncounted(text, read);
    }
    let from = text[..at].char_indices().rev().nth(40).map_or(0, |(from, _)| from);
    Some(format!("lost at {:?}", text[from..].chars().take(80).collect::<String>()))
}

fn uncounted(text: &str, read: &str) -> Option<String> {
    let mut counts: BTreeMap<char, i64> = BTreeMap::new();
    read.chars().for_each(|letter| *counts.entry(letter).or_default() += 1);
    text.chars().for_each(|letter| *counts.entry(letter).or_default() -= 1);
    let fewer: BTreeMap<char, i64> = counts.into_iter().filter(|(_, count)| *count < 0).collect();
    (!fewer.is_empty()).then(|| format!("fewer letters than there were: {fewer:?}"))
}

/// How many pages there are, and how many lines run out of the text area; those that no warning names are faults.
fn overfull(document: &Document, warnings: &[Warning], faults: &mut Vec<String>) -> (usize, usize) {
    let told: Vec<String> = warnings.iter().map(ToString::to_string).collect();
    let (mut pages, mut count) = (0, 0);
    for (number, runs) in reader::pages(document).enumerate() {
        pages += 1;
        let beside = runs.iter().filter(|run| run.right > RIGHT + TOLERANCE || run.left < LEFT - TOLERANCE);
        // The glyphs of a sign that is joined of several do not say which of them has a width.
        let beside = beside.filter(|run| !run.text(false).contains(['\u{200d}', '\u{fe0f}']));
        let lines: BTreeMap<i32, &reader::Run> = beside.map(|run| (run.y.round() as i32, run)).collect();
        count += lines.len();
        let page = format!("page {}:", number + 1);
        let named = told.iter().filter(|told| told.contains(&page) && told.contains("wider than its column")).count();
        if named < lines.len() {
            let texts = lines.values().fold(String::new(), |mut texts, run| {
                let _ = write!(texts, " {:?} from {} to {};", run.text(false), run.left, run.right);
                texts
            });
            faults.push(format!("{page} {} lines run out of the page, {named} are told:{texts}", lines.len()));
        }
        let below = runs.iter().find(|run| run.y < FOOT - TOLERANCE);
        if let Some(below) = below.filter(|_| !told.iter().any(|told| told.contains("taller than a page"))) {
            faults.push(format!("{page} {:?} runs off the foot", below.text(false)));
        }
    }
    (pages, count)
}

/// The folders of posts.
fn folders() -> Vec<PathBuf> {
    let above = ["markdown-blogs", "newsletters"].into_iter().filter_map(corpus);
    let below = above.flat_map(|above| std::fs::read_dir(above).unwrap()).map(|entry| entry.unwrap().path());
    let mut folders: Vec<PathBuf> = below.filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

/// Some files of a folder, the same every time (Knuth's MMIX generator).
fn sample(folder: &Path) -> Vec<PathBuf> {
    let files = files(folder, "md");
    let mut state = 1_u64;
    let mut some: Vec<PathBuf> = (0..SAMPLE)
        .map(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            files[(state >> 33) as usize % files.len()].clone()
        })
        .collect();
    some.sort();
    some.dedup();
    some
}

/// Sets the posts that `posts` finds in each folder.
fn set_all(posts: impl Fn(&Config, &Path) -> Vec<Post>) {
    let now = std::time::Instant::now();
    let folders = folders();
    let fonts = Fonts::builtin().with_system();
    let templates = Templates::builtin();
    let mut all = Vec::new();
    for folder in &folders {
        let config = config(folder);
        let seen = Seen::default();
        let wrong: Vec<String> = posts(&config, folder)
            .par_iter()
            .flat_map_iter(|post| {
                let file = post.file.display().to_string();
                let faults = std::panic::catch_unwind(AssertUnwindSafe(|| {
                    faults(&config, post.clone(), &fonts, &templates, &seen)
                }));
                let faults = faults.unwrap_or_else(|_| vec!["a panic".to_owned()]);
                faults.into_iter().map(move |fault| format!("{file}: {fault}"))
            })
            .collect();
        let [articles, pages, overfull] =
            [&seen.articles, &seen.pages, &seen.overfull].map(|count| count.load(Ordering::Relaxed));
        println!(
            "{}: {articles} articles, {pages} pages, {overfull} overfull lines, {} faults",
            folder.display(),
            wrong.len()
        );
        // At once, for whoever waits for a long run.
        for fault in &wrong {
            println!("  {fault}");
        }
        assert!(articles > 0, "{}: nothing was set", folder.display());
        all.extend(wrong);
    }
    println!("{:.1} s", now.elapsed().as_secs_f64());
    assert!(folders.is_empty() || folders.len() >= 14, "{} folders", folders.len());
    assert!(all.is_empty(), "{} faults:\n{}", all.len(), all.join("\n"));
}

#[test]
fn articles_of_every_folder_lose_nothing() {
    let now = instant("2026-08-01T08:00:00Z");
    set_all(|config, folder| {
        // Files without text are no posts.
        sample(folder).iter().filter_map(|path| Some(article(config, path, now, &[]).ok()?.value.0)).collect()
    });
}

#[test]
fn long_every_article_of_every_folder_loses_nothing() {
    if long() {
        let now = instant("2026-08-01T08:00:00Z");
        set_all(|config, _| collect(config, now).unwrap().value.posts);
    }
}

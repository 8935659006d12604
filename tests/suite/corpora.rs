//! Real publications that nobody in this project wrote: each file is taken or reported, and nothing crashes.

use std::collections::BTreeSet;

use crate::publication::Publication;
use crate::tools::{corpus, long};

/// A corpus, and the dozen lines that publish it.
struct Corpus {
    name: &'static str,
    folder: &'static str,
    /// What its source says besides the folder.
    source: &'static str,
    /// The first day and the time of the run.
    range: (&'static str, &'static str),
    window: &'static str,
    /// Issues at least.
    issues: usize,
}

const RUST_BLOG: Corpus = Corpus {
    name: "The Rust Blog",
    folder: "markdown-blogs/blog.rust-lang.org",
    source: "base_url = \"https://blog.rust-lang.org/\"",
    range: ("2024-01-01", "2026-03-02T08:00:00Z"),
    window: "monthly",
    issues: 24,
};
const EIGHTEEN_F: Corpus = Corpus {
    name: "18F",
    folder: "markdown-blogs/18f",
    source: "",
    range: ("2014-04-01", "2016-06-02T08:00:00Z"),
    window: "monthly",
    issues: 24,
};
const NODEJS: Corpus = Corpus {
    name: "Node.js",
    folder: "markdown-blogs/nodejs-blog",
    source: "",
    range: ("2015-01-01", "2018-01-02T08:00:00Z"),
    window: "monthly",
    issues: 24,
};
const TWIR: Corpus = Corpus {
    name: "This Week in Rust",
    folder: "newsletters/twir-2013-2020",
    source: "",
    range: ("2015-01-01", "2017-02-02T08:00:00Z"),
    window: "monthly",
    issues: 24,
};
const OPTECH: Corpus = Corpus {
    name: "Optech",
    folder: "newsletters/optech-en-ja2018-2021",
    source: "",
    range: ("2019-01-01", "2021-03-02T08:00:00Z"),
    window: "monthly",
    issues: 24,
};
const GUIDES: Corpus = Corpus {
    name: "Guides",
    folder: "markdown-blogs/opensource.guide-en-ar-hi-bn-ta-ja",
    source: "",
    range: ("2026-07-01", "2026-07-15T08:00:00Z"),
    window: "manual",
    issues: 1,
};

/// Publishes a corpus; each of its files is taken or left out with a reason, once.
fn publishes(corpus_: &Corpus) {
    let Some(folder) = corpus(corpus_.folder) else { return };
    let (since, now) = corpus_.range;
    let publication = Publication::new().config(&format!(
        "title = \"{}\"\nbase_url = \"https://example.org/\"\nlanguage = \"en\"\n\n[[source]]\nmarkdown = {:?}\n{}\n\n\
         [series.newsletter]\ntitle = \"Newsletter\"\nwindow = \"{}\"\nsince = {since}\n",
        corpus_.name,
        folder.display().to_string(),
        corpus_.source,
        corpus_.window,
    ));
    let mut publication = publication.at(now);
    if corpus_.window == "manual" {
        // Files without dates are dated by this run; the window that holds it closes before the next one.
        publication = publication.after(&["collect"]).at("2026-08-02T08:00:00Z");
        publication.run(&["issue", "new", "newsletter", "--since", since, "--until", "2026-08-01"]).ok();
        publication.run(&["issue", "freeze", "newsletter"]).ok();
    }
    let report = publication.publish().ok().json();
    let posts = &report["posts"];
    let left_out = posts["left_out"].as_array().unwrap();
    let (found, taken) = (posts["found"].as_u64().unwrap(), posts["taken"].as_u64().unwrap());
    assert_eq!(found, taken + left_out.len() as u64, "{}", corpus_.name);
    assert!(left_out.iter().all(|one| !one["reason"].as_str().unwrap().is_empty()));
    let files = files_of(&folder);
    assert!(found as usize >= files.len(), "{}: {found} found of {} files", corpus_.name, files.len());
    let issues = report["issues"].as_array().unwrap().len();
    assert!(issues >= corpus_.issues, "{}: {issues} issues", corpus_.name);
    let collected = publication.run(&["collect", "--json"]).ok().json();
    let told: BTreeSet<String> = ["posts", "left_out"]
        .iter()
        .flat_map(|key| collected[*key].as_array().unwrap())
        .map(|one| {
            one["file"].as_str().unwrap().rsplit(corpus_.folder).next().unwrap().trim_start_matches('/').to_owned()
        })
        .collect();
    let silent: Vec<&String> = files.iter().filter(|file| !told.contains(*file)).collect();
    assert!(silent.is_empty(), "{}: nothing was said of {silent:?}", corpus_.name);
    assert_eq!(publication.publish().ok().json()["written"], 0, "{}: a second run writes", corpus_.name);
}

/// The Markdown and HTML files below a folder.
fn files_of(folder: &std::path::Path) -> Vec<String> {
    ["md", "markdown", "html"]
        .iter()
        .flat_map(|extension| crate::golden::files(folder, extension))
        .map(|path| path.strip_prefix(folder).unwrap().display().to_string())
        .collect()
}

#[test]
fn the_rust_blog_becomes_two_years_of_issues() {
    publishes(&RUST_BLOG);
}

#[test]
fn guides_without_dates_become_one_issue() {
    publishes(&GUIDES);
}

#[test]
fn long_every_corpus_is_published() {
    if long() {
        for corpus in [&RUST_BLOG, &EIGHTEEN_F, &NODEJS, &TWIR, &OPTECH, &GUIDES] {
            let started = std::time::Instant::now();
            publishes(corpus);
            println!("{}: {:.1} s", corpus.name, started.elapsed().as_secs_f64());
        }
    }
}

/// Every folder of blogs and newsletters is collected: each of its files is a post or left out with a reason, once.
#[test]
fn every_file_of_every_folder_is_accounted_for() {
    let folders: Vec<_> = ["markdown-blogs", "newsletters"].into_iter().filter_map(corpus).collect();
    let mut count = 0;
    for folder in folders.iter().flat_map(|above| std::fs::read_dir(above).unwrap()).map(|entry| entry.unwrap().path())
    {
        if folder.is_dir() {
            count += 1;
            account(&folder);
        }
    }
    assert!(folders.is_empty() || count >= 14, "{count} folders");
}

/// How many warnings there are where those that say the same are one: those that are told, and those that are counted.
fn short_warnings(told: &str) -> usize {
    let rest = told
        .lines()
        .filter_map(|line| line.strip_prefix("and ")?.split_once(" more warnings")?.0.parse::<usize>().ok());
    told.lines().filter(|line| line.starts_with("warning: ")).count() + rest.sum::<usize>()
}

/// Every file below a folder that is not hidden.
fn walk(folder: &std::path::Path) -> Vec<String> {
    let is_hidden =
        |path: &std::path::Path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let entries = entries.filter(|path| !is_hidden(path));
    entries.flat_map(|path| if path.is_dir() { walk(&path) } else { vec![path.display().to_string()] }).collect()
}

/// What stands in the corpora in the place of a date and is none, because its writer left out the day.
const NO_DATES: [&str; 1] = ["`2021-(TODO: MM-DD)` is not a date of the calendar"];

/// Collects a folder and prints what became of its files.
fn account(folder: &std::path::Path) {
    let publication = Publication::new().config(&format!(
        "title = \"A\"\nbase_url = \"https://example.org/\"\nlanguage = \"en\"\n\n[[source]]\nmarkdown = {:?}\n",
        folder.display().to_string(),
    ));
    let collected = publication.run(&["collect", "--json"]).ok().json();
    let short = short_warnings(&publication.run(&["collect"]).ok().stderr);
    assert!(short <= 100, "{}: {short} warnings in short form", folder.display());
    let files = |key: &str| {
        let told = collected[key].as_array().unwrap().iter();
        told.map(|one| one["file"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let warnings = collected["warnings"].as_array().unwrap();
    let messages = warnings.iter().map(|one| one["message"].as_str().unwrap());
    let mut unread = messages.filter(|message| message.contains("` is not a date") && !NO_DATES.contains(message));
    assert_eq!(unread.next(), None, "{}", folder.display());
    let (posts, left_out, warnings) = (files("posts"), files("left_out"), warnings.len());
    let told: Vec<&String> = posts.iter().chain(&left_out).collect();
    let name = folder.file_name().unwrap().to_string_lossy();
    println!("{name}: {} posts, {} left out, {warnings} warnings", posts.len(), left_out.len());
    assert!(collected["left_out"].as_array().unwrap().iter().all(|one| !one["reason"].as_str().unwrap().is_empty()));
    assert_eq!(told.iter().collect::<BTreeSet<_>>().len(), told.len(), "{name}: a file is told of twice");
    for extension in ["md", "markdown", "mdx", "html", "htm"] {
        for file in crate::golden::files(folder, extension) {
            let file = file.display().to_string();
            assert!(told.iter().any(|told| **told == file), "{name}: nothing was said of {file}");
        }
    }
    // A file that is no text is shown by a text that names it, or counted.
    let counts = collected["counted"].as_array().unwrap().iter().map(|one| one["count"].as_u64().unwrap());
    let counted = counts.sum::<u64>() as usize;
    let others: Vec<String> = walk(folder).into_iter().filter(|file| !told.contains(&file)).collect();
    let texts: String = told.iter().filter_map(|file| std::fs::read_to_string(file).ok()).collect();
    let named = others.iter().filter(|file| texts.contains(file.rsplit('/').next().unwrap())).count();
    assert!((others.len() - named..=others.len()).contains(&counted), "{name}: {counted} of {others:?}, {named} named");
}

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use super::{Collected, collect};
use crate::config::{Config, Fetch, Mail, Source, SourceKind, StoreUrl};
use crate::error::Warned;
use crate::model::{Language, Publication};

/// A configuration with these sources.
pub(super) fn config(root: &Path, sources: Vec<(&str, SourceKind)>) -> Config {
    Config {
        root: root.to_path_buf(),
        file: PathBuf::from("config.toml"),
        publication: Publication {
            title: "The Compositor".to_owned(),
            description: None,
            base_url: "https://compositor.example/".to_owned(),
            language: Language::parse("en").unwrap(),
            time_zone: "Europe/Tirane".parse().unwrap(),
            publisher: None,
            postal_address: None,
            contact: None,
            rights: None,
            editions: std::collections::BTreeMap::new(),
            logo: None,
            names_in: None,
            borrowed: std::collections::BTreeSet::new(),
        },
        sources: sources
            .into_iter()
            .enumerate()
            .map(|(index, (name, kind))| Source {
                name: name.to_owned(),
                kind,
                title: None,
                section: None,
                language: None,
                base_url: None,
                only_in_issues: false,
                paused: false,
                authorization_env: None,
                enclosures: crate::config::Enclosures::Link,
                archive: false,
                line: index * 3 + 5,
            })
            .collect(),
        series: Vec::new(),
        openly: std::collections::BTreeSet::new(),
        lists: Vec::new(),
        mail: Mail::default(),
        store: StoreUrl::Sqlite(PathBuf::from("masthead.db")),
        fetch: Fetch::default(),
        serve: crate::config::Serve::default(),
        logo: None,
        page_size: 20,
        feed_size: 20,
        group_feed_size: 20,
        system_fonts: false,
    }
}

pub(super) fn folder(path: impl Into<PathBuf>) -> SourceKind {
    SourceKind::Markdown { folder: path.into(), assets: Vec::new() }
}

pub(super) fn now() -> DateTime<Utc> {
    "2026-08-01T12:00:00Z".parse().unwrap()
}

/// The corpora, or `None` with a printed reason.
pub(super) fn corpora() -> Option<PathBuf> {
    let named = std::env::var_os("MASTHEAD_CORPORA").map_or_else(|| PathBuf::from("../shared/corpora"), PathBuf::from);
    // A relative folder starts from the repository, wherever the test runs.
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(named);
    if path.is_dir() {
        return Some(path);
    }
    assert!(std::env::var_os("MASTHEAD_TEST_ALL").is_none(), "there are no corpora at {}", path.display());
    println!("skipped: there are no corpora at {}", path.display());
    None
}

fn run(root: &Path, kind: SourceKind) -> Warned<Collected> {
    collect(&config(root, vec![("posts", kind)]), now()).unwrap()
}

/// Files that could be posts, counted without this module's help.
fn texts(folder: &Path) -> usize {
    walkdir::WalkDir::new(folder)
        .into_iter()
        .filter_map(Result::ok)
        .filter(|entry| {
            let extension = entry.path().extension().unwrap_or_default().to_string_lossy().to_lowercase();
            entry.file_type().is_file() && ["md", "markdown", "mdx", "html", "htm", "rst"].contains(&extension.as_str())
        })
        .count()
}

#[test]
fn every_file_of_the_corpora_is_a_post_or_has_a_reason() {
    let Some(corpora) = corpora() else { return };
    let mut folders: Vec<PathBuf> = ["markdown-blogs", "newsletters"]
        .iter()
        .flat_map(|kind| std::fs::read_dir(corpora.join(kind)).unwrap().map(|entry| entry.unwrap().path()))
        .collect();
    folders.sort();
    for path in folders {
        let collected = run(&corpora, folder(&path));
        let value = collected.value;
        assert_eq!(value.posts.len() + value.left_out.len(), texts(&path), "{}", path.display());
        assert_eq!(value.files_found, texts(&path), "{}", path.display());
        let mut told: Vec<String> = collected.warnings.iter().map(ToString::to_string).collect();
        let all = told.len();
        told.sort_unstable();
        told.dedup();
        assert_eq!(told.len(), all, "{}: each is told once", path.display());
        let mut ids: Vec<&str> = value.posts.iter().map(|post| post.id.0.as_str()).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), value.posts.len(), "{}: ids are unique", path.display());
    }
}

/// What a reader of the corpora would be puzzled by, outside of code.
#[test]
fn no_template_shows_in_the_text() {
    let Some(corpora) = corpora() else { return };
    let posts = run(&corpora, folder("newsletters/optech-en-ja2018-2021")).value.posts;
    let shown = posts.iter().filter(|post| {
        let outside_code = post.body.as_str().split("<code").map(|part| part.rsplit("</code>").next().unwrap_or(part));
        outside_code.into_iter().any(|text| text.contains("{%") || text.contains("{{"))
    });
    let files: Vec<_> = shown.map(|post| post.file.display().to_string()).collect();
    assert_eq!(files, Vec::<String>::new());
}

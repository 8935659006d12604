use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use super::{Collected, collect};
use crate::config::{Config, Mail, Source, SourceKind, StoreUrl, Transport};
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
        },
        sources: sources
            .into_iter()
            .enumerate()
            .map(|(index, (name, kind))| Source {
                name: name.to_owned(),
                kind,
                section: None,
                language: None,
                base_url: None,
                line: index * 3 + 5,
            })
            .collect(),
        series: Vec::new(),
        lists: Vec::new(),
        mail: Mail { from: None, reply_to: None, transport: Transport::File, subscriptions_url: None },
        store: StoreUrl::Sqlite(PathBuf::from("masthead.db")),
        page_size: 20,
        feed_size: 20,
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
    let path = std::env::var_os("MASTHEAD_CORPORA")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpora"), PathBuf::from);
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
        if std::env::var_os("MASTHEAD_SHOW").is_some() {
            println!(
                "== {} posts {} left out {} warnings {}",
                path.display(),
                value.posts.len(),
                value.left_out.len(),
                collected.warnings.len()
            );
            for w in &collected.warnings {
                println!("   {w}");
            }
            for l in &value.left_out {
                println!("   - {} {}", l.file.display(), l.reason);
            }
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            std::fs::create_dir_all("/tmp/collect-out").unwrap();
            let mut s = String::new();
            for p in &value.posts {
                s += &format!(
                    "@@@ {} | {} | {} | {} | {:?} | {:?} | {:?} | {:?} | {}\n{}\n",
                    p.file.display(),
                    p.title,
                    p.language,
                    p.slug,
                    p.published,
                    p.authors,
                    p.tags,
                    p.section,
                    p.id,
                    p.body.as_str()
                );
            }
            std::fs::write(format!("/tmp/collect-out/{name}.txt"), s).unwrap();
        }
    }
}

//! Golden files: what came out once, looked at, and must come out again.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::tools::root;

/// Holds `actual` against tests/golden/`name`, or writes it there when `MASTHEAD_UPDATE=1`.
pub(crate) fn check(name: &str, actual: &str) {
    let path = folder().join(name);
    if std::env::var("MASTHEAD_UPDATE").is_ok_and(|value| value == "1") {
        std::fs::create_dir_all(folder()).unwrap();
        std::fs::write(&path, actual).unwrap();
        return;
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    if expected != actual {
        let (line, was, is) = first_difference(&expected, actual);
        panic!(
            "tests/golden/{name} is stale from line {line}:\n  it holds {was:?}\n  we made  {is:?}\n\
             look at it; MASTHEAD_UPDATE=1 accepts it. All of it:\n{actual}"
        );
    }
}

fn first_difference<'a>(expected: &'a str, actual: &'a str) -> (usize, &'a str, &'a str) {
    let (mut expected, mut actual) = (expected.lines(), actual.lines());
    let mut line = 1;
    loop {
        match (expected.next(), actual.next()) {
            (None, None) => return (line, "another end", "its end"),
            (was, is) if was != is => return (line, was.unwrap_or("nothing"), is.unwrap_or("nothing")),
            _ => line += 1,
        }
    }
}

fn folder() -> PathBuf {
    root().join("tests/golden")
}

/// Every file under `folder` with this extension.
pub(crate) fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = walkdir::WalkDir::new(folder)
        .into_iter()
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_file())
        .map(walkdir::DirEntry::into_path)
        .filter(|path| extension.is_empty() || path.extension().is_some_and(|has| has == extension))
        .collect();
    found.sort();
    found
}

#[test]
fn no_golden_file_is_an_orphan() {
    let sources: String =
        files(&root().join("tests/suite"), "rs").iter().map(|path| std::fs::read_to_string(path).unwrap()).collect();
    let named: BTreeSet<&str> = sources.split('"').collect();
    for path in files(&folder(), "") {
        let name = path.file_name().unwrap().to_str().unwrap();
        assert!(named.contains(name), "no test names tests/golden/{name}");
    }
}

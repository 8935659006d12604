//! The layering and the habits of src/, read from its own lines.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::golden::files;
use crate::tools::root;

/// Which modules a stage may know. `cli` may know all.
const MAY_KNOW: [(&str, &[&str]); 11] = [
    ("model", &["error"]),
    ("error", &[]),
    ("config", &["error", "model"]),
    ("collect", &["config", "error", "model"]),
    ("assemble", &["config", "error", "model"]),
    ("templates", &["config", "error", "model"]),
    ("typeset", &["config", "error", "model"]),
    ("render", &["config", "error", "model", "templates", "typeset"]),
    ("store", &["config", "error", "model"]),
    ("deliver", &["config", "error", "model"]),
    ("serve", &["config", "deliver", "error", "model", "store", "templates"]),
];
/// Files longer than this are hard to read.
const LINES: usize = 600;

/// A file of src/.
struct Source {
    /// Below src/, with slashes.
    path: String,
    /// Its lines without comments, and without what stands under `mod tests`.
    code: String,
    /// All its lines without comments.
    whole: String,
    lines: usize,
}

fn sources() -> Vec<Source> {
    let src = root().join("src");
    files(&src, "rs").iter().map(|path| source(path, &src)).collect()
}

fn source(path: &Path, src: &Path) -> Source {
    let text = std::fs::read_to_string(path).unwrap();
    let path: PathBuf = path.strip_prefix(src).unwrap().to_path_buf();
    let whole: String =
        text.lines().filter(|line| !line.trim_start().starts_with("//")).map(|l| l.to_owned() + "\n").collect();
    let is_test = is_for_tests(&path, src);
    let code = match whole.find("#[cfg(test)]\nmod tests {") {
        _ if is_test => String::new(),
        Some(at) => whole[..at].to_owned(),
        None => whole.clone(),
    };
    let path = path.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/");
    Source { path, code, whole, lines: text.lines().count() }
}

/// Whether the module is one that its parent has for tests only.
fn is_for_tests(path: &Path, src: &Path) -> bool {
    let module = if path.ends_with("mod.rs") { path.parent().unwrap() } else { path };
    let (Some(folder), Some(name)) = (module.parent(), module.file_stem()) else { return false };
    let parent = std::fs::read_to_string(src.join(folder).join("mod.rs")).unwrap_or_default();
    let declared = format!("mod {};", name.to_string_lossy());
    let for_tests = |text: &str| text.lines().next().is_some_and(|line| line.ends_with(&declared));
    parent.split("#[cfg(test)]\n").skip(1).any(for_tests) || path.iter().any(|part| part == "tests")
}

impl Source {
    /// The stage it belongs to: `collect` of collect/dates/mod.rs.
    fn stage(&self) -> &str {
        self.path.split('/').next().unwrap().trim_end_matches(".rs")
    }

    /// The modules below the crate's root that it names.
    fn known(&self) -> BTreeSet<String> {
        let mut known = BTreeSet::new();
        for (at, marker) in self.whole.match_indices("crate::") {
            let before = self.whole[..at].chars().next_back();
            if before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '$')) {
                continue;
            }
            known.extend(heads(&self.whole[at + marker.len()..]));
        }
        known
    }

    /// Whether a chain of `super::` leads up to the crate's root, out of the reach of this test.
    fn climbs_to_the_root(&self) -> bool {
        let folders = self.path.split('/').count() - usize::from(self.path.ends_with("/mod.rs"));
        self.code.contains(&"super::".repeat(folders))
    }
}

/// The first names of a path or of a braced list of paths: `a` of `a::b`, `a` and `b` of `{a::c, b::{d, e}}`.
fn heads(text: &str) -> Vec<String> {
    let name =
        |text: &str| -> String { text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect() };
    let Some(list) = text.strip_prefix('{') else { return vec![name(text)] };
    let mut depth = 0;
    let mut heads = Vec::new();
    for part in list.split_inclusive(['{', '}', ',']) {
        if depth == 0 && !name(part).is_empty() {
            heads.push(name(part));
        }
        match part.chars().next_back() {
            Some('{') => depth += 1,
            Some('}') if depth == 0 => break,
            Some('}') => depth -= 1,
            _ => {}
        }
    }
    heads
}

/// The files of src/ whose code holds any of `words`, unless `allowed` says they may.
fn offenders(words: &[&str], allowed: impl Fn(&Source) -> bool) -> Vec<String> {
    sources()
        .iter()
        .filter(|source| !allowed(source))
        .flat_map(|source| {
            words.iter().filter(|word| source.code.contains(**word)).map(|word| format!("{}: {word}", source.path))
        })
        .collect()
}

const NOTHING: [&str; 0] = [];

/// What looks how long something rests, on which nothing that is made depends.
const RESTS: [&str; 4] =
    ["serve/health.rs", "serve/limits.rs", "serve/subscriptions/work.rs", "store/postgres/session.rs"];

#[test]
fn every_stage_knows_only_what_it_may() {
    let mut wrong = Vec::new();
    for source in sources() {
        let stage = source.stage();
        if matches!(stage, "main" | "lib" | "cli") {
            continue;
        }
        let Some((_, allowed)) = MAY_KNOW.iter().find(|(name, _)| *name == stage) else {
            panic!("src/{} is in no layer of this test", source.path);
        };
        for known in source.known().iter().filter(|known| *known != stage && !allowed.contains(&known.as_str())) {
            wrong.push(format!("src/{}: {stage} must not know {known}", source.path));
        }
        if source.climbs_to_the_root() {
            wrong.push(format!("src/{}: write `crate::` where another stage is meant", source.path));
        }
    }
    assert_eq!(wrong, NOTHING);
}

#[test]
fn imports_are_read_as_the_compiler_reads_them() {
    assert_eq!(heads("model::Post;"), ["model"]);
    assert_eq!(
        heads("{\n    error::{Error, Result},\n    model::{self, Post},\n    store,\n};"),
        ["error", "model", "store"]
    );
}

#[test]
fn only_the_composer_asks_the_clock_prints_and_exits() {
    let clock =
        ["Utc::now", "Local::now", "SystemTime::now", "Instant::now", "process::exit", "io::stdout", "io::stderr"];
    assert_eq!(offenders(&clock, |source| source.stage() == "cli" || RESTS.contains(&source.path.as_str())), NOTHING);
    let prints = ["println!", "eprintln!", "print!(", "eprint!(", "dbg!("];
    assert_eq!(offenders(&prints, |_| false), NOTHING);
}

#[test]
fn only_the_sanitiser_makes_html_from_text() {
    let allowed = |source: &Source| source.path.starts_with("collect/sanitise") || source.path == "model/html.rs";
    assert_eq!(offenders(&["from_sanitised"], allowed), NOTHING);
    let is_example = |source: &Source| source.path.starts_with("render/rehearsal") || source.path == "model/html.rs";
    assert_eq!(offenders(&["of_example"], is_example), NOTHING);
    // Serde makes one of any text; templates fill the marks of a digest by it, which are no HTML.
    let is_marks = |source: &Source| source.path == "templates/words.rs";
    assert_eq!(offenders(&["from_value"], is_marks), NOTHING);
}

#[test]
fn nothing_is_left_unfinished_or_unsafe() {
    let unfinished = ["todo!", "unimplemented!", "unsafe ", "static mut", "TODO", "FIXME"];
    assert_eq!(offenders(&unfinished, |_| false), NOTHING);
}

#[test]
fn files_are_short_and_named_for_what_they_hold() {
    let sources = sources();
    let long: Vec<String> =
        sources.iter().filter(|s| s.lines > LINES).map(|s| format!("{}: {} lines", s.path, s.lines)).collect();
    assert_eq!(long, NOTHING);
    let vague = ["utils", "helpers", "common", "misc", "prelude"];
    let named = |source: &&Source| source.path.split(['/', '.']).any(|part| vague.contains(&part));
    assert_eq!(sources.iter().filter(named).map(|source| source.path.as_str()).collect::<Vec<_>>(), NOTHING);
}

#[test]
fn the_number_of_dependencies_is_capped() {
    let lock = std::fs::read_to_string(root().join("Cargo.lock")).unwrap();
    let packages = lock.lines().filter(|line| *line == "[[package]]").count();
    // A dozen of them come with krilla, which tests alone use; four with the collator, for what alphabet to sort names by.
    assert!(packages <= 484, "{packages} packages in Cargo.lock: is the last one worth its weight?");
}

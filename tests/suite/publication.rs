//! The fixture: a publication in a temporary folder.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::conformance;
use crate::golden;
use crate::run::Run;

/// What every configuration starts with, unless a test writes its own.
const HEAD: &str = r#"title = "The Compositor"
base_url = "https://compositor.example/"
language = "en"
time_zone = "Europe/Tirane"
"#;

/// A publication on disk, and the time it is published at.
pub(crate) struct Publication {
    folder: TempDir,
    head: String,
    tables: String,
    now: String,
    environment: Vec<(String, String)>,
}

impl Publication {
    /// An English publication with a folder posts/ and no series, on 2 August 2026.
    pub(crate) fn new() -> Self {
        let folder = TempDir::new().unwrap();
        fs::create_dir(folder.path().join("posts")).unwrap();
        let this = Self {
            folder,
            head: HEAD.to_owned(),
            tables: "\n[[source]]\nmarkdown = \"posts\"\n".to_owned(),
            now: "2026-08-02T08:00:00Z".to_owned(),
            environment: Vec::new(),
        };
        this.write_configuration()
    }

    /// The same with a monthly newsletter since July 2026, number 92 first.
    pub(crate) fn monthly() -> Self {
        Self::new()
            .series("newsletter", "title = \"Newsletter\"\nwindow = \"monthly\"\nsince = 2026-07-01\nfirst_number = 92")
    }

    /// Writes a configuration of the test's own.
    pub(crate) fn config(mut self, text: &str) -> Self {
        text.clone_into(&mut self.head);
        self.tables.clear();
        self.write_configuration()
    }

    /// Adds tables at the end.
    pub(crate) fn tables(mut self, text: &str) -> Self {
        self.tables = format!("{}\n{text}\n", self.tables);
        self.write_configuration()
    }

    /// Adds a series.
    pub(crate) fn series(self, key: &str, keys: &str) -> Self {
        self.tables(&format!("[series.{key}]\n{keys}"))
    }

    /// Changes the configuration as an editor would.
    pub(crate) fn reconfigure(mut self, from: &str, to: &str) -> Self {
        assert!(self.head.contains(from) || self.tables.contains(from), "config.toml has no {from:?}");
        self.head = self.head.replace(from, to);
        self.tables = self.tables.replace(from, to);
        self.write_configuration()
    }

    fn write_configuration(self) -> Self {
        let text = format!("{}{}", self.head, self.tables);
        self.file("config.toml", text)
    }

    /// Writes a post as it stands, front matter and all.
    pub(crate) fn post(self, name: &str, text: &str) -> Self {
        self.file(&format!("posts/{name}"), text)
    }

    /// Writes a post of a title and one paragraph; its file's name dates it.
    pub(crate) fn short_post(self, name: &str, title: &str) -> Self {
        self.post(name, &format!("---\ntitle: {title}\n---\n{title}: a paragraph that says so.\n"))
    }

    /// Writes a file.
    pub(crate) fn file(self, path: &str, bytes: impl AsRef<[u8]>) -> Self {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
        self
    }

    /// Draws a picture.
    pub(crate) fn picture(self, path: &str, width: u32, height: u32) -> Self {
        let drawn = image::RgbImage::from_fn(width, height, |x, y| image::Rgb([x as u8, y as u8, 120]));
        let target = self.path(path);
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        drawn.save(target).unwrap();
        self
    }

    /// Changes a file as an editor would.
    pub(crate) fn edit(self, path: &str, from: &str, to: &str) -> Self {
        let text = self.read(path);
        assert!(text.contains(from), "{path} has no {from:?}:\n{text}");
        self.file(path, text.replacen(from, to, 1))
    }

    /// Takes a file or a folder away.
    pub(crate) fn without(self, path: &str) -> Self {
        let path = self.path(path);
        if path.is_dir() {
            fs::remove_dir_all(path).unwrap();
        } else {
            fs::remove_file(path).unwrap();
        }
        self
    }

    /// Sets the time of the runs that follow.
    pub(crate) fn at(mut self, now: &str) -> Self {
        now.clone_into(&mut self.now);
        self
    }

    /// Sets an environment variable for the runs that follow.
    pub(crate) fn environment(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Another publication with the same files and the same time.
    pub(crate) fn copy(&self) -> Self {
        let folder = TempDir::new().unwrap();
        for (path, bytes) in self.tree("") {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
        Self {
            folder,
            head: self.head.clone(),
            tables: self.tables.clone(),
            now: self.now.clone(),
            environment: self.environment.clone(),
        }
    }

    /// The publication's folder.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A path in it.
    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// Whether there is such a file or folder.
    pub(crate) fn has(&self, path: &str) -> bool {
        self.path(path).exists()
    }

    /// The text of a file.
    pub(crate) fn read(&self, path: &str) -> String {
        String::from_utf8(self.bytes(path)).unwrap_or_else(|_| panic!("{path} is not UTF-8"))
    }

    /// The bytes of a file.
    pub(crate) fn bytes(&self, path: &str) -> Vec<u8> {
        fs::read(self.path(path)).unwrap_or_else(|cause| panic!("{path}: {cause}; there is {:#?}", self.files("")))
    }

    /// The paths of all files in a folder, sorted.
    pub(crate) fn files(&self, folder: &str) -> Vec<String> {
        let root = self.path(folder);
        golden::files(&root, "").iter().map(|path| below(path, &root)).collect()
    }

    /// All files of a folder with their bytes.
    pub(crate) fn tree(&self, folder: &str) -> BTreeMap<String, Vec<u8>> {
        let root = self.path(folder);
        golden::files(&root, "").iter().map(|path| (below(path, &root), fs::read(path).unwrap())).collect()
    }

    /// The program, ready to run in the publication's folder at its time.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_masthead"));
        command.current_dir(self.folder()).args(["--now", &self.now]).args(arguments);
        for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"] {
            command.env_remove(name).env_remove(name.to_lowercase());
        }
        command.env_remove("EDITOR").env_remove("VISUAL").env("NO_COLOR", "1");
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Runs the program.
    pub(crate) fn run(&self, arguments: &[&str]) -> Run<'_> {
        Run::of(self, arguments)
    }

    /// `masthead publish --json`.
    pub(crate) fn publish(&self) -> Run<'_> {
        self.run(&["publish", "--json"])
    }

    /// The same, when nothing else about the run matters.
    pub(crate) fn published(self) -> Self {
        self.publish().ok();
        self
    }

    /// The same, where relays may have taken nothing.
    pub(crate) fn published_mailed_or_not(self) -> Self {
        let run = self.publish();
        let code = i32::from(run.json()["error"].is_object());
        run.leaves_with(code);
        self
    }

    /// Runs a verb, when nothing else about the run matters.
    pub(crate) fn after(self, arguments: &[&str]) -> Self {
        self.run(arguments).ok();
        self
    }
}

/// Whatever a test is about: every PDF that it made and that claims to keep to a standard keeps to it.
impl Drop for Publication {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        for path in golden::files(&self.path("public"), "pdf") {
            if let (true, Some(_)) = conformance::claims(&path) {
                assert_eq!(conformance::faults(&path), Vec::<String>::new(), "{}", path.display());
            }
        }
    }
}

fn below(path: &Path, root: &Path) -> String {
    path.strip_prefix(root)
        .unwrap()
        .components()
        .map(|part| part.as_os_str().to_string_lossy())
        .collect::<Vec<_>>()
        .join("/")
}

/// Asserts that two trees hold the same files with the same bytes.
pub(crate) fn assert_same(ours: &BTreeMap<String, Vec<u8>>, theirs: &BTreeMap<String, Vec<u8>>) {
    let only_in = |here: &BTreeMap<String, Vec<u8>>, there: &BTreeMap<String, Vec<u8>>| -> Vec<String> {
        here.keys().filter(|path| !there.contains_key(*path)).cloned().collect()
    };
    assert_eq!((only_in(ours, theirs), only_in(theirs, ours)), (vec![], vec![]), "not the same files");
    for (path, bytes) in ours {
        let (ours, theirs) = (String::from_utf8_lossy(bytes), String::from_utf8_lossy(&theirs[path]));
        let first = ours.lines().zip(theirs.lines()).find(|(ours, theirs)| ours != theirs);
        assert!(ours == theirs, "{path} differs, first in {first:#?}");
    }
}

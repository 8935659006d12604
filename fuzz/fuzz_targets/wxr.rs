//! Any bytes as a WordPress export.

#![no_main]

use std::cell::OnceCell;
use std::fs;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use libfuzzer_sys::fuzz_target;
use masthead::{collect, config};

const CONFIG: &str = "title = \"A\"\nbase_url = \"https://example.org/\"\nlanguage = \"en\"\n\n[[source]]\nwordpress = \"export.xml\"\n";

thread_local! {
    /// The folder in which this process writes the export that it reads.
    static FOLDER: OnceCell<PathBuf> = const { OnceCell::new() };
}

fn collected(folder: &Path, bytes: &[u8]) {
    fs::write(folder.join("export.xml"), bytes).expect("the folder is there");
    let config = config::parse(CONFIG, Path::new("config.toml"), folder).expect("the configuration is right");
    let collected = collect::collect(&config, DateTime::<Utc>::UNIX_EPOCH).expect("the export is there").value;
    assert!(collected.posts.len() + collected.left_out.len() >= collected.files_found, "something is told of nowhere");
}

fuzz_target!(|bytes: &[u8]| {
    FOLDER.with(|known| {
        let folder = known.get_or_init(|| {
            let folder = std::env::temp_dir().join(format!("masthead-fuzz-{}", std::process::id()));
            fs::create_dir_all(&folder).expect("there is room for files");
            folder
        });
        collected(folder, bytes);
    });
});

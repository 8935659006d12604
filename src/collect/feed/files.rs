//! Feeds on disk: a file, or a folder of them. This is where the reading of feeds meets files.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use flate2::bufread::MultiGzDecoder;
use walkdir::{DirEntry, WalkDir};

use super::{Document, Received};
use crate::collect::markdown::display;
use crate::collect::{Counted, Gathered, LeftOut, Run, hosted};
use crate::config::{Source, SourceKind};
use crate::error::{Error, Place, Warning};

/// A feed larger than this is not read, in bytes.
const MAX_SIZE: u64 = 256 << 20;

/// How a gzip file begins (RFC 1952, 2.3.1).
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// How the names of feeds in a folder end, perhaps with `.gz` behind; other files are passed over.
const EXTENSIONS: [&str; 6] = ["xml", "rss", "atom", "rdf", "cdf", "json"];

/// The feeds at a place, in the order of their paths, and what there is to say of them. An archive of another form is read as the feed
/// of what everybody may read in it. What cannot be read costs only itself.
pub(super) fn read(run: &Run<'_>, source: &Source, location: &str) -> (Vec<Received>, Gathered) {
    let path = run.config.path(Path::new(location));
    let has_pages = matches!(source.kind, SourceKind::Feed { pages: true, .. });
    let mut received = Vec::new();
    let mut gathered = Gathered::default();
    for path in paths(&path, &run.config.root, &mut gathered.warnings) {
        let file = display(&run.config.root, &path);
        let bytes = match read_file(&path, &file) {
            Ok(bytes) => bytes,
            Err(warning) => {
                gathered.warnings.push(warning);
                continue;
            }
        };
        let (bytes, made_of) = match hosted::read(&path, &bytes, has_pages, source.base_url.as_deref()) {
            Some(mut archive) => {
                let texts = std::mem::take(&mut archive.texts).into_iter();
                let texts = texts.map(|(id, text)| (id, display(&run.config.root, &text))).collect();
                (of_archive(archive, &file, &mut gathered), Some(texts))
            }
            None => (bytes, None),
        };
        received.push(Received { document: Document::new(bytes, None), address: None, file, made_of });
    }
    (received, gathered)
}

/// The feed of an archive, whose other posts are accounted for.
fn of_archive(mut archive: hosted::Archive, file: &Path, gathered: &mut Gathered) -> Vec<u8> {
    let left_out = std::mem::take(&mut archive.left_out);
    gathered.files_found += left_out.len();
    gathered.left_out.extend(left_out.into_iter().map(|reason| LeftOut { file: file.to_path_buf(), reason }));
    if archive.pages > 0 {
        gathered.counted.push(Counted {
            file: file.to_path_buf(),
            kind: "page".to_owned(),
            count: archive.pages,
            reason: "a page; `pages = true` takes pages as posts".to_owned(),
        });
    }
    archive.into_json()
}

/// The file, or the feeds of the folder.
fn paths(path: &Path, root: &Path, warnings: &mut Vec<Warning>) -> Vec<PathBuf> {
    if !path.is_dir() {
        return vec![path.to_path_buf()];
    }
    let is_hidden = |entry: &DirEntry| entry.depth() > 0 && entry.file_name().to_string_lossy().starts_with('.');
    let mut found = Vec::new();
    for entry in WalkDir::new(path).sort_by_file_name().into_iter().filter_entry(|entry| !is_hidden(entry)) {
        match entry {
            Ok(entry) if entry.file_type().is_file() && (is_feed(entry.path()) || is_table(entry.path())) => {
                found.push(entry.into_path());
            }
            Ok(_) => {}
            Err(error) => {
                let at = display(root, error.path().unwrap_or(path));
                warnings.push(Error::io("read", &at, &std::io::Error::from(error)).into_warning());
            }
        }
    }
    if found.is_empty() {
        // The folder of the texts, whose table stands beside it.
        found.extend(hosted::table_of(path));
    }
    if found.is_empty() {
        let message = format!("the folder holds no feed: no file ends with .{}", EXTENSIONS.join(", ."));
        warnings.push(Warning::new(message).at(Place::file(display(root, path))));
    }
    found
}

/// Whether a file is the table of an export.
fn is_table(path: &Path) -> bool {
    hosted::table_of(path).is_some()
}

fn is_feed(path: &Path) -> bool {
    let unpacked = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("gz"));
    let extension = if unpacked { path.file_stem().map(Path::new).and_then(Path::extension) } else { path.extension() };
    let extension = extension.unwrap_or_default();
    EXTENSIONS.iter().any(|known| extension.eq_ignore_ascii_case(known))
}

fn read_file(path: &Path, file: &Path) -> Result<Vec<u8>, Warning> {
    let io = |cause: std::io::Error| Error::io("read the feed", file, &cause).into_warning();
    let length = std::fs::metadata(path).map_err(io)?.len();
    let too_large = || {
        let message = format!("the feed is larger than {} MB and was not read", MAX_SIZE >> 20);
        Warning::new(message).at(Place::file(file))
    };
    if length > MAX_SIZE {
        return Err(too_large());
    }
    let mut bytes = std::fs::read(path).map_err(io)?;
    if bytes.starts_with(&GZIP) {
        let mut unpacked = Vec::new();
        MultiGzDecoder::new(bytes.as_slice()).take(MAX_SIZE + 1).read_to_end(&mut unpacked).map_err(io)?;
        bytes = unpacked;
    }
    if bytes.len() as u64 > MAX_SIZE {
        return Err(too_large());
    }
    Ok(bytes)
}

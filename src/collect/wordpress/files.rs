//! The files of an export: one, or a folder of the parts that WordPress cut it into, packed or not.

use std::fs::File;
use std::io::{BufReader, Error, Read, Result, Seek as _};
use std::path::{Path, PathBuf};

use flate2::bufread::MultiGzDecoder;
use walkdir::{DirEntry, WalkDir};

/// How the names of parts end, perhaps with `.gz` behind.
const PARTS: [&str; 2] = ["xml", "wxr"];

/// How a file begins that is packed by gzip (RFC 1952, 2.3.1), and one that is a zip archive (APPNOTE, 4.3.7).
const GZIP: [u8; 2] = [0x1f, 0x8b];
const ZIP: [u8; 4] = *b"PK\x03\x04";

/// The files at a place.
#[derive(Debug, Default)]
pub(super) struct Files {
    /// The parts of the export, sorted.
    pub(super) parts: Vec<PathBuf>,
    /// Other files that could have been parts by what they hold, and why they are not read.
    pub(super) left_out: Vec<(PathBuf, &'static str)>,
    /// Files of other kinds.
    pub(super) others: usize,
}

/// Finds them. Fails when there is no part.
pub(super) fn find(path: &Path) -> Result<Files> {
    let mut files = Files::default();
    if !path.is_dir() {
        std::fs::metadata(path)?;
        files.parts.push(path.to_path_buf());
        return Ok(files);
    }
    let is_hidden = |entry: &DirEntry| entry.depth() > 0 && entry.file_name().to_string_lossy().starts_with('.');
    for entry in WalkDir::new(path).into_iter().filter_entry(|entry| !is_hidden(entry)) {
        let entry = entry?;
        if entry.file_type().is_file() {
            files.add(entry.into_path());
        }
    }
    files.parts.sort();
    files.left_out.sort();
    if files.parts.is_empty() {
        return Err(Error::other("the folder holds no .xml file"));
    }
    Ok(files)
}

impl Files {
    fn add(&mut self, path: PathBuf) {
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
        let (stem, ending) = name.rsplit_once('.').unwrap_or((&name, ""));
        let packed = ending == "gz" && PARTS.iter().any(|part| stem.ends_with(&format!(".{part}")));
        if packed || PARTS.contains(&ending) {
            self.parts.push(path);
        } else if matches!(ending, "zip" | "7z" | "rar" | "tar" | "tgz" | "gz" | "bz2" | "xz") {
            self.left_out.push((path, "it is an archive, and what is in it is not read; unpack it"));
        } else if head(&path).is_ok_and(|head| is_export(&head)) {
            self.left_out.push((path, "it reads like an export, and does not end with .xml or .wxr"));
        } else {
            self.others += 1;
        }
    }
}

/// The first bytes of a file.
fn head(path: &Path) -> Result<Vec<u8>> {
    let mut head = Vec::new();
    File::open(path)?.take(4096).read_to_end(&mut head)?;
    Ok(head)
}

fn is_export(head: &[u8]) -> bool {
    let head = String::from_utf8_lossy(head);
    head.contains("wordpress.org/export/") || head.contains("wxr_version")
}

/// Opens a part, unpacked where it is packed. A zip archive is an error.
pub(super) fn open(path: &Path) -> Result<Box<dyn Read>> {
    let mut file = File::open(path)?;
    let mut begins = [0; 4];
    let length = file.read(&mut begins)?;
    file.rewind()?;
    if begins == ZIP {
        return Err(Error::other("it is a zip archive; unpack it"));
    }
    let is_packed = length > 1 && begins.starts_with(&GZIP);
    Ok(if is_packed { Box::new(MultiGzDecoder::new(BufReader::new(file))) } else { Box::new(file) })
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};

    use super::{find, open};

    #[test]
    fn parts_are_found_wherever_they_are_and_the_rest_is_accounted_for() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::create_dir_all(at("sub/.git")).unwrap();
        let export = "<rss xmlns:wp=\"http://wordpress.org/export/1.2/\">";
        for name in ["b.XML", "a.xml", "c.wxr", "sub/d.xml", "e.txt", "f", ".g.xml", "sub/.git/h.xml"] {
            std::fs::write(at(name), export).unwrap();
        }
        std::fs::write(at("i.zip"), "PK\x03\x04").unwrap();
        std::fs::write(at("j.png"), "x").unwrap();
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(export.as_bytes()).unwrap();
        std::fs::write(at("k.xml.gz"), packed.finish().unwrap()).unwrap();
        let files = find(folder.path()).unwrap();
        let name = |path: &std::path::PathBuf| path.strip_prefix(folder.path()).unwrap().display().to_string();
        let parts: Vec<String> = files.parts.iter().map(name).collect();
        assert_eq!(parts, ["a.xml", "b.XML", "c.wxr", "k.xml.gz", "sub/d.xml"]);
        let left_out: Vec<String> = files.left_out.iter().map(|(path, _)| name(path)).collect();
        assert_eq!((left_out.join(" ").as_str(), files.others), ("e.txt f i.zip", 1));
        let mut text = String::new();
        open(&at("k.xml.gz")).unwrap().read_to_string(&mut text).unwrap();
        assert_eq!(text, export);
        assert!(open(&at("i.zip")).is_err());
    }
}

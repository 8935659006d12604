//! `masthead typeset`: the typesetter alone.

use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use percent_encoding::percent_decode_str;
use serde_json::json;

use crate::cli::files;
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::collect::position;
use crate::error::{Error, ErrorKind, Place, Result, Warned, Warning};
use crate::typeset::{self, Options, Resources};

/// Pictures and style sheets beside the HTML file.
struct Beside<'a> {
    folder: &'a Path,
    /// The style sheets that the command line names.
    styles: &'a [PathBuf],
}

impl Resources for Beside<'_> {
    fn get(&self, url: &str) -> Option<Arc<[u8]>> {
        std::fs::read(self.path(url)).ok().map(|bytes| position::published(bytes).into())
    }

    fn is_forbidden_sheet(&self, url: &str) -> bool {
        let path = lexical(&self.path(url));
        let folders = self.styles.iter().filter_map(|style| style.parent()).chain([self.folder]);
        let is_beside = folders.into_iter().any(|folder| path.starts_with(lexical(folder)));
        !is_beside && !self.styles.iter().any(|style| lexical(style) == path)
    }
}

impl Beside<'_> {
    fn path(&self, url: &str) -> PathBuf {
        let path = url.strip_prefix("file://").unwrap_or(url);
        let path = path.split(['?', '#']).next().unwrap_or_default();
        self.folder.join(percent_decode_str(path).decode_utf8_lossy().as_ref())
    }
}

/// A path from the root without `.` and `..`. Links are not followed: whoever made them meant what they lead to.
fn lexical(path: &Path) -> PathBuf {
    let here = if path.as_os_str().is_empty() { Path::new(".") } else { path };
    let whole = std::path::absolute(here).unwrap_or_else(|_| here.to_owned());
    let mut plain = PathBuf::new();
    for part in whole.components() {
        match part {
            Component::ParentDir => drop(plain.pop()),
            Component::CurDir => {}
            part => plain.push(part),
        }
    }
    plain
}

/// Sets `html` as the PDF `output`.
pub(super) fn run(
    session: &mut Session,
    html: &Path,
    output: &Path,
    styles: &[PathBuf],
    system_fonts: bool,
) -> Result<Report> {
    for source in styles.iter().map(PathBuf::as_path).chain([html]) {
        if is_same_file(source, output) {
            let message = "this file is what the PDF is made of, and would be lost under it";
            return Err(Error::new(ErrorKind::Usage, message).at(Place::file(output)).hint("`-o` names another file"));
        }
    }
    let text = session.heed(text_of(html)?);
    let mut style = String::new();
    for path in styles {
        style.push_str(&session.heed(text_of(path)?));
        style.push('\n');
    }
    let style_name = styles.first().map_or_else(String::new, |path| path.display().to_string());
    let fonts = session.fonts(system_fonts);
    session.progress("typesetting");
    let folder = html.parent().unwrap_or(Path::new("."));
    let html_name = html.display().to_string();
    let options = Options { style: &style, style_name: &style_name, html_name: &html_name, ..Options::default() };
    let set = typeset::typeset(&text, &options, &Beside { folder, styles }, &fonts)?;
    let set = session.heed(set);
    let written = files::write(output, &set.pdf)?;
    let mut report = Report::default();
    let how = if written { "" } else { ", unchanged" };
    report.line(format!("{}: {} pages, {} bytes{how}", output.display(), set.pages, set.pdf.len()));
    report.set("pages", json!(set.pages));
    report.set("bytes", json!(set.pdf.len()));
    report.set("path", json!(output));
    Ok(report)
}

/// Where an HTML file can say its encoding (HTML 13.2.3.2).
const HEAD: usize = 1024;

/// The text of a file: as its byte order mark says, as UTF-8 where that is valid, as the file says, as windows-1252.
fn text_of(path: &Path) -> Result<Warned<String>> {
    let bytes = files::read(path)?
        .ok_or_else(|| Error::new(ErrorKind::Usage, "there is no such file").at(Place::file(path)))?;
    let marked = Encoding::for_bom(&bytes).map(|(encoding, _)| encoding);
    if marked.is_none() && bytes.contains(&0) {
        return Err(Error::new(ErrorKind::Input, "this is no text: it has bytes that are zero").at(Place::file(path)));
    }
    if marked.is_none_or(|encoding| encoding == UTF_8)
        && let Ok(text) = std::str::from_utf8(&bytes)
    {
        return Ok(Warned::new(text.trim_start_matches('\u{feff}').to_owned(), Vec::new()));
    }
    let said = marked.or_else(|| said(&bytes));
    let encoding = said.unwrap_or(WINDOWS_1252);
    let (text, _, is_damaged) = encoding.decode(&bytes);
    let mut warnings = Vec::new();
    if said.is_none() || is_damaged {
        let valid = bytes.utf8_chunks().next().map_or(0, |chunk| chunk.valid().len());
        let line = 1 + memchr::memchr_iter(b'\n', &bytes[..valid]).count(); // so long is the valid part
        let what =
            if said.is_none() { "this is not UTF-8, and nothing says what it is" } else { "some bytes are none" };
        let warning = Warning::new(format!("{what}: it is read as {}", encoding.name()));
        warnings.push(warning.at(Place { line: Some(line), ..Place::file(path) }));
    }
    Ok(Warned::new(text.into_owned(), warnings))
}

/// The encoding that `<meta charset>`, its elder form, or `@charset` names, where it can be true.
fn said(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(HEAD)]).to_ascii_lowercase();
    let after = head.split_once("charset")?.1.trim_start_matches([' ', '=', '"', '\'']);
    let label = after.split(['"', '\'', ' ', '>', ';', '/']).next()?;
    Encoding::for_label(label.as_bytes()).filter(|found| ![UTF_8, UTF_16BE, UTF_16LE].contains(found))
}

fn is_same_file(a: &Path, b: &Path) -> bool {
    a == b || a.canonicalize().is_ok_and(|a| b.canonicalize().is_ok_and(|b| a == b))
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::{Beside, text_of};
    use crate::typeset::Resources as _;

    #[test]
    fn pictures_are_found_by_decoded_addresses() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("a bé.png"), "1").unwrap();
        std::fs::write(dir.path().join("50%.png"), "2").unwrap();
        let beside = Beside { folder: dir.path(), styles: &[] };
        assert_eq!(beside.get("a%20b%C3%A9.png?v=2").as_deref(), Some(b"1".as_slice()));
        assert_eq!(beside.get("50%.png").as_deref(), Some(b"2".as_slice()));
        assert_eq!(beside.get("%"), None);
    }

    #[test]
    fn style_sheets_stand_beside_the_document_or_are_named() {
        let styles = ["css/a.css", "../other/b.css"].map(PathBuf::from);
        let beside = Beside { folder: Path::new("book"), styles: &styles };
        for near in
            ["a.css", "./in/../a.css", "in/deep/a.css", "../css/z.css", "../../other/b.css", "../book/a.css", "%61.css"]
        {
            assert!(!beside.is_forbidden_sheet(near), "{near}");
        }
        for far in ["../a.css", "../../a.css", "in/../../a.css", "%2e%2e/a.css", "/etc/passwd", "file:///etc/passwd"] {
            assert!(beside.is_forbidden_sheet(far), "{far}");
        }
        let here = Beside { folder: Path::new(""), styles: &[] };
        assert!(!here.is_forbidden_sheet("css/a.css") && here.is_forbidden_sheet("../a.css"));
    }

    #[test]
    fn encodings_are_those_that_files_name() {
        let dir = tempfile::tempdir().unwrap();
        let read = |bytes: &[u8]| {
            let path = dir.path().join("a.html");
            std::fs::write(&path, bytes).unwrap();
            text_of(&path).map(|set| (set.value, set.warnings.iter().map(ToString::to_string).collect::<Vec<_>>()))
        };
        let plain = |bytes: &[u8]| {
            let (text, warnings) = read(bytes).unwrap();
            assert!(warnings.is_empty(), "{warnings:?}");
            text
        };
        assert_eq!(plain("\u{feff}caf\u{e9}".as_bytes()), "caf\u{e9}");
        assert_eq!(plain(b"\xff\xfea\0"), "a");
        assert_eq!(plain(b"<meta charset=iso-8859-2>\xb3"), "<meta charset=iso-8859-2>\u{142}");
        assert_eq!(plain(b"<META content='text/html; charset=\"koi8-r\"'>\xc1").chars().last(), Some('\u{430}'));
        let (text, warnings) = read(b"a\ncaf\xe9 <meta charset=utf-8>").unwrap();
        assert!(text.starts_with("a\ncaf\u{e9}"));
        assert!(warnings[0].contains("a.html:2") && warnings[0].contains("windows-1252"), "{warnings:?}");
        assert!(read(b"\xff\xd8\xff\xe0\0\x10JFIF").unwrap_err().to_string().contains("no text"));
    }
}

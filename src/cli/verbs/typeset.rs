//! `masthead typeset`: the typesetter alone.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use percent_encoding::percent_decode_str;
use serde_json::json;

use crate::cli::files;
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::error::{Error, ErrorKind, Place, Result};
use crate::typeset::{self, Options, Resources};

/// Pictures beside the HTML file.
struct Beside<'a>(&'a Path);

impl Resources for Beside<'_> {
    fn get(&self, url: &str) -> Option<Arc<[u8]>> {
        let path = url.strip_prefix("file://").unwrap_or(url);
        let path = path.split(['?', '#']).next().unwrap_or_default();
        let decoded = percent_decode_str(path).decode_utf8_lossy();
        std::fs::read(self.0.join(decoded.as_ref())).ok().map(Arc::from)
    }
}

/// Sets `html` as the PDF `output`.
pub(super) fn run(
    session: &mut Session,
    html: &Path,
    output: &Path,
    styles: &[PathBuf],
    system_fonts: bool,
) -> Result<Report> {
    let text = text_of(html)?;
    let mut style = String::new();
    for path in styles {
        style.push_str(&text_of(path)?);
        style.push('\n');
    }
    let style_name = styles.first().map_or_else(String::new, |path| path.display().to_string());
    let fonts = session.fonts(system_fonts);
    session.progress("typesetting");
    let folder = html.parent().unwrap_or(Path::new("."));
    let html_name = html.display().to_string();
    let options = Options { style: &style, style_name: &style_name, html_name: &html_name, ..Options::default() };
    let set = typeset::typeset(&text, &options, &Beside(folder), &fonts)?;
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

fn text_of(path: &Path) -> Result<String> {
    let bytes = files::read(path)?
        .ok_or_else(|| Error::new(ErrorKind::Usage, "there is no such file").at(Place::file(path)))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::Beside;
    use crate::typeset::Resources as _;

    #[test]
    fn pictures_are_found_by_decoded_addresses() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("a bé.png"), "1").unwrap();
        std::fs::write(dir.path().join("50%.png"), "2").unwrap();
        let beside = Beside(dir.path());
        assert_eq!(beside.get("a%20b%C3%A9.png?v=2").as_deref(), Some(b"1".as_slice()));
        assert_eq!(beside.get("50%.png").as_deref(), Some(b"2".as_slice()));
        assert_eq!(beside.get("%"), None);
    }
}

//! frozen.json: an issue as it is kept on disk, with a hash that shows a change by hand.

use std::fmt::Write as _;
use std::path::Path;

use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::error::{Error, ErrorKind, Place, Result, Warned, Warning};
use crate::model::{FORMAT, Issue};

/// What stands before the hash, on the last line but one of the file.
const HASH_KEY: &str = "  \"content_sha256\": \"";

#[derive(Deserialize)]
struct Versioned {
    format: u32,
}

/// The text of frozen.json: JSON with two spaces of indent, the fields in the order of the model, and at the end
/// `content_sha256`, the SHA-256 of the text without it. The same issue always has the same text.
pub fn write(issue: &Issue) -> Result<String> {
    let json = serde_json::to_string_pretty(issue)
        .map_err(|cause| Error::new(ErrorKind::State, format!("{} cannot be written as JSON: {cause}", issue.key)))?;
    let body = json.strip_suffix("\n}").unwrap_or(&json);
    let hash = sha256(body);
    Ok(format!("{body},\n{HASH_KEY}{hash}\"\n}}\n"))
}

/// Reads the text of a frozen.json. One of a newer format, and one that is no issue, are errors of kind `Input`; one
/// that was changed by hand is read with a warning.
pub fn read(text: &str, file: &Path) -> Result<Warned<Issue>> {
    let format = json::<Versioned>(text, file)?.format;
    if format > FORMAT {
        return Err(Error::new(ErrorKind::Input, format!("the issue is of format {format}"))
            .at(Place::file(file))
            .hint(format!("this version of masthead reads formats up to {FORMAT}; use a newer one")));
    }
    let issue: Issue = json(text, file)?;
    if issue.frozen.is_none() {
        return Err(Error::new(ErrorKind::Input, "the issue is not frozen: `frozen` is missing").at(Place::file(file)));
    }
    let mut warnings = Vec::new();
    if !is_as_written(text) {
        let warning = Warning::new(format!("frozen issue {} was changed by hand; what it says now is used", issue.key));
        warnings.push(warning.at(Place::file(file)).hint(format!(
            "bring the file back, and change issue.toml or the posts; then `masthead issue amend {} {}`",
            issue.key.series, issue.key.ordinal
        )));
    }
    Ok(Warned::new(issue, warnings))
}

/// The SHA-256 of a text in hex; line ends count as line feeds, so that a checkout with others changes nothing.
#[must_use]
pub fn sha256(text: &str) -> String {
    let unix;
    let text = if text.contains('\r') {
        unix = text.replace("\r\n", "\n");
        &unix
    } else {
        text
    };
    Sha256::digest(text.as_bytes()).iter().fold(String::with_capacity(64), |mut hex, byte| {
        // Writing to a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

fn json<T: serde::de::DeserializeOwned>(text: &str, file: &Path) -> Result<T> {
    serde_json::from_str(text).map_err(|cause| {
        let message = cause.to_string();
        let message = message.split(" at line ").next().unwrap_or_default().to_lowercase();
        let place = match cause.line() {
            0 => Place::file(file),
            line => Place::at(file, line, cause.column().max(1)),
        };
        Error::new(ErrorKind::Input, format!("this is not a frozen issue: {message}")).at(place)
    })
}

fn is_as_written(text: &str) -> bool {
    let text = text.replace("\r\n", "\n");
    let Some((body, tail)) = text.rsplit_once(HASH_KEY) else { return false };
    let (Some(body), Some(hash)) = (body.strip_suffix(",\n"), tail.strip_suffix("\"\n}\n")) else { return false };
    sha256(body) == hash
}

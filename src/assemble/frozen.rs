//! frozen.json: an issue as it is kept on disk, with a hash that shows a change by hand.

use std::path::Path;

use serde::Deserialize;

use crate::error::{Error, ErrorKind, Place, Result, Warned, Warning};
use crate::model::{FORMAT, Issue, sha256_hex};

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
        // Where it was changed nobody knows; the sum that it no longer agrees with has a place.
        let sum = text.rfind(HASH_KEY.trim_start());
        let place = sum.map_or_else(|| Place::file(file), |sum| Place::offset(file, text, sum));
        warnings.push(warning.at(place).hint(format!(
            "bring the file back, and change issue.toml or the posts; then `masthead issue amend {}`",
            issue.key.argument()
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
    sha256_hex(text.as_bytes())
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

#[cfg(test)]
mod tests {
    use std::path::Path;

    use chrono_tz::Tz;

    use super::{read, sha256, write};
    use crate::assemble::fixture::{at, post, run, series};
    use crate::model::{Issue, WindowRule};

    const FILE: &str = "issues/newsletter/0001/frozen.json";

    fn frozen() -> Issue {
        let mut issues = Vec::new();
        // A body that speaks of the key itself must not be taken for it.
        let post = crate::model::Post {
            summary: Some("\n  \"content_sha256\": \"".to_owned()),
            ..post("a", at("2026-07-03T10:00:00Z"))
        };
        run(&series(WindowRule::Monthly), Tz::UTC, &[post], &mut issues, at("2026-08-01T00:00:00Z"));
        issues.remove(0)
    }

    fn complaint(text: &str) -> String {
        read(text, Path::new(FILE)).unwrap_err().to_string()
    }

    #[test]
    fn what_is_written_is_read_back_without_a_word() {
        let text = write(&frozen()).unwrap();
        assert!(text.ends_with("\"\n}\n"), "{text}");
        let read_back = read(&text, Path::new(FILE)).unwrap();
        assert_eq!((&read_back.value, read_back.warnings.len()), (&frozen(), 0));
        assert_eq!(write(&read_back.value).unwrap(), text);
        assert_eq!(read(&text.replace('\n', "\r\n"), Path::new(FILE)).unwrap().warnings, []);
    }

    #[test]
    fn a_change_by_hand_is_told() {
        let text = write(&frozen()).unwrap();
        for changed in [text.replace("<p>a</p>", "<p>b</p>"), text.trim_end().to_owned(), text.replacen("  ", " ", 1)] {
            let read = read(&changed, Path::new(FILE)).unwrap();
            let line = changed[..changed.rfind("\"content_sha256\"").unwrap()].lines().count();
            assert_eq!(
                read.warnings[0].to_string(),
                format!(
                    "issues/newsletter/0001/frozen.json:{line}:3: frozen issue newsletter/0001 was changed by hand; what \
                     it says now is used\n  bring the file back, and change issue.toml or the posts; then `masthead issue \
                     amend newsletter 0001`"
                )
            );
        }
    }

    #[test]
    fn what_cannot_be_read_says_why() {
        assert_eq!(
            complaint("{\"format\": 2}"),
            format!(
                "{FILE}: the issue is of format 2\n  this version of masthead reads formats up to 1; use a newer one"
            )
        );
        assert_eq!(
            complaint("{\"format\": 1}"),
            format!("{FILE}:1:13: this is not a frozen issue: missing field `key`")
        );
        assert!(complaint("{\n  \"form").starts_with(&format!("{FILE}:2:7: this is not a frozen issue: eof")));
        let draft = write(&Issue { frozen: None, ..frozen() }).unwrap();
        assert_eq!(complaint(&draft), format!("{FILE}: the issue is not frozen: `frozen` is missing"));
    }

    #[test]
    fn hashes_are_sha_256_in_hex() {
        assert_eq!(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}

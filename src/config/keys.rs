//! Reading TOML so that every complaint has a place, and unknown keys their nearest name.

use std::path::Path;

use serde::de::DeserializeOwned;

use crate::error::{Error, ErrorKind, Place, Result};

/// Reads `text`, the contents of `file`, into `T`. A syntax error, a wrong type or (where `T` denies unknown fields)
/// an unknown key is an error of this kind with line, column and the nearest allowed name.
pub fn from_toml<T: DeserializeOwned>(text: &str, file: &Path, kind: ErrorKind) -> Result<T> {
    toml::from_str(text).map_err(|cause| {
        let error = explain(cause.message(), kind);
        match cause.span() {
            Some(span) => error.at(Place::offset(file, text, span.start)),
            None => error.at(Place::file(file)),
        }
    })
}

/// Serde's words in ours: "unknown field `x`, expected one of `a`, `b`" becomes an unknown key with a hint.
fn explain(message: &str, kind: ErrorKind) -> Error {
    let quoted: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    let subject = message.split('`').next().unwrap_or_default().trim();
    match (subject, quoted.split_first()) {
        ("unknown field", Some((found, allowed))) => {
            Error::new(kind, format!("unknown key `{found}`")).nearest(found, allowed.iter().copied())
        }
        ("unknown variant", Some((found, allowed))) => {
            Error::new(kind, format!("unknown value `{found}`")).nearest(found, allowed.iter().copied())
        }
        ("missing field", Some((name, _))) => Error::new(kind, format!("the key `{name}` is missing")),
        _ => Error::new(kind, message.trim().to_lowercase()),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use serde::Deserialize;

    use super::from_toml;
    use crate::error::ErrorKind;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "what is complained of is looked at, not what is read")]
    struct Small {
        title: String,
    }

    fn complaint(text: &str) -> String {
        from_toml::<Small>(text, Path::new("config.toml"), ErrorKind::Config).unwrap_err().to_string()
    }

    #[test]
    fn complaints_have_a_place_and_a_hint() {
        assert_eq!(
            complaint("title = \"a\"\ntitel = \"b\"\n"),
            "config.toml:2:1: unknown key `titel`\n  did you mean `title`?"
        );
        assert_eq!(complaint("title = 3\n"), "config.toml:1:9: invalid type: integer `3`, expected a string");
        assert_eq!(complaint(""), "config.toml:1:1: the key `title` is missing");
        assert!(complaint("title = \n").starts_with("config.toml:1:9: "), "{}", complaint("title = \n"));
    }
}

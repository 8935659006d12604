//! Reading TOML so that every complaint has a place, and unknown keys their nearest name.

use std::path::Path;

use serde::de::DeserializeOwned;

use crate::error::{Error, ErrorKind, Place, Result};
use crate::model::{ascii_digit, is_solar_year, read_day};

/// Reads `text`, the contents of `file`, into `T`. A syntax error, a wrong type or (where `T` denies unknown fields)
/// an unknown key is an error of this kind with line, column and the nearest allowed name.
pub fn from_toml<T: DeserializeOwned>(text: &str, file: &Path, kind: ErrorKind) -> Result<T> {
    toml::from_str(text).map_err(|cause| {
        let at = cause.span().map(|span| span.start);
        if let Some(unmerged) = at.and_then(|at| of_a_conflict(text, at)) {
            return Error::new(kind, "two versions stand here that were not merged")
                .at(Place::offset(file, text, unmerged))
                .hint("take one of them, and the lines with `<<<<<<<`, `=======` and `>>>>>>>` away");
        }
        let error = at.and_then(|at| of_kinds(cause.message(), text, at, kind));
        let error = error.unwrap_or_else(|| explain(cause.message(), kind));
        let error = match at.and_then(|at| of_a_day(text, at)) {
            Some(hint) => error.hint(hint),
            None => error,
        };
        match at {
            Some(at) => error.at(Place::offset(file, text, at)),
            None => error.at(Place::file(file)),
        }
    })
}

/// Where the marks begin that a merge leaves around two versions, if what cannot be read at `at` stands between them.
fn of_a_conflict(text: &str, at: usize) -> Option<usize> {
    let mut begins = None;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let end = start + line.len();
        if line.starts_with("<<<<<<< ") {
            begins = Some(start);
        } else if line.starts_with(">>>>>>> ")
            && let Some(begins) = begins.take()
            && (begins..=end).contains(&at)
        {
            return Some(begins);
        }
        start = end;
    }
    None
}

/// What to write for a day without quotes that TOML does not know.
fn of_a_day(text: &str, at: usize) -> Option<String> {
    let line = text[..at].rfind('\n').map_or(0, |end| end + 1);
    let value = text[line..].lines().next()?.split_once('=')?.1.trim_start();
    let end = value.find(|c: char| c.is_whitespace() || matches!(c, ',' | '#' | '}' | ']')).unwrap_or(value.len());
    let value = &value[..end];
    let is_written_as_one = value.starts_with(|c: char| c.is_ascii_digit() || ascii_digit(c).is_some())
        && value.split(['-', '/', '.']).filter(|part| !part.is_empty()).count() == 3
        && format!("day = {value}").parse::<toml::Table>().is_err();
    match read_day(value) {
        _ if !is_written_as_one => None,
        Ok(_) if value.get(..4).and_then(|year| year.parse().ok()).is_some_and(is_solar_year) => {
            Some("a day of the solar Hijri calendar that ours has not stands in quotes: `\"1405-04-31\"`".to_owned())
        }
        Ok(day) => Some(format!("a day written so stands in quotes, or is `{day}`")),
        Err(fault) => Some(format!("{}; {}", fault.message, fault.hint)),
    }
}

/// Tables whose keys are names that the publication gives.
const NAMED: [&str; 3] = ["series", "list", "edition"];

/// How the text of a key is written where that is not any text.
fn shape(name: &str) -> Option<&'static str> {
    match name {
        "max_size" => Some("a size is like `15 MB`, in quotes"),
        "timeout" | "connect_timeout" | "interval" | "gap" => {
            Some("a length of time is like `30s` or `15m`, in quotes")
        }
        "confirm_within" => Some("a length of time is like `7d`, in quotes"),
        "rate" => Some("a rate is like `20/s` or `600/m`, in quotes"),
        "listen" => Some("an address and its port are like `127.0.0.1:8080`, in quotes"),
        _ => None,
    }
}

/// Serde's "invalid type: string \"a\", expected a sequence" with the key that has it, and how it is written.
fn of_kinds(message: &str, text: &str, at: usize, kind: ErrorKind) -> Option<Error> {
    let said =
        message.trim().strip_prefix("invalid type: ").or_else(|| message.trim().strip_prefix("invalid value: "))?;
    let (found, expected) = said.rsplit_once(", expected ")?;
    let key = Key::at(text, at)?;
    let name = key.name;
    let has_names = NAMED.contains(&name) && (expected == "a map" || key.is_one_of_several);
    // A table that serde knows takes the members of a list for its keys, and complains of them.
    let (found, expected) = if key.is_one_of_several { ("sequence", "a map") } else { (found, expected) };
    let written = value_of(found);
    let wanted = match expected {
        "a sequence" => "a list",
        "a string" | "path string" => "text",
        "a boolean" => "`true` or `false`",
        "a map" => "a table",
        "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number that is not below 0",
        "i64" => "a whole number",
        other if other.starts_with("struct ") => "a table",
        other => other,
    };
    let hint = match (wanted, found) {
        ("a list", "map") if key.is_header => Some(format!("write `[[{name}]]`, once for each")),
        ("a list", "map") => Some(format!("write `{name} = [{{ … }}]`")),
        ("a list", _) if name == "relay" => Some(format!("write `[[mail.relay]]`, with `url = {written}` below it")),
        ("a list", _) => Some(format!("write `{name} = [{written}]`")),
        ("a table", "sequence") if has_names && key.is_header => Some(format!("write `[{name}.NAME]`, once for each")),
        ("a table", found) if found != "sequence" => Key::table_of(text, at)
            .filter(|table| NAMED.contains(table))
            .map(|table| format!("`{name}` stands in a table of its own name: write `[{table}.NAME]` above it")),
        ("a table", "sequence") if key.is_header => Some(format!("write `[{name}]`, once")),
        ("text", _) if key.is_list => Some(format!("text stands in quotes: `\"{written}\"`")),
        ("text", _) if shape(name).is_some() => shape(name).map(str::to_owned),
        ("text", _) if !matches!(found, "map" | "sequence") => Some(format!("write `{name} = \"{written}\"`")),
        (_, found) if found.starts_with("string ") => {
            let bare = written.trim_matches('"');
            let seconds = bare.strip_suffix('s').map(str::trim_end).filter(|_| name == "timeout");
            let bare = seconds.unwrap_or(bare);
            let is_one =
                if wanted.starts_with('`') { bare.parse::<bool>().is_ok() } else { bare.parse::<u64>().is_ok() };
            is_one.then(|| format!("write `{name} = {bare}`, without quotes"))
        }
        _ => None,
    };
    let found = match found {
        "map" => "a table".to_owned(),
        "sequence" => "a list".to_owned(),
        _ => format!("`{written}`"),
    };
    let error = Error::new(kind, format!("`{name}` has {found} where {wanted} is expected"));
    Some(match hint {
        Some(hint) => error.hint(hint),
        None => error,
    })
}

/// A value as serde names it, as it is written: what stands behind its kind.
fn value_of(found: &str) -> &str {
    let value = found.find(['"', '`']).map_or(found, |at| &found[at..]);
    // A number that is too large has its kind behind it: "integer `1` as i128".
    value.strip_prefix('`').and_then(|value| value.split('`').next()).unwrap_or(value)
}

/// The key of a value.
struct Key<'a> {
    name: &'a str,
    /// Whether it is that of a table, in brackets.
    is_header: bool,
    /// Whether those brackets are doubled, as for each of a list of tables.
    is_one_of_several: bool,
    /// Whether the value is one of a list.
    is_list: bool,
}

impl<'a> Key<'a> {
    /// The table that the value at this offset stands in.
    fn table_of(text: &'a str, at: usize) -> Option<&'a str> {
        let headers = text[..at].lines().rev().map(str::trim_start);
        let header = headers.into_iter().find(|line| line.starts_with('[') && line.contains(']'))?;
        header.trim_start_matches('[').split(']').next().map(str::trim)
    }

    /// The key of the value that begins at this offset, or whose header does.
    fn at(text: &'a str, at: usize) -> Option<Self> {
        let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
        let line = text[start..].lines().next().unwrap_or_default();
        if line.trim_start().starts_with('[') {
            let name = line.split(']').next().unwrap_or_default().trim_start_matches(['[', ' ', '\t']).trim_end();
            return (!name.is_empty()).then_some(Self {
                name,
                is_header: true,
                is_one_of_several: line.trim_start().starts_with("[["),
                is_list: false,
            });
        }
        let (before, between) = text[start..at].rsplit_once('=')?;
        let name = before.rsplit(['{', ',']).next().unwrap_or_default().trim();
        (!name.is_empty()).then_some(Self {
            name,
            is_header: false,
            is_one_of_several: false,
            is_list: between.contains('['),
        })
    }
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
        #[serde(default)]
        part: Vec<Part>,
        #[serde(default)]
        whole: Option<Part>,
        #[serde(default)]
        series: std::collections::BTreeMap<String, Part>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "what is complained of is looked at, not what is read")]
    struct Part {
        #[serde(default)]
        tags: Vec<String>,
        number: Option<u64>,
        open: Option<bool>,
        since: Option<toml::Value>,
        max_size: Option<String>,
        timeout: Option<String>,
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
        assert_eq!(
            complaint("title = 3\n"),
            "config.toml:1:9: `title` has `3` where text is expected\n  write `title = \"3\"`"
        );
        assert_eq!(complaint(""), "config.toml:1:1: the key `title` is missing");
        assert!(complaint("title = \n").starts_with("config.toml:1:9: "), "{}", complaint("title = \n"));
    }

    #[test]
    fn what_a_merge_left_is_told() {
        let text = "title = \"a\"\n[whole]\n<<<<<<< HEAD\nnumber = 1\n=======\nnumber = 2\n>>>>>>> branch\n";
        let told = complaint(text);
        assert!(told.starts_with("config.toml:3:1: two versions stand here that were not merged\n"), "{told}");
        let quoted = "titel = \"a\"\n# <<<<<<< HEAD\n";
        assert!(complaint(quoted).contains("unknown key `titel`"));
        let in_text = "title = \"\"\"\n<<<<<<< HEAD\na\n=======\nb\n>>>>>>> branch\n\"\"\"\ntitel = 1\n";
        assert!(complaint(in_text).contains("unknown key `titel`"), "{}", complaint(in_text));
    }

    #[test]
    fn a_value_of_another_kind_is_told_with_its_key_and_how_it_is_written() {
        for (text, told) in [
            ("[part]\n", "2:1: `part` has a table where a list is expected\n  write `[[part]]`, once for each"),
            ("part = { tags = [] }\n", "2:8: `part` has a table where a list is expected\n  write `part = [{ … }]`"),
            ("[[whole]]\n", "2:1: `whole` has a list where a table is expected\n  write `[whole]`, once"),
            (
                "[whole]\ntags = \"A b\"\n",
                "3:8: `tags` has `\"A b\"` where a list is expected\n  write `tags = [\"A b\"]`",
            ),
            (
                "[whole]\ntags = [\"a\", 3]\n",
                "3:14: `tags` has `3` where text is expected\n  text stands in quotes: `\"3\"`",
            ),
            (
                "whole = { open = true, number = \"92\" }\n",
                "2:33: `number` has `\"92\"` where a whole number that is not below 0 is expected\n  \
                 write `number = 92`, without quotes",
            ),
            ("[whole]\nnumber = -1\n", "3:10: `number` has `-1` where a whole number that is not below 0 is expected"),
            ("[whole]\nopen = 1\n", "3:8: `open` has `1` where `true` or `false` is expected"),
        ] {
            assert_eq!(complaint(&format!("title = \"a\"\n{text}")), format!("config.toml:{told}"));
        }
    }

    #[test]
    fn days_without_quotes_are_told() {
        for (day, hint) in [
            ("1405-04-31", "stands in quotes: `\"1405-04-31\"`"),
            ("05-04-01", "`05-04-01` does not begin with a year of four digits"),
            ("2026/07/01", "stands in quotes, or is `2026-07-01`"),
            ("۱۴۰۵/۰۴/۰۱", "stands in quotes, or is `2026-06-22`"),
        ] {
            let told = complaint(&format!("title = \"a\"\n[whole]\nsince = {day} # a day\n"));
            assert!(told.starts_with("config.toml:3:") && told.contains(hint), "{told}");
        }
        let told = complaint("title = \"a\"\n[whole]\nsinse = 2026-07-01\n");
        assert!(!told.contains("quotes"), "{told}");
    }

    #[test]
    fn amounts_and_tables_with_names_are_told_as_they_are_written() {
        for (text, told) in [
            (
                "[[series]]\ntags = []\n",
                "2:1: `series` has a list where a table is expected\n  write `[series.NAME]`, once for each",
            ),
            (
                "[series]\nmax_size = \"monthly\"\n",
                "3:12: `max_size` has `\"monthly\"` where a table is expected\n  \
                 `max_size` stands in a table of its own name: write `[series.NAME]` above it",
            ),
            (
                "[whole]\nmax_size = -10\n",
                "3:12: `max_size` has `-10` where text is expected\n  a size is like `15 MB`, in quotes",
            ),
            (
                "[whole]\ntimeout = 99999999999999999999\n",
                "3:11: `timeout` has `99999999999999999999` where text is expected\n  \
                 a length of time is like `30s` or `15m`, in quotes",
            ),
        ] {
            assert_eq!(complaint(&format!("title = \"a\"\n{text}")), format!("config.toml:{told}"));
        }
    }
}

//! Reading issue.toml.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime};
use serde::Deserialize;
use toml::Spanned;

use super::{Editorial, Mention, Moment};
use crate::config::keys::from_toml;
use crate::error::{Error, ErrorKind, Place, Result, Warned, Warning};
use crate::model::in_gregorian;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawEditorial {
    label: Option<Spanned<String>>,
    since: Option<Spanned<toml::Value>>,
    until: Option<Spanned<toml::Value>>,
    date: Option<Spanned<toml::Value>>,
    title: Option<String>,
    intro: Option<Spanned<String>>,
    #[serde(default)]
    order: Vec<Spanned<String>>,
    #[serde(default)]
    leave_out: Vec<Spanned<String>>,
    #[serde(default)]
    titles: BTreeMap<Spanned<String>, String>,
}

struct Document<'a> {
    text: &'a str,
    file: &'a Path,
}

impl Document<'_> {
    fn place<T>(&self, value: &Spanned<T>) -> Place {
        Place::offset(self.file, self.text, value.span().start)
    }

    fn moment(&self, value: &Spanned<toml::Value>) -> Result<Moment> {
        let text = match value.get_ref() {
            toml::Value::String(text) => text.trim().to_owned(),
            other => other.to_string(),
        };
        let text = in_gregorian(&text)
            .map_err(|fault| Error::new(ErrorKind::Input, fault.message).at(self.place(value)).hint(fault.hint))?;
        let local = || {
            let day: Option<NaiveDate> = text.parse().ok();
            let formats = ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"];
            let time = || formats.iter().find_map(|format| NaiveDateTime::parse_from_str(&text, format).ok());
            day.map(|day| day.and_time(NaiveTime::MIN)).or_else(time).map(Moment::Local)
        };
        let instant = || DateTime::parse_from_rfc3339(&text).ok().map(|instant| Moment::Instant(instant.to_utc()));
        local().or_else(instant).ok_or_else(|| {
            Error::new(ErrorKind::Input, format!("`{text}` is not a date"))
                .at(self.place(value))
                .hint("a date is like `2026-07-01`, a time like `2026-07-01T18:30:00+02:00`")
        })
    }

    fn mentions(&self, names: Vec<Spanned<String>>, key: &str, warnings: &mut Vec<Warning>) -> Vec<Mention> {
        let mut mentions: Vec<Mention> = Vec::with_capacity(names.len());
        for name in names {
            let place = self.place(&name);
            let name = name.into_inner();
            if mentions.iter().any(|earlier| earlier.name == name) {
                warnings.push(Warning::new(format!("`{name}` stands twice in `{key}`")).at(place));
            } else {
                mentions.push(Mention { name, place });
            }
        }
        mentions
    }
}

/// Reads the text of an issue.toml. A syntax error, a wrong type, an unknown key (with the nearest known one) and an
/// impossible date are errors with line and column; a post that a list names twice is a warning.
pub fn parse(text: &str, file: &Path) -> Result<Warned<Editorial>> {
    let raw: RawEditorial = from_toml(text, file, ErrorKind::Input)?;
    let document = Document { text, file };
    let mut warnings = Vec::new();
    let moment = |value: &Option<Spanned<toml::Value>>| value.as_ref().map(|value| document.moment(value)).transpose();
    let (since, until, date) = (moment(&raw.since)?, moment(&raw.until)?, moment(&raw.date)?);
    if let Some(label) = raw.label.as_ref().filter(|label| label.get_ref().trim().is_empty()) {
        return Err(Error::new(ErrorKind::Input, "the label is empty").at(document.place(label)));
    }
    let titles = raw.titles.into_iter().map(|(name, title)| {
        let place = document.place(&name);
        (Mention { name: name.into_inner(), place }, title)
    });
    let editorial = Editorial {
        label: raw.label.map(Spanned::into_inner),
        since,
        until,
        until_stands: raw.until.as_ref().map(|until| document.place(until)),
        date,
        title: raw.title.filter(|title| !title.trim().is_empty()),
        intro_begins: raw.intro.as_ref().and_then(|intro| begins(&document, intro)),
        intro: raw.intro.map(Spanned::into_inner).filter(|intro| !intro.trim().is_empty()),
        titles: titles.collect(),
        order: document.mentions(raw.order, "order", &mut warnings),
        leave_out: document.mentions(raw.leave_out, "leave_out", &mut warnings),
    };
    Ok(Warned::new(editorial, warnings))
}

/// Where the text of a string begins that is written as it is.
fn begins(document: &Document<'_>, value: &Spanned<String>) -> Option<Place> {
    let written = document.text.get(value.span())?;
    let is_literal = written.starts_with('\'');
    if written.contains('\\') && !is_literal {
        return None;
    }
    let quotes = ["\"\"\"", "'''"].into_iter().find(|quotes| written.starts_with(quotes)).map_or(1, str::len);
    let inside = written.get(quotes..)?;
    // A line that ends behind the quotes is none of the text.
    let line_end = ["\r\n", "\n"].into_iter().find(|end| quotes > 1 && inside.starts_with(end)).map_or(0, str::len);
    Some(Place::offset(document.file, document.text, value.span().start + quotes + line_end))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::parse;
    use crate::assemble::editorial::Moment;

    fn complaint(text: &str) -> String {
        parse(text, Path::new("issues/newsletter/0007/issue.toml")).unwrap_err().to_string()
    }

    #[test]
    fn a_full_file_is_read() {
        let text = "label = \"92\"\nsince = 2026-07-01\nuntil = \"2026-08-01\"\ndate = 2026-08-02T09:00:00+02:00\n\
                    title = \"Ink\"\nintro = \"\"\"\nA *word*.\n\"\"\"\norder = [\"b\", \"a\", \"b\"]\n\
                    leave_out = [\"c\"]\n[titles]\n\"tag:x,2026:a\" = \"Another\"\n";
        let read = parse(text, Path::new("issue.toml")).unwrap();
        assert_eq!(read.warnings[0].to_string(), "issue.toml:9:20: `b` stands twice in `order`");
        let editorial = read.value;
        assert_eq!(editorial.since, Some(Moment::Local("2026-07-01T00:00:00".parse().unwrap())));
        assert_eq!(editorial.date, Some(Moment::Instant("2026-08-02T07:00:00Z".parse().unwrap())));
        assert_eq!(editorial.intro_begins.unwrap().to_string(), "issue.toml:7:1");
        for (text, place) in [("intro = 'a'", Some("issue.toml:1:10")), ("intro = \"a\\nb\"", None)] {
            let begins = parse(text, Path::new("issue.toml")).unwrap().value.intro_begins;
            assert_eq!(begins.as_ref().map(ToString::to_string).as_deref(), place);
        }
        assert_eq!(editorial.order.len(), 2);
        let text = "since = 1405-04-10\nuntil = \"۱۴۰۵/۰۵/۱۰\"\ndate = \"1405-05-10 18:30\"\n";
        let solar = parse(text, Path::new("issue.toml")).unwrap().value;
        assert_eq!(solar.since, editorial.since);
        assert_eq!(solar.until, editorial.until);
        assert_eq!(solar.date, Some(Moment::Local("2026-08-01T18:30:00".parse().unwrap())));
        assert_eq!(editorial.titles[0].0.name, "tag:x,2026:a");
    }

    #[test]
    fn faults_have_a_place_and_a_hint() {
        let file = "issues/newsletter/0007/issue.toml";
        assert_eq!(
            complaint("title = \"a\"\nleaveout = []\n"),
            format!("{file}:2:1: unknown key `leaveout`\n  did you mean `leave_out`?")
        );
        assert_eq!(
            complaint("since = \"2026-02-30\"\n"),
            format!(
                "{file}:1:9: `2026-02-30` is not a date\n  a date is like `2026-07-01`, a time like \
                 `2026-07-01T18:30:00+02:00`"
            )
        );
        assert!(
            complaint("date = 1447-02-01\n")
                .starts_with(&format!("{file}:1:8: `1447-02-01` is a day of the year 1447"))
        );
        assert!(complaint("label = \" \"\n").starts_with(&format!("{file}:1:9: the label is empty")));
    }

    #[test]
    fn a_window_that_ends_before_it_begins_is_refused_however_it_is_written() {
        let file = Path::new("issues/newsletter/0007/issue.toml");
        let check = |text: &str| parse(text, file).unwrap().value.check_window(chrono_tz::Asia::Tehran);
        for (since, until) in [
            ("2026-08-01", "2026-07-01"),
            ("2026-08-01T12:00:00Z", "2026-07-01T00:00:00Z"),
            // It is midnight in Tehran at half past eight in the evening.
            ("2026-07-31T20:30:00Z", "2026-08-01"),
            ("2026-08-01", "2026-07-31T20:00:00Z"),
        ] {
            let error = check(&format!("since = {since}\nuntil = {until}\n")).unwrap_err().to_string();
            assert_eq!(
                error,
                "issues/newsletter/0007/issue.toml:2:9: the window ends before it begins\n  \
                 `until` is the first day after the window"
            );
        }
        for text in ["since = 2026-08-01\nuntil = 2026-07-31T21:00:00Z\n", "since = 2026-08-01\n", ""] {
            assert_eq!(check(text), Ok(()));
        }
    }

    #[test]
    fn an_empty_file_says_nothing() {
        assert_eq!(parse("", Path::new("issue.toml")).unwrap().value, super::Editorial::default());
    }
}

//! Writing issue.toml: a fresh one, and changes to one that an editor has worked on.

use std::path::Path;

use chrono::{DateTime, SecondsFormat, Utc};
use chrono_tz::Tz;
use toml_edit::{Array, DocumentMut, Item, Table, Value, value};

use super::super::window::{EARLIEST, LATEST, local, midnight};
use crate::error::{Error, ErrorKind, Place, Result};
use crate::model::{IssueKey, Window};

/// What a fresh issue.toml says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fresh<'a> {
    /// Which issue.
    pub key: &'a IssueKey,
    /// Its window.
    pub window: Window,
    /// The publication's zone.
    pub zone: Tz,
    /// The label that numbering gives it.
    pub next_label: &'a str,
    /// A label of the editor's own.
    pub label: Option<&'a str>,
    /// A title.
    pub title: Option<&'a str>,
}

/// One change to an issue.toml.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Another label.
    Label(String),
    /// Another title.
    Title(String),
    /// Another introduction, in Markdown.
    Intro(String),
    /// Another window.
    Window(Window),
    /// These posts first.
    Order(Vec<String>),
    /// One more post left out.
    LeaveOut(String),
    /// Another title for a post.
    Retitle {
        /// Its slug or id.
        post: String,
        /// Its title.
        title: String,
    },
}

/// The text of a fresh issue.toml: the window, and the other keys as comments to be used.
#[must_use]
pub fn fresh(fresh: Fresh<'_>) -> String {
    let Fresh { key, window, zone, next_label, .. } = fresh;
    let quoted = |text: &str| Value::from(text).to_string();
    let set = |name: &str, text: Option<&str>, example: &str| match text {
        Some(text) => format!("{name} = {}\n", quoted(text)),
        None => format!("# {name} = {}\n", quoted(example)),
    };
    format!(
        "# The editor's file of {key}. Remove a `#` to use a key.\n\n\
         since = {since}   # the first day of the window\n\
         until = {until}   # the first day after it\n\n\
         {label}\
         {title}\
         # date = {until}   # printed on the issue, instead of the day the window closes\n\
         # intro = \"\"\"\n# A few words in Markdown before the first article.\n# \"\"\"\n\
         # order = [\"slug-of-the-first\", \"slug-of-the-second\"]   # these come first in their sections\n\
         # leave_out = [\"slug\"]   # never in this series\n\
         # titles = {{ \"slug\" = \"Another title\" }}\n",
        since = moment(window.since, zone),
        until = moment(window.until, zone),
        label = set("label", fresh.label, next_label),
        title = set("title", fresh.title, "A title of its own"),
    )
}

/// The text of an issue.toml with changes made; the editor's comments and layout stay. `text` that is not TOML is an
/// error with a place in `file`.
pub fn changed(text: &str, file: &Path, zone: Tz, changes: &[Change]) -> Result<String> {
    let mut document: DocumentMut = text.parse().map_err(|cause: toml_edit::TomlError| {
        let place = match cause.span() {
            Some(span) => Place::offset(file, text, span.start),
            None => Place::file(file),
        };
        Error::new(ErrorKind::Input, cause.message().trim().to_lowercase()).at(place)
    })?;
    for change in changes {
        apply(&mut document, change, zone).map_err(|name| {
            Error::new(ErrorKind::Input, format!("`{name}` is not of the kind it must be")).at(Place::file(file))
        })?;
    }
    let written = document.to_string();
    // Lines end as they did.
    let is_dos = text.matches("\r\n").count() * 2 > text.matches('\n').count();
    Ok(if is_dos { written.replace("\r\n", "\n").replace('\n', "\r\n") } else { written })
}

/// Makes one change; the name of the key that stands in its way is the error.
fn apply(document: &mut DocumentMut, change: &Change, zone: Tz) -> std::result::Result<(), &'static str> {
    match change {
        Change::Label(label) => set(document, "label", Value::from(label.as_str())),
        Change::Title(title) => set(document, "title", Value::from(title.as_str())),
        Change::Intro(intro) => set(document, "intro", Value::from(intro.as_str())),
        Change::Order(names) => set(document, "order", Value::Array(names.iter().collect())),
        Change::Window(window) => {
            for (name, instant) in [("since", window.since), ("until", window.until)] {
                // `moment` writes TOML's own dates and times.
                let date: toml_edit::Datetime = moment(instant, zone).parse().map_err(|_| name)?;
                set(document, name, Value::from(date));
            }
        }
        Change::LeaveOut(post) => {
            let names = document.entry("leave_out").or_insert_with(|| value(Array::new()));
            let names = names.as_array_mut().ok_or("leave_out")?;
            if !names.iter().any(|name| name.as_str() == Some(post)) {
                names.push(post.as_str());
            }
        }
        Change::Retitle { post, title } => {
            let titles = document.entry("titles").or_insert_with(|| Item::Table(Table::new()));
            titles.as_table_like_mut().ok_or("titles")?.insert(post, value(title.as_str()));
        }
    }
    Ok(())
}

/// Sets a top-level key and keeps the comment behind an old value.
fn set(document: &mut DocumentMut, name: &str, mut new: Value) {
    if let Some(old) = document.get(name).and_then(Item::as_value) {
        *new.decor_mut() = old.decor().clone();
    }
    document.insert(name, Item::Value(new));
}

/// An instant as TOML has it: the local date where a day begins, else the time with its offset.
fn moment(instant: DateTime<Utc>, zone: Tz) -> String {
    let day = local(instant, zone).date();
    if midnight(day, zone) == instant {
        day.format("%Y-%m-%d").to_string()
    } else {
        instant.clamp(EARLIEST, LATEST).with_timezone(&zone).to_rfc3339_opts(SecondsFormat::AutoSi, false)
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use chrono_tz::Tz;

    use super::{Change, Fresh, changed, fresh};
    use crate::assemble::editorial::parse;
    use crate::model::{IssueKey, Window};

    const ZONE: Tz = Tz::Europe__Tirane;

    fn window(since: &str, until: &str) -> Window {
        Window { since: since.parse().unwrap(), until: until.parse().unwrap() }
    }

    fn july() -> String {
        let key = IssueKey { series: "newsletter".to_owned(), ordinal: 7 };
        let window = window("2026-06-30T22:00:00Z", "2026-07-31T22:00:00Z");
        fresh(Fresh { key: &key, window, zone: ZONE, next_label: "92", label: None, title: Some("Ink \"and\" lead") })
    }

    #[test]
    fn lines_end_as_they_did() {
        let text = july().replace('\n', "\r\n");
        let written = changed(&text, Path::new("issue.toml"), ZONE, &[Change::LeaveOut("slug".to_owned())]).unwrap();
        assert_eq!(written.matches("\r\n").count(), written.matches('\n').count(), "{written:?}");
        assert_eq!(written.replace("leave_out = [\"slug\"]\r\n", ""), text);
        assert!(!changed(&july(), Path::new("issue.toml"), ZONE, &[]).unwrap().contains('\r'));
    }

    #[test]
    fn a_fresh_file_reads_back_and_so_does_each_of_its_comments() {
        let read = parse(&july(), Path::new("issue.toml")).unwrap().value;
        assert_eq!(
            read.since.unwrap().resolve(ZONE),
            "2026-06-30T22:00:00Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap()
        );
        assert_eq!(read.title.as_deref(), Some("Ink \"and\" lead"));
        assert_eq!(read.label, None);
        let (head, rest) = july().split_once("\n\n").map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
        let used = parse(&rest.replace("# ", ""), Path::new("issue.toml"));
        assert!(head.starts_with("# The editor's file of newsletter/0007"));
        // The comments behind values lose their mark too, so only the keys on lines of their own are tried.
        let lines: Vec<&str> = rest.lines().filter(|line| line.starts_with("# ")).map(|line| &line[2..]).collect();
        let used = used.or_else(|_| parse(&lines.join("\n"), Path::new("issue.toml"))).unwrap().value;
        assert_eq!(used.label.as_deref(), Some("92"));
        assert_eq!(used.leave_out[0].name, "slug");
    }

    #[test]
    fn changes_keep_the_editors_comments() {
        let changes = [
            Change::Title("Lead".to_owned()),
            Change::LeaveOut("old-news".to_owned()),
            Change::LeaveOut("old-news".to_owned()),
            Change::Retitle { post: "a".to_owned(), title: "A!".to_owned() },
            Change::Window(window("2026-06-30T22:00:00Z", "2026-08-10T10:30:00Z")),
            Change::Order(vec!["b".to_owned(), "a".to_owned()]),
            Change::Label("92a".to_owned()),
            Change::Intro("Two\nlines".to_owned()),
        ];
        let text = changed(&july(), Path::new("issue.toml"), ZONE, &changes).unwrap();
        assert!(text.contains("until = 2026-08-10T12:30:00+02:00   # the first day after it"), "{text}");
        let read = parse(&text, Path::new("issue.toml")).unwrap().value;
        assert_eq!((read.title.as_deref(), read.leave_out.len(), read.order.len()), (Some("Lead"), 1, 2));
        assert_eq!(read.titles[0].1, "A!");
        assert_eq!(read.intro.as_deref(), Some("Two\nlines"));
    }

    #[test]
    fn what_is_not_toml_is_an_error_with_a_place() {
        let error = changed("title = \n", Path::new("issue.toml"), ZONE, &[]).unwrap_err();
        assert!(error.to_string().starts_with("issue.toml:1:9: "), "{error}");
        let error = changed("leave_out = 3\n", Path::new("issue.toml"), ZONE, &[Change::LeaveOut("a".to_owned())]);
        assert_eq!(error.unwrap_err().to_string(), "issue.toml: `leave_out` is not of the kind it must be");
    }
}

//! `masthead init`: a small bilingual publication that publishes at once.

use std::path::Path;

use chrono::{Datelike as _, Days, Months, NaiveDate};
use serde_json::json;

use crate::assemble::calendar;
use crate::cli::files;
use crate::cli::report::{Report, quoted};
use crate::cli::session::Session;
use crate::error::{Error, ErrorKind, Place, Result};
use crate::model::Calendar;

/// The sample's files. `{since}` and `{aghaz}` stand for the first days of the last closed months, `{date}` and
/// `{tarikh}` for days within them.
const SAMPLE: [(&str, &str); 7] = [
    ("config.toml", include_str!("sample/config.toml")),
    ("posts/{date}-welcome.md", include_str!("sample/posts/welcome.md")),
    ("posts/{date}-how-an-issue-is-made.md", include_str!("sample/posts/how-an-issue-is-made.md")),
    ("posts/{tarikh}-welcome.fa.md", include_str!("sample/posts/welcome.fa.md")),
    ("posts/{tarikh}-how-an-issue-is-made.fa.md", include_str!("sample/posts/how-an-issue-is-made.fa.md")),
    ("standing/about.md", include_str!("sample/about.md")),
    ("readers.csv", include_str!("sample/readers.csv")),
];

/// Makes the publication in `dir`, which must be empty or absent.
pub(super) fn run(session: &mut Session, dir: &Path) -> Result<Report> {
    if !files::names(dir)?.is_empty() {
        return Err(Error::new(ErrorKind::Usage, "the folder is not empty")
            .at(Place::file(dir))
            .hint("name a new folder, or an empty one"));
    }
    let today = session.now.date_naive();
    let since = last_closed_month(today);
    let aghaz = last_closed_persian_month(today);
    let filled = |text: &str| {
        text.replace("{since}", &since.to_string())
            .replace("{aghaz}", &aghaz.to_string())
            .replace("{date}", &(since + Days::new(9)).to_string())
            .replace("{tarikh}", &(aghaz + Days::new(9)).to_string())
    };
    let mut made = Vec::new();
    for (name, text) in SAMPLE {
        let path = dir.join(filled(name));
        files::write(&path, filled(text).as_bytes())?;
        made.push(path);
    }
    let mut report = Report::default();
    for path in &made {
        report.line(path.display().to_string());
    }
    report.line(format!("\nNow: cd {} && masthead publish", quoted(dir)));
    report.set("made", json!(made));
    Ok(report)
}

/// The first day of the month before this one.
fn last_closed_month(today: NaiveDate) -> NaiveDate {
    let first = today.with_day(1).unwrap_or(today);
    first.checked_sub_months(Months::new(1)).unwrap_or(first)
}

/// The first day of the month before this one, by the calendar of Iran.
fn last_closed_persian_month(today: NaiveDate) -> NaiveDate {
    let first = persian_month(today);
    persian_month(first - Days::new(1))
}

fn persian_month(day: NaiveDate) -> NaiveDate {
    calendar::month_start(day, Calendar::Persian).unwrap_or(day)
}

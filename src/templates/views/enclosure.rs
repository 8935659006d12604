//! Sounds, films and documents that come with an article.

use serde::Serialize;

use super::{Addresses, Locale};
use crate::model::{Enclosure, Medium, ending_of};
use crate::templates::markup::fit_source;

/// A file that comes with an article, as a link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EnclosureView<'a> {
    /// Its address.
    pub url: String,
    /// As in "audio/mpeg"; empty when unknown.
    pub media_type: &'a str,
    /// What it is called, where it has a name.
    pub title: Option<&'a str>,
    /// What it is, in a word: "Audio".
    pub kind: String,
    /// Its format, length and size, as far as they are known: "MP3, 1:02:03, 12 MB".
    pub details: String,
}

impl<'a> EnclosureView<'a> {
    /// The view of `file`. Pages lead to the copy that is kept; a document on its own to where the file came from, if it
    /// came from the web: it may be of a series that has nothing under public/.
    pub(super) fn new(file: &'a Enclosure, addresses: &Addresses<'_>, locale: &Locale<'_>) -> Self {
        let is_page = addresses.root != addresses.base_url;
        let address = file.kept.as_ref().filter(|_| is_page).unwrap_or(&file.address);
        let kind = match file.medium() {
            Medium::Audio => "audio",
            Medium::Video => "video",
            Medium::Document => "document",
            Medium::Other => "file",
        };
        let format = ending_of(&file.media_type).map(str::to_uppercase);
        let duration = file.duration.map(|seconds| locale.dates.numerals(&clock(seconds)));
        let size = file.length.map(|length| size_in_words(length, locale));
        let details: Vec<String> = [format, duration, size].into_iter().flatten().collect();
        Self {
            url: fit_source(address, &addresses.files()),
            media_type: &file.media_type,
            title: file.title.as_deref(),
            kind: locale.words(kind, &[]),
            details: locale.list(&details),
        }
    }
}

/// The view of the words of a sound or a film, at this address.
pub(super) fn transcript<'a>(address: &str, addresses: &Addresses<'_>, locale: &Locale<'_>) -> EnclosureView<'a> {
    EnclosureView {
        url: fit_source(address, &addresses.files()),
        media_type: "",
        title: None,
        kind: locale.words("transcript", &[]),
        details: String::new(),
    }
}

/// "1:02:03", "2:03".
fn clock(seconds: u32) -> String {
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
}

/// A length in bytes as people say it, in powers of ten: "64 kB", "1.2 MB", "12 MB".
#[must_use]
pub fn size_in_words(bytes: u64, locale: &Locale<'_>) -> String {
    let (key, unit) = match bytes {
        0..1_000_000 => ("kilobytes", 1_000),
        1_000_000..10_000_000_000 => ("megabytes", 1_000_000),
        _ => ("gigabytes", 1_000_000_000),
    };
    let tenths = bytes.saturating_add(unit / 20) / (unit / 10);
    let count = if unit > 1_000 && tenths < 100 {
        let mark = locale.words("decimal_mark", &[]);
        format!("{}{mark}{}", tenths / 10, tenths % 10)
    } else {
        (bytes.saturating_add(unit / 2) / unit).max(1).to_string()
    };
    locale.words(key, &[("n", &locale.dates.numerals(&count))])
}

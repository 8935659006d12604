//! Sounds, films and documents that come with an article.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::enclosure_name::own_name;
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
    /// What it is called, where it has a title.
    pub title: Option<&'a str>,
    /// What its file on the web is called, where it has no title and that tells more than its kind. In whatever script it is, it
    /// stands apart from the words around it.
    pub name: Option<String>,
    /// What it is, in a word: "Audio"; with a number where nothing else tells it from another: "Audio 2".
    pub kind: String,
    /// Its format, length and size, as far as they are known: "MP3, 1:02:03, 12 MB".
    pub details: String,
}

impl<'a> EnclosureView<'a> {
    /// The view of `file`. Pages lead to the copy that is kept; a document on its own to where the file came from, if it
    /// came from the web: it may be of a series that has nothing under public/.
    fn new(file: &'a Enclosure, addresses: &Addresses<'_>, locale: &Locale<'_>) -> Self {
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
            name: None,
            kind: locale.words(kind, &[]),
            details: locale.list(&details),
        }
    }
}

/// The views of the files of an article without those that are left out. Where there is no title, documents on the web are called by
/// the names of their files, and so are sounds and films that neither their kind nor their format tells from one another.
pub(super) fn enclosed<'a>(
    files: &'a [Enclosure],
    is_left_out: impl Fn(&EnclosureView<'_>) -> bool,
    addresses: &Addresses<'_>,
    locale: &Locale<'_>,
) -> Vec<EnclosureView<'a>> {
    let seen = files.iter().map(|file| (file, EnclosureView::new(file, addresses, locale)));
    let mut seen: Vec<(&Enclosure, EnclosureView<'a>)> = seen.filter(|(_, view)| !is_left_out(view)).collect();
    let alike = alike(seen.iter().map(|(_, view)| view));
    for (file, view) in seen.iter_mut().filter(|(_, view)| view.title.is_none()) {
        let is_played = matches!(file.medium(), Medium::Audio | Medium::Video);
        if !is_played || alike.contains(&view.kind) {
            view.name = own_name(file);
        }
    }
    let mut views: Vec<EnclosureView<'a>> = seen.into_iter().map(|(_, view)| view).collect();
    number(&mut views, locale);
    views
}

/// The kinds of which there are files with neither title nor name that their formats do not tell apart.
fn alike<'v, 'a: 'v>(views: impl Iterator<Item = &'v EnclosureView<'a>>) -> BTreeSet<String> {
    let mut formats: BTreeMap<&str, Vec<Option<&str>>> = BTreeMap::new();
    for view in views.filter(|view| view.title.is_none() && view.name.is_none()) {
        formats.entry(&view.kind).or_default().push(ending_of(view.media_type));
    }
    let are_alike = |formats: &[Option<&str>]| {
        let different: BTreeSet<&str> = formats.iter().filter_map(|format| *format).collect();
        formats.len() > 1 && different.len() < formats.len()
    };
    formats.into_iter().filter(|(_, formats)| are_alike(formats)).map(|(kind, _)| kind.to_owned()).collect()
}

/// Numbers those of the same name, and those without one that are alike.
fn number(views: &mut [EnclosureView<'_>], locale: &Locale<'_>) {
    let alike = alike(views.iter());
    let mut counts: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let key = |view: &EnclosureView<'_>| match &view.name {
        _ if view.title.is_some() => None,
        Some(name) => Some(name.to_lowercase()),
        None => alike.contains(&view.kind).then(|| view.kind.clone()),
    };
    let keys: Vec<Option<String>> = views.iter().map(key).collect();
    for key in keys.iter().flatten() {
        counts.entry(key.clone()).or_default().0 += 1;
    }
    for (view, key) in views.iter_mut().zip(keys) {
        let Some((of, number)) = key.and_then(|key| counts.get_mut(&key)) else { continue };
        *number += 1;
        let number = locale.dates.numerals(&number.to_string());
        match &mut view.name {
            Some(name) if *of > 1 => *name = format!("{name} ({number})"),
            Some(_) => {}
            None => view.kind = format!("{} {number}", view.kind),
        }
    }
}

/// The view of the words of a sound or a film, at this address.
pub(super) fn transcript<'a>(address: &str, addresses: &Addresses<'_>, locale: &Locale<'_>) -> EnclosureView<'a> {
    EnclosureView {
        url: fit_source(address, &addresses.files()),
        media_type: "",
        title: None,
        name: None,
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

#[cfg(test)]
mod tests {
    use super::enclosed;
    use crate::model::{Calendar, Enclosure, Language};
    use crate::templates::Templates;
    use crate::templates::dates::Dates;
    use crate::templates::views::{Addresses, Locale};

    const PDF: &str = "application/pdf";
    const MP3: &str = "audio/mpeg";

    /// What readers see of files with these addresses, titles and types.
    fn shown(files: &[(&str, Option<&str>, &str)]) -> Vec<String> {
        let (language, templates) = (Language::parse("fa").unwrap(), Templates::builtin());
        let dates = Dates::new(&language, Calendar::Gregorian, chrono_tz::UTC);
        let locale = Locale { language: &language, dates, strings: templates.strings() };
        let base_url = "https://p.example/";
        let addresses = Addresses { base_url, root: "../", assets: "../assets/", page: "", landing: None };
        let one = |(address, title, media_type): &(&str, Option<&str>, &str)| Enclosure {
            address: (*address).to_owned(),
            title: title.map(str::to_owned),
            media_type: (*media_type).to_owned(),
            ..Enclosure::default()
        };
        let files: Vec<Enclosure> = files.iter().map(one).collect();
        enclosed(&files, |view| view.url.ends_with("linked.pdf"), &addresses, &locale)
            .into_iter()
            .map(|view| view.title.map(|title| format!("= {title}")).or(view.name).unwrap_or(view.kind))
            .collect()
    }

    #[test]
    fn documents_without_a_title_are_called_by_their_files() {
        let [minutes, agenda] = ["https://a.example/x/minutes.pdf", "https://a.example/agenda%20(2).pdf?x=1.doc"];
        assert_eq!(shown(&[(minutes, None, PDF), (agenda, None, PDF)]), ["minutes.pdf", "agenda (2).pdf"]);
        assert_eq!(shown(&[(minutes, None, PDF)]), ["minutes.pdf"]);
        // What authors call a file stays as it is, also beside its like.
        let titled = [(minutes, Some("سند"), PDF), (minutes, Some("سند"), PDF), (minutes, None, PDF)];
        assert_eq!(shown(&titled), ["= سند", "= سند", "minutes.pdf"]);
    }

    #[test]
    fn names_that_are_alike_have_numbers() {
        let names = ["https://a.example/1/a.pdf", "https://a.example/2/A.pdf", "https://a.example/b.pdf"];
        assert_eq!(shown(&names.map(|name| (name, None, PDF))), ["a.pdf (۱)", "A.pdf (۲)", "b.pdf"]);
    }

    #[test]
    fn files_whose_names_say_nothing_have_numbers_where_their_formats_are_alike() {
        let nameless = ["https://a.example/file", "https://a.example/get.php?1", "assets/0123456789abcdef.pdf"];
        assert_eq!(shown(&nameless.map(|name| (name, None, PDF))), ["سند ۱", "سند ۲", "سند ۳"]);
        assert_eq!(shown(&[(nameless[0], None, PDF)]), ["سند"]);
        let formats = [(nameless[0], None, PDF), (nameless[1], None, "application/epub+zip")];
        assert_eq!(shown(&formats), ["سند", "سند"]);
        assert_eq!(shown(&[(nameless[0], None, ""), (nameless[1], None, "")]), ["فایل ۱", "فایل ۲"]);
        // What the text links to is not counted.
        let linked = [("assets/linked.pdf", None, PDF), (nameless[0], None, PDF)];
        assert_eq!(shown(&linked), ["سند"]);
    }

    #[test]
    fn sounds_are_called_by_their_files_only_where_their_formats_are_alike() {
        let [one, two] = ["https://a.example/x/1.mp3?b", "https://a.example/2.mp3"];
        assert_eq!(shown(&[(one, None, MP3)]), ["فایل صوتی"]);
        assert_eq!(shown(&[(one, None, MP3), ("https://a.example/1.ogg", None, "audio/ogg")]), ["فایل صوتی"; 2]);
        assert_eq!(shown(&[(one, None, MP3), (two, Some("Two"), MP3)]), ["فایل صوتی", "= Two"]);
        assert_eq!(shown(&[(one, None, MP3), (two, None, MP3)]), ["1.mp3", "2.mp3"]);
    }
}

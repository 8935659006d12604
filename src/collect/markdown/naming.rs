//! What a file's name and folders say: a day, a language, a slug.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::collect::dates;
use crate::model::{Language, ascii_digit, is_solar_year, is_two_letter_code, with_ascii_digits};

/// Those of three letters that have none of two, and in which there are texts on the web (ISO 639-3).
const LONGER: &str = "arc ary arz ast awa azb bal bho brx ceb chr ckb cmn csb dsb fil frp fur glk gsw haw hsb kab kmr kok krl \
    lld lmo lrc lzh mai mni mzn nan nap nds pap pcm pms pnb prs quc rue sah scn sco sdh shi skr syr szl tet tzm udm vec wuu yue \
    zgh zza";

/// Codes that are words as well, or the endings of files that texts are about: `my.is.md`, `install.sh.md`, `part.ii.md`.
const WORDS: &str =
    "am as be cs cv ha he hi ho hr id ie ii io is it la ml my no or os pi pl ps rm sh so st tk to ts tt wo yo";

/// Names that folders' own files have: what stands behind them is a language.
const OF_FOLDERS: [&str; 2] = ["index", "_index"];

/// What a file's name says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Name {
    /// Without extension, day and language.
    pub(super) stem: String,
    /// `2014-03-31-…`, or folders `2014/03/31/`.
    pub(super) day: Option<NaiveDate>,
    /// `….fa.md`.
    pub(super) language: Option<Language>,
}

/// Reads the name of a file, given below its source folder. What stands before its ending is a language where it is one that
/// `counts`: `my.is.md` is no Icelandic.
pub(super) fn read(relative: &str, counts: impl Fn(&Language) -> bool) -> Name {
    let (folders, file) = relative.rsplit_once('/').unwrap_or(("", relative));
    let bare = bare_name(file);
    let (bare, language) =
        match suffix(relative).filter(|(rest, language)| OF_FOLDERS.contains(rest) || counts(language)) {
            Some((rest, language)) => (rest, Some(language)),
            None => (bare, None),
        };
    // A folder with an index file is one post ("page bundle"): the folder is its name.
    let bundle = bare == "index" && !folders.is_empty();
    let named = if bundle { folders.rsplit('/').next().unwrap_or(folders) } else { bare };
    let day = dates::leading_day(named);
    let stem = match day {
        Some(_) => after_day(named).filter(|rest| !rest.is_empty()).unwrap_or(named),
        None => named,
    };
    let day = day.or_else(|| folder_day(folders));
    Name { stem: stem.to_owned(), day, language }
}

/// A file's name without its ending.
fn bare_name(file: &str) -> &str {
    file.rsplit_once('.').map_or(file, |(bare, _)| bare)
}

/// The name of a file without what may be its language, and that.
pub(super) fn suffix(relative: &str) -> Option<(&str, Language)> {
    let (rest, tag) = bare_name(relative.rsplit('/').next()?).rsplit_once('.')?;
    Some((rest, language_code(tag)?))
}

/// The languages that count in the names of a source's files though they may be words.
#[derive(Debug, Default)]
pub(super) struct Suffixes(BTreeSet<String>);

impl Suffixes {
    /// Those of the publication, and those by which the same name is told from another beside it: `a.fr.md` stands beside `a.md`
    /// or `a.en.md`. `files` are paths below the source folder.
    pub(super) fn find<'a>(
        files: impl Iterator<Item = &'a str>,
        published: impl Iterator<Item = &'a Language>,
    ) -> Self {
        let mut languages: BTreeSet<String> = published.map(|language| language.primary().to_owned()).collect();
        let mut beside: BTreeMap<(&str, &str), BTreeSet<Option<String>>> = BTreeMap::new();
        let mut without = Vec::new();
        for file in files {
            let (folder, own) = file.rsplit_once('/').unwrap_or(("", file));
            match suffix(file) {
                Some((name, language)) => {
                    beside.entry((folder, name)).or_default().insert(Some(language.primary().to_owned()));
                }
                None => without.push((folder, bare_name(own))),
            }
        }
        // Most names have none, and nothing beside them.
        for name in without {
            if let Some(languages) = beside.get_mut(&name) {
                languages.insert(None);
            }
        }
        let several = beside.into_values().filter(|names| names.len() > 1);
        languages.extend(several.flatten().flatten());
        Self(languages)
    }

    /// Whether this is one of them, or no word.
    pub(super) fn count(&self, language: &Language) -> bool {
        let primary = language.primary();
        self.0.contains(primary) || !WORDS.split_ascii_whitespace().any(|word| word == primary)
    }
}

/// What stands where a file's name has its day, written as one, and is none: `2014-02-30`.
pub(super) fn impossible_day(relative: &str) -> Option<&str> {
    let file = relative.rsplit('/').next()?;
    let end = file.char_indices().nth(10).map_or(file.len(), |(at, _)| at);
    let (day, rest) = file.split_at(end);
    let ascii = with_ascii_digits(day);
    let is_written_as_one = ascii.len() == 10
        && !rest.starts_with(is_digit)
        && ascii.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    // A year of posts, no number of parts.
    let is_solar = || ascii.get(..4).and_then(|year| year.parse().ok()).is_some_and(is_solar_year);
    let is_year = ascii.starts_with("19") || ascii.starts_with("20") || is_solar();
    (is_written_as_one && is_year && dates::leading_day(file).is_none()).then_some(day)
}

/// What follows `2014-03-31-`.
fn after_day(named: &str) -> Option<&str> {
    let separator = named.chars().nth(4)?;
    let rest = named.splitn(3, separator).nth(2)?;
    Some(rest.trim_start_matches(is_digit).trim_start_matches(['-', '_', '.', ' ']))
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || ascii_digit(c).is_some()
}

/// Three folders in a row that are a year, a month and a day.
fn folder_day(folders: &str) -> Option<NaiveDate> {
    let parts: Vec<&str> = folders.split('/').collect();
    parts
        .windows(3)
        .rev()
        .find_map(|three| dates::leading_day(&format!("{}/", three.join("/"))))
        .or_else(|| parts.iter().rev().find_map(|part| dates::leading_day(part)))
}

/// A language of ISO 639-1, or one of those of three letters, perhaps with a region: `fa`, `pt-br`, `zh_TW`, `ckb`.
pub(super) fn language_code(tag: &str) -> Option<Language> {
    let primary = tag.split(['-', '_']).next()?;
    let is_known = is_two_letter_code(primary) || LONGER.split_ascii_whitespace().any(|code| primary == code);
    let well_known = tag.len() <= primary.len() + 5 && is_known;
    well_known.then(|| Language::parse(tag)).flatten()
}

/// Folders that are named as a language and mean it.
#[derive(Debug, Default)]
pub(super) struct LanguageFolders(BTreeSet<String>);

impl LanguageFolders {
    /// Finds them: a folder named as a language means it when a folder beside it is named as a language of the publication,
    /// when a file below it says so itself, or when the publication is published in that language. `files` are the paths of
    /// posts below the source folder with the languages that they name.
    pub(super) fn find<'a>(
        files: impl Iterator<Item = (&'a str, Option<&'a Language>)>,
        published: &[&Language],
    ) -> Self {
        let mut beside: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        let mut agreed: BTreeSet<String> = BTreeSet::new();
        for (file, says) in files {
            for (parent, name) in folders_of(file) {
                let Some(language) = language_code(name) else { continue };
                beside.entry(parent).or_default().insert(name);
                let agrees = |other: &Language| other.primary() == language.primary();
                if says.is_some_and(agrees) || published.iter().any(|other| agrees(other)) {
                    agreed.insert(joined(parent, name));
                }
            }
        }
        // One of those beside it is a language of the publication: `it` beside `is` and `no` are words.
        let is_published = |name: &&str| {
            let language = language_code(name);
            language.is_some_and(|language| published.iter().any(|other| other.primary() == language.primary()))
        };
        for (parent, names) in beside.into_iter().filter(|(_, names)| names.len() > 1 && names.iter().any(is_published))
        {
            agreed.extend(names.into_iter().map(|name| joined(parent, name)));
        }
        Self(agreed)
    }

    /// The language of the innermost language folder that `file` stands in.
    pub(super) fn language_of(&self, file: &str) -> Option<Language> {
        let mut found = None;
        for (parent, name) in folders_of(file) {
            if self.0.contains(&joined(parent, name)) {
                found = language_code(name);
            }
        }
        found
    }
}

fn joined(parent: &str, name: &str) -> String {
    format!("{parent}/{name}")
}

/// The folders of a path from the outermost: what they stand in, and their names.
fn folders_of(file: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut from = 0;
    std::iter::from_fn(move || {
        let length = file[from..].find('/')?;
        let pair = (file[..from].trim_end_matches('/'), &file[from..from + length]);
        from += length + 1;
        Some(pair)
    })
}

#[cfg(test)]
mod tests {
    use super::impossible_day;
    use super::{LanguageFolders, Suffixes, language_code, read};
    use crate::model::Language;

    fn show(relative: &str) -> String {
        let name = read(relative, |language| language.as_str() == "fa");
        let day = name.day.map(|day| day.to_string()).unwrap_or_default();
        format!("{} {day} {}", name.stem, name.language.map(|l| l.to_string()).unwrap_or_default())
    }

    #[test]
    fn names_say_days_languages_and_slugs() {
        assert_eq!(show("2014-03-31-fbopen.md"), "fbopen 2014-03-31 ");
        assert_eq!(show("a/b.fa.md"), "b  fa");
        assert_eq!(show("a/my.is.md"), "my.is  ");
        assert_eq!(show("a/my/index.is.md"), "my  is");
        assert_eq!(show("2025/06/26/launch.md"), "launch 2025-06-26 ");
        assert_eq!(show("survey-results/index.md"), "survey-results  ");
        assert_eq!(show("announcing-etcd-3.5.md"), "announcing-etcd-3.5  ");
        assert_eq!(show("v0.10.12.md"), "v0.10.12  ");
        assert_eq!(show("2021-02-30-x.md"), "2021-02-30-x  ");
        assert_eq!(show("2018-07-17.md"), "2018-07-17 2018-07-17 ");
    }

    #[test]
    fn a_language_in_a_name_that_is_a_word_is_one_of_the_site() {
        let english = Language::parse("en-GB").unwrap();
        let files =
            ["a/my.is.md", "a/b.it.md", "a/b.md", "a/c.he.md", "a/c.prs.md", "x.no.md", "d/x.md", "a/e.to.html"];
        let suffixes = Suffixes::find(files.into_iter(), std::iter::once(&english));
        for (tag, counts) in [
            ("en", true),
            ("it-CH", true),
            ("he", true),
            ("prs", true),
            ("fa", true),
            ("is", false),
            ("no", false),
            ("to", false),
        ] {
            assert_eq!(suffixes.count(&Language::parse(tag).unwrap()), counts, "{tag}");
        }
        assert_eq!(language_code("ckb-Arab"), Language::parse("ckb-Arab"));
        assert_eq!((language_code("md"), language_code("min")), (None, None));
    }

    #[test]
    fn folders_named_as_languages_mean_it_when_something_agrees() {
        let english = Language::parse("en").unwrap();
        let files = ["en/a.md", "ja/b.md", "os/is/c.md", "x/fa/d.md"];
        let find = |published: &[&Language]| {
            let folders = LanguageFolders::find(files.iter().map(|f| (*f, None)), published);
            files.map(|f| folders.language_of(f).map_or_else(|| "-".to_owned(), |l| l.to_string())).join(" ")
        };
        // `os` (Ossetian) stands beside `en`, which is the price of the rule; `is` and `fa` stand alone.
        assert_eq!(find(&[&english]), "en ja os -");
        assert_eq!(find(&[]), "- - - -");
        let persian = Language::parse("fa").unwrap();
        assert_eq!(find(&[&persian]), "- - - fa");
    }

    #[test]
    fn a_day_that_is_none_is_noticed() {
        for (file, day) in [
            ("a/2026-02-30-b.md", Some("2026-02-30")),
            ("2026-13-01.md", Some("2026-13-01")),
            ("2026-02-28-b.md", None),
            ("2026-02-301.md", None),
            ("0012-34-56-b.md", None),
            ("press.md", None),
            ("٢٠٢٦-b.md", None),
        ] {
            assert_eq!(impossible_day(file), day, "{file}");
        }
    }
}

//! What the files of enclosures are called that are on the web.

use percent_encoding::percent_decode_str;

use crate::model::{Enclosure, ending_of, is_unseen, media_type_of};

/// A name of more characters says nothing.
const LONGEST: usize = 60;
/// So many hexadecimal digits are no name; a day has eight.
const LONG_DIGITS: usize = 12;
/// A name in which letters and digits take turns so often is one of a machine.
const TURNS: usize = 6;
/// Media types that every file may have.
const ANY: [&str; 3] = ["", "application/octet-stream", "binary/octet-stream"];

/// How a file is called at its address on the web, where that is a name that people can read. What our own files are called
/// stays with us: their addresses say nothing of it.
pub(super) fn own_name(file: &Enclosure) -> Option<String> {
    let name = name_in(&file.address)?;
    let (stem, _) = name.rsplit_once('.')?;
    let is_readable = name.chars().count() <= LONGEST && !name.chars().any(is_unfit);
    (is_readable && is_of_type(&name, &file.media_type) && !says_nothing(stem)).then_some(name)
}

/// The name at the end of an address on the web.
fn name_in(address: &str) -> Option<String> {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let (scheme, path) = path.split_once("://")?;
    if !["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known)) {
        return None;
    }
    let (_, name) = path.rsplit_once('/')?;
    Some(percent_decode_str(name).decode_utf8().ok()?.into_owned())
}

/// Whether a name ends as those of files do, and as those of this type where it is known.
fn is_of_type(name: &str, media_type: &str) -> bool {
    let named = media_type_of(name).and_then(ending_of);
    named.is_some() && (ANY.contains(&media_type) || named == ending_of(media_type))
}

/// What parts a path, ends a line, or is not seen, as signs are not that turn what stands around them; joiners are letters.
fn is_unfit(c: char) -> bool {
    let is_joiner = matches!(c, '\u{200c}' | '\u{200d}');
    is_unseen(c) && !is_joiner || c.is_control() || matches!(c, '/' | '\\' | '\u{2028}' | '\u{2029}')
}

/// Whether a name is that of a machine: a UUID, long digits, or letters and digits at random.
fn says_nothing(stem: &str) -> bool {
    let is_hex = |part: &str| part.bytes().all(|byte| byte.is_ascii_hexdigit());
    let is_uuid = stem.split('-').map(str::len).eq([8, 4, 4, 4, 12]) && stem.split('-').all(is_hex);
    let is_random = |part: &str| {
        let kinds = || part.chars().map(|c| c.is_ascii_digit());
        part.is_ascii() && kinds().zip(kinds().skip(1)).filter(|(one, next)| one != next).count() >= TURNS
    };
    let is_long = stem.len() >= LONG_DIGITS && is_hex(stem);
    stem.trim().is_empty() || is_uuid || is_long || stem.split(['-', '_', ' ', '.']).any(is_random)
}

#[cfg(test)]
mod tests {
    use super::own_name;
    use crate::model::Enclosure;

    fn of_type(address: &str, media_type: &str) -> Option<String> {
        let (address, media_type) = (address.to_owned(), media_type.to_owned());
        own_name(&Enclosure { address, media_type, ..Enclosure::default() })
    }

    fn of(address: &str) -> Option<String> {
        of_type(address, "")
    }

    #[test]
    fn names_are_those_that_people_gave() {
        for name in
            ["minutes.pdf", "20260708.pdf", "2026-07-08 10.30.pdf", "facade.pdf", "B2B-Q3_2026.v2.docx", "می‌رود.pdf"]
        {
            assert_eq!(of(&format!("https://a.example/x/{name}")).as_deref(), Some(name));
        }
        for (address, name) in [
            ("https://a.example/x/a%20b.PDF?c.doc#d", "a b.PDF"),
            ("HTTP://a.example/%D8%B3%D9%86%D8%AF.pdf", "سند.pdf"),
        ] {
            assert_eq!(of(address).as_deref(), Some(name));
        }
        let longest = format!("{}.pdf", "س".repeat(56));
        assert_eq!(of(&format!("https://a.example/{longest}")), Some(longest));
    }

    #[test]
    fn a_name_that_its_type_contradicts_is_none() {
        for (name, media_type, is_name) in [
            ("minutes.pdf", "application/pdf", true),
            ("minutes.pdf", "application/x-pdf", true),
            ("minutes.PDF", "application/octet-stream", true),
            ("talk.m4b", "audio/mp4", true),
            ("trojan.pdf", "application/zip", false),
            ("trojan.pdf", "text/html", false),
            ("trojan.pdf", "application/x-msdownload", false),
            ("talk.mp3", "video/mp4", false),
        ] {
            let name_of = of_type(&format!("https://a.example/{name}"), media_type);
            assert_eq!(name_of.is_some(), is_name, "{name}, {media_type}");
        }
    }

    #[test]
    fn what_says_nothing_or_leads_elsewhere_is_no_name() {
        for name in [
            "123e4567-e89b-12d3-a456-426614174000.pdf",
            "1699999999999.pdf",
            "d41d8cd98f00b204.pdf",
            "k3j9x0q2m1z8.pdf",
            "scan-k3j9x0q2m1z8.pdf",
            "minutes",
            "get.php",
            ".pdf",
            " .pdf",
            "a\\b.pdf",
            "a\nb.pdf",
            &format!("{}.pdf", "a".repeat(57)),
        ] {
            assert_eq!(of(&format!("https://a.example/{name}")), None, "{name}");
        }
        for sign in ['\u{ad}', '\u{200b}', '\u{202e}', '\u{200e}', '\u{200f}', '\u{61c}', '\u{2028}', '\u{2067}'] {
            assert_eq!(of(&format!("https://a.example/a{sign}fdp.pdf")), None, "{sign:?}");
        }
        for address in [
            "assets/0123456789abcdef.pdf",
            "assets/minutes.pdf",
            "assets/0123456789abcdef/own.pdf",
            "file:///home/minutes.pdf",
            "ftp://a.example/minutes.pdf",
            "//a.example/minutes.pdf",
            "/files/minutes.pdf",
            "https://minutes.pdf",
            "https://a.example/",
            "https://a.example/a%2Fb.pdf",
            "https://a.example/a%5Cb.pdf",
            "https://a.example/a%ff.pdf",
            "minutes.pdf",
            "",
        ] {
            assert_eq!(of(address), None, "{address}");
        }
    }
}

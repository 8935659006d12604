//! What the files of enclosures are called.

use percent_encoding::percent_decode_str;

use crate::model::{Enclosure, media_type_of};
use crate::templates::markup::ASSETS;

/// A name of more characters says nothing.
const LONGEST: usize = 80;
/// So many hexadecimal digits are no name; a day has eight.
const LONG_DIGITS: usize = 12;
/// A name in which letters and digits take turns so often is one of a machine.
const TURNS: usize = 6;

/// How a file is called where it came from, where that is a name that people can read.
pub(super) fn own_name(file: &Enclosure) -> Option<String> {
    let name = match &file.name {
        Some(name) => name.clone(),
        None => name_in(&file.address)?,
    };
    let (stem, _) = name.rsplit_once('.')?;
    let is_readable = name.chars().count() <= LONGEST && !name.chars().any(is_unfit);
    (is_readable && media_type_of(&name).is_some() && !says_nothing(stem)).then_some(name)
}

/// The name at the end of an address. What is kept under digits alone was called otherwise.
fn name_in(address: &str) -> Option<String> {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let path = path.strip_prefix(ASSETS).or_else(|| Some(path.split_once("://")?.1))?;
    let (_, name) = path.rsplit_once('/')?;
    Some(percent_decode_str(name).decode_utf8().ok()?.into_owned())
}

/// What parts a path, ends a line, or turns what stands around it.
fn is_unfit(c: char) -> bool {
    let turns = matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
    turns || c.is_control() || matches!(c, '/' | '\\')
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

    fn of(address: &str, name: Option<&str>) -> Option<String> {
        let name = name.map(str::to_owned);
        own_name(&Enclosure { address: address.to_owned(), name, ..Enclosure::default() })
    }

    #[test]
    fn names_are_those_that_people_gave() {
        for name in
            ["minutes.pdf", "20260708.pdf", "2026-07-08 10.30.pdf", "facade.pdf", "B2B-Q3_2026.v2.docx", "می‌رود.pdf"]
        {
            assert_eq!(of("assets/0123456789abcdef.pdf", Some(name)).as_deref(), Some(name));
        }
        for (address, name) in [
            ("https://a.example/x/a%20b.PDF?c.doc#d", "a b.PDF"),
            ("https://a.example/%D8%B3%D9%86%D8%AF.pdf", "سند.pdf"),
            ("assets/0123456789abcdef/own.pdf", "own.pdf"),
        ] {
            assert_eq!(of(address, None).as_deref(), Some(name));
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
            "../minutes.pdf",
            "a/b.pdf",
            "a\\b.pdf",
            "a\nb.pdf",
            &format!("{}.pdf", "long ".repeat(20)),
        ] {
            assert_eq!(of("assets/0123456789abcdef.pdf", Some(name)), None, "{name}");
        }
        for sign in ['\u{202e}', '\u{200e}', '\u{200f}', '\u{61c}', '\u{2028}', '\u{2067}'] {
            assert_eq!(of("", Some(&format!("a{sign}fdp.pdf"))), None, "{sign:?}");
        }
        for address in [
            "assets/0123456789abcdef.pdf",
            "assets/minutes.pdf",
            "https://minutes.pdf",
            "https://a.example/",
            "https://a.example/a%2Fb.pdf",
            "https://a.example/a%5Cb.pdf",
            "https://a.example/a%ff.pdf",
            "minutes.pdf",
            "",
        ] {
            assert_eq!(of(address, None), None, "{address}");
        }
    }
}

//! Names for addresses.

use std::borrow::Cow;

use super::sha256_hex;

/// The longest slug that is used as it is, in bytes. File systems take names of 255; a slug may still get a day and a count.
pub const LONGEST_SLUG: usize = 240;

/// Digits of the hash that a name which was cut ends with.
const DIGITS: usize = 8;

/// A name fit for an address: lower-case letters and digits of any script, joined by single hyphens. Combining marks
/// and the zero-width joiners stay where the script needs them between letters.
#[must_use]
pub fn slugify(text: &str) -> String {
    let mut slug = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii_alphanumeric() {
            slug.push(c.to_ascii_lowercase());
        } else if c.is_alphanumeric() || is_mark(c) {
            slug.extend(c.to_lowercase());
        } else if c == '\'' || c == '\u{2019}' || c == '\u{200d}' {
        } else if !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.trim_matches('-').to_owned()
}

/// A name that fits into `most` bytes: a longer one is cut between two letters, and ends with digits of its hash, which tell
/// it from others that begin alike.
#[must_use]
pub fn fitting(name: String, most: usize) -> String {
    if name.len() <= most {
        return name;
    }
    let room = most.saturating_sub(DIGITS + 1);
    let is_border = |at: &usize| name.is_char_boundary(*at) && !name[*at..].starts_with(is_mark);
    let end = (0..=room).rev().find(is_border).unwrap_or(0);
    format!("{}-{}", name[..end].trim_end_matches('-'), &sha256_hex(name.as_bytes())[..DIGITS])
}

/// The slug under which posts of one name (a section, an author, a tag) are filed. Signs that tell names apart are
/// spelt: "C++" and "C#" are not "C"; a name of other signs alone is told by their numbers in Unicode.
#[must_use]
pub fn group_slug(name: &str) -> String {
    let mut slug = slugify(&spelt(name));
    if slug.is_empty() {
        slug.push('u');
        slug.extend(name.chars().map(|sign| format!("-{:x}", u32::from(sign))));
    }
    fitting(slug, LONGEST_SLUG)
}

/// "C++" -> "C-plus-plus", "F#" -> "F-sharp"; "#news" stays, whose sign is no part of the name.
fn spelt(name: &str) -> Cow<'_, str> {
    if !name.contains(['+', '#']) {
        return Cow::Borrowed(name);
    }
    let mut spelt = String::with_capacity(name.len() + 8);
    for c in name.chars() {
        match c {
            '+' => spelt.push_str("-plus-"),
            '#' if spelt.ends_with(char::is_alphanumeric) => spelt.push_str("-sharp-"),
            c => spelt.push(c),
        }
    }
    Cow::Owned(spelt)
}

/// Marks that belong to the letter before them (Arabic, Indic), which `is_alphanumeric` leaves out.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{64b}'..='\u{65f}' | '\u{900}'..='\u{903}' | '\u{93a}'..='\u{94f}'
        | '\u{981}'..='\u{983}' | '\u{9bc}'..='\u{9cd}' | '\u{b82}' | '\u{bbe}'..='\u{bcd}')
}

#[cfg(test)]
mod tests {
    use super::{LONGEST_SLUG, fitting, group_slug, slugify};

    #[test]
    fn letters_of_any_script_stay() {
        assert_eq!(slugify("It\u{2019}s  a Test: C++ & Rust!"), "its-a-test-c-rust");
        assert_eq!(slugify("نیم\u{200c}فاصله در چاپ"), "نیم-فاصله-در-چاپ");
        assert_eq!(slugify("Çështje të shtypit"), "çështje-të-shtypit");
        assert_eq!(slugify("--"), "");
    }

    #[test]
    fn a_long_name_is_cut_between_letters_and_stays_its_own() {
        for letter in ["a", "ä", "س", "سُ", "कि", "語", "a-"] {
            let cut = fitting(letter.repeat(300), LONGEST_SLUG);
            let (begin, hash) = cut.rsplit_once('-').unwrap();
            assert!(cut.len() <= LONGEST_SLUG && hash.len() == 8, "{cut}");
            assert!(begin.replace(letter, "").is_empty() || letter == "a-", "{cut}");
            assert_eq!(slugify(&cut), cut);
        }
        assert_ne!(fitting("a".repeat(300), 240), fitting("a".repeat(301), 240));
        assert_eq!(fitting("a".repeat(240), 240), "a".repeat(240));
    }

    #[test]
    fn names_that_differ_by_signs_have_pages_of_their_own() {
        let names = ["C", "C++", "C#", "#news", "+1", "!?", "Notepad++ 8"];
        assert_eq!(
            names.map(group_slug),
            ["c", "c-plus-plus", "c-sharp", "news", "plus-1", "u-21-3f", "notepad-plus-plus-8"]
        );
        assert_eq!(["\u{1f389}", "\u{2764}\u{fe0f}", ""].map(group_slug), ["u-1f389", "u-2764-fe0f", "u"]);
        assert!(group_slug(&"Ann Author, ".repeat(40)).len() <= 240);
    }
}

//! When two addresses are one, and when two words are.

use std::borrow::Cow;

use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};

use super::is_unseen;

/// The form of an address in which it is compared: composed (Unicode NFC, which RFC 6532 3.1 asks for) and in small
/// letters. Servers may tell capitals apart before the `@` (RFC 5321 2.4); people do not.
#[must_use]
pub fn address_identity(address: &str) -> Cow<'_, str> {
    if address.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase()) {
        return Cow::Borrowed(address);
    }
    let composed = ComposingNormalizerBorrowed::new_nfc().normalize(address);
    Cow::Owned(composed.to_lowercase())
}

/// A name or an address in composed form.
#[must_use]
pub fn composed(text: &str) -> Cow<'_, str> {
    if text.is_ascii() { Cow::Borrowed(text) } else { ComposingNormalizerBorrowed::new_nfc().normalize(text) }
}

/// The same with marks apart from their letters (Unicode NFD), as macOS gives names to files.
#[must_use]
pub fn decomposed(text: &str) -> String {
    DecomposingNormalizerBorrowed::new_nfd().normalize(text).into_owned()
}

/// Whether a tag, a category or the like is the one that config.toml names, however either is typed: in capitals, with letters of
/// an Arabic keyboard in a Persian word, with accents apart, with marks that nobody sees, or behind a `#`.
#[must_use]
pub fn same_word(a: &str, b: &str) -> bool {
    a.eq_ignore_ascii_case(b) || (!(is_plain(a) && is_plain(b)) && word_identity(a) == word_identity(b))
}

/// Whether any of some words is [`same_word`] as any of others; each is looked at once.
#[must_use]
pub fn shares_word(some: &[String], others: &[String]) -> bool {
    if some.iter().any(|one| others.iter().any(|other| one.eq_ignore_ascii_case(other))) {
        return true;
    }
    if some.is_empty() || others.is_empty() || some.iter().chain(others).all(|word| is_plain(word)) {
        return false;
    }
    let some: Vec<String> = some.iter().map(|word| word_identity(word)).collect();
    others.iter().any(|word| some.contains(&word_identity(word)))
}

fn is_plain(word: &str) -> bool {
    !word.starts_with('#') && word.bytes().all(|byte| byte.is_ascii_graphic())
}

/// The form of a word in which it is compared with [`same_word`].
#[must_use]
pub fn word_identity(word: &str) -> String {
    let seen: String = word.chars().filter(|c| !is_unseen(*c)).collect();
    let lower = composed(&seen).to_lowercase();
    let named = lower.trim_start_matches(|c: char| c == '#' || c.is_whitespace());
    // A word of such signs alone is that word.
    let named = if named.is_empty() { lower.as_str() } else { named };
    let joined = named.split_whitespace().collect::<Vec<_>>().join(" ");
    // The small letter of a Turkish capital keeps its dot as a mark, and that of another has none.
    joined.replace("i\u{307}", "i").chars().map(as_in_persian).collect()
}

fn as_in_persian(c: char) -> char {
    match c {
        '\u{64a}' | '\u{649}' => '\u{6cc}',
        '\u{643}' => '\u{6a9}',
        '\u{131}' => 'i',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::{address_identity, same_word, shares_word};

    #[test]
    fn capitals_and_accents_apart_are_the_same_address() {
        assert_eq!(address_identity("Ann@X.example"), "ann@x.example");
        assert_eq!(address_identity("c\u{327}e\u{308}@x.example"), address_identity("ÇË@x.example"));
        assert_ne!(address_identity("ce@x.example"), address_identity("çë@x.example"));
    }
    #[test]
    fn a_word_is_the_same_however_it_is_typed() {
        for (a, b) in [
            ("Inside", "inside"),
            ("Çështje të brendshme", "çështje  të\u{a0}brendshme "),
            ("c\u{327}e\u{308}shtje", "ÇËSHTJE"),
            ("\u{62f}\u{627}\u{62e}\u{644}\u{64a}", "\u{62f}\u{627}\u{62e}\u{644}\u{6cc}\u{200f}"),
            ("\u{643}\u{62a}\u{627}\u{628}", "\u{6a9}\u{62a}\u{627}\u{628}"),
            ("\u{feff}#inside", "Inside"),
            ("# Inside", "inside"),
            ("İç yazışma", "IÇ YAZIŞMA"),
            ("#", "#"),
        ] {
            assert!(same_word(a, b) && same_word(b, a), "{a} {b}");
            let of = |word: &str| ["other".to_owned(), word.to_owned()];
            assert!(shares_word(&of(a), &[b.to_owned()]) && shares_word(&of(b), &[a.to_owned()]), "{a} {b}");
        }
        for (a, b) in [("inside", "insider"), ("brendshem", "brendshëm"), ("C#", "C"), ("#", ""), ("in side", "inside")]
        {
            assert!(!same_word(a, b), "{a} {b}");
            assert!(!shares_word(&[a.to_owned()], &[b.to_owned()]), "{a} {b}");
        }
    }
}

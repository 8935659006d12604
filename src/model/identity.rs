//! When two addresses are one.

use std::borrow::Cow;

use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};

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

#[cfg(test)]
mod tests {
    use super::address_identity;

    #[test]
    fn capitals_and_accents_apart_are_the_same_address() {
        assert_eq!(address_identity("Ann@X.example"), "ann@x.example");
        assert_eq!(address_identity("c\u{327}e\u{308}@x.example"), address_identity("ÇË@x.example"));
        assert_ne!(address_identity("ce@x.example"), address_identity("çë@x.example"));
    }
}

//! Words that people write in lists and mails, as they are compared, and those for leaving a list, which both have.

use crate::model::decomposed;

/// How people say that they leave, or have left, in the words that stand on our links and buttons and in others.
pub(super) const UNSUBSCRIBE: [&str; 18] = [
    "unsubscribe",
    "abmelden",
    "abbestellen",
    "désabonner",
    "se désabonner",
    "se désinscrire",
    "darse de baja",
    "cancelar suscripción",
    "cancelar la suscripción",
    "annulla iscrizione",
    "disiscriviti",
    "çabonohu",
    "çabonohuni",
    "çregjistrohu",
    "çregjistrohuni",
    "لغو اشتراک",
    "لغو عضویت",
    "إلغاء الاشتراك",
];

/// A word or a heading as it is compared: small letters and digits alone, without accents and other marks, the letters that
/// Persian and Arabic keyboards write differently as one.
pub(super) fn key(text: &str) -> String {
    if text.is_ascii() {
        return text.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect();
    }
    let letters = decomposed(&text.to_lowercase());
    letters.chars().filter(|letter| letter.is_alphanumeric() && !is_mark(*letter)).map(folded).collect()
}

/// Marks above and below Latin and Arabic letters, and what makes Arabic words longer.
fn is_mark(letter: char) -> bool {
    matches!(letter, '\u{300}'..='\u{36f}' | '\u{640}' | '\u{64b}'..='\u{65f}' | '\u{670}')
}

fn folded(letter: char) -> char {
    match letter {
        'ي' | 'ى' => 'ی',
        'ك' => 'ک',
        'ة' => 'ه',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::{UNSUBSCRIBE, key};

    #[test]
    fn what_is_written_differently_is_compared_alike() {
        for (one, other) in [
            ("E-Mail_Address", "email address"),
            ("Pre\u{301}nom", "prénom"),
            ("emër", "EMER"),
            ("نام خانوادگي", "نام\u{200c}خانوادگی"),
            ("لغو اشتراك", "لغو اشتراک"),
            ("أُلغِيَ", "الغي"),
            ("الإسـم", "الاسم"),
            ("الحالة", "الحاله"),
        ] {
            assert_eq!(key(one), key(other));
        }
        assert_ne!(key("نام"), key("نامه"));
    }

    #[test]
    fn the_words_on_our_links_are_among_those_for_leaving() {
        for strings in [
            include_str!("../../templates/strings/ar.toml"),
            include_str!("../../templates/strings/en.toml"),
            include_str!("../../templates/strings/fa.toml"),
            include_str!("../../templates/strings/sq.toml"),
        ] {
            let line = strings.lines().find_map(|line| line.strip_prefix("unsubscribe = ")).unwrap();
            assert!(UNSUBSCRIBE.iter().any(|word| key(word) == key(line)), "{line}");
        }
    }
}

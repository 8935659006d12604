//! Addresses as people read them.

use std::borrow::Cow;

use unicode_script::{Script, UnicodeScript as _};

/// An address with its domain in the letters that it stands for, where nobody can take that for another one: each part
/// between dots is of one script, and is not in letters that look like those of Latin below an end in Latin, as Greek and
/// Cyrillic ones may.
#[must_use]
pub fn readable(address: &str) -> Cow<'_, str> {
    let Some((user, domain)) = address.rsplit_once('@').filter(|(_, domain)| domain.contains("xn--")) else {
        return address.into();
    };
    let (shown, known) = idna::domain_to_unicode(domain);
    let top = shown.rsplit('.').next().unwrap_or_default();
    let is_safe = |label: &str| {
        let scripts = scripts(label);
        scripts.len() < 2 && !(top.is_ascii() && scripts.iter().any(|one| looks_like_latin(*one)))
    };
    // What it stands for must stand for it.
    let is_same = idna::domain_to_ascii(&shown).is_ok_and(|back| back == domain);
    if known.is_ok() && is_same && shown.split('.').all(is_safe) {
        format!("{user}@{shown}").into()
    } else {
        address.into()
    }
}

/// The scripts of a part, those that are written together counted once.
fn scripts(label: &str) -> Vec<Script> {
    let mut found = Vec::new();
    for letter in label.chars() {
        let script = match letter.script() {
            Script::Common | Script::Inherited => continue,
            Script::Hiragana | Script::Katakana => Script::Han,
            script => script,
        };
        if !found.contains(&script) {
            found.push(script);
        }
    }
    found
}

fn looks_like_latin(script: Script) -> bool {
    matches!(script, Script::Cyrillic | Script::Greek | Script::Cherokee | Script::Armenian)
}

#[cfg(test)]
mod tests {
    use super::readable;

    fn shown(domain: &str) -> String {
        let url = url::Host::parse(domain).unwrap().to_string();
        assert!(url.is_ascii());
        readable(&format!("a@{url}")).strip_prefix("a@").unwrap().to_owned()
    }

    #[test]
    fn domains_are_shown_in_their_letters_where_that_is_safe() {
        for domain in
            ["bücher.example", "مثال.example", "مثال.ایران", "例え.テスト", "пример.рф", "उदाहरण.भारत", "x.example"]
        {
            assert_eq!(shown(domain), domain);
        }
        // Letters that look like Latin ones, and scripts that are mixed.
        for domain in ["аррӏе.com", "раypal.example", "ελ.example", "bücher例.example"] {
            assert!(shown(domain).contains("xn--"), "{domain}");
        }
        assert_eq!(readable("a@xn--.example"), "a@xn--.example", "one that stands for nothing");
        assert_eq!(readable("nobody"), "nobody");
    }
}

//! Names for addresses.

/// A name fit for an address: lower-case letters and digits of any script, joined by single hyphens. Combining marks
/// and the zero-width joiners stay where the script needs them between letters.
#[must_use]
pub fn slugify(text: &str) -> String {
    let mut slug = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_alphanumeric() || is_mark(c) {
            slug.extend(c.to_lowercase());
        } else if c == '\'' || c == '\u{2019}' || c == '\u{200d}' {
        } else if !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.trim_matches('-').to_owned()
}

/// Marks that belong to the letter before them (Arabic, Indic), which `is_alphanumeric` leaves out.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{64b}'..='\u{65f}' | '\u{900}'..='\u{903}' | '\u{93a}'..='\u{94f}'
        | '\u{981}'..='\u{983}' | '\u{9bc}'..='\u{9cd}' | '\u{b82}' | '\u{bbe}'..='\u{bcd}')
}

#[cfg(test)]
mod tests {
    use super::slugify;

    #[test]
    fn letters_of_any_script_stay() {
        assert_eq!(slugify("It\u{2019}s  a Test: C++ & Rust!"), "its-a-test-c-rust");
        assert_eq!(slugify("نیم\u{200c}فاصله در چاپ"), "نیم-فاصله-در-چاپ");
        assert_eq!(slugify("Çështje të shtypit"), "çështje-të-shtypit");
        assert_eq!(slugify("--"), "");
    }
}

//! The signs between words of a list, in the scripts that have their own.

/// Between the items of a list: in Latin, Arabic (which Persian and Urdu share, and whose semicolon serves as well), and Chinese and
/// Japanese.
pub(super) const COMMAS: [char; 6] = [',', '\u{60c}', '\u{61b}', '\u{3001}', '\u{ff0c}', '\u{ff1b}'];

/// Between names that may hold a comma.
pub(super) const SEMICOLONS: [char; 3] = [';', '\u{61b}', '\u{ff1b}'];

/// Whether a sign separates that no syntax knows, YAML's or JSON's: nobody writes one within a word.
pub(super) fn is_foreign_comma(c: char) -> bool {
    c != ',' && COMMAS.contains(&c)
}

/// The words between commas of any script.
pub(super) fn between_commas(text: &str) -> impl Iterator<Item = &str> {
    between(text, |c| COMMAS.contains(&c))
}

/// The words between such signs.
pub(super) fn between(text: &str, separates: impl Fn(char) -> bool) -> impl Iterator<Item = &str> {
    text.split(separates).map(str::trim).filter(|word| !word.is_empty())
}

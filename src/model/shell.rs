//! Commands that are told to people, who may copy them into a shell.

use std::borrow::Cow;

/// Text as a POSIX shell takes it for one word that means nothing but itself, whoever wrote it: a name, a path, an address.
#[must_use]
pub fn shell_word(text: &str) -> Cow<'_, str> {
    let is_plain = |c: char| c.is_alphanumeric() || "/._-+,:@%".contains(c);
    if !text.is_empty() && text.chars().all(is_plain) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(format!("'{}'", text.replace('\'', "'\\''")))
}

#[cfg(test)]
mod tests {
    use super::shell_word;

    #[test]
    fn whatever_it_holds_it_is_one_word_to_a_shell() {
        for (text, word) in [
            ("../club", "../club"),
            ("my club", "'my club'"),
            ("the club's", "'the club'\\''s'"),
            ("خبر", "خبر"),
            ("ann+b@x.example", "ann+b@x.example"),
            ("\"a`touch${IFS}b`\"@x.example", "'\"a`touch${IFS}b`\"@x.example'"),
            ("$HOME", "'$HOME'"),
            ("~", "'~'"),
            ("", "''"),
        ] {
            assert_eq!(shell_word(text), word);
        }
    }
}

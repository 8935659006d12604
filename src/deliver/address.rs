//! Addresses of mail, checked and in one form.

use std::borrow::Cow;

use lettre::Address;
use url::Host;

use crate::error::{Error, ErrorKind, Result};
use crate::model::composed;

/// The longest address that a mail server must take, in bytes (RFC 5321 4.5.3.1.3, without the angle brackets).
const LONGEST: usize = 254;

/// Reads `text` as an address (RFC 5321 4.1.2): its domain in lower case and, where it has letters beyond ASCII, in
/// the form of IDNA (UTS 46). What stands before the `@` may be beyond ASCII too (RFC 6531), in composed form; not every
/// server takes such an address. It may stand in quotes, which are left out where they are not needed. Fails when it is
/// none.
pub fn address(text: &str) -> Result<Address> {
    let wrong = |why: &str| Error::new(ErrorKind::Input, format!("`{}` is not an address: {why}", printable(text)));
    let text = text.trim();
    if text.len() > 4 * LONGEST {
        return Err(wrong("it is too long"));
    }
    let text = &*composed(text);
    let (user, domain) = text.rsplit_once('@').ok_or_else(|| wrong("there is no `@`"))?;
    let user = plain_user(user);
    let is_quoted = user.starts_with('"');
    if text.chars().any(char::is_control)
        || user.chars().any(|c| c.is_whitespace() && !(is_quoted && c == ' '))
        || domain.chars().any(char::is_whitespace)
    {
        return Err(wrong("there is a space or a control character in it"));
    }
    if text.chars().any(is_invisible) {
        return Err(wrong("there is an invisible character in it"));
    }
    if user.len() > 64 {
        return Err(wrong("more than 64 bytes stand before the `@`"));
    }
    let Ok(Host::Domain(domain)) = Host::parse(domain) else {
        return Err(wrong("what follows the `@` is not a domain"));
    };
    if user.len() + 1 + domain.len() > LONGEST {
        return Err(wrong("it is longer than 254 bytes"));
    }
    Address::new(&*user, &domain).map_err(|cause| wrong(&cause.to_string().to_lowercase()))
}

/// What stands before an `@`, with no more quotes and backslashes than it needs: servers must not tell apart what is the
/// same without them (RFC 5321 4.1.2).
fn plain_user(user: &str) -> Cow<'_, str> {
    let Some(quoted) = user.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) else { return user.into() };
    let mut content = String::with_capacity(quoted.len());
    let mut signs = quoted.chars();
    while let Some(sign) = signs.next() {
        match sign {
            '\\' => match signs.next() {
                Some(escaped) => content.push(escaped),
                None => return user.into(),
            },
            '"' => return user.into(),
            other => content.push(other),
        }
    }
    let is_atom =
        |atom: &str| !atom.is_empty() && atom.chars().all(|c| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c));
    if content.split('.').all(is_atom) {
        return content.into();
    }
    let needed: String = content
        .chars()
        .flat_map(|c| matches!(c, '"' | '\\').then_some('\\').into_iter().chain(std::iter::once(c)))
        .collect();
    format!("\"{needed}\"").into()
}

/// Characters that nobody sees and that make two addresses look like one: zero-width ones, marks and embeddings of
/// direction.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// The longest name in characters; longer ones are no names.
const LONGEST_NAME: usize = 200;

/// Reads `text` as the name of the reader at `address`, in composed form; `None` when it is blank. Fails when it is too
/// long or holds what would break a header or turn the words around it: joiners and marks of direction, which names in
/// Arabic script need, are allowed.
pub fn reader_name(address: &str, text: &str) -> Result<Option<String>> {
    let text = text.trim();
    let wrong = |what: &str| {
        let message = format!("the name of `{}` {what}: `{}`", printable(address), printable(text));
        Error::new(ErrorKind::Input, message)
    };
    let turns = |c: char| matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    if text.chars().any(|c| c.is_control() || turns(c)) {
        return Err(wrong("has a line break or a control character"));
    }
    if text.chars().nth(LONGEST_NAME).is_some() {
        return Err(wrong("is longer than 200 characters"));
    }
    Ok((!text.is_empty()).then(|| composed(text).into_owned()))
}

/// `text` fit for a message: control characters shown as such, and not too long.
pub(super) fn printable(text: &str) -> String {
    text.chars().take(80).flat_map(char::escape_debug).collect()
}

#[cfg(test)]
mod tests {
    use super::{address, reader_name};

    #[test]
    fn a_name_is_one_short_line() {
        let name = |text: &str| reader_name("a@x.example", text);
        assert_eq!(name(" Ann \"B\" <c> ").unwrap().as_deref(), Some("Ann \"B\" <c>"));
        assert_eq!(name("نیم\u{200c}فاصله").unwrap().as_deref(), Some("نیم\u{200c}فاصله"));
        assert_eq!(name("  ").unwrap(), None);
        for no in
            ["a\r\nBcc: b@x.example", "a\u{0}", "a\u{202e}b", "a\u{2028}b", &"x".repeat(201), &"x".repeat(10_000_000)]
        {
            assert!(name(no).unwrap_err().message().len() < 300);
        }
    }

    #[test]
    fn the_domain_is_folded_and_the_local_part_kept() {
        assert_eq!(address(" Ann.B+x@EXAMPLE.Org ").unwrap().to_string(), "Ann.B+x@example.org");
        assert_eq!(address("a@Çështje.example").unwrap().to_string(), "a@xn--shtje-xra2a.example");
        assert_eq!(address("a@straße。example").unwrap().to_string(), "a@xn--strae-oqa.example", "UTS 46");
        let (apart, together) = ("c\u{327}elsi@x.example", "\u{e7}elsi@x.example");
        assert_eq!(address(apart).unwrap().to_string(), together, "SMTPUTF8, composed");
        assert_eq!(address("خواننده@مثال.example").unwrap().to_string(), "خواننده@xn--mgbh0fb.example");
    }

    #[test]
    fn quotes_are_left_out_where_they_are_not_needed() {
        for (written, read) in [
            ("\"a b\"@X.example", "\"a b\"@x.example"),
            ("\"a.b\"@x.example", "a.b@x.example"),
            ("\"a\\ \\b\"@x.example", "\"a b\"@x.example"),
            ("\"a\\\"\\\\@b\"@x.example", "\"a\\\"\\\\@b\"@x.example"),
            ("\"a..b\"@x.example", "\"a..b\"@x.example"),
        ] {
            assert_eq!(address(written).unwrap().to_string(), read, "{written}");
            assert_eq!(address(read).unwrap().to_string(), read, "twice is the same as once");
        }
    }

    #[test]
    fn what_is_no_address_says_why() {
        for no in [
            "\"a b@x.example",
            "a\" \"b@x.example",
            "\"a\"b\"@x.example",
            "\"a\\\"@x.example",
            "\"a\tb\"@x.example",
            "\"a\u{a0}b\"@x.example",
            "\"a\r\nBcc: b@x.example\"@x.example",
            "",
            "ann",
            "ann@",
            "@x.example",
            "a b@x.example",
            "a@x.example\r\nBcc: b@x.example",
            "a\u{200b}@x.example",
            "\u{202e}a@x.example",
            "a@[127.0.0.1]",
            "a@x..example",
            "a@x y",
        ] {
            assert!(address(no).is_err(), "{no}");
        }
        for long in
            [format!("{}@x.example", "a".repeat(65)), format!("a@{}.example", "a.".repeat(200)), "a@".repeat(5_000_000)]
        {
            assert!(address(&long).unwrap_err().message().len() < 400);
        }
        let error = address("a\r\n@x.example").unwrap_err();
        assert!(error.message().contains(r"a\r\n@x.example"), "{error}");
    }
}

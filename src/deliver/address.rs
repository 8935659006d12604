//! Addresses of mail, checked and in one form.

use lettre::Address;
use url::Host;

use crate::error::{Error, ErrorKind, Result};

/// Reads `text` as an address (RFC 5321 4.1.2): its domain in lower case and, where it has letters beyond ASCII, in
/// the form of IDNA. Fails when it is none, or when its local part is beyond ASCII, which few servers take.
pub fn address(text: &str) -> Result<Address> {
    let wrong = |why: &str| Error::new(ErrorKind::Input, format!("`{}` is not an address: {why}", printable(text)));
    let text = text.trim();
    let (user, domain) = text.rsplit_once('@').ok_or_else(|| wrong("there is no `@`"))?;
    if text.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return Err(wrong("there is a space or a control character in it"));
    }
    if !user.is_ascii() {
        return Err(wrong("only ASCII is allowed before the `@`"));
    }
    if user.len() > 64 {
        return Err(wrong("more than 64 characters stand before the `@`"));
    }
    let Ok(Host::Domain(domain)) = Host::parse(domain) else {
        return Err(wrong("what follows the `@` is not a domain"));
    };
    Address::new(user, domain).map_err(|cause| wrong(&cause.to_string().to_lowercase()))
}

/// `text` fit for a message: control characters shown as such, and not too long.
pub(super) fn printable(text: &str) -> String {
    text.chars().take(80).flat_map(char::escape_debug).collect()
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn the_domain_is_folded_and_the_local_part_kept() {
        assert_eq!(address(" Ann.B+x@EXAMPLE.Org ").unwrap().to_string(), "Ann.B+x@example.org");
        assert_eq!(address("a@Çështje.example").unwrap().to_string(), "a@xn--shtje-xra2a.example");
    }

    #[test]
    fn what_is_no_address_says_why() {
        for no in [
            "",
            "ann",
            "ann@",
            "@x.example",
            "a b@x.example",
            "a@x.example\r\nBcc: b@x.example",
            "ün@x.example",
            "a@x y",
        ] {
            assert!(address(no).is_err(), "{no}");
        }
        let error = address("a\r\n@x.example").unwrap_err();
        assert!(error.message().contains(r"a\r\n@x.example"), "{error}");
    }
}

//! DKIM signatures (RFC 6376; Ed25519 by RFC 8463), relaxed/relaxed, on messages as they go out.

mod canonical;
mod key;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use canonical::relaxed_header;
pub use canonical::{body_hash, relaxed_body};
use key::Key;

use crate::error::{Error, ErrorKind, Result};

/// The headers that are signed, where a message has them. RFC 8058 4 asks for the two of unsubscribing.
const SIGNED: [&str; 18] = [
    "From",
    "Reply-To",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "MIME-Version",
    "Content-Type",
    "Content-Language",
    "List-Id",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
    "List-Help",
    "List-Post",
    "List-Archive",
    "Feedback-ID",
    "Content-Transfer-Encoding",
    "Sender",
];
/// The headers that are named once more than they stand there, so that nobody can add another (RFC 6376 5.4).
const OVERSIGNED: [&str; 4] = ["From", "Reply-To", "To", "Subject"];
/// Base64 on one line of the signature.
const FOLD: usize = 70;

/// A key of a domain.
#[derive(Debug)]
pub struct Signer {
    domain: String,
    selector: String,
    key: Key,
}

impl Signer {
    /// The key that `selector._domainkey.domain` publishes. `pem` is its private half: RSA as PKCS#8 or PKCS#1, of
    /// 1024 bits at least, or Ed25519 as PKCS#8. Fails when it is none of these, or when a name could break a header.
    pub fn new(domain: &str, selector: &str, pem: &[u8]) -> Result<Self> {
        for (what, name) in [("domain", domain), ("selector", selector)] {
            let is_name = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b));
            if !is_name {
                let message = format!("`{}` is no {what} of a DKIM key", name.escape_debug());
                return Err(
                    Error::new(ErrorKind::Config, message).hint("letters, digits, hyphens and dots are allowed")
                );
            }
        }
        Ok(Self { domain: domain.to_ascii_lowercase(), selector: selector.to_owned(), key: Key::read(pem)? })
    }

    /// What publishes the key: the name of a TXT record in DNS, and its value (RFC 6376 3.6). Fails when the key has no public
    /// half that can be written.
    pub fn record(&self) -> Result<(String, String)> {
        let (kind, half) = self.key.published()?;
        let name = format!("{}._domainkey.{}", self.selector, self.domain);
        Ok((name, format!("v=DKIM1; k={kind}; p={}", STANDARD.encode(half))))
    }

    /// The header field that signs a message, with its end. `head` are the header fields, each with its end, and
    /// `body_hash` is that of the relaxed body. Fails when the key cannot sign.
    pub fn sign(&self, head: &str, body_hash: &[u8; 32]) -> Result<String> {
        let fields = fields(head);
        let mut names: Vec<&str> = Vec::with_capacity(SIGNED.len() + OVERSIGNED.len());
        let mut signed = String::with_capacity(2048);
        for name in SIGNED {
            // The last of several is signed first (RFC 6376 5.4.2).
            for (_, field) in fields.iter().rev().filter(|(found, _)| found.eq_ignore_ascii_case(name)) {
                names.push(name);
                relaxed_header(field, &mut signed);
            }
        }
        names.extend(OVERSIGNED);
        let mut field = format!(
            "DKIM-Signature: v=1; a={}; c=relaxed/relaxed; d={};\r\n s={}; h={};\r\n bh={};\r\n b=",
            self.key.algorithm(),
            self.domain,
            self.selector,
            folded(&names),
            STANDARD.encode(body_hash),
        );
        relaxed_header(&field, &mut signed);
        // Its own line has no end there (RFC 6376 3.7).
        signed.truncate(signed.len() - 2);
        let signature = STANDARD.encode(self.key.sign(signed.as_bytes())?);
        let mut rest = signature.as_str();
        while rest.len() > FOLD {
            let (line, after) = rest.split_at(FOLD);
            field.push_str(line);
            field.push_str("\r\n ");
            rest = after;
        }
        field.push_str(rest);
        field.push_str("\r\n");
        Ok(field)
    }
}

/// The fields of a head, each by its name and with its end; folded lines belong to the line before.
fn fields(head: &str) -> Vec<(&str, &str)> {
    let mut fields = Vec::new();
    let mut start = 0;
    for (at, _) in head.match_indices('\n') {
        if head[at + 1..].starts_with([' ', '\t']) {
            continue;
        }
        let field = &head[start..=at];
        if let Some((name, _)) = field.split_once(':') {
            fields.push((name.trim_end(), field));
        }
        start = at + 1;
    }
    fields
}

/// Names with colons between them, a few to a line.
fn folded(names: &[&str]) -> String {
    let lines: Vec<String> = names.chunks(6).map(|line| line.join(":")).collect();
    lines.join(":\r\n ")
}

#[cfg(test)]
mod tests {
    use super::{Signer, fields, folded};
    use crate::deliver::dkim::key::tests::{ed25519, rsa};

    const HEAD: &str = "From: a@x.example\r\nSubject: one\r\n  two\r\nTo: b@x.example\r\n";

    #[test]
    fn folded_fields_stay_together() {
        let found = fields(HEAD);
        assert_eq!(found[1], ("Subject", "Subject: one\r\n  two\r\n"));
        assert_eq!(found.len(), 3);
        assert_eq!(folded(&["a", "b", "c", "d", "e", "f", "g"]), "a:b:c:d:e:f:\r\n g");
    }

    #[test]
    fn both_forms_of_one_key_sign_alike_and_lines_stay_short() {
        let sign = |pem: &str| Signer::new("X.example", "s1", pem.as_bytes()).unwrap().sign(HEAD, &[7; 32]).unwrap();
        let [pkcs8, pkcs1] = rsa();
        assert_eq!(sign(&pkcs1), sign(&pkcs8));
        for pem in [pkcs1, ed25519()] {
            let field = sign(&pem);
            assert_eq!(field, sign(&pem), "the same message, the same signature");
            assert!(field.contains("d=x.example;\r\n s=s1;") && field.ends_with("\r\n"), "{field}");
            assert!(field.split("\r\n").all(|line| line.len() <= 78), "{field}");
            let names = field.split("h=").nth(1).unwrap().split(';').next().unwrap();
            assert_eq!(names.matches("From").count(), 2, "nobody can add another From: {names}");
        }
    }

    #[test]
    fn what_dns_says_of_a_key_is_that_of_either_form() {
        let record = |pem: &str| Signer::new("X.example", "s1", pem.as_bytes()).unwrap().record().unwrap();
        let [pkcs8, pkcs1] = rsa();
        let (name, value) = record(&pkcs1);
        assert_eq!((name.as_str(), &value), ("s1._domainkey.x.example", &record(&pkcs8).1));
        // SubjectPublicKeyInfo of RSA with 2,048 bits begins so (RFC 3279 2.3.1).
        assert!(value.starts_with("v=DKIM1; k=rsa; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA"), "{value}");
        let value = record(&ed25519()).1;
        assert_eq!(value.strip_prefix("v=DKIM1; k=ed25519; p=").map(str::len), Some(44), "{value}");
    }

    #[test]
    fn what_is_no_key_or_name_is_refused() {
        assert!(Signer::new("x.example", "s\r\nBcc: all", ed25519().as_bytes()).is_err());
        assert!(Signer::new("", "s", ed25519().as_bytes()).is_err());
        let error = Signer::new("x.example", "s", b"a password").unwrap_err();
        assert!(!error.to_string().contains("password") && error.message().contains("no private key"), "{error}");
    }
}

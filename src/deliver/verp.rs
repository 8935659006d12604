//! Return paths that name their delivery (VERP, RFC 3464 appendix; "variable envelope return path"): a bounce comes
//! back to `b+<id>.<code>@`, and the code, an HMAC over the id, keeps anybody from making one up.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use super::address::address;
use crate::error::Result;
use crate::model::hexadecimal;

/// How much of an HMAC a return path holds: 64 bits, for a guess that needs a mail each.
const CODE_BYTES: usize = 8;

/// Makes and reads return paths.
#[derive(Clone)]
pub struct Verp {
    user: String,
    domain: String,
    key: Vec<u8>,
}

impl Verp {
    /// Return paths at `mailbox`, the address that takes bounces ("b@compositor.example"; its server must hand it
    /// whatever follows a `+`). `key` is secret, and the same for as long as bounces may come. Fails when `mailbox` is
    /// no address.
    pub fn new(mailbox: &str, key: &[u8]) -> Result<Self> {
        let mailbox = address(mailbox)?;
        Ok(Self { user: mailbox.user().to_owned(), domain: mailbox.domain().to_owned(), key: key.to_vec() })
    }

    /// The return path of a delivery: `b+41.0f3a…@compositor.example`.
    #[must_use]
    pub fn make(&self, delivery: i64) -> String {
        let code = self.code(delivery).finalize().into_bytes();
        format!("{}+{delivery}.{}@{}", self.user, hexadecimal(&code[..CODE_BYTES]), self.domain)
    }

    /// The delivery that a return path names; `None` when it is none of ours. Capitals may have been changed on the
    /// way.
    #[must_use]
    pub fn read(&self, path: &str) -> Option<i64> {
        let (mailbox, domain) = path.trim().trim_start_matches('<').trim_end_matches('>').rsplit_once('@')?;
        let (user, rest) = mailbox.split_once('+')?;
        let (id, code) = rest.split_once('.')?;
        let ours = user.eq_ignore_ascii_case(&self.user) && domain.eq_ignore_ascii_case(&self.domain);
        let id: i64 = id.parse().ok()?;
        let code = bytes(code)?;
        // The comparison takes the same time wherever the codes differ.
        (ours && code.len() == CODE_BYTES && self.code(id).verify_truncated_left(&code).is_ok()).then_some(id)
    }

    /// [`Verp::read`] for an address of any mailbox: the code alone says that we made it, and the mailbox for bounces
    /// may have changed since, and so may the key: any of `keys` may have made it. `Err` when the address has the form of
    /// a return path and another code.
    pub fn read_any(address: &str, keys: &[Vec<u8>]) -> std::result::Result<Option<i64>, Forged> {
        let Some((mailbox, named)) = address.split_once('+').and_then(|(user, rest)| {
            let (named, domain) = rest.rsplit_once('@')?;
            Some((format!("{user}@{domain}"), named))
        }) else {
            return Ok(None);
        };
        let is_ours = named.split_once('.').is_some_and(|(id, code)| {
            id.bytes().all(|b| b.is_ascii_digit()) && bytes(code).is_some_and(|code| code.len() == CODE_BYTES)
        });
        if !is_ours || Self::new(&mailbox, b"").is_err() {
            return Ok(None);
        }
        let read = |key: &Vec<u8>| Self::new(&mailbox, key).ok()?.read(address);
        keys.iter().find_map(read).map(Some).ok_or(Forged)
    }

    fn code(&self, delivery: i64) -> Hmac<Sha256> {
        // HMAC takes keys of any length.
        let mut code = Hmac::<Sha256>::new_from_slice(&self.key).expect("any length is allowed");
        code.update(delivery.to_string().as_bytes());
        code
    }
}

/// The bytes of a hexadecimal text.
fn bytes(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> = text.chars().map(|c| c.to_digit(16).map(|digit| digit as u8)).collect();
    let digits = digits?;
    (digits.len() % 2 == 0).then(|| digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect())
}

/// An address has the form of a return path, but we did not make it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Forged;

impl std::fmt::Debug for Verp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Verp({}+..@{})", self.user, self.domain)
    }
}

#[cfg(test)]
mod tests {
    use super::{Forged, Verp};

    #[test]
    fn a_return_path_names_its_delivery_and_cannot_be_made_up() {
        let verp = Verp::new("b@Compositor.example", b"a secret").unwrap();
        let path = verp.make(41);
        assert!(path.starts_with("b+41.") && path.ends_with("@compositor.example"), "{path}");
        assert_eq!(verp.read(&path), Some(41));
        assert_eq!(verp.read(&format!("<{}>", path.to_uppercase())), Some(41), "capitals change on the way");
        for no in [
            path.replace("b+41.", "b+42."),
            path.replace("compositor", "other"),
            path.replace("b+", "c+"),
            path.replace('@', "0@"),
            "b@compositor.example".to_owned(),
            "b+41.@compositor.example".to_owned(),
            "b+x.y@compositor.example".to_owned(),
            String::new(),
        ] {
            assert_eq!(verp.read(&no), None, "{no}");
        }
        let (ours, another) = (b"a secret".to_vec(), b"another".to_vec());
        assert_eq!(Verp::read_any(&path, std::slice::from_ref(&ours)), Ok(Some(41)));
        assert_eq!(Verp::read_any(&path, &[another.clone(), ours.clone()]), Ok(Some(41)), "of an older secret");
        assert_eq!(Verp::read_any(&path, &[another]), Err(Forged));
        for other in ["b@compositor.example", "b+news@compositor.example", "b+41.1234@compositor.example", "x", ""] {
            assert_eq!(Verp::read_any(other, std::slice::from_ref(&ours)), Ok(None), "{other}");
        }
        assert_eq!(Verp::new("b@compositor.example", b"another").unwrap().read(&path), None);
        assert!(!format!("{verp:?}").contains("secret"));
        assert!(Verp::new("nobody", b"").is_err());
    }
}

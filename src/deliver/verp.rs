//! Return paths that name their delivery (VERP, RFC 3464 appendix; "variable envelope return path"): a bounce comes
//! back to `b+<id>-<code>@`. The code, an HMAC over the id and the Message-ID, keeps anybody from making one up, and another
//! store, whose numbers begin anew, from taking one for that of somebody else.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use super::address::address;
use crate::error::Result;
use crate::model::{NO_DELIVERY, hexadecimal};

/// How much of an HMAC a return path holds: 64 bits, for a guess that needs a mail each.
const CODE_BYTES: usize = 8;
/// What stands before a code over number and Message-ID.
const BOUND: char = '-';
/// What stands before one over the number alone, as earlier versions made them: another store may give that to somebody else.
const UNBOUND: char = '.';

/// Makes return paths.
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

    /// The return path of a delivery: `b+41-0f3a…@compositor.example`. That of one in no queue is bound to no message.
    #[must_use]
    pub fn make(&self, delivery: i64, message_id: &str) -> String {
        let message_id = Some(message_id).filter(|_| delivery != NO_DELIVERY);
        let code = code(&self.key, delivery, message_id).finalize().into_bytes();
        let sign = if message_id.is_some() { BOUND } else { UNBOUND };
        format!("{}+{delivery}{sign}{}@{}", self.user, hexadecimal(&code[..CODE_BYTES]), self.domain)
    }
}

/// What an address of the form of our return paths says. Whether we made it is still to be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReturnPath {
    /// The number of the delivery.
    pub delivery: i64,
    /// Whether its code is over the Message-ID, too.
    pub is_bound: bool,
    code: [u8; CODE_BYTES],
}

impl ReturnPath {
    /// Reads an address of any mailbox, for that which takes bounces may have changed since; `None` when it has another form.
    /// Capitals may have been changed on the way.
    #[must_use]
    pub fn read(path: &str) -> Option<Self> {
        let path = path.trim().trim_start_matches('<').trim_end_matches('>');
        let (user, rest) = path.split_once('+')?;
        let (named, domain) = rest.rsplit_once('@')?;
        address(&format!("{user}@{domain}")).ok()?;
        let (number, digits) = named.split_once([BOUND, UNBOUND])?;
        let is_bound = named[number.len()..].starts_with(BOUND);
        let delivery = number.parse().ok().filter(|_| number.bytes().all(|b| b.is_ascii_digit()))?;
        Some(Self { delivery, is_bound, code: bytes(digits)?.try_into().ok()? })
    }

    /// Whether it was made with one of these keys, for the message of this Message-ID where it is bound to one.
    #[must_use]
    pub fn is_made_with(&self, keys: &[Vec<u8>], message_id: Option<&str>) -> bool {
        // The comparison takes the same time wherever the codes differ.
        let is_of = |key: &Vec<u8>| code(key, self.delivery, message_id).verify_truncated_left(&self.code).is_ok();
        self.is_bound == message_id.is_some() && keys.iter().any(is_of)
    }
}

fn code(key: &[u8], delivery: i64, message_id: Option<&str>) -> Hmac<Sha256> {
    // HMAC takes keys of any length.
    let mut code = Hmac::<Sha256>::new_from_slice(key).expect("any length is allowed");
    code.update(delivery.to_string().as_bytes());
    if let Some(message_id) = message_id {
        code.update(b"\n");
        code.update(message_id.as_bytes());
    }
    code
}

/// The bytes of a hexadecimal text.
fn bytes(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> = text.chars().map(|c| c.to_digit(16).map(|digit| digit as u8)).collect();
    let digits = digits?;
    (digits.len() % 2 == 0).then(|| digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect())
}

impl std::fmt::Debug for Verp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Verp({}+..@{})", self.user, self.domain)
    }
}

#[cfg(test)]
mod tests {
    use super::{ReturnPath, Verp};

    const ID: Option<&str> = Some("1@x.example");

    #[test]
    fn a_return_path_names_its_delivery_and_cannot_be_made_up() {
        let keys = [b"another".to_vec(), b"a secret".to_vec()];
        let verp = Verp::new("b@Compositor.example", b"a secret").unwrap();
        let path = verp.make(41, "1@x.example");
        assert!(path.starts_with("b+41-") && path.ends_with("@compositor.example"), "{path}");
        assert!(verp.make(i64::MAX, "1@x.example").split('@').next().unwrap().len() <= 64 - 24, "RFC 5321 4.5.3.1.1");
        for path in [path.clone(), format!("<{}>", path.to_uppercase()), path.replace("b+", "c+")] {
            let read = ReturnPath::read(&path).unwrap();
            assert!(read.delivery == 41 && read.is_made_with(&keys, ID), "{path}: capitals change on the way");
            assert!(!read.is_made_with(&keys[..1], ID), "{path}: of another secret");
            assert!(!read.is_made_with(&keys, Some("2@x.example")), "{path}: another store has another message there");
            assert!(!read.is_made_with(&keys, None), "{path}");
        }
        let other = ReturnPath::read(&path.replace("b+41-", "b+42-")).unwrap();
        assert!(!other.is_made_with(&keys, ID));
        for no in [
            &path.replace('@', "0@"),
            "b@compositor.example",
            "b+41-@compositor.example",
            "b+x-y@compositor.example",
            "b+news@compositor.example",
            "b+41-1234@compositor.example",
            "b+-41-0123456789abcdef@compositor.example",
            "b+41-0123456789abcdef@",
            "x",
            "",
        ] {
            assert_eq!(ReturnPath::read(no), None, "{no}");
        }
        assert!(!format!("{verp:?}").contains("secret"));
        assert!(Verp::new("nobody", b"").is_err());
    }

    #[test]
    fn paths_of_earlier_versions_are_read_by_their_number_alone() {
        // As version 0.1.0 made it with this key.
        let read = ReturnPath::read("b+41.81d974d5946d333c@compositor.example").unwrap();
        let keys = [b"a secret".to_vec()];
        assert_eq!((read.delivery, read.is_bound), (41, false));
        assert!(read.is_made_with(&keys, None) && !read.is_made_with(&keys, ID));
        assert!(!read.is_made_with(&[b"another".to_vec()], None));
        let of_no_queue = Verp::new("b@compositor.example", b"a secret").unwrap().make(0, "1@x.example");
        assert!(ReturnPath::read(&of_no_queue).unwrap().is_made_with(&keys, None), "it names nobody in any store");
    }
}

//! Message-IDs (RFC 5322 3.6.4) that nobody else can work out.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use super::sender::Sender;
use crate::model::{IssueKey, hexadecimal};

/// How much of an HMAC a Message-ID holds: beyond any accident and any guess, and the line stays short.
const CODE_BYTES: usize = 20;

/// Makes the Message-IDs of a publication.
///
/// The same message has the same one whenever it is made: it comes from issue, revision and recipient, never from the
/// time. But a report that names one is believed to come from whom the message went to, so who merely knows the
/// address must not be able to make it: what it is made with is secret.
#[derive(Clone)]
pub struct MessageIds {
    key: Vec<u8>,
    domain: String,
}

impl MessageIds {
    /// `key` is secret, and the same for as long as messages of an issue are made.
    #[must_use]
    pub fn new(key: &[u8], sender: &Sender) -> Self {
        Self { key: key.to_vec(), domain: sender.domain().to_owned() }
    }

    /// The Message-ID of one message, without the angle brackets.
    #[must_use]
    pub fn make(&self, issue: &IssueKey, revision: u32, recipient: &str) -> String {
        let facts = format!("{issue}\n{revision}\n{}\n{}", recipient.to_ascii_lowercase(), self.domain);
        format!("{}@{}", hexadecimal(&self.code(&facts)), self.domain)
    }

    fn code(&self, facts: &str) -> [u8; CODE_BYTES] {
        // HMAC takes keys of any length.
        let mut code = Hmac::<Sha256>::new_from_slice(&self.key).expect("any length is allowed");
        code.update(facts.as_bytes());
        let code = code.finalize().into_bytes();
        std::array::from_fn(|at| code[at])
    }
}

impl std::fmt::Debug for MessageIds {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "MessageIds({}, ..)", self.domain)
    }
}

#[cfg(test)]
mod tests {
    use super::MessageIds;
    use crate::config::Mail;
    use crate::deliver::Sender;
    use crate::model::IssueKey;

    #[test]
    fn the_same_message_has_the_same_id_and_no_other_key_makes_it() {
        let sender = Sender::new(&Mail { from: Some("news@x.example".to_owned()), ..Mail::default() }, &[]).unwrap();
        let ids = MessageIds::new(b"a secret", &sender);
        let issue = IssueKey { series: "newsletter".to_owned(), ordinal: 3 };
        let id = ids.make(&issue, 1, "ann@y.example");
        assert_eq!(id, ids.make(&issue, 1, "Ann@Y.example"), "an address in other capitals is the same reader");
        assert_eq!(id, MessageIds::new(b"a secret", &sender).make(&issue, 1, "ann@y.example"));
        assert!(id.len() == 2 * super::CODE_BYTES + "@x.example".len() && id.ends_with("@x.example"), "{id}");
        let next = IssueKey { ordinal: 4, ..issue.clone() };
        for other in [
            ids.make(&next, 1, "ann@y.example"),
            ids.make(&issue, 2, "ann@y.example"),
            ids.make(&issue, 1, "bo@y.example"),
            MessageIds::new(b"another secret", &sender).make(&issue, 1, "ann@y.example"),
        ] {
            assert_ne!(id, other);
        }
        assert_eq!(format!("{ids:?}"), "MessageIds(x.example, ..)");
    }
}

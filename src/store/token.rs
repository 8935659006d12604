//! Tokens: what a link holds instead of an address and a permission.
//!
//! A token is the id of its key, a code and a text: `base64url(key id ‖ code ‖ text)`. The code is HMAC-SHA-256 over the
//! key's id, the purpose and all that the token says, shortened to 128 bits; the text is what the token says, enciphered
//! by a stream that is drawn from the code (the construction is that of SIV, RFC 5297, with HMAC in both places). So
//! nobody can make one, change one or use one for another purpose, the address in it is out of sight, and the same facts
//! give the same token.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};

use super::ring::{KEY_ID, KeyRing, Secret};
use crate::model::{IssueKey, address_identity};

/// How much of a code is in a token: 128 bits cannot be guessed.
const CODE: usize = 16;
/// What the code and the stream are for; a new construction gets new labels.
const SIGN: &[u8] = b"masthead token 1";
const STREAM: &[u8] = b"masthead stream 1";
/// No token of ours is longer in characters: one that confirms names as many lists as somebody chose. An address with more in
/// it no server takes.
const LONGEST: usize = 60_000;

/// What a token allows. It is not written in the token: whoever reads one says what it must be for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// To unsubscribe from a list. Never expires.
    Unsubscribe,
    /// To confirm that one wants to be on lists.
    Confirm,
    /// To see and change one's subscriptions.
    Manage,
    /// To send the form of a page that we drew.
    Form,
}

impl Purpose {
    fn word(self) -> &'static [u8] {
        match self {
            Self::Unsubscribe => b"unsubscribe",
            Self::Confirm => b"confirm",
            Self::Manage => b"manage",
            Self::Form => b"form",
        }
    }
}

/// What a token says.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Grant {
    /// Whose it is. Capitals do not matter.
    pub address: String,
    /// About which lists.
    pub lists: Vec<String>,
    /// In which issue it stood, where that matters.
    pub issue: Option<IssueKey>,
    /// When it was asked for, where it is only good for some time.
    pub at: Option<DateTime<Utc>>,
}

impl KeyRing {
    /// Makes a token from the first secret.
    #[must_use]
    pub fn token(&self, purpose: Purpose, grant: &Grant) -> String {
        let secret = self.first();
        let text = grant.to_bytes();
        let code = &secret.code(SIGN, &[secret.id(), purpose.word(), &text])[..CODE];
        let mut token = Vec::with_capacity(KEY_ID + CODE + text.len());
        token.extend_from_slice(secret.id());
        token.extend_from_slice(code);
        token.extend(cipher(secret, code, &text));
        URL_SAFE_NO_PAD.encode(token)
    }

    /// What a token says that was made for this purpose from any secret on the ring; `None` for every other text. How
    /// long it is good for is for the caller to judge.
    #[must_use]
    pub fn read_token(&self, purpose: Purpose, token: &str) -> Option<Grant> {
        let bytes = (token.len() <= LONGEST).then(|| URL_SAFE_NO_PAD.decode(token).ok())??;
        let (id, rest) = bytes.split_at_checked(KEY_ID)?;
        let (code, text) = rest.split_at_checked(CODE)?;
        self.by_id(id).find_map(|secret| {
            let text = cipher(secret, code, text);
            let ours = secret.is_code(SIGN, &[secret.id(), purpose.word(), &text], code);
            ours.then(|| Grant::from_bytes(&text)).flatten()
        })
    }
}

/// Enciphers, or deciphers, `text` under a code.
fn cipher(secret: &Secret, code: &[u8], text: &[u8]) -> Vec<u8> {
    let mut ciphered = text.to_vec();
    for (count, block) in ciphered.chunks_mut(32).enumerate() {
        let stream = secret.code(STREAM, &[code, &(count as u32).to_be_bytes()]);
        block.iter_mut().zip(stream).for_each(|(byte, key)| *byte ^= key);
    }
    ciphered
}

impl Grant {
    /// Each field with its length before it, so that no two grants have the same bytes.
    fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        field(&mut bytes, address_identity(&self.address).as_bytes());
        field(&mut bytes, self.issue.as_ref().map_or("", |issue| issue.series.as_str()).as_bytes());
        bytes.extend(self.issue.as_ref().map_or(0, |issue| issue.ordinal).to_be_bytes());
        bytes.extend(self.at.map_or(i64::MIN, |at| at.timestamp()).to_be_bytes());
        for list in &self.lists {
            field(&mut bytes, list.as_bytes());
        }
        bytes
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (address, bytes) = read_field(bytes)?;
        let (series, bytes) = read_field(bytes)?;
        let (ordinal, bytes) = bytes.split_first_chunk()?;
        let (at, mut bytes) = bytes.split_first_chunk()?;
        let mut lists = Vec::new();
        while !bytes.is_empty() {
            let (list, rest) = read_field(bytes)?;
            lists.push(list);
            bytes = rest;
        }
        let ordinal = u64::from_be_bytes(*ordinal);
        let at = i64::from_be_bytes(*at);
        Some(Self {
            address,
            lists,
            issue: (!series.is_empty()).then_some(IssueKey { series, ordinal }),
            at: if at == i64::MIN { None } else { Some(DateTime::from_timestamp(at, 0)?) },
        })
    }
}

/// Appends a field. No field of ours is longer than 64 KB: addresses have 254 characters at most, lists and series are
/// names in config.toml.
fn field(bytes: &mut Vec<u8>, field: &[u8]) {
    let field = &field[..field.len().min(usize::from(u16::MAX))];
    bytes.extend((field.len() as u16).to_be_bytes());
    bytes.extend(field);
}

fn read_field(bytes: &[u8]) -> Option<(String, &[u8])> {
    let (length, rest) = bytes.split_first_chunk()?;
    let (field, rest) = rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
    Some((String::from_utf8(field.to_vec()).ok()?, rest))
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::{Grant, KeyRing, Purpose};
    use crate::model::IssueKey;

    const ALL: [Purpose; 4] = [Purpose::Unsubscribe, Purpose::Confirm, Purpose::Manage, Purpose::Form];

    fn ring(secrets: &str) -> KeyRing {
        KeyRing::read(secrets).unwrap()
    }

    fn grant() -> Grant {
        Grant {
            address: "ann.with.a.long.name@x.example".to_owned(),
            lists: vec!["members".to_owned(), "friends".to_owned()],
            issue: Some(IssueKey { series: "newsletter".to_owned(), ordinal: 93 }),
            at: Some(DateTime::from_timestamp(1_790_000_000, 0).unwrap()),
        }
    }

    #[test]
    fn a_token_reads_back_for_its_purpose_alone() {
        let ring = ring("a long secret");
        for purpose in ALL {
            let token = ring.token(purpose, &grant());
            assert_eq!(token, ring.token(purpose, &grant()), "the same facts, the same token");
            for other in ALL {
                assert_eq!(ring.read_token(other, &token), (purpose == other).then(grant));
            }
        }
        let capitals = Grant { address: "Ann.With.A.Long.Name@X.example".to_owned(), ..grant() };
        assert_eq!(ring.token(Purpose::Manage, &capitals), ring.token(Purpose::Manage, &grant()));
        let bare = Grant { address: "a@x.example".to_owned(), ..Grant::default() };
        assert_eq!(ring.read_token(Purpose::Manage, &ring.token(Purpose::Manage, &bare)), Some(bare));
    }

    #[test]
    fn a_token_may_name_many_lists() {
        let lists =
            (0..200).map(|n| format!("a list with a name of about sixty letters, as long as any, {n:03}")).collect();
        let many = Grant { lists, ..grant() };
        let ring = ring("a long secret");
        let token = ring.token(Purpose::Confirm, &many);
        assert!(token.len() > 16_000);
        assert_eq!(ring.read_token(Purpose::Confirm, &token), Some(many));
    }

    #[test]
    fn no_changed_token_is_ours_and_no_address_is_in_sight() {
        use base64::Engine as _;
        let engine = base64::engine::general_purpose::URL_SAFE_NO_PAD;
        let ring = ring("a long secret");
        let token = ring.token(Purpose::Unsubscribe, &grant());
        let bytes = engine.decode(&token).unwrap();
        assert!(!bytes.windows(3).any(|part| part == b"ann"));
        for at in 0..bytes.len() {
            let mut forged = bytes.clone();
            forged[at] ^= 1;
            assert_eq!(ring.read_token(Purpose::Unsubscribe, &engine.encode(&forged)), None, "byte {at}");
            assert_eq!(ring.read_token(Purpose::Unsubscribe, &engine.encode(&bytes[..at])), None, "cut at {at}");
        }
        for odd in ["", "====", "a b", "\u{0}", &"A".repeat(5000), &"A".repeat(70_000), &format!("{token}AA")] {
            assert_eq!(ring.read_token(Purpose::Unsubscribe, odd), None, "{odd}");
        }
    }

    #[test]
    fn the_first_secret_signs_and_all_verify() {
        let old = ring("old-secret").token(Purpose::Manage, &grant());
        let rotated = ring("new-secret\nold-secret");
        assert_ne!(rotated.token(Purpose::Manage, &grant()), old);
        assert_eq!(rotated.token(Purpose::Manage, &grant()), ring("new-secret").token(Purpose::Manage, &grant()));
        assert_eq!(rotated.read_token(Purpose::Manage, &old), Some(grant()));
        assert_eq!(ring("new-secret").read_token(Purpose::Manage, &old), None, "a secret that was dropped");
    }

    proptest::proptest! {
        #[test]
        fn any_grant_reads_back_and_any_text_is_read_without_harm(
            address in "\\PC{0,60}", lists in proptest::collection::vec("\\PC{0,20}", 0..4), text in "\\PC{0,200}"
        ) {
            let ring = ring("secret");
            let grant = Grant { address: crate::model::address_identity(&address).into_owned(), lists, ..Grant::default() };
            let token = ring.token(Purpose::Manage, &grant);
            proptest::prop_assert_eq!(ring.read_token(Purpose::Manage, &token), Some(grant));
            proptest::prop_assert_eq!(ring.read_token(Purpose::Manage, &text), None);
        }
    }
}

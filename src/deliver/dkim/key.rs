//! Private keys.

use std::fmt;

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::encoding::{AsDer as _, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair};
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject as _;

use crate::error::{Error, ErrorKind, Result};

/// The shortest RSA key that verifiers take (RFC 8301 3.2), in bytes.
const SHORTEST_RSA: usize = 128;

/// A key that signs.
pub(super) enum Key {
    Rsa(Box<RsaKeyPair>),
    Ed25519(Ed25519KeyPair),
}

impl Key {
    /// Reads a private key in PEM.
    pub(super) fn read(pem: &[u8]) -> Result<Self> {
        let wrong = |why: &str| {
            Error::new(ErrorKind::Config, format!("this is no private key for DKIM: {why}"))
                .hint("allowed: RSA (PKCS#8 or PKCS#1) or Ed25519 (PKCS#8), in PEM: `openssl genrsa 2048`")
        };
        let der = PrivateKeyDer::from_pem_slice(pem).map_err(|_| wrong("there is no private key in PEM"))?;
        let key = match &der {
            PrivateKeyDer::Pkcs1(der) => RsaKeyPair::from_der(der.secret_pkcs1_der()).ok().map(Box::new).map(Self::Rsa),
            PrivateKeyDer::Pkcs8(der) => {
                let der = der.secret_pkcs8_der();
                let rsa = RsaKeyPair::from_pkcs8(der).ok().map(Box::new).map(Self::Rsa);
                rsa.or_else(|| Ed25519KeyPair::from_pkcs8_maybe_unchecked(der).ok().map(Self::Ed25519))
            }
            _ => None,
        };
        let key = key.ok_or_else(|| wrong("it is of another kind, or damaged"))?;
        if let Self::Rsa(pair) = &key
            && pair.public_modulus_len() < SHORTEST_RSA
        {
            return Err(wrong("RSA keys of less than 1024 bits are not believed"));
        }
        Ok(key)
    }

    /// As DKIM names it.
    pub(super) fn algorithm(&self) -> &'static str {
        match self {
            Self::Rsa(_) => "rsa-sha256",
            Self::Ed25519(_) => "ed25519-sha256",
        }
    }

    /// As DNS names its kind, and the half that is published there: of RSA with the algorithm around it (RFC 6376 3.6.1), of
    /// Ed25519 as it is (RFC 8463 4.2).
    pub(super) fn published(&self) -> Result<(&'static str, Vec<u8>)> {
        match self {
            Self::Ed25519(pair) => Ok(("ed25519", pair.public_key().as_ref().to_vec())),
            Self::Rsa(pair) => {
                let der: PublicKeyX509Der<'_> = pair
                    .public_key()
                    .as_der()
                    .map_err(|_| Error::new(ErrorKind::State, "the public half of the DKIM key cannot be written"))?;
                Ok(("rsa", der.as_ref().to_vec()))
            }
        }
    }

    /// Signs. Ed25519 signs the hash of `data` (RFC 8463 3).
    pub(super) fn sign(&self, data: &[u8]) -> Result<Vec<u8>> {
        match self {
            Self::Ed25519(pair) => Ok(pair.sign(digest(&SHA256, data).as_ref()).as_ref().to_vec()),
            Self::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), data, &mut signature)
                    .map_err(|_| Error::new(ErrorKind::State, "the DKIM key cannot sign"))?;
                Ok(signature)
            }
        }
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({}, ..)", self.algorithm())
    }
}

#[cfg(test)]
pub(super) mod tests {
    use aws_lc_rs::encoding::{AsDer as _, Pkcs8V1Der};
    use aws_lc_rs::rand::SystemRandom;
    use aws_lc_rs::rsa::{KeyPair, KeySize};
    use aws_lc_rs::signature::Ed25519KeyPair;
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

    use super::Key;

    fn pem(kind: &str, der: &[u8]) -> String {
        format!("-----BEGIN {kind}-----\n{}\n-----END {kind}-----\n", STANDARD.encode(der))
    }

    /// A new RSA key as PKCS#8 and as PKCS#1.
    pub(in crate::deliver::dkim) fn rsa() -> [String; 2] {
        let pair = KeyPair::generate(KeySize::Rsa2048).unwrap();
        let der: Pkcs8V1Der<'static> = pair.as_der().unwrap();
        // What PKCS#8 puts before a key of this length: its own lengths, version and algorithm.
        let inner = &der.as_ref()[26..];
        [pem("PRIVATE KEY", der.as_ref()), pem("RSA PRIVATE KEY", inner)]
    }

    /// A new Ed25519 key.
    pub(in crate::deliver::dkim) fn ed25519() -> String {
        pem("PRIVATE KEY", Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap().as_ref())
    }

    #[test]
    fn keys_of_each_form_are_read_and_others_refused() {
        for text in rsa() {
            assert_eq!(Key::read(text.as_bytes()).unwrap().algorithm(), "rsa-sha256");
        }
        let key = Key::read(ed25519().as_bytes()).unwrap();
        assert_eq!((key.algorithm(), format!("{key:?}").as_str()), ("ed25519-sha256", "Key(ed25519-sha256, ..)"));
        for no in ["", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "-----BEGIN PRIVATE KEY-----"]
        {
            assert!(Key::read(no.as_bytes()).is_err(), "{no}");
        }
    }
}

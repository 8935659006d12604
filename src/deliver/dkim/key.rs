//! Private keys.

use std::fmt;

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::encoding::{AsDer as _, PublicKeyX509Der};
use aws_lc_rs::error::KeyRejected;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair};
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject as _;

use crate::error::{Error, ErrorKind, Result};

/// A key that signs.
pub(super) enum Key {
    Rsa(Box<RsaKeyPair>),
    Ed25519(Ed25519KeyPair),
}

impl Key {
    /// Reads a private key in PEM.
    pub(super) fn read(pem: &[u8]) -> Result<Self> {
        let wrong = |why: &str| {
            Error::new(ErrorKind::Config, format!("this is no private key for DKIM: {why}")).hint(
                "allowed: RSA of 2048 to 8192 bits (PKCS#8 or PKCS#1) or Ed25519 (PKCS#8), in PEM: `openssl genrsa 2048`",
            )
        };
        let der = PrivateKeyDer::from_pem_slice(pem).map_err(|_| wrong("there is no private key in PEM"))?;
        match &der {
            PrivateKeyDer::Pkcs1(der) => rsa(RsaKeyPair::from_der(der.secret_pkcs1_der())),
            PrivateKeyDer::Pkcs8(der) => {
                let der = der.secret_pkcs8_der();
                let ed25519 = Ed25519KeyPair::from_pkcs8_maybe_unchecked(der).ok().map(Self::Ed25519);
                ed25519.map_or_else(|| rsa(RsaKeyPair::from_pkcs8(der)), Ok)
            }
            _ => Err(OTHER),
        }
        .map_err(wrong)
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

/// Why a key is not taken of which nothing else is known.
const OTHER: &str = "it is of another kind, or damaged";

/// A key of RSA, or why it is not taken. The library says its reasons in words alone.
fn rsa(read: std::result::Result<RsaKeyPair, KeyRejected>) -> std::result::Result<Key, &'static str> {
    read.map(|pair| Key::Rsa(Box::new(pair))).map_err(|rejected| match rejected.to_string().as_str() {
        "TooSmall" => "its RSA key is too short, and easily broken",
        "TooLarge" => "its RSA key is too long",
        _ => OTHER,
    })
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

    /// An RSA key of 1024 bits, in PKCS#8, of nobody: none is made so short any more.
    const SHORT: &str = "MIICdgIBADANBgkqhkiG9w0BAQEFAASCAmAwggJcAgEAAoGBANPy4LV4XBx7lRT2\
        NFBdjNzReKblE461kOCYStX3JF4MWv3n9Pdh/Lp4vwetEivaAyONtChOz5KQGlm9\
        8p6Ov2scd+Kd1Xt2X0QSZV/5jIjjXBiYitY5EztrbUYJTYFuWsXIBM54Pqu+pmC7\
        30gei/rFxWI61QuCnHgkOrgttQpNAgMBAAECgYBpJEBi5Z1UJ95R8r0K7Q2W8XcX\
        2+Xy0pFXSVU+hYaN/TUaZfo4ymw0GPgzF6E/Dbym44HuyQHh5AieYkM8cvXzhpGz\
        wzU0gWL0ofDTd4qXdC9cgIrUsohwKgOD0yabeBhpGXDS8ZFYWhmu4qOSEdSVG/Ue\
        9IvHAER6a82Iqc2yQQJBAO75PXJOz4Usx4651gOUAhN79es6VTAIlxVlS9O62OsM\
        ERquArPBnv38BjniTlWmLWDVQ0A6uW7YFto6iH9a3/0CQQDjDLfDCPAQywCzSDe6\
        IECVUO3FR/Vl8ulLlaT5GmHH4qNOww5da4e8tFSRawtdZKYzKbjOH4x68JKkiAuH\
        FpyRAkAB8nnzsnyyYxkFKrJ5uP0DV6E7V3BWQdupSvgBM6aM075X708KU+uNuj36\
        vsNQo1f/T/2KSnA0XQJiqNNv5jepAkEAuL7Kb6pAHInx4e9rWMmRg228awAoT3Ie\
        HmB/QioTUh+5ngbdE2rBoexhu4mMT8vr6EmUlDPbjNVfnP0N1Dez4QJAbzt8/PAq\
        lP5zOe2ccuzFR17MID0+CDAKUPQjZ5GcsCudXnMaaf7Xsnikma1pk8MFRKspj91v\
        qJZP6DCUKIFK1w==";

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

    #[test]
    fn of_a_key_that_is_too_short_it_is_said() {
        let der = STANDARD.decode(SHORT).unwrap();
        for text in [pem("PRIVATE KEY", &der), pem("RSA PRIVATE KEY", &der[26..])] {
            let told = Key::read(text.as_bytes()).unwrap_err().to_string();
            assert!(told.contains("too short") && told.contains("2048 to 8192 bits"), "{told}");
        }
        let told = Key::read(pem("PRIVATE KEY", &der[26..]).as_bytes()).unwrap_err().to_string();
        assert!(told.contains("another kind, or damaged"), "{told}");
    }
}

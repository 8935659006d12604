//! The name that bytes have by what they are.

use std::io::{ErrorKind, Read};

use sha2::{Digest as _, Sha256};

/// The SHA-256 (FIPS 180-4) of `bytes` in lower-case hexadecimal: 64 characters.
#[must_use]
pub fn sha256_hex(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

/// [`sha256_hex`] of all that can be read, however much that is.
pub fn sha256_of(mut from: impl Read) -> std::io::Result<String> {
    let mut hasher = Sha256::new();
    let mut some = [0; 1 << 14];
    loop {
        match from.read(&mut some) {
            Ok(0) => return Ok(hexadecimal(&hasher.finalize())),
            Ok(count) => hasher.update(&some[..count]),
            Err(cause) if cause.kind() == ErrorKind::Interrupted => {}
            Err(cause) => return Err(cause),
        }
    }
}

/// `bytes` in lower-case hexadecimal (RFC 4648 section 8 in small letters), two characters for each.
#[must_use]
pub fn hexadecimal(bytes: &[u8]) -> String {
    const DIGITS: [u8; 16] = *b"0123456789abcdef";
    let digit = |half: u8| char::from(DIGITS[usize::from(half & 15)]);
    let mut hex = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        hex.push(digit(byte >> 4));
        hex.push(digit(*byte));
    }
    hex
}

#[cfg(test)]
mod tests {
    use super::{sha256_hex, sha256_of};

    #[test]
    fn the_example_of_the_standard() {
        assert_eq!(sha256_hex(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(sha256_of(&b"abc"[..]).unwrap(), sha256_hex(b"abc"));
        let long = vec![7; 100_000];
        assert_eq!(sha256_of(&long[..]).unwrap(), sha256_hex(&long));
    }
}

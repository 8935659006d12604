//! Pictures within their own address: `data:` URLs (RFC 2397).

use base64::Engine as _;
use base64::engine::general_purpose::GeneralPurpose;
use base64::engine::{DecodePaddingMode, GeneralPurposeConfig};
use percent_encoding::percent_decode_str;

/// As browsers decode it: with or without what fills up the end.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// The bytes in a `data:` URL, or why there are none; `None` for other URLs.
pub(super) fn read(url: &str) -> Option<Result<Vec<u8>, String>> {
    let rest = url.get(..5).filter(|scheme| scheme.eq_ignore_ascii_case("data:")).map(|_| &url[5..])?;
    let Some((head, data)) = rest.split_once(',') else {
        return Some(Err("has no comma before its data".to_owned()));
    };
    let bytes: Vec<u8> = percent_decode_str(data).collect();
    if !head.trim_end().to_ascii_lowercase().ends_with(";base64") {
        return Some(Ok(bytes));
    }
    let packed: Vec<u8> = bytes.into_iter().filter(|byte| !byte.is_ascii_whitespace()).collect();
    Some(LENIENT.decode(packed).map_err(|error| format!("cannot be decoded: {error}").to_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn reads_both_spellings() {
        assert_eq!(read("data:image/png;base64,aGk="), Some(Ok(b"hi".to_vec())));
        assert_eq!(read("DATA:;base64, aG%6b"), Some(Ok(b"hi".to_vec())));
        assert_eq!(read("data:image/svg+xml,%3Csvg/>"), Some(Ok(b"<svg/>".to_vec())));
        assert_eq!(read("a.png"), None);
        assert_eq!(read("ünd"), None);
    }

    #[test]
    fn says_what_is_wrong() {
        assert!(read("data:image/png;base64").unwrap().is_err());
        assert!(read("data:image/png;base64,*").unwrap().is_err());
    }
}

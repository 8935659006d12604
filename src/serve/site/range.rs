//! A part of a file (RFC 9110 14).

/// What a `Range` asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Range {
    /// The whole: no range, or one that need not be heeded (several, another unit, nonsense).
    Whole,
    /// From the first byte to the last, both included.
    Part(u64, u64),
    /// None of it is there.
    Beyond,
}

/// Reads a `Range` of a file of `length` bytes.
pub(super) fn range(header: &str, length: u64) -> Range {
    let Some(asked) = header.strip_prefix("bytes=").filter(|asked| !asked.contains(',')) else { return Range::Whole };
    let Some((first, last)) = asked.trim().split_once('-') else { return Range::Whole };
    let number = |text: &str| -> Option<u64> {
        (!text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
    };
    match (number(first), number(last)) {
        (None, Some(0)) if first.is_empty() => Range::Beyond,
        (None, Some(_)) if first.is_empty() && length == 0 => Range::Beyond,
        (None, Some(suffix)) if first.is_empty() => Range::Part(length.saturating_sub(suffix), length - 1),
        (Some(first), _) if first >= length && (last.is_empty() || number(last).is_some()) => Range::Beyond,
        (Some(first), None) if last.is_empty() => Range::Part(first, length - 1),
        (Some(first), Some(last)) if first <= last => Range::Part(first, last.min(length - 1)),
        _ => Range::Whole,
    }
}

#[cfg(test)]
mod tests {
    use super::{Range, range};

    #[test]
    fn ranges_are_those_of_the_standard() {
        for (asked, found) in [
            ("bytes=0-499", Range::Part(0, 499)),
            ("bytes=500-", Range::Part(500, 999)),
            ("bytes=-500", Range::Part(500, 999)),
            ("bytes=-5000", Range::Part(0, 999)),
            ("bytes=990-2000", Range::Part(990, 999)),
            ("bytes=1000-", Range::Beyond),
            ("bytes=-0", Range::Beyond),
            ("bytes=0-1,5-6", Range::Whole),
            ("bytes=5-1", Range::Whole),
            ("bytes=a-b", Range::Whole),
            ("lines=1-2", Range::Whole),
            ("bytes=99999999999999999999-", Range::Whole),
        ] {
            assert_eq!(range(asked, 1000), found, "{asked}");
        }
        assert_eq!(range("bytes=0-", 0), Range::Beyond);
        assert_eq!(range("bytes=-1", 0), Range::Beyond);
    }
}

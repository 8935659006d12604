//! Parameters of addresses by which sites count where their visitors come from: the page is the same without them.

use std::borrow::Cow;

/// Whether a parameter of an address counts visitors.
pub(super) fn counts_visitors(name: &str, value: &str) -> bool {
    ["utm_", "at_"].iter().any(|start| name.starts_with(start))
        || matches!(name, "fbclid" | "gclid" | "mc_cid" | "mc_eid")
        || (name == "source" && ["rss", "feed"].iter().any(|start| value.starts_with(start)))
}

/// An address without such parameters.
pub(super) fn without_visitors(address: &str) -> Cow<'_, str> {
    let (whole, fragment) = address.split_at(address.find('#').unwrap_or(address.len()));
    let Some((page, query)) = whole.split_once('?') else { return Cow::Borrowed(address) };
    let counts = |pair: &&str| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        counts_visitors(name, value)
    };
    if !query.split('&').any(|pair| counts(&pair)) {
        return Cow::Borrowed(address);
    }
    let kept: Vec<&str> = query.split('&').filter(|pair| !counts(pair)).collect();
    let sign = if kept.is_empty() { "" } else { "?" };
    Cow::Owned([page, sign, &kept.join("&"), fragment].concat())
}

#[cfg(test)]
mod tests {
    use super::without_visitors;

    #[test]
    fn an_address_is_the_same_whoever_comes_from_where() {
        for (address, page) in [
            ("https://p.example/a?utm_source=rss", "https://p.example/a"),
            ("https://p.example/?p=1&utm_source=x&b=2#c", "https://p.example/?p=1&b=2#c"),
            ("https://p.example/a?source=rss----1", "https://p.example/a"),
            ("https://p.example/a?source=b", "https://p.example/a?source=b"),
            ("https://p.example/a#?utm_source=b", "https://p.example/a#?utm_source=b"),
        ] {
            assert_eq!(without_visitors(address), page);
        }
    }
}

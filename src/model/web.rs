//! Addresses on the web that may be asked.

use url::Url;

/// Ports of other protocols, which a web server does not use and which must not be sent an HTTP request (the Fetch
/// standard's list of blocked ports).
const OTHER_PROTOCOLS: [u16; 82] = [
    0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109,
    110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530, 531,
    532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060,
    5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697,
];

/// What forbids to ask an address, as the end of "`ADDRESS` …"; `None` when nothing does.
#[must_use]
pub fn web_fault(url: &Url) -> Option<&'static str> {
    if !matches!(url.scheme(), "http" | "https") {
        return Some("is neither http nor https");
    }
    if url.host_str().is_none_or(str::is_empty) {
        return Some("names no host");
    }
    if url.port().is_some_and(|port| OTHER_PROTOCOLS.binary_search(&port).is_ok()) {
        return Some("names a port of another protocol than HTTP");
    }
    None
}

/// An address as messages show it: without user, password, query and fragment, any of which may be secret.
#[must_use]
pub fn shown_address(url: &Url) -> String {
    let mut shown = url.clone();
    // Only addresses without a host refuse these, and they have nothing to hide.
    let _ = shown.set_username("");
    let _ = shown.set_password(None);
    shown.set_fragment(None);
    let has_query = shown.query().is_some_and(|query| !query.is_empty());
    shown.set_query(has_query.then_some("\u{2026}"));
    let shown = shown.to_string();
    shown.strip_suffix("%E2%80%A6").map_or(shown.clone(), |start| format!("{start}\u{2026}"))
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::{OTHER_PROTOCOLS, shown_address, web_fault};

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn only_the_web_is_asked() {
        assert!(OTHER_PROTOCOLS.is_sorted());
        for good in ["https://a.example/feed", "HTTP://a.example:8080/", "http://[2001:db8::1]/x?y#z"] {
            assert_eq!(web_fault(&url(good)), None, "{good}");
        }
        for bad in ["file:///etc/passwd", "ftp://a.example/", "data:text/xml,x", "http://a.example:25/", "https://a:0/"]
        {
            assert!(web_fault(&url(bad)).is_some(), "{bad}");
        }
    }

    #[test]
    fn what_may_be_secret_is_not_shown() {
        assert_eq!(shown_address(&url("https://me:pw@a.example/f?token=1#x")), "https://a.example/f?\u{2026}");
        assert_eq!(shown_address(&url("https://a.example/f?")), "https://a.example/f");
    }
}

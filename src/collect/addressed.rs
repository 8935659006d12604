//! Addresses in posts from elsewhere that are no reader's business: those that hold a user or a password, and those of hosts
//! that only somebody's own machine or network has.

use std::borrow::Cow;

use url::Url;

use super::fetch::host_out_of_reach;
use super::plain::decode_entities;
use crate::config::AllowPrivate;
use crate::model::escaped;

/// An address on the web without the user and the password in it, letter by letter as it was otherwise: ids are compared so.
/// Anything else stays as it is.
pub(super) fn without_user(address: &str) -> Cow<'_, str> {
    let trimmed = address.trim();
    let is_concerned = trimmed.contains('@')
        && Url::parse(trimmed).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && holds_user(&url));
    let Some((scheme, rest)) = trimmed.split_once(':').filter(|_| is_concerned) else { return Cow::Borrowed(address) };
    // Where browsers see the host begin (WHATWG URL, 4.4): slashes of either kind, then all up to the last `@` before the path.
    let start = rest.len() - rest.trim_start_matches(['/', '\\']).len();
    let end = rest[start..].find(['/', '\\', '?', '#']).map_or(rest.len(), |at| start + at);
    let host = rest[start..end].rfind('@').map_or(start, |at| start + at + 1);
    Cow::Owned([scheme, ":", &rest[..start], &rest[host..]].concat())
}

/// Whether an address tells a user or a password.
pub(super) fn holds_user(url: &Url) -> bool {
    !url.username().is_empty() || url.password().is_some()
}

/// Whether markup that the sanitiser wrote links to an address that tells a user or a password.
pub(super) fn links_with_user(html: &str) -> bool {
    let mut hrefs = html.split(" href=\"http").skip(1);
    hrefs.any(|rest| {
        let host = rest.split_once("//").map_or("", |(_, rest)| rest);
        host.split(['/', '?', '#', '"']).next().is_some_and(|host| host.contains('@'))
    })
}

/// Markup in which links whose words are an address do not tell the user and the password in it. Other words are the author's.
pub(super) fn words_without_user(html: &str) -> Cow<'_, str> {
    if !html.contains('@') || !html.contains("</a") {
        return Cow::Borrowed(html);
    }
    let (mut out, mut copied, mut from) = (String::new(), 0, 0);
    for (end, _) in html.match_indices("</a") {
        let begins = html[from..end].rfind('>').map(|at| from + at + 1);
        from = end;
        let Some(start) = begins else { continue };
        let words = decode_entities(html[start..end].trim());
        if let Cow::Owned(without) = without_user(&words) {
            out.push_str(&html[copied..start]);
            out.push_str(&escaped(&without));
            copied = end;
        }
    }
    if copied == 0 { Cow::Borrowed(html) } else { Cow::Owned(out + &html[copied..]) }
}

/// What there is to say of the host of an address that readers do not reach, as in "`HOST`, a private address"; `None` where
/// they do, or where config.toml says otherwise.
pub(super) fn out_of_reach(url: &Url, allow: &AllowPrivate) -> Option<String> {
    host_out_of_reach(url, allow).map(|(host, what)| format!("`{host}`, {what}"))
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::{links_with_user, out_of_reach, without_user, words_without_user};
    use crate::config::AllowPrivate;

    #[test]
    fn a_user_and_a_password_go_and_nothing_else_changes() {
        for (address, without) in [
            ("https://me:pw@A.example/x@y?b=%7e#@", "https://A.example/x@y?b=%7e#@"),
            ("http://token@a.example", "http://a.example"),
            ("HTTPS:\\\\me:p@w@a.example\\b", "HTTPS:\\\\a.example\\b"),
            ("https://a.example/@me", "https://a.example/@me"),
            ("mailto:me@a.example", "mailto:me@a.example"),
            ("tag:me@a.example,2026:1", "tag:me@a.example,2026:1"),
            ("me:pw@a.example", "me:pw@a.example"),
        ] {
            assert_eq!(without_user(address), without);
        }
        let html =
            "<a href=x>https://me:p&amp;w@a.example/?a&amp;b</a> me:pw@a <b>https://me:pw@b.example</b> <a>c</a>";
        let expected = "<a href=x>https://a.example/?a&amp;b</a> me:pw@a <b>https://me:pw@b.example</b> <a>c</a>";
        assert_eq!(words_without_user(html), expected);
        assert!(links_with_user("<p><a href=\"https://me:pw@a.example/\">a</a></p>"));
        assert!(!links_with_user("<a href=\"https://a.example/@me\">a</a> <a href=\"http://a.example\">b@c</a>"));
    }

    #[test]
    fn hosts_of_somebody_are_named() {
        let told = |address: &str| out_of_reach(&Url::parse(address).unwrap(), &AllowPrivate::Nobody);
        assert_eq!(told("http://192.168.0.7:80/").unwrap(), "`192.168.0.7`, a private address");
        assert_eq!(told("http://localhost:4000/").unwrap(), "`localhost`, a loopback address");
        assert_eq!(told("http://[::1]/").unwrap(), "`::1`, a loopback address");
        assert_eq!(told("http://nas.local/").unwrap(), "`nas.local`, a name of a private network");
        assert_eq!(told("http://intranet/").unwrap(), "`intranet`, a name of a private network");
        assert_eq!(told("https://local.example/"), None);
        assert_eq!((told("https://a.example/"), told("https://a.example:25/"), told("mailto:a@b")), (None, None, None));
        let allowed = AllowPrivate::Hosts(vec!["localhost".to_owned()]);
        assert_eq!(out_of_reach(&Url::parse("http://localhost/").unwrap(), &allowed), None);
    }
}

//! Which addresses may be asked: what is on the web is public, and a feed must not make this machine ask its neighbours.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

use super::Fault;
use crate::config::AllowPrivate;
use crate::model::{shown_address, web_fault};

/// What forbids to ask an address before anything is looked up: its scheme, its port, a host that is a forbidden
/// number, or a name for this machine (RFC 6761, 6.3), which a proxy would take for itself.
pub(super) fn check(url: &Url, allow: &AllowPrivate) -> Result<(), Fault> {
    if let Some(why) = web_fault(url) {
        return Err(Fault::Address { address: shown_address(url), why: why.to_owned() });
    }
    match private_host(url, allow) {
        Some((host, what)) => Err(Fault::Forbidden { host, what }),
        None => Ok(()),
    }
}

/// The host of an address that the public network does not reach, and what it is, as far as can be seen without looking its
/// name up; `None` where it is allowed.
fn private_host(url: &Url, allow: &AllowPrivate) -> Option<(String, &'static str)> {
    let what = match url.host()? {
        Host::Ipv4(ip) => not_public_v4(ip),
        Host::Ipv6(ip) => not_public_v6(ip),
        Host::Domain(name) => {
            let name = name.trim_end_matches('.');
            (name == "localhost" || name.ends_with(".localhost")).then_some("a loopback address")
        }
    }?;
    let host = url.host_str().filter(|host| !allow.allows(host))?;
    Some((host.trim_matches(['[', ']']).to_owned(), what))
}

/// Whether an address may be shown to others: it is on the public web, as far as can be seen without looking its name up, or
/// allowed; and it holds no user and no password.
#[must_use]
pub fn is_shareable(url: &Url, allow: &AllowPrivate) -> bool {
    url.username().is_empty()
        && url.password().is_none()
        && check(url, allow).is_ok()
        && host_out_of_reach(url, allow).is_none()
}

/// Endings of names that mean something within a network alone (RFC 6762, RFC 8375, ICANN's reservation of `internal`, and
/// what routers call their own).
const OF_A_NETWORK: [&str; 5] = [".local", ".internal", ".home.arpa", ".lan", ".localdomain"];

/// The host of an address that readers do not reach, and what it is: one of [`private_host`], or a name that only a network
/// of somebody's own has. (Whether such a name may be asked is decided by what it leads to.)
pub(in crate::collect) fn host_out_of_reach(url: &Url, allow: &AllowPrivate) -> Option<(String, &'static str)> {
    private_host(url, allow).or_else(|| {
        let Some(Host::Domain(name)) = url.host() else { return None };
        let bare = name.trim_end_matches('.');
        let is_of_a_network = !bare.contains('.') || OF_A_NETWORK.iter().any(|ending| bare.ends_with(ending));
        (is_of_a_network && !allow.allows(name)).then(|| (bare.to_owned(), "a name of a private network"))
    })
}

/// What an address is, unless everybody on the public network reaches the same machine by it.
pub(super) fn not_public(ip: IpAddr) -> Option<&'static str> {
    match ip {
        IpAddr::V4(ip) => not_public_v4(ip),
        IpAddr::V6(ip) => not_public_v6(ip),
    }
}

/// After IANA's registry of special-purpose addresses (RFC 6890).
fn not_public_v4(ip: Ipv4Addr) -> Option<&'static str> {
    Some(match ip.octets() {
        [0, ..] => "an unspecified address",
        [10, ..] | [172, 16..=31, ..] | [192, 168, ..] => "a private address",
        [100, 64..=127, ..] => "an address shared by a provider's customers",
        [127, ..] => "a loopback address",
        [169, 254, ..] => "a link-local address",
        [224..=239, ..] => "a multicast address",
        // Protocol assignments, documentation, the retired 6to4 relays, benchmarks, the future.
        [192, 0, 0 | 2, _]
        | [192, 88, 99, _]
        | [198, 18..=19, ..]
        | [198, 51, 100, _]
        | [203, 0, 113, _]
        | [240..=255, ..] => "a reserved address",
        _ => return None,
    })
}

fn not_public_v6(ip: Ipv6Addr) -> Option<&'static str> {
    let [a, b, ..] = ip.segments();
    if let Some(inner) = inner_v4(ip) {
        return not_public_v4(inner);
    }
    Some(match a {
        0 if ip == Ipv6Addr::LOCALHOST => "a loopback address",
        0 if ip == Ipv6Addr::UNSPECIFIED => "an unspecified address",
        0xfc00..=0xfdff | 0xfec0..=0xfeff => "a private address",
        0xfe80..=0xfebf => "a link-local address",
        0xff00..=0xffff => "a multicast address",
        // Protocol assignments, Teredo, benchmarks, documentation.
        0x2001 if b < 0x200 || b == 0xdb8 => "a reserved address",
        0x3fff if b < 0x1000 => "a reserved address",
        0x2000..=0x3fff => return None,
        _ => "a reserved address",
    })
}

/// The IPv4 address that an IPv6 address leads to: mapped (RFC 4291), translated (RFC 6052), 6to4 (RFC 3056).
fn inner_v4(ip: Ipv6Addr) -> Option<Ipv4Addr> {
    let join = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        Ipv4Addr::new(a, b, c, d)
    };
    match ip.segments() {
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => {
            Some(join(high, low))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::{check, not_public};
    use crate::collect::fetch::Fault;
    use crate::config::AllowPrivate;

    #[test]
    fn addresses_that_are_not_public_are_known() {
        for forbidden in [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "127.0.0.1",
            "127.8.8.8",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.1",
            "192.0.2.1",
            "192.168.1.1",
            "198.18.0.1",
            "203.0.113.9",
            "224.0.0.1",
            "255.255.255.255",
            "240.0.0.1",
            "::",
            "::1",
            "::127.0.0.1",
            "::ffff:10.0.0.1",
            "::ffff:127.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b:1::1",
            "2002:7f00:1::",
            "2001::1",
            "2001:db8::1",
            "3fff::1",
            "fc00::1",
            "fd12::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "100::1",
            "5f00::1",
        ] {
            assert!(not_public(forbidden.parse().unwrap()).is_some(), "{forbidden}");
        }
        for public in [
            "1.1.1.1",
            "100.63.255.255",
            "100.128.0.1",
            "172.15.0.1",
            "172.32.0.1",
            "192.0.1.1",
            "198.17.255.255",
            "223.255.255.255",
            "2606:4700::1111",
            "2001:4860:4860::8888",
            "::ffff:1.1.1.1",
            "64:ff9b::101:101",
        ] {
            assert_eq!(not_public(public.parse().unwrap()), None, "{public}");
        }
    }

    #[test]
    fn numbers_are_seen_through_however_they_are_written() {
        let verdict = |address: &str| check(&Url::parse(address).unwrap(), &AllowPrivate::Nobody);
        for address in [
            "http://2130706433/",
            "http://0x7f.1/",
            "http://0177.0.0.1/",
            "http://127.1/",
            "http://[::ffff:7f00:1]/",
            "http://localhost/",
            "http://LOCALHOST./",
            "http://a.localhost/",
            "http://%31%32%37.0.0.1/",
        ] {
            assert!(matches!(verdict(address), Err(Fault::Forbidden { .. })), "{address}: {:?}", verdict(address));
        }
        assert!(matches!(verdict("ftp://a.example/"), Err(Fault::Address { .. })));
        assert_eq!(verdict("http://a.example/"), Ok(()));
        let allow = AllowPrivate::Hosts(vec!["::1".into(), "localhost".into()]);
        assert_eq!(check(&Url::parse("http://[::1]:8000/").unwrap(), &allow), Ok(()));
        assert_eq!(check(&Url::parse("http://localhost/").unwrap(), &allow), Ok(()));
        assert!(check(&Url::parse("http://127.0.0.1/").unwrap(), &allow).is_err());
    }
}

//! From whom a request came.

use std::borrow::Cow;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::Request;
use axum::http::HeaderMap;
use axum::middleware::Next;
use axum::response::Response;

use crate::config::Network;

/// The other end of a connection.
#[derive(Clone, Copy, Debug)]
pub(super) struct Peer(pub(super) SocketAddr);

/// From whom a request came, as far as that can be believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Client {
    pub(super) address: IpAddr,
    /// Whether somebody handed the request on whose word is not taken for it.
    pub(super) through_strangers: bool,
}

impl Client {
    /// Whether the request came from this machine or its private network, and from nowhere else.
    pub(super) fn is_inside(self) -> bool {
        let inside = match self.address.to_canonical() {
            IpAddr::V4(address) => address.is_loopback() || address.is_private(),
            IpAddr::V6(address) => address.is_loopback() || address.is_unique_local(),
        };
        inside && !self.through_strangers
    }
}

/// Finds out from whom each request came.
pub(super) async fn identify(trusted: Arc<[Network]>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<Peer>().map_or(IpAddr::from([0, 0, 0, 0]), |peer| peer.0.ip());
    let client = client(peer, request.headers(), &trusted);
    request.extensions_mut().insert(client);
    next.run(request).await
}

/// Fields in which proxies say that they hand a request on, besides `X-Forwarded-For`.
const HANDED_ON: [&str; 3] = ["forwarded", "x-real-ip", "via"];

/// The last address of `X-Forwarded-For` that is none of the trusted proxies', when such a one hands the request on. What
/// stands before it may have been made up by the client: it is not believed, but it shows that somebody else handed the
/// request on, as do words that are no address and fields of other names.
fn client(peer: IpAddr, headers: &HeaderMap, trusted: &[Network]) -> Client {
    let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.holds(address));
    // Whatever the client has written into a field, the last words of it are the proxy's.
    let fields: Vec<Cow<'_, str>> =
        headers.get_all("x-forwarded-for").iter().map(|value| String::from_utf8_lossy(value.as_bytes())).collect();
    let others = HANDED_ON.iter().any(|name| headers.contains_key(*name));
    if !is_trusted(peer) {
        let handed_on = others || headers.contains_key("x-forwarded-for");
        return Client { address: peer.to_canonical(), through_strangers: handed_on };
    }
    let mut hops = fields.iter().rev().flat_map(|field| field.rsplit(',')).map(str::trim);
    let mut address = peer;
    let mut unread = false;
    while is_trusted(address) {
        match hops.next().map(read) {
            Some(Some(before)) => address = before,
            Some(None) => {
                unread = true;
                break;
            }
            None => break,
        }
    }
    // A proxy that writes the one field may write the others too, of the same client.
    let is_named_alike = fields.len() == 1 && !headers.contains_key("forwarded") && names(headers, address);
    let through_strangers = unread || hops.next().is_some() || (others && !is_named_alike);
    Client { address: address.to_canonical(), through_strangers }
}

/// Whether `X-Real-IP` names this address, or nothing.
fn names(headers: &HeaderMap, address: IpAddr) -> bool {
    let named = headers.get_all("x-real-ip").iter().map(|value| value.to_str().ok().and_then(read));
    named.into_iter().all(|named| named == Some(address))
}

/// An address, with or without a port: `192.0.2.1`, `192.0.2.1:80`, `[2001:db8::1]:80`.
fn read(text: &str) -> Option<IpAddr> {
    let text = text.trim_matches('"');
    text.parse()
        .or_else(|_| text.parse::<SocketAddr>().map(|address| address.ip()))
        .or_else(|_| text.trim_matches(['[', ']']).parse())
        .ok()
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use axum::http::{HeaderMap, HeaderValue};

    use super::{Client, client};
    use crate::config::Network;

    fn from(peer: &str, forwarded: &[&str], trusted: &[&str]) -> Client {
        let fields: Vec<_> = forwarded.iter().map(|value| ("x-forwarded-for", *value)).collect();
        with(peer, &fields, trusted)
    }

    fn with(peer: &str, fields: &[(&'static str, &str)], trusted: &[&str]) -> Client {
        let mut headers = HeaderMap::new();
        for (name, value) in fields {
            headers.append(*name, HeaderValue::from_bytes(value.as_bytes()).unwrap());
        }
        let trusted: Vec<Network> = trusted.iter().map(|text| Network::parse(text).unwrap()).collect();
        client(peer.parse().unwrap(), &headers, &trusted)
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        let address = |text: &str| text.parse::<IpAddr>().unwrap();
        assert_eq!(from("192.0.2.1", &["9.9.9.9"], &[]).address, address("192.0.2.1"));
        assert_eq!(from("127.0.0.1", &["9.9.9.9"], &["127.0.0.1"]).address, address("9.9.9.9"));
        let made_up = from("127.0.0.1", &["1.1.1.1, 9.9.9.9", "10.0.0.7"], &["127.0.0.0/8", "10.0.0.0/8"]);
        assert_eq!(made_up.address, address("9.9.9.9"), "what the client wrote itself is not believed");
        assert_eq!(from("127.0.0.1", &["nonsense"], &["127.0.0.1"]).address, address("127.0.0.1"));
        assert_eq!(from("::1", &["[2001:db8::1]:99"], &["::1"]).address, address("2001:db8::1"));
        assert!(from("127.0.0.1", &[], &[]).is_inside());
        assert!(!from("127.0.0.1", &["10.0.0.1"], &[]).is_inside(), "a proxy that nobody told of");
        assert!(!from("127.0.0.1", &["9.9.9.9"], &["127.0.0.1"]).is_inside());
    }

    #[test]
    fn nobody_is_inside_for_whom_somebody_else_handed_the_request_on() {
        let trusted = &["127.0.0.1"];
        assert!(from("127.0.0.1", &["10.0.0.3"], trusted).is_inside());
        let both = [("x-forwarded-for", "10.0.0.3"), ("x-real-ip", "10.0.0.3"), ("via", "1.1 proxy")];
        assert!(with("127.0.0.1", &both, trusted).is_inside(), "one proxy that says it twice");
        for chain in ["8.8.8.8, 10.0.0.3", "unknown", "8.8.8.8, unknown", ", 10.0.0.3", ""] {
            assert!(!from("127.0.0.1", &[chain], trusted).is_inside(), "{chain}");
        }
        for field in [("x-real-ip", "8.8.8.8"), ("forwarded", "for=8.8.8.8"), ("via", "1.1 proxy")] {
            assert!(!with("127.0.0.1", &[field], trusted).is_inside(), "{field:?}");
            assert!(!with("127.0.0.1", &[field], &[]).is_inside(), "{field:?}");
        }
        for field in [("x-real-ip", "8.8.8.8"), ("forwarded", "for=8.8.8.8")] {
            assert!(!with("127.0.0.1", &[("x-forwarded-for", "10.0.0.3"), field], trusted).is_inside(), "{field:?}");
        }
    }

    #[test]
    fn what_cannot_be_read_hides_nothing_of_what_the_proxy_wrote() {
        let trusted = &["127.0.0.1"];
        for (fields, address) in [
            (&["\u{ff}, 8.8.8.8"][..], "8.8.8.8"),
            (&["\u{ff}", "8.8.8.8"], "8.8.8.8"),
            (&["10.0.0.3, \u{ff},8.8.8.8"], "8.8.8.8"),
            (&["\u{ff}, 10.0.0.3"], "10.0.0.3"),
            (&["8.8.8.8\u{ff}"], "127.0.0.1"),
            (&["8.8.8.8", "\u{ff}"], "127.0.0.1"),
        ] {
            let client = from("127.0.0.1", fields, trusted);
            assert_eq!(client.address, address.parse::<IpAddr>().unwrap(), "{fields:?}");
            assert!(!client.is_inside(), "{fields:?}");
        }
        for name in ["x-real-ip", "forwarded", "via", "x-forwarded-for"] {
            assert!(!with("127.0.0.1", &[(name, "\u{ff}")], &[]).is_inside(), "{name}");
            assert!(!with("127.0.0.1", &[(name, "\u{ff}")], trusted).is_inside(), "{name}");
        }
    }
}

//! From whom a request came.

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

/// The last address of `X-Forwarded-For` that is none of the trusted proxies', when such a one hands the request on. What
/// stands before it may have been made up by the client.
fn client(peer: IpAddr, headers: &HeaderMap, trusted: &[Network]) -> Client {
    let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.holds(address));
    let fields: Vec<&str> = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok()).collect();
    if !is_trusted(peer) {
        let handed_on = !fields.is_empty() || headers.contains_key("forwarded");
        return Client { address: peer.to_canonical(), through_strangers: handed_on };
    }
    let mut address = peer;
    for field in fields.iter().rev().flat_map(|field| field.rsplit(',')) {
        let Some(before) = read(field.trim()) else { break };
        address = before;
        if !is_trusted(address) {
            break;
        }
    }
    Client { address: address.to_canonical(), through_strangers: false }
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

    use axum::http::HeaderMap;

    use super::{Client, client};
    use crate::config::Network;

    fn from(peer: &str, forwarded: &[&str], trusted: &[&str]) -> Client {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append("x-forwarded-for", value.parse().unwrap());
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
}

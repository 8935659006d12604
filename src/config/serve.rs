//! The `[serve]` table.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use serde::Deserialize;
use toml::Spanned;

use super::fetch::checked_duration;
use super::read::Document;
use crate::error::{Error, Result};

/// Where `masthead serve` answers, unless the table or the command line says otherwise.
const LISTEN: SocketAddr = SocketAddr::new(IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 8080);
/// How long a link that confirms is good for, unless `confirm_within` says otherwise.
const CONFIRM_WITHIN: Duration = Duration::from_secs(7 * 24 * 60 * 60);
/// How many forms one network address may send in an hour, unless `forms_per_hour` says otherwise.
const FORMS_PER_HOUR: u32 = 30;

/// How `masthead serve` answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Serve {
    /// Where it listens.
    pub listen: SocketAddr,
    /// Whose word is taken for whom a request came from (`X-Forwarded-For`).
    pub trusted_proxies: Vec<Network>,
    /// What the consent log keeps of network addresses.
    pub keep_addresses: KeepAddresses,
    /// How long a link that confirms is good for.
    pub confirm_within: Duration,
    /// How many forms one network address may send in an hour; a network may send ten times as many.
    pub forms_per_hour: u32,
}

impl Default for Serve {
    fn default() -> Self {
        Self {
            listen: LISTEN,
            trusted_proxies: Vec::new(),
            keep_addresses: KeepAddresses::No,
            confirm_within: CONFIRM_WITHIN,
            forms_per_hour: FORMS_PER_HOUR,
        }
    }
}

/// What the consent log keeps of network addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeepAddresses {
    /// Nothing.
    No,
    /// The network: the first 24 bits of an address of IPv4, 48 of one of IPv6.
    Network,
    /// All of it.
    Full,
}

/// A range of network addresses: an address and how many of its bits count (RFC 4632).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Network {
    base: u128,
    bits: u8,
    v4: bool,
}

impl Network {
    /// Reads `10.0.0.0/8`, `2001:db8::/32` or an address alone. `None` when it is neither.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits.parse::<u8>().ok()?)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().ok()?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.unwrap_or(most);
        (bits <= most).then(|| Self::of(address, bits))
    }

    /// The network of an address by its first `bits`.
    #[must_use]
    pub fn of(address: IpAddr, bits: u8) -> Self {
        let (value, width) = number(address);
        let bits = bits.min(width);
        let kept = u32::from(width - bits);
        let base = if kept >= 128 { 0 } else { value >> kept << kept };
        Self { base, bits, v4: address.to_canonical().is_ipv4() }
    }

    /// The network by which senders are counted and kept: 24 bits of IPv4, 48 of IPv6.
    #[must_use]
    pub fn around(address: IpAddr) -> Self {
        Self::of(address, if address.to_canonical().is_ipv4() { 24 } else { 48 })
    }

    /// Whether an address is in it. One of IPv4 that is written as one of IPv6 is the same address.
    #[must_use]
    pub fn holds(&self, address: IpAddr) -> bool {
        Self::of(address, self.bits) == *self
    }
}

/// An address as a number, and its width in bits.
fn number(address: IpAddr) -> (u128, u8) {
    match address.to_canonical() {
        IpAddr::V4(address) => (u32::from(address).into(), 32),
        IpAddr::V6(address) => (address.into(), 128),
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let address = if self.v4 { IpAddr::V4((self.base as u32).into()) } else { IpAddr::V6(self.base.into()) };
        write!(f, "{address}/{}", self.bits)
    }
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct RawServe {
    listen: Option<Spanned<String>>,
    #[serde(default)]
    trusted_proxies: Vec<Spanned<String>>,
    keep_addresses: Option<Spanned<String>>,
    confirm_within: Option<Spanned<String>>,
    forms_per_hour: Option<Spanned<u32>>,
}

/// Checks the table.
pub(super) fn checked(raw: RawServe, document: &Document<'_>) -> Result<Serve> {
    let default = Serve::default();
    Ok(Serve {
        listen: match raw.listen {
            None => default.listen,
            Some(text) => text.get_ref().parse().map_err(|_| {
                document
                    .error(&text.span(), format!("cannot listen at `{}`", text.get_ref()))
                    .hint("an address and a port are like `127.0.0.1:8080` or `[::1]:8080`")
            })?,
        },
        trusted_proxies: raw.trusted_proxies.iter().map(|text| network(text, document)).collect::<Result<_>>()?,
        keep_addresses: match raw.keep_addresses {
            None => default.keep_addresses,
            Some(word) => match word.get_ref().as_str() {
                "no" => KeepAddresses::No,
                "network" => KeepAddresses::Network,
                "full" => KeepAddresses::Full,
                other => {
                    let error = document.error(&word.span(), format!("cannot keep `{other}` of addresses"));
                    return Err(error.nearest(other, ["no", "network", "full"]));
                }
            },
        },
        confirm_within: match raw.confirm_within {
            None => default.confirm_within,
            Some(text) => match checked_duration(&text, document)? {
                Duration::ZERO => return Err(nobody(&text, document)),
                within => within,
            },
        },
        forms_per_hour: match raw.forms_per_hour {
            None => default.forms_per_hour,
            Some(number) if *number.get_ref() == 0 => return Err(nobody(&number, document)),
            Some(number) => number.into_inner(),
        },
    })
}

fn nobody<T: fmt::Display>(value: &Spanned<T>, document: &Document<'_>) -> Error {
    document
        .error(&value.span(), format!("with `{}` nobody could subscribe", value.get_ref()))
        .hint("leave `subscriptions_url` out if nobody should")
}

fn network(text: &Spanned<String>, document: &Document<'_>) -> Result<Network> {
    Network::parse(text.get_ref()).ok_or_else(|| {
        document
            .error(&text.span(), format!("`{}` is no network", text.get_ref()))
            .hint("a network is like `127.0.0.1`, `10.0.0.0/8` or `2001:db8::/32`")
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::Network;

    #[test]
    fn networks_hold_their_addresses() {
        let holds = |network: &str, address: &str| Network::parse(network).unwrap().holds(address.parse().unwrap());
        assert!(holds("10.0.0.0/8", "10.200.3.4") && !holds("10.0.0.0/8", "11.0.0.1"));
        assert!(holds("127.0.0.1", "::ffff:127.0.0.1"));
        assert!(holds("2001:db8::/32", "2001:db8:1::2") && !holds("2001:db8::/32", "2001:db9::"));
        assert!(holds("0.0.0.0/0", "9.9.9.9") && !holds("0.0.0.0/0", "::1"));
        for no in ["", "10.0.0.0/33", "10.0.0", "example.org", "::/129"] {
            assert_eq!(Network::parse(no), None, "{no}");
        }
        assert_eq!(Network::around("192.0.2.77".parse().unwrap()).to_string(), "192.0.2.0/24");
        assert_eq!(Network::around("2001:db8:1:2::3".parse().unwrap()).to_string(), "2001:db8:1::/48");
    }

    #[test]
    fn what_the_table_says_wrong_is_told_with_its_place() {
        let complaint = |line: &str| {
            let text =
                format!("title = \"T\"\nbase_url = \"https://x.example/\"\nlanguage = \"en\"\n[serve]\n{line}\n");
            crate::config::parse(&text, Path::new("config.toml"), Path::new(".")).unwrap_err().to_string()
        };
        let all = [
            complaint("listen = \"8080\""),
            complaint("trusted_proxies = [\"localhost\"]"),
            complaint("keep_addresses = \"networks\""),
            complaint("confirm_within = \"a week\""),
            complaint("listen = 8080"),
            complaint("confirm_within = 7"),
            complaint("[mail]\nrate = 20"),
            complaint("[mail]\nrelay = \"smtp://relay.example\""),
        ];
        insta::assert_snapshot!(all.join("\n"), @r#"
        config.toml:5:10: cannot listen at `8080`
          an address and a port are like `127.0.0.1:8080` or `[::1]:8080`
        config.toml:5:20: `localhost` is no network
          a network is like `127.0.0.1`, `10.0.0.0/8` or `2001:db8::/32`
        config.toml:5:18: cannot keep `networks` of addresses
          did you mean `network`?
        config.toml:5:18: `a week` is not a length of time
          one is like `500ms`, `30s`, `15m`, `12h` or `1d`
        config.toml:5:10: `listen` has `8080` where text is expected
          an address and its port are like `127.0.0.1:8080`, in quotes
        config.toml:5:18: `confirm_within` has `7` where text is expected
          a length of time is like `7d`, in quotes
        config.toml:6:8: `rate` has `20` where text is expected
          a rate is like `20/s` or `600/m`, in quotes
        config.toml:6:9: `relay` has `"smtp://relay.example"` where a list is expected
          write `[[mail.relay]]`, with `url = "smtp://relay.example"` below it
        "#);
    }
}

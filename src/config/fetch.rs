//! `[fetch]`: how sources on the web are asked.

use std::time::Duration;

use serde::Deserialize;
use toml::Spanned;

use super::read::Document;
use crate::error::Result;

/// How sources on the web are asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetch {
    /// How long one source may take, redirects and all.
    pub timeout: Duration,
    /// How long its server may take to accept a connection.
    pub connect_timeout: Duration,
    /// How large an answer may be once it is decompressed, in bytes.
    pub max_size: u64,
    /// How long a source is left alone at least after it answered.
    pub interval: Duration,
    /// How many hosts are asked at the same time; one host gets one request at a time.
    pub hosts_at_once: usize,
    /// The pause between two requests to one host.
    pub gap: Duration,
    /// Which hosts may have addresses that the public network does not reach.
    pub allow_private: AllowPrivate,
    /// Whether the pictures of posts are fetched and kept.
    pub pictures: bool,
}

impl Default for Fetch {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(30),
            connect_timeout: Duration::from_secs(10),
            max_size: 15_000_000,
            interval: Duration::from_secs(30 * 60),
            hosts_at_once: 8,
            gap: Duration::from_millis(500),
            allow_private: AllowPrivate::Nobody,
            pictures: true,
        }
    }
}

/// Which hosts may have loopback, private and other addresses that the public network does not reach.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AllowPrivate {
    /// None.
    Nobody,
    /// All.
    Everybody,
    /// Those named, in lower case: `intranet.example`, `192.168.0.7`, or `.lan` for all names that end so.
    Hosts(
        /// Their names.
        Vec<String>,
    ),
}

impl AllowPrivate {
    /// Whether `host`, as it stands in an address, may be anywhere.
    #[must_use]
    pub fn allows(&self, host: &str) -> bool {
        let host = host.trim_start_matches('[').trim_end_matches([']', '.']).to_lowercase();
        match self {
            Self::Nobody => false,
            Self::Everybody => true,
            Self::Hosts(names) => {
                names.iter().any(|name| host == *name || (name.starts_with('.') && host.ends_with(name.as_str())))
            }
        }
    }
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct RawFetch {
    timeout: Option<Spanned<String>>,
    connect_timeout: Option<Spanned<String>>,
    max_size: Option<Spanned<String>>,
    interval: Option<Spanned<String>>,
    hosts_at_once: Option<Spanned<usize>>,
    gap: Option<Spanned<String>>,
    allow_private: Option<RawAllowPrivate>,
    pictures: Option<bool>,
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "expected true, false or a list of hosts")]
enum RawAllowPrivate {
    All(bool),
    Hosts(Vec<String>),
}

/// Checks the `[fetch]` table.
pub(super) fn checked(raw: RawFetch, document: &Document<'_>) -> Result<Fetch> {
    let default = Fetch::default();
    let time = |value: Option<Spanned<String>>, default: Duration| match value {
        None => Ok(default),
        Some(text) => checked_duration(&text, document),
    };
    let max_size = match raw.max_size {
        None => default.max_size,
        Some(text) => size(text.get_ref()).ok_or_else(|| {
            document
                .error(&text.span(), format!("`{}` is not a size", text.get_ref()))
                .hint("one is like `800 kB` or `15 MB`")
        })?,
    };
    let hosts_at_once = match raw.hosts_at_once {
        Some(count) if *count.get_ref() == 0 => {
            return Err(document.error(&count.span(), "`hosts_at_once` is 0").hint("it must be at least 1"));
        }
        count => count.map_or(default.hosts_at_once, Spanned::into_inner),
    };
    Ok(Fetch {
        timeout: time(raw.timeout, default.timeout)?,
        connect_timeout: time(raw.connect_timeout, default.connect_timeout)?,
        max_size,
        interval: time(raw.interval, default.interval)?,
        hosts_at_once,
        gap: time(raw.gap, default.gap)?,
        pictures: raw.pictures.unwrap_or(default.pictures),
        allow_private: match raw.allow_private {
            None | Some(RawAllowPrivate::All(false)) => AllowPrivate::Nobody,
            Some(RawAllowPrivate::All(true)) => AllowPrivate::Everybody,
            Some(RawAllowPrivate::Hosts(hosts)) => {
                AllowPrivate::Hosts(hosts.iter().map(|host| host.trim_matches(['[', ']']).to_lowercase()).collect())
            }
        },
    })
}

/// A number and its unit.
fn split(text: &str) -> Option<(u64, &str)> {
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    Some((text[..digits].parse().ok()?, text[digits..].trim_start()))
}

/// Reads a length of time.
pub(super) fn checked_duration(text: &Spanned<String>, document: &Document<'_>) -> Result<Duration> {
    duration(text.get_ref()).ok_or_else(|| {
        document
            .error(&text.span(), format!("`{}` is not a length of time", text.get_ref()))
            .hint("one is like `500ms`, `30s`, `15m`, `12h` or `1d`")
    })
}

/// `500ms`, `30s`, `15m`, `12h`, `1d`.
fn duration(text: &str) -> Option<Duration> {
    let (number, unit) = split(text)?;
    let milliseconds: u64 = match unit {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => return None,
    };
    // A year is longer than anybody means, and far from where sums overflow.
    number.checked_mul(milliseconds).filter(|total| *total <= 366 * 86_400_000).map(Duration::from_millis)
}

/// `800 kB`, `15 MB`, in bytes.
fn size(text: &str) -> Option<u64> {
    let (number, unit) = split(text)?;
    let bytes: u64 = match unit {
        "kB" | "KB" => 1_000,
        "MB" => 1_000_000,
        _ => return None,
    };
    number.checked_mul(bytes).filter(|total| (1..=1_000_000_000).contains(total))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{AllowPrivate, duration, size};

    #[test]
    fn times_and_sizes_have_units() {
        assert_eq!(duration("500ms"), Some(Duration::from_millis(500)));
        assert_eq!(duration("15 m"), Some(Duration::from_secs(15 * 60)));
        assert_eq!(duration("1d"), Some(Duration::from_secs(24 * 60 * 60)));
        assert_eq!([duration("30"), duration("s"), duration("-1s"), duration("99999999d")], [None; 4]);
        assert_eq!((size("15 MB"), size("64kB")), (Some(15_000_000), Some(64_000)));
        assert_eq!([size("15"), size("0 MB"), size("5 GB")], [None; 3]);
    }

    #[test]
    fn hosts_are_named_whole_or_by_their_ending() {
        let hosts = AllowPrivate::Hosts(vec![".lan".into(), "::1".into(), "wiki.example".into()]);
        assert!(hosts.allows("news.LAN") && hosts.allows("[::1]") && hosts.allows("wiki.example."));
        assert!(!hosts.allows("lan") && !hosts.allows("a.wiki.example") && !hosts.allows("127.0.0.1"));
        assert!(AllowPrivate::Everybody.allows("x") && !AllowPrivate::Nobody.allows("x"));
    }
}

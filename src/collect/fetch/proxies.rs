//! Proxies, as the environment names them.

use url::Url;

/// `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`, in capitals or small letters; small letters win, as they do for others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proxies {
    https: Option<String>,
    http: Option<String>,
    /// Hosts and endings of hosts that are asked directly.
    none: Vec<String>,
}

impl Proxies {
    /// Reads the environment through `variable`.
    pub fn new(variable: &dyn Fn(&str) -> Option<String>) -> Self {
        let either = |name: &str| {
            let set =
                |name: &str| variable(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty());
            set(&name.to_ascii_lowercase()).or_else(|| set(name))
        };
        let all = either("ALL_PROXY");
        let none = either("NO_PROXY").unwrap_or_default();
        Self {
            https: either("HTTPS_PROXY").or_else(|| all.clone()),
            http: either("HTTP_PROXY").or(all),
            none: none
                .split([',', ' '])
                .map(|host| host.trim().to_lowercase())
                .filter(|host| !host.is_empty())
                .collect(),
        }
    }

    /// The proxy through which an address is asked.
    pub(super) fn of(&self, url: &Url) -> Option<&str> {
        let proxy = if url.scheme() == "https" { &self.https } else { &self.http };
        proxy.as_deref().filter(|_| !self.is_direct(url))
    }

    /// Whether `NO_PROXY` names the host, with or without its port, or an ending of it: `*`, `.example.org`,
    /// `example.org`.
    fn is_direct(&self, url: &Url) -> bool {
        let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
        let port = url.port_or_known_default().unwrap_or_default().to_string();
        self.none.iter().any(|entry| {
            let entry = match entry.rsplit_once(':') {
                Some((name, number)) if !name.contains(':') && number == port => name,
                Some((name, number)) if !name.contains(':') && number.bytes().all(|b| b.is_ascii_digit()) => {
                    return false;
                }
                _ => entry.trim_matches(['[', ']']),
            };
            let ending = entry.trim_start_matches('*').trim_start_matches('.');
            entry == "*" || (!ending.is_empty() && (host == ending || host.ends_with(&format!(".{ending}"))))
        })
    }
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::Proxies;

    #[test]
    fn the_environment_is_read_as_others_read_it() {
        let variable = |name: &str| {
            let value = match name {
                "HTTPS_PROXY" => "http://secure:3128",
                "http_proxy" => "http://small:3128",
                "HTTP_PROXY" => "http://capital:3128",
                "NO_PROXY" => "localhost, .lan,example.org,192.168.0.7,::1,odd.example:8080",
                _ => return None,
            };
            Some(value.to_owned())
        };
        let proxies = Proxies::new(&variable);
        let of = |address: &str| proxies.of(&Url::parse(address).unwrap()).map(str::to_owned);
        assert_eq!(of("https://a.example/").as_deref(), Some("http://secure:3128"));
        assert_eq!(of("http://a.example/").as_deref(), Some("http://small:3128"));
        assert_eq!(of("http://odd.example/").as_deref(), Some("http://small:3128"));
        for direct in [
            "http://localhost:8000/",
            "https://news.lan/",
            "https://example.org/",
            "https://www.example.org/",
            "http://192.168.0.7/",
            "http://[::1]/",
            "http://odd.example:8080/",
        ] {
            assert_eq!(of(direct), None, "{direct}");
        }
        assert!(of("https://notexample.org/").is_some());
        assert_eq!(Proxies::new(&|_| None).of(&Url::parse("https://a.example/").unwrap()), None);
        let everything = Proxies::new(&|name| {
            Some(if name.eq_ignore_ascii_case("NO_PROXY") { "*" } else { "http://p:1" }.to_owned())
        });
        assert_eq!(everything.of(&Url::parse("https://a.example/").unwrap()), None);
    }
}

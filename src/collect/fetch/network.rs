//! The network: one request over HTTP/1.1, with or without TLS.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use ureq::config::Config as AgentConfig;
use ureq::http::Uri;
use ureq::tls::TlsConfig;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, Proxy};

use super::body::{self, Stopped};
use super::exchange::{Exchange, Request, Response};
use super::{Fault, Headers, Proxies, guard};
use crate::config::{AllowPrivate, Fetch};

/// What is read, best first.
const ACCEPT: &str = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, \
                      text/xml;q=0.9, application/json;q=0.8, text/html;q=0.5, */*;q=0.1";
/// The largest header of an answer, in bytes.
const HEADER: usize = 64 << 10;

/// The network. Every connection is a new one, to an address that was looked at.
#[derive(Debug)]
pub struct Network {
    agent: Agent,
    proxies: Proxies,
    max_size: u64,
    connect_timeout: Duration,
}

impl Network {
    /// A network that introduces itself as `user_agent`.
    #[must_use]
    pub fn new(settings: &Fetch, user_agent: &str, proxies: Proxies) -> Self {
        Self::with_names(settings, user_agent, proxies, DefaultResolver::default())
    }

    /// The same, with names looked up by `names`.
    pub(super) fn with_names(settings: &Fetch, user_agent: &str, proxies: Proxies, names: impl Resolver) -> Self {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = AgentConfig::builder()
            .tls_config(TlsConfig::builder().unversioned_rustls_crypto_provider(provider).build())
            .user_agent(user_agent)
            .accept(ACCEPT)
            .accept_encoding("gzip, br")
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .max_response_header_size(HEADER)
            .max_idle_connections(0)
            .timeout_connect(Some(settings.connect_timeout))
            .proxy(None)
            .build();
        let guarded = Guarded { names, allow: settings.allow_private.clone() };
        Self {
            agent: Agent::with_parts(config, DefaultConnector::default(), guarded),
            proxies,
            max_size: settings.max_size,
            connect_timeout: settings.connect_timeout,
        }
    }

    fn send(&self, request: &Request) -> Result<Response, Fault> {
        let proxy = match self.proxies.of(&request.url) {
            None => None,
            Some(address) => Some(
                // The address may hold a password.
                Proxy::new(address)
                    .map_err(|_| Fault::Connection("the environment names no proper proxy".to_owned()))?,
            ),
        };
        let mut builder = self.agent.get(request.url.as_str());
        for (name, value) in &request.headers {
            builder = builder.header(*name, value.as_slice());
        }
        let builder = builder.config().timeout_global(Some(request.timeout)).proxy(proxy).build();
        let answer = builder.call().map_err(|cause| self.fault(&cause, request, None))?;
        let status = answer.status().as_u16();
        let headers = Headers(
            answer
                .headers()
                .iter()
                .map(|(name, value)| (name.as_str().to_owned(), value.as_bytes().to_vec()))
                .collect(),
        );
        if !matches!(status, 200 | 203) {
            return Ok(Response { status, headers, body: Vec::new() });
        }
        let content = body::read(answer.into_body().into_reader(), &headers.encodings(), self.max_size);
        let body = content.map_err(|stopped| match stopped {
            Stopped::Fault(fault) => fault,
            Stopped::Io { cause, received } => self.fault(&ureq::Error::from(cause), request, Some(received)),
        })?;
        Ok(Response { status, headers, body })
    }

    /// What the client said, in our words. `received` counts the bytes of the content, once the header has come.
    fn fault(&self, error: &ureq::Error, request: &Request, received: Option<usize>) -> Fault {
        use std::io::ErrorKind;

        let host = || request.url.host_str().unwrap_or_default().to_owned();
        match error {
            ureq::Error::Timeout(ureq::Timeout::Connect) => Fault::Timeout(self.connect_timeout),
            ureq::Error::Timeout(_) => Fault::Timeout(request.timeout),
            ureq::Error::HostNotFound => Fault::UnknownHost { host: host() },
            ureq::Error::Tls(cause) => Fault::Tls((*cause).to_owned()),
            ureq::Error::Rustls(cause) => Fault::Tls(cause.to_string().to_lowercase()),
            ureq::Error::LargeResponseHeader(..) => {
                Fault::Protocol(format!("its header is larger than {} kB", HEADER / 1000))
            }
            ureq::Error::Protocol(cause) => Fault::Protocol(cause.to_string().to_lowercase()),
            ureq::Error::Http(cause) => Fault::Protocol(cause.to_string().to_lowercase()),
            ureq::Error::ConnectProxyFailed(cause) => Fault::Connection(format!("the proxy refused: {cause}")),
            ureq::Error::Other(cause) => match cause.downcast_ref::<Forbidden>() {
                Some(Forbidden(what)) => Fault::Forbidden { host: host(), what },
                None => Fault::Connection(cause.to_string()),
            },
            ureq::Error::Io(cause) => {
                if let Some(inner) = cause.get_ref().and_then(|inner| inner.downcast_ref::<ureq::Error>()) {
                    return self.fault(inner, request, received);
                }
                match (cause.kind(), received) {
                    (ErrorKind::TimedOut | ErrorKind::WouldBlock, _) => Fault::Timeout(request.timeout),
                    (ErrorKind::UnexpectedEof, None) => {
                        Fault::Connection("the server ended it without an answer".to_owned())
                    }
                    (ErrorKind::UnexpectedEof, Some(received)) => Fault::Incomplete { received },
                    (ErrorKind::InvalidData, None)
                        if cause.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()).is_some() =>
                    {
                        Fault::Tls(cause.to_string().to_lowercase())
                    }
                    (ErrorKind::InvalidData | ErrorKind::InvalidInput, Some(_)) => {
                        Fault::Encoding(cause.to_string().to_lowercase())
                    }
                    (ErrorKind::ConnectionRefused, _) => Fault::Connection("it was refused".to_owned()),
                    (ErrorKind::ConnectionReset, _) => Fault::Connection("the server broke it off".to_owned()),
                    _ => Fault::Connection(cause.to_string().to_lowercase()),
                }
            }
            other => Fault::Connection(other.to_string().to_lowercase()),
        }
    }
}

impl Exchange for Network {
    fn exchange(&self, request: &Request) -> Result<Response, Fault> {
        self.send(request)
    }
}

/// Looks names up, and lets through only those of their addresses that may be asked: what is connected to is what was
/// looked at, whatever a second look would answer.
#[derive(Debug)]
struct Guarded<R> {
    names: R,
    allow: AllowPrivate,
}

impl<R: Resolver> Resolver for Guarded<R> {
    fn resolve(
        &self,
        uri: &Uri,
        config: &AgentConfig,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let found = self.names.resolve(uri, config, timeout).map_err(|cause| match cause {
            // The system says in many ways that it has not found a host.
            ureq::Error::Io(_) => ureq::Error::HostNotFound,
            other => other,
        })?;
        // A proxy is the user's own and may be anywhere.
        let is_proxy = config.proxy().is_some_and(|proxy| proxy.uri() == uri);
        if is_proxy || self.allow.allows(uri.host().unwrap_or_default()) {
            return Ok(found);
        }
        let mut allowed = self.empty();
        let mut refused = None;
        for address in &found {
            match guard::not_public(SocketAddr::ip(address)) {
                None => allowed.push(*address),
                Some(what) => refused = Some(what),
            }
        }
        match refused {
            Some(what) if allowed.is_empty() => Err(ureq::Error::Other(Box::new(Forbidden(what)))),
            _ => Ok(allowed),
        }
    }
}

/// All addresses of a host are ones that may not be asked.
#[derive(Debug)]
struct Forbidden(&'static str);

impl std::fmt::Display for Forbidden {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for Forbidden {}

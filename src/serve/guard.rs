//! What holds for every answer: time limits, counting, headers that protect.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::Request;
use axum::http::header::{HOST, HeaderName, HeaderValue};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use super::metrics::Metrics;

/// How long an answer may take until its head is made, the reading of the form included.
const LONGEST: Duration = Duration::from_secs(30);

/// Lets a request through, with a limit on time, and sees to the headers of its answer.
pub(super) async fn guard(metrics: Arc<Metrics>, request: Request, next: Next) -> Response {
    let mut response = match tokio::time::timeout(LONGEST, next.run(request)).await {
        Ok(response) => response,
        Err(_) => StatusCode::REQUEST_TIMEOUT.into_response(),
    };
    metrics.answered(response.status());
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("permissions-policy", "camera=(), geolocation=(), microphone=(), interest-cohort=()"),
    ] {
        let name = HeaderName::from_static(name);
        response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}

/// Lets a request through that is for this machine under its name for itself: a page of somebody else whose name leads here
/// would otherwise read what is for nobody but who sits here.
pub(super) async fn keep_private(request: Request, next: Next) -> Response {
    if is_for_this_machine(request.uri(), request.headers()) {
        return next.run(request).await;
    }
    (StatusCode::MISDIRECTED_REQUEST, "A preview answers to `localhost` and `127.0.0.1` alone.\n").into_response()
}

/// Whether all that a request says of its host is a name of the machine for itself, whatever the port.
fn is_for_this_machine(target: &Uri, headers: &HeaderMap) -> bool {
    let mut hosts = headers.get_all(HOST).iter().map(|host| Authority::try_from(host.as_bytes()).ok());
    let host = hosts.next().flatten();
    let mut named = target.authority().into_iter().chain(&host);
    host.is_some() && hosts.next().is_none() && named.all(|host| is_own_name(host.host()))
}

fn is_own_name(host: &str) -> bool {
    let address = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host).parse::<IpAddr>();
    host.eq_ignore_ascii_case("localhost") || address.is_ok_and(|address| address.to_canonical().is_loopback())
}

#[cfg(test)]
mod tests {
    use axum::http::header::HOST;
    use axum::http::{HeaderMap, HeaderValue, Uri};

    use super::is_for_this_machine;

    #[test]
    fn a_private_service_answers_to_names_of_this_machine_alone() {
        let is_taken = |target: &str, hosts: &[&str]| {
            let hosts = hosts.iter().map(|host| (HOST, HeaderValue::from_bytes(host.as_bytes()).unwrap()));
            let mut headers = HeaderMap::new();
            for (name, host) in hosts {
                headers.append(name, host);
            }
            is_for_this_machine(&target.parse::<Uri>().unwrap(), &headers)
        };
        for own in
            ["localhost", "LocalHost:8080", "127.0.0.1", "127.0.0.1:18473", "127.3.2.1:80", "[::1]", "[::1]:8080"]
        {
            assert!(is_taken("/news/1/", &[own]), "{own}");
            assert!(is_taken(&format!("http://{own}/"), &[own]), "{own}");
            assert!(!is_taken(&format!("http://{own}/"), &["evil.example"]), "{own}");
            assert!(!is_taken("http://evil.example/", &[own]), "{own}");
            assert!(!is_taken("/", &[own, own]), "{own}");
        }
        for other in [
            "evil.example",
            "evil.example:8080",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "evil.example@evil.example",
            "0.0.0.0:8080",
            "192.0.2.1",
            "[2001:db8::1]:8080",
            "localhost\u{ff}",
            "localhost:8080:80",
            "",
        ] {
            assert!(!is_taken("/", &[other]), "{other}");
        }
        assert!(!is_taken("/", &[]));
    }
}

//! One question and its answer, without redirects: what the network does for this stage.

use std::time::Duration;

use url::Url;

use super::{Fault, Headers};

/// A GET request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// What is asked for.
    pub url: Url,
    /// Fields beside those that every request has: names in lower case.
    pub headers: Vec<(&'static str, Vec<u8>)>,
    /// How long it may take.
    pub timeout: Duration,
}

/// What a server answered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// The header.
    pub headers: Headers,
    /// The content, decompressed. Only read where the status says that this is it.
    pub body: Vec<u8>,
}

/// What can ask a server.
pub trait Exchange: Sync {
    /// Sends one request and waits for its answer. Redirects are answers.
    fn exchange(&self, request: &Request) -> Result<Response, Fault>;
}

//! A connection on which no step lasts longer than it may: a server that sends a byte now and then gains nothing.

use std::future::Future;
use std::io::{self, IoSlice};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::fault::Fault;
use super::reply::{self, Answer, LINE, LINES, LONGEST_LINE, MOST_LINES};
use crate::model::Clock;

/// How much is read at once.
const CHUNK: usize = 4096;
/// How much is encrypted at once, in bytes.
const ENCRYPTED: usize = 64 << 10;

enum Inner {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

/// A connection to a relay.
pub(super) struct Stream<'c> {
    /// `None` only while TLS begins.
    inner: Option<Inner>,
    clock: &'c dyn Clock,
    /// When the step must be over, on the clock's `elapsed`.
    deadline: Duration,
    /// What was read and not yet looked at.
    read: Vec<u8>,
}

/// What a step gives, unless it lasts longer.
async fn within<T>(limit: Duration, step: impl Future<Output = io::Result<T>>) -> io::Result<T> {
    timeout(limit, step).await.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
}

/// A host as it is looked up and as certificates name it: an address of IPv6 without its brackets.
fn unbracketed(host: &str) -> &str {
    host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host)
}

/// The addresses of a host, in the order in which they are to be tried: at least one.
pub(super) async fn look_up(host: &str, port: u16, limit: Duration) -> Result<Vec<SocketAddr>, Fault> {
    let found = within(limit, lookup_host((unbracketed(host), port)))
        .await
        .map_err(|cause| Fault::lost(format!("the name `{host}` cannot be looked up: {cause}")))?;
    let mut addresses: Vec<SocketAddr> = Vec::new();
    // What /etc/hosts says twice comes twice.
    for address in found {
        if !addresses.contains(&address) {
            addresses.push(address);
        }
    }
    if addresses.is_empty() {
        return Err(Fault::lost(format!("the name `{host}` has no address")));
    }
    Ok(addresses)
}

/// Puts the beginning of slices, as much as is encrypted at once, into `chunk`, instead of what is there.
fn gather(slices: &[IoSlice<'_>], chunk: &mut Vec<u8>) {
    chunk.clear();
    for slice in slices {
        let room = ENCRYPTED - chunk.len();
        if slice.len() >= room {
            return chunk.extend_from_slice(&slice[..room]);
        }
        chunk.extend_from_slice(slice);
    }
}

impl<'c> Stream<'c> {
    /// Connects to an address within `limit`.
    pub(super) async fn connect(address: SocketAddr, clock: &'c dyn Clock, limit: Duration) -> Result<Self, Fault> {
        let deadline = clock.elapsed() + limit;
        let connected = within(limit, TcpStream::connect(address)).await;
        let tcp = connected.map_err(|cause| Fault::io("connecting", &cause))?;
        // Small commands must not wait for the acknowledgement of the last ones.
        tcp.set_nodelay(true).map_err(|cause| Fault::io("connecting", &cause))?;
        Ok(Self { inner: Some(Inner::Plain(tcp)), clock, deadline, read: Vec::new() })
    }

    /// Begins TLS and finishes its handshake, with the server's certificate checked against `name`. Whatever came in
    /// clear after the server agreed is a fault: somebody put it there.
    pub(super) async fn encrypt(
        &mut self,
        name: &str,
        config: &Arc<ClientConfig>,
        limit: Duration,
    ) -> Result<(), Fault> {
        if !self.read.is_empty() {
            return Err(Fault::protocol("there was more after the answer to STARTTLS"));
        }
        let name = ServerName::try_from(unbracketed(name).to_owned())
            .map_err(|_| Fault::tls(format!("`{name}` is no name for a certificate")))?;
        let Some(Inner::Plain(tcp)) = self.inner.take() else {
            return Err(Fault::protocol("TLS was begun twice"));
        };
        let handshake = TlsConnector::from(Arc::clone(config)).connect(name, tcp);
        let tls = within(limit, handshake).await.map_err(|cause| Fault::handshake(&cause))?;
        self.inner = Some(Inner::Tls(Box::new(tls)));
        Ok(())
    }

    /// Whether TLS has begun.
    pub(super) fn is_protected(&self) -> bool {
        matches!(self.inner, Some(Inner::Tls(_)))
    }

    /// Gives the next step this long.
    pub(super) fn allow(&mut self, limit: Duration) {
        self.deadline = self.clock.elapsed() + limit;
    }

    fn left(&self) -> Duration {
        self.deadline.saturating_sub(self.clock.elapsed())
    }

    /// Reads one reply, of however many lines.
    pub(super) async fn answer(&mut self, doing: &'static str) -> Result<Answer, Fault> {
        let mut answer = Answer::default();
        for _ in 0..MOST_LINES {
            let bytes = self.line(doing).await?;
            let Some((code, more, words)) = reply::line(&bytes) else {
                let shown: String =
                    String::from_utf8_lossy(&bytes).chars().take(80).flat_map(char::escape_debug).collect();
                return Err(Fault::protocol(format!("the answer is none of SMTP: `{shown}`")));
            };
            if !answer.lines.is_empty() && answer.code != code {
                return Err(Fault::protocol(format!(
                    "the lines of one answer have the codes {} and {code}",
                    answer.code
                )));
            }
            answer.code = code;
            if answer.lines.len() < LINES {
                answer.lines.push(words);
            }
            if !more {
                return Ok(answer);
            }
        }
        Err(Fault::protocol(format!("an answer has more than {MOST_LINES} lines")))
    }

    /// One line, without its CRLF, or LF alone, as some servers write; of a long one the beginning.
    async fn line(&mut self, doing: &'static str) -> Result<Vec<u8>, Fault> {
        let mut seen = 0;
        loop {
            if let Some(end) = memchr::memchr(b'\n', &self.read[seen..]).map(|at| seen + at) {
                let mut line: Vec<u8> = self.read.drain(..=end).collect();
                line.pop();
                line.pop_if(|last| *last == b'\r');
                line.truncate(LINE);
                return Ok(line);
            }
            seen = self.read.len();
            if seen >= LONGEST_LINE {
                return Err(Fault::protocol("a line of the answer is too long"));
            }
            self.fill(doing).await?;
        }
    }

    async fn fill(&mut self, doing: &'static str) -> Result<(), Fault> {
        let left = self.left();
        self.read.reserve(CHUNK);
        let count = match &mut self.inner {
            Some(Inner::Plain(tcp)) => within(left, tcp.read_buf(&mut self.read)).await,
            Some(Inner::Tls(tls)) => within(left, tls.read_buf(&mut self.read)).await,
            None => Ok(0),
        };
        match count {
            Ok(0) => Err(Fault::lost(format!("the server closed the connection while {doing}"))),
            Ok(_) => Ok(()),
            Err(cause) => Err(Fault::io(doing, &cause)),
        }
    }

    /// Sends commands.
    pub(super) async fn send(&mut self, bytes: &[u8], doing: &'static str) -> Result<(), Fault> {
        self.write_all(bytes).await.map_err(|cause| Fault::io(doing, &cause))
    }

    /// Writes slices, none of them empty, to their end. When that fails, it tells how many bytes may have gone out.
    pub(super) async fn write(&mut self, mut slices: &mut [IoSlice<'_>]) -> Result<(), (usize, io::Error)> {
        let mut written = 0;
        let mut chunk = Vec::new();
        while !slices.is_empty() {
            let left = self.left();
            let count = if let Some(Inner::Plain(tcp)) = &mut self.inner {
                match within(left, tcp.write_vectored(slices)).await {
                    Ok(0) => return Err((written, io::ErrorKind::WriteZero.into())),
                    count => count.map_err(|cause| (written, cause))?,
                }
            } else {
                gather(slices, &mut chunk);
                // What of several records went out, nobody knows.
                self.write_all(&chunk).await.map_err(|cause| (written + chunk.len(), cause))?;
                chunk.len()
            };
            written += count;
            IoSlice::advance_slices(&mut slices, count);
        }
        Ok(())
    }

    async fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        let left = self.left();
        match &mut self.inner {
            Some(Inner::Plain(tcp)) => within(left, tcp.write_all(bytes)).await,
            Some(Inner::Tls(tls)) => {
                let written = async {
                    tls.write_all(bytes).await?;
                    tls.flush().await
                };
                within(left, written).await
            }
            None => Err(io::ErrorKind::NotConnected.into()),
        }
    }

    /// Whether the server has closed the connection, or said something unasked: looked at without waiting.
    pub(super) async fn is_stale(&mut self) -> bool {
        let tcp = match &self.inner {
            Some(Inner::Plain(tcp)) => tcp,
            Some(Inner::Tls(tls)) => tls.get_ref().0,
            None => return true,
        };
        // The runtime learns what came while nobody listened.
        tokio::task::yield_now().await;
        timeout(Duration::ZERO, tcp.peek(&mut [0])).await.is_ok()
    }
}

#[cfg(test)]
mod tests {
    use std::io::IoSlice;

    use super::{ENCRYPTED, gather, unbracketed};

    #[test]
    fn no_more_is_gathered_than_is_encrypted_at_once() {
        let text: Vec<u8> = (0..=250).cycle().take(2 * ENCRYPTED + 5).collect();
        for piece in [1, 1000, ENCRYPTED - 1, ENCRYPTED, ENCRYPTED + 1, text.len()] {
            let mut slices: Vec<IoSlice<'_>> = text.chunks(piece).map(IoSlice::new).collect();
            let (mut slices, mut chunk, mut all) = (slices.as_mut_slice(), Vec::new(), Vec::new());
            let mut lengths = Vec::new();
            while !slices.is_empty() {
                gather(slices, &mut chunk);
                IoSlice::advance_slices(&mut slices, chunk.len());
                all.extend_from_slice(&chunk);
                lengths.push(chunk.len());
            }
            assert_eq!((all == text, lengths), (true, vec![ENCRYPTED, ENCRYPTED, 5]), "{piece}");
        }
    }

    #[test]
    fn brackets_are_no_part_of_an_address() {
        for (host, name) in [("[::1]", "::1"), ("127.0.0.1", "127.0.0.1"), ("relay.example", "relay.example")] {
            assert_eq!(unbracketed(host), name);
        }
    }
}

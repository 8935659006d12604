//! A connection on which no step lasts longer than it may: a server that sends a byte now and then gains nothing.

use std::io::{self, Read, Write};
use std::net::{TcpStream, ToSocketAddrs as _};
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, StreamOwned};

use super::fault::Fault;
use super::reply::{self, Answer, LINE, LINES, LONGEST_LINE, MOST_LINES};
use crate::model::Clock;

/// How much is read at once.
const CHUNK: usize = 4096;

/// A socket with a deadline.
struct Timed<'c> {
    tcp: TcpStream,
    clock: &'c dyn Clock,
    /// On the clock's `elapsed`.
    deadline: Duration,
}

impl Timed<'_> {
    fn left(&self) -> io::Result<Duration> {
        match self.deadline.checked_sub(self.clock.elapsed()) {
            Some(left) if !left.is_zero() => Ok(left),
            _ => Err(io::ErrorKind::TimedOut.into()),
        }
    }
}

impl Read for Timed<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.tcp.set_read_timeout(Some(self.left()?))?;
        self.tcp.read(buffer)
    }
}

impl Write for Timed<'_> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        self.tcp.set_write_timeout(Some(self.left()?))?;
        self.tcp.write(buffer)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

enum Inner<'c> {
    Plain(Timed<'c>),
    Tls(Box<StreamOwned<ClientConnection, Timed<'c>>>),
}

/// A connection to a relay.
pub(super) struct Stream<'c> {
    /// `None` only while TLS begins.
    inner: Option<Inner<'c>>,
    /// What was read and not yet looked at.
    read: Vec<u8>,
}

impl<'c> Stream<'c> {
    /// Connects, trying every address of the host within `limit`.
    pub(super) fn connect(host: &str, port: u16, clock: &'c dyn Clock, limit: Duration) -> Result<Self, Fault> {
        let name = host.trim_start_matches('[').trim_end_matches(']');
        let addresses: Vec<_> = (name, port)
            .to_socket_addrs()
            .map_err(|cause| Fault::lost(format!("the name `{host}` cannot be looked up: {cause}")))?
            .collect();
        let deadline = clock.elapsed() + limit;
        let mut last = Fault::lost(format!("the name `{host}` has no address"));
        for address in addresses {
            let left = deadline.saturating_sub(clock.elapsed());
            if left.is_zero() {
                return Err(Fault::timeout("connecting"));
            }
            match TcpStream::connect_timeout(&address, left) {
                Ok(tcp) => {
                    // Small commands must not wait for the acknowledgement of the last ones.
                    tcp.set_nodelay(true).map_err(|cause| Fault::io("connecting", &cause))?;
                    let inner = Inner::Plain(Timed { tcp, clock, deadline });
                    return Ok(Self { inner: Some(inner), read: Vec::new() });
                }
                Err(cause) => last = Fault::io("connecting", &cause),
            }
        }
        Err(last)
    }

    /// Begins TLS and finishes its handshake, with the server's certificate checked against `name`. Whatever came in
    /// clear after the server agreed is a fault: somebody put it there.
    pub(super) fn encrypt(&mut self, name: &str, config: &Arc<ClientConfig>, limit: Duration) -> Result<(), Fault> {
        if !self.read.is_empty() {
            return Err(Fault::protocol("there was more after the answer to STARTTLS"));
        }
        let name = ServerName::try_from(name.to_owned())
            .map_err(|_| Fault::tls(format!("`{name}` is no name for a certificate")))?;
        let connection =
            ClientConnection::new(Arc::clone(config), name).map_err(|cause| Fault::tls(cause.to_string()))?;
        let Some(Inner::Plain(mut timed)) = self.inner.take() else {
            return Err(Fault::protocol("TLS was begun twice"));
        };
        timed.deadline = timed.clock.elapsed() + limit;
        let mut tls = StreamOwned::new(connection, timed);
        while tls.conn.is_handshaking() {
            tls.conn.complete_io(&mut tls.sock).map_err(|cause| Fault::handshake(&cause))?;
        }
        self.inner = Some(Inner::Tls(Box::new(tls)));
        Ok(())
    }

    /// Gives the next step this long.
    pub(super) fn allow(&mut self, limit: Duration) {
        let timed = match &mut self.inner {
            Some(Inner::Plain(timed)) => timed,
            Some(Inner::Tls(tls)) => &mut tls.sock,
            None => return,
        };
        timed.deadline = timed.clock.elapsed() + limit;
    }

    /// Reads one reply, of however many lines.
    pub(super) fn answer(&mut self, doing: &'static str) -> Result<Answer, Fault> {
        let mut answer = Answer::default();
        for _ in 0..MOST_LINES {
            let bytes = self.line(doing)?;
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
    fn line(&mut self, doing: &'static str) -> Result<Vec<u8>, Fault> {
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
            self.fill(doing)?;
        }
    }

    fn fill(&mut self, doing: &'static str) -> Result<(), Fault> {
        let mut chunk = [0; CHUNK];
        let count = loop {
            let read = match &mut self.inner {
                Some(Inner::Plain(timed)) => timed.read(&mut chunk),
                Some(Inner::Tls(tls)) => tls.read(&mut chunk),
                None => Ok(0),
            };
            match read {
                Err(cause) if cause.kind() == io::ErrorKind::Interrupted => {}
                other => break other,
            }
        };
        match count {
            Ok(0) => Err(Fault::lost(format!("the server closed the connection while {doing}"))),
            Ok(count) => {
                self.read.extend_from_slice(&chunk[..count]);
                Ok(())
            }
            Err(cause) => Err(Fault::io(doing, &cause)),
        }
    }

    /// Sends commands.
    pub(super) fn send(&mut self, bytes: &[u8], doing: &'static str) -> Result<(), Fault> {
        self.write_all(bytes).map_err(|cause| Fault::io(doing, &cause))
    }

    /// Writes bytes to their end. What this fails on was not handed over whole.
    pub(super) fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        match &mut self.inner {
            Some(Inner::Plain(timed)) => timed.write_all(bytes),
            Some(Inner::Tls(tls)) => tls.write_all(bytes).and_then(|()| tls.flush()),
            None => Err(io::ErrorKind::NotConnected.into()),
        }
    }

    /// Whether the server has closed the connection, or said something unasked: looked at without waiting.
    pub(super) fn is_stale(&mut self) -> bool {
        let tcp = match &self.inner {
            Some(Inner::Plain(timed)) => &timed.tcp,
            Some(Inner::Tls(tls)) => &tls.sock.tcp,
            None => return true,
        };
        let mut byte = [0];
        let waiting = tcp.set_nonblocking(true).and_then(|()| tcp.peek(&mut byte));
        let restored = tcp.set_nonblocking(false);
        restored.is_err() || !matches!(waiting, Err(cause) if cause.kind() == io::ErrorKind::WouldBlock)
    }
}

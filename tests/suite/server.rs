//! A web server on this machine that behaves as a test says, and as badly.

use std::io::{BufRead as _, BufReader, Read as _, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// How long any answer is kept up, whatever a test wants.
const PATIENCE: Duration = Duration::from_secs(8);

/// The first byte of a TLS handshake.
const TLS: u8 = 0x16;

/// A request that came.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    /// The method and the target: `GET /feed`.
    pub(crate) line: String,
    /// The header fields; names in lower case.
    pub(crate) headers: Vec<(String, Vec<u8>)>,
    /// How many requests for the same target came before.
    pub(crate) before: usize,
}

impl Asked {
    /// The value of a header field.
    pub(crate) fn header(&self, name: &str) -> Option<&[u8]> {
        self.headers.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_slice())
    }
}

/// Writes an answer, or what passes for one.
pub(crate) type Answer = Box<dyn Fn(&Asked, &mut Connection) -> std::io::Result<()> + Send + Sync>;

/// What an answer is written to.
pub(crate) struct Connection {
    stream: TcpStream,
    /// Until the answer begins.
    waiting: Option<Waiting>,
    began: Instant,
    stop: Arc<AtomicBool>,
}

/// A request that waits for its answer.
struct Waiting(Arc<AtomicUsize>);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Connection {
    /// Whether the other side may still be kept waiting.
    pub(crate) fn waits(&self) -> bool {
        self.began.elapsed() < PATIENCE && !self.stop.load(Ordering::Relaxed)
    }
}

/// A tunnel, as a proxy makes it (RFC 9110, 9.3.6), with these bytes at its other end.
pub(crate) fn tunnel(bytes: Vec<u8>) -> Answer {
    Box::new(move |_, connection| {
        connection.write_all(b"HTTP/1.1 200 OK\r\n\r\n")?;
        let mut request = Vec::new();
        while connection.waits() && !request.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            connection.stream.read_exact(&mut byte)?;
            request.extend(byte);
        }
        connection.write_all(&bytes)
    })
}

/// Starts a SOCKS proxy, of versions 4a and 5, that looks nothing up and gives these bytes to each request; the answer is its
/// host and port.
pub(crate) fn socks(bytes: Vec<u8>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().filter_map(Result::ok).take(100) {
            // Whoever was let in may leave again.
            let _ = tunnel_of_socks(&mut stream, &bytes);
        }
    });
    address
}

fn tunnel_of_socks(stream: &mut TcpStream, bytes: &[u8]) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut version = [0];
    reader.read_exact(&mut version)?;
    if version == [5] {
        let mut greeting = [0; 2];
        reader.read_exact(&mut greeting)?;
        stream.write_all(&[5, 0])?;
        // Version, CONNECT, reserved, a name and its length, the name, the port.
        let mut head = [0; 5];
        reader.read_exact(&mut head)?;
        reader.read_exact(&mut vec![0; usize::from(head[4]) + 2])?;
        stream.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0])?;
    } else {
        // CONNECT, the port, an address that is none, no user, and the name.
        reader.read_exact(&mut [0; 8])?;
        reader.read_until(0, &mut Vec::new())?;
        stream.write_all(&[0, 90, 0, 0, 0, 0, 0, 0])?;
    }
    let mut line = String::new();
    while reader.read_line(&mut line)? > 2 {
        line.clear();
    }
    stream.write_all(bytes)
}

impl Write for Connection {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        // Before the first byte leaves: whoever has it may ask again at once.
        drop(self.waiting.take());
        self.stream.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.stream.flush()
    }
}

/// A running server; it ends when it is dropped.
pub(crate) struct Server {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<Asked>>>,
    busiest: Arc<AtomicUsize>,
    stop: Arc<AtomicBool>,
}

struct Routes(Vec<(String, Answer)>);

impl Server {
    /// Starts a server on a free port of 127.0.0.1. A path without an answer is not found.
    pub(crate) fn start(routes: Vec<(&str, Answer)>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = Self {
            address: listener.local_addr().unwrap(),
            asked: Arc::default(),
            busiest: Arc::default(),
            stop: Arc::default(),
        };
        let routes = Arc::new(Routes(routes.into_iter().map(|(path, answer)| (path.to_owned(), answer)).collect()));
        let (asked, busiest, stop) = (Arc::clone(&server.asked), Arc::clone(&server.busiest), Arc::clone(&server.stop));
        let busy = Arc::new(AtomicUsize::new(0));
        std::thread::spawn(move || {
            for stream in listener.incoming().filter_map(Result::ok).take(1000) {
                if stop.load(Ordering::Relaxed) {
                    return;
                }
                let (routes, asked, busiest) = (Arc::clone(&routes), Arc::clone(&asked), Arc::clone(&busiest));
                let (stop, busy) = (Arc::clone(&stop), Arc::clone(&busy));
                std::thread::spawn(move || {
                    busiest.fetch_max(busy.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                    // Whoever was asked in a bad way may leave in the middle of an answer.
                    let _ = serve(&routes, &asked, stream, stop, Waiting(busy));
                });
            }
        });
        server
    }

    /// The address of a path.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Its port.
    pub(crate) fn port(&self) -> u16 {
        self.address.port()
    }

    /// The requests that came for a path, in order.
    pub(crate) fn asked(&self, path: &str) -> Vec<Asked> {
        let line = format!("GET {path}");
        self.asked.lock().unwrap().iter().filter(|asked| asked.line == line).cloned().collect()
    }

    /// All requests that came, in order.
    pub(crate) fn all_asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    /// How many requests it had at the same time.
    pub(crate) fn busiest(&self) -> usize {
        self.busiest.load(Ordering::SeqCst)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        // Wakes the listener, so that it sees that it is to stop.
        let _ = TcpStream::connect(self.address);
    }
}

fn serve(
    routes: &Routes,
    seen: &Mutex<Vec<Asked>>,
    stream: TcpStream,
    stop: Arc<AtomicBool>,
    waiting: Waiting,
) -> std::io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let mut reader = BufReader::new(stream.try_clone()?).take(64 << 10);
    if reader.fill_buf()?.first() == Some(&TLS) {
        return (&stream).write_all(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
    }
    let mut lines = Vec::new();
    loop {
        let mut line = Vec::new();
        reader.read_until(b'\n', &mut line)?;
        let line = line.trim_ascii().to_vec();
        if line.is_empty() {
            break;
        }
        lines.push(line);
    }
    let Some((first, fields)) = lines.split_first() else { return Ok(()) };
    let line = String::from_utf8_lossy(first).rsplit_once(' ').map(|(line, _)| line.to_owned()).unwrap_or_default();
    let headers = fields.iter().filter_map(|field| {
        let colon = field.iter().position(|byte| *byte == b':')?;
        let name = String::from_utf8_lossy(&field[..colon]).to_ascii_lowercase();
        Some((name, field[colon + 1..].trim_ascii().to_vec()))
    });
    let mut asked = Asked { line, headers: headers.collect(), before: 0 };
    {
        let mut seen = seen.lock().unwrap();
        asked.before = seen.iter().filter(|earlier| earlier.line == asked.line).count();
        seen.push(asked.clone());
    }
    let mut connection = Connection { stream, waiting: Some(waiting), began: Instant::now(), stop };
    let target = asked.line.split_once(' ').map_or("", |(_, target)| target);
    match routes.0.iter().find(|(path, _)| path == target) {
        Some((_, answer)) => answer(&asked, &mut connection)?,
        None => connection.write_all(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")?,
    }
    connection.flush()
}

/// A whole answer: the status and header fields as lines, and the content.
pub(crate) fn answer(head: &str, content: impl AsRef<[u8]>) -> Vec<u8> {
    let content = content.as_ref();
    let mut bytes = format!("HTTP/1.1 {head}\r\nContent-Length: {}\r\n\r\n", content.len()).into_bytes();
    bytes.extend_from_slice(content);
    bytes
}

/// Always the same bytes.
pub(crate) fn bytes(bytes: impl Into<Vec<u8>>) -> Answer {
    let bytes = bytes.into();
    Box::new(move |_, connection| connection.write_all(&bytes))
}

/// A whole answer, always the same.
pub(crate) fn says(head: &str, content: impl AsRef<[u8]>) -> Answer {
    bytes(answer(head, content))
}

/// A redirect.
pub(crate) fn redirect(status: u16, to: &str) -> Answer {
    says(&format!("{status} See there\r\nLocation: {to}"), "")
}

/// An answer that never ends: `head`, then `part` again and again with a pause.
pub(crate) fn endless(head: &'static str, part: &'static [u8], pause: Duration) -> Answer {
    Box::new(move |_, connection| {
        connection.write_all(head.as_bytes())?;
        while connection.waits() {
            connection.write_all(part)?;
            std::thread::sleep(pause);
        }
        Ok(())
    })
}

/// A feed of one item for each name, dated in July 2026.
pub(crate) fn feed(names: &[&str]) -> String {
    let item = |name: &&str| {
        format!(
            "<item><title>{name}</title><link>https://feed.example/{name}</link>\
             <guid isPermaLink=\"false\">urn:feed:{name}</guid><pubDate>Fri, 10 Jul 2026 08:00:00 GMT</pubDate>\
             <description>Of {name}.</description></item>\n"
        )
    };
    let items: String = names.iter().map(item).collect();
    format!(
        "<?xml version=\"1.0\"?>\n<rss version=\"2.0\"><channel><title>A feed</title>\
         <link>https://feed.example/</link>\n{items}</channel></rss>\n"
    )
}

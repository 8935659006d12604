//! A mail server that takes messages, remembers them, and misbehaves where a test tells it to.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// How long a connection of a test may last.
const LIMIT: Duration = Duration::from_secs(120);

/// At what point of a session something is about to be answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Moment {
    Greeting,
    Ehlo,
    StartTls,
    Mail,
    Rcpt(String),
    Data(String),
    /// The first line of the body has come.
    Body(String),
    /// The whole message has come, and is remembered.
    Taken(String),
    Reset,
}

/// What the server does instead of what it should.
#[derive(Clone, Debug)]
pub(crate) enum Act {
    /// Answers this, without its end.
    Answer(&'static str),
    /// Sends these bytes as they are.
    Bytes(Vec<u8>),
    /// Closes the connection.
    Drop,
    /// Answers as it should, a byte now and then, and never ends.
    Drip,
    /// Waits, then goes on as it should.
    Wait(Duration),
    /// The whole message has come, and is thrown away with this answer.
    Refuse(&'static str),
    /// Answers this, and closes the connection.
    Last(&'static str),
}

/// Where a connection that has taken its share meets the next message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum At {
    Mail,
    Rcpt,
    Data,
}

/// A message that was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Taken {
    pub(crate) return_path: String,
    pub(crate) recipient: String,
    pub(crate) message_id: String,
    pub(crate) bytes: Vec<u8>,
}

type Script = Box<dyn Fn(&Moment, usize) -> Option<Act> + Send + Sync>;

struct State {
    script: Script,
    abilities: Vec<&'static str>,
    tls: Option<Arc<ServerConfig>>,
    implicit: bool,
    keep_bytes: bool,
    is_strict: bool,
    share: Option<(usize, At, Option<Act>)>,
    places: Option<(usize, Option<Act>)>,
    held: AtomicUsize,
    is_careless: bool,
    taken: Mutex<Vec<Taken>>,
    commands: Mutex<Vec<String>>,
    sessions: AtomicUsize,
    open: AtomicUsize,
    most_open: AtomicUsize,
    announced: AtomicUsize,
    ended: AtomicBool,
}

/// The server; it ends with this value.
pub(crate) struct Sink {
    pub(crate) port: u16,
    address: SocketAddr,
    state: Arc<State>,
}

/// How a sink behaves.
pub(crate) struct Behaviour {
    script: Script,
    abilities: Vec<&'static str>,
    tls: Option<Arc<ServerConfig>>,
    implicit: bool,
    keep_bytes: bool,
    is_strict: bool,
    share: Option<(usize, At, Option<Act>)>,
    places: Option<(usize, Option<Act>)>,
    is_careless: bool,
    address: &'static str,
}

impl Behaviour {
    /// As it should.
    pub(crate) fn good() -> Self {
        Self {
            script: Box::new(|_, _| None),
            abilities: vec!["PIPELINING", "8BITMIME", "SIZE 50000000", "ENHANCEDSTATUSCODES"],
            tls: None,
            implicit: false,
            keep_bytes: true,
            is_strict: false,
            share: None,
            places: None,
            is_careless: false,
            address: "127.0.0.1",
        }
    }

    /// Misbehaves as the script says; it is told the moment, and how many messages were taken.
    pub(crate) fn script(script: impl Fn(&Moment, usize) -> Option<Act> + Send + Sync + 'static) -> Self {
        Self { script: Box::new(script), ..Self::good() }
    }

    /// Offers these in its answer to EHLO.
    pub(crate) fn offering(self, abilities: &[&'static str]) -> Self {
        Self { abilities: abilities.to_vec(), ..self }
    }

    /// Has a certificate.
    pub(crate) fn with_tls(self, tls: Arc<ServerConfig>, implicit: bool) -> Self {
        Self { tls: Some(tls), implicit, ..self }
    }

    /// Remembers who got what, and not the messages.
    pub(crate) fn forgetful(self) -> Self {
        Self { keep_bytes: false, ..self }
    }

    /// Takes it ill when more comes with a message, and hangs up.
    pub(crate) fn strict(self) -> Self {
        Self { is_strict: true, ..self }
    }

    /// Takes so many messages on a connection, and meets the sender of the next one so; `None` closes it at once.
    pub(crate) fn taking(self, share: usize, then: Option<Act>) -> Self {
        Self { share: Some((share, At::Mail, then)), ..self }
    }

    /// Takes so many messages on a connection, and answers so to the next one there.
    pub(crate) fn taking_until(self, share: usize, at: At, then: &'static str) -> Self {
        Self { share: Some((share, at, Some(Act::Answer(then)))), ..self }
    }

    /// Serves so many connections at once, and meets further ones so; `None` leaves them waiting for a place.
    pub(crate) fn with_places(self, places: usize, beyond: Option<Act>) -> Self {
        Self { places: Some((places, beyond)), ..self }
    }

    /// Takes DATA without a recipient, and hangs up when the message comes.
    pub(crate) fn careless(self) -> Self {
        Self { is_careless: true, ..self }
    }

    /// Listens at this address.
    pub(crate) fn at(self, address: &'static str) -> Self {
        Self { address, ..self }
    }

    /// Listens.
    pub(crate) fn listen(self) -> Sink {
        let listener = TcpListener::bind((self.address, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let port = address.port();
        let Self { script, abilities, tls, implicit, keep_bytes, is_strict, share, places, is_careless, .. } = self;
        let state = Arc::new(State {
            script,
            abilities,
            tls,
            implicit,
            keep_bytes,
            is_strict,
            share,
            places,
            held: AtomicUsize::new(0),
            is_careless,
            taken: Mutex::default(),
            commands: Mutex::default(),
            sessions: AtomicUsize::new(0),
            open: AtomicUsize::new(0),
            most_open: AtomicUsize::new(0),
            announced: AtomicUsize::new(0),
            ended: AtomicBool::new(false),
        });
        let shared = Arc::clone(&state);
        thread::spawn(move || {
            for stream in listener.incoming() {
                if shared.ended.load(Ordering::SeqCst) {
                    break;
                }
                let (Ok(stream), state) = (stream, Arc::clone(&shared)) else { continue };
                thread::spawn(move || {
                    state.sessions.fetch_add(1, Ordering::SeqCst);
                    let open = state.open.fetch_add(1, Ordering::SeqCst) + 1;
                    state.most_open.fetch_max(open, Ordering::SeqCst);
                    // A connection that breaks is what these tests are about.
                    let _ = serve(&state, stream);
                    state.open.fetch_sub(1, Ordering::SeqCst);
                });
            }
        });
        Sink { port, address, state }
    }
}

impl Sink {
    /// What was taken, in order.
    pub(crate) fn taken(&self) -> Vec<Taken> {
        self.state.taken.lock().unwrap().clone()
    }

    /// How many were taken.
    pub(crate) fn count(&self) -> usize {
        self.state.taken.lock().unwrap().len()
    }

    /// How often each recipient got each Message-ID.
    pub(crate) fn by_recipient(&self) -> BTreeMap<String, BTreeMap<String, usize>> {
        let mut all: BTreeMap<String, BTreeMap<String, usize>> = BTreeMap::new();
        for one in self.state.taken.lock().unwrap().iter() {
            *all.entry(one.recipient.clone()).or_default().entry(one.message_id.clone()).or_default() += 1;
        }
        all
    }

    /// The commands that came, without those of TLS.
    pub(crate) fn commands(&self) -> Vec<String> {
        self.state.commands.lock().unwrap().clone()
    }

    pub(crate) fn sessions(&self) -> usize {
        self.state.sessions.load(Ordering::SeqCst)
    }

    pub(crate) fn open(&self) -> usize {
        self.state.open.load(Ordering::SeqCst)
    }

    pub(crate) fn most_open(&self) -> usize {
        self.state.most_open.load(Ordering::SeqCst)
    }

    /// How many messages came with the end of the one before.
    pub(crate) fn announced(&self) -> usize {
        self.state.announced.load(Ordering::SeqCst)
    }

    /// Waits until so many were taken.
    pub(crate) fn wait_for(&self, count: usize) {
        let begun = Instant::now();
        while self.count() < count {
            assert!(begun.elapsed() < LIMIT, "only {} of {count} came", self.count());
            thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        self.state.ended.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.address);
    }
}

trait Wire: Read + Write {}
impl<T: Read + Write> Wire for T {}

fn serve(state: &State, stream: TcpStream) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(LIMIT))?;
    let mut session =
        Session { state, wire: BufReader::new(Box::new(stream.try_clone()?)), raw: stream, is_secret: false, taken: 0 };
    let beyond = beyond(state);
    if let Some(act) = beyond {
        return session.act(Some(act), "").map(drop);
    }
    if state.implicit {
        session.encrypt();
    }
    let done = session.run();
    state.held.fetch_sub(1, Ordering::SeqCst);
    done
}

/// Takes a place, or waits for one. Where there is none, what is done instead.
fn beyond(state: &State) -> Option<Act> {
    let places = state.places.as_ref().map_or(usize::MAX, |(places, _)| *places);
    let takes = |held: usize| (held < places).then_some(held + 1);
    while state.held.fetch_update(Ordering::SeqCst, Ordering::SeqCst, takes).is_err() {
        if let Some((_, Some(act))) = &state.places {
            return Some(act.clone());
        }
        if state.ended.load(Ordering::SeqCst) {
            return Some(Act::Drop);
        }
        thread::sleep(Duration::from_millis(5));
    }
    None
}

struct Session<'s> {
    state: &'s State,
    wire: BufReader<Box<dyn Wire>>,
    raw: TcpStream,
    is_secret: bool,
    /// On this connection.
    taken: usize,
}

impl Session<'_> {
    fn run(&mut self) -> std::io::Result<()> {
        if self.answer(&Moment::Greeting, "220 sink.example ESMTP")?.is_none() {
            return Ok(());
        }
        let (mut return_path, mut has_sender, mut recipient) = (String::new(), false, None);
        loop {
            let mut line = String::new();
            if self.wire.read_line(&mut line)? == 0 {
                return Ok(());
            }
            let line = line.trim_end().to_owned();
            self.state.commands.lock().unwrap().push(line.clone());
            let upper = line.to_uppercase();
            let argument = || line.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
            let went_on = if upper.starts_with("EHLO") {
                let mut lines = vec!["sink.example".to_owned()];
                lines.extend(self.state.abilities.iter().map(ToString::to_string));
                if self.state.tls.is_some() && !self.is_secret {
                    lines.push("STARTTLS".to_owned());
                }
                let last = lines.pop().unwrap();
                let text: String = lines.iter().map(|line| format!("250-{line}\r\n")).collect();
                self.answer(&Moment::Ehlo, &format!("{text}250 {last}"))?
            } else if upper == "STARTTLS" {
                let went_on = self.answer(&Moment::StartTls, "220 2.0.0 go on")?;
                if went_on.is_some() && self.state.tls.is_some() {
                    self.encrypt();
                }
                went_on
            } else if upper.starts_with("AUTH PLAIN ") {
                let good = line.ends_with("AG5ld3MAc2VjcmV0"); // \0news\0secret
                self.say(if good { "235 2.7.0 welcome" } else { "535 5.7.8 who are you" })?
            } else if upper == "AUTH LOGIN" {
                self.login()?
            } else if upper.starts_with("MAIL ") {
                return_path = argument();
                let went_on = match self.spent(At::Mail) {
                    Some(act) => self.act(Some(act), "")?,
                    None => self.answer(&Moment::Mail, "250 2.1.0 ok")?,
                };
                has_sender = went_on == Some(true);
                went_on
            } else if upper.starts_with("RCPT ") && !has_sender {
                self.say("503 5.5.1 no sender")?
            } else if upper.starts_with("RCPT ") {
                let to = argument();
                let went_on = match self.spent(At::Rcpt) {
                    Some(act) => self.act(Some(act), "")?,
                    None => self.answer(&Moment::Rcpt(to.clone()), "250 2.1.5 ok")?,
                };
                recipient = (went_on == Some(true)).then_some(to);
                went_on
            } else if upper == "DATA" {
                match (self.spent(At::Data), recipient.take()) {
                    (Some(act), Some(_)) => self.act(Some(act), "")?,
                    (_, None) if self.state.is_careless => {
                        self.say("354 go on")?;
                        self.wire.read_line(&mut String::new())?;
                        None
                    }
                    (_, None) => self.say("554 5.5.1 no recipient")?,
                    (None, Some(to)) => match self.answer(&Moment::Data(to.clone()), "354 go on")? {
                        Some(true) => self.body(&return_path, &to)?,
                        other => other,
                    },
                }
            } else if upper == "RSET" {
                recipient = None;
                self.answer(&Moment::Reset, "250 2.0.0 afresh")?
            } else if upper == "QUIT" {
                let _ = self.say("221 2.0.0 bye");
                return Ok(());
            } else if upper.starts_with("HELO") {
                self.say("250 sink.example")?
            } else {
                self.say("502 5.5.1 what")?
            };
            if went_on.is_none() {
                return Ok(());
            }
        }
    }

    /// What the next message meets, once this connection has taken its share.
    fn spent(&self, at: At) -> Option<Act> {
        let (share, moment, act) = self.state.share.as_ref()?;
        act.clone().filter(|_| *moment == at && self.taken >= *share)
    }

    fn login(&mut self) -> std::io::Result<Option<bool>> {
        let mut words = Vec::new();
        for prompt in ["334 VXNlcm5hbWU6", "334 UGFzc3dvcmQ6"] {
            self.say(prompt)?;
            let mut line = String::new();
            self.wire.read_line(&mut line)?;
            words.push(line.trim_end().to_owned());
        }
        self.say(if words == ["bmV3cw==", "c2VjcmV0"] { "235 2.7.0 welcome" } else { "535 5.7.8 no" })
    }

    fn body(&mut self, return_path: &str, to: &str) -> std::io::Result<Option<bool>> {
        let mut bytes = Vec::new();
        let mut first = true;
        loop {
            let start = bytes.len();
            if self.wire.read_until(b'\n', &mut bytes)? == 0 {
                return Ok(None);
            }
            if std::mem::take(&mut first) {
                match (self.state.script)(&Moment::Body(to.to_owned()), self.count()) {
                    Some(Act::Drop) => return Ok(None),
                    Some(Act::Last(answer)) => return self.say(answer).map(|_| None),
                    _ => {}
                }
            }
            if bytes[start..] == *b".\r\n" {
                bytes.truncate(start);
                break;
            }
            if bytes[start] == b'.' {
                bytes.remove(start);
            }
        }
        let act = (self.state.script)(&Moment::Taken(to.to_owned()), self.count());
        if let Some(Act::Refuse(answer)) = act {
            return self.say(answer);
        }
        let text = String::from_utf8_lossy(&bytes);
        let id = text.lines().find_map(|line| line.strip_prefix("Message-ID: <")).unwrap_or_default();
        let taken = Taken {
            return_path: return_path.to_owned(),
            recipient: to.to_owned(),
            message_id: id.trim_end_matches('>').to_owned(),
            bytes: if self.state.keep_bytes { bytes } else { Vec::new() },
        };
        self.state.taken.lock().unwrap().push(taken);
        self.taken += 1;
        let answered = self.act(act, "250 2.0.0 taken")?;
        if !self.wire.buffer().is_empty() {
            self.state.announced.fetch_add(1, Ordering::SeqCst);
            if self.state.is_strict {
                return self.say("554 5.5.0 wait until you are answered").map(|_| None);
            }
        }
        let is_over = matches!(self.state.share, Some((share, _, None)) if self.taken >= share);
        Ok(answered.filter(|_| !is_over))
    }

    fn count(&self) -> usize {
        self.state.taken.lock().unwrap().len()
    }

    /// Answers as the script says. `None` when the connection is over, `Some(true)` when it answered as it should.
    fn answer(&mut self, moment: &Moment, good: &str) -> std::io::Result<Option<bool>> {
        let act = (self.state.script)(moment, self.count());
        self.act(act, good)
    }

    fn act(&mut self, act: Option<Act>, good: &str) -> std::io::Result<Option<bool>> {
        match act {
            None => self.say(good).map(|_| Some(true)),
            Some(Act::Wait(time)) => {
                thread::sleep(time);
                self.say(good).map(|_| Some(true))
            }
            Some(Act::Answer(text) | Act::Refuse(text)) => self.say(text),
            Some(Act::Bytes(bytes)) => {
                self.wire.get_mut().write_all(&bytes)?;
                Ok(Some(false))
            }
            Some(Act::Drop) => Ok(None),
            Some(Act::Last(text)) => self.say(text).map(|_| None),
            Some(Act::Drip) => {
                for byte in good.bytes().cycle().take(200) {
                    if self.state.ended.load(Ordering::SeqCst) {
                        break;
                    }
                    self.wire.get_mut().write_all(&[if byte == b'\r' || byte == b'\n' { b'x' } else { byte }])?;
                    thread::sleep(Duration::from_millis(100));
                }
                Ok(None)
            }
        }
    }

    fn say(&mut self, text: &str) -> std::io::Result<Option<bool>> {
        self.wire.get_mut().write_all(format!("{text}\r\n").as_bytes())?;
        self.wire.get_mut().flush()?;
        // A server that says 421 closes the connection.
        Ok((!text.starts_with("421")).then_some(false))
    }

    fn encrypt(&mut self) {
        let (Some(config), Ok(raw)) = (&self.state.tls, self.raw.try_clone()) else { return };
        let connection = ServerConnection::new(Arc::clone(config)).unwrap();
        self.wire = BufReader::new(Box::new(StreamOwned::new(connection, raw)));
        self.is_secret = true;
    }
}

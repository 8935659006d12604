//! One connection to a relay: greeting, TLS, authentication, and messages one after the other.

use std::io::IoSlice;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::super::piece::Piece;
use super::fault::Fault;
use super::first_of::{OF_GREETING, first_of};
use super::relay::{Credentials, Limits, Relay, Security};
use super::reply::Answer;
use super::stream::{Stream, look_up};
use super::stuffing::stuffed;
use crate::model::{Clock, Reply};

/// How long the last words on a connection are waited for.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// What is told instead of words that repeat a password.
const HIDDEN: &str = "(its words repeat the password, and are not shown)";

/// What a server said it can do (RFC 5321 4.1.1.1).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Abilities {
    pipelining: bool,
    eight_bit: bool,
    utf8: bool,
    starttls: bool,
    /// SIZE: the longest message, where it says one.
    size: Option<u64>,
    is_sizing: bool,
    plain: bool,
    login: bool,
}

impl Abilities {
    fn read(answer: &Answer) -> Self {
        let mut abilities = Self::default();
        for line in answer.lines.iter().skip(1) {
            let mut words = line.split_ascii_whitespace().map(str::to_ascii_uppercase);
            // Older servers write AUTH=LOGIN.
            match words.next().unwrap_or_default().replace('=', " ").split(' ').collect::<Vec<_>>()[..] {
                ["PIPELINING"] => abilities.pipelining = true,
                ["8BITMIME"] => abilities.eight_bit = true,
                ["SMTPUTF8"] => abilities.utf8 = true,
                ["STARTTLS"] => abilities.starttls = true,
                ["SIZE"] => {
                    abilities.is_sizing = true;
                    abilities.size = words.next().and_then(|size| size.parse().ok()).filter(|size| *size > 0);
                }
                ["AUTH", ref first @ ..] => {
                    let kinds: Vec<String> = first.iter().map(ToString::to_string).chain(words).collect();
                    abilities.plain |= kinds.iter().any(|kind| kind == "PLAIN");
                    abilities.login |= kinds.iter().any(|kind| kind == "LOGIN");
                }
                _ => {}
            }
        }
        abilities
    }
}

/// A message on its way, and from whom to whom.
pub(super) struct Parcel<'p> {
    pub(super) return_path: &'p str,
    pub(super) recipient: &'p str,
    /// With CRLF line ends, the last of them at the end; in as many pieces as there are.
    pub(super) pieces: &'p [Piece<'p>],
    /// Whether any of them is not ASCII.
    pub(super) is_eight_bit: bool,
}

/// Who says whether a body may go out.
pub(super) trait Leave {
    /// Asks, without waiting: recording the intent takes as long as the server takes to look at the envelope.
    fn ask(&mut self);

    /// Waits for the answer.
    async fn is_given(&mut self) -> bool;
}

/// What became of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The server has it.
    Taken(Reply),
    /// The server refused it at this stage; for now where the code is 4xx. Without a code it is us who know that the
    /// server would not take it.
    Refused(Reply, Stage),
    /// The server refused the sender before it knew the recipient, or takes nothing of this size: nothing is said about
    /// the recipient.
    RelayRefused(Fault),
    /// The connection ended before the body went out whole: nobody has it.
    Lost(Fault, Stage),
    /// The body went out whole, and no answer came: nobody knows.
    Unknown(Fault),
    /// Its body was not to go out any more.
    Denied,
}

/// How far a message had come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// The server had not yet taken the sender.
    Sender,
    /// It had, and looked at the recipient.
    Recipient,
    /// The body was going out.
    Body,
}

/// A connection on which messages can be handed over.
pub(super) struct Session<'c> {
    stream: Stream<'c>,
    relay: &'c Relay,
    limits: Limits,
    abilities: Abilities,
    /// Whether another message may follow.
    pub(super) is_usable: bool,
    /// Whether the server took or refused a message on it: one that then ends, or takes no other sender, has done its
    /// part.
    pub(super) has_served: bool,
    /// Whether it took a message of which it was told before it had answered for the last.
    pub(super) takes_announced: bool,
}

impl<'c> Session<'c> {
    /// Connects, greets, protects the connection and says who we are. `helo` is the name of this machine. Of several addresses
    /// of the relay the next is tried where one does not get as far as to ask who we are.
    pub(super) async fn open(
        relay: &'c Relay,
        helo: &str,
        limits: Limits,
        clock: &'c dyn Clock,
    ) -> Result<Self, Fault> {
        let addresses = look_up(&relay.host, relay.port, limits.connect).await?;
        let connect = async |address| Stream::connect(address, clock, limits.connect).await;
        let receive = async |stream| Self::received(stream, relay, helo, limits).await;
        let mut session = first_of(addresses, OF_GREETING, connect, receive).await?;
        if let Some(credentials) = &relay.credentials {
            if !session.is_protected() {
                return Err(Fault::configuration("the password is not sent over a connection without TLS"));
            }
            session.authenticate(credentials).await?;
        }
        Ok(session)
    }

    /// Greets, and protects the connection.
    async fn received(mut stream: Stream<'c>, relay: &'c Relay, helo: &str, limits: Limits) -> Result<Self, Fault> {
        if relay.security == Security::Implicit {
            let begun = stream.encrypt(&relay.host, &relay.tls, limits.command).await;
            begun.map_err(|fault| fault.at_first_byte(relay.port))?;
        }
        stream.allow(limits.command);
        let greeting = stream.answer("greeting").await?;
        if !greeting.is_positive() {
            return Err(refused("does not greet", &greeting));
        }
        let mut session = Self {
            stream,
            relay,
            limits,
            abilities: Abilities::default(),
            is_usable: true,
            has_served: false,
            takes_announced: false,
        };
        session.hello(helo).await?;
        if matches!(relay.security, Security::Required | Security::Offered) {
            if session.abilities.starttls {
                let answer = session.ask("STARTTLS", "beginning TLS").await?;
                if !answer.is_positive() {
                    return Err(refused("does not begin TLS", &answer));
                }
                session.stream.encrypt(&relay.host, &relay.tls, limits.command).await?;
                // What was said in clear counts no more (RFC 3207 4.2).
                session.hello(helo).await?;
            } else if relay.security == Security::Required {
                return Err(Fault::configuration("the relay offers no STARTTLS, and `starttls` is `required`"));
            }
        }
        Ok(session)
    }

    async fn hello(&mut self, helo: &str) -> Result<(), Fault> {
        let answer = self.ask(&format!("EHLO {helo}"), "greeting").await?;
        if answer.is_positive() {
            self.abilities = Abilities::read(&answer);
            return Ok(());
        }
        // A server of before 1995 does not know it (RFC 5321 3.2); any other says why it takes no mail, and may hang up.
        let is_unknown = matches!(answer.code, 500..=502 | 504);
        let fault = refused("does not greet", &answer);
        if !is_unknown {
            return Err(fault);
        }
        let Ok(answer) = self.ask(&format!("HELO {helo}"), "greeting").await else { return Err(fault) };
        self.abilities = Abilities::default();
        if answer.is_positive() { Ok(()) } else { Err(refused("does not greet", &answer)) }
    }

    /// AUTH PLAIN (RFC 4616), or LOGIN where that is all there is.
    async fn authenticate(&mut self, credentials: &Credentials) -> Result<(), Fault> {
        let Credentials { user, password } = credentials;
        let answer = if self.abilities.plain {
            self.confide(&format!("AUTH PLAIN {}", STANDARD.encode(format!("\0{user}\0{password}"))), credentials)
                .await?
        } else if self.abilities.login {
            let mut answer = self.confide("AUTH LOGIN", credentials).await?;
            for word in [user, password] {
                if answer.code != 334 {
                    break;
                }
                answer = self.confide(&STANDARD.encode(word), credentials).await?;
            }
            answer
        } else {
            return Err(Fault::configuration("the relay offers neither AUTH PLAIN nor AUTH LOGIN"));
        };
        if answer.is_positive() {
            return Ok(());
        }
        let fault = refused("does not take the user's name and password", &answer);
        Err(Fault { is_lasting: !answer.is_transient(), ..fault })
    }

    /// Asks with a command that holds credentials. A server may repeat it in its answer, which is told and kept.
    async fn confide(&mut self, command: &str, credentials: &Credentials) -> Result<Answer, Fault> {
        let hide = |words: String| if credentials.are_told_by(&words) { HIDDEN.to_owned() } else { words };
        match self.ask(command, "authenticating").await {
            Ok(answer) => Ok(Answer { lines: answer.lines.into_iter().map(hide).collect(), ..answer }),
            Err(fault) => Err(Fault { text: hide(fault.text), ..fault }),
        }
    }

    async fn ask(&mut self, command: &str, doing: &'static str) -> Result<Answer, Fault> {
        self.stream.allow(self.limits.command);
        self.stream.send(format!("{command}\r\n").as_bytes(), doing).await?;
        self.stream.answer(doing).await
    }

    /// Whether the connection is protected by TLS.
    pub(super) fn is_protected(&self) -> bool {
        self.stream.is_protected()
    }

    /// The longest message that the server takes, in bytes, where it says so (RFC 1870).
    pub(super) fn largest(&self) -> Option<u64> {
        self.abilities.size
    }

    /// Whether the server takes addresses beyond ASCII.
    pub(super) fn takes_utf8(&self) -> bool {
        self.abilities.utf8
    }

    /// Whether the connection, after some time without a message, is there no more.
    pub(super) async fn is_stale(&mut self) -> bool {
        self.stream.is_stale().await
    }

    /// Hands one message over. Leave is asked when its envelope goes out, and its body goes out once it is given. What
    /// `next` tells is what announces the message after it, see [`Session::announcement`]; that goes out together with
    /// the end of the body (RFC 2920 3.1), and then `is_announced` of that message.
    pub(super) async fn hand_over(
        &mut self,
        parcel: &Parcel<'_>,
        is_announced: bool,
        leave: &mut impl Leave,
        next: impl FnOnce(&Self) -> Option<String>,
    ) -> Verdict {
        let envelope = match self.envelope(parcel) {
            Ok(envelope) => envelope,
            Err(verdict) => return verdict,
        };
        let mut stage = Stage::Sender;
        match self.begin(&envelope, is_announced, &mut stage, leave).await {
            Ok(None) => {}
            Ok(Some(verdict)) => return verdict,
            Err(fault) => return self.lost(fault, stage),
        }
        let next = next(self);
        if !leave.is_given().await {
            // The server waits for a body, and only a closed connection tells it that none comes.
            self.is_usable = false;
            return Verdict::Denied;
        }
        self.body(parcel, next.as_deref().unwrap_or_default()).await
    }

    /// Whether the server need not be asked step by step (RFC 2920).
    pub(super) fn is_pipelining(&self) -> bool {
        self.abilities.pipelining
    }

    /// What announces a message to this server. `None` where it cannot be handed to it at all.
    pub(super) fn announcement(&self, parcel: &Parcel<'_>) -> Option<String> {
        self.envelope(parcel).ok().map(|envelope| envelope.concat())
    }

    /// Why a message cannot be handed to this relay at all.
    fn unfit(&self, parcel: &Parcel<'_>) -> Option<Reply> {
        let refuse = |enhanced: &str, text: String| {
            Some(Reply { relay: self.relay.name.clone(), code: None, enhanced: Some(enhanced.to_owned()), text })
        };
        let addresses = [parcel.return_path, parcel.recipient];
        if !addresses.iter().all(|text| fits_path(text)) {
            return refuse("5.1.3", "an address cannot be put into a command".to_owned());
        }
        if addresses.iter().any(|text| !text.is_ascii()) && !self.abilities.utf8 {
            return refuse("5.6.7", "the relay takes no addresses beyond ASCII (SMTPUTF8)".to_owned());
        }
        if parcel.is_eight_bit && !self.abilities.eight_bit {
            return refuse("5.6.3", "the relay takes no bytes beyond ASCII (8BITMIME)".to_owned());
        }
        None
    }

    /// MAIL, RCPT and DATA; or why the message cannot be handed to this relay.
    fn envelope(&self, parcel: &Parcel<'_>) -> Result<[String; 3], Verdict> {
        let size: usize = parcel.pieces.iter().map(|piece| piece.len()).sum();
        if let Some(most) = self.abilities.size.filter(|most| size as u64 > *most) {
            let text = format!("the message has {size} bytes, and the relay takes {most}");
            return Err(Verdict::RelayRefused(Fault::configuration(text)));
        }
        if let Some(reply) = self.unfit(parcel) {
            return Err(Verdict::Refused(reply, Stage::Recipient));
        }
        let of_addresses = !parcel.return_path.is_ascii() || !parcel.recipient.is_ascii();
        // RFC 6532: a header with an address beyond ASCII, such as that of Reply-To.
        let of_header = parcel.is_eight_bit && !header(parcel.pieces).is_ascii();
        if of_header && !of_addresses && !self.abilities.utf8 {
            let text = "an address in the header is beyond ASCII, and the relay takes none such (SMTPUTF8)";
            return Err(Verdict::RelayRefused(Fault::configuration(text)));
        }
        let mut mail = format!("MAIL FROM:<{}>", parcel.return_path);
        if self.abilities.is_sizing {
            mail.push_str(" SIZE=");
            mail.push_str(&size.to_string());
        }
        if parcel.is_eight_bit {
            mail += " BODY=8BITMIME";
        }
        if of_addresses || of_header {
            mail += " SMTPUTF8";
        }
        Ok([mail + "\r\n", format!("RCPT TO:<{}>\r\n", parcel.recipient), "DATA\r\n".to_owned()])
    }

    /// Sends the envelope, unless it went out with the message before: at once where the server allows it (RFC 2920),
    /// else one by one. `None` when the server waits for the body.
    async fn begin(
        &mut self,
        envelope: &[String; 3],
        is_announced: bool,
        stage: &mut Stage,
        leave: &mut impl Leave,
    ) -> Result<Option<Verdict>, Fault> {
        const DOING: [&str; 3] = ["naming the sender", "naming the recipient", "beginning the message"];
        self.stream.allow(self.limits.command);
        let together = self.abilities.pipelining;
        if together && !is_announced {
            self.stream.send(envelope.concat().as_bytes(), DOING[0]).await?;
        }
        leave.ask();
        let mut verdict = None;
        for (step, command) in envelope.iter().enumerate() {
            if !together {
                if verdict.is_some() {
                    break;
                }
                self.stream.allow(self.limits.command);
                self.stream.send(command.as_bytes(), DOING[step]).await?;
            }
            let answer = match self.stream.answer(DOING[step]).await {
                Ok(answer) => answer,
                // The server has said what it thinks of the message, and then hung up.
                Err(_) if verdict.is_some() => {
                    self.is_usable = false;
                    return Ok(verdict);
                }
                Err(fault) => return Err(fault),
            };
            *stage = Stage::Recipient;
            let is_right = if step == 2 { answer.code == 354 } else { answer.is_positive() };
            match (&verdict, is_right) {
                (None, false) => verdict = Some(self.refusal(step, &answer)),
                // It asks for the body of a message to nobody: an empty one is refused and costs nothing.
                // Whatever becomes of that, what it said before counts.
                (Some(_), true) if step == 2 => self.is_usable &= self.send_nothing().await.is_ok(),
                _ => {}
            }
        }
        if verdict.is_some() && self.is_usable {
            self.reset().await;
        }
        Ok(verdict)
    }

    /// A message without a body.
    async fn send_nothing(&mut self) -> Result<Answer, Fault> {
        self.stream.allow(self.limits.command);
        self.stream.send(b".\r\n", "beginning the message").await?;
        self.stream.answer("beginning the message").await
    }

    fn refusal(&mut self, step: usize, answer: &Answer) -> Verdict {
        self.is_usable &= !answer.is_closing();
        if answer.code / 100 < 4 {
            self.is_usable = false;
            let command = ["MAIL", "RCPT", "DATA"].get(step).unwrap_or(&"DATA");
            return Verdict::RelayRefused(refused(&format!("gives no answer to {command}"), answer));
        }
        if step == 0 {
            // A sender is refused for all messages, unless it is the size of this one, which all have about alike.
            let is_size = answer.code == 552 || answer.enhanced() == Some("5.3.4");
            let what = if is_size { "does not take a message of this size" } else { "refuses the sender" };
            let fault = refused(what, answer);
            return Verdict::RelayRefused(Fault { is_lasting: answer.code >= 500, ..fault });
        }
        self.has_served = true;
        Verdict::Refused(answer.kept(&self.relay.name), if step == 1 { Stage::Recipient } else { Stage::Body })
    }

    /// RSET, so that the next message begins afresh; a connection on which that fails is given up.
    async fn reset(&mut self) {
        self.is_usable = self.ask("RSET", "starting afresh").await.is_ok_and(|answer| answer.is_positive());
    }

    /// Sends the body, and `next` after it.
    async fn body(&mut self, parcel: &Parcel<'_>, next: &str) -> Verdict {
        self.stream.allow(self.limits.body);
        let mut slices = stuffed(parcel.pieces);
        let body: usize = slices.iter().map(|slice| slice.len()).sum();
        if !next.is_empty() {
            slices.push(IoSlice::new(next.as_bytes()));
        }
        // The body ends with the final dot: where that did not go out, the server has no message.
        if let Err((written, cause)) = self.stream.write(&mut slices).await {
            let may_be_whole = !next.is_empty() && written >= body;
            return self.broken_off(Fault::io("sending the message", &cause), may_be_whole).await;
        }
        self.stream.allow(self.limits.answer);
        match self.stream.answer("waiting for the server to take the message").await {
            Ok(answer) if answer.is_positive() => {
                self.has_served = true;
                Verdict::Taken(answer.kept(&self.relay.name))
            }
            Ok(answer) if answer.code / 100 >= 4 => {
                self.has_served = true;
                self.is_usable &= !answer.is_closing();
                Verdict::Refused(answer.kept(&self.relay.name), Stage::Body)
            }
            Ok(answer) => {
                self.is_usable = false;
                Verdict::Unknown(Fault::protocol(format!("the answer to the message has the code {}", answer.code)))
            }
            Err(fault) => {
                self.is_usable = false;
                Verdict::Unknown(fault)
            }
        }
    }

    /// What became of a message whose body the server takes no more of: it may have said why before it hung up.
    async fn broken_off(&mut self, fault: Fault, may_be_whole: bool) -> Verdict {
        self.is_usable = false;
        self.stream.allow(self.limits.command.min(LAST_WORDS));
        match self.stream.answer("sending the message").await {
            Ok(answer) if answer.code / 100 >= 4 => {
                self.has_served = true;
                Verdict::Refused(answer.kept(&self.relay.name), Stage::Body)
            }
            Ok(answer) if answer.is_positive() && may_be_whole => {
                self.has_served = true;
                Verdict::Taken(answer.kept(&self.relay.name))
            }
            _ if may_be_whole => Verdict::Unknown(fault),
            _ => Verdict::Lost(fault, Stage::Body),
        }
    }

    fn lost(&mut self, fault: Fault, stage: Stage) -> Verdict {
        self.is_usable = false;
        Verdict::Lost(fault, stage)
    }

    /// Takes leave; whatever the server says to that.
    pub(super) async fn quit(mut self) {
        if self.is_usable {
            self.stream.allow(self.limits.command.min(LAST_WORDS));
            let _ = self.stream.send(b"QUIT\r\n", "taking leave").await;
            let _ = self.stream.answer("taking leave").await;
        }
    }
}

/// Whether an address can stand between angle brackets (RFC 5321 4.1.2): blanks and brackets only within quotes.
fn fits_path(address: &str) -> bool {
    let (mut is_quoted, mut is_escaped) = (false, false);
    for c in address.chars() {
        match c {
            _ if c.is_control() => return false,
            _ if is_escaped => is_escaped = false,
            '\\' if is_quoted => is_escaped = true,
            '"' => is_quoted = !is_quoted,
            ' ' | '<' | '>' if !is_quoted => return false,
            _ => {}
        }
    }
    !is_quoted && !is_escaped
}

/// The header of a message: what stands before its first empty line, as far as that is in its first piece.
fn header<'p>(pieces: &'p [Piece<'_>]) -> &'p [u8] {
    let first = pieces.first().map_or(&[][..], |piece| piece);
    let end = first.windows(4).position(|end| end == b"\r\n\r\n");
    end.map_or(first, |end| &first[..end])
}

fn refused(what: &str, answer: &Answer) -> Fault {
    let reply = answer.kept("");
    let text = format!("the relay {what}: {} {}", answer.code, reply.text).trim_end().to_owned();
    Fault { text, code: Some(answer.code), is_lasting: false }
}

#[cfg(test)]
mod tests {
    use super::{Abilities, Answer, fits_path, header};

    #[test]
    fn blanks_and_brackets_stand_in_quotes_alone() {
        for fit in
            ["", "a@x.example", "\"a b\"@x.example", "\"a<b>\"@x.example", "\"a\\\" b\"@x.example", "é@x.example"]
        {
            assert!(fits_path(fit), "{fit}");
        }
        for unfit in
            ["a b@x.example", "a@x.example> <b@x.example", "\"a@x.example", "\"a\r\n\"@x.example", "\"a\\\"@x.example"]
        {
            assert!(!fits_path(unfit), "{unfit}");
        }
    }

    #[test]
    fn a_header_ends_before_the_first_empty_line() {
        let text = "Reply-To: é@x.example\r\n\r\nbody".as_bytes();
        assert_eq!(header(&[text.into(), b"more"[..].into()]), "Reply-To: é@x.example".as_bytes());
        assert_eq!(header(&[b"To: a"[..].into()]), b"To: a");
        assert_eq!(header(&[]), b"");
    }

    #[test]
    fn abilities_are_read_in_any_capitals() {
        let lines = ["relay.example", "pipelining", "SIZE 1000", "AUTH=LOGIN", "Auth PLAIN CRAM-MD5", "XVERP"];
        let answer = Answer { code: 250, lines: lines.iter().map(ToString::to_string).collect() };
        let found = Abilities::read(&answer);
        assert!(found.pipelining && found.plain && found.login && !found.eight_bit && !found.starttls);
        assert_eq!((found.size, found.is_sizing), (Some(1000), true));
        let unlimited = Answer { code: 250, lines: vec!["x".to_owned(), "SIZE 0".to_owned()] };
        assert_eq!(Abilities::read(&unlimited).size, None);
    }
}

//! `[mail]`: who sends, through which relays, how fast.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;
use toml::Spanned;

use super::read::{Document, web_address};
use crate::error::Result;

/// Connections to a relay, unless it says otherwise.
const CONNECTIONS: usize = 4;
/// More connections than this are a mistake, not a wish.
const MOST_CONNECTIONS: usize = 256;
/// The largest PDF that is attached, in bytes, unless `pdf_limit` says otherwise.
const PDF_LIMIT: u64 = 2_000_000;

/// Mail settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// RFC 5322 mailbox; without it no mail is made.
    pub from: Option<String>,
    /// The `from` of the publication, where this is that of a series: its domain names lists, which several series may share.
    pub publication_from: Option<String>,
    /// Where replies go.
    pub reply_to: Option<String>,
    /// Where mail goes.
    pub transport: Transport,
    /// Where `serve --public` answers; without it unsubscribing is by mailto only.
    pub subscriptions_url: Option<String>,
    /// The mailbox that takes bounces; without it they go to the sender.
    pub bounces: Option<String>,
    /// The name of this machine, as it introduces itself to relays.
    pub helo: Option<String>,
    /// How much is sent in all.
    pub rate: Option<Rate>,
    /// How much is sent to one domain; `default` is any that is not named.
    pub domain_rates: BTreeMap<String, Rate>,
    /// How long a relay may take for one step, instead of what RFC 5321 says.
    pub timeout: Option<Duration>,
    /// The keys that sign.
    pub dkim: Vec<DkimKey>,
    /// How pictures go with a message.
    pub pictures: MailPictures,
    /// Whether the PDF hangs on the message.
    pub pdf: MailPdf,
    /// The largest PDF that does, in bytes.
    pub pdf_limit: u64,
}

impl Mail {
    /// The files that hold passwords and keys, relative to config.toml or absolute.
    #[must_use]
    pub fn secret_files(&self) -> Vec<&Path> {
        let relays = match &self.transport {
            Transport::Smtp(relays) => relays.as_slice(),
            Transport::File => &[],
        };
        let passwords = relays.iter().filter_map(|relay| match &relay.user {
            Some((_, Password::File(file))) => Some(file.as_path()),
            _ => None,
        });
        passwords.chain(self.dkim.iter().map(|key| key.key_file.as_path())).collect()
    }
}

impl Default for Mail {
    fn default() -> Self {
        Self {
            from: None,
            publication_from: None,
            reply_to: None,
            transport: Transport::File,
            subscriptions_url: None,
            bounces: None,
            helo: None,
            rate: None,
            domain_rates: BTreeMap::new(),
            timeout: None,
            dkim: Vec::new(),
            pictures: MailPictures::Linked,
            pdf: MailPdf::Linked,
            pdf_limit: PDF_LIMIT,
        }
    }
}

/// Where mail goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Transport {
    /// To outbox/, one .eml each.
    File,
    /// To relays, in the order in which they are tried. At least one.
    Smtp(
        /// The relays.
        Vec<RelayConfig>,
    ),
}

/// A relay as the configuration describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelayConfig {
    /// A domain or an address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// `smtps://`: TLS from the first byte.
    pub is_implicit: bool,
    /// What STARTTLS is, where TLS does not begin by itself.
    pub starttls: StartTls,
    /// Who we are to it, and where the password is.
    pub user: Option<(String, Password)>,
    /// The authorities that are believed instead of those that browsers believe.
    pub ca_file: Option<PathBuf>,
    /// How many connections at most.
    pub connections: usize,
    /// How much it takes.
    pub rate: Option<Rate>,
}

impl RelayConfig {
    /// As messages name it: `relay.example:587`.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }
}

/// What STARTTLS is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StartTls {
    /// No mail without it.
    Required,
    /// Used where the relay offers it.
    Optional,
    /// Not used: for a relay on the same machine.
    Never,
}

/// Where a password is. It never stands in config.toml.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Password {
    /// In this environment variable.
    Environment(
        /// Its name.
        String,
    ),
    /// In this file, alone.
    File(
        /// Its path.
        PathBuf,
    ),
}

/// A key that signs: `selector._domainkey.domain` publishes its other half.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DkimKey {
    /// The domain that vouches; that of `from` when left out.
    pub domain: Option<String>,
    /// The key's name.
    pub selector: String,
    /// The private key, in PEM.
    pub key_file: PathBuf,
}

/// So many messages in a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// At least 1.
    pub messages: u32,
    /// In how long.
    pub per: Duration,
}

impl Rate {
    /// Reads "20/s", "600/m", "5000/h" or "10000/d"; `None` when it is no such text, or would let nothing through.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (messages, unit) = text.split_once('/')?;
        let seconds = match unit.trim() {
            "s" => 1,
            "m" => 60,
            "h" => 3600,
            "d" => 86400,
            _ => return None,
        };
        let messages = messages.trim().parse().ok().filter(|messages| *messages > 0)?;
        Some(Self { messages, per: Duration::from_secs(seconds) })
    }
}

/// How pictures go with a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MailPictures {
    /// They are fetched from the web when the message is read.
    #[default]
    Linked,
    /// They are in the message.
    Inline,
}

/// How the PDF goes with a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MailPdf {
    /// A link leads to it, where it is on the web.
    #[default]
    Linked,
    /// It hangs on the message, unless it is too large.
    Attached,
}

/// The address below which the pages of subscriptions stand: links are made by adding to it, and requests are told apart by
/// its path.
fn service_address(value: &Spanned<String>, document: &Document<'_>) -> Result<String> {
    let address = web_address(value, document)?;
    let wrong = |what: &str| {
        let message = format!("`subscriptions_url` {what}: `{}`", value.get_ref());
        Err(document.error(&value.span(), message).hint("an address is like `https://example.org/letters/`"))
    };
    if value.get_ref().contains(['?', '#']) {
        return wrong("ends in a query or a fragment, to which no link can be added");
    }
    let path = url::Url::parse(&address).map(|url| url.path().to_owned()).unwrap_or_default();
    // Letters beyond ASCII are percent-encoded by now; what else is encoded, or has a meaning in routes, is refused.
    let is_letter =
        |part: &str| part.get(..2).and_then(|hex| u8::from_str_radix(hex, 16).ok()).is_some_and(|b| b > 127);
    let is_plain = |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || "/-._~".contains(c));
    let mut parts = path.split('%');
    let begins = parts.next().is_none_or(is_plain);
    if !begins || !parts.all(|part| is_letter(part) && is_plain(&part[2..])) {
        return wrong("has a path with other signs than letters, digits and `-._~`");
    }
    if path.contains("//") {
        return wrong("has a path with an empty part");
    }
    Ok(address)
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct RawMail {
    from: Option<Spanned<String>>,
    reply_to: Option<Spanned<String>>,
    pub(super) postal_address: Option<String>,
    transport: Option<Spanned<String>>,
    pub(super) subscriptions_url: Option<Spanned<String>>,
    bounces: Option<Spanned<String>>,
    helo: Option<Spanned<String>>,
    user: Option<Spanned<String>>,
    password_env: Option<String>,
    password_file: Option<PathBuf>,
    starttls: Option<StartTls>,
    ca_file: Option<PathBuf>,
    connections: Option<Spanned<usize>>,
    rate: Option<Spanned<String>>,
    domain_rate: Option<BTreeMap<String, Spanned<String>>>,
    timeout: Option<Spanned<u64>>,
    #[serde(default)]
    pictures: MailPictures,
    #[serde(default)]
    pdf: MailPdf,
    pdf_limit: Option<u64>,
    #[serde(default)]
    relay: Vec<RawRelay>,
    #[serde(default)]
    dkim: Vec<RawDkim>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRelay {
    url: Spanned<String>,
    user: Option<Spanned<String>>,
    password_env: Option<String>,
    password_file: Option<PathBuf>,
    starttls: Option<StartTls>,
    ca_file: Option<PathBuf>,
    connections: Option<Spanned<usize>>,
    rate: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawDkim {
    domain: Option<String>,
    selector: String,
    key_file: PathBuf,
}

/// Checks the table.
pub(super) fn checked(raw: RawMail, document: &Document<'_>) -> Result<Mail> {
    let transport = match raw.transport {
        None => Transport::File,
        Some(value) if value.get_ref() == "file" => Transport::File,
        Some(url) if is_relay(url.get_ref()) => {
            let first = RawRelay {
                url,
                user: raw.user,
                password_env: raw.password_env,
                password_file: raw.password_file,
                starttls: raw.starttls,
                ca_file: raw.ca_file,
                connections: raw.connections,
                rate: None,
            };
            let all = std::iter::once(first).chain(raw.relay).map(|relay| checked_relay(relay, document));
            Transport::Smtp(all.collect::<Result<_>>()?)
        }
        Some(value) => {
            return Err(document
                .error(&value.span(), format!("unknown transport `{}`", value.get_ref()))
                .hint("allowed: `file`, `smtp://HOST:PORT`, `smtps://HOST:PORT`"));
        }
    };
    let helo = raw.helo.map(|helo| name_of_machine(helo, document)).transpose()?;
    let named = raw.domain_rate.unwrap_or_default().into_iter();
    Ok(Mail {
        from: mailbox(raw.from, document)?,
        publication_from: None,
        reply_to: mailbox(raw.reply_to, document)?,
        transport,
        subscriptions_url: raw.subscriptions_url.map(|value| service_address(&value, document)).transpose()?,
        bounces: bounces(raw.bounces, document)?,
        helo,
        rate: raw.rate.map(|rate| checked_rate(&rate, document)).transpose()?,
        domain_rates: named
            .map(|(domain, rate)| Ok((checked_domain(&domain, &rate, document)?, checked_rate(&rate, document)?)))
            .collect::<Result<_>>()?,
        timeout: raw.timeout.map(|timeout| seconds(&timeout, document)).transpose()?,
        dkim: raw
            .dkim
            .into_iter()
            .map(|RawDkim { domain, selector, key_file }| DkimKey { domain, selector, key_file })
            .collect(),
        pictures: raw.pictures,
        pdf: raw.pdf,
        pdf_limit: raw.pdf_limit.unwrap_or(PDF_LIMIT),
    })
}

/// A domain as addresses have it: in lower case, and in the form of IDNA (UTS 46) where it has letters beyond ASCII; or
/// `default`. The key has no place of its own, so that its value's is told.
fn checked_domain(domain: &str, rate: &Spanned<String>, document: &Document<'_>) -> Result<String> {
    match url::Host::parse(domain) {
        Ok(url::Host::Domain(known)) => Ok(known),
        _ => Err(document
            .error(&rate.span(), format!("`{}` is no domain", domain.escape_debug()))
            .hint("allowed: `x.example = \"10/s\"` for what follows the `@` of addresses, `default` for all others")),
    }
}

fn mailbox(value: Option<Spanned<String>>, document: &Document<'_>) -> Result<Option<String>> {
    value.map(|value| checked_mailbox(value, document)).transpose()
}

/// A mailbox (RFC 5322 3.4): an address, with or without a name.
pub(super) fn checked_mailbox(value: Spanned<String>, document: &Document<'_>) -> Result<String> {
    if value.get_ref().parse::<lettre::message::Mailbox>().is_ok() {
        return Ok(value.into_inner());
    }
    let error = document.error(&value.span(), format!("`{}` is not a mailbox", value.get_ref()));
    Err(match quoted(value.get_ref()) {
        Some(quoted) => error.hint(format!("a name with such signs stands in quotes: `'{quoted}'`")),
        None => error.hint("a mailbox is like `The Compositor <news@compositor.example>`"),
    })
}

/// A mailbox with its name in quotes, where that is all that it lacks (RFC 5322 3.2.4).
fn quoted(text: &str) -> Option<String> {
    let (name, address) = text.split_once('<')?;
    let quoted = format!("\"{}\" <{address}", name.trim().replace(['"', '\\'], ""));
    quoted.parse::<lettre::message::Mailbox>().is_ok().then_some(quoted)
}

fn bounces(value: Option<Spanned<String>>, document: &Document<'_>) -> Result<Option<String>> {
    let Some(value) = value else { return Ok(None) };
    let is_right = value.get_ref().parse::<lettre::Address>().is_ok_and(|address| !address.user().contains('+'));
    if is_right {
        return Ok(Some(value.into_inner()));
    }
    Err(document
        .error(&value.span(), format!("`{}` cannot take bounces", value.get_ref()))
        .hint("an address is like `b@compositor.example`; what each message adds follows a `+` of its own"))
}

fn name_of_machine(value: Spanned<String>, document: &Document<'_>) -> Result<String> {
    let is_name =
        |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-.[]:".contains(&b));
    if is_name(value.get_ref()) {
        return Ok(value.into_inner());
    }
    Err(document
        .error(&value.span(), format!("`{}` is no name of a machine", value.get_ref().escape_debug()))
        .hint("a name is like `mail.compositor.example`"))
}

fn seconds(value: &Spanned<u64>, document: &Document<'_>) -> Result<Duration> {
    match *value.get_ref() {
        seconds @ 1..=3600 => Ok(Duration::from_secs(seconds)),
        other => {
            Err(document.error(&value.span(), format!("`timeout` is {other}")).hint("it is in seconds, from 1 to 3600"))
        }
    }
}

fn checked_rate(value: &Spanned<String>, document: &Document<'_>) -> Result<Rate> {
    Rate::parse(value.get_ref()).ok_or_else(|| {
        document
            .error(&value.span(), format!("`{}` is no rate", value.get_ref()))
            .hint("a rate is like `20/s`, `600/m` or `5000/h`")
    })
}

/// Whether an address is one of a relay; the case of a scheme means nothing (RFC 3986 3.1).
fn is_relay(url: &str) -> bool {
    url.split_once("://")
        .is_some_and(|(scheme, _)| ["smtp", "smtps"].iter().any(|one| scheme.eq_ignore_ascii_case(one)))
}

/// The host of a relay as name servers know it: in the form of IDNA (UTS 46) where it has letters beyond ASCII. Of other
/// schemes than those of the web `url` leaves a host as it stands, with those letters percent-encoded.
fn host_of(url: &url::Url) -> std::result::Result<String, String> {
    match url.host() {
        None | Some(url::Host::Domain("")) => Err("it has no host".to_owned()),
        Some(url::Host::Domain(domain)) => match url::Host::parse(domain) {
            Ok(host) => Ok(host.to_string()),
            // A name that only the resolver of this machine knows may have other signs.
            Err(_) if domain.is_ascii() && !domain.contains('%') => Ok(domain.to_lowercase()),
            Err(cause) => Err(format!("its host is no name: {}", cause.to_string().to_lowercase())),
        },
        Some(address) => Ok(address.to_string()),
    }
}

fn checked_relay(raw: RawRelay, document: &Document<'_>) -> Result<RelayConfig> {
    let span = raw.url.span();
    let wrong = |why: &str| {
        document
            .error(&span, format!("this is no relay: {why}"))
            .hint("a relay is like `smtp://relay.example:587` or `smtps://relay.example`")
    };
    let url = url::Url::parse(raw.url.get_ref()).map_err(|cause| wrong(&cause.to_string().to_lowercase()))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(wrong("a user or a password stands in it")
            .hint("write `user = \"...\"`, and where the password is: `password_env` or `password_file`"));
    }
    if !matches!(url.path(), "" | "/") || url.query().is_some() || url.fragment().is_some() {
        return Err(wrong("something follows the host"));
    }
    let is_implicit = match url.scheme() {
        "smtp" => false,
        "smtps" => true,
        _ => return Err(wrong("it begins with neither `smtp://` nor `smtps://`")),
    };
    let host = host_of(&url).map_err(|why| wrong(&why))?;
    let user = credentials(&raw, document)?;
    let connections = match raw.connections {
        None => CONNECTIONS,
        Some(count) if (1..=MOST_CONNECTIONS).contains(count.get_ref()) => count.into_inner(),
        Some(count) => {
            return Err(document
                .error(&count.span(), format!("`connections` is {}", count.get_ref()))
                .hint(format!("allowed: 1 to {MOST_CONNECTIONS}")));
        }
    };
    Ok(RelayConfig {
        port: url.port().unwrap_or(if is_implicit { 465 } else { 587 }),
        is_implicit,
        starttls: raw.starttls.unwrap_or_else(|| by_default(user.is_some(), &host)),
        user,
        ca_file: raw.ca_file,
        connections,
        rate: raw.rate.map(|rate| checked_rate(&rate, document)).transpose()?,
        host,
    })
}

/// Credentials go over TLS only; a relay on this machine needs none.
fn by_default(has_credentials: bool, host: &str) -> StartTls {
    let is_here = host == "localhost" || host == "[::1]" || host.starts_with("127.");
    match (has_credentials, is_here) {
        (true, _) => StartTls::Required,
        (false, true) => StartTls::Never,
        (false, false) => StartTls::Optional,
    }
}

fn credentials(raw: &RawRelay, document: &Document<'_>) -> Result<Option<(String, Password)>> {
    let password = match (&raw.password_env, &raw.password_file) {
        (Some(_), Some(_)) => {
            return Err(document.error(&raw.url.span(), "the relay has both `password_env` and `password_file`"));
        }
        (Some(name), None) => Some(Password::Environment(name.clone())),
        (None, Some(path)) => Some(Password::File(path.clone())),
        (None, None) => None,
    };
    match (&raw.user, password) {
        (None, None) => Ok(None),
        (Some(user), Some(password)) => Ok(Some((user.get_ref().clone(), password))),
        (Some(user), None) => Err(document
            .error(&user.span(), "the relay has a `user` and no password")
            .hint("say where it is: `password_env = \"SMTP_PASSWORD\"` or `password_file = \"...\"`")),
        (None, Some(_)) => Err(document
            .error(&raw.url.span(), "the relay has a password and no `user`")
            .hint("write `user = \"...\"` beside it")),
    }
}

#[cfg(test)]
mod tests {
    use super::Rate;

    #[test]
    fn rates_let_something_through() {
        assert_eq!(Rate::parse("600/m").map(|rate| (rate.messages, rate.per.as_secs())), Some((600, 60)));
        for no in ["", "20", "0/s", "-1/s", "20/fortnight", "x/s", "/s"] {
            assert_eq!(Rate::parse(no), None, "{no}");
        }
    }
}

//! Settings and secrets, read from files and the environment.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use crate::cli::artefacts::Artefacts;
use crate::cli::clock::RunClock;
use crate::cli::files;
use crate::cli::report::counted;
use crate::cli::session::Session;
use crate::cli::shelf::Shelf;
use crate::cli::stock::located;
use crate::collect::position;
use crate::collect::svg::is_named_so;
use crate::config::{Config, DkimKey, MailPdf, MailPictures, Password, RelayConfig, StartTls, Transport};
use crate::deliver::dkim::Signer;
use crate::deliver::smtp::{self, Credentials, DomainRates, Greeted, Limits, Relay, Security, Settings, tls};
use crate::deliver::{Enclosed, Extras, Sender, Verp};
use crate::error::{Error, ErrorKind, Place, Result, Warning};
use crate::model::{Digest, Issue, IssueKey, MailPolicy};

/// How long a relay that is only asked what it takes may need for each step, by `send` without `--yes` and by `doctor`. Servers
/// that make strangers wait, to see whether they talk before their turn, greet within it. docs/mail.md says so.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long deliveries are held without renewing.
const LEASE: Duration = Duration::from_secs(10 * 60);
/// What many servers take at most, in bytes; some of the largest take 25 MB.
const LARGE: usize = 10_000_000;
/// The key of `domain_rate` for domains that are not named.
const OTHER_DOMAINS: &str = "default";

/// How campaigns are sent. Fails when mail goes to files, and when a password or a certificate cannot be read.
pub(in crate::cli) fn settings(config: &Config, worker: &str) -> Result<Settings> {
    let mail = &config.mail;
    let Transport::Smtp(relays) = &mail.transport else {
        return Err(Error::new(ErrorKind::Config, "mail goes to files: there is no relay to send it through")
            .hint("write `transport = \"smtp://relay.example:587\"` under `[mail]`"));
    };
    let sender = Sender::new(mail, &config.lists)?;
    let named = mail.domain_rates.iter().filter(|(domain, _)| *domain != OTHER_DOMAINS);
    Ok(Settings {
        relays: relays.iter().map(|relay| checked(config, relay)).collect::<Result<_>>()?,
        helo: mail.helo.clone().unwrap_or_else(|| sender.domain().to_owned()),
        limits: mail.timeout.map(Limits::all).unwrap_or_default(),
        rate: mail.rate,
        domain_rates: DomainRates {
            each: mail.domain_rates.get(OTHER_DOMAINS).copied(),
            named: named.map(|(domain, rate)| (domain.clone(), *rate)).collect(),
        },
        worker: worker.to_owned(),
        lease: LEASE,
        is_shared: false,
        passed_over: std::collections::BTreeSet::new(),
        ending: std::sync::Arc::default(),
    })
}

/// Tells what is wrong with the settings of mail, before anybody is queued.
pub(in crate::cli) fn check(config: &Config, series: &str) -> Result<()> {
    let sender = Sender::new(&config.mail_of(series), &config.lists)?;
    signers(config, &sender)?;
    check_relays(config)
}

/// The same of what mail needs that is queued and held back. Its password and keys may be at hand where it is sent.
pub(in crate::cli) fn check_sender(config: &Config, series: &str) -> Result<()> {
    Sender::new(&config.mail_of(series), &config.lists).map(drop)
}

/// Tells which password or certificate of a relay is missing.
pub(in crate::cli) fn check_relays(config: &Config) -> Result<()> {
    match config.mail.transport {
        Transport::File => Ok(()),
        Transport::Smtp(_) => settings(config, "check").map(drop),
    }
}

/// Greets the relays, for what they say of themselves; each step may last [`PATIENCE`], or `timeout` where that is shorter.
pub(in crate::cli) fn greet(session: &Session, config: &Config) -> Result<Vec<Greeted>> {
    session.progress("greeting relays");
    let patience = config.mail.timeout.map_or(PATIENCE, |limit| limit.min(PATIENCE));
    let settings = Settings { limits: Limits::all(patience), ..settings(config, "greet")? };
    smtp::greet(&settings, &RunClock::starting_at(session.now))
}

/// What DNS must say of the keys that messages are signed with: names of TXT records, and their values.
pub(in crate::cli) fn dkim_records(config: &Config) -> Result<BTreeMap<String, String>> {
    let of_series = config.series.iter().filter(|series| series.mail != MailPolicy::Never && !series.lists.is_empty());
    let mails = of_series.map(|series| config.mail_of(&series.key)).chain([config.mail.clone()]);
    let mut records = BTreeMap::new();
    for mail in mails.filter(|mail| mail.from.is_some()) {
        let sender = Sender::new(&mail, &config.lists)?;
        for signer in signers(config, &sender)? {
            records.extend([signer.record()?]);
        }
    }
    Ok(records)
}

pub(super) fn signers(config: &Config, sender: &Sender) -> Result<Vec<Signer>> {
    let signer = |key: &DkimKey| -> Result<Signer> {
        let pem = read(config, &key.key_file, "the DKIM key")?;
        let domain = key.domain.as_deref().unwrap_or_else(|| sender.domain());
        Signer::new(domain, &key.selector, &pem).map_err(|error| error.at(Place::file(&key.key_file)))
    };
    config.mail.dkim.iter().map(signer).collect()
}

fn checked(config: &Config, relay: &RelayConfig) -> Result<Relay> {
    let authorities = relay.ca_file.as_ref().map(|path| read(config, path, "the certificates")).transpose()?;
    let credentials = match &relay.user {
        None => None,
        Some((user, password)) => Some(Credentials { user: user.clone(), password: secret(config, relay, password)? }),
    };
    Ok(Relay {
        name: relay.name(),
        host: relay.host.clone(),
        port: relay.port,
        security: match (relay.is_implicit, relay.starttls) {
            (true, _) => Security::Implicit,
            (false, StartTls::Required) => Security::Required,
            (false, StartTls::Optional) => Security::Offered,
            (false, StartTls::Never) => Security::Clear,
        },
        tls: tls(authorities.as_deref())?,
        credentials,
        connections: relay.connections,
        rate: relay.rate,
    })
}

/// A password from where it is kept.
fn secret(config: &Config, relay: &RelayConfig, password: &Password) -> Result<String> {
    match password {
        Password::Environment(name) => std::env::var(name).ok().filter(|value| !value.is_empty()).ok_or_else(|| {
            Error::new(ErrorKind::Config, format!("the environment variable `{name}` is not set"))
                .hint(format!("it holds the password at {}", relay.name()))
        }),
        Password::File(path) => {
            let bytes = read(config, path, "the password")?;
            let text = String::from_utf8(bytes)
                .map_err(|_| Error::new(ErrorKind::Config, "the password is not in UTF-8").at(Place::file(path)))?;
            Ok(text.trim_end_matches(['\r', '\n']).to_owned())
        }
    }
}

fn read(config: &Config, path: &Path, what: &str) -> Result<Vec<u8>> {
    files::read(&config.path(path))?.ok_or_else(|| {
        Error::new(ErrorKind::Config, format!("there is no such file to read {what} from")).at(Place::file(path))
    })
}

/// What a campaign's messages have beside their texts. `return_path_key` is the store's. What is asked for and cannot
/// be had, such as a PDF that is too large, is a warning.
pub(in crate::cli) fn extras(
    config: &Config,
    shelf: &Shelf,
    issue: &Issue,
    digest: &Digest,
    artefacts: &Artefacts,
    return_path_key: &[u8],
    warnings: &mut Vec<Warning>,
) -> Result<Extras> {
    let sender = Sender::new(&config.mail_of(&issue.key.series), &config.lists)?;
    let bounces = config.mail.bounces.as_deref().filter(|_| config.mail.transport != Transport::File);
    Ok(Extras {
        pictures: match config.mail.pictures {
            MailPictures::Linked => Vec::new(),
            MailPictures::Inline => pictures(config, shelf, issue, digest)?,
        },
        attachment: match config.mail.pdf {
            MailPdf::Linked => None,
            MailPdf::Attached => pdf(config, issue, artefacts, warnings),
        },
        signers: signers(config, &sender)?,
        verp: bounces.map(|mailbox| Verp::new(mailbox, return_path_key)).transpose()?,
    })
}

/// Tells of an issue whose messages are larger than many servers take, before any is made.
pub(in crate::cli) fn weigh(
    config: &Config,
    shelf: &Shelf,
    issue: &Issue,
    digest: &Digest,
    artefacts: &Artefacts,
    warnings: &mut Vec<Warning>,
) -> Result<()> {
    let pictures = match config.mail.pictures {
        MailPictures::Linked => Vec::new(),
        MailPictures::Inline => pictures(config, shelf, issue, digest)?,
    };
    let attachment = match config.mail.pdf {
        MailPdf::Linked => None,
        MailPdf::Attached => pdf(config, issue, artefacts, warnings),
    };
    warnings.extend(too_large(&issue.key, digest, &pictures, attachment.as_ref()));
    Ok(())
}

/// A warning where the messages of an issue are larger than [`LARGE`].
pub(super) fn too_large(
    issue: &IssueKey,
    digest: &Digest,
    pictures: &[Enclosed],
    attachment: Option<&Enclosed>,
) -> Option<Warning> {
    let of_pictures: usize = pictures.iter().map(|one| one.bytes.len()).sum();
    let of_attachment = attachment.map_or(0, |one| one.bytes.len());
    // Base64 with a line end after 76 characters.
    let size = (of_pictures + of_attachment) * 78 / 57 + digest.html.len() + digest.text.len();
    let hint = if of_pictures > of_attachment {
        "`pictures = \"linked\"`"
    } else {
        "`pdf = \"linked\"`, or a lower `pdf_limit`,"
    };
    (size > LARGE).then(|| {
        Warning::new(format!(
            "a message of {issue} has about {} MB, and many servers take 10 MB at most",
            size / 1_000_000
        ))
        .hint(format!("{hint} under `[mail]` makes it smaller"))
        .once()
    })
}

/// A warning where a digest shows pictures in SVG, which no large mail program does.
pub(in crate::cli) fn unshown(issue: &Issue, digest: &Digest) -> Option<Warning> {
    let is_shown =
        |name: &str| digest.html.contains(&format!("src=\"{}\"", issue.publication.url(&format!("assets/{name}"))));
    let count = issue.assets.iter().filter(|asset| is_named_so(&asset.name) && is_shown(&asset.name)).count();
    let pictures = counted(count, "picture");
    (count > 0).then(|| {
        Warning::new(format!("{pictures} in SVG will not be seen in many mail programs"))
            .hint("they are linked, also where `pictures = \"inline\"`; a PNG beside the text is seen everywhere")
    })
}

fn pdf(config: &Config, issue: &Issue, artefacts: &Artefacts, warnings: &mut Vec<Warning>) -> Option<Enclosed> {
    let name = Artefacts::pdf_name(issue);
    let bytes = artefacts.files.get(&name)?;
    if bytes.len() as u64 > config.mail.pdf_limit {
        let (size, limit) = (bytes.len(), config.mail.pdf_limit);
        let instead = if issue.series.public { "a link leads to it" } else { "readers do not get it" };
        warnings.push(
            Warning::new(format!("`{name}` has {size} bytes and is not attached: `pdf_limit` is {limit}"))
                .hint(instead),
        );
        return None;
    }
    Some(Enclosed { url: String::new(), name, media_type: "application/pdf".to_owned(), bytes: bytes.clone() })
}

/// The issue's pictures that the digest shows, and the publication's logo.
fn pictures(config: &Config, shelf: &Shelf, issue: &Issue, digest: &Digest) -> Result<Vec<Enclosed>> {
    // A draft has its files where its posts have them.
    let sources = issue.files().filter(|_| issue.frozen.is_none());
    let sources: BTreeMap<&str, &Path> = sources.map(|asset| (asset.name.as_str(), asset.file.as_path())).collect();
    let of_issue = issue.assets.iter().map(|asset| {
        let source = sources.get(asset.name.as_str()).map(|file| located(&config.root, file));
        (
            issue.publication.url(&format!("assets/{}", asset.name)),
            asset.name.clone(),
            source.unwrap_or_else(|| shelf.asset(&issue.key, &asset.name)),
        )
    });
    let logo = issue.publication.logo.as_deref().zip(config.logo.as_deref());
    let logo = logo.map(|(name, file)| (issue.publication.url(name), name.to_owned(), config.path(file)));
    let mut pictures = Vec::new();
    for (url, name, path) in of_issue.chain(logo) {
        if !digest.html.contains(&format!("src=\"{url}\"")) {
            continue;
        }
        let Some(bytes) = files::read(&path)?.map(position::published) else { continue };
        let Some(media_type) = image::guess_format(&bytes).ok().map(|format| format.to_mime_type().to_owned()) else {
            continue;
        };
        pictures.push(Enclosed { url, name, media_type, bytes });
    }
    Ok(pictures)
}

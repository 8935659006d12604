//! `masthead serve`: the site over HTTP; a preview with drafts, or the public service with subscriptions.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;

use super::build;
use crate::cli::args::{Global, Serving};
use crate::cli::clock::machine_time;
use crate::cli::report::{self, Report};
use crate::cli::session::{Session, files_below};
use crate::cli::{files, mailing, sending};
use crate::config::{Config, Transport};
use crate::deliver::{Sender, notice_path};
use crate::error::{Error, ErrorKind, Result, Warning};
use crate::model::ReadyNotice;
use crate::render::rehearsal;
use crate::serve::{self, Clock, HandOn, HandedOn, Service, Subscriptions, TakeBack};
use crate::store::Store;
use crate::templates::Templates;

/// How often a preview looks whether something has changed.
const LOOK: Duration = Duration::from_millis(700);

/// Serves until the process is told to end.
pub(super) fn run(session: &mut Session, serving: &Serving) -> Result<Report> {
    let config = session.config()?;
    let listen = serving.listen.unwrap_or(config.serve.listen);
    if serving.public {
        in_public(session, config, listen, serving.forget_old_links)
    } else {
        preview(session, config, listen)
    }
}

fn in_public(session: &mut Session, config: Config, listen: SocketAddr, forgets: bool) -> Result<Report> {
    let templates = session.templates(&config)?;
    let folder = config.root.join("public");
    if !folder.is_dir() {
        let missing =
            Warning::new("there is no public/ yet").hint("`masthead publish` makes it; it is served from then on");
        session.warnings.push(missing);
    }
    let subscriptions = subscriptions(session, &config, &templates, forgets)?;
    // What other runs draw does not keep readers from this one.
    if let Err(error) = rehearsal::rehearse(&config.publication, &config.languages(), &config.series, &templates) {
        session.warnings.push(error.into_warning());
    }
    report::tell_now(session);
    let service = Service {
        public: folder,
        templates,
        subscriptions,
        clock: clock(&session.global),
        tell: Arc::new(|error: &Error| report::tell_error(error)),
        is_private: false,
        config,
    };
    serve_until_told(session, service, listen)
}

/// What answers to subscriptions, where the configuration says enough for it.
fn subscriptions(
    session: &mut Session,
    config: &Config,
    templates: &Templates,
    forgets: bool,
) -> Result<Option<Subscriptions>> {
    let lacking = match (&config.mail.subscriptions_url, &config.mail.from) {
        (Some(_), Some(_)) => None,
        (None, _) => Some("subscriptions_url"),
        (_, None) => Some("from"),
    };
    if let Some(key) = lacking {
        let warning = Warning::new(format!("`[mail]` has no `{key}`: the site is served without subscriptions"));
        session.warnings.push(warning.hint("`subscriptions_url` says where readers reach this service from outside"));
        return Ok(None);
    }
    // Strangers alone see what it draws, and get nothing where it cannot.
    session.heed(serve::rehearse(config, templates)?);
    mailing::warn_of_short_secrets(session)?;
    // Its messages wait then, and readers who were told to look into their mailboxes find nothing.
    if let Err(error) = sending::check_relays(config) {
        session.warnings.push(error.into_warning());
    }
    let mut store = mailing::store(config)?;
    if forgets {
        store.forget_other_secrets()?;
    }
    // Whoever unsubscribes by such a link believes that it is done.
    mailing::refuse_strange_secrets(&store)?;
    store.keep_signing_secret()?;
    Ok(Some(Subscriptions {
        store,
        reader: mailing::store(config)?,
        sender: Sender::new(&config.mail, &config.lists)?,
        hand_on: match &config.mail.transport {
            Transport::File => Some(to_outbox(config.root.join("outbox"))),
            Transport::Smtp(_) => Some(to_relay(config.clone(), clock(&session.global))),
        },
        take_back: (config.mail.transport == Transport::File)
            .then(|| from_outbox(config.clone(), clock(&session.global))),
    }))
}

/// Writes messages to the outbox. One that was written and not yet recorded is written again under its name, with the same
/// bytes.
fn to_outbox(outbox: PathBuf) -> HandOn {
    Arc::new(move |notice: &ReadyNotice| {
        let path = outbox.join(notice_path(&notice.address, &notice.message_id));
        files::write_privately(&path, &notice.message)?;
        files::sync(std::slice::from_ref(&path)).map(|()| HandedOn::Taken)
    })
}

/// Takes messages to who leaves out of the outbox.
fn from_outbox(config: Config, clock: Clock) -> TakeBack {
    Arc::new(move |store: &mut Store, address: &str| mailing::take_back(&config, store, address, clock()).map(drop))
}

/// Sends messages through the relays.
fn to_relay(config: Config, clock: Clock) -> HandOn {
    Arc::new(move |notice: &ReadyNotice| sending::send_notice(&config, notice, clock()))
}

/// Makes the site with its drafts in a folder of its own, makes it again whenever something changes, and serves it.
fn preview(session: &mut Session, config: Config, listen: SocketAddr) -> Result<Report> {
    if !listen.ip().is_loopback() {
        return Err(Error::new(ErrorKind::Usage, format!("a preview with drafts is not served at {listen}")).hint(
            "`--public` serves the site as it was published; a preview is for this machine alone: `127.0.0.1:8080`",
        ));
    }
    let folder = tempfile::Builder::new()
        .prefix("masthead-preview-")
        .tempdir()
        .map_err(|cause| Error::io("make a folder in", &std::env::temp_dir(), &cause))?;
    let target = folder.path().to_owned();
    let before = fingerprint(&config);
    rebuild(session, &target)?;
    let (global, watched) = (session.global.clone(), target.clone());
    let (ended, watching) = std::sync::mpsc::channel::<()>();
    let config_for_watch = config.clone();
    let watcher = std::thread::spawn(move || watch(&global, config_for_watch, &watched, before, &watching));
    let service = Service {
        public: target,
        templates: session.templates(&config)?,
        subscriptions: None,
        clock: clock(&session.global),
        tell: Arc::new(|error: &Error| report::tell_error(error)),
        is_private: true,
        config,
    };
    let served = serve_until_told(session, service, listen);
    drop(ended);
    let _ = watcher.join();
    served
}

/// Makes the preview anew whenever a file that it rests on has changed, until the other side hangs up.
fn watch(
    global: &Global,
    mut config: Config,
    target: &Path,
    mut before: Vec<(PathBuf, Option<std::time::SystemTime>)>,
    ended: &std::sync::mpsc::Receiver<()>,
) {
    while ended.recv_timeout(LOOK) == Err(std::sync::mpsc::RecvTimeoutError::Timeout) {
        let now = fingerprint(&config);
        if now == before {
            continue;
        }
        let mut session = Session::new(global.clone());
        // A half-written configuration is read again when it is whole.
        let built = session.config().map(|read| config = read).and_then(|()| rebuild(&mut session, target));
        session.quieten();
        if let Err(error) = built {
            report::tell_error(&error);
        }
        // What the build itself wrote, in collected/, is no reason to build again.
        before = fingerprint(&config);
    }
}

fn rebuild(session: &mut Session, target: &Path) -> Result<()> {
    build::preview(session, target)?;
    report::tell_now(session);
    Ok(())
}

/// The files that a preview rests on, and when they were changed.
fn fingerprint(config: &Config) -> Vec<(PathBuf, Option<std::time::SystemTime>)> {
    let sources = config.sources.iter().filter_map(|source| source.folder()).map(|folder| config.path(folder));
    let folders = sources.chain(["templates", "issues"].map(|name| config.root.join(name)));
    let mut found: Vec<PathBuf> = folders.flat_map(|folder| files_below(&folder).unwrap_or_default()).collect();
    found.push(config.file.clone());
    found.extend(config.series.iter().flat_map(|series| &series.standing).map(|file| config.path(file)));
    found
        .into_iter()
        .map(|path| {
            let changed = path.metadata().and_then(|metadata| metadata.modified()).ok();
            (path, changed)
        })
        .collect()
}

fn serve_until_told(session: &mut Session, service: Service, listen: SocketAddr) -> Result<Report> {
    session.quieten();
    let global = session.global.clone();
    let mut address = listen;
    serve::run(service, listen, |bound| {
        address = bound;
        report::say_now(&global, &format!("http://{bound}/"), &json!({ "listening": format!("http://{bound}/") }));
    })?;
    let mut report = Report::default();
    report.set("listened", json!(format!("http://{address}/")));
    Ok(report)
}

/// The time of `--now`, which then stands still, or that of the clock.
fn clock(global: &Global) -> Clock {
    match global.now {
        Some(now) => Arc::new(move || now),
        None => Arc::new(machine_time),
    }
}

//! What this machine reaches: relays, and the address at which readers subscribe.

use std::time::Duration;

use url::Url;

use super::Examination;
use crate::cli::fetching;
use crate::cli::sending;
use crate::cli::session::Session;
use crate::collect::fetch::Ask;
use crate::config::{AllowPrivate, Config, Transport};
use crate::deliver::smtp::{Found, Greeted};
use crate::error::{Place, Warning};

/// Looks at all of it.
pub(super) fn examine(session: &Session, config: &Config, seen: &mut Examination) {
    relays(session, config, seen);
    keys(config, seen);
    subscriptions(session, config, seen);
    let feeds = config.sources.iter().filter(|source| source.address().is_some()).count();
    if feeds > 0 {
        seen.well("sources", "those on the web were not asked: `masthead source check` does");
    }
}

/// Greets each relay, with TLS and password, and takes leave.
fn relays(session: &Session, config: &Config, seen: &mut Examination) {
    if config.mail.from.is_none() {
        return seen.well("mail", "none is made: `[mail]` has no `from`");
    }
    if config.mail.transport == Transport::File {
        return seen.well("mail", "goes to files under outbox/");
    }
    let greeted = match sending::greet(session, config) {
        Ok(greeted) => greeted,
        Err(error) => return seen.failed("mail", "cannot be sent as it is configured", error),
    };
    for Greeted { relay, found } in greeted {
        match found {
            Ok(found) => seen.well("relay", verdict(&relay, found)),
            Err(why) => {
                seen.ill("relay", format!("{relay} cannot be used"), Warning::new(format!("{relay}: {why}")));
            }
        }
    }
}

/// What DNS must say of the keys of DKIM. Whether it does is not asked: a machine may be told otherwise than the world.
fn keys(config: &Config, seen: &mut Examination) {
    if config.mail.dkim.is_empty() || config.mail.from.is_none() {
        return;
    }
    match sending::dkim_records(config) {
        Ok(records) => {
            for (name, value) in records {
                seen.well("dkim", format!("DNS must have under {name}, as TXT: {value}"));
            }
        }
        Err(error) => seen.failed("dkim", "messages cannot be signed", error),
    }
}

fn verdict(relay: &str, found: Found) -> String {
    let mut parts = vec![if found.is_protected { "by TLS" } else { "in clear" }.to_owned()];
    if found.is_logged_in {
        parts.push("takes the password".to_owned());
    }
    if let Some(largest) = found.largest {
        parts.push(format!("takes messages of up to {:.1} MB", largest as f64 / 1e6));
    }
    if !found.takes_utf8 {
        parts.push("takes no addresses beyond ASCII".to_owned());
    }
    format!("{relay} answers {}", parts.join(", "))
}

/// Whether our pages answer at `subscriptions_url`: what mails lead to must be there.
fn subscriptions(session: &Session, config: &Config, seen: &mut Examination) {
    let Some(base) = config.mail.subscriptions_url.as_deref() else { return };
    let base = base.trim_end_matches('/');
    let Ok(form) = Url::parse(&format!("{base}/subscribe")) else { return };
    let Ok(style) = Url::parse(&format!("{base}/subscriptions.css")) else { return };
    // Whose address it is stands in config.toml: this one is no stranger's.
    let mut trusting = config.clone();
    trusting.fetch.allow_private = AllowPrivate::Everybody;
    trusting.fetch.gap = Duration::ZERO;
    let asks = [Ask::enclosure(&form), Ask::enclosure(&style)];
    let answers = fetching::ask_all(session, &trusting, &asks, "page");
    let at = Place::file(&config.file);
    for (answer, is_style) in answers.into_iter().zip([false, true]) {
        match answer {
            Err(failure) => {
                let fault = Warning::new(format!("nobody can subscribe or unsubscribe at `{base}`: {}", failure.fault));
                let hint = "`masthead serve --public` answers there, behind the web server of that name";
                return seen.ill("subscriptions", format!("{base} does not answer"), fault.at(at).hint(hint));
            }
            Ok(answer) if is_style => {
                let kind = answer.headers.text("content-type").unwrap_or_default();
                if !kind.starts_with("text/css") {
                    let fault =
                        Warning::new(format!("something else than `masthead serve --public` answers at `{base}`"));
                    return seen.ill("subscriptions", format!("{base} is answered by others"), fault.at(at));
                }
            }
            Ok(_) => {}
        }
    }
    seen.well("subscriptions", format!("{base} answers"));
}

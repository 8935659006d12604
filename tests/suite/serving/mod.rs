//! `masthead serve`: the site, and the pages on which readers subscribe.

mod browser;
mod forgery;
mod languages;
mod old_links;
mod preview;
mod privacy;
mod relaying;
mod site;
mod subscribing;
mod templates;

use mail_parser::MessageParser;

use crate::publication::Publication;
use crate::samples::bilingual;
use crate::service::{Running, free_port, wait_until};

/// A publication with subscriptions below /letters/, published, and the port that its links name.
fn with_subscriptions() -> (Publication, u16) {
    let port = free_port();
    let publication = bilingual()
        .reconfigure(
            "[mail]",
            &format!("[mail]\nsubscriptions_url = \"http://127.0.0.1:{port}/letters/\"\nreply_to = \"editors@compositor.example\""),
        )
        .tables("[list.friends]\ntitle = \"Friends & type\"\ndescription = \"A letter now and then\"")
        .tables("[list.staff]\ntitle = \"Staff\"\nopen = false")
        .environment("MASTHEAD_SECRET", "a-secret-of-more-than-32-characters-for-tests");
    (publication, port)
}

/// A published newsletter in one language, with a list and a page for subscriptions.
fn in_one_language() -> (Publication, u16) {
    let port = free_port();
    let mail = format!("[mail]\nfrom = \"a@x.example\"\nsubscriptions_url = \"http://127.0.0.1:{port}/letters/\"");
    let publication = Publication::monthly().tables(&format!("[list.members]\n{mail}"));
    (publication.short_post("2026-07-03-one.md", "One").published(), port)
}

/// [`with_subscriptions`], served in public.
fn served() -> (Publication, Running) {
    let (publication, port) = with_subscriptions();
    let publication = publication.published();
    let running = Running::start(&publication, &["--public"], port);
    (publication, running)
}

/// Fills in the form on which one subscribes.
fn subscribe(running: &Running, fields: &[(&str, &str)]) -> crate::service::Answer {
    let token = running.get("/letters/subscribe?lang=en").is(200).hidden("token");
    running.post("/letters/subscribe?lang=en", &[&[("token", token.as_str())], fields].concat())
}

/// Every message that was written about subscriptions: its recipient, its subject, its text.
fn notices(publication: &Publication) -> Vec<(String, String, String)> {
    let read = |bytes: &Vec<u8>| {
        let message = MessageParser::default().parse(bytes).unwrap();
        let to = message.to().unwrap().first().unwrap().address().unwrap().to_owned();
        (to, message.subject().unwrap().to_owned(), message.body_text(0).unwrap().into_owned())
    };
    publication.tree("outbox/subscriptions").values().map(read).collect()
}

/// Waits until everything that was asked for was answered, and gives the messages.
fn settled(publication: &Publication, running: &Running) -> Vec<(String, String, String)> {
    wait_until("requests are answered", || running.get("/metrics").text().contains("masthead_notices_waiting 0\n"));
    notices(publication)
}

/// The path of the first link in a text.
fn link(text: &str) -> String {
    let rest = text.split("http://").nth(1).unwrap_or_else(|| panic!("no link:\n{text}"));
    let address: String = rest.chars().take_while(|c| !c.is_whitespace()).collect();
    address[address.find('/').unwrap()..].to_owned()
}

/// What `subscribers show` says of somebody, as JSON.
fn known(publication: &Publication, address: &str) -> serde_json::Value {
    publication.run(&["subscribers", "show", address, "--json"]).ok().json()
}

/// How somebody stands on a list; empty when they are not known there.
fn standing(publication: &Publication, list: &str, address: &str) -> String {
    let known = known(publication, address);
    let lists = known["person"]["lists"].as_array().cloned().unwrap_or_default();
    lists.iter().find(|one| one["list"] == list).map_or(String::new(), |one| one["status"].as_str().unwrap().to_owned())
}

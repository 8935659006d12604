//! Campaigns over SMTP, against servers that misbehave.

#![allow(clippy::format_collect, reason = "lists of readers are short")]

mod before;
mod engine;
mod held;
mod kills;
mod leads;
mod limits;
mod messages;
mod missing;
mod outbox;
mod refusals;
mod relays;
mod renewed;
mod servers;
mod service;
pub(crate) mod sink;
mod taken_back;
mod together;
mod verbs;
mod withdrawing;

use crate::publication::Publication;
use sink::Sink;

/// A publication that mails its newsletter through `relays`, with these readers.
fn publication(relays: &[&Sink], readers: &[&str]) -> Publication {
    let rows: String = readers.iter().map(|reader| format!("{reader}\n")).collect();
    let ports: Vec<u16> = relays.iter().map(|relay| relay.port).collect();
    with_mail(&mail(&ports, "")).file("readers.csv", rows)
}

/// The `[mail]` table for relays at these ports, with more keys.
pub(crate) fn mail(ports: &[u16], keys: &str) -> String {
    let others: String =
        ports[1..].iter().map(|port| format!("[[mail.relay]]\nurl = \"smtp://127.0.0.1:{port}\"\n")).collect();
    format!(
        "[mail]\nfrom = \"The Compositor <news@compositor.example>\"\nbounces = \"b@compositor.example\"\n\
         transport = \"smtp://127.0.0.1:{}\"\ntimeout = 2\nconnections = 2\n{keys}\n{others}",
        ports[0]
    )
}

/// A publication with one post, whose newsletter is mailed to readers.csv as soon as it is frozen.
pub(crate) fn with_mail(mail: &str) -> Publication {
    Publication::new()
        .series(
            "newsletter",
            "title = \"Newsletter\"\nwindow = \"monthly\"\nsince = 2026-07-01\nmail = \"auto\"\nlists = [\"members\"]",
        )
        .tables("[list.members]\ntitle = \"Members\"\ncsv = \"readers.csv\"")
        .tables(mail)
        .environment("MASTHEAD_SECRET", "a secret of thirty-two characters")
        .short_post("2026-07-10-one.md", "A line of type")
}

/// The states of all deliveries, by address: "sent 250", "deferred 450", "pending".
fn states(publication: &Publication) -> Vec<(String, String)> {
    let addresses = publication.read("readers.csv");
    let addresses = addresses.lines().map(|line| line.split(',').next().unwrap().to_owned());
    addresses
        .map(|address| {
            let told = publication.run(&["status", "--json", "--recipient", &address]).ok().json();
            let delivery = &told["deliveries"][0];
            let code =
                delivery["attempts"].as_array().and_then(|all| all.last()).and_then(|last| last["code"].as_u64());
            let state = delivery["state"].as_str().unwrap_or("none").to_owned();
            (address, code.map_or(state.clone(), |code| format!("{state} {code}")))
        })
        .collect()
}

/// The state of the newsletter's campaign, and why.
fn campaign(publication: &Publication) -> (String, String) {
    let told = publication.run(&["status", "--json"]).ok().json();
    let campaign = &told["campaigns"][0]["campaign"];
    let text = |key: &str| campaign[key].as_str().unwrap_or_default().to_owned();
    (text("state"), text("reason"))
}

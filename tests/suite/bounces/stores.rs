//! Reports about mail of another store: one that is new under the same secret, or that was brought back from a backup.

use hmac::{Hmac, KeyInit as _, Mac as _};
use masthead::store::{KeyRing, Store};
use serde_json::json;
use sha2::Sha256;

use super::verbs::{hard, read, return_path, returned, suppressed};
use super::{mailed, with_input};
use crate::publication::Publication;

/// The same publication as [`mailed`] in a new store with the same secret: the numbers of its deliveries are others'.
fn with_new_store() -> Publication {
    let publication = mailed().without("masthead.db").without("outbox");
    let readers = "email\nzoe@x.example\nyan@x.example\nwim@x.example\n";
    publication
        .file("readers.csv", readers)
        .after(&["subscribers", "status"])
        .at("2026-09-02T08:00:00Z")
        .short_post("2026-08-10-two.md", "Two")
        .published()
}

fn complaint(to: &str) -> String {
    format!(
        "From: fbl@y.example\nTo: {to}\nMessage-ID: <c{}@y.example>\n\
         Content-Type: multipart/report; report-type=feedback-report; boundary=b\n\n--b\n\nThis is a complaint.\n\
         --b\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\nUser-Agent: y/1\nVersion: 1\n\n\
         --b\nContent-Type: message/rfc822\n\nSubject: Newsletter\n\nHello\n--b--\n",
        to.len()
    )
}

/// The return path of the delivery to a reader, as version 0.1.0 made it: over its number alone.
fn of_earlier_version(publication: &Publication, reader: &str) -> String {
    let secret = KeyRing::read("a secret of thirty-two characters").unwrap();
    let store = Store::open(&publication.path("masthead.db")).unwrap().with_secrets(secret);
    let delivery = store.tried_to(reader).unwrap().unwrap().delivery;
    let mut code = Hmac::<Sha256>::new_from_slice(&store.return_path_key().unwrap()).unwrap();
    code.update(delivery.to_string().as_bytes());
    let code = masthead::model::hexadecimal(&code.finalize().into_bytes()[..8]);
    format!("b+{delivery}.{code}@compositor.example")
}

#[test]
fn a_report_about_mail_of_another_store_is_about_nobody_here() {
    let other = with_new_store();
    let first = mailed();
    for reader in ["ann@x.example", "bo@x.example", "cy@x.example"] {
        let path = return_path(&first, reader);
        for report in [hard(&path, reader, "Subject: Newsletter"), complaint(&path)] {
            let told = read(&other, &report);
            assert_eq!(
                (&told["forged"], &told["suppressed"], &told["unsubscribed"]),
                (&json!(1), &json!([]), &json!([]))
            );
            assert!(told["warnings"][0]["message"].as_str().unwrap().contains("message of this store"), "{told}");
        }
    }
    assert_eq!(suppressed(&other), 0);
    // In the store that sent it the same is known.
    let path = return_path(&first, "ann@x.example");
    assert_eq!(read(&first, &complaint(&path))["unsubscribed"], json!(["ann@x.example"]));
}

#[test]
fn a_path_of_an_earlier_version_counts_where_something_agrees() {
    let publication = mailed();
    let path = |reader: &str| of_earlier_version(&publication, reader);
    let told = read(&publication, &hard(&path("ann@x.example"), "Ann@X.example", "Subject: Newsletter"));
    assert_eq!(told["suppressed"], json!(["ann@x.example"]));
    // Bo's mail was handed on, and what was returned is what he was sent.
    let ids = returned(&publication, 1, "bo@x.example");
    let told = read(&publication, &hard(&path("bo@x.example"), "bo@elsewhere.example", &ids));
    assert_eq!(told["suppressed"], json!(["bo@x.example"]));
    let nothing_named = complaint(&path("cy@x.example"));
    assert_eq!(read(&publication.copy(), &nothing_named)["unsubscribed"], json!(["cy@x.example"]));
    let somebody_else = hard(&path("cy@x.example"), "di@elsewhere.example", "Subject: Newsletter");
    let told = with_input(&publication, &["bounce"], &somebody_else).ok();
    told.says("names nobody whom this store sent that message").says_not("suppressed:");
    let other = with_new_store();
    let report = hard(&path("cy@x.example"), "cy@x.example", &returned(&publication, 1, "cy@x.example"));
    assert_eq!(read(&other, &report)["forged"], json!(1));
    assert_eq!(suppressed(&other), 0);
}

#[test]
fn what_may_pass_leaves_a_message_to_the_server_that_handed_it_over() {
    let report = hard("b@compositor.example", "ann@x.example", "Subject: Newsletter");
    let broken = mailed().file("masthead.db", "no store at all, but some text in its place");
    for verb in ["bounce", "unsubscribe"] {
        with_input(&broken, &[verb, "-"], &report).leaves_with(75);
    }
    let broken = broken.file("mail/new/1", &report);
    broken.run(&["bounce", "mail"]).leaves_with(1);
    // An editor at work on the configuration is no fault of the message.
    for unset in [
        mailed().reconfigure("[mail]", "[nothing]"),
        mailed().without("config.toml"),
        mailed().without("posts"),
        mailed().environment("MASTHEAD_SECRET", "").environment("MASTHEAD_SECRET_FILE", "nowhere"),
    ] {
        for verb in ["bounce", "unsubscribe"] {
            with_input(&unset, &[verb, "-"], &report).leaves_with(75);
        }
    }
    with_input(&mailed(), &["bounce", "-", "--delete"], &report).leaves_with(2);
}

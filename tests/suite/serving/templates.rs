//! Templates of the publication's own for pages and messages about subscriptions, sound and broken.

use super::{notices, settled, subscribe, with_subscriptions};
use crate::publication::Publication;
use crate::service::{Running, wait_until};

/// A publication with a built-in template changed in one place.
fn changed(name: &str, from: &str, to: &str) -> (Publication, u16) {
    let (publication, port) = with_subscriptions();
    let text = std::fs::read_to_string(format!("{}/templates/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap();
    assert!(text.contains(from), "{name}: {from}");
    (publication.file(&format!("templates/{name}"), text.replacen(from, to, 1)), port)
}

#[test]
fn a_template_that_cannot_be_drawn_is_told_before_anybody_asks() {
    for (name, from, to) in [
        ("email/notice.hbs", "{{ignore}}", "{{ignorre}}"),
        ("email/notice.txt.hbs", "{{why}}", "{{whyy}}"),
        ("serve/subscribe.hbs", "{{consent}}", "{{consentt}}"),
        ("serve/manage.hbs", "{{stopped}}", "{{stoped}}"),
        ("serve/message.hbs", "{{link.title}}", "{{link.titel}}"),
        ("serve/question.hbs", "{{button}}", "{{buton}}"),
        ("serve/link.hbs", "{{address_fault}}", "{{adress_fault}}"),
    ] {
        let (publication, port) = changed(name, from, to);
        let listen = format!("127.0.0.1:{port}");
        for arguments in [&["check"][..], &["serve", "--public", "--listen", &listen]] {
            let wrong = to.trim_matches(['{', '}']);
            publication
                .run(arguments)
                .leaves_with(1)
                .says(&format!("there is no value `{wrong}` here"))
                .says(&format!("templates/{name}:"));
        }
    }
}

#[test]
fn a_fault_elsewhere_keeps_no_reader_from_their_subscriptions() {
    let (publication, port) = changed("email/issue.txt.hbs", "{{why}}", "{{whyy}}");
    publication.run(&["check"]).leaves_with(1).says("there is no value `whyy` here");
    let running = Running::start(&publication, &["--public"], port);
    running.get("/letters/subscribe?lang=en").is(200);
    assert!(running.ended().contains("there is no value `whyy` here"));
}

const SUBJECT: &str = "Confirm your subscription: Members";

/// A publication whose template for messages was broken when Ann subscribed, and is sound by now.
fn with_a_request_that_waits(tables: &str) -> (Publication, u16, rusqlite::Connection) {
    let fault = format!("{{{{#if (eq subject \"{SUBJECT}\")}}}}{{{{nonsense}}}}{{{{/if}}}}{{{{ignore}}}}");
    let (publication, port) = changed("email/notice.hbs", "{{ignore}}", &fault);
    let publication = publication.tables(tables).published();
    let running = Running::start(&publication, &["--public"], port);
    subscribe(&running, &[("address", "ann@x.example"), ("language", "en"), ("list", "members")]).is(200);
    wait_until("it is told", || running.get("/metrics").text().contains("{event=\"fault\"} 1\n"));
    assert!(running.ended().contains("there is no value `nonsense` here"));
    assert!(notices(&publication).is_empty());
    let store = rusqlite::Connection::open(publication.path("masthead.db")).unwrap();
    let waits: i64 =
        store.query_row("select count(*) from notice where state = 'asked'", [], |row| row.get(0)).unwrap();
    assert_eq!(waits, 1);
    (publication.without("templates/email/notice.hbs"), port, store)
}

#[test]
fn a_request_of_which_no_message_can_be_made_waits_until_one_can() {
    let (publication, port, store) = with_a_request_that_waits("");
    store.execute("update notice set due = '2020-01-01T00:00:00Z'", []).unwrap();
    let running = Running::start(&publication, &["--public"], port);
    let mails = settled(&publication, &running);
    assert_eq!((mails.len(), &*mails[0].0, &*mails[0].1), (1, "ann@x.example", SUBJECT));
}

#[test]
fn a_request_whose_link_would_be_over_is_given_up() {
    let (publication, port, store) = with_a_request_that_waits("[serve]\nconfirm_within = \"1h\"");
    let waited = "update notice set due = '2020-01-01T00:00:00Z', asked = '2026-08-02T06:30:00Z'";
    store.execute(waited, []).unwrap();
    let running = Running::start(&publication, &["--public"], port);
    let is_given_up = || {
        let of = "select count(*) from notice where state = 'failed' and address = ''";
        store.query_row(of, [], |row| row.get::<_, i64>(0)).unwrap() == 1
    };
    wait_until("it is given up", is_given_up);
    assert_eq!(settled(&publication, &running), []);
}

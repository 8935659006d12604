//! Mail, read by mail-parser.

use std::collections::BTreeSet;

use mail_parser::{Message, MessageParser};

use crate::publication::Publication;
use crate::samples::bilingual;
use crate::tools::as_shown;

/// Every message of the outbox, by path.
fn outbox(publication: &Publication) -> Vec<(String, Vec<u8>)> {
    let messages: Vec<_> = publication.tree("outbox").into_iter().filter(|(path, _)| path.ends_with(".eml")).collect();
    assert!(!messages.is_empty(), "the outbox is empty");
    messages
}

fn header(message: &Message<'_>, name: &str) -> String {
    message.header_raw(name).unwrap_or_else(|| panic!("there is no {name}")).trim().to_owned()
}

#[test]
fn a_message_has_what_bulk_mail_must_have() {
    let publication = bilingual().published();
    let mut ids = BTreeSet::new();
    for (path, bytes) in outbox(&publication) {
        let message = MessageParser::default().parse(&bytes).unwrap_or_else(|| panic!("{path} is no message"));
        let sender = message.from().unwrap().first().unwrap();
        assert_eq!((sender.name(), sender.address()), (Some("The Compositor"), Some("news@compositor.example")));
        assert_eq!(message.to().unwrap().iter().count(), 1, "{path}");
        assert!(message.subject().is_some_and(|subject| !subject.is_empty()), "{path}");
        assert_eq!(message.date().unwrap().to_rfc3339(), "2026-08-02T08:00:00Z", "{path}: the date is the issue's");
        assert!(ids.insert(message.message_id().unwrap().to_owned()), "{path} has another's Message-ID");
        assert!(message.message_id().unwrap().ends_with("@compositor.example"), "{path}");
        assert!(header(&message, "List-Id").contains("members"), "{path}");
        assert!(header(&message, "List-Unsubscribe").contains("<mailto:"), "{path}");
        assert!(message.header_raw("Auto-Submitted").is_none(), "{path}");
        assert_eq!(message.text_body_count(), 1, "{path}");
        assert_eq!(message.html_body_count(), 1, "{path}");
    }
}

#[test]
fn both_parts_can_be_read() {
    let publication = bilingual().published();
    for (path, bytes) in outbox(&publication) {
        let message = MessageParser::default().parse(&bytes).unwrap();
        let text = message.body_text(0).unwrap().into_owned();
        let html = as_shown(&message.body_html(0).unwrap());
        let persian = path.contains("khabarname");
        let words = if persian { "نیم\u{200c}فاصله" } else { "A line of type" };
        assert!(text.contains(words) && html.contains(words), "{path}:\n{text}");
        assert!(html.len() < 102 * 1024, "{path}: {} bytes of HTML would be cut off", html.len());
        for part in [&text, &html] {
            assert!(part.contains("1 Foundry Lane"), "{path} says not whose it is");
            assert!(!part.contains("{{") && !part.contains("X0") && !part.contains("<mj-"), "{path}");
        }
        assert!(html.contains(if persian { "dir=\"rtl\"" } else { "dir=\"ltr\"" }), "{path}");
        assert!(html.contains(if persian { "lang=\"fa\"" } else { "lang=\"en\"" }), "{path}");
        assert!(!html.contains("<script") && !html.contains("<link"), "{path}");
        assert!(!text.contains("</"), "{path}: there is markup in the text");
    }
}

#[test]
fn both_parts_lead_to_the_pdf_on_the_web() {
    let publication = bilingual().published();
    for (path, bytes) in outbox(&publication) {
        let message = MessageParser::default().parse(&bytes).unwrap();
        let series = if path.contains("khabarname") { "khabarname" } else { "newsletter" };
        let pdf = format!("{series}/1/{series}-1.pdf");
        for part in [message.body_text(0).unwrap(), message.body_html(0).unwrap()] {
            assert!(part.contains(&format!("https://compositor.example/{pdf}")), "{path}:\n{part}");
        }
        assert!(publication.bytes(&format!("public/{pdf}")).starts_with(b"%PDF"), "{path}");
    }
}

#[test]
fn lines_are_as_short_as_mail_servers_want_them() {
    let publication = bilingual().published();
    for (path, bytes) in outbox(&publication) {
        assert!(bytes.is_ascii(), "{path} needs 8BITMIME");
        for line in bytes.split(|byte| *byte == b'\n') {
            assert_eq!(
                line.last().copied(),
                if line.is_empty() { None } else { Some(b'\r') },
                "{path}: a bare line feed"
            );
            assert!(line.len() <= 999, "{path} has a line of {} bytes", line.len());
        }
    }
}

#[test]
fn a_reader_is_greeted_by_name() {
    let publication = bilingual().published();
    let greeted = outbox(&publication).iter().any(|(_, bytes)| {
        let message = MessageParser::default().parse(bytes).unwrap();
        message.body_text(0).unwrap().contains("A reader")
    });
    assert!(greeted);
}

#[test]
fn an_issue_goes_out_once() {
    let publication = bilingual().published();
    let before = publication.tree("outbox");
    let publication = publication.without("outbox").at("2026-08-04T08:00:00Z").published();
    assert!(
        !publication.has("outbox") || publication.files("outbox").is_empty(),
        "what was handed on is not made again"
    );
    assert_eq!(before.len(), 2);
}

#[test]
fn a_long_issue_is_shortened_with_a_link_to_the_rest() {
    let paragraph = "A sentence about lead and ink, and about the people who set one in the other. ".repeat(12);
    let mut publication = bilingual();
    for day in 1..=28 {
        let text = format!("{paragraph}\n\n").repeat(8);
        publication = publication.post(
            &format!("2026-07-{day:02}-long.md"),
            &format!("---\ntitle: Long {day}\nslug: long-{day}\n---\n{text}"),
        );
    }
    let publication = publication.published();
    for (path, bytes) in outbox(&publication) {
        let message = MessageParser::default().parse(&bytes).unwrap();
        let html = message.body_html(0).unwrap();
        assert!(html.len() < 102 * 1024, "{path}: {} bytes", html.len());
        assert!(path.contains("khabarname") || html.contains("https://compositor.example/newsletter/1/"), "{path}");
    }
}

#[test]
fn a_series_may_write_from_a_mailbox_of_its_own() {
    let publication = bilingual()
        .reconfigure("calendar = \"persian\"", "calendar = \"persian\"\nfrom = \"خبرنامه <khabar@compositor.example>\"")
        .published();
    for (path, bytes) in outbox(&publication) {
        let message = MessageParser::default().parse(&bytes).unwrap();
        let expected =
            if path.contains("khabarname") { "khabar@compositor.example" } else { "news@compositor.example" };
        assert_eq!(message.from().unwrap().first().unwrap().address(), Some(expected), "{path}");
    }
    bilingual()
        .reconfigure("calendar = \"persian\"", "calendar = \"persian\"\nfrom = \"nobody\"")
        .publish()
        .leaves_with(2);
}

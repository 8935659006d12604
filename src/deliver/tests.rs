//! Every message, read back by an independent reader.

use std::collections::{BTreeMap, BTreeSet};

use chrono::DateTime;
use mail_parser::{MessageParser, MimeHeaders};

use super::{Enclosed, Extras, Mailing, MessageIds, Outbox, Sender};
use crate::config::Mail;
use crate::model::{Detail, Digest, Frame, IssueKey, Language, Lease, Leased, List, ListNames, Marks, Recipient};

const PERSIAN: &str = "این شماره را با نیم\u{200c}فاصله بخوانید.";
const ARABIC: &str = "في هذا العدد: الصحافة والطباعة.";
const ALBANIAN: &str = "Në këtë numër: çështje të shtypit.";

fn sender(url: Option<&str>) -> Sender {
    let mail = Mail {
        from: Some("The Compositor <news@compositor.example>".to_owned()),
        reply_to: Some("editors@compositor.example".to_owned()),
        subscriptions_url: url.map(str::to_owned),
        ..Mail::default()
    };
    let persian = ListNames { title: Some("یاران".to_owned()), description: None };
    let list = List {
        key: "members".to_owned(),
        title: "Members & friends".to_owned(),
        names: [(Language::parse("fa").unwrap(), persian)].into(),
        ..List::default()
    };
    Sender::new(&mail, &[list]).unwrap()
}

fn digest(language: &str, words: &str) -> Digest {
    let marks = Marks::unlike(words);
    let (greeting, unsubscribe, list) = (marks.greeting(), marks.unsubscribe(), marks.list_title());
    Digest {
        issue: IssueKey { series: "newsletter".to_owned(), ordinal: 3 },
        revision: 1,
        date: DateTime::parse_from_rfc3339("2026-08-01T06:00:00Z").unwrap().to_utc(),
        language: Language::parse(language).unwrap(),
        greeting: "Dear {name}".to_owned(),
        greeting_without_name: "Dear reader".to_owned(),
        frames: BTreeMap::new(),
        marks,
        detail: Detail::Articles,
        subject: format!("Newsletter 94: {words}"),
        html: format!("<p>{greeting}</p><p>{words} {}</p><a href=\"{unsubscribe}\">{list}</a>", "x".repeat(2400)),
        text: format!("{greeting},\n\n{words}\n\n{list}: {unsubscribe}\n"),
        page: Some("https://compositor.example/newsletter/3/".to_owned()),
        archive: Some("https://compositor.example/newsletter/".to_owned()),
    }
}

fn recipient(address: &str, name: Option<&str>) -> Recipient {
    Recipient {
        address: address.to_owned(),
        name: name.map(str::to_owned),
        language: None,
        list: "members".to_owned(),
        token: format!("token-of-{}", address.len()),
    }
}

/// What a queue would give of these recipients.
fn due(digest: &Digest, recipients: Vec<Recipient>, sender: &Sender) -> Vec<Leased> {
    let leased = |(delivery, recipient): (i64, Recipient)| Leased {
        lease: Lease { delivery, epoch: 1 },
        message_id: MessageIds::new(b"a secret", sender).make(&digest.issue, digest.revision, &recipient.address),
        recipient,
        attempts: 0,
        first_tried: None,
    };
    (1..).zip(recipients).map(leased).collect()
}

fn outbox(digest: &Digest, deliveries: &[Leased], sender: &Sender) -> Outbox {
    super::outbox(&digest.issue, &Mailing::new(digest, sender, Extras::default()).unwrap(), deliveries)
}

fn written(digest: &Digest, recipients: Vec<Recipient>, sender: &Sender) -> Vec<Vec<u8>> {
    let outbox = outbox(digest, &due(digest, recipients, sender), sender);
    assert!(outbox.refused.is_empty(), "{:?}", outbox.refused);
    outbox.files.into_iter().map(|file| file.bytes).collect()
}

/// The words around the articles in one language.
fn frame(tag: &str, greeting: &str, view: &str) -> Frame {
    Frame {
        language: Language::parse(tag).unwrap(),
        greeting: format!("{greeting} {{name}}"),
        greeting_without_name: greeting.to_owned(),
        words: [("view".to_owned(), view.to_owned())].into_iter().collect(),
    }
}

#[test]
fn the_words_around_the_articles_are_those_of_the_readers_language() {
    let plain = digest("en", "In this issue");
    let place = |key| plain.marks.place(key);
    let around = format!("[{} {} {}]", place("lang"), place("dir"), place("view"));
    let digest = Digest {
        html: format!("{around}{}", plain.html),
        text: format!("{around}{}", plain.text),
        frames: [("en", frame("en", "Dear", "View & read")), ("fa", frame("fa", "گرامی", "دیدن"))]
            .into_iter()
            .map(|(tag, frame)| (tag.to_owned(), frame))
            .collect(),
        ..plain
    };
    let to = |language: Option<&str>| Recipient {
        language: language.and_then(Language::parse),
        ..recipient("ann@x.example", Some("Ann"))
    };
    let file = |name: &str| Enclosed {
        url: String::new(),
        name: name.to_owned(),
        media_type: "application/pdf".to_owned(),
        bytes: vec![7; 300],
    };
    let (english, persian) = ("[en ltr View & read]Dear Ann", "[fa rtl دیدن]گرامی Ann");
    for attachment in [None, Some(file("newsletter-3.pdf"))] {
        let sender = sender(None);
        let extras = Extras { attachment: attachment.clone(), ..Extras::default() };
        let mailing = Mailing::new(&digest, &sender, extras).unwrap();
        for (language, words) in [
            (None, english),
            (Some("fa-AF"), persian),
            (Some("de"), english),
            (Some("en"), english),
            (Some("fa"), persian),
        ] {
            let delivery = due(&digest, vec![to(language)], &sender).remove(0);
            let made = mailing.message(&delivery).unwrap();
            let bytes = made.bytes();
            assert_eq!(made.size(), bytes.len());
            let message = MessageParser::default().parse(&bytes).unwrap();
            let (text, html) = (message.body_text(0).unwrap(), message.body_html(0).unwrap());
            assert!(text.starts_with(words) && text.contains("In this issue"), "{language:?}: {text}");
            let escaped = words.replace('&', "&amp;").replace(']', "]<p>");
            assert!(html.starts_with(&escaped) && html.contains("In this issue"), "{language:?}: {html}");
            let title = if words == persian { "\n\nیاران: " } else { "\n\nMembers & friends: " };
            assert!(text.replace("\r\n", "\n").contains(title), "{language:?}: {text}");
            assert!(
                html.contains(&format!(">{}</a>", title[2..].trim_end_matches(": ").replace('&', "&amp;"))),
                "{html}"
            );
            let found = message.attachments().next().map(|part| part.contents().to_vec());
            assert_eq!(found, attachment.as_ref().map(|file| file.bytes.clone()));
        }
    }
}

#[test]
fn a_reader_finds_every_header_and_both_parts() {
    for (tag, words) in [("fa", PERSIAN), ("ar", ARABIC), ("sq", ALBANIAN), ("en", "In this issue")] {
        let digest = digest(tag, words);
        let bytes = written(&digest, vec![recipient("ann@x.example", Some("Ann <b> \"ç\""))], &sender(None)).remove(0);
        assert!(bytes.split(|b| *b == b'\n').all(|line| line.len() <= 999 && line.is_ascii()), "{tag}");
        let message = MessageParser::default().parse(&bytes).unwrap();
        assert_eq!(message.subject(), Some(digest.subject.as_str()));
        let to = message.to().unwrap().first().unwrap();
        assert_eq!((to.name(), to.address()), (Some("Ann <b> \"ç\""), Some("ann@x.example")));
        assert_eq!(message.from().unwrap().first().unwrap().address(), Some("news@compositor.example"));
        assert_eq!(message.reply_to().unwrap().first().unwrap().address(), Some("editors@compositor.example"));
        assert_eq!(message.date().unwrap().to_rfc3339(), "2026-08-01T06:00:00Z");
        assert_eq!(message.header_raw("Content-Language").map(str::trim), Some(tag));
        assert_eq!(message.header_raw("List-Id").map(str::trim), Some("<members.compositor.example>"));
        assert_eq!(message.header_raw("List-Archive").map(str::trim), Some("<https://compositor.example/newsletter/>"));
        assert!(message.message_id().unwrap().ends_with("@compositor.example"));
        assert_eq!((message.text_body_count(), message.html_body_count(), message.attachment_count()), (1, 1, 0));
        let text = message.body_text(0).unwrap().replace("\r\n", "\n");
        assert!(text.starts_with("Dear Ann <b> \"ç\",\n\n"), "{text}");
        let title = if tag == "fa" { "یاران" } else { "Members & friends" };
        let address = "mailto:editors@compositor.example?subject=unsubscribe%20members%20token-of-";
        assert!(text.contains(words) && text.contains(&format!("{title}: {address}")), "{text}");
        let html = message.body_html(0).unwrap();
        assert!(
            html.contains("<p>Dear Ann &lt;b&gt; &quot;ç&quot;</p>")
                && html.contains(words)
                && html.contains(&format!(">{}<", title.replace('&', "&amp;")))
        );
        let kinds: Vec<_> = message.parts.iter().filter_map(|part| part.content_type()?.subtype()).collect();
        assert_eq!(kinds, ["alternative", "plain", "html"]);
    }
}

#[test]
fn a_page_goes_as_it_is_to_all_whose_words_leave_its_lines_short() {
    let sender = sender(None);
    let plain = digest("en", "Print \u{b7} proof");
    let rest = plain.html.replace(&"x".repeat(2400), &format!("end{}", " of it".repeat(300)));
    let html = format!("<p title=\"a=b\">{}, </p>{rest}", plain.marks.greeting());
    let digest = Digest { html, ..plain };
    for (name, encoding) in [
        (None, "7bit"),
        (Some("Ann".to_owned()), "7bit"),
        (Some("ن".repeat(60)), "quoted-printable"),
        (Some("\"".repeat(1000)), "quoted-printable"),
    ] {
        let reader = recipient("ann@x.example", name.as_deref());
        let bytes = written(&digest, vec![reader], &sender).remove(0);
        let message = MessageParser::default().parse(&bytes).unwrap();
        let page = message.html_part(0).unwrap();
        assert_eq!(page.content_transfer_encoding(), Some(encoding), "{name:?}");
        let greeted = name.map_or("Dear reader".to_owned(), |name| format!("Dear {}", name.replace('"', "&quot;")));
        let html = message.body_html(0).unwrap().replace("&#183;", "\u{b7}");
        assert!(html.contains(&format!("<p title=\"a=b\">{greeted}, </p>")), "{html}");
        assert!(html.contains("Print \u{b7} proof end of it"), "{html}");
        assert!(bytes.split(|byte| *byte == b'\n').all(|line| line.len() < 1000));
        assert_eq!(*super::dkim::relaxed_body(&bytes), *bytes);
    }
}

#[test]
fn no_article_ends_a_part() {
    let sender = sender(None);
    let plain = digest("en", "Print");
    let boundary = |digest: &Digest| {
        let bytes = written(digest, vec![recipient("ann@x.example", None)], &sender).remove(0);
        let text = String::from_utf8(bytes).unwrap();
        text.split("boundary=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap().to_owned()
    };
    // It follows from the number of the issue, which everybody knows.
    let ends = format!("--{}--", boundary(&plain));
    let html = format!("<p>a\n{ends}\n</p><p title=\"{ends}\n{ends}\n\">b {ends}</p><p>{}</p>", "c ".repeat(2000));
    let html = format!("{html}<pre>\n{ends}\n</pre>{}<p>last</p>", plain.marks.list_title());
    let digest = Digest { html, text: format!("{ends}\n{}", plain.text), ..plain };
    assert_eq!(format!("--{}--", boundary(&digest)), ends);
    let bytes = written(&digest, vec![recipient("ann@x.example", None)], &sender).remove(0);
    let message = MessageParser::default().parse(&bytes).unwrap();
    let html = message.body_html(0).unwrap();
    assert_eq!(message.html_part(0).unwrap().content_transfer_encoding(), Some("7bit"));
    assert!(html.contains("<p>last</p>") && html.matches(&ends[4..]).count() == 5, "{html}");
    assert_eq!((message.html_body_count(), message.text_body_count(), message.attachment_count()), (1, 1, 0));
}

#[test]
fn unsubscribing_is_by_mail_and_with_a_page_by_one_click() {
    let digest = digest("en", "In this issue");
    let header = |bytes: &[u8], name: &str| {
        MessageParser::default()
            .parse(bytes)
            .unwrap()
            .header_raw(name)
            .map(|value| value.split_whitespace().collect::<String>())
    };
    let by_mail = written(&digest, vec![recipient("ann@x.example", None)], &sender(None)).remove(0);
    assert_eq!(
        header(&by_mail, "List-Unsubscribe").as_deref(),
        Some("<mailto:editors@compositor.example?subject=unsubscribe%20members%20token-of-13>")
    );
    assert_eq!(header(&by_mail, "List-Unsubscribe-Post"), None);
    let of_abonents = Recipient { list: "abonentë".to_owned(), ..recipient("ann@x.example", None) };
    let albanian = written(&digest, vec![of_abonents], &sender(None)).remove(0);
    assert!(header(&albanian, "List-Help").unwrap().ends_with("help%20abonent%c3%ab>"), "no template to a filter");
    assert!(header(&albanian, "List-Unsubscribe").unwrap().contains("%20abonent%c3%ab%20token-of-13"));
    let sender = sender(Some("https://compositor.example/subscriptions/"));
    let pages = written(&digest, vec![recipient("ann@x.example", None), recipient("bo@x.example", None)], &sender);
    assert_eq!(
        header(&pages[0], "List-Unsubscribe").as_deref(),
        Some(
            "<https://compositor.example/subscriptions/unsubscribe/members/token-of-13>,<mailto:editors@compositor.example?subject=unsubscribe%20members%20token-of-13>"
        )
    );
    assert_eq!(header(&pages[1], "List-Unsubscribe-Post").as_deref(), Some("List-Unsubscribe=One-Click"));
    assert!(header(&pages[1], "List-Unsubscribe").unwrap().contains("token-of-12"));
}

#[test]
fn a_list_is_called_the_same_in_every_series_and_one_click_goes_over_https_alone() {
    let digest = digest("en", "words");
    let one = |mail: Mail| {
        let sender = Sender::new(&mail, &[]).unwrap();
        written(&digest, vec![recipient("ann@x.example", None)], &sender).remove(0)
    };
    let mail = Mail {
        from: Some("ed@own.example".to_owned()),
        publication_from: Some("news@compositor.example".to_owned()),
        subscriptions_url: Some("http://compositor.example/".to_owned()),
        ..Mail::default()
    };
    let message = one(mail);
    let header = |message: &[u8], name: &str| {
        let message = MessageParser::default().parse(message).unwrap();
        message.header_raw(name).map(|value| value.trim().to_owned())
    };
    assert!(header(&message, "List-Id").unwrap().contains("<members.compositor.example>"));
    assert!(header(&message, "List-Unsubscribe").unwrap().contains("http://compositor.example/"));
    assert_eq!(header(&message, "List-Unsubscribe-Post"), None);
}

#[test]
fn message_ids_come_from_issue_revision_and_recipient_alone() {
    let sender = sender(None);
    let ids = |digest: &Digest| -> Vec<String> {
        let recipients = vec![recipient("ann@x.example", None), recipient("bo@x.example", None)];
        due(digest, recipients, &sender).into_iter().map(|delivery| delivery.message_id).collect()
    };
    let mut other = digest("en", "a");
    let first = ids(&other);
    other.subject = "Another".to_owned();
    assert_eq!(ids(&other), first);
    other.revision = 2;
    let mut all: BTreeSet<String> = first.into_iter().chain(ids(&other)).collect();
    other.issue.ordinal = 4;
    all.extend(ids(&other));
    assert_eq!(all.len(), 6);
}

#[test]
fn names_and_bytes_of_files_are_the_same_each_time_and_unlike_each_other() {
    let digest = digest("fa", PERSIAN);
    let sender = sender(None);
    let recipients = || vec![recipient("a/b@x.example", None), recipient("a_b@x.example", None)];
    let run = || outbox(&digest, &due(&digest, recipients(), &sender), &sender);
    assert_eq!(run(), run());
    let paths: Vec<String> = run().files.into_iter().map(|file| file.path).collect();
    assert!(paths.iter().all(|path| path.starts_with("newsletter-3/a_b@x.example-") && path.matches('/').count() == 1));
    assert_ne!(paths[0], paths[1]);
    assert_eq!(outbox(&digest, &[], &sender), Outbox::default(), "nobody to write to");
}

#[test]
fn a_hostile_name_costs_only_itself() {
    let digest = digest("en", "a");
    let sender = sender(None);
    let long = "x".repeat(10 << 20);
    let names = ["Ann\r\nBcc: all@x.example", "B\u{0}", &long, "\"<c@evil.example>, \"", "=?utf-8?q?x?="];
    let recipients =
        names.iter().enumerate().map(|(n, name)| recipient(&format!("r{n}@x.example"), Some(name))).collect();
    let outbox = outbox(&digest, &due(&digest, recipients, &sender), &sender);
    assert_eq!((outbox.files.len(), outbox.refused.len()), (2, 3));
    insta::assert_snapshot!(outbox.refused[0].1, @r"the name of `r0@x.example` has a line break or a control character: `Ann\r\nBcc: all@x.example`");
    for file in &outbox.files {
        let message = MessageParser::default().parse(&file.bytes).unwrap();
        assert_eq!(message.to().unwrap().clone().into_list().len(), 1);
        assert!(message.bcc().is_none());
    }
}

#[test]
fn titles_and_names_that_read_like_encoded_words_are_read_as_they_were_written() {
    let words = "What =?utf-8?Q?n=C3=B6?= means, and =?x? alone";
    let mail = Mail { from: Some("\"=?utf-8?Q?a?= News\" <news@compositor.example>".to_owned()), ..Mail::default() };
    let sender = Sender::new(&mail, &[]).unwrap();
    let long = "x".repeat(1200);
    for words in [words, &format!("نشانهٔ {words}"), &long] {
        let digest = digest("en", words);
        let name = "=?utf-8?q?Ann?= of X";
        let bytes = written(&digest, vec![recipient("ann@x.example", Some(name))], &sender).remove(0);
        assert!(bytes.split(|b| *b == b'\n').all(|line| line.len() <= 999), "{words}");
        let message = MessageParser::default().parse(&bytes).unwrap();
        assert_eq!(message.subject(), Some(digest.subject.as_str()));
        let to = message.to().unwrap().first().unwrap();
        assert_eq!((to.name(), to.address()), (Some(name), Some("ann@x.example")));
        let from = message.from().unwrap().first().unwrap();
        assert_eq!((from.name(), from.address()), (Some("=?utf-8?Q?a?= News"), Some("news@compositor.example")));
    }
}

proptest::proptest! {
    #[test]
    fn any_title_is_read_as_it_was_written(words in "[ -~\u{a0}-\u{250}\u{620}-\u{6d3}=?]{0,90}") {
        let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
        let digest = digest("en", &words);
        let bytes = written(&digest, vec![recipient("ann@x.example", None)], &sender(None)).remove(0);
        let message = MessageParser::default().parse(&bytes).unwrap();
        proptest::prop_assert_eq!(message.subject(), Some(digest.subject.trim_end()));
    }
}

#[test]
fn the_archive_copy_names_no_recipient() {
    let digest = digest("en", "In this issue");
    let bytes = Mailing::new(&digest, &sender(None), Extras::default()).unwrap().archive_copy("members").unwrap();
    let message = MessageParser::default().parse(&bytes).unwrap();
    assert_eq!(message.to().unwrap().first().unwrap().address(), Some("news@compositor.example"));
    assert!(message.body_text(0).unwrap().starts_with("Dear reader,"));
    assert!(message.header_raw("List-Unsubscribe").is_none());
}

#[test]
fn wrong_settings_are_told_with_what_is_allowed() {
    let mail = |from: Option<&str>| Mail { from: from.map(str::to_owned), ..Mail::default() };
    insta::assert_snapshot!(Sender::new(&mail(None), &[]).unwrap_err(), @r#"
    `[mail]` has no `from`, so no mail can be made
      write `from = "The Compositor <news@compositor.example>"` under `[mail]`
    "#);
    insta::assert_snapshot!(Sender::new(&mail(Some("The Compositor <news>")), &[]).unwrap_err(), @r#"
    `mail.from` is not a mailbox: `The Compositor <news>`: `news` is not an address: there is no `@`
      allowed: `news@compositor.example` or `The Compositor <news@compositor.example>`
    "#);
}

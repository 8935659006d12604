//! Before anything went out: drafts are tried, times are changed, what was cancelled is queued anew.

use super::sink::Behaviour;
use super::{campaign, mail, publication, with_mail};
use crate::publication::Publication;

/// The newsletter of July, which mails nothing by itself.
fn by_hand(publication: Publication) -> Publication {
    publication.reconfigure("mail = \"auto\"", "mail = \"manual\"").published()
}

#[test]
fn a_draft_is_sent_to_one_address_alone_and_marked() {
    let sink = Behaviour::good().listen();
    let publication = with_mail(&mail(&[sink.port], "pictures = \"inline\""))
        .file("readers.csv", "ann@x.example\n")
        .picture("posts/press.png", 9, 9)
        .edit("posts/2026-07-10-one.md", "a paragraph", "![A press](press.png)\n\na paragraph")
        .reconfigure("mail = \"auto\"", "mail = \"manual\"\nfreeze = \"manual\"")
        .published();
    let refused = publication.run(&["send", "newsletter", "1", "--yes"]).leaves_with(2);
    refused.says("newsletter/0001 is a draft").says("masthead issue freeze").says("`--test ADDRESS`");
    let refused = publication.run(&["send", "newsletter", "7", "--yes"]).leaves_with(2);
    refused.says("no such issue").says("masthead issue freeze").says("`--test ADDRESS`");
    let told = publication.run(&["send", "newsletter", "1", "--test", "ed@y.example"]).ok();
    told.says("sent to ed@y.example alone").says("it is a draft");
    let taken = sink.taken();
    assert_eq!(taken.iter().map(|one| &*one.recipient).collect::<Vec<_>>(), ["ed@y.example"]);
    let message = mail_parser::MessageParser::default().parse(&taken[0].bytes).unwrap();
    assert!(message.subject().unwrap().starts_with("[Test] Newsletter No. 1"), "{:?}", message.subject());
    assert!(message.body_html(0).unwrap().contains("src=\"cid:"), "its pictures are in it");
    assert!(
        !publication.has("issues/newsletter/0001/released") && !publication.has("issues/newsletter/0001/frozen.json")
    );
    publication.run(&["status"]).ok().says("nothing was sent yet");
    let publication = publication.after(&["issue", "freeze", "newsletter", "1"]).published();
    publication.run(&["send", "newsletter", "1", "--test", "ed@y.example"]).ok().says_not("it is a draft");
    let last = sink.taken().pop().unwrap();
    let message = mail_parser::MessageParser::default().parse(&last.bytes).unwrap().subject().unwrap().to_owned();
    assert!(message.starts_with("Newsletter No. 1"), "{message}");
}

#[test]
fn mail_that_has_lost_its_link_to_unsubscribe_by_is_told_and_goes() {
    let sink = Behaviour::good().listen();
    let template = |name: &str, from: &str| {
        let text = std::fs::read_to_string(format!("{}/templates/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap();
        assert!(text.contains(from), "{name}");
        text.replacen(from, "", 1)
    };
    let publication = with_mail(&mail(&[sink.port], "")).file("readers.csv", "ann@x.example\n");
    let publication = publication
        .reconfigure("mail = \"auto\"", "mail = \"manual\"")
        .file("templates/email/issue.txt.hbs", template("email/issue.txt.hbs", "<{{unsubscribe}}>"))
        .published();
    let said = publication.run(&["check"]).ok().says("no link to unsubscribe by in its plain text part");
    said.says("templates/email/issue.txt.hbs").says_not("HTML");
    let html = template("email/issue.mjml.hbs", " <a href=\"{{unsubscribe}}\">{{t \"unsubscribe\"}}</a>");
    publication.copy().file("templates/email/issue.mjml.hbs", html).run(&["check"]).ok().says("in its HTML part");
    publication.run(&["send", "newsletter", "1"]).ok().says("mail of newsletter/0001 has no link to unsubscribe by");
    publication.run(&["send", "newsletter", "1", "--yes", "--quiet"]).ok().says("in its plain text part");
    assert_eq!(sink.count(), 1);
}

#[test]
fn a_time_is_changed_while_nothing_went_out() {
    let sink = Behaviour::good().listen();
    let publication = by_hand(publication(&[&sink], &["ann@x.example", "bo@x.example"]));
    let publication = publication.after(&["send", "newsletter", "1", "--yes", "--at", "2027-08-03T06:00:00Z"]);
    let again = publication.run(&["send", "newsletter", "1", "--yes", "--at", "2026-08-03T06:00:00Z"]).leaves_with(1);
    again.says("`masthead resume --at TIME` has it begin at another time");
    let at = |time: &'static str| ["resume", "newsletter", "1", "--at", time];
    publication.run(&at("2026-07-01T06:00:00Z")).leaves_with(2).says("is in the past");
    publication.run(&at("9999-12-31T00:00:00Z")).leaves_with(2).says("more than ten years ahead");
    publication.run(&at("2026-08-03T06:00:00Z")).ok().says("scheduled").says("it begins 2026-08-03 08:00:00+02:00");
    let publication = publication.after(&["pause", "newsletter", "1"]);
    publication.run(&at("2026-08-02T09:00:00Z")).ok().says("it begins 2026-08-02 11:00:00+02:00");
    publication.run(&["deliver"]).ok().says("nothing is due");
    let publication = publication.at("2026-08-02T09:00:00Z");
    publication.run(&["deliver"]).ok().says("2 messages sent");
    publication.run(&at("2026-08-04T09:00:00Z")).leaves_with(1).says("is finished");
}

#[test]
fn a_time_is_not_changed_once_something_was_tried() {
    let refusing = Behaviour::script(|moment, _| {
        let is_bo = matches!(moment, super::sink::Moment::Rcpt(to) if to.starts_with("bo"));
        is_bo.then_some(super::sink::Act::Answer("450 4.2.1 try again later"))
    });
    let sink = refusing.listen();
    let publication = by_hand(publication(&[&sink], &["ann@x.example", "bo@x.example"]));
    publication.run(&["send", "newsletter", "1", "--yes"]).ok().says("1 message sent");
    let run = publication.run(&["resume", "newsletter", "1", "--at", "2026-08-04T09:00:00Z"]).leaves_with(1);
    run.says("has begun to go out, and cannot begin at another time");
    publication.run(&["cancel", "newsletter", "1"]).ok();
    publication.run(&["send", "newsletter", "1", "--yes"]).leaves_with(1).says("some of it was tried");
}

#[test]
fn what_was_cancelled_before_anything_went_out_is_queued_anew() {
    let sink = Behaviour::good().listen();
    let publication = by_hand(publication(&[&sink], &["ann@x.example", "bo@x.example"]));
    let publication = publication
        .after(&["send", "newsletter", "1", "--yes", "--at", "2027-08-03T06:00:00Z"])
        .after(&["cancel", "newsletter", "1"])
        .after(&["subscribers", "add", "members", "cy@x.example"]);
    publication.run(&["resume", "newsletter", "1"]).leaves_with(1).says("queues its issue anew");
    publication.run(&["send", "newsletter", "1"]).ok().says("would go to 3 readers").says("`--yes` sends it");
    publication.run(&["send", "newsletter", "1", "--yes"]).ok().says("3 messages sent");
    assert_eq!(campaign(&publication).0, "finished");
    assert!(sink.by_recipient().values().all(|ids| ids.values().sum::<usize>() == 1), "nobody twice");
}

#[test]
fn an_issue_of_which_nothing_went_out_is_unfrozen() {
    let sink = Behaviour::good().listen();
    let publication = with_mail(&mail(&[sink.port], ""))
        .file("readers.csv", "ann@x.example\n")
        .reconfigure("mail = \"auto\"", "mail = \"manual\"\nfreeze = \"manual\"")
        .published()
        .after(&["issue", "freeze", "newsletter", "1"])
        .after(&["send", "newsletter", "1", "--yes", "--at", "2027-08-03T06:00:00Z"]);
    let unfreeze = ["issue", "unfreeze", "newsletter", "1"];
    publication.run(&unfreeze).leaves_with(1).says("is queued for 1 reader").says("`masthead cancel newsletter 0001`");
    let publication = publication.after(&["cancel", "newsletter", "1"]).after(&unfreeze);
    assert!(!publication.has("issues/newsletter/0001/released"));
    publication.run(&["status"]).ok().says("nothing was sent yet");
    let publication = publication
        .edit("posts/2026-07-10-one.md", "a paragraph that says so", "a paragraph that was mended")
        .after(&["issue", "freeze", "newsletter", "1"])
        .after(&["send", "newsletter", "1", "--yes", "--at", "2027-08-03T06:00:00Z"])
        .published();
    publication.run(&["cancel", "newsletter", "1"]).ok();
    publication.run(&unfreeze).leaves_with(1).says("is published already (released/r1)");
    publication.run(&["send", "newsletter", "1", "--yes"]).ok().says("1 message sent");
    assert!(String::from_utf8_lossy(&sink.taken()[0].bytes).contains("that was mended"));
}

#[test]
fn an_issue_for_members_is_unfrozen_until_it_was_mailed() {
    let sink = Behaviour::good().listen();
    let publication = publication(&[&sink], &["ann@x.example"]);
    let publication = by_hand(publication.reconfigure("mail = \"auto\"", "mail = \"auto\"\npublic = false"));
    assert!(publication.has("issues/newsletter/0001/released/r1"), "it is kept, and nobody has it");
    let publication = publication.after(&["issue", "unfreeze", "newsletter", "1"]).published();
    publication.run(&["send", "newsletter", "1", "--yes"]).ok().says("1 message sent");
    let run = publication.run(&["issue", "unfreeze", "newsletter", "1"]).leaves_with(1);
    run.says("went to readers: 1 of 1 messages were tried").says("masthead issue amend newsletter 0001");
}

#[test]
fn a_time_that_never_comes_is_refused() {
    let sink = Behaviour::good().listen();
    let publication = by_hand(publication(&[&sink], &["ann@x.example"]));
    let never = ["send", "newsletter", "1", "--yes", "--at", "9999-12-31T00:00:00Z"];
    publication.run(&never).leaves_with(2).says("more than ten years ahead").says("`masthead publish --hold-mail`");
    publication.run(&["deliver"]).ok().says("nothing is due");
}

#[test]
fn what_an_address_was_sent_is_told_with_what_keeps_the_rest() {
    let sink = Behaviour::good().listen();
    let publication = by_hand(publication(&[&sink], &["ann@x.example", "bo@x.example", "cy@x.example"]));
    let publication = publication.after(&["send", "newsletter", "1", "--yes", "--at", "2026-08-03T06:00:00Z"]);
    let of = |who: &'static str| ["status", "--recipient", who];
    publication.run(&of("ann@x.example")).ok().says("due 2026-08-03 08:00:00+02:00");
    publication.run(&["pause", "newsletter", "1", "-m", "a wrong link"]).ok();
    let paused = "the campaign is paused: a wrong link; `masthead resume newsletter 0001`";
    publication.run(&of("ann@x.example")).ok().says(paused).says_not("due ");
    publication.run(&["resume", "newsletter", "1"]).ok();
    publication.run(&["subscribers", "remove", "members", "bo@x.example"]).ok();
    publication.run(&["subscribers", "erase", "cy@x.example"]).ok();
    let publication = publication.at("2026-08-03T06:00:00Z");
    publication.run(&["deliver"]).ok().says("1 message sent");
    let left = "not on the list `members` any more, since 2026-08-02 10:00:00+02:00";
    publication.run(&of("bo@x.example")).ok().says("suppressed").says(left);
    let sink = Behaviour::good().listen();
    let publication = by_hand(super::publication(&[&sink], &["ann@x.example"]));
    let publication = publication.after(&["send", "newsletter", "1", "--yes", "--at", "2026-08-03T06:00:00Z"]);
    publication.run(&["cancel", "newsletter", "1"]).ok();
    publication.run(&of("ann@x.example")).ok().says("the campaign is cancelled").says_not("due ");
}

#[test]
fn what_comes_of_no_setting_of_mail_is_told() {
    let mail = |transport: &str, keys: &str| {
        let keys = format!("[mail]\nfrom = \"a@x.example\"\ntransport = \"{transport}\"\n{keys}");
        with_mail(&keys).file("readers.csv", "ann@x.example\n")
    };
    for (transport, keys, says) in [
        ("file", "bounces = \"b@x.example\"", "messages in outbox/ have no return path"),
        ("smtp://relay.example:465", "", "write `smtps://relay.example:465`"),
        ("smtps://relay.example:587", "", "write `smtp://relay.example:587`"),
    ] {
        mail(transport, keys).run(&["check"]).ok().says(says);
    }
    for (transport, keys) in [
        ("file", ""),
        ("smtp://relay.example", "bounces = \"b@x.example\""),
        ("smtps://relay.example", ""),
        ("smtp://127.0.0.1:25", "starttls = \"never\""),
        ("smtps://relay.example:10465", ""),
    ] {
        mail(transport, keys).run(&["check"]).ok().says_not("return path").says_not("begins TLS").says_not("in clear");
    }
}

#[test]
fn readers_whose_addresses_no_relay_takes_are_counted() {
    for (abilities, is_told) in [(&["8BITMIME"][..], true), (&["8BITMIME", "SMTPUTF8"], false)] {
        let sink = Behaviour::good().offering(abilities).listen();
        let readers = ["ann@x.example", "خواننده@x.example", "bo@b\u{fc}cher.example"];
        let publication = by_hand(publication(&[&sink], &readers));
        let told = publication.run(&["send", "newsletter", "1"]).ok();
        let says = "1 reader has an address beyond ASCII, which no relay takes";
        if is_told {
            told.says(says)
        } else {
            told.says_not("beyond ASCII")
        };
    }
}

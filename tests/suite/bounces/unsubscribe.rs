//! `masthead unsubscribe`: the mails that the link of a message makes.

use serde_json::json;

use super::{header, mailed, message_to, with_input};
use crate::publication::Publication;

/// The mail that a mail program makes of the `mailto:` in a message.
pub(super) fn request(publication: &Publication, reader: &str, from: &str) -> String {
    let link = header(&message_to(publication, 1, reader), "List-Unsubscribe");
    let (to, query) = link.trim_matches(['<', '>']).strip_prefix("mailto:").unwrap().split_once('?').unwrap();
    let subject = query.strip_prefix("subject=").unwrap().replace("%20", " ");
    format!("From: {from}\nTo: {to}\nSubject: {subject}\n\n")
}

#[test]
fn the_link_of_a_message_unsubscribes_its_reader_from_any_address() {
    let publication = mailed();
    let mail = request(&publication, "ann@x.example", "Ann <ann@elsewhere.example>");
    let told = with_input(&publication, &["unsubscribe", "--json"], &mail).ok().json();
    assert_eq!(told["unsubscribed"], json!([{"list": "members", "address": "ann@x.example"}]));
    let again = with_input(&publication, &["unsubscribe", "--json"], &mail).ok().json();
    assert_eq!((&again["unsubscribed"], &again["known"]), (&json!([]), &json!(1)));
    let next = publication.short_post("2026-08-10-two.md", "Two").at("2026-09-02T08:00:00Z").published();
    assert_eq!(next.files("outbox/newsletter-2").len(), 2);
}

#[test]
fn what_gateways_put_before_the_subject_keeps_nobody_on_a_list() {
    let publication = mailed();
    let ann = request(&publication, "ann@x.example", "ann@x.example").replace("Subject: ", "Subject: [EXTERNAL] Re: ");
    let bo = request(&publication, "bo@x.example", "bo@x.example")
        .replace("unsubscribe members ", "unsubscribe%20members%20");
    let publication = publication.file("asked/1.eml", ann).file("asked/2.eml", bo);
    let told = publication.run(&["unsubscribe", "asked", "--json"]).ok().json();
    assert_eq!((told["unsubscribed"].as_array().map(Vec::len), &told["others"]), (Some(2), &json!(0)), "{told}");
}

#[test]
fn a_token_is_believed_whatever_happened_to_the_name_of_the_list() {
    let publication = mailed();
    let ann = request(&publication, "ann@x.example", "ann@x.example").replace("members ", "=?utf-8?B?bWVt?= ");
    let bo =
        request(&publication, "bo@x.example", "bo@x.example").replace("unsubscribe members ", "unsubscribe mem ber ");
    let cy = request(&publication, "cy@x.example", "cy@x.example").replace("members ", "=?utf-8?Q?members=E2=80=8F?= ");
    let publication = publication.file("asked/1.eml", ann).file("asked/2.eml", bo).file("asked/3.eml", cy);
    let told = publication.run(&["unsubscribe", "asked", "--json"]).ok().json();
    let left: Vec<&str> =
        told["unsubscribed"].as_array().unwrap().iter().map(|one| one["address"].as_str().unwrap()).collect();
    assert_eq!(left, ["ann@x.example", "bo@x.example", "cy@x.example"], "{told}");
    assert!(told["unsubscribed"].as_array().unwrap().iter().all(|one| one["list"] == "members"), "{told}");
}

#[test]
fn nobody_unsubscribes_others() {
    let publication = mailed().tables("[list.friends]\ntitle = \"Friends\"");
    let of_bo = request(&publication, "bo@x.example", "bo@x.example");
    let token = of_bo.lines().nth(2).unwrap().rsplit(' ').next().unwrap().to_owned();
    let other = format!("{}x", &token[1..]);
    let publication = publication
        .file("asked/1.eml", "From: ann@x.example\nSubject: unsubscribe members\n\n")
        .file("asked/2.eml", of_bo.replace(&token, &other))
        .file("asked/3.eml", of_bo.replace("members", "friends"))
        .file("asked/4.eml", "From: cy@x.example\nSubject: Hello\n\nHow do I unsubscribe?\n")
        .file("asked/5.eml", &of_bo);
    let told = publication.run(&["unsubscribe", "asked", "--json", "--move", "done"]).ok().json();
    assert_eq!(told["unsubscribed"], json!([{"list": "members", "address": "bo@x.example"}]));
    assert_eq!((&told["refused"], &told["others"]), (&json!(3), &json!(1)));
    assert_eq!(told["taken_back"], 1, "what was not handed on yet to who leaves is not handed on");
    assert!(publication.files("outbox").iter().all(|path| !path.contains("bo@x.example")));
    publication.run(&["status"]).ok().says("2 of 3 sent").says("1 suppressed");
    publication.run(&["unsubscribe", "asked", "--quiet"]).ok().says("`ann@x.example` asks to leave `members`");
    // A timer makes a quiet run again and again: it says it once of each mail, others always.
    publication.run(&["unsubscribe", "asked", "--quiet"]).ok().says_not("asks to leave");
    let loud = publication.run(&["unsubscribe", "asked"]).ok().says("`ann@x.example` asks to leave `members`");
    loud.says("3 requests that cannot be believed, left where they are");
    let publication = publication.file("asked/6.eml", "From: zoe@x.example\nSubject: unsubscribe members\n\n");
    let new = publication.run(&["unsubscribe", "asked", "--quiet"]).ok();
    new.says("`zoe@x.example` asks to leave `members`").says_not("ann@x.example");
    let warnings: Vec<&str> =
        told["warnings"].as_array().unwrap().iter().map(|w| w["message"].as_str().unwrap()).collect();
    assert!(warnings[0].contains("`ann@x.example` asks to leave `members` without a token"), "{warnings:?}");
    assert!(warnings[2].contains("asks to leave `friends` with a token that is none of ours for it"), "{warnings:?}");
    assert_eq!(publication.files("done"), ["5.eml"]);
    assert_eq!(publication.files("asked").len(), 5);
}

#[test]
fn what_a_mail_says_it_is_from_does_nothing_in_a_shell() {
    let publication = mailed();
    let hint = |from: &str| {
        let mail = format!("From: {from}\nSubject: unsubscribe\n\n");
        let told = with_input(&publication, &["unsubscribe", "--json"], &mail).json();
        told["warnings"][0]["hints"][0].as_str().unwrap_or_else(|| panic!("{told}")).to_owned()
    };
    for (from, whom) in [
        ("Ann <ann@x.example>", "ann@x.example"),
        ("\"a`touch${IFS}pwned`\"@x.example", "'a`touch${IFS}pwned`@x.example'"),
        ("\"a b\"@x.example", "'\"a b\"@x.example'"),
        ("o'neil@x.example", "'o'\\''neil@x.example'"),
        ("$(reboot)@x.example", "ADDRESS"),
        ("\"--config=x\"@x.example", "ADDRESS"),
        ("Ann", "ADDRESS"),
    ] {
        assert_eq!(hint(from), format!("when it is theirs: masthead subscribers remove LIST {whom}"), "{from}");
    }
}

#[test]
fn with_another_secret_nobody_is_refused_silently() {
    let secret = "a secret of thirty-two characters";
    let publication = mailed();
    let mail = request(&publication, "ann@x.example", "Ann <ann@elsewhere.example>");
    let publication = publication.file("asked/1.eml", mail).environment("MASTHEAD_SECRET", "");
    let ask = ["unsubscribe", "asked", "--move", "done"];
    let refused = publication.run(&ask).leaves_with(2);
    refused
        .says("the secret that links in mails were made from is not among those of this run")
        .says("MASTHEAD_SECRET");
    publication
        .run(&["check"])
        .ok()
        .says("the secret that links in mails were made from is not among those of this run");
    let answers = "[mail]\nsubscriptions_url = \"http://127.0.0.1:9/\"";
    let publication = publication.reconfigure("[mail]", answers);
    let run = publication.run(&["serve", "--public", "--listen", "127.0.0.1:0"]).leaves_with(2);
    run.says("is not among those of this run").says("--forget-old-links");
    // One that is replaced as the manual says goes on.
    let replaced = format!("a newer secret of thirty-two characters\n{secret}");
    let publication = publication.environment("MASTHEAD_SECRET", &replaced);
    publication.run(&["check"]).ok().says_not("is not among those");
    publication.run(&ask).ok().says("1 unsubscribed");
}

#[test]
fn who_is_not_on_the_list_is_kept_away_as_they_were_told() {
    let publication = mailed().after(&["send", "newsletter", "1", "--test", "out@y.example"]);
    let mail = publication.tree("outbox/test").into_values().next().unwrap();
    let link = header(&String::from_utf8(mail).unwrap(), "List-Unsubscribe");
    let subject = link.split("subject=").nth(1).unwrap().trim_end_matches('>').replace("%20", " ");
    let mail = |subject: &str| format!("From: zoe@y.example\nSubject: {subject}\n\n");
    // Anybody can write such a mail without a token, and fills the store with nothing.
    with_input(&publication, &["unsubscribe"], &mail("unsubscribe members")).ok();
    let status = publication.run(&["subscribers", "status", "members", "--json"]).ok().json();
    assert_eq!(status["lists"][0]["unsubscribed"], 0);
    let asked = with_input(&publication, &["unsubscribe"], &mail(&subject)).ok();
    asked.says("members: out@y.example was not on the list, and is kept as unsubscribed").says_not("before");
    with_input(&publication, &["unsubscribe"], &mail(&subject))
        .ok()
        .says("1 request of those who had unsubscribed before");
    let publication = publication.file("more.csv", "email\nout@y.example\n");
    publication.run(&["subscribers", "import", "members", "more.csv"]).ok().says("1 unsubscribed before and left so");
    publication.run(&["subscribers", "add", "members", "out@y.example"]).ok().says("has unsubscribed, and stays so");
}

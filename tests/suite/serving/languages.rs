//! The language of a reader, and lists by other names, on forms that do not offer them.

use super::{in_one_language, known, link, notices, served, settled, standing, subscribe, with_subscriptions};
use crate::publication::Publication;
use crate::service::{Running, free_port};

/// The page of somebody's subscriptions, by a link that they asked for.
fn manage(publication: &Publication, running: &Running, address: &str) -> String {
    let token = running.get("/letters/manage?lang=en").hidden("token");
    running.post("/letters/manage?lang=en", &[("token", &token), ("address", address)]).is(200);
    let mails = settled(publication, running);
    link(&mails.into_iter().find(|(to, ..)| to == address).unwrap().2)
}

#[test]
fn a_form_that_does_not_ask_for_the_language_changes_none() {
    let (publication, port) = in_one_language();
    let publication = publication.after(&["subscribers", "add", "members", "ann@x.example", "--language", "fa"]);
    let running = Running::start(&publication, &["--public"], port);
    let manage = manage(&publication, &running, "ann@x.example");
    let page = running.get(&manage).is(200).says("<option value=\"fa\" lang=\"fa\" selected");
    let token = page.hidden("token");
    let save = |more: &[(&str, &str)]| {
        let fields = [("token", token.as_str()), ("name", "Ann"), ("list", "members")];
        running.post(&manage, &[&fields, more].concat()).is(200);
        known(&publication, "ann@x.example")["person"]["language"].clone()
    };
    assert_eq!(save(&[]), "fa");
    assert_eq!(save(&[("language", "fa")]), "fa");
    assert_eq!(save(&[("language", "de")]), "fa", "nothing that it offers");
    assert_eq!(save(&[("language", "en")]), "en");
    assert_eq!(save(&[("language", "")]), serde_json::Value::Null, "all of them, which is chosen");
}

#[test]
fn a_form_offers_the_language_that_it_is_in() {
    let (publication, port) = with_subscriptions();
    let publication = publication.published();
    let running = Running::start(&publication, &["--public"], port);
    for lang in ["sq", "ar", "fa", "en"] {
        let selected = format!("<option value=\"{lang}\" lang=\"{lang}\" selected");
        running.get(&format!("/letters/subscribe?lang={lang}")).is(200).says(&selected);
    }
    let page = "/letters/subscribe?lang=sq";
    let token = running.get(page).hidden("token");
    let fields = [("token", token.as_str()), ("address", "ann@x.example"), ("list", "friends"), ("language", "sq")];
    running.post(page, &fields).is(200);
    let mails = settled(&publication, &running);
    let confirm = link(&mails.into_iter().find(|(to, ..)| to == "ann@x.example").unwrap().2);
    running.post(&confirm, &[("page", "1")]).is(200).says("<html lang=\"sq\"");
    assert_eq!(known(&publication, "ann@x.example")["person"]["language"], "sq");
}

#[test]
fn a_language_that_no_series_has_stays_when_it_is_left_as_it_is() {
    let (publication, port) = with_subscriptions();
    let publication = publication.published();
    let publication = publication.after(&["subscribers", "add", "friends", "ann@x.example", "--language", "sq"]);
    let publication = publication.after(&["subscribers", "add", "friends", "bo@x.example", "--language", "en-GB"]);
    let running = Running::start(&publication, &["--public"], port);
    for (address, value, kept) in [("ann@x.example", "sq", "sq"), ("bo@x.example", "en", "en-GB")] {
        let manage = manage(&publication, &running, address);
        let page = running.get(&manage).is(200).says(&format!("value=\"{value}\" lang=\"{value}\" selected"));
        let token = page.hidden("token");
        let fields = [("token", token.as_str()), ("name", "Ann"), ("list", "friends"), ("language", value)];
        running.post(&manage, &fields).is(200);
        assert_eq!(known(&publication, address)["person"]["language"], kept);
    }
}

#[test]
fn a_form_of_before_a_list_was_called_otherwise_is_understood() {
    let port = free_port();
    let lists = |list: &str| {
        let publication = Publication::monthly().tables(&format!(
            "{list}\n[mail]\nfrom = \"a@x.example\"\nsubscriptions_url = \"http://127.0.0.1:{port}/letters/\""
        ));
        publication.short_post("2026-07-03-one.md", "One").published()
    };
    let publication = lists("[list.members]\nwas = [\"readers\"]");
    let running = Running::start(&publication, &["--public"], port);
    subscribe(&running, &[("address", "ann@x.example"), ("list", "nothing")]).is(422).says("role=\"alert\"");
    subscribe(&running, &[("address", "bo@x.example"), ("list", "readers")]).is(200);
    settled(&publication, &running);
    assert_eq!(notices(&publication).iter().map(|(to, ..)| &**to).collect::<Vec<_>>(), ["bo@x.example"]);
}

#[test]
fn a_page_of_before_a_list_was_called_otherwise_changes_what_it_shows() {
    let port = free_port();
    let publication = Publication::monthly().tables(&format!(
        "[list.folk]\n[list.friends]\n[mail]\nfrom = \"a@x.example\"\nsubscriptions_url = \"http://127.0.0.1:{port}/letters/\""
    ));
    let mut publication = publication.short_post("2026-07-03-one.md", "One").published();
    for list in ["folk", "friends"] {
        for address in ["ann@x.example", "bo@x.example"] {
            publication = publication.after(&["subscribers", "add", list, address]);
        }
    }
    let running = Running::start(&publication, &["--public"], port);
    let pages = ["ann@x.example", "bo@x.example"].map(|address| manage(&publication, &running, address));
    let tokens = pages.each_ref().map(|page| running.get(page).is(200).hidden("token"));
    drop(running);
    let publication = publication.reconfigure("[list.folk]", "[list.fellows]\nwas = [\"folk\"]");
    let running = Running::start(&publication, &["--public"], port);
    let save = |one: usize, list: &str| {
        running.post(&pages[one], &[("token", tokens[one].as_str()), ("name", ""), ("list", list)]).is(200);
    };
    save(0, "friends");
    save(1, "folk");
    for (address, fellows, friends) in
        [("ann@x.example", "unsubscribed", "active"), ("bo@x.example", "active", "unsubscribed")]
    {
        let stands = ["fellows", "friends"].map(|list| standing(&publication, list, address));
        assert_eq!(stands, [fellows, friends], "{address}");
    }
}

#[test]
fn lists_are_called_in_the_language_of_the_page_and_of_the_mail() {
    let (publication, port) = with_subscriptions();
    let publication = publication.tables(concat!(
        "[edition.fa.list.friends]\ntitle = \"دوستان نشریه\"\ndescription = \"هر ماه یک شماره\"\n",
        "[edition.fa.list.members]\ntitle = \"اعضا\"\n",
    ));
    let publication = publication.published();
    let running = Running::start(&publication, &["--public"], port);
    let persian = running.get("/letters/subscribe?lang=fa").is(200).says("دوستان نشریه").says("هر ماه یک شماره").text();
    assert!(!persian.contains("Friends"), "{persian}");
    let english = running.get("/letters/subscribe?lang=en").is(200).says("Friends").text();
    assert!(!english.contains("دوستان"), "{english}");
    let token = running.get("/letters/subscribe?lang=fa").hidden("token");
    let fields = [("token", token.as_str()), ("address", "ann@x.example"), ("list", "friends"), ("language", "fa")];
    running.post("/letters/subscribe?lang=fa", &fields).is(200);
    let (_, subject, text) = settled(&publication, &running).remove(0);
    assert!(subject.contains("دوستان نشریه") && text.contains("دوستان نشریه"), "{subject}: {text}");
    running.post(&link(&text), &[]).is(200).says("دوستان نشریه");
    let publication = publication.after(&["subscribers", "add", "members", "bo@x.example", "--language", "fa"]);
    let manage = manage(&publication, &running, "bo@x.example").replace("lang=en", "lang=fa");
    running.get(&manage).is(200).says("اعضا");
}

#[test]
fn broken_links_are_answered_by_the_page_that_says_so_in_the_language_of_the_reader() {
    let (_publication, running) = served();
    let persian = "این پیوند کار نمی‌کند";
    let wanted = running.get("/letters/confirm/broken?lang=fa").is(404).says(persian).text();
    for path in ["confirm/%ff", "manage/%ff", "unsubscribe/members/%ff", "unsubscribe/%ff/%ff"] {
        let target = format!("/letters/{path}?lang=fa");
        assert_eq!(running.get(&target).is(404).text(), wanted, "{path}");
        assert_eq!(running.post(&target, &[("page", "1")]).is(404).text(), wanted, "{path}");
    }
}

#[test]
fn a_form_that_is_too_long_is_answered_by_a_page_in_the_language_of_the_reader() {
    let (_publication, running) = served();
    let huge = "x".repeat(100_000);
    for (language, words) in [
        ("en", "This form is too long"),
        ("fa", "این فرم بیش از اندازه بلند است"),
        ("ar", "هذا النموذج أطول مما ينبغي"),
        ("sq", "Ky formular është tepër i gjatë"),
    ] {
        for path in ["subscribe", "manage", "manage/x", "unsubscribe/members/x"] {
            let answer = running.post(&format!("/letters/{path}?lang={language}"), &[("name", &huge)]);
            answer.is(413).says(words).says("</html>").says(&format!("lang=\"{language}\""));
        }
    }
}

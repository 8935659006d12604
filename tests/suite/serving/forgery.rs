//! Forged links, foreign forms, and everything that people send who mean no good.

use super::{known, link, served, settled, standing, subscribe, with_subscriptions};
use crate::service::Running;

#[test]
fn no_link_works_that_is_changed_or_used_for_something_else() {
    let (publication, running) = served();
    subscribe(&running, &[("address", "ann@x.example"), ("list", "members")]).is(200);
    let mails = settled(&publication, &running);
    let confirm = link(&mails[0].2);
    let confirm = confirm.split('?').next().unwrap();
    let token = confirm.rsplit('/').next().unwrap();
    for other in ["unsubscribe/members", "manage"] {
        running.get(&format!("/letters/{other}/{token}")).is(404);
        running.post(&format!("/letters/{other}/{token}"), &[("List-Unsubscribe", "One-Click")]).is(404);
    }
    for at in [0, 7, 30, token.len() - 1] {
        let mut forged: Vec<u8> = token.into();
        forged[at] = if forged[at] == b'A' { b'B' } else { b'A' };
        let forged = String::from_utf8(forged).unwrap();
        running.post(&format!("/letters/confirm/{forged}"), &[]).is(404);
    }
    for odd in ["%00", "..%2f..%2fconfig.toml", "'%20or%201=1", &"A".repeat(3000), "%F0%9F%98%80"] {
        running.post(&format!("/letters/confirm/{odd}"), &[]).is(404);
        running.post(&format!("/letters/unsubscribe/members/{odd}"), &[]).is(404);
        running.get(&format!("/letters/manage/{odd}")).is(404);
    }
    assert_eq!(standing(&publication, "members", "ann@x.example"), "pending");
    let unsubscribe = running.post(confirm, &[]).is(200);
    let manage = unsubscribe.links().into_iter().find(|link| link.contains("/manage/")).unwrap();
    let token = manage.split('?').next().unwrap().rsplit('/').next().unwrap();
    running.post(&format!("/letters/unsubscribe/members/{token}"), &[]).is(404);
    running.post(&format!("/letters/confirm/{token}"), &[]).is(404);
    assert_eq!(standing(&publication, "members", "ann@x.example"), "active");
}

#[test]
fn links_are_good_for_their_time_and_unsubscribing_for_ever() {
    let (publication, running) = served();
    subscribe(&running, &[("address", "ann@x.example"), ("list", "members")]).is(200);
    let confirm = link(&settled(&publication, &running)[0].2);
    let page = running.get("/letters/subscribe?lang=en").hidden("token");
    let host = running.host.clone();
    let port = host.rsplit(':').next().unwrap().parse().unwrap();
    running.stop();
    let messages = publication.tree("outbox");
    let (_, bytes) = messages.iter().find(|(path, _)| path.contains("/reader@example.org")).unwrap();
    let message = mail_parser::MessageParser::default().parse(bytes).unwrap();
    let unsubscribe = link(message.header_raw("List-Unsubscribe").unwrap().split('>').next().unwrap());
    // Ten years later, and with a new secret before the old one.
    let later = publication
        .at("2036-08-02T08:00:00Z")
        .environment("MASTHEAD_SECRET", "a-new-secret-that-signs\na-secret-of-more-than-32-characters-for-tests");
    let running = Running::start(&later, &["--public"], port);
    running.get(&confirm).is(404);
    running.post(&confirm, &[]).is(404);
    let fields = [("token", page.as_str()), ("address", "bo@x.example"), ("list", "members")];
    running.post("/letters/subscribe?lang=en", &fields).is(422).says("open for too long");
    running.post(&unsubscribe, &[("List-Unsubscribe", "One-Click")]).is(200);
    assert_eq!(standing(&later, "members", "reader@example.org"), "unsubscribed");
    crate::service::wait_until("what nobody confirmed is forgotten", || {
        standing(&later, "members", "ann@x.example").is_empty()
    });
    // A secret that is taken away takes the links with it that were made from it.
    let later = later.after(&["subscribers", "add", "members", "reader@example.org", "--again"]);
    running.stop();
    let without = later.environment("MASTHEAD_SECRET", "a-new-secret-that-signs");
    let running = Running::start(&without, &["--public"], port);
    running.get(&unsubscribe).is(404);
    running.post(&unsubscribe, &[("List-Unsubscribe", "One-Click")]).is(404);
    assert_eq!(standing(&without, "members", "reader@example.org"), "active");
}

#[test]
fn forms_of_other_sites_are_not_taken() {
    let (publication, running) = served();
    let token = running.get("/letters/subscribe?lang=en").hidden("token");
    let fields = [("token", token.as_str()), ("address", "ann@x.example"), ("list", "members")];
    let target = "/letters/subscribe?lang=en";
    let ours = format!("http://{}", running.host);
    for foreign in [
        &[("origin", "https://evil.example")][..],
        &[("origin", "null")],
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site")],
        &[("sec-fetch-site", "cross-site\u{ff}")],
        &[("sec-fetch-site", "same-origin"), ("sec-fetch-site", "cross-site")],
        &[("origin", "https://evil.example\u{ff}")],
        &[("origin", &ours), ("origin", "https://evil.example")],
    ] {
        running.post_with(target, &fields, foreign).is(403);
    }
    running.post(target, &fields[1..]).is(422);
    let other = running.get("/letters/manage?lang=en").hidden("token");
    running.post(target, &[&[("token", other.as_str())], &fields[1..]].concat()).is(422);
    assert!(settled(&publication, &running).is_empty());
    running.post_with(target, &fields, &[("origin", &ours), ("sec-fetch-site", "same-origin")]).is(200);
    assert_eq!(settled(&publication, &running).len(), 1);
}

#[test]
fn hostile_fields_are_refused_or_only_text() {
    let (publication, running) = served();
    let subscribers = publication.run(&["subscribers", "status"]).ok().stdout;
    let huge = "x".repeat(10_000_000);
    for (address, name) in [
        ("a@x.example\r\nBcc: all@x.example", "A"),
        ("a@x.example", "A\r\nBcc: all@x.example"),
        ("a@x.example, b@x.example", "A"),
        ("\"a@x.example\" <b@x.example>", "A"),
        ("a@x.example\0", "A"),
        ("a@x.example", "A\u{2028}B"),
    ] {
        subscribe(&running, &[("address", address), ("name", name), ("list", "members")]).is(422);
    }
    let answer = subscribe(&running, &[("address", "a@x.example"), ("name", &huge), ("list", "members")]);
    assert_eq!(answer.status, 413);
    assert!(settled(&publication, &running).is_empty());
    assert_eq!(publication.run(&["subscribers", "status"]).ok().stdout, subscribers);
    let sql = "'); drop table subscriber; --";
    let fields =
        [("address", "o'brien@x.example"), ("name", sql), ("language", sql), ("list", "members"), ("list", sql)];
    subscribe(&running, &fields).is(200);
    let mails = settled(&publication, &running);
    assert_eq!(mails.len(), 1);
    running.post(&link(&mails[0].2), &[]).is(200);
    assert_eq!(standing(&publication, "members", "o'brien@x.example"), "active");
    running.get(&format!("/letters/subscribe?lang={}&list=%27%3B--", "x".repeat(5000))).is(200);
    running.get("/letters/unsubscribe/%27%3B%20drop%20table%20membership/x").is(404);
}

#[test]
fn who_sends_too_much_waits_and_proxies_are_believed_when_they_are_trusted() {
    let (publication, port) = with_subscriptions();
    let publication = publication.tables("[serve]\nforms_per_hour = 3\ntrusted_proxies = [\"127.0.0.1\"]").published();
    let running = Running::start(&publication, &["--public"], port);
    let token = running.get("/letters/subscribe?lang=en").hidden("token");
    let send = |from: &str, number: usize| {
        let address = format!("reader{number}@x.example");
        let fields = [("token", token.as_str()), ("address", address.as_str()), ("list", "members")];
        running.post_with("/letters/subscribe?lang=en", &fields, &[("x-forwarded-for", from)])
    };
    let from_one: Vec<u16> = (0..5).map(|number| send("6.6.6.6, 192.0.2.1", number).status).collect();
    assert_eq!(from_one, [200, 200, 200, 429, 429]);
    assert_eq!(send("192.0.2.1", 9).header("retry-after"), "3600");
    send("198.51.100.7", 10).is(200);
    running.get_with("/metrics", &[("x-forwarded-for", "198.51.100.7")]).is(404);
    running.get_with("/metrics", &[("x-forwarded-for", "8.8.8.8, 10.0.0.3")]).is(404);
    running.get_with("/metrics", &[("x-forwarded-for", "\u{ff}, 8.8.8.8")]).is(404);
    running.get_with("/metrics", &[("x-forwarded-for", "\u{ff}"), ("x-forwarded-for", "8.8.8.8")]).is(404);
    running.get_with("/metrics", &[("x-real-ip", "8.8.8.8")]).is(404);
    running.get("/metrics").is(200).says("event=\"limited\"} 3");
    // Whoever leaves is never kept from it, however much came from there.
    let messages = publication.tree("outbox");
    let (_, bytes) = messages.iter().find(|(path, _)| path.contains("/reader@example.org")).unwrap();
    let message = mail_parser::MessageParser::default().parse(bytes).unwrap();
    let unsubscribe = link(message.header_raw("List-Unsubscribe").unwrap().split('>').next().unwrap());
    running.post_with(&unsubscribe, &[("List-Unsubscribe", "One-Click")], &[("x-forwarded-for", "192.0.2.1")]).is(200);
    let guesses: Vec<u16> = (0..6)
        .map(|n| {
            running
                .post_with(
                    &format!("/letters/unsubscribe/members/guess{n}"),
                    &[],
                    &[("x-forwarded-for", "203.0.113.9")],
                )
                .status
        })
        .collect();
    assert_eq!(guesses, [404, 404, 404, 429, 429, 429], "guessing is limited");
}

#[test]
fn who_changes_too_much_waits_and_may_leave_all_the_same() {
    let (publication, port) = with_subscriptions();
    let publication = publication.tables("[serve]\nforms_per_hour = 4").published();
    let publication = publication.after(&["subscribers", "add", "members", "ann@x.example"]);
    let running = Running::start(&publication, &["--public"], port);
    let token = running.get("/letters/manage?lang=en").hidden("token");
    running.post("/letters/manage?lang=en", &[("token", &token), ("address", "ann@x.example")]).is(200);
    let manage = link(&settled(&publication, &running).remove(0).2);
    let token = running.get(&manage).is(200).hidden("token");
    let save = |name: &str, lists: &[(&str, &str)]| {
        running.post(&manage, &[&[("token", token.as_str()), ("name", name), ("language", "en")], lists].concat())
    };
    let members = ("list", "members");
    let both = [members, ("list", "friends")];
    let saved: Vec<u16> = (0..6).map(|number| save(&format!("n{number}"), &[members]).status).collect();
    assert_eq!(saved, [200, 200, 200, 429, 429, 429], "the form that sent the link counts too");
    save("n2", &[members]).is(200).says("role=\"status\"");
    let refused = save("n1", &both).is(429).says("try again in an hour").says("value=\"n1\"");
    assert_eq!(refused.header("retry-after"), "3600");
    refused.says("value=\"friends\" checked");
    let on = |list: &str| standing(&publication, list, "ann@x.example");
    assert_eq!((on("members").as_str(), on("friends").as_str()), ("active", ""));
    // Of what else is wished for nothing is done.
    let left = save("n1", &[("list", "friends")]).is(429).says("value=\"friends\" checked");
    assert!(!left.text().contains("value=\"members\" checked"), "{}", left.text());
    assert_eq!((on("members").as_str(), on("friends").as_str()), ("unsubscribed", ""));
    save("n2", &[members]).is(429);
    let person = known(&publication, "ann@x.example");
    assert_eq!(person["person"]["name"], "n2");
    let log: Vec<&str> =
        person["person"]["consent"].as_array().unwrap().iter().map(|one| one["event"].as_str().unwrap()).collect();
    assert_eq!(log, ["added", "changed", "changed", "changed", "unsubscribed"], "each change once");
}

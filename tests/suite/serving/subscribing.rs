//! Subscribing, confirming, changing, unsubscribing.

use mail_parser::MessageParser;

use super::{in_one_language, known, link, served, settled, standing, subscribe, with_subscriptions};
use crate::publication::Publication;
use crate::sending::sink::Behaviour;
use crate::service::{Running, free_port};
use crate::store::server::Postgres;
use crate::tools::tool;

/// The addresses of a digest that its reader may follow: those of `List-Unsubscribe` and of its parts.
pub(super) fn unsubscribe_link(publication: &Publication, to: &str) -> String {
    let messages = publication.tree("outbox");
    let (_, bytes) = messages.iter().find(|(path, _)| path.contains(&format!("/{to}"))).unwrap();
    let message = MessageParser::default().parse(bytes).unwrap();
    let field = message.header_raw("List-Unsubscribe").unwrap().to_owned();
    link(field.split('<').nth(1).unwrap().split('>').next().unwrap())
}

#[test]
fn a_reader_subscribes_confirms_changes_and_leaves() {
    let (publication, running) = served();
    let fields = [
        ("address", "Ann.Newcomer@X.example"),
        ("name", "Ann & Co"),
        ("language", "fa"),
        ("list", "members"),
        ("list", "friends"),
    ];
    subscribe(&running, &fields).is(200).says("Ann.Newcomer@x.example");
    let mails = settled(&publication, &running);
    assert_eq!(mails.len(), 1);
    let (to, subject, text) = &mails[0];
    assert_eq!(to, "Ann.Newcomer@x.example");
    assert!(subject.contains("Members") && subject.contains("Friends & type"), "{subject}");
    assert!(!text.contains("Ann & Co"), "whoever filled in the form may have written anything there");
    assert_eq!(standing(&publication, "members", "ann.newcomer@x.example"), "pending");
    let confirm = link(text);
    running.get(&confirm).is(200).says("<form method=\"post\"");
    assert_eq!(standing(&publication, "members", "ann.newcomer@x.example"), "pending", "a GET only asks");
    let confirmed = running.post(&confirm, &[("page", "1")]).is(200);
    assert_eq!(standing(&publication, "members", "ann.newcomer@x.example"), "active");
    assert_eq!(standing(&publication, "friends", "ann.newcomer@x.example"), "active");
    running.post(&confirm, &[]).is(200);
    let manage = confirmed.links().into_iter().find(|link| link.contains("/manage/")).unwrap();
    let page = running.get(&manage).is(200).says("Ann &amp; Co").says("value=\"friends\" checked");
    assert!(!page.text().contains("Staff"), "a list that is not open is offered to nobody");
    let token = page.hidden("token");
    running
        .post(
            &manage,
            &[("token", &token), ("name", "A. N."), ("language", "en"), ("list", "friends"), ("list", "staff")],
        )
        .is(200)
        .says("role=\"alert\"")
        .says("این‌جا نمی‌توان برگزید");
    let person = known(&publication, "ann.newcomer@x.example");
    assert_eq!((&person["person"]["name"], &person["person"]["language"]), (&"A. N.".into(), &"en".into()));
    assert_eq!(standing(&publication, "members", "ann.newcomer@x.example"), "unsubscribed");
    assert_eq!(standing(&publication, "friends", "ann.newcomer@x.example"), "active");
    assert_eq!(standing(&publication, "staff", "ann.newcomer@x.example"), "");
    let log: Vec<&str> =
        person["person"]["consent"].as_array().unwrap().iter().map(|one| one["event"].as_str().unwrap()).collect();
    assert_eq!(log, ["requested", "requested", "confirmed", "confirmed", "changed", "unsubscribed"]);
    let words = person["person"]["consent"][0]["words"].as_str().unwrap();
    running.get("/letters/subscribe?lang=en").is(200).says(words);
    for without in [4, 5] {
        assert_eq!(person["person"]["consent"][without]["words"], serde_json::Value::Null, "no words of consent");
    }
    running.post(&confirm, &[]).is(200);
    assert_eq!(
        standing(&publication, "members", "ann.newcomer@x.example"),
        "unsubscribed",
        "an old link brings nobody back"
    );
}

#[test]
fn a_list_that_was_closed_since_is_confirmed_by_nobody() {
    for closed in ["[list.friends]\nopen = false", "[list.friends]\nopen = true"] {
        let (publication, port) = with_subscriptions();
        let publication = publication.published();
        let running = Running::start(&publication, &["--public"], port);
        let ask = |address: &str, lists: &[(&str, &str)]| {
            subscribe(&running, &[&[("address", address)][..], lists].concat()).is(200);
        };
        ask("ann@x.example", &[("list", "friends")]);
        ask("bo@x.example", &[("list", "members"), ("list", "friends")]);
        ask("cy@x.example", &[("list", "friends")]);
        let mails = settled(&publication, &running);
        let confirm = |to: &str| format!("{}&lang=en", link(&mails.iter().find(|mail| mail.0 == to).unwrap().2));
        running.post(&confirm("cy@x.example"), &[]).is(200);
        drop(running);
        let is_closed = closed.contains("false");
        let publication = publication.reconfigure("[list.friends]", closed);
        let running = Running::start(&publication, &["--public"], port);
        let on = |address: &str| standing(&publication, "friends", address);
        if !is_closed {
            running.post(&confirm("ann@x.example"), &[]).is(200);
            assert_eq!(on("ann@x.example"), "active");
            continue;
        }
        running.get(&confirm("ann@x.example")).is(404).says("cannot be subscribed to here any more");
        running.post(&confirm("ann@x.example"), &[]).is(404).says("Friends &amp; type cannot be subscribed to");
        assert_eq!(on("ann@x.example"), "pending");
        let asked = running.get(&confirm("bo@x.example")).is(200).text();
        assert!(asked.contains("Members") && !asked.contains("Friends"), "{asked}");
        running.post(&confirm("bo@x.example"), &[]).is(200).says("Members");
        assert_eq!(
            (on("bo@x.example"), standing(&publication, "members", "bo@x.example")),
            ("pending".into(), "active".into())
        );
        // Whoever was on it before stays, and is told so.
        running.post(&confirm("cy@x.example"), &[]).is(200).says("You are subscribed");
        assert_eq!(on("cy@x.example"), "active");
    }
}

#[test]
fn the_page_says_what_was_confirmed_and_no_more() {
    let (publication, port) = with_subscriptions();
    let publication = publication.published();
    let running = Running::start(&publication, &["--public"], port);
    subscribe(&running, &[("address", "ann@x.example"), ("list", "members"), ("list", "friends")]).is(200);
    let first = settled(&publication, &running).remove(0).2;
    drop(running);
    // More than some minutes later, so that the second request is not answered along with the first.
    let store = rusqlite::Connection::open(publication.path("masthead.db")).unwrap();
    store.execute("update notice set changed = '2020-01-01T00:00:00Z'", []).unwrap();
    store.execute("update membership set asked = '2099-01-01T00:00:00Z' where list = 'friends'", []).unwrap();
    let running = Running::start(&publication, &["--public"], port);
    let page = running.post(&format!("{}&lang=en", link(&first)), &[]).is(200).says("Members");
    assert!(!page.text().contains("Friends"), "{}", page.text());
    assert_eq!(standing(&publication, "friends", "ann@x.example"), "pending");
}

#[test]
fn another_language_keeps_what_was_chosen_and_names_stand_apart() {
    let (_publication, running) = served();
    let page = running.get("/letters/subscribe?lang=en&list=friends&list=nothing").is(200);
    let href = "?lang=fa&amp;list=friends\"";
    assert!(page.text().replace("&#x3D;", "=").contains(href), "{}", page.text());
    let persian = running.get("/letters/subscribe?lang=fa&list=friends").is(200).text();
    assert!(persian.contains("value=\"friends\" checked"), "{persian}");
    let asked = running.post("/letters/subscribe?lang=fa", &[("address", "ann@xn--bcher-kva.example")]);
    assert!(asked.text().contains("xn--bcher-kva.example"), "what is filled in stays as it is");
    let told = subscribe(&running, &[("address", "ann@bücher.example"), ("list", "friends")]).is(200);
    assert!(told.text().contains("ann@bücher.example") && !told.text().contains("xn--"), "{}", told.text());
}

#[test]
fn saving_ends_no_list_that_the_page_does_not_show() {
    let (publication, port) = with_subscriptions();
    let publication = publication.tables("[list.former]").published();
    let publication = publication.after(&["subscribers", "add", "former", "ann@x.example"]);
    let publication = publication.after(&["subscribers", "add", "members", "ann@x.example"]);
    let publication = publication.reconfigure("[list.former]", "");
    let running = Running::start(&publication, &["--public"], port);
    let token = running.get("/letters/manage?lang=en").hidden("token");
    running.post("/letters/manage?lang=en", &[("token", &token), ("address", "ann@x.example")]).is(200);
    let manage = link(&settled(&publication, &running).remove(0).2);
    let token = running.get(&manage).is(200).hidden("token");
    running.post(&manage, &[("token", &token), ("name", ""), ("language", "en")]).is(200);
    assert_eq!(standing(&publication, "members", "ann@x.example"), "unsubscribed");
    assert_eq!(standing(&publication, "former", "ann@x.example"), "active");
}

#[test]
fn a_page_that_was_left_open_ends_no_list_that_its_reader_came_onto_since() {
    let (publication, port) = with_subscriptions();
    let publication = publication.published().after(&["subscribers", "add", "members", "ann@x.example"]);
    let running = Running::start(&publication, &["--public"], port);
    let token = running.get("/letters/manage?lang=en").hidden("token");
    running.post("/letters/manage?lang=en", &[("token", &token), ("address", "ann@x.example")]).is(200);
    let manage = link(&settled(&publication, &running).remove(0).2);
    let drawn = || running.get(&manage).is(200).hidden("token");
    let save = |token: &str, lists: &[(&str, &str)]| {
        running.post(&manage, &[&[("token", token), ("name", "Ann"), ("language", "en")][..], lists].concat())
    };
    // One of them it shows without a tick, and the other not at all.
    let open = drawn();
    let publication = publication.after(&["subscribers", "add", "friends", "ann@x.example"]);
    let publication = publication.after(&["subscribers", "add", "staff", "ann@x.example"]);
    let on = |list: &str| standing(&publication, list, "ann@x.example");
    let saved = save(&open, &[("list", "members")]).is(200).says("role=\"status\"");
    saved.says("value=\"friends\" checked").says("value=\"staff\" checked");
    assert_eq!([on("members"), on("friends"), on("staff")], ["active"; 3]);
    let log = known(&publication, "ann@x.example")["person"]["consent"].to_string();
    assert!(!log.contains("unsubscribed"), "{log}");
    // What is filled in wrong is drawn again, with what it did not show.
    let long = "long ".repeat(50);
    let wrong = running.post(&manage, &[("token", open.as_str()), ("name", &long), ("language", "en")]).is(422);
    let again = wrong.hidden("token");
    let text = wrong.says("value=\"friends\" checked").says("value=\"staff\" checked").text();
    assert!(!text.contains("value=\"members\" checked"), "{text}");
    save(&again, &[("list", "friends"), ("list", "staff")]).is(200);
    assert_eq!([on("members"), on("friends"), on("staff")], ["unsubscribed", "active", "active"]);
    // A form that was drawn by an earlier version does not say what it showed, and is taken.
    let secret = masthead::store::KeyRing::read("a-secret-of-more-than-32-characters-for-tests").unwrap();
    let lists = vec!["change".to_owned()];
    let at = "2026-08-02T08:00:01Z".parse().ok();
    let old = masthead::store::Grant { lists, at, ..Default::default() };
    let old = secret.token(masthead::store::Purpose::Form, &old);
    save(&old, &[("list", "staff")]).is(200).says("role=\"status\"");
    assert_eq!([on("friends"), on("staff")], ["unsubscribed", "active"]);
}

#[test]
fn a_list_that_is_offered_to_nobody_is_taken_back_by_the_link_with_which_it_was_left() {
    let (publication, port) = with_subscriptions();
    let publication = publication.published().after(&["subscribers", "add", "staff", "ann@x.example"]);
    let running = Running::start(&publication, &["--public"], port);
    let token = running.get("/letters/manage?lang=en").hidden("token");
    running.post("/letters/manage?lang=en", &[("token", &token), ("address", "ann@x.example")]).is(200);
    let manage = link(&settled(&publication, &running).remove(0).2);
    let save = |lists: &[(&str, &str)]| {
        let token = running.get(&manage).is(200).hidden("token");
        let others = [("token", token.as_str()), ("name", ""), ("language", "en")];
        running.post(&manage, &[others.as_slice(), lists].concat()).is(200)
    };
    let is_on = |publication: &Publication| standing(publication, "staff", "ann@x.example") == "active";
    save(&[]).says("role=\"status\"").says("value=\"staff\">");
    assert!(!is_on(&publication));
    save(&[("list", "staff")]).says("role=\"status\"").says("value=\"staff\" checked>");
    assert!(is_on(&publication));
    // Whom the editors take off stays off, and is told so.
    let publication = publication.after(&["subscribers", "remove", "staff", "ann@x.example"]);
    let told = save(&[("list", "staff")]).says("role=\"alert\"").says("cannot be chosen here").text();
    assert!(!told.contains("role=\"status\"") && !told.contains("Staff") && !is_on(&publication), "{told}");
}

#[test]
fn a_wrong_address_is_told_beside_its_field_and_an_old_form_is_not() {
    let (_publication, running) = served();
    let form = running.get("/letters/manage?lang=en").is(200);
    let fields = [("token", &*form.hidden("token")), ("address", "nobody")];
    let wrong = running.post("/letters/manage?lang=en", &fields).is(422);
    wrong.says("aria-invalid=\"true\" aria-describedby=\"address-fault\"").says("id=\"address-fault\"");
    let old = running.post("/letters/manage?lang=en", &[("token", "old"), ("address", "ann@x.example")]).is(422);
    assert!(!old.text().contains("aria-invalid"), "the address is not what is wrong: {}", old.text());
}

#[test]
fn of_a_wrong_name_on_one_s_own_page_what_was_filled_in_stays() {
    let (publication, running) = served();
    let publication = publication.after(&["subscribers", "add", "members", "ann@x.example"]);
    let token = running.get("/letters/manage?lang=en").hidden("token");
    running.post("/letters/manage?lang=en", &[("token", &token), ("address", "ann@x.example")]).is(200);
    let manage = link(&settled(&publication, &running).remove(0).2);
    let token = running.get(&manage).is(200).hidden("token");
    let name = "long ".repeat(50);
    let fields = [("token", token.as_str()), ("name", &name), ("language", "fa"), ("list", "friends")];
    let told = running.post(&manage, &fields).is(422);
    let told = told.says("aria-invalid=\"true\" aria-describedby=\"name-fault\"").says("id=\"name-fault\"");
    let told = told.says(name.trim()).says("value=\"friends\" checked").says("value=\"fa\" lang=\"fa\" selected");
    assert!(!told.text().contains("value=\"members\" checked"), "{}", told.text());
    assert_eq!(standing(&publication, "members", "ann@x.example"), "active", "nothing is kept of it");
}

#[test]
fn who_left_a_list_that_is_gone_is_asked_as_anybody_and_comes_back() {
    let (publication, port) = with_subscriptions();
    let publication = publication.tables("[list.former]").published();
    let publication = publication.after(&["subscribers", "add", "former", "ann@x.example"]);
    let publication = publication.after(&["subscribers", "remove", "former", "ann@x.example"]);
    let publication = publication.reconfigure("[list.former]", "").at("2026-08-03T08:00:00Z");
    let publication = publication.file("old.csv", "email\nann@x.example\n");
    let publication = publication.after(&["subscribers", "import", "members", "old.csv"]);
    assert_eq!(standing(&publication, "members", "ann@x.example"), "active", "and kept away");
    let running = Running::start(&publication, &["--public"], port);
    subscribe(&running, &[("address", "ann@x.example"), ("list", "members")]).is(200);
    let text = settled(&publication, &running).remove(0).2;
    let confirm = link(&text);
    assert!(confirm.contains("/confirm/"), "{text}");
    let confirmed = running.post(&confirm, &[("page", "1")]).is(200);
    let manage = confirmed.links().into_iter().find(|link| link.contains("/manage/")).unwrap();
    running.get(&manage).is(200).says("value=\"members\" checked");
    let log = known(&publication, "ann@x.example")["person"]["consent"].clone();
    assert_eq!(log.as_array().unwrap().last().unwrap()["event"], "confirmed", "{log}");
}

#[test]
fn a_publication_of_one_language_has_all_pages() {
    let (publication, port) = in_one_language();
    let publication = publication.after(&["subscribers", "add", "members", "ann@x.example"]);
    let running = Running::start(&publication, &["--public"], port);
    subscribe(&running, &[("address", "bo@x.example"), ("list", "members")]).is(200);
    let token = running.get("/letters/manage?lang=en").is(200).hidden("token");
    running.post("/letters/manage?lang=en", &[("token", &token), ("address", "ann@x.example")]).is(200);
    let mails = settled(&publication, &running);
    for (_, _, text) in &mails {
        running.get(&link(text)).is(200);
    }
    assert_eq!(mails.len(), 2);
}

#[test]
fn pages_are_in_the_languages_of_the_publication_and_need_no_script() {
    let (_publication, running) = served();
    for (language, direction, word) in
        [("en", "ltr", "Subscribe"), ("fa", "rtl", "اشتراک"), ("ar", "rtl", "اشترك"), ("sq", "ltr", "Abonohuni")]
    {
        for page in ["subscribe", "manage", "confirm/nonsense", "unsubscribe/members/nonsense", "manage/nonsense"] {
            let answer = running.get(&format!("/letters/{page}?lang={language}"));
            let text = answer.text();
            assert!(text.contains(&format!("<html lang=\"{language}\" dir=\"{direction}\">")), "{page}: {text}");
            assert!(!text.contains("<script") && !text.contains("onclick"), "{page}");
            assert!(answer.header("content-security-policy").contains("default-src 'none'"), "{page}");
            assert_eq!(answer.header("cache-control"), "no-store");
            assert_eq!(answer.header("set-cookie"), "");
        }
        let text = running.get(&format!("/letters/subscribe?lang={language}")).text();
        assert!(text.contains(word), "{language}: {text}");
    }
    running
        .get_with("/letters/subscribe", &[("accept-language", "de, fa-IR;q=0.8, en;q=0.1")])
        .is(200)
        .says("lang=\"fa\"");
    let weighted = [("accept-language", "en;q=0.1, fa;q=0.9")];
    running.get_with("/letters/subscribe", &weighted).is(200).says("<html lang=\"fa\"");
    for begin in ["/letters", "/letters/"] {
        assert_eq!(running.get(begin).is(303).header("location"), "/letters/subscribe");
    }
    running.get("/letters/subscriptions.css").is(200).says("prefers-color-scheme");
}

#[test]
fn one_click_unsubscribes_without_cookies_and_a_scanner_changes_nothing() {
    let (publication, running) = served();
    let before = (
        standing(&publication, "members", "reader@example.org"),
        standing(&publication, "members", "xanande@example.org"),
    );
    assert_eq!(before, ("active".to_owned(), "active".to_owned()));
    // A program that follows every link of every mail, and every link of what it finds, twice.
    let mut seen = Vec::new();
    for (path, bytes) in publication.tree("outbox") {
        let message = MessageParser::default().parse(&bytes).unwrap();
        let mut texts = vec![message.body_text(0).unwrap().into_owned(), message.body_html(0).unwrap().into_owned()];
        texts.push(message.header_raw("List-Unsubscribe").unwrap().to_owned());
        for text in texts {
            let ends = |c: char| c.is_whitespace() || matches!(c, '"' | '<' | '>' | ')');
            seen.extend(text.split(ends).filter(|word| word.contains(&running.host)).map(link));
        }
        assert!(!seen.is_empty(), "{path} has no link of ours");
    }
    for _ in 0..2 {
        let found: Vec<String> = seen.iter().flat_map(|target| running.get(target).links()).collect();
        for target in found.iter().filter(|target| target.starts_with('/')) {
            running.get(target);
            running.ask("HEAD", target, &[], b"");
        }
    }
    assert_eq!(standing(&publication, "members", "reader@example.org"), "active");
    assert_eq!(standing(&publication, "members", "xanande@example.org"), "active");
    let target = unsubscribe_link(&publication, "reader@example.org");
    let Some(mut curl) = tool("curl") else { return };
    let output = curl
        .args([
            "-sS",
            "--max-redirs",
            "0",
            "-o",
            "/dev/null",
            "-w",
            "%{http_code} %{num_redirects} %header{set-cookie}",
        ])
        .args(["-d", "List-Unsubscribe=One-Click", &format!("http://{}{target}", running.host)])
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), "200 0");
    assert_eq!(standing(&publication, "members", "reader@example.org"), "unsubscribed");
    let of_reader = |path: &String| path.contains("reader@example.org");
    assert!(!publication.files("outbox").iter().any(of_reader), "what was not handed on yet is taken back");
    let log = known(&publication, "reader@example.org");
    assert_eq!(log["person"]["consent"].as_array().unwrap().last().unwrap()["way"], "one-click");
    running.post(&target, &[("List-Unsubscribe", "One-Click")]).is(200);
    let after = running.get(&format!("{target}?lang=en")).is(200).says("You are unsubscribed").says("Members");
    assert!(!after.text().contains("<button"), "whoever has left is asked nothing: {}", after.text());
    // The other encoding that RFC 8058 names.
    let target = unsubscribe_link(&publication, "xanande@example.org");
    let body = "--b\r\ncontent-disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--b--\r\n";
    running.ask("POST", &target, &[("content-type", "multipart/form-data; boundary=b")], body.as_bytes()).is(200);
    assert_eq!(standing(&publication, "members", "xanande@example.org"), "unsubscribed");
    let after = publication.at("2026-09-02T08:00:00Z").short_post("2026-08-20-x.md", "X").published();
    assert!(after.files("outbox/newsletter-2").is_empty(), "nobody is written to who left");
}

#[test]
fn nobody_can_tell_from_outside_whether_an_address_is_known() {
    let (publication, running) = served();
    let publication = publication.after(&["subscribers", "add", "members", "known@x.example"]);
    let publication = publication.after(&["subscribers", "add", "members", "gone@x.example"]);
    let publication = publication.after(&["subscribers", "remove", "members", "gone@x.example"]);
    let publication = publication.after(&["subscribers", "add", "members", "erased@x.example"]);
    let publication = publication.after(&["subscribers", "erase", "erased@x.example"]);
    let addresses = ["known@x.example", "gone@x.example", "erased@x.example", "nobody@x.example"];
    let mut answers = Vec::new();
    for address in addresses {
        let answer = subscribe(&running, &[("address", address), ("list", "members")]).is(200);
        answers.push(answer.text().replace(address, "ADDRESS"));
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:#?}");
    let mails = settled(&publication, &running);
    let subject = |address: &str| mails.iter().find(|(to, ..)| to == address).map(|(_, subject, _)| subject.as_str());
    assert_eq!(subject("known@x.example"), Some("You are subscribed: Members"));
    assert_eq!(subject("gone@x.example"), Some("Confirm your subscription: Members"));
    assert_eq!(subject("nobody@x.example"), Some("Confirm your subscription: Members"));
    assert_eq!(subject("erased@x.example"), None, "nothing is ever written to them again");
    let mut answers = Vec::new();
    for address in ["xanande@example.org", "stranger@x.example"] {
        let token = running.get("/letters/manage?lang=en").hidden("token");
        let answer = running.post("/letters/manage?lang=en", &[("token", &token), ("address", address)]).is(200);
        answers.push(answer.text().replace(address, "ADDRESS"));
    }
    assert_eq!(answers[0], answers[1]);
    let mails = settled(&publication, &running);
    let (_, _, text) = mails.iter().find(|(to, ..)| to == "xanande@example.org").unwrap();
    running.get(&link(text)).is(200).says("xanande@example.org");
    assert!(mails.iter().all(|(to, ..)| to != "stranger@x.example"));
    // Nobody's mailbox is filled by others: at most one message in some minutes.
    subscribe(&running, &[("address", "nobody@x.example"), ("list", "friends")]).is(200);
    assert_eq!(settled(&publication, &running).len(), mails.len());
}

#[test]
fn what_is_filled_in_wrong_is_told_and_what_was_right_is_kept() {
    let (_publication, running) = served();
    let answer = subscribe(&running, &[("address", "nobody"), ("name", "<b>Bo</b>")]).is(422);
    let answer = answer
        .says("value=\"nobody\"")
        .says("&lt;b&gt;Bo&lt;/b&gt;")
        .says("id=\"address-fault\"")
        .says("id=\"list-fault\"");
    assert!(!answer.text().contains("<b>"));
    subscribe(&running, &[("address", "a@x.example"), ("list", "staff")]).is(422).says("list-fault");
    let idn = [("address", "خواننده@مثال.example"), ("list", "members")];
    subscribe(&running, &idn).is(200).says("خواننده@مثال.example");
}

#[test]
fn with_a_relay_messages_go_through_it_at_once() {
    let sink = Behaviour::good().listen();
    let (publication, port) = with_subscriptions();
    let relay = format!("[mail]\ntransport = \"smtp://127.0.0.1:{}\"\nbounces = \"b@compositor.example\"", sink.port);
    let publication = publication.published().reconfigure("[mail]", &relay);
    let running = Running::start(&publication, &["--public"], port);
    subscribe(&running, &[("address", "ann@x.example"), ("list", "members")]).is(200);
    sink.wait_for(1);
    let taken = sink.taken().remove(0);
    assert_eq!(taken.recipient, "ann@x.example");
    settled(&publication, &running);
    let message = MessageParser::default().parse(&taken.bytes).unwrap();
    running.post(&link(&message.body_text(0).unwrap()), &[]).is(200);
    assert_eq!(standing(&publication, "members", "ann@x.example"), "active");
    assert_eq!(sink.count(), 1);
}

#[test]
fn of_two_services_on_one_store_one_writes_to_a_reader() {
    let sink = Behaviour::good().listen();
    let (publication, port) = with_subscriptions();
    let relay = format!("[mail]\ntransport = \"smtp://127.0.0.1:{}\"\nbounces = \"b@compositor.example\"", sink.port);
    let publication = publication.published().reconfigure("[mail]", &relay);
    let running = Running::start(&publication, &["--public"], port);
    let other = Running::start(&publication, &["--public"], free_port());
    for nth in 0..5 {
        let address = format!("r{nth}@x.example");
        subscribe(if nth % 2 == 0 { &running } else { &other }, &[("address", &address), ("list", "members")]).is(200);
    }
    settled(&publication, &running);
    settled(&publication, &other);
    assert_eq!(sink.count(), 5);
}

#[test]
fn without_an_answer_of_the_relay_messages_wait_in_the_store() {
    let (publication, port) = with_subscriptions();
    let publication = publication.published().reconfigure("[mail]", "[mail]\ntransport = \"smtp://127.0.0.1:1\"");
    let running = Running::start(&publication, &["--public"], port);
    subscribe(&running, &[("address", "ann@x.example"), ("list", "members")]).is(200);
    crate::service::wait_until("the message is made", || {
        standing(&publication, "members", "ann@x.example") == "pending"
    });
    assert!(publication.files("outbox/subscriptions").is_empty());
    running.get("/metrics").is(200).says("masthead_notices_waiting 1");
}

#[test]
fn the_log_keeps_of_addresses_what_the_configuration_allows() {
    for (kept, expected) in [("no", None), ("network", Some("127.0.0.0/24")), ("full", Some("127.0.0.1"))] {
        let (publication, port) = with_subscriptions();
        let publication = publication.tables(&format!("[serve]\nkeep_addresses = \"{kept}\"")).published();
        let running = Running::start(&publication, &["--public"], port);
        subscribe(&running, &[("address", "ann@x.example"), ("list", "members")]).is(200);
        settled(&publication, &running);
        let person = known(&publication, "ann@x.example");
        assert_eq!(person["person"]["consent"][0]["network"].as_str(), expected, "{kept}");
    }
}

#[test]
fn what_is_for_members_only_is_offered_to_nobody_unless_the_editors_say_so() {
    let (publication, port) = with_subscriptions();
    let publication = publication.reconfigure("first_number = 92", "first_number = 92\npublic = false").published();
    let running = Running::start(&publication, &["--public"], port);
    let text = running.get("/letters/subscribe?lang=en").is(200).text();
    assert!(!text.contains("members") && text.contains("value=\"friends\""), "{text}");
    for path in [
        "/newsletter/",
        "/newsletter/1/",
        "/newsletter/1/newsletter-1.pdf",
        "/newsletter/feed.xml",
        "/newsletter/1/email.html",
    ] {
        running.get(path).is(404);
    }
    for page in ["/", "/sitemap.xml", "/feed.xml", "/feeds.opml"] {
        assert!(!running.get(page).is(200).text().contains("newsletter/"), "{page} names what is for members only");
    }
    for hidden in
        ["/issues/newsletter/0001/frozen.json", "/../issues/newsletter/0001/frozen.json", "/masthead.db", "/outbox/"]
    {
        running.get(hidden).is(404);
    }
}

#[test]
fn over_postgresql_it_ends_as_it_is_told() {
    let Some(server) = Postgres::quick() else { return };
    let (publication, port) = with_subscriptions();
    let publication = publication.tables(&format!("[store]\nurl = \"{}\"", server.database())).published();
    for asked in [false, true] {
        let running = Running::start(&publication, &["--public"], port);
        if asked {
            subscribe(&running, &[("address", "ann@x.example"), ("list", "members")]).is(200);
            settled(&publication, &running);
        }
        assert_eq!(running.stop().code(), Some(0), "{asked}");
    }
}

#[test]
fn an_edition_has_pages_and_mail_in_its_language() {
    let (publication, port) = with_subscriptions();
    let publication = publication.tables("[edition.ar]\ntitle = \"المنضد\"").published();
    let running = Running::start(&publication, &["--public"], port);
    running.get("/letters/subscribe?lang=en").is(200).says("hreflang=\"ar\"").says("hreflang=\"fa\"");
    let page = running.get_with("/letters/subscribe", &[("accept-language", "ar-LB, en;q=0.5")]).is(200);
    let page = page.says("<html lang=\"ar\" dir=\"rtl\">").says("المنضد");
    let fields =
        [("token", &*page.hidden("token")), ("address", "ann@x.example"), ("list", "members"), ("language", "ar")];
    running.post("/letters/subscribe?lang=ar", &fields).is(200);
    let mails = settled(&publication, &running);
    assert!(mails[0].2.contains("المنضد") && mails[0].2.contains("، 1 Foundry Lane"), "{}", mails[0].2);
}

#[test]
fn a_short_message_bears_no_logo() {
    let (publication, port) = with_subscriptions();
    let publication = publication
        .reconfigure("title = \"The Compositor\"", "title = \"The Compositor\"\nlogo = \"art/logo.png\"")
        .picture("art/logo.png", 8, 8)
        .published();
    let running = Running::start(&publication, &["--public"], port);
    running.get("/letters/subscribe?lang=en").is(200).says("logo.png");
    subscribe(&running, &[("address", "ann@x.example"), ("list", "members")]).is(200);
    assert_eq!(settled(&publication, &running).len(), 1);
    let message = publication.tree("outbox/subscriptions").into_values().next().unwrap();
    let html = MessageParser::default().parse(&message).unwrap().body_html(0).unwrap().into_owned();
    // To filters a short message with a picture is a picture (SpamAssassin: HTML_IMAGE_ONLY_24).
    assert!(html.contains("The Compositor") && !html.contains("<img"), "{html}");
}

#[test]
fn one_click_of_somebody_who_is_not_on_the_list_is_remembered() {
    let (publication, port) = with_subscriptions();
    let publication = publication.published().after(&["send", "newsletter", "1", "--test", "out@y.example"]);
    let message = publication.tree("outbox/test").into_values().next().unwrap();
    let message = MessageParser::default().parse(&message).unwrap();
    let target = link(message.header_raw("List-Unsubscribe").unwrap().split('>').next().unwrap());
    let running = Running::start(&publication, &["--public"], port);
    running.get(&target).is(200);
    assert_eq!(standing(&publication, "members", "out@y.example"), "", "a GET only asks");
    running.post(&format!("{target}x"), &[("List-Unsubscribe", "One-Click")]).is(404);
    assert_eq!(standing(&publication, "members", "out@y.example"), "");
    running.post(&target, &[("List-Unsubscribe", "One-Click")]).is(200);
    assert_eq!(standing(&publication, "members", "out@y.example"), "unsubscribed");
    running.get("/metrics").is(200).says("{event=\"unsubscribed\"} 0");
}

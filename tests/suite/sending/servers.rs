//! Each way in which a server may fail, and the state in which it leaves a delivery.

use std::time::Duration;

use super::sink::{Act, Behaviour, Moment};
use super::{campaign, mail, publication, states, with_mail};
use crate::tools::{output_of, present};

const ONE: [&str; 1] = ["ann@x.example"];

fn state(states: &[(String, String)], address: &str) -> String {
    states.iter().find(|(found, _)| found == address).map(|(_, state)| state.clone()).unwrap()
}

/// The state in which a server with this behaviour leaves one delivery, and its campaign.
fn left(behaviour: Behaviour) -> (String, String, String) {
    let sink = behaviour.listen();
    let publication = publication(&[&sink], &ONE).published_mailed_or_not();
    let (state, reason) = campaign(&publication);
    (states(&publication)[0].1.clone(), state, reason)
}

#[test]
fn a_good_server_gets_each_message_once() {
    let sink = Behaviour::good().listen();
    let readers = ["ann@x.example", "bo@x.example", "cy@y.example"];
    let publication = publication(&[&sink], &readers);
    let report = publication.publish().ok().json();
    assert_eq!(report["delivered"][0]["sent"], 3, "{report}");
    assert_eq!(campaign(&publication).0, "finished");
    let mut taken = sink.taken();
    taken.sort_by(|a, b| a.recipient.cmp(&b.recipient));
    assert_eq!(taken.iter().map(|one| one.recipient.as_str()).collect::<Vec<_>>(), readers);
    for one in &taken {
        assert!(one.return_path.starts_with("b+") && one.return_path.ends_with("@compositor.example"), "{one:?}");
        assert!(one.message_id.ends_with("@compositor.example"));
        let text = String::from_utf8_lossy(&one.bytes);
        assert!(
            text.contains("\r\nList-Unsubscribe: <mailto:") && text.contains("\r\nFeedback-ID: newsletter-1:members:")
        );
    }
    assert!(sink.commands().iter().any(|line| line.contains(" SIZE=")), "the size is announced");
    assert!(sink.sessions() <= 2);
    publication.publish().ok();
    publication.run(&["deliver"]).ok().says("nothing is due");
    assert_eq!(sink.count(), 3, "nobody is written to twice");
}

#[test]
fn refusals_are_for_good_or_for_now() {
    let script = |moment: &Moment, taken: usize| match moment {
        Moment::Rcpt(to) if to.starts_with("gone") => Some(Act::Answer("550 5.1.1 no such user")),
        Moment::Rcpt(to) if to.starts_with("full") && taken < 4 => Some(Act::Answer("452 4.2.2 mailbox full")),
        Moment::Data(to) if to.starts_with("data") => Some(Act::Answer("554 5.6.0 not that")),
        Moment::Taken(to) if to.starts_with("spam") => Some(Act::Refuse("550 5.7.1 looks like spam")),
        Moment::Taken(to) if to.starts_with("busy") && taken < 4 => Some(Act::Refuse("451 4.3.2 later")),
        _ => None,
    };
    let readers = [
        "ann@x.example",
        "gone@x.example",
        "full@x.example",
        "data@x.example",
        "spam@x.example",
        "busy@x.example",
        "zoe@x.example",
    ];
    for abilities in [&["PIPELINING"][..], &[]] {
        let sink = Behaviour::script(script).offering(abilities).listen();
        let publication = publication(&[&sink], &readers).published();
        let after = states(&publication);
        let wanted = ["sent 250", "failed 550", "deferred 452", "failed 554", "failed 550", "deferred 451", "sent 250"];
        assert_eq!(after.iter().map(|(_, state)| state.as_str()).collect::<Vec<_>>(), wanted, "{abilities:?}");
        assert_eq!(campaign(&publication).0, "running", "two are to be tried again");
        publication.run(&["deliver"]).ok().says("nothing is due");
        // Two more were taken by another way meanwhile, so that the script lets everybody in.
        let publication = publication.at("2026-08-02T08:07:00Z");
        for one in ["a@z.example", "b@z.example"] {
            send_by_hand(sink.port, one);
        }
        publication.run(&["deliver"]).ok();
        let after = states(&publication);
        assert_eq!(
            (state(&after, "full@x.example"), state(&after, "busy@x.example")),
            ("sent 250".into(), "sent 250".into())
        );
        assert_eq!(campaign(&publication).0, "finished");
        let tries = publication.run(&["status", "--recipient", "full@x.example"]).ok();
        tries.says("452 4.2.2 mailbox full").says("250 2.0.0 taken");
    }
}

fn send_by_hand(port: u16, to: &str) {
    use std::io::{Read as _, Write as _};
    let mut stream = std::net::TcpStream::connect(("127.0.0.1", port)).unwrap();
    write!(stream, "EHLO x\r\nMAIL FROM:<a@x>\r\nRCPT TO:<{to}>\r\nDATA\r\nX: y\r\n\r\n.\r\nQUIT\r\n").unwrap();
    let mut said = String::new();
    stream.read_to_string(&mut said).unwrap();
    assert!(said.contains("221"), "{said}");
}

#[test]
fn tries_end_after_three_days() {
    let sink =
        Behaviour::script(|moment, _| matches!(moment, Moment::Rcpt(_)).then_some(Act::Answer("450 4.2.0 later")))
            .listen();
    let mut publication = publication(&[&sink], &ONE).published();
    for now in ["02T09", "02T12", "03T00", "04T00"] {
        publication = publication.at(&format!("2026-08-{now}:00:00Z"));
        publication.run(&["deliver"]).ok();
    }
    publication = publication.at("2026-08-05T04:00:00Z");
    publication.run(&["deliver"]).leaves_with(1).says("nobody got newsletter/0001");
    assert_eq!(states(&publication)[0].1, "failed 450");
    publication.run(&["status", "--recipient", ONE[0]]).ok().says("given up after three days: later");
    assert_eq!(campaign(&publication).0, "finished");
}

#[test]
fn a_server_that_refuses_the_sender_or_is_away_costs_no_try() {
    let refusing = |answer: &'static str, when: Moment| {
        Behaviour::script(move |moment, _| (*moment == when).then_some(Act::Answer(answer)))
    };
    for (behaviour, why) in [
        (refusing("550 5.7.1 not from you", Moment::Mail), "refuses the sender: 550"),
        (refusing("554 5.3.2 no service here", Moment::Greeting), "554"),
        (refusing("421 4.3.2 too busy", Moment::Greeting), "421"),
        (refusing("250", Moment::Greeting).offering(&[]), ""),
        (Behaviour::script(|moment, _| (*moment == Moment::Greeting).then_some(Act::Drop)), "closed the connection"),
        (Behaviour::script(|moment, _| (*moment == Moment::Ehlo).then_some(Act::Drop)), "closed the connection"),
        (Behaviour::script(|moment, _| (*moment == Moment::Greeting).then_some(Act::Drip)), "in time"),
        (
            Behaviour::script(|moment, _| {
                (*moment == Moment::Greeting).then(|| Act::Bytes(b"HTTP/1.1 400 Bad Request\r\n".to_vec()))
            }),
            "none of SMTP",
        ),
        (
            Behaviour::script(|moment, _| (*moment == Moment::Greeting).then(|| Act::Bytes(vec![b'2'; 100_000]))),
            "too long",
        ),
        (
            Behaviour::script(|moment, _| (*moment == Moment::Ehlo).then(|| Act::Bytes(b"250-x\r\n".repeat(2000)))),
            "more than 1000 lines",
        ),
        (
            Behaviour::script(|moment, _| {
                (*moment == Moment::Ehlo).then(|| Act::Bytes(b"250-x\r\n500 y\r\n".to_vec()))
            }),
            "codes 250 and 500",
        ),
        (
            Behaviour::script(|moment, _| matches!(moment, Moment::Data(_)).then_some(Act::Answer("250 ok"))),
            "gives no answer to DATA: 250 ok",
        ),
    ] {
        let (delivery, campaign, reason) = left(behaviour);
        if why.is_empty() {
            assert_eq!(delivery, "sent 250", "a greeting without words");
        } else {
            assert_eq!((delivery.as_str(), campaign.as_str()), ("pending", "paused"), "{why}: {reason}");
            assert!(reason.starts_with("no relay can be used: ") && reason.contains(why), "{why}: {reason}");
        }
    }
}

#[test]
fn a_refusal_at_the_greeting_is_told_in_the_words_of_the_relay() {
    let blocked = "554 5.7.1 Client host blocked using zen.spamhaus.org; see https://example.org/";
    for act in [Act::Last(blocked), Act::Answer(blocked)] {
        let (delivery, campaign, reason) =
            left(Behaviour::script(move |moment, _| (*moment == Moment::Ehlo).then(|| act.clone())));
        assert_eq!((delivery.as_str(), campaign.as_str()), ("pending", "paused"), "{reason}");
        assert!(reason.contains("does not greet: 554 Client host blocked using zen.spamhaus.org; see"), "{reason}");
    }
    for unknown in ["500 5.5.1 what", "502 5.5.1 command not implemented"] {
        let old = Behaviour::script(move |moment, _| (*moment == Moment::Ehlo).then_some(Act::Answer(unknown)));
        assert_eq!(left(old).0, "sent 250", "HELO for those who know no better");
    }
}

#[test]
fn what_was_said_of_a_recipient_counts_whatever_becomes_of_the_connection() {
    let sink = Behaviour::script(|moment, _| {
        matches!(moment, Moment::Rcpt(to) if to.starts_with("gone")).then_some(Act::Answer("550 5.1.1 no such user"))
    })
    .careless()
    .listen();
    let readers = ["ann@x.example", "gone1@x.example", "gone2@x.example", "gone3@x.example", "zoe@x.example"];
    let publication = publication(&[&sink], &readers).published_mailed_or_not();
    let after: Vec<String> = states(&publication).into_iter().map(|(_, state)| state).collect();
    assert_eq!(after, ["sent 250", "failed 550", "failed 550", "failed 550", "sent 250"]);
    assert_eq!(campaign(&publication).0, "finished");
    let told = publication.run(&["subscribers", "status", "members", "--json"]).ok().json();
    assert_eq!(told["lists"][0]["suppressed"], 3, "{told}");
}

#[test]
fn an_address_of_ipv6_is_a_name_of_certificates() {
    if !present(std::net::TcpListener::bind("[::1]:0").is_ok(), "there is no IPv6 here") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let Some(tls) = certificate(folder.path(), "IP:::1", "30") else { return };
    let authority = std::fs::read(folder.path().join("ca.pem")).unwrap();
    for scheme in ["smtps", "smtp"] {
        let sink = Behaviour::good().with_tls(tls.clone(), scheme == "smtps").at("::1").listen();
        let mail = mail(&[sink.port], "starttls = \"required\"\nca_file = \"ca.pem\"");
        let mail = mail.replace("smtp://127.0.0.1:", &format!("{scheme}://[::1]:"));
        let mail = if scheme == "smtps" { mail.replace("starttls = \"required\"\n", "") } else { mail };
        let publication = with_mail(&mail)
            .file("readers.csv", "ann@x.example\n")
            .file("ca.pem", &authority)
            .published_mailed_or_not();
        assert_eq!(
            (sink.count(), campaign(&publication).0.as_str()),
            (1, "finished"),
            "{scheme}: {:?}",
            campaign(&publication)
        );
    }
}

#[test]
fn a_campaign_goes_on_when_its_relay_answers_again() {
    let away = Behaviour::script(|moment, _| (*moment == Moment::Greeting).then_some(Act::Drop)).listen();
    let publication = publication(&[&away], &ONE);
    publication.run(&["publish", "--quiet"]).leaves_with(1).says("is paused: no relay can be used");
    let sink = Behaviour::good().listen();
    let publication = publication.reconfigure(&format!(":{}\"", away.port), &format!(":{}\"", sink.port));
    publication.run(&["deliver"]).ok().says("1 message sent");
    assert_eq!(campaign(&publication).0, "finished");
    let told = publication.run(&["status", "--json", "--recipient", ONE[0]]).ok().json();
    assert_eq!(told["deliveries"][0]["attempts"].as_array().unwrap().len(), 1, "{told}");
}

#[test]
fn the_next_relay_takes_over() {
    let away = Behaviour::script(|moment, _| (*moment == Moment::Greeting).then_some(Act::Drop)).listen();
    let sink = Behaviour::good().listen();
    let publication = publication(&[&away, &sink], &["a@x.example", "b@x.example", "c@x.example"]).published();
    assert_eq!(sink.count(), 3);
    assert_eq!(campaign(&publication).0, "finished");
}

#[test]
fn the_next_relay_takes_over_where_one_breaks_every_connection_before_the_body() {
    for at_data in [false, true] {
        let breaks = move |moment: &Moment| {
            if at_data { matches!(moment, Moment::Data(_)) } else { matches!(moment, Moment::Rcpt(_)) }
        };
        let broken = Behaviour::script(move |moment, _| breaks(moment).then_some(Act::Drop)).listen();
        let sink = Behaviour::good().listen();
        let publication = publication(&[&broken, &sink], &["a@x.example", "b@x.example", "c@x.example"]).published();
        assert_eq!(sink.count(), 3, "{:?}", states(&publication));
        assert_eq!(campaign(&publication).0, "finished");
    }
}

#[test]
fn a_server_that_wants_fewer_connections_gets_fewer() {
    let sink = Behaviour::script(|moment, taken| match moment {
        // Two messages on a connection, then it has enough.
        Moment::Mail if taken % 3 == 2 => Some(Act::Answer("421 4.7.0 enough for now")),
        _ => None,
    });
    let sink = sink.listen();
    let readers: Vec<String> = (0..3).map(|n| format!("r{n}@x.example")).collect();
    let readers: Vec<&str> = readers.iter().map(String::as_str).collect();
    let publication =
        publication(&[&sink], &readers).reconfigure("connections = 2", "connections = 1").published_mailed_or_not();
    // The relay says 421 for ever once two are taken: it is down then, and no try is used up.
    let after = states(&publication);
    assert_eq!(after.iter().filter(|(_, state)| state == "sent 250").count(), 2, "{after:?}");
    assert_eq!(after.iter().filter(|(_, state)| state == "pending").count(), 1, "{after:?}");
    assert_eq!(campaign(&publication).0, "paused");
}

#[test]
fn a_connection_that_ends_before_the_body_is_another_chance() {
    // Each connection ends with its second message's recipient.
    let counter = std::sync::atomic::AtomicUsize::new(0);
    let sink = Behaviour::script(move |moment, _| match moment {
        Moment::Rcpt(_) if counter.fetch_add(1, std::sync::atomic::Ordering::SeqCst) % 4 == 3 => Some(Act::Drop),
        _ => None,
    })
    .listen();
    let readers: Vec<String> = (0..9).map(|n| format!("r{n}@x.example")).collect();
    let readers: Vec<&str> = readers.iter().map(String::as_str).collect();
    let publication = publication(&[&sink], &readers).published();
    assert!(states(&publication).iter().all(|(_, state)| state == "sent 250"), "{:?}", states(&publication));
    assert!(sink.by_recipient().values().all(|ids| ids.values().sum::<usize>() == 1));
}

#[test]
fn a_recipient_that_ends_every_connection_is_tried_again_later() {
    let sink =
        Behaviour::script(|moment, _| matches!(moment, Moment::Rcpt(to) if to.starts_with("bad")).then_some(Act::Drop))
            .listen();
    let publication = publication(&[&sink], &["ann@x.example", "bad@x.example", "zoe@x.example"]).published();
    let after = states(&publication);
    assert_eq!(state(&after, "ann@x.example"), "sent 250");
    assert_eq!(state(&after, "zoe@x.example"), "sent 250");
    assert_eq!(state(&after, "bad@x.example"), "deferred");
}

#[test]
fn no_answer_to_a_whole_message_is_ambiguous_until_somebody_settles_it() {
    for (act, what) in [
        (Act::Drop, "closed the connection"),
        (Act::Drip, "in time"),
        (Act::Bytes(b"nonsense\r\n".to_vec()), "none of SMTP"),
    ] {
        let sink = Behaviour::script(move |moment, taken| {
            matches!(moment, Moment::Taken(to) if to.starts_with("bo") && taken < 3).then(|| act.clone())
        })
        .listen();
        let publication = publication(&[&sink], &["ann@x.example", "bo@x.example"]);
        publication.publish().leaves_with(1).says("nobody knows whether a server took them");
        let after = states(&publication);
        assert_eq!(after[1].1, "ambiguous", "{what}");
        assert_eq!(campaign(&publication).0, "finished");
        publication.run(&["deliver"]).ok().says("nothing is due");
        assert_eq!(sink.count(), 2, "never sent again by itself");
        publication.run(&["status"]).ok().says("1 ambiguous");
        publication.run(&["resolve", "newsletter", "1"]).ok().says("bo@x.example").says(what);
        publication.run(&["resolve", "newsletter", "1", "--resend"]).ok().says("1 message");
        send_by_hand(sink.port, "z@z.example");
        publication.run(&["deliver"]).ok().says("1 message sent");
        let bo = &sink.by_recipient()["bo@x.example"];
        assert_eq!(bo.values().copied().collect::<Vec<_>>(), [2], "under the same Message-ID");
        assert_eq!(campaign(&publication).0, "finished");
    }
}

#[test]
fn a_server_that_drips_holds_no_connection() {
    let begun = std::time::Instant::now();
    let sink = Behaviour::script(|moment, _| {
        matches!(moment, Moment::Rcpt(to) if to.starts_with("slow")).then_some(Act::Drip)
    })
    .listen();
    let publication = publication(&[&sink], &["ann@x.example", "slow@x.example"]).published();
    let after = states(&publication);
    assert_eq!(after[0].1, "sent 250");
    assert_eq!(after[1].1, "deferred");
    assert!(begun.elapsed() < Duration::from_secs(30), "{:?}", begun.elapsed());
}

/// A server's certificate for `name`, valid for so many days, and the file of its own authority.
pub(super) fn certificate(
    folder: &std::path::Path,
    name: &str,
    days: &str,
) -> Option<std::sync::Arc<rustls::ServerConfig>> {
    self_signed(folder, name, days, "CA:FALSE")
}

fn self_signed(
    folder: &std::path::Path,
    name: &str,
    days: &str,
    constraint: &str,
) -> Option<std::sync::Arc<rustls::ServerConfig>> {
    use rustls::pki_types::pem::PemObject as _;
    use rustls::pki_types::{CertificateDer, PrivateKeyDer};
    let path = |file: &str| folder.join(file).display().to_string();
    let subject = format!("/CN={name}");
    let names = format!("subjectAltName={name}");
    output_of(
        "openssl",
        &[
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-keyout",
            &path("key.pem"),
            "-out",
            &path("ca.pem"),
            "-days",
            days,
            "-subj",
            &subject.replace(':', "="),
            "-addext",
            &names,
            "-addext",
            &format!("basicConstraints=critical,{constraint}"),
        ],
    )?;
    let chain = vec![CertificateDer::from_pem_file(path("ca.pem")).unwrap()];
    let key = PrivateKeyDer::from_pem_file(path("key.pem")).unwrap();
    let provider = std::sync::Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    Some(std::sync::Arc::new(config.with_no_client_auth().with_single_cert(chain, key).unwrap()))
}

#[test]
fn credentials_go_over_tls_and_nowhere_else() {
    let folder = tempfile::tempdir().unwrap();
    let Some(tls) = certificate(folder.path(), "IP:127.0.0.1", "30") else { return };
    let authority = std::fs::read(folder.path().join("ca.pem")).unwrap();
    let keys = "user = \"news\"\npassword_env = \"SMTP_PASSWORD\"\nca_file = \"ca.pem\"";
    let made = |port: u16, scheme: &str, password: &str| {
        with_mail(&mail(&[port], keys).replace("smtp://", scheme))
            .file("readers.csv", "ann@x.example\n")
            .file("ca.pem", &authority)
            .environment("SMTP_PASSWORD", password)
    };
    for (abilities, scheme) in [
        (["PIPELINING", "AUTH PLAIN LOGIN"], "smtp://"),
        (["PIPELINING", "AUTH LOGIN"], "smtp://"),
        (["SIZE", "AUTH=PLAIN"], "smtps://"),
    ] {
        let sink = Behaviour::good().offering(&abilities).with_tls(tls.clone(), scheme == "smtps://").listen();
        let publication = made(sink.port, scheme, "secret").published_mailed_or_not();
        assert_eq!(sink.count(), 1, "{abilities:?} {scheme}");
        publication.run(&["doctor"]).ok().says("answers by TLS, takes the password");
        assert!(sink.commands().iter().any(|line| line.starts_with("AUTH ")), "{:?}", sink.commands());
        let sink = Behaviour::good().offering(&abilities).with_tls(tls.clone(), scheme == "smtps://").listen();
        let publication = made(sink.port, scheme, "wrong").published_mailed_or_not();
        let (state, reason) = campaign(&publication);
        assert_eq!((sink.count(), state.as_str()), (0, "paused"));
        assert!(reason.contains("does not take the user's name and password: 535"), "{reason}");
        assert!(!reason.contains("wrong"), "{reason}");
        publication.run(&["doctor"]).ok().says("does not take the user's name and password: 535").says_not("wrong");
    }
    let clear = Behaviour::good().offering(&["AUTH PLAIN LOGIN"]).listen();
    let publication = made(clear.port, "smtp://", "secret").published_mailed_or_not();
    assert!(campaign(&publication).1.contains("offers no STARTTLS"), "{:?}", campaign(&publication));
    assert!(!clear.commands().iter().any(|line| line.starts_with("AUTH")), "{:?}", clear.commands());
    for starttls in ["optional", "never"] {
        let publication = with_mail(&mail(&[clear.port], &format!("{keys}\nstarttls = \"{starttls}\"")))
            .file("readers.csv", "ann@x.example\n")
            .file("ca.pem", &authority)
            .environment("SMTP_PASSWORD", "secret")
            .published_mailed_or_not();
        assert!(campaign(&publication).1.contains("not sent over a connection without TLS"), "{starttls}");
        assert!(!clear.commands().iter().any(|line| line.starts_with("AUTH")), "{starttls}");
    }
    made(clear.port, "smtp://", "").run(&["publish"]).leaves_with(2).says("`SMTP_PASSWORD` is not set");
    let publication = made(clear.port, "smtps://", "secret").published_mailed_or_not();
    let (_, reason) = campaign(&publication);
    assert!(reason.contains(&format!("port {} speaks without TLS at first: `smtp://`", clear.port)), "{reason}");
}

#[test]
fn certificates_are_checked() {
    let folder = tempfile::tempdir().unwrap();
    let other = tempfile::tempdir().unwrap();
    let Some(tls) = certificate(folder.path(), "IP:127.0.0.1", "30") else { return };
    let Some(wrong_name) = certificate(other.path(), "DNS:other.example", "30") else { return };
    let third = tempfile::tempdir().unwrap();
    let Some(authority) = self_signed(third.path(), "IP:127.0.0.1", "30", "CA:TRUE") else { return };
    let of_authority = std::fs::read(third.path().join("ca.pem")).unwrap();
    let ours = std::fs::read(folder.path().join("ca.pem")).unwrap();
    let others = std::fs::read(other.path().join("ca.pem")).unwrap();
    let left = |behaviour: Behaviour, keys: &str, authority: &[u8]| {
        let sink = behaviour.listen();
        let publication = with_mail(&mail(&[sink.port], keys))
            .file("readers.csv", "ann@x.example\n")
            .file("ca.pem", authority)
            .published_mailed_or_not();
        let (state, reason) = campaign(&publication);
        (sink.count(), state, reason)
    };
    let required = "starttls = \"required\"\nca_file = \"ca.pem\"";
    assert_eq!(left(Behaviour::good().with_tls(tls.clone(), false), required, &ours).0, 1);
    for (behaviour, keys, authority, why) in [
        (Behaviour::good().with_tls(tls.clone(), false), "starttls = \"required\"", &ours, "not believed; `ca_file`"),
        (Behaviour::good().with_tls(tls.clone(), false), required, &others, "TLS: "),
        (Behaviour::good().with_tls(wrong_name, false), required, &others, "not valid for name"),
        (Behaviour::good().with_tls(authority, false), required, &of_authority, "CA:FALSE"),
        (Behaviour::good(), required, &ours, "offers no STARTTLS"),
        (
            Behaviour::script(|moment, _| {
                (*moment == Moment::StartTls).then(|| Act::Bytes(b"220 go on\r\nnonsense\r\n".to_vec()))
            })
            .offering(&["STARTTLS"]),
            required,
            &ours,
            "",
        ),
        (
            Behaviour::script(|moment, _| (*moment == Moment::StartTls).then_some(Act::Answer("454 4.7.0 not now")))
                .offering(&["STARTTLS"]),
            required,
            &ours,
            "does not begin TLS: 454",
        ),
    ] {
        let (count, state, reason) = left(behaviour, keys, authority);
        assert_eq!((count, state.as_str()), (0, "paused"), "{why}: {reason}");
        assert!(reason.contains(why), "{why}: {reason}");
    }
}

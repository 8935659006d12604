//! `masthead doctor`: what surrounds a publication.

use std::time::Duration;

use crate::publication::Publication;
use crate::samples::bilingual;
use crate::sending::sink::{Behaviour, Moment};
use crate::sending::{mail, sink::Act, with_mail};
use crate::server::{Server, says};
use crate::service::{Running, free_port};

/// What was found of one thing.
fn verdict(publication: &Publication, what: &str) -> String {
    let told = publication.run(&["doctor", "--json"]).ok().json();
    let rows = told["examined"].as_array().unwrap();
    let found = rows.iter().filter(|row| row["what"] == what).map(|row| row["verdict"].as_str().unwrap().to_owned());
    found.collect::<Vec<_>>().join("; ")
}

#[test]
fn a_publication_that_mails_to_files_is_well() {
    let publication = bilingual().published();
    let before = publication.tree(".");
    publication.run(&["doctor", "--strict"]).ok().says("no fault was found").says("masthead.db can be used");
    assert_eq!(verdict(&publication, "mail"), "goes to files under outbox/");
    assert!(publication.tree(".") == before, "nothing is changed, and nothing is left behind");
}

#[test]
fn a_clock_that_is_behind_what_was_frozen_is_told() {
    let publication = bilingual().published().at("2020-01-01T00:00:00Z");
    publication.run(&["doctor"]).ok().says("the clock stands at 2020-01-01T00:00:00Z, and ").says("set the clock");
    publication.run(&["doctor", "--strict"]).leaves_with(3);
}

#[test]
fn relays_are_greeted_and_nothing_is_handed_over() {
    let sink = Behaviour::good().offering(&["SIZE 25000000", "SMTPUTF8"]).listen();
    let publication = with_mail(&mail(&[sink.port], "")).file("readers.csv", "a@x.example\n");
    let told = verdict(&publication, "relay");
    assert_eq!(told, format!("127.0.0.1:{} answers in clear, takes messages of up to 25.0 MB", sink.port));
    assert_eq!((sink.count(), sink.commands().last().map(String::as_str)), (0, Some("QUIT")));
}

#[test]
fn relays_that_cannot_be_used_are_told_each() {
    let refusing = Behaviour::script(|moment, _| matches!(moment, Moment::Ehlo).then_some(Act::Answer("421 go away")));
    let (refusing, good) = (refusing.listen(), Behaviour::good().listen());
    let closed = free_port();
    let publication = with_mail(&mail(&[refusing.port, closed, good.port], "")).file("readers.csv", "a@x.example\n");
    let run = publication.run(&["doctor"]).ok();
    let run = run.says(&format!("127.0.0.1:{}: the relay does not greet: 421 go away", refusing.port));
    let run = run.says(&format!("127.0.0.1:{closed}: nobody listens there"));
    run.says(&format!("127.0.0.1:{} answers in clear", good.port)).says("2 warnings");
}

#[test]
fn a_relay_that_is_only_asked_may_need_ten_seconds_whoever_asks() {
    let wait = |seconds| {
        let greet = move |moment: &Moment, _| {
            matches!(moment, Moment::Greeting).then_some(Act::Wait(Duration::from_secs(seconds)))
        };
        Behaviour::script(greet).listen()
    };
    let (patient, silent) = (wait(7), wait(15));
    let publication = with_mail(&mail(&[patient.port, silent.port], "").replace("timeout = 2\n", ""))
        .reconfigure("mail = \"auto\"", "mail = \"manual\"")
        .file("readers.csv", "a@x.example\n")
        .published();
    std::thread::scope(|scope| {
        for (verb, says) in
            [(&["send", "newsletter", "1"][..], "takes messages of up to"), (&["doctor"], "answers in clear")]
        {
            let (publication, patient, silent) = (&publication, &patient, &silent);
            scope.spawn(move || {
                let told = publication.run(verb).ok();
                let told = told.says(&format!("127.0.0.1:{} {says}", patient.port));
                told.says(&format!("127.0.0.1:{}", silent.port)).says("there was no answer in time");
            });
        }
    });
}

#[cfg(unix)]
#[test]
fn secrets_that_others_may_read_are_told() {
    use std::os::unix::fs::PermissionsExt as _;
    let publication = bilingual().file("secret", "a-secret-of-more-than-32-characters-for-tests\n").published();
    let file = publication.path("secret");
    let publication =
        publication.environment("MASTHEAD_SECRET", "").environment("MASTHEAD_SECRET_FILE", file.to_str().unwrap());
    let allow = |mode| std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).unwrap();
    allow(0o640);
    publication.run(&["doctor"]).ok().says("other users of this machine may read a secret").says("chmod 600");
    allow(0o600);
    publication.run(&["doctor"]).ok().says("1 kept in files").says("no fault was found");
    std::fs::write(&file, "short\n").unwrap();
    publication.run(&["doctor", "--strict"]).leaves_with(3).says("a secret that links are made from is short");
    std::fs::write(&file, "\n").unwrap();
    publication.run(&["doctor"]).ok().says("MASTHEAD_SECRET_FILE names has no secret");
    std::fs::remove_file(&file).unwrap();
    publication.run(&["doctor"]).ok().says("MASTHEAD_SECRET_FILE names a file that is not there");
}

#[test]
fn the_address_at_which_readers_subscribe_must_answer() {
    let port = free_port();
    let url = format!("http://127.0.0.1:{port}/letters/");
    let publication = bilingual()
        .reconfigure("[mail]", &format!("[mail]\nsubscriptions_url = \"{url}\""))
        .environment("MASTHEAD_SECRET", "a-secret-of-more-than-32-characters-for-tests")
        .published();
    publication
        .run(&["doctor"])
        .ok()
        .says(&format!("nobody can subscribe or unsubscribe at `{}`", url.trim_end_matches('/')));
    let running = Running::start(&publication, &["--public"], port);
    assert_eq!(verdict(&publication, "subscriptions"), format!("{} answers", url.trim_end_matches('/')));
    drop(running);
    // A site that shows its first page at every address.
    let page = || says("200 OK\r\nContent-Type: text/html", "<p>hello</p>");
    let site = Server::start(vec![("/letters/subscribe", page()), ("/letters/subscriptions.css", page())]);
    let publication = publication.reconfigure(&format!(":{port}/"), &format!(":{}/", site.port()));
    publication.run(&["doctor"]).ok().says("something else than `masthead serve --public` answers");
}

//! A service whose configuration is changed while it runs.

use std::time::Duration;

use super::servers::certificate;
use super::sink::Behaviour;
use super::verbs::{Watch, by_hand, wait_for_state};
use super::{mail, publication, with_mail};
use crate::publication::Publication;

/// Writes config.toml as an editor does beside a run.
fn change(publication: &Publication, from: &str, to: &str) {
    let before = publication.read("config.toml");
    assert!(before.contains(from), "{from} is not in config.toml");
    std::fs::write(publication.path("config.toml"), before.replace(from, to)).unwrap();
}

/// Waits until a service has the lock of those who send.
fn wait_for_service(publication: &Publication) {
    while publication.command(&["deliver"]).output().unwrap().status.success() {
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn a_service_goes_by_what_config_toml_says_by_then() {
    let (before, after) = (Behaviour::good().listen(), Behaviour::good().listen());
    let publication = by_hand(publication(&[&before], &["ann@x.example"]));
    let watch = Watch::begin(&publication);
    wait_for_service(&publication);
    std::fs::write(publication.path("members.csv"), "ann@x.example\nbo@x.example\ncy@x.example\n").unwrap();
    change(&publication, "readers.csv", "members.csv");
    change(&publication, &before.port.to_string(), &after.port.to_string());
    publication.run(&["send", "newsletter", "1", "--yes"]).ok().says("to 3 readers").says("another run is sending");
    after.wait_for(3);
    wait_for_state(&publication, "finished");
    assert_eq!(before.count(), 0);
    watch.end().ok().says_not("taken off");
}

#[test]
fn a_service_sends_nothing_by_a_configuration_that_is_wrong() {
    let sink = Behaviour::good().listen();
    let publication = by_hand(publication(&[&sink], &["ann@x.example"]));
    publication.run(&["send", "newsletter", "1", "--yes", "--at", "2026-08-02T08:00:03Z"]).ok();
    let watch = Watch::begin(&publication);
    wait_for_service(&publication);
    let transport = format!("transport = \"smtp://127.0.0.1:{}\"", sink.port);
    change(&publication, &transport, "transport = \"file\"");
    std::thread::sleep(Duration::from_secs(6));
    change(&publication, "transport = \"file\"", "transport = 1");
    std::thread::sleep(Duration::from_secs(6));
    assert_eq!(sink.count(), 0);
    change(&publication, "transport = 1", &transport);
    sink.wait_for(1);
    let told = watch.end().ok().says("config.toml:").says("nothing is sent until this is mended");
    assert_eq!(told.stderr.matches("mail goes to files").count(), 1, "{}", told.stderr);
}

#[test]
fn a_service_reads_a_password_again() {
    let folder = tempfile::tempdir().unwrap();
    let Some(tls) = certificate(folder.path(), "IP:127.0.0.1", "30") else { return };
    let sink = Behaviour::good().offering(&["PIPELINING", "AUTH PLAIN"]).with_tls(tls, false).listen();
    let keys = "user = \"news\"\npassword_file = \"password\"\nca_file = \"ca.pem\"";
    let publication = with_mail(&mail(&[sink.port], keys))
        .file("readers.csv", "ann@x.example\n")
        .file("ca.pem", std::fs::read(folder.path().join("ca.pem")).unwrap())
        .file("password", "wrong\n");
    let publication = by_hand(publication);
    let watch = Watch::begin(&publication);
    wait_for_service(&publication);
    publication.run(&["send", "newsletter", "1", "--yes"]).ok();
    wait_for_state(&publication, "paused");
    std::fs::write(publication.path("password"), "secret\n").unwrap();
    sink.wait_for(1);
    watch.end().ok().says("does not take the user's name and password");
}

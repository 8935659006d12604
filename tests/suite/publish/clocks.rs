//! A time that is before what was frozen.

use std::process::Command;

use crate::publication::{Publication, assert_same};
use crate::run::Run;
use crate::samples::july;

/// A run by the clock of this machine.
fn by_the_clock<'p>(publication: &'p Publication, arguments: &[&str]) -> Run<'p> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_masthead"));
    let output = command.current_dir(publication.folder()).args(arguments).env("NO_COLOR", "1").output().unwrap();
    Run::from_output(publication, arguments, &output)
}

#[test]
fn a_clock_that_is_behind_takes_nothing_off_the_web() {
    let publication = july().at("2098-08-02T08:00:00Z").published().short_post("undated.md", "Undated");
    let before = publication.tree(".");
    for arguments in [
        &["publish"][..],
        &["publish", "--quiet"],
        &["build"],
        &["collect"],
        &["issue", "new", "newsletter"],
        &["issue", "amend", "newsletter", "-m", "why"],
    ] {
        let run = by_the_clock(&publication, arguments).leaves_with(1);
        run.says("the clock of this machine stands at 20")
            .says("newsletter/0002 was frozen later, at 2098-08-02T08:00:00Z");
    }
    let mut after = publication.tree(".");
    after.remove(".masthead-lock");
    let without_lock = before.into_iter().filter(|(path, _)| path != ".masthead-lock").collect();
    assert_same(&without_lock, &after);
    // What has it done all the same is the time, said.
    publication.publish().ok().quiet();
}

#[test]
fn an_issue_that_was_frozen_by_a_wrong_clock_is_told_and_stops_nothing() {
    let publication = july().published().short_post("2026-08-10-two.md", "Two").at("2026-09-02T08:00:00Z").published();
    let publication = publication.short_post("2026-09-10-three.md", "Three").at("2098-01-02T08:00:00Z").published();
    let run = by_the_clock(&publication, &["publish"]).ok();
    run.says("the clock of this machine stands at 20")
        .says("newsletter/0003 was frozen later, at 2098-01-02T08:00:00Z");
}

#[test]
fn a_clock_that_is_right_is_no_hindrance() {
    let publication = july().published();
    by_the_clock(&publication, &["publish", "--json"]).ok().quiet();
}

#[test]
fn who_says_the_time_may_look_back_and_is_told() {
    let publication = july().published().at("2026-07-25T08:00:00Z");
    let told = "the time of `--now` stands at 2026-07-25T08:00:00Z, and newsletter/0001 was frozen later";
    for arguments in [&["publish", "--quiet"][..], &["build"]] {
        publication.run(arguments).ok().says(told).says("posts that are later than this time are not published");
    }
    // Clocks of several machines differ by a little.
    publication.at("2026-08-02T07:56:00Z").publish().ok().quiet();
}

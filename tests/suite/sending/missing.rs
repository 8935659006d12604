//! What is not at hand any more: the series of a campaign, the folder of its issue, the store that knew of it.

use super::sink::Behaviour;
use super::verbs::by_hand;
use super::{campaign, publication};
use crate::publication::Publication;

/// The newsletter of July, which is to go out on the 4th of August.
fn scheduled(publication: Publication) -> Publication {
    by_hand(publication).after(&["send", "newsletter", "1", "--yes", "--at", "2026-08-04T08:00:00Z"])
}

#[test]
fn a_campaign_whose_series_is_gone_is_told_and_can_be_stopped() {
    let sink = Behaviour::good().listen();
    let publication = scheduled(publication(&[&sink], &["ann@x.example"])).at("2026-08-05T08:00:00Z");
    let without = publication.copy().reconfigure("[series.newsletter]", "[series.letters]");
    let why = "config.toml has no series `newsletter`, and mail of newsletter/0001 goes out all the same; \
               `masthead cancel newsletter 0001` ends it";
    without.run(&["check"]).ok().says(why);
    without.run(&["status", "newsletter"]).ok().says("newsletter/0001: ").says(why);
    without.run(&["status", "newslettre"]).leaves_with(2).says("there is no series");
    without.run(&["pause", "newsletter", "1", "-m", "it was given up"]).ok().says("newsletter/0001: paused");
    without.run(&["resume", "newsletter", "1"]).leaves_with(2).says("there is no series `newsletter`");
    without.run(&["cancel", "newsletter", "7"]).leaves_with(2).says("there is no series `newsletter`");
    without.run(&["cancel", "newsletter"]).ok().says("newsletter/0001: cancelled");
    without.run(&["check"]).ok().says_not(why);
    without.run(&["deliver"]).ok().says("nothing is due");
    assert_eq!(sink.count(), 0);
    // What nobody stops goes out as it was queued.
    let gone = publication.reconfigure("[series.newsletter]", "[series.letters]");
    gone.run(&["deliver"]).ok().says("1 message sent");
}

#[test]
fn a_campaign_whose_issue_is_not_at_hand_can_be_stopped() {
    let sink = Behaviour::good().listen();
    let publication = scheduled(publication(&[&sink], &["ann@x.example"])).at("2026-08-05T08:00:00Z");
    std::fs::remove_dir_all(publication.path("issues/newsletter/0001")).unwrap();
    publication.run(&["deliver"]).leaves_with(1).says("is gone").says("`masthead cancel`");
    publication.run(&["status", "newsletter", "1"]).ok().says("newsletter/0001: running");
    publication.run(&["resolve", "newsletter", "1"]).ok().says("nothing is ambiguous");
    publication.run(&["pause", "newsletter", "0001"]).ok().says("newsletter/0001: paused");
    publication.run(&["resume", "newsletter", "1"]).leaves_with(2).says("no such issue");
    publication.run(&["pause", "newsletter", "2"]).leaves_with(2).says("no such issue");
    publication.run(&["cancel", "newsletter", "1"]).ok().says("newsletter/0001: cancelled");
    assert_eq!((sink.count(), campaign(&publication).0), (0, "cancelled".to_owned()));
}

#[test]
fn what_was_mailed_and_the_store_does_not_know_is_sent_again_by_a_word_alone() {
    let sink = Behaviour::good().listen();
    let publication = by_hand(publication(&[&sink], &["ann@x.example", "bo@x.example"]));
    let earlier = publication.bytes("masthead.db");
    publication.run(&["send", "newsletter", "1", "--yes", "--again"]).ok().says("2 messages sent");
    let said = "issues/ says that Newsletter 1 (newsletter/0001) was mailed, and the store knows nothing of it";
    publication.run(&["send", "newsletter", "1"]).ok().says_not(said).says("queued before");
    for journal in ["masthead.db-wal", "masthead.db-shm"] {
        let _ = std::fs::remove_file(publication.path(journal));
    }
    let restored = publication.file("masthead.db", earlier);
    let dry = restored.run(&["send", "newsletter", "1"]).ok();
    dry.says(said).says("would go to 2 readers").says("`--yes --again` sends it");
    restored.run(&["send", "newsletter", "1", "--yes"]).leaves_with(1).says(said).says("`--yes --again`");
    assert_eq!(sink.count(), 2, "nobody got it twice");
    restored.run(&["send", "newsletter", "1", "--test", "ed@y.example"]).ok();
    // What went to nobody is no reason.
    let mailed = "issues/newsletter/0001/released/r1/mailed.json";
    let counts = restored.read(mailed);
    let nobody = restored.copy().file(mailed, "{\n  \"members\": 0\n}\n");
    nobody.run(&["send", "newsletter", "1"]).ok().says_not(said).says("`--yes` sends it");
    assert_eq!(counts, "{\n  \"members\": 2\n}\n");
    restored.run(&["send", "newsletter", "1", "--yes", "--again"]).ok().says("2 messages sent");
}

#[test]
fn a_copy_of_the_folder_that_is_older_than_the_store_is_told_as_that() {
    let sink = Behaviour::good().listen();
    let publication = scheduled(publication(&[&sink], &["ann@x.example"]));
    let older = publication.read("issues/newsletter/0001/frozen.json");
    let publication = publication.edit("posts/2026-07-10-one.md", "A line of type", "Another line");
    let publication = publication.after(&["issue", "amend", "newsletter", "1", "-m", "again"]).after(&["publish"]);
    let publication = publication.after(&["resume", "newsletter", "1", "--amended", "--at", "2026-08-05T07:00:00Z"]);
    std::fs::write(publication.path("issues/newsletter/0001/frozen.json"), older).unwrap();
    std::fs::remove_dir_all(publication.path("issues/newsletter/0001/released/r2")).unwrap();
    let told = publication.at("2026-08-05T08:00:00Z");
    told.run(&["deliver"]).leaves_with(1).says("revision 2, is gone").says("may be older than the store");
    assert_eq!(sink.count(), 0);
}

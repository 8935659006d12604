//! Issues that do not go out by themselves: nobody can say who is on a list, or they may have gone out under another name.

use masthead::model::sha256_hex;
use serde_json::json;

use super::sink::{Act, Behaviour, Moment};
use super::{mail, publication, with_mail};
use crate::publication::Publication;

/// The same publication a month later, with something to print.
fn next_month(publication: Publication) -> Publication {
    publication.short_post("2026-08-10-two.md", "Two").at("2026-09-02T08:00:00Z")
}

#[test]
fn no_issue_goes_by_itself_to_a_list_from_whose_file_somebody_may_have_been_taken() {
    let sink = Behaviour::good().listen();
    let readers = ["ann@x.example", "bo@x.example", "cy@x.example"];
    let published = next_month(publication(&[&sink], &readers).published());
    let latin: &[u8] = b"email,name\nann@x.example,\ncy@x.example,Ren\xe9\n";
    for (flawed, why) in [
        (Some(&b"ann@x.example\ncy at x.example\n"[..]), "the file has lost 2 readers of the list `members`"),
        (Some(&b"email,status\nann@x.example,\ncy@x.example,disabled\n"[..]), "the file has lost 2 readers"),
        (Some(&b"ann.x.example,Ann,en\ncy@x.example,Cy,fa\n"[..]), "the file has lost 2 readers"),
        (Some(&b"Name,Kontakt\nAnn,ann@x.example\nCy,cy@x.example\n"[..]), "no heading of the file says where"),
        (Some(latin), "the list is not in UTF-8"),
        (Some(b""), "it is empty"),
        (None, "the readers of the list `members` are not at hand"),
    ] {
        let before = sink.count();
        let copy = published.copy();
        let copy = match flawed {
            Some(bytes) => copy.file("readers.csv", bytes),
            None => copy.without("readers.csv"),
        };
        for _ in 0..2 {
            copy.run(&["publish", "--quiet"]).leaves_with(1).says("newsletter/0002 is not mailed").says(why);
        }
        copy.run(&["subscribers", "status"]).ok().says(why);
        let told = copy.publish().leaves_with(1).json();
        assert_eq!((&told["held"], &told["mailed"]), (&json!(["Newsletter 2"]), &json!([])), "{told}");
        assert_eq!(sink.count(), before, "{why}");
        // It waits for the first run that can read the file.
        let copy = copy.file("readers.csv", "ann@x.example\ncy@x.example\n");
        copy.run(&["publish", "--quiet"]).ok().says_not("not mailed");
        copy.run(&["publish", "--quiet"]).ok();
        let last: Vec<String> = sink.taken()[before..].iter().map(|one| one.recipient.clone()).collect();
        let mut sorted = last.clone();
        sorted.sort();
        assert_eq!(sorted, ["ann@x.example", "cy@x.example"], "{why}");
    }
    // Whoever has read the warning may send it.
    let flawed = published.file("readers.csv", "ann@x.example\ncy at x.example\n");
    flawed.run(&["publish", "--quiet"]).leaves_with(1).says("`masthead send newsletter 0002 --yes`");
    flawed.run(&["send", "newsletter", "2", "--yes"]).ok().says("the file has lost").says("3 messages sent");
}

#[test]
fn an_issue_whose_digest_cannot_be_read_is_told_by_each_run_and_the_others_go_out() {
    let sink = Behaviour::good().listen();
    let publication = next_month(publication(&[&sink], &["ann@x.example"]).published()).published();
    assert_eq!(sink.count(), 2);
    // As of another version, and of a run that was stopped before it had noted that it queued the second.
    let released = "issues/newsletter/0002/released/r1";
    let (digest, release) = (format!("{released}/digest.json"), format!("{released}/release.json"));
    let (old, new) = (publication.bytes(&digest), b"{\"format\": 99}");
    let publication = publication
        .edit(&release, &sha256_hex(&old), &sha256_hex(new))
        .file(&digest, new)
        .without(&format!("{released}/mailed.json"));
    let publication = publication.short_post("2026-09-10-three.md", "Three").at("2026-10-02T08:00:00Z");
    let unread = format!("{digest}: the digest of newsletter/0002, revision 1, cannot be read: ");
    for mails in [1, 0] {
        let before = sink.count();
        let told = publication.run(&["publish", "--quiet"]).leaves_with(1);
        told.says(&unread).says("bring it back from a backup");
        assert_eq!(sink.count() - before, mails, "the third issue goes out");
    }
    assert_eq!(publication.publish().leaves_with(1).json()["held"], json!(["Newsletter 2"]));
    publication.run(&["send", "newsletter", "2"]).leaves_with(1).says(&unread);
    let publication = publication.file(&digest, &old).edit(&release, &sha256_hex(new), &sha256_hex(&old));
    publication.run(&["publish", "--quiet"]).ok().says_not("digest");
    assert_eq!(sink.count(), 3, "nobody twice");
}

#[test]
fn columns_of_a_list_of_which_nothing_is_taken_are_told_once() {
    let told = "readers.csv: nothing was taken of these columns: `Phone`";
    let publication = with_mail("[mail]\nfrom = \"a@x.example\"").file("readers.csv", "email,Phone\nann@x.example,1\n");
    publication.run(&["publish", "--quiet"]).ok().says(told);
    for arguments in [&["publish"][..], &["publish", "--quiet"], &["publish", "--strict"]] {
        publication.run(arguments).ok().says_not("columns");
    }
    publication.run(&["check", "--strict"]).ok().says(told).says("no fault was found");
    let other = publication.file("readers.csv", "email,Phone,Town\nann@x.example,1,Leeds\n");
    other.run(&["publish"]).ok().says("`Phone`, `Town`");
    other.run(&["publish"]).ok().says_not("columns");
}

#[test]
fn of_issues_that_waited_the_newest_goes_and_the_others_are_told_with_what_sends_them() {
    let sink = Behaviour::good().listen();
    let without_file = with_mail(&mail(&[sink.port], ""));
    without_file.run(&["publish", "--quiet"]).leaves_with(1);
    let held = next_month(without_file);
    held.run(&["status"]).ok().says("newsletter/0001 was not mailed yet; `masthead publish` mails it");
    // The turn of the first is over, which also a quiet run says; the second waits.
    let both = held.run(&["publish", "--quiet"]).leaves_with(1);
    both.says("newsletter/0001 was not mailed from here")
        .says("newsletter/0002 is not mailed")
        .says_not("0001 is not mailed");
    let mended = held.file("readers.csv", "ann@x.example\n");
    let told = mended.publish().ok().json();
    assert_eq!(told["unmailed"], json!([{"issue": "newsletter/0001", "waits": false}]), "{told}");
    assert_eq!(sink.count(), 1);
    for verb in ["publish", "status", "check"] {
        mended.run(&[verb]).ok().says("`masthead send newsletter 0001 --yes` mails it");
    }
    mended.run(&["publish", "--quiet"]).ok().says_not("newsletter");
    mended.run(&["publish", "--strict"]).ok();
    // Nobody expects an old issue any more.
    let old = mended.copy().at("2027-09-02T08:00:00Z");
    old.run(&["status"]).ok().says_not("not mailed from here");
    mended.run(&["send", "newsletter", "1", "--yes"]).ok().says("1 message sent");
    mended.run(&["status"]).ok().says_not("not mailed from here");
}

#[test]
fn issues_that_a_run_catches_up_with_are_told_as_long_as_they_are_young() {
    let sink = Behaviour::good().listen();
    let published = publication(&[&sink], &["ann@x.example"]).published();
    let away = published.short_post("2026-08-10-two.md", "Two").short_post("2026-09-10-three.md", "Three");
    let away = away.short_post("2026-10-10-four.md", "Four").at("2026-11-02T08:00:00Z");
    away.run(&["publish", "--quiet"])
        .ok()
        .says("newsletter: these were not mailed from here")
        .says("0002, 0003; `masthead send");
    assert_eq!(sink.count(), 2, "the newest alone");
    away.run(&["publish", "--quiet"]).ok().says_not("newsletter");
    away.run(&["check"]).ok().says("`masthead send newsletter 0003 --yes` mails the last");
    // What was made long ago and never handed over, by a run that died or in a copy without released/, does not go by itself.
    let old = away.copy().without("issues/newsletter/0004/released").without("masthead.db").at("2027-12-01T08:00:00Z");
    old.run(&["publish", "--quiet"]).ok();
    assert_eq!(sink.count(), 2);
}

#[test]
fn a_quiet_run_says_what_needs_a_person() {
    let drop = |moment: &Moment, _| matches!(moment, Moment::Taken(to) if to.starts_with("bo")).then_some(Act::Drop);
    let sink = Behaviour::script(drop).listen();
    let readers = ["ann@x.example", "bo@x.example"];
    let doubtful = publication(&[&sink], &readers);
    let told = doubtful.run(&["publish", "--quiet"]).leaves_with(1);
    told.says("of 1 message of newsletter/0001 nobody knows whether a server took them")
        .says("`masthead resolve newsletter 0001`")
        .says_not("sent");
    for verb in ["deliver", "publish"] {
        // A timer that goes on for as long as nobody has settled them must not raise an alarm each time.
        doubtful.run(&[verb, "--quiet"]).ok().says_not("newsletter").says_not("nothing");
    }
    doubtful.run(&["check"]).ok().says("of 1 message of newsletter/0001 nobody knows whether a server took them");
    doubtful.run(&["resolve", "newsletter", "1", "--resend"]).ok();
    doubtful.run(&["check"]).ok().says_not("nobody knows");
    doubtful.run(&["deliver", "--quiet"]).leaves_with(1).says("newsletter/0001");
    let by_hand = publication(&[&sink], &readers).reconfigure("mail = \"auto\"", "mail = \"manual\"").published();
    by_hand.run(&["send", "newsletter", "--yes"]).leaves_with(1).says("nobody knows whether a server took them");

    let refuse = |moment: &Moment, _| matches!(moment, Moment::Mail).then_some(Act::Answer("550 5.7.1 not from you"));
    let refusing = Behaviour::script(refuse).listen();
    let stopped = publication(&[&refusing], &readers);
    stopped.run(&["publish", "--quiet"]).leaves_with(1).says("not from you");
    let paused = stopped.after(&["pause", "newsletter", "1", "-m", "the relay refuses us"]);
    paused.run(&["publish", "--quiet"]).ok().says("newsletter/0001 is paused: the relay refuses us");
    // A run every few minutes says it once, each time that it is paused.
    paused.run(&["deliver", "--quiet"]).ok().says("newsletter/0001 is paused: the relay refuses us");
    paused.run(&["deliver", "--quiet"]).ok().says_not("newsletter");
    paused.run(&["deliver"]).ok().says("newsletter/0001 is paused");
    let later = paused.at("2026-08-02T09:00:00Z");
    later.run(&["resume", "newsletter", "1"]).ok();
    later.run(&["pause", "newsletter", "1", "-m", "a wrong link"]).ok();
    later.run(&["deliver", "--quiet"]).ok().says("newsletter/0001 is paused: a wrong link");
    later.run(&["deliver", "--quiet"]).ok().says_not("newsletter");
}

#[test]
fn of_issues_that_are_older_than_the_store_nobody_claims_that_they_were_not_mailed() {
    let sink = Behaviour::good().listen();
    let held = with_mail(&mail(&[sink.port], ""));
    held.run(&["publish", "--quiet"]).leaves_with(1);
    // A copy that begins without the store, as a fresh clone does: who knows where the first issue was mailed?
    let clone = held.copy().without("masthead.db").file("readers.csv", "ann@x.example\n");
    let clone = next_month(clone);
    clone.run(&["check"]).ok().says("newsletter/0001 was not mailed yet; `masthead publish` mails it");
    let told = clone.publish().ok().json();
    assert_eq!((&told["unmailed"], sink.count()), (&json!([]), 1), "{told}");
    for verb in [&["publish"][..], &["publish", "--quiet"], &["check"]] {
        clone.run(verb).ok().says_not("newsletter/0001").says_not("0001 was not mailed");
    }
    let status = clone.run(&["status"]).ok();
    status.says("newsletter/0001 is older than the store, which does not know whether it was mailed");
    // What this copy has frozen and not mailed, it knows of.
    let broken = clone.file("readers.csv", "").short_post("2026-09-10-three.md", "Three").at("2026-10-02T08:00:00Z");
    broken.run(&["publish", "--quiet"]).leaves_with(1).says("newsletter/0003 is not mailed");
    let mended = broken.file("readers.csv", "ann@x.example\n").short_post("2026-10-10-four.md", "Four");
    let mended = mended.at("2026-11-02T08:00:00Z");
    let told = mended.run(&["publish", "--quiet"]).ok();
    told.says("newsletter/0003 was not mailed from here").says_not("0001");
}

#[test]
fn an_issue_that_waits_for_its_editors_is_no_older_than_the_store_that_its_run_made() {
    let sink = Behaviour::good().listen();
    let publication = super::verbs::by_hand(publication(&[&sink], &["ann@x.example"])).published();
    publication.run(&["status"]).ok().says("newsletter/0001 was not mailed from here").says_not("older than the store");
}

#[test]
fn what_is_known_of_one_series_is_known_by_the_campaigns_of_all() {
    let sink = Behaviour::good().listen();
    let series = "title = \"Other\"\nwindow = \"monthly\"\nsince = 2026-07-01\nmail = \"auto\"\nlists = [\"members\"]";
    let held = with_mail(&mail(&[sink.port], "")).series("other", series);
    held.run(&["publish", "--quiet"]).leaves_with(1);
    let clone = held.copy().without("masthead.db").file("readers.csv", "ann@x.example\n");
    let clone = next_month(clone).published().after(&["send", "other", "1", "--yes"]);
    for verb in [&["status"][..], &["status", "newsletter"]] {
        let status = clone.run(verb).ok().says_not("newsletter/0001 was not mailed from here");
        status.says("newsletter/0001 is older than the store, which does not know whether it was mailed");
    }
}

#[test]
fn a_job_without_a_store_of_its_own_tells_of_an_issue_that_was_not_mailed() {
    let sink = Behaviour::good().listen();
    let mailed = publication(&[&sink], &["ann@x.example"]).published().without("masthead.db");
    let held = next_month(mailed).without("readers.csv");
    held.run(&["publish", "--quiet"]).leaves_with(1).says("newsletter/0002 is not mailed");
    let mended = held.without("masthead.db").file("readers.csv", "ann@x.example\n");
    let later = mended.short_post("2026-09-10-three.md", "Three").at("2026-10-02T08:00:00Z");
    // The issues say that the first was mailed, so they would say it of the second.
    later.run(&["publish", "--quiet"]).ok().says("newsletter/0002 was not mailed from here");
    let later = later.without("masthead.db");
    later.run(&["publish"]).ok().says("newsletter/0002 was not mailed from here");
    later.run(&["status"]).ok().says("newsletter/0002 was not mailed from here");
    assert_eq!(sink.count(), 2, "the first and the third");
}

#[test]
fn a_store_that_does_not_know_who_has_left_is_told_and_holds_mail_where_readers_leave_by_pages() {
    let forgetful = "the store is new, and issues were mailed before it: it does not know who has left since";
    let sink = Behaviour::good().listen();
    let of = |keys: &str| {
        let published =
            with_mail(&mail(&[sink.port], keys)).file("readers.csv", "ann@x.example\nbo@x.example\n").published();
        published.after(&["subscribers", "remove", "members", "ann@x.example"])
    };
    let published = of("subscriptions_url = \"http://127.0.0.1:9/letters/\"");
    // A full disk or a power cut leaves an empty one, and a kill one in which nothing is.
    let blank = next_month(published.copy().without("masthead.db"));
    drop(masthead::store::Store::open(&blank.path("masthead.db")).unwrap());
    blank.run(&["publish"]).leaves_with(1).says(forgetful);
    let emptied = next_month(published.copy().without("masthead.db").file("masthead.db", ""));
    emptied.run(&["check"]).ok().says(forgetful);
    emptied.run(&["doctor"]).says("masthead.db is made by the first run that needs it");
    emptied.run(&["publish"]).leaves_with(1).says(forgetful);
    let clone = next_month(published.copy().without("masthead.db"));
    clone.run(&["check"]).ok().says(forgetful);
    for _ in 0..2 {
        let told = clone.run(&["publish", "--quiet"]).leaves_with(1);
        told.says("newsletter/0002 is not mailed").says(forgetful).says("`masthead send newsletter 0002 --yes`");
    }
    assert_eq!(sink.count(), 2, "the first issue alone went out");
    // With the store that knows it, it goes to who is left.
    let with_store = next_month(published);
    with_store.run(&["check"]).ok().says_not(forgetful);
    with_store.run(&["publish"]).ok().says_not(forgetful);
    assert_eq!(sink.taken()[2..].iter().map(|one| one.recipient.as_str()).collect::<Vec<_>>(), ["bo@x.example"]);
    // Or somebody says that it may go; then the store has a past of its own.
    clone.run(&["send", "newsletter", "0002"]).ok().says(forgetful);
    clone.run(&["send", "newsletter", "0002", "--yes"]).ok().says("2 messages sent");
    let later = clone.short_post("2026-09-10-three.md", "Three").at("2026-10-02T08:00:00Z");
    later.run(&["publish"]).ok().says_not(forgetful).says("2 messages sent");
    // Where the files of lists are all there is to go by, it is told.
    let job = next_month(of("").without("masthead.db"));
    job.copy().run(&["publish", "--strict", "--json"]).ok();
    job.run(&["check", "--strict"]).ok();
    let before = sink.count();
    job.run(&["publish", "--quiet"]).ok().says(forgetful);
    assert_eq!(sink.count(), before + 2);
}

#[test]
fn a_quiet_run_says_of_each_issue_once_that_it_was_not_mailed() {
    let sink = Behaviour::good().listen();
    let mut publication = publication(&[&sink], &["ann@x.example"]).published();
    let mut run = |posts: &[&str], now: &str, says: Option<&str>| {
        let mut next = publication.copy();
        for post in posts {
            next = next.short_post(post, post);
        }
        publication = next.at(now);
        let told = publication.run(&["publish", "--quiet"]).ok();
        match says {
            Some(words) => told.says(words),
            None => told.says_not("not mailed from here"),
        };
    };
    run(
        &["2026-08-10-b.md", "2026-09-10-c.md"],
        "2026-10-02T08:00:00Z",
        Some("newsletter/0002 was not mailed from here"),
    );
    run(&["2026-10-10-d.md"], "2026-11-02T08:00:00Z", None);
    run(
        &["2026-11-10-e.md", "2026-12-10-f.md"],
        "2027-01-02T08:00:00Z",
        Some("newsletter/0005 was not mailed from here"),
    );
    run(&["2027-01-10-g.md"], "2027-02-02T08:00:00Z", None);
    let status = publication.run(&["status"]).ok();
    status
        .says("newsletter: these were not mailed from here")
        .says("0002, 0005; `masthead send newsletter 0005 --yes`");
}

#[test]
fn the_newest_issue_is_mailed_though_windows_without_posts_have_closed_since() {
    let weekly =
        "title = \"Newsletter\"\nwindow = \"weekly\"\nsince = 2026-01-05\nmail = \"auto\"\nlists = [\"members\"]";
    let publication = Publication::new()
        .series("newsletter", weekly)
        .tables("[list.members]\ncsv = \"readers.csv\"\n[mail]\nfrom = \"news@compositor.example\"")
        .file("readers.csv", "email\nann@x.example\n")
        .short_post("2026-01-06-one.md", "One")
        .short_post("2026-01-14-two.md", "Two");
    let mailed = |publication: &Publication| publication.publish().ok().json()["mailed"].clone();
    let late = publication.copy().at("2026-02-02T08:00:00Z");
    assert_eq!(mailed(&late), json!([{"issue": "Newsletter 2", "messages": 1}]));
    assert_eq!(mailed(&late), json!([]), "once");
    for too_late in ["2026-03-10T08:00:00Z", "2027-01-25T08:00:00Z"] {
        assert_eq!(mailed(&publication.copy().at(too_late)), json!([]), "it is no news any more: {too_late}");
    }
    let manual = publication.reconfigure("mail = \"auto\"", "mail = \"auto\"\nfreeze = \"manual\"");
    let manual = manual.at("2026-02-02T08:00:00Z").published();
    let frozen = |ordinal: &str| manual.run(&["issue", "freeze", "newsletter", ordinal, "--json"]).ok().json();
    assert_eq!(frozen("0001")["mailed_by_itself"], json!(false), "a later one waits");
    assert_eq!(frozen("0002")["mailed_by_itself"], json!(true));
}

#[test]
fn the_queue_is_told_though_issues_cannot_be_read() {
    let sink = Behaviour::good().listen();
    let publication = publication(&[&sink], &["ann@x.example"]).published();
    let publication = publication.without("issues").file("issues", "not a folder");
    for verb in [&["status"][..], &["status", "newsletter"], &["status", "newsletter", "1"]] {
        let told = publication.run(verb).ok().says("newsletter/0001: finished, 1 of 1 sent");
        told.says("issues/newsletter: cannot read the folder").says("what was queued is told all the same");
    }
    publication.run(&["status", "newsletter", "9"]).leaves_with(1).says("cannot read the folder");
}

#[test]
fn status_names_the_series_of_issues_that_were_not_mailed() {
    let sink = Behaviour::good().listen();
    let publication = with_mail(&mail(&[sink.port], "")).series(
        "bulletin",
        "title = \"Bulletin\"\nwindow = \"monthly\"\nsince = 2026-07-01\nmail = \"auto\"\nlists = [\"members\"]",
    );
    publication.run(&["publish", "--quiet"]).leaves_with(1);
    let publication = next_month(publication).file("readers.csv", "ann@x.example\n");
    let told = publication.run(&["publish"]).ok();
    for told in [told, publication.run(&["status"]).ok()] {
        told.says("bulletin/0001 was not mailed from here").says("newsletter/0001 was not mailed from here");
    }
}

#[test]
fn what_was_not_handed_on_is_taken_back_from_who_is_in_the_file_of_a_list_no_more() {
    let publication = with_mail("[mail]\nfrom = \"The Compositor <news@compositor.example>\"")
        .file("readers.csv", "ann@x.example\nbo@x.example\ncy@x.example\n")
        .tables("[list.friends]\ntitle = \"Friends\"")
        .reconfigure("lists = [\"members\"]", "lists = [\"members\", \"friends\"]")
        .after(&["subscribers", "add", "friends", "cy@x.example"])
        .published();
    let waits = |publication: &Publication| -> Vec<String> {
        let files = publication.files("outbox").into_iter().filter(|path| path.ends_with(".eml"));
        files.filter_map(|path| path.rsplit('/').next()?.get(..2).map(str::to_owned)).collect()
    };
    assert_eq!(waits(&publication), ["an", "bo", "cy"]);
    let shorter = "ann@x.example\n";
    for verb in [&["publish", "--quiet"][..], &["deliver", "--quiet"], &["send", "newsletter", "1", "--quiet"]] {
        let copy = publication.copy().file("readers.csv", shorter);
        copy.run(verb).ok().says("2 readers are in the file no more").says("1 message to them taken from the outbox");
        assert_eq!(waits(&copy), ["an", "cy"], "Cy gets it through the other list");
    }
    let replace = ["subscribers", "import", "members", "readers.csv", "--replace"];
    publication.copy().file("readers.csv", shorter).run(&replace).ok().says("1 message to them taken from the outbox");
}

#[test]
fn a_row_that_cannot_be_read_costs_itself_and_is_told_by_a_quiet_run() {
    let sink = Behaviour::good().listen();
    let publication = publication(&[&sink], &["ann@x.example", "new at x.example"]);
    publication.run(&["publish", "--quiet"]).ok().says("readers.csv: 1 row of the list `members` cannot be read");
    assert_eq!(sink.count(), 1);
}

#[test]
fn an_issue_waits_for_a_list_that_cannot_be_read_and_tells_of_one_that_is_not_named() {
    let sink = Behaviour::good().listen();
    let without_file = with_mail(&mail(&[sink.port], ""));
    let nameless = without_file.copy().reconfigure("lists = [\"members\"]", "lists = []");
    without_file.run(&["publish", "--quiet"]).leaves_with(1).says("newsletter/0001 is not mailed");
    without_file.run(&["status"]).ok().says("nothing was sent yet");
    let mended = without_file.file("readers.csv", "ann@x.example\n").at("2026-08-03T08:00:00Z");
    mended.run(&["publish", "--quiet"]).ok();
    assert_eq!(sink.count(), 1);

    let told = nameless.run(&["publish", "--quiet"]).ok();
    told.says("newsletter/0001 is mailed to nobody: its series has no lists");
    let named = nameless.reconfigure("lists = []", "lists = [\"members\"]").file("readers.csv", "ann@x.example\n");
    named.run(&["publish", "--quiet"]).ok().says_not("newsletter");
    assert_eq!(sink.count(), 1, "it is old by now");
    named.run(&["send", "newsletter", "1", "--yes"]).ok().says("1 message sent");
}

#[test]
fn a_series_that_is_called_otherwise_mails_nothing_that_went_out_under_its_old_name() {
    let sink = Behaviour::good().listen();
    let published = publication(&[&sink], &["ann@x.example"]).published();
    assert_eq!(sink.count(), 1);
    let renamed = published.reconfigure("[series.newsletter]", "[series.gazette]").at("2026-08-03T08:00:00Z");
    for told in [renamed.copy().run(&["publish", "--quiet"]), renamed.run(&["publish", "--quiet"])] {
        let told = told.ok().says("gazette/0001 is not mailed by itself: newsletter/0001 went to readers");
        told.says("`masthead send gazette 0001 --yes` mails it");
    }
    renamed.run(&["publish", "--quiet"]).ok().says_not("gazette");
    assert_eq!(sink.count(), 1);
    // What comes after is new under whatever name.
    next_month(renamed).run(&["publish", "--quiet"]).ok().says_not("gazette");
    assert_eq!(sink.count(), 2);
}

#[test]
fn a_message_that_many_servers_would_refuse_is_told() {
    let sink = Behaviour::good().listen();
    let mut seed: u32 = 7;
    let noise = image::RgbImage::from_fn(1800, 1600, |_, _| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        image::Rgb([(seed >> 24) as u8, (seed >> 16) as u8, (seed >> 8) as u8])
    });
    let publication = with_mail(&mail(&[sink.port], "pictures = \"inline\""))
        .reconfigure("mail = \"auto\"", "mail = \"manual\"")
        .file("readers.csv", "ann@x.example\n")
        .post("2026-07-12-two.md", "---\ntitle: Two\n---\n![Noise](noise.png)\n");
    noise.save(publication.path("posts/noise.png")).unwrap();
    publication.run(&["publish"]).ok();
    for verb in [&["check"][..], &["send", "newsletter", "1"]] {
        publication.run(verb).ok().says("a message of newsletter/0001 has about 1").says("many servers take 10 MB");
    }
}

#[test]
fn a_test_does_not_go_to_an_address_that_must_not_be_written_to() {
    let sink = Behaviour::good().listen();
    let publication = publication(&[&sink], &["ann@x.example"]).reconfigure("mail = \"auto\"", "mail = \"manual\"");
    let publication = publication.published().after(&["subscribers", "erase", "ann@x.example"]);
    let test = publication.run(&["send", "newsletter", "1", "--test", "Ann@x.example"]);
    test.leaves_with(1).says("nothing may be written to `Ann@x.example`: erased");
    assert_eq!(sink.count(), 0);
}

#[test]
fn issues_of_windows_that_an_editor_opens_are_all_mailed() {
    let sink = Behaviour::good().listen();
    let publication = publication(&[&sink], &["ann@x.example"])
        .reconfigure("window = \"monthly\"", "window = \"manual\"")
        .short_post("2024-03-01-ink.md", "Ink")
        .short_post("2024-09-01-paper.md", "Paper");
    for (since, until) in [("2024-01-01", "2024-07-01"), ("2024-07-01", "2025-01-01")] {
        publication.run(&["issue", "new", "newsletter", "--since", since, "--until", until]).ok();
    }
    publication.publish().ok();
    assert_eq!(sink.count(), 2, "however old, and though they are frozen together");
}

#[test]
fn who_leaves_both_lists_of_a_series_has_nothing_in_the_outbox() {
    let publication = with_mail("[mail]\nfrom = \"The Compositor <news@compositor.example>\"")
        .file("readers.csv", "ann@x.example\n")
        .tables("[list.friends]\ntitle = \"Friends\"")
        .reconfigure("lists = [\"members\"]", "lists = [\"members\", \"friends\"]")
        .after(&["subscribers", "add", "friends", "ann@x.example"])
        .published();
    let waits = || publication.files("outbox").iter().any(|path| path.contains("ann@x.example"));
    assert!(waits());
    publication.run(&["subscribers", "remove", "members", "ann@x.example"]).ok();
    assert!(waits(), "they get it through the other");
    publication.run(&["subscribers", "remove", "friends", "ann@x.example"]).ok();
    assert!(!waits());
}

#[test]
fn what_goes_by_hand_alone_is_told_once_it_is_frozen() {
    let sink = Behaviour::good().listen();
    let publication = publication(&[&sink], &["ann@x.example"]).reconfigure("\nmail = \"auto\"", "");
    let told = "newsletter/0001 was not mailed from here, and is not by itself; `masthead send newsletter 0001` shows what would go \
                to whom";
    publication.copy().run(&["publish", "--quiet"]).ok().says(told);
    publication.run(&["publish"]).ok().says(told);
    for quiet in [&["publish"][..], &["publish", "--quiet"], &["check", "--strict"]] {
        publication.run(quiet).ok().says_not("not mailed");
    }
    // The store was made before it was frozen.
    publication.run(&["status"]).ok().says(told);
    // Of a series without readers there is nothing to tell, nor of one whose readers have had it.
    publication.copy().reconfigure("lists = [\"members\"]", "").run(&["status"]).ok().says_not("mailed");
    publication.run(&["send", "newsletter", "1", "--yes"]).ok().says("1 message sent");
    publication.run(&["status"]).ok().says_not("not mailed");
    // Of those of several months the newest is told.
    let later = next_month(publication).short_post("2026-09-10-three.md", "Three").at("2026-10-02T08:00:00Z");
    later.run(&["publish", "--quiet"]).ok().says("newsletter/0003 was not mailed").says_not("0002");
    later.run(&["status"]).ok().says("newsletter/0003 was not mailed").says_not("0002");
    let json = later.run(&["status", "--json"]).ok().json();
    assert_eq!(json["unmailed"], json!([{"issue": "newsletter/0003", "waits": false}]), "{json}");
}

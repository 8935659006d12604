//! Backups, and what comes back from them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::io::Write as _;

use crate::publication::{Publication, assert_same};
use crate::samples::bilingual;
use crate::store::server::Postgres;

/// A publication with readers, back issues and pictures, published twice.
fn grown() -> Publication {
    bilingual()
        .environment("MASTHEAD_SECRET", "")
        .published()
        .after(&["subscribers", "add", "members", "late@x.example"])
        .after(&["subscribers", "remove", "members", "reader@example.org"])
        .after(&["subscribers", "erase", "gone@x.example"])
        .at("2026-09-02T08:00:00Z")
        .published()
}

#[test]
fn a_restored_copy_publishes_the_same_bytes_and_goes_on() {
    let publication = grown();
    publication.run(&["backup", "kept.tar.gz"]).ok().says("the store");
    publication.run(&["backup", "kept.tar.gz"]).leaves_with(2).says("already");
    publication
        .run(&["restore", "kept.tar.gz", "copy"])
        .ok()
        .says("cd copy")
        .says("campaigns that were not over are paused");
    let copy = publication.path("copy");
    let at = |arguments: &[&str], now: &str| {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_masthead"))
            .args(["--now", now])
            .args(arguments)
            .current_dir(&copy)
            .env("NO_COLOR", "1")
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    at(&["publish"], "2026-09-02T08:00:00Z");
    assert_same(&publication.tree("public"), &publication.tree("copy/public"));
    assert!(!publication.has("copy/outbox"), "nobody is written to twice");
    assert_same(&publication.tree("issues"), &publication.tree("copy/issues"));
    let status = at(&["subscribers", "export", "members"], "2026-09-02T08:00:00Z");
    assert_eq!(status, publication.run(&["subscribers", "export", "members"]).ok().stdout);
    let erased = at(&["subscribers", "add", "members", "gone@x.example"], "2026-09-02T08:00:00Z");
    assert!(erased.contains("must not be written to"), "{erased}");
    // The next issue is the same in both, with the same links in its mails.
    let publication = publication.at("2026-10-02T08:00:00Z").short_post("2026-09-10-next.md", "Next").without("outbox");
    std::fs::copy(publication.path("posts/2026-09-10-next.md"), copy.join("posts/2026-09-10-next.md")).unwrap();
    at(&["publish"], "2026-10-02T08:00:00Z");
    let publication = publication.published();
    assert_same(&publication.tree("public"), &publication.tree("copy/public"));
    assert!(!publication.files("outbox").is_empty());
    assert_same(&publication.tree("outbox"), &publication.tree("copy/outbox"));
}

#[test]
fn a_backup_without_a_store_does_not_say_that_its_campaigns_are_paused() {
    let publication = bilingual().after(&["backup", "kept.tar.gz"]);
    publication.run(&["restore", "kept.tar.gz", "copy"]).ok().says("no store is in it").says_not("are paused");
}

#[test]
fn nothing_is_written_over_and_a_broken_backup_leaves_nothing() {
    let publication = grown().after(&["backup", "kept.tar.gz"]);
    publication.run(&["restore", "kept.tar.gz"]).leaves_with(2).says("not empty");
    publication.run(&["restore", "kept.tar.gz", "posts"]).leaves_with(2).says("not empty");
    publication.run(&["restore", "config.toml", "copy"]).leaves_with(1).says("no backup");
    publication.run(&["restore", "nothing", "copy"]).leaves_with(1);
    let whole = publication.bytes("kept.tar.gz");
    let publication = publication.file("cut.tar.gz", &whole[..whole.len() / 2]);
    publication.run(&["restore", "cut.tar.gz", "copy"]).leaves_with(1);
    assert!(!publication.has("copy"));
    assert!(
        publication
            .files("")
            .iter()
            .all(|path| !path.contains(".masthead-") || path == ".masthead-lock" || path.starts_with("public/"))
    );
    std::fs::create_dir(publication.path("empty")).unwrap();
    publication.run(&["restore", "kept.tar.gz", "empty"]).ok();
    assert!(publication.has("empty/config.toml") && publication.has("empty/masthead.db"));
}

/// A backup that holds one more entry, of this type, by this name.
fn with_entry(kind: tar::EntryType, name: &str, link: &str) -> Vec<u8> {
    let mut tar = tar::Builder::new(flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast()));
    let mut put = |kind: tar::EntryType, name: &str, link: &str, bytes: &[u8]| {
        let mut header = tar::Header::new_gnu();
        header.set_entry_type(kind);
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        // As bytes: the library refuses to write such names.
        header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
        header.as_old_mut().linkname[..link.len()].copy_from_slice(link.as_bytes());
        header.set_cksum();
        tar.append(&header, bytes).unwrap();
    };
    put(tar::EntryType::Regular, "masthead-backup.json", "", br#"{"format":1,"files":1}"#);
    let bytes: &[u8] = if kind == tar::EntryType::Regular { b"evil" } else { b"" };
    put(kind, name, link, bytes);
    let mut written = tar.into_inner().unwrap().finish().unwrap();
    written.flush().unwrap();
    written
}

#[test]
fn a_hostile_backup_writes_nothing_outside_of_its_folder() {
    use tar::EntryType::{Link, Regular, Symlink};
    let publication = Publication::new();
    for (kind, name, link) in [
        (Regular, "../evil", ""),
        (Regular, "/tmp/masthead-evil", ""),
        (Regular, "a/../../evil", ""),
        (Symlink, "a", "/etc"),
        (Link, "a", "../config.toml"),
        (Regular, "masthead-backup.json", ""),
    ] {
        let publication = publication.copy().file("evil.tar.gz", with_entry(kind, name, link));
        let run = publication.run(&["restore", "evil.tar.gz", "copy"]);
        if name != "masthead-backup.json" {
            run.leaves_with(1).says("no backup");
            assert!(!publication.has("copy"), "{name}");
        }
        assert!(!publication.has("evil") && !std::path::Path::new("/tmp/masthead-evil").exists(), "{name}");
    }
}

/// Restores a backup of a publication as it stands into its folder copy/, which is handed on.
fn restored(publication: &Publication) -> Publication {
    publication.run(&["backup", "kept.tar.gz"]).ok();
    publication.run(&["restore", "kept.tar.gz", "copy"]).ok();
    let other = publication.copy();
    for path in other.files("").iter().filter(|path| !path.starts_with("copy/")) {
        std::fs::remove_file(other.path(path)).unwrap();
    }
    for path in other.files("copy") {
        let to = other.path(&path);
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        std::fs::rename(other.path(&format!("copy/{path}")), to).unwrap();
    }
    other
}

#[test]
fn what_texts_show_and_include_from_elsewhere_comes_back_with_them() {
    let publication = Publication::monthly()
        .reconfigure(
            "window = \"monthly\"",
            "window = \"monthly\"\nfreeze = \"manual\"\nstanding = [\"standing/about.md\", \"imprint.md\"]",
        )
        .picture("standing/st.png", 12, 7)
        .file("standing/note.md", "A note that it includes.\n")
        .file("standing/about.md", "---\ntitle: About\n---\n![st](st.png)\n\n{% include_relative note.md %}\n")
        .picture("seal.png", 9, 9)
        .file("imprint.md", "---\ntitle: Imprint\n---\n![A seal](seal.png)\n")
        .picture("drawings/press.png", 20, 10)
        .file("_includes/box.html", "<p>A box of type.</p>\n")
        .post(
            "2026-07-03-one.md",
            "---\ntitle: One\n---\n![A press](../drawings/press.png)\n\n{% include box.html %}\n",
        )
        .file("vault/2026-07-04-two.md", "---\ntitle: Two\n---\nWritten in another folder.\n")
        .file("unrelated/notes.txt", "Nothing of the publication.\n");
    std::os::unix::fs::symlink("../vault/2026-07-04-two.md", publication.path("posts/2026-07-04-two.md")).unwrap();
    std::os::unix::fs::symlink("2026-07-03-one.md", publication.path("posts/2026-07-05-again.md")).unwrap();
    let publication = publication.published();
    let toml = "issues/newsletter/0001/issue.toml";
    let text = publication.read(toml) + "\nintro = \"![A case](/drawings/case.png)\"\n";
    let publication = publication.picture("drawings/case.png", 5, 5).file(toml, text);
    let copy = restored(&publication);
    assert!(
        !copy.has("unrelated/notes.txt")
            && copy.has("posts/2026-07-04-two.md")
            && !copy.has("posts/2026-07-05-again.md")
    );
    let go_on = |publication: Publication| publication.after(&["issue", "freeze", "newsletter", "1"]).published();
    let (publication, copy) = (go_on(publication), go_on(copy));
    let page = publication.read("public/newsletter/1/index.html");
    assert_eq!(page.matches("src=\"../../assets/").count(), 4, "{page}");
    assert!(["A note that", "A box of", "another folder"].iter().all(|text| page.contains(text)), "{page}");
    assert_same(&publication.tree("public"), &copy.tree("public"));
}

#[test]
fn files_of_ones_own_in_public_come_back() {
    let publication = bilingual()
        .published()
        .file("public/CNAME", "compositor.example\n")
        .file("public/.well-known/security.txt", "Contact: mailto:editors@compositor.example\n")
        .file("public/.git/config", "")
        .file("public/index.html.gz", "made of ours");
    publication.run(&["backup", "first.tar.gz", "--json"]).ok().says("\"own_in_public\":2");
    publication.run(&["backup", "second.tar.gz"]).ok().says("2 files in public/ that no run made are among them");
    let copy = restored(&publication);
    assert_eq!(copy.files("public"), [".well-known/security.txt", "CNAME"]);
    let copy = copy.published();
    assert_eq!(copy.read("public/CNAME"), "compositor.example\n");
    let without = publication.without("public/.git").without("public/index.html.gz");
    assert_same(&without.tree("public"), &copy.tree("public"));
    let none = Publication::new().published();
    none.run(&["backup", "kept.tar.gz"]).ok().says_not("public/");
}

#[test]
fn a_restored_copy_is_looked_at_under_the_name_of_its_configuration() {
    let publication = Publication::new();
    let text = publication.read("config.toml");
    let publication = publication.without("config.toml").file("our gazette.toml", text);
    publication.run(&["--config", "our gazette.toml", "backup", "kept.tar.gz"]).ok();
    let told = publication.run(&["restore", "kept.tar.gz", "copy"]).ok();
    told.says("Now: cd copy && masthead check --config 'our gazette.toml'");
}

#[test]
fn files_that_are_called_as_the_store_begins_are_kept() {
    let publication = Publication::monthly()
        .tables("[store]\nurl = \"sqlite:posts/news\"")
        .tables("[list.members]\ntitle = \"Members\"")
        .short_post("news-posts/2026-07-03-one.md", "One")
        .post("news.md", "---\ntitle: Two\ndate: 2026-07-04\n---\nTwo.\n")
        .after(&["subscribers", "add", "members", "ann@x.example"])
        .after(&["backup", "kept.tar.gz"]);
    let kept = flate2::read::GzDecoder::new(std::fs::File::open(publication.path("kept.tar.gz")).unwrap());
    let mut kept = tar::Archive::new(kept);
    let names: Vec<String> =
        kept.entries().unwrap().map(|entry| entry.unwrap().path().unwrap().display().to_string()).collect();
    let of_posts: Vec<&str> = names.iter().map(String::as_str).filter(|name| name.starts_with("posts/")).collect();
    assert_eq!(of_posts, ["posts/news-posts/2026-07-03-one.md", "posts/news.md", "posts/news"]);
}

#[test]
fn what_stands_elsewhere_is_told() {
    let elsewhere = tempfile::tempdir().unwrap();
    let far = "---\ntitle: Far\n---\nFar away.\n\n![a](a.png) ![b](b.png)\n";
    std::fs::write(elsewhere.path().join("2026-07-05-far.md"), far).unwrap();
    let publication = bilingual()
        .tables(&format!("[[source]]\nmarkdown = \"{}\"\nname = \"far\"", elsewhere.path().display()))
        .picture("a.png", 3, 3)
        .picture("b.png", 4, 4);
    for picture in ["a.png", "b.png"] {
        std::fs::rename(publication.path(picture), elsewhere.path().join(picture)).unwrap();
    }
    std::os::unix::fs::symlink(elsewhere.path(), publication.path("posts/far")).unwrap();
    let publication = publication.published();
    let told = publication.run(&["backup", "kept.tar.gz", "--json"]).ok().warnings();
    let outside: Vec<_> = told.iter().filter(|told| told.contains("outside of the publication")).collect();
    assert_eq!(outside.len(), 2, "the folder and the link, without what is in them: {told:?}");
    assert!(outside.iter().any(|told| told.contains("posts/far")), "{told:?}");
}

#[test]
fn who_is_erased_is_gone_from_store_and_outbox_and_stays_away_until_they_ask() {
    let publication = bilingual().published();
    let of_reader = |publication: &Publication| {
        publication.files("outbox").into_iter().filter(|path| path.contains("reader@example.org")).count()
    };
    assert_eq!(of_reader(&publication), 1);
    let erased = publication.run(&["subscribers", "erase", "Reader@Example.org", "--json"]).ok();
    assert_eq!((&erased.json()["known"], &erased.json()["messages"]), (&true.into(), &1.into()));
    erased.warns("stands in `readers.csv`");
    assert_eq!(of_reader(&publication), 0);
    let publication = publication.at("2026-09-02T08:00:00Z").published();
    assert_eq!(of_reader(&publication), 0, "the file still names them, and nothing is written");
    publication
        .run(&["subscribers", "show", "reader@example.org"])
        .ok()
        .says("not known")
        .says("erased, since 2026-08-02");
    publication.run(&["subscribers", "add", "members", "reader@example.org"]).ok().says("must not be written to");
    let people = "email,name,Phone\nreader@example.org,R,1\nnew@example.org,N\n=x@example.org,\"=1+1\"\nbroken,B\n";
    let publication = publication.file("more.csv", people);
    let imported = publication.run(&["subscribers", "import", "members", "more.csv", "--json"]).ok().json();
    assert_eq!(imported["unread_columns"], serde_json::json!(["Phone"]));
    assert_eq!((&imported["added"], &imported["rejected"]), (&2.into(), &1.into()));
    assert_eq!(imported["suppressed"], serde_json::json!(["reader@example.org"]));
    publication.run(&["subscribers", "add", "members", "reader@example.org", "--again"]).ok().says("added");
    let exported = publication.run(&["subscribers", "export", "members"]).ok().stdout;
    assert!(exported.contains("reader@example.org,,,active"), "{exported}");
}

#[test]
fn who_was_erased_and_comes_back_is_on_the_list_alone_that_they_asked_for() {
    let publication = bilingual()
        .reconfigure("csv = \"readers.csv\"", "csv = \"readers.csv\"\n[list.friends]\ntitle = \"Friends\"")
        .after(&["publish"])
        .after(&["subscribers", "erase", "reader@example.org"])
        .after(&["subscribers", "add", "friends", "Reader@example.org", "--again"]);
    let publication = publication.at("2026-09-02T08:00:00Z").published();
    let person = publication.run(&["subscribers", "show", "reader@example.org"]).ok();
    person.says("friends: active").says("members: unsubscribed");
    let export = publication.run(&["subscribers", "export", "members"]).ok().stdout;
    assert!(!export.contains("reader@example.org,,,active"), "{export}");
    assert!(export.contains("unsubscribed"), "{export}");
    publication.run(&["subscribers", "add", "members", "reader@example.org", "--again"]).ok().says("added");
}

#[test]
fn who_is_erased_in_other_capitals_is_gone_with_name_and_message() {
    let publication = bilingual()
        .after(&["subscribers", "add", "members", "\u{dc}bung@b\u{fc}cher.example", "--name", "\u{dc}nal"])
        .published();
    let count = |publication: &Publication| publication.files("outbox").len();
    let before = count(&publication);
    publication
        .run(&["subscribers", "erase", "\u{fc}bung@B\u{fc}cher.example"])
        .ok()
        .says("forgotten")
        .says("2 messages taken from the outbox")
        .says("backups that were made before still hold");
    assert_eq!(count(&publication), before - 2);
    publication
        .run(&["status", "--recipient", "\u{dc}bung@b\u{fc}cher.example"])
        .ok()
        .says("was sent nothing")
        .says_not("Message-ID");
}

#[test]
fn of_rows_that_are_not_taken_an_import_says_how_many_and_who_is_on_the_list() {
    let rows = "email,status\nann@x.example,active\nbo@x.example,unsubscribed\ncy@x.example,pending\n";
    let left = rows.replace("active", "unsubscribed");
    let publication = bilingual().file("old.csv", rows).file("left.csv", &left);
    let first = publication.run(&["subscribers", "import", "members", "old.csv"]).ok();
    first.says("2 rows not taken that say `unsubscribed` or `pending`").says_not("ADDRESS");
    let second = publication.run(&["subscribers", "import", "members", "left.csv", "--json"]).ok();
    assert_eq!((&second.json()["left_out"], &second.json()["rejected"]), (&3.into(), &0.into()));
    second.warns("the row of `ann@x.example` says `unsubscribed`, but they are on the list `members`");
    // So does a list that is read at each run, until somebody has seen to it.
    let publication = publication.file("readers.csv", &left);
    publication.publish().ok().warns("the row of `ann@x.example` says `unsubscribed`");
    let publication = publication.after(&["subscribers", "remove", "members", "ann@x.example"]);
    let told = publication.at("2026-09-02T08:00:00Z").publish().ok().warnings();
    assert!(told.iter().all(|one| one.contains("went to nobody")), "{told:?}");
}

#[test]
fn a_no_of_somebody_who_is_not_on_the_list_is_kept() {
    let publication = bilingual()
        .without("readers.csv")
        .file("left.csv", "email,status\nann@x.example,unsubscribed\nbo@x.example,active\nBo@x.example,unsubscribed\n")
        .file("old.csv", "email\nann@x.example\nbo@x.example\nnever@x.example\ncy@x.example\n");
    let first = publication.run(&["subscribers", "import", "members", "left.csv"]).ok();
    first.says("0 added").says("2 addresses that were not on the list are kept as unsubscribed");
    let removed = publication.run(&["subscribers", "remove", "members", "never@x.example"]).ok();
    removed.says("is not on the list, and is kept as unsubscribed");
    publication
        .run(&["subscribers", "import", "members", "old.csv"])
        .ok()
        .says("1 added")
        .says("3 unsubscribed before");
    publication.run(&["subscribers", "show", "ann@x.example"]).ok().says("members unsubscribed by file");
    // Where the file rules, too; and whoever asks for it again gets it.
    let publication =
        publication.file("readers.csv", "email,status\ndo@x.example,unsubscribed\nev@x.example,\n").published();
    let publication = publication.file("readers.csv", "do@x.example\nev@x.example\n").published();
    publication.run(&["subscribers", "show", "do@x.example"]).ok().says("members: unsubscribed");
    let again = ["subscribers", "add", "members", "do@x.example", "--again"];
    publication.run(&again).ok().says("added");
    // Whoever was forgotten is not named again.
    let publication = publication.after(&["subscribers", "erase", "cy@x.example"]);
    let publication = publication.file("left.csv", "email,status\ncy@x.example,unsubscribed\n");
    publication.run(&["subscribers", "import", "members", "left.csv"]).ok().says_not("kept as unsubscribed");
    publication.run(&["subscribers", "remove", "members", "cy@x.example"]).ok().says_not("kept");
    publication.run(&["subscribers", "show", "cy@x.example"]).ok().says("is not known");
}

#[test]
fn addresses_that_are_dead_by_another_programs_word_are_written_to_by_no_list() {
    let rows = "email,status\nann@x.example,enabled\nbo@x.example,Bounced\ncy@x.example,cleaned\n\
                di@x.example,blocklisted\nBO@x.example,enabled\nreader@example.org,bounced\nno address,bounced\n";
    let publication = bilingual().file("old.csv", rows).published();
    let import = publication.run(&["subscribers", "import", "members", "old.csv", "--json"]).ok();
    let told = import.json();
    assert_eq!(
        told["barred"],
        serde_json::json!({"rows": {"blocklisted": 1, "bounced": 3, "cleaned": 1}, "suppressed": 3})
    );
    assert_eq!((&told["added"], &told["suppressed"]), (&1.into(), &serde_json::json!(["BO@x.example"])), "of two rows");
    // Who is on a list here was put there after that file was written, perhaps.
    import.warns("the row of `reader@example.org` says `bounced`, but they are on the list `members`");
    publication
        .run(&["subscribers", "import", "members", "old.csv"])
        .ok()
        .says("5 rows not taken that say 1 `blocklisted`");
    let publication = publication.file("later.csv", "email\ncy@x.example\ndi@x.example\n");
    let later = publication.run(&["subscribers", "import", "members", "later.csv", "--json"]).ok().json();
    assert_eq!((&later["added"], later["suppressed"].as_array().map(Vec::len)), (&0.into(), Some(2)));
    publication.run(&["subscribers", "show", "cy@x.example"]).ok().says("imported as cleaned");
    let kept = rusqlite::Connection::open(publication.path("masthead.db")).unwrap();
    let addresses: i64 = kept
        .query_row("select count(*) from subscriber where address like 'cy@%' or address like 'di@%'", [], |row| {
            row.get(0)
        })
        .unwrap();
    assert_eq!(addresses, 0, "their hashes alone are kept");
    publication.run(&["subscribers", "add", "members", "cy@x.example", "--again"]).ok();
    let again = publication.run(&["subscribers", "import", "members", "old.csv", "--json"]).ok();
    again.warns("the row of `cy@x.example` says `cleaned`, but they are on the list `members`");
}

#[test]
fn files_of_those_who_get_no_mail_put_nobody_on_a_list() {
    let publication = bilingual()
        .file("suppression_unsubscribes.csv", "email,created\nann@x.example,1690000000\n")
        .file("suppression_spam_reports.csv", "email\nbo@x.example\n")
        .file("news.example.org-unsubscribes.csv", "email\ncy@x.example\n");
    let import =
        |file: &str, more: &[&str]| publication.run(&[&["subscribers", "import", "members", file][..], more].concat());
    import("suppression_unsubscribes.csv", &[]).ok().says("0 added").says("1 address that was not on the list is kept");
    import("suppression_spam_reports.csv", &[]).ok().says("1 row not taken that say 1 `complained`");
    let open = import("news.example.org-unsubscribes.csv", &[]).leaves_with(2);
    open.says("by `unsubscribes` in its name the file may hold").says("`--as active` takes them for readers");
    publication.run(&["subscribers", "show", "cy@x.example"]).ok().says("is not known");
    import("news.example.org-unsubscribes.csv", &["--as", "gone"]).leaves_with(2).says("unsubscribed");
    import("news.example.org-unsubscribes.csv", &["--as", "unsubscribed"]).ok().says("kept as unsubscribed");
    let readers = publication.copy();
    readers.run(&["subscribers", "import", "members", "suppression_spam_reports.csv", "--as", "active"]).ok();
    let status = publication.run(&["subscribers", "status", "members", "--json"]).ok().json();
    assert_eq!((&status["lists"][0]["active"], &status["lists"][0]["unsubscribed"]), (&0.into(), &2.into()));
}

#[test]
fn who_goes_from_the_file_of_a_list_gets_no_more() {
    let row = |n: usize| format!("r{n:02}@x.example\n");
    let rows = |range: std::ops::Range<usize>| range.map(row).collect::<String>();
    let active = |publication: &Publication| {
        publication.run(&["subscribers", "status", "members", "--json"]).ok().json()["lists"][0]["active"].clone()
    };
    let publication = bilingual().file("readers.csv", rows(0..30)).published();
    assert_eq!(active(&publication), 30);
    let publication = publication.file("readers.csv", rows(1..30));
    let gone = "r00@x.example is in the file no more, and was taken off";
    // It is told once, so a run that fails tells it as well: of the site, or of the mail.
    for broken in ["public", "issues/newsletter/0001/released/r1/mailed.json"] {
        let publication = publication.copy();
        let publication = publication.without(broken).file(broken, b"\xff".as_slice());
        let run = publication.publish();
        run.leaves_with(1).warns(gone);
        assert_eq!(active(&publication), 29, "{broken}");
    }
    let sent = publication.copy();
    sent.run(&["send", "newsletter", "92", "--yes", "--json"]).leaves_with(1).warns(gone).says("was queued before");
    publication.publish().ok().says(gone);
    assert_eq!(active(&publication), 29);

    // A file that may be a part of itself takes nobody off.
    for (part, why) in [
        (rows(5..30) + "no address\n", "some of its rows cannot be read"),
        (rows(20..30), "more than half"),
        (String::new(), "it is empty"),
    ] {
        let publication = publication.copy().file("readers.csv", &part);
        publication.publish().ok().warns("stay on it").warns(why);
        assert_eq!(active(&publication), 29, "{why}");
    }
    let publication = publication.file("readers.csv", rows(20..30));
    publication.publish().ok().says("`masthead subscribers import members readers.csv --replace` takes them off");
    let replaced = publication.run(&["subscribers", "import", "members", "readers.csv", "--replace", "--json"]).ok();
    assert_eq!(replaced.json()["taken_off"].as_array().map(Vec::len), Some(19));
    assert_eq!(active(&publication), 10);
    assert_eq!(publication.publish().ok().warnings(), [""; 0]);
    // Another file would be undone by the next run. Nor does one of people who left, put in the place of the list by a slip.
    let publication = publication.file("unsubscribed_export.csv", rows(0..3));
    let other = ["subscribers", "import", "members", "unsubscribed_export.csv", "--replace"];
    publication.run(&other).leaves_with(2).says("the list `members` is kept in readers.csv");
    let publication = publication.reconfigure("\ncsv = \"readers.csv\"", "");
    let slip = publication.run(&["subscribers", "import", "members", "unsubscribed_export.csv", "--replace"]);
    slip.leaves_with(1).says("3 rows of people who get no mail, and no reader");
    assert_eq!(active(&publication), 10);
}

#[test]
fn whom_an_import_brought_goes_with_the_file_that_says_who_is_on_the_list() {
    let standing = |publication: &Publication, address: &str| {
        publication.run(&["subscribers", "show", address]).ok().stdout.contains("members: active")
    };
    let rows = "ann@x.example\nbo@x.example\ncy@x.example\n";
    let publication = bilingual()
        .reconfigure("\ncsv = \"readers.csv\"", "")
        .file("readers.csv", rows)
        .file("old.csv", "dee@x.example\ned@x.example\n")
        .after(&["subscribers", "import", "members", "readers.csv"])
        .after(&["subscribers", "import", "members", "old.csv"])
        .after(&["subscribers", "add", "members", "ed@x.example"]);
    // The list's own file takes over those whom it has, and says once whom it does not have.
    let kept = publication.copy().reconfigure("[list.members]\n", "[list.members]\ncsv = \"readers.csv\"\n");
    let first = kept.run(&["publish"]).ok();
    first.says(
        "1 reader whom another import brought is not in readers.csv, and stays on the list `members`: dee@x.example",
    );
    let kept = kept.file("readers.csv", "ann@x.example\nbo@x.example\n").at("2026-09-02T08:00:00Z");
    let second = kept.run(&["publish"]).ok();
    second.says("cy@x.example is in the file no more, and was taken off").says_not("another import");
    assert!(!standing(&kept, "cy@x.example") && standing(&kept, "dee@x.example") && standing(&kept, "ed@x.example"));
    kept.run(&["subscribers", "status", "members"]).ok().says("1 reader whom another import brought");
    kept.run(&["subscribers", "remove", "members", "dee@x.example"]).ok();
    kept.run(&["subscribers", "status", "members"]).ok().says_not("another import");

    // So does a file that replaces the list.
    let publication = publication.file("feb.csv", "ann@x.example\nbo@x.example\n").file("mar.csv", "ann@x.example\n");
    let replace = |file: &str| publication.run(&["subscribers", "import", "members", file, "--replace", "--json"]).ok();
    let told = replace("feb.csv").json();
    assert_eq!((&told["taken_off"], &told["stayed"]["count"]), (&serde_json::json!([]), &2.into()), "{told}");
    let told = replace("mar.csv").json();
    assert_eq!(told["taken_off"], serde_json::json!(["bo@x.example"]));
    let names = ["cy@x.example", "dee@x.example"];
    let stayed: std::collections::BTreeSet<&str> =
        told["stayed"]["first"].as_array().unwrap().iter().map(|one| one.as_str().unwrap()).collect();
    assert_eq!(stayed, names.into_iter().collect());
    publication
        .run(&["subscribers", "import", "members", "mar.csv", "--replace"])
        .ok()
        .says("2 readers whom another import brought are not in mar.csv, and stay on the list `members`");
    // The file that brought them, and then the one that counts, take them off.
    replace("old.csv");
    let told = replace("mar.csv").json();
    assert!(told["taken_off"].to_string().contains("dee@x.example"), "{told}");
    assert!(standing(&publication, "ed@x.example"), "who was added by hand stays");
}

#[test]
fn an_address_in_quotes_is_written_to_and_forgotten() {
    let quoted = "\"a <b\"@x.example";
    let publication = bilingual()
        .after(&["subscribers", "add", "members", "\"a\\ <b\"@X.example", "--name", "Ann"])
        .published()
        .after(&["send", "newsletter", "1", "--test", quoted]);
    let goes_there = |bytes: &Vec<u8>| String::from_utf8_lossy(bytes).contains("<\"a <b\"@x.example>\r\n");
    let count = publication.tree("outbox").values().filter(|bytes| goes_there(bytes)).count();
    assert!(count > 0);
    publication.run(&["status", "--recipient", quoted]).ok().says("Message-ID");
    let erased = publication.run(&["subscribers", "erase", quoted, "--json"]).ok().json();
    assert_eq!(erased["messages"], count + 1, "the test, too");
    assert!(publication.tree("outbox").values().all(|bytes| !String::from_utf8_lossy(bytes).contains("a <b")));
}

#[test]
fn the_files_that_the_configuration_names_are_kept_and_secrets_are_told() {
    let publication = bilingual()
        .reconfigure("[mail]", "[mail]\ntransport = \"smtp://127.0.0.1:1\"\nca_file = \"authority.pem\"")
        .reconfigure("title = \"The Compositor\"", "title = \"The Compositor\"\nlogo = \"art/logo.png\"")
        .reconfigure("ca_file", "user = \"news\"\npassword_file = \"keys/relay\"\nca_file")
        .tables("[[mail.dkim]]\nselector = \"s\"\nkey_file = \"keys/dkim.pem\"")
        .file("keys/relay", "a password")
        .picture("art/logo.png", 8, 8)
        .file("authority.pem", "an authority")
        .file("keys/dkim.pem", "a key");
    publication
        .run(&["backup", "kept.tar.gz", "--json"])
        .ok()
        .warns("this is the key that signs mail and is not in the backup")
        .warns("this is the password at a relay and is not in the backup");
    publication.run(&["restore", "kept.tar.gz", "copy"]).ok();
    assert!(publication.has("copy/art/logo.png") && publication.has("copy/authority.pem"));
    assert!(!publication.has("copy/keys"));
}

#[cfg(unix)]
#[test]
fn what_holds_addresses_is_read_by_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = |publication: &Publication, path: &str| {
        std::fs::metadata(publication.path(path)).unwrap().permissions().mode() & 0o777
    };
    let publication = grown().after(&["send", "newsletter", "1", "--test", "editor@example.org"]);
    let readers = publication.path("readers.csv");
    std::fs::set_permissions(&readers, std::fs::Permissions::from_mode(0o600)).unwrap();
    publication.run(&["backup", "kept.tar.gz"]).ok();
    publication.run(&["restore", "kept.tar.gz", "copy"]).ok();
    for path in ["masthead.db", "kept.tar.gz", "copy/masthead.db", "copy/readers.csv", "outbox/test/newsletter-1.eml"] {
        assert_eq!(mode(&publication, path), 0o600, "{path}");
    }
    for path in publication.files("outbox") {
        assert_eq!(mode(&publication, &format!("outbox/{path}")), 0o600, "{path}");
    }
    for folder in ["outbox", "outbox/test", "outbox/newsletter-1"] {
        assert_eq!(mode(&publication, folder), 0o700, "{folder}: names of files are addresses");
    }
    assert_eq!(mode(&publication, "copy/config.toml"), 0o644);
    // A store of an older version is taken out of everybody's sight; what its group may do stays.
    let store = publication.path("masthead.db");
    std::fs::set_permissions(&store, std::fs::Permissions::from_mode(0o664)).unwrap();
    publication.run(&["subscribers", "status"]).ok();
    assert_eq!(mode(&publication, "masthead.db"), 0o660);
}

#[test]
fn a_backup_that_was_cut_short_is_blamed_itself() {
    let publication = grown().after(&["backup", "kept.tar.gz"]);
    let whole = publication.bytes("kept.tar.gz");
    for length in [whole.len() / 2, whole.len() - 30, whole.len() - 8, whole.len() - 1] {
        let publication = publication.copy().file("cut.tar.gz", &whole[..length]);
        publication
            .run(&["restore", "cut.tar.gz", "copy"])
            .leaves_with(1)
            .says("cut.tar.gz")
            .says("cut short")
            .says_not("cannot write");
        assert!(!publication.has("copy"));
    }
    // One bit of what a file holds, somewhere.
    let mut tar = Vec::new();
    std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(&whole[..]), &mut tar).unwrap();
    let mut stored = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::none());
    stored.write_all(&tar).unwrap();
    let mut stored = stored.finish().unwrap();
    let words = b"The Compositor";
    let at = stored.windows(words.len()).position(|window| window == words).unwrap();
    stored[at] ^= 1;
    let publication = publication.copy().file("changed.tar.gz", &stored);
    publication.run(&["restore", "changed.tar.gz", "copy"]).leaves_with(1).says("damaged");
    assert!(!publication.has("copy"));
}

/// A publication whose store is at `url`, with a reader who has left.
fn stored_at(url: &str) -> Publication {
    bilingual().environment("MASTHEAD_SECRET", "").tables(&format!("[store]\nurl = \"{url}\"")).published().after(&[
        "subscribers",
        "remove",
        "members",
        "reader@example.org",
    ])
}

#[test]
fn a_store_that_stood_elsewhere_is_told_of_and_no_new_one_made() {
    let elsewhere = tempfile::TempDir::new().unwrap();
    let store = elsewhere.path().join("kept/abs.db");
    std::fs::create_dir(elsewhere.path().join("kept")).unwrap();
    let publication = stored_at(&format!("sqlite:{}", store.display())).after(&["backup", "kept.tar.gz"]);
    let restored = publication.run(&["restore", "kept.tar.gz", "copy"]).leaves_with(1);
    restored.says("copy/abs.db").says("runs from here would go on with that").says("sqlite:abs.db");
    // On a machine where nothing is there.
    std::fs::rename(&store, elsewhere.path().join("away.db")).unwrap();
    publication.run(&["restore", "kept.tar.gz", "again"]).leaves_with(1).says("move it there; or");
    let config = ["--config", "again/config.toml"];
    for verb in [&["publish"][..], &["subscribers", "status"], &["send", "newsletter", "1"]] {
        publication.run(&[&config[..], verb].concat()).leaves_with(2).says("this one holds readers");
    }
    publication.run(&[&config[..], &["check"]].concat()).ok().says("a store that is not there");
    assert!(!store.exists());
    let copy = publication.path("again");
    std::fs::rename(copy.join("abs.db"), &store).unwrap();
    let told = publication.run(&[&config[..], &["subscribers", "status", "members", "--json"]].concat()).ok().json();
    assert_eq!(told["lists"][0]["unsubscribed"], 1);
    std::fs::remove_dir_all(elsewhere.path()).unwrap();
    publication.run(&["check"]).ok().says("there is no such folder");
}

#[test]
fn an_empty_database_beside_a_store_in_use_is_refused() {
    let Some(server) = Postgres::quick() else { return };
    let publication = stored_at("sqlite:masthead.db");
    let url = server.database();
    let publication = publication.reconfigure("sqlite:masthead.db", &url);
    for arguments in [&["publish"][..], &["subscribers", "status"], &["send", "newsletter", "1", "--yes"]] {
        publication.run(arguments).leaves_with(2).says("masthead.db").says("does not know who has left");
    }
    // Where nobody wants it, the database is a new beginning.
    let publication = publication.without("masthead.db");
    publication.run(&["subscribers", "status"]).ok();
    let publication = publication.after(&["subscribers", "add", "members", "late@x.example"]);
    let publication = publication.file("masthead.db", "").published();
    assert!(!publication.files("").is_empty());
}

#[test]
fn looking_at_a_draft_writes_nothing() {
    let publication = bilingual().after(&["issue", "new", "newsletter"]).picture("dot.png", 40, 30);
    let dot = format!("data:image/png;base64,{}", STANDARD.encode(publication.bytes("dot.png")));
    let draft = "issues/newsletter/0001/issue.toml";
    let text = format!("intro = \"![A dot]({dot})\"\n{}", publication.read(draft));
    let publication = publication.file(draft, text);
    let before = publication.tree(".");
    for verb in [&["check"][..], &["plan", "newsletter"]] {
        publication.run(verb).ok().says_not("dot");
    }
    assert!(publication.tree(".") == before);
    publication.run(&["build", "--drafts"]).ok();
    assert!(publication.files("collected/pictures").iter().any(|file| file.ends_with("png")));
}

//! What is not at hand when a run begins: files that cannot be read, folders that are empty, issues that are gone.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt as _, lchown};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::Command;

use crate::publication::Publication;
use crate::run::Run;
use crate::samples::{bilingual, july};
use crate::store::server::{Postgres, unprivileged};

/// A month later, when the next window has closed.
const SEPTEMBER: &str = "2026-09-02T08:00:00Z";

/// Takes the right to read something away from everybody, or gives it back to its owner.
fn allow(publication: &Publication, path: &str, mode: u32) {
    fs::set_permissions(publication.path(path), Permissions::from_mode(mode)).unwrap();
}

/// Runs the program as somebody who owns the publication and may not read everything, as root may.
fn run<'p>(publication: &'p Publication, arguments: &[&str]) -> Run<'p> {
    let Some((user, group)) = unprivileged() else { return publication.run(arguments) };
    own(publication.folder(), (user, group));
    let theirs = tempfile::tempdir().unwrap();
    fs::set_permissions(theirs.path(), Permissions::from_mode(0o755)).unwrap();
    let ours = publication.command(arguments);
    let program = theirs.path().join("masthead");
    // Where the program stands they may not come.
    fs::hard_link(ours.get_program(), &program).or_else(|_| fs::copy(ours.get_program(), &program).map(drop)).unwrap();
    let mut command = Command::new(&program);
    command.args(ours.get_args()).current_dir(publication.folder()).uid(user).gid(group);
    for (name, value) in ours.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    Run::from_output(publication, arguments, &command.output().unwrap())
}

fn own(path: &Path, (user, group): (u32, u32)) {
    lchown(path, Some(user), Some(group)).unwrap();
    if path.is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            own(&entry.unwrap().path(), (user, group));
        }
    }
}

#[test]
fn nothing_changes_while_a_post_or_the_folder_of_all_cannot_be_read() {
    let publication = july()
        .post("2026-08-10-report.md", "---\ntitle: The report\n---\nThe figures.\n")
        .post("more/2026-08-11-talk.md", "---\ntitle: A talk\n---\nAll came.\n")
        .file("posts/kept/_index.md", "---\ncascade:\n  draft: true\n---\n")
        .file("posts/kept/2026-08-12-draft.md", "---\ntitle: Not yet\n---\nNot for readers.\n")
        .at("2026-08-25T08:00:00Z")
        .published()
        .at(SEPTEMBER);
    let (site, issues) = (publication.tree("public"), publication.tree("issues"));
    for path in ["posts/2026-08-10-report.md", "posts/more", "posts/kept/_index.md", "posts"] {
        let mode = fs::metadata(publication.path(path)).unwrap().permissions().mode();
        allow(&publication, path, 0o000);
        for verb in ["publish", "check", "build"] {
            let told = run(&publication, &[verb]).leaves_with(1);
            told.says(&format!("{path}: cannot read: permission denied")).says("nothing is changed");
        }
        allow(&publication, path, mode);
        assert!(publication.tree("public") == site && publication.tree("issues") == issues);
    }
    // Of a folder that never had a post, none can be missing.
    fs::create_dir(publication.path("posts/lost+found")).unwrap();
    allow(&publication, "posts/lost+found", 0o000);
    let told = run(&publication, &["publish", "--json"]).ok();
    told.freezes(&["newsletter/93"]).warns("posts/lost+found: cannot read");
    allow(&publication, "posts/lost+found", 0o755);
    assert!(publication.read("issues/newsletter/0002/frozen.json").contains("The figures."));
}

#[test]
fn sources_that_have_not_one_file_any_more_are_told() {
    let away = "the sources have not one file, and had posts before";
    let publication = july().published();
    fs::rename(publication.path("posts"), publication.path("aside")).unwrap();
    fs::create_dir(publication.path("posts")).unwrap();
    publication.run(&["check", "--json"]).ok().warns(away);
    publication.run(&["publish", "--strict"]).leaves_with(3).says(away);
    publication.run(&["publish", "--quiet"]).ok().says(away);
    let new = Publication::monthly();
    fs::create_dir_all(new.path("posts")).unwrap();
    new.run(&["publish"]).ok().says_not(away);
}

#[test]
fn a_disk_of_posts_that_is_not_there_stops_the_run() {
    let post = |publication: Publication, day: u32| {
        let text = format!("---\ntitle: Day {day}\n---\nWhat was on day {day}.\n");
        publication.post(&format!("2026-08-0{day}-day.md"), &text)
    };
    let publication = (1..=6).fold(july(), post).at("2026-08-25T08:00:00Z").published().at(SEPTEMBER);
    let (site, issues) = (publication.tree("public"), publication.tree("issues"));
    fs::rename(publication.path("posts"), publication.path("aside")).unwrap();
    fs::create_dir(publication.path("posts")).unwrap();
    for verb in ["publish", "check", "build"] {
        let told = publication.run(&[verb]).leaves_with(1);
        told.says("posts: the folder is empty, and 10 posts stood in it").says("nothing is changed");
    }
    assert!(publication.tree("public") == site && publication.tree("issues") == issues);
    // Somebody who wants it so says it.
    publication.copy().file("posts/.gitkeep", "").run(&["check"]).ok();
    // Posts that stand in another folder now are there.
    let config =
        publication.read("config.toml").replacen("[[source]]", "[[source]]\nmarkdown = \"aside\"\n\n[[source]]", 1);
    publication.file("config.toml", config).run(&["publish", "--json"]).ok().freezes(&["newsletter/93"]);
}

#[test]
fn posts_that_are_on_the_web_no_more_are_told_by_the_run_that_takes_them_off() {
    let post = |publication: Publication, day: u32| {
        publication.short_post(&format!("2026-07-{day:02}-day-{day}.md"), &format!("Day {day}"))
    };
    let publication = (1..=16).fold(Publication::monthly(), post);
    let publication = publication.short_post("2026-07-20-old.md", "Renamed").published();
    // Its page stands at the earlier address, too.
    let renamed = publication.read("posts/2026-07-20-old.md");
    let publication = publication.without("posts/2026-07-20-old.md").post("2026-07-20-new.md", &renamed);
    let told = publication.run(&["publish"]).ok();
    told.says_not("no more").says_not("taken away");
    let few = publication.copy().file("posts/2026-07-01-day-1.md", "").without("posts/2026-07-20-new.md");
    let also = few.copy();
    few.run(&["publish"])
        .ok()
        .says("2 posts that were on the web are there no more: `Day 1` (posts/2026-07-01-day-1.md), `Renamed` (posts/2026-07-20-new.md)\n")
        .says("taken away");
    few.run(&["publish"]).ok().says_not("no more").says_not("taken away");
    also.run(&["publish", "--quiet"]).ok().says_not("no more");
    let many = (1..=5).fold(publication.copy(), |publication, day| {
        publication.without(&format!("posts/2026-07-{day:02}-day-{day}.md"))
    });
    let built = many.copy();
    many.run(&["publish", "--quiet"])
        .ok()
        .says("5 posts that were on the web are there no more: `Day 1`")
        .says(" and 2 more");
    many.run(&["publish", "--quiet"]).ok().says_not("no more");
    let report = built.run(&["build", "--json"]).ok().json();
    assert_eq!(report["gone"].as_array().unwrap().len(), 5, "{report:#}");
    assert_eq!((&report["gone"][0]["page"], &report["gone"][0]["title"]), (&"posts/day-1/".into(), &"Day 1".into()));
    assert!(report["removed"].as_u64() >= Some(5), "{report:#}");
    // One that is a draft now is gone as well.
    let hidden = publication.edit("posts/2026-07-02-day-2.md", "title:", "draft: true\ntitle:");
    hidden
        .run(&["publish"])
        .ok()
        .says("1 post that was on the web is there no more: `Day 2` (posts/2026-07-02-day-2.md)");
}

#[test]
fn a_number_that_the_store_has_mailed_is_not_given_again() {
    let lost = "the store has mailed newsletter/0001, and issues/ has no such issue";
    let publication = bilingual().published();
    let publication = publication.after(&["publish"]).without("issues/newsletter").without("outbox");
    let site = publication.tree("public");
    let store = publication.bytes("masthead.db");
    publication.run(&["check", "--json"]).ok().warns(lost);
    assert!(publication.bytes("masthead.db") == store, "check looks alone");
    publication.run(&["publish"]).leaves_with(1).says(lost).says("bring issues/ back").says_not("mail: Newsletter");
    assert!(!publication.has("issues/newsletter/0001") && !publication.has("outbox/newsletter"));
    assert!(publication.tree("public") == site, "nothing is changed");
}

#[test]
fn what_was_never_mailed_may_be_taken_away() {
    let publication = bilingual().published().at("2026-08-20T08:00:00Z").after(&["issue", "new", "newsletter"]);
    let publication = publication.without("issues/newsletter/0002").at(SEPTEMBER);
    publication.run(&["check"]).ok().says_not("has no such issue");
    publication.publish().ok().freezes(&["newsletter/93"]);
    // Its list has no readers.
    let nobody = bilingual().file("readers.csv", "email\n").published().without("issues");
    nobody.run(&["publish"]).ok().says_not("has no such issue");
}

#[test]
fn a_damaged_store_is_told() {
    let publication = bilingual().published();
    let whole = publication.bytes("masthead.db");
    publication.run(&["doctor"]).ok().says("masthead.db can be used");
    let mut changed = whole.clone();
    let end = whole.len().min(65_536);
    assert!(end > 20_000, "{end}");
    changed[8192..end].fill(0x5a);
    for damaged in [&whole[..5000], &changed] {
        let publication = publication.copy().file("masthead.db", damaged);
        let before = publication.tree(".");
        publication.run(&["doctor"]).ok().says("masthead.db cannot be used").says("damaged").says("masthead restore");
        publication.run(&["check", "--json"]).ok().warns("the store is damaged");
        assert!(publication.tree(".") == before, "nothing is changed");
    }
}

#[test]
fn a_store_on_a_server_that_no_run_can_use_is_told() {
    let Some(server) = Postgres::quick() else { return };
    let (url, local) = (server.database(), "sqlite:masthead.db");
    let publication = bilingual().tables(&format!("[store]\nurl = \"{local}\"")).published();
    let joint = if url.contains('?') { '&' } else { '?' };
    let nowhere = format!("{url}{joint}schema=nope");
    let publication = publication.reconfigure(local, &nowhere);
    publication.run(&["doctor"]).ok().says("cannot be used").says("has no schema that `[store] url` names");
    let publication = publication.reconfigure(&nowhere, &url);
    publication.run(&["doctor"]).ok().says("cannot be used").says("this one holds readers");
    let publication = publication.without("masthead.db");
    publication.run(&["doctor"]).ok().says("can be used");
    let publication = publication.published();
    publication.run(&["doctor"]).ok().says("can be used");
    drop(server);
    publication
        .run(&["check"])
        .ok()
        .says("the store was not looked at")
        .says("no fault was found in what was looked at");
}

//! The command line.

use serde_json::Value;

use crate::conformance::tests::validate;
use crate::golden::files;
use crate::publication::Publication;
use crate::samples::{bilingual, demonstration, july};

#[test]
fn what_init_makes_publishes_at_once() {
    let nowhere = Publication::new();
    nowhere.run(&["init", "gazette"]).ok().says("masthead publish");
    let at = |arguments: &[&str]| {
        let mut command = nowhere.command(arguments);
        command.current_dir(nowhere.path("gazette")).output().unwrap()
    };
    let output = at(&["publish", "--strict"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    for path in ["public/index.html", "public/feed.xml", "public/newsletter/1/newsletter-1.pdf", "public/fa/index.html"]
    {
        assert!(nowhere.has(&format!("gazette/{path}")), "there is no {path}");
    }
    assert!(!nowhere.files("gazette/outbox").is_empty());
    nowhere.run(&["init", "gazette"]).leaves_with(2).says("not empty");
}

#[test]
fn the_repository_is_a_publication_that_publishes() {
    let publication = demonstration();
    publication.run(&["publish", "--strict"]).ok();
    assert!(publication.has("public/index.html") && publication.has("outbox"));
    crate::pages::look_as_they_did(&publication);
    validate(&files(&publication.path("public"), "pdf"));
    // Sizes are read in the direction of their words, from the right in Persian.
    assert!(publication.read("public/fa/index.html").contains("<bdi>("));
}

#[test]
fn help_is_as_it_was_looked_at() {
    let publication = Publication::new();
    publication.run(&["help"]).ok().output_is("help.txt");
    publication.run(&["help", "issue"]).ok().output_is("help-issue.txt");
    publication.run(&["--version"]).ok().says(env!("CARGO_PKG_VERSION"));
}

#[test]
fn every_reporting_verb_speaks_json() {
    let publication = bilingual().published();
    for arguments in [
        &["collect"][..],
        &["plan", "newsletter"],
        &["plan", "newsletter", "--all"],
        &["issue", "list"],
        &["issue", "list", "newsletter"],
        &["issue", "show", "newsletter", "92"],
        &["issue", "edit", "newsletter", "1"],
        &["build"],
        &["check"],
        &["publish"],
        &["subscribers", "status"],
        &["subscribers", "add", "members", "new@example.org"],
        &["subscribers", "remove", "members", "new@example.org"],
    ] {
        let run = publication.run(&[arguments, &["--json"]].concat()).ok();
        let json: Value = run.json();
        assert!(json["warnings"].is_array(), "{arguments:?}: {json}");
        assert_eq!(run.stderr, "", "{arguments:?}");
    }
}

#[test]
fn quiet_says_nothing_but_errors() {
    let publication = july().post("2026-07-05-slip.md", "---\ntitle: A\ntgas: [type]\n---\nText.\n");
    let run = publication.run(&["publish", "-q"]).ok();
    assert_eq!((run.stdout.as_str(), run.stderr.as_str()), ("", ""));
    publication.run(&["publish", "-q", "--config", "nowhere.toml"]).leaves_with(2).says("nowhere.toml");
}

#[test]
fn the_plan_says_why() {
    let publication = july().post("2026-08-03-draft.md", "---\ntitle: A draft\ndraft: true\n---\nText.\n").published();
    publication.run(&["plan", "newsletter", "--all"]).ok().output_is("plan.txt");
    publication.run(&["plan", "newsleter"]).leaves_with(2).says("did you mean `newsletter`?");
}

#[test]
fn issues_are_listed_shown_and_opened() {
    let publication = july().published();
    publication.run(&["issue", "list"]).ok().output_is("issue-list.txt");
    publication.run(&["issue", "show", "newsletter", "1"]).ok().output_is("issue-show.txt");
    publication.run(&["issue", "show", "newsletter", "7"]).leaves_with(2).says("7");
    publication.run(&["issue", "new", "newsletter"]).ok();
    assert!(publication.has("issues/newsletter/0002/issue.toml"));
    publication.run(&["issue", "edit", "newsletter"]).ok().says("issues/newsletter/0002/issue.toml");
    crate::golden::check("fresh-issue.toml", &publication.read("issues/newsletter/0002/issue.toml"));
    publication.run(&["issue", "freeze", "newsletter", "2"]).leaves_with(1);
}

#[test]
fn lists_are_imported_exported_and_kept() {
    let publication =
        bilingual().file("more.csv", "Email,Name\nthird@example.org,\"Third, the\"\nreader@example.org,A reader\n");
    publication.run(&["subscribers", "import", "members", "more.csv"]).ok().says("2 added");
    publication.run(&["subscribers", "add", "members", "fourth@example.org", "--language", "fa"]).ok();
    publication.run(&["subscribers", "remove", "members", "third@example.org"]).ok();
    publication.run(&["subscribers", "import", "members", "more.csv"]).ok();
    publication.run(&["subscribers", "export", "members"]).ok().output_is("subscribers.csv");
    publication.run(&["subscribers", "status", "members"]).ok().says("unsubscribed");
    publication.run(&["subscribers", "status", "member"]).leaves_with(2).says("did you mean `members`?");
    publication.run(&["subscribers", "add", "members", "nobody"]).leaves_with(2).says("`nobody`");
    let publication = publication.published();
    let outbox = publication.files("outbox").join("\n");
    assert!(!outbox.is_empty());
    for message in publication.files("outbox") {
        let text = publication.read(&format!("outbox/{message}"));
        assert!(!text.contains("third@example.org"), "{message} is to somebody who wants none");
    }
}

#[test]
fn check_changes_nothing() {
    let publication = july().post("2026-07-05-slip.md", "---\ntitle: A\ntgas: [type]\n---\nText.\n");
    let before = publication.tree("");
    publication.run(&["check"]).ok().says("tgas");
    publication.run(&["check", "--strict"]).leaves_with(3);
    let mut after = publication.tree("");
    after.remove(".masthead-lock");
    assert_eq!(after, before);
}

#[test]
fn an_html_file_is_set_alone() {
    let publication = Publication::new()
        .file(
            "page.html",
            "<!doctype html><html lang=en><title>A page</title><body><h1>A page</h1><p>Of text.</p></html>",
        )
        .file("print.css", "@page { size: A5 } h1 { color: #800000 }");
    let run = publication.run(&["typeset", "page.html", "-o", "page.pdf", "--style", "print.css", "--json"]).ok();
    assert_eq!(run.json()["pages"], 1);
    let document = lopdf::Document::load(publication.path("page.pdf")).unwrap();
    assert_eq!(document.get_pages().len(), 1);
    publication.run(&["typeset", "gone.html", "-o", "page.pdf"]).leaves_with(2).says("gone.html");
    let before = publication.bytes("page.html");
    publication.run(&["typeset", "page.html", "-o", "./page.html"]).leaves_with(2).says("would be lost");
    publication.run(&["typeset", "page.html", "-o", "print.css", "--style", "print.css"]).leaves_with(2);
    assert_eq!(publication.bytes("page.html"), before);
}

#[test]
fn shells_and_manuals_are_served() {
    let publication = Publication::new();
    for shell in ["bash", "fish", "zsh"] {
        publication.run(&["completions", shell]).ok().says("masthead");
    }
    publication.run(&["man"]).ok().says(".TH masthead");
    publication.run(&["man", "--dir", "man"]).ok();
    assert!(publication.has("man/masthead-issue-freeze.1"), "{:?}", publication.files("man"));
}

#[test]
fn usage_errors_have_their_own_code() {
    let publication = Publication::new();
    publication.run(&["pubish"]).leaves_with(2);
    publication.at("yesterday").run(&["publish"]).leaves_with(2).says("2026-11-22T08:00:00Z");
}

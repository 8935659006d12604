//! The command line.

use serde_json::Value;

use crate::conformance::tests::validate;
use crate::golden::files;
use crate::publication::{Publication, assert_same};
use crate::run::Run;
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
fn a_publication_is_published_from_the_folder_around_it() {
    let publication = july()
        .picture("posts/hall.png", 300, 200)
        .post("2026-07-06-hall.md", "---\ntitle: The hall\n---\n![The hall](hall.png)\n\n[The plan](plan.pdf)\n");
    let publication = publication.file("posts/plan.pdf", "%PDF-1.4 a plan");
    let here = publication.copy().published();
    let name = publication.folder().file_name().unwrap().to_str().unwrap();
    let config = format!("{name}/config.toml");
    let mut command = publication.command(&["--config", &config, "publish"]);
    let output = command.current_dir(publication.folder().parent().unwrap()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_same(&publication.tree("public"), &here.tree("public"));
    assert_same(&publication.tree("issues"), &here.tree("issues"));
}

#[test]
fn the_plan_says_why() {
    let publication = july().post("2026-08-03-draft.md", "---\ntitle: A draft\ndraft: true\n---\nText.\n").published();
    publication.run(&["plan", "newsletter", "--all"]).ok().output_is("plan.txt");
    publication.run(&["plan", "newsleter"]).leaves_with(2).says("did you mean `newsletter`?");
}

#[test]
fn the_plan_is_the_issue_that_will_be() {
    let publication = july()
        .reconfigure(
            "first_number = 92",
            "first_number = 92\nsections = [{ title = \"Reports\", tags = [\"report\"] }, { title = \"On feeds\", tags = [\"feeds\"] }]",
        )
        .post("2026-07-25-report.md", "---\ntitle: A report\ntags: [report]\n---\nText.\n")
        .post("2026-07-26-other.md", "---\ntitle: Another\ntags: [report]\n---\nText.\n")
        .at("2026-07-28T08:00:00Z");
    let titles = |run: &Run<'_>| -> Vec<String> {
        let json = run.json();
        let sections = json["sections"].as_array().unwrap().iter();
        let articles = sections.flat_map(|section| {
            let (heading, articles) = (section["title"].as_str().unwrap(), section["articles"].as_array().unwrap());
            articles.iter().map(move |one| {
                format!("{heading}/{}/{}", one["slug"].as_str().unwrap(), one["title"].as_str().unwrap())
            })
        });
        articles.collect()
    };
    let as_planned = ["Reports/report/A report", "Reports/other/Another", "On feeds/feeds/Feeds that turn their pages"];
    let first = publication.run(&["plan", "newsletter", "--json"]).ok();
    assert_eq!(titles(&first)[..3], as_planned);
    let publication = publication.after(&["issue", "new", "newsletter"]);
    let file = "issues/newsletter/0001/issue.toml";
    let text = format!("order = [\"other\"]\n{}\n[titles]\nfeeds = \"Pages that turn\"\n", publication.read(file));
    let publication = publication.file(file, text);
    let (planned, shown) = (
        publication.run(&["plan", "newsletter", "--json"]).ok(),
        publication.run(&["issue", "show", "newsletter", "--json"]),
    );
    assert_eq!(titles(&planned), titles(&shown.ok()));
    let edited = ["Reports/other/Another", "Reports/report/A report", "On feeds/feeds/Pages that turn"];
    assert_eq!(titles(&planned)[..3], edited);
    for verb in ["plan", "issue show"] {
        let arguments: Vec<&str> = verb.split(' ').chain(["newsletter"]).collect();
        publication.run(&arguments).ok().says("Pages that turn\n      feeds\n").says("\nunder no heading\n  ");
    }
}

#[test]
fn one_draft_is_open_at_a_time() {
    let publication = july().published();
    publication.run(&["issue", "new", "newsletter"]).ok();
    publication
        .run(&["issue", "new", "newsletter"])
        .leaves_with(1)
        .says("issues/newsletter/0002/issue.toml: Newsletter 93 (newsletter/0002) is open already")
        .says("`masthead issue edit newsletter 0002` opens it")
        .says("begins at 2026-09-01 00:00 (Europe/Tirane)");
    assert!(!publication.has("issues/newsletter/0003"));
    publication
        .run(&["issue", "freeze", "newsletter", "2"])
        .leaves_with(1)
        .says("it closes at 2026-09-01 00:00 (Europe/Tirane); an earlier `until`");
    // Once its month has begun, the next one may be opened beside it.
    let later = publication.at("2026-09-01T08:00:00Z");
    later.run(&["issue", "new", "newsletter"]).ok();
    // A draft is dropped with its folder, and its number is free.
    let dropped = later.without("issues/newsletter/0003");
    dropped.run(&["issue", "new", "newsletter"]).ok();
    assert!(dropped.has("issues/newsletter/0003/issue.toml"));
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
    // What another file took off the list, the list's own would put back.
    publication
        .run(&["subscribers", "import", "members", "more.csv", "--replace"])
        .leaves_with(2)
        .says("the list `members` is kept in readers.csv")
        .says("put the rows into readers.csv instead");
    publication.run(&["subscribers", "import", "members", "readers.csv", "--replace"]).ok();
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

#[test]
fn missing_pictures_hide_nothing_else() {
    let pictures = (0..25).map(|n| format!("![One](p{n}.png)\n\n![Two](q{n}.png)\n\n[Three](r{n}.md)\n\n"));
    let pictures = pictures.collect::<Vec<_>>().concat();
    let publication = bilingual()
        .post("2026-07-01-much.md", &format!("---\ntitle: Much\n---\n{pictures}"))
        .file("readers.csv", "email\nreader@example.org\nnobody at all\n");
    for verb in ["check", "publish"] {
        let told = publication.run(&[verb]).ok();
        told.says("readers.csv:3:").says("46 more pictures are not at hand").says("21 more links lead to posts");
    }
    let whole = publication.run(&["check", "--json"]).ok();
    assert_eq!(whole.warnings().iter().filter(|told| told.contains("is not at hand")).count(), 50);
    let verbose = publication.run(&["check", "-v"]).ok();
    verbose.says("p24.png").says("q24.png").says("r24.md");
    // What a verb says of itself comes before what it found in an archive.
    let items = (0..25).map(|n| format!("&lt;img src=\"/p{n}.png\"&gt;")).collect::<Vec<_>>().concat();
    let dates = (1..=25).map(|day| {
        format!(
            "<item><title>{day}</title><pubDate>not on day {day}</pubDate><description>{items}</description></item>"
        )
    });
    let feed =
        format!("<rss version=\"2.0\"><channel><title>Press</title>{}</channel></rss>", dates.collect::<String>());
    let publication = publication.file("elsewhere.xml", feed);
    publication
        .run(&["source", "import", "elsewhere.xml", "--into", "elsewhere"])
        .ok()
        .says("elsewhere.xml:1:")
        .says("no source of config.toml reads `elsewhere`");
}

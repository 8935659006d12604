//! Mail goes out once what it leads to stands; the rest of the site is written meanwhile.

use super::sink::{Behaviour, Sink};
use super::{mail, with_mail};
use crate::publication::Publication;
use crate::tools::as_shown;

const HOME: &str = "https://compositor.example/";

/// A newsletter with a picture and links to older posts, one of them in Persian. No page of a tag can be drawn.
fn with_a_broken_listing(sink: &Sink) -> Publication {
    let old = "---\ntitle: Old\ndate: 2026-01-05\ntags: [ink]\n---\nAn old post.\n";
    let persian = "---\ntitle: قلم\ndate: 2026-01-06\nlang: fa\nslug: قلم\n---\nیک نوشته.\n";
    let new = format!(
        "---\ntitle: New\ndate: 2026-07-11\n---\nAs [before](2026-01-05-old.md), see [this too]({HOME}fa/posts/قلم/), and \
         [all]({HOME}).\n\n![A press](press.png)\n"
    );
    with_mail(&mail(&[sink.port], ""))
        .file("readers.csv", "ann@x.example\n")
        .post("2026-01-05-old.md", old)
        .post("2026-01-06-qalam.md", persian)
        .post("2026-01-07-apart.md", "---\ntitle: Apart\ndate: 2026-01-07\n---\nNobody leads here.\n")
        .post("2026-07-11-new.md", &new)
        .picture("posts/press.png", 9, 9)
        .file("templates/web/listing.hbs", "{{no_such_value}}\n")
}

/// The paths below the publication's address in the parts of a message.
fn paths(bytes: &[u8]) -> Vec<String> {
    let message = mail_parser::MessageParser::default().parse(bytes).unwrap();
    let parts = [as_shown(&message.body_html(0).unwrap()), message.body_text(0).unwrap().into_owned()];
    let links = parts.iter().flat_map(|part| part.split(HOME).skip(1));
    let path = |rest: &str| {
        let ends = |c: char| c.is_whitespace() || "\"#?<>".contains(c);
        let path = rest.split(ends).next().unwrap_or_default();
        percent_encoding::percent_decode_str(path).decode_utf8().unwrap().into_owned()
    };
    links.map(path).collect()
}

#[test]
fn what_mail_leads_to_stands_also_where_the_rest_of_the_site_cannot_be_drawn() {
    let sink = Behaviour::good().listen();
    let publication = with_a_broken_listing(&sink);
    publication
        .run(&["publish"])
        .leaves_with(1)
        .says("templates/web/listing.hbs")
        .says("1 message sent")
        .says("mail went out, and what it leads to stands");
    let paths = paths(&sink.taken()[0].bytes);
    for path in &paths {
        let file = if path.is_empty() || path.ends_with('/') { format!("{path}index.html") } else { path.clone() };
        assert!(publication.has(&format!("public/{file}")), "{path}");
    }
    let leads = |to: &str| paths.iter().any(|path| path == to);
    assert!(leads("posts/old/") && leads("fa/posts/قلم/") && leads("newsletter/1/") && leads(""), "{paths:?}");
    assert!(publication.has("public/style.css"));
    for absent in ["public/posts/apart/index.html", "public/feed.xml", "public/tags/ink/index.html"] {
        assert!(!publication.has(absent), "{absent}");
    }
    let publication = publication.without("templates/web/listing.hbs").published();
    for present in ["public/posts/apart/index.html", "public/feed.xml", "public/tags/ink/index.html"] {
        assert!(publication.has(present), "{present}");
    }
    assert_eq!(sink.count(), 1);
    assert_eq!(publication.run(&["publish", "--json"]).ok().json()["written"], 0, "and all of it is known as ours");
}

#[test]
fn one_page_that_cannot_be_written_keeps_the_feeds_away_and_no_other_page() {
    let sink = Behaviour::good().listen();
    let publication = with_a_broken_listing(&sink).without("templates/web/listing.hbs");
    let publication = publication.file("public/tags/ink", "a file where a folder has to be");
    publication.run(&["publish"]).leaves_with(1).says("public/tags/ink").says("1 message sent");
    assert!(publication.has("public/posts/apart/index.html") && !publication.has("public/feed.xml"));
    let publication = publication.without("public/tags/ink").published();
    assert!(publication.has("public/tags/ink/index.html") && publication.has("public/feed.xml"));
    assert_eq!(sink.count(), 1);
}

#[test]
fn nothing_is_mailed_where_a_page_cannot_be_drawn_that_it_leads_to() {
    let sink = Behaviour::good().listen();
    let publication = with_a_broken_listing(&sink).file("templates/web/post.hbs", "{{no_such_value}}\n");
    publication.run(&["publish"]).leaves_with(1).says("templates/web/post.hbs").says_not("sent");
    assert_eq!(sink.count(), 0);
    publication.without("templates/web/post.hbs").run(&["publish"]).leaves_with(1).says("1 message sent");
    assert_eq!(sink.count(), 1);
}

#[test]
fn mail_that_leads_to_a_feed_waits_for_the_whole_site() {
    let sink = Behaviour::good().listen();
    let text =
        std::fs::read_to_string(format!("{}/templates/email/issue.txt.hbs", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let publication =
        with_a_broken_listing(&sink).file("templates/email/issue.txt.hbs", format!("{text}\n{HOME}atom.xml\n"));
    publication.run(&["publish"]).leaves_with(1).says("templates/web/listing.hbs").says_not("sent");
    assert_eq!(sink.count(), 0);
    let publication = publication.without("templates/web/listing.hbs").published();
    assert_eq!(sink.count(), 1);
    assert!(paths(&sink.taken()[0].bytes).iter().any(|path| path == "atom.xml") && publication.has("public/atom.xml"));
}

#[test]
fn mail_that_an_earlier_run_has_queued_waits_for_the_whole_site() {
    let sink = Behaviour::good().listen();
    let publication = with_a_broken_listing(&sink).without("templates/web/listing.hbs");
    let publication = publication.after(&["publish", "--hold-mail"]);
    let publication = publication.file("templates/web/listing.hbs", "{{no_such_value}}\n");
    publication.run(&["publish"]).leaves_with(1).says("templates/web/listing.hbs").says_not("sent");
    assert_eq!(sink.count(), 0);
    publication.without("templates/web/listing.hbs").published();
    assert_eq!(sink.count(), 1);
    // Nothing goes out, so nothing is gained.
    let publication = with_a_broken_listing(&sink);
    publication.run(&["publish", "--hold-mail"]).leaves_with(1).says("templates/web/listing.hbs").says_not("mail:");
    assert!(!publication.has("public"));
}

#[test]
fn what_was_written_before_mail_is_taken_away_again_by_later_runs() {
    let sink = Behaviour::good().listen();
    let publication = with_a_broken_listing(&sink);
    publication.run(&["publish"]).leaves_with(1).says("1 message sent");
    assert!(publication.has("public/posts/old/index.html"));
    let publication = publication
        .without("templates/web/listing.hbs")
        .edit("posts/2026-01-05-old.md", "tags: [ink]", "tags: [ink]\ndraft: true")
        .published();
    assert!(!publication.has("public/posts/old/index.html"), "it was taken back meanwhile");
}

#[test]
fn mail_that_was_made_under_another_address_waits_for_the_whole_site() {
    let sink = Behaviour::good().listen();
    let publication = with_a_broken_listing(&sink).file("templates/web/post.hbs", "{{no_such_value}}\n");
    publication.run(&["publish"]).leaves_with(1).says("templates/web/post.hbs");
    let publication = publication
        .without("templates/web/post.hbs")
        .reconfigure("https://compositor.example/", "https://new.example/");
    publication.run(&["publish"]).leaves_with(1).says("templates/web/listing.hbs").says_not("sent");
    assert_eq!(sink.count(), 0);
}

#[test]
fn where_nothing_is_mailed_a_page_that_cannot_be_drawn_leaves_the_site_as_it_was() {
    let sink = Behaviour::good().listen();
    let publication = with_a_broken_listing(&sink).without("templates/web/listing.hbs").published();
    let before = publication.tree("public");
    let publication = publication
        .file("templates/web/style.css", "body {}\n")
        .file("templates/web/listing.hbs", "{{no_such_value}}\n");
    publication.run(&["publish"]).leaves_with(1).says("templates/web/listing.hbs").says_not("mail went out");
    crate::publication::assert_same(&publication.tree("public"), &before);
    assert_eq!(sink.count(), 1);
}

#[test]
fn an_issue_that_waits_for_its_list_leads_nowhere() {
    let sink = Behaviour::good().listen();
    let publication = with_a_broken_listing(&sink).without("readers.csv");
    publication.run(&["publish"]).leaves_with(1).says("templates/web/listing.hbs");
    assert!(!publication.has("public"), "a page that cannot be drawn leaves the site as it was");
}

//! The preview: drafts, made anew when something changes.

use crate::samples::july;
use crate::service::{Running, free_port, wait_until};

#[test]
fn a_preview_shows_drafts_and_what_is_written_while_it_runs() {
    let publication = july().published().after(&["issue", "new", "newsletter"]);
    let before = publication.tree("public");
    let running = Running::start(&publication, &[], free_port());
    running.get("/newsletter/2/").is(200).says("August");
    let publication = publication.short_post("2026-08-01-while-it-runs.md", "Written while it runs");
    wait_until("the new post is shown", || running.get("/posts/while-it-runs/").status == 200);
    let publication = publication.file("posts/2026-08-01-broken.md", b"\xff\xfe\x00");
    running.get("/").is(200);
    // A page whose name leads to this machine would read drafts.
    for path in ["/newsletter/2/", "/", "/health"] {
        let answer = running.get_with(path, &[("host", "evil.example")]).is(421);
        assert!(!answer.text().contains("August"), "{}", answer.text());
    }
    running.get_with("http://evil.example/newsletter/2/", &[("host", "localhost")]).is(421);
    for own in ["localhost", "localhost:9000", "127.0.0.1", "[::1]:9000"] {
        running.get_with("/newsletter/2/", &[("host", own)]).is(200);
    }
    running.stop();
    assert_eq!(publication.tree("public"), before, "public/ is not touched");
    publication.run(&["serve", "--listen", "0.0.0.0:0"]).leaves_with(2).says("--public");
}

#[test]
fn a_preview_shows_posts_that_are_not_out_as_drafts() {
    let publication = july()
        .post(
            "2026-07-05-secret.md",
            "---\ntitle: Not yet\ndraft: true\ntags: [type]\nimage: press.png\n---\nA draft.\n",
        )
        .post("2026-12-24-eve.md", "---\ntitle: The eve\n---\nIt is to come.\n")
        .post("2026-07-09-fa.fa.md", "---\ntitle: پیش از این\ndraft: true\n---\nمتن.\n")
        // The same name as a post that is out.
        .post("2026-07-21-feeds.md", "---\ntitle: Feeds again\ndraft: true\n---\nAnother.\n")
        .published();
    let before = (publication.tree("public"), publication.tree("collected"), publication.tree("issues"));
    let running = Running::start(&publication, &[], free_port());
    running.get("/posts/secret/").is(200).says("[Draft] Not yet").says("A draft.");
    running.get("/posts/eve/").is(200).says("[Draft] The eve");
    running.get("/fa/posts/fa/").is(200).says("[پیش‌نویس]");
    running.get("/posts/feeds/").is(200).says("Feeds that turn their pages");
    let front = running.get("/").is(200);
    assert!(
        front.text().contains("[Draft] Not yet") && front.text().contains("[Draft] Feeds again"),
        "{}",
        front.text()
    );
    running.get("/tags/type/").is(200).says("[Draft] Not yet");
    for feed in ["/feed.xml", "/atom.xml", "/feed.json", "/tags/type/feed.xml"] {
        let feed = running.get(feed).is(200);
        assert!(!feed.text().contains("Not yet") && !feed.text().contains("The eve"), "{}", feed.text());
    }
    running.stop();
    let after = (publication.tree("public"), publication.tree("collected"), publication.tree("issues"));
    assert_eq!(after, before);
    for verb in [&["publish", "--drafts"][..], &["build", "--drafts"]] {
        publication.run(verb).ok();
        assert!(!publication.has("public/posts/secret") && !publication.has("public/posts/eve"));
    }
}

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

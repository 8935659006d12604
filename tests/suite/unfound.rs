//! Links of posts that lead readers nowhere.

use crate::publication::Publication;
use crate::samples::july;

#[test]
fn an_address_copied_from_the_preview_is_told() {
    let publication = Publication::new().post(
        "2026-07-06-a.md",
        "---\ntitle: A\n---\n[z](http://127.0.0.1:8080/posts/b/?x#y), [y](http://localhost:8080/) and\n\
         ![x](http://127.0.0.1:8080/assets/a.png), but [w](https://localhost.example/) and `http://localhost/` and [v](http://localhost:4000/).\n",
    );
    let told = publication.run(&["collect", "--json"]).ok();
    assert_eq!(
        told.warnings(),
        [
            "posts/2026-07-06-a.md:4:5: `http://127.0.0.1:8080/posts/b/?x#y` leads readers to their own machines, as the \
             addresses of a preview do",
            "posts/2026-07-06-a.md:4:46: `http://localhost:8080/` leads readers to their own machines, as the addresses of \
             a preview do",
            "posts/2026-07-06-a.md:5:6: `http://127.0.0.1:8080/assets/a.png` leads readers to their own machines, as the \
             addresses of a preview do",
        ]
    );
    told.says("a page of this site is `/posts/b/?x#y`");
}

#[test]
fn check_tells_links_to_pages_of_ours_that_are_not_there() {
    let links = |links: &[&str]| {
        let links = links.iter().map(|link| format!("[x]({link})")).collect::<Vec<_>>().join(" ");
        format!("---\ntitle: Leads\naliases: [/old/place/]\n---\n{links}\n")
    };
    let there = [
        "/posts/august/",
        "/posts/august",
        "https://compositor.example/posts/a-line-of-type/#how-it-went",
        "/newsletter/1/",
        "/newsletter/1/newsletter-1.pdf",
        "/newsletter/",
        "/tags/type/",
        "/feed.xml",
        "/old/place/",
        "/map/",
        "/",
        "https://compositor.example",
        "https://other.example/nothere/",
        "press.png",
    ];
    let sound = july().post("2026-07-08-leads.md", &links(&there)).published().file("public/map/index.html", "by hand");
    sound.run(&["check", "--strict"]).ok().says("no fault was found");
    // What else stands on the site is not known here.
    let gone = ["/posts/nothere/", "https://compositor.example/newsletter/9/", "/map/", "/about/"];
    let broken = sound.post("2026-07-09-broken.md", &links(&gone).replace("aliases: [/old/place/]\n", ""));
    broken.run(&["check"]).ok().says(
        "posts/2026-07-09-broken.md: `https://compositor.example/newsletter/9/` and one more address lead to no page of this",
    );
    // What the next run takes away is not there.
    let moved = broken.without("posts/2026-07-09-broken.md").without("posts/2026-08-01-august.md");
    moved.run(&["check"]).ok().says("`https://compositor.example/posts/august` and one more address lead to no page");
}

//! Files that posts link to: published beside the posts, under their own names, wherever a reader meets the link.

use std::collections::BTreeMap;

use crate::publication::{Publication, assert_same};
use crate::readers::pdf_links;

const PDF: &[u8] = b"%PDF-1.4\n% the minutes of July\n";

/// A newsletter by mail whose one post links to minutes and to a list.
fn minutes() -> Publication {
    Publication::new()
        .series(
            "newsletter",
            "title = \"Newsletter\"\nwindow = \"monthly\"\nsince = 2026-07-01\nlists = [\"readers\"]\nmail = \"auto\"",
        )
        .tables("[list.readers]\ncsv = \"readers.csv\"\n\n[mail]\nfrom = \"desk@compositor.example\"")
        .file("readers.csv", "email\nann@readers.example\n")
        .file("posts/Minutes of July.pdf", PDF)
        .file("posts/data/list.csv", "a,b\n1,2\n")
        .post(
            "2026-07-06-council.md",
            "---\ntitle: Council\n---\nRead the [minutes](Minutes%20of%20July.pdf#page=2) and <a href=\"data/list.csv\">the list</a>.\n",
        )
}

/// The files below public/assets/.
fn assets(publication: &Publication) -> Vec<String> {
    publication.files("public/assets")
}

/// The one file below public/assets/ that ends so.
fn asset(publication: &Publication, end: &str) -> String {
    let mut found = assets(publication).into_iter().filter(|file| file.ends_with(end));
    let file = found.next().unwrap_or_else(|| panic!("{end}: {:?}", assets(publication)));
    assert_eq!(found.next(), None);
    file
}

#[test]
fn a_linked_file_is_published_and_every_output_leads_to_it() {
    let publication = minutes();
    let run = publication.publish().ok().freezes(&["newsletter/1"]);
    assert_eq!(run.warnings(), Vec::<String>::new());
    let pdf = asset(&publication, "/Minutes-of-July.pdf");
    assert_eq!(publication.bytes(&format!("public/assets/{pdf}")), PDF);
    assert_eq!(publication.bytes(&format!("issues/newsletter/0001/assets/{pdf}")), PDF);
    let csv = asset(&publication, "/list.csv");
    let whole = format!("https://compositor.example/assets/{pdf}#page=2");
    let page = publication.read("public/posts/council/index.html");
    assert!(page.contains(&format!("href=\"../../assets/{pdf}#page=2\"")), "{page}");
    assert!(page.contains(&format!("href=\"../../assets/{csv}\"")), "{page}");
    let issue = publication.read("public/newsletter/1/index.html");
    assert!(issue.contains(&format!("href=\"../../assets/{pdf}#page=2\"")), "{issue}");
    for feed in ["feed.xml", "atom.xml", "feed.json", "newsletter/feed.xml"] {
        let feed = publication.read(&format!("public/{feed}"));
        assert!(feed.contains(&whole), "{feed}");
    }
    let digest: serde_json::Value =
        serde_json::from_str(&publication.read("issues/newsletter/0001/released/r1/digest.json")).unwrap();
    for part in ["html", "text"] {
        assert!(digest[part].as_str().unwrap().contains(&whole), "{part}: {}", digest[part]);
    }
    let links = pdf_links(&publication.path("public/newsletter/1/newsletter-1.pdf"));
    assert!(links.contains(&whole), "{links:?}");
    // A run that has nothing to do changes nothing, and what is frozen needs no source any more.
    let before = publication.tree("");
    publication.run(&["publish", "--json"]).ok();
    let only = |tree: BTreeMap<String, Vec<u8>>| -> BTreeMap<String, Vec<u8>> {
        tree.into_iter().filter(|(path, _)| path.starts_with("public") || path.starts_with("issues")).collect()
    };
    assert_same(&only(before), &only(publication.tree("")));
    let later = publication.without("posts").file("posts/2026-08-01-new.md", "---\ntitle: New\n---\nNew.\n");
    later.publish().ok();
    assert_eq!(later.bytes(&format!("public/assets/{pdf}")), PDF);
}

#[test]
fn a_linked_file_is_found_where_pictures_are_and_told_once_as_an_enclosure() {
    let publication = Publication::new()
        .reconfigure("markdown = \"posts\"", "markdown = \"posts\"\nassets = \"static\"")
        .file("static/files/report.PDF", PDF)
        .file("posts/a/clip.mp4", "film")
        .picture("posts/a/large.png", 30, 20)
        .file("posts/a/plan.svg", "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'><script>a()</script><path d='M0 0h9'/></svg>")
        .post(
            "a/2026-07-06-all.md",
            "---\ntitle: All\nimage: large.png\nenclosures: /files/report.PDF\n---\n\
             [Report](/files/report.PDF), [again](https://compositor.example/files/report.PDF), [site]({% link files/report.PDF %})\n\n\
             [large](large.png) [plan](plan.svg) <video src=\"clip.mp4\"></video>\n",
        )
        .published();
    let page = publication.read("public/posts/all/index.html");
    let report = asset(&publication, "report.pdf");
    assert_eq!(page.matches(&format!("href=\"../../assets/{report}\"")).count(), 3, "{page}");
    assert!(
        publication
            .read("public/feed.xml")
            .contains(&format!("<enclosure url=\"https://compositor.example/assets/{report}\""))
    );
    let clip = asset(&publication, "clip.mp4");
    assert!(page.contains(&format!("<a href=\"../../assets/{clip}\">clip.mp4</a>")), "{page}");
    let large = asset(&publication, ".png");
    assert!(page.contains(&format!("href=\"../../assets/{large}\"")), "{page}");
    assert!(
        page.contains(&format!("<img src=\"../../assets/{large}\"")),
        "the picture that leads the post stays: {page}"
    );
    let plan = publication.read(&format!("public/assets/{}", asset(&publication, ".svg")));
    assert!(plan.contains("<path") && !plan.contains("script"), "{plan}");
}

#[test]
fn documents_and_pictures_that_no_output_shows_are_published_and_told_nowhere() {
    let publication = Publication::new()
        .file("posts/a.avif", "picture")
        .file("posts/b.HEIC", "picture")
        .file("posts/c.docx", "document")
        .post("2026-07-06-a.md", "---\ntitle: A\n---\n[a](a.avif) [b](b.HEIC) [c](c.docx)\n");
    let run = publication.publish().ok();
    assert_eq!((run.warnings(), run.json()["posts"]["left_out"].as_array().map(Vec::len)), (vec![], Some(0)));
    let page = publication.read("public/posts/a/index.html");
    for end in ["/a.avif", "/b.heic", "/c.docx"] {
        assert!(page.contains(&format!("href=\"../../assets/{}\"", asset(&publication, end))), "{page}");
    }
}

#[test]
fn a_link_to_a_file_of_ours_that_is_not_there_is_told() {
    let publication = Publication::new().series("newsletter", "title = \"N\"\nwindow = \"monthly\"").post(
        "2026-07-06-a.md",
        "---\ntitle: A\n---\n[z](none.pdf) and\n[y](https://compositor.example/old/y.docx), but [x](https://other.example/x.pdf),\n\
         [w](/newsletter/1/newsletter-1.pdf), [v](https://compositor.example/feed.xml) and [u](2026-07-06-a.md).\n",
    );
    let told = publication.run(&["collect", "--json"]).ok().json();
    let told = told["warnings"].as_array().unwrap().iter();
    let told: Vec<String> = told.map(|one| format!("{}:{} {}", one["line"], one["column"], one["message"])).collect();
    assert_eq!(
        told,
        [
            "4:5 \"`none.pdf` is linked to, but no such file is there\"",
            "5:5 \"`https://compositor.example/old/y.docx` is linked to, but no such file is there\""
        ]
    );
}

#[test]
fn standing_articles_link_to_posts_by_their_files() {
    let about =
        "---\ntitle: About\n---\n[Ink](../posts/2026-07-05-ink.md#soot), [paper](../posts/2026-07-06-papr.md).\n";
    let publication = Publication::new()
        .series(
            "newsletter",
            "title = \"Newsletter\"\nwindow = \"monthly\"\nsince = 2026-07-01\nstanding = [\"pages/about.md\"]",
        )
        .short_post("2026-07-05-ink.md", "Ink")
        .file("pages/about.md", about);
    let told = publication.publish().ok().warnings();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].contains("pages/about.md:4:") && told[0].contains("2026-07-06-papr.md"), "{told:?}");
    let feed = publication.read("public/newsletter/feed.json");
    assert!(feed.contains("https://compositor.example/posts/ink/#ink--soot"), "{feed}");
}

#[test]
fn what_is_not_for_the_public_is_told_and_stays() {
    let outside = tempfile::tempdir().unwrap();
    std::fs::write(outside.path().join("secret.pdf"), PDF).unwrap();
    let names = [
        ("../readers.csv", "lies outside"),
        ("../issues/x.pdf", "lies outside"),
        ("out.pdf", "lies outside"),
        ("folder/secret.pdf", "lies outside"),
        (".hidden/a.pdf", "is hidden"),
        ("seen.pdf", "is hidden"),
        ("_data/a.csv", "belongs to the templates"),
        ("made/feed.csv", "is the program's own"),
        ("script.js", "is of no kind"),
        ("config.toml", "is of no kind"),
        ("track.gpx", "is of no kind"),
        ("mask.pdf", "is a symbolic link to a file of another kind"),
        ("not.png", "is no JPEG"),
    ];
    let links: String = names.iter().flat_map(|(name, _)| ["[x](", name, ")\n"]).collect();
    let publication = Publication::new()
        .file("readers.csv", "email\n")
        .file("issues/x.pdf", PDF)
        .file("posts/.hidden/a.pdf", PDF)
        .file("posts/_data/a.csv", "a")
        .file("posts/made/feed.csv", "a")
        .file("posts/made/.masthead-files", "")
        .file("posts/script.js", "a()")
        .file("posts/config.toml", "a")
        .file("posts/track.gpx", "<gpx/>")
        .file("posts/not.png", "no")
        .post(
            "2026-07-06-hostile.md",
            &format!("---\ntitle: Hostile\n---\n{links}\n[y](2026-07-06-hostile.md) [z](none.pdf)\n"),
        );
    let link = |to: &std::path::Path, name: &str| std::os::unix::fs::symlink(to, publication.path(name)).unwrap();
    link(&outside.path().join("secret.pdf"), "posts/out.pdf");
    link(outside.path(), "posts/folder");
    link(&publication.path("posts/.hidden/a.pdf"), "posts/seen.pdf");
    link(&publication.path("posts/config.toml"), "posts/mask.pdf");
    let run = publication.publish().ok();
    for (name, why) in names {
        run.warnings()
            .iter()
            .find(|warning| warning.contains(&format!("`{name}` is linked to, but not published: it {why}")))
            .unwrap_or_else(|| panic!("{name}: {:#?}", run.warnings()));
    }
    assert_eq!(assets(&publication), Vec::<String>::new());
    assert!(!publication.read("public/posts/hostile/index.html").contains("href=\"../../assets/"));
}

#[test]
fn the_programs_own_files_are_not_published_where_the_source_is_the_publication() {
    let publication = Publication::new()
        .reconfigure("markdown = \"posts\"", "markdown = \".\"")
        .tables("[list.readers]\ncsv = \"readers.csv\"")
        .file("readers.csv", "email\nann@readers.example\n")
        .file("outbox/a.txt", "a")
        .file("about.pdf", PDF)
        .post("2026-07-06-a.md", "---\ntitle: A\n---\n[r](/readers.csv) [o](/outbox/a.txt) [p](/about.pdf)\n");
    let run = publication.publish().ok();
    run.warns("`/readers.csv` is linked to, but not published: it is the program's own")
        .warns("`/outbox/a.txt` is linked to, but not published: it is the program's own");
    assert_eq!(assets(&publication).len(), 1, "{:?}", assets(&publication));
}

#[test]
fn what_members_are_mailed_links_to_is_at_hand_where_pictures_are_in_the_mail() {
    let publication = minutes()
        .reconfigure("mail = \"auto\"", "mail = \"auto\"\npublic = false")
        .reconfigure("from = \"desk", "pictures = \"inline\"\nfrom = \"desk")
        .picture("posts/a.png", 3, 2)
        .edit("posts/2026-07-06-council.md", "Read", "![a](a.png)\n\nRead");
    publication.publish().ok().freezes(&["newsletter/1"]);
    asset(&publication, "/Minutes-of-July.pdf");
    assert!(!assets(&publication).iter().any(|file| file.ends_with(".png")), "{:?}", assets(&publication));
}

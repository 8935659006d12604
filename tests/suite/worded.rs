//! What outputs say in the language of a text that the text itself does not say: what a note is, what files are called, what the
//! picture shows that leads a post.

use crate::publication::Publication;
use crate::samples::{bilingual, july};

const LABEL: &str = "<p class=\"note-kind\"><strong>";

fn noted() -> Publication {
    bilingual()
        .post("2026-07-11-ab.fa.md", "---\ntitle: آب\n---\n> [!WARNING]\n> آب ننوشید.\n")
        .post("2026-07-11-water.md", "---\ntitle: Water\n---\n> [!WARNING]\n> Do not drink.\n\n:::tip\nBoil it.\n:::\n")
        .post("2026-07-12-titled.md", "---\ntitle: Titled\n---\n> [!CAUTION] Hot water\n> Do not touch.\n")
}

#[test]
fn notes_say_what_they_are_in_the_language_of_the_text_and_are_kept_without() {
    let publication = noted();
    let mut run = publication.publish().ok().quiet();
    let (persian, english) = (format!("{LABEL}هشدار</strong></p>"), format!("{LABEL}Warning</strong></p>"));
    for (label, paths) in [
        (persian, ["public/fa/posts/ab/index.html", "public/khabarname/1/index.html", "public/fa/feed.json"]),
        (english, ["public/posts/water/index.html", "public/newsletter/1/index.html", "public/newsletter/feed.json"]),
    ] {
        for path in paths {
            let label = if path.ends_with("json") { label.replace('"', "\\\"") } else { label.clone() };
            run = run.check_file(path, &[&label]);
        }
    }
    run.check_file("public/khabarname/1/email.html", &["هشدار</strong></p>"])
        .check_file("public/khabarname/1/email.txt", &["> هشدار\n>\n> آب ننوشید."])
        .check_file(
            "public/newsletter/1/email.txt",
            &["> Warning\n>\n> Do not drink.", "> Hot water\n>\n> Do not touch."],
        )
        .check_absent("public/posts/water/index.html", &["Tip</strong>"])
        .check_absent("public/posts/titled/index.html", &["note-kind"])
        .check_absent("issues/khabarname/0001/frozen.json", &["هشدار", "note-kind"])
        .check_absent("issues/newsletter/0001/frozen.json", &["note-kind"]);
}

#[test]
fn a_feed_with_the_word_is_read_without_another() {
    let first = noted().published();
    let second = Publication::monthly()
        .tables("[[source]]\nfeed = \"theirs.xml\"\nlanguage = \"en\"")
        .file("theirs.xml", first.read("public/feed.xml"));
    let run = second.publish().ok();
    let shown = second.read("public/newsletter/1/index.html");
    assert_eq!((shown.matches("Warning</strong>").count(), shown.matches("note-kind").count()), (1, 0), "{shown}");
    run.check_file("public/newsletter/1/index.html", &["<blockquote class=\"markdown-alert-warning\">"]);
}

#[test]
fn a_publication_can_do_without_the_words() {
    let publication = noted().file("templates/strings/en.toml", "warning = \"\"\n");
    publication
        .publish()
        .ok()
        .quiet()
        .check_absent("public/posts/water/index.html", &["note-kind"])
        .check_file("public/fa/posts/ab/index.html", &["هشدار</strong>"]);
}

#[test]
fn files_without_a_title_are_called_by_their_names() {
    let publication = july()
        .file("posts/minutes.pdf", "%PDF-1.4\n% minutes\n")
        .file("posts/agenda.pdf", "%PDF-1.4\n% agenda\n")
        .file("posts/plan.pdf", "%PDF-1.4\n% plan\n")
        .post(
            "2026-07-08-council.md",
            "---\ntitle: Council\nenclosures: [minutes.pdf, agenda.pdf, {url: plan.pdf, title: A plan}]\n---\nWe met.\n",
        );
    let run = publication.publish().ok().quiet();
    let names = ["><bdi>minutes.pdf</bdi></a>", "><bdi>agenda.pdf</bdi></a>", ">A plan</a>"];
    run.check_file("public/posts/council/index.html", &names)
        .check_file("public/newsletter/feed.json", &names)
        .check_file("public/newsletter/1/index.html", &names)
        .check_file(
            "public/newsletter/1/email.txt",
            &["minutes.pdf (PDF, 1 kB):", "agenda.pdf (PDF, 1 kB):", "A plan (PDF"],
        );
    assert!(publication.files("public/assets").iter().all(|file| !file.contains("minutes")), "addresses stay");
    // An issue that was frozen before does not know the names.
    let frozen = publication.read("issues/newsletter/0001/frozen.json");
    let known = |line: &&str| line.contains("\"name\": \"minutes.pdf\"") || line.contains("\"name\": \"agenda.pdf\"");
    assert_eq!(frozen.lines().filter(known).count(), 2, "{frozen}");
}

#[test]
fn mail_in_text_says_what_the_picture_shows_that_leads_a_post() {
    let post = |name: &str, rest: &str| format!("---\ntitle: {name}\nimage: press.png\n{rest}---\nText.\n");
    let publication = july()
        .post("2026-07-08-hall.md", &post("Hall", "image_alt: A plan of the hall\n"))
        .post("2026-07-09-both.md", &post("Both", "image_alt: A plan of the yard\nimage_caption: By Ann\n"))
        .post(
            "2026-07-10-same.md",
            &post("Same", "image_alt: a plan of the roof\nimage_caption: A plan of the roof.\n"),
        )
        .post("2026-07-11-file.md", &post("File", "image_alt: press.png\n"));
    let run = publication.publish().ok();
    run.check_file(
        "public/newsletter/1/email.txt",
        &["[A plan of the hall]", "[A plan of the yard]\n\n[By Ann]", "[A plan of the roof.]"],
    )
    .check_absent("public/newsletter/1/email.txt", &["[a plan of the roof]", "[press.png]"]);
}

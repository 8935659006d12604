//! When an issue is frozen, and what that means.

use crate::publication::{Publication, assert_same};
use crate::samples::{bilingual, july};

#[test]
fn editors_have_the_time_that_was_promised_to_them() {
    let publication = july().reconfigure("first_number = 92", "first_number = 92\nfreeze = \"after 3d\"");
    publication
        .run(&["publish"])
        .ok()
        .says("waits for its editors until 2026-08-04 00:00")
        .no_file("issues/newsletter/0001/frozen.json")
        .no_file("public/newsletter/1");
    let publication = publication.at("2026-08-03T22:00:00Z").published();
    assert!(publication.has("issues/newsletter/0001/frozen.json"));
    assert!(publication.has("public/newsletter/1/index.html"));
}

#[test]
fn a_draft_that_waits_for_its_editor_can_be_looked_at() {
    let publication = july().reconfigure("first_number = 92", "first_number = 92\nfreeze = \"manual\"");
    publication.run(&["publish"]).ok().says("masthead issue freeze newsletter 0001").no_file("public/newsletter/1");
    publication
        .run(&["build", "--drafts", "--output", "preview"])
        .ok()
        .check_file("preview/newsletter/1/index.html", &["A line of type"]);
    let publication = publication.after(&["issue", "freeze", "newsletter", "1"]).after(&["build"]);
    assert!(publication.has("public/newsletter/1/newsletter-1.pdf"));
}

#[test]
fn a_frozen_issue_is_built_from_its_own_folder() {
    let publication = bilingual().published();
    let issue = |publication: &Publication| {
        let mut files = publication.tree("public/newsletter/1");
        // What stands around the issue on its page follows the site, which has lost its posts.
        let page = publication.read("public/newsletter/1/index.html");
        let main = page.split_once("<main").unwrap().1.split_once("</main>").unwrap().0.to_owned();
        files.insert("index.html".to_owned(), main.into_bytes());
        files.extend(publication.tree("issues"));
        files
    };
    let before = issue(&publication);
    let publication = publication
        .without("posts")
        .file("posts/.keep", "")
        .without("public")
        .without("about.md")
        .reconfigure("standing = [\"about.md\"]\n", "")
        .published();
    assert_same(&before, &issue(&publication));
}

#[test]
fn what_was_released_stays_when_templates_change() {
    let publication = bilingual().published();
    let pdf = publication.bytes("public/newsletter/1/newsletter-1.pdf");
    let mail = publication.bytes("public/newsletter/1/email.html");
    let publication = publication
        .file("templates/pdf/print.css", "@page { size: A5; margin: 1cm } body { font-size: 8pt }")
        .file("templates/contents.hbs", "<nav><p>Changed contents</p></nav>\n")
        .without("public")
        .published();
    assert_eq!(publication.bytes("public/newsletter/1/newsletter-1.pdf"), pdf);
    assert_eq!(publication.bytes("public/newsletter/1/email.html"), mail);
    assert!(
        publication.read("public/newsletter/1/index.html").contains("Changed contents"),
        "pages follow the templates"
    );
}

#[test]
fn unfreezing_works_until_something_went_out() {
    let publication = july().reconfigure("first_number = 92", "first_number = 92\nfreeze = \"manual\"").published();
    let publication = publication.after(&["issue", "freeze", "newsletter", "1"]);
    let publication = publication.after(&["issue", "unfreeze", "newsletter", "1"]);
    assert!(!publication.has("issues/newsletter/0001/frozen.json"));
    let publication = publication.after(&["issue", "freeze", "newsletter", "1"]).published();
    publication.run(&["issue", "unfreeze", "newsletter", "1"]).leaves_with(1).errors_are("unfreeze-too-late.txt");
    assert!(publication.has("issues/newsletter/0001/frozen.json"));
}

#[test]
fn a_back_issue_is_brought_in_with_its_number_and_its_pdf() {
    let publication = july().reconfigure("first_number = 92\n", "").published();
    let pdf = publication.bytes("public/newsletter/1/newsletter-1.pdf");
    let publication = july().reconfigure("first_number = 92", "").file("old.pdf", &pdf).after(&[
        "issue",
        "import",
        "newsletter",
        "old.pdf",
        "--number",
        "91",
        "--date",
        "2026-06-30",
        "--title",
        "The last by hand",
    ]);
    publication
        .publish()
        .ok()
        .freezes(&["newsletter/92"])
        .check_file("public/newsletter/index.html", &["The last by hand", "91"])
        .check_absent("public/newsletter/1/index.html", &["Inside this issue"])
        .check_file("public/newsletter/feed.xml", &["newsletter/1/newsletter-1.pdf"]);
    assert_eq!(publication.bytes("public/newsletter/1/newsletter-1.pdf"), pdf);
    publication
        .run(&["issue", "import", "newsletter", "old.pdf", "--number", "91", "--date", "2026-06-30"])
        .leaves_with(1)
        .says("`91`");
}

#[test]
fn a_year_of_issues_is_bound_into_a_volume() {
    let publication = july().series(
        "volume",
        "title = \"Volume\"\nbinds = \"newsletter\"\nwindow = \"yearly\"\nsince = 2026-01-01\nfirst_number = 8",
    );
    let publication = publication
        .file(
            "issues/newsletter/0001/issue.toml",
            "since = 2026-07-01\nuntil = 2026-08-01\nintro = \"A *short* word[^1].\\n\\n[^1]: In a note.\"\n",
        )
        .at("2027-01-02T08:00:00Z");
    publication
        .publish()
        .ok()
        .freezes(&["newsletter/92", "newsletter/93", "volume/8"])
        .check_file("public/volume/1/index.html", &["A line of type", "August", "A <em>short</em> word", "In a note"])
        .check_file("public/volume/feed.xml", &["A <em>short</em> word"]);
    let pdf = publication.path("public/volume/1/volume-1.pdf");
    if let Some(text) = crate::tools::output_of("pdftotext", &[pdf.to_str().unwrap(), "-"]) {
        assert!(text.contains("A short word1.") && text.contains("In a note."), "{text}");
    }
    let publication = publication.without("posts").file("posts/.keep", "").without("public").published();
    assert!(publication.has("public/volume/1/volume-1.pdf"));
}

#[test]
fn volumes_call_issues_as_these_call_themselves_and_list_their_headings() {
    let publication = crate::samples::bilingual()
        .reconfigure("calendar = \"persian\"", "calendar = \"persian\"\nissn = \"2049-3630\"")
        .series("volume", "title = \"Volume\"\nbinds = \"newsletter\"\nwindow = \"yearly\"\nsince = 2026-01-01")
        .series(
            "daftar",
            "title = \"دفتر\"\nlanguage = \"fa\"\nbinds = \"khabarname\"\nwindow = \"yearly\"\nsince = 2026-01-01",
        )
        .at("2027-01-02T08:00:00Z")
        .published();
    assert!(publication.read("public/volume/1/index.html").contains(">Newsletter No. 92<"));
    let volume = publication.read("public/volume/1/index.html");
    assert_eq!(volume.matches("<h3 class=\"band\">On feeds</h3>").count(), 1);
    assert!(volume.contains("<h4 class=\"title\">"), "what stands under a heading is a level below it");
    assert!(publication.read("public/daftar/1/index.html").contains(">خبرنامه شمارهٔ ۱<"));
    let issue = publication.read("public/khabarname/1/index.html");
    assert!(issue.contains("شاپا \u{2066}2049-3630\u{2069}"), "its digits must not run from right to left");
    let pdf = publication.path("public/volume/1/volume-1.pdf");
    let Some(text) = crate::tools::output_of("pdftotext", &[pdf.to_str().unwrap(), "-"]) else { return };
    let index = text.rsplit("Index").next().unwrap();
    assert!(index.contains("On feeds"), "{index}");
}

#[test]
fn no_feed_hands_out_a_draft() {
    let publication = july().reconfigure("first_number = 92", "first_number = 92\nfreeze = \"manual\"");
    let publication = publication.after(&["publish", "--drafts"]);
    assert!(publication.has("public/newsletter/1/index.html"));
    assert!(!publication.read("public/newsletter/atom.xml").contains("<entry"));
    assert!(!publication.read("public/newsletter/feed.xml").contains("<item"));
}

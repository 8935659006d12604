//! What outputs say beside texts: what files are called that have no title, and what the picture shows that leads a post.

use crate::samples::july;

#[test]
fn own_files_without_a_title_have_numbers_and_keep_their_names_to_themselves() {
    let publication = july()
        .file("posts/draft-of-smith.pdf", "%PDF-1.4\n% minutes\n")
        .file("posts/for-lawyers.pdf", "%PDF-1.4\n% agenda\n")
        .file("posts/plan.pdf", "%PDF-1.4\n% plan\n")
        .post(
            "2026-07-08-council.md",
            "---\ntitle: Council\nenclosures: [draft-of-smith.pdf, for-lawyers.pdf, {url: plan.pdf, title: A plan}]\n---\nWe met.\n",
        );
    let run = publication.publish().ok().quiet();
    let names = [">Document 1</span></a>", ">Document 2</span></a>", ">A plan</a>"];
    run.check_file("public/posts/council/index.html", &names)
        .check_file("public/newsletter/feed.json", &names)
        .check_file("public/newsletter/1/index.html", &names)
        .check_file(
            "public/newsletter/1/email.txt",
            &["Document 1 (PDF, 1 kB):", "Document 2 (PDF, 1 kB):", "A plan (PDF"],
        );
    for (folder, path, bytes) in ["public", "issues"]
        .iter()
        .flat_map(|folder| publication.tree(folder).into_iter().map(move |(path, bytes)| (folder, path, bytes)))
    {
        let text = String::from_utf8_lossy(&bytes);
        for name in ["draft-of-smith", "for-lawyers"] {
            assert!(!path.contains(name) && !text.contains(name), "{name} in {folder}/{path}");
        }
    }
}

#[test]
fn files_on_the_web_without_a_title_are_called_as_they_are_there() {
    let publication = july().post(
        "2026-07-08-council.md",
        "---\ntitle: Council\nenclosures:\n- https://council.example/files/minutes%20of%20May.pdf?x=1\n\
         - https://council.example/agenda.pdf\n- {url: \"https://council.example/trojan.pdf\", type: application/zip}\n---\nWe met.\n",
    );
    let run = publication.publish().ok().quiet();
    let names = ["><bdi>minutes of May.pdf</bdi></a>", "><bdi>agenda.pdf</bdi></a>", ">File</span></a>"];
    run.check_file("public/posts/council/index.html", &names)
        .check_file("public/newsletter/feed.json", &names)
        .check_file("public/newsletter/1/index.html", &names)
        .check_file(
            "public/newsletter/1/email.txt",
            &["minutes of May.pdf (PDF):", "agenda.pdf (PDF):", "File (ZIP):"],
        );
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
        .post("2026-07-11-file.md", &post("File", "image_alt: press.png\n"))
        .post("2026-07-12-camera.md", &post("Camera", "image_alt: DSC_0042\n"))
        .post("2026-07-13-held.md", &post("Held", "image_alt: the gate\nimage_caption: \"By Ann: the gate, 1912\"\n"));
    let run = publication.publish().ok();
    run.check_file(
        "public/newsletter/1/email.txt",
        &["[A plan of the hall]", "[A plan of the yard]\n\n[By Ann]", "[A plan of the roof.]"],
    )
    .check_absent(
        "public/newsletter/1/email.txt",
        &["[a plan of the roof]", "[press.png]", "[DSC_0042]", "[the gate]"],
    );
}

//! Mail that goes to files.

use std::process::Stdio;
use std::time::{Duration, Instant};

use mail_parser::MimeHeaders as _;

use super::with_mail;
use crate::publication::Publication;

/// A publication whose mail goes to files, by hand.
fn to_files(keys: &str, readers: usize) -> Publication {
    let rows: String = (0..readers).map(|n| format!("r{n:04}@x.example\n")).collect();
    with_mail(&format!("[mail]\nfrom = \"The Compositor <news@compositor.example>\"\n{keys}"))
        .reconfigure("mail = \"auto\"", "mail = \"manual\"")
        .file("readers.csv", rows)
}

fn written(publication: &Publication) -> Vec<String> {
    publication.files("outbox").into_iter().filter(|path| path.ends_with(".eml")).collect()
}

#[test]
fn a_send_that_was_killed_is_completed_by_the_next_run() {
    let publication = to_files("", 3000).published();
    for verb in [&["deliver"][..], &["publish"]] {
        let publication = publication.copy();
        let mut command = publication.command(&["send", "newsletter", "--yes"]);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let begun = Instant::now();
        while !publication.has("outbox") || written(&publication).is_empty() {
            assert!(begun.elapsed() < Duration::from_secs(60));
            std::thread::sleep(Duration::from_millis(1));
        }
        let _ = child.kill();
        child.wait().unwrap();
        assert!(written(&publication).len() < 3000, "it was too quick to be killed");
        let again = publication.run(&["send", "newsletter", "--yes"]).leaves_with(1);
        again.says("its campaign is running").says("`masthead deliver` sends what is due");
        let told = publication.run(verb).ok();
        told.says("newsletter/0001: ").says("written to outbox/");
        assert_eq!(written(&publication).len(), 3000);
        publication.run(&["status"]).ok().says("3000 of 3000 sent");
        publication.run(&["deliver"]).ok().says("nothing is due");
        let told: serde_json::Value =
            serde_json::from_str(&publication.read("issues/newsletter/0001/released/r1/mailed.json")).unwrap();
        assert_eq!(told["members"], 3000);
    }
    publication.run(&["deliver", "--watch"]).leaves_with(2).says("there is no relay");
}

#[test]
fn files_hold_what_relays_would_get() {
    let publication = to_files("pictures = \"inline\"\npdf = \"attached\"\n", 1)
        .picture("posts/a.png", 40, 30)
        .picture("logo.png", 60, 20)
        .reconfigure("title = \"The Compositor\"", "title = \"The Compositor\"\nlogo = \"logo.png\"")
        .post("2026-07-12-two.md", "---\ntitle: Two\n---\n![A picture](a.png)\n")
        .published();
    publication.run(&["send", "newsletter", "--yes"]).ok();
    let [path] = &written(&publication)[..] else { panic!("{:?}", written(&publication)) };
    let bytes = publication.bytes(&format!("outbox/{path}"));
    let message = mail_parser::MessageParser::default().parse(&bytes).unwrap();
    let kinds: Vec<_> = message.parts.iter().filter_map(|part| part.content_type()?.subtype()).collect();
    assert!(kinds.contains(&"pdf") && kinds.contains(&"png"), "{kinds:?}");
    let html = message.body_html(0).unwrap();
    assert_eq!(html.matches("src=\"cid:").count(), 2, "picture and logo are in the message: {html}");
}

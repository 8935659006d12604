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

/// Hands on what is there, as a job beside the program does: the names, which are gone then.
fn hand_on(publication: &Publication, handed: &mut Vec<String>) {
    for path in written(publication) {
        std::fs::remove_file(publication.path("outbox").join(&path)).unwrap();
        handed.push(path);
    }
}

#[test]
fn what_was_handed_on_while_others_were_written_is_not_written_again() {
    let publication = to_files("", 1300).published();
    let mut handed = Vec::new();
    // A run that is killed, and one that goes on to its end; a job takes what it finds.
    for is_killed in [true, false] {
        let verb: &[&str] = if is_killed { &["send", "newsletter", "--yes"] } else { &["deliver"] };
        let mut child = publication.command(verb).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let begun = Instant::now();
        while child.try_wait().unwrap().is_none() {
            assert!(begun.elapsed() < Duration::from_secs(60));
            if publication.has("outbox") {
                hand_on(&publication, &mut handed);
            }
            if is_killed && !handed.is_empty() {
                let _ = child.kill();
            }
        }
        let staged = publication.files("outbox").into_iter().filter(|path| path.ends_with(".staged")).count();
        assert!(is_killed || staged == 0, "{staged} are left");
    }
    hand_on(&publication, &mut handed);
    publication.run(&["deliver"]).ok().says("nothing is due");
    hand_on(&publication, &mut handed);
    assert_eq!(handed.len(), 1300, "each once");
    handed.sort();
    handed.dedup();
    assert_eq!(handed.len(), 1300, "and nobody is left out");
}

#[test]
fn messages_that_a_killed_run_had_recorded_appear_and_the_others_are_written_again() {
    let publication = to_files("", 3).published().after(&["send", "newsletter", "--yes"]);
    let messages = written(&publication);
    let outbox = publication.tree("outbox");
    // As a run leaves them that is killed between the record and the names.
    for (delivery, path) in (1..).zip(&messages) {
        let (folder, name) = path.rsplit_once('/').unwrap();
        let staged = format!("{folder}/.{name}.{delivery}-1.staged");
        let outbox = publication.path("outbox");
        std::fs::rename(outbox.join(path), outbox.join(staged)).unwrap();
    }
    // By another hold than the one that was recorded: another machine has written it.
    let (folder, name) = messages[0].rsplit_once('/').unwrap();
    let publication = publication.file(&format!("outbox/{folder}/.{name}.1-9.staged"), "of nobody");
    publication.run(&["deliver"]).ok().says("nothing is due");
    assert!(publication.tree("outbox") == outbox);
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

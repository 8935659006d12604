//! Bounces: what real servers wrote, read from the corpora, and the verbs that act upon it.

mod damage;
mod labels;
mod letters;
mod renamed;
mod stores;
mod unsubscribe;
mod verbs;

use std::io::Write as _;
use std::process::Stdio;

use crate::publication::Publication;
use crate::run::Run;

/// A publication whose newsletter of July went to three readers, on 2 August 2026.
fn mailed() -> Publication {
    Publication::new()
        .environment("MASTHEAD_SECRET", "a secret of thirty-two characters")
        .tables(
            "[list.members]\ntitle = \"Members\"\ncsv = \"readers.csv\"\n\n[mail]\nfrom = \"The Compositor <news@compositor.example>\"",
        )
        .file("readers.csv", "email\nann@x.example\nbo@x.example\ncy@x.example\n")
        .series(
            "newsletter",
            "title = \"Newsletter\"\nwindow = \"monthly\"\nsince = 2026-07-01\nlists = [\"members\"]\nmail = \"auto\"",
        )
        .short_post("2026-07-10-one.md", "One")
        .published()
}

/// The message to a reader, from the outbox of an issue.
fn message_to(publication: &Publication, ordinal: u32, reader: &str) -> String {
    let folder = format!("outbox/newsletter-{ordinal}");
    let files = publication.files(&folder);
    let file = files.iter().find(|file| file.starts_with(reader)).unwrap_or_else(|| panic!("{reader} in {files:?}"));
    publication.read(&format!("{folder}/{file}"))
}

/// A header field of a message, unfolded.
fn header(message: &str, name: &str) -> String {
    let start = message.find(&format!("{name}: ")).unwrap_or_else(|| panic!("{name} in {message}")) + name.len() + 2;
    let value = message[start..].replace("\r\n ", " ");
    value.lines().next().unwrap().to_owned()
}

/// Runs a verb with a message on standard input.
fn with_input<'p>(publication: &'p Publication, arguments: &[&str], input: &str) -> Run<'p> {
    let mut command = publication.command(arguments);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    Run::from_output(publication, arguments, &child.wait_with_output().unwrap())
}

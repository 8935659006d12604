//! Sources on the web.

mod adding;
mod asking;
mod enclosures;
mod faults;
mod hostile;
mod older;
mod pictures;

use serde_json::Value;

use crate::publication::Publication;
use crate::run::Run;

/// A publication with one post of its own that may ask this machine, and waits for nothing longer than a test can.
fn publication() -> Publication {
    Publication::monthly()
        .short_post("2026-07-05-ours.md", "Ours")
        .tables("[fetch]\ntimeout = \"5s\"\nconnect_timeout = \"2s\"\nmax_size = \"64 kB\"\ngap = \"0s\"\nallow_private = [\"127.0.0.1\"]")
}

/// The same with sources of these names and addresses.
fn with(sources: &[(&str, &str)]) -> Publication {
    sources.iter().fold(publication(), |publication, (name, address)| {
        publication.tables(&format!("[[source]]\nfeed = \"{address}\"\nname = \"{name}\""))
    })
}

/// What the run did about a source.
fn fetched(run: &Run<'_>, name: &str) -> Value {
    let json = run.json();
    let rows = json["fetched"].as_array().unwrap_or_else(|| panic!("nothing was fetched: {json}"));
    rows.iter().find(|row| row["source"] == name).unwrap_or_else(|| panic!("no {name} in {json}")).clone()
}

/// What the run did about a source, in a word.
fn outcome(run: &Run<'_>, name: &str) -> String {
    fetched(run, name)["outcome"].as_str().unwrap().to_owned()
}

/// How a source stands, as `source list` says.
fn standing(publication: &Publication, name: &str) -> Value {
    let json = publication.run(&["source", "list", "--json"]).ok().json();
    let rows = json["sources"].as_array().unwrap();
    rows.iter().find(|row| row["name"] == name).unwrap_or_else(|| panic!("no {name} in {json}")).clone()
}

/// The titles of the posts that a page of the publication links.
fn shows(publication: &Publication, words: &str) -> bool {
    publication.read("public/index.html").contains(words)
}

//! Feeds that are read again as they were: what is kept of their items is believed, and nothing changes.

use std::fmt::Write as _;

use super::counts;
use crate::publication::Publication;
use crate::tools::{corpus, long};

/// The short form reads one of so many files.
const ONE_OF: usize = 4;

#[test]
fn feeds_that_are_read_again_change_nothing() {
    let Some(folder) = corpus("feeds") else { return };
    let every = if long() { 1 } else { ONE_OF };
    let mut sources = String::new();
    for (number, file) in counts().into_keys().step_by(every).enumerate() {
        writeln!(sources, "[[source]]\nname = \"s{number}\"\nfeed = '{}'", folder.join(file).display()).unwrap();
    }
    let publication = Publication::new().tables(&sources);
    publication.run(&["build"]).ok();
    let before = publication.tree("public");
    let again = publication.run(&["build", "-v"]).ok();
    crate::publication::assert_same(&publication.tree("public"), &before);
    for untrue in ["is not as the sanitiser writes it", "which is none on the web", "none of the files kept"] {
        assert!(!again.stderr.contains(untrue), "{untrue}: {}", again.stderr);
    }
}

//! The composer: a file per verb, the clock, the lock, the files.
//!
//! Every other stage is handed plain data and returns plain data; here the time is asked, files are read and written,
//! and the stages are joined.

mod advance;
mod args;
mod artefacts;
mod besides;
mod bodies;
mod brief;
mod clock;
mod collected;
mod compose;
mod exposed;
mod fetching;
mod files;
mod leads;
mod lists;
mod lock;
mod lost;
mod mailbox;
mod mailing;
mod manifest;
mod older;
mod outbox;
mod pictures;
mod public;
mod readership;
mod rehearsal;
mod report;
mod sending;
mod session;
mod shelf;
mod shown;
mod site;
mod stock;
mod store;
mod unfound;
mod unlinked;
mod unmailed;
mod verbs;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser as _;

use args::Arguments;
use session::Session;

/// Runs the program with these arguments, the program's name first, and says with which code to leave: 0 done, 1 a
/// failure, 2 wrong usage or configuration, 3 warnings under `--strict`.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    let mut session = Session::new(arguments.global);
    let done = verbs::run(arguments.verb, &mut session);
    report::finish(&mut session, done)
}

//! The verbs of the command line, a file each.

mod backup;
mod bounce;
mod build;
mod campaign;
mod check;
mod collect;
mod deliver;
mod doctor;
mod init;
mod issue;
mod plan;
mod publish;
mod restore;
mod send;
mod serve;
mod shell;
mod source;
mod status;
mod subscribers;
mod typeset;
mod unsubscribe;

use super::args::Verb;
use super::report::Report;
use super::session::Session;
use crate::error::Result;

/// Runs one verb.
pub(super) fn run(verb: Verb, session: &mut Session) -> Result<Report> {
    match verb {
        Verb::Init { dir } => init::run(session, &dir),
        Verb::Publish { output, drafts, hold_mail, asking } => {
            publish::run(session, output.output.as_deref(), drafts, hold_mail, asking.when())
        }
        Verb::Collect { asking } => collect::run(session, asking.when()),
        Verb::Source(verb) => source::run(session, verb),
        Verb::Plan { series, all } => plan::run(session, &series, all),
        Verb::Issue(verb) => issue::run(session, verb),
        Verb::Build { output, drafts } => build::run(session, output.output.as_deref(), drafts),
        Verb::Serve { serving } => serve::run(session, &serving),
        Verb::Subscribers(verb) => subscribers::run(session, verb),
        Verb::Bounce { mailbox } => bounce::run(session, &mailbox),
        Verb::Unsubscribe { mailbox } => unsubscribe::run(session, &mailbox),
        Verb::Send { which, sending } => send::run(session, &which, &sending),
        Verb::Deliver { watch } => deliver::run(session, watch),
        Verb::Pause { which, reason } => campaign::pause(session, &which, reason.as_deref()),
        Verb::Resume { which, resuming } => campaign::resume(session, &which, &resuming),
        Verb::Cancel { which } => campaign::cancel(session, &which),
        Verb::Resolve { which, resolving } => campaign::resolve(session, &which, &resolving),
        Verb::Status { series, number, recipient } => {
            status::run(session, series.as_deref(), number.as_deref(), recipient.as_deref())
        }
        Verb::Check => check::run(session),
        Verb::Doctor => doctor::run(session),
        Verb::Backup { file } => backup::run(session, &file),
        Verb::Restore { file, folder } => restore::run(session, &file, &folder),
        Verb::Typeset { html, output, style, system_fonts } => {
            typeset::run(session, &html, &output, &style, system_fonts)
        }
        Verb::Completions { shell } => Ok(shell::completions(shell)),
        Verb::Man { dir } => shell::man(dir.as_deref()),
    }
}

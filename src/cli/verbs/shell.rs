//! `masthead completions` and `masthead man`.

use std::path::Path;

use clap::{Command, CommandFactory as _};

use crate::cli::args::Arguments;
use crate::cli::files;
use crate::cli::report::Report;
use crate::error::{Error, ErrorKind, Result};

/// Completions for a shell, on standard output.
pub(super) fn completions(shell: clap_complete::Shell) -> Report {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "masthead", &mut script);
    Report::raw(String::from_utf8_lossy(&script))
}

/// The manual page on standard output, or a page for each verb into a folder.
pub(super) fn man(dir: Option<&Path>) -> Result<Report> {
    let mut command = Arguments::command();
    command.build();
    let Some(dir) = dir else { return Ok(Report::raw(page(&command, "masthead")?)) };
    let mut report = Report::default();
    let mut pages = vec![("masthead".to_owned(), command)];
    while let Some((name, command)) = pages.pop() {
        let path = dir.join(format!("{name}.1"));
        files::write(&path, page(&command, &name)?.as_bytes())?;
        report.line(path.display().to_string());
        for verb in command.get_subcommands().filter(|verb| verb.get_name() != "help") {
            pages.push((format!("{name}-{}", verb.get_name()), verb.clone()));
        }
    }
    Ok(report)
}

fn page(command: &Command, name: &str) -> Result<String> {
    let mut page = Vec::new();
    clap_mangen::Man::new(command.clone())
        .title(name)
        .render(&mut page)
        .map_err(|cause| Error::new(ErrorKind::Io, format!("cannot write the manual: {cause}")))?;
    Ok(String::from_utf8_lossy(&page).into_owned())
}

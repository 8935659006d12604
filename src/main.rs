//! The `masthead` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    masthead::cli::run(std::env::args_os())
}

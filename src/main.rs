//! The `masthead` program.

use std::process::ExitCode;

use mimalloc::MiMalloc;

/// Threads make and drop millions of small things at once; docs/architecture.md has what that saves.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    masthead::cli::run(std::env::args_os())
}

//! What a test needs from the machine it runs on.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

/// Whether a test may run: prints why not, or fails where every test must run.
pub(crate) fn present(present: bool, missing: &str) -> bool {
    assert!(present || !is_set("MASTHEAD_TEST_ALL"), "{missing}, and MASTHEAD_TEST_ALL is set");
    if !present {
        println!("skipped: {missing}");
    }
    present
}

/// A page as it is shown: with letters for its numeric references, and blanks for ends of lines.
pub(crate) fn as_shown(html: &str) -> String {
    let mut parts = html.split("&#");
    let mut page = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (number, rest) = part.split_once(';').expect("a reference ends");
        page.push(number.parse().ok().and_then(char::from_u32).expect("a number"));
        page.push_str(rest);
    }
    page.replace("\r\n", " ")
}

/// Whether an environment variable says 1.
fn is_set(name: &str) -> bool {
    std::env::var(name).is_ok_and(|value| value == "1")
}

/// Whether the long proofs were asked for.
pub(crate) fn long() -> bool {
    let long = is_set("MASTHEAD_LONG");
    if !long {
        println!("skipped: a long proof; MASTHEAD_LONG=1 runs it");
    }
    long
}

/// A program of the machine, or `None`, with the reason printed, when it is not installed.
pub(crate) fn tool(name: &str) -> Option<Command> {
    let paths = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&paths).any(|folder| folder.join(name).is_file());
    present(found, &format!("`{name}` is not installed")).then(|| Command::new(name))
}

/// The path of a program, on the path or in one of these folders, or `None`, with the reason printed, when it is not
/// installed.
pub(crate) fn program(name: &str, folders: &[PathBuf]) -> Option<PathBuf> {
    let paths = std::env::var_os("PATH").unwrap_or_default();
    let all = std::env::split_paths(&paths).chain(folders.iter().cloned());
    let found = all.map(|folder| folder.join(name)).find(|path| path.is_file());
    present(found.is_some(), &format!("`{name}` is not installed"));
    found
}

/// Runs a tool and returns its standard output, or `None` when it is not installed. Panics when it fails.
pub(crate) fn output_of(name: &str, arguments: &[&str]) -> Option<String> {
    let output = tool(name)?.args(arguments).output().expect("the tool was found");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{name} {arguments:?}: {errors}{}", String::from_utf8_lossy(&output.stdout));
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Whether a module of Python is at hand; with the reason printed when it is not.
pub(crate) fn python_has(module: &str) -> bool {
    let Some(mut python) = tool("python3") else { return false };
    let found = python.args(["-c", &format!("import {module}")]).output().is_ok_and(|output| output.status.success());
    present(found, &format!("python3 has no module `{module}`"))
}

/// The root of the repository.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A folder of the corpora of real publications, or `None`, with the reason printed, when they are not here.
pub(crate) fn corpus(name: &str) -> Option<PathBuf> {
    let corpora = std::env::var_os("MASTHEAD_CORPORA").map(PathBuf::from);
    // A relative folder starts from the repository, wherever the test runs.
    let corpora = root().join(corpora.unwrap_or_else(|| PathBuf::from("../shared/corpora")));
    let folder = corpora.join(name);
    present(folder.is_dir(), &format!("there is no corpus {}", folder.display())).then_some(folder)
}

/// Runs a program to its end: the most memory that it took, in bytes, and what it wrote. There must be a /proc.
pub(crate) fn peak(mut command: Command) -> (usize, String) {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut out = child.stdout.take().unwrap();
    let reader = std::thread::spawn(move || std::io::read_to_string(&mut out).unwrap());
    let mut peak = 0;
    while child.try_wait().unwrap().is_none() {
        peak = peak.max(high_water(&status).unwrap_or(0));
        std::thread::sleep(Duration::from_millis(1));
    }
    assert!(peak > 0);
    (peak, reader.join().unwrap())
}

fn high_water(status: &str) -> Option<usize> {
    let status = std::fs::read_to_string(status).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().trim_end_matches(" kB").parse::<usize>().ok()? * 1024)
}

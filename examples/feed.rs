//! Reads a feed file several times over: a column for comparisons with other readers.
//!
//! ```text
//! feed FILE [PASSES]
//! ```
//!
//! Prints how many items there are, and the median of a pass. Each pass is given the bytes anew, as after a fetch.

use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use masthead::collect::feed::Document;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let Some(file) = arguments.next() else {
        eprintln!("usage: feed FILE [PASSES]");
        return ExitCode::FAILURE;
    };
    let passes: usize =
        arguments.next().and_then(|passes| passes.parse().ok()).filter(|passes| *passes > 0).unwrap_or(5);
    let (mut items, mut size, mut times) = (0, 0, Vec::with_capacity(passes));
    for _ in 0..passes {
        let bytes = match std::fs::read(&file) {
            Ok(bytes) => bytes,
            Err(error) => {
                eprintln!("{file}: {error}");
                return ExitCode::FAILURE;
            }
        };
        size = bytes.len();
        let begun = Instant::now();
        let document = Document::new(bytes, None);
        items = document.read(None, Path::new(&file)).value.items.len();
        // That the bytes are given back is no reading.
        times.push(begun.elapsed().as_secs_f64());
    }
    times.sort_by(f64::total_cmp);
    let (median, megabytes) = (times[passes / 2], size as f64 / 1e6);
    println!("{items} items, {megabytes:.1} MB, in-process median {median:.3} s = {:.0} MB/s", megabytes / median);
    ExitCode::SUCCESS
}

//! Killing a run, and running two at once.

use std::collections::BTreeMap;
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::publication::{Publication, assert_same};
use crate::samples::bilingual;
use crate::tools::long;

/// Several months, so that a run freezes several issues and makes several PDFs.
fn busy() -> Publication {
    let mut publication = bilingual();
    for month in 8..=10 {
        publication = publication
            .short_post(&format!("2026-{month:02}-05-five.md"), &format!("The fifth of month {month}"))
            .short_post(&format!("2026-{month:02}-06-six.fa.md"), &format!("ششم ماه {month}"));
    }
    publication.at("2026-11-02T08:00:00Z")
}

/// All that a run leaves but the files of the store, the lock and the cache.
fn left(publication: &Publication) -> BTreeMap<String, Vec<u8>> {
    let mut tree = publication.tree("");
    tree.retain(|path, _| !["masthead.db", ".masthead-lock", ".cache/"].iter().any(|left| path.starts_with(left)));
    tree
}

/// A fixed sequence that looks random: Knuth's MMIX constants, the upper half of each state.
struct Moments(u64);

impl Moments {
    /// A moment within `span`, more often an early one.
    fn within(&mut self, span: Duration) -> Duration {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        span.mul_f64((self.0 >> 33) as f64 / (1_u64 << 31) as f64)
    }
}

/// Starts `publish`, kills it after `delay`, and says whether it was still at work.
fn kill_after(publication: &Publication, delay: Duration) -> bool {
    let mut command = publication.command(&["publish"]);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    std::thread::sleep(delay);
    let at_work = child.try_wait().unwrap().is_none();
    let _ = child.kill();
    child.wait().unwrap();
    at_work
}

/// Every file that stands there under its own name is whole.
fn nothing_is_half_written(publication: &Publication) {
    for (path, bytes) in publication.tree("") {
        if path.contains("/.masthead-") || path.starts_with(".masthead-") || path.starts_with("masthead.db") {
            continue;
        }
        let text = || String::from_utf8(bytes.clone()).unwrap_or_else(|_| panic!("{path} is cut"));
        let whole = match path.rsplit('.').next().unwrap_or_default() {
            "json" => serde_json::from_slice::<Value>(&bytes).is_ok(),
            "jsonl" => text().lines().all(|line| serde_json::from_str::<Value>(line).is_ok()),
            "toml" => toml::from_str::<toml::Table>(&text()).is_ok(),
            "xml" | "opml" => text().trim_end().ends_with('>'),
            "html" => text().trim_end().ends_with("</html>"),
            "pdf" => bytes.trim_ascii_end().ends_with(b"%%EOF"),
            "eml" => text().trim_end().ends_with("--"),
            _ => !bytes.is_empty(),
        };
        assert!(whole, "{path} is half written ({} bytes)", bytes.len());
    }
}

/// Ordinals are without gaps, and no label is there twice.
fn numbers_are_given_once(publication: &Publication) {
    let mut labels: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for path in publication.files("issues").iter().filter(|path| path.ends_with("frozen.json")) {
        let frozen: Value = serde_json::from_str(&publication.read(&format!("issues/{path}"))).unwrap();
        let series = frozen["key"]["series"].as_str().unwrap().to_owned();
        labels.entry(series).or_default().push(frozen["number"]["label"].as_str().unwrap().to_owned());
    }
    for (series, labels) in &labels {
        let first: usize = labels[0].parse().unwrap();
        let expected: Vec<String> = (first..first + labels.len()).map(|number| number.to_string()).collect();
        assert_eq!(labels, &expected, "{series}");
    }
}

/// Kills as many runs, each of a fresh copy at another moment, and completes each.
fn kills(count: usize) {
    let publication = busy();
    let undisturbed = publication.copy();
    let started = Instant::now();
    undisturbed.publish().ok();
    let mut span = started.elapsed();
    let expected = left(&undisturbed);
    let mut moments = Moments(7);
    let (mut in_time, mut tried) = (0, 0);
    // How long a run takes depends on what else the machine does: kills that came too late are tried again.
    while tried < count || (in_time < count / 2 && tried < 4 * count) {
        tried += 1;
        let victim = publication.copy();
        let delay = moments.within(span);
        if kill_after(&victim, delay) {
            in_time += 1;
        } else {
            span = span.mul_f64(0.8);
        }
        nothing_is_half_written(&victim);
        numbers_are_given_once(&victim);
        if count > 50 {
            // A second kill, of the run that completes the work.
            kill_after(&victim, moments.within(span));
            nothing_is_half_written(&victim);
        }
        victim.publish().ok();
        assert_same(&expected, &left(&victim));
        assert_eq!(victim.publish().ok().json()["written"], 0, "killed after {delay:?}");
    }
    assert!(in_time >= count / 2, "only {in_time} of {tried} runs were killed at work; the test sees nothing");
}

#[test]
fn a_killed_run_is_completed_by_the_next_one() {
    kills(12);
}

#[test]
fn long_two_hundred_killed_runs_are_completed() {
    if long() {
        kills(200);
    }
}

/// A kill in the middle of the write leaves a line of collected/ cut anywhere, in the middle of a letter too.
#[test]
fn a_record_of_posts_that_was_cut_short_is_completed() {
    let publication = busy();
    let undisturbed = publication.copy().published();
    let expected = left(&undisturbed);
    let kept = undisturbed.bytes("collected/posts.jsonl");
    let within_letters = (0..kept.len()).filter(|at| kept[*at] & 0b1100_0000 == 0b1000_0000);
    let (letters, stride) = (within_letters.step_by(90), kept.len() / 5);
    for length in letters.chain((stride..kept.len()).step_by(stride)) {
        let victim = publication.copy().file("collected/posts.jsonl", &kept[..length]);
        let run = victim.run(&["publish"]).ok();
        assert!(!run.stderr.contains("collected/"), "cut after {length} bytes: {}", run.stderr);
        assert_same(&expected, &left(&victim));
    }
}

#[test]
fn of_two_runs_at_once_one_waits() {
    let publication = busy();
    let undisturbed = publication.copy().published();
    let children: Vec<_> = (0..2)
        .map(|_| publication.command(&["publish"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap())
        .collect();
    for child in children {
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    assert_same(&left(&undisturbed), &left(&publication));
}

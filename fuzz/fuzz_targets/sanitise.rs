//! Any text as HTML from elsewhere.

#![no_main]

#[path = "../browser.rs"]
mod browser;

use libfuzzer_sys::fuzz_target;
use masthead::collect::fuzzing;

fuzz_target!(|html: &str| browser::must_be_harmless(&fuzzing::sanitised(html)));

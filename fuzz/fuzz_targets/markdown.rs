//! Any text as the body of a post, with its templates.

#![no_main]

#[path = "../browser.rs"]
mod browser;

use libfuzzer_sys::fuzz_target;
use masthead::collect::fuzzing;

fuzz_target!(|text: &str| {
    for mdx in [false, true] {
        browser::must_be_harmless(&fuzzing::body(text, mdx));
    }
});

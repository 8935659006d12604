//! Any text as a post with front matter.

#![no_main]

use libfuzzer_sys::fuzz_target;
use masthead::collect::fuzzing;

fuzz_target!(|text: &str| {
    let (body, warnings) = fuzzing::front_matter(text);
    assert!(text.get(body..).is_some(), "the body begins at {body}, inside of a letter");
    let lines = text.split('\n').count();
    for warning in warnings {
        let line = warning.place.as_ref().and_then(|place| place.line).unwrap_or(1);
        assert!(line <= lines, "{warning} is told of {lines} lines");
    }
});

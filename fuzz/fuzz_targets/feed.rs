//! Any bytes as a feed.

#![no_main]

use std::path::Path;

use libfuzzer_sys::fuzz_target;
use masthead::collect::feed::Document;
use url::Url;

fuzz_target!(|bytes: &[u8]| {
    let address = Url::parse("https://example.org/feeds/all.xml").ok();
    let document = Document::new(bytes.to_vec(), None);
    let read = document.read(address.as_ref(), Path::new("feed"));
    let lines = document.text().split(['\n', '\r']).count();
    for warning in &read.warnings {
        let line = warning.place.as_ref().and_then(|place| place.line).unwrap_or(1);
        assert!(line <= lines, "{warning} is told of {lines} lines");
    }
});

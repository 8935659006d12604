//! Any text as a date, in zones with and without daylight saving.

#![no_main]

use chrono::Datelike;
use chrono_tz::Tz;
use libfuzzer_sys::fuzz_target;
use masthead::collect::dates;

const ZONES: [Tz; 4] = [Tz::UTC, Tz::Europe__Tirane, Tz::Asia__Tehran, Tz::Australia__Lord_Howe];

fuzz_target!(|text: &str| {
    if let Some(written) = dates::parse(text) {
        for zone in ZONES {
            let instant = written.instant(zone);
            let told = instant.to_rfc3339();
            // What is older than printing is no date of a post, nor is the instant at which clocks begin that were not set.
            let is_meant = (1501..10_000).contains(&instant.year()) && instant.timestamp() != 0;
            let is_told_again = !is_meant || dates::parse(&told).is_some();
            assert!(is_told_again, "{text:?} is {told}, which is not read");
        }
    }
    let _ = dates::leading_day(text);
});

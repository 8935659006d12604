//! Any text as a date, in zones with and without daylight saving.

#![no_main]

use chrono_tz::Tz;
use libfuzzer_sys::fuzz_target;
use masthead::collect::dates;

const ZONES: [Tz; 4] = [Tz::UTC, Tz::Europe__Tirane, Tz::Asia__Tehran, Tz::Australia__Lord_Howe];

fuzz_target!(|text: &str| {
    if let Some(written) = dates::parse(text) {
        for zone in ZONES {
            let told = written.instant(zone).to_rfc3339();
            let again = dates::parse(&told);
            assert!(again.is_some(), "{text:?} is {told}, which is not read");
        }
    }
    let _ = dates::leading_day(text);
});

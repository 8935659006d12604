//! Where reading one thing goes wrong as it never should, the rest is read all the same.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::error::Warning;

/// Whether a panic costs only what is read. In builds that are for finding faults it ends the program, so that tests see it.
const GOES_ON: bool = !cfg!(debug_assertions);

/// What `read` gives; `None` where it panics. No input is known that makes it: this is for the one that will.
pub(super) fn alone<T>(read: impl FnOnce() -> T) -> Option<T> {
    if GOES_ON { caught(read) } else { Some(read()) }
}

/// A reader hands out only what it has finished, and a lock that it leaves behind is taken as it is.
fn caught<T>(read: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(read)).ok()
}

/// Tells of `what` could not be read.
pub(super) fn fault(what: &str) -> Warning {
    Warning::new(format!("{what} is left out: reading it fails by a fault of masthead itself"))
        .hint("please report it, with the file and with what was said above")
}

#[cfg(test)]
mod tests {
    use super::caught;

    #[test]
    fn what_panics_costs_itself() {
        let length = |text: &str| text.find(|_| true).map(|_| text.len()).expect("a text");
        let lengths: Vec<Option<usize>> = ["one", "", "three"].map(|text| caught(|| length(text))).to_vec();
        assert_eq!(lengths, [Some(3), None, Some(5)]);
    }
}

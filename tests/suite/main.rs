//! The whole program, from outside: a publication in a temporary folder, a fixed clock, no network.
//!
//! `MASTHEAD_UPDATE=1` rewrites tests/golden/. `MASTHEAD_TEST_ALL=1` makes a missing tool or corpus a failure.
//! `MASTHEAD_LONG=1 cargo test --test suite long_` runs the long proofs.

mod golden;
mod publication;
mod run;
mod tools;

mod layering;

//! Posts, a series and a window -> a draft issue; the plan with a verdict on each post; numbering, freezing, amending.
//!
//! ```text
//! schedule (what is due)  ->  plan (who is in, and why)  ->  draft  ->  freeze
//! ```
//!
//! Everything is a function of its arguments: the state of a series is the issues it has on disk and the
//! windows that closed without one, read by the caller.

pub mod bind;
pub mod calendar;
pub mod closed;
pub mod draft;
pub mod editorial;
pub mod freeze;
pub mod frozen;
pub mod import;
pub mod label;
pub mod ledger;
pub mod members;
pub mod moved;
pub mod number;
pub mod plan;
pub mod schedule;
pub mod window;
pub mod withdraw;

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod properties;

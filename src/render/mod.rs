//! A frozen issue -> bytes: feeds, web pages, PDF, email. Pure.

mod alphabet;
mod contents;
pub mod email;
pub mod feed;
pub mod pdf;
pub mod rehearsal;
#[cfg(test)]
pub(crate) mod samples;
pub mod site;
pub mod web;

pub use contents::Contents;
pub use site::{Edition, Output, Pdf, PublicIssue, Site};

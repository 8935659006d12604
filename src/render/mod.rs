//! A frozen issue -> bytes: feeds, web pages, PDF, email. Pure.

pub mod pdf;
pub mod site;
pub mod web;

pub use site::{Edition, Output, Pdf, PublicIssue, Site};

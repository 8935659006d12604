//! Masthead turns the posts of a publication into numbered issues, and emits feeds, a web archive, a typeset PDF and
//! an email digest, all from the same frozen issue.
//!
//! ```text
//! collect  ->  assemble  ->  freeze  ->  render: feeds | web | PDF | email  ->  deliver
//! ```

pub mod assemble;
pub mod cli;
pub mod collect;
pub mod config;
pub mod deliver;
pub mod error;
pub mod model;
pub mod render;
pub mod serve;
pub mod store;
pub mod templates;
pub mod typeset;

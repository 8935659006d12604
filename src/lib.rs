//! Masthead turns the posts of a publication into numbered issues, and emits feeds, a web archive, a typeset PDF and
//! an email digest, all from the same frozen issue.

pub mod error;
pub mod typeset;

//! Feeds.
use super::{Gathered, Run};
use crate::config::Source;
pub(super) fn gather(_run: &mut Run<'_>, _source: &Source, _location: &str) -> Gathered { Gathered::default() }

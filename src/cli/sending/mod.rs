//! Sending campaigns: what the engine needs from the configuration, the shelf and the machine.

mod outfit;
mod post_office;

pub(super) use outfit::check;
pub(super) use post_office::{Delivered, PostOffice, letters, send_to_one};

//! Sending campaigns: what the engine needs from the configuration, the shelf and the machine.

mod ending;
mod notice;
mod outfit;
mod post_office;
mod seen;
mod stopped;
mod to_one;
mod told;
mod transport;
mod vouching;

pub(super) use ending::Ending;
pub(super) use notice::send_notice;
pub(super) use outfit::{check, check_relays, check_sender, dkim_records, greet, unshown, weigh};
pub(super) use post_office::{Delivered, PostOffice, Round, letters, released};
pub(super) use to_one::send_to_one;
pub(super) use told::in_doubt;
pub(super) use transport::odd_transport;
pub(super) use vouching::vouching;

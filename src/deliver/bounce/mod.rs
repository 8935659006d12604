//! Messages in a mailbox for bounces -> what became of which recipient.
//!
//! [`read`] takes the bytes of one message as any server wrote it and tells what it is: a report that a message did not
//! arrive (RFC 3464, or in words), a complaint (RFC 5965), an automatic answer (RFC 3834), or none of them.
//! [`class_and_reason`] does the same for a server's reply while sending. Nothing here fails or recurses: what cannot be
//! read is `NotABounce`, and size, parts, depth and recipients are capped.
//!
//! The order of work: `lines` makes every line end alike, `headers` and `mime` take the message apart and `decode`
//! reads its parts; `signs` tells reports from letters; `delivery_status`, `feedback`, `notification` and `notice` find
//! recipients and what was said of them, `quoted` leaves out what is said of the message, `reply` finds the codes in it,
//! `why` the words that count, `stage` when it was said, `delay` whether the server goes on trying, `reason` what it means.
//! [`trace`] then tells which delivery a report names.

mod addresses;
mod automatic;
mod decode;
mod delay;
mod delivery_status;
mod feedback;
mod headers;
mod lines;
mod mime;
mod names;
mod notice;
mod notification;
mod quoted;
mod read;
mod reason;
mod reply;
mod request;
mod signs;
mod stage;
#[cfg(test)]
mod tests;
mod trace;
mod whom;
mod why;
mod words;

pub(super) use decode::encoded_words;
pub use delivery_status::Action;
pub use read::{Reading, RecipientReport, Returned, read};
pub use reason::{ReplyClass, class_and_reason, classify_reply, classify_reply_at};
pub use request::{Request, request};
pub use stage::Stage;
pub use trace::{Trace, trace};

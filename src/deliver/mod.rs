//! A digest and its recipients -> messages in the outbox. Pure: the composer reads, writes and records.
//!
//! To send an issue and to survive a kill at any moment, the composer
//! 1. names the recipients ([`due`]) and queues them in the store, which keeps the first answer for ever;
//! 2. draws the messages of the deliveries that are still pending ([`outbox`]);
//! 3. writes each file, whole, under its name, which depends on nothing but issue and recipient;
//! 4. marks them sent in the store.
//!
//! A run that dies before 4 is repeated by the next with the same names and the same bytes.

mod address;
mod csv_list;
mod csv_quotes;
mod message;
mod notice;
mod outbox;
mod sender;
#[cfg(test)]
mod tests;

pub use address::{address, reader_name};
pub use csv_list::{read_csv, write_csv};
pub use message::{archive_copy, message};
pub use notice::{MadeNotice, Notice, notice, notice_path};
pub use outbox::{Outbox, OutboxFile, due, outbox, outbox_path};
pub use sender::Sender;

//! A digest and its recipients -> messages in the outbox. Pure: the composer reads, writes and records.
//!
//! To send an issue and to survive a kill at any moment, the composer
//! 1. has the store settle the recipients, each with a Message-ID ([`MessageIds`]); the first answer stays for ever;
//! 2. claims deliveries and draws their messages ([`outbox`]);
//! 3. writes each file, whole, under its name, which depends on nothing but issue and recipient;
//! 4. records them as sent.
//!
//! A run that dies before 4 is repeated by the next with the same names and the same bytes.

mod address;
pub mod bounce;
mod csv_list;
pub mod dkim;
mod encoded_word;
mod mailing;
mod message_id;
mod notice;
mod outbox;
mod piece;
mod readable;
mod sender;
pub mod smtp;
#[cfg(test)]
mod tests;
mod verp;
mod words;

pub use address::{address, mailbox, reader_name};
pub use csv_list::{CsvOrigin, CsvRow, CsvStanding, CsvSummary, read_csv, write_csv};
pub use mailing::{Enclosed, Extras, Mailing, Message};
pub use message_id::MessageIds;
pub use notice::{MadeNotice, Notice, notice, notice_path};
pub use outbox::{Outbox, OutboxFile, goes_to, outbox, outbox_folder, outbox_path};
pub use piece::{Piece, Shared};
pub use readable::readable;
pub use sender::Sender;
pub use verp::{ReturnPath, Verp};

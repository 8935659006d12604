//! The store in PostgreSQL, which several machines share.
//!
//! What is asked in the same words of both databases stands in the files above this folder. Here stand the way to the
//! server, its schema, and what workers do many times a second: each of these is a few statements over whole batches,
//! under row locks that others skip. Holds end by the server's clock, whatever the machines think the time is.

mod dialect;
mod passfile;
mod queue;
mod schema;
mod server;
mod session;
mod tls;
mod value;

pub use passfile::password;
pub(super) use queue::{claim, has_due, record, record_within, recover, renew, start};
pub use server::Server;
pub(super) use session::{Prepared, Session};
pub(super) use value::column;

use std::error::Error as _;

use ::postgres::error::SqlState;

use super::database::Result;
use super::refused;
use crate::error::Error;

/// Where passwords come from.
const PASSWORDS: &str = "the password is taken from PGPASSWORD, or from the file that PGPASSFILE names";

/// Opens the store on a server and brings its schema up to date.
pub(super) fn open(server: Server) -> Result<Session> {
    let session = Session::open(server)?;
    schema::migrate(&session)?;
    Ok(session)
}

/// Opens the store on a server as it is, to look at it.
pub(super) fn look(server: Server) -> Result<Session> {
    Session::open(server)
}

/// What the server, or the way to it, said as an error of ours. Passwords are no part of any of these.
pub(super) fn refusal(cause: &::postgres::Error) -> Error {
    let Some(said) = cause.as_db_error() else {
        let why = cause.source().map_or_else(|| cause.to_string(), |source| format!("{cause}: {source}"));
        let asks_for_it = why.contains("password missing");
        let hint = if asks_for_it { PASSWORDS } else { "is the server up, and does `[store] url` name it?" };
        return refused(&why).hint(hint);
    };
    let error = refused(said.message());
    match *said.code() {
        SqlState::INVALID_PASSWORD | SqlState::INVALID_AUTHORIZATION_SPECIFICATION => error.hint(PASSWORDS),
        SqlState::LOCK_NOT_AVAILABLE => error.hint("another run is writing to it; try again when that one has ended"),
        _ => error,
    }
}

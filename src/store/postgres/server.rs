//! The way to a server.

use std::time::Duration;

use ::postgres::config::SslMode;
use ::postgres::{Client, Config, NoTls};

use super::tls::Tls;
use crate::config::{PostgresUrl, StoreTls};
use crate::error::{Error, ErrorKind, Result as Checked};
use crate::store::database::Result;

/// How long a server may take to answer at all.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long sent bytes may stay without an acknowledgement before the way counts as broken.
const TCP_TIMEOUT: Duration = Duration::from_secs(30);
/// How a session is set: waiting for another's lock ends, a machine that stops in the midst of a transaction or falls
/// silent loses its locks, and what is committed outlives a crash of the server too.
const SETTINGS: &str = "set lock_timeout = '10s'; set idle_in_transaction_session_timeout = '60s';
    set tcp_keepalives_idle = 30; set tcp_keepalives_interval = 10; set tcp_keepalives_count = 3;
    select set_config('synchronous_commit', 'on', false) where current_setting('synchronous_commit') = 'off'";

/// A server, and what is needed to be let in.
pub struct Server {
    config: Config,
    tls: Option<Tls>,
}

impl Server {
    /// The server of an address. `roots` are certificates in PEM that are believed instead of those of the web, where
    /// the address names a file of them. Fails when there are none in it.
    pub fn new(url: &PostgresUrl, password: Option<&str>, roots: Option<&[u8]>) -> Checked<Self> {
        let mut config = Config::new();
        config
            .host(&url.host)
            .port(url.port)
            .dbname(&url.database)
            .application_name("masthead")
            .connect_timeout(CONNECT_TIMEOUT)
            .tcp_user_timeout(TCP_TIMEOUT);
        if let Some(user) = &url.user {
            config.user(user);
        }
        if let Some(schema) = &url.schema {
            config.options(&format!("-c search_path={schema}"));
        }
        if let Some(password) = password {
            config.password(password);
        }
        let tls = match &url.tls {
            StoreTls::Off => None,
            StoreTls::Verified { .. } => Some(Tls::new(roots).map_err(|why| Error::new(ErrorKind::Config, why))?),
        };
        config.ssl_mode(if tls.is_some() { SslMode::Require } else { SslMode::Disable });
        Ok(Self { config, tls })
    }

    /// Opens a session.
    pub(super) fn connect(&self) -> Result<Client> {
        let mut client = match &self.tls {
            Some(tls) => self.config.connect(tls.clone())?,
            None => self.config.connect(NoTls)?,
        };
        client.batch_execute(SETTINGS)?;
        Ok(client)
    }
}

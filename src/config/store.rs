//! Where the store is.

use std::path::PathBuf;

use percent_encoding::percent_decode_str;
use url::Url;

/// Where what outlives a run is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreUrl {
    /// A file.
    Sqlite(
        /// Relative to the root.
        PathBuf,
    ),
    /// A server that several machines share.
    Postgres(PostgresUrl),
}

/// A PostgreSQL database. No password is part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostgresUrl {
    /// A name or an IP address, or the folder of a socket.
    pub host: String,
    /// 5432 where the address has none.
    pub port: u16,
    /// The user; `None` for that of the operating system.
    pub user: Option<String>,
    /// Which database.
    pub database: String,
    /// The schema in it, for several publications in one database.
    pub schema: Option<String>,
    /// How the connection is kept secret.
    pub tls: StoreTls,
}

/// How a connection to the store is kept secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreTls {
    /// It stays on the machine, or the address says `sslmode=disable`.
    Off,
    /// TLS, with the server's certificate and name checked.
    Verified {
        /// A file of the certificates that are believed, instead of those of the web.
        roots: Option<PathBuf>,
    },
}

/// What is wrong with an address, and what would be right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UrlFault {
    /// What was found. Holds no password.
    pub found: String,
    /// What is allowed.
    pub hint: String,
}

fn fault(found: impl Into<String>, hint: &str) -> UrlFault {
    UrlFault { found: found.into(), hint: hint.to_owned() }
}

/// Where a password is taken from.
const PASSWORDS: &str = "give it in the environment, as PGPASSWORD, or in a file that PGPASSFILE names \
    (~/.pgpass without it): config.toml is read by more people and kept in more places than a secret should be";

impl PostgresUrl {
    /// Reads `postgres://USER@HOST:PORT/DATABASE?sslmode=...`.
    pub fn parse(text: &str) -> Result<Self, UrlFault> {
        let example = "an address is like `postgres://masthead@db.example/news`";
        // A user of a socket stands before no host.
        let (place, asked) = text.split_once('?').unwrap_or((text, ""));
        let text = format!("{}?{asked}", place.replacen("@/", "@localhost/", 1));
        let url = Url::parse(&text).map_err(|_| fault("the address of the store is none", example))?;
        if url.password().is_some() {
            return Err(fault("the address of the store holds a password", PASSWORDS));
        }
        let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        let named = |text: &str| Some(decoded(text)).filter(|name| !name.is_empty());
        let mut host = url.host_str().and_then(named);
        let database = named(url.path().trim_start_matches('/'))
            .ok_or_else(|| fault("the address of the store names no database", example))?;
        let (mut schema, mut mode, mut roots) = (None, None, None);
        for (key, value) in url.query_pairs() {
            match key.as_ref() {
                "host" => host = Some(value.into_owned()),
                "schema" => schema = Some(plain_name(&value)?),
                "sslmode" => mode = Some(value.into_owned()),
                "sslrootcert" => roots = Some(PathBuf::from(value.as_ref())),
                "password" => return Err(fault("the address of the store holds a password", PASSWORDS)),
                other => {
                    return Err(fault(
                        format!("the address of the store asks for `{other}`"),
                        "allowed: `host`, `schema`, `sslmode`, `sslrootcert`",
                    ));
                }
            }
        }
        let host = host.unwrap_or_else(|| "localhost".to_owned());
        // An IPv6 address stands in brackets in a URL only.
        let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        let tls = tls(mode.as_deref(), roots, stays_here(&host))?;
        Ok(Self { host, port: url.port().unwrap_or(5432), user: named(url.username()), database, schema, tls })
    }

    /// Whether it is reached through a socket in a folder.
    #[must_use]
    pub fn is_socket(&self) -> bool {
        self.host.starts_with('/')
    }
}

impl std::fmt::Display for PostgresUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the database `{}` at {}", self.database, self.host)?;
        if self.port == 5432 { Ok(()) } else { write!(f, ":{}", self.port) }
    }
}

/// Whether what is said to this host stays on the machine.
fn stays_here(host: &str) -> bool {
    host.starts_with('/') || host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

fn tls(mode: Option<&str>, roots: Option<PathBuf>, stays_here: bool) -> Result<StoreTls, UrlFault> {
    match mode {
        None if stays_here && roots.is_none() => Ok(StoreTls::Off),
        Some("disable") => Ok(StoreTls::Off),
        None | Some("require" | "verify-ca" | "verify-full") => Ok(StoreTls::Verified { roots }),
        Some(other) => Err(fault(
            format!("the address of the store asks for `sslmode={other}`"),
            "allowed: `disable`, `require`, `verify-full`; a certificate is always checked where there is TLS, and what \
             leaves the machine is under TLS where nothing is said",
        )),
    }
}

/// A name that needs no quotes in SQL.
fn plain_name(name: &str) -> Result<String, UrlFault> {
    let begins = name.starts_with(|letter: char| letter.is_ascii_lowercase() || letter == '_');
    let plain = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_';
    if begins && name.len() < 64 && name.chars().all(plain) {
        return Ok(name.to_owned());
    }
    Err(fault(format!("`{name}` is no name of a schema"), "small letters, digits and `_`, with a letter first"))
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::{PostgresUrl, StoreTls};

    fn read(text: &str) -> PostgresUrl {
        PostgresUrl::parse(text).unwrap()
    }

    fn refused(text: &str) -> String {
        PostgresUrl::parse(text).unwrap_err().found
    }

    #[test]
    fn an_address_names_server_user_and_database() {
        let url = read("postgres://ann@db.example:5433/news?schema=daily");
        assert_eq!((url.host.as_str(), url.port, url.user.as_deref()), ("db.example", 5433, Some("ann")));
        assert_eq!((url.database.as_str(), url.schema.as_deref()), ("news", Some("daily")));
        assert_eq!(url.to_string(), "the database `news` at db.example:5433");
        let socket = read("postgresql:///news?host=/run/postgresql");
        assert_eq!((socket.host.as_str(), socket.port, socket.is_socket()), ("/run/postgresql", 5432, true));
        let user = read("postgres://ann@/news?host=/run/postgresql");
        assert_eq!((user.host.as_str(), user.user.as_deref()), ("/run/postgresql", Some("ann")));
        assert_eq!(read("postgres://%2Frun%2Fpostgresql/news").host, "/run/postgresql");
        assert_eq!(read("postgres://[::1]/news").host, "::1");
    }

    #[test]
    fn what_leaves_the_machine_is_encrypted() {
        assert_eq!(read("postgres://db.example/news").tls, StoreTls::Verified { roots: None });
        assert_eq!(read("postgres://localhost/news").tls, StoreTls::Off);
        assert_eq!(read("postgres://[::1]/news").tls, StoreTls::Off);
        assert_eq!(read("postgres://db.example/news?sslmode=disable").tls, StoreTls::Off);
        let own = read("postgres://127.0.0.1/news?sslrootcert=ca.pem");
        assert_eq!(own.tls, StoreTls::Verified { roots: Some(PathBuf::from("ca.pem")) });
        assert_eq!(
            refused("postgres://db.example/news?sslmode=prefer"),
            "the address of the store asks for `sslmode=prefer`"
        );
    }

    #[test]
    fn passwords_and_what_is_not_understood_are_refused() {
        for text in ["postgres://ann:hunter2@db.example/news", "postgres://ann@db.example/news?password=hunter2"] {
            let fault = PostgresUrl::parse(text).unwrap_err();
            assert_eq!(fault.found, "the address of the store holds a password");
            assert!(!format!("{fault:?}").contains("hunter2"));
        }
        assert_eq!(refused("postgres://db.example/"), "the address of the store names no database");
        assert_eq!(refused("postgres://db.example/news?options=x"), "the address of the store asks for `options`");
        assert_eq!(refused("postgres://db.example/news?schema=a;b"), "`a;b` is no name of a schema");
    }
}

//! A PostgreSQL server of a test's own, on a socket in a temporary folder.

use std::fs;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use masthead::config::PostgresUrl;
use masthead::store::{Server, Store};
use postgres::{Client, Config, NoTls};
use tempfile::TempDir;

use crate::tools::program;

/// Who owns the databases.
const USER: &str = "masthead";
/// What they say to be let in through TCP.
pub(crate) const PASSWORD: &str = "a password: with \\ signs";
/// How long the server may take to begin or to end.
const PATIENCE: Duration = Duration::from_secs(60);

/// A server, which is stopped when this is dropped.
pub(crate) struct Postgres {
    folder: TempDir,
    server: Child,
    port: u16,
    made: AtomicUsize,
    certificate: Vec<u8>,
}

impl Postgres {
    /// Makes and starts one, or `None`, with the reason printed, when PostgreSQL is not installed. `settings` are its
    /// own, as `fsync=off`.
    pub(crate) fn start(settings: &[&str]) -> Option<Self> {
        let (initdb, postgres) = (program("initdb", &installed())?, program("postgres", &installed())?);
        let folder = TempDir::new().unwrap();
        let words = folder.path().join("password");
        fs::write(&words, PASSWORD).unwrap();
        let user = unprivileged();
        for path in [folder.path(), &words] {
            user.inspect(|(user, group)| chown(path, Some(*user), Some(*group)).unwrap());
        }
        let made = as_user(&initdb, user)
            .arg("--pgdata")
            .arg(folder.path().join("data"))
            .arg(format!("--pwfile={}", words.display()))
            .args(["--username", USER, "--auth-local=trust", "--auth-host=scram-sha-256"])
            .args(["--encoding=UTF8", "--locale=C", "--no-sync"])
            .output()
            .unwrap();
        assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));
        let port = free_port();
        let mut server = as_user(&postgres, user);
        server.arg("-D").arg(folder.path().join("data")).arg("-k").arg(folder.path());
        server.args(["-p", &port.to_string(), "-c", "listen_addresses=127.0.0.1"]);
        for setting in settings {
            server.args(["-c", setting]);
        }
        let log = fs::File::create(folder.path().join("log")).unwrap();
        let server = server.stdout(Stdio::null()).stderr(log).spawn().unwrap();
        let this = Self { folder, server, port, made: AtomicUsize::new(0), certificate: Vec::new() };
        this.await_answer();
        Some(this)
    }

    /// One that forgets what it was told when the machine loses power, which no test of ours looks at.
    pub(crate) fn quick() -> Option<Self> {
        Self::start(&["fsync=off"])
    }

    /// One that encrypts, with a certificate of its own for `localhost`.
    pub(crate) fn with_certificate() -> Option<Self> {
        let made = TempDir::new().unwrap();
        let path = |name: &str| made.path().join(name);
        let (key, certificate) = (path("key.pem"), path("certificate.pem"));
        let done = crate::tools::tool("openssl")?
            .args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"])
            .args(["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"])
            .args(["-addext", "basicConstraints=critical,CA:false", "-keyout"])
            .arg(&key)
            .arg("-out")
            .arg(&certificate)
            .output()
            .unwrap();
        assert!(done.status.success(), "openssl: {}", String::from_utf8_lossy(&done.stderr));
        if let Some((user, group)) = unprivileged() {
            for path in [made.path(), &key, &certificate] {
                chown(path, Some(user), Some(group)).unwrap();
            }
        }
        let (key, file) =
            (format!("ssl_key_file={}", key.display()), format!("ssl_cert_file={}", certificate.display()));
        let bytes = fs::read(&certificate).unwrap();
        let mut this = Self::start(&["fsync=off", "ssl=on", &key, &file])?;
        this.certificate = bytes;
        Some(this)
    }

    /// Its certificate in PEM.
    pub(crate) fn certificate(&self) -> &[u8] {
        &self.certificate
    }

    fn await_answer(&self) {
        let began = Instant::now();
        while let Err(cause) = self.config("postgres").connect(NoTls) {
            let log = || fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
            assert!(began.elapsed() < PATIENCE, "the server does not answer: {cause}\n{}", log());
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    fn config(&self, database: &str) -> Config {
        let mut config = Config::new();
        config.host_path(self.folder.path()).port(self.port).user(USER).dbname(database);
        config
    }

    /// Makes an empty database; gives its address.
    pub(crate) fn database(&self) -> String {
        let name = format!("d{}", self.made.fetch_add(1, Ordering::Relaxed));
        self.client("postgres").batch_execute(&format!("create database {name}")).unwrap();
        format!("postgres://{USER}@localhost:{}/{name}?host={}", self.port, self.folder.path().display())
    }

    /// Where its socket is, and the port that stands in its name.
    pub(crate) fn socket(&self) -> (String, u16) {
        (self.folder.path().join(format!(".s.PGSQL.{}", self.port)).display().to_string(), self.port)
    }

    /// The address of the same database through TCP.
    pub(crate) fn through_tcp(&self, url: &str) -> String {
        let name = PostgresUrl::parse(url).unwrap().database;
        format!("postgres://{USER}@127.0.0.1:{}/{name}", self.port)
    }

    /// A session of the test's own.
    pub(crate) fn client(&self, database: &str) -> Client {
        self.config(database).connect(NoTls).unwrap()
    }

    /// Ends all sessions with a database, as a server does that is begun anew.
    pub(crate) fn end_sessions(&self, database: &str) -> usize {
        let ended = "select pg_terminate_backend(pid) from pg_stat_activity where datname = $1";
        self.client("postgres").query(ended, &[&database]).unwrap().len()
    }

    /// What the server wrote into its log.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap()
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // SIGINT: sessions are ended, and what the server has begun to write is finished.
        let _ = Command::new("kill").args(["-INT", &self.server.id().to_string()]).status();
        let began = Instant::now();
        while matches!(self.server.try_wait(), Ok(None)) {
            if began.elapsed() > PATIENCE {
                let _ = self.server.kill();
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

/// Opens the store at an address.
pub(crate) fn open(url: &str) -> Store {
    let url = PostgresUrl::parse(url).unwrap();
    Store::connect(Server::new(&url, None, None).unwrap()).unwrap()
}

/// Where Debian puts the programs that are not on the path, newest first.
fn installed() -> Vec<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut folders: Vec<PathBuf> = versions.map(|version| version.path().join("bin")).collect();
    folders.sort();
    folders.reverse();
    folders
}

/// Whom the server runs as where we are root, which it refuses to be: user and group.
pub(crate) fn unprivileged() -> Option<(u32, u32)> {
    use std::os::unix::fs::MetadataExt as _;
    if fs::metadata("/proc/self").ok()?.uid() != 0 {
        return None;
    }
    let users = fs::read_to_string("/etc/passwd").unwrap();
    let of = |name: &str| {
        let line = users.lines().find_map(|line| line.strip_prefix(&format!("{name}:")))?;
        let mut fields = line.split(':').skip(1);
        Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
    };
    of("postgres").or_else(|| of("nobody"))
}

fn as_user(program: &Path, user: Option<(u32, u32)>) -> Command {
    let mut command = Command::new(program);
    if let Some((user, group)) = user {
        command.uid(user).gid(group);
    }
    command.current_dir("/").env("LC_ALL", "C");
    command
}

/// A port that nobody listens on just now.
fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

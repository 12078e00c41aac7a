//! PgBouncer in transaction mode, in front of a server.

use std::{
    fs::{self, File},
    net::TcpStream,
    os::unix::process::CommandExt,
    path::PathBuf,
    process::{Child, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use tempfile::TempDir;
use url::Url;

use super::{account::Account, cache::Cache, database::Server, debian, directory::free_port};

const READY_WITHIN: Duration = Duration::from_secs(20);

/// Runs the pooler `$1` with the configuration `$2` until its input ends, which it does when the test's process drops the
/// other end or dies.
const SUPERVISOR: &str = r#"
"$1" "$2" </dev/null &
pooler=$!
while read -r line; do :; done
kill -KILL "$pooler"
"#;

/// A running PgBouncer in transaction mode. Dropping it, or the end of the test's process, ends it.
#[derive(Debug)]
pub struct PgBouncer {
    supervisor: Child,
    port: u16,
    directory: TempDir,
}

impl PgBouncer {
    /// Starts one in front of `server`, with `pool_size` connections for each database and role. The superuser and `roles`
    /// may come through it, without a password.
    ///
    /// # Panics
    ///
    /// If there is no PgBouncer and none can be fetched, or if it does not start. The message says what to do.
    #[must_use]
    pub fn start(server: &Server, pool_size: u32, roles: &[&str]) -> Self {
        let account = Account::for_server();
        let programs = Programs::locate(account);
        let url = Url::parse(server.url()).expect("the server's address");
        let directory =
            tempfile::Builder::new().prefix("keystead-pgbouncer-").tempdir_in(account.scratch()).expect("a directory");
        account.own(directory.path());
        let file = |name: &str, content: String| {
            let path = directory.path().join(name);
            fs::write(&path, content).expect("write a file of the pooler");
            account.own(&path);
            path
        };
        let superuser = format!("\"{}\" \"{}\"\n", url.username(), url.password().unwrap_or_default());
        let users = roles.iter().fold(superuser, |users, role| format!("{users}\"{role}\" \"\"\n"));
        let users = file("users.txt", users);
        let port = free_port();
        let configuration = file(
            "pgbouncer.ini",
            format!(
                "[databases]\n* = host={} port={}\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\n\
                 unix_socket_dir =\nauth_type = trust\nauth_file = {}\npool_mode = transaction\n\
                 default_pool_size = {pool_size}\nmax_client_conn = 500\n",
                url.host_str().expect("the server's host"),
                url.port().unwrap_or(5432),
                users.display(),
            ),
        );
        let log = File::create(directory.path().join("log")).expect("make the pooler's log");
        let mut command = account.command("/bin/sh");
        if let Some(libraries) = &programs.libraries {
            command.env("LD_LIBRARY_PATH", libraries);
        }
        let supervisor = command
            .args(["-c", SUPERVISOR, "keystead-pgbouncer"])
            .arg(&programs.pgbouncer)
            .arg(&configuration)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(log)
            .process_group(0)
            .spawn()
            .expect("start /bin/sh");
        let pooler = Self { supervisor, port, directory };
        let begin = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(begin.elapsed() < READY_WITHIN, "PgBouncer did not start:\n{}", pooler.log());
            sleep(Duration::from_millis(10));
        }
        pooler
    }

    /// The same address by way of the pooler.
    ///
    /// # Panics
    ///
    /// If `url` is no address.
    #[must_use]
    pub fn url(&self, url: &str) -> String {
        let mut url = Url::parse(url).expect("an address");
        url.set_port(Some(self.port)).expect("an address with a host");
        url.into()
    }

    /// What it has said.
    ///
    /// # Panics
    ///
    /// If its log cannot be read.
    #[must_use]
    pub fn log(&self) -> String {
        fs::read_to_string(self.directory.path().join("log")).expect("read the pooler's log")
    }
}

impl PgBouncer {
    /// Its release, such as `(1, 18)`.
    ///
    /// # Panics
    ///
    /// If it did not say which it is.
    #[must_use]
    pub fn version(&self) -> (u32, u32) {
        let log = self.log();
        let (_, rest) = log.split_once("process up: PgBouncer ").expect("the pooler says its release");
        let mut numbers = rest.split(|letter: char| !letter.is_ascii_digit()).filter_map(|number| number.parse().ok());
        (numbers.next().expect("a release"), numbers.next().expect("a release"))
    }
}

impl Drop for PgBouncer {
    fn drop(&mut self) {
        drop(self.supervisor.stdin.take());
        let _ = self.supervisor.wait();
    }
}

/// The pooler's program, and where the libraries are that came with it.
struct Programs {
    pgbouncer: PathBuf,
    libraries: Option<String>,
}

impl Programs {
    /// `TEST_PGBOUNCER`, or the one on the path, or Debian's package, unpacked into the test cache.
    fn locate(account: Account) -> Self {
        if let Some(pgbouncer) = std::env::var_os("TEST_PGBOUNCER") {
            return Self { pgbouncer: pgbouncer.into(), libraries: None };
        }
        let path = std::env::var_os("PATH").unwrap_or_default();
        let folders = std::env::split_paths(&path).chain([PathBuf::from("/usr/sbin")]);
        if let Some(pgbouncer) = folders.map(|folder| folder.join("pgbouncer")).find(|path| path.is_file()) {
            return Self { pgbouncer, libraries: None };
        }
        let home = debian::unpacked(&Cache::open(account), "pgbouncer", &["pgbouncer"]).unwrap_or_else(|why| {
            panic!(
                "The tests need PgBouncer, and fetching Debian's package failed:\n{why}\n\
                 Install PgBouncer so that it is on the path, or name its program in TEST_PGBOUNCER."
            )
        });
        Self { pgbouncer: home.join("usr/sbin/pgbouncer"), libraries: Some(debian::library_path(&home)) }
    }
}

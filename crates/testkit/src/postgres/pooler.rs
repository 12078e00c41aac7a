//! PgBouncer in transaction mode, in front of a server.

use std::{
    fs::{self, File},
    net::TcpStream,
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use tempfile::TempDir;
use url::Url;

use super::{account::Account, account::open_to_all, cache::Cache, database::Server, directory::free_port};

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
        let home = unpacked(&Cache::open(account));
        let mut folders = Vec::new();
        library_folders(&home, &mut folders);
        Self { pgbouncer: home.join("usr/sbin/pgbouncer"), libraries: Some(folders.join(":")) }
    }
}

/// The folder that Debian's packages are unpacked into, which needs no root and changes nothing of the system.
fn unpacked(cache: &Cache) -> PathBuf {
    let home = cache.path("pgbouncer");
    if home.exists() {
        return home;
    }
    let _lock = cache.lock("pgbouncer");
    if home.exists() {
        return home;
    }
    let (unfinished, packages) = (cache.path("pgbouncer.unfinished"), cache.path("pgbouncer.packages"));
    for directory in [&unfinished, &packages] {
        let _ = fs::remove_dir_all(directory);
        fs::create_dir_all(directory.join("partial")).expect("make a directory in the test cache");
    }
    // The system's own lists of packages may be missing or old; reading new ones into a place of one's own needs no root.
    if let Err(first) = fetch(&packages, &[]) {
        let own = [
            format!("Dir::State::lists={}", packages.join("lists").display()),
            format!("Dir::Cache={}", packages.join("cache").display()),
        ];
        fs::create_dir_all(packages.join("lists/partial")).expect("make a directory in the test cache");
        fs::create_dir_all(packages.join("cache/archives/partial")).expect("make a directory in the test cache");
        let updated = apt("apt-get", &packages, &own, &["update"]).and_then(|_| fetch(&packages, &own));
        updated.unwrap_or_else(|second| {
            panic!(
                "The tests need PgBouncer, and fetching Debian's package failed:\n{first}\n{second}\n\
                 Install PgBouncer so that it is on the path, or name its program in TEST_PGBOUNCER."
            )
        });
    }
    for package in fs::read_dir(&packages).expect("list the fetched packages") {
        let package = package.expect("list the fetched packages").path();
        if package.extension().is_some_and(|extension| extension == "deb") {
            let done = Command::new("dpkg").arg("-x").arg(&package).arg(&unfinished).status();
            assert!(done.is_ok_and(|status| status.success()), "unpack {}", package.display());
        }
    }
    fs::remove_dir_all(&packages).expect("remove the fetched packages");
    open_to_all(&unfinished);
    fs::rename(&unfinished, &home).expect("put the pooler in place");
    home
}

/// Fetches the package and the libraries that it names; the system's C library serves them all.
fn fetch(into: &Path, options: &[String]) -> Result<(), String> {
    let depends = apt("apt-cache", into, options, &["depends", "pgbouncer"])?;
    let mut packages = vec!["download", "pgbouncer"];
    packages.extend(
        depends
            .lines()
            .filter_map(|line| line.split_once("Depends: "))
            .map(|(_, name)| name.trim())
            .filter(|name| name.starts_with("lib") && *name != "libc6"),
    );
    apt("apt-get", into, options, &packages).map(drop)
}

fn apt(program: &str, directory: &Path, options: &[String], arguments: &[&str]) -> Result<String, String> {
    let mut command = Command::new(program);
    // The account that apt would drop to cannot write here.
    command.current_dir(directory).args(["-q", "-o", "APT::Sandbox::User=root"]).stdin(Stdio::null());
    for option in options {
        command.args(["-o", option]);
    }
    match command.args(arguments).output() {
        Ok(output) if output.status.success() => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
        Ok(output) => Err(format!("{command:?}: {}", String::from_utf8_lossy(&output.stderr))),
        Err(error) => Err(format!("{command:?}: {error}")),
    }
}

/// The folders below `folder` that libraries are in.
fn library_folders(folder: &Path, found: &mut Vec<String>) {
    let entries: Vec<_> = fs::read_dir(folder).expect("list the unpacked packages").flatten().collect();
    if entries.iter().any(|entry| entry.file_name().to_string_lossy().contains(".so.")) {
        found.push(folder.display().to_string());
    }
    for entry in entries {
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            library_folders(&entry.path(), found);
        }
    }
}

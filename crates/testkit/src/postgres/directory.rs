//! One server's directory: its data, its socket and its log.

use std::{
    fs::{self, File},
    io::{BufRead, BufReader, Read, Seek, SeekFrom, Write},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Child,
    thread::sleep,
    time::{Duration, Instant},
};

use super::{account::Account, cluster::Options, process, template::Template};

/// Long enough for a recovery on a busy machine.
const READY_WITHIN: Duration = Duration::from_secs(60);

/// What a server says when the same start may succeed a little later.
const PASSING: [&str; 2] = ["Address already in use", "pre-existing shared memory block"];

/// A directory under the temporary one. Whoever starts the server sees to its removal.
#[derive(Clone, Debug)]
pub(crate) struct Directory {
    root: PathBuf,
    account: Account,
}

/// Why a server did not start.
pub(crate) enum NotReady {
    /// Another program took the port in the meantime, or the crashed server's last processes
    /// are still ending: worth another try.
    TryAgain,
    Failed(String),
}

impl Directory {
    /// The shell command that makes one below the directory `$1`, as `$directory`, and says so.
    /// It is the first one of the shell that removes it in the end, so that there is none that
    /// nobody removes.
    pub(crate) const MAKE: &str = r#"
trap '' PIPE
directory=$(mktemp -d "$1/keystead-pg-XXXXXX") || exit
: >"$directory/log"
echo "$directory"
"#;

    /// The one that `shell` makes.
    pub(crate) fn made_by(shell: &mut Child, account: Account) -> Self {
        let output = shell.stdout.take().expect("the shell's output");
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line).expect("read the shell's output");
        let root = line.trim_end_matches('\n');
        assert!(!root.is_empty(), "no directory for a PostgreSQL server can be made");
        Self { root: root.into(), account }
    }

    /// Fills it with a data directory that is ready to be started.
    pub(crate) fn fill(&self, template: &Template, options: &Options) {
        let data = self.data();
        template.copy_to(&data, self.account);
        let mut configuration =
            File::options().append(true).open(data.join("postgresql.conf")).expect("open postgresql.conf");
        configuration.write_all(self.settings(options).as_bytes()).expect("write postgresql.conf");
        fs::write(data.join("pg_hba.conf"), access_rules(options)).expect("write pg_hba.conf");
        for (name, content) in &options.files {
            let path = data.join(name);
            fs::write(&path, content).expect("write a file of the server's data directory");
            fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("close the file");
            self.account.own(&path);
        }
    }

    fn settings(&self, options: &Options) -> String {
        let mut settings = vec![
            ("listen_addresses", "127.0.0.1".to_owned()),
            ("unix_socket_directories", self.root.display().to_string()),
            // Shared memory as files in the data directory: a killed server leaves none outside.
            ("dynamic_shared_memory_type", "mmap".to_owned()),
            ("timezone", "UTC".to_owned()),
            ("log_timezone", "UTC".to_owned()),
            ("max_connections", options.max_connections.to_string()),
        ];
        if !options.fsync {
            for setting in ["fsync", "synchronous_commit", "full_page_writes"] {
                settings.push((setting, "off".to_owned()));
            }
            // It may be in memory.
            settings.push(("max_wal_size", "256MB".to_owned()));
        }
        let extra = options.settings.iter().map(|(name, value)| (name.as_str(), value.clone()));
        let lines = settings.into_iter().chain(extra);
        lines.map(|(name, value)| format!("{name} = '{}'\n", value.replace('\'', "''"))).collect()
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.root.join("data")
    }

    /// The file of the server's messages, open at its end for writing and reading.
    pub(crate) fn log(&self) -> File {
        let mut log =
            File::options().append(true).read(true).open(self.root.join("log")).expect("open the server's log");
        log.seek(SeekFrom::End(0)).expect("go to the end of the server's log");
        log
    }

    /// What the server said, from its first start on.
    pub(crate) fn read_log(&self) -> String {
        let bytes = fs::read(self.root.join("log")).expect("read the server's log");
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// Waits until the server accepts connections. `child` is the server, or what started it.
    /// `log` was opened before that, so what it reads is this start's, even where a failed
    /// server's directory is removed at once.
    pub(crate) fn wait_until_ready(&self, child: &mut Child, mut log: File) -> Result<(), NotReady> {
        let begin = Instant::now();
        while !self.is_ready() {
            let ended = child.try_wait().expect("ask for the server's state");
            if ended.is_some() || begin.elapsed() > READY_WITHIN {
                let mut said = Vec::new();
                log.read_to_end(&mut said).expect("read the server's log");
                let said = String::from_utf8_lossy(&said);
                return Err(match ended {
                    Some(_) if PASSING.iter().any(|message| said.contains(message)) => NotReady::TryAgain,
                    Some(status) => NotReady::Failed(format!("it ended, {status}:\n{said}")),
                    None => NotReady::Failed(format!("not ready in {READY_WITHIN:?}:\n{said}")),
                });
            }
            sleep(Duration::from_millis(5));
        }
        Ok(())
    }

    /// Whether the server's lock file says that it is ready. `pg_ctl` waits so, too.
    fn is_ready(&self) -> bool {
        let file = fs::read_to_string(self.data().join("postmaster.pid")).unwrap_or_default();
        let mut lines = file.lines();
        let runs = lines.next().and_then(|id| id.parse().ok()).is_some_and(process::runs);
        runs && lines.nth(6).is_some_and(|state| state.trim() == "ready")
    }
}

/// The superuser needs the password, because he may run programs on this machine; nobody else
/// does, so that tests may be any role they made. The socket's directory is closed to others.
fn access_rules(options: &Options) -> String {
    let first = options.access_rules.iter().map(String::as_str);
    let standard = [
        "local all all trust",
        "local replication all trust",
        "host all postgres 127.0.0.1/32 password",
        "host replication postgres 127.0.0.1/32 password",
        "host all all 127.0.0.1/32 trust",
    ];
    first.chain(standard).flat_map(|rule| [rule, "\n"]).collect()
}

/// A port of the loopback address that is free now.
pub(crate) fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("bind a loopback port");
    listener.local_addr().expect("the port's number").port()
}

//! A PostgreSQL server of one's own.

use std::{
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, Stdio},
    thread::sleep,
    time::Duration,
};

use super::{
    account::Account,
    binaries::Binaries,
    database::Server,
    directory::{Directory, NotReady, free_port},
    process::{self, Signal},
    template::Template,
    watcher::Watcher,
};

/// How a [`Cluster`] is set up.
#[derive(Clone, Debug)]
pub struct Options {
    /// The programs to use; [`Binaries::locate`] if none.
    pub binaries: Option<Binaries>,
    /// Whether what is committed must survive a crash. Without it a server is faster, and good
    /// for every test that does not crash the machine.
    pub fsync: bool,
    /// How many clients may be connected at once.
    pub max_connections: u16,
    /// More settings, by name, which win over the others.
    pub settings: Vec<(String, String)>,
    /// Lines for `pg_hba.conf`, before the usual ones: the first that fits a client decides.
    /// The usual ones ask the superuser `postgres` for his password and nobody else for any.
    pub access_rules: Vec<String>,
    /// Files for the data directory, by name, such as a certificate and its key.
    pub files: Vec<(String, Vec<u8>)>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            binaries: None,
            fsync: false,
            max_connections: 100,
            settings: Vec::new(),
            access_rules: Vec::new(),
            files: Vec::new(),
        }
    }
}

impl Options {
    /// For a server that many tests use at the same time.
    #[must_use]
    pub fn for_many_tests() -> Self {
        Self { max_connections: 300, ..Self::default() }
    }
}

/// A running PostgreSQL server, listening on 127.0.0.1 and on a socket in [`Cluster::directory`].
///
/// Its methods block, for some tenths of a second. When it is dropped, or when the test's
/// process ends in any way, the server is stopped and everything of it is removed.
#[derive(Debug)]
pub struct Cluster {
    binaries: Binaries,
    directory: Directory,
    account: Account,
    watcher: Watcher,
    /// `None` while it is stopped.
    child: Option<Child>,
    port: u16,
    server: Server,
}

impl Cluster {
    /// Starts a server.
    ///
    /// # Panics
    ///
    /// If there is no PostgreSQL (see [`Binaries::locate`]) or if it does not start; the message
    /// has the server's log.
    #[must_use]
    pub fn start(options: Options) -> Self {
        let account = Account::for_server();
        let binaries = options.binaries.clone().unwrap_or_else(Binaries::locate);
        let template = Template::of(&binaries, account);
        // What need not survive a crash may be in memory.
        let memory = if options.fsync { None } else { account.scratch_in_memory() };
        let scratch = memory.unwrap_or_else(|| account.scratch());
        let (watcher, directory) = Watcher::start(account, &scratch);
        let port = free_port();
        let server = Server::local(port, &template.password);
        let mut cluster = Self { binaries, directory, account, watcher, child: None, port, server };
        cluster.directory.fill(&template, &options);
        let mut tries = 1;
        while let Err(reason) = cluster.launch() {
            cluster.explain(reason, &mut tries);
            cluster.port = free_port();
            cluster.server = Server::local(cluster.port, &template.password);
        }
        cluster
    }

    /// The way to its databases.
    #[must_use]
    pub fn server(&self) -> &Server {
        &self.server
    }

    /// The port on 127.0.0.1, the same after a restart.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The directory of everything that belongs to this server. Its socket is in it; the data
    /// directory is `data`.
    #[must_use]
    pub fn directory(&self) -> &Path {
        self.directory.root()
    }

    /// The path of a program that fits this server, as [`Binaries::bin`].
    #[must_use]
    pub fn bin(&self, name: &str) -> PathBuf {
        self.binaries.bin(name)
    }

    /// Everything that the server has logged.
    #[must_use]
    pub fn log(&self) -> String {
        self.directory.read_log()
    }

    /// Kills every process of the server, as the machine's failure would. What was committed
    /// with [`Options::fsync`] is there again after [`Cluster::restart`].
    ///
    /// # Panics
    ///
    /// If the server is not running.
    pub fn crash(&mut self) {
        let mut child = self.child.take().expect("the server runs");
        // Stopped, it starts no more processes while the ones that it has are killed.
        process::signal(child.id(), Signal::STOP);
        let mut workers = process::children(child.id());
        for worker in &workers {
            process::signal(*worker, Signal::KILL);
        }
        let _ = child.kill();
        let _ = child.wait();
        self.watcher.watch(None);
        while !workers.is_empty() {
            sleep(Duration::from_millis(1));
            workers.retain(|worker| process::runs(*worker));
        }
    }

    /// Stops the server as an administrator would: open transactions are rolled back, and
    /// everything committed is on the disk. It is no error if it is stopped already.
    pub fn stop(&mut self) {
        if let Some(mut child) = self.child.take() {
            process::signal(child.id(), Signal::INT);
            let _ = child.wait();
            self.watcher.watch(None);
        }
    }

    /// Starts the server again on the same port, after [`Cluster::crash`] or [`Cluster::stop`];
    /// a running one is stopped first.
    ///
    /// # Panics
    ///
    /// If it does not start.
    pub fn restart(&mut self) {
        self.stop();
        let mut tries = 1;
        while let Err(reason) = self.launch() {
            self.explain(reason, &mut tries);
            sleep(Duration::from_millis(200));
        }
    }

    fn launch(&mut self) -> Result<(), NotReady> {
        let log = self.directory.log();
        let mut child = self
            .binaries
            .command(self.account, "postgres")
            .arg("-D")
            .arg(self.directory.data())
            .args(["-p", &self.port.to_string()])
            .stdin(Stdio::null())
            .stdout(self.directory.log())
            .stderr(self.directory.log())
            .process_group(0)
            .spawn()
            .expect("start postgres");
        self.watcher.watch(Some(child.id()));
        let ready = self.directory.wait_until_ready(&mut child, log);
        // Kept even if it is not ready, so that it is waited for in any case.
        self.child = Some(child);
        ready
    }

    fn explain(&mut self, reason: NotReady, tries: &mut u32) {
        match reason {
            NotReady::TryAgain if *tries < 20 => *tries += 1,
            NotReady::TryAgain => panic!("PostgreSQL did not start:\n{}", self.log()),
            NotReady::Failed(why) => panic!("PostgreSQL did not start: {why}"),
        }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.watcher.end();
        if let Some(mut child) = self.child.take() {
            // It has ended, unless someone killed the watcher.
            let _ = child.kill();
            let _ = child.wait();
        }
        let _ = std::fs::remove_dir_all(self.directory.root());
    }
}

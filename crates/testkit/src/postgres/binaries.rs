//! PostgreSQL's programs.

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

use super::{
    account::Account,
    cache::{Cache, short_hash},
    install, libraries,
};

/// The programs of one PostgreSQL installation.
#[derive(Clone, Debug)]
pub struct Binaries {
    directory: PathBuf,
    version: String,
    /// Where the libraries are that the system does not have.
    libraries: Option<String>,
}

impl Binaries {
    /// The programs in `TEST_POSTGRES_BIN` if that is set, else PostgreSQL 18 with pgvector,
    /// which the first call on a machine installs.
    ///
    /// # Panics
    ///
    /// If there is no usable PostgreSQL and none can be installed. The message says what to do.
    #[must_use]
    pub fn locate() -> Self {
        static FOUND: OnceLock<Binaries> = OnceLock::new();
        FOUND.get_or_init(|| Self::find("TEST_POSTGRES_BIN", install::server)).clone()
    }

    /// The same with a server that speaks TLS: the programs in `TEST_POSTGRES_TLS_BIN` if that
    /// is set, else PostgreSQL 18 with OpenSSL and pgvector. It needs more of the machine's
    /// libraries than [`Binaries::locate`], and fetches those that are missing, so only tests of
    /// TLS should use it.
    ///
    /// # Panics
    ///
    /// As [`Binaries::locate`].
    #[must_use]
    pub fn with_tls() -> Self {
        static FOUND: OnceLock<Binaries> = OnceLock::new();
        FOUND.get_or_init(|| Self::find("TEST_POSTGRES_TLS_BIN", install::server_with_tls)).clone()
    }

    fn find(variable: &str, install: impl FnOnce(&Cache) -> PathBuf) -> Self {
        let account = Account::for_server();
        let (directory, libraries) = match std::env::var_os(variable) {
            Some(directory) => (PathBuf::from(directory), Ok(None)),
            None => {
                let cache = Cache::open(account);
                let directory = install(&cache);
                let libraries = libraries::fetched_for(&cache, &directory.join("postgres"));
                (directory, libraries)
            }
        };
        let postgres = directory.join("postgres");
        let mut binaries = Self { directory, version: String::new(), libraries: None };
        let outcome = libraries.and_then(|libraries| {
            binaries.libraries = libraries;
            let output = binaries.command(account, "postgres").arg("--version").output();
            match output.map_err(|error| error.to_string())? {
                output if output.status.success() => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
                output => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
            }
        });
        let version = outcome.unwrap_or_else(|reason| {
            panic!(
                "{} does not run as user {}: {reason}\n\
                 Install what it needs, or name a directory with PostgreSQL's programs that this user can reach in \
                 {variable}.",
                postgres.display(),
                account.uid(),
            )
        });
        // "postgres (PostgreSQL) 18.6", with the packager's name behind it on some systems.
        version.split_whitespace().nth(2).unwrap_or_default().clone_into(&mut binaries.version);
        assert!(binaries.major() >= 15, "{} is older than PostgreSQL 15", postgres.display());
        binaries
    }

    /// The path of one program: `bin("pgbench")`, `bin("psql")`, `bin("pg_dump")`.
    ///
    /// # Panics
    ///
    /// If this installation does not have it, as some packagers put `psql` and the like elsewhere.
    #[must_use]
    pub fn bin(&self, name: &str) -> PathBuf {
        let path = self.directory.join(name);
        assert!(path.exists(), "this PostgreSQL has no {name}: {} is missing", path.display());
        path
    }

    /// The directory of the programs.
    #[must_use]
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// The release, such as `18.6`.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The major release, such as 18.
    ///
    /// # Panics
    ///
    /// If the server did not report a number.
    #[must_use]
    pub fn major(&self) -> u32 {
        let digits = self.version.split(|letter: char| !letter.is_ascii_digit()).next();
        digits
            .and_then(|digits| digits.parse().ok())
            .unwrap_or_else(|| panic!("`{}` is no version of PostgreSQL", self.version))
    }

    /// One of the programs as `account`, with the libraries that it needs.
    pub(crate) fn command(&self, account: Account, name: &str) -> Command {
        let mut command = account.command(self.directory.join(name));
        if let Some(libraries) = &self.libraries {
            command.env("LD_LIBRARY_PATH", libraries);
        }
        command
    }

    /// A name for this installation, to tell apart what is made with it.
    pub(crate) fn key(&self) -> String {
        format!("{}-{}", self.version, short_hash(&self.directory))
    }
}

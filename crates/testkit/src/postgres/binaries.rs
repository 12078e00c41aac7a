//! PostgreSQL's programs.

use std::{
    path::{Path, PathBuf},
    sync::OnceLock,
};

use super::{
    account::Account,
    cache::{Cache, short_hash},
    install,
};

/// The programs of one PostgreSQL installation.
#[derive(Clone, Debug)]
pub struct Binaries {
    directory: PathBuf,
    version: String,
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
    /// libraries than [`Binaries::locate`], so only tests of TLS should use it.
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
        let directory = match std::env::var_os(variable) {
            Some(directory) => PathBuf::from(directory),
            None => install(&Cache::open(account)),
        };
        let postgres = directory.join("postgres");
        let output = account.command(&postgres).arg("--version").output();
        let (reason, version) = match &output {
            Ok(output) if output.status.success() => (None, String::from_utf8_lossy(&output.stdout).into_owned()),
            Ok(output) => (Some(String::from_utf8_lossy(&output.stderr).into_owned()), String::new()),
            Err(error) => (Some(error.to_string()), String::new()),
        };
        if let Some(reason) = reason {
            panic!(
                "{} does not run as user {}: {reason}\n\
                 Name a directory with PostgreSQL's programs that this user can reach in {variable}, \
                 and install the libraries they need. The server with TLS needs, on Debian: \
                 libxml2 libgssapi-krb5-2 liblz4-1 libzstd1 libssl3 tzdata",
                postgres.display(),
                account.uid(),
            );
        }
        // "postgres (PostgreSQL) 18.6", with the packager's name behind it on some systems.
        let version = version.split_whitespace().nth(2).unwrap_or_default().to_owned();
        let binaries = Self { directory, version };
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

    /// A name for this installation, to tell apart what is made with it.
    pub(crate) fn key(&self) -> String {
        format!("{}-{}", self.version, short_hash(&self.directory))
    }
}

//! Which store, and how to reach it.

use keystead_domain::{Error, Result};
use sqlx::postgres::{PgConnectOptions, PgSslMode};
use std::{fmt, path::PathBuf, str::FromStr, time::Duration};

/// Where the rows are kept, as `DATABASE_URL` says it. Debug output never shows credentials.
#[derive(Clone)]
pub enum StoreTarget {
    /// `postgres://…`
    Postgres(Box<PgConnectOptions>),
    /// `sqlite:path`
    Sqlite(PathBuf),
    /// `memory:`
    Memory,
    /// `json:path`
    Json(PathBuf),
}

/// What an address may say after `?`.
const PARAMETERS: [&str; 19] = [
    "sslmode",
    "ssl-mode",
    "sslrootcert",
    "ssl-root-cert",
    "ssl-ca",
    "sslcert",
    "ssl-cert",
    "sslkey",
    "ssl-key",
    "statement-cache-capacity",
    "host",
    "hostaddr",
    "port",
    "dbname",
    "user",
    "password",
    "application_name",
    "options",
    "",
];

/// What is wrong with the parameters of a PostgreSQL address. The driver would ignore an unknown one and log its value, which
/// may be a misspelt password.
fn unknown_parameter(url: &str) -> Option<String> {
    let (_, query) = url.split_once('?')?;
    let mut names = query.split('&').map(|pair| pair.split('=').next().unwrap_or_default());
    let unknown = names.find(|name| !PARAMETERS.contains(name) && !name.starts_with("options["))?;
    let is_a_name = unknown.bytes().all(|byte| byte.is_ascii_lowercase() || matches!(byte, b'_' | b'-'));
    Some(if is_a_name {
        format!("has the parameter {unknown}, which is not known here")
    } else {
        "has something after ? that is no parameter; a ? in a name or password is written %3F".to_owned()
    })
}

impl FromStr for StoreTarget {
    type Err = Error;

    fn from_str(url: &str) -> Result<Self> {
        let refuse = |why: &str| Error::invalid("DATABASE_URL", why.to_owned());
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            if let Some(why) = unknown_parameter(url) {
                return Err(refuse(&why));
            }
            // The parser's own message may repeat the address, so it is not passed on.
            let options = PgConnectOptions::from_str(url)
                .map_err(|_| refuse("is no PostgreSQL address of the form postgres://user@host/database"))?;
            return Ok(Self::Postgres(Box::new(options)));
        }
        if url == "memory:" {
            return Ok(Self::Memory);
        }
        for (scheme, make) in [("sqlite:", Self::Sqlite as fn(PathBuf) -> Self), ("json:", Self::Json)] {
            if let Some(path) = url.strip_prefix(scheme) {
                let path = path.strip_prefix("//").unwrap_or(path);
                if path.is_empty() || path.contains('\0') {
                    return Err(refuse("needs a path, such as sqlite:/var/lib/keystead/keystead.db"));
                }
                return Ok(make(PathBuf::from(path)));
            }
        }
        Err(refuse("must begin with postgres://, sqlite:, json: or be memory:"))
    }
}

impl fmt::Display for StoreTarget {
    /// What may be logged: the kind, and the host or path.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Postgres(options) => {
                let database = options.get_database().unwrap_or("(default)");
                write!(f, "PostgreSQL, database {database} at {}:{}", options.get_host(), options.get_port())
            }
            Self::Sqlite(path) => write!(f, "SQLite, {}", path.display()),
            Self::Memory => f.write_str("in memory; nothing is kept"),
            Self::Json(path) => write!(f, "in memory, kept in {}", path.display()),
        }
    }
}

impl fmt::Debug for StoreTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// How far a SQLite commit is forced to the disk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SqliteSynchronous {
    /// An acknowledged write survives a power cut.
    #[default]
    Full,
    /// An acknowledged write survives a killed process, but maybe not a power cut.
    Normal,
}

/// What only PostgreSQL needs.
#[derive(Clone, Debug)]
pub struct PostgresSettings {
    /// Connections that are kept.
    pub pool_size: u32,
    /// Connections that may be opened above that; they are closed when nobody has needed them for two seconds.
    pub pool_overflow: u32,
    /// How long a request waits for a connection.
    pub pool_wait: Duration,
    /// A connection is replaced when it is older than this.
    pub pool_recycle: Duration,
    /// An unused connection is closed after this.
    pub pool_idle: Duration,
    /// The server ends a statement after this.
    pub statement_timeout: Duration,
    /// The server ends a wait for a lock after this.
    pub lock_timeout: Duration,
    /// The server ends a transaction that does nothing for this long.
    pub idle_in_transaction_timeout: Duration,
    /// The address is a pooler in transaction mode (PgBouncer): no statement names, no session settings.
    pub pooler: bool,
    /// The role that the server takes on after signing in, where it signs in as a stronger one (development only).
    pub role: Option<String>,
    /// `disable`, `prefer`, `require`, `verify-ca` or `verify-full`; none leaves it to the address.
    pub ssl_mode: Option<String>,
    /// The authority that signed the server's certificate (PEM).
    pub ssl_root_cert: Option<PathBuf>,
    /// The client's certificate (PEM).
    pub ssl_client_cert: Option<PathBuf>,
    /// The client's private key (PEM).
    pub ssl_client_key: Option<PathBuf>,
}

impl Default for PostgresSettings {
    fn default() -> Self {
        Self {
            pool_size: 20,
            pool_overflow: 30,
            pool_wait: Duration::from_secs(5),
            pool_recycle: Duration::from_secs(3600),
            pool_idle: Duration::from_secs(600),
            statement_timeout: Duration::from_secs(15),
            lock_timeout: Duration::from_secs(5),
            idle_in_transaction_timeout: Duration::from_secs(30),
            pooler: false,
            role: None,
            ssl_mode: None,
            ssl_root_cert: None,
            ssl_client_cert: None,
            ssl_client_key: None,
        }
    }
}

impl PostgresSettings {
    /// `options` with TLS, and nothing that a session or a statement would keep: for a migrator, whom the timeouts of
    /// requests do not concern.
    ///
    /// # Errors
    /// `Invalid` for an unknown TLS mode.
    pub fn for_migrations(&self, options: PgConnectOptions) -> Result<PgConnectOptions> {
        Ok(self.with_tls(options)?.statement_cache_capacity(0))
    }

    fn with_tls(&self, options: PgConnectOptions) -> Result<PgConnectOptions> {
        let mut options = options.application_name("keystead");
        if let Some(mode) = &self.ssl_mode {
            let mode = PgSslMode::from_str(mode).map_err(|_| {
                Error::invalid("postgres.ssl_mode", "must be disable, prefer, require, verify-ca or verify-full")
            })?;
            options = options.ssl_mode(mode);
        }
        if let Some(path) = &self.ssl_root_cert {
            options = options.ssl_root_cert(path);
        }
        if let Some(path) = &self.ssl_client_cert {
            options = options.ssl_client_cert(path);
        }
        if let Some(path) = &self.ssl_client_key {
            options = options.ssl_client_key(path);
        }
        Ok(options)
    }

    /// `options` with TLS, timeouts and role.
    ///
    /// # Errors
    /// `Invalid` for an unknown TLS mode.
    pub fn apply(&self, options: PgConnectOptions) -> Result<PgConnectOptions> {
        let mut options = self.with_tls(options)?;
        if self.pooler {
            // A pooler refuses start-up settings, and would leak those of a session: each transaction sets its own.
            return Ok(options.statement_cache_capacity(0).extra_float_digits(None));
        }
        let millis = |time: Duration| time.as_millis().to_string();
        options = options.options([
            ("search_path", "keystead,pg_temp".to_owned()),
            ("timezone", "UTC".to_owned()),
            ("statement_timeout", millis(self.statement_timeout)),
            ("lock_timeout", millis(self.lock_timeout)),
            ("idle_in_transaction_session_timeout", millis(self.idle_in_transaction_timeout)),
        ]);
        if let Some(role) = &self.role {
            options = options.options([("role", role)]);
        }
        Ok(options)
    }

    /// The settings that a transaction behind a pooler makes for itself.
    pub(crate) fn local_settings(&self) -> String {
        let role = self.role.as_ref().map_or_else(String::new, |role| format!("SET LOCAL ROLE {role};"));
        format!(
            "{role}SET LOCAL search_path = keystead, pg_temp;SET LOCAL timezone = 'UTC';SET LOCAL statement_timeout = {};\
             SET LOCAL lock_timeout = {};SET LOCAL idle_in_transaction_session_timeout = {};",
            self.statement_timeout.as_millis(),
            self.lock_timeout.as_millis(),
            self.idle_in_transaction_timeout.as_millis()
        )
    }
}

/// Everything a store needs to know at start.
#[derive(Clone, Debug)]
pub struct StoreSettings {
    /// Where the rows are kept.
    pub target: StoreTarget,
    /// What only PostgreSQL needs.
    pub postgres: PostgresSettings,
    /// How many connections read a SQLite file.
    pub sqlite_readers: u32,
    /// How far a SQLite commit is forced to the disk.
    pub sqlite_synchronous: SqliteSynchronous,
    /// Statements that take longer are logged, without their values.
    pub slow_statement: Duration,
    /// Every statement is logged, without its values (development).
    pub log_statements: bool,
}

impl StoreSettings {
    /// The defaults for this target.
    #[must_use]
    pub fn new(target: StoreTarget) -> Self {
        Self {
            target,
            postgres: PostgresSettings::default(),
            sqlite_readers: 4,
            sqlite_synchronous: SqliteSynchronous::Full,
            slow_statement: Duration::from_millis(200),
            log_statements: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_choose_the_mode_and_are_never_shown_whole() {
        let target: StoreTarget = "postgres://ada:secret@db.example:5433/accounts".parse().unwrap();
        assert!(!format!("{target:?} {target}").contains("secret"));
        assert!(target.to_string().contains("db.example:5433"));
        assert!(matches!("memory:".parse().unwrap(), StoreTarget::Memory));
        assert!(matches!("sqlite:///a/b.db".parse().unwrap(), StoreTarget::Sqlite(path) if path == *"/a/b.db"));
        assert!(matches!("json:b.json".parse().unwrap(), StoreTarget::Json(path) if path == *"b.json"));
        let misspelt = StoreTarget::from_str("postgres://ada@db.example/x?sslmode=require&pasword=secret").unwrap_err();
        assert!(misspelt.fields[0].message.contains("pasword") && !format!("{misspelt:?}").contains("secret"));
        let unescaped = StoreTarget::from_str("postgres://ada:12?secret@db.example/x").unwrap_err();
        assert!(unescaped.fields[0].message.contains("%3F") && !format!("{unescaped:?}").contains("secret"));
        for bad in ["", "mysql://x", "sqlite:", "json:", "memory:x", "postgres://a:pw@[bad"] {
            let error = StoreTarget::from_str(bad).unwrap_err();
            assert!(!format!("{error:?}").contains("pw"), "{bad}");
        }
    }
}

//! Every setting, once: its key, its variable, its kind, its default and what it does.
//!
//! The file's keys, the environment's variables, `keystead config show` and the reference page all come from here.

/// What a setting's value looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Any text.
    Text,
    /// `true` or `false`.
    Flag,
    /// A whole number within bounds.
    Number(u64, u64),
    /// One of these words.
    Word(&'static [&'static str]),
    /// Texts, in the environment separated by commas.
    List,
    /// A text that is never shown.
    Secret,
}

/// A setting.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// Its key in the file, such as `postgres.pool_size`.
    pub key: &'static str,
    /// Its environment variable.
    pub variable: &'static str,
    /// What its value looks like.
    pub kind: Kind,
    /// What it is when nobody says; empty means unset.
    pub default: &'static str,
    /// What it does, with its unit.
    pub about: &'static str,
}

const fn setting(
    key: &'static str,
    variable: &'static str,
    kind: Kind,
    default: &'static str,
    about: &'static str,
) -> Setting {
    Setting { key, variable, kind, default, about }
}

const SECONDS: Kind = Kind::Number(1, 86_400);

/// Every setting, in the order of the reference page.
pub const SETTINGS: &[Setting] = &[
    setting(
        "environment",
        "KEYSTEAD_ENVIRONMENT",
        Kind::Word(&["development", "test", "production"]),
        "production",
        "What kind of installation it is. production refuses what is only fit for a desk: a database owner as the server's role, and the demo and test seeds. development logs every statement.",
    ),
    setting(
        "listen",
        "KEYSTEAD_LISTEN",
        Kind::Text,
        "127.0.0.1:8080",
        "The address and port to listen on. Port 0 takes a free one.",
    ),
    setting(
        "public_url",
        "KEYSTEAD_PUBLIC_URL",
        Kind::Text,
        "",
        "The address that clients see, such as https://id.example.org; the issuer of tokens. By default http:// and the listening address.",
    ),
    setting(
        "data_dir",
        "KEYSTEAD_DATA_DIR",
        Kind::Text,
        "",
        "Where the embedded database and the master key live. By default the platform's data directory.",
    ),
    setting(
        "database_url",
        "DATABASE_URL",
        Kind::Secret,
        "",
        "Where the rows are kept: postgres://…, sqlite:path, json:path or memory:. By default a SQLite file in the data directory.",
    ),
    setting(
        "database_migration_url",
        "DATABASE_MIGRATION_URL",
        Kind::Secret,
        "",
        "The address with which migrations run: a role that may change the schema. By default database_url.",
    ),
    setting(
        "use_database",
        "USE_DATABASE",
        Kind::Flag,
        "true",
        "false keeps everything in memory, whatever database_url says.",
    ),
    setting(
        "migrate_on_start",
        "KEYSTEAD_MIGRATE_ON_START",
        Kind::Flag,
        "true",
        "Whether serve applies pending migrations first.",
    ),
    setting(
        "log.format",
        "KEYSTEAD_LOG_FORMAT",
        Kind::Word(&["auto", "text", "json"]),
        "auto",
        "auto is text on a terminal and JSON otherwise.",
    ),
    setting(
        "log.level",
        "KEYSTEAD_LOG",
        Kind::Text,
        "info",
        "error, warn, info, debug or trace, or a filter such as info,keystead::store=debug.",
    ),
    setting(
        "http.request_timeout_seconds",
        "KEYSTEAD_HTTP_REQUEST_TIMEOUT_SECONDS",
        Kind::Number(1, 600),
        "30",
        "After so many seconds a client is answered 504; the work it asked for runs to its end.",
    ),
    setting(
        "http.body_limit_bytes",
        "KEYSTEAD_HTTP_BODY_LIMIT_BYTES",
        Kind::Number(1024, 16_777_216),
        "65536",
        "The largest request body, in bytes.",
    ),
    setting(
        "http.batch_limit_bytes",
        "KEYSTEAD_HTTP_BATCH_LIMIT_BYTES",
        Kind::Number(1024, 134_217_728),
        "16777216",
        "The largest request body of the operations that take batches (the catalogue, policy rules and entities), in bytes. Eight times as much is held at once.",
    ),
    setting(
        "http.max_requests",
        "KEYSTEAD_HTTP_MAX_REQUESTS",
        Kind::Number(1, 1_000_000),
        "2048",
        "How many requests are worked on at once; more are answered 503.",
    ),
    setting(
        "http.max_connections",
        "KEYSTEAD_HTTP_MAX_CONNECTIONS",
        Kind::Number(0, 1_000_000),
        "0",
        "How many connections are open at once; more wait until one is closed. 0 is 8192, or as many as the system's limit of open files leaves room for, which is never exceeded.",
    ),
    setting(
        "http.max_connections_per_address",
        "KEYSTEAD_HTTP_MAX_CONNECTIONS_PER_ADDRESS",
        Kind::Number(0, 1_000_000),
        "0",
        "How many of them one address (of IPv6: one /56) may have, unless it is a trusted proxy; more are closed at once. 0 is a quarter.",
    ),
    setting(
        "http.idle_seconds",
        "KEYSTEAD_HTTP_IDLE_SECONDS",
        Kind::Number(1, 600),
        "15",
        "How long a connection may take until the head of its first request has arrived, and how long it may rest after each, in seconds.",
    ),
    setting(
        "http.trusted_proxies",
        "KEYSTEAD_HTTP_TRUSTED_PROXIES",
        Kind::List,
        "",
        "Networks (10.0.0.0/8) whose X-Forwarded-For is believed. Behind a proxy that is not named here, all clients share its address, and with it their failed sign-ins.",
    ),
    setting(
        "http.allowed_origins",
        "KEYSTEAD_HTTP_ALLOWED_ORIGINS",
        Kind::List,
        "",
        "Origins that browsers may call from (CORS), such as https://app.example.org. None switches CORS off.",
    ),
    setting(
        "http.metrics_listen",
        "KEYSTEAD_HTTP_METRICS_LISTEN",
        Kind::Text,
        "",
        "A listener of its own for /metrics, such as 127.0.0.1:9090. By default /metrics is served beside the API.",
    ),
    setting(
        "http.shutdown_seconds",
        "KEYSTEAD_HTTP_SHUTDOWN_SECONDS",
        Kind::Number(0, 600),
        "30",
        "How long a shutdown waits for running requests.",
    ),
    setting(
        "postgres.pool_size",
        "KEYSTEAD_POSTGRES_POOL_SIZE",
        Kind::Number(1, 10_000),
        "20",
        "Connections that are kept.",
    ),
    setting(
        "postgres.pool_overflow",
        "KEYSTEAD_POSTGRES_POOL_OVERFLOW",
        Kind::Number(0, 10_000),
        "30",
        "Connections that may be opened above that; they are closed when not needed for two seconds.",
    ),
    setting(
        "postgres.pool_wait_seconds",
        "KEYSTEAD_POSTGRES_POOL_WAIT_SECONDS",
        Kind::Number(1, 600),
        "5",
        "How long a request waits for a connection, in seconds.",
    ),
    setting(
        "postgres.pool_recycle_seconds",
        "KEYSTEAD_POSTGRES_POOL_RECYCLE_SECONDS",
        Kind::Number(10, 604_800),
        "3600",
        "A connection is replaced when it is older, in seconds.",
    ),
    setting(
        "postgres.pool_idle_seconds",
        "KEYSTEAD_POSTGRES_POOL_IDLE_SECONDS",
        Kind::Number(1, 604_800),
        "600",
        "An unused connection is closed after this, in seconds.",
    ),
    setting(
        "postgres.statement_timeout_ms",
        "KEYSTEAD_POSTGRES_STATEMENT_TIMEOUT_MS",
        Kind::Number(10, 3_600_000),
        "15000",
        "The server ends a statement after this, in milliseconds.",
    ),
    setting(
        "postgres.lock_timeout_ms",
        "KEYSTEAD_POSTGRES_LOCK_TIMEOUT_MS",
        Kind::Number(10, 3_600_000),
        "5000",
        "The server ends a wait for a lock after this, in milliseconds.",
    ),
    setting(
        "postgres.idle_timeout_ms",
        "KEYSTEAD_POSTGRES_IDLE_TIMEOUT_MS",
        Kind::Number(10, 3_600_000),
        "30000",
        "The server ends a transaction that does nothing for this long, in milliseconds.",
    ),
    setting(
        "postgres.pooler",
        "KEYSTEAD_POSTGRES_POOLER",
        Kind::Flag,
        "false",
        "The address is a pooler in transaction mode (PgBouncer): no statement names, no session settings.",
    ),
    setting(
        "postgres.ssl_mode",
        "KEYSTEAD_POSTGRES_SSL_MODE",
        Kind::Word(&["", "disable", "prefer", "require", "verify-ca", "verify-full"]),
        "",
        "How TLS is used. By default as the address says (sslmode=…).",
    ),
    setting(
        "postgres.ssl_root_cert",
        "KEYSTEAD_POSTGRES_SSL_ROOT_CERT",
        Kind::Text,
        "",
        "The authority that signed the server's certificate (PEM file).",
    ),
    setting(
        "postgres.ssl_client_cert",
        "KEYSTEAD_POSTGRES_SSL_CLIENT_CERT",
        Kind::Text,
        "",
        "The client's certificate (PEM file).",
    ),
    setting(
        "postgres.ssl_client_key",
        "KEYSTEAD_POSTGRES_SSL_CLIENT_KEY",
        Kind::Text,
        "",
        "The client's private key (PEM file).",
    ),
    setting(
        "sqlite.readers",
        "KEYSTEAD_SQLITE_READERS",
        Kind::Number(1, 64),
        "4",
        "Connections that read while one writes.",
    ),
    setting(
        "sqlite.synchronous",
        "KEYSTEAD_SQLITE_SYNCHRONOUS",
        Kind::Word(&["full", "normal"]),
        "full",
        "full: an acknowledged write survives a power cut. normal: faster; it survives a killed process, but maybe not a power cut.",
    ),
    setting(
        "store.slow_statement_ms",
        "KEYSTEAD_STORE_SLOW_STATEMENT_MS",
        Kind::Number(1, 3_600_000),
        "200",
        "Statements that take longer are logged, without their values, in milliseconds.",
    ),
    setting(
        "store.log_statements",
        "KEYSTEAD_STORE_LOG_STATEMENTS",
        Kind::Word(&["auto", "true", "false"]),
        "auto",
        "Whether every statement is logged, without its values, at level debug. auto: in development.",
    ),
    setting(
        "passwords.algorithm",
        "KEYSTEAD_PASSWORDS_ALGORITHM",
        Kind::Word(&["argon2id", "bcrypt"]),
        "argon2id",
        "How new passwords are hashed. Hashes of the other kind are accepted and replaced at sign-in.",
    ),
    setting(
        "passwords.argon2_memory_kib",
        "KEYSTEAD_PASSWORDS_ARGON2_MEMORY_KIB",
        Kind::Number(8192, 1_048_576),
        "19456",
        "Memory of one Argon2id hash, in KiB.",
    ),
    setting(
        "passwords.argon2_passes",
        "KEYSTEAD_PASSWORDS_ARGON2_PASSES",
        Kind::Number(1, 20),
        "2",
        "Passes over that memory.",
    ),
    setting(
        "passwords.argon2_lanes",
        "KEYSTEAD_PASSWORDS_ARGON2_LANES",
        Kind::Number(1, 16),
        "1",
        "Lanes of that memory.",
    ),
    setting(
        "passwords.bcrypt_rounds",
        "KEYSTEAD_PASSWORDS_BCRYPT_ROUNDS",
        Kind::Number(10, 16),
        "12",
        "bcrypt's cost: the work doubles with each.",
    ),
    setting(
        "passwords.workers",
        "KEYSTEAD_PASSWORDS_WORKERS",
        Kind::Number(0, 256),
        "0",
        "Threads that hash; 0 is one per core.",
    ),
    setting(
        "passwords.queue",
        "KEYSTEAD_PASSWORDS_QUEUE",
        Kind::Number(1, 100_000),
        "64",
        "Hashes that may wait; more are answered 503 with Retry-After.",
    ),
    setting(
        "tokens.access_seconds",
        "KEYSTEAD_TOKENS_ACCESS_SECONDS",
        Kind::Number(60, 3600),
        "600",
        "How long an access token is valid, in seconds.",
    ),
    setting(
        "tokens.audience",
        "KEYSTEAD_TOKENS_AUDIENCE",
        Kind::Text,
        "keystead",
        "The audience of access tokens (aud).",
    ),
    setting(
        "tokens.algorithm",
        "KEYSTEAD_TOKENS_ALGORITHM",
        Kind::Word(&["EdDSA", "ES256", "RS256"]),
        "EdDSA",
        "How new signing keys sign.",
    ),
    setting(
        "tokens.key_lifetime_days",
        "KEYSTEAD_TOKENS_KEY_LIFETIME_DAYS",
        Kind::Number(1, 3650),
        "30",
        "How long a signing key signs, in days.",
    ),
    setting(
        "tokens.refresh_grace_seconds",
        "KEYSTEAD_TOKENS_REFRESH_GRACE_SECONDS",
        Kind::Number(0, 60),
        "10",
        "How long the last refresh token is answered once more when its reply was lost, in seconds.",
    ),
    setting(
        "sessions.idle_seconds",
        "KEYSTEAD_SESSIONS_IDLE_SECONDS",
        Kind::Number(60, 31_536_000),
        "1209600",
        "A session ends when it is not refreshed for this long, in seconds.",
    ),
    setting(
        "sessions.absolute_seconds",
        "KEYSTEAD_SESSIONS_ABSOLUTE_SECONDS",
        Kind::Number(60, 63_072_000),
        "7776000",
        "A session ends after this whatever happens, in seconds.",
    ),
    setting(
        "lockout.network_attempts",
        "KEYSTEAD_LOCKOUT_NETWORK_ATTEMPTS",
        Kind::Number(1, 1000),
        "5",
        "Wrong passwords from one network before that network is locked out of the account.",
    ),
    setting(
        "lockout.account_attempts",
        "KEYSTEAD_LOCKOUT_ACCOUNT_ATTEMPTS",
        Kind::Number(1, 100_000),
        "50",
        "Wrong passwords from everywhere before networks unknown to the account are locked out of it.",
    ),
    setting("lockout.seconds", "KEYSTEAD_LOCKOUT_SECONDS", SECONDS, "900", "How long a lock lasts, in seconds."),
    setting(
        "accounts.registration",
        "KEYSTEAD_ACCOUNTS_REGISTRATION",
        Kind::Flag,
        "true",
        "Whether people may register themselves.",
    ),
    setting(
        "invitations.days",
        "KEYSTEAD_INVITATIONS_DAYS",
        Kind::Number(1, 365),
        "7",
        "How long an invitation is open, in days.",
    ),
    setting(
        "service_accounts.key_days",
        "KEYSTEAD_SERVICE_ACCOUNTS_KEY_DAYS",
        Kind::Number(1, 3650),
        "365",
        "How long a key of a service account is good for when nothing else is said, in days; never longer than service_accounts.key_most_days.",
    ),
    setting(
        "service_accounts.key_most_days",
        "KEYSTEAD_SERVICE_ACCOUNTS_KEY_MOST_DAYS",
        Kind::Number(1, 3650),
        "1095",
        "How long a key of a service account may be good for at most, in days. Keys that are there already keep their end.",
    ),
    setting(
        "audit.record_reads",
        "KEYSTEAD_AUDIT_RECORD_READS",
        Kind::Flag,
        "false",
        "Whether reads of what the data register calls sensitive are recorded, in batches.",
    ),
    setting(
        "audit.record_decisions",
        "KEYSTEAD_AUDIT_RECORD_DECISIONS",
        Kind::Word(&["off", "denials", "all"]),
        "off",
        "Which decisions are recorded, in batches: off none, denials what the guard refuses and what products are denied, all those that allow, too, and searches.",
    ),
    setting(
        "jobs.workers",
        "KEYSTEAD_JOBS_WORKERS",
        Kind::Number(0, 64),
        "2",
        "Jobs that run at once on this server; 0 runs none.",
    ),
    setting(
        "master_key",
        "KEYSTEAD_MASTER_KEY",
        Kind::Secret,
        "",
        "The key that seals every other key: 32 bytes as base64 or hex. By default the file master.key in the data directory, made at the first start.",
    ),
    setting(
        "database.app_password",
        "KEYSTEAD_DATABASE_APP_PASSWORD",
        Kind::Secret,
        "",
        "The password that `keystead database roles` gives to keystead_app. The server does not use it.",
    ),
    setting(
        "database.migrator_password",
        "KEYSTEAD_DATABASE_MIGRATOR_PASSWORD",
        Kind::Secret,
        "",
        "The password that `keystead database roles` gives to keystead_migrator. The server does not use it.",
    ),
    setting(
        "database.backup_password",
        "KEYSTEAD_DATABASE_BACKUP_PASSWORD",
        Kind::Secret,
        "",
        "The password that `keystead database roles` gives to keystead_backup. The server does not use it.",
    ),
    setting(
        "admin_password",
        "KEYSTEAD_ADMIN_PASSWORD",
        Kind::Secret,
        "",
        "The first password of the administrator admin. By default a random one, shown once.",
    ),
];

/// The setting with this key.
#[must_use]
pub fn find(key: &str) -> Option<&'static Setting> {
    SETTINGS.iter().find(|setting| setting.key == key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn keys_and_variables_are_unique() {
        let keys: HashSet<_> = SETTINGS.iter().map(|setting| setting.key).collect();
        let variables: HashSet<_> = SETTINGS.iter().map(|setting| setting.variable).collect();
        assert_eq!((keys.len(), variables.len()), (SETTINGS.len(), SETTINGS.len()));
    }
}

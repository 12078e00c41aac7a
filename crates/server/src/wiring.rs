//! Makes the service as the configuration says.

use crate::{config::Config, data, listen::Limits, open, origins::allowed_origins};
use ipnet::IpNet;
use keystead_crypto::passwords::{HashSettings, PoolSettings};
use keystead_domain::{Clock, Error, Random, RequestContext, Result, SystemClock, SystemRandom};
use keystead_http::HttpSettings;
use keystead_service::{App, Environment, RecordDecisions, ServiceSettings, Setup, keys::check_master_key};
use keystead_store::{LockPolicy, SharedStore};
use std::{
    net::{IpAddr, SocketAddr},
    num::NonZeroUsize,
    sync::Arc,
    time::Duration,
};

/// The service on its store, with the store, which the caller closes in the end.
///
/// # Errors
/// When the store or the master key cannot be opened.
pub(crate) async fn service(config: &Config, address: Option<SocketAddr>) -> Result<(App, SharedStore)> {
    let clock = Arc::new(SystemClock);
    let random: Arc<dyn Random> = Arc::new(SystemRandom);
    let settings = service_settings(config, address)?;
    let master_key = data::master_key(config, &data::target(config)?, random.as_ref())?;
    let store = open::open(config, clock.clone()).await?;
    check_master_key(&*store, &master_key, clock.now()).await?;
    let app = App::start(Setup { store: store.clone(), clock, random, master_key, settings }).await?;
    Ok((app, store))
}

/// Where the operator's own commands come from, for audit events.
#[must_use]
pub(crate) fn command_line(app: &App) -> RequestContext {
    let id: keystead_domain::JobId = app.ids.next();
    RequestContext { correlation_id: id.to_string(), source: "cli", ..RequestContext::default() }
}

/// What the operator has set about the use cases.
///
/// # Errors
/// `Invalid` for hashing parameters that do not go together.
pub(crate) fn service_settings(config: &Config, address: Option<SocketAddr>) -> Result<ServiceSettings> {
    let number = |key| i64::try_from(config.number(key)).unwrap_or(i64::MAX);
    let count = |key| i32::try_from(config.number(key)).unwrap_or(i32::MAX);
    let day = 24 * 60 * 60;
    let listening = address.map_or_else(|| config.text("listen").to_owned(), |address| address.to_string());
    Ok(ServiceSettings {
        environment: match config.text("environment") {
            "development" => Environment::Development,
            "test" => Environment::Test,
            _ => Environment::Production,
        },
        issuer: config
            .optional("public_url")
            .map_or_else(|| format!("http://{listening}"), |url| url.trim_end_matches('/').to_owned()),
        audience: config.text("tokens.audience").to_owned(),
        access_token_seconds: number("tokens.access_seconds"),
        session_idle_seconds: number("sessions.idle_seconds"),
        session_absolute_seconds: number("sessions.absolute_seconds"),
        refresh_grace_seconds: number("tokens.refresh_grace_seconds"),
        lock: LockPolicy {
            network_attempts: count("lockout.network_attempts"),
            account_attempts: count("lockout.account_attempts"),
            lock_seconds: number("lockout.seconds"),
        },
        passwords: password_settings(config)?,
        signing_algorithm: config
            .text("tokens.algorithm")
            .parse()
            .map_err(|_| Error::invalid("tokens.algorithm", "must be EdDSA, ES256 or RS256"))?,
        signing_key_seconds: number("tokens.key_lifetime_days").saturating_mul(day),
        registration_enabled: config.flag("accounts.registration"),
        audit_reads: config.flag("audit.record_reads"),
        audit_decisions: match config.text("audit.record_decisions") {
            "denials" => RecordDecisions::Denials,
            "all" => RecordDecisions::All,
            _ => RecordDecisions::Off,
        },
        invitation_seconds: number("invitations.days").saturating_mul(day),
        api_key_seconds: number("service_accounts.key_days").saturating_mul(day),
        api_key_most_seconds: number("service_accounts.key_most_days").saturating_mul(day),
        ..ServiceSettings::default()
    })
}

fn password_settings(config: &Config) -> Result<PoolSettings> {
    let number = |key| u32::try_from(config.number(key)).unwrap_or(u32::MAX);
    let size = |key| usize::try_from(config.number(key)).ok().and_then(NonZeroUsize::new);
    let hash = if config.text("passwords.algorithm") == "bcrypt" {
        HashSettings::bcrypt(number("passwords.bcrypt_rounds"))
    } else {
        HashSettings::argon2id(
            number("passwords.argon2_memory_kib"),
            number("passwords.argon2_passes"),
            number("passwords.argon2_lanes"),
        )
    };
    let hash = hash.map_err(|error| Error::invalid("passwords", error.to_string()))?;
    let defaults = PoolSettings::default();
    Ok(PoolSettings {
        hash,
        threads: size("passwords.workers"),
        waiting: size("passwords.queue").unwrap_or(defaults.waiting),
        ..defaults
    })
}

/// Connections that are accepted when nobody says how many, and there is room for them.
const CONNECTIONS: u64 = 8192;
/// Files for everything else than connections: libraries, the log, the embedded database, another listener's connections.
const OTHER_FILES: u64 = 128;
/// Connections of the listener for `/metrics` alone.
const METRICS_CONNECTIONS: usize = 32;

/// How many connections there may be, where the process may have so many `files` open; none: any number.
///
/// # Errors
/// As [`http_settings`].
pub(crate) fn connection_limits(config: &Config, files: Option<u64>) -> Result<Limits> {
    let or = |key, default| Some(config.number(key)).filter(|number| *number > 0).unwrap_or(default);
    // With too few files for both, half of them: a server that cannot open its database serves nobody.
    let store = config.number("postgres.pool_size") + config.number("postgres.pool_overflow");
    let room = files.map_or(u64::MAX, |files| files.saturating_sub(OTHER_FILES + store).max(files / 2));
    let connections = or("http.max_connections", CONNECTIONS).min(room);
    let per_address = or("http.max_connections_per_address", connections / 4).clamp(1, connections.max(1));
    let size = |number| usize::try_from(number).unwrap_or(usize::MAX);
    Ok(Limits {
        connections: size(connections),
        per_address: size(per_address),
        trusted_proxies: trusted_proxies(config)?,
        idle: Duration::from_secs(config.number("http.idle_seconds")),
    })
}

/// The same for a listener that only the operator reaches.
pub(crate) fn metrics_limits(limits: &Limits) -> Limits {
    Limits { connections: METRICS_CONNECTIONS, per_address: METRICS_CONNECTIONS, ..limits.clone() }
}

fn trusted_proxies(config: &Config) -> Result<Vec<IpNet>> {
    let parse = |text: &str| {
        text.parse()
            .or_else(|_| text.parse::<IpAddr>().map(IpNet::from))
            .map_err(|_| Error::invalid("http.trusted_proxies", format!("{text} is no network such as 10.0.0.0/8")))
    };
    config.list("http.trusted_proxies").into_iter().map(parse).collect()
}

/// What the operator has set about the HTTP edge.
///
/// # Errors
/// `Invalid` for a proxy that is no network, and an origin that is none.
pub(crate) fn http_settings(config: &Config) -> Result<HttpSettings> {
    let size = |key| usize::try_from(config.number(key)).unwrap_or(usize::MAX);
    Ok(HttpSettings {
        request_timeout: Duration::from_secs(config.number("http.request_timeout_seconds")),
        body_limit: size("http.body_limit_bytes"),
        batch_limit: size("http.batch_limit_bytes"),
        max_requests: size("http.max_requests"),
        trusted_proxies: trusted_proxies(config)?,
        allowed_origins: allowed_origins(config)?,
        behind_tls: config.text("public_url").starts_with("https://"),
        metrics_beside_api: config.optional("http.metrics_listen").is_none(),
        ..HttpSettings::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::load;

    #[test]
    fn connections_leave_files_for_the_rest() {
        let limits = |files, settings: &[(&'static str, &str)]| {
            let settings: Vec<_> = settings.iter().map(|(key, value)| (*key, (*value).to_owned())).collect();
            let limits = connection_limits(&load(None, [], &settings).unwrap(), files).unwrap();
            (limits.connections, limits.per_address)
        };
        assert_eq!(limits(None, &[]), (8192, 2048));
        assert_eq!(limits(Some(1_048_576), &[]), (8192, 2048));
        assert_eq!(limits(Some(1024), &[]), (1024 - 128 - 50, 211));
        assert_eq!(limits(Some(200), &[]), (100, 25));
        assert_eq!(limits(Some(1024), &[("http.max_connections", "5000")]), (846, 211));
        assert_eq!(limits(Some(1024), &[("http.max_connections", "2")]), (2, 1));
        assert_eq!(limits(None, &[("http.max_connections_per_address", "9000")]), (8192, 8192));
    }
}

//! `keystead doctor`: looks at a deployment and says what to do.

use crate::{
    cli::{Output, Table},
    config::Config,
    data,
    listen::raise_open_files,
    open::{self, copy_unfinished},
    secrets, wiring,
};
use keystead_domain::{Clock, Error, Result, SystemClock, SystemRandom};
use keystead_service::keys::check_master_key;
use keystead_store::Store;
use keystead_store_sql::{
    SqlStore, StoreSettings, StoreTarget,
    migrate::{MigrationTarget, Migrator},
};
use serde::Serialize;
use sqlx::postgres::PgConnectOptions;
use std::{path::Path, sync::Arc};

/// What a look found.
#[derive(Serialize)]
struct Finding {
    check: &'static str,
    state: State,
    detail: String,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum State {
    Good,
    Look,
    Bad,
}

impl Finding {
    fn of(check: &'static str, outcome: Result<String>) -> Self {
        match outcome {
            Ok(detail) => Self { check, state: State::Good, detail },
            Err(error) => {
                let detail = match error.internal {
                    Some(internal) => format!("{} ({internal})", error.message),
                    None => error.message,
                };
                Self { check, state: State::Bad, detail }
            }
        }
    }
    fn look(check: &'static str, detail: impl Into<String>) -> Self {
        Self { check, state: State::Look, detail: detail.into() }
    }
}

pub(super) async fn run(config: &Config, output: Output) -> Result<()> {
    let mut findings = vec![settings(config)];
    findings.extend(environment(config));
    match data::target(config) {
        Ok(target) => {
            findings.push(master_key(config, &target));
            findings.extend(store(config, &target).await);
        }
        Err(error) => findings.push(Finding::of("store", Err(error))),
    }
    findings.push(proxies(config));
    findings.push(connections(config));
    findings.push(listening(config).await);
    let bad = findings.iter().filter(|finding| finding.state == State::Bad).count();
    output.answer(&findings, || {
        let mut table = Table::new(&["", "check", "what was found"]);
        for finding in &findings {
            let mark = match finding.state {
                State::Good => "✓",
                State::Look => "!",
                State::Bad => "✗",
            };
            table.row([mark, finding.check, finding.detail.as_str()]);
        }
        table
    })?;
    if bad == 0 {
        return Ok(());
    }
    Err(Error::conflict("unhealthy", format!("{bad} of {} checks found something to mend.", findings.len())))
}

fn settings(config: &Config) -> Finding {
    let outcome = wiring::service_settings(config, None)
        .and_then(|_| wiring::http_settings(config))
        .map(|_| "every setting can be read".to_owned());
    Finding::of("configuration", outcome)
}

fn environment(config: &Config) -> Vec<Finding> {
    let mut findings = Vec::new();
    if !config.in_production() {
        findings
            .push(Finding::look("environment", format!("{}: not for real people's data", config.text("environment"))));
    }
    match config.optional("public_url") {
        None => findings.push(Finding::look(
            "public address",
            "unset: tokens name the listening address as their issuer. Set KEYSTEAD_PUBLIC_URL.",
        )),
        Some(url) if config.in_production() && !url.starts_with("https://") => {
            findings.push(Finding::look("public address", format!("{url} is not https: put TLS in front.")));
        }
        Some(url) => findings.push(Finding::of("public address", Ok(url.to_owned()))),
    }
    if config.optional("admin_password").is_some() {
        findings.push(Finding::look(
            "first password",
            "KEYSTEAD_ADMIN_PASSWORD is still set; it serves the first start only.",
        ));
    }
    findings
}

fn master_key(config: &Config, target: &StoreTarget) -> Finding {
    if config.optional("master_key").is_some() || matches!(target, StoreTarget::Memory) {
        let outcome = data::master_key(config, target, &SystemRandom);
        return Finding::of("master key", outcome.map(|_| "from the environment, or made for this run".to_owned()));
    }
    let path = match data::data_dir(config) {
        Ok(folder) => folder.join("master.key"),
        Err(error) => return Finding::of("master key", Err(error)),
    };
    if let Err(error) = secrets::check_folder(&path) {
        return Finding::of("master key", Err(error));
    }
    if !path.exists() {
        return Finding::look("master key", format!("{} is made at the first start", path.display()));
    }
    let outcome = data::master_key(config, target, &SystemRandom);
    Finding::of(
        "master key",
        outcome.map(|_| format!("{}: keep a copy where the database's copies are not", path.display())),
    )
}

async fn store(config: &Config, target: &StoreTarget) -> Vec<Finding> {
    let settings = data::store_settings(config, target.clone());
    let (mut findings, mut is_reached) = (Vec::new(), true);
    let migrations = match target {
        StoreTarget::Postgres(address) => {
            let user = open::who(&settings, address).await;
            is_reached = user.is_ok();
            let reached = user.as_ref().map(|user| format!("{target}, as {}", user.name)).map_err(|error| {
                Error::new(error.kind, error.code, error.message.clone())
                    .with_internal(error.internal.clone().unwrap_or_default())
            });
            findings.push(Finding::of("database", reached));
            if is_reached {
                findings.push(clocks(&settings, address).await);
            }
            if let Ok(user) = user
                && user.is_too_strong()
            {
                let detail = format!(
                    "{} is stronger than the server needs; production refuses it. See `keystead database roles`.",
                    user.name
                );
                findings.push(Finding::look("database role", detail));
            }
            open::postgres_migration_target(config, &settings, address)
        }
        StoreTarget::Sqlite(path) if path.exists() => {
            findings.push(Finding::of("database", Ok(target.to_string())));
            Ok(MigrationTarget::Sqlite(path.clone()))
        }
        StoreTarget::Sqlite(path) => {
            return vec![Finding::look("database", format!("{} is made at the first start", path.display()))];
        }
        StoreTarget::Json(path) => return vec![json_file(path)],
        StoreTarget::Memory => return vec![Finding::look("database", "in memory: nothing is kept")],
    };
    let schema = match migrations {
        Ok(target) => schema(target).await,
        Err(error) => Err(error),
    };
    // What differs from the declared schema does not keep anybody from looking at the rows.
    let is_migrated = schema.as_ref().map_or_else(|error| error.code == "drift", |_| true);
    // A database that does not answer was told of already. Whoever migrates may reach what the server does not.
    let is_told = !is_reached && schema.as_ref().is_err_and(|error| error.code == "database_unreachable");
    if !is_told {
        findings.push(Finding::of("schema", schema));
    }
    if is_reached && is_migrated {
        findings.extend(contents(config, &settings).await);
    }
    findings
}

/// What is in a store whose schema is right.
async fn contents(config: &Config, settings: &StoreSettings) -> Vec<Finding> {
    let store = match SqlStore::connect(settings).await {
        Ok(store) => store,
        Err(error) => return vec![Finding::of("database", Err(error))],
    };
    let copied = store
        .has_unfinished_copy()
        .await
        .and_then(|unfinished| if unfinished { Err(copy_unfinished()) } else { Ok(()) });
    let mut findings = Vec::new();
    if let Err(error) = copied {
        findings.push(Finding::of("copy", Err(error)));
    }
    findings.push(keys(config, &store, &settings.target).await);
    let _ = store.close().await;
    findings
}

/// Whether the master key that a server would start with here opens what is there.
async fn keys(config: &Config, store: &SqlStore, target: &StoreTarget) -> Finding {
    const CHECK: &str = "sealed keys";
    let is_there = config.optional("master_key").is_some()
        || data::data_dir(config).is_ok_and(|folder| folder.join("master.key").exists());
    // One that nothing was sealed with opens nothing: what the first start would make here.
    let master_key = if is_there {
        data::master_key(config, target, &SystemRandom)
    } else {
        data::master_key(config, &StoreTarget::Memory, &SystemRandom)
    };
    let master_key = match master_key {
        Ok(master_key) => master_key,
        Err(_) => return Finding::look(CHECK, "cannot be checked without the master key"),
    };
    match check_master_key(store, &master_key, SystemClock.now()).await {
        Ok(0) => Finding::look(CHECK, "none yet: they are made at the first start"),
        Ok(count) => Finding::of(CHECK, Ok(format!("the master key opens them ({count} signing keys)"))),
        Err(error) => Finding::of(CHECK, Err(error)),
    }
}

/// Seconds that two clocks may differ before sessions and locks end visibly early or late.
const CLOCKS_DIFFER: f64 = 2.0;
/// Seconds from which on other machines refuse this one's tokens.
const CLOCKS_DISAGREE: f64 = 30.0;

async fn clocks(settings: &StoreSettings, address: &PgConnectOptions) -> Finding {
    const CHECK: &str = "clock";
    match open::clock_difference(settings, address, &SystemClock).await {
        Err(error) => Finding::of(CHECK, Err(error)),
        Ok(seconds) => judge_clocks(CHECK, seconds),
    }
}

fn judge_clocks(check: &'static str, seconds: f64) -> Finding {
    let side = if seconds > 0.0 { "ahead of" } else { "behind" };
    let detail = format!("the database's clock is {:.1} s {side} this machine's", seconds.abs());
    if seconds.abs() < CLOCKS_DIFFER {
        Finding::of(check, Ok(detail))
    } else if seconds.abs() < CLOCKS_DISAGREE {
        Finding::look(check, format!("{detail}: synchronize both (NTP)."))
    } else {
        Finding::of(check, Err(Error::conflict("clock", format!("{detail}: synchronize both (NTP)."))))
    }
}

fn json_file(path: &Path) -> Finding {
    if path.exists() {
        Finding::of("database", Ok(format!("{}: the server checks it when it loads it", path.display())))
    } else {
        Finding::look("database", format!("{} is made at the first start", path.display()))
    }
}

async fn schema(target: MigrationTarget) -> Result<String> {
    let migrator = Migrator::new(target, Arc::new(SystemClock));
    let status = migrator.status().await?;
    if let Some(refusal) = status.refusal {
        return Err(Error::conflict("migrations", refusal));
    }
    if !status.pending.is_empty() {
        return Err(Error::conflict(
            "migrations",
            format!("{} migrations wait: run `keystead migrate up`", status.pending.len()),
        ));
    }
    let differences = migrator.check().await?;
    if differences.is_empty() {
        return Ok("every migration is applied, and nothing differs".to_owned());
    }
    Err(Error::conflict("drift", format!("{} differences: `keystead migrate check` names them", differences.len())))
}

/// Whose word counts for a client's address.
fn proxies(config: &Config) -> Finding {
    const CHECK: &str = "proxies";
    let trusted = match wiring::http_settings(config) {
        Ok(settings) => settings.trusted_proxies,
        Err(error) => return Finding::of(CHECK, Err(error)),
    };
    if trusted.iter().any(|network| network.prefix_len() == 0) {
        let why =
            "http.trusted_proxies names everybody: anybody may say that they are anybody. Name your proxies' networks.";
        return Finding::of(CHECK, Err(Error::conflict("proxies", why)));
    }
    let proxied = config.text("public_url").starts_with("https://");
    if trusted.is_empty() && proxied {
        return Finding::look(
            CHECK,
            "public_url is https, so a proxy is in front; none is named, so all clients share its address, and anybody \
             can lock anybody out of sign-in. Set KEYSTEAD_HTTP_TRUSTED_PROXIES.",
        );
    }
    let named: Vec<_> = trusted.iter().map(ToString::to_string).collect();
    let said = if named.is_empty() { "none is believed".to_owned() } else { format!("believed: {}", named.join(", ")) };
    Finding::of(CHECK, Ok(said))
}

/// Whether the system allows as many connections as are wanted.
fn connections(config: &Config) -> Finding {
    const CHECK: &str = "connections";
    let files = raise_open_files();
    let limits = match wiring::connection_limits(config, files) {
        Ok(limits) => limits,
        Err(error) => return Finding::of(CHECK, Err(error)),
    };
    let detail = format!("{} at once, {} from one address", limits.connections, limits.per_address);
    let wanted = config.number("http.max_connections");
    match files {
        Some(files) if wanted > limits.connections as u64 => Finding::look(
            CHECK,
            format!("{detail}; for {wanted} the system's limit of open files ({files}) is too low (ulimit -n)."),
        ),
        _ => Finding::of(CHECK, Ok(detail)),
    }
}

async fn listening(config: &Config) -> Finding {
    let text = config.text("listen");
    match tokio::net::TcpListener::bind(text).await {
        Ok(_) => Finding::of("listener", Ok(format!("{text} is free"))),
        Err(error) => Finding::look("listener", format!("{text}: {error}; is a server running there?")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_may_differ_a_little() {
        for (seconds, state) in
            [(0.3, State::Good), (-1.9, State::Good), (2.5, State::Look), (-29.0, State::Look), (-31.0, State::Bad)]
        {
            assert!(judge_clocks("clock", seconds).state == state, "{seconds}");
        }
        assert!(judge_clocks("clock", -40.0).detail.contains("40.0 s behind"));
    }
}

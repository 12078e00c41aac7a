//! Logs: text on a terminal, JSON otherwise; always on standard error, never with secrets.

use crate::{cli::wants_colour, config::Config};
use keystead_domain::{Error, Result};
use std::io::IsTerminal;
use tracing_subscriber::{EnvFilter, fmt, prelude::*};

/// Starts logging as the configuration says.
///
/// # Errors
/// `Invalid` for a filter that cannot be read.
pub(crate) fn start(config: &Config) -> Result<()> {
    let mut level = config.text("log.level").to_owned();
    if logs_statements(config) && !level.contains("keystead::store") {
        level.push_str(",keystead::store=debug");
    }
    let filter = EnvFilter::try_new(&level)
        .map_err(|error| Error::invalid("log.level", format!("is no log filter: {error}")))?;
    let as_json = match config.text("log.format") {
        "json" => true,
        "text" => false,
        _ => !std::io::stderr().is_terminal(),
    };
    let registry = tracing_subscriber::registry().with(filter);
    // A second start in one process (tests) keeps the first one's choice.
    let _ = if as_json {
        registry.with(fmt::layer().json().flatten_event(true).with_writer(std::io::stderr)).try_init()
    } else {
        registry
            .with(
                fmt::layer()
                    .with_ansi(std::io::stderr().is_terminal() && wants_colour())
                    .with_target(false)
                    .with_writer(std::io::stderr),
            )
            .try_init()
    };
    Ok(())
}

/// Whether every statement is logged.
#[must_use]
pub(crate) fn logs_statements(config: &Config) -> bool {
    match config.text("store.log_statements") {
        "true" => true,
        "false" => false,
        _ => config.text("environment") == "development",
    }
}

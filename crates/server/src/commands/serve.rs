//! `keystead serve`.

use crate::{
    cli::Output,
    commands::seed,
    config::Config,
    data,
    listen::listen,
    signals::{stop_signal, stopped},
    wiring,
};
use keystead_domain::{Error, ErrorKind, Result};
use keystead_http::{AppState, install_recorder, keep_up, metrics_router, router};
use keystead_service::{
    background,
    jobs::{JobRunner, RunnerSettings},
};
use keystead_store_sql::StoreTarget;
use std::{io::IsTerminal, net::SocketAddr, num::NonZeroUsize, time::Duration};
use tokio::net::TcpListener;

pub(super) async fn serve(config: &Config, output: Output) -> Result<()> {
    let stop = stop_signal()?;
    let metrics = install_recorder()?;
    let listener = bind(config, config.text("listen"), "listen").await?;
    let address = local(&listener)?;
    let target = data::target(config)?;
    tracing::info!(store = %target, environment = config.text("environment"), "starting");
    let (app, store) = wiring::service(config, Some(address)).await?;
    seed::system(&app, config, output).await?;

    let state = AppState::new(app.clone(), wiring::http_settings(config)?, metrics.clone());
    tokio::spawn(keep_up(metrics));
    if let Some(text) = config.optional("http.metrics_listen") {
        let listener = bind(config, text, "http.metrics_listen").await?;
        tracing::info!(address = %format!("http://{}/metrics", local(&listener)?), "metrics");
        tokio::spawn(listen(listener, metrics_router(state.clone()), stopped(stop.clone()), Duration::ZERO));
    }
    let jobs = job_settings(config).map(|settings| JobRunner::start(app.clone(), settings));
    let background = tokio::spawn(background::run(app.clone(), stopped(stop.clone())));

    tracing::info!(address = %format!("http://{address}"), "ready");
    greet(output, address, &target);

    let draining = state.clone();
    let stop_accepting = async move {
        stopped(stop).await;
        draining.drain();
    };
    let patience = Duration::from_secs(config.number("http.shutdown_seconds"));
    let all_ended = listen(listener, router(state.clone()), stop_accepting, patience).await;
    if !all_ended || tokio::time::timeout(patience, state.finished()).await.is_err() {
        tracing::warn!(
            running = state.in_progress(),
            "requests were still running when the time to wait for them was over"
        );
    }
    if let Some(jobs) = jobs
        && !jobs.stop(patience).await
    {
        tracing::warn!("jobs were still running; another server, or the next start, runs them again");
    }
    // It ends by the same signal, after it has written what was waiting.
    let _ = background.await;
    let closed = store.close().await;
    tracing::info!("stopped");
    closed
}

/// None where this server runs no jobs.
fn job_settings(config: &Config) -> Option<RunnerSettings> {
    let workers = usize::try_from(config.number("jobs.workers")).ok().and_then(NonZeroUsize::new)?;
    Some(RunnerSettings { workers, ..RunnerSettings::default() })
}

async fn bind(config: &Config, text: &str, key: &str) -> Result<TcpListener> {
    let refuse = |error: std::io::Error| {
        Error::new(
            ErrorKind::Invalid,
            "listen",
            format!(
                "{key}: cannot listen on {text}: {error}. Another port may be free: --listen 127.0.0.1:0 takes any."
            ),
        )
    };
    let listener = TcpListener::bind(text).await.map_err(refuse)?;
    let address = listener.local_addr().map_err(refuse)?;
    let only_here = matches!(data::target(config)?, StoreTarget::Memory | StoreTarget::Json(_));
    if only_here && !address.ip().is_loopback() {
        return Err(Error::invalid(
            key,
            "memory: and json: stores are served on loopback addresses only; use SQLite or PostgreSQL",
        ));
    }
    Ok(listener)
}

fn local(listener: &TcpListener) -> Result<SocketAddr> {
    listener.local_addr().map_err(|error| Error::internal(format!("listener: {error}")))
}

/// Tells a person at a terminal where to go; everybody else reads the log.
fn greet(output: Output, address: SocketAddr, target: &StoreTarget) {
    if output.is_json() || !std::io::stderr().is_terminal() {
        return;
    }
    output.note(&format!(
        "\n  Keystead is ready.\n\n    API        http://{address}/api/v1\n    API pages  http://{address}/docs\n    Health     http://{address}/health/ready\n    Store      {target}\n\n  \
         Sign in: curl http://{address}/api/v1/sessions --json '{{\"login\": \"admin\", \"password\": \"…\"}}'\n  Stop with Ctrl-C.\n"
    ));
}

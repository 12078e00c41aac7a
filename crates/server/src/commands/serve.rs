//! `keystead serve`.

use crate::{
    cli::Output,
    commands::seed::{self, FirstPassword},
    config::Config,
    data,
    listen::{listen, raise_open_files},
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
use serde_json::json;
use std::{io::IsTerminal, net::SocketAddr, num::NonZeroUsize, time::Duration};
use tokio::{net::TcpListener, sync::watch};

pub(super) async fn serve(config: &Config, output: Output) -> Result<()> {
    let stop = stop_signal()?;
    let metrics = install_recorder()?;
    let limits = wiring::connection_limits(config, raise_open_files())?;
    let listener = bind(config, config.text("listen"), "listen").await?;
    let address = local(&listener)?;
    let target = data::target(config)?;
    tracing::info!(
        store = %target,
        environment = config.text("environment"),
        connections = limits.connections,
        per_address = limits.per_address,
        "starting"
    );
    let (app, store) = wiring::service(config, Some(address)).await?;
    let first_password = seed::system(&app, config).await?;

    let state = AppState::new(app.clone(), wiring::http_settings(config)?, metrics.clone());
    tokio::spawn(keep_up(metrics));
    if let Some(text) = config.optional("http.metrics_listen") {
        let listener = bind(config, text, "http.metrics_listen").await?;
        tracing::info!(address = %format!("http://{}/metrics", local(&listener)?), "metrics");
        let (router, limits) = (metrics_router(state.clone()), wiring::metrics_limits(&limits));
        tokio::spawn(listen(listener, router, limits, stopped(stop.clone()), Duration::ZERO));
    }
    let jobs = job_settings(config).map(|settings| JobRunner::start(app.clone(), settings));
    // It must outlast the requests and jobs, which leave it something to write.
    let (quiet, is_quiet) = watch::channel(false);
    let background = tokio::spawn(background::run(app.clone(), stopped(is_quiet)));

    tracing::info!(address = %format!("http://{address}"), "ready");
    greet(output, address, &target, &first_password)?;

    let draining = state.clone();
    let stop_accepting = async move {
        stopped(stop).await;
        draining.drain();
    };
    let patience = Duration::from_secs(config.number("http.shutdown_seconds"));
    let all_ended = listen(listener, router(state.clone()), limits, stop_accepting, patience).await;
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
    let _ = quiet.send(true);
    if background.await.is_err() {
        tracing::error!("what was waiting to be written is lost");
    }
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

/// Tells a person at a terminal where to go and how to sign in, and a program that asked for JSON the same in one line.
/// Everybody else reads the log.
fn greet(output: Output, address: SocketAddr, target: &StoreTarget, first: &FirstPassword) -> Result<()> {
    if output.is_json() {
        let ready = json!({
            "api": format!("http://{address}/api/v1"), "docs": format!("http://{address}/docs"),
            "health": format!("http://{address}/health/ready"), "store": target.to_string(),
            "first_password_file": first.file(),
        });
        return output.line(&ready.to_string());
    }
    if std::io::stderr().is_terminal() {
        output.note(&greeting(address, target, first));
    }
    Ok(())
}

fn greeting(address: SocketAddr, target: &StoreTarget, first: &FirstPassword) -> String {
    let base = format!("http://{address}");
    let who = match first {
        FirstPassword::NotMade => "with your account".to_owned(),
        FirstPassword::Chosen => "as admin, with the password in KEYSTEAD_ADMIN_PASSWORD".to_owned(),
        FirstPassword::Shown => "as admin, with the password above".to_owned(),
        FirstPassword::InFile(path) => format!("as admin, with the password in {}", path.display()),
    };
    let (login, change) = if matches!(first, FirstPassword::NotMade) {
        ("you", String::new())
    } else {
        let change = format!(
            "\n  Then change the password; until then nothing else is allowed:\n    curl {base}/api/v1/me/password --header \"Authorization: Bearer $ACCESS_TOKEN\" \\\n      \
             --json '{{\"current_password\": \"…\", \"new_password\": \"a long phrase of your own\"}}'\n  \
             Lost it? `keystead user reset-password admin` makes another.\n"
        );
        ("admin", change)
    };
    format!(
        "\n  Keystead is ready.\n\n    API        {base}/api/v1\n    API pages  {base}/docs\n    Health     {base}/health/ready\n    Store      {target}\n\n  \
         Sign in {who}:\n    curl {base}/api/v1/sessions --json '{{\"login\": \"{login}\", \"password\": \"…\"}}'\n{change}\n  Stop with Ctrl-C.\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    #[test]
    fn the_greeting_says_where_to_go_and_how_to_sign_in() {
        let address = "127.0.0.1:8080".parse().unwrap();
        let said = |first| greeting(address, &StoreTarget::Memory, &first);
        for (first, words) in [
            (FirstPassword::Shown, "as admin, with the password above"),
            (FirstPassword::InFile(PathBuf::from("/data/first-password")), "the password in /data/first-password"),
            (FirstPassword::Chosen, "KEYSTEAD_ADMIN_PASSWORD"),
        ] {
            let text = said(first);
            for part in [words, "http://127.0.0.1:8080/docs", "/api/v1/sessions", "\"admin\"", "/api/v1/me/password"] {
                assert!(text.contains(part), "{part} is not in {text}");
            }
        }
        let text = said(FirstPassword::NotMade);
        assert!(text.contains("with your account") && !text.contains("admin"), "{text}");
    }
}

//! The first signal asks the server to finish; a second one forces it.

use keystead_domain::{Error, Result};
use tokio::{
    signal::unix::{Signal, SignalKind, signal},
    sync::watch,
};

/// What a process that a second signal ended answers its parent.
const FORCED: i32 = 130;
/// SIGXFSZ, on Linux and macOS.
const FILE_TOO_LARGE: i32 = 25;

/// Becomes true at the first SIGTERM or SIGINT. A second one ends the process at once.
///
/// # Errors
/// When the system refuses to tell of signals.
pub(crate) fn stop_signal() -> Result<watch::Receiver<bool>> {
    let listen = |kind| signal(kind).map_err(|error| Error::internal(format!("signals: {error}")));
    let (mut term, mut int) = (listen(SignalKind::terminate())?, listen(SignalKind::interrupt())?);
    // Where a file may not grow any more (RLIMIT_FSIZE), its write fails, and the process need not end. Once somebody
    // listens to a signal, it no longer does what it does by default.
    let _file_too_large = listen(SignalKind::from_raw(FILE_TOO_LARGE))?;
    let (tell, told) = watch::channel(false);
    tokio::spawn(async move {
        either(&mut term, &mut int).await;
        tracing::info!("stopping: running requests are finished first; a second signal ends at once");
        let _ = tell.send(true);
        either(&mut term, &mut int).await;
        tracing::warn!("forced to end");
        #[allow(clippy::exit, clippy::disallowed_methods, reason = "the operator has asked twice")]
        std::process::exit(FORCED);
    });
    Ok(told)
}

async fn either(term: &mut Signal, int: &mut Signal) {
    tokio::select! {
        _ = term.recv() => {}
        _ = int.recv() => {}
    }
}

/// Waits until `told` is true.
pub(crate) async fn stopped(mut told: watch::Receiver<bool>) {
    // The sender lives as long as the process.
    let _ = told.wait_for(|stop| *stop).await;
}

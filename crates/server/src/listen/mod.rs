//! Accepts connections, and ends them in good order.
//!
//! Whoever connects is a stranger: a connection that does nothing is closed (`activity`), their number is bounded, and no
//! address takes all of them (`places`).

mod activity;
mod open_files;
mod places;
mod rarely;

pub(crate) use open_files::raise_open_files;
pub(crate) use places::Limits;

use activity::{Activity, Watched};
use axum::{Router, extract::ConnectInfo, extract::Request};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{conn::auto::Builder, graceful::GracefulShutdown},
    service::TowerToHyperService,
};
use places::{Place, Places};
use rarely::Rarely;
use std::{
    future::Future,
    io::{Error, ErrorKind},
    net::SocketAddr,
    sync::Arc,
    time::Duration,
};
use tokio::{
    net::{TcpListener, TcpStream},
    time::Instant,
};
use tower::ServiceExt;

/// The longest head of a request, in bytes. The longest that we know what to do with is an access token of a few thousand.
const HEAD_MAX: usize = 64 * 1024;
/// The same for HTTP/2, where it is counted unpacked.
const HEADER_LIST_MAX: u32 = 16 * 1024;
/// Requests at once on one HTTP/2 connection: the least that RFC 9113 (section 6.5.2) advises.
const STREAMS_MAX: u32 = 100;
/// How much of an HTTP/2 stream may come before it is read, in bytes: most bodies, whole.
const STREAM_WINDOW: u32 = 64 * 1024;
/// How long to rest when the system has no more file descriptors.
const REST: Duration = Duration::from_millis(100);

/// Serves `router` on `listener` within `limits` until `stop` is done; then accepts nobody, tells the connected clients, and
/// waits for their running requests for at most `patience`. Returns whether all of them ended in time.
pub(crate) async fn listen(
    listener: TcpListener,
    router: Router,
    limits: Limits,
    stop: impl Future<Output = ()>,
    patience: Duration,
) -> bool {
    let (idle, places) = (limits.idle, Places::new(limits));
    let connections = GracefulShutdown::new();
    let (mut full, mut crowded, mut failed) = (Rarely::default(), Rarely::default(), Rarely::default());
    let mut stop = std::pin::pin!(stop);
    loop {
        let free = match places.free_now() {
            Some(free) => free,
            None => {
                if let Some(times) = full.tell(Instant::now()) {
                    tracing::warn!(times, "every place for a connection (http.max_connections) is taken: clients wait");
                }
                tokio::select! {
                    () = &mut stop => break,
                    free = places.free() => free,
                }
            }
        };
        let accepted = tokio::select! {
            () = &mut stop => break,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, address)) => match places.take(free, address.ip()) {
                Some(place) => connect(stream, address, place, idle, &router, &connections),
                None => {
                    if let Some(times) = crowded.tell(Instant::now()) {
                        tracing::warn!(
                            times,
                            address = %address.ip(),
                            "closed at once: an address has as many connections as one may have (http.max_connections_per_address)"
                        );
                    }
                }
            },
            Err(error) => {
                if let Some(times) = failed.tell(Instant::now()) {
                    tracing::warn!(%error, times, "connections could not be accepted");
                }
                if !is_the_clients(&error) {
                    tokio::time::sleep(REST).await;
                }
            }
        }
    }
    drop(listener);
    tokio::time::timeout(patience, connections.shutdown()).await.is_ok()
}

/// Whether only this one client has gone: no reason to let the others wait.
fn is_the_clients(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset | ErrorKind::Interrupted)
}

fn connect(
    stream: TcpStream,
    address: SocketAddr,
    place: Place,
    idle: Duration,
    router: &Router,
    connections: &GracefulShutdown,
) {
    // Answers are small: waiting to fill a packet would only delay them.
    let _ = stream.set_nodelay(true);
    let activity = Arc::new(Activity::begin(idle));
    let (router, asked) = (router.clone(), Arc::clone(&activity));
    let service = tower::service_fn(move |mut request: Request<hyper::body::Incoming>| {
        request.extensions_mut().insert(ConnectInfo(address));
        let running = asked.run();
        let answer = router.clone().oneshot(request);
        async move {
            let answer = answer.await;
            drop(running);
            answer
        }
    });
    let io = TokioIo::new(Watched::new(stream, Arc::clone(&activity)));
    let connection = builder().serve_connection(io, TowerToHyperService::new(service)).into_owned();
    let connection = connections.watch(connection);
    tokio::spawn(async move {
        tokio::select! {
            ended = connection => if let Err(error) = ended {
                tracing::debug!(%error, "a connection ended early");
            },
            () = activity.idle() => tracing::debug!("a connection without requests is closed"),
        }
        drop(place);
    });
}

fn builder() -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    // One clock for both protocols, and for the time before it is known which of them it is: `Activity`. So HTTP/1 needs no
    // time limit of its own for heads, and HTTP/2 no pings to find out who has gone.
    builder.http1().timer(TokioTimer::new()).header_read_timeout(None::<Duration>).max_buf_size(HEAD_MAX);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(STREAMS_MAX)
        .max_header_list_size(HEADER_LIST_MAX)
        .initial_stream_window_size(STREAM_WINDOW)
        .max_send_buf_size(HEAD_MAX);
    builder
}

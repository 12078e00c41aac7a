//! The layers around a small router of their own.

use super::*;
use crate::{
    input::{Id, Json, Query},
    problem::Problem,
};
use axum::{
    body::Body,
    extract::{ConnectInfo, Extension},
    http::{Method, Request, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use http_body_util::BodyExt;
use keystead_domain::{Error, ErrorKind, FixedClock, RequestContext, SeededRandom, Timestamp};
use serde::Deserialize;
use serde_json::Value;
use std::{
    net::SocketAddr,
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};
use tokio::time::sleep;
use tower::ServiceExt;
use uuid::Uuid;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Thing {
    name: String,
}
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Filter {
    limit: Option<u16>,
}

fn ids() -> Ids {
    Ids::new(Arc::new(FixedClock::at(Timestamp::from_unix_seconds(1_700_000_000))), Arc::new(SeededRandom::new(7)))
}

fn edge_with(change: impl FnOnce(&mut HttpSettings)) -> Arc<Edge> {
    let mut settings = HttpSettings::default();
    change(&mut settings);
    Edge::new(settings, ids())
}

fn edge() -> Arc<Edge> {
    edge_with(|_| {})
}

const KINDS: [ErrorKind; 11] = [
    ErrorKind::Invalid,
    ErrorKind::Unauthenticated,
    ErrorKind::Forbidden,
    ErrorKind::NotFound,
    ErrorKind::Conflict,
    ErrorKind::PreconditionRequired,
    ErrorKind::PreconditionFailed,
    ErrorKind::TooLarge,
    ErrorKind::Busy,
    ErrorKind::Timeout,
    ErrorKind::Internal,
];

static FINISHED: AtomicUsize = AtomicUsize::new(0);

fn app(edge: &Arc<Edge>) -> Router {
    let router = Router::new()
        .route("/things", post(|Json { value, .. }: Json<Thing>| async move { value.name }))
        .route("/things", get(|Query(filter): Query<Filter>| async move { filter.limit.unwrap_or(7).to_string() }))
        .route("/things/{id}", get(|Id(id): Id<Uuid>| async move { ([(header::ETAG, "\"3\"")], id.to_string()) }))
        .route(
            "/kinds/{index}",
            get(|Id(index): Id<usize>| async move {
                Problem::from(Error::new(KINDS[index], "some_code", "Some words.").with_internal("secret-internal"))
            }),
        )
        .route("/health/live", get(|| async { "live" }))
        .route("/health/ready", get(|| async { "ready" }))
        .route("/metrics", get(|| async { "figures" }))
        .route("/panic", get(panics))
        .route(
            "/slow",
            get(|| async {
                sleep(Duration::from_millis(200)).await;
                FINISHED.fetch_add(1, Ordering::SeqCst);
            }),
        )
        .route(
            "/who",
            get(|Extension(context): Extension<RequestContext>| async move {
                format!("{} {}", context.client_ip.unwrap(), context.correlation_id)
            }),
        )
        .with_state(edge.clone());
    edge.surround(router)
}

#[allow(clippy::panic, reason = "that is what it is for")]
async fn panics() -> &'static str {
    if FINISHED.load(Ordering::SeqCst) < usize::MAX {
        panic!("secret-panic");
    }
    ""
}

async fn send(edge: &Arc<Edge>, request: Request<Body>) -> Response {
    app(edge).oneshot(request).await.into_response()
}
fn of(method: Method, uri: &str) -> axum::http::request::Builder {
    Request::builder().method(method).uri(uri)
}
fn read(uri: &str) -> Request<Body> {
    of(Method::GET, uri).body(Body::empty()).unwrap()
}
fn post_json(body: impl Into<Body>) -> Request<Body> {
    of(Method::POST, "/things").header(header::CONTENT_TYPE, "application/json").body(body.into()).unwrap()
}
async fn text(response: Response) -> String {
    String::from_utf8(response.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap()
}
/// Checks that it is a whole problem, and gives its body.
async fn problem(response: Response, status: u16) -> Value {
    assert_eq!(response.status().as_u16(), status);
    assert_eq!(response.headers()[header::CONTENT_TYPE], "application/problem+json");
    let id = response.headers()["x-request-id"].to_str().unwrap().to_owned();
    let body: Value = serde_json::from_str(&text(response).await).unwrap();
    assert_eq!(body["status"], status);
    assert_eq!(body["request_id"], id);
    assert_eq!(body["type"], "about:blank");
    assert!(body["title"].is_string() && body["detail"].is_string() && body["code"].is_string());
    assert!(!body.to_string().contains("secret-"), "{body}");
    body
}

#[tokio::test]
async fn each_kind_of_error_is_a_problem() {
    for (index, status) in [422, 401, 403, 404, 409, 428, 412, 413, 503, 504, 500].into_iter().enumerate() {
        let response = send(&edge(), read(&format!("/kinds/{index}"))).await;
        assert_eq!(response.headers().contains_key(header::RETRY_AFTER), status == 503);
        assert_eq!(response.headers().contains_key(header::WWW_AUTHENTICATE), status == 401);
        assert_eq!(problem(response, status).await["code"], "some_code");
    }
}

#[tokio::test]
async fn what_the_router_refuses_is_a_problem_too() {
    assert_eq!(problem(send(&edge(), read("/nowhere")).await, 404).await["code"], "no_such_route");
    let wrong = send(&edge(), of(Method::DELETE, "/things").body(Body::empty()).unwrap()).await;
    let allowed = wrong.headers()[header::ALLOW].to_str().unwrap().to_owned();
    assert!(allowed.contains("GET") && allowed.contains("POST"));
    problem(wrong, 405).await;
    problem(send(&edge(), read("/things/not-a-uuid")).await, 404).await;
    assert_eq!(problem(send(&edge(), read("/panic")).await, 500).await["code"], "internal");
}

#[tokio::test]
async fn input_is_refused_by_rule() {
    assert_eq!(text(send(&edge(), post_json(r#"{"name":"x"}"#)).await).await, "x");
    assert_eq!(problem(send(&edge(), post_json("{")).await, 400).await["code"], "malformed_json");
    let unknown = problem(send(&edge(), post_json(r#"{"name":"x","admin":true}"#)).await, 422).await;
    assert_eq!(unknown["errors"][0]["field"], "admin");
    let plain = of(Method::POST, "/things").body(Body::from(r#"{"name":"x"}"#)).unwrap();
    problem(send(&edge(), plain).await, 415).await;
    for query in ["limit=x", "limit=70000", "other=1", "limit=1&limit=2", "limit=%00"] {
        problem(send(&edge(), read(&format!("/things?{query}"))).await, 422).await;
    }
    let limit = problem(send(&edge(), read("/things?limit=x")).await, 422).await;
    assert_eq!(limit["errors"][0]["field"], "limit");
    assert_eq!(text(send(&edge(), read("/things")).await).await, "7");
}

#[tokio::test]
async fn bodies_have_a_limit_announced_or_not() {
    let edge = edge_with(|settings| settings.body_limit = 100);
    let large = format!(r#"{{"name":"{}"}}"#, "x".repeat(200));
    problem(send(&edge, post_json(large.clone())).await, 413).await;
    let lying = of(Method::POST, "/things").header(header::CONTENT_LENGTH, "1000000").body(Body::empty()).unwrap();
    problem(send(&edge, lying).await, 413).await;
    let fits = format!(r#"{{"name":"{}"}}"#, "x".repeat(89));
    assert_eq!(fits.len(), 100);
    assert_eq!(send(&edge, post_json(fits)).await.status(), 200);
}

#[tokio::test]
async fn batches_may_be_larger_and_share_what_they_are_larger_by() {
    let edge = edge_with(|settings| (settings.body_limit, settings.batch_limit) = (100, 1000));
    let slow = || async {
        sleep(Duration::from_millis(50)).await;
        StatusCode::NO_CONTENT
    };
    let router = edge.surround(Router::new().route("/api/v1/access/rules", post(slow)));
    let batch = |length: usize| {
        let uri = "/api/v1/access/rules";
        let request = Request::builder().method(Method::POST).uri(uri).body(Body::from("x".repeat(length))).unwrap();
        router.clone().oneshot(request)
    };
    problem(batch(1001).await.unwrap(), 413).await;
    let working: Vec<_> = (0..8).map(|_| tokio::spawn(batch(1000))).collect();
    sleep(Duration::from_millis(10)).await;
    // What a body keeps, it keeps until the work is done; bodies that are not larger than others need none of it.
    assert_eq!(edge.batches.available_permits(), 8 * 1000 - 8 * 900);
    assert_eq!(batch(100).await.unwrap().status(), 204);
    for work in working {
        assert_eq!(work.await.unwrap().unwrap().status(), 204);
    }
    assert_eq!(edge.batches.available_permits(), 8000);
    let _taken = edge.batches.clone().try_acquire_many_owned(8000).unwrap();
    problem(batch(101).await.unwrap(), 503).await;
}

#[tokio::test]
async fn the_request_id_is_echoed_when_it_is_plain() {
    let asked = |id: &str| {
        let request = of(Method::GET, "/things").header("x-request-id", id).body(Body::empty()).unwrap();
        async move { send(&edge(), request).await.headers()["x-request-id"].to_str().unwrap().to_owned() }
    };
    assert_eq!(asked("mine-1").await, "mine-1");
    assert!(Uuid::parse_str(&asked("not mine").await).is_ok());
    assert!(Uuid::parse_str(&asked(&"x".repeat(101)).await).is_ok());
}

#[tokio::test]
async fn the_context_reaches_the_work() {
    let edge = edge_with(|settings| settings.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()]);
    let mut request = of(Method::GET, "/who")
        .header("x-request-id", "r1")
        .header("x-forwarded-for", "6.6.6.6, 7.7.7.7")
        .body(Body::empty())
        .unwrap();
    request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 4711))));
    assert_eq!(text(send(&edge, request).await).await, "7.7.7.7 r1");
}

#[tokio::test]
async fn every_answer_has_the_security_headers() {
    for uri in ["/things", "/nowhere", "/panic"] {
        let response = send(&edge(), read(uri)).await;
        let headers = response.headers();
        assert_eq!(headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
        assert_eq!(headers[header::CACHE_CONTROL], "no-store");
        assert_eq!(headers[header::REFERRER_POLICY], "no-referrer");
        assert!(headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap().contains("frame-ancestors 'none'"));
        assert!(!headers.contains_key(header::STRICT_TRANSPORT_SECURITY));
        assert!(!headers.contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN));
    }
    let tls = edge_with(|settings| settings.behind_tls = true);
    assert!(send(&tls, read("/things")).await.headers().contains_key(header::STRICT_TRANSPORT_SECURITY));
}

#[tokio::test]
async fn only_named_origins_may_call_from_a_browser() {
    let edge = edge_with(|settings| settings.allowed_origins = vec!["https://app.example".into()]);
    let preflight = |origin: &str| {
        of(Method::OPTIONS, "/things")
            .header(header::ORIGIN, origin)
            .header(header::ACCESS_CONTROL_REQUEST_METHOD, "POST")
            .body(Body::empty())
            .unwrap()
    };
    let good = send(&edge, preflight("https://app.example")).await;
    assert_eq!(good.status(), StatusCode::OK);
    assert_eq!(good.headers()[header::ACCESS_CONTROL_ALLOW_ORIGIN], "https://app.example");
    let bad = send(&edge, preflight("https://evil.example")).await;
    assert!(!bad.headers().contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN));
    // Refusals can be read by the page too.
    let refused =
        of(Method::GET, "/nowhere").header(header::ORIGIN, "https://app.example").body(Body::empty()).unwrap();
    assert!(send(&edge, refused).await.headers().contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN));
}

#[tokio::test]
async fn what_the_client_has_is_not_sent_again() {
    let uri = format!("/things/{}", Uuid::nil());
    let with = |tag: &str| of(Method::GET, &uri).header(header::IF_NONE_MATCH, tag).body(Body::empty()).unwrap();
    let same = send(&edge(), with("\"3\"")).await;
    assert_eq!((same.status(), &same.headers()[header::ETAG]), (StatusCode::NOT_MODIFIED, &"\"3\"".parse().unwrap()));
    assert_eq!(text(same).await, "");
    assert_eq!(send(&edge(), with("\"2\"")).await.status(), StatusCode::OK);
}

/// Runs alone: it counts what finished, also after its client was answered or had gone.
#[tokio::test]
async fn work_runs_to_its_end_whoever_waits() {
    let edge = edge_with(|settings| settings.request_timeout = Duration::from_millis(20));
    problem(send(&edge, read("/slow")).await, 504).await;
    assert_eq!(FINISHED.load(Ordering::SeqCst), 0);
    // With time of its own, so that on a busy machine nobody answers before the client hangs up.
    let patient = self::edge();
    let hung_up = tokio::time::timeout(Duration::from_millis(5), send(&patient, read("/slow"))).await;
    assert!(hung_up.is_err());
    // What a graceful shutdown waits for.
    for edge in [edge, patient] {
        edge.tasks.close();
        edge.tasks.wait().await;
    }
    assert_eq!(FINISHED.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn more_work_than_there_is_room_for_is_refused_at_once() {
    let edge = edge_with(|settings| settings.max_requests = 1);
    let _taken = edge.room.clone().try_acquire_owned().unwrap();
    let response = send(&edge, read("/things")).await;
    assert_eq!(response.headers()[header::RETRY_AFTER], "1");
    problem(response, 503).await;
    // Who looks after the server is answered all the same; that it lives is said whatever happens.
    for uri in ["/health/live", "/health/ready", "/metrics"] {
        assert_eq!(send(&edge, read(uri)).await.status(), 200, "{uri}");
    }
    let _watched = edge.lookout.clone().try_acquire_many_owned(u32::try_from(LOOKOUT).unwrap()).unwrap();
    assert_eq!(send(&edge, read("/health/ready")).await.status(), 503);
    assert_eq!(send(&edge, read("/health/live")).await.status(), 200);
}

/// Begins a body of a hundred bytes that never ends.
fn unfinished() -> Request<Body> {
    let first = futures::stream::iter([Ok::<_, std::convert::Infallible>("x".repeat(100))]);
    post_json(Body::from_stream(futures::StreamExt::chain(first, futures::stream::pending())))
}

#[tokio::test]
async fn slow_bodies_leave_room_for_others() {
    let edge = edge_with(|settings| settings.max_requests = 1);
    let slow: Vec<_> = (0..3).map(|_| tokio::spawn(app(&edge).oneshot(unfinished()))).collect();
    sleep(Duration::from_millis(20)).await;
    assert_eq!(send(&edge, post_json(r#"{"name":"x"}"#)).await.status(), 200);
    assert_eq!(edge.unfinished.available_permits(), edge.settings.body_limit - 300);
    for slow in slow {
        slow.abort();
        let _ = slow.await;
    }
    assert_eq!(edge.unfinished.available_permits(), edge.settings.body_limit);
}

#[tokio::test]
async fn unfinished_bodies_share_a_number_of_bytes() {
    let edge = edge_with(|settings| (settings.max_requests, settings.body_limit) = (2, 150));
    let slow: Vec<_> = (0..2).map(|_| tokio::spawn(app(&edge).oneshot(unfinished()))).collect();
    sleep(Duration::from_millis(20)).await;
    // The third hundred is more than three hundred, with one more body on its way.
    assert_eq!(send(&edge, post_json(r#"{"name":"x"}"#)).await.status(), 200);
    let third = format!(r#"{{"name":"{}"}}"#, "x".repeat(100));
    problem(send(&edge, post_json(third)).await, 503).await;
    for slow in slow {
        slow.abort();
    }
}

#[tokio::test]
async fn a_slow_body_is_not_waited_for() {
    let edge = edge_with(|settings| settings.request_timeout = Duration::from_millis(20));
    let never = futures::stream::pending::<Result<axum::body::Bytes, std::convert::Infallible>>();
    assert_eq!(problem(send(&edge, post_json(Body::from_stream(never))).await, 408).await["code"], "slow_body");
}

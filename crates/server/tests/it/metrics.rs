//! What `/metrics` tells after people have worked with the server.

use crate::support::{Figures, Person, Server, StoreKind, TestStore, send};
use reqwest::{Method, StatusCode};
use serde_json::json;
use std::{sync::Arc, time::Duration};

/// Every family with its type. Whatever the server gives beside these must be added here.
const FAMILIES: [(&str, &str); 32] = [
    ("keystead_http_requests_total", "counter"),
    ("keystead_http_request_duration_seconds", "histogram"),
    ("keystead_http_requests_in_flight", "gauge"),
    ("keystead_sign_ins_total", "counter"),
    ("keystead_refreshes_refused_total", "counter"),
    ("keystead_active_users", "gauge"),
    ("keystead_live_sessions", "gauge"),
    ("keystead_audit_events_total", "counter"),
    ("keystead_audit_events_last_hour", "gauge"),
    ("keystead_password_queue_depth", "gauge"),
    ("keystead_password_queue_capacity", "gauge"),
    ("keystead_password_refused_total", "counter"),
    ("keystead_password_abandoned_total", "counter"),
    ("keystead_password_hashing_now", "gauge"),
    ("keystead_password_hashing_threads", "gauge"),
    ("keystead_password_memory_bytes", "gauge"),
    ("keystead_password_hash_seconds", "histogram"),
    ("keystead_store_connections_open", "gauge"),
    ("keystead_store_connections_idle", "gauge"),
    ("keystead_store_connections_max", "gauge"),
    ("keystead_store_open_seconds", "histogram"),
    ("keystead_store_statement_seconds", "histogram"),
    ("keystead_store_statement_failures_total", "counter"),
    ("keystead_store_slow_statements_total", "counter"),
    ("keystead_jobs_queued", "gauge"),
    ("keystead_jobs_dead", "gauge"),
    ("keystead_audit_events_given_up_total", "counter"),
    ("keystead_decisions_total", "counter"),
    ("keystead_searches_total", "counter"),
    ("keystead_jobs_claimed_total", "counter"),
    ("keystead_jobs_total", "counter"),
    ("keystead_job_seconds", "histogram"),
];

/// People come, work, mistype, ask for what is not there, and go.
async fn journey(server: &Server) {
    let ada = Person::new(server, "ada").await;
    Person::new(server, "grace").await;
    for number in 0..20 {
        assert_eq!(ada.make_team(server, &format!("team {number}")).await, Some(StatusCode::CREATED));
        let (status, _) = ada.get(server, &format!("/api/v1/teams/00000000-0000-7000-8000-0000000{number:05}")).await;
        assert_eq!(status, StatusCode::NOT_FOUND);
        let (status, _) = ada.get(server, &format!("/nothing/at/{number}")).await;
        assert_eq!(status, StatusCode::NOT_FOUND);
    }
    let wrong = json!({ "login": "ada", "password": "not the right password" });
    assert_eq!(send(server, Method::POST, "/api/v1/sessions", None, Some(wrong)).await.0, StatusCode::UNAUTHORIZED);
    let made_up = json!({ "refresh_token": "ksr_made-up" });
    let (status, _) = send(server, Method::POST, "/api/v1/sessions/refresh", None, Some(made_up)).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    let leave = Person::sign_in(server, "grace", "the long phrase of grace").await;
    let (status, _) = send(server, Method::DELETE, "/api/v1/sessions/current", Some(&leave.access), None).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    let method = Method::from_bytes(b"BREW").unwrap();
    assert_eq!(send(server, method, "/api/v1/teams", None, None).await.0, StatusCode::METHOD_NOT_ALLOWED);
}

/// The first start has jobs: partitions, keys, expired rows.
async fn when_a_job_has_ended(server: &Server) -> Figures {
    for _ in 0..300 {
        let figures = Figures::of(server).await;
        if figures.sum("keystead_jobs_total", "succeeded") > 0.0 {
            return figures;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("no job has ended");
}

async fn figures_are_plausible(kind: StoreKind) {
    let server = Server::start_on(Arc::new(TestStore::new(kind).await), &[]).await;
    journey(&server).await;
    let figures = when_a_job_has_ended(&server).await;

    for (family, kind) in FAMILIES {
        assert_eq!(figures.types.get(family).map(String::as_str), Some(kind), "{family}");
        assert!(figures.help.get(family).is_some_and(|help| help.ends_with('.')), "{family} is not described");
    }
    for family in figures.types.keys() {
        assert!(FAMILIES.iter().any(|(known, _)| known == family), "{family} is not in this test");
        if family.ends_with("_seconds") || family.ends_with("_bytes") {
            let unit = if family.ends_with("_seconds") { "in seconds" } else { "in bytes" };
            assert!(figures.help[family].contains(unit), "{family} does not say its unit: {}", figures.help[family]);
        }
    }
    plausible(&figures);
    series_are_bounded(&figures);
}

fn plausible(figures: &Figures) {
    let (get, sum) = (|name: &str| figures.get(name), |name: &str, label: &str| figures.sum(name, label));
    // admin, ada, grace; ada's session and one of grace's, whose other one has ended.
    assert_eq!((get("keystead_active_users"), get("keystead_live_sessions")), (3.0, 2.0));
    assert_eq!(sum("keystead_sign_ins_total", "outcome=\"success\""), 3.0);
    assert_eq!(sum("keystead_sign_ins_total", "outcome=\"refused\""), 1.0);
    assert_eq!(sum("keystead_refreshes_refused_total", "reason=\"unreadable\""), 1.0);
    // 20 teams, 2 accounts, 3 sessions, 1 refusal, 1 end of a session, and what the first start did.
    assert!(get("keystead_audit_events_total") >= 27.0 && get("keystead_audit_events_last_hour") >= 27.0);
    // 2 registrations and 4 sign-ins; the administrator's password.
    assert!(get("keystead_password_hash_seconds_count") >= 6.0 && get("keystead_password_hash_seconds_sum") > 0.0);
    assert_eq!(get("keystead_password_queue_capacity"), 64.0);
    assert!(get("keystead_password_hashing_threads") >= 1.0);
    assert_eq!((get("keystead_password_queue_depth"), get("keystead_password_refused_total")), (0.0, 0.0));

    let teams = "method=\"POST\",route=\"/api/v1/teams\"";
    assert_eq!(sum("keystead_http_requests_total", &format!("{teams},status=\"201\"")), 20.0);
    assert_eq!(sum("keystead_http_request_duration_seconds_count", teams), 20.0);
    assert_eq!(sum("keystead_http_requests_total", "route=\"none\",status=\"404\""), 20.0);
    assert_eq!(get("keystead_http_requests_in_flight"), 1.0, "this one");

    let (open, idle, max) =
        ("keystead_store_connections_open", "keystead_store_connections_idle", "keystead_store_connections_max");
    assert!(get(open) >= 1.0 && get(idle) <= get(open) && get(open) <= get(max));
    assert!(get("keystead_store_statement_seconds_count") > 100.0 && get("keystead_store_open_seconds_count") > 20.0);
    assert_eq!(get("keystead_store_statement_failures_total"), 0.0);

    let ended = get("keystead_jobs_total");
    assert!(get("keystead_jobs_claimed_total") >= ended && get("keystead_job_seconds_count") == ended);
    assert_eq!((sum("keystead_jobs_total", "outcome=\"dead\""), get("keystead_jobs_dead")), (0.0, 0.0));
}

/// However many paths, identifiers and methods clients make up, the series stay those of the routes.
fn series_are_bounded(figures: &Figures) {
    let requests: Vec<_> =
        figures.samples.iter().filter(|(name, _)| name.starts_with("keystead_http_requests_total{")).collect();
    assert!(requests.len() < 20, "{requests:?}");
    for (name, _) in &requests {
        assert!(!name.contains("0000-7000") && !name.contains("nothing") && !name.contains("BREW"), "{name}");
    }
    assert!(requests.iter().any(|(name, _)| name.contains("route=\"/api/v1/teams/{team_id}\"")), "{requests:?}");
    assert!(requests.iter().any(|(name, _)| name.contains("method=\"other\"")), "{requests:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn figures_are_plausible_on_sqlite() {
    figures_are_plausible(StoreKind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn figures_are_plausible_on_postgres() {
    figures_are_plausible(StoreKind::Postgres).await;
}

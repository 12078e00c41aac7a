//! The whole edge over a store of mocks: enough for what is answered before any use case begins.

use crate::{AppState, HttpSettings, router};
use axum::{
    body::Body,
    http::{Request, Response},
};
use http_body_util::BodyExt;
use keystead_crypto::sealing::MasterKey;
use keystead_domain::{FixedClock, SeededRandom, Timestamp, keys::EncryptionKey};
use keystead_service::{App, ServiceSettings, Setup};
use keystead_store::{
    Counts, PoolState, StoreHealth,
    mocks::{MockStore, MockUnitOfWork},
};
use metrics_exporter_prometheus::PrometheusBuilder;
use serde_json::Value;
use std::sync::Arc;
use tower::ServiceExt;

/// Whether the store is well.
#[derive(Clone, Copy)]
pub(crate) enum Health {
    Well,
    Down,
    Behind,
}

/// A transaction that starting the app is content with.
fn unit() -> MockUnitOfWork {
    let mut unit = MockUnitOfWork::new();
    unit.seeds.expect_lock().returning(|| Ok(()));
    unit.organizations.expect_find().returning(|_, _| Ok(None));
    unit.organizations.expect_insert().returning(|_| Ok(()));
    unit.keys.expect_ensure_encryption_key().returning(|_, candidate: &EncryptionKey| Ok(candidate.clone()));
    unit.keys.expect_signing_keys().returning(|_| Ok(Vec::new()));
    unit.keys.expect_lock_signing_keys().returning(|| Ok(()));
    unit.keys.expect_insert_signing_key().returning(|_| Ok(()));
    unit.audit.expect_append().returning(|_, _| Ok(()));
    unit
}

/// The edge, over a store that is well.
pub(crate) async fn state() -> AppState {
    state_with(Health::Well).await
}

pub(crate) async fn state_with(health: Health) -> AppState {
    let mut store = MockStore::new();
    (0..8).for_each(|_| store.expect_unit(unit()));
    store.answers.expect_counts().returning(|_| Ok(Counts { active_users: 3, ..Counts::default() }));
    store.answers.expect_health().returning(move || StoreHealth {
        database: if matches!(health, Health::Down) { Err("it does not answer".to_owned()) } else { Ok(()) },
        pending_migrations: Ok(if matches!(health, Health::Behind) { 2 } else { 0 }),
        pool: PoolState { open: 4, idle: 0, max: 4 },
    });
    let random = Arc::new(SeededRandom::new(1));
    let app = App::start(Setup {
        store: Arc::new(store),
        clock: Arc::new(FixedClock::at(Timestamp::from_unix_seconds(1_800_000_000))),
        random: random.clone(),
        master_key: MasterKey::generate(&*random).unwrap(),
        settings: ServiceSettings::default(),
    });
    let metrics = PrometheusBuilder::new().build_recorder().handle();
    AppState::new(app.await.unwrap(), HttpSettings::default(), metrics)
}

/// Sends `request` and reads the whole answer.
pub(crate) async fn send(state: &AppState, request: Request<Body>) -> Response<String> {
    let (parts, body) = router(state.clone()).oneshot(request).await.unwrap().into_parts();
    let bytes = body.collect().await.unwrap().to_bytes();
    Response::from_parts(parts, String::from_utf8_lossy(&bytes).into_owned())
}

pub(crate) async fn get(state: &AppState, path: &str) -> Response<String> {
    send(state, Request::get(path).body(Body::empty()).unwrap()).await
}

pub(crate) fn json(answer: &Response<String>) -> Value {
    serde_json::from_str(answer.body()).unwrap()
}

//! `GET /me` against a route with the same layers and one statement for the same row.

use crate::{
    Plan,
    product::{Listening, app, edge, register, sign_in, sqlite, store},
    report::Figure,
    rounds::{compare, rate},
    wire::{Wire, ask, request},
};
use axum::{Json, Router, extract::State, routing::get};
use keystead_http::{AppState, router, surrounded};
use keystead_testkit::postgres::{Cluster, Options};
use serde_json::{Value, json};
use sqlx::{PgPool, Row, SqlitePool, postgres::PgPoolOptions};
use std::str::FromStr;
use uuid::Uuid;

const CLIENTS: usize = 8;

pub(super) async fn measure(plan: &Plan) -> Vec<Figure> {
    let folder = tempfile::tempdir().unwrap();
    let url = sqlite(&folder);
    let state = edge(app(store(&url).await).await);
    let options = sqlx::sqlite::SqliteConnectOptions::from_str(&url).unwrap().read_only(true);
    let pool = SqlitePool::connect_with(options).await.unwrap();
    let floor = |id| Router::new().route("/floor", get(sqlite_row)).with_state((pool.clone(), id));
    let on_sqlite = compared(plan, "SQLite", state, floor).await;

    let cluster = tokio::task::spawn_blocking(|| Cluster::start(Options::default())).await.unwrap();
    let database = cluster.server().database().await;
    let state = edge(app(store(&database.url()).await).await);
    let pool =
        PgPoolOptions::new().max_connections(20).test_before_acquire(false).connect(&database.url()).await.unwrap();
    let floor = |id| Router::new().route("/floor", get(postgres_row)).with_state((pool.clone(), id));
    let on_postgres = compared(plan, "PostgreSQL", state, floor).await;
    pool.close().await;
    vec![on_sqlite, on_postgres]
}

async fn compared(plan: &Plan, store: &str, state: AppState, floor: impl Fn(Uuid) -> Router) -> Figure {
    let api = Listening::with(router(state.clone())).await;
    let mut wire = Wire::open(&api.base).await;
    register(&mut wire, "ann").await;
    let session = sign_in(&mut wire, "ann").await;
    let id = Uuid::from_str(session["user"]["id"].as_str().unwrap()).unwrap();
    let token = session["access_token"].as_str().unwrap();

    let beside = Listening::with(surrounded(&state, floor(id))).await;
    let (mut of_product, mut of_floor) = (Vec::new(), Vec::new());
    for _ in 0..CLIENTS {
        of_product.push((Wire::open(&api.base).await, request("GET", "/api/v1/me", Some(token), None)));
        of_floor.push((Wire::open(&beside.base).await, request("GET", "/floor", Some(token), None)));
    }
    let pair = compare(
        plan.rounds,
        plan.turn,
        async |turn| rate!(of_product, turn, ask),
        async |turn| rate!(of_floor, turn, ask),
    )
    .await;
    Figure::of_rates(
        format!("GET /me, {store}, {CLIENTS} clients"),
        "the same layers and one statement for the row",
        pair,
        0.80,
    )
}

const COLUMNS: &str = "id, username, email, status, first_name, last_name, tier, version, profile_data, preferences";

macro_rules! row {
    ($name:ident, $pool:ty, $from:literal) => {
        async fn $name(State((pool, id)): State<($pool, Uuid)>) -> Json<Value> {
            let sql = sqlx::AssertSqlSafe(format!("SELECT {COLUMNS} FROM {} WHERE id = $1", $from));
            let row = sqlx::query(sql).bind(id).fetch_one(&pool).await.unwrap();
            Json(json!({
                "id": row.get::<Uuid, _>(0), "username": row.get::<String, _>(1), "email": row.get::<String, _>(2),
                "status": row.get::<String, _>(3), "first_name": row.get::<Option<String>, _>(4),
                "last_name": row.get::<Option<String>, _>(5), "tier": row.get::<String, _>(6), "version": row.get::<i64, _>(7),
                "profile_data": row.get::<Value, _>(8), "preferences": row.get::<Value, _>(9),
            }))
        }
    };
}
row!(sqlite_row, SqlitePool, "users");
row!(postgres_row, PgPool, "keystead.users");

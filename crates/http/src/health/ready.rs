//! `/health/ready`: requests sent here can be served.

use crate::{AppState, problem::Problem};
use axum::{Json, extract::State, http::StatusCode};
use keystead_domain::FieldError;
use serde::Serialize;
use utoipa::ToSchema;

/// That requests can be served, and what was looked at.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Readiness {
    /// Always `ready`.
    status: &'static str,
    /// Which store it is: `postgres`, `sqlite`, `memory` or `json`.
    store: &'static str,
    /// How many migrations wait to be applied: none.
    pending_migrations: u32,
    /// The store's connections.
    pool: Pool,
}

/// The store's connections.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Pool {
    /// Open ones.
    open: u32,
    /// Those of them that nobody uses.
    idle: u32,
    /// The most that may be open.
    max: u32,
}

/// Whether requests can be served: the database answers, its migrations are applied, and the server is not about to stop.
///
/// Otherwise 503, with the reasons in `errors`.
#[utoipa::path(
    get, path = "/health/ready", tag = "health", security(()),
    responses((status = 200, description = "They can.", body = Readiness))
)]
pub(crate) async fn ready(State(state): State<AppState>) -> Result<Json<Readiness>, Problem> {
    let store = &state.app().store;
    let health = store.health().await;
    let pool = Pool { open: health.pool.open, idle: health.pool.idle, max: health.pool.max };
    let mut reasons = Vec::new();
    let mut refuse = |field: &str, message: String| reasons.push(FieldError { field: field.to_owned(), message });
    if state.is_draining() {
        refuse("server", "is about to stop".to_owned());
    }
    if let Err(reason) = health.database {
        refuse("database", reason);
        // A busy pool alone is no reason: it frees itself. Where the database does not answer it may be why.
        if pool.max > 0 && pool.idle == 0 && pool.open >= pool.max {
            refuse("pool", format!("all {} connections are in use", pool.max));
        }
    }
    let pending_migrations = match health.pending_migrations {
        Ok(0) => 0,
        Ok(count) => {
            refuse("migrations", format!("{count} wait to be applied: run keystead migrate up"));
            count
        }
        Err(reason) => {
            refuse("migrations", reason);
            0
        }
    };
    if reasons.is_empty() {
        return Ok(Json(Readiness { status: "ready", store: store.mode().as_str(), pending_migrations, pool }));
    }
    let detail = "This server cannot serve requests now; the errors say why.";
    let mut problem = Problem::new(StatusCode::SERVICE_UNAVAILABLE, "not_ready", detail);
    problem.errors = reasons;
    problem.retry_after = Some(5);
    Err(problem)
}

//! `/me/trail`: where one has been.

use super::view::RecentTrail;
use crate::{
    AppState,
    input::{CreateKey, Json, Query, Signed},
    openapi,
    problem::Problem,
    reply::Created,
};
use axum::{extract::State, http::StatusCode};
use keystead_domain::{Timestamp, ViewId};
use keystead_service::navigation::{self, Visit};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

/// How many visits are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Latest {
    /// At most so many; all that are kept when nothing is said.
    #[param(minimum = 1, maximum = 50)]
    limit: Option<u16>,
}

/// Lists the views that one saw last in the organization, newest first.
#[utoipa::path(
    get, path = "/me/trail", tag = "navigation", params(Latest),
    responses((status = 200, description = "The visits.", body = RecentTrail))
)]
pub(crate) async fn recent_trail(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Query(query): Query<Latest>,
) -> Result<axum::Json<RecentTrail>, Problem> {
    let entries = navigation::recent_trail(state.app(), &caller, query.limit).await?;
    Ok(axum::Json(RecentTrail::from(entries)))
}

/// Visits to be noted.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewVisits {
    /// They, in any order.
    #[schema(min_items = 1, max_items = 50)]
    visits: Vec<NewVisit>,
}

/// That one saw a view.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewVisit {
    /// The view.
    #[schema(value_type = Uuid)]
    view_id: ViewId,
    /// When one saw it; now when it is absent or in the future.
    #[schema(value_type = Option<String>, format = DateTime)]
    visited_at: Option<Timestamp>,
}

/// Notes that one saw views, several at once. The latest 50 visits are kept.
#[utoipa::path(
    post, path = "/me/trail", tag = "navigation", params(openapi::CreateKey), request_body = NewVisits,
    responses((status = 201, description = "They, as they were noted.", body = RecentTrail, headers(("Location" = String))))
)]
pub(crate) async fn record_trail(
    State(state): State<AppState>,
    Signed(caller): Signed,
    key: CreateKey,
    Json { value, bytes }: Json<NewVisits>,
) -> Result<Created<RecentTrail>, Problem> {
    let key = key.with(state.app(), &bytes)?;
    let visits: Vec<_> =
        value.visits.into_iter().map(|visit| Visit { view: visit.view_id, at: visit.visited_at }).collect();
    let entries = navigation::record_trail(state.app(), &caller, &visits, key).await?;
    Ok(Created { location: "/api/v1/me/trail".to_owned(), version: None, body: RecentTrail::from(entries) })
}

/// What is to be forgotten.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Earlier {
    /// Only what was before; everything when it is absent.
    #[param(value_type = Option<String>, format = DateTime)]
    before: Option<Timestamp>,
}

/// Forgets where one has been in the organization.
#[utoipa::path(
    delete, path = "/me/trail", tag = "navigation", params(Earlier),
    responses((status = 204, description = "It is forgotten."))
)]
pub(crate) async fn clear_trail(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Query(query): Query<Earlier>,
) -> Result<StatusCode, Problem> {
    navigation::clear_trail(state.app(), &caller, query.before).await?;
    Ok(StatusCode::NO_CONTENT)
}

//! `/.well-known/authzen-configuration` (section 9).

use crate::AppState;
use axum::{Json, extract::State};
use serde::Serialize;
use utoipa::ToSchema;

/// Where this policy decision point is asked.
#[derive(Serialize, ToSchema)]
pub(crate) struct AuthzenConfiguration {
    /// This server's public address.
    policy_decision_point: String,
    access_evaluation_endpoint: String,
    access_evaluations_endpoint: String,
    search_subject_endpoint: String,
    search_resource_endpoint: String,
    search_action_endpoint: String,
}

/// Where the Authorization API is found.
#[utoipa::path(
    get, path = "/.well-known/authzen-configuration", tag = "authzen", security(()),
    responses((status = 200, description = "The addresses.", body = AuthzenConfiguration))
)]
pub(crate) async fn authzen_configuration(State(state): State<AppState>) -> Json<AuthzenConfiguration> {
    let base = state.app().settings.issuer.trim_end_matches('/').to_owned();
    let at = |path: &str| format!("{base}/access/v1/{path}");
    Json(AuthzenConfiguration {
        access_evaluation_endpoint: at("evaluation"),
        access_evaluations_endpoint: at("evaluations"),
        search_subject_endpoint: at("search/subject"),
        search_resource_endpoint: at("search/resource"),
        search_action_endpoint: at("search/action"),
        policy_decision_point: base,
    })
}

//! `/.well-known/jwks.json` (RFC 7517).

use crate::AppState;
use axum::{
    Json,
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use serde_json::Value;
use utoipa::ToSchema;

/// A set of public keys (RFC 7517, section 5).
#[derive(ToSchema)]
#[allow(dead_code, reason = "it only describes what the keys themselves write")]
pub(crate) struct JwkSet {
    /// The keys, newest first.
    #[schema(value_type = Vec<Object>)]
    keys: Vec<Value>,
}

/// The keys that verify access tokens: those that sign, will sign soon, or signed tokens that are still good.
///
/// It may be kept for five minutes. A new key is published a day before it signs.
#[utoipa::path(
    get, path = "/.well-known/jwks.json", tag = "keys", security(()),
    responses((status = 200, description = "The keys.", body = JwkSet))
)]
pub(crate) async fn jwks(State(state): State<AppState>) -> Response {
    let keys = keystead_service::keys::jwks(state.app());
    ([(header::CACHE_CONTROL, "public, max-age=300, must-revalidate")], Json(keys)).into_response()
}

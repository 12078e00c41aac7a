//! `POST /access/explain`.

use super::{asked::DecisionQuestion, view::Explanation};
use crate::{
    AppState,
    authzen::input::{AtLeast, Consistency},
    input::{Json, Signed},
    problem::Problem,
};
use axum::{
    extract::State,
    http::HeaderValue,
    response::{IntoResponse, Response},
};
use keystead_service::access::explaining;

/// Explains a decision: what decided, what was considered, what would have been needed. The question is that of
/// `/access/v1/evaluation`; nothing is changed, and nothing counted.
///
/// A person's token may always ask about that person. What rules say in detail, and who owns the resource, is then shown to
/// those who may read `access` only; what the platform's rules say in detail only in the platform's organization.
#[utoipa::path(
    post, path = "/access/explain", tag = "access", params(Consistency), request_body = DecisionQuestion,
    responses((status = 200, description = "The decision with its reasons.", body = Explanation))
)]
pub(crate) async fn explain_access(
    State(state): State<AppState>,
    Signed(caller): Signed,
    AtLeast(at_least): AtLeast,
    Json { value, .. }: Json<DecisionQuestion>,
) -> Result<Response, Problem> {
    let explained = explaining::explain(state.app(), &caller, value.into(), at_least).await?;
    let version = HeaderValue::from(explained.access_version);
    let mut response = axum::Json(Explanation::from(explained)).into_response();
    response.headers_mut().insert(crate::edge::access_version::ACCESS_VERSION, version);
    Ok(response)
}

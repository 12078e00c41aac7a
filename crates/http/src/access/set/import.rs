//! `PUT /access/set`.

use super::{difference::AccessSetDifference, view::AccessSet};
use crate::{
    AppState,
    input::{Document, Query, Signed},
    problem::Problem,
};
use axum::extract::State;
use keystead_service::access::set::{self, ImportAccessSet};
use serde::Deserialize;
use utoipa::IntoParams;

/// How a document is imported.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct How {
    /// Whether to tell only what would change. Everything is tried and taken back, so it is refused for the same reasons.
    #[serde(default)]
    #[param(default = false)]
    dry_run: bool,
    /// Whether what the lists of the document do not name stays. It is removed unless said otherwise.
    #[serde(default)]
    #[param(default = false)]
    keep_others: bool,
}

/// Makes the organization's access set what a document of JSON or YAML says, all or nothing, and tells what that changes.
///
/// Things are known by their names and keep their identifiers. What the document does not have at all stays as it is, and so do
/// members that it does not name. Everything is done as if it were done piece by piece: whoever may not do a piece of it is refused
/// the whole, with the place in the document.
#[utoipa::path(
    put, path = "/access/set", tag = "access", params(How),
    request_body(content(
        (AccessSet = "application/json"),
        (AccessSet = "application/yaml"),
    )),
    responses((status = 200, description = "What was, or would be, changed.", body = AccessSetDifference))
)]
pub(crate) async fn import_access_set(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Query(how): Query<How>,
    Document(document): Document<AccessSet>,
) -> Result<axum::Json<AccessSetDifference>, Problem> {
    let How { dry_run, keep_others } = how;
    let organization = caller.organization_id;
    let input = ImportAccessSet { organization, set: document.into(), others_stay: keep_others, dry_run };
    let difference = set::import_access_set(state.app(), &caller, input).await?;
    Ok(axum::Json(AccessSetDifference::new(dry_run, difference)))
}

//! `PUT /access/set`.

use super::view::AccessSet;
use crate::{
    AppState,
    importing::{How, ImportDifference},
    input::{Document, Query, Signed},
    problem::Problem,
};
use axum::extract::State;
use keystead_service::access::set::{self, ImportAccessSet};

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
    responses((status = 200, description = "What was, or would be, changed.", body = ImportDifference))
)]
pub(crate) async fn import_access_set(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Query(how): Query<How>,
    Document(document): Document<AccessSet>,
) -> Result<axum::Json<ImportDifference>, Problem> {
    let How { dry_run, keep_others } = how;
    let organization = caller.organization_id;
    let input = ImportAccessSet { organization, set: document.into(), others_stay: keep_others, dry_run };
    let difference = set::import_access_set(state.app(), &caller, input).await?;
    Ok(axum::Json(ImportDifference::new(dry_run, difference)))
}

//! `PUT /access/catalogue`.

use super::view::CatalogueDocument;
use crate::{
    AppState,
    importing::{How, ImportDifference},
    input::{Document, Query, Signed},
    problem::Problem,
};
use axum::extract::State;
use keystead_service::catalogue::{self, ImportCatalogue};

/// Makes the catalogue what a document of JSON or YAML says, all or nothing, and tells what that changes.
///
/// Things are known by their keys and keep their identifiers. The document is read as `GET` gave it; what is removed must not be
/// in use.
#[utoipa::path(
    put, path = "/access/catalogue", tag = "catalogue", params(How),
    request_body(content(
        (CatalogueDocument = "application/json"),
        (CatalogueDocument = "application/yaml"),
    )),
    responses((status = 200, description = "What was, or would be, changed.", body = ImportDifference))
)]
pub(crate) async fn import_catalogue(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Query(how): Query<How>,
    Document(document): Document<CatalogueDocument>,
) -> Result<axum::Json<ImportDifference>, Problem> {
    let How { dry_run, keep_others } = how;
    let input = ImportCatalogue { document: document.into(), others_stay: keep_others, dry_run };
    let difference = catalogue::import_catalogue(state.app(), &caller, input).await?;
    Ok(axum::Json(ImportDifference::new(dry_run, difference)))
}

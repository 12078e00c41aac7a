//! `PUT /access/catalogue`.

use super::{difference::CatalogueDifference, view::CatalogueDocument};
use crate::{
    AppState,
    input::{Document, Query, Signed},
    problem::Problem,
};
use axum::extract::State;
use keystead_service::catalogue::{self, ImportCatalogue};
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
    /// Whether what the document does not name stays. It is removed unless said otherwise.
    #[serde(default)]
    #[param(default = false)]
    keep_others: bool,
}

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
    responses((status = 200, description = "What was, or would be, changed.", body = CatalogueDifference))
)]
pub(crate) async fn import_catalogue(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Query(how): Query<How>,
    Document(document): Document<CatalogueDocument>,
) -> Result<axum::Json<CatalogueDifference>, Problem> {
    let How { dry_run, keep_others } = how;
    let input = ImportCatalogue { document: document.into(), others_stay: keep_others, dry_run };
    let difference = catalogue::import_catalogue(state.app(), &caller, input).await?;
    Ok(axum::Json(CatalogueDifference::new(dry_run, difference)))
}

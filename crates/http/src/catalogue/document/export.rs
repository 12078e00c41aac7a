//! `GET /access/catalogue`.

use super::view::CatalogueDocument;
use crate::{
    AppState,
    input::{Signed, Wants},
    problem::Problem,
    reply::Document,
};
use axum::extract::State;
use keystead_service::catalogue;

/// Exports the whole catalogue as one document, as JSON or, asked with `Accept: application/yaml`, as YAML.
#[utoipa::path(
    get, path = "/access/catalogue", tag = "catalogue",
    responses((status = 200, description = "The catalogue.", content(
        (CatalogueDocument = "application/json"),
        (CatalogueDocument = "application/yaml"),
    )))
)]
pub(crate) async fn export_catalogue(
    State(state): State<AppState>,
    Signed(caller): Signed,
    wants: Wants,
) -> Result<Document<CatalogueDocument>, Problem> {
    let document = catalogue::export_catalogue(state.app(), &caller).await?;
    Ok(Document(wants, document.into()))
}

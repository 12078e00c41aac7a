//! `/access/catalogue`: the whole catalogue as one document.

mod export;
mod import;
pub(crate) mod view;

use crate::AppState;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(export::export_catalogue, import::import_catalogue))
}

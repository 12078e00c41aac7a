//! `/access/set`: an organization's whole access set as one document.

mod export;
mod import;
mod view;

use crate::AppState;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(export::export_access_set, import::import_access_set))
}

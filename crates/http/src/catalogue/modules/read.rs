//! `GET /modules/{module_id}`.

use super::view::Module;
use crate::{
    AppState,
    input::{Id, Signed},
    openapi,
    problem::Problem,
    reply::Versioned,
};
use axum::extract::State;
use keystead_domain::{ModuleId, access};
use keystead_service::catalogue;

/// Shows a module.
#[utoipa::path(
    get, path = "/modules/{module_id}", tag = "catalogue",
    params(("module_id" = Uuid, Path, description = "The module."), openapi::Unless),
    responses((status = 200, description = "The module.", body = Module, headers(("ETag" = String))))
)]
pub(crate) async fn get_module(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id(id): Id<ModuleId>,
) -> Result<Versioned<Module>, Problem> {
    let body = Module::from(catalogue::get_item::<access::Module>(state.app(), &caller, id).await?);
    Ok(Versioned(body.version, body))
}

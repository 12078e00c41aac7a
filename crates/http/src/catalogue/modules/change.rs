//! `PATCH` and `DELETE /modules/{module_id}`.

use super::view::Module;
use crate::{
    AppState,
    input::{Id, IfMatch, Json, Signed, given},
    openapi,
    problem::Problem,
    reply::Versioned,
};
use axum::{extract::State, http::StatusCode};
use keystead_domain::{ModuleId, access};
use keystead_service::catalogue::{self, UpdateItem};
use serde::Deserialize;
use utoipa::ToSchema;

/// What can be changed about a module. What is absent stays; null takes away what may be missing.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ModuleChange {
    /// The word by which programs name it, unique among modules.
    #[schema(pattern = "^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$", example = "sales")]
    key: Option<String>,
    /// Its name, for people.
    #[schema(min_length = 1, max_length = 255)]
    name: Option<String>,
    /// What it is for.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, max_length = 2000)]
    description: Option<Option<String>>,
    /// The name of its icon.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, max_length = 100)]
    icon: Option<Option<String>>,
    /// Its place among the others: the smaller, the earlier.
    order_index: Option<i32>,
    /// Whether anyone can reach what is in it.
    is_active: Option<bool>,
}

impl From<ModuleChange> for catalogue::ModuleChange {
    fn from(change: ModuleChange) -> Self {
        let ModuleChange { key, name, description, icon, order_index, is_active } = change;
        Self { key, name, description, icon, order_index, is_active }
    }
}

/// Changes a module.
#[utoipa::path(
    patch, path = "/modules/{module_id}", tag = "catalogue", request_body = ModuleChange,
    params(("module_id" = Uuid, Path, description = "The module."), openapi::Revision),
    responses((status = 200, description = "The module as it is now.", body = Module, headers(("ETag" = String))))
)]
pub(crate) async fn update_module(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id(id): Id<ModuleId>,
    IfMatch(version): IfMatch,
    Json { value, .. }: Json<ModuleChange>,
) -> Result<Versioned<Module>, Problem> {
    let input = UpdateItem::<access::Module> { id, version, change: value.into() };
    let body = Module::from(catalogue::update_item(state.app(), &caller, input).await?);
    Ok(Versioned(body.version, body))
}

/// Removes a module that no organization has.
#[utoipa::path(
    delete, path = "/modules/{module_id}", tag = "catalogue",
    params(("module_id" = Uuid, Path, description = "The module."), openapi::Revision),
    responses((status = 204, description = "Removed."))
)]
pub(crate) async fn delete_module(
    State(state): State<AppState>,
    Signed(caller): Signed,
    Id(id): Id<ModuleId>,
    IfMatch(version): IfMatch,
) -> Result<StatusCode, Problem> {
    catalogue::delete_item::<access::Module>(state.app(), &caller, id, version).await?;
    Ok(StatusCode::NO_CONTENT)
}

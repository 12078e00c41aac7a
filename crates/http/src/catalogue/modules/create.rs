//! `POST /modules`.

use super::view::Module;
use crate::{
    AppState,
    catalogue::filter::active,
    input::{CreateKey, Json, Signed},
    openapi,
    problem::Problem,
    reply::Created,
};
use axum::extract::State;
use keystead_domain::access;
use keystead_service::catalogue::{self, ModuleFields};
use serde::Deserialize;
use utoipa::ToSchema;

/// A new module: what an organization has or has not: views and features that come together.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewModule {
    /// The word by which programs name it, unique among modules.
    #[schema(pattern = "^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$", example = "sales")]
    key: String,
    /// Its name, for people.
    #[schema(min_length = 1, max_length = 255)]
    name: String,
    /// What it is for.
    #[schema(max_length = 2000)]
    description: Option<String>,
    /// The name of its icon.
    #[schema(max_length = 100)]
    icon: Option<String>,
    /// Its place among the others: the smaller, the earlier. 0 when nothing is said.
    #[serde(default)]
    order_index: i32,
    /// Whether anyone can reach what is in it. It is unless said otherwise.
    #[serde(default = "active")]
    is_active: bool,
}

impl From<NewModule> for ModuleFields {
    fn from(new: NewModule) -> Self {
        let NewModule { key, name, description, icon, order_index, is_active } = new;
        Self { key, name, description, icon, order_index, is_active }
    }
}

/// Makes a module. Only those who work for the platform do.
#[utoipa::path(
    post, path = "/modules", tag = "catalogue", params(openapi::CreateKey), request_body = NewModule,
    responses((status = 201, description = "The module.", body = Module, headers(("ETag" = String), ("Location" = String))))
)]
pub(crate) async fn create_module(
    State(state): State<AppState>,
    Signed(caller): Signed,
    key: CreateKey,
    Json { value, bytes }: Json<NewModule>,
) -> Result<Created<Module>, Problem> {
    let key = key.with(state.app(), &bytes)?;
    let made: access::Module = catalogue::create_item(state.app(), &caller, value.into(), key).await?;
    let body = Module::from(made);
    Ok(Created { location: format!("/api/v1/modules/{}", body.id), version: Some(body.version), body })
}
